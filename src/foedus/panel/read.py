"""Files of rows to frames: Parquet, Arrow, CSV, Stata, R. The counterpart of `foedus.panel.write`; changes no value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus import limits
from foedus.data import reading
from foedus.data.arrow_heads import check_arrow
from foedus.data.parquet_pages import check_parquet, check_wide
from foedus.errors import DataError, MissingExtraError, message, parameter
from foedus.extras import require
from foedus.spreadsheet import given

if TYPE_CHECKING:
    import os

    import polars as pl

MISSING = ["", "NA", "NaN", "."]
"""What stands for a missing cell in a CSV file."""


def read(path: str | os.PathLike[str]) -> pl.DataFrame:
    """Return the rows of a file; the suffix says the format.

    Parameters
    ----------
    path : str or Path
        ``.parquet``, ``.arrow``, ``.feather``, ``.ipc``, ``.csv`` (missing cells are empty, ``NA``, ``NaN`` or a point), ``.dta`` or ``.rds``.

    Raises
    ------
    ParameterError
        Another suffix.
    DataError
        No such file, or one that cannot be read.
    MissingExtraError
        What reads this kind of file is not installed.
    """
    source = Path(path)
    suffix = source.suffix.casefold()
    if suffix not in _READERS:
        raise parameter("path", str(path), f"a file that ends in {', '.join(_READERS)}")
    if not source.is_file():
        raise DataError(message("No such file", got=str(path)))
    import polars as pl

    try:
        return _READERS[suffix](source)
    except (DataError, MissingExtraError):
        raise
    except (
        Exception,
        pl.exceptions.PanicException,
    ) as error:  # each reader has its own errors for a file that is not what its name says
        first = str(error).partition("\n")[0]
        raise DataError(
            message(f"Cannot read {source.name} as {suffix}", got=first or type(error).__name__, where=str(path))
        ) from error


def _parquet(path: Path) -> pl.DataFrame:
    import polars as pl

    check_parquet(path)
    check_wide(path, pl.scan_parquet(path, glob=False))
    return pl.read_parquet(path, glob=False)


def _arrow(path: Path) -> pl.DataFrame:
    import polars as pl

    check_arrow(path)
    check_wide(path, pl.scan_ipc(path, glob=False))
    return pl.scan_ipc(path, glob=False).collect()


def _csv(path: Path) -> pl.DataFrame:
    import polars as pl

    limits.check_csv(path)
    return given(pl.read_csv(path, null_values=MISSING, infer_schema_length=None, glob=False))


def _stata(path: Path) -> pl.DataFrame:
    require("A file of Stata", "pyreadstat")
    import pyreadstat

    reading.check_stata(path)
    frame, _ = pyreadstat.read_dta(str(path), output_format="polars")
    return frame  # type: ignore[return-value]


def _rds(path: Path) -> pl.DataFrame:
    require("An .rds file", "rdata")
    import polars as pl

    found: Any = reading.general(path, "rds")
    return pl.DataFrame({name: found[name].to_numpy() for name in found.columns})


_READERS = {
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".ipc": _arrow,
    ".csv": _csv,
    ".dta": _stata,
    ".rds": _rds,
}
