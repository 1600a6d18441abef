"""Signed matrices in CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.blocs.matrix_files import read_matrix
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    held(read_matrix, put(folder, "matrix.csv", data))


def seeds() -> Iterator[bytes]:
    yield b'"","A","B"\n"A",0,-1\n"B",-1,0\n'
    yield b",A\nA,NA\n"
    yield b"x,A,B\r\nB,1,\r\nA,NaN,2\r\n"
    yield b",A,A\nA,0,1\nA,1,0\n"
    yield b",A,B\nA,1e400,1\nB,1,-inf\n"
    yield "\ufeff,א,e\u0301\nא,0,1\ne\u0301,1,0\n".encode()
    yield b",A\x00\nA\x00,1\n"
    yield b',"A\n'
