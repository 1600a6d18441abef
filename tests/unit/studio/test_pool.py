"""What workers do to the studio: nothing. One that ends, loops, takes too much or fails leaves a message and the others go on."""

import asyncio
import json
import os
import time

import pytest

from foedus.errors import FoedusError, Problem, ScenarioError
from foedus.studio import pool as pools
from foedus.studio.pool import Pool, limit
from foedus.studio.refusal import RefusedError
from foedus.studio.settings import Settings


def said(text):
    return text.encode()


def pid(_=0):
    return str(os.getpid()).encode()


def compiles():
    """Seem to numba's listeners to compile for longer than a question may take."""
    from numba.core import event

    event.start_event("numba:compiler_lock")
    time.sleep(0.8)
    event.end_event("numba:compiler_lock")
    return b"compiled"


def dies():
    os._exit(9)


def loops():
    while True:
        time.sleep(0.01)


def takes():
    return bytes(3_000_000_000)


def wrong():
    raise ScenarioError("mine.toml", [Problem("actors[0]", "no id")])


def refuses():
    raise RefusedError(409, "not now", "later")


def fails():
    raise ZeroDivisionError


def compiled():
    import numpy as np
    import polars as pl

    import foedus as fd

    found = fd.load("europe-1914").war("AUH", "SER", draws=50, seed=1)
    return json.dumps([found.size.mean, float(pl.Series(np.arange(10)).sum())]).encode()


@pytest.fixture(scope="module")
def drive():
    """Return a runner of coroutines on one pool of two workers."""
    pool = Pool(Settings(workers=2, seconds=60, memory=2048))
    pool.begin()
    with asyncio.Runner() as runner:

        def driven(work):
            return runner.run(work(pool))

        yield driven
    pool.close()


def test_the_first_question_finds_the_worker_that_was_begun(drive):
    async def work(pool):
        (begun,) = (e._processes for e in pool._executors if e is not None)
        return [str(p).encode() for p in begun], await pool.call(pid)

    begun, found = drive(work)
    assert begun == [found]


def test_a_worker_that_is_not_ready_in_time_is_ended(monkeypatch):
    monkeypatch.setattr(pools, "STARTING", 0.0)
    pool = Pool(Settings(workers=1, memory=2048))
    with pytest.raises(RefusedError, match="no worker was ready within 0 s"):
        asyncio.run(pool.call(pid))
    assert pool._executors == [None]


def test_seconds_that_a_worker_compiles_are_waited_for_and_no_others(drive):
    async def work(pool):
        pool.settings = Settings(workers=2, seconds=0.3, memory=2048)
        found = await pool.call(compiles)
        pool.settings = Settings(workers=2, seconds=60, memory=2048)
        return found

    assert drive(work) == b"compiled"
    since = time.monotonic() - 5
    assert pools._compiled([2.0, 0.0]) == 2.0
    assert pools._compiled([2.0, since]) == pytest.approx(7.0, abs=1.0)


@pytest.mark.parametrize(
    ("function", "status", "what"),
    [
        (dies, 503, "the worker ended"),
        (takes, 503, "out of memory"),
        (fails, 503, "ZeroDivisionError"),
        (refuses, 409, "not now"),
    ],
)
def test_what_a_worker_does_becomes_a_message(drive, function, status, what):
    async def work(pool):
        with pytest.raises(RefusedError, match=what) as caught:
            await pool.call(function)
        return caught.value.status, await pool.call(said, "still here")

    assert drive(work) == (status, b"still here")


def test_an_error_that_holds_more_than_words_comes_through(drive):
    async def work(pool):
        with pytest.raises(FoedusError, match=r"mine.toml: 1 problem\n.*no id"):
            await pool.call(wrong)

    drive(work)


def test_a_worker_may_do_what_questions_do_within_its_memory(drive):
    size, total = json.loads(drive(lambda pool: pool.call(compiled)))
    assert size > 1
    assert total == 45


def test_a_loop_is_ended_and_only_its_worker(drive):
    async def work(pool):
        before = {await pool.call(pid)}
        pool.settings = Settings(workers=2, seconds=0.3, memory=2048)
        loop = asyncio.create_task(pool.call(loops))
        await asyncio.sleep(0)
        with pytest.raises(RefusedError, match=r"no answer within 0\.3 s"):
            await loop
        pool.settings = Settings(workers=2, seconds=60, memory=2048)
        both = await asyncio.gather(pool.call(pid, 1), pool.call(pid, 2))
        return before, both, await pool.call(pid)

    before, both, _ = drive(work)
    assert len(set(both)) == 2
    assert before.isdisjoint(both) or len(before & set(both)) == 1


def test_too_many_wait(drive, monkeypatch):
    monkeypatch.setattr("foedus.studio.pool.WAITING", 3)

    async def work(pool):
        asked = [pool.call(said, str(k)) for k in range(9)]
        found = await asyncio.gather(*asked, return_exceptions=True)
        return [f.status if isinstance(f, RefusedError) else f for f in found], await pool.call(said, "after")

    found, after = drive(work)
    assert found.count(429) >= 1
    assert {f for f in found if f != 429} <= {str(k).encode() for k in range(9)}
    assert after == b"after"


def test_the_same_question_is_worked_out_once_and_held(drive):
    asked = {"in": "europe-1914", "date": None, "what_if": None, "actors": None, "draws": 2, "seed": 1}

    async def work(pool):
        first = await asyncio.gather(*(pool.ask("blocs", asked) for _ in range(20)))
        later, held = await pool.ask("blocs", asked), len(pool._held)
        await pool.ask("blocs", asked, stamp="files of another state")
        return first, later, held, len(pool._held)

    first, later, *held = drive(work)
    assert len({*first, later}) == 1
    assert held == [1, 2], "held once, and asked anew once the files behind it have changed"
    assert json.loads(later)["question"] == "blocs"


def test_of_too_many_answers_the_oldest_go(monkeypatch):
    monkeypatch.setattr(pools, "KEPT", 10)
    pool = Pool(Settings(workers=1))
    for key, size in (("a", 4), ("b", 4), ("a", 4), ("c", 4), ("too large", 11)):
        pool._hold(key, bytes(size))
    assert list(pool._held) == ["b", "c"]
    assert pool._size == 8


def test_a_system_that_refuses_the_limit_of_memory_does_not_end_the_worker(monkeypatch):
    asked = []
    resource = pytest.importorskip("resource")

    def refuse(*given):
        asked.append(given)
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    monkeypatch.setattr(os, "nice", lambda _: 0)
    limit(4096)
    assert asked == [(resource.RLIMIT_AS, (4096 * 1024**2,) * 2)]
