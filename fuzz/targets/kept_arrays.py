"""What a stopped run left and is taken up again: wars, parts of futures, their manifest, chunks of a sweep; the first byte says which."""

from __future__ import annotations

import copy
import io
import json
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from foedus.formation.evolve import MANIFEST, PAIRS, Part
from foedus.formation.evolve_step import COUNTS
from foedus.formation.kept import read_run
from foedus.scenario.read import load
from foedus.studies.sweep_folder import CHUNKS, Folder
from foedus.war.batches import INNER, Run
from foedus.war.field import land_pairs
from foedus.war.simulate import theatre
from fuzz.contract import BrokenError, held, put
from fuzz.targets.npz_graph import archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SYSTEM = load("middle-east-2019")
N = len(SYSTEM.actors)


@cache
def _run() -> Run:
    """Return wars of which none is drawn yet."""
    stage = theatre(SYSTEM, seed=1, outer=2, table=None, rates=None)
    return Run(stage, (0, 1), 2 * INNER, 30.0, seed=1, borders=land_pairs(SYSTEM), keep=1)


def _manifest() -> dict[str, object]:
    """Return what futures say of themselves."""
    return {"futures": 10, "years": 1, "seed": 1, "history": "drawn", "title": "x", "date": SYSTEM.date.isoformat()}


def _part(**other: object) -> bytes:
    """Return ten futures of one year in which nothing happens."""
    arrays = Part(
        np.zeros((10, 2, len(COUNTS)), np.int32), np.zeros((10, 2, N), np.int16),
        np.zeros((len(PAIRS), 2, 2, N * (N - 1) // 2), np.uint32), np.zeros((2, 2, N), np.uint32),
    )._asdict()  # fmt: skip
    return archive(packed=True, **{**arrays, **other})


def one(data: bytes, folder: Path) -> None:
    kind, data = (data[0] % 4 if data else 0), data[1:]
    if kind == 0:
        course = copy.copy(_run())
        course.tally = type(course.tally)(*(x.copy() for x in course.tally))
        held(course.resume, put(folder, "wars.npz", data))
    elif kind in {1, 2}:
        put(folder, MANIFEST, data if kind == 2 else json.dumps(_manifest()).encode())
        put(folder, "part-0000000.npz", data if kind == 1 else _part())
        found = held(read_run, folder, SYSTEM)
        if found is not None:
            held(found.table)
            held(found.to_dict)
    else:
        (folder / CHUNKS).mkdir()
        for name in (
            "points-0000000-0000001.parquet",
            "points-0000009-0000002.parquet",
            "points-9999998-9999999.parquet",
        ):
            put(folder / CHUNKS, name, data)
        kept = Folder(folder, {"format": 1}, resume=False)
        try:
            for first, rows in kept.kept((1, 2), 4):
                if len(rows.estimate) != 2 or first:
                    raise BrokenError("a chunk that is not of this run")
        finally:
            kept.close()


def seeds() -> Iterator[bytes]:
    about = {"format": 1, "about": _run().about, "done": INNER, "draws": INNER}
    counts = _run().tally._asdict()
    yield b"\0" + archive(packed=True, header=json.dumps(about), **counts)
    for other in ({"done": -1}, {"done": "x"}, {"about": None}, {"done": 10**30}):
        yield b"\0" + archive(packed=True, header=json.dumps({**about, **other}), **counts)
    yield b"\0" + archive(
        packed=True, header=json.dumps(about), **{**counts, "wars": np.array(["x"]), "side": np.zeros(3)}
    )
    yield b"\1" + _part()
    yield b"\1" + _part(degree=np.zeros((10, 2), np.int16))
    yield b"\1" + _part(pairs=np.zeros((5, 2, 2, 1), np.float64))
    for other in (
        {"futures": 10**30},
        {"futures": "x"},
        {"years": 2},
        {"seed": None},
        {"title": ["x"]},
        {"date": 1},
        {"history": []},
    ):
        yield b"\2" + json.dumps({**_manifest(), **other}).encode()
    yield b"\2[]"
    out = io.BytesIO()
    types = {"estimate": pl.Array(pl.Float64, 4), "by_draw": pl.Array(pl.Float64, 2)}
    pl.DataFrame({"estimate": np.zeros((2, 4)), "by_draw": np.ones((2, 2))}, schema=types).write_parquet(out)
    yield b"\3" + out.getvalue()
