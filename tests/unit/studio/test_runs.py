"""Runs: the answer of a worker is that of the question; cancelled, killed and left alone, a run says what became of it and can go on."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from foedus.studio import runs as runs_module
from foedus.studio import worker
from foedus.studio.question import Desk
from foedus.studio.questions import question
from foedus.studio.refusal import RefusedError
from foedus.studio.runs import Runs, alive, birth, read, write
from foedus.studio.settings import Settings

SHOT = {"in": "europe-1914", "attacker": "AUH", "target": "SER", "draws": 100}
LONG = SHOT | {"draws": 1_000_000}


def checked(name, params):
    return question(name).asked.model_validate(params).model_dump(mode="json", by_alias=True)


def wait(runs, name, *states, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        runs.tick()
        run = runs.get(name)
        if run["state"] in states:
            return run
        time.sleep(0.05)
    raise AssertionError(runs.get(name))


def begun(runs, name):
    """Wait until the worker has told how far it is."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        run = runs.get(name)
        if run["progress"] is not None or run["state"] != "running":
            return run
        time.sleep(0.02)
    raise AssertionError(run)


@pytest.fixture
def runs(tmp_path):
    made = Runs(Settings(folder=tmp_path, workers=1, queued=2))
    yield made
    for run in made.listed():
        if run["state"] in ("queued", "running"):
            made.cancel(run["id"])
        made.remove(run["id"])


def test_a_run_gives_the_bytes_of_the_question(runs, tmp_path):
    run = runs.start("war", checked("war", SHOT), "July 1914")
    assert (run["state"], run["title"], run["seed"]) == ("running", "July 1914", 1)
    assert wait(runs, run["id"], "done", "failed")["state"] == "done"
    q = question("war")
    assert runs.answer(run["id"]).read_bytes() == q.reply(q.asked.model_validate(SHOT), Desk(tmp_path / "scenarios"))


def test_a_cancelled_run_goes_on_where_it_was_and_gives_the_same_bytes(runs, tmp_path):
    run = runs.start("war", checked("war", LONG | {"draws": 150_000}))["id"]
    begun(runs, run)
    assert runs.cancel(run)["state"] == "cancelled"
    with pytest.raises(RefusedError, match="no answer"):
        runs.answer(run)
    assert runs.resume(run)["state"] == "running"
    assert wait(runs, run, "done", "failed")["state"] == "done"
    q = question("war")
    assert runs.answer(run).read_bytes() == q.reply(
        q.asked.model_validate(LONG | {"draws": 150_000}), Desk(tmp_path / "scenarios")
    )


def a_file(runs, name="mine.toml"):
    from importlib import resources

    text = (resources.files("foedus.scenario.bundled") / "europe-1914.toml").read_text()
    runs.settings.scenarios.mkdir(parents=True, exist_ok=True)
    path = runs.settings.scenarios / name
    path.write_text(text)
    return path


def test_a_run_is_about_the_file_as_it_was_whatever_is_written_to_it_later(runs, tmp_path, monkeypatch):
    path = a_file(runs)
    params = checked("war", SHOT | {"in": "file:mine.toml"})
    q = question("war")
    before = q.reply(q.asked.model_validate(params), Desk(runs.settings.scenarios))
    queued = Runs(Settings(folder=tmp_path, workers=0, queued=2))  # it waits, as a run that was stopped does
    run = queued.start("war", params)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert run["files"] == {"mine.toml": digest}
    path.write_text(path.read_text().replace('id = "SER"', 'id = "SRB"').replace('"SER"', '"SRB"'))
    assert queued.cancel(run["id"])["state"] == "cancelled"
    assert queued.resume(run["id"])["state"] == "queued"
    assert run_worker(queued.settings.runs / run["id"], queued.settings.scenarios, monkeypatch) == 0
    assert queued.answer(run["id"]).read_bytes() == before


def test_a_copy_that_was_changed_is_refused(runs, tmp_path, monkeypatch):
    a_file(runs)
    name = Runs(Settings(folder=tmp_path, workers=0, queued=2)).start(
        "war", checked("war", SHOT | {"in": "file:mine.toml"})
    )["id"]
    folder = runs.settings.runs / name
    (folder / "given" / "mine.toml").write_text("id = 'other'")
    assert run_worker(folder, tmp_path, monkeypatch) == 1
    assert "not the file that it began with" in read(folder / "error.json")["message"]


def test_a_run_that_has_ended_is_read_once(runs, tmp_path, monkeypatch):
    waiting = Runs(Settings(folder=tmp_path, workers=0, queued=9))
    for name in [waiting.start("war", SHOT)["id"] for _ in range(3)]:
        waiting.cancel(name)
    looked = []
    monkeypatch.setattr(runs_module, "read", lambda path: looked.append(path.name) or read(path))
    waiting.listed()
    assert looked.count("run.json") == 3  # just ended: another change may bear the same time
    monkeypatch.setattr(runs_module, "SETTLED", -1)
    first = waiting.listed()
    looked.clear()
    assert waiting.listed() == first
    assert looked == []
    write(waiting.settings.runs / first[0]["id"] / "answer.json", {})
    assert [r["state"] for r in waiting.listed()] == ["done", "cancelled", "cancelled"]
    waiting.resume(first[1]["id"])
    assert [r["state"] for r in waiting.listed()] == ["done", "queued", "cancelled"]
    for r in first:
        if waiting.get(r["id"])["state"] == "queued":
            waiting.cancel(r["id"])
        waiting.remove(r["id"])
    assert waiting.listed() == []


def test_the_next_server_finds_a_run_that_goes_on_and_one_whose_worker_died(runs, tmp_path):
    run = runs.start("war", checked("war", LONG))["id"]
    begun(runs, run)
    other = Runs(runs.settings)
    assert other.get(run)["state"] == "running"
    child = runs._children.pop(run)
    child.kill()
    child.wait()
    assert other.get(run)["state"] == "interrupted"
    assert other.resume(run)["state"] == "running"
    assert other.cancel(run)["state"] == "cancelled"
    other.remove(run)


def test_a_worker_that_is_killed_fails_its_run_with_a_message(runs):
    run = runs.start("war", checked("war", LONG))["id"]
    os.kill(read(runs.settings.runs / run / "state.json")["pid"], signal.SIGKILL)
    said = wait(runs, run, "failed")
    assert "signal 9" in said["message"]
    assert "memory" in said["message"]


def test_a_question_that_cannot_be_answered_fails_with_what_is_wrong(runs):
    run = runs.start("war", checked("war", SHOT | {"target": "Atlantis"}))["id"]
    assert "Atlantis" in wait(runs, run, "failed")["message"]


def test_runs_wait_in_order_and_no_more_than_may(runs):
    names = [runs.start("war", checked("war", LONG | {"seed": k}))["id"] for k in range(3)]
    assert [r["state"] for r in reversed(runs.listed())].count("running") == 1
    with pytest.raises(RefusedError, match="too many runs wait") as refused:
        runs.start("war", checked("war", LONG))
    assert refused.value.status == 429
    with pytest.raises(RefusedError, match="the run is running"):
        runs.remove(names[0])
    for name in names:
        runs.cancel(name)
    assert {r["state"] for r in runs.listed()} == {"cancelled"}


def test_too_much_room_is_refused_and_nothing_is_deleted(tmp_path):
    runs = Runs(Settings(folder=tmp_path, disk=10))
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "large").write_bytes(b"x" * 11)
    with pytest.raises(RefusedError, match="the runs take more"):
        runs.start("war", checked("war", SHOT))
    assert (tmp_path / "runs" / "large").exists()


@pytest.mark.parametrize("name", ["", "..", "../x", "20200101-000000-abcdef/..", "20200101-000000-abcdef", "x\0"])
def test_no_name_leads_out_of_the_folder(runs, name):
    with pytest.raises(RefusedError, match="no such run"):
        runs.get(name)


def test_damaged_files_are_said_and_can_be_deleted(runs):
    folder = runs.settings.runs / "20200101-000000-abcdef"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{")
    assert runs.get(folder.name)["message"] == "the run's files are damaged"
    assert runs.listed()[0]["state"] == "failed"
    with pytest.raises(RefusedError, match="failed"):
        runs.resume(folder.name)


def test_a_process_of_the_same_number_is_not_the_worker():
    mine = {"pid": os.getpid(), "birth": "0"}
    assert not alive(mine)
    assert not alive({"pid": 1, "birth": ""})
    assert not alive({})


@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps, which macOS has")
def test_where_there_is_no_proc_ps_says_when_a_process_began(monkeypatch, tmp_path):
    monkeypatch.setattr("foedus.studio.runs.PROCESSES", tmp_path / "none")
    child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    assert re.fullmatch(r"\w+ +\w+ +\d+ [\d:]{8} \d{4}", birth(child.pid))
    child.communicate(b"")
    assert birth(child.pid) == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert birth(os.getpid()) == "", "no ps either"


def test_what_ps_says_tells_one_process_from_another_of_its_number(monkeypatch, tmp_path):
    monkeypatch.setattr("foedus.studio.runs.PROCESSES", tmp_path / "none")
    monkeypatch.setattr("foedus.studio.runs._told_by_ps", lambda _: "Sun Nov 29 20:35:21 2026")
    assert alive({"pid": os.getpid(), "birth": "Sun Nov 29 20:35:21 2026"})
    assert not alive({"pid": os.getpid(), "birth": "Sat Nov 28 20:35:21 2026"})


def made(tmp_path, params):
    folder = tmp_path / "run"
    folder.mkdir()
    write(folder / "run.json", {"question": "war", "params": checked("war", params)})
    return folder


def run_worker(folder, tmp_path, monkeypatch, **more):
    monkeypatch.setattr(worker, "limit", lambda _: None)
    given = {"--scenarios": tmp_path, "--memory": 4096, "--seconds": 60} | more
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGALRM)
    try:
        return worker.main([str(folder), *(str(x) for pair in given.items() for x in pair)])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGALRM, before[1])


def test_a_run_that_takes_too_long_says_so(tmp_path, monkeypatch):
    folder = made(tmp_path, LONG)
    assert run_worker(folder, tmp_path, monkeypatch, **{"--seconds": 0.05}) == 1
    assert "no answer within 0.05 s" in read(folder / "error.json")["message"]
    assert not (folder / "answer.json").exists()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (MemoryError(), "out of memory"),
        (OSError(28, "No space left on device"), "No space left"),
        (RuntimeError("odd"), "RuntimeError: odd"),
    ],
)
def test_whatever_goes_wrong_is_written_down(tmp_path, monkeypatch, capsys, fault, said):
    folder = made(tmp_path, SHOT)

    def fail(*_):
        raise fault

    monkeypatch.setattr(worker, "work", fail)
    assert run_worker(folder, tmp_path, monkeypatch) == 1
    assert said in json.loads((folder / "error.json").read_text())["message"]


def test_a_run_that_is_deleted_while_others_look_is_gone_or_whole(tmp_path):
    runs = Runs(Settings(folder=tmp_path, workers=0, queued=1000))
    stop, wrong = threading.Event(), []

    def look():
        while not stop.is_set():
            try:
                wrong.extend(r for r in runs.listed() if r["state"] != "queued" and r["state"] != "cancelled")
                runs._room()
            except Exception as error:
                wrong.append(error)

    seers = [threading.Thread(target=look) for _ in range(3)]
    for t in seers:
        t.start()
    for _ in range(40):
        name = runs.start("war", SHOT)["id"]
        runs.cancel(name)
        runs.remove(name)
    stop.set()
    for t in seers:
        t.join()
    assert wrong == []
    assert [p.name for p in runs.settings.runs.iterdir()] == []
