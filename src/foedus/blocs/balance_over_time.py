"""Balance at each of many times, and where it shifts.

Each graph is judged without the nodes that have no tie at that time: a state that does not exist yet is no balanced state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.blocs.balance import BalanceReport, balance, count_triads
from foedus.blocs.changes import Changes, change_points
from foedus.blocs.graph import SignedGraph, signed_graphs
from foedus.errors import ParameterError, message, parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from foedus.blocs.series import BlocYears


@dataclass(frozen=True)
class BalanceSeries:
    """Balance at each time: ``reports`` by time, in order."""

    reports: Mapping[Any, BalanceReport]

    def table(self) -> pl.DataFrame:
        """Return one row a time and index: ``time``, ``nodes``, ``ties``, ``negative`` and the columns of `BalanceReport.table`."""
        import polars as pl

        def frame(time: Any, report: BalanceReport) -> pl.DataFrame:
            g = report.graph
            named = {"time": time, "nodes": g.n, "ties": g.m, "negative": g.negative}
            return report.table().select(*(pl.lit(v).alias(k) for k, v in named.items()), pl.all())

        frames = [frame(t, r) for t, r in self.reports.items()]
        return (
            pl.concat(frames)
            if frames
            else pl.DataFrame(schema={"time": pl.Null, "index": pl.String, "value": pl.Float64})
        )

    def changes(self, index: str, **options: Any) -> Changes:
        """Return where one index of the table shifts, see `foedus.blocs.changes.change_points`.

        Raises
        ------
        ParameterError
            No such index, or a time at which it has no value or only bounds.
        """
        import polars as pl

        rows = self.table().filter(pl.col("index") == index)
        if rows.is_empty():
            known = self.table()["index"].unique(maintain_order=True)
            raise parameter("index", index, f"one of {', '.join(known)}")
        short = [t for t in self.reports if t not in set(rows["time"])]
        loose = rows.filter(pl.col("value").is_null() | ~pl.col("standing").is_in(["exact", "proved", "estimated"]))
        if short or not loose.is_empty():
            first = short[0] if short else loose["time"][0]
            hint = "leave that time out, or raise seconds"
            raise ParameterError(
                message(f"Index {index!r} has no settled value at {first}", expected="one at every time", hint=hint)
            )
        return change_points(rows["value"].to_numpy(), rows["time"].to_list(), **options)


def balance_over_time(
    source: Any, *, time: str | None = None, ids: Sequence[str] | None = None, graph: Mapping[str, Any] | None = None, **options: Any
) -> BalanceSeries:  # fmt: skip
    """Return the balance at each time.

    Parameters
    ----------
    source, time, ids
        As `foedus.blocs.graph.signed_graphs`.
    graph : mapping, optional
        Further arguments of `foedus.blocs.graph.signed_graph`, such as ``{"directed": "sum"}``.
    **options
        Of `foedus.blocs.balance.balance`: null model, draws, seed, seconds, indices, lengths.

    Examples
    --------
    >>> calm = [("a", "b", 1), ("a", "c", -1), ("b", "c", -1)]
    >>> series = balance_over_time({1900: calm, 1901: [*calm[:2], ("b", "c", 1)]})
    >>> {t: r.triads.share for t, r in series.reports.items()}
    {1900: 1.0, 1901: 0.0}
    """
    graphs = signed_graphs(source, time=time, ids=ids, **(graph or {}))
    return BalanceSeries({t: balance(g.attached(), **options) for t, g in graphs.items()})


def triads_over_years(series: BlocYears) -> pl.DataFrame:
    """Return the triads of each date of a series of line-ups, at the centre of every uncertain number.

    Parameters
    ----------
    series : BlocYears

    Returns
    -------
    polars.DataFrame
        ``date``; ``balanced``, the share of triads with an even number of hostile ties, null without triads; and the count of each type.
    """
    import polars as pl

    rows = []
    for d in series.dates:
        m = d.moment
        order = np.lexsort((m.j, m.i))
        found = count_triads(SignedGraph(m.ids, m.i[order], m.j[order], m.w[order]))
        rows.append((d.date, found.share, *found.by_type.values()))
    kinds = ("+++", "++-", "+--", "---")
    schema = {"date": pl.Date, "balanced": pl.Float64, **dict.fromkeys(kinds, pl.Int64)}
    return pl.DataFrame(rows, schema=schema, orient="row")
