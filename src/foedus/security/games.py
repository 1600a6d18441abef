"""Coalition games: a worth for every set of players.

From own stakes (each member defends what is its own with the strength of all), from a common prize, from weights and a quota, or from any function.
Worths are held for all 2**n sets, hence up to 20 players; `foedus.security.sampled` goes on to 200. Solves nothing: see `foedus.security.values`,
`core` and `nucleolus`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.kernels import coalition as kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

LARGEST = 20
"""Players up to which every set is held."""


class NotSuperadditiveWarning(UserWarning):
    """The game pays sets to stay apart, so values that share the worth of all together answer no question about joining."""


@dataclass(frozen=True, eq=False)
class CoalitionGame:
    """A game in characteristic form.

    Attributes
    ----------
    players : tuple of str
    worth : float64 array, shape (2**n,)
        Worth of each set, in the unit of the stakes; players are bits, the first the lowest; ``worth[0] == 0``.
    kind : str
        How it was made.

    Examples
    --------
    >>> from foedus.security.games import CoalitionGame
    >>> gloves = CoalitionGame.of(["L", "R1", "R2"], lambda s: float("L" in s and len(s) > 1))
    >>> gloves.of_set(["L", "R2"])
    1.0
    """

    players: tuple[str, ...]
    worth: NDArray[np.float64]
    kind: str = "given"

    def __post_init__(self) -> None:
        n = _names(self.players)
        worth = np.asarray(self.worth, dtype=np.float64)
        if worth.shape != (1 << n,):
            raise parameter("worth", f"shape {worth.shape}", f"(2**n,) = ({1 << n},) for {n} players")
        if not np.isfinite(worth).all():
            bad = int(np.flatnonzero(~np.isfinite(worth))[0])
            raise parameter("worth", float(worth[bad]), f"finite worths (set {self.names(bad)})")
        if worth[0] != 0:
            raise parameter("worth", float(worth[0]), "0 for the empty set")
        object.__setattr__(self, "worth", worth)

    @classmethod
    def of(cls, players: Sequence[str], worth: Callable[[frozenset[str]], float]) -> CoalitionGame:
        """Return the game of any function from sets of players to worths, called once for each set that is not empty."""
        n, names = _names(players), tuple(players)
        sets = (frozenset(p for i, p in enumerate(names) if mask >> i & 1) for mask in range(1, 1 << n))
        return cls(names, np.array([0.0, *(float(worth(s)) for s in sets)]), "given")

    @classmethod
    def own_stakes(
        cls, strength: ArrayLike, threat: ArrayLike, *, stakes: ArrayLike = 1.0, r: float = 1.0, players: Sequence[str] | None = None
    ) -> CoalitionGame:  # fmt: skip
        """Return the game of members who each defend their own stake with the strength of all: ``v(S) = sum_{i in S} V_i p_i(S)``.

        It is superadditive for every r, and its core is never empty: to each what it keeps when all stand together, ``V_i p_i(N)``, leaves no set
        better off alone, as ``p_i`` only grows with the set. It need not be convex: see `foedus.security.core.convexity`.

        Parameters
        ----------
        strength : array, shape (n,) or (n, n)
            Strength of each; as a matrix, of the row at the place of the column.
        threat : number or array, shape (n,)
            Strength of the threat, at each place.
        stakes : number or array, shape (n,)
            What each has at stake, none negative.
        r : float
            Exponent of the Tullock contest.
        players : sequence of str, optional
            Names; by default ``1 .. n``.

        Examples
        --------
        >>> from foedus.security.games import CoalitionGame
        >>> game = CoalitionGame.own_stakes([10, 6, 4, 2], 12)
        >>> round(game.total, 6), round(game.of_set(["2"]), 6)
        (2.588235, 0.333333)
        """
        m, names = _strength(strength, players)
        n = len(names)
        v, t = _vector("stakes", stakes, n), _vector("threat", threat, n)
        return cls(names, kernel.own_stakes(m, v, t, np.array(_exponent(r))), "own stakes")

    @classmethod
    def common_prize(
        cls, strength: ArrayLike, threat: float, *, prize: float = 1.0, r: float = 1.0, players: Sequence[str] | None = None
    ) -> CoalitionGame:  # fmt: skip
        """Return the game for one prize, ``v(S) = V p(S)``, and warn: at ``r = 1`` it is not superadditive.

        Each set alone counts the whole prize as its own, so two sets that stand apart count it twice. What the Shapley value then shares out is less
        than what the sets are said to have already, and the core is empty.

        Warns
        -----
        NotSuperadditiveWarning
            The players alone are worth more than all together.
        """
        m = np.asarray(strength, dtype=np.float64)
        names = tuple(players) if players is not None else tuple(str(i + 1) for i in range(m.size))
        _names(names)
        m = _vector("strength", m, len(names))
        t = _vector("threat", threat, 1)
        worth = _vector("prize", prize, 1) * kernel.prevail(kernel.subset_sums(m), t, np.array(_exponent(r)))
        worth[0] = 0.0
        game = cls(names, worth, "common prize")
        alone = sum(game.alone)
        if alone > game.total * (1 + 1e-12):
            warnings.warn(
                f"a common prize is counted by each set as its own: the players alone are worth {alone:.3f}, all together {game.total:.3f}; "
                "use own stakes to ask who gains by joining",
                NotSuperadditiveWarning, stacklevel=2,
            )  # fmt: skip
        return game

    @classmethod
    def weighted_majority(
        cls, quota: float, weights: ArrayLike, *, players: Sequence[str] | None = None
    ) -> CoalitionGame:
        """Return the game ``[q; w_1, ..., w_n]``: a set is worth 1 if its weight reaches the quota, else 0.

        Raises
        ------
        ParameterError
            The quota is not positive, or above all weights together so that nothing can pass.
        """
        w = np.asarray(weights, dtype=np.float64)
        names = tuple(players) if players is not None else tuple(str(i + 1) for i in range(w.size))
        w = _vector("weights", w, _names(names))
        if not 0 < quota <= w.sum():
            raise parameter("quota", quota, f"above 0 and at most the sum of weights, {w.sum():g}")
        slack = 1e-12 * w.sum()
        return cls(names, (kernel.subset_sums(w) >= quota - slack).astype(np.float64), "weighted majority")

    @property
    def n(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def total(self) -> float:
        """Worth of all together."""
        return float(self.worth[-1])

    @property
    def alone(self) -> tuple[float, ...]:
        """Worth of each alone."""
        return tuple(float(self.worth[1 << i]) for i in range(self.n))

    @property
    def tolerance(self) -> float:
        """Difference of worths that counts as none: 1e-9 of the largest."""
        return 1e-9 * float(np.abs(self.worth).max(initial=0.0))

    def mask(self, players: Iterable[str]) -> int:
        """Return the position of a set.

        Raises
        ------
        ParameterError
            A name that no player bears.
        """
        out = 0
        for name in players:
            if name not in self.players:
                raise parameter("players", name, f"one of {', '.join(self.players)}")
            out |= 1 << self.players.index(name)
        return out

    def names(self, mask: int) -> tuple[str, ...]:
        """Return the players of a set."""
        return tuple(p for i, p in enumerate(self.players) if mask >> i & 1)

    def of_set(self, players: Iterable[str]) -> float:
        """Return the worth of a set."""
        return float(self.worth[self.mask(players)])

    def table(self) -> pl.DataFrame:
        """Return one row a set, smallest sets first."""
        import polars as pl

        order = np.argsort(kernel.sizes(self.n), kind="stable")
        rows = {
            "players": [", ".join(self.names(int(k))) for k in order],
            "n": kernel.sizes(self.n)[order],
            "worth": self.worth[order],
        }
        return pl.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {"kind": self.kind, "players": list(self.players), "worth": self.worth.tolist()}


def _names(players: Sequence[str]) -> int:
    """Return the number of players, once their names are found fit."""
    if isinstance(players, str) or not 1 <= len(players) <= LARGEST:
        got = players if isinstance(players, str) else f"{len(players)} players"
        raise parameter(
            "players", got, f"1 to {LARGEST} names",
            f"every set of players is held: above {LARGEST} use foedus.security.sampled",
        )  # fmt: skip
    if len(set(players)) < len(players):
        twice = next(p for p in players if list(players).count(p) > 1)
        raise parameter("players", twice, "each player once")
    return len(players)


def _strength(strength: ArrayLike, players: Sequence[str] | None) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the strength of the row at the place of the column, and the players' names."""
    m = np.asarray(strength, dtype=np.float64)
    if m.ndim not in {1, 2} or (m.ndim == 2 and m.shape[0] != m.shape[1]):
        raise parameter("strength", f"shape {m.shape}", "(n,), or (n, n) for the row at the place of the column")
    names = tuple(players) if players is not None else tuple(str(i + 1) for i in range(len(m)))
    n = _names(names)
    if len(m) != n:
        raise parameter("strength", f"{len(m)} rows", f"one for each of {n} players")
    checked(("strength", m))
    return (np.repeat(m[:, None], n, axis=1) if m.ndim == 1 else m), names


def _vector(name: str, value: ArrayLike, n: int) -> NDArray[np.float64]:
    """Return n finite numbers, none negative."""
    v = np.asarray(value, dtype=np.float64)
    if v.shape not in {(), (n,)}:
        raise parameter(name, f"shape {v.shape}", f"one number, or {n}")
    checked((name, v))
    return np.broadcast_to(v, (n,)).copy()


def checked(*arrays: tuple[str, NDArray[np.float64]]) -> None:
    """Raise ParameterError where a number is negative, infinite or unknown."""
    for name, array in arrays:
        wrong = ~(np.isfinite(array) & (array >= 0))
        if wrong.any():
            raise parameter(
                name, float(array[wrong][0]), "finite numbers of at least 0",
                "what is unknown is not zero: draw it over its range",
            )  # fmt: skip


def _exponent(r: float) -> float:
    """Return a positive finite exponent."""
    if isinstance(r, bool) or not isinstance(r, int | float) or not np.isfinite(r) or r <= 0:
        raise parameter("r", r, "a finite number above 0")
    return float(r)
