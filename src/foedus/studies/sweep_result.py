"""Result of a sweep: frozen; points, what was measured there with intervals, and what each key does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.studies.sweep_effects import Effect, effects, straight
from foedus.studies.sweep_outcomes import HEADLINE

if TYPE_CHECKING:
    import os

    import polars as pl
    from numpy.typing import NDArray

    from foedus.studies.sweep_design import Design
    from foedus.studies.sweep_keys import Vary
    from foedus.studies.sweep_outcomes import Ask
    from foedus.system.system import System

ESTIMATE = ("mean", "low", "high", "mc_error")
STANDING = {
    "war": "simulated", "blocs": "searched in each draw of the uncertain inputs",
    "ally": "derived: attacks and helpers by fitted models, holding by an assumed contest",
}  # fmt: skip


@dataclass(frozen=True)
class Sweep:
    """One analysis at many points.

    Attributes
    ----------
    system : System
        As it is at its own values.
    keys : tuple of Vary
        With their full names.
    ask : Ask
        What was measured.
    design : {"grid", "lhs", "sobol"}
    points : float64 array, shape (n_points, n_keys)
    estimate : float64 array, shape (n_points, n_outcomes, 4)
        Mean, low, high (90 % over uncertain inputs), and error of simulation; NaN where a point lacks the quantity.
    by_draw : float64 array, shape (n_points, n_outcomes, n_draws)
        By draw of the uncertain inputs; the first `foedus.studies.sweep_outcomes.KEPT` of them.
    own : float64 array, shape (n_outcomes, 4)
        At the system's own values.
    versions : dict
        Of foedus and the libraries that its numbers depend on.
    """

    system: System
    keys: tuple[Vary, ...]
    ask: Ask
    design: Design
    points: NDArray[np.float64]
    estimate: NDArray[np.float64]
    by_draw: NDArray[np.float64]
    own: NDArray[np.float64]
    versions: dict[str, str]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the quantities."""
        return self.ask.names

    @property
    def headline(self) -> tuple[str, ...]:
        """Quantities of the whole system, or the ledger."""
        return self.outcomes[: HEADLINE[self.ask.of]]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Levels of each key on a grid."""
        return tuple(len(np.unique(self.points[:, k])) for k in range(len(self.keys)))

    def effects(self, outcome: str | None = None) -> tuple[Effect, ...]:
        """Return what each key does to a quantity (by default the first), the greatest first.

        Raises
        ------
        ParameterError
            No such quantity.
        """
        k = self._place(outcome)
        return effects(
            [v.key for v in self.keys], self.outcomes[k], self.points, self.design, self.estimate[:, k, 0], self.by_draw[:, k], self.shape,
            chance=self.ask.chances(k), least=self.ask.least(k), seed=self.ask.seed,
        )  # fmt: skip

    def most(self, outcome: str | None = None) -> Effect | None:
        """Return the key that moves a quantity most; None where it does not vary."""
        found = self.effects(outcome)
        return found[0] if found[0].change is not None and found[0].size > 0 else None

    def straight(self, outcome: str | None = None) -> float | None:
        """Return the share of a quantity's variance over the points that straight lines along the keys explain."""
        return straight(self.points, self.estimate[:, self._place(outcome), 0])

    def table(self, *, draws: bool = False) -> pl.DataFrame:
        """Return one row a point and quantity: number and values of the point, mean, low, high, error of simulation; if asked, values by draw."""
        import polars as pl

        n, k, g = self.by_draw.shape
        columns: dict[str, Any] = {"point": np.repeat(np.arange(n, dtype=np.uint32), k)}
        columns |= {v.key: np.repeat(self.points[:, j], k) for j, v in enumerate(self.keys)}
        columns["outcome"] = list(self.outcomes) * n
        flat = self.estimate.reshape(-1, 4)
        columns |= {name: flat[:, j] for j, name in enumerate(("mean", "low", "high", "mc_error"))}
        frame = pl.DataFrame(columns).with_columns(pl.col("mean", "low", "high", "mc_error").fill_nan(None))
        if not draws:
            return frame
        each = pl.Series("by_draw", self.by_draw.reshape(-1, g), dtype=pl.Array(pl.Float64, g))
        return frame.with_columns(each.arr.to_list())

    def sensitivity(self) -> pl.DataFrame:
        """Return one row a headline quantity and key: change along its range, first and total share of variance, with intervals."""
        import polars as pl

        rows = [
            {"outcome": e.outcome, "key": e.key}
            | {
                f"{what}{end}": None if (x := getattr(e, what)) is None else getattr(x, name)
                for what in ("change", "first", "total") for end, name in (("", "mean"), ("_low", "low"), ("_high", "high"))
            }
            for name_ in self.headline for e in self.effects(name_)
        ]  # fmt: skip
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return what was asked, the sensitivities and every row as JSON's own types."""
        a = self.ask
        return {
            "standing": STANDING[a.of], "system": self.system.hash, "of": a.of, "actors": [x for x in (a.first, a.second, *a.foes) if x],
            "draws": a.draws, "seed": a.seed, "design": self.design, "points": len(self.points), "versions": self.versions,
            "vary": [{"key": v.key, "from": v.low, "to": v.high, "levels": v.levels} for v in self.keys],
            "own": dict(zip(self.outcomes, [dict(zip(ESTIMATE, row, strict=True)) for row in self.own.tolist()], strict=True)),
            "sensitivity": self.sensitivity().to_dicts(), "rows": self.table().to_dicts(),
        }  # fmt: skip

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write every row as ``.parquet`` or ``.csv``, or with ``.json`` everything; written beside its place and renamed (convention 4.12).

        Raises
        ------
        ParameterError
            The suffix is none of the three.
        DataError
            The file cannot be written.
        """
        from foedus.panel.table_files import write_table

        write_table(self.table(), path, "the sweep", plain=self.to_dict())

    def _place(self, outcome: str | None) -> int:
        """Return the position of a quantity."""
        if outcome is None:
            return 0
        if outcome not in self.outcomes:
            raise parameter("outcome", outcome, f"one of {', '.join(self.outcomes)}")
        return self.outcomes.index(outcome)
