"""Whether a state that will be weaker fights while it is strong, because nobody can bind the stronger one of tomorrow (Powell 2006).

Each period has a prize of 1. The rising state offers the declining one a share, who takes it or fights; a war ends the game, its winner has all
periods to come, and it costs each side a lump. The condition is our own derivation from this game, in the spirit of [Powell2006]_, and is checked
against a plain backward induction over offers; it is not quoted from the paper.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


@dataclass(frozen=True, slots=True)
class Period:
    """One period: the declining state's chance to win, its worth of war now, the most it could be given (all of the prize, then what follows), and
    what the rising state offers; None where the two fight."""  # noqa: D205, D209

    period: int
    p: float
    war: float
    most: float
    offer: float | None


@dataclass(frozen=True)
class Shift:
    """How a shift of power is bargained: ``war_in``, the period in which the two fight (from 1), None where they never do; ``by``, who prefers it.

    ``worth``: of the whole to the declining state; ``gap``: in the first period, what war is worth to it beyond the most that it could be given.
    """

    p: tuple[float, ...]
    discount: float
    cost: float
    cost_rising: float
    periods: tuple[Period, ...]
    war_in: int | None
    by: str | None
    worth: float
    gap: float

    def table(self) -> pl.DataFrame:
        """Return one row a period up to the war, or to the last shift."""
        import polars as pl

        last = self.war_in or len(self.periods)
        return pl.DataFrame([asdict(x) for x in self.periods[:last]], schema_overrides={"offer": pl.Float64})

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "standing": "exact", "p": list(self.p), "discount": self.discount, "cost": self.cost, "cost_rising": self.cost_rising,
            "war_in": self.war_in, "by": self.by, "worth": self.worth, "gap": self.gap, "periods": [asdict(x) for x in self.periods],
        }  # fmt: skip


def shift(p: Sequence[float], *, discount: float, cost: float, cost_rising: float = 0.0) -> Shift:
    """Return whether a shift of power ends in war.

    Parameters
    ----------
    p : sequence of float
        The declining state's chance to win a war begun in each period; the last holds for ever after. At least one.
    discount : float
        Worth of the next period's prize, 0 to below 1.
    cost, cost_rising : float
        Lump costs of war to the declining and to the rising state.

    Returns
    -------
    Shift

    Raises
    ------
    ParameterError
        An argument outside its range.

    Notes
    -----
    In period t the declining state's war is worth p_t / (1 - d) - c. It can be given no more than 1 now and what it will have later, V,
    discounted. It fights if war is worth more. With one shift, p_1 to p_2, and p_2 / (1 - d) at least c, that is
    p_1 - d p_2 > (1 - d)[1 + (1 - d) c]; where it is less, the declining state's later worth is 0 instead. The rising state fights where that is
    worth more to it than to buy its rival off.

    References
    ----------
    [Powell2006]_

    Examples
    --------
    >>> shift([0.9, 0.1], discount=0.9, cost=0.5).war_in
    1
    >>> shift([0.5, 0.45], discount=0.9, cost=0.5).war_in is None
    True
    """
    chances = tuple(float(x) for x in p)
    if not chances or not all(0 <= x <= 1 for x in chances):
        raise parameter("p", list(p), "chances between 0 and 1, at least one")
    if not 0 <= discount < 1:
        raise parameter("discount", discount, "a number from 0 to below 1")
    for name, value in (("cost", cost), ("cost_rising", cost_rising)):
        if not 0 <= value < np.inf:
            raise parameter(name, value, "a number of 0 or more")
    whole = 1 / (1 - discount)
    worth = max(chances[-1] * whole - cost, 0.0)
    rival = whole - worth
    periods: list[Period] = []
    wars: dict[int, str] = {}
    for t in range(len(chances) - 1, -1, -1):
        last = t == len(chances) - 1
        war, rival_war = chances[t] * whole - cost, (1 - chances[t]) * whole - cost_rising
        most = 1 + discount * worth
        offer = max(0.0, (1 - discount) * worth if last else war - discount * worth)
        peace = rival if last else 1 - offer + discount * rival
        fights = "declining" if war > most + 1e-12 else "rising" if rival_war > peace + 1e-12 else None
        if fights:
            wars[t + 1] = fights
            worth, rival = war, rival_war
        elif not last:
            worth, rival = offer + discount * worth, peace
        periods.append(Period(t + 1, chances[t], war, most, None if fights else offer))
    first = min(wars, default=None)
    ordered = tuple(reversed(periods))
    return Shift(
        chances, discount, cost, cost_rising, ordered, first, wars[first] if first else None, worth, ordered[0].war - ordered[0].most
    )  # fmt: skip
