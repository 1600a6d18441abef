"""Expected utility of war: what a pair of states and everybody else has at stake in a contest between them, from a `System`.

Similarity of portfolios of pledges stands for interests, capability less what distance takes off stands for strength, and the place of a state's
portfolio between the best and the worst that it could have had stands for its attitude to risk [BuenodeMesquita1985]_, [BennettStam2000]_. The two
functions of The War Trap [BuenodeMesquita1981]_ are given from memory and not verified against the text. Solves no game; see
`foedus.security.interaction`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus import params as parameters
from foedus.errors import parameter
from foedus.kernels import distance, portfolios
from foedus.system import covariates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.system.system import System

Measure = Literal["tau_b", "s_abs"]
MEASURES = ("tau_b", "s_abs")
LEVELS = {"consul": 1, "nonagg": 2, "neutral": 2, "offense": 3, "defense": 3}
"""Level of a pledge in a portfolio, in the order of the Correlates of War classes; no pledge is 0."""
KM_PER_MILE = 1.609344


def bilateral(
    p: float, own: float, other: float, *, own_later: float | None = None, other_later: float | None = None
) -> float:
    """Return what i expects of a war with j alone: p(U_ii - U_ij) + (1 - p)(U_ij - U_ii), and what it expects of changes to come.

    Parameters
    ----------
    p : float
        i's chance to prevail alone.
    own, other : float
        U_ii, i's worth of its own policies, and U_ij, that of j's.
    own_later, other_later : float, optional
        What i expects the two to become; the change in either difference is added, weighed by the same chance.

    Notes
    -----
    The War Trap [BuenodeMesquita1981]_, from memory, not verified.

    Examples
    --------
    >>> round(bilateral(0.7, 1.0, 0.2), 6)
    0.32
    """
    _share("p", p)
    gap = own - other
    later = (own if own_later is None else own_later) - (other if other_later is None else other_later)
    return p * gap + (1 - p) * -gap + p * (later - gap) + (1 - p) * (gap - later)


def multilateral(
    p_with_i: NDArray[np.float64], p_with_j: NDArray[np.float64], for_i: NDArray[np.float64], for_j: NDArray[np.float64]
) -> float:  # fmt: skip
    """Return what i expects of third parties: the sum over k of (P_ik + P_jk - 1)(U_iki - U_ikj).

    Parameters
    ----------
    p_with_i, p_with_j : float64 arrays, shape (n,)
        Chance that i prevails if k helps it, and that j does if k helps that.
    for_i, for_j : float64 arrays, shape (n,)
        What i thinks that k makes of i's policies and of j's.

    Notes
    -----
    The War Trap [BuenodeMesquita1981]_, from memory, not verified. The whole expected utility is the sum of this and `bilateral`.

    Examples
    --------
    >>> round(multilateral(np.array([0.8]), np.array([0.6]), np.array([0.9]), np.array([0.4])), 6)
    0.2
    """
    chances = np.stack([p_with_i, p_with_j])
    if not ((chances >= 0) & (chances <= 1)).all():
        raise parameter("p_with_i, p_with_j", chances.tolist(), "chances between 0 and 1")
    return float(((chances.sum(axis=0) - 1) * (np.asarray(for_i) - np.asarray(for_j))).sum())


def third_party(
    strength: float, strength_a: float, strength_b: float, gain: float, *, cost_with_a: float = 0.0, cost_with_b: float = 0.0
) -> str | None:  # fmt: skip
    """Return the side that a third party takes: ``"A"`` or ``"B"``, None where it stays out (A1.7 to A1.9 of [BennettStam2000]_).

    It joins A if (P_AK + P_BK - 1)(U(A prevails) - U(B prevails)) is more than what joining A rather than B costs; the first factor is its share of
    the strength of the three.

    Parameters
    ----------
    strength, strength_a, strength_b : float
    gain : float
        Its utility of A prevailing less that of B.
    cost_with_a, cost_with_b : float

    Examples
    --------
    >>> third_party(0.1, 0.2, 0.2, 0.5), third_party(0.1, 0.2, 0.2, -0.5), third_party(0.1, 0.2, 0.2, 0.0)
    ('A', 'B', None)
    """
    total = strength + strength_a + strength_b
    if min(strength, strength_a, strength_b) < 0 or total <= 0:
        raise parameter("strength", (strength, strength_a, strength_b), "three numbers of 0 or more, not all 0")
    score = strength / total * gain - (cost_with_a - cost_with_b)
    return "A" if score > 0 else "B" if score < 0 else None


def _share(name: str, value: float) -> None:
    """Raise unless a value is a chance."""
    if not 0 <= value <= 1:
        raise parameter(name, value, "a chance between 0 and 1")


def miles_per_day(year: int) -> float:
    """Return how far force moves in a day: 250 miles to 1918, 375 to 1945, 500 since (from memory, not verified)."""
    table = parameters.load("crisis")
    era = "to_1918" if year <= 1918 else "to_1945" if year <= 1945 else "from_1946"
    return table[f"miles_per_day.{era}"].centre


def strengths(
    share: NDArray[np.float64], km: NDArray[np.float64], land: NDArray[np.bool_], miles_a_day: float
) -> NDArray[np.float64]:  # fmt: skip
    """Return what each state could bring to the place of each other, shape (n, n); at home and across a land border the distance is 0.

    Parameters
    ----------
    share : float64 array, shape (n,)
        Of capability, 0 to 1; NaN unknown.
    km : float64 array, shape (n, n)
    land : bool array, shape (n, n)
        Neighbours by land.
    miles_a_day : float
    """
    near = land | np.eye(len(share), dtype=np.bool_)
    return distance.loss_of_strength(share[:, None], np.where(near, 0.0, km / KM_PER_MILE), miles_a_day)


@dataclass(frozen=True)
class Stakes:
    """What a system says of everybody's interests: D draws, n actors.

    ``levels`` int8 (n, n), portfolios of pledges; ``similarity`` (n, n), NaN where it is not defined; ``share`` (D, n), capability; ``km`` (1 or D,
    n, n); ``land`` bool (n, n); ``miles`` (D,), a day.
    """

    measure: Measure
    levels: NDArray[np.int8]
    similarity: NDArray[np.float64]
    share: NDArray[np.float64]
    km: NDArray[np.float64]
    land: NDArray[np.bool_]
    miles: NDArray[np.float64]

    def strength(self, draw: int) -> NDArray[np.float64]:
        """Return `strengths` in one draw, shape (n, n)."""
        return strengths(self.share[draw], self.km[draw % len(self.km)], self.land, float(self.miles[draw]))


def stakes(system: System, *, measure: Measure = "tau_b", seed: int | None = None, draws: int = 1) -> Stakes:
    """Return everybody's interests and strength; ``seed=None`` puts every number at its centre, in one draw.

    Pledges are those of treaties in force, whatever their conditions; of the two directions the greater counts, as in `add_pledge_similarity`.

    Raises
    ------
    ParameterError
        Another measure, or ``draws`` below 1.
    """
    if measure not in MEASURES:
        raise parameter("measure", measure, f"one of {', '.join(MEASURES)}")
    if draws < 1:
        raise parameter("draws", draws, "an integer of at least 1")
    levels = np.zeros((len(system.actors),) * 2, dtype=np.int8)
    for kind, level in LEVELS.items():
        levels = np.maximum(levels, np.where(covariates.pledge_matrix(system, kind), level, 0).astype(np.int8))
    levels = np.maximum(levels, levels.T)
    np.fill_diagonal(levels, portfolios.TOP)
    with np.errstate(
        invalid="ignore"
    ):  # where nobody holds any of its territory, strength is unknown and the game refuses the pair
        share = covariates.effective_capability(system, seed=seed, n_draws=draws)
    factor = np.ones(1) if seed is None else parameters.load("crisis").draws("drawn.miles", seed, draws)
    return Stakes(
        measure, levels, portfolios.alike(levels, measure), share, covariates.distance_draws(system, seed=seed, n_draws=draws),
        covariates.contiguity(system) == 1, factor * miles_per_day(system.date.year),
    )  # fmt: skip
