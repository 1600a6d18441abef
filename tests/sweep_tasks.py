"""Tasks that other processes run in tests of workers: they must be importable."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def square(k: int) -> int:
    """Return a square."""
    return k * k


def ignores_ctrl_c(_: int) -> bool:
    """Return whether this process leaves Ctrl-C to its parent."""
    return signal.getsignal(signal.SIGINT) == signal.SIG_IGN


def sleep_a_minute(_: int) -> None:
    """Sleep."""
    time.sleep(60)


def die_at_three(k: int) -> int:
    """Return a square, or die of item 3 whenever it comes."""
    if k == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return k * k


def die_once(item: tuple[int, str]) -> int:
    """Return a square, but die when item 3 comes for the first time."""
    k, folder = item
    mark = Path(folder) / "died"
    if k == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return k * k


class DieOnce:
    """A sweep's plan that kills its worker once, at a chunk that begins with a given point."""

    def __init__(self, plan, first: int, folder: str) -> None:
        self.plan, self.first, self.folder = plan, first, folder

    def __call__(self, item):
        """Return the chunk's rows, but die the first time."""
        mark = Path(self.folder) / "died"
        if item[0] == self.first and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.plan(item)

    def told_of(self, item) -> str:
        """Return the plan's words."""
        return self.plan.told_of(item)
