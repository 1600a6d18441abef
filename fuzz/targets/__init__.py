"""One file for each reader: ``one(data, folder)`` reads some bytes under the contract, ``seeds()`` yields sound and half-sound ones to begin with.

A target writes its input into ``folder``, which is empty at each call.
What a reader imports only when it is called is imported at the target's top (``WATCHED``), so that the fuzzer sees its coverage.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def names() -> tuple[str, ...]:
    """Return the targets, sorted."""
    return tuple(sorted(m.name for m in iter_modules(__path__)))


def target(name: str) -> ModuleType:
    """Return the module of a target."""
    return import_module(f"{__name__}.{name}")
