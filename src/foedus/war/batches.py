"""Wars in batches: what is finished is kept as counts, so that a run may be stopped, saved and continued to the same bits.

A draw is a function of its number, so a run is known by what it is about and by how many draws are done. Batches are computed in any order and
added in the order of their draws. Knows nothing of what the counts are used for; see `foedus.war.result`.
"""

from __future__ import annotations

import hashlib
import io
import json
import signal
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from foedus import files, limits
from foedus.errors import ParameterError, message, parameter
from foedus.kernels import cascade, tally
from foedus.kernels.cascade import Spread
from foedus.kernels.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from foedus.war.field import Theatre

INNER = 50
"""Draws that share one draw of the uncertain inputs."""
BATCH = 50 * INNER
GROUPS, LEAST_GROUPS, GROUP_BYTES = 1_000, 200, 512_000_000
"""Most draws of the inputs, fewest when many are asked for, and the memory that they may take together."""


def groups_of(draws: int, n: int) -> int:
    """Return how many draws of the inputs a run of ``draws`` wars among ``n`` actors takes; beyond, they are taken in turn again."""
    most = min(GROUPS, max(LEAST_GROUPS, GROUP_BYTES // (24 * n * n)))
    return min(-(-draws // INNER), most)


class Run:
    """Simulated wars from one first shot, as far as they are done.

    Parameters
    ----------
    stage : Theatre
        Drawn for `groups_of` the draws.
    shot : (int, int)
        Positions of attacker and target.
    draws : int
        Wars asked for, a multiple of `INNER`.
    days : float
        Days after the first shot that are drawn.
    seed : int
    borders : int64 array, shape (F, 2)
        Pairs with a land border.
    keep : int
        Draws kept one by one, from the first.
    """

    def __init__(
        self,
        stage: Theatre,
        shot: tuple[int, int],
        draws: int,
        days: float,
        *,
        seed: int,
        borders: NDArray[np.int64],
        keep: int,
    ) -> None:
        self.stage, self.shot, self.draws, self.days, self.seed, self.borders, self.keep = (
            stage,
            shot,
            draws,
            days,
            seed,
            borders,
            keep,
        )
        self.done = 0
        self.tally = tally.empty(len(stage.field.power), stage.field.power.shape[1], len(borders))
        self._kept: list[Spread] = []

    def advance(
        self, *, workers: int = 1, progress: Callable[[float], None] | None = None, stop: Callable[[], bool] = lambda: False
    ) -> None:  # fmt: skip
        """Draw what is left, batch by batch, until done or until ``stop()`` holds between two batches."""
        waiting: deque = deque()
        starts = iter(range(self.done, self.draws, BATCH))
        with ThreadPoolExecutor(max_workers=workers) as pool:
            try:
                for first in starts:
                    waiting.append(pool.submit(self._batch, first))
                    if len(waiting) > workers:
                        self._take(waiting.popleft().result(), progress)
                    if stop():
                        break
                while waiting and not stop():
                    self._take(waiting.popleft().result(), progress)
            finally:
                pool.shutdown(cancel_futures=True)

    def wars(self, first: int, last: int) -> Spread:
        """Return the draws from ``first`` up to ``last``, computed from their numbers."""
        count = last - first
        a, b = (np.full(count, x, dtype=np.int64) for x in self.shot)
        return Spread(
            *cascade.spread(
                np.uint64(self.seed), first, a, b, INNER, self.days, self.stage.field, self.stage.pledges, -1
            )
        )

    def kept(self) -> Spread:
        """Return the kept draws, once some are done."""
        return Spread(*(np.concatenate(parts)[: self.keep] for parts in zip(*self._kept, strict=True)))

    def _batch(self, first: int) -> tuple[int, Spread | None, Tally]:
        """Return one batch: its first draw, its wars if they are to be kept, and what they add up to."""
        last = min(first + BATCH, self.draws)
        wars = self.wars(first, last)
        power = self.stage.field.power[np.arange(first, last) // INNER % len(self.stage.field.power)]
        part = tally.empty((last - first) // INNER, power.shape[1], len(self.borders))
        tally.count(part, first, INNER, tuple(wars), at_war(wars[0], power) >= 0.5, self.borders)
        return last, wars if first < self.keep else None, part

    def _take(self, batch: tuple[int, Spread | None, Tally], progress: Callable[[float], None] | None) -> None:
        """Add a batch to what is done."""
        last, wars, part = batch
        tally.add(self.tally, part, self.done // INNER)
        if wars is not None:
            self._kept.append(wars)
        self.done = last
        if progress is not None:
            progress(self.done / self.draws)

    # ---- files

    @property
    def about(self) -> str:
        """What the run is about, as a digest: the first draw of every input, clauses, keys, first shot and seed."""
        digest = hashlib.blake2b(repr((self.shot, self.seed, self.days, INNER, BATCH)).encode(), digest_size=16)
        field = self.stage.field
        for array in (*(x[:1] for x in field[:15]), *field[15:], *self.stage.pledges, self.borders):
            digest.update(repr((array.shape, array.dtype.str)).encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def save(self, path: Path) -> None:
        """Write what is done to a file, which is whole or absent (convention 4.12)."""
        header = json.dumps({"format": 1, "about": self.about, "done": self.done, "draws": self.draws})
        content = io.BytesIO()
        np.savez_compressed(content, header=np.array(header), **self.tally._asdict())
        with content.getbuffer() as view:
            files.replace_file(path, view)

    def resume(self, path: Path) -> None:
        """Take up what a file says is done.

        Raises
        ------
        ParameterError
            The file is not a run, or one about something else, or holds more draws than asked for.
        """
        header, counts = _read(path)
        if header.get("about") != self.about:
            raise ParameterError(
                message(
                    f"{path} is a run of another war",
                    got="another system, first shot, seed, parameter or version of foedus",
                    hint="repeat the command of the run that was stopped and add --resume",
                )
            )
        if header["done"] > self.draws:
            raise parameter("draws", self.draws, f"at least the {header['done']} that {path} holds")
        own = self.tally._asdict()
        if not all(
            counts[k].dtype.kind in "iu" and counts[k].shape[1:] == v.shape[1:] and counts[k].ndim == v.ndim
            for k, v in own.items()
        ):
            raise ParameterError(message(f"{path} holds counts of another war", hint="begin the run anew"))
        for name, into in own.items():
            rows = min(len(into), len(counts[name]))
            into[:rows] = counts[name][:rows]
        self.done = int(header["done"])
        self._kept = [self.wars(0, min(self.done, self.keep))]


def _read(path: Path) -> tuple[dict, dict[str, NDArray[np.int64]]]:
    """Return the header and the counts of a file."""
    try:
        found = limits.arrays(path, ("header", *Tally._fields))
        header = limits.plain(str(found.pop("header")))
        if not isinstance(header, dict) or not isinstance(header.get("done"), int) or not header["done"] >= 0:
            raise ValueError("no head of a run")  # noqa: TRY301
    except (OSError, ValueError) as error:
        raise ParameterError(
            message(f"Cannot read {path} as a run of wars", got=str(error), expected="a file that foedus war left")
        ) from error
    return header, found


def at_war(side: NDArray[np.int8], power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of capability at war in each draw; ``power`` (n_draws, n) is that of each draw."""
    return np.einsum("dn,dn->d", side > 0, power)


@contextmanager
def patient() -> Iterator[Callable[[], bool]]:
    """Put the first Ctrl-C off: yields a function that says whether it came. The second acts at once.

    Signals reach the main thread only; elsewhere nothing is put off.
    """
    came = False
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = signal.getsignal(signal.SIGINT)

    def note(*_: object) -> None:
        nonlocal came
        came = True
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield lambda: came
    finally:
        signal.signal(signal.SIGINT, before)
