"""``foedus evolve``: a system carried on year by year, thousands of times, and against an edited fork."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, chance, emit, placed, progress, say, show, workers_or_default, writable
from foedus.cli.common import pair as pair_of
from foedus.studies.meant import what_if as edited

YEARS = re.compile(r"^\d{4}:\d{4}$")

if TYPE_CHECKING:
    from foedus.formation.difference import Difference
    from foedus.formation.evolution import Evolution


def evolve(
    source: Source, *, years: int | None = None, draws: int | None = None, what_if: str | None = None, void: tuple[str, ...] = (),
    against: Path | None = None, pair: tuple[str, ...] = (), future: int | None = None, save: Path | None = None, resume: bool = False,
    forward: bool = False, figure: Path | None = None, seed: int = 1,
    workers: Annotated[int | None, Parameter(name=["--workers", "--threads"])] = None, on: str | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Carry a system on, year by year, in many futures: pacts, disputes, wars, strengths.

    With --save, Ctrl-C leaves the finished futures in the folder, from which the same command with --resume goes on. A range of years, as
    --in 1816:2016, sets out from the start of each decade in it and says where the record lay in what was simulated.

    Parameters
    ----------
    years
        Years to simulate, 1 to 30 (default 7); ten from each decade's start.
    draws
        Futures (default 2,000; of a range 500 from each start).
    what_if
        Set beside it another fork: a what-if of the scenario, or an edit such as void:PACT, remove:ACTOR, strengthen:ACTOR:2.
    void
        The same with pacts voided: --void "Triple Alliance".
    against
        A folder that --save left: set its futures, of the same years, number and seed, beside these.
    pair
        Two states, as GMY:RUS: their chances to be allied, to quarrel and to fight, year by year.
    future
        Tell one future event by event: its number from 0.
    save
        Folder for the futures and the tables; the other fork goes into its folder what-if.
    resume
        Go on from the futures that the folder holds.
    forward
        Of a range: each decade by fits to the years before it, from 1866 on.
    figure
        Of a range: write the chart to an .svg, .png or .html file.
    seed
        The same seed gives the same bits on any number of threads.
    workers
        Threads.
    on
        Where to run it instead: local, processes:N or dask://HOST:PORT.
    json
        Print JSON.
    """
    from foedus.formation.evolve import evolve as simulate
    from foedus.formation.kept import read_run

    if YEARS.match(source.in_):
        alone = {
            "--what-if": what_if,
            "--void": void,
            "--against": against,
            "--pair": pair,
            "--future": future is not None,
            "--save": save,
            "--resume": resume,
            "--years": years,
            "--on": on,
        }
        if any(alone.values()):
            raise bad_option(
                f"{', '.join(k for k, v in alone.items() if v)} of a range of years", "name one year with --in"
            )
        _check(source, draws or 500, seed, workers_or_default(workers), forward=forward, figure=figure, json=json)
        return
    if forward or figure:
        raise bad_option("--forward and --figure go with a range of years", "--in 1816:2016")
    if (what_if is not None) + bool(void) + (against is not None) > 1:
        raise bad_option("--what-if, --void and --against do not go together", "give one of them")
    meant = source.read()
    fork = _fork(meant, what_if, void, source.date)
    asked = [pair_of(one, "--pair") for one in pair]
    options: dict[str, Any] = {
        "years": 7 if years is None else years,
        "draws": 2_000 if draws is None else draws,
        "seed": seed,
        "workers": workers_or_default(workers),
        "on": None if on is None else placed(on, workers),
        "data_dir": source.data_dir,
    }
    try:
        with progress("futures", quiet=json) as tell:
            base = simulate(meant.system, **options, save=save, resume=resume, progress=tell)
        other = None if against is None else read_run(against, meant.system)
        if fork is not None:
            with progress("futures of the other fork", quiet=json) as tell:
                options |= {"save": save / "what-if" if save else None, "resume": resume}
                other = simulate(fork[1], **options, progress=tell)
    except KeyboardInterrupt:
        if save is not None:
            sys.stderr.write(f"stopped; finished futures are in {save}, and the same command with --resume goes on\n")
            sys.exit(130)
        raise
    found = None if other is None else base.against(other)
    if json:
        plain = {"evolution": base.to_dict(), "pairs": [base.tie(a, b).to_dict() for a, b in asked]}
        if future is not None:
            plain["future"] = base.future(future, data_dir=source.data_dir).to_dicts()
        emit(plain | ({} if found is None else {"against": found.to_dict()}))
        return
    _show(base)
    for a, b in asked:
        _show_pair(base, a, b)
    if future is not None:
        _show_future(base, future, source.data_dir)
    if found is not None:
        _show_difference(found, fork[0] if fork else str(against))


def _check(
    source: Source, draws: int, seed: int, workers: int, *, forward: bool, figure: Path | None, json: bool
) -> None:
    """Print where the record of each decade lay in what was simulated from its start."""
    import polars as pl

    from foedus.studies.evolve_check import FORWARD_FROM, STARTS, evolve_check

    first, last = (int(y) for y in source.in_.split(":"))
    starts = tuple(y for y in STARTS if first <= y <= last and (y >= FORWARD_FROM or not forward))
    if figure is not None:
        from foedus.report.figures.account import check

        check(writable(figure, "--figure"))
    with progress("decades", quiet=json) as tell:
        found = evolve_check(
            data_dir=source.data_dir,
            starts=starts,
            draws=draws,
            seed=seed,
            workers=workers,
            forward=forward,
            progress=tell,
        )
    if figure is not None:
        from foedus.report.figures.futures import write

        write(found, figure)
    if json:
        emit(found.to_dict())
        return
    for name, digits in (("pacts_per_state", 2), ("balance", 2), ("disputes", 0), ("wars", 0)):
        rows = [
            {
                "decade": r["window"], "record": f"{r['observed']:.{digits}f}", "median": f"{r['median']:.{digits}f}",
                "half of the futures": f"{r['low_50']:.{digits}f} to {r['high_50']:.{digits}f}",
                "nine tenths": f"{r['low_90']:.{digits}f} to {r['high_90']:.{digits}f}", "record in them": "" if r["inside_90"] else "outside",
            }
            for r in found.table().filter(pl.col("measure") == name).to_dicts()
        ]  # fmt: skip
        show(name.replace("_", " "), pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String) if rows else None))
    rows = [
        {
            "measure": r["measure"].replace("_", " "), "decades": str(r["windows"]), "in half": f"{100 * r['inside_50']:.0f} %",
            "in nine tenths": f"{100 * r['inside_90']:.0f} %", "CRPS": f"{r['crps']:.3g}", "no change": f"{r['no_change']:.3g}",
            "CRPS, later": f"{r['crps_later']:.3g}", "climatology": f"{r['climatology']:.3g}",
        }
        for r in found.scores().to_dicts()
    ]  # fmt: skip
    show("How often the record lay inside, and how far futures were from it", pl.DataFrame(rows))
    say(
        (
            "Pacts and quarrels by fits to the years before each decade. "
            if forward
            else "In sample: coefficients were fitted on all years. "
        )
        + "CRPS: lower is better; later: from the fourth decade on, beside the record of all earlier ones as equally likely."
    )


def _fork(meant: Any, what_if: str | None, void: tuple[str, ...], date: str | None) -> tuple[str, Any] | None:
    """Return the words and the system of the other fork."""
    if what_if is not None:
        made = edited(what_if, meant, date)
        return made.title, made.other
    if void:
        editor = meant.system.edit()
        for name in void:
            editor = editor.void(name)
        return editor.describe(), editor.system
    return None


def _show(found: Evolution) -> None:
    """Print the futures of one fork."""
    import polars as pl

    first, last = found.calendar[0], found.calendar[-1]
    shown = (
        ("pacts per state", "pacts_per_state", 2, 1), ("disputes", "disputes", 1, 1), ("wars", "wars", 2, 1),
        ("states in them", "belligerents", 1, 1), ("balanced triads %", "balance", 0, 100),
    )  # fmt: skip
    rows = [
        {"year": str(row["year"])} | {label: _span(row, name, digits, scale) for label, name, digits, scale in shown}
        for row in found.table().to_dicts()
    ]
    n = len(found.system.actors)
    title = (
        f"{found.system.title}, carried on to the end of {last}: {n} actors, {found.draws:,} futures, seed {found.seed}"
    )
    show(title, pl.DataFrame(rows))
    say(
        "Each cell: mean over the futures [where 9 of 10 lie]. Pacts and triads as of the year's end; disputes, wars begun and the states in "
        "them within it."
    )
    begin = found.measure("pacts_per_state")[0, 0]
    wars, total = found.measure("wars")[:, 1:].sum(axis=1), found.expected("pacts_per_state")[-1]
    say(
        f"At the fork {begin:.2f} partners in defence pacts a state; at the end {total.mean:.2f}, "
        f"a mean known within [{total.low:.2f}, {total.high:.2f}]. "
        f"Wars begun {first}-{last}: {wars.mean():.1f} [{_whole(wars)}]; none in {100 * (wars == 0).mean():.0f} % of the futures."
    )  # fmt: skip
    for what, words in (
        ("new pact", "Likeliest new pacts by then"),
        ("lost pact", "Likeliest lost pacts"),
        ("war", "Likeliest wars"),
        ("dispute", "Likeliest disputes"),
    ):
        top = found.likeliest(what, 5)  # type: ignore[arg-type]
        if top:
            say(f"{words}: " + "; ".join(f"{a}-{b} {chance(e)}" for a, b, e in top), of=found.system)
    groups = sum(a.kind != "state" for a in found.system.actors)
    if groups:
        say(
            f"{groups} of the {n} actors are no states: the fits know states only, and what is said of the others is by analogy."
        )
    past = (
        "the last dispute of each pair is on record"
        if found.history == "recorded"
        else "the last dispute of each pair is drawn: none is on record here"
    )
    say(
        f"Simulated; {past}. The states, great powers, borders and the era are those of the fork; every coefficient was fitted on all years to "
        "2010 or 2015, so that for a fork of the past this is no forecast. Intervals hold chance and what is not known of coefficients; not that the "
        "model may be wrong: see docs/concepts/years-forward.md."
    )


def _span(row: dict[str, Any], name: str, digits: int, scale: float) -> str:
    """Return a mean and where the futures lie."""
    mean, low, high = (row[k] for k in (name, f"{name}_low", f"{name}_high"))
    if mean != mean:  # noqa: PLR0124
        return "none closed"
    ends = digits if scale > 1 else min(digits, 1)
    return f"{scale * mean:.{digits}f} [{scale * low:.{ends}f}, {scale * high:.{ends}f}]"


def _whole(values: Any) -> str:
    """Return where nine of ten whole numbers lie."""
    import numpy as np

    low, high = np.quantile(values, [0.05, 0.95])
    return f"{low:.0f}, {high:.0f}"


def _show_pair(found: Evolution, a: str, b: str) -> None:
    """Print the chances of one pair."""
    import polars as pl

    one = found.tie(a, b)
    rows = [
        {
            "by the end of": str(year),
            "allied": chance(x),
            "have met in a war": chance(y),
            "have had a dispute": chance(z),
        }
        for year, x, y, z in zip(one.years, one.allied, one.war, one.dispute, strict=True)
    ]
    show(f"{one.a} and {one.b}: chance [90 % interval of what is not known]", pl.DataFrame(rows), of=found.system)


def _show_future(found: Evolution, number: int, data_dir: Path | None) -> None:
    """Print one future, a paragraph a year."""
    words = {"pact forms": "{a} and {b} ally", "pact ends": "the pact of {a} and {b} ends", "dispute": "{a} begins a dispute with {b}",
             "war": "{a} goes to war with {b}", "joins the war": "{a} joins beside {b}"}  # fmt: skip
    say(f"Future {number} of {found.draws:,}, one among many:")
    events = found.future(number, data_dir=data_dir).to_dicts()
    for year in found.calendar:
        told = [words[e["what"]].format(**e) for e in events if e["year"] == year]
        say(f"{year}: {'; '.join(told) or 'nothing'}", of=found.system)


def _show_difference(found: Difference, words: str) -> None:
    """Print what the other fork differs by."""
    import polars as pl

    from foedus.report.words import percent

    rows = [
        {
            "measure": r["measure"].replace("_", " "), "over": r["over"], "base": f"{r['base']:.3g}", "other": f"{r['other']:.3g}",
            "difference": f"{r['difference']:+.3g} [{r['mean_low']:+.3g}, {r['mean_high']:+.3g}]",
            "more in": f"{100 * r['more']:.0f} %", "less in": f"{100 * r['less']:.0f} %",
        }
        for r in found.table().to_dicts()
    ]  # fmt: skip
    ties = [int(e.measure("pacts_per_state")[0, 0] * len(e.system.actors) / 2 + 0.5) for e in (found.base, found.other)]
    say(
        f"Pairs with a defence pact at the fork: {ties[0]}; in the other {ties[1]}"
        + (", the same: the edit leaves who is allied as it was" if ties[0] == ties[1] else "")
    )
    show(
        f"Against: {words}",
        pl.DataFrame(rows),
        note="difference: mean over paired futures [90 % interval of the expectation]",
    )
    pairs = [
        {
            "pair": f"{r['a']}-{r['b']}", "allied at the end": f"{percent(r['p_allied'])} % to {percent(r['p_allied_other'])} %",
            "met in a war": f"{percent(r['p_war'])} % to {percent(r['p_war_other'])} %",
        }
        for r in found.pairs(8).to_dicts()
    ]  # fmt: skip
    show("Pairs that change most", pl.DataFrame(pairs), of=found.base.system)
