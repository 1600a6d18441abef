"""Burden sharing in an alliance: the equilibrium of voluntary contributions to a common defence.

Member i with resources Y_i has U = (Y_i - q_i)^(1-a) Q^a, Q the sum of all contributions, so that its best reply is
q_i = max(0, a Y_i - (1-a) Q_-i) [OlsonZeckhauser1966]_. There is exactly one equilibrium, found in closed form from the richest down and checked by
best replies. Knows no threats, no geography and no private benefit of arms: it is a benchmark of free riding, not a forecast of budgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.kernels import streams
from foedus.power.measures import lognormal

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

OTHER_BORDERS = 1.25
"""Factor, either way, between the population of a series of output and that of the state, beyond which it is for other borders; assumed."""


@dataclass(frozen=True)
class Burden:
    """Contributions in equilibrium: ``resources`` and ``gives``, each (n,), in one unit; ``gap`` is the farthest any is from its best reply."""

    resources: NDArray[np.float64]
    gives: NDArray[np.float64]
    taste: float
    gap: float

    @property
    def burden(self) -> NDArray[np.float64]:
        """Share of its resources that each gives, shape (n,); 0 of nothing."""
        return np.divide(self.gives, self.resources, out=np.zeros_like(self.gives), where=self.resources > 0)

    @property
    def share(self) -> NDArray[np.float64]:
        """Share of all that is given, shape (n,); NaN where nobody gives."""
        total = self.gives.sum()
        return self.gives / total if total > 0 else np.full(len(self.gives), np.nan)

    def table(self) -> pl.DataFrame:
        """Return one row a member, in order."""
        import polars as pl

        columns = {"resources": self.resources, "gives": self.gives, "burden": self.burden, "share": self.share}
        return pl.DataFrame(columns, nan_to_null=True)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {"standing": "exact", "members": self.table().to_dicts(), "taste": self.taste, "gap": self.gap}


def best_reply(resources: ArrayLike, others: ArrayLike, taste: float) -> NDArray[np.float64]:
    """Return what is best to give when the others give ``others`` together.

    Parameters
    ----------
    resources, others : array, shape (n,)
    taste : float
        a in (0, 1): the share that a member alone would give.

    Examples
    --------
    >>> best_reply([100.0, 60.0], [0.0, 40.0], 0.4).tolist()
    [40.0, 0.0]
    """
    return np.maximum(0.0, taste * np.asarray(resources, float) - (1 - taste) * np.asarray(others, float))


def burden_shares(resources: ArrayLike, taste: float) -> Burden:
    """Return what each member gives in equilibrium.

    With the k richest giving, Q = a S_k / (a + k (1 - a)) where S_k is their resources together, and q_i = Y_i - Q (1 - a) / a.

    Parameters
    ----------
    resources : array, shape (n,)
        Any unit, none negative.
    taste : float
        a in (0, 1): weight of security against everything else.

    Raises
    ------
    ParameterError
        No members, resources that are negative or unknown (NaN), or ``taste`` outside (0, 1).

    References
    ----------
    [OlsonZeckhauser1966]_

    Examples
    --------
    >>> burden_shares([100, 100], 0.4).gives.round(6).tolist()
    [25.0, 25.0]
    >>> burden_shares([100, 60], 0.4).gives.round(6).tolist()
    [40.0, 0.0]
    """
    y = np.asarray(resources, dtype=np.float64)
    if y.ndim != 1 or not len(y) or not np.isfinite(y).all() or (y < 0).any():
        raise parameter(
            "resources",
            resources,
            "a list of finite numbers, none below 0",
            "unknown resources are not zero: draw them",
        )
    if isinstance(taste, bool) or not 0 < taste < 1:
        raise parameter("taste", taste, "a number between 0 and 1")
    order = np.argsort(-y, kind="stable")
    sums = np.cumsum(y[order])
    count = np.arange(1, len(y) + 1)
    total = taste * sums / (taste + count * (1 - taste))
    ratio = (1 - taste) / taste
    giving = y[order] > total * ratio * (1 + 1e-12)
    last = int(np.flatnonzero(giving)[-1]) if giving.any() else 0
    gives = np.zeros(len(y))
    gives[order[: last + 1]] = np.maximum(y[order[: last + 1]] - total[last] * ratio, 0.0)
    gap = float(np.abs(best_reply(y, gives.sum() - gives, taste) - gives).max())
    return Burden(y, gives, float(taste), gap)


def observed_shares(
    ccodes: Sequence[int], year: int, *, data_dir: DataDir | str | os.PathLike[str] | None = None, draws: int = 400, seed: int = 1
) -> pl.DataFrame:  # fmt: skip
    """Return what states spent on arms in a year beside what they produced, each as a share of those of whom both are known.

    Military expenditure is that of National Material Capabilities in the money of the year, output is real; so shares among states of one year can be
    compared, and a ratio of the two could not. The series of output are on later borders for some states before they had these (all of Italy's for
    Sardinia): where they are for a population that differs from the state's own of that year by more than a quarter, output is unknown.

    Parameters
    ----------
    ccodes : sequence of int
        Correlates of War codes.
    year : int
    data_dir : DataDir, str or Path, optional
    draws, seed : int
        Draws of output, log-normal with the mean and standard deviation that the source gives.

    Returns
    -------
    DataFrame
        ``ccode, of_output, of_output_low, of_output_high, of_spending`` in the order given, the shares null where either is unknown; ``times``, the
        population that output is for over that of the state, null where it is not at hand.

    Raises
    ------
    DataError
        Data sets that are not there.
    """
    import polars as pl

    folder = DataDir.of(data_dir)
    spent = folder.table("cow_nmc").filter(pl.col("year") == year).select("ccode", "milex", "tpop")
    made = folder.table("cw_gdppop").filter(pl.col("year") == year).select("ccode", "pwtrgdp", "sd_pwtrgdp", "pwtpop")
    asked = pl.DataFrame({"ccode": list(ccodes)}, schema={"ccode": spent.schema["ccode"]})
    made = made.with_columns(pl.col("ccode").cast(spent.schema["ccode"]))
    both = asked.join(spent, on="ccode", how="left", validate="m:1", maintain_order="left").join(
        made, on="ccode", how="left", validate="m:1", maintain_order="left"
    )
    output, sd, arms, heads, own = (
        both[c].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for c in ("pwtrgdp", "sd_pwtrgdp", "milex", "pwtpop", "tpop")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        times = 1000.0 * heads / np.where(own > 0, own, np.nan)
        known = (
            np.isfinite(output) & np.isfinite(sd) & np.isfinite(arms) & (np.abs(np.log(times)) <= np.log(OTHER_BORDERS))
        )
    u = streams.uniforms(seed, streams.keys_of([f"pwtrgdp:{c}:{year}" for c in ccodes]), draws)
    made_by = np.where(known, lognormal(output, sd, u), np.nan)
    shares = made_by / np.nansum(made_by, axis=1, keepdims=True) if known.any() else made_by
    columns = {"of_output": shares.mean(axis=0)} | {
        f"of_output_{end}": np.quantile(shares, q, axis=0) for end, q in (("low", 0.05), ("high", 0.95))
    }
    columns |= {"of_spending": np.where(known, arms, np.nan) / (arms[known].sum() or np.nan), "times": times}
    return both.select("ccode").hstack(pl.DataFrame(columns, nan_to_null=True))
