"""Expected help: how much strength others would bring to either side if one state attacked another, with pledges and without.

The terms of the onset of disputes and wars that say who would come (`docs/decisions/0015-onset-with-expected-support.md`). The chances are those of
entering within `HORIZON` days by the centre of the fitted rates, the factor that a war's rates share at its mean, which overstates them where
they are high; of inputs that are intervals the means over draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.kernels import support as kernel
from foedus.kernels.cascade import CUTS, RATE_TERMS
from foedus.war.rates import DAYS, ERAS, shipped

if TYPE_CHECKING:
    from foedus.war.field import Ground
    from foedus.war.rates import Rates

HORIZON = 180.0
"""Days after the first shot within which help counts."""
TERMS = (
    "land",
    "near",
    "major_i",
    "major_j",
    "odds",
    "hostility",
    "affinity",
    "other_help",
    "deter",
    "backing",
    "embolden",
)
"""Terms of onset that a system gives, in order."""


@dataclass(frozen=True)
class Support:
    """Strength expected on the side of the attacker i and of the attacked j, each (n, n), rows attack columns; ``plain`` without any pledge."""

    attacker: NDArray[np.float64]
    attacked: NDArray[np.float64]
    plain_attacker: NDArray[np.float64]
    plain_attacked: NDArray[np.float64]


def mean_ground(said: Ground) -> Ground:
    """Return a ground whose uncertain inputs are the means over its draws, without the axis of draws."""
    from dataclasses import replace

    return replace(said, **{name: getattr(said, name).mean(axis=0) for name in ("power", "friend", "near", "reach")})


class Centre(NamedTuple):
    """Rates of entering at the centre of their fit.

    ``theta`` (15,) coefficients of `foedus.kernels.cascade.RATE_TERMS`, eras in the constant; ``bound``, ``bound_size``: what a binding pledge
    adds by itself, and per ln of its pact's other members; ``whole``: the base accumulated over `HORIZON`.
    """

    theta: NDArray[np.float64]
    bound: float
    bound_size: float
    whole: float


def centre(year: int, *, rates: Rates | None = None) -> Centre:
    """Return the centre of the rates for a war of a year.

    Parameters
    ----------
    year : int
        Sets the steps of the eras.
    rates : Rates, optional
        Replaces the rates that come with foedus.

    Examples
    --------
    >>> centre(1950).bound > centre(1914).bound
    True
    """
    fit = (rates or shipped()).entry
    coef = dict(zip(fit.terms, fit.coef.tolist(), strict=True))
    theta = np.array([coef[t] for t in RATE_TERMS])
    theta[0] += sum(coef[era] for era in ERAS if year >= int(era.removeprefix("since_")))
    bound = coef["bound"] + coef["bound_since_1946"] * (year >= 1946)
    return Centre(theta, bound, coef["bound_size"], float(accumulated(np.array([0.0, *(coef[d] for d in DAYS)]))))


def accumulated(base: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the base of the rates accumulated over `HORIZON`, shape (...), of log-rates by class of days, shape (..., K)."""
    ends = np.minimum([*CUTS[1:], np.inf], HORIZON)
    return np.exp(base) @ np.maximum(ends - np.array(CUTS), 0.0)


def expected_support(
    said: Ground, year: int, *, rates: Rates | None = None, pairs: NDArray[np.bool_] | None = None
) -> Support:  # fmt: skip
    """Return the expected help for every directed pair.

    Parameters
    ----------
    said : Ground
        Of means, as of `mean_ground`.
    year : int
        Sets the steps of the eras.
    rates : Rates, optional
        Replaces the rates that come with foedus.
    pairs : bool array, shape (n, n), optional
        Pairs that are computed, rows attack columns; the others have no help. All, if not given.

    Returns
    -------
    Support

    Examples
    --------
    >>> import foedus as fd
    >>> from foedus.war.field import ground
    >>> s = fd.load("europe-1914")
    >>> got = expected_support(mean_ground(ground(s, seed=1, outer=4)), 1914)
    >>> k = s.index
    >>> bool(got.attacked[k["GMY"], k["BEL"]] > got.plain_attacked[k["GMY"], k["BEL"]] > 0)
    True
    """
    at = centre(year, rates=rates)
    parts = [
        kernel.expected_support(
            at.theta, at.bound, at.bound_size, at.whole, said.power, said.friend, said.near, said.reach, said.major, said.partners, said.pledges, on,
            pairs,
        )
        for on in (True, False)
    ]  # fmt: skip
    return Support(parts[0][0], parts[0][1], parts[1][0], parts[1][1])


def onset_terms(said: Ground, help_: Support) -> NDArray[np.float64]:
    """Return the values of `TERMS` for every directed pair, shape (n, n, len(TERMS)), rows attack columns."""
    n = len(said.power)
    out = np.zeros((n, n, len(TERMS)))
    sent = said.power[:, None] * said.reach
    mine, theirs = np.maximum(sent, 1e-12), np.maximum(said.power, 1e-12)[None, :]
    value = {
        "land": said.near == 1, "near": said.near, "major_i": np.repeat(said.major[:, None], n, axis=1),
        "major_j": np.repeat(said.major[None, :], n, axis=0),
        "odds": np.clip(np.log(mine / theirs), -5.0, 5.0), "hostility": np.maximum(-said.friend, 0.0), "affinity": np.maximum(said.friend, 0.0),
        "other_help": np.log1p(help_.plain_attacked / theirs), "backing": np.log1p(help_.plain_attacker / mine),
        "deter": np.log1p(help_.attacked / theirs) - np.log1p(help_.plain_attacked / theirs),
        "embolden": np.log1p(help_.attacker / mine) - np.log1p(help_.plain_attacker / mine),
    }  # fmt: skip
    for k, name in enumerate(TERMS):
        out[:, :, k] = value[name]
    return out
