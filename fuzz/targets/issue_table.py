"""A table of actors on one issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.security.bargaining import bargain
from foedus.security.issue_table import read_csv
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    found = held(read_csv, put(folder, "issue.csv", data), percent=True)
    if found is not None and len(found["actor"]) <= 12:
        held(bargain, found["position"], found["capability"], found["salience"], names=found["actor"], draws=2)


def seeds() -> Iterator[bytes]:
    yield b"actor,position,capability,salience\nnorth,4,0.6,50\nsouth,1,0.3,80\neast,2,0.1,10\n"
    yield b"actor,position,capability,salience_low,salience_high\nnorth,4,0.6,50,80\nsouth,0,0.5,50,60\n"
    yield b"actor,position,capability,salience\na,nan,1,1\nb,1,1e400,1\n"
    yield b"actor,position,capability,salience\na,1e308,1,1\nb,-1e308,1,1\n"
    yield b"actor,position,capability,salience\na,0,0,0\na,0,0,0\n"
    yield "\ufeffactor,position,capability,salience\n\u202ee\u0301,-0.0,1,100\nx\x00,1,1,1\n".encode()
    yield b"actor,position,capability,salience\nx,1\nx,1,2,3,4,5\n"
    yield b'actor,actor\n"\n'
