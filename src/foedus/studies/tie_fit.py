"""The onset and the end of pact ties, fitted; written with its provenance.

``Path("src/foedus/params/ties_fitted.toml").write_text(toml(form, end, fit_all(form, end), versions(folder, INPUTS)))`` makes the shipped file again;
`INPUTS` is that of `foedus.studies.tie_rows`, ``versions`` that of `foedus.studies.joining_fit`. The rules are those of
``docs/decisions/0020-formation-of-pact-ties.md``. Builds no rows and writes no file itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import DataError
from foedus.estimate import covariance
from foedus.estimate.prior_logit import prior_logit
from foedus.estimate.wilson import Z90
from foedus.formation.ties import END, ERAS, FORM
from foedus.studies.joining_fit import LICENCE
from foedus.studies.spread_fit import short

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.estimate.prior_logit import PriorLogit
    from foedus.formation.ties import Counting, What
    from foedus.studies.tie_rows import TieRows

SD = 1.0
"""Of the normal prior on all terms but the constant."""
NAMES: dict[str, tuple[str, ...]] = {"form": FORM, "end": END}
FIELD = (
    "constant",
    "both_democratic",
    "regime_gap",
    "regime_unknown",
    "distance",
    "land",
    "major",
    "common_enemy",
    "dispute",
    "threat",
)
"""Terms of the field's logit; the end has two more, ``age`` and ``ratio``."""


def design(rows: TieRows) -> NDArray[np.float64]:
    """Return the terms of the model with constant and eras, shape (n, len(FORM)) or (n, len(END))."""
    steps = [rows.year >= int(era.removeprefix("since_")) for era in ERAS]
    return np.column_stack([np.ones(len(rows.year)), rows.x, *steps]).astype(np.float64)


def field_design(rows: TieRows) -> NDArray[np.float64]:
    """Return the terms of the field's logit, shape (n, len(FIELD)), for ends two more."""
    at = {name: rows.x[:, k] for k, name in enumerate(NAMES[rows.what][1 : -len(ERAS)])}
    made = at | {
        "constant": np.ones(len(rows.year)), "both_democratic": at["democracy"] >= 0.5, "major": at["one_major"] + at["two_majors"] > 0,
        "common_enemy": at["common_enemy"] > 0,
    }  # fmt: skip
    names = FIELD if rows.what == "form" else (*FIELD, "age", "ratio")
    return np.column_stack([made[name] for name in names]).astype(np.float64)


def row_weight(rows: TieRows, counting: Counting) -> NDArray[np.float64]:
    """Return how often each row counts: once; or, counting treaties, 1/m for the m rows that one treaty changed in one year, shape (n,)."""
    out = np.ones(len(rows.year))
    if counting == "treaties":
        came = np.flatnonzero(rows.y == 1)
        _, which, m = np.unique(rows.treaty[came] * 10_000 + rows.year[came], return_inverse=True, return_counts=True)
        out[came] = 1.0 / m[which]
    return out


def treaty_cluster(rows: TieRows) -> NDArray[np.int64]:
    """Return a label of the treaty and year of rows that one changed, of the pair for all others, shape (n,)."""
    label = rows.pair.astype(np.int64)
    return np.where(rows.y == 1, -(rows.treaty.astype(np.int64) * 10_000 + rows.year), label)


def fit_ties(rows: TieRows, *, weight: NDArray[np.float64] | None = None, sd: float = SD) -> PriorLogit:
    """Return the logit of onsets or of ends, covariance by year.

    Parameters
    ----------
    rows : TieRows
    weight : array, shape (n,), optional
        As of `row_weight`.
    sd : float
        Of the prior; infinity for none.

    Raises
    ------
    DataError
        Only one outcome, or no maximum.
    """
    priors = [np.inf, *[sd] * (len(NAMES[rows.what]) - 1)]
    return prior_logit(design(rows), rows.y, cluster=rows.year, weight=weight, sd=priors)


def fit_all(form: TieRows, end: TieRows) -> dict[What, dict[Counting, PriorLogit]]:
    """Return the fits that foedus ships."""
    return {
        rows.what: {c: fit_ties(rows, weight=row_weight(rows, c)) for c in ("pairs", "treaties")}
        for rows in (form, end)
    }


def errors_by(rows: TieRows, fit: PriorLogit) -> pl.DataFrame:
    """Return each coefficient with its standard errors: each row alone, by pair, by treaty, by year, by dyad.

    By dyad NaN where too few states give a variance of 0 or less.

    Parameters
    ----------
    rows : TieRows
        Those that ``fit`` was made from, each once.
    fit : PriorLogit

    References
    ----------
    [Aronow2015]_, [LiangZeger1986]_
    """
    import polars as pl

    x = design(rows)
    scores = x * (rows.y - fit.predict(x))[:, None]
    found = {
        "row": covariance.robust(fit.bread, scores), "pair": covariance.clustered(fit.bread, scores, rows.pair),
        "treaty": covariance.clustered(fit.bread, scores, treaty_cluster(rows)), "year": fit.covariance,
    }  # fmt: skip
    try:
        found["dyad"] = covariance.dyadic(fit.bread, scores, rows.one, rows.two)
    except DataError:
        found["dyad"] = np.full_like(fit.bread, np.nan)
    return pl.DataFrame(
        {
            "term": NAMES[rows.what],
            "estimate": fit.coef,
            **{k: np.sqrt(np.maximum(np.diag(v), 0.0)) for k, v in found.items()},
        }
    )


def toml(form: TieRows, end: TieRows, fits: dict[What, dict[Counting, PriorLogit]], data: dict[str, str]) -> str:
    """Return the parameter file.

    Parameters
    ----------
    form, end : TieRows
    fits : dict
        As of `fit_all`.
    data : dict of str to str
        Data sets and their versions.
    """
    import tomlkit

    method = (
        "logit of undirected pairs by year; normal prior of sd 1 on all but the constant; covariance by year; intervals hold 90 %; treaties: the "
        "m pairs that one treaty changed in a year weigh 1/m each"
    )
    plain: dict[str, Any] = {
        "meta": {"model": "ties_fitted", "status": "fitted", "method": method, "licence": LICENCE, "data": [f"{k} {v}" for k, v in data.items()]}
    }  # fmt: skip
    for rows in (form, end):
        plain[rows.what] = {counting: _table(rows, counting, fit) for counting, fit in fits[rows.what].items()}
    head = "# Log-odds a year that a defence tie of two states begins or ends. Written by foedus.studies.tie_fit; not by hand.\n\n"
    return head + tomlkit.dumps(plain)


def _table(rows: TieRows, counting: Counting, fit: PriorLogit) -> dict[str, Any]:
    """Return one fit as tables of the parameter file."""
    word = {"form": "onsets of defence ties", "end": "ends of defence ties"}[rows.what]
    came, years = row_weight(rows, counting) @ rows.y, f"{rows.year.min()}-{rows.year.max()}"
    about = (
        f"foedus.studies.tie_fit on {int(rows.y.sum())} {word} (weight {came:.0f}) in {len(rows.y)} pair-years {years}"
    )
    error = np.sqrt(np.diag(fit.covariance))
    table: dict[str, Any] = {
        t: {"value": [short(c - Z90 * e), short(c + Z90 * e)], "source": about, "note": f"estimate {c:.3f}, standard error {e:.3f}"}
        for t, c, e in zip(NAMES[rows.what], fit.coef, error, strict=True)
    }  # fmt: skip
    covariance_rows = [[short(v) for v in row] for row in fit.covariance]
    table["fit"] = {
        "terms": list(NAMES[rows.what]),
        "coef": [short(c) for c in fit.coef],
        "covariance": covariance_rows,
    }
    return table
