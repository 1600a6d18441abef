"""How much ties would have to change before an actor stands with the other bloc.

The frustration of a line-up is linear in the weights, the same constant for all: ``value(S) = const + sum of w_e over the ties that S cuts``.
So the least total change of weights after which some best line-up has an actor on the other side of its anchor is what the best such
line-up costs more now, spread in any way over the ties that the two cut differently. One tie alone does it iff the least costly line-up
that cuts this tie differently has the actor there. Works on arrays and knows no actors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.exact import integer_weights
from foedus.blocs.optima import forced
from foedus.errors import parameter
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.blocs.exact import Partition


@dataclass(frozen=True)
class TieFlip:
    """What one tie of an actor can do.

    ``tie`` is its position in the list, ``partner`` the other end; ``change`` is how much its weight must move, towards friendship where the two
    stand apart and towards enmity where they stand together, before a best line-up treats it otherwise; ``flips`` whether the actor then
    stands on the other side of its anchor (else the partner moves, and no change of this tie alone moves the actor); ``proved``.
    """

    tie: int
    partner: int
    change: float
    flips: bool
    proved: bool


@dataclass(frozen=True)
class Flip:
    """What it takes to flip one node.

    Attributes
    ----------
    node, anchor : int
    change : float
        The least total change of tie weights.
    movers : tuple of int
        Who moves in the best line-up with the node on the other side, the node among them.
    proved : bool
        Else ``change`` is an upper bound.
    ties : tuple of TieFlip
        The node's own ties, those that take least first; None of those for which there was no time.
    """

    node: int
    anchor: int
    change: float
    movers: tuple[int, ...]
    proved: bool
    ties: tuple[TieFlip, ...]


def flip(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], best: Partition, node: int, anchor: int, *,
    seconds: float = 10.0, ties: bool = True,
) -> Flip:  # fmt: skip
    """Return the least change of ties that puts ``node`` on the other side of ``anchor``.

    Parameters
    ----------
    n, i, j, w
        As `foedus.blocs.exact.partition`.
    best : Partition
        Its optimum into two blocs; where it is not proved, nothing here is.
    node, anchor : int
        Two nodes of one component, for a meaningful answer; with no path between them the change is 0.
    seconds : float, s
        Time limit for all of it.
    ties : bool
        Whether to look at each of the node's own ties too.

    Raises
    ------
    ParameterError
        ``node`` and ``anchor`` are the same.

    Examples
    --------
    >>> from foedus.blocs.exact import partition
    >>> i, j, w = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([3.0, -1.0, -2.0])
    >>> found = flip(3, i, j, w, partition(3, i, j, w), 1, 0)
    >>> found.change, [(t.partner, t.change, t.flips) for t in found.ties]
    (4.0, [(2, 3.0, False), (0, 4.0, True)])
    """
    if node == anchor:
        raise parameter("anchor", anchor, "a node other than the one that is to flip")
    deadline = solving() + seconds
    units, unit = integer_weights(w)
    live = np.flatnonzero(units)
    a, b = i[live], j[live]
    seen = np.where(best.label[a] == best.label[b], units[live], -units[live])
    turned, cost, proved = forced(n, a, b, seen, [(anchor, node)], deadline - solving())
    moved = turned != turned[anchor]
    found: list[TieFlip] = []
    own = np.flatnonzero((a == node) | (b == node)) if ties else live[:0]
    for e in own[np.argsort(-np.abs(seen[own]), kind="stable")].tolist():
        if solving() > deadline:
            break
        found.append(_one_tie(n, a, b, seen, e, (node, anchor), (live, unit, deadline), best.proved))
    return Flip(
        node,
        anchor,
        cost * unit,
        tuple(np.flatnonzero(moved).tolist()),
        proved and best.proved,
        tuple(sorted(found, key=lambda t: t.change)),
    )


def _one_tie(
    n: int, a: NDArray[np.int64], b: NDArray[np.int64], seen: NDArray[np.int64], e: int, who: tuple[int, int],
    scale: tuple[NDArray[np.int64], float, float], proved: bool,
) -> TieFlip:  # fmt: skip
    """Return what one tie can do."""
    (node, anchor), (live, unit, deadline) = who, scale
    partner = int(a[e] + b[e]) - node
    turned, cost, sure = forced(n, a, b, seen, [(partner, node)], deadline - solving())
    flips = bool(turned[node] != turned[anchor])
    if not flips and partner != anchor:
        _, both, sure_both = forced(n, a, b, seen, [(anchor, node), (partner, node)], deadline - solving())
        flips, sure = both == cost, sure and sure_both
    return TieFlip(int(live[e]), partner, cost * unit, flips, sure and proved)
