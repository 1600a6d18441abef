"""Walks on an energy landscape: all energies in Gray order, and where myopic dynamics lead from each configuration.

A code stands for a configuration: bit ``b`` set means that node ``b + 1`` is at -1; node 0 is always at +1, so its flip is the complement of all
others. The field of a node at a code is the sum of two table entries, one for each half of the bits: no error adds up along a walk.
Every compiled function has a plain twin with the suffix ``_reference``. Knows no actors.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels.streams import uniform

STEEPEST, FIRST, RANDOM = 0, 1, 2

WALK = np.uint64(0x77616C6B)
"""Key of the random numbers of walks; starts use the keys 0, 1, ... of the nodes."""


@njit(cache=True, nogil=True)
def energies(w):  # noqa: ANN001, ANN201
    """Return the ordered double sum of ``w_ij`` over nodes apart, for every code, shape (2 ** (n - 1),).

    Gray order, O(n) a step; built anew every 4,096 steps, so that rounding does not add up.

    Parameters
    ----------
    w : float64 array, shape (n, n)
        Symmetric, zero diagonal, n at least 1.
    """
    n = w.shape[0]
    side = np.ones(n)
    field = np.zeros(n)
    out = np.empty(1 << (n - 1))
    value = 0.0
    for step in range(1 << (n - 1)):
        if step > 0:
            bit = 0
            while not (step >> bit) & 1:
                bit += 1
            v = bit + 1
            value += 2.0 * side[v] * field[v]
            side[v] = -side[v]
            for u in range(n):
                field[u] += 2.0 * w[u, v] * side[v]
        if step % 4096 == 0:
            value = 0.0
            for u in range(n):
                field[u] = 0.0
                for j in range(n):
                    field[u] += w[u, j] * side[j]
                    if side[u] != side[j]:
                        value += w[u, j]
        out[step ^ (step >> 1)] = value
    return out


def energies_reference(w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what `energies` does, one configuration at a time."""
    out = np.empty(1 << (len(w) - 1))
    for code in range(len(out)):
        side = np.array([0] + [(code >> b) & 1 for b in range(len(w) - 1)])
        out[code] = (w * (side[:, None] != side)).sum()
    return out


def tables(w: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the parts of every node's field from the lower and the upper half of the bits, shapes (2 ** half, n)."""
    bits = len(w) - 1
    half = (bits + 1) // 2

    def part(nodes: range, start: NDArray[np.float64]) -> NDArray[np.float64]:
        out = start[None]
        for v in nodes:
            out = np.concatenate([out + w[v], out - w[v]])
        return np.ascontiguousarray(out)

    return part(range(1, half + 1), w[0].copy()), part(range(half + 1, bits + 1), np.zeros(len(w)))


@njit(cache=True, nogil=True)
def _neighbour(code, node, full):  # noqa: ANN001, ANN202
    """Return the code after a flip of ``node``; ``full`` has every bit set."""
    return code ^ full if node == 0 else code ^ (1 << (node - 1))


@njit(cache=True, nogil=True)
def _loss(low, high, code, node):  # noqa: ANN001, ANN202
    """Return ``eta_i h_i`` of a node: half of what a flip would add to the energy, over 1."""
    half = len(low)
    h = low[code & (half - 1), node] + high[code // half, node]
    return -h if node > 0 and (code >> (node - 1)) & 1 else h


@njit(cache=True, nogil=True)
def steps(low, high, tolerance, start, rule, turn):  # noqa: ANN001, ANN201
    """Return the code to which one move leads from each, itself where no node gains, shape (2 ** (n - 1),) int32.

    Parameters
    ----------
    low, high : float64 arrays
        From `tables`.
    tolerance : float64 array, shape (n,)
        A node moves only if its pull is below minus this.
    start : int
        0, or 1 if node 0 cannot move.
    rule : int
        `STEEPEST`: the flip that lowers the energy most, the lower node of two equal ones; `FIRST`: the first node that gains in the order ``turn``.
    turn : int64 array
    """
    n = low.shape[1]
    total = len(low) * len(high)
    out = np.empty(total, dtype=np.int32)
    for code in range(total):
        best = -1
        least = 0.0
        if rule == STEEPEST:
            for i in range(start, n):
                x = _loss(low, high, code, i)
                if x < -tolerance[i] and (best < 0 or x < least - tolerance[i]):
                    best = i
                    least = x
        else:
            for i in turn:
                if _loss(low, high, code, i) < -tolerance[i]:
                    best = i
                    break
        out[code] = code if best < 0 else _neighbour(code, best, total - 1)
    return out


def steps_reference(
    w: NDArray[np.float64], tolerance: NDArray[np.float64], start: int, rule: int, turn: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return what `steps` does, from the weights and one configuration at a time."""
    n = len(w)
    out = np.arange(1 << (n - 1), dtype=np.int32)
    for code in range(len(out)):
        eta = np.array([1] + [1 - 2 * ((code >> b) & 1) for b in range(n - 1)])
        pull = eta * (w @ eta)
        gains = [int(i) for i in (turn if rule == FIRST else range(start, n)) if pull[i] < -tolerance[i]]
        if gains:
            v = gains[0]
            for i in gains:
                if rule == STEEPEST and pull[i] < pull[v] - tolerance[i]:
                    v = i
            out[code] = code ^ (len(out) - 1) if v == 0 else code ^ (1 << (v - 1))
    return out


@njit(cache=True, nogil=True)
def mass(low, high, tolerance, start):  # noqa: ANN001, ANN201
    """Return how much mass rests at each code when every code starts with one and passes it on in equal parts to the flips that gain.

    Exact shares of uniformly random single flips: codes are taken once all those that lead to them are done.
    """
    n = low.shape[1]
    total = len(low) * len(high)
    waiting = np.zeros(total, dtype=np.int8)
    out = np.ones(total)
    stack = np.empty(total, dtype=np.int32)
    top = 0
    for code in range(total):
        for i in range(start, n):
            waiting[code] += _loss(low, high, code, i) > tolerance[i]
        if waiting[code] == 0:
            stack[top] = code
            top += 1
    while top > 0:
        top -= 1
        code = np.int64(stack[top])
        gains = 0
        for i in range(start, n):
            gains += _loss(low, high, code, i) < -tolerance[i]
        if gains > 0:
            part = out[code] / gains
            out[code] = 0.0
            for i in range(start, n):
                if _loss(low, high, code, i) < -tolerance[i]:
                    to = _neighbour(code, i, total - 1)
                    out[to] += part
                    waiting[to] -= 1
                    if waiting[to] == 0:
                        stack[top] = to
                        top += 1
    return out


def mass_reference(w: NDArray[np.float64], tolerance: NDArray[np.float64], start: int) -> NDArray[np.float64]:
    """Return what `mass` does, from the highest energy down."""
    n, out = len(w), np.ones(1 << (len(w) - 1))
    for code in np.argsort(-energies_reference(w), kind="stable"):
        eta = np.array([1] + [1 - 2 * ((int(code) >> b) & 1) for b in range(n - 1)])
        gains = np.flatnonzero(eta * (w @ eta) < -tolerance)
        gains = gains[gains >= start]
        for v in gains:
            out[code ^ (len(out) - 1) if v == 0 else code ^ (1 << (v - 1))] += out[code] / len(gains)
        out[code] = 0.0 if len(gains) else out[code]
    return out


@njit(cache=True, nogil=True)
def descend(w, tolerance, start, rule, turn, seed, first, side):  # noqa: ANN001, ANN201
    """Let each configuration walk down until no node gains; ``side`` (draws, n), float64 of +1 and -1, is modified in place.

    ``rule`` as in `steps`, or `RANDOM`: one of those who gain, each as likely; row ``d`` takes its numbers from draw ``first + d``.
    """
    draws, n = side.shape
    field = np.zeros(n)
    gains = np.zeros(n, dtype=np.int64)
    for d in range(draws):
        eta = side[d]
        for i in range(n):
            field[i] = 0.0
            for j in range(n):
                field[i] += w[i, j] * eta[j]
        move = 0
        while True:
            found = 0
            best = -1
            for a in range(len(turn) if rule == FIRST else n - start):
                i = turn[a] if rule == FIRST else a + start
                x = eta[i] * field[i]
                if x < -tolerance[i]:
                    gains[found] = i
                    found += 1
                    if best < 0 or (rule == STEEPEST and x < eta[best] * field[best] - tolerance[i]):
                        best = i
                    if rule == FIRST:
                        break
            if found == 0:
                break
            if rule == RANDOM:
                best = gains[int(uniform(seed, WALK, np.uint64(first + d), np.uint64(move)) * found)]
            eta[best] = -eta[best]
            for j in range(n):
                field[j] += 2.0 * w[j, best] * eta[best]
            move += 1
