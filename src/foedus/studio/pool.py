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
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from foedus.errors import FoedusError
from foedus.studio.question import Desk
from foedus.studio.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
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
        """Return what a function gives in a worker; the time counts from when one is free.

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
            executor = self._ready(slot)
            try:
                future = asyncio.get_running_loop().run_in_executor(executor, _guarded, function, *given)
                found = await asyncio.wait_for(future, self.settings.seconds)
            except TimeoutError:
                self._end(slot)
                raise RefusedError(503, f"no answer within {self.settings.seconds:g} s", LATE) from None
            except asyncio.CancelledError:
                self._end(slot)
                raise
            except BrokenProcessPool:
                self._end(slot)
                if last:
                    raise RefusedError(503, "the worker ended before it answered", MEMORY) from None
            else:
                return _opened(found)
        raise AssertionError

    def _ready(self, slot: int) -> ProcessPoolExecutor:
        """Return the executor of a slot, with one worker, begun anew if it had ended."""
        if self._executors[slot] is None:
            self._executors[slot] = ProcessPoolExecutor(
                1, mp_context=multiprocessing.get_context("spawn"), initializer=_begin, initargs=(self.settings.memory,)
            )
        return self._executors[slot]

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


def _begin(memory: int) -> None:
    """Limit what this worker may take, let it end with the server, and be ready for what most questions need.

    A small line-up is worked out first: a proof has so many seconds, and on a new installation compiling would take them.
    """
    import signal
    import threading

    limit(memory)
    threading.Thread(target=_follow, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from foedus.scenario.read import load

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
