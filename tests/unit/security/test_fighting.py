from dataclasses import replace

import numpy as np
import pytest

from foedus.errors import InvalidSystemError, ParameterError
from foedus.kernels import fighting as kernel
from foedus.security.fighting import FightingNetwork, bound, fighting_equilibrium
from foedus.security.fighting_edits import Embargo, Pacify, Remove

BETA, GAMMA = 0.114, 0.083


def hub(enemies, allies=0):
    """Return a group HUB with enemies and allies who are tied to it alone."""
    n = 1 + enemies + allies
    ties = np.zeros((n, n))
    ties[0, 1 : 1 + enemies] = ties[1 : 1 + enemies, 0] = -1
    ties[0, 1 + enemies :] = ties[1 + enemies :, 0] = 1
    return FightingNetwork.of(ties, ["HUB", *(f"E{k}" for k in range(enemies)), *(f"A{k}" for k in range(allies))])


def test_the_record_holds_together():
    """Three groups, one enmity and one alliance: every identity of the article."""
    e = fighting_equilibrium([[0, -1, 1], [-1, 0, 0], [1, 0, 0]], beta=BETA, gamma=GAMMA, prize=2.0)
    slopes = 1 + BETA * np.array([1, 0, 1]) - GAMMA * np.array([1, 1, 0])
    m = np.array([[1, -GAMMA, BETA], [-GAMMA, 1, 0], [BETA, 0, 1]])
    assert e.hostility == pytest.approx(1 / slopes)
    assert e.lam == pytest.approx(1 - 1 / (1 / slopes).sum())
    assert e.effort == pytest.approx(2 * e.lam * (1 - e.lam) * np.linalg.solve(m, e.hostility))
    assert e.performance == pytest.approx(2 * e.lam * (1 - e.lam) * e.hostility)
    assert e.share == pytest.approx(e.hostility / e.hostility.sum())
    centrality = np.linalg.solve(m, e.hostility)
    assert e.payoff == pytest.approx(2 * (1 - e.lam) * (e.hostility - e.lam * centrality))
    assert e.dissipation == pytest.approx(e.total / 2)
    assert e.gain <= 1e-8
    assert e.all_fight
    assert e.one
    assert e.bound


def test_table_and_plain_form():
    e = fighting_equilibrium(hub(2), beta=BETA, gamma=GAMMA)
    assert e.table()["group"][0] == "HUB"
    assert e.table()["effort_share"].sum() == pytest.approx(1)
    plain = e.to_dict()
    assert plain["gamma"] == GAMMA
    assert plain["groups"][0]["hostility"] == pytest.approx(1 / (1 - 2 * GAMMA))


def test_the_group_that_breaks_it_is_named():
    with pytest.raises(InvalidSystemError, match=r"= -0.079 for HUB, with enemies weighing 13"):
        fighting_equilibrium(hub(13), beta=BETA, gamma=GAMMA)
    with pytest.raises(InvalidSystemError, match="singular matrix"):
        fighting_equilibrium(hub(0, 4), beta=0.5, gamma=0.0)
    with pytest.raises(InvalidSystemError, match="nobody gains by fighting"):
        fighting_equilibrium(np.ones((3, 3)) - np.eye(3), beta=1.2, gamma=0.0)


def test_what_a_solver_returns_is_checked(monkeypatch):
    """Efforts two parts in a hundred off are refused, whatever the solver said of them."""
    right = kernel.solve

    def wrong(*given):
        found = right(*given)
        return replace(found, effort=found.effort * [[1.02, 1.0]])

    monkeypatch.setattr(kernel, "solve", wrong)
    with pytest.raises(InvalidSystemError, match="a deviation that brings"):
        fighting_equilibrium(np.zeros((2, 2)), beta=BETA, gamma=GAMMA)


def test_shifts_leave_an_equilibrium_or_a_clear_error():
    ties = np.array([[0, -1, -1], [-1, 0, 0], [-1, 0, 0]], dtype=float)
    failed = 0
    for shift in np.linspace(-3, 3, 25):
        try:
            e = fighting_equilibrium(FightingNetwork.of(ties, shift=[shift, 0.3, -0.2]), beta=0.1, gamma=0.45)
            assert e.gain <= 1e-8
        except InvalidSystemError:
            failed += 1
    assert 0 < failed < 25


def test_idle_groups_and_the_cost_of_defeat_are_said():
    e = fighting_equilibrium(hub(0, 3), beta=0.59, gamma=0.0)
    assert not e.all_fight
    assert not e.one
    assert not e.bound
    assert e.effort[0] == 0
    costly = fighting_equilibrium(hub(8), beta=BETA, gamma=GAMMA)
    assert costly.payoff.min() < 0
    assert costly.defeat == pytest.approx(-costly.payoff[(costly.performance - costly.effort) < 0].min())
    assert fighting_equilibrium(hub(1), beta=BETA, gamma=GAMMA).defeat == 0


def test_the_bound_is_that_of_the_article():
    assert bound(hub(0, 4)) == pytest.approx(0.5)
    assert bound(hub(5)) == pytest.approx(0.2)
    assert bound(FightingNetwork.of(np.zeros((2, 2)))) == np.inf


@pytest.mark.parametrize(
    ("ties", "names", "match"),
    [
        ([[0]], None, "two groups or more"),
        ([[0, 0], [0, 0]], ["A", "A"], "a name of its own"),
        ([[0, 1], [-1, 0]], ["A", "B"], "1.0 for A with B, -1.0 the other way"),
        ([[1, 0], [0, 0]], ["A", "B"], "1.0 for A with A"),
        ([[0, float("nan")], [float("nan"), 0]], None, "nan for 0 with 1"),
        ([[0, 2], [2, 0]], None, "2.0 for 0 with 1"),
        ([[0, 1, 0], [1, 0, 0]], None, r"shape \(2, 3\)"),
        ([], None, r"shape \(0,\)"),
        ([[0, "x"], ["x", 0]], None, "square matrix of numbers"),
    ],
)
def test_ties_that_make_no_network(ties, names, match):
    with pytest.raises(InvalidSystemError, match=match):
        FightingNetwork.of(ties, names)


@pytest.mark.parametrize(
    ("name", "value"), [("beta", -0.1), ("gamma", float("nan")), ("prize", 0.0), ("beta", float("inf"))]
)
def test_parameters_out_of_range(name, value):
    given = {"beta": BETA, "gamma": GAMMA, "prize": 1.0} | {name: value}
    with pytest.raises(ParameterError, match=name):
        fighting_equilibrium(np.zeros((2, 2)), **given)


def test_costs_and_shifts_are_checked():
    with pytest.raises(ParameterError, match="cost"):
        FightingNetwork.of(np.zeros((2, 2)), cost=[1.0, 0.0])
    with pytest.raises(ParameterError, match="shift"):
        FightingNetwork.of(np.zeros((2, 2)), shift=[1.0, 2.0, 3.0])
    drawn = FightingNetwork(("A", "B"), np.zeros((5, 2, 2)), np.zeros((5, 2, 2)), np.ones((5, 2)), np.zeros((5, 2)))
    with pytest.raises(InvalidSystemError, match="not draws of it"):
        fighting_equilibrium(drawn, beta=BETA, gamma=GAMMA)


def test_edits_change_what_they_name_and_nothing_else():
    net = hub(3, 1)
    assert Remove(("E0",)).apply(net).names == ("HUB", "E1", "E2", "A0")
    assert Remove(("E0", "A0")).describe() == "without E0 and A0"
    peace = Pacify("HUB", "E1").apply(net)
    assert peace.enemy.sum() == net.enemy.sum() - 2
    assert net.enemy[0, 2] == 1
    assert Embargo("E0", 1.5).apply(net).cost.tolist() == [1, 1.5, 1, 1, 1]
    assert (Pacify("A", "B").describe(), Embargo("A").describe()) == ("peace between A and B", "arms embargo on A")
    with pytest.raises(InvalidSystemError, match="no enemies here"):
        Pacify("E0", "E1").apply(net)
    with pytest.raises(InvalidSystemError, match="hold no such name: got X"):
        Remove(("X",)).apply(net)
    with pytest.raises(InvalidSystemError, match="1 left"):
        Remove(("A0",)).apply(hub(0, 1))
    with pytest.raises(ParameterError, match="above 0"):
        Embargo("E0", 0.0)
    with pytest.raises(ParameterError, match="applied to a network by itself"):
        Embargo("E0").apply(net)


def test_a_key_player_by_hand():
    """Removing the hub of four enemies leaves four isolated groups; removing a leaf leaves the hub with three."""
    all_of = fighting_equilibrium(hub(4), beta=BETA, gamma=GAMMA).total
    without_hub = fighting_equilibrium(Remove(("HUB",)).apply(hub(4)), beta=BETA, gamma=GAMMA).total
    assert without_hub == pytest.approx(0.75)
    assert fighting_equilibrium(Remove(("E0",)).apply(hub(4)), beta=BETA, gamma=GAMMA).total > without_hub
    assert all_of > without_hub


def test_the_ceiling_is_where_a_group_is_priced_out():
    """Just below it a group has some performance, just above none; by hand for three isolated groups: 2 / (3 - 1 - 1) = 2."""
    assert fighting_equilibrium(np.zeros((3, 3)), beta=BETA, gamma=GAMMA).ceiling == pytest.approx([2, 2, 2])
    e = fighting_equilibrium(hub(4), beta=BETA, gamma=GAMMA)
    for name, most in zip(e.network.names, e.ceiling, strict=True):
        near, past = (
            fighting_equilibrium(Embargo(name, most * f).apply(hub(4)), beta=BETA, gamma=GAMMA).performance[
                e.network.position(name)
            ]
            for f in (0.999, 1.001)
        )
        assert near > 1e-6
        assert past == pytest.approx(0, abs=1e-15)
    assert np.isnan(fighting_equilibrium(hub(0, 3), beta=0.59, gamma=0.0).ceiling).all()
    assert np.isnan(fighting_equilibrium(np.zeros((2, 2)), beta=BETA, gamma=GAMMA).ceiling).all()


def test_a_dearer_effort_is_lower_and_checked():
    """Two groups with costs 1 and k: performances are those of Tullock's contest with unequal costs."""
    e = fighting_equilibrium(FightingNetwork.of(np.zeros((2, 2)), cost=[1.0, 1.5]), beta=0.0, gamma=0.0)
    assert e.effort == pytest.approx([1.5 / 2.5**2, 1 / 2.5**2])
    assert e.dissipation == pytest.approx(1.5 / 2.5**2 + 1.5 * 1 / 2.5**2)
