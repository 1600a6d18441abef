"""Plain twins of the fighting game: payoffs from the definition, best deviations by search, equilibria by trying every set."""

from itertools import product

import numpy as np


def performances(ties, x, beta, gamma, shift):
    n = len(x)
    out = []
    for i in range(n):
        phi = x[i] + shift[i]
        for j in range(n):
            if ties[i][j] > 0:
                phi += beta * ties[i][j] * x[j]
            if ties[i][j] < 0:
                phi -= gamma * -ties[i][j] * x[j]
        out.append(phi)
    return out


def payoff(i, ties, x, beta, gamma, *, prize=1.0, cost=None, shift=None):
    n = len(x)
    cost, shift = cost or [1.0] * n, shift or [0.0] * n
    phi = performances(ties, x, beta, gamma, shift)
    if phi[i] < -1e-12:
        return float("-inf")
    total = sum(p for p in phi if p > 0)
    return prize * max(phi[i], 0.0) / total - cost[i] * x[i] if total > 0 else -cost[i] * x[i]


def best_payoff(i, ties, x, beta, gamma, **more):
    """Return the greatest payoff of ``i`` over its own effort, by a grid and a search around its best points."""
    from scipy.optimize import minimize_scalar

    def value(own):
        return max(payoff(i, ties, [*x[:i], own, *x[i + 1 :]], beta, gamma, **more), -1e6)

    grid = np.concatenate([np.linspace(0.0, 0.3, 121), np.linspace(0.3, 3.0, 60), [x[i]]])
    values = [value(g) for g in grid]
    best = max(values)
    for k in np.argsort(values)[-3:]:
        low, high = max(0.0, grid[k] - 0.05), grid[k] + 0.05
        found = minimize_scalar(lambda g: -value(g), bounds=(low, high), method="bounded", options={"xatol": 1e-12})
        best = max(best, -found.fun)
    return best


def equilibria(ties, beta, gamma):
    """Return every equilibrium with costs of 1 and no shifts, found by trying each set of those who fight and checking each deviation."""
    n = len(ties)
    ties = np.asarray(ties, dtype=float)
    m = np.eye(n) + beta * np.maximum(ties, 0) - gamma * np.maximum(-ties, 0)
    found = []
    for fights in product([False, True], repeat=n):
        who = [i for i in range(n) if fights[i]]
        if not who:
            continue
        inner = m[np.ix_(who, who)]
        if abs(np.linalg.det(inner)) < 1e-12:
            continue
        slope = m.sum(axis=0)
        # phi_i = G (1 - G) / slope_i at Phi = G for those who fight; the sum of all performances has to be G again
        unit = np.linalg.solve(inner, 1 / slope[who])
        weight = slope[who] @ unit
        total = 1 - 1 / weight
        if not 0 < total < 1:
            continue
        x = np.zeros(n)
        x[who] = total * (1 - total) * unit
        if (x < -1e-12).any() or (m @ x < -1e-12).any():
            continue
        x = [max(0.0, v) for v in x]
        if all(best_payoff(i, ties, x, beta, gamma) - payoff(i, ties, x, beta, gamma) < 1e-8 for i in range(n)):
            found.append(x)
    return found
