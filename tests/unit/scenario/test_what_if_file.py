"""A what-if in a file of its own: read, refused, placed, and the same numbers as the one that stands in a scenario."""

import datetime as dt
import io
import pickle
import tomllib

import pytest

import foedus as fd
from foedus.errors import CoverageError, ParameterError, ScenarioError
from foedus.scenario.check import check, check_text
from foedus.scenario.edit import add_in, remove_in, set_in
from foedus.scenario.schema import what_if_schema
from foedus.scenario.what_if_file import check_what_if, parse_what_if, read_what_if
from foedus.studies.meant import Meant, resolve, what_if

TEXT = """# mine
title = "Without the Dual Alliance"  # said
base = "europe-1914"

[[edits]]
op = "void_pact"
pact = "dual-alliance"
"""


def test_the_same_as_the_one_of_the_scenario(tmp_path, monkeypatch):
    path = tmp_path / "mine.what-if.toml"
    path.write_text(TEXT)
    found = read_what_if(path)
    assert (found.name, found.title, found.base) == ("mine", "Without the Dual Alliance", "europe-1914")
    scenario = fd.load_scenario("europe-1914")
    other = scenario.what_if("no-dual-alliance")[1]
    assert scenario.what_if(found)[1].hash == other.hash == found.on(scenario.system).hash
    meant = resolve("europe-1914")
    assert what_if(str(path), meant, None).other.hash == other.hash
    assert what_if(found, Meant(scenario.system), None).other.hash == other.hash
    monkeypatch.setattr("sys.stdin", io.StringIO(TEXT))
    edited = what_if("-", meant, None)
    assert (edited.other.hash, edited.title) == (other.hash, "Without the Dual Alliance")


def test_what_belongs_to_a_scenario_is_not_for_a_system():
    scenario = fd.load_scenario("europe-1914")
    for more in ('skip_events = ["x"]', "date = 1914-08-02"):
        with pytest.raises(ParameterError, match="those belong to a scenario"):
            parse_what_if(f'title = "x"\n{more}').on(scenario.system)
    skipping = parse_what_if('title = "x"\ndate = 1914-08-10\nskip_events = ["declaration-of-londn"]')
    with pytest.raises(ParameterError, match="did you mean declaration-of-london"):
        scenario.what_if(skipping)
    with pytest.raises(ParameterError, match="expected an edit such as"):
        what_if("named", Meant(scenario.system), None)
    with pytest.raises(CoverageError, match="begins later"):
        scenario.what_if(parse_what_if('title = "x"\ndate = 1900-01-01'))


@pytest.mark.parametrize(
    ("text", "line", "path"),
    [
        ('title = "x"\nedits = [\n {op = "void_pact"},\n {op = "nothing"}]', 3, "edits[0].pact"),
        ('title = "x"\n\nother = 1', 3, "other"),
        ('title = "x"\n[[edits]]\nop = "void_pact"\npact = "no"', 2, "edits[0]"),
        ('title = "x"\n[[edits]]\nop = "weaken"\nactor = "RUS"\nfactor = 2', 5, "edits[0].factor"),
        ('title = "x"\nskip_events = ["no"]', 2, "skip_events"),
        ('title = "x"\ndate = 1900-01-01', 2, "date"),
        ("title = \n", 1, "line 1, column 9"),
        ('a = 1\nb = """', 2, "end of file"),
        ("edits = []", None, "title"),
        (
            'title = "x"\n[[edits]]\nop = "change_tie"\na = "FRN"\nb = "GMY"\nreason = "rivalry"\nstrength = 0.5',
            2,
            "edits[0]",
        ),
    ],
)
def test_faults_have_their_lines(text, line, path):
    found = check_what_if(text, fd.load_scenario("europe-1914"))
    assert (found[0].line, found[0].path) == (line, path)


def test_a_sound_one_has_no_fault():
    assert check_what_if(TEXT, fd.load("europe-1914")) == check_what_if(TEXT) == []
    assert check_what_if(TEXT.replace("dual", "no")) == []


def test_edits_of_a_text_keep_its_comments_and_may_be_half_done():
    text = set_in(TEXT, "title", "Other")
    assert 'title = "Other"  # said' in text
    pact = {"id": "p", "name": "P", "kind": "treaty", "members": ["GMY", "RUS"], "pledge": [{"by": "GMY", "type": "x"}]}
    text = add_in(text, "edits", {"op": "add_pact", "pact": pact})
    assert "[[edits.pact.pledge]]" in text
    assert [p.path for p in check_what_if(text)] == ["edits[1].pact.pledge[0].type"]
    text = set_in(text, "edits[1].pact.pledge[0].type", "defense")
    text = add_in(text, "edits[1].pact.pledge", {"by": "RUS", "type": "defense"})
    other = fd.load_scenario("europe-1914").what_if(parse_what_if(text))[1]
    assert len(other.pacts[-1].pledges) == 2
    assert remove_in(remove_in(text, "edits[1]"), "edits[0]").startswith("# mine")


def test_an_entry_joins_an_inline_list():
    text = add_in(
        'title = "x"\nedits = [{op = "remove_actor", actor = "ITA"}]',
        "edits",
        {"op": "void_pact", "pact": "dual-alliance"},
    )
    assert len(parse_what_if(text).edits) == 2
    inline = add_in("x = {y = 1}\n", "x.rows", {"a": 1})
    assert tomllib.loads(inline) == {"x": {"y": 1, "rows": [{"a": 1}]}}


def test_a_scenarios_faults_have_lines_too(small, small_file):
    small_file.write_text(small.replace('reason = "rivalry"', 'reason = "envy"'))
    (problem,) = check(small_file)
    assert small_file.read_text().split("\n")[problem.line - 1] == 'reason = "envy"'
    assert f"(line {problem.line})" in str(problem)
    assert check_text(small) == []
    small_file.write_text("x = [")
    assert str(check(small_file)[0]).startswith("end of file (line 1): not TOML")
    assert [p.line for p in check(small_file.parent / "no.toml")] == [None]


def test_an_error_keeps_its_facts_between_processes():
    with pytest.raises(ScenarioError, match="missing key") as caught:
        parse_what_if("edits = []", "mine.what-if.toml")
    back = pickle.loads(pickle.dumps(caught.value))
    assert (back.problems, str(back)) == (caught.value.problems, str(caught.value))


def test_schema_names_every_edit():
    schema = what_if_schema()
    assert {"title", "edits", "skip_events", "base"} <= set(schema["properties"])
    assert len(schema["properties"]["edits"]["items"]["oneOf"]) == 13


def test_the_standard_input_is_bounded(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("#" * 3_000_000))
    with pytest.raises(ScenarioError, match="larger than 2048 KiB"):
        read_what_if("-")
    assert parse_what_if('title = "x"\ndate = 1914-08-02').date == dt.date(1914, 8, 2)
