"""Files that span years: actors with entry and exit, borders with dates, facts that an event amends, and the list of dated changes."""

import datetime as dt
import json

import pytest

from foedus.cli import main
from foedus.errors import CoverageError, InvalidSystemError, ParameterError, ScenarioError
from foedus.scenario.diff import diff
from foedus.scenario.read import load_scenario, parse_text
from foedus.scenario.timeline import KINDS, timeline
from foedus.scenario.write import to_toml, write
from foedus.system.edits import AmendActor
from foedus.system.nouns import Actor, Border
from foedus.system.presence import present
from foedus.system.values import Quantity

TEXT = """\
format = 1
id = "years"
title = "Years"
date = 1870-01-01

[[source]]
id = "s"
title = "Source"

[[source]]
id = "t"
title = "Another"

[[actor]]
id = "AAA"
name = "Alpha"
kind = "state"
sources = ["s"]
[actor.capability]
gdp = [10, 12]
population = 5

[[actor]]
id = "BBB"
name = "Beta"
kind = "state"
sources = ["s"]

[[actor]]
id = "CCC"
name = "Gamma"
kind = "state"
sources = ["s"]
entry = 1880-05-01
exit = 1890-05-01

[[border]]
a = "AAA"
b = "BBB"
type = "land"
end = 1885-01-01

[[border]]
a = "AAA"
b = "BBB"
type = "sea24"
start = 1885-01-01

[[border]]
a = "CCC"
b = "BBB"
type = "land"

[[tie]]
a = "CCC"
b = "AAA"
reason = "rivalry"
strength = [-0.9, -0.6]
start = 1871-01-01
end = 1888-01-01
sources = ["s"]
note = "a quarrel"

[[tie]]
a = "AAA"
b = "BBB"
reason = "interest"
strength = 0.5
sources = ["s"]

[[pact]]
id = "old"
name = "Old pact"
kind = "treaty"
start = 1860-01-01
end = 1872-06-01
members = ["AAA", "BBB"]
sources = ["s"]
[[pact.pledge]]
by = "AAA"
type = "defense"

[[pact]]
id = "three"
name = "Pact of three"
kind = "alignment"
start = 1875-03-01
members = ["AAA", { actor = "BBB", from = 1875-03-01, until = 1887-01-01 }, { actor = "CCC", from = 1881-01-01 }]
strength = 0.5
sources = ["s"]

[[event]]
id = "growth"
date = 1886-01-01
note = "Alpha grew."
sources = ["t"]
edits = [{ op = "amend_actor", actor = "AAA", set = { major = true, regime = [0.2, 0.4], capability = { gdp = [20, 24], sources = ["s"] } } }]

[[event]]
id = "renamed"
date = 1887-01-01
sources = ["t"]
edits = [{ op = "amend_actor", actor = "BBB", set = { name = "New Beta", control = 0.5, note = "smaller", regime_label = "republic" } }]

[[what_if]]
"""
TEXT = TEXT.replace(
    "[[what_if]]\n",
    '[what_if.none]\ntitle = "None"\nedits = [{ op = "remove_actor", actor = "CCC" }]\ndate = 1882-01-01\n',
)


@pytest.fixture
def scenario():
    return parse_text(TEXT, "years.toml")


@pytest.mark.parametrize(
    ("day", "there"),
    [("1870-01-01", "AAA BBB"), ("1880-05-01", "AAA BBB"), ("1880-05-02", "AAA BBB CCC"), ("1890-05-01", "AAA BBB CCC"), ("1890-05-02", "AAA BBB")],
)  # fmt: skip
def test_actors_are_there_from_the_day_after_their_entry_to_their_exit(scenario, day, there):
    """Entry and exit follow the rule of pacts (convention 4.13)."""
    assert scenario.at(dt.date.fromisoformat(day)).ids == tuple(there.split())


def test_whoever_is_not_there_takes_its_ties_pledges_and_borders_along(scenario):
    before, after = scenario.at(dt.date(1880, 5, 1)), scenario.at(dt.date(1880, 5, 2))
    assert {t.reason for t in before.active_ties()} == {"interest"}
    assert {t.reason for t in after.active_ties()} == {"interest", "rivalry"}
    assert len(after.borders) == len(before.borders) + 1
    assert scenario.system.ids == ("AAA", "BBB")
    assert scenario.whole.ids == ("AAA", "BBB", "CCC")


def test_a_border_changes_its_kind_and_stands_once(scenario):
    kinds = {y: [b.type for b in scenario.at(dt.date(y, 1, 1)).borders] for y in (1880, 1885, 1886)}
    assert kinds == {1880: ["land"], 1885: ["land", "land"], 1886: ["sea24", "land"]}


def test_an_event_amends_facts_and_leaves_the_rest(scenario):
    old, new = (scenario.at(dt.date(1886, 1, d)).actor("AAA") for d in (1, 2))
    assert (old.major, old.regime, dict(old.capability)["gdp"]) == (False, None, Quantity(10, 12))
    assert (new.major, new.regime, dict(new.capability)["gdp"]) == (True, Quantity(0.2, 0.4), Quantity(20, 24))
    assert dict(new.capability)["population"] == dict(old.capability)["population"]
    assert new.capability_sources == ("s",)
    beta = scenario.at(dt.date(1888, 1, 1)).actor("BBB")
    assert (beta.name, beta.control, beta.note, beta.regime_label) == (
        "New Beta",
        Quantity(0.5, 0.5),
        "smaller",
        "republic",
    )
    assert beta.sources == ("s", "t")


def test_a_system_of_any_year_reads_back(scenario, tmp_path):
    for year in (1871, 1882, 1889, 1895):
        system = scenario.at(dt.date(year, 1, 1))
        path = tmp_path / f"{year}.toml"
        write(system, path)
        assert parse_text(to_toml(system), "x").system.hash == system.hash
    assert diff(scenario.at(dt.date(1882, 1, 1)), scenario.at(dt.date(1882, 1, 1))) == []


def test_a_what_if_meets_those_who_are_there_on_its_day(scenario):
    base, other, _ = scenario.what_if("none")
    assert (base.ids, other.ids) == (("AAA", "BBB", "CCC"), ("AAA", "BBB"))
    with pytest.raises(ScenarioError, match="cannot leave out CCC"):
        parse_text(TEXT.replace("date = 1882-01-01", "date = 1871-01-01"), "x")


def test_a_system_with_everybody_there_is_returned_as_it_is(scenario):
    system = scenario.at(dt.date(1882, 1, 1))
    trimmed = present(system)
    assert present(trimmed) is trimmed


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("exit = 1890-05-01", "exit = 1880-01-01", "exit 1880-01-01 before entry"),
        ("start = 1885-01-01", "start = 1884-01-01", "stands twice"),
        ("end = 1885-01-01", "end = 1860-01-01\nstart = 1861-01-01", "end 1860-01-01 before start"),
        ('capability = { gdp = [20, 24], sources = ["s"] }', 'capability = { gdp = [20, 24], sources = ["none"] }', "'none', which is no source"),
        ("major = true, regime = [0.2, 0.4]", "major = 1", "major"),
        ('actor = "BBB", set = { name = "New Beta", control = 0.5, note = "smaller", regime_label = "republic" }', 'actor = "BBB", set = { }', "changes nothing"),
        ("entry = 1880-05-01", "entry = 1880", "a date such as"),
    ],
)  # fmt: skip
def test_faults_are_found(old, new, fault):
    assert old in TEXT
    with pytest.raises(ScenarioError, match=fault):
        parse_text(TEXT.replace(old, new), "x")


def test_amendments_refuse_what_they_cannot_mean(scenario):
    system = scenario.system
    with pytest.raises(ParameterError, match=r"parts out of gdp"):
        AmendActor("AAA", (("ships", Quantity(1, 2)),))
    with pytest.raises(ParameterError, match="regime"):
        AmendActor("AAA", regime=Quantity(0.5, 1.5))
    with pytest.raises(InvalidSystemError, match="changes nothing"):
        AmendActor("AAA").apply(system)
    with pytest.raises(ParameterError, match="some of name"):
        system.edit().amend_actor("AAA", religion="none")
    told = system.edit().amend_actor("Alpha", capability={"gdp": 7}, note="x", major=True)
    assert told.describe() == "amend Alpha: gdp 7, major True, note"
    assert told.done().actor("AAA").capability_sources == ("assumption",)
    assert system.edit().amend_actor("AAA", name="A").done().actor("AAA").sources == ("s", "assumption")


def test_nouns_know_their_days():
    days = [dt.date(1880, 1, d) for d in (1, 2, 3)]
    assert [Actor("X", "X", entry=days[0], exit=days[1]).there(d) for d in days] == [False, True, False]
    assert [Border("X", "Y", "land", days[0]).there(d) for d in days] == [False, True, True]
    assert Actor("X", "X").there(days[0])


def brute(scenario):
    """Find the days with a change by comparing the systems of consecutive days, in plain Python."""
    day, last, out = scenario.system.date, dt.date(1891, 1, 1), []
    one = dt.timedelta(days=1)

    def content(date):
        s = scenario.at(date)
        pacts = [(p.id, p.active_members(date)) for p in s.active_pacts()]
        return s.actors, pacts, s.active_ties(), s.borders

    here = content(day)
    while day < last:
        after = content(day + one)
        if here != after:
            out.append(day)
        day, here = day + one, after
    return out


def test_the_timeline_holds_every_day_on_which_anything_changes(scenario):
    found = timeline(scenario, last=dt.date(1890, 12, 31))
    seen = brute(scenario)
    assert set(seen) <= set(found.dates)
    # the start of a tie of an actor that is not there yet shows only when it enters
    assert set(found.dates) - set(seen) == {dt.date(1871, 1, 1)}


def test_the_timeline_names_kinds_in_order(scenario):
    found = timeline(scenario)
    assert [(c.date.isoformat(), c.kind, c.id) for c in found.changes] == [
        ("1871-01-01", "tie", "CCC-AAA (rivalry)"),
        ("1872-06-01", "ended", "old"),
        ("1875-03-01", "signed", "three"),
        ("1880-05-01", "entered", "CCC"),
        ("1881-01-01", "joined", "three"),
        ("1885-01-01", "border", "AAA-BBB"),
        ("1885-01-01", "border ended", "AAA-BBB"),
        ("1886-01-01", "event", "growth"),
        ("1887-01-01", "event", "renamed"),
        ("1887-01-01", "left", "three"),
        ("1888-01-01", "tie ended", "CCC-AAA (rivalry)"),
        ("1890-05-01", "gone", "CCC"),
    ]
    assert [c.detail for c in found.on(dt.date(1875, 3, 1))] == ["alignment, binds nobody"]
    assert found.on(dt.date(1875, 3, 1))[0].who == ("AAA", "BBB")
    assert found.table()["kind"].to_list() == [c.kind for c in found.changes]
    assert found.to_dict()["changes"][0]["date"] == "1871-01-01"
    assert timeline(scenario, kinds=[]).table().height == 0


def test_a_treaty_says_what_it_promises():
    text = TEXT.replace("start = 1860-01-01", "start = 1870-02-01")
    (first, *_) = timeline(parse_text(text, "x"), kinds=["signed"]).changes
    assert first.detail == "treaty: defense"
    bare = text.replace('[[pact.pledge]]\nby = "AAA"\ntype = "defense"\n', "")
    assert timeline(parse_text(bare, "x"), kinds=["signed"]).changes[0].detail == "treaty: no pledge coded"


def test_the_timeline_can_be_cut(scenario):
    assert timeline(scenario, first=dt.date(1886, 1, 1), last=dt.date(1886, 12, 31)).dates == (dt.date(1886, 1, 1),)
    with pytest.raises(ParameterError, match="some of event"):
        timeline(scenario, kinds=["war"])
    with pytest.raises(ParameterError, match="1870-01-01 or later"):
        timeline(scenario, last=dt.date(1860, 1, 1))
    assert len(KINDS) == len(set(KINDS))


def run(capsys, *argv):
    code = 0
    try:
        main(["scenario", "events", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_command_lists_them(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    path = tmp_path / "years.toml"
    path.write_text(TEXT)
    code, out, _ = run(capsys, str(path), "--from", "1875", "--to", "1886")
    assert code == 0
    assert "Pact of three (Alpha (AAA), Beta (BBB))" in " ".join(out.split())
    assert "rivalry" not in out
    _, out, _ = run(capsys, str(path), "--every", "--about", "Gamma", "--json")
    assert {c["kind"] for c in json.loads(out)["changes"]} == {"event", "joined", "entered", "gone", "tie", "tie ended"}
    assert "nothing changes" in run(capsys, str(path), "--from", "1895", "--to", "1896")[1]
    long = TEXT.replace('note = "smaller"', f'note = "{"word " * 40}end", name = "{"Beta " * 40}B"').replace(
        'name = "New Beta", ', ""
    )
    path.write_text(long)
    assert "..." in run(capsys, str(path))[1]


@pytest.mark.parametrize(
    ("argv", "told"), [(("--from", "soon"), "a year or a date"), (("--to", "1800"), "1870-01-01 or later")]
)
def test_the_command_refuses(capsys, tmp_path, argv, told):
    path = tmp_path / "years.toml"
    path.write_text(TEXT)
    code, _, err = run(capsys, str(path), *argv)
    assert code == 2
    assert told in err
    assert "Traceback" not in err


def test_a_file_with_an_end_is_not_read_beyond_it():
    ended = parse_text(TEXT.replace("date = 1870-01-01\n", "date = 1870-01-01\nuntil = 1890-01-01\n", 1), "x")
    assert ended.until == dt.date(1890, 1, 1)
    assert ended.at(dt.date(1890, 1, 1)).ids == ("AAA", "BBB", "CCC")
    for ask in (ended.at, lambda day: ended.what_if("none", date=day)):
        with pytest.raises(CoverageError, match=r"(?s)years ends earlier.*1890-01-02.*1870-01-01 to 1890-01-01"):
            ask(dt.date(1890, 1, 2))


def test_without_an_end_a_file_is_read_at_any_later_day(scenario):
    assert scenario.until is None
    assert scenario.at(dt.date(1999, 1, 1)).ids == ("AAA", "BBB")


@pytest.mark.parametrize(
    ("until", "fault"),
    [
        ("1869-12-31", r"until: got 1869-12-31; expected 1870-01-01 or later"),
        ("1887-01-01", r"event renamed: got 1887-01-01; expected a day before until, 1887-01-01"),
        ("1881-12-31", r"date: got 1882-01-01; expected 1881-12-31"),
    ],
)
def test_an_end_before_what_the_file_holds_is_a_fault(until, fault):
    with pytest.raises(ScenarioError, match=fault):
        parse_text(TEXT.replace("date = 1870-01-01\n", f"date = 1870-01-01\nuntil = {until}\n", 1), "x")


@pytest.mark.parametrize("command", [("blocs",), ("formation",), ("war", "AUH", "SER")])
def test_the_years_1872_to_1914_do_not_answer_for_1950(capsys, command):
    with pytest.raises(SystemExit, match="2"):
        main([*command, "--in", "europe-1872-1914", "--date", "1950-01-01"])
    told = capsys.readouterr()
    assert not told.out
    assert "europe-1872-1914 ends earlier" in told.err
    assert "1914-07-28" in told.err


def test_a_new_file_says_who_and_what_is_left_out(capsys, tmp_path):
    with pytest.raises(SystemExit, match="0"):
        main(["scenario", "new", "--from", "europe-1872-1914", "-o", str(tmp_path / "mine.toml")])
    told = " ".join(capsys.readouterr().out.split())
    years = load_scenario("europe-1872-1914")
    later = [a.id for a in years.whole.actors if a.id not in years.system.ids]
    assert "SER" in later
    assert (
        f"with their ties and pledges: {', '.join(later)}; events after it: {len(years.events)}; what-ifs: {len(years.what_ifs)}."
        in told
    )
    assert "The file holds the system of 1872-01-01." in told
    with pytest.raises(SystemExit, match="0"):
        main(["scenario", "new", "--from", str(tmp_path / "mine.toml"), "-o", str(tmp_path / "again.toml")])
    assert "Left out" not in capsys.readouterr().out
