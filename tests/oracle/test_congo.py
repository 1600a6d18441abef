"""The Congo case on the article's files: the printed estimate, the file's shifters, and what the docs page shows."""

from pathlib import Path

import numpy as np
import pytest

from foedus import params
from foedus.report.words import points
from foedus.studies.congo import congo
from foedus.studies.congo_estimate import spillovers_of

pytestmark = pytest.mark.realdata
PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "fighting.md"


@pytest.fixture(scope="module")
def case(realdata_dir):
    return congo(realdata_dir, draws=20)


def test_the_estimate_is_the_published_one(realdata_dir):
    """beta .11401762 and gamma .08318971 as in the authors' file, printed .114 and .083."""
    found = spillovers_of(realdata_dir)
    assert (round(found.beta, 8), round(found.gamma, 8)) == (0.11401761, 0.08318971)
    assert (found.rows, found.groups) == (1040, 80)
    joint = params.load("fighting").extra
    assert (found.beta, found.gamma) == pytest.approx((joint["joint.beta"], joint["joint.gamma"]), abs=2e-8)
    assert (round(found.beta_se, 4), round(found.gamma_se, 4)) == (joint["joint.beta_se"], joint["joint.gamma_se"])
    assert round(found.correlation, 3) == joint["joint.correlation"]


def test_with_effects_of_years(realdata_dir):
    found = spillovers_of(realdata_dir, year_effects=True)
    assert [round(v, 3) for v in (found.beta, found.beta_se, found.gamma, found.gamma_se)] == [
        0.117,
        0.045,
        0.066,
        0.021,
    ]


def test_the_shipped_intervals_are_those_of_the_estimate():
    table = params.load("fighting")
    for name in ("beta", "gamma"):
        half = 1.6448536 * table.extra[f"joint.{name}_se"]
        assert (table[name].low, table[name].high) == pytest.approx(
            (table.extra[f"joint.{name}"] - half, table.extra[f"joint.{name}"] + half), abs=1e-4
        )


def test_the_files_shifters_make_the_fights_an_equilibrium(case):
    assert case.deviation < 2e-5
    assert case.observed.sum() == pytest.approx(474.3077, abs=1e-4)


def test_the_network_alone_fits_less_than_counting_enemies(case):
    """Reported as it comes out."""
    rho = {r.what: r.rho.value for r in case.ranks}
    assert rho["equilibrium efforts"] == pytest.approx(0.287, abs=0.001)
    assert rho["number of enemies"] == pytest.approx(0.862, abs=0.001)
    assert rho["equilibrium with observed shifters"] < 0
    assert [g for g, x in zip(case.equilibrium.network.names, case.equilibrium.effort, strict=True) if x == 0] == [
        "RCD",
        "RCD-N",
    ]
    assert not case.equilibrium.bound
    assert case.equilibrium.gain <= 1e-8


def test_the_page_shows_the_key_groups(case):
    text = PAGE.read_text(encoding="utf-8")
    table = {r.what: r for r in case.removals}
    for what in ("without RCD-G", "without RCD-K", "without LRA", "without DRC", "peace between all enemies"):
        told = f"| {what} | {points(table[what].calibrated.value)} % ["
        assert told in text, told
    assert np.isfinite([p for _, p in case.prizes]).all()
