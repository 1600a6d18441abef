"""Functions that formulas may use beside those of formulaic: ``cubic`` and ``ns`` for time since the last event, ``lag`` for the year before.

``log, exp, scale, center, poly, bs, cr, C`` and interactions are formulaic's. Its own ``lag`` takes the row before, which in a panel may be another
unit's: here ``lag(column)`` and ``lag(column, years)`` look the value up by the row's own keys (convention 4.2), and it is missing where that row
is. Fits nothing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import DataError, ParameterError, message
from foedus.estimate.polynomial import time_polynomial
from foedus.extras import require
from foedus.panel import unit as units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from foedus.panel.unit import Unit

_LAG = re.compile(r"(?<![\w.`])lag\(\s*([A-Za-z_]\w*)\s*(?:,\s*(\d+)\s*)?\)")
_LEFT = re.compile(r"(?<![\w.`])lag\(")
_NAMED = re.compile(r"^lag\((\w+)(?:, (\d+))?\)$")


def natural_spline(x: ArrayLike, knots: Sequence[float], low: float, high: float) -> NDArray[np.float64]:
    """Return a natural cubic spline's columns without the constant, shape (n, n_knots + 1): cubic between knots, linear outside ``low`` and ``high``.

    Parameters
    ----------
    x : array, shape (n,)
    knots : sequence of float
        Between ``low`` and ``high``, ascending.
    low, high : float

    Raises
    ------
    ParameterError
        Knots that do not ascend between both ends.

    References
    ----------
    [Beck1998]_

    Examples
    --------
    >>> natural_spline([0, 5, 10], [5], 0, 10).round(4).tolist()
    [[0.0, 0.0], [0.5, 0.125], [1.0, 0.75]]
    """
    places = np.array([low, *knots, high], dtype=np.float64)
    if not (np.diff(places) > 0).all():
        got = ", ".join(f"{k:g}" for k in places)
        raise ParameterError(message("Knots of a spline", got=got, expected="ascending between the ends of the values"))
    span = high - low
    t, k = (np.asarray(x, dtype=np.float64) - low) / span, (places - low) / span
    cubes = np.maximum(t[:, None] - k, 0.0) ** 3
    bent = (cubes[:, :-1] - cubes[:, -1:]) / (k[-1] - k[:-1])
    return np.column_stack([t, bent[:, :-1] - bent[:, -1:]])


@cache
def functions() -> dict[str, Any]:
    """Return the functions by the name that formulas call them by."""
    require("A formula", "formulaic")
    from formulaic.materializers.types import FactorValues
    from formulaic.utils.stateful_transforms import stateful_transform

    def cubic(t: ArrayLike, unit: float = 10.0) -> Any:
        made = time_polynomial(np.asarray(t, dtype=np.float64), unit=unit)
        return FactorValues(made, column_names=("t", "t2", "t3"))

    def ns(
        x: ArrayLike, df: int = 3, knots: Iterable[float] | None = None, _state: dict[str, Any] | None = None
    ) -> Any:
        values, kept = np.asarray(x, dtype=np.float64), {} if _state is None else _state
        if "knots" not in kept:
            inside = (
                np.quantile(values, np.arange(1, df) / df)
                if knots is None
                else np.asarray(list(knots), dtype=np.float64)
            )
            kept.update(knots=[float(k) for k in inside], low=float(values.min()), high=float(values.max()))
            first = natural_spline(values, kept["knots"], kept["low"], kept["high"])
            kept.update(mean=first.mean(axis=0), turn=_uncorrelated(first))
        made = (natural_spline(values, kept["knots"], kept["low"], kept["high"]) - kept["mean"]) @ kept["turn"]
        return FactorValues(made, column_names=tuple(str(k + 1) for k in range(made.shape[1])))

    return {"cubic": cubic, "ns": stateful_transform(ns)}


def _uncorrelated(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what turns columns into uncorrelated ones of variance 1, each from those before it, shape (k, k)."""
    upper: Any = np.linalg.qr(columns - columns.mean(axis=0), mode="r") / np.sqrt(len(columns))
    if not (np.abs(np.diag(upper)) > 1e-9).all():
        raise ParameterError(
            message(
                "Knots of a spline",
                got="knots with no values between them",
                expected="fewer knots",
                hint="a smaller df",
            )
        )
    return np.linalg.inv(upper)


def named_lags(formula: str) -> str:
    """Return a formula in which every lag is the name of a column: ``lag(x)`` becomes the column called ``lag(x)``.

    Raises
    ------
    ParameterError
        A lag of something else than a column.

    Examples
    --------
    >>> named_lags("y ~ lag(x) + log(lag(x,2))")
    'y ~ `lag(x)` + log(`lag(x, 2)`)'
    """

    def name(found: re.Match[str]) -> str:
        return f"`lag({found[1]}{f', {int(found[2])}' if found[2] and int(found[2]) != 1 else ''})`"

    made = _LAG.sub(name, formula)
    if _LEFT.search(made):
        raise ParameterError(
            message("A lag in the formula", got=formula, expected="lag(COLUMN) or lag(COLUMN, YEARS)", hint="log(lag(x)), not lag(log(x))")
        )  # fmt: skip
    return made


def lags_among(names: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Return which names are those of lags: of which column and how many years."""
    found = {name: _NAMED.match(name) for name in names}
    return {name: (m[1], int(m[2] or 1)) for name, m in found.items() if m}


def with_lags(table: pl.DataFrame, wanted: dict[str, tuple[str, int]], unit: Unit | None) -> pl.DataFrame:
    """Return a table with columns of earlier years, each row's own unit's; null where that unit has no row in that year.

    Parameters
    ----------
    table : polars.DataFrame
    wanted : dict of str to (str, int)
        New column, the column it is of, and years.
    unit : Unit, optional
        By default read from the columns.

    Raises
    ------
    DataError
        A column that is not there, a frame without a unit of analysis, or a unit that has a year twice.
    """
    import polars as pl
    from polars.exceptions import ComputeError

    for name, (column, years) in wanted.items():
        if name in table.columns:
            continue
        if column not in table.columns:
            raise DataError(
                message(f"The frame lacks the column of {name}", got=", ".join(table.columns[:12]), expected=column)
            )
        known = unit or units.infer(table.columns, table)
        who = [k for k in known.keys if k != known.time]
        earlier = table.select(
            *who, (pl.col(known.time) + years).cast(table.schema[known.time]), pl.col(column).alias(name)
        )
        try:
            table = table.join(earlier, on=[*who, known.time], how="left", validate="m:1", maintain_order="left")
        except ComputeError as error:
            hint = "the year before is then not one value"
            raise DataError(
                message("A unit has a year twice", expected=f"one row for each {', '.join(known.keys)}", hint=hint)
            ) from error
    return table
