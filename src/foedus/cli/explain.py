"""``foedus explain`` and ``foedus required``: what makes a war spread, what would hold it, and what one actor would have had to add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.basis import at_war, basis
from foedus.cli.commands import Source
from foedus.cli.common import bad_option, chance, change, emit, pair, progress, say, show, tie_table, workers_or_default

if TYPE_CHECKING:
    from foedus.scenario.compare import Difference
    from foedus.studies.sponsor import SponsorTie
    from foedus.war.contributions import Contributions
    from foedus.war.result import War
    from foedus.war.sets import Sets

Measure = Literal["size", "general", "spread"]
COUNT = "number of belligerents"


def explain(
    attacker: str, target: str, source: Source, *, what: Measure = "general", below: float = 0.5, size: int = 2, draws: int = 2_000,
    days: float = 365.0, sponsor: str | None = None, seed: int = 1, workers: int | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Take a war apart: contributions of pacts and actors, sets of pacts or acts that hold it, acts that widen it, where it is fought.

    With --sponsor: the same war with one sponsor's tie open, deniable and cut.

    Parameters
    ----------
    attacker
        Who attacks.
    target
        Who is attacked.
    what
        Measure: general (chance that half of all capability is at war), spread (that anybody joins) or size (number of belligerents).
    below
        Bound that a set has to hold the measure to.
    size
        Most pacts or acts in a set.
    draws
        Simulated wars of each world.
    days
        Days after the first shot that are drawn.
    sponsor
        Only what one sponsor's tie does, SPONSOR:GROUP (IRN:HEZB): who is drawn in and how wide the war is with it open, deniable and cut.
    seed
        The same seed gives the same numbers.
    workers
        Threads.
    json
        Print JSON.
    """
    from foedus.war.contributions import contributions
    from foedus.war.sets import cut_sets, holding_sets
    from foedus.war.simulate import war

    for name, value in (("--size", size), ("--draws", draws)):
        if value < 1:
            raise bad_option(f"{name} is too small", f"{name} 1 or more")
    system, threads = source.read().system, workers_or_default(workers)
    if sponsor is not None:
        from foedus.studies.sponsor import sponsor_tie

        who, whom = pair(sponsor, "--sponsor", "SPONSOR:GROUP, such as IRN:HEZB")
        with progress("worlds", quiet=json) as tell:
            found = sponsor_tie(
                system, attacker, target, sponsor=who, group=whom, draws=draws, days=days, seed=seed, workers=threads,
                table=tie_table(source.tie_table), progress=tell,
            )  # fmt: skip
        emit(found.to_dict()) if json else _show_sponsor(found)
        return
    base = war(
        system, attacker, target, draws=draws, days=days, seed=seed, workers=threads, table=tie_table(source.tie_table)
    )
    with progress("worlds", quiet=json) as tell:
        parts = contributions(base, what=what, draws=draws, workers=threads)
        tell(0.3)
        cuts = cut_sets(base, below=below, what=what, size=size, draws=draws, workers=threads)
        tell(0.6)
        acts = holding_sets(base, below=below, what=what, size=size, draws=draws, workers=threads)
        tell(1.0)
    if json:
        where = {k: v.to_dict() for k, v in base.territory().items()}
        plain = {"contributions": parts.to_dict(), "pacts": cuts.to_dict(), "acts": acts.to_dict(), "territory": where}
        emit({"attacker": base.attacker, "target": base.target, **plain})
        return
    _show(base, parts, cuts, acts)
    basis(system, source.in_)


def _show(base: War, parts: Contributions, cuts: Sets, acts: Sets) -> None:
    """Print the tables."""
    import polars as pl

    unit = {
        "general": "chance of a general war",
        "spread": "chance that anybody joins",
        "size": "number of belligerents",
    }[parts.measure]
    say(
        f"{base.attacker} attacks {base.target}: {unit} {cuts.baseline}; {base.draws} simulated wars for each change, {base.days:g} days, "
        f"seed {base.seed}"
        + ("; general: actors with half of all capability are in it" if parts.measure == "general" else ""),
        of=base.system,
    )
    at_war(base.system, base.attacker, base.target)
    rows = [{"change": r.what, "takes away": f"{r.value}"} for r in parts.rows]
    rows.append({"change": "all of them together", "takes away": f"{parts.total}"})
    orders = "all orders" if parts.orders is None else f"{parts.orders} sampled orders"
    show(
        f"What each change takes away from the {unit} [90 %]", pl.DataFrame(rows), of=base.system,
        note=f"Shapley value: the mean of what a change takes away over {orders} in which they could be made, so that they add up.",
    )  # fmt: skip
    for title, found in (
        (f"Pacts which, if void, hold it to {cuts.below:g} or less", cuts),
        (f"Cheapest acts that hold it to {acts.below:g} or less", acts),
    ):
        rows = [
            {
                "set": "; ".join(a.what for a in h.acts) or "nothing is needed",
                "cost": h.cost,
                unit: f"{h.value}",
                "surely": "yes" if h.sure else "",
            }
            for h in found.holding
        ]
        if rows:
            show(
                f"{title} (sets of up to {found.size}; {found.tried} tried)",
                pl.DataFrame(rows),
                rows=12,
                of=base.system,
            )
        else:
            say(f"{title}: no set of up to {found.size} does, of the {found.tried} tried.")
    say("Cost: assumed units, 1 for staying out, mediating or voiding a pact, 2 for a guarantee, 3 for deploying. Surely: the upper end of the "
        "interval is held too.")  # fmt: skip
    rows = [{"act": a.what, "raises it by": f"{e}"} for a, e in acts.widening]
    if rows:
        show("Acts that widen it", pl.DataFrame(rows), of=base.system)
    rows = [
        {"territory": a, "share": chance(e)} for a, e in sorted(base.territory().items(), key=lambda kv: -kv[1].mean)
    ]
    if rows:
        show("Share of the fighting along land borders by territory", pl.DataFrame(rows), rows=12, of=base.system)


def _show_sponsor(found: SponsorTie) -> None:
    """Print the three wars side by side and both differences."""
    import polars as pl

    from foedus.report.words import phrase, plain, signed

    w = found.wars[0]
    say(
        f"{w.attacker} attacks {w.target}, as of the start of {found.system.date}; sponsorship of {found.group} by {found.sponsor}, "
        f"stated as {' and '.join(found.stated)}; {w.draws} simulated wars of each, {w.days:g} days, seed {w.seed}",
        of=found.system,
    )

    def told(d: Difference, k: int) -> str:
        arm = d.arms[k]
        assert arm is not None
        return phrase(arm, plain) if d.quantity == COUNT else chance(arm)

    def apart(d: Difference) -> str:
        assert d.change is not None
        return phrase(d.change, signed) if d.quantity == COUNT else change(d.change)

    rows = [
        {
            "": hidden.quantity, "open": told(hidden, 0), "deniable": told(hidden, 1), "cut": told(cut, 1),
            "deniable less open": apart(hidden), "cut less open": apart(cut),
        }
        for hidden, cut in found.rows
    ]  # fmt: skip
    note = "90 % intervals over uncertain inputs; differences under the same random numbers, in percentage points but for belligerents"
    show(
        f"The war with the tie of {found.sponsor} to {found.group} open, deniable and cut",
        pl.DataFrame(rows),
        note=note,
        of=found.system,
    )
    say(
        "Openness is a factor on the tie's strength, drawn from an assumed interval (params/ties.toml): deniable less open rests on that alone."
    )
    say("Other reasons between the two (belief, a shared enemy, interest) stay when the tie is cut.")


def required(
    actor: str, source: Source, *, instead_of: Annotated[str, Parameter(name=["--instead-of"])], attack: str,
    goal: Literal["hold", "general", "spread"] = "hold", most: float = 20.0, draws: int = 5_000,
    days: float = 365.0, seed: int = 1, workers: int | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Say how much stronger an actor would have had to be to do what another one's help does.

    Parameters
    ----------
    actor
        Whose capability is raised.
    instead_of
        Whose help is left out.
    attack
        First shot, as ATTACKER:TARGET.
    goal
        hold (the target's side prevails), general (half of all capability is at war) or spread (anybody joins).
    most
        Greatest factor tried.
    draws
        Simulated wars of each factor.
    days
        Days after the first shot that are drawn.
    seed
        The same seed gives the same numbers.
    workers
        Threads.
    json
        Print JSON.
    """
    from foedus.war.required import required as solve

    system = source.read().system
    attacker, target = pair(attack, "--attack")
    with progress("factors", quiet=json) as tell:
        found = solve(
            system, attacker, target, actor, instead_of=instead_of, goal=goal, most=most, draws=draws, days=days, seed=seed,
            workers=workers_or_default(workers), progress=tell,
        )  # fmt: skip
    emit(found.to_dict()) if json else say(str(found), of=system)
