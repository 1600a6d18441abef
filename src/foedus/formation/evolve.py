"""`evolve`: thousands of futures of a system, year by year, on any number of workers, kept and resumed in a folder.

A part is a hundred futures; parts are independent and whole numbers are added up, so that the same seed gives the same bits however they are shared
out. What happens in a year is `foedus.formation.evolve_step`, what is made of it `foedus.formation.evolution`.
"""

from __future__ import annotations

import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus import executors, files, limits
from foedus.errors import DataError, ParameterError, message, parameter, unwritten
from foedus.formation.evolution import Evolution
from foedus.formation.evolve_step import COUNTS, ten
from foedus.formation.fork import LAST_YEARS
from foedus.formation.pairs import Pairs
from foedus.formation.stage import INNER, Models, Stage, stage

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from foedus.data.store import DataDir
    from foedus.executors import On
    from foedus.system.system import System

PART = 10
"""Groups of `foedus.formation.evolve_step.INNER` futures that are finished, and kept, together."""
MANIFEST, LOCK = "evolve.json", ".lock"
FORMAT = 2
PAIRS = ("tied", "fought", "disputed", "called", "kept")
PARAMS = ("evolve", "ties_fitted", "spread", "joining", "ties")
"""Parameter files that futures depend on."""


class Part(NamedTuple):
    """Some groups of futures.

    ``counts`` (F, Y + 1, K); ``degree`` (F, Y + 1, n); ``pairs`` (len(PAIRS), 2, Y + 1, P): of `PAIRS`, sums over groups of the number of futures in
    which it holds, and of its square; ``joined`` (2, Y + 1, n): the same of states that entered a war of others.
    """

    counts: NDArray[np.int32]
    degree: NDArray[np.int16]
    pairs: NDArray[np.uint32]
    joined: NDArray[np.uint32]


def evolve(
    system: System, *, years: int = 7, draws: int = 2_000, seed: int = 1, workers: int = 1,
    data_dir: DataDir | str | os.PathLike[str] | None = None, save: str | os.PathLike[str] | None = None, resume: bool = False,
    progress: Callable[[float], None] | None = None, models: Models | None = None, on: On | None = None,
) -> Evolution:  # fmt: skip
    """Return simulated futures of a system.

    Parameters
    ----------
    system : System
    years : int
        Simulated, from the system's date on; 1 to 30.
    draws : int
        Futures; rounded up to a multiple of 10, which share one draw of coefficients and uncertain inputs.
    seed : int
        The same seed gives the same bits on any number of workers.
    workers : int
        Threads.
    data_dir : DataDir, str or Path, optional
        Folder with the record of past ties and disputes, for systems that come from the field's data.
    save : path, optional
        Folder in which finished parts are kept while the others are simulated, and the tables at the end.
    resume : bool
        Take the finished parts of ``save`` as they are.
    progress : callable, optional
        Called with the share done.
    models : Models, optional
        Fits that replace those that come with foedus; not to be kept in a folder.
    on : int, str or concurrent.futures.Executor, optional
        Processes or machines instead of threads, as `foedus.executors.run` has it.

    Returns
    -------
    Evolution

    Raises
    ------
    ParameterError
        Numbers out of range; ``resume`` without ``save``, ``save`` with ``models``; a folder that holds another run.
    InvalidSystemError
        No capability is known.
    DataError
        The folder cannot be written.

    Notes
    -----
    The rules, and what is not in them, are in ``docs/decisions/0021-years-forward.md``. Coefficients were fitted on all years: forecasts of the
    past are in sample. Memory grows with futures times states, not with pairs.

    Examples
    --------
    >>> import foedus as fd
    >>> found = fd.evolve(fd.load("europe-1914"), years=2, draws=20)
    >>> found.draws, found.table().height
    (20, 2)
    """
    for name, value, most in (("years", years, LAST_YEARS), ("draws", draws, 10**6), ("workers", workers, 64)):
        if not 1 <= value <= most:
            raise parameter(name, value, f"an integer from 1 to {most}")
    groups = -(-draws // INNER)
    if resume and save is None:
        raise parameter("resume", resume, "a folder to resume from", "give save=")
    if models is not None and save is not None:
        raise parameter("models", "given", "none with save", "a folder knows shipped fits only")
    if on is not None:
        executors.check(on)
    scene = stage(system, years=years, groups=groups, seed=seed, data_dir=data_dir, models=models)
    with ExitStack() as held:
        folder = None
        if save is not None:
            held.enter_context(_alone(Path(save)))
            folder = _open(Path(save), _manifest(system, scene, groups), resume=resume)
        parts = _parts(scene, groups, workers, folder, progress, on)
        found = gathered(parts, system, years, seed, scene.at.history)
        if folder is not None:
            found.write(folder)
    return found


def gathered(
    parts: list[Part], system: System, years: int, seed: int, history: Literal["recorded", "drawn"]
) -> Evolution:
    """Return what all parts of a run came to."""
    counts, degree = np.concatenate([p.counts for p in parts]), np.concatenate([p.degree for p in parts])
    groups = len(counts) // INNER
    sums: Any = np.sum([p.pairs for p in parts], axis=0, dtype=np.int64)
    pairs = {name: Pairs(sums[k, 0], sums[k, 1], groups, INNER) for k, name in enumerate(PAIRS)}
    joined: Any = np.sum([p.joined for p in parts], axis=0, dtype=np.int64)
    return Evolution(
        system, years, groups * INNER, seed, history, counts, degree, pairs, Pairs(joined[0], joined[1], groups, INNER)
    )


def _parts(
    scene: Stage, groups: int, workers: int, folder: Path | None, progress: Callable[[float], None] | None, on: On | None
) -> list[Part]:  # fmt: skip
    """Return all parts, those that the folder keeps read from it; what is finished when a Ctrl-C comes stays there."""
    starts = list(range(0, groups, PART))
    done: dict[int, Part] = {}
    for first in starts:
        kept = None if folder is None else read_part(folder, first)
        if kept is not None:
            done[first] = kept
    todo = [(first, min(first + PART, groups)) for first in starts if first not in done]
    threads = ThreadPoolExecutor(max_workers=workers) if on is None else None
    try:
        with closing(executors.run(_Task(scene), todo, on=threads or on or "local", told=_told)) as results:
            for k, made in results:
                first = todo[k][0]
                done[first] = made
                if folder is not None:
                    _keep(folder, first, made)
                if progress is not None:
                    progress(len(done) / len(starts))
    finally:
        if threads is not None:
            threads.shutdown(wait=True, cancel_futures=True)
    return [done[first] for first in starts]


class _Task(NamedTuple):
    """What is done for each part, in whatever process."""

    scene: Stage

    def __call__(self, groups: tuple[int, int]) -> Part:
        """Return the futures of some groups."""
        return part(self.scene, *groups)


def _told(groups: tuple[int, int]) -> str:
    """Return which futures a part holds."""
    return f"futures {groups[0] * INNER} to {groups[1] * INNER - 1}"


def part(on: Stage, first: int, last: int) -> Part:
    """Return the futures of groups ``first`` to ``last - 1``."""
    courses = [ten(on, group) for group in range(first, last)]
    pairs = _sums([np.stack([getattr(c, name) for name in PAIRS]) for c in courses])
    joined = _sums([c.joined[None] for c in courses])[0]
    return Part(
        np.concatenate([c.counts for c in courses]),
        np.concatenate([c.degree for c in courses]),
        pairs,
        joined,
    )


def _sums(each: list[NDArray[np.uint8]]) -> NDArray[np.uint32]:
    """Return sums over groups of numbers and of their squares, shape (k, 2, Y + 1, ...)."""
    wide = [e.astype(np.uint32) for e in each]
    return np.stack([np.sum(wide, axis=0), np.sum([e * e for e in wide], axis=0)], axis=1).astype(np.uint32)


def _manifest(system: System, on: Stage, groups: int) -> dict[str, Any]:
    """Return what a folder says of its run: two runs with the same are the same."""
    return {
        "format": FORMAT, "system": system.id, "title": system.title, "date": system.date.isoformat(), "hash": system.hash, "years": on.years,
        "futures": groups * INNER, "seed": on.seed, "history": on.at.history, "past": _digest(on.at.tie_age.tobytes(), on.at.dispute_age.tobytes()),
        "params": {name: _digest((resources.files("foedus.params") / f"{name}.toml").read_bytes()) for name in PARAMS},
    }  # fmt: skip


def _digest(*content: bytes) -> str:
    """Return a short checksum."""
    return hashlib.blake2b(b"".join(content), digest_size=12).hexdigest()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder, which is made if need be; the system lets it go when this process ends, however it ends."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise parameter("save", str(folder), "a folder to which no other run writes") from None
    except OSError as error:
        raise unwritten("Cannot keep futures", error, folder) from error
    try:
        yield
    finally:
        lock.release()


def _open(folder: Path, manifest: dict[str, Any], *, resume: bool) -> Path:
    """Return the folder with its manifest written; refuse one that holds another run, or this one unless it is to be resumed."""
    path = folder / MANIFEST
    try:
        if path.exists():
            there = limits.plain(limits.raw(path))
            if not isinstance(there, dict):
                raise ValueError("no table of a run")  # noqa: TRY301
            if there != manifest:
                differs = ", ".join(k for k in manifest if there.get(k) != manifest[k])
                raise parameter(
                    "save", str(folder), f"a folder without another run: {differs} differ", "name a new folder"
                )
            if not resume:
                raise parameter("save", str(folder), "a folder without this run", "resume it, or name a new folder")
            return folder
        _replace(path, json.dumps(manifest, indent=1, sort_keys=True).encode())
    except ParameterError:
        raise
    except OSError as error:
        raise unwritten("Cannot keep futures", error, folder) from error
    except ValueError as error:
        raise DataError(message("Cannot keep futures", got=str(error), where=str(folder))) from error
    return folder


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all (convention 4.12)."""
    files.replace_file(path, content)


def _path(folder: Path, first: int) -> Path:
    """Return the file of the part that begins with a group."""
    return folder / f"part-{first * INNER:07d}.npz"


def _keep(folder: Path, first: int, one: Part) -> None:
    """Write a part."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **one._asdict())
    try:
        _replace(_path(folder, first), buffer.getvalue())
    except OSError as error:
        raise unwritten("Cannot keep futures", error, folder) from error


def read_part(folder: Path, first: int) -> Part | None:
    """Return a part that the folder keeps, None if it does not or the file is broken."""
    path = _path(folder, first)
    if not path.exists():
        return None
    try:
        made = Part(**limits.arrays(path, Part._fields))
    except (OSError, ValueError):
        return None
    futures, years, n = made.degree.shape if made.degree.ndim == 3 else (-1, -1, -1)
    due = {
        "counts": (futures, years, len(COUNTS)), "degree": (futures, years, n),
        "pairs": (len(PAIRS), 2, years, n * (n - 1) // 2), "joined": (2, years, n),
    }  # fmt: skip
    types = {"counts": np.int32, "degree": np.int16, "pairs": np.uint32, "joined": np.uint32}
    return made if all(x.shape == due[k] and x.dtype == types[k] for k, x in made._asdict().items()) else None
