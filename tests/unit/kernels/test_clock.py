"""The clock of time limits: what is compiled, read from the cache or imported costs a proof none of its time."""

import threading
import time

import numpy as np
import pytest
from numba import njit
from numba.core import event

from foedus.blocs.exact import partition
from foedus.kernels import anneal
from foedus.kernels.clock import aside, solving, tell


def both(work):
    """Return the seconds that something took, and those of them that counted."""
    wall, counted = time.monotonic(), solving()
    work()
    return time.monotonic() - wall, solving() - counted


def test_compiling_does_not_count_and_solving_does():
    kernel = njit(lambda x: [x + k for k in range(3)])
    wall, counted = both(lambda: kernel(1))
    assert wall > 0.02
    assert counted < wall / 2
    wall, counted = both(lambda: time.sleep(0.05))
    assert counted == pytest.approx(wall, abs=1e-3)


def test_what_is_set_aside_counts_once_however_deep_and_in_its_own_thread_only():
    clocks = {}

    def work():
        with aside(), aside():
            time.sleep(0.05)

    def elsewhere():
        clocks["there"] = both(work)

    thread = threading.Thread(target=elsewhere)
    wall, counted = both(lambda: (thread.start(), thread.join()))
    assert counted == pytest.approx(wall, abs=1e-3)
    wall, counted = clocks["there"]
    assert wall > 0.05
    assert abs(counted) < 0.04


@pytest.mark.parametrize("compiling", [True, False])
def test_a_proof_has_its_seconds_whatever_compiling_takes(monkeypatch, compiling):
    now, original = [0.0], anneal.anneal

    def slow(*given):
        if compiling:
            event.start_event("numba:compiler_lock")
        now[0] += 100.0
        if compiling:
            event.end_event("numba:compiler_lock")
        original(*given)

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(anneal, "anneal", slow)
    rng = np.random.default_rng(7)
    i, j = np.triu_indices(12, 1)
    found = partition(12, i, j, rng.choice([-1.0, 1.0], len(i)), seconds=1.0)
    assert (found.proved, found.stopped) == ((True, "") if compiling else (False, "time"))


def test_another_process_is_told_for_how_long_and_since_when(monkeypatch):
    """However many threads compile at once: what is told begins with the first and ends with the last."""
    now, cell, registered = [2.0], np.zeros(2), []
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with monkeypatch.context() as patch:
        patch.setattr(event, "register", lambda *given: registered.append(given))
        tell(cell)
    ((kind, listener),) = registered
    told = []
    with event.install_listener(kind, listener):
        for what, at in (("start", 5.0), ("start", 6.0), ("end", 7.0), ("end", 8.5), ("start", 20.0), ("end", 21.0)):
            now[0] = at
            getattr(event, f"{what}_event")("numba:compiler_lock")
            told.append(cell.tolist())
    assert told == [[0.0, 5.0], [0.0, 5.0], [0.0, 5.0], [3.5, 0.0], [3.5, 20.0], [4.5, 0.0]]
