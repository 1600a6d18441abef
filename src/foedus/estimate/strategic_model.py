"""Strategic models as scikit-learn's tools use them: parameters when made, rows when fitted. The work is done in `foedus.estimate.strategic`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from foedus.estimate.strategic import Errors, strategic
from foedus.extras import missing

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.utils.validation import check_is_fitted
except ImportError as error:
    raise missing("sklearn", "StrategicModel") from error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from foedus.estimate.game_trees import Information, Link, Tree
    from foedus.estimate.strategic_result import Strategic


class StrategicModel(ClassifierMixin, BaseEstimator):
    """A strategic model with scikit-learn's ``fit``, ``predict_proba``, ``get_params`` and ``clone``.

    It takes frames with named columns, not bare arrays: each utility has terms of its own, which the formula names. Parameters are those of
    `foedus.estimate.strategic.strategic`.

    Attributes
    ----------
    result_ : Strategic
        After ``fit``: coefficients, covariances, table.
    classes_ : array
        Ends of the game from left to right, the columns of ``predict_proba``.

    Examples
    --------
    >>> from sklearn.base import clone
    >>> clone(StrategicModel("end ~ 0 | 1 | 1 | z", game="egame12")).get_params()["formula"]
    'end ~ 0 | 1 | 1 | z'
    """

    def __init__(
        self, formula: str = "", *, game: str | Tree = "egame12", ends: Sequence[Any] | None = None, link: Link = "probit",
        information: Information = "agent", errors: Errors = "classical", cluster: str | None = None, starts: int = 5, draws: int = 200,
        seed: int = 1,
    ) -> None:  # fmt: skip
        self.formula, self.game, self.ends, self.link, self.information = formula, game, ends, link, information
        self.errors, self.cluster, self.starts, self.draws, self.seed = errors, cluster, starts, draws, seed

    def fit(self, X: IntoFrame, y: object = None) -> Self:
        """Fit the rows of a frame, which holds the outcome too; ``y`` is there for scikit-learn's tools and not read."""
        self.result_: Strategic = strategic(
            self.formula, X, **{k: v for k, v in self.get_params().items() if k != "formula"}
        )
        self.classes_ = np.array(self.result_.ends)
        return self

    def predict_proba(self, X: IntoFrame) -> NDArray[np.float64]:
        """Return the chance of each end, shape (n, n_ends)."""
        check_is_fitted(self, "result_")
        return self.result_.predict(X)

    def predict(self, X: IntoFrame) -> NDArray[Any]:
        """Return the likeliest end of each row."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
