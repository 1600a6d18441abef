"""Leaders by year, by day and in pairs, and what is known about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.panel import unit as units
from foedus.panel.keep import kept
from foedus.panel.panel import Panel, leaders_of, need, state_columns
from foedus.panel.unit import CODE, SchemeName, Unit

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Sequence

    import polars as pl
    from narwhals.typing import IntoFrame

_LIST = {"cow": "cow_states", "gw": "gw_system"}
LEAD = {
    "leveledu": "education, 0 primary to 3 graduate", "milservice": "1 if the leader served in the military",
    "combat": "1 if the leader saw combat",
    "rebel": "1 if the leader was a rebel",
    "warwin": "1 if on the winning side of a war before office", "warloss": "1 if on the losing side of a war",
    "rebelwin": "1 if a rebel who won", "rebelloss": "1 if a rebel who lost", "yrsexper": "years in politics before office",
    "physhealth": "1 if in poor physical health", "mentalhealth": "1 if in poor mental health",
}  # fmt: skip
FORCE = {
    f"theta{k}_{m}": f"willingness to use force, model {k}, {w}"
    for k in range(1, 5)
    for m, w in (("mean", "posterior mean"), ("sd", "standard deviation"))
}
TURNOVER = {
    "leadertransition": "1 if the leader changed", "irregular": "1 if a leader left by irregular means", "n_leaders": "leaders in office in the year",
    "jan1obsid": "leader on 1 January", "dec31obsid": "leader on 31 December",
}  # fmt: skip


def create_leader_years(
    start: int | None = None, end: int | None = None, *, system: Literal["archigos"] | SchemeName = "archigos",
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return one row per leader's time in office and year.

    Parameters
    ----------
    start, end : int, optional
        First and last year; by default all years of the data, 1840 (whoever was in office in 1870 is followed back) to 2015.
    system : {"archigos", "cow", "gw"}
        All that Archigos lists, with its Gleditsch-Ward codes; or only the days on which the state is a member of the Correlates of War system
        (``ccode``) or independent by Gleditsch and Ward. A leader whose state changes its code within a year has two rows in it.
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    Panel
        ``obsid, leader, gwcode`` (or ``ccode``)``, gender, leaderage, year, yrinoffice``: age at the end of the year, and the year's number in this
        time in office, from 1; sorted by code, time in office and year.

    Raises
    ------
    CoverageError
        Years outside the data.

    References
    ----------
    [Goemans2009]_
    """
    import polars as pl

    terms, first, last, store, code = _terms(system, start, end, data_dir)
    year, began = pl.col("year"), pl.col("began").dt.year()
    frame = (
        terms.with_columns(pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False, keep_nulls=False)
        .filter(year.is_between(first, last))
        .unique(["obsid", code, "year"], keep="first", maintain_order=True)
        .with_columns((year - pl.col("yrborn")).alias("leaderage"), (year - began + 1).alias("yrinoffice"))
        .sort(code, "began", "obsid", "year")
        .select("obsid", "leader", code, "gender", "leaderage", "year", "yrinoffice")
    )  # fmt: skip
    unit = Unit("leader_year", "cow" if code == "ccode" else "gw", ("obsid", code, "year"))
    return _with_origins(Panel(frame, unit, {}, store))


def create_leader_days(
    start: dt.date, end: dt.date, *, system: Literal["archigos"] | SchemeName = "archigos",
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return one row per leader and day in office.

    Parameters
    ----------
    start, end : datetime.date
        First and last day.
    system, data_dir
        As of `create_leader_years`.

    Returns
    -------
    Panel
        ``obsid, leader, gwcode`` (or ``ccode``)``, gender, date, dayinoffice``, the first day in office being 1.

    Raises
    ------
    CoverageError
        Days outside the data.
    """
    import polars as pl

    if start > end:
        raise parameter("start", start, f"a day up to end={end}")
    terms, _, _, store, code = _terms(system, start.year, end.year, data_dir)
    frame = (
        terms.filter((pl.col("start") <= end) & (pl.col("end") >= start))
        .with_columns(pl.date_ranges(pl.max_horizontal("start", pl.lit(start)), pl.min_horizontal("end", pl.lit(end))).alias("date"))
        .explode("date", empty_as_null=False, keep_nulls=False)
        .with_columns(((pl.col("date") - pl.col("began")).dt.total_days() + 1).cast(pl.Int32).alias("dayinoffice"))
        .sort(code, "began", "obsid", "date")
        .select("obsid", "leader", code, "gender", "date", "dayinoffice")
    )  # fmt: skip
    unit = Unit("leader_day", "cow" if code == "ccode" else "gw", ("obsid", code, "date"), time="date")
    return _with_origins(Panel(frame, unit, {}, store))


def create_leader_dyad_years(
    start: int | None = None, end: int | None = None, *, directed: bool = True, system: SchemeName = "gw",
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return one row per pair of leaders of different states and year: a pair is in a year if both were in office on at least one same day of it.

    Parameters
    ----------
    start, end : int, optional
        First and last year; by default all years of the data. All directed pairs are about two million rows.
    directed : bool
        Both orders of each pair; otherwise the lower code first.
    system : {"gw", "cow"}
        Only the days on which the state is in that list.
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    Panel
        ``gwcode1, gwcode2, obsid1, obsid2, year`` (``ccode1, ccode2`` for the Correlates of War), sorted by these.

    Raises
    ------
    CoverageError
        Years outside the data.
    """
    import polars as pl

    units.check_system(system)
    terms, first, last, store, code = _terms(system, start, end, data_dir)
    year = pl.col("year")
    # A row is one number while rows are told apart and sorted: codes, places of both leaders among the ids, year.
    leaders = terms["obsid"].unique().sort()
    n = max(len(leaders), 1)
    ids = pl.DataFrame({"obsid": leaders, "who": pl.int_range(len(leaders), dtype=pl.Int64, eager=True)})
    terms = terms.join(ids, on="obsid", validate="m:1")
    days = (
        terms.with_columns(pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False, keep_nulls=False)
        .filter(year.is_between(first, last))
        .select(
            "year", code, "who",
            pl.max_horizontal("start", pl.date(year, 1, 1)).dt.ordinal_day().alias("on"),
            pl.min_horizontal("end", pl.date(year, 12, 31)).dt.ordinal_day().alias("off"),
        )
    )  # fmt: skip
    one, two = pl.col(code), pl.col(f"{code}_2")
    pairs = (
        days.join(days, on="year", suffix="_2", validate="m:m")
        .filter((one != two) if directed else (one < two))
        .filter(pl.max_horizontal("on", "on_2") <= pl.min_horizontal("off", "off_2"))
        .select(row=(((one.cast(pl.Int64) * 1000 + two) * n + pl.col("who")) * n + pl.col("who_2")) * 4096 + year)
    )
    number = pairs["row"].unique().sort()
    both, who = number // 4096 // n // n, number // 4096
    frame = pl.DataFrame({
        f"{code}1": (both // 1000).cast(pl.Int32), f"{code}2": (both % 1000).cast(pl.Int32),
        "obsid1": leaders.gather(who // n % n), "obsid2": leaders.gather(who % n), "year": (number % 4096).cast(pl.Int32),
    })  # fmt: skip
    keys = (f"{code}1", f"{code}2", "obsid1", "obsid2", "year")
    return _with_origins(Panel(frame, Unit("leader_dyad_year", system, keys, ("1", "2"), directed), {}, store))


def _terms(
    system: Literal["archigos"] | SchemeName,
    start: int | None,
    end: int | None,
    data_dir: DataDir | str | os.PathLike[str] | None,
) -> tuple[pl.DataFrame, int, int, DataDir, str]:
    """Return the leaders' days in office within the list of states, the years asked for, the store, and the name of the code."""
    import polars as pl

    if system not in {"archigos", "cow", "gw"}:
        raise parameter("system", system, "'archigos', 'cow' or 'gw'")
    store = DataDir.of(data_dir)
    source = store.provenance("archigos")
    terms = store.table("archigos").with_columns(pl.col("start").alias("began"))
    opened = int(terms["start"].dt.year().min())  # type: ignore[arg-type]
    first, last = opened if start is None else start, source.last_year if end is None else end
    if first > last:
        raise parameter("start", first, f"a year up to end={last}")
    if first < opened or last > source.last_year:
        raise CoverageError(
            message("Leaders (Archigos)", got=f"years {first}-{last}", expected=f"{opened}-{source.last_year}")
        )
    if system == "archigos":
        return terms, first, last, store, "gwcode"
    return _within(terms, store, system), first, last, store, CODE[system]


def _within(terms: pl.DataFrame, store: DataDir, system: SchemeName) -> pl.DataFrame:
    """Return the terms cut to the days on which their state is in the list, with that list's code."""
    import polars as pl

    code = CODE[system]
    spells = store.table(_LIST[system]).select(code, pl.col("start").alias("from"), pl.col("end").alias("to"))
    if system == "cow":
        # The Correlates of War code of a Gleditsch-Ward code, as a spell of years; two states of one year are told apart by their days of membership.
        codes = store.table("gw_cw_panel").drop_nulls(["gwcode", "ccode"]).select("gwcode", "ccode").unique()
        both = store.table("cw_gw_panel").select("gwcode", "ccode").unique()
        terms = terms.join(pl.concat([codes, both]).unique(), on="gwcode", how="inner", validate="m:m")
        when = pl.concat(
            [
                store.table(t).drop_nulls(["gwcode", "ccode"]).select("gwcode", "ccode", "year")
                for t in ("gw_cw_panel", "cw_gw_panel")
            ]
        )
        used = when.group_by("gwcode", "ccode").agg(
            pl.col("year").min().alias("low"), pl.col("year").max().alias("high")
        )
        terms = terms.join(used, on=["gwcode", "ccode"], validate="m:1").with_columns(
            pl.max_horizontal("start", pl.date(pl.col("low"), 1, 1)).alias("start"),
            pl.min_horizontal("end", pl.date(pl.col("high"), 12, 31)).alias("end"),
        )
    cut = terms.join(spells, on=code, validate="m:m").with_columns(
        pl.max_horizontal("start", "from").alias("start"), pl.min_horizontal("end", "to").alias("end")
    )
    return cut.filter(pl.col("start") <= pl.col("end"))


def _with_origins(panel: Panel) -> Panel:
    """Return the panel with its keys' origin: Archigos."""
    origin = panel.origin("archigos", "who is in office, and when", absent="no such leader")
    columns = [c for c in panel.columns if c not in {"year", "date"}]
    panel.__dict__["origins"] = dict.fromkeys(columns, origin)
    return panel


def add_lead(
    frame: Panel | IntoFrame, *, keep: Sequence[str] | None = None, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:  # fmt: skip
    """Return the panel with the background of each leader: education, service, combat, rebellion, experience, health.

    Parameters
    ----------
    frame : Panel or any frame
        Leader-years, leader-days or leader-dyad-years.
    keep : sequence of str, optional
        Some of the columns of `LEAD`.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds no leaders, or has the columns.
    ParameterError
        ``keep`` names another column.

    References
    ----------
    [Ellis2015]_
    """
    return _about(frame, "lead", LEAD, keep, data_dir)


def add_lwuf(
    frame: Panel | IntoFrame, *, keep: Sequence[str] | None = None, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:  # fmt: skip
    """Return the panel with each leader's willingness to use force: posterior means and standard deviations of four models.

    Parameters
    ----------
    frame : Panel or any frame
        Leader-years, leader-days or leader-dyad-years.
    keep : sequence of str, optional
        Some of ``theta1_mean, theta1_sd, ... theta4_sd``.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds no leaders, or has the columns.
    ParameterError
        ``keep`` names another column.

    References
    ----------
    [CarterSmith2020]_
    """
    return _about(frame, "lwuf", FORCE, keep, data_dir)


def _about(
    frame: Panel | IntoFrame, source: str, columns: dict[str, str], keep: Sequence[str] | None,
    data_dir: DataDir | str | os.PathLike[str] | None,
) -> Panel:  # fmt: skip
    """Return the panel with facts about each leader."""
    import polars as pl

    panel = Panel.of(frame, data_dir)
    need(panel, "leader_year", "leader_day", "leader_dyad_year")
    table = panel.folder().table(source).with_columns(pl.col(pl.Boolean).cast(pl.Int32))
    return leaders_of(panel, source, kept(columns, keep), table, absent="unknown")


def add_archigos(frame: Panel | IntoFrame, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Panel:
    """Return the panel with the turnover of each state's leaders by year, 1870-2015.

    ``leadertransition, irregular, n_leaders, jan1obsid, dec31obsid``, ending in 1 and 2 where a row has two states.

    Parameters
    ----------
    frame : Panel or any frame
        State-years or dyad-years with Gleditsch-Ward codes (``add_gwcode`` adds them).
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no Gleditsch-Ward codes, or has the columns.

    References
    ----------
    [Goemans2009]_
    """
    import polars as pl

    panel = Panel.of(frame, data_dir)
    need(panel, "state_year", "dyad_year")
    table = panel.folder().table("archigossums").with_columns(pl.col(pl.Boolean).cast(pl.Int32))
    return state_columns(panel, "archigossums", TURNOVER, table, scheme="gw")
