"""`war`: simulate how far a conflict spreads from its first shot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.kernels import cascade
from foedus.war.field import Theatre, theatre
from foedus.war.result import War

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System

INNER = 50
"""Draws that share one draw of the uncertain inputs."""
CHUNK = 500
Simulated = tuple["NDArray[np.int8]", "NDArray[np.int8]", "NDArray[np.int8]", "NDArray[np.int16]", "NDArray[np.int8]"]


def war(
    system: System, attacker: str, target: str, *, draws: int = 10_000, seed: int = 1, workers: int = 1, table: Params | None = None,
    progress: Callable[[float], None] | None = None,
) -> War:  # fmt: skip
    """Return simulated wars that begin when ``attacker`` attacks ``target``.

    Parameters
    ----------
    system : System
    attacker, target : str
        Names, abbreviations or codes.
    draws : int
        Simulated wars; rounded up to a multiple of 50, which share one draw of the uncertain inputs.
    seed : int
        The same seed gives the same bytes on any number of workers.
    workers : int
        Threads.
    table : Params, optional
        Replaces the table of reasons.
    progress : callable, optional
        Called with the share done.

    Returns
    -------
    War

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    ParameterError
        Attacker and target are the same, or ``draws`` or ``workers`` below 1.

    Notes
    -----
    An outsider enters a side when its persistent noise falls below the side's multinomial-logit chance given who is in by then; terms and their
    standing (assumed until fitted) are in ``params/joining.toml``. Not modelled: war plans, invasion routes, leaving a war.

    Examples
    --------
    >>> import foedus as fd
    >>> w = fd.load("europe-1914").war("AUH", "SER", draws=200, seed=1)
    >>> w.draws
    200
    """
    a, b = system.index[system.actor(attacker).id], system.index[system.actor(target).id]
    if a == b:
        raise parameter("target", target, f"another actor than {attacker}")
    if draws < 1 or workers < 1:
        raise parameter("draws" if draws < 1 else "workers", min(draws, workers), "an integer of at least 1")
    n_draws = -(-draws // INNER) * INNER
    stage = theatre(system, seed=seed, outer=n_draws // INNER, table=table)
    first_shots = np.full(n_draws, a, dtype=np.int64), np.full(n_draws, b, dtype=np.int64)
    result = run(stage, *first_shots, seed=seed, workers=workers, progress=progress)
    return War(system, system.ids[a], system.ids[b], *result, stage.field.power, seed, INNER)


def run(
    stage: Theatre, attackers: NDArray[np.int64], targets: NDArray[np.int64], *, seed: int, workers: int = 1, mute: int = -1,
    progress: Callable[[float], None] | None = None,
) -> Simulated:  # fmt: skip
    """Return one simulated war per first shot; ``mute`` leaves out the pledges of one actor."""
    starts = range(0, len(attackers), CHUNK)

    def chunk(first: int) -> Simulated:
        part = slice(first, first + CHUNK)
        return cascade.spread(
            np.uint64(seed), first, attackers[part], targets[part], INNER, stage.field, stage.pledges, mute
        )

    parts: list[Simulated] = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for done, part in enumerate(pool.map(chunk, starts), start=1):
            parts.append(part)
            if progress is not None:
                progress(done / len(starts))
    return tuple(np.concatenate([p[k] for p in parts]) for k in range(5))  # type: ignore[return-value]
