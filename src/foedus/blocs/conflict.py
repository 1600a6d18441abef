"""Algebraic conflict: the least eigenvalue of the signed Laplacian ``D - A``, zero only where a component is balanced [Kunegis2010]_.

One value a component, since a balanced corner says nothing of the rest. Works on signs. Dense to `DENSE_NODES` nodes, iterative above.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from foedus.blocs.graph import SignedGraph

DENSE_NODES = 1_000
"""Nodes of a component up to which the eigenvalue is computed from the full matrix."""


@dataclass(frozen=True)
class Conflict:
    """Algebraic conflict of one component with ties.

    Attributes
    ----------
    n, m : int
        Its nodes and ties.
    conflict : float
        Least eigenvalue of ``D - A``; 0 where balanced.
    residual : float
        ``|L v - conflict v|`` of the unit vector found: an eigenvalue lies within it. Below 1e-9 where dense.
    index : float or None
        ``1 - conflict / (d - 1)``, with d the largest mean degree of the two ends of a tie; None where ``d <= 1`` (one tie alone).
    standing : {"exact", "estimated"}
        Above `DENSE_NODES` nodes the value is an upper bound by a Rayleigh quotient, close to an eigenvalue but not proved the least.
    """

    n: int
    m: int
    conflict: float
    residual: float
    index: float | None
    standing: Literal["exact", "estimated"]


def conflicts(graph: SignedGraph, *, seed: int = 1) -> tuple[Conflict, ...]:
    """Return the algebraic conflict of every component that has a tie, that with most ties first.

    Parameters
    ----------
    graph : SignedGraph
        Only signs count.
    seed : int
        Starting vectors of the iteration above `DENSE_NODES` nodes.

    Notes
    -----
    The eigenvalue is [Kunegis2010]_'s. The normalised index follows [Aref2018]_ from memory: its text was not read, so no number of that paper is
    claimed. Above `DENSE_NODES` nodes: LOBPCG with the degrees as preconditioner.

    Examples
    --------
    >>> from foedus.blocs.graph import signed_graph
    >>> triangle = signed_graph([("a", "b", -1), ("a", "c", -1), ("b", "c", -1)])
    >>> round(conflicts(triangle)[0].conflict, 9), round(conflicts(triangle)[0].index, 9)
    (1.0, 0.0)
    """
    found = [_conflict(part, seed) for _, part in graph.signs().parts() if part.m]
    return tuple(sorted(found, key=lambda c: (-c.m, -c.n)))


def _conflict(part: SignedGraph, seed: int) -> Conflict:
    """Return the conflict of one connected graph."""
    degree = part.degree()
    value, residual = _dense(part) if part.n <= DENSE_NODES else _iterated(part, seed)
    mean = float((degree[part.i] + degree[part.j]).max() / 2)
    value = value if value > 1e-9 else 0.0
    index = 1 - value / (mean - 1) if mean > 1 else None
    return Conflict(part.n, part.m, value, residual, index, "exact" if part.n <= DENSE_NODES else "estimated")


def _dense(part: SignedGraph) -> tuple[float, float]:
    """Return (value, residual) by the full matrix."""
    from scipy.linalg import eigh

    laplacian = np.diag(part.degree().astype(float)) - part.matrix()
    values, vectors = eigh(laplacian, subset_by_index=[0, 0])
    return float(values[0]), float(np.linalg.norm(laplacian @ vectors[:, 0] - values[0] * vectors[:, 0]))


def _iterated(part: SignedGraph, seed: int) -> tuple[float, float]:
    """Return (value, residual) by LOBPCG; how far it came is the residual, so its warnings say nothing more."""
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import lobpcg

    degree = part.degree().astype(float)
    laplacian = (diags_array(degree) - part.sparse()).tocsr()
    start = np.random.default_rng(seed).standard_normal((part.n, 4))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        values, vectors = lobpcg(laplacian, start, M=diags_array(1 / degree), largest=False, tol=1e-6, maxiter=200)
    best = int(np.argmin(values))
    v = vectors[:, best]
    return float(values[best]), float(np.linalg.norm(laplacian @ v - values[best] * v))
