"""What the international interaction game of two actors says: each side, each step, third parties, shares of draws. Computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus.kernels.crisis_game import OUTCOMES

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from foedus.estimate.nested import Estimate
    from foedus.security.expected_utility import Measure
    from foedus.system.system import System


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its attitude to risk R with the bounds of the heuristic, its exponent r, its own estimate of its chance to prevail.

    ``own``, ``other``, ``same``: its utility of its own demand met, of the other's, and of no change. ``drawn_p`` has the interval over draws.
    """

    actor: str
    risk: float
    risk_low: float
    risk_high: float
    r: float
    p: float
    drawn_p: Estimate
    own: float
    other: float
    same: float


@dataclass(frozen=True, slots=True)
class Step:
    """One choice: who moves, what is asked, where yes and no lead, what each is worth to it, what it chooses, and whether play comes there."""

    node: int
    mover: str
    question: str
    if_yes: str
    if_no: str
    worth_yes: float
    worth_no: float
    yes: bool
    reached: bool


@dataclass(frozen=True, slots=True)
class Helper:
    """A third party: its side, what it could bring (share of world capability after distance), and its share of all that A and B count.

    ``side`` is None where it has no preference. ``adds_a`` is its part in A's estimate that A prevails, below zero where it helps B; ``adds_b`` in
    B's estimate that B does.
    """

    actor: str
    side: str | None
    strength: float
    preference: float
    adds_a: float
    adds_b: float


@dataclass(frozen=True)
class Crisis:
    """The game of two actors; A moves first.

    ``shares``: how often each end is reached over draws of capability, distance and costs; ``shares_any_risk``: the same with each side's attitude to
    risk drawn evenly between its bounds. ``variants``: the end under one change of the rules at a time. ``tied``: a mover on the way was indifferent.
    """

    system: System
    a: Side
    b: Side
    similarity: float
    measure: Measure
    outcome: str
    tied: bool
    worth: NDArray[np.float64]
    steps: tuple[Step, ...]
    helpers: tuple[Helper, ...]
    shares: dict[str, Estimate]
    shares_any_risk: dict[str, Estimate]
    variants: dict[str, str]
    draws: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row an end of the game: its worth to both, and its shares of draws."""
        import polars as pl

        return pl.DataFrame([
            {"outcome": name, "worth_a": float(self.worth[k, 0]), "worth_b": float(self.worth[k, 1]), "reached": name == self.outcome,
             "share": self.shares[name].mean, "share_low": self.shares[name].low, "share_high": self.shares[name].high,
             "share_any_risk": self.shares_any_risk[name].mean}
            for k, name in enumerate(OUTCOMES)
        ])  # fmt: skip

    def steps_table(self) -> pl.DataFrame:
        """Return one row a choice, the last choices first, as they are solved."""
        import polars as pl

        return pl.DataFrame([{f: getattr(s, f) for f in Step.__slots__} for s in self.steps])

    def helpers_table(self) -> pl.DataFrame:
        """Return one row a third party, those who count most first."""
        import polars as pl

        schema = {"actor": pl.String, "side": pl.String} | dict.fromkeys(
            ["strength", "preference", "adds_a", "adds_b"], pl.Float64
        )
        return pl.DataFrame([{f: getattr(h, f) for f in Helper.__slots__} for h in self.helpers], schema=schema)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        sides = {
            k: {f: getattr(s, f) for f in Side.__slots__ if f != "drawn_p"} | {"drawn_p": s.drawn_p.to_dict()}
            for k, s in (("a", self.a), ("b", self.b))
        }
        return {
            "standing": "derived; shares simulated over uncertain inputs", "system": self.system.hash, "measure": self.measure,
            "similarity": self.similarity, "outcome": self.outcome, "tied": self.tied, **sides, "ends": self.table().to_dicts(),
            "steps": self.steps_table().to_dicts(), "helpers": self.helpers_table().to_dicts(), "variants": self.variants,
            "shares": {k: e.to_dict() for k, e in self.shares.items()},
            "shares_any_risk": {k: e.to_dict() for k, e in self.shares_any_risk.items()}, "draws": self.draws, "seed": self.seed,
        }  # fmt: skip
