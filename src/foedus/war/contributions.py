"""What each pact, actor or tie contributes to how far a war spreads: Shapley values over edits.

The players are changes (a pact void, an actor that stays out, a tie removed); the worth of a set is by how much the war shrinks if all of it is
made. A player's value is its mean marginal shrinkage over all orders [Shapley1953]_: exactly up to `EXACT` players, else over sampled orders with
their error [Castro2009]_. Values sum to the shrinkage by all changes together. A contribution is the model's, and of these changes beside each
other: another list gives other values.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, nested
from foedus.system.edits import RemoveActor, VoidPact
from foedus.war.firebreaks import busiest, drawing_pacts
from foedus.war.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.assumed import Edit
    from foedus.war.result import War
    from foedus.war.worlds import What

EXACT = 8
"""Players up to which every set is simulated."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one change takes away: mean over orders with its interval over uncertain inputs, and the standard error of sampled orders (0 if all)."""

    what: str
    value: Estimate
    order_error: float


@dataclass(frozen=True)
class Contributions:
    """Contributions, greatest first, and the shrinkage by all of the changes together; ``orders`` is None where all were weighed."""

    rows: tuple[Contribution, ...]
    total: Estimate
    measure: str
    orders: int | None
    worlds: int
    draws: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return ``what, value, low, high, order_error``, one row a change."""
        import polars as pl

        return pl.DataFrame(
            [
                {
                    "what": r.what,
                    "value": r.value.mean,
                    "low": r.value.low,
                    "high": r.value.high,
                    "order_error": r.order_error,
                }
                for r in self.rows
            ]
        )

    def to_dict(self) -> dict:
        """Return everything as JSON's own types."""
        return {
            "measure": self.measure, "rows": self.table().to_dicts(), "total": self.total.to_dict(), "orders": self.orders, "worlds": self.worlds,
            "draws": self.draws, "seed": self.seed, "standing": "simulated",
        }  # fmt: skip


def contributions(
    baseline: War, changes: Sequence[Edit] | None = None, *, what: What = "size", draws: int = 2_000, orders: int = 100, seed: int = 1,
    workers: int = 1, progress: Callable[[int], None] | None = None,
) -> Contributions:  # fmt: skip
    """Return what each change takes away from a war, over all orders of making them.

    Parameters
    ----------
    baseline : War
    changes : sequence of Edit, optional
        By default the five pacts whose members came most often beside their allies, void, and the three third parties through whom most
        came, staying out.
    what : {"size", "general", "spread"}
        Number of belligerents, or the chance that half of all capability is at war, or that anybody joins.
    draws : int
        Of each world.
    orders, seed : int
        Sampled orders where there are more than `EXACT` changes.
    workers : int
        Threads.
    progress : callable, optional
        Called with the number of worlds simulated.

    Returns
    -------
    Contributions

    Raises
    ------
    ParameterError
        ``orders`` below 2, or no changes.

    References
    ----------
    [Shapley1953]_, [Castro2009]_

    Examples
    --------
    >>> import foedus as fd
    >>> from foedus.system.edits import VoidPact
    >>> w = fd.load("europe-1914").war("AUH", "SER", draws=500)
    >>> got = contributions(w, [VoidPact("Dual Alliance"), VoidPact("Franco-Russian Alliance")], draws=500)
    >>> got.orders is None, len(got.rows)
    (True, 2)
    """
    players = list(_default(baseline) if changes is None else changes)
    if not players or orders < 2:
        raise parameter("changes, orders", f"{len(players)}, {orders}", "at least one change and two orders")
    worlds = Worlds(baseline, [(e,) for e in players], draws=draws, workers=workers, progress=progress)
    exact = len(players) <= EXACT
    found, error = _exact(worlds, what) if exact else _sampled(worlds, what, orders, seed)
    everyone = frozenset(range(len(players)))
    total = worlds.measure(frozenset(), what) - worlds.measure(everyone, what)
    values = nested(np.column_stack([*found, total]), baseline.inner, seed=baseline.seed, shares=False)
    names = [e.describe() for e in players]
    rows = [Contribution(n, v, float(e)) for n, v, e in zip(names, values[:-1], error, strict=True)]
    rows.sort(key=lambda r: -r.value.mean)
    return Contributions(
        tuple(rows), values[-1], what, None if exact else orders, worlds.computed, worlds.draws, baseline.seed
    )


def _default(baseline: War) -> list[Edit]:
    """Return the pacts whose members came most often, void, and the third parties through whom most came, staying out."""
    shot = {baseline.attacker, baseline.target}
    return [
        *(VoidPact(p) for p in drawing_pacts(baseline)[:5]),
        *(RemoveActor(a) for a in [x for x in busiest(baseline) if x not in shot][:3]),
    ]


def _exact(worlds: Worlds, what: What) -> tuple[list[NDArray[np.float64]], NDArray[np.float64]]:
    """Return each player's value by draw, over every set; no error."""
    n = len(worlds.changes)
    value = [np.zeros(worlds.draws) for _ in range(n)]
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for chosen in combinations(range(n), size):
            before = worlds.measure(frozenset(chosen), what)
            for i in set(range(n)) - set(chosen):
                value[i] += weight * (before - worlds.measure(frozenset((*chosen, i)), what))
    return value, np.zeros(n)


def _sampled(
    worlds: Worlds, what: What, orders: int, seed: int
) -> tuple[list[NDArray[np.float64]], NDArray[np.float64]]:
    """Return each player's value by draw over sampled orders, and the standard error of their mean."""
    n, rng = len(worlds.changes), np.random.default_rng(seed)
    value, means = [np.zeros(worlds.draws) for _ in range(n)], np.zeros((orders, n))
    for k in range(orders):
        chosen: frozenset[int] = frozenset()
        before = worlds.measure(chosen, what)
        for i in rng.permutation(n).tolist():
            chosen |= {i}
            after = worlds.measure(chosen, what)
            value[i] += (before - after) / orders
            means[k, i] = (before - after).mean()
            before = after
    return value, means.std(axis=0, ddof=1) / np.sqrt(orders)
