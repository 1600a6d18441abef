"""Ten futures at a time, year by year: what stands on 1 January decides what happens in the year, then everything changes at once.

The rules are those of ``docs/decisions/0021-years-forward.md``. Pairs are stepped by `foedus.kernels.futures`, wars are fought by the engine of
`foedus.war`, strengths and regimes drift by `foedus.formation.drift`. Ten futures share one draw of coefficients and inputs. Sums up nothing beyond
its ten futures and keeps no file.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.formation import drift as drifts
from foedus.formation.stage import INNER, Stage, base_of
from foedus.kernels import cascade, futures, streams
from foedus.kernels.cascade import Field
from foedus.kernels.futures import DISPUTE, ENDED, FORMED, SECOND, SLOTS, WAR
from foedus.kernels.obligation import CONSUL, Pledges

WAR_DAYS = 1461.0
"""Days of a war that are drawn."""
MIDDLE = 0.5
"""Age, on the next 1 January, of what happened in a year."""
COUNTS = ("ties", "balanced", "closed", "formed", "ended", "disputes", "wars", "belligerents")
"""What is counted of a future in a year: the first three as of its end (and of the fork), the others within it."""
_OPEN = 20_000


class Course(NamedTuple):
    """Ten futures of Y years.

    ``counts`` (INNER, Y + 1, len(COUNTS)) int32; ``degree`` (INNER, Y + 1, n) int16 partners in pacts; ``tied`` (Y + 1, P) uint8, in how many of the
    ten a pair is allied; ``fought``, ``disputed`` (Y + 1, P) uint8, in how many it has met in a war, or begun a dispute, by then; ``called``,
    ``kept`` (Y + 1, P) uint8, in how many one of the two was attacked in a war while they were allied, the other not attacking, and in how many
    the other came to its side the first time; ``joined`` (Y + 1, n) uint8, in how many a state has entered a war that others had begun.
    """

    counts: NDArray[np.int32]
    degree: NDArray[np.int16]
    tied: NDArray[np.uint8]
    fought: NDArray[np.uint8]
    disputed: NDArray[np.uint8]
    called: NDArray[np.uint8]
    kept: NDArray[np.uint8]
    joined: NDArray[np.uint8]


class Event(NamedTuple):
    """What happened: a pact of ``a`` and ``b`` forms or ends, ``a`` begins a dispute or a war with ``b``, ``a`` joins one beside ``b``."""

    future: int
    year: int
    what: str
    a: str
    b: str


class _Now:
    """What stands on a 1 January in ten futures. Changes from year to year."""

    def __init__(self, on: Stage, group: int) -> None:
        at, b = on.at, INNER

        def copies(values: NDArray) -> NDArray:
            return np.repeat(values[None], b, axis=0)

        self.log_share, self.regime = (
            copies(at.log_share[group % len(at.log_share)]),
            copies(at.regime[group % len(at.regime)]),
        )
        self.allied, self.tie_age = copies(at.allied), copies(at.tie_age)
        self.dispute_age = copies(at.dispute_age[group % len(at.dispute_age)])
        self.until = copies(np.where(at.at_war, _OPEN, -1).astype(np.int16))
        self.met = np.zeros_like(self.allied)
        self.quarrelled = np.zeros_like(self.allied)
        self.invoked, self.entered = np.zeros_like(self.allied), np.zeros(self.allied.shape[:2], dtype=np.bool_)


def ten(on: Stage, group: int, *, log: list[Event] | None = None) -> Course:
    """Return the ten futures of a group.

    Parameters
    ----------
    on : Stage
    group : int
    log : list, optional
        Modified: every event of all ten is added.
    """
    now, n, base = _Now(on, group), len(on.at.ids), base_of(on, group)
    shape = (on.years + 1, n * (n - 1) // 2)
    out = Course(
        np.zeros((INNER, on.years + 1, len(COUNTS)), dtype=np.int32), np.zeros((INNER, on.years + 1, n), dtype=np.int16),
        np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8),
        np.zeros(shape, dtype=np.uint8), np.zeros((on.years + 1, n), dtype=np.uint8),
    )  # fmt: skip
    _stand(out, 0, now)
    for year in range(on.years):
        for sums in (out.called, out.kept, out.joined):
            sums[year + 1] = sums[year]
        _year(on, base, group, year, now, out, log)
        _stand(out, year + 1, now)
    return out


def _stand(out: Course, year: int, now: _Now) -> None:
    """Count what stands at the end of a year. Modified: ``out``."""
    triads, degree = np.zeros((INNER, 2), dtype=np.int64), np.zeros((INNER, now.allied.shape[1]), dtype=np.int16)
    futures.stand(
        now.allied, now.dispute_age, now.met, now.quarrelled, triads, degree, out.tied[year], out.fought[year], out.disputed[year]
    )  # fmt: skip
    out.counts[:, year, 0] = degree.sum(axis=1) // 2
    out.counts[:, year, 1:3] = triads
    out.degree[:, year] = degree


def _year(
    on: Stage, base: NDArray[np.float64], group: int, year: int, now: _Now, out: Course, log: list[Event] | None = None
) -> None:  # fmt: skip
    """Carry ten futures through one year. Modified: ``now``, ``out``, ``log``."""
    counts = out.counts[:, year + 1]
    n, first = len(on.at.ids), group * INNER
    fighting = now.until >= year
    codes = futures.year_of(
        first, year * SLOTS, now.log_share, now.regime, now.allied, now.tie_age, now.dispute_age, fighting, _factors(on, first, year),
        on.weights[group], base, on.ground,
    )  # fmt: skip
    b, p = np.nonzero(codes)
    code, (iu, ju) = codes[b, p], np.triu_indices(n, 1)
    i, j = iu[p], ju[p]
    shots = _shots(code, b, i, j, p)
    met = [_fight(on, group, year, now, *war) for war in shots]
    for (where, attacker, attacked, _), (_, side, _) in zip(shots, met, strict=True):
        _call(now, where, attacker, attacked, side, out.called[year + 1], out.kept[year + 1], out.joined[year + 1])
    if log is not None:
        _tell(on, group, year, code, (b, i, j), met, log)
    now.tie_age += 1.0
    now.dispute_age += 1.0
    for bit, tied in ((FORMED, True), (ENDED, False)):
        some = (code & bit) > 0
        _set(now.allied, b[some], i[some], j[some], tied)
        _set(now.tie_age, b[some], i[some], j[some], MIDDLE)
    some = (code & DISPUTE) > 0
    _set(now.dispute_age, b[some], i[some], j[some], MIDDLE)
    _set(now.quarrelled, b[some], i[some], j[some], True)
    for k, bit in ((3, FORMED), (4, ENDED), (5, DISPUTE), (6, WAR)):
        counts[:, k] = np.bincount(b[(code & bit) > 0], minlength=INNER)
    for where, side, until in met:
        apart = _apart(side)
        counts[where, 7] += int((side > 0).sum())
        broken = apart & now.allied[where]
        now.allied[where][apart] = False
        now.tie_age[where][broken] = MIDDLE
        now.dispute_age[where][apart] = MIDDLE
        now.met[where] |= apart
        now.quarrelled[where] |= apart
        now.until[where] = np.maximum(now.until[where], until)
    _armistice(on, group, year, now)
    u = streams.uniforms(on.seed, streams.keys_of([f"strength:{x}" for x in on.at.ids]), INNER, year, first)
    v = streams.uniforms(on.seed, streams.keys_of([f"rule:{x}" for x in on.at.ids]), INNER, year, first)
    now.log_share = drifts.step_shares(now.log_share, u, on.drift.line[group % len(on.drift.line)], on.drift)
    now.regime = drifts.step_regimes(now.regime, v, on.drift)


def _set(values: NDArray, b: NDArray[np.intp], i: NDArray[np.intp], j: NDArray[np.intp], to: float) -> None:
    """Set pairs both ways. Modified: ``values``."""
    values[b, i, j] = values[b, j, i] = to


def _factors(on: Stage, first: int, year: int) -> NDArray[np.float64]:
    """Return the logarithms of the common factors of a year, shape (INNER, 3): gamma, mean 1."""
    from scipy.special import gammaincinv

    u = streams.uniforms(on.seed, streams.keys_of(["year:form", "year:end", "year:disputes"]), INNER, year, first)
    out = np.zeros_like(u)
    for k, spread in enumerate(on.spread):
        if spread > 0:
            out[:, k] = np.log(np.maximum(gammaincinv(1.0 / spread, u[:, k]) * spread, 1e-300))
    return out


def _shots(
    code: NDArray[np.uint8], b: NDArray[np.intp], i: NDArray[np.intp], j: NDArray[np.intp], p: NDArray[np.intp]
) -> list[tuple[int, int, int, int]]:
    """Return future, attacker, attacked and pair of each war that begins."""
    which = (code & WAR) > 0
    turned = (code & SECOND)[which] > 0
    rows = np.stack(
        [b[which], np.where(turned, j[which], i[which]), np.where(turned, i[which], j[which]), p[which]], axis=1
    )
    return [(int(a), int(x), int(y), int(q)) for a, x, y, q in rows]


def _fight(
    on: Stage, group: int, year: int, now: _Now, b: int, attacker: int, attacked: int, pair: int
) -> tuple[int, NDArray[np.int8], NDArray[np.int16]]:  # fmt: skip
    """Return a war's future, on which side of it each state was (n,), and until which year each pair fights (n, n)."""
    word = streams.words(on.ground.word[pair : pair + 1], np.uint64(year), np.uint64(7))[0]
    outer = group % len(on.world.field.power)
    field, pledges = _field(on, outer, now, b)
    side, _, _, _, _, _, left, ended = cascade.spread(
        word, group * INNER + b, np.array([attacker]), np.array([attacked]), 1, WAR_DAYS, field, pledges, -1
    )  # fmt: skip
    s = side[0]
    over = ended[0] if ended[0] >= 0 else WAR_DAYS
    leaves = np.where(left[0] >= 0, left[0], over)
    last = year + np.floor(MIDDLE + np.minimum(leaves[:, None], leaves[None, :]) / 365.25)
    return b, s, np.where(_apart(s), last, -1).astype(np.int16)


def _call(
    now: _Now, b: int, attacker: int, attacked: int, side: NDArray[np.int8], called: NDArray[np.uint8], kept: NDArray[np.uint8],
    joined: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Count the pacts of the attacked that are called on for the first time, who keeps them, and who enters. Modified: all but ``side``."""
    n = len(side)
    allies = np.flatnonzero(now.allied[b, attacked] & ~now.invoked[b, attacked])
    allies = allies[allies != attacker]
    now.invoked[b, attacked, allies] = now.invoked[b, allies, attacked] = True
    low, high = np.minimum(allies, attacked), np.maximum(allies, attacked)
    pair = low * n - low * (low + 1) // 2 + high - low - 1
    called[pair] += 1
    kept[pair[side[allies] == side[attacked]]] += 1
    new = (side > 0) & ~now.entered[b]
    new[[attacker, attacked]] = False
    now.entered[b] |= new
    joined[new] += 1


def _apart(side: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return who is on opposite sides of a war, shape (n, n)."""
    return (side[:, None] > 0) & (side[None, :] > 0) & (side[:, None] != side[None, :])


def _tell(
    on: Stage, group: int, year: int, code: NDArray[np.uint8], where: tuple[NDArray[np.intp], ...],
    met: list[tuple[int, NDArray[np.int8], NDArray[np.int16]]], log: list[Event],
) -> None:  # fmt: skip
    """Add the events of a year. Modified: ``log``."""
    ids, calendar, first = on.at.ids, on.at.year + year, group * INNER
    fought = iter(met)
    for c, b, i, j in zip(code.tolist(), *(v.tolist() for v in where), strict=True):
        a, t = (j, i) if c & SECOND else (i, j)
        for bit, what in ((FORMED, "pact forms"), (ENDED, "pact ends")):
            if c & bit:
                log.append(Event(first + b, calendar, what, ids[i], ids[j]))
        if c & DISPUTE:
            log.append(Event(first + b, calendar, "war" if c & WAR else "dispute", ids[a], ids[t]))
        if c & WAR:
            _, side, _ = next(fought)
            log += [
                Event(first + b, calendar, "joins the war", ids[x], ids[a if side[x] == side[a] else t])
                for x in np.flatnonzero(side > 0).tolist() if x not in (a, t)
            ]  # fmt: skip


def _field(on: Stage, outer: int, now: _Now, b: int) -> tuple[Field, Pledges]:
    """Return what a war of one future is fought over: its strengths, and the pledges of the pairs that are allied in it."""
    pool, world, allied = on.pool, on.world.field, now.allied[b]
    real, old = pool.real, pool.pledges
    by, to = old.by[:real], old.to[:real]
    i, j = np.nonzero(allied & ~on.at.allied)
    k = real + len(i)
    kind = old.kind[:k].copy()
    kind[:real][on.at.allied[by, to] & ~allied[by, to]] = CONSUL
    rest: list[Any] = [v[:k] for v in old[3:]]
    pledges = Pledges(np.concatenate([by, i]), np.concatenate([to, j]), kind, *rest)
    honour = np.concatenate([pool.honour[outer], np.full(len(i), on.bound[outer])])[None]
    part = slice(outer, outer + 1)
    share = np.exp(now.log_share[b])
    field = Field(
        world.theta[part], honour, world.base[part], world.front[part], world.leave[part], world.leave_base[part], world.end[part],
        world.end_base[part], world.frailty[part], world.undetermined[part], world.decisiveness[part], (share / share.sum())[None],
        world.friend[part], world.near[part], world.reach[part], world.major, world.actor_key,
        np.concatenate([pool.key, np.zeros(len(i), dtype=np.uint64)]),
    )  # fmt: skip
    return field, pledges


def _armistice(on: Stage, group: int, year: int, now: _Now) -> None:
    """End wars of the fork by chance, each for all who are in it. Modified: ``now``."""
    for label in np.unique(on.parts[on.parts >= 0]):
        members = np.flatnonzero(on.parts == label)
        key = streams.keys_of(["armistice:" + min(on.at.ids[m] for m in members)])
        over = (
            streams.uniforms(on.seed, key, INNER, year, group * INNER)[:, 0] < on.armistice[group % len(on.armistice)]
        )
        grid = np.ix_(np.flatnonzero(over), members, members)
        now.until[grid] = np.where(now.until[grid] == _OPEN, year, now.until[grid])
