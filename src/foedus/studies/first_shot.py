"""The first shot of a study where nobody names one: a flashpoint of the scenario, else the likeliest of the pairs with a quarrel.

Says where it comes from, so that a reader can ask for another. Draws no war.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.security.hazard import threats
from foedus.system.covariates import reason_matrix

if TYPE_CHECKING:
    from foedus.params import Params
    from foedus.security.hazard import Threats
    from foedus.system.system import System

QUARRELS = ("war", "rivalry", "territory", "injury")
DRAWS = 200


def first_shot(
    system: System, asked: tuple[str, str] | None = None, *, world: Threats | None = None, seed: int = 1, table: Params | None = None
) -> tuple[str, str, str]:  # fmt: skip
    """Return attacker, target and where they come from.

    Parameters
    ----------
    system : System
    asked : (attacker, target), optional
        Taken as it is.
    world : Threats, optional
        Of the system, where they are known; else drawn with ``seed`` and ``table`` if the system names no flashpoint.
    seed : int
    table : Params, optional
        Another table of reasons.

    Examples
    --------
    >>> import foedus as fd
    >>> first_shot(fd.load("europe-1914"))[:2]
    ('AUH', 'SER')
    """
    if asked is not None:
        return system.actor(asked[0]).id, system.actor(asked[1]).id, "asked for"
    if system.flashpoints:
        return likely_shot(system)
    chance = (world or threats(system, seed=seed, draws=DRAWS, table=table)).matrix
    n = len(system.actors)
    hostile = np.zeros((n, n), dtype=np.bool_)
    for reason in QUARRELS:
        hostile |= reason_matrix(system, reason)
    k = int(np.where(hostile, chance, 0.0).argmax() if hostile.any() else chance.argmax())
    told = "of the pairs with a quarrel on record, " if hostile.any() else "no quarrel is on record; "
    return (
        system.ids[k // n],
        system.ids[k % n],
        f"{told}the one with the greatest chance a year under the fitted onset of wars",
    )


def shot_of_both(
    base: System, other: System, asked: tuple[str, str] | None = None, *, seed: int = 1, table: Params | None = None
) -> tuple[str, str, str]:  # fmt: skip
    """Return the first shot of a comparison, as `first_shot` of the base; only flashpoints whose two actors both systems have count.

    Raises
    ------
    ParameterError
        The base has flashpoints, but none that the other system could have.
    InvalidSystemError
        One of the two is not in both systems.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.load("europe-1914")
    >>> shot_of_both(s, s.edit().remove_actor("SER").system)[:2]
    ('GMY', 'BEL')
    """
    both = tuple(f for f in base.flashpoints if f.attacker in other.index and f.target in other.index)
    if base.flashpoints and not both and asked is None:
        raise parameter(
            "flashpoint",
            None,
            f"an attacker and a target: no flashpoint of {base.id} is between actors of {other.id} too",
        )
    found = first_shot(base.with_(flashpoints=both), asked, seed=seed, table=table)
    for name in found[:2]:
        other.actor(name)
    return found


def likely_shot(system: System) -> tuple[str, str, str]:
    """Return attacker and target of the first flashpoint whose two have no treaty with each other on the date, and why it.

    Where all are tied, the first. What was passed over, or is tied, is said. An alignment binds nobody and a guarantee is no tie between friends:
    neither counts.
    """
    tied: dict[frozenset[str], str] = {}
    for pact, pledge, recipient in system.pledges():
        if pact.kind == "treaty":
            tied.setdefault(frozenset((pledge.by, recipient)), pact.name)
    shots = [(f, tied.get(frozenset((f.attacker, f.target)))) for f in system.flashpoints]
    first, treaty = shots[0]
    for f, pact_name in shots:
        if pact_name is None:
            told = f.note or "first flashpoint of the scenario"
            over = f"; passed over: {first.attacker} on {first.target}, tied by {treaty}"
            return f.attacker, f.target, told if f is first else told.rstrip(".") + over
    return (
        first.attacker,
        first.target,
        f"{(first.note or 'first flashpoint of the scenario').rstrip('.')}; although tied by {treaty}",
    )
