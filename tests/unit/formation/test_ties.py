"""Terms of pact ties against plain loops, their rule for what is unknown, and the shipped fits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.formation.ties import (
    AGE,
    END,
    ERAS,
    FORM,
    LEAST_KM,
    LEAST_SHARE,
    MEMORY,
    TERMS,
    chances,
    shipped,
    tie_terms,
)


def world(seed, n):
    """Return arguments of `tie_terms` for n actors at random, some regimes and capabilities unknown."""
    rng = np.random.default_rng(seed)

    def both(x):
        return np.triu(x, 1) + np.triu(x, 1).T

    regime, share = rng.random(n), rng.random(n) ** 8
    regime[rng.random(n) < 0.2], share[rng.random(n) < 0.2] = np.nan, np.nan
    return {
        "capability": share, "regime": regime, "distance_km": both(rng.random((n, n)) * 9000), "land": both(rng.random((n, n)) < 0.3) > 0,
        "major": rng.random(n) < 0.4, "allied": both(rng.random((n, n)) < 0.4) > 0,
        "dispute_age": np.where(both(rng.random((n, n)) < 0.5) > 0, both(rng.integers(0, 21, (n, n))), np.inf),
        "tie_age": np.where(both(rng.random((n, n)) < 0.7) > 0, both(rng.random((n, n)) * 50), np.inf),
        "year": int(rng.choice([1816, 1945, 1946, 2015])),
    }  # fmt: skip


def plain(w, i, j):
    """Return the terms of one pair by loops, as a dict."""
    n = len(w["capability"])
    others = [k for k in range(n) if k not in (i, j)]
    ally, fought = w["allied"], w["dispute_age"] <= 10
    out = dict.fromkeys((*TERMS, *MEMORY, *AGE), 0.0)
    a, b = w["regime"][i], w["regime"][j]
    if math.isnan(a) or math.isnan(b):
        out["regime_unknown"] = 1.0
    else:
        out["democracy"], out["regime_gap"] = min(a, b), abs(a - b)
        if w["year"] >= 1946:
            out["democracy_since_1946"], out["regime_gap_since_1946"] = min(a, b), abs(a - b)
    a, b = w["capability"][i], w["capability"][j]
    if math.isnan(a) or math.isnan(b):
        out["strength_unknown"] = 1.0
    else:
        a, b = max(a, LEAST_SHARE), max(b, LEAST_SHARE)
        out["strength"], out["ratio"] = math.log(a + b), abs(math.log(a / b))
    great = int(w["major"][i]) + int(w["major"][j])
    out["one_major"], out["two_majors"] = float(great == 1), float(great == 2)
    out["distance"] = math.log(max(w["distance_km"][i, j], LEAST_KM) / 1000)
    out["land"], out["dispute"] = float(w["land"][i, j]), float(fought[i, j])
    for name, m in (("degree", ally), ("threat", fought)):
        out[name] = sum(math.log1p(sum(m[x, k] for k in others)) for x in (i, j))
    out["shared"] = math.log1p(sum(ally[i, k] and ally[j, k] for k in others))
    out["common_enemy"] = math.log1p(sum(fought[i, k] and fought[j, k] for k in others))
    out["ally_of_enemy"] = math.log1p(
        sum(int(ally[i, k] and fought[k, j]) + int(fought[i, k] and ally[k, j]) for k in others)
    )
    age = w["tie_age"][i, j]
    if math.isfinite(age):
        if ally[i, j]:
            out["age"] = math.log1p(age)
        else:
            out["earlier"], out["earlier_years"] = 1.0, math.log1p(age)
    return out


@given(st.integers(0, 10_000), st.integers(2, 7))
@settings(max_examples=60, deadline=None)
def test_terms_are_those_of_plain_loops(seed, n):
    w = world(seed, n)
    form, end = tie_terms(**w)
    for row, (i, j) in enumerate(zip(*np.triu_indices(n, 1), strict=True)):
        want = plain(w, i, j)
        assert form[row] == pytest.approx([want[t] for t in (*TERMS, *MEMORY)], abs=1e-5)
        assert end[row] == pytest.approx([want[t] for t in (*TERMS, *AGE)], abs=1e-5)


def test_leading_axes_are_those_of_each_draw():
    w, v = world(1, 5), world(2, 5)
    changing = ("capability", "regime", "allied", "dispute_age", "tie_age")
    many = w | {k: np.stack([w[k], v[k]]) for k in changing}
    found = tie_terms(**many)
    for k, one in enumerate((w, w | {name: v[name] for name in changing})):
        for many_values, values in zip(found, tie_terms(**one), strict=True):
            np.testing.assert_array_equal(many_values[k], values)


def test_the_diagonal_and_the_order_of_actors_do_not_matter():
    w = world(3, 6)
    eye = np.eye(6, dtype=bool)
    other = w | {
        "allied": w["allied"] | eye,
        "dispute_age": np.where(eye, 0.0, w["dispute_age"]),
    }
    for a, b in zip(tie_terms(**w), tie_terms(**other), strict=True):
        np.testing.assert_array_equal(a, b)
    turned = {k: v if np.ndim(v) == 0 else v[::-1] if np.ndim(v) == 1 else v[::-1, ::-1] for k, v in w.items()}
    i, j = np.triu_indices(6, 1)
    place = {pair: k for k, pair in enumerate(zip(i.tolist(), j.tolist(), strict=True))}
    back = [place[5 - b, 5 - a] for a, b in zip(i.tolist(), j.tolist(), strict=True)]
    for a, b in zip(tie_terms(**w), tie_terms(**turned), strict=True):
        np.testing.assert_allclose(a, b[back], atol=1e-6)


def test_everybody_allied_to_everybody_and_nobody_anything():
    n = 5
    empty = np.zeros((n, n))
    w = world(5, n) | {
        "capability": np.zeros(n),
        "regime": np.full(n, np.nan),
        "dispute_age": empty + np.inf,
        "tie_age": empty + np.inf,
    }
    lone, crowd = (tie_terms(**(w | {"allied": empty + on}))[0] for on in (0, 1))
    assert np.isfinite(lone).all()
    assert np.isfinite(crowd).all()
    assert lone[:, TERMS.index("shared")] == pytest.approx(0)
    assert crowd[:, TERMS.index("shared")] == pytest.approx(math.log1p(n - 2))
    assert (lone[:, TERMS.index("strength")] == np.float32(math.log(2 * LEAST_SHARE))).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"regime": np.zeros(3)}, "shapes"),
        ({"land": np.zeros((3, 4))}, "shapes"),
        ({"capability": np.full(4, -0.1)}, "capability"),
        ({"distance_km": np.full((4, 4), np.nan)}, "distance_km"),
        ({"capability": 0.5}, "shapes"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        tie_terms(**(world(6, 4) | change))


def test_one_actor_has_no_pair():
    with pytest.raises(ParameterError, match="n at least 2"):
        tie_terms(**world(7, 1))


@given(st.integers(0, 1000), st.sampled_from([1850, 1919, 1946, 2000]))
@settings(max_examples=25, deadline=None)
def test_chances_are_the_logistic_of_the_sum(seed, year):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(3, 4, len(FORM) - 4))
    coef = rng.normal(size=(3, len(FORM)))
    got = chances(values, year, coef)
    steps = [float(year >= 1919), float(year >= 1946), float(year >= 1990)]
    for d in range(3):
        for p in range(4):
            eta = (
                coef[d, 0]
                + sum(values[d, p, k] * coef[d, 1 + k] for k in range(len(FORM) - 4))
                + np.dot(steps, coef[d, -3:])
            )
            assert got[d, p] == pytest.approx(1 / (1 + math.exp(-eta)))


def test_coefficients_of_the_other_model_are_refused():
    with pytest.raises(ParameterError, match="coef"):
        chances(np.zeros((1, len(FORM) - 4)), 1900, np.zeros(len(END)))


@pytest.mark.parametrize("counting", ["pairs", "treaties"])
@pytest.mark.parametrize(("what", "names"), [("form", FORM), ("end", END)])
def test_shipped_fits_have_every_term_and_a_covariance(what, names, counting):
    fit = shipped(what, counting)
    assert fit.terms == names
    assert names[-3:] == ERAS
    assert (np.diag(fit.covariance) > 0).all(), "no coefficient is known exactly"
    np.testing.assert_allclose(fit.covariance, fit.covariance.T, rtol=1e-6, atol=1e-9)


def test_no_other_fit_is_shipped():
    with pytest.raises(ParameterError, match="form or end"):
        shipped("begin")
    with pytest.raises(ParameterError, match="pairs or treaties"):
        shipped("form", "groups")
