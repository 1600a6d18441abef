"""`lines`: on which line of a text each key and entry stands, so that a fault can be shown where it was written.

A scanner of tokens, not a parser: it expects a text that `tomllib` reads, and checks nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from foedus.scenario.findings import at

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|\n|[\[\]{},=.]|[^\s\[\]{},=.#"\']+|[ \t\r]+', re.DOTALL
)  # fmt: skip
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_LAST_STEP = re.compile(r"(?:^|\.)(?:[^.\[\]]+|'[^']*')$|\[\d+\]$")
Path = tuple[str | int, ...]


@dataclass
class _Open:
    """A list or inline table that is being read: its path, its kind, the entry's number, the key so far."""

    path: Path
    is_list: bool
    number: int = 0
    begun: bool = False
    key: list[str] = field(default_factory=list)
    in_value: bool = False


def lines(text: str) -> dict[str, int]:
    r"""Return the line of every key, table and entry by its path, counted from 1.

    Parameters
    ----------
    text : str
        Sound TOML.

    Examples
    --------
    >>> lines("a = 1\n[[b]]\nc = [1,\n 2]")
    {'a': 1, 'b': 2, 'b[0]': 2, 'b[0].c': 3, 'b[0].c[0]': 3, 'b[0].c[1]': 4}
    """
    return {at(*path): line for path, line in _Scan().read(text).items()}


def line_of(path: str, known: dict[str, int]) -> int | None:
    """Return the line of a path, or of the nearest table around it; None where nothing of it is written."""
    while path:
        if path in known:
            return known[path]
        shorter = _LAST_STEP.sub("", path)
        if shorter == path:
            return None
        path = shorter
    return None


class _Scan:
    """The reading of one text."""

    def __init__(self) -> None:
        self.found: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        self.table: Path = ()
        self.header: list[str] | None = None
        self.brackets = 0
        self.key: list[str] = []
        self.value: Path | None = None
        self.open: list[_Open] = []

    def read(self, text: str) -> dict[Path, int]:
        """Return the line of each path."""
        line = 1
        for match in _TOKEN.finditer(text.removeprefix("\ufeff")):
            token = match[0]
            if token == "\n" or not token.strip(" \t\r") or token[0] == "#":
                if token == "\n" and not self.open:
                    self._end_of_line()
            elif self.open:
                self._inside(token, line)
            elif self.value is not None:
                self._begin(token, self.value)
            elif self.header is not None:
                self._heading(token, line)
            else:
                self._key(token, line)
            line += token.count("\n")
        return self.found

    def _note(self, path: Path, line: int) -> None:
        """Keep the first line of a path, and of the tables that lead to it."""
        for k in range(1, len(path) + 1):
            self.found.setdefault(path[:k], line)

    def _end_of_line(self) -> None:
        """Forget the key or heading of a line."""
        self.value, self.header, self.key = None, None, []

    def _heading(self, token: str, line: int) -> None:
        """Read a part of ``[a.b]`` or ``[[a]]``."""
        assert self.header is not None
        if token == "[":
            self.brackets += 1
        elif token == "]":
            if self.header:
                self._enter(self.header, line)
                self.header = []
        elif token != ".":
            self.header.append(_name(token))

    def _enter(self, names: list[str], line: int) -> None:
        """Make the table of a heading the one that keys belong to."""
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            path = (*path, self.counts[path] - 1) if path in self.counts else path
        path = (*path, names[-1])
        if self.brackets == 2:
            self.counts[path] = self.counts.get(path, 0) + 1
            self._note(path, line)
            path = (*path, self.counts[path] - 1)
        self._note(path, line)
        self.table = path

    def _key(self, token: str, line: int) -> None:
        """Read a part of a key, or the start of a heading."""
        if token == "[" and not self.key:
            self.header, self.brackets = [], 1
        elif token == "=":
            self.value = (*self.table, *self.key)
            self._note(self.value, line)
        elif token != ".":
            self.key.append(_name(token))

    def _begin(self, token: str, path: Path) -> None:
        """Open a list or an inline table where the token does."""
        if token in "[{":
            self.open.append(_Open(path, token == "["))

    def _inside(self, token: str, line: int) -> None:
        """Read a token of a list or inline table."""
        inner = self.open[-1]
        if token in "]}":
            self.open.pop()
        elif token == ",":
            inner.number += 1
            inner.begun, inner.in_value, inner.key = False, False, []
        elif inner.is_list:
            path = (*inner.path, inner.number)
            if not inner.begun:
                self._note(path, line)
                inner.begun = True
            self._begin(token, path)
        elif inner.in_value:
            self._begin(token, (*inner.path, *inner.key))
        elif token == "=":
            inner.in_value = True
            self._note((*inner.path, *inner.key), line)
        elif token != ".":
            inner.key.append(_name(token))


def _name(token: str) -> str:
    """Return what a key's part is called."""
    if token[0] == "'":
        return token[1:-1]
    if token[0] != '"':
        return token
    short = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
    return _ESCAPE.sub(lambda m: chr(int(m[1][1:], 16)) if len(m[1]) > 1 else short.get(m[1], m[1]), token[1:-1])
