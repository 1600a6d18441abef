"""A scenario walked step by step: what each step holds, that only its own day moves it, and what the walk refuses."""

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pytest

import foedus as fd
from foedus.blocs.balance import count_triads
from foedus.blocs.graph import signed_graph
from foedus.errors import ParameterError
from foedus.scenario.scenario import Event, Scenario
from foedus.security.hazard import threats
from foedus.studies.sequence import sequence
from foedus.studies.sequence_states import densities, state
from foedus.system.edits import ChangeTie, VoidPact
from foedus.system.nouns import Actor, Border, Member, Pact, Pledge, Tie
from foedus.system.propensity import propensity
from foedus.system.system import System
from foedus.system.values import Quantity

FIRST, LAST = dt.date(1890, 1, 1), dt.date(1894, 12, 31)
DRAWS = 12


@pytest.fixture(scope="module")
def scenario():
    return fd.load_scenario("europe-1872-1914")


@pytest.fixture(scope="module")
def walk(scenario):
    told = []
    found = sequence(scenario, first=FIRST, last=LAST, draws=DRAWS, progress=told.append)
    assert told[-1] == 1.0
    assert told == sorted(told)
    return found


def test_a_step_for_each_day_on_which_a_pact_an_actor_or_an_event_changes(walk):
    assert [s.date.isoformat() for s in walk.steps] == [
        "1890-01-01",
        "1890-06-18",
        "1890-11-29",
        "1891-08-27",
        "1894-01-04",
    ]
    assert [c.id for c in walk.steps[1].changes] == ["reinsurance"]
    assert (walk.first, walk.last) == (FIRST, LAST)
    assert all(s.proved for s in walk.steps)


def test_each_number_is_that_of_the_system_of_the_day(scenario, walk):
    step = walk.steps[4]
    for day, e in (
        (step.date, step.frustrated_centre[0]),
        (step.date + dt.timedelta(days=1), step.frustrated_centre[1]),
    ):
        b = scenario.at(day).blocs(draws=2)
        assert e == pytest.approx(b.two.value / b.total)
    after = scenario.at(step.date + dt.timedelta(days=1))
    assert step.by_type[1] == after.blocs(draws=2).balance.triads
    russia = next(p for p in step.places if p.actor == "RUS")
    world = threats(after, seed=1, draws=DRAWS)
    k = after.index["RUS"]
    assert russia.attacked.after.mean == pytest.approx(world.hazard(k).sum(axis=1).mean())
    assert russia.beaten.after.mean == pytest.approx((world.hazard(k) * (1 - world.hold(k))).sum(axis=1).mean())
    assert step.density == densities(after)


def test_before_and_after_differ_by_the_day_alone(scenario):
    """Draws are keyed by what they are drawn for, so a pact of two far ones hardly moves a state that it does not concern."""
    (step,) = sequence(scenario, first=dt.date(1899, 10, 14), last=dt.date(1899, 10, 14), draws=DRAWS).steps
    serbia = next(p for p in step.places if p.actor == "SER")
    assert abs(serbia.attacked.change.mean) < 1e-3 * serbia.attacked.before.mean
    assert serbia.attacked.change.high - serbia.attacked.change.low < 1e-2 * (
        serbia.attacked.before.high - serbia.attacked.before.low
    )
    portugal = next(p for p in step.places if p.actor == "POR")
    assert abs(portugal.attacked.change.mean) > 10 * abs(serbia.attacked.change.mean)


def test_blocs_keep_their_letters_and_moves_are_told(walk):
    for s in walk.steps:
        sides = {p.actor: p.bloc for p in s.places}
        assert sides["GMY"] == sides["AUH"] != sides["FRN"] == sides["RUS"]
        assert s.moved == tuple(p.actor for p in s.places if p.was not in {None, p.bloc})
    assert len({next(p.bloc for p in s.places if p.actor == "GMY") for s in walk.steps}) == 1
    assert {p.bloc for p in walk.steps[0].bloc("A")} == {"A"}


def test_a_move_on_the_day_and_a_drift_between(scenario):
    """Italy leaves on 6 October 1908, when two Austro-Russian pacts end: a move if that day is a step, a drift if it is not."""
    first, last = dt.date(1908, 10, 5), dt.date(1910, 1, 1)
    seen = sequence(scenario, first=first, last=last, draws=2)
    assert {s.date.isoformat(): s.moved for s in seen.steps if s.moved} == {"1908-10-06": ("ITA",)}
    assert not any(s.drifted for s in seen.steps)
    unseen = sequence(scenario, first=first, last=last, draws=2, kinds=["event"])
    assert {s.date.isoformat(): s.drifted for s in unseen.steps if s.drifted} == {"1910-01-01": ("ITA",)}
    assert not any(s.moved for s in unseen.steps)


def test_those_who_enter_have_no_before(scenario):
    (step,) = sequence(scenario, first=dt.date(1878, 7, 13), last=dt.date(1878, 7, 13), draws=3).steps
    serbia = next(p for p in step.places if p.actor == "SER")
    assert (serbia.was, serbia.was_membership, serbia.attacked, serbia.beaten, serbia.moved) == (
        None,
        None,
        None,
        None,
        False,
    )
    assert serbia.bloc in {"A", "B"}
    found = sequence(scenario, first=dt.date(1878, 7, 13), last=dt.date(1878, 7, 13), draws=3)
    row = found.places().filter(found.places()["actor"] == "SER").to_dicts()[0]
    assert row["beaten_before"] is None
    assert found.names["SER"] == "Serbia"


def test_the_gap_is_the_share_of_bloc_a_less_that_of_b(scenario, walk):
    step = walk.steps[4]
    after = state(scenario.at(step.date + dt.timedelta(days=1)), draws=DRAWS, seed=1)
    sample = propensity(after.system, seed=1, n_draws=DRAWS)
    a = np.array([p.bloc == "A" for p in step.places])
    rough = (sample.power[:, a].sum(axis=1) - sample.power[:, ~a].sum(axis=1)).mean()
    assert step.gap.after.low <= rough <= step.gap.after.high
    assert after.first.min() >= 0
    assert after.first.max() <= 1


def test_triads_of_a_draw_by_hand(scenario):
    s = state(scenario.at(dt.date(1894, 1, 5)), draws=3, seed=1)
    sample = propensity(s.system, seed=1, n_draws=3)
    for d in range(3):
        live = sample.weight[d] != 0
        rows = [
            (str(i), str(j), w)
            for i, j, w in zip(
                sample.i[live].tolist(), sample.j[live].tolist(), sample.weight[d][live].tolist(), strict=True
            )
        ]
        assert s.triad_share[d] == pytest.approx(count_triads(signed_graph(rows)).share)


def test_the_same_seed_gives_the_same_bits(scenario, walk):
    again = sequence(scenario, first=FIRST, last=LAST, draws=DRAWS)
    assert again.table().equals(walk.table())
    assert again.places().equals(walk.places())


def test_layers_can_be_left_out(scenario):
    first, last = dt.date(1904, 4, 8), dt.date(1904, 4, 8)
    (with_,), (without,) = (
        sequence(scenario, first=first, last=last, draws=2, without=w).steps for w in ((), ("alignment",))
    )
    assert with_.density["aligned"] > without.density["aligned"] == 0
    found = sequence(scenario, first=first, last=last, draws=2, without=("alignment",))
    assert "alignment" not in {p.kind for p in found.pacts}


def test_ties_may_be_steps_and_the_walk_ends_with_the_last_beginning(scenario):
    ties = sequence(scenario, first=dt.date(1898, 9, 18), last=dt.date(1898, 9, 18), draws=2, kinds=["tie"])
    assert [c.name.split()[0] for c in ties.steps[0].changes] == ["UKG-FRN"]
    tail = sequence(scenario, first=dt.date(1914, 1, 1), draws=2)
    assert [s.date.isoformat() for s in tail.steps] == ["1914-01-01"]
    assert tail.last == dt.date(1914, 7, 12)


def test_a_member_that_joins_is_named(scenario):
    found = sequence(scenario, first=dt.date(1888, 5, 15), last=dt.date(1888, 5, 15), draws=2)
    assert found.table()["changes"].to_list() == [
        "Austro-Hungarian-Romanian alliance with German and Italian accession: ITA joins"
    ]


def test_tables(walk):
    frame = walk.table()
    assert frame.height == len(walk.steps)
    assert frame["changes"].to_list()[1] == "Reinsurance Treaty ends"
    assert frame["bloc_a"].to_list()[0].count(",") == len(walk.steps[0].bloc("A")) - 1
    assert walk.places().height == sum(len(s.places) for s in walk.steps)
    plain = json.loads(json.dumps(walk.to_dict(), default=str))
    assert plain["steps"][1]["changes"][0]["sources"] == "goriainov-1918, wp-reinsurance"
    assert plain["places"][0]["date"] == "1890-01-01"
    assert {p.id for p in walk.pacts} >= {"triple-alliance", "reinsurance", "franco-russian-alliance"}
    assert "entente-cordiale" not in {p.id for p in walk.pacts}


def made(*ties, pacts=(), events=()):
    """Three actors without more than what is given."""
    actors = tuple(Actor(a, a, sources=("s",)) for a in ("AA", "BB", "CC"))
    return Scenario(
        System("made", "Made", dt.date(1900, 1, 1), actors, tuple(pacts), tuple(ties)), tuple(events), (), "made", "0"
    )


def tie(a, b, value):
    return Tie(a, b, "interest", Quantity(value, value), sources=("s",))


def test_a_system_without_ties_gets_them():
    """Nobody in any bloc before, no triad, no capability known: shares are alike and say nothing, and no number is invented."""
    event = Event(
        "quarrel", dt.date(1901, 1, 1), (ChangeTie("AA", "BB", "rivalry", Quantity(-0.9, -0.5)),), "A quarrel.", ("s",)
    )
    found = sequence(made(events=(event,)), draws=3)
    (step,) = found.steps
    assert step.triads is None
    assert step.frustrated_centre == (0.0, 0.0)
    assert [(p.actor, p.bloc, p.membership is None) for p in step.places if p.actor == "CC"] == [("CC", None, True)]
    assert {p.bloc for p in step.places if p.actor != "CC"} == {"A", "B"}
    assert step.moved == ()
    assert step.gap.before.mean == pytest.approx(0.0)
    assert found.table()["triads_after"].to_list() == [None]


def test_all_friends_and_a_pact_that_ends():
    pact = Pact("p", "P", "treaty", (Member("AA"), Member("BB")), (Pledge("AA", "defense"),), start=dt.date(1890, 1, 1), end=dt.date(1901, 1, 1), sources=("s",))  # fmt: skip
    scenario = made(tie("AA", "BB", 0.5), tie("BB", "CC", 0.5), tie("AA", "CC", 0.5), pacts=(pact,))
    found = sequence(scenario, last=dt.date(1901, 1, 1), draws=3)
    (step,) = found.steps
    assert step.triads.after.mean > 0
    assert step.density == {"pledged": 0.0, "aligned": 0.0, "rival": 0.0, "at_war": 0.0}
    assert {p.bloc for p in step.places} == {"A"}
    border = scenario.system.with_(borders=(Border("AA", "BB", "land"),))
    assert densities(border)["pledged"] == pytest.approx(1 / 3)


def test_densities_by_hand():
    july = fd.load("europe-1914")
    pledged, aligned, rival, war = set(), set(), set(), set()
    for _, pledge, to in july.pledges():
        pledged.add(frozenset((pledge.by, to)))
    for pact in july.active_pacts():
        if pact.kind == "alignment":
            aligned |= {
                frozenset((a, b))
                for a in pact.active_members(july.date)
                for b in pact.active_members(july.date)
                if a != b
            }
    for t in july.active_ties():
        if t.reason in {"rivalry", "territory", "injury", "war"}:
            rival.add(frozenset((t.a, t.b)))
        if t.reason == "war":
            war.add(frozenset((t.a, t.b)))
    pairs = 16 * 15 / 2
    assert densities(july) == pytest.approx({"pledged": len(pledged) / pairs, "aligned": len(aligned) / pairs, "rival": len(rival) / pairs, "at_war": len(war) / pairs})  # fmt: skip


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"draws": 1}, "at least 2"),
        ({"draws": True}, "at least 2"),
        ({"kinds": ["quarrel"]}, "some of event"),
        ({"kinds": []}, "a change between the two days"),
        ({"first": dt.date(1895, 5, 1), "last": dt.date(1895, 5, 2)}, "a change between the two days"),
        ({"without": ["treaty"]}, "one of alignment"),
        ({"last": dt.date(1800, 1, 1)}, "or later"),
    ],
)
def test_refusals(scenario, options, told):
    with pytest.raises(ParameterError, match=told):
        sequence(scenario, **{"draws": 2, **options})


def test_what_an_edit_removes_is_not_walked(scenario):
    """A scenario whose system is edited walks the edited one."""
    edited = replace(scenario, whole=VoidPact("franco-russian-alliance").apply(scenario.whole))
    assert [
        s.date.year for s in sequence(edited, first=dt.date(1891, 1, 1), last=dt.date(1894, 12, 31), draws=2).steps
    ] == [1891]


def test_a_walk_ends_with_the_file(scenario):
    """Days after the file's end are left out, so that the year 1914 may be asked for."""
    found = sequence(scenario, first=dt.date(1912, 10, 1), last=dt.date(1914, 12, 31), draws=2)
    assert found.last == dt.date(1914, 7, 27)
    assert all(s.date < scenario.until for s in found.steps)
