"""Whether orbits of a deterministic step have come to rest or to a cycle, within a tolerance. Takes no step itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def recurrence(
    history: NDArray[np.float64], tolerance: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (start, length) of what each orbit repeats at its end, both shape (n_orbits,).

    Parameters
    ----------
    history : float64 array, shape (n_orbits, n_times, n)
    tolerance : float64 array, shape (n_orbits,)
        States differ no more than this in any coordinate to count as one.

    Returns
    -------
    start : int64 array
        The first time from which on every state comes back after ``length`` steps.
    length : int64 array
        The least period of which the last two repeats agree: 1 at rest, 2 or more in a cycle, 0 if neither is seen.

    Examples
    --------
    >>> h = np.array([[[3.0], [0.0], [1.0], [0.0], [1.0], [0.0]], [[4.0], [2.0], [1.0], [1.0], [1.0], [1.0]]])
    >>> [x.tolist() for x in recurrence(h, np.full(2, 1e-9))]
    [[1, 2], [2, 1]]
    """
    many, times, _ = history.shape
    start, length = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    for period in range(1, times // 2 + 1):
        open_ = np.flatnonzero(length == 0)
        if not len(open_):
            break
        last = history[open_, times - period :]
        before = history[open_, times - 2 * period : times - period]
        same = np.abs(last - before).max(axis=(1, 2)) <= tolerance[open_]
        found = open_[same]
        if not len(found):
            continue
        length[found] = period
        apart = np.abs(history[found, period:] - history[found, :-period]).max(axis=2) > tolerance[found, None]
        start[found] = np.where(apart.any(axis=1), apart.shape[1] - np.argmax(apart[:, ::-1], axis=1), 0)
    return start, length
