"""What the futures of one system share: where they set out, draws of every coefficient, and the pledges that their wars are fought with.

Groups of ten futures share one draw. Simulates nothing; see `foedus.formation.evolve_step`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus import params as parameters
from foedus.formation import drift as drifts
from foedus.formation import quarrels, ties
from foedus.formation.fork import Fork, fork, pair_keys
from foedus.formation.ties import LEAST_KM
from foedus.kernels import futures, streams
from foedus.kernels.futures import Ground, Weights
from foedus.kernels.obligation import CONSUL, Pledges
from foedus.war.batches import groups_of
from foedus.war.field import Theatre, theatre
from foedus.war.rates import Fitted
from foedus.war.rates import shipped as shipped_rates

if TYPE_CHECKING:
    import os

    from foedus.data.store import DataDir
    from foedus.system.system import System

INNER = 10
"""Futures that share one draw of coefficients and uncertain inputs."""


class Pool(NamedTuple):
    """Pledges of the fork but those to consult, followed by room for new ones: rows ``real`` .. of ``pledges`` are empty."""

    pledges: Pledges
    honour: NDArray[np.float64]
    key: NDArray[np.uint64]
    real: int


@dataclass(frozen=True)
class Models:
    """The fits of what pairs do, and ``shocks``: variances of the common factors of a year, of pacts that form, that end, and of disputes."""

    form: Fitted
    end: Fitted
    disputes: Fitted
    wars: Fitted
    attacker: Fitted
    shocks: tuple[float, float, float]


def shipped() -> Models:
    """Return the fits that come with foedus."""
    made = parameters.load("evolve").extra
    return Models(
        ties.shipped("form"), ties.shipped("end"), quarrels.shipped("disputes"), quarrels.shipped("wars"), quarrels.shipped("attacker"),
        (made["shocks.form"], made["shocks.end"], made["shocks.disputes"]),
    )  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """Everything that futures of one system share; G groups, n states, P pairs.

    ``ground`` with the distances of the first group; ``weights`` one of `Weights` a group; ``bound`` (O,) what a new pledge adds to a log-rate;
    ``spread`` variances of the common factors of a year, of pacts that form, that end, and of disputes; ``armistice`` (G,) chance a year that a war
    of the fork ends; ``parts`` (n,) label of the war of the fork that each state is in, -1 for none.
    """

    at: Fork
    ground: Ground
    weights: list[Weights]
    drift: drifts.Drift
    world: Theatre
    pool: Pool
    bound: NDArray[np.float64]
    spread: tuple[float, float, float]
    armistice: NDArray[np.float64]
    parts: NDArray[np.int64]
    years: int
    seed: int


def stage(
    system: System, *, years: int, groups: int, seed: int, data_dir: DataDir | str | os.PathLike[str] | None = None, models: Models | None = None
) -> Stage:  # fmt: skip
    """Return what the futures of a system share, drawn for so many groups.

    Parameters
    ----------
    system : System
    years, groups, seed : int
    data_dir : DataDir, str or Path, optional
        Folder with the record of disputes, for systems that come from the field's data.
    models : Models, optional
        Replace those that come with foedus.
    """
    fits = models or shipped()
    at = fork(system, seed=seed, groups=groups, data_dir=data_dir)
    year = system.date.year
    made = parameters.load("evolve")
    outer = groups_of(groups * INNER * 5, len(at.ids))
    world = theatre(system, seed=seed, outer=outer)
    words = _words(seed, pair_keys(at.ids, "pair"))
    ground = Ground(_ln_km(at.km[0]), at.land, at.major, float(year >= 1946), words, _rank(system))
    return Stage(
        at, ground, _weights(fits, year, groups, seed), drifts.shipped(groups, seed), world, _pool(world),
        shipped_rates().draw(outer, seed, year).bound[:, 0],
        fits.shocks, made.draws("war_ends", seed, groups), _wars(at), years, seed,
    )  # fmt: skip


def _ln_km(km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of distances in thousands of km."""
    return np.log(np.maximum(km, LEAST_KM) / 1000.0)


def base_of(on: Stage, group: int) -> NDArray[np.float64]:
    """Return what no year changes of the log-odds of each pair in a group, which draws the distances that are unknown; shape (P, 4)."""
    ground = on.ground if len(on.at.km) == 1 else on.ground._replace(ln_km=_ln_km(on.at.km[group % len(on.at.km)]))
    return futures.fixed(on.weights[group], ground)


def _rank(system: System) -> NDArray[np.int64]:
    """Return the place of each actor by its number among the states of the Correlates of War, those without one by their ids."""
    codes = [(a.cow is None, a.cow or 0, a.id) for a in system.actors]
    place = {code: k for k, code in enumerate(sorted(codes))}
    return np.array([place[code] for code in codes], dtype=np.int64)


def _words(seed: int, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the word of each key from which `foedus.kernels.streams.uniform` goes on."""
    return streams.words(np.array([seed], dtype=np.uint64), np.uint64(0), keys)


def _weights(fits: Models, year: int, groups: int, seed: int) -> list[Weights]:
    """Return the coefficients of each group, those of the eras up to the fork's year in the constant."""
    each = (
        ("form", fits.form),
        ("end", fits.end),
        ("disputes", fits.disputes),
        ("wars", fits.wars),
        ("attacker", fits.attacker),
    )
    drawn = [_folded(fit, f"evolve:{name}", groups, seed, year) for name, fit in each]
    return [Weights(*one) for one in zip(*drawn, strict=True)]


def _folded(fit: Fitted, what: str, groups: int, seed: int, year: int) -> NDArray[np.float64]:
    """Return draws of coefficients, shape (groups, terms but eras)."""
    drawn = fit.draw(what, groups, seed)
    eras = [t for t in fit.terms if t.startswith("since_")]
    out = np.stack([drawn[t] for t in fit.terms if t not in eras], axis=1)
    for era in eras:
        out[:, 0] += drawn[era] * (year >= int(era.removeprefix("since_")))
    return np.ascontiguousarray(out)


def _pool(world: Theatre) -> Pool:
    """Return the pledges of a theatre that can matter in a war, each once, with room for new ones.

    Pledges to consult bind nobody; of pledges of one actor to another on the same terms the one that weighs most counts in a war anyway.
    """
    given, weight = world.pledges, world.field.honour.mean(axis=0)
    plain = ~(given.targets.any(axis=1) | given.excluded.any(axis=1))
    lone = np.where(plain, -1, np.arange(len(given.by)))
    terms = (
        given.by,
        given.to,
        given.kind,
        given.target_mode,
        given.region,
        given.unprovoked,
        given.least,
        given.conflict,
        given.unclear,
        lone,
    )
    order = np.lexsort((-weight, *reversed(terms)))
    same = np.ones(len(order), dtype=np.bool_)
    for values in terms:
        same[1:] &= values[order][1:] == values[order][:-1]
    same[:1] = False
    keep = np.sort(order[~same])
    keep = keep[given.kind[keep] != CONSUL]
    real, n = len(keep), given.targets.shape[1]

    def room(values: NDArray) -> NDArray:
        return np.concatenate([values[keep], np.zeros((n * (n - 1), *values.shape[1:]), dtype=values.dtype)])

    pledges = Pledges(*(room(v) for v in given))
    pledges.least[real:] = 1
    return Pool(pledges, world.field.honour[:, keep], world.field.pledge_key[keep], real)


def _wars(at: Fork) -> NDArray[np.int64]:
    """Return which war of the fork each state is in, -1 for none: those linked by who fights whom."""
    from scipy.sparse.csgraph import connected_components

    _, label = connected_components(at.at_war, directed=False)
    return np.where(at.at_war.any(axis=1), label, -1).astype(np.int64)
