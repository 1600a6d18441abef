"""``foedus power``: strength, how concentrated and polarised it is, and how much of it arrives where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, emit, say, show
from foedus.cli.power_rows import ROWS, YEARS, number, only_years, target_of, told, write

if TYPE_CHECKING:
    import polars as pl

    from foedus.power.years import Power
    from foedus.system.system import System

STRONGEST = 12
"""States listed of one year."""
COLUMNS = {
    "con": "CON", "n_eff": "n eff", "parity": "2nd/1st", "top_two": "top two", "poles": "poles", "polarization": "polar.", "modularity": "modul.",
}  # fmt: skip
"""Numbers of a series, and their headings."""


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
    target = target_of(out)
    if YEARS.match(source.in_):
        if toward is not None or law != "boulding" or range_km or loss or arms:
            raise bad_option(
                "--toward, --law, --range-km, --loss and --arms are for one system",
                f"--in {source.in_[:4]}-01-01, or a scenario",
            )
        only_years(source)
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
    write(strength.frame, target)
    if json:
        emit(found.to_dict() | {"capability": strength.to_dict(), "system": system.hash})
        return
    say(f"{system.title}, as of the start of {system.date}: strength in shares of all of its actors (90 % interval)")
    _show_one(found, system)
    rows = strength.frame.sort("effective", descending=True)
    show("The strongest", _ranges(rows, ["effective", *strength.measures[1:]], "actor"), rows=STRONGEST, of=system)
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
        write(frame, out)
    if json:
        emit(found.to_dict())
        return
    basis = "calendar year" if at == "year" else "1 January, series of the year before"
    if frame.height > 1:
        _series(found, basis)
        return
    strength = capability(source.in_, measures=(by,), at=at, draws=draws, seed=seed, data_dir=source.data_dir)
    write(strength.frame, out)
    say(f"{source.in_} ({basis}), strength by {by}")
    _show_one(found)
    named = strength.frame.select(
        pl.col("ccode").replace_strict(strength.names, return_dtype=pl.String).alias("state"),
        pl.exclude("ccode", "year"),
    )
    parts = [c for c in named.columns if c not in {"state", by, f"{by}_low", f"{by}_high", "n_parts"}]
    rows = named.sort(by, descending=True, nulls_last=True)
    known = named.filter(pl.col(by).is_not_null()).height
    say(f"The strongest of {known} states with data (of {named.height}):")
    show("", _ranges(rows, [by, *parts], "state"), rows=STRONGEST)
    total = named[by].sum()
    if by == "cinc" and abs(total - 1) > 5e-4:
        say(
            f"The year's indices sum to {total:.4f}, as some states lack components; shares among great powers are renormalised."
        )
    for note in found.notes:
        say(note)


def _show_one(found: Power, of: System | None = None) -> None:
    """Print concentration, poles and polarization of one row."""
    r = found.frame.row(0, named=True)
    if r.get("con") is None and r.get("top") is None:
        say(
            f"Great powers: {r['majors']}. Unknown: the strength of {r.get('unknown', '')}; no figure without it.",
            of=of,
        )
        return
    say(f"Great powers, strongest first: {_listed(r['majors'])}", of=of)
    say(
        f"  concentration CON {told(r, 'con')}; effective number {told(r, 'n_eff')}; second over first {told(r, 'parity')}"
    )
    say(f"  poles ({found.pole:.0%} of all capability) {told(r, 'poles')}; top two hold {told(r, 'top_two')} of the great powers' strength"
        f"{'' if r['bipolar'] is None else ': bipolar' if r['bipolar'] else ': not bipolar'}, if two "
        "with more than half are two poles (a rule as commonly cited, not checked)")  # fmt: skip
    split = f"(modularity {number(r['modularity'])}; near 0: pledges split them hardly at all)"
    say(f"  pact blocs {_listed(r['blocs']) if r['blocs'] else 'not sought: too many powers'} {split}", of=of)
    say(f"  polarization, Esteban-Ray by likeness of pledges: {told(r, 'polarization')}")


def _listed(ids: str) -> str:
    """Return ids with commas between them, groups of them apart."""
    return " | ".join(", ".join(group.split()) for group in ids.split("|"))


def _series(found: Power, basis: str) -> None:
    """Print the series of a range of years, and where it changed most."""
    import polars as pl

    frame = found.frame
    step = -(-frame.height // ROWS)
    interval = "con_low" in frame.columns
    rows = [
        {"year": r["year"]} | {label: told(r, c) if interval and c == "con" else number(r.get(c)) for c, label in COLUMNS.items()}
        | {"pact blocs, or powers": r.get("blocs") or r["majors"]}
        for r in frame[::step].to_dicts()
    ]  # fmt: skip
    every = f", every {step} years" if step > 1 else ""
    show(f"Great powers by {found.by} ({basis}){every}", pl.DataFrame(rows, infer_schema_length=None), rows=ROWS + 1)
    moved = frame.filter(pl.col("con_change").is_not_null()).sort(pl.col("con_change").abs(), descending=True).head(6)
    if moved.height:
        steps = "; ".join(f"{r['year']} {r['con_change']:+.3f}" for r in moved.sort("year").to_dicts())
        say(
            f"Greatest changes of CON from one year to the next: {steps} (a change in who is listed as a great power counts too)."
        )
    lacking = frame.filter(pl.col("unknown").is_not_null()).height
    if lacking:
        say(f"In {lacking} of {frame.height} years the strength of a great power is unknown: no figure.")
    say(f"CON: 0 all equal, 1 one has all. Poles: at least {found.pole:.0%} of all capability. polar.: Esteban-Ray, 1 for two equal camps wholly "
        "unlike. modul.: of the pact blocs; near 0 they mean nothing.")  # fmt: skip
    for note in found.notes:
        say(note)


def _toward(
    system: Any, actor: str, law: Any, range_km: float | None, loss: float | None, arms: str | None, draws: int, seed: int, out: Path | None, *,
    json: bool,
) -> None:  # fmt: skip
    """Show what each actor can bring to bear at one actor's place."""
    import polars as pl

    from foedus.power.projection import Arm, projection

    weights = {name: Arm(weight) for name, weight in _weights(arms).items()} or None
    found = projection(system, law=law, range_km=range_km, loss_per_1000_km=loss, arms=weights, draws=draws, seed=seed)
    table = found.toward(actor)
    write(table, out)
    if json:
        emit(found.to_dict() | {"toward": system.actor(actor).id, "reach": table.to_dicts()})
        return
    here = system.actor(actor)
    say(
        f"{system.title}, as of the start of {system.date}: strength that arrives at {here.name}, in shares of all capability"
    )
    rows = [
        {"actor": r["actor"], "km": f"{r['km']:,.0f}" + ("" if r["km_known"] else " (unknown, drawn)"), "at home": r["home"],
         "there": f"{r['there']:.3f} [{r['there_low']:.3f}, {r['there_high']:.3f}]", "left": None if r["left"] is None else f"{r['left']:.0%}"}
        | ({"unknown arms": r["unknown"]} if found.unknown else {})
        for r in table.to_dicts()
    ]  # fmt: skip
    show(f"What arrives at {here.id} (0 km: land neighbours)", pl.DataFrame(rows, infer_schema_length=None), of=system)
    say(
        f"{found.note}; {draws} draws, seed {seed}. Distances by EUGene's rule; bases, terrain and airspace are not seen."
    )


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


def _ranges(rows: pl.DataFrame, columns: list[str], key: str) -> pl.DataFrame:
    """Return columns as text with their intervals where there are any."""
    import polars as pl

    return pl.DataFrame(
        [{key: r[key]} | {c: told(r, c) for c in columns} for r in rows.head(STRONGEST).to_dicts()],
        infer_schema_length=None,
    )
