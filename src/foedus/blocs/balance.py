"""Structural balance of a signed graph, by every common index, each with its standing, and read against chance.

`balance` gathers what `foedus.blocs.walks`, `conflict`, `profile`, `null_models` and `exact` compute. Finds no blocs to use further; see
`foedus.blocs.solve`. No index is the right one: they weigh large and small graphs, short and long cycles differently.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.blocs.conflict import Conflict, conflicts
from foedus.blocs.exact import integer_weights, partition
from foedus.blocs.graph import SignedGraph, signed_graph
from foedus.blocs.null_models import Chance, Null, against_chance
from foedus.blocs.profile import LENGTHS, Length, balance_profile
from foedus.blocs.walks import EXACT_NODES, WalkBalance, walk_balance
from foedus.errors import parameter
from foedus.kernels import triads as kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import NDArray

NODE_WALKS_UP_TO = 500
"""Nodes up to which the report holds the walk-based balance of each node."""

INDICES = ("triads", "walk", "frustration", "conflict")
"""Indices that can be read against chance."""


@dataclass(frozen=True)
class Triads:
    """Triads of a graph.

    Attributes
    ----------
    by_type : dict
        Counts of ``+++``, ``++-``, ``+--``, ``---``; the first and third are balanced.
    total, balanced : int
    share : float or None
        ``T``, balanced over all; None without triads.
    node : int64 array, shape (n, 2)
        Triads of each node, and balanced ones.
    """

    by_type: dict[str, int]
    total: int
    balanced: int
    share: float | None
    node: NDArray[np.int64]


@dataclass(frozen=True)
class Frustration:
    """Ties against the best two blocs.

    Attributes
    ----------
    value, bound : float
        Number or weight of frustrated ties of the best line-up found, and a lower bound on that of any.
    proved : bool
        Whether both agree.
    total : float
        Number or weight of all ties.
    normalised : float or None
        ``F = 1 - 2 value / total``, in [0, 1]; None without ties. Where not proved, the true one is between this and ``normalised_high``.
    normalised_high : float or None
        ``1 - 2 bound / total``.
    label : int64 array, shape (n,)
        The line-up.
    unit : float
        What one unit of the integer weights stands for; ``value`` is exact in these.
    """

    value: float
    bound: float
    proved: bool
    total: float
    normalised: float | None
    normalised_high: float | None
    label: NDArray[np.int64]
    unit: float


@dataclass(frozen=True)
class BalanceReport:
    """How balanced a signed graph is.

    Attributes
    ----------
    graph : SignedGraph
    triads : Triads
    walk : WalkBalance or None
        None without nodes.
    conflicts : tuple of Conflict
        One a component with ties, that with most ties first.
    frustration, weight : Frustration
        By number and by weight of ties.
    profile : tuple of Length
    chance : tuple of Chance
        The indices asked for against the null model; empty if none was.
    seconds : float
        Time limit of each proof.
    """

    graph: SignedGraph
    triads: Triads
    walk: WalkBalance | None
    conflicts: tuple[Conflict, ...]
    frustration: Frustration
    weight: Frustration
    profile: tuple[Length, ...]
    chance: tuple[Chance, ...]
    seconds: float

    def table(self) -> pl.DataFrame:
        """Return one row an index: value, lower and upper bound, standing, and where it stands against chance."""
        import polars as pl

        rows = [_against(row, self.chance) for row in self._rows()]
        kinds = dict.fromkeys(("value", "low", "high", "null_mean", "null_sd", "z", "p"), pl.Float64)
        return pl.DataFrame(rows, schema_overrides={**kinds, "draws": pl.Int64})

    def _rows(self) -> list[dict[str, Any]]:
        """Return name, value, bounds and standing of each index."""
        rows = [_index("triads", self.triads.share)]
        if self.walk is not None:
            rows.append(_index("walk", self.walk.k, self.walk.low, self.walk.high, self.walk.standing))
            rows.append(_index("walk_unbalance", self.walk.unbalance, *_unbalance(self.walk), self.walk.standing))
        for name, part in (("frustration", self.frustration), ("frustration_weight", self.weight)):
            standing = "proved" if part.proved else "bounded"
            rows.append(_index(f"{name}_value", part.value, part.bound, part.value, standing))
            rows.append(_index(name, part.normalised, part.normalised, part.normalised_high, standing))
        if self.conflicts:
            first = self.conflicts[0]
            rows.append(_index("conflict", first.conflict, None, None, first.standing))
            rows.append(_index("conflict_index", first.index, None, None, first.standing))
        return rows

    def nodes(self) -> pl.DataFrame:
        """Return one row a node: ties, negative ties, triads, balanced share of them, walk-based balance where computed."""
        import polars as pl

        g, (every, good) = self.graph, self.triads.node.T
        foes = g.w < 0
        negative = np.bincount(np.concatenate([g.i[foes], g.j[foes]]), minlength=g.n)
        node = self.walk.node if self.walk is not None else None
        return pl.DataFrame(
            {
                "node": pl.Series(g.ids, dtype=pl.String), "ties": g.degree(), "negative": negative, "triads": every,
                "balanced_share": pl.Series([b / t if t else None for t, b in zip(every, good, strict=True)], dtype=pl.Float64),
                "walk": pl.Series([None] * g.n if node is None else node, dtype=pl.Float64),
            }
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        plain = ("value", "bound", "proved", "total", "normalised", "normalised_high", "unit")
        return {
            "nodes": self.graph.n, "ties": self.graph.m, "negative": self.graph.negative, "rule": self.graph.rule,
            "triads": {"by_type": dict(self.triads.by_type), "total": self.triads.total, "share": self.triads.share},
            "walk": None if self.walk is None else {k: v for k, v in asdict(self.walk).items() if k != "node"},
            "conflicts": [asdict(c) for c in self.conflicts],
            "frustration": {k: getattr(self.frustration, k) for k in plain}, "weight": {k: getattr(self.weight, k) for k in plain},
            "profile": [asdict(x) for x in self.profile], "chance": [c.to_dict() for c in self.chance],
            "by_node": self.nodes().to_dicts(), "seconds": self.seconds,
        }  # fmt: skip


def balance(
    source: Any, *, null: Null | None = None, draws: int = 200, seed: int = 1, seconds: float = 10.0, swaps: int = 10,
    indices: Sequence[str] = INDICES, lengths: Sequence[int] | None = None, **options: Any,
) -> BalanceReport:  # fmt: skip
    """Return how balanced a signed graph is.

    Parameters
    ----------
    source
        Anything that `foedus.blocs.graph.signed_graph` takes, with its ``options``.
    null : {"signs", "degrees"}, optional
        Read ``indices`` against this null model, see `foedus.blocs.null_models`.
    draws, seed, swaps : int
        Of the null model; ``seed`` also of estimates on large graphs.
    seconds : float, s
        Time limit of each proof of a frustration; in a draw a tenth of it.
    indices : sequence of str
        Which of ``triads``, ``walk``, ``frustration`` (normalised, by number), ``conflict`` (of the component with most ties).
    lengths : sequence of int, optional
        Of the profile; without it 3 to 8, or only 3 where a component has over `foedus.blocs.walks.EXACT_NODES` nodes.

    Returns
    -------
    BalanceReport

    Raises
    ------
    ParameterError
        An unknown index or null model, or numbers out of range.

    Notes
    -----
    All but ``weight`` work on signs. T by type of triad [Cartwright1956]_; K and U [Estrada2014]_; L by an exact line-up, F = 1 - 2 L / m
    [Aref2018]_, [Aref2020]_; algebraic conflict [Kunegis2010]_. The formulas of A(G) and of F's paper are cited from memory.

    Examples
    --------
    >>> found = balance([("a", "b", -1), ("a", "c", -1), ("b", "c", -1)])
    >>> found.triads.share, found.frustration.value, round(found.frustration.normalised, 3)
    (0.0, 1.0, 0.333)
    """
    graph = signed_graph(source, **options)
    wrong = [x for x in indices if x not in INDICES]
    if wrong:
        raise parameter("indices", wrong[0], f"some of {', '.join(INDICES)}")
    if not seconds >= 0:
        raise parameter("seconds", seconds, "at least 0")
    signs = graph.signs()
    small = graph.n == 0 or int(np.bincount(graph.components()).max()) <= EXACT_NODES
    count = frustration(signs, seconds=seconds)
    same = np.array_equal(signs.w, graph.w)
    return BalanceReport(
        graph,
        count_triads(graph),
        walk_balance(graph, nodes=small and graph.n <= NODE_WALKS_UP_TO, seed=seed),
        conflicts(graph, seed=seed),
        count,
        count if same else frustration(graph, seconds=seconds),
        balance_profile(graph, lengths if lengths is not None else LENGTHS if small else (3,)),
        tuple(
            against_chance(signs, _indices(seconds / 10, seed)[x], name=x, null=null, draws=draws, seed=seed, swaps=swaps)
            for x in indices
            if null is not None
        ),
        seconds,
    )  # fmt: skip


def count_triads(graph: SignedGraph) -> Triads:
    """Return the triads of a graph by type and by node.

    Examples
    --------
    >>> count_triads(signed_graph([("a", "b", 1), ("a", "c", -1), ("b", "c", -1)])).by_type
    {'+++': 0, '++-': 0, '+--': 1, '---': 0}
    """
    by_type, node = kernel.triads(graph.n, graph.i, graph.j, graph.w)
    total, good = int(by_type.sum()), int(by_type[0] + by_type[2])
    kinds: dict[str, int] = dict(zip(("+++", "++-", "+--", "---"), map(int, by_type), strict=True))
    return Triads(kinds, total, good, good / total if total else None, node)


def frustration(graph: SignedGraph, *, seconds: float = 10.0) -> Frustration:
    """Return the least weight of ties against two blocs, by `foedus.blocs.exact.partition`.

    Examples
    --------
    >>> frustration(signed_graph([("a", "b", 1), ("a", "c", 1), ("b", "c", -1)])).value
    1.0
    """
    found = partition(graph.n, graph.i, graph.j, graph.w, seconds=seconds)
    total = float(np.abs(graph.w).sum())
    low, high = (1 - 2 * x / total if total else None for x in (found.value, found.bound))
    return Frustration(
        found.value, found.bound, found.proved, total, low, high, found.label, integer_weights(graph.w)[1]
    )


def _indices(seconds: float, seed: int) -> dict[str, Callable[[SignedGraph], float | tuple[float, float] | None]]:
    """Return each index as a function of a graph."""

    def walk(g: SignedGraph) -> tuple[float, float] | None:
        found = walk_balance(g, seed=seed)
        return None if found is None else (found.low, found.high)

    def normalised(g: SignedGraph) -> tuple[float, float] | None:
        found = frustration(g, seconds=seconds)
        return (
            None
            if found.normalised is None or found.normalised_high is None
            else (found.normalised, found.normalised_high)
        )

    def conflict(g: SignedGraph) -> float | None:
        found = conflicts(g, seed=seed)
        return found[0].conflict if found else None

    return {"triads": lambda g: count_triads(g).share, "walk": walk, "frustration": normalised, "conflict": conflict}


def _index(
    name: str, value: float | None, low: float | None = None, high: float | None = None, standing: str = "exact"
) -> dict[str, Any]:
    """Return one row of the table; bounds that are not given are the value itself where it is exact."""
    exact = standing in {"exact", "proved"}
    return {
        "index": name, "value": value, "low": value if exact else low, "high": value if exact else high, "standing": standing,
    }  # fmt: skip


def _unbalance(walk: WalkBalance) -> tuple[float, float]:
    """Return the bounds of U, which falls as K rises."""
    return (1 - walk.high) / (1 + walk.high), (1 - walk.low) / (1 + walk.low)


def _against(row: dict[str, Any], chance: Sequence[Chance]) -> dict[str, Any]:
    """Return a row with where its index stands against chance."""
    found = next((c for c in chance if c.index == row["index"]), None)
    names = (("null_mean", "mean"), ("null_sd", "sd"), ("z", "z"), ("p", "p"), ("draws", "draws"))
    return {**row, **{name: None if found is None else getattr(found, field) for name, field in names}}
