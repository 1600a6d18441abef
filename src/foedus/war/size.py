"""How deadly a war becomes, given who fights: a power-law tail, what was observed below it, and no more dead than its belligerents could lose.

The tail has an exponent below 2, so that its mean is infinite: draws are cut at a share of the belligerents' population. Each draw (or group of
draws) takes one of many fits to resampled wars, so that the doubt about exponent, threshold and share of the tail is carried together. Sizes
depend on nothing else: who fights, with what and for how long enters only through the population.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import params
from foedus.errors import ParameterError, message, parameter
from foedus.estimate import powerlaw
from foedus.kernels import streams

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

QUANTILES = np.linspace(0, 1, 21)
"""Where the distribution of all sizes is kept, from the least to the greatest."""
WORLD_WAR_II = 16_634_907.0
"""Battle deaths of the Second World War in Inter-State Wars 4.0 [Sarkees2010]_."""


@dataclass(frozen=True)
class WarSizes:
    """The distribution of battle deaths of inter-state wars, as many fits to resampled wars.

    Attributes
    ----------
    alpha, x_min, tail : float64 arrays, shape (n_fits,)
        Exponent, threshold (deaths) and share of wars at or above it, of each fit.
    quantiles : float64 array, shape (21,)
        Deaths at the quantiles 0, .05, ..., 1 of all observed wars; between them the logarithm is interpolated.
    cap : (float, float)
        Share of the belligerents' population that the dead cannot exceed, from and to.
    per_year : float
        Wars that begin in a year.
    """

    alpha: NDArray[np.float64]
    x_min: NDArray[np.float64]
    tail: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    cap: tuple[float, float]
    per_year: float

    def __post_init__(self) -> None:
        sound = (
            len(self.alpha) == len(self.x_min) == len(self.tail) > 0
            and (self.alpha > 1).all() and (self.x_min > 0).all() and ((self.tail > 0) & (self.tail <= 1)).all()
            and self.quantiles.shape == QUANTILES.shape and (np.diff(self.quantiles) >= 0).all() and self.quantiles[0] > 0
            and 0 < self.cap[0] <= self.cap[1] <= 1 and self.per_year > 0
        )  # fmt: skip
        if not sound:
            raise ParameterError(
                message("Parameters of war sizes", got="values that are no distribution",
                        expected="alpha > 1, x_min > 0, tail and cap in (0, 1], rising quantiles", hint="start from a copy of the shipped file")
            )  # fmt: skip

    def draw(self, population: ArrayLike, *, seed: int, first: int = 0, inner: int = 1) -> NDArray[np.float64]:
        """Return the battle deaths of wars, one for each population.

        Parameters
        ----------
        population : array, shape (n_draws,), persons
            Of the belligerents of each draw, all together.
        seed : int
        first : int
            Number of the first draw: the same draw of the same belligerents has the same dead, however draws are batched.
        inner : int
            Consecutive draws that share a fit and a cap, as they share other uncertain parameters.

        Returns
        -------
        array, shape (n_draws,)
            Never fewer than the least war of the list (1,000 dead make a war there), even where the cap is lower.

        Raises
        ------
        ParameterError
            A population that is not above 0, or ``inner`` below 1.

        Notes
        -----
        With share s of the tail: the inverse x_min * ((1 - u) / s) ** (-1 / (alpha - 1)) for u >= 1 - s, otherwise the observed distribution below
        x_min; u uniform up to the chance of staying below the cap, so that what lies beyond it is drawn anew, not piled up there.

        Examples
        --------
        >>> sizes = shipped()
        >>> dead = sizes.draw(np.full(20_000, 120e6), seed=1)
        >>> bool(dead.max() < 0.1 * 120e6), bool(np.median(dead) < 20_000)
        (True, True)
        """
        people = np.asarray(population, dtype=np.float64)
        if people.ndim != 1 or not (people > 0).all():
            raise parameter("population", population, "persons, above 0, one number for each draw")
        if inner < 1:
            raise parameter("inner", inner, "at least 1")
        draws = np.arange(first, first + len(people), dtype=np.int64)
        shared = streams.uniforms_reference(seed, streams.keys_of(["war-size:fit", "war-size:cap"]), draws // inner)
        u = streams.uniforms_reference(seed, streams.keys_of(["war-size:deaths"]), draws)[:, 0]
        fit = (shared[:, 0] * len(self.alpha)).astype(np.intp)
        cap = people * (self.cap[0] + (self.cap[1] - self.cap[0]) * shared[:, 1])
        return self._inverse(u * self._below(np.maximum(cap, self.quantiles[0]), fit), fit)

    def exceed(self, size: float) -> NDArray[np.float64]:
        """Return the chance that a war kills ``size`` or more, without a cap, for each fit, shape (n_fits,)."""
        return 1 - self._below(np.full(len(self.alpha), size), np.arange(len(self.alpha)))

    def within(self, years: float, size: float = WORLD_WAR_II) -> tuple[float, float]:
        """Return the chance of at least one war of ``size`` or more in ``years``, and their expected number.

        Means over fits, wars beginning at random at their mean rate and without a cap.
        """
        expected = self.exceed(size) * self.per_year * years
        return float(-np.expm1(-expected).mean()), float(expected.mean())

    def to_toml(self, note: str) -> str:
        """Return the text of a parameter file with these values; ``note`` says what they were fitted on."""
        import tomlkit

        document = tomlkit.document()
        document.add(
            tomlkit.comment(
                "How deadly inter-state wars are. Written by foedus.war.size, read by it; only derived numbers: quantiles to three digits, and fits."
            )
        )
        document["meta"] = {"model": "size", "status": "fitted", "note": note}
        cap = "lower end: the largest share among the wars fitted on (docs/concepts/war-sizes.md); upper end assumed"
        document["cap"] = {"share": {"value": list(self.cap), "status": "assumed", "note": cap}}
        document["onset"] = {
            "per_year": {"value": self.per_year, "note": "wars less one, over years between first and last onset"}
        }
        document["quantiles"] = {"deaths": _listed([float(f"{q:.3g}") for q in self.quantiles], 0)}
        document["fits"] = {
            "alpha": _listed(self.alpha, 4),
            "x_min": _listed(self.x_min, 0),
            "tail": _listed(self.tail, 4),
        }
        return tomlkit.dumps(document)

    def _below(self, x: NDArray[np.float64], fit: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the chance of fewer than ``x`` dead with each fit, shape of ``x``."""
        x_min, tail = self.x_min[fit], self.tail[fit]
        ratio = np.maximum(x / x_min, 1.0)
        body = (1 - tail) * self._share(np.minimum(x, x_min)) / np.maximum(self._share(x_min), 1e-12)
        return np.where(x >= x_min, 1 - tail * ratio ** (1 - self.alpha[fit]), body)

    def _inverse(self, u: NDArray[np.float64], fit: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the deaths at the chances ``u`` with each fit."""
        x_min, tail = self.x_min[fit], self.tail[fit]
        above = x_min * np.maximum((1 - u) / tail, 1e-300) ** (-1 / (self.alpha[fit] - 1))
        inside = self._share(x_min) * np.minimum(u / np.maximum(1 - tail, 1e-12), 1.0)
        body = np.exp(np.interp(inside, QUANTILES, np.log(self.quantiles)))
        return np.where(u >= 1 - tail, above, np.minimum(body, x_min))

    def _share(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of observed wars of fewer than ``x`` dead, interpolated; where quantiles are equal, that of the highest."""
        last = np.append(np.diff(self.quantiles) > 0, True)
        return np.interp(np.log(x), np.log(self.quantiles[last]), QUANTILES[last], left=0.0)


def fit_sizes(
    deaths: ArrayLike, years: ArrayLike, *, cap: tuple[float, float], draws: int = 200, seed: int = 1
) -> WarSizes:
    """Return the distribution fitted to wars [Clauset2018]_.

    Parameters
    ----------
    deaths : array, shape (n,)
        Battle deaths of each war.
    years : array, shape (n,)
        In which each began.
    cap : (float, float)
        Share of the belligerents' population that the dead cannot exceed.
    draws, seed : int
        Resampled sets of wars that are fitted.

    Raises
    ------
    DataError
        Fewer than two different sizes.
    ParameterError
        Years that do not fit, or a cap outside (0, 1].
    """
    size, begun = np.asarray(deaths, dtype=np.float64), np.asarray(years, dtype=np.float64)
    if size.shape != begun.shape or np.ptp(begun) == 0:
        raise parameter("years", f"shape {begun.shape}", f"a year for each of {size.size} wars, not all the same")
    fits = powerlaw.resampled_fits(size, draws=draws, seed=seed)
    alpha, x_min, tail = (np.array([getattr(f, name) for f in fits]) for name in ("alpha", "x_min", "n_tail"))
    per_year = (len(size) - 1) / float(np.ptp(begun))
    return WarSizes(alpha, x_min, tail / len(size), np.quantile(size, QUANTILES), cap, per_year)


def shipped() -> WarSizes:
    """Return the distribution of the shipped parameters, fitted to inter-state wars 1823-2003.

    Examples
    --------
    >>> chance, expected = shipped().within(100)
    >>> 0.3 < chance < expected < 1
    True
    """
    return of(params.load("size"))


def of(given: params.Params) -> WarSizes:
    """Return the distribution of a file of parameters, shipped or a user's own.

    Raises
    ------
    ParameterError
        A parameter is lacking or outside its range.
    """
    arrays = [_numbers(given, name) for name in ("fits.alpha", "fits.x_min", "fits.tail", "quantiles.deaths")]
    cap = given["cap.share"]
    return WarSizes(arrays[0], arrays[1], arrays[2], arrays[3], (cap.low, cap.high), given["onset.per_year"].centre)


def _numbers(given: params.Params, name: str) -> NDArray[np.float64]:
    """Return a list of numbers of a file of parameters."""
    raw: Any = given.extra.get(name)
    if not isinstance(raw, list) or not all(isinstance(v, int | float) and np.isfinite(v) for v in raw):
        raise ParameterError(message(f"'{name}' in {given.origin}", got=repr(raw)[:60], expected="a list of numbers"))
    return np.array(raw, dtype=np.float64)


def _listed(values: ArrayLike, digits: int) -> Any:
    """Return numbers as a TOML array of several lines."""
    import tomlkit

    plain = [round(float(v), digits) for v in np.asarray(values)]
    rows = [", ".join(map(repr, plain[k : k + 12])) for k in range(0, len(plain), 12)]
    return tomlkit.parse("a = [\n  " + ",\n  ".join(rows) + ",\n]\n")["a"]
