"""The printed ledger of `foedus ally`: the answer, then its parts as tables. Computes nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from foedus.cli.ally_answer import answer, why_not_more
from foedus.cli.basis import basis
from foedus.cli.common import chance, change, say, show
from foedus.report.words import counted, listed, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from foedus.estimate.nested import Estimate
    from foedus.security.added import Added
    from foedus.security.alliances import Share
    from foedus.security.hazard import Threats
    from foedus.security.ledger import Ally, Ledger

NUCLEAR = "an association of 1946-2007, not an effect: 7 wars on armed states, 4 of them on Israel"
SHOWN = 8
"""Helpers with an obligation that are printed."""
NAMED = 3
"""Helpers named in the head of a column at most."""
WHY = {"reaches a half": "fewest with whom it holds more often than not", "best of its size": "best of its size"}


def ledger(x: Ledger, steps: Added | None, world: Threats, data_dir: Path | None, typed: str) -> None:
    """Print one ledger: the allies named first, then all who might come; ``typed`` names the system on a command line."""
    foes = listed((x.system.label(t.actor) for t in x.threats), most=6)
    say(
        f"{x.system.actor(x.actor).name}, alone or together, against {foes}, as of the start of {x.system.date}; {x.draws} draws, seed {x.seed}, "
        "90 % intervals"
    )
    answer(x, steps)
    _forms(x, steps)
    if steps:
        _added(steps)
        why_not_more(x, steps, world, typed)
    _price(x)
    say("\nWith all who might come, bound or not:")
    _most(x)
    _threats(x)
    _allies(x)
    if not steps:
        why_not_more(x, None, world, typed)
    _owed(x)
    _rest(x, data_dir)
    basis(x.system, typed)


def _forms(x: Ledger, steps: Added | None) -> None:
    """Print the chances alone, with those named or bound, and with all."""
    import polars as pl

    some = steps.spared if steps else x.pledged
    ids = some.helpers or () if some else ()
    head = f"only {' + '.join(ids)}" if len(ids) <= NAMED else f"only the {len(ids)} {'named' if steps else 'bound'}"
    labels = {"attacked": "attacked, a year (fitted)", "holds": "holds, by the ratio of strengths (assumed)",
              "holds_difference": "holds, by their difference (assumed)", "beaten": "attacked and beaten, a year"}  # fmt: skip
    rows = [
        {"": label, "alone": chance(getattr(x, k)[0])} | ({head: chance(getattr(some, k))} if some else {}) | {"with all": chance(getattr(x, k)[1])}
        for k, label in labels.items()
    ]  # fmt: skip
    show("Alone or together", pl.DataFrame(rows), note="attacked and beaten: by the ratio of strengths")  # fmt: skip


def _added(x: Added) -> None:
    """Print what each ally adds when they are added one after the other."""
    import polars as pl

    show("Added one by one, nobody else counted", pl.DataFrame(
        [{"added": r.added or "nobody", "comes": chance(r.comes) if r.comes else "–", "attacked, a year": chance(r.attacked),
          "holds (ratio / difference)": f"{chance(r.holds)} / {chance(r.holds_difference)}", "adds to holding": change(r.adds) if r.adds else "–",
          "beaten, a year": chance(r.beaten), "spares": change(r.spares) if r.spares else "–"} for r in x.rungs]
    ), note="adds to holding (ratio), spares (attacked and beaten, a year): points over the step before. What an ally adds depends on who was added "
            "before it, and here nobody else comes; where all others come too it is less: what is “lost without it”, among the helpers")  # fmt: skip


def _price(x: Ledger) -> None:
    """Print the chance to be drawn into wars elsewhere."""
    if x.entrapped and x.drawn_in:
        held = " (the interval holds 0: cannot tell)" if x.drawn_in.low <= 0 <= x.drawn_in.high else ""
        say(
            f"The price: drawn into a war that begins elsewhere, given that one does (simulated): {chance(x.entrapped[0])} without own pledges, "
            f"{chance(x.entrapped[1])} with them; difference {change(x.drawn_in)} points{held}"
        )


def _most(x: Ledger) -> None:
    """Print which helper matters most."""
    label = x.system.label
    if x.dependence and x.adds_most:
        best = next(a for a in x.allies if a.actor == x.adds_most)
        foes = [t.actor for t in x.threats]
        which = f" over attacks by {', '.join(map(label, foes))}" if len(foes) > 1 else ""
        itself = " (itself one of these: it helps against the others)" if best.actor in foes else ""
        say(
            f"Adds most{which}: {label(x.adds_most)}{itself}; without it {label(x.actor)} holds with {chance(best.hold_without)}, and "
            f"{chance(x.dependence)} of what all add is lost"
        )
    if x.adds_most_for_its_price:
        say(f"Adds most per war that {label(x.actor)} is bound to enter for it: {label(x.adds_most_for_its_price)}")


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
        [{"threat": t.actor, "share of all capability": _number(t.capability),
          "nearness, 0 to 1": "land border" if t.proximity.low == 1 else _number(t.proximity), "hostility, 0 to 1": _number(t.hostility),
          "quarrels on record": f"{t.record:.2f} of 1", "dispute, a year": chance(t.dispute_together)} for t in x.threats]
    ), note="hostility: how far all ties but pledges sum to below friendship. quarrels on record: what share there is of war, rivalry, contested "
            "territory and injury. dispute: threat or use of force, most without war; fitted, with all")  # fmt: skip
    show("Threats: war a year (fitted), and chance to hold (ratio / difference)", pl.DataFrame(
        [{"threat": t.actor, "attacks, alone": chance(t.attack_alone), "attacks, with all": chance(t.attack_together),
          "holds, alone": f"{chance(t.hold_alone)} / {chance(t.hold_alone_difference)}",
          "holds, with all": f"{chance(t.hold_together)} / {chance(t.hold_together_difference)}"} for t in x.threats]
    ))  # fmt: skip
    label, foes = x.system.label, {t.actor for t in x.threats}
    helped = [
        f"{label(t.helped_by)}{', itself a threat,' if t.helped_by in foes else ''} against {label(t.actor)} ({change(t.help)} points)"
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
    called = set(x.pledged.helpers or ()) if x.pledged else set()
    idle = (
        "; ‡ promised something, or is aligned, but is not bound by such an attack"
        if any(_idle(a, called) for a in _shown(x))
        else ""
    )
    show("Helpers", pl.DataFrame(
        [{"helper": _marked(a, called), "comes (fitted)": chance(a.comes), "joins foe": chance(a.joins_foe),
          "such pledges kept": chance(a.honoured) if a.honoured else "–", "holds, only it": chance(a.hold_only),
          "all but it": chance(a.hold_without), "lost without it": change(a.adds)} for a in _shown(x)]
    ), note=f"* promised nothing{idle}{'; † likelier to join the foe' if any(a.turns for a in _shown(x)) else ''}; such pledges kept: "
            "published rates of pledges that were tested; lost without it: points of holding if its help alone is missing; ratio form")  # fmt: skip
    left = len(x.allies) - len(_shown(x))
    if left:
        say(f"{left} more with an obligation add less; --json holds all")


def _idle(a: Ally, called: set[str]) -> bool:
    """Return whether a helper's pledge or alignment does not bind it against the threats."""
    return a.linked and a.actor not in called


def _marked(a: Ally, called: set[str]) -> str:
    """Return a helper's id with its marks."""
    marks = ("" if a.linked else "*") + ("‡" if _idle(a, called) else "") + ("†" if a.turns else "")
    return f"{a.actor} {marks}" if marks else a.actor


def _owed(x: Ledger) -> None:
    """Print what the actor owes its helpers."""
    import polars as pl

    owed = [a for a in _shown(x) if a.bound]
    if owed:
        show(f"What it owes them: wars that {x.actor} is bound to enter and enters, expected in 1,000 years", pl.DataFrame(
            [{"helper": a.actor, "bound by": ", ".join(o for o in a.owes if o.startswith(("defense", "offense"))),
              "wars": _number(_times(a.bound, 1000)) if a.bound else "–", "wars for each point": _for_a_point(a)} for a in owed]
        ), note="wars: chance that the helper is attacked x clause binds x fitted chance to come; for each point of holding that is lost without the "
                "helper, the median of draws")  # fmt: skip


def _for_a_point(a: Ally) -> str:
    """Return the wars in 1,000 years that are owed for each point of holding: the other way up than `Ally.per_bound`, which has no upper end."""
    from foedus.estimate.nested import Estimate

    e = a.per_bound
    if e is None:
        return "–"
    if e.low <= 0:
        return "adds nothing in some draws"
    return _number(Estimate(10 / e.mean, 10 / e.high, 10 / e.low, 0.0))


def _shown(x: Ledger) -> list[Ally]:
    """Return the helpers printed: the first of those with an obligation, and those without."""
    linked = [a for a in x.allies if a.linked][:SHOWN]
    return [a for a in x.allies if a in linked or not a.linked]


def _times(e: Estimate, factor: float) -> Estimate:
    """Return an estimate in another unit."""
    from foedus.estimate.nested import Estimate

    return Estimate(e.mean * factor, e.low * factor, e.high * factor, e.mc_error * factor)


def _sets(x: Ledger) -> None:
    """Print the sets of helpers that matter."""
    import polars as pl

    foes, linked = {t.actor for t in x.threats}, {a.actor for a in x.allies if a.linked}
    turning, members = {a.actor for a in x.allies if a.turns}, {a for s in x.sets for a in s.members}
    marks = {a: a + "*" * (a not in linked) + "†" * (a in turning) + "§" * (a in foes) for a in members}
    note = "of all sets of the 8 from whom most strength is expected"
    note += "; * promised nothing" if members - linked else ""
    note += "; † likelier to join the foe" if turning & members else ""
    note += "; § itself a threat: it helps against the others" if foes & members else ""
    note += "; more often than not: the mean is above 50 %" if any(s.why == "reaches a half" for s in x.sets) else ""
    show("Sets of helpers, nobody else counted", pl.DataFrame(
        [{"set": " + ".join(marks[a] for a in s.members) or "nobody", "holds": chance(s.holds), "why listed": WHY[s.why]} for s in x.sets]
    ), note=note)  # fmt: skip


def _rest(x: Ledger, data_dir: Path | None) -> None:
    """Print sets of helpers, nuclear weapons and burden shares."""
    import polars as pl

    _sets(x)
    if x.nuclear:
        show("If some had no nuclear weapons", pl.DataFrame(
            [{"if": n.what, "attacked, a year": chance(n.attacked), "change": _sure(n.attacked_change, change), "holds": chance(n.holds),
              "change of holds": _sure(n.holds_change, change)} for n in x.nuclear]
        ), note=f"{NUCLEAR}; holding changes only by who comes")  # fmt: skip
    if x.burden:
        what, (spent, note) = x.burden[0].resources, _spent(x, data_dir)
        told = [corner(x.burden), note]
        show(f"Burden in its alliance: free riding at its plainest (resources: {what}), assumed", pl.DataFrame(
            [{"member": b.actor, "of the resources": chance(b.size), "of what is given": _sure(b.gives, chance),
              "of its own": _sure(b.burden, chance),
              **spent.get(b.actor, {})}
             for b in x.burden]
        ), rows=12, note=". ".join(t for t in told if t))  # fmt: skip


def corner(burden: Sequence[Share]) -> str:
    """Return why members give nothing, where some do in every draw."""
    from foedus import params

    idle = sum(b.gives.high == 0 for b in burden)
    if not idle:
        return ""
    taste = params.load("contributions")["taste.security"]
    few, most = (t / (1 - t) for t in (taste.low, taste.high))
    return (
        f"{counted(idle, 'member')} at 0: in this model a member gives nothing once the others together give {few:.2g} to {most:.2g} times its own "
        "resources (assumed), so that the largest gives all or nearly all. It tells who could lean on whom, not what budgets do"
    )


def _spent(x: Ledger, data_dir: Path | None) -> tuple[dict[str, dict[str, str]], str]:
    """Return what the members of a real alliance produced and spent in the year before, as shares, and for whom they are not known.

    Nothing where the data are not at hand, and no shares where fewer than two are known.
    """
    from foedus.errors import DataError
    from foedus.security.burden import OTHER_BORDERS, observed_shares

    codes = {x.system.actor(b.actor).cow: b.actor for b in x.burden}
    year = x.system.date.year - 1
    try:
        rows = observed_shares([c for c in codes if c is not None], year, data_dir=data_dir).to_dicts()
    except DataError:
        return {}, ""
    told: dict[str, dict[str, Any]] = {codes[r["ccode"]]: r for r in rows}
    other = [
        f"{a} ({r['times']:.2g} times its own)"
        for a, r in told.items()
        if r["of_output"] is None and r["times"] is not None and abs(math.log(r["times"])) > math.log(OTHER_BORDERS)
    ]
    note = (
        f"output of {year} is unknown for {listed(other)}: the series is for the people of other, mostly later borders"
        if other
        else ""
    )
    known = [a for a, r in told.items() if r["of_output"] is not None]
    if len(known) < 2:
        return {}, note or f"output and arms spending of {year} are not known for two members"
    out = {}
    for b in x.burden:
        r = told.get(b.actor, {})
        some = r.get("of_output") is not None
        low, mean, high = (percent(r[f"of_output{end}"]) if some else "" for end in ("_low", "", "_high"))
        out[b.actor] = {f"of output, {year}": f"{mean} % [{low}, {high}]" if some else "unknown",
                        f"of arms spending, {year}": f"{percent(r['of_spending'])} %" if some else "unknown"}  # fmt: skip
    return out, note
