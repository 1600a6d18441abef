"""The debate on deterrence on made-up rows with planted effects, and its fits against the room's general logit."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from foedus.errors import DataError, ParameterError
from foedus.estimate import covariance
from foedus.estimate.logit import logit_arrays
from foedus.studies.debate import LAST, Debate, debate, debated, word
from foedus.studies.debate_fit import Design, Pairs, columns, fit
from foedus.studies.debate_plan import BOTH, CHOICES, JOHNSON, LEEDS, VARIANTS, Plan, described, made
from foedus.studies.debate_rows import DebateRows
from foedus.studies.debate_ways import contrasts

FIRST, FINAL = 1930, 1961


def made_rows(new, old, *, new_after=None, old_after=None, seed=0, states=14):
    """Return rows in which a new pact adds ``new`` to the log-odds of a dispute and an older one ``old``; other values from 1946."""
    rng = np.random.default_rng(seed)
    codes, years = np.arange(100, 100 + states), np.arange(FIRST, FINAL + 1)
    i, j, year = (a.ravel() for a in np.meshgrid(codes, codes, years, indexing="ij"))
    apart = i != j
    i, j, year = i[apart], j[apart], year[apart]
    n = len(i)
    status = rng.choice(3, size=n, p=[0.4, 0.15, 0.45])
    late = year >= 1946
    effect = np.select(
        [status == 1, status == 2],
        [np.where(late, new if new_after is None else new_after, new), np.where(late, old if old_after is None else old_after, old)],
    )  # fmt: skip
    rivalry, offence = rng.random(n) < 0.2, rng.random(n) < 0.2
    dispute = rng.random(n) < 1 / (1 + np.exp(1.9 - effect - 0.8 * rivalry - 0.7 * offence))
    force = dispute & (rng.random(n) < 0.8)
    flag = lambda p: rng.random(n) < p  # noqa: E731
    return DebateRows(
        i.astype(np.int32), j.astype(np.int32), year.astype(np.int32), np.ones(n, np.float32), dispute, force, force & flag(0.3), flag(0.7),
        status > 0, status == 1, (status == 1) | flag(0.5), (status > 0) | flag(0.05), (status > 0) & flag(0.9), offence, flag(0.4), flag(0.2), rng.random(n).astype(np.float32),
        rng.random(n).astype(np.float32), flag(0.3).astype(np.float32), rng.random(n).astype(np.float32),
        rng.integers(0, 40, n).astype(np.float32), rivalry, {"distance unknown": 3}, "gml",
    )  # fmt: skip


@pytest.fixture(scope="module")
def flipped():
    return debated(made_rows(0.9, -1.6, new_after=-0.8, old_after=0.8), FIRST, FINAL, draws=100)


@pytest.fixture(scope="module")
def level():
    return debated(made_rows(-1.2, -1.2, seed=1), FIRST, FINAL, draws=100)


def test_the_choice_that_was_planted_is_named(flipped):
    way = flipped.ways[-1]
    assert way.name.startswith(LEEDS)
    assert way.flips
    assert way.flips_drawn > 0.8
    assert way.names() == "pact"
    assert "pact" in way.most_often()
    named = next(s for s in way.steps if s.choice == "pact")
    assert named.effect[1] > 0
    assert named.turns_drawn > 0.5
    assert sum(s.effect[0] for s in way.steps) == pytest.approx(way.difference[0])
    assert way.difference[0] == pytest.approx(way.end.coef[1] - way.start.coef[1])
    assert sum(s.turns for s in way.steps) == pytest.approx(1.0)


def test_new_and_older_pacts_part_by_era_as_planted(flipped):
    before, nuclear = (flipped.apart()[f"{BOTH}, {era}"] for era in ("to 1944", "from 1946"))
    assert before[0] == pytest.approx(2.5, abs=0.6)
    assert nuclear[0] == pytest.approx(-1.6, abs=0.6)
    assert word(*before[1:]) == "higher"
    assert word(*nuclear[1:]) == "lower"
    first, second, difference = flipped.eras["new"]
    assert first[0] > 0 > second[0]
    assert difference[0] == pytest.approx(second[0] - first[0])
    assert difference[2] < 0


def test_nothing_is_named_where_nothing_flips(level):
    assert [w.flips for w in level.ways] == [False] * 3
    assert [w.names() for w in level.ways] == [None] * 3
    assert level.ways[-1].most_often() == ()
    table = level.table()
    pact = table.filter((table["design"] == JOHNSON) & (table["term"] == "pact")).row(0, named=True)
    assert pact["log_odds"] == pytest.approx(-1.2, abs=0.25)
    assert (pact["found"], pact["predicted"]) == ("lower", "lower")
    assert (level.multiverse()["found"] != "higher").all()


def test_every_combination_is_there_once(level):
    rows = level.multiverse()
    assert rows.height == 192 == rows.select(*CHOICES).unique().height
    assert rows["log_odds"].is_sorted()
    levels = level.levels()
    assert (levels["combinations"] == levels["lower"] + levels["higher"] + levels["interval includes no change"]).all()
    assert levels.filter(levels["choice"] == "pact")["combinations"].to_list() == [96, 96]
    assert levels.filter(levels["choice"] == "period")["combinations"].to_list() == [64, 64, 64]


def test_the_record_is_json_and_the_same_again(level):
    again = debated(made_rows(-1.2, -1.2, seed=1), FIRST, FINAL, draws=100)
    assert json.dumps(level.to_dict()) == json.dumps(again.to_dict())
    assert (level.to_dict()["draws"], level.to_dict()["seed"]) == (100, 1)
    assert level.to_dict()["left_out"] == {"distance unknown": 3}
    assert {v for n, v in level.variants if n == BOTH} == {"force", "war", "splines"}
    assert {v for n, v in level.variants if n == LEEDS} == set(VARIANTS)


@pytest.mark.parametrize("design", [Design(), Design("new and older", True, True, "force", True, True, 1930, 1944)])
def test_a_fit_is_that_of_the_general_logit(design):
    rows = made_rows(0.5, -0.5)
    pairs = Pairs.of(rows)
    chosen = np.flatnonzero(design.rows(rows))
    terms, x = columns(rows, design, chosen, pairs.which[chosen])
    y = getattr(rows, design.outcome)[chosen].astype(int)
    dyad = (rows.challenger[chosen], rows.target[chosen])
    found = fit(rows, design)
    twin = logit_arrays(x, y, terms=terms, errors=("classical", "cluster"), cluster=rows.year[chosen])
    assert found.terms == terms
    np.testing.assert_allclose(found.coef, twin.coef[0], atol=1e-6)
    np.testing.assert_allclose(found.covariances["years"], twin.covariance("cluster"), atol=1e-6)
    scores = x * (y - twin.predict(x))[:, None]
    by_member = covariance.dyadic(twin.covariance("classical"), scores, *dyad, strict=False)
    np.testing.assert_allclose(found.covariances["members"], by_member, atol=1e-6)
    by_pair = logit_arrays(x, y, terms=terms, errors="cluster", cluster=pairs.which[chosen])
    np.testing.assert_allclose(found.covariances["pairs"], by_pair.covariance(), atol=1e-6)
    assert (found.n, found.events) == (len(y), y.sum())
    assert found.raw == pytest.approx([y[x[:, 1] == k].mean() for k in (0, 1)])


def test_a_weight_counts_a_row_so_many_times():
    rows = made_rows(0.5, -0.5)
    heavy = np.arange(len(rows.year)) % 3 == 0
    weighted = replace(rows, weight=np.where(heavy, 2, 1).astype(np.float32))
    doubled = rows.take(np.concatenate([np.arange(len(heavy)), np.flatnonzero(heavy)]))
    one, two = (fit(r, Design()) for r in (weighted, doubled))
    np.testing.assert_allclose(one.coef, two.coef, atol=1e-7)
    np.testing.assert_allclose(one.covariances["members"], two.covariances["members"], atol=1e-7)


def test_splines_hold_a_line_and_bend_at_their_knots_only():
    rows = made_rows(0.5, -0.5)
    every = np.arange(len(rows.year))
    terms, x = columns(rows, Design(time="splines"), every, Pairs.of(rows).which)
    bent = x[:, [k for k, t in enumerate(terms) if t.startswith("peace")]]
    assert bent.shape[1] == 4
    np.testing.assert_allclose(bent.T @ bent / len(bent), np.eye(4), atol=1e-8)
    peace = rows.peace.astype(float)
    gap = np.linalg.lstsq(bent, peace, rcond=None)[1]
    assert gap[0] == pytest.approx(0, abs=1e-6 * (peace @ peace))
    curve = dict(zip(peace.tolist(), bent.tolist(), strict=True))
    third = np.diff([curve[float(p)] for p in range(8, 40)], n=3, axis=0)
    np.testing.assert_allclose(
        third, np.broadcast_to(third.mean(axis=0), third.shape), atol=1e-6
    )  # one cubic beyond the last knot


def test_the_joint_covariance_holds_each_fit_s_own():
    rows = made_rows(0.5, -0.5)
    pairs = Pairs.of(rows)
    one, two = fit(rows, Design(), pairs=pairs), fit(rows, Design(relevant=True), pairs=pairs)
    spans, joint = contrasts([one, two], np.array([[1.0, 0.0], [1.0, -1.0]]), pairs)
    assert joint[0, 0] == pytest.approx(one.covariances["members"][1, 1])
    assert joint[1, 1] == pytest.approx(two.covariances["members"][1, 1])
    assert spans[1][0] == pytest.approx(one.coef[1] - two.coef[1])
    assert contrasts([one, one], np.array([[1.0, -1.0]]), pairs)[0][0] == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)


def test_designs_without_an_estimate_say_so():
    rows = made_rows(0.5, -0.5)
    with pytest.raises(DataError, match="without events"):
        fit(replace(rows, dispute=np.zeros(len(rows.year), dtype=bool)), Design())
    apart = replace(rows, dispute=rows.dispute & ~rows.pact, force=rows.force & ~rows.pact, war=rows.war & ~rows.pact)
    with pytest.raises(DataError, match="No finite estimate"):
        fit(apart, Design())
    with pytest.raises(DataError, match="No finite estimate"):
        debated(apart, FIRST, FINAL, draws=10)
    with pytest.raises(DataError, match="sums of each other"):
        fit(replace(rows, backing=rows.offence), Design())


def test_rows_of_a_term_that_no_event_has_are_left_out():
    rows = made_rows(0.5, -0.5)
    free = replace(rows, dispute=rows.dispute & (rows.democratic == 0))
    found = fit(free, Design())
    assert found.perfect == ("democratic",)
    assert "democratic" not in found.terms
    assert found.n == (rows.democratic == 0).sum()
    every = np.arange(len(rows.year))
    terms, x = columns(free, Design(), every, Pairs.of(free).which)
    far = x.copy()
    far[:, terms.index("democratic")] *= 30.0  # the limit: so far that those rows have no chance of an event
    eta = far @ np.array([found.coef[found.terms.index(t)] if t in found.terms else -1.0 for t in terms])
    score = far.T @ (free.dispute - 1 / (1 + np.exp(-eta)))
    assert np.abs(score).max() < 1e-4


def test_a_variant_without_an_estimate_is_left_empty():
    rows = made_rows(0.5, -0.5)
    calls = []
    found = debated(
        replace(rows, war=np.zeros(len(rows.year), dtype=bool)), FIRST, FINAL, draws=10, progress=calls.append
    )
    assert found.variants[LEEDS, "war"] is None
    assert found.variants[LEEDS, "splines"] is not None
    assert {"design": LEEDS, "variant": "war"} in found.to_dict()["variants"]
    assert calls[-1] == 1.0
    assert isinstance(found, Debate)


def test_plans_and_words():
    plan = Plan(1816, LAST)
    assert len(plan.cube()) == 192
    assert set(plan.published().values()) <= set(plan.all_designs())
    assert made(["a", "b", "c"], 5) == {"a", "c"}
    assert described(plan.published()[LEEDS]) == {
        "pact": "in force", "years": "all", "pairs": "relevant", "outcome": "dispute", "rivalry": "left out",
        "means": "between and within", "period": "1816-1944",
    }  # fmt: skip
    assert [word(*x) for x in ((-2, -1), (1, 2), (-1, 1))] == ["lower", "higher", "interval includes no change"]


@pytest.mark.parametrize(
    ("more", "what"), [({"first": 1950}, "first, last"), ({"draws": 0}, "draws"), ({"data": "mid"}, "data")]
)
def test_arguments_out_of_range_are_refused(more, what):
    with pytest.raises(ParameterError, match=what):
        debate(**more, data_dir="nowhere")
