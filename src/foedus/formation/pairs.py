"""Chances of pairs over simulated futures, with their intervals, and what means of futures are known within. Simulates nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.nested import Estimate, nested
from foedus.formation.stage import INNER

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Pairs:
    """In how many of the ``inner`` futures of a group something holds of each pair, as sums over ``groups`` groups of that number and of its square.

    ``total``, ``square`` (Y + 1, P).
    """

    total: NDArray[np.int64]
    square: NDArray[np.int64]
    groups: int
    inner: int

    def estimate(self, pair: int, level: float = 0.9) -> list[Estimate]:
        """Return the chance of one pair at the end of each year, with the interval of the expectation.

        The interval is that of a beta distribution with the mean and variance of the groups' chances, chance within groups taken off.
        Where it never held, the upper end is that of a chance that would have stayed unseen one time in ten.
        """
        from scipy.special import betaincinv

        n, at = self.groups * self.inner, (0.5 - level / 2, 0.5 + level / 2)
        out = []
        for s, q in zip(self.total[:, pair].tolist(), self.square[:, pair].tolist(), strict=True):
            mean = s / n
            noise = max(s / (self.groups * self.inner) - q / (self.groups * self.inner**2), 0.0) / max(
                self.inner - 1, 1
            )
            between = (q / self.groups - (s / self.groups) ** 2) / self.inner**2 * self.groups / max(self.groups - 1, 1)
            centre = (s + 0.5) / (n + 1)
            error = centre * (1 - centre) / (n + 2)
            spread = min(max(between - noise, 0.0) + error, 0.99 * centre * (1 - centre))
            size = centre * (1 - centre) / spread - 1
            low, high = (float(betaincinv(centre * size, (1 - centre) * size, a)) for a in at)
            out.append(Estimate(mean, min(low, mean), max(high, mean), error**0.5))
        return out


@dataclass(frozen=True)
class PairForecast:
    """The chance of a pair ``a``-``b`` to be allied at the end of each year, and to have met in a war or begun a dispute by then."""

    a: str
    b: str
    years: tuple[int, ...]
    allied: tuple[Estimate, ...]
    war: tuple[Estimate, ...]
    dispute: tuple[Estimate, ...]

    def table(self) -> pl.DataFrame:
        """Return one row per year: chances with the 90 % interval of each expectation."""
        import polars as pl

        rows = []
        for k, year in enumerate(self.years):
            row: dict[str, Any] = {"by_end_of": year}
            for name in ("allied", "war", "dispute"):
                one = getattr(self, name)[k]
                row |= {f"p_{name}": one.mean, f"p_{name}_low": one.low, f"p_{name}_high": one.high}
            rows.append(row)
        return pl.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {"a": self.a, "b": self.b, "years": self.table().to_dicts()}


def means(values: NDArray[np.float64], unit: float) -> list[Estimate]:
    """Return the mean of each column with the interval of its expectation, counted in units; unknown futures are left out."""
    known = np.isfinite(values)
    n = known.sum(axis=0)
    mean = np.divide(np.where(known, values, 0.0).sum(axis=0), n, out=np.full(values.shape[1], np.nan), where=n > 0)
    found = nested(np.where(known, values, np.nan_to_num(mean)) / unit, INNER)
    return [
        Estimate(float(m), unit * e.low, unit * e.high, unit * e.mc_error)
        if k
        else Estimate(float(m), np.nan, np.nan, np.nan)
        for m, e, k in zip(mean, found, n > 0, strict=True)
    ]


def ends(values: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Return where ``level`` of the futures lie, each column, unknown ones left out; shape (2, columns)."""
    out = np.full((2, values.shape[1]), np.nan)
    for k in range(values.shape[1]):
        known = values[np.isfinite(values[:, k]), k]
        if len(known):
            out[:, k] = np.quantile(known, [0.5 - level / 2, 0.5 + level / 2])
    return out
