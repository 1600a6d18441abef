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
    """Return the one pact that an id, a name or an ATOP number means.

    Where several bear the name, the one in force on the system's date is meant if there is just one.

    Raises
    ------
    InvalidSystemError
        None or several; names the nearest, or the candidates.
    """
    text = str(query).strip()
    for pact in system.pacts:
        if pact.id == text:
            return pact
    number = text.removeprefix("atop:")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        hits = [p for p in system.pacts if p.atop == int(number)]
    else:
        hits = [p for p in system.pacts if fold(p.name) == fold(text)]
    if len(hits) > 1:
        hits = [p for p in hits if p.in_force(system.date)] or hits
    if len(hits) == 1:
        return hits[0]
    got = repr(text[:60])
    if hits:
        raise InvalidSystemError(
            message("Ambiguous pact", got=got, expected=f"one of {', '.join(p.id for p in hits[:8])}")
        )
    names = {spelling: p.id for p in system.pacts for spelling in (p.id, fold(p.name)[:80])}
    near = dict.fromkeys(names[n] for n in difflib.get_close_matches(fold(text)[:80], list(names), n=3, cutoff=0.5))
    hint = (
        f"did you mean {', '.join(near)}?"
        if near
        else f"{system.id} holds {len(system.pacts)} pacts; name one by id, name or ATOP number"
    )
    raise InvalidSystemError(message("Unknown pact", got=got, hint=hint))


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
