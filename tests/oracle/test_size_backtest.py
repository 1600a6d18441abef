"""Deaths of wars not seen: the rows, the rule, and that the answer is the one that the page gives."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.cli import main
from foedus.errors import ParameterError
from foedus.studies.size_backtest import BASELINES, backtest_size, war_rows

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def rows(realdata_dir):
    return war_rows(realdata_dir)


def test_the_wars_of_the_list(rows):
    assert len(rows.year) == 92
    assert len(rows.left_out) == 3
    great = rows.name.index("World War II")
    assert rows.deaths[great] == 16_634_907
    assert rows.values[great, 3] == 1
    assert rows.population[great] > 8e8
    assert (np.diff(rows.year) >= 0).all()
    small = rows.name.index("Football War")
    assert rows.values[small].tolist()[0] == 0


def test_who_fights_does_not_tell_how_deadly(rows):
    found = backtest_size(rows, draws=100)
    assert found.wars == 70
    assert set(found.crps) == {"model", *BASELINES}
    plain = found.to_dict()
    assert (plain["draws"], plain["seed"], plain["standing"]) == (100, 1, "estimated")
    assert not found.kept, "if this changes, simulations should use the model, and the page should say so"
    gap = found.against_crps["one for all"]
    assert gap.low < 0 < gap.high
    assert 0.75 < found.inside[1] < 0.95
    assert found.rows["war"][-1] == "Kargil War"
    assert found.to_dict()["kept"] is False
    terms = found.coefficients()
    assert terms["term"].to_list()[0] == "constant"
    assert terms.filter(terms["term"] == "weaker")["estimate"][0] > 0


def test_too_few_wars_are_refused(rows):
    with pytest.raises(ParameterError, match="ten wars before"):
        backtest_size(rows.take(rows.year > 1990))


def test_the_command(realdata_dir, capsys):
    shot = ["backtest", "size", "--data-dir", str(realdata_dir), "--draws", "50"]
    with pytest.raises(SystemExit) as done:
        main(shot)
    assert done.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "does not beat" in text
    assert "70 wars not seen" in text
