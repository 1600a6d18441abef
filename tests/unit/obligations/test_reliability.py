"""The pooled logit against brute-force integration, and the shipped chances of being honoured."""

import numpy as np
import pytest

from foedus import params
from foedus.errors import ParameterError
from foedus.obligations.pooling import GRID, PRIOR_SCALE, WIDE, Pooled, _laplace, pooled_logit
from foedus.obligations.reliability import OBLIGATIONS, honours

CELLS = ([1, 1, 0], [1, 0, 1])
DESIGN = [CELLS[0]] * 9 + [CELLS[1]] * 3
OUTCOME = [1] * 7 + [0] * 2 + [0] * 3
NAMES, GROUPS = ("constant", "a", "b"), ("", "cell", "cell")


def integrated(cell):
    """Return the posterior mean chance of a cell by sums over a grid of constant, both effects and their spread."""
    axis = np.linspace(-7, 7, 71)
    c, a, b = np.meshgrid(axis, axis, axis, indexing="ij")
    like = 7 * (c + a) - 9 * np.logaddexp(0, c + a) - 3 * np.logaddexp(0, c + b) - 0.5 * (c / WIDE) ** 2
    total = weight = 0.0
    for k, sd in enumerate(GRID):
        if sd < 0.2:  # too narrow for the grid: both effects are nearly zero
            continue
        width = (GRID[min(k + 1, len(GRID) - 1)] - GRID[k - 1]) / 2
        density = np.exp(like - 0.5 * (a**2 + b**2) / sd**2 - 2 * np.log(sd) - 0.5 * (sd / PRIOR_SCALE) ** 2) * width
        p = 1 / (1 + np.exp(-(c + (a if cell == "a" else b))))
        total += (density * p).sum()
        weight += density.sum()
    return total / weight


def test_the_posterior_is_that_of_brute_force(monkeypatch):
    monkeypatch.setattr("foedus.obligations.pooling._width", lambda sd: 1e-300 if sd < 0.2 else (
        (GRID[min(GRID.index(sd) + 1, len(GRID) - 1)] - GRID[GRID.index(sd) - 1]) / 2))  # fmt: skip
    fit = pooled_logit(DESIGN, OUTCOME, NAMES, GROUPS, draws=20_000)
    for row, cell in zip(CELLS, "ab", strict=True):
        assert fit.chance(row).mean() == pytest.approx(integrated(cell), abs=0.03)


def test_a_thin_cell_is_drawn_towards_the_rest_and_a_thick_one_hardly():
    fit = pooled_logit([CELLS[0]] * 90 + [CELLS[1]] * 2, [1] * 81 + [0] * 9 + [0] * 2, NAMES, GROUPS)
    assert abs(fit.chance(CELLS[0]).mean() - 0.9) < 0.02
    assert 0.2 < fit.chance(CELLS[1]).mean() < 0.75
    low, high = np.quantile(fit.chance(CELLS[1]), [0.05, 0.95])
    assert high - low > 0.4
    assert (fit.n, fit.successes) == (92, 81)


def test_the_same_seed_gives_the_same_bits_and_the_order_of_rows_does_not_matter():
    one = pooled_logit(DESIGN, OUTCOME, NAMES, GROUPS, seed=3)
    assert np.array_equal(one.draws, pooled_logit(DESIGN, OUTCOME, NAMES, GROUPS, seed=3).draws)
    turned = pooled_logit(DESIGN[::-1], OUTCOME[::-1], NAMES, GROUPS, seed=3)
    assert np.allclose(one.draws, turned.draws, atol=1e-6)
    assert not np.array_equal(one.draws, pooled_logit(DESIGN, OUTCOME, NAMES, GROUPS, seed=4).draws)


def test_without_groups_the_constant_is_the_share():
    fit = pooled_logit(np.ones((400, 1)), [1] * 300 + [0] * 100, ("constant",), ("",))
    mean, low, high = fit.interval("constant")
    assert mean == pytest.approx(np.log(3), abs=0.03)
    assert low < mean < high
    assert fit.spread == {}


def test_an_interval_holds_the_middle_of_the_draws():
    fit = Pooled(("x",), np.arange(101.0)[:, None], {}, 1, 1)
    assert fit.interval("x") == pytest.approx((50, 5, 95))
    assert fit.interval("x", level=0.5) == pytest.approx((50, 25, 75))


def test_separated_rows_stay_finite():
    fit = pooled_logit([[1, 40], [1, -40]] * 20, [1, 0] * 20, ("constant", "x"), ("", ""))
    assert np.isfinite(fit.draws).all()


def test_newton_that_overshoots_is_held_back_and_still_ends_at_the_mode():
    x, y, sd = np.array([[24.0, 6.0], [433.0, -21.0], [-4.0, 35.0]]), np.zeros(3), np.full(2, 2.5)
    mode, precision, _ = _laplace(x, y, sd)
    gradient = x.T @ (y - 0.5 * (1 + np.tanh(x @ mode / 2))) - mode / sd**2
    assert np.abs(gradient).max() < 1e-6
    assert (np.linalg.eigvalsh(precision) > 0).all()


@pytest.mark.parametrize(("design", "outcome"), [([[1, 1, 0]], [1]), ([[1, 1]] * 3, [1, 0, 1]), ([1, 2, 3], [1, 0, 1])])
def test_shapes_that_do_not_fit_are_refused(design, outcome):
    with pytest.raises(ParameterError, match="design"):
        pooled_logit(design, outcome, NAMES, GROUPS)


def test_every_cell_ships_as_fitted_with_an_interval_and_its_cases():
    table = params.load("honour")
    assert table.statuses() == {"fitted": len(table.table)}
    for obligation in OBLIGATIONS:
        for year in (1900, 1990):
            for members in (2, 7):
                cell = honours(obligation, year, members=members)
                assert 0 < cell.low < cell.high < 1
                assert "in the cell" in cell.note


def test_the_chances_say_what_the_literature_says():
    assert honours("defense", 1944).centre > 2 * honours("defense", 1945).centre
    for year in (1900, 1990):
        assert honours("offense", year).centre > honours("defense", year).centre
        assert honours("defense", year).centre > honours("defense", year, members=8).centre
    assert table_of_one().centre == 0.5


def table_of_one():
    table = params.parse({"chance": {"defense": {"until_1944": {"bilateral": {"value": 0.5}}}}}, "mine")
    return honours("defense", 1900, table=table)


@pytest.mark.parametrize("asked", [("alignment", 1900, 2), ("defense", 1900, 1)])
def test_what_is_no_obligation_is_refused(asked):
    with pytest.raises(ParameterError, match="got"):
        honours(asked[0], asked[1], members=asked[2])
