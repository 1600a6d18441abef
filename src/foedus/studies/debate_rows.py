"""Rows for the debate on deterrence: directed pairs by year, whether one challenges the other, and who would help whom.

The rules are those of ``docs/decisions/0022-the-debate-on-deterrence.md``. Fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus import panel as panels
from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.kernels import streams
from foedus.studies.debate_pledges import Pledges, pledges

if TYPE_CHECKING:
    import os

    import polars as pl
    from numpy.typing import NDArray

    from foedus.panel import Panel

Data = Literal["gml", "cow"]
FIRST = 1816
LAST = {"gml": 2010, "cow": 2014}
FAR_SHARE = 20
"""One in so many of the pairs that are not relevant is a row, with so much weight."""
FORCE, WAR = 4, 5
_TABLE = {"gml": ("gml_dirdisp", "midongoing", "midonset"), "cow": ("cow_mid_dirdisps", "dispongoing", "disponset")}
_KNOWN = {
    "distance": "distance unknown", "share": "capability unknown", "democratic": "regime unknown", "similarity": "portfolios unknown",
    "peace": "peace years unknown",
}  # fmt: skip
"""Terms that may be unknown, and what is said of rows that are left out for it."""


@dataclass(frozen=True)
class DebateRows:
    """Directed pairs by year, n of them: ``challenger`` may start a dispute with ``target``.

    Attributes
    ----------
    challenger, target, year : int32 arrays, shape (n,)
    weight : float32 array
    dispute, force, war : bool arrays
        The challenger starts a dispute; one in which force was used; one that reached war.
    relevant : bool array
        Near, or one of the two a major power.
    pact, new, around : bool arrays
        An outside state would defend the target; one of such pledges is new; the target is within five years of the beginning of one.
    unnamed, apart : bool arrays
        As ``pact``, whichever states a pledge names; as ``pact``, of alliances only in which the challenger has no part.
    offence, backing, neutrality : bool arrays
        An outside state owes the challenger offence, defence, neutrality.
    distance, share, democratic, similarity, peace : float32 arrays
        ln(1 + km); the challenger's share of the capability of the two; 1 if both are democratic; S of portfolios, -1 to 1; years.
    rivalry : bool array
    left_out : dict of str to int
        Rows without a known value, by the first term that lacks it, and years of a dispute that went on.
    data : str
    """

    challenger: NDArray[np.int32]
    target: NDArray[np.int32]
    year: NDArray[np.int32]
    weight: NDArray[np.float32]
    dispute: NDArray[np.bool_]
    force: NDArray[np.bool_]
    war: NDArray[np.bool_]
    relevant: NDArray[np.bool_]
    pact: NDArray[np.bool_]
    new: NDArray[np.bool_]
    around: NDArray[np.bool_]
    unnamed: NDArray[np.bool_]
    apart: NDArray[np.bool_]
    offence: NDArray[np.bool_]
    backing: NDArray[np.bool_]
    neutrality: NDArray[np.bool_]
    distance: NDArray[np.float32]
    share: NDArray[np.float32]
    democratic: NDArray[np.float32]
    similarity: NDArray[np.float32]
    peace: NDArray[np.float32]
    rivalry: NDArray[np.bool_]
    left_out: dict[str, int]
    data: str

    def take(self, which: NDArray[Any]) -> DebateRows:
        """Return some rows."""
        columns = [f.name for f in fields(self) if f.name not in {"left_out", "data"}]
        return replace(self, **{c: getattr(self, c)[which] for c in columns})


def debate_rows(
    *, data: Data = "gml", first: int = FIRST, last: int = 2000, far_share: int = FAR_SHARE, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> DebateRows:  # fmt: skip
    """Return the rows of some years.

    Parameters
    ----------
    data : {"gml", "cow"}
        Whose disputes.
    first, last : int
        1816 to 2010 (``"cow"``: 2014).
    far_share : int
        One in so many of the pairs that are not relevant is a row; 1 for all.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        Data sets that are not there.
    ParameterError
        An argument outside its range.

    References
    ----------
    [Gibler2016]_, [Palmer2022]_, [Leeds2002]_
    """
    if data not in _TABLE:
        raise parameter("data", data, "'gml' or 'cow'")
    if not FIRST <= first < last <= LAST[data]:
        raise parameter("first, last", f"{first}, {last}", f"years in order, from {FIRST} to {LAST[data]}")
    if far_share < 1:
        raise parameter("far_share", far_share, "1 or more")
    folder = DataDir.of(data_dir)
    thinned, going_on = _thin(folder, data, first, last, far_share)
    full = _controls(thinned, data).frame
    i, j, year = (full[c].to_numpy() for c in ("ccode1", "ccode2", "year"))
    members, last_pact = folder.table("atop5_1m"), folder.provenance("atop5_1m").last_year
    held = {kind: pledges(members, last_pact, kind) for kind in ("defense", "offense", "neutral")}
    columns: dict[str, Any] = {c: full[c].to_numpy() for c in ("dispute", "force", "war", "relevant")}
    columns |= _pledged(held, i, j, year) | _values(full, data)
    rows = DebateRows(
        challenger=i, target=j, year=year, weight=full["weight"].to_numpy(), rivalry=(full["rivalry"] == 1).to_numpy(), left_out={}, data=data,
        **columns,
    )  # fmt: skip
    return _complete(rows, going_on)


def _pledged(
    held: dict[str, Pledges], i: NDArray[Any], j: NDArray[Any], year: NDArray[Any]
) -> dict[str, NDArray[np.bool_]]:
    """Return the columns of pledges."""
    defence = held["defense"]
    return {
        "pact": defence.outside(j, i, year),
        "new": defence.new().outside(j, i, year),
        "around": defence.around().outside(j, i, year),
        "unnamed": defence.against_all().outside(j, i, year),
        "apart": defence.apart(j, i, year),
        "offence": held["offense"].outside(i, j, year),
        "backing": defence.outside(i, j, year),
        "neutrality": held["neutral"].outside(i, j, year),
    }


def _thin(folder: DataDir, data: Data, first: int, last: int, far_share: int) -> tuple[Panel, int]:
    """Return the pairs that are rows with their outcomes and weights, and how many were years of a dispute that went on."""
    import polars as pl

    panel = panels.create_dyad_years(first, last, data_dir=folder)
    panel = panels.add_cow_majors(panels.add_contiguity(panel, at="jan1"), at="jan1")
    began, going = initiations(folder.table(_TABLE[data][0]), *_TABLE[data][1:])
    keys = ["ccode1", "ccode2", "year"]
    frame = panel.frame.join(began, on=keys, how="left", validate="1:1").join(
        going, on=keys, how="left", validate="1:1"
    )
    flags = [pl.col(c).fill_null(value=False) for c in ("dispute", "force", "war", "going")]
    near = (pl.col("conttype") >= 1) | (pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1)
    frame = frame.with_columns(*flags, near.fill_null(value=False).alias("relevant"))
    ended = frame.filter(~pl.col("going"))
    key = ended.select(
        pl.col("ccode1").cast(pl.UInt64) * 10_000_000 + pl.col("ccode2").cast(pl.UInt64) * 10_000 + pl.col("year")
    ).to_series()
    sure = ended["relevant"] | ended["dispute"]
    drawn = pl.Series(streams.uniforms(1, key.cast(pl.UInt64).to_numpy(), 1)[0] < 1 / far_share)
    weight = pl.when(sure).then(1.0).otherwise(float(far_share)).cast(pl.Float32).alias("weight")
    kept = ended.with_columns(weight).filter(sure | drawn)
    return panels.Panel.of(kept, folder), frame.height - ended.height


def initiations(table: pl.DataFrame, ongoing: str, onset: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return, by directed pair and year, the disputes that the first began with the second, and the years in which one only went on.

    Parameters
    ----------
    table : polars.DataFrame
        Directed pairs by dispute and year.
    ongoing, onset : str
        Names of its flags.

    Returns
    -------
    began : polars.DataFrame
        ``ccode1, ccode2, year, dispute, force, war``.
    going : polars.DataFrame
        ``ccode1, ccode2, year, going``.
    """
    import polars as pl

    keys, level = ["ccode1", "ccode2", "year"], pl.max_horizontal("hostlev1", "hostlev2")
    mine = pl.col(onset) & pl.col("sidea1") & ~pl.col("sidea2") & pl.col("orig1") & pl.col("orig2")
    began = table.filter(mine).group_by(keys).agg(
        pl.lit(value=True).first().alias("dispute"), (level >= FORCE).any().alias("force"), (level >= WAR).any().alias("war")
    )  # fmt: skip
    years = table.group_by(keys).agg(pl.col(ongoing).any().alias("on"), pl.col(onset).any().alias("new"))
    return began, years.filter(pl.col("on") & ~pl.col("new")).select(*keys, pl.lit(value=True).alias("going"))


def _controls(panel: Panel, data: Data) -> Panel:
    """Return the panel with the columns that controls are made of."""
    panel = panels.add_nmc(panel, keep=["cinc"])
    panel = panels.add_capital_distance(panel)
    panel = panels.add_democracy(panel, keep=["aeuds"])
    panel = panels.add_strategic_rivalries(panel, at="jan1")
    panel = panels.add_pledge_similarity(panel, measures=["s_abs"], at="jan1")
    return panels.add_peace_years(panel, data)


def _values(frame: pl.DataFrame, data: Data) -> dict[str, NDArray[np.float32]]:
    """Return the controls; NaN where unknown."""
    import polars as pl

    both = pl.col("cinc1") + pl.col("cinc2")
    made = frame.select(
        (1 + pl.col("capdist")).log().alias("distance"),
        pl.when(both > 0).then(pl.col("cinc1") / both).alias("share"),
        ((pl.col("aeuds1") > 0) & (pl.col("aeuds2") > 0)).alias("democratic"),
        pl.col("pledge_s_abs").alias("similarity"),
        pl.col(f"{data}mid_peace_years").alias("peace"),
    )
    return {c: made[c].cast(pl.Float32).fill_null(float("nan")).to_numpy() for c in _KNOWN}


def _complete(rows: DebateRows, going_on: int) -> DebateRows:
    """Return the rows whose terms are all known, and what was left out."""
    left_out, known = {"years of a dispute that went on": going_on}, np.ones(len(rows.year), dtype=np.bool_)
    for name, told in _KNOWN.items():
        lacking = known & np.isnan(getattr(rows, name))
        left_out[told] = int(lacking.sum())
        known &= ~lacking
    return replace(rows.take(known), left_out=left_out)
