"""Every table that a test makes is held against the declaration of its columns, ``src/foedus/schema/results.csv``.

`watch` lets each module of foedus, as it is imported, wrap the methods of its records that give a Polars table. A column that is not declared, or
is of another type, fails the test that made it.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import inspect
import sys
from typing import TYPE_CHECKING, Any

from reference_pages import columns

if TYPE_CHECKING:
    from types import ModuleType

TABLE = {"pl.DataFrame", "DataFrame"}


def _checked(name: str, method: Any) -> Any:
    """Return a method that looks at the table it gives."""

    @functools.wraps(method)
    def call(*args: Any, **options: Any) -> Any:
        frame = method(*args, **options)
        wrong = columns.faults(name, frame)
        assert not wrong, "\n".join([*wrong, "hint: tell the column in src/foedus/schema/results.csv"])
        return frame

    return call


def wrap(module: ModuleType) -> None:
    """Wrap the public methods of a module's classes that give a table."""
    for one in list(vars(module).values()):
        if inspect.isclass(one) and one.__module__ == module.__name__:
            for name, method in list(vars(one).items()):
                if (
                    inspect.isfunction(method)
                    and not name.startswith("_")
                    and method.__annotations__.get("return") in TABLE
                ):
                    setattr(
                        one, name, _checked(f"{module.__name__}.{one.__name__}.{name}".removeprefix("foedus."), method)
                    )


class _Watch(importlib.abc.MetaPathFinder):
    """Finds modules of foedus as usual, and wraps them once they are loaded."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if not name.startswith("foedus.") or name.startswith(("foedus.cli", "foedus.studio")):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            load = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                load(module)
                wrap(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def watch() -> None:
    """Wrap what is loaded and what will be."""
    for name, module in list(sys.modules.items()):
        if name.startswith("foedus.") and not name.startswith(("foedus.cli", "foedus.studio")):
            wrap(module)
    sys.meta_path.insert(0, _Watch())
