"""Tables of a system for programs that take tables: actors, signed ties, facts, a signed matrix. Text is clean of control characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.errors import parameter
from foedus.report.interchange.about import clean
from foedus.system import edge_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from foedus.params import Params
    from foedus.system.system import System

WORDS = ("signed", "facts", "actors", "matrix")


def table(system: System, of: str, *, draws: int = 400, seed: int = 1, ties: Params | None = None) -> pl.DataFrame:
    """Return a table of a system: ``signed``, ``facts``, ``actors`` or ``matrix``.

    Raises
    ------
    ParameterError
        Another word.
    """
    if of not in WORDS:
        raise parameter("of", of, f"one of {', '.join(WORDS)}")
    if of == "matrix":
        return _clean(matrix(system, ties))
    if of == "actors":
        return _clean(edge_rows.actor_rows(system))
    return _clean(
        edge_rows.fact_rows(system)
        if of == "facts"
        else edge_rows.signed_rows(system, draws=draws, seed=seed, table=ties)
    )


def matrix(system: System, ties: Params | None = None) -> pl.DataFrame:
    """Return the symmetric matrix of signs at the centre of every uncertain number: a column ``id``, then one column an actor; 0 is no tie."""
    import numpy as np
    import polars as pl

    from foedus.system.propensity import propensity

    signs = np.sign(propensity(system, seed=None, table=ties).matrix()).astype(np.int64)
    return pl.DataFrame({"id": list(system.ids), **{name: signs[:, k] for k, name in enumerate(system.ids)}})


def over_time(systems: Sequence[System]) -> pl.DataFrame:
    """Return the facts of several systems under each other, with the ``date`` in front."""
    import polars as pl

    frames = [edge_rows.fact_rows(s).select(pl.lit(s.date).alias("date"), pl.all()) for s in systems]
    if not frames:
        raise parameter("systems", "none", "one or more")
    return _clean(pl.concat(frames))


def _clean(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with clean text."""
    import polars as pl

    text = [
        pl.col(c).map_elements(clean, return_dtype=pl.String) for c, kind in frame.schema.items() if kind == pl.String
    ]
    return frame.with_columns(text)
