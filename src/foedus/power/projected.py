"""What `foedus.power.projection` returns: strength of each actor at each other's place, its intervals and tables. Computes no law."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.nested import Estimate, drawn

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System


@dataclass(frozen=True, eq=False)
class Projection:
    """How much strength arrives where.

    Attributes
    ----------
    system : System
    law : {"boulding", "linear", "lsg"}
    strength : float64 array, shape (n_draws, n, n)
        ``[d, i, j]``: of actor i at the place of j, in shares of all capability; the diagonal is what it has at home.
    home : float64 array, shape (n_draws, n)
        Capability before any loss.
    km : float64 array, shape (1 or n_draws, n, n)
        Distances by EUGene's rule.
    arms : tuple of str
    unknown : tuple of (arm, actor)
        Strengths that nobody gave, drawn from 0 to 1.
    note : str
        Parameters, with their standing.
    seed : int
    """

    system: System
    law: str
    strength: NDArray[np.float64] = field(repr=False)
    home: NDArray[np.float64] = field(repr=False)
    km: NDArray[np.float64] = field(repr=False)
    arms: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    note: str
    seed: int

    def of(self, actor: str, at: str) -> Estimate:
        """Return the strength of one actor at the place of another, with its 90 % interval.

        Raises
        ------
        UnknownStateError
            No such actor.
        """
        i, j = (self.system.index[self.system.actor(a).id] for a in (actor, at))
        return drawn(self.strength[:, i, j])

    def toward(self, actor: str) -> pl.DataFrame:
        """Return what each actor can bring to bear at one actor's place, strongest first: km, at home, what is left of it, and there.

        Raises
        ------
        UnknownStateError
            No such actor.
        """
        import polars as pl

        j = self.system.index[self.system.actor(actor).id]
        blank = {a: [arm for arm, who in self.unknown if who == a] for a in self.system.ids}
        rows = []
        for i, name in enumerate(self.system.ids):
            there, home = drawn(self.strength[:, i, j]), drawn(self.home[:, i])
            km = self.km[:, i, j]
            rows.append({
                "actor": name, "km": float(km.mean()), "km_known": bool(len(km) == 1 or np.ptp(km) == 0), "home": home.mean,
                "there": there.mean, "there_low": there.low, "there_high": there.high,
                "left": there.mean / home.mean if home.mean > 0 else None, "unknown": ", ".join(blank[name]),
            })  # fmt: skip
        return pl.DataFrame(rows).sort("there", descending=True)

    def table(self) -> pl.DataFrame:
        """Return one row an ordered pair: mean and interval of what arrives."""
        import polars as pl

        low, high = np.quantile(self.strength, [0.05, 0.95], axis=0)
        i, j = np.nonzero(~np.eye(len(self.system.ids), dtype=np.bool_))
        ids = np.array(self.system.ids)
        return pl.DataFrame({
            "actor": ids[i], "at": ids[j], "km": self.km.mean(axis=0)[i, j], "strength": self.strength.mean(axis=0)[i, j],
            "low": low[i, j], "high": high[i, j],
        })  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "derived under the stated law", "law": self.law, "note": self.note, "arms": list(self.arms), "seed": self.seed,
            "draws": len(self.strength), "unknown": [list(u) for u in self.unknown], "rows": self.table().to_dicts(), "system": self.system.hash,
        }  # fmt: skip
