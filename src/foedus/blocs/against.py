"""What stands against a line-up: the frustrated ties, with the reasons that make them and how surely they do.

Works on a line-up that is there; finds none (`foedus.blocs.solve` does).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.why import interval
from foedus.system.nouns import REASONS

if TYPE_CHECKING:
    import polars as pl

    from foedus.blocs.result import Blocs

COUNTS = 0.05
"""Share of the absolute parts of a tie from which on a reason is named."""


def against(found: Blocs) -> pl.DataFrame:
    """Return the ties that stand against the line-up into two blocs, heaviest first.

    Parameters
    ----------
    found : Blocs

    Returns
    -------
    polars.DataFrame
        ``a``, ``b``; ``sign``: 1 for friends in two blocs, -1 for foes in one; ``share`` of all tie weight at the centre, and ``low`` and ``high``,
        between which 90 % of the draws lie, each of its own total; below 0 the tie has the other sign there and stands with the line-up.
        ``frustrated``: share of draws in which it stands against the line-up of the centre. ``by``: the reasons that make it, heaviest first.

    Examples
    --------
    >>> import foedus as fd
    >>> rows = against(fd.load("europe-1914").blocs(draws=50))
    >>> bool((rows["share"].sum() > 0) and (rows["share"].diff().drop_nulls() <= 0).all())
    True
    """
    import polars as pl

    p, q, label, w = found.centre, found.sample, found.two.label, found.weight
    totals = np.maximum(np.abs(q.weight).sum(axis=1), 1e-300)
    column = {(int(a), int(b)): k for k, (a, b) in enumerate(zip(q.i, q.j, strict=True))}
    rows = []
    for e in np.flatnonzero((w != 0) & ((w > 0) != (label[p.i] == label[p.j]))).tolist():
        a, b, sign = int(p.i[e]), int(p.j[e]), 1.0 if w[e] > 0 else -1.0
        own, k = sign * p.parts[0, :, e], column.get((a, b))
        by = [
            REASONS[r] for r in np.argsort(-own, kind="stable") if own[r] > 0 and own[r] >= COUNTS * np.abs(own).sum()
        ]
        drawn = sign * q.weight[:, k] / totals if k is not None else np.empty(0)
        low, high = interval(drawn) if len(drawn) else (None, None)
        often = float((drawn > 0).mean()) if len(drawn) else None
        ids = found.system.ids
        rows.append((ids[a], ids[b], int(sign), abs(float(w[e])) / found.total, low, high, often, ", ".join(by)))
    schema = {"a": pl.String, "b": pl.String, "sign": pl.Int64, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64,
              "frustrated": pl.Float64, "by": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").sort("share", descending=True, maintain_order=True)
