"""``foedus coalition``: what each member of a coalition is worth to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import chance, emit, say, show
from foedus.cli.common import tie_table as read_table

if TYPE_CHECKING:
    from foedus.security.coalition import Coalition

NOTE = (
    "gives: Shapley value less what it keeps itself; above 0 a net giver. tips the scales: makes a growing coalition outweigh the threats at {}'s "
    "place, over all orders of joining; never does: draws in which it is a dummy there (as all are where even all together do not outweigh them)."
)


def coalition(
    *members: str, source: Source, against: str, stakes: Annotated[str, Parameter(name=["--stakes"])] = "equal", draws: int = 400, seed: int = 1,
    json: bool = False,
) -> None:  # fmt: skip
    """Show what each member of a coalition is worth to it, and who would rather leave.

    Parameters
    ----------
    members
        The members; one alone stands for itself and its allies.
    against
        The threats, separated by commas.
    stakes
        What each has to lose: equal (1 each) or capability (its share of the members').
    draws
        Draws of uncertain inputs.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    from foedus.security.coalition import coalition as valued

    found = valued(
        source.read().system, members, against=[a.strip() for a in against.split(",") if a.strip()], stakes=stakes, draws=draws, seed=seed,
        table=read_table(source.tie_table),
    )  # fmt: skip
    emit(found.to_dict()) if json else _show(found)


def _show(found: Coalition) -> None:
    """Print the members and the ways of sharing."""
    import polars as pl

    first = found.members[0].actor
    say(
        f"{', '.join(m.actor for m in found.members)} against {', '.join(found.against)}, as of the start of {found.system.date}: "
        f"{found.draws} draws, seed {found.seed}; {'exact within a draw' if found.exact else 'sampled'}, parameters assumed",
        of=found.system,
    )
    say(
        f"  stakes kept: {found.alone} if each stands alone, {found.total} together (stakes: {found.stakes}); together they outweigh the threats "
        f"at {first}'s place in {chance(found.outweighs)} of draws{'; convex in ' + chance(found.convex) if found.convex else ''}",
        of=found.system,
    )
    show("Who holds, who gives (90 % interval over uncertain inputs)", pl.DataFrame([
        {"member": m.actor, "holds alone": chance(m.holds_alone), "holds together": chance(m.holds_together), "gives": f"{m.gives}",
         "tips the scales": chance(m.tips), "never does": chance(m.dummy) if m.dummy else None}
        for m in found.members
    ]), note=NOTE.format(first), of=found.system)  # fmt: skip
    show(f"What each is worth to the coalition (unit: stakes; nucleolus of {found.nucleolus_draws} draws)", pl.DataFrame([
        {"member": m.actor, "Shapley": f"{m.shapley}", "Banzhaf": f"{m.banzhaf}" if m.banzhaf else None,
         "nucleolus": f"{m.nucleolus}" if m.nucleolus else None}
        for m in found.members
    ], schema_overrides={"Banzhaf": pl.String, "nucleolus": pl.String}), of=found.system)  # fmt: skip
    show("Would anybody rather leave? (ways to share what is kept)", pl.DataFrame([
        {"sharing": s.name, "no set would leave": chance(s.stable), "who would gain most by leaving": ", ".join(s.blocking) or "nobody",
         "in draws": chance(s.often) if s.often else "", "gain there": f"{s.gain}" if s.gain else ""}
        for s in found.sharings
    ]), note="The first way leaves no set better off alone in any draw: that is proved, see the docs on coalitions.", of=found.system)  # fmt: skip
