"""`bound`: what an attack demands of everyone who has pledged something to those at war.

A verdict follows from the coded variables or from the article that a sourced table cites (convention 4.16); it is law as written, not a
forecast: whether a bound ally honours its word is for `foedus.war`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.kernels import obligation as law
from foedus.obligations.arrays import pledge_arrays
from foedus.system.nouns import PLEDGE_TYPES, REGIONS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import polars as pl

    from foedus.system.nouns import Pact, Pledge
    from foedus.system.system import System

VERDICTS = ("bound", "stay out", "undetermined", "released", "not triggered")
"""The five verdicts, the most demanding first."""
_PLEDGES = (*PLEDGE_TYPES, "none")
_BREACH = "a breach of its own pledge"


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one pledge demands of ``actor`` for ``ally`` in this war."""

    actor: str
    ally: str
    pledge: str
    verdict: str
    reason: str
    pact: str
    pact_id: str
    kind: str
    article: str
    disputed: str
    sources: tuple[str, ...]

    @property
    def breach(self) -> bool:
        """Whether the one who pledged breaks the pledge by its own attack."""
        return self.reason.endswith(_BREACH)


@dataclass(frozen=True)
class Bound:
    """Every pledge owed to a belligerent, with its verdict.

    Attributes
    ----------
    system : System
        As of the date of the attack.
    attacker, target : str
    prior : tuple of (attacker, target)
        Earlier attacks in the same war, which decide who provoked whom.
    rows : tuple of Obligation
    """

    system: System
    attacker: str
    target: str
    prior: tuple[tuple[str, str], ...]
    rows: tuple[Obligation, ...]

    def by_actor(self) -> dict[str, Obligation]:
        """Return the most demanding obligation of each actor, most demanding first; among equals a pledge to fight comes first."""
        best: dict[str, Obligation] = {}
        for row in sorted(self.rows, key=lambda r: (VERDICTS.index(r.verdict), _PLEDGES.index(r.pledge))):
            best.setdefault(row.actor, row)
        return best

    def verdict(
        self, actor: str, ally: str | None = None, *, pact: str | None = None, pledge: str | None = None
    ) -> str | None:
        """Return the most demanding verdict on ``actor`` (to ``ally``, under ``pact`` (id), by ``pledge`` type); None where nothing is pledged."""
        who = self.system.actor(actor).id
        to = self.system.actor(ally).id if ally else None
        hits = [
            r for r in self.rows
            if r.actor == who and to in {None, r.ally} and pact in {None, r.pact_id} and pledge in {None, r.pledge}
        ]  # fmt: skip
        return min((r.verdict for r in hits), key=VERDICTS.index, default=None)

    def table(self) -> pl.DataFrame:
        """Return one row a pledge."""
        import polars as pl

        names = ("actor", "ally", "pledge", "verdict", "reason", "pact", "kind", "article", "disputed")
        data = [{k: getattr(r, k) for k in names} | {"sources": ", ".join(r.sources)} for r in self.rows]
        return pl.DataFrame(data, schema=dict.fromkeys((*names, "sources"), pl.String))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "attacker": self.attacker, "target": self.target, "date": self.system.date.isoformat(),
            "prior": [list(p) for p in self.prior], "obligations": self.table().to_dicts(), "system": self.system.hash,
        }  # fmt: skip


def bound(
    system: System,
    attacker: str,
    target: str,
    *,
    date: dt.date | None = None,
    prior: Sequence[tuple[str, str]] = (),
    where: str | None = None,
) -> Bound:
    """Return who is bound to help, who is released or must stay out, and why, when ``attacker`` attacks ``target``.

    Parameters
    ----------
    system : System
    attacker, target : str
        Names, abbreviations or codes.
    date : datetime.date, optional
        Day of the attack; only pledges signed before it count. The system's own date by default.
    prior : sequence of (attacker, target)
        Attacks that came earlier in the same war, in order: an ally that attacked somebody before anybody attacked it has provoked, and its
        unprovoked-attack clauses lapse. One that was attacked first keeps them, whomever it attacks later.
    where : str, optional
        Region where the attack falls, one of `foedus.system.nouns.REGIONS`: a clause on the place is judged by it. By default by the region of the
        ally's home, which is wrong where a colony is attacked.

    Returns
    -------
    Bound

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    ParameterError
        Attacker and target are the same, or ``where`` is no region.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.load("europe-1914")
    >>> s.bound("RUS", "AUH", prior=[("AUH", "SER")]).verdict("GMY", "AUH")
    'bound'
    """
    if where is not None and where not in REGIONS:
        raise parameter("where", where, f"one of {', '.join(REGIONS)}")
    now = system if date is None else system.with_(date=date)
    pairs = [*prior, (attacker, target)]
    attack = np.zeros((len(now.actors),) * 2, dtype=np.bool_)
    resolved = []
    for x, y in pairs:
        a, b = now.actor(x).id, now.actor(y).id
        if a == b:
            raise parameter("target", y, f"another actor than {x}")
        attack[now.index[a], now.index[b]] = True
        resolved.append((a, b))
    pledges, nouns = pledge_arrays(now, where=where)
    struck = _struck_first(resolved)
    provoked = np.array([x in struck for x in now.ids], dtype=np.bool_)
    pledges = pledges._replace(unprovoked=pledges.unprovoked & provoked[pledges.to])
    rows, everyone = [], np.arange(len(now.actors))
    order = [(now.index[a], now.index[b]) for a, b in resolved]
    for p, (pact, pledge, ally) in enumerate(nouns):
        code = law.between(int(law.code(attack, everyone, p, pledges)), int(pledges.by[p]), int(pledges.to[p]), order)
        if code != law.PEACE:
            rows.append(_obligation(now, pact, pledge, ally, code, where))
    rows += _alignments(now, set(resolved[-1]))
    rows.sort(key=lambda r: (VERDICTS.index(r.verdict), r.actor, r.ally, r.pact_id, r.pledge))
    return Bound(now, resolved[-1][0], resolved[-1][1], tuple(resolved[:-1]), tuple(rows))


def _struck_first(attacks: Sequence[tuple[str, str]]) -> set[str]:
    """Return who attacked somebody before anybody attacked it, of attacks in order of time."""
    struck: set[str] = set()
    attacked: set[str] = set()
    for attacker, target in attacks:
        struck |= {attacker} - attacked
        attacked.add(target)
    return struck


def _obligation(system: System, pact: Pact, pledge: Pledge, ally: str, code: int, where: str | None) -> Obligation:
    """Return the row for one pledge."""
    clause = pledge.article or pledge.variables or "no clause given"
    return Obligation(
        pledge.by, ally, pledge.type, law.VERDICT_OF[code], _reason(system, pledge, ally, code, where), pact.name, pact.id, pact.kind, clause,
        pledge.disputed, pledge.sources or pact.sources,
    )  # fmt: skip


def _reason(system: System, pledge: Pledge, ally: str, code: int, where: str | None) -> str:
    """Return why the clause gives this verdict, in one sentence."""
    if code == law.OPEN_NEUTRALITY:
        code = _open(pledge)
    home = system.actors[system.index[ally]].region or "an unknown region"
    place = f"the attack falls in {where}" if where else f"{ally} lies in {home}"
    return {
        law.BOUND: f"{ally} is attacked"
        if pledge.type == "defense"
        else f"{ally} attacks, and the pledge covers offence",
        law.PROVOKED: f"{ally} attacked first; the pledge holds only against an unprovoked attack",
        law.STAY_OUT: f"not to fight {ally}" if pledge.type == "nonagg" else f"to stay neutral while {ally} fights",
        law.TARGET_UNKNOWN: "the pledge is owed against certain adversaries only, and the data do not say which",
        law.NOT_NAMED: f"owed only against {_against(pledge)}, and that is not the adversary of {ally} here",
        law.OUTSIDE: f"owed only in {', '.join(pledge.region or ())}; {place}",
        law.REGION_UNKNOWN: "owed only in a certain region, and the data do not say which",
        law.TOO_FEW: f"owed only if {ally} has {pledge.min_attackers} adversaries or more",
        law.TOO_MANY: f"neutrality is owed only while {ally} has fewer than {pledge.min_attackers} adversaries",
        law.CONFLICT: f"owed only in a certain conflict ({pledge.conflict})",
        law.UNCLEAR: pledge.unclear,
        law.CONSULT: "only consultation is owed" + (", on request" if "concoreq=1" in pledge.variables else ""),
        law.ALLY_ATTACKED: f"{ally} is the attacker; the pledge covers defence only",
        law.NO_ATTACK: f"{ally} does not attack; the pledge covers a common offensive only",
        law.BREACH: f"{ally} is attacked, by {pledge.by} itself: {_BREACH}",
        law.BROKEN: f"{'not to fight' if pledge.type == 'nonagg' else 'to stay neutral towards'} {ally}, which {pledge.by} attacks: {_BREACH}",
        law.RELIEVED: f"{ally} attacks {pledge.by}: who is attacked is not held to peace with its attacker",
    }[code]


def _open(pledge: Pledge) -> int:
    """Return which condition leaves a pledge of neutrality undetermined, as the code that it has for defence."""
    if pledge.targets == ():
        return law.TARGET_UNKNOWN
    if pledge.conflict or pledge.unclear:
        return law.CONFLICT if pledge.conflict else law.UNCLEAR
    return law.REGION_UNKNOWN


def _against(pledge: Pledge) -> str:
    """Return against whom a pledge is owed."""
    if pledge.targets is None:
        return f"others than {', '.join(pledge.not_targets)}"
    return ", ".join(pledge.targets)


def _alignments(system: System, belligerents: set[str]) -> list[Obligation]:
    """Return a row for everyone aligned with a belligerent: an alignment binds nobody, and the table says so."""
    rows = []
    for pact in system.active_pacts():
        members = pact.active_members(system.date)
        if pact.kind != "alignment" or not belligerents & set(members):
            continue
        rows += [
            Obligation(
                actor, ally, "none", "not triggered", "an alignment binds nobody", pact.name, pact.id, pact.kind, "", "", pact.sources
            )
            for actor in members
            for ally in sorted(belligerents & set(members) - {actor})
        ]  # fmt: skip
    return rows
