"""`pulls`: which terms of the fitted rate of joining keep a helper's chance to come down, beside the case most favourable to each.

The rate a day at which an outsider enters on the side of the attacked one is a product of terms (`foedus.kernels.helpers.entry_rates`); a term at
its best value against its true one gives the factor that it costs. A term of the model is no cause, and the factors of terms that go together lean
on one another. What pledges say is left out: `foedus.obligations` tells clause by clause whether they bind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.nested import Estimate, drawn
from foedus.kernels.cascade import RATE_TERMS
from foedus.security.spared import mean_over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.security.hazard import Threats

BEST = {
    "attraction": 1.0,
    "hostility": 1.0,
    "pull_back": 0.0,
    "proximity": 1.0,
    "near_own": 1.0,
    "major": 1.0,
    "weight": 3.0,
}
"""The value of each term most favourable to it. Not told: ``odds``, which hardly moves the rate, and ``repelled``, of a sign against sense."""


@dataclass(frozen=True, slots=True)
class Pull:
    """One term: its mean ``value`` as a share of the most there can be, and its ``factor`` on the rate a day against its best value."""

    term: str
    value: float
    factor: Estimate


def pulls(world: Threats, actor: int, foes: list[int], helper: int) -> tuple[Pull, ...]:
    """Return the terms of the rate at which a helper enters on the side of an actor, that which costs most first.

    Parameters
    ----------
    world : Threats
    actor : int
    foes : list of int
        Attackers; values and factors are means over them, weighted by the chance of each attack.
    helper : int

    Examples
    --------
    >>> import foedus as fd
    >>> from foedus.security.hazard import threats
    >>> s = fd.load("europe-1914")
    >>> k = s.index
    >>> found = pulls(threats(s, draws=20), k["BEL"], [k["GMY"]], k["UKG"])
    >>> found[0].factor.mean <= found[-1].factor.mean, {p.term for p in found} == set(BEST)
    (True, True)
    """
    f, weight = world.stage.field, world.hazard(actor)[:, foes]
    friend, added = f.friend[:, helper], f.power[:, helper, None] * f.reach[:, helper][:, foes]
    mine = f.power[:, actor, None] * f.reach[:, actor][:, foes]
    one = np.ones_like(weight)
    values: dict[str, NDArray[np.float64]] = {
        "attraction": np.maximum(friend[:, actor, None], 0.0) * one, "hostility": np.maximum(-friend[:, foes], 0.0),
        "pull_back": np.maximum(friend[:, foes], 0.0), "proximity": f.near[:, helper][:, foes],
        "near_own": f.near[:, helper, actor, None] * one, "major": f.major[helper] * one,
        "weight": np.minimum(np.log1p(added / np.maximum(mine, 1e-12)), BEST["weight"]),
    }  # fmt: skip
    out = []
    for term, value in values.items():
        slope = f.theta[:, RATE_TERMS.index(term), None]
        mean = float(mean_over(value, weight).mean()) / max(BEST[term], 1.0)
        out.append(Pull(term, mean, drawn(mean_over(np.exp(slope * (value - BEST[term])), weight))))
    return tuple(sorted(out, key=lambda p: p.factor.mean))
