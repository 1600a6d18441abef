"""One year of one future written out pair by pair in plain Python: the twin of `foedus.kernels.futures` and `foedus.formation.evolve_step`."""

from __future__ import annotations

import math

import numpy as np

from foedus.kernels import streams

FORMED, ENDED, DISPUTE, WAR, SECOND = 1, 2, 4, 8, 16


def chance(eta: float) -> float:
    """Return the chance of log-odds."""
    return 1.0 / (1.0 + math.exp(-eta)) if eta > -700 else 0.0


def ground_of(stage) -> dict:
    """Return what no year of a stage changes, as `codes` takes it."""
    on = stage.ground
    return {"km": 1000.0 * np.exp(on.ln_km), "land": on.land, "major": on.major, "late": on.late, "rank": on.rank}


def number(seed: int, key: np.uint64, future: int, counter: int) -> float:
    """Return the number that a pair draws."""
    return float(streams.uniforms_reference(seed, np.array([key]), np.array([future]), counter)[0, 0])


def flags(allied, dispute_age) -> tuple[list[list[bool]], list[list[bool]]]:
    """Return who is allied with whom, and who had a dispute with whom in ten years."""
    n = len(allied)
    ally = [[x != y and bool(allied[x][y]) for y in range(n)] for x in range(n)]
    return ally, [[x != y and bool(dispute_age[x][y] <= 10) for y in range(n)] for x in range(n)]


def tie_log_odds(w, i, j, state, ground) -> float:
    """Return the log-odds that the pact of a pair forms, or ends."""
    n = len(state["share"])
    ally, foe = state.setdefault(
        "flags", flags(state["allied"], state["dispute_age"]) if "flags" not in state else None
    )
    third = [k for k in range(n) if k not in (i, j)]
    s, r, late = [max(v, 1e-6) for v in state["share"]], state["regime"], ground["late"]
    least, gap = min(r[i], r[j]), abs(r[i] - r[j])
    values = [
        1.0, least, gap, late * least, late * gap, 0.0, math.log(max(ground["km"][i][j], 100.0) / 1000.0), float(ground["land"][i][j]),
        math.log(s[i] + s[j]), abs(math.log(s[i]) - math.log(s[j])), 0.0, float(ground["major"][i] != ground["major"][j]),
        float(ground["major"][i] and ground["major"][j]),
        math.log(1 + sum(ally[i][k] for k in third)) + math.log(1 + sum(ally[j][k] for k in third)),
        math.log(1 + sum(ally[i][k] and ally[j][k] for k in third)),
        math.log(1 + sum(foe[i][k] for k in third)) + math.log(1 + sum(foe[j][k] for k in third)),
        math.log(1 + sum(foe[i][k] and foe[j][k] for k in third)),
        math.log(1 + sum(ally[i][k] and foe[k][j] for k in third) + sum(foe[i][k] and ally[k][j] for k in third)),
        float(foe[i][j]),
    ]  # fmt: skip
    age = state["tie_age"][i][j]
    if ally[i][j]:
        values.append(math.log1p(age))
    else:
        values += [float(math.isfinite(age)), math.log1p(age) if math.isfinite(age) else 0.0]
    return sum(a * b for a, b in zip(values, w, strict=True))


def quarrel_log_odds(q, i, j, state, ground) -> float:
    """Return the log-odds that a pair begins a dispute, or a war."""
    n, s, r, allied = len(state["share"]), state["share"], state["regime"], state["allied"]
    third = [k for k in range(n) if k not in (i, j)]
    own, other = (s[x] + sum(s[k] for k in third if allied[x][k]) for x in (i, j))
    parity = -abs(math.log(s[i]) - math.log(s[j]))
    age = state["dispute_age"][i][j]
    t = min(age, 50.0) / 10.0
    values = [
        1.0, float(ground["land"][i][j]), math.log(max(ground["km"][i][j], 100.0) / 1000.0), float(ground["major"][i] != ground["major"][j]),
        float(ground["major"][i] and ground["major"][j]), parity, math.log(max(s[i], s[j])), min(r[i], r[j]), abs(r[i] - r[j]),
        float(allied[i][j]), math.log(1 + sum(bool(allied[i][k] and allied[j][k]) for k in third)),
        -abs(math.log(own) - math.log(other)) - parity, t, t * t, t**3, float(math.isinf(age)),
    ]  # fmt: skip
    return sum(a * b for a, b in zip(values, q, strict=True))


def codes(seed, keys, future, year, state, ground, weights, factor) -> list[int]:
    """Return what happens to every pair in a year of one future."""
    n, out, p = len(state["share"]), [], -1
    for i in range(n):
        for j in range(i + 1, n):
            p += 1
            code = 0
            tied = bool(state["allied"][i][j])
            u = number(seed, keys[p], future, 8 * year)
            eta = tie_log_odds(weights.end if tied else weights.form, i, j, state, ground) + factor[1 if tied else 0]
            if u < chance(eta):
                code |= ENDED if tied else FORMED
            if not state["fighting"][i][j]:
                u = number(seed, keys[p], future, 8 * year + 1)
                if u < chance(quarrel_log_odds(weights.war, i, j, state, ground)):
                    code |= WAR | DISPUTE
                elif u < chance(quarrel_log_odds(weights.dispute, i, j, state, ground) + factor[2]):
                    code |= DISPUTE
                if code & DISPUTE:
                    s, r, m = state["share"], state["regime"], ground["major"]
                    odds = weights.attacker[0] * (math.log(s[i]) - math.log(s[j])) + weights.attacker[1] * (
                        float(m[i]) - float(m[j])
                    )
                    odds += weights.attacker[2] * (r[i] - r[j])
                    turned = ground["rank"][i] > ground["rank"][j]
                    if (number(seed, keys[p], future, 8 * year + 2) < chance(-odds if turned else odds)) == turned:
                        code |= SECOND
            out.append(code)
    return out


def triads(allied, dispute_age) -> tuple[int, int]:
    """Return closed triads with an even number of - ties, and all closed triads."""
    n, even, closed = len(allied), 0, 0

    def sign(x: int, y: int) -> int:
        return 1 if allied[x][y] else -1 if dispute_age[x][y] <= 5 else 0

    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                three = sign(i, j) * sign(j, k) * sign(i, k)
                closed += three != 0
                even += three > 0
    return even, closed
