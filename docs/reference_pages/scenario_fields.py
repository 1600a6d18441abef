"""The page of every field of a scenario file, from the JSON Schema that checks it."""

from __future__ import annotations

from typing import Any

from reference_pages.markdown import cell, code, page, table


def kind(node: dict[str, Any]) -> str:
    """Return what may stand in a field, in words."""
    if "$ref" in node:
        return node["$ref"].rpartition("/")[2]
    if "const" in node:
        return f"`{node['const']}`"
    if "enum" in node:
        return ", ".join(f"`{x}`" for x in node["enum"])
    for key in ("anyOf", "oneOf"):
        if key in node:
            return " or ".join(dict.fromkeys(kind(x) for x in node[key]))
    if node.get("type") == "array":
        items = node.get("items")
        return "list of " + (kind(items) if items else "values")
    if node.get("type") == "object":
        inner = node.get("additionalProperties")
        keys = ", ".join(node.get("properties", {}))
        return f"table {{{keys}}}" if keys else f"table of {kind(inner)}" if isinstance(inner, dict) else "table"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    return _bounded(words.get(node.get("type", ""), "any"), node)


def _bounded(word: str, node: dict[str, Any]) -> str:
    """Return a word with the range of a number or the form of a text."""
    if node.get("format") == "date":
        return "date"
    if "pattern" in node:
        return f"{word} like `{node['pattern']}`"
    low = node.get("minimum", node.get("exclusiveMinimum"))
    high = node.get("maximum", node.get("exclusiveMaximum"))
    if low is None and high is None:
        return word
    return (
        f"{word} from {low:g} to {high:g}"
        if None not in {low, high}
        else f"{word} from {low:g}"
        if high is None
        else f"{word} to {high:g}"
    )


def tables() -> dict[str, dict[str, Any]]:
    """Return every table of the two formats by name: the file itself, a what-if file, and what they hold."""
    from foedus.scenario.schema import json_schema, what_if_schema

    found: dict[str, dict[str, Any]] = {}
    for title, schema in (("The file", json_schema()), ("A what-if in a file of its own", what_if_schema())):
        found[title] = schema
        found |= {k: v for k, v in schema.get("$defs", {}).items() if k not in found}
    return found


def _row(name: str, node: dict[str, Any], must: set[str]) -> tuple[str, str, str, str]:
    """Return the row of a field."""
    default = node.get("default")
    shown = "required" if name in must else "" if default in (None, "") else code(default)
    return code(name), cell(kind(node)), shown, cell(node.get("description", ""))


def pages() -> dict[str, str]:
    """Return the page by path."""
    lines = [
        "Made from the schema by which `foedus scenario check` reads a file (`foedus scenario schema` prints it for editors). "
        "How to write one, with examples: [Scenario files](../reference/scenario.md).", "",
    ]  # fmt: skip
    for name, node in tables().items():
        lines += [f"## {name}", ""]
        if node.get("description"):
            lines += [cell(node["description"]), ""]
        must = set(node.get("required", ()))
        rows = [_row(k, v, must) for k, v in node.get("properties", {}).items()]
        lines += table(("field", "value", "default", "meaning"), rows) if rows else [cell(kind(node)), ""]
    return {"scenario-fields.md": page("Fields of scenario files", *lines)}
