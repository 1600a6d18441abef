"""Who is there on a day: actors that enter or leave, and borders that come and go, in a system that spans years.

Trims a system to its date. A pact or tie needs no trimming, because analyses take those in force on the date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.system.actor_edits import RemoveActor

if TYPE_CHECKING:
    from foedus.system.system import System


def present(system: System) -> System:
    """Return the system with the actors and borders that are there at the start of its date; the same one if all are.

    Who is not there takes its ties, borders, pledges and memberships along (see `RemoveActor`).

    Raises
    ------
    InvalidSystemError
        Fewer than two actors are there.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.load("europe-1914")
    >>> present(s) is s
    True
    """
    gone = [a.id for a in system.actors if not a.there(system.date)]
    borders = tuple(b for b in system.borders if b.there(system.date))
    if len(borders) < len(system.borders):
        system = system.with_(borders=borders)
    for actor in gone:
        system = RemoveActor(actor).apply(system)
    return system
