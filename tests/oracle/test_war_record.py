"""The course of the great wars as the Correlates of War list has it, in the actors of systems and of a scenario."""

import json

import pytest

from foedus.cli import main
from foedus.scenario.read import load
from foedus.studies.great_wars import GREAT, happened
from foedus.studies.war_record import on_record

pytestmark = pytest.mark.realdata


@pytest.mark.parametrize("year", [1859, 1870, 1939, 1990])
def test_the_course_is_that_of_the_great_wars(realdata_dir, year):
    what = happened(year, realdata_dir)
    got = on_record(what.system, what.attacker, what.target, data_dir=realdata_dir)
    assert got.war.endswith(f"(no. {GREAT[year]})")
    joined = {a: (" AB".index(e.side), e.day) for a, e in got.actors.items() if a not in {what.attacker, what.target}}
    assert joined == what.entered
    assert got.end == what.last


def test_july_1914_on_the_scenario(realdata_dir):
    got = on_record(load("europe-1914"), "AUH", "SER", data_dir=realdata_dir)
    assert got.war == "World War I (no. 106)"
    order = sorted((e.day, a, e.side) for a, e in got.actors.items() if e.day > 0)
    assert [(a, s) for _, a, s in order[:7]] == [
        ("GMY", "A"), ("RUS", "B"), ("FRN", "B"), ("BEL", "B"), ("UKG", "B"), ("JPN", "B"), ("TUR", "A"),
    ]  # fmt: skip
    assert got.absent == ()
    assert "MNG" in got.unlisted  # at war in 1914, but no state of the list before 2006


def test_the_command_marks_history(realdata_dir, capsys):
    shot = ["war", "AUH", "SER", "--in", "europe-1914", "--draws", "200", "--data-dir", str(realdata_dir)]
    with pytest.raises(SystemExit, match=r"^0$"):
        main([*shot, "--replay", "worst", "--json"])
    told = json.loads(capsys.readouterr().out)["history"]
    assert told["joiners"] == 8
    assert told["same_side"] + told["other_side"] + len(told["missing"]) == 8
