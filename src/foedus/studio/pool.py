"""Warm worker processes that answer quick questions, so that the server stays free and survives what they do.

Each worker has a memory limit; a question that takes too long, or kills its worker, ends with a message and a fresh worker.
Holds the last answers in memory; keeps nothing on disk (`runs` does).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import sys
import time
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

from foedus.errors import FoedusError
from foedus.studio.question import Desk
from foedus.studio.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from foedus.studio.settings import Settings

KEPT = 64_000_000
"""Bytes of answers that are held."""


MEMORY = "it may have needed more memory than it may take; ask for less"
LATE = (
    "the machine may have been busy: try again, ask for fewer draws or actors, or use “Run it in the background” where a screen has it "
    "(a run may take an hour)"
)
NICE = 10
"""How far workers stand back behind the server, so that reading stays quick while they work."""
WAITING = 256
"""Calls that may wait for a worker."""
STARTING = 300.0
"""Seconds within which a new worker must be ready; on a new installation it compiles first. No question may add more to its time by compiling."""
LOOK = 0.2
"""Seconds between two looks at whether a worker still compiles."""


class Pool:
    """Workers for the questions of one studio.

    Parameters
    ----------
    settings : Settings
        Number of workers, their memory and the seconds of a question.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._executors: list[Any] = [None] * settings.workers
        self._starts: list[Any] = [None] * settings.workers
        self._cells = [multiprocessing.get_context("spawn").RawArray("d", 2) for _ in range(settings.workers)]
        self._free: asyncio.LifoQueue[int] = asyncio.LifoQueue()
        for slot in range(settings.workers):
            self._free.put_nowait(slot)
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._waiting = 0
        self._going: dict[str, asyncio.Task[bytes]] = {}

    async def ask(self, name: str, asked: dict[str, Any], *, stamp: str = "") -> bytes:
        """Return the answer to a question in the page's form.

        Parameters
        ----------
        name : str
            Of the question.
        asked : dict
            Its parameters, as JSON's own types, checked.
        stamp : str
            State of the files behind the answer; another stamp is asked anew.

        Raises
        ------
        FoedusError
            The question says what is wrong with its parameters.
        RefusedError
            The worker ended or the time ran out.
        """
        key = json.dumps([name, asked, stamp], sort_keys=True)
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        if key not in self._going:
            task = asyncio.create_task(self._worked(name, asked))
            self._going[key] = task
            task.add_done_callback(lambda _: self._going.pop(key, None))
        found = await asyncio.shield(self._going[key])
        self._hold(key, found)
        return found

    async def _worked(self, name: str, asked: dict[str, Any]) -> bytes:
        """Return the answer of a worker."""
        return await self.call(_answered, name, asked, self.settings.scenarios, self.settings.data_dir)

    async def call(self, function: Callable[..., bytes], *given: Any) -> bytes:
        """Return what a function gives in a worker; the time counts from when one is free and ready, and stands still while it compiles.

        A worker that had ended before, unseen, is replaced and the new one asked.

        Raises
        ------
        FoedusError
            The function says what is wrong with what it was given.
        RefusedError
            The function refuses; or the worker ended, the time ran out, the function failed, or too many wait.
        """
        if self._waiting >= WAITING:
            raise RefusedError(429, "too many questions wait for an answer", "try again in a moment")
        self._waiting += 1
        try:
            slot = await self._free.get()
        finally:
            self._waiting -= 1
        try:
            return await self._called(slot, function, *given)
        finally:
            self._free.put_nowait(slot)

    async def _called(self, slot: int, function: Callable[..., bytes], *given: Any) -> bytes:
        """Return what the worker of a slot gives, asked at most twice."""
        for last in (False, True):
            try:
                found = await self._waited(slot, function, *given)
            except (asyncio.CancelledError, RefusedError):
                self._end(slot)
                raise
            except BrokenProcessPool:
                self._end(slot)
                if last:
                    raise RefusedError(503, "the worker ended before it answered", MEMORY) from None
            else:
                return _opened(found)
        raise AssertionError

    async def _waited(self, slot: int, function: Callable[..., bytes], *given: Any) -> tuple[str, Any]:
        """Return what the worker of a slot gives once it is ready and within its time."""
        begun = asyncio.wrap_future(self._begun(slot))
        await _within(begun, lambda: STARTING, f"no worker was ready within {STARTING:g} s")
        cell, seconds = self._cells[slot], self.settings.seconds
        before = _compiled(cell)
        asked = asyncio.get_running_loop().run_in_executor(self._executors[slot], _guarded, function, *given)
        return await _within(
            asked, lambda: seconds + min(STARTING, _compiled(cell) - before), f"no answer within {seconds:g} s"
        )

    def begin(self) -> None:
        """Begin the worker that is asked first, so that the first question finds it ready; returns at once."""
        self._begun(len(self._executors) - 1)

    def _begun(self, slot: int) -> Future[None]:
        """Return what is done once the worker of a slot is ready; it is begun anew if it had ended."""
        if self._executors[slot] is None:
            self._cells[slot][:] = 0.0, 0.0
            self._executors[slot] = ProcessPoolExecutor(
                1, mp_context=multiprocessing.get_context("spawn"), initializer=_begin,
                initargs=(self.settings.memory, self._cells[slot]),
            )  # fmt: skip
            with _undisturbed():
                self._starts[slot] = self._executors[slot].submit(_here)
        return self._starts[slot]

    def _end(self, slot: int) -> None:
        """Kill the worker of a slot; the others go on."""
        executor, self._executors[slot] = self._executors[slot], None
        if executor is None:
            return
        for process in list((executor._processes or {}).values()):
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End every worker."""
        for slot in range(len(self._executors)):
            self._end(slot)

    def _hold(self, key: str, found: bytes) -> None:
        """Hold an answer, and let the oldest go where there are too many."""
        if key in self._held or len(found) > KEPT:
            return
        self._held[key] = found
        self._size += len(found)
        while self._size > KEPT:
            self._size -= len(self._held.popitem(last=False)[1])


async def _within(future: asyncio.Future[Any], most: Callable[[], float], late: str) -> Any:
    """Return what comes within the most seconds, which may grow meanwhile.

    Raises
    ------
    RefusedError
        Nothing came in time.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        while not future.done():
            left = begun + most() - loop.time()
            if left <= 0:
                raise RefusedError(503, late, LATE)
            await asyncio.wait([future], timeout=max(LOOK, left))
        return await future
    finally:
        future.cancel()


def _compiled(cell: Any) -> float:
    """Return the seconds that a worker has spent on compiling so far, what goes on now included."""
    seconds, since = cell
    return seconds + (max(0.0, time.monotonic() - since) if since else 0.0)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hand the process that is begun here no Ctrl-C: the terminal sends it to every process, and only the server knows what to do."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # beginning it later would let the signal through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _here() -> None:
    """Do nothing: a worker that does it is ready."""


def _begin(memory: int, cell: Any) -> None:
    """Limit what this worker may take, let it end with the server, and be ready for what most questions need.

    A small line-up is worked out first, so that what it compiles on a new installation is not waited for by the first question.
    """
    import signal
    import threading

    limit(memory)
    threading.Thread(target=_follow, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from foedus.kernels.clock import tell
    from foedus.scenario.read import load

    tell(cell)
    load("europe-1914").blocs(draws=2)


def _follow() -> None:
    """End this worker once the server is no more: one that was killed, or whose terminal was closed, tells nobody."""
    from multiprocessing.connection import wait

    server = multiprocessing.parent_process()
    if server is not None:
        wait([server.sentinel])
        os._exit(1)


def limit(memory: int) -> None:
    """Limit the address space of this process to so many megabytes, and let the server go first, where the system can (Linux does)."""
    try:
        import resource
    except ImportError:
        return
    os.nice(NICE)
    most = memory * 1024 * 1024
    with contextlib.suppress(ValueError, OSError):  # macOS has the name of this limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _guarded(function: Callable[..., bytes], *given: Any) -> tuple[str, Any]:
    """Return what a function gives, or what it says is wrong, as words: not every error can be sent to another process. Runs in a worker."""
    from pydantic import ValidationError

    try:
        return "", function(*given)
    except (FoedusError, ValidationError) as error:
        return "wrong", str(error)
    except RefusedError as error:
        return "refused", (error.status, str(error), error.hint)
    except MemoryError:
        return "refused", (503, "the worker ran out of memory", MEMORY)
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)
        return "refused", (
            503,
            f"the question failed: {type(error).__name__}",
            "the terminal of the studio has more; please report it",
        )


def _opened(found: tuple[str, Any]) -> bytes:
    """Return what a worker gave, or raise what it said."""
    how, what = found
    if how == "wrong":
        raise FoedusError(what)
    if how == "refused":
        raise RefusedError(*what)
    return what


def _answered(name: str, asked: dict[str, Any], scenarios: Path, data_dir: Path | None) -> bytes:
    """Return the answer to a question; runs in a worker."""
    from foedus.studio.questions import question

    q = question(name)
    return q.reply(q.asked.model_validate(asked), Desk(scenarios, data_dir))
