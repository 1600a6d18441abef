"""Borders and capitals of states and dependencies, dated, by Correlates of War codes; and the TopoJSON decoder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import limits
from foedus.data import reading
from foedus.data.spec import Route, SourceSpec
from foedus.errors import DataError, message

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl
    from numpy.typing import NDArray

_EARTH = 6371.0088  # kilometres

SPEC = SourceSpec(
    id="cshapes_cow",
    title="CShapes, Correlates of War codes",
    publisher="Guy Schvitz, Luc Girardin, Seraina Rüegger, Nils B. Weidmann, Lars-Erik Cederman & Kristian Skrede Gleditsch",
    url="https://icr.ethz.ch/data/cshapes/",
    version="2.0",
    filename="cshapes_2_cow.topojson.xz",
    sha256="7bd747182211fe5e0ca3775acbf3583c290ccb14e5c60bda9f0ef4dbb0d7008e",
    size=2091912,
    bibtex="""@article{cshapes_cow,
  author = {Schvitz, Guy and Girardin, Luc and Rüegger, Seraina and Weidmann, Nils B. and Cederman, Lars-Erik and Gleditsch, Kristian Skrede},
  title = {Mapping the International System, 1886-2019: The {CShapes} 2.0 Dataset},
  journal = {Journal of Conflict Resolution},
  volume = {66},
  number = {1},
  year = {2022},
  pages = {144--161}
}""",
    units="states and dependencies, one row for each period of unchanged borders",
    routes=tuple(
        Route(
            f"https://cran.r-project.org/src/contrib/{place}cshapes_2.0.tar.gz",
            "inst/extdata/cshapes_2_cow.topojson.xz",
        )
        for place in ("", "Archive/cshapes/")
    ),
    licence="CC BY-NC-SA 4.0",
    citation="Schvitz, Guy, Luc Girardin, Seraina Rüegger, Nils B. Weidmann, Lars-Erik Cederman & "
    "Kristian Skrede Gleditsch. 2022. Mapping the International System, 1886-2019: The CShapes 2.0 "
    "Dataset. Journal of Conflict Resolution 66: 144-161.",
    first_year=1886,
    last_year=2019,
    absence="not a state or dependency then",
    via="the R package cshapes (folder inst/extdata/ of its source)",
    year_columns=("end",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per country and period of unchanged borders."""
    return shapes(path, "cowcode", SPEC.id)


def shapes(path: Path, code: str, table: str) -> pl.DataFrame:
    """Return the table of a file of shapes, sorted by code and first day."""
    import polars as pl

    topology = limits.plain(limits.unpacked(path))
    arcs = arcs_of(topology)
    (collection,) = topology["objects"].values()
    rows = []
    for geometry in collection["geometries"]:
        decoded = geojson(geometry, arcs)
        extra = {"geometry": json.dumps(decoded, separators=(",", ":")), "area": area(decoded)}
        rows.append({**geometry["properties"], **extra})
    names = {code: "code", "country_name": "name", "capname": "capital", "b_def": "borders_defined"}
    frame = pl.DataFrame(rows, infer_schema_length=None).rename(names)
    frame = frame.with_columns(
        pl.col("start", "end").str.to_date("%Y-%m-%d"),
        pl.col("borders_defined") == 1,
        pl.col("owner").cast(pl.Int32).replace(0, None),
        pl.col("status").replace("N/A", None),
    )
    return reading.conform(frame.sort("code", "start", "fid"), table)


def arcs_of(topology: dict[str, Any]) -> list[NDArray[np.float64]]:
    """Return the arcs of a topology as points in degrees; differences are summed and scaled where it has a transform."""
    arcs = [np.asarray(arc, dtype=np.float64)[:, :2] for arc in topology["arcs"]]
    transform = topology.get("transform")
    if transform is None:
        return arcs
    scale, translate = np.asarray(transform["scale"]), np.asarray(transform["translate"])
    return [arc.cumsum(axis=0) * scale + translate for arc in arcs]


def geojson(geometry: dict[str, Any], arcs: list[NDArray[np.float64]]) -> dict[str, Any]:
    """Return a geometry of a topology with its points; raise a DataError where it names an arc that is not there."""
    kind = geometry["type"]
    if kind not in {"Polygon", "MultiPolygon"}:
        raise DataError(
            message("A shape of this kind cannot be read", got=repr(kind), expected="Polygon or MultiPolygon")
        )
    polygons = geometry["arcs"] if kind == "MultiPolygon" else [geometry["arcs"]]
    rings = [[_ring(ring, arcs).tolist() for ring in polygon] for polygon in polygons]
    return {"type": kind, "coordinates": rings if kind == "MultiPolygon" else rings[0]}


def _ring(indices: list[int], arcs: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the points of a ring; an arc ``~i`` is arc ``i`` backwards, and joints are kept once."""
    parts = []
    for index in indices:
        forward = index if index >= 0 else ~index
        if forward >= len(arcs):
            raise DataError(
                message("A shape names an arc that the file lacks", got=index, expected=f"below {len(arcs)}")
            )
        arc = arcs[forward] if index >= 0 else arcs[forward][::-1]
        parts.append(arc[1:] if parts else arc)
    return np.concatenate(parts)


def area(geometry: dict[str, Any]) -> float:
    """Return square kilometres on a sphere of the earth's mean radius; holes are taken off."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    sizes = [[_ring_area(np.radians(np.asarray(ring))) for ring in polygon] for polygon in polygons]
    return sum(outer - sum(holes) for outer, *holes in sizes)


def _ring_area(points: NDArray[np.float64]) -> float:
    """Return square kilometres within a closed ring, given in radians."""
    east, sine = points[:, 0], np.sin(points[:, 1])
    return abs(float((np.diff(east) * (2 + sine[1:] + sine[:-1])).sum())) * _EARTH**2 / 2
