"""How much one actor would have had to add for a war to come out as it does with another one's help.

The other actor is left out, the one asked about has its capability multiplied by a rising factor, and the factor at which the measure is what it
is with the other's help is read off, group by group of draws that share their inputs, so that the answer has an interval; where no factor in the
range does, that is said. Only capability is added: not will, which the rates take from ties and pledges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, nested
from foedus.system.edits import RemoveActor, Strengthen
from foedus.system.values import Quantity
from foedus.war.simulate import war

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.system.system import System
    from foedus.war.result import War

Goal = Literal["hold", "general", "spread"]
GOALS = ("hold", "general", "spread")
"""The target's side prevails, or would; half of all capability is at war; anybody joins."""


@dataclass(frozen=True)
class Required:
    """The factor by which an actor's capability would have had to be multiplied.

    Attributes
    ----------
    actor, instead_of, goal : str
    with_help, without : Estimate
        The measure with the other actor's help, and without it, nothing added.
    factors : tuple of float
        Those tried.
    measured : tuple of Estimate
        The measure at each.
    factor, low, high : float or None
        Median over groups of draws and the ends of their 90 % interval; None where that quantile lies beyond the range.
    beyond : float
        Share of the groups in which no factor in the range is enough.
    helps : Estimate
        The measure with the other actor's help less that without it, on the same draws: where its interval holds 0 there may be nothing to make up
        for.
    """

    actor: str
    instead_of: str
    goal: str
    with_help: Estimate
    without: Estimate
    factors: tuple[float, ...]
    measured: tuple[Estimate, ...]
    factor: float | None
    low: float | None
    high: float | None
    beyond: float
    helps: Estimate
    draws: int
    seed: int

    def __str__(self) -> str:
        """Return the answer as a sentence, and what it is worth where the help itself is not told from nothing."""
        if not self.helps.low <= 0 <= self.helps.high:
            return self._answer()
        return (
            f"{self._answer()}. But what {self.instead_of}'s help changes, {self.helps}, is not told from 0: there may be nothing to make up for, "
            "and the factor says little"
        )

    def _answer(self) -> str:
        """Return the factor in words."""

        def told(value: float | None) -> str:
            return f"more than {self.factors[-1]:g}" if value is None else f"{value:.2g}"

        ask = {"hold": "the target's side to hold", "general": "a general war", "spread": "anybody to join"}[self.goal]
        head = f"For {ask} as likely as with {self.instead_of} ({self.with_help}; without it {self.without}), {self.actor} would have had to be "
        if self.factor is None:
            return f"{head}stronger than {self.factors[-1]:g} times: no amount in range, in {100 * self.beyond:.0f} % of the draws of the inputs"
        span = f"[{told(self.low)}, {told(self.high)}]"
        return f"{head}{told(self.factor)} times as strong {span}; in {100 * self.beyond:.0f} % of the draws no amount in range is enough"

    def to_dict(self) -> dict:
        """Return everything as JSON's own types."""
        return {
            "actor": self.actor, "instead_of": self.instead_of, "goal": self.goal, "with_help": self.with_help.to_dict(),
            "without": self.without.to_dict(), "factors": list(self.factors), "measured": [m.to_dict() for m in self.measured],
            "factor": self.factor, "low": self.low, "high": self.high, "beyond": self.beyond,
            "helps": self.helps.to_dict(), "draws": self.draws, "seed": self.seed,
            "standing": "simulated",
        }  # fmt: skip


def required(  # noqa: PLR0913
    system: System, attacker: str, target: str, actor: str, *, instead_of: str, goal: Goal = "hold", most: float = 20.0, steps: int = 9,
    draws: int = 5_000, days: float = 365.0, seed: int = 1, workers: int = 1, progress: Callable[[float], None] | None = None,
) -> Required:  # fmt: skip
    """Return by how much ``actor`` would have had to be stronger to do what ``instead_of`` does.

    Parameters
    ----------
    system : System
        With the help of ``instead_of`` in it.
    attacker, target : str
        The first shot.
    actor : str
    instead_of : str
        It is left out.
    goal : {"hold", "general", "spread"}
    most : float
        Greatest factor tried, above 1.
    steps : int
        Factors tried, from 1, evenly in their logarithm.
    draws, days, seed, workers
        As of `foedus.war.simulate.war`.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    ParameterError
        Another goal, ``most`` not above 1, fewer than two steps, or ``actor`` is ``instead_of``.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.load("europe-1914")
    >>> got = required(s, "AUH", "SER", "FRN", instead_of="RUS", steps=3, draws=500)
    >>> got.factors[0], 0 <= got.beyond <= 1
    (1.0, True)
    """
    one, other = system.actor(actor).id, system.actor(instead_of).id
    if goal not in GOALS or not most > 1 or steps < 2 or one == other:
        raise parameter(
            "goal, most, steps, instead_of",
            f"{goal}, {most}, {steps}, {other}",
            f"one of {', '.join(GOALS)}; above 1; 2 or more; another",
        )
    alone = RemoveActor(other).apply(system)
    factors = np.exp(np.linspace(0.0, np.log(most), steps))
    told = 0

    def simulate(world: System) -> War:
        nonlocal told
        found = war(world, attacker, target, draws=draws, seed=seed, days=days, workers=workers)
        told += 1
        if progress is not None:
            progress(told / (steps + 1))
        return found

    helped = simulate(system)
    wanted = _measure(helped, goal)
    got = [
        _measure(simulate(alone if f == 1 else Strengthen(one, Quantity.of(float(f))).apply(alone)), goal)
        for f in factors
    ]
    inner = helped.inner
    goals = wanted.reshape(-1, inner).mean(axis=1)
    curve = np.stack([g.reshape(-1, inner).mean(axis=1) for g in got])
    roots = np.array([_crossing(factors, curve[:, k], goals[k]) for k in range(len(goals))])
    quantiles = np.quantile(roots, [0.05, 0.5, 0.95], method="nearest")
    low, mid, high = (None if np.isinf(q) else float(q) for q in quantiles)
    values = nested(np.column_stack([wanted, *got]), inner)
    helps = nested((wanted - got[0])[:, None], inner, shares=False)[0]
    return Required(
        one, other, goal, values[0], values[1], tuple(float(f) for f in factors), tuple(values[1:]), mid, low, high, float(np.isinf(roots).mean()),
        helps, helped.draws, seed,
    )  # fmt: skip


def _measure(w: War, goal: Goal) -> NDArray[np.float64]:
    """Return the measure of each draw."""
    if goal == "hold":
        return 1.0 - w.won.astype(np.float64)
    return (w.share >= 0.5).astype(np.float64) if goal == "general" else (w.counts > 2).astype(np.float64)


def _crossing(factors: NDArray[np.float64], curve: NDArray[np.float64], goal: float) -> float:
    """Return the least factor at which the curve, made to move one way, is at the goal; infinity if none is; 1 if it is there from the first."""
    sign = 1.0 if goal >= curve[0] else -1.0
    risen = np.maximum.accumulate(sign * curve)
    if risen[0] >= sign * goal:
        return 1.0
    if risen[-1] < sign * goal:
        return float("inf")
    k = int(np.searchsorted(risen, sign * goal))
    share = (sign * goal - risen[k - 1]) / (risen[k] - risen[k - 1])
    return float(np.exp(np.log(factors[k - 1]) + share * (np.log(factors[k]) - np.log(factors[k - 1]))))
