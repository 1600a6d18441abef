"""Claims C, G and H: their cells against the functions that they come from."""

from types import SimpleNamespace

import numpy as np
import pytest

import foedus as fd
from foedus.errors import CoverageError
from foedus.estimate.nested import Estimate
from foedus.security.hazard import threats
from foedus.security.ledger import entrapment
from foedus.studies import verdict_models as module
from foedus.studies.verdict_models import beaten, divided, lean_cell, meant, stance_cells, strongest
from verdict_bench import ByHand, run


def choices(cells):
    return {tuple(dict(c.choices).values()): c for c in cells}


@pytest.fixture(scope="module")
def world():
    return threats(fd.load("europe-1914"), seed=1, draws=20)


def test_attacks_that_beat_an_actor_alone_less_together(world):
    k = world.system.index["FRN"]
    for contest, form in (("ratio", "tullock"), ("difference", "hirshleifer")):
        alone = sum(
            world.hazard(k, allies=set())[:, j] * (1 - world.hold(k, allies=set(), contest=form)[:, j])
            for j in range(16)
        )
        both = sum(world.hazard(k)[:, j] * (1 - world.hold(k, contest=form)[:, j]) for j in range(16))
        made = beaten(world, k, contest)
        assert made.mean == pytest.approx(1000 * (alone - both).mean())
        assert made.low == pytest.approx(np.quantile(1000 * (alone - both), 0.05))


def test_systems_and_their_strongest(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "real_system", lambda date, data_dir: asked.append((date, data_dir)) or "real")
    bench = ByHand(tmp_path)
    assert meant(bench, "1985-01-01") == "real"
    assert asked == [("1985-01-01", tmp_path)]
    assert meant(bench, "europe-1914").id == "europe-1914"
    first = strongest(fd.load("europe-1914"))
    assert len(first) == 8
    assert set(first[:4]) <= {"USA", "GMY", "UKG", "RUS", "FRN"}


@pytest.fixture
def one(monkeypatch, world):
    """One scenario and one date, on few draws and actors."""
    monkeypatch.setattr(module, "SCENARIOS", ("europe-1914",))
    monkeypatch.setattr(module, "DATES", ("1914-07-28", "1938-01-01"))
    monkeypatch.setattr(module, "threats", lambda system, seed, draws: world)
    monkeypatch.setattr(module, "strongest", lambda system: ["FRN", "SER"])


def test_claim_c_by_system_and_actor(tmp_path, one, world):
    bench = ByHand(tmp_path)
    found = run(module.SAFER, bench)
    assert list(found) == [("europe-1914",), ("1914-07-28",)]
    made = choices(found["europe-1914",])["europe-1914", "SER", "difference"]
    assert made.estimate == pytest.approx(beaten(world, world.system.index["SER"], "difference").mean)
    assert set(dict(found["1914-07-28",][0].choices)) == set(dict(made.choices))
    assert found["1914-07-28",][0].missing.startswith("not at hand: cow_states")
    drawn_in = choices(run(module.ENTRAPPED, bench)["europe-1914",])["europe-1914", "FRN"]
    assert drawn_in.estimate == entrapment(world, world.system.index["FRN"], wars=1000, seed=1)[2].mean
    assert drawn_in.rests_on == "1000 wars that begin elsewhere"
    assert run(module.ENTRAPPED, bench)["1914-07-28",][0].missing
    assert ("1938-01-01",) in run(module.SAFER, ByHand(tmp_path, thorough=True))


def test_claim_g_on_a_scenario_and_where_there_is_nobody(tmp_path, monkeypatch):
    bench = ByHand(tmp_path)
    system = fd.load("middle-east-2019")
    made = lean_cell(bench, system, "middle-east-2019", "above the median")
    known = fd.weak_and_rich(system, richer_than=0.5, draws=60, seed=1)
    assert (made.estimate, made.low) == (known.difference.mean, known.difference.low)
    none = SimpleNamespace(difference=None)
    monkeypatch.setattr(module, "weak_and_rich", lambda *a, **k: none)
    assert lean_cell(bench, system, "1913-01-01", "above nine tenths").missing.startswith("nobody is weak and rich")

    def ends(*args, **options):
        raise CoverageError("product ends in 2015\nhint")

    monkeypatch.setattr(module, "weak_and_rich", ends)
    assert lean_cell(bench, system, "2019-01-01", "above the median").missing == "product ends in 2015"


def test_jobs_of_g(tmp_path, monkeypatch):
    monkeypatch.setattr(
        module,
        "lean_cell",
        lambda bench, system, name, bar: module.Cell.of({"system": name, "rich": bar}, (0.1, 0.0, 0.2)),
    )
    found = run(module.LEAN, ByHand(tmp_path))
    assert [len(v) for v in found.values()] == [1] * 7 + [3, 3]
    assert found["1870-01-01",][0].missing.startswith("not at hand")


def test_who_is_divided():
    found = divided(fd.load("middle-east-2019"))
    assert found[0] == "LEB"
    assert "USA" in found
    assert "AUH" not in divided(fd.load("europe-1914"))  # its factions disagree on nobody


def test_claim_h_by_kind_and_counting(tmp_path, monkeypatch):
    share = Estimate(0.2, 0.1, 0.4, 0.01)
    shares = {
        "bloc": SimpleNamespace(share=share, count=20, alone=None),
        "war": SimpleNamespace(share=share, count=9, alone=0.05),
    }
    cells = choices(stance_cells(SimpleNamespace(shares=shares, actor="LEB"), "middle-east-2019"))
    assert set(cells) == {
        ("middle-east-2019", "LEB", "blocs", "as drawn"), ("middle-east-2019", "LEB", "wars", "as drawn"),
        ("middle-east-2019", "LEB", "wars", "less what a second seed flips"),
    }  # fmt: skip
    assert cells["middle-east-2019", "LEB", "wars", "less what a second seed flips"].estimate == pytest.approx(0.15)
    asked = []
    monkeypatch.setattr(
        module,
        "stance",
        lambda system, actor, **k: (
            asked.append((system.id, actor, k["draws"])) or SimpleNamespace(shares=shares, actor=actor)
        ),
    )
    found = run(module.TURNED, ByHand(tmp_path))
    assert len(found) == 9
    assert asked[0] == ("middle-east-2019", "LEB", 42)
    assert len(run(module.TURNED, ByHand(tmp_path, thorough=True))) > 9
    assert asked[-1][2] == 168
