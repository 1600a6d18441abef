"""What helpers spare an actor: hand numbers, a plain twin, and the ledger's own chances."""

import numpy as np
import pytest

import foedus as fd
from foedus.security.added import as_added
from foedus.security.hazard import threats
from foedus.security.ledger import alone_or_together
from foedus.security.spared import Exposed, spared

NAMES = ("FRN",)


def _plain(risk, held):
    """Return the chance of at least one attack that beats, draw by draw, without arrays."""
    out = []
    for r, h in zip(risk.tolist(), held.tolist(), strict=True):
        none = 1.0
        for a, b in zip(r, h, strict=True):
            none *= 1 - a * (1 - b)
        out.append(1 - none)
    return out


@pytest.fixture(scope="module")
def world():
    return threats(fd.load("europe-1914"), seed=3, draws=40)


def _some(risk, held, difference, draws=20):
    one = np.ones((draws, 1))
    return Exposed(risk * one, held * one, difference * one)


def test_the_numbers_by_hand():
    x = spared(_some(0.2, 0.5, 0.4), _some(0.1, 0.7, 0.6), np.ones((20, 1)), NAMES)
    assert (x.beaten.mean, x.beaten_difference.mean) == pytest.approx((0.03, 0.04))
    assert (x.spares.mean, x.spares_difference.mean, x.spares_attacks.mean) == pytest.approx((0.07, 0.08, 0.1))
    assert (x.share.mean, x.adds.mean) == pytest.approx((0.7, 0.2))
    assert (x.answer, x.surely, x.surely_difference) == ("safer", 1.0, 1.0)
    assert x.to_dict()["helpers"] == ["FRN"]


def test_against_a_twin_in_plain_python():
    rng = np.random.default_rng(5)
    a, b = (Exposed(*rng.random((3, 50, 3))) for _ in range(2))
    x = spared(a, b, rng.random((50, 3)), None)
    ratio = np.array(_plain(a.risk, a.held)) - np.array(_plain(b.risk, b.held))
    other = np.array(_plain(a.risk, a.held_difference)) - np.array(_plain(b.risk, b.held_difference))
    assert (x.spares.mean, x.spares.low, x.spares.high) == pytest.approx(
        (ratio.mean(), *np.quantile(ratio, [0.05, 0.95]))
    )
    assert (x.surely, x.surely_difference) == (np.mean(ratio > 0), np.mean(other > 0))
    assert x.answer == "cannot tell"
    assert x.to_dict()["helpers"] is None


@pytest.mark.parametrize(
    ("with_", "answer"),
    [((0.4, 0.5, 0.4), "less safe"), ((0.2, 0.5, 0.4), "cannot tell"), ((0.2, 0.6, 0.3), "cannot tell")],
)
def test_it_cannot_tell_where_an_interval_holds_0_or_the_forms_disagree(with_, answer):
    x = spared(_some(0.2, 0.5, 0.4), _some(*with_), np.ones((20, 1)), NAMES)
    assert x.answer == answer


def test_a_share_of_nothing_is_unknown():
    x = spared(_some(0.0, 0.5, 0.5), _some(0.0, 0.6, 0.6), np.ones((20, 1)), NAMES)
    assert x.share is None
    assert x.to_dict()["share"] is None
    assert (x.answer, x.surely) == ("cannot tell", 0.5)


def test_the_ledger_s_and_those_of_allies_named_are_one(world):
    told = []
    ledger = alone_or_together(
        world.system, "BEL", against="GMY", wars=0, drawn_threats=world, brief=True, progress=lambda *x: told.append(x)
    )
    assert ledger.safer == ledger.spared.spares
    assert ledger.spared.helpers is None
    assert (ledger.spared.attacked, ledger.spared.holds) == (ledger.attacked[1], ledger.holds[1])
    assert ledger.spared.beaten == ledger.beaten[1]
    bound = ledger.pledged.helpers
    assert set(bound) == {a.actor for a in ledger.allies if a.linked}
    named = as_added(world.system, "BEL", bound, against="GMY", drawn_threats=world)
    assert named.spared == ledger.pledged
    assert named.spared.beaten == named.rungs[-1].beaten
    assert named.spared.spares.mean == pytest.approx(sum(r.spares.mean for r in named.rungs[1:]))
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_a_pledge_that_an_attack_does_not_call_on_binds_nobody(world):
    """Italy of 1914: Art. II of the Triple Alliance binds its allies against France; nothing binds them against one of themselves or Britain."""

    def owing(foe):
        x = alone_or_together(world.system, "ITA", against=foe, wars=0, drawn_threats=world, brief=True)
        return set(x.pledged.helpers or ()) if x.pledged else set(), {a.actor: a.honoured for a in x.allies if a.linked}

    french, kept = owing("FRN")
    assert {"GMY", "AUH"} <= french
    assert kept["GMY"] is not None
    austrian, kept = owing("AUH")
    assert "GMY" not in austrian
    assert kept["GMY"] is None


def test_an_actor_to_whom_nobody_is_bound_has_no_pledged(world):
    free = next(a for k, a in enumerate(world.system.ids) if not world.helpers_of(k))
    ledger = alone_or_together(world.system, free, wars=0, drawn_threats=world, brief=True)
    assert ledger.pledged is None
    assert ledger.to_dict()["pledged"] is None
    assert as_added(world.system, free, [], drawn_threats=world).spared is None
