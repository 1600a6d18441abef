"""`similarity_of`: how alike the pledges of every two actors of a system are; weighted S with its interval over uncertain capabilities.

The measures are those of `foedus.power.similarity`, over the system's own treaties and actors, armed groups included. Alignments, sponsorship and
conditions of pledges are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.kernels import similarity as kernel
from foedus.panel.portfolios import ORDERS, TOP
from foedus.system import covariates

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System


@dataclass(frozen=True, eq=False)
class SystemSimilarity:
    """Similarity of the pledges of all pairs of actors of a system.

    Attributes
    ----------
    system : System
    order : {"chiba", "cow"}
        What a kind of pledge is worth, see `foedus.panel.portfolios.ORDERS`.
    frame : polars.DataFrame
        ``actor1, actor2``, the measures over third actors counted alike (exact), and ``s_abs_weighted`` with ``_low`` and ``_high``, over third
        actors weighted by capability: mean and 90 % interval. Null where undefined.
    draws, seed : int
    """

    system: System
    order: str
    frame: pl.DataFrame
    draws: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row a pair."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "derived from the system's treaties; weighted S over draws of capability", "order": self.order, "draws": self.draws,
            "seed": self.seed, "pairs": self.frame.to_dicts(), "system": self.system.hash,
        }  # fmt: skip


def similarity_of(system: System, *, order: str = "chiba", draws: int = 400, seed: int = 1) -> SystemSimilarity:
    """Return how alike the pledges of every two actors are.

    Parameters
    ----------
    system : System
    order : {"chiba", "cow"}
    draws : int
        Draws of uncertain capabilities, behind the weighted S.
    seed : int

    Raises
    ------
    ParameterError
        Another order, or fewer than 2 draws.

    References
    ----------
    [SignorinoRitter1999]_, [Hage2011]_, [Chiba2015]_

    Examples
    --------
    >>> import foedus as fd
    >>> found = similarity_of(fd.load("europe-1914"), draws=20).table()
    >>> pairs = {(a, b): s for a, b, s in found.select("actor1", "actor2", "s_abs").iter_rows()}
    >>> pairs["GMY", "AUH"] > pairs["GMY", "FRN"]
    True
    """
    import polars as pl

    if order not in ORDERS:
        raise parameter("order", order, f"one of {', '.join(ORDERS)}")
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    n = len(system.actors)
    levels = levels_of(system, order)
    one, two = np.triu_indices(n, 1)
    table = kernel.contingency(levels, TOP + 1, None, (one, two))
    power = covariates.effective_capability(system, seed=seed, n_draws=draws)
    gap = np.abs(levels[one].astype(np.float64) - levels[two]) / TOP
    weighted = 1 - 2 * gap @ power.T / power.sum(axis=1)
    low, high = np.quantile(weighted, [0.05, 0.95], axis=1)
    ids = np.array(system.ids)
    frame = pl.DataFrame(
        {"actor1": ids[one], "actor2": ids[two]} | {m: kernel.measure(table, m) for m in kernel.MEASURES}
        | {"s_abs_weighted": weighted.mean(axis=1), "s_abs_weighted_low": low, "s_abs_weighted_high": high}
    )  # fmt: skip
    return SystemSimilarity(system, order, frame.with_columns(pl.col(pl.Float64).fill_nan(None)), draws, seed)


def levels_of(system: System, order: str = "chiba") -> NDArray[np.int8]:
    """Return the portfolios of a system's actors from the pledges of its treaties, int8, shape (n, n); conditions are not looked at."""
    levels = np.zeros((len(system.actors),) * 2, dtype=np.int8)
    for kind, level in ORDERS[order].items():
        np.maximum(levels, covariates.pledge_matrix(system, kind) * np.int8(level), out=levels)
    levels = np.maximum(levels, levels.T)
    np.fill_diagonal(levels, TOP)
    return levels
