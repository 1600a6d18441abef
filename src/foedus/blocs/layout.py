"""Signed layout: allies near, rivals far, each year close to the year before.

Targets follow from signs and weights; the places come from `foedus.kernels.layout`. Knows no blocs: a picture drawn from it shows them
because they are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.tie_arrays import check_ends, check_sizes, tie_arrays
from foedus.errors import parameter
from foedus.kernels import layout, streams

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from foedus.blocs.moment import Moment
    from foedus.blocs.series import BlocYears

NEAR, FAR, NEUTRAL = (1.0, 0.25), (2.2, 3.4), 1.9
"""Target distance of friends and of foes, for the weakest tie and the strongest, and of pairs without a tie."""
FAINT = 0.02
"""Weight of a pair without a tie, beside up to 1 for a tie."""
STARTS, ROUNDS, TOLERANCE = 5, 200, 1e-3
MOST = 4000
"""Nodes up to which all pairs are weighed."""


def signed_layout(
    n: int,
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    w: NDArray[np.float64],
    *,
    start: NDArray[np.float64] | None = None,
    seed: int = 1,
) -> NDArray[np.float64]:
    """Return places in the plane in which friends are near and foes far, shape (n, 2).

    Parameters
    ----------
    n : int
        Nodes.
    i, j : int64 arrays, shape (m,)
        Ends of each tie, each pair once.
    w : float64 array, shape (m,)
        Above 0 friends, below 0 foes; only sizes relative to the median count.
    start : float64 array, shape (n, 2), optional
        Places to begin from, such as those of the year before; a row of NaN has none and begins among its friends. The result is turned (and
        mirrored if need be) to lie on it as closely as it can.
    seed : int
        Of the random starts where no ``start`` is given, and of new nodes.

    Returns
    -------
    float64 array, shape (n, 2)
        Without ``start`` the longest axis lies across, the node of most tie weight to the left and above. In units of target distance.

    Raises
    ------
    ParameterError
        A weight that is not finite, a ``start`` of another shape, or more than 4,000 nodes.

    Notes
    -----
    Stress majorisation [Gansner2005]_ over all pairs, O(n ** 2) a sweep: a local optimum, the best of five starts. A tie of size ``|w|`` has
    strength ``s = |w| / (|w| + median)``; friends want to be ``1 - 0.75 s`` apart, foes ``2.2 + 1.2 s``, with weight ``s``; pairs without a tie
    1.9 with weight 0.02. The targets are ours.

    Examples
    --------
    >>> x = signed_layout(4, np.array([0, 2, 0, 1]), np.array([1, 3, 2, 3]), np.array([1.0, 1.0, -1.0, -1.0]))
    >>> apart = lambda a, b: float(np.hypot(*(x[a] - x[b])))
    >>> apart(0, 1) < apart(0, 2), apart(2, 3) < apart(1, 3)
    (True, True)
    """
    i, j, w = tie_arrays(n, i, j, w)
    check_ends(n, i, j)
    if n > MOST:
        raise parameter("n", n, f"at most {MOST} nodes")
    if not np.isfinite(w).all():
        raise parameter("w", "a weight that is not finite", "finite weights")
    check_sizes(np.abs(w))
    if start is not None and np.shape(start) != (n, 2):
        raise parameter("start", np.shape(start), f"an array of shape ({n}, 2)")
    target, weight = _wishes(n, i, j, w)
    if start is not None and np.isfinite(start).all(axis=1).any():
        place = _begun(n, i, j, w, np.asarray(start, dtype=np.float64), seed)
        layout.majorise(place, target, weight, ROUNDS, TOLERANCE)
        return _laid_on(place, start)
    best, least = np.zeros((n, 2)), np.inf
    for k in range(STARTS if n > 1 else 0):
        place = _scattered(n, seed, k)
        layout.majorise(place, target, weight, ROUNDS, TOLERANCE)
        found = layout.stress(place, target, weight)
        if found < least:
            best, least = place, found
    ends, size = np.concatenate([i, j]), np.abs(np.concatenate([w, w]))
    return _upright(best, np.bincount(ends, size, n).astype(np.float64))


def layouts(series: BlocYears, *, seed: int = 1) -> tuple[NDArray[np.float64], ...]:
    """Return a layout of each date of a series, each begun from the one before, shapes (n, 2) in the order of each date's actors."""
    return tuple(laid_out((d.moment for d in series.dates), seed=seed))


def laid_out(moments: Iterable[Moment], *, seed: int = 1) -> Iterator[NDArray[np.float64]]:
    """Yield the layouts that `layouts` gives of moments in the order of their dates, each as soon as its moment comes."""
    known: dict[str, NDArray[np.float64]] = {}
    for m in moments:
        start = np.array([known.get(a, np.full(2, np.nan)) for a in m.ids]) if known else None
        place = signed_layout(m.n, m.i, m.j, m.w, start=start, seed=seed)
        known |= dict(zip(m.ids, place, strict=True))
        yield place


def _wishes(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return target distances and weights of all pairs, each (n, n)."""
    target, weight = np.full((n, n), NEUTRAL), np.full((n, n), FAINT)
    tie = w != 0
    i, j, w = i[tie], j[tie], w[tie]
    size = np.abs(w)
    s = size / (size + np.median(size)) if len(size) else size
    low, high = np.where(w > 0, NEAR[0], FAR[0]), np.where(w > 0, NEAR[1], FAR[1])
    target[i, j] = target[j, i] = low + (high - low) * s
    weight[i, j] = weight[j, i] = np.maximum(s, FAINT)
    return target, weight


def _scattered(n: int, seed: int, k: int) -> NDArray[np.float64]:
    """Return random places in a square, the same for a seed and start."""
    keys = np.arange(2 * n, dtype=np.uint64)
    return 2 * np.sqrt(n) * (streams.uniforms(seed, keys, 1, first=k).reshape(n, 2) - 0.5)


def _begun(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], start: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    """Return ``start`` with new nodes put at the mean of their friends there, or of all, a little off."""
    place = start.copy()
    old = np.isfinite(start).all(axis=1)
    pull = np.zeros((n, n))
    pull[i, j] = pull[j, i] = np.maximum(w, 0.0)
    pull[:, ~old] = 0.0
    total = pull.sum(axis=1)
    friends = np.divide(pull[:, old] @ start[old], total[:, None], out=np.zeros((n, 2)), where=total[:, None] > 0)
    off = 0.2 * _scattered(n, seed, STARTS) / np.sqrt(max(n, 1))
    place[~old] = np.where(total[:, None] > 0, friends, start[old].mean(axis=0))[~old] + off[~old]
    return place


def _laid_on(place: NDArray[np.float64], start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places shifted, turned and if need be mirrored onto ``start``, where it is known (orthogonal Procrustes)."""
    old = np.isfinite(start).all(axis=1)
    a, b = place[old].mean(axis=0), start[old].mean(axis=0)
    left, _, right = np.linalg.svd((place[old] - a).T @ (start[old] - b))
    return (place - a) @ (left @ right) + b


def _upright(place: NDArray[np.float64], heavy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places about 0 with the longest axis across, and the heaviest node left and above."""
    if len(place) < 2:
        return place
    centred = place - place.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned = np.asarray(centred @ axes[:, ::-1], dtype=np.float64)
    first = turned[int(np.argmax(heavy))]
    return turned * np.where(first > 0, -1.0, 1.0)
