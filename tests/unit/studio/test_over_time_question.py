"""Balance over time in the studio: a scenario by its days of change; spans of real years are in tests/oracle."""

import pytest
from tests.unit.studio.asking import asked, commanded, ran

from foedus.errors import ParameterError
from foedus.studio.question import Desk


def test_a_scenario_is_walked_by_its_days(tmp_path, capsys):
    said = []
    desk = Desk(tmp_path, tell=lambda share, text="": said.append(share))
    told = asked("blocs-over-time", desk, **{"in": "middle-east-2019", "draws": 4})
    out = commanded(told["cli"], capsys)
    points, steps = told["data"]["points"], ran(told["python"])["result"].steps
    assert [p["date"] for p in points] == [s["date"] for s in out["steps"]] == [s.date.isoformat() for s in steps]
    assert [p["frustrated"]["mean"] for p in points] == [s["frustrated_after"] for s in out["steps"]]
    assert [p["frustrated"]["high"] for p in points] == pytest.approx(
        [s.frustrated.after.high for s in steps], rel=1e-9
    )
    assert all(p["events"] for p in points)
    assert told["proved"] is all(s.proved for s in steps)
    assert said[-1] == 1.0


def test_one_date_has_no_series_and_a_span_goes_forward(tmp_path):
    with pytest.raises(ParameterError, match="span of years"):
        asked("blocs-over-time", Desk(tmp_path), **{"in": "1914"})
    with pytest.raises(ParameterError, match="not before its start"):
        asked("blocs-over-time", Desk(tmp_path), **{"in": "1914:1900"})
