"""The coalition of a system against plain loops over every set, and against its own sampling."""

from __future__ import annotations

import json

import numpy as np
import pytest

import foedus as fd
import game_twin as twin
from foedus import params
from foedus.cli import main
from foedus.errors import ParameterError, UnknownStateError
from foedus.estimate.nested import nested
from foedus.kernels import streams
from foedus.security.coalition import allies, coalition
from foedus.security.coalition_draws import PAIRS, exact, sampled
from foedus.war.field import ground


@pytest.fixture(scope="module")
def europe():
    """Return the bundled system of 1914."""
    return fd.load("europe-1914")


@pytest.fixture(scope="module")
def entente(europe):
    """Return France, Russia and Britain against the Central Powers."""
    return coalition(europe, ["FRN", "RUS", "UKG"], against=["GMY", "AUH"], draws=30)


def test_values_are_means_of_plain_loops(europe, entente):
    said = ground(europe, seed=1, outer=30)
    r = params.load("joining").draws("contest.decisiveness", 1, 30)
    ours, foes = ([europe.index[a] for a in names] for names in (("FRN", "RUS", "UKG"), ("GMY", "AUH")))
    shapley, banzhaf, totals = [], [], []
    for d in range(30):
        reach = said.reach[min(d, len(said.reach) - 1)]

        def strength(who, at, d=d, reach=reach):
            return sum(said.power[d, k] * reach[k, at] for k in who)

        worth = []
        for s in twin.subsets(3):
            mine = [ours[i] for i in s]
            worth.append(
                sum(strength(mine, i) ** r[d] / (strength(mine, i) ** r[d] + strength(foes, i) ** r[d]) for i in mine)
            )
        shapley.append(twin.shapley(worth, 3))
        banzhaf.append(twin.banzhaf(worth, 3))
        totals.append(worth[-1])
    assert entente.total.mean == pytest.approx(np.mean(totals))
    for k, m in enumerate(entente.members):
        assert m.shapley.mean == pytest.approx(np.mean(shapley, axis=0)[k])
        assert m.banzhaf.mean == pytest.approx(np.mean(banzhaf, axis=0)[k])
        assert m.shapley.low == pytest.approx(np.quantile(np.array(shapley)[:, k], 0.05))


def test_what_an_expert_would_check(entente):
    assert entente.exact
    assert sum(m.shapley.mean for m in entente.members) == pytest.approx(entente.total.mean)
    assert sum(m.gives.mean for m in entente.members) == pytest.approx(0, abs=1e-9)
    assert sum(m.nucleolus.mean for m in entente.members) == pytest.approx(entente.total.mean)
    own = entente.sharings[0]
    assert (own.stable.mean, own.blocking) == (1.0, ())
    for m in entente.members:
        assert m.holds_together.mean > m.holds_alone.mean
        for e in (m.holds_alone, m.holds_together, m.shapley, m.gives, m.banzhaf, m.nucleolus, m.tips, m.dummy):
            assert e.low < e.high


def test_the_same_seed_gives_the_same_numbers(europe, entente):
    again = coalition(europe, ["France", "RUS", "UKG"], against=["GMY", "AUH"], draws=30)
    assert again.to_dict() == entente.to_dict()
    assert coalition(europe, ["FRN", "RUS", "UKG"], against=["GMY", "AUH"], draws=30, seed=2).total != entente.total


def test_one_member_stands_for_itself_and_its_allies(europe):
    found = coalition(europe, "FRN", against="GMY", draws=10)
    names = [europe.ids[k] for k in allies(europe, europe.index["FRN"])]
    assert [m.actor for m in found.members] == ["FRN", *names]
    assert "RUS" in names


def test_stakes(europe, entente):
    many = coalition(
        europe, ["FRN", "RUS", "UKG"], against=["GMY", "AUH"], draws=30, stakes={"FRN": 2, "RUS": 2, "UKG": 2}
    )
    assert many.total.mean == pytest.approx(2 * entente.total.mean)
    size = coalition(europe, ["FRN", "RUS"], against="GMY", draws=10, stakes="capability")
    assert 0 < size.total.mean < 1
    for wrong, match in [
        ("wealth", "equal, capability"),
        ({"FRN": 1}, "a number for each"),
        ({"FRN": 1, "RUS": -1}, "at least 0"),
    ]:
        with pytest.raises(ParameterError, match=match):
            coalition(europe, ["FRN", "RUS"], against="GMY", draws=10, stakes=wrong)


def test_sampling_agrees_with_looking_through_every_set():
    rng = np.random.default_rng(5)
    draws, n = 60, 5
    strength, stake, threat = rng.random((draws, n, n)), rng.random((draws, n)), rng.random((draws, n)) * 2
    r = rng.uniform(0.7, 1.6, draws)
    every = exact(strength, stake, threat, r, stake / stake.sum(axis=1, keepdims=True))
    some = sampled(strength, stake, threat, r, streams.keys_of(list("abcde")), 1)
    for name in ("total", "alone", "holds_alone", "holds_together", "outweighs"):
        assert some[name] == pytest.approx(every[name])
    for name in ("shapley", "gives", "tips"):
        error = nested(some[name], PAIRS)[0].mc_error
        assert np.abs(some[name].mean(axis=0) - every[name].mean(axis=0)).max() < 4 * error
    per_draw = some["shapley"].reshape(draws, PAIRS, n).sum(axis=2)
    assert per_draw == pytest.approx(np.repeat(every["total"][:, None], PAIRS, axis=1))


def test_more_than_fourteen_members_are_sampled():
    system = fd.load("middle-east-2019")
    names = [a for a in system.ids if a != "USA"][:16]
    found = coalition(system, names, against="USA", draws=10)
    assert not found.exact
    assert (found.convex, found.members[0].nucleolus, found.members[0].dummy) == (None, None, None)
    assert found.to_dict()["standing"].endswith("sampled")
    assert sum(m.shapley.mean for m in found.members) == pytest.approx(found.total.mean)


@pytest.mark.parametrize(
    ("members", "against", "match"),
    [
        ([], "GMY", "at least one actor"),
        (["FRN", "RUS"], [], "at least one actor"),
        (["FRN", "FRN"], "GMY", "FRN stands twice"),
        (["FRN", "GMY"], "GMY", "no members of the coalition"),
        ("USA", "GMY", "name the members"),
    ],
)
def test_coalitions_that_are_none(europe, members, against, match):
    with pytest.raises(ParameterError, match=match):
        coalition(europe, members, against=against, draws=10)


def test_unknown_names_and_no_draws(europe):
    with pytest.raises(UnknownStateError, match="Atlantis"):
        coalition(europe, ["FRN", "Atlantis"], against="GMY")
    with pytest.raises(ParameterError, match="'draws' parameter"):
        coalition(europe, ["FRN", "RUS"], against="GMY", draws=9)


def test_command(capsys):
    line = ["coalition", "GMY", "AUH", "ITA", "--against", "RUS,FRN", "--in", "europe-1914", "--draws", "30"]
    with pytest.raises(SystemExit, match="0"):
        main(line)
    text = capsys.readouterr().out
    assert "no set would" in text
    assert "outweigh the threats" in text
    with pytest.raises(SystemExit, match="0"):
        main([*line, "--json"])
    assert len(json.loads(capsys.readouterr().out)["members"]) == 3
