"""The international interaction game of two states: utilities, payoffs, and its tree solved backwards, for any number of pairs at once.

Utilities are Bennett and Stam's operational form (their A1.1 to A1.3) of Bueno de Mesquita and Lalman's game [BennettStam2000]_,
[BuenodeMesquitaLalman1992]_. The payoffs (their table 2.2) are given from memory and not verified against the book; the order of moves is that of a
published transcription of Signorino's version [Signorino1999]_. Knows no states.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

OUTCOMES = ("SQ", "ACQ_A", "ACQ_B", "NEGO", "CAP_A", "CAP_B", "WAR_A", "WAR_B")
"""Ends of the game; A and B in a name is who acquiesces, who capitulates, who strikes first."""
SQ, ACQ_A, ACQ_B, NEGO, CAP_A, CAP_B, WAR_A, WAR_B = range(8)
UNKNOWN = -1
A, B = 0, 1
TIE = 1e-12


class Node(NamedTuple):
    """A choice: who moves, what is asked, where yes and no lead (a node's number, or an end as its negative less one)."""

    mover: int
    question: str
    yes: int
    no: int


def end(outcome: int) -> int:
    """Return how a node names an end of the game."""
    return -1 - outcome


NODES: dict[int, Node] = {
    1: Node(A, "make a demand?", 3, 2),
    2: Node(B, "make a demand?", 4, end(SQ)),
    3: Node(B, "make a counter-demand?", 5, end(ACQ_B)),
    4: Node(A, "make a counter-demand?", 6, end(ACQ_A)),
    5: Node(A, "use force?", 10, 9),
    6: Node(B, "use force?", 8, 7),
    7: Node(A, "use force?", 11, end(NEGO)),
    8: Node(A, "fight back?", end(WAR_B), end(CAP_A)),
    9: Node(B, "use force?", 12, end(NEGO)),
    10: Node(B, "fight back?", end(WAR_A), end(CAP_B)),
    11: Node(B, "fight back?", end(WAR_A), end(CAP_B)),
    12: Node(A, "fight back?", end(WAR_B), end(CAP_A)),
}
"""The tree. Nodes that lead on have lower numbers than those they lead to."""


class Costs(NamedTuple):
    """Weights of the domestic cost of force, and costs of a first strike, of fighting back where struck, and of capitulating."""

    phi: NDArray[np.float64] | float = 1.0
    alpha: NDArray[np.float64] | float = 1.0
    tau: NDArray[np.float64] | float = 1.0
    gamma: NDArray[np.float64] | float = 1.0


def exponent(risk: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return r = (1 - R/3) / (1 + R/3): 2 for R = -1 (averse), 1 for 0, 1/2 for 1 (acceptant).

    Examples
    --------
    >>> exponent(np.array([-1.0, 0.0, 1.0])).tolist()
    [1.9999999999999998, 1.0, 0.5000000000000001]
    """
    third = np.asarray(risk, dtype=np.float64) / 3
    return (1 - third) / (1 + third)


class Utilities(NamedTuple):
    """One state's utility of its own demand met, of the other's demand met, and of no change."""

    own: NDArray[np.float64]
    other: NDArray[np.float64]
    same: NDArray[np.float64]


def utilities(similarity: NDArray[np.float64] | float, r: NDArray[np.float64] | float) -> Utilities:
    """Return (A1.1) 2 - 4[(2 - (1 - K))/4]^r, (A1.2) 2 - 4[(2 - (K - 1))/4]^r and (A1.3) 2 - 4(1/2)^r.

    Examples
    --------
    >>> [round(float(u), 4) for u in utilities(0.0303, 1.0)]
    [0.9697, -0.9697, 0.0]
    """
    k, r = np.broadcast_arrays(np.asarray(similarity, dtype=np.float64), np.asarray(r, dtype=np.float64))
    return Utilities(2 - 4 * ((1 + k) / 4) ** r, 2 - 4 * ((3 - k) / 4) ** r, 2 - 4 * 0.5**r)


def payoffs(
    a: Utilities, b: Utilities, p_a: NDArray[np.float64], p_b: NDArray[np.float64], costs: Costs = Costs()  # noqa: B008 - immutable
) -> NDArray[np.float64]:  # fmt: skip
    """Return what each end is worth, shape (8, 2, ...): ends by A and B.

    Parameters
    ----------
    a, b : Utilities
        Each of a pair's own utilities, of any one shape.
    p_a, p_b : float64 arrays of that shape
        Each side's own estimate of its chance to prevail. They need not add up to one: each weighs third parties by its own attitude to risk.
    costs : Costs
        The domestic cost of force is ``phi`` x U(SQ) x P, as Bennett and Stam have it; it is below zero, a benefit, where r < 1.
    """
    return np.stack([_ends(a, p_a, costs, first=True), _ends(b, p_b, costs, first=False)], axis=1)


def _ends(u: Utilities, p: NDArray[np.float64], costs: Costs, *, first: bool) -> NDArray[np.float64]:
    """Return one side's worth of the eight ends, shape (8, ...); ``first`` is A."""
    talk = p * u.own + (1 - p) * u.other
    home = costs.phi * u.same * p
    strikes = talk - home - costs.alpha * (1 - p)
    struck = talk - home - costs.tau * (1 - p)
    gives_up = u.other - costs.gamma * (1 - p)
    takes = u.own - home
    if first:
        return np.stack([u.same, u.other, u.own, talk, gives_up, takes, strikes, struck])
    return np.stack([u.same, u.own, u.other, talk, takes, gives_up, struck, strikes])


class Solved(NamedTuple):
    """``outcome`` int8 (...): the end reached, -1 unknown; ``ends`` and ``yes`` int8, bool (13, ...): the end that play from each node reaches,
    and whether its mover says yes; row 0 is not used. ``tie`` bool (...): a mover on the way was indifferent between two ends."""  # noqa: D205, D209

    outcome: NDArray[np.int8]
    ends: NDArray[np.int8]
    yes: NDArray[np.bool_]
    tie: NDArray[np.bool_]


def solve(worth: NDArray[np.float64], *, restrained: bool = False) -> Solved:
    """Return the subgame-perfect play of payoffs of shape (8, 2, ...).

    A mover that is indifferent demands, uses force, fights back; ``restrained`` turns that round. Unknown payoffs give an unknown outcome.

    Examples
    --------
    >>> u = utilities(0.0303, 1.0)
    >>> OUTCOMES[solve(payoffs(u, u, np.array(0.7), np.array(0.3))).outcome]
    'NEGO'
    """
    shape = worth.shape[2:]
    ends = np.full((13, *shape), UNKNOWN, dtype=np.int8)
    yes = np.zeros((13, *shape), dtype=np.bool_)
    even = np.zeros((13, *shape), dtype=np.bool_)
    for number in sorted(NODES, reverse=True):
        node = NODES[number]
        if_yes, if_no = (np.full(shape, -1 - to, np.int8) if to < 0 else ends[to] for to in (node.yes, node.no))
        mine = worth[:, node.mover]
        gain = _at(mine, if_yes) - _at(mine, if_no)
        yes[number] = gain > TIE if restrained else gain >= -TIE
        even[number] = (np.abs(gain) <= TIE) & (if_yes != if_no)
        ends[number] = np.where(yes[number], if_yes, if_no)
    known = np.isfinite(worth).all(axis=(0, 1))
    return Solved(np.where(known, ends[1], UNKNOWN).astype(np.int8), ends, yes, on_the_way(yes, even) & known)


def _at(worth: NDArray[np.float64], outcome: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return the worth of one end each, of (8, ...) and (...)."""
    return np.take_along_axis(worth, outcome[None].astype(np.intp), axis=0)[0]


def on_the_way(yes: NDArray[np.bool_], mark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether a marked node lies on the way that play takes from the start; arrays (13, ...) by node."""
    reached = np.zeros_like(yes)
    reached[1] = True
    for number in sorted(NODES):
        for to, taken in ((NODES[number].yes, yes[number]), (NODES[number].no, ~yes[number])):
            if to > 0:
                reached[to] |= reached[number] & taken
    return np.asarray((reached & mark).any(axis=0))
