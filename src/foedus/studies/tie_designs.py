"""Being allied and forming an alliance, side by side on the same rows; and how long ties last and how they end.

The point of [GiblerWolford2006]_: a model of who *is* allied counts a pact in every year of its life, so what keeps pacts alive passes for what makes
them. Fits the field's terms to both; reads no data itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.prior_logit import prior_logit
from foedus.estimate.wilson import Z90
from foedus.formation.record import CAUSES, DAYS_A_YEAR, FAR
from foedus.studies.tie_fit import FIELD, field_design

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.formation.record import Record
    from foedus.studies.tie_rows import TieRows

SPELLS = ((1815, 1918), (1919, 1945), (1946, 1989), (1990, 2018))


def allied_or_forming(form: TieRows, end: TieRows, *, first: int = 1816, last: int = 2015) -> pl.DataFrame:
    """Return the field's terms in a logit of being allied, of forming a tie, and of a tie's end.

    Parameters
    ----------
    form, end : TieRows
        Of the same years.
    first, last : int
        Years that are used.

    Returns
    -------
    polars.DataFrame
        ``term`` and, for ``allied``, ``forming`` and ``ending``, the estimate and its 90 % interval with errors by year.

    Raises
    ------
    DataError
        Only one outcome in these years.
    """
    import polars as pl

    some, tied = (rows.take((rows.year >= first) & (rows.year <= last)) for rows in (form, end))
    x, z = field_design(some), field_design(tied)[:, : len(FIELD)]
    both, year = np.concatenate([x, z]), np.concatenate([some.year, tied.year])
    is_tied = np.r_[np.zeros(len(x)), np.ones(len(z))]
    out: dict[str, NDArray | tuple[str, ...]] = {"term": FIELD}
    for name, rows, y, when in (
        ("allied", both, is_tied, year),
        ("forming", x, some.y, some.year),
        ("ending", z, tied.y, tied.year),
    ):
        fit = prior_logit(rows, y, cluster=when, sd=[np.inf, *[10.0] * (len(FIELD) - 1)])
        half = Z90 * np.sqrt(np.diag(fit.covariance))
        out |= {name: fit.coef, f"{name}_low": fit.coef - half, f"{name}_high": fit.coef + half}
    return pl.DataFrame(out)


def durations(record: Record) -> pl.DataFrame:
    """Return how long ties last, by when they began, and how they ended.

    Parameters
    ----------
    record : Record

    Returns
    -------
    polars.DataFrame
        ``era, ties, median`` (years by which half had ended, by Kaplan and Meier; null where fewer have), ``five``, ``twenty`` (shares that lasted so
        many years, by Kaplan and Meier), and the number that ended in each of `foedus.formation.record.CAUSES`.

    References
    ----------
    [KaplanMeier1958]_
    """
    import datetime as dt

    import polars as pl

    begun = np.array([dt.date.fromordinal(day).year for day in record.tie["begin"].tolist()])
    open_ = record.tie["end"] == FAR
    until = np.where(open_, dt.date(record.last_year_of_ties, 12, 31).toordinal(), record.tie["end"])
    years = (until - record.tie["begin"] + 1) / DAYS_A_YEAR
    rows = []
    for first, last in SPELLS:
        part = (begun >= first) & (begun <= last)
        at, left = survival(years[part], ~open_[part])
        half = at[left <= 0.5]
        rows.append(
            {"era": f"{first}-{last}", "ties": int(part.sum()), "median": float(half[0]) if len(half) else None}
            | {
                name: float(np.r_[1.0, left][np.searchsorted(at, y, side="right")])
                for name, y in (("five", 5.0), ("twenty", 20.0))
            }
            | {cause: int((record.tie["cause"][part] == k).sum()) for k, cause in enumerate(CAUSES)}
        )
    return pl.DataFrame(rows)


def survival(years: NDArray[np.float64], ended: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the times at which something ended and the share that lasted beyond each, by Kaplan and Meier.

    Parameters
    ----------
    years : array, shape (n,)
        How long each was seen.
    ended : bool array, shape (n,)
        Whether it ended then; else it was seen no longer.

    Examples
    --------
    >>> at, left = survival(np.array([1.0, 2.0, 2.0, 3.0]), np.array([True, True, False, True]))
    >>> at.tolist(), left.tolist()
    ([1.0, 2.0, 3.0], [0.75, 0.5, 0.0])
    """
    at, count = np.unique(years[ended], return_counts=True)
    risk = len(years) - np.searchsorted(np.sort(years), at, side="left")
    return at, np.asarray(np.cumprod(1.0 - count / risk), dtype=np.float64)
