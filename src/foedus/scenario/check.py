"""`check`: every fault of a scenario file, as a list; `check_text` the same of a text that is being written.

Adds the lines to what `read` and `what_if_file` find; finds nothing by itself.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.errors import Problem, ScenarioError
from foedus.scenario.guard import read_text
from foedus.scenario.lines import line_of, lines
from foedus.scenario.read import load_scenario, parse_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LINE = re.compile(r"^line (\d+)(?:, column \d+)?$")
_WHOLE = re.compile(r"^(file|end of file|line \d.*|character \d+|byte \d+)$")


def check(path: str | Path) -> list[Problem]:
    """Return what is wrong with a file or bundled scenario, nothing if it is sound.

    Examples
    --------
    >>> check("europe-1914")
    []
    """
    try:
        load_scenario(path)
    except ScenarioError as error:
        if any(p.path == "file" or p.path.startswith("byte ") for p in error.problems):
            return list(error.problems)
        return placed(error.problems, read_text(Path(path)))
    return []


def check_text(text: str, origin: str = "text", *, read: Callable[[str, str], Any] = parse_text) -> list[Problem]:
    """Return what is wrong with a text, each fault with its line where one can be named.

    Parameters
    ----------
    text : str
        TOML.
    origin : str
        What the text is called in messages.
    read : callable
        Reads a text called ``origin``: `scenario.read.parse_text`, or `scenario.what_if_file.parse_what_if`.

    Examples
    --------
    >>> [(p.line, p.path) for p in check_text("format = 1")][:2]
    [(None, 'id'), (None, 'title')]
    """
    try:
        read(text, origin)
    except ScenarioError as error:
        return placed(error.problems, text)
    return []


def placed(problems: tuple[Problem, ...] | list[Problem], text: str) -> list[Problem]:
    """Return faults of a text with their lines; a text that could not be parsed is not scanned."""
    written = [_LINE.match(p.path) for p in problems]
    known = {} if any(_WHOLE.match(p.path) for p in problems) else lines(text)
    last = text.count("\n") + 1
    return [
        dataclasses.replace(p, line=int(m[1]) if m else last if p.path == "end of file" else line_of(p.path, known))
        for p, m in zip(problems, written, strict=True)
    ]
