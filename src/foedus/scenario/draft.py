"""A file's tables, each validated on its own, so that one bad entry hides no other.

Knows shapes only; ``checks`` relates the entries to each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from foedus.scenario import limits
from foedus.scenario.explain import explain
from foedus.scenario.findings import at, key, show
from foedus.scenario.model import HeaderTable
from foedus.scenario.ops import SECTIONS, WhatIfTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foedus.scenario.findings import Findings
    from foedus.scenario.model import Table

T = TypeVar("T", bound="Table")
Path = tuple[str | int, ...]


@dataclass
class Draft:
    """What of a file has the right shape; ``ids`` holds every id that is written, also of entries that have not."""

    header: HeaderTable | None
    items: dict[str, list[tuple[int, Any]]]
    what_ifs: list[tuple[str, WhatIfTable]]
    ids: dict[str, set[str]]

    def tables(self, section: str) -> list[Any]:
        """Return the valid tables of a section."""
        return [t for _, t in self.items[section]]


def draft(data: dict[str, Any], findings: Findings) -> Draft:
    """Return the valid tables of ``data`` and add every fault of shape to ``findings``."""
    header = _header(data, findings)
    items: dict[str, list[tuple[int, Any]]] = {}
    ids: dict[str, set[str]] = {}
    for section, model in SECTIONS.items():
        rows = _rows(data, section, findings)
        ids[section] = {r["id"] for r in rows if isinstance(r, dict) and isinstance(r.get("id"), str)}
        pairs = ((i, _one(model, row, (section, i), findings)) for i, row in enumerate(rows))
        items[section] = [(i, table) for i, table in pairs if table is not None]
    written = data.get("actor", [])
    if isinstance(written, list) and len(written) < 2:
        findings.add("actor", f"got {len(written)} actors; expected at least 2")
    return Draft(header, items, _what_ifs(data, findings), ids)


def all_ops(draft: Draft) -> Iterator[tuple[Path, Any]]:
    """Yield every op with its path."""
    for i, t in draft.items["event"]:
        yield from ((("event", i, "edits", j), op) for j, op in enumerate(t.edits))
    for name, t in draft.what_ifs:
        yield from ((("what_if", name, "edits", j), op) for j, op in enumerate(t.edits))


def _header(data: dict[str, Any], findings: Findings) -> HeaderTable | None:
    """Return the keys above the first table; unknown ones are faults."""
    known = [*(f.alias or n for n, f in HeaderTable.model_fields.items()), *SECTIONS, "what_if"]
    for name in data:
        if name not in known:
            hint = findings.near(name, known) or f"known keys: {', '.join(known)}"
            findings.add(key(name), "unknown key", hint)
    return _one(HeaderTable, {k: v for k, v in data.items() if k in HeaderTable.model_fields}, (), findings)


def _rows(data: dict[str, Any], section: str, findings: Findings) -> list[Any]:
    """Return the entries of a section, none if it is no list or too long."""
    rows = data.get(section, [])
    if not isinstance(rows, list):
        findings.add(section, f"got {show(rows)}; expected a list of tables", f"write [[{section}]] with two brackets")
        return []
    if len(rows) > limits.COUNTS[section]:
        findings.add(section, f"got {len(rows)} entries; expected at most {limits.COUNTS[section]}")
        return []
    return rows


def _what_ifs(data: dict[str, Any], findings: Findings) -> list[tuple[str, WhatIfTable]]:
    """Return the valid what-ifs by name."""
    raw = data.get("what_if", {})
    if not isinstance(raw, dict):
        findings.add("what_if", f"got {show(raw)}; expected a table of tables", "write [what_if.some-name]")
        return []
    if len(raw) > limits.COUNTS["what_if"]:
        findings.add("what_if", f"got {len(raw)} entries; expected at most {limits.COUNTS['what_if']}")
        return []
    out: list[tuple[str, WhatIfTable]] = []
    for name, row in raw.items():
        if not _is_name(name):
            findings.add(at("what_if", name), "not a name; expected lower-case letters, digits and hyphens")
        elif (table := _one(WhatIfTable, row, ("what_if", name), findings)) is not None:
            out.append((name, table))
    return out


def _is_name(name: str) -> bool:
    """Whether ``name`` may name a what-if."""
    return re.fullmatch(limits.SCENARIO_ID, name) is not None


def _one(model: type[T], raw: Any, prefix: tuple[str | int, ...], findings: Findings) -> T | None:
    """Return one validated table, or None with its faults added."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        explain(error, findings, model, prefix, raw)
        return None
