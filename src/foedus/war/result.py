"""Result of a simulated war: frozen; every chance comes from counts over all wars, chains from the wars that were kept one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.kernels.cascade import CAUSES
from foedus.war.batches import at_war
from foedus.war.field import land_pairs
from foedus.war.grouped import estimates

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.estimate.nested import Estimate
    from foedus.kernels.tally import Tally
    from foedus.params import Params
    from foedus.system.system import System

CAUSE_WORDS = {
    "pledge": "pledge to",
    "attraction": "ties to",
    "hostility": "enmity with",
    "proximity": "nearness to",
    "unexplained": "no coded reason",
}


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
        The wars kept one by one, from the first; see `foedus.kernels.cascade.spread`.
    won : int8 array, shape (kept,)
        1 where side A prevails.
    power : float64 array, shape (n_outer, n)
        Capability shares behind each group of ``inner`` draws; groups take them in turn.
    seed, inner : int
    asked : int
        Wars asked for: more than ``draws`` where the run was stopped.
    ties : Params or None
        The table of reasons, if it was not the shipped one.
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
    power: NDArray[np.float64]
    seed: int
    inner: int
    asked: int
    ties: Params | None = None

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
        """Chance of each actor to be at war on side A and on side B, with 90 % intervals over uncertain inputs."""
        a, b = (self._chances(self.tally.side[:, k]) for k in (0, 1))
        return {actor: (a[k], b[k]) for k, actor in enumerate(self.system.ids)}

    @cached_property
    def p_war(self) -> dict[str, Estimate]:
        """Chance of each actor to be at war on either side."""
        return dict(zip(self.system.ids, self._chances(self.tally.side.sum(axis=1)), strict=True))

    @cached_property
    def size(self) -> Estimate:
        """Number of belligerents."""
        t = self.tally
        return estimates(t.size[:, None], t.wars, self.inner, t.square[:, None])[0]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Number of belligerents of each kept war."""
        return (self.side > 0).sum(axis=1)

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """Share of the system's capability at war in each kept war."""
        return at_war(self.side, self.power[np.arange(self.kept) // self.inner % len(self.power)])

    @cached_property
    def p_general(self) -> Estimate:
        """Chance that actors with at least half of the system's capability are at war."""
        return self._chances(self.tally.general[:, None])[0]

    @cached_property
    def p_spread(self) -> Estimate:
        """Chance that anybody joins the first two."""
        return self._chances(self.tally.spread[:, None])[0]

    @cached_property
    def p_attacker_prevails(self) -> Estimate:
        """Chance that side A prevails."""
        return self._chances(self.tally.won[:, None])[0]

    def _chances(self, counts: NDArray[np.int64]) -> list[Estimate]:
        """Return the chance behind each column of counts by group."""
        return estimates(counts, self.tally.wars, self.inner)

    def size_distribution(self) -> dict[int, float]:
        """Return the share of draws by number of belligerents."""
        return {int(n): float(self.tally.sizes[n] / self.draws) for n in np.flatnonzero(self.tally.sizes)}

    def chains(self, top: int = 8) -> list[tuple[tuple[str, ...], float]]:
        """Return the commonest chains from the first shot to an entry, with the share of the kept wars that hold them.

        A chain reads ``AUH > SER``, ``RUS (ties to SER)``, ``GMY (pledge to AUH)``: each entry on account of the one before.
        """
        ids, found = self.system.ids, Counter()
        for d in range(self.kept):
            leaves = np.flatnonzero(self.entered[d] > 0)
            used = set(self.through[d, leaves].tolist())
            for x in leaves:
                if int(x) in used:
                    continue
                steps: list[str] = []
                at = int(x)
                while self.entered[d, at] > 0:
                    word = CAUSE_WORDS[CAUSES[self.cause[d, at]]]
                    whom = int(self.through[d, at])
                    steps.append(f"{ids[at]} ({word} {ids[whom]})" if whom >= 0 else f"{ids[at]} ({word})")
                    if whom < 0:
                        break
                    at = whom
                found[(f"{self.attacker} > {self.target}", *reversed(steps))] += 1
        best = sorted(found.items(), key=lambda kv: (-kv[1], kv[0]))[:top]
        return [(chain, count / self.kept) for chain, count in best]

    def fronts(self, top: int = 12) -> list[tuple[str, str, Estimate]]:
        """Return the land borders along which opposed belligerents meet, with the chance of each: where the war would be fought."""
        pairs, chances = land_pairs(self.system), self._chances(self.tally.front)
        order = sorted(range(len(pairs)), key=lambda k: -chances[k].mean)[:top]
        ids = self.system.ids
        return [(ids[pairs[k, 0]], ids[pairs[k, 1]], chances[k]) for k in order if chances[k].mean > 0]

    def at_home(self) -> dict[str, Estimate]:
        """Return each actor's chance to be at war with a land neighbour, that is with the front at its own border."""
        return dict(zip(self.system.ids, self._chances(self.tally.home), strict=True))

    def reasons(self, actor: str) -> dict[str, float]:
        """Return what weighed most when ``actor`` entered, as shares of its entries."""
        counts = self.tally.cause[self.system.index[self.system.actor(actor).id], 1:]
        return {why: float(c / counts.sum()) for why, c in zip(CAUSES[1:], counts, strict=True) if c}

    def table(self) -> pl.DataFrame:
        """Return one row an actor: chances by side with intervals, median round of entry, what weighed most."""
        import polars as pl

        rows = []
        for k, actor in enumerate(self.system.actors):
            a, b = self.p_join[actor.id]
            rounds = self.tally.round[k]
            why = self.reasons(actor.id)
            rows.append({
                "actor": actor.id, "name": actor.name, "p_war": self.p_war[actor.id].mean, "p_low": self.p_war[actor.id].low,
                "p_high": self.p_war[actor.id].high, "p_side_a": a.mean, "p_side_b": b.mean,
                "round": _median(rounds) if rounds.any() else None,
                "mainly": max(why, key=lambda w: why[w]) if why else "",
            })  # fmt: skip
        frame = pl.DataFrame(rows, schema_overrides={"round": pl.Float64})
        return frame.sort(["p_war", "actor"], descending=[True, False])

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the draws as JSON's own types."""
        return {
            "attacker": self.attacker, "target": self.target, "draws": self.draws, "asked": self.asked, "kept": self.kept,
            "inner": self.inner, "seed": self.seed,
            "standing": "simulated", "p_spread": self.p_spread.to_dict(), "p_general": self.p_general.to_dict(),
            "p_attacker_prevails": self.p_attacker_prevails.to_dict(), "size": self.size.to_dict(),
            "size_distribution": {str(k): v for k, v in self.size_distribution().items()},
            "chains": [{"chain": list(c), "share": s} for c, s in self.chains()],
            "fronts": [{"a": a, "b": b, **e.to_dict()} for a, b, e in self.fronts()],
            "at_home": {k: e.to_dict() for k, e in self.at_home().items()}, "actors": self.table().to_dicts(), "system": self.system.hash,
        }  # fmt: skip


def _median(counts: NDArray[np.int64]) -> float:
    """Return the median of whole numbers of which there are ``counts[0]`` zeros, ``counts[1]`` ones and so on."""
    below, total = np.cumsum(counts), counts.sum()
    return float(np.searchsorted(below, [(total - 1) // 2, total // 2], side="right").mean())
