"""The rates at which wars spread, shrink and end: fitted coefficients, and draws of them for the engine.

Four fits of ``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``: entering a side, leaving it, the war's end, and whether an entrant was
attacked. Shipped in ``params/spread.toml`` with what they were fitted on. Fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus import params as parameters
from foedus.estimate import covariance
from foedus.kernels import streams
from foedus.kernels.cascade import CUTS, END_TERMS, FRONT_TERMS, LEAVE_TERMS, RATE_TERMS

DAYS = tuple(f"day_{int(c)}" for c in CUTS[1:])
"""Terms of the classes of days after the first: changes of the log-rate against the first week."""
QUANTILES = 1000
"""Values that the factor which all rates of one war share can take."""
BOUND = ("bound", "bound_since_1946", "bound_size")
"""Terms of a binding pledge: by itself, in pacts of the nuclear age, per ln of the pact's other members."""
ERAS = ("since_1914", "since_1946", "since_1990")
DISPUTES_ONLY = ("war", "bound_war")
"""Terms of the model of disputes that wars hold at 1."""
ENTRY = (*RATE_TERMS, *BOUND, *ERAS, *DAYS)
LEAVING = (*LEAVE_TERMS, *DAYS)
ENDING = (*END_TERMS, *DAYS)


@dataclass(frozen=True)
class Fitted:
    """Coefficients with their names and covariance; ``dispersion`` is the variance of a gamma factor of mean 1 that all rates of one war share."""

    terms: tuple[str, ...]
    coef: NDArray[np.float64]
    covariance: NDArray[np.float64]
    dispersion: float = 0.0

    def draw(self, what: str, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
        """Return each coefficient drawn from a normal with the covariance, shape (draws,); more draws begin with those of fewer."""
        from scipy.special import ndtri

        z = ndtri(streams.uniforms(seed, streams.keys_of([f"{what}:{t}" for t in self.terms]), draws))
        return dict(zip(self.terms, (self.coef + z @ covariance.square_root(self.covariance).T).T, strict=True))


class Drawn(NamedTuple):
    """Draws for the engine; see `foedus.kernels.cascade.Field`. ``bound`` (O, 2): a pledge by itself, and per ln of partners."""

    theta: NDArray[np.float64]
    bound: NDArray[np.float64]
    base: NDArray[np.float64]
    leave: NDArray[np.float64]
    leave_base: NDArray[np.float64]
    end: NDArray[np.float64]
    end_base: NDArray[np.float64]
    front: NDArray[np.float64]
    frailty: NDArray[np.float64]


@dataclass(frozen=True)
class Rates:
    """The four fits: entering (`ENTRY`), leaving (`LEAVING`), the war's end (`ENDING`), and being attacked (`FRONT_TERMS`)."""

    entry: Fitted
    leaving: Fitted
    ending: Fitted
    front: Fitted

    def draw(self, draws: int, seed: int, year: int) -> Drawn:
        """Return coefficients drawn for a war of a year.

        Parameters
        ----------
        draws, seed : int
        year : int
            Sets the steps of the eras.
        """
        entry = self.entry.draw("spread", draws, seed)
        theta = np.stack([entry[t] for t in RATE_TERMS], axis=1)
        for era in ERAS:
            theta[:, 0] += entry[era] * (year >= int(era.removeprefix("since_")))
        bound = np.stack([entry["bound"] + entry["bound_since_1946"] * (year >= 1946), entry["bound_size"]], axis=1)
        leaving, ending = self.leaving.draw("leaving", draws, seed), self.ending.draw("ending", draws, seed)
        front = self.front.draw("front", draws, seed)
        return Drawn(
            theta, bound, _base(entry), np.stack([leaving[t] for t in LEAVE_TERMS], axis=1), _base(leaving),
            np.stack([ending[t] for t in END_TERMS], axis=1), _base(ending), np.stack([front[t] for t in FRONT_TERMS], axis=1),
            np.tile(frailty(self.entry.dispersion), (draws, 1)),
        )  # fmt: skip


def _base(drawn: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the log-rates of the classes of days against the first, shape (draws, K)."""
    return np.stack([np.zeros_like(drawn[DAYS[0]]), *(drawn[d] for d in DAYS)], axis=1)


def frailty(dispersion: float) -> NDArray[np.float64]:
    """Return the quantiles of the factor that all rates of one war share, at the middles of `QUANTILES` equal parts, scaled to a mean of 1.

    Parameters
    ----------
    dispersion : float
        Variance of the gamma distribution; 0 for no such factor.
    """
    from scipy.special import gammaincinv

    if dispersion <= 0:
        return np.ones(QUANTILES)
    middles = (np.arange(QUANTILES) + 0.5) / QUANTILES
    found = gammaincinv(1.0 / dispersion, middles)
    return np.asarray(found / found.mean())


def shipped() -> Rates:
    """Return the fits that come with foedus.

    Examples
    --------
    >>> rates = shipped()
    >>> rates.entry.terms == ENTRY
    True
    """
    made = parameters.load("spread").extra
    fits = []
    for name in ("entry", "leaving", "ending", "front"):
        have = {key: made[f"{name}.fit.{key}"] for key in ("terms", "coef", "covariance", "dispersion")}
        fits.append(
            Fitted(
                tuple(have["terms"]), np.array(have["coef"]), np.array(have["covariance"]), float(have["dispersion"])
            )
        )
    return Rates(*fits)
