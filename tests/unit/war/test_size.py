import tomllib
from itertools import pairwise

import numpy as np
import pytest

from foedus import params
from foedus.errors import ParameterError
from foedus.war import size
from foedus.war.size import WarSizes, fit_sizes, shipped

GRID = np.geomspace(1_000, 1e7, 21)


def one(alpha=1.5, x_min=7_000.0, tail=0.5, cap=(0.03, 0.03), grid=GRID):
    return WarSizes(np.array([alpha]), np.array([x_min]), np.array([tail]), grid, cap, 0.5)


def test_tail_is_the_power_law_cut_at_the_cap():
    sizes, people = one(), 200e6
    dead = np.sort(sizes.draw(np.full(40_000, people), seed=1))
    assert dead.max() <= 0.03 * people
    beyond = 0.5 * (0.03 * people / 7_000) ** -0.5
    for x in (7_000, 50_000, 1e6):
        share = (0.5 * (x / 7_000) ** -0.5 - beyond) / (1 - beyond)
        assert (dead >= x).mean() == pytest.approx(share, abs=0.01), x


def test_body_is_the_observed_distribution_below_the_threshold():
    dead = one().draw(np.full(40_000, 1e12), seed=2)
    body = dead[dead < 7_000]
    assert len(body) / len(dead) == pytest.approx(0.5, abs=0.01)
    # GRID is even in logarithms: so is the body.
    assert np.quantile(np.log(body), [0.25, 0.5, 0.75]) == pytest.approx(
        np.log(1_000) + np.array([0.25, 0.5, 0.75]) * np.log(7), abs=0.02
    )
    assert body.min() >= 1_000


def test_a_small_population_cannot_lose_more_than_its_cap_nor_less_than_makes_a_war():
    people = np.geomspace(1e4, 1e9, 300)
    dead = one(cap=(0.03, 0.1)).draw(people, seed=3)
    assert (dead <= np.maximum(0.1 * people, 1_000) * (1 + 1e-9)).all()
    assert (dead >= 1_000 * (1 - 1e-9)).all()
    assert dead[people * 0.1 < 1_000] == pytest.approx(1_000)


def test_same_draw_same_dead_however_batched_and_groups_share_a_fit():
    sizes, people = shipped(), np.random.default_rng(0).uniform(1e6, 1e9, 60)
    whole = sizes.draw(people, seed=4, inner=5)
    parts = [sizes.draw(people[k : k + 15], seed=4, first=k, inner=5) for k in range(0, 60, 15)]
    assert (np.concatenate(parts) == whole).all()
    assert (sizes.draw(people, seed=5, inner=5) != whole).any()
    apart = WarSizes(np.array([1.5, 1.5]), np.array([2e3, 2e6]), np.array([1.0, 1.0]), GRID, (1, 1), 0.5)
    big = apart.draw(np.full(400, 1e12), seed=1, inner=20).reshape(20, 20) >= 2e6
    assert (big.mean(axis=1) > 0.9).any()
    assert (big.mean(axis=1) < 0.2).any()


def test_more_people_never_fewer_dead():
    sizes = shipped()
    dead = [sizes.draw(np.full(500, people), seed=6) for people in (1e6, 1e7, 1e8, 1e9)]
    assert all((a <= b * (1 + 1e-12)).all() for a, b in pairwise(dead))


def test_chance_of_a_size():
    assert one().exceed(70_000) == pytest.approx(0.5 * 10**-0.5)
    assert one().exceed(7_000) == pytest.approx(0.5)
    assert one().exceed(1_000) == pytest.approx(1.0)
    assert one().exceed(np.sqrt(7e6)) == pytest.approx(0.75)  # halfway up the body, in logarithms
    chance, expected = one().within(100, 70_000)
    assert expected == pytest.approx(50 * 0.5 * 10**-0.5)
    assert chance == pytest.approx(1 - np.exp(-expected))


def test_draws_without_a_cap_follow_the_chances():
    sizes = shipped()
    dead = sizes.draw(np.full(60_000, 1e15), seed=7)
    for x in (1_500, 5_000, 30_000, 1e6):
        assert (dead >= x).mean() == pytest.approx(sizes.exceed(x).mean(), abs=0.01), x


def test_equal_quantiles_are_no_stumbling_block():
    flat = GRID.copy()
    flat[:4] = 1_000
    dead = one(grid=flat).draw(np.full(5_000, 1e12), seed=8)
    assert np.isfinite(dead).all()
    low = one(x_min=900.0, tail=0.9, grid=flat).draw(np.full(5_000, 1e12), seed=8)
    assert low.min() >= 900


def test_fit_and_file_there_and_back(tmp_path):
    rng = np.random.default_rng(9)
    deaths = np.concatenate([rng.uniform(1_000, 5_000, 40), 5_000 * rng.random(50) ** -2])
    years = rng.integers(1823, 2004, 90)
    made = fit_sizes(deaths, years, cap=(0.02, 0.1), draws=30, seed=3)
    assert made.per_year == pytest.approx(89 / np.ptp(years))
    assert np.median(made.alpha) == pytest.approx(1.5, abs=0.15)
    assert made.quantiles[[0, -1]].tolist() == [deaths.min(), deaths.max()]
    path = tmp_path / "size.toml"
    path.write_text(made.to_toml("a test"), encoding="utf-8")
    back = size.of(params.load_file(path))
    assert back.alpha == pytest.approx(made.alpha, abs=1e-4)
    assert back.x_min == pytest.approx(made.x_min, abs=0.51)
    assert back.tail == pytest.approx(made.tail, abs=1e-4)
    assert back.quantiles == pytest.approx(made.quantiles, rel=5e-3)
    assert (back.cap, back.per_year) == (made.cap, made.per_year)
    assert tomllib.loads(path.read_text(encoding="utf-8"))["meta"]["note"] == "a test"


def test_shipped_parameters_have_a_standing():
    table = params.load("size").table
    assert table["cap.share"].status == "assumed"
    assert table["onset.per_year"].status == "fitted"
    assert len(shipped().alpha) == 200


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: one().draw([0.0], seed=1), "'population' parameter"),
        (lambda: one().draw([[1.0]], seed=1), "'population' parameter"),
        (lambda: one().draw([1.0], seed=1, inner=0), "'inner' parameter"),
        (lambda: one(alpha=1.0), "no distribution"),
        (lambda: one(tail=0.0), "no distribution"),
        (lambda: one(cap=(0.0, 0.1)), "no distribution"),
        (lambda: one(grid=GRID[::-1]), "no distribution"),
        (lambda: fit_sizes([1, 2], [1900], cap=(0.1, 0.1)), "'years' parameter"),
        (lambda: fit_sizes([1, 2], [1900, 1900], cap=(0.1, 0.1)), "'years' parameter"),
    ],
)
def test_refusals(call, words):
    with pytest.raises(ParameterError, match=words):
        call()


def test_a_broken_file_is_refused(tmp_path):
    path = tmp_path / "size.toml"
    path.write_text(one().to_toml("").replace("1.5", "'x'"), encoding="utf-8")
    with pytest.raises(ParameterError, match=r"'fits.alpha' in .*size.toml: got"):
        size.of(params.load_file(path))
