"""What is measured of a system at one date of a sequence: line-up, balance, powers of the blocs, threats, densities, each on the same draws.

Draws are keyed by what they are drawn for, so that the state before a day and that after it differ only by what happened on the day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.balance import Triads, count_triads
from foedus.blocs.drawn import drawn_line_ups
from foedus.blocs.graph import signed_graph
from foedus.blocs.matching import in_its_bloc
from foedus.blocs.moment import Moment, moment
from foedus.kernels import triads as kernel
from foedus.security.hazard import threats
from foedus.system.propensity import propensity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System

HOSTILE = ("rivalry", "territory", "injury", "war")


@dataclass(frozen=True, eq=False)
class State:
    """One date of a sequence.

    Attributes
    ----------
    system : System
    moment : Moment
        The exact line-up at the centre, with the memberships of the draws.
    triads : Triads
        By the signs at the centre.
    frustrated : float64 array, shape (n_draws,)
        Share of tie weight that the best line-up of a draw frustrates (searched, not proved).
    triad_share : float64 array, shape (n_draws,)
        Balanced triads over all; NaN without triads.
    first : float64 array, shape (n_draws,)
        Capability share of those who stand in the part 0 of ``moment.label`` in a draw.
    attacked : float64 array, shape (n_draws, n)
        Expected attacks a year on each actor.
    beaten : float64 array, shape (n_draws, n)
        Those of them that beat it.
    """

    system: System
    moment: Moment
    triads: Triads
    frustrated: NDArray[np.float64]
    triad_share: NDArray[np.float64]
    first: NDArray[np.float64]
    attacked: NDArray[np.float64]
    beaten: NDArray[np.float64]


def state(system: System, *, draws: int, seed: int, table: Params | None = None, seconds: float = 20.0) -> State:
    """Return what is measured of a system.

    Parameters
    ----------
    system : System
    draws, seed : int
    table : Params, optional
        Replaces the table of reasons.
    seconds : float, s
        Time limit of the proof.
    """
    at = moment(system, table=table, seconds=seconds)
    sample = propensity(system, seed=seed, n_draws=draws, table=table)
    start = np.maximum(at.label, 0)
    labels, values = drawn_line_ups(sample.n, sample.i, sample.j, sample.weight, start)
    attached = at.label >= 0
    shares = np.where(attached, in_its_bloc(labels, start, np.sqrt(at.power)), np.nan)
    flipped = ((labels == start) * np.sqrt(at.power)).sum(axis=1) < np.sqrt(at.power).sum() / 2
    sides = labels ^ flipped[:, None]
    total = np.abs(sample.weight).sum(axis=1)
    attacked, beaten = _threats(system, draws, seed, table)
    return State(
        system,
        replace(at, membership=shares),
        count_triads(signed_graph([(str(a), str(b), w) for a, b, w in zip(at.i.tolist(), at.j.tolist(), at.w.tolist(), strict=True)])),
        np.divide(values, total, out=np.zeros(draws), where=total > 0),
        _triad_shares(sample.n, sample.i, sample.j, sample.weight),
        (sample.power * (sides == 0) * attached).sum(axis=1),
        attacked,
        beaten,
    )  # fmt: skip


def _threats(
    system: System, draws: int, seed: int, table: Params | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (attacked, beaten) of each actor, a year, each of shape (n_draws, n)."""
    world = threats(system, seed=seed, draws=draws, table=table)
    attacked, beaten = [], []
    for k in range(len(system.actors)):
        attack = world.hazard(k)
        attacked.append(attack.sum(axis=1))
        beaten.append((attack * (1 - world.hold(k))).sum(axis=1))
    return np.stack(attacked, axis=1), np.stack(beaten, axis=1)


def _triad_shares(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the balanced share of triads of each draw, NaN without triads, shape (n_draws,)."""
    out = np.full(len(weights), np.nan)
    for d, w in enumerate(weights):
        live = w != 0
        counts, _ = kernel.triads(n, i[live], j[live], w[live])
        if counts.sum():
            out[d] = (counts[0] + counts[2]) / counts.sum()
    return out


def densities(system: System) -> dict[str, float]:
    """Return the share of pairs of actors that are joined: ``pledged``, ``aligned``, ``rival``, ``at_war``.

    Pledged pairs have a treaty with any pledge, in either direction, or a guarantee of one by the other; aligned ones an alignment; rival ones a
    written tie of rivalry, territory, injury or war.

    Examples
    --------
    >>> import foedus as fd
    >>> found = densities(fd.load("europe-1914"))
    >>> found["rival"] > found["pledged"] > found["aligned"] > found["at_war"]
    True
    """
    n, index = len(system.actors), system.index
    kinds = {k: np.zeros((n, n), dtype=np.bool_) for k in ("pledged", "aligned", "rival", "at_war")}
    for _, pledge, recipient in system.pledges():
        kinds["pledged"][index[pledge.by], index[recipient]] = True
    for pact in system.active_pacts():
        if pact.kind == "alignment":
            there = [index[a] for a in pact.active_members(system.date)]
            kinds["aligned"][np.ix_(there, there)] = True
    for tie in system.active_ties():
        if tie.reason in HOSTILE:
            kinds["rival"][index[tie.a], index[tie.b]] = True
        if tie.reason == "war":
            kinds["at_war"][index[tie.a], index[tie.b]] = True
    upper = np.triu_indices(n, 1)
    return {k: float((m | m.T)[upper].mean()) for k, m in kinds.items()}
