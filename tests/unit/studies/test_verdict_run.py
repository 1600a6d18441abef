"""Running claims: jobs in threads, kept cells, and what is not at hand."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from foedus.errors import DataError, ParameterError
from foedus.studies import verdict_claims, verdict_run
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_claims import CLAIMS, PARTS, parts_of, verdict
from foedus.studies.verdict_run import Bench, Job, Part, read_cells, run_parts


class Counting:
    """A part of three jobs that counts how often each is run."""

    def __init__(self, name="X.1", fail=None):
        self.ran, self.fail, self.lock = [], fail, threading.Lock()
        self.part = Part(Question(name, "More?", "difference"), {"a": ("0", "1", "2")}, self.jobs, ("atop5_1m",))

    def jobs(self, bench):
        def run(k):
            with self.lock:
                self.ran.append(k)
            if k == self.fail:
                raise KeyboardInterrupt
            return [Cell.of({"a": str(k), "b": b}, (k + 0.1 * bench.seed + (b == "v"), -1.0, k - 0.5)) for b in "uv"]

        return [Job((str(k),), lambda k=k: run(k)) for k in range(3)]


@pytest.fixture
def bench(tmp_path):
    (tmp_path / "data").mkdir()
    return Bench(tmp_path / "data")


def test_any_number_of_workers_gives_the_same(bench):
    one, four = (run_parts([Counting().part], bench, workers=w)[0].to_dict() for w in (1, 4))
    assert one == four
    assert one["versions"] == {"atop5_1m": "5.1, not at hand"}


def test_jobs_are_found_again_by_their_key_elsewhere(bench, monkeypatch, tmp_path):
    counting = Counting()
    monkeypatch.setattr(verdict_claims, "PARTS", (counting.part,))
    verdict_run._bench.cache_clear()
    here = run_parts([counting.part], bench)[0].to_dict()
    with ThreadPoolExecutor(2) as pool:
        assert run_parts([counting.part], bench, on=pool, save=tmp_path / "kept")[0].to_dict() == here
    assert run_parts([counting.part], bench, on="local")[0].to_dict() == here
    assert sorted(counting.ran) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert run_parts([counting.part], bench, on="local", save=tmp_path / "kept")[0].to_dict() == here
    assert len(counting.ran) == 9
    assert verdict_run._told(("X.1", ("2",))) == "X.1 2"
    with pytest.raises(ParameterError, match="dask://"):
        run_parts([counting.part], bench, on="there")


def test_kept_cells_are_not_computed_again(bench, tmp_path):
    first, again, said = Counting(), Counting(), []
    before = run_parts([first.part], bench, save=tmp_path / "kept")[0]
    after = run_parts([again.part], bench, save=tmp_path / "kept", progress=lambda *x: said.append(x))[0]
    assert (first.ran, again.ran) == ([0, 1, 2], [])
    assert after.to_dict() == before.to_dict()
    assert said[-1] == ("X.1 2", 1.0)
    other = Counting()
    run_parts([other.part], Bench(bench.folder, seed=2), save=tmp_path / "kept")
    assert other.ran == [0, 1, 2]
    assert not list((tmp_path / "kept").glob("*.part"))


def test_a_stopped_run_keeps_what_is_done(bench, tmp_path):
    stopped = Counting(fail=1)
    with pytest.raises(KeyboardInterrupt):
        run_parts([stopped.part], bench, save=tmp_path / "kept")
    again = Counting()
    found = run_parts([again.part], bench, save=tmp_path / "kept")[0]
    assert 0 not in again.ran
    assert 1 in again.ran
    assert found.to_dict() == run_parts([Counting().part], bench)[0].to_dict()


@pytest.mark.parametrize(
    "text", ["no json", "[]", '{"cells": [{"choices": {"a": "x"}}]}', '{"cells": [{"choices": 3}]}']
)
def test_a_file_that_is_no_cells_is_refused(bench, tmp_path, text):
    kept = tmp_path / "kept"
    run_parts([Counting().part], bench, save=kept)
    next(iter(kept.glob("*.json"))).write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match="as cells of a verdict"):
        run_parts([Counting().part], bench, save=kept)


def test_refusals_of_a_run(bench):
    with pytest.raises(ParameterError, match="workers"):
        run_parts([Counting().part], bench, workers=0)
    with pytest.raises(ParameterError, match="a folder that is there or can be made"):
        run_parts([Counting().part], bench, save=Path(__file__))
    empty = Part(
        Question("X.1", "?", "q"), {}, lambda b: [Job(("x",), lambda: [Cell.without({"a": "x"}, b.lacks("atop5_1m"))])]
    )
    with pytest.raises(DataError, match=r"No cell of these claims is at hand.*Alliance"):
        run_parts([empty], bench)


def test_what_is_at_hand(monkeypatch, tmp_path):
    bench = Bench(tmp_path)
    assert bench.store is bench.folder
    assert "put alliance_v4.1_by_member.csv into the data folder" in bench.lacks("cow_alliances")
    monkeypatch.setattr(bench.folder, "missing", lambda sources: [])
    assert bench.lacks("cow_alliances") == ""
    made = []
    assert [bench.once("k", lambda: made.append(1) or len(made)) for _ in range(3)] == [1, 1, 1]


def test_without_a_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "nowhere"))
    bench = Bench()
    assert bench.folder is None
    assert bench.lacks("atop5_1m").startswith("not at hand: no folder with data (atop5_1m)")
    with pytest.raises(DataError, match="No folder of data files"):
        _ = bench.store
    with pytest.raises(DataError, match="No folder of data files"):
        Bench(tmp_path / "nowhere")
    assert run_parts([Counting().part], bench)[0].versions == {"atop5_1m": "5.1, not at hand"}


def test_kept_cells_hang_on_the_data(bench, tmp_path, monkeypatch):
    run_parts([Counting().part], bench, save=tmp_path / "kept")
    monkeypatch.setattr(bench.folder, "missing", lambda sources: [])
    monkeypatch.setattr(bench.folder, "provenance", lambda s: SimpleNamespace(sha256="other", version="9"))
    other = Counting()
    assert run_parts([other.part], bench, save=tmp_path / "kept")[0].versions == {"atop5_1m": "9"}
    assert other.ran == [0, 1, 2]


def test_a_users_table(tmp_path):
    path = tmp_path / "cells [1]*.csv"
    path.write_text("era,list,estimate,low,high\nearly,x,1,0.5,1.5\nlate,x,-1,-2,-0.5\nlate,y,,,\n", encoding="utf-8")
    cells = read_cells(path)
    assert [c.known for c in cells] == [True, True, False]
    assert dict(cells[1].choices) == {"era": "late", "list": "x"}
    assert cells[1].low == -2.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "Cannot read"),
        ("era,low,high\nx,1,2\n", "lacks columns"),
        ("era,estimate,low,high\nx,1,2,\n", "line 2"),
        ("era,estimate,low,high\nx,one,0,2\n", "line 2.*three numbers"),
        ("era,estimate,low,high\nx,1,2,0\n", "cannot be judged"),
    ],
)
def test_tables_that_are_refused(tmp_path, text, words):
    path = Path(tmp_path / "cells.csv")
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=words):
        read_cells(path)


def test_the_register_is_whole():
    ids = [p.question.id for p in PARTS]
    assert len(set(ids)) == len(ids)
    assert {i[0] for i in ids} == set(CLAIMS)
    for part in PARTS:
        options = {k: set(v) for k, v in part.choices.items()}
        assert part.question.primary, part.question.id
        assert set(dict(part.question.primary)) == set(options), part.question.id
        assert part.question.against, part.question.id
        assert part.question.silent, part.question.id
        assert all(t.endswith((".", "?")) for t in (part.question.text, part.question.against, part.question.silent)), (
            part.question.id
        )


def test_claims_by_letter_part_and_all():
    assert [p.question.id for p in parts_of(["d"])] == ["D.1", "D.2", "D.3"]
    assert [p.question.id for p in parts_of(["F.2", "A.1"])] == ["A.1", "F.2"]
    assert parts_of(["all"]) == parts_of([]) == PARTS
    for wrong in ("K", "D.9", ""):
        with pytest.raises(ParameterError, match="Unknown claim"):
            parts_of([wrong])


def test_the_public_call(monkeypatch, tmp_path):
    monkeypatch.setattr(verdict_claims, "PARTS", (Counting().part,))
    (found,) = verdict("X", data_dir=tmp_path, seed=2)
    assert (found.question.id, found.seed, found.thorough) == ("X.1", 2, False)
    assert verdict_run.FORMAT == 1
