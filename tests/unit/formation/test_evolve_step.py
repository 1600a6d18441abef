"""Ten futures a year at a time: what must hold of them, and the pledges that their wars are fought with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import evolve_twin as twin
import foedus as fd
from foedus.formation import evolve_step as step
from foedus.formation import stage as staged
from foedus.formation.evolve_step import COUNTS, ten
from foedus.formation.fork import pair_keys
from foedus.formation.stage import INNER, Stage, base_of, stage
from foedus.kernels.futures import Weights
from foedus.kernels.obligation import CONSUL, DEFENSE

NEVER = (np.array([-np.inf, *np.zeros(20)]), np.array([-np.inf, *np.zeros(19)]), np.array([-np.inf, *np.zeros(15)]))


@pytest.fixture(scope="module")
def europe():
    return fd.load("europe-1914")


@pytest.fixture(scope="module")
def on(europe) -> Stage:
    return stage(europe, years=3, groups=2, seed=1)


def with_weights(on: Stage, *, form=None, end=None, dispute=None, war=None) -> Stage:
    """Return the stage with some coefficients replaced in every group."""
    made = [Weights(form if form is not None else w.form, end if end is not None else w.end, dispute if dispute is not None else w.dispute,
                    war if war is not None else w.war, w.attacker) for w in on.weights]  # fmt: skip
    return replace(on, weights=made)


def test_without_chances_every_year_is_as_the_fork(on):
    form, end, quarrel = NEVER
    got = ten(with_weights(on, form=form, end=end, dispute=quarrel, war=quarrel), 0)
    assert (got.tied == got.tied[:1]).all()
    assert (got.degree == on.at.allied.sum(axis=1)).all()
    assert not got.fought.any()
    assert not got.disputed.any()
    assert not got.counts[:, :, COUNTS.index("formed") :].any()


def test_a_future_without_pacts_in_which_none_form_has_none(on, europe):
    bare = europe.with_(pacts=())
    form, _, _ = NEVER
    got = ten(with_weights(stage(bare, years=3, groups=1, seed=1), form=form), 0)
    assert not got.tied.any()
    assert not got.degree.any()


def test_counts_agree_with_what_they_count(on):
    got = ten(on, 1)
    column = {name: got.counts[:, :, k] for k, name in enumerate(COUNTS)}
    assert (column["ties"] * 2 == got.degree.sum(axis=2)).all()
    assert (column["ties"].sum(axis=0) == got.tied.sum(axis=1)).all()
    assert (column["balanced"] <= column["closed"]).all()
    assert (column["disputes"] >= column["wars"]).all()
    assert (column["belligerents"] >= 2 * column["wars"]).all()
    assert (np.diff(got.fought.astype(int), axis=0) >= 0).all()
    assert (got.disputed >= got.fought).all()


def test_renaming_nobody_but_reordering_all_leaves_futures_identical(europe):
    back = europe.with_(actors=tuple(reversed(europe.actors)))
    often = np.array([-2.0, *np.zeros(15)])
    lively = [with_weights(stage(s, years=2, groups=1, seed=4), dispute=often, war=often - 3) for s in (europe, back)]
    one, two = (ten(s, 0) for s in lively)
    assert one.counts[:, :, COUNTS.index("wars")].any()
    assert (one.counts == two.counts).all()
    assert (one.degree == two.degree[:, :, ::-1]).all()


def test_years_and_groups_do_not_depend_on_how_many_there_are(europe, on):
    more = stage(europe, years=5, groups=3, seed=1)
    one, two = ten(on, 1), ten(more, 1)
    assert (one.counts == two.counts[:, :4]).all()
    assert (one.tied == two.tied[:4]).all()


def test_two_years_are_those_of_the_plain_twin(on):
    """All rules of a year but the course of a war, which the engine gives both, pair by pair in plain Python."""
    always = np.array([-2.0, *np.zeros(15)])
    lively = with_weights(
        on, form=np.array([-3.0, *np.zeros(20)]), end=np.array([-1.0, *np.zeros(19)]), dispute=always, war=always - 3
    )
    got = ten(replace(lively, years=2), 0)
    n, ids = len(on.at.ids), on.at.ids
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    keys = pair_keys(ids, "pair")
    ground = twin.ground_of(on)
    now, plain = step._Now(lively, 0), step._Now(lively, 0)
    out = ten(replace(lively, years=2), 0)
    for sums in (out.called, out.kept, out.joined):
        sums[:] = 0
    called, kept, entered = set(), set(), set()
    for year in range(2):
        factor, fights, codes = step._factors(lively, 0, year), [], []
        for b in range(INNER):
            state = {
                "share": np.exp(plain.log_share[b]), "regime": plain.regime[b], "allied": plain.allied[b], "tie_age": plain.tie_age[b],
                "dispute_age": plain.dispute_age[b], "fighting": plain.until[b] >= year,
            }  # fmt: skip
            codes.append(twin.codes(1, keys, b, year, state, ground, lively.weights[0], factor[b]))
            for p, code in enumerate(codes[b]):
                if code & twin.WAR:
                    i, j = pairs[p] if not code & twin.SECOND else pairs[p][::-1]
                    fights.append(step._fight(lively, 0, year, plain, b, i, j, p))
                    side = fights[-1][1]
                    for x in range(n):
                        pair = (b, min(x, j), max(x, j))
                        if x not in (i, j) and plain.allied[b, x, j] and pair not in called:
                            called.add(pair)
                            kept |= {pair} if side[x] == side[j] else set()
                        if x not in (i, j) and side[x]:
                            entered.add((b, x))
        for b in range(INNER):
            for p, (i, j) in enumerate(pairs):
                code = codes[b][p]
                for x, y in ((i, j), (j, i)):
                    plain.tie_age[b, x, y] += 1
                    plain.dispute_age[b, x, y] += 1
                    if code & (twin.FORMED | twin.ENDED):
                        plain.allied[b, x, y], plain.tie_age[b, x, y] = bool(code & twin.FORMED), 0.5
                    if code & twin.DISPUTE:
                        plain.dispute_age[b, x, y] = 0.5
        for b, side, until in fights:
            for i, j in [(x, y) for x in range(n) for y in range(n) if side[x] and side[y] and side[x] != side[y]]:
                plain.dispute_age[b, i, j] = 0.5
                if plain.allied[b, i, j]:
                    plain.allied[b, i, j], plain.tie_age[b, i, j] = False, 0.5
                plain.until[b, i, j] = max(plain.until[b, i, j], until[i, j])
        step._year(
            lively,
            step.futures.fixed(lively.weights[0], on.ground),
            0,
            year,
            now,
            out,
        )
        plain.log_share, plain.regime = now.log_share, now.regime
        off = ~np.eye(n, dtype=bool)
        for name in ("allied", "tie_age", "dispute_age", "until"):
            assert (getattr(now, name)[:, off] == getattr(plain, name)[:, off]).all(), name
        assert fights
    assert (got.degree[:, 2] == plain.allied.sum(axis=2)).all()
    for name, plainly in (("called", called), ("kept", kept)):
        counted = [sum((b, i, j) in plainly for b in range(INNER)) for i, j in pairs]
        assert getattr(got, name)[2].tolist() == counted, name
    assert got.joined[2].tolist() == [sum((b, x) in entered for b in range(INNER)) for x in range(n)]
    assert called > kept > set()


def test_the_events_of_a_future_are_those_that_are_counted(on):
    always = np.array([-3.0, *np.zeros(15)])
    lively, log = with_weights(on, dispute=always, war=always - 2), []
    got = ten(lively, 1, log=log)
    assert {e.future for e in log} <= set(range(INNER, 2 * INNER))
    for k in range(INNER):
        mine = [e for e in log if e.future == INNER + k]
        for year in range(3):
            told = [e.what for e in mine if e.year == 1914 + year]
            now = dict(zip(COUNTS, got.counts[k, year + 1].tolist(), strict=True))
            assert told.count("pact forms") == now["formed"]
            assert told.count("pact ends") == now["ended"]
            assert told.count("dispute") + told.count("war") == now["disputes"]
            assert told.count("war") == now["wars"]
            assert told.count("joins the war") + 2 * told.count("war") == now["belligerents"]
    assert "joins the war" in {e.what for e in log}


def test_a_pledge_stands_while_its_pair_is_allied_and_a_new_pact_is_a_pledge(on):
    now = step._Now(on, 0)
    g, a, s = (on.at.ids.index(x) for x in ("GMY", "AUH", "SER"))
    now.allied[0, g, a] = now.allied[0, a, g] = False
    now.allied[0, g, s] = now.allied[0, s, g] = True
    field, pledges = step._field(on, 0, now, 0)
    between = (pledges.by == g) & (pledges.to == a)
    assert between.any()
    assert (pledges.kind[between] == CONSUL).all()
    for x, y in ((g, s), (s, g)):
        new = (pledges.by == x) & (pledges.to == y) & (pledges.kind == DEFENSE)
        assert new.sum() == 1
        assert field.honour[0, new] == pytest.approx(on.bound[0])
        assert pledges.target_mode[new] == 0
        assert not pledges.targets[new].any()
    assert field.power.sum() == pytest.approx(1)
    assert field.honour.shape[1] == len(field.pledge_key) == len(pledges.by) == len(pledges.targets)
    again, same = step._field(on, 0, step._Now(on, 0), 0)
    assert len(same.by) == on.pool.real
    assert again.honour.shape == (1, on.pool.real)
    assert not (same.kind == CONSUL).any()


def test_wars_break_pacts_between_opponents(on):
    certain = np.array([50.0, *np.zeros(15)])
    form, end, _ = NEVER
    got = ten(with_weights(on, form=form, end=end, dispute=certain, war=certain), 0)
    assert not got.tied[1].any()
    assert (got.fought[1] == INNER).all()


def test_a_war_of_the_fork_ends_for_all_who_are_in_it_at_once(on):
    n = len(on.at.ids)
    at_war = np.zeros((n, n), dtype=bool)
    for i, j in ((0, 1), (1, 2), (4, 5)):
        at_war[i, j] = at_war[j, i] = True
    at = replace(on.at, at_war=at_war)
    parts = staged._wars(at)
    assert parts[0] == parts[1] == parts[2] != parts[4]
    assert parts[3] == -1
    fought = replace(on, at=at, parts=parts)
    now = step._Now(fought, 0)
    assert (now.until[:, 0, 1] >= 0).all()
    for year in range(12):
        step._armistice(fought, 0, year, now)
    assert (now.until[:, 0, 1] == now.until[:, 1, 2]).all()
    assert (now.until[:, 0, 1] != now.until[:, 4, 5]).any()
    assert (now.until[:, 0, 1] < step._OPEN).mean() > 0.8
    assert (now.until[:, 0, 2] == -1).all()


def test_a_common_factor_has_mean_one_and_its_variance(on):
    got = np.exp(np.concatenate([step._factors(on, k, y) for k in range(0, 4000, 10) for y in range(3)]))
    assert got.mean(axis=0) == pytest.approx(np.ones(3), abs=0.12)
    assert got.var(axis=0) == pytest.approx(np.array(on.spread), rel=0.25)
    assert not step._factors(replace(on, spread=(0.0, 0.0, 0.0)), 0, 0).any()


def test_an_unknown_distance_is_drawn_by_group(europe):
    lost = europe.with_(
        actors=tuple(
            type(a)(**({k: getattr(a, k) for k in a.__slots__} | ({"place": None} if a.id == "MNG" else {})))
            for a in europe.actors
        )
    )
    on = stage(lost, years=1, groups=3, seed=1)
    one, two = (base_of(on, g) - step.futures.fixed(on.weights[g], on.ground) for g in (0, 1))
    assert not one.any()
    i, j = np.triu_indices(len(on.at.ids), 1)
    m = on.at.ids.index("MNG")
    assert two[(i == m) | (j == m)].any()
    assert not two[(i != m) & (j != m)].any()


def test_pledges_are_kept_once_on_the_same_terms(on, europe):
    world = on.world
    plain = ~(world.pledges.targets.any(axis=1) | world.pledges.excluded.any(axis=1))
    named = int((~plain & (world.pledges.kind != CONSUL)).sum())
    doubled = world.pledges.__class__(*(np.concatenate([v, v]) for v in world.pledges))
    field = world.field._replace(
        honour=np.concatenate([world.field.honour, world.field.honour - 1], axis=1),
        pledge_key=np.tile(world.field.pledge_key, 2),
    )
    pool = staged._pool(staged.Theatre(field, doubled, []))
    assert pool.real == on.pool.real + named
    unnamed = [set(), set()]
    for q, found in zip((pool, on.pool), unnamed, strict=True):
        for r in range(q.real):
            if not (q.pledges.targets[r].any() or q.pledges.excluded[r].any()):
                found.add(
                    (
                        int(q.pledges.by[r]),
                        int(q.pledges.to[r]),
                        int(q.pledges.kind[r]),
                        round(float(q.honour[0, r]), 9),
                    )
                )
    assert unnamed[0] == unnamed[1]
    assert not (pool.pledges.kind[: pool.real] == CONSUL).any()
