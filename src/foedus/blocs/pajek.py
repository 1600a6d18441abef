"""Reader of Pajek ``.net`` files whose line values are signs or signed weights.

Our own, because networkx is no dependency at run time, drops the distinction between ``*Edges`` and ``*Arcs`` of one file and overwrites a line
that stands twice without a word. Reads ``*Vertices``, ``*Edges``, ``*Arcs``, ``*Edgeslist``, ``*Arcslist`` and ``*Matrix`` of one network; positions,
colours and other drawing options are skipped. Does not read projects (``.paj``) or several relations.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus import limits
from foedus.errors import DataError, message

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Found = tuple[tuple[str, ...], "NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.float64]", Literal["rows", "arcs"]]
"""Names, both ends, weights, and whether the rows have a direction."""


def read(path: Path) -> Found:
    """Return ``(ids, a, b, w, kind)`` of a Pajek file; in a file with arcs or a matrix an edge counts as two arcs.

    Raises
    ------
    DataError
        Not a Pajek network; says the line.
    """
    raw = limits.content(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return _Reader(str(path)).read(text)


class _Reader:
    """Collects the lines of one network."""

    def __init__(self, where: str) -> None:
        self.where, self.line = where, 0
        self.names: list[str] = []
        self.rows: dict[str, list[tuple[int, int, float]]] = {"edges": [], "arcs": []}
        self.section, self.matrix_row = "", 0
        self.seen: set[str] = set()

    def read(self, text: str) -> Found:
        for self.line, raw in enumerate(text.splitlines(), 1):
            line = raw.strip()
            if not line or line.startswith("%"):
                continue
            if line.startswith("*"):
                self.open(line)
            else:
                self.add(line)
        if "vertices" not in self.seen:
            raise self.fault("no *Vertices", "a Pajek network")
        if self.section == "matrix" and self.matrix_row != len(self.names):
            raise self.fault(f"{self.matrix_row} rows of a matrix", f"{len(self.names)}")
        return self.found()

    def open(self, line: str) -> None:
        """Begin a section."""
        word, *rest = line[1:].split() or ["nothing"]
        section = word.casefold()
        if section == "network":
            return
        if section not in {"vertices", "edges", "arcs", "edgeslist", "arcslist", "matrix"}:
            raise self.fault(f"*{word}", "*Vertices, *Edges, *Arcs, *Edgeslist, *Arcslist or *Matrix")
        if section != "vertices" and "vertices" not in self.seen:
            raise self.fault(f"*{word}", "*Vertices before it")
        if section in self.seen:
            raise self.fault(f"*{word} a second time", "one relation a file")
        self.section = section
        self.seen.add(section)
        if section == "vertices":
            n = self.whole(rest[0] if rest else "nothing", "the number of vertices after *Vertices")
            if n > limits.NODES:
                raise self.fault(f"{n:,} vertices", f"at most {limits.NODES:,}")
            self.names = [str(k + 1) for k in range(n)]

    def add(self, line: str) -> None:
        """Take one line of the present section."""
        try:
            words = shlex.split(line)
        except ValueError:
            raise self.fault(repr(line), "quotes that close") from None
        if self.section == "vertices":
            k = self.node(words[0])
            self.names[k] = words[1] if len(words) > 1 else words[0]
        elif self.section in {"edges", "arcs"}:
            if len(words) < 2:
                raise self.fault(repr(line), "two vertices and a value")
            value = self.number(words[2]) if len(words) > 2 else 1.0
            self.rows[self.section].append((self.node(words[0]), self.node(words[1]), value))
        elif self.section in {"edgeslist", "arcslist"}:
            first = self.node(words[0].removeprefix("-"))
            self.rows[self.section.removesuffix("list")] += [
                (first, self.node(x.removeprefix("-")), -1.0 if x.startswith("-") else 1.0) for x in words[1:]
            ]
        elif self.section == "matrix":
            self.add_row(words)
        else:
            raise self.fault(repr(line), "*Vertices first")

    def add_row(self, words: list[str]) -> None:
        """Take one row of the matrix."""
        if len(words) != len(self.names) or self.matrix_row >= len(self.names):
            raise self.fault(f"row {self.matrix_row + 1} of {len(words)} entries", f"{len(self.names)} rows of as many")
        self.rows["arcs"] += [(self.matrix_row, k, v) for k, x in enumerate(words) if (v := self.number(x)) != 0]
        self.matrix_row += 1

    def found(self) -> Found:
        """Return everything as arrays."""
        edges, arcs = self.rows["edges"], self.rows["arcs"]
        directed = bool(arcs) or "matrix" in self.seen
        rows = (
            arcs + edges + [(b, a, w) for a, b, w in edges]
            if directed
            else [(min(a, b), max(a, b), w) for a, b, w in edges]
        )
        a, b, w = (np.array(x) for x in zip(*rows, strict=True)) if rows else (np.zeros(0),) * 3
        kind: Literal["rows", "arcs"] = "arcs" if directed else "rows"
        return tuple(self.names), a.astype(np.int64), b.astype(np.int64), w.astype(np.float64), kind

    def node(self, word: str) -> int:
        """Return the position of a vertex number."""
        k = self.whole(word, "a vertex number")
        if not 1 <= k <= len(self.names):
            raise self.fault(f"vertex {k}", f"1 to {len(self.names)}")
        return k - 1

    def whole(self, word: str, expected: str) -> int:
        """Return a whole number."""
        if not (word.isascii() and word.isdecimal() and len(word) < 19):
            raise self.fault(repr(word), expected)
        return int(word)

    def number(self, word: str) -> float:
        """Return a line value."""
        try:
            return float(word)
        except ValueError:
            raise self.fault(repr(word), "a number as value") from None

    def fault(self, got: str, expected: str) -> DataError:
        """Return the error that names the line."""
        return DataError(
            message("Pajek file cannot be read", got=got, expected=expected, where=f"{self.where}, line {self.line}")
        )
