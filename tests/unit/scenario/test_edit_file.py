"""Edits of a file keep its comments and are written only if the result is sound."""

import datetime as dt
import difflib

import pytest

from foedus.errors import ParameterError, ScenarioError
from foedus.scenario.edit import add_table, remove, set_value
from foedus.scenario.read import bundled_text, load, load_scenario
from foedus.system.values import Quantity


def changed(before, path):
    """Return the lines that went and came."""
    lines = difflib.unified_diff(before.splitlines(), path.read_text(encoding="utf-8").splitlines(), lineterm="", n=0)
    return [x for x in lines if not x.startswith(("---", "+++", "@@")) and len(x) > 1]


@pytest.mark.parametrize(
    ("dotted", "value", "lines"),
    [
        ("title", "Other", ['-title = "Small"', '+title = "Other"']),
        ("summary", "S", ['-summary = "Three states."  # beside it', '+summary = "S"  # beside it']),
        ("actor[GMY].capability.gdp", [1, 2], ["-gdp = [220, 255]  # a range", "+gdp = [1, 2]  # a range"]),
        ("actor[0].capability.gdp", Quantity(1.0, 2.0), ["-gdp = [220, 255]  # a range", "+gdp = [1.0, 2.0]  # a range"]),
        ("actor[GMY].place.lat", 50, ["-place = {", "+place = {"]),
        ("actor[SER].regime", {"mean": 0.5, "sd": 0.1}, ["+regime = {mean = 0.5, sd = 0.1}"]),
        ("actor[AUH].capability.cinc", 0.1, ["+[actor.capability]", "+cinc = 0.1"]),
        ("tie[AUH-SER:rivalry].start", dt.date(1908, 10, 6), ["+start = 1908-10-06"]),
        ("tie[AUH-SER].strength", -1, ["-strength = [-0.9, -0.6]", "+strength = -1"]),
        ("pact[dual-alliance].members[0]", "SER", ["-members = [", "+members = ["]),
        ("what_if.no-league.title", "T", ['-title = "Without the league"', '+title = "T"']),
        ("limits[0]", "none", ['-limits = ["few actors"]', '+limits = ["none"]']),
        ("date", dt.date(1914, 7, 27), ["-date = 1914-07-28", "+date = 1914-07-27"]),
    ],
)  # fmt: skip
def test_a_value_is_set_and_nothing_else_changes(small, small_file, dotted, value, lines):
    if dotted.startswith("pact"):
        small_file.write_text(small.replace('by = "GMY"', 'by = "AUH"').replace('targets = ["SER"]\n', ""))
    before = small_file.read_text()
    set_value(small_file, dotted, value)
    found = changed(before, small_file)
    assert len(found) == len(lines)
    assert all(f.startswith(x) for f, x in zip(found, lines, strict=True)), found
    load(small_file)


def test_tables_are_added_where_they_belong(small, small_file):
    add_table(
        small_file, "tie", {"a": "GMY", "b": "SER", "reason": "injury", "strength": [-0.3, -0.1], "sources": ["atop"]}
    )
    add_table(small_file, "actor[SER].faction", {"id": "army", "name": "Army", "weight": 0.3, "leans": None})
    pledge = [{"by": "AUH", "type": "neutral", "to": ("SER",)}]
    add_table(
        small_file,
        "pact",
        {"id": "p", "name": "P", "kind": "treaty", "members": ["AUH", "SER"], "sources": ["atop"], "pledge": pledge},
    )
    add_table(
        small_file,
        "actor",
        {"id": "ITA", "name": "Italy", "kind": "state", "sources": ["atop"], "capability": {"gdp": 5}},
    )
    add_table(small_file, "what_if.mine", {"title": "Mine", "edits": [{"op": "remove_actor", "actor": "ITA"}]})
    scenario = load_scenario(small_file)
    s = scenario.system
    assert [t.reason for t in s.ties] == ["rivalry", "injury"]
    assert s.actor("SER").factions[0].name == "Army"
    assert s.pacts[1].pledges[0].to == ("SER",)
    assert s.actor("Italy").capability == (("gdp", Quantity(5.0, 5.0)),)
    assert scenario.what_ifs[-1].name == "mine"
    text = small_file.read_text()
    assert all(line in text for line in small.splitlines() if line)
    with pytest.raises(ScenarioError, match=r"what_if\.mine is there already"):
        add_table(small_file, "what_if.mine", {"title": "Mine"})


def test_a_first_entry_of_a_section(small, small_file):
    text = small[: small.index("[[flashpoint]]")] + small[small.index("[what_if") :]
    small_file.write_text(text)
    add_table(small_file, "flashpoint", {"attacker": "SER", "target": "AUH", "sources": ["atop"]})
    assert load(small_file).flashpoints[0].attacker == "SER"


def test_entries_are_removed(small_file):
    remove(small_file, "actor[GMY].faction[court]")
    remove(small_file, "what_if.no-league")
    remove(small_file, "flashpoint[AUH-SER]")
    remove(small_file, "actor[GMY].cow")
    scenario = load_scenario(small_file)
    assert scenario.system.flashpoints == scenario.system.actors[0].factions == ()
    assert scenario.system.actors[0].cow is None
    assert "# a comment that stays" in small_file.read_text()


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (lambda p: set_value(p, "actor[GMY].capability.gdp", -1), r"actor\[0\].capability.gdp: actor GMY: got -1"),
        (lambda p: set_value(p, "title", "a\nb"), r"found U\+000A"),
        (lambda p: set_value(p, "nonsense", 1), "unknown key"),
        (lambda p: set_value(p, "actor[XXX].regime", 1), "no entry named 'XXX'"),
        (lambda p: set_value(p, "actor[9].regime", 1), "no entry 9; the list has 3"),
        (lambda p: set_value(p, "tie[AUH-SER].strength.mean", 1), "strength is not a table"),
        (lambda p: set_value(p, "title[0]", "x"), r"\[0\] needs a list"),
        (lambda p: set_value(p, "flashpoints[0]", "x"), "there is no 'flashpoints'"),
        (lambda p: set_value(p, "title", object()), "edit"),
        (lambda p: remove(p, "actor[SER]"), r"border\[0\].b: border AUH-SER: got 'SER', which is no actor here"),
        (lambda p: remove(p, "actor[GMY].gdp"), "there is no 'gdp'"),
        (lambda p: remove(p, "summari"), "there is no 'summari'"),
        (lambda p: add_table(p, "tie", {"a": "GMY", "b": "XXX"}), r"tie\[1\].reason: tie GMY-XXX: missing key"),
        (lambda p: add_table(p, "nothing[0].x", {}), "there is no 'nothing'"),
    ],
)
def test_a_change_that_would_not_be_sound_leaves_the_file_as_it_was(small, small_file, action, text):
    with pytest.raises(ScenarioError, match=text):
        action(small_file)
    assert small_file.read_text() == small
    assert [p.name for p in small_file.parent.iterdir()] == ["small.toml"]


@pytest.mark.parametrize("dotted", ["", ".", "a..b", "a[", "a[]", "a b", "actor[GMY].", "a[b]c"])
def test_a_path_that_is_none(small_file, dotted):
    with pytest.raises(ParameterError, match="expected a path such as"):
        set_value(small_file, dotted, 1)


def test_a_table_is_added_to_a_section_not_to_an_entry(small_file):
    with pytest.raises(ParameterError, match="section"):
        add_table(small_file, "actor[GMY]", {})


def test_windows_lines_and_a_byte_order_mark_stay(small, small_file):
    raw = b"\xef\xbb\xbf" + small.replace("\n", "\r\n").encode()
    small_file.write_bytes(raw)
    set_value(small_file, "actor[GMY].capability.gdp", 7)
    assert small_file.read_bytes() == raw.replace(b"gdp = [220, 255]", b"gdp = 7")


def test_a_large_real_file_keeps_every_other_line(tmp_path):
    path = tmp_path / "x.toml"
    text = bundled_text("europe-1914")
    path.write_text(text, encoding="utf-8")
    set_value(path, "actor[GMY].regime_label", "x")
    assert len(changed(text, path)) == 2


def test_a_file_that_changes_meanwhile_is_not_overwritten(small, small_file, monkeypatch):
    texts = iter([small, small + "# later\n"])
    monkeypatch.setattr("foedus.scenario.edit.read_text", lambda _: next(texts))
    with pytest.raises(ScenarioError, match="changed by another program"):
        set_value(small_file, "title", "x")
    assert small_file.read_text() == small
