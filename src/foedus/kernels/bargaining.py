"""The group decision model's arithmetic: votes, probabilities, expected utilities, risk, and the offers of one round.

Equations are numbered as in Scholz, Calbert & Smith's reconstruction [Scholz2011]_ of Bueno de Mesquita's model. Every function takes leading
dimensions (draws) before the actors: positions ``x``, weights ``w`` (capability times salience) and salience ``s`` have shape (..., n); what concerns
pairs has shape (..., n, n), the challenger first. Third parties need (..., n, n, n) numbers. Runs no rounds and knows no names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RISK = ("challenged", "challenging", "neutral")
VIEW = ("proposer", "own", "either")
CHOICE = ("order", "least", "enforceable")
CONFLICT = ("stand", "concede")
EPS = 1e-12
"""Differences of utilities (which run from -4 to 4), of shares and of positions relative to their range below it are rounding."""


def span(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the range of positions, shape (...,)."""
    return x.max(axis=-1) - x.min(axis=-1)


def mean(x: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted mean position, shape (...,)."""
    return (x * w).sum(axis=-1) / w.sum(axis=-1)


def median(x: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted median, shape (...,): the position that no other one beats in the votes of eq. 2.

    Where two positions tie (half of the weight on either side), the middle between them.
    """
    order = np.argsort(x, axis=-1, kind="stable")
    sorted_x = np.take_along_axis(x, order, axis=-1)
    below = np.cumsum(np.take_along_axis(np.broadcast_to(w, x.shape), order, axis=-1), axis=-1)
    below = below / below[..., -1:]
    low = np.argmax(below >= 0.5 - EPS, axis=-1)[..., None]
    high = np.argmax(below > 0.5 + EPS, axis=-1)[..., None]
    ends = np.take_along_axis(sorted_x, low, axis=-1) + np.take_along_axis(sorted_x, high, axis=-1)
    return 0.5 * ends[..., 0]


def votes(x: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the votes for the row's position against the column's, shape (..., n, n); zero where all positions are one."""
    far = np.abs(x[..., :, None] - x[..., None, :])
    cost = (far * w[..., None, :]).sum(axis=-1)
    return _over((cost[..., None, :] - cost[..., :, None]), span(x)[..., None, None])


def support(x: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance that the row prevails over the column (eqs. 30 and 31), shape (..., n, n); one half where nobody cares."""
    far = np.abs(x[..., :, None] - x[..., None, :])
    prefers = w[..., None, None, :] * (far[..., None, :, :] - far[..., :, None, :])
    every = np.abs(prefers).sum(axis=-1)
    some = every > EPS * (w.sum(axis=-1) * span(x))[..., None, None]
    return np.where(some, np.maximum(prefers, 0.0).sum(axis=-1) / np.where(some, every, 1.0), 0.5)


@dataclass(frozen=True)
class Pairs:
    """What one state of positions says of every pair, before anybody's attitude to risk.

    ``far`` (..., n, n) distance of the two and ``off`` (..., n, 1) of the challenger from the median, both over the range; ``wins`` (..., n, n)
    chance that the challenger prevails, discounted by how much the other one cares; ``q`` (..., 1, 1) chance that who is not challenged stays.
    """

    far: NDArray[np.float64]
    off: NDArray[np.float64]
    wins: NDArray[np.float64]
    q: NDArray[np.float64]

    @classmethod
    def of(
        cls, x: NDArray[np.float64], w: NDArray[np.float64], s: NDArray[np.float64], status_quo: NDArray[np.float64]
    ) -> Pairs:
        """Return the pairs of positions; salience is the responder's (eq. 6): who does not care gives way."""
        width, theirs = span(x)[..., None], s[..., None, :]
        return cls(
            _over(np.abs(x[..., :, None] - x[..., None, :]), width[..., None]),
            _over(np.abs(x - median(x, w)[..., None]), width)[..., :, None],
            theirs * support(x, w) + 1 - theirs,
            status_quo[..., None, None],
        )

    def utility(self, r: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the expected utility of challenging (eqs. 5 to 7 with 15, 16 and 22 to 24), shape (..., n, n).

        ``r``, the exponent of whoever looks at the pair, has that shape or broadcasts to it.
        """
        success, failure = 2 - 4 * (0.5 - 0.5 * self.far) ** r, 2 - 4 * (0.5 + 0.5 * self.far) ** r
        still = 2 - 4 * 0.5**r
        near = 0.25 * (self.off + self.far)
        moved = 2 - 4 * np.where(self.off < self.far - EPS, 0.5 - near, 0.5 + near) ** r
        u = self.wins * success + (1 - self.wins) * failure - self.q * still - (1 - self.q) * moved
        return np.where(np.abs(u) < EPS, 0.0, u)


def exponents(utility: NDArray[np.float64], *, challenged: bool = True) -> NDArray[np.float64]:
    """Return the risk exponents from expected utilities at exponent 1 (eqs. 32 to 34), shape (..., n), from 0.5 to 2.

    ``challenged`` sums over those who might challenge an actor, else over those whom it might challenge. All equally secure gives 1.
    """
    n = utility.shape[-1]
    security = np.where(np.eye(n, dtype=bool), 0.0, utility).sum(axis=-2 if challenged else -1)
    high, low = security.max(axis=-1, keepdims=True), security.min(axis=-1, keepdims=True)
    wide = high - low > EPS * n
    basis = np.where(wide, (2 * security - high - low) / np.where(wide, high - low, 1.0), 0.0)
    return (1 - basis / 3) / (1 + basis / 3)


def offers(
    strong: NDArray[np.float64], weak: NDArray[np.float64], fight: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return what share of the way the column would go to the row, and why, both (..., n, n): eqs. 35 and 36 and the octants of fig. 6.

    Why: 0 no offer, 1 conflict (both expect to gain, the row more), 2 compromise, 3 compelled. Where not ``fight``, conflicts move nobody.
    """
    gain = strong > 0
    conflict = gain & (weak > 0) & (strong > weak + EPS) & fight
    yields = gain & (weak <= 0)
    ratio = np.where(yields, np.abs(weak) / np.where(gain, strong, 1.0), 0.0)
    why = np.where(conflict, 1, np.where(yields & (ratio > 0), np.where(ratio < 1, 2, 3), 0)).astype(np.int8)
    return np.where(conflict, 1.0, np.minimum(ratio, 1.0)), why


def taken(
    x: NDArray[np.float64], first: NDArray[np.float64], share: NDArray[np.float64], why: NDArray[np.int8]
) -> NDArray[np.float64]:
    """Return where each actor goes, shape (..., n), by the offer of least ``first`` and then of the least move.

    ``first``, ``share`` and ``why`` have shape (..., k n, n): k layers of offers from every actor to every actor. Offers that tie count by their
    average, so that the order of actors decides nothing.
    """
    there = np.concatenate([x] * (share.shape[-2] // x.shape[-1]), axis=-1)[..., :, None]
    move = share * (there - x[..., None, :])
    far = np.abs(move) / np.maximum(span(x), np.finfo(float).tiny)[..., None, None]
    open_ = (why > 0) & (far > EPS)
    for key in (first, far):
        best = np.where(open_, key, np.inf).min(axis=-2, keepdims=True)
        open_ = open_ & (key <= best + EPS)
    return x + np.where(open_, move, 0.0).sum(axis=-2) / np.maximum(open_.sum(axis=-2), 1)


def step(
    x: NDArray[np.float64], w: NDArray[np.float64], s: NDArray[np.float64], status_quo: NDArray[np.float64], code: NDArray[np.int64]
) -> NDArray[np.float64]:  # fmt: skip
    """Return positions after one round, shape (n_draws, n).

    Parameters
    ----------
    x, w, s : float64 arrays, shape (n_draws, n)
    status_quo : float64 array, shape (n_draws,)
    code : int64 array, shape (n_draws, 4)
        Positions in `RISK`, `VIEW`, `CHOICE` and `CONFLICT`; what they mean stands in `foedus.security.rounds.Rules`.
    """
    risk, view, choice, conflict = code.T
    pairs = Pairs.of(x, w, s, status_quo)
    neutral = pairs.utility(np.ones(1))
    r = np.where(
        (risk == 0)[:, None],
        exponents(neutral),
        np.where((risk == 1)[:, None], exponents(neutral, challenged=False), 1.0),
    )
    mine, theirs = pairs.utility(r[:, :, None]), pairs.utility(r[:, None, :])
    weak = np.where((view == 1)[:, None, None], mine, theirs).swapaxes(-1, -2)
    strong = np.concatenate([mine, np.where((view == 2)[:, None, None], theirs, -1.0)], axis=-2)
    weak = np.concatenate([weak, mine.swapaxes(-1, -2)], axis=-2)
    share, why = offers(strong, weak, (conflict == 1)[:, None, None])
    kind = choice[:, None, None]
    return taken(x, np.where(kind == 0, why, np.where(kind == 1, 0.0, -strong)), share, why)


def _over(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a / b, 0 where b is 0."""
    return np.where(b > 0, a / np.where(b > 0, b, 1.0), 0.0)
