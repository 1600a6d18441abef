"""Futures shared out over workers and parts, kept, resumed, refused."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
import pytest

import foedus as fd
from foedus.errors import DataError, ParameterError
from foedus.formation import evolve as running
from foedus.formation.kept import read_run


@pytest.fixture(scope="module")
def europe():
    return fd.load("europe-1914")


@pytest.fixture(scope="module")
def base(europe):
    return fd.evolve(europe, years=3, draws=130, seed=2)


def same(one, two) -> bool:
    """Return whether two runs have the same bits."""
    pairs = all(
        (one.pairs[k].total == two.pairs[k].total).all() and (one.pairs[k].square == two.pairs[k].square).all()
        for k in one.pairs
    )
    return bool((one.counts == two.counts).all() and (one.degree == two.degree).all() and pairs)


def test_the_same_bits_on_any_number_of_workers_and_in_any_parts(europe, base, monkeypatch):
    assert same(base, fd.evolve(europe, years=3, draws=130, seed=2, workers=3))
    monkeypatch.setattr(running, "PART", 3)
    assert same(base, fd.evolve(europe, years=3, draws=130, seed=2, workers=2))
    assert not same(base, fd.evolve(europe, years=3, draws=130, seed=3))


def test_the_same_bits_on_an_executor_of_ones_own_and_where_on_says(europe, base, monkeypatch):
    with ThreadPoolExecutor(2) as pool:
        assert same(base, fd.evolve(europe, years=3, draws=130, seed=2, on=pool))
    assert same(base, fd.evolve(europe, years=3, draws=130, seed=2, on="local"))
    given = []
    monkeypatch.setattr(
        running.executors, "run", lambda task, items, **more: given.append((task, items, more)) or (x for x in ())
    )
    with pytest.raises(KeyError):
        fd.evolve(europe, years=3, draws=130, seed=2, on="processes:2")
    ((task, items, more),) = given
    again = pickle.loads(pickle.dumps(task))
    assert all((x == y).all() for x, y in zip(again(items[1]), task(items[1]), strict=True))
    assert more["on"] == "processes:2"
    assert more["told"](items[1]) == "futures 100 to 129"
    with pytest.raises(ParameterError, match="dask://"):
        fd.evolve(europe, years=3, draws=130, on="cloud:2")


def test_draws_are_rounded_up_to_groups(europe):
    assert fd.evolve(europe, years=1, draws=11).draws == 20


def test_a_run_stopped_half_way_goes_on_to_the_same_bits(europe, base, tmp_path):
    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fd.evolve(europe, years=3, draws=130, seed=2, save=tmp_path / "run", progress=stop)
    kept = sorted(p.name for p in (tmp_path / "run").glob("part-*.npz"))
    assert len(kept) == 1
    assert not (tmp_path / "run" / "summary.json").exists()
    with pytest.raises(DataError, match="A run that is not finished"):
        read_run(tmp_path / "run", europe)
    with pytest.raises(ParameterError, match="a folder without this run"):
        fd.evolve(europe, years=3, draws=130, seed=2, save=tmp_path / "run")
    told = []
    again = fd.evolve(europe, years=3, draws=130, seed=2, save=tmp_path / "run", resume=True, progress=told.append)
    assert same(base, again)
    assert told == [1.0]
    assert same(base, read_run(tmp_path / "run", europe))
    tables = {p.stem: pl.read_parquet(p) for p in (tmp_path / "run").glob("*.parquet")}
    assert set(tables) == {"years", "states", "pairs", "futures"}
    assert tables["futures"].height == 130 * 3
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["draws"] == 130


def test_a_broken_part_is_simulated_again(europe, base, tmp_path):
    fd.evolve(europe, years=3, draws=130, seed=2, save=tmp_path)
    (tmp_path / "part-0000100.npz").write_bytes(b"PK broken")
    assert running.read_part(tmp_path, 10) is None
    assert same(base, fd.evolve(europe, years=3, draws=130, seed=2, save=tmp_path, resume=True))


def test_a_folder_of_another_run_is_refused(europe, tmp_path):
    fd.evolve(europe, years=1, draws=10, save=tmp_path)
    with pytest.raises(ParameterError, match="seed"):
        fd.evolve(europe, years=1, draws=10, seed=9, save=tmp_path, resume=True)
    with pytest.raises(ParameterError, match="hash"):
        fd.evolve(europe.edit().void("dual-alliance").system, years=1, draws=10, save=tmp_path, resume=True)
    (tmp_path / "evolve.json").write_text("[]")
    with pytest.raises(DataError, match="no table of a run"):
        fd.evolve(europe, years=1, draws=10, save=tmp_path, resume=True)
    (tmp_path / "evolve.json").write_text("{")
    with pytest.raises(DataError, match="Cannot keep futures"):
        fd.evolve(europe, years=1, draws=10, save=tmp_path, resume=True)
    with pytest.raises(DataError, match="No futures are kept there"):
        read_run(tmp_path, europe)


def test_a_folder_that_cannot_be_written_is_said(europe, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "evolve.json").mkdir(parents=True)
    for write in (
        lambda: fd.evolve(europe, years=1, draws=10, save=tmp_path / "file"),
        lambda: fd.evolve(europe, years=1, draws=10, save=tmp_path / "folder"),
        lambda: running._keep(tmp_path / "nowhere", 0, running.Part(*np.zeros((4, 1)))),
    ):
        with pytest.raises(DataError, match="Cannot keep futures") as found:
            write()
        assert found.value.exit_code == 1


HOLD = "import sys, filelock\nwith filelock.FileLock(sys.argv[1]):\n    print('held', flush=True)\n    sys.stdin.read()"


def test_one_run_at_a_time_writes_to_a_folder_and_a_killed_one_leaves_it(europe, tmp_path):
    """Two other runs that begin at once in an empty folder would mix their parts."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / ".lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ParameterError, match="no other run writes"):
            fd.evolve(europe, years=1, draws=10, save=tmp_path)
        assert sorted(p.name for p in tmp_path.iterdir()) == [".lock"]
        holder.kill()
    fd.evolve(europe, years=1, draws=10, save=tmp_path)
    assert (tmp_path / "summary.json").is_file()


def test_futures_of_other_states_are_refused(europe, tmp_path):
    fd.evolve(europe, years=1, draws=10, save=tmp_path)
    with pytest.raises(DataError, match="Futures of other states"):
        read_run(tmp_path, europe.edit().remove_actor("MNG").system)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"years": 0}, "years"),
        ({"years": 31}, "years"),
        ({"draws": 0}, "draws"),
        ({"workers": 0}, "workers"),
        ({"resume": True}, "resume"),
    ],
)
def test_numbers_out_of_range_are_refused(europe, options, match):
    with pytest.raises(ParameterError, match=match):
        fd.evolve(europe, **({"years": 1, "draws": 10} | options))


def test_fits_of_ones_own_replace_those_shipped_and_are_not_kept(europe, tmp_path):
    from dataclasses import replace

    from foedus.formation.stage import shipped

    fits = shipped()
    less = np.array([50.0, *np.zeros(len(fits.wars.coef) - 1)])
    calm = replace(
        fits, disputes=replace(fits.disputes, coef=fits.disputes.coef - less), wars=replace(fits.wars, coef=fits.wars.coef - less)
    )  # fmt: skip
    assert not fd.evolve(europe, years=2, draws=50, models=calm).measure("disputes").any()
    with pytest.raises(ParameterError, match="models"):
        fd.evolve(europe, years=2, draws=50, models=fits, save=tmp_path)
