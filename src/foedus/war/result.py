"""Result of a simulated war: frozen; every chance comes from counts over all wars, chains from the wars that were kept one by one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.nested import Estimate, nested
from foedus.kernels.cascade import CAUSES, CUTS
from foedus.war.batches import at_war
from foedus.war.field import land_pairs
from foedus.war.grouped import estimates, ratio_of_groups

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.kernels.tally import Tally
    from foedus.params import Params
    from foedus.system.system import System
    from foedus.war.rates import Rates

CAUSE_WORDS = {
    "pledge": "pledge to", "alignment": "alignment with", "sponsorship": "sponsorship of", "sponsored": "sponsored by", "attraction": "ties to",
    "hostility": "enmity with", "proximity": "border with or nearness to", "attacked": "attacked by", "unexplained": "no coded reason",
}  # fmt: skip
"""How a link of a chain is told; links of attraction are split by whether an alignment or a sponsorship joins the two."""


@dataclass(frozen=True)
class War:
    """Simulated wars from one flashpoint.

    Attributes
    ----------
    system : System
    attacker, target : str
        Originators of side A and side B.
    tally : Tally
        Counts over all wars; see `foedus.kernels.tally.Tally`.
    side, entered, cause, through : arrays, shape (kept, n)
        The wars kept one by one, from the first; see `foedus.kernels.cascade.Spread`.
    won : int8 array, shape (kept,)
        1 where side A prevails.
    day, left : float32 arrays, shape (kept, n)
        Days from the first shot to entry and to leaving before the end; -1 never.
    ended : float32 array, shape (kept,)
        Days to the war's end; -1 where it was not over by the horizon.
    power : float64 array, shape (n_outer, n)
        Capability shares behind each group of ``inner`` draws; groups take them in turn.
    seed, inner : int
    asked : int
        Wars asked for: more than ``draws`` where the run was stopped.
    days : float
        The horizon: days after the first shot that were drawn.
    ties : Params or None
        The table of reasons, if it was not the shipped one.
    rates : Rates or None
        The rates, if they were not those shipped.
    """

    system: System
    attacker: str
    target: str
    tally: Tally
    side: NDArray[np.int8]
    entered: NDArray[np.int8]
    cause: NDArray[np.int8]
    through: NDArray[np.int16]
    won: NDArray[np.int8]
    day: NDArray[np.float32]
    left: NDArray[np.float32]
    ended: NDArray[np.float32]
    power: NDArray[np.float64]
    seed: int
    inner: int
    asked: int
    days: float
    ties: Params | None = None
    rates: Rates | None = None

    @property
    def draws(self) -> int:
        """Number of simulated wars."""
        return int(self.tally.wars.sum())

    @property
    def kept(self) -> int:
        """Number of wars kept one by one, from the first."""
        return len(self.side)

    @cached_property
    def p_join(self) -> dict[str, tuple[Estimate, Estimate]]:
        """Chance of each actor to have entered on side A and on side B by the horizon, with 90 % intervals over uncertain inputs.

        The two of the first shot are there by assumption, which has no interval.
        """
        a, b = (self._chances(self.tally.side[:, k]) for k in (0, 1))
        found = {actor: (a[k], b[k]) for k, actor in enumerate(self.system.ids)}
        return found | {
            self.attacker: (self._sure(1.0), self._sure(0.0)),
            self.target: (self._sure(0.0), self._sure(1.0)),
        }

    @cached_property
    def p_war(self) -> dict[str, Estimate]:
        """Chance of each actor to have entered on either side by the horizon, whether or not it is still in the war then; see `p_join`."""
        found = dict(zip(self.system.ids, self._chances(self.tally.side.sum(axis=1)), strict=True))
        return found | {a: self._sure(1.0) for a in (self.attacker, self.target)}

    def _sure(self, value: float) -> Estimate:
        """Return what holds by assumption in every draw."""
        return Estimate(value, value, value, 0.0, "simulated", self.draws, self.seed, 0.9)

    @cached_property
    def size(self) -> Estimate:
        """Number of belligerents, all that entered."""
        t = self.tally
        return estimates(t.size[:, None], t.wars, self.inner, t.square[:, None], seed=self.seed)[0]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Number of belligerents of each kept war."""
        return (self.side > 0).sum(axis=1)

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """Share of the system's capability that entered each kept war."""
        return at_war(self.side, self.power[np.arange(self.kept) // self.inner % len(self.power)])

    @cached_property
    def p_general(self) -> Estimate:
        """Chance that actors with at least half of the system's capability entered, not necessarily at one time."""
        return self._chances(self.tally.general[:, None])[0]

    @cached_property
    def p_spread(self) -> Estimate:
        """Chance that anybody joins the first two."""
        return self._chances(self.tally.spread[:, None])[0]

    @cached_property
    def p_attacker_prevails(self) -> Estimate:
        """Chance that side A prevails."""
        return self._chances(self.tally.won[:, None])[0]

    @cached_property
    def p_over(self) -> Estimate:
        """Chance that the war has ended by the horizon."""
        return self._chances(self.tally.over[:, None])[0]

    @cached_property
    def p_left(self) -> dict[str, Estimate]:
        """Chance of each actor to have entered and made a separate peace by the horizon."""
        return dict(zip(self.system.ids, self._chances(self.tally.left), strict=True))

    def _chances(self, counts: NDArray[np.int64]) -> list[Estimate]:
        """Return the chance behind each column of counts by group."""
        return estimates(counts, self.tally.wars, self.inner, seed=self.seed)

    def size_distribution(self) -> dict[int, float]:
        """Return the share of draws by number of belligerents."""
        return {int(n): float(self.tally.sizes[n] / self.draws) for n in np.flatnonzero(self.tally.sizes)}

    def size_chances(self) -> dict[int, Estimate]:
        """Return `size_distribution` with 90 % intervals over uncertain inputs and coefficients, which the kept wars give."""
        shares = self.size_distribution()
        found = nested(self.counts[:, None] == np.array(list(shares)), self.inner, seed=self.seed)
        return {
            n: replace(e, mean=p, low=min(e.low, p), high=max(e.high, p))
            for (n, p), e in zip(shares.items(), found, strict=True)
        }

    @cached_property
    def _alignments(self) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        """Pairs joined by an alignment, in both orders, and pairs of sponsor and client."""
        date = self.system.date
        aligned = {
            (x, y)
            for p in self.system.active_pacts() if p.kind == "alignment"
            for x in p.active_members(date) for y in p.active_members(date) if x != y
        }  # fmt: skip
        return aligned, {(t.a, t.b) for t in self.system.active_ties() if t.reason == "sponsorship"}

    def link(self, actor: str, cause: str, through: str | None) -> str:
        """Return the kind of a link of a chain, a key of `CAUSE_WORDS`: that of the cause, attraction split by alignment and sponsorship."""
        if cause != "attraction" or through is None:
            return cause
        aligned, sponsors = self._alignments
        if (actor, through) in sponsors:
            return "sponsorship"
        if (through, actor) in sponsors:
            return "sponsored"
        return "alignment" if (actor, through) in aligned else "attraction"

    def chains(self, top: int = 8) -> list[tuple[tuple[str, ...], float]]:
        """Return the commonest chains from the first shot to an entry, with the share of the kept wars that hold them.

        A chain reads ``AUH > SER``, ``RUS (ties to SER)``, ``GMY (pledge to AUH)``: each entry on account of the one before; each link says its kind.
        """
        return [(chain, e.mean) for chain, e in self.chain_chances(top)]

    def chain_chances(self, top: int = 8) -> list[tuple[tuple[str, ...], Estimate]]:
        """Return `chains` with the 90 % interval of each share over uncertain inputs and coefficients, at least that of the number of kept wars."""
        from foedus.war.chains import chances

        return chances(self, top)

    def fronts(self, top: int = 12) -> list[tuple[str, str, Estimate]]:
        """Return the land borders between actors that entered on opposite sides, with the chance of each: where the war would be fought.

        Both entered by the horizon; one may have left before the other came.
        """
        pairs, chances = land_pairs(self.system), self._chances(self.tally.front)
        order = sorted(range(len(pairs)), key=lambda k: -chances[k].mean)[:top]
        ids = self.system.ids
        return [(ids[pairs[k, 0]], ids[pairs[k, 1]], chances[k]) for k in order if chances[k].mean > 0]

    def at_home(self) -> dict[str, Estimate]:
        """Return each actor's chance to have entered against a land neighbour that entered too, that is to have a front at its own border."""
        return dict(zip(self.system.ids, self._chances(self.tally.home), strict=True))

    def territory(self) -> dict[str, Estimate]:
        """Return the share of the fighting along land borders that falls to each actor's territory, actors without any left out.

        In a kept war a pair of opposed belligerents with a land border fights from the day on which both are in it until one leaves, the war ends
        or the horizon is reached; half of those days count for either's territory. Wars without a land front are left out: where they are fought
        is not known.
        """
        pairs, n = land_pairs(self.system), len(self.system.ids)
        horizon = np.where(self.ended >= 0, self.ended, self.days)[:, None]
        until = np.where(self.left >= 0, self.left, horizon)
        days = np.zeros((self.kept, n))
        for x, y in pairs:
            met = (self.side[:, x] > 0) & (self.side[:, x] + self.side[:, y] == 3) & (self.side[:, y] > 0)
            shared = np.minimum(until[:, x], until[:, y]) - np.maximum(self.day[:, x], self.day[:, y])
            both = np.where(met, np.maximum(shared, 0.0), 0.0) / 2
            days[:, x] += both
            days[:, y] += both
        total = days.sum(axis=1)
        fought = total > 0
        if not fought.any():
            return {}
        share = np.divide(days, total[:, None], out=np.zeros_like(days), where=fought[:, None])
        means = ratio_of_groups(share, fought, self.inner, seed=self.seed)
        return {a: means[k] for k, a in enumerate(self.system.ids) if days[:, k].any()}

    def reasons(self, actor: str) -> dict[str, float]:
        """Return what weighed most when ``actor`` entered, as shares of its entries."""
        counts = self.tally.cause[self.system.index[self.system.actor(actor).id], 1:]
        return {why: float(c / counts.sum()) for why, c in zip(CAUSES[1:], counts, strict=True) if c}

    def table(self) -> pl.DataFrame:
        """Return one row an actor: chances by side with intervals, of leaving, median day of entry in the kept wars, what weighed most."""
        import polars as pl

        rows = []
        for k, actor in enumerate(self.system.actors):
            a, b = self.p_join[actor.id]
            days = self.day[self.entered[:, k] > 0, k]
            why = self.reasons(actor.id)
            rows.append({
                "actor": actor.id, "name": actor.name, "p_war": self.p_war[actor.id].mean, "p_low": self.p_war[actor.id].low,
                "p_high": self.p_war[actor.id].high, "p_side_a": a.mean, "p_side_b": b.mean,
                "day": 0.0 if actor.id in (self.attacker, self.target) else float(np.median(days)) if len(days) else None,
                "p_left": self.p_left[actor.id].mean,
                "mainly": max(why, key=lambda w: why[w]) if why else "",
            })  # fmt: skip
        frame = pl.DataFrame(rows, schema_overrides={"day": pl.Float64})
        return frame.sort(["p_war", "actor"], descending=[True, False])

    def by_days(self) -> pl.DataFrame:
        """Return the chance of each actor to enter in each class of days, of the kept wars, with intervals.

        Returns
        -------
        polars.DataFrame
            One row an actor and class of days: ``actor``, ``from_day`` (days after the first shot), ``to_day``, ``p``, ``low``, ``high``. The
            first two are in from day 0. Classes beyond the horizon are left out; the first kept wars stand for all.
        """
        import polars as pl

        bounds = [*(c for c in CUTS if c < self.days), self.days]
        when = np.where(self.side > 0, self.day, -1.0)
        rows: list[dict[str, Any]] = []
        for first, last in itertools.pairwise(bounds):
            inside = (when >= first) & ((when < last) | (last == self.days))
            found = nested(inside, self.inner)
            rows += [
                {"actor": a, "from_day": first, "to_day": last, "p": e.mean, "low": e.low, "high": e.high}
                for a, e in zip(self.system.ids, found, strict=True)
            ]
        return pl.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the draws as JSON's own types."""
        return {
            "attacker": self.attacker, "target": self.target, "date": self.system.date.isoformat(), "draws": self.draws, "asked": self.asked,
            "kept": self.kept, "inner": self.inner, "seed": self.seed, "days": self.days,
            "standing": "simulated", "p_spread": self.p_spread.to_dict(), "p_general": self.p_general.to_dict(),
            "p_attacker_prevails": self.p_attacker_prevails.to_dict(), "p_over": self.p_over.to_dict(), "size": self.size.to_dict(),
            "size_distribution": {str(k): v for k, v in self.size_distribution().items()},
            "size_chances": {str(k): e.to_dict() for k, e in self.size_chances().items()},
            "chains": [{"chain": list(c), "share": e.mean, "low": e.low, "high": e.high} for c, e in self.chain_chances()],
            "fronts": [{"a": a, "b": b, **e.to_dict()} for a, b, e in self.fronts()],
            "at_home": {k: e.to_dict() for k, e in self.at_home().items()}, "actors": self.table().to_dicts(), "system": self.system.hash,
        }  # fmt: skip
