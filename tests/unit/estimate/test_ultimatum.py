"""The ultimatum game: offers against brute force, a density that sums to one, planted values found, bad rows refused."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import DataError, ParameterError
from foedus.estimate.ultimatum import Offers, best_offer, ultimatum


@given(one=st.floats(-20, 20), two=st.floats(-20, 20), size=st.floats(0.5, 20), s2=st.floats(0.05, 5))
@settings(max_examples=60, deadline=None)
def test_no_other_offer_is_worth_more(one, two, size, s2):
    def worth(y):
        p = 1 / (1 + np.exp(np.clip(-(y - two) / s2, -700, 700)))
        return (size - y) * p + one * (1 - p)

    found = best_offer(np.array([one]), np.array([two]), size, s2)[0]
    assert 0 <= found <= size
    assert worth(found) >= worth(np.linspace(0, size, 4001)).max() - 1e-6


def test_the_chances_of_all_offers_sum_to_one():
    y = np.linspace(1e-9, 6 - 1e-9, 200_001)
    coef = np.array([1.0, 2.0, 0.2, -0.1])
    inside = np.exp(Offers(np.ones((len(y), 1)), np.ones((len(y), 1)), y, None, 6.0).scores(coef)[0])
    corners = np.exp(Offers(np.ones((2, 1)), np.ones((2, 1)), np.array([0.0, 6.0]), None, 6.0).scores(coef)[0])
    assert np.trapezoid(inside, y) + corners.sum() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("answers", [True, False])
def test_slopes_are_differences(answers):
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(40), rng.normal(size=40)])
    offer = np.clip(rng.normal(3, 3, size=40), 0, 6)
    rows = Offers(x, np.ones((40, 1)), offer, rng.random(40) < 0.5 if answers else None, 6.0)
    coef = np.array([0.5, -0.3, 2.0, 0.3, 0.4])
    numeric = [(rows.value(coef + 1e-6 * d)[0] - rows.value(coef - 1e-6 * d)[0]) / 2e-6 for d in np.eye(5)]
    assert rows.value(coef)[1] == pytest.approx(numeric, rel=1e-6, abs=1e-5)


def planted(n=3000, seed=1):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(2, n))
    offer = best_offer(200 + 100 * x + 100 * rng.logistic(size=n), 400 + 50 * z, 1000.0, 50.0)
    return pl.DataFrame(
        {"offer": offer, "x": x, "z": z, "yes": (offer > 400 + 50 * z + 50 * rng.logistic(size=n)).astype(int)}
    )


def test_planted_values_are_found_in_any_unit():
    data = planted()
    fit = ultimatum("offer ~ x | z", data, size=1000, accepted="yes")
    true = np.array([200, 100, 400, 50, np.log(100), np.log(50)])
    assert (np.abs(fit.coef - true) < 4 * np.sqrt(np.diag(fit.covariance()))).all()
    small = ultimatum("offer ~ x | z", data.with_columns(pl.col("offer") / 1000), size=1, accepted="yes", robust=True)
    assert small.coef[:4] * 1000 == pytest.approx(fit.coef[:4], rel=1e-4)
    assert small.coef[4:] + np.log(1000) == pytest.approx(fit.coef[4:], rel=1e-4)
    inside = ((data["offer"] > 0) & (data["offer"] < 1000)).sum()
    assert small.log_likelihood == pytest.approx(fit.log_likelihood + inside * np.log(1000))
    assert np.sqrt(np.diag(small.covariance())[:4]) * 1000 == pytest.approx(
        np.sqrt(np.diag(fit.covariance()))[:4], rel=0.2
    )
    only = ultimatum("offer ~ x | 1", data.with_columns(offer=pl.col("offer") / 1000), size=1)
    assert only.accepted is None
    guess = fit.predict(data[:4])
    assert guess.shape == (4, 2)
    assert ((guess[:, 1] > 0) & (guess[:, 1] < 1)).all()
    assert fit.to_dict()["n"] == 3000
    assert str(fit).startswith("offer ~ x | z as ultimatum game for 1000: 3,000 rows")


@pytest.mark.parametrize(
    ("formula", "change", "options", "kind", "match"),
    [
        ("offer ~ x", {}, {}, ParameterError, "terms of one"),
        ("offer ~ x | 1", {}, {"size": 0.0}, ParameterError, "size of the good above 0"),
        ("offer ~ x | 1", {"offer": -1.0}, {}, DataError, "outside the good"),
        ("offer ~ x | 1", {"yes": 2}, {"accepted": "yes"}, DataError, "Answers"),
        ("offer ~ x | 1", {"offer": 1.0}, {}, DataError, "Offers never differ"),
        ("offer ~ 0 | x + z", {"z": 0.0}, {}, DataError, "never differs from 0"),
    ],
)
def test_bad_rows_and_arguments_are_named(formula, change, options, kind, match):
    data = planted(60).with_columns(**{k: pl.lit(v) for k, v in change.items()})
    with pytest.raises(kind, match=match):
        ultimatum(formula, data, **{"size": 1000.0, **options})
