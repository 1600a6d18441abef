"""The chart of the counter-alliance detector: what it draws, and the files it writes."""

import pytest

from counter_twin import made_up
from foedus.errors import ParameterError
from foedus.report.figures.counter import LABELS, chart, write
from foedus.studies.counter_pacts import answered


@pytest.fixture(scope="module")
def found():
    history, _ = made_up(31, planted=0.3, states=20, pacts=20)
    return answered(
        history, within=5, pacts="defense", designs=("permute", "matched"), samples=19, draws=30, seed=1, first=1816, last=2018
    )  # fmt: skip


def marks(part):
    return [row for layer in part["layer"] for row in layer["data"]["values"] if "design" in row]


def test_eras_left_and_years_right_with_their_numbers(found):
    left, right = chart(found).to_dict()["hconcat"]
    drawn = {(r["design"], r["era"]): r for r in marks(left)}
    effect = found.row("matched", era="1871-1914").effect
    assert drawn[LABELS["matched"], "1871-1914"]["difference"] == pytest.approx(100 * effect.difference)
    assert drawn[LABELS["matched"], "1871-1914"]["low"] == pytest.approx(100 * effect.low)
    assert ("1990-" in {era for _, era in drawn}) is False
    assert {r["within"] for r in marks(right)} == set(range(1, 11))


def test_files(found, tmp_path):
    write(found, tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text().startswith("<svg")
    with pytest.raises(ParameterError, match=r"\.svg"):
        write(found, tmp_path / "a.pdf")
