"""Two sets of simulated futures against each other, future by future, on common random numbers. Simulates nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.formation.evolve_step import COUNTS
from foedus.formation.pairs import means

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.formation.evolution import Evolution

MEASURES = ("pacts_per_state", "density", "balance", "formed", "ended", "disputes", "wars", "belligerents")
"""What futures are measured by: the first three as of the end of a year, the others within it."""


@dataclass(frozen=True)
class Difference:
    """Two sets of futures on common random numbers: ``other`` less ``base``, future by future."""

    base: Evolution
    other: Evolution

    def measure(self, name: str) -> NDArray[np.float64]:
        """Return the difference of one of `MEASURES`, shape (draws, years + 1)."""
        return self.other.measure(name) - self.base.measure(name)

    def table(self, *, level: float = 0.9) -> pl.DataFrame:
        """Return one row per measure, of the last year or summed over all: both means, the mean difference with the interval of its expectation,
        where ``level`` of the futures' differences lie, and the shares of futures in which it is more and less.
        """  # noqa: D205
        import polars as pl

        rows = []
        for name in MEASURES:
            if name == "density":
                continue
            total = name in COUNTS
            base, other = (
                (m.measure(name)[:, 1:].sum(axis=1) if total else m.measure(name)[:, -1])
                for m in (self.base, self.other)
            )
            both = np.isfinite(base) & np.isfinite(other)
            gap = np.where(both, other - base, np.nan)
            if not both.any():
                continue
            e = means(gap[:, None], unit(name, len(self.base.system.actors)))[0]
            low, high = np.quantile(gap[both], [0.5 - level / 2, 0.5 + level / 2])
            rows.append({
                "measure": name, "over": "all years" if total else "at the end", "base": base[both].mean(), "other": other[both].mean(),
                "difference": e.mean, "mean_low": e.low, "mean_high": e.high, "low": low, "high": high,
                "more": (gap > 0).mean(), "less": (gap < 0).mean(),
            })  # fmt: skip
        return pl.DataFrame(rows)

    def pairs(self, top: int = 12) -> pl.DataFrame:
        """Return the pairs whose chance to be allied at the end, or to have met in a war by then, differs most; of actors that both systems hold."""
        import polars as pl

        one, two = (m.pair_table().filter(pl.col("year") == m.calendar[-1]) for m in (self.base, self.other))
        shared = set(self.base.system.ids) & set(self.other.system.ids)
        both = one.join(two, on=["a", "b"], how="full", coalesce=True, suffix="_other").fill_null(0.0)
        both = both.filter(pl.col("a").is_in(list(shared)) & pl.col("b").is_in(list(shared)))
        both = both.with_columns(
            allied=pl.col("p_allied_other") - pl.col("p_allied"), war=pl.col("p_war_other") - pl.col("p_war")
        )
        both = both.with_columns(most=pl.max_horizontal(pl.col("allied").abs(), pl.col("war").abs()))
        columns = ("a", "b", "p_allied", "p_allied_other", "allied", "p_war", "p_war_other", "war")
        return both.sort("most", "a", "b", descending=[True, False, False]).head(top).select(columns)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "base": self.base.system.title, "other": self.other.system.title, "years": self.base.years, "draws": self.base.draws,
            "seed": self.base.seed, "standing": "simulated, paired", "table": self.table().to_dicts(), "pairs": self.pairs().to_dicts(),
        }  # fmt: skip


def unit(name: str, n: int) -> float:
    """Return what one pact or event adds to a measure."""
    return {"pacts_per_state": 2 / n, "density": 2 / (n * (n - 1))}.get(name, 1.0)
