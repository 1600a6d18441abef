"""Terms of joining against plain loops over participants, and what relabelling the sides must do to them."""

import math

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.war.features import CONTIGUITY_ALLIANCE, CORE, FROM_1946, NUCLEAR, TERMS, Outlook, of_wars, strongest, term

SEATS = [(0, 0, 0), (0, 0, 1), (0, 1, 2), (1, 0, 3), (1, 1, 0), (1, 1, 4)]
"""Round, side, state of each participant."""
DAYS = ((0, 3), (7, 7), (30, 89), (90, 100), (180, 364), (365, 4000))


@pytest.fixture
def look():
    rng = np.random.default_rng(3)
    n, seats = 7, np.array(SEATS)
    pair = {k: rng.integers(0, 2, (len(seats), n)).astype(float) for k in
            ("defense", "offense", "neutral", "nonagg", "consul", "land", "water", "rival", "common_enemy")}  # fmt: skip
    pair |= {k: rng.integers(0, 4, (len(seats), n)).astype(float) for k in ("opposed", "sided")}
    pair["km"] = rng.uniform(100, 9000, (len(seats), n))
    pair["km"][:, 6] = np.nan
    pair["land"][:, 6] = 0
    state = {"capability": rng.uniform(0, 0.2, (2, n)), "regime": rng.normal(size=(2, n))}
    state |= {k: rng.integers(0, 2, (2, n)).astype(float) for k in ("major", "nuclear")}
    state["capability"][0, 5], state["regime"][1, 0] = 0.0, np.nan
    when = {
        "day": np.array([7.0, 400.0]),
        "year": np.array([1914.0, 1995.0]),
        "states": np.array([45.0, 180.0]),
        "war": np.array([0.0, np.nan]),
    }
    return Outlook(*seats.T, pair, state, when, np.array([[0.0, 2.0], [1.0, 0.0]]))  # fmt: skip


def plain(o, r, s, i):
    """Every term of one state towards one side, by loops."""
    own = [k for k, (m, d, _) in enumerate(SEATS) if m == r and d == s]
    other = [k for k, (m, d, _) in enumerate(SEATS) if m == r and d == 1 - s]
    p, st = o.pair, o.state

    def some(name, seats):
        return max(p[name][k, i] for k in seats)

    def weak(names, seats):
        return max(
            max(p[n][k, i] for n in names) * (p["defense"][k, i] == 0 and p["offense"][k, i] == 0) for k in seats
        )

    def km(seats, x):
        found = [0.0 if p["land"][k, x] else p["km"][k, x] for k in seats]
        return min((f for f in found if not math.isnan(f)), default=math.nan)

    def share(x):
        return max(st["capability"][r, x], 1e-6)

    def arrives(x, foes):
        return share(x) * math.exp(-km(foes, x) / (16_500 if st["major"][r, x] else 6_000))

    def leader(seats):
        return max((SEATS[k][2] for k in seats), key=lambda x: st["capability"][r, x])

    strength = {
        s: sum(arrives(SEATS[k][2], other) for k in own),
        1 - s: sum(arrives(SEATS[k][2], own) for k in other),
    }
    odds = math.log((strength[s] + arrives(i, other)) / strength[1 - s])
    out = {
        "constant": 1.0, "target": float(s), "defense": some("defense", own), "offense": some("offense", own),
        "defense_target": some("defense", own) * s, "defense_other": some("defense", other), "consult": weak(["consul"], own),
        "nonagg": weak(["neutral", "nonagg"], own), "stay_out": max(some("neutral", other), some("nonagg", other)),
        "border_other": some("land", other), "border_own": some("land", own), "water_other": some("water", other) * (some("land", other) == 0),
        "far_other": math.log1p(km(other, i) / 1000), "far_own": math.log1p(km(own, i) / 1000),
        "reach": math.log(arrives(i, other)), "odds": odds if math.isnan(odds) else min(3.0, max(-3.0, odds)),
        "rival_other": some("rival", other), "rival_own": some("rival", own), "common_enemy": some("common_enemy", own),
        "opposed_other": math.log1p(some("opposed", other)), "opposed_own": math.log1p(some("opposed", own)), "sided_own": math.log1p(some("sided", own)),
        "regime_own": abs(st["regime"][r, i] - st["regime"][r, leader(own)]), "regime_other": abs(st["regime"][r, i] - st["regime"][r, leader(other)]),
        "major": st["major"][r, i], "war": o.when["war"][r], "defense_war": some("defense", own) * o.when["war"][r],
        "joined_own": math.log1p(o.joined[r, s]), "joined_other": math.log1p(o.joined[r, 1 - s]), "states": math.log(o.when["states"][r] / 50),
        "nuclear": st["nuclear"][r, i],
    }  # fmt: skip
    for name in ("major", "nuclear"):
        out |= {
            f"{name}_{w}": max(st[name][r, SEATS[k][2]] for k in seats) for w, seats in (("own", own), ("other", other))
        }
    out |= {f"day_{a}": float(a <= o.when["day"][r] <= b) for a, b in DAYS[1:]}
    return out | {f"since_{y}": float(o.when["year"][r] >= y) for y in (1914, 1946, 1990)}


def test_every_term_is_what_loops_say(look):
    expected = [[[plain(look, r, s, i) for i in range(7)] for s in (0, 1)] for r in (0, 1)]
    for name in TERMS:
        want = [[[one[name] for one in side] for side in both] for both in expected]
        np.testing.assert_allclose(term(look, name), want, rtol=1e-12, err_msg=name)


def test_exchanging_the_sides_exchanges_every_term_that_does_not_know_who_was_attacked(look):
    order = np.lexsort((1 - look.side, look.moment))
    swapped = look._replace(
        side=(1 - look.side)[order], member=look.member[order], joined=look.joined[:, ::-1], pair={k: v[order] for k, v in look.pair.items()}
    )  # fmt: skip
    for name in set(TERMS) - {"target", "defense_target"}:
        np.testing.assert_array_equal(term(swapped, name)[:, ::-1], term(look, name), err_msg=name)


def test_the_strongest_participant_of_each_side(look):
    share = look.state["capability"]
    assert strongest(look)[0].tolist() == [int(share[0, 1] > share[0, 0]), 2]
    unknown = look._replace(state=look.state | {"capability": np.where(np.arange(7) == 1, np.nan, share)})
    assert strongest(unknown)[0, 0] == 0


def test_what_is_unknown_stays_unknown_and_touches_nobody_else(look):
    reach = term(look, "reach")
    assert np.isnan(reach[:, :, 6]).all()
    assert np.isfinite(reach[:, :, :6]).all()


def test_specifications_are_made_of_terms():
    assert set(CONTIGUITY_ALLIANCE) <= set(CORE) <= set(TERMS)
    assert set(FROM_1946) - set(CORE) == set(NUCLEAR)
    assert set(CORE) - set(of_wars(CORE)) == {"war", "defense_war"}


def test_a_term_that_there_is_not(look):
    with pytest.raises(ParameterError, match="constant, target"):
        term(look, "luck")
