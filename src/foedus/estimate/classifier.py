"""The logit as an estimator of scikit-learn: `fit`, `predict_proba`, parameters, clone, in pipelines, cross-validation and searches.

The same fits as `foedus.estimate.logit`, which has formulas. Of more than two classes it is the multinomial logit; penalty and corrections for rare
events are there for two. Imports scikit-learn, so that it is imported only when `LogitClassifier` is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from foedus.errors import ParameterError, message, parameter
from foedus.estimate import multinomial
from foedus.estimate.design import INTERCEPT
from foedus.estimate.logit import logit_arrays
from foedus.estimate.rare import RareEvents
from foedus.estimate.results import statsmodels_result
from foedus.extras import missing

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import (
        _check_sample_weight,  # its public place is the documentation of developers; scikit-learn has no other
        check_is_fitted,
        validate_data,
    )
except ImportError as error:
    raise missing("sklearn", "LogitClassifier") from error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from foedus.estimate.logit_result import Logit


class LogitClassifier(ClassifierMixin, BaseEstimator):
    """Logit of two or more classes, with Firth's penalty, corrections for rare events, and the errors of the field.

    Parameters
    ----------
    penalty : {None, "firth"}
        None is maximum likelihood: classes that a combination of columns separates are refused, by the names of the columns. With ``"firth"`` every
        estimate is finite; two classes only.
    rare : {None, "bias", "prior", "weights"}
        Corrections for rare events; see `foedus.estimate.rare.RareEvents`. Two classes only.
    population : float, optional
        Share of events in the population, for ``"prior"`` and ``"weights"``.
    chances : {"plain", "corrected", "averaged"}
        Whether `predict_proba` lets the doubt about coefficients into its chances; two classes only.
    errors : {"classical", "robust", "cluster", "dyadic", "bootstrap", "profile"}
        Of the covariance. ``"cluster"`` and ``"dyadic"`` need ``cluster`` and ``dyad`` in `fit`.
    fit_intercept : bool
    draws, random_state : int
        Of the bootstrap.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
    coef_ : array, shape (1, n_features), or (n_classes - 1, n_features) against the first class
    intercept_ : array, shape (1,) or (n_classes - 1,)
    fit_ : Logit
        Errors, intervals, table, likelihood.
    n_features_in_ : int
    feature_names_in_ : array
        Where the columns have names.
    n_iter_ : int

    Notes
    -----
    The rows of `fit` are kept for `result`, in pickles too.

    References
    ----------
    [McFadden1974]_, [Firth1993]_, [KingZeng2001]_, [Aronow2015]_

    Examples
    --------
    >>> x, y = np.array([[0.0], [0], [0], [1], [1], [1]]), ["peace", "peace", "war", "peace", "war", "war"]
    >>> fitted = LogitClassifier().fit(x, y)
    >>> fitted.predict_proba([[0.0], [1.0]]).round(4).tolist(), fitted.predict([[1.0]]).tolist()
    ([[0.6667, 0.3333], [0.3333, 0.6667]], ['war'])
    """

    def __init__(
        self, *, penalty: str | None = None, rare: str | None = None, population: float | None = None, chances: str = "plain",
        errors: str = "classical", fit_intercept: bool = True, draws: int = 200, random_state: int = 1,
    ) -> None:  # fmt: skip
        self.penalty = penalty
        self.rare = rare
        self.population = population
        self.chances = chances
        self.errors = errors
        self.fit_intercept = fit_intercept
        self.draws = draws
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn has to know of this estimator."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = self.penalty is None and self.rare is None
        return tags

    def fit(
        self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None, *, cluster: ArrayLike | None = None, dyad: ArrayLike | None = None
    ) -> Self:  # fmt: skip
        """Fit the logit.

        Parameters
        ----------
        X : array or frame, shape (n, n_features)
        y : array, shape (n,)
            Class of each row.
        sample_weight : array, shape (n,), optional
            How often each row counts.
        cluster : array, shape (n,) or (n, 2), optional
            Labels of clusters.
        dyad : array, shape (n, 2), optional
            Labels of the two members of each row's pair.

        Raises
        ------
        ParameterError
            A single class, more classes than the options allow, or an option outside its range.
        DataError
            Columns that are sums of each other, that separate the classes, or no maximum found.
        """
        checked: Any = validate_data(self, X, y, dtype=np.float64, y_numeric=False)  # type: ignore[arg-type]
        x, response = checked
        check_classification_targets(response)
        weight = None if sample_weight is None else _check_sample_weight(sample_weight, x, dtype=np.float64)
        seen = response if weight is None else response[weight > 0]
        self.classes_ = np.unique(seen)
        self._check_classes()
        rare = None if self.rare is None else RareEvents(self.rare, self.population)  # type: ignore[arg-type]
        if rare is None and self.population is not None:
            raise parameter("population", self.population, "none without rare")
        pair = None if dyad is None else np.asarray(dyad)
        columns = np.column_stack([np.ones(len(x)), x]) if self.fit_intercept else x
        self.fit_: Logit = logit_arrays(
            columns, response, terms=self._terms(), errors=self.errors, cluster=cluster, weight=weight,  # type: ignore[arg-type]
            dyad=None if pair is None else (pair[:, 0], pair[:, 1]), classes=self.classes_.tolist(), penalty=self.penalty,  # type: ignore[arg-type]
            rare=rare, draws=self.draws, seed=self.random_state,
        )  # fmt: skip
        skip = int(self.fit_intercept)
        self.coef_ = self.fit_.coef[:, skip:].copy()
        self.intercept_ = self.fit_.coef[:, 0].copy() if self.fit_intercept else np.zeros(len(self.fit_.coef))
        self.n_iter_ = self.fit_.iterations
        which: Any = np.searchsorted(self.classes_, response)
        self._rows = (columns, which, weight)
        return self

    def _check_classes(self) -> None:
        """Raise unless there are as many classes as the options can do with."""
        if len(self.classes_) < 2:
            raise ParameterError(
                message("Only 1 class among the rows", got=self.classes_[0], expected="at least two classes")
            )
        if len(self.classes_) > 2 and (self.penalty is not None or self.rare is not None):
            asked = f"penalty={self.penalty!r}" if self.penalty else f"rare={self.rare!r}"
            raise ParameterError(
                message("Only binary classification is supported with " + asked, got=f"{len(self.classes_)} classes", expected="two classes")
            )  # fmt: skip

    def _terms(self) -> tuple[str, ...]:
        """Return the names of the terms."""
        named = getattr(self, "feature_names_in_", None)
        count: int = self.n_features_in_  # type: ignore[attr-defined]
        names = [f"x{k}" for k in range(count)] if named is None else list(named)
        return (INTERCEPT, *names) if self.fit_intercept else tuple(names)

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Return log-odds against the first class: shape (n,) of two classes; of more, shape (n, n_classes) with 0 for the first."""
        eta = self._columns(X) @ self.fit_.coef.T
        return eta[:, 0] if len(self.classes_) == 2 else np.column_stack([np.zeros(len(eta)), eta])

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the chance of each class, shape (n, n_classes)."""
        columns = self._columns(X)
        if self.chances == "plain":
            return multinomial.probabilities(columns, self.fit_.coef)
        p = self.fit_.predict(columns, chances=self.chances)  # type: ignore[arg-type]
        return np.column_stack([1 - p, p])

    def predict_log_proba(self, X: Any) -> NDArray[np.float64]:
        """Return logarithms of the chances, shape (n, n_classes)."""
        return np.log(self.predict_proba(X))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the likeliest class of each row, shape (n,); for rare events that is hardly ever the event."""
        likeliest = np.argmax(self.predict_proba(X), axis=1)
        return self.classes_[likeliest]

    @property
    def result(self) -> Any:
        """The fit as a results object of statsmodels, at these estimates and with this covariance; made when first asked for."""
        check_is_fitted(self)
        if "_result" not in self.__dict__:
            columns, y, weight = self._rows
            self._result = statsmodels_result(self.fit_, columns, y, weight)
        return self._result

    def _columns(self, X: Any) -> NDArray[np.float64]:
        """Return the columns of the model."""
        check_is_fitted(self)
        x: Any = validate_data(self, X, dtype=np.float64, reset=False)
        return np.column_stack([np.ones(len(x)), x]) if self.fit_intercept else x
