"""`power_over_years`: concentration, poles and polarization among the great powers, year after year, with what changed.

Great powers are those of the Correlates of War list. Exact for the composite index, given the data; with an interval where the source of the
measure gives its uncertainty. Counts and shares only: whether concentration keeps peace or breaks it is disputed and not answered here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import CoverageError, InvalidSystemError, message, parameter
from foedus.kernels.polarization import POLE
from foedus.panel.panel import At, check_at
from foedus.panel.portfolios import members_by_year, pledge_levels, portfolio_years
from foedus.power.measures import AT_HINT, MEASURES, covered, values_of
from foedus.power.poles import Polarity, polarity, threshold_of
from foedus.power.similarity import years_of
from foedus.power.similarity_of import levels_of
from foedus.system import covariates

if TYPE_CHECKING:
    import os

    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System


LAST = ("bipolar", "con_change", "moved", "unknown")
"""Columns at the end, there in any case."""


@dataclass(frozen=True, eq=False)
class Power:
    """Concentration, poles and polarization, one row a year (or the date of a system).

    Attributes
    ----------
    frame : polars.DataFrame
        ``year`` (or ``date``), ``majors`` (abbreviations, strongest first), ``blocs`` (pact blocs), then the numbers of
        `foedus.power.poles.Polarity`, each with ``_low`` and ``_high`` where the measure is uncertain; ``bipolar``; ``con_change`` since the
        year before; ``moved``, half the sum of the changes of shares among the great powers of both years; ``unknown``, the great powers whose
        strength is, for which reason a year has no figure. Null where unknown or undefined.
    by : str
        What strength was measured by.
    notes : tuple of str
        What the measure is and leaves out; sources.
    pole : float
        Least share of a pole.
    draws, seed : int
        One draw: exact, given the data.
    """

    frame: pl.DataFrame
    by: str
    notes: tuple[str, ...]
    pole: float
    draws: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row a year."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        standing = (
            "derived; exact given the data"
            if self.draws == 1
            else "derived; 90 % intervals over the uncertainty of the inputs"
        )
        return {
            "standing": standing, "by": self.by, "pole": self.pole, "draws": self.draws, "seed": self.seed, "notes": list(self.notes),
            "rows": self.frame.to_dicts(),
        }  # fmt: skip


def power_over_years(
    first: int | str, last: int | None = None, *, by: str = "cinc", pole: float = POLE, at: At = "year", draws: int = 400, seed: int = 1,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Power:  # fmt: skip
    """Return concentration, poles and polarization among the great powers of every year.

    Parameters
    ----------
    first : int or str
        A year, or a range such as ``"1816:2016"``.
    last : int, optional
        Last year, included.
    by : {"cinc", "gdp", "gdp_head", "net", "tiv"}
        What strength is measured by.
    pole : float
        Least share of all capability of a pole.
    at : {"year", "jan1"}
        Great powers and pledges of any day of a year, with its capabilities; or those of 1 January, with the capabilities of the year before.
    draws : int
        Draws of an uncertain measure.
    seed : int
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    CoverageError
        A year without great powers, or none for which the measure is known.
    ParameterError
        Another measure, or a share of a pole outside (0, 1].
    DataError
        Data sets are missing.

    References
    ----------
    [Ray1973]_, [Singer1972]_, [EstebanRay1994]_

    Examples
    --------
    >>> fd.power_over_years(1816, 2016).table()  # doctest: +SKIP
    """
    start, end = years_of(first, last)
    check_at(at)
    if by not in MEASURES:
        raise parameter("by", by, f"one of {', '.join(MEASURES)}")
    threshold_of(pole)
    store = DataDir.of(data_dir)
    store.require("cow_states", "cow_majors", "atop5_1m", *MEASURES[by].sources)
    great = members_by_year(store.table("cow_majors"), at)
    if not {start, end} <= set(great):
        span = f"{min(great)}-{max(great)}"
        raise CoverageError(
            message("The list of great powers does not cover these years", got=f"{start}-{end}", expected=span)
        )
    shift = int(at == "jan1")
    values, note = values_of(store, by, (start - shift, end - shift), draws=draws, seed=seed)
    if not np.isfinite(values.draws).any():
        raise CoverageError(
            message(
                f"'{by}' is unknown in all of these years",
                got=f"{start}-{end}",
                expected=covered(store, by),
                hint=AT_HINT if shift else "",
            )
        )
    known = {int(y) + shift: values.year == y for y in np.unique(values.year)}
    names = dict(store.table("cow_states").select("ccode", "stateabb").unique().iter_rows())
    members = {y: c for y, c in members_by_year(store.table("cow_states"), at).items() if start <= y <= end}
    ties = pledge_levels(store.table("atop5_1m"), store.provenance("atop5_1m").last_year, at, "chiba")
    rows, before = [], None
    for year, codes, levels in portfolio_years(ties, members):
        here = known.get(year, np.zeros(len(values.year), dtype=np.bool_))
        power = _aligned(codes, values.ccode[here], values.draws[:, here])
        major = np.flatnonzero(np.isin(codes, great[year]))
        row, before = _row({"year": year}, [names[int(c)] for c in codes], power, major, levels, pole, before)
        rows.append(row)
    return Power(_framed(rows), by, (note, _ties_note(store)), pole, len(values.draws), seed)


def power_of(system: System, *, pole: float = POLE, draws: int = 400, seed: int = 1) -> Power:
    """Return concentration, poles and polarization among the great powers of a system, over its effective capabilities.

    Parameters
    ----------
    system : System
    pole : float
        Least share of all capability of a pole.
    draws : int
        Draws of uncertain capabilities.
    seed : int

    Raises
    ------
    InvalidSystemError
        No actor of it is marked as a great power.
    ParameterError
        A share of a pole outside (0, 1], or fewer than 2 draws.

    Examples
    --------
    >>> import foedus as fd
    >>> power_of(fd.load("europe-1914"), draws=50).table()["blocs"][0]
    'FRN JPN RUS UKG | AUH GMY ITA | USA'
    """
    threshold_of(pole)
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    major = np.flatnonzero([a.major for a in system.actors])
    if len(major) == 0:
        raise InvalidSystemError(
            message("No great power in the system", got=system.id, expected="major = true for at least one actor")
        )
    power = covariates.effective_capability(system, seed=seed, n_draws=draws)
    row, _ = _row({"date": system.date}, list(system.ids), power, major, levels_of(system), pole, None)
    note = "effective capability of the system's actors: mean share over known parts, times control of own territory"
    return Power(_framed([row]), "effective", (note, "pledges of the system's treaties"), pole, draws, seed)


def _aligned(codes: NDArray[np.int64], known: NDArray[np.int64], draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return draws in the order of ``codes``, NaN where unknown."""
    out = np.full((len(draws), len(codes)), np.nan)
    at = {int(c): k for k, c in enumerate(known)}
    for k, code in enumerate(codes.tolist()):
        if code in at:
            out[:, k] = draws[:, at[code]]
    return out


def _row(
    key: dict[str, Any], names: list[str], power: NDArray[np.float64], major: NDArray[np.int64], levels: NDArray[np.int8], pole: float,
    before: dict[str, Any] | None,
) -> tuple[dict[str, Any], dict[str, Any] | None]:  # fmt: skip
    """Return the row of one year, and what the next one is compared with; numbers are None where a great power's strength is unknown."""
    mean = power.mean(axis=0)
    order = sorted(major.tolist(), key=lambda k: -np.nan_to_num(mean[k]))
    head = key | {"n_majors": len(major), "majors": " ".join(names[k] for k in order)}
    unknown = [names[k] for k in major if np.isnan(mean[k])]
    if unknown or not np.nansum(mean[major]) > 0:
        return head | {"unknown": " ".join(unknown)}, None
    found = polarity(power, major, levels, threshold=pole)
    row: dict[str, Any] = head | {"blocs": _told(found, [names[k] for k in major], mean[major])} | found.row()
    row["bipolar"] = None if row["top_two"] is None else bool(row["top_two"] > 0.5)
    share = {names[k]: float(mean[k] / mean[major].sum()) for k in major}
    if before is not None:
        both = sorted(share.keys() & before["share"].keys())
        row |= {"con_change": _less(row["con"], before["con"]), "moved": _moved(share, before["share"], both)}
    return row, {"con": row["con"], "share": share}


def _told(found: Polarity, names: list[str], strength: NDArray[np.float64]) -> str:
    """Return the pact blocs as text, the strongest first."""
    blocs: dict[int, list[str]] = {}
    weight: dict[int, float] = {}
    for name, b, s in zip(names, found.bloc.tolist(), strength.tolist(), strict=True):
        blocs.setdefault(b, []).append(name)
        weight[b] = weight.get(b, 0.0) + s
    return " | ".join(" ".join(sorted(blocs[b])) for b in sorted(blocs, key=lambda b: (-len(blocs[b]), -weight[b])))


def _less(now: float | None, then: float | None) -> float | None:
    """Return a difference, None where one of the two is."""
    return None if now is None or then is None else now - then


def _moved(now: dict[str, float], then: dict[str, float], both: list[str]) -> float | None:
    """Return half the sum of the changes of shares among those of both years, renormalised among them; None below two."""
    a, b = (np.array([side[n] for n in both]) for side in (now, then))
    return (
        None
        if len(both) < 2 or not (a.sum() > 0 and b.sum() > 0)
        else float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)
    )


def _ties_note(store: DataDir) -> str:
    """Return where the pledges are from."""
    origin = store.provenance("atop5_1m")
    return f"pledges: {origin.spec.title} {origin.version}; great powers: State System Membership, to {store.provenance('cow_majors').last_year}"


def _framed(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return rows as a table, with every column of any of them."""
    import polars as pl

    columns = list(dict.fromkeys([*(c for r in rows for c in r if c not in LAST), *LAST]))
    frame = pl.DataFrame([{c: r.get(c) for c in columns} for r in rows], infer_schema_length=None)
    typed = {"bipolar": pl.Boolean, "con_change": pl.Float64, "moved": pl.Float64, "unknown": pl.String}
    return frame.cast(typed)  # pyright: ignore[reportArgumentType]
