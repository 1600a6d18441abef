"""Rows of `foedus.studies.validate` on strategic models, networks of pacts, formation and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate import scores
from foedus.estimate.ensembles import crps_ensemble, crps_normal, ignorance, interval_score
from foedus.estimate.strategic import strategic
from foedus.formation.tergm import Tergm, tergm
from foedus.studies.fit import fit
from foedus.studies.network_rows import REFERENCE, REFERENCE_LAGGED, reference_networks
from foedus.studies.validate_measures import Measures
from foedus.studies.validate_rule import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.estimate.strategic_result import Strategic
    from foedus.formation.network import Network
    from foedus.studies.fit import Fitted
    from foedus.studies.verdict_run import Bench

MEASURES = Measures()
ENDS = ("no attack", "devaluation", "defense")
LEBLANG = (
    "outcome ~ capcont + lreserves + overval + creditgrow + us_interest + service + contagion + prioratt - 1 | 1 | 1 | "
    "unifgov + lexports + preelec + postelec + rightgov + realinterest + capcont + lreserves"
)
DRAWS = 200
"""Resampled sets of years behind the intervals of network models."""
SHARED = "edgecov(shared_before)"
TERMS = {"partners": SHARED, "capability": "nodecov(cinc)", "border": "edgecov(border)", "regime": "absdiff(polity)"}
FORMATION = "pact_onset ~ lag(rivalry) + contiguous + major + log(distance + 1)"
P, Y = np.array([0.9, 0.7, 0.2, 0.1]), np.array([1, 1, 0, 1])


def _attacks(bench: Bench) -> Strategic:
    """Return the fit of currency attacks."""

    def made() -> Strategic:
        rows = bench.store.table("leblang2003")
        return strategic(LEBLANG, rows, ends=ENDS, information="private", starts=4, seed=bench.seed)

    return bench.once("attacks", made)


@MEASURES.row("12.rows")
def _rows(bench: Bench) -> Found:
    return Found.of(_attacks(bench).n)


@MEASURES.row("12.likelihood")
def _likelihood(bench: Bench) -> Found:
    found = _attacks(bench)
    return Found.of(found.log_likelihood, note=f"{found.reached} of {len(found.starts)} climbs ended there")


@MEASURES.row("12.constants")
def _constants(bench: Bench) -> Found:
    found = _attacks(bench)
    coef = dict(zip(found.names, found.coef.tolist(), strict=True))
    return Found.of(coef["u13:intercept"], coef["u14:intercept"])


def _networks(bench: Bench) -> Sequence[Network]:
    """Return the reference networks."""
    return bench.once("networks", lambda: reference_networks(data_dir=bench.store))


def _tergm(bench: Bench, *, lagged: bool) -> Tergm:
    """Return the fit of the static model or of the one with last year's ties, on the same resampled years."""
    terms = REFERENCE_LAGGED if lagged else REFERENCE
    return bench.once(("tergm", lagged), lambda: tergm(_networks(bench), terms, draws=DRAWS, seed=bench.seed))


@MEASURES.row("13.size")
def _size(bench: Bench) -> Found:
    networks = _networks(bench)
    (states,) = {len(n.ids) for n in networks}
    return Found.of(states, len(networks), sum(n.n_pairs for n in networks), sum(n.n_ties for n in networks))


def _coefficient(found: Tergm, term: str) -> Found:
    """Return one coefficient with its interval over resampled years."""
    row = next(r for r in found.table().to_dicts() if r["term"] == term)
    return Found.span(
        row["estimate"], row["low"], row["high"], note=f"{found.draws} resampled sets of {len(found.years)} years"
    )


def _register(name: str, term: str) -> None:
    """Register the row of one term of the static model."""

    @MEASURES.row(f"13.{name}")
    def measure(bench: Bench) -> Found:
        return _coefficient(_tergm(bench, lagged=False), term)


for _name, _term in TERMS.items():
    _register(_name, _term)


@MEASURES.row("13.memory")
def _memory(bench: Bench) -> Found:
    """Take the difference set by set: both models are fitted to the same resampled years."""
    static, lagged = (_tergm(bench, lagged=w) for w in (False, True))
    at = [[t.name for t in f.terms].index(SHARED) for f in (static, lagged)]
    paired = min(len(static.resampled), len(lagged.resampled))
    gap = lagged.resampled[:paired, at[1]] - static.resampled[:paired, at[0]]
    low, high = np.quantile(gap, [0.025, 0.975])
    was, now = static.coef[at[0]], lagged.coef[at[1]]
    return Found.span(now - was, low, high, note=f"from {was:.2f} to {now:.2f}")


@MEASURES.row("13.autoregression")
def _autoregression(bench: Bench) -> Found:
    return _coefficient(_tergm(bench, lagged=True), "memory(autoregression)")


def _formation(bench: Bench) -> Fitted:
    """Return the logit of pacts that begin between pairs without one."""
    return bench.once(
        "formation", lambda: fit(FORMATION, start=1946, differences=False, seed=bench.seed, data_dir=bench.store)
    )


def _formed(bench: Bench, term: str) -> Found:
    """Return one term of the formation logit."""
    found = _formation(bench)
    row = next(r for r in found.table().to_dicts() if r["term"] == term)
    return Found.span(
        row["estimate"], row["low"], row["high"], note=f"{found.model.n:,} pairs and years, errors by pair"
    )


@MEASURES.row("s11.distance")
def _distance(bench: Bench) -> Found:
    return _formed(bench, "log(distance + 1)")


@MEASURES.row("s13.binary")
def _binary(bench: Bench) -> Found:
    del bench
    return Found.of(
        scores.brier(Y, P), scores.log_score(Y, P), scores.log_score(Y, P, bits=True), scores.brier_skill(Y, P), scores.average_precision(Y, P),
        scores.auc_roc(Y, P),
    )  # fmt: skip


@MEASURES.row("s13.crps")
def _crps(bench: Bench) -> Found:
    del bench
    return Found.of(*crps_ensemble([1, 3], [[0, 1, 2], [0, 0, 10]]), crps_normal(0, 0, 1))


@MEASURES.row("s13.views")
def _views(bench: Bench) -> Found:
    del bench
    return Found.of(ignorance([0], np.zeros((1, 1000)))[0], interval_score([50], [list(range(101))])[0])
