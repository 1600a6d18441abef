"""Ties as arrays, as a user may give them, into arrays that compiled code may be given: it checks no bounds and no types.

Says nothing of what ties mean: whether a pair may be tied twice, or a node to itself, is for each question to say.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus import limits
from foedus.errors import ParameterError, message, parameter

LEAST, MOST = 1e-290, 1e290
"""Between these sizes the sums and quotients of weights are numbers too."""


def tie_arrays(n: int, i: Any, j: Any, w: Any) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the ends and weights of ties, in memory one after another.

    Parameters
    ----------
    n : int
        Nodes.
    i, j, w : array-like, shape (m,)

    Raises
    ------
    ParameterError
        ``n`` is no whole number from 0 to a million; the arrays have other shapes than each other, or are no whole numbers and numbers.
    """
    if not isinstance(n, int | np.integer) or isinstance(n, bool) or not 0 <= n <= limits.NODES:
        raise parameter("n", repr(n)[:40], f"a number of nodes, 0 to {limits.NODES:,}")
    found = {name: np.asarray(values) for name, values in (("i", i), ("j", j), ("w", w))}
    for name, values in found.items():
        if values.size and values.dtype.kind not in ("iu" if name != "w" else "iufb"):
            raise parameter(name, f"values of type {values.dtype}", "whole numbers" if name != "w" else "numbers")
    if any(values.ndim != 1 or len(values) != len(found["i"]) for values in found.values()):
        shapes = ", ".join(f"{name} {values.shape}" for name, values in found.items())
        raise ParameterError(
            message("Ties must join two nodes each", got=shapes, expected="three arrays of one length")
        )
    ends = [np.ascontiguousarray(found[name], dtype=np.int64) for name in "ij"]
    return ends[0], ends[1], np.ascontiguousarray(found["w"], dtype=np.float64)


def check_ends(n: int, i: NDArray[np.int64], j: NDArray[np.int64]) -> None:
    """Raise a ParameterError where a tie ends outside the nodes or joins a node to itself."""
    outside = np.flatnonzero((np.minimum(i, j) < 0) | (np.maximum(i, j) >= n) | (i == j))
    if len(outside):
        e = int(outside[0])
        got = f"tie {e}: {i[e]} and {j[e]}"
        raise ParameterError(message("Ties must join two nodes each", got=got, expected=f"nodes 0 to {n - 1}"))


def check_sizes(size: NDArray[np.float64]) -> None:
    """Raise a ParameterError where weights are so large or so small that what is counted of them would not be a number."""
    top = float(size.max(initial=0.0))
    if top and not LEAST < top < MOST:
        got = f"the heaviest {top:.3g}"
        raise ParameterError(
            message("Tie weights too large or too small to count with", got=got, hint="choose another unit")
        )
