"""For each threatened outsider the nearest of the least threatened ones of the same pact; for each state that signed the nearest that did not.

Nearness is by capability, own rate of gains, region and standing, as ``docs/decisions/0017-counter-alliances.md`` says. Compares no outcomes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAREST = 3
REGION, STANDING = 1.0, 2.0
"""What another region, and another standing, adds to the distance."""


def nearest(
    group: NDArray[np.int64], treated: NDArray[np.bool_], pool: NDArray[np.bool_], size: NDArray[np.float64], past: NDArray[np.float64],
    region: NDArray[np.int64], major: NDArray[np.bool_], order: NDArray[np.int64], *, count: int = NEAREST,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Return the rows of the treated that have a match, and of their matches, shapes (m,) and (m, count).

    Parameters
    ----------
    group : int array, shape (n,)
        Rows are matched within it.
    treated, pool : bool arrays, shape (n,)
    size, past : float arrays, shape (n,)
        Compared over their standard deviation among all rows; a row where one is unknown is neither treated nor in the pool.
    region : int array, shape (n,)
        A negative one is like no other.
    major : bool array, shape (n,)
    order : int array, shape (n,)
        Decides between rows at the same distance.
    count : int
        Matches each; a row in whose group the pool is smaller is left out.
    """
    known = ~(np.isnan(size) | np.isnan(past))
    scales = [s if (s := float(np.std(x[known]))) > 0 else 1.0 for x in (size, past)] if known.any() else [1.0, 1.0]
    rows, found = [], []
    for g in np.unique(group[treated & known]).tolist():
        here = np.flatnonzero((group == g) & known)
        ours, others = here[treated[here]], here[pool[here] & ~treated[here]]
        if len(others) < count:
            continue
        far = np.abs(size[ours, None] - size[others]) / scales[0] + np.abs(past[ours, None] - past[others]) / scales[1]
        far = far + REGION * ((region[ours, None] != region[others]) | (region[ours, None] < 0))
        far = far + STANDING * (major[ours, None] != major[others])
        best = np.lexsort((np.broadcast_to(order[others], far.shape), np.round(far, 9)), axis=1)[:, :count]
        rows.append(ours)
        found.append(others[best])
    if not rows:
        return np.zeros(0, dtype=np.int64), np.zeros((0, count), dtype=np.int64)
    return np.concatenate(rows), np.concatenate(found)


def standardised(values: NDArray[np.float64], treated: NDArray[np.int64], matched: NDArray[np.int64]) -> float | None:
    """Return how far the treated are from their matches, in standard deviations of the treated; None where they do not vary."""
    if len(treated) < 2 or not (spread := float(np.std(values[treated]))):
        return None
    return float((values[treated] - values[matched].mean(axis=1)).mean() / spread)
