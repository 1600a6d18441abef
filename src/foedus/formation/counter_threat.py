"""How much a pact adds to the strength that stands against each outsider: expected threat and power gap, before it and after.

Threat is what the security ledger ranks by, capability times nearness times hostility times one plus the quarrels on record
(`foedus.security.alliances.parts_of_threat`), where capability is that of the hostile state and of its allies at the place of the threatened one. In
the tradition of [Walt1987]_; the power gap beside it leaves hostility out. A snapshot: nothing is fitted, and nobody answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.system import covariates
from foedus.war.field import ground
from foedus.war.support import mean_ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.system.system import System

QUARRELS = ("war", "rivalry", "territory", "injury")
"""Reasons of ties that count as quarrels on record, as in the ledger."""
FIGHT = 1
"""Kinds of pledge up to this one are promises to fight (defence, offence)."""
INPUT_DRAWS = 64
"""Draws whose mean uncertain inputs are taken at; with fewer, chance makes enemies of pairs that are neither friends nor foes."""


@dataclass(frozen=True)
class Danger:
    """A system as threats see it, n actors; capability is a share of all capability.

    Attributes
    ----------
    power : float array, shape (n,)
    sent : float array, shape (n, n)
        Capability of the row that arrives at the place of the column.
    exposure : float array, shape (n, n)
        How near and hostile the row is to the column: nearness times hostility times one plus the share of `QUARRELS` on record; 0 between allies.
    allied : bool array, shape (n, n)
        Either promises the other to fight; the diagonal is True.
    """

    power: NDArray[np.float64]
    sent: NDArray[np.float64]
    exposure: NDArray[np.float64]
    allied: NDArray[np.bool_]

    @property
    def against(self) -> NDArray[np.float64]:
        """Capability of the row and of its allies at the place of the column, but for the column and its own allies, shape (n, n)."""
        return self.allied.astype(np.float64) @ (self.sent * ~self.allied)

    @property
    def threat(self) -> NDArray[np.float64]:
        """Expected threat to each, shape (n,): sum over the others of exposure times capability."""
        return (self.exposure * self.against).sum(axis=0)

    @property
    def defence(self) -> NDArray[np.float64]:
        """Capability of each and of its allies at its own place, shape (n,)."""
        return (self.sent * self.allied).sum(axis=0)


@dataclass(frozen=True)
class Rise:
    """What a pact adds for each actor, shape (n,) each; NaN for members.

    ``rise``: of the expected threat; ``before``: that threat without the pact; ``gap_before``: natural log of the capability of the strongest
    signatory with its allies over the outsider's with its allies; ``gap_after``: the same of all signatories with their allies together. NaN where
    an outsider has no capability, or all signatories are its allies.
    """

    rise: NDArray[np.float64]
    before: NDArray[np.float64]
    gap_before: NDArray[np.float64]
    gap_after: NDArray[np.float64]


def danger(system: System, *, seed: int = 1, draws: int = INPUT_DRAWS) -> Danger:
    """Return a system as threats see it, uncertain inputs at their means over draws.

    Parameters
    ----------
    system : System
    seed, draws : int
        What no coded reason covers is drawn with mean zero, pair by pair: the fewer the draws, the more of it is left in their mean, and passes
        for hostility.

    Examples
    --------
    >>> import foedus as fd
    >>> system = fd.load("europe-1914")
    >>> found = danger(system)
    >>> bool(found.threat[system.index["SER"]] > found.threat[system.index["GRC"]])
    True
    """
    said = mean_ground(ground(system, seed=seed, outer=draws))
    fights = said.pledges.kind <= FIGHT
    allied = np.eye(len(system.actors), dtype=np.bool_)
    allied[said.pledges.by[fights], said.pledges.to[fights]] = True
    allied |= allied.T
    quarrels = np.mean([covariates.reason_matrix(system, reason) for reason in QUARRELS], axis=0)
    total = said.power.sum()
    power = said.power / (total if total > 0 else 1.0)
    sent = power[:, None] * said.reach
    np.fill_diagonal(sent, power)
    exposure = said.near * np.maximum(-said.friend, 0.0) * (1 + quarrels)
    return Danger(power, sent, np.where(allied, 0.0, exposure), allied)


def pact_rise(world: Danger, members: Sequence[int]) -> Rise:
    """Return what a pact of some actors adds for each of the others, the world being as it is before the pact.

    Every signatory counts as bound to fight for every other one, whatever the conditions; partners that were allies before add nothing.

    Parameters
    ----------
    world : Danger
    members : sequence of int
        Positions of the signatories.

    Raises
    ------
    ParameterError
        Fewer than two members, or a position that is none.
    """
    inside = sorted(set(members))
    n = len(world.power)
    if len(inside) < 2 or inside[0] < 0 or inside[-1] >= n:
        raise parameter("members", list(members), f"at least two different positions from 0 to {n - 1}")
    member = np.zeros(n, dtype=np.bool_)
    member[inside] = True
    foes = world.sent * ~world.allied
    before = world.allied[inside].astype(np.float64) @ foes
    after = (world.allied[inside] | member).astype(np.float64) @ foes
    union = world.allied[inside].any(axis=0).astype(np.float64) @ foes
    rise = (world.exposure[inside] * (after - before)).sum(axis=0)
    own = np.where(world.defence > 0, world.defence, np.nan)
    gaps = [np.log(np.where(side > 0, side, np.nan) / own) for side in (before.max(axis=0), union)]
    out = [np.where(member, np.nan, values) for values in (rise, world.threat, *gaps)]
    return Rise(*out)
