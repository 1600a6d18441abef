"""Results of a bloc analysis: frozen records with the numbers, their standing and their inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.blocs.why import SHOWN, Why, deepened, interval, pulls
from foedus.errors import unknown_state
from foedus.estimate.wilson import wilson
from foedus.system.nouns import REASONS

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.blocs.exact import Partition
    from foedus.blocs.optima import Optima
    from foedus.system.propensity import Propensity
    from foedus.system.system import System

__all__ = ["Balance", "Blocs", "Why"]

DOUBTFUL_BELOW = 0.9
"""An actor whose membership is less sure than this is reported as between the blocs."""


def heard(w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights without what is only the noise of sums in floating point (below 1e-12 of the heaviest).

    Examples
    --------
    >>> heard(np.array([1.0, -1e-17])).tolist()
    [1.0, 0.0]
    """
    return np.where(np.abs(w) < 1e-12 * np.abs(w).max(axis=-1, initial=0.0, keepdims=True), 0.0, w)


@dataclass(frozen=True)
class Balance:
    """How balanced the signs are.

    ``triads`` counts by type; ``triad_share`` is balanced over all, None without triads; ``frustration`` the fewest ties against two blocs, with
    ``frustration_proved``; ``normalised`` is ``1 - 2 L / m`` [Aref2020]_, None without ties.
    """

    triads: dict[str, int]
    triad_share: float | None
    ties: int
    negative: int
    frustration: int
    frustration_proved: bool
    normalised: float | None


@dataclass(frozen=True)
class Blocs:
    """The line-up of a system.

    Attributes
    ----------
    system : System
    two : Partition
        Best bipartition at the centre of every uncertain number; ``two.proved`` says whether it is.
    second : Optima
    three, free : Partition
        Best line-ups into at most three blocs and into any number.
    membership : float64 array, shape (n,)
        Share of draws in which an actor stands with its bloc of ``two`` (draws matched to it by greatest agreement of capability), by
        Laplace's rule (k + 1) / (n + 2); NaN for an actor without ties.
    together : float64 array, shape (n, n)
        Share of draws in which two actors are in one bloc.
    draws, seed : int
    checked, agreed : int
        How many draws were also solved exactly, and in how many the search had found the optimum.
    total : float
        Weight of all ties at the centre.
    """

    system: System
    two: Partition
    second: Optima
    three: Partition
    free: Partition
    membership: NDArray[np.float64]
    together: NDArray[np.float64]
    balance: Balance
    draws: int
    seed: int
    checked: int
    agreed: int
    total: float
    centre: Propensity
    sample: Propensity

    @property
    def names(self) -> tuple[str, str]:
        """Bloc names: each called after the member to whom most friendly ties within it lead, by weight and membership."""
        p, w, label = self.centre, self.centre.weight[0], self.two.label
        inside = np.where((w > 0) & (label[p.i] == label[p.j]), w, 0.0)
        drawn = np.bincount(p.i, inside, p.n) + np.bincount(p.j, inside, p.n)
        hold = (drawn + 1e-12) * np.nan_to_num(self.membership)
        heads = []
        for label in (0, 1):
            members = np.flatnonzero((self.two.label == label) & np.isfinite(self.membership))
            heads.append(self.system.ids[members[np.argmax(hold[members])]] if len(members) else "-")
        return heads[0], heads[1]

    def members(self, label: int) -> tuple[str, ...]:
        """Ids of the actors with ties in a bloc, surest first."""
        rows = np.flatnonzero((self.two.label == label) & np.isfinite(self.membership))
        return tuple(self.system.ids[k] for k in rows[np.argsort(-self.membership[rows], kind="stable")])

    @property
    def doubtful(self) -> tuple[str, ...]:
        """Ids of actors that the data leave between the blocs (membership below 0.9)."""
        return tuple(a for a, m in zip(self.system.ids, self.membership, strict=True) if m < DOUBTFUL_BELOW)

    @property
    def unattached(self) -> tuple[str, ...]:
        """Ids of actors without any tie: in no bloc."""
        return tuple(a for a, m in zip(self.system.ids, self.membership, strict=True) if np.isnan(m))

    @property
    def apart(self) -> tuple[str, ...]:
        """Ids of actors whom enmity alone places: in their bloc of two they have next to no friend (under 5 % of the weight of their ties)."""
        return self.apart_in(self.two.label)

    def apart_in(self, label: NDArray[np.int64]) -> tuple[str, ...]:
        """Ids of actors whom enmity alone places in a line-up, shape (n,)."""
        p, w = self.centre, self.centre.weight[0]
        friendly = np.where((w > 0) & (label[p.i] == label[p.j]), w, 0.0)
        n = p.n
        near = np.bincount(p.i, friendly, n) + np.bincount(p.j, friendly, n)
        every = np.bincount(p.i, np.abs(w), n) + np.bincount(p.j, np.abs(w), n)
        return tuple(self.system.ids[k] for k in range(n) if every[k] > 0 and near[k] < 0.05 * every[k])

    def standing(self, actor: str) -> str:
        """Return ``member``, ``between`` (membership below 0.9), ``apart`` (placed by enmity alone) or ``no ties``."""
        if actor in self.unattached:
            return "no ties"
        return "apart" if actor in self.apart else "between" if actor in self.doubtful else "member"

    def fit(self) -> str:
        """Say whether two blocs fit, from the share of tie weight that each number of blocs leaves frustrated."""
        if self.total == 0:
            return "no ties, no blocs"
        s2, s3, sf = (100 * p.value / self.total for p in (self.two, self.three, self.free))
        count = int(self.free.label.max(initial=0)) + 1
        verdict = (
            "two blocs describe it well" if s2 < 5 else
            "two blocs describe it, with friction" if s2 < 15 and (s2 - sf) < 5 else
            "two blocs fit badly"
        )  # fmt: skip
        return f"{verdict}: {s2:.1f} % of tie weight is frustrated in two blocs, {s3:.1f} % in three, {sf:.1f} % in any number ({count})"

    def why(self, actor: str, *, change: bool = False, seconds: float = 10.0) -> Why:
        """Return what holds ``actor`` in its bloc, by reason and by partner.

        Parameters
        ----------
        actor : str
        change : bool
            Also find the least change of ties that moves it, and where it would stand without each reason; takes solving again.
        seconds : float, s
            Time limit of that.

        Raises
        ------
        UnknownStateError
            No such actor, or one without ties.
        """
        a = self.system.index[self.system.actor(actor).id]
        if np.isnan(self.membership[a]):
            raise unknown_state(actor, self.system.date, [], where="among actors with ties")
        by_reason, by_actor = pulls(self.centre, self.two.label, a), pulls(self.sample, self.two.label, a)
        rows = []
        for k, reason in enumerate(REASONS):
            if np.any(by_actor[0][:, k] != 0):
                rows.append((reason, float(by_reason[0][0, k]), *interval(by_actor[0][:, k])))
        partners, values, sampled = by_reason[2], by_reason[1], by_actor[1]
        shown = []
        for p, partner in enumerate(partners):
            main = REASONS[int((by_reason[3][0, :, p] * np.sign(values[0, p])).argmax())]
            column = int(np.flatnonzero(by_actor[2] == partner)[0]) if partner in by_actor[2] else None
            bounds = interval(sampled[:, column]) if column is not None else (float("nan"),) * 2
            shown.append((self.system.ids[partner], float(values[0, p]), *bounds, main))
        name = self.names[int(self.two.label[a])]
        low, high = wilson(self._hits(self.membership[a : a + 1]), self.draws)
        found = Why(
            self.system.ids[a], name, float(self.membership[a]), tuple(sorted(rows, key=lambda r: -abs(r[1]))),
            tuple(sorted(shown, key=lambda r: -abs(r[1]))), (float(low[0]), float(high[0])),
        )  # fmt: skip
        if not change:
            return found
        return deepened(found, self.system.ids, self.centre, self.weight, self.two, self.names, seconds)

    @property
    def weight(self) -> NDArray[np.float64]:
        """Weights of the pairs at the centre, as solved: without the noise of sums in floating point, shape (n_pairs,)."""
        return heard(self.centre.weight[0])

    def _hits(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the number of draws behind shares by Laplace's rule."""
        return np.round(share * (self.draws + 2) - 1)

    def fuzzy(self) -> pl.DataFrame:
        """Return each actor's membership in both blocs: share of draws by Laplace's rule, and Wilson's interval of 90 %, one row each.

        Actors without ties are left out. The interval is about the number of draws; doubt about the data is in the share itself.
        """
        import polars as pl

        rows = []
        for k in np.flatnonzero(np.isfinite(self.membership)):
            own = int(self.two.label[k])
            for bloc in (0, 1):
                share = self.membership[k] if bloc == own else 1.0 - self.membership[k]
                low, high = wilson(self._hits(np.array([share])), self.draws)
                rows.append((self.system.ids[k], self.names[bloc], float(share), float(low[0]), float(high[0])))
        return pl.DataFrame(rows, schema=["actor", "bloc", "membership", "low", "high"], orient="row")

    def pairs(self) -> pl.DataFrame:
        """Return how surely two actors are in one bloc: one row a pair of actors with ties, surest together first.

        Columns: ``a``, ``b``, ``together`` (share of draws by Laplace's rule), ``low``, ``high`` (Wilson, 90 %), and ``always``: whether
        every best line-up at the centre has them ``together``, ``apart``, or neither (``open``).
        """
        import polars as pl

        tied = np.flatnonzero(np.isfinite(self.membership))
        first, second = (tied[x] for x in np.triu_indices(len(tied), 1))
        share = self.together[first, second]
        low, high = wilson(self._hits(share), self.draws)
        word = np.array(["apart", "open", "together"])[self.second.always()[first, second] + 1]
        ids = np.array(self.system.ids)
        frame = pl.DataFrame({
            "a": ids[first].tolist(), "b": ids[second].tolist(), "together": share, "low": low, "high": high, "always": word.tolist(),
        }, schema_overrides={"a": pl.String, "b": pl.String, "always": pl.String})  # fmt: skip
        return frame.sort("together", descending=True, maintain_order=True)

    def table(self) -> pl.DataFrame:
        """Return one row an actor: bloc, membership, standing and its strongest reasons."""
        import polars as pl

        rows = []
        for k, actor in enumerate(self.system.actors):
            unattached = bool(np.isnan(self.membership[k]))
            why = None if unattached else self.why(actor.id)
            rows.append({
                "actor": actor.id, "name": actor.name, "bloc": None if unattached else self.names[int(self.two.label[k])],
                "membership": None if unattached else float(self.membership[k]),
                "standing": self.standing(actor.id),
                "held_by": "" if why is None else ", ".join(r for r, v, *_ in why.by_reason if v > SHOWN),
                "pulled_away_by": "" if why is None else ", ".join(r for r, v, *_ in why.by_reason if v < -SHOWN),
            })  # fmt: skip
        return pl.DataFrame(rows, schema_overrides={"membership": pl.Float64, "bloc": pl.String})

    def frustrated(self) -> list[tuple[str, str, float]]:
        """Return the ties that stand against the line-up at the centre, heaviest first: (actor, actor, share of all tie weight)."""
        w, p = self.centre.weight[0], self.centre
        against = (w > 0) != (self.two.label[p.i] == self.two.label[p.j])
        order = np.flatnonzero(against)[np.argsort(-np.abs(w[against]), kind="stable")]
        return [
            (self.system.ids[p.i[e]], self.system.ids[p.j[e]], float(w[e] / self.total)) for e in order if w[e] != 0
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "names": list(self.names), "actors": self.table().to_dicts(), "doubtful": list(self.doubtful), "unattached": list(self.unattached),
            "apart": list(self.apart),
            "two": _partition(self.two, self.total), "three": _partition(self.three, self.total), "free": _partition(self.free, self.total),
            "fit": self.fit(), "second_best": {
                "gap_share": self.second.gap / self.total if self.total else None, "proved": self.second.proved,
                "movers": [self.system.ids[k] for k in self.second.movers], "optima": self.second.optima, "at_least": self.second.count,
            },
            "balance": {
                "triads": self.balance.triads, "balanced_share": self.balance.triad_share, "ties": self.balance.ties,
                "negative": self.balance.negative, "frustration_count": self.balance.frustration,
                "frustration_proved": self.balance.frustration_proved, "normalised": self.balance.normalised,
            },
            "frustrated": [{"a": a, "b": b, "share": s} for a, b, s in self.frustrated()[:20]],
            "draws": self.draws, "seed": self.seed, "checked": self.checked, "agreed": self.agreed, "system": self.system.hash,
        }  # fmt: skip


def _partition(p: Partition, total: float) -> dict[str, Any]:
    """Return a partition's standing."""
    return {
        "blocs": int(p.label.max(initial=0)) + 1, "frustrated_share": p.value / total if total else None,
        "bound_share": p.bound / total if total else None, "proved": p.proved, "label": p.label.tolist(),
    }  # fmt: skip
