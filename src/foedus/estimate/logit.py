"""Binary and multinomial logit: fitted on a formula or on arrays, with the errors one asks for, or a clear word on what cannot be estimated.

The likelihood is in `foedus.estimate.multinomial`, the covariances in `foedus.estimate.covariance`. Nothing is penalised or shrunk: separated classes
and collinear terms are refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from foedus.errors import DataError, message, parameter
from foedus.estimate import covariance, multinomial
from foedus.estimate.design import INTERCEPT, Missing, check_columns, design
from foedus.estimate.logit_result import Logit
from foedus.estimate.resample import cluster_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from narwhals.typing import IntoFrame
    from numpy.typing import ArrayLike, NDArray

    from foedus.panel.panel import Panel

Errors = Literal["classical", "robust", "cluster", "dyadic", "bootstrap"]
ERRORS: tuple[Errors, ...] = ("classical", "robust", "cluster", "dyadic", "bootstrap")


@dataclass(frozen=True)
class _Options:
    """What errors need besides the rows."""

    kinds: tuple[str, ...]
    cluster: NDArray[Any] | None
    dyad: tuple[NDArray[Any], NDArray[Any]] | None
    draws: int
    seed: int


def logit(
    formula: str, frame: Panel | IntoFrame, *, errors: Errors | Sequence[Errors] = "classical", cluster: str | None = None,
    dyad: tuple[str, str] | None = None, classes: Sequence[Any] | None = None, missing: Missing = "raise", draws: int = 200, seed: int = 1,
) -> Logit:  # fmt: skip
    """Return the logit of a formula: the log-odds of the left column's classes as a sum of terms.

    Parameters
    ----------
    formula : str
        One column on the left: 0 and 1, or names of classes. ``"onset ~ land + log(cinc_ratio)"``; see `foedus.estimate.design`.
    frame : Panel or any frame
    errors : {"classical", "robust", "cluster", "dyadic", "bootstrap"} or several
        Covariances to compute; the first is the one that intervals use. ``"bootstrap"`` resamples clusters, or rows without ``cluster``.
    cluster : str, optional
        Column of clusters, such as the year, the pair or the war.
    dyad : pair of str, optional
        Columns of the two members of each row's pair, for ``"dyadic"``.
    classes : sequence, optional
        Classes in order, the first the one that others are compared with; by default the values in order.
    missing : {"raise", "drop"}
        What to do with rows in which a column is null.
    draws, seed : int
        Of the bootstrap.

    Returns
    -------
    Logit

    Raises
    ------
    DataError
        Missing values, a class without rows, terms that are sums of each other, terms that separate the classes, or no maximum found.
    ParameterError
        An argument outside its range.

    References
    ----------
    [McFadden1974]_, [Aronow2015]_, [AlbertAnderson1984]_

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"war": [0, 0, 1, 0, 1, 1], "land": [0, 0, 0, 1, 1, 1]})
    >>> fit = logit("war ~ land", rows)
    >>> fit.coef.round(4).tolist(), fit.n, fit.events
    ([[-0.6931, 1.3863]], 6, 3)
    """
    kinds = (errors,) if isinstance(errors, str) else tuple(errors)
    named = tuple(c for c in (cluster, *(dyad or ())) if c is not None)
    made = design(formula, frame, missing=missing, also=named)
    members = None if dyad is None else (made.table[dyad[0]].to_numpy(), made.table[dyad[1]].to_numpy())
    options = _Options(kinds, None if cluster is None else made.table[cluster].to_numpy(), members, draws, seed)
    return _fit(made.x, made.response, made.columns.terms, classes, options, made.columns)


def logit_arrays(
    x: ArrayLike, y: ArrayLike, *, terms: Sequence[str] | None = None, errors: Errors | Sequence[Errors] = "classical",
    cluster: ArrayLike | None = None, dyad: tuple[ArrayLike, ArrayLike] | None = None, classes: Sequence[Any] | None = None, draws: int = 200,
    seed: int = 1,
) -> Logit:  # fmt: skip
    """Return the logit of arrays: as `logit`, without a formula. A column of ones has to be among those of ``x``.

    Parameters
    ----------
    x : array, shape (n, n_terms)
    y : array, shape (n,)
        Class of each row.
    terms : sequence of str, optional
        Names of the columns of ``x``.
    cluster, dyad : arrays, shape (n,)
        Labels.
    errors, classes, draws, seed
        As of `logit`.

    Raises
    ------
    DataError, ParameterError
        As of `logit`.

    Examples
    --------
    >>> logit_arrays([[1], [1], [1], [1]], [0, 0, 0, 1]).coef.round(4).tolist()
    [[-1.0986]]
    """
    columns = np.asarray(x, dtype=np.float64)
    if columns.ndim != 2:
        raise parameter("x", f"{columns.ndim} dimensions", "rows and columns")
    names = tuple(f"x{k}" for k in range(columns.shape[1])) if terms is None else tuple(terms)
    if len(names) != columns.shape[1]:
        raise parameter("terms", names, f"a name for each of {columns.shape[1]} columns")
    members = None if dyad is None else (np.asarray(dyad[0]), np.asarray(dyad[1]))
    kinds = (errors,) if isinstance(errors, str) else tuple(errors)
    options = _Options(kinds, None if cluster is None else np.asarray(cluster), members, draws, seed)
    return _fit(columns, np.asarray(y), names, classes, options, None)


def _fit(
    x: NDArray[np.float64], response: NDArray[Any], terms: tuple[str, ...], classes: Sequence[Any] | None, options: _Options, columns: Any
) -> Logit:  # fmt: skip
    """Return the fit of checked arguments."""
    _check(x, response, options)
    ordered, y = _classes(response, classes)
    check_columns(x, terms)
    found = multinomial.maximise(x, y, len(ordered))
    if multinomial.looks_separated(x, found):
        _refuse_separation(x, y, ordered, terms)
    if not found.converged:
        raise DataError(
            message("No maximum of the likelihood was found", got=f"{found.iterations} steps", hint="scale the columns")
        )
    scores = multinomial.row_scores(x, y, found.coef)
    bread: Any = np.linalg.inv(found.information)
    resampled, failed = _resampled(x, y, found, options) if "bootstrap" in options.kinds else (None, 0)
    counts = np.bincount(y, minlength=len(ordered))
    return Logit(
        terms=terms, classes=ordered, coef=found.coef, errors=options.kinds[0],
        covariances={kind: _covariance(kind, bread, scores, options, resampled) for kind in options.kinds},
        counts=tuple(int(c) for c in counts), log_likelihood=found.log_likelihood,
        null_log_likelihood=float(counts @ np.log(counts / len(y))), converged=found.converged, iterations=found.iterations,
        clusters=None if options.cluster is None else len(np.unique(options.cluster)), resampled=resampled, failed=failed, columns=columns,
    )  # fmt: skip


def _check(x: NDArray[np.float64], response: NDArray[Any], options: _Options) -> None:
    """Raise for arguments that do not fit together."""
    for kind in options.kinds or ("none",):
        if kind not in ERRORS:
            raise parameter("errors", kind, " or ".join(map(repr, ERRORS)))
    if "cluster" in options.kinds and options.cluster is None:
        raise parameter("cluster", None, "labels of clusters, for errors by cluster")
    if "dyadic" in options.kinds and options.dyad is None:
        raise parameter("dyad", None, "labels of the two members of each pair, for errors by dyad")
    if "bootstrap" in options.kinds and options.draws < 2:
        raise parameter("draws", options.draws, "at least 2")
    for name, labels in (("y", response), ("cluster", options.cluster), *(("dyad", d) for d in options.dyad or ())):
        if labels is not None and labels.shape != (len(x),):
            raise parameter(name, f"shape {labels.shape}", f"shape {(len(x),)}")
    if not np.isfinite(x).all():
        row, column = np.argwhere(~np.isfinite(x))[0]
        raise DataError(
            message("Missing values", got=f"{x[row, column]} in row {row}, column {column}", expected="numbers")
        )


def _classes(response: NDArray[Any], classes: Sequence[Any] | None) -> tuple[tuple[Any, ...], NDArray[np.int64]]:
    """Return the classes in order and the number of each row's."""
    if any(v is None or (isinstance(v, float) and np.isnan(v)) for v in response.tolist()):
        raise DataError(message("Missing values", got="null or NaN among the classes of rows", expected="classes"))
    values, which = np.unique(response, return_inverse=True)
    found = values.tolist()
    ordered = tuple(found if classes is None else classes)
    empty = [str(c) for c in ordered if c not in found]
    if empty:
        raise DataError(message("A class without rows", got=", ".join(empty), expected="rows of every class"))
    strange = [str(v) for v in found if v not in ordered]
    if strange:
        raise DataError(
            message(
                "A class that was not named", got=", ".join(strange), expected=f"one of {', '.join(map(str, ordered))}"
            )
        )
    if len(ordered) < 2:
        raise DataError(
            message(
                "A single class",
                got=", ".join(map(str, ordered)),
                expected="at least two",
                hint="no events, or only events",
            )
        )
    if len(ordered) > 20:
        raise DataError(
            message("Too many classes", got=len(ordered), expected="at most 20", hint="is the left side a number?")
        )
    return ordered, np.array([ordered.index(v) for v in found], dtype=np.int64)[which]


def _refuse_separation(
    x: NDArray[np.float64], y: NDArray[np.int64], classes: tuple[Any, ...], terms: tuple[str, ...]
) -> None:
    """Raise if columns separate the classes."""
    guilty = [t for t, g in zip(terms, multinomial.separating(x, y, len(classes)), strict=True) if g]
    if guilty:
        named = [t for t in guilty if t != INTERCEPT] or guilty
        raise DataError(
            message("Terms separate the classes, so that their log-odds have no finite estimate", got=", ".join(named),
                    expected="every class on both sides of every combination of terms", hint="leave one out, or join thin categories")
        )  # fmt: skip


def _covariance(
    kind: str, bread: NDArray[np.float64], scores: NDArray[np.float64], options: _Options, resampled: NDArray[np.float64] | None
) -> NDArray[np.float64]:  # fmt: skip
    """Return one covariance."""
    if kind == "classical":
        return bread
    if kind == "robust":
        return covariance.robust(bread, scores)
    if kind == "cluster":
        return covariance.clustered(bread, scores, cast("NDArray[Any]", options.cluster))
    if kind == "dyadic":
        one, two = cast("tuple[NDArray[Any], NDArray[Any]]", options.dyad)
        return covariance.dyadic(bread, scores, one, two)
    flat = cast("NDArray[np.float64]", resampled)
    return np.cov(flat.reshape(len(flat), -1), rowvar=False).reshape(len(bread), -1)


def _resampled(
    x: NDArray[np.float64], y: NDArray[np.int64], found: multinomial.Maximum, options: _Options
) -> tuple[NDArray[np.float64], int]:
    """Return the coefficients of resampled sets, shape (n_kept, n_classes - 1, n_terms), and how many sets had no finite estimate.

    Raises
    ------
    DataError
        More than a tenth of the sets had none.
    """
    labels = np.arange(len(x)) if options.cluster is None else options.cluster
    far = np.maximum(multinomial.SUSPECT, 2 * multinomial.reach(x, found.coef))
    kept = []
    for weight in cluster_weights(labels, options.draws, options.seed):
        live = weight > 0
        one = multinomial.maximise(x[live], y[live], len(found.coef) + 1, weight[live], found.coef)
        if one.converged and (multinomial.reach(x, one.coef) <= far).all():
            kept.append(one.coef)
    failed = options.draws - len(kept)
    if failed > options.draws / 10 or len(kept) < 2:
        raise DataError(
            message("Resampled sets without a finite estimate", got=f"{failed} of {options.draws}", expected="at most a tenth",
                    hint="an outcome or a category is in too few clusters")
        )  # fmt: skip
    return np.array(kept), failed
