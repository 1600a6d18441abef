"""`foedus ally`: the ledger of one actor, or one line for each member of a system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, chance, change, emit, say, show, stages
from foedus.cli.common import tie_table as read_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from foedus.security.hazard import Threats
    from foedus.security.ledger import Ledger
    from foedus.system.system import System


def ally(
    actor: str | None = None, *, source: Source, against: list[str] | None = None,
    with_: Annotated[list[str] | None, Parameter(name=["--with"])] = None,
    every_member: Annotated[bool, Parameter(negative="")] = False, nuclear: bool = True, draws: int = 400, wars: int = 2_000, seed: int = 1,
    json: bool = False,
) -> None:  # fmt: skip
    """Say whether an actor is safer with its allies than alone.

    Parameters
    ----------
    actor
        Whose ledger.
    against
        Threats to consider, separated by commas or the option repeated (default: the six likeliest attackers).
    with_
        The members of a pact, separated by commas: the answer is first for these and nobody else, then what each adds, one after the other in this
        order.
    every_member
        One line for each member of the system instead of one ledger.
    nuclear
        With --no-nuclear, the same system if nobody had nuclear weapons.
    draws
        Draws of the uncertain inputs and of the fitted coefficients.
    wars
        Simulated wars elsewhere, for the chance to be drawn in; 0 leaves it out.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    from foedus.security.added import as_added
    from foedus.security.hazard import threats
    from foedus.security.ledger import alone_or_together

    if (actor is None) != every_member:
        raise bad_option(
            "One of ACTOR and --every-member", "foedus ally BEL --in ..., or foedus ally --every-member --in ..."
        )
    if with_ and every_member:
        raise bad_option("--with goes with one ACTOR", "foedus ally BEL --against GMY --with UKG,FRN --in europe-1914")
    foes, added = _named(against), _named(with_)
    with stages("ally") as tell:
        tell("reading the system and its data", 0.0)
        system = source.read().system
        tell("what makes states attack and come", 0.1)
        world = threats(system, seed=seed, draws=draws, table=read_table(source.tie_table), nuclear=nuclear)
        if actor is None:
            every = _ledgers(system, foes, world, wars=wars, seed=seed, tell=tell)
            one = None
        else:
            tell("the allies named" if added else "who threatens it", 0.2)
            steps = as_added(system, actor, added, against=foes, drawn_threats=world) if added else None
            one = alone_or_together(
                system, actor, against=foes, wars=wars, seed=seed, drawn_threats=world,
                progress=lambda what, share: tell(what, 0.3 + 0.7 * share),
            ), steps  # fmt: skip
            every = []
    if one is None:
        _every(system, every, json=json)
        return
    result, steps = one
    if json:
        emit(result.to_dict() | ({"added": steps.to_dict()} if steps else {}))
    else:
        from foedus.cli.ally_tables import ledger

        ledger(result, steps, world, source.data_dir, source.in_)


def _ledgers(
    system: System, foes: list[str] | None, world: Threats, *, wars: int, seed: int, tell: Callable[[str, float], None]
) -> list[Ledger]:
    """Return the short ledger of everybody but the threats named."""
    from foedus.security.ledger import alone_or_together

    named = {system.actor(f).id for f in foes or ()}
    rest, every = [a for a in system.ids if a not in named], []
    for k, name in enumerate(rest):
        tell(f"ledger {k + 1} of {len(rest)}", 0.1 + 0.9 * k / len(rest))
        every.append(
            alone_or_together(system, name, against=foes, wars=wars, seed=seed, drawn_threats=world, brief=True)
        )
    return every


def _named(texts: list[str] | None) -> list[str] | None:
    """Return the names in an option that may be repeated or separated by commas."""
    return [a.strip() for text in texts for a in text.split(",")] if texts else None


def _every(system: System, every: list[Ledger], *, json: bool) -> None:
    """Print one line for each member, that which is likeliest beaten first, or all of it as JSON."""
    import polars as pl

    if json:
        emit({"system": system.hash, "members": [x.to_dict() for x in every]})
        return
    say(
        f"Every member alone and with all who might come, as of the start of {system.date}; {every[0].draws} draws, 90 % intervals"
    )
    every = sorted(every, key=lambda x: -x.beaten[1].mean)
    show("Attacks fitted; holding by an assumed contest of the ratio of strengths", pl.DataFrame(
        [{"member": x.actor, "foe": _likeliest(x), "attacked, a year": chance(x.attacked[1]), "holds alone": chance(x.holds[0]),
          "holds with all": chance(x.holds[1]), "spared": change(x.safer) + ("" if x.spared.answer != "cannot tell" else " ?")} for x in every]
    ), rows=200, note="foe: the likeliest attacker; spared: percentage points a year fewer that it is attacked and beaten, with all against alone; "
        "?: cannot tell, the interval of one of the two forms of the contest holds 0")  # fmt: skip
    show("Its pledges and its helpers", pl.DataFrame(
        [{"member": x.actor, "adds most": x.adds_most or "–", "drawn in by its pledges": change(x.drawn_in) if x.drawn_in else "–"} for x in every]
    ), rows=200,
        note="drawn in: points of the chance to be drawn into a war that begins elsewhere (simulated), with its pledges less without")  # fmt: skip


def _likeliest(x: Ledger) -> str:
    """Return the threat that is likeliest to attack."""
    return max(x.threats, key=lambda t: t.attack_together.mean).actor if x.threats else "–"
