import numpy as np
import pytest

from foedus.errors import DataError, ParameterError
from foedus.estimate import powerlaw
from foedus.estimate.powerlaw import alternatives, fit_power_law, goodness, resampled_fits


def drawn(n, alpha=2.0, x_min=10.0, body=0, seed=0):
    rng = np.random.default_rng(seed)
    return np.concatenate([x_min * rng.random(n) ** (-1 / (alpha - 1)), rng.uniform(0.5 * x_min, x_min, body)])


def test_finds_exponent_and_threshold_that_were_put_in():
    fit = fit_power_law(drawn(2000, alpha=1.7, body=1500))
    assert fit.alpha == pytest.approx(1.7, abs=4 * fit.std_error)
    assert fit.x_min == pytest.approx(10, rel=0.1)
    assert fit.std_error == pytest.approx((fit.alpha - 1) / np.sqrt(fit.n_tail))
    assert fit.n == 3500


@pytest.mark.parametrize("kind", ["lower", "both"])
def test_is_the_best_of_all_thresholds_by_the_definition(kind):
    x = drawn(40, body=30, seed=3)
    best = None
    for x_min in sorted(set(x))[:-1]:
        tail = sorted(v for v in x if v >= x_min)
        n = len(tail)
        alpha = 1 + n / sum(np.log(v / x_min) for v in tail)
        law = [1 - (v / x_min) ** (1 - alpha) for v in tail]
        distance = max(abs(i / n - f) for i, f in enumerate(law))
        if kind == "both":
            distance = max(distance, *(abs((i + 1) / n - f) for i, f in enumerate(law)))
        if best is None or distance < best[0]:
            best = distance, x_min, alpha, n
    fit = fit_power_law(x, kind=kind)
    assert (fit.distance, fit.x_min, fit.alpha, fit.n_tail) == pytest.approx(best)


def test_tail_and_chance_of_a_size():
    fit = fit_power_law([1.0, 2.0, 4.0, 8.0, 16.0], x_min=2.0)
    assert (fit.n_tail, fit.n) == (4, 5)
    assert fit.alpha == pytest.approx(1 + 4 / (6 * np.log(2)))
    assert fit.tail([1.0, 2.0, 8.0]) == pytest.approx([1, 1, 4 ** (1 - fit.alpha)])
    assert fit.exceed(8.0) == pytest.approx(0.8 * 4 ** (1 - fit.alpha))
    with pytest.raises(ParameterError, match="'x' parameter"):
        fit.exceed(1.5)


def test_goodness_accepts_a_power_law_and_rejects_another():
    right = drawn(150, body=60, seed=5)
    assert goodness(right, fit_power_law(right), draws=60, seed=1) > 0.1
    whole = drawn(60, seed=6)
    assert goodness(whole, fit_power_law(whole, x_min=whole.min()), draws=60, seed=1) > 0.1
    wrong = np.exp(np.random.default_rng(7).uniform(0, 3, 300))
    assert goodness(wrong, fit_power_law(wrong, x_min=wrong.min()), draws=60, seed=1) < 0.1
    with pytest.raises(ParameterError, match="'draws' parameter"):
        goodness(right, fit_power_law(right), draws=0, seed=1)


def test_synthetic_samples_have_the_exponent_and_the_share_of_the_law(monkeypatch):
    sizes = drawn(400, alpha=1.5, body=100, seed=4)
    fit = fit_power_law(sizes, x_min=10.0)
    made = []
    monkeypatch.setattr(powerlaw, "fit_power_law", lambda x, **_: made.append(x) or fit)
    goodness(sizes, fit, draws=30, seed=1)
    every = np.concatenate(made)
    tail = every[every >= fit.x_min]
    assert len(tail) / len(every) == pytest.approx(fit.n_tail / fit.n, abs=0.015)
    assert 1 + len(tail) / np.log(tail / fit.x_min).sum() == pytest.approx(fit.alpha, abs=0.02)


def test_alternatives_are_told_apart():
    heavy = drawn(800, alpha=1.6, seed=8)
    exponential, lognormal = alternatives(heavy, fit_power_law(heavy, x_min=heavy.min()))
    assert (exponential.name, lognormal.name) == ("exponential", "log-normal")
    assert exponential.z > 4
    assert exponential.p_value < 1e-4
    light = 10 + np.random.default_rng(9).exponential(5, 800)
    exponential, lognormal = alternatives(light, fit_power_law(light, x_min=light.min()))
    assert exponential.log_ratio < 0
    bell = np.exp(np.random.default_rng(10).normal(5, 1, 800))
    _, lognormal = alternatives(bell, fit_power_law(bell, x_min=float(np.quantile(bell, 0.05))))
    assert lognormal.z < -4


def test_resampled_fits_carry_the_doubt():
    x = drawn(250, alpha=1.8, body=50, seed=11)
    fits = resampled_fits(x, draws=60, seed=2)
    alphas = [f.alpha for f in fits]
    assert np.std(alphas) > 0.8 * fit_power_law(x).std_error
    assert np.quantile(alphas, 0.02) < 1.8 < np.quantile(alphas, 0.98)
    assert fits[:5] == resampled_fits(x, draws=5, seed=2)
    assert all(f.n_tail >= 1 for f in resampled_fits([1.0, 2.0], draws=20, seed=1))


@pytest.mark.parametrize(
    ("sizes", "more", "error", "words"),
    [
        ([], {}, DataError, "Sizes"),
        ([1.0, 0.0], {}, DataError, "above 0"),
        ([1.0, np.nan], {}, DataError, "above 0"),
        ([3.0, 3.0], {}, DataError, "two different sizes"),
        ([1.0, 2.0], {"kind": "upper"}, ParameterError, "'kind' parameter"),
        ([1.0, 2.0], {"x_min": 2.0}, ParameterError, "'x_min' parameter"),
    ],
)
def test_refusals(sizes, more, error, words):
    with pytest.raises(error, match=words):
        fit_power_law(sizes, **more)
