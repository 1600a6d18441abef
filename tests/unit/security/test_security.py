import pytest

from foedus.errors import ParameterError
from foedus.security.account import pact_account
from foedus.security.hazard import threats
from foedus.security.ledger import alone_or_together


def test_an_ally_helps_to_hold_and_its_worth_is_what_is_lost_without_it(quartet):
    ledger = alone_or_together(quartet, "AA", against="CC", draws=200, wars=0)
    assert ledger.holds[1].mean > ledger.holds[0].mean
    assert ledger.beaten[1].mean < ledger.beaten[0].mean
    assert ledger.safer.mean == pytest.approx(ledger.beaten[0].mean - ledger.beaten[1].mean)
    (ally,) = ledger.allies
    assert ally.actor == ledger.adds_most == "BB"
    assert ledger.holds[0].mean < ally.hold_only.mean <= ledger.holds[1].mean
    assert ledger.holds[0].mean <= ally.hold_without.mean < ledger.holds[1].mean
    assert ally.adds.mean == pytest.approx(ledger.holds[1].mean - ally.hold_without.mean)
    assert ally.owes == ("defense (Pact of first)",)
    assert ledger.entrapped is None


def test_own_pledges_raise_the_chance_to_be_drawn_in(quartet):
    ledger = alone_or_together(quartet, "BB", draws=200, wars=3000)
    without, with_ = ledger.entrapped
    assert with_.mean > without.mean
    lonely = alone_or_together(quartet, "EE", draws=100, wars=500)
    assert lonely.entrapped[0].mean == lonely.entrapped[1].mean
    assert lonely.allies == ()
    assert lonely.adds_most is None
    assert lonely.holds[0].mean < lonely.holds[1].mean, "who promised nothing may come too"


def test_hazards_are_chances_and_enemies_come_first(quartet):
    world = threats(quartet, draws=100)
    assert (world.matrix.diagonal() == 0).all()
    assert (world.matrix >= 0).all()
    assert (world.matrix < 1).all()
    a, b, c = (quartet.index[x] for x in ("AA", "BB", "CC"))
    assert world.matrix[c, a] > world.matrix[b, a]


def test_every_interval_has_a_width(quartet):
    ledger = alone_or_together(quartet, "AA", draws=100, wars=200)
    for pair in (ledger.attacked, ledger.holds, ledger.beaten, ledger.entrapped):
        for e in pair:
            assert e.low < e.high


def test_against_itself_is_refused(quartet):
    with pytest.raises(ParameterError, match="itself"):
        alone_or_together(quartet, "AA", against=["AA"])


def test_an_ally_does_not_help_against_itself(quartet):
    ledger = alone_or_together(quartet, "AA", against=["BB"], draws=60, wars=0)
    assert ledger.allies == ()
    assert ledger.threats[0].attack_alone.mean > 0


def test_tables_and_plain_form(quartet):
    ledger = alone_or_together(quartet, "AA", draws=60, wars=100)
    assert ledger.table().height == len(ledger.threats)
    assert ledger.ally_table().height == 1
    assert ledger.to_dict()["standing"].startswith("derived")


def test_a_pact_reassures_members_and_alarms_their_foes(quartet):
    account = pact_account(quartet, "Pact of first", draws=200)
    effect = {e.actor: e for e in account.effects}
    assert effect["AA"].member
    assert effect["AA"].beaten.mean < 0
    assert effect["CC"].prevails.mean < 0
    assert effect["AA"].prevails is None
    assert account.table()["member"].to_list() == sorted(account.table()["member"].to_list(), reverse=True)
    assert account.to_dict()["pact"] == "pact-first"
