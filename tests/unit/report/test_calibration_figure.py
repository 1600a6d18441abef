"""The chart of calibration: what it draws, and the files it writes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate.calibration import Calibration
from foedus.report.figures.calibration import chart, write_calibration

BINS = SimpleNamespace(
    n=np.array([900, 90, 10]), forecast=np.array([0.001, 0.01, 0.2]), rate=np.array([0.0, 0.02, 0.1]), low=np.array([0.0, 0.0, 0.05]),
    high=np.array([0.001, 0.05, 0.4]),
)  # fmt: skip
CALIBRATION = Calibration(0.1, 0.9, (0, 1), (0.8, 1.0), 1.2, 0.9)
TOLD = {"what": "onset", "note": "counting treaties", "over": "years"}


def test_bins_are_drawn_with_their_intervals_and_none_at_zero():
    line, rule, point = chart(BINS, "title").to_dict()["layer"]
    rows = point["data"]["values"]
    assert [r["n"] for r in rows] == [900, 90, 10]
    assert [r["some"] for r in rows] == ["none came true", "yes", "yes"]
    ends = [v["forecast"] for v in line["data"]["values"]]
    assert min(ends) < 0.001
    assert max(ends) > 0.4
    assert min(r["low"] for r in rule["data"]["values"]) == min(ends), "0 is at the edge of a logarithmic scale"
    assert rows[2]["shown"] == 0.1


@pytest.mark.parametrize(("name", "head"), [("a.svg", b"<svg"), ("a.png", b"\x89PNG")])
def test_files_stand_alone(tmp_path, name, head):
    write_calibration(BINS, CALIBRATION, tmp_path / name, **TOLD)
    assert (tmp_path / name).read_bytes().startswith(head)
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_without_a_slope_it_says_so(tmp_path):
    write_calibration(BINS, None, tmp_path / "a.svg", **TOLD)
    assert "slope unknown" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="--figure"):
        write_calibration(BINS, CALIBRATION, tmp_path / "a.doc", **TOLD)
