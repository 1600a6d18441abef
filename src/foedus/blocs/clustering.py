"""Line-ups into at most k blocs, or into any number, with a proof where there is time for one.

Correlation clustering [BansalBlumChawla2004]_: friends apart and foes together cost their weight. Two blocs are `foedus.blocs.exact`'s. Does
not say which actors these are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.cycle_cover import CycleCover
from foedus.blocs.exact import Partition, canonical, integer_weights
from foedus.blocs.exact import partition as two_blocs
from foedus.blocs.tie_arrays import tie_arrays
from foedus.errors import ParameterError, message, parameter
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.blocs.certificate import Walks

STARTS = 36
"""Restarts of the local search on graphs of up to a few thousand ties; larger ones get fewer."""
FINEST = 10**9
"""The heaviest tie counts at most this many units; what is lighter than half a unit counts for nothing."""


@dataclass(frozen=True, kw_only=True)
class Clustering(Partition):
    """A line-up into blocs; ``cycles`` proves its value in the integers of the scaled weights, None where branching or a colouring did.

    See `foedus.blocs.cycle_proof.check_cycles`. A line-up into two blocs carries the proof of `foedus.blocs.exact` instead.
    """

    cycles: Walks | None = field(default=None, repr=False)


def cluster(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], *, k: int | None = None, seconds: float = 20.0,
    seed: int = 1,
) -> Partition:  # fmt: skip
    """Return a line-up of least frustration into at most ``k`` blocs, or into any number.

    Parameters
    ----------
    n : int
        Nodes.
    i, j : int64 arrays, shape (m,)
        Ends of each tie, each pair once.
    w : float64 array, shape (m,)
        Weights: above 0 for friends, below for foes, 0 for no tie.
    k : int, optional
        The most blocs; None leaves the number free.
    seconds : float, s
        Time limit; past it, or after an interrupt, the best found comes with its bound.
    seed : int
        Of the local search.

    Returns
    -------
    Clustering
        For ``k=2`` the `Partition` of `foedus.blocs.exact.partition`.

    Raises
    ------
    ParameterError
        ``k`` below 1; ends outside the nodes, a node tied to itself, a pair that comes twice, or a weight that is not finite.

    Notes
    -----
    Upper bound by annealing and chains of moves; lower bound by cycles with exactly one hostile tie [Davis1967]_, packed around the line-up,
    then by a linear program over such cycles, then by branch and bound; with ``k`` also by parts that ``k`` blocs cannot content. NP-hard;
    checked against enumeration to 8 nodes, and against every year since 1816.

    Examples
    --------
    >>> i, j, w = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([-1.0, -1.0, -1.0])
    >>> p = cluster(3, i, j, w)
    >>> p.label.tolist(), p.value, p.proved
    ([0, 1, 2], 0.0, True)
    >>> cluster(3, i, j, w, k=1).value
    3.0
    """
    if k is not None and (not isinstance(k, int) or k < 1):
        raise parameter("k", k, "a number of blocs, at least 1, or None for any number")
    i, j, w = tie_arrays(n, i, j, w)
    check_graph(n, i, j)
    if k == 2:
        return two_blocs(n, i, j, w, seconds=seconds, seed=seed)
    if not np.isfinite(w).all():
        raise ParameterError(message("Tie weights must be finite", got=f"{int((~np.isfinite(w)).sum())} that are not"))
    units, unit = coarse_weights(w)
    live = units != 0
    i, j, units = i[live], j[live], units[live]
    cap = max(1, n if k is None else min(k, n))
    deadline = solving() + seconds
    cover = CycleCover(n, i, j, units, cap, np.zeros(n, dtype=np.int64))
    if cap == 1:
        cover.bound = cover.value
    elif len(units):
        cover.search(max(2, min(STARTS if k is None else 2 * STARTS, 400_000 // len(units))), seed)
        cover.solve(deadline)
    return Clustering(
        label=canonical(cover.label), value=cover.value * unit, bound=min(cover.bound, cover.value) * unit,
        proved=cover.bound >= cover.value, unit=unit, cycles=cover.proof,
        stopped="" if cover.bound >= cover.value else "cancelled" if cover.cancelled else "time",
    )  # fmt: skip


def coarse_weights(w: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """Return integer weights and their unit, the heaviest at most `FINEST` units, so that duals of a linear program can be made whole.

    What is lighter than half a unit counts for nothing; the noise of sums in floating point is.

    Examples
    --------
    >>> coarse_weights(np.array([1.0, 0.25, 1e-17]))
    (array([100,  25,   0]), 0.01)
    """
    top = float(np.abs(w).max(initial=0.0))
    units, unit = integer_weights(np.where(np.abs(w) < 0.5 * top / FINEST, 0.0, w))
    step = int(np.abs(units).max(initial=0)) / FINEST
    return (units, unit) if step <= 1 else (np.round(units / step).astype(np.int64), unit * step)


def check_graph(n: int, i: NDArray[np.int64], j: NDArray[np.int64]) -> None:
    """Raise if ties do not join two different nodes below ``n``, each pair once.

    Raises
    ------
    ParameterError
        Names the first tie that does not.
    """
    ends = np.minimum(i, j), np.maximum(i, j)
    bad = (ends[0] < 0) | (ends[1] >= n) | (ends[0] == ends[1])
    if bad.any():
        e = int(np.argmax(bad))
        raise ParameterError(
            message(
                "A tie must join two different nodes",
                got=f"tie {e}: {int(i[e])} and {int(j[e])}",
                expected=f"nodes 0 to {n - 1}",
            )
        )
    keys = ends[0] * np.int64(n) + ends[1]
    first, counts = np.unique(keys, return_counts=True)
    if (counts > 1).any():
        a, b = divmod(int(first[np.argmax(counts > 1)]), n)
        raise ParameterError(
            message(
                "Each pair of nodes may be tied once",
                got=f"{a} and {b} more than once",
                hint="add parallel ties up first, as `signed_graph` does",
            )
        )
