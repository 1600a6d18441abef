"""Borders for a page: neighbours keep their shared line, what is simplified keeps its shape, nothing else changes."""

import json
import lzma

import numpy as np
import pytest

from foedus.data.borders import borders, kept
from foedus.errors import DataError


def slow(points, least, fewest):
    """Return what stays by taking out the smallest triangle again and again, each time over all points."""
    there, floor = list(range(len(points))), 0.0
    while len(there) > fewest:
        areas = []
        for a, b, c in zip(there, there[1:], there[2:], strict=False):
            (ax, ay), (bx, by), (cx, cy) = points[a], points[b], points[c]
            areas.append(abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2)
        if not areas:
            break
        k = int(np.argmin(areas))
        floor = max(floor, areas[k])
        if floor >= least:
            break
        there.pop(k + 1)
    return there


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("least", [0.0, 0.02, 0.2, 1e9])
def test_points_leave_by_the_smallest_triangle(least, closed):
    rng = np.random.default_rng(4)
    for n in (2, 3, 5, 40):
        points = np.cumsum(rng.normal(size=(n, 2)), axis=0)
        if closed:
            points = np.vstack([points, points[:1]])
        found = kept(points, least, closed=closed).tolist()
        assert found == slow(points.tolist(), least, 4 if closed else 2)
        assert found[0] == 0
        assert found[-1] == len(points) - 1


@pytest.fixture
def folder(tmp_path):
    shared = [[1.0, 0.0], [1.001, 0.5], [1.0, 1.0]]
    topology = {
        "type": "Topology",
        "arcs": [[[1.0, 1.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]], shared, [[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0]]],
        "objects": {"x": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "arcs": [[0, 1]], "properties": _about(2, "Left", "0")},
            {"type": "MultiPolygon", "arcs": [[[-2, 2]]], "properties": _about(20, "Right", "2", "colony")},
        ]}},
    }  # fmt: skip
    (tmp_path / "cshapes_2_cow.topojson.xz").write_bytes(lzma.compress(json.dumps(topology).encode()))
    return tmp_path


def _about(code, name, owner, status="N/A"):
    return {
        "cowcode": code,
        "country_name": name,
        "start": "1886-01-01",
        "end": "1900-12-31",
        "status": status,
        "owner": owner,
        "fid": code,
    }


def test_the_topology_keeps_shapes_days_and_owners(folder):
    found = borders(folder)
    left, right = found["objects"]["shapes"]["geometries"]
    assert left["properties"] == {
        "cow": 2,
        "name": "Left",
        "status": None,
        "owner": None,
        "start": "1886-01-01",
        "end": "1900-12-31",
    }
    assert (right["properties"]["owner"], right["properties"]["status"]) == (2, "colony")
    step = found["transform"]["scale"][0]
    lines = [np.cumsum(np.array(arc), axis=0) * step for arc in found["arcs"]]
    assert np.allclose(lines[1], [[1, 0], [1, 1]], atol=step), "the small bend is gone, once for both neighbours"
    assert np.allclose(lines[0], [[1, 1], [0, 1], [0, 0], [1, 0]], atol=step)
    assert right["arcs"][0][0][0] == -2


def test_without_the_file_it_says_how_to_get_it(tmp_path):
    with pytest.raises(DataError, match="cshapes_2_cow"):
        borders(tmp_path)
