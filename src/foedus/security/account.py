"""`pact_account`: what one pact gives its members and adds to the fears of others.

Assurance is the fall of the attacks a year that beat members, aggravation the rise of those that beat outsiders [Benson2012]_;
beside them stand the wars that members are drawn into, an outsider's chance to prevail if it attacks a member, and the strength that would then
stand against it. All from the same hazards, with and without the pact, on the same draws. How rivals answer a pact is not computed: a record of what
they did is for `foedus.studies.pact_answers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn, nested
from foedus.security.effects import INNER, Changes, changes, drawn_into
from foedus.security.hazard import Threats, threats
from foedus.system.edits import VoidPact
from foedus.system.lookup import pacts_in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.nouns import Pact
    from foedus.system.system import System

TOUCHED = 1e-6
"""Change of a chance from which an outsider is listed."""
_COLUMNS = ("attacked", "beaten", "drawn_in", "prevails", "wins", "gap", "alarm")


@dataclass(frozen=True, slots=True)
class Effect:
    """What the pact changes for one actor, as it is with the pact less as it is without.

    ``attacked`` attacks on it, ``beaten`` those that beat it, expected numbers a year; ``drawn_in`` wars a year that begin between others and draw it
    in, None where no wars were simulated. For outsiders, whom only members' attacks change: ``wins`` attacks on members that beat them, a year;
    ``prevails`` the chance that one does; ``gap`` natural log of the strength against it for each unit on its side; ``alarm`` is ``beaten`` less
    ``wins``.
    """

    actor: str
    member: bool
    attacked: Estimate
    beaten: Estimate
    drawn_in: Estimate | None = None
    prevails: Estimate | None = None
    wins: Estimate | None = None
    gap: Estimate | None = None
    alarm: Estimate | None = None


@dataclass(frozen=True)
class Account:
    """The account of one pact.

    Attributes
    ----------
    effects : tuple of Effect
        Of members and of the outsiders that the pact touches.
    assurance, aggravation : Estimate
        Sum over members of the fall, and over outsiders of the rise, of the attacks a year that beat them.
    p_assures : float or None
        Share of the draws in which assurance is the larger; None where the pact changes neither.
    net, net_attacked, net_drawn_in : Estimate
        Sums over all actors of ``beaten``, ``attacked`` and ``drawn_in``: below zero the pact makes the system as a whole safer. The last is None
        where no wars were simulated.
    """

    system: System
    pact: Pact
    effects: tuple[Effect, ...]
    assurance: Estimate
    aggravation: Estimate
    p_assures: float | None
    net: Estimate
    net_attacked: Estimate
    net_drawn_in: Estimate | None
    draws: int
    wars: int
    seed: int

    @property
    def members(self) -> tuple[Effect, ...]:
        """Effects on members, greatest first."""
        return tuple(e for e in self.effects if e.member)

    @property
    def alarmed(self) -> tuple[Effect, ...]:
        """Effects on outsiders, the most alarmed first."""
        outside = [e for e in self.effects if not e.member]
        return tuple(sorted(outside, key=lambda e: (-e.alarm.mean if e.alarm else 0.0, e.actor)))

    def table(self) -> pl.DataFrame:
        """Return one row an actor, members first, greatest effect first."""
        import polars as pl

        rows = [{"actor": e.actor, "member": e.member} | _spread(e) for e in self.effects]
        empty = {"actor": pl.String, "member": pl.Boolean}
        floats = {f"{name}{end}": pl.Float64 for name in _COLUMNS for end in ("", "_low", "_high")}
        return pl.DataFrame(rows, schema=empty | floats)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "pact": self.pact.id, "name": self.pact.name, "date": str(self.system.date), "effects": self.table().to_dicts(),
            "assurance": self.assurance.to_dict(), "aggravation": self.aggravation.to_dict(), "p_assures": self.p_assures, "net": self.net.to_dict(),
            "net_attacked": self.net_attacked.to_dict(), "net_drawn_in": self.net_drawn_in.to_dict() if self.net_drawn_in else None,
            "draws": self.draws, "wars": self.wars, "seed": self.seed, "standing": "estimated under fitted and assumed parameters",
            "system": self.system.hash,
        }  # fmt: skip


def pact_account(
    system: System, pact: str, *, draws: int = 200, seed: int = 1, wars: int = 2_000, workers: int = 1, table: Params | None = None,
    drawn_threats: Threats | None = None, progress: Callable[[str, float], None] | None = None,
) -> Account:  # fmt: skip
    """Return what a pact in force changes for its members and for everyone else.

    Parameters
    ----------
    system : System
    pact : str
        Id, name or ATOP number of a pact in force.
    draws, seed : int
    wars : int
        Simulated wars between others, for those that the pact draws its members into; 0 leaves them out.
    workers : int
        Threads for those.
    table : Params, optional
        Replaces the table of reasons.
    drawn_threats : Threats, optional
        Those of the system as it is, to be reused; their number of draws is taken.
    progress : callable, optional
        Told what is being worked on, and the share that is done.

    Returns
    -------
    Account
        Intervals hold 90 % of the draws of uncertain inputs and coefficients.

    Raises
    ------
    InvalidSystemError
        No such pact.
    ParameterError
        The pact is not in force on the system's date, ``draws`` below 2, or ``wars`` below 0.

    Examples
    --------
    >>> import foedus as fd
    >>> account = fd.pact_account(fd.load("europe-1914"), "franco-russian-alliance", draws=20, wars=0)
    >>> account.pact.kind, account.wars
    ('treaty', 0)
    """
    if draws < 2 or wars < 0:
        raise parameter("draws, wars", f"{draws}, {wars}", "at least 2 draws, and no fewer than 0 wars")
    edited = VoidPact(pact).apply(system)
    kept = {p.id for p in edited.pacts}
    chosen = next(p for p in system.pacts if p.id not in kept)
    members = parties(chosen, system)
    if not chosen.in_force(system.date) or not members:
        raise parameter(
            "pact", chosen.id, f"a pact in force at the start of {system.date}", f"by id: {pacts_in_force(system)}"
        )
    tell = progress or (lambda *_: None)
    tell("who attacks and who comes, with the pact", 0.0)
    after = drawn_threats or threats(system, seed=seed, draws=draws, table=table)
    count = len(after.decisiveness)
    tell("the same without it", 0.1)
    before = threats(edited, seed=seed, draws=count, table=table)
    tell("what it changes for each", 0.2)
    change = changes(before, after, [system.index[m] for m in members])
    drawn_in = None
    if wars:
        tell("wars of others that draw in", 0.6)
        without, with_ = drawn_into(before, after, wars=wars, seed=seed, workers=workers)
        drawn_in = with_ - without
    inside = [system.index[m] for m in members]
    fall, rise = two_sums(change, inside)
    return Account(
        system, chosen, _effects(system, change, set(inside), drawn_in), drawn(fall), drawn(rise), p_larger(fall, rise), drawn(rise - fall),
        drawn(change.attacked.sum(axis=1)), nested(drawn_in.sum(axis=1), INNER, shares=False)[0] if drawn_in is not None else None, count,
        0 if drawn_in is None else len(drawn_in), seed,
    )  # fmt: skip


def parties(pact: Pact, system: System) -> tuple[str, ...]:
    """Return the ids of a pact's members on the system's date, and of those to whom it owes something."""
    owed = (r for g in pact.pledges for r in pact.recipients(g, system.date))
    return tuple(m for m in dict.fromkeys((*pact.active_members(system.date), *owed)) if m in system.index)


def two_sums(change: Changes, inside: list[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return assurance and aggravation draw by draw: the members' fall and the outsiders' rise of the attacks that beat them."""
    member = np.zeros(change.beaten.shape[1], dtype=np.bool_)
    member[inside] = True
    return -change.beaten[:, member].sum(axis=1), change.beaten[:, ~member].sum(axis=1)


def p_larger(fall: NDArray[np.float64], rise: NDArray[np.float64]) -> float | None:
    """Return the share of draws in which assurance is larger than aggravation, ties as halves; None where both are 0 in all."""
    if not (np.any(fall) or np.any(rise)):
        return None
    return float(np.mean((fall > rise) + 0.5 * (fall == rise)))


def _effects(
    system: System, change: Changes, inside: set[int], drawn_in: NDArray[np.float64] | None
) -> tuple[Effect, ...]:
    """Return the effects on members, and on outsiders that the pact touches."""
    shares = nested(drawn_in, INNER, shares=False) if drawn_in is not None else None
    out = []
    for k, actor in enumerate(system.ids):
        member = k in inside
        there = [getattr(change, name)[:, k] for name in ("attacked", "beaten", "prevails", "wins")]
        if not member and max(np.abs(x).max() for x in there) <= TOUCHED:
            continue
        own = (
            {}
            if member
            else {name: drawn(getattr(change, name)[:, k]) for name in ("prevails", "wins", "gap", "alarm")}
        )
        out.append(
            Effect(
                actor, member, drawn(change.attacked[:, k]), drawn(change.beaten[:, k]), shares[k] if shares else None, **own
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda e: (not e.member, -abs(e.beaten.mean), e.actor)))


def _spread(effect: Effect) -> dict[str, float | None]:
    """Return means and intervals of an effect as flat columns."""
    out: dict[str, float | None] = {}
    for name in _COLUMNS:
        e = getattr(effect, name)
        out |= {name: e.mean if e else None, f"{name}_low": e.low if e else None, f"{name}_high": e.high if e else None}
    return out
