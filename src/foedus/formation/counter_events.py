"""Signings and outsiders as arrays, which signing of an outsider comes first after a pact, and the same with the dates of signings exchanged.

A *signing* is a day on which states enter an alliance; a state *gains* by it if it is then tied to somebody to whom it was not before. The exchange
of dates is the null of timing: every treaty keeps its parties, every era its calendar of signatures, every state its number of signings in the era;
only which treaty came when is drawn anew, a treaty never to a day on which one of those who gain by it was no state. Reads no data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.formation.record import DAYS_A_YEAR
from foedus.kernels import counter_dates, streams

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUTCOMES = ("counter", "with a member", "either")
"""First gain by a treaty without any member of the pact; by one with a member; by either."""
SWEEPS = 20
"""Swaps tried for each signing in one drawn order."""
NEVER = np.inf


@dataclass(frozen=True)
class Signings:
    """Days on which states entered alliances, E of them by day, n states.

    Attributes
    ----------
    day : int64 array, shape (E,)
        Ordinal of the day.
    atop : int64 array, shape (E,)
        Number of the alliance.
    gains, party : bool array, shape (E, n)
        Who gains a tie by it; who is in the alliance on that day.
    may : bool array, shape (E, E)
        Whether everybody who gains by the row was a state on the day of the column.
    """

    day: NDArray[np.int64]
    atop: NDArray[np.int64]
    gains: NDArray[np.bool_]
    party: NDArray[np.bool_]
    may: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if len(self.day) and (np.diff(self.day) < 0).any():
            raise parameter("day", "days out of order", "signings by day")


@dataclass(frozen=True)
class Outsiders:
    """Pairs of a pact and an outsider, P of them; K pacts.

    Attributes
    ----------
    pact, state : int64 array, shape (P,)
    day : int64 array, shape (K,)
        Ordinal of each pact's signature.
    member : bool array, shape (K, n)
    """

    pact: NDArray[np.int64]
    state: NDArray[np.int64]
    day: NDArray[np.int64]
    member: NDArray[np.bool_]

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> Outsiders:
        """Return some pairs."""
        return Outsiders(self.pact[which], self.state[which], self.day, self.member)


@dataclass(frozen=True)
class Links:
    """Every signing by which the outsider of a pair gains, in pairs' order: pair, signing, and whether a member of the pact is a party."""

    pair: NDArray[np.int64]
    signing: NDArray[np.int64]
    inside: NDArray[np.bool_]


def links(pairs: Outsiders, signings: Signings) -> Links:
    """Return which signings could be an answer of which outsider, whenever they came."""
    of = [np.flatnonzero(column) for column in signings.gains.T]
    found = [of[s] for s in pairs.state.tolist()]
    pair = np.repeat(np.arange(len(found)), [len(f) for f in found])
    signing = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    meets = pairs.member.astype(np.float32) @ signings.party.T.astype(np.float32) > 0
    return Links(pair, signing.astype(np.int64), meets[pairs.pact[pair], signing])


def delays(pairs: Outsiders, linked: Links, day: NDArray[np.int64], *, back: bool = False) -> NDArray[np.float64]:
    """Return the years from each pact to the first gain of its outsider by outcome, shape (3, P); `NEVER` without any.

    Parameters
    ----------
    pairs : Outsiders
    linked : Links
        Of these pairs.
    day : int64 array, shape (E,)
        Day of each signing: of the record, or exchanged.
    back : bool
        Years back from the pact to the last gain before it instead.
    """
    return _first(pairs, linked, day[linked.signing], -1 if back else 1)


def _first(pairs: Outsiders, linked: Links, at: NDArray[np.int64], sign: int) -> NDArray[np.float64]:
    """Return `delays` for the day of each link, shape (links,)."""
    apart = (at - pairs.day[pairs.pact[linked.pair]]) / DAYS_A_YEAR * sign
    out = np.full((len(OUTCOMES), len(pairs.pact)), NEVER)
    after = apart > 0
    for k, chosen in enumerate((after & ~linked.inside, after & linked.inside, after)):
        np.minimum.at(out[k], linked.pair[chosen], apart[chosen])
    return out


def drawn_days(signings: Signings, block: NDArray[np.int64], *, samples: int, seed: int) -> NDArray[np.int64]:
    """Return the days of the signings with dates exchanged within blocks, shape (samples, E).

    Parameters
    ----------
    signings : Signings
    block : int64 array, shape (E,)
        Label of the span of years in which each signing lies; not falling.
    samples, seed : int

    Raises
    ------
    ParameterError
        Labels that fall, or fewer than one sample.
    """
    if samples < 1 or len(block) != len(signings.day) or (np.diff(block) < 0).any():
        raise parameter(
            "samples, block", f"{samples}, {len(block)} labels", "at least 1 sample, a label a signing, not falling"
        )
    _, label = np.unique(block, return_inverse=True)
    at = counter_dates.orders(
        label.astype(np.int64), signings.may, seed, streams.key_of("counter dates"), samples, SWEEPS
    )
    return signings.day[at]


def shifted_delays(
    pairs: Outsiders, linked: Links, signings: Signings, span: tuple[NDArray[np.int64], NDArray[np.int64]], label: NDArray[np.int64], *, seed: int,
    sample: int,
) -> NDArray[np.float64]:  # fmt: skip
    """Return `delays` with each state's own signings moved on together in a circle, by a random lag for each state and span of years.

    What `drawn_days` breaks is kept, that one state's signings come in bursts; what it keeps is broken: the calendar of the era, and that the parties
    of a treaty sign on one day.

    Parameters
    ----------
    pairs, linked, signings
    span : two int64 arrays, shape (n, spans)
        First day of each state in each span, and how many days it has there.
    label : int64 array, shape (E,)
        Position of the span of each signing.
    seed, sample : int
        A sample has the same lags whoever draws it.
    """
    start, length = span
    keys = np.arange(start.size, dtype=np.uint64)
    lag = streams.uniforms(seed, streams.words(streams.keys_of(["counter shift"]), keys), 1, first=sample)[0].reshape(
        start.shape
    )
    state, where = pairs.state[linked.pair], label[linked.signing]
    begin, days = start[state, where], np.maximum(length[state, where], 1)
    moved = begin + (signings.day[linked.signing] - begin + (lag[state, where] * days).astype(np.int64)) % days
    return _first(pairs, linked, moved, 1)


def first_signing(
    pairs: Outsiders, linked: Links, day: NDArray[np.int64], *, inside: bool = False
) -> NDArray[np.int64]:
    """Return the first signing after the pact by which its outsider gains, without a member or (``inside``) with one, shape (P,); -1 none."""
    out = np.full(len(pairs.pact), -1, dtype=np.int64)
    apart = day[linked.signing] - pairs.day[pairs.pact[linked.pair]]
    some = np.flatnonzero((apart > 0) & (linked.inside == inside))
    for k in some[np.argsort(-apart[some], kind="stable")].tolist():
        out[linked.pair[k]] = linked.signing[k]
    return out
