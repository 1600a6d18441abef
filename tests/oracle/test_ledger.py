"""The ledger of real states at dates that an expert knows."""

import pytest

import foedus as fd
from foedus.security.burden import observed_shares

pytestmark = pytest.mark.realdata


def test_belgium_in_1914(realdata_dir):
    x = fd.system("1914-07-28", data_dir=realdata_dir).alone_or_together("BEL", against="GMY", draws=60, wars=0)
    ally = {a.actor: a for a in x.allies}
    assert {"UKG", "FRN", "RUS", "AUH"} <= set(ally)
    assert set(list(ally)[:3]) == {"UKG", "FRN", "RUS"}
    assert ally["AUH"].joins_foe.mean > ally["AUH"].comes.mean
    assert ally["UKG"].joins_foe.mean < 0.2 * ally["UKG"].comes.mean
    assert x.holds[0].high < 0.25
    assert x.holds[1].mean > 2 * x.holds[0].mean
    assert x.nuclear == ()


def test_kuwait_in_1990(realdata_dir):
    system = fd.system("1990-08-01", data_dir=realdata_dir)
    x = system.alone_or_together("KUW", against="IRQ", draws=60, wars=0)
    assert x.allies[0].actor == x.adds_most_for_its_price == "SAU"
    assert not next(a for a in x.allies if a.actor == "USA").linked
    assert x.holds[0].high < 0.25
    assert "IRQ" not in {b.actor for b in x.burden}
    assert system.actor("USA").nuclear == "weapons"
    assert system.actor("IRQ").nuclear == "none"
    likely = system.alone_or_together("KUW", draws=60, wars=0, brief=True)
    assert max(likely.threats, key=lambda t: t.attack_together.mean).actor in {"IRQ", "IRN"}


def test_what_allies_spent_in_1989(realdata_dir):
    got = observed_shares([690, 670, 713, 31], 1989, data_dir=realdata_dir)
    assert got["ccode"].to_list() == [690, 670, 713, 31]
    assert got["of_output"].sum() == pytest.approx(1)
    assert got["of_spending"].sum() == pytest.approx(1)
    none = observed_shares([690, 999], 1989, data_dir=realdata_dir)
    assert none["of_output"].to_list() == [1.0, None]
    assert (got["of_output_low"] < got["of_output"]).all()
    assert got["times"].is_between(0.8, 1.25).all()


def test_output_of_a_later_state_is_not_that_of_an_earlier_smaller_one(realdata_dir):
    """The series gives Sardinia in 1858 some 26 million people, all later Italy's; National Material Capabilities counts 5 million."""
    got = observed_shares([325, 220], 1858, data_dir=realdata_dir)
    assert got["times"].to_list() == pytest.approx([5.10, 1.02], abs=0.01)
    assert got["of_output"].to_list() == [None, 1.0]
    assert got["of_spending"].to_list() == [None, 1.0]
    united = observed_shares([325, 220], 1868, data_dir=realdata_dir)
    assert united["of_output"].null_count() == 0
    nobody = observed_shares([325], 1858, data_dir=realdata_dir)
    assert nobody.select("of_output", "of_output_low", "of_spending").row(0) == (None, None, None)
