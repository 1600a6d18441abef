"""From bytes to a plain TOML table, within fixed limits of size, time and nesting.

`tomllib` is exact but written in Python: some inputs cost it seconds per megabyte (long dotted keys, a million items). What could cost more
than a legitimate file is refused by linear scans before it is parsed, and the parsed table is bounded before anything walks it by recursion.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from foedus.errors import ScenarioError
from foedus.scenario import limits
from foedus.scenario.findings import at, fault, safe

if TYPE_CHECKING:
    from pathlib import Path

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DOTTED = (
    rf"(?:{_PART}\.[ \t]*+)"  # parsing a dotted key costs the square of its parts; 40 parts cannot be a line of prose
)
_KEY = r"(?:^[ \t]*+\[{0,2}+[ \t]*+|[{,][ \t\n]*+)"
_LONG_KEY = re.compile(rf"{_KEY}(?:{_DOTTED}{{40}}|{_DOTTED}{{{limits.MAX_KEY_PARTS},}}+{_PART}[=\]])", re.MULTILINE)
_DOTTED_KEY = re.compile(rf"{_KEY}{_DOTTED}{{2}}", re.MULTILINE)
_WHERE = re.compile(r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)


def read_text(path: Path) -> str:
    """Return the text of a regular file of at most `limits.MAX_BYTES`.

    Raises
    ------
    ScenarioError
        Missing, a directory, a device, unreadable, too large or not UTF-8.
    """
    origin = str(path)
    try:
        if path.is_dir():
            raise fault(origin, "file", "got a directory; expected a TOML file")
        if not path.is_file():
            what = "not a regular file" if path.exists() else "no such file"
            raise fault(origin, "file", what, "a bundled scenario is named without .toml; see `foedus scenario --help`")
        with path.open("rb") as stream:
            raw = stream.read(limits.MAX_BYTES + 1)
    except ScenarioError:
        raise
    except (OSError, ValueError) as error:
        raise fault(origin, "file", f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(raw) > limits.MAX_BYTES:
        raise fault(
            origin,
            "file",
            f"larger than {limits.MAX_BYTES // 1024} KiB",
            "split the scenario, or restrict it with --actors",
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise fault(origin, f"byte {error.start}", "not UTF-8", "save the file as UTF-8") from error


def read_table(text: str, origin: str) -> dict[str, Any]:
    """Return the table that ``text`` writes.

    Raises
    ------
    ScenarioError
        Too large in any way, or not TOML; a syntax error names its line.
    """
    check_text(text, origin)
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.match(str(error))
        place = f"line {where[2]}, column {where[3]}" if where and where[2] else "end of file" if where else "file"
        raise fault(
            origin, place, f"not TOML: {safe(where[1] if where else str(error), 200)}", _syntax_hint(text, where)
        ) from error
    except RecursionError as error:
        raise fault(origin, "file", f"nested too deep; expected at most {limits.MAX_DEPTH} levels") from error
    except (ValueError, ArithmeticError) as error:
        raise fault(origin, "file", f"holds a number or date that cannot be read: {safe(str(error), 120)}") from error
    check_shape(table, origin)
    return table


def check_text(text: str, origin: str) -> None:
    """Refuse a text that would cost more to parse than any legitimate file."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise fault(origin, f"character {error.start}", "not a Unicode character", "save the file as UTF-8") from error
    if size > limits.MAX_BYTES:
        raise fault(origin, "file", f"larger than {limits.MAX_BYTES // 1024} KiB")
    for mark, most in limits.MAX_MARKS.items():
        if (count := text.count(mark)) > most:
            raise fault(origin, "file", f"too large: got {count} of {mark!r}; expected at most {most}")
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise fault(origin, f"line {line}", f"a dotted key of more than {limits.MAX_KEY_PARTS} parts")
    if sum(1 for _ in _DOTTED_KEY.finditer(text)) > limits.MAX_DOTTED:
        raise fault(origin, "file", f"more than {limits.MAX_DOTTED} dotted keys")


def check_shape(table: dict[str, Any], origin: str) -> None:
    """Refuse a table that is nested too deep or holds too much."""
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), table)]
    seen = 0
    while stack:
        path, node = stack.pop()
        most = limits.MAX_KEYS if isinstance(node, dict) else max(limits.COUNTS.values())
        if len(path) > limits.MAX_DEPTH:
            raise fault(origin, at(*path[:4]), f"nested too deep; expected at most {limits.MAX_DEPTH} levels")
        if len(node) > most:
            raise fault(origin, at(*path) or "file", f"got {len(node)} entries; expected at most {most}")
        seen += len(node)
        if seen > limits.MAX_NODES:
            raise fault(origin, "file", f"holds more than {limits.MAX_NODES} values")
        pairs = node.items() if isinstance(node, dict) else enumerate(node)
        stack.extend(((*path, k), v) for k, v in pairs if isinstance(v, dict | list))


def _syntax_hint(text: str, where: re.Match[str] | None) -> str:
    """Return a hint for the commonest slips on a line."""
    if not where or not where[2]:
        return ""
    line = text.split("\n")[int(where[2]) - 1] if int(where[2]) <= text.count("\n") + 1 else ""
    if re.match(r"\s*[\w-]+\s*:", line):
        return "TOML writes key = value, not key: value"
    if re.match(r"\s*[\w.-]+\s*=\s*[A-Za-z]", line) and not re.match(r"\s*[\w.-]+\s*=\s*(true|false|inf|nan)\b", line):
        return 'text stands in quotes: key = "text"'
    if "overwrite" in where[1] or "twice" in where[1] or "declare" in where[1]:
        return "a key or table stands twice; arrays of tables have two brackets, [[actor]]"
    return ""
