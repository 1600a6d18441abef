"""What a landscape is made of once actors have become nodes: weights, whether the first node may move, codes, pulls, energies.

With fields there is one more node, the first, that never moves and stands for the outside. Names no actors; see `foedus.blocs.landscape`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

ENUMERABLE = 24
"""Most nodes whose 2 ** 23 configurations are visited one by one."""

ROUNDING = 1e-12
"""A pull within this share of a node's total weight counts as none: a tie."""


@dataclass(frozen=True, eq=False)
class Terrain:
    """Nodes, their weights and who may move.

    Attributes
    ----------
    w : float64 array, shape (m, m)
        Symmetric, zero diagonal.
    held : bool
        Whether node 0 never moves.
    """

    w: NDArray[np.float64]
    held: bool

    @property
    def m(self) -> int:
        """Number of nodes."""
        return len(self.w)

    @cached_property
    def tolerance(self) -> NDArray[np.float64]:
        """Pull of each node that counts as none, shape (m,)."""
        return ROUNDING * np.abs(self.w).sum(axis=1)

    def floor(self, *, strict: bool) -> NDArray[np.float64]:
        """Return the least pull with which each node stays, shape (m,)."""
        floor = np.nextafter(self.tolerance, np.inf) if strict else -self.tolerance
        if self.held:
            floor[0] = -np.inf
        return floor

    def eta(self, codes: Iterable[int]) -> NDArray[np.int8]:
        """Return +1 or -1 of every node for each code, shape (n_codes, m)."""
        rows = [[1] + [1 - 2 * ((int(c) >> b) & 1) for b in range(self.m - 1)] for c in codes]
        return np.array(rows, dtype=np.int8).reshape(-1, self.m)

    def codes(self, eta: NDArray[np.int8]) -> tuple[int, ...]:
        """Return the codes of configurations, shape (n_codes, m); the two names of one bipartition have one code."""
        bits = (eta[:, 1:] != eta[:, :1]).tolist()
        return tuple(sum(1 << b for b, x in enumerate(row) if x) for row in bits)

    def flipped(self, code: int, node: int) -> int:
        """Return the code after a flip of one node."""
        return code ^ ((1 << (self.m - 1)) - 1 if node == 0 else 1 << (node - 1))

    def pulls(self, eta: NDArray[np.int8]) -> NDArray[np.float64]:
        """Return ``eta_i sum_j w_ij eta_j``, shape (n_codes, m)."""
        signs = eta.astype(float)
        return signs * (signs @ self.w)

    def energies(self, eta: NDArray[np.int8]) -> NDArray[np.float64]:
        """Return the ordered double sum of weights over nodes apart, shape (n_codes,)."""
        return 0.5 * (self.w.sum() - self.pulls(eta).sum(axis=1))

    def enumerable(self, what: str, hint: str = "") -> None:
        """Raise if there are too many configurations to visit."""
        if self.m > ENUMERABLE:
            got = f"{self.m - self.held} actors{' with fields' if self.held else ''}"
            raise parameter(what, got, f"at most {ENUMERABLE - self.held} to visit every configuration", hint)
