"""Faults of a file: all at once, each with its path, what was got, what was expected, and a near word."""

import re

import pytest

from foedus.errors import ScenarioError
from foedus.scenario import limits
from foedus.scenario.read import parse_text

TIE = '[[tie]]\na = "AUH"\nb = "GMY"\nreason = "interest"\nstrength = 0.5\nsources = ["atop"]\n'


def problems(text):
    """Return the faults of a text as lines."""
    with pytest.raises(ScenarioError) as error:
        parse_text(text, "x.toml")
    return [str(p) for p in error.value.problems]


SHAPE = [
    ('name = "Germany"', 'naem = "Germany"', "actor[0].name: actor GMY: missing key"),
    ('name = "Germany"', 'naem = "Germany"', "actor[0].naem: actor GMY: unknown key  (hint: did you mean 'name'?)"),
    ("gdp = [220, 255]", "gdp = [255, 220]", "actor[0].capability.gdp: actor GMY: got [255, 220]; expected a number, [low, high] or { mean, sd } from 0 to 1e+07"),
    ("gdp = [220, 255]", 'gdp = "220"', "actor[0].capability.gdp: actor GMY: got '220'; expected a number"),
    ("gdp = [220, 255]", "gdb = [220, 255]", "actor[0].capability.gdb: actor GMY: unknown key  (hint: did you mean 'gdp'?)"),
    ("gdp = [220, 255]", "gdp = nan", "actor[0].capability.gdp: actor GMY: got nan; expected a number"),
    ("gdp = [220, 255]", "gdp = [0, inf]", "actor[0].capability.gdp: actor GMY: got [0, inf]; expected a number"),
    ("gdp = [220, 255]", "gdp = 1e300", "got 1e+300; expected a number"),
    ("gdp = [220, 255]", "gdp = -1", "got -1; expected a number, [low, high] or { mean, sd } from 0"),
    ("sd = 50.5", "sd = -1", "actor[0].capability.personnel: actor GMY: got a table with mean, sd; expected a number"),
    ("weight = 0.4", "weight = 0.4\nstance = [{ to = 'SER', tie = 1.5 }]", "actor[0].faction[0].stance[0].tie: actor GMY: got 1.5; expected"),
    ("weight = 0.4", "weight = 0.4\nsalience = -0.5", "actor[0].faction[0].salience: actor GMY: got -0.5; expected"),
    ("weight = 0.4", "weight = true", "actor[0].faction[0].weight: actor GMY: got true; expected a number"),
    ("lat = 52.5", "lat = 520.5", "actor[0].place.lat: actor GMY: got 520.5; expected a number from -90 to 90"),
    ('kind = "state"\ncow', 'kind = "stat"\ncow', "actor[0].kind: actor GMY: got 'stat'; expected one of state, group, faction  (hint: did you mean 'state'?)"),
    ("cow = 255", "cow = 255.0", "actor[0].cow: actor GMY: got 255.0; expected a whole number"),
    ("cow = 255", "cow = 0", "actor[0].cow: actor GMY: got 0; expected at least 1"),
    ('reason = "rivalry"', 'reason = "rivalery"', "tie[0].reason: tie AUH-SER (rivalery): got 'rivalery'; expected one of ideology"),
    ('reason = "rivalry"', 'reason = "pact"', "got 'pact'; expected one of ideology"),
    ('type = "land"', 'type = "river"', "border[0].type: border AUH-SER: got 'river'; expected one of land, sea12"),
    ("date = 1914-07-28\nsummary", 'date = "1914-07-28"\nsummary', "date: got '1914-07-28'; expected a date such as 1914-07-28, without quotes"),
    ("date = 1914-07-28\nsummary", "date = 1914-07-28T12:00:00\nsummary", "date: got 1914-07-28T12:00:00; expected a date"),
    ("date = 1914-07-28\nsummary", "date = 0001-01-01\nsummary", "in the years 1000 to 2999"),
    ("format = 1", "format = 2", "format: got 2; expected one of 1"),
    ("format = 1", "formt = 1", "formt: unknown key  (hint: did you mean 'format'?)"),
    ('id = "small"', 'id = "Small Thing"', "id: got 'Small Thing'; expected an id of lower-case letters"),
    ('id = "GMY"', 'id = "<b>"', "actor[0].id: actor <b>: got '<b>'; expected an id of 2 to 12 capital letters, digits and _, such as GMY"),
    ('url = "https://example.org/atop"', 'url = "javascript:alert(1)"', "source[0].url: source atop: got 'javascript:alert(1)'; expected an address"),
    ('name = "Germany"', 'name = ""', "actor[0].name: actor GMY: got ''; expected at least 1 character"),
    ('name = "Germany"', 'name = " Germany"', "expected no space at its start or end"),
    ('name = "Germany"', r'name = "Ger\u001b[31mmany"', r"got 'Ger\x1b[31mmany'; expected no control, invisible or direction-changing characters (found U+001B)"),
    ('name = "Germany"', 'name = "Ger\u202emany"', "(found U+202E)"),
    ('op = "void_pact"', 'op = "void_pct"', "what_if.no-dual-alliance.edits[0]: got 'void_pct'; expected one of void_pact"),
    ('op = "void_pact", ', "", "what_if.no-dual-alliance.edits[0]: missing key op"),
    ('op = "void_pact", pact', 'op = "void_pact", pakt', "what_if.no-dual-alliance.edits[0].pakt: unknown key  (hint: did you mean 'pact'?)"),
    ('kind = "treaty", members', 'kin = "treaty", members', "event[1].edits[0].pact.kin: event league: unknown key  (hint: did you mean 'kind'?)"),
    ("[what_if.no-league]", "[what_if.No_League]", "what_if.No_League: not a name"),
    ("[[border]]", "[border]", "border: got a table with a, b, type; expected a list of tables  (hint: write [[border]] with two brackets)"),
    ('members = ["GMY", {', 'members = [7, {', "pact[0].members[0]: pact dual-alliance: got 7; expected a table"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), SHAPE)
def test_faults_of_shape(small, old, new, line):
    assert old in small
    found = problems(small.replace(old, new, 1))
    assert any(line in f for f in found), found


MEANING = [
    ('id = "SER"\nname', 'id = "AUH"\nname', "actor[2].id: AUH stands twice, first at actor[1].id"),
    ('id = "league"\ndate', 'id = "war"\ndate', "event[1].id: war stands twice"),
    ('name = "Serbia"\nkind = "state"', 'name = "Serbia"\nkind = "state"\ncow = 255', "actor[2].cow: 255 stands twice, first at actor[0].cow"),
    ('b = "SER"\ntype', 'b = "SRB"\ntype', "border[0].b: border AUH-SRB: got 'SRB', which is no actor here  (hint: did you mean 'SER'?)"),
    ('targets = ["SER"]', 'targets = ["FRN"]', "pact[0].pledge[0].targets[0]: pact dual-alliance: got 'FRN', which is no actor here  (hint: list ids that only pledges name in `outside`)"),
    ('leans = "AUH"', 'leans = "GMY"', "actor[0].faction[0].leans: actor GMY: a faction leans to its own actor"),
    ("weight = 0.4", "weight = 0.4\nstance = [{ to = 'GMY', tie = 0.5 }]", "actor[0].faction[0].stance[0].to: actor GMY: a faction wants a tie with its own actor"),
    ("weight = 0.4", "weight = 0.4\nstance = [{ to = 'SER', tie = 0.5 }, { to = 'SER', tie = 0.1 }]", "actor[0].faction[0].stance[1].to: actor GMY: the tie wanted with SER stands twice"),
    ("weight = 0.4", "weight = 0.4\nstance = [{ to = 'FRN', tie = 0.5 }]", "actor[0].faction[0].stance[0].to: actor GMY: got 'FRN', which is no actor here"),
    ("weight = 0.4", "weight = 0.4\n[[actor.faction]]\nid='x'\nname='x'\nweight=0.7", "actor[0].faction: actor GMY: least weights sum to 1.1"),
    ('sources = ["atop"]\nplace', 'sources = ["atp"]\nplace', "actor[0].sources[0]: actor GMY: got 'atp', which is no source here  (hint: did you mean 'atop'?)"),
    ('sources = ["atop"]\nplace', 'place', "actor[0].sources: actor GMY: missing; expected the id of at least one source"),
    ("strength = [-0.9, -0.6]", "strength = [0.6, 0.9]", "tie[0].strength: tie AUH-SER (rivalry): got 0.6 to 0.9; expected within [-1, 0] for rivalry"),
    ('b = "SER"\nreason', 'b = "AUH"\nreason', "tie[0].b: tie AUH-AUH (rivalry): expected two different actors"),
    ("strength = [-0.9, -0.6]", "strength = -1\nstart = 1914-01-02\nend = 1914-01-01", "tie[0].end: tie AUH-SER (rivalry): got end 1914-01-01 before start 1914-01-02"),
    ("from = 1879-10-07 }", "from = 1879-10-07, until = 1879-01-01 }", "pact[0].members[1].until: pact dual-alliance, AUH: got until 1879-01-01 before from"),
    ('kind = "treaty"\nstart', 'kind = "alignment"\nstart', "pact[0].pledge: pact dual-alliance: an alignment binds nobody; expected no pledge"),
    ("atop = 1335", "atop = 1335\nstrength = 0.5", "pact[0].strength: pact dual-alliance: a treaty has no strength"),
    ('by = "GMY"', 'by = "SER"', "pact[0].pledge[0].by: pact dual-alliance: SER is no member"),
    ('by = "GMY"', 'by = "GMY"\nto = ["GMY"]', "GMY pledges to itself"),
    ('targets = ["SER"]', 'targets = ["SER"]\nnot_targets = ["SER"]', "SER is both target and no target"),
    ('members = ["GMY", {', 'members = ["AUH", {', "pact[0].members: pact dual-alliance: got 1 member; expected two or more for a treaty"),
    ('members = ["GMY", {', 'members = ["GMY", "GMY", {', "pact[0].members: pact dual-alliance: GMY stands 2 times"),
    ('target = "SER"', 'target = "AUH"', "flashpoint[0].target: flashpoint AUH-AUH: expected two different actors"),
    ("date = 1914-08-05", "date = 1913-08-05", "event[1].date: event league: got 1913-08-05; expected 1914-07-28 or later"),
    ('skip_events = ["league"]', 'skip_events = ["leage"]', "what_if.no-league.skip_events[0]: got 'leage', which is no event here  (hint: did you mean 'league'?)"),
    ("date = 1914-08-06", "date = 1914-08-05", "what_if.no-league.skip_events: changes nothing: none of these has happened by the start of 1914-08-05"),
    ("date = 1914-08-06", "date = 1914-07-06", "what_if.no-league.date: got 1914-07-06; expected 1914-07-28 or later"),
    ('skip_events = ["league"]', "", "what_if.no-league: changes nothing"),
    ("strength = [-1.0, -0.9]", "strength = 1", "event[0].edits[0].strength: tie AUH-SER (war): got 1; expected within [-1, 0] for war"),
    ("format = 1", 'format = 1\noutside = ["GMY"]', "outside: GMY is an actor here"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), MEANING)
def test_faults_of_meaning(small, old, new, line):
    assert old in small
    found = problems(small.replace(old, new, 1))
    assert any(line in f for f in found), found


def test_edits_are_tried(small):
    found = problems(small.replace('pact = "dual-alliance"', 'pact = "dual-aliance"'))
    assert found == [
        "what_if.no-dual-alliance.edits[0]: cannot void the pact dual-aliance: Unknown pact: got 'dual-aliance'."
        "  (hint: did you mean dual-alliance? in force in small, by id: dual-alliance)"
    ]
    found = problems(small.replace('a = "AUH", b = "SER", reason = "war"', 'a = "AUH", b = "SRB", reason = "war"'))
    assert re.match(
        r"event\[0\]\.edits\[0\]: cannot set the tie AUH-SRB .*Unknown actor on 1914-07-29: got 'SRB'", found[0]
    )


def test_an_event_that_needs_a_skipped_one_is_found(small):
    more = '[[event]]\nid = "end"\ndate = 1914-08-06\nsources = ["atop"]\nedits = [{ op = "void_pact", pact = "league" }]\n'
    text = small.replace("[[flashpoint]]", more + "[[flashpoint]]")
    parse_text(text, "x")
    found = problems(text.replace("date = 1914-08-06\nskip", "date = 1914-08-07\nskip"))
    assert found[0].startswith(
        "event[2].edits[0]: cannot void the pact league once league is left out by what_if no-league: Unknown pact"
    )


def test_a_pact_that_would_not_be_in_force_is_found(small):
    pact = '{ id = "x", name = "X", kind = "treaty", start = 1914-07-28, members = ["GMY", "SER"] }'
    text = small + f'[what_if.x]\ntitle = "X"\nedits = [{{ op = "add_pact", pact = {pact} }}]\n'
    assert "the pact x is not in force at the start of 1914-07-28" in problems(text)[0]
    parse_text(text.replace("start = 1914-07-28, members", "start = 1914-07-27, members"), "x")


def test_everything_is_reported_at_once_in_the_files_order(small):
    text = (
        small.replace("gdp = [220, 255]", "gdp = -1")
        .replace('type = "land"', 'type = "x"')
        .replace("strength = [-0.9, -0.6]", "strength = 1")
    )
    text = (
        text.replace('name = "Serbia"', "")
        .replace('pact = "dual-alliance"', 'pact = "?"')
        .replace("format = 1", "format = 3")
    )
    paths = [p.split(":")[0] for p in problems(text)]
    assert paths == [
        "format",
        "actor[0].capability.gdp",
        "actor[2].name",
        "border[0].type",
        "what_if.no-dual-alliance.edits[0].pact",
        "tie[0].strength",
    ]


def test_a_broken_entry_is_not_reported_as_absent(small):
    """Its id is known, so nobody who names it is at fault."""
    assert problems(small.replace('name = "Serbia"', "name = 3")) == [
        "actor[2].name: actor SER: got 3; expected text in quotes"
    ]


def test_parents_that_come_round(small):
    text = small.replace('name = "Germany"', 'name = "Germany"\nparent = "SER"').replace(
        'name = "Serbia"', 'name = "Serbia"\nparent = "GMY"'
    )
    assert problems(text) == ["actor[0].parent: actor GMY: parents come round: GMY -> SER -> GMY"]
    assert problems(small.replace('name = "Serbia"', 'name = "Serbia"\nparent = "SER"'))[0].endswith("SER -> SER")


def test_a_member_may_come_back(small):
    twice = 'members = [{ actor = "GMY", until = 1890-01-01 }, { actor = "GMY", from = 1900-01-01 }, {'
    assert len(parse_text(small.replace('members = ["GMY", {', twice), "x").system.pacts[0].members) == 3


def test_what_is_said_twice(small):
    border = '[[border]]\na = "SER"\nb = "AUH"\ntype = "sea12"\n'
    assert "border[1]: border SER-AUH: stands twice, as border[0]" in problems(small + border)[0]
    assert "tie[2]: tie AUH-GMY (interest): stands twice, as tie[1]" in problems(small + TIE + TIE)[0]


def test_outside_names_whom_only_pledges_name(small):
    text = small.replace('targets = ["SER"]', 'targets = ["FRN"]')
    pact = parse_text(text.replace("format = 1", 'format = 1\noutside = ["FRN"]'), "x").system.pacts[0]
    assert pact.pledges[0].targets == ("FRN",)


def test_unsourced_permits_facts_without_sources(small):
    text = small.replace('sources = ["atop"]', "")
    assert len(problems(text)) == 8
    assert parse_text(text.replace("format = 1", "format = 1\nunsourced = true"), "x").system.ties[0].sources == ()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("format = 1", "format: 1", "line 2, column 7: not TOML: Expected '=' after a key in a key/value pair  (hint: TOML writes key = value, not key: value)"),
        ('title = "Small"', "title = Small", "line 4, column 9: not TOML: Invalid value  (hint: text stands in quotes"),
        ('title = "Small"', 'title = "Small', "line 4, column 15: not TOML"),
        ("[[border]]", "[actor]", "not TOML: Cannot declare ('actor',) twice  (hint: a key or table stands twice"),
        ("# a comment that stays", "x = [", "not TOML"),
        ("# a comment that stays", "x = " + "[" * 3000 + "]" * 3000, "file: nested too deep"),
        ("# a comment that stays", "x = " + "[" * 50 + "]" * 50, "x[0][0][0]: nested too deep; expected at most 12 levels"),
        ("# a comment that stays", "x = " + "9" * 5000, "file: holds a number or date that cannot be read"),
        ("# a comment that stays", "x = 0x" + "f" * 9000, "x: unknown key"),
        ("# a comment that stays", "a.b.c.d.e.f = 1", "line 1: a dotted key of more than 4 parts"),
        ("date = 1914-07-28", "date = 1914-02-30", "not TOML: Invalid date or datetime"),
    ],
)  # fmt: skip
def test_files_that_are_not_toml_or_too_much(small, old, new, line):
    found = problems(small.replace(old, new, 1))
    assert len(found) == 1
    assert line in found[0], found


def test_many_faults_are_counted_and_not_listed(small):
    found = problems(small + TIE.replace('"AUH"', '"ZZZ"') * 500)
    assert len(found) == limits.MAX_SHOWN + 1
    assert re.fullmatch(r"…: and \d+ more", found[-1])


def test_counts_are_limited(small):
    actors = "".join(f'[[actor]]\nid = "A{i}"\nname = "n"\nkind = "state"\n' for i in range(limits.COUNTS["actor"]))
    assert problems(small + actors)[0] == "actor: got 403 entries; expected at most 400"
    assert problems('format = 1\nid = "x"\ntitle = "x"\ndate = 1914-01-01\n') == [
        "actor: got 0 actors; expected at least 2"
    ]
    assert "got 600 entries; expected at most 500" in problems("\n".join(f"k{i} = 1" for i in range(600)))[0]


@pytest.mark.parametrize("value", ["true", "5", '"x"', "[]", "[1, 2]", "{}", "[[]]", "1914-07-28"])
@pytest.mark.parametrize(
    "section", ["source", "actor", "border", "tie", "pact", "event", "flashpoint", "what_if", "limits", "outside"]
)
def test_a_section_that_is_something_else(section, value):
    found = problems(f'format = 1\nid = "x"\ntitle = "x"\ndate = 1914-01-01\n{section} = {value}\n')
    assert all(f.startswith((section, "actor")) for f in found), found


def test_markup_in_names_is_text(small):
    """A report escapes it; an id cannot hold it."""
    text = small.replace('name = "Germany"', 'name = "<script>alert(1)</script>"')
    assert parse_text(text, "x").system.actor("GMY").name == "<script>alert(1)</script>"


def test_names_in_other_scripts_are_text(small):
    for name in ("حزب\u200cالله", "Österreich–Ungarn", "日本", "Việt Nam", "🕊"):
        assert parse_text(small.replace("Germany", name), "x").system.actor(name).id == "GMY"
