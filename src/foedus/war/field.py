"""From a system to the arrays over which a war spreads.

Friendship of a pair is the hyperbolic tangent of its propensity (pledges to fight left out), so that a tenth reason adds little to nine.

`ground` is what a system says, `theatre` adds the rates at which wars spread. Draws every uncertain input once per outer draw; see
`foedus.kernels.cascade.Field`. Simulates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.kernels import distance, streams
from foedus.kernels.cascade import Field
from foedus.obligations.arrays import pledge_arrays
from foedus.system import covariates
from foedus.system.propensity import propensity
from foedus.war.rates import shipped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.kernels.obligation import Pledges
    from foedus.params import Params
    from foedus.system.nouns import Pact, Pledge
    from foedus.system.system import System
    from foedus.war.rates import Rates


@dataclass(frozen=True)
class Ground:
    """What a system says, as arrays: O outer draws, n actors, P pledges.

    ``power`` (O, n); ``friend``, ``near``, ``reach`` (O, n, n); ``major`` (n,); ``partners`` (P,) other members of the pledge's pact, at least 1;
    ``pledges`` and ``nouns``, the pact, the pledge and the ally behind each.
    """

    power: NDArray[np.float64]
    friend: NDArray[np.float64]
    near: NDArray[np.float64]
    reach: NDArray[np.float64]
    major: NDArray[np.float64]
    partners: NDArray[np.int64]
    pledges: Pledges
    nouns: list[tuple[Pact, Pledge, str]]


@dataclass(frozen=True)
class Theatre:
    """A system ready for war: the field, the pledges as arrays and the nouns behind them."""

    field: Field
    pledges: Pledges
    nouns: list[tuple[Pact, Pledge, str]]


def ground(system: System, *, seed: int, outer: int, table: Params | None = None) -> Ground:
    """Return what a system says for ``outer`` draws of its uncertain inputs.

    Parameters
    ----------
    system : System
    seed, outer : int
    table : Params, optional
        Replaces the table of reasons.
    """
    prop = propensity(system, seed=seed, n_draws=outer, table=table)
    n = len(system.actors)
    friend = np.zeros((outer, n, n))
    plain = np.tanh(prop.total - prop.binding)
    friend[:, prop.i, prop.j] = friend[:, prop.j, prop.i] = plain
    pledges, nouns = pledge_arrays(system)
    near, reach = geography(system, parameters.load("joining"), seed, outer)
    sizes = {id(p): p.size or len(p.active_members(system.date)) for p in {id(p): p for p, _, _ in nouns}.values()}
    partners = np.array([max(1, sizes[id(p)] - 1) for p, _, _ in nouns], dtype=np.int64)
    return Ground(
        prop.power, friend, near, reach, np.array([float(a.major) for a in system.actors]), partners, pledges, nouns
    )


def theatre(
    system: System, *, seed: int, outer: int, table: Params | None = None, rates: Rates | None = None
) -> Theatre:
    """Return the arrays of a system for ``outer`` draws of its uncertain inputs and of the rates.

    Parameters
    ----------
    system : System
    seed, outer : int
    table : Params, optional
        Replaces the table of reasons.
    rates : Rates, optional
        Replaces the rates that come with foedus.

    Returns
    -------
    Theatre
    """
    said = ground(system, seed=seed, outer=outer, table=table)
    joining = parameters.load("joining")
    drawn = (rates or shipped()).draw(outer, seed, system.date.year)
    honour = drawn.bound[:, :1] + drawn.bound[:, 1:] * np.log(said.partners)
    keys = [f"honour:{p.id}:{g.by}:{to}:{g.type}" for p, g, to in said.nouns]
    field = Field(
        drawn.theta, honour, drawn.base, drawn.front, drawn.leave, drawn.leave_base, drawn.end, drawn.end_base, drawn.frailty,
        joining.draws("undetermined.honoured", seed, outer), joining.draws("contest.decisiveness", seed, outer), said.power, said.friend, said.near,
        said.reach, said.major, streams.keys_of([f"war:{a.id}" for a in system.actors]), streams.keys_of(keys),
    )  # fmt: skip
    return Theatre(field, said.pledges, said.nouns)


def land_pairs(system: System) -> NDArray[np.int64]:
    """Return the pairs of positions with a land border, the lower first, shape (F, 2)."""
    return np.ascontiguousarray(np.argwhere(np.triu(covariates.contiguity(system) == 1)))


def geography(
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
