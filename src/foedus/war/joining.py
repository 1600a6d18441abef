"""Likelihood of joining: an outsider of an ongoing dispute or war stays out, enters on side A, or enters on side B.

A conditional logit [McFadden1974]_ over three outcomes with one coefficient per term: the log-odds of entering on a side against staying out is a sum
of terms that describe how the state looks at that side (`foedus.war.features`). So the labels of the sides carry nothing but what a term says of
them. A normal prior of mean 0 keeps thin terms finite; the maximum is that of likelihood times prior. Knows arrays only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus import params as parameters
from foedus.errors import DataError, message, parameter
from foedus.estimate import covariance
from foedus.estimate.newton import halved
from foedus.estimate.resample import cluster_weights
from foedus.kernels import streams

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

OUTCOMES = ("stay out", "A", "B")
PRIOR_SD = 1.0
"""Standard deviation of the prior on every coefficient but that of ``constant``."""
BLOCK = 2048
"""Rows whose derivatives are summed at a time, so that they stay in a processor's cache."""
Errors = Literal["cluster", "bootstrap"]


@dataclass(frozen=True)
class Joining:
    """A fitted model of joining.

    Attributes
    ----------
    terms : tuple of str
    coef : float64 array, shape (k,)
    fill : float64 array, shape (k,)
        Mean of each term over the rows fitted on: what an unknown term is taken for.
    covariance : float64 array, shape (k, k)
        By cluster; of resampled sets where these were asked for.
    resampled : float64 array, shape (draws, k), or None
    counts : tuple of int
        Rows of each outcome, unweighted.
    log_likelihood : float
        Weighted, without the prior.
    clusters : int
    bread : float64 array, shape (k, k), or None
        Inverse of the negative second derivatives of log-likelihood plus log-prior; None of a shipped fit.
    scores : float64 array, shape (n, k), or None
        Derivative of each row's weighted log-likelihood; with `bread`, for other covariances.
    """

    terms: tuple[str, ...]
    coef: NDArray[np.float64]
    fill: NDArray[np.float64]
    covariance: NDArray[np.float64]
    resampled: NDArray[np.float64] | None
    counts: tuple[int, ...]
    log_likelihood: float
    clusters: int
    bread: NDArray[np.float64] | None = None
    scores: NDArray[np.float64] | None = None

    def predict(self, x: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the chances of staying out, A and B, shape (n, 3), of terms of shape (n, 2, k); unknown terms take `fill`."""
        return probabilities(filled(x, self.fill), self.coef)

    def draw_coef(self, draws: int, seed: int) -> NDArray[np.float64]:
        """Return coefficients drawn from a normal with the covariance, shape (draws, k); more draws begin with those of fewer."""
        from scipy.special import ndtri

        z = ndtri(streams.uniforms(seed, streams.keys_of([f"joining:{t}" for t in self.terms]), draws))
        return self.coef + z @ covariance.square_root(self.covariance).T

    def table(self, level: float = 0.9) -> pl.DataFrame:
        """Return one row per term: ``term, estimate, std_error, low, high``; percentiles where sets were resampled, else normal."""
        import polars as pl
        from scipy.special import ndtri

        error = np.sqrt(np.diag(self.covariance))
        half = ndtri(0.5 + level / 2) * error
        low, high = self.coef - half, self.coef + half
        if self.resampled is not None:
            low, high = np.quantile(self.resampled, [0.5 - level / 2, 0.5 + level / 2], axis=0)
        return pl.DataFrame({"term": self.terms, "estimate": self.coef, "std_error": error, "low": low, "high": high})


def shipped(specification: str = "core") -> Joining:
    """Return a fit that comes with foedus: from ``params/joining_fitted.toml``, which also says what it was fitted on.

    Parameters
    ----------
    specification : {"core", "from_1946", "wars"}
        GML disputes 1816-2010; those from 1946 on, with nuclear weapons; Correlates of War inter-state wars.

    Raises
    ------
    ParameterError
        No such specification.

    Examples
    --------
    >>> fit = shipped()
    >>> len(fit.terms), fit.clusters
    (40, 2174)
    """
    made = parameters.load("joining_fitted").extra
    names = [key.removesuffix(".fit.terms") for key in made if key.endswith(".fit.terms")]
    if specification not in names:
        raise parameter("specification", specification, f"one of {', '.join(names)}")
    have = {
        key: made[f"{specification}.fit.{key}"]
        for key in ("terms", "coef", "fill", "covariance", "counts", "log_likelihood", "clusters")
    }
    return Joining(
        tuple(have["terms"]), np.array(have["coef"]), np.array(have["fill"]), np.array(have["covariance"]), None, tuple(have["counts"]),
        have["log_likelihood"], have["clusters"],
    )  # fmt: skip


def filled(x: NDArray[np.floating], fill: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return terms as float64 with unknown ones at ``fill``, shape (n, 2, k)."""
    return np.where(np.isnan(x), fill, x)


def probabilities(x: NDArray[np.float64], coef: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chances of staying out, A and B.

    Parameters
    ----------
    x : array, shape (n, 2, k)
        Terms as seen towards A and towards B.
    coef : array, shape (k,)

    Returns
    -------
    array, shape (n, 3)

    Examples
    --------
    >>> probabilities(np.array([[[1.0], [0.0]]]), np.array([0.0])).round(4).tolist()
    [[0.3333, 0.3333, 0.3333]]
    """
    eta = np.zeros((len(x), 3))
    eta[:, 1:] = (x.reshape(-1, len(coef)) @ coef).reshape(-1, 2)
    eta -= eta.max(axis=1, keepdims=True)
    np.exp(eta, out=eta)
    return eta / eta.sum(axis=1, keepdims=True)


def fit_joining(
    x: NDArray[np.floating], y: ArrayLike, *, terms: tuple[str, ...], cluster: ArrayLike, weight: ArrayLike | None = None,
    prior_sd: float = PRIOR_SD, errors: Errors = "cluster", draws: int = 200, seed: int = 1,
) -> Joining:  # fmt: skip
    """Return the model of joining fitted to rows.

    Parameters
    ----------
    x : array, shape (n, 2, k)
        Terms as seen towards A and towards B; NaN where unknown.
    y : int array, shape (n,)
        0 stayed out, 1 entered on A, 2 on B.
    terms : tuple of str
        Names of the k terms; all but ``constant`` have the prior.
    cluster : array, shape (n,)
        Label of the dispute or war.
    weight : array, shape (n,), optional
        How many rows each stands for.
    prior_sd : float
    errors : {"cluster", "bootstrap"}
        Sandwich by cluster, or resampled clusters.
    draws, seed : int
        Of the bootstrap.

    Raises
    ------
    DataError
        Nobody entered, or a term is unknown in every row.
    ParameterError
        Arrays that do not fit together.

    References
    ----------
    [McFadden1974]_, [ManskiLerman1977]_ (weights), [LiangZeger1986]_

    Examples
    --------
    >>> x = np.array([[[1.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 1.0]], [[1.0, 0.0], [1.0, 0.0]]])
    >>> fit = fit_joining(x, [1, 0, 2, 0], terms=("constant", "defense"), cluster=[1, 1, 2, 2])
    >>> fit.predict(x)[0].round(2).tolist(), fit.counts
    ([0.41, 0.44, 0.14], (2, 1, 1))
    """
    y = np.asarray(y, dtype=np.int64)
    w = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    labels = np.asarray(cluster)
    if x.shape != (len(y), 2, len(terms)) or w.shape != y.shape or labels.shape != y.shape:
        got = f"{x.shape}, {y.shape}, {w.shape}, {labels.shape}"
        raise parameter("x, y, weight, cluster", got, f"(n, 2, {len(terms)}) and (n,) thrice")
    if not y.any():
        raise DataError(message("Nobody entered", got=f"{len(y)} rows of outsiders who stayed out", expected="some"))
    fill = _means(x, w, terms)
    full = filled(x, fill)
    precision = np.where([t == "constant" for t in terms], 0.0, prior_sd**-2.0)
    coef = _maximise(full, y, w, precision, np.zeros(len(terms)))
    gradient, hessian = _slopes(full, y, w, coef)
    bread: Any = np.linalg.inv(hessian + np.diag(precision))
    resampled = _resampled(full, y, w, precision, coef, labels, draws, seed) if errors == "bootstrap" else None
    spread = covariance.clustered(bread, gradient, labels) if resampled is None else np.cov(resampled, rowvar=False)
    came = probabilities(full, coef)[np.arange(len(y)), y]
    counts = tuple(int(c) for c in np.bincount(y, minlength=3))
    return Joining(
        tuple(terms), coef, fill, spread, resampled, counts, float(w @ np.log(came)), len(np.unique(labels)), bread, gradient
    )  # fmt: skip


def _means(x: NDArray[np.floating], w: NDArray[np.float64], terms: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the weighted mean of each term over rows and sides in which it is known."""
    known = ~np.isnan(x)
    total = np.einsum("n,nsk->k", w, known)
    if not (total > 0).all():
        unknown = [t for t, n in zip(terms, total, strict=True) if not n]
        raise DataError(message("Terms that are unknown in every row", got=", ".join(unknown), expected="some values"))
    return np.einsum("n,nsk->k", w, np.where(known, x, 0.0)) / total


def _slopes(
    x: NDArray[np.float64], y: NDArray[np.int64], w: NDArray[np.float64], coef: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the derivative of each row's weighted log-likelihood, shape (n, k), and the negative second derivatives, shape (k, k)."""
    p = probabilities(x, coef)[:, 1:]
    mean = p[:, :1] * x[:, 0] + p[:, 1:] * x[:, 1]
    took = (y[:, None] == [1, 2]).astype(np.float64)
    gradient = w[:, None] * (took[:, :1] * x[:, 0] + took[:, 1:] * x[:, 1] - mean)
    hessian = -(w[:, None] * mean).T @ mean
    for s in (0, 1):
        hessian += ((w * p[:, s])[:, None] * x[:, s]).T @ x[:, s]
    return gradient, hessian


def _maximise(
    x: NDArray[np.float64], y: NDArray[np.int64], w: NDArray[np.float64], precision: NDArray[np.float64], start: NDArray[np.float64],
    steps: int = 60,
) -> NDArray[np.float64]:  # fmt: skip
    """Return the coefficients of the maximum: Newton's steps, halved until they do not go down."""

    def value(coef: NDArray[np.float64]) -> float:
        came = probabilities(x, coef)[np.arange(len(y)), y]
        return float(w @ np.log(np.maximum(came, 1e-300)) - 0.5 * precision @ coef**2)

    coef, here = start, value(start)
    for _ in range(steps):
        slope, hessian = np.zeros(len(coef)), np.zeros((len(coef), len(coef)))
        for a in range(0, len(y), BLOCK):
            part = slice(a, a + BLOCK)
            gradient, curve = _slopes(x[part], y[part], w[part], coef)
            slope += gradient.sum(axis=0)
            hessian += curve
        slope -= precision * coef
        move: Any = np.linalg.solve(hessian + np.diag(precision), slope)
        if move @ slope < 1e-9:
            return coef + move
        coef, here = halved(value, coef, move, here)
    raise DataError(message("No maximum of the likelihood was found", got=f"{steps} steps", hint="scale the terms"))


def _resampled(
    x: NDArray[np.float64], y: NDArray[np.int64], w: NDArray[np.float64], precision: NDArray[np.float64], start: NDArray[np.float64],
    labels: NDArray[Any], draws: int, seed: int,
) -> NDArray[np.float64]:  # fmt: skip
    """Return the coefficients of resampled sets of clusters, shape (draws, k)."""
    found = []
    for times in cluster_weights(labels, draws, seed):
        live = times > 0
        found.append(_maximise(x[live], y[live], (w * times)[live], precision, start))
    return np.array(found)
