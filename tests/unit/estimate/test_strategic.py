"""Strategic models against one-choice models of statsmodels, planted games, and what has no estimate."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.api as sm
from scipy.special import ndtr
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_predict

from foedus.errors import DataError, ParameterError
from foedus.estimate.backward_start import backward_start
from foedus.estimate.game_trees import EGAME12, EGAME122, Leaf, Node, Tree, chances
from foedus.estimate.maximum import highest
from foedus.estimate.strategic import Likelihood, strategic
from foedus.estimate.strategic_model import StrategicModel

ONE = Tree("one choice", Node(1, Leaf(0), Leaf(1)), ("u11",))
FORMULA = "end ~ 0 | 1 | 1 | z"


def rows(n=1500, seed=2):
    rng = np.random.default_rng(seed)
    z, x = rng.normal(size=(2, n))
    p4 = ndtr((0.5 + z) / 2**0.5)
    resists = rng.random(n) < p4
    challenges = rng.random(n) < ndtr((1.5 - 2.5 * p4 - 0.8 * x) / 2**0.5)
    return pl.DataFrame(
        {"end": np.where(challenges, np.where(resists, 4, 3), 1), "z": z, "x": x, "year": rng.integers(1900, 1930, n)}
    )


def test_a_game_of_one_choice_is_a_logit_and_a_probit():
    data = rows().with_columns(y=(pl.col("end") == 4).cast(int))
    exog = sm.add_constant(data.select("z", "x").to_numpy())
    logit = strategic("y ~ z + x", data, game=ONE, link="logit", errors=("classical", "robust"))
    reference = sm.Logit(data["y"].to_numpy(), exog).fit(disp=0)
    assert logit.coef == pytest.approx(reference.params, abs=1e-6)
    assert logit.log_likelihood == pytest.approx(reference.llf)
    assert logit.covariance() == pytest.approx(reference.cov_params(), abs=1e-7)
    robust = sm.Logit(data["y"].to_numpy(), exog).fit(disp=0, cov_type="HC0").cov_params()
    assert logit.covariance("robust") == pytest.approx(robust, abs=1e-6)
    probit = strategic("y ~ z + x", data, game=ONE)
    assert probit.coef / 2**0.5 == pytest.approx(sm.Probit(data["y"].to_numpy(), exog).fit(disp=0).params, abs=1e-6)


@pytest.mark.parametrize("game", ["egame12", "egame122", "egame123"])
def test_planted_utilities_are_found_within_their_errors(game):
    from foedus.estimate.game_trees import TREES

    tree = TREES[game]
    n = 2500
    rng = np.random.default_rng(7)
    z = rng.normal(size=(n, 2))
    parts = {
        "egame12": ("0", "1 + a", "1", "b"),
        "egame122": ("0", "1", "1 + a", "1", "1 + b", "b"),
        "egame123": ("0", "1 + a", "1", "1", "1", "0", "1", "1 + b"),
    }[game]
    formula = "end ~ " + " | ".join(parts)
    frame = pl.DataFrame({"a": z[:, 0], "b": z[:, 1]})
    from foedus.estimate.design import parts as design_parts

    x, _, _ = design_parts("a", parts, frame)
    true = rng.normal(size=sum(p.shape[1] for p in x)) * 0.8
    from foedus.estimate.game_trees import utilities

    p = np.exp(chances(tree, utilities(tuple(x), true)).log)
    end = np.asarray(tree.outcomes)[(rng.random((n, 1)) > p.cumsum(axis=1)).sum(axis=1)]
    fit = strategic(formula, frame.with_columns(end=end), game=game, starts=1)
    error = np.sqrt(np.diag(fit.covariance()))
    assert (np.abs(fit.coef - true) < 4 * error).all()
    assert fit.log_likelihood > fit.null_log_likelihood
    assert fit.reached >= 1


def test_backward_induction_starts_near_the_maximum():
    data = rows()
    x = (
        np.zeros((data.height, 0)),
        np.ones((data.height, 1)),
        np.ones((data.height, 1)),
        np.column_stack([np.ones(data.height), data["z"].to_numpy()]),
    )
    y = np.searchsorted([1, 3, 4], data["end"].to_numpy())
    for link, information in (("probit", "agent"), ("logit", "agent"), ("probit", "private")):
        whole = Likelihood(EGAME12, x, y, link, information)
        start = whole.value(backward_start(whole))[0]
        assert start > whole.value(np.zeros(4))[0]
        assert start == pytest.approx(
            strategic(FORMULA, data, link=link, information=information, starts=1).log_likelihood, abs=3
        )
    sides = Likelihood(EGAME122, (np.zeros((3, 0)),) * 5 + (np.ones((3, 1)),), np.array([0, 2, 3]), "probit", "agent")
    assert backward_start(sides) == pytest.approx([0.0], abs=0.01)


def test_the_result_tells_and_predicts():
    data = rows(600)
    fit = strategic(FORMULA, data, errors=("cluster", "classical"), cluster="year")
    assert fit.clusters == 30
    table = fit.table()
    assert table["part"].to_list() == ["u13", "u14", "u24", "u24"]
    assert ((table["low"] < table["estimate"]) & (table["estimate"] < table["high"])).all()
    p = fit.predict(data)
    assert p.sum(axis=1) == pytest.approx(1)
    assert np.log(p[np.arange(600), np.searchsorted([1, 3, 4], data["end"].to_numpy())]).sum() == pytest.approx(
        fit.log_likelihood
    )
    draws = fit.predict_draws(data[:3], 200, 1)
    assert draws.shape == (200, 3, 3)
    assert draws[:100].tolist() == fit.predict_draws(data[:3], 100, 1).tolist()
    assert np.abs(draws.mean(axis=0) - p[:3]).max() < 0.05
    assert fit.to_dict()["ends"] == {"1": fit.counts[0], "3": fit.counts[1], "4": fit.counts[2]}
    assert str(fit).startswith("end ~ 0 | 1 | 1 | z as egame12: 600 rows, log-likelihood")
    resampled = strategic(FORMULA, data, errors=("bootstrap", "classical"), cluster="year", draws=30, starts=1)
    spread = np.sqrt(np.diag(resampled.covariance()) / np.diag(resampled.covariance("classical")))
    assert ((spread > 0.5) & (spread < 2)).all()
    assert resampled.draw_coef(5, 1).shape == (5, 4)
    assert (resampled.interval()[0] < resampled.interval()[1]).all()


def test_named_ends_are_those_of_the_column():
    data = rows(600).with_columns(pl.col("end").replace_strict({1: "stays", 3: "yields", 4: "resists"}))
    named = strategic(FORMULA, data, ends=("stays", "yields", "resists"), starts=1)
    assert named.coef == pytest.approx(strategic(FORMULA, rows(600), starts=1).coef)
    assert named.ends == ("stays", "yields", "resists")


@pytest.mark.parametrize(
    ("formula", "options", "match"),
    [
        ("end ~ 1 | 1", {}, "terms or 0 for each utility"),
        ("0 | 1 | 1 | z", {}, "Cannot read the formula"),
        ("end ~ 1 | 1 | 1 | z", {}, "Terms in all utilities of player 1"),
        ("end ~ 0 | 0 | 0 | 0", {}, "at least one term"),
        ("end ~ 0 | 1 | 1 | f(", {}, "Cannot read a part"),
        (FORMULA, {"game": "chess"}, "game"),
        (FORMULA, {"errors": "none"}, "errors"),
        (FORMULA, {"errors": "cluster"}, "column of clusters"),
        (FORMULA, {"errors": "bootstrap", "draws": 1}, "draws"),
        (FORMULA, {"ends": (1, 3)}, "from left to right"),
        (FORMULA, {"starts": 0}, "starts"),
    ],
)
def test_bad_arguments_are_named(formula, options, match):
    with pytest.raises(ParameterError, match=match):
        strategic(formula, rows(200), **options)


def test_rows_that_tell_nothing_are_refused():
    data = rows(300)
    with pytest.raises(DataError, match="Ends that the game does not have"):
        strategic(FORMULA, data.with_columns(end=pl.lit(2)))
    with pytest.raises(DataError, match="An end without a row"):
        strategic(FORMULA, data.with_columns(end=pl.col("end").replace(4, 3)))
    with pytest.raises(DataError, match="No maximum of the likelihood"):
        strategic("end ~ 0 | 1 | 1 | z", data.with_columns(z=(pl.col("end") == 4).cast(float)), starts=2)
    with pytest.raises(DataError, match="sums of each other"):
        strategic("end ~ 0 | 1 | 1 | z + w", data.with_columns(w=2 * pl.col("z")))
    with pytest.raises(DataError, match="Missing values"):
        strategic(FORMULA, data.with_columns(z=pl.when(pl.col("z") > 0).then(None).otherwise(pl.col("z"))))
    fit = strategic(FORMULA, data, starts=1)
    with pytest.raises(ParameterError, match="errors"):
        fit.covariance("robust")
    with pytest.raises(ParameterError, match="level"):
        fit.interval(level=1.5)
    few = pl.concat([data.filter(pl.col("end") != 4), data.filter(pl.col("end") == 4)[:1]])
    with pytest.raises(DataError, match="Resampled sets without a maximum"):
        strategic("end ~ 0 | 1 | 0 | 1", few, errors="bootstrap", draws=20, starts=1)


def test_the_highest_of_two_maxima_is_found_and_a_ridge_refused():
    def two(b):
        near, far = np.exp(-((b - 1) ** 2).sum()), 2 * np.exp(-((b + 2) ** 2).sum())
        return float(near + far), -2 * (b - 1) * near - 2 * (b + 2) * far

    found = highest(two, 1, starts=12, spread=2.0)
    assert found.at == pytest.approx([-2], abs=1e-3)
    assert 1 <= found.reached < 12
    with pytest.raises(DataError, match="No maximum"):
        highest(lambda b: (-float((b[0] - b[1]) ** 2), np.array([-2.0, 2.0]) * (b[0] - b[1])), 2)
    with pytest.raises(DataError, match="No maximum"):
        highest(lambda b: (float(b[0]), np.array([1.0])), 1, starts=2)
    with pytest.raises(DataError, match="No maximum"):
        highest(lambda b: (-float(b[0] ** 2), np.array([-2 * b[0], 0.0])), 2, starts=1)


def test_the_estimator_keeps_scikit_learns_conventions():
    data = rows(400)
    model = StrategicModel(FORMULA, starts=1, information="private")
    with pytest.raises(NotFittedError):
        model.predict_proba(data)
    again = clone(model.set_params(seed=3))
    assert again.get_params() == model.get_params()
    assert not hasattr(again, "result_")
    fitted = again.fit(data)
    assert fitted is again
    assert fitted.classes_.tolist() == [1, 3, 4]
    assert fitted.predict_proba(data) == pytest.approx(
        strategic(FORMULA, data, information="private", starts=1).predict(data), abs=1e-6
    )
    assert set(fitted.predict(data).tolist()) <= {1, 3, 4}
    pandas = pd.DataFrame(data.to_dict(as_series=False))
    folds = cross_val_predict(model, pandas, pandas["end"], cv=3, method="predict_proba")
    assert folds.shape == (400, 3)
