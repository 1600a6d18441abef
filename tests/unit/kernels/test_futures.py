"""The compiled year of futures against the same year written out pair by pair, and what must hold of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import evolve_twin as twin
from foedus.formation.quarrels import STATE_TERMS, quarrel_terms
from foedus.formation.ties import TERMS, tie_terms
from foedus.kernels import futures, streams
from foedus.kernels.futures import DISPUTE, ENDED, FORMED, Ground, Weights


def world(rng: np.random.Generator, n: int, b: int = 3) -> tuple[dict, dict]:
    """Return the states of ``b`` futures and what no year changes."""

    def pairs(values):
        values = np.triu(values, 1)
        return values + np.swapaxes(values, -1, -2)

    allied = pairs(rng.random((b, n, n)) < 0.3).astype(bool)
    ages = pairs(rng.uniform(0.1, 70, (b, n, n)))
    ages = np.where(pairs(rng.random((b, n, n)) < 0.3) > 0, np.inf, ages).astype(np.float32)
    tie = np.where(
        allied, pairs(rng.uniform(0, 30, (b, n, n))), np.where(pairs(rng.random((b, n, n)) < 0.5) > 0, np.inf, 4.5)
    )
    state = {
        "log_share": np.log(rng.dirichlet(np.ones(n), b)), "regime": rng.random((b, n)), "allied": allied, "tie_age": tie.astype(np.float32),
        "dispute_age": ages, "fighting": pairs(rng.random((b, n, n)) < 0.1).astype(bool),
    }  # fmt: skip
    ground = {
        "km": pairs(rng.uniform(20, 9000, (n, n))), "land": pairs(rng.random((n, n)) < 0.3).astype(bool), "major": rng.random(n) < 0.3,
        "late": float(rng.random() < 0.5),
        "rank": rng.permutation(n),
    }  # fmt: skip
    return state, ground


def weights_of(rng: np.random.Generator, scale: float = 0.5) -> Weights:
    """Return coefficients under which much happens."""
    return Weights(*(rng.normal(0, scale, k) for k in (21, 20, 16, 16, 3)))


def run(seed, first, year, state, ground, weights, factor, keys):
    """Return the compiled year."""
    word = streams.words(np.array([seed], dtype=np.uint64), np.uint64(0), keys)
    on = Ground(
        np.log(np.maximum(ground["km"], 100.0) / 1000.0),
        ground["land"],
        ground["major"],
        ground["late"],
        word,
        ground["rank"],
    )
    return futures.year_of(
        first, 8 * year, state["log_share"], state["regime"], state["allied"], state["tie_age"], state["dispute_age"], state["fighting"], factor,
        weights, futures.fixed(weights, on), on,
    )  # fmt: skip


@given(seed=st.integers(0, 10**6), n=st.sampled_from([2, 3, 6, 9]))
@settings(max_examples=20, deadline=None)
@example(seed=1, n=67)
def test_a_year_is_that_of_its_twin(seed, n):
    rng = np.random.default_rng(seed)
    b = 3 if n < 20 else 1
    state, ground = world(rng, n, b)
    weights, factor = weights_of(rng, 0.5 if n < 20 else 0.1), rng.normal(0, 0.5, (b, 3))
    keys = rng.integers(0, 2**63, n * (n - 1) // 2).astype(np.uint64)
    got = run(5, 40, 2, state, ground, weights, factor, keys)
    for k in range(b):
        one = {name: values[k] for name, values in state.items()} | {"share": np.exp(state["log_share"][k])}
        assert got[k].tolist() == twin.codes(5, keys, 40 + k, 2, one, ground, weights, factor[k])


def test_terms_are_those_that_the_models_were_fitted_on():
    rng = np.random.default_rng(3)
    state, ground = world(rng, 8, 1)
    share, one = np.exp(state["log_share"][0]), {k: v[0] for k, v in state.items()}
    form, end = tie_terms(
        capability=share, regime=one["regime"], distance_km=ground["km"], land=ground["land"], major=ground["major"], allied=one["allied"],
        dispute_age=one["dispute_age"], tie_age=one["tie_age"], year=1950,
    )  # fmt: skip
    q = quarrel_terms(
        log_share=one["log_share"], regime=one["regime"], km=ground["km"], land=ground["land"], major=ground["major"], allied=one["allied"],
        dispute_age=one["dispute_age"],
    )  # fmt: skip
    plain = {**one, "share": share}
    ground = {**ground, "late": 1.0}
    i, j = np.triu_indices(8, 1)
    for p in range(len(i)):
        tied = one["allied"][i[p], j[p]]
        values, size = (end, 20) if tied else (form, 21)
        for k in range(1, size):
            w = np.zeros(size)
            w[k] = 1.0
            assert twin.tie_log_odds(w, i[p], j[p], plain, ground) == pytest.approx(values[p, k - 1], abs=1e-5), TERMS[
                min(k - 1, 17)
            ]
        for k in range(1, 16):
            w = np.zeros(16)
            w[k] = 1.0
            assert twin.quarrel_log_odds(w, i[p], j[p], plain, ground) == pytest.approx(q[p, k - 1], abs=1e-5), (
                STATE_TERMS[k - 1]
            )


def test_without_chances_nothing_happens():
    rng = np.random.default_rng(1)
    state, ground = world(rng, 7)
    none = Weights(*(np.array([-np.inf, *np.zeros(k - 1)]) for k in (21, 20, 16, 16)), np.zeros(3))
    keys = streams.keys_of([str(k) for k in range(21)])
    assert not run(1, 0, 0, state, ground, none, np.zeros((3, 3)), keys).any()


def test_certain_chances_make_and_break_every_pact_and_everybody_at_peace_quarrels():
    rng = np.random.default_rng(2)
    state, ground = world(rng, 7)
    sure = Weights(
        *(np.array([1e6, *np.zeros(k - 1)]) for k in (21, 20, 16)), np.array([-np.inf, *np.zeros(15)]), np.zeros(3)
    )
    keys = streams.keys_of([str(k) for k in range(21)])
    got = run(1, 0, 0, state, ground, sure, np.zeros((3, 3)), keys)
    i, j = np.triu_indices(7, 1)
    tied, fighting = state["allied"][:, i, j], state["fighting"][:, i, j]
    assert (((got & ENDED) > 0) == tied).all()
    assert (((got & FORMED) > 0) == ~tied).all()
    assert (((got & DISPUTE) > 0) == ~fighting).all()


@given(seed=st.integers(0, 10**6), n=st.sampled_from([2, 3, 5, 8, 66]))
@settings(max_examples=15, deadline=None)
def test_what_stands_is_counted_as_triad_by_triad(seed, n):
    rng = np.random.default_rng(seed)
    b = 2 if n < 20 else 1
    state, _ = world(rng, n, b)
    met, quarrelled = state["fighting"], state["allied"][::-1].copy()
    triads, degree = np.zeros((b, 2), dtype=np.int64), np.zeros((b, n), dtype=np.int16)
    out = np.zeros((3, n * (n - 1) // 2), dtype=np.uint8)
    futures.stand(state["allied"], state["dispute_age"], met, quarrelled, triads, degree, *out)
    i, j = np.triu_indices(n, 1)
    for k in range(b):
        assert tuple(triads[k]) == twin.triads(state["allied"][k], state["dispute_age"][k])
    assert (degree == state["allied"].sum(axis=2)).all()
    for k, values in enumerate((state["allied"], met, quarrelled)):
        assert (out[k] == values[:, i, j].sum(axis=0)).all()
