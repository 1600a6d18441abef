"""Wars of a system, who is at their core, and the network of their allies and enemies.

Enemies have a tie of war in force; allies help each other in one of the ways that are counted. Weights are those of the ties, drawn by the key of
each, so that a tie keeps its draws in every system in which it stands. Solves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import params as parameters
from foedus.kernels import streams
from foedus.security.fighting import FightingNetwork
from foedus.system.propensity import tie_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from foedus.params import Params
    from foedus.system.system import System
    from foedus.system.values import Quantity

KINDS = ("sponsorship", "alignment", "intervention", "defense", "offense", "interest")
"""Ways of help that can be counted: ties by reason, pacts by kind, and pledges of defence or offence."""
HELP = ("sponsorship", "alignment", "intervention")
"""What makes two actors allies in a war: help in fact. A pledge on paper and a shared interest do not."""


def wars_of(system: System) -> tuple[tuple[str, ...], ...]:
    """Return the sets of actors joined by ties of war in force, most actors first, each in the system's order."""
    joined: dict[str, set[str]] = {}
    for tie in system.active_ties():
        if tie.reason == "war":
            both = joined.get(tie.a, {tie.a}) | joined.get(tie.b, {tie.b})
            joined |= dict.fromkeys(both, both)
    found = {tuple(a for a in system.ids if a in w) for w in joined.values()}
    return tuple(sorted(found, key=lambda w: (-len(w), system.index[w[0]])))


def core_of(system: System, war: Sequence[str]) -> tuple[str, ...]:
    """Return those of a war who are at war with two or more others of the core, in the system's order; all of them if there is no core."""
    foes: dict[str, set[str]] = {a: set() for a in war}
    for tie in system.active_ties():
        if tie.reason == "war" and tie.a in foes and tie.b in foes:
            foes[tie.a].add(tie.b)
            foes[tie.b].add(tie.a)
    core = set(war)
    while loose := {a for a in core if len(foes[a] & core) < 2}:
        core -= loose
    return tuple(a for a in war if a in core) or tuple(war)


def network_of(
    system: System, actors: Sequence[str], *, help_by: Sequence[str] = HELP, draws: int | None = None, seed: int = 1, table: Params | None = None,
) -> FightingNetwork:  # fmt: skip
    """Return the network of some actors of a system: at the middle of its uncertain ties, or with a leading axis of draws."""
    where, n = {a: k for k, a in enumerate(actors)}, len(actors)
    lead = () if draws is None else (draws,)
    allied, enemy = np.zeros((*lead, n, n)), np.zeros((*lead, n, n))
    for into, a, b, key, low_high in _ties(system, help_by, table):
        if a in where and b in where:
            u = np.array(0.5) if draws is None else streams.uniforms(seed, streams.keys_of([key]), draws)[:, 0]
            i, j, to = where[a], where[b], enemy if into == "enemy" else allied
            to[..., i, j] = to[..., j, i] = np.maximum(to[..., i, j], np.clip(low_high(u), 0.0, 1.0))
    return FightingNetwork(
        tuple(actors), np.where(enemy > 0, 0.0, allied), enemy, np.ones((*lead, n)), np.zeros((*lead, n))
    )


def _ties(system: System, help_by: Sequence[str], table: Params | None) -> Iterator[tuple[str, str, str, str, Any]]:
    """Yield (enemy or allied, a, b, key of its draws, weight as a function of a uniform) of every tie that counts."""
    for tie in system.active_ties():
        if tie.reason == "war":
            yield "enemy", tie.a, tie.b, tie_key(tie), lambda u, s=tie.strength: -s.at(u)
        elif tie.reason in help_by:
            yield "allied", tie.a, tie.b, tie_key(tie), lambda u, s=tie.strength: s.at(u)
    ties, trust = table or parameters.load("ties"), parameters.load("reliability")
    era = "until_1944" if system.date.year <= 1944 else "from_1945"
    for pact in system.active_pacts():
        if pact.kind == "alignment" and "alignment" in help_by:
            weight = _weight(pact.strength, ties["derived.pact.alignment"])
            members = pact.active_members(system.date)
            yield from (("allied", a, b, f"pact:{pact.id}", weight) for a in members for b in members if a < b)
    for pact, pledge, to in system.pledges():
        if pact.kind == "intervention" and "intervention" in help_by:
            p = trust["intervention.any"]
        elif pact.kind != "intervention" and pledge.type in help_by:
            p = trust["guarantee.any" if pact.kind == "guarantee" else f"defense.{era}"]
        else:
            continue
        yield "allied", pledge.by, to, f"honour:{pact.id}:{pledge.by}:{to}:{pledge.type}", _weight(None, p)


def _weight(given: Quantity | None, otherwise: parameters.Param) -> Any:
    """Return a weight as a function of a uniform."""
    if given is not None:
        return given.at
    return lambda u: otherwise.low + (otherwise.high - otherwise.low) * u
