"""What one pledge demands in one war, as arrays: the clause logic behind `bound` and behind every round of a war.

The state of a war is a matrix of attacks, ``attack[x, y]`` when x attacked y in it. Each pledge gets one code; `VERDICT_OF` maps codes to the five
verdicts of convention 4.16. The compiled function has a plain twin kept as oracle. Knows no names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFENSE, OFFENSE, NEUTRAL, NONAGG, CONSUL = range(5)
ANY, NAMED, UNKNOWN = range(3)

PEACE, BOUND, PROVOKED, STAY_OUT, TARGET_UNKNOWN, NOT_NAMED, OUTSIDE, REGION_UNKNOWN, TOO_FEW, CONFLICT, UNCLEAR = (
    range(11)
)
CONSULT, ALLY_ATTACKED, NO_ATTACK, BREACH, TOO_MANY, OPEN_NEUTRALITY = range(11, 17)
RELIEVED, BROKEN = 17, 18
"""Of a pledge not to fight or to stay neutral between two who fight each other: the other began, or the one who pledged did (`between`)."""

VERDICT_OF: dict[int, str] = {
    PEACE: "not triggered", BOUND: "bound", PROVOKED: "released", STAY_OUT: "stay out", TARGET_UNKNOWN: "undetermined",
    NOT_NAMED: "not triggered", OUTSIDE: "not triggered", REGION_UNKNOWN: "undetermined", TOO_FEW: "not triggered",
    CONFLICT: "undetermined", UNCLEAR: "undetermined", CONSULT: "not triggered", ALLY_ATTACKED: "not triggered",
    NO_ATTACK: "not triggered", BREACH: "bound", TOO_MANY: "not triggered", OPEN_NEUTRALITY: "undetermined",
    RELIEVED: "released", BROKEN: "stay out",
}  # fmt: skip


class Pledges(NamedTuple):
    """Pledges as arrays of length P.

    ``by``, ``to`` positions; ``kind`` one of the five types; ``target_mode`` ANY, NAMED or UNKNOWN with ``targets`` (P, n); ``excluded`` (P, n);
    ``region`` ANY (inside or unconditional), NAMED (outside) or UNKNOWN; ``unprovoked``, ``conflict``, ``unclear`` flags; ``least`` the
    number of adversaries from which help is owed, and below which neutrality is (1: whatever their number).
    """

    by: NDArray[np.int64]
    to: NDArray[np.int64]
    kind: NDArray[np.int64]
    target_mode: NDArray[np.int64]
    targets: NDArray[np.bool_]
    excluded: NDArray[np.bool_]
    region: NDArray[np.int64]
    unprovoked: NDArray[np.bool_]
    least: NDArray[np.int64]
    conflict: NDArray[np.bool_]
    unclear: NDArray[np.bool_]


@njit(cache=True, nogil=True)
def code(attack, active, p, pledges):  # noqa: ANN001, ANN201
    """Return the code of pledge ``p`` in the war with attack matrix ``attack`` (n, n) among the positions ``active``."""
    ally, mode = pledges.to[p], pledges.target_mode[p]
    attacked, attacks, foes, matched, struck = 0, 0, 0, 0, 0
    for e in active:
        named = (mode != 1 or pledges.targets[p, e]) and not pledges.excluded[p, e]
        if attack[e, ally]:
            attacked += 1
            matched += named
        if attack[ally, e]:
            attacks += 1
            struck += named
        foes += attack[e, ally] or attack[ally, e]
    return code_of_counts(
        attacked, attacks, foes, matched, struck, attack[pledges.by[p], ally], pledges.kind[p], mode, pledges.region[p],
        pledges.unprovoked[p], pledges.least[p], 1 if pledges.conflict[p] else 2 if pledges.unclear[p] else 0,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def code_of_counts(  # noqa: ANN201
    attacked, attacks, foes, matched, struck, breach, kind, mode, region, unprovoked, least, doubt  # noqa: ANN001
):  # fmt: skip
    """Return the code of a pledge with these clauses from counts: its ally's attackers, victims, both together, those of each that a clause covers.

    ``breach`` says whether the one who pledged attacked the ally itself; ``doubt`` is 1 for a clause about an ongoing conflict, 2 for an unclear one.
    """
    hit = 0
    if foes == 0:
        return 0
    if kind == 3:
        return 3
    if kind == 4:
        if matched + struck == 0:
            return 5
        return 6 if region == 1 else 11
    if kind == 2:
        if unprovoked and attacks > 0 and matched + struck > 0:
            return 2
        hit = matched + struck
    elif kind == 1:
        if attacks == 0:
            return 13
        hit = struck
    else:
        if unprovoked and attacks > 0:
            return 2
        if attacked == 0:
            return 12
        hit = matched
    if hit == 0:
        return 5
    if region == 1:
        return 6
    if kind == 0 and attacked < least:
        return 8
    if kind == 1 and foes < least:
        return 8
    if kind == 2:
        if least > 1 and foes >= least:
            return 15
        return 16 if mode == 2 or region == 2 or doubt > 0 else 3
    if mode == 2:
        return 4
    if region == 2:
        return 7
    if doubt > 0:
        return 8 + doubt
    return 14 if breach else 1


def between(code: int, by: int, ally: int, attacks: Sequence[tuple[int, int]]) -> int:
    """Return the code where ``code`` says to stay out of a war, of one who may be at war with its ally itself.

    ``attacks`` are (attacker, target), the earliest first. `code` asks outsiders; an ally that attacks first releases the one who pledged it peace,
    and one who attacks its ally breaks the pledge.
    """
    if code != STAY_OUT:
        return code
    first = next((x for x, y in attacks if {x, y} == {by, ally}), None)
    return code if first is None else BROKEN if first == by else RELIEVED


def code_reference(attack: NDArray[np.bool_], p: int, pledges: Pledges) -> int:
    """Return what `code` does, clause by clause on sets."""
    ally, kind, mode = int(pledges.to[p]), int(pledges.kind[p]), int(pledges.target_mode[p])
    attackers, victims = set(np.flatnonzero(attack[:, ally])), set(np.flatnonzero(attack[ally]))
    against = set(np.flatnonzero(pledges.targets[p])) if mode == NAMED else set(range(len(attack)))
    against -= set(np.flatnonzero(pledges.excluded[p]))
    if not attackers and not victims:
        return PEACE
    if kind == NONAGG:
        return STAY_OUT
    provoked = bool(pledges.unprovoked[p]) and bool(victims)
    outside, least = pledges.region[p] == NAMED, pledges.least[p]
    foes = {OFFENSE: victims, DEFENSE: attackers}.get(kind, attackers | victims) & against
    if kind == CONSUL:
        return NOT_NAMED if not foes else OUTSIDE if outside else CONSULT
    if kind == OFFENSE and not victims:
        return NO_ATTACK
    if provoked and (kind == DEFENSE or (kind == NEUTRAL and foes)):
        return PROVOKED
    if kind == DEFENSE and not attackers:
        return ALLY_ATTACKED
    many = len(attackers if kind == DEFENSE else attackers | victims)
    if kind == NEUTRAL:
        still_open = mode == UNKNOWN or pledges.region[p] == UNKNOWN or pledges.conflict[p] or pledges.unclear[p]
        ways = [(not foes, NOT_NAMED), (outside, OUTSIDE), (1 < least <= many, TOO_MANY), (still_open, OPEN_NEUTRALITY)]
        return next((c for holds, c in ways if holds), STAY_OUT)
    conditions = [
        (not foes, NOT_NAMED), (outside, OUTSIDE), (many < least, TOO_FEW), (mode == UNKNOWN, TARGET_UNKNOWN),
        (pledges.region[p] == UNKNOWN, REGION_UNKNOWN), (pledges.conflict[p], CONFLICT), (pledges.unclear[p], UNCLEAR),
        (attack[pledges.by[p], ally], BREACH),
    ]  # fmt: skip
    return next((c for holds, c in conditions if holds), BOUND)


@njit(cache=True, nogil=True)
def codes_if_attacked(pledges, n):  # noqa: ANN001, ANN201
    """Return the code of every pledge if its ally is attacked by each actor alone, shape (P, n), int8."""
    n_pledges = len(pledges.by)
    out = np.zeros((n_pledges, n), dtype=np.int8)
    attack = np.zeros((n, n), dtype=np.bool_)
    active = np.zeros(1, dtype=np.int64)
    for p in range(n_pledges):
        ally = pledges.to[p]
        for e in range(n):
            if e != ally:
                attack[e, ally] = True
                active[0] = e
                out[p, e] = code(attack, active, p, pledges)
                attack[e, ally] = False
    return out


@njit(cache=True, nogil=True)
def codes_at_war(attack, active, here, pledges):  # noqa: ANN001, ANN201
    """Return the code of each pledge of an outsider to one at war, 0 for all others, shape (P,), int8; ``here`` (n,) marks those at war."""
    out = np.zeros(len(pledges.by), dtype=np.int8)
    for p in range(len(out)):
        if here[pledges.to[p]] and not here[pledges.by[p]]:
            out[p] = code(attack, active, p, pledges)
    return out
