"""Intervals of a simulated share whose inputs are themselves uncertain.

Draws come in groups: within a group the inputs are fixed and only chance varies, between groups the inputs vary too. The spread of the group
means is then part input uncertainty and part noise of finite groups; the noise is estimated within groups and taken off by shrinking the means
towards their average (the method of moments of one-way random effects [Searle1992]_). Says nothing about a model being wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.estimate.wilson import Z90, wilson

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over draws, its interval over uncertain inputs (plus what noise is left), and the standard error of simulation alone.

    ``kind`` says what the draws are: ``"simulated"`` outcomes of chance, or ``"estimated"``, a quantity computed anew for each draw of uncertain
    inputs. ``draws``, ``seed`` and ``level`` (of the interval) are None where whoever made it did not say; the result that holds it has the seed.
    None of the four is compared.

    Examples
    --------
    >>> e = Estimate(0.421, 0.312, 0.553, 0.01, draws=2000, seed=1, level=0.9)
    >>> print(e)
    0.42 [0.31, 0.55] (90 %), simulated: 2,000 draws, seed 1
    >>> f"{e}"
    '0.42 [0.31, 0.55]'
    """

    mean: float
    low: float
    high: float
    mc_error: float
    kind: Literal["estimated", "simulated"] = field(default="simulated", compare=False)
    draws: int | None = field(default=None, compare=False)
    seed: int | None = field(default=None, compare=False)
    level: float | None = field(default=None, compare=False)

    def to_dict(self) -> dict[str, float]:
        """Return a plain form."""
        return {"mean": self.mean, "low": self.low, "high": self.high, "mc_error": self.mc_error}

    def __format__(self, spec: str) -> str:
        """Return the value and its interval, each in the form asked for: two decimals, more where they would round a value to nothing."""
        form = spec or f".{_decimals(self)}f"
        return f"{self.mean:{form}} [{self.low:{form}}, {self.high:{form}}]"

    def __str__(self) -> str:
        level = "" if self.level is None else f" ({100 * self.level:g} %)"
        made = "" if self.draws is None else f": {self.draws:,} draw{'' if self.draws == 1 else 's'}"
        seed = "" if self.seed is None else f"{',' if made else ':'} seed {self.seed}"
        return f"{self:}{level}, {self.kind}{made}{seed}"

    def __repr__(self) -> str:
        return f"<Estimate {self!s}>"


def _decimals(e: Estimate) -> int:
    """Return how many decimals show a value in two significant digits, or what its interval leaves of them; two at least."""
    size = max(abs(e.mean), (e.high - e.low) / 20) if e.mean else max(abs(e.low), abs(e.high))
    return 2 if not 0 < size < 0.005 else min(12, 1 - math.floor(math.log10(size)))


def nested(
    values: NDArray[Any], inner: int, *, level: float = 0.9, shares: bool = True, seed: int | None = None
) -> list[Estimate]:
    """Return the mean and interval of each column.

    Parameters
    ----------
    values : array, shape (n_draws, n_columns)
        Outcomes of draws, consecutive runs of ``inner`` sharing their inputs.
    inner : int
        Draws in a group.
    level : float
        Coverage of the interval.
    shares : bool
        Whether values from 0 to 1 are shares, whose interval stays there; False for differences, which only happen to be so.
    seed : int, optional
        Of the draws, to be said with the estimates.

    Returns
    -------
    list of Estimate, length n_columns
        The interval is never narrower than that of simulation noise: for shares the score interval of [Wilson1927]_, so that what never came
        in n draws may have a chance of 2.7 / n, else mean and normal quantile, the variance not below 1 / (n + 4).
    """
    values = np.atleast_2d(values.astype(np.float64).T).T
    n = len(values)
    groups = n // inner
    mean = values.mean(axis=0)
    error = np.sqrt(np.maximum(values.var(axis=0), 1.0 / (n + 4)) / n)
    z = Z90 if level == 0.9 else _normal_quantile(0.5 + level / 2)
    if groups >= 4 and inner >= 2:
        grouped = values[: groups * inner].reshape(groups, inner, -1)
        means = grouped.mean(axis=1)
        within = grouped.var(axis=1, ddof=1).mean(axis=0) / inner
        spread = means.var(axis=0, ddof=1)
        keep = np.sqrt(np.clip(1 - within / np.where(spread > 0, spread, np.inf), 0.0, 1.0))
        shrunk = mean + keep * (means - mean)
        low, high = np.quantile(shrunk, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    else:
        low = high = mean
    span = (values.min(initial=0.0), values.max(initial=0.0)) if values.size else (0.0, 0.0)
    shares = shares and span[0] >= 0 and span[1] <= 1
    least, most = noise(mean, error, n, z) if shares else (mean - z * error, mean + z * error)
    return [
        Estimate(float(m), float(a), float(b), float(e), "simulated", n, seed, level)
        for m, a, b, e in zip(mean, np.minimum(low, least), np.maximum(high, most), error, strict=True)
    ]  # fmt: skip


def noise(
    mean: NDArray[np.float64], error: NDArray[np.float64], n: int, z: float = Z90
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Wilson's score interval of means of values from 0 to 1 by their standard errors: that of as many draws of yes and no as would have them.

    Parameters
    ----------
    mean, error : float64 arrays, shape (n_columns,)
    n : int
        Draws; what came in none of them, or in all, has the error of ``1 / (n + 4)``, see `nested`.
    z : float
        Normal quantile; 90 % by default.
    """
    mean = np.clip(mean, 0.0, 1.0)
    as_many = np.maximum(mean * (1 - mean), 1 / (n + 4)) / error**2
    return wilson(mean * as_many, as_many, z)


def drawn(values: NDArray[np.float64], *, level: float = 0.9, seed: int | None = None) -> Estimate:
    """Return the mean and interval of draws that carry input uncertainty only (no chance left in each)."""
    low, high = np.quantile(values, [0.5 - level / 2, 0.5 + level / 2])
    return Estimate(
        float(values.mean()),
        float(low),
        float(high),
        float(values.std() / np.sqrt(len(values))),
        "estimated",
        len(values),
        seed,
        level,
    )


def _normal_quantile(p: float) -> float:
    """Return the standard normal quantile."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)
