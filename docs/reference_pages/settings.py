"""The page of settings: environment variables that foedus reads, and those of its tests."""

from __future__ import annotations

import ast
from pathlib import Path

from reference_pages.markdown import cell, code, page, table

VARIABLES = {
    "FOEDUS_DATA": (
        "the folder with the published data files, for real years and dates; `--data-dir` goes before it",
        "`$XDG_DATA_HOME/foedus`",
    ),
    "FOEDUS_CACHE": (
        "the folder of tables that were read once and are kept as Parquet; may be deleted at any time",
        "`$XDG_CACHE_HOME/foedus`",
    ),
    "XDG_DATA_HOME": ("where programs of this user keep data, if `FOEDUS_DATA` is not set", "`~/.local/share`"),
    "XDG_CACHE_HOME": ("where programs of this user keep what can be made again", "`~/.cache`"),
    "NUMBA_CACHE_DIR": (
        "where compiled kernels are kept; read by numba, told by `foedus doctor`",
        "beside the package, or the cache above",
    ),
    "USER": (
        "the user's name, which `foedus doctor` takes out of its block for bug reports; used for nothing else",
        "none",
    ),
    "USERNAME": ("the same on Windows", "none"),
    "LOGNAME": ("the same where `USER` is not set", "none"),
}
"""By name: what it does, and what holds without it. A test compares the names with what the code reads."""

OF_TESTS = {
    "FOEDUS_REALDATA": "the folder with the published data files that tests marked `realdata` read; they skip without it",
    "FOEDUS_UPDATE_GOLDENS": "1: the browser tests take their pictures anew (`make browser GOLDENS=1`)",
}
_READERS = {"os.environ.get", "os.getenv", "environ.get", "getenv"}


def read_by_code() -> set[str]:
    """Return the names of environment variables that foedus's code reads."""
    import foedus

    found = set()
    for path in Path(foedus.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "environ" not in text and "getenv" not in text:
            continue
        tree = ast.parse(text)
        constants = {ast.unparse(n.targets[0]): n.value for n in tree.body if isinstance(n, ast.Assign)}
        for node in ast.walk(tree):
            name = None
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _READERS:
                name = node.args[0]
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) in {"os.environ", "environ"}:
                name = node.slice
            if name is not None:
                found.add(ast.literal_eval(constants.get(ast.unparse(name), name)))
    return found


def pages() -> dict[str, str]:
    """Return the page by path."""
    lines = [
        "foedus has no configuration file: what an answer depends on stands in the command, in the scenario file and in the parameters, so "
        "that it can be repeated elsewhere. The environment only says where files are.", "",
        "## Environment variables", "",
        *table(("variable", "what it does", "without it"), [(code(n), text, cell(default)) for n, (text, default) in VARIABLES.items()]),
        "## Environment variables of the tests", "",
        *table(("variable", "what it does"), [(code(n), text) for n, text in OF_TESTS.items()]),
        "## Everything else", "",
        "- What a command takes: [every command and option](commands/index.md).",
        "- What a scenario file may hold: [fields of scenario files](scenario-fields.md).",
        "- What the models take for granted: [parameters](parameters/index.md); `--tie-table FILE` replaces the table of reasons, and "
        "`foedus sweep` varies any parameter.", "",
    ]  # fmt: skip
    return {"settings.md": page("Settings", *lines)}
