import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from foedus import params
from foedus.blocs.solve import blocs
from foedus.errors import ParameterError, UnknownStateError
from foedus.system.nouns import REASONS, Tie
from foedus.system.propensity import propensity
from foedus.system.values import Quantity


def test_two_pairs_of_friends_are_two_proved_blocs(quartet):
    result = blocs(quartet, draws=60)
    assert result.two.proved
    assert result.two.value == 0
    assert set(result.members(0)) == {"AA", "BB"}
    assert set(result.members(1)) == {"CC", "DD"}
    assert {n in {"AA", "BB"} for n in result.names} == {True, False}
    assert result.second.gap > 0
    assert "describe it well" in result.fit()


def test_an_actor_without_ties_is_in_no_bloc(quartet):
    result = blocs(quartet, draws=40)
    assert result.unattached == ("EE",)
    row = result.table().filter(actor="EE").to_dicts()[0]
    assert (row["bloc"], row["membership"], row["standing"]) == (None, None, "no ties")
    with pytest.raises(UnknownStateError, match="EE"):
        result.why("EE")


def test_contradicting_ties_show_as_doubt_and_as_pulls_both_ways(quartet):
    torn = quartet.with_(
        ties=(
            *quartet.ties,
            Tie("EE", "AA", "interest", Quantity.of([0.2, 0.6])),
            Tie("EE", "CC", "interest", Quantity.of([0.2, 0.6])),
        )
    )
    result = blocs(torn, draws=300)
    assert result.membership[4] < 0.9
    assert "EE" in result.doubtful
    assert result.standing("EE") == "between"
    why = result.why("EE")
    assert {row[0] for row in why.by_actor} == {"AA", "CC"}
    assert sum(row[1] for row in why.by_actor) == pytest.approx(sum(row[1] for row in why.by_reason))
    assert any(low < high for _, _, low, high in why.by_reason)
    assert "EE falls to bloc" in why.sentence()


def test_enmity_alone_places_nobody_as_a_friend(quartet):
    foe = quartet.with_(ties=(*quartet.ties, *(Tie("EE", x, "war", Quantity.of([-1, -0.8])) for x in ("AA", "CC"))))
    result = blocs(foe, draws=40)
    assert result.apart == ("EE",)
    assert result.standing("EE") == "apart"


def test_balance_of_the_signs(quartet):
    balance = blocs(quartet, draws=40).balance
    assert (balance.ties, balance.negative, balance.frustration, balance.normalised) == (6, 4, 0, 1.0)
    assert balance.triads["+--"] == 4
    assert balance.triad_share == 1.0


def test_same_seed_same_numbers_and_another_seed_other_numbers(quartet):
    a, b, c = (blocs(quartet, draws=80, seed=s).sample.total for s in (1, 1, 2))
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_search_is_checked_against_the_exact_solution_on_some_draws(quartet):
    result = blocs(quartet, draws=30)
    assert result.checked == result.agreed == 10


def test_too_few_draws_are_refused(quartet):
    with pytest.raises(ParameterError, match="draws"):
        blocs(quartet, draws=1)


def test_a_later_tie_or_pact_does_not_count(quartet):
    later = quartet.with_(ties=(*quartet.ties, Tie("EE", "AA", "war", Quantity.of(-1), start=quartet.date)))
    assert blocs(later, draws=30).unattached == ("EE",)
    pact = REASONS.index("pact")
    signed_that_day = propensity(quartet.with_(date=dt.date(1900, 1, 1)), seed=None)
    assert (propensity(quartet, seed=None).parts[:, pact] > 0).any()
    assert not signed_that_day.parts[:, pact].any()


def test_parts_add_up_to_the_total_and_a_users_table_replaces_ours(quartet, tmp_path):
    p = propensity(quartet, seed=3, n_draws=5)
    assert p.parts.sum(axis=1) + p.residual == pytest.approx(p.total)
    text = (params.__file__).replace("__init__.py", "ties.toml")
    changed = tmp_path / "mine.toml"
    changed.write_text(
        Path(text)
        .read_text(encoding="utf-8")
        .replace("rivalry      = { value = [0.6, 1.2] }", "rivalry = { value = 0.0 }"),
        encoding="utf-8",
    )
    mine = propensity(quartet, seed=None, table=params.load_file(changed))
    ours = propensity(quartet, seed=None)
    assert ours.total.min() < 0 <= mine.total.min()


def test_result_as_plain_data(quartet):
    plain = blocs(quartet, draws=30).to_dict()
    assert plain["two"]["proved"]
    assert plain["second_best"]["optima"] == 1
    assert plain["draws"] == 30
    assert plain["frustrated"] == []


def test_no_ties_no_blocs(quartet):
    bare = quartet.with_(ties=(), pacts=(), borders=())
    result = blocs(bare, draws=10)
    assert result.fit() == "no ties, no blocs"
    assert result.names == ("-", "-")
    assert result.to_dict()["two"]["frustrated_share"] is None
    assert result.balance.normalised is None
