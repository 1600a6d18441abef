"""Who a name, abbreviation or code means on a date (convention 4.15): ``who``.

A state is (scheme, code, date), never a bare code (convention 4.2). Nothing is guessed: several candidates are an
error that lists them, and a state that is no member on the date is an error that says when it was.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from foedus.data import names
from foedus.data.dates import parse_date
from foedus.data.membership import gw_codes, last_day, members
from foedus.data.own.schemes import cow_of_vdem, gw_of_ucdp, successions, ucdp, vdem
from foedus.data.store import DataDir
from foedus.errors import UnknownStateError, ambiguous_state, message, unknown_state

if TYPE_CHECKING:
    import datetime as dt
    import os

    import polars as pl

Scheme = Literal["cow", "gw"]
_CODE = re.compile(r"(?:(cow|gw|iso|vdem|ucdp)\s*:\s*)?([a-z]{3}|\d{1,3})", re.IGNORECASE)
_ALIKE = 0.84  # similarity from which a misspelt name counts; one letter wrong in seven
_SHORTEST = 5  # letters; shorter names are not taken for misspelt ones


@dataclass(frozen=True, slots=True)
class StateMatch:
    """A state as it was understood.

    ``start`` and ``end`` are the spell of membership in ``scheme``'s list that holds the date; ``exact`` is False
    where a misspelt name was read as the nearest one; ``open_ended`` where the spell ends with the list itself.
    ``other_code`` is None where the other list has no such state in that year, or is not at hand. ``iso3`` is today's ISO 3166 code, ``vdem`` V-Dem's
    ``country_id``, ``ucdp`` UCDP's code; None where that scheme has none. ``note`` says what became of the state.
    """

    query: str
    scheme: Scheme
    code: int
    abb: str
    name: str
    start: dt.date
    end: dt.date
    other_scheme: Scheme
    other_code: int | None
    exact: bool = True
    open_ended: bool = False
    iso3: str | None = None
    vdem: int | None = None
    ucdp: int | None = None
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the match as JSON's own types."""
        days = {"start": self.start.isoformat(), "end": None if self.open_ended else self.end.isoformat()}
        return {name: getattr(self, name) for name in self.__slots__ if name != "open_ended"} | days

    def __str__(self) -> str:
        other = f", {self.other_scheme}:{self.other_code}" if self.other_code is not None else ""
        spell = f"since {self.start}" if self.open_ended else f"{self.start} to {self.end}"
        further = "".join(
            f", {k}:{v}" for k, v in (("iso", self.iso3), ("vdem", self.vdem), ("ucdp", self.ucdp)) if v is not None
        )
        return f"{self.abb} {self.name} ({self.scheme}:{self.code}{other}{further}; member {spell})"


def who(
    query: str | int, date: str | int | dt.date, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> list[StateMatch]:
    """Return the state that ``query`` means on ``date``.

    Parameters
    ----------
    query : str or int
        COW abbreviation, ``cow:345``, ``gw:340``, ``iso:SRB``, ``vdem:198``, ``ucdp:345``, a bare COW code, or any present or past name in any
        case, with or without accents, small typing errors included.
    date : str, int or datetime.date
        A day; a year means 1 January.
    data_dir : DataDir, str or Path, optional
        Where the membership lists are.

    Returns
    -------
    list of StateMatch
        One match. A list, so that callers can treat no error and several queries alike.

    Raises
    ------
    UnknownStateError
        Nobody of that name, several, or no member on that date; lists the candidates or the dates of membership.

    Examples
    --------
    >>> str(who("PRUSSIA", 1860)[0])  # doctest: +SKIP
    'GMY Prussia (cow:255, gw:255, iso:DEU, vdem:77, ucdp:255; member 1816-01-01 to 1945-05-08)'
    """
    day, store, text = parse_date(date), DataDir.of(data_dir), str(query).strip()
    code = _CODE.fullmatch(text)
    scheme = (code[1] or "").casefold() if code else ""
    if code and scheme in {"gw", "ucdp"} and code[2].isdigit():
        number = int(code[2]) if scheme == "gw" else gw_of_ucdp(int(code[2]), day)
        return [_gw_match(text, number, day, store)]
    here, everyone = members(day, store), store.table("cow_states")
    candidates, exact = _candidates(text, code, everyone, here)
    present = here.filter(here["ccode"].is_in(sorted(candidates))) if candidates else here.clear()
    if present.height == 1:
        return [_cow_match(text, present.row(0, named=True), day, store, exact=exact)]
    if present.height > 1:
        raise ambiguous_state(text, day, _labels(present, day))
    if candidates and exact:
        raise _no_member(text, day, store, candidates, here)
    near = difflib.get_close_matches(names.normal(text), list(_spellings(here)), n=3, cutoff=0.6)
    close = {c for n in near for c in _spellings(here)[n]}
    raise unknown_state(text, day, _labels(here.filter(here["ccode"].is_in(sorted(close))), day) if close else ())


def _candidates(
    text: str, code: re.Match[str] | None, everyone: pl.DataFrame, here: pl.DataFrame
) -> tuple[set[int], bool]:
    """Return the COW codes that ``text`` may mean at any time, and whether it says so exactly."""
    if code is not None and code[2].isdigit():
        meant = cow_of_vdem(int(code[2])) if (code[1] or "").casefold() == "vdem" else {int(code[2])}
        return meant & set(everyone["ccode"]), True
    scheme, word = (code[1] or "", code[2]) if code is not None else ("", text)
    iso = {n.cow for n in names.table().values() if n.iso3 and n.iso3 == word.upper()}
    if scheme.casefold() == "iso":
        return iso, True
    abbreviations = dict(everyone.select("stateabb", "ccode").iter_rows())
    if code is not None and word.upper() in abbreviations:
        return {abbreviations[word.upper()]}, True
    wanted = names.normal(word)
    found = _spellings(everyone).get(wanted) or iso
    if found or len(wanted) < _SHORTEST:
        return set(found), True
    spelt = _spellings(here)
    near = difflib.get_close_matches(wanted, list(spelt), n=2, cutoff=_ALIKE)
    return {c for n in near for c in spelt[n]}, False


def _spellings(states: pl.DataFrame) -> dict[str, set[int]]:
    """Return the codes of these states by every name in normal form."""
    found: dict[str, set[int]] = {}
    for cow, name in states.select("ccode", "statenme").unique().iter_rows():
        for spelling in (name, *names.of(cow).spellings()):
            found.setdefault(names.normal(spelling), set()).add(cow)
    return found


def _labels(states: pl.DataFrame, date: dt.date) -> list[str]:
    """Return each state as ``cow:345 (Serbia)``."""
    rows = states.select("ccode", "stateabb", "statenme").unique(maintain_order=True).iter_rows()
    return [f"{abb} cow:{cow} ({names.of(cow).on(date, name)})" for cow, abb, name in rows]


def _cow_match(query: str, row: dict, date: dt.date, store: DataDir, *, exact: bool) -> StateMatch:
    """Return the match for a member of the COW system."""
    other = gw_codes(date, store).get(row["ccode"])
    name = names.of(row["ccode"]).on(date, row["statenme"])
    open_ended = row["end"] == last_day(store.table("cow_states"))
    return StateMatch(
        query, "cow", row["ccode"], row["stateabb"], name, row["start"], row["end"], "gw", other, exact, open_ended,
        **_elsewhere(row["ccode"], other, date),
    )  # fmt: skip


def _elsewhere(cow: int | None, gw: int | None, date: dt.date) -> dict[str, Any]:
    """Return the codes in the other schemes, and what became of the state."""
    note = successions().get(cow or 0) or successions().get(gw or 0, "")
    iso = names.of(cow).iso3 or None if cow is not None else None
    return {
        "iso3": iso, "vdem": vdem(cow, date) if cow is not None else None, "ucdp": ucdp(gw, date) if gw is not None else None, "note": note,
    }  # fmt: skip


def _gw_match(query: str, gwcode: int, date: dt.date, store: DataDir) -> StateMatch:
    """Return the match for a Gleditsch-Ward code."""
    import polars as pl

    listed_in = "gw_system" if store.find("gw_system") else "gw_states"  # the first has the microstates too
    table = store.table(listed_in)
    listed = table.filter(pl.col("gwcode") == gwcode)
    row = next(listed.filter((pl.col("start") <= date) & (pl.col("end") >= date)).iter_rows(named=True), None)
    if row is None:
        spells = "; ".join(f"{r['start']} to {r['end']}" for r in listed.iter_rows(named=True))
        got = f"gw:{gwcode}" + (f" ({listed['statenme'][0]}, independent {spells})" if spells else "")
        hint = "COW and Gleditsch-Ward codes differ for some states; cow:NNN asks by COW code"
        raise UnknownStateError(
            message(f"No independent state in Gleditsch and Ward's list on {date}", got=got, hint=hint)
        )
    cow = next((c for c, g in gw_codes(date, store).items() if g == gwcode), None)
    name, abb = row["statenme"], row["stateabb"]
    if cow is not None:
        name = names.of(cow).on(date, name)
    open_ended = row["end"] == last_day(table)
    return StateMatch(
        query,
        "gw",
        gwcode,
        abb,
        name,
        row["start"],
        row["end"],
        "cow",
        cow,
        open_ended=open_ended,
        **_elsewhere(cow, gwcode, date),
    )


def _no_member(
    query: str, date: dt.date, store: DataDir, candidates: set[int], here: pl.DataFrame
) -> UnknownStateError:
    """Return the error for a state that was no member on the date, with its dates and who was there instead."""
    import polars as pl

    spells = store.table("cow_states").filter(pl.col("ccode").is_in(sorted(candidates))).sort("ccode", "start")
    parts = [
        f"{abb} cow:{cow} ({names.of(cow).on(date, name)}, COW member "
        + ", ".join(f"{r['start']} to {r['end']}" for r in spells.filter(pl.col("ccode") ==
        cow).iter_rows(named=True)) + ")" for cow, abb, name in spells.select("ccode", "stateabb",
        "statenme").unique(maintain_order=True).iter_rows()
    ]  # fmt: skip
    got = f"{query!r}" + (f", which is {'; '.join(parts)}" if parts else ", which is in no list at hand")
    hint = _instead(date, store, candidates, here)
    if query.isdigit():
        hint += "; codes differ between COW and Gleditsch-Ward, write gw:NNN if that is what you have"
    return UnknownStateError(message(f"No member of the state system on {date}", got=got, hint=hint))


def _instead(date: dt.date, store: DataDir, candidates: set[int], here: pl.DataFrame) -> str:
    """Return who stood for these codes: the other list's state of that code, or COW members on the same ground."""
    import polars as pl

    if store.find("gw_states"):
        independent = store.table("gw_states").filter(
            pl.col("gwcode").is_in(sorted(candidates)) & (pl.col("start") <= date) & (pl.col("end") >= date)
        )
        if independent.height:
            found = ", ".join(f"gw:{g} ({n})" for g, n in independent.select("gwcode", "statenme").iter_rows())
            return f"Gleditsch and Ward's list has {found}"
    kin = sorted({k for c in candidates for k in names.of(c).kin})
    there = _labels(here.filter(pl.col("ccode").is_in(kin)), date)
    return f"a member then was {', '.join(there)}" if there else "give a date within its membership"
