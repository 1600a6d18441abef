"""``foedus evolve``: a system carried on year by year, thousands of times, and against an edited fork."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, chance, emit, pair as pair_of, progress, say, show, what_if as edited, workers_or_default  # noqa: I001

if TYPE_CHECKING:
    from foedus.formation.evolution import Difference, Evolution


def evolve(
    source: Source, *, years: int = 7, draws: int = 2_000, what_if: str | None = None, void: tuple[str, ...] = (), against: Path | None = None,
    pair: tuple[str, ...] = (), save: Path | None = None, resume: bool = False, seed: int = 1,
    workers: Annotated[int | None, Parameter(name=["--workers", "--threads"])] = None, json: bool = False,
) -> None:  # fmt: skip
    """Carry a system on, year by year, in many futures: pacts, disputes, wars, strengths.

    With --save, Ctrl-C leaves the finished futures in the folder, from which the same command with --resume goes on.

    Parameters
    ----------
    years
        Years to simulate, 1 to 30.
    draws
        Futures.
    what_if
        Set beside it another fork: a what-if of the scenario, or an edit such as void:PACT, remove:ACTOR, strengthen:ACTOR:2.
    void
        The same with pacts voided: --void "Triple Alliance".
    against
        A folder that --save left: set its futures, of the same years, number and seed, beside these.
    pair
        Two states, as GMY:RUS: their chances to be allied, to quarrel and to fight, year by year.
    save
        Folder for the futures and the tables; the other fork goes into its folder what-if.
    resume
        Go on from the futures that the folder holds.
    seed
        The same seed gives the same bits on any number of threads.
    workers
        Threads.
    json
        Print JSON.
    """
    from foedus.formation.evolve import evolve as simulate
    from foedus.formation.kept import read_run

    if (what_if is not None) + bool(void) + (against is not None) > 1:
        raise bad_option("--what-if, --void and --against do not go together", "give one of them")
    meant = source.read()
    fork = _fork(meant, what_if, void, source.date)
    asked = [pair_of(one, "--pair") for one in pair]
    options: dict[str, Any] = {"years": years, "draws": draws, "seed": seed, "workers": workers_or_default(workers), "data_dir": source.data_dir}
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
        emit(plain | ({} if found is None else {"against": found.to_dict()}))
        return
    _show(base)
    for a, b in asked:
        _show_pair(base, a, b)
    if found is not None:
        _show_difference(found, fork[0] if fork else str(against))


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
    rows = []
    for row in found.table().to_dicts():
        rows.append(
            {"year": str(row["year"])}
            | {label: _span(row, name, digits, scale) for label, name, digits, scale in (
                ("pacts per state", "pacts_per_state", 2, 1), ("disputes", "disputes", 1, 1),
                ("wars", "wars", 2, 1), ("states in them", "belligerents", 1, 1), ("balanced triads %", "balance", 0, 100),
            )}
        )  # fmt: skip
    n = len(found.system.actors)
    title = f"{found.system.title}, carried on to the end of {last}: {n} states, {found.draws:,} futures, seed {found.seed}"
    show(title, pl.DataFrame(rows))
    say(
        "Each cell: mean over the futures [where 9 of 10 lie]. Pacts and triads as of the year's end; disputes, wars begun and the states in "
        "them within it."
    )
    begin = found.measure("pacts_per_state")[0, 0]
    wars, total = found.measure("wars")[:, 1:].sum(axis=1), found.expected("pacts_per_state")[-1]
    say(
        f"At the fork {begin:.2f} partners in defence pacts a state; at the end {total.mean:.2f}, a mean known within [{total.low:.2f}, {total.high:.2f}]. "
        f"Wars begun {first}-{last}: {wars.mean():.1f} [{_whole(wars)}]; none in {100 * (wars == 0).mean():.0f} % of the futures."
    )  # fmt: skip
    for what, words in (("new pact", "Likeliest new pacts by then"), ("lost pact", "Likeliest lost pacts"), ("war", "Likeliest wars"), ("dispute", "Likeliest disputes")):
        top = found.likeliest(what, 5)  # type: ignore[arg-type]
        if top:
            say(f"{words}: " + "; ".join(f"{a}-{b} {chance(e)}" for a, b, e in top))
    past = "the last dispute of each pair is on record" if found.history == "recorded" else "the last dispute of each pair is drawn: none is on record here"
    say(
        f"Simulated; {past}. The states, great powers, borders and the era are those of the fork; every coefficient was fitted on all years to 2010 or "
        "2015, so that for a fork of the past this is no forecast. Intervals hold chance and what is not known of coefficients; not that the model "
        "may be wrong: see docs/concepts/years-forward.md."
    )


def _span(row: dict[str, Any], name: str, digits: int, scale: float) -> str:
    """Return a mean and where the futures lie."""
    mean, low, high = (row[k] for k in (name, f"{name}_low", f"{name}_high"))
    if mean != mean:  # noqa: PLR0124
        return "none"
    return f"{scale * mean:.{digits}f} [{scale * low:.{digits if scale > 1 else min(digits, 1)}f}, {scale * high:.{digits if scale > 1 else min(digits, 1)}f}]"


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
        {"by the end of": str(year), "allied": chance(x), "have met in a war": chance(y), "have had a dispute": chance(z)}
        for year, x, y, z in zip(one.years, one.allied, one.war, one.dispute, strict=True)
    ]
    show(f"{one.a} and {one.b}: chance [90 % interval of what is not known]", pl.DataFrame(rows))


def _show_difference(found: Difference, words: str) -> None:
    """Print what the other fork differs by."""
    import polars as pl

    rows = [
        {
            "measure": r["measure"].replace("_", " "), "over": r["over"], "base": f"{r['base']:.3g}", "other": f"{r['other']:.3g}",
            "difference": f"{r['difference']:+.3g} [{r['mean_low']:+.3g}, {r['mean_high']:+.3g}]", "more in": f"{100 * r['more']:.0f} %", "less in": f"{100 * r['less']:.0f} %",
        }
        for r in found.table().to_dicts()
    ]  # fmt: skip
    ties = [int(e.measure("pacts_per_state")[0, 0] * len(e.system.actors) / 2 + 0.5) for e in (found.base, found.other)]
    say(f"Pairs with a defence pact at the fork: {ties[0]}; in the other {ties[1]}" + (", the same: the edit leaves who is allied as it was" if ties[0] == ties[1] else ""))
    show(f"Against: {words}", pl.DataFrame(rows), note="difference: mean over paired futures [90 % interval of the expectation]")
    pairs = [
        {"pair": f"{r['a']}-{r['b']}", "allied at the end": f"{100 * r['p_allied']:.1f} % to {100 * r['p_allied_other']:.1f} %", "met in a war": f"{100 * r['p_war']:.1f} % to {100 * r['p_war_other']:.1f} %"}
        for r in found.pairs(8).to_dicts()
    ]  # fmt: skip
    show("Pairs that change most", pl.DataFrame(pairs))
