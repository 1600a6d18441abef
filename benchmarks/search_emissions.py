"""Every reading of the open steps of the group decision model on the European car emissions, against the path that Scholz et al. (2011) print.

Run by hand: ``python benchmarks/search_emissions.py DATA/bargaining/bdm_emission.csv [--one-in N]``. Prints how many readings were run, how many stay
within 1.0 of the printed medians in all eight rounds, and the nearest ten. Plain NumPy, and shares no code with ``foedus.kernels.bargaining``; so
it is a twin as well, and first checks itself against the program at the default reading (docs/concepts/factions.md). Reads no other case, and
chooses nothing: the default reading of the program does not come from here.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MEDIANS = np.array([8.4, 9.9, 9.9, 9.9, 9.9, 7.4, 8.8, 9.6])
ROUNDS = len(MEDIANS)
NEAR = 1e-12
OPEN: dict[str, tuple[Any, ...]] = {
    "risk": ("challenged", "challenging", "neutral"),
    "risk_once": (False, True),
    "range": ("now", "first"),
    "view": ("proposer", "own", "either", "responder"),
    "choice": ("order", "least", "enforceable", "most", "order reversed", "mean"),
    "conflict": ("stand", "concede", "ratio", "half"),
    "salience": ("target", "challenger", "one"),
    "own_votes": (True, False),
    "better": ("nearer", "as near", "target nearer"),
    "rounded": (False, True),
}
"""Open steps of the published account: whose security sets risk, whether in the first round only; the range of distances; whose view of
the two utilities counts; which offer is taken; what becomes of conflict; whose salience weighs; whether the two themselves vote; when the status quo
would move for the better, which counts only if Q is below 1; positions rounded to tenths."""
STATUS_QUO = (1.0, 0.5)
DEFAULT = {
    "risk": "challenged", "risk_once": False, "range": "now", "view": "proposer", "choice": "order", "conflict": "stand", "salience": "target",
    "own_votes": True, "better": "nearer", "rounded": False,
}  # fmt: skip


class Case:
    """Positions, weights and saliences of one decision, and the model on them under any reading."""

    def __init__(self, x: Floats, capability: Floats, salience: Floats) -> None:
        self.x, self.salience, self.weight = x, salience, capability * salience

    def median(self, x: Floats) -> float:
        """Return the weighted median, the middle of two that tie."""
        order = np.argsort(x, kind="stable")
        below = np.cumsum(self.weight[order]) / self.weight.sum()
        return 0.5 * (x[order][np.argmax(below >= 0.5 - NEAR)] + x[order][np.argmax(below > 0.5 + NEAR)])

    def chance(self, x: Floats, *, own_votes: bool) -> Floats:
        """Return the chance that the row prevails over the column: votes for it over all votes cast."""
        far = np.abs(x[:, None] - x[None])
        votes = self.weight * (far[None] - far[:, None])
        if not own_votes:
            k = np.arange(len(x))
            votes[k, :, k] = votes[:, k, k] = 0
        cast = np.abs(votes).sum(axis=-1)
        return np.where(cast > NEAR, np.maximum(votes, 0).sum(axis=-1) / np.where(cast > NEAR, cast, 1), 0.5)

    def utility(self, x: Floats, r: Floats, scale: float, status_quo: float, o: dict[str, Any]) -> Floats:
        """Return what the row expects of challenging the column, under exponents r that broadcast over pairs."""
        far, off = np.abs(x[:, None] - x[None]) / scale, np.abs(x - self.median(x)) / scale
        weighs = {"target": self.salience[None], "challenger": self.salience[:, None], "one": np.ones((1, len(x)))}[
            o["salience"]
        ]
        wins = weighs * self.chance(x, own_votes=o["own_votes"]) + 1 - weighs
        won, lost, same = 2 - 4 * np.clip(0.5 - 0.5 * far, 0, None) ** r, 2 - 4 * (0.5 + 0.5 * far) ** r, 2 - 4 * 0.5**r
        mine, near = off[:, None], 0.25 * (off[:, None] + far)
        better = {"nearer": mine < far - NEAR, "as near": mine <= far + NEAR, "target nearer": off[None] < mine - NEAR}[
            o["better"]
        ]
        moved = 2 - 4 * np.where(better, np.clip(0.5 - near, 0, None), 0.5 + near) ** r
        u = wins * won + (1 - wins) * lost - status_quo * same - (1 - status_quo) * moved
        u[np.abs(u) < NEAR] = 0
        return u

    def exponents(self, u: Floats, of: str) -> Floats:
        """Return the risk exponent of each from its security in a first pass."""
        if of == "neutral":
            return np.ones(len(u))
        others = u.copy()
        np.fill_diagonal(others, 0)
        s = others.sum(axis=0 if of == "challenged" else 1)
        spread = s.max() - s.min()
        b = (2 * s - s.max() - s.min()) / spread if spread > 1e-9 else np.zeros(len(s))
        return (1 - b / 3) / (1 + b / 3)

    def path(self, o: dict[str, Any], status_quo: float = 1.0) -> Floats:
        """Return the weighted median after each round."""
        x, first, kept, out = self.x.copy(), float(np.ptp(self.x)), None, []
        for _ in range(ROUNDS):
            scale = first if o["range"] == "first" else max(float(np.ptp(x)), 1e-9)
            r = self.exponents(self.utility(x, np.ones((1, 1)), scale, status_quo, o), o["risk"])
            kept = r if kept is None else kept
            r = kept if o["risk_once"] else r
            own, seen = (self.utility(x, e, scale, status_quo, o) for e in (r[:, None], r[None]))
            x = x + moves(x, own, seen, first, o)
            x = np.round(x, 1) if o["rounded"] else x
            out.append(self.median(x))
        return np.array(out)


def offers(strong: Floats, weak: Floats, conflict: str) -> tuple[Floats, NDArray[np.int64]]:
    """Return what share of the way the row's offer moves the column, and why: 1 conflict, 2 compromise, 3 compelled, 0 none."""
    gain = strong > 0
    by = np.where(gain, strong, 1)
    yields = np.where(gain & (weak <= 0), np.abs(weak) / by, 0)
    why = np.where(yields > 0, np.where(yields < 1, 2, 3), 0)
    share = np.minimum(yields, 1)
    if conflict == "stand":
        return share, why
    fights = gain & (weak > 0) & (strong > weak + NEAR)
    given = {"concede": np.ones_like(weak), "half": np.full_like(weak, 0.5), "ratio": np.clip(1 - weak / by, 0, 1)}[
        conflict
    ]
    return np.where(fights, given, share), np.where(fights, 1, why)


def moves(x: Floats, own: Floats, seen: Floats, first: float, o: dict[str, Any]) -> Floats:
    """Return how far each moves: by one offer, or by the mean of those that are equally good to take."""
    sides = {
        "proposer": [(own, seen.T)], "own": [(own, own.T)], "responder": [(seen, own.T)], "either": [(own, seen.T), (seen, own.T)],
    }[o["view"]]  # fmt: skip
    made = [(strong, *offers(strong, weak, o["conflict"])) for strong, weak in sides]
    strong, share, why = (np.concatenate([m[k] for m in made]) for k in range(3))
    move = share * (np.concatenate([x] * len(made))[:, None] - x[None])
    far = np.abs(move) / first
    left: Bools = (why > 0) & (far > NEAR)
    keys = {
        "order": [why, far], "least": [far], "enforceable": [-strong, far], "most": [-far], "order reversed": [-why, far], "mean": [],
    }[o["choice"]]  # fmt: skip
    for key in keys:
        left &= key <= np.where(left, key, np.inf).min(axis=0, keepdims=True) + NEAR
    return np.where(left, move, 0).sum(axis=0) / np.maximum(left.sum(axis=0), 1)


def every(status_quo: float) -> list[dict[str, Any]]:
    """Return every reading, less those that differ in nothing that counts."""
    steps = OPEN | ({"better": OPEN["better"][:1]} if status_quo == 1 else {})
    return [{"Q": status_quo, **dict(zip(steps, values, strict=True))} for values in itertools.product(*steps.values())]


def check(case: Case, capability: Floats) -> None:
    """Stop unless the program gives the same medians at its default reading."""
    from foedus.kernels import bargaining as kernel
    from foedus.security.rounds import Rules, run

    for status_quo in STATUS_QUO:
        found = run(
            case.x[None], (capability * case.salience)[None], case.salience[None], (Rules(rounds=ROUNDS + 1, status_quo=status_quo),)
        ).path[0]  # fmt: skip
        theirs = np.vstack([found, np.repeat(found[-1:], ROUNDS + 1, axis=0)])[1 : ROUNDS + 1]
        gap = np.abs(kernel.median(theirs, case.weight) - case.path(DEFAULT, status_quo)).max()
        if gap > 1e-9:
            raise SystemExit(
                f"The twin and the program differ by {gap:.3g} at the default reading, Q = {status_quo:g}."
            )


def main() -> None:
    """Run every reading, or one in N, and print the nearest ten."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("table", help="bdm_emission.csv: actor, position, capability, salience (per cent)")
    ask.add_argument("--one-in", type=int, default=1, help="only every N-th reading")
    given = ask.parse_args()
    table = pl.read_csv(given.table)
    x, capability, salience = (table[c].cast(pl.Float64).to_numpy() for c in ("position", "capability", "salience"))
    case = Case(x, capability, salience / 100)
    check(case, capability)
    sys.stdout.write("At the default reading, Q = 0.5 and 1, the twin and the program give the same medians.\n")
    readings = [o for q in STATUS_QUO for o in every(q)][:: given.one_in]
    found: list[tuple[float, dict[str, Any], Floats]] = []
    for k, o in enumerate(readings):
        path = case.path(o, o["Q"])
        found.append((float(np.abs(path - MEDIANS).max()), o, path))
        if k % 500 == 499:
            sys.stderr.write(f"\r{k + 1:,} of {len(readings):,}; least miss so far {min(f[0] for f in found):.3f}")
    sys.stderr.write("\n")
    found.sort(key=lambda f: f[0])
    near = sum(f[0] <= 1.0 for f in found)
    sys.stdout.write(f"{len(found):,} readings; {near} within 1.0 of the printed medians in all {ROUNDS} rounds.\n")
    for miss, o, path in found[:10]:
        sys.stdout.write(
            f"{miss:.3f}  {' '.join(f'{m:.1f}' for m in path)}  {', '.join(f'{k} {v}' for k, v in o.items())}\n"
        )


if __name__ == "__main__":
    main()
