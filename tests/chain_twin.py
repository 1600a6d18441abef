"""A war as a Markov chain: what the engine draws, worked out.

Everybody waits an exponential time at rates that change with who is at war, so the state of a war (who is on which side, who is still in it, who attacked
whom) is a Markov chain in continuous time, and the chances at the horizon are those of its generator, without a random number. Shares with the
engine's plain twin how actors look at a war and what pledges demand (`views`, `claims_of`); not the events, the clock or the streams.
"""

import itertools
import math

import numpy as np
from scipy.linalg import expm

from foedus.kernels.cascade import CUTS, FRONT_TERMS, RATE_TERMS
from foedus.kernels.cascade_reference import claims_of, strengths, views
from foedus.kernels.obligation import UNKNOWN

ENTERS, LEAVES, ENDS = range(3)


def chances(field, pledges, days):
    """Return, for the first shot of actor 0 at actor 1 and one draw of inputs: P(entered side 1, 2) (2, n), P(made peace) (n,), P(over), P(A prevails)."""
    n = field.power.shape[1]
    entered, left, over, won = np.zeros((2, n)), np.zeros(n), 0.0, 0.0
    open_ = [p for p in range(len(pledges.by)) if pledges.kind[p] < 2 and _open(pledges, p)]
    for read in itertools.product((False, True), repeat=len(open_)):
        binding = np.zeros(len(pledges.by), dtype=np.bool_)
        binding[open_] = read
        weight = (
            math.prod(field.undetermined[0] if x else 1 - field.undetermined[0] for x in read) / field.frailty.shape[1]
        )
        states, edges = _chain(field, pledges, binding)
        for shared in field.frailty[0]:
            p = weight * _at_the_horizon(field, len(states), edges, shared, days)
            for (side, here, _, _, _, ended), mass in zip(states, p, strict=True):
                entered += mass * (side == np.array([[1], [2]]))
                left += mass * ((side > 0) & ~here)
                over += mass * ended
                a, b = (
                    s ** field.decisiveness[0]
                    for s in strengths(np.where(here, side, 0), field.power[0], field.reach[0])
                )
                won += mass * (a / (a + b) if a + b > 0 else 0.5)
    return entered, left, over, won


def _open(pledges, p):
    """Whether some condition of a pledge is not known."""
    return UNKNOWN in (pledges.target_mode[p], pledges.region[p]) or pledges.conflict[p] or pledges.unclear[p]


def _at_the_horizon(field, size, edges, shared, days):
    """Return the chance of each state after so many days, from the first."""
    start, to, kind, rate = (np.array(x) for x in zip(*edges, strict=True))
    p = np.eye(size)[0]
    ends = [*(c for c in CUTS if c < days), days]
    for k, (a, b) in enumerate(itertools.pairwise(ends)):
        base = np.exp([field.base[0, k], field.leave_base[0, k], field.end_base[0, k]]) * (shared, 1.0, 1.0)
        q = np.zeros((size, size))
        np.add.at(q, (start, to), rate * base[kind])
        p = p @ expm((q - np.diag(q.sum(axis=1))) * (b - a))
    return p


def _chain(field, pledges, binding):
    """Return states (side, here, attack, joined, came, over) and edges (from, to, kind, rate against the base)."""
    n = field.power.shape[1]
    side, here, attack = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.bool_), np.zeros((n, n), dtype=np.bool_)
    side[:2], here[:2], attack[0, 1] = (1, 2), True, True
    states, place, edges = [], {}, []

    def at(state):
        key = tuple(x.tobytes() if isinstance(x, np.ndarray) else x for x in state)
        if key not in place:
            place[key] = len(states)
            states.append(state)
        return place[key]

    at((side, here, attack, (0, 0), np.zeros(n), False))
    for k, state in enumerate(states):  # which grows on the way
        if not state[-1]:
            edges += [(k, at(s), kind, rate) for s, kind, rate in _next(field, pledges, binding, state)]
    return states, edges


def _next(field, pledges, binding, state):
    """Yield what may happen in a state: the state that follows, the kind of event, its rate."""
    side, here, attack, joined, came, _ = state
    now = np.where(here, side, 0).astype(np.int8)
    power, near, reach = field.power[0], field.near[0], field.reach[0]
    claims = claims_of(now, attack, pledges, field.honour[0], binding)
    look = views(now, joined, field.friend[0], near, reach, power, field.major)
    look[:, :, RATE_TERMS.index("stay_out")] = claims.stay[:, 1:].T
    look[:, :, RATE_TERMS.index("pledged")] = (claims.owes & ~claims.bind)[:, 1:].T
    for x, k in itertools.product(np.flatnonzero(side == 0), (1, 2)):
        rate = math.exp(look[k - 1, x] @ field.theta[0] + claims.bound[x, k])
        sees = [claims.bind[x, k] if t == "bound" else look[k - 1, x, RATE_TERMS.index(t)] for t in FRONT_TERMS]
        struck = 1 / (1 + math.exp(-float(field.front[0] @ np.array(sees, dtype=float))))
        foes = np.flatnonzero(now == 3 - k)
        strongest = foes[np.argmax(power[foes] * reach[foes, x])]
        for share, attackers, victims in ((struck, strongest, []), (1 - struck, [], foes)):
            s, h, a, c = side.copy(), here.copy(), attack.copy(), came.copy()
            s[x], h[x], c[x] = k, True, 1.0
            a[attackers, x] = a[x, victims] = True
            yield (s, h, a, (joined[0] + (k == 1), joined[1] + (k == 2)), c, False), ENTERS, rate * share
    ours, theirs = strengths(now, power, reach)
    odds = float(np.clip(math.log(max(ours, 1e-12) / max(theirs, 1e-12)), -3, 3))
    for x in np.flatnonzero(here):
        if (now == now[x]).sum() > 1:
            terms = [1.0, came[x], odds if now[x] == 1 else -odds, field.major[x], near[x, now == 3 - now[x]].max()]
            h, a = here.copy(), attack.copy()
            h[x] = a[x] = a[:, x] = False
            yield (side, h, a, joined, came, False), LEAVES, math.exp(field.leave[0] @ terms)
    yield (
        (side, here, attack, joined, came, True),
        ENDS,
        math.exp(field.end[0] @ [1.0, math.log(here.sum() / 2), abs(odds)]),
    )
