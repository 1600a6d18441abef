"""Wars too rare to wait for: unbiased against plain draws and against a case that can be worked out, whatever the plan."""

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.kernels import cascade, streams
from foedus.war import rare
from foedus.war.rare import Course, Plan, rare_war


def test_agrees_with_plain_draws(quartet):
    plain = quartet.war("AA", "CC", draws=40_000, seed=3)
    seen = (plain.share >= 0.9 - 1e-9).mean()
    found = rare_war(quartet, "AA", "CC", share=0.9, draws=20_000, seed=4)
    assert found.chance.mean == pytest.approx(seen, abs=4 * np.hypot(found.chance.mc_error, np.sqrt(seen / 40_000)))
    assert found.given["AA"] == pytest.approx(1.0)
    assert found.table()["share"][0] == pytest.approx(1.0)
    assert found.to_dict()["standing"] == "simulated"


@pytest.mark.parametrize(
    ("levels", "copies", "tilt"),
    [((), (), 0), ((0.61, 0.78), (3, 2), 0), ((0.78,), (5,), 0.2), ((0.7, 0.78, 0.9), (2, 4, 3), 0.2)],
)
def test_unbiased_whatever_the_plan(quartet, monkeypatch, levels, copies, tilt):
    values = cascade_values(quartet)
    heights = np.linspace(1, 1 + tilt * values, values)
    monkeypatch.setattr(rare, "_pilot", lambda *_: Plan(np.array(levels), copies, heights / heights.sum()))
    found = rare_war(quartet, "AA", "CC", share=0.9, draws=20_000, seed=9)
    plain = quartet.war("AA", "CC", draws=60_000, seed=5)
    share = (plain.share >= 0.9 - 1e-9).mean()
    assert found.chance.mean == pytest.approx(share, abs=5 * np.hypot(found.chance.mc_error, np.sqrt(share / 60_000)))
    assert (found.levels, found.copies) == (levels, copies)
    assert found.wars >= found.roots == 20_000


@pytest.mark.parametrize(("tilt", "error"), [(0.0, 1e-12), (0.001, 0.015)])
def test_what_every_war_reaches_has_chance_one(quartet, monkeypatch, tilt, error):
    """The two of the first shot have .6 of all capability, above both levels: weights and copies must cancel."""
    values = cascade_values(quartet)
    heights = np.linspace(1, 1 + tilt * values, values)
    monkeypatch.setattr(rare, "_pilot", lambda *_: Plan(np.array([0.1, 0.2]), (3, 2), heights / heights.sum()))
    found = rare_war(quartet, "AA", "CC", share=0.3, draws=5_000, seed=9)
    assert found.chance.mean == pytest.approx(1.0, abs=error)
    assert found.wars == 5_000 * (1 + 3 + 6)


def test_the_draws_of_the_pilot_are_not_used_again(quartet, monkeypatch):
    used = {"heights": [], "wars": []}
    for name, place, key, at in (("_heights", rare, "heights", 2), ("spread", rare.cascade, "wars", 0)):
        plain = getattr(place, name)
        monkeypatch.setattr(
            place, name, lambda *a, plain=plain, key=key, at=at: used[key].append(int(a[at])) or plain(*a)
        )
    rare_war(quartet, "AA", "CC", share=0.9, draws=50, seed=7)
    assert used["heights"][-1] == used["wars"][-1] == 7
    pilot = set(used["heights"][:-1])
    assert len(pilot) == 1
    assert set(used["wars"]) == pilot | {7}
    assert 7 not in pilot


def cascade_values(system):
    from foedus.war.field import theatre

    return theatre(system, seed=1, outer=1).field.frailty.shape[1]


def test_a_chance_that_can_be_worked_out():
    """Two outsiders enter side B at constant rates and nobody leaves: both have entered by the horizon with the product of two chances."""
    n, k = 4, len(cascade.CUTS)
    theta = np.zeros((1, len(cascade.RATE_TERMS)))
    never = np.full((1, k), -100.0)
    major = np.array([0.0, 0.0, 1.0, 0.0])
    theta[0, [0, cascade.RATE_TERMS.index("target"), cascade.RATE_TERMS.index("major")]] = (
        -300.0,
        300.0 + np.log(1e-4),
        np.log(3.0),
    )
    field = cascade.Field(
        theta, np.zeros((1, 0)), np.zeros((1, k)), np.full((1, 7), -50.0), np.full((1, 5), -100.0), never, np.full((1, 3), -100.0), never,
        np.ones((1, 2)), np.zeros(1), np.ones(1), np.full((1, n), 0.25), np.zeros((1, n, n)), np.zeros((1, n, n)), np.ones((1, n, n)), major,
        streams.keys_of(list("abcd")), np.zeros(0, dtype=np.uint64),
    )  # fmt: skip
    stage = rare.Theatre(field, empty_pledges(n), [])
    course = Course(stage, (0, 1), 365.0, 7, 1)
    levels, copies, draws = np.array([0.75]), 6, 30_000
    rows = rare.Rows(np.arange(draws), np.zeros((draws, 0), dtype=np.uint64), np.zeros(draws, dtype=np.int64))
    _, masses = course.wars(rows, levels)
    _, masses = course.wars(rows.continued(masses >= 0.75, copies), levels)
    truth = (1 - np.exp(-3e-4 * 365)) * (1 - np.exp(-1e-4 * 365))
    got = (masses >= 1 - 1e-9).sum() / copies / draws
    assert truth == pytest.approx(0.0037174, abs=1e-6)
    assert got == pytest.approx(truth, rel=0.12)


def empty_pledges(n):
    from foedus.kernels.obligation import Pledges

    none, no = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    return Pledges(
        none, none, none, none, np.zeros((0, n), dtype=bool), np.zeros((0, n), dtype=bool), none, no, none, no, no
    )


def test_the_pilot_sets_levels_below_the_share_and_the_seed_decides(quartet):
    found = rare_war(quartet, "AA", "CC", share=1.0, draws=2_000, seed=2)
    again = rare_war(quartet, "AA", "CC", share=1.0, draws=2_000, seed=2, workers=2)
    assert found == again
    assert all(x < 1.0 for x in found.levels)
    assert len(found.levels) == len(found.copies)


def test_a_war_that_nobody_can_join_is_not_said_to_be_impossible(quartet):
    from foedus.system.edits import RemoveActor

    alone = quartet
    for name in ("BB", "DD"):
        alone = RemoveActor(name).apply(alone)
    found = rare_war(alone, "AA", "CC", share=1.0, draws=50, seed=1, days=1e-6)
    assert found.reached == 0
    assert found.gain is None
    assert found.given == {}
    assert found.chance.high > 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"share": 0.0}, "share"), ({"share": 1.5}, "share"), ({"draws": 0}, "draws"), ({"workers": 0}, "workers"), ({"days": 0.0}, "days"),
        ({"target": "AA"}, "target"),
    ],
)  # fmt: skip
def test_bad_input(quartet, options, words):
    with pytest.raises(ParameterError, match=words):
        rare_war(quartet, "AA", **{"target": "CC", **options})
