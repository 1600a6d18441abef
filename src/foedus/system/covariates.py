"""Covariates of a system as arrays aligned on ``system.actors``.

Each one is the kernel that the panel's ``add_*`` column also uses, so that a model is fitted on what it is later fed. Unknown is NaN, never
zero; contiguity 0 means not contiguous. Uncertain quantities are drawn by their identity, so edits keep the draws of what they leave alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.kernels import distance, shares, streams
from foedus.system.nouns import BORDER_TYPES, CAPABILITY_PARTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.system.system import System
    from foedus.system.values import Quantity


def contiguity(system: System) -> NDArray[np.int8]:
    """Return the contiguity class of each pair, shape (n, n): 1 land, 2-5 water up to 12, 24, 150, 400 miles, 0 none."""
    out = np.zeros((len(system.actors),) * 2, dtype=np.int8)
    for border in system.borders:
        i, j, kind = system.index[border.a], system.index[border.b], BORDER_TYPES.index(border.type) + 1
        out[i, j] = out[j, i] = min(kind, out[i, j] or kind)
    return out


def distance_km(system: System) -> NDArray[np.float64]:
    """Return great-circle distances between places, km, shape (n, n); NaN where a place is unknown."""
    lat = np.array([a.place.lat if a.place else np.nan for a in system.actors])
    lon = np.array([a.place.lon if a.place else np.nan for a in system.actors])
    return distance.great_circle(lat, lon)


def distance_draws(system: System, *, seed: int | None, n_draws: int) -> NDArray[np.float64]:
    """Return draws of distances, km, shape (n_draws, n, n), or (1, n, n) where every place is known.

    An unknown distance is drawn from the known ones of the system, or over the half circumference of the Earth where none is: unknown, hence
    wide, neither near nor far. ``seed=None`` takes their median.
    """
    km = distance_km(system)
    n = len(km)
    i, j = np.triu_indices(n, 1)
    unknown = np.isnan(km[i, j])
    if not unknown.any():
        return km[None]
    known = km[i, j][~unknown]
    i, j = i[unknown], j[unknown]
    keys = [f"distance:{':'.join(sorted((system.ids[a], system.ids[b])))}" for a, b in zip(i, j, strict=True)]
    u = np.full((1, len(i)), 0.5) if seed is None else streams.uniforms(seed, streams.keys_of(keys), n_draws)
    out = np.repeat(np.where(np.eye(n, dtype=bool), 0.0, km)[None], len(u), axis=0)
    drawn = _quantiles(known, u) if len(known) else u * np.pi * distance.EARTH_KM
    out[:, i, j] = out[:, j, i] = drawn
    return out


def _quantiles(known: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what ``np.quantile(known, u)`` does, to the bit, without putting every ``u`` in order first."""
    x, place = np.sort(known), (len(known) - 1) * u
    below = np.floor(place).astype(np.intp)
    low, high, share = x[below], x[np.minimum(below + 1, len(x) - 1)], place - below
    return np.where(share < 0.5, low + (high - low) * share, high - (high - low) * (1 - share))


def pledge_matrix(system: System, kind: str) -> NDArray[np.bool_]:
    """Return who pledges ``kind`` to whom in treaties, shape (n, n): ``out[i, j]`` if i owes it to j, whatever the conditions."""
    out = np.zeros((len(system.actors),) * 2, dtype=np.bool_)
    for pact, pledge, recipient in system.pledges():
        if pledge.type == kind and pact.kind == "treaty":
            out[system.index[pledge.by], system.index[recipient]] = True
    return out


def reason_matrix(system: System, reason: str) -> NDArray[np.bool_]:
    """Return which pairs have a coded tie of ``reason`` in force, symmetric, shape (n, n)."""
    out = np.zeros((len(system.actors),) * 2, dtype=np.bool_)
    for tie in system.active_ties():
        if tie.reason == reason:
            i, j = system.index[tie.a], system.index[tie.b]
            out[i, j] = out[j, i] = True
    return out


def draw(values: list[Quantity | None], keys: list[str], seed: int, n_draws: int) -> NDArray[np.float64]:
    """Return draws of quantities named by ``keys``, shape (n_draws, len(values)); NaN where None."""
    u = streams.uniforms(seed, streams.keys_of(keys), n_draws) if values else np.empty((n_draws, 0))
    out = np.full(u.shape, np.nan)
    for i, value in enumerate(values):
        if value is not None:
            out[:, i] = value.at(u[:, i])
    return out


def capability_parts(system: System, seed: int, n_draws: int) -> NDArray[np.float64]:
    """Return draws of capability parts, shape (n_draws, n, len(CAPABILITY_PARTS)); NaN where unknown."""
    lookup = [dict(a.capability) for a in system.actors]
    columns = [
        draw([c.get(part) for c in lookup], [f"capability:{a.id}:{part}" for a in system.actors], seed, n_draws)
        for part in CAPABILITY_PARTS
    ]
    return np.stack(columns, axis=-1)


def effective_capability(system: System, *, seed: int | None, n_draws: int) -> NDArray[np.float64]:
    """Return draws of capability shares discounted by the control that an actor has of its own territory, shape (n_draws, n).

    An actor without any known part is drawn log-uniformly over the range of the others: unknown, hence wide, never zero. ``seed=None`` puts
    every number at its centre (one draw).
    """
    actors = system.actors
    if seed is None:
        composite = shares.composite_shares(_centres(system)[None])
        control = np.array([[a.control.centre if a.control else 1.0 for a in actors]])
        u = np.full((1, len(actors)), 0.5)
    else:
        composite = shares.composite_shares(capability_parts(system, seed, n_draws))
        drawn = draw([a.control for a in actors], [f"control:{a.id}" for a in actors], seed, n_draws)
        control = np.where(np.isfinite(drawn), drawn, 1.0)
        u = streams.uniforms(seed, streams.keys_of([f"capability:{a.id}:unknown" for a in actors]), n_draws)
    positive = np.where(composite > 0, composite, np.nan)
    if np.isnan(positive).all():
        positive = np.full_like(composite, 1.0 / len(actors))
    low, high = np.log(np.nanmin(positive, axis=1)), np.log(np.nanmax(positive, axis=1))
    guess = np.exp(low[:, None] + (high - low)[:, None] * u)
    effective = np.where(np.isnan(composite), guess, np.maximum(composite, np.exp(low)[:, None] * 1e-3)) * control
    return effective / effective.sum(axis=1, keepdims=True)


def _centres(system: System) -> NDArray[np.float64]:
    """Return the centres of the capability parts, shape (n, len(CAPABILITY_PARTS)); NaN where unknown."""
    lookup = [dict(a.capability) for a in system.actors]
    return np.array([[c[p].centre if p in c else np.nan for p in CAPABILITY_PARTS] for c in lookup])
