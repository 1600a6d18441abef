"""What several parts of one brief ask for, asked once: kept as long as the findings live.

Findings are frozen, so what a result returns for them cannot change.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from foedus.blocs.result import Why
    from foedus.estimate.nested import Estimate
    from foedus.studies.brief import Findings

T = TypeVar("T")
_ROOMS: dict[int, dict[str, Any]] = {}


def kept(findings: Findings, what: str, make: Callable[[], T]) -> T:
    """Return what was made under this name for these findings, making it the first time."""
    room = _ROOMS.get(id(findings))
    if room is None:
        room = _ROOMS[id(findings)] = {}
        weakref.finalize(findings, _ROOMS.pop, id(findings), None)
    if what not in room:
        room[what] = make()
    return room[what]


def whys(f: Findings) -> dict[str, Why]:
    """Return what holds each actor that has ties."""
    alone = set(f.blocs.unattached)
    return kept(f, "whys", lambda: {a: f.blocs.why(a) for a in f.system.ids if a not in alone})


def standings(f: Findings) -> dict[str, str]:
    """Return each actor's standing in the line-up, as `Blocs.standing` words it."""

    def make() -> dict[str, str]:
        unattached, apart, doubtful = set(f.blocs.unattached), set(f.blocs.apart), set(f.blocs.doubtful)
        return {
            a: "no ties" if a in unattached else "apart" if a in apart else "between" if a in doubtful else "member"
            for a in f.system.ids
        }

    return kept(f, "standings", make)


def chains(f: Findings) -> list[tuple[tuple[str, ...], float]]:
    """Return the commonest chains of the war."""
    return kept(f, "chains", f.war.chains)


def fronts(f: Findings) -> list[tuple[str, str, Estimate]]:
    """Return the borders on which the war would be fought."""
    return kept(f, "fronts", f.war.fronts)


def line_up(f: Findings) -> list[dict[str, Any]]:
    """Return the rows of `Blocs.table`, from reasons already at hand."""
    found, standing, names = whys(f), standings(f), f.blocs.names
    rows = []
    for k, actor in enumerate(f.system.actors):
        why = found.get(actor.id)
        rows.append(
            {
                "actor": actor.id,
                "name": actor.name,
                "bloc": None if why is None else names[int(f.blocs.two.label[k])],
                "membership": None if why is None else float(f.blocs.membership[k]),
                "standing": standing[actor.id],
                "held_by": ", ".join(r for r, v, *_ in why.by_reason if v > 0.02) if why else "",
                "pulled_away_by": ", ".join(r for r, v, *_ in why.by_reason if v < -0.02) if why else "",
            }
        )
    return rows
