"""Faults of a scenario file: collected whole, worded alike, safe to print.

Whatever stood in the file is shown escaped and cut, so that no file can write to a user's terminal. Suggestions are budgeted, because a hostile
file may hold a hundred thousand misspellings. Finds nothing by itself.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from foedus.errors import Problem, ScenarioError
from foedus.scenario import limits

if TYPE_CHECKING:
    from collections.abc import Iterable

CUT = 60


def safe(text: str, length: int = 400) -> str:
    """Return ``text`` on one line, cut, with every invisible character escaped."""
    return limits.FORBIDDEN.sub(
        lambda m: f"\\u{ord(m[0]):04x}", text if len(text) <= length else text[: length - 1] + "…"
    )


def show(value: Any) -> str:
    """Return what stood in the file, cut to about `CUT` characters."""
    if isinstance(value, str):
        return safe(repr(value if len(value) <= CUT else value[:CUT] + "…"))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if value.bit_length() < 128 else f"an integer of {value.bit_length()} bits"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict):
        keys = ", ".join(safe(str(k), 20) for k in list(value)[:4])
        return f"a table with {keys}{', …' if len(value) > 4 else ''}" if value else "an empty table"
    if isinstance(value, list):
        inside = ", ".join(show(v) if not isinstance(v, dict | list) else "…" for v in value[:3])
        return safe(f"[{inside}{', …' if len(value) > 3 else ''}]", CUT + 20)
    return safe(repr(value), CUT)


def key(name: str) -> str:
    """Return a key as a path writes it."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name) else show(name)


def at(*parts: str | int) -> str:
    """Return a path such as ``actor[3].capability.gdp``."""
    out = ""
    for part in parts:
        out += f"[{part}]" if isinstance(part, int) else f".{key(part)}" if out else key(part)
    return out


@dataclass
class Findings:
    """The faults found so far in one file."""

    origin: str
    problems: list[Problem] = field(default_factory=list)
    more: int = 0
    hinted: int = 0

    @property
    def full(self) -> bool:
        """Whether further faults are only counted."""
        return len(self.problems) >= limits.MAX_SHOWN

    def add(self, path: str, text: str, hint: str = "") -> None:
        """Note one fault."""
        if not self.full:
            self.problems.append(Problem(safe(path), safe(text), safe(hint)))
        else:
            self.more += 1

    def near(self, word: Any, known: Iterable[str]) -> str:
        """Return a hint with the known words nearest to ``word``; empty once the budget is spent."""
        if not isinstance(word, str) or self.hinted >= limits.MAX_HINTED or self.full:
            return ""
        self.hinted += 1
        folded = {k[:CUT].casefold(): k for k in known}
        hits = difflib.get_close_matches(word[:CUT].casefold(), list(folded), n=3, cutoff=0.6)
        return f"did you mean {', '.join(repr(folded[h]) for h in hits)}?" if hits else ""

    def error(self) -> ScenarioError:
        """Return the error that lists every fault."""
        rest = [Problem("…", f"and {self.more} more")] if self.more else []
        return ScenarioError(safe(self.origin, 300), [*self.problems, *rest])

    def raise_any(self) -> None:
        """Raise if there is a fault."""
        if self.problems:
            raise self.error()


def fault(origin: str, path: str, text: str, hint: str = "") -> ScenarioError:
    """Return the error of a single fault."""
    findings = Findings(origin)
    findings.add(path, text, hint)
    return findings.error()
