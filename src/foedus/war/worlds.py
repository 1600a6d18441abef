"""One war in many worlds: the same first shot and random numbers under every set of edits, each computed once.

What is measured counts the actors of the unedited system: an actor that an edit leaves out is at peace, and shares of capability are those of the
unedited system, so that sets of edits compare. Explains nothing; see `foedus.war.contributions` and `foedus.war.sets`.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import parameter
from foedus.system.edits import RemoveActor
from foedus.war.simulate import war

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from foedus.system.assumed import Edit
    from foedus.system.system import System
    from foedus.war.result import War

What = Literal["size", "general", "spread"]
WHAT = ("size", "general", "spread")
"""Number of belligerents; whether half of all capability is at war; whether anybody joins."""


class Worlds:
    """A simulated war and what it becomes under sets of changes.

    Parameters
    ----------
    baseline : War
        The war without any change.
    changes : sequence of sequences of Edit
        Each change is one or several edits; those that leave out an actor are made last.
    draws : int
        Of each world; at most those that the baseline kept.
    workers : int
        Threads.
    progress : callable, optional
        Called with the number of worlds computed so far.
    """

    def __init__(
        self,
        baseline: War,
        changes: Sequence[Sequence[Edit]],
        *,
        draws: int = 2_000,
        workers: int = 1,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        if draws < 1:
            raise parameter("draws", draws, "an integer of at least 1")
        self.baseline, self.changes = baseline, [tuple(c) for c in changes]
        self.draws = min(-(-draws // baseline.inner) * baseline.inner, baseline.kept)
        self.workers, self.progress = workers, progress
        self._seen: dict[frozenset[int], NDArray[np.bool_]] = {}

    @property
    def computed(self) -> int:
        """Number of worlds computed so far."""
        return len(self._seen)

    def at_war(self, chosen: frozenset[int]) -> NDArray[np.bool_]:
        """Return who is drawn into the war under some changes, shape (draws, n) by the actors of the unedited system."""
        if chosen not in self._seen:
            self._seen[chosen] = self._simulate(chosen)
            if self.progress is not None:
                self.progress(len(self._seen))
        return self._seen[chosen]

    def _simulate(self, chosen: frozenset[int]) -> NDArray[np.bool_]:
        """Return who is at war under some changes, simulated."""
        base = self.baseline
        if not chosen:
            return base.side[: self.draws] > 0
        edits = sorted((e for k in sorted(chosen) for e in self.changes[k]), key=lambda e: isinstance(e, RemoveActor))
        system: System = reduce(lambda s, edit: edit.apply(s), edits, base.system)
        other = war(
            system, base.attacker, base.target, draws=self.draws, seed=base.seed, workers=self.workers, table=base.ties, days=base.days,
            rates=base.rates,
        )  # fmt: skip
        out = np.zeros((self.draws, len(base.system.actors)), dtype=np.bool_)
        out[:, [base.system.index[a] for a in system.ids if a in base.system.index]] = (
            other.side[:, [k for k, a in enumerate(system.ids) if a in base.system.index]] > 0
        )
        return out

    def measure(self, chosen: frozenset[int], what: What) -> NDArray[np.float64]:
        """Return what is asked of each draw under some changes, shape (draws,).

        Raises
        ------
        ParameterError
            ``what`` is none of `WHAT`.
        """
        if what not in WHAT:
            raise parameter("what", what, f"one of {', '.join(WHAT)}")
        inside = self.at_war(chosen)
        if what == "size":
            return inside.sum(axis=1).astype(np.float64)
        if what == "spread":
            return (inside.sum(axis=1) > 2).astype(np.float64)
        power = self.baseline.power[np.arange(self.draws) // self.baseline.inner % len(self.baseline.power)]
        return (np.einsum("dn,dn->d", inside, power) >= 0.5).astype(np.float64)
