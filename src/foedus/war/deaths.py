"""Battle deaths given who fights: a power law whose exponent is that of the war, cut at what its belligerents could lose.

The rules are those of ``docs/decisions/0024-deaths-given-who-fights.md``: ln(deaths / 1,000) is exponential, its mean a log-linear sum of how many
fight, how strong the weaker side is, how even the sides are, great powers on both, and the era; a war's length is not in it. On wars not seen it does
no better than one law for all (`foedus backtest size`), so that simulations draw from `foedus.war.size`. Says nothing of wars below a thousand battle
deaths, nor of the dead who are no soldiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import ParameterError, message, parameter
from foedus.kernels import streams

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TERMS = ("states", "weaker", "balance", "majors", "since_1946")
LEAST = 1_000.0
"""Battle deaths from which a war is one in the list."""


def death_terms(side: NDArray[np.integer], share: ArrayLike, major: ArrayLike, year: int) -> NDArray[np.float64]:
    """Return what the model asks of each war.

    Parameters
    ----------
    side : int array, shape (w, n)
        0 out, 1 and 2 the sides; both have somebody.
    share : array, shape (n,) or (w, n)
        Capability of each state, a share of all; NaN where not known.
    major : bool array, shape (n,)
    year : int or array of int, shape (w,)

    Returns
    -------
    array, shape (w, len(TERMS))
        A belligerent of unknown capability adds nothing; NaN in `weaker` and `balance` where that of a whole side is not known.

    Raises
    ------
    ParameterError
        A war without a side.

    Examples
    --------
    >>> x = death_terms(np.array([[1, 2, 0], [1, 1, 2]]), [0.1, 0.1, 0.05], [True, True, False], 1950)
    >>> x.round(3).tolist()
    [[0.0, -2.303, 0.0, 1.0, 1.0], [0.693, -2.996, -1.386, 0.0, 1.0]]
    """
    s = np.asarray(side)
    one, two = s == 1, s == 2
    if not (one.any(axis=1) & two.any(axis=1)).all():
        raise parameter("side", "a war with an empty side", "somebody on both sides of every war")
    p = np.nan_to_num(np.broadcast_to(np.asarray(share, dtype=np.float64), s.shape))
    great = np.asarray(major, dtype=np.bool_)
    sums = np.stack([np.where(k, p, 0.0).sum(axis=1) for k in (one, two)])
    sums[sums == 0] = np.nan
    low, high = np.log(sums.min(axis=0)), np.log(sums.max(axis=0))
    both = (one & great).any(axis=1) & (two & great).any(axis=1)
    late = np.broadcast_to(np.asarray(year) >= 1946, both.shape)
    return np.stack([np.log((s > 0).sum(axis=1) - 1), low, low - high, both, late], axis=1).astype(np.float64)


@dataclass(frozen=True)
class Deaths:
    """The model.

    Attributes
    ----------
    centre, scale : float64 arrays, shape (len(TERMS),)
        By which terms are centred and scaled.
    coef : float64 array, shape (1 + len(TERMS),)
        Constant and terms, of ln of the mean of ln(deaths / 1,000).
    covariance : float64 array
    cap : (float, float)
        Share of the belligerents' population that the dead cannot exceed, from and to.
    wars : int
        Fitted on.
    """

    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    coef: NDArray[np.float64]
    covariance: NDArray[np.float64]
    cap: tuple[float, float]
    wars: int

    def columns(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the columns of the model, a term that is not known at its centre, shape (w, 1 + len(TERMS))."""
        x = np.nan_to_num((values - self.centre) / self.scale, nan=0.0)
        return np.column_stack([np.ones(len(x)), x])

    def exponent(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the exponent of the density of each war's power law at the centre of the coefficients, shape (w,)."""
        return 1 + np.exp(-(self.columns(values) @ self.coef))

    def drawn(self, groups: int, seed: int) -> NDArray[np.float64]:
        """Return coefficients drawn from their doubt, shape (groups, 1 + len(TERMS))."""
        from scipy.special import ndtri

        from foedus.estimate.covariance import square_root

        z = ndtri(streams.uniforms(seed, streams.keys_of([f"deaths:{t}" for t in ("constant", *TERMS)]), groups))
        return self.coef + z @ square_root(self.covariance).T

    def draw(
        self, values: NDArray[np.float64], population: ArrayLike, *, seed: int, inner: int = 1
    ) -> NDArray[np.float64]:
        """Return the battle deaths of wars; simulated.

        Parameters
        ----------
        values : array, shape (w, len(TERMS))
            As of `death_terms`; the terms of one draw each.
        population : array, shape (w,), persons
            Of the belligerents of each draw.
        seed : int
        inner : int
            Consecutive draws that share coefficients and cap, as they share other uncertain parameters.

        Returns
        -------
        array, shape (w,)
            At least 1,000, even where the cap is lower.

        Raises
        ------
        ParameterError
            No draw, a population that is not above 0, or ``inner`` below 1.

        Notes
        -----
        The inverse of P(D > d) = (d / 1,000)^(-1/m), u uniform up to the chance of staying below the cap: what lies beyond is drawn anew.

        Examples
        --------
        >>> model = Deaths(np.zeros(5), np.ones(5), np.array([0.8, 0, 0.3, 0, 0, 0]), np.zeros((6, 6)), (0.03, 0.1), 92)
        >>> weak, strong = np.tile([[0.0, -7.0, -0.5, 0.0, 1.0]], (999, 1)), np.tile([[2.0, -2.0, -0.2, 1.0, 0.0]], (999, 1))
        >>> [float(np.median(model.draw(x, np.full(999, 3e8), seed=1)).round(-2)) for x in (weak, strong)]
        [1200.0, 2400.0]
        """
        people = np.asarray(population, dtype=np.float64)
        if people.ndim != 1 or not len(people) or not (people > 0).all():
            raise parameter("population", population, "persons, above 0, one number for each draw")
        if inner < 1:
            raise parameter("inner", inner, "at least 1")
        draws = np.arange(len(people), dtype=np.int64)
        coef = self.drawn(int(draws[-1] // inner) + 1, seed)[draws // inner]
        shared = streams.uniforms_reference(seed, streams.keys_of(["deaths:cap"]), draws // inner)[:, 0]
        u = streams.uniforms_reference(seed, streams.keys_of(["deaths:size"]), draws)[:, 0]
        mean = np.exp((self.columns(values) * coef).sum(axis=1))
        cap = np.maximum(people * (self.cap[0] + (self.cap[1] - self.cap[0]) * shared), LEAST)
        below = -np.expm1(-np.log(cap / LEAST) / mean)
        return LEAST * np.exp(-mean * np.log1p(-u * below))


def fit_deaths(values: ArrayLike, deaths: ArrayLike, cap: tuple[float, float], *, terms: bool = True) -> Deaths:
    """Return the model at the maximum of likelihood times prior.

    Parameters
    ----------
    values : array, shape (w, len(TERMS))
        As of `death_terms`, all known.
    deaths : array, shape (w,)
        At least 1,000.
    cap : (float, float)
        Share of the population, as of `foedus.war.size`.
    terms : bool
        False leaves the constant alone: one power law for all wars.

    Raises
    ------
    ParameterError
        Fewer than two wars, values that are not known, or wars below a thousand deaths.

    Notes
    -----
    The log-likelihood of e = ln(deaths / 1,000) is -x'b - e exp(-x'b), concave in b; Newton's steps.
    """
    x, dead = np.asarray(values, dtype=np.float64), np.asarray(deaths, dtype=np.float64)
    if len(dead) < 2 or x.shape != (len(dead), len(TERMS)) or not np.isfinite(x).all() or not (dead >= LEAST).all():
        got = f"{len(dead)} wars, values of shape {x.shape}"
        expected = "at least two, every term known, 1,000 dead or more"
        raise ParameterError(message("Wars to fit deaths on", got=got, expected=expected))
    spread = x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    centre = x.mean(axis=0)
    columns = np.column_stack([np.ones(len(x)), (x - centre) / scale])
    if not terms:
        columns[:, 1:] = 0.0
    e = np.log(dead / LEAST)
    start = np.log(max(e.mean(), 0.1))
    prior = np.array([1.0, *[1 / 0.5**2] * len(TERMS)])
    b = np.array([start, *[0.0] * len(TERMS)])
    middle = b.copy()
    for _ in range(100):
        lost = e * np.exp(-columns @ b)
        gradient = columns.T @ (lost - 1) - prior * (b - middle)
        information = columns.T @ (columns * lost[:, None]) + np.diag(prior)
        move = np.linalg.solve(information, gradient)
        b = np.asarray(b + move / max(1.0, float(np.abs(move).max())), dtype=np.float64)
        if float(np.abs(gradient).max()) < 1e-9:
            break
    covariance = np.linalg.inv(columns.T @ (columns * (e * np.exp(-columns @ b))[:, None]) + np.diag(prior))
    if not terms:
        covariance[1:] = covariance[:, 1:] = 0.0
    return Deaths(centre, scale, b, np.asarray(covariance, dtype=np.float64), cap, len(dead))
