"""Historical borders small enough for a page: the shapes of CShapes with their shared lines simplified once, so that neighbours still fit.

Reads the user's own file of shapes and gives a quantised TopoJSON with the days of every shape; nothing of it comes with foedus. Areas and
distances are not to be measured on it: `foedus.data.sources.cshapes_cow` holds the lines as published.
"""

from __future__ import annotations

import heapq
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import limits
from foedus.data.sources.cshapes_cow import arcs_of
from foedus.data.store import DataDir
from foedus.errors import DataError, message

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from numpy.typing import NDArray

SOURCE = "cshapes_cow"
GRID = 20_000
"""Steps of the grid across 360 degrees: 0.018 degrees, 2 km at the equator."""
LEAST = 0.03
"""Square degrees of the triangle below which a point of a line is left out."""


def borders(data_dir: DataDir | str | os.PathLike[str] | None = None, *, least: float = LEAST) -> dict[str, Any]:
    """Return the borders of all dates as one TopoJSON.

    Parameters
    ----------
    data_dir : DataDir, str, Path or None
    least : float, square degrees
        A point goes where the triangle with its neighbours on the line is smaller; the ends of a line always stay.

    Returns
    -------
    dict
        A topology whose object ``shapes`` has geometries with the properties ``cow`` (code), ``name``, ``status`` (``independent`` or the kind of
        dependency), ``owner`` (code of the ruling state, or None), ``start`` and ``end`` (days, ISO).

    Raises
    ------
    DataError
        The file of shapes is not at hand, or cannot be read.

    Notes
    -----
    Points are ranked by the area of the triangle that they span [VisvalingamWhyatt1993]_, on degrees.

    Examples
    --------
    >>> borders("/data")["objects"]["shapes"]["geometries"][0]["properties"]["name"]  # doctest: +SKIP
    'United States of America'
    """
    data = DataDir.of(data_dir)
    data.require(SOURCE)
    path = data.find(SOURCE)
    assert path is not None
    state = path.stat()
    return _borders(path, least, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=2)
def _borders(path: Path, least: float, modified: int, size: int) -> dict[str, Any]:
    """Return the borders of a file of that time and size."""
    try:
        return _drawn(path, least)
    except DataError:
        raise
    except Exception as error:  # whatever the content of a file that is no topology brings about
        got = f"{type(error).__name__}: {error}"[:200]
        raise DataError(message("Cannot read the shapes of borders", got=got, where=str(path))) from error


def _drawn(path: Path, least: float) -> dict[str, Any]:
    """Return the borders of a sound file."""
    topology = limits.plain(limits.unpacked(path))
    (collection,) = topology["objects"].values()
    rings = [r for g in collection["geometries"] for p in _polygons(g) for r in p]
    alone = {r[0] if r[0] >= 0 else ~r[0] for r in rings if len(r) == 1}
    step = 360.0 / GRID
    arcs = [_steps(points[kept(points, least, closed=k in alone)] / step) for k, points in enumerate(arcs_of(topology))]
    shapes = [
        {"type": g["type"], "arcs": g["arcs"], "properties": _about(g["properties"])} for g in collection["geometries"]
    ]
    return {
        "type": "Topology", "transform": {"scale": [step, step], "translate": [0.0, 0.0]}, "arcs": arcs,
        "objects": {"shapes": {"type": "GeometryCollection", "geometries": shapes}},
    }  # fmt: skip


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a geometry, each a list of rings of arcs."""
    return geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]


def _about(properties: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown of a shape."""
    owner, status = int(properties.get("owner") or 0), properties.get("status")
    return {
        "cow": int(properties["cowcode"]), "name": properties["country_name"], "status": None if status == "N/A" else status,
        "owner": owner or None, "start": properties["start"], "end": properties["end"],
    }  # fmt: skip


def kept(points: NDArray[np.float64], least: float, *, closed: bool) -> NDArray[np.int64]:
    """Return the positions of the points of a line that stay, in order: its ends, and those that matter; of a closed ring four at least.

    Points leave by the smallest triangle with their neighbours that are still there, and a triangle never counts for less than one that left
    before it.
    """
    n, fewest = len(points), 4 if closed else 2
    before, after = list(range(-1, n - 1)), list(range(1, n + 1))
    xy: list[list[float]] = points.tolist()
    heap = [(_triangle(xy, k - 1, k, k + 1), k) for k in range(1, n - 1)]
    heapq.heapify(heap)
    there, size, left = [True] * n, [0.0] * n, n
    for area, k in heap:
        size[k] = area
    while heap and left > fewest:
        area, k = heapq.heappop(heap)
        if not there[k] or area != size[k]:
            continue
        if area >= least:
            break
        there[k], left = False, left - 1
        a, b = before[k], after[k]
        after[a], before[b] = b, a
        for x in (a, b):
            if 0 < x < n - 1:
                size[x] = max(area, _triangle(xy, before[x], x, after[x]))
                heapq.heappush(heap, (size[x], x))
    return np.flatnonzero(there)


def _triangle(xy: list[list[float]], a: int, b: int, c: int) -> float:
    """Return the area of the triangle of three points."""
    (ax, ay), (bx, by), (cx, cy) = xy[a], xy[b], xy[c]
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2


def _steps(points: NDArray[np.float64]) -> list[list[int]]:
    """Return a line on the grid, every point but the first as its difference from the one before."""
    grid = np.round(points).astype(np.int64)
    return np.concatenate([grid[:1], np.diff(grid, axis=0)]).tolist()
