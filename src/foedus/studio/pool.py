"""Warm worker processes that answer quick questions, so that the server stays free and survives what they do.

Each worker has a memory limit; a question that takes too long, or kills its worker, ends with a message and a fresh worker.
Holds the last answers in memory; keeps nothing on disk (`runs` does).
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from foedus.studio.question import Desk
from foedus.studio.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from foedus.studio.settings import Settings

KEPT = 64_000_000
"""Bytes of answers that are held."""


WAITING = 64
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
        self._executor: ProcessPoolExecutor | None = None
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
        """Return what a function gives in a worker; a worker that somebody else's call killed is asked once more.

        Raises
        ------
        RefusedError
            The worker ended or the time ran out.
        """
        if self._waiting >= WAITING:
            raise RefusedError(429, "too many questions wait for an answer", "try again in a moment")
        self._waiting += 1
        try:
            return await self._called(function, *given)
        finally:
            self._waiting -= 1

    async def _called(self, function: Callable[..., bytes], *given: Any) -> bytes:
        """Return what a function gives in a worker, asked at most twice."""
        for last in (False, True):
            executor = self._ready()
            future = asyncio.get_running_loop().run_in_executor(executor, function, *given)
            try:
                return await asyncio.wait_for(future, self.settings.seconds)
            except TimeoutError:
                self._end(executor)
                raise RefusedError(
                    503, f"no answer within {self.settings.seconds:g} s", "start it as a run, or ask for less"
                ) from None
            except BrokenProcessPool:
                self._end(executor)
                if last:
                    raise RefusedError(
                        503,
                        "the worker ended before it answered: it may have needed more memory than it may take",
                        "ask for less",
                    ) from None
        raise AssertionError

    def _ready(self) -> ProcessPoolExecutor:
        """Return the executor, begun anew if it had ended."""
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self.settings.workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(self.settings.memory,),
            )
        return self._executor

    def _end(self, executor: ProcessPoolExecutor) -> None:
        """Kill the workers of an executor, unless that was done."""
        if self._executor is executor:
            self._executor = None
        for process in list((executor._processes or {}).values()):
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End every worker."""
        if self._executor is not None:
            self._end(self._executor)

    def _hold(self, key: str, found: bytes) -> None:
        """Hold an answer, and let the oldest go where there are too many."""
        if key in self._held or len(found) > KEPT:
            return
        self._held[key] = found
        self._size += len(found)
        while self._size > KEPT:
            self._size -= len(self._held.popitem(last=False)[1])


def _begin(memory: int) -> None:
    """Limit what this worker may take, and import what most questions need."""
    import signal

    limit(memory)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import foedus.blocs.solve
    import foedus.scenario.read  # noqa: F401


def limit(memory: int) -> None:
    """Limit the address space of this process to so many megabytes beyond what it has, where the system can."""
    try:
        import resource
    except ImportError:
        return
    most = memory * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _answered(name: str, asked: dict[str, Any], scenarios: Path, data_dir: Path | None) -> bytes:
    """Return the answer to a question; runs in a worker."""
    from foedus.studio.questions import question

    q = question(name)
    return q.reply(q.asked.model_validate(asked), Desk(scenarios, data_dir))
