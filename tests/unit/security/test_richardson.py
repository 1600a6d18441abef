"""Richardson's arms race: the reference numbers, the two-state formula, and where it goes if it does not settle."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.security.richardson import arms_race

POSITIVE = st.floats(0.1, 6).map(lambda v: round(v, 3))


def test_the_race_that_settles():
    """k=2, l=4, a=5, b=3, g=5, h=4: (23/7, 40/7) with eigenvalues -7 and -1."""
    race = arms_race([[0, 2], [4, 0]], [5, 3], [5, 4], names=["A", "B"])
    assert race.equilibrium == pytest.approx([23 / 7, 40 / 7], abs=1e-12)
    assert race.eigenvalues == pytest.approx([-7, -1])
    assert race.stable
    assert race.tends == "settles"
    assert race.at(0).tolist() == [0, 0]
    assert race.at(40) == pytest.approx(race.equilibrium)


def test_the_saddle():
    """k=l=2, a=b=1: eigenvalues -3 and 1; with grievances the race runs up, with good will down, and between them it stays."""
    up = arms_race([[0, 2], [2, 0]], [1, 1], [1, 1])
    assert up.eigenvalues == pytest.approx([-3, 1])
    assert not up.stable
    assert up.tends == "runs up"
    assert up.equilibrium == pytest.approx([-1, -1])
    assert up.at(3).min() > up.at(2).min() > 0
    assert arms_race([[0, 2], [2, 0]], [1, 1], [-1, -1]).tends == "runs down"
    assert arms_race([[0, 2], [2, 0]], [1, 1], [-1, -1], start=[1.5, 1.0]).tends == "runs up"
    still = arms_race([[0, 2], [2, 0]], [1, 1], [-1, -1], start=[1, 1])
    assert still.tends == "undetermined"
    assert still.at(1) == pytest.approx([1, 1])


def test_on_the_border_there_is_no_equilibrium():
    race = arms_race([[0, 2], [2, 0]], [2, 2], [1, 1])
    assert race.equilibrium is None
    assert race.tends == "runs up"
    assert race.table()["equilibrium"].to_list() == [None, None]
    assert not race.stable


@given(*[POSITIVE] * 6)
@settings(max_examples=60, deadline=None)
def test_two_states_by_the_formula(k, l, a, b, g, h):  # noqa: E741
    assume(abs(a * b - k * l) > 0.05)
    race = arms_race([[0, k], [l, 0]], [a, b], [g, h])
    det = a * b - k * l
    assert race.equilibrium == pytest.approx([(k * h + b * g) / det, (l * g + a * h) / det], rel=1e-6)
    assert race.stable == (det > 0)
    assert race.tends == ("settles" if det > 0 else "runs up")


@given(st.integers(2, 5), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_many_states(n, random):
    """A race that settles with grievances settles at levels of at least zero, and small steps of the equation lead there."""
    r = [[0 if i == j else random.uniform(0, 0.4) for j in range(n)] for i in range(n)]
    a, g = [random.uniform(1, 2) for _ in range(n)], [random.uniform(0, 1) for _ in range(n)]
    race = arms_race(r, a, g)
    if race.stable:
        assert (race.equilibrium >= -1e-12).all()
    x = np.zeros(n)
    for _ in range(2000):
        x = x + 0.001 * (np.array(r) @ x - np.array(a) * x + g)
    assert race.at(2.0) == pytest.approx(x, rel=5e-3)
    order = list(range(n))
    random.shuffle(order)
    moved = arms_race([[r[i][j] for j in order] for i in order], [a[i] for i in order], [g[i] for i in order])
    assert moved.equilibrium == pytest.approx(race.equilibrium[order])


def test_uncertain_coefficients_give_intervals():
    race = arms_race([[0, [1, 3]], [2, 0]], [2, {"mean": 2.0, "sd": 0.1}], [1, 1], draws=400, seed=2)
    assert race.settles.low < race.settles.mean < race.settles.high
    assert 0.2 < race.settles.mean < 0.8
    assert all(e.low < e.high for e in race.levels)
    assert race.table()["equilibrium_low"].to_list() == [e.low for e in race.levels]
    assert (
        race.to_dict()
        == arms_race([[0, [1, 3]], [2, 0]], [2, {"mean": 2.0, "sd": 0.1}], [1, 1], draws=400, seed=2).to_dict()
    )
    never = arms_race([[0, [5, 6]], [5, 0]], [1, 1], [1, 1], draws=50)
    assert never.levels == ()
    assert never.settles.mean == 0
    sure = arms_race([[0, 1], [1, 0]], [2, 2], [1, 1])
    assert sure.settles is None
    assert sure.to_dict()["settles"] is None


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"reaction": [[0, 1]]}, "reaction"),
        ({"reaction": [[1, 1], [1, 0]]}, "1 of A to itself"),
        ({"reaction": [[0, -1], [1, 0]]}, "at least 0"),
        ({"reaction": [[0, float("nan")], [1, 0]]}, "reaction"),
        ({"reaction": [[0, "x"], [1, 0]]}, "reaction"),
        ({"fatigue": [0, 1]}, "above 0"),
        ({"fatigue": [1]}, "n >= 2"),
        ({"grievance": [1, float("inf")]}, "finite"),
        ({"start": [1]}, "2 finite levels"),
        ({"start": [-1, 0]}, "at least 0"),
        ({"names": ["A", "A"]}, "names"),
        ({"draws": 2}, "at least 20"),
    ],
)
def test_bad_input(change, match):
    with pytest.raises(ParameterError, match=match):
        arms_race(**({"reaction": [[0, 1], [1, 0]], "fatigue": [2, 2], "grievance": [1, 1]} | change))


def test_time_runs_forward():
    with pytest.raises(ParameterError, match="time"):
        arms_race([[0, 1], [1, 0]], [2, 2], [1, 1]).at(-1)
