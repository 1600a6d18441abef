"""Warming runs every file of compiled kernels that the analyses of a system use."""

import ast
import importlib
from pathlib import Path

import foedus.kernels
from foedus.studies import warm

INLINED = {"streams", "heap", "cascade_clock", "cascade_rates"}


def compiled(path):
    """Names of the compiled functions of a kernel file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        f.name
        for f in tree.body
        if isinstance(f, ast.FunctionDef) and "njit" in " ".join(map(ast.dump, f.decorator_list))
    ]


def test_every_file_of_compiled_kernels_is_used():
    warm.warm()
    idle = []
    for path in sorted(Path(foedus.kernels.__file__).parent.glob("*.py")):
        names = compiled(path)
        module = importlib.import_module(f"foedus.kernels.{path.stem}")
        if names and path.stem not in INLINED and not any(getattr(module, name).signatures for name in names):
            idle.append(path.stem)
    assert idle == []
