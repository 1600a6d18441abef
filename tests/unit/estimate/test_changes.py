"""First differences against the fit's own predictions row by row, and their intervals against drawn coefficients."""

import numpy as np
import polars as pl
import pytest

from foedus.errors import ParameterError
from foedus.estimate.changes import first_differences
from foedus.estimate.design import design
from foedus.estimate.logit import fit_arrays, logit_arrays
from foedus.estimate.logit_input import Options


def fitted(formula, n=600, seed=2, rare=None):
    rng = np.random.default_rng(seed)
    frame = pl.DataFrame(
        {
            "x": rng.normal(size=n), "flag": rng.integers(0, 2, n), "t": rng.integers(0, 30, n), "near": rng.random(n) < 0.5,
            "place": rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]), "mostly": np.where(rng.random(n) < 0.85, 0.0, 3.0),
            "seldom": np.where(np.arange(n) < 4, 2.0, 5.0), "same": 7.0,
        }
    )  # fmt: skip
    p = 1 / (1 + np.exp(1 - (frame["x"] + frame["flag"]).to_numpy()))
    frame = frame.with_columns(y=pl.Series((rng.random(n) < p).astype(int)))
    made = design(formula, frame)
    fit = fit_arrays(made.x, made.response, made.columns.terms, None, Options(("classical", "robust")), made.columns)
    return fit, made, frame


def by_rows(fit, frame, variable, value):
    """Return the mean chance with a variable at a value, by prediction."""
    return float(
        fit.predict(
            frame.with_columns(
                pl.lit(value, dtype=frame.schema[variable] if isinstance(value, str | bool) else pl.Float64).alias(
                    variable
                )
            )
        ).mean()
    )


def test_they_are_means_of_predictions():
    fit, made, frame = fitted("y ~ x + flag + x:flag + cubic(t) + C(place) + near + mostly + log(seldom)")
    found = first_differences(fit, made.table, made.x)
    values = [(c.variable, c.before, c.after) for c in found]
    q = frame["x"].quantile(0.25, "nearest"), frame["x"].quantile(0.75, "nearest")
    assert ("x", *q) in values
    assert {
        ("flag", 0.0, 1.0),
        ("near", False, True),
        ("mostly", 0.0, 3.0),
        ("seldom", 2.0, 5.0),
        ("place", "a", "b"),
        ("place", "a", "c"),
    } <= set(values)
    for c in found:
        p0, p1 = by_rows(fit, frame, c.variable, c.before), by_rows(fit, frame, c.variable, c.after)
        assert (c.p_before, c.p_after, c.difference) == pytest.approx((p0, p1, p1 - p0), abs=1e-12)
        assert c.low < c.difference < c.high


def test_a_term_by_itself_is_moved_without_the_formula_and_comes_to_the_same():
    fit, made, _ = fitted("y ~ x + flag")
    quick = {c.variable: c for c in first_differences(fit, made.table, made.x, errors="robust")}
    slow_fit, slow_made, _ = fitted("y ~ I(x + 0) + I(flag + 0)")
    slow = {c.variable: c for c in first_differences(slow_fit, slow_made.table, slow_made.x, errors="robust")}
    for name in ("x", "flag"):
        for part in ("p_before", "p_after", "difference", "low", "high"):
            assert getattr(quick[name], part) == pytest.approx(getattr(slow[name], part), abs=1e-12)


def test_intervals_are_those_of_drawn_coefficients():
    fit, made, frame = fitted("y ~ x + flag", n=4_000)
    for c in first_differences(fit, made.table, made.x, level=0.9):
        before, after = (
            fit.predict_draws(frame.with_columns(pl.lit(v).alias(c.variable)), 3_000, seed=1).mean(axis=1)
            for v in (c.before, c.after)
        )
        low, high = np.quantile(after - before, [0.05, 0.95])
        assert (c.low, c.high) == pytest.approx((low, high), abs=0.06 * (c.high - c.low))


def test_weights_of_rows_are_weights_of_the_mean():
    fit, made, frame = fitted("y ~ x + flag")
    w = np.random.default_rng(1).integers(1, 4, frame.height).astype(float)
    found = first_differences(fit, made.table, made.x, weight=w)
    for c in found:
        p = fit.predict(frame.with_columns(pl.lit(c.after).alias(c.variable)))
        assert c.p_after == pytest.approx(w @ p / w.sum())


def test_what_does_not_vary_has_no_difference():
    fit, made, _ = fitted("y ~ 0 + same + x")
    assert [c.variable for c in first_differences(fit, made.table, made.x)] == ["x"]


def test_fits_without_formula_or_of_more_classes_are_refused():
    fit, made, _ = fitted("y ~ x")
    with pytest.raises(ParameterError, match="the fit of a formula with two classes"):
        first_differences(logit_arrays(made.x, made.response), made.table, made.x)
    with pytest.raises(ParameterError, match="'level' parameter"):
        first_differences(fit, made.table, made.x, level=1)
