"""`pact_account`: what one pact gives its members and adds to the fears of others.

Assurance is the fall in a member's chance a year to be attacked and beaten; aggravation is the rise of the same for an outsider, and the fall of
its chance to prevail if it attacks a member [Benson2012]_. Both from the same hazards, with and without the pact, on the same draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.nested import Estimate, drawn
from foedus.security.hazard import Threats, threats
from foedus.system.edits import VoidPact

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.nouns import Pact
    from foedus.system.system import System


@dataclass(frozen=True, slots=True)
class Effect:
    """Effect of the pact on one actor: change a year in its chance to be beaten, and in its chance to prevail against members (outsiders)."""

    actor: str
    member: bool
    beaten: Estimate
    prevails: Estimate | None


@dataclass(frozen=True)
class Account:
    """The account of one pact: effects on members and on the outsiders it touches, and their sum."""

    system: System
    pact: Pact
    effects: tuple[Effect, ...]
    net: Estimate
    draws: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row an actor, members first, greatest effect first."""
        import polars as pl

        rows = [
            {
                "actor": e.actor, "member": e.member, "beaten": e.beaten.mean, "beaten_low": e.beaten.low, "beaten_high": e.beaten.high,
                "prevails": e.prevails.mean if e.prevails else None, "prevails_low": e.prevails.low if e.prevails else None,
                "prevails_high": e.prevails.high if e.prevails else None,
            }
            for e in self.effects
        ]  # fmt: skip
        return pl.DataFrame(
            rows, schema_overrides=dict.fromkeys(("prevails", "prevails_low", "prevails_high"), pl.Float64)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {"pact": self.pact.id, "name": self.pact.name, "effects": self.table().to_dicts(), "net": self.net.to_dict(), "draws": self.draws,
                "seed": self.seed, "standing": "derived under assumed parameters", "system": self.system.hash}  # fmt: skip


def pact_account(
    system: System,
    pact: str,
    *,
    draws: int = 200,
    seed: int = 1,
    table: Params | None = None,
    drawn_threats: Threats | None = None,
) -> Account:
    """Return what a pact in force changes for its members and for everyone else.

    Parameters
    ----------
    system : System
    pact : str
        Id, name or ATOP number of a pact in force.
    draws, seed : int
    table : Params, optional
        Replaces the table of reasons.
    drawn_threats : Threats, optional
        Those of the system as it is, to be reused.

    Returns
    -------
    Account
        ``net`` sums the change in the chance to be beaten over all actors: below zero the pact makes the system safer as a whole.

    Raises
    ------
    InvalidSystemError
        No such pact.

    Examples
    --------
    >>> import foedus as fd
    >>> fd.pact_account(fd.load("europe-1914"), "franco-russian-alliance", draws=50).pact.kind
    'treaty'
    """
    edited = VoidPact(pact).apply(system)
    kept = {p.id for p in edited.pacts}
    chosen = next(p for p in system.pacts if p.id not in kept)
    before = threats(edited, seed=seed, draws=draws, table=table)
    after = drawn_threats or threats(system, seed=seed, draws=draws, table=table)
    members = set(chosen.active_members(system.date)) | {
        r for g in chosen.pledges for r in chosen.recipients(g, system.date)
    }
    change = {a: _beaten(after, k) - _beaten(before, k) for k, a in enumerate(system.ids)}
    effects = []
    for k, a in enumerate(system.ids):
        inside = a in members
        prevails = None if inside else _prevails(after, k, members) - _prevails(before, k, members)
        if inside or np.abs(change[a]).max() > 1e-9 or (prevails is not None and np.abs(prevails).max() > 1e-6):
            effects.append(Effect(a, inside, drawn(change[a]), None if prevails is None else drawn(prevails)))
    effects.sort(key=lambda e: (not e.member, -abs(e.beaten.mean), e.actor))
    return Account(system, chosen, tuple(effects), drawn(sum(change.values())), draws, seed)  # type: ignore[arg-type]


def _beaten(world: Threats, actor: int) -> NDArray[np.float64]:
    """Return the chance a year to be attacked and beaten by anybody, shape (n_draws,)."""
    return 1 - np.prod(1 - world.hazard(actor) * (1 - world.hold(actor)), axis=1)


def _prevails(world: Threats, outsider: int, members: set[str]) -> NDArray[np.float64]:
    """Return the mean chance to prevail if ``outsider`` attacks a member, shape (n_draws,)."""
    chances = [1 - world.hold(k)[:, outsider] for k, a in enumerate(world.system.ids) if a in members]
    return np.mean(chances, axis=0)
