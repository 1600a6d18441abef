"""Write the seeds of every target into the corpus: ``python -m fuzz.seeds``. They are made up here; no byte comes from anybody's data."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fuzz.targets import names, target

CORPUS = Path(__file__).parent / "corpus"


def write() -> int:
    """Return how many seeds were new."""
    new = 0
    for name in names():
        folder = CORPUS / name
        folder.mkdir(parents=True, exist_ok=True)
        for data in target(name).seeds():
            path = folder / hashlib.sha1(data, usedforsecurity=False).hexdigest()
            new += not path.exists()
            path.write_bytes(data)
    return new


if __name__ == "__main__":
    print(f"{write()} new seeds")
