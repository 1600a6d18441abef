"""Rows of `foedus.studies.validate` on contests, coalitions, burdens, war-stable networks, arms races, signals and bargaining: cases by hand."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from foedus.security.balance_of_power import balance_of_power
from foedus.security.burden import burden_shares
from foedus.security.contests import hirshleifer, symmetric_equilibrium, tullock
from foedus.security.core import core
from foedus.security.fearon import bargaining_range, risk_return
from foedus.security.games import CoalitionGame, NotSuperadditiveWarning
from foedus.security.nucleolus import nucleolus
from foedus.security.powell import shift
from foedus.security.richardson import arms_race
from foedus.security.signalling import signals
from foedus.security.stable_networks import stable_networks
from foedus.security.values import values
from foedus.studies.validate_measures import Measures
from foedus.studies.validate_rule import Found

if TYPE_CHECKING:
    from foedus.studies.verdict_run import Bench

MEASURES = Measures()
STRENGTHS, THREAT = (10.0, 6.0, 4.0, 2.0), 12.0
TRIED = ((1.0, 1.0, 1.0), (1.0, 0.4, 0.9), (1.0,) * 4, (1.0, 0.4, 0.9, 2.0), (1.0,) * 5, (0.3, 0.5, 0.7, 1.1, 1.3))
DEFENCE = (0.5, 0.9, 1.0, 1.5, 2.1, 3.0)
"""Strength that an attack needs for each unit of defence."""
SHIFTS = 1000


@MEASURES.row("s7.contest")
def _contest(bench: Bench) -> Found:
    del bench
    return Found.of(*(tullock([10, 6], r)[0] for r in (1, 2, 3)), hirshleifer([10, 6], 0.1)[0])


@MEASURES.row("s7.symmetric")
def _symmetric(bench: Bench) -> Found:
    del bench
    found = symmetric_equilibrium(4, 10.0)
    return Found.of(found.effort[0], found.payoff[0])


@MEASURES.row("s7.own")
def _own(bench: Bench) -> Found:
    del bench
    game = CoalitionGame.own_stakes(STRENGTHS, THREAT)
    return Found.of(game.total, *game.alone)


@MEASURES.row("s7.shapley")
def _shapley(bench: Bench) -> Found:
    del bench
    return Found.of(*values(CoalitionGame.own_stakes(STRENGTHS, THREAT)).shapley)


@MEASURES.row("s7.prize")
def _prize(bench: Bench) -> Found:
    del bench
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotSuperadditiveWarning)
        game = CoalitionGame.common_prize(STRENGTHS, THREAT)
    return Found.of(game.total, sum(game.alone), "not empty" if core(game).nonempty else "empty")


@MEASURES.row("s7.gloves")
def _gloves(bench: Bench) -> Found:
    del bench
    game = CoalitionGame.of(["L", "R1", "R2"], lambda s: float("L" in s and len(s) > 1))
    return Found.of(*values(game).shapley, *nucleolus(game).allocation)


@MEASURES.row("s7.votes")
def _votes(bench: Bench) -> Found:
    del bench
    found = values(CoalitionGame.weighted_majority(51, [50, 49, 1]))
    return Found.of(*found.shapley, *found.banzhaf_share)


@MEASURES.row("s7.six")
def _six(bench: Bench) -> Found:
    del bench
    names = ["GFR", "FRN", "ITA", "BEL", "NTH", "LUX"]
    return Found.of(", ".join(values(CoalitionGame.weighted_majority(12, [4, 4, 4, 2, 2, 1], players=names)).powerless))


@MEASURES.row("s7.burden")
def _burden(bench: Bench) -> Found:
    del bench
    return Found.of(*burden_shares([100, 100], 0.4).gives, *burden_shares([100, 60], 0.4).gives)


@MEASURES.row("s7.essential")
def _essential(bench: Bench) -> Found:
    del bench
    return Found.of(*(balance_of_power(r).essential.sum() for r in ([120, 100, 80], [120, 90, 90, 0])))


@MEASURES.row("s9.theorem")
def _theorem(bench: Bench) -> Found:
    del bench
    found = [stable_networks(m, g) for m in TRIED for g in DEFENCE]
    tried = sum(len(f.ties) for f in found)
    return Found.of(sum(int(f.ties[f.stable].any(axis=(1, 2)).sum()) for f in found), note=f"of {tried:,} networks")


@MEASURES.row("s9.hand")
def _three_equals(bench: Bench) -> Found:
    del bench
    at = {g: stable_networks([1, 1, 1], g) for g in (1.5, 2.1)}
    empty = ["yes" if 0 in at[g].stable else "no" for g in (1.5, 2.1)]
    return Found.of(at[1.5].vulnerable[-1].sum(), *empty)


@MEASURES.row("s12.race")
def _race(bench: Bench) -> Found:
    del bench
    race = arms_race([[0, 2], [4, 0]], [5, 3], [5, 4])
    return Found.of(*np.asarray(race.equilibrium), *sorted(np.real(race.eigenvalues)))


@MEASURES.row("s12.saddle")
def _saddle(bench: Bench) -> Found:
    del bench
    race = arms_race([[0, 2], [2, 0]], [1, 1], [1, 1])
    return Found.of(*sorted(np.real(race.eigenvalues)), "yes" if race.stable else "no")


@MEASURES.row("s12.signals")
def _signals(bench: Bench) -> Found:
    del bench
    return Found.of(*(len(signals(w_b=w).equilibria) for w in (-2.9, -3.0, -2.7)))


@MEASURES.row("s12.third")
def _third(bench: Bench) -> Found:
    del bench
    last = signals().equilibria[-1]
    return Found.of(last.p_resist, last.p_challenge, last.p_fight)


@MEASURES.row("s12.range")
def _range(bench: Bench) -> Found:
    del bench
    found = bargaining_range(0.6, 0.1, 0.2)
    return Found.of(found.low, found.high)


@MEASURES.row("s12.risk")
def _risk(bench: Bench) -> Found:
    del bench
    from scipy.stats import uniform

    found = risk_return(0.6, 0.1, uniform(0, 0.4))
    return Found.of(found.share, found.p_war)


@MEASURES.row("s12.shift")
def _shift(bench: Bench) -> Found:
    """Compare backward induction with the condition of the declining state where it applies: p2 / (1 - d) at least the cost."""
    rng = np.random.default_rng(np.random.SeedSequence([bench.seed, 12]))
    wrong, fought, tried = 0, 0, 0
    while tried < SHIFTS:
        p, later, discount, cost = rng.random(4) * (1, 1, 0.99, 2)
        if later / (1 - discount) < cost:
            continue
        found = shift([p, later], discount=discount, cost=cost)
        war = found.war_in == 1 and found.by == "declining"
        expected = p - discount * later > (1 - discount) * (1 + (1 - discount) * cost)
        wrong, fought, tried = wrong + (war != expected), fought + war, tried + 1
    return Found.of(wrong, note=f"the declining state fights in {fought} of {tried:,}; shifts drawn, seed {bench.seed}")
