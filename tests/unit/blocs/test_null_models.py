import numpy as np
import pytest

from foedus.blocs.graph import signed_graph
from foedus.blocs.null_models import against_chance, null_draw
from foedus.errors import ParameterError


@pytest.fixture
def graph():
    rng = np.random.default_rng(2)
    upper = np.triu(rng.choice([-2, 0, 1, 3], (12, 12)), 1)
    return signed_graph(upper + upper.T)


def test_signs_are_dealt_out_anew(graph):
    draws = [null_draw(graph, "signs", d) for d in range(5)]
    assert all(np.array_equal(d.i, graph.i) and np.array_equal(np.sort(d.w), np.sort(graph.w)) for d in draws)
    assert len(set(draws)) == 5
    assert null_draw(graph, "signs", 3) == draws[3]
    assert null_draw(graph, "signs", 3, seed=2) != draws[3]


def test_switching_keeps_friends_and_foes_of_each(graph):
    draws = [null_draw(graph, "degrees", d) for d in range(5)]
    for drawn in draws:
        assert np.array_equal(np.sort(drawn.w), np.sort(graph.w))
        for sign in (-1, 1):
            mine, theirs = (
                np.bincount(np.concatenate([g.i[g.w * sign > 0], g.j[g.w * sign > 0]]), minlength=12)
                for g in (graph, drawn)
            )
            assert np.array_equal(mine, theirs)
    assert len(set(draws)) == 5
    assert null_draw(graph, "degrees", 3) == draws[3]
    assert null_draw(graph, "degrees", 0, swaps=0) == graph


def test_p_follows_the_plus_one_rule(graph):
    values = iter([5.0, *range(9)])
    found = against_chance(graph, lambda _: float(next(values)), name="rank", draws=9)
    assert (found.value, found.mean, found.p, found.draws, found.bounded) == (5.0, 4.0, 1.0, 9, 0)
    assert found.z == pytest.approx(1 / np.std(range(9), ddof=1))
    values = iter([99.0, *range(9)])
    assert against_chance(graph, lambda _: float(next(values)), draws=9).p == pytest.approx(2 / 10)
    assert against_chance(graph, lambda g: float(g.m), draws=9).z is None
    assert against_chance(graph, lambda g: float(g.m), draws=9).p == 1.0


def test_bounds_give_the_largest_p_they_allow(graph):
    values = iter([(10.0, 10.0), *[(0.0, 11.0)] * 3, *[(0.0, 1.0)] * 6])
    found = against_chance(graph, lambda _: next(values), draws=9)
    assert (found.bounded, found.p) == (9, pytest.approx(2 * 4 / 10))
    assert found.to_dict()["null"] == "signs"


def test_indices_that_are_not_defined(graph):
    nothing = against_chance(graph, lambda _: None, null="degrees", draws=3)
    assert (nothing.value, nothing.p, nothing.draws, nothing.swaps) == (None, None, 0, 10)
    values = iter([1.0, None, 2.0, None])
    lone = against_chance(graph, lambda _: next(values), draws=3)
    assert (lone.value, lone.mean, lone.p, lone.draws, lone.undefined) == (1.0, None, None, 1, 2)


@pytest.mark.parametrize("wrong", [{"null": "luck"}, {"draws": 1}, {"draws": 2.5}, {"seed": -1}, {"swaps": -1}])
def test_wrong_arguments(graph, wrong):
    with pytest.raises(ParameterError):
        against_chance(graph, lambda _: 1.0, **wrong)
