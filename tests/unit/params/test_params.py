import numpy as np
import pytest

from foedus import params
from foedus.errors import ParameterError
from foedus.system.nouns import PLEDGE_TYPES, REASONS
from foedus.war.rates import ENDING, ENTRY, LEAVING


@pytest.mark.parametrize(
    "model",
    [
        "ties",
        "joining",
        "reliability",
        "nuclear",
        "contributions",
        "size",
        "honour",
        "joining_fitted",
        "spread",
        "onset_fitted",
    ],
)
def test_every_shipped_parameter_has_a_standing_and_an_ordered_interval(model):
    table = params.load(model).table
    assert table
    for p in table.values():
        assert p.low <= p.high
        assert p.status in {"published", "fitted", "assumed"}
        assert p.status != "published" or p.source


def test_the_tables_hold_what_the_models_ask_for():
    ties = params.load("ties")
    for reason in REASONS:
        assert ties[f"weight.{reason}"].low >= 0
    for kind in PLEDGE_TYPES:
        assert ties[f"derived.pact.{kind}"].low > 0
    spread = params.load("spread")
    for name, terms in (("entry", ENTRY), ("leaving", LEAVING), ("ending", ENDING)):
        for term in terms:
            assert spread[f"{name}.{term}"].status == "fitted"


def test_draws_stay_in_the_interval_and_do_not_depend_on_others():
    ties = params.load("ties")
    d = ties.draws("weight.war", 1, 500)
    assert ties["weight.war"].low <= d.min() < d.max() <= ties["weight.war"].high
    assert np.array_equal(d[:100], ties.draws("weight.war", 1, 100))
    assert not np.array_equal(d, ties.draws("weight.fear", 1, 500))


def test_unknown_parameter_names_the_file():
    with pytest.raises(ParameterError, match="nothing"):
        params.load("ties")["nothing"]


@pytest.mark.parametrize(
    "text",
    [
        "a = {value = 'x'}",
        "a = {value = [2, 1]}",
        "a = {value = [1, 2, 3]}",
        "a = {value = true}",
        "a = {value = nan}",
        "not toml [",
    ],
)
def test_bad_files_are_refused(tmp_path, text):
    path = tmp_path / "p.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match="got"):
        params.load_file(path)


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="Cannot read"):
        params.load_file(tmp_path / "none.toml")


def test_other_tables_stand_in_within_a_block_only():
    before = params.load("joining")["contest.decisiveness"]
    with params.replaced({"joining": params.load("joining").having({"contest.decisiveness": 3.0})}):
        inside = params.load("joining")["contest.decisiveness"]
        assert (inside.low, inside.high, inside.status) == (3.0, 3.0, "assumed")
        with params.replaced({"ties": params.load("ties").having({"weight.war": 0.1})}):
            assert params.load("joining")["contest.decisiveness"].centre == 3.0
            assert params.load("ties")["weight.war"].centre == 0.1
        assert params.load("ties")["weight.war"].centre != 0.1
    assert params.load("joining")["contest.decisiveness"] == before
    with pytest.raises(ParameterError, match="lacks a parameter"):
        params.load("joining").having({"contest.nothing": 1.0})


def test_what_is_read_is_traced():
    with params.traced() as read:
        params.load("ties")["weight.war"]
        params.load("ties").under("derived.regime")
    params.load("ties")["weight.fear"]
    assert read == {("ties", "weight.war"), ("ties", "derived.regime.scale"), ("ties", "derived.regime.pivot")}
