"""Plain twins of the values of coalition games: definitions written out, slow and clear."""

from __future__ import annotations

import itertools
from math import factorial

import numpy as np
from scipy.optimize import linprog


def subsets(n):
    """Return every set of players as a frozenset, in the order of masks."""
    return [frozenset(i for i in range(n) if mask >> i & 1) for mask in range(1 << n)]


def mask(players):
    """Return the position of a set."""
    return sum(1 << i for i in players)


def shapley(worth, n):
    """Return the mean contribution over all orders."""
    total = [0.0] * n
    for order in itertools.permutations(range(n)):
        there = 0
        for i in order:
            total[i] += worth[there | 1 << i] - worth[there]
            there |= 1 << i
    return [t / factorial(n) for t in total]


def banzhaf(worth, n):
    """Return the mean contribution over all sets."""
    return [
        sum(worth[mask(s | {i})] - worth[mask(s)] for s in subsets(n) if i not in s) / 2 ** (n - 1) for i in range(n)
    ]


def second_differences(worth, n):
    """Yield every ``v(S+i+j) - v(S+i) - v(S+j) + v(S)``."""
    for s in subsets(n):
        for i, j in itertools.combinations(sorted(set(range(n)) - s), 2):
            yield worth[mask(s | {i, j})] - worth[mask(s | {i})] - worth[mask(s | {j})] + worth[mask(s)]


def least_total(worth, n):
    """Return the least total that no set would leave, by one program with every set in it."""
    rows = [[-float(i in s) for i in range(n)] for s in subsets(n)[1:]]
    return linprog(np.ones(n), rows, -np.asarray(worth[1:]), bounds=(None, None), method="highs").fun


def least_complaint(worth, n):
    """Return the complaint of the least core, by one program with every proper set in it."""
    rows = [[-float(i in s) for i in range(n)] + [-1.0] for s in subsets(n)[1:-1]]
    found = linprog(
        [0.0] * n + [1.0], rows, -np.asarray(worth[1:-1]), [[1.0] * n + [0.0]], [worth[-1]], bounds=(None, None), method="highs"
    )  # fmt: skip
    return found.fun


def is_nucleolus(worth, x, n, *, floors):
    """Return whether every set of the worst complaints is balanced (Kohlberg's test), with players at their floor helping.

    ``floors``: whether nobody may fall below its worth alone.
    """
    sets = subsets(n)[1:-1]
    excess = np.array([worth[mask(s)] - sum(x[i] for i in s) for s in sets])
    low = [i for i in range(n) if floors and abs(x[i] - worth[1 << i]) < 1e-7]
    for level in sorted({round(float(e), 7) for e in excess}, reverse=True):
        worst = [s for s, e in zip(sets, excess, strict=True) if e > level - 5e-7]
        columns = [[float(i in s) for i in range(n)] for s in worst] + [[float(i == k) for i in range(n)] for k in low]
        equal = np.column_stack([np.array(columns).T, -np.ones(n)])
        bounds = [(1.0, None)] * len(worst) + [(0.0, None)] * (len(low) + 1)
        if linprog(np.zeros(equal.shape[1]), A_eq=equal, b_eq=np.zeros(n), bounds=bounds, method="highs").status != 0:
            return False
    return True


def divisions(players):
    """Yield every partition of a list as a list of sets."""
    if not players:
        yield []
        return
    first, rest = players[0], players[1:]
    for smaller in divisions(rest):
        for k in range(len(smaller)):
            yield [*smaller[:k], smaller[k] | {first}, *smaller[k + 1 :]]
        yield [*smaller, frozenset([first])]


def stability(payoff, division, n):
    """Return whether a partition is Nash, individually and core stable; ``payoff(i, set)``."""
    home = {i: s for s in division for i in s}
    nash = individual = True
    for i in range(n):
        for other in [*division, frozenset()]:
            if i not in other and payoff(i, other | {i}) > payoff(i, home[i]) + 1e-12:
                nash = False
                individual &= any(payoff(j, other | {i}) < payoff(j, other) - 1e-12 for j in other)
    core = not any(all(payoff(i, s) > payoff(i, home[i]) + 1e-12 for i in s) for s in subsets(n)[1:])
    return nash, individual, core
