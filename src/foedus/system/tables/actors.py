"""The members of the state system on a date as actors, and their borders.

Yearly series are those of the year before, and nothing is carried past a series' last year (conventions 4.1 and
4.13). A field that no table knows is left unknown and counted in the limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import names, nuclear
from foedus.data.membership import gw_codes_of, membership
from foedus.system.nouns import BORDER_TYPES, Actor, Border, Place
from foedus.system.values import Quantity

if TYPE_CHECKING:
    import datetime as dt

    from foedus.params import Params
    from foedus.system.tables import Tables

_RELIGION_REACH = 4  # years for which a five-yearly count speaks
_FAMILIES = ("christian", "muslim")


def actors(date: dt.date, tables: Tables, table: Params) -> tuple[tuple[Actor, ...], list[str]]:
    """Return the members on a date in order of their codes, and what is not known of them.

    Raises
    ------
    CoverageError
        The membership lists do not cover the date.
    """
    later = date > tables["cow_states"]["end"].max()  # type: ignore[operator]
    here = membership(tables["cow_states"], tables["cow_nmc"] if later else None, date)
    limits = (
        [f"who is a state on {date}: the members that {tables.title('cow_nmc')} lists for {date.year - 1}"]
        if later
        else []
    )
    codes = here["ccode"].to_list()
    majors, places = _majors(date, tables, limits), _places(date, tables, limits)
    cinc = _yearly(date, tables, "cow_nmc", "cinc", codes, limits, "capability (cinc)")
    regime = _yearly(date, tables, "cw_democracy", "polyarchy", codes, limits, "regime (polyarchy)")
    religion = _religions(date, tables, codes, limits)
    panel = tables.get("cw_gw_panel")
    gw = gw_codes_of(panel, date.year) if panel is not None and not tables.past("cw_gw_panel", date.year) else {}
    spread, error = table["data.cinc.relative_sd"].centre, table["data.polyarchy.sd"].centre
    out = []
    for code, abb, listed in here.select("ccode", "stateabb", "statenme").iter_rows():
        known = names.of(code)
        name = known.on(date, listed)
        aliases = tuple(dict.fromkeys(n for n in (listed, *known.spellings()) if n not in {name, abb}))
        facts = {
            "cow-nmc": code in cinc,
            "cw-democracy": code in regime,
            "wrp": code in religion,
            "cow-capitals": code in places,
        }
        out.append(
            Actor(
                id=abb,
                name=name,
                aliases=aliases,
                cow=code,
                gw=gw.get(code),
                region=names.region(code),
                major=code in majors,
                nuclear=nuclear.status(code, date.year - 1),
                regime=_normal(regime[code], error) if code in regime else None,
                religion_majority=religion.get(code),
                religion_ruling=religion.get(code),
                capability=(("cinc", _normal(cinc[code], spread * cinc[code])),) if code in cinc else (),
                capability_sources=("cow-nmc",) if code in cinc else (),
                place=places.get(code),
                sources=("cow-states", "cow-majors", *(s for s, known_ in facts.items() if known_)),
            )
        )
    return tuple(out), limits


def signatories(date: dt.date, tables: Tables, members: tuple[Actor, ...]) -> tuple[tuple[Actor, ...], list[str]]:
    """Return the parties to treaties in force that Gleditsch and Ward, but not Correlates of War, count as states.

    Montenegro in 1914 is one. Their capability, regime, place and borders are unknown in the data sets at hand. Only
    codes that mean the same state in both schemes are matched (341 Montenegro, not 970).
    """
    import polars as pl

    independent = tables.get("gw_states")
    if independent is None:
        return (), []
    here = {a.cow for a in members}
    active = tables["atop5_1m"].filter((pl.col("entry") < date) & (pl.col("exit").is_null() | (pl.col("exit") >= date)))
    abbreviations = dict(tables["cow_states"].select("ccode", "stateabb").iter_rows())
    listed = dict(tables["cow_states"].select("ccode", "statenme").iter_rows())
    standing = independent.filter((pl.col("start") <= date) & (pl.col("end") >= date))
    same = {g for g, abb in standing.select("gwcode", "stateabb").iter_rows() if abbreviations.get(g) == abb}
    out = tuple(
        Actor(
            id=abbreviations[code], name=names.of(code).on(date, listed[code]), aliases=names.of(code).spellings(),
            cow=code, gw=code, region=names.region(code), sources=("gw-states", "atop5-1m"),
            note="a state on the list of Gleditsch and Ward, not a member of the Correlates of War system on this date",
        )
        for code in sorted(set(active["member"]) - here) if code in same
    )  # fmt: skip
    named = ", ".join(a.name for a in out)
    limits = (
        [f"added though not members of the Correlates of War system, capability and borders unknown: {named}"]
        if out
        else []
    )
    return out, limits


def borders(date: dt.date, tables: Tables, ids: dict[int, str]) -> tuple[tuple[Border, ...], list[str]]:
    """Return the contiguity in force in the month of a date, the closest class of each pair."""
    import polars as pl

    if tables.past("cow_contdir", date.year):
        return (), [f"borders are unknown on {date}: {tables.title('cow_contdir')}"]
    rows = tables["cow_contdir"].filter(
        (pl.col("start") <= date)
        & (pl.col("end") >= date)
        & pl.col("ccode1").is_in(list(ids))
        & pl.col("ccode2").is_in(list(ids))
    )
    closest = rows.group_by("ccode1", "ccode2").agg(pl.col("conttype").min()).sort("ccode1", "ccode2")
    return tuple(Border(ids[a], ids[b], BORDER_TYPES[kind - 1]) for a, b, kind in closest.iter_rows()), []


def _normal(mean: float, sd: float) -> Quantity:
    """Return a share with its measurement error."""
    return Quantity.of({"mean": mean, "sd": sd}, bounds=(0.0, 1.0))


def _majors(date: dt.date, tables: Tables, limits: list[str]) -> set[int]:
    """Return the codes of the major powers on a date."""
    import polars as pl

    if tables.past("cow_majors", date.year):
        limits.append(
            f"which states are major powers on {date} is unknown, so none is marked: {tables.title('cow_majors')}"
        )
    return set(tables["cow_majors"].filter((pl.col("start") <= date) & (pl.col("end") >= date))["ccode"])


def _places(date: dt.date, tables: Tables, limits: list[str]) -> dict[int, Place]:
    """Return the capital of each code on a date."""
    import polars as pl

    if tables.past("cow_capitals", date.year):
        limits.append(f"capitals, and so distances, are unknown on {date}: {tables.title('cow_capitals')}")
    rows = tables["cow_capitals"].filter(
        (pl.col("start") <= date) & (pl.col("end") >= date) & pl.col("lat").is_not_null()
    )
    return {
        c: Place(n, lat, lon)
        for c, n, lat, lon in rows.sort("start").select("ccode", "capital", "lat", "lon").iter_rows()
    }


def _yearly(
    date: dt.date, tables: Tables, source: str, column: str, codes: list[int], limits: list[str], what: str
) -> dict[int, float]:
    """Return a series of the year before by code; notes in ``limits`` what it lacks."""
    import polars as pl

    frame, year = tables.get(source), date.year - 1
    if frame is None:
        return {}
    rows = frame.filter((pl.col("year") == year) & pl.col(column).is_not_null() & pl.col("ccode").is_in(codes))
    known = dict(rows.select("ccode", column).iter_rows())
    absent = len(codes) - len(known)
    if not known:
        limits.append(f"{what} of {year} is unknown for every state: {tables.title(source)}")
    elif absent:
        limits.append(f"{what} of {year} is unknown for {absent} of {len(codes)} states: {tables.title(source)}")
    return known


def _religions(date: dt.date, tables: Tables, codes: list[int], limits: list[str]) -> dict[int, str]:
    """Return the confession of more than half the people by code, ``mixed`` where none has so many.

    From the latest five-yearly count before the date's year, for at most four years after it. The table knows
    adherents, not rulers: the confession is used for both, and the limits say so.
    """
    import polars as pl

    from foedus.data.sources.wrp import CONFESSIONS

    frame, year = tables.get("wrp"), date.year - 1
    if frame is None:
        return {}
    rows = frame.filter(
        (pl.col("year") <= year) & (pl.col("year") >= year - _RELIGION_REACH) & pl.col("ccode").is_in(codes)
    )
    found: dict[int, str] = {}
    for row in rows.sort("year").iter_rows(named=True):
        shares = {word: row[word] or 0.0 for word in CONFESSIONS}
        own = max((w for w in shares if w not in _FAMILIES), key=lambda w: shares[w])
        family = max(_FAMILIES, key=lambda w: shares[w])
        found[row["ccode"]] = next((w for w in (own, family) if shares[w] > 0.5), "mixed")
    if found:
        limits.append(
            "religion counts adherents: the ruling confession is taken as that of most people, even where it is not"
        )
    else:
        source = tables.sources["wrp"]
        limits.append(f"religion is unknown on {date}: {source.title} {source.version} covers 1945 to 2010")
    return found
