import itertools

import numpy as np
import pytest

from foedus.blocs.changes import change_points, counted, penalised
from foedus.errors import ParameterError


def squared(x, cuts):
    return sum(((part - part.mean()) ** 2).sum() for part in np.split(x, cuts))


def segmentations(n, least):
    for k in range(n):
        for cuts in itertools.combinations(range(1, n), k):
            if min(np.diff([0, *cuts, n])) >= least:
                yield list(cuts)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("least", [1, 2, 3])
def test_segmentations_are_the_best_of_all(seed, least):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=9) + np.repeat(rng.normal(scale=2, size=3), 3)
    every = list(segmentations(len(x), least))
    for penalty in (0.2, 1.0, 5.0):
        best = min(squared(x, c) + penalty * len(c) for c in every)
        found = penalised(x, penalty, least)
        assert squared(x, found) + penalty * len(found) == pytest.approx(best)
        assert found in every
    for k in range(3):
        error, cuts = counted(np.array([x, x[::-1]]), k, least)
        assert error == pytest.approx([min(squared(x, c) for c in every if len(c) == k)] * 2)
        assert squared(x, cuts[0].tolist()) == pytest.approx(error[0])


def test_a_shift_is_found_with_its_interval():
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(0, 1, 20), rng.normal(6, 1, 15)])
    found = change_points(x, [1900 + t for t in range(35)], draws=199)
    assert [p.at for p in found.points] == [1920]
    assert found.points[0].low <= 1920 <= found.points[0].high
    assert found.points[0].high - found.points[0].low <= 3
    assert found.p == pytest.approx(1 / 200)
    again = change_points(x, [1900 + t for t in range(35)], draws=199)
    assert (again.points, again.p) == (found.points, found.p)
    assert found.table().rows() == [(p.at, p.low, p.high, p.before, p.after) for p in found.points]


def test_noise_alone_shifts_rarely():
    rng = np.random.default_rng(5)
    ps = [change_points(rng.normal(size=24), draws=49, seed=s).p for s in range(60)]
    assert np.mean(np.array(ps) <= 0.1) < 0.25


def test_blocks_keep_neighbours_together():
    x = np.repeat(np.random.default_rng(3).normal(size=12), 3)
    free, blocked = change_points(x, draws=199, penalty=3.0), change_points(x, draws=199, penalty=3.0, block=3)
    assert blocked.p > free.p


def test_series_without_noise_or_values():
    assert [p.at for p in change_points([0, 0, 0, 1, 1, 1], draws=0).points] == [3]
    assert change_points([0, 0, 0, 1, 1, 1], draws=0).points[0].low is None
    for values in ([], [1.0], [2.0] * 9):
        found = change_points(values)
        assert found.points == ()
        assert found.table().is_empty()
    assert change_points([1.0, 1.0, 1.0]).p is None
    assert change_points([2.0] * 9).p == 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": [1, np.nan]},
        {"times": [1]},
        {"values": [[1, 2]]},
        {"least": 0},
        {"draws": -1},
        {"block": 0},
        {"seed": -1},
        {"penalty": -1.0},
    ],
)
def test_wrong_arguments(wrong):
    with pytest.raises(ParameterError):
        change_points(**{"values": [1.0, 2.0], **wrong})
