"""The nucleolus: the allocation that makes the largest complaint of any set as small as it can be, then the next, and so on [Schmeidler1969]_.

One linear program a level: the largest complaint among sets whose share is not settled yet is made least; the sets that bear on it (a positive
multiplier) are settled there, and every level settles at least one direction, so there are at most n - 1. Programs begin with few sets, and those
that a solution violates are added after a look through all 2**n. Does not say that anybody would agree to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.kernels import coalition as kernel
from foedus.security.programs import first_sets, linear_program, most_short

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.security.games import CoalitionGame

TIGHT = 1e-7
"""Multiplier above which a set counts as settled."""


@dataclass(frozen=True, eq=False)
class Nucleolus:
    """The nucleolus of a game.

    Attributes
    ----------
    allocation : float64 array, shape (n,)
    levels : tuple of (complaint, sets)
        Each level's complaint ``v(S) - x(S)`` and the sets that hold it there; the first is that of the least core.
    imputation : bool
        False if the worth of all does not cover what the players have alone: then it is the prenucleolus.
    """

    game: CoalitionGame
    allocation: NDArray[np.float64]
    levels: tuple[tuple[float, tuple[tuple[str, ...], ...]], ...]
    imputation: bool

    def table(self) -> pl.DataFrame:
        """Return one row a player."""
        import polars as pl

        return pl.DataFrame({"player": self.game.players, "alone": self.game.alone, "nucleolus": self.allocation})

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "exact", "imputation": self.imputation, "allocation": dict(zip(self.game.players, self.allocation.tolist(), strict=True)),
            "levels": [{"complaint": c, "sets": [list(s) for s in sets]} for c, sets in self.levels],
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class LeastCore:
    """The least complaint that the worst-off set can be held to, negative or zero if the core is not empty, and an allocation that does it."""

    complaint: float
    allocation: NDArray[np.float64]


def nucleolus(game: CoalitionGame) -> Nucleolus:
    """Return the nucleolus of a game, exactly, up to 20 players (a tenth of a second at 10, some ten seconds at 20).

    Over the imputations (nobody below its worth alone) where there are any, else over all ways to share out the worth (the prenucleolus).

    Parameters
    ----------
    game : CoalitionGame

    Returns
    -------
    Nucleolus

    References
    ----------
    [Schmeidler1969]_

    Examples
    --------
    >>> from foedus.security.games import CoalitionGame
    >>> gloves = CoalitionGame.of(["L", "R1", "R2"], lambda s: float("L" in s and len(s) > 1))
    >>> (nucleolus(gloves).allocation.round(9) + 0.0).tolist()
    [1.0, 0.0, 0.0]
    """
    solver = _Lexicographic(game)
    while solver.open:
        solver.level()
    return Nucleolus(game, solver.solution(), tuple(solver.levels), solver.imputation)


def least_core(game: CoalitionGame) -> LeastCore:
    """Return the first level of the nucleolus, for up to 20 players; the complaint is that of proper sets, unlimited below for one player.

    Examples
    --------
    >>> from foedus.security.games import CoalitionGame
    >>> majority = CoalitionGame.weighted_majority(2, [1, 1, 1])
    >>> round(least_core(majority).complaint, 9)
    0.333333333
    """
    if game.n == 1:
        raise parameter("game", "one player", "at least two", "one player has nobody to complain to")
    solver = _Lexicographic(game, individually=False)
    return LeastCore(*solver.solve_level()[:2])


class _Lexicographic:
    """The state of the programs: which directions are settled, at which complaint."""

    def __init__(self, game: CoalitionGame, *, individually: bool = True) -> None:
        self.game, self.n = game, game.n
        self.scale = float(np.abs(game.worth).max()) or 1.0
        self.worth = game.worth / self.scale
        full = (1 << self.n) - 1
        alone = self.worth[1 << np.arange(self.n)]
        self.imputation = bool(alone.sum() <= self.worth[-1] + 1e-9)
        self.floor = alone if individually and self.imputation else None
        self.masks = first_sets(self.n)
        self.rows = np.ones((1, self.n))
        self.shares = np.array([self.worth[full]])
        self.levels: list[tuple[float, tuple[tuple[str, ...], ...]]] = []
        self.open = self.n > 1

    def solve_level(self) -> tuple[float, NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the least largest complaint of sets not settled, a point, and which sets and which floors hold it."""
        n, settled = self.n, self._settled()
        while True:
            masks = self.masks[~settled[self.masks]]
            ends = -np.ones((len(masks), 1))
            a = np.hstack([-kernel.members(masks, n).astype(np.float64), ends])
            b = -self.worth[masks]
            if self.floor is not None:
                a = np.vstack([a, np.hstack([-np.eye(n), np.zeros((n, 1))])])
                b = np.concatenate([b, -self.floor])
            equal = np.hstack([self.rows, np.zeros((len(self.rows), 1))])
            found = linear_program(np.append(np.zeros(n), 1.0), a, b, equal, self.shares)
            point, complaint = found.x[:n], float(found.x[n])
            short = self.worth - kernel.subset_sums(point) - complaint
            short[settled] = -np.inf
            more = most_short(short, masks, 1e-9)
            if not len(more):
                break
            self.masks = np.unique(np.concatenate([self.masks, more]))
        held = np.flatnonzero(found.dual < -TIGHT)
        at = masks[held[held < len(masks)]]
        return complaint * self.scale, point * self.scale, at, held[held >= len(masks)] - len(masks)

    def level(self) -> None:
        """Settle one level more."""
        complaint, _, at, floors = self.solve_level()
        self.levels.append((complaint, tuple(self.game.names(int(m)) for m in at)))
        rows = [*kernel.members(at, self.n).astype(np.float64), *np.eye(self.n)[floors]]
        floor = np.zeros(self.n) if self.floor is None else self.floor
        shares = [*(self.worth[at] - complaint / self.scale), *floor[floors]]
        self.rows, self.shares = _independent(np.vstack([self.rows, *rows]), np.append(self.shares, shares))
        self.open = len(self.rows) < self.n

    def solution(self) -> NDArray[np.float64]:
        """Return the one point left."""
        return np.asarray(np.linalg.solve(self.rows, self.shares) * self.scale, dtype=np.float64)

    def _settled(self) -> NDArray[np.bool_]:
        """Return which sets have a share that no longer moves: a random direction that is still open does not move them."""
        out = np.ones(1 << self.n, dtype=np.bool_)
        if len(self.rows) < self.n:
            left = np.linalg.svd(self.rows)[2][len(self.rows) :]
            mix = np.random.default_rng(1).normal(size=(3, len(left))) @ left
            out &= np.abs(kernel.subset_sums(mix)).max(axis=0) < 1e-9
        return out


def _independent(
    rows: NDArray[np.float64], shares: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rows that span the same space, the first of each direction."""
    kept: list[int] = []
    basis = np.zeros((0, rows.shape[1]))
    for k, row in enumerate(rows):
        rest = row - basis.T @ (basis @ row)
        rest -= basis.T @ (basis @ rest)
        size = float(np.linalg.norm(rest))
        if size > 1e-7:
            basis = np.vstack([basis, rest / size])
            kept.append(k)
    return rows[kept], shares[kept]
