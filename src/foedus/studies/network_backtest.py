"""Forecasts of networks of defence pacts on years not seen, by the lagged network model and by honest baselines.

The rules are those of ``docs/decisions/0018-networks-of-pacts.md``. Time-forward only: a fit sees no network after its last year, and a year is
forecast from the network of the year before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.grouped_scores import SCORES, grouped_scores
from foedus.formation.network import pair_rows
from foedus.formation.network_terms import parse_terms
from foedus.formation.tergm import tergm
from foedus.formation.tergm_simulate import simulate
from foedus.studies.network_rows import FIRST, LAST, PACTS_LAGGED, pact_networks

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from foedus.data.store import DataDir
    from foedus.formation.network import Network, PairRows

TERMS = tuple(t for t in PACTS_LAGGED if t != "edgecov(religion)")
INDEPENDENT = tuple(t for t in TERMS if t != "gwesp(0)")
FIRST_FIT, HORIZON = 1870, 5
BURN, EVERY, SAMPLES = 50, 2, 25
BASELINES = ("base rate", "last year", "no dependence")
CASES = {
    "all": "All pairs",
    "formation": "Pairs without a tie the year before",
    "survival": "Pairs tied the year before",
}


@dataclass(frozen=True, eq=False)
class NetworkForecasts:
    """Pair-years forecast by fits that had not seen them.

    Attributes
    ----------
    y : int64 array, shape (n,)
    before : bool array, shape (n,)
        Tied a year before.
    year : int64 array, shape (n,)
    p : mapping of str to float64 array, shape (n,)
        Chances by the model and each baseline.
    """

    y: NDArray[np.int64]
    before: NDArray[np.bool_]
    year: NDArray[np.int64]
    p: dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class NetworkScore:
    """A score of the model with its 90 % interval, and its difference to each baseline: value, low, high, whether beaten."""

    cases: str
    score: str
    value: float
    low: float
    high: float
    against: dict[str, tuple[float, float, float, bool]]


@dataclass(frozen=True)
class NetworkScores:
    """Scores of all pairs, of those without and of those with a tie the year before; estimated on years not seen."""

    lines: tuple[NetworkScore, ...]
    n: int
    ties: int
    years: tuple[int, int]
    draws: int
    seed: int

    def of(self, cases: str) -> tuple[NetworkScore, ...]:
        """Return the scores of some cases."""
        return tuple(s for s in self.lines if s.cases == cases)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "standing": "estimated, on years not seen",
            "n": self.n,
            "ties": self.ties,
            "first_year": self.years[0],
            "last_year": self.years[1],
            "draws": self.draws,
            "seed": self.seed,
            "scores": [
                {
                    "cases": s.cases,
                    "score": s.score,
                    "value": s.value,
                    "low": s.low,
                    "high": s.high,
                    "against": {k: list(v) for k, v in s.against.items()},
                }
                for s in self.lines
            ],
        }


def backtest_networks(
    *,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
    first: int = FIRST,
    fit_first: int = FIRST_FIT,
    last: int = LAST,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> NetworkForecasts:
    """Return forecasts of every year after ``fit_first``; two minutes for all.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    first, fit_first, last : int
        First year that is fitted on, last year of the first fit, and last year that is forecast.
    seed : int
        Of the drawn networks.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    DataError
        Data sets that are not there, or a fit without a finite estimate.
    CoverageError
        Years outside those of the networks.
    """
    networks = pact_networks(first, last, data_dir=data_dir)
    return forecast_networks(networks, fit_first, seed=seed, progress=progress)


def forecast_networks(
    networks: Sequence[Network],
    fit_first: int,
    *,
    terms: Sequence[str] = TERMS,
    independent: Sequence[str] = INDEPENDENT,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> NetworkForecasts:
    """Return forecasts of the networks after ``fit_first``, refitted every five years; arguments as of `backtest_networks`.

    Parameters
    ----------
    networks : sequence of Network
        One for each year, in order.
    fit_first : int
    terms, independent : sequence of str
        Of the model, and of the same without terms that hang on other ties.
    seed, progress
        As of `backtest_networks`.
    """
    last, parts = networks[-1].year, []
    for t in range(fit_first, last, HORIZON):
        seen = [n for n in networks if n.year <= t]
        new = [n for n in networks if t < n.year <= t + HORIZON]
        model = tergm(seen, terms, draws=0)
        plain = tergm(seen, independent, draws=0)
        rate, cells = _cells(pair_rows(seen, parse_terms(["edges", "memory(autoregression)"]), origin=model.origin))
        for network in new:
            rows = pair_rows([network], parse_terms(terms), origin=model.origin)
            at = (rows.i, rows.j)
            chance = simulate(
                model, network, start="before", burn=BURN, every=EVERY, samples=SAMPLES, seed=seed
            ).chance[at]
            assert network.before is not None
            before = network.before[at]
            parts.append(
                (
                    rows.y,
                    before,
                    rows.year,
                    chance,
                    np.full(len(before), rate),
                    cells[before.astype(np.intp)],
                    plain.conditional(network)[at],
                )
            )
        if progress is not None:
            progress(min(1.0, (t + HORIZON - fit_first) / (last - fit_first)))
    y, before, year, *chances = (np.concatenate(column) for column in zip(*parts, strict=True))
    return NetworkForecasts(y, before, year, dict(zip(("model", *BASELINES), chances, strict=True)))


def _cells(rows: PairRows) -> tuple[float, NDArray[np.float64]]:
    """Return the share of pairs tied, and that of pairs without and with a tie the year before, each with one case more at the share of all."""
    rate = float(rows.y.mean())
    was = rows.x[:, 1] == 1
    return rate, np.array([(rows.y[was == k].sum() + rate) / ((was == k).sum() + 1) for k in (False, True)])


def score_networks(made: NetworkForecasts, *, draws: int = 500, seed: int = 1) -> NetworkScores:
    """Return every score with its interval, and the differences to each baseline, by resampling forecast years.

    Parameters
    ----------
    made : NetworkForecasts
    draws, seed : int
    """
    which = {"all": np.ones(len(made.y), dtype=np.bool_), "formation": ~made.before, "survival": made.before}
    lines = []
    for cases, here in which.items():
        table = {
            k: grouped_scores(made.y[here], p[here], made.year[here], draws=draws, seed=seed) for k, p in made.p.items()
        }
        for name, more in SCORES.items():
            own = table["model"][name]
            low, high = np.nanquantile(own[1:], [0.05, 0.95])
            against = {}
            for baseline in BASELINES:
                gap = own - table[baseline][name]
                least, most = np.nanquantile(gap[1:], [0.05, 0.95])
                against[baseline] = (float(gap[0]), float(least), float(most), bool(least > 0 if more else most < 0))
            lines.append(NetworkScore(cases, name, float(own[0]), float(low), float(high), against))
    return NetworkScores(
        tuple(lines), len(made.y), int(made.y.sum()), (int(made.year.min()), int(made.year.max())), draws, seed
    )
