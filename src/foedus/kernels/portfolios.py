"""Portfolios of pledges that a state might have had, the best and the worst for its security, and its attitude to risk (Bueno de Mesquita 1985).

The measure of risk sets a state's security against the most and the least that it could have had under any of its 4^(n - 1) portfolios
[BuenodeMesquita1985]_; searching them all cannot be done, and EUGene took a genetic algorithm [BennettStam2000]_. Here the candidates are few and
fixed, so that the same state has the same risk every time: others are ordered by how much strength is pledged to them, by their own strength, and by
what they could bring to the state's place; it has a defence pact with the first t of them, or the last t, for up to `SIZES` values of t. Its
actual portfolio is one more. That is a heuristic: there may be better and worse ones, and `Risk` carries what the attitude could be if they lie at
their bound.

A candidate's similarity to every other state is exact (both sides of a pact have it); the similarity of others among themselves is kept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.kernels import similarity
from foedus.kernels.prevail import exposures

LEVELS = 4
TOP = 3
SIZES = 12
CAP = 0.999
"""Greatest similarity of two different states, so that they always differ in something."""


def alike(levels: NDArray[np.integer], measure: str = "tau_b") -> NDArray[np.float64]:
    """Return the similarity of all pairs of portfolios, at most `CAP`, 1 with oneself, NaN where it is not defined, shape (n, n).

    Parameters
    ----------
    levels : integer array, shape (n, n)
        Symmetric, 0 to 3; a state's tie with itself is 3.
    measure : {"tau_b", "s_abs"}
    """
    out = np.minimum(similarity.measure(similarity.contingency(levels, LEVELS), measure), CAP)
    np.fill_diagonal(out, 1.0)
    return out


class Candidates(NamedTuple):
    """The fixed candidates of a system: ``inside`` bool (c, n), whom a state allies with in those that are the same for all; ``counts`` (c, n, 4),
    each state's levels among those; ``sizes`` (s,), how many to ally with; ``hot`` (n, n, 4), levels as indicators."""  # noqa: D205, D209

    inside: NDArray[np.bool_]
    counts: NDArray[np.float64]
    sizes: NDArray[np.intp]
    hot: NDArray[np.float64]


def candidates(levels: NDArray[np.integer], share: NDArray[np.float64]) -> Candidates:
    """Return the candidates that do not depend on the state: by strength pledged to each other state (its own counts too), and by own strength."""
    n = len(levels)
    share = np.nan_to_num(share)
    sizes = np.unique(np.linspace(0, n - 1, min(n, SIZES)).round().astype(np.intp))
    hot = (levels[:, :, None] == np.arange(LEVELS)).astype(np.float64)
    inside = np.concatenate([_first(share @ levels, sizes), _first(share, sizes)])
    return Candidates(inside, _counts(inside, hot), sizes, hot)


def _first(score: NDArray[np.float64], sizes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return who is among the first, then among the last, of each size by a score, shape (2 s, n)."""
    place = np.argsort(np.stack([np.argsort(-score, kind="stable"), np.argsort(score, kind="stable")]), axis=1)
    return (place[:, None, :] < sizes[None, :, None]).reshape(-1, len(score))


def _counts(inside: NDArray[np.bool_], hot: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each state's levels among those inside, shape (c, n, 4)."""
    n = len(hot)
    return (inside.astype(np.float64) @ hot.transpose(1, 0, 2).reshape(n, -1)).reshape(-1, n, LEVELS)


def candidate_similarity(
    made: Candidates, i: int, brought: NDArray[np.float64], measure: str = "tau_b"
) -> NDArray[np.float64]:  # fmt: skip
    """Return the similarity of state i with every other under each candidate, shape (n, c), NaN where it is not defined.

    Parameters
    ----------
    made : Candidates
    i : int
    brought : float64 array, shape (n,)
        Strength that each could bring to i's own place, the order of i's own candidates.
    measure : {"tau_b", "s_abs"}
    """
    n = len(made.hot)
    own = _first(np.nan_to_num(brought), made.sizes)
    inside = np.concatenate([made.inside, own])
    chosen = np.concatenate([made.counts, _counts(own, made.hot)]) - inside[:, i, None, None] * made.hot[:, i]
    rest = made.hot.sum(axis=1) - made.hot[:, i] - chosen
    # The tie of the two with each other, as each sees it: 3 where allied, 0 where not; i's own entry is 3.
    chosen[..., TOP] += inside
    chosen[..., 0] += ~inside
    table = np.zeros((LEVELS, LEVELS, len(inside), n))
    table[0], table[TOP] = np.moveaxis(rest, -1, 0), np.moveaxis(chosen, -1, 0)
    out = np.minimum(similarity.measure(table / n, measure), CAP).T
    out[i] = 1.0
    return np.ascontiguousarray(out)


class Risk(NamedTuple):
    """Each of n states' attitude ``attitude`` R (n,), -1 to 1, and the lowest and highest it could be if the true extremes lie at their bound.

    ``exposure``, ``worst``, ``best``: the sum over all others of what they expect of a challenge, at the actual portfolio and at the extremes found.
    """

    attitude: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    exposure: NDArray[np.float64]
    worst: NDArray[np.float64]
    best: NDArray[np.float64]


def risk(
    levels: NDArray[np.integer], strength: NDArray[np.float64], share: NDArray[np.float64], *, measure: str = "tau_b",
    who: list[int] | None = None, known: NDArray[np.float64] | None = None,
) -> Risk:  # fmt: skip
    """Return R = (2 V - worst - best) / (worst - best), V the sum of what others expect of challenging a state.

    Parameters
    ----------
    levels : integer array, shape (n, n)
    strength : float64 array, shape (n, n)
        What the first brings to the place of the second.
    share : float64 array, shape (n,)
        By which others are ordered.
    measure : {"tau_b", "s_abs"}
    who : list of int, optional
        Only these states; the others are 0.
    known : float64 array, shape (n, n), optional
        `alike` of the levels, where it is at hand.

    Notes
    -----
    Where no portfolio makes a difference R is 0. Nobody expects more than 2 or less than -2, so the true extremes are within 2 (n - 1).
    """
    n = len(levels)
    actual = alike(levels, measure) if known is None else known
    made = candidates(levels, share)
    out = np.zeros((6, n))
    for i in range(n) if who is None else who:
        ours = np.concatenate([actual[:, i : i + 1], candidate_similarity(made, i, strength[:, i], measure)], axis=1)
        whole = np.asarray(np.isfinite(ours).all(axis=0))
        whole[0] = True
        found = exposures(i, np.ascontiguousarray(ours[:, whole]), actual, strength)
        out[:, i] = _attitude(found, 2.0 * (n - 1))
    return Risk(*out)


def _attitude(found: NDArray[np.float64], bound: float) -> tuple[float, float, float, float, float, float]:
    """Return the attitude, its least and greatest value, and the exposures that it is made of; ``found[0]`` is the actual one."""
    here, worst, best = float(found[0]), float(found.max()), float(found.min())
    low, high = _scaled(here, bound, best), _scaled(here, worst, -bound)
    return _scaled(here, worst, best), low, high, here, worst, best


def _scaled(here: float, worst: float, best: float) -> float:
    """Return the place of ``here`` between the extremes, -1 at the best and 1 at the worst; 0 where they are one."""
    return (2 * here - worst - best) / (worst - best) if worst - best > 1e-9 else 0.0
