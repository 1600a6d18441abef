"""Corrections for rare events against their definitions written out, hand cases, and simulated samples whose truth is known."""

import numpy as np
import pytest

from foedus.errors import DataError, ParameterError
from foedus.estimate import rare
from foedus.estimate.logit import logit_arrays
from foedus.estimate.rare import RareEvents


def population(n=200_000, seed=1, constant=-5.0):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    y = (rng.random(n) < 1 / (1 + np.exp(-x @ [constant, 1.0]))).astype(int)
    return x, y


def sampled(x, y, seed=2, ratio=2):
    """Return all events and some other rows."""
    rng = np.random.default_rng(seed)
    others = rng.choice(np.flatnonzero(y == 0), ratio * int(y.sum()), replace=False)
    kept = np.concatenate([np.flatnonzero(y == 1), others])
    return x[kept], y[kept]


def bias_written_out(x, coef, weight, event_weight):
    """Return the bias of eq. 16, row by row."""
    p = 1 / (1 + np.exp(-x @ coef))
    information = sum(w * q * (1 - q) * np.outer(r, r) for r, q, w in zip(x, p, weight, strict=True))
    inverse = np.linalg.inv(information)
    total = np.zeros(len(coef))
    for r, q, w in zip(x, p, weight, strict=True):
        total += r * w * q * (1 - q) * 0.5 * (r @ inverse @ r) * ((1 + event_weight) * q - event_weight)
    return inverse @ total


def test_bias_is_its_definition():
    rng = np.random.default_rng(3)
    x, coef = np.column_stack([np.ones(40), rng.normal(size=40)]), np.array([-1.5, 0.7])
    weight = rng.uniform(0.2, 2, size=40)
    assert rare.coefficient_bias(x, coef) == pytest.approx(bias_written_out(x, coef, np.ones(40), 1.0))
    assert rare.coefficient_bias(x, coef, weight, 0.3) == pytest.approx(bias_written_out(x, coef, weight, 0.3))


def test_bias_of_firth_is_nearly_the_same():
    """Both take out the bias of the first order: what they differ by is of the second."""
    x, y = population(3_000, constant=-3.0)
    plain, firth = logit_arrays(x, y), logit_arrays(x, y, penalty="firth")
    bias = rare.coefficient_bias(x, plain.coef[0])
    assert (bias[0] < 0, abs(bias).min() > 1e-3) == (True, True)
    assert plain.coef[0] - bias == pytest.approx(firth.coef[0], abs=0.15 * abs(bias).max())
    corrected = logit_arrays(x, y, rare=RareEvents("bias"))
    assert corrected.coef[0] == pytest.approx(plain.coef[0] - bias)
    assert corrected.covariance() == pytest.approx(plain.covariance() * (3000 / 3002) ** 2)
    assert corrected.log_likelihood == plain.log_likelihood


def test_prior_correction_brings_back_the_constant_of_the_population():
    x, y = population()
    some, came = sampled(x, y)
    whole = logit_arrays(x, y)
    raw = logit_arrays(some, came)
    corrected = logit_arrays(some, came, rare=RareEvents("prior", float(y.mean()), debias=False))
    assert corrected.coef[0, 0] == pytest.approx(
        raw.coef[0, 0] - np.log((1 - y.mean()) / y.mean() * came.mean() / (1 - came.mean()))
    )
    assert corrected.coef[0, 1] == raw.coef[0, 1]
    assert abs(raw.coef[0, 0] - whole.coef[0, 0]) > 3
    assert corrected.coef[0] == pytest.approx(whole.coef[0], abs=4 * corrected.standard_errors()[0].max())
    # A constant that is not 1 takes as much more.
    tens = logit_arrays(some * [10, 1], came, rare=RareEvents("prior", float(y.mean()), debias=False))
    assert tens.coef[0] * [10, 1] == pytest.approx(corrected.coef[0])


def test_weights_bring_back_the_population_too_and_their_errors_cover_it():
    x, y = population()
    some, came = sampled(x, y)
    share = float(y.mean())
    weights = rare.outcome_weights(came, share)
    assert (weights @ came) / weights.sum() == pytest.approx(share)
    fit = logit_arrays(some, came, rare=RareEvents("weights", share, debias=False), errors="robust")
    by_hand = logit_arrays(some, came, weight=weights, errors="robust")
    assert fit.coef == pytest.approx(by_hand.coef)
    assert fit.covariance() == pytest.approx(by_hand.covariance())
    whole = logit_arrays(x, y)
    assert abs(fit.coef - whole.coef).max() < 4 * fit.standard_errors().max()
    corrected = logit_arrays(some, came, rare=RareEvents("weights", share), errors="robust")
    bias = rare.coefficient_bias(some, fit.coef[0], weights, share / came.mean())
    assert corrected.coef[0] == pytest.approx(fit.coef[0] - bias)


@pytest.mark.parametrize("kind", ["bias", "prior", "weights"])
def test_over_many_samples_the_bias_is_less(kind):
    """Small samples of a population whose coefficients are known: means over 250 of them."""
    rng = np.random.default_rng(5)
    truth, n = np.array([-2.2, 1.0]), 90
    plain, ours = [], []
    for _ in range(250):
        x = np.column_stack([np.ones(n), rng.normal(size=n)])
        y = (rng.random(n) < 1 / (1 + np.exp(-x @ truth))).astype(int)
        share = None if kind == "bias" else 0.1505  # of the population: the mean of the chances over a normal x
        try:
            kept = {"rare": RareEvents(kind, share), "errors": "robust"}
            a = logit_arrays(
                x, y, **(kept | {"rare": None if kind == "bias" else RareEvents(kind, share, debias=False)})
            ).coef[0]
            b = logit_arrays(x, y, **kept).coef[0]
        except ValueError:
            continue
        plain.append(a)
        ours.append(b)
    assert len(ours) == 250
    before, after = np.mean(plain, axis=0) - truth, np.mean(ours, axis=0) - truth
    assert abs(after[1]) < 0.5 * abs(before[1])


def test_chances_are_their_definition_and_near_the_average():
    rng = np.random.default_rng(6)
    x, coef = np.column_stack([np.ones(5), rng.normal(size=5)]), np.array([-3.0, 0.8])
    v = np.array([[0.2, 0.05], [0.05, 0.1]])
    p = 1 / (1 + np.exp(-x @ coef))
    added = [(0.5 - q) * q * (1 - q) * (r @ v @ r) for r, q in zip(x, p, strict=True)]
    assert rare.chances(x, coef, v) == pytest.approx(p + added)
    assert rare.chances(x, coef, v, "plain") == pytest.approx(p)
    drawn = rng.multivariate_normal(coef, v, size=200_000) @ x.T
    averaged = rare.chances(x, coef, v, "averaged")
    assert averaged == pytest.approx((1 / (1 + np.exp(-drawn))).mean(axis=0), rel=5e-3)
    assert abs(rare.chances(x, coef, v) - averaged).max() < 0.2 * abs(p - averaged).max()


def test_chances_stay_between_nothing_and_one():
    huge = rare.chances(np.ones((1, 1)), np.array([-2.0]), np.array([[500.0]]))
    assert huge.tolist() == [1.0]
    assert 0.4 < rare.chances(np.ones((1, 1)), np.array([-2.0]), np.array([[500.0]]), "averaged")[0] < 0.5
    with pytest.raises(ParameterError, match="'chances' parameter: got 'mean'"):
        rare.chances(np.ones((1, 1)), np.array([0.0]), np.eye(1), "mean")


def test_predictions_let_the_doubt_in_when_asked():
    x, y = population(2_000)
    fit = logit_arrays(x, y, rare=RareEvents("bias"))
    assert fit.predict(x, chances="corrected") == pytest.approx(rare.chances(x, fit.coef[0], fit.covariance()))
    assert fit.predict(x) == pytest.approx(rare.chances(x, fit.coef[0], fit.covariance(), "plain"))
    assert fit.predict(x, chances="averaged").mean() > fit.predict(x).mean()
    assert fit.to_dict()["rare"] == {"kind": "bias", "population": None, "debias": True}
    three = logit_arrays(x, np.arange(2_000) % 3)
    with pytest.raises(
        ParameterError, match="'chances' parameter: got 'averaged'; expected 'plain', with more than two classes"
    ):
        three.predict(x, chances="averaged")


def test_sample_weights_and_weights_by_outcome_multiply():
    x, y = population(4_000, constant=-2)
    w = np.random.default_rng(1).integers(1, 4, size=4_000)
    for kind, share in (("bias", None), ("prior", 0.05), ("weights", 0.05)):
        once = logit_arrays(x, y, weight=w, rare=RareEvents(kind, share), errors="robust")
        twice = logit_arrays(x.repeat(w, axis=0), y.repeat(w), rare=RareEvents(kind, share), errors="robust")
        assert once.coef == pytest.approx(twice.coef, abs=1e-8)


def test_what_does_not_go_together_is_refused():
    x, y = population(500, constant=0)
    for kind, asked, match in (
        ("bias", {"penalty": "firth"}, "(?s)penalty='firth' with rare='bias'.*takes out the same bias"),
        (
            "weights",
            {"penalty": "firth", "errors": "robust"},
            "(?s)penalty='firth' with rare='weights'.*of unweighted rows",
        ),
        ("bias", {"errors": "profile"}, "errors='profile' with rare='bias'"),
        ("weights", {}, "errors='classical' with rare='weights'"),
    ):
        with pytest.raises(ParameterError, match=match):
            logit_arrays(x, y, rare=RareEvents(kind, 0.1 if kind == "weights" else None), **asked)
    with pytest.raises(ParameterError, match="a constant among the terms"):
        logit_arrays(x[:, 1:], y, rare=RareEvents("prior", 0.1))
    with pytest.raises(ParameterError, match="expected two, with rare='bias'"):
        logit_arrays(x, np.arange(500) % 3, rare=RareEvents("bias"))
    firth = logit_arrays(x, y, rare=RareEvents("prior", 0.1), penalty="firth")
    assert firth.coef[0, 0] < logit_arrays(x, y, penalty="firth").coef[0, 0] - 1
    for share in (0, 1, 1.5, None, "much", True):
        with pytest.raises(ParameterError, match="'population' parameter"):
            RareEvents("prior", share)
    with pytest.raises(ParameterError, match=r"'population' parameter: got 0.1; expected none for rare='bias'"):
        RareEvents("bias", 0.1)
    with pytest.raises(ParameterError, match="'rare' parameter: got 'odd'"):
        RareEvents("odd")


def test_a_bootstrap_makes_the_corrections_anew_and_leaves_out_sets_of_one_class():
    x, y = population(300, constant=0)
    fit = logit_arrays(x, y, rare=RareEvents("prior", 0.1), errors=("bootstrap", "classical"), draws=30, seed=2)
    drawn, kept = fit.standard_errors("bootstrap")[0], fit.standard_errors("classical")[0]
    assert drawn[1] == pytest.approx(kept[1], rel=0.5)
    # With the population's share known, the constant is surer than the published covariance says.
    assert drawn[0] == pytest.approx(np.sqrt(kept[0] ** 2 - 1 / y.sum() - 1 / (1 - y).sum()), rel=0.5)
    assert fit.resampled[:, 0, 0].mean() == pytest.approx(fit.coef[0, 0], abs=0.3)
    few = np.r_[1, 1, np.zeros(38)].astype(int)
    one = logit_arrays(
        np.ones((40, 1)), few, penalty="firth", errors="bootstrap", draws=60, seed=4, cluster=np.arange(40) // 2
    )
    assert one.failed == 0  # a set without event has an estimate with the penalty
    with pytest.raises(DataError, match=r"Resampled sets without a finite estimate: got [0-9]+ of 60"):
        logit_arrays(
            np.ones((40, 1)),
            few,
            rare=RareEvents("bias"),
            errors="bootstrap",
            draws=60,
            seed=4,
            cluster=np.arange(40) // 2,
        )
