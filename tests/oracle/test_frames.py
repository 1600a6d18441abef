"""Frames of real years against the series that the library proves, and borders against the published areas."""

import json

import numpy as np
import pytest

from foedus.blocs.frames import frames_over_years
from foedus.blocs.layout import layouts
from foedus.blocs.years import blocs_over_years
from foedus.data.borders import borders

pytestmark = pytest.mark.realdata


def test_frames_of_real_years_are_the_proved_series(realdata_dir):
    found = list(frames_over_years(1910, 1916, data_dir=realdata_dir))
    series = blocs_over_years(1910, 1916, data_dir=realdata_dir)
    for frame, d, place in zip(found, series.dates, layouts(series), strict=True):
        out, total = frame.to_dict(), d.moment.total
        assert out["proved"] is d.proved is True
        assert (out["frustrated"], out["bound"]) == (d.value / total, d.moment.bound / total)
        assert [b if b is not None else -1 for b in out["actors"]["bloc"]] == d.bloc.tolist()
        assert np.array_equal(frame.place, place)
    fighting = {
        a for a, w in zip(found[5].to_dict()["actors"]["id"], found[5].to_dict()["actors"]["at_war"], strict=True) if w
    }
    assert {"GMY", "AUH", "TUR", "RUS", "FRN", "UKG", "BEL", "YUG", "JPN"} <= fighting
    assert "ITA" not in fighting, "Italy entered in May 1915"


def test_simplified_borders_keep_the_size_of_large_states(realdata_dir):
    from foedus.data.sources.cshapes_cow import arcs_of, area, geojson
    from foedus.data.store import DataDir

    topology = borders(realdata_dir)
    assert len(json.dumps(topology)) < 900_000
    arcs = arcs_of(topology)
    published = {
        (r["code"], str(r["start"])): r["area"]
        for r in DataDir(realdata_dir).table("cshapes_cow").iter_rows(named=True)
    }
    large = [
        g
        for g in topology["objects"]["shapes"]["geometries"]
        if published[g["properties"]["cow"], g["properties"]["start"]] > 500_000
    ]
    assert len(large) > 80
    for g in large:
        want = published[g["properties"]["cow"], g["properties"]["start"]]
        assert area(geojson(g, arcs)) == pytest.approx(want, rel=0.05)
