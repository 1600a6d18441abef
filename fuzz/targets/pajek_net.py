"""Pajek's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.blocs.graph import signed_graph
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    held(signed_graph, put(folder, "graph.net", data))


def seeds() -> Iterator[bytes]:
    yield b'*Network x\n*Vertices 3\n1 "A b"\n2 B\n3 C\n*Edges\n1 2 1\n2 3 -1\n'
    yield b"*Vertices 2\n*Arcs\n1 2 0.5\n2 1 -0.5\n"
    yield b"*Vertices 2\n*Matrix\n0 1\n-1 0\n"
    yield b"*Vertices 3\n*Edgeslist\n1 -2 3\n*Arcslist\n2 1\n"
    yield b"\xef\xbb\xbf*vertices 2\r\n% said\r\n*edges\r\n1 1 nan\r\n"
    yield b"*Vertices 1000000000000\n"
    yield b"*Vertices " + b"9" * 5000 + b"\n"
    yield "*Vertices ²\n*Edges\n١ ٢ ٣\n".encode()
    yield b"*\n*Vertices 2\n1 'x\n"
    yield b"*Vertices 2\n*Edges\n1 2 1e999\n#\n"
