"""From one design of the debate on deterrence to another: what each choice does to the coefficient, over all orders of the choices.

The rules are those of ``docs/decisions/0022-the-debate-on-deterrence.md``. Coefficients of all combinations have one joint covariance, of the sums of
influence of pairs, so that differences between designs on the same rows have honest intervals. Fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate import covariance
from foedus.estimate.multiverse import effect_weights, turning_points
from foedus.studies.debate_fit import Z95, DebateFit, Pairs
from foedus.studies.debate_plan import CHOICES, Plan, made

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from foedus.studies.debate_fit import Design


@dataclass(frozen=True)
class Step:
    """A choice between two designs.

    ``effect`` with its 95 % interval, log-odds: what the coefficient changes by it, mean over all orders; ``turns``: share of orders in which the
    sign changes for good at it; ``turns_drawn``: the same, mean over draws of all coefficients.
    """

    choice: str
    effect: tuple[float, float, float]
    turns: float
    turns_drawn: float


@dataclass(frozen=True)
class Way:
    """From one design to another.

    Attributes
    ----------
    name : str
    start, end : DebateFit
    steps : tuple of Step
        Choices in which they differ.
    difference : tuple of float
        Of the coefficients, with its 95 % interval.
    flips_drawn : float
        Share of draws in which the signs of the two ends differ.
    """

    name: str
    start: DebateFit
    end: DebateFit
    steps: tuple[Step, ...]
    difference: tuple[float, float, float]
    flips_drawn: float

    @property
    def flips(self) -> bool:
        """Whether the estimates at the two ends have different signs."""
        return bool((self.start.coef[1] >= 0) != (self.end.coef[1] >= 0))

    def names(self) -> str | None:
        """Return the choice whose effect goes furthest towards the sign at the end; None where the ends have one sign."""
        sign = 1.0 if self.end.coef[1] >= 0 else -1.0
        return max(self.steps, key=lambda s: sign * s.effect[0]).choice if self.flips else None

    def most_often(self) -> tuple[str, ...]:
        """Return the choices that are most often the one at which the sign changes for good; none where it never does."""
        most = max(s.turns for s in self.steps)
        return tuple(s.choice for s in self.steps if most > 0 and s.turns == most)


def way(
    name: str, plan: Plan, era: str, start: frozenset[str], fits: Mapping[Design, DebateFit], pairs: Pairs, *, draws: int, seed: int
) -> Way:  # fmt: skip
    """Return one way, over all orders of the choices that are not made at its start."""
    left = [c for c in CHOICES if c not in start]
    along = [fits[plan.design(start | made(left, s), era)] for s in range(2 ** len(left))]
    last = np.zeros((1, len(along)))
    last[0, -1], last[0, 0] = 1.0, -1.0
    spans, joint = contrasts(along, np.vstack([effect_weights(len(left)), last]), pairs)
    value = np.array([f.coef[1] for f in along])
    noise = np.random.default_rng([seed, len(left)]).standard_normal((draws, len(along)))
    drawn = value + noise @ covariance.square_root(joint).T
    turns, turns_drawn = turning_points(value), turning_points(drawn).mean(axis=0)
    steps = tuple(Step(c, spans[k], float(turns[k]), float(turns_drawn[k])) for k, c in enumerate(left))
    flips = float(((drawn[:, 0] >= 0) != (drawn[:, -1] >= 0)).mean())
    return Way(name, along[0], along[-1], steps, spans[-1], flips)


def contrasts(
    fits: Sequence[DebateFit], weights: NDArray[np.float64], pairs: Pairs
) -> tuple[list[tuple[float, float, float]], NDArray[np.float64]]:
    """Return sums of the pacts' coefficients with their 95 % intervals, by members or pairs, whichever is wider, and the joint covariance by members.

    Parameters
    ----------
    fits : sequence of DebateFit, m of them
    weights : float64 array, shape (c, m)
    pairs : Pairs
        Those on which all were fitted.
    """
    influence = np.column_stack([f.influence for f in fits])
    joint = covariance.dyadic(np.eye(len(fits)), influence, pairs.one, pairs.two, strict=False)
    by_pair = ((influence @ weights.T) ** 2).sum(axis=0)
    half = Z95 * np.sqrt(np.maximum(np.diag(weights @ joint @ weights.T), by_pair))
    middle = weights @ np.array([f.coef[1] for f in fits])
    return [(float(m), float(m - h), float(m + h)) for m, h in zip(middle, half, strict=True)], joint
