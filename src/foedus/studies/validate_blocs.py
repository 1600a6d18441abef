"""Rows of `foedus.studies.validate` on blocs and balance: the landscape of 2016, signed networks, six great powers before 1914."""

from __future__ import annotations

from itertools import combinations
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.balance import balance
from foedus.blocs.balance_over_time import balance_over_time
from foedus.blocs.exact import partition
from foedus.blocs.graph import signed_graph
from foedus.blocs.landscape import landscape
from foedus.scenario.read import load_scenario
from foedus.studies.peace_facts_ties import trend
from foedus.studies.six_powers import six_powers
from foedus.studies.validate_measures import Measures
from foedus.studies.validate_rule import Found

if TYPE_CHECKING:
    from foedus.blocs.balance import BalanceReport
    from foedus.blocs.landscape import Landscape
    from foedus.studies.six_powers import SixPowers
    from foedus.studies.verdict_run import Bench

MEASURES = Measures()
LONG = {"Tur": "Turkey", "ISIS": "ISIS", "Nursa": "Nusra"}
"""Names of the file in full; it misspells the Nusra Front."""
SYRIA_WEAK = 10.0
LAGS = 3
"""Neighbouring windows that share years: each spans four."""
HAND = {
    "K3": [(a, b, -1) for a, b in combinations("abc", 2)], "K4": [(a, b, -1) for a, b in combinations("abcd", 2)],
    "K5": [(a, b, -1) for a, b in combinations("abcde", 2)],
    "C5": [("a", "b", -1), ("b", "c", 1), ("c", "d", 1), ("d", "e", 1), ("e", "a", 1)],
}  # fmt: skip


def _isis(bench: Bench, syria: float | None = None) -> Landscape:
    """Return the landscape of the files, with another size of Syria if one is given."""

    def made() -> Landscape:
        actors = bench.store.table("landscape_actors").sort("actor")
        pairs = bench.store.table("landscape_propensities")
        names = dict(pairs.select("actor1", "name1").unique().iter_rows())
        p = np.zeros((actors.height, actors.height))
        one, two = (pairs[c].to_numpy() - 1 for c in ("actor1", "actor2"))
        p[one, two] = pairs["propensity"].to_numpy()
        size = actors["strength"].to_numpy().copy()
        if syria is not None:
            size[actors["name"].to_list().index("Syria")] = syria
        return landscape(size, p, ids=[LONG.get(str(names[k]), str(names[k])) for k in actors["actor"].to_list()])

    return bench.once(("isis", syria), made)


def _apart(land: Landscape) -> str:
    """Return who stands against the first actor at the minimum."""
    return ", ".join(sorted(land.line_up(land.minima[0])[1]))


@MEASURES.row("1.least")
def _least(bench: Bench) -> Found:
    energy = _isis(bench).energy
    return Found.of(energy.min(), energy.max())


@MEASURES.row("1.minima")
def _minima(bench: Bench) -> Found:
    land = _isis(bench)
    return Found.of(len(land.minima), land.basins[0])


@MEASURES.row("1.apart")
def _apart_row(bench: Bench) -> Found:
    return Found.of(_apart(_isis(bench)))


@MEASURES.row("1.shares")
def _shares(bench: Bench) -> Found:
    land = _isis(bench)
    shares = dict(zip(land.ids, land.weighted_frustration(land.minima[0])[0].tolist(), strict=True))
    return Found.of(shares["US"], shares["ISIS"], shares["Syr"])


@MEASURES.row("1.weak")
def _weak(bench: Bench) -> Found:
    land = _isis(bench, SYRIA_WEAK)
    return Found.of(land.energy.min(), _apart(land))


def _tribes(bench: Bench) -> BalanceReport:
    """Return the balance of the highland tribes."""
    return bench.once("tribes", lambda: balance(bench.store.table("tribes")))


@MEASURES.row("6.tribes")
def _tribes_row(bench: Bench) -> Found:
    graph = _tribes(bench).graph
    return Found.of(graph.n, graph.m, graph.negative)


@MEASURES.row("6.triads")
def _triads(bench: Bench) -> Found:
    triads = _tribes(bench).triads
    return Found.of(triads.total, *triads.by_type.values())


@MEASURES.row("6.indices")
def _indices(bench: Bench) -> Found:
    report = _tribes(bench)
    return Found.of(report.triads.share, report.frustration.value, report.frustration.normalised, note=_proof(report))


def _proof(report: BalanceReport) -> str:
    """Return whether the value is proved, where it is not."""
    return "" if report.frustration.proved else f"not proved, at least {report.frustration.bound:g}"


def _windows(bench: Bench) -> dict[str, BalanceReport]:
    """Return the balance of each window of the Correlates of War, by its two-digit years."""

    def made() -> dict[str, BalanceReport]:
        import polars as pl

        name = (pl.col("start") % 100).cast(pl.String) + "-" + (pl.col("end") % 100).cast(pl.String)
        table = bench.store.table("cow_signed").with_columns(name.alias("period")).sort("start", maintain_order=True)
        return dict(balance_over_time(table.select("period", "a", "b", "sign"), time="period").reports)

    return bench.once("windows", made)


@MEASURES.row("6.windows")
def _proved(bench: Bench) -> Found:
    reports = _windows(bench).values()
    return Found.of(sum(r.frustration.proved for r in reports), len(reports))


@MEASURES.row("6.1946")
def _first_window(bench: Bench) -> Found:
    return _window(bench, "46-49")


@MEASURES.row("6.1976")
def _middle_window(bench: Bench) -> Found:
    report = _windows(bench)["76-79"]
    return Found.of(report.frustration.value, note=_proof(report))


@MEASURES.row("6.1996")
def _last_window(bench: Bench) -> Found:
    return _window(bench, "96-99")


def _window(bench: Bench, name: str) -> Found:
    """Return states, ties, hostile ties and L of one window."""
    report = _windows(bench)[name]
    graph = report.graph
    return Found.of(graph.n, graph.m, graph.negative, report.frustration.value, note=_proof(report))


def _balance_series(bench: Bench) -> np.ndarray:
    """Return F of each window in order."""
    return np.array([r.frustration.normalised for r in _windows(bench).values()], dtype=np.float64)


@MEASURES.row("6.falls")
def _falls(bench: Bench) -> Found:
    steps = np.diff(_balance_series(bench))
    return Found.of(int((steps < 0).sum()), note=f"it rises in {int((steps > 0).sum())} of {len(steps)} steps")


@MEASURES.row("6.trend")
def _trend(bench: Bench) -> Found:
    series = _balance_series(bench)
    slope, low, high = trend(10.0 * series, np.arange(len(series)), lags=LAGS)
    triads = np.array([r.triads.share for r in _windows(bench).values()], dtype=np.float64)
    other = "{:.4f} [{:.4f}, {:.4f}]".format(*trend(10.0 * triads, np.arange(len(series)), lags=LAGS))
    note = f"F runs from {series[0]:.3f} through {series.min():.3f} to {series[-1]:.3f}; trend of the share of balanced triads {other}"
    return Found.span(slope, low, high, note)


@MEASURES.row("6.fast")
def _fast(bench: Bench) -> Found:
    graph = signed_graph(bench.store.table("bitcoin_otc"), missing="drop")
    begun = perf_counter()
    found = partition(graph.n, graph.i, graph.j, graph.w, seconds=120.0)
    seconds = perf_counter() - begun
    proved = "proved" if found.proved else f"not proved, at least {found.bound:g}"
    return Found.of(seconds, note=f"bitcoin_otc, {graph.m:,} ties: {found.value:g} against two blocs, {proved}")


@MEASURES.row("s2.hand")
def _by_hand(bench: Bench) -> Found:
    del bench
    return Found.of(*(balance(edges).frustration.value for edges in HAND.values()))


@MEASURES.row("s2.share")
def _by_hand_share(bench: Bench) -> Found:
    del bench
    return Found.of(*(balance(edges).frustration.normalised for edges in HAND.values()))


def _six(bench: Bench) -> SixPowers:
    """Return the six powers of the bundled scenario."""
    return bench.once("six", lambda: six_powers(load_scenario("europe-1872-1914"), draws=200, seed=bench.seed))


LAST = "British-Russian agreement"


@MEASURES.row("7.drawn")
def _drawn(bench: Bench) -> Found:
    at = _six(bench).at(LAST, "published")
    return Found.of(at.frustration, at.balanced_triads)


@MEASURES.row("7.facts")
def _facts(bench: Bench) -> Found:
    found = _six(bench)
    at = found.at(LAST, "stated")
    assert at.frustration_drawn is not None
    differ = len(found.differences(LAST, "stated"))
    balanced = 100 * (at.p_balanced or 0)
    signs = f"{differ} of 15 signs differ from the drawing"
    note = f"by pacts and written ties; balanced in {balanced:.1f} % of {found.draws} draws; {signs}; 90 % interval"
    drawn = at.frustration_drawn
    return Found.span(at.frustration, drawn.low, drawn.high, note, level=0.9)
