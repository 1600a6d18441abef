"""Landscape theory of Axelrod and Bennett: energies of every bipartition, and its local minima.

``E(X) = sum over ordered pairs of s_i s_j p_ij d_ij(X)`` with ``d_ij = 1`` for different sides: each pair counts twice
[AxelrodBennett1993]_. A local minimum is a configuration that no single actor would leave (equality allowed). Enumerates, hence to 24 actors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.errors import parameter
from foedus.kernels import signed


@dataclass(frozen=True)
class Landscape:
    """Every configuration's energy.

    Attributes
    ----------
    energy : float64 array, shape (2 ** (n - 1),)
        Bit ``b`` of a position set means actor ``b + 1`` is apart from actor 0.
    minima : tuple of int
        Positions of local minima, lowest energy first.
    basins : tuple of int
        How many configurations steepest descent leads to each minimum.
    """

    n: int
    energy: NDArray[np.float64]
    minima: tuple[int, ...]
    basins: tuple[int, ...]

    def sides(self, position: int) -> NDArray[np.int64]:
        """Return the side (0 or 1) of each actor in a configuration."""
        return np.array([0] + [(position >> b) & 1 for b in range(self.n - 1)])


def landscape(size: NDArray[np.float64], propensity: NDArray[np.float64]) -> Landscape:
    """Return the energy landscape of actors of given sizes.

    Parameters
    ----------
    size : float array, shape (n,)
    propensity : float array, shape (n, n)
        Symmetric; the diagonal is ignored. ``n <= 24``.

    Raises
    ------
    ParameterError
        Not square, not symmetric, more than 24 actors.

    Examples
    --------
    >>> land = landscape(np.ones(3), np.array([[0, 1, -1], [1, 0, -1], [-1, -1, 0.0]]))
    >>> land.energy.min(), land.sides(land.minima[0]).tolist()
    (np.float64(-4.0), [0, 0, 1])
    """
    n = len(size)
    if propensity.shape != (n, n) or not 2 <= n <= 24:
        raise parameter("propensity", propensity.shape, "a square matrix aligned with size, 2 to 24 actors")
    if not np.allclose(propensity, propensity.T):
        raise parameter("propensity", "an asymmetric matrix", "p_ij equal to p_ji", "symmetrise it first, and say how")
    weight = propensity * np.outer(size, size)
    np.fill_diagonal(weight, 0.0)
    offset = float(np.abs(np.minimum(np.triu(weight, 1), 0.0)).sum())
    energy = 2.0 * (signed.enumerate_bipartitions(weight) - offset)
    positions = np.arange(len(energy))
    flips = [positions ^ (len(energy) - 1)] + [positions ^ (1 << b) for b in range(n - 1)]
    around = np.stack([energy[f] for f in flips])
    tolerance = 1e-9 * max(1.0, float(np.abs(energy).max()))
    minima = np.flatnonzero((around >= energy - tolerance).all(axis=0))
    order = minima[np.argsort(energy[minima], kind="stable")]
    step = np.stack(flips)[around.argmin(axis=0), positions]
    goal = np.where((around >= energy - tolerance).all(axis=0), positions, step)
    while not np.array_equal(goal[goal], goal):
        goal = goal[goal]
    return Landscape(n, energy, tuple(int(m) for m in order), tuple(int((goal == m).sum()) for m in order))
