"""Militarized interstate disputes of each pair, of each state and of leaders, in both codings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from foedus.errors import parameter
from foedus.panel.keep import kept
from foedus.panel.panel import DYADIC, Panel, Rows, derived, leaders_of, need, state_columns, take, zero_inside
from foedus.panel.whittle import whittle, with_disputes

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl
    from narwhals.typing import IntoFrame

    from foedus.data.store import DataDir

Initiation = Literal["sidea-all-joiners", "sidea-with-joiners", "sidea-orig"]

DETAILS = {
    "dispnum": "number of the dispute that the rules of `whittle` keep",
    "sidea1": "1 if state 1 is on side A", "sidea2": "1 if state 2 is on side A",
    "orig1": "1 if state 1 was there on the first day", "orig2": "1 if state 2 was there on the first day",
    "init1": "1 if state 1 initiated, in the coding that `init` names", "init2": "1 if state 2 initiated",
    "fatality1": "deaths of state 1, class 0 to 6", "fatality2": "deaths of state 2, class 0 to 6",
    "fatalpre1": "deaths of state 1", "fatalpre2": "deaths of state 2",
    "hiact1": "highest action of state 1, 0 to 21", "hiact2": "highest action of state 2, 0 to 21",
    "hostlev1": "highest hostility of state 1, 1 to 5", "hostlev2": "highest hostility of state 2, 1 to 5",
    "fatality": "deaths in the whole dispute, class 0 to 6", "hostlev": "highest hostility of the whole dispute, 1 to 5",
    "mindur": "shortest duration of the dispute, days", "maxdur": "longest duration of the dispute, days",
    "recip": "1 if the dispute was reciprocated", "stmon": "month in which the dispute began",
}  # fmt: skip
_STATE = {"ongoing": "1 if the state is in a dispute", "onset": "1 if a dispute of the state begins",
          "ongoing_init": "1 if the state is in a dispute that it initiated", "onset_init": "1 if a dispute that it initiated begins"}  # fmt: skip
_SOURCE = {"gml": "gml_dirdisp", "cow": "cow_mid_dirdisps"}
_RAW = {"gml": ("midongoing", "midonset"), "cow": ("dispongoing", "disponset")}
_INITIATION = ("sidea-all-joiners", "sidea-with-joiners", "sidea-orig")


def add_gml_mids(
    frame: Panel | IntoFrame, *, keep: Sequence[str] | None = None, init: Initiation = "sidea-all-joiners", prefix: str = "",
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return the panel with GML disputes: ``gmlmidonset`` and ``gmlmidongoing``, and of pairs the one dispute that `whittle` keeps.

    Onset and ongoing are 0 where there is no dispute and null outside 1816-2010; what describes a dispute is null where there is none.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years or state-years with COW codes, leader-dyad-years or leader-years.
    keep : sequence of str, optional
        Which columns of the dispute (see `DETAILS`); all by default, ``[]`` for none. Pairs of states only.
    init : {"sidea-all-joiners", "sidea-with-joiners", "sidea-orig"}
        Who initiated: side A and whoever joined later; side A; the states of side A that were there on the first day.
    prefix : str
        Put before the names of what describes a dispute, so that two data sets can stand side by side.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, or has the columns.
    ParameterError
        Another ``init``, or ``keep`` names another column.

    References
    ----------
    [Gibler2016]_
    """
    return _add(frame, "gml", keep, init, prefix, data_dir)


def add_cow_mids(
    frame: Panel | IntoFrame, *, keep: Sequence[str] | None = None, init: Initiation = "sidea-all-joiners", prefix: str = "",
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return the panel with disputes of the Correlates of War, 1816-2014: as `add_gml_mids`, with ``cowmidonset`` and ``cowmidongoing``.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years or state-years with COW codes.
    keep, init, prefix, data_dir
        As of `add_gml_mids`.

    Raises
    ------
    DataError
        The frame holds other units, or has the columns.
    ParameterError
        Another ``init``, or ``keep`` names another column.

    References
    ----------
    [Palmer2022]_
    """
    return _add(frame, "cow", keep, init, prefix, data_dir)


def _add(
    frame: Panel | IntoFrame, which: Literal["gml", "cow"], keep: Sequence[str] | None, init: str, prefix: str,
    data_dir: DataDir | str | os.PathLike[str] | None,
) -> Panel:  # fmt: skip
    """Return the panel with disputes of one coding."""
    import polars as pl

    if init not in _INITIATION:
        raise parameter("init", init, " or ".join(map(repr, _INITIATION)))
    panel = Panel.of(frame, data_dir)
    leaders = panel.unit.kind.startswith("leader")
    need(panel, "state_year", "dyad_year", *(("leader_year", "leader_dyad_year") if which == "gml" else ()))
    source = "gml_mid_dirleaderdisps" if leaders else _SOURCE[which]
    name = f"{which}mid"
    if panel.unit.kind not in DYADIC:
        table = derived(panel, [source], _by_leader if leaders else _by_state, which, init)
        text = {f"{name}{k}": v for k, v in _STATE.items()}
        if leaders:
            return leaders_of(panel, source, text, table, zero=True)
        return state_columns(panel, source, text, table, absent="no dispute", zero=True)
    flags = {
        f"{name}onset": panel.origin(source, "1 if a dispute between the two begins", absent="no dispute"),
        f"{name}ongoing": panel.origin(source, "1 if the two are in a dispute", absent="no dispute"),
    }
    if leaders:
        return leaders_of(panel, source, {c: o.what for c, o in flags.items()}, derived(panel, [source], _pairs_of_leaders), zero=True)  # fmt: skip
    wanted = {} if keep is not None and not list(keep) else kept(DETAILS, keep)
    told = flags | {f"{prefix}{c}": panel.origin(source, text, absent="no dispute") for c, text in wanted.items()}
    one = derived(panel, [source, f"{which}_mid_disps"], _whittled, which, init)

    def build(rows: Rows) -> pl.DataFrame:
        found = rows.pairs(one, directed=True, what=source)
        flagged = zero_inside(take(one, found, {c: c for c in flags}), rows.covered(told[f"{name}onset"]))
        return pl.concat([flagged, take(one, found, {f"{prefix}{c}": c for c in wanted})], how="horizontal")

    return panel.add(told, build)


def initiator(init: str, side: str = "") -> pl.Expr:
    """Return whether the state on one side of a row initiated, in one of the three codings."""
    import polars as pl

    first, there = pl.col(f"sidea{side}"), pl.col(f"orig{side}")
    return {"sidea-all-joiners": first | ~there, "sidea-with-joiners": first, "sidea-orig": first & there}[init]


def _flags(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with its true and false as 1 and 0."""
    import polars as pl

    return frame.with_columns(pl.col(pl.Boolean).cast(pl.Int32))


def _whittled(pairs: pl.DataFrame, disputes: pl.DataFrame, which: Literal["gml", "cow"], init: str) -> pl.DataFrame:
    """Return the one dispute of each directed pair and year."""
    rows = whittle(with_disputes(pairs, disputes))
    ongoing, onset = _RAW[which]
    renamed = rows.rename({ongoing: f"{which}midongoing", onset: f"{which}midonset"})
    return _flags(renamed.with_columns(initiator(init, "1").alias("init1"), initiator(init, "2").alias("init2")))


def _by_state(rows: pl.DataFrame, which: Literal["gml", "cow"], init: str) -> pl.DataFrame:
    """Return whether each state is in a dispute of any kind, by year."""
    ongoing, onset = _RAW[which]
    return _any(rows.rename({"ccode1": "ccode", ongoing: "on", onset: "new"}), ["ccode", "year"], f"{which}mid", init)


def _by_leader(rows: pl.DataFrame, which: Literal["gml", "cow"], init: str) -> pl.DataFrame:
    """Return whether each leader is in a dispute, by year."""
    known = rows.rename({"obsid1": "obsid", "gmlmidongoing": "on", "gmlmidonset": "new"}).drop_nulls("obsid")
    return _any(known, ["obsid", "year"], f"{which}mid", init)


def _any(rows: pl.DataFrame, keys: list[str], name: str, init: str) -> pl.DataFrame:
    """Return whether any row of each key goes on or begins, and whether its first state initiated one that does."""
    import polars as pl

    began = initiator(init, "1")
    return _flags(
        rows.group_by(keys).agg(
            pl.col("on").any().alias(f"{name}ongoing"), pl.col("new").any().alias(f"{name}onset"),
            (pl.col("on") & began).any().alias(f"{name}ongoing_init"), (pl.col("new") & began).any().alias(f"{name}onset_init"),
        )
    )  # fmt: skip


def _pairs_of_leaders(rows: pl.DataFrame) -> pl.DataFrame:
    """Return whether each directed pair of leaders is in a dispute, by year."""
    import polars as pl

    known = rows.drop_nulls(["obsid1", "obsid2"])
    return _flags(
        known.group_by("obsid1", "obsid2", "year").agg(pl.col("gmlmidonset").any(), pl.col("gmlmidongoing").any())
    )
