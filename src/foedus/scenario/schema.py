"""`json_schema` and `what_if_schema`: the formats as JSON Schemas, for editors that complete and check TOML.

Says what may stand where; references, signs and dates in order are for `foedus.scenario.check`.
"""

from __future__ import annotations

from typing import Any

from foedus.scenario.ops import ScenarioTable, WhatIfFileTable

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (Draft 2020-12) of a scenario file; dates are strings of format ``date``.

    Examples
    --------
    >>> json_schema()["title"]
    'foedus scenario, format 1'
    """
    schema = ScenarioTable.model_json_schema(by_alias=True)
    head = {"$schema": DIALECT, "title": "foedus scenario, format 1"}
    return head | {k: v for k, v in _without_null(schema).items() if k != "title"}


def what_if_schema() -> dict[str, Any]:
    """Return the JSON Schema of a what-if in a file of its own.

    Examples
    --------
    >>> what_if_schema()["required"]
    ['title']
    """
    schema = WhatIfFileTable.model_json_schema(by_alias=True)
    return {"$schema": DIALECT, "title": "foedus what-if"} | {
        k: v for k, v in _without_null(schema).items() if k != "title"
    }


def _without_null(node: Any) -> Any:
    """Return a schema without null, which TOML cannot write, and without pydantic's generated titles."""
    if isinstance(node, list):
        return [_without_null(x) for x in node if x != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    kept = {
        k: _without_null(v)
        for k, v in node.items()
        if not (k == "title" and isinstance(v, str)) and not (k == "default" and v is None)
    }
    only = kept.get("anyOf")
    if isinstance(only, list) and len(only) == 1:
        kept = {k: v for k, v in kept.items() if k != "anyOf"} | only[0]
    return kept
