"""The Congo study on a made-up war with known spill-overs; the real one is in tests/oracle."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from foedus.errors import CoverageError, ParameterError
from foedus.studies import congo as study
from foedus.studies import congo_estimate
from foedus.studies.congo_estimate import spillovers_of

BETA, GAMMA = 0.114, 0.083
YEARS = np.arange(1998, 2011)
N = 24


def signs():
    rng = np.random.default_rng(5)
    ties = np.triu(rng.choice([-1, 0, 0, 0, 1], size=(N, N)), 1)
    return ties + ties.T


def panel(ties, *, noise=0.0, seed=1):
    """Return group-years in which fights follow the model exactly from rain, plus noise."""
    rng = np.random.default_rng(seed)
    allied, enemy = np.maximum(ties, 0), np.maximum(-ties, 0)
    neutral = 1 - allied - enemy - np.eye(N)
    rain = rng.normal(size=(2, len(YEARS), N))
    drive = 5 + rng.normal(size=N) + rain[0] + 0.5 * rain[1] ** 2 + noise * rng.normal(size=(len(YEARS), N))
    fights = np.linalg.solve(np.eye(N) + BETA * allied - GAMMA * enemy, drive.T).T
    by = {
        "enemies": enemy,
        "allies": allied,
        "enemies_enemies": enemy @ enemy,
        "enemies_of_allies": allied @ enemy,
        "neutral": neutral,
    }
    columns = {"group": np.tile(np.arange(1, N + 1), len(YEARS)), "year": np.repeat(YEARS, N), "fights": fights.ravel()}
    columns |= {f"fights_{k}": (fights @ by[k]).ravel() for k in ("enemies", "allies", "neutral")}
    for lag in (0, 1):
        columns |= {f"meanc_rain{lag}": rain[lag].ravel(), f"sqmeanc_rain{lag}": rain[lag].ravel() ** 2}
        for k, w in by.items():
            columns |= {f"rain_{k}{lag}": (rain[lag] @ w.T).ravel(), f"sqrain_{k}{lag}": (rain[lag] ** 2 @ w.T).ravel()}
    columns |= {"enemies": np.tile(enemy.sum(axis=1), len(YEARS)), "government": np.tile(np.arange(N) < 2, len(YEARS)),
                "foreign": np.tile((np.arange(N) > 2) & (np.arange(N) < 5), len(YEARS))}  # fmt: skip
    return pl.DataFrame(columns)


@pytest.fixture
def made_up(monkeypatch):
    """Put a made-up war in the place of the store."""
    ties = signs()
    rows = panel(ties)
    i, j = np.nonzero(ties)
    fights = rows.group_by("group").agg(pl.col("fights").mean()).sort("group")["fights"].to_numpy()
    m = np.eye(N) + 0.11401762 * np.maximum(ties, 0) - 0.08318971 * np.maximum(-ties, 0)
    level = 1 / m.sum(axis=0)
    lam = 1 - 1 / level.sum()
    shift = lam * (1 - lam) * level - m @ fights
    names = [f"G{k}" for k in range(N - 2)] + ["RWA-I", "RWA-II"]
    tables = {
        "congo_monadic": rows,
        "congo_groups": pl.DataFrame({"group_a": i + 1, "group_b": j + 1, "sign": ties[i, j]}),
        "congo_shifters": pl.DataFrame(
            {
                "group": np.arange(1, N + 1),
                "short": names,
                "fights": fights,
                "observed_shifter": 0.5 * shift,
                "shifter": 0.5 * shift,
            }
        ),
    }
    store = SimpleNamespace(
        table=tables.__getitem__, require=lambda *_: None, provenance=lambda _: SimpleNamespace(version="made up")
    )
    for module in (study, congo_estimate):
        monkeypatch.setattr(module, "DataDir", SimpleNamespace(of=lambda _: store))
    return tables


def test_two_stages_find_what_made_the_fights(made_up):
    found = spillovers_of()
    assert (found.beta, found.gamma) == pytest.approx((BETA, GAMMA), abs=1e-8)
    assert found.beta_se < 1e-6
    assert (found.rows, found.groups) == (N * len(YEARS), N)


def test_noise_shows_in_the_standard_errors(made_up):
    made_up["congo_monadic"] = panel(signs(), noise=0.3)
    found = spillovers_of()
    assert abs(found.beta - BETA) < 4 * found.beta_se
    assert abs(found.gamma - GAMMA) < 4 * found.gamma_se
    assert -1 < found.correlation < 1


def test_missing_rain_is_refused(made_up):
    made_up["congo_monadic"] = made_up["congo_monadic"].with_columns(meanc_rain0=pl.lit(None, dtype=pl.Float64))
    with pytest.raises(CoverageError, match="without fights or rain"):
        spillovers_of()


def test_the_case_holds_together(made_up):
    steps = []
    found = study.congo(draws=20, progress=steps.append)
    assert steps[-1] == 1
    assert found.deviation < 1e-9
    assert next(r.what for r in found.ranks) == "equilibrium efforts"
    assert all(r.rho.low <= r.rho.value <= r.rho.high or r.what != "number of enemies" for r in found.ranks)
    table = found.removal_table()
    assert table["calibrated"].to_list() == sorted(table["calibrated"])
    assert table.height == N + 1 + 5 + 1
    assert "without both codes of Rwanda's army" in table["change"].to_list()
    assert found.table()["fights_share"].sum() == pytest.approx(1)
    assert found.to_dict()["data"] == [f"{s} made up" for s in study.DATA]


def test_a_removal_by_hand(made_up):
    """The calibrated effect of one group: the others' best replies to its absence, solved plainly."""
    found = study.congo(draws=20)
    m = np.eye(N) + 0.11401762 * np.maximum(signs(), 0) - 0.08318971 * np.maximum(-signs(), 0)
    fights = made_up["congo_shifters"]["fights"].to_numpy()
    level = 1 / m.sum(axis=0)
    shift = (1 - 1 / level.sum()) / level.sum() * level - m @ fights
    keep = np.arange(1, N)
    inner = m[np.ix_(keep, keep)]
    level = 1 / inner.sum(axis=0)
    x = np.linalg.solve(inner, (1 - 1 / level.sum()) / level.sum() * level - shift[keep])
    assert (x > 0).all()
    removal = next(r for r in found.removals if r.what == "without G0")
    assert removal.calibrated.value == pytest.approx(x.sum() / fights.sum() - 1, abs=1e-9)
    assert removal.own == pytest.approx(fights[0] / fights.sum())


def test_few_draws_are_refused():
    with pytest.raises(ParameterError, match="at least 20"):
        study.congo("anywhere", draws=3)
