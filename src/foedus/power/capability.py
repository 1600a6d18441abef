"""`capability`: the strength of each state by several measures, each as a share of what all states with data have.

The composite index of national capability [Singer1972]_ is recomputed from its components: the mean over those that exist of the state's share;
filling a missing component with zero would err by up to .058 on published rows. Beside it stand shares of product, of Beckley's net resources and
of arms delivered. Does not say which measure is right: they measure different things, and `foedus.power.measures.MEASURES` says what each one leaves
out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.kernels.shares import composite_shares
from foedus.panel.panel import At, check_at
from foedus.power.measures import AT_HINT, MEASURES, PARTS, WINDOW, Values, covered, national, values_of
from foedus.power.similarity import years_of
from foedus.system import covariates
from foedus.system.nouns import CAPABILITY_PARTS

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System

LEVEL = 0.9
"""Coverage of the intervals."""


@dataclass(frozen=True, eq=False)
class Capability:
    """Strength of the states of one or more years, or of the actors of a system.

    Attributes
    ----------
    frame : polars.DataFrame
        ``ccode, year`` (or ``actor``), then for each measure its value, and ``_low`` and ``_high``, its 90 % interval over the source's own
        uncertainty, where the source gives one. Null where unknown.
    measures : tuple of str
    notes : tuple of str
        What the numbers are and are not, one line each.
    draws, seed : int
    names : dict of int to str
        COW's abbreviations.
    """

    frame: pl.DataFrame
    measures: tuple[str, ...]
    notes: tuple[str, ...]
    draws: int
    seed: int
    names: dict[int, str] = field(repr=False, default_factory=dict)

    def table(self) -> pl.DataFrame:
        """Return one row a state and year, or an actor."""
        return self.frame

    def coverage(self) -> pl.DataFrame:
        """Return for each measure how many rows have it, and its first and last year."""
        import polars as pl

        rows = []
        for m in self.measures:
            known = self.frame.filter(pl.col(m).is_not_null())
            span = {"first": known["year"].min(), "last": known["year"].max()} if "year" in known.columns else {}
            rows.append({"measure": m, "known": known.height, "of": self.frame.height, **span})
        return pl.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "derived from published data; intervals hold the uncertainty that the sources give", "draws": self.draws, "seed": self.seed,
            "measures": list(self.measures), "notes": list(self.notes), "rows": self.frame.to_dicts(),
        }  # fmt: skip


def capability(
    first: int | str, last: int | None = None, *, measures: Sequence[str] = ("cinc",), window: int = WINDOW, at: At = "year",
    draws: int = 400, seed: int = 1, data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Capability:  # fmt: skip
    """Return the strength of every state of a year, or of a range of years, by one or several measures.

    Parameters
    ----------
    first : int or str
        A year, or a range such as ``"1816:2016"``.
    last : int, optional
        Last year, included.
    measures : sequence of str
        Some of ``cinc`` (with the share of each of its six components), ``gdp``, ``gdp_head``, ``net`` and ``tiv``.
    window : int
        Years of deliveries that ``tiv`` adds up.
    at : {"year", "jan1"}
        The series of the year itself, or, for 1 January, that of the year before (convention 4.13).
    draws : int
        Draws behind the intervals of the measures of product.
    seed : int
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    Capability
        ``cinc`` is the index, whose yearly sum runs from 1 to 1.0747; every other measure is a share that sums to 1 over the states with data.

    Raises
    ------
    CoverageError
        No measure has any of the years.
    ParameterError
        Another measure, ``window`` or ``draws`` below 1.
    DataError
        Data sets are missing.

    References
    ----------
    [Singer1972]_, [Fariss2022]_, [Beckley2018]_

    Examples
    --------
    >>> fd.capability(1938).table()  # doctest: +SKIP
    """
    start, end = years_of(first, last)
    check_at(at)
    unknown = [m for m in measures if m not in MEASURES]
    if unknown or not measures or isinstance(measures, str):
        raise parameter("measures", measures, f"some of {', '.join(MEASURES)}")
    for name, value in (("window", window), ("draws", draws)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise parameter(name, value, "an integer of at least 1")
    store = DataDir.of(data_dir)
    store.require(*dict.fromkeys(["cow_states", *(s for m in measures for s in MEASURES[m].sources)]))
    shift = int(at == "jan1")
    notes, frame = [], None
    for m in dict.fromkeys(measures):
        span = start - shift, end - shift
        values, note = values_of(store, m, span, window=window, draws=draws, seed=seed)
        notes.append(note)
        columns = _share_columns(m, values)
        if m == "cinc":
            columns = columns.join(_components(store, span), on=["ccode", "year"], validate="1:1")
        frame = (
            columns
            if frame is None
            else frame.join(columns, on=["ccode", "year"], how="full", coalesce=True, validate="1:1")
        )
    assert frame is not None
    frame = _shifted(frame, shift)
    if frame.height == 0:
        spans = "; ".join(covered(store, m) for m in measures)
        hint = AT_HINT if shift else ""
        raise CoverageError(
            message("Capability is unknown in all of these years", got=f"{start}-{end}", expected=spans, hint=hint)
        )
    names = dict(store.table("cow_states").select("ccode", "stateabb").unique().iter_rows())
    return Capability(frame, tuple(dict.fromkeys(measures)), tuple(notes), draws, seed, names)


def _shifted(frame: pl.DataFrame, shift: int) -> pl.DataFrame:
    """Return rows in order under the year for which they are used."""
    import polars as pl

    return frame.with_columns((pl.col("year") + shift).cast(pl.Int32), pl.col("ccode").cast(pl.Int32)).sort(
        "year", "ccode"
    )


def _components(store: DataDir, span: tuple[int, int]) -> pl.DataFrame:
    """Return the shares of the components of national capability, and how many of them there are."""
    import polars as pl

    code, year, parts = national(store)
    inside = (year >= span[0]) & (year <= span[1])
    code, year, parts = code[inside], year[inside], parts[inside]
    shares = np.full(parts.shape, np.nan)
    for y in np.unique(year).tolist():
        here = year == y
        shares[here] = np.column_stack([composite_shares(parts[here][:, [k]]) for k in range(len(PARTS))])
    columns = {p: shares[:, k] for k, p in enumerate(PARTS)} | {"n_parts": np.isfinite(parts).sum(axis=1)}
    return pl.DataFrame({"ccode": code, "year": year} | columns).with_columns(pl.col(pl.Float64).fill_nan(None))


def _share_columns(measure: str, values: Values) -> pl.DataFrame:
    """Return shares of each year's total over the states with data, the composite index as it is; with an interval where there are draws."""
    import polars as pl

    share = np.full(values.draws.shape, np.nan)
    for y in np.unique(values.year).tolist():
        here = values.year == y
        total = np.nansum(values.draws[:, here], axis=1, keepdims=True) if measure != "cinc" else np.ones((1, 1))
        share[:, here] = np.divide(
            values.draws[:, here], total, out=np.full((len(total), here.sum()), np.nan), where=total > 0
        )
    columns = {measure: share.mean(axis=0)} | (_interval(measure, share) if len(share) > 1 else {})
    frame = pl.DataFrame({"ccode": values.ccode, "year": values.year} | columns)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def _interval(name: str, draws: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return both ends of the interval of each column of draws."""
    low, high = np.quantile(draws, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2], axis=0)
    return {f"{name}_low": low, f"{name}_high": high}


def capability_of(system: System, *, draws: int = 400, seed: int = 1) -> Capability:
    """Return the strength of the actors of a system: shares of each known part, and the effective share that analyses use.

    ``effective`` is the composite over the parts that an actor has, times the control that it has of its own territory; an actor without any known
    part is drawn over the range of the others, so its interval is wide.

    Parameters
    ----------
    system : System
    draws : int
    seed : int

    Raises
    ------
    ParameterError
        Fewer than 2 draws.

    Examples
    --------
    >>> import foedus as fd
    >>> found = capability_of(fd.load("europe-1914"), draws=50).table()
    >>> found.sort("effective", descending=True)["actor"][0] in {"GMY", "USA", "RUS", "UKG"}
    True
    """
    import polars as pl

    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    parts = covariates.capability_parts(system, seed, draws)
    effective = covariates.effective_capability(system, seed=seed, n_draws=draws)
    columns: dict[str, Any] = {"actor": list(system.ids), "effective": effective.mean(axis=0)} | _interval(
        "effective", effective
    )
    for k, part in enumerate(CAPABILITY_PARTS):
        if np.isfinite(parts[..., k]).any():
            share = composite_shares(parts[..., [k]])
            columns |= {part: share.mean(axis=0)} | _interval(part, share)
    measures = ("effective", *(p for p in CAPABILITY_PARTS if p in columns))
    note = "effective: mean share over the parts that are known, times control of own territory; unknown parts stay unknown"
    return Capability(
        pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None)), measures, (note,), draws, seed
    )
