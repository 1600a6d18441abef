"""What keeps a helper's chance to come down: against the rates of the kernel, with one term of the field at its best."""

from dataclasses import replace

import numpy as np
import pytest

import foedus as fd
from foedus.security.hazard import threats
from foedus.security.pulls import BEST, pulls


@pytest.fixture(scope="module")
def world():
    """In none of these draws is Britain against Belgium: the term that then repels it would move with its attraction."""
    found = threats(fd.load("europe-1914"), seed=1, draws=8)
    assert (found.stage.field.friend[:, found.system.index["UKG"], found.system.index["BEL"]] > 0).all()
    return found


def _changed(world, **arrays):
    f = world.stage.field
    return replace(world, stage=replace(world.stage, field=f._replace(**arrays)), _kept={})


@pytest.mark.parametrize("term", ["attraction", "near_own", "major"])
def test_a_factor_is_what_the_kernel_s_rate_gains_at_the_best_value(world, term):
    k, f = world.system.index, world.stage.field
    me, foe, helper = k["BEL"], k["GMY"], k["POR"] if term == "major" else k["UKG"]
    if term == "major":
        best = f.major.copy()
        best[helper] = 1.0
        other = _changed(world, major=best)
    else:
        name = "friend" if term == "attraction" else "near"
        best = getattr(f, name).copy()
        best[:, helper, me] = 1.0
        other = _changed(world, **{name: best})
    was, now = (w.entry_rates(me)[:, foe, 1, helper].astype(float) for w in (world, other))
    got = next(p for p in pulls(world, me, [foe], helper) if p.term == term)
    assert got.factor.mean == pytest.approx(np.mean(was / now), rel=1e-4)


def test_every_term_once_the_costliest_first_and_none_above_its_best(world):
    k = world.system.index
    found = pulls(world, k["SER"], [k["AUH"], k["BUL"]], k["RUS"])
    assert {p.term for p in found} == set(BEST)
    assert [p.factor.mean for p in found] == sorted(p.factor.mean for p in found)
    assert all(0 <= p.value <= 1 for p in found)
    assert next(p for p in found if p.term == "major").factor.mean == 1.0
