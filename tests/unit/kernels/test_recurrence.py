"""What an orbit repeats at its end, against a plain search and hand cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.kernels.recurrence import recurrence


def twin(orbit, tolerance):
    """The least period of which the last two repeats agree, and the first time from which it holds to the end."""
    times = len(orbit)
    near = lambda a, b: max(abs(p - q) for p, q in zip(a, b, strict=True)) <= tolerance  # noqa: E731
    for period in range(1, times // 2 + 1):
        if all(near(orbit[times - 1 - k], orbit[times - 1 - k - period]) for k in range(period)):
            start = times - 2 * period
            while start > 0 and near(orbit[start - 1], orbit[start - 1 + period]):
                start -= 1
            return start, period
    return 0, 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 2), min_size=2, max_size=2), min_size=1, max_size=12))
def test_it_is_the_plain_searchs(orbit):
    start, length = recurrence(np.array([orbit], dtype=float), np.array([1e-9]))
    assert (int(start[0]), int(length[0])) == twin(orbit, 1e-9)


@pytest.mark.parametrize(
    ("orbit", "expected"),
    [
        ([5, 3, 3], (1, 1)),
        ([1, 2, 3, 2, 3, 2], (1, 2)),
        ([9, 0, 1, 2, 0, 1, 2], (1, 3)),
        ([1, 2, 3, 4, 5, 6], (0, 0)),
        ([1.0, 0.1, 0.01, 0.0011, 0.0005], (3, 1)),
        ([1], (0, 0)),
    ],
)
def test_orbits_by_hand(orbit, expected):
    found = recurrence(np.array(orbit, dtype=float)[None, :, None], np.array([1e-3]))
    assert tuple(int(x[0]) for x in found) == expected


def test_orbits_do_not_touch_each_other():
    many = np.random.default_rng(1).integers(0, 2, (20, 9, 2)).astype(float)
    together = recurrence(many, np.full(20, 1e-9))
    alone = [recurrence(one[None], np.array([1e-9])) for one in many]
    assert [x.tolist() for x in together] == [[int(a[k][0]) for a in alone] for k in (0, 1)]
