"""Readers of signed graphs: from a System, a list, a frame, a matrix, networkx, Pajek or an archive to rows ``a, b, weight``.

Says which names stand where and whether rows have a direction; does not join directions, see `foedus.blocs.symmetrise`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import limits
from foedus.blocs import pajek
from foedus.errors import DataError, InvalidSystemError, ParameterError, message, parameter
from foedus.spreadsheet import given

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.blocs.symmetrise import Kind

KNOWN_COLUMNS = (
    ("a", "b", "sign"), ("a", "b", "weight"), ("id1", "id2", "sign"), ("source", "target", "sign"), ("source", "target", "weight"),
    ("from", "to", "sign"), ("from", "to", "weight"), ("u", "v", "w"), ("i", "j", "w"),
)  # fmt: skip
"""Names that the columns of an edge list usually have: both ends and the weight."""

TIME_COLUMNS = ("time", "year", "date", "period")
"""Names that the column of times usually has."""

ACCEPTED = "a System, an edge list, a frame, a matrix, a networkx graph, or the path of a .csv, .net or .npz file"


@dataclass(frozen=True)
class Rows:
    """Rows of a source: names of all nodes, both ends as positions, weights, and whether rows have a direction."""

    ids: tuple[str, ...]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    w: NDArray[np.float64]
    kind: Kind


def rows_of(source: Any, *, columns: tuple[str, str, str] | None, ids: Sequence[str] | None, weights: str) -> Rows:
    """Return the rows of any source that `foedus.blocs.graph.signed_graph` takes."""
    from foedus.system.system import System

    if isinstance(source, System):
        return _ordered(_from_system(source, weights), ids)
    if isinstance(source, str | Path):
        return _from_path(Path(source), columns, ids)
    if _is_sparse(source) or isinstance(source, np.ndarray):
        return _from_matrix(source, ids)
    if hasattr(source, "is_directed") and hasattr(source, "edges"):
        return _ordered(_from_networkx(source), ids)
    if isinstance(source, list | tuple):
        return _from_list(source, ids)
    return _from_frame(_frame(source), columns, ids)


def merged(names: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return every name once, sorted (whole numbers by size)."""
    import polars as pl

    return _sorted_names(pl.Series(sorted({x for part in names for x in part}), dtype=pl.String))


def names_in(parts: Iterable[pl.DataFrame]) -> tuple[str, ...]:
    """Return every name in the first two columns of some frames."""
    import polars as pl

    ends = [part[c].cast(pl.String) for part in parts for c in part.columns[:2]]
    return _sorted_names(pl.concat(ends).drop_nulls()) if ends else ()


def by_time(source: Any, time: str | None, columns: tuple[str, str, str] | None) -> dict[Any, pl.DataFrame]:
    """Return an edge list split by its column of times, in order: frames of three columns."""
    frame = _csv(Path(source)) if isinstance(source, str | Path) else _frame(source)
    found = [time] if time is not None else [c for c in TIME_COLUMNS if c in frame.columns]
    if len(found) != 1 or found[0] not in frame.columns:
        raise parameter(
            "time",
            time,
            f"one of the columns {', '.join(frame.columns)}",
            "it holds the year or other time of each row",
        )
    column = found[0]
    chosen = _columns(frame.drop(column), columns)
    if frame[column].null_count():
        raise ParameterError(
            message(f"Times are missing in column {column!r}", got=f"{frame[column].null_count()} empty")
        )
    if isinstance(source, str | Path):
        frame = frame.with_columns(_numbers(frame[column]))
    parts = frame.sort(column, maintain_order=True).partition_by(column, as_dict=True)
    return {t: part.select(chosen) for (t,), part in parts.items()}


def _from_system(system: Any, weights: str) -> Rows:
    """Return the propensities of a system at the centre of every uncertain number."""
    from foedus.system.propensity import propensity

    p = propensity(system, seed=None)
    return Rows(tuple(system.ids), p.i, p.j, p.total[0] if weights == "sign" else p.weight[0], "rows")


def _from_path(path: Path, columns: tuple[str, str, str] | None, ids: Sequence[str] | None) -> Rows:
    """Return the rows of a file, read by its ending."""
    if not path.is_file():
        raise DataError(message("No such file", got=str(path), expected=ACCEPTED))
    kind = path.suffix.casefold()
    if kind == ".csv":
        return _from_frame(_csv(path), columns, ids)
    if kind == ".net":
        return _ordered(Rows(*pajek.read(path)), ids)
    if kind == ".npz":
        return _from_archive(path, ids)
    raise DataError(message("Unknown kind of file", got=path.name, expected="one that ends in .csv, .net or .npz"))


def _csv(path: Path) -> pl.DataFrame:
    """Return a CSV file, every column as text, so that a name such as ``01`` stays what it is."""
    import polars as pl

    try:
        limits.check_csv(path)
        return given(pl.read_csv(path, infer_schema=False, glob=False))
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as fault:
        raise DataError(
            message("CSV file cannot be read", got=str(fault).partition("\n")[0], where=str(path))
        ) from fault


def _from_archive(path: Path, ids: Sequence[str] | None) -> Rows:
    """Return the ties of a NumPy archive with ``n``, ``u``, ``v``, ``w``."""
    try:
        n, u, v, w = limits.arrays(path, ("n", "u", "v", "w")).values()
        if not all(np.issubdtype(x.dtype, np.integer) for x in (n, u, v)) or n.size != 1 or np.iscomplexobj(w):
            raise ValueError(f"n {n.dtype}, u {u.dtype}, v {v.dtype}, w {w.dtype}")  # noqa: TRY301
        n, a, b, w = int(n.item()), u.astype(np.int64), v.astype(np.int64), w.astype(np.float64)
    except (OSError, ValueError, TypeError) as fault:
        raise DataError(
            message("Archive cannot be read", got=str(fault), expected="arrays n, u, v, w", where=str(path))
        ) from fault
    if not 0 <= n <= limits.NODES:
        raise DataError(limits.too_large(path, f"{n:,} actors", f"at most {limits.NODES:,}"))
    ends = np.concatenate([a, b], axis=None)
    if not a.shape == b.shape == w.shape or a.ndim != 1 or ends.min(initial=0) < 0 or ends.max(initial=-1) >= n:
        raise DataError(
            message(
                "Archive does not fit together",
                expected="flat u, v, w of one length, ends in 0 .. n - 1",
                where=str(path),
            )
        )
    return Rows(_names_of(n, ids), a, b, w, "rows")


def _from_matrix(matrix: Any, ids: Sequence[str] | None) -> Rows:
    """Return every entry of a square matrix that is not 0."""
    shape = matrix.shape
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ParameterError(message("A matrix of ties must be square", got=f"shape {shape}", expected="(n, n)"))
    if _is_sparse(matrix):
        entries = matrix.tocoo()
        a, b, w = entries.row, entries.col, entries.data
    else:
        if not (np.issubdtype(matrix.dtype, np.number) or matrix.dtype == bool) or np.iscomplexobj(matrix):
            raise ParameterError(message("A matrix of ties must hold real numbers", got=f"dtype {matrix.dtype}"))
        a, b = np.nonzero(matrix)
        w = matrix[a, b]
    return Rows(
        _names_of(shape[0], ids), a.astype(np.int64), b.astype(np.int64), np.asarray(w, dtype=np.float64), "arcs"
    )


def _from_networkx(graph: Any) -> Rows:
    """Return the edges of a networkx graph, with ``sign`` or else ``weight`` as weight."""
    names = list(graph.nodes)
    place = {x: k for k, x in enumerate(names)}
    edges = list(graph.edges(data=True))
    key = "sign" if edges and all("sign" in d for *_, d in edges) else "weight"
    bare = next(((a, b) for a, b, d in edges if key not in d), None)
    if bare is not None:
        raise InvalidSystemError(
            message(
                f"Edge {bare} has no sign",
                got="neither 'sign' nor 'weight'",
                hint="every edge needs the same attribute",
            )
        )
    a = np.array([place[x] for x, _, _ in edges], dtype=np.int64)
    b = np.array([place[y] for _, y, _ in edges], dtype=np.int64)
    directed = graph.is_directed()
    if not directed:
        a, b = np.minimum(a, b), np.maximum(a, b)
    return Rows(
        tuple(str(x) for x in names), a, b, _floats([d[key] for *_, d in edges]), "arcs" if directed else "rows"
    )


def _from_list(rows: Sequence[Any], ids: Sequence[str] | None) -> Rows:
    """Return a list of ``(a, b, weight)``."""
    import polars as pl

    odd = next((k for k, r in enumerate(rows) if not isinstance(r, list | tuple) or len(r) != 3), None)
    if odd is not None:
        raise ParameterError(message(f"Row {odd} of an edge list", got=repr(rows[odd]), expected="(a, b, weight)"))
    a, b, w = zip(*rows, strict=True) if rows else ((), (), ())
    texts = [pl.Series([_name(x) for x in side], dtype=pl.String) for side in (a, b)]
    return _named(texts[0], texts[1], _floats(w), ids)


def _name(x: Any) -> str | None:
    """Return a node's name as text: None where there is none, and a whole number the same whether it came as 2 or as 2.0."""
    if x is None or x != x:  # noqa: PLR0124
        return None
    return str(int(x)) if isinstance(x, float | np.floating) and x == int(x) else str(x)


def _frame(source: Any) -> pl.DataFrame:
    """Return any frame that narwhals knows as Polars."""
    import narwhals as nw
    import polars as pl

    try:
        frame = nw.from_native(source)
    except TypeError:
        raise ParameterError(
            message("Source of a signed graph", got=type(source).__name__, expected=ACCEPTED)
        ) from None
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    native = frame.to_native()
    if isinstance(native, pl.DataFrame):
        return native
    return pl.DataFrame({c: [None if x != x else x for x in frame[c].to_list()] for c in frame.columns}, strict=False)  # noqa: PLR0124


def _from_frame(frame: pl.DataFrame, columns: tuple[str, str, str] | None, ids: Sequence[str] | None) -> Rows:
    """Return an edge list held by a frame."""
    import polars as pl

    a, b, w = _columns(frame, columns)
    names = [
        pl.Series([_name(x) for x in side], dtype=pl.String) if _odd(side) else side.cast(pl.String)
        for side in (frame[a], frame[b])
    ]
    return _named(names[0], names[1], _floats(frame[w]), ids)


def _odd(side: pl.Series) -> bool:
    """Return whether names of this type need a look each: numbers with a fraction, or objects."""
    import polars as pl

    return side.dtype.is_float() or side.dtype == pl.Object


def _columns(frame: pl.DataFrame, columns: tuple[str, str, str] | None) -> tuple[str, str, str]:
    """Return the columns of both ends and of the weight."""
    there = frame.columns
    if columns is not None:
        missing = [c for c in columns if c not in there]
        if missing or len(columns) != 3:
            raise parameter("columns", columns, f"three of {', '.join(there)}")
        return columns
    known = [c for c in KNOWN_COLUMNS if set(c) <= set(there)]
    if len(known) == 1:
        return known[0]
    if len(there) == 3:
        return there[0], there[1], there[2]
    hint = 'name them: columns=("a", "b", "sign"); an edge list with a column of times goes to signed_graphs'
    raise ParameterError(
        message(
            "Columns of an edge list are not clear",
            got=", ".join(there),
            expected="both ends and the weight",
            hint=hint,
        )
    )


def _floats(values: Any) -> NDArray[np.float64]:
    """Return weights as numbers; an empty one is NaN, which is refused later with its pair."""
    import polars as pl

    try:
        series = values if isinstance(values, pl.Series) else pl.Series(list(values), strict=False)
        return series.cast(pl.Float64).fill_null(np.nan).to_numpy().astype(np.float64)
    except (pl.exceptions.PolarsError, TypeError, ValueError) as fault:
        raise ParameterError(message("Weights must be numbers", got=str(fault).partition("\n")[0])) from fault


def _named(a: pl.Series, b: pl.Series, w: NDArray[np.float64], ids: Sequence[str] | None) -> Rows:
    """Return rows whose ends are names."""
    import polars as pl

    for series in (a, b):
        if series.null_count():
            row = series.is_null().arg_true()[0]
            raise ParameterError(message(f"Row {row} of an edge list", got="no name", expected="a name at both ends"))
    names = tuple(ids) if ids is not None else _sorted_names(pl.concat([a, b]))
    table = pl.DataFrame({"name": pl.Series(names, dtype=pl.String), "k": np.arange(len(names), dtype=np.int64)})
    places = []
    for series in (a, b):
        place = pl.DataFrame({"name": series}).join(table, on="name", how="left", maintain_order="left")["k"]
        if place.null_count():
            stranger = series.filter(place.is_null())[0]
            raise ParameterError(
                message(
                    "Tie of a node that is not among ids", got=repr(stranger), expected=f"one of {len(names)} names"
                )
            )
        places.append(place.to_numpy().astype(np.int64))
    return Rows(names, places[0], places[1], w, "rows")


def _sorted_names(names: pl.Series) -> tuple[str, ...]:
    """Return each name once, sorted; whole numbers by size."""
    unique = names.unique()
    return tuple(unique.gather(_numbers(unique).arg_sort()))


def _numbers(texts: pl.Series) -> pl.Series:
    """Return texts as whole numbers where every one of them is the plain writing of one."""
    import polars as pl

    numbers = texts.cast(pl.Int64, strict=False)
    return numbers if numbers.null_count() == 0 and (numbers.cast(pl.String) == texts).all() else texts


def _names_of(n: int, ids: Sequence[str] | None) -> tuple[str, ...]:
    """Return the names of n positions."""
    if ids is None:
        return tuple(str(k) for k in range(n))
    if len(ids) != n:
        raise parameter("ids", f"{len(ids)} names", f"{n}, one a row")
    return tuple(ids)


def _ordered(rows: Rows, ids: Sequence[str] | None) -> Rows:
    """Return rows on the nodes of ``ids``, which must hold all of theirs."""
    if ids is None:
        return rows
    place = {x: k for k, x in enumerate(ids)}
    missing = [x for x in rows.ids if x not in place]
    if missing:
        raise parameter("ids", f"no {', '.join(missing[:5])}", "every node of the source")
    to = np.array([place[x] for x in rows.ids], dtype=np.int64)
    return Rows(tuple(ids), to[rows.a], to[rows.b], rows.w, rows.kind)


def _is_sparse(source: Any) -> bool:
    """Return whether this is a SciPy sparse matrix or array."""
    from scipy.sparse import issparse

    return issparse(source)
