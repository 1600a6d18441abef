"""Rows of `foedus.studies.validate` on the Congo war, two fighting groups, and a group decision."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from foedus.kernels import bargaining as decision
from foedus.security.bargaining import bargain
from foedus.security.fighting import fighting_equilibrium
from foedus.security.rounds import Rules
from foedus.studies.congo import congo
from foedus.studies.congo_estimate import spillovers_of
from foedus.studies.validate_measures import Measures
from foedus.studies.validate_rule import Found

if TYPE_CHECKING:
    from foedus.security.bargaining import Bargain
    from foedus.studies.congo import Congo
    from foedus.studies.congo_estimate import Spillovers
    from foedus.studies.verdict_run import Bench

MEASURES = Measures()
BETA, GAMMA = 0.114, 0.083
"""As printed; the hand cases of two groups take these."""
DRAWS = 40
ROUNDS = 8


@MEASURES.row("10.network")
def _network(bench: Bench) -> Found:
    sign = bench.store.table("congo_groups")["sign"].to_numpy()
    return Found.of(bench.store.table("congo_shifters").height, int((sign > 0).sum()), int((sign < 0).sum()))


def _spill(bench: Bench) -> Spillovers:
    """Return the estimate of the spill-overs."""
    return bench.once("spill", lambda: spillovers_of(bench.store))


@MEASURES.row("10.spill")
def _spillovers(bench: Bench) -> Found:
    found = _spill(bench)
    spans = [
        (v - 1.959964 * e, v + 1.959964 * e) for v, e in ((found.beta, found.beta_se), (found.gamma, found.gamma_se))
    ]
    return Found.of(found.beta, found.gamma, spans=spans, note="errors by group")


@MEASURES.row("10.errors")
def _errors(bench: Bench) -> Found:
    found = _spill(bench)
    return Found.of(found.beta_se, found.gamma_se)


def _congo(bench: Bench) -> Congo:
    """Return the case with its removals."""
    return bench.once("congo", lambda: congo(bench.store, draws=DRAWS, seed=bench.seed))


@MEASURES.row("10.fit")
def _fit(bench: Bench) -> Found:
    ranks = {r.what: r.rho for r in _congo(bench).ranks}
    ours, foes = ranks["equilibrium efforts"], ranks["number of enemies"]
    note = f"number of enemies: {foes.value:.2f} [{foes.low:.2f}, {foes.high:.2f}]; 90 % intervals over {DRAWS} draws"
    return Found.span(ours.value, ours.low, ours.high, note, level=0.9)


@MEASURES.row("10.key")
def _key(bench: Bench) -> Found:
    case = _congo(bench)
    first = next(r for r in case.removals if r.what.startswith("without ") and " both " not in r.what)
    change, own = first.calibrated, 100 * first.own
    note = f"{first.what.removeprefix('without ')}, which has {own:.0f} % of all fights itself; 90 % interval over {DRAWS} draws"
    return Found.span(100 * change.value, 100 * change.low, 100 * change.high, note, level=0.9)


@MEASURES.row("s8.two")
def _two_groups(bench: Bench) -> Found:
    del bench
    cases = [fighting_equilibrium([[0, s], [s, 0]], beta=BETA, gamma=GAMMA) for s in (0, -1, 1)]
    return Found.of(*itertools.chain.from_iterable((e.effort[0], e.dissipation) for e in cases))


def _positions(bench: Bench) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Return positions, capabilities, saliences and names of the ten states."""
    t = bench.store.table("bdm_emission")
    return t["position"].to_numpy(), t["capability"].to_numpy(), t["salience"].to_numpy() / 100, t["actor"].to_list()


def _decision(bench: Bench) -> Bargain:
    """Return the rounds of the paper's own rerun and the outcome of every reading."""

    def made() -> Bargain:
        x, c, s, names = _positions(bench)
        return bargain(x.tolist(), c.tolist(), s.tolist(), names=names, draws=84, seed=bench.seed)

    return bench.once("decision", made)


def _rounds(bench: Bench) -> Bargain:
    """Return the rounds of the reading nearest to the printed path, with Q = 1 as printed."""

    def made() -> Bargain:
        x, c, s, names = _positions(bench)
        rules = Rules(rounds=ROUNDS + 1)
        return bargain(x.tolist(), c.tolist(), s.tolist(), names=names, rules=rules, draws=1, seed=bench.seed)

    return bench.once("rounds", made)


@MEASURES.row("14.mean")
def _mean(bench: Bench) -> Found:
    return Found.of(_rounds(bench).mean[0])


@MEASURES.row("14.median")
def _median(bench: Bench) -> Found:
    return Found.of(_rounds(bench).median[0])


@MEASURES.row("14.support")
def _support(bench: Bench) -> Found:
    x, c, s, names = _positions(bench)
    return Found.of(decision.support(x, c * s)[names.index("Belgium"), names.index("France")])


def _first_rounds(series: np.ndarray) -> np.ndarray:
    """Return rounds 1 to 8; once at rest the last one goes on."""
    return np.append(series, np.repeat(series[-1], ROUNDS + 1))[1 : ROUNDS + 1]


@MEASURES.row("14.path")
def _path(bench: Bench) -> Found:
    ours = _first_rounds(_rounds(bench).median)
    gap = np.abs(ours - np.array([8.4, 9.9, 9.9, 9.9, 9.9, 7.4, 8.8, 9.6]))
    return Found.of(*ours, note=f"within 1.0 in {int((gap <= 1.0).sum())} of {ROUNDS} rounds, furthest {gap.max():.1f}")


@MEASURES.row("14.means")
def _means(bench: Bench) -> Found:
    return Found.of(*_first_rounds(_rounds(bench).mean))


@MEASURES.row("14.outcome")
def _outcome(bench: Bench) -> Found:
    outcome = _decision(bench).readings()["outcome"].to_numpy()
    return Found.of(outcome.min(), outcome.max(), note=f"median of {len(outcome)} readings {np.median(outcome):.2f}")


@MEASURES.row("14.cycles")
def _cycles(bench: Bench) -> Found:
    endings = _decision(bench).readings()["ending"]
    return Found.of(int((endings == "cycle").sum()), note=f"of {len(endings)} readings")
