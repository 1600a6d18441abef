"""Readings of the group decision model and where their orbits end."""

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.security.rounds import ENDINGS, Rules, in_turn, readings, run


def orbit(x, w, s, rules):
    return run(np.array([x], dtype=float), np.array([w], dtype=float), np.array([s], dtype=float), (rules,))


def test_there_are_84_readings_and_any_run_of_them_mixes_all_options():
    every = tuple(readings())
    assert len(set(every)) == 84
    assert sorted(map(repr, in_turn())) == sorted(map(repr, every))
    first = in_turn()[:12]
    for name in ("status_quo", "risk", "view", "choice", "conflict"):
        assert {getattr(r, name) for r in first} == {getattr(r, name) for r in every}
    assert all(r.rounds == 7 for r in readings(Rules(rounds=7)))


def test_a_cycle_is_found_with_its_length_and_its_average():
    """Four actors under which the rules send some to and fro for ever: found by a search over small groups, checked by stepping here."""
    rules = Rules(risk="neutral", view="own", conflict="concede")
    x, s = [0.0, 1.0, 3.0, 6.0], [1.0, 0.6, 0.4, 0.9]
    found = next(
        (o, w) for w in np.random.default_rng(3).integers(1, 9, (400, 4)) if (o := orbit(x, w * s, s, rules)).ending[0] == 1
    )  # fmt: skip
    o, w = found
    path, p = o.path[0], int(o.length[0])
    assert p >= 2
    assert path[-1] == pytest.approx(path[-1 - p], abs=1e-3)
    assert np.abs(path[-1] - path[-2]).max() > 1e-3
    again = path[-1]
    code, q = np.array([rules.code]), np.array([rules.status_quo])
    from foedus.kernels import bargaining as kernel

    seen = []
    for _ in range(p):
        again = kernel.step(again[None], (w * s)[None], np.array([s]), q, code)[0]
        seen.append(float(kernel.median(again[None], (w * s)[None])[0]))
    assert again == pytest.approx(path[-1], abs=5e-3)
    assert o.median[0] == pytest.approx(np.mean(seen), abs=5e-3)


def test_the_ways_an_orbit_ends():
    same = orbit([3, 3, 3], [1, 1, 1], [0.5, 0.5, 0.5], Rules())
    assert ENDINGS[same.ending[0]] == "settled"
    assert (same.start[0], same.length[0], same.median[0], same.mean[0]) == (0, 1, 3.0, 3.0)
    alone = orbit([5], [2], [0.4], Rules())
    assert (alone.start[0], alone.length[0], alone.median[0]) == (0, 1, 5.0)
    short = orbit([0, 4, 9], [3, 2, 4], [0.9, 0.8, 0.7], Rules(rounds=1))
    assert ENDINGS[short.ending[0]] == "not settled"
    assert short.length[0] == 0
    assert len(short.path[0]) == 2


def test_draws_do_not_touch_each_other():
    rng = np.random.default_rng(5)
    x, c, s = rng.random((9, 4)), rng.random((9, 4)), rng.random((9, 4))
    rules = in_turn()[:3]
    together = run(x, c * s, s, rules)
    for d in range(9):
        one = run(x[d : d + 1], (c * s)[d : d + 1], s[d : d + 1], (rules[d % 3],))
        assert one.median[0] == together.median[d]
        assert one.ending[0] == together.ending[d]
        assert one.path[0].tolist() == together.path[d].tolist()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"risk": "bold"}, "The 'risk' parameter: got 'bold'; expected one of challenged"),
        ({"view": "mine"}, "The 'view' parameter"),
        ({"choice": "best"}, "The 'choice' parameter"),
        ({"conflict": "fight"}, "The 'conflict' parameter"),
        ({"status_quo": 1.2}, "a chance from 0 to 1"),
        ({"status_quo": float("nan")}, "a chance from 0 to 1"),
        ({"rounds": 0}, "an integer of at least 1"),
        ({"tolerance": 0}, "a share of the range"),
    ],
)
def test_what_is_no_reading_is_refused(options, match):
    with pytest.raises(ParameterError, match=match):
        Rules(**options)
