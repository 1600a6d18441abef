"""Balance by closed walks: ``K = tr exp(A) / tr exp(|A|)`` [Estrada2014]_, and the balanced share of walks and cycles of each length.

Works on signs. Exact by eigenvalues to `EXACT_NODES` nodes a component; above that by stochastic Lanczos quadrature, and the result says
so. A closed walk is balanced if it passes an even number of negative ties, each passage counting: walks that only go back and forth are
always balanced, so these shares lie above those of cycles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import ParameterError, message, parameter

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from foedus.blocs.graph import SignedGraph

EXACT_NODES = 3_000
"""Nodes of a component up to which eigenvalues are computed in full."""
DEFLATED = 12
"""Leading eigenvalues that the estimate computes exactly."""
STEPS, CHECK_AT = 32, 24
"""Lanczos steps of each probe, and the step whose value the last one is compared with."""
LEAST_NODES = 3 * DEFLATED
"""Nodes below which nothing is estimated."""


@dataclass(frozen=True)
class WalkBalance:
    """Walk-based balance.

    Attributes
    ----------
    k : float
        ``tr exp(A) / tr exp(|A|)``, in (0, 1]; 1 only if the graph is balanced. Falls fast with size: compare graphs of one size only.
    log_k : float
        Its natural logarithm, which does not underflow.
    low, high : float
        ``k`` itself where exact; else the interval of about 95 % of the estimate.
    unbalance : float
        ``U = (1 - K) / (1 + K)``.
    node : float64 array, shape (n,), or None
        ``exp(A)_ii / exp(|A|)_ii`` of each node, [Estrada2014]_'s measure of a node; None unless asked for.
    standing : {"exact", "estimated"}
    probes, seed : int
        Of the estimate; 0 where exact.
    """

    k: float
    log_k: float
    low: float
    high: float
    unbalance: float
    node: NDArray[np.float64] | None
    standing: Literal["exact", "estimated"]
    probes: int
    seed: int


def walk_balance(
    graph: SignedGraph, *, nodes: bool = False, method: Literal["exact", "estimate"] | None = None, probes: int = 10,
    seed: int = 1,
) -> WalkBalance | None:  # fmt: skip
    """Return the walk-based balance of a graph; None without nodes.

    Parameters
    ----------
    graph : SignedGraph
        Only signs count.
    nodes : bool
        Also that of every node: needs eigenvectors, several times the work; exact only.
    method : {"exact", "estimate"}, optional
        Without it exact where every component has at most `EXACT_NODES` nodes.
    probes, seed : int
        Random vectors of the estimate, at least 2, and their seed.

    Raises
    ------
    ParameterError
        An unknown method, fewer than 2 probes, an estimate on a graph that is too small, or ``"exact"`` on a component that is too large.

    Notes
    -----
    K is [Estrada2014]_'s; U = (1 - K) / (1 + K). The estimate computes the `DEFLATED` largest eigenvalues of A and |A|, and the rest of each
    trace by Lanczos quadrature of random signs with those eigenvectors projected out [Ubaru2017]_. Its interval takes the spread over probes
    (normal, log scale) and the change over the last quarter of the Lanczos steps.

    Examples
    --------
    >>> from foedus.blocs.graph import signed_graph
    >>> found = walk_balance(signed_graph([("a", "b", 1), ("a", "c", -1), ("b", "c", -1)]))
    >>> found.k, found.standing
    (1.0, 'exact')
    """
    if method not in {None, "exact", "estimate"}:
        raise parameter("method", method, "'exact', 'estimate' or None")
    if not graph.n:
        return None
    largest = int(np.bincount(graph.components()).max())
    small = largest <= EXACT_NODES
    if method == "exact" and not small:
        got = f"a component of {largest} nodes"
        raise ParameterError(
            message(
                "Exact walk-based balance", got=got, expected=f"at most {EXACT_NODES}", hint='leave out method="exact"'
            )
        )
    if method == "estimate" or not small:
        if nodes:
            raise parameter("nodes", nodes, "False where K is estimated")
        return _estimated(graph, probes, seed)
    return _exact(graph, nodes=nodes)


def _exact(graph: SignedGraph, *, nodes: bool) -> WalkBalance:
    """Return K by the eigenvalues of each component."""
    logs: tuple[list[float], list[float]] = [], []
    ratio = np.ones(graph.n)
    for members, component in graph.signs().parts():
        part = component.matrix()
        diagonals = []
        for matrix, kept in ((part, logs[0]), (np.abs(part), logs[1])):
            if nodes:
                values, vectors = np.linalg.eigh(matrix)
                diagonals.append(np.log((vectors**2) @ np.exp(values - values[-1])) + values[-1])
            else:
                values = np.linalg.eigvalsh(matrix)
            kept.append(float(np.logaddexp.reduce(values)))
        if nodes:
            ratio[members] = np.minimum(1.0, np.exp(diagonals[0] - diagonals[1]))
    log_k = min(0.0, float(np.logaddexp.reduce(logs[0]) - np.logaddexp.reduce(logs[1])))
    log_k = log_k if log_k < -1e-12 else 0.0
    k = float(np.exp(log_k))
    return WalkBalance(k, log_k, k, k, (1 - k) / (1 + k), ratio if nodes else None, "exact", 0, 0)


def _estimated(graph: SignedGraph, probes: int, seed: int) -> WalkBalance:
    """Return K by stochastic Lanczos quadrature with leading eigenvalues deflated."""
    if probes < 2:
        raise parameter("probes", probes, "an integer of at least 2")
    if graph.n < LEAST_NODES or not graph.m:
        got = f"{graph.n} nodes and {graph.m} ties"
        raise ParameterError(
            message("Estimated walk-based balance", got=got, expected=f"at least {LEAST_NODES} nodes, and ties")
        )
    signed = graph.signs().sparse()
    top, spread = _log_trace(signed, probes, seed)
    bottom, other = _log_trace(abs(signed), probes, seed)
    log_k = min(0.0, top - bottom)
    half = float(np.hypot(spread, other))
    k, low, high = (float(np.exp(min(0.0, log_k + s * half))) for s in (0, -1, 1))
    return WalkBalance(k, log_k, low, high, (1 - k) / (1 + k), None, "estimated", probes, seed)


def _log_trace(matrix: csr_matrix, probes: int, seed: int) -> tuple[float, float]:
    """Return ``log tr exp(matrix)`` and the half width of its interval."""
    from scipy.sparse.linalg import eigsh
    from scipy.special import stdtrit

    n = matrix.indptr.size - 1
    rng = np.random.default_rng(seed)
    restarts = np.random.default_rng([seed, 1])  # its own stream, so that the probes of both matrices stay the same
    leading, vectors = eigsh(matrix, k=DEFLATED, which="LA", v0=rng.standard_normal(n), rng=restarts)
    shift = float(leading.max())
    rests = np.array([_quadrature(matrix, vectors, rng.choice([-1.0, 1.0], n), shift) for _ in range(probes)])
    total = np.exp(leading - shift).sum() + rests[:, 0].mean()
    half = stdtrit(probes - 1, 0.975) * rests[:, 0].std(ddof=1) / np.sqrt(probes) + np.abs(rests[:, 1]).mean()
    return float(shift + np.log(total)), float(half / total)


def _quadrature(
    matrix: csr_matrix, out: NDArray[np.float64], probe: NDArray[np.float64], shift: float
) -> tuple[float, float]:
    """Return ``z' exp(matrix - shift) z`` for a probe less its parts along ``out``, and its change over the last steps."""
    z = probe - out @ (out.T @ probe)
    norm = float(np.linalg.norm(z))
    basis = np.zeros((STEPS, len(z)))
    basis[0] = z / norm
    alpha, beta = np.zeros(STEPS), np.zeros(STEPS)
    found, before, steps = 0.0, 0.0, 0
    for s in range(STEPS):
        steps = s + 1
        v = matrix @ basis[s]
        alpha[s] = v @ basis[s]
        v -= out @ (out.T @ v)
        v -= basis[:steps].T @ (basis[:steps] @ v)
        beta[s] = np.linalg.norm(v)
        last = steps == STEPS or beta[s] < 1e-9
        if last or steps == CHECK_AT:
            ritz, weights = np.linalg.eigh(np.diag(alpha[:steps]) + np.diag(beta[:s], 1) + np.diag(beta[:s], -1))
            before, found = found, float(norm**2 * (weights[0] ** 2 @ np.exp(ritz - shift)))
        if last:
            break
        basis[steps] = v / beta[s]
    return found, (found - before if steps == STEPS else 0.0)
