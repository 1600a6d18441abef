"""``foedus sweep``: one analysis at many points of the facts and parameters behind it, and which of them move it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, progress_lines, say, show, tie_table, writable
from foedus.studies.meant import resolve

if TYPE_CHECKING:
    from foedus.studies.sweep_effects import Effect
    from foedus.studies.sweep_result import Sweep

FEW = 24
"""Points up to which each is printed."""


def sweep(
    scenario: str, *, vary: Annotated[tuple[str, ...], Parameter(negative="")] = (), of: Literal["war", "blocs", "ally"] = "war",
    actors: str | None = None, design: Literal["grid", "lhs", "sobol"] = "grid", points: int | None = None, draws: int | None = None,
    days: float = 365.0, seed: int = 1, on: str = "local", out: Path | None = None,
    resume: Annotated[bool, Parameter(negative="")] = False, chunk: int | None = None, outcome: str | None = None,
    keys: Annotated[bool, Parameter(negative="")] = False, date: str | None = None, data_dir: Path | None = None, tie_table_: Annotated[
        Path | None, Parameter(name=["--tie-table"])] = None, figure: Path | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Run one analysis at many points of the facts and parameters behind it, and say which of them move it.

    With --out, finished chunks are kept in the folder: whatever ends a run, the same command with --resume goes on and comes to the same bytes.

    Parameters
    ----------
    scenario
        A bundled scenario, a TOML file, a year or a date.
    vary
        KEY=FROM:TO:N, repeated: a fact (actor[RUS].regime, tie[AUH-SER:rivalry].strength), strengthen:ACTOR, weaken:ACTOR, a switch from 0 to 1
        (void:PACT, remove:ACTOR, withdraw:ACTOR, drop:KIND, what-if:NAME), or a parameter (joining.contest.decisiveness).
    of
        war, blocs, or ally (the ledger of one actor).
    actors
        With commas: attacker and target of the war (default: the scenario's first flashpoint), or the actor of the ledger and its threats.
    design
        Every combination (grid), a Latin hypercube (lhs), or samples for Sobol's indices (sobol).
    points
        Points of a Latin hypercube, or rows of a Sobol sample, a power of 2; it makes (keys + 2) times as many runs.
    draws
        Draws at each point (default: 1,000 wars; 100 of blocs and ledgers).
    days
        Horizon of a war.
    seed
        The same seed gives the same bytes wherever it is run.
    on
        local, processes:N or dask://HOST:PORT.
    out
        Folder of the run.
    resume
        Go on from what the folder holds.
    chunk
        Points that are finished, and kept, together.
    outcome
        The quantity whose sensitivities are told (default: those of the whole system); "list" names all.
    keys
        List every key that can be varied, and run nothing.
    date
        Date to which a scenario is taken.
    data_dir
        Folder with the published data files, for real years and dates.
    tie_table_
        Your own table of reasons, strengths and weights.
    figure
        File for a figure of the sensitivities: .svg, .png or .html.
    json
        Print JSON.
    """
    from foedus.studies.sweep import every_key
    from foedus.studies.sweep import sweep as run

    table = tie_table(tie_table_)
    meant = resolve(scenario, data_dir=data_dir, date=date, table=table)
    who = tuple(a.strip() for a in actors.split(",")) if actors else ()
    if keys:
        for key in every_key(meant.system, of=of, actors=who, scenario=meant.scenario, table=table):
            sys.stdout.write(f"{key}\n")
        return
    if figure is not None:
        from foedus.report.figures.account import check

        check(writable(figure, "--figure"))
    if not vary:
        raise bad_option("Nothing is varied", "--vary KEY=FROM:TO:N; foedus sweep SCENARIO --keys lists the keys")
    try:
        with progress_lines(f"sweep of {meant.system.id}", quiet=json) as tell:
            found = run(
                meant.system, vary, of=of, actors=who, design=design, points=points, draws=draws, days=days, seed=seed, on=on, out=out,
                resume=resume, chunk=chunk, scenario=meant.scenario, table=table, progress=tell,
            )  # fmt: skip
    except KeyboardInterrupt:
        if out is None:
            raise
        sys.stderr.write(f"stopped; finished chunks are in {out}, and the same command with --resume goes on\n")
        sys.exit(130)
    if outcome == "list":
        say("\n".join(found.outcomes))
        return
    told = found.headline if outcome is None else (outcome,)
    for name in told:
        found.effects(name)
    if figure is not None:
        from foedus.report.figures.sweep import write

        write(found, figure, told)
    emit(found.to_dict()) if json else _show(found, told, out)


def _show(found: Sweep, told: tuple[str, ...], out: Path | None) -> None:
    """Print what was asked, and what each key does."""
    import polars as pl

    from foedus.studies.sweep_result import STANDING

    a, n = found.ask, len(found.points)
    what = {"war": f"a war that begins when {a.first} attacks {a.second}", "blocs": "two blocs",
            "ally": f"{a.first} against {', '.join(a.foes)}"}[a.of]  # fmt: skip
    design = {"grid": "every combination", "lhs": "a Latin hypercube", "sobol": "samples for Sobol's indices"}[
        found.design
    ]
    say(f"{found.system.title}, as of the start of {found.system.date}: {what}.", of=found.system)
    say(
        f"{n:,} points, {design}; {a.draws:,} draws at each, the same for all, seed {a.seed}. {STANDING[a.of][0].upper()}{STANDING[a.of][1:]}."
    )
    for name in told:
        rows = [_row(e, found) for e in found.effects(name)]
        k = found.outcomes.index(name)
        own = found.own[k]
        show(f"{name}: {own[0]:.3g} [{own[1]:.3g}, {own[2]:.3g}] at the scenario's own values", pl.DataFrame(rows))
        say(_sentence(found, name))
    if n <= FEW:
        show("Each point: mean [90 % interval]", pl.DataFrame([_point(found, p, told) for p in range(n)]), rows=FEW)
    say(
        "change: along a key's range by a straight line through all points, with a 90 % interval over what else is uncertain. "
        + _shares_said(found)
        + " The ranges are yours: another range gives other shares."
    )
    if out is not None:
        say(f"{out}: run.json, chunks, and sweep.parquet with one row a point and quantity")


def _row(e: Effect, found: Sweep) -> dict[str, str]:
    """Return what a key does as a row."""
    v = next(x for x in found.keys if x.key == e.key)
    row = {"key": e.key, "from": f"{v.low:g}", "to": f"{v.high:g}"}
    row["change"] = (
        "unknown" if e.change is None else f"{e.change.mean:+.3g} [{e.change.low:+.3g}, {e.change.high:+.3g}]"
    )
    if found.design != "lhs":
        for name, x in (("alone", e.first), ("in all", e.total)):
            row[name] = "no variation" if x is None else f"{x.mean:.0%} [{x.low:.0%}, {x.high:.0%}]"
    return row


def _sentence(found: Sweep, name: str) -> str:
    """Return which key moves a quantity most, and how straight its course is."""
    best, line = found.most(name), found.straight(name)
    if best is None:
        return "Nothing here moves it."
    assert best.change is not None
    sure = "" if best.change.low > 0 or best.change.high < 0 else "; the interval of its change includes no change"
    course = "" if line is None else f" Straight lines explain {line:.0%} of how it varies over the points."
    return f"{best.key} moves it most{sure}.{course}"


def _shares_said(found: Sweep) -> str:
    """Return how shares of variance are to be read."""
    if found.design == "lhs":
        return "A Latin hypercube gives no shares of variance: --design sobol does."
    how = "exact over the grid; intervals by bootstrap over draws" if found.design == "grid" else \
        "Saltelli's estimators; intervals by bootstrap over rows and draws, and an estimate may leave 0 to 100 %"  # fmt: skip
    return f"alone, in all: share of the variance over the points that goes with the key by itself, and with what it does jointly ({how})."


def _point(found: Sweep, p: int, told: tuple[str, ...]) -> dict[str, str]:
    """Return one point as a row."""
    row = {v.key: f"{x:g}" for v, x in zip(found.keys, found.points[p], strict=True)}
    for name in told:
        mean, low, high, _ = found.estimate[p, found.outcomes.index(name)]
        row[name] = "not there" if mean != mean else f"{mean:.3g} [{low:.3g}, {high:.3g}]"  # noqa: PLR0124
    return row
