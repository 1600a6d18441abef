"""Binary and multinomial logit: fitted on a formula or on arrays, with the errors one asks for, or a clear word on what cannot be estimated.

Steps are in `foedus.estimate.logit_steps`, the likelihood in `foedus.estimate.multinomial` and, with Firth's penalty, in `foedus.estimate.firth`,
covariances in `foedus.estimate.covariance`. Nothing is penalised, shrunk or corrected unless asked: separated classes and collinear terms are refused
by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import DataError, message, parameter
from foedus.estimate import firth, multinomial
from foedus.estimate import logit_steps as steps
from foedus.estimate.design import INTERCEPT, Missing, check_columns, design
from foedus.estimate.logit_input import ERRORS, Errors, Options, Penalty, check, classes_of, refuse_separation
from foedus.estimate.logit_result import Logit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from narwhals.typing import IntoFrame
    from numpy.typing import ArrayLike, NDArray

    from foedus.estimate.rare import RareEvents
    from foedus.panel.panel import Panel

LOOSE = {"robust", "cluster", "dyadic", "bootstrap"}
"""Errors that measure how rows differ from what is expected of them."""
__all__ = ["ERRORS", "Errors", "logit", "logit_arrays"]


def logit(  # noqa: PLR0913
    formula: str, frame: Panel | IntoFrame, *, errors: Errors | Sequence[Errors] = "classical", cluster: str | Sequence[str] | None = None,
    dyad: tuple[str, str] | None = None, weight: str | None = None, classes: Sequence[Any] | None = None, missing: Missing = "raise",
    penalty: Penalty | None = None, rare: RareEvents | None = None, level: float = 0.95, draws: int = 200, seed: int = 1,
) -> Logit:  # fmt: skip
    """Return the logit of a formula: the log-odds of the left column's classes as a sum of terms.

    Parameters
    ----------
    formula : str
        One column on the left: 0 and 1, or names of classes. ``"onset ~ land + log(cinc_ratio)"``; see `foedus.estimate.design`.
    frame : Panel or any frame
    errors : {"classical", "robust", "cluster", "dyadic", "bootstrap", "profile"} or several
        Covariances to compute; the first is the one that intervals use. ``"bootstrap"`` resamples clusters, or rows without ``cluster``.
        ``"profile"`` has the intervals and tests of the likelihood's profile beside the classical covariance; two classes only.
    cluster : str or two of them, optional
        Column of clusters, such as the year, the pair or the war; two columns for errors by clusters of two kinds.
    dyad : pair of str, optional
        Columns of the two members of each row's pair, for ``"dyadic"``.
    weight : str, optional
        Column that says how often each row counts.
    classes : sequence, optional
        Classes in order, the first the one that others are compared with; by default the values in order.
    missing : {"raise", "drop"}
        What to do with rows in which a column is null.
    penalty : {"firth"}, optional
        Firth's penalty: estimates are finite where classes are separated. Two classes only.
    rare : RareEvents, optional
        Corrections for rare events. Two classes only.
    level : float
        Coverage of profile intervals.
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
        An argument outside its range, or two that exclude each other.

    References
    ----------
    [McFadden1974]_, [Aronow2015]_, [AlbertAnderson1984]_, [Firth1993]_, [KingZeng2001]_

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"war": [0, 0, 1, 0, 1, 1], "land": [0, 0, 0, 1, 1, 1]})
    >>> fit = logit("war ~ land", rows)
    >>> fit.coef.round(4).tolist(), fit.n, fit.events
    ([[-0.6931, 1.3863]], 6, 3)
    """
    kinds = (errors,) if isinstance(errors, str) else tuple(errors)
    by = (cluster,) if isinstance(cluster, str) else tuple(cluster or ())
    made = design(formula, frame, missing=missing, also=(*by, *(dyad or ()), *((weight,) if weight else ())))
    members = None if dyad is None else (made.table[dyad[0]].to_numpy(), made.table[dyad[1]].to_numpy())
    labels = None if not by else made.table[by[0]].to_numpy() if len(by) == 1 else _codes(made.table, by)
    counts = made.table[weight].to_numpy().astype(np.float64) if weight else None
    options = Options(kinds, labels, members, draws, seed, counts, penalty, rare, level)
    return fit_arrays(made.x, made.response, made.columns.terms, classes, options, made.columns)


def logit_arrays(  # noqa: PLR0913
    x: ArrayLike, y: ArrayLike, *, terms: Sequence[str] | None = None, errors: Errors | Sequence[Errors] = "classical",
    cluster: ArrayLike | None = None, dyad: tuple[ArrayLike, ArrayLike] | None = None, weight: ArrayLike | None = None,
    classes: Sequence[Any] | None = None, penalty: Penalty | None = None, rare: RareEvents | None = None, level: float = 0.95,
    draws: int = 200, seed: int = 1,
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
        Labels; of clusters of two kinds, shape (n, 2).
    weight : array, shape (n,), optional
        How often each row counts. Robust errors take each row as one.
    errors, classes, penalty, rare, level, draws, seed
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
    labels, counts = (None if a is None else np.asarray(a) for a in (cluster, weight))
    counts = None if counts is None else counts.astype(np.float64)
    options = Options(kinds, labels, members, draws, seed, counts, penalty, rare, level)
    return fit_arrays(columns, np.asarray(y), names, classes, options, None)


def fit_arrays(
    x: NDArray[np.float64], response: NDArray[Any], terms: tuple[str, ...], classes: Sequence[Any] | None, options: Options, columns: Any
) -> Logit:  # fmt: skip
    """Return the fit of arrays with options that are not yet checked."""
    check(x, response, options)
    if options.weight is not None and not (live := options.weight > 0).all():
        x, response, options = x[live], response[live], options.rows(live)
    ordered, y = classes_of(response, classes)
    if options.two_classes_only and len(ordered) > 2:
        raise parameter("classes", ", ".join(map(str, ordered)), f"two, with {options.two_classes_only}")
    check_columns(x, terms)
    unit = steps.units(x, terms)
    if (unit != 1).any():
        x = x / unit
    made = steps.estimate(x, y, len(ordered), options)
    _check_maximum(x, y, ordered, terms, made, options)
    bread: Any = np.linalg.inv(made.information)
    kinds = set(options.kinds)
    if options.penalty and kinds & LOOSE:
        _check_loose(x, y, ordered, terms, made, kinds & LOOSE)
    scores = steps.scores(x, y, made, options) if kinds & {"robust", "cluster", "dyadic"} else np.empty((0, 0))
    resampled, failed = steps.resample(x, y, made, options) if "bootstrap" in kinds else (None, 0)
    profile = _profile(x, y, made, options, unit) if "profile" in kinds else None
    scale = np.tile(unit, len(made.coef))
    covariances = {}
    for kind in options.kinds:
        factor = 1.0 if kind == "bootstrap" else made.factor
        covariances[kind] = (
            steps.covariance_of(kind, bread, scores, options, resampled) * factor / np.outer(scale, scale)
        )
    often = np.bincount(y, made.weight, minlength=len(ordered))
    counts = np.bincount(y, minlength=len(ordered))
    return Logit(
        terms=terms, classes=ordered, coef=made.coef / unit, errors=options.kinds[0], covariances=covariances,
        counts=tuple(int(c) for c in counts), log_likelihood=made.log_likelihood, null_log_likelihood=float(often @ np.log(often / often.sum())),
        converged=made.converged, iterations=made.iterations, clusters=None if options.cluster is None else len(np.unique(options.cluster, axis=0)),
        resampled=None if resampled is None else resampled / unit, failed=failed, columns=columns, penalty=options.penalty, rare=options.rare,
        penalised_log_likelihood=made.penalised, profile=profile,
    )  # fmt: skip


def _check_maximum(
    x: NDArray[np.float64], y: NDArray[np.int64], ordered: tuple[Any, ...], terms: tuple[str, ...], made: steps.Estimate, options: Options
) -> None:  # fmt: skip
    """Raise where no maximum was found, or none exists."""
    found = multinomial.Maximum(made.raw, made.information, made.log_likelihood, made.converged, made.iterations)
    if (
        not options.penalty
        and multinomial.looks_separated(x, found)
        and not multinomial.maximum_proved(x, y, found, made.weight)
    ):
        refuse_separation(x, y, ordered, terms)
    if not made.converged:
        raise DataError(
            message("No maximum of the likelihood was found", got=f"{made.iterations} steps", hint="scale the columns")
        )


def _check_loose(
    x: NDArray[np.float64], y: NDArray[np.int64], ordered: tuple[Any, ...], terms: tuple[str, ...], made: steps.Estimate, kinds: set[str]
) -> None:  # fmt: skip
    """Raise where penalised estimates owe their being finite to the penalty: rows that are predicted to the letter have no spread to measure."""
    plain = multinomial.maximise(x, y, 2, made.weight, made.raw)
    if not multinomial.looks_separated(x, plain) or multinomial.maximum_proved(x, y, plain, made.weight):
        return
    guilty = [t for t, g in zip(terms, multinomial.separating(x, y, len(ordered)), strict=True) if g]
    if guilty:
        named = ", ".join([t for t in guilty if t != INTERCEPT] or guilty)
        raise DataError(
            message(f"Errors {' and '.join(sorted(kinds))} where terms separate the classes", got=named, expected="errors 'profile' or 'classical'",
                    hint="the spread of rows that are all alike is nothing, and so would be the errors")
        )  # fmt: skip


def _profile(
    x: NDArray[np.float64], y: NDArray[np.int64], made: steps.Estimate, options: Options, unit: NDArray[np.float64]
) -> firth.Profile:  # fmt: skip
    """Return profile intervals in the units of the columns."""
    at = firth.maximise(x, y, made.weight, made.raw[0], penalty=bool(options.penalty))
    found = firth.profile(x, y, at, made.weight, level=options.level, penalty=bool(options.penalty))
    return firth.Profile(found.level, found.low / unit, found.high / unit, found.ratio)


def _codes(table: Any, names: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the labels of clusters of several kinds as numbers, shape (n, n_kinds)."""
    if len(names) != 2:
        raise parameter("cluster", ", ".join(names), "one column or two")
    return np.column_stack([np.unique(table[c].to_numpy(), return_inverse=True)[1] for c in names])
