"""A clock for time limits: it stands still while this thread compiles a kernel, reads one from the cache, or imports a solver.

A limit is on solving. On a new installation compiling takes many seconds, and a limit that counted them would leave open what the next run
proves. Measures nothing else, and does not know what is solved.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from numba.core import event

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK = "numba:compiler_lock"
"""What numba tells of from before a thread waits to compile or to read from the cache until it is done."""


class _Aside:
    """What was not spent on solving: how deep in it, since when, and the seconds so far."""

    depth = 0
    since = 0.0
    seconds = 0.0

    def begin(self) -> None:
        """Stop the clock."""
        if self.depth == 0:
            self.since = time.monotonic()
        self.depth += 1

    def end(self) -> None:
        """Let it run again once the outermost has ended."""
        self.depth -= 1
        if self.depth == 0:
            self.seconds += time.monotonic() - self.since


class _Mine(_Aside, threading.local):
    """That of each thread."""


class _Told(_Aside):
    """That of this process, any thread, told to another one."""

    def __init__(self, cell: Any) -> None:
        self._cell, self._lock = cell, threading.Lock()

    def begin(self) -> None:
        """Stop the clock."""
        with self._lock:
            super().begin()
            self._cell[:] = self.seconds, self.since

    def end(self) -> None:
        """Let it run again."""
        with self._lock:
            super().end()
            self._cell[:] = self.seconds, self.since if self.depth else 0.0


class _Listener(event.Listener):
    """Stops a clock while numba compiles."""

    def __init__(self, clock: _Aside) -> None:
        self._clock = clock

    def on_start(self, event: Any) -> None:
        """Stop it."""
        self._clock.begin()

    def on_end(self, event: Any) -> None:
        """Let it run again."""
        self._clock.end()


_aside = _Mine()
event.register(_LOCK, _Listener(_aside))


def solving() -> float:
    """Return seconds on a clock that only differences of one thread mean something on: those spent aside are left out.

    Examples
    --------
    >>> begun = solving()
    >>> with aside():
    ...     time.sleep(0.2)
    >>> solving() - begun < 0.1
    True
    """
    return time.monotonic() - _aside.seconds


@contextmanager
def aside() -> Iterator[None]:
    """Stop the clock of this thread for what is no solving."""
    _aside.begin()
    try:
        yield
    finally:
        _aside.end()


def tell(cell: Any) -> None:
    """Keep in a cell what this process spends on compiling from now on, for another one that waits for it.

    Parameters
    ----------
    cell : array of two float64
        Seconds so far, and since when (of `time.monotonic`) it compiles, 0 while it does not. Modified in place.
    """
    event.register(_LOCK, _Listener(_Told(cell)))
