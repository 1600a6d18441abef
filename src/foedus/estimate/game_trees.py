"""Games in extensive form with random utilities: the chance of every outcome, and how it moves with each utility.

Players choose left or right in turn, see all earlier moves, and expect the others to choose as the model says. A utility that nobody observes
in full makes choices random, in one of two ways [Signorino2003]_: *agent* error, fresh at each node, or *private* information of a player about
its utility of each outcome. Chances come from backward recursion in closed form, their derivatives with it. Estimates nothing; has no games
with hidden moves, and none in which a player with private information moves twice on one path.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Link = Literal["probit", "logit"]
Information = Literal["agent", "private"]


@dataclass(frozen=True)
class Leaf:
    """An end of the game: its number in the field's notation, as the 4 of u24."""

    outcome: int


@dataclass(frozen=True)
class Node:
    """A choice of one player between two parts of the game."""

    player: int
    left: Node | Leaf
    right: Node | Leaf


@dataclass(frozen=True)
class Tree:
    """A game.

    Attributes
    ----------
    name : str
    root : Node
    utilities : tuple of str
        Those that are estimated, ``u`` + player + outcome; any other utility is 0, by which the scale of each player's utilities has its origin.
    """

    name: str
    root: Node
    utilities: tuple[str, ...]

    @cached_property
    def outcomes(self) -> tuple[int, ...]:
        """Ends of the game from left to right; the columns of every array of chances."""
        return tuple(leaf.outcome for leaf in leaves(self.root))

    @cached_property
    def players(self) -> tuple[int, ...]:
        """Who moves, each once, in order."""
        return tuple(sorted({node.player for node, _ in _nodes(self.root, ())}))

    def __post_init__(self) -> None:
        known = {f"u{p}{o}" for p in self.players for o in self.outcomes}
        if len(set(self.outcomes)) != len(self.outcomes):
            raise parameter("outcomes", self.outcomes, "a number of its own for each end of the game")
        if not self.utilities or not set(self.utilities) <= known:
            raise parameter("utilities", self.utilities, f"some of {', '.join(sorted(known))}")


def leaves(part: Node | Leaf) -> Iterator[Leaf]:
    """Yield the ends from left to right."""
    if isinstance(part, Leaf):
        yield part
    else:
        yield from leaves(part.left)
        yield from leaves(part.right)


def _nodes(part: Node | Leaf, above: tuple[int, ...]) -> Iterator[tuple[Node, tuple[int, ...]]]:
    """Yield every choice with who moved before it."""
    if isinstance(part, Node):
        yield part, above
        for side in (part.left, part.right):
            yield from _nodes(side, (*above, part.player))


EGAME12 = Tree("egame12", Node(1, Leaf(1), Node(2, Leaf(3), Leaf(4))), ("u11", "u13", "u14", "u24"))
"""One stays (1) or challenges; two yields (3) or resists (4) [Signorino1999]_. Two's utility of yielding is 0."""
EGAME122 = Tree(
    "egame122",
    Node(1, Node(2, Leaf(1), Leaf(2)), Node(2, Leaf(3), Leaf(4))),
    ("u11", "u12", "u13", "u14", "u22", "u24"),
)
"""Two answers either move of one; its utility of answering left is 0 in both branches."""
EGAME123 = Tree(
    "egame123",
    Node(1, Leaf(1), Node(2, Leaf(3), Node(3, Leaf(5), Leaf(6)))),
    ("u11", "u13", "u15", "u16", "u23", "u25", "u26", "u36"),
)
"""Three players in a row; the third's utility of its left is 0."""
TREES = {tree.name: tree for tree in (EGAME12, EGAME122, EGAME123)}


@dataclass(frozen=True)
class Chances:
    """Chances of the ends of a game.

    Attributes
    ----------
    log : float64 array, shape (n, n_outcomes)
        Natural logarithms.
    slope : float64 array, shape (n, n_outcomes, n_utilities)
        Derivatives of ``log`` by each utility.
    """

    log: NDArray[np.float64]
    slope: NDArray[np.float64]


def chances(
    tree: Tree, u: NDArray[np.float64], *, link: Link = "probit", information: Information = "agent"
) -> Chances:
    """Return the chance of every end, at each row's utilities.

    The mover m at a node compares the utilities it expects of its two sides; the difference d is divided by s. With errors of the agents
    s = sqrt(2) (probit) or 1 (logit), in units of one error's standard deviation or scale. With private information about the utility of each
    end, s = sqrt(sum of squared chances of the ends, given the side), so that sqrt(2) between two ends, and sqrt(1 + p3^2 + p4^2) for the first
    player of `EGAME12`. The right side has chance F(d / s), F the normal or the logistic distribution.

    Parameters
    ----------
    tree : Tree
    u : array, shape (n, n_utilities)
        In the order of ``tree.utilities``, in units of one error's deviation.
    link : {"probit", "logit"}
    information : {"agent", "private"}
        Private information has the probit link only: sums of weighted logistic errors have no logistic distribution.

    Raises
    ------
    ParameterError
        Another link or kind of information; private information with the logit link, or where a player moves twice on one path; an array of
        another shape.

    References
    ----------
    [Signorino1999]_, [Signorino2003]_; the formulas as in the documentation of the R package games [KenkelSignorino2014]_.

    Examples
    --------
    >>> found = chances(EGAME12, np.zeros((1, 4)))
    >>> np.exp(found.log).round(3).tolist()
    [[0.5, 0.25, 0.25]]
    """
    if link not in ("probit", "logit"):
        raise parameter("link", link, "probit or logit")
    if information not in ("agent", "private"):
        raise parameter("information", information, "agent or private")
    if information == "private":
        _check_private(tree, link)
    values = np.asarray(u, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != len(tree.utilities):
        raise parameter("u", f"shape {values.shape}", f"a column for each of {', '.join(tree.utilities)}")
    return _of(tree.root, tree, values, link, information)


def utilities(x: tuple[NDArray[np.float64], ...], coef: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the utilities of each row, shape (n, n_utilities), from the columns of each and all coefficients in a row.

    Examples
    --------
    >>> utilities((np.ones((1, 1)), np.zeros((1, 0)), np.array([[1.0, 2.0]])), np.array([3.0, 4.0, 5.0])).tolist()
    [[3.0, 0.0, 14.0]]
    """
    ends = np.cumsum([0, *(part.shape[1] for part in x)])
    return np.stack([part @ coef[a:b] for part, a, b in zip(x, ends[:-1], ends[1:], strict=True)], axis=1)


def _check_private(tree: Tree, link: Link) -> None:
    """Raise where chances under private information have no closed form."""
    if link == "logit":
        raise parameter("link", link, "probit, with private information")
    if any(node.player in above for node, above in _nodes(tree.root, ())):
        raise parameter("information", "private", "agent, where a player moves twice on one path")


def _of(part: Node | Leaf, tree: Tree, u: NDArray[np.float64], link: Link, information: Information) -> Chances:
    """Return chances of the ends of a part of the game, given that play reaches it."""
    n, many = u.shape
    if isinstance(part, Leaf):
        return Chances(np.zeros((n, 1)), np.zeros((n, 1, many)))
    sides = [_of(side, tree, u, link, information) for side in (part.left, part.right)]
    worth = [_expected(s, side, part.player, tree, u) for s, side in zip(sides, (part.left, part.right), strict=True)]
    gap, gap_slope = worth[1][0] - worth[0][0], worth[1][1] - worth[0][1]
    if information == "private":
        spread, spread_slope = _spread(sides)
        z = gap / spread
        z_slope = (gap_slope - z[:, None] * spread_slope) / spread[:, None]
    else:
        unit = unit_of(link)
        z, z_slope = gap / unit, gap_slope / unit
    logs, slopes = [], []
    for side, sign in zip(sides, (-1.0, 1.0), strict=True):
        log, rate = log_distribution(sign * z, link)
        logs.append(side.log + log[:, None])
        slopes.append(side.slope + (sign * rate)[:, None, None] * z_slope[:, None, :])
    return Chances(np.concatenate(logs, axis=1), np.concatenate(slopes, axis=1))


def _expected(
    found: Chances, part: Node | Leaf, player: int, tree: Tree, u: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the utility a player expects of a part of the game, shape (n,), and its derivatives, shape (n, n_utilities)."""
    p = np.exp(found.log)
    value, slope = np.zeros(len(u)), np.zeros_like(u)
    for k, leaf in enumerate(leaves(part)):
        name = f"u{player}{leaf.outcome}"
        if name in tree.utilities:
            at = tree.utilities.index(name)
            value += p[:, k] * u[:, at]
            slope += (p[:, k] * u[:, at])[:, None] * found.slope[:, k]
            slope[:, at] += p[:, k]
    return value, slope


def _spread(sides: list[Chances]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the deviation of the difference of two sides' private utilities, and its derivatives."""
    square = sum(np.exp(2 * s.log).sum(axis=1) for s in sides)
    spread = np.sqrt(np.asarray(square))
    slope = sum((np.exp(2 * s.log)[:, :, None] * s.slope).sum(axis=1) for s in sides)
    return spread, np.asarray(slope) / spread[:, None]


def unit_of(link: Link) -> float:
    """Return the deviation (probit) or scale (logit) of the difference of two agents' errors."""
    return float(np.sqrt(2.0)) if link == "probit" else 1.0


def log_distribution(z: NDArray[np.float64], link: Link) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return log F(z) and its derivative, without underflow."""
    if link == "logit":
        return -np.logaddexp(0.0, -z), np.exp(-np.logaddexp(0.0, z))
    from scipy.special import log_ndtr

    log = log_ndtr(z)
    return log, np.exp(-0.5 * z * z - 0.5 * np.log(2 * np.pi) - log)
