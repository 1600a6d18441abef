"""`stable_networks`: every network of alliances on a few states, and which are war-stable, by going through all of them.

War-stable after [JacksonNei2015]_: (S1) nobody is vulnerable; (S2) nobody becomes or stays vulnerable if one tie is added; (S3) no tie can be
dropped without making both its ends vulnerable. With trade, (S3) gives way to: nobody gains by dropping a tie, and (T2) no two would both gain
by adding one. The paper's symbols could not be read in full; these are the conditions as its abstract and its readers state them, and the form
of trade here is our own. Says nothing about real systems, see `foedus.security.stability`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.kernels import vulnerability as kernel

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

MOST = 6
"""States up to which every network is tried: 32,768 networks on six."""


@dataclass(frozen=True, eq=False)
class StableNetworks:
    """All networks on n states, and which conditions each meets: exact, every network and every coalition tried.

    Attributes
    ----------
    strengths : float64 array, shape (n,)
    gamma : float
        Strength that an attack needs for each unit of defence.
    ties : bool array, shape (K, n, n)
    vulnerable : bool array, shape (K, n)
    s1, s2, kept : bool array, shape (K,)
        ``kept``: no tie can go, by S3, or with trade because nobody gains by dropping one.
    t2 : bool array, shape (K,)
        No two would both gain in trade from a tie more; True without trade.
    """

    strengths: NDArray[np.float64]
    gamma: float
    ties: NDArray[np.bool_]
    vulnerable: NDArray[np.bool_]
    s1: NDArray[np.bool_]
    s2: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    t2: NDArray[np.bool_]

    @property
    def stable(self) -> NDArray[np.int64]:
        """Positions of the networks that meet all conditions."""
        return np.flatnonzero(self.s1 & self.s2 & self.kept & self.t2)

    def pairs(self, position: int) -> tuple[tuple[int, int], ...]:
        """Return the ties of a network."""
        return tuple((int(i), int(j)) for i, j in np.argwhere(np.triu(self.ties[position])))

    def table(self) -> pl.DataFrame:
        """Return one row a network: its ties, who is vulnerable, and the conditions."""
        import polars as pl

        told = [" ".join(f"{i}-{j}" for i, j in self.pairs(k)) for k in range(len(self.ties))]
        return pl.DataFrame({
            "network": told, "ties": self.ties.sum(axis=(1, 2)) // 2, "vulnerable": self.vulnerable.sum(axis=1), "s1": self.s1, "s2": self.s2,
            "kept": self.kept, "t2": self.t2, "stable": self.s1 & self.s2 & self.kept & self.t2,
        })  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "exact, every network tried", "strengths": self.strengths.tolist(), "gamma": self.gamma, "networks": len(self.ties),
            "stable": [self.pairs(int(k)) for k in self.stable], "s1": int(self.s1.sum()), "s2": int(self.s2.sum()), "kept": int(self.kept.sum()),
            "t2": int(self.t2.sum()),
        }  # fmt: skip


def stable_networks(
    strengths: ArrayLike, gamma: float, *, trade: ArrayLike | None = None, spoils: ArrayLike | None = None, upkeep: float = 0.0
) -> StableNetworks:  # fmt: skip
    """Return every network on a few states and whether it is war-stable, with or without trade.

    Parameters
    ----------
    strengths : array, shape (n,)
        From 1 to `MOST` of them, none negative.
    gamma : float
        Strength that an attack needs for each unit of defence, positive.
    trade : array, shape (n, n), optional
        What a tie is worth to each of its two ends a year, symmetric, none negative. An attacker that attacks its own ally loses it.
    spoils : array, shape (n,), optional
        What the conquest of each is worth to its attackers, who share it by strength; needed with ``trade``. A coalition forms only if none of
        its members loses by it.
    upkeep : float
        With trade, ties cost each state ``upkeep`` times the square of their number.

    Returns
    -------
    StableNetworks

    Raises
    ------
    ParameterError
        Another number of states, or a value outside its range.

    Notes
    -----
    For n >= 2 and without trade no network with a tie is war-stable, whatever the strengths and gamma. Take a tie i-k without which i falls to
    a coalition C round j, though with it i does not. Then k is not in C and defends i. Let k ally with j (or it is j's ally already): C with k
    against i is stronger by k, and the defence without it no stronger than before. So i is vulnerable, against S1 or S2. That S3 holds for one
    end is enough. The network without ties is war-stable if and only if M_i + M_j <= gamma M_k for all three different, and for n = 2 if
    neither beats the other.

    References
    ----------
    [JacksonNei2015]_

    Examples
    --------
    >>> stable_networks([1, 1, 1], 1.5).to_dict()["stable"]
    []
    >>> stable_networks([1, 1, 1], 2.1).to_dict()["stable"]
    [()]
    >>> stable_networks([1, 1, 1], 1.5, trade=np.ones((3, 3)), spoils=[1, 1, 1]).to_dict()["stable"]
    [((0, 1), (0, 2), (1, 2))]
    """
    m = _vector("strengths", strengths, None)
    n = len(m)
    if not (np.isfinite(gamma) and gamma > 0):
        raise parameter("gamma", gamma, "a positive finite number")
    if not (np.isfinite(upkeep) and upkeep >= 0) or (upkeep and trade is None):
        raise parameter("upkeep", upkeep, "a finite number of at least 0, and 0 without trade")
    if (trade is None) != (spoils is None):
        raise parameter("spoils", spoils, "given with trade, and only with it")
    worth = None if trade is None else _matrix(trade, n)
    prey = None if spoils is None else _vector("spoils", spoils, n)
    ties = kernel.networks(n)
    hit = kernel.vulnerable_in_all(m, gamma, prey, worth)
    i, j = np.triu_indices(n, 1)
    number = np.arange(len(ties))
    s1: NDArray[np.bool_] = np.logical_not(hit.any(axis=1))
    s2, kept, t2 = (np.ones(len(ties), dtype=np.bool_) for _ in range(3))
    for e, (a, b) in enumerate(zip(i, j, strict=True)):
        there = ties[:, a, b]
        s2 &= there | s1[number | (1 << e)]
        without = hit[number & ~(1 << e)]
        if worth is None:
            kept &= ~there | (without[:, a] & without[:, b])
            continue
        degree = ties.sum(axis=2)
        drop = [upkeep * (2 * degree[:, x] - 1) - worth[a, b] for x in (a, b)]
        add = [worth[a, b] - upkeep * (2 * degree[:, x] + 1) for x in (a, b)]
        kept &= ~there | (((drop[0] <= 0) | without[:, a]) & ((drop[1] <= 0) | without[:, b]))
        t2 &= there | (add[0] <= 0) | (add[1] <= 0)
    return StableNetworks(m, float(gamma), ties, hit, s1, s2, kept, t2)


def _vector(name: str, values: ArrayLike, n: int | None) -> NDArray[np.float64]:
    """Return a vector of numbers that are known and not negative."""
    try:
        out = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise parameter(name, values, "numbers") from error
    right = out.ndim == 1 and (1 <= len(out) <= MOST if n is None else len(out) == n)
    if not right or not np.isfinite(out).all() or (out < 0).any():
        raise parameter(name, values, f"{n or f'1 to {MOST}'} numbers of at least 0, all known")
    return out


def _matrix(values: ArrayLike, n: int) -> NDArray[np.float64]:
    """Return a symmetric matrix of numbers that are known and not negative."""
    try:
        out = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise parameter("trade", values, "numbers") from error
    if out.shape != (n, n) or not np.isfinite(out).all() or (out < 0).any() or not np.array_equal(out, out.T):
        raise parameter("trade", values, f"a symmetric {n} by {n} matrix of numbers of at least 0")
    return out
