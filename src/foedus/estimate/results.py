"""A fitted logit as statsmodels knows it: its results object at our estimates, with our covariance, for summaries, tests and marginal effects.

Nothing is fitted again: statsmodels gets the estimates and computes from the rows what it is asked. With a penalty or a correction for rare events
the estimates are no maximum of its likelihood; its ``llf`` is then that of the estimates it was given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.extras import require

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from foedus.estimate.logit_result import Logit


def statsmodels_result(
    fit: Logit, x: NDArray[np.float64], y: NDArray[np.integer], weight: NDArray[np.float64] | None = None, *, errors: str | None = None
) -> Any:  # fmt: skip
    """Return statsmodels' results of a fit: of its ``Logit``, of ``MNLogit`` with more classes, of ``GLM`` with weights.

    Parameters
    ----------
    fit : Logit
    x : array, shape (n, n_terms)
        The rows it was fitted on.
    y : int array, shape (n,)
        The number of each row's class.
    weight : array, shape (n,), optional
        How often each row counts; two classes only.
    errors : str, optional
        Which covariance; by default that of the fit.

    Examples
    --------
    >>> import numpy as np
    >>> from foedus.estimate.logit import logit_arrays
    >>> x, y = np.array([[1.0, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]), np.array([0, 0, 1, 0, 1, 1])
    >>> fit = logit_arrays(x, y, terms=("intercept", "land"))
    >>> made = statsmodels_result(fit, x, y)
    >>> made.params.round(4).to_dict(), round(float(made.llf), 4)
    ({'intercept': -0.6931, 'land': 1.3863}, -3.8191)
    """
    require("A fit as statsmodels knows it", "pandas", "statsmodels")
    import pandas as pd

    kind = fit.errors if errors is None else errors
    covariance = fit.covariance(kind)
    columns = pd.DataFrame(x, columns=pd.Index(fit.terms))
    if weight is not None:
        return _glm(fit, columns, y, weight, covariance, kind)
    return _discrete(fit, columns, y, covariance, kind)


def _discrete(fit: Logit, columns: Any, y: NDArray[np.integer], covariance: NDArray[np.float64], kind: str) -> Any:
    """Return results of ``Logit`` or ``MNLogit``."""
    require("A fit as statsmodels knows it", "pandas", "statsmodels")
    import pandas as pd
    from statsmodels.base.model import LikelihoodModelResults
    from statsmodels.discrete import discrete_model as of

    two = len(fit.classes) == 2
    model: Any = (of.Logit if two else of.MNLogit)(pd.Series(y, name="y"), columns)
    params = fit.coef[0] if two else fit.coef.T
    found: Any = LikelihoodModelResults(model, params.ravel(order="F"), normalized_cov_params=covariance, scale=1.0)
    found.params = params
    found.mle_retvals = {"converged": fit.converged, "iterations": fit.iterations}
    found.mle_settings = {"optimizer": "newton"}
    _name(found, kind)
    if two:
        return of.BinaryResultsWrapper(of.LogitResults(model, found))
    return of.MultinomialResultsWrapper(of.MultinomialResults(model, found))


def _glm(
    fit: Logit, columns: Any, y: NDArray[np.integer], weight: NDArray[np.float64], covariance: NDArray[np.float64], kind: str
) -> Any:  # fmt: skip
    """Return results of a binomial ``GLM`` with weights."""
    require("A fit as statsmodels knows it", "statsmodels")
    import statsmodels.genmod.generalized_linear_model as of
    from statsmodels.genmod.families import Binomial

    model: Any = of.GLM(y, columns, family=Binomial(), freq_weights=weight)
    model.mu = model.family.fitted(columns.to_numpy() @ fit.coef[0])
    model.scale = 1.0
    found: Any = of.GLMResults(model, fit.coef[0], covariance, 1.0)
    found.method, found.converged = "newton", fit.converged
    found.fit_history = {"iteration": fit.iterations}
    _name(found, kind)
    return of.GLMResultsWrapper(found)


def _name(found: Any, kind: str) -> None:
    """Write on results which errors theirs are."""
    found.cov_type = "nonrobust" if kind == "classical" else kind
    found.cov_kwds = {"description": f"Standard errors: {kind}, as foedus computes them."}
