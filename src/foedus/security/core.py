"""The core of a coalition game: ways to share the worth of all so that no set would rather stand alone.

Nonempty with an allocation, or empty with a balanced collection of sets that together are worth more than all [Bondareva1963]_ [Shapley1967]_: both
can be checked by hand. For a given allocation, the set with the most to gain by leaving. Linear programs see only the sets that bind; the others are
looked through as one vector. Does not say which allocation of a core is fair: see `foedus.security.values` and `nucleolus`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.kernels import coalition as kernel
from foedus.security.nucleolus import least_core
from foedus.security.programs import first_sets, linear_program, most_short

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from foedus.security.games import CoalitionGame


@dataclass(frozen=True, eq=False)
class Core:
    """Whether the core is empty, with the proof.

    Attributes
    ----------
    nonempty : bool
    allocation : float64 array, shape (n,), or None
        One allocation of the core.
    balanced : tuple of (players, weight)
        If empty: sets and weights under which every player counts once in all, ...
    needed : float
        ... whose weighted worth is this: the least total that no set would leave. The core is empty if it is above the worth of all.
    """

    game: CoalitionGame
    nonempty: bool
    allocation: NDArray[np.float64] | None
    balanced: tuple[tuple[tuple[str, ...], float], ...]
    needed: float

    def table(self) -> pl.DataFrame:
        """Return the allocation, or the balanced collection that shows that there is none."""
        import polars as pl

        if self.allocation is not None:
            return pl.DataFrame({"player": self.game.players, "share": self.allocation})
        sets = [(", ".join(s), w, self.game.of_set(s)) for s, w in self.balanced]
        return pl.DataFrame(sets, schema=["players", "weight", "worth"], orient="row")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "exact, proved", "nonempty": self.nonempty, "needed": self.needed, "total": self.game.total,
            "allocation": None if self.allocation is None else dict(zip(self.game.players, self.allocation.tolist(), strict=True)),
            "balanced": [{"players": list(s), "weight": w} for s, w in self.balanced],
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Membership:
    """Whether an allocation is in the core.

    ``blocking``: the set that would gain most by leaving (of equals the smallest, then the first), empty if there is none; ``gain`` what it would
    gain, negative or zero for the set that is nearest to leaving; ``n_blocking`` how many sets would gain.
    """

    allocation: tuple[float, ...]
    inside: bool
    blocking: tuple[str, ...]
    gain: float
    n_blocking: int

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "exact", "allocation": list(self.allocation), "inside": self.inside, "blocking": list(self.blocking),
            "gain": self.gain, "n_blocking": self.n_blocking,
        }  # fmt: skip


@dataclass(frozen=True)
class Convexity:
    """Whether players add the more, the larger the set they join; if not, a case: ``i`` and ``j`` joining ``players`` lose ``-least`` by it."""

    convex: bool
    least: float
    i: str
    j: str
    players: tuple[str, ...]


def core(game: CoalitionGame) -> Core:
    """Return whether the core of a game is empty, with the proof.

    The least total ``x(N)`` with ``x(S) >= v(S)`` for every set is a linear program; its dual is the heaviest balanced collection. That the core is
    not empty is shown by an allocation of the least core.

    Parameters
    ----------
    game : CoalitionGame

    Returns
    -------
    Core

    References
    ----------
    [Bondareva1963]_, [Shapley1967]_

    Examples
    --------
    >>> from foedus.security.games import CoalitionGame
    >>> found = core(CoalitionGame.weighted_majority(2, [1, 1, 1], players=["a", "b", "c"]))
    >>> found.nonempty, found.balanced
    (False, ((('a', 'b'), 0.5), (('a', 'c'), 0.5), (('b', 'c'), 0.5)))
    """
    n, scale = game.n, float(np.abs(game.worth).max()) or 1.0
    if n == 1:
        return Core(game, True, game.worth[1:].copy(), (), game.total)
    least = least_core(game)
    if least.complaint <= game.tolerance:
        return Core(game, True, least.allocation, (), game.total)
    worth, masks = game.worth / scale, np.append(first_sets(n), (1 << n) - 1)
    while True:
        solved = linear_program(np.ones(n), -kernel.members(masks, n).astype(np.float64), -worth[masks])
        more = most_short(worth - kernel.subset_sums(solved.x), masks, 1e-9)
        if not len(more):
            break
        masks = np.concatenate([masks, more])
    weight = np.maximum(-solved.dual, 0.0)
    used = np.flatnonzero(weight > 1e-9)
    used = used[np.lexsort((masks[used], kernel.sizes(n)[masks[used]]))]
    balanced = tuple((game.names(int(masks[k])), round(float(weight[k]), 12)) for k in used)
    return Core(game, False, None, balanced, solved.fun * scale)


def membership(game: CoalitionGame, allocation: ArrayLike | Mapping[str, float]) -> Membership:
    """Return whether no set would rather stand alone than take its share, and which would most.

    Parameters
    ----------
    game : CoalitionGame
    allocation : array, shape (n,), or mapping of players to shares
        Must share out the worth of all, no more and no less.

    Raises
    ------
    ParameterError
        Not a finite share for each player, or the shares do not add up to the worth of all.

    Examples
    --------
    >>> from foedus.security.games import CoalitionGame
    >>> gloves = CoalitionGame.of(["L", "R1", "R2"], lambda s: float("L" in s and len(s) > 1))
    >>> m = membership(gloves, [2 / 3, 1 / 6, 1 / 6])
    >>> m.inside, m.blocking, round(m.gain, 6), m.n_blocking
    (False, ('L', 'R1'), 0.166667, 2)
    """
    x = _allocation(game, allocation)
    gains = game.worth - kernel.subset_sums(x)
    tolerance = max(game.tolerance, 1e-9 * float(np.abs(x).max()))
    if game.n == 1:
        return Membership(tuple(x.tolist()), True, (), 0.0, 0)
    proper = gains[1:-1]
    best = float(proper.max())
    n_blocking = int((proper > tolerance).sum())
    ties = np.flatnonzero(proper >= best - tolerance) + 1
    first = int(ties[np.argmin(kernel.sizes(game.n)[ties])])
    return Membership(tuple(x.tolist()), n_blocking == 0, game.names(first) if n_blocking else (), best, n_blocking)


def convexity(game: CoalitionGame) -> Convexity:
    """Return whether ``v(S+i+j) - v(S+i) - v(S+j) + v(S) >= 0`` for every set and pair [Shapley1971]_.

    A convex game has a large core with the Shapley value in it.

    Examples
    --------
    >>> from foedus.security.games import CoalitionGame
    >>> convexity(CoalitionGame.own_stakes([10, 6, 4, 2], 12)).convex
    True
    >>> convexity(CoalitionGame.own_stakes([1, 9, 9], 1, stakes=[1, 0, 0], players=["a", "b", "c"])).players
    ('a',)
    """
    least, i, j, mask = kernel.least_second_difference(game.worth)
    if least >= -game.tolerance:
        return Convexity(True, max(least, 0.0), "", "", ())
    return Convexity(False, least, game.players[i], game.players[j], game.names(mask))


def _allocation(game: CoalitionGame, allocation: ArrayLike | Mapping[str, float]) -> NDArray[np.float64]:
    """Return shares in the order of the players."""
    if hasattr(allocation, "keys"):
        given: Any = allocation
        if set(given) != set(game.players):
            raise parameter("allocation", sorted(given), f"a share for each of {', '.join(game.players)}")
        allocation = [given[p] for p in game.players]
    x = np.asarray(allocation, dtype=np.float64)
    if x.shape != (game.n,) or not np.isfinite(x).all():
        raise parameter("allocation", x.tolist(), f"{game.n} finite shares")
    if abs(x.sum() - game.total) > 1e-6 * max(1.0, abs(game.total), float(np.abs(x).max())):
        raise parameter("allocation", f"a sum of {x.sum():g}", f"the worth of all together, {game.total:g}")
    return x
