"""Numbers and names as words: the only place where a figure is rounded for reading.

Computes nothing beyond a change of unit. Minus signs are U+2212; an interval stands in square brackets behind its
value.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from foedus.data.names import labelled
from foedus.report.model import Cell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from foedus.estimate.nested import Estimate
    from foedus.system.system import System

LONGEST = 32
"""Characters from which on a name is cut at its bracket; the table of actors holds it whole."""
BRIEF = 26
"""Characters of a name in a figure."""
KINDS = {"state": "state", "group": "armed group", "faction": "faction"}
RARE = 1e-4
"""Chance below which a percentage is harder to read than one in so many."""
LEAST_ODDS = 0.01
"""Share from which on it is the other way about, at the end of an interval too."""
TAGS = {"group": "group", "faction": "faction"}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
"""The system's own names of months follow its language."""
WORD = re.compile(r"\b[A-Z][A-Z0-9_]{1,11}\b")
PAIR = re.compile(r"\b(?P<first>[A-Z][A-Z0-9_]{1,11})(?P<mark>[-:])(?P<second>[A-Z][A-Z0-9_]{1,11})\b")
THE_PACT = r"\b(?P<the>the pact )(?P<pact>[a-z0-9][a-z0-9._-]*)"
TYPED = r"--[a-z-]+[ =][^\s;,)]+|\b[a-z]+:[A-Z][^\s;,)]*"
"""What is typed in a command, such as ``--around ISR`` and ``remove:ISIS``: it keeps its ids."""
PLURALS = {"state": "states", "group": "armed groups", "faction": "factions"}


def plain(value: float) -> str:
    """Return a number in two significant decimals."""
    size = abs(value)
    if size == 0:
        return "0"
    text = f"{size:,.0f}" if size >= 9.95 else f"{size:.1f}" if size >= 0.995 else f"{size:.2f}"
    if size < 0.005:
        return "<0.01" if value > 0 else ">−0.01"
    return f"−{text}" if value < 0 else text


def signed(value: float) -> str:
    """Return a difference with its sign; what rounds to nothing has none."""
    text = plain(value)
    return "0.00" if "<" in text or ">" in text else f"+{text}" if value > 0 else text


def percent(share: float) -> str:
    """Return a share as per cent, without the sign, in two significant digits; certainty is written only where it is exact.

    Examples
    --------
    >>> [percent(x) for x in (0.43, 0.0043, 0.00031, 0.999, 1)]
    ['43', '0.43', '0.031', '>99', '100']
    """
    value = 100 * share
    if 0 < value < 0.995:
        return _two(value)
    if 99.5 <= value < 100:
        return ">99"
    return f"{value:.0f}" if value >= 9.95 or value == 0 else f"{value:.1f}"


def _two(value: float) -> str:
    """Return a number below 1 in two significant digits, never in powers of ten."""
    return format(Decimal(f"{value:.2g}"), "f")


def one_in(share: float) -> str:
    """Return a small share as one in so many, in two significant digits; one of a hundredth or more as per cent.

    Examples
    --------
    >>> one_in(0.0000251), one_in(0), one_in(0.3)
    ('1 in 40,000', '0', '30 %')
    """
    if share >= LEAST_ODDS:
        return f"{percent(share)} %"
    return f"1 in {float(f'{1 / share:.2g}'):,.0f}" if share > 0 else "0"


def chance(e: Estimate) -> str:
    """Return a chance with its interval.

    Per cent in two significant digits, below 0.01 % one in so many. Where none of N draws was a hit it says so, with three in N as the
    bound that holds with 95 % (of draws that are independent; those that share uncertain inputs bound less).

    Examples
    --------
    >>> from foedus.estimate.nested import Estimate
    >>> chance(Estimate(0.0031, 0.0002, 0.011, 0.0))
    '0.31 % [0.02, 1.1]'
    >>> chance(Estimate(0.0000251, 0.0, 0.0001, 0.0))
    '1 in 40,000 [0, 1 in 10,000]'
    >>> chance(Estimate(0.0, 0.0, 0.002, 0.0, draws=1000))
    '0 % (none of 1,000 draws: <0.3 %, 95 %)'
    """
    if e.mean == 0 and e.kind == "simulated" and e.draws:
        return f"0 % (none of {e.draws:,} draws: <{percent(min(1.0, 3 / e.draws))} %, 95 %)"
    return phrase(e, one_in) if 0 < e.mean < RARE else phrase(e, percent, " %")


def points(share: float) -> str:
    """Return a difference of shares in percentage points."""
    return signed(100 * share)


def thousand(chance: float) -> str:
    """Return a chance as so many in 1,000."""
    return plain(1000 * chance)


def thousand_signed(chance: float) -> str:
    """Return a difference of chances as so many in 1,000."""
    return signed(1000 * chance)


def bracket(low: float, high: float, form: Callable[[float], str]) -> str:
    """Return an interval."""
    return f"[{form(low)}, {form(high)}]"


def estimate(e: Estimate, form: Callable[[float], str]) -> Cell:
    """Return a cell with an estimate and its interval."""
    return Cell(form(e.mean), e.mean, bracket(e.low, e.high, form))


def phrase(e: Estimate, form: Callable[[float], str], unit: str = "") -> str:
    """Return an estimate and its interval for a sentence."""
    return f"{form(e.mean)}{unit} {bracket(e.low, e.high, form)}"


def number(value: float | None, form: Callable[[float], str] = plain) -> Cell:
    """Return a cell with a number, empty where it is unknown."""
    return Cell("–", None) if value is None else Cell(form(value), value)


def text(value: object) -> Cell:
    """Return a cell with text."""
    return Cell(str(value), str(value).casefold())


def day(date: dt.date) -> str:
    """Return a date in words."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def listed(items: Iterable[str], most: int = 12, *, none: str = "none") -> str:
    """Return items as a list in a sentence, cut with a count of what is left."""
    items = list(items)
    if not items:
        return none
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def counted(n: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def clipped(name: str, most: int) -> str:
    """Return a name of at most ``most`` characters."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def at_word(name: str, most: int) -> str:
    """Return a name of at most ``most`` characters, cut between words where it can be."""
    if len(name) <= most:
        return name
    head = name[: most - 1]
    return f"{head.rsplit(' ', 1)[0].rstrip()}…" if " " in head else f"{head}…"


class Said:
    """Names of the time for ids, in cells and sentences that a person reads.

    Parameters
    ----------
    names : dict
        Name by id of actor.
    titles : dict
        Title by id of pact.
    """

    def __init__(self, names: Mapping[str, str], titles: Mapping[str, str] | None = None) -> None:
        self.names, self.titles = names, titles or {}
        held = {x for x in (*names.values(), *self.titles.values()) if any(w in names for w in WORD.findall(x))}
        whole = map(re.escape, sorted(held | set(map(self.label, names)), key=len, reverse=True))
        labels = (rf"(?<!\w){label}(?!\w)" for label in whole)
        self._words = re.compile("|".join((TYPED, *labels, THE_PACT, PAIR.pattern, WORD.pattern)))

    def label(self, actor: str) -> str:
        """Return the name, with the id behind it where that does not abbreviate it; an id that nobody bears as it is."""
        return labelled(actor, self.names[actor]) if actor in self.names else actor

    def told(self, text: str) -> str:
        """Return a text with labels for ids: of one id, a list, a pair or a sentence; ``the pact ID`` has the pact's title.

        Titles of pacts and names of actors in it stay as they are, and so do an id in brackets behind its own name and options of a command.

        Examples
        --------
        >>> said = Said({"YUG": "Serbia", "AUH": "Austria-Hungary"}, {"dual": "Dual Alliance"})
        >>> said.told("YUG"), said.told("AUH-YUG"), said.told("Serbia (YUG) without the pact dual")
        ('Serbia (YUG)', 'Austria-Hungary – Serbia (YUG)', 'Serbia (YUG) without Dual Alliance')
        """
        return self.label(text) if text in self.names else self._words.sub(self._label, text)

    def _label(self, found: re.Match[str]) -> str:
        """Return what stands for an id, a pair of ids or a title."""
        if found["the"]:
            return self.titles.get(found["pact"], found[0])
        both = found["first"], found["second"]
        if both[0] is None or both[1] is None:
            return self.label(found[0])
        known = all(x in self.names for x in both)
        return f"{self.label(both[0])}{' – ' if known else found['mark']}{self.label(both[1])}"


class Names:
    """Names of a system's actors: full, marked by kind, and short enough for a figure."""

    def __init__(self, system: System) -> None:
        self.actor = {a.id: a for a in system.actors}
        brief = {a.id: at_word(a.name.split(" (")[0], BRIEF) for a in system.actors}
        alike = Counter(brief.values())
        self._short = {k: name if alike[name] == 1 else clipped(k, BRIEF) for k, name in brief.items()}
        self._said = Said({a.id: self.full(a.id) for a in system.actors}, {p.id: p.name for p in system.pacts})

    def __contains__(self, actor: str) -> bool:
        return actor in self.actor

    def full(self, actor: str) -> str:
        """Return the name, a long one cut at its bracket, or the id where it is of no actor here."""
        if actor not in self.actor:
            return actor
        name = self.actor[actor].name
        return name if len(name) <= LONGEST else clipped(name.split(" (")[0], 2 * LONGEST)

    def whole(self, actor: str) -> str:
        """Return the name as the system writes it."""
        return self.actor[actor].name if actor in self.actor else actor

    def within(self, sentence: str) -> str:
        """Return a sentence with names for ids."""
        return WORD.sub(lambda m: self.full(m[0]) if m[0] in self.actor else m[0], sentence)

    def label(self, actor: str) -> str:
        """Return the full name, with the id behind it where that does not abbreviate it; what a person may type again."""
        return self._said.label(actor)

    def told(self, text: str) -> str:
        """Return a text with names for ids, as `Said.told`."""
        return self._said.told(text)

    def tagged(self, actor: str) -> str:
        """Return the name, with its kind behind it unless it is a state."""
        kind = self.actor[actor].kind if actor in self.actor else "state"
        return self.full(actor) if kind == "state" else f"{self.full(actor)} ({TAGS[kind]})"

    def short(self, actor: str) -> str:
        """Return a name short enough for a figure: before any bracket, cut at a word; the id where two are alike."""
        return self._short.get(actor, clipped(actor, BRIEF))

    def all(self, actors: Iterable[str]) -> list[str]:
        """Return full names."""
        return [self.full(a) for a in actors]

    def cell(self, actor: str) -> Cell:
        """Return a cell with the name and kind."""
        return text(self.tagged(actor))
