"""Where the climb to a strategic model's maximum begins: statistical backward induction [Signorino2003]_.

From the last choices to the first, each choice is fitted alone, on the rows that reach it, with what follows taken as already estimated: its
mover's utilities then enter one binary choice. A slight pull to 0 keeps thin choices finite. It is consistent but not efficient, and a start only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.game_trees import Leaf, Node, leaves, log_distribution, unit_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.estimate.strategic import Likelihood

PULL = 0.01
"""Half the precision of the pull to 0, in scaled columns."""


def backward_start(whole: Likelihood) -> NDArray[np.float64]:
    """Return coefficients to start from, shape (size,)."""
    coef = [np.zeros(x.shape[1]) for x in whole.x]
    _solve(whole.tree.root, whole, coef)
    return np.concatenate(coef)


def _solve(part: Node | Leaf, whole: Likelihood, coef: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Fill in the coefficients of a part of the game; return the chances of its ends, shape (n, n_ends)."""
    if isinstance(part, Leaf):
        return np.ones((len(whole.y), 1))
    tree = whole.tree
    sides = [_solve(side, whole, coef) for side in (part.left, part.right)]
    ends = [[leaf.outcome for leaf in leaves(side)] for side in (part.left, part.right)]
    spread = np.sqrt(sum((q * q).sum(axis=1) for q in sides)) if whole.information == "private" else unit_of(whole.link)
    columns, places = [], []
    for q, outcomes, sign in zip(sides, ends, (-1.0, 1.0), strict=True):
        for k, outcome in enumerate(outcomes):
            if (name := f"u{part.player}{outcome}") in tree.utilities:
                at = tree.utilities.index(name)
                columns.append(whole.x[at] * (sign * q[:, k] / spread)[:, None])
                places.append(at)
    x = np.concatenate(columns, axis=1) if columns else np.zeros((len(whole.y), 0))
    end = np.asarray(tree.outcomes)[whole.y]
    right = np.isin(end, ends[1])
    reached = right | np.isin(end, ends[0])
    found = _fit(x[reached], right[reached], whole)
    first = 0
    for at in places:
        size = whole.x[at].shape[1]
        coef[at] = found[first : first + size]
        first += size
    p = np.exp(log_distribution(x @ found, whole.link)[0])
    return np.concatenate([sides[0] * (1 - p)[:, None], sides[1] * p[:, None]], axis=1)


def _fit(x: NDArray[np.float64], right: NDArray[np.bool_], whole: Likelihood) -> NDArray[np.float64]:
    """Return the coefficients of one binary choice, pulled slightly to 0."""
    from scipy.optimize import minimize

    sign = np.where(right, 1.0, -1.0)

    def down(b: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        log, rate = log_distribution(sign * (x @ b), whole.link)
        return float(PULL * b @ b - log.sum()), 2 * PULL * b - (sign * rate) @ x

    return np.asarray(minimize(down, np.zeros(x.shape[1]), jac=True, method="BFGS").x) if x.shape[1] else np.zeros(0)
