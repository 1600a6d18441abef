"""From a system to the arrays over which a war spreads.

Friendship of a pair is the hyperbolic tangent of its propensity (pledges to fight left out), so that a tenth reason adds little to nine.

Draws every uncertain input once per outer draw; see `foedus.kernels.cascade.Field`. Simulates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.kernels import distance, streams
from foedus.kernels.cascade import TERMS, Field
from foedus.obligations.arrays import pledge_arrays
from foedus.system import covariates
from foedus.system.propensity import propensity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.kernels.obligation import Pledges
    from foedus.params import Params
    from foedus.system.nouns import Pact, Pledge
    from foedus.system.system import System

WAR_TERMS = {"undetermined": "undetermined.honoured", "decisiveness": "contest.decisiveness"}


@dataclass(frozen=True)
class Theatre:
    """A system ready for war: the field, the pledges as arrays and the nouns behind them."""

    field: Field
    pledges: Pledges
    nouns: list[tuple[Pact, Pledge, str]]


def theatre(system: System, *, seed: int, outer: int, table: Params | None = None) -> Theatre:
    """Return the arrays of a system for ``outer`` draws of its uncertain inputs.

    Parameters
    ----------
    system : System
    seed, outer : int
    table : Params, optional
        Replaces the table of reasons.

    Returns
    -------
    Theatre
    """
    joining = parameters.load("joining")
    prop = propensity(system, seed=seed, n_draws=outer, table=table)
    n = len(system.actors)
    friend = np.zeros((outer, n, n))
    plain = np.tanh(prop.total - prop.binding)
    friend[:, prop.i, prop.j] = friend[:, prop.j, prop.i] = plain
    theta = np.stack([joining.draws(WAR_TERMS.get(t, f"eta.{t}"), seed, outer) for t in TERMS], axis=1)
    pledges, nouns = pledge_arrays(system)
    near, reach = _geography(system, joining, seed, outer)
    keys = [f"honour:{p.id}:{g.by}:{to}:{g.type}" for p, g, to in nouns]
    field = Field(
        theta, _honour(system, nouns, keys, theta[:, 0], seed, outer), prop.power, friend, near, reach,
        np.array([float(a.major) for a in system.actors]), streams.keys_of([f"war:{a.id}" for a in system.actors]), streams.keys_of(keys),
    )  # fmt: skip
    return Theatre(field, pledges, nouns)


def land_pairs(system: System) -> NDArray[np.int64]:
    """Return the pairs of positions with a land border, the lower first, shape (F, 2)."""
    return np.argwhere(np.triu(covariates.contiguity(system) == 1))


def _geography(
    system: System, joining: Params, seed: int, outer: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return nearness and the share of strength projected, each (outer, n, n)."""
    km = covariates.distance_draws(system, seed=seed, n_draws=outer)
    land = covariates.contiguity(system) == 1
    near_range = joining.draws("geography.range_km", seed, outer)[:, None, None]
    near = np.where(land, 1.0, distance.boulding(km, near_range))
    major = np.array([a.major for a in system.actors])
    factor = np.where(major[:, None], joining.draws("geography.great_reach", seed, outer)[:, None, None], 1.0)
    reach_range = joining.draws("geography.reach_km", seed, outer)[:, None, None] * factor
    reach = np.where(land, 1.0, distance.boulding(km, reach_range))
    return near, reach


def _honour(
    system: System,
    nouns: list[tuple[Pact, Pledge, str]],
    keys: list[str],
    constant: NDArray[np.float64],
    seed: int,
    outer: int,
) -> NDArray[np.float64]:
    """Return the log-odds that each pledge is honoured, less the constant of the joining model, shape (outer, P)."""
    table = parameters.load("reliability")
    era = "until_1944" if system.date.year <= 1944 else "from_1945"
    u = streams.uniforms(seed, streams.keys_of(keys), outer) if keys else np.zeros((outer, 0))
    out = np.zeros_like(u)
    dilution = table.draws("defense.dilution", seed, outer)
    sizes = {
        id(p): max(1, (p.size or len(p.active_members(system.date))) - 1)
        for p in {id(p): p for p, _, _ in nouns}.values()
    }
    for p, (pact, _, _) in enumerate(nouns):
        param = table[f"{pact.kind}.any" if pact.kind in {"guarantee", "intervention"} else f"defense.{era}"]
        chance = param.low + (param.high - param.low) * u[:, p]
        if pact.kind == "treaty":
            chance = chance * sizes[id(pact)] ** -dilution
        out[:, p] = np.log(chance / (1 - chance)) - constant
    return out
