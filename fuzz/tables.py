"""A small made-up table and its bytes in the forms that panels are written in."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re
import tempfile
from pathlib import Path
from typing import Any

import polars as pl


def table() -> pl.DataFrame:
    """Return six rows with every type that a panel has."""
    return pl.DataFrame(
        {
            "ccode": [200, 220, 255, 365, 2, 740],
            "year": [1900, 1901, 1902, 1903, 1904, 1905],
            "cinc": [0.1, None, 0.25, float("inf"), -0.0, 1e300],
            "name": ["Å", None, "e\u0301", "", "\u202ex", "a,b\n"],
            "war": [True, False, None, True, False, False],
            "start": [dt.date(1816, 1, 1), None, dt.date(1900, 2, 28), None, None, dt.date(2999, 12, 31)],
        },
        schema_overrides={"ccode": pl.Int32, "year": pl.Int16},
    )


def parquet(**options: Any) -> bytes:
    out = io.BytesIO()
    table().write_parquet(out, **options)
    return out.getvalue()


def forecast() -> bytes:
    """Return the rows of a forecast, as a scoreboard keeps them."""
    out = io.BytesIO()
    pl.DataFrame(
        {"target": ["war", "war"], "horizon": [1, 2], "a": [200, None], "b": [220, None], "p": [0.1, 0.2]}
    ).write_parquet(out)
    return out.getvalue()


def arrow(**options: Any) -> bytes:
    out = io.BytesIO()
    table().write_ipc(out, **options)
    return out.getvalue()


def written(suffix: str) -> bytes:
    """Return the table as `foedus.panel.write` writes it, the same bytes at any time."""
    from foedus.panel.panel import Panel
    from foedus.panel.unit import Unit
    from foedus.panel.write import write

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{suffix}"
        write(
            Panel(
                table().with_columns(pl.col("cinc").replace(float("inf"), 2.5)),
                Unit("state_year", "cow", ("ccode", "year")),
            ),
            path,
        )
        data = path.read_bytes()
    if suffix == ".rds":
        return gzip.compress(gzip.decompress(data), mtime=0)
    return re.sub(rb"\d\d \w{3} \d{4} \d\d:\d\d", b"01 Jan 2000 00:00", data)
