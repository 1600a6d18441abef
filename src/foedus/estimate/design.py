"""From a formula and a frame to arrays a model can be fitted on; what cannot be fitted is refused with its name.

Formulas are those of formulaic, whose functions run as Python: a formula is code, as a notebook's cell is. Null is not zero: rows with missing
values are refused, or dropped and counted when asked (convention 4.1). Fits nothing.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import DataError, FoedusError, ParameterError, message, parameter
from foedus.estimate.terms import functions, lags_among, named_lags, with_lags
from foedus.extras import require
from foedus.panel.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

Missing = Literal["raise", "drop"]
INTERCEPT = "intercept"


@dataclass(frozen=True)
class Columns:
    """How to make the columns of a formula: its text, the names of the columns (that of ones is ``intercept``), and what formulaic has to know."""

    formula: str
    terms: tuple[str, ...]
    spec: Any

    def of(self, frame: Panel | IntoFrame) -> NDArray[np.float64]:
        """Return the columns for another frame, shape (n, n_terms).

        Raises
        ------
        DataError
            Columns that are not there, missing values, or a category that the first frame did not have.
        """
        import polars as pl

        needed = sorted(variables_of(self.spec.formula))
        if not needed:
            row = np.asarray(_columns(self.spec, pl.DataFrame({"row": [0]}), self.formula), dtype=np.float64)
            return np.repeat(row.reshape(1, len(self.terms)), as_polars(frame).height, axis=0)
        table, _, _ = _known(frame, needed, "raise")
        return np.asarray(_columns(self.spec, table, self.formula), dtype=np.float64)


@dataclass(frozen=True)
class Design:
    """What a formula makes of a frame.

    Attributes
    ----------
    x : float64 array, shape (n, n_terms)
    response : array, shape (n,)
        Values of the left side.
    rows : int64 array, shape (n,)
        Rows of the frame that were kept.
    table : polars.DataFrame
        The columns that were needed, in these rows.
    columns : Columns
    missing : mapping of str to int
        Rows in which a column was missing, of those that were.
    """

    x: NDArray[np.float64]
    response: NDArray[Any]
    rows: NDArray[np.int64]
    table: pl.DataFrame
    columns: Columns
    missing: Mapping[str, int] = field(default_factory=dict)


def design(formula: str, frame: Panel | IntoFrame, *, missing: Missing = "raise", also: tuple[str, ...] = ()) -> Design:
    """Return the arrays of a formula.

    Parameters
    ----------
    formula : str
        Two-sided, with the name of one column on the left: ``"onset ~ land + log(cinc_ratio)"``. Functions are those of formulaic and of
        `foedus.estimate.terms`.
    frame : Panel or any frame
    missing : {"raise", "drop"}
        What to do with rows in which a column that the formula or ``also`` names is null or NaN.
    also : tuple of str
        Further columns that must be known, such as those of clusters.

    Raises
    ------
    DataError
        Columns that are not there, missing values, or nothing left.
    ParameterError
        No formula, or a left side that is not one column.

    Examples
    --------
    >>> import polars as pl
    >>> made = design("war ~ land", pl.DataFrame({"war": [0, 1, 1], "land": [0.0, 1.0, None]}), missing="drop")
    >>> made.columns.terms, made.x.tolist(), made.response.tolist(), made.rows.tolist()
    (('intercept', 'land'), [[1.0, 0.0], [1.0, 1.0]], [0, 1], [0, 1])
    """
    if missing not in {"raise", "drop"}:
        raise parameter("missing", missing, "'raise' or 'drop'")
    left, right, variables = _parsed(formula)
    needed = sorted({left, *variables, *also})
    table, rows, lacking = _known(frame, needed, missing)
    made = _columns(right, table, formula)
    terms = tuple(INTERCEPT if name == "Intercept" else name for name in made.model_spec.column_names)
    columns = Columns(formula, terms, made.model_spec)
    return Design(np.asarray(made, dtype=np.float64), table[left].to_numpy(), rows, table, columns, lacking)


def formula_variables(formula: str) -> tuple[str, ...]:
    """Return the names of the columns that a formula uses, the left side's first.

    Raises
    ------
    ParameterError
        As `design`.

    Examples
    --------
    >>> formula_variables("onset ~ log(cinc_ratio) + lag(defense)")
    ('onset', 'cinc_ratio', 'lag(defense)')
    """
    left, _, variables = _parsed(formula)
    return (left, *sorted(variables - {left}))


def _parsed(formula: str) -> tuple[str, Any, set[str]]:
    """Return the left column, formulaic's right side, and the names of its columns."""
    require("A formula", "formulaic", "pandas")
    import formulaic
    from formulaic.errors import FormulaicError

    read: Any = formulaic.Formula  # its metaclass makes the kind of formula that the text needs
    try:
        parsed = read(named_lags(formula))
        left = [str(t).strip("`") for t in parsed.lhs]
        right = parsed.rhs
        variables = variables_of(right)
    except (FormulaicError, AttributeError, TypeError, SyntaxError) as error:
        raise ParameterError(
            message("Cannot read the formula", got=repr(formula), expected="'column ~ term + term'")
        ) from error
    if len(left) != 1:
        raise parameter("formula", formula, "the name of one column on the left")
    return left[0], right, variables


def parts(
    left: str, formulas: tuple[str, ...], frame: Panel | IntoFrame, *, missing: Missing = "raise", also: tuple[str, ...] = ()
) -> tuple[list[NDArray[np.float64]], list[Columns], pl.DataFrame]:  # fmt: skip
    """Return the arrays of several right sides over the same rows, as `design` does for one.

    Parameters
    ----------
    left : str
        Column of the outcome.
    formulas : tuple of str
        Right sides; ``"0"`` has no column.
    frame, missing, also
        As of `design`.

    Returns
    -------
    list of float64 array, shape (n, n_terms)
    list of Columns
    polars.DataFrame
        The columns that were needed, in the rows that were kept.

    Raises
    ------
    DataError, ParameterError
        As of `design`.

    Examples
    --------
    >>> import polars as pl
    >>> x, columns, _ = parts("y", ("a - 1", "0"), pl.DataFrame({"y": [1, 2], "a": [0.5, 1.0]}))
    >>> [c.shape for c in x], [c.terms for c in columns]
    ([(2, 1), (2, 0)], [('a',), ()])
    """
    require("A formula", "formulaic", "pandas")
    import formulaic
    from formulaic.errors import FormulaicError

    read: Any = formulaic.Formula
    specs = []
    for text in formulas:
        try:
            spec = read(named_lags(text))
            variables = variables_of(spec)
        except (FormulaicError, AttributeError, TypeError, SyntaxError) as error:
            raise ParameterError(
                message("Cannot read a part of the formula", got=repr(text), expected="'term + term', or 0")
            ) from error
        specs.append((spec, variables))
    needed = sorted({left, *also}.union(*(variables for _, variables in specs)))
    table, _, _ = _known(frame, needed, missing)
    made, columns = [], []
    for text, (spec, _) in zip(formulas, specs, strict=True):
        one = _columns(spec, table, text)
        terms = tuple(INTERCEPT if name == "Intercept" else name for name in one.model_spec.column_names)
        made.append(np.asarray(one, dtype=np.float64).reshape(table.height, len(terms)))
        columns.append(Columns(text, terms, one.model_spec))
    return made, columns, table


def check_columns(x: NDArray[np.float64], terms: tuple[str, ...]) -> None:
    """Raise where a column is a sum of others: its coefficient would mean nothing.

    Raises
    ------
    DataError
        Names the columns that hang together.
    """
    scale = np.abs(x).max(axis=0, initial=0.0)
    unit = x / np.where(scale > 0, scale, 1.0)
    values, vectors = np.linalg.eigh(unit.T @ unit)
    if values[0] > 1e-10 * values[-1]:
        return
    named = [t for t, v in zip(terms, vectors[:, 0], strict=True) if abs(v) > 1e-4]
    what = "A term never differs from 0" if len(named) == 1 else "Terms are sums of each other"
    raise DataError(
        message(what, got=", ".join(named), expected="columns that vary on their own", hint="leave one out")
    )


def as_polars(frame: Panel | IntoFrame) -> pl.DataFrame:
    """Return a frame of any library as Polars has it.

    Raises
    ------
    DataError
        It is no frame.
    """
    import narwhals as nw

    try:
        native: Any = nw.from_native(frame.frame if isinstance(frame, Panel) else frame)
    except TypeError as error:
        raise DataError(
            message("Not a frame", got=type(frame).__name__, expected="a frame of Polars, pandas or PyArrow")
        ) from error
    return native.lazy().collect("polars").to_native()


def _known(
    frame: Panel | IntoFrame, needed: list[str], missing: Missing
) -> tuple[pl.DataFrame, NDArray[np.int64], dict[str, int]]:
    """Return the columns a formula needs in rows where all are known, the numbers of these rows, and in how many rows each column is missing."""
    import polars as pl

    table = as_polars(frame)
    table = with_lags(table, lags_among(needed), frame.unit if isinstance(frame, Panel) else None)
    lacking = sorted(set(needed) - set(table.columns))
    if lacking:
        raise DataError(
            message(
                "The frame lacks columns of the formula", got=", ".join(lacking), expected=f"all of {', '.join(needed)}"
            )
        )
    table = table.select(needed)
    floats = [c for c, t in table.schema.items() if t.is_float()]
    bad = table.with_columns(pl.col(floats).fill_nan(None)).select(pl.all().is_null())
    counts = {c: int(n) for c, n in bad.sum().row(0, named=True).items() if n}
    if counts and missing == "raise":
        told = ", ".join(f"{c} in {n} of {table.height} rows" for c, n in counts.items())
        raise DataError(
            message("Missing values", got=told, expected="none", hint="pass missing='drop' to leave such rows out")
        )
    kept = ~bad.select(pl.any_horizontal(pl.all())).to_series() if needed else pl.Series([True] * table.height)
    rows = np.flatnonzero(kept.to_numpy())
    if not len(rows):
        told = "; ".join(f"{c} is missing in {n:,}" for c, n in counts.items())
        got = f"{table.height:,} rows, none without missing values"
        raise DataError(message("No row is left", got=got, expected="at least one", hint=told))
    return table[rows], rows, counts


def variables_of(formula: Any) -> set[str]:
    """Return the names of the columns that a formula uses: all names but those of functions and of NumPy.

    formulaic's own list leaves out the arguments of functions that keep a state, such as ``cr`` and ``scale``.
    """
    found: set[str] = set()
    for term in formula:
        for factor in term.factors:
            if factor.eval_method.value == "lookup":
                found.add(factor.expr.strip("`"))
            elif factor.eval_method.value == "python":
                found |= _names(factor.expr)
    return found


def _names(expression: str) -> set[str]:
    """Return the names in a Python expression that are not called and not ``np``; names in backticks may hold anything."""
    quoted = re.findall(r"`([^`]+)`", expression)
    for k, name in enumerate(quoted):
        expression = expression.replace(f"`{name}`", f"_quoted_{k}")
    tree = ast.parse(expression.strip(), mode="eval")
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called and n.id != "np"}
    return {quoted[int(n.removeprefix("_quoted_"))] if n.startswith("_quoted_") else n for n in names}


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those it came from."""
    while error is not None:
        yield error
        error = error.__cause__


def _columns(spec: Any, table: pl.DataFrame, formula: str) -> Any:
    """Return formulaic's columns of a table."""
    require("A formula", "formulaic", "pandas")
    import pandas as pd
    from formulaic.errors import DataMismatchWarning, FormulaicError

    plain = pd.DataFrame({c: table[c].to_numpy() for c in table.columns}, index=range(table.height))
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("error", DataMismatchWarning)
            made = spec.get_model_matrix(plain, output="numpy", na_action="raise", context=functions())
    except DataMismatchWarning as error:
        found = str(error).rpartition("{")[2].partition("}")[0]
        raise DataError(
            message(f"A category of {formula!r}", got=found, expected="categories of the rows that were fitted")
        ) from error
    except (FormulaicError, ValueError) as error:
        ours = next((e for e in _causes(error) if isinstance(e, FoedusError)), None)
        if ours is not None:
            raise ours from error
        text = str(error).partition("\n")[0].rstrip(".")
        if "null values after evaluation" in text:
            text = (
                f"{text.rpartition('`')[0].rpartition('`')[2]} is not a number in some rows (a logarithm of 0 or less?)"
            )
        raise DataError(message(f"Cannot compute the terms of {formula!r}", got=text)) from error
    if not np.isfinite(np.asarray(made, dtype=np.float64)).all():
        raise DataError(
            message(
                f"A term of {formula!r}", got="a value that is not finite", expected="numbers", hint="a logarithm of 0?"
            )
        )
    return made
