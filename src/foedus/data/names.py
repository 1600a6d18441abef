"""Names that states bear or bore, and their regions: our own tables ``own/aliases.toml`` and ``own/regions.toml``.

Names are compared without case, accents, punctuation and a leading article. Whether a state existed on a date is for
`foedus.data.states`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "&": " and "})


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of one code's names: ISO code, other names, usual name from each day on, related codes."""

    cow: int
    iso3: str = ""
    aliases: tuple[str, ...] = ()
    called: tuple[tuple[str, dt.date], ...] = ()
    kin: tuple[int, ...] = ()

    def on(self, date: dt.date, otherwise: str) -> str:
        """Return the usual name on a date, ``otherwise`` where this table does not know it."""
        borne = [name for name, since in self.called if since <= date]
        return borne[-1] if borne else otherwise

    def spellings(self) -> tuple[str, ...]:
        """Return every name in this table."""
        return (*(name for name, _ in self.called), *self.aliases)


@cache
def table() -> dict[int, Names]:
    """Return the names of every code."""
    raw = tomllib.loads((resources.files("foedus.data.own") / "aliases.toml").read_text(encoding="utf-8"))
    return {
        int(code): Names(
            int(code), entry.get("iso3", ""), tuple(entry.get("aliases", ())),
            tuple((name, since) for name, since in entry.get("called", ())), tuple(entry.get("kin", ())),
        )
        for code, entry in raw["state"].items()
    }  # fmt: skip


def of(cow: int) -> Names:
    """Return the names of one code, empty where the table lacks it."""
    return table().get(cow, Names(cow))


@cache
def region(cow: int) -> str:
    """Return the region of a code in one of `foedus.system.nouns.REGIONS`, empty where unknown."""
    found = ""
    for block in _blocks():
        if block["first"] <= cow <= block["last"]:
            found = block["region"]
    return found


@cache
def _blocks() -> tuple[dict, ...]:
    """Return the blocks of codes that share a region."""
    raw = tomllib.loads((resources.files("foedus.data.own") / "regions.toml").read_text(encoding="utf-8"))
    return tuple(raw["blocks"])


def abbreviates(code: str, name: str) -> bool:
    """Return whether the letters of a code follow each other in a name, as those of GMY do in Germany.

    Examples
    --------
    >>> abbreviates("GMY", "Germany"), abbreviates("YUG", "Serbia")
    (True, False)
    """
    letters = iter(name.upper())
    return all(c in letters for c in code.upper())


def labelled(code: str, name: str) -> str:
    """Return a name, with the code after it where that does not abbreviate the name.

    Examples
    --------
    >>> labelled("GMY", "Germany"), labelled("YUG", "Serbia")
    ('Germany', 'Serbia (YUG)')
    """
    return name if abbreviates(code, name) else f"{name} ({code})"


@cache
def normal(text: str) -> str:
    """Return ``text`` as names are compared.

    Examples
    --------
    >>> normal("  The Österreich-Ungarn ")
    'osterreich ungarn'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"[.'’]", "", letters)).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)
