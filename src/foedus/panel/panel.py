"""The panel: a frame that knows its unit of analysis and where each column comes from, and the one way in which columns are added.

Adding never makes or drops a row: each ``add_`` function looks its values up by the row's own keys, in a table that has every key once (convention
4.2). A lazy frame stays lazy: the same function is applied to it batch by batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import DataError, ParameterError, message, parameter
from foedus.extras import require
from foedus.panel import unit as units
from foedus.panel.unit import CODE, SchemeName, Unit

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

At = Literal["jan1", "year"]
NOWHERE = -1
DYADIC = ("dyad_year", "leader_dyad_year")
_KEPT = 32
_DERIVED: dict[tuple[Any, ...], tuple[tuple[pl.DataFrame, ...], pl.DataFrame]] = {}
_DENSE = 64_000_000  # keys up to which a lookup is an array; beyond it is a search


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a column comes from.

    Attributes
    ----------
    source : str
        Id of the data set; empty for what is computed from other columns.
    what : str
        What the column holds, with its unit or coding.
    first_year, last_year : int
        Years that the source covers: outside them the column is null (convention 4.1).
    absent : str
        What the cell of a row without record means inside those years.
    version : str
    """

    source: str
    what: str
    first_year: int = 0
    last_year: int = 9999
    absent: str = ""
    version: str = ""


class Rows:
    """Keys of a panel's rows as arrays, and where each stands in another table. Kept while columns are added."""

    def __init__(self, frame: pl.DataFrame, unit: Unit) -> None:
        self.frame, self.unit = frame, unit
        self.height = frame.height

    def over(self, frame: pl.DataFrame) -> Rows:
        """Return the same rows with more columns: what has been computed of their keys is kept."""
        grown = Rows(frame, self.unit)
        grown.__dict__.update({k: v for k, v in self.__dict__.items() if k in {"year", "_codes"}})
        return grown

    @cached_property
    def year(self) -> NDArray[np.int64]:
        """Year of each row; -1 where it is null."""
        column = self.frame[self.unit.time]
        return (column.dt.year() if column.dtype.is_temporal() else column).cast(int).fill_null(NOWHERE).to_numpy()

    def code(self, side: str = "", scheme: SchemeName = "cow") -> NDArray[np.int64]:
        """Return the code of the state on one side of each row; -1 where it is null."""
        name = f"{CODE[scheme]}{side}"
        if name not in self.frame.columns:
            hint = (
                f"add_{CODE[scheme]}(panel) adds them"
                if CODE["gw" if scheme == "cow" else "cow"] + side in self.frame.columns
                else ""
            )
            raise DataError(
                message(
                    f"The panel has no {scheme.upper()} codes",
                    got=", ".join(self.frame.columns[:8]),
                    expected=name,
                    hint=hint,
                )
            )
        kept = self.__dict__.setdefault("_codes", {})
        if name not in kept:
            kept[name] = self.frame[name].cast(int).fill_null(NOWHERE).to_numpy()
        return kept[name]

    def find(self, keys: Sequence[NDArray[Any]], table: Sequence[NDArray[Any]], what: str) -> NDArray[np.int64]:
        """Return, for each row, the position in a table of the row with the same keys; -1 where there is none.

        Raises
        ------
        DataError
            The table has a key twice: the join would multiply rows.
        """
        left, right, span = _one_key(keys, table)
        if span <= _DENSE:
            place = np.full(span + 1, NOWHERE, dtype=np.int32)
            place[right] = np.arange(len(right), dtype=np.int32)
            twice = np.flatnonzero(place[right] != np.arange(len(right)))
            found = place[left]
        else:
            order = np.argsort(right, kind="stable")
            ordered = right[order]
            twice = order[:-1][ordered[:-1] == ordered[1:]]
            at = np.minimum(np.searchsorted(ordered, left), max(len(ordered) - 1, 0))
            found = np.where(ordered[at] == left, order[at], NOWHERE) if len(ordered) else np.full(len(left), NOWHERE)
        if len(twice):
            example = tuple(int(k[twice[0]]) for k in table)
            raise DataError(
                message(
                    f"{what} has a key more than once",
                    got=f"{len(twice)} keys, {example} for one",
                    expected="each key once",
                )
            )
        return found.astype(np.int64, copy=False)

    def states(
        self, table: pl.DataFrame, side: str = "", scheme: SchemeName = "cow", *, what: str = "The table"
    ) -> NDArray[np.int64]:
        """Return the position in ``table`` (a row per code and year) of the state on one side of each row."""
        right = [table[CODE[scheme]].to_numpy(), table["year"].to_numpy()]
        return self.find([self.code(side, scheme), self.year], right, what)

    def pairs(
        self,
        table: pl.DataFrame,
        scheme: SchemeName = "cow",
        *,
        directed: bool,
        swap: bool = False,
        what: str = "The table",
    ) -> NDArray[np.int64]:
        """Return the position in ``table`` (a row per pair and year) of each row's pair.

        An undirected table has the lower code first. ``swap`` asks a directed one for the opposite direction.
        """
        one, two = self.code("1", scheme), self.code("2", scheme)
        if not directed:
            one, two = np.minimum(one, two), np.maximum(one, two)
        elif swap:
            one, two = two, one
        name = CODE[scheme]
        right = [table[f"{name}1"].to_numpy(), table[f"{name}2"].to_numpy(), table["year"].to_numpy()]
        return self.find([one, two, self.year], right, what)

    def covered(self, origin: Origin) -> NDArray[np.bool_]:
        """Return whether the year of each row is one that the source covers."""
        return (self.year >= origin.first_year) & (self.year <= origin.last_year)


def _one_key(
    keys: Sequence[NDArray[Any]], table: Sequence[NDArray[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return both sides' keys as one number each, equal where all parts are; the table's are below the returned span, which stands for no match."""
    left, right, span = np.zeros(len(keys[0]), dtype=np.int64), np.zeros(len(table[0]), dtype=np.int64), 1
    matched = np.ones(len(left), dtype=bool)
    for mine, theirs in zip(keys, table, strict=True):
        if not len(theirs):
            return np.zeros(len(left), dtype=np.int64), np.zeros(0, dtype=np.int64), 0
        low, high = int(theirs.min()), int(theirs.max())
        values = np.zeros(high - low + 1, dtype=np.int64)
        values[theirs - low] = 1
        size = int(values.sum())
        rank = np.where(values == 1, np.cumsum(values) - 1, NOWHERE)
        inside = (mine >= low) & (mine <= high)
        at = np.where(inside, rank[np.clip(mine - low, 0, high - low)], NOWHERE)
        matched &= at >= 0
        left, right, span = left * size + np.maximum(at, 0), right * size + rank[theirs - low], span * size
    left[~matched] = span
    return left, right, span


def take(table: pl.DataFrame, rows: NDArray[np.int64], columns: Mapping[str, str]) -> pl.DataFrame:
    """Return the cells of ``table`` at ``rows`` under new names, null where a row is -1. ``columns`` maps new names to the table's."""
    import polars as pl

    known = rows >= 0
    index = pl.Series("i", np.where(known, rows, 0).astype(np.uint32))
    chosen = table.select(pl.col(old).alias(new) for new, old in columns.items())
    if not table.height:
        return chosen.clear(len(rows))
    out = chosen.select(pl.all().gather(index))
    return out if known.all() else out.select(pl.when(pl.Series(known)).then(pl.all()))


def zero_inside(frame: pl.DataFrame, inside: NDArray[np.bool_]) -> pl.DataFrame:
    """Return columns whose missing cells are zero in the rows that the source covers, and all of whose cells are null in the others."""
    import polars as pl

    filled = frame.with_columns(pl.all().fill_null(0))
    return filled if inside.all() else filled.select(pl.when(pl.Series(inside)).then(pl.all()))


@dataclass(frozen=True, eq=False, repr=False)
class Panel:
    """A frame with its unit of analysis and the origin of its columns.

    Attributes
    ----------
    data : polars.DataFrame or polars.LazyFrame
    unit : Unit
    origins : dict of str to Origin
        By column; a user's own columns have none.
    store : DataDir or None
        Where the data sets are; None is the default folder.

    Examples
    --------
    >>> panel = create_dyad_years(1816, 2010).pipe(add_nmc)  # doctest: +SKIP
    >>> panel.frame.height  # doctest: +SKIP
    1685370
    """

    data: pl.DataFrame | pl.LazyFrame
    unit: Unit
    origins: Mapping[str, Origin] = field(default_factory=dict)
    store: DataDir | None = None

    @classmethod
    def of(
        cls,
        frame: Panel | IntoFrame,
        data_dir: DataDir | str | os.PathLike[str] | None = None,
        *,
        unit: Unit | None = None,
    ) -> Panel:
        """Return ``frame`` as a panel: itself, or any frame that narwhals knows, whose unit is read from its columns unless given."""
        import polars as pl

        if not isinstance(frame, Panel):
            native = frame if isinstance(frame, pl.DataFrame | pl.LazyFrame) else _to_polars(frame)
            frame = cls(native, unit or units.infer(native.collect_schema().names(), native))
        return frame if data_dir is None else replace(frame, store=DataDir.of(data_dir))

    @property
    def is_lazy(self) -> bool:
        """Whether nothing has been computed yet."""
        import polars as pl

        return isinstance(self.data, pl.LazyFrame)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The rows as a Polars frame; computes a lazy panel."""
        import polars as pl

        return self.data.collect() if isinstance(self.data, pl.LazyFrame) else self.data

    @cached_property
    def row_keys(self) -> Rows:
        """Keys of the rows as arrays."""
        return Rows(self.frame, self.unit)

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self.data.collect_schema().names()

    @property
    def height(self) -> int:
        """Number of rows; computes a lazy panel."""
        return self.frame.height

    def __len__(self) -> int:
        return self.height

    def __getitem__(self, column: str) -> pl.Series:
        """Return one column; computes a lazy panel."""
        return self.frame[column]

    def __repr__(self) -> str:
        return f"Panel of {self.unit} ({self.unit.system})\n{self.data!r}"

    def _repr_html_(self) -> str:
        return f"<p>Panel of {self.unit} ({self.unit.system})</p>{self.frame._repr_html_()}"

    def pipe(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Return ``function(self, *args, **kwargs)``."""
        return function(self, *args, **kwargs)

    def lazy(self) -> Panel:
        """Return the panel over a lazy frame: what is added later is computed when it is asked for."""
        return replace(self, data=self.data.lazy())

    def filter(self, *predicates: Any) -> Panel:
        """Return the rows for which all Polars ``predicates`` hold."""
        return replace(self, data=self.data.filter(*predicates))

    def with_columns(self, *columns: Any, **named: Any) -> Panel:
        """Return the panel with columns of the user's own; one that replaces another loses its origin."""
        data = self.data.with_columns(*columns, **named)
        schema = data.lazy().collect_schema()
        replaced = {c for c in self.origins if c in schema and c in self._changed(columns, named)}
        return replace(self, data=data, origins={c: o for c, o in self.origins.items() if c not in replaced})

    @staticmethod
    def _changed(columns: tuple[Any, ...], named: dict[str, Any]) -> set[str]:
        """Return the names that expressions write to."""
        import polars as pl

        flat = [e for c in columns for e in (c if isinstance(c, list | tuple) else [c])]
        return set(named) | {
            e.meta.output_name(raise_if_undetermined=False) or "" for e in flat if isinstance(e, pl.Expr)
        }

    def drop(self, *columns: str) -> Panel:
        """Return the panel without these columns, keys apart."""
        kept = [c for c in columns if c in self.unit.keys]
        if kept:
            raise parameter("columns", ", ".join(kept), "columns that are no keys", f"the unit is {self.unit}")
        return replace(
            self, data=self.data.drop(*columns), origins={c: o for c, o in self.origins.items() if c not in columns}
        )

    def to_pandas(self) -> Any:
        """Return the rows as a pandas frame: whole numbers with missing cells are floats there, as NumPy has no missing integer."""
        require("A pandas frame", "pandas")
        import pandas as pd

        return pd.DataFrame({name: self.frame[name].to_numpy() for name in self.frame.columns})

    def folder(self) -> DataDir:
        """Return where the data sets are."""
        return self.store or DataDir.of(None)

    def origin(self, source: str, what: str, *, absent: str = "unknown") -> Origin:
        """Return the origin of a column of ``source``, whose years and version are those of the file at hand."""
        found = self.folder().provenance(source)
        return Origin(source, what, found.spec.first_year, found.last_year, absent, found.version)

    def add(
        self, columns: Mapping[str, Origin], build: Callable[[Rows], pl.DataFrame], *, whole: bool = False
    ) -> Panel:
        """Return the panel with new columns, in the order of ``columns``.

        Parameters
        ----------
        columns : dict of str to Origin
        build : callable
            Given the rows, returns a frame of the same height that has these columns.
        whole : bool
            The values of a row depend on other rows, so a lazy panel is computed in one piece.

        Raises
        ------
        DataError
            A column is there already.
        """
        import polars as pl

        twice = [c for c in columns if c in self.columns]
        if twice:
            raise DataError(
                message(
                    "Columns are already in the panel", got=", ".join(twice),
                    hint="two data sets have columns of these names: add one of them to a panel, or in Python drop or rename the first's",
                )
            )  # fmt: skip
        origins = {**self.origins, **columns}
        if isinstance(self.data, pl.DataFrame):
            data = self.data.hstack(build(self.row_keys).select(*columns))
            grown = replace(self, data=data, origins=origins)
            grown.__dict__["row_keys"] = self.row_keys.over(data)
            return grown
        schema = self.data.collect_schema()
        new = build(Rows(pl.DataFrame(schema=schema), self.unit)).select(*columns).schema
        unit = self.unit

        def each(batch: pl.DataFrame) -> pl.DataFrame:
            return batch.hstack(build(Rows(batch, unit)).select(*columns))

        lazy = self.data.map_batches(each, schema=pl.Schema({**schema, **new}), streamable=not whole)
        return replace(self, data=lazy, origins=origins)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the rows to Parquet, CSV, Arrow, Stata or R, as the suffix of ``path`` says; see `foedus.panel.write.write`."""
        from foedus.panel.write import write

        write(self, path)

    def cite(self) -> str:
        """Return the BibTeX entries of the data sets that the panel's columns come from, and of the list of its states."""
        from foedus.data.sources import SOURCES

        used = dict.fromkeys(s for o in self.origins.values() for s in o.source.split("+") if s)
        return "\n\n".join(SOURCES[s].spec.bibtex for s in used)

    def coverage(self) -> pl.DataFrame:
        """Return one row per column with its source, years, what an absent record means, and how many cells are known and missing.

        ``outside`` counts missing cells in years that the source does not cover, ``unknown`` the missing cells inside them.
        """
        import polars as pl

        out = []
        for name in self.frame.columns:
            column, origin = self.frame[name], self.origins.get(name)
            missing = column.is_null().to_numpy()
            outside = missing & ~self.row_keys.covered(origin) if origin else np.zeros(len(missing), dtype=bool)
            out.append({
                "column": name, "source": origin.source if origin else None, "version": origin.version if origin else None,
                "first_year": origin.first_year if origin else None, "last_year": origin.last_year if origin else None,
                "absent": origin.absent if origin else None, "known": int((~missing).sum()), "outside": int(outside.sum()),
                "unknown": int((missing & ~outside).sum()), "what": origin.what if origin else None,
            })  # fmt: skip
        text = ("column", "source", "version", "absent", "what")
        schema = {name: pl.String if name in text else pl.Int64 for name in (out[0] if out else text)}
        return pl.DataFrame(out, schema=schema)

    def explain(self, column: str, **keys: Any) -> str:
        """Return why one cell holds what it holds: its value, or why it is zero or missing.

        Parameters
        ----------
        column : str
        **keys
            The row: ``ccode1=2, ccode2=20, year=2020``.

        Raises
        ------
        ParameterError
            No such column, or the keys name no row or several.
        """
        import polars as pl

        if column not in self.columns:
            raise parameter("column", column, f"one of {', '.join(self.columns)}")
        unknown = [k for k in keys if k not in self.columns]
        if unknown:
            raise parameter("keys", ", ".join(unknown), f"columns of the panel, as {', '.join(self.unit.keys)}")
        row = self.frame.filter(*(pl.col(k) == v for k, v in keys.items()))
        if row.height != 1:
            raise ParameterError(
                message(
                    "Keys that name no single row",
                    got=f"{keys}: {row.height} rows",
                    expected=f"one of {', '.join(self.unit.keys)}",
                )
            )
        value, origin = row[column][0], self.origins.get(column)
        if origin is None:
            return f"{column} = {value}: no data set; a key or a column of your own"
        return f"{column} = {'missing' if value is None else value}: {_reason(value, origin, int(Rows(row, self.unit).year[0]))}"


def _reason(value: Any, origin: Origin, year: int) -> str:
    """Return why a cell holds ``value``."""
    named = f"{origin.source} {origin.version}".strip() or "computed from other columns"
    if value is not None:
        zero = f"; no record there means: {origin.absent}" if value in (0, False) and origin.absent else ""
        return f"{origin.what} ({named}){zero}"
    if not origin.first_year <= year <= origin.last_year:
        return f"{named} covers {origin.first_year} to {origin.last_year}, and nothing is carried to {year}"
    return f"{named} has no value for this row; no record there means: {origin.absent or 'unknown'}"


def _to_polars(frame: Any) -> pl.DataFrame | pl.LazyFrame:
    """Return a frame of any library that narwhals knows as a Polars frame."""
    import narwhals as nw

    try:
        known = nw.from_native(frame)
    except TypeError as error:
        raise DataError(
            message(
                "Not a frame",
                got=type(frame).__name__,
                expected="a frame of Polars, pandas, PyArrow or another library that narwhals knows",
            )
        ) from error
    return known.to_polars() if isinstance(known, nw.DataFrame) else known.collect(backend="polars").to_native()


def derived(panel: Panel, sources: Sequence[str], build: Callable[..., pl.DataFrame], *args: Any) -> pl.DataFrame:
    """Return ``build(*tables, *args)`` of the tables of ``sources``, kept for the next panel that asks the same of them."""
    tables = tuple(panel.folder().table(s) for s in sources)
    key = (build, *args, *map(id, tables))
    if key not in _DERIVED:
        if len(_DERIVED) >= _KEPT:
            del _DERIVED[next(iter(_DERIVED))]
        # The tables are kept with the result, so that their ids stay theirs.
        _DERIVED[key] = tables, build(*tables, *args)
    return _DERIVED[key][1]


def check_at(at: str) -> None:
    """Raise unless ``at`` is one of the two readings of a year."""
    if at not in {"jan1", "year"}:
        raise parameter("at", at, "'year' (any day of the year) or 'jan1' (as of the start of 1 January)")


def need(panel: Panel, *kinds: str) -> None:
    """Raise unless the panel's unit is one of ``kinds``."""
    if panel.unit.kind not in kinds:
        raise DataError(
            message(
                "Columns for another unit of analysis",
                got=f"a panel of {panel.unit}",
                expected=" or ".join(k.replace("_", "-") + "s" for k in kinds),
            )
        )


def state_columns(panel: Panel, source: str, columns: Mapping[str, str], table: pl.DataFrame, *, scheme: SchemeName = "cow", absent: str = "unknown",
                  zero: bool = False) -> Panel:  # fmt: skip
    """Return the panel with columns of a table of states by year, for each state of a row.

    Parameters
    ----------
    panel : Panel
    source : str
        Id of the data set.
    columns : dict of str to str
        Columns of ``table`` and what they hold; they end in 1 and 2 where a row has two states.
    table : polars.DataFrame
        One row per code and year.
    absent : str
        What an absent record means inside the source's years.
    zero : bool
        Whether it means zero.
    """
    import polars as pl

    made = {
        f"{c}{side}": panel.origin(source, what, absent=absent)
        for side in panel.unit.sides
        for c, what in columns.items()
    }

    def build(rows: Rows) -> pl.DataFrame:
        parts = []
        for side in panel.unit.sides:
            found = take(table, rows.states(table, side, scheme, what=source), {f"{c}{side}": c for c in columns})
            parts.append(zero_inside(found, rows.covered(made[found.columns[0]])) if zero else found)
        return pl.concat(parts, how="horizontal")

    return panel.add(made, build)


def leaders_of(
    panel: Panel, source: str, columns: Mapping[str, str], table: pl.DataFrame, *, absent: str = "no dispute", zero: bool = False
) -> Panel:  # fmt: skip
    """Return the panel with columns of a table about leaders: of each leader of a row, or of the pair where the table names two.

    Parameters
    ----------
    panel : Panel
        Of leaders.
    source : str
    columns : dict of str to str
        Columns of ``table`` and what they hold; they end in 1 and 2 where a row has two leaders and the table names one.
    table : polars.DataFrame
        One row per leader (``obsid``) or pair (``obsid1, obsid2``), by ``year`` where it has years.
    absent, zero
        As of `state_columns`.
    """
    import polars as pl

    pairs = "obsid1" in table.columns
    sides = ("",) if pairs else panel.unit.sides
    made = {f"{c}{side}": panel.origin(source, what, absent=absent) for side in sides for c, what in columns.items()}
    time = ["year"] if "year" in table.columns else []

    def build(rows: Rows) -> pl.DataFrame:
        parts = []
        for side in sides:
            keys = ["obsid1", "obsid2", *time] if pairs else ["obsid", *time]
            mine = keys if pairs else [f"obsid{side}", *time]
            found = rows.frame.select(mine).join(
                table.select(*keys, *columns),
                left_on=mine,
                right_on=keys,
                how="left",
                validate="m:1",
                maintain_order="left",
            )
            found = found.select(pl.col(c).alias(f"{c}{side}") for c in columns)
            parts.append(zero_inside(found, rows.covered(made[found.columns[0]])) if zero else found)
        return pl.concat(parts, how="horizontal")

    return panel.add(made, build)
