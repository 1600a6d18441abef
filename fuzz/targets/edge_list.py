"""Edge lists in CSV, at one time and at several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.blocs import graph_sources, symmetrise
from foedus.blocs.graph import signed_graph, signed_graphs
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WATCHED = (graph_sources, symmetrise)


def one(data: bytes, folder: Path) -> None:
    path = put(folder, "edges.csv", data)
    held(signed_graph, path)
    held(signed_graphs, path)


def seeds() -> Iterator[bytes]:
    yield b"a,b,sign\nA,B,1\nB,C,-1\n"
    yield b"source,target,weight,year\r\nA,B,0.5,1900\r\nB,A,0.5,1901\r\n"
    yield '\ufeffa,b,sign\n"א\u202e",e\u0301,1\n'.encode()
    yield b"a,b,sign\nA,A,1\nA,B,nan\nA,B,1e400\n,,\n"
    yield b"u,v,w\n01,1,-1\n1,01,inf\n"
    yield b"a,b,sign\n\xff\xfe,\x00,1\n"
    yield b'a,b,sign\n"A,B,1\n'
    yield b"year,a,b,sign\n99999999999999999999,A,B,1\n0,A,B,1\n"
