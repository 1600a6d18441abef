"""What futures came to: measures, intervals, pairs, differences."""

from __future__ import annotations

import numpy as np
import pytest

import foedus as fd
from foedus.errors import ParameterError
from foedus.formation.difference import MEASURES
from foedus.formation.evolution import Evolution
from foedus.formation.evolve_step import COUNTS
from foedus.formation.pairs import Pairs


@pytest.fixture(scope="module")
def europe():
    return fd.load("europe-1914")


@pytest.fixture(scope="module")
def base(europe):
    return fd.evolve(europe, years=3, draws=200, seed=2)


def made(europe, counts, degree) -> Evolution:
    """Return futures with the given counts."""
    return Evolution(europe, counts.shape[1] - 1, len(counts), 1, "drawn", counts, degree, {})


def test_measures_by_hand(europe):
    counts = np.zeros((10, 2, len(COUNTS)), dtype=np.int32)
    counts[:, 1, COUNTS.index("ties")] = 8
    counts[:5, 1, COUNTS.index("closed")], counts[:5, 1, COUNTS.index("balanced")] = 4, 3
    counts[:, 1, COUNTS.index("wars")] = np.arange(10)
    found = made(europe, counts, np.zeros((10, 2, 16), dtype=np.int16))
    assert found.measure("pacts_per_state")[:, 1] == pytest.approx(np.ones(10))
    assert found.measure("density")[:, 1] == pytest.approx(np.full(10, 8 / 120))
    assert found.measure("balance")[:5, 1] == pytest.approx(np.full(5, 0.75))
    assert np.isnan(found.measure("balance")[5:]).all()
    assert found.expected("wars")[1].mean == pytest.approx(4.5)
    assert found.expected("balance")[1].mean == pytest.approx(0.75)
    assert np.isnan(found.expected("balance")[0].mean)
    row = found.table().row(0, named=True)
    assert (row["wars_low"], row["wars_high"]) == (pytest.approx(0.45), pytest.approx(8.55))
    assert row["wars_mean_low"] < 4.5 < row["wars_mean_high"]
    with pytest.raises(ParameterError, match="name"):
        found.measure("peace")


def test_the_interval_of_futures_holds_more_than_that_of_the_expectation(base):
    for row in base.table().to_dicts():
        for name in ("disputes", "pacts_per_state"):
            assert row[f"{name}_high"] - row[f"{name}_low"] > row[f"{name}_mean_high"] - row[f"{name}_mean_low"] > 0
            assert row[f"{name}_mean_low"] <= row[name] <= row[f"{name}_mean_high"]


def test_intervals_of_a_pair_cover_and_widen_with_what_is_not_known():
    rng = np.random.default_rng(5)
    hit, groups, inner = 0, 60, 10
    for _ in range(200):
        p = 0.2
        c = rng.binomial(inner, rng.beta(4, 16, groups))
        e = Pairs(np.array([[c.sum()]]), np.array([[(c * c).sum()]]), groups, inner).estimate(0)[0]
        hit += e.low < p < e.high
    alike = np.full(groups, 2)
    narrow = Pairs(np.array([[alike.sum()]]), np.array([[(alike**2).sum()]]), groups, inner).estimate(0)[0]
    assert hit > 190
    assert e.high - e.low > 2 * (narrow.high - narrow.low)
    never = Pairs(np.array([[0]]), np.array([[0]]), groups, inner).estimate(0)[0]
    assert never.mean == never.low == 0
    assert 0 < never.high < 0.01
    always = Pairs(np.array([[600]]), np.array([[6000]]), groups, inner).estimate(0)[0]
    assert always.mean == always.high == 1
    assert 0.99 < always.low < 1


def test_a_pair_says_the_same_both_ways(base):
    one, two = base.tie("Germany", "AUH"), base.tie("AUH", "GMY")
    assert (one.a, one.b) == (two.b, two.a) == ("GMY", "AUH")
    assert one.allied == two.allied
    assert one.allied[0].mean > one.allied[-1].mean > 0.5
    assert one.table().height == 3
    assert one.to_dict()["a"] == "GMY"
    i, j, p = base.system.index["GMY"], base.system.index["AUH"], 0
    total = base.pairs["tied"].total[:, p if i < j else 0]
    assert one.allied[-1].mean == pytest.approx(total[-1] / base.draws)
    with pytest.raises(ParameterError, match="another actor"):
        base.tie("GMY", "GMY")


def test_every_pair_stands_where_it_is_looked_up(base):
    at = base.pair_table()
    last = {(r["a"], r["b"]): r for r in at.filter(at["year"] == base.calendar[-1]).to_dicts()}
    for (a, b), row in list(last.items())[:40]:
        assert base.tie(a, b).allied[-1].mean == pytest.approx(row["p_allied"])
        assert base.tie(a, b).dispute[-1].mean == pytest.approx(row["p_dispute"])


def test_likeliest(base):
    for what in ("new pact", "lost pact", "war", "dispute"):
        top = base.likeliest(what, 4)
        chances = [e.mean for _, _, e in top]
        assert chances == sorted(chances, reverse=True)
        assert all(e.low <= e.mean <= e.high for _, _, e in top)
    lost = base.likeliest("lost pact", 30)
    assert len(lost) <= 10
    assert all(base.tie(a, b).allied[-1].mean == pytest.approx(1 - e.mean) for a, b, e in lost)
    with pytest.raises(ParameterError, match="what"):
        base.likeliest("peace")


def test_a_future_is_told_as_it_was_counted(base):
    for number in (0, 57):
        told = base.future(number)
        counts = dict(zip(COUNTS, base.counts[number, 1:].sum(axis=0).tolist(), strict=True))
        what = told["what"].to_list()
        assert what.count("pact ends") == counts["ended"]
        assert what.count("war") == counts["wars"]
        assert what.count("dispute") + what.count("war") == counts["disputes"]
    with pytest.raises(ParameterError, match="number"):
        base.future(200)


def test_states(base):
    table = base.states()
    assert table["partners_at_fork"].sum() == 20
    assert (table["partners_low"] <= table["partners_high"]).all()


def test_against_itself_nothing_differs(base, europe):
    found = base.against(europe)
    assert not np.nan_to_num(found.measure("wars")).any()
    assert all(r["difference"] == 0 and r["more"] == 0 for r in found.table().to_dicts())
    assert found.pairs(3)["allied"].to_list() == [0, 0, 0]


def test_an_edit_differs_in_what_it_touches_on_common_numbers(base, europe):
    other = fd.evolve(europe.edit().void("triple-alliance").system, years=3, draws=200, seed=2)
    found = base.against(other)
    rows = {r["measure"]: r for r in found.table().to_dicts()}
    assert set(rows) == set(MEASURES) - {"density"}
    assert rows["pacts_per_state"]["difference"] < 0
    assert rows["pacts_per_state"]["less"] > 0.8
    assert rows["disputes"]["more"] + rows["disputes"]["less"] < 0.6  # most futures quarrel exactly as without the edit
    pairs = {(r["a"], r["b"]) for r in found.pairs(2).to_dicts()}
    assert pairs == {("GMY", "ITA"), ("AUH", "ITA")}
    assert found.to_dict()["standing"] == "simulated, paired"


def test_an_edit_that_leaves_out_an_actor_leaves_pairs_of_others_comparable(base, europe):
    found = base.against(europe.edit().remove_actor("MNG").system)
    table = found.pairs(200)
    assert "MNG" not in {*table["a"], *table["b"]}


def test_futures_of_another_kind_are_refused(base, europe):
    with pytest.raises(ParameterError, match="futures of as many years"):
        base.against(fd.evolve(europe, years=2, draws=200, seed=2))


def test_without_a_closed_triad_a_difference_leaves_balance_out(europe):
    counts = np.zeros((10, 2, len(COUNTS)), dtype=np.int32)
    pairs = {
        k: Pairs(np.zeros((2, 120), dtype=np.int64), np.zeros((2, 120), dtype=np.int64), 1, 10)
        for k in ("tied", "fought", "disputed")
    }
    one = Evolution(europe, 1, 10, 1, "drawn", counts, np.zeros((10, 2, 16), dtype=np.int16), pairs)
    assert "balance" not in one.against(one).table()["measure"].to_list()
    assert one.to_dict()["likeliest"]["war"] == []


def test_a_plain_form_is_written_without_what_is_not_known(base, tmp_path):
    base.write(tmp_path)
    assert "NaN" not in (tmp_path / "summary.json").read_text()
    assert base.to_dict()["standing"].startswith("simulated")
