"""Chains from the first shot to an entry, counted over the wars that were kept one by one, with the interval of each share.

Says on whose account each entered in the model, not why states go to war.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.nested import nested
from foedus.kernels.cascade import CAUSES

if TYPE_CHECKING:
    from foedus.estimate.nested import Estimate
    from foedus.system.system import System
    from foedus.war.result import War

Links = tuple[tuple[int, int, int], ...]
"""Entries in their order: who, the cause, and on whose account, all as numbers."""


def chances(war: War, top: int) -> list[tuple[tuple[str, ...], Estimate]]:
    """Return the commonest chains, each with its share of the kept wars and the 90 % interval of that share.

    The interval is that of `foedus.estimate.nested.nested`: it covers uncertain inputs and coefficients, and is never narrower than the noise of the
    number of wars. A war holds a chain once, for a chain ends with an actor that brought nobody else in.
    """
    found: dict[Links, list[int]] = defaultdict(list)
    wars, entrants = np.nonzero(war.entered > 0)
    causes, accounts = war.cause[wars, entrants].tolist(), war.through[wars, entrants].tolist()
    links = zip(wars.tolist(), entrants.tolist(), causes, accounts, strict=True)
    for d, entries in itertools.groupby(links, key=lambda link: link[0]):
        steps = {x: (x, cause, whom) for _, x, cause, whom in entries}
        for x in steps.keys() - {whom for _, _, whom in steps.values()}:
            chain, at = [], x
            while at in steps:
                chain.append(steps[at])
                at = steps[at][2]
            found[tuple(reversed(chain))].append(d)
    least = sorted(map(len, found.values()))[-top:][:1]  # equals of the last are told apart by their words
    often = [(_told(war, chain), drawn) for chain, drawn in found.items() if [len(drawn)] >= least]
    best = sorted(often, key=lambda kv: (-len(kv[1]), kv[0]))[:top]
    held = np.zeros((war.kept, len(best)), dtype=bool)
    for k, (_, drawn) in enumerate(best):
        held[drawn, k] = True
    return list(zip((chain for chain, _ in best), nested(held, war.inner, seed=war.seed), strict=True)) if best else []


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


def _told(war: War, chain: Links) -> tuple[str, ...]:
    """Return a chain in words, the first shot before it."""
    from foedus.war.result import CAUSE_WORDS

    ids, steps = war.system.ids, [f"{war.attacker} > {war.target}"]
    for x, cause, whom in chain:
        account = ids[whom] if whom >= 0 else None
        word = CAUSE_WORDS[war.link(ids[x], CAUSES[cause], account)]
        steps.append(f"{ids[x]} ({word} {account})" if account else f"{ids[x]} ({word})")
    return tuple(steps)
