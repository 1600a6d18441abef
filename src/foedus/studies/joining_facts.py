"""What was known on the first day of each round, as arrays over participants and states: pledges, borders, distances, rivalries, strength, regimes.

Yearly series are those of the year before; pacts those in force in the year before; borders those of the day; rivalries begun in an earlier year and
not ended in one; disputes ended in an earlier year (convention 4.13). What a source does not cover is NaN. Makes no terms; those are
`foedus.war.features`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.data import nuclear
from foedus.kernels import distance
from foedus.studies import joining_parts
from foedus.war.features import PLEDGES, Outlook

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.data.store import DataDir

FIRST, LAST = 1816, 2011
WARS_END = np.datetime64("2007-12-31")
"""Last day that the list of inter-state wars covers."""
MEMORY = 10
"""Years over which earlier disputes count."""


@dataclass(frozen=True)
class States:
    """The states of the Correlates of War system.

    ``code`` (S,) in order; ``index`` by code, -1 for no state; ``spells``: position, first and last day of each membership.
    """

    code: NDArray[np.int32]
    index: NDArray[np.int64]
    spells: tuple[NDArray[np.int64], NDArray[np.datetime64], NDArray[np.datetime64]]

    @classmethod
    def of(cls, folder: DataDir) -> States:
        """Return the states of a folder's list."""
        table = folder.table("cow_states")
        code = np.unique(table["ccode"].to_numpy()).astype(np.int32)
        index = np.full(1000, -1)
        index[code] = np.arange(len(code))
        return cls(code, index, (index[table["ccode"].to_numpy()], table["start"].to_numpy(), table["end"].to_numpy()))

    def members(self, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """Return who was in the system on each day, shape (len(days), S)."""
        return marked(days, len(self.code), *self.spells)


def marked(
    days: NDArray[np.datetime64], n: int, state: NDArray[np.int64], start: NDArray[np.datetime64], end: NDArray[np.datetime64]
) -> NDArray[np.bool_]:  # fmt: skip
    """Return which of ``n`` states has a spell on each day, shape (len(days), n)."""
    out = np.zeros((len(days), n), dtype=np.bool_)
    day, spell = np.nonzero((days[:, None] >= start) & (days[:, None] <= end))
    out[day, state[spell]] = True
    return out


def outlook(folder: DataDir, states: States, every: pl.DataFrame, there: pl.DataFrame, parts: pl.DataFrame) -> Outlook:
    """Return what outsiders see of rounds.

    Parameters
    ----------
    folder : DataDir
    states : States
    every : polars.DataFrame
        Rounds, as of `foedus.studies.joining_parts.rounds`.
    there : polars.DataFrame
        Participants of each round on its first day.
    parts : polars.DataFrame
        All participants.
    """
    import polars as pl

    numbered = every.with_row_index("r").select("event", "round", "r", "begin")
    seats = there.join(numbered, on=["event", "round"]).sort("r", "side", "ccode")
    moment = seats["r"].to_numpy().astype(np.int64)
    member = states.index[seats["ccode"].to_numpy()]
    year = every["begin"].dt.year().to_numpy().astype(np.int64)
    days = every["begin"].to_numpy()
    pair = _pledges(folder, states, seats) | _borders(folder, states, seats)
    rival = _rivals(folder, states)
    shared = np.stack([(r @ r) > 0 for r in rival.astype(np.float32)])
    opposed, sided = _past(folder, states)
    at = (year[moment] - FIRST, member)
    pair |= {"rival": rival[at], "common_enemy": shared[at], "opposed": opposed[at], "sided": sided[at]}
    pair = {name: values.astype(np.float32) for name, values in pair.items()}
    lat, lon = _capitals(folder, states)
    here = year[moment] - FIRST
    pair["km"] = distance.great_circle_pairs(
        lat[here, member][:, None], lon[here, member][:, None], lat[here], lon[here]
    ).astype(np.float32)
    majors = folder.table("cow_majors")
    spells = (states.index[majors["ccode"].to_numpy()], majors["start"].to_numpy(), majors["end"].to_numpy())
    state = {
        "capability": yearly(folder, states, "cow_nmc", "cinc")[year - 1 - FIRST + 1],
        "regime": yearly(folder, states, "cw_democracy", "euds")[year - 1 - FIRST + 1],
        "major": marked(days, len(states.code), *spells).astype(np.float64),
        "nuclear": _nuclear(states)[year - 1 - FIRST + 1],
    }
    before = numbered.join(parts.filter(~pl.col("original")), on="event").filter(pl.col("start") < pl.col("begin"))
    joined = np.zeros((every.height, 2))
    np.add.at(joined, (before["r"].to_numpy(), before["side"].to_numpy()), 1.0)
    when = {
        "day": every["day"].to_numpy().astype(np.float64), "year": year.astype(np.float64),
        "states": states.members(days).sum(axis=1).astype(np.float64), "war": at_war(folder, seats, days),
    }  # fmt: skip
    return Outlook(moment, seats["side"].to_numpy().astype(np.int64), member, pair, state, when, joined)


def yearly(folder: DataDir, states: States, table: str, column: str) -> NDArray[np.float64]:
    """Return a yearly series from the year before `FIRST` on, shape (years, S); NaN where there is none."""
    rows = folder.table(table).filter(
        (folder.table(table)["year"] >= FIRST - 1) & (folder.table(table)["year"] <= LAST)
    )
    out = np.full((LAST - FIRST + 2, len(states.code)), np.nan)
    state = states.index[rows["ccode"].to_numpy()]
    known = state >= 0
    out[rows["year"].to_numpy()[known] - FIRST + 1, state[known]] = rows[column].to_numpy()[known]
    return out


def _nuclear(states: States) -> NDArray[np.float64]:
    """Return who had nuclear weapons by year, from the year before `FIRST` on, shape (years, S)."""
    years = np.arange(FIRST - 1, LAST + 1)
    out = np.zeros((len(years), len(states.code)))
    for code, since in nuclear.NUCLEAR_YEARS.items():
        if states.index[code] >= 0:
            out[(years >= since) & (years < nuclear.DISARMED.get(code, LAST + 1)), states.index[code]] = 1.0
    return out


def _towards(seats: pl.DataFrame, facts: pl.DataFrame, states: States) -> pl.DataFrame:
    """Return ``l, i`` and what a table says of state ``i`` towards the participant of row ``l`` of ``seats``; joined on ``ccode`` and shared keys."""
    import polars as pl

    keys = [c for c in ("ccode", "before") if c in facts.columns]
    left = seats.with_row_index("l").with_columns((pl.col("begin").dt.year() - 1).alias("before"))
    found = left.join(facts, on=keys)
    return found.with_columns(pl.Series("i", states.index[found["other"].to_numpy()])).filter(pl.col("i") >= 0)


def _pledges(folder: DataDir, states: States, seats: pl.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Return what each state pledged to each participant in the year before, shape (L, S) each."""
    import polars as pl

    table = folder.table("atop_dyads").rename({"ccode1": "other", "ccode2": "ccode", "year": "before"})
    found = _towards(seats, table.with_columns(pl.col("before").cast(pl.Int32)), states)
    where = (found["l"].to_numpy(), found["i"].to_numpy())
    out = {}
    for name in PLEDGES:
        out[name] = np.zeros((seats.height, len(states.code)), dtype=np.bool_)
        out[name][where] = found[f"atop_{name}"].to_numpy()
    return out


def _borders(folder: DataDir, states: States, seats: pl.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Return who borders each participant by land, and who is within 400 miles of water, on the day, shape (L, S) each."""
    import polars as pl

    table = folder.table("cow_contdir")
    ways = (("ccode1", "ccode2"), ("ccode2", "ccode1"))
    both = pl.concat(
        [table.select("conttype", "start", "end", pl.col(a).alias("ccode"), pl.col(b).alias("other")) for a, b in ways]
    )
    found = _towards(seats, both, states).filter(
        (pl.col("start") <= pl.col("begin")) & (pl.col("end") >= pl.col("begin"))
    )
    out = {}
    for name, kinds in (("land", pl.col("conttype") == 1), ("water", pl.col("conttype") > 1)):
        some = found.filter(kinds)
        out[name] = np.zeros((seats.height, len(states.code)), dtype=np.bool_)
        out[name][some["l"].to_numpy(), some["i"].to_numpy()] = True
    return out


def _rivals(folder: DataDir, states: States) -> NDArray[np.bool_]:
    """Return which pairs were rivals in each year: begun in an earlier one, not ended in one, shape (years, S, S)."""
    table = folder.table("tss_rivalries")
    a, b = (states.index[table[c].to_numpy()] for c in ("ccode1", "ccode2"))
    out = np.zeros((LAST - FIRST + 1, len(states.code), len(states.code)), dtype=np.bool_)
    years = np.arange(FIRST, LAST + 1)[:, None]
    year, spell = np.nonzero(
        (years > table["start"].to_numpy()) & (years <= table["end"].to_numpy()) & (a >= 0) & (b >= 0)
    )
    out[year, a[spell], b[spell]] = out[year, b[spell], a[spell]] = True
    return out


def _past(folder: DataDir, states: States) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return in how many disputes ended in the last `MEMORY` years each pair was opposed, and on one side, shape (years, S, S) each."""
    import polars as pl

    parts = joining_parts.participants(folder, "disputes").with_columns(
        pl.col("end").max().over("event").dt.year().alias("over")
    )
    pairs = parts.join(parts, on="event").filter(pl.col("ccode") != pl.col("ccode_right"))
    s = [states.index[pairs[c].to_numpy()] for c in ("ccode", "ccode_right")]
    over, same = pairs["over"].to_numpy() - FIRST, (pairs["side"] == pairs["side_right"]).to_numpy()
    known = (s[0] >= 0) & (s[1] >= 0)
    out = []
    for kind in (known & ~same, known & same):
        ended = np.zeros((LAST - FIRST + 2, len(states.code), len(states.code)), dtype=np.uint8)
        np.add.at(ended, (over[kind] + 1, s[0][kind], s[1][kind]), 1)
        total = np.cumsum(ended, axis=0, dtype=np.uint16)[:-1]
        total[MEMORY:] -= total[:-MEMORY].copy()
        out.append(total.astype(np.uint8))
    return out[0], out[1]


def _capitals(folder: DataDir, states: States) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return latitude and longitude of capitals in each year, the earlier of two in a year, shape (years, S) each; NaN where there is none."""
    years = np.arange(FIRST, LAST + 1)
    lat, lon = np.full((2, len(years), len(states.code)), np.nan)
    table = folder.table("cow_capitals").sort("start", descending=True).select("ccode", "lat", "lon", "start", "end")
    for code, north, east, start, end in table.iter_rows():
        state = states.index[code]
        if state >= 0:
            inside = (years >= start.year) & (years <= end.year)
            lat[inside, state], lon[inside, state] = north, east
    return lat, lon


def at_war(folder: DataDir, seats: pl.DataFrame, days: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Return whether an inter-state war was on between the two sides of each round; NaN after `WARS_END`."""
    import polars as pl

    spells = folder.table("cow_wars").select("warnum", "ccode", side="side", since="start", until="end")
    fighting = seats.select("r", "ccode", "begin", here="side").join(spells, on="ccode")
    fighting = fighting.filter((pl.col("since") < pl.col("begin")) & (pl.col("until") >= pl.col("begin")))
    a, b = fighting.filter(pl.col("here") == 0), fighting.filter(pl.col("here") == 1)
    met = a.join(b.select("r", "warnum", pl.col("side").alias("foe")), on=["r", "warnum"]).filter(
        pl.col("side") != pl.col("foe")
    )
    out = np.zeros(len(days))
    out[met["r"].unique().to_numpy()] = 1.0
    return np.where(days > WARS_END, np.nan, out)


def joined_last_year(folder: DataDir, states: States, every: pl.DataFrame) -> NDArray[np.bool_]:
    """Return which states joined a dispute in the year before each round, shape (R, S)."""
    import polars as pl

    joined = joining_parts.participants(folder, "disputes").filter(~pl.col("original"))
    state = states.index[joined["ccode"].to_numpy()]
    out = np.zeros((LAST - FIRST + 2, len(states.code)), dtype=np.bool_)
    out[joined.select(pl.col("start").dt.year()).to_series().to_numpy()[state >= 0] - FIRST + 1, state[state >= 0]] = (
        True
    )
    return out[every["begin"].dt.year().to_numpy() - FIRST]


def warlike(folder: DataDir, source: Literal["disputes", "wars", "iwd"], every: pl.DataFrame) -> NDArray[np.bool_]:
    """Return whether the event of each round became an inter-state war: a dispute in which a participant fought one."""
    import polars as pl

    if source != "disputes":
        return np.ones(every.height, dtype=np.bool_)
    wars = folder.table("gml_part").filter(pl.col("hiact") >= 20)["dispnum"].unique()
    return every["event"].is_in(wars.implode()).to_numpy()
