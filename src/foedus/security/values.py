"""What each player of a coalition game is worth to it: Shapley and Banzhaf values, and who is a dummy; exact.

The Shapley value is a player's mean contribution over all orders of joining [Shapley1953]_, Banzhaf's over all sets without it [Banzhaf1965]_; only
the first shares out the worth of all. Neither says what anybody will be paid, or whether the others would rather leave: see `foedus.security.core`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.kernels import coalition as kernel

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.security.games import CoalitionGame


@dataclass(frozen=True, eq=False)
class Values:
    """Exact values of the players, in the unit of the worths.

    Attributes
    ----------
    alone, shapley, banzhaf : float64 arrays, shape (n,)
        Worth alone, Shapley value (sums to the worth of all), Banzhaf value (does not).
    banzhaf_share : float64 array, shape (n,)
        Banzhaf values divided by their sum, the normalised index; NaN where that is zero.
    dummies : tuple of str
        Players who add to every set just what they are worth alone.
    powerless : tuple of str
        Those of them who are worth nothing: in a vote, those who never decide it (often called dummies there; a dictator is a dummy of the first
        kind).
    """

    players: tuple[str, ...]
    alone: NDArray[np.float64]
    shapley: NDArray[np.float64]
    banzhaf: NDArray[np.float64]
    dummies: tuple[str, ...]
    powerless: tuple[str, ...]

    @property
    def banzhaf_share(self) -> NDArray[np.float64]:
        """Banzhaf values divided by their sum."""
        total = self.banzhaf.sum()
        return self.banzhaf / total if total != 0 else np.full(len(self.banzhaf), np.nan)

    def table(self) -> pl.DataFrame:
        """Return one row a player."""
        import polars as pl

        return pl.DataFrame(
            {
                "player": self.players, "alone": self.alone, "shapley": self.shapley, "banzhaf": self.banzhaf,
                "banzhaf_share": self.banzhaf_share, "dummy": [p in self.dummies for p in self.players],
                "powerless": [p in self.powerless for p in self.players],
            }
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {"standing": "exact", "players": self.table().to_dicts()}


def values(game: CoalitionGame) -> Values:
    """Return the Shapley and Banzhaf values of a game, exactly, up to 20 players.

    ``phi_i = sum_S |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))``, ``beta_i = 2**(1 - n) sum_S (v(S + i) - v(S))``.

    Parameters
    ----------
    game : CoalitionGame

    Returns
    -------
    Values

    References
    ----------
    [Shapley1953]_, [Banzhaf1965]_

    Examples
    --------
    >>> from foedus.security.games import CoalitionGame
    >>> v = values(CoalitionGame.weighted_majority(51, [50, 49, 1]))
    >>> v.shapley.round(6).tolist(), v.banzhaf_share.round(6).tolist()
    ([0.666667, 0.166667, 0.166667], [0.6, 0.2, 0.2])
    """
    worth = game.worth
    dummy, nothing = (
        tuple(p for p, d in zip(game.players, test(worth, game.tolerance), strict=True) if d)
        for test in (kernel.dummies, kernel.powerless)
    )
    return Values(
        game.players, np.array(game.alone), kernel.shapley(worth), kernel.banzhaf(worth),
        dummy, nothing,
    )  # fmt: skip
