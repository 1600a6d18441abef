"""``foedus sequence``: a scenario of dated facts walked step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from foedus.cli.common import bad_option, day, emit, progress, say, show, tie_table, writable

if TYPE_CHECKING:
    from foedus.studies.sequence import Pair, Place, Sequence, Step
    from foedus.studies.six_powers import SixPowers

BUNDLED = "europe-1872-1914"
DOUBTFUL = 0.9
"""Membership below which an actor is marked."""
NOTABLE = 2e-4
"""Change of the attacks a year that beat an actor from which it is told."""
TOLD = 4
"""Actors whose threat is told of one step."""


def sequence(
    *, in_: Annotated[str, Parameter(name=["--in"])] = BUNDLED, from_: Annotated[str | None, Parameter(name=["--from"])] = None,
    to: Annotated[str | None, Parameter(name=["--to"])] = None, every: bool = False, without: str | None = None, draws: int = 50, seed: int = 1,
    tie_table_: Annotated[Path | None, Parameter(name=["--tie-table"])] = None, figure: Path | None = None, out: Path | None = None,
    six_powers: Annotated[bool, Parameter(name=["--six-powers"], negative="")] = False, json: bool = False,
) -> None:  # fmt: skip
    """Walk a scenario through the days on which it changes: blocs, balance, power and threat before and after each.

    Parameters
    ----------
    in_
        A bundled scenario or a TOML file (default: europe-1872-1914).
    from_
        First day, or a year (its 1 January); the file's own date if not given.
    to
        Last day, or a year (its 31 December).
    every
        A step for every tie and border that changes as well.
    without
        Layers to switch off, separated by commas: guarantee, alignment, intervention.
    draws
        Draws of the uncertain inputs behind the intervals.
    seed
        The same seed gives the same numbers.
    tie_table_
        Your own table of reasons, strengths and weights.
    figure
        Write the sequence, or the six powers, as a figure: .svg, .png or .html.
    out
        File for the rows of each step and actor: .parquet, .csv or .json.
    six_powers
        Instead, whether the treaties of 1872-1907 end balanced among six powers, by the published signs and by the scenario's.
    json
        Print JSON.
    """
    from foedus.scenario.read import load_scenario

    scenario, table = load_scenario(in_), tie_table(tie_table_)
    if six_powers:
        if any((out, every, from_, to, without)):
            raise bad_option("--six-powers takes six fixed dates", "foedus sequence --six-powers")
        _six(scenario, draws, seed, table, figure, json=json)
        return
    from foedus.panel.table_files import check_format
    from foedus.report.figures.sequence import check, write
    from foedus.scenario.timeline import KINDS, PACTS
    from foedus.studies.sequence import sequence as walk

    if figure is not None:
        check(writable(figure, "--figure"))
    if out is not None:
        check_format(writable(out, "--out"), "--out")
    layers = [x.strip() for x in without.split(",")] if without else []
    with progress("steps", quiet=json) as tell:
        found = walk(
            scenario, first=day(from_, "--from", last=False), last=day(to, "--to", last=True), kinds=KINDS if every else PACTS, draws=draws,
            seed=seed, table=table, without=layers, progress=tell,
        )  # fmt: skip
    if figure is not None:
        write(found, figure)
    if out is not None:
        found.write(out)
    if json:
        emit(found.to_dict())
        return
    _show(found)
    for path in (figure, out):
        if path is not None:
            say(f"wrote {path}")


def _show(found: Sequence) -> None:
    """Print the steps and what they rest on."""
    import polars as pl

    loose = [s for s in found.steps if not s.proved]
    say(f"{found.title}: {len(found.steps)} days on which it changes, {found.steps[0].date} to {found.steps[-1].date}.")
    say(
        "Every line-up into two blocs is proved, for these ties, whose weights are assumed."
        if not loose
        else f"{len(loose)} of {len(found.steps)} steps rest on a line-up that is not proved, {loose[0].date} the first."
    )
    say(
        "Blocs after each day, actors in the file's order; ? stands with its bloc in fewer than 90 % of draws, ?? in fewer than 60 %."
    )
    say("Actors: " + ", ".join(f"{a} {name}" for a, name in found.names.items()) + ".")
    show("Who stands where after each day", pl.DataFrame([_line_up(s) for s in found.steps]), rows=400)
    _show_moves(found)
    show(
        "Balance, power and threat, before and after each day",
        pl.DataFrame([_numbers(s) for s in found.steps]),
        rows=400,
        of=found.names,
    )
    first, last = found.steps[0].density, found.steps[-1].density
    told = ", ".join(f"{k.replace('_', ' ')} {first[k]:.0%} to {last[k]:.0%}" for k in first)
    say(f"Pairs of actors, first step to last: {told}.")
    say(
        "Against: weight of ties against the two blocs, of all, exact at the centre of every uncertain number; drawn: the same after the day, "
        "mean and 90 % interval. Triads: balanced share of them. Gap: capability of A less that of B, in points of the system's. Threat: attacks "
        "that beat an actor, in 1,000 years, by the fitted onset of wars, before and after the day on the same draws."
    )
    say(
        f"{found.draws} draws, seed {found.seed}. That a step follows another does not say that it answers it: docs/concepts/sequence-1872-1914.md."
    )


def _show_moves(found: Sequence) -> None:
    """Print who changed bloc, on the day of a step or between two."""
    moved = [s for s in found.steps if s.moved or s.drifted]
    say("Changes of bloc:" if moved else "Nobody changes bloc.")
    for s in moved:
        there = {p.actor: p for p in s.places}
        parts = [f"on the day {', '.join(_move(there[a]) for a in s.moved)}"] if s.moved else []
        parts += [f"since the step before, by ties that are no step, {', '.join(s.drifted)}"] if s.drifted else []
        say(f"  {s.date}: {'; '.join(parts)}", of=found.names)


def _move(p: Place) -> str:
    """Return who moved, and how surely it stood with the old bloc and stands with the new one."""
    return f"{p.actor} ({p.was} {p.was_membership or 0:.0%} to {p.bloc} {p.membership or 0:.0%})"


def _line_up(s: Step) -> dict[str, str]:
    """Return who stands where after a step as a row."""
    return {
        "date": s.date.isoformat(),
        "what changes": _what(s),
        "A": _members(s.bloc("A")),
        "B": _members(s.bloc("B")),
    }


def _numbers(s: Step) -> dict[str, str]:
    """Return the numbers of a step as a row."""
    (old, new), e, g = s.frustrated_centre, s.frustrated.after, s.gap.after
    return {
        "date": s.date.isoformat(),
        "against": f"{old:.1%} to {new:.1%}",
        "drawn": f"{e.mean:.0%} [{e.low:.0%}, {e.high:.0%}]",
        "triads": "unknown" if s.triads is None else f"{s.triads.before.mean:.0%} to {s.triads.after.mean:.0%}",
        "gap": f"{100 * g.mean:+.0f} [{100 * g.low:+.0f}, {100 * g.high:+.0f}]",
        "threat": _threat(s.places),
    }


def _what(s: Step) -> str:
    """Return what changes on a day."""
    told = [
        f"{c.name}: {c.detail}" if c.kind in {"joined", "left"} else f"{c.name.rstrip('.')}{_VERBS.get(c.kind, '')}"
        for c in s.changes
    ]
    return "\n".join(told)


_VERBS = {
    "ended": " ends",
    "entered": " enters",
    "gone": " leaves",
    "tie": " begins",
    "tie ended": " ends",
    "border": " border",
    "border ended": " border ends",
}


def _members(places: tuple[Place, ...]) -> str:
    """Return the members of a bloc with their doubt."""
    return " ".join(
        p.actor + ("" if p.membership is None or p.membership >= DOUBTFUL else "?" if p.membership >= 0.6 else "??")
        for p in places
    )


def _threat(places: tuple[Place, ...]) -> str:
    """Return whose threat a step changes most."""
    notable: list[tuple[str, Pair]] = [
        (p.actor, p.beaten) for p in places if p.beaten is not None and abs(p.beaten.change.mean) >= NOTABLE
    ]
    notable.sort(key=lambda x: -abs(x[1].change.mean))
    return "\n".join(f"{a} {1000 * b.before.mean:.1f} to {1000 * b.after.mean:.1f}" for a, b in notable[:TOLD])


def _six(scenario: Any, draws: int, seed: int, table: Any, figure: Path | None, *, json: bool) -> None:
    """Show the six drawings."""
    import polars as pl

    from foedus.report.figures.six_powers import check, write
    from foedus.studies.six_powers import CODINGS, STRONG, six_powers

    if figure is not None:
        check(writable(figure, "--figure"))
    found = six_powers(scenario, draws=draws, seed=seed, table=table)
    if figure is not None:
        write(found, figure)
    if json:
        emit(found.to_dict())
        return
    rows = []
    for r in found.rows:
        e = r.frustration_drawn
        rows.append({
            "drawing": r.drawing, "coding": r.coding, "ties": f"{r.ties} ({r.negative} hostile)",
            "balanced triads": f"{r.balanced_triads} of {r.triads}",
            "against two blocs": f"{r.frustration}" + (f"; {e.mean:.1f} [{e.low:.0f}, {e.high:.0f}]" if e else ""),
            "P balanced": "" if r.p_balanced is None else "<0.01" if r.p_balanced < 0.01 else f"{r.p_balanced:.2f}",
        })  # fmt: skip
    show("Six powers at six dates: the published signs, and those of the scenario", pl.DataFrame(rows), rows=100)
    _verdict(found)
    say(
        f"Published: Antal, Krapivsky and Redner 2006, signs as two public transcriptions give them; open ties are four whose first date no source "
        f"at hand gives. Ours: {', '.join(CODINGS)} = the sign of every pair's pull; only pacts and written ties; only pulls of {STRONG} or more. "
        "P balanced: share of draws without a tie against two blocs, by Laplace's rule (one draw with and one without added), so never 0. "
        f"{found.draws} draws, seed {found.seed}."
    )
    if figure is not None:
        say(f"wrote {figure}")


def _verdict(found: SixPowers) -> None:
    """Say whether the last drawing is balanced, and where ours differs."""
    last = found.rows[-1].drawing
    published = found.at(last, "published")
    say(f"{last} ({published.date}): the published drawing has {published.frustration} ties against two blocs.")
    for coding in dict.fromkeys(r.coding for r in found.rows if not r.coding.startswith("published")):
        row, other = found.at(last, coding), found.differences(last, coding)
        word = {1: "friends", -1: "foes", 0: "no tie"}
        told = ", ".join(f"{a}-{b} {word[o]} (published {word[p]})" for a, b, p, o in other)
        say(
            f"  {coding}: {row.frustration} against two blocs; differs in {len(other)} of 15 pairs{': ' if told else ''}{told}."
        )
