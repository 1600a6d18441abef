"""`war`: simulate how far a conflict spreads from its first shot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.kernels import cascade
from foedus.kernels.cascade import Spread
from foedus.war.batches import INNER, Run, groups_of, patient
from foedus.war.field import Theatre, land_pairs, theatre
from foedus.war.result import War

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System
    from foedus.war.rates import Rates

CHUNK = 500


def war(  # noqa: PLR0913
    system: System, attacker: str, target: str, *, draws: int = 10_000, seed: int = 1, workers: int = 1, table: Params | None = None,
    progress: Callable[[float], None] | None = None, keep: int | None = None, save: Path | None = None, resume: Path | None = None,
    days: float = 365.0, rates: Rates | None = None,
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
    keep : int, optional
        Wars kept one by one, from the first; the others are counted and forgotten, so that memory does not grow with them. All, if not given.
    save : Path, optional
        Where Ctrl-C leaves what is finished, which is then returned; without it, Ctrl-C raises as ever.
    resume : Path, optional
        A file so left: continue from there, to the bits of a run that nobody stopped.
    days : float
        Days after the first shot that are drawn.
    rates : Rates, optional
        Replaces the rates that come with foedus (`foedus.war.rates.shipped`).

    Returns
    -------
    War

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    ParameterError
        Attacker and target are the same, ``draws``, ``workers`` or ``keep`` below 1, ``days`` not above 0, or ``resume`` is not a run of this war.

    Notes
    -----
    While the war goes on an outsider enters a side at a rate a day that was fitted to disputes and wars (``params/spread.toml``,
    ``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``), given who is at war by then; belligerents leave and the war ends at fitted rates. The
    inputs and the coefficients are drawn at most 1,000 times (fewer where actors are many, see `foedus.war.batches.groups_of`); wars beyond 50 to
    each take them in turn again. Not modelled: war plans, invasion routes, changing sides.

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
    for name, value in (("draws", draws), ("workers", workers), ("keep", 1 if keep is None else keep)):
        if value < 1:
            raise parameter(name, value, "an integer of at least 1")
    n_draws = -(-draws // INNER) * INNER
    if not 0 < days < np.inf:
        raise parameter("days", days, "a number of days above 0")
    stage = theatre(system, seed=seed, outer=groups_of(n_draws, len(system.actors)), table=table, rates=rates)
    course = Run(
        stage,
        (a, b),
        n_draws,
        float(days),
        seed=seed,
        borders=land_pairs(system),
        keep=n_draws if keep is None else keep,
    )
    if resume is not None:
        course.resume(resume)
    if save is None:
        course.advance(workers=workers, progress=progress)
    else:
        with patient() as stopped:
            course.advance(workers=workers, progress=progress, stop=stopped)
        if not course.done:
            raise KeyboardInterrupt
        if course.done < n_draws:
            course.save(save)
    return War(
        system,
        system.ids[a],
        system.ids[b],
        course.tally,
        *course.kept(),
        stage.field.power,
        seed,
        INNER,
        n_draws,
        float(days),
        table,
        rates,
    )


def run(
    stage: Theatre, attackers: NDArray[np.int64], targets: NDArray[np.int64], *, seed: int, workers: int = 1, mute: int = -1, days: float = 365.0
) -> Spread:  # fmt: skip
    """Return one simulated war per first shot; ``mute`` leaves out the pledges of one actor."""
    starts = range(0, len(attackers), CHUNK)

    def chunk(first: int) -> tuple[NDArray, ...]:
        part = slice(first, first + CHUNK)
        return cascade.spread(
            np.uint64(seed), first, attackers[part], targets[part], INNER, days, stage.field, stage.pledges, mute
        )

    with ThreadPoolExecutor(max_workers=workers) as pool:
        parts = list(pool.map(chunk, starts))
    return Spread(*(np.concatenate(column) for column in zip(*parts, strict=True)))
