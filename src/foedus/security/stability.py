"""`stability`: who in a system could be beaten by some group of allies, what tie would protect it, and whether the network is war-stable.

The network is that of defence pledges in force, without their conditions; strengths are shares of capability. A state is vulnerable if a hub and
some of its allies are stronger than gamma times the state with those of its allies that do not take part in the attack [JacksonNei2015]_. Each
state has a critical gamma, the largest ratio of attack to defence that any coalition reaches: it is vulnerable at every gamma below. Strength
that is not known is not zero: it lies between the least and the largest that is known, and a verdict that turns on it is unknown. Does not say
who would want to attack: here anybody may, a friend too unless ``loyal``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.errors import parameter
from foedus.kernels import shares
from foedus.kernels import vulnerability as kernel
from foedus.security.stability_result import Pledged, Stability, Verdict
from foedus.system import covariates
from foedus.system.nouns import CAPABILITY_PARTS
from foedus.war.field import geography

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.system.system import System

GAMMAS = (1.0, 1.5, 2.0, 3.0)
CHUNK = 25
"""Draws whose matrices are held at a time."""
MOST_DRAWS = 1_000
TIED = ("treaty",)
"""Kinds of pact whose defence pledges make a tie: who is guaranteed owes nothing, interventions name their adversaries, alignments bind nobody."""


def stability(
    system: System, *, gammas: Sequence[float] = GAMMAS, reach: bool = False, loyal: bool = False, pledged: Pledged = "either", draws: int = 200,
    seed: int = 1,
) -> Stability:  # fmt: skip
    """Return the audit of a system: who is vulnerable to whom, what would protect it, and whether the network is war-stable.

    Parameters
    ----------
    system : System
    gammas : sequence of float
        Strengths that an attack needs for each unit of defence, positive; one verdict each.
    reach : bool
        Strength counts as far as it reaches (`foedus.war.field`), for attackers and for allies; by default it counts in full everywhere. At the
        centre that is the mean over draws of the share that reaches.
    loyal : bool
        Nobody attacks its own ally; by default allies may.
    pledged : {"either", "both"}
        Two are allies if either pledges to defend the other, or only if both do.
    draws : int
        Draws of uncertain strengths, from 1 to `MOST_DRAWS`.
    seed : int

    Returns
    -------
    Stability

    Raises
    ------
    ParameterError
        An argument outside its range.

    Notes
    -----
    (S1) to (S3) are those of `foedus.security.stable_networks`, on the states whose strength is known.

    References
    ----------
    [JacksonNei2015]_

    Examples
    --------
    >>> import foedus as fd
    >>> found = fd.stability(fd.load("europe-1914"), draws=20)
    >>> found.coalition("SER")[0]
    'RUS'
    """
    check(gammas, pledged, draws)
    ties = tied(system, pledged)
    return audit(system, ties, gammas=gammas, reach=reach, loyal=loyal, pledged=pledged, draws=draws, seed=seed)


def check(gammas: Sequence[float], pledged: str, draws: int) -> None:
    """Refuse arguments outside their range."""
    if not len(gammas) or not all(isinstance(g, int | float) and np.isfinite(g) and g > 0 for g in gammas):
        raise parameter("gamma", list(gammas), "one positive finite number or more")
    if pledged not in {"either", "both"}:
        raise parameter("pledged", pledged, "either or both")
    if isinstance(draws, bool) or not 1 <= draws <= MOST_DRAWS:
        raise parameter("draws", draws, f"an integer from 1 to {MOST_DRAWS}")


def tied(system: System, pledged: Pledged = "either") -> NDArray[np.bool_]:
    """Return who is tied by a pledge of defence in force, shape (n, n)."""
    owes = np.zeros((len(system.actors),) * 2, dtype=np.bool_)
    for pact, pledge, to in system.pledges():
        if pledge.type == "defense" and pact.kind in TIED:
            owes[system.index[pledge.by], system.index[to]] = True
    np.fill_diagonal(owes, val=False)
    return owes | owes.T if pledged == "either" else owes & owes.T


def audit(
    system: System, ties: NDArray[np.bool_], *, gammas: Sequence[float], reach: bool, loyal: bool, pledged: Pledged, draws: int, seed: int
) -> Stability:  # fmt: skip
    """Return the audit of a network of ties among the actors of a system; arguments as of `stability`."""
    n = len(ties)
    power, known = covariates.effective_capability(system, seed=None, n_draws=1)[0], known_strength(system)
    reaches = reaching(system, reach=reach, seed=seed, draws=draws)
    ratios = _drawn(system, ties, reaches, loyal=loyal, draws=draws, seed=seed)
    ratios[:, ~known] = np.nan
    low, high = bounds(power, known, reaches.mean(axis=0))
    sure, may = _sure(low, high, ties, loyal=loyal), _sure(high, low, ties, loyal=loyal)
    centre = np.where(known, kernel.ratio(sure), np.nan)
    hub = np.where(sure.attack.any(axis=1), _hubs(sure, np.diagonal(low)), -1)
    interval = np.full((2, n), np.nan)
    interval[:, known] = np.quantile(ratios[:, known], [0.05, 0.95], axis=0) if known.any() else 0.0
    range_ = parameters.load("stability").draws("gamma.range", seed, draws)
    kind = centre if loyal else np.where(known, kernel.ratio(_sure(low, high, ties, loyal=True)), np.nan)
    spread = np.where(known, (ratios > range_[:, None] * kernel.SLACK).mean(axis=0), np.nan)
    shared = _Case(low, high, ties, known, sure, may, ratios, loyal)
    return Stability(
        system.date, system.ids, tuple(a.name for a in system.actors), np.where(known, power, np.nan), ties,
        np.vstack([centre, np.minimum(interval[0], centre), np.maximum(interval[1], centre)]), hub, _sizes(ties, hub, loyal=loyal), kind, spread,
        tuple(_verdict(shared, float(g)) for g in gammas), reach, loyal, pledged, draws, seed, system.limits,
    )  # fmt: skip


@dataclass(frozen=True)
class _Case:
    """What the verdicts at every gamma share: ``low`` and ``high`` are the strengths with the unknown at their least and largest."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    ties: NDArray[np.bool_]
    known: NDArray[np.bool_]
    sure: kernel.Odds
    may: kernel.Odds
    ratios: NDArray[np.float64]
    loyal: bool


def _verdict(case: _Case, gamma: float) -> Verdict:
    """Return the verdict at one gamma."""
    g, n, known = case.ties, len(case.ties), case.known
    beaten = kernel.beaten(case.sure, gamma)
    vulnerable = np.where(beaten.any(axis=1), 1, np.where(kernel.beaten(case.may, gamma).any(axis=1), -1, 0)).astype(
        np.int8
    )
    fewest = tuple(
        tuple(kernel.smallest(case.low, g, i, np.flatnonzero(beaten[i]), gamma, loyal=case.loyal, standing=case.high))
        if vulnerable[i] == 1 else () for i in range(n)
    )  # fmt: skip
    ends = kernel.protectors(case.low, g, case.may, gamma, loyal=case.loyal) & (vulnerable == 1)[:, None] & known
    protector = np.where(ends.any(axis=1), np.where(ends, case.low, np.inf).argmin(axis=1), -1)
    within = np.ix_(known, known)
    v, h = case.low[within], g[within]
    of = kernel.odds(v, h, loyal=case.loyal)
    hurt = kernel.endangered(v, h, of, gamma, loyal=case.loyal)
    helped = kernel.protectors(v, h, of, gamma, loyal=case.loyal)
    needed = kernel.needed(v, h, of, gamma, loyal=case.loyal)
    place = np.cumsum(known) - 1
    endangers = np.array([
        hurt[place[i], :, place[k]].sum() if k >= 0 and known[i] else 0 for i, k in enumerate(protector)
    ], dtype=np.int64)  # fmt: skip
    absent = np.triu(~h, 1)
    harmful = hurt.any(axis=1)
    now = kernel.beaten(of, gamma).any(axis=1)
    left = now.sum() - helped.astype(np.int64) - helped.T > 0
    hits = (case.ratios[:, known] > gamma * kernel.SLACK).sum(axis=1)
    few, many = np.quantile(hits, [0.05, 0.95]) if known.any() else (0, 0)
    p = np.where(known, (case.ratios > gamma * kernel.SLACK).mean(axis=0), np.nan)
    return Verdict(
        gamma, vulnerable, p, fewest, protector, ends.sum(axis=1), endangers, (int(np.floor(few)), int(np.ceil(many))), int(absent.sum()),
        int((absent & harmful).sum()), not bool((absent & (left | harmful)).any()), int(np.triu(h & ~(needed & needed.T)).sum()),
    )  # fmt: skip


def reaching(system: System, *, reach: bool, seed: int, draws: int) -> NDArray[np.float64]:
    """Return the share of its strength that each actor brings to bear where each other one is, in every draw, or 1 everywhere, shape (D, n, n)."""
    n = len(system.actors)
    return geography(system, parameters.load("joining"), seed, draws)[1] if reach else np.ones((1, n, n))


def known_strength(system: System) -> NDArray[np.bool_]:
    """Return whose strength is known: some part of its capability is, of which somebody has any."""
    parts = [dict(a.capability) for a in system.actors]
    values = np.array([[p[c].centre if c in p else np.nan for c in CAPABILITY_PARTS] for p in parts])
    return np.isfinite(shares.composite_shares(values))


def bounds(
    power: NDArray[np.float64], known: NDArray[np.bool_], reach: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the largest strength of each actor where each other one is, shape (n, n) each."""
    ends = (power[known].min(), power[known].max()) if known.any() else (0.0, 1.0)
    out = []
    for end in ends[: 1 if known.all() else 2]:
        v = np.where(known, power, end)[None] * reach.T
        np.fill_diagonal(v, np.where(known, power, end))
        out.append(v)
    return out[0], out[-1]


def _sure(
    attackers: NDArray[np.float64], defenders: NDArray[np.float64], ties: NDArray[np.bool_], *, loyal: bool
) -> kernel.Odds:
    """Return the odds where attackers count for one strength and defenders for another."""
    one = kernel.odds(attackers, ties, loyal=loyal)
    return one if defenders is attackers else kernel.Odds(one.attack, kernel.odds(defenders, ties, loyal=loyal).defence)


def _drawn(
    system: System, ties: NDArray[np.bool_], reaches: NDArray[np.float64], *, loyal: bool, draws: int, seed: int
) -> NDArray[np.float64]:
    """Return the critical gamma in every draw, shape (draws, n)."""
    power = covariates.effective_capability(system, seed=seed, n_draws=draws)
    out = np.empty(power.shape)
    n = np.arange(power.shape[1])
    for first in range(0, draws, CHUNK):
        part = slice(first, first + CHUNK)
        v = power[part, None, :] * (reaches[part] if len(reaches) > 1 else reaches).transpose(0, 2, 1)
        v[:, n, n] = power[part]
        out[part] = kernel.ratio(kernel.odds(v, ties, loyal=loyal))
    return out


def _hubs(of: kernel.Odds, own: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the hub of the largest ratio against each; of equal ones that of the strongest coalition, then the strongest hub."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(of.attack > 0, of.attack / of.defence, 0.0)
    best = np.where(each >= each.max(axis=1, keepdims=True) / kernel.SLACK, of.attack, -1.0)
    return np.where(best >= best.max(axis=1, keepdims=True) / kernel.SLACK, own, -1.0).argmax(axis=1)


def _sizes(ties: NDArray[np.bool_], hub: NDArray[np.int64], *, loyal: bool) -> NDArray[np.int64]:
    """Return how many are in the strongest coalition against each."""
    out = np.zeros(len(ties), dtype=np.int64)
    for i, h in enumerate(hub):
        if h >= 0:
            rest = ties[h] & ~ties[i] if loyal else ties[h]
            out[i] = 1 + rest.sum() - rest[i]
    return out
