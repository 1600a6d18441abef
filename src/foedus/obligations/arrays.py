"""The pledges of a system as the arrays that the clause kernel reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.kernels.obligation import ANY, NAMED, UNKNOWN, Pledges
from foedus.system.nouns import PLEDGE_TYPES

if TYPE_CHECKING:
    from foedus.system.nouns import Pact, Pledge
    from foedus.system.system import System


def pledge_arrays(system: System, *, where: str | None = None) -> tuple[Pledges, list[tuple[Pact, Pledge, str]]]:
    """Return the pledges owed as of the system's date, and the nouns behind each row.

    A region clause is judged by the region of the ally's home, since a snapshot does not say where the first shot falls; ``where`` (one of
    `foedus.system.nouns.REGIONS`) says it.
    """
    rows = list(system.pledges())
    n, index = len(system.actors), system.index
    named = np.zeros((len(rows), n), dtype=np.bool_)
    excluded = np.zeros((len(rows), n), dtype=np.bool_)
    mode = np.full(len(rows), ANY, dtype=np.int64)
    region = np.full(len(rows), ANY, dtype=np.int64)
    for p, (_, pledge, recipient) in enumerate(rows):
        if pledge.targets is not None:
            mode[p] = NAMED if pledge.targets else UNKNOWN
            named[p, [index[t] for t in pledge.targets if t in index]] = True
        excluded[p, [index[t] for t in pledge.not_targets if t in index]] = True
        if pledge.region is not None:
            home = where or system.actors[index[recipient]].region
            region[p] = UNKNOWN if not pledge.region or not home else (ANY if home in pledge.region else NAMED)

    def column(values: list[int], kind: type) -> np.ndarray:
        return np.array(values, dtype=kind)

    pledges = [pledge for _, pledge, _ in rows]
    return Pledges(
        column([index[x.by] for x in pledges], np.int64), column([index[r] for _, _, r in rows], np.int64),
        column([PLEDGE_TYPES.index(x.type) for x in pledges], np.int64), mode, named, excluded, region,
        column([x.unprovoked for x in pledges], np.bool_), column([x.min_attackers for x in pledges], np.int64),
        column([bool(x.conflict) for x in pledges], np.bool_), column([bool(x.unclear) for x in pledges], np.bool_),
    ), rows  # fmt: skip
