"""`Spared`: what some helpers and nobody else change for an actor, against being alone, as differences on the same draws.

The direct answer to "would it have been safer with them?": how many fewer attacks a year end with the actor beaten, in both forms of the contest, and
in how many draws that difference has its sign. Adds nothing to the models: attacks are fitted, who holds is assumed (`foedus.security.hazard`). That
whoever comes adds strength is part of the contest, so that only what the expected help does to the number of attacks can turn the sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.estimate.nested import Estimate, drawn

if TYPE_CHECKING:
    from collections.abc import Collection

    from foedus.security.hazard import Threats

Answer = Literal["safer", "less safe", "cannot tell"]
_ESTIMATES = (
    "attacked", "holds", "holds_difference", "beaten", "beaten_difference", "adds", "spares_attacks", "spares", "spares_difference",
)  # fmt: skip


class Exposed(NamedTuple):
    """Chances of one actor against each threat, shape (n_draws, threats): attacked in a year, and to hold in either form of the contest."""

    risk: NDArray[np.float64]
    held: NDArray[np.float64]
    held_difference: NDArray[np.float64]

    def beaten(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the chance a year of at least one attack that beats the actor, shape (n_draws,), in either form."""
        return any_of(self.risk * (1 - self.held)), any_of(self.risk * (1 - self.held_difference))


@dataclass(frozen=True, slots=True)
class Spared:
    """An actor with some helpers and nobody else, and what they spare it.

    ``helpers``: ids, None for everybody by the chance that it comes. With them: ``attacked``, ``beaten`` (attacked and beaten, the ratio form of the
    contest) and ``beaten_difference`` (the difference form), chances a year; ``holds``, ``holds_difference``, given an attack, and ``adds``, the
    first less that alone. Alone less with them, above 0 where they make it safer: ``spares_attacks``, and of being attacked and beaten ``spares``
    and ``spares_difference``; ``share`` is ``spares`` of that chance alone, None where it is nowhere attacked and beaten. ``surely``,
    ``surely_difference``: share of the draws in which the actor is beaten less often, ties as halves.
    """

    helpers: tuple[str, ...] | None
    attacked: Estimate
    holds: Estimate
    holds_difference: Estimate
    beaten: Estimate
    beaten_difference: Estimate
    adds: Estimate
    spares_attacks: Estimate
    spares: Estimate
    spares_difference: Estimate
    share: Estimate | None
    surely: float
    surely_difference: float

    @property
    def answer(self) -> Answer:
        """What the intervals of both forms say together: one that holds 0, or two that disagree, cannot tell."""
        forms = (self.spares, self.spares_difference)
        if all(e.low > 0 for e in forms):
            return "safer"
        return "less safe" if all(e.high < 0 for e in forms) else "cannot tell"

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "helpers": None if self.helpers is None else list(self.helpers), "answer": self.answer,
            **{k: getattr(self, k).to_dict() for k in _ESTIMATES}, "share": self.share and self.share.to_dict(),
            "surely": self.surely, "surely_difference": self.surely_difference,
        }  # fmt: skip


def exposed(world: Threats, actor: int, foes: list[int], allies: Collection[int] | None) -> Exposed:
    """Return the chances of an actor against some threats with some helpers and nobody else; None counts everybody by the chance that it comes."""
    held, difference = (
        world.hold(actor, allies=allies, against=foes, contest=form) for form in ("tullock", "hirshleifer")
    )
    return Exposed(world.hazard(actor, allies=allies)[:, foes], held, difference)


def spared(alone: Exposed, with_: Exposed, weight: NDArray[np.float64], helpers: tuple[str, ...] | None) -> Spared:
    """Return what helpers change.

    Parameters
    ----------
    alone, with_ : Exposed
        On the same draws.
    weight : float64 array, shape (n_draws, threats)
        Chance of each attack as things are, by which chances to hold are averaged.
    helpers : tuple of str or None
        Who they are.

    Examples
    --------
    >>> one = np.ones((2, 1))
    >>> x = spared(Exposed(0.2 * one, 0.5 * one, 0.4 * one), Exposed(0.1 * one, 0.7 * one, 0.6 * one), one, ("FRN",))
    >>> round(x.spares.mean, 3), round(x.spares_difference.mean, 3), x.surely, x.answer
    (0.07, 0.08, 1.0, 'safer')
    """
    before, after = alone.beaten(), with_.beaten()
    less = before[0] - after[0], before[1] - after[1]
    some = before[0] > 0
    return Spared(
        helpers, drawn(any_of(with_.risk)), drawn(mean_over(with_.held, weight)), drawn(mean_over(with_.held_difference, weight)),
        drawn(after[0]), drawn(after[1]), drawn(mean_over(with_.held, weight) - mean_over(alone.held, weight)),
        drawn(any_of(alone.risk) - any_of(with_.risk)), drawn(less[0]), drawn(less[1]),
        drawn(less[0][some] / before[0][some]) if some.any() else None, _above(less[0]), _above(less[1]),
    )  # fmt: skip


def mean_over(values: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over threats, the second axis, weighted by their chance."""
    return (values * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-300)


def any_of(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance of at least one of independent events, shape (n_draws,)."""
    return 1 - np.prod(1 - chances, axis=1)


def _above(values: NDArray[np.float64]) -> float:
    """Return the share of draws above 0, ties as halves."""
    return float(np.mean((values > 0) + 0.5 * (values == 0)))
