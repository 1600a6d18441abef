"""The result of a strategic model: estimates, covariances, where the climbs ended, and predictions with their doubt. Fits nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.estimates import Estimates
from foedus.estimate.game_trees import chances, utilities

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from foedus.estimate.design import Columns
    from foedus.estimate.game_trees import Information, Link, Tree
    from foedus.panel.panel import Panel


@dataclass(frozen=True, kw_only=True)
class Strategic(Estimates):
    """A fitted strategic model; estimated, with intervals. Coefficients are in units of one error's deviation (probit) or scale (logit).

    ``names`` and the rest of what `Estimates` has hold ``utility:term``.

    Attributes
    ----------
    formula : str
    tree : Tree
    link, information : str
    ends : tuple
        The column's values for the ends of the game.
    columns : tuple of Columns
        How to make the columns of each utility.
    counts : tuple of int
        Rows of each end.
    log_likelihood, null_log_likelihood : float
        Of the fit, and of the shares of the ends.
    starts : tuple of float
        Log-likelihood where each start's climb ended, the highest first.
    reached : int
        How many of them ended at the maximum that is reported. That no other is higher is not proved.
    clusters : int or None
    seed : int
        Of the starts that are drawn, and of the bootstrap.
    """

    formula: str
    tree: Tree
    link: Link
    information: Information
    ends: tuple[Any, ...]
    columns: tuple[Columns, ...]
    counts: tuple[int, ...]
    log_likelihood: float
    null_log_likelihood: float
    starts: tuple[float, ...]
    reached: int
    clusters: int | None
    seed: int

    @property
    def n(self) -> int:
        """Number of rows."""
        return sum(self.counts)

    def predict(self, frame: Panel | IntoFrame) -> NDArray[np.float64]:
        """Return the chance of each end in each row of a frame, shape (n, n_ends).

        Raises
        ------
        DataError
            A frame that lacks columns or values.
        """
        return self._chances([c.of(frame) for c in self.columns], self.coef)

    def predict_draws(self, frame: Panel | IntoFrame, draws: int, seed: int) -> NDArray[np.float64]:
        """Return chances with each draw of the coefficients from their doubt, shape (draws, n, n_ends)."""
        x = [c.of(frame) for c in self.columns]
        return np.stack([self._chances(x, coef) for coef in self.draw_coef(draws, seed)])

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "formula": self.formula, "game": self.tree.name, "link": self.link, "information": self.information,
            "ends": {str(v): n for v, n in zip(self.ends, self.counts, strict=True)}, "n": self.n, "errors": self.errors, "clusters": self.clusters,
            "log_likelihood": self.log_likelihood, "null_log_likelihood": self.null_log_likelihood, "starts": list(self.starts),
            "reached": self.reached, "coefficients": self.table().rows(named=True),
            "draws": None if self.resampled is None else len(self.resampled), "seed": self.seed,
            "standing": "estimated; the highest likelihood found, not proved the highest",
        }  # fmt: skip

    def __str__(self) -> str:
        head = f"{self.formula} as {self.tree.name}: {self.n:,} rows, log-likelihood {self.log_likelihood:.4f}, errors {self.errors}"
        return "\n".join(
            [
                head,
                *(
                    f"  {r['part']}: {r['term']} {r['estimate']:.4f} ({r['std_error']:.4f})"
                    for r in self.table().rows(named=True)
                ),
            ]
        )

    def _chances(self, x: list[NDArray[np.float64]], coef: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the chances of the ends at some coefficients."""
        u = utilities(tuple(x), coef)
        return np.exp(chances(self.tree, u, link=self.link, information=self.information).log)
