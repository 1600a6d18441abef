"""Who was at war with whom, as drawn and as it happened: chances of states and of pairs of them, with intervals over uncertain inputs.

A pair is at war where both entered on opposite sides within the window; one may have left before the other came, since what happened is told
by entries alone. Reads draws; draws nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.war.grouped import estimates

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.estimate.nested import Estimate
    from foedus.war.result import War

MORE = 8
"""Pairs that did not happen, the likeliest of them, beside those that did."""


def by_group(drawn: War, seen: NDArray[np.bool_]) -> list[Estimate]:
    """Return the chance behind each column of what was seen in each kept war, shape (kept, k), with 90 % intervals over the inputs."""
    groups = np.arange(len(seen)) // drawn.inner % len(drawn.power)
    sums = np.zeros((len(drawn.power), seen.shape[1]))
    blocks = np.add.reduceat(seen, np.arange(0, len(seen), drawn.inner), axis=0, dtype=np.float64)
    np.add.at(sums, groups[:: drawn.inner], blocks)
    return estimates(sums, np.bincount(groups, minlength=len(drawn.power)), drawn.inner)


def pairs_at_war(drawn: War, sides: NDArray[np.int8], truth: NDArray[np.int8], *, more: int = MORE) -> pl.DataFrame:
    """Return pairs of states at war by the end of the window: those of history, and the likeliest that were not.

    Parameters
    ----------
    drawn : War
        With every draw kept.
    sides : int8 array, shape (kept, n)
        Side of each actor within the window: 1 the attacker's, 2 the target's, 0 out; first shot included.
    truth : int8 array, shape (n,)
        The same of what happened.
    more : int
        Pairs that were not at war, the likeliest first.

    Returns
    -------
    polars.DataFrame
        ``a``, ``b`` (of history's pairs, ``a`` on the attacker's side, else on that which is likelier), ``happened``, ``p``, ``low``, ``high``; those
        that happened first, by chance. The pair of the first shot is left out.
    """
    import polars as pl

    side_a, side_b = ((sides == k).astype(np.float32) for k in (1, 2))
    facing = side_a.T @ side_b
    either = np.triu(facing + facing.T, 1)
    was = np.triu((truth[:, None] + truth[None, :] == 3) & (truth[:, None] > 0) & (truth[None, :] > 0), 1)
    shot = tuple(sorted((drawn.system.index[drawn.attacker], drawn.system.index[drawn.target])))
    was[shot], either[shot] = False, 0.0
    rest = np.where(was, 0.0, either).ravel()
    likely = np.argsort(-rest, kind="stable")[:more]
    chosen = np.concatenate([np.flatnonzero(was), likely[rest[likely] > 0]])
    i, j = np.unravel_index(chosen, was.shape)
    found = by_group(drawn, (sides[:, i] > 0) & (sides[:, j] > 0) & (sides[:, i] != sides[:, j]))
    rows = []
    for x, y, e in zip(i.tolist(), j.tolist(), found, strict=True):
        turned = truth[x] == 2 if was[x, y] else facing[y, x] > facing[x, y]
        a, b = (drawn.system.ids[k] for k in ((y, x) if turned else (x, y)))
        rows.append({"a": a, "b": b, "happened": bool(was[x, y]), "p": e.mean, "low": e.low, "high": e.high})
    schema = {
        "a": pl.String,
        "b": pl.String,
        "happened": pl.Boolean,
        "p": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema).sort(["happened", "p"], descending=True)
