"""Estimates and errors against statsmodels and against sums over all pairs of rows."""

import pickle

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import DataError, FoedusError, ParameterError
from foedus.estimate import covariance, logit_input, multinomial
from foedus.estimate.logit import logit, logit_arrays


def rows(n=600, seed=0, members=12, classes=3):
    rng = np.random.default_rng(seed)
    one = rng.integers(members, size=n)
    two = (one + rng.integers(1, members, size=n)) % members
    x = rng.normal(size=(n, 2)) + 0.5 * rng.normal(size=members)[one][:, None]
    eta = np.column_stack([np.zeros(n), -1 + x[:, 0] + 0.5 * rng.normal(size=members)[two], -1.5 + 0.5 * x[:, 1]])[
        :, :classes
    ]
    p = np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)
    y = (rng.random((n, 1)) > p.cumsum(axis=1)).sum(axis=1)
    return pl.DataFrame(
        {"y": y, "a": x[:, 0], "b": x[:, 1], "one": one, "two": two, "year": rng.integers(1900, 1920, n)}
    )


def columns(frame):
    return np.column_stack([np.ones(frame.height), frame["a"].to_numpy(), frame["b"].to_numpy()])


def test_binary_is_that_of_statsmodels():
    from statsmodels.discrete.discrete_model import Logit

    frame = rows(classes=2)
    ours = logit("y ~ a + b", frame, errors=("classical", "robust", "cluster"), cluster="year")
    theirs = Logit(frame["y"].to_numpy(), columns(frame)).fit(disp=0, tol=1e-12)
    assert ours.coef[0] == pytest.approx(theirs.params, abs=1e-9)
    assert ours.standard_errors()[0] == pytest.approx(theirs.bse, rel=1e-8)
    told = ours.table()
    for name, other in (
        ("z", theirs.tvalues),
        ("p_value", theirs.pvalues),
        *zip(("low", "high"), theirs.conf_int().T, strict=True),
    ):
        assert told[name].to_numpy() == pytest.approx(other, rel=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-12)
    assert ours.null_log_likelihood == pytest.approx(theirs.llnull, rel=1e-9)
    robust = Logit(frame["y"].to_numpy(), columns(frame)).fit(disp=0, tol=1e-12, cov_type="HC0")
    assert ours.standard_errors("robust")[0] == pytest.approx(robust.bse, rel=1e-7)
    by_year = {"groups": frame["year"].to_numpy(), "use_correction": False}
    clustered = Logit(frame["y"].to_numpy(), columns(frame)).fit(
        disp=0, tol=1e-12, cov_type="cluster", cov_kwds=by_year
    )
    groups = frame["year"].n_unique()
    assert ours.standard_errors("cluster")[0] == pytest.approx(clustered.bse * np.sqrt(groups / (groups - 1)), rel=1e-7)
    assert ours.clusters == groups
    assert ours.predict(frame) == pytest.approx(theirs.predict(), abs=1e-9)


def test_multinomial_is_that_of_statsmodels():
    from statsmodels.discrete.discrete_model import MNLogit

    frame = rows()
    ours = logit("y ~ a + b", frame)
    theirs = MNLogit(frame["y"].to_numpy(), columns(frame)).fit(disp=0, tol=1e-12)
    assert ours.coef == pytest.approx(theirs.params.T, abs=1e-8)
    assert ours.standard_errors() == pytest.approx(theirs.bse.T, rel=1e-7)
    assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-12)
    assert ours.predict(frame) == pytest.approx(theirs.predict(), abs=1e-8)
    assert ours.converged


def test_weights_are_repetitions():
    frame = rows(classes=2)
    x, y = columns(frame), frame["y"].to_numpy()
    w = np.random.default_rng(1).integers(0, 4, len(y))
    weighted = multinomial.maximise(x, y, 2, w.astype(float))
    repeated = multinomial.maximise(np.repeat(x, w, axis=0), np.repeat(y, w), 2)
    assert weighted.coef == pytest.approx(repeated.coef, abs=1e-9)
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood)
    assert weighted.information == pytest.approx(repeated.information)


def test_scores_and_information_are_derivatives():
    frame = rows(n=40)
    x, y = columns(frame), frame["y"].to_numpy()
    coef = np.array([[0.1, -0.2, 0.3], [-0.4, 0.2, 0.1]])

    def likelihood(flat):
        p = multinomial.probabilities(x, flat.reshape(2, 3))
        return np.log(p[np.arange(len(y)), y])

    flat, h = coef.ravel(), 1e-5
    steps = np.eye(6) * h
    by_hand = np.column_stack([(likelihood(flat + s) - likelihood(flat - s)) / (2 * h) for s in steps])
    assert multinomial.row_scores(x, y, coef) == pytest.approx(by_hand, abs=1e-7)

    def slope(flat):
        return multinomial.row_scores(x, y, flat.reshape(2, 3)).sum(axis=0)

    curve = np.column_stack([(slope(flat + s) - slope(flat - s)) / (2 * h) for s in steps])
    found = multinomial.information(x, multinomial.probabilities(x, coef), np.ones(len(y)))
    assert found == pytest.approx(-curve, abs=1e-5)


def test_far_starts_end_at_the_same_maximum():
    frame = rows(classes=2)
    x, y = columns(frame), frame["y"].to_numpy()
    near = multinomial.maximise(x, y, 2)
    far = multinomial.maximise(x, y, 2, start=np.array([[8.0, -6.0, 5.0]]))
    assert far.converged
    assert far.coef == pytest.approx(near.coef, abs=1e-6)
    assert not multinomial.maximise(x, y, 2, iterations=1).converged


def dyadic_by_pairs(bread, scores, one, two):
    """Return the dyadic-robust covariance by the definition: every couple of rows whose pairs share a member."""
    meat = np.zeros_like(bread)
    for i in range(len(scores)):
        for j in range(len(scores)):
            if {one[i], two[i]} & {one[j], two[j]}:
                meat += np.outer(scores[i], scores[j])
    return bread @ meat @ bread


@pytest.mark.parametrize("seed", range(4))
def test_dyadic_is_the_sum_over_all_rows_whose_pairs_share_a_member(seed):
    frame = rows(n=150, seed=seed, classes=2, members=40)
    one, two = frame["one"].to_numpy(), frame["two"].to_numpy()
    fit = logit("y ~ a + b", frame, errors=("dyadic", "classical"), dyad=("one", "two"))
    scores = multinomial.row_scores(columns(frame), frame["y"].to_numpy(), fit.coef)
    slow = dyadic_by_pairs(fit.covariance("classical"), scores, one, two)
    assert fit.covariance() == pytest.approx(slow, rel=1e-9, abs=1e-12)
    turned = covariance.dyadic(fit.covariance("classical"), scores, two, one)
    assert turned == pytest.approx(fit.covariance(), rel=1e-12)


def test_two_kinds_of_clusters_are_the_sum_over_all_rows_that_share_one():
    frame = rows(n=900, members=30)
    fit = logit("y ~ a + b", frame, errors=("cluster", "classical"), cluster=("one", "year"))
    bread = fit.covariance("classical")
    labels = frame["one"].to_numpy(), frame["year"].to_numpy()
    scores = multinomial.row_scores(columns(frame), frame["y"].to_numpy(), fit.coef)
    meat = np.zeros_like(bread)
    both = np.unique(np.column_stack(labels), axis=0)
    for kind, sign in ((labels[0], 1), (labels[1], 1), (None, -1)):
        groups = (
            [scores[(labels[0] == a) & (labels[1] == b)] for a, b in both]
            if kind is None
            else [scores[kind == g] for g in set(kind)]
        )
        meat += sign * len(groups) / (len(groups) - 1) * sum(np.outer(g.sum(axis=0), g.sum(axis=0)) for g in groups)
    assert fit.covariance("cluster") == pytest.approx(bread @ meat @ bread, rel=1e-9)
    assert fit.clusters == len(both)


def test_two_kinds_of_clusters_that_leave_no_variance_are_refused():
    rng = np.random.default_rng(0)
    x, y = np.column_stack([np.ones(40), rng.normal(size=40)]), rng.integers(0, 2, 40)
    few = np.column_stack([np.arange(40) % 2, np.arange(40) // 20])
    with pytest.raises(
        DataError, match="Errors by clusters of two kinds: got a variance of 0 or less; expected more clusters"
    ):
        logit_arrays(x, y, errors="cluster", cluster=few)
    with pytest.raises(ParameterError, match="clusters of one kind, for a bootstrap"):
        logit_arrays(x, y, errors="bootstrap", cluster=few)
    with pytest.raises(ParameterError, match=r"'cluster' parameter: got 'shape \(40, 3\)'"):
        logit_arrays(x, y, errors="cluster", cluster=np.zeros((40, 3)))
    with pytest.raises(ParameterError, match="one column or two"):
        logit("y ~ a", rows(classes=2), errors="cluster", cluster=("one", "two", "year"))


@pytest.mark.parametrize("weight", [[-1.0] + [1] * 39, [np.nan] + [1] * 39, [0.0] * 40])
def test_weights_that_are_no_counts_are_refused(weight):
    rng = np.random.default_rng(0)
    with pytest.raises(ParameterError, match=r"'weight' parameter: .*how often each row counts"):
        logit_arrays(np.ones((40, 1)), rng.integers(0, 2, 40), weight=weight)


def test_a_column_of_weights():
    frame = rows(classes=2).with_columns(often=pl.int_range(600) % 3)
    once = logit("y ~ a + b", frame, weight="often", errors="cluster", cluster="year")
    twice = logit(
        "y ~ a + b",
        frame.select(pl.all().repeat_by("often")).explode(pl.all()).drop_nulls(),
        errors="cluster",
        cluster="year",
    )
    assert once.coef == pytest.approx(twice.coef, abs=1e-9)
    assert once.covariance() == pytest.approx(twice.covariance(), rel=1e-7)
    assert once.n == 400


def test_dyadic_of_pairs_that_share_nobody_is_by_pair():
    frame = rows(n=60, classes=2)
    pair = np.arange(60) // 3
    fit = logit("y ~ a", frame)
    scores = multinomial.row_scores(columns(frame)[:, :2], frame["y"].to_numpy(), fit.coef)
    alone = covariance.dyadic(fit.covariance(), scores, 2 * pair, 2 * pair + 1)
    assert alone == pytest.approx(covariance.clustered(fit.covariance(), scores, pair) * (19 / 20), rel=1e-10)
    single = covariance.clustered(fit.covariance(), scores, np.arange(60))
    assert covariance.robust(fit.covariance(), scores) * (60 / 59) == pytest.approx(single)


def test_dyadic_errors_see_that_rows_of_one_state_go_together():
    rng = np.random.default_rng(2)
    members, years = 25, 4
    one, two = (np.tile(v, years) for v in np.triu_indices(members, 1))
    x, shock = rng.normal(size=members), rng.normal(size=members)
    eta = -1 + shock[one] + shock[two]
    y = (rng.random(len(one)) < 1 / (1 + np.exp(-eta))).astype(int)
    design = np.column_stack([np.ones(len(one)), x[one] + x[two]])
    fit = logit_arrays(design, y, errors=("dyadic", "robust"), dyad=(one, two))
    assert fit.standard_errors("dyadic")[0, 1] > 2.5 * fit.standard_errors("robust")[0, 1]


def test_bootstrap_by_cluster():
    frame = rows(classes=2).with_columns(pl.Series("war", np.arange(600) // 10))
    fit = logit("y ~ a + b", frame, errors=("bootstrap", "cluster"), cluster="war", draws=300, seed=3)
    assert fit.standard_errors("bootstrap") == pytest.approx(fit.standard_errors("cluster"), rel=0.2)
    assert fit.resampled.shape == (300 - fit.failed, 1, 3)
    assert fit.interval(level=0.9) == pytest.approx(np.quantile(fit.resampled, [0.05, 0.95], axis=0))
    again = logit("y ~ a + b", frame, errors="bootstrap", cluster="war", draws=300, seed=3)
    assert (again.resampled == fit.resampled).all()
    assert np.isin(fit.draw_coef(40, 1), fit.resampled).all()
    by_row = logit("y ~ a + b", frame, errors=("bootstrap", "robust"), draws=300)
    assert by_row.standard_errors() == pytest.approx(by_row.standard_errors("robust"), rel=0.2)


def test_bootstrap_refuses_where_resampled_sets_lack_the_event():
    frame = pl.DataFrame({"y": [1, 0, 0, 0, 0, 1], "a": [0.0, 1.0, 2.0, 0.0, 1.0, 2.0], "war": [1, 1, 2, 3, 4, 1]})
    with pytest.raises(DataError, match="Resampled sets without a finite estimate"):
        logit("y ~ a", frame, errors="bootstrap", cluster="war", draws=40)


def test_predictions_carry_the_doubt_of_the_coefficients():
    frame = rows(classes=2)
    fit = logit("y ~ a + b", frame)
    draws = fit.draw_coef(4000, seed=1)
    assert draws.mean(axis=0) == pytest.approx(fit.coef, abs=0.02)
    assert np.cov(draws[:, 0], rowvar=False) == pytest.approx(fit.covariance(), abs=0.002)
    assert (fit.draw_coef(10, seed=1) == draws[:10]).all()
    p = fit.predict_draws(frame.head(5), 4000, seed=1)
    assert p.shape == (4000, 5)
    assert p.mean(axis=0) == pytest.approx(fit.predict(frame.head(5)), abs=0.01)
    assert ((p > 0) & (p < 1)).all()
    many = logit("y ~ a + b", rows())
    shares = many.predict_draws(frame.head(3), 7, seed=1)
    assert shares.shape == (7, 3, 3)
    assert shares.sum(axis=2) == pytest.approx(np.ones((7, 3)))


def test_predict_makes_the_columns_again():
    frame = rows(classes=2).with_columns(
        pl.when(pl.col("year") < 1907).then(pl.lit("early")).otherwise(pl.lit("late")).alias("era")
    )
    fit = logit("y ~ a * era + log(year)", frame)
    assert fit.terms == ("intercept", "a", "era[T.late]", "log(year)", "a:era[T.late]")
    some = frame.filter(pl.col("era") == "late").head(4)
    assert fit.predict(some) == pytest.approx(fit.predict(frame)[frame["era"].to_numpy() == "late"][:4])
    assert pickle.loads(pickle.dumps(fit)).predict(some) == pytest.approx(fit.predict(some))
    with pytest.raises(DataError, match="A category"):
        fit.predict(some.with_columns(era=pl.lit("later")))
    with pytest.raises(DataError, match="Missing values"):
        fit.predict(some.with_columns(a=pl.lit(None, dtype=pl.Float64)))
    with pytest.raises(DataError, match="lacks columns"):
        fit.predict(some.drop("a"))


def test_named_classes_and_their_order():
    frame = rows().with_columns(side=pl.col("y").replace_strict({0: "stay", 1: "A", 2: "B"}))
    fit = logit("side ~ a + b", frame, classes=("stay", "A", "B"))
    assert fit.coef == pytest.approx(logit("y ~ a + b", frame).coef, abs=1e-9)
    assert fit.classes == ("stay", "A", "B")
    assert fit.counts == tuple((frame["y"] == k).sum() for k in range(3))
    assert logit("side ~ a + b", frame).classes == ("A", "B", "stay")
    table = fit.table()
    assert table["class"].to_list() == ["A"] * 3 + ["B"] * 3
    assert table["estimate"].to_list() == fit.coef.ravel().tolist()
    with pytest.raises(DataError, match="A class without rows: got C"):
        logit("side ~ a", frame, classes=("stay", "A", "B", "C"))
    with pytest.raises(DataError, match="A class that was not named: got B"):
        logit("side ~ a", frame, classes=("stay", "A"))


def test_words_of_a_result():
    fit = logit("y ~ a", rows(classes=2))
    assert str(fit).startswith("y ~ a: 600 rows, ")
    assert f"  a {fit.coef[0, 1]:.4f} (" in str(fit)
    plain = fit.to_dict()
    assert (plain["n"], plain["events"], plain["errors"]) == (600, fit.events, "classical")
    assert plain["coefficients"][1]["term"] == "a"
    assert logit_arrays(np.ones((4, 1)), [0, 1, 1, 2]).formula == "x0"
    assert "2: x0 " in str(logit_arrays(np.ones((4, 1)), [0, 1, 1, 2]))
    low, high = fit.interval()
    assert (high - low) / 2 == pytest.approx(1.959964 * fit.standard_errors(), rel=1e-6)


def refused(frame, formula="y ~ a + b", **more):
    with pytest.raises(FoedusError) as caught:
        logit(formula, frame, **more)
    return str(caught.value)


def test_what_separates_the_classes_is_named():
    frame = rows(classes=2)
    whole = frame.with_columns(sure=pl.col("y") * 2.0)
    assert "got sure;" in refused(whole, "y ~ a + sure")
    # Nobody of a rare kind ever joined, as small cells do: quasi-separation.
    never = frame.with_columns(rare=((pl.col("y") == 0) & (pl.col("a") > 1)).cast(pl.Int32))
    assert "Terms separate the classes" in refused(never, "y ~ b + rare")
    assert "got rare;" in refused(never, "y ~ b + rare")
    # A line in two columns, neither of which separates alone.
    made = np.random.default_rng(0).normal(size=(80, 2))
    line = pl.DataFrame({"y": (made.sum(axis=1) > 0).astype(int), "a": made[:, 0], "b": made[:, 1]})
    assert "got a, b;" in refused(line)
    three = rows().with_columns(only=(pl.col("y") == 2).cast(pl.Int32) * (pl.col("a") > 0))
    assert "got only;" in refused(three, "y ~ a + only")


def test_no_maximum_found_is_said(monkeypatch):
    rng = np.random.default_rng(5)
    x, y = np.column_stack([np.ones(50), rng.normal(size=50)]), rng.integers(0, 2, 50)
    search = multinomial.maximise
    monkeypatch.setattr(multinomial, "maximise", lambda *a: search(*a, iterations=1))
    with pytest.raises(DataError, match="No maximum of the likelihood was found"):
        logit_arrays(x, y)


def test_units_of_any_size_give_the_same_fit_and_what_cannot_be_squared_is_refused():
    rng = np.random.default_rng(5)
    x, y = np.column_stack([np.ones(50), rng.normal(size=50)]), rng.integers(0, 2, 50)
    plain = logit_arrays(x, y)
    for size in (2.0**40, 2.0**-300, 2.0**300):
        other = logit_arrays(x * [1.0, size], y)
        assert other.coef * [1.0, size] == pytest.approx(plain.coef, rel=1e-9)
        assert other.standard_errors() * [1.0, size] == pytest.approx(plain.standard_errors(), rel=1e-9)
    for size in (1e-200, 1e200):
        with pytest.raises(DataError, match=r"Values too large or too small to square: got x1 up to"):
            logit_arrays(x * [1.0, size], y)


@given(st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_a_maximum_that_is_proved_is_one_that_the_linear_program_finds(seed):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(4, 30)), int(rng.integers(1, 4))
    x = np.column_stack([np.ones(n), rng.integers(-2, 3, size=(n, k)).astype(float)])
    y = (rng.random(n) < 1 / (1 + np.exp(-3 * rng.normal() * x[:, 1]))).astype(int)
    if len(set(y)) < 2 or np.linalg.matrix_rank(x) < k + 1:
        return
    w = rng.integers(1, 4, n).astype(float) if seed % 2 else None
    found = multinomial.maximise(x, y, 2, w)
    proved = multinomial.maximum_proved(x, y, found, w)
    separated = bool(multinomial.separating(x, y, 2).any())
    assert not (proved and separated)
    if not separated:
        assert proved, "close to a maximum the proof is there"


def test_a_maximum_is_not_proved_where_steps_did_not_end_or_there_are_more_classes():
    frame = rows(n=80)
    found = multinomial.maximise(columns(frame), frame["y"].to_numpy(), 3)
    assert not multinomial.maximum_proved(columns(frame), frame["y"].to_numpy(), found)
    x, y = columns(frame), (frame["y"].to_numpy() > 0).astype(int)
    assert not multinomial.maximum_proved(x, y, multinomial.maximise(x, y, 2, iterations=1))
    two = multinomial.maximise(x, y, 2)
    assert multinomial.maximum_proved(x, y, two)
    flat = multinomial.Maximum(two.coef, np.zeros((3, 3)), two.log_likelihood, converged=True, iterations=1)
    assert not multinomial.maximum_proved(x, y, flat)


def test_steep_terms_on_many_rows_need_no_linear_program(monkeypatch):
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(4_000), rng.normal(size=4_000) * 6])
    y = (rng.random(4_000) < 1 / (1 + np.exp(-x[:, 1]))).astype(int)
    monkeypatch.setattr(multinomial, "separating", None)
    fit = logit_arrays(x, y)
    assert multinomial.reach(x, fit.coef)[0, 1] > multinomial.SUSPECT


def test_columns_alike_stop_the_steps():
    x = np.ones((6, 2))
    assert not multinomial.maximise(x, np.array([0, 1, 0, 1, 0, 1]), 2).converged


@pytest.mark.parametrize(
    ("values", "ordered"),
    [([3, 0, 3, 7], (0, 3, 7)), ([-1, 2, -1], (-1, 2)), ([999, 5, 5], (5, 999)), ([True, False], (False, True)), ([0.5, 2.0, 0.5], (0.5, 2.0)),
     (["b", "a"], ("a", "b"))],
)  # fmt: skip
def test_classes_are_in_order_whatever_they_are(values, ordered):
    found, which = logit_input.classes_of(np.array(values), None)
    assert found == ordered
    assert [found[k] for k in which] == values
    assert {type(v) for v in found} == {type(ordered[0])}


def test_a_step_never_goes_down():
    frame = rows(n=80, classes=2)
    x, y, w = columns(frame), frame["y"].to_numpy(), np.ones(80)
    top = multinomial.maximise(x, y, 2)
    away = np.array([[1e6, -1e6, 1e6]])
    coef, p, value = multinomial._uphill(x, y, w, top.coef, away, top.log_likelihood)
    assert (coef == top.coef).all()
    assert value == top.log_likelihood
    assert p == pytest.approx(multinomial.probabilities(x, top.coef))


def test_steep_is_not_separated():
    rng = np.random.default_rng(4)
    x = np.linspace(-20, 20, 400)
    y = (rng.random(400) < 1 / (1 + np.exp(-x))).astype(int)
    fit = logit_arrays(np.column_stack([np.ones(400), x]), y)
    assert np.ptp(x) * fit.coef[0, 1] > multinomial.SUSPECT
    assert not multinomial.separating(np.column_stack([np.ones(400), x]), y, 2).any()


def test_terms_that_are_sums_of_each_other_are_named():
    frame = rows(classes=2).with_columns(c=pl.col("a") + pl.col("b"), zero=pl.lit(0.0), one_=pl.lit(3.0))
    assert "Terms are sums of each other: got a, b, c;" in refused(frame, "y ~ a + b + c")
    assert "A term never differs from 0: got zero;" in refused(frame, "y ~ a + zero")
    assert "got intercept, one_;" in refused(frame, "y ~ a + one_")


def test_missing_is_refused_or_dropped_and_never_zero():
    frame = rows(classes=2).with_columns(a=pl.when(pl.col("year") == 1900).then(None).otherwise("a"))
    gone = frame.filter(pl.col("year") == 1900).height
    assert f"Missing values: got a in {gone} of 600 rows" in refused(frame)
    kept = logit("y ~ a + b", frame, missing="drop")
    assert kept.n == 600 - gone
    assert kept.coef == pytest.approx(logit("y ~ a + b", frame.drop_nulls()).coef, abs=1e-12)
    clusters = frame.with_columns(war=pl.when(pl.col("b") > 0).then("one"))
    assert logit("y ~ b", clusters, errors="cluster", cluster="war", missing="drop").n == (frame["b"] > 0).sum()
    assert "No row is left" in refused(frame.with_columns(a=pl.lit(None, dtype=pl.Float64)), missing="drop")


def test_one_class_and_too_many():
    frame = rows(classes=2)
    assert "A single class: got 0" in refused(frame.with_columns(y=pl.lit(0)))
    assert "Too many classes" in refused(frame, "b ~ a")


def test_few_members_or_clusters():
    frame = rows(n=80, classes=2)
    assert "1 cluster" in refused(frame.with_columns(year=pl.lit(1)), errors="cluster", cluster="year")
    assert "A pair of one member" in refused(
        frame.with_columns(two=pl.col("one")), errors="dyadic", dyad=("one", "two")
    )
    two = frame.with_columns(one=pl.lit(1), two=pl.lit(2))
    # One pair alone: its scores add up to nothing at the maximum.
    assert "a variance of 0 or less with 2 members" in refused(two, errors="dyadic", dyad=("one", "two"))


def test_square_root_drops_what_is_negative():
    flat = np.diag([4.0, -1.0])
    root = covariance.square_root(flat)
    assert root @ root.T == pytest.approx(np.diag([4.0, 0.0]))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda f: logit("y", f), ParameterError, "Cannot read the formula"),
        (lambda f: logit("y ~ a +", f), ParameterError, "Cannot read the formula"),
        (lambda f: logit("y + a ~ b", f), ParameterError, "one column on the left"),
        (lambda f: logit("y ~ a", {"y": [0, 1]}), DataError, "Not a frame"),
        (lambda f: logit("y ~ nothing", f), DataError, "lacks columns"),
        (lambda f: logit("y ~ log(one)", f), DataError, "not finite"),
        (lambda f: logit("y ~ nothing(a)", f.with_columns(nothing=1)), DataError, "Cannot compute the terms"),
        (lambda f: logit("y ~ a", f, missing="zero"), ParameterError, "'missing' parameter"),
        (lambda f: logit("y ~ a", f, errors="magic"), ParameterError, "'errors' parameter"),
        (lambda f: logit("y ~ a", f, errors=()), ParameterError, "'errors' parameter"),
        (lambda f: logit("y ~ a", f, errors="cluster"), ParameterError, "'cluster' parameter"),
        (lambda f: logit("y ~ a", f, errors="dyadic"), ParameterError, "'dyad' parameter"),
        (lambda f: logit("y ~ a", f, errors="bootstrap", draws=1), ParameterError, "'draws' parameter"),
        (lambda f: logit("y ~ a", f).covariance("robust"), ParameterError, "name it when fitting"),
        (lambda f: logit("y ~ a", f).interval(level=1), ParameterError, "'level' parameter"),
        (lambda f: logit("y ~ a", f).predict([[1.0]]), ParameterError, "2 columns: intercept, a"),
        (lambda f: logit_arrays([1, 2], [0, 1]), ParameterError, "'x' parameter"),
        (lambda f: logit_arrays([[1], [1]], [0, 1], terms=["a", "b"]), ParameterError, "'terms' parameter"),
        (lambda f: logit_arrays([[1], [1]], [0, 1, 1]), ParameterError, "'y' parameter"),
        (
            lambda f: logit_arrays([[1], [1]], [0, 1], errors="cluster", cluster=[1]),
            ParameterError,
            "'cluster' parameter",
        ),
        (lambda f: logit_arrays([[1], [np.nan]], [0, 1]), DataError, "nan in row 1, column 0"),
        (lambda f: logit_arrays([[1], [1]], [0, np.nan]), DataError, "NaN"),
        (lambda f: logit_arrays([[1], [1]], [0, None]), DataError, "null"),
        (lambda f: logit_arrays([[1], [1]], [0, 1]).predict(f), ParameterError, "do not fit"),
        (lambda f: logit_arrays([[1], [1]], [0, 1]).predict("rows"), ParameterError, "'where' parameter"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call(rows(n=60, classes=2))


def test_a_panel_is_a_frame():
    from foedus.panel import Panel

    frame = rows(classes=2)
    made = pl.DataFrame(
        {
            "ccode1": frame["one"] + 1,
            "ccode2": frame["two"] + 20,
            "year": np.arange(600) + 1200,
            "y": frame["y"],
            "a": frame["a"],
        }
    )
    panel = Panel.of(made.cast({"ccode1": pl.Int32, "ccode2": pl.Int32, "year": pl.Int32}))
    assert logit("y ~ a", panel, errors="dyadic", dyad=("ccode1", "ccode2")).coef == pytest.approx(
        logit("y ~ a", made).coef
    )
