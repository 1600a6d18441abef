"""What factions want: stated wishes, patrons followed, the stated policy, and the rest."""

import numpy as np
import pytest

from foedus import params
from foedus.errors import InvalidSystemError, ParameterError
from foedus.security.factions import REST, divided_on, wishes
from foedus.system.nouns import Faction, Preference, Tie
from foedus.system.propensity import propensity
from foedus.system.values import Quantity


def test_centre_by_hand(divided):
    """Towards AA: north wants the middle of 0.5 and 1; south takes over 0.6 of CC's disposition to AA; the rest wants what is stated: nothing."""
    w = wishes(divided, "EE", toward=["AA", "CC", "BB"], seed=None)
    assert w.factions == ("north", "south", REST)
    assert w.weight[0] == pytest.approx([0.5, 0.35, 0.15])
    p = propensity(divided, seed=None)
    friend = np.tanh(p.matrix())
    a, b, c = (divided.index[x] for x in ("AA", "BB", "CC"))
    assert w.position[0] == pytest.approx(
        np.array(
            [
                [0.75, 0.6 * friend[c, a], 0.0],
                [0.6 * friend[a, c], 0.75, 0.0],
                [0.6 * friend[a, b], 0.6 * friend[c, b], 0.0],
            ]
        )
    )
    assert w.salience[0] == pytest.approx(np.array([[0.8, 0.6, 0.45], [0.6, 0.8, 0.45], [0.6, 0.6, 0.45]]))
    assert w.coded == ()


def test_a_stated_policy_is_where_nobody_leans_and_part_of_what_the_leaning_want(one_faction):
    system = one_faction(Faction("plain", "Plain", Quantity.of(0.6)), Faction("north", "North", Quantity.of(0.3), "AA"))
    policy = (Tie("CC", "EE", "interest", Quantity(0.2, 0.4)), Tie("EE", "DD", "injury", Quantity(-0.5, -0.5)))
    system = system.with_(ties=(*system.ties, *policy))
    w = wishes(system, "EE", toward=["CC", "DD"], seed=None)
    assert w.coded == ("CC",)
    assert w.stated[0] == pytest.approx([0.3, 0.0])
    assert w.position[0, 0, 0] == pytest.approx(0.3)
    theirs = np.tanh(propensity(system, seed=None).matrix())[system.index["AA"], system.index["CC"]]
    assert w.position[0, 0, 1] == pytest.approx(0.6 * theirs + 0.4 * 0.3)
    assert w.mean[0, 0] == pytest.approx(np.average(w.position[0, 0], weights=w.weight[0] * w.salience[0, 0]))


def test_what_a_scenario_states_comes_first(one_faction):
    stated = Faction(
        "lobby",
        "Lobby",
        Quantity.of(0.2),
        "AA",
        salience=Quantity.of(0.9),
        stance=(Preference("CC", Quantity(-0.8, -0.6)),),
    )
    system = one_faction(stated)
    w = wishes(system, "EE", toward=["AA", "CC"], draws=50)
    assert (w.position[:, 1, 0] >= -0.8).all()
    assert (w.position[:, 1, 0] <= -0.6).all()
    assert np.ptp(w.position[:, 1, 0]) > 0.1
    assert (w.salience[..., 0] == 0.9).all()
    assert w.weight[:, 1] == pytest.approx(0.8)
    assert "CC" in divided_on(system, "EE")


def test_draws_lie_within_what_is_assumed_and_belong_to_their_faction(divided):
    table = params.load("factions")
    w = wishes(divided, "EE", draws=300)
    k = w.issues.index("AA")
    assert (
        table["lean.patron"].low <= w.position[:, k, 0].min() < w.position[:, k, 0].max() <= table["lean.patron"].high
    )
    assert (w.weight.sum(axis=1) <= 1 + 1e-12).all()
    fewer = wishes(divided, "EE", toward=["CC", "AA"], draws=300)
    assert fewer.position[:, 1].tolist() == w.position[:, k].tolist()
    assert wishes(divided, "EE", draws=10).position.tolist() == w.position[:10].tolist()


def test_a_patron_without_a_tie_says_nothing(one_faction):
    system = one_faction(Faction("north", "North", Quantity.of(0.7), "AA"))
    ties = tuple(t for t in system.ties if {t.a, t.b} != {"AA", "DD"})
    w = wishes(system.with_(ties=ties, borders=()), "EE", toward=["DD"], seed=None)
    assert w.position[0, 0].tolist() == [0.0, 0.0]


def test_only_those_that_matter_are_at_issue_the_most_divisive_first(divided):
    issues = divided_on(divided, "EE")
    assert set(issues[:2]) == {"AA", "CC"}
    assert "DD" not in issues
    w = wishes(divided, "EE", seed=None)
    assert w.issues == issues
    apart = np.ptp(w.position[0], axis=-1)
    assert apart.tolist() == sorted(apart, reverse=True)


def test_without_a_faction_the_others_stay_as_they_are(divided):
    w = wishes(divided, "EE", draws=5)
    rest = w.without("north")
    assert rest.factions == ("south", REST)
    assert rest.position.tolist() == w.position[..., 1:].tolist()
    assert rest.weight.tolist() == w.weight[:, 1:].tolist()


@pytest.mark.parametrize(
    ("actor", "toward", "error", "match"),
    [
        ("AA", None, InvalidSystemError, r"(?s)AA has no factions.*these have some: EE"),
        ("EE", ["EE"], ParameterError, "other actors than EE, each once"),
        ("EE", ["AA", "AA"], ParameterError, "each once"),
        ("EE", [], ParameterError, "other actors than EE"),
    ],
)
def test_bad_questions_are_refused(divided, actor, toward, error, match):
    with pytest.raises(error, match=match):
        wishes(divided, actor, toward=toward)


def test_factions_that_agree_or_weigh_nothing_are_refused(quartet, one_faction):
    with pytest.raises(ParameterError, match="The factions of EE disagree on nobody"):
        wishes(one_faction(Faction("all", "All", Quantity.of(1.0))), "EE")
    nothing = Faction("none", "None", Quantity.of(1.0), "AA", salience=Quantity.of(0.0))
    with pytest.raises(InvalidSystemError, match="no weight or no salience"):
        wishes(one_faction(nothing), "EE", toward=["AA"])
    with pytest.raises(InvalidSystemError, match="no actor of this system"):
        wishes(quartet, "EE")
