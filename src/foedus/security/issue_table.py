"""A user's table of actors on one issue, read from CSV: whole or not at all. Bargains nothing; see `foedus.security.bargaining`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus import limits
from foedus.errors import ParameterError, message

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("position", "capability", "salience")


def read_csv(path: str | Path, *, percent: bool = False) -> dict[str, list[Any]]:
    r"""Return a table of actors as `bargain` takes it.

    Parameters
    ----------
    path : str or Path
        CSV with the columns ``actor``, ``position``, ``capability`` and ``salience``; each of the three numbers may be given as a range by two
        columns with ``_low`` and ``_high`` after its name instead.
    percent : bool
        Salience is in per cent.

    Raises
    ------
    ParameterError
        No such file, not a CSV, a column that is not there, or a cell that is empty or no number; names the row.

    Examples
    --------
    >>> from pathlib import Path
    >>> _ = Path("issue.csv").write_text("actor,position,capability,salience_low,salience_high\nnorth,4,0.6,50,80\n")
    >>> read_csv("issue.csv", percent=True)
    {'actor': ['north'], 'position': [4.0], 'capability': [0.6], 'salience': [[0.5, 0.8]]}
    """
    import csv
    import io

    try:
        lines = io.StringIO(limits.text(path, limits.SMALL, error=ParameterError), newline="")
        rows = list(csv.DictReader(lines))
    except csv.Error as error:
        raise ParameterError(message(f"Cannot read {path}", got=str(error))) from error
    if not rows:
        raise ParameterError(message(f"{path} has no rows", expected="one row an actor below a header"))
    if len(rows) > limits.ISSUE:
        raise ParameterError(message(f"{path} has too many rows", got=len(rows), expected=f"at most {limits.ISSUE}"))
    out: dict[str, list[Any]] = {"actor": [_cell(r, "actor", k) for k, r in enumerate(rows)]}
    for name in COLUMNS:
        scale = 0.01 if percent and name == "salience" else 1.0
        parts = [name] if name in rows[0] else [f"{name}_low", f"{name}_high"]
        cells = [[_number(r, part, k, scale) for part in parts] for k, r in enumerate(rows)]
        out[name] = [c[0] if len(c) == 1 else c for c in cells]
    return out


def _cell(row: dict[str, str], column: str, place: int) -> str:
    """Return a cell that is there."""
    value = row.get(column)
    if value is None or not value.strip():
        what = "is empty" if column in row else "is missing"
        raise ParameterError(message(
            f"The column '{column}' {what} in row {place + 1}", expected=f"actor, {', '.join(COLUMNS)}",
            hint="a range has two columns, such as position_low and position_high; unknown is not zero",
        ))  # fmt: skip
    return value.strip()


def _number(row: dict[str, str], column: str, place: int, scale: float) -> float:
    """Return a cell as a number."""
    text = _cell(row, column, place)
    try:
        return float(text) * scale
    except ValueError:
        raise ParameterError(
            message(f"The column '{column}' in row {place + 1}", got=repr(text), expected="a number")
        ) from None
