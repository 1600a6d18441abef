"""Writing: any system reads back as the same system, exactly."""

import datetime as dt
import re
import stat
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings

from foedus.errors import InvalidSystemError, ScenarioError
from foedus.scenario.files import write_beside
from foedus.scenario.read import bundled_names, load, load_scenario, parse_text
from foedus.scenario.write import to_toml, write
from foedus.system.nouns import Actor, Flashpoint, Member, Pact, Pledge, Source, Tie
from foedus.system.system import System
from foedus.system.values import Quantity
from foedus.testing import assert_same_system
from foedus.testing.strategies import systems

SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(systems())
def test_any_system_reads_back_as_the_same_system(system):
    for comments in (True, False):
        back = parse_text(to_toml(system, comments=comments), "x").system
        assert back.hash == system.hash
        assert_same_system(back, system)
    assert to_toml(back) == to_toml(system)


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_scenario_reads_back_at_any_date(name, tmp_path):
    scenario = load_scenario(name)
    for date in (scenario.system.date, scenario.system.date + dt.timedelta(days=400)):
        system = scenario.at(date)
        path = tmp_path / "copy.toml"
        write(system, path)
        assert load(path).hash == system.hash
        assert_same_system(load(path), system)


def test_an_edited_system_reads_back(tmp_path):
    system = (
        load("europe-1914")
        .edit()
        .add_pact('A–B "pact"', ["GMY", "TUR"])
        .intervene("ITA", "GMY", ["FRN"], [0.1, 0.2])
        .strengthen("SER", [1, 2])
        .done()
    )
    write(system, tmp_path / "x.toml")
    assert_same_system(load(tmp_path / "x.toml"), system)


def test_numbers_are_written_to_the_last_bit():
    values = [0.1 + 0.2, 1e-300, 5e-324, -0.0, 1e14, 1 / 3]
    for x in values:
        tie = Tie("AA", "BB", "interest", Quantity.of({"mean": 0.1, "sd": abs(x)}))
        system = System("s", "S", dt.date(1914, 1, 1), (Actor("AA", "A"), Actor("BB", "B")), ties=(tie,))
        assert parse_text(to_toml(system), "x").system.hash == system.hash
    zero = System(
        "s",
        "S",
        dt.date(1914, 1, 1),
        (Actor("AA", "A"), Actor("BB", "B")),
        ties=(Tie("AA", "BB", "interest", Quantity(-0.0, -0.0)),),
    )
    assert parse_text(to_toml(zero), "x").system.hash == zero.hash


def test_none_empty_and_named_targets_are_told_apart():
    """None is any attacker, an empty list one that is not known here (docstring of Pledge)."""
    pledges = tuple(
        Pledge("AA", "defense", targets=t, region=r) for t in (None, (), ("BB", "ZZZ")) for r in (None, (), ("Europe",))
    )
    pact = Pact("p", "P", "treaty", (Member("AA"), Member("BB", dt.date(1900, 1, 1), None)), pledges)
    system = System("s", "S", dt.date(1914, 1, 1), (Actor("AA", "A"), Actor("BB", "B")), (pact,))
    text = to_toml(system)
    assert tomllib.loads(text)["outside"] == ["ZZZ"]
    assert parse_text(text, "x").system.pacts[0].pledges == pledges


def test_the_header_names_the_terms_of_every_source():
    sources = (Source("cow_nmc", "Capabilities", version="7.0", licence="CC BY 4.0"), Source("x", "Other"))
    system = System("s", "S", dt.date(1914, 1, 1), (Actor("AA", "A"), Actor("BB", "B")), sources=sources)
    text = to_toml(system)
    assert "#   cow_nmc: Capabilities, version 7.0. Terms: CC BY 4.0\n" in text
    assert "#   x: Other. Terms: not stated; see the publisher\n" in text
    assert "under their terms" in text
    assert "unsourced = true" in text
    assert not [line for line in to_toml(system, comments=False).splitlines() if line.startswith("#")]


@pytest.mark.parametrize(
    "evil", ['x\n[[actor]]\nid = "EVIL"', 'x"\nid = "EVIL"', "x\r\nid = 1", "x\x1b[31m", "x\u2028y"]
)
def test_a_hostile_name_can_neither_end_a_comment_nor_a_string(evil):
    """The text stays one string; reading it back refuses what cannot be seen."""
    system = System(
        "s",
        evil,
        dt.date(1914, 1, 1),
        (Actor("AA", evil), Actor("BB", "B")),
        sources=(Source("s1", evil, licence=evil),),
    )
    text = to_toml(system)
    table = tomllib.loads(text)
    assert (table["title"], table["actor"][0]["name"], len(table["actor"])) == (evil, evil, 2)
    assert not any("EVIL" in line and line.startswith(("[", "id")) for line in text.splitlines())
    with pytest.raises(ScenarioError, match="expected no control"):
        parse_text(text, "x")


def test_what_the_format_refuses_is_not_written(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text("before")
    system = System("s", "S", dt.date(1914, 1, 1), (Actor("aa", "A"), Actor("BB", "B")))
    with pytest.raises(
        InvalidSystemError, match=r"s cannot be written as a scenario file: got actor\[0\].id: actor aa: got 'aa'"
    ):
        write(system, path)
    unsorted_parts = (("personnel", Quantity(1.0, 1.0)), ("gdp", Quantity(1.0, 1.0)))
    system = System("s", "S", dt.date(1914, 1, 1), (Actor("AA", "A", capability=unsorted_parts), Actor("BB", "B")))
    with pytest.raises(InvalidSystemError, match="does not read back"):
        write(system, path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "x.toml"
    write_beside(path, "one")
    path.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    write_beside(link, "two")
    assert (path.read_text(), link.is_symlink(), stat.S_IMODE(path.stat().st_mode)) == ("two", True, 0o640)
    with pytest.raises(ScenarioError, match="cannot be written") as found:
        write_beside(tmp_path / "no" / "x.toml", "three")
    assert found.value.exit_code == 1

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("foedus.files.os.fsync", full)
    with pytest.raises(ScenarioError, match="No space left on device"):
        write_beside(path, "four")
    assert path.read_text() == "two"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.toml", "x.toml"]


def test_sections_are_explained():
    text = to_toml(load("europe-1914"))
    for section in ("source", "actor", "border", "tie", "pact", "flashpoint"):
        assert re.search(rf"^# ---- {section}$", text, re.MULTILINE)
    assert Flashpoint("AUH", "SER").attacker in text


def test_equality_says_where():
    s = load("europe-1914")
    other = s.edit().strengthen("SER", 2).done()
    with pytest.raises(AssertionError, match=r"actors\[\d+\]\.capability\[0\]\[1\]: got Quantity"):
        assert_same_system(s, other)
    assert_same_system(s, load("europe-1914"))
    with pytest.raises(AssertionError, match="and 1 more"):
        assert_same_system(s, s.with_(title="x", summary="y"), most=1)
