"""Files of a result's table: Parquet, CSV, or JSON with everything, whole or not there at all (convention 4.12).

Panels, which are large and come in pieces, are written by `foedus.panel.write`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus import files
from foedus.errors import parameter, unwritten
from foedus.spreadsheet import harmless

if TYPE_CHECKING:
    import os

    import polars as pl

FORMATS = (".parquet", ".csv", ".json")
TABLES = (".parquet", ".csv")


def check_format(path: str | os.PathLike[str], option: str = "path", formats: tuple[str, ...] = FORMATS) -> str:
    """Return the suffix of a file to write, in lower case.

    Raises
    ------
    ParameterError
        It stands for no format that is written.
    """
    suffix = Path(path).suffix.casefold()
    if suffix not in formats:
        raise parameter(option, str(path), f"a file that ends in {', '.join(formats)}")
    return suffix


def write_table(
    table: pl.DataFrame, path: str | os.PathLike[str], what: str, *, plain: dict[str, Any] | None = None
) -> None:
    """Write a table beside its place and rename it.

    Parameters
    ----------
    table : polars.DataFrame
    path : path
        Its suffix says the format.
    what : str
        What a message calls it.
    plain : dict, optional
        What ``.json`` holds; without it ``.json`` is no format.

    Raises
    ------
    ParameterError
        The suffix stands for no format that is written.
    DataError
        The file cannot be written.
    """
    target = Path(path)
    suffix = check_format(target, formats=TABLES if plain is None else FORMATS)
    try:
        with files.beside(target) as beside:
            if suffix == ".json":
                beside.write_text(
                    json.dumps(plain, sort_keys=True, ensure_ascii=False, allow_nan=False), encoding="utf-8"
                )
            elif suffix == ".csv":
                harmless(table).write_csv(beside)
            else:
                table.write_parquet(beside)
    except OSError as error:
        raise unwritten(f"Cannot write {what}", error, target) from error
