"""One row of ATOP's member file as pledges: which of the five types, against whom, where and when.

How conditions are read (the variables are ATOP's, the clauses those of our own table):

- ``defcoadv``, ``offcoadv``, ``concoadv`` = 1: owed against certain adversaries only. They are the states that the
  treaty names as its threat (``statthr1``, ``statthr2``); where it names none they are not known, unless a clause of
  ours gives them.
- A treaty that names states as its threat (``specthrt`` = 1) owes defence against these even where ``defcoadv`` = 0,
  and ``disputed`` says so, since ATOP does not code the pledge as conditional on them. A clause of ours that names no
  adversary undoes this.
- Named adversary and number of adversaries (``defcoadv`` and ``defconum``) are two ways into the same pledge, as in
  the Triple Alliance: either is enough, so they make two pledges. Every other condition is required as well.
- Neutrality that depends on the adversary (``neucoadv`` = 1) beside a defence pledge against a named one: the named
  state is not the adversary meant, and who is meant is not coded.
- A certain conflict (``cocon``) is the inter-state war in which the phase was made (``cowwar``): see `MadeIn`. Against the
  enemies of its members in it the pledge is owed, against others that is not known; when it has ended nothing is.
- ``conum`` for neutrality: it is owed only while the ally has a single adversary, as in the Anglo-Japanese Alliance.
- ``coloc`` places are not coded in the data: a place is unknown unless a clause names regions.
- ``olimob`` = 1: a further limit that no variable holds, so that defence, offence and neutrality are undetermined unless a
  clause of ours states it. That this is what the variable means is read from the treaties that carry it (unverified).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from foedus.system.nouns import PLEDGE_TYPES, Pledge

if TYPE_CHECKING:
    from foedus.data.own import Clause, Treaties
    from foedus.system.nouns import PledgeType

_PREFIX: dict[str, str] = {"defense": "def", "offense": "off", "neutral": "neu", "consul": "con"}
_DEMAND = "owed only if a demand is refused; which demand is not coded"
_LIMIT = "the obligation has a further limit that is not coded (olimob=1)"


@dataclass(frozen=True, slots=True)
class MadeIn:
    """The war in which a phase was made, as of a date: its number, the enemies of the members in it, and whether it has ended."""

    war: int
    enemies: tuple[int, ...] = ()
    over: bool = False


def pledges(
    row: dict[str, Any], ids: dict[int, str], treaties: Treaties | None, made_in: MadeIn | None = None
) -> tuple[list[Pledge], list[Clause]]:
    """Return what one member of one phase promises, and the clauses of ours that were used.

    Parameters
    ----------
    row : dict
        One row of the member file, as ``schema/atop5_1m.csv`` describes it.
    ids : dict of int to str
        Abbreviation of every COW code, members or not.
    treaties : Treaties or None
        Our own clauses.
    made_in : MadeIn, optional
        The war that its conditions on a conflict mean.
    """
    out: list[Pledge] = []
    used: list[Clause] = []
    for kind in PLEDGE_TYPES:
        if row[kind] != 1 or kind in lapsed(row, made_in):
            continue
        clauses = treaties.clauses_of(row["atopid"], row["phase"], row["member"], kind) if treaties else ()
        ways = [x for way in _coded(row, kind, ids) for x in _in_conflict(way, made_in, ids)]
        out += _narrowed(ways, clauses, row, ids)
        used += [c for c in clauses if c not in used]
    return out, used


def lapsed(row: dict[str, Any], made_in: MadeIn | None) -> tuple[PledgeType, ...]:
    """Return the types that one member owed in a war that has ended only."""
    if made_in is None or not made_in.over:
        return ()
    return tuple(k for k in PLEDGE_TYPES if row[k] == 1 and row.get(f"{_PREFIX.get(k, '')}cocon") == 1)


def _in_conflict(pledge: Pledge, made_in: MadeIn | None, ids: dict[int, str]) -> list[Pledge]:
    """Return a pledge for a certain conflict as it stands against the enemies in it, and against others."""
    if not pledge.conflict or made_in is None or not made_in.enemies:
        return [pledge]
    war = f"Correlates of War number {made_in.war}"
    enemies = tuple(ids.get(c, f"COW{c}") for c in made_in.enemies)
    meant = enemies if not pledge.targets else tuple(t for t in pledge.targets if t in enemies)
    sure = replace(pledge, targets=meant, conflict="", variables=f"{pledge.variables} cowwar={made_in.war}")
    rest = replace(pledge, not_targets=meant, conflict=f"the war that the treaty means, {war}")
    if not meant:
        return [rest]
    return [sure] if pledge.targets and len(meant) == len(pledge.targets) else [sure, rest]


def _coded(row: dict[str, Any], kind: PledgeType, ids: dict[int, str]) -> list[Pledge]:
    """Return one pledge as ATOP codes it; two where there are two ways into it."""

    def on(condition: str) -> bool:
        return row.get(_PREFIX.get(kind, "") + condition) == 1

    named = tuple(ids.get(row[c], f"COW{row[c]}") for c in ("statthr1", "statthr2") if row[c])
    targets: tuple[str, ...] | None = named if on("coadv") else None
    disputed = ""
    if kind == "defense" and not on("coadv") and row["specthrt"] == 1 and named:
        targets = named
        disputed = (
            f"the treaty names {' and '.join(named)} as its threat; ATOP does not make the pledge depend on that "
            "(defcoadv=0), so read it is owed against anyone"
        )
    if kind == "neutral" and targets and row["defense"] == 1 and row["defcoadv"] == 1:
        targets = ()
    base = Pledge(
        by=ids[row["member"]],
        type=kind,
        targets=targets,
        region=() if on("coloc") else None,
        unprovoked=on("conpr") or on("coatt"),
        min_attackers=2 if on("conum") else 1,
        conflict="as coded: a specific conflict" if on("cocon") else "",
        unclear="; ".join(_open(row, kind, demand=on("codem"))),
        variables=_variables(row, kind, named=targets is not None),
        disputed=disputed,
        sources=("atop5-1m",),
    )
    if targets is not None and base.min_attackers > 1 and kind != "neutral":
        return [replace(base, min_attackers=1), replace(base, targets=None, disputed="")]
    return [base]


def _open(row: dict[str, Any], kind: PledgeType, *, demand: bool) -> list[str]:
    """Return the conditions that leave a pledge undetermined."""
    limited = row.get("olimob") == 1 and kind in {"defense", "offense", "neutral"}
    return [*([_DEMAND] if demand else []), *([_LIMIT] if limited else [])]


def _variables(row: dict[str, Any], kind: PledgeType, *, named: bool) -> str:
    """Return the variables behind a pledge, those that are 0 left out."""
    prefix = _PREFIX.get(kind)
    parts = [f"{kind}=1"]
    if prefix:
        parts += [f"{name}={row[name]}" for name in _conditions(prefix, tuple(row)) if row[name]]
    if kind in {"defense", "offense", "neutral"} and row.get("olimob"):
        parts.append(f"olimob={row['olimob']}")
    if named:
        parts += [f"{c}={row[c]}" for c in ("specthrt", "statthr1", "statthr2") if row[c]]
    return f"ATOP {row['atopid']} phase {row['phase']}: {' '.join(parts)}"


@cache
def _conditions(prefix: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that hold the conditions of one type of pledge."""
    return tuple(c for c in columns if c.startswith(prefix + "co"))


def _narrowed(
    ways: list[Pledge], clauses: tuple[Clause, ...], row: dict[str, Any], ids: dict[int, str]
) -> list[Pledge]:
    """Return each way into a pledge with the clauses that speak of it: those that name adversaries, of the way that does."""
    out = []
    for way in ways:
        meant = [c for c in clauses if len(ways) == 1 or (c.targets is not None) == (way.targets is not None)]
        out += [_with(way, c, row, ids) for c in meant] or [way]
    return out


def _with(pledge: Pledge, clause: Clause, row: dict[str, Any], ids: dict[int, str]) -> Pledge:
    """Return a pledge as a clause of ours states it; what the clause leaves open stays as coded."""
    targets, not_targets = pledge.targets, pledge.not_targets
    disputed = clause.disputed
    if clause.targets is not None:
        targets = tuple(ids.get(c, f"COW{c}") for c in clause.targets)
    elif pledge.type == "neutral":
        not_targets = (
            tuple(ids.get(row[c], f"COW{row[c]}") for c in ("statthr1", "statthr2") if row[c]) if targets == () else ()
        )
        targets = None
    elif pledge.disputed:
        targets = None
    if clause.not_targets:
        not_targets = tuple(ids.get(c, f"COW{c}") for c in clause.not_targets)
    return replace(
        pledge,
        targets=targets,
        not_targets=not_targets,
        region=clause.region if clause.region is not None else pledge.region,
        unprovoked=pledge.unprovoked if clause.unprovoked is None else clause.unprovoked,
        min_attackers=clause.min_attackers or pledge.min_attackers,
        conflict=pledge.conflict if clause.conflict is None else clause.conflict,
        unclear=pledge.unclear if clause.unclear is None else clause.unclear,
        article=clause.article,
        disputed=disputed,
        sources=(*pledge.sources, *clause.sources),
    )
