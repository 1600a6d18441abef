"""``foedus similarity``: how alike the ties of every two states are, or of two, in one year or in all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, emit, say, show
from foedus.cli.power_rows import ROWS, YEARS, number, only_years, target_of, told, write

if TYPE_CHECKING:
    import polars as pl

    from foedus.data.store import DataDir
    from foedus.power.similar import Similarity

TOP = 6
"""Pairs listed as most and as least alike."""
SHOWN = ("s_abs", "s_abs_cinc", "kappa", "pi", "tau_b", "s_excess")
SPREAD = {"mean": "mean", "q05": "5 %", "q50": "median", "q95": "95 %", "majors": "great powers"}
"""Columns of the summary of a year, and their headings."""
LABELS = {"s_abs": "S", "s_abs_cinc": "S cinc", "s_excess": "S excess", "tau_b": "tau-b"}


def similarity(
    one: str | None = None, two: str | None = None, /, *, source: Source, ties: str | None = None, measure: str | None = None,
    at: Literal["year", "jan1"] = "year", draws: int = 400, seed: int = 1, out: Path | None = None, json: bool = False,
) -> None:  # fmt: skip
    """How alike the ties of every two states are, or of two that are named.

    A range, --in 1816:2016, takes every pair of every year; a date or a scenario takes the pledges of that system.

    Parameters
    ----------
    one
        A state, for the series of one pair.
    two
        The other.
    ties
        What is compared: chiba and pledge (ATOP pledges in two orders), cow (COW alliances), un (votes), separated by commas. Of a system: chiba
        or cow, the order of its pledges.
    measure
        Column by which pairs are ranked and years summed up (default: S with absolute distances of the first ties).
    at
        Ties of any day of a year, or as of 1 January with the capabilities of the year before (jan1).
    draws
        Draws of uncertain capabilities (a system).
    seed
        The same seed gives the same numbers (a system).
    out
        File for all rows: .parquet or .csv.
    json
        Print JSON.
    """
    if (one is None) != (two is None):
        raise bad_option("Name two states, or none", "foedus similarity FRN GMY --in 1816:2016")
    target = target_of(out)
    if not YEARS.match(source.in_):
        _of_system(source, one, two, ties, draws, seed, target, json=json)
        return
    only_years(source)
    from foedus.data.store import DataDir
    from foedus.power.similarity import similarity as compare
    from foedus.power.similarity import years_of

    store = DataDir.of(source.data_dir)
    pair = None if one is None or two is None else _codes(one, two, years_of(source.in_, None), store)
    chosen = [t.strip() for t in ties.split(",")] if ties else None
    found = compare(source.in_, ties=chosen, at=at, data_dir=store)
    measure = measure or next(m for m in found.measures if m.endswith("s_abs"))
    found.summary(measure) if measure not in found.measures else None
    rows = found.frame if pair is None else found.pair(*pair)
    write(rows, target)
    if json:
        emit(found.to_dict() if pair is None else {"pairs": rows.to_dicts(), "compared": found.to_dict()["compared"]})
    elif pair is not None:
        _show_pair(found, rows, pair)
    elif found.years[0] == found.years[1]:
        _show_year(found, measure)
    else:
        _show_summary(found, measure)


def _codes(one: str, two: str, span: tuple[int, int], store: DataDir) -> tuple[int, int]:
    """Return the COW codes of two states, each looked up in the first year of the range in which its name means one."""
    from foedus.data.states import who
    from foedus.errors import UnknownStateError

    def code(text: str) -> int:
        failed: UnknownStateError | None = None
        for year in range(span[0], span[1] + 1):
            try:
                match = who(text, f"{year}-12-31", store)[0]
            except UnknownStateError as error:
                failed = failed or error
                continue
            return int(match.code if match.scheme == "cow" else match.other_code or -1)
        assert failed is not None
        raise failed

    return code(one), code(two)


def _show_pair(found: Similarity, rows: pl.DataFrame, pair: tuple[int, int]) -> None:
    """Print the series of one pair."""
    import polars as pl

    step = -(-rows.height // ROWS)
    first = found.compared[0].ties
    columns = [f"{first}_{m}" for m in SHOWN if f"{first}_{m}" in found.measures]
    columns += [f"{c.ties}_s_abs" for c in found.compared[1:] if f"{c.ties}_s_abs" in found.measures]
    named = {
        c: c.replace("_", " ")
        if not c.startswith(first)
        else LABELS.get(c.removeprefix(f"{first}_"), c.removeprefix(f"{first}_"))
        for c in columns
    }
    shown = rows[::step].select(
        "year",
        *(pl.col(c).map_elements(number, return_dtype=pl.String, skip_nulls=False).alias(n) for c, n in named.items()),
    )
    title = (
        f"{found.names[pair[0]]} (cow:{pair[0]}) and {found.names[pair[1]]} (cow:{pair[1]}), {first} ties, {found.at}"
    )
    show(title + (f", every {step} years" if step > 1 else ""), shown, rows=ROWS + 1)
    _sources(found)


def _show_year(found: Similarity, measure: str) -> None:
    """Print the great powers' pairs, and who is most and least alike."""
    year, first = found.years[0], measure.split("_", maxsplit=1)[0]
    columns = [f"{first}_{m}" for m in SHOWN if f"{first}_{m}" in found.measures]
    ranked = list(dict.fromkeys([measure, *columns]))
    majors = found.of_majors(year).sort(measure, descending=True, nulls_last=True)
    show(f"Great powers in {year}, {first} ties", _labelled(majors, ranked, first))
    most, least = found.extremes(year, measure, TOP)
    many = found.summary(measure).row(0, named=True)
    show(
        f"Most alike of {many['pairs']} pairs by {measure} ({many['at_one']:.1%} are wholly alike)",
        _labelled(most, ranked, first),
    )
    show(f"Least alike by {measure}", _labelled(least, ranked, first))
    _sources(found)


def _show_summary(found: Similarity, measure: str) -> None:
    """Print the distribution by year, and the most and least alike great powers."""
    import polars as pl

    table = found.summary(measure)
    step = -(-table.height // ROWS)
    rows = []
    for r in table[::step].to_dicts():
        great = found.of_majors(r["year"]).filter(pl.col(measure).is_not_null()).sort(measure)
        ends = {"most alike great powers": _end(great, measure, -1), "least alike": _end(great, measure, 0)}
        rows.append(
            {"year": r["year"], "pairs": r["pairs"]} | {label: number(r[c]) for c, label in SPREAD.items()} | ends
        )
    every = f", every {step} years" if step > 1 else ""
    show(
        f"{measure}: {found.frame.height:,} pairs and years{every}",
        pl.DataFrame(rows, infer_schema_length=None),
        rows=ROWS + 1,
    )
    say(
        f"Columns of every pair and year: {', '.join(found.measures)}. --out FILE.parquet holds them; --measure picks another one here."
    )
    _sources(found)


def _of_system(
    source: Source, one: str | None, two: str | None, ties: str | None, draws: int, seed: int, out: Path | None, *, json: bool
) -> None:  # fmt: skip
    """Show the similarity of pledges in one system."""
    import polars as pl

    from foedus.power.similarity_of import similarity_of

    system = source.read().system
    named = [system.actor(a).id for a in (one, two) if a is not None]
    found = similarity_of(system, order=ties or "chiba", draws=draws, seed=seed)
    rows = (
        found.frame if not named else found.frame.filter(pl.col("actor1").is_in(named) & pl.col("actor2").is_in(named))
    )
    write(rows, out)
    if json:
        emit(found.to_dict() | {"pairs": rows.to_dicts()})
        return
    say(
        f"{system.title}, as of the start of {system.date}: pledges of {len(system.ids)} actors' treaties, {found.order} order"
    )
    great = {a.id for a in system.actors if a.major}
    titles = [("Pair", rows)] if named else [
        ("Great powers", rows.filter(pl.col("actor1").is_in(great) & pl.col("actor2").is_in(great)).sort("s_abs", descending=True)),
        ("Most alike", rows.sort("s_abs_weighted", "actor1", "actor2", descending=[True, False, False]).head(TOP)),
        ("Least alike", rows.sort("s_abs_weighted", "actor1", "actor2").head(TOP)),
    ]  # fmt: skip
    for title, part in titles:
        if part.height:
            shown = [
                {"pair": f"{r['actor1']}-{r['actor2']}", "S": number(r["s_abs"]), "S by capability [90 %]": told(r, "s_abs_weighted")}
                | {LABELS.get(m, m): number(r[m]) for m in ("kappa", "pi", "tau_b", "s_excess")}
                for r in part.to_dicts()
            ]  # fmt: skip
            show(title, pl.DataFrame(shown), of=system)
    say(
        f"Great powers by S, the others by S weighted by capability. {draws} draws, seed {seed}; system {system.hash[:12]}"
    )


def _end(great: pl.DataFrame, measure: str, place: int) -> str:
    """Return the pair at one end of a sorted table, with its number."""
    if great.height == 0:
        return ""
    row = great.row(place, named=True)
    return f"{row['pair']} {row[measure]:.2f}"


def _labelled(rows: pl.DataFrame, columns: list[str], ties: str) -> pl.DataFrame:
    """Return pairs and some measures under short names."""
    import polars as pl

    names = {c: LABELS.get(c.removeprefix(f"{ties}_"), c.removeprefix(f"{ties}_")) for c in columns}
    return rows.select(
        "pair",
        *(pl.col(c).map_elements(number, return_dtype=pl.String, skip_nulls=False).alias(n) for c, n in names.items()),
    )


def _sources(found: Similarity) -> None:
    """Print what was compared and in which years it is known."""
    for c in found.compared:
        say(f"{c.ties}: {c.levels}; {c.source}, {c.first}-{c.last}")
