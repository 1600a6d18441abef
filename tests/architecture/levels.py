"""The levels of the rooms, and a checker of imports that reads source files without running them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = (
    ("errors", "extras", "executors", "terminal", "files", "spreadsheet", "limits", "schema", "params", "kernels"),
    ("data",),
    ("panel",),
    ("system", "estimate"),
    ("power", "obligations"),
    ("blocs",),
    ("war",),
    ("security",),
    ("formation",),
    ("scenario",),
    ("studies", "testing"),
    ("report",),
    ("cli", "studio"),
)
LEVEL = {room: level for level, row in enumerate(ROWS) for room in row} | {"__main__": len(ROWS), "": len(ROWS)}
"""The package's own ``__init__`` (the room "") and ``__main__`` stand on top."""

CALLERS = {"cli", "studio", "__main__"}
"""The rooms that may use the package's public names; below them ``from foedus import load`` would go up."""

SIDEWAYS = {
    ("params", "errors"),
    ("params", "kernels"),
    ("kernels", "errors"),
    ("schema", "errors"),
    ("executors", "errors"),
    ("executors", "extras"),
    ("extras", "errors"),
    ("limits", "errors"),
    ("params", "limits"),
    ("kernels", "limits"),
    ("limits", "files"),
}
"""The only imports between rooms on one level: everyone may raise the errors, parameters and kernels keep to the limits, limits open files, and parameters draw from the kernels' random streams."""

VERBS = Path("system/verbs.py")
"""The only file that may import upward, and only inside functions or for type checkers."""


@dataclass(frozen=True)
class Import:
    """One import of something of foedus: from which room and line, of which module, and whether it is put off."""

    file: Path
    line: int
    room: str
    module: str
    put_off: bool

    @property
    def target(self) -> str:
        """Room that is imported; the empty string is the package's own ``__init__``."""
        return self.module.partition(".")[2].partition(".")[0]


def imports(root: Path) -> Iterator[Import]:
    """Yield every import of foedus below the package folder ``root``: at the top, in functions, for type checkers, by name."""
    for path in sorted(root.rglob("*.py")):
        file = path.relative_to(root)
        room = file.parts[0].removesuffix(".py")
        package = ["foedus", *file.parts[:-1]]
        for node, put_off in _walk(ast.parse(path.read_text(encoding="utf-8")), put_off=False):
            for module in _modules(node, package, root):
                yield Import(file, node.lineno, "" if room == "__init__" else room, module, put_off)


def broken(root: Path) -> list[str]:
    """Return every import that breaks the levels, as one line each."""
    return [f"{i.file}:{i.line} imports {i.module}: {reason}" for i in imports(root) if (reason := _fault(i))]


def unknown_rooms(root: Path) -> list[str]:
    """Return folders and files directly below ``root`` that hold code and that the levels do not know."""
    files = (p.relative_to(root) for p in root.rglob("*.py"))
    return sorted({f.parts[0].removesuffix(".py") for f in files} - set(LEVEL) - {"__init__"})


def _fault(one: Import) -> str:
    """Return what is wrong with an import, the empty string if nothing is."""
    if one.target == one.room or (one.room, one.target) in SIDEWAYS or (not one.target and one.room in CALLERS):
        return ""
    if one.target not in LEVEL or one.room not in LEVEL:
        return "no such room"
    if one.target == "testing":
        return "testing is for users' tests; no room needs it"
    here, there = LEVEL[one.room], LEVEL[one.target]
    if here > there:
        return ""
    if one.file == VERBS and one.put_off:
        return ""
    return f"{one.room or 'foedus'} is on level {here}, {one.target or 'foedus'} on level {there}"


def _walk(node: ast.AST, *, put_off: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom | ast.Call, bool]]:
    """Yield imports and calls, saying whether they stand in a function or in an ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom | ast.Call):
            yield child, put_off
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing = isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")
        yield from _walk(child, put_off=put_off or inside or typing)


def _modules(node: ast.Import | ast.ImportFrom | ast.Call, package: list[str], root: Path) -> list[str]:
    """Return the modules of foedus that one statement or call imports, dotted."""
    if isinstance(node, ast.Import):
        found = [a.name for a in node.names]
    elif isinstance(node, ast.ImportFrom):
        base = package[: len(package) - node.level + 1] if node.level else []
        stem = ".".join([*base, *([node.module] if node.module else [])])
        found = [stem]
        if stem == "foedus":
            names = [a.name for a in node.names if a.name != "__version__"]  # a constant: everyone may state it
            found = [f"foedus.{n}" if _is_room(root, n) else "foedus" for n in names]
    else:
        name = (
            node.func.attr
            if isinstance(node.func, ast.Attribute)
            else node.func.id
            if isinstance(node.func, ast.Name)
            else ""
        )
        first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        found = [first] if name in {"import_module", "__import__"} and isinstance(first, str) else []
    return [m for m in found if m == "foedus" or m.startswith("foedus.")]


def _is_room(root: Path, name: str) -> bool:
    """Return whether ``from foedus import name`` imports a room rather than a public name."""
    return name in LEVEL or (root / name).is_dir() or (root / f"{name}.py").is_file()
