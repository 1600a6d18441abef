"""What formulas may use: time and splines against their definitions and formulaic's own, lags against a search by key."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import DataError, ParameterError
from foedus.estimate import terms
from foedus.estimate.design import design, formula_variables
from foedus.estimate.logit import logit
from foedus.estimate.polynomial import time_polynomial
from foedus.panel.panel import Panel


def pairs(n=8, seed=0):
    """Return pairs by year, some years not there, in no order."""
    rng = np.random.default_rng(seed)
    rows = [(a, b, y) for a in (2, 20) for b in (200, 220, 365) for y in range(1900, 1900 + n) if rng.random() < 0.8]
    frame = pl.DataFrame(rows, schema=["ccode1", "ccode2", "year"], orient="row")
    x = rng.normal(size=frame.height)
    return frame.with_columns(
        x=pl.Series(x), y=pl.Series(rng.integers(0, 2, frame.height)), t=pl.Series(rng.integers(0, 40, frame.height))
    ).sample(fraction=1, shuffle=True, seed=seed)


def of(formula, frame, **asked):
    """Return the columns of a formula without the constant."""
    return design(formula, frame, **asked).x[:, 1:]


def test_cubic_is_the_polynomial():
    frame = pairs()
    assert of("y ~ cubic(t)", frame) == pytest.approx(time_polynomial(frame["t"].to_numpy()))
    assert of("y ~ cubic(t, unit=1)", frame) == pytest.approx(np.column_stack([frame["t"] ** k for k in (1, 2, 3)]))
    assert design("y ~ cubic(t)", frame).columns.terms == ("intercept", "cubic(t)[t]", "cubic(t)[t2]", "cubic(t)[t3]")
    with pytest.raises(ParameterError, match="years since the last event, 0 or more"):
        design("y ~ cubic(x)", frame)


@given(st.integers(1, 4), st.integers(0, 50))
def test_a_natural_spline_is_cubic_inside_and_linear_outside(inner, seed):
    rng = np.random.default_rng(seed)
    knots = np.sort(rng.choice(np.arange(1, 20), inner, replace=False)) / 2
    x = np.linspace(-5, 15, 401)
    made = terms.natural_spline(x, knots, 0.0, 10.0)
    assert made.shape == (401, inner + 1)
    bend = np.diff(made, n=2, axis=0)
    outside = (x[1:-1] < -0.1) | (x[1:-1] > 10.1)
    assert bend[outside] == pytest.approx(np.zeros((outside.sum(), inner + 1)), abs=1e-12)
    fourth = np.diff(made, n=4, axis=0)
    near = np.min(abs(x[2:-2, None] - np.r_[0.0, knots, 10.0]), axis=1) < 0.2
    assert fourth[~near] == pytest.approx(np.zeros_like(fourth[~near]), abs=1e-11)
    assert np.linalg.matrix_rank(np.column_stack([np.ones(401), made])) == inner + 2


def test_ns_spans_what_formulaics_natural_spline_does():
    """The same knots and ends give the same fitted chances, whatever the columns."""
    rng = np.random.default_rng(3)
    t = rng.integers(0, 60, 500)
    frame = pl.DataFrame({"t": t, "y": (rng.random(500) < 1 / (1 + np.exp(1 + np.sin(t / 8)))).astype(int)})
    ours = logit("y ~ ns(t, knots=[5, 20, 40])", frame)
    theirs = logit("y ~ 0 + cr(t, knots=[5, 20, 40])", frame)
    assert ours.predict(frame) == pytest.approx(theirs.predict(frame), abs=1e-9)
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood)
    with pytest.raises(DataError, match="Terms are sums of each other"):
        logit("y ~ cr(t, knots=[5, 20, 40])", frame)  # its columns sum to one


def test_ns_keeps_knots_and_turn_for_other_rows():
    frame = pairs(30)
    fit = logit("y ~ ns(t) + scale(x)", frame)
    some = frame.head(3)
    assert fit.predict(some) == pytest.approx(fit.predict(frame)[:3])
    x = of("y ~ ns(t)", frame)
    assert x.mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-12)
    assert x.T @ x / len(x) == pytest.approx(np.eye(3), abs=1e-9)


def test_knots_that_say_nothing_are_refused():
    frame = pairs()
    with pytest.raises(ParameterError, match=r"Knots of a spline: got 0, 5, 5, 39; expected ascending"):
        design(
            "y ~ ns(t, knots=[5, 5])", frame.with_columns(t=pl.Series(np.r_[0, 39, np.arange(frame.height - 2) % 30]))
        )
    two = frame.with_columns(t=pl.int_range(frame.height) % 2 * 10)
    with pytest.raises(ParameterError, match="knots with no values between them"):
        design("y ~ ns(t, knots=[4, 5, 6])", two)
    with pytest.raises(ParameterError, match="Knots of a spline"):
        design("y ~ ns(t)", frame.with_columns(t=pl.lit(3)))


@pytest.mark.parametrize("years", [1, 3])
def test_a_lag_is_the_units_own_value_of_an_earlier_year(years):
    frame = pairs(12)
    known = {(r["ccode1"], r["ccode2"], r["year"]): r["x"] for r in frame.to_dicts()}
    expected = [known.get((a, b, y - years)) for a, b, y in frame.select("ccode1", "ccode2", "year").rows()]
    name = "lag(x)" if years == 1 else "lag(x, 3)"
    for given_as in (frame, Panel.of(frame)):
        made = design(f"y ~ {name}", given_as, missing="drop")
        assert made.x[:, 1].tolist() == [v for v in expected if v is not None]
        assert made.missing == {name: expected.count(None)}
    assert made.columns.terms == ("intercept", name)
    with pytest.raises(DataError, match="Missing values"):
        design(f"y ~ {name}", frame)


def test_lags_in_functions_and_for_other_frames():
    frame = pairs(20)
    made = design("y ~ np.exp(lag(x)) + x:lag(x,2)", frame, missing="drop")
    assert made.columns.terms == ("intercept", "np.exp(`lag(x)`)", "x:lag(x, 2)")
    later = frame.with_columns(pl.col("year") + 50)
    kept = later.with_columns(pl.Series("lag(x)", [0.0] * frame.height), pl.Series("lag(x, 2)", [1.0] * frame.height))
    assert made.columns.of(kept)[:, 1] == pytest.approx(np.ones(frame.height))
    assert formula_variables("y ~ lag(x, 1) + log(lag(t,2))") == ("y", "lag(t, 2)", "lag(x)")
    assert formula_variables("`odd name` ~ C(`other name`) + np.log(t + 1)") == ("odd name", "other name", "t")


def test_lags_that_cannot_be_are_refused():
    frame = pairs()
    with pytest.raises(ParameterError, match=r"expected lag\(COLUMN\) or lag\(COLUMN, YEARS\)"):
        design("y ~ lag(log(x))", frame)
    with pytest.raises(DataError, match=r"The frame lacks the column of lag\(z\)"):
        design("y ~ lag(z)", frame)
    with pytest.raises(DataError, match="A frame without a unit of analysis"):
        design("y ~ lag(x)", frame.select("x", "y"))
    with pytest.raises(
        DataError,
        match="A unit has a year twice",
    ):
        design("y ~ lag(x)", pl.concat([frame, frame]))


def test_formulas_that_cannot_be_read_or_computed_are_refused():
    frame = pairs()
    for text in ("y x", "y ~ x +", "y ~ .", "y ~ x ~ t", "y ~ np.log("):
        with pytest.raises(ParameterError, match="Cannot read the formula"):
            design(text, frame)
    with pytest.raises(ParameterError, match="the name of one column on the left"):
        design("y + t ~ x", frame)
    with pytest.raises(
        DataError, match=r"got log\(x - 90\) is not a number in some rows \(a logarithm of 0 or less\?\)"
    ):
        design("y ~ log(x - 90)", frame)
    with pytest.raises(DataError, match=r"Cannot compute the terms of .*name 'nothing' is not defined"):
        design("y ~ nothing(x)", frame)
    with pytest.raises(
        DataError,
        match=r"No row is left: got \d+ rows, none without missing values; expected at least one.\nhint: x is missing in",
    ):
        design("y ~ x", frame.with_columns(x=pl.lit(None, dtype=pl.Float64)), missing="drop")
