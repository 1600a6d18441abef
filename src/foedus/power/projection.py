"""`projection`: how much of each actor's strength arrives at each other actor's place.

Three laws of the loss of strength over distance: Boulding's exponential ``c exp(-d / range)`` and linear ``c - loss d`` [Boulding1962]_, and Bueno de
Mesquita's ``c ** log10(miles / miles per day + 10 - e)`` [BuenodeMesquita1981]_, the last from memory and not checked against the text: by it
strength near home counts for more than the share it is made of. Distances follow EUGene's rule [BennettStam2000]_: nothing between land
neighbours, the great circle between capitals otherwise, the nearest of several places where an actor is given some. Arms (armoured, air, missile,
or any that a user names) weigh in by weights that the user sets: none are built in, for none are published. Fights no battle and sees no terrain,
bases, airspace or supply; for a contest see `foedus.security`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from foedus import params
from foedus.errors import parameter
from foedus.kernels import distance
from foedus.power.projected import Projection
from foedus.system import covariates
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from foedus.system.system import System

Law = Literal["boulding", "linear", "lsg"]
FACTS = ("air", "missiles")
"""Arms that an actor of a scenario may carry: the judged quality of its air and missile arms, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: what it weighs beside the others, how far it reaches, and each actor's strength in it.

    Attributes
    ----------
    weight : float
        Set by the user; only the ratios of weights matter.
    range_km : float, ``(low, high)`` or None
        Its own range in Boulding's law: the distance at which 37 % is left. The common range by default.
    values : mapping of actor id to number, ``(low, high)`` or `Quantity`
        From 0 to 1. None takes the actors' own facts, which there are for ``air`` and ``missiles``. An actor that is not in it is
        unknown, and drawn from all of 0 to 1.
    """

    weight: float = 1.0
    range_km: float | tuple[float, float] | None = None
    values: Mapping[str, Any] | None = None


def projection(
    system: System, *, law: Law = "boulding", range_km: float | tuple[float, float] | None = None, loss_per_1000_km: float | None = None,
    miles_per_day: float | None = None, arms: Mapping[str, Arm] | None = None, cities: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    draws: int = 400, seed: int = 1,
) -> Projection:  # fmt: skip
    """Return how much of each actor's strength arrives at each other's place.

    Parameters
    ----------
    system : System
    law : {"boulding", "linear", "lsg"}
    range_km : float or ``(low, high)``, optional
        Of Boulding's law; by default the assumed range of ``params/joining.toml`` (``geography.reach_km``, wider for great powers), as in
        `foedus.war`.
    loss_per_1000_km : float, optional
        Of the linear law, in shares of all capability; it has no default.
    miles_per_day : float, optional
        Of Bueno de Mesquita's law; by default 250 until 1918, 375 until 1945, 500 since (from memory).
    arms : mapping of str to Arm, optional
        With arms, what arrives is multiplied by the weighted mean of the actor's strengths in them, each after its own loss.
    cities : mapping of actor to ``[(lat, lon), ...]``, optional
        Further places of an actor; the least distance counts. EUGene gives several to the United States and the Soviet Union, which are not
        listed here.
    draws : int
        Draws of uncertain capabilities, places, ranges and arms.
    seed : int

    Raises
    ------
    ParameterError
        A parameter that the law does not have or that it lacks; weights that are negative or all zero; strengths outside 0 to 1.
    UnknownStateError
        ``arms`` or ``cities`` name an actor that is not in the system.

    References
    ----------
    [Boulding1962]_, [BuenodeMesquita1981]_, [BennettStam2000]_

    Examples
    --------
    >>> import foedus as fd
    >>> found = projection(fd.load("middle-east-2019"), arms={"air": Arm(2.0), "missiles": Arm(1.0)}, draws=50)
    >>> found.of("IRN", "ISR").mean < found.of("IRN", "IRQ").mean
    True
    """
    _check(law, range_km, loss_per_1000_km, miles_per_day, arms, draws)
    home = covariates.effective_capability(system, seed=seed, n_draws=draws)
    km = eugene_km(system, cities=cities, seed=seed, draws=draws)
    spans, note = _ranges(system, law, range_km, loss_per_1000_km, miles_per_day, draws, seed)
    own = home[:, :, None]
    if law == "lsg":
        there = distance.loss_of_strength(own, km / distance.MILE_KM, float(spans.ravel()[0]))
    elif law == "linear":
        there = distance.boulding_linear(own, km, spans)
    else:
        there = own * distance.boulding(km, spans)
    unknown: list[tuple[str, str]] = []
    if arms:
        there = _armed(system, arms, there, own, km, draws, seed, unknown)
        note += "; weights of arms set by the user: " + ", ".join(f"{n} {a.weight:g}" for n, a in arms.items())
    return Projection(system, law, there, home, km, tuple(arms or ()), tuple(unknown), note, seed)


def _armed(
    system: System, arms: Mapping[str, Arm], there: NDArray[np.float64], own: NDArray[np.float64], km: NDArray[np.float64], draws: int, seed: int,
    unknown: list[tuple[str, str]],
) -> NDArray[np.float64]:  # fmt: skip
    """Return what arrives with arms: each arm's strength after its loss, weighted; ``unknown`` is filled."""
    total = sum(a.weight for a in arms.values())
    out = np.zeros(np.broadcast_shapes(there.shape, km.shape))
    for name, arm in arms.items():
        given, blank = _values(system, name, arm)
        unknown += [(name, a) for a in blank]
        quality = covariates.draw(given, [f"arm:{name}:{a}" for a in system.ids], seed, draws)[:, :, None]
        arrives = (
            there
            if arm.range_km is None
            else own * distance.boulding(km, _span(arm.range_km, f"{name}.range_km", draws, seed))
        )
        out += arm.weight / total * quality * arrives
    return out


def eugene_km(
    system: System, *, cities: Mapping[str, Sequence[tuple[float, float]]] | None = None, seed: int = 1, draws: int = 400
) -> NDArray[np.float64]:  # fmt: skip
    """Return distances by EUGene's rule, km, shape (1 or n_draws, n, n): 0 between land neighbours, else the least great circle between their places.

    A place that is unknown is drawn, as of `foedus.system.covariates.distance_draws`.

    Raises
    ------
    UnknownStateError
        ``cities`` name an actor that is not in the system.
    ParameterError
        A coordinate off the globe.
    """
    km = covariates.distance_draws(system, seed=seed, n_draws=draws)
    if cities:
        km = _with_cities(system, km, cities)
    return np.where(covariates.contiguity(system) == 1, 0.0, km)


def third_party_km(km: NDArray[np.float64], one: int, two: int) -> NDArray[np.float64]:
    """Return the distance of each actor to a quarrel of two, shape (..., n): the shorter of those to either (EUGene's rule)."""
    return np.minimum(km[..., one], km[..., two])


def _with_cities(
    system: System, km: NDArray[np.float64], cities: Mapping[str, Sequence[tuple[float, float]]]
) -> NDArray[np.float64]:
    """Return distances with the nearest of several places of some actors."""
    known: dict[int, list[tuple[float, float]]] = {}
    for name, places in cities.items():
        i = system.index[system.actor(name).id]
        if not all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in places):
            raise parameter(f"cities[{name!r}]", list(places), "pairs of degrees north and east")
        known[i] = list(places)
    every = [
        [*known.get(i, []), *([(a.place.lat, a.place.lon)] if a.place else [])] for i, a in enumerate(system.actors)
    ]
    out = km.copy()
    for i in known:
        for j, there in enumerate(every):
            if j != i and there:
                one, two = np.array(every[i]), np.array(there)
                out[:, i, j] = out[:, j, i] = distance.great_circle_pairs(
                    one[:, :1], one[:, 1:], two[:, 0], two[:, 1]
                ).min()
    return out


def _ranges(
    system: System, law: Law, range_km: float | tuple[float, float] | None, loss: float | None, per_day: float | None, draws: int, seed: int,
) -> tuple[NDArray[np.float64], str]:  # fmt: skip
    """Return the parameter of the law, to be spread over (n_draws, n, n), and what it is."""
    if law == "linear":
        return np.array(
            [[[float(loss or 0.0) / 1000]]]
        ), f"linear, {loss:g} of all capability lost per 1,000 km (set by the user)"
    if law == "lsg":
        year = system.date.year
        era = "until_1918" if year <= 1918 else "until_1945" if year <= 1945 else "since_1946"
        pace = per_day or params.load("projection")[f"miles_per_day.{era}"].centre
        return np.array([pace]), f"Bueno de Mesquita's law (from memory), {pace:g} miles a day"
    if range_km is not None:
        return _span(
            range_km, "range_km", draws, seed
        ), f"Boulding's exponential, range {range_km} km (set by the user)"
    table = params.load("joining")
    reach = table.draws("geography.reach_km", seed, draws)[:, None]
    great = table.draws("geography.great_reach", seed, draws)[:, None]
    major = np.array([a.major for a in system.actors])
    one, factor = table["geography.reach_km"], table["geography.great_reach"]
    note = f"Boulding's exponential, range {one.low:g} to {one.high:g} km, of great powers {factor.low:g} to {factor.high:g} times that (assumed)"
    return (reach * np.where(major, great, 1.0))[:, :, None], note


def _span(given: float | tuple[float, float], key: str, draws: int, seed: int) -> NDArray[np.float64]:
    """Return draws of a range, shape (n_draws, 1, 1)."""
    quantity = Quantity.of(given, bounds=(1e-9, 1e15))
    return covariates.draw([quantity], [f"projection:{key}"], seed, draws)[:, :, None]


def _values(system: System, name: str, arm: Arm) -> tuple[list[Quantity | None], list[str]]:
    """Return each actor's strength in an arm, and who has none: these are drawn from 0 to 1."""
    if arm.values is not None:
        found = {system.actor(a).id: Quantity.of(v, bounds=(0.0, 1.0)) for a, v in arm.values.items()}
    elif name in FACTS:
        found = {a.id: getattr(a, name) for a in system.actors}
    else:
        hint = f"actors carry facts on {' and '.join(FACTS)} only"
        raise parameter(f"arms[{name!r}].values", None, "a number from 0 to 1 for each actor", hint)
    blank = [a for a in system.ids if found.get(a) is None]
    return [found.get(a) or Quantity(0.0, 1.0) for a in system.ids], blank


def _check(
    law: str, range_km: object, loss: float | None, per_day: float | None, arms: Mapping[str, Arm] | None, draws: int
) -> None:
    """Raise where parameters do not go together."""
    if law not in get_args(Law):
        raise parameter("law", law, f"one of {', '.join(get_args(Law))}")
    owners = {
        "range_km": ("boulding", range_km),
        "loss_per_1000_km": ("linear", loss),
        "miles_per_day": ("lsg", per_day),
    }
    for name, (owner, value) in owners.items():
        if value is not None and owner != law:
            raise parameter(name, value, f"none: it belongs to law={owner!r}")
    for name, value in (("loss_per_1000_km", loss), ("miles_per_day", per_day)):
        if value is not None and not 0 < value < 1e15:
            raise parameter(name, value, "a number above 0")
    if law == "linear" and loss is None:
        raise parameter("loss_per_1000_km", None, "a number above 0: the linear law has no default")
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    weights = [a.weight for a in (arms or {}).values()]
    if weights and (not all(0 <= w < 1e15 for w in weights) or not sum(weights) > 0):
        raise parameter("arms", weights, "weights that are not negative, at least one above 0")
    if law != "boulding" and any(a.range_km is not None for a in (arms or {}).values()):
        raise parameter("arms", "an arm with range_km", "law='boulding': only that law has ranges")
