"""``foedus power`` and ``foedus similarity``: strength, its concentration and reach, and how alike states' ties are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, emit, say, show, writable

if TYPE_CHECKING:
    import polars as pl

    from foedus.data.store import DataDir
    from foedus.power.similar import Similarity
    from foedus.power.years import Power

_YEARS = re.compile(r"^\d{4}(:\d{4})?$")
ROWS = 21
"""Rows of a series above which only every so many years are shown."""
STRONGEST = 12
"""States listed of one year."""
TOP = 6
"""Pairs listed as most and as least alike."""
SHOWN = ("s_abs", "s_abs_cinc", "kappa", "pi", "tau_b", "s_excess")
LABELS = {"s_abs": "S", "s_abs_cinc": "S cinc", "s_excess": "S excess", "tau_b": "tau-b"}


def power(
    source: Source, *, by: str = "cinc", pole: float = 0.1, at: Literal["year", "jan1"] = "year", toward: str | None = None,
    law: Literal["boulding", "linear", "lsg"] = "boulding", range_km: float | None = None, loss: float | None = None, arms: str | None = None,
    draws: int = 400, seed: int = 1, out: Path | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Who is how strong, how concentrated that is, and how much of it arrives where.

    A year or a range, --in 1914 or 1816:2016, takes the published series of the calendar year and the great powers of any day of it (--at jan1: those
    of 1 January, with the series of the year before). A date or a scenario takes that system, with intervals over its uncertain capabilities.

    Parameters
    ----------
    by
        What strength is measured by in years: cinc, gdp, gdp_head, net or tiv.
    pole
        Least share of all capability of a pole.
    at
        year or jan1.
    toward
        Show what each actor of a system can bring to bear at this one's place.
    law
        Loss of strength over distance: boulding (exponential), linear or lsg (Bueno de Mesquita's, from memory).
    range_km
        Distance at which 37 % is left, for boulding (default: the assumed ranges).
    loss
        Share of all capability lost per 1,000 km, for linear.
    arms
        Weights of arms, such as air=2,missiles=1: an actor's strength there is scaled by its own in these arms.
    draws
        Draws of uncertain inputs.
    seed
        The same seed gives the same numbers.
    out
        File for the rows: .parquet or .csv.
    json
        Print JSON.
    """
    target = _target(out)
    if _YEARS.match(source.in_):
        if toward is not None or law != "boulding" or range_km or loss or arms:
            raise bad_option("--toward, --law, --range-km, --loss and --arms are for one system", f"--in {source.in_[:4]}-01-01, or a scenario")
        _no_system_options(source)
        _years(source, by, pole, at, draws, seed, target, json=json)
        return
    if by != "cinc" or at != "year":
        raise bad_option("--by and --at are for years", "foedus power --in 1816:2016 --by gdp")
    system = source.read().system
    if toward is not None:
        _toward(system, toward, law, range_km, loss, arms, draws, seed, target, json=json)
        return
    from foedus.power.capability import capability_of
    from foedus.power.years import power_of

    found, strength = power_of(system, pole=pole, draws=draws, seed=seed), capability_of(system, draws=draws, seed=seed)
    _write(strength.frame, target)
    if json:
        emit(found.to_dict() | {"capability": strength.to_dict(), "system": system.hash})
        return
    say(f"{system.title}, as of the start of {system.date}: strength in shares of all of its actors (90 % interval)")
    _show_one(found)
    rows = strength.frame.sort("effective", descending=True)
    show("The strongest", _ranges(rows, ["effective", *strength.measures[1:]], "actor"), rows=STRONGEST)
    say(f"{draws} draws, seed {seed}; {strength.notes[0]}; system {system.hash[:12]}")


def _years(
    source: Source, by: str, pole: float, at: Literal["year", "jan1"], draws: int, seed: int, out: Path | None, *, json: bool
) -> None:  # fmt: skip
    """Show one year, or the series of a range."""
    import polars as pl

    from foedus.power.capability import capability
    from foedus.power.years import power_over_years

    found = power_over_years(source.in_, by=by, pole=pole, at=at, draws=draws, seed=seed, data_dir=source.data_dir)
    frame = found.frame
    if frame.height > 1:
        _write(frame, out)
    if json:
        emit(found.to_dict())
        return
    basis = "calendar year" if at == "year" else "1 January, series of the year before"
    if frame.height > 1:
        _series(found, basis)
        return
    strength = capability(source.in_, measures=(by,), at=at, draws=draws, seed=seed, data_dir=source.data_dir)
    _write(strength.frame, out)
    say(f"{source.in_} ({basis}), strength by {by}")
    _show_one(found)
    named = strength.frame.select(pl.col("ccode").replace_strict(strength.names, return_dtype=pl.String).alias("state"), pl.exclude("ccode", "year"))
    parts = [c for c in named.columns if c not in {"state", by, f"{by}_low", f"{by}_high", "n_parts"}]
    rows = named.sort(by, descending=True, nulls_last=True)
    known = named.filter(pl.col(by).is_not_null()).height
    show(f"The strongest of {known} states with data (of {named.height})", _ranges(rows, [by, *parts], "state"), rows=STRONGEST)
    total = named[by].sum()
    if by == "cinc" and abs(total - 1) > 5e-4:
        say(f"The year's indices sum to {total:.4f}, as some states lack components; shares among great powers are renormalised.")
    for note in found.notes:
        say(note)


def _show_one(found: Power) -> None:
    """Print concentration, poles and polarization of one row."""
    r = found.frame.row(0, named=True)
    if r.get("con") is None and r.get("top") is None:
        say(f"Great powers: {r['majors']}. Unknown: the strength of {r.get('unknown', '')}; no figure without it.")
        return
    say(f"Great powers, strongest first: {r['majors']}")
    say(f"  concentration CON {_told(r, 'con')}; effective number {_told(r, 'n_eff')}; second over first {_told(r, 'parity')}")
    say(f"  poles ({found.pole:.0%} of all capability) {_told(r, 'poles')}; top two hold {_told(r, 'top_two')} of the great powers' strength"
        f"{'' if r['bipolar'] is None else ': bipolar' if r['bipolar'] else ': not bipolar'} by the rule of one half (from memory)")  # fmt: skip
    say(f"  pact blocs {r['blocs'] or 'not sought: too many powers'} (modularity {_number(r['modularity'])}; near 0: pledges split them hardly at all)")
    say(f"  polarization, Esteban-Ray by likeness of pledges: {_told(r, 'polarization')}")


def _series(found: Power, basis: str) -> None:
    """Print the series of a range of years, and where it changed most."""
    import polars as pl

    frame = found.frame
    step = -(-frame.height // ROWS)
    interval = "con_low" in frame.columns
    columns = {"con": "CON", "n_eff": "n eff", "parity": "2nd/1st", "top_two": "top two", "poles": "poles", "polarization": "polar.", "modularity": "modul."}
    rows = [
        {"year": r["year"]} | {label: _told(r, c) if interval and c == "con" else _number(r.get(c)) for c, label in columns.items()}
        | {"pact blocs, or powers": r.get("blocs") or r["majors"]}
        for r in frame[::step].to_dicts()
    ]  # fmt: skip
    every = f", every {step} years" if step > 1 else ""
    show(f"Great powers by {found.by} ({basis}){every}", pl.DataFrame(rows, infer_schema_length=None), rows=ROWS + 1)
    moved = frame.filter(pl.col("con_change").is_not_null()).sort(pl.col("con_change").abs(), descending=True).head(6)
    if moved.height:
        told = "; ".join(f"{r['year']} {r['con_change']:+.3f}" for r in moved.sort("year").to_dicts())
        say(f"Greatest changes of CON from one year to the next: {told} (a change in who is listed as a great power counts too).")
    lacking = frame.filter(pl.col("unknown").is_not_null()).height
    if lacking:
        say(f"In {lacking} of {frame.height} years the strength of a great power is unknown: no figure.")
    say("CON: 0 all equal, 1 one has all. Poles: at least "
        f"{found.pole:.0%} of all capability. polar.: Esteban-Ray, 1 for two equal camps wholly unlike. modul.: of the pact blocs; near 0 they mean nothing.")  # fmt: skip
    for note in found.notes:
        say(note)


def _toward(  # noqa: PLR0913
    system: Any, actor: str, law: Any, range_km: float | None, loss: float | None, arms: str | None, draws: int, seed: int, out: Path | None, *,
    json: bool,
) -> None:  # fmt: skip
    """Show what each actor can bring to bear at one actor's place."""
    import polars as pl

    from foedus.power.projection import Arm, projection

    weights = {name: Arm(weight) for name, weight in _weights(arms).items()} or None
    found = projection(system, law=law, range_km=range_km, loss_per_1000_km=loss, arms=weights, draws=draws, seed=seed)
    table = found.toward(actor)
    _write(table, out)
    if json:
        emit(found.to_dict() | {"toward": system.actor(actor).id, "reach": table.to_dicts()})
        return
    here = system.actor(actor)
    say(f"{system.title}, as of the start of {system.date}: strength that arrives at {here.name}, in shares of all capability")
    rows = [
        {"actor": r["actor"], "km": f"{r['km']:,.0f}" + ("" if r["km_known"] else " (unknown, drawn)"), "at home": r["home"],
         "there": f"{r['there']:.3f} [{r['there_low']:.3f}, {r['there_high']:.3f}]", "left": None if r["left"] is None else f"{r['left']:.0%}"}
        | ({"unknown arms": r["unknown"]} if found.unknown else {})
        for r in table.to_dicts()
    ]  # fmt: skip
    show(f"What arrives at {here.id} (0 km: land neighbours)", pl.DataFrame(rows, infer_schema_length=None))
    say(f"{found.note}; {draws} draws, seed {seed}. Distances by EUGene's rule; bases, terrain and airspace are not seen.")


def _weights(arms: str | None) -> dict[str, float]:
    """Return the weights of ``air=2,missiles=1``."""
    out: dict[str, float] = {}
    for part in arms.split(",") if arms else []:
        name, _, value = part.partition("=")
        try:
            out[name.strip()] = float(value)
        except ValueError as error:
            raise bad_option(f"--arms takes NAME=WEIGHT, got {part}", "--arms air=2,missiles=1") from error
    return out


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
        What is compared: chiba and pledge (ATOP pledges in two orders), cow (COW alliances), un (votes), separated by commas. Of a system: chiba or cow,
        the order of its pledges.
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
    target = _target(out)
    if not _YEARS.match(source.in_):
        _of_system(source, one, two, ties, draws, seed, target, json=json)
        return
    _no_system_options(source)
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
    _write(rows, target)
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
    named = {c: c.replace("_", " ") if not c.startswith(first) else LABELS.get(c.removeprefix(f"{first}_"), c.removeprefix(f"{first}_")) for c in columns}
    shown = rows[::step].select("year", *(pl.col(c).map_elements(_number, return_dtype=pl.String, skip_nulls=False).alias(n) for c, n in named.items()))
    title = f"{found.names[pair[0]]} (cow:{pair[0]}) and {found.names[pair[1]]} (cow:{pair[1]}), {first} ties, {found.at}"
    show(title + (f", every {step} years" if step > 1 else ""), shown, rows=ROWS + 1)
    _sources(found)


def _show_year(found: Similarity, measure: str) -> None:
    """Print the great powers' pairs, and who is most and least alike."""
    year, first = found.years[0], measure.split("_")[0]
    columns = [f"{first}_{m}" for m in SHOWN if f"{first}_{m}" in found.measures]
    ranked = list(dict.fromkeys([measure, *columns]))
    majors = found.of_majors(year).sort(measure, descending=True, nulls_last=True)
    show(f"Great powers in {year}, {first} ties", _labelled(majors, ranked, first))
    most, least = found.extremes(year, measure, TOP)
    many = found.summary(measure).row(0, named=True)
    show(f"Most alike of {many['pairs']} pairs by {measure} ({many['at_one']:.1%} are wholly alike)", _labelled(most, ranked, first))
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
        rows.append({"year": r["year"], "pairs": r["pairs"]} | {k: _number(r[v]) for k, v in (("mean", "mean"), ("5 %", "q05"), ("median", "q50"), ("95 %", "q95"), ("great powers", "majors"))} | ends)  # fmt: skip
    every = f", every {step} years" if step > 1 else ""
    show(f"{measure}: {found.frame.height:,} pairs and years{every}", pl.DataFrame(rows, infer_schema_length=None), rows=ROWS + 1)
    say(f"Columns of every pair and year: {', '.join(found.measures)}. --out FILE.parquet holds them; --measure picks another one here.")
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
    rows = found.frame if not named else found.frame.filter(pl.col("actor1").is_in(named) & pl.col("actor2").is_in(named))
    _write(rows, out)
    if json:
        emit(found.to_dict() | {"pairs": rows.to_dicts()})
        return
    say(f"{system.title}, as of the start of {system.date}: pledges of {len(system.ids)} actors' treaties, {found.order} order")
    great = {a.id for a in system.actors if a.major}
    titles = [("Pair", rows)] if named else [
        ("Great powers", rows.filter(pl.col("actor1").is_in(great) & pl.col("actor2").is_in(great)).sort("s_abs", descending=True)),
        ("Most alike", rows.sort("s_abs_weighted", "actor1", "actor2", descending=[True, False, False]).head(TOP)),
        ("Least alike", rows.sort("s_abs_weighted", "actor1", "actor2").head(TOP)),
    ]  # fmt: skip
    for title, part in titles:
        if part.height:
            shown = [
                {"pair": f"{r['actor1']} - {r['actor2']}", "S": _number(r["s_abs"]), "S by capability [90 %]": _told(r, "s_abs_weighted")}
                | {LABELS.get(m, m): _number(r[m]) for m in ("kappa", "pi", "tau_b", "s_excess")}
                for r in part.to_dicts()
            ]  # fmt: skip
            show(title, pl.DataFrame(shown))
    say(f"Great powers by S, the others by S weighted by capability. {draws} draws, seed {seed}; system {system.hash[:12]}")


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
    return rows.select("pair", *(pl.col(c).map_elements(_number, return_dtype=pl.String, skip_nulls=False).alias(n) for c, n in names.items()))


def _sources(found: Similarity) -> None:
    """Print what was compared and in which years it is known."""
    for c in found.compared:
        say(f"{c.ties}: {c.levels}; {c.source}, {c.first}-{c.last}")


def _ranges(rows: pl.DataFrame, columns: list[str], key: str) -> pl.DataFrame:
    """Return columns as text with their intervals where there are any."""
    import polars as pl

    return pl.DataFrame([{key: r[key]} | {c: _told(r, c) for c in columns} for r in rows.head(STRONGEST).to_dicts()], infer_schema_length=None)


def _told(row: dict[str, Any], name: str) -> str:
    """Return a number of a row with its interval, if it has one."""
    if row.get(f"{name}_low") is None:
        return _number(row.get(name))
    return f"{_number(row[name])} [{_number(row[f'{name}_low'])}, {_number(row[f'{name}_high'])}]"


def _number(value: float | None) -> str:
    """Return a number at three decimals, or that it is unknown."""
    return "unknown" if value is None else f"{value:.0f}" if isinstance(value, int) else f"{value:.3f}"


def _target(out: Path | None) -> Path | None:
    """Return where rows go, checked before any work."""
    from foedus.power.similar import SUFFIXES

    if out is not None and out.suffix not in SUFFIXES:
        raise bad_option(f"--out takes a file that ends in {' or '.join(SUFFIXES)}, got {out}", "--out rows.parquet")
    return None if out is None else writable(out, "--out")


def _write(frame: pl.DataFrame, out: Path | None) -> None:
    """Write rows, if a file was asked for."""
    from foedus.power.similar import write_rows

    if out is not None:
        write_rows(frame, out)


def _no_system_options(source: Source) -> None:
    """Raise where an option is given that only a system has."""
    given = [n for n, v in (("--date", source.date), ("--actors", source.actors), ("--tie-table", source.tie_table), ("--without", source.without)) if v]
    if given:
        raise bad_option(f"{', '.join(given)} belong to one system, not to years", "--in 1914-01-01, or a scenario")
