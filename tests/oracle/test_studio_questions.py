"""Questions of the studio on real states: the same numbers as Python and the command line give, and what is in the record."""

import pytest
from tests.unit.studio.asking import asked, commanded, ran

from foedus.studio.question import Desk

pytestmark = pytest.mark.realdata


@pytest.fixture
def desk(tmp_path, realdata_dir, monkeypatch):
    monkeypatch.setenv("FOEDUS_DATA", str(realdata_dir))
    return Desk(tmp_path, realdata_dir)


def test_balance_over_real_years_is_that_of_python_and_of_the_command(desk, capsys):
    told = asked("blocs-over-time", desk, **{"in": "1910:1914", "step": 2})
    points = told["data"]["points"]
    out = commanded(told["cli"], capsys)
    assert [p["year"] for p in points] == [1910, 1912, 1914]
    assert [p["frustrated"] for p in points] == [d["frustrated"] for d in out["dates"]]
    assert [p["polarization"] for p in points] == [d["polarization"] for d in out["dates"]]
    triads = ran(told["python"])["triads"]
    assert [p["balanced"] for p in points] == pytest.approx(triads["balanced"].to_list())
    assert told["proved"] is all(p["proved"] for p in points)
    assert {"atop5-1m", "cow-nmc"} <= {s["key"] for s in told["sources"] if s["version"]}


def test_a_real_date_lists_its_pacts_and_who_they_bind(desk, capsys):
    held = asked("system", desk, **{"in": "1985", "draws": 10})["data"]
    nato = next(p for p in held["pacts"] if p["atop"] == 3180)
    assert {"USA", "UKG", "TUR"} <= set(nato["members"])
    told = asked("bound", desk, **{"in": "1985", "attacker": "RUS", "target": "TUR"})
    assert told["data"]["by_actor"]["USA"]["verdict"] == "bound"
    out = commanded(told["cli"], capsys)
    assert [o["verdict"] for o in out["obligations"]] == [o["verdict"] for o in told["data"]["obligations"]]
