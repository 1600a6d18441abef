import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import foedus
from foedus.errors import CoverageError, InvalidSystemError, ParameterError
from foedus.security.fight import fight
from foedus.security.fighting_edits import Embargo, Pacify, Remove
from foedus.security.fighting_system import core_of, network_of, wars_of
from foedus.security.fighting_worlds import Ranged, spillovers
from foedus.system.nouns import Member, Pact, Pledge, Tie
from foedus.system.system import System
from foedus.system.values import Quantity

DAY = dt.date(1910, 1, 1)
SINCE = dt.date(1905, 1, 1)


def at_war(*pairs, strength=(-0.9, -0.5)):
    return tuple(Tie(a, b, "war", Quantity.of(list(strength)), start=SINCE) for a, b in pairs)


@pytest.fixture
def wars(make_actor):
    """AA and its client BB fight CC and DD, who fight them; EE has CC for its one enemy; FF sponsors DD; GG and HH have a war of their own."""
    names = ("AA", "BB", "CC", "DD", "EE", "FF", "GG", "HH")
    ties = (
        *at_war(("AA", "CC"), ("AA", "DD"), ("BB", "CC"), ("BB", "DD"), ("EE", "CC"), ("GG", "HH")),
        Tie("AA", "BB", "sponsorship", Quantity.of([0.3, 0.7]), start=SINCE),
        Tie("FF", "DD", "sponsorship", Quantity.of([0.3, 0.7]), start=SINCE),
        Tie("CC", "DD", "interest", Quantity.of([0.3, 0.7]), start=SINCE),
        Tie("AA", "EE", "war", Quantity.of(-0.9), start=SINCE, end=dt.date(1908, 1, 1)),
    )
    pacts = (
        Pact("coalition", "Coalition", "alignment", (Member("CC"), Member("DD")), start=SINCE),
        Pact(
            "help",
            "Help",
            "intervention",
            (Member("EE"), Member("AA")),
            (Pledge("EE", "defense", ("AA",), targets=("CC",)),),
            SINCE,
        ),
        Pact(
            "paper",
            "Paper",
            "treaty",
            (Member("BB"), Member("EE")),
            (Pledge("BB", "defense"), Pledge("EE", "consul")),
            SINCE,
        ),
        Pact("word", "Word", "guarantee", (Member("FF"), Member("CC")), (Pledge("FF", "defense", ("CC",)),), SINCE),
    )
    return System("wars", "Two wars", DAY, tuple(make_actor(n, 0.1) for n in names), pacts, ties)


def test_wars_and_their_cores(wars):
    assert wars_of(wars) == (("AA", "BB", "CC", "DD", "EE"), ("GG", "HH"))
    assert core_of(wars, wars_of(wars)[0]) == ("AA", "BB", "CC", "DD")
    assert core_of(wars, ("GG", "HH")) == ("GG", "HH")


def test_who_fights_by_default_and_when_named(wars):
    found = fight(wars, draws=40, edits=False)
    assert found.equilibrium.network.names == ("AA", "BB", "CC", "DD")
    assert (found.fringe, found.other_wars, found.backers) == (("EE",), (("GG", "HH"),), ("FF",))
    sponsored = wars.edit().change_tie("EE", "AA", "sponsorship", 0.5).done()
    assert fight(sponsored, draws=40, edits=False).backers == ("FF",)
    assert fight(wars, draws=40, edits=False, whole=True).equilibrium.network.names == ("AA", "BB", "CC", "DD", "EE")
    assert fight(wars, draws=40, edits=False, around="HH").equilibrium.network.names == ("GG", "HH")
    assert fight(wars, draws=40, edits=False, around="EE").equilibrium.network.names == ("AA", "BB", "CC", "DD", "EE")
    named = fight(wars, draws=40, edits=False, actors=["DD", "AA"])
    assert named.equilibrium.network.names == ("AA", "DD")
    assert named.fringe == ()


def test_ties_by_kind_of_help(wars):
    everyone = ("AA", "BB", "CC", "DD", "EE", "FF")

    def allies(*kinds):
        net = network_of(wars, everyone, help_by=kinds)
        return {
            (everyone[i], everyone[j]): round(float(net.allied[i, j]), 3) for i, j in np.argwhere(np.triu(net.allied))
        }

    assert allies() == {}
    assert allies("sponsorship") == {("AA", "BB"): 0.5, ("DD", "FF"): 0.5}
    assert set(allies("alignment")) == {("CC", "DD")}
    assert set(allies("intervention")) == {("AA", "EE")}
    assert set(allies("defense")) == {("BB", "EE"), ("CC", "FF")}
    assert allies("interest") == {("CC", "DD"): 0.5}
    enemy = network_of(wars, everyone).enemy
    assert enemy[0, 2] == pytest.approx(0.7)
    assert enemy[0, 4] == 0
    drawn = network_of(wars, everyone, draws=500).enemy[:, 0, 2]
    assert 0.5 <= drawn.min() < 0.55
    assert 0.85 < drawn.max() <= 0.9


def test_enemies_are_no_allies(wars):
    both = wars.edit().change_tie("AA", "CC", "sponsorship", 0.5).done()
    net = network_of(both, ("AA", "CC"))
    assert net.allied.sum() == 0
    assert net.enemy[0, 1] == pytest.approx(0.7)


def test_an_alignment_has_its_own_strength_if_one_is_given(wars):
    strong = wars.edit().amend_pact("coalition", strength=0.9).done()
    assert network_of(strong, ("CC", "DD"), help_by=("alignment",)).allied[0, 1] == pytest.approx(0.9)


def test_every_interval_has_a_width_and_holds_the_value(wars):
    found = fight(wars, draws=60, pairs=1)
    for r in (*found.effort_share, *found.share, found.dissipation, *(e.change for e in found.effects)):
        assert r.low < r.high
    for r in (*found.share, found.dissipation):
        assert r.low < r.value < r.high
    assert sum(r.value for r in found.effort_share) == pytest.approx(1)
    assert found.without == 0


def test_changes_are_ranked_and_the_key_actor_is_the_first_removal(wars):
    found = fight(wars, draws=60, pairs=2)
    table = found.effect_table()
    assert table["effect"].to_list() == sorted(table["effect"].to_list())
    assert table.filter(table["kind"] == "remove").height == 4 + 2
    assert table.filter(table["kind"] == "pacify").height == 4
    assert table.filter(table["kind"] == "embargo").height == 4
    alone = [e for e in found.effects if isinstance(e.edit, Remove) and len(e.edit.groups) == 1]
    assert found.key == alone[0].edit.groups[0]
    totals = {
        a: fight(wars, draws=60, edits=False, actors=[b for b in ("AA", "BB", "CC", "DD") if b != a]).equilibrium.total
        for a in ("AA", "BB", "CC", "DD")
    }
    assert min(totals, key=totals.get) == found.key
    assert alone[0].own.value == pytest.approx(
        found.equilibrium.effort[found.equilibrium.network.position(found.key)] / found.equilibrium.total
    )


def test_an_edit_of_the_network_is_that_of_the_system_to_the_bit(wars):
    """Paired draws: the same uniforms stand behind the same ties, whoever else is there."""
    base = fight(wars, draws=80, edits=False)
    left = fight(wars.edit().remove_actor("BB").done(), draws=80, edits=False, actors=["AA", "CC", "DD"])
    assert base.effect(Remove(("BB",))).change == base.against(left)
    still = wars.edit().remove_tie("AA", "DD", "war").done()
    peace = fight(still, draws=80, edits=False, actors=["AA", "BB", "CC", "DD"])
    assert base.effect(Pacify("AA", "DD")).change == base.against(peace)


def test_an_intervention_brings_in_the_one_who_intervenes(wars):
    more = wars.edit().intervene("FF", "DD", ["AA", "BB"], 0.2).done()
    found = fight(more, draws=40, edits=False)
    assert "FF" in found.equilibrium.network.names
    assert found.backers == ()


def test_an_embargo_draws_its_factor_unless_given(wars):
    base = fight(wars, draws=80, edits=False)
    mild = base.effect(Embargo("AA", 1.05))
    assert base.effect(Embargo("AA")).edit.factor == pytest.approx(1.3)
    assert mild.change.value != base.effect(Embargo("AA")).change.value
    assert base.effect(Embargo("AA", 1.0)).change.value == pytest.approx(0, abs=1e-12)


def test_the_same_seed_gives_the_same_bits(wars):
    one, two, other = (fight(wars, draws=50, edits=False, seed=s).to_dict() for s in (3, 3, 4))
    assert one == two
    assert one["dissipation"] != other["dissipation"]


def test_spillovers_are_drawn_jointly_around_the_estimate():
    beta, gamma = spillovers(20_000, 1)
    assert beta.mean() == pytest.approx(0.114, abs=0.001)
    assert gamma.std() == pytest.approx(0.0214, abs=0.0005)
    assert np.corrcoef(beta, gamma)[0, 1] == pytest.approx(0.508, abs=0.02)
    assert min(beta.min(), gamma.min()) == 0.0
    assert (spillovers(10, 1)[0] == beta[:10]).all()


def test_draws_without_equilibrium_are_counted_and_a_broken_centre_is_refused(make_actor):
    names = ["HUB", "AL", *(f"E{k}" for k in range(13))]
    ties = (
        *at_war(*(("HUB", f"E{k}") for k in range(13)), strength=(-1.0, -1.0)),
        Tie("AL", "HUB", "sponsorship", Quantity.of([0.95, 1.0]), start=SINCE),
        *at_war(("AL", "E0"), strength=(-0.1, -0.05)),
    )
    system = System("hub", "One against many", DAY, tuple(make_actor(n, 0.05) for n in names), (), ties)
    found = fight(system, draws=100, whole=True)
    assert 0.2 < found.without < 0.8
    assert found.to_dict()["without_equilibrium"] == found.without
    broken = next(e for e in found.effects if e.edit == Remove(("AL",)))
    assert broken.change is None
    assert broken is found.effects[-1]
    assert broken.row()["effect"] is None
    assert found.effects[0].draws < 100
    with pytest.raises(InvalidSystemError, match="for HUB, with enemies weighing 13"):
        fight(system, draws=40, actors=["HUB", *(f"E{k}" for k in range(13))])


def test_too_few_worlds_with_an_equilibrium_are_refused(make_actor):
    """Eleven and a half enemies' weight for sure: fine at the estimate, and beyond it in most draws that have a greater gamma."""
    names = ["HUB", *(f"E{k}" for k in range(12))]
    ties = at_war(*(("HUB", f"E{k}") for k in range(12)), strength=(-1.0, -1.0))
    system = System("hub", "One against many", DAY, tuple(make_actor(n, 0.05) for n in names), (), ties)

    def until_refused():
        for seed in range(40):
            fight(system, draws=20, whole=True, edits=False, seed=seed)

    with pytest.raises(InvalidSystemError, match="of 20 draws with an equilibrium; expected 10 or more"):
        until_refused()


def test_two_who_fight_have_no_removals_and_three_no_pairs(wars):
    kinds = [type(e.edit).__name__ for e in fight(wars, draws=40, around="GG").effects]
    assert sorted(kinds) == ["Embargo", "Embargo", "Pacify"]
    assert fight(wars, draws=40, around="GG").key is None
    three = fight(wars, draws=40, actors=["AA", "CC", "DD"], pairs=3)
    assert all(len(e.edit.groups) == 1 for e in three.effects if isinstance(e.edit, Remove))


def test_tables(wars):
    found = fight(wars, draws=40)
    assert found.table().height == 4
    assert found.table()["effort_share"].to_list() == sorted(found.table()["effort_share"], reverse=True)
    assert fight(wars, draws=40, edits=False).effect_table().height == 0
    assert "extrapolation" in found.to_dict()["standing"]
    assert Ranged.of(1.0, np.array([])).value == Ranged.of(1.0, np.array([])).to_dict()["value"] == 1.0


@pytest.mark.parametrize(
    ("given", "error", "match"),
    [
        ({"draws": 5}, ParameterError, "at least 20"),
        ({"pairs": -1}, ParameterError, "pairs of at least 0"),
        ({"help_by": ("love",)}, ParameterError, "love"),
        ({"actors": ["AA", "AA"]}, ParameterError, "two actors or more"),
        ({"around": "FF"}, CoverageError, "No war that FF has part in"),
        ({"actors": ["AA", "FF"]}, CoverageError, "Nothing ties those who are to fight: got AA, FF"),
    ],
)
def test_what_cannot_be_done_is_refused(wars, given, error, match):
    with pytest.raises(error, match=match):
        fight(wars, **({"draws": 40} | given))


def test_peace_has_no_war(quartet):
    with pytest.raises(CoverageError, match="No war is coded as in progress on 1910-01-01"):
        fight(quartet, draws=40)


def test_other_draws_cannot_be_compared(wars):
    with pytest.raises(ParameterError, match="40 draws"):
        fight(wars, draws=40, edits=False).against(fight(wars, draws=50, edits=False))


def test_the_page_shows_what_comes_out():
    """Figures of docs/concepts/fighting.md on the bundled systems, with the default draws."""
    page = (Path(__file__).parents[3] / "docs" / "concepts" / "fighting.md").read_text(encoding="utf-8")

    def told(r):
        return f"{100 * abs(r.value):.0f} % [{100 * min(abs(r.low), abs(r.high)):.0f}, {100 * max(abs(r.low), abs(r.high)):.0f}]"

    war = fight(foedus.load("middle-east-2015"))
    share = dict(zip(war.equilibrium.network.names, war.effort_share, strict=True))
    assert (
        f"the Islamic State puts in {told(share['ISIS'])} of all effort, the Nusra Front {told(share['NUSRA'])}" in page
    )
    assert f"all efforts together cost {told(war.dissipation)} of the prize" in page
    without = next(e.change for e in war.effects if e.edit == Remove(("ISIS",)))
    assert without.high < 0
    assert f"all fighting would be {told(without)} lower" in page
    later = fight(foedus.load("middle-east-2019"), edits=False)
    assert f"largest share, {told(later.effort_share[later.equilibrium.network.position('ISIS')])}" in page
    whole = fight(foedus.load("middle-east-2015"), whole=True, edits=False)
    assert (len(whole.equilibrium.network.names), round(whole.without, 2)) == (20, 0.28)
    assert (
        f"and {100 * whole.effort_share[whole.equilibrium.network.position('ISIS')].value:.0f} % of all effort" in page
    )
    assert {round(v, 2) for v in war.equilibrium.ceiling} == {1.12, 1.13}
