"""Signed graphs: who is tied to whom, as friend or as foe, and how much; the input of every analysis of balance and blocs.

A graph comes from a `System`, an edge list, a matrix, networkx, Pajek or an archive of arrays. Finds no blocs and judges no balance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.blocs import graph_sources, symmetrise
from foedus.errors import InvalidSystemError, ParameterError, message, parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from foedus.blocs.symmetrise import Repeats, Rule

Weights = Literal["propensity", "sign"]


@dataclass(frozen=True, eq=False)
class SignedGraph:
    """Friends and foes: an undirected graph whose ties have a sign and a weight.

    Attributes
    ----------
    ids : tuple of str, length n
        Names of the nodes, those without ties too.
    i, j : int64 arrays, shape (m,)
        Ends of each tie as positions in ``ids``; ``i < j``, sorted by ``(i, j)``, each pair once. Read-only.
    w : float64 array, shape (m,)
        Finite, not zero: the sign says friend or foe, the size how much. Read-only.
    rule : str
        How directed ties were made undirected, a key of `foedus.blocs.symmetrise.RULES`, or ``"undirected"``.

    Raises
    ------
    InvalidSystemError
        Names that repeat, or ties that break what stands above; names the first.

    Examples
    --------
    >>> g = signed_graph([("AUH", "GMY", 1), ("AUH", "RUS", -1), ("GMY", "RUS", -1)])
    >>> g.n, g.m, g.negative
    (3, 3, 2)
    """

    ids: tuple[str, ...]
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    w: NDArray[np.float64]
    rule: str = "undirected"

    def __post_init__(self) -> None:
        if len(set(self.ids)) != len(self.ids):
            twice = next(x for k, x in enumerate(self.ids) if x in self.ids[:k])
            raise InvalidSystemError(message("Names of nodes must differ", got=f"{twice!r} twice"))
        for name, kind in (("i", np.int64), ("j", np.int64), ("w", np.float64)):
            array = np.array(getattr(self, name), dtype=kind)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        if not self.i.shape == self.j.shape == self.w.shape == (self.m,):
            raise InvalidSystemError(
                message(
                    "Arrays of ties must be flat and of one length",
                    got=f"{self.i.shape}, {self.j.shape}, {self.w.shape}",
                )
            )
        bad = (self.i < 0) | (self.i >= self.j) | (self.j >= self.n) | ~np.isfinite(self.w) | (self.w == 0)
        if self.m:
            key = self.i * self.n + self.j
            bad[1:] |= key[1:] <= key[:-1]
        if bad.any():
            e = int(np.flatnonzero(bad)[0])
            got = f"i={self.i[e]}, j={self.j[e]}, w={self.w[e]}"
            expected = "0 <= i < j < n, sorted, each pair once, w finite and not 0"
            hint = "build graphs with signed_graph"
            raise InvalidSystemError(message(f"Tie {e} of a signed graph", got=got, expected=expected, hint=hint))

    @property
    def n(self) -> int:
        """Nodes."""
        return len(self.ids)

    @property
    def arrays(self) -> tuple[int, NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """``(n, i, j, w)``, as `foedus.blocs.exact.partition` and its like take them: ``partition(*graph.arrays)``."""
        return self.n, self.i, self.j, self.w

    @property
    def m(self) -> int:
        """Ties."""
        return len(self.i)

    @property
    def negative(self) -> int:
        """Ties between foes."""
        return int((self.w < 0).sum())

    def __eq__(self, other: object) -> bool:
        """Return whether nodes, ties, weights and rule are the same."""
        if not isinstance(other, SignedGraph):
            return NotImplemented
        arrays = all(np.array_equal(getattr(self, x), getattr(other, x)) for x in ("i", "j", "w"))
        return arrays and self.ids == other.ids and self.rule == other.rule

    def __hash__(self) -> int:
        return hash((self.ids, self.i.tobytes(), self.j.tobytes(), self.w.tobytes(), self.rule))

    def signs(self) -> SignedGraph:
        """Return the graph with every weight +1 or -1."""
        return SignedGraph(self.ids, self.i, self.j, np.sign(self.w), self.rule)

    def matrix(self) -> NDArray[np.float64]:
        """Return the symmetric matrix of weights, shape (n, n), zero diagonal."""
        out = np.zeros((self.n, self.n))
        out[self.i, self.j] = out[self.j, self.i] = self.w
        return out

    def sparse(self) -> csr_matrix:
        """Return the symmetric matrix of weights as SciPy's CSR, shape (n, n)."""
        from scipy.sparse import csr_matrix

        ends = np.concatenate([self.i, self.j]), np.concatenate([self.j, self.i])
        return csr_matrix((np.tile(self.w, 2), ends), shape=(self.n, self.n))

    def degree(self) -> NDArray[np.int64]:
        """Return the number of ties of each node, shape (n,)."""
        return np.bincount(np.concatenate([self.i, self.j]), minlength=self.n).astype(np.int64)

    def components(self) -> NDArray[np.int64]:
        """Return the connected component of each node, shape (n,), numbered from 0 by first appearance."""
        from scipy.sparse.csgraph import connected_components

        return connected_components(self.sparse(), directed=False)[1].astype(np.int64)

    def subgraph(self, nodes: Sequence[int] | NDArray[np.integer[Any]] | NDArray[np.bool_]) -> SignedGraph:
        """Return the graph among some nodes (positions or a mask), in the order of ``ids``."""
        keep = np.zeros(self.n, dtype=bool)
        keep[np.asarray(nodes)] = True
        place, inside = np.cumsum(keep) - 1, keep[self.i] & keep[self.j]
        ids = tuple(x for x, k in zip(self.ids, keep, strict=True) if k)
        return SignedGraph(ids, place[self.i[inside]], place[self.j[inside]], self.w[inside], self.rule)

    def parts(self) -> list[tuple[NDArray[np.int64], SignedGraph]]:
        """Return each connected component as (positions of its nodes, its graph), by first appearance; O(n + m)."""
        if not self.n:
            return []
        label = self.components()
        order = np.argsort(label, kind="stable")
        count = np.bincount(label)
        place = np.empty(self.n, dtype=np.int64)
        place[order] = np.arange(self.n) - np.repeat(np.cumsum(count) - count, count)
        ties = np.argsort(label[self.i], kind="stable")
        nodes = np.split(order, np.cumsum(count)[:-1])
        edges = np.split(ties, np.cumsum(np.bincount(label[self.i], minlength=len(count)))[:-1])
        return [
            (v, SignedGraph(tuple(self.ids[k] for k in v), place[self.i[e]], place[self.j[e]], self.w[e], self.rule))
            for v, e in zip(nodes, edges, strict=True)
        ]

    def attached(self) -> SignedGraph:
        """Return the graph without the nodes that have no tie."""
        return self.subgraph(self.degree() > 0)

    def on(self, ids: Sequence[str]) -> SignedGraph:
        """Return the same ties on other nodes, which must hold every node that has a tie.

        Raises
        ------
        ParameterError
            A node with ties is missing.
        """
        place = {x: k for k, x in enumerate(ids)}
        tied = self.degree() > 0
        missing = [x for x, t in zip(self.ids, tied, strict=True) if t and x not in place]
        if missing:
            raise ParameterError(
                message(
                    "Nodes with ties are missing",
                    got=f"no {', '.join(missing[:5])}",
                    expected="every node that has a tie",
                )
            )
        to = np.array([place.get(x, -1) for x in self.ids], dtype=np.int64)
        a, b = to[self.i], to[self.j]
        i, j = np.minimum(a, b), np.maximum(a, b)
        order = np.lexsort((j, i))
        return SignedGraph(tuple(ids), i[order], j[order], self.w[order], self.rule)

    def table(self) -> pl.DataFrame:
        """Return one row a tie: ``a``, ``b``, ``weight``."""
        import polars as pl

        names = pl.Series("ids", self.ids, dtype=pl.String)
        return pl.DataFrame({"a": names.gather(self.i), "b": names.gather(self.j), "weight": self.w})


def signed_graph(
    source: Any, *, weights: Weights = "propensity", directed: Rule | None = None, repeats: Repeats | None = None,
    loops: Literal["drop"] | None = None, missing: Literal["drop"] | None = None,
    columns: tuple[str, str, str] | None = None, ids: Sequence[str] | None = None,
) -> SignedGraph:  # fmt: skip
    """Return the signed graph that a source holds.

    Parameters
    ----------
    source
        A `System` (its propensities at the centre of every uncertain number); an edge list: rows ``(a, b, weight)``, any frame, or the path
        of a CSV file; a matrix of shape (n, n), NumPy or SciPy sparse; a networkx graph with ``sign`` or ``weight`` on its edges; the
        path of a Pajek ``.net`` file or of an ``.npz`` archive with ``n``, ``u``, ``v``, ``w``; a `SignedGraph`.
    weights : {"propensity", "sign"}
        The weights as they are, or only their signs. A System's weights are propensity times the two actors' sizes.
    directed : {"sum", "mean", "strongest", "agree", "lower"}, optional
        How two directions become one tie, see `foedus.blocs.symmetrise.RULES`. Without it they must be equal: in a matrix, a directed graph
        or a Pajek file with arcs an absent direction counts as 0, in an edge list a pair may stand in either order.
    repeats : {"sum", "mean", "first", "last"}, optional
        What becomes of a pair that stands in several rows in the same order. Without it that is an error.
    loops : {"drop"}, optional
        Leave out ties of a node with itself. Without it they are an error.
    missing : {"drop"}, optional
        Leave out rows whose weight is empty or NaN, as a tie that is not there. Without it they are an error.
    columns : tuple of three str, optional
        Columns of a frame or CSV file: both ends and the weight. Without it the frame must have exactly three, or usual names.
    ids : sequence of str, optional
        Names and order of the nodes; those without ties too. Without it, for a list: every name in it, sorted; for a matrix: its positions.

    Returns
    -------
    SignedGraph

    Raises
    ------
    InvalidSystemError
        Not symmetric, not finite, a pair twice, a tie with itself: names the first offending pair.
    ParameterError
        A source that is none of the above, an unknown rule, columns or nodes that do not fit.
    DataError
        A file that cannot be read.

    Notes
    -----
    A weight of 0 is no tie. Weights of any size are kept as they are; the exact analyses scale them to integers and report the unit. The value
    of every index depends on how directed ties were made undirected: the graph carries the rule.

    Examples
    --------
    >>> votes = np.array([[0, 1, -1], [1, 0, 0], [-1, -1, 0.0]])
    >>> signed_graph(votes, directed="sum").table().rows()
    [('0', '1', 2.0), ('0', '2', -2.0), ('1', '2', -1.0)]
    """
    if weights not in {"propensity", "sign"}:
        raise parameter("weights", weights, "'propensity' or 'sign'")
    if isinstance(source, SignedGraph):
        graph = source if ids is None else source.on(ids)
    else:
        rows = graph_sources.rows_of(source, columns=columns, ids=ids, weights=weights)
        settled = symmetrise.Settled(directed, repeats, loops, missing)
        i, j, w = symmetrise.ties(rows.ids, rows.a, rows.b, rows.w, rows.kind, settled)
        graph = SignedGraph(rows.ids, i, j, w, directed or "undirected")
    return graph.signs() if weights == "sign" else graph


def signed_graphs(
    source: Any, *, time: str | None = None, ids: Sequence[str] | None = None, columns: tuple[str, str, str] | None = None, **options: Any
) -> dict[Any, SignedGraph]:  # fmt: skip
    """Return one signed graph a time, all on the same nodes.

    Parameters
    ----------
    source : mapping, frame or path
        A mapping from time to anything that `signed_graph` takes, or an edge list (frame or CSV file) with a column of times.
    time : str, optional
        That column; without it ``time``, ``year``, ``date`` or ``period``.
    ids : sequence of str, optional
        Names and order of the nodes; without it every name at any time, sorted.
    columns, **options
        As `signed_graph`.

    Returns
    -------
    dict
        From each time, in order, to its graph.

    Raises
    ------
    ParameterError
        No such column, or a time that is missing.

    Examples
    --------
    >>> graphs = signed_graphs({1879: [("AUH", "GMY", 1)], 1882: [("AUH", "GMY", 1), ("GMY", "ITA", 1)]})
    >>> {t: (g.n, g.m) for t, g in graphs.items()}
    {1879: (3, 1), 1882: (3, 2)}
    """
    if isinstance(source, Mapping):
        alone = {t: signed_graph(s, columns=columns, **options) for t, s in source.items()}
        names = ids if ids is not None else graph_sources.merged(g.ids for g in alone.values())
        return {t: g.on(names) for t, g in alone.items()}
    parts = graph_sources.by_time(source, time, columns)
    names = ids if ids is not None else graph_sources.names_in(parts.values())
    return {t: signed_graph(part, ids=names, **options) for t, part in parts.items()}
