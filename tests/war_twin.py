"""A war as one would write it down with networkx, and made-up systems of any size: what the compiled engine is checked and timed against.

Shares no code with the engine but its random numbers.
"""

import math

import networkx as nx
import numpy as np

from foedus.kernels import cascade, obligation, streams

FEW, MOST = -10.19, -9.0
"""Log-rates a day far from a war at which 13 of 200 actors join on average, and at which most do."""
DAYS = 365.0


def instance(n=200, count=3000, *, constant=FEW, outer=4, seed=1):
    """Return the field and the pledges of a made-up system: actors on a plane, friends where there are pledges, some rivals."""
    rng = np.random.default_rng(seed)
    place = rng.random((n, 2)) * 8000
    km = np.linalg.norm(place[:, None] - place[None], axis=2)
    by = rng.integers(0, n, count)
    to = (by + rng.integers(1, n, count)) % n
    friend = np.zeros((outer, n, n))
    for a, b, low, high in [(by, to, 0.1, 0.8), (*rng.integers(0, n, (2, 3 * n)), -0.9, -0.2)]:
        friend[:, a, b] = friend[:, b, a] = rng.uniform(low, high, (outer, len(a)))
    friend[:, np.arange(n), np.arange(n)] = 0.0
    theta = np.array([constant, 0.3, 2.5, 1.5, -0.6, 0.4, 1.0, 0.8, 0.8, 0.1, 0.3, -0.5, 0.8, 0.5, 0.2]) + rng.uniform(
        -0.1, 0.1, (outer, len(cascade.RATE_TERMS))
    )
    power = rng.pareto(1.2, (outer, n)) + 0.1
    kind = rng.choice(5, count, p=[0.55, 0.05, 0.1, 0.25, 0.05])
    region = rng.choice(3, count, p=[0.8, 0.1, 0.1])
    pledges = obligation.Pledges(
        by, to, kind, rng.choice(3, count, p=[0.7, 0.2, 0.1]), rng.random((count, n)) < 0.1, (rng.random((count, n)) < 0.05) & (rng.random((count, 1)) < 0.05), region,
        rng.random(count) < 0.3, rng.choice([1, 2], count, p=[0.95, 0.05]), rng.random(count) < 0.05, rng.random(count) < 0.05,
    )  # fmt: skip
    step = np.array([0.0, -1.0, -1.7, -1.8, -2.8, -3.3, -4.2])
    field = cascade.Field(
        theta, rng.normal(1.0, 0.5, (outer, count)), np.tile(step, (outer, 1)), np.array([-1.9, 1.3, 0.3, 0.7, 0.0, -0.2, -0.2]) + rng.uniform(-0.2, 0.2, (outer, 7)),
        np.tile([-7.9, 0.1, -0.6, -1.0, 0.6], (outer, 1)), np.tile(step * -0.1, (outer, 1)), np.tile([-6.5, -0.3, 0.1], (outer, 1)), np.tile(step * 0.1, (outer, 1)),
        np.tile(np.linspace(0.1, 1.9, 50), (outer, 1)), np.full(outer, 0.5), rng.uniform(0.8, 1.2, outer), power / power.sum(axis=1, keepdims=True), friend,
        np.exp(-km / rng.uniform(600, 900, (outer, 1, 1))), np.exp(-km / rng.uniform(4000, 6000, (outer, 1, 1))),
        (rng.random(n) < 0.05).astype(float), streams.keys_of([f"actor {x}" for x in range(n)]), streams.keys_of([f"pledge {p}" for p in range(count)]),
    )  # fmt: skip
    return field, pledges


def laid(arrays):
    """Return arrays row by row, as the package makes them: for another layout the engine would be compiled anew, for half a minute."""
    return type(arrays)(*map(np.ascontiguousarray, arrays))


def relabelled(field, pledges, order):
    """Return the same system with its actors in another order: position k holds who stood at ``order[k]``."""
    place = np.argsort(order)
    pairs = (x[:, order][:, :, order] for x in (field.friend, field.near, field.reach))
    friend, near, reach = pairs
    moved = field._replace(
        power=field.power[:, order], friend=friend, near=near, reach=reach, major=field.major[order], actor_key=field.actor_key[order]
    )  # fmt: skip
    same = pledges._replace(
        by=place[pledges.by],
        to=place[pledges.to],
        targets=pledges.targets[:, order],
        excluded=pledges.excluded[:, order],
    )
    return laid(moved), laid(same)


def accumulated(base, t):
    """Return the base accumulated from day 0 to day t."""
    ends = (*cascade.CUTS[1:], math.inf)
    return sum(r * (min(t, end) - start) for r, start, end in zip(base, cascade.CUTS, ends, strict=True) if t > start)


def reached(base, total):
    """Return the day by which so much base is accumulated."""
    for rate, start, end in zip(base, cascade.CUTS, (*cascade.CUTS[1:], math.inf), strict=True):
        if total < rate * (end - start):
            return start + total / rate
        total -= rate * (end - start)
    return math.inf


def ratio(own, against):
    return min(max(math.log(max(own, 1e-12) / max(against, 1e-12)), -3.0), 3.0)


class System:
    """One draw of the inputs as two graphs: pairs with their ties, and pledges with their clauses."""

    def __init__(self, field, pledges, o):
        n = len(field.major)
        for name, terms in (
            ("theta", cascade.RATE_TERMS),
            ("front", cascade.FRONT_TERMS),
            ("leave", cascade.LEAVE_TERMS),
            ("end", cascade.END_TERMS),
        ):
            setattr(self, name, dict(zip(terms, getattr(field, name)[o].tolist(), strict=True)))
        self.bases = {name: np.exp(getattr(field, name)[o]).tolist() for name in ("base", "leave_base", "end_base")}
        self.frailty = field.frailty[o].tolist()
        self.undetermined, self.decisiveness = float(field.undetermined[o]), float(field.decisiveness[o])
        self.power, self.major = field.power[o].tolist(), field.major.tolist()
        self.keys = field.actor_key, field.pledge_key
        self.ties, self.pledges = nx.DiGraph(), nx.MultiDiGraph()
        self.ties.add_nodes_from(range(n))
        self.pledges.add_nodes_from(range(n))
        friend, near, reach = (x[o].tolist() for x in (field.friend, field.near, field.reach))
        for x in range(n):
            for y in range(n):
                if x != y:
                    self.ties.add_edge(x, y, friend=friend[x][y], near=near[x][y], reach=reach[x][y])
        everyone = set(range(n))
        for p, (by, to) in enumerate(zip(pledges.by.tolist(), pledges.to.tolist(), strict=True)):
            named = set(np.flatnonzero(pledges.targets[p]).tolist()) if pledges.target_mode[p] == 1 else everyone
            self.pledges.add_edge(
                by, to, number=p, kind=int(pledges.kind[p]), mode=int(pledges.target_mode[p]), region=int(pledges.region[p]),
                against=named - set(np.flatnonzero(pledges.excluded[p]).tolist()), unprovoked=bool(pledges.unprovoked[p]), least=int(pledges.least[p]),
                open=bool(pledges.conflict[p] or pledges.unclear[p]), honour=float(field.honour[o, p]),
            )  # fmt: skip

    def war(self, seed, draw, attacker, target, days=DAYS):
        """Return sides, days of entry, causes, on whose account, days of leaving, the day of the end and whether the attacker's side prevails."""

        def numbers(keys, counter):
            return streams.uniforms_reference(seed, keys, np.array([draw]), counter)[0].tolist()

        actors, pledges = self.keys
        self.read = [u < self.undetermined for u in numbers(pledges, 2)]
        share = self.frailty[int(numbers(np.zeros(1, dtype=np.uint64), 8)[0] * len(self.frailty))]
        waits, patience = [-math.log(u) / share for u in numbers(actors, 1)], [-math.log(u) for u in numbers(actors, 6)]
        which, struck = numbers(actors, 4), numbers(actors, 5)
        (stop,), (contest,) = numbers(np.zeros(1, dtype=np.uint64), 7), numbers(np.zeros(1, dtype=np.uint64), 3)
        stop = -math.log(stop)
        side, day = {attacker: 1, target: 2}, {attacker: 0.0, target: 0.0}
        cause, through, left, ended = {attacker: 0, target: 0}, {}, {}, -1.0
        attacks = nx.DiGraph([(attacker, target)])
        self.joined, now = {1: 0, 2: 0}, 0.0
        while True:
            here = {k: sorted(x for x in side if side[x] == k and x not in left) for k in (1, 2)}
            strength = {k: self._strength(here[k], here[3 - k]) for k in (1, 2)}
            weighed = {x: self._weigh(x, side, here, strength, attacks, left) for x in self.ties if x not in side}
            rates = {x: w[0][1] + w[0][2] for x, w in weighed.items()}
            base, leave_base, end_base = self.bases.values()
            options = [(days, "horizon", -1)]
            for x, r in rates.items():
                options.append(
                    (reached(base, accumulated(base, now) + waits[x] / r) if r > 0 else math.inf, "entry", x)
                )
            going = {
                y: self._leaves(y, side[y], here, strength, day[y] > 0)
                for k in here
                for y in here[k]
                if len(here[k]) > 1
            }
            for y, r in going.items():
                options.append((reached(leave_base, accumulated(leave_base, now) + patience[y] / r), "leaving", y))
            many, odds = len(here[1]) + len(here[2]), abs(ratio(strength[1], strength[2]))
            ending = math.exp(
                self.end["constant"] + self.end["belligerents"] * math.log(many / 2) + self.end["imbalance"] * odds
            )
            options.append((reached(end_base, accumulated(end_base, now) + stop / ending), "end", -1))
            at, what, x = min(options)
            if what in ("end", "horizon"):
                ended = at if what == "end" else -1.0
                break
            for z, r in rates.items():
                waits[z] -= (accumulated(base, at) - accumulated(base, now)) * r
            for z, r in going.items():
                patience[z] = max(
                    patience[z] - (accumulated(leave_base, at) - accumulated(leave_base, now)) * r, 1e-300
                )
            stop -= (accumulated(end_base, at) - accumulated(end_base, now)) * ending
            now = at
            if what == "leaving":
                left[x] = at
                attacks.remove_nodes_from([x])
                continue
            rate, why, seen = weighed[x]
            k = 1 if which[x] * rates[x] < rate[1] else 2
            chance = 1 / (1 + math.exp(-sum(self.front[t] * v for t, v in seen[k].items())))
            if struck[x] < chance:
                foe = max(here[3 - k], key=lambda y: (self.power[y] * self.ties[y][x]["reach"], -y))
                cause[x], through[x] = 6, foe
                attacks.add_edge(foe, x)
            else:
                cause[x], through[x] = why[k]
                attacks.add_edges_from((x, y) for y in here[3 - k])
            side[x], day[x] = k, at
            self.joined[k] += 1
        a, b = (strength[k] ** self.decisiveness for k in (1, 2))
        return side, day, cause, through, left, ended, int(contest < (a / (a + b) if a + b > 0 else 0.5))

    def _strength(self, own, foes):
        """Return the strength that a side brings to bear, each member at its reach to the nearest foe."""
        return sum(self.power[x] * max(self.ties[x][y]["reach"] for y in foes) for x in own)

    def _leaves(self, x, k, here, strength, joiner):
        """Return the rate at which a belligerent leaves, against the base."""
        near = max(self.ties[x][y]["near"] for y in here[3 - k])
        t = self.leave
        return math.exp(
            t["constant"]
            + t["joiner"] * joiner
            + t["odds"] * ratio(strength[k], strength[3 - k])
            + t["major"] * self.major[x]
            + t["proximity"] * near
        )

    def _weigh(self, x, side, here, strength, attacks, left):
        """Return an outsider's rate to enter each side, what weighs most, and what the question of who attacked depends on."""
        theta, ties = self.theta, self.ties[x]
        bound, by, stay, owes = {1: None, 2: None}, {1: 0, 2: 0}, set(), set()
        for ally in sorted(y for y in self.pledges[x] if y in side and y not in left):
            for clause in self.pledges[x][ally].values():
                verdict = _verdict(clause, ally, attacks)
                if clause["kind"] < 2:
                    owes.add(side[ally])
                if verdict == "stay":
                    stay.add(3 - side[ally])
                binds = verdict == "bound" or (verdict == "open" and self.read[clause["number"]])
                if binds and (bound[side[ally]] is None or clause["honour"] > bound[side[ally]]):
                    bound[side[ally]], by[side[ally]] = clause["honour"], ally
        rates, why, seen = {}, {}, {}
        for k in (1, 2):
            own, foes = here[k], here[3 - k]
            best = {
                name: max(((max(sign * ties[y][what], 0.0), -y) for y in group), default=(0.0, 0))
                for name, sign, what, group in (
                    ("attraction", 1, "friend", own), ("repelled", -1, "friend", own), ("hostility", -1, "friend", foes), ("pull_back", 1, "friend", foes),
                    ("proximity", 1, "near", foes), ("near_own", 1, "near", own),
                )
            }  # fmt: skip
            added = self.power[x] * max(ties[y]["reach"] for y in foes)
            value = {name: v for name, (v, _) in best.items()} | {
                "constant": 1.0, "target": float(k == 2), "major": self.major[x], "odds": ratio(strength[k] + added, strength[3 - k]),
                "weight": min(math.log1p(added / max(strength[k], 1e-12)), 3.0), "stay_out": float(k in stay),
                "pledged": float(k in owes and bound[k] is None), "joined_own": math.log1p(self.joined[k]), "joined_other": math.log1p(self.joined[3 - k]),
            }  # fmt: skip
            term = {t: theta[t] * v for t, v in value.items()}
            rates[k] = math.exp(min(sum(term.values()) + (bound[k] or 0.0), 30.0))
            closer = "near_own" if term["near_own"] > term["proximity"] else "proximity"
            reasons = [(bound[k] or 0.0, by[k]), *((term[t], -best[t][1]) for t in ("attraction", "hostility", closer))]
            most, why[k] = 0.0, (5, -1)
            for t, (weight, at) in enumerate(reasons, start=1):
                if weight > most + 1e-12:
                    most, why[k] = weight, (t, at)
            seen[k] = {t: float(bound[k] is not None) if t == "bound" else value[t] for t in cascade.FRONT_TERMS}
        return rates, why, seen


def _verdict(clause, ally, attacks):
    """Return what one pledge demands: bound, stay, open or nothing (None)."""
    attackers, victims = set(attacks.predecessors(ally)), set(attacks.successors(ally))
    kind, against = clause["kind"], clause["against"]
    if kind == 3:
        return "stay" if attackers or victims else None
    if kind == 4 or not attackers | victims:
        return None
    hit = {0: attackers, 1: victims, 2: attackers | victims}[kind] & against
    if clause["unprovoked"] and victims and (kind == 0 or (kind == 2 and hit)):
        return None
    foes = len(attackers if kind == 0 else attackers | victims)
    if not hit or clause["region"] == 1:
        return None
    unsure = clause["mode"] == 2 or clause["region"] == 2 or clause["open"]
    if kind == 2:
        return None if unsure or 1 < clause["least"] <= foes else "stay"
    if foes < clause["least"]:
        return None
    return "open" if unsure else "bound"
