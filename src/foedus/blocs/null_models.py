"""Signed null models, and any index read against them: whether its value is more than chance.

Two nulls. ``signs`` keeps who is tied to whom and deals the same signs out anew. ``degrees`` keeps how many friends and how many foes
each node has and rewires everything else. Does not say which null is right: balance above ``signs`` may be due to a few nodes with many
foes, which ``degrees`` keeps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from foedus.blocs.graph import SignedGraph
from foedus.errors import parameter
from foedus.kernels import rewire

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Null = Literal["signs", "degrees"]


@dataclass(frozen=True)
class Chance:
    """An index against a null model.

    Attributes
    ----------
    index : str
    value : float or None
        Of the graph; None where the index is not defined for it, and then everything below is None too.
    mean, sd, z : float or None
        Over draws; ``z = (value - mean) / sd``, None where ``sd`` is 0.
    p : float or None
        Two-sided: twice the smaller tail, each ``(1 + draws at least as extreme) / (1 + draws)``, at most 1. Where draws or the value are only
        bounded, the largest p that the bounds allow.
    null : {"signs", "degrees"}
    draws, undefined, bounded : int
        Draws used; draws without a value, left out; draws whose value is only bounded.
    swaps : int
        Tries to switch a pair of ties, per tie and draw; 0 for ``signs``.
    seed : int
    sample : float64 array, shape (draws, 2)
        Lower and upper bound of every draw; equal where exact.
    """

    index: str
    value: float | None
    mean: float | None
    sd: float | None
    z: float | None
    p: float | None
    null: Null
    draws: int
    undefined: int
    bounded: int
    swaps: int
    seed: int
    sample: NDArray[np.float64]

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the sample as JSON's own types."""
        names = ("index", "value", "mean", "sd", "z", "p", "null", "draws", "undefined", "bounded", "swaps", "seed")
        return {name: getattr(self, name) for name in names}


def null_draw(graph: SignedGraph, null: Null, draw: int, *, seed: int = 1, swaps: int = 10) -> SignedGraph:
    """Return one random graph of a null model.

    Parameters
    ----------
    graph : SignedGraph
        Weights keep their sign and travel whole.
    null : {"signs", "degrees"}
    draw, seed : int
        Not negative. Same seed and draw, same graph, whatever other draws are made.
    swaps : int
        For ``degrees``: tries to switch two ties of equal sign, per tie. A try that cannot be made counts.

    Raises
    ------
    ParameterError
        An unknown null, or numbers out of range.

    Examples
    --------
    >>> from foedus.blocs.graph import signed_graph
    >>> g = signed_graph([("a", "b", 1), ("a", "c", -1), ("b", "c", -1), ("c", "d", 1)])
    >>> null_draw(g, "signs", 0).negative, null_draw(g, "degrees", 0).degree().tolist()
    (2, [2, 2, 3, 1])
    """
    _check(null, draw, seed, swaps)
    if null == "signs":
        w = np.random.default_rng([seed, draw]).permutation(graph.w)
        return SignedGraph(graph.ids, graph.i, graph.j, w, graph.rule)
    i, j, _ = rewire.switch(graph.n, graph.i, graph.j, graph.w, swaps * graph.m, np.uint64(seed), np.uint64(draw))
    order = np.lexsort((j, i))
    return SignedGraph(graph.ids, i[order], j[order], graph.w[order], graph.rule)


def against_chance(
    graph: SignedGraph,
    index: Callable[[SignedGraph], float | tuple[float, float] | None],
    *,
    name: str = "index",
    null: Null = "signs",
    draws: int = 200,
    seed: int = 1,
    swaps: int = 10,
) -> Chance:
    """Return an index of a graph against its values in random graphs.

    Parameters
    ----------
    graph : SignedGraph
    index : callable
        From a graph to its value, to (lower, upper) bounds of it, or to None where it is not defined.
    name : str
        What to call it.
    null : {"signs", "degrees"}
    draws : int
        At least 2.
    seed, swaps : int
        As `null_draw`.

    Raises
    ------
    ParameterError
        An unknown null, or numbers out of range.

    Notes
    -----
    The +1 rule is [Phipson2010]_'s: a p of 0 cannot come out of finitely many draws.

    Examples
    --------
    >>> from foedus.blocs.graph import signed_graph
    >>> g = signed_graph([("a", "b", 1), ("a", "c", -1), ("b", "c", -1), ("c", "d", 1)])
    >>> against_chance(g, lambda x: float(x.negative), draws=9).p
    1.0
    """
    if not isinstance(draws, int) or draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    _check(null, 0, seed, swaps)
    steps = swaps if null == "degrees" else 0
    own = _bounds(index(graph))
    if own is None:
        return Chance(name, None, None, None, None, None, null, 0, 0, 0, steps, seed, np.zeros((0, 2)))
    found = [_bounds(index(null_draw(graph, null, d, seed=seed, swaps=swaps))) for d in range(draws)]
    sample = np.array([x for x in found if x is not None]).reshape(-1, 2)
    undefined, bounded = draws - len(sample), int((sample[:, 0] != sample[:, 1]).sum())
    middle, value = sample.mean(axis=1), sum(own) / 2
    if len(sample) < 2:
        return Chance(name, value, None, None, None, None, null, len(sample), undefined, bounded, steps, seed, sample)
    mean, sd = float(middle.mean()), float(middle.std(ddof=1))
    z = (value - mean) / sd if sd > 1e-12 * max(1.0, abs(mean)) else None
    return Chance(
        name, value, mean, sd, z, _two_sided(own, sample), null, len(sample), undefined, bounded, steps, seed, sample
    )


def _check(null: str, draw: int, seed: int, swaps: int) -> None:
    """Raise the error of the first argument out of range."""
    if null not in get_args(Null):
        raise parameter("null", null, "'signs' or 'degrees'")
    for name, got in (("draw", draw), ("seed", seed), ("swaps", swaps)):
        if not isinstance(got, int) or got < 0:
            raise parameter(name, got, "an integer, not negative")


def _bounds(value: float | tuple[float, float] | None) -> tuple[float, float] | None:
    """Return a value as its two bounds."""
    if value is None:
        return None
    low, high = value if isinstance(value, tuple) else (value, value)
    return float(low), float(high)


def _two_sided(own: tuple[float, float], sample: NDArray[np.float64]) -> float:
    """Return the two-sided p; between bounds the largest that they allow; equality up to rounding counts as extreme."""
    slack = 1e-9 * max(1.0, float(np.abs(sample).max()))
    above = 1 + int((sample[:, 1] >= own[0] - slack).sum())
    below = 1 + int((sample[:, 0] <= own[1] + slack).sum())
    return min(1.0, 2 * min(above, below) / (1 + len(sample)))
