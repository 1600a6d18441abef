import numpy as np
import polars as pl
import pytest

from foedus.errors import ParameterError
from foedus.studies.diffusion import Cell, Diffusion, cells, diffusion


def test_rates_and_their_intervals_by_dispute():
    rng = np.random.default_rng(0)
    dispute = np.repeat(np.arange(80), 50)
    border, ally = rng.random(4000) < 0.3, rng.random(4000) < 0.3
    eager = rng.random(80) < 0.25
    joined = (rng.random(4000) < np.where(eager[dispute], 0.5, 0.02) * (1 + border)).astype(int)
    made = cells(border, ally, joined, dispute, draws=300)
    for cell in made:
        here = (border == cell.border) & (ally == cell.ally)
        assert (cell.n, cell.joined, cell.rate) == (here.sum(), joined[here].sum(), joined[here].mean())
        assert cell.low < cell.rate < cell.high
    alone = cells(border, ally, joined, np.arange(4000), draws=300)
    assert made[0].high - made[0].low > 2 * (alone[0].high - alone[0].low)
    assert made == cells(border, ally, joined, dispute, draws=300)
    assert made != cells(border, ally, joined, dispute, draws=300, seed=2)


def test_a_models_chances_make_a_table_too():
    made = cells([0, 0, 1, 1], [0, 1, 0, 1], [0.1, 0.2, 0.3, 0.5], [1, 2, 1, 2], draws=30)
    assert [c.rate for c in made] == [0.1, 0.2, 0.3, 0.5]


def test_forms():
    made = Diffusion(
        (Cell(False, True, 10, 2.0, 0.2, 0.1, 0.3),),
        (0.1, -0.2, 0.4),
        0.15,
        1,
        2,
        0,
        0.9,
        "war",
        "jan1",
        {"atop5_1m": "5.1"},
    )
    assert made.table().select("ally", "rate", "high").rows() == [(True, 0.2, 0.3)]
    assert isinstance(made.table(), pl.DataFrame)
    assert made.to_dict()["interaction"] == [0.1, -0.2, 0.4]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cells([0, 1], [0, 1], [0, 1], [1, 2]), "A cell of border and pact"),
        (lambda: cells([0], [0], [0], [1], draws=1), "draws"),
        (lambda: cells([0], [0], [0], [1], level=2), "level"),
        (lambda: cells([0, 0, 1, 1], [0, 1, 0, 1], [0] * 4, [1] * 4), "1 cluster"),
        (lambda: diffusion("nowhere", which="some"), "'which' parameter"),
    ],
)
def test_refusals(call, words):
    with pytest.raises(ParameterError, match=words):
        call()
