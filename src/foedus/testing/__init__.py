"""The domain's own equality, for tests; Hypothesis strategies stand in ``foedus.testing.strategies``.

Needs no test library by itself.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from foedus.system.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foedus.system.system import System


def assert_same_system(actual: System, expected: System, *, most: int = 10) -> None:
    """Raise AssertionError unless two systems hold the same, to the last bit and in the same order.

    Stricter than the hash, which leaves empty fields out and does not see a normal's bounds.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.load("europe-1914")
    >>> assert_same_system(s, s.with_(title="Another"))
    Traceback (most recent call last):
    AssertionError: systems differ:
      title: got 'Europe on the eve of the July crisis'; expected 'Another'
    """
    differences = list(_differences(actual, expected, ""))
    if differences:
        rest = [f"  and {len(differences) - most} more"] if len(differences) > most else []
        raise AssertionError("\n".join(["systems differ:", *differences[:most], *rest]))
    if actual.hash != expected.hash:
        raise AssertionError(f"hashes differ though the fields agree: got {actual.hash}; expected {expected.hash}")


def _differences(a: Any, b: Any, path: str) -> Iterator[str]:
    """Yield one line for every place in which two values differ."""
    if type(a) is not type(b):
        yield f"  {path}: got {_short(a)}; expected {_short(b)}"
    elif dataclasses.is_dataclass(a) and not isinstance(a, Quantity):
        for field in dataclasses.fields(a):
            yield from _differences(
                getattr(a, field.name), getattr(b, field.name), f"{path}.{field.name}" if path else field.name
            )
    elif isinstance(a, tuple):
        if len(a) != len(b):
            yield f"  {path}: got {len(a)} entries; expected {len(b)}"
        for i, (x, y) in enumerate(zip(a, b, strict=False)):
            yield from _differences(x, y, f"{path}[{i}]")
    elif a != b:
        yield f"  {path}: got {_short(a)}; expected {_short(b)}"


def _short(value: Any) -> str:
    """Return a value's repr, cut."""
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
