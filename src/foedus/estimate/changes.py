"""What a model says of one variable at a time: the mean chance with it low and high, all else as observed, and the difference with its doubt.

The mean is over the rows that were fitted, each with its own values of the other variables [KingTomzWittenberg2000]_, [HanmerKalkan2013]_; the
interval is by the delta method with the errors of the fit. Two classes. It says what the model says: a change of a variable in a regression is no
experiment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.estimate.design import variables_of

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.estimate.logit_result import Logit

LEVELS = 6
"""Categories of a variable that are compared, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Change:
    """The mean chance, ``p_before`` and ``p_after``, with a variable at two values, ``before`` and ``after``; ``difference`` with its interval."""

    variable: str
    before: Any
    after: Any
    p_before: float
    p_after: float
    difference: float
    low: float
    high: float
    level: float


def first_differences(
    fit: Logit, table: pl.DataFrame, x: NDArray[np.float64], *, weight: NDArray[np.float64] | None = None, level: float = 0.95,
    errors: str | None = None,
) -> tuple[Change, ...]:  # fmt: skip
    """Return the change of the mean chance for every variable of a formula.

    A variable of 0 and 1 goes from 0 to 1, another number from its lower to its upper quartile (where they are the same, from its tenth to its
    ninetieth percentile, or from its least to its greatest value), a category from the most frequent to each other.

    Parameters
    ----------
    fit : Logit
        Of a formula; two classes.
    table : polars.DataFrame
        The columns of the formula in the rows that were fitted.
    x : array, shape (n, n_terms)
        The terms of these rows.
    weight : array, shape (n,), optional
        Weight of each row in the mean.
    level : float
        Coverage of the interval.
    errors : str, optional
        Which errors; by default those of the fit.

    Raises
    ------
    ParameterError
        A fit on arrays, or of more than two classes.
    """
    from scipy.special import expit, ndtri

    if fit.columns is None or len(fit.classes) > 2:
        raise parameter("fit", f"{fit.formula} of {len(fit.classes)} classes", "the fit of a formula with two classes")
    if not 0 < level < 1:
        raise parameter("level", level, "a coverage between 0 and 1")
    w = np.full(len(x), 1 / len(x)) if weight is None else weight / weight.sum()
    coef, covariance, width = fit.coef[0], fit.covariance(errors), ndtri(0.5 + level / 2)
    alone = _alone(fit)

    def mean(variable: str, value: Any) -> tuple[float, NDArray[np.float64]]:
        if variable in alone:
            j = alone[variable]
            p = expit(x @ coef + (float(value) - x[:, j]) * coef[j])
            slope = x.T @ (w * p * (1 - p))
            slope[j] = float(value) * float(w @ (p * (1 - p)))
        else:
            there = fit.columns.of(table.with_columns(_constant(table, variable, value)))  # type: ignore[union-attr]
            p = expit(there @ coef)
            slope = there.T @ (w * p * (1 - p))
        return float(w @ p), slope

    out = []
    for variable in sorted(variables_of(fit.columns.spec.formula), key=_order(fit)):
        for before, after in _values(table[variable]):
            (p0, s0), (p1, s1) = mean(variable, before), mean(variable, after)
            half = float(width * np.sqrt(max(0.0, (s1 - s0) @ covariance @ (s1 - s0))))
            out.append(Change(variable, before, after, p0, p1, p1 - p0, p1 - p0 - half, p1 - p0 + half, level))
    return tuple(out)


def _alone(fit: Logit) -> dict[str, int]:
    """Return the column of each variable that is a term by itself and in no other."""
    spec: Any = fit.columns.spec  # type: ignore[union-attr]
    found: dict[str, int] = {}
    used: dict[str, int] = {}
    for term, places in spec.term_indices.items():
        names = variables_of([term])
        for name in names:
            used[name] = used.get(name, 0) + 1
        if len(term.factors) == 1 and len(places) == 1 and names == {term.factors[0].expr.strip("`")}:
            found[next(iter(names))] = places[0]
    numeric = {name: j for name, j in found.items() if fit.terms[j] == name}
    return {name: j for name, j in numeric.items() if used[name] == 1}


def _order(fit: Logit) -> Any:
    """Return the key that sorts variables by the first term that names them."""
    text = " ".join(fit.terms)
    return lambda name: (text.find(name) if name in text else len(text), name)


def _values(column: pl.Series) -> list[tuple[Any, Any]]:
    """Return pairs of values to compare."""
    import polars as pl

    if column.dtype == pl.Boolean:
        return [(False, True)]
    if not column.dtype.is_numeric():
        most = column.value_counts(sort=True)[column.name].to_list()[:LEVELS]
        return [(most[0], other) for other in most[1:]]
    low, high = float(column.min()), float(column.max())  # type: ignore[arg-type]
    if {low, high} <= {0.0, 1.0} and np.isin(column.to_numpy(), (0, 1)).all():
        return [(0.0, 1.0)]
    for share in (0.25, 0.1, 0.0):
        before, after = (float(column.quantile(q, "nearest")) for q in (share, 1 - share))  # type: ignore[arg-type]
        if before < after:
            return [(before, after)]
    return []


def _constant(table: pl.DataFrame, variable: str, value: Any) -> pl.Expr:
    """Return a column of one value, of the type that it has."""
    import polars as pl

    dtype = table.schema[variable]
    return pl.lit(value, dtype=pl.Float64 if dtype.is_numeric() else dtype).alias(variable)
