"""``foedus blocs``: the line-up of one system, or of a range of years."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

from cyclopts import Parameter

from foedus.cli.basis import basis
from foedus.cli.commands import Source
from foedus.cli.common import bad_option, emit, placed, progress, say, show, tie_table, writable

if TYPE_CHECKING:
    from foedus.blocs.moment import Blocs as Count
    from foedus.blocs.result import Blocs
    from foedus.blocs.series import BlocYears, Followed
    from foedus.blocs.why import Why
    from foedus.system.system import System

MANY = 30
"""Dates above which a range is shown by decades."""
NAMED, MOVES, SHOWN = 14, 60, 60
"""Members of a bloc named in one line, moves listed, and actors of one system in the table."""
NOTABLE = 0.02
"""Share of capability from which a move is told though the mover is no great power."""


def blocs(
    source: Source, *, why: str | None = None, k: Annotated[str, Parameter(name=["-k"])] = "2", draws: int | None = None, seed: int = 1,
    step: int = 1, smooth: float = 0.0, out: Path | None = None, workers: int | None = None, on: str | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Who lines up with whom, on one date or over a range of years.

    A range, ``--in 1816:2016``, takes the real system of every 1 January; two dates, ``--in 1914-01-01:1914-12-01``, that of every month.

    Parameters
    ----------
    why
        Take this actor's place apart, by reason and by partner (one system).
    k
        At most 2 blocs, at most 3, or any number: free (or 0).
    draws
        Draws of the uncertain inputs behind the memberships (default: 400 for one system, none for a range).
    seed
        The same seed gives the same numbers.
    step
        Years from one year of a range to the next, or months between dates.
    smooth
        In a range, charge a move this share (0 to 1) of the mover's tie weight; the price is shown.
    out
        File for the rows of a range: .parquet, .csv or .json.
    workers
        Processes for a range; the same numbers for any number (default: one a core, at most 8).
    on
        Where to run it instead: local, processes:N or dask://HOST:PORT.
    json
        Print JSON.
    """
    from foedus.blocs.years import is_span
    from foedus.errors import parameter

    counts = {"2": 2, "3": 3, "free": "free", "0": "free"}
    if k not in counts:
        raise parameter("-k", k, "2, 3 or free (0 means free)")
    count = cast("Count", counts[k])
    if is_span(source.in_):
        _range(source, count, draws or 0, seed, step, smooth, out, placed(on, workers), why=why, json=json)
        return
    if out is not None or smooth or step != 1 or on is not None:
        raise bad_option(
            "--out, --step, --smooth and --on are for a range of years", "foedus blocs --in 1816:2016 --out blocs.csv"
        )
    _one(source, count, 400 if draws is None else draws, seed, why, json=json)


def _one(source: Source, k: Count, draws: int, seed: int, why: str | None, *, json: bool) -> None:
    """Show the line-up of one system."""
    from foedus.blocs.solve import blocs as solve

    system = source.read().system
    if why:
        system.actor(why)
    result = solve(system, draws=draws, seed=seed, table=tie_table(source.tie_table))
    reason = result.why(why, change=True) if why else None
    if json:
        emit(result.to_dict() | ({"why": reason.to_dict()} if reason else {}))
        return
    say(f"{system.title}, as of the start of {system.date}")
    say(f"{result.fit()[0].upper()}{result.fit()[1:]}.")
    if reason:
        _show_why(reason, system)
    _show_blocs(result, system, k)
    if k == 2:
        from foedus.report.words import plain

        movers = ", ".join(system.ids[m] for m in result.second.movers) or "nobody"
        proof = "proved" if result.second.proved else "at most; not proved"
        worse = result.second.gap / max(result.total, 1e-300)
        best = result.second.optima or f"at least {result.second.count}"
        say(
            f"Second best: {movers} would move, {plain(100 * worse)} % of tie weight worse ({proof}); optimal line-ups: {best}.",
            of=system,
        )
    say(
        f"{draws} draws, seed {seed}; in {result.agreed} of {result.checked} draws also solved exactly the search had found the optimum; "
        f"system {system.hash[:12]}"
    )
    basis(system, source.in_)


def _show_blocs(result: Blocs, system: System, k: Count) -> None:
    """Print who is in which bloc and how surely, then one row an actor."""
    import numpy as np
    import polars as pl

    from foedus.blocs.moment import membership
    from foedus.blocs.series import letter

    chosen = {2: result.two, 3: result.three, "free": result.free}[k]
    power, label = result.centre.power[0], chosen.label
    sure = result.membership if k == 2 else np.where(
        np.isfinite(result.membership), membership(result.sample, label, k, power), np.nan
    )  # fmt: skip
    there = np.isfinite(sure)
    sizes = {b: float(power[there & (label == b)].sum()) for b in np.unique(label[there]).tolist()}
    order = sorted(sizes, key=lambda b: -sizes[b])
    gap = (
        ""
        if chosen.proved
        else f", not proved: {100 * (chosen.value - chosen.bound) / max(result.total, 1e-300):.2f} % of tie weight above the bound"
    )
    many = {2: "Two blocs", 3: "At most three blocs", "free": f"Any number of blocs, {len(order)} formed"}[k]
    say(
        f"{many} ({'proved' if chosen.proved else 'best found'}{gap}); share of draws in which an actor stands with its bloc:"
    )
    rows, alone = [], result.apart_in(label)
    for place, b in enumerate(order):
        members = np.flatnonzero(there & (label == b))
        members = members[np.argsort(-power[members], kind="stable")]
        named = ", ".join(
            f"{system.actors[m].name}{'*' * (system.ids[m] in alone)} {sure[m]:.0%}" for m in members[:NAMED]
        )
        rest = f" and {len(members) - NAMED} more" if len(members) > NAMED else ""
        say(f"  {letter(place)}, {len(members)} with {sizes[b]:.0%} of capability: {named}{rest}")
        rows += [_row(result, m, letter(place), float(sure[m]), detail=k == 2) for m in members.tolist()]
    if k == 2 and len(order) == 2:
        named = ", ".join(f"{letter(place)} {result.names[b]}" for place, b in enumerate(order))
        say(f"  Called after the member to whom most friendly ties within it lead: {named}", of=system)
    if alone:
        say("  * placed by enmity alone: next to no friend in its bloc")
    if result.unattached:
        say(f"  Without any tie: {', '.join(system.actor(a).name for a in result.unattached)}")
    show("The most capable of each bloc first", pl.DataFrame(rows), rows=SHOWN, of=system)


def _row(result: Blocs, position: int, bloc: str, sure: float, *, detail: bool) -> dict[str, Any]:
    """Return one actor as a row."""
    actor = result.system.actors[position]
    row: dict[str, Any] = {"bloc": bloc, "actor": actor.id, "in it": f"{sure:.0%}"}
    if not detail:
        return row
    reasons = [(r.replace("_", " "), v) for r, v, *_ in result.why(actor.id).by_reason]
    return row | {
        "standing": result.standing(actor.id),
        "held by": ", ".join(r for r, v in reasons if v > 0.02),
        "pulled away by": ", ".join(r for r, v in reasons if v < -0.02),
    }


def _show_why(why: Why, system: System) -> None:
    """Print what holds an actor in its bloc, and what would move it."""
    import polars as pl

    say("\n" + why.sentence().replace("common_enemy", "common enemy"), of=system)
    table = why.table()
    for kind, title, note in (
        ("reason", "By reason: share of all its pull, + towards its bloc of two [90 %]", "without: where it would stand without that reason."),
        (
            "partner", "By partner",
            "change: of this tie alone, in shares of the weight of all its ties, from which on a best line-up treats it otherwise; then it: whether "
            "this actor moves, or stays and the partner moves.",
        ),
    ):  # fmt: skip
        rows = table.filter(pl.col("kind") == kind).select(
            pl.col("name", "mainly").str.replace_all("_", " "), "pull", "low", "high", "without", "change",
            pl.col("moves").replace_strict({True: "moves", False: "stays"}, return_dtype=pl.String).alias("then it"),
        )  # fmt: skip
        told = rows.select(c for c in rows.columns if rows[c].null_count() < rows.height)
        show(title, told, rows=40, of=system, note=note if "then it" in told.columns else "")


def _range(
    source: Source, k: Count, draws: int, seed: int, step: int, smooth: float, out: Path | None, workers: str | int, *, why: str | None, json: bool,
) -> None:  # fmt: skip
    """Show the line-ups of a range of dates."""
    from foedus.blocs.years import blocs_over_years
    from foedus.errors import parameter
    from foedus.panel.table_files import check_format

    if why or source.date or source.actors:
        raise bad_option(
            "--why, --date and --actors are for one system, not for a range", "foedus blocs --in 1914 --why ITA"
        )
    if out is not None:
        check_format(writable(out, "--out"), "--out")
        if not out.parent.is_dir():
            raise parameter("--out", str(out), "a file in a folder that exists")
    first, _, last = source.in_.partition(":")
    without = tuple(x.strip() for x in source.without.split(",")) if source.without else ()
    with progress(f"blocs of {source.in_}", quiet=json) as tell:
        found = blocs_over_years(
            first, last, step=step, k=k, draws=draws, smooth=smooth, seed=seed, data_dir=source.data_dir, without=without,
            table=tie_table(source.tie_table), workers=workers, progress=tell,
        )  # fmt: skip
    if out is not None:
        found.write(out)
    if json:
        emit(found.to_dict())
        return
    _show_range(found)
    if out is not None:
        say(f"wrote {out}: one row a date and actor" if out.suffix != ".json" else f"wrote {out}")


def _show_range(found: BlocYears) -> None:
    """Print the blocs by decade, who moved, and how polar it was."""
    import polars as pl

    dates = found.dates
    loose = [d for d in dates if not d.proved]
    many = {2: "two blocs", 3: "at most three blocs", "free": "any number of blocs"}[found.k]
    proof = (
        "every line-up proved"
        if not loose
        else f"{len(dates) - len(loose)} of {len(dates)} line-ups proved, {_when(loose[0], found)} the first that is not"
    )
    say(f"{_when(dates[0], found)} to {_when(dates[-1], found)}, {len(dates)} dates, {many}: {proof}.")
    say("A bloc keeps its letter while its members, weighted by capability, stay.")
    say(
        "Proved means: the best for these ties, whose weights are assumed. "
        + (
            "How surely an actor is where it is stands in the rows."
            if found.draws
            else "How surely an actor is where it is: --draws 100, in the rows of --out."
        )
    )
    if found.smooth:
        worst = max(dates, key=lambda d: d.price)
        mean = sum(d.price for d in dates) / len(dates)
        say(
            f"Smoothed: a move is charged {found.smooth:g} of the mover's tie weight. A line-up is then the best given the date before, not the "
            f"best of its date: {mean:.2%} of tie weight worse on average, {worst.price:.2%} at most ({_when(worst, found)})."
        )
    shown = [d for n, d in enumerate(dates) if len(dates) <= MANY or d.date.year % 10 == 0 or n in {0, len(dates) - 1}]
    show("Blocs, each by its most capable member and the one to whom most friendly ties lead",
         pl.DataFrame([_decade(d, found) for d in shown]), rows=MANY + 30)  # fmt: skip
    _show_moves(found)


def _when(d: Followed, found: BlocYears) -> str:
    """Return the year of a date, or the date where the series is not one of years."""
    whole = all((x.date.month, x.date.day) == (1, 1) for x in found.dates)
    return str(d.date.year) if whole else d.date.isoformat()


def _decade(d: Followed, found: BlocYears) -> dict[str, str]:
    """Return one date as a row."""
    from foedus.blocs.series import letter
    from foedus.report.words import Said

    p, m = d.polarity, d.moment
    label = Said(dict(zip(m.ids, m.names, strict=True))).label
    told = [
        f"{letter(b)} {label(d.leaders[b].strongest)}" + (f" / {label(d.leaders[b].hub)}" if d.leaders[b].hub != d.leaders[b].strongest else "")
        + f" {p.bloc_share[b]:.0%}" for b in d.blocs
    ]  # fmt: skip
    unknown = "unknown"
    return {
        "date": _when(d, found),
        "blocs": "\n".join(told[:4]) + (f"\n+{len(told) - 4}" if len(told) > 4 else ""),
        "poles": (", ".join(label(m.ids[k]) for k in p.poles) or "none") if m.measured else unknown,
        "great powers' CON": unknown if p.concentration is None else f"{p.concentration:.2f}",
        "polarization": f"{p.polarization:.2f}",
        "frustrated": f"{d.value / (m.total or 1):.1%}" + ("" if d.proved else " *"),
    }


def _show_moves(found: BlocYears) -> None:
    """Print the moves of great powers and of others who count."""
    from foedus.blocs.series import letter

    changes = found.changes()
    moved = [m for m in changes if m.change == "moved"]
    notable = [m for m in moved if m.major or m.share >= NOTABLE]
    others = {c: sum(m.change == c for m in changes) for c in ("entered", "left", "tied", "untied")}
    say(f"{len(moved)} moves from bloc to bloc; {others['entered']} entries into the system, {others['left']} exits; "
        f"{others['tied']} actors came by a first tie, {others['untied']} lost their last.")  # fmt: skip
    if not notable:
        return
    say(f"Moves of great powers and of states with {NOTABLE:.0%} of capability or more:")
    by_date: dict[Any, list[str]] = {}
    for m in notable:
        by_date.setdefault(m.date, []).append(f"{m.name} {letter(m.before or 0)} to {letter(m.after or 0)}")
    whole = {d.date: _when(d, found) for d in found.dates}
    for date, told in list(by_date.items())[:MOVES]:
        say(f"  {whole[date]}: {', '.join(told)}")
    if len(by_date) > MOVES:
        say(f"  and on {len(by_date) - MOVES} later dates; --out FILE holds every row")
