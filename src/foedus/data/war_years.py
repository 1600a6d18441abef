"""Which inter-state wars went on in which year, and what the data sets of a real system cover: the ticks and the strip under a time line.

Reads the list of inter-state wars as published. Years after its last one are unknown, not peaceful (convention 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus.data.store import DataDir

if TYPE_CHECKING:
    import datetime as dt
    import os

SOURCE = "cow_wars"


@dataclass(frozen=True, slots=True)
class WarSpan:
    """One inter-state war: its days, and its participants on either side by COW code."""

    number: int
    name: str
    start: dt.date
    end: dt.date
    a: tuple[int, ...]
    b: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the war as JSON's own types."""
        return {
            "number": self.number, "name": self.name, "start": self.start.isoformat(), "end": self.end.isoformat(), "a": list(self.a),
            "b": list(self.b),
        }  # fmt: skip


def wars(data_dir: DataDir | str | os.PathLike[str] | None = None) -> tuple[WarSpan, ...]:
    """Return the inter-state wars by their first day; empty where the list is not at hand.

    Examples
    --------
    >>> next(w.name for w in wars("/data") if w.number == 106)  # doctest: +SKIP
    'World War I'
    """
    data = DataDir.of(data_dir)
    if data.find(SOURCE) is None:
        return ()
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in data.table(SOURCE).sort("warnum", "start", "ccode").iter_rows(named=True):
        rows.setdefault(row["warnum"], []).append(row)
    found = [
        WarSpan(number, own[0]["name"], min(r["start"] for r in own), max(r["end"] for r in own), _side(own, "A"), _side(own, "B"))
        for number, own in rows.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda w: (w.start, w.number)))


def _side(rows: list[dict[str, Any]], side: str) -> tuple[int, ...]:
    """Return who fought on a side at any time, in the order of entry."""
    return tuple(dict.fromkeys(r["ccode"] for r in rows if r["side"] == side))


def covered(data_dir: DataDir | str | os.PathLike[str] | None, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return, for each of these data sets, its title and the first and last year that the file at hand covers; None where it is not here."""
    from foedus.data.sources import SOURCES

    data = DataDir.of(data_dir)
    out: list[dict[str, Any]] = []
    for name in names:
        spec, here = SOURCES[name].spec, data.find(name) is not None
        last = data.provenance(name).last_year if here else None
        out.append(
            {"id": name, "title": spec.title, "first": spec.first_year if here else None, "last": last, "here": here}
        )
    return out
