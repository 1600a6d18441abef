"""A fighting network in draws of its ties and parameters, and what any edit of it does to the sum of efforts.

Both arms of an edit share all draws. Intervals hold over those draws in which both have an equilibrium; how many they are is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus import params as parameters
from foedus.errors import InvalidSystemError
from foedus.kernels import fighting as kernel
from foedus.kernels import streams
from foedus.security.fighting import Equilibrium, FightingNetwork, Floats, fighting_equilibrium
from foedus.security.fighting_edits import Embargo, FightingEdit, Pacify, Remove

FEWEST = 10
"""Draws with an equilibrium in both worlds from which on an interval is given."""


@dataclass(frozen=True, slots=True)
class Ranged:
    """A number at the central inputs, with its 90 % interval over draws of them."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, draws: Floats) -> Ranged:
        """Return the number with the interval of its draws."""
        low, high = np.quantile(draws, [0.05, 0.95]) if len(draws) else (np.nan, np.nan)
        return cls(float(value), float(low), float(high))

    def to_dict(self) -> dict[str, float]:
        """Return a plain form."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, eq=False)
class Effect:
    """What one change does to the sum of all efforts, as a share of the sum without it; below 0 there is less fighting.

    ``own`` is the part of the fighting that the removed put in themselves: an effect beyond it comes from the others. ``draws`` is in how many draws
    both worlds have an equilibrium; None as ``change`` means that the changed world has none at the central inputs, or that fewer than
    `FEWEST` draws have one in both.
    """

    edit: FightingEdit
    change: Ranged | None
    own: Ranged | None
    draws: int

    def row(self) -> dict[str, Any]:
        """Return one flat row."""
        out: dict[str, Any] = {
            "change": self.edit.describe(),
            "kind": type(self.edit).__name__.lower(),
            "draws": self.draws,
        }
        for name, e in (("effect", self.change), ("own", self.own)):
            out |= {
                name: e.value if e else None,
                f"{name}_low": e.low if e else None,
                f"{name}_high": e.high if e else None,
            }
        return out


def spillovers(draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return draws of ``beta`` and ``gamma``, jointly normal as estimated, shape (draws,) each; those below 0 count as 0."""
    from scipy.special import ndtri

    e = parameters.load("fighting").extra
    z = ndtri(streams.uniforms(seed, streams.keys_of(["param:fighting.beta", "param:fighting.gamma"]), draws))
    r = e["joint.correlation"]
    beta = e["joint.beta"] + e["joint.beta_se"] * z[:, 0]
    gamma = e["joint.gamma"] + e["joint.gamma_se"] * (r * z[:, 0] + np.sqrt(1 - r**2) * z[:, 1])
    return np.maximum(beta, 0.0), np.maximum(gamma, 0.0)


@dataclass(frozen=True, eq=False)
class Worlds:
    """A network at its central inputs and in draws, with what any edit of it does."""

    central: FightingNetwork
    drawn: FightingNetwork
    base: Equilibrium
    beta: Floats
    gamma: Floats
    seed: int

    @cached_property
    def found(self) -> kernel.Solution:
        """The equilibria of the drawn network."""
        return self._solved(self.drawn)

    @property
    def efforts(self) -> Floats:
        """Efforts by draw, shape (n_draws, n); nan without equilibrium."""
        return self.found.effort

    @property
    def good(self) -> NDArray[np.bool_]:
        """Whether each draw has an equilibrium."""
        return self.found.code == kernel.SOLVED

    def _solved(self, network: FightingNetwork) -> kernel.Solution:
        """Return the equilibria of a drawn network."""
        m = kernel.matrix(network.allied, network.enemy, self.beta, self.gamma)
        return kernel.solve(m, network.cost, network.shift, self.base.prize)

    def at_centre(self, edit: FightingEdit) -> float | None:
        """Return the relative change of the sum of efforts at the central inputs, None without an equilibrium."""
        edited = edit.apply(self.central)
        try:
            other = fighting_equilibrium(edited, beta=self.base.beta, gamma=self.base.gamma, prize=self.base.prize)
        except InvalidSystemError:
            return None
        return other.total / self.base.total - 1

    def effect(self, edit: FightingEdit) -> Effect:
        """Return what an edit does."""
        drawn = edit
        if isinstance(edit, Embargo) and edit.factor is None:
            table = parameters.load("fighting")
            edit, drawn = (
                replace(edit, factor=f)
                for f in (table["embargo.factor"].centre, table.draws("embargo.factor", self.seed, len(self.beta)))
            )
        value, found = self.at_centre(edit), self._solved(drawn.apply(self.drawn))
        both = self.good & (found.code == kernel.SOLVED)
        whole = self.efforts[both].sum(axis=1)
        change = own = None
        if value is not None and both.sum() >= FEWEST:
            change = Ranged.of(value, found.effort[both].sum(axis=1) / whole - 1)
        if isinstance(edit, Remove) and both.sum() >= FEWEST:
            gone = [self.central.position(g) for g in edit.groups]
            own = Ranged.of(
                self.base.effort[gone].sum() / self.base.total, self.efforts[both][:, gone].sum(axis=1) / whole
            )
        return Effect(edit, change, own, int(both.sum()))

    def ranked(self, *, pairs: int) -> tuple[Effect, ...]:
        """Return every removal, pacification and embargo and some pairs, most reducing first."""
        names = self.central.names
        found = [self.effect(Remove((g,))) for g in names] if len(names) > 2 else []
        both = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
        if pairs and len(names) > 3:
            tried = {p: self.at_centre(Remove(p)) for p in both}
            best = sorted((p for p in both if tried[p] is not None), key=lambda p: tried[p])[:pairs]  # type: ignore[arg-type, return-value]
            found += [self.effect(Remove(p)) for p in best]
        at = self.central.position
        found += [self.effect(Pacify(a, b)) for a, b in both if self.central.enemy[at(a), at(b)] > 0]
        found += [self.effect(Embargo(g)) for g in names]
        return tuple(sorted(found, key=lambda e: e.change.value if e.change else np.inf))
