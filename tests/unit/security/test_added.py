"""Allies added one by one: the ends are the ledger's, the steps those of the hazards with only the added counted."""

import numpy as np
import pytest

import foedus as fd
from foedus.errors import ParameterError
from foedus.security.added import as_added
from foedus.security.hazard import threats
from foedus.security.ledger import alone_or_together


@pytest.fixture(scope="module")
def world():
    return threats(fd.load("europe-1914"), seed=3, draws=40)


def test_the_first_step_is_the_ledger_s_alone_and_everybody_the_ledger_s_together(world):
    s = world.system
    ledger = alone_or_together(s, "BEL", against="GMY", wars=0, seed=3, drawn_threats=world, brief=True)
    everybody = [a for a in s.ids if a not in {"BEL", "GMY"}]
    found = as_added(s, "BEL", everybody, against="GMY", drawn_threats=world)
    first, last = found.rungs[0], found.rungs[-1]
    assert (first.attacked, first.holds, first.holds_difference, first.beaten) == (
        ledger.attacked[0], ledger.holds[0], ledger.holds_difference[0], ledger.beaten[0],
    )  # fmt: skip
    assert (last.attacked.mean, last.holds.mean) == pytest.approx((ledger.attacked[1].mean, ledger.holds[1].mean))


def test_each_step_is_that_of_the_hazards_with_the_added_counted(world):
    s = world.system
    me, foe, ally = (s.index[a] for a in ("BEL", "GMY", "FRN"))
    found = as_added(s, "BEL", ["UKG", "FRN"], against=["GMY"], drawn_threats=world)
    both, one = {s.index["UKG"], ally}, {s.index["UKG"]}
    held = [world.hold(me, allies=x, against=[foe])[:, 0] for x in (one, both)]
    risk = [world.hazard(me, allies=x)[:, foe] for x in (one, both)]
    rung = found.rungs[2]
    assert rung.added == "FRN"
    assert rung.adds.mean == pytest.approx(np.mean(held[1] - held[0]))
    assert rung.spares.mean == pytest.approx(np.mean(risk[0] * (1 - held[0]) - risk[1] * (1 - held[1])))
    assert rung.comes.mean == pytest.approx(np.mean(world.comes(me)[:, foe, 1, ally].astype(float)))
    assert sum(r.adds.mean for r in found.rungs[1:]) == pytest.approx(rung.holds.mean - found.rungs[0].holds.mean)


def test_the_threats_are_the_ledger_s_where_none_is_named(world):
    ledger = alone_or_together(world.system, "SER", wars=0, drawn_threats=world, brief=True)
    found = as_added(world.system, "SER", [], drawn_threats=world)
    assert set(found.against) == {t.actor for t in ledger.threats}
    assert found.table().height == 1
    assert found.table()["adds"].to_list() == [None]
    assert found.to_dict()["draws"] == 40


@pytest.mark.parametrize("allies", [["GMY"], ["BEL"], ["FRN", "FRN"]])
def test_an_ally_is_named_once_and_is_neither_threat_nor_the_actor(world, allies):
    with pytest.raises(ParameterError, match="each once"):
        as_added(world.system, "BEL", allies, against=["GMY"], drawn_threats=world)


def test_without_a_threat_there_is_nothing_to_hold(world):
    with pytest.raises(ParameterError, match="at least one actor"):
        as_added(world.system, "BEL", [], against=[], drawn_threats=world)
