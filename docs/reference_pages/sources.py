"""What the source files say of functions and classes, read without running them."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_NAME = re.compile(r"[A-Za-z_]\w*")
SKIPPED = ("foedus.cli", "foedus.studio", "foedus.__main__")
"""Rooms that only call the others; their functions are no part of the API, but for `foedus.serve`."""


class Module(NamedTuple):
    """A module: its functions and classes by name, and what its other names were imported from."""

    name: str
    summary: str
    functions: dict[str, ast.FunctionDef]
    classes: dict[str, ast.ClassDef]
    imported: dict[str, str]


def root() -> Path:
    """Return the folder of the package."""
    import foedus

    return Path(foedus.__file__).parent


@cache
def module(name: str) -> Module | None:
    """Return what a module's file says; None where there is no such file."""
    path = root().joinpath(*name.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.is_file():
        return None
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = [*tree.body, *(n for part in tree.body if isinstance(part, ast.If) for n in part.body)]
    imported = {
        a.asname or a.name: node.module
        for node in parts
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("foedus")
        for a in node.names
    }
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")}
    classes = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")}
    return Module(name, first_line(tree), functions, classes, imported)


@cache
def modules() -> tuple[Module, ...]:
    """Return the modules of all rooms but the command line and the studio, by name."""
    names = []
    for path in sorted(root().rglob("*.py")):
        parts = path.relative_to(root().parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if not name.startswith(SKIPPED):
            names.append(name)
    return tuple(m for n in names if (m := module(n)) is not None)


def first_line(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    """Return the first paragraph of a docstring on one line."""
    return " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())


def resolve(name: str, where: Module, depth: int = 4) -> tuple[str, str] | None:
    """Return module and name of the foedus class that a name in a module means; None for anything else."""
    if name in where.classes:
        return where.name, name
    home = module(where.imported.get(name, "")) if name in where.imported else None
    return resolve(name, home, depth - 1) if home is not None and depth else None


def named(annotation: ast.expr | None, where: Module) -> list[tuple[str, str]]:
    """Return the foedus classes that an annotation names."""
    text = "" if annotation is None else ast.unparse(annotation)
    found = (resolve(n, where) for n in _NAME.findall(text))
    return [f for f in dict.fromkeys(found) if f is not None]


def results_of(node: ast.FunctionDef | ast.ClassDef, where: Module) -> list[tuple[str, str]]:
    """Return the foedus classes that a function returns, or that a class holds or its methods return."""
    if isinstance(node, ast.FunctionDef):
        return named(node.returns, where)
    parts = [
        n.annotation if isinstance(n, ast.AnnAssign) else n.returns
        for n in node.body
        if isinstance(n, ast.AnnAssign | ast.FunctionDef) and not getattr(n, "name", "").startswith("_")
    ]
    return list(dict.fromkeys(f for a in parts for f in named(a, where)))


def frame_methods() -> dict[str, tuple[Module, ast.FunctionDef]]:
    """Return every public method of a class that gives a table: ``module.Class.method`` to its code."""
    return {
        f"{m.name}.{c.name}.{n.name}": (m, n)
        for m in modules()
        for c in m.classes.values()
        for n in c.body
        if isinstance(n, ast.FunctionDef)
        and not n.name.startswith("_")
        and n.returns is not None
        and ast.unparse(n.returns).strip("'\"") in {"pl.DataFrame", "DataFrame"}
    }
