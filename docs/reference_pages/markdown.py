"""Tables and text in Markdown that is safe for any value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\*_\[\]<>|$#~{}])")
_CODE = re.compile(r"(`[^`]*`)")


def cell(text: object) -> str:
    """Return text for a cell of a table: one line, nothing read as markup but code in backticks."""
    parts = _CODE.split(" ".join(str(text).split()))
    return "".join(p.replace("|", "\\|") if k % 2 else _SPECIAL.sub(r"\\\1", p) for k, p in enumerate(parts))


def code(text: object) -> str:
    """Return text as code in a cell; empty where there is none."""
    plain = " ".join(str(text).split()).replace("|", "\\|").replace("`", "'")
    return f"`{plain}`" if plain else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table; cells are Markdown already."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def page(title: str, *lines: str) -> str:
    """Return a page of a title and lines."""
    return "\n".join([f"# {title}", "", *lines]).rstrip() + "\n"
