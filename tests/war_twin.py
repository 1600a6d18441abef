"""A war as one would write it down with networkx, and made-up systems of any size: what the compiled engine is checked and timed against.

Shares no code with the engine but its random numbers.
"""

import math

import networkx as nx
import numpy as np

from foedus.kernels import cascade, obligation, streams

FEW, MOST = -2.8, -1.0
"""Log-odds that a bound ally honours, at which 13 of 200 actors join on average and at which most do."""


def instance(n=200, count=3000, *, reliability=FEW, constant=-7.0, outer=4, seed=1):
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
    theta = np.array([constant, 0.0, 2.5, 1.8, 1.4, 0.6, 0.2, 1.3, 2.0, 0.5, 1.0]) + rng.uniform(
        -0.1, 0.1, (outer, len(cascade.TERMS))
    )
    power = rng.pareto(1.2, (outer, n)) + 0.1
    kind = rng.choice(5, count, p=[0.55, 0.05, 0.1, 0.25, 0.05])
    region = rng.choice(3, count, p=[0.8, 0.1, 0.1])
    pledges = obligation.Pledges(
        by, to, kind, rng.choice(3, count, p=[0.7, 0.2, 0.1]), rng.random((count, n)) < 0.1, (rng.random((count, n)) < 0.05) & (rng.random((count, 1)) < 0.05), region,
        rng.random(count) < 0.3, rng.choice([1, 2], count, p=[0.95, 0.05]), rng.random(count) < 0.05, rng.random(count) < 0.05,
    )  # fmt: skip
    field = cascade.Field(
        theta, rng.normal(reliability, 1.0, (outer, count)) - constant, power / power.sum(axis=1, keepdims=True), friend,
        np.exp(-km / rng.uniform(600, 900, (outer, 1, 1))), np.exp(-km / rng.uniform(4000, 6000, (outer, 1, 1))),
        (rng.random(n) < 0.05).astype(float), streams.keys_of([f"actor {x}" for x in range(n)]), streams.keys_of([f"pledge {p}" for p in range(count)]),
    )  # fmt: skip
    return field, pledges


def relabelled(field, pledges, order):
    """Return the same system with its actors in another order: position k holds who stood at ``order[k]``."""
    place = np.argsort(order)
    pairs = (x[:, order][:, :, order] for x in (field.friend, field.near, field.reach))
    moved = cascade.Field(
        field.theta, field.honour, field.power[:, order], *pairs, field.major[order], field.actor_key[order], field.pledge_key
    )  # fmt: skip
    return moved, pledges._replace(
        by=place[pledges.by],
        to=place[pledges.to],
        targets=pledges.targets[:, order],
        excluded=pledges.excluded[:, order],
    )


class System:
    """One draw of the inputs as two graphs: pairs with their ties, and pledges with their clauses."""

    def __init__(self, field, pledges, o):
        n = len(field.major)
        self.theta = dict(zip(cascade.TERMS, field.theta[o].tolist(), strict=True))
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

    def war(self, seed, draw, attacker, target):
        """Return sides, rounds, causes, on whose account, and whether the attacker's side prevails."""
        theta = self.theta
        numbers, readings = (
            streams.uniforms_reference(seed, keys, np.array([draw]), counter)[0].tolist()
            for keys, counter in zip(self.keys, (1, 2), strict=True)
        )
        side, entered = {attacker: 1, target: 2}, {attacker: 0, target: 0}
        cause, through = {attacker: 0, target: 0}, {}
        attacks = nx.DiGraph([(attacker, target)])
        step, strength = 0, {}
        while True:
            step += 1
            members = {k: sorted(x for x in side if side[x] == k) for k in (1, 2)}
            strength = {k: self._strength(members[k], members[3 - k]) for k in (1, 2)}
            new = {}
            for x in self.ties:
                if x in side:
                    continue
                chances, why = self._weigh(x, side, members, strength, attacks, readings)
                if numbers[x] < chances[1]:
                    new[x] = (1, *why[1])
                elif numbers[x] > 1.0 - chances[2]:
                    new[x] = (2, *why[2])
            if not new:
                break
            for x, (k, what, whom) in new.items():
                attacks.add_edges_from((x, y) for y in members[3 - k])
                cause[x], through[x] = what, whom
            for x, (k, _, _) in new.items():
                side[x], entered[x] = k, step
        a, b = (strength[k] ** theta["decisiveness"] for k in (1, 2))
        u = streams.uniforms_reference(seed, np.zeros(1, dtype=np.uint64), np.array([draw]), 3)[0, 0]
        return side, entered, cause, through, int(u < (a / (a + b) if a + b > 0 else 0.5))

    def _strength(self, own, foes):
        """Return the strength that a side brings to bear, each member at its reach to the nearest foe."""
        return sum(self.power[x] * max(self.ties[x][y]["reach"] for y in foes) for x in own)

    def _weigh(self, x, side, members, strength, attacks, readings):
        """Return an outsider's chance to enter each side, and what weighs most."""
        theta, ties = self.theta, self.ties[x]
        bound, by, stay = {1: 0.0, 2: 0.0}, {1: 0, 2: 0}, set()
        for ally in sorted(y for y in self.pledges[x] if y in side):
            for clause in self.pledges[x][ally].values():
                verdict = _verdict(clause, ally, attacks)
                if verdict == "stay":
                    stay.add(3 - side[ally])
                term = clause["honour"] + theta["pledge"]
                binds = verdict == "bound" or (verdict == "open" and readings[clause["number"]] < theta["undetermined"])
                if binds and term > bound[side[ally]]:
                    bound[side[ally]], by[side[ally]] = term, ally
        odds, why = {}, {}
        for k in (1, 2):
            attraction = hostility = near = back = reach = 0.0
            friend_at = foe_at = near_at = -1
            for y in members[k]:
                if ties[y]["friend"] > attraction:
                    attraction, friend_at = ties[y]["friend"], y
            for y in members[3 - k]:
                tie = ties[y]
                back, reach = max(back, tie["friend"]), max(reach, tie["reach"])
                if -tie["friend"] > hostility:
                    hostility, foe_at = -tie["friend"], y
                if tie["near"] > near:
                    near, near_at = tie["near"], y
            ratio = math.log(max(strength[k] + self.power[x] * reach, 1e-12) / max(strength[3 - k], 1e-12))
            terms = [
                bound[k],
                theta["attraction"] * attraction,
                theta["hostility"] * hostility,
                theta["proximity"] * near,
            ]
            eta = (
                theta["constant"]
                + sum(terms)
                + theta["major"] * self.major[x]
                + theta["odds"] * min(max(ratio, -3.0), 3.0)
            )
            eta -= theta["pull_back"] * back + theta["stay_out"] * (k in stay)
            odds[k] = math.exp(min(eta, 30.0))
            best, why[k] = 0.0, (5, -1)
            for t, (term, at) in enumerate(zip(terms, (by[k], friend_at, foe_at, near_at), strict=True), start=1):
                if term > best + 1e-12:
                    best, why[k] = term, (t, at)
        total = 1.0 + odds[1] + odds[2]
        return {k: odds[k] / total for k in odds}, why


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
