"""``foedus great-wars`` and ``foedus backtest``: the rates at which wars spread, against what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.common import (
    bad_option,
    chance,
    change,
    drawable,
    emit,
    progress,
    say,
    show,
    workers_or_default,
    writable,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.estimate.calibration import Calibration
    from foedus.studies.great_wars import GreatWar, Happened, Score
    from foedus.studies.joining_backtest import Forecasts

Folder = Annotated[Path | None, Parameter(name=["--data-dir"])]
LIKELY = 0.1
"""Chance from which a state that stayed out is shown."""


def great_wars(
    *years: int, data_dir: Folder = None, draws: int = 100_000, pacts: int = 4, figure: Path | None = None, seed: int = 1,
    workers: int | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Draw the great wars, each with rates that were fitted without it, beside what happened.

    Parameters
    ----------
    years
        Years of the first shot: 1853, 1859, 1866, 1870, 1914, 1939, 1950, 1967, 1990 (default: all), and 2015 for Syria by the bundled scenario.
    data_dir
        Folder with the published data files.
    draws
        Wars drawn of each.
    pacts
        Pacts to void one by one, those whose members came most often beside their allies.
    figure
        Draw who is at war with whom by the year's end beside what happened: .svg, .png or .html.
    seed
        The same seed gives the same numbers.
    workers
        Threads.
    json
        Print JSON.
    """
    from foedus.studies import great_wars as study

    for name, value in (("--draws", draws), ("--pacts", pacts + 1)):
        if value < 1:
            raise bad_option(f"{name} is too small", f"{name} 1 or more")
    if figure is not None:
        from foedus.report.figures.great_war import check

        check(writable(figure, "--figure"))
    wars = _chosen(years, data_dir)
    with progress("rows", quiet=json) as tell:
        evidence = study.Evidence.of(data_dir, progress=tell)
    found = []
    with progress("wars", quiet=json) as tell:
        for k, what in enumerate(wars):
            found.append(
                study.great_war(
                    what, evidence, draws=draws, pacts=pacts, workers=workers_or_default(workers), seed=seed
                )
            )
            tell((k + 1) / len(wars))
    if figure is not None:
        from foedus.report.figures.great_war import write

        write(found, figure)
    if json:
        emit({"draws": draws, "seed": seed, "standing": "simulated", "wars": [_plain(g) for g in found]})
        return
    for one in found:
        _tell(one)
    if figure is not None:
        say(f"wrote {figure}")


def _chosen(years: tuple[int, ...], data_dir: Path | None) -> list[Happened]:
    """Return what happened in the wars that were asked for."""
    from foedus.scenario.read import load, load_scenario
    from foedus.studies import great_wars as study

    known = (*study.GREAT, 2015)
    wrong = [y for y in years if y not in known]
    if wrong:
        raise bad_option(f"no such war: {', '.join(map(str, wrong))}", f"some of {', '.join(map(str, known))}")
    wars = []
    for year in years or known:
        if year == 2015:
            wars.append(study.syria(load_scenario("middle-east-2015")))
            continue
        wars.append(study.happened(year, data_dir))
        if year == 1914:
            wars.append(study.on_scenario(wars[-1], load("europe-1914")))
    return wars


def _plain(one: GreatWar) -> dict:
    """Return a great war as JSON's own types."""
    from dataclasses import asdict

    scores = [asdict(s) | {"states": s.states.to_dicts(), "pairs": s.pairs.to_dicts()} for s in one.scores]
    without = [{"what": f.what, "size": f.size.to_dict(), "general": f.general.to_dict()} for f in one.without]
    return {
        "war": one.what.title,
        "attacker": one.what.attacker,
        "target": one.what.target,
        "scores": scores,
        "without": without,
    }


def _tell(one: GreatWar) -> None:
    """Print a great war."""
    import polars as pl

    system = one.what.system
    say(f"{one.what.title}: {one.what.attacker} attacks {one.what.target}", of=system)
    for s in one.scores:
        say(_line(s))
    for s in one.scores:
        likely = pl.col("p_side_a") + pl.col("p_side_b") >= LIKELY
        some = s.states.filter((pl.col("happened") != "") | likely).rows(named=True)
        sides = [
            {
                "actor": r["actor"],
                "happened": r["happened"],
                "on side A": _span(r, "_side_a"),
                "on side B": _span(r, "_side_b"),
            }
            for r in some
        ]
        show(
            f"By {_until(s)}: which side each state entered, and its chance of either [90 %]",
            pl.DataFrame(sides),
            of=system,
        )
        pairs = [
            {"pair": f"{r['a']}-{r['b']}", "happened": "at war" if r["happened"] else "", "chance": _span(r)}
            for r in s.pairs.rows(named=True)
        ]
        if pairs and s is one.scores[0]:
            show(
                f"By {_until(s)}: who was at war with whom, and the chance of it [90 %]", pl.DataFrame(pairs), of=system
            )
    rows = [
        {
            "pact void": f.what.removeprefix("without "),
            "other belligerents": f"{f.size}",
            "chance of a general war, points": change(f.general),
        }
        for f in one.without
    ]
    if rows:
        show("Change with one pact void [90 %]", pl.DataFrame(rows), of=system)


def _until(s: Score) -> str:
    """Return the end of a window in words."""
    return "the year's end" if s.window == "year's end" else f"the end of {s.window}"


def _span(row: dict, name: str = "") -> str:
    """Return a chance of a row with its interval, in words."""
    from foedus.estimate.nested import Estimate

    low, high = (row[f"{end}{name}"] for end in ("low", "high"))
    return chance(Estimate(row[f"p{name}"], low, high, 0.0))


def _line(s: Score) -> str:
    """Return one window in words."""

    def place(chance: float, upper: float, rank: int | None) -> str:
        return f"never drawn (below {100 * upper:.2g} %)" if rank is None else f"{100 * chance:.2g} %, rank {rank}"

    return (
        f"  {s.window} ({s.days:.0f} days), {s.draws} draws: {s.count} entered, {s.expected:.1f} [{s.low:.0f}, {s.high:.0f}] drawn; this set and "
        f"these sides {place(s.set_chance, s.set_upper, s.set_rank)}; this order besides {place(s.order_chance, s.order_upper, s.order_rank)}; "
        f"log score {s.log_score:.3f} against {s.base_score:.3f} of the base rate ({'better' if s.log_score < s.base_score else 'not better'})"
    )


def backtest(
    what: Literal["joining", "onset", "pacts", "size"], *, source: Literal["disputes", "wars", "iwd"] = "disputes",
    model: Literal["rates", "counts", "terms"] = "rates", target: Literal["form", "end"] = "form",
    counting: Literal["treaties", "pairs"] = "treaties",
    figure: Path | None = None, data_dir: Folder = None, draws: int = 300, seed: int = 1, on: str | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Fit to the years until t, forecast the five after, from 1870 to 2010; scores against honest baselines.

    Parameters
    ----------
    what
        joining: who enters a dispute or a war; onset: who begins one with whom (its own model; source disputes or wars); pacts: which defence ties
        begin or end; size: how many die in a war, given who fights.
    source
        Disputes (GML), inter-state wars (Correlates of War), or iwd (Interstate War Data).
    model
        rates: those that simulated wars use (docs/decisions/0014); counts: the same with terms that count who has joined, as first committed;
        terms: the larger model of docs/decisions/0012.
    target
        Of pacts: ties that begin (form) or that end.
    counting
        Of pacts: a treaty that ties m pairs once (treaties), or each pair (pairs).
    figure
        Draw the calibration to this .svg, .png or .html file; not for size.
    data_dir
        Folder with the published data files.
    draws
        Resampled sets of events behind the intervals.
    seed
        Of the resampling.
    on
        Where the fits run: local (the default), processes:N or dask://HOST:PORT; not for size. The numbers are the same anywhere.
    json
        Print JSON.
    """
    from foedus.executors import check
    from foedus.studies import joining_backtest as scores
    from foedus.studies.joining_rows import joining_rows
    from foedus.studies.spread_backtest import backtest_spread
    from foedus.studies.spread_rows import spread_rows

    if draws < 20:
        raise bad_option("--draws is too small for an interval", "--draws 20 or more")
    path = drawable(figure) if figure else None
    where = on or "local"
    check(where, "--on")
    if what == "pacts":
        from foedus.cli.formation import backtest_pacts

        backtest_pacts(target, counting, data_dir, draws, seed, figure=figure, on=where, json=json)
        return
    if what == "size":
        if on is not None:
            raise bad_option("size is fitted in a second, here", "leave --on out")
        if path:
            raise bad_option("size has no calibration of chances to draw", "leave --figure out")
        from foedus.cli.size import backtest_size

        backtest_size(data_dir, draws, seed, json=json)
        return
    if what == "onset":
        _backtest_onset(source, data_dir, draws, seed, figure=path, on=where, json=json)
        return
    cases = joining_rows(source, data_dir=data_dir)
    if model == "terms":
        made = scores.backtest_joining(cases, on=where)
    else:
        with progress("rows", quiet=json) as tell:
            disputes = spread_rows("disputes", data_dir=data_dir, progress=tell)
        wars = None if source == "disputes" else spread_rows("wars", data_dir=data_dir)
        rounds = spread_rows(source, data_dir=data_dir, cut="rounds")
        with progress("fits", quiet=json) as tell:
            made = backtest_spread(cases, rounds, disputes, wars, counts=model == "counts", progress=tell, on=where)
    verdict, ratio = scores.verdict(made), scores.ratio_interval(made, draws=draws, seed=seed)
    lines, against = scores.score(made, source, draws=draws, seed=seed)
    if path:
        y, p, event = made.cases(scores.MODEL, "enters")
        _draw(y, p, event, None, verdict.calibration, path, draws, seed, what=f"entering {source}, model {model}", over="events",
              cases="rounds of states", per="chance a round")  # fmt: skip
    if json:
        plain = {
            "ratio": verdict.ratio,
            "ratio_low": ratio[0],
            "ratio_high": ratio[1],
            "slope": verdict.calibration.slope,
            "met": verdict.met,
        }
        plain |= {
            "scores": [vars_of(s) for s in lines],
            "against": [vars_of(a) for a in against],
            **_sides(made, draws, seed),
        }
        emit(
            {
                "source": source,
                "model": model,
                "draws": draws,
                "seed": seed,
                "standing": "estimated, on years not seen",
                **plain,
            }
        )
        return
    _show_backtest(source, model, verdict, ratio, lines, against)
    _show_sides(_sides(made, draws, seed))


def _sides(made: Forecasts, draws: int, seed: int) -> dict:
    """Return on whose side joiners with a pledge to one side came, and joining by border and pledge, in the data and by the model."""
    from foedus.studies import joining_fit
    from foedus.studies.joining_backtest import MODEL

    p = made.p[MODEL]
    (n, took, given), (data, model) = (
        joining_fit.one_sided(made.rows, p),
        joining_fit.one_sided_spans(made.rows, p, draws=draws, seed=seed),
    )
    return {
        "pledged_to_one_side": {"joiners": n, "took_it": took, "low": data[0], "high": data[1],
                                "model": given, "model_low": model[0], "model_high": model[1]},
        "by_border_and_pledge": joining_fit.diffusion(made.rows, p).to_dicts(),
    }  # fmt: skip


def _show_sides(found: dict) -> None:
    """Print both tables."""
    import polars as pl

    one = found["pledged_to_one_side"]
    say(
        f"Of {one['joiners']} that joined with a defence pledge to exactly one side, {_percent(one, 'took_it', 'low', 'high')} took that side; the "
        f"model gave it {_percent(one, 'model', 'model_low', 'model_high')}"
    )
    rows = [
        {"border": "yes" if r["border"] else "no", "pledge": "yes" if r["pledge"] else "no", "states x wars": r["cases"], "entered": r["entered"],
         "rate": f"{r['entered'] / r['cases']:.4f}", "model": f"{r['expected'] / r['cases']:.4f}"}
        for r in found["by_border_and_pledge"]
    ]  # fmt: skip
    show(
        "Who joins what became a war, by border and pledge (Siverson and Starr), and the model on years not seen",
        pl.DataFrame(rows),
    )


def _percent(one: dict, value: str, low: str, high: str) -> str:
    """Return a share with its interval, in per cent."""
    return f"{100 * one[value]:.0f} % [{100 * one[low]:.0f}, {100 * one[high]:.0f}]"


def _draw(
    y: NDArray, p: NDArray, cluster: NDArray, weight: NDArray | None, calibration: Calibration, path: Path, draws: int, seed: int, *, what: str,
    over: str, cases: str, per: str,
) -> None:  # fmt: skip
    """Draw a calibration on years not seen."""
    from foedus.estimate.rate_bins import rate_bins
    from foedus.report.figures.calibration import write_calibration

    bins = rate_bins(y, p, cluster=cluster, weight=weight, draws=draws, seed=seed)
    write_calibration(bins, calibration, path, what=what, note="years not seen", over=over, cases=cases, per=per)


def _backtest_onset(
    source: str, data_dir: Path | None, draws: int, seed: int, *, figure: Path | None, on: str, json: bool
) -> None:
    """Run and print the backtest of onset."""
    import polars as pl

    from foedus.studies.onset_fit import backtest_onset, score_onset
    from foedus.studies.onset_rows import onset_rows

    if source == "iwd":
        raise bad_option("onset has no list iwd", "--source disputes or --source wars")
    with progress("rows", quiet=json) as tell:
        rows = onset_rows(data_dir=data_dir, progress=tell)
    with progress("fits", quiet=json) as tell:
        made = backtest_onset(rows, "wars" if source == "wars" else "disputes", progress=tell, on=on)
    found, calibrated = score_onset(made, draws=draws, seed=seed)
    if figure:
        _draw(made.y, made.p["model"], made.pair, made.weight, calibrated, figure, draws, seed, what=f"onset of {source}, directed pairs",
              over="pairs", cases="pair-years", per="chance a year")  # fmt: skip
    if json:
        plain = [
            {
                "score": s.score,
                "value": s.value,
                "low": s.low,
                "high": s.high,
                "against": {k: list(v) for k, v in s.against.items()},
            }
            for s in found
        ]
        emit(
            {
                "source": source,
                "slope": calibrated.slope,
                "scores": plain,
                "draws": draws,
                "seed": seed,
                "standing": "estimated, on years not seen",
            }
        )
        return
    low, high = calibrated.slope_interval
    say(
        f"onset of {source}: {int(made.y.sum())} in {len(made.y)} rows not seen; slope of calibration {calibrated.slope:.2f} [{low:.2f}, {high:.2f}]"
    )
    table = [
        {"score": s.score, "value": f"{s.value:.4g} [{s.low:.4g}, {s.high:.4g}]"}
        | {
            f"less {k}": f"{v[0]:+.2g} [{v[1]:+.2g}, {v[2]:+.2g}]{'' if v[3] else ' does not beat'}"
            for k, v in s.against.items()
        }
        for s in found
    ]
    show("Scores on years not seen, and differences to each baseline [90 %]", pl.DataFrame(table))


def vars_of(one: object) -> dict:
    """Return the fields of a record."""
    from dataclasses import fields

    return {f.name: getattr(one, f.name) for f in fields(one)}  # type: ignore[arg-type]


def _show_backtest(source, model, verdict, ratio, lines, against) -> None:  # noqa: ANN001
    """Print scores, differences and the verdict."""
    import polars as pl

    low, high = verdict.calibration.slope_interval
    say(
        f"{source}, {model}: area under precision-recall {verdict.ratio:.2f} [{ratio[0]:.2f}, {ratio[1]:.2f}] times that of contiguity and "
        f"alliance (aim 2), slope of calibration {verdict.calibration.slope:.2f} [{low:.2f}, {high:.2f}] "
        f"(aim 0.8 to 1.25): {'met' if verdict.met else 'missed'}"
    )
    rows = [{"score": s.score, "value": f"{s.value:.4g}", "90 %": f"{s.low:.4g} to {s.high:.4g}"} for s in lines]
    show("Scores on years not seen", pl.DataFrame(rows))
    rows = [
        {"baseline": a.baseline, "score": a.score, "difference": f"{a.difference:+.4g}",
         "90 %": f"{a.low:+.4g} to {a.high:+.4g}", "beaten": a.verdict}
        for a in against
    ]  # fmt: skip
    show("Difference to each baseline", pl.DataFrame(rows))
