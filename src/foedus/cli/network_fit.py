"""``foedus network-fit``: who is allied with whom given everybody else's ties, how well that fits, and what it forecasts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, progress, say, show, writable

if TYPE_CHECKING:
    from foedus.formation.network import Network
    from foedus.formation.tergm import Tergm
    from foedus.formation.tergm_goodness import Goodness

Switch = Parameter(negative="")
SPANS = {"tergm": (1981, 2000), "atop": (1817, 2016)}


def network_fit(
    *,
    data: Literal["tergm", "atop"] = "tergm",
    lagged: Annotated[bool, Switch] = False,
    from_: Annotated[int | None, Parameter(name="--from")] = None,
    to: int | None = None,
    terms: str | None = None,
    absent: Literal["zero", "unknown"] | None = None,
    gof: Annotated[bool, Switch] = False,
    samples: int = 50,
    figure: Path | None = None,
    held_out: Annotated[bool, Switch] = False,
    draws: int | None = None,
    block: int = 1,
    data_dir: Path | None = None,
    seed: int = 1,
    json: Annotated[bool, Switch] = False,
) -> None:
    """Fit a network model of defence pacts: shared partners, memory, power, regime and distance at once.

    Parameters
    ----------
    data
        tergm: the field's reference networks, 164 states 1981-2000; atop: our own of every 1 January 1817-2016.
    lagged
        Add whether a pair was tied a year before.
    from_
        First year.
    to
        Last year.
    terms
        Terms of your own, separated by commas, such as "edges,gwesp(0.5),nodecov(log_cinc)"; a wrong one lists all kinds.
    absent
        With --data tergm: states that did not exist in a year stand in the file with a capability of 0 and without ties; zero keeps them, as
        published fits do, unknown leaves their pairs out.
    gof
        Draw networks from the model and compare them with the observed ones.
    samples
        Networks drawn of each year, with --gof.
    figure
        With --gof, the chart: a file that ends in .svg, .png or .html.
    held_out
        With --data atop: fit to the years until t, forecast the five after, 1870 to 2016, against honest baselines.
    draws
        Resampled sets of years behind the intervals (default: 1000; of forecast years, 500).
    block
        Years in a row that are resampled together: 1 as published, more for intervals that know that pacts last; eight blocks are the least.
    data_dir
        Folder with the published data files.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    if figure is not None and not gof:
        raise bad_option("--figure is of --gof", "foedus network-fit --gof --figure FILE")
    if draws is not None and draws < 20:
        raise bad_option("--draws is too small for an interval", "--draws 20 or more")
    if absent is not None and data != "tergm":
        raise bad_option("--absent is of --data tergm", "foedus network-fit --absent unknown")
    if held_out:
        if data != "atop" or gof or lagged or terms or from_ or to:
            raise bad_option("--held-out has years and terms of its own", "foedus network-fit --data atop --held-out")
        _held_out(data_dir, 500 if draws is None else draws, seed, json=json)
        return
    if figure is not None:
        from foedus.report.figures.account import check

        check(writable(figure, "--figure"))
    networks, chosen, dropped = _chosen(data, (from_, to), terms, data_dir, lagged=lagged, absent=absent or "zero")
    from foedus.formation.tergm import DRAWS, tergm

    with progress("resampled years", quiet=json) as tell:
        fit = tergm(networks, chosen, draws=DRAWS if draws is None else draws, block=block, seed=seed, progress=tell)
    good = None
    if gof:
        from foedus.formation.tergm_goodness import goodness

        with progress("networks", quiet=json) as tell:
            good = goodness(fit, networks, samples=samples, seed=seed, progress=tell)
    if figure is not None and good is not None:
        from foedus.report.figures.goodness import write

        write(good, figure)
    if json:
        plain = fit.to_dict() | {"data": data, "dropped": {k: {"year": y, "known": s} for k, (y, s) in dropped.items()}}
        emit(plain | ({"goodness": good.to_dict()} if good else {}))
        return
    _show(fit, data, dropped)
    if good is not None:
        _show_goodness(good)


def _chosen(
    data: str,
    span: tuple[int | None, int | None],
    terms: str | None,
    data_dir: Path | None,
    *,
    lagged: bool,
    absent: Literal["zero", "unknown"],
) -> tuple[tuple[Network, ...], list[str], dict[str, tuple[int, float]]]:
    """Return the networks and terms that are meant, and terms that are dropped since they are unknown."""
    from foedus.formation.network import known_terms
    from foedus.formation.network_terms import parse_terms
    from foedus.studies import network_rows as of

    first, last = (given if given is not None else end for given, end in zip(span, SPANS[data], strict=True))
    if not SPANS[data][0] <= first < last <= SPANS[data][1]:
        raise bad_option(
            f"--from {first} --to {last}: not two or more of the years {SPANS[data][0]}-{SPANS[data][1]}",
            "--from 1946 --to 2016",
        )
    texts = terms.split(",") if terms else of.TERMS[data, lagged]
    if terms and lagged:
        texts = [*texts, "memory(autoregression)"]
    wanted = parse_terms([*texts])
    if data == "tergm":
        networks = tuple(n for n in of.reference_networks(absent=absent, data_dir=data_dir) if first <= n.year <= last)
    else:
        networks = of.pact_networks(first, last, data_dir=data_dir)
    kept, dropped = known_terms(networks, wanted, of.LEAST_KNOWN)
    return networks, [t.name for t in kept], dropped


def _show(fit: Tergm, data: str, dropped: dict[str, tuple[int, float]]) -> None:
    """Print a fit."""
    import polars as pl

    source = {"tergm": "the reference networks (btergm's alliances)", "atop": "ATOP's defence pledges of 1 January"}[
        data
    ]
    say(
        f"Defence pacts {fit.years[0]}-{fit.years[-1]} by {source}: {fit.n:,} pair-years, {fit.ties:,} ties, {len(fit.years)} years"
        + (f"; {fit.left_out:,} pair-years left out, a term unknown" if fit.left_out else "")
    )
    rows = [
        {
            "term": r["term"],
            "estimate": f"{r['estimate']:+.3f}",
            "95 % over years": f"[{r['low']:+.3f}, {r['high']:+.3f}]",
            "sign": r["sign"],
            "naive s.e.": f"{r['naive_se']:.4f}",
            "years / naive": f"{r['ratio']:.1f}",
        }
        for r in fit.table().to_dicts()
    ]
    show("Log-odds of a tie per unit, all other ties as they are (maximum pseudo-likelihood)", pl.DataFrame(rows))
    for name, (year, share) in dropped.items():
        say(f"{name} is dropped: known for {share:.0%} of the pairs of {year}, fewer than half.")
    failed = f"; {fit.failed} sets without a finite estimate left out" if fit.failed else ""
    blocks = f" in blocks of {fit.block}" if fit.block > 1 else ""
    say(
        f"Intervals: percentiles over {fit.draws:,} resampled sets of {len(fit.years)} years{blocks} (seed {fit.seed}){failed}. "
        "Ties of one year hang on each other, so that naive standard errors mean little; the last column sets the spread over "
        "years against them. Estimated; not a cause."
    )


def _show_goodness(good: Goodness) -> None:
    """Print goodness of fit."""
    import polars as pl

    table = good.table()
    rows = []
    for name, (inside, among) in good.inside().items():
        here = table.filter((pl.col("statistic") == name) & ~pl.col("inside")).with_columns(
            gap=(pl.col("observed") - pl.col("mean")).abs()
        )
        worst = here.sort("gap", descending=True).to_dicts()[:1]
        told = [f"{w['value']}: {w['observed']:,} observed, {w['low']:,.0f} to {w['high']:,.0f} drawn" for w in worst]
        rows.append(
            {
                "statistic": name,
                "values in the band": f"{inside} of {among}",
                "farthest off": told[0] if told else "none",
            }
        )
    show(
        f"Goodness of fit: {good.samples} networks a year, {good.level:.0%} bands, all years together",
        pl.DataFrame(rows),
    )
    years = [
        {
            "year": y.year,
            "ties": y.observed,
            "drawn": f"{y.mean:,.0f} [{y.low:,.0f}, {y.high:,.0f}]",
            "from empty": f"{y.from_empty:,.0f}",
            "verdict": y.verdict or "-",
        }
        for y in good.years
    ]
    show("Ties by year", pl.DataFrame(years), rows=25)
    gone = good.degenerate
    say(
        f"Degenerate in {len(gone)} of {len(good.years)} years: {', '.join(map(str, gone[:12]))}{' ...' if len(gone) > 12 else ''}."
        if gone
        else "Degenerate in no year: chains from the observed and from the empty network end alike, neither nearly empty nor nearly full."
    )
    say(
        "Maximum pseudo-likelihood does not make the expected statistics equal to the observed ones; where they are not, it shows above. Simulated."
    )


def _held_out(data_dir: Path | None, draws: int, seed: int, *, json: bool) -> None:
    """Run and print the scores on years not seen."""
    import polars as pl

    from foedus.studies import network_backtest as study

    with progress("fits", quiet=json) as tell:
        made = study.backtest_networks(data_dir=data_dir, seed=seed, progress=tell)
    found = study.score_networks(made, draws=draws, seed=seed)
    if json:
        emit(found.to_dict())
        return
    say(
        f"{int(made.y.sum()):,} ties in {len(made.y):,} pair-years not seen, {made.year.min()}-{made.year.max()}; "
        f"of pairs without a tie the year before {int(made.y[~made.before].sum()):,} formed one, "
        f"of {int(made.before.sum()):,} ties {int((1 - made.y[made.before]).sum()):,} ended"
    )
    for cases in study.CASES:
        rows = [
            {"score": s.score, "model, 90 %": f"{s.value:.4g} [{s.low:.4g}, {s.high:.4g}]"}
            | {
                f"less {k}": f"{v:+.2g} [{a:+.2g}, {b:+.2g}]{'' if won else ' does not beat'}"
                for k, (v, a, b, won) in s.against.items()
            }
            for s in found.of(cases)
        ]
        show(f"{study.CASES[cases]}: scores, and differences to each baseline [90 %]", pl.DataFrame(rows))
    say(
        "Brier and logarithm: lower is better. Each year is forecast from the network of the year before, with fits that end "
        "up to five years earlier."
    )
