"""Reading: what a file becomes, events and what-ifs, and every way in which a file cannot be found."""

import datetime as dt
import os
import time

import pytest

from foedus.errors import CoverageError, ParameterError, ScenarioError
from foedus.scenario import limits
from foedus.scenario.check import check
from foedus.scenario.guard import check_shape, check_text
from foedus.scenario.read import bundled_names, bundled_text, load, load_scenario, parse_text
from foedus.system.values import Quantity


def test_what_a_faction_wants_is_read(small):
    more = "weight = 0.4\nsalience = [0.5, 0.9]\nstance = [{ to = 'SER', tie = [-0.9, -0.5] }, { to = 'AUH', tie = { mean = 0.8, sd = 0.1 } }]"
    (court,) = parse_text(small.replace("weight = 0.4", more), "small.toml").system.actor("GMY").factions
    assert court.salience == Quantity(0.5, 0.9)
    assert [(p.to, p.tie) for p in court.stance] == [
        ("SER", Quantity(-0.9, -0.5)),
        ("AUH", Quantity(-1.0, 1.0, 0.8, 0.1)),
    ]
    (plain,) = parse_text(small, "small.toml").system.actor("GMY").factions
    assert (plain.salience, plain.stance) == (None, ())
    assert "salience" not in parse_text(small, "small.toml").system.to_dict()["actors"][0]["factions"][0]


def test_no_text_costs_more_than_a_large_scenario():
    for mark, most in limits.MAX_MARKS.items():
        check_text(mark * most if mark != "\\" else "", "x")
        with pytest.raises(ScenarioError, match=f"too large: got {most + 1} of"):
            check_text(mark * (most + 1), "x")


def test_no_table_holds_more_values_than_the_largest_scenario():
    rows = [0] * max(limits.COUNTS.values())
    many = limits.MAX_NODES // (len(rows) + 1)
    check_shape({str(k): rows for k in range(many)}, "x")
    with pytest.raises(ScenarioError, match=f"holds more than {limits.MAX_NODES} values"):
        check_shape({str(k): rows for k in range(many + 1)}, "x")


def test_every_noun_is_read(small):
    scenario = parse_text(small, "small.toml")
    s = scenario.system
    germany = s.actor("cow:255")
    assert germany.capability == (("gdp", Quantity(220.0, 255.0)), ("personnel", Quantity(0.0, 1e6, 800.0, 50.5)))
    assert (germany.place.name, germany.place.lon) == ("Berlin", 13.0)
    assert germany.factions[0].leans == "AUH"
    assert s.actor("AUH").capability == ()  # unknown, not zero
    pact = s.pacts[0]
    assert [(m.actor, m.entry) for m in pact.members] == [("GMY", None), ("AUH", dt.date(1879, 10, 7))]
    assert (pact.pledges[0].to, pact.pledges[0].targets, pact.pledges[0].region) == ((), ("SER",), None)
    assert (s.summary, s.limits, s.sources[0].licence) == ("Three states.", ("few actors",), "free")
    assert [e.id for e in scenario.events] == ["war", "league"]
    assert len(scenario.text_hash) == 64


def test_events_before_the_date_are_applied_and_no_others(small):
    """A System is as of the start of a day (convention 4.13)."""
    scenario = parse_text(small, "small.toml")
    assert scenario.at(dt.date(1914, 7, 28)).hash == scenario.system.hash
    after = scenario.at(dt.date(1914, 7, 29))
    assert [(t.reason, t.start, t.sources) for t in after.active_ties()][-1] == ("war", dt.date(1914, 7, 28), ("atop",))
    assert after.date == dt.date(1914, 7, 29)
    assert len(scenario.at(dt.date(1914, 8, 5)).pacts) == 1
    league = scenario.at(dt.datetime(1914, 8, 6, 12))
    assert [p.id for p in league.active_pacts()] == ["dual-alliance", "league", "intervention-gmy-auh"]
    assert league.pacts[-1].start == dt.date(1914, 8, 5)
    assert scenario.at(dt.date(1915, 1, 1)).pacts == league.pacts
    with pytest.raises(CoverageError, match="small begins later: got 1914-07-27; expected 1914-07-28 or later"):
        scenario.at(dt.date(1914, 7, 27))


def test_a_what_if_gives_both_arms(small):
    scenario = parse_text(small, "small.toml")
    base, edited, about = scenario.what_if("no-dual-alliance")
    assert (len(base.pacts), len(edited.pacts), about.title) == (1, 0, "Without the Dual Alliance")
    base, edited, about = scenario.what_if("no-league")
    assert base.date == edited.date == dt.date(1914, 8, 6)
    assert (len(base.pacts), len(edited.pacts)) == (3, 1)
    assert "war" in {t.reason for t in edited.ties}
    assert about.describe() == "without the event league"
    base, edited, _ = scenario.what_if("no-dual-alliance", date=dt.date(1914, 9, 1))
    assert [p.id for p in edited.pacts] == ["league", "intervention-gmy-auh"]
    with pytest.raises(ParameterError, match="did you mean no-league"):
        scenario.what_if("no-leage")


def test_what_a_what_if_adds_is_marked_as_assumed(small):
    text = (
        small
        + '[what_if.x]\ntitle = "X"\nedits = [{ op = "change_tie", a = "GMY", b = "SER", reason = "war", strength = -1 }]\n'
    )
    edited = parse_text(text, "x").what_if("x")[1]
    assert edited.ties[-1].sources == ("assumption",)


@pytest.mark.parametrize("name", bundled_names())
def test_bundled_scenarios_are_sound(name):
    scenario = load_scenario(name)
    assert scenario.system.id == name
    assert check(name) == []
    for what_if in scenario.what_ifs:
        base, edited, _ = scenario.what_if(what_if.name)
        assert base.hash != edited.hash
    last = max((e.date for e in scenario.events), default=scenario.system.date)
    later = load(name, date=last + dt.timedelta(days=1))
    assert later.date > scenario.system.date
    if scenario.events:
        assert later.hash != scenario.system.with_(date=later.date).hash


def test_the_three_bundled_scenarios_are_there():
    assert {"europe-1914", "middle-east-2015", "middle-east-2019"} <= set(bundled_names())


@pytest.mark.parametrize("name", bundled_names())
def test_reading_a_bundled_scenario_is_fast(name):
    text = bundled_text(name)
    start = time.process_time()
    parse_text(text, name)
    assert time.process_time() - start < 0.6  # 0.1 s on the machine where it was written


def test_an_unknown_name_has_a_suggestion():
    with pytest.raises(ScenarioError, match=r"neither a file nor a bundled scenario[\s\S]*did you mean 'europe-1914'"):
        load("europe-1941")


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "\x1b[31mred", ""])
def test_a_hostile_name_is_refused_quietly(name):
    with pytest.raises(ScenarioError) as error:
        load(name)
    assert "\x1b" not in str(error.value)


def test_files_that_cannot_be_read(tmp_path, small):
    broken = {
        "missing.toml": "no such file",
        "folder.toml": "got a directory",
        "latin.toml": "not UTF-8",
        "large.toml": "larger than 2048 KiB",
        "pipe.toml": "not a regular file",
        "\x1b[2J.toml": "no such file",
    }
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin.toml").write_bytes(small.replace("Small", "Sm\xe4ll").encode("latin-1"))
    (tmp_path / "large.toml").write_bytes(b"#" * (limits.MAX_BYTES + 1))
    os.mkfifo(tmp_path / "pipe.toml")
    for name, text in broken.items():
        with pytest.raises(ScenarioError, match=text) as error:
            load(tmp_path / name)
        assert "\x1b" not in str(error.value)


def test_a_device_and_an_unreadable_file(tmp_path, small_file):
    with pytest.raises(ScenarioError, match="not a regular file"):
        load("/dev/zero")
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    with pytest.raises(ScenarioError, match=r"loop\.toml"):
        load(loop)
    assert load(str(small_file)).id == "small"


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path, small, small_file):
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + small.replace("\n", "\r\n").encode())
    assert load(path).hash == load(small_file).hash
