"""The covering program over odd walks: its bounds are whole numbers, whatever the solver's duals look like."""

from types import SimpleNamespace

import numpy as np
import pytest

from foedus.blocs import odd_cycles
from foedus.blocs.certificate import Certificate, Walks, check_certificate
from foedus.blocs.exact import partition
from foedus.blocs.line_up import LineUp
from foedus.blocs.odd_cycles import OddCycles
from foedus.kernels.clock import solving

FIRST, SECOND = np.array([0, 0, 1, 1, 2]), np.array([1, 2, 2, 3, 3])
UNITS = np.array([2, 2, -1, 2, 1])
NOTHING = Walks(FIRST[:0], np.zeros(1, dtype=np.int64), FIRST[:0])


def program(i=FIRST, j=SECOND, units=UNITS):
    return OddCycles(LineUp(int(j.max()) + 1, i, j, units), NOTHING)


def test_a_case_without_a_line_up_is_shown_by_one_walk():
    cycles = program()
    part = cycles._parts[0]
    part.decided = ((0, False), (1, False), (2, False))
    cycles._decide(part.decided, release=False)
    assert cycles._study(part, solving() + 9) is None
    assert part.settled
    assert part.bound is None
    assert sorted(part.walks.flat.tolist()) == [0, 1, 2]
    assert cycles.bound == cycles.line_up.value


def test_duals_that_load_a_tie_beyond_its_weight_are_cut_back():
    cycles = program()
    cycles._add(np.array([0, 1, 2, 2, 3, 4]), np.array([0, 3, 6]))
    for dual in ([1.0, 1.0], [5.0, 0.5], [0.25, 0.5], [0.0, 3.0]):
        cycles._highs = SimpleNamespace(getSolution=lambda dual=dual: SimpleNamespace(row_dual=dual))
        walks = cycles._whole(())
        assert np.all(walks.amount > 0)
        assert cycles._bound((), walks) == 1
        assert check_certificate(4, FIRST, SECOND, Certificate(UNITS, ((odd_cycles.Case((), walks),),), 1)) == 1


def test_a_whole_solution_that_is_not_proved_is_left_with_its_bound():
    cycles = program()
    part = cycles._parts[0]
    assert cycles._choose(part, np.zeros(5)) is None
    assert part.settled
    assert cycles.bound == 0


def test_rows_that_the_solution_does_not_touch_can_go_without_harm(monkeypatch):
    rng = np.random.default_rng(4)
    i, j = np.triu_indices(64, 1)
    take = rng.choice(len(i), 192, replace=False)
    i, j, w = i[take], j[take], rng.choice([-1.0, 1.0], 192)
    kept = partition(64, i, j, w)
    monkeypatch.setattr(odd_cycles, "KEPT", -3 * len(i))
    dropped, original = [], OddCycles._purge

    def purge(self):
        before = len(self._rows)
        original(self)
        assert len(self._rows) == self._highs.getNumRow()
        dropped.append(before - len(self._rows))

    monkeypatch.setattr(OddCycles, "_purge", purge)
    found = partition(64, i, j, w)
    assert max(dropped) > 0
    assert found.proved
    assert kept.proved
    assert found.value == kept.value


def test_no_time_leaves_what_the_first_walks_prove():
    cycles = program()
    cycles.solve(0.0)
    assert cycles.bound == 0
    part = cycles._parts[0]
    assert cycles._study(part, 0.0) is None
    assert not part.settled


@pytest.mark.parametrize("bits", [20, 12])
def test_whole_amounts_of_heavy_weights_are_coarser(bits):
    units = UNITS if bits == 20 else UNITS * 2**45
    assert program(units=units)._bits == bits


def test_walks_are_looked_for_in_lots_until_there_are_many(monkeypatch):
    monkeypatch.setattr(odd_cycles, "WORK", 1)
    monkeypatch.setattr(odd_cycles, "FEW", 1)
    x = np.zeros(5)
    assert program()._separate(x, solving() + 9) > 1
    monkeypatch.setattr(odd_cycles, "MANY", 0)
    assert program()._separate(x, solving() + 9) == 1
    assert program()._separate(x, 0.0) == 1
