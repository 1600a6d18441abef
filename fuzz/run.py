"""Coverage-guided fuzzing of one target by atheris: ``python -m fuzz.run TARGET [libFuzzer's options] [folders of inputs]``.

What the target imports at its top is watched, compiled kernels apart. Room for memory is bounded before the first input.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

WATCHED = ("foedus", "rdata", "tomllib", "csv", "zipfile", "tarfile", "shlex")
ROOM = 6 << 30
"""Bytes of addresses; compiled libraries reserve most of them without use."""


def main() -> None:
    """Fuzz the target that the command line names."""
    import atheris

    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=list(WATCHED)):
        import_module("foedus.limits")
    for found in iter_modules(import_module("foedus.kernels").__path__, "foedus.kernels."):
        import_module(found.name)  # not watched: numba compiles none of what the fuzzer puts into code
    with atheris.instrument_imports(include=list(WATCHED)):
        from fuzz.targets import target

        one = target(name).one
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    folder = Path(tempfile.mkdtemp(prefix=f"foedus-fuzz-{name}-"))

    def tried(data: bytes) -> None:
        one(data, folder)
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    itself = (
        Path(tempfile.mkdtemp(prefix="foedus-fuzz-")) / "again"
    )  # what merging begins anew, and expects to be a program
    itself.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m fuzz.run {name} \"$@\"\n", encoding="utf-8")
    itself.chmod(0o700)
    atheris.Setup([str(itself), *sys.argv[1:]], tried)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
