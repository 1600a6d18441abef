"""Chance a year that each actor attacks each other one, and that the attacked one holds, with every ally counted or left out.

The strength that an attacked actor can count on is its own plus that of each helper times the chance that the helper comes (pledges by their
clauses, sponsors, the aligned) times the share of its strength that reaches. The contest is Tullock's [Tullock1980]_. All numbers are derived from
assumed parameters (``params/onset.toml``); nothing here is a forecast of a date.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.kernels import obligation as law
from foedus.kernels import streams
from foedus.system import covariates
from foedus.system.propensity import tie_key
from foedus.war.field import Theatre, theatre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System


@dataclass(frozen=True)
class Threats:
    """Inputs of every hazard of a system, drawn.

    Attributes
    ----------
    stage : Theatre
    helpers : dict of (attacked, helper) to float array, shape (n_draws, n)
        Chance that the helper comes if the attacked one is attacked by each actor.
    base : float64 array, shape (n_draws, n, n)
        Log-odds a year that the row attacks the column, without the term of odds.
    land : bool array, shape (n, n)
    """

    system: System
    stage: Theatre
    helpers: dict[tuple[int, int], NDArray[np.float64]]
    joiners: dict[tuple[int, int], NDArray[np.float64]]
    base: NDArray[np.float64]
    odds: NDArray[np.float64]
    limit: NDArray[np.float64]
    embolden: NDArray[np.float64]
    land: NDArray[np.bool_]

    @property
    def decisiveness(self) -> NDArray[np.float64]:
        """Exponent of the contest, shape (n_draws,)."""
        return self.stage.field.decisiveness

    @cached_property
    def _helpers_by_actor(self) -> dict[int, list[int]]:
        """Positions of helpers by the position of the helped."""
        found: dict[int, list[int]] = {}
        for i, k in sorted(self.helpers):
            found.setdefault(i, []).append(k)
        return found

    def helpers_of(self, actor: int) -> list[int]:
        """Positions of those who might come to help ``actor``."""
        return self._helpers_by_actor.get(actor, [])

    def defence(self, actor: int, *, allies: set[int] | None = None) -> NDArray[np.float64]:
        """Return the strength expected on the side of ``actor`` if each other one attacks it, shape (n_draws, n).

        ``allies`` limits who is counted; None counts all, an empty set none.
        """
        field = self.stage.field
        total = np.repeat(field.power[:, actor, None], field.power.shape[1], axis=1)
        for k in self.helpers_of(actor):
            if allies is None or k in allies:
                come = self.helpers[actor, k].copy()
                come[:, k] = 0.0
                total = total + come * (field.power[:, k] * field.reach[:, k, actor])[:, None]
        return total

    @cached_property
    def offence(self) -> NDArray[np.float64]:
        """Strength that each row can bring against each column, shape (n_draws, n, n), joint attackers and emboldenment counted."""
        field = self.stage.field
        out = field.power[:, :, None] * field.reach
        for (attacker, k), come in self.joiners.items():
            out[:, attacker] += come * field.power[:, k, None] * field.reach[:, k]
        for (attacker, k), come in self.helpers.items():
            out[:, attacker] += self.embolden[:, None] * come * field.power[:, k, None] * field.reach[:, k]
        return out

    def hold(self, actor: int, *, allies: set[int] | None = None) -> NDArray[np.float64]:
        """Return the chance that ``actor`` holds if each other one attacks it, shape (n_draws, n)."""
        if allies is None:
            if actor not in self._held:
                self._held[actor] = self._hold(actor, None)
            return self._held[actor]
        return self._hold(actor, allies)

    @cached_property
    def _held(self) -> dict[int, NDArray[np.float64]]:
        """Chances to hold with all allies, kept because every account asks for them again."""
        return {}

    def _hold(self, actor: int, allies: set[int] | None) -> NDArray[np.float64]:
        """Return what `hold` does, computed."""
        r = self.decisiveness[:, None]
        mine, theirs = self.defence(actor, allies=allies) ** r, self.offence[:, :, actor] ** r
        return mine / np.maximum(mine + theirs, 1e-300)

    def hazard(self, actor: int, *, allies: set[int] | None = None) -> NDArray[np.float64]:
        """Return the chance a year that each other one attacks ``actor``, shape (n_draws, n); zero for itself.

        Odds count up to ``odds.limit``: beyond that a target's weakness makes it no more tempting.
        """
        limit = self.limit[:, None]
        hold = np.clip(self.hold(actor, allies=allies), 1 - limit, limit)
        eta = self.base[:, :, actor] + self.odds[:, None] * np.log((1 - hold) / hold)
        out = 1 / (1 + np.exp(-eta))
        out[:, actor] = 0.0
        return out

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """Mean chance a year that the row attacks the column, all allies counted, shape (n, n)."""
        return np.stack([self.hazard(i).mean(axis=0) for i in range(len(self.system.actors))], axis=1)


def threats(system: System, *, seed: int = 1, draws: int = 200, table: Params | None = None) -> Threats:
    """Return the drawn inputs of every hazard of a system.

    Parameters
    ----------
    system : System
    seed, draws : int
    table : Params, optional
        Replaces the table of reasons.

    Returns
    -------
    Threats
    """
    onset = parameters.load("onset")
    stage = theatre(system, seed=seed, outer=draws, table=table)

    def term(name: str) -> NDArray[np.float64]:
        return onset.draws(f"eta.{name}", seed, draws)[:, None, None]

    field = stage.field
    land = covariates.contiguity(system) == 1
    base = (
        term("constant") + term("land") * land + term("near") * field.near + term("major") * field.major[None, :, None]
    )
    base = base + term("hostility") * np.maximum(-field.friend, 0) - term("affinity") * np.maximum(field.friend, 0)
    helpers, joiners = _helpers(system, stage, onset, table or parameters.load("ties"), seed, draws)
    return Threats(
        system,
        stage,
        helpers,
        joiners,
        base,
        onset.draws("eta.odds", seed, draws),
        onset.draws("odds.limit", seed, draws),
        onset.draws("help.emboldenment", seed, draws),
        land,
    )


def _helpers(
    system: System, stage: Theatre, onset: Params, ties: Params, seed: int, draws: int
) -> tuple[dict[tuple[int, int], NDArray[np.float64]], dict[tuple[int, int], NDArray[np.float64]]]:
    """Return who might come to help whom, and who is pledged to join whose attack, each with its chance by adversary (draws, n)."""
    n, pledges = len(system.actors), stage.pledges
    codes = law.codes_if_attacked(pledges, n)
    honour = _honour(system, stage, seed, draws)
    open_clause = stage.field.undetermined
    undetermined = np.isin(codes, [c for c, v in law.VERDICT_OF.items() if v == "undetermined"])
    helpers: dict[tuple[int, int], NDArray[np.float64]] = {}
    joiners: dict[tuple[int, int], NDArray[np.float64]] = {}
    for p in np.flatnonzero(np.isin(pledges.kind, [law.DEFENSE, law.OFFENSE])):
        key = int(pledges.to[p]), int(pledges.by[p])
        if pledges.kind[p] == law.OFFENSE:
            named = pledges.targets[p] if pledges.target_mode[p] == law.NAMED else np.ones(n, dtype=bool)
            come, into = honour[:, p, None] * (named & ~pledges.excluded[p]), joiners
        else:
            come, into = (
                honour[:, p, None] * ((codes[p] == law.BOUND) + undetermined[p] * open_clause[:, None]),
                helpers,
            )
        into[key] = np.maximum(into[key], come) if key in into else come
    for i, k, chance in (*_sponsors(system, onset, seed, draws), *_aligned(system, onset, ties, seed, draws)):
        come = np.repeat(chance[:, None], n, axis=1)
        helpers[i, k] = np.maximum(helpers[i, k], come) if (i, k) in helpers else come
    return helpers, joiners


def _honour(system: System, stage: Theatre, seed: int, draws: int) -> NDArray[np.float64]:
    """Return the chance that each pledge is honoured, shape (draws, P), by ``params/reliability.toml``."""
    table = parameters.load("reliability")
    era = "until_1944" if system.date.year <= 1944 else "from_1945"
    keys = [f"honour:{p.id}:{g.by}:{to}:{g.type}" for p, g, to in stage.nouns]
    out = streams.uniforms(seed, streams.keys_of(keys), draws) if keys else np.zeros((draws, 0))
    dilution = table.draws("defense.dilution", seed, draws)
    for p, (pact, _, _) in enumerate(stage.nouns):
        param = table[f"{pact.kind}.any" if pact.kind in {"guarantee", "intervention"} else f"defense.{era}"]
        out[:, p] = param.low + (param.high - param.low) * out[:, p]
        if pact.kind == "treaty":
            out[:, p] *= max(1, (pact.size or len(pact.active_members(system.date))) - 1) ** -dilution
    return out


def _sponsors(system: System, onset: Params, seed: int, draws: int) -> Iterator[tuple[int, int, NDArray[np.float64]]]:
    """Yield client, sponsor and the chance, shape (n_draws,), that the sponsor fights for it."""
    per_unit = onset.draws("help.sponsor", seed, draws)
    for tie in system.active_ties():
        if tie.reason == "sponsorship":
            u = streams.uniforms(seed, streams.keys_of([tie_key(tie)]), draws)[:, 0]
            yield system.index[tie.b], system.index[tie.a], per_unit * np.maximum(tie.strength.at(u), 0)


def _aligned(
    system: System, onset: Params, ties: Params, seed: int, draws: int
) -> Iterator[tuple[int, int, NDArray[np.float64]]]:
    """Yield each ordered pair of an alignment and the chance, shape (n_draws,), that the second fights for the first."""
    per_unit = onset.draws("help.alignment", seed, draws)
    for pact in system.active_pacts():
        if pact.kind == "alignment":
            u = streams.uniforms(seed, streams.keys_of([f"pact:{pact.id}"]), draws)[:, 0]
            unstated = ties["derived.pact.alignment"]
            closeness = pact.strength.at(u) if pact.strength else unstated.low + (unstated.high - unstated.low) * u
            members = [system.index[m] for m in pact.active_members(system.date)]
            yield from ((i, k, per_unit * closeness) for i in members for k in members if i != k)
