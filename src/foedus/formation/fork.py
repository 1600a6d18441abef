"""A system as the arrays from which futures set out: strengths, regimes, distances, pacts and their ages, quarrels and their ages.

Everything is as of the start of the system's date (convention 4.13). Of a system from the field's data the last dispute of each pair is read from
them; of a scenario, and where the record has ended, it is drawn from those of all pairs on record with or without a coded rivalry, war or injury.
Simulates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus import params as parameters
from foedus.data.store import DataDir
from foedus.errors import InvalidSystemError, message
from foedus.formation.record import DAYS_A_YEAR, Record
from foedus.kernels import streams
from foedus.system import covariates

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from numpy.typing import NDArray

    from foedus.system.system import System

LAST_YEARS = 30
"""Most years that are carried on: states, borders and eras stay those of the fork."""
HOSTILE = ("rivalry", "war", "injury")
"""Reasons of ties that stand for an old quarrel where no dispute is on record."""


@dataclass(frozen=True)
class Fork:
    """Where futures set out: G groups of draws of what is uncertain, n states.

    Attributes
    ----------
    ids : tuple of str
    year : int
        Of the system's date; the first simulated year.
    log_share : array, shape (G, n)
        Natural logarithms of shares of capability.
    regime : array, shape (G, n)
        0 to 1.
    km : array, shape (G or 1, n, n)
    land : bool array, shape (n, n)
    major : bool array, shape (n,)
    allied : bool array, shape (n, n)
        A defence pledge of a treaty either way.
    tie_age : float32 array, shape (n, n)
        Years since the tie of an allied pair began, or since the last tie of another ended, infinity if none is known.
    dispute_age : float32 array, shape (G or 1, n, n)
        Years since the last dispute of a pair began, infinity if it never had one.
    at_war : bool array, shape (n, n)
        On opposite sides of a war that goes on.
    history : {"recorded", "drawn"}
    """

    ids: tuple[str, ...]
    year: int
    log_share: NDArray[np.float64]
    regime: NDArray[np.float64]
    km: NDArray[np.float64]
    land: NDArray[np.bool_]
    major: NDArray[np.bool_]
    allied: NDArray[np.bool_]
    tie_age: NDArray[np.float32]
    dispute_age: NDArray[np.float32]
    at_war: NDArray[np.bool_]
    history: Literal["recorded", "drawn"]


def fork(
    system: System, *, seed: int | None = 1, groups: int = 1, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Fork:
    """Return the arrays of a system.

    Parameters
    ----------
    system : System
    seed : int or None
        None puts every uncertain number at its centre, in one group.
    groups : int
        Draws of the uncertain inputs.
    data_dir : DataDir, str or Path, optional
        Folder with the record of disputes, for systems that come from the field's data.

    Raises
    ------
    InvalidSystemError
        Capabilities of nobody are known.

    Examples
    --------
    >>> import foedus as fd
    >>> f = fork(fd.load("europe-1914"), groups=2)
    >>> f.log_share.shape[0], f.history
    (2, 'drawn')
    """
    if all(not actor.capability for actor in system.actors):
        raise InvalidSystemError(
            message("No capability is known", got=f"{len(system.actors)} actors without", expected="that of some")
        )
    share = covariates.effective_capability(system, seed=seed, n_draws=groups)
    made = parameters.load("evolve").extra
    record = _record(system, data_dir)
    allied, age = _pacts(system)
    if record is None:
        quarrels = _drawn_ages(system, made, seed, groups)
    else:
        before, since, fought = record.at(np.array([a.cow or -1 for a in system.actors]), system.date)
        same = before == allied
        age = np.where(same, since, np.where(allied, age, 0.0)).astype(np.float32)
        quarrels = fought.astype(np.float32)[None]
    return Fork(
        system.ids, system.date.year, np.log(share), _regimes(system, made, seed, groups),
        covariates.distance_draws(system, seed=seed, n_draws=groups), covariates.contiguity(system) == 1,
        np.array([a.major for a in system.actors], dtype=np.bool_), allied, age, quarrels, covariates.reason_matrix(system, "war"),
        "drawn" if record is None else "recorded",
    )  # fmt: skip


def _record(system: System, data_dir: DataDir | str | os.PathLike[str] | None) -> Record | None:
    """Return the record of ties and disputes of a system that comes from the field's data, if it reaches the system's date."""
    if all(source.id != "cow-states" for source in system.sources):
        return None
    found = _read(DataDir.of(data_dir).path)
    return found if system.date.year <= found.last_year + 1 else None


@lru_cache(maxsize=2)
def _read(path: Path) -> Record:
    """Return the record of a folder."""
    return Record.read(DataDir(path))


def _pacts(system: System) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Return who has a defence pledge of a treaty with whom, and the years since it was signed or has ended, both symmetric."""
    n = len(system.actors)
    allied, age = np.zeros((n, n), dtype=np.bool_), np.full((n, n), np.inf, dtype=np.float32)
    oldest = np.zeros((n, n))
    for pact, pledge, recipient in system.pledges():
        if pledge.type == "defense" and pact.kind == "treaty":
            i, j = system.index[pledge.by], system.index[recipient]
            since = [m.entry or pact.start for m in pact.members if m.actor in (pledge.by, recipient)]
            years = (system.date - max((day for day in since if day), default=system.date)).days / DAYS_A_YEAR
            allied[i, j] = allied[j, i] = True
            oldest[i, j] = oldest[j, i] = max(oldest[i, j], years)
    age[allied] = oldest[allied]
    return allied, age


def _regimes(system: System, made: dict, seed: int | None, groups: int) -> NDArray[np.float64]:
    """Return draws of regimes; an unknown one is drawn from the regimes of all states on record."""
    values, n = [a.regime for a in system.actors], len(system.actors)
    marks = np.array(made["regimes.quantiles"])
    grid = (np.arange(len(marks)) + 0.5) / len(marks)
    if seed is None:
        known = np.array([[v.centre if v else np.nan for v in values]])
        u = np.full((1, n), 0.5)
    else:
        known = covariates.draw(values, [f"regime:{a.id}" for a in system.actors], seed, groups)
        u = streams.uniforms(seed, streams.keys_of([f"regime:{a.id}:unknown" for a in system.actors]), groups)
    return np.where(np.isnan(known), np.interp(u, grid, marks), known)


def pair_keys(ids: tuple[str, ...], what: str) -> NDArray[np.uint64]:
    """Return a key for each pair i < j, the same whatever else the system holds and in whatever order, shape (n (n - 1) / 2,)."""
    i, j = np.triu_indices(len(ids), 1)
    return streams.keys_of(
        [f"{what}:{':'.join(sorted((ids[a], ids[b])))}" for a, b in zip(i.tolist(), j.tolist(), strict=True)]
    )


def _drawn_ages(system: System, made: dict, seed: int | None, groups: int) -> NDArray[np.float32]:
    """Return draws of the years since the last dispute of each pair, by whether a tie tells of an old quarrel."""
    n = len(system.actors)
    i, j = np.triu_indices(n, 1)
    hostile = np.any([covariates.reason_matrix(system, r) for r in HOSTILE], axis=0)[i, j]
    u = np.full((1, len(i)), 0.5) if seed is None else streams.uniforms(seed, pair_keys(system.ids, "quarrel"), groups)
    found = np.empty(u.shape)
    for which, name in ((hostile, "rivals"), (~hostile, "others")):
        marks = np.array(made[f"history.{name}"])
        found[:, which] = marks[np.minimum((u[:, which] * len(marks)).astype(np.int64), len(marks) - 1)]
    out = np.full((len(u), n, n), np.inf, dtype=np.float32)
    out[:, i, j] = out[:, j, i] = found
    return out
