"""pydantic's errors in the house's words: path, label, what was got, what was expected, a near word.

Only wording; which values are right stands in ``model``.
"""

from __future__ import annotations

import re
import typing
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from foedus.scenario.findings import Findings, at, safe, show

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Loc = tuple[str | int, ...]

_EXPECTED = {
    "string_type": "text in quotes", "int_type": "a whole number", "bool_type": "true or false", "list_type": "a list [...]",
    "dict_type": "a table", "model_type": "a table", "model_attributes_type": "a table", "tuple_type": "a list [...]",
}  # fmt: skip
_BOUNDS = {
    "greater_than_equal": ("at least {ge}"), "less_than_equal": ("at most {le}"), "too_long": "at most {max_length} entries",
    "too_short": "at least {min_length} entries", "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} character",
}  # fmt: skip


def explain(error: ValidationError, findings: Findings, model: type[BaseModel], prefix: Loc, raw: Any) -> None:
    """Add every fault of one validated table to ``findings``."""
    if findings.full:
        findings.more += error.error_count()
        return
    who = label(str(prefix[0]), raw) if prefix else ""
    for detail in error.errors(include_url=False):
        path = at(*prefix, *_path(detail, raw))
        text, hint = _words(detail, findings, model)
        findings.add(path, f"{who}: {text}" if who else text, hint)


def label(section: str, raw: Any) -> str:
    """Return how a user knows an entry: ``actor IRN``, ``tie IRN-HEZ (sponsorship)``."""
    if not isinstance(raw, dict):
        return ""
    if isinstance(raw.get("id"), str):
        return f"{section} {safe(raw['id'], 40)}"
    ends = [safe(v, 14) for k in ("a", "b", "attacker", "target") if isinstance(v := raw.get(k), str)]
    reason = f" ({safe(raw['reason'], 14)})" if isinstance(raw.get("reason"), str) else ""
    return f"{section} {'-'.join(ends)}{reason}" if len(ends) == 2 else ""


def _path(detail: ErrorDetails, raw: Any) -> Loc:
    """Return the location without pydantic's tags of unions, by following it through the file's own data."""
    out: list[str | int] = []
    last = len(detail["loc"]) - 1
    for i, part in enumerate(detail["loc"]):
        inside = (isinstance(raw, dict) and part in raw) or (
            isinstance(raw, list) and isinstance(part, int) and part < len(raw)
        )
        if inside:
            raw = raw[part]  # type: ignore[index]
            out.append(part)
        elif i == last and detail["type"] == "missing":
            out.append(part)
    return tuple(out)


def _words(detail: ErrorDetails, findings: Findings, model: type[BaseModel]) -> tuple[str, str]:
    """Return the message and the hint for one error."""
    kind, ctx, got = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "missing":
        return "missing key", ""
    if kind == "extra_forbidden":
        known = _keys_at(model, detail["loc"][:-1])
        return "unknown key", findings.near(detail["loc"][-1], known) or f"known keys: {', '.join(known[:40])}"
    if kind in {"literal_error", "union_tag_invalid"}:
        words = re.findall(r"'([^']*)'", str(ctx.get("expected") or ctx.get("expected_tags")))
        listed = ", ".join(words) or str(ctx.get("expected"))
        got = got.get("op") if kind == "union_tag_invalid" and isinstance(got, dict) else got
        return f"got {show(got)}; expected one of {listed}", findings.near(got, words)
    if kind == "union_tag_not_found":
        return "missing key op; expected one of the edit ops", ""
    if kind == "string_pattern_mismatch":
        return f"got {show(got)}; expected {_pattern_words(str(ctx.get('pattern')))}", ""
    expected = _EXPECTED.get(kind) or (
        _BOUNDS[kind].format(**ctx) if kind in _BOUNDS else str(ctx.get("expected") or safe(detail["msg"], 120))
    )
    got_text = (
        f"{len(got)} entries" if kind in {"too_long", "too_short"} and isinstance(got, list | dict) else show(got)
    )
    if kind == "string_too_long" and isinstance(got, str):
        got_text = f"{len(got)} characters"
    return f"got {got_text}; expected {expected}", ""


def _pattern_words(pattern: str) -> str:
    """Return a pattern in words."""
    if pattern.startswith("^[A-Z]"):
        return "an id of 2 to 12 capital letters, digits and _, such as GMY"
    if "http" in pattern:
        return "an address that begins with http:// or https://"
    return (
        f"an id of lower-case letters, digits and hyphens ({pattern})"
        if pattern.startswith("^[a-z0-9]")
        else f"text of the form {pattern}"
    )


def _keys_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the keys that the table at ``loc`` below ``model`` may have."""
    models = [model]
    for part in loc:
        if isinstance(part, int):
            continue
        inner = [
            m
            for x in models
            for name, f in x.model_fields.items()
            if part in {name, f.alias}
            for m in _models_in(f.annotation)
        ]
        tagged = [
            m for m in models if "op" in m.model_fields and part in typing.get_args(m.model_fields["op"].annotation)
        ]
        models = inner or tagged or models
    return list(dict.fromkeys(f.alias or name for m in models for name, f in m.model_fields.items()))


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return every table class within an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for arg in typing.get_args(annotation) for m in _models_in(arg)]
