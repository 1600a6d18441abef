"""Requests to end other than Ctrl-C: a scheduler's or service manager's SIGTERM, the SIGHUP of a terminal that closes.

Each does what Ctrl-C does, so that nothing is left half-written and what is finished is kept. A program that was told to outlive its terminal
(``nohup``) does. Cannot do anything about SIGKILL.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
AGAIN = 1.0
"""Seconds within which the same request may come twice: the system and the shell both tell a program that its terminal has closed."""


@contextlib.contextmanager
def asked_to_end() -> Iterator[list[int]]:
    """Let a request to end do what Ctrl-C does; yields the numbers of the signals that came.

    Signals reach the main thread only; a signal that something else handles, or that is ignored, is left as it is.
    """
    came: list[int] = []
    last = 0.0

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal last
        came.append(number)
        since, last = time.monotonic() - last, time.monotonic()
        if since < AGAIN and len(came) > 1:
            return
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):  # a shell's background job ignores Ctrl-C
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)

    here = threading.current_thread() is threading.main_thread()
    ours = [s for s in SIGNALS if here and signal.getsignal(s) is signal.SIG_DFL]
    for one in ours:
        signal.signal(one, end)
    try:
        yield came
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)
