"""`foedus ally`: the ledger of one actor, or one line for each member of a system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, chance, change, emit, progress, say, show
from foedus.cli.common import tie_table as read_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from foedus.estimate.nested import Estimate
    from foedus.security.added import Added
    from foedus.security.ledger import Ally, Ledger
    from foedus.system.system import System

NUCLEAR = "an association of 1946-2007, not an effect: 7 wars on armed states, 4 of them on Israel"
SHOWN = 8
"""Helpers with an obligation that are printed."""


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
        Also what each of these adds, one after the other in this order and nobody else, separated by commas.
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
    system = source.read().system
    foes, added = _named(against), _named(with_)
    table = read_table(source.tie_table)
    world = threats(system, seed=seed, draws=draws, table=table, nuclear=nuclear)
    if actor is not None:
        result = alone_or_together(system, actor, against=foes, draws=draws, wars=wars, seed=seed, drawn_threats=world)
        steps = as_added(system, actor, added, against=foes, drawn_threats=world) if added else None
        if json:
            emit(result.to_dict() | ({"added": steps.to_dict()} if steps else {}))
            return
        _ledger(result, source.data_dir)
        if steps:
            _added(steps)
        _basis(system)
        return
    out = []
    named = {system.actor(f).id for f in foes or ()}
    with progress("ledgers") as tell:
        for k, name in enumerate(a for a in system.ids if a not in named):
            out.append(
                alone_or_together(system, name, against=foes, wars=wars, seed=seed, drawn_threats=world, brief=True)
            )
            tell((k + 1) / len(system.ids))
    if json:
        emit({"system": system.hash, "members": [x.to_dict() for x in out]})
    else:
        _members(system, out)


def _named(texts: list[str] | None) -> list[str] | None:
    """Return the names in an option that may be repeated or separated by commas."""
    return [a.strip() for text in texts for a in text.split(",")] if texts else None


def _added(x: Added) -> None:
    """Print what each ally adds when they are added one after the other."""
    import polars as pl

    show("Added one by one, nobody else counted", pl.DataFrame(
        [{"added": r.added or "nobody", "comes": chance(r.comes) if r.comes else "–", "attacked, a year": chance(r.attacked),
          "holds (ratio / difference)": f"{chance(r.holds)} / {chance(r.holds_difference)}", "adds": change(r.adds) if r.adds else "–",
          "beaten, a year": chance(r.beaten)} for r in x.rungs]
    ), note="adds: points of holding (ratio) over the step before; what an ally adds depends on who was added before it")  # fmt: skip


def _ledger(x: Ledger, data_dir: Path | None) -> None:
    """Print one ledger."""
    import polars as pl

    name = x.system.actor(x.actor).name
    say(
        f"{name}, alone and with all who might come, as of the start of {x.system.date}; {x.draws} draws, seed {x.seed}, 90 % intervals"
    )
    say(
        "Fitted: chance of an attack, who comes within 180 days. Assumed: the contest that decides who holds, in two forms; read the order."
    )
    rows = [
        ("attacked, a year (fitted)", x.attacked), ("holds (contest of the ratio, assumed)", x.holds),
        ("holds (contest of the difference, assumed)", x.holds_difference), ("attacked and beaten, a year", x.beaten),
    ]  # fmt: skip
    show(
        "Alone or together",
        pl.DataFrame([{"": label, "alone": chance(a), "with all": chance(b)} for label, (a, b) in rows]),
    )
    if x.entrapped and x.drawn_in:
        say(
            f"Drawn into a war that begins elsewhere (simulated): {chance(x.entrapped[0])} without own pledges, {chance(x.entrapped[1])} with them; "
            f"difference {change(x.drawn_in)} points"
        )
    if x.dependence and x.adds_most:
        best = next(a for a in x.allies if a.actor == x.adds_most)
        foes, label = [t.actor for t in x.threats], x.system.label
        which = f" over attacks by {', '.join(map(label, foes))}" if len(foes) > 1 else ""
        itself = " (itself one of these: it helps against the others)" if best.actor in foes else ""
        say(
            f"Adds most{which}: {label(x.adds_most)}{itself}; without it {label(x.actor)} holds with {chance(best.hold_without)}, and "
            f"{chance(x.dependence)} of what all add is lost"
        )
    if x.adds_most_for_its_price:
        say(
            f"Adds most per war that {x.system.label(x.actor)} is bound to enter for it: {x.system.label(x.adds_most_for_its_price)}"
        )
    _threats(x)
    _allies(x)
    _rest(x, data_dir)


def _basis(system: System) -> None:
    """Print what the system was made from, and what it does not know."""
    data = [f"{s.title} {s.version}" for s in system.sources if s.version]
    texts = len(system.sources) - len(data)
    if not data:
        say(
            f"Sources: {texts} named by {system.id}, and {len(system.limits)} limits that it states: foedus brief lists them"
        )
        return
    say(f"Data: {'; '.join(data)}" + (f"; and {texts} texts, which foedus brief lists" if texts else ""))
    if system.limits:
        say(f"Not known here: {'; '.join(system.limits)}")


def _number(e: Estimate) -> str:
    """Return a number and its interval; one number where it is the same in every draw."""
    if e.low == e.high:
        return f"{_plain(e.mean)} in all draws"
    return f"{_plain(e.mean)} [{_plain(e.low)}, {_plain(e.high)}]"


def _plain(x: float) -> str:
    """Return a number at two digits, without an exponent from 100 on."""
    return f"{x:,.0f}" if abs(x) >= 99.5 else f"{x:.2g}"


def _sure(e: Estimate, words: Callable[[Estimate], str]) -> str:
    """Return an estimate in words, and 0 as such where it is 0 in every draw."""
    return "0 in all draws" if e.low == e.high == 0 else words(e)


def _threats(x: Ledger) -> None:
    """Print the threats in two tables: what makes them so, and what they may do."""
    import polars as pl

    show("Threats: the parts of their rank", pl.DataFrame(
        [{"threat": t.actor, "capability": _number(t.capability),
          "proximity": "land border" if t.proximity.low == 1 else _number(t.proximity), "hostility": _number(t.hostility),
          "record": f"{t.record:.2f}", "dispute, a year": chance(t.dispute_together)} for t in x.threats]
    ))  # fmt: skip
    show("Threats: war a year (fitted), and chance to hold (ratio / difference)", pl.DataFrame(
        [{"threat": t.actor, "attacks, alone": chance(t.attack_alone), "attacks, with all": chance(t.attack_together),
          "holds, alone": f"{chance(t.hold_alone)} / {chance(t.hold_alone_difference)}",
          "holds, with all": f"{chance(t.hold_together)} / {chance(t.hold_together_difference)}"} for t in x.threats]
    ))  # fmt: skip
    label = x.system.label
    helped = [
        f"{label(t.helped_by)} against {label(t.actor)} ({change(t.help)} points)"
        for t in x.threats
        if t.helped_by and t.help
    ]
    if helped:
        say(f"Adds most against each attack by itself: {'; '.join(helped)}")


def _allies(x: Ledger) -> None:
    """Print the helpers."""
    import polars as pl

    if not x.allies:
        say("Nobody has an obligation to it, and nobody is likely to come.")
        return
    show("Helpers", pl.DataFrame(
        [{"helper": a.actor + ("" if a.linked else " *"), "comes (fitted)": chance(a.comes), "joins foe": chance(a.joins_foe),
          "such pledges kept": chance(a.honoured) if a.honoured else "–", "holds, only it": chance(a.hold_only),
          "without it": chance(a.hold_without), "adds": change(a.adds)} for a in _shown(x)]
    ), note="* promised nothing; such pledges kept: published rates of pledges that were tested; adds in points")  # fmt: skip
    left = len(x.allies) - len(_shown(x))
    if left:
        say(f"{left} more with an obligation add less; --json holds all")
    owed = [a for a in _shown(x) if a.bound]
    if owed:
        show(f"What it owes them: wars that {x.actor} is bound to enter and enters, expected in 1,000 years", pl.DataFrame(
            [{"helper": a.actor, "bound by": ", ".join(o for o in a.owes if o.startswith(("defense", "offense"))),
              "wars": _number(_times(a.bound, 1000)) if a.bound else "–",
              "points added per war in 100 years": _number(a.per_bound) if a.per_bound else "–"} for a in owed]
        ), note="price: chance that the helper is attacked x clause binds x fitted chance to come; last column: median of draws")  # fmt: skip


def _shown(x: Ledger) -> list[Ally]:
    """Return the helpers printed: the first of those with an obligation, and those without."""
    linked = [a for a in x.allies if a.linked][:SHOWN]
    return [a for a in x.allies if a in linked or not a.linked]


def _times(e: Estimate, factor: float) -> Estimate:
    """Return an estimate in another unit."""
    from foedus.estimate.nested import Estimate

    return Estimate(e.mean * factor, e.low * factor, e.high * factor, e.mc_error * factor)


def _rest(x: Ledger, data_dir: Path | None) -> None:
    """Print sets of helpers, nuclear weapons and burden shares."""
    import polars as pl

    show("Sets of helpers, nobody else counted", pl.DataFrame(
        [{"set": " + ".join(s.members) or "nobody", "holds": chance(s.holds), "why": s.why} for s in x.sets]
    ), note="of all sets of the 8 from whom most strength is expected; a half: the mean is above 50 %")  # fmt: skip
    if x.nuclear:
        show("If some had no nuclear weapons", pl.DataFrame(
            [{"if": n.what, "attacked, a year": chance(n.attacked), "change": _sure(n.attacked_change, change), "holds": chance(n.holds),
              "change of holds": _sure(n.holds_change, change)} for n in x.nuclear]
        ), note=f"{NUCLEAR}; holding changes only by who comes")  # fmt: skip
    if x.burden:
        what, spent = x.burden[0].resources, _spent(x, data_dir)
        show(f"Burden in its alliance: free riding at its plainest (resources: {what}), assumed", pl.DataFrame(
            [{"member": b.actor, "of the resources": chance(b.size), "of what is given": _sure(b.gives, chance),
              "of its own": _sure(b.burden, chance),
              **spent.get(b.actor, {})}
             for b in x.burden]
        ), rows=12)  # fmt: skip


def _spent(x: Ledger, data_dir: Path | None) -> dict[str, dict[str, str]]:
    """Return what the members of a real alliance produced and spent in the year before, as shares; nothing where the data are not at hand."""
    from foedus.errors import DataError
    from foedus.security.burden import observed_shares

    codes = {x.system.actor(b.actor).cow: b.actor for b in x.burden}
    try:
        rows = observed_shares([c for c in codes if c is not None], x.system.date.year - 1, data_dir=data_dir).rows()
    except DataError:
        return {}
    told = {codes[c]: {"output": o, "arms spending": s} for c, o, s in rows}
    return {
        b.actor: {
            f"of {k}, {x.system.date.year - 1}": "unknown" if v is None else f"{100 * v:.3g} %"
            for k, v in told.get(b.actor, {"output": None, "arms spending": None}).items()
        }
        for b in x.burden
    }


def _members(system: System, every: list[Ledger]) -> None:
    """Print one line for each member, that which is likeliest beaten first."""
    import polars as pl

    say(
        f"Every member alone and with all who might come, as of the start of {system.date}; {every[0].draws} draws, 90 % intervals"
    )
    every = sorted(every, key=lambda x: -x.beaten[1].mean)
    show("Attacks fitted; holding by an assumed contest of the ratio of strengths", pl.DataFrame(
        [{"member": x.actor, "foe": _likeliest(x), "attacked, a year": chance(x.attacked[1]), "holds alone": chance(x.holds[0]),
          "holds with all": chance(x.holds[1])} for x in every]
    ), rows=200, note="foe: the likeliest attacker")  # fmt: skip
    show("Its pledges and its helpers", pl.DataFrame(
        [{"member": x.actor, "adds most": x.adds_most or "–", "drawn in by its pledges": change(x.drawn_in) if x.drawn_in else "–"} for x in every]
    ), rows=200,
        note="drawn in: points of the chance to be drawn into a war that begins elsewhere (simulated), with its pledges less without")  # fmt: skip


def _likeliest(x: Ledger) -> str:
    """Return the threat that is likeliest to attack."""
    return max(x.threats, key=lambda t: t.attack_together.mean).actor if x.threats else "–"
