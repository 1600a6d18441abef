"""The audit of `foedus.security.stability`: frozen records, their tables and plain forms. Computes only what follows from what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import parameter
from foedus.kernels import vulnerability as kernel

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl
    from numpy.typing import NDArray

Pledged = Literal["either", "both"]
"""Two are allies if either pledges to defend the other, or only if both do."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """The answer at one gamma.

    Attributes
    ----------
    gamma : float
    vulnerable : int8 array, shape (n,)
        1 vulnerable, 0 not, -1 unknown: it turns on strengths that are not known.
    p : float64 array, shape (n,)
        Share of draws of uncertain strengths in which it is vulnerable; NaN where its own strength is unknown.
    smallest : tuple of tuple of int
        The fewest that beat it, strongest first (exact); empty where it is not surely vulnerable.
    protector : int64 array, shape (n,)
        The weakest state whose alliance would end the vulnerability; -1 where none does or none is needed.
    protects : int64 array, shape (n,)
        How many would.
    endangers : int64 array, shape (n,)
        How many others, safe so far, that tie would make vulnerable.
    number : (int, int)
        Interval of the number of vulnerable states over draws, of those whose strength is known.
    adds, harmful : int
        Pairs without a tie, and those whose tie would make somebody vulnerable who is safe.
    s2 : bool
        Nobody is vulnerable after any tie is added.
    idle : int
        Ties that one of its ends could drop without being vulnerable. (S3) asks for none.
    """

    gamma: float
    vulnerable: NDArray[np.int8]
    p: NDArray[np.float64]
    smallest: tuple[tuple[int, ...], ...]
    protector: NDArray[np.int64]
    protects: NDArray[np.int64]
    endangers: NDArray[np.int64]
    number: tuple[int, int]
    adds: int
    harmful: int
    s2: bool
    idle: int

    @property
    def s1(self) -> bool | None:
        """Nobody is vulnerable; None where that turns on strengths that are not known."""
        if (self.vulnerable == 1).any():
            return False
        return None if (self.vulnerable == -1).any() else True

    @property
    def s3(self) -> bool:
        """No tie can go without making both its ends vulnerable."""
        return self.idle == 0

    @property
    def stable(self) -> bool | None:
        """War-stable: all three conditions hold."""
        return False if not (self.s2 and self.s3) else self.s1


@dataclass(frozen=True, eq=False)
class Stability:
    """The audit of one date.

    Attributes
    ----------
    date : datetime.date
    ids, names : tuple of str
    strength : float64 array, shape (n,)
        Share of capability at the centre of every number; NaN where unknown.
    ties : bool array, shape (n, n)
    critical : float64 array, shape (3, n)
        Critical gamma: at the centre, and its 90 % interval over draws; NaN where the own strength is unknown.
    hub : int64 array, shape (n,)
        Centre of the coalition that reaches it; -1 where nobody attacks.
    size : int64 array, shape (n,)
        Members of that coalition.
    spared : float64 array, shape (n,)
        Critical gamma at the centre if nobody attacked its own ally; as ``critical`` where ``loyal``.
    over_gamma : float64 array, shape (n,)
        Share of draws of strengths and of gamma over ``params/stability.toml`` in which it is vulnerable.
    verdicts : tuple of Verdict
        One a gamma.
    """

    date: dt.date
    ids: tuple[str, ...]
    names: tuple[str, ...]
    strength: NDArray[np.float64]
    ties: NDArray[np.bool_]
    critical: NDArray[np.float64]
    hub: NDArray[np.int64]
    size: NDArray[np.int64]
    spared: NDArray[np.float64]
    over_gamma: NDArray[np.float64]
    verdicts: tuple[Verdict, ...]
    reach: bool
    loyal: bool
    pledged: Pledged
    draws: int
    seed: int
    limits: tuple[str, ...] = ()

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whose strength is known."""
        return np.isfinite(self.strength)

    def coalition(self, actor: str) -> tuple[str, ...]:
        """Return the strongest coalition against an actor, its hub first, then by strength; empty where nobody attacks.

        Raises
        ------
        ParameterError
            No such id.
        """
        if actor not in self.ids:
            raise parameter("actor", actor, f"an id of this system, such as {self.ids[0]}")
        i = self.ids.index(actor)
        if self.hub[i] < 0:
            return ()
        h = int(self.hub[i])
        rest = self.ties[h] & ~self.ties[i] if self.loyal else self.ties[h].copy()
        rest[i] = False
        members = np.flatnonzero(rest)
        order = members[np.argsort(-np.nan_to_num(self.strength[members]), kind="stable")]
        return (self.ids[h], *(self.ids[k] for k in order))

    def table(self) -> pl.DataFrame:
        """Return one row an actor and gamma; ``strongest`` and ``smallest`` are the coalitions against it."""
        import polars as pl

        n, word = len(self.ids), {1: True, 0: False, -1: None}
        strongest = [" ".join(self.coalition(i)) or None for i in self.ids]
        low, high = (pl.Series(x).fill_nan(None) for x in self.critical[1:])
        parts = [
            pl.DataFrame({
                "date": [self.date] * n, "actor": self.ids, "name": self.names, "strength": pl.Series(self.strength).fill_nan(None),
                "allies": self.ties.sum(axis=1), "critical_gamma": pl.Series(self.critical[0]).fill_nan(None), "critical_low": low,
                "critical_high": high, "hub": [self.ids[h] if h >= 0 else None for h in self.hub], "coalition": self.size, "strongest": strongest,
                "critical_allies_loyal": pl.Series(self.spared).fill_nan(None), "over_gamma": pl.Series(self.over_gamma).fill_nan(None),
                "gamma": [v.gamma] * n,
                "vulnerable": pl.Series([word[int(x)] for x in v.vulnerable], dtype=pl.Boolean), "p_vulnerable": pl.Series(v.p).fill_nan(None),
                "smallest": [" ".join(self.ids[k] for k in c) or None for c in v.smallest],
                "protector": pl.Series([self.ids[k] if k >= 0 else None for k in v.protector], dtype=pl.String), "protectors": v.protects,
                "endangers": pl.Series([int(e) if k >= 0 else None for e, k in zip(v.endangers, v.protector, strict=True)], dtype=pl.Int64),
            }, schema_overrides={"hub": pl.String, "strongest": pl.String, "smallest": pl.String})
            for v in self.verdicts
        ]  # fmt: skip
        return pl.concat(parts)

    def summary(self) -> pl.DataFrame:
        """Return one row a gamma: how many are vulnerable, the strongest of them, who would protect most, and the three conditions."""
        import polars as pl

        return pl.DataFrame([_summary(self, v) for v in self.verdicts], infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "date": self.date.isoformat(), "standing": "exact at the centre of every number; shares of draws over uncertain strengths",
            "reach": self.reach, "loyal": self.loyal, "pledged": self.pledged, "draws": self.draws, "seed": self.seed,
            "summary": [r | {"date": self.date.isoformat()} for r in self.summary().to_dicts()],
            "actors": [r | {"date": self.date.isoformat()} for r in self.table().to_dicts()], "limits": list(self.limits),
        }  # fmt: skip


def _summary(found: Stability, v: Verdict) -> dict[str, Any]:
    """Return one row on one gamma."""
    hit = np.flatnonzero((v.vulnerable == 1) & found.known)
    strongest = max(hit, key=lambda i: found.strength[i], default=None)
    worst = max(hit, key=lambda i: found.critical[0, i], default=None)
    named, times = np.unique(v.protector[v.protector >= 0], return_counts=True)
    known = int(found.known.sum())
    return {
        "date": found.date, "year": found.date.year, "gamma": v.gamma, "states": len(found.ids), "known": known, "ties": int(found.ties.sum()) // 2,
        "vulnerable": len(hit) if known else None, "vulnerable_low": min(v.number[0], len(hit)) if known else None,
        "vulnerable_high": max(v.number[1], len(hit)) if known else None, "unclear": int(((v.vulnerable == -1) & found.known).sum()),
        "share": len(hit) / known if known else None,
        "share_allies_loyal": float((found.spared[found.known] > v.gamma * kernel.SLACK).mean()) if known else None,
        "strongest": None if strongest is None else found.ids[strongest], "worst": None if worst is None else found.ids[worst],
        "worst_gamma": None if worst is None else float(found.critical[0, worst]), "protectable": int((v.protector >= 0).sum()),
        "protector": found.ids[named[times.argmax()]] if len(named) else None, "protects": int(times.max()) if len(named) else 0,
        "endangering": int((v.endangers > 0).sum()), "s1": v.s1, "s2": v.s2 if known else None, "s3": v.s3 if known else None,
        "adds": v.adds, "harmful": v.harmful, "idle": v.idle, "stable": v.stable if known else None,
    }  # fmt: skip
