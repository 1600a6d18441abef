"""`--on` read, and items run here, in processes that die, on executors and on a scheduler that is lost."""

from __future__ import annotations

import sys
import time
import types
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import closing

import pytest

from foedus import executors
from foedus.errors import MissingExtraError, ParameterError, WorkerError
from foedus.executors import Place, place, run
from sweep_tasks import die_at_three, die_once, ignores_ctrl_c, sleep_a_minute, square


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("local", Place("local")), (1, Place("local")), ("processes:1", Place("local")), (3, Place("processes", 3)),
        (" processes:12 ", Place("processes", 12)), ("dask://a.b:87", Place("dask", address="tcp://a.b:87")),
        ("dask://[::1]:8786", Place("dask", address="tcp://[::1]:8786")),
    ],
)  # fmt: skip
def test_what_on_means(text, meant):
    assert place(text) == meant


@pytest.mark.parametrize(
    "text",
    ["", "here", "processes", "processes:0", "processes:x", "processes:999999999999", "processes:²", "dask://", "dask://host", "dask:host:1",
     "dask://host:x", "dask://a/b:1", 0, -2, True],
)  # fmt: skip
def test_what_means_no_place_is_refused(text):
    with pytest.raises(ParameterError, match="processes:N"):
        executors.check(text)


def test_results_are_the_same_here_in_processes_and_in_threads():
    here = sorted(run(square, range(7)))
    assert here == [(k, k * k) for k in range(7)]
    assert sorted(run(square, range(7), on="processes:2")) == here
    with ThreadPoolExecutor(2) as pool:
        executors.check(pool)
        assert sorted(run(square, range(7), on=pool)) == here


def test_results_come_in_the_order_of_the_items_with_the_share_done():
    told = []
    assert executors.in_order(square, range(5), on=2, progress=told.append) == [0, 1, 4, 9, 16]
    assert told == [0.2, 0.4, 0.6, 0.8, 1.0]


class Heavy:
    """A task with tables: each process is sent it once."""

    sent = 0

    def __call__(self, item):
        return item

    def __reduce__(self):
        Heavy.sent += 1
        return Heavy, ()


def test_a_process_is_given_its_task_once():
    Heavy.sent = 0
    assert executors.in_order(Heavy(), range(20), on=2) == list(range(20))
    assert Heavy.sent <= 2


def test_a_process_that_dies_takes_no_item_with_it(tmp_path):
    items = [(k, str(tmp_path)) for k in range(8)]
    assert sorted(run(die_once, items, on=2)) == [(k, k * k) for k in range(8)]
    assert (tmp_path / "died").exists()


def test_an_item_that_kills_whoever_has_it_is_named():
    with pytest.raises(WorkerError, match="died 3 times: got number 3") as found:
        list(run(die_at_three, range(6), on=2, told=lambda k: f"number {k}"))
    assert found.value.exit_code == 1


def test_processes_leave_ctrl_c_to_their_parent_and_end_at_once_with_the_loop(monkeypatch):
    import multiprocessing

    with closing(run(ignores_ctrl_c, range(40), on=2)) as results:
        assert next(results)[1]
    assert not multiprocessing.active_children()
    monkeypatch.setattr(executors, "wait", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(run(sleep_a_minute, range(3), on=2))
    assert time.monotonic() - begun < 30
    assert not multiprocessing.active_children()


class Broken(Executor):
    """An executor whose futures fail, or that takes none."""

    def __init__(self, error, *, takes=True):
        self.error, self.takes, self.given = error, takes, []

    def submit(self, fn, /, *args, **kwargs):
        if not self.takes:
            raise self.error
        self.given.append(Future())
        if self.error is not None:
            self.given[-1].set_exception(self.error)
        return self.given[-1]


def test_an_executor_that_breaks_says_so():
    with pytest.raises(WorkerError, match="BrokenExecutor at item 0"):
        list(run(square, [0], on=Broken(BrokenExecutor()), told=lambda k: f"item {k}"))
    with pytest.raises(WorkerError, match="lost: got BrokenExecutor"):
        list(run(square, [0], on=Broken(BrokenExecutor(), takes=False)))


def test_an_error_of_the_task_itself_goes_through_and_the_rest_is_cancelled():
    executor = Broken(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        list(run(square, [0, 1], on=executor))
    executor = Broken(None)
    with closing(run(square, [0, 1], on=executor, told=str)) as results, pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "wait", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            next(results)
    assert all(f.cancelled() for f in executor.given)


def distributed(monkeypatch, executor, *, status="running", error=None):
    """Stand a module in for Dask; return the clients that it makes."""
    made = []

    class Client:
        def __init__(self, address, **_):
            if error is not None:
                raise error
            self.address, self.status, self.closed = address, status, False
            made.append(self)

        def get_executor(self, *, pure):
            assert pure is False
            return executor

        def close(self, timeout):
            self.closed = True

    monkeypatch.setitem(sys.modules, "distributed", types.SimpleNamespace(Client=Client))
    return made


def test_dask_is_asked_at_the_address_that_is_named(monkeypatch):
    with ThreadPoolExecutor(1) as pool:
        made = distributed(monkeypatch, pool)
        assert sorted(run(square, [2, 3], on="dask://there:1")) == [(0, 4), (1, 9)]
    assert [(c.address, c.closed) for c in made] == [("tcp://there:1", True)]


def test_a_worker_that_dask_saw_die_too_often_is_told_with_its_item(monkeypatch):
    killed = type("KilledWorker", (Exception,), {})
    distributed(monkeypatch, Broken(killed()))
    with pytest.raises(WorkerError, match="died 3 times: got 5"):
        list(run(square, [5], on="dask://there:1"))


def test_a_scheduler_that_is_gone_is_told(monkeypatch):
    monkeypatch.setattr(executors, "PULSE", 0.01)
    monkeypatch.setattr(executors, "PATIENCE", 0.05)
    made = distributed(monkeypatch, Broken(None), status="connecting")
    with pytest.raises(WorkerError, match="scheduler cannot be reached"):
        list(run(square, [5], on="dask://there:1"))
    assert made[0].closed


def test_no_scheduler_and_no_dask_are_told(monkeypatch):
    distributed(monkeypatch, None, error=OSError("refused"))
    with pytest.raises(WorkerError, match="No Dask scheduler answers: got tcp://there:1"):
        list(run(square, [5], on="dask://there:1"))
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'foedus\[dask\]'"):
        list(run(square, [5], on="dask://there:1"))


def test_a_pool_that_broke_before_it_took_anything_is_made_again(monkeypatch):
    real, tries = executors._Pool, []

    class Once(real):
        def __init__(self, count, task):
            super().__init__(count, task)
            tries.append(self)
            if len(tries) == 1:
                self.pool.submit = lambda *_: (_ for _ in ()).throw(BrokenExecutor)

    monkeypatch.setattr(executors, "_Pool", Once)
    assert sorted(run(square, [1, 2], on=2)) == [(0, 1), (1, 4)]
    assert len(tries) == 2


def test_a_scheduler_that_answers_is_waited_for(monkeypatch):
    monkeypatch.setattr(executors, "PULSE", 0.01)
    with ThreadPoolExecutor(1) as pool:
        distributed(monkeypatch, pool)
        assert list(run(lambda k: time.sleep(0.05) or k, [4], on="dask://there:1")) == [(0, 4)]
