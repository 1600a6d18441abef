"""Propensities: how much each pair of actors wants to be together or apart, kept apart by reason.

The propensity of a pair is the sum over reasons of weight times strength; weights, strengths of derived reasons and the exponent of size
stand in one table (``params/ties.toml``), the same for every year and scenario. A pair counts if a tie or pact joins it, or if its
regime or religion is known and it is in touch (contiguous, or both great powers). Finds no blocs; see `foedus.blocs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.kernels import distance, signed, streams
from foedus.system import covariates
from foedus.system.lookup import DIRECTED_REASONS
from foedus.system.nouns import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.nouns import Pact, Tie
    from foedus.system.system import System

_COLUMN = {r: k for k, r in enumerate(REASONS)}
_BINDING = {"defense", "offense", "guarantee", "intervention"}
ROUNDING = 1e-14
"""Propensities below it are what rounding leaves of parts that cancel; parts are of the order of 1."""
_HOSTILE = ("territory", "injury", "rivalry", "war")


@dataclass(frozen=True)
class Propensity:
    """Weighted parts of each pair's propensity.

    Attributes
    ----------
    i, j : int64 arrays, shape (n_pairs,)
        Positions in ``system.actors``, ``i < j``.
    parts : float64 array, shape (n_draws, n_reasons, n_pairs)
        Weight times strength, in the order of `foedus.system.nouns.REASONS`.
    binding : float64 array, shape (n_draws, n_pairs)
        What pledges to fight add to the part ``pact``, which a model of war takes from the pledges themselves.
    residual : float64 array, shape (n_draws, n_pairs)
        What no coded reason covers.
    size : float64 array, shape (n_draws, n)
        Capability share to the power of the drawn exponent.
    power : float64 array, shape (n_draws, n)
        Capability shares in the system.
    """

    n: int
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    parts: NDArray[np.float64]
    binding: NDArray[np.float64]
    residual: NDArray[np.float64]
    size: NDArray[np.float64]
    power: NDArray[np.float64]

    @cached_property
    def total(self) -> NDArray[np.float64]:
        """Propensity of each pair, shape (n_draws, n_pairs); parts that cancel give 0, not what rounding leaves of them."""
        total = self.parts.sum(axis=1) + self.residual
        total[np.abs(total) < ROUNDING] = 0.0
        return total

    @cached_property
    def scale(self) -> NDArray[np.float64]:
        """Product of the two sizes, shape (n_draws, n_pairs)."""
        return self.size[:, self.i] * self.size[:, self.j]

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """Weight of each tie in the landscape, shape (n_draws, n_pairs)."""
        return self.total * self.scale

    def matrix(self, draw: int = 0) -> NDArray[np.float64]:
        """Return the symmetric propensity matrix of one draw, shape (n, n)."""
        out = np.zeros((self.n, self.n))
        out[self.i, self.j] = out[self.j, self.i] = self.total[draw]
        return out


def propensity(system: System, *, seed: int | None = 0, n_draws: int = 1, table: Params | None = None) -> Propensity:
    """Return the propensities of a system.

    Parameters
    ----------
    system : System
    seed : int or None
        None puts every uncertain number at its centre and leaves the residual out (one draw).
    n_draws : int
    table : Params, optional
        Replaces ``params/ties.toml``.

    Returns
    -------
    Propensity

    Notes
    -----
    Additive reasons with equal footing follow Axelrod & Bennett's coding of propensities [AxelrodBennett1993]_; strengths and weights here
    are assumed, and drawn from intervals.
    """
    table = table or parameters.load("ties")
    n_draws = 1 if seed is None else n_draws
    builder = _Builder(system, seed, n_draws, table)
    builder.coded()
    builder.factions()
    builder.pacts()
    builder.regime_and_religion()
    builder.fear_and_common_enemy()
    return builder.result()


class _Builder:
    """Accumulates the parts of one call of `propensity`."""

    def __init__(self, system: System, seed: int | None, n_draws: int, table: Params) -> None:
        self.system, self.seed, self.n_draws, self.table = system, seed, n_draws, table
        self.n = len(system.actors)
        self.contiguity = covariates.contiguity(system)
        self.ties = [t for t in system.active_ties() if t.reason in _COLUMN]
        self.active = sorted(system.active_pacts(), key=lambda p: p.id)
        self.joined = _strongest_pacts(system, self.active)
        major = np.array([a.major for a in system.actors])
        self.leanings = [
            (a, f, _ordered(system.index[a.id], system.index[f.leans])) for a in system.actors for f in a.factions
            if f.leans is not None and f.leans in system.index and f.leans != a.id
        ]  # fmt: skip
        coded = {_ordered(system.index[t.a], system.index[t.b]) for t in self.ties}
        coded |= {pair for *_, pair in self.leanings}
        coded |= {pair for k in self.joined.values() for pair in zip(k.i.tolist(), k.j.tolist(), strict=True)}
        touch = {(int(a), int(b)) for a, b in np.argwhere((self.contiguity > 0) | np.outer(major, major)) if a < b}
        pairs = sorted(coded | touch)
        self.i = np.array([p[0] for p in pairs], dtype=np.int64)
        self.j = np.array([p[1] for p in pairs], dtype=np.int64)
        self.at = {p: k for k, p in enumerate(pairs)}
        self.parts = np.zeros((n_draws, len(REASONS), len(pairs)))
        self.binding = np.zeros((n_draws, len(pairs)))
        self.power = covariates.effective_capability(system, seed=seed, n_draws=n_draws)
        self.weight = {r: self.param(f"weight.{r}") for r in REASONS}

    def param(self, name: str) -> NDArray[np.float64]:
        """Return draws of a parameter, shape (n_draws,)."""
        return (
            np.array([self.table[name].centre])
            if self.seed is None
            else self.table.draws(name, self.seed, self.n_draws)
        )

    def u(self, keys: list[str]) -> NDArray[np.float64]:
        """Return uniforms, shape (n_draws, len(keys)); one half where centred."""
        if self.seed is None or not keys:
            return np.full((self.n_draws, len(keys)), 0.5)
        return streams.uniforms(self.seed, streams.keys_of(keys), self.n_draws)

    def coded(self) -> None:
        """Add the ties that the system states."""
        factors = {o: self.table[f"openness.{o}"] for o in {t.openness for t in self.ties}}
        u = self.u([tie_key(t) for t in self.ties])
        v = self.u(["openness:" + tie_key(t) for t in self.ties])
        for k, tie in enumerate(self.ties):
            pair = self.at[_ordered(self.system.index[tie.a], self.system.index[tie.b])]
            factor = factors[tie.openness]
            strength = tie.strength.at(u[:, k]) * (factor.low + (factor.high - factor.low) * v[:, k])
            self.parts[:, _COLUMN[tie.reason], pair] += strength
        np.clip(self.parts, -1.0, 1.0, out=self.parts)
        for reason, column in _COLUMN.items():
            self.parts[:, column] *= self.weight[reason][:, None]

    def factions(self) -> None:
        """Add the pull of an actor's factions towards those to whom they lean, by their weight in its decisions."""
        scale = self.param("derived.faction.scale") * self.weight["faction"]
        rows = self.leanings
        u = self.u([f"faction:{a.id}:{f.id}" for a, f, _ in rows])
        for k, (_, faction, pair) in enumerate(rows):
            self.parts[:, _COLUMN["faction"], self.at[pair]] += faction.weight.at(u[:, k]) * scale

    def pacts(self) -> None:
        """Add, for each pair that pacts join, the strongest of them; a pact is drawn once, so a hollow one is hollow for all its members."""
        dilution = self.param("derived.pact.dilution")
        strength = np.full((self.n_draws, len(self.i)), -np.inf)
        loose = strength.copy()
        for kind, joined in sorted(self.joined.items()):
            pacts, of_pact = np.unique(joined.pact, return_inverse=True)
            many, of_many = np.unique(joined.others, return_inverse=True)
            u = self.u([f"pact:{self.active[k].id}" for k in pacts.tolist()])
            drawn = np.stack(
                [self.quantile(kind, self.active[k], u[:, c]) for c, k in enumerate(pacts.tolist())], axis=1
            )
            weaker = np.stack([m**-dilution for m in many.tolist()], axis=1)
            at = self.position(joined)
            value = drawn[:, of_pact] * weaker[:, of_many]
            strength[:, at] = np.maximum(strength[:, at], value)
            if kind not in _BINDING:
                loose[:, at] = np.maximum(loose[:, at], value)
        at = np.flatnonzero(np.isfinite(strength).any(axis=0))
        loose[np.isneginf(loose)] = 0.0
        self.parts[:, _COLUMN["pact"], at] = strength[:, at] * self.weight["pact"][:, None]
        self.binding[:, at] = (strength[:, at] - loose[:, at]) * self.weight["pact"][:, None]

    def position(self, joined: _Joined) -> NDArray[np.int64]:
        """Return the positions of pairs in ``i`` and ``j``."""
        return np.searchsorted(self.i * self.n + self.j, joined.i * self.n + joined.j)

    def quantile(self, kind: str, pact: Pact, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the strength that a pact of ``kind`` gives; an alignment may state its own."""
        if kind == "alignment" and pact.strength is not None:
            return pact.strength.at(u)
        param = self.table[f"derived.pact.{kind}"]
        return param.low + (param.high - param.low) * u

    def regime_and_religion(self) -> None:
        """Add likeness of regime and of ruling confession for pairs in touch; an unknown leaves the reason out."""
        actors, i, j = self.system.actors, self.i, self.j
        if self.seed is None:
            level = np.array([[a.regime.centre if a.regime else np.nan for a in actors]])
        else:
            level = covariates.draw(
                [a.regime for a in actors], [f"regime:{a.id}" for a in actors], self.seed, self.n_draws
            )
        scale, pivot = self.param("derived.regime.scale")[:, None], self.param("derived.regime.pivot")[:, None]
        free = ~self.stated("regime")
        likeness = np.clip(1 - np.abs(level[:, i[free]] - level[:, j[free]]) / pivot, -1, 1)
        self.parts[:, _COLUMN["regime"], free] = np.nan_to_num(likeness * scale * self.weight["regime"][:, None])
        confessions = self.table.under("derived.religion")
        ruling = [a.religion_ruling for a in actors]
        rules = [_religion_rule(ruling[a], ruling[b], confessions) for a, b in zip(i.tolist(), j.tolist(), strict=True)]
        named, free = np.array(rules, dtype=object), ~self.stated("religion")
        for rule in sorted({r for r in rules if r is not None}):
            value = self.param(f"derived.religion.{rule}") * self.weight["religion"]
            self.parts[:, _COLUMN["religion"], free & (named == rule)] = value[:, None]

    def stated(self, reason: str) -> NDArray[np.bool_]:
        """Return which pairs have a tie of ``reason`` that the system states, shape (n_pairs,)."""
        index, out = self.system.index, np.zeros(len(self.i), dtype=np.bool_)
        out[[self.at[_ordered(index[t.a], index[t.b])] for t in self.ties if t.reason == reason]] = True
        return out

    def fear_and_common_enemy(self) -> None:
        """Add fear of a stronger and near foe, and the pull of a shared one."""
        foes = [_COLUMN[r] for r in _HOSTILE]
        used = [
            c for c in range(len(REASONS)) if self.parts[:, c].any() or (c == _COLUMN["pact"] and self.binding.any())
        ]
        for c, salience in zip(used, self.salience(used), strict=True):
            self.parts[:, c] *= salience
            if c == _COLUMN["pact"]:
                self.binding *= salience
        hostility = np.clip(-np.minimum(self.parts[:, foes], 0.0).sum(axis=1), 0.0, 1.0)
        if not len(self.i):
            return
        ci, cj = self.power[:, self.i], self.power[:, self.j]
        share = np.maximum(ci, cj) / (ci + cj)
        near = self.nearness()
        fear = self.param("derived.fear.scale")[:, None] * hostility * share * near
        self.parts[:, _COLUMN["fear"]] -= fear * self.weight["fear"][:, None]
        shared = signed.common_enemy(self.n, self.i, self.j, hostility, self.power)
        scale = (self.param("derived.common_enemy.scale") * self.weight["common_enemy"])[:, None]
        self.parts[:, _COLUMN["common_enemy"]] += (
            scale * shared * (hostility < self.param("derived.common_enemy.unless")[:, None])
        )

    def salience(self, used: list[int]) -> Iterator[NDArray[np.float64]]:
        """Yield how much more or less than usual each reason of ``used`` weighs with the two actors of a pair, (n_draws, n_pairs)."""
        half = 0.5 * self.param("derived.salience.log_sd")[:, None]
        for c in used:
            noise = _normal(self.u([f"salience:{a}:{REASONS[c]}" for a in self.system.ids]))
            own = half * noise
            yield np.exp(own[:, self.i] + own[:, self.j])

    def nearness(self) -> NDArray[np.float64]:
        """Return 1 for land neighbours, else exp(-distance / range), shape (n_draws, n_pairs)."""
        km = covariates.distance_draws(self.system, seed=self.seed, n_draws=self.n_draws)[:, self.i, self.j]
        near = distance.boulding(km, self.param("derived.fear.range_km")[:, None])
        return np.where(self.contiguity[self.i, self.j] == 1, 1.0, near)

    def result(self) -> Propensity:
        """Return the finished record; pairs without any part go."""
        keep = np.any(self.parts != 0.0, axis=(0, 1))
        ids = self.system.ids
        pairs = zip(self.i[keep], self.j[keep], strict=True)
        keys = [f"residual:{':'.join(sorted((ids[a], ids[b])))}" for a, b in pairs]
        noise = _normal(self.u(keys)) * self.param("derived.residual.sd")[:, None]
        exponent = self.param("derived.size.exponent")
        return Propensity(
            self.n,
            self.i[keep],
            self.j[keep],
            self.parts[:, :, keep],
            self.binding[:, keep],
            noise,
            self.power ** exponent[:, None],
            self.power,
        )


def _normal(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return standard normal quantiles."""
    from scipy.special import ndtri

    return ndtri(u)


def _ordered(a: int, b: int) -> tuple[int, int]:
    """Return the pair in increasing order."""
    return (a, b) if a < b else (b, a)


def tie_key(tie: Tie) -> str:
    """Return what identifies a tie's draws, whichever of the two is written first where the reason has no direction."""
    ends = (tie.a, tie.b) if tie.reason in DIRECTED_REASONS else sorted((tie.a, tie.b))
    return f"tie:{':'.join(ends)}:{tie.reason}"


@dataclass(frozen=True)
class _Joined:
    """The pairs that one kind of pact joins (``i < j``), with the other members and the position of the pact of that kind with fewest."""

    i: NDArray[np.int64]
    j: NDArray[np.int64]
    others: NDArray[np.int64]
    pact: NDArray[np.int64]


def _strongest_pacts(system: System, active: Sequence[Pact]) -> dict[str, _Joined]:
    """Return, by kind of pact (the pledge's type, or the kind of what is no treaty), the pairs that it joins."""
    n, nobody, index = len(system.actors), np.iinfo(np.int64).max, system.index
    rank: dict[str, NDArray[np.int64]] = {}
    for k, pact in enumerate(active):
        members = pact.active_members(system.date)
        others = max(1, (pact.size or len(members)) - 1) if pact.kind in {"treaty", "alignment"} else 1
        for kind, by, to in _promises(pact, members):
            if kind not in rank:
                rank[kind] = np.full((n, n), nobody)
            block = np.array([[index[a]] for a in by]), np.array([index[a] for a in to if a in index], dtype=np.int64)
            rank[kind][block] = np.minimum(rank[kind][block], others * len(active) + k)
    out = {}
    for kind, best in rank.items():
        best = np.minimum(best, best.T)  # noqa: PLW2901
        i, j = np.nonzero(np.triu(best < nobody, 1))
        out[kind] = _Joined(i, j, *np.divmod(best[i, j], len(active)))
    return out


def _promises(pact: Pact, members: tuple[str, ...]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Yield (kind, who promises, to whom) of a pact in force; an alignment promises nothing and joins all its members."""
    if pact.kind == "alignment":
        yield "alignment", members, members
    to_all: dict[str, list[str]] = {}
    for pledge in pact.pledges:
        if pledge.by in members:
            kind = pledge.type if pact.kind == "treaty" else pact.kind
            if pledge.to:
                yield kind, (pledge.by,), pledge.to
            else:
                to_all.setdefault(kind, []).append(pledge.by)
    for kind, by in to_all.items():
        yield kind, by, members


def _religion_rule(a: str | None, b: str | None, rules: Mapping[str, object]) -> str | None:
    """Return the name of the rule for two ruling confessions, None where none applies."""
    if a is None or b is None or "none" in {a, b} or "mixed" in {a, b}:
        return None
    if a == b:
        return "same"
    return next((name for name in (f"{a}:{b}", f"{b}:{a}") if name in rules), None)
