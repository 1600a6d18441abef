"""What-if files, and their edits on a bundled scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.scenario.read import load_scenario
from foedus.scenario.what_if_file import check_what_if, parse_what_if, read_what_if
from fuzz.contract import BrokenError, held, put
from fuzz.texts import SPOILT, WHAT_IF

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = load_scenario("middle-east-2019")


def one(data: bytes, folder: Path) -> None:
    found = held(read_what_if, put(folder, "mine.what-if.toml", data))
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    problems = check_what_if(text, BASE)
    if found is None and not problems:
        raise BrokenError("refused, and nothing wrong with it")
    if not problems:
        held(parse_what_if, text)


def seeds() -> Iterator[bytes]:
    yield WHAT_IF.encode()
    for op in (
        'op = "void-pact", pact = "NATO"', 'op = "strengthen", actor = "IRN", factor = 2.0', 'op = "remove-actor", actor = "IRN"',
        'op = "set-tie", a = "IRN", b = "SAU", reason = "rivalry", strength = nan', 'op = "stay-out", actor = "RUS"',
        'op = "add-tie", a = "IRN", b = "IRN", reason = "interest", strength = 1e308', 'op = ["void-pact"]', "x = { y = { z = 1 } }",
    ):  # fmt: skip
        yield f'title = "x"\nedits = [{{ {op} }}]\n'.encode()
    for old, new in SPOILT[:8]:
        yield WHAT_IF.replace('"Mine"', new if new[:1] in "\"'" else f'"{old}"', 1).encode("utf-8", "surrogatepass")
