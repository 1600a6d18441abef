"""`bargain` and the table that it reads: forecasts, what is uncertain in them, and what is refused."""

import json

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.security.bargaining import bargain
from foedus.security.issue_table import read_csv
from foedus.security.rounds import Rules
from foedus.system.values import Quantity

ONE = {
    "position": [4, 7, 10],
    "capability": [0.5, 0.1, 0.4],
    "salience": [0.8, 0.4, 0.6],
    "names": ["north", "centre", "south"],
}
FAST = {"draws": 84, "rules": None}


def test_first_positions_give_the_weighted_mean_and_median_without_a_model():
    b = bargain(**ONE, **FAST)
    w = np.array([0.4, 0.04, 0.24])
    assert b.first_mean.mean == pytest.approx((w * [4, 7, 10]).sum() / w.sum())
    assert b.first_mean.low == b.first_mean.high  # exact inputs, no model: nothing is uncertain
    assert b.first_median.mean == b.median[0] == 4
    assert b.path[0].tolist() == [4, 7, 10]


def test_the_readings_make_the_forecast_uncertain_though_every_input_is_exact():
    b = bargain(**ONE, **FAST)
    outcomes = [v for _, v, _ in b.by_reading]
    assert len(outcomes) == b.readings().height == 84
    assert b.forecast.low < b.forecast.high
    assert min(outcomes) <= b.forecast.low <= b.forecast.high <= max(outcomes)
    assert b.forecast.mean == pytest.approx(np.mean(outcomes))
    assert sum(b.endings.values()) == pytest.approx(1)


def test_one_reading_and_exact_inputs_leave_nothing_open():
    b = bargain(**ONE, draws=3, rules=Rules(view="own"))
    assert b.by_reading == ()
    assert b.readings().height == 0
    assert b.forecast.mean == pytest.approx(b.outcome)
    assert b.rules.view == "own"


def test_uncertain_inputs_widen_the_forecast_and_the_order_of_actors_does_not_matter():
    ranges = ONE | {"position": [[3, 5], {"mean": 7, "sd": 1}, 10], "capability": [[0.3, 0.7], 0.1, [0.2, 0.6]]}
    rules = Rules(rounds=40)
    b = bargain(**ranges, draws=60, rules=rules)
    assert b.first_mean.low < b.first_mean.mean < b.first_mean.high
    turned = {k: v[::-1] for k, v in ranges.items()}
    c = bargain(**turned, draws=60, rules=rules)
    assert c.forecast.mean == pytest.approx(b.forecast.mean)
    assert c.first_mean.high == pytest.approx(b.first_mean.high)
    assert bargain(**ranges, draws=60, rules=rules).forecast == b.forecast


def test_what_the_rounds_do_is_said_in_words():
    rest = bargain([3, 3], [1, 2], [0.5, 0.5], draws=1)
    assert rest.statement().startswith("at rest from round 0")
    assert rest.outcome == 3
    assert rest.names == ("1", "2")
    open_ = bargain([0, 4, 9], [3, 2, 4], [0.9, 0.8, 0.7], draws=1, rules=Rules(rounds=1))
    assert open_.statement() == "not settled in 1 rounds; the forecast is the average of the second half"
    rules = Rules(risk="neutral", view="own", conflict="concede")
    cycle = next(
        b for c in np.random.default_rng(3).integers(1, 9, (400, 4))
        if (b := bargain([0, 1, 3, 6], c, [1.0, 0.6, 0.4, 0.9], draws=1, rules=rules)).ending == "cycle"
    )  # fmt: skip
    assert cycle.length >= 2
    assert cycle.movers
    assert f"a cycle of {cycle.length} rounds" in cycle.statement()
    assert all(m in cycle.statement() for m in cycle.movers)


def test_the_record_is_a_table_and_plain():
    b = bargain(**ONE, **FAST)
    assert b.table().columns == ["round", "median", "mean", "north", "centre", "south"]
    assert b.table().height == len(b.path)
    plain = json.loads(json.dumps(b.to_dict()))
    assert plain["outcome"] == b.outcome
    assert plain["actors"] == ["north", "centre", "south"]
    assert len(plain["readings"]) == 84


def test_a_draw_in_which_nobody_has_weight_takes_the_weights_at_the_centre():
    never = {"mean": 0.1, "sd": 5}
    b = bargain([0, 10], [never, never], [0.5, 0.5], draws=60, rules=Rules(rounds=4))
    assert np.isfinite([b.forecast.low, b.forecast.high, b.first_mean.mean]).all()


def test_those_without_weight_still_move():
    b = bargain([0, 1, 10], [1, 0, 1], [1, 0.5, 0.8], draws=1)
    assert np.ptp(b.path[:, 1]) > 0
    c = bargain([0, 10], [0, 2], [1, 0.5], draws=84)
    assert c.median[0] == 10


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"position": [], "capability": [], "salience": [], "names": None}, "at least one actor"),
        ({"capability": [1, 2]}, "The 'capability' parameter: got 2; expected one number for each of 3 actors"),
        ({"names": ["a", "b"]}, "one for each of 3 actors"),
        ({"names": ["a", "b", "a"]}, "The 'names' parameter: got 'a'; expected each actor once"),
        ({"capability": [0, 0, 0]}, "Nobody to bargain"),
        ({"salience": [0, 0, 0]}, "Nobody to bargain"),
        ({"salience": [80, 0.4, 0.6]}, r"(?s)salience of actor 1.*divide it by 100"),
        ({"capability": [-1, 1, 1]}, "capability of actor 1"),
        ({"position": [float("nan"), 1, 2]}, "position of actor 1"),
        ({"position": ["x", 1, 2]}, "position of actor 1"),
        ({"salience": [Quantity(0.5, 1.5), 0.4, 0.6]}, "The 'salience' parameter: got '0.5 to 1.5'"),
        ({"draws": 0}, "The 'draws' parameter"),
    ],
)
def test_bad_input_is_refused(changes, match):
    with pytest.raises(ParameterError, match=match):
        bargain(**(ONE | changes))


def write(tmp_path, text):
    path = tmp_path / "issue.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_read_whole(tmp_path):
    path = write(tmp_path, "actor,position,capability_low,capability_high,salience\nA,1,2,3,80\nB,4,5,6,20\n")
    table = read_csv(path, percent=True)
    assert table == {
        "actor": ["A", "B"],
        "position": [1.0, 4.0],
        "capability": [[2.0, 3.0], [5.0, 6.0]],
        "salience": [0.8, 0.2],
    }


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("actor,position,capability,salience\n", "has no rows"),
        ("actor,position,capability\nA,1,2\n", "The column 'salience_low' is missing in row 1"),
        (
            "actor,position,capability,salience\nA,,2,0.5\n",
            r"(?s)The column 'position' is empty in row 1.*unknown is not zero",
        ),
        (
            "actor,position,capability,salience\nA,1,2,0.5\nB,1,two,0.5\n",
            "The column 'capability' in row 2: got 'two'; expected a number",
        ),
        ("position,capability,salience\n1,2,0.5\n", "The column 'actor' is missing"),
    ],
)
def test_a_bad_table_is_refused(tmp_path, text, match):
    with pytest.raises(ParameterError, match=match):
        read_csv(write(tmp_path, text))


def test_no_table_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="Cannot read"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(ParameterError, match="at most 500"):
        read_csv(write(tmp_path, "actor,position,capability,salience\n" + "x,1,1,1\n" * 501))
    with pytest.raises(ParameterError, match="field larger"):
        read_csv(write(tmp_path, "actor,position,capability,salience\n" + "x" * 200_000 + ",1,1,1\n"))
    path = tmp_path / "bytes.csv"
    path.write_bytes(b"\xff\xfe\x00actor")
    with pytest.raises(ParameterError, match="Cannot read"):
        read_csv(path)
