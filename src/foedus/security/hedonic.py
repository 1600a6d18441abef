"""`stable_partitions`: divisions into blocs that nobody would leave, where each cares only about who is in its own bloc.

Nash: nobody would rather join another bloc or stand alone. Individual: nobody would and be welcome there. Core: no set would rather form a bloc of
its own [Bogomolnaia2002]_. All divisions are looked through up to 11 players; beyond, players move one by one until nobody would (`settle`), which
finds some stable divisions and proves nothing about others. Does not read a system: payoffs are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import parameter
from foedus.kernels import coalition as kernel
from foedus.kernels import partitions as divisions
from foedus.kernels import streams
from foedus.security.games import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

LARGEST = 11
"""Players up to which every division is looked through: 678,570 of them."""
MOVERS = 200
"""Players up to which they are moved one by one."""

Division = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class HedonicGame:
    """Players and what a bloc pays each of its members.

    Attributes
    ----------
    players : tuple of str
    payoff : callable
        ``payoff(i, sets)`` returns what player i gets in each of ``sets`` (bool, shape (m, n), i in all of them), shape (m,).
    kind : str
    """

    players: tuple[str, ...]
    payoff: Callable[[int, NDArray[np.bool_]], NDArray[np.float64]]
    kind: str = "given"

    def __post_init__(self) -> None:
        if isinstance(self.players, str) or not 1 <= len(self.players) <= MOVERS:
            raise parameter("players", f"{len(self.players)} players", f"1 to {MOVERS} names")
        if len(set(self.players)) < len(self.players):
            twice = next(p for p in self.players if self.players.count(p) > 1)
            raise parameter("players", twice, "each player once")

    @classmethod
    def of_strength(
        cls, strength: ArrayLike, k: float, *, threat: float | None = None, r: float = 1.0, players: Sequence[str] | None = None
    ) -> HedonicGame:  # fmt: skip
        """Return the game of ``u_i(S) = p(S) - k (|S| - 1)``: safety in numbers, less what each fellow member costs.

        Parameters
        ----------
        strength : array, shape (n,)
        k : float
            Cost of a fellow member.
        threat : float, optional
            Strength that a bloc must face; by default that of all others together.
        r : float
            Exponent of the Tullock contest ``p(S)``.
        players : sequence of str, optional

        Examples
        --------
        >>> game = HedonicGame.of_strength([2, 1, 1], 0.1, players=["a", "b", "c"])
        >>> stable_partitions(game).nash
        ((('a', 'b', 'c'),),)
        """
        m = np.asarray(strength, dtype=np.float64)
        if m.ndim != 1 or not m.size:
            raise parameter("strength", f"shape {m.shape}", "(n,), at least one player")
        against = np.array(0.0 if threat is None else threat, dtype=np.float64)
        checked(("strength", m), ("threat", against))
        exponent = np.asarray(r, dtype=np.float64)
        if not np.isfinite(k) or exponent.ndim or not (np.isfinite(exponent) and exponent > 0):
            raise parameter("k and r", (k, r), "a finite cost, and a finite exponent above 0")

        def payoff(_: int, sets: NDArray[np.bool_]) -> NDArray[np.float64]:
            ours = sets @ m
            theirs = against if threat is not None else ~sets @ m
            return kernel.prevail(ours, theirs, exponent) - k * (sets.sum(axis=1) - 1)

        names = tuple(players) if players is not None else tuple(str(i + 1) for i in range(m.size))
        if len(names) != m.size:
            raise parameter("players", f"{len(names)} names", f"one for each of {m.size} strengths")
        return cls(names, payoff, "strength")

    @classmethod
    def of_pairs(cls, payoffs: ArrayLike, *, players: Sequence[str] | None = None) -> HedonicGame:
        """Return the game in which each fellow member is worth something to each: ``u_i(S) = sum_{j in S, j != i} W_ij``.

        Parameters
        ----------
        payoffs : array, shape (n, n)
            What the column is worth to the row, below zero for one it would rather not be with; the diagonal is not read.
        players : sequence of str, optional
        """
        w = np.array(payoffs, dtype=np.float64)
        if w.ndim != 2 or w.shape[0] != w.shape[1] or not w.size:
            raise parameter("payoffs", f"shape {w.shape}", "(n, n), at least one player")
        np.fill_diagonal(w, 0.0)
        if not np.isfinite(w).all():
            raise parameter("payoffs", float(w[~np.isfinite(w)][0]), "finite numbers")
        names = tuple(players) if players is not None else tuple(str(i + 1) for i in range(len(w)))
        if len(names) != len(w):
            raise parameter("players", f"{len(names)} names", f"one for each of {len(w)} rows")
        return cls(names, lambda i, sets: sets @ w[i], "pairs")

    def at(self, i: int, sets: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return payoffs that are numbers."""
        found = np.asarray(self.payoff(i, sets), dtype=np.float64)
        if found.shape != (len(sets),) or not np.isfinite(found).all():
            raise parameter("payoff", found.tolist()[:3], f"a finite number for each set (player {self.players[i]})")
        return found


@dataclass(frozen=True, eq=False)
class StablePartitions:
    """All stable divisions: ``nash``, ``individual``, ``core``, each a tuple of divisions; ``looked_through`` how many there are in all."""

    players: tuple[str, ...]
    nash: tuple[Division, ...]
    individual: tuple[Division, ...]
    core: tuple[Division, ...]
    looked_through: int

    def table(self) -> pl.DataFrame:
        """Return one row a division that is stable in some sense."""
        import polars as pl

        found = sorted({*self.nash, *self.individual, *self.core})
        rows = [
            {"division": said(d), "blocs": len(d), "nash": d in self.nash, "individual": d in self.individual, "core": d in self.core}
            for d in found
        ]  # fmt: skip
        schema = {
            "division": pl.String,
            "blocs": pl.Int64,
            "nash": pl.Boolean,
            "individual": pl.Boolean,
            "core": pl.Boolean,
        }
        return pl.DataFrame(rows, schema=schema)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "exact, all divisions looked through",
            "looked_through": self.looked_through,
            "stable": self.table().to_dicts(),
        }


@dataclass(frozen=True, eq=False)
class Settled:
    """Divisions at which players came to rest when they moved one by one; not all that are stable, and none is proved absent.

    ``found``: (division, starts that ended there), most frequent first; ``restless``: starts that were still moving at the end.
    """

    found: tuple[tuple[Division, int], ...]
    restless: int
    rule: str
    starts: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row a division found."""
        import polars as pl

        rows = [(said(d), len(d), k) for d, k in self.found]
        return pl.DataFrame(rows, schema={"division": pl.String, "blocs": pl.Int64, "starts": pl.Int64}, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "simulated, not exhaustive", "rule": self.rule, "found": self.table().to_dicts(), "restless": self.restless,
            "starts": self.starts, "seed": self.seed,
        }  # fmt: skip


def stable_partitions(game: HedonicGame) -> StablePartitions:
    """Return every Nash, individually and core stable division of up to 11 players.

    Parameters
    ----------
    game : HedonicGame

    Returns
    -------
    StablePartitions
        A gain of at most 1e-9 of the largest payoff moves nobody.

    Raises
    ------
    ParameterError
        More than 11 players.

    References
    ----------
    [Bogomolnaia2002]_

    Examples
    --------
    >>> triangle = HedonicGame.of_pairs([[0, 2, 1], [1, 0, 2], [2, 1, 0]], players=["a", "b", "c"])
    >>> stable_partitions(triangle).core
    ((('a', 'b', 'c'),),)
    """
    n = len(game.players)
    if n > LARGEST:
        raise parameter(
            "game",
            f"{n} players",
            f"at most {LARGEST}",
            "use settle: it moves players one by one and is not exhaustive",
        )
    payoff = np.zeros((n, 1 << n))
    masks = np.arange(1 << n)
    for i in range(n):
        mine = masks[masks >> i & 1 == 1]
        payoff[i, mine] = game.at(i, kernel.members(mine, n))
    labels = divisions.partitions(n)
    which = divisions.stable(payoff, labels, 1e-9 * float(np.abs(payoff).max()))
    nash, individual, core = (tuple(_named(game.players, row) for row in labels[w]) for w in which)
    return StablePartitions(game.players, nash, individual, core, len(labels))


def settle(
    game: HedonicGame, *, rule: Literal["nash", "individual"] = "individual", starts: int = 20, moves: int = 10_000, seed: int = 1
) -> Settled:  # fmt: skip
    """Return divisions at which players come to rest when one at a time moves to where it is better off; not exhaustive.

    The first start has everybody alone, the second all together, the others are drawn. In each round players come up in a drawn order, and each goes
    where it gains most (with ``rule="individual"`` only where nobody loses by it); it ends when a round passes without a move.

    Parameters
    ----------
    game : HedonicGame
        Up to 200 players.
    rule : {"nash", "individual"}
    starts, moves : int
        Starts, and moves after which one is given up.
    seed : int

    Raises
    ------
    ParameterError
        An argument outside its range.

    Examples
    --------
    >>> game = HedonicGame.of_pairs(np.where(np.arange(30)[:, None] // 10 == np.arange(30) // 10, 1, -1))
    >>> [len(d) for d, _ in settle(game, starts=5).found]
    [3]
    """
    if rule not in {"nash", "individual"}:
        raise parameter("rule", rule, "nash or individual")
    for name, value in (("starts", starts), ("moves", moves)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise parameter(name, value, "an integer of at least 1")
    counts: dict[Division, int] = {}
    restless = 0
    for start in range(starts):
        labels = _start(game, start, seed)
        if _move(game, labels, rule == "individual", moves, start, seed):
            division = _named(game.players, labels)
            counts[division] = counts.get(division, 0) + 1
        else:
            restless += 1
    found = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return Settled(found, restless, rule, starts, seed)


def said(division: Division) -> str:
    """Return a division in one line."""
    return " | ".join(", ".join(bloc) for bloc in division)


def _start(game: HedonicGame, start: int, seed: int) -> NDArray[np.int64]:
    """Return the labels of a start."""
    n = len(game.players)
    if start < 2:
        return np.arange(n) if start == 0 else np.zeros(n, dtype=np.int64)
    keys = streams.keys_of([f"bloc:{p}" for p in game.players])
    u = streams.uniforms(seed, keys, 1, first=start)[0]
    return (u * (1 + start % n)).astype(np.int64)


def _move(game: HedonicGame, labels: NDArray[np.int64], asked: bool, moves: int, start: int, seed: int) -> bool:
    """Move players until nobody would, and return whether that came; ``labels`` is modified in place."""
    keys = streams.keys_of([f"turn:{p}" for p in game.players])
    made, turn, moved = 0, 0, True
    while moved:
        moved = False
        for i in np.argsort(streams.uniforms(seed, keys, 1, counter=start + 1, first=turn)[0]):
            target = _better(game, labels, int(i), asked)
            if target >= 0:
                if made == moves:
                    return False
                labels[i] = target
                made, moved = made + 1, True
        turn += 1
    return True


def _better(game: HedonicGame, labels: NDArray[np.int64], i: int, asked: bool) -> int:
    """Return the label of the bloc to which player i would move, -1 if it stays."""
    n = len(labels)
    used = np.unique(labels)
    free = np.setdiff1d(np.arange(n), used)[:1]
    targets = np.concatenate([used, free])
    sets = labels[None, :] == targets[:, None]
    sets[:, i] = True
    pays = game.at(i, sets)
    now = pays[np.searchsorted(used, labels[i])]
    gain = pays - now
    better = np.flatnonzero(gain > 1e-9 * max(1.0, abs(now)))
    for k in better[np.argsort(-gain[better], kind="stable")]:
        if not asked or _admits(game, sets[k], i):
            return int(targets[k])
    return -1


def _admits(game: HedonicGame, joined: NDArray[np.bool_], i: int) -> bool:
    """Return whether nobody in a bloc loses by i's coming."""
    before = joined.copy()
    before[i] = False
    both = np.stack([before, joined])
    pays = (game.at(int(j), both) for j in np.flatnonzero(before))
    return all(after >= alone - 1e-9 * max(1.0, abs(alone)) for alone, after in pays)


def _named(players: tuple[str, ...], labels: NDArray[np.int64]) -> Division:
    """Return a division by names, blocs in order of their first member."""
    seen = list(dict.fromkeys(labels.tolist()))
    return tuple(tuple(p for p, x in zip(players, labels, strict=True) if x == label) for label in seen)
