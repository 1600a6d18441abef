"""One simulated war beside the course on record, on hand cases and beside a twin that counts actor by actor."""

import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.scenario.read import load
from foedus.war.history import NO_WAR, Absence, Entrance, History, beside
from foedus.war.replay import replay
from foedus.war.simulate import war

START = dt.date(1914, 7, 29)


def record(actors, **kw):
    return History("A war (no. 1)", "a list", START, START + dt.timedelta(days=1566), actors, **kw)


@pytest.fixture(scope="module")
def july():
    return war(load("europe-1914"), "AUH", "SER", draws=300)


@pytest.fixture
def found():
    then = {
        "A": Entrance("A", 0, 1566), "B": Entrance("B", 0, 1566), "C": Entrance("B", 3, 1224), "D": Entrance("A", 10, 1566),
        "E": Entrance("B", 298, 1566), "F": Entrance("A", 440, 1524), "G": Entrance("B", 900, 1566), "H": Entrance("A", 700, 1566),
    }  # fmt: skip
    told = record(then, absent=("Japan",), unlisted=("M",))
    return beside(told, ("A", "B"), {"C": "B", "E": "A", "F": "A", "H": "B", "M": "B", "N": "A"}, days=365.0)


def test_each_entry_is_marked(found):
    assert {a: m.standing for a, m in found.marks.items()} == {
        "C": "same side", "E": "other side", "F": "same side, later", "H": "other side, later", "M": "unknown", "N": "never",
    }  # fmt: skip
    assert found.missing == (Absence("D", "A", 10),)
    assert found.later == (Absence("G", "B", 900),)
    assert (found.joiners, found.same, found.other, found.never, found.unknown) == (3, 1, 1, 3, 1)
    assert found.share == pytest.approx(1 / 3)


def test_each_step_says_what_happened(found):
    assert found.of_entry("C") == "; history: too, on day 3 (1914-08-01)"
    assert found.of_entry("E") == "; history: on side B, on day 298 (1915-05-23)"
    assert found.of_entry("F") == "; history: too, on day 440 (1915-10-12), after the days drawn"
    assert found.of_entry("H").startswith("; history: on side A, on day 700")
    assert found.of_entry("M") == "; history: not known, no state of the list"
    assert found.of_entry("N") == "; history: did not enter"
    assert found.of_leaving("C") == "; history: fought until day 1224 (1917-12-04)"
    assert found.of_leaving("N") == "; history: did not enter"
    assert found.of_end() == "; history: on day 1566 (1918-11-11)"


def test_the_summary_names_who_is_missing_and_counts(found):
    lines = found.lines()
    assert lines[0] == "  D joined side A on day 10 (1914-08-08) in history and is not in this war"
    assert lines[1] == "  Joined in history after the days drawn: G (B, day 900)"
    assert lines[2] == "  In history and not in the system: Japan"
    assert (
        "Of 3 actors that joined in its first 365 days, 1 are in this war on the same side (33 %), 1 on the other, 1 not at all"
        in lines[3]
    )
    assert lines[3].endswith("; 3 of the 6 who join in this war did not by then, and of 1 it is not known")


def test_where_nobody_joined_there_is_no_share():
    told = beside(record({"A": Entrance("A", 0, 9), "B": Entrance("B", 0, 9)}), ("A", "B"), {}, 365.0)
    assert told.share is None
    assert told.lines()[-1].endswith(
        "None of the system's other actors joined in its first 365 days; nobody joins in this war"
    )


def test_no_history_says_why_and_marks_nothing(july):
    told = replay(july, "worst", history=History.none(NO_WAR))
    assert str(told).splitlines()[:-1] == str(replay(july, "worst")).splitlines()
    assert str(told).splitlines()[-1] == f"History: {NO_WAR}"
    assert told.to_dict()["history"] == {"note": NO_WAR}
    assert told.marked.of_leaving("RUS") == told.marked.of_end() == ""
    assert "history" not in replay(july, "worst").to_dict()


def test_a_replay_is_told_beside_history(july):
    then = {
        "AUH": Entrance("A", 0, 1562),
        "SER": Entrance("B", 0, 1566),
        "RUS": Entrance("B", 3, 1225),
        "ITA": Entrance("B", 298, 1566),
    }
    over = next(d for d in range(300) if july.ended[d] >= 0 and (july.left[d] >= 0).any())
    for draw in (over, int(np.argmax(july.counts))):
        told = replay(july, draw, history=record(then))
        text, plain = str(told), json.loads(json.dumps(told.to_dict()))["history"]
        steps = [
            line
            for line in text.splitlines()
            if " joins side " in line or " separate peace" in line or "The war ends" in line
        ]
        assert len(steps) == told.size - 2 + len(told.left) + (told.ended is not None)
        assert all("; history: " in line for line in steps)
        assert set(plain["marks"]) == {e.actor for r in told.rounds for e in r}
        assert plain["joiners"] == plain["same_side"] + plain["other_side"] + len(plain["missing"]) == 2
        assert text.splitlines()[-1].startswith("History: A war (no. 1), from 1914-07-29 (a list). Of 2 actors")


ACTORS = [f"S{k}" for k in range(8)]
SIDES = st.sampled_from("AB")


@given(
    st.dictionaries(st.sampled_from(ACTORS), st.tuples(SIDES, st.integers(0, 100))), st.dictionaries(st.sampled_from(ACTORS), SIDES),
    st.integers(1, 100), st.sets(st.sampled_from(ACTORS)),
)  # fmt: skip
def test_counts_are_those_of_a_twin_that_asks_every_actor(then, joined, days, unlisted):
    listed = {a: Entrance(s, d, d + 1) for a, (s, d) in then.items()}
    found = beside(record(listed, unlisted=tuple(unlisted - listed.keys())), (), joined, float(days))
    by = {a: s for a, (s, d) in then.items() if d <= days}
    assert found.joiners == len(by)
    assert found.same == sum(joined.get(a) == s for a, s in by.items())
    assert found.other == sum(a in joined and joined[a] != s for a, s in by.items())
    assert {m.actor for m in found.missing} == by.keys() - joined.keys()
    assert {m.actor for m in found.later} == then.keys() - by.keys() - joined.keys()
    assert found.unknown == len((joined.keys() & unlisted) - listed.keys())
    assert found.same + found.other + found.never + found.unknown == len(joined)
    assert (found.share is None) == (not by)
