"""`investigate`: everything a brief says about one system, computed; the report only formats it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from foedus import params as parameters
from foedus.blocs.solve import LARGE, blocs
from foedus.errors import parameter
from foedus.obligations.bound import Bound, bound
from foedus.scenario.compare import Comparison, compare
from foedus.security.account import Account, pact_account
from foedus.security.hazard import threats
from foedus.security.ledger import Ledger, alone_or_together
from foedus.studies.first_shot import first_shot
from foedus.system.system import System
from foedus.war.firebreaks import Firebreak, firebreaks
from foedus.war.simulate import war

if TYPE_CHECKING:
    from collections.abc import Callable

    from foedus.blocs.result import Blocs
    from foedus.params import Params
    from foedus.war.result import War

LEDGERS = 30
"""Actors that get a ledger; in larger systems the great powers and the belligerents most often at war come first."""
MODELS = ("ties", "spread", "joining", "reliability", "onset_fitted", "nuclear")


class Edited(NamedTuple):
    """A what-if: how it is called, both arms of the comparison, and the edits in words."""

    name: str
    title: str
    note: str
    base: System
    other: System
    edits: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """What a brief reports.

    ``flashpoint`` is (attacker, target, where it comes from). ``what_if`` is None without an edit: (name, title, note, comparison).
    """

    system: System
    blocs: Blocs
    bound: Bound
    war: War
    firebreaks: tuple[Firebreak, ...]
    ledgers: tuple[Ledger, ...]
    accounts: tuple[Account, ...]
    flashpoint: tuple[str, str, str]
    what_if: tuple[str, str, str, Comparison] | None
    parameters: dict[str, dict[str, int]]
    draws: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        s = self.system
        return {
            "id": s.id, "title": s.title, "date": s.date.isoformat(), "hash": s.hash, "summary": s.summary, "limits": list(s.limits),
            "actors": [{"id": a.id, "name": a.name, "kind": a.kind} for a in s.actors], "flashpoint": list(self.flashpoint),
            "blocs": self.blocs.to_dict(), "obligations": self.bound.to_dict(), "war": self.war.to_dict(),
            "firebreaks": [{"what": f.what, "size": f.size.to_dict(), "general": f.general.to_dict()} for f in self.firebreaks],
            "ledgers": [x.to_dict() for x in self.ledgers], "accounts": [a.to_dict() for a in self.accounts],
            "what_if": None if self.what_if is None else
            {"name": self.what_if[0], "title": self.what_if[1], "note": self.what_if[2], **self.what_if[3].to_dict()},
            "parameters": self.parameters, "draws": self.draws, "seed": self.seed,
            "sources": [{"id": x.id, "title": x.title, "publisher": x.publisher, "url": x.url, "licence": x.licence, "version": x.version}
                        for x in s.sources],
        }  # fmt: skip


def investigate(
    system: System, *, flashpoint: tuple[str, str] | None = None, edited: Edited | None = None, draws: int = 10_000,
    seed: int = 1, workers: int = 1, table: Params | None = None, progress: Callable[[str, float], None] | None = None,
) -> Findings:  # fmt: skip
    """Return the findings on a system.

    Parameters
    ----------
    system : System
    flashpoint : (attacker, target), optional
        First shot; by default the system's first flashpoint, else the pair with the greatest chance a year under the onset model.
    edited : Edited, optional
        A what-if.
    draws, seed, workers
        Of the simulated wars. Blocs take a 25th of the draws, firebreaks a fifth and wars elsewhere a tenth; less where there are more
        than 60 actors.
    table : Params, optional
        Replaces the table of reasons.
    progress : callable, optional
        Called with a stage and the share done.

    Returns
    -------
    Findings
    """
    if draws < 200:
        raise parameter("draws", draws, "an integer of at least 200", "intervals need draws of the uncertain inputs")

    def tell(stage: str, share: float) -> None:
        if progress is not None:
            progress(stage, share)

    large = len(system.actors) > LARGE
    few = max(50, min(150 if large else 400, draws // 25))
    side_draws = max(200, draws // (20 if large else 5))
    tell("blocs", 0.0)
    line_up = blocs(system, draws=few, seed=seed, table=table)
    tell("threats", 0.25)
    world = threats(system, seed=seed, draws=max(40, few // 2), table=table)
    shot = first_shot(system, flashpoint, world=world)
    tell("war", 0.35)
    spread = war(system, shot[0], shot[1], draws=draws, seed=seed, workers=workers, table=table)
    breaks = firebreaks(spread, draws=side_draws, workers=workers, table=table)
    tell("ledgers", 0.6)
    ledgers = []
    chosen = _chosen(system, spread)
    for k, name in enumerate(chosen):
        ledgers.append(
            alone_or_together(
                system,
                name,
                seed=seed,
                wars=max(200, side_draws // 2),
                workers=workers,
                table=table,
                drawn_threats=world,
                brief=True,
            )
        )
        tell("ledgers", 0.6 + 0.2 * (k + 1) / len(chosen))
    accounts = tuple(
        pact_account(system, p, seed=seed, wars=0, drawn_threats=world, table=table)
        for p in _telling_pacts(system, spread)
    )
    tell("what-if", 0.9)
    what_if = None
    if edited is not None:
        result = compare(
            edited.base, edited.other, of="war", attacker=shot[0], target=shot[1], draws=draws, seed=seed, workers=workers, table=table
        )  # fmt: skip
        what_if = (edited.name, edited.title, edited.note, replace(result, edits=edited.edits))
    tell("done", 1.0)
    return Findings(
        system, line_up, bound(system, shot[0], shot[1]), spread, breaks, tuple(ledgers), accounts, shot, what_if,
        {m: (table if m == "ties" and table else parameters.load(m)).statuses() for m in MODELS}, spread.draws, seed,
    )  # fmt: skip


def _chosen(system: System, spread: War) -> list[str]:
    """Return the actors that get a ledger."""
    if len(system.actors) <= LEDGERS:
        return list(system.ids)
    first = [a.id for a in system.actors if a.major] + [spread.attacker, spread.target]
    rest = sorted(system.ids, key=lambda a: -spread.p_war[a].mean)
    return list(dict.fromkeys(first + rest))[:12]


def _telling_pacts(system: System, spread: War) -> list[str]:
    """Return the ids of the three pacts with pledges of defence whose members are most often at war here, by members' joint chance."""
    score = {}
    for pact in system.active_pacts():
        members = pact.active_members(system.date)
        if pact.kind == "treaty" and any(g.type == "defense" for g in pact.pledges) and len(members) >= 2:
            chances = sorted((spread.p_war[m].mean for m in members), reverse=True)
            score[pact.id] = sum(chances[:3]) / len(chances[:3])
    return sorted(score, key=lambda p: (-score[p], p))[:3]
