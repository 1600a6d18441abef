"""Reader of a signed matrix in a file: CSV with names of rows and columns, or an R file. Joins no directions, see `foedus.blocs.symmetrise`."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from foedus import limits
from foedus.errors import DataError, message
from foedus.spreadsheet import given_text

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray


def read_matrix(
    path: str | os.PathLike[str], *, name: str | None = None
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    r"""Return the names and the matrix of a file.

    Parameters
    ----------
    path : path
        ``.csv`` as R's ``write.csv(m)`` writes it, a column of names before the columns of the matrix; ``.rda``, ``.rdata`` or ``.rds``
        with a matrix or a
        network, see `foedus.data.r_networks.read`.
    name : str, optional
        Of the object in an R file with several.

    Returns
    -------
    tuple
        Names, and a float64 array of shape (n, n). An empty cell or ``NA`` on the diagonal is 0.

    Raises
    ------
    DataError
        No such file, not square, names that differ or stand twice, a cell that is no number or missing off the diagonal: names the cell.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "m.csv"
    ...     _ = file.write_text('"","A","B"\n"A",0,-1\n"B",-1,0\n')
    ...     read_matrix(file)[1].tolist()
    [[0.0, -1.0], [-1.0, 0.0]]
    """
    file = Path(path)
    if not file.is_file():
        raise DataError(message("No such file", got=str(file), expected="a matrix as .csv, .rda or .rds"))
    ending = file.suffix.casefold()
    if ending == ".csv":
        names, out = _csv(file)
    elif ending in {".rda", ".rds", ".rdata"}:
        from foedus.data import r_networks

        names, out, _ = r_networks.read(file, name)
    else:
        raise DataError(message("Unknown kind of file", got=file.name, expected="a matrix as .csv, .rda or .rds"))
    out = out.copy()
    place = np.arange(len(names))
    out[place, place] = np.nan_to_num(out[place, place])
    twice = next((x for x, count in Counter(names).items() if count > 1), None)
    if twice is not None:
        raise _fault(file, f"{twice!r} twice", "a name for each actor")
    if len(names) and not np.isfinite(out).all():
        i, j = np.argwhere(~np.isfinite(out))[0]
        raise _fault(
            file, f"no number between {names[i]} and {names[j]}", "a number in every cell: 0 where there is no tie"
        )
    return names, out


def _csv(file: Path) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return a matrix of a CSV file, an empty cell as NaN."""
    try:
        lines = io.StringIO(limits.text(file), newline="")
        rows = [r for r in csv.reader(lines, strict=True) if any(c.strip() for c in r)]
    except csv.Error as fault:
        raise _fault(file, str(fault), "CSV in UTF-8") from fault
    if len(rows) < 2 or len(rows) > limits.MATRIX + 1:
        raise _fault(file, f"{len(rows)} rows", f"a row of names, then 1 to {limits.MATRIX:,} rows")
    columns = tuple(given_text(c).strip() for c in rows[0][1:])
    names = tuple(given_text(r[0]).strip() for r in rows[1:])
    odd = next((k for k, r in enumerate(rows[1:], 2) if len(r) != len(rows[0])), None)
    if odd is not None:
        raise _fault(file, f"row {odd} of {len(rows[odd - 1])} cells", f"{len(rows[0])}, as the row of names has")
    if set(columns) != set(names) or len(columns) != len(names):
        strange = sorted(set(columns) ^ set(names))[:3]
        raise _fault(
            file,
            f"rows and columns of different names ({', '.join(strange) or 'some twice'})",
            "the same actors in rows and columns",
        )
    place = {x: k for k, x in enumerate(columns, 1)}
    order = [place[x] for x in names]
    return names, np.array([[_number(file, r[k], r[0]) for k in order] for r in rows[1:]], dtype=np.float64)


def _number(file: Path, cell: str, row: str) -> float:
    """Return a cell as a number, NaN where it is empty or NA."""
    text = cell.strip()
    if text in {"", "NA", "NaN"}:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        raise _fault(file, f"{text[:40]!r} in row {row}", "numbers") from None


def _fault(file: Path, got: str, expected: str) -> DataError:
    """Return the error that names the file."""
    return DataError(message("Matrix cannot be read", got=got, expected=expected, where=str(file)))
