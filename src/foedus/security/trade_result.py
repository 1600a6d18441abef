"""What trade changes in the audit of `foedus.security.stability`: frozen records, their tables and plain forms. Computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.security.stability_result import Stability
    from foedus.system.nouns import Source

End = Literal["saved", "lost anyway", "idle", "unknown"]
"""What a tie is to one of its ends: vulnerable only without it; with and without it; not without it either; strength unknown."""
Kept = Literal["need", "trade", "nothing", "unknown"]
"""Why a tie is not dropped: both ends would be vulnerable without it (S3); only because an end that could drop it trades over it; neither."""


@dataclass(frozen=True)
class TradeTie:
    """One existing tie at one gamma.

    Attributes
    ----------
    gamma : float
    a, b : str
    flow : (float, float)
        Trade of the two in the year, both ways, millions of current US dollars: what is known of it, and infinite if some is not known.
    share_a, share_b : (float, float)
        The same as a share of the whole trade of either.
    end_a, end_b : str
        What the tie is to each, see `End`.
    kept : str
        See `Kept`.
    worth : (float, float) or None
        Least share of the whole trade among the ends that could drop it: they keep it while upkeep costs less than that. None without such ends.
    """

    gamma: float
    a: str
    b: str
    flow: tuple[float, float]
    share_a: tuple[float, float]
    share_b: tuple[float, float]
    end_a: End
    end_b: End
    kept: Kept
    worth: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class Protection:
    """What trade does for each state at one gamma.

    Attributes
    ----------
    gamma : float
    spoils : float64 array, shape (2, n)
        Least prize, as a share of the state's yearly trade, at which it is beaten: if trade that is not known were nothing, and if it were
        more than any prize; strengths that are not known likewise. Infinite where nobody beats it, NaN where its own strength is unknown.
    interval : float64 array, shape (2, n)
        The same, 5 and 95 % over draws of strengths.
    protected : int8 array, shape (n,)
        1 if it is vulnerable by strength alone and trade protects it at some prize, 0 if not, -1 unknown.
    p : float64 array, shape (n,)
        Share of draws in which trade surely protects it at some prize.
    """

    gamma: float
    spoils: NDArray[np.float64]
    interval: NDArray[np.float64]
    protected: NDArray[np.int8]
    p: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TradeStability:
    """The audit of one date with the trade of the year before.

    Attributes
    ----------
    base : Stability
        The audit by strength alone.
    year : int
        Year of the trade.
    total : float64 array, shape (2, n)
        Imports and exports of each state in that year, millions of current US dollars: what is known, and infinite if some is not.
    protections : tuple of Protection
        One a gamma.
    ties : tuple of TradeTie
        Every tie at every gamma.
    """

    base: Stability
    year: int
    total: NDArray[np.float64]
    protections: tuple[Protection, ...]
    ties: tuple[TradeTie, ...]
    sources: tuple[Source, ...]

    def at(self, gamma: float) -> Protection:
        """Return what trade does for each state at one gamma.

        Raises
        ------
        ParameterError
            Not one of the gammas.
        """
        for one in self.protections:
            if one.gamma == gamma:
                return one
        raise parameter("gamma", gamma, f"one of {', '.join(f'{p.gamma:g}' for p in self.protections)}")

    def table(self) -> pl.DataFrame:
        """Return one row an actor and gamma; null where unknown, infinite where no prize suffices."""
        import polars as pl

        word = {1: True, 0: False, -1: None}
        return pl.concat([
            pl.DataFrame({
                "date": [self.base.date] * len(self.base.ids), "actor": self.base.ids, "name": self.base.names,
                "gamma": [p.gamma] * len(self.base.ids), "trade_known": self.total[0], "trade_complete": np.isfinite(self.total[1]),
                "vulnerable": pl.Series([word[int(x)] for x in v.vulnerable], dtype=pl.Boolean),
                "protected": pl.Series([word[int(x)] for x in p.protected], dtype=pl.Boolean),
                "spoils_least": pl.Series(p.spoils[0]).fill_nan(None), "spoils_most": pl.Series(p.spoils[1]).fill_nan(None),
                "spoils_low": pl.Series(p.interval[0]).fill_nan(None), "spoils_high": pl.Series(p.interval[1]).fill_nan(None),
                "p_protected": pl.Series(p.p).fill_nan(None),
            })
            for p, v in zip(self.protections, self.base.verdicts, strict=True)
        ])  # fmt: skip

    def tie_table(self) -> pl.DataFrame:
        """Return one row a tie and gamma."""
        import polars as pl

        return pl.DataFrame([_plain(t) for t in self.ties], schema=_TIES)

    def summary(self) -> pl.DataFrame:
        """Return one row a gamma: how many states trade protects, and why the ties are kept."""
        import polars as pl

        rows: list[dict[str, Any]] = []
        for p, v in zip(self.protections, self.base.verdicts, strict=True):
            here = [t for t in self.ties if t.gamma == p.gamma]
            rows.append({
                "gamma": p.gamma, "known": int(self.base.known.sum()), "vulnerable": int((v.vulnerable[self.base.known] == 1).sum()),
                "protected": int((p.protected == 1).sum()), "unknown": int((p.protected[self.base.known] == -1).sum()), "ties": len(here),
                **{k: sum(t.kept == word for t in here) for k, word in zip(("by_need", "by_trade", "by_nothing", "tie_unknown"), KEPT, strict=True)},
                "saves_an_end": sum("saved" in (t.end_a, t.end_b) for t in here),
            })  # fmt: skip
        return pl.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types; a number without an upper limit is null, and so is an unknown one."""
        return {
            "date": self.base.date.isoformat(), "trade_of": self.year, "pledged": self.base.pledged, "reach": self.base.reach,
            "standing": "exact at the centre of every number, between its bounds where trade is unknown; intervals over draws of strengths",
            "draws": self.base.draws, "seed": self.base.seed, "summary": self.summary().to_dicts(),
            "actors": [_finite(r | {"date": self.base.date.isoformat()}) for r in self.table().to_dicts()],
            "ties": [_finite(r) for r in self.tie_table().to_dicts()],
            "sources": [{"id": s.id, "title": s.title, "version": s.version, "sha256": s.sha256, "last_year": s.last_year} for s in self.sources],
            "limits": list(self.base.limits),
        }  # fmt: skip


KEPT: tuple[Kept, ...] = ("need", "trade", "nothing", "unknown")
_TIES = {
    "gamma": float, "a": str, "b": str, "flow_known": float, "flow_complete": bool, "share_a_low": float, "share_a_high": float, "share_b_low": float,
    "share_b_high": float, "end_a": str, "end_b": str, "kept": str, "worth_low": float, "worth_high": float,
}  # fmt: skip


def _plain(t: TradeTie) -> dict[str, Any]:
    """Return a tie as a row."""
    worth = t.worth or (None, None)
    return {
        "gamma": t.gamma, "a": t.a, "b": t.b, "flow_known": t.flow[0], "flow_complete": bool(np.isfinite(t.flow[1])), "share_a_low": t.share_a[0],
        "share_a_high": t.share_a[1], "share_b_low": t.share_b[0], "share_b_high": t.share_b[1], "end_a": t.end_a, "end_b": t.end_b, "kept": t.kept,
        "worth_low": worth[0], "worth_high": worth[1],
    }  # fmt: skip


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with null for what JSON has no number for."""
    return {k: None if isinstance(x, float) and not np.isfinite(x) else x for k, x in row.items()}
