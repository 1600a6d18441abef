"""Chains from the first shot to an entry, counted over the wars that were kept one by one, with the interval of each share.

Says on whose account each entered in the model, not why states go to war.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.nested import nested
from foedus.kernels.cascade import CAUSES

if TYPE_CHECKING:
    from foedus.estimate.nested import Estimate
    from foedus.system.system import System
    from foedus.war.result import War


def chances(war: War, top: int) -> list[tuple[tuple[str, ...], Estimate]]:
    """Return the commonest chains, each with its share of the kept wars and the 90 % interval of that share.

    The interval is that of `foedus.estimate.nested.nested`: it covers uncertain inputs and coefficients, and is never narrower than the noise of the
    number of wars. A war holds a chain once, for a chain ends with an actor that brought nobody else in.
    """
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for d in range(war.kept):
        entrants = np.flatnonzero(war.entered[d] > 0)
        used = set(war.through[d, entrants].tolist())
        for x in entrants:
            if int(x) not in used:
                found[_chain(war, d, int(x))].append(d)
    best = sorted(found.items(), key=lambda kv: (-len(kv[1]), kv[0]))[:top]
    held = np.zeros((war.kept, len(best)), dtype=bool)
    for k, (_, wars) in enumerate(best):
        held[wars, k] = True
    return list(zip((chain for chain, _ in best), nested(held, war.inner), strict=True)) if best else []


def told(system: System, chain: tuple[str, ...]) -> tuple[str, ...]:
    """Return the links of a chain with the names of the actors instead of their ids: ``Russia (ties to Serbia)``."""
    first, *steps = chain
    out = [" > ".join(system.label(a) for a in first.split(" > "))]
    for step in steps:
        actor, _, why = step.partition(" (")
        word, _, whom = why.removesuffix(")").rpartition(" ")
        known = whom in system.index
        out.append(f"{system.label(actor)} ({f'{word} {system.label(whom)}' if known else why.removesuffix(')')})")
    return tuple(out)


def _chain(war: War, d: int, last: int) -> tuple[str, ...]:
    """Return the chain of a kept war that ends with an actor."""
    from foedus.war.result import CAUSE_WORDS

    ids, steps, at = war.system.ids, [], last
    while war.entered[d, at] > 0:
        whom = int(war.through[d, at])
        account = ids[whom] if whom >= 0 else None
        word = CAUSE_WORDS[war.link(ids[at], CAUSES[war.cause[d, at]], account)]
        steps.append(f"{ids[at]} ({word} {account})" if account else f"{ids[at]} ({word})")
        if whom < 0:
            break
        at = whom
    return (f"{war.attacker} > {war.target}", *reversed(steps))
