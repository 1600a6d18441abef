"""Where work runs: in this process, in processes of this machine, or on a scheduler that the user names (``--on``).

One reader of ``--on`` and one loop over items for every analysis that can be shared out. What is computed never depends on where: items are
independent, and whoever calls puts results in order. A process that dies takes no other item with it; an item that kills whoever works on it is
tried again alone a bounded number of times and then named. Only a Dask scheduler that the user names opens a connection (convention 4.11). Knows
nothing of what an item is.
"""

from __future__ import annotations

from collections import Counter, deque
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from foedus.errors import WorkerError, message, parameter
from foedus.extras import optional

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")
On = int | str | Executor
"""Where: a number of processes, the text of ``--on``, or any executor."""

EXPECTED = "local, processes:N or dask://HOST:PORT"
MOST_PROCESSES = 256
TRIES = 3
"""Deaths of a worker that an item may see before it is named, the last of them alone."""
PULSE = 2.0
"""Seconds between looks at a scheduler."""
PATIENCE = 10.0
"""Seconds for which a scheduler may be out of reach."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a text of ``--on`` means: ``count`` processes, or a scheduler at ``address``."""

    kind: Literal["local", "processes", "dask"]
    count: int = 1
    address: str = ""


def place(on: str | int, name: str = "on") -> Place:
    """Return what ``--on``, or what a message calls so, means; connects to nothing.

    Raises
    ------
    ParameterError
        None of the three forms, or a number of processes out of range.

    Examples
    --------
    >>> place("processes:8")
    Place(kind='processes', count=8, address='')
    >>> place("dask://node1:8786").address
    'tcp://node1:8786'
    """
    text = f"processes:{on}" if isinstance(on, int) and not isinstance(on, bool) else str(on).strip()
    kind, _, rest = text.partition(":")
    if text == "local":
        return Place("local")
    if kind == "processes":
        if not rest.isascii() or not rest.isdecimal() or not 1 <= int(rest[:9]) <= MOST_PROCESSES:
            raise parameter(name, on, f"processes:N with N from 1 to {MOST_PROCESSES}")
        return Place("processes", int(rest)) if int(rest) > 1 else Place("local")
    host, _, port = rest.removeprefix("//").rpartition(":")
    if kind == "dask" and rest.startswith("//") and host and "/" not in host and port.isascii() and port.isdecimal():
        return Place("dask", address=f"tcp://{host}:{port}")
    raise parameter(name, on, EXPECTED)


def run(
    task: Callable[[Item], Result], items: Sequence[Item], *, on: On = "local", told: Callable[[Item], str] = str
) -> Generator[tuple[int, Result], None, None]:
    """Yield the position and the result of each item as it is finished, in any order.

    Parameters
    ----------
    task : callable
        Of one item; must be picklable unless it runs in this process or in threads.
    items : sequence
    on : int, str or Executor
        Processes, the text of ``--on``, or an executor of the caller's, which is not shut down.
    told : callable
        What a message calls an item.

    Yields
    ------
    (int, object)
        Leaving the loop cancels what has not begun and ends the processes that were started here; close the generator for that
        (`contextlib.closing`).

    Raises
    ------
    ParameterError
        ``on`` means no place.
    MissingExtraError
        A Dask scheduler is named and Dask is not installed.
    WorkerError
        An item kills whoever works on it, an executor or a scheduler is lost, or none is there.

    Examples
    --------
    >>> sorted(run(abs, [-2, 3], on="local"))
    [(0, 2), (1, 3)]
    """
    if isinstance(on, Executor):
        return _on_executor(task, items, on, told)
    where = place(on)
    if where.kind == "dask":
        return _on_dask(task, items, where.address, told)
    count = min(where.count, len(items))
    return _in_processes(task, items, count, told) if count > 1 else _here(task, items)


def in_order(
    task: Callable[[Item], Result], items: Sequence[Item], *, on: On = "local", told: Callable[[Item], str] = str,
    progress: Callable[[float], None] | None = None,
) -> list[Result]:  # fmt: skip
    """Return the result of each item in the order of the items; arguments and errors as of `run`.

    Parameters
    ----------
    task, items, on, told
        As of `run`.
    progress : callable, optional
        Called with the share done.

    Examples
    --------
    >>> in_order(abs, [-2, 3])
    [2, 3]
    """
    done: dict[int, Result] = {}
    with closing(run(task, items, on=on, told=told)) as results:
        for k, one in results:
            done[k] = one
            if progress is not None:
                progress(len(done) / len(items))
    return [done[k] for k in range(len(items))]


def _here(task: Callable[[Item], Result], items: Sequence[Item]) -> Generator[tuple[int, Result], None, None]:
    """Yield results made in this process."""
    for k, item in enumerate(items):
        yield k, task(item)


_task: list[Callable[[Any], Any]] = []
"""Of a process that was started here: what it does with each item, which it is given once."""


def _begin(task: Callable[[Any], Any]) -> None:
    """Keep what a fresh process is for, and leave Ctrl-C to its parent."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _task.append(task)


def _do(item: Any) -> Any:
    """Return the result of an item in a process."""
    return _task[0](item)


class _Pool:
    """Fresh processes, since forked ones would inherit the locks of Polars' threads; each is given the task once, tables and all."""

    def __init__(self, count: int, task: Callable[[Any], Any]) -> None:
        import multiprocessing

        self.others = set(multiprocessing.active_children())
        spawn = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(count, spawn, initializer=_begin, initargs=(task,))

    def end(self, *, hard: bool) -> None:
        """Let the processes go, or end them at once."""
        import multiprocessing

        for child in set(multiprocessing.active_children()) - self.others if hard else ():
            child.terminate()
        self.pool.shutdown(wait=True, cancel_futures=True)


def _in_processes(
    task: Callable[[Item], Result], items: Sequence[Item], count: int, told: Callable[[Item], str]
) -> Generator[tuple[int, Result], None, None]:
    """Yield results made by processes; those at work when one died are tried again one at a time, which tells who kills."""
    waiting, suspects, deaths = deque(range(len(items))), deque[int](), Counter[int]()
    running: dict[Future[Result], int] = {}
    pool = _Pool(count, task)
    try:
        while waiting or suspects or running:
            if not _fill(pool, items, suspects or waiting, running, 1 if suspects else 2 * count):
                pool.end(hard=True)
                pool = _Pool(count, task)
                continue
            alone, lost = len(running) == 1, list[int]()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                k = running.pop(future)
                try:
                    result = future.result()
                except BrokenExecutor:
                    lost.append(k)
                else:
                    yield k, result
            if lost:
                lost += running.values()
                running.clear()
                deaths.update(lost)
                if alone and deaths[lost[0]] >= TRIES:
                    raise _killer(told(items[lost[0]]), deaths[lost[0]])
                suspects.extend(sorted(lost))
                pool.end(hard=True)
                pool = _Pool(count, task)
    finally:
        pool.end(hard=bool(waiting or suspects or running))


def _fill(
    pool: _Pool, items: Sequence[Item], queue: deque[int], running: dict[Future[Result], int], room: int
) -> bool:  # fmt: skip
    """Give the processes work up to ``room`` items; return False if they are no more and nothing is with them."""
    while queue and len(running) < room:
        try:
            running[pool.pool.submit(_do, items[queue[0]])] = queue[0]
        except BrokenExecutor:
            return bool(running)
        queue.popleft()
    return True


def _on_executor(
    task: Callable[[Item], Result],
    items: Sequence[Item],
    executor: Executor,
    told: Callable[[Item], str],
    alive: Callable[[], bool] = lambda: True,
) -> Generator[tuple[int, Result], None, None]:
    """Yield results of a given executor, watching whether it is still there."""
    promised: dict[Future[Result], int] = {}
    try:
        for k, item in enumerate(items):
            promised[executor.submit(task, item)] = k
        while promised:
            done = wait(promised, timeout=PULSE, return_when=FIRST_COMPLETED).done
            if not done and not alive():
                raise _gone("the scheduler cannot be reached any more")
            for future in done:
                k = promised.pop(future)
                try:
                    result = future.result()
                except (BrokenExecutor, CancelledError) as error:
                    raise _gone(f"{type(error).__name__} at {told(items[k])}") from error
                except Exception as error:
                    if type(error).__name__ != "KilledWorker":
                        raise
                    raise _killer(told(items[k]), TRIES) from error
                yield k, result
    except BrokenExecutor as error:
        raise _gone(type(error).__name__) from error
    finally:
        for future in promised:
            future.cancel()


def _on_dask(
    task: Callable[[Item], Result], items: Sequence[Item], address: str, told: Callable[[Item], str]
) -> Generator[tuple[int, Result], None, None]:
    """Yield results of a Dask cluster."""
    import logging

    client = optional("distributed", "Work on a scheduler of Dask").Client
    noisy = logging.getLogger("distributed.client")
    before = noisy.level
    noisy.setLevel(logging.CRITICAL + 1)  # a lost connection is told once, by the error below
    try:
        yield from _with_client(task, items, address, told, client)
    finally:
        noisy.setLevel(before)


def _with_client(
    task: Callable[[Item], Result], items: Sequence[Item], address: str, told: Callable[[Item], str], connect: Callable[..., Any]
) -> Generator[tuple[int, Result], None, None]:  # fmt: skip
    """Yield results of a Dask cluster through a client that ``connect`` makes."""
    import time

    try:
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkerError(
            message(
                "No Dask scheduler answers",
                got=address,
                hint="start one with: dask scheduler; then dask worker ADDRESS",
            )
        ) from error
    seen = [time.monotonic()]

    def alive() -> bool:
        if client.status == "running":
            seen[0] = time.monotonic()
        return time.monotonic() - seen[0] < PATIENCE

    try:
        yield from _on_executor(task, items, client.get_executor(pure=False), told, alive)
    finally:
        client.close(timeout=PULSE)


def _killer(item: str, deaths: int) -> WorkerError:
    """Return the error for an item that nobody survives."""
    return WorkerError(
        message(
            f"The worker died {deaths} times",
            got=item,
            hint="it may need more memory than there is; what was finished is kept",
        )
    )


def _gone(why: str) -> WorkerError:
    """Return the error for an executor that is no more."""
    return WorkerError(
        message(
            "The workers were lost", got=why, hint="what was finished is kept where the run keeps anything; resume it"
        )
    )


def check(on: On, name: str = "on") -> None:
    """Refuse what means no place, before any work.

    Raises
    ------
    ParameterError
    """
    if not isinstance(on, Executor):
        place(on, name)
