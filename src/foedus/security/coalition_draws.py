"""The numbers of a coalition, draw by draw: exact where every set can be looked through, from orders of joining beyond.

Arrays in, arrays out; strengths are of the row at the place of the column. Knows no names: see `foedus.security.coalition`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.kernels import coalition as kernel
from foedus.kernels import streams
from foedus.security.games import CoalitionGame
from foedus.security.nucleolus import nucleolus

if TYPE_CHECKING:
    from numpy.typing import NDArray

AT_ONCE = 1 << 22
"""Worths held at a time."""
PAIRS = 8
"""Orders of joining, each with its reverse, in a draw that is sampled."""


def exact(
    strength: NDArray[np.float64], stake: NDArray[np.float64], threat: NDArray[np.float64], r: NDArray[np.float64], size: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:  # fmt: skip
    """Return every number of every draw, each of shape (n_draws,) or (n_draws, n), some draws at a time."""
    draws, n = stake.shape
    step = max(1, AT_ONCE >> n)
    parts = [
        _numbers(strength[a : a + step], stake[a : a + step], threat[a : a + step], r[a : a + step], size[a : a + step])
        for a in range(0, draws, step)
    ]
    return {k: np.concatenate([p[k] for p in parts]) for k in parts[0]}


def _numbers(
    strength: NDArray[np.float64], stake: NDArray[np.float64], threat: NDArray[np.float64], r: NDArray[np.float64], size: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:  # fmt: skip
    """Return every number of these draws."""
    n = stake.shape[1]
    worth = kernel.own_stakes(strength, stake, threat, r)
    total = worth[:, -1]
    own = np.diagonal(strength, axis1=1, axis2=2)
    together = kernel.prevail(strength.sum(axis=1), threat, r[:, None])
    shapley = kernel.shapley(worth)
    weighs = (kernel.subset_sums(strength[:, :, 0]) > threat[:, :1]).astype(np.float64)
    out: dict[str, NDArray[Any]] = {
        "total": total, "alone": worth[:, 1 << np.arange(n)].sum(axis=1),
        "holds_alone": kernel.prevail(own, threat, r[:, None]), "holds_together": together,
        "shapley": shapley, "gives": shapley - stake * together, "banzhaf": kernel.banzhaf(worth), "tips": kernel.shapley(weighs),
        "dummy": kernel.powerless(weighs, 0.0), "outweighs": weighs[:, -1],
        "convex": np.array([kernel.least_second_difference(w)[0] >= -1e-9 * t for w, t in zip(worth, total, strict=True)]),
    }  # fmt: skip
    shares = {
        "own": stake * together,
        "shapley": shapley,
        "capability": size * total[:, None],
        "equal": total[:, None] / n * np.ones(n),
    }
    for name, share in shares.items():
        gains = (worth - kernel.subset_sums(share))[:, 1:-1]
        best = gains.argmax(axis=1)
        gain = np.take_along_axis(gains, best[:, None], axis=1)[:, 0]
        blocked = gain > 1e-9 * total
        out |= {"best:" + name: np.where(blocked, best + 1, 0), "gain:" + name: gain}
    return out


def nucleoli(
    strength: NDArray[np.float64], stake: NDArray[np.float64], threat: NDArray[np.float64], r: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the nucleolus of each draw, shape (n_draws, n)."""
    names = tuple(str(i) for i in range(stake.shape[1]))
    games = kernel.own_stakes(strength, stake, threat, r)
    return np.array([nucleolus(CoalitionGame(names, g)).allocation for g in games]).reshape(len(games), len(names))


def sampled(
    strength: NDArray[np.float64], stake: NDArray[np.float64], threat: NDArray[np.float64], r: NDArray[np.float64],
    keys: NDArray[np.uint64], seed: int,
) -> dict[str, NDArray[Any]]:  # fmt: skip
    """Return what can be had without looking through every set; Shapley values and tipping from `PAIRS` orders and their reverses a draw.

    ``shapley``, ``gives``, ``tips`` have `PAIRS` rows a draw, consecutive; the others one.
    """
    draws, n = stake.shape
    own = np.diagonal(strength, axis1=1, axis2=2)
    together = kernel.prevail(strength.sum(axis=1), threat, r[:, None])
    orders = np.argsort(streams.uniforms(seed, keys, draws * PAIRS), axis=1)
    added, tips = np.zeros((draws * PAIRS, n)), np.zeros((draws * PAIRS, n))
    for k, order in enumerate(orders):
        d = k // PAIRS
        for one in (order, order[::-1]):
            there = np.tril(np.ones((n, n)))
            mine = np.cumsum(strength[d][one], axis=0)
            kept = kernel.prevail(mine[:, one], threat[d][one], r[d]) * stake[d][one] * there
            added[k, one] += 0.5 * np.diff(kept.sum(axis=1), prepend=0.0)
            tips[k, one] += 0.5 * np.diff((mine[:, 0] > threat[d, 0]).astype(np.float64), prepend=0.0)
    alone = kernel.prevail(own, threat, r[:, None])
    return {
        "total": (stake * together).sum(axis=1), "alone": (stake * alone).sum(axis=1), "holds_alone": alone,
        "holds_together": together, "shapley": added, "gives": added - np.repeat(stake * together, PAIRS, axis=0), "tips": tips,
        "outweighs": (strength[:, :, 0].sum(axis=1) > threat[:, 0]).astype(np.float64),
    }  # fmt: skip
