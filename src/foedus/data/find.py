"""What a few letters may mean: states by any name, abbreviation or code, and treaties by name or number, over all years.

Suggests and ranks; whether a name is unique on a date is for `foedus.data.states`. Reads names and days of the membership lists and of ATOP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus.data import names, own
from foedus.data.store import DataDir

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterable

MOST = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A state or treaty that a text may mean.

    Attributes
    ----------
    kind : str
        ``state`` or ``pact``.
    id : str
        As a real `System` has it.
    label, detail : str
        Its name; its codes and years.
    first, last : datetime.date or None
        Days between which it is there.
    rank : int
        0 for the very word, 1 for a beginning, 2 for the beginning of a word, 3 for a part of one.
    """

    kind: str
    id: str
    label: str
    detail: str
    first: dt.date | None
    last: dt.date | None
    rank: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON's own types."""
        days = {n: d.isoformat() if (d := getattr(self, n)) else None for n in ("first", "last")}
        return {"kind": self.kind, "id": self.id, "label": self.label, "detail": self.detail, "rank": self.rank} | days


def rank(text: str, spellings: Iterable[str]) -> int | None:
    """Return how well a text fits one of some spellings, see `Found`; None where it fits none.

    Examples
    --------
    >>> rank("serb", ["Serbia", "SER"]), rank("345", ["cow:345", "345"]), rank("x", ["Serbia"])
    (1, 0, None)
    """
    wanted = names.normal(text)
    if not wanted:
        return None
    best: int | None = None
    for spelling in spellings:
        have = names.normal(spelling)
        if have == wanted:
            return 0
        found = (
            1
            if have.startswith(wanted)
            else 2
            if f" {wanted}" in have
            else 3
            if len(wanted) > 2 and wanted in have
            else None
        )
        if found is not None and (best is None or found < best):
            best = found
    return best


def find(
    text: str, *, data_dir: DataDir | str | os.PathLike[str] | None = None, most: int = MOST
) -> tuple[Found, ...]:  # fmt: skip
    """Return the states and treaties that a text may mean, the best first.

    Parameters
    ----------
    text : str
        Letters of a name, an abbreviation, ``cow:345``, ``gw:340``, ``iso:SRB``, or a number.
    data_dir : DataDir, str, Path or None
    most : int

    Raises
    ------
    DataError
        The membership list is not at hand.

    Examples
    --------
    >>> [f.id for f in find("Serbia", data_dir="/data")]  # doctest: +SKIP
    ['YUG']
    """
    data = DataDir.of(data_dir)
    found = [*_states(text, data), *_treaties(text, data)]
    return tuple(sorted(found, key=lambda f: (f.rank, f.kind != "state", f.label))[:most])


def _states(text: str, data: DataDir) -> list[Found]:
    """Return the states that fit."""
    import polars as pl

    spells = data.table("cow_states").group_by("ccode").agg(
        pl.col("stateabb").last(), pl.col("statenme").last(), pl.col("start").min(), pl.col("end").max()
    ).sort("ccode")  # fmt: skip
    gw: dict[int, set[int]] = {}
    if data.find("cw_gw_panel"):
        for cow, code in data.table("cw_gw_panel").select("ccode", "gwcode").drop_nulls().unique().iter_rows():
            gw.setdefault(cow, set()).add(code)
    out = []
    for cow, abb, name, first, last in spells.iter_rows():
        known = names.of(cow)
        codes = [
            f"cow:{cow}",
            *(f"gw:{g}" for g in sorted(gw.get(cow, ()))),
            *([f"iso:{known.iso3}"] if known.iso3 else []),
        ]
        fits = rank(text, [abb, name, *known.spellings(), str(cow), *codes])
        if fits is not None:
            label = known.on(last, name)
            out.append(
                Found("state", abb, label, f"{abb}, {', '.join(codes)}, {first.year} to {last.year}", first, last, fits)
            )
    return out


def _treaties(text: str, data: DataDir) -> list[Found]:
    """Return the treaties, guarantees and alignments that fit."""
    import polars as pl

    table = own.treaties()
    out = []
    for made in (*table.guarantees, *table.alignments) if table else ():
        fits = rank(text, [made.name, made.id])
        if fits is not None:
            out.append(Found("pact", made.id, made.name, _years(made.start, made.end), made.start, made.end, fits))
    if not data.find("atop5_1m"):
        return out
    phases = data.table("atop5_1m").group_by("atopid", "phase").agg(
        pl.col("entry").min(), pl.col("exit").max(), pl.col("exit").is_null().any().alias("open"), pl.len()
    ).sort("atopid", "phase")  # fmt: skip
    for atop, phase, first, last, still, members in phases.iter_rows():
        named = table.name_of(atop, phase) if table else None
        pact = f"atop-{atop}" + (f"-{phase}" if phase else "")
        fits = rank(text, [pact, f"ATOP {atop}", f"atop:{atop}", *((named.name, *named.also) if named else ())])
        if fits is not None:
            end = None if still else last
            label = named.name if named else f"ATOP {atop}" + (f", phase {phase}" if phase else "")
            out.append(
                Found("pact", pact, label, f"ATOP {atop}, {_years(first, end)}, {members} members", first, end, fits)
            )
    return out


def _years(first: dt.date | None, last: dt.date | None) -> str:
    """Return a span of years as words."""
    return f"{first.year if first else 'unknown'} to {last.year if last else 'the end of the data'}"
