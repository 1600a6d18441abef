"""`sweep`: one analysis at many points of the facts and parameters behind it, on any number of machines, kept and resumed in a folder.

Points are independent and use one seed, so the same bits come out however they are chunked, shared out or interrupted. What can be varied is in
`foedus.studies.sweep_keys`, what is measured in `sweep_outcomes`, what is made of it in `sweep_result`.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import executors
from foedus import params as parameters
from foedus.errors import FoedusError, ParameterError, WorkerError, message, parameter
from foedus.studies import sweep_folder as folders
from foedus.studies.sweep_design import points_of
from foedus.studies.sweep_folder import Folder, Rows
from foedus.studies.sweep_keys import Handle, Vary, edited, handles, keys_of, tables_with
from foedus.studies.sweep_outcomes import Ask, Measured, ask
from foedus.studies.sweep_result import Sweep

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from foedus.executors import On
    from foedus.params import Params
    from foedus.scenario.scenario import Scenario
    from foedus.studies.sweep_design import Design
    from foedus.studies.sweep_outcomes import Of
    from foedus.system.system import System

CHUNKS = 50
"""Chunks into which a run is divided, where no size is given, of at most `LARGEST` points."""
LARGEST = 200


@dataclass(frozen=True)
class Plan:
    """Everything that a worker needs; sent once with each chunk."""

    system: System
    handles: tuple[Handle, ...]
    ask: Ask
    tables: Mapping[str, Params] = field(default_factory=dict)

    def __call__(self, item: tuple[int, NDArray[np.float64]]) -> Rows:
        """Return what some points came to."""
        first, points = item
        found = [self.at(values, first + k) for k, values in enumerate(points)]
        return Rows(np.stack([m.estimate for m in found]), np.stack([m.by_draw for m in found]))

    def at(self, values: NDArray[np.float64], number: int) -> Measured:
        """Return what one point came to; an error there says where."""
        try:
            with parameters.replaced(tables_with(self.handles, values.tolist(), self.tables)):
                found = self.ask.measure(edited(self.system, self.handles, values.tolist()))
        except FoedusError as error:
            raise ParameterError(f"At point {number} ({self.told(values)}): {error}") from error
        if np.isinf(found.estimate).any():
            raise ParameterError(message("A quantity is not finite", got=self.told(values), where=f"point {number}"))
        return found

    def told(self, values: NDArray[np.float64]) -> str:
        """Return the values of a point in words."""
        return ", ".join(f"{h.name} = {v:g}" for h, v in zip(self.handles, values, strict=True))

    def told_of(self, item: tuple[int, NDArray[np.float64]]) -> str:
        """Return which points a chunk holds and what they are."""
        first, points = item
        ends = self.told(points[0]) + (f" to {self.told(points[-1])}" if len(points) > 1 else "")
        return f"points {first} to {first + len(points) - 1}: {ends}"


def sweep(  # noqa: PLR0913
    system: System, vary: Sequence[str | Vary], *, of: Of = "war", actors: Sequence[str] = (), design: Design = "grid", points: int | None = None,
    draws: int | None = None, days: float = 365.0, seed: int = 1, on: On = "local", out: str | os.PathLike[str] | None = None, resume: bool = False,
    chunk: int | None = None, scenario: Scenario | None = None, table: Params | None = None, progress: Callable[[float], None] | None = None,
) -> Sweep:  # fmt: skip
    """Return one analysis at many points of the facts and parameters behind it, and which of them move it.

    Parameters
    ----------
    system : System
    vary : sequence of str
        ``KEY=FROM:TO:N``: ``N`` values of a grid; see `foedus.studies.sweep_keys.keys_of` for the keys.
    of : {"war", "blocs", "ally"}
    actors : sequence of str
        As `foedus.studies.sweep_outcomes.ask`: attacker and target of a war, or the actor whose ledger it is and its threats.
    design : {"grid", "lhs", "sobol"}
        As `foedus.studies.sweep_design.points_of`.
    points : int, optional
        Size of a Latin hypercube or Sobol sample.
    draws : int, optional
        Draws at each point.
    days : float
        Horizon of a war.
    seed : int
        Of draws, design and bootstrap. The same seed gives the same bits wherever and in whatever chunks it is run.
    on : int, str or concurrent.futures.Executor
        Processes; ``"local"``, ``"processes:N"`` or ``"dask://HOST:PORT"``; or any executor, which is not shut down. More than one process needs a
        program that can be imported again (``if __name__ == "__main__":``).
    out : path, optional
        Folder of the run: ``run.json``, a file for each finished chunk, ``sweep.parquet`` at the end.
    resume : bool
        Go on from what ``out`` holds, if anything.
    chunk : int, optional
        Points that are finished, and kept, together.
    scenario : Scenario, optional
        For its what-ifs as keys.
    table : Params, optional
        Replaces ``params/ties.toml``.
    progress : callable, optional
        Called with the share done.

    Returns
    -------
    Sweep

    Raises
    ------
    ParameterError
        Something asked for that there is not, a point that cannot be run, or a folder that holds another run.
    WorkerError
        Workers, the scheduler or the disk were lost; what was finished is in ``out``, if it was given.

    Notes
    -----
    All points share their draws (convention 4.6). Indices are Saltelli's estimators [Saltelli2010]_ through scipy, on a grid an exact decomposition
    of variance; ``docs/decisions/0026-sweeps-and-run-folders.md`` says what their intervals hold.

    Examples
    --------
    >>> import foedus as fd
    >>> found = fd.sweep(fd.load("europe-1914"), ["strengthen:RUS=0.5:2:2", "void:dual-alliance=0:1:2"], draws=200)
    >>> found.points.shape
    (4, 2)
    """
    if chunk is not None and chunk < 1:
        raise parameter("chunk", chunk, "an integer of at least 1")
    if resume and out is None:
        raise parameter("resume", resume, "a folder to resume from", "give out=")
    executors.check(on)
    varied = [Vary.of(v) for v in ([vary] if isinstance(vary, str) else vary)]
    tables = {} if table is None else {"ties": table}
    with parameters.replaced(tables), parameters.traced() as read:
        asked = ask(system, of, actors=tuple(actors), draws=draws, seed=seed, days=days)
        own = asked.measure(system)
        intervals = {(m, n): (p.low, p.high) for m, n in read for p in [parameters.load(m)[n]]}
    chosen = handles(varied, system, scenario, intervals)
    at = points_of(varied, [h.switch for h in chosen], design, size=points, seed=seed)
    plan = Plan(system, chosen, asked, tables)
    for corner in _corners(at):
        _try(plan, corner)
    size = chunk or max(1, min(LARGEST, -(-len(at) // CHUNKS)))
    about = _about(system, varied, chosen, asked, design, points, table, len(at))
    folder = None if out is None else Folder(out, about, resume=resume)
    try:
        rows = _run(plan, at, size, on, folder, own.by_draw.shape, progress)
        found = Sweep(
            system, tuple(v.__class__(h.name, v.low, v.high, v.levels) for v, h in zip(varied, chosen, strict=True)), asked, design, at,
            rows.estimate, rows.by_draw, own.estimate, folders.versions(),
        )  # fmt: skip
        if folder is not None:
            folder.finish(found.table(draws=True))
            folder.say("done", len(at))
    finally:
        if folder is not None:
            folder.close()
    return found


def every_key(
    system: System, *, of: Of = "war", actors: Sequence[str] = (), scenario: Scenario | None = None, table: Params | None = None
) -> tuple[str, ...]:  # fmt: skip
    """Return every key that `sweep` can vary, the parameters that the analysis reads last.

    Examples
    --------
    >>> import foedus as fd
    >>> every_key(fd.load("europe-1914"))[-1]
    'ties.weight.war'
    """
    with parameters.replaced({} if table is None else {"ties": table}), parameters.traced() as read:
        asked = ask(system, of, actors=tuple(actors))
        asked.measure(system)
    return keys_of(system, scenario, dict.fromkeys(read, (0.0, 0.0)))


def _corners(at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points at which every key takes each of its ends: with all at their low and all at their high ends, and one high at a time."""
    low, high = at.min(axis=0), at.max(axis=0)
    single = np.where(np.eye(at.shape[1], dtype=np.bool_), high, low)
    return np.concatenate([low[None], single, high[None]])


def _try(plan: Plan, values: NDArray[np.float64]) -> None:
    """Set the facts of a point without running it, so that what cannot be done shows before any work."""
    try:
        changed = edited(plan.system, plan.handles, values.tolist())
        for name in (plan.ask.first, plan.ask.second):
            if name:
                changed.actor(name)
    except FoedusError as error:
        raise ParameterError(f"The keys do not go together at {plan.told(values)}: {error}") from error


def _about(
    system: System, varied: Sequence[Vary], chosen: Sequence[Handle], asked: Ask, design: str, size: int | None, table: Params | None, n_points: int
) -> dict[str, Any]:  # fmt: skip
    """Return what a run is: two runs with the same are the same."""
    from foedus.studies.verdict_run import shipped_digest

    return {
        "format": folders.FORMAT, "system": system.id, "title": system.title, "date": system.date.isoformat(), "hash": system.hash,
        "of": asked.of, "actors": [a for a in (asked.first, asked.second, *asked.foes) if a], "days": asked.days, "draws": asked.draws,
        "seed": asked.seed, "design": design, "size": size, "points": n_points, "outcomes": list(asked.names),
        "vary": [[h.name, v.low, v.high, v.levels] for v, h in zip(varied, chosen, strict=True)],
        "edits": folders.digest(repr([h.edits for h in chosen])), "tie_table": None if table is None else folders.digest(repr(table.table)),
        "parameters": shipped_digest(), "versions": folders.versions(),
    }  # fmt: skip


def _run(
    plan: Plan, at: NDArray[np.float64], size: int, on: On, folder: Folder | None, shape: tuple[int, ...], progress: Callable[[float], None] | None
) -> Rows:  # fmt: skip
    """Return the rows of all points, in order; each chunk is kept as soon as it is there."""
    k, g = shape
    rows = Rows(np.full((len(at), k, 4), np.nan), np.full((len(at), k, g), np.nan))
    done: list[tuple[int, int]] = []

    def take(first: int, made: Rows) -> None:
        beyond = first + len(made.estimate)
        rows.estimate[first:beyond], rows.by_draw[first:beyond] = made
        done.append((first, beyond))

    for first, made in folder.kept((k, g), len(at)) if folder else ():
        take(first, made)
    todo = folders.missing(len(at), done, size)
    finished = len(at) - sum(b - a for a, b in todo)
    tell = progress or (lambda _: None)
    tell(finished / len(at))
    if folder is not None:
        folder.say("running", finished)
    items = [(a, at[a:b]) for a, b in todo]
    state = "stopped"
    try:
        with closing(executors.run(plan, items, on=on, told=plan.told_of)) as results:
            for number, made in results:
                first = items[number][0]
                if folder is not None:
                    folder.keep(first, made)
                take(first, made)
                finished += len(made.estimate)
                tell(finished / len(at))
        state = "complete"
    finally:
        if folder is not None:
            _last_word(folder, state, finished)
    return rows


def _last_word(folder: Folder, state: str, finished: int) -> None:
    """Write how far a run came; on a disk that is full the chunks themselves say it."""
    import contextlib

    with contextlib.suppress(WorkerError):
        folder.say(state, finished)
