"""Pacts of many members as one decision: how many defence pacts of which size a year, and which group founds one.

A logit of groups of k states by year [Poast2010]_: those that founded a defence pact, against a weighted sample of those that did not. Terms are
means over a group's pairs of the terms of `foedus.formation.ties`. The rules are those of ``docs/decisions/0020-formation-of-pact-ties.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.data.store import DataDir
from foedus.estimate.prior_logit import prior_logit
from foedus.estimate.wilson import Z90
from foedus.formation.ties import LEAST_SHARE, TERMS
from foedus.panel.kads import create_kads, founders
from foedus.studies.tie_rows import FIRST, LAST, Years

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

ERAS = ((1816, 1918), (1919, 1945), (1946, 1989), (1990, 2018))
MEANS = (
    "distance", "land", "common_enemy", "ally_of_enemy", "dispute", "shared", "democracy", "regime_gap", "regime_unknown",
    "strength_unknown",
)  # fmt: skip
"""Terms that are means over the pairs of a group."""
MOST = 5
TERMS_OF_GROUPS = (
    "constant",
    *MEANS,
    "greatest",
    "least",
    *(f"k_{k}" for k in range(3, MOST + 1)),
    "since_1919",
    "since_1946",
    "since_1990",
)
"""Terms of the k-adic logit; ``greatest`` and ``least`` are ln of the largest and smallest known capability, 0 where none is."""
PER_YEAR = 200


def pact_sizes(*, data_dir: DataDir | str | os.PathLike[str] | None = None) -> pl.DataFrame:
    """Return the number and size of new defence pacts by era.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    polars.DataFrame
        ``era, years, pacts, a_year, dispersion`` (variance of the yearly number over its mean; 1 for a Poisson process; null without a pact),
        ``two, three_to_five,
        six_to_ten, more`` (pacts by founders), ``largest``, ``pairs`` (that they tied at their start).
    """
    import polars as pl

    all_ = (
        founders(DataDir.of(data_dir).table("atop5_1m"), "defense")
        .with_columns(n=pl.col("member").list.len())
        .filter(pl.col("n") > 1)
    )
    rows = []
    for first, last in ERAS:
        part = all_.filter((pl.col("year") >= first) & (pl.col("year") <= last))
        n = part["n"].to_numpy().astype(np.int64)
        yearly = np.bincount(part["year"].to_numpy() - first, minlength=last - first + 1)
        rows.append({
            "era": f"{first}-{last}", "years": last - first + 1, "pacts": len(n), "a_year": float(yearly.mean()),
            "dispersion": float(yearly.var(ddof=1) / yearly.mean()) if len(n) else None,
            "two": int((n == 2).sum()), "three_to_five": int(((n > 2) & (n <= 5)).sum()),
            "six_to_ten": int(((n > 5) & (n <= 10)).sum()), "more": int((n > 10).sum()), "largest": int(n.max()) if len(n) else None,
            "pairs": int((n * (n - 1) // 2).sum()),
        })  # fmt: skip
    return pl.DataFrame(rows)


@dataclass(frozen=True)
class GroupFit:
    """A fitted k-adic logit: coefficients and covariance by year, groups that founded a pact and sampled ones that did not."""

    coef: NDArray[np.float64]
    covariance: NDArray[np.float64]
    founded: dict[int, int]
    sampled: int

    def table(self) -> pl.DataFrame:
        """Return ``term, estimate, low, high`` with 90 % intervals."""
        import polars as pl

        half = Z90 * np.sqrt(np.diag(self.covariance))
        return pl.DataFrame(
            {"term": TERMS_OF_GROUPS, "estimate": self.coef, "low": self.coef - half, "high": self.coef + half}
        )


def fit_groups(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, n_per_year: int = PER_YEAR, seed: int = 1, first: int = FIRST, last: int = LAST,
    progress: Callable[[float], None] | None = None,
) -> GroupFit:  # fmt: skip
    """Return the logit of which group of 2 to 5 states founds a defence pact.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    n_per_year : int
        Groups of each size and year that founded none, to draw.
    seed : int
        Of the draw.
    first, last : int
        Years.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    DataError
        Data sets that are not there, or years in which no group founded one.

    Notes
    -----
    A sampled group weighs as many groups as it stands for, so that the constant is that of all groups; pacts of more than five founders are in no
    row. Errors go together within a year.

    References
    ----------
    [Poast2010]_, [KingZeng2001]_
    """
    folder, years = DataDir.of(data_dir), Years(data_dir)
    parts, founded = [], {}
    for k in range(2, MOST + 1):
        frame = create_kads(k, first, last, n_per_year=n_per_year, seed=seed, pledge="defense", data_dir=folder).frame
        founded[k] = int(frame["formed"].sum())
        parts += [(k, int(y[0]), block) for y, block in frame.group_by("year", maintain_order=True)]
    columns: list[tuple[NDArray, ...]] = []
    order = sorted(range(len(parts)), key=lambda at: parts[at][1])
    values: tuple[int, NDArray, NDArray, NDArray] | None = None
    for done, at in enumerate(order):
        k, year, block = parts[at]
        if values is None or values[0] != year:
            values = (year, *_pairs(years, year))
        columns.append(_rows(k, year, block, *values[1:]))
        if progress is not None:
            progress((done + 1) / len(order))
    x, y, w, cluster = (np.concatenate(c) for c in zip(*columns, strict=True))
    sd = [np.inf, *[1.0] * (len(MEANS) + 2), *[np.inf] * (MOST - 2), *[1.0] * 3]
    fit = prior_logit(x, y, cluster=cluster, weight=w, sd=sd)
    return GroupFit(fit.coef, fit.covariance, founded, int((y == 0).sum()))


def _pairs(years: Years, year: int) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """Return the codes of a year's states, the terms of `MEANS` as symmetric matrices, (len(MEANS), n, n), and ln of capability."""
    now = years.at(year)
    n = len(now.code)
    i, j = np.triu_indices(n, 1)
    form = now.terms()[0]
    out = np.zeros((len(MEANS), n, n))
    for m, name in enumerate(MEANS):
        out[m, i, j] = out[m, j, i] = form[:, TERMS.index(name)]
    return now.code, out, np.log(np.maximum(now.capability, LEAST_SHARE))


def _rows(
    k: int, year: int, block: pl.DataFrame, code: NDArray[np.int32], pairs: NDArray[np.float64], strength: NDArray[np.float64]
) -> tuple[NDArray, ...]:  # fmt: skip
    """Return the terms, outcomes, weights and years of the groups of one size and year; those with a state that is not there yet are left out."""
    groups = block.select(f"ccode{m + 1}" for m in range(k)).to_numpy()
    here = np.isin(groups, code).all(axis=1)
    at = np.searchsorted(code, groups[here])
    one, two = np.triu_indices(k, 1)
    means = pairs[:, at[:, one], at[:, two]].mean(axis=-1).T
    size = np.array([k == s for s in range(3, MOST + 1)], dtype=np.float64)
    steps = np.array([year >= y for y in (1919, 1946, 1990)], dtype=np.float64)
    fixed = np.tile(np.r_[size, steps], (len(at), 1))
    known = np.isfinite(strength[at])
    most = np.where(known, strength[at], -np.inf).max(axis=1)
    least = np.where(known, strength[at], np.inf).min(axis=1)
    ends = np.where(known.any(axis=1), [most, least], 0.0)
    x = np.column_stack([np.ones(len(at)), means, *ends, fixed])
    return x, block["formed"].to_numpy()[here], block["weight"].to_numpy()[here], np.full(len(at), year)
