"""The line-up of one date in a series: light enough to keep two centuries of them and to send between processes.

Holds the ties at the centre of every uncertain number, the line-up and its proof. Knows nothing of the dates before and after; `years` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.blocs.clustering import cluster
from foedus.blocs.drawn import drawn_line_ups
from foedus.blocs.exact import Partition, partition
from foedus.blocs.matching import NOWHERE, in_its_bloc
from foedus.errors import parameter
from foedus.system.propensity import propensity

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.nouns import Source
    from foedus.system.propensity import Propensity
    from foedus.system.system import System

Blocs = Literal[2, 3, "free"]

MOST_BLOCS = 12
"""Blocs that the search in a draw may use where any number is allowed."""
APART_BELOW = 0.05
"""An actor with a smaller share of friendly weight within its bloc is there by enmity alone."""


@dataclass(frozen=True, eq=False)
class Moment:
    """Who lines up with whom on a date, arrays aligned on ``ids``.

    Attributes
    ----------
    date : datetime.date
    ids, names : tuple of str
    cow : tuple of int or None
        Codes of the Correlates of War.
    major : bool array, shape (n,)
        Great powers.
    power : float64 array, shape (n,)
        Capability shares.
    measured : bool
        Whether the capability of any actor is known; if not, all shares are alike and say nothing.
    i, j : int64 arrays, shape (m,)
    w : float64 array, shape (m,)
        Ties, zeros left out.
    label : int64 array, shape (n,)
        Part of each actor, -1 without ties. The numbers mean nothing from one date to the next.
    component : int64 array, shape (n,)
        Connected part of the graph of ties; 0 has the most capability.
    value, bound : float
        Weight of frustrated ties in the line-up, and what no line-up can go below.
    proved : bool
        Whether the line-up is the best of its problem; under smoothing also that the date's own best is proved.
    membership : float64 array, shape (n,), or None
        Share of draws in which an actor stands with its bloc; NaN without ties. None where nothing was drawn.
    sources : tuple of Source
        Data sets and texts behind the system.
    """

    date: dt.date
    ids: tuple[str, ...]
    names: tuple[str, ...]
    cow: tuple[int | None, ...]
    major: NDArray[np.bool_]
    power: NDArray[np.float64]
    measured: bool
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    w: NDArray[np.float64]
    label: NDArray[np.int64]
    component: NDArray[np.int64]
    value: float
    bound: float
    proved: bool
    membership: NDArray[np.float64] | None
    sources: tuple[Source, ...]

    @property
    def n(self) -> int:
        """Actors."""
        return len(self.ids)

    @property
    def total(self) -> float:
        """Weight of all ties."""
        return float(np.abs(self.w).sum())

    def weight_of(self, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the weight of the chosen ties at each actor, shape (n,)."""
        size = np.where(chosen, np.abs(self.w), 0.0)
        return np.asarray(np.bincount(self.i, size, self.n) + np.bincount(self.j, size, self.n), dtype=np.float64)

    @property
    def tied(self) -> NDArray[np.float64]:
        """Weight of all ties of each actor, shape (n,)."""
        return self.weight_of(np.ones(len(self.w), dtype=np.bool_))

    def friendly(self, bloc: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the friendly weight that each actor has inside its bloc, shape (n,)."""
        return self.weight_of((self.w > 0) & (bloc[self.i] == bloc[self.j]))

    def frustrated(self, bloc: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the weight of each actor's ties that stand against a line-up, shape (n,)."""
        return self.weight_of((self.w > 0) != (bloc[self.i] == bloc[self.j]))


def moment(
    system: System,
    *,
    k: Blocs = 2,
    draws: int = 0,
    seed: int = 1,
    seconds: float = 20.0,
    table: Params | None = None,
) -> Moment:
    """Return the line-up of a system into at most ``k`` blocs, or into any number.

    Parameters
    ----------
    system : System
    k : {2, 3, "free"}
    draws : int
        Draws of every uncertain number behind the memberships; 0 leaves them out. Each is searched, not proved.
    seed : int
    seconds : float, s
        Time limit of the proof.
    table : Params, optional
        Replaces ``params/ties.toml``.

    Raises
    ------
    ParameterError
        ``k`` is none of the three, or ``draws`` is 1 or negative.

    Examples
    --------
    >>> import foedus as fd
    >>> moment(fd.load("europe-1914")).proved
    True
    """
    check(k, draws)
    centre = propensity(system, seed=None, table=table)
    w = centre.weight[0]
    tie = w != 0
    i, j, w, power = centre.i[tie], centre.j[tie], w[tie], centre.power[0]
    best = line_up(centre.n, i, j, w, k, seconds=seconds)
    attached = np.bincount(np.concatenate([i, j]), minlength=centre.n) > 0
    shares = None
    if draws:
        sample = propensity(system, seed=seed, n_draws=draws, table=table)
        shares = np.where(attached, membership(sample, best.label, k, power), np.nan)
    actors = system.actors
    return Moment(
        system.date,
        system.ids,
        tuple(a.name for a in actors),
        tuple(a.cow for a in actors),
        np.array([a.major for a in actors]),
        power,
        any(a.capability for a in actors),
        i,
        j,
        w,
        np.where(attached, best.label, NOWHERE),
        components(centre.n, i, j, power),
        best.value,
        best.bound,
        best.proved,
        shares,
        system.sources,
    )


def check(k: object, draws: int) -> None:
    """Refuse numbers of blocs and of draws that cannot be.

    Raises
    ------
    ParameterError
    """
    if k not in {2, 3, "free"}:
        raise parameter("k", k, "2, 3 or 'free'")
    if draws < 0 or draws == 1:
        raise parameter("draws", draws, "0, or an integer of at least 2")


def line_up(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], k: Blocs, *, seconds: float
) -> Partition:
    """Return the best line-up into at most ``k`` blocs, with its bound."""
    if k == 2:
        return partition(n, i, j, w, seconds=seconds)
    return cluster(n, i, j, w, k=None if k == "free" else k, seconds=seconds)


def membership(
    sample: Propensity, label: NDArray[np.int64], k: Blocs, power: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how often each actor stands with its bloc over draws, shape (n,); an actor counts as the root of its power in the matching."""
    most = MOST_BLOCS if k == "free" else k
    labels, _ = drawn_line_ups(sample.n, sample.i, sample.j, sample.weight, label, k=most)
    return in_its_bloc(labels, label, np.sqrt(power))


def components(n: int, i: NDArray[np.int64], j: NDArray[np.int64], power: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the connected part of each node, the most capable part first, shape (n,)."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    count, part = connected_components(csr_matrix((np.ones(len(i)), (i, j)), shape=(n, n)), directed=False)
    order = np.argsort(-np.bincount(part, power, count), kind="stable")
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return rank[part]
