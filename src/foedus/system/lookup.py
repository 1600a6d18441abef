"""Which pact or tie a query means, and which strengths a reason admits. Edits and scenario files share it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING

from foedus.errors import InvalidSystemError, message

if TYPE_CHECKING:
    from foedus.system.nouns import Pact, Pledge, Tie
    from foedus.system.system import System

NEGATIVE_REASONS = frozenset({"territory", "injury", "rivalry", "war", "fear"})
POSITIVE_REASONS = frozenset({"sponsorship"})
DIRECTED_REASONS = frozenset({"sponsorship", "fear"})

LISTED = 20
"""Pacts that a message names."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("‘’ʼ", "'"))


def strength_bounds(reason: str) -> tuple[float, float]:
    """Return (low, high) of a tie's strength: the sign follows the fact."""
    return (-1.0 if reason not in POSITIVE_REASONS else 0.0), (1.0 if reason not in NEGATIVE_REASONS else 0.0)


def slug(text: str) -> str:
    """Return ``text`` as an id of lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-") or "unnamed"


def fold(text: str) -> str:
    """Return ``text`` without case, accents, kinds of dash and runs of spaces, for comparing names."""
    plain = unicodedata.normalize("NFKD", text.translate(_DASHES))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def find_pact(system: System, query: str | int) -> Pact:
    """Return the one pact that an id, a title or an ATOP number means.

    A title need not have what stands in brackets behind it: ``Triple Alliance`` means "Triple Alliance (fifth treaty, 5 December 1912)". Where
    several bear it, the one in force on the system's date is meant if there is just one.

    Raises
    ------
    InvalidSystemError
        None or several; names the nearest and those in force, or the candidates.
    """
    text = str(query).strip()
    for pact in system.pacts:
        if pact.id == text:
            return pact
    number = text.casefold().removeprefix("atop:")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        hits = [p for p in system.pacts if p.atop == int(number)]
    else:
        hits = [p for p in system.pacts if fold(p.name) == fold(text)]
        hits = hits or [p for p in system.pacts if fold(text) in {fold(p.id), _title(p)}]
    if len(hits) > 1:
        hits = [p for p in hits if p.in_force(system.date)] or hits
    if len(hits) == 1:
        return hits[0]
    got = repr(text[:60])
    if hits:
        raise InvalidSystemError(
            message("Ambiguous pact", got=got, expected=f"one of {', '.join(p.id for p in hits[:8])}")
        )
    raise InvalidSystemError(message("Unknown pact", got=got, hint=_pacts_near(system, text)))


def _title(pact: Pact) -> str:
    """Return the title of a pact as it is compared: before any bracket."""
    return fold(pact.name.split(" (", maxsplit=1)[0])


def pacts_in_force(system: System) -> str:
    """Return the ids of a system's pacts in force as a list for a message."""
    there = sorted(p.id for p in system.pacts if p.in_force(system.date))
    return f"{', '.join(there[:LISTED])}{f' and {len(there) - LISTED} more' if len(there) > LISTED else ''}" or "none"


def _pacts_near(system: System, text: str) -> str:
    """Return the pacts that a mistaken name may mean, and those that there are."""
    names = {spelling: p.id for p in system.pacts for spelling in (p.id, fold(p.name)[:80], _title(p)[:80])}
    near = dict.fromkeys(names[n] for n in difflib.get_close_matches(fold(text)[:80], list(names), n=3, cutoff=0.5))
    held = f"in force in {system.id}, by id: {pacts_in_force(system)}"
    return (f"did you mean {', '.join(near)}? " if near else "name one by id, title or ATOP number; ") + held


def find_ties(system: System, a: str, b: str, reason: str) -> list[Tie]:
    """Return the coded ties of one reason between two ids, in either direction unless the reason is directed."""
    pair = {a, b}
    return [
        t for t in system.ties
        if t.reason == reason and {t.a, t.b} == pair and (t.a == a or reason not in DIRECTED_REASONS)
    ]  # fmt: skip


def owed_to(system: System, pact: Pact, pledge: Pledge) -> tuple[str, ...]:
    """Return to whom a pledge is owed, whatever the date."""
    return pledge.to or tuple(
        dict.fromkeys(m.actor for m in pact.members if m.actor != pledge.by and m.actor in system.index)
    )
