"""Three blocs where two and any number are known already. Other numbers are `foedus.blocs.clustering`'s, other optima `foedus.blocs.optima`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.blocs.clustering import cluster

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from foedus.blocs.exact import Partition


def three(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], two: Partition, free: Partition, *,
    seconds: float = 10.0,
) -> Partition:  # fmt: skip
    """Return the best line-up into at most three blocs: the free one where that needs no more, else `cluster`'s, or two where it finds no better.

    Examples
    --------
    >>> import numpy as np
    >>> from foedus.blocs.exact import partition
    >>> i, j, w = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([-1.0, -1.0, -1.0])
    >>> three(3, i, j, w, partition(3, i, j, w), cluster(3, i, j, w)).label.tolist()
    [0, 1, 2]
    """
    if free.proved and free.label.max(initial=0) <= 2:
        return free
    found = cluster(n, i, j, w, k=3, seconds=seconds)
    return found if found.proved or found.value <= two.value else two_as_three(two, found)


def two_as_three(two: Partition, found: Partition) -> Partition:
    """Return the line-up into two blocs as one into at most three, with the bound that holds for three."""
    from foedus.blocs.exact import Partition

    return Partition(two.label, two.value, min(found.bound, two.value), proved=found.bound >= two.value)
