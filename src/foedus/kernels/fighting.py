"""Equilibria of the fighting game of Koenig, Rohner, Thoenig and Zilibotti (2017): arrays in, arrays out.

Group ``i`` picks an effort ``x_i >= 0``; its performance is ``phi = M x + h`` with ``M = I + beta A+ - gamma A-`` [KRTZ2017]_ and its payoff
``V phi_i / sum_j max(phi_j, 0) - k_i x_i``. `solve` finds efforts by active sets, all draws at once; `gains` says how much the best deviation of
each group would bring, exactly, so that a result can be checked without trusting `solve`. Knows no names and judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats, Bools = NDArray[np.float64], NDArray[np.bool_]

SOLVED, NO_GAMMA, SINGULAR, NOBODY, CYCLED = 0, 1, 2, 3, 4
"""Codes of `solve`: found; effort of some group lowers the sum of performances; no unique efforts; nobody gains by fighting; no active set found."""

ROUNDS, REPLIES = 60, 4000
_TOLERANCE = 1e-11


@dataclass(frozen=True)
class Solution:
    """Efforts of each draw; ``nan`` where ``code`` is not `SOLVED`.

    Attributes
    ----------
    effort, performance, slope : float64 array, shape (n_draws, n)
        ``slope`` is the derivative of the sum of performances by each effort, ``1 / Gamma``.
    total : float64 array, shape (n_draws,)
        Sum of performances.
    code : int8 array, shape (n_draws,)
    """

    effort: Floats
    performance: Floats
    slope: Floats
    total: Floats
    code: NDArray[np.int8]


def matrix(allied: Floats, enemy: Floats, beta: Floats, gamma: Floats) -> Floats:
    """Return ``I + beta A+ - gamma A-``, shape (n_draws, n, n); the arrays broadcast over draws."""
    b, g = np.asarray(beta, dtype=np.float64), np.asarray(gamma, dtype=np.float64)
    return np.eye(allied.shape[-1]) + b[..., None, None] * allied - g[..., None, None] * enemy


def solve(m: Floats, cost: Floats, shift: Floats, prize: float) -> Solution:
    """Return an equilibrium of each draw in which every performance counts.

    Parameters
    ----------
    m : float64 array, shape (n_draws, n, n)
    cost, shift : float64 array, shape (n_draws, n)
        ``k`` and ``h``.
    prize : float

    Returns
    -------
    Solution

    Notes
    -----
    Where all fight, the sum of performances is ``Phi = V (sum Gamma - 1) / sum(Gamma k)`` and ``phi_i = Gamma_i Phi (1 - k_i Phi / V)``; with
    ``k = 1`` these are the paper's ``V Lambda`` and ``V Lambda (1 - Lambda) Gamma_i``. Who would choose less than nothing is set to zero (idle); who
    pays too much for a share, ``k_i Phi > V``, puts in what keeps its performance at zero (held); who then gains by fighting is let in again, until
    nobody moves. Where that finds nothing, best replies in turn give another start.
    """
    slope = m.sum(axis=1)
    code = np.where((slope > 0).all(axis=1), CYCLED, NO_GAMMA).astype(np.int8)
    x, total = np.full(shift.shape, np.nan), np.full(len(shift), np.nan)
    todo = np.flatnonzero(code == CYCLED)
    for start in (_all_fight, _by_replies):
        if not len(todo):
            break
        one = m[todo], slope[todo], cost[todo], shift[todo], prize
        x[todo], total[todo], code[todo] = _by_sets(*one, *start(*one))
        todo = todo[(code[todo] == CYCLED) | (code[todo] == NOBODY)]
    return Solution(x, (m @ x[..., None])[..., 0] + shift, slope, total, code)


def _by_sets(
    m: Floats, slope: Floats, cost: Floats, shift: Floats, prize: float, active: Bools, held: Bools
) -> tuple[Floats, Floats, NDArray[np.int8]]:
    """Return efforts, the sum of performances and a code of each draw, starting from the sets ``active`` and, among them, ``held``."""
    x, total, code = (
        np.full(shift.shape, np.nan),
        np.full(len(shift), np.nan),
        np.full(len(shift), CYCLED, dtype=np.int8),
    )
    active, held, todo = active.copy(), held.copy(), np.arange(len(shift))
    for step in range(ROUNDS):
        if not len(todo):
            break
        now, low, k, s = active[todo], held[todo], cost[todo], slope[todo]
        found, phi_sum, state = _given(m[todo], s, k, shift[todo], prize, now, low)
        phi = (m[todo] @ found[..., None])[..., 0] + shift[todo]
        scale, t = np.abs(found).max(axis=1, initial=1e-300)[:, None], phi_sum[:, None]
        with np.errstate(all="ignore"):
            dear = k * t > prize * (1 + _TOLERANCE)
            gain = prize * (t - phi * s) / t**2 - k
        stop = now & (found < -_TOLERANCE * scale)
        hold = ~low & dear & (now | (phi < -_TOLERANCE * t))
        free = low & (k * t < prize * (1 - _TOLERANCE))
        start = ~now & ((gain > _TOLERANCE * k) | (phi < -_TOLERANCE * t))
        bad = state != SOLVED
        code[todo[bad]] = state[bad]
        move = stop | hold | free | start
        done = ~bad & ~move.any(axis=1)
        code[todo[done]] = SOLVED
        x[todo[done]] = np.where(now[done], np.maximum(found[done], 0.0), 0.0)
        total[todo[done]] = phi_sum[done]
        if step >= ROUNDS // 2:
            move &= move.cumsum(axis=1) == 1
        active[todo] = np.where(move, (now | start) & ~stop, now)
        held[todo] = np.where(move, ((low & ~free) | hold) & ~stop, low) & active[todo]
        todo = todo[~bad & ~done]
    return x, total, code


def _given(
    m: Floats, slope: Floats, cost: Floats, shift: Floats, prize: float, active: Bools, held: Bools
) -> tuple[Floats, Floats, NDArray[np.int8]]:
    """Return efforts if exactly ``active`` fight, ``held`` of them for nothing, the sum of performances and a code, of each draw."""
    rows = np.where(active[..., None], m, np.eye(m.shape[-1]))
    gamma = np.where(active & ~held, 1 / slope, 0.0)
    right = np.stack([gamma, gamma * cost / prize, np.where(active, shift, 0.0)], axis=-1)
    inverse, singular = _inverse(rows)
    u, w, z = np.moveaxis(inverse @ right, -1, 0)
    grows, bends = (slope * u).sum(axis=1) - 1, (slope * w).sum(axis=1)
    rest = shift.sum(axis=1) - (slope * z).sum(axis=1)
    rest = np.where(np.abs(rest) <= 1e-12 * np.maximum(np.abs(shift).sum(axis=1), 1e-300), 0.0, rest)
    with np.errstate(all="ignore"):
        total = (grows + np.sqrt(grows**2 + 4 * bends * rest)) / (2 * bends)
    nobody = ~(np.isfinite(total) & (total > 0))
    state = np.select([singular, nobody], [SINGULAR, NOBODY], SOLVED).astype(np.int8)
    t = total[:, None]
    return t * u - t**2 * w - z, total, state


def _inverse(rows: Floats) -> tuple[NDArray[Any], Bools]:
    """Return the inverse of each matrix and whether it is singular in double precision; the inverse of those is that of the identity."""
    try:
        inverse = np.linalg.inv(rows)
    except np.linalg.LinAlgError:
        exact = np.array([np.linalg.matrix_rank(r) < r.shape[-1] for r in rows])
        rows = np.where(exact[:, None, None], np.eye(rows.shape[-1]), rows)
        inverse = np.linalg.inv(rows)
        return inverse, exact
    norm, back = (np.abs(a).sum(axis=-2).max(axis=-1) for a in (rows, inverse))
    return inverse, np.asarray(norm * back > 1e12)


def _all_fight(m: Floats, slope: Floats, cost: Floats, shift: Floats, prize: float) -> tuple[Bools, Bools]:
    """Return the start in which everybody fights and nobody is held."""
    return np.ones(shift.shape, dtype=bool), np.zeros(shift.shape, dtype=bool)


def _by_replies(m: Floats, slope: Floats, cost: Floats, shift: Floats, prize: float) -> tuple[Bools, Bools]:
    """Return who fights, and who is held, where best replies in turn have led after many rounds; nobody where they run away."""
    n = shift.shape[1]
    x = np.full(shift.shape, prize / n**2)
    phi = (m @ x[..., None])[..., 0] + shift
    with np.errstate(all="ignore"):
        for i in np.tile(np.arange(n), 1 + REPLIES // n):
            total = phi.sum(axis=1)
            want = np.sqrt(np.maximum(prize * (total - slope[:, i] * phi[:, i]) / cost[:, i], 0.0))
            step = np.maximum((want - total) / slope[:, i], np.maximum(-x[:, i], -phi[:, i]))
            x[:, i] += step
            phi += step[:, None] * m[:, :, i]
    x, phi = (np.where(np.isfinite(v), v, 0.0) for v in (x, phi))
    return x > 1e-9 * x.max(axis=1, keepdims=True), (phi <= 1e-9 * phi.max(axis=1, keepdims=True)) & (x > 0)


def gains(m: Floats, x: Floats, cost: Floats, shift: Floats, prize: float) -> Floats:
    """Return what the best deviation of each group brings over its payoff, shape (n,), for one draw.

    A deviation is any other effort of at least zero that keeps the group's own performance at least zero; those of others that fall below zero
    count as zero. In each stretch between the efforts at which somebody's performance turns, the payoff has at most one stationary point, in closed
    form: the greatest over those, the turning points and the lowest effort is the best reply. (The sum of counted performances is convex in one's own
    effort, so that the payoff has a single peak wherever more effort raises that sum; the check does not lean on it.)
    """
    phi = m @ x + shift
    lowest = np.maximum(-x, -phi)
    with np.errstate(all="ignore"):
        turns = -phi[:, None] / m
    turns = np.where(np.isfinite(turns), turns, 0.0)
    best = np.full(len(x), -np.inf)
    for i in range(len(x)):
        most = lowest[i] + prize / cost[i]  # more effort costs more than the whole prize brings
        between = turns[:, i][(turns[:, i] > lowest[i]) & (turns[:, i] < most)]
        edges = np.unique(np.concatenate([[lowest[i], most], between]))
        inside = (edges[:-1] + edges[1:]) / 2
        counted = phi + inside[:, None] * m[:, i] > 0
        level, rise = (counted * phi).sum(axis=1), (counted * m[:, i]).sum(axis=1)
        with np.errstate(all="ignore"):
            stop = (np.sqrt(prize * (level - rise * phi[i]) / cost[i]) - level) / rise
        tried = np.concatenate([edges, stop[(stop > lowest[i]) & (stop < most)]])
        best[i] = payoff_of(tried, i, m, phi, x, cost, prize).max()
    return best - payoffs(m, x, cost, shift, prize)


def payoff_of(change: Floats, i: int, m: Floats, phi: Floats, x: Floats, cost: Floats, prize: float) -> Floats:
    """Return the payoff of group ``i`` if it adds each ``change`` to its effort, the others staying where they are."""
    others = np.maximum(phi + change[:, None] * m[:, i], 0.0)
    mine, total = np.maximum(phi[i] + change, 0.0), others.sum(axis=1)
    share = np.divide(mine, total, out=np.zeros_like(mine), where=total > 0)
    return prize * share - cost[i] * (x[i] + change)


def payoffs(m: Floats, x: Floats, cost: Floats, shift: Floats, prize: float) -> Floats:
    """Return each group's payoff, shape (..., n)."""
    phi = (m @ x[..., None])[..., 0] + shift
    return prize * phi / np.maximum(phi, 0.0).sum(axis=-1, keepdims=True) - cost * x


def censored(m: Floats, level: Floats) -> tuple[Floats, Bools]:
    """Return ``x >= 0`` with ``M x >= level`` and equality where ``x > 0``, and which draws were solved.

    Parameters
    ----------
    m : float64 array, shape (n_draws, n, n)
    level : float64 array, shape (n_draws, n)

    Returns
    -------
    (float64 array, shape (n_draws, n); bool array, shape (n_draws,))
        Each fights up to its level given the others, and not at all where that would take less than nothing. Unique where the matrix is positive
        definite, and always found there in 35,000 random cases; elsewhere a draw may stay unsolved.
    """
    n_draws, n = level.shape
    x, active = np.full((n_draws, n), np.nan), np.ones((n_draws, n), dtype=bool)
    todo, eye = np.arange(n_draws), np.eye(n)
    for _ in range(ROUNDS):
        if not len(todo):
            break
        held = np.where(active[todo][..., None], m[todo], eye)
        found = np.linalg.solve(held, np.where(active[todo], level[todo], 0.0)[..., None])[..., 0]
        slack = (m[todo] @ found[..., None])[..., 0] - level[todo]
        size = np.abs(level[todo]).max(axis=1, keepdims=True)
        move = np.where(active[todo], found < -1e-10 * size, slack < -1e-10 * size)
        done = ~move.any(axis=1)
        x[todo[done]] = np.maximum(found[done], 0.0)
        active[todo] ^= move
        todo = todo[~done]
    solved = np.ones(n_draws, dtype=bool)
    solved[todo] = False
    return x, solved
