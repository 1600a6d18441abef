"""The chart of goodness of fit: what it draws, and the files it writes."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.formation.network import Network
from foedus.formation.tergm import tergm
from foedus.formation.tergm_goodness import goodness
from foedus.report.figures.goodness import PANELS, chart, write


@pytest.fixture(scope="module")
def good():
    rng = np.random.default_rng(1)
    made = [np.triu(rng.random((10, 10)) < 0.3, 1) for _ in range(4)]
    networks = [Network(1900 + k, tuple("ABCDEFGHIJ"), y | y.T) for k, y in enumerate(made)]
    return goodness(tergm(networks, ["edges"], draws=0), networks, samples=5, burn=5)


def panels(drawing):
    """Return the rows of each panel; those of a panel that is alone in its row stand on the row."""
    made = drawing.to_dict(validate=False)["vconcat"]
    return [(p if "data" in p else row)["data"]["values"] for row in made for p in row["hconcat"]]


def test_every_statistic_has_a_panel_with_its_numbers(good):
    found = panels(chart(good))
    assert len(found) == len(PANELS)
    table = good.table()
    for rows, name in zip(found, PANELS, strict=True):
        assert [r["observed"] for r in rows] == table.filter(statistic=name)["observed"].to_list()


def test_one_year(good):
    rows = panels(chart(good, year=1902))[0]
    assert sum(r["observed"] for r in rows) == 10


def test_the_file_stands_alone(good, tmp_path):
    write(good, tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    assert [p.name for p in tmp_path.iterdir()] == ["a.svg"]


def test_an_ending_that_says_nothing_is_refused(good, tmp_path):
    with pytest.raises(ParameterError, match="--figure"):
        write(good, tmp_path / "a.txt")
