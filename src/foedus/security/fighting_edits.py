"""What could be changed in a fighting network: a group removed, an enmity pacified, a group's arms embargoed.

Typed edits of a `FightingNetwork`, as those of `foedus.system.edits` are of a `System`: a removal, or the end of a war, gives the same figures to the
bit by either way. Says nothing about whether a change could be brought about, or at what price.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import InvalidSystemError, message, parameter

if TYPE_CHECKING:
    from foedus.security.fighting import FightingNetwork, Floats


@dataclass(frozen=True, slots=True)
class Remove:
    """Groups that no longer exist: their efforts and ties go, the others keep theirs."""

    groups: tuple[str, ...]

    def apply(self, network: FightingNetwork) -> FightingNetwork:
        """Return the network without them."""
        return network.without(*self.groups)

    def describe(self) -> str:
        """Return one neutral line."""
        return f"without {' and '.join(self.groups)}"


@dataclass(frozen=True, slots=True)
class Pacify:
    """An enmity that ends: the tie of two enemies is 0; they become no allies."""

    a: str
    b: str

    def apply(self, network: FightingNetwork) -> FightingNetwork:
        """Return the network without the enmity; two that are no enemies are an error."""
        i, j = network.position(self.a), network.position(self.b)
        if not (network.enemy[..., i, j] > 0).any():
            raise InvalidSystemError(
                message("No enmity to pacify", got=f"{self.a} and {self.b}, who are no enemies here")
            )
        enemy = network.enemy.copy()
        enemy[..., i, j] = enemy[..., j, i] = 0.0
        return replace(network, enemy=enemy)

    def describe(self) -> str:
        """Return one neutral line."""
        return f"peace between {self.a} and {self.b}"


@dataclass(frozen=True, eq=False)
class Embargo:
    """A group's effort costs ``factor`` times as much; the form is ours, and the group's enemies and allies pay what they paid.

    ``factor`` is a number, one a draw, or None for the assumed interval of ``params/fighting.toml``, which `Fight.effect` draws.
    """

    group: str
    factor: float | Floats | None = None

    def __post_init__(self) -> None:
        factor = np.asarray(1.0 if self.factor is None else self.factor, dtype=np.float64)
        if not (np.isfinite(factor).all() and (factor > 0).all()):
            raise parameter("factor", self.factor, "above 0")

    def apply(self, network: FightingNetwork) -> FightingNetwork:
        """Return the network with the group's cost raised."""
        if self.factor is None:
            raise parameter("factor", None, "a number, where the edit is applied to a network by itself")
        cost = network.cost.copy()
        cost[..., network.position(self.group)] *= self.factor
        return replace(network, cost=cost)

    def describe(self) -> str:
        """Return one neutral line."""
        return f"arms embargo on {self.group}"


FightingEdit = Remove | Pacify | Embargo
