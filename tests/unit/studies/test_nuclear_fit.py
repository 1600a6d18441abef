"""What nuclear weapons add to onset: made-up rows whose answer is known, and the written file."""

import tomllib

import numpy as np
import pytest

from foedus.studies import nuclear_fit
from foedus.studies.onset_fit import design
from foedus.studies.onset_rows import OnsetRows
from foedus.war.onset import ARMED, shipped
from foedus.war.support import TERMS


@pytest.fixture(scope="module")
def rows():
    """Pairs after 1946 in which armed attackers are twice as bold as the shipped onset says."""
    rng = np.random.default_rng(5)
    n = 40_000
    x = np.zeros((n, len(TERMS)), dtype=np.float32)
    x[:, TERMS.index("near")] = 1.0
    x[:, TERMS.index("hostility")] = rng.uniform(0.5, 1.0, n)
    attacker, attacked = rng.choice([2, 20, 40, 365], n), rng.choice([70, 90, 365, 750], n)
    year = rng.integers(1950, 1970, n).astype(np.int32)
    zero = np.zeros(n)
    made = OnsetRows(
        x, zero.astype(np.int8), zero.astype(np.float32), year, attacker.astype(np.int32), attacked.astype(np.int32),
        (np.minimum(attacker, attacked) * 1000 + np.maximum(attacker, attacked)).astype(np.int32), np.ones(n, dtype=np.float32),
        zero.astype(bool), zero.astype(np.float32), zero.astype(bool), zero.astype(bool),
    )  # fmt: skip
    armed = nuclear_fit.armed_terms(made, zero.astype(bool))[:, 1]
    from dataclasses import replace

    for name, what in (("dispute", "disputes"), ("war", "wars")):
        eta = design(made) @ shipped(what).coef + (2.0 if name == "war" else 0.0) + np.log(2.0) * armed
        came = rng.random(n) < 1 / (1 + np.exp(-eta))
        made = replace(made, **{name: came.astype(np.int8 if name == "dispute" else np.float32)})
    return made


def test_the_fit_finds_what_was_put_in_and_the_file_can_be_read(rows):
    umbrella = np.zeros(len(rows.year), dtype=bool)
    disputes, wars, about = nuclear_fit.fit_all(rows, umbrella)
    for fit, constant in ((disputes, 0.0), (wars, 2.0)):
        error = np.sqrt(np.diag(fit.covariance))
        assert fit.coef[0] == pytest.approx(1.0, abs=1e-3)
        assert abs(fit.coef[1] - constant) < 4 * error[1] + 0.05
        assert abs(fit.coef[2] - np.log(2)) < 4 * error[2] + 0.05
    made = tomllib.loads(nuclear_fit.toml(disputes, wars, about, {"nothing": "1"}))
    assert made["wars"]["fit"]["terms"] == ["constant", *ARMED]
    assert made["disputes"]["armed_i"]["source"].startswith("foedus.studies.nuclear_fit on")


def test_who_is_armed_is_that_of_the_year_before(rows):
    x = nuclear_fit.armed_terms(rows, np.ones(len(rows.year), dtype=bool))
    assert (x[:, 1] == np.isin(rows.attacker, (2, 365))).all()
    assert (x[:, 2] == (rows.attacked == 365)).all()
    assert (x[:, 4] == 1 - x[:, 2]).all()


@pytest.mark.realdata
def test_umbrellas_are_those_of_the_treaties(realdata_dir, rows):
    from dataclasses import replace

    few = rows.take(np.arange(3))
    few = replace(
        few, attacker=np.array([365, 365, 2], dtype=np.int32), attacked=np.array([220, 70, 70], dtype=np.int32),
        year=np.array([1955, 1955, 1955], dtype=np.int32),
    )  # fmt: skip
    assert nuclear_fit.umbrellas(few, data_dir=realdata_dir).tolist() == [True, True, False]
