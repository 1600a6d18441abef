"""Partial balance by length: which share of closed walks, and of cycles, of each length is balanced [Aref2018]_.

Works on signs. Walks of every length by eigenvalues; cycles of length 3 by counting, of length 4 and 5 by traces less the closed walks that are no
cycles. Longer cycles are not counted: their number has no closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.walks import EXACT_NODES
from foedus.errors import ParameterError, message, parameter
from foedus.kernels.triads import triads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.blocs.graph import SignedGraph

LENGTHS = (3, 4, 5, 6, 7, 8)
"""Lengths of a profile unless others are asked for."""


@dataclass(frozen=True)
class Length:
    """Balance at one length.

    Attributes
    ----------
    length : int
    walks : float or None
        Balanced share of closed walks of that many steps, ``(1 + tr A^k / tr |A|^k) / 2``; each walk counts once for each start and direction,
        and walks back and forth along one tie, balanced by nature, count too. None where there is no closed walk.
    cycles, balanced : int or None
        Cycles (no node twice) and balanced ones; None above length 5.
    share : float or None
        ``balanced / cycles``; None without cycles.
    """

    length: int
    walks: float | None
    cycles: int | None
    balanced: int | None
    share: float | None


def balance_profile(graph: SignedGraph, lengths: Sequence[int] = LENGTHS) -> tuple[Length, ...]:
    """Return balance by length.

    Parameters
    ----------
    graph : SignedGraph
        Only signs count.
    lengths : sequence of int
        Each at least 3. Above 3 no component may have more than `foedus.blocs.walks.EXACT_NODES` nodes.

    Raises
    ------
    ParameterError
        A length below 3, or one above 3 on a component that is too large.

    Notes
    -----
    Cycles: ``tr A^3 / 6``; ``(tr A^4 - 2 sum d^2 + 2 m) / 8``; ``(tr A^5 - 5 sum d_i (A^3)_ii + 5 tr A^3) / 10``, with A the
    signed matrix or that of all ties, and d the number of ties: what is taken off are walks that turn back [HararyManvel1971]_.

    Examples
    --------
    >>> from foedus.blocs.graph import signed_graph
    >>> square = signed_graph([("a", "b", 1), ("b", "c", 1), ("c", "d", 1), ("a", "d", -1)])
    >>> [(x.length, x.walks, x.cycles, x.share) for x in balance_profile(square, (3, 4))]
    [(3, None, 0, None), (4, 0.75, 1, 0.0)]
    """
    if any(not isinstance(k, int) or k < 3 for k in lengths):
        raise parameter("lengths", tuple(lengths), "integers of at least 3")
    largest = int(np.bincount(graph.components()).max()) if graph.n else 0
    if any(k > 3 for k in lengths) and largest > EXACT_NODES:
        raise ParameterError(
            message(
                "Balance at lengths above 3", got=f"a component of {largest} nodes", expected=f"at most {EXACT_NODES}"
            )
        )
    by_type, _ = triads(graph.n, graph.i, graph.j, graph.w)
    every = {3: int(by_type.sum())}
    signed = {3: int(by_type[0] + by_type[2] - by_type[1] - by_type[3])}
    walks = {3: (6.0 * every[3], 6.0 * signed[3])}
    if any(k > 3 for k in lengths):
        parts = [part.matrix() for _, part in graph.signs().parts() if part.m]
        spectra = [
            np.concatenate([np.linalg.eigvalsh(f(p)) for p in parts] or [np.zeros(0)]) for f in (np.abs, np.asarray)
        ]
        for k in lengths:
            if k > 3:
                walks[k] = _power_sum(spectra[0], k), _power_sum(spectra[1], k)
        for counts, f in ((every, np.abs), (signed, np.asarray)):
            long = [_cycles(f(p), np.abs(p).sum(axis=1)) for p in parts]
            counts[4], counts[5] = sum(x for x, _ in long), sum(x for _, x in long)
    return tuple(_row(k, walks[k], every.get(k), signed.get(k)) for k in lengths)


def _power_sum(values: NDArray[np.floating], k: int) -> float:
    """Return ``sum values ** k``, with what is only rounding set to 0: a count of walks is a whole number."""
    total = float((values**k).sum())
    return total if abs(total) > 1e-10 * float((np.abs(values) ** k).sum()) else 0.0


def _cycles(matrix: NDArray[np.float64], degree: NDArray[np.float64]) -> tuple[int, int]:
    """Return the signed (or whole) number of cycles of length 4 and 5."""
    square = matrix @ matrix
    cube = square @ matrix
    corner = np.diag(cube)
    four = (square**2).sum() - 2 * (degree**2).sum() + degree.sum()
    five = (square * cube).sum() - 5 * degree @ corner + 5 * corner.sum()
    return round(float(four) / 8), round(float(five) / 10)


def _row(k: int, walks: tuple[float, float], every: int | None, signed: int | None) -> Length:
    """Return the row of one length."""
    share = (1 + walks[1] / walks[0]) / 2 if walks[0] > 0 else None
    if every is None or signed is None:
        return Length(k, share, None, None, None)
    balanced = (every + signed) // 2
    return Length(k, share, every, balanced, balanced / every if every else None)
