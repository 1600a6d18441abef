"""Shapes in TopoJSON, packed with xz: the table of the data set, and the lines for a page. Bytes that are not packed are packed first."""

from __future__ import annotations

import json
import lzma
from typing import TYPE_CHECKING

from foedus.data import borders
from foedus.data.sources import SOURCES
from foedus.data.store import parse
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WATCHED = (borders, SOURCES["cshapes_cow"])


def one(data: bytes, folder: Path) -> None:
    packed = data if data[:1] == b"\xfd" else lzma.compress(data, preset=0)
    put(folder, SOURCES["cshapes_cow"].spec.filename, packed)
    held(parse, "cshapes_cow", folder / SOURCES["cshapes_cow"].spec.filename)
    borders._borders.cache_clear()
    held(borders.borders, folder)


def seeds() -> Iterator[bytes]:
    about = {"cowcode": 2, "country_name": "Left", "capname": "L", "caplong": 0.5, "caplat": 0.5, "start": "1886-01-01", "end": "1900-12-31",
             "status": "independent", "owner": 2, "fid": 1, "b_def": 1}  # fmt: skip
    shape = {"type": "Polygon", "arcs": [[0, 1]], "properties": about}
    many = {"type": "MultiPolygon", "arcs": [[[-2, 2]]], "properties": {**about, "owner": "0", "status": "N/A"}}
    arcs = [[[1, 1], [0, 1], [0, 0], [1, 0]], [[1, 0], [1.001, 0.5], [1, 1]], [[1, 0], [2, 0], [2, 1], [1, 1]]]
    whole = {
        "type": "Topology",
        "arcs": arcs,
        "objects": {"x": {"type": "GeometryCollection", "geometries": [shape, many]}},
    }
    scaled = {**whole, "transform": {"scale": [0.1, 1e400], "translate": [None, 0]}}
    for found in (
        whole,
        scaled,
        {**whole, "arcs": []},
        {**whole, "arcs": [[[1, 1]]]},
        {**whole, "objects": {}},
        [],
        {},
    ):
        yield json.dumps(found, separators=(",", ":")).encode()
    yield lzma.compress(json.dumps(whole).encode())
    yield lzma.compress(bytes(3_000_000))
    yield b"[" * 3_000
    yield json.dumps(whole).replace("Polygon", "Point").encode()
