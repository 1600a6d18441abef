"""What a sweep measures at each point: quantities of one analysis, with their intervals and their values by draw of the uncertain inputs.

Every point uses the same seed, so that two points differ only where the keys reach (convention 4.6). The names of the quantities are those of the
system at its own values; one that a point does not have, as that of an actor left out, is NaN there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.errors import InvalidSystemError, message, parameter
from foedus.estimate.nested import drawn

if TYPE_CHECKING:
    from foedus.estimate.nested import Estimate
    from foedus.system.system import System

Of = Literal["war", "blocs", "ally"]
OFS: tuple[Of, ...] = ("war", "blocs", "ally")
DRAWS: dict[Of, int] = {"war": 1_000, "blocs": 100, "ally": 100}
"""Draws at each point where none are given."""
LEAST: dict[Of, int] = {"war": 200, "blocs": 20, "ally": 20}
KEPT = 50
"""Draws of the uncertain inputs, from the first, whose values are kept for the intervals of effects."""
PROOF = 600.0
"""Seconds for the proof of a line-up: so many that the clock has no say in the bits."""
HEADLINE: dict[Of, int] = {"war": 4, "blocs": 1, "ally": 7}
"""Quantities of the whole system, which stand first."""


class Measured(NamedTuple):
    """Estimates (K, 4) as mean, low, high, error, and values by draw of the inputs (K, G)."""

    estimate: NDArray[np.float64]
    by_draw: NDArray[np.float64]


@dataclass(frozen=True)
class Ask:
    """One analysis as it is asked at every point.

    ``actors`` are those of the system at its own values; ``foes`` the threats that the ledger of ``first`` considers; ``first`` and ``second`` the
    attacker and the target, or the actor alone.
    """

    of: Of
    draws: int
    seed: int
    actors: tuple[str, ...]
    first: str = ""
    second: str = ""
    foes: tuple[str, ...] = ()
    days: float = 365.0

    def chances(self, k: int) -> bool:
        """Return whether the values by draw of a quantity are yes or no rather than expectations."""
        return self.of == "blocs" and k > 0

    def least(self, k: int) -> float:
        """Return the error of simulation of a quantity that is never known better than one draw more or less would leave it."""
        return self.draws**-0.5 * (self.draws + 4) ** -0.5 if self.of == "war" or self.chances(k) else 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the quantities."""
        if self.of == "war":
            whole = ("belligerents", "anybody joins", "half of capability at war", "attacker's side prevails")
            return (*whole, *(f"{a} at war" for a in self.actors))
        if self.of == "blocs":
            return ("tie weight frustrated", *(f"{a} with {self.first}" for a in self.actors if a != self.first))
        ways = [
            f"{what} {how}" for what in ("attacked", "holds", "attacked and beaten") for how in ("alone", "together")
        ]
        return (*ways, "attacked and beaten, alone less together")

    def measure(self, system: System) -> Measured:
        """Return every quantity of a system."""
        return {"war": _war, "blocs": _blocs, "ally": _ally}[self.of](self, system)


def ask(
    system: System, of: Of, *, actors: tuple[str, ...] = (), draws: int | None = None, seed: int = 1, days: float = 365.0
) -> Ask:  # fmt: skip
    """Return what is asked, checked against the system at its own values.

    Parameters
    ----------
    system : System
    of : {"war", "blocs", "ally"}
    actors : tuple of str
        Attacker and target of a war (by default the system's first flashpoint); the actor whose ledger it is and, if any, its threats (by default
        its likeliest attackers, as they are at the system's own values); none for blocs.
    draws : int, optional
    seed : int
    days : float
        Horizon of a war.

    Raises
    ------
    ParameterError
        No such analysis, actors that it has no use for or lacks, or too few draws for an interval.
    UnknownStateError
        No such actor.
    """
    if of not in OFS:
        raise parameter("of", of, f"one of {', '.join(OFS)}")
    many = DRAWS[of] if draws is None else draws
    if many < LEAST[of]:
        raise parameter("draws", draws, f"at least {LEAST[of]} of {of}, so that effects have an interval")
    ids = [system.actor(a).id for a in actors]
    if of == "war":
        if not ids and system.flashpoints:
            ids = [system.flashpoints[0].attacker, system.flashpoints[0].target]
        if len(ids) != 2 or ids[0] == ids[1]:
            raise parameter("actors", list(actors), "an attacker and another target", "as in --actors AUH,SER")
        if not 0 < days < np.inf:
            raise parameter("days", days, "a number of days above 0")
        return Ask(of, many, seed, system.ids, ids[0], ids[1], days=days)
    if of == "blocs":
        if ids:
            raise parameter("actors", list(actors), "none: every actor's place is measured")
        return Ask(of, many, seed, system.ids, _heaviest(system))
    if not ids:
        raise parameter(
            "actors", [], "the actor whose ledger it is, and its threats if some are meant", "as in --actors BEL,GMY"
        )
    return Ask(of, many, seed, system.ids, ids[0], foes=_threats(system, ids, many, seed))


def _heaviest(system: System) -> str:
    """Return the most capable actor with ties at the centre: that by which a place is told."""
    from foedus.blocs.moment import NOWHERE, moment

    centre = moment(system)
    tied = np.flatnonzero(centre.label != NOWHERE)
    if not len(tied):
        raise InvalidSystemError(message("Nobody has a tie", got=system.id, expected="ties, for blocs"))
    return centre.ids[int(tied[np.argmax(centre.power[tied])])]


def _threats(system: System, ids: list[str], draws: int, seed: int) -> tuple[str, ...]:
    """Return the threats that are meant, or the likeliest at the system's own values."""
    from foedus.security.hazard import threats
    from foedus.security.ledger import _foes

    me = system.index[ids[0]]
    if ids[0] in ids[1:]:
        raise parameter("actors", ids, f"threats other than {ids[0]} itself")
    if len(ids) > 1:
        return tuple(ids[1:])
    world = threats(system, seed=seed, draws=draws)
    return tuple(system.ids[j] for j in _foes(system, me, None, world.hazard(me)))


def _packed(estimates: list[Estimate], by_draw: NDArray[np.float64]) -> Measured:
    """Return estimates and values as arrays."""
    return Measured(np.array([[e.mean, e.low, e.high, e.mc_error] for e in estimates]), by_draw)


def _war(asked: Ask, system: System) -> Measured:
    """Measure simulated wars."""
    from foedus.estimate.nested import Estimate
    from foedus.war.simulate import war

    found = war(system, asked.first, asked.second, draws=asked.draws, seed=asked.seed, days=asked.days, keep=1)
    tally, unknown = found.tally, Estimate(np.nan, np.nan, np.nan, np.nan)
    some = np.flatnonzero(tally.wars)[:KEPT]
    at = [system.index.get(a) for a in asked.actors]
    entered = tally.side.sum(axis=1)
    counts = [tally.size, tally.spread, tally.general, tally.won]
    counts += [np.full(len(tally.wars), np.nan) if k is None else entered[:, k] for k in at]
    each = [found.size, found.p_spread, found.p_general, found.p_attacker_prevails]
    each += [found.p_war.get(a, unknown) for a in asked.actors]
    return _packed(each, np.stack(counts)[:, some] / tally.wars[some])


def _blocs(asked: Ask, system: System) -> Measured:
    """Measure the line-up into two blocs in every draw of the uncertain inputs; each is searched, not proved."""
    from foedus.blocs.drawn import drawn_line_ups
    from foedus.blocs.exact import partition
    from foedus.blocs.result import heard
    from foedus.estimate.nested import Estimate
    from foedus.estimate.wilson import wilson
    from foedus.system.propensity import propensity

    centre = propensity(system, seed=None)
    best = partition(centre.n, centre.i, centre.j, heard(centre.weight[0]), seconds=PROOF)
    sample = propensity(system, seed=asked.seed, n_draws=asked.draws)
    labels, values = drawn_line_ups(sample.n, sample.i, sample.j, sample.weight, best.label)
    total = np.abs(sample.weight).sum(axis=1)
    share = np.divide(values, total, out=np.full(len(values), np.nan), where=total > 0)
    tied = np.bincount(np.concatenate([centre.i, centre.j]), minlength=centre.n) > 0
    rows, head = [share], system.index.get(asked.first)
    for name in asked.actors:
        if name != asked.first:
            k = system.index.get(name)
            there = head is not None and k is not None and tied[k] and tied[head]
            rows.append((labels[:, k] == labels[:, head]).astype(float) if there else np.full(len(labels), np.nan))
    each = [drawn(share)]
    for row in rows[1:]:
        low, high = wilson(np.array([row.sum()]), asked.draws)
        spread = float(np.sqrt(max(row.mean() * (1 - row.mean()), 1 / (asked.draws + 4)) / asked.draws))
        each.append(Estimate(float(row.mean()), float(low[0]), float(high[0]), spread))
    return _packed(each, np.stack(rows)[:, :KEPT])


def _ally(asked: Ask, system: System) -> Measured:
    """Measure the ledger of one actor, alone and with its allies; see `foedus.security.ledger`."""
    from foedus.security.hazard import threats
    from foedus.security.spared import any_of, mean_over

    names = asked.names
    foes = [system.index[f] for f in asked.foes if f in system.index]
    if asked.first not in system.index or not foes:
        return Measured(np.full((len(names), 4), np.nan), np.full((len(names), min(KEPT, asked.draws)), np.nan))
    me, world = system.index[asked.first], threats(system, seed=asked.seed, draws=asked.draws)
    risks = [world.hazard(me, allies=set())[:, foes], world.hazard(me)[:, foes]]
    holds = [world.hold(me, allies=who, against=foes) for who in (set(), None)]
    beaten = [any_of(r * (1 - h)) for r, h in zip(risks, holds, strict=True)]
    rows = [*(any_of(r) for r in risks), *(mean_over(h, risks[1]) for h in holds), *beaten, beaten[0] - beaten[1]]
    return _packed([drawn(r) for r in rows], np.stack(rows)[:, :KEPT])
