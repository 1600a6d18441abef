"""The conventions of scikit-learn, by scikit-learn's own checks, and the fits by those of `foedus.estimate.logit`."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks

from foedus.errors import DataError, ParameterError
from foedus.estimate import rare
from foedus.estimate.classifier import LogitClassifier
from foedus.estimate.logit import logit_arrays

WIDE = "15 rows of 30 columns: no logit is identified, and collinear columns are refused by name"
APART = "classes that columns separate: the likelihood has no maximum, and the columns are refused by name"
#: Checks whose rows are of classes that columns separate. With penalty="firth" each of them is passed.
SEPARATED = (
    "check_estimators_overwrite_params", "check_dont_overwrite_parameters", "check_estimators_fit_returns_self", "check_readonly_memmap_input",
    "check_positive_only_tag_during_fit", "check_sample_weights_shape", "check_sample_weights_not_overwritten",
    "check_pipeline_consistency", "check_estimators_pickle", "check_f_contiguous_array_estimator", "check_classifiers_classes",
    "check_methods_sample_order_invariance", "check_methods_subset_invariance", "check_fit2d_1feature", "check_dict_unchanged",
    "check_fit2d_predict1d",
)  # fmt: skip


@parametrize_with_checks(
    [LogitClassifier(penalty="firth"), LogitClassifier(penalty="firth", rare="prior", population=0.2, fit_intercept=True)],
    expected_failed_checks=lambda _: {"check_sample_weight_equivalence_on_dense_data": WIDE}, xfail_strict=True,
)  # fmt: skip
def test_conventions_with_firths_penalty(estimator, check):
    check(estimator)


@pytest.mark.parametrize("estimator", [LogitClassifier(), LogitClassifier(rare="bias")], ids=["plain", "rare"])
def test_conventions_without_penalty(estimator):
    """All checks but those whose rows have no estimate; each of these fails for that reason and no other."""
    reasons = dict.fromkeys(SEPARATED, APART) | {"check_sample_weight_equivalence_on_dense_data": WIDE}
    found = check_estimator(estimator, expected_failed_checks=reasons, on_skip=None)
    failed = {f["check_name"]: f["exception"] for f in found if f["status"] == "xfail"}
    assert set(failed) == set(reasons)
    assert {f["status"] for f in found} <= {"passed", "xfail", "skipped"}
    for name, error in failed.items():
        words = "sums of each other" if reasons[name] == WIDE else "separate the classes"
        chain = [str(e) for e in (error, error.__cause__, error.__context__) if e is not None]
        assert any(words in text for text in chain), (name, chain)


def sample(n=400, seed=1, classes=2):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    u = rng.random(n)
    y = (u < 1 / (1 + np.exp(1 - x[:, 0]))).astype(int)
    return x, y if classes == 2 else np.where(u > 0.9, 2, y)


@pytest.mark.parametrize("classes", [2, 3])
def test_it_is_the_logit(classes):
    x, y = sample(classes=classes)
    ours = LogitClassifier(errors="robust").fit(x, y)
    fit = logit_arrays(np.column_stack([np.ones(len(x)), x]), y, errors="robust")
    assert (ours.coef_ == fit.coef[:, 1:]).all()
    assert (ours.intercept_ == fit.coef[:, 0]).all()
    assert (ours.fit_.covariance() == fit.covariance()).all()
    p = fit.predict(np.column_stack([np.ones(len(x)), x]))
    assert ours.predict_proba(x)[:, -1] == pytest.approx(p if classes == 2 else p[:, -1])
    assert ours.predict_log_proba(x) == pytest.approx(np.log(ours.predict_proba(x)))
    eta = ours.decision_function(x)
    odds = eta if classes == 2 else eta[:, 1]
    assert odds == pytest.approx(np.log(ours.predict_proba(x)[:, 1] / ours.predict_proba(x)[:, 0]))
    assert (ours.predict(x) == np.argmax(ours.predict_proba(x), axis=1)).all()


@pytest.mark.parametrize("classes", [2, 3])
def test_statsmodels_results_are_those_that_it_finds_itself(classes):
    from statsmodels.discrete.discrete_model import Logit, MNLogit

    x, y = sample(classes=classes)
    ours = LogitClassifier().fit(x, y)
    columns = np.column_stack([np.ones(len(x)), x])
    theirs = (Logit if classes == 2 else MNLogit)(y, columns).fit(disp=0, tol=1e-12)
    made = ours.result
    assert made is ours.result
    for name in ("params", "bse", "tvalues", "pvalues", "llf", "llnull", "aic", "bic", "prsquared"):
        assert np.asarray(getattr(made, name)) == pytest.approx(np.asarray(getattr(theirs, name)), abs=1e-6), name
    assert np.asarray(made.cov_params()) == pytest.approx(np.asarray(theirs.cov_params()), abs=1e-6)
    assert made.get_margeff().margeff == pytest.approx(theirs.get_margeff().margeff, abs=1e-6)
    assert np.asarray(made.predict()) == pytest.approx(np.asarray(theirs.predict()), abs=1e-6)
    assert "intercept" in str(made.summary())
    if classes == 2:
        assert float(made.wald_test("x0 = 0", scalar=True).pvalue) == pytest.approx(
            float(theirs.wald_test("x1 = 0", scalar=True).pvalue), abs=1e-6
        )
        robust = LogitClassifier(errors="robust").fit(x, y).result
        assert np.asarray(robust.bse) == pytest.approx(
            Logit(y, columns).fit(disp=0, tol=1e-12, cov_type="HC0").bse, abs=1e-6
        )
        assert robust.cov_type == "robust"


def test_statsmodels_results_with_weights_are_those_of_its_glm():
    import statsmodels.api as sm

    x, y = sample()
    w = np.random.default_rng(3).integers(0, 4, len(y))
    ours = LogitClassifier().fit(x, y, sample_weight=w)
    theirs = sm.GLM(y, np.column_stack([np.ones(len(x)), x]), family=sm.families.Binomial(), freq_weights=w).fit(
        tol=1e-12
    )
    for name in ("params", "bse", "pvalues", "llf", "deviance", "null_deviance", "aic"):
        assert np.asarray(getattr(ours.result, name)) == pytest.approx(np.asarray(getattr(theirs, name)), abs=1e-6), (
            name
        )
    assert "x1" in str(ours.result.summary())


def test_rows_that_count_nought_or_thrice_are_left_out_or_there_thrice():
    for asked in ({}, {"penalty": "firth"}, {"rare": "bias"}, {"rare": "prior", "population": 0.01}):
        x, y = sample()
        w = np.random.default_rng(4).integers(0, 4, len(y))
        once = LogitClassifier(**asked).fit(x, y, sample_weight=w)
        twice = LogitClassifier(**asked).fit(x.repeat(w, axis=0), y.repeat(w))
        assert once.predict_proba(x) == pytest.approx(twice.predict_proba(x), abs=1e-9)
    y = np.where(np.arange(400) < 200, 0, np.where(np.arange(400) < 300, 1, 2))
    live = (y < 2).astype(float)
    assert LogitClassifier(penalty="firth").fit(x, y, sample_weight=live).classes_.tolist() == [0, 1]


def test_pipelines_cross_validation_and_searches():
    x, y = sample()
    pipe = make_pipeline(StandardScaler(), LogitClassifier())
    plain = LogitClassifier().fit(x, y)
    assert pipe.fit(x, y).predict_proba(x) == pytest.approx(plain.predict_proba(x), abs=1e-8)
    forward = TimeSeriesSplit(4)
    scores = cross_val_score(pipe, x, y, cv=forward, scoring="neg_log_loss")
    by_hand = []
    for train, test in forward.split(x):
        p = LogitClassifier().fit(x[train], y[train]).predict_proba(x[test])[np.arange(len(test)), y[test]]
        by_hand.append(np.log(p).mean())
    assert scores == pytest.approx(by_hand, abs=1e-7)
    search = GridSearchCV(
        LogitClassifier(),
        {"penalty": [None, "firth"], "fit_intercept": [True, False]},
        cv=forward,
        scoring="neg_log_loss",
    )
    search.fit(x, y)
    assert search.best_params_["fit_intercept"]
    assert clone(search.best_estimator_).get_params() == search.best_estimator_.get_params()
    by_year = cross_val_score(
        LogitClassifier(errors="cluster"), x, y, cv=3, params={"cluster": np.arange(len(y)) // 10}
    )
    assert len(by_year) == 3


def test_frames_give_names_and_pickles_come_back():
    x, y = sample()
    for frame in (pd.DataFrame(x, columns=["land", "parity"]), pl.DataFrame(x, schema=["land", "parity"])):
        made = LogitClassifier(penalty="firth", errors="profile").fit(frame, np.where(y, "war", "peace"))
        assert made.feature_names_in_.tolist() == ["land", "parity"]
        assert made.fit_.table()["term"].to_list() == ["intercept", "land", "parity"]
        assert set(made.predict(frame)) <= {"war", "peace"}
        back = pickle.loads(pickle.dumps(made))
        assert (back.predict_proba(frame) == made.predict_proba(frame)).all()
        assert back.result.params.to_dict() == made.result.params.to_dict()
    with pytest.raises(ValueError, match="feature names"):
        made.predict(pd.DataFrame(x, columns=["parity", "land"]))


def test_clusters_dyads_and_bootstraps():
    x, y = sample()
    rng = np.random.default_rng(5)
    one = rng.integers(12, size=len(y))
    two = (one + rng.integers(1, 12, size=len(y))) % 12
    both = np.column_stack([np.arange(len(y)) // 4, np.arange(len(y)) % 100])
    columns = np.column_stack([np.ones(len(y)), x])
    for errors, asked, kept in (
        ("cluster", {"cluster": one}, {"cluster": one}),
        ("cluster", {"cluster": both}, {"cluster": both}),
        ("dyadic", {"dyad": np.column_stack([one, two])}, {"dyad": (one, two)}),
        ("bootstrap", {}, {"draws": 30, "seed": 7}),
    ):
        made = LogitClassifier(errors=errors, draws=30, random_state=7).fit(x, y, **asked)
        assert made.fit_.covariance() == pytest.approx(logit_arrays(columns, y, errors=errors, **kept).covariance())


def test_chances_with_the_doubt_in_them():
    x, y = sample(60)
    for how in ("corrected", "averaged"):
        made = LogitClassifier(chances=how).fit(x, y)
        expected = rare.chances(np.column_stack([np.ones(60), x]), made.fit_.coef[0], made.fit_.covariance(), how)
        assert made.predict_proba(x)[:, 1] == pytest.approx(expected)
        assert made.predict_proba(x).sum(axis=1) == pytest.approx(np.ones(60))


def test_what_cannot_be_fitted_is_refused():
    x, y = sample(60)
    three = np.arange(60) % 3
    for asked, words in (({"penalty": "firth"}, "penalty='firth'"), ({"rare": "bias"}, "rare='bias'")):
        with pytest.raises(
            ParameterError, match=f"Only binary classification is supported with {words}: got 3 classes"
        ):
            LogitClassifier(**asked).fit(x, three)
    with pytest.raises(ParameterError, match="Only 1 class among the rows: got 1"):
        LogitClassifier().fit(x, np.ones(60))
    with pytest.raises(ParameterError, match=r"'population' parameter: got 0.1; expected none without rare"):
        LogitClassifier(population=0.1).fit(x, y)
    with pytest.raises(DataError, match="Terms separate the classes"):
        LogitClassifier().fit(x, (x[:, 0] > 0).astype(int))
    without = LogitClassifier(fit_intercept=False).fit(x, y)
    assert without.intercept_.tolist() == [0.0]
    assert without.coef_.shape == (1, 2)
