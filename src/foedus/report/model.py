"""What a report consists of: sections of paragraphs, tables and figures, the same for terminal and page.

Records only. Text in them is plain text: whoever writes it out escapes it for its medium.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Standing = Literal["observed", "derived", "simulated"]


class Cell(NamedTuple):
    """One cell: what is read, by what it sorts, and the interval or remark that stands behind it in smaller type."""

    text: str
    sort: float | str | None = None
    note: str = ""

    def __str__(self) -> str:
        return f"{self.text} {self.note}".rstrip()


class Column(NamedTuple):
    """One column; ``rank`` 1 always shows in a terminal, 2 and 3 where they fit, 9 never; ``wide`` takes the rest."""

    head: str
    number: bool = False
    rank: int = 1
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph; ``look`` is plain text, one item of a list, a remark in smaller type, or a subheading."""

    text: str
    look: Literal["plain", "item", "remark", "head"] = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table, with its standing and source (convention 4.8).

    ``top`` rows are shown in a terminal; ``file`` names the CSV that holds all; ``folded`` tables stay closed on a page
    and out of a terminal.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    standing: Standing
    source: str
    file: str = ""
    top: int = 15
    folded: bool = False
    empty: str = "Nothing to show."


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure; ``id`` names its drawing in `foedus.report.figures`, ``description`` is read aloud in its place."""

    id: str
    title: str
    description: str
    caption: str
    standing: Standing
    source: str


Block = Note | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section, headed by the question that it answers."""

    id: str
    number: int
    question: str
    short: str
    standing: str
    blocks: tuple[Block, ...] = field(default=())
