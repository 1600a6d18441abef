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
        'op = "void_pact", pact = "iran-syria-defence-2006"', 'op = "withdraw", actor = "RUS", behalf = "SYR"', 'op = "remove_actor", actor = "IRN"',
        'op = "change_tie", a = "IRN", b = "SAU", reason = "rivalry", strength = nan', 'op = "change_tie", a = "IRN", b = "IRN", reason = "war"',
        'op = "add_pact", pact = { id = "x", name = "X", kind = "treaty", members = ["SYR", "IRQ"], pledge = [{ by = "SYR", type = "defense" }] }',
        'op = "intervene", actor = "RUS", behalf = "SYR", against = ["ZZZ"], effort = 1e308', 'op = ["void_pact"]', "x = { y = { z = 1 } }",
        'op = "strengthen", actor = "IRN", factor = 1e-300',
    ):  # fmt: skip
        yield f'title = "x"\nedits = [{{ {op} }}]\n'.encode()
    for old, new in SPOILT[:13]:
        yield WHAT_IF.replace('"Mine"', new if new[:1] in "\"'" else f'"{old}"', 1).encode("utf-8", "surrogatepass")
