"""Firebreaks: which single pact or abstention would shrink a war most.

Each candidate is an edit; the war is simulated again on the same random numbers. Finds the best single candidate among those tried, not the best
of all sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.nested import Estimate, nested
from foedus.system.edits import RemoveActor, VoidPact
from foedus.war.simulate import war

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.war.result import War


@dataclass(frozen=True, slots=True)
class Firebreak:
    """One candidate: the change in the number of *other* belligerents, and in the chance that half of the others' capability is at war."""

    what: str
    size: Estimate
    general: Estimate


def firebreaks(
    baseline: War, *, pacts: int = 5, actors: int = 4, draws: int = 2_000, workers: int = 1, table: Params | None = None
) -> tuple[Firebreak, ...]:
    """Return candidate firebreaks of a simulated war, greatest reduction first.

    Parameters
    ----------
    baseline : War
    pacts, actors : int
        How many candidates of each kind: the pacts whose members came most often beside their allies, the actors through whom most others came.
    draws : int
        Of each paired simulation; at most those that the baseline kept.
    workers : int
        Threads.
    table : Params, optional
        Replaces the table of reasons.

    Returns
    -------
    tuple of Firebreak
    """
    system, draws = baseline.system, min(draws, baseline.kept)
    candidates = [(f"without {_name(baseline, p)}", VoidPact(p), None) for p in drawing_pacts(baseline)[:pacts]]
    busy = [a for a in busiest(baseline) if a not in {baseline.attacker, baseline.target}][:actors]
    candidates += [(f"{a} stays out", RemoveActor(a), a) for a in busy]
    out = []
    for what, edit, gone in candidates:
        other = war(
            edit.apply(system),
            baseline.attacker,
            baseline.target,
            draws=draws,
            seed=baseline.seed,
            workers=workers,
            table=table,
            days=baseline.days,
            rates=baseline.rates,
        )
        k = system.index[gone] if gone else None
        counts, share = _others(baseline, k, other.draws)
        size = nested((other.counts - counts).astype(float)[:, None], baseline.inner, seed=baseline.seed, shares=False)[
            0
        ]
        change = (other.share >= 0.5).astype(float) - (share >= 0.5)
        general = nested(change[:, None], baseline.inner, seed=baseline.seed, shares=False)[0]
        out.append(Firebreak(what, size, general))
    return tuple(sorted(out, key=lambda f: f.size.mean))


def _others(w: War, without: int | None, draws: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return belligerents and the share of capability at war in the first draws, one actor left out of both and of the total."""
    side = w.side[:draws] > 0
    power = w.power[np.arange(draws) // w.inner % len(w.power)]
    if without is not None:
        side, power = np.delete(side, without, axis=1), np.delete(power, without, axis=1)
    return side.sum(axis=1), (side * power).sum(axis=1) / power.sum(axis=1)


def _name(w: War, pact_id: str) -> str:
    """Return a pact's name."""
    return next(p.name for p in w.system.pacts if p.id == pact_id)


def drawing_pacts(w: War) -> list[str]:
    """Return ids of pacts, by how many entries of a member were on the side of an ally that it had promised to fight for.

    Whether the pledge weighed most in an entry does not matter: one that does not may still make the entry likelier. A member's entries beside
    several allies count once, as those beside the ally that it came to most often.
    """
    at, score = w.system.index, dict.fromkeys((p.id for p in w.system.active_pacts()), 0)
    allies: dict[tuple[str, str], set[str]] = {}
    for pact, pledge, ally in w.system.pledges():
        if pledge.type in {"defense", "offense"}:
            allies.setdefault((pact.id, pledge.by), set()).add(ally)
    for (pact, by), whom in allies.items():
        score[pact] += int(max(w.tally.beside[at[by], at[y]] for y in whom))
    return [p for p in sorted(score, key=lambda p: (-score[p], p)) if score[p]]


def busiest(w: War) -> list[str]:
    """Return ids of actors by how many entries went through them."""
    counts = w.tally.through
    return [w.system.ids[k] for k in np.argsort(-counts, kind="stable") if counts[k]]
