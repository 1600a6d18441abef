"""Panels to files: Parquet, Arrow, CSV, Stata with labels, R. Written beside their place and renamed (convention 4.12)."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from foedus import files
from foedus.errors import DataError, message, parameter, unwritten
from foedus.extras import require
from foedus.spreadsheet import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from foedus.panel.panel import Origin, Panel

STREAMED = (".parquet", ".csv", ".arrow", ".feather", ".ipc")
WHOLE = {".dta": ("A file of Stata", "pyreadstat"), ".rds": ("An .rds file", "rdata")}
_STATA_END = b"</stata_dta>"
_STATA_NAME, _STATA_LABEL = 32, 80


def check_suffix(path: str | os.PathLike[str], option: str = "path") -> str:
    """Return the suffix of a file to write, in lower case.

    Raises
    ------
    ParameterError
        A suffix that stands for no format that is written.
    MissingExtraError
        What writes that format is not installed.
    """
    suffix = Path(path).suffix.casefold()
    if suffix not in (*STREAMED, *WHOLE):
        raise parameter(option, str(path), f"a file that ends in {', '.join((*STREAMED, *WHOLE))}")
    if suffix in WHOLE:
        require(*WHOLE[suffix])
    return suffix


def write(panel: Panel, path: str | os.PathLike[str]) -> None:
    """Write the rows of a panel; the suffix says the format.

    Parameters
    ----------
    panel : Panel
        A lazy panel is streamed to Parquet, CSV and Arrow, so it may be larger than memory; Stata and R files are written whole.
    path : str or Path
        ``.parquet`` (zstd; what each column holds and the citations are in its metadata), ``.csv``, ``.arrow``, ``.feather``, ``.ipc``,
        ``.dta`` (Stata 15, with labels) or ``.rds`` (an R data frame).

    Raises
    ------
    ParameterError
        Another suffix, or a folder that is not there.
    DataError
        The file cannot be written, or a name is longer than Stata allows.
    """
    suffix = check_suffix(path)
    with _renamed(path) as beside:
        _WRITERS[suffix](panel, beside)


def write_blocks(panels: Iterable[Panel], path: str | os.PathLike[str]) -> Panel:
    """Write panels of one unit and with the same columns one after the other, holding one at a time; return one without rows.

    Parameters
    ----------
    panels : iterable of Panel
        At least one.
    path : str or Path
        A file of one of the formats in `STREAMED`.

    Raises
    ------
    ParameterError, DataError
        As `write`.
    """
    import polars as pl

    suffix = check_suffix(path)
    if suffix == ".csv":
        return _csv_blocks(panels, path)
    with (
        _renamed(path) as beside,
        tempfile.TemporaryDirectory(prefix=f".{Path(path).name}-", dir=Path(path).parent) as folder,
    ):
        parts, last = [], None
        for number, panel in enumerate(panels):
            parts.append(Path(folder) / f"{number:05}.parquet")
            panel.frame.write_parquet(parts[-1])
            last = panel
        assert last is not None
        _WRITERS[suffix](replace(last, data=pl.scan_parquet(parts, glob=False)), beside)
    return replace(last, data=last.frame.clear())


def _csv_blocks(panels: Iterable[Panel], path: str | os.PathLike[str]) -> Panel:
    """Write the rows of panels to one CSV file, and return one of them without rows."""
    last = None
    with _renamed(path) as beside, beside.open("wb") as file:
        for panel in panels:
            harmless(panel.frame).write_csv(file, include_header=last is None)
            last = panel
    assert last is not None
    return replace(last, data=last.frame.clear())


@contextmanager
def _renamed(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a file beside ``path`` that takes its place if all goes well, and leaves no trace otherwise."""
    target = Path(path)
    if not target.parent.is_dir():
        raise parameter("path", str(path), "a file in a folder that exists")
    try:
        with files.beside(target) as beside:
            yield beside
    except OSError as error:
        raise unwritten("Cannot write a panel", error, path) from error


def _metadata(panel: Panel) -> dict[str, str]:
    """Return what a Parquet file says of itself: unit, what each column holds and whence, and the citations."""
    columns = {
        c: {"what": o.what, "source": o.source, "version": o.version, "years": [o.first_year, o.last_year]}
        for c, o in panel.origins.items()
    }
    return {"foedus.unit": str(panel.unit), "foedus.columns": json.dumps(columns), "foedus.bibtex": panel.cite()}


def _parquet(panel: Panel, path: Path) -> None:
    panel.data.lazy().sink_parquet(path, compression="zstd", metadata=_metadata(panel))


def _csv(panel: Panel, path: Path) -> None:
    harmless(panel.data.lazy()).sink_csv(path)


def _arrow(panel: Panel, path: Path) -> None:
    panel.data.lazy().sink_ipc(path, compression="zstd")


def _stata(panel: Panel, path: Path) -> None:
    require("A file of Stata", "pyreadstat")
    import pyreadstat

    long = [c for c in panel.columns if len(c) > _STATA_NAME]
    if long:
        raise DataError(
            message("Stata's names have at most 32 characters", got=", ".join(long), hint="rename or drop them first")
        )
    labels: list[str | None] = [_label(panel.origins[c]) if c in panel.origins else c for c in panel.columns]
    try:
        pyreadstat.write_dta(
            cast("Any", panel.frame),
            str(path),
            column_labels=labels,
            file_label=f"foedus: {panel.unit}"[:_STATA_LABEL],
            version=15,
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        if "write data" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        hint = "infinite numbers, very long texts and odd names of columns are none of Stata's; write .parquet, .csv or .rds"
        raise DataError(message("Stata's format cannot hold the panel", got=str(error), hint=hint)) from error
    with path.open("rb") as file:  # the library does not always say that the disk is full
        file.seek(-min(len(_STATA_END), path.stat().st_size), os.SEEK_END)
        if file.read() != _STATA_END:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _label(origin: Origin) -> str:
    """Return what a column holds, cut to Stata's length, and its data set with the version."""
    source = f" [{origin.source} {origin.version}".rstrip() + "]" if origin.source else ""
    return origin.what[: _STATA_LABEL - len(source)].rstrip() + source


def _rds(panel: Panel, path: Path) -> None:
    require("An .rds file", "rdata")
    import rdata
    from rdata.conversion.to_r import DEFAULT_CLASS_MAP

    rdata.write_rds(path, panel.frame, constructor_dict={**DEFAULT_CLASS_MAP, type(panel.frame): _r_frame})


def _r_frame(frame: pl.DataFrame, converter: Any) -> Any:
    """Return R's data frame; a missing cell is R's NA of that type, a day is R's Date."""
    import numpy as np
    from rdata.conversion.to_r import build_r_object
    from rdata.missing import R_INT_NA
    from rdata.parser import RObjectType

    # In the order of writing: R's symbols are written out once and referred to afterwards.
    columns = [_r_column(column, converter) for column in frame.iter_columns()]
    attributes = converter.convert_to_r_attributes(
        {
            "names": np.array(frame.columns, dtype=np.dtype("U")),
            "class": "data.frame",
            "row.names": np.ma.array([R_INT_NA, -frame.height], mask=[True, False], fill_value=R_INT_NA),
        }
    )
    return build_r_object(RObjectType.VEC, value=columns, is_object=True, attributes=attributes)


def _r_column(column: pl.Series, converter: Any) -> Any:
    """Return one column as R's vector."""
    import numpy as np
    import polars as pl
    from rdata.conversion.to_r import build_r_char, build_r_object
    from rdata.missing import R_FLOAT_NA, R_INT_NA
    from rdata.parser import RObjectType

    if column.dtype == pl.String:
        text = [build_r_char(value, encoding="utf-8") for value in column]
        return build_r_object(RObjectType.STR, value=text)
    missing = column.is_null().to_numpy()
    if column.dtype in {pl.Boolean, pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16}:
        kind, fill = (np.bool_, True) if column.dtype == pl.Boolean else (np.int32, R_INT_NA)
        values = column.fill_null(value=bool(fill) if column.dtype == pl.Boolean else 0).to_numpy().astype(kind)
        return converter.convert_to_r_object(
            np.ma.array(values, mask=missing, fill_value=fill) if missing.any() else values
        )
    days = column.dtype == pl.Date
    if not days and not column.dtype.is_numeric():
        raise DataError(
            message(
                "R's data frame cannot hold a column of this type",
                got=f"{column.name}: {column.dtype}",
                hint="drop it first",
            )
        )
    numbers = (column.to_physical() if days else column).cast(pl.Float64).fill_null(0.0).to_numpy().copy()
    numbers[missing] = R_FLOAT_NA
    attributes = converter.convert_to_r_attributes({"class": "Date"}) if days else None
    return build_r_object(RObjectType.REAL, value=numbers, is_object=days, attributes=attributes)


_WRITERS = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".ipc": _arrow,
    ".dta": _stata,
    ".rds": _rds,
}
