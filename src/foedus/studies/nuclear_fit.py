"""What nuclear weapons change in the onset of disputes and wars, given the fitted onset; written with its provenance.

A logit of the rows from 1946 on with the log-odds of the shipped onset (`foedus.war.onset`) as one term held at 1, a constant, and who is armed:
the attacker, the attacked, both, or an armed state that owes the attacked defence while it has none itself. The shipped onset knows nothing of
nuclear weapons, so that the terms are what it leaves. ``Path("src/foedus/params/nuclear.toml").write_text(toml(*fit_all(rows, armed)))`` makes the
shipped file again. Great powers were nearly all armed after 1964 and `major` is in the onset, so weapons and rank are told apart by few states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data import nuclear
from foedus.data.store import DataDir
from foedus.estimate.prior_logit import PriorLogit, prior_logit
from foedus.estimate.wilson import Z90
from foedus.studies.joining_fit import LICENCE
from foedus.studies.onset_fit import design
from foedus.studies.spread_fit import FIRST_SD, SECOND_SD, short
from foedus.war.onset import ARMED, shipped

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from foedus.studies.onset_rows import OnsetRows

FIRST = 1946
HELD = 1e-4
"""Standard deviation of the prior that holds the shipped log-odds at 1."""


def armed_terms(rows: OnsetRows, umbrella: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the terms of `foedus.war.onset.ARMED` and a constant before them, shape (n, 1 + len(ARMED)).

    Parameters
    ----------
    rows : OnsetRows
    umbrella : bool array, shape (n,)
        Some armed state owes the attacked defence.
    """
    years = {int(y) for y in np.unique(rows.year)}
    has = {(c, y) for c in nuclear.NUCLEAR_YEARS for y in years if nuclear.status(c, y - 1) == "weapons"}
    i, j = (
        np.array([(int(c), int(y)) in has for c, y in zip(codes, rows.year, strict=True)])
        for codes in (rows.attacker, rows.attacked)
    )
    return np.column_stack([np.ones(len(i)), i, j, i & j, umbrella & ~j]).astype(np.float64)


def umbrellas(rows: OnsetRows, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> NDArray[np.bool_]:
    """Return whether an armed state other than the attacker owed the attacked defence in the year before, shape (n,).

    Parameters
    ----------
    rows : OnsetRows
    data_dir : DataDir, str or Path, optional
    """
    owed = DataDir.of(data_dir).table("atop_dyads").filter("atop_defense").select("ccode1", "ccode2", "year").rows()
    by: dict[tuple[int, int], set[int]] = {}
    for a, b, year in owed:
        if nuclear.status(a, year) == "weapons":
            by.setdefault((b, year + 1), set()).add(a)
    keys = zip(rows.attacker.tolist(), rows.attacked.tolist(), rows.year.tolist(), strict=True)
    return np.array([bool(by.get((j, y), set()) - {i}) for i, j, y in keys])


def fit_all(rows: OnsetRows, umbrella: NDArray[np.bool_]) -> tuple[PriorLogit, PriorLogit, dict[str, str]]:
    """Return the fits to disputes and to wars, and what each was made from; priors as in the onset itself (decision 15)."""
    some = rows.year >= FIRST
    part, under = rows.take(some), umbrella[some]
    x = armed_terms(part, under)
    sd = np.array([HELD, np.inf, *[FIRST_SD] * len(ARMED)])
    mean = np.array([1.0, *[0.0] * (1 + len(ARMED))])
    eta = design(part) @ shipped("disputes").coef
    disputes = prior_logit(
        np.column_stack([eta, x]), part.dispute, cluster=part.pair, weight=part.weight, mean=mean, sd=sd
    )
    known = ~np.isnan(part.war)
    few = part.take(known)
    eta = design(few) @ shipped("wars").coef
    mean = np.array([1.0, 0.0, *disputes.coef[2:]])
    sd = np.array([HELD, np.inf, *[SECOND_SD] * len(ARMED)])
    wars = prior_logit(np.column_stack([eta, x[known]]), few.war, cluster=few.pair, weight=few.weight, mean=mean, sd=sd)
    through = wars.bread @ np.diag([0.0, 0.0, *sd[2:] ** -2.0])
    carried = PriorLogit(wars.coef, wars.covariance + through @ disputes.covariance @ through.T, wars.bread)
    about = {
        "disputes": f"{int(part.dispute.sum())} onsets of GML disputes {FIRST}-2010",
        "wars": f"{int((few.war == 1).sum())} onsets of inter-state wars between pairs {FIRST}-2007",
    }
    return disputes, carried, about


def toml(disputes: PriorLogit, wars: PriorLogit, about: dict[str, str], data: dict[str, str]) -> str:
    """Return the text of ``params/nuclear.toml``; ``about`` says what each of ``disputes`` and ``wars`` was fitted on."""
    import tomlkit

    method = (
        "logit of directed pairs by year from 1946 with the log-odds of onset_fitted.toml held at 1; normal priors: disputes sd 1 around 0, wars sd "
        "0.5 around the disputes' estimates; covariance by unordered pair, given onset_fitted.toml; intervals hold 90 %"
    )
    plain: dict[str, Any] = {
        "meta": {
            "model": "nuclear",
            "status": "fitted",
            "method": method,
            "licence": LICENCE,
            "data": [f"{k} {v}" for k, v in data.items()],
        }
    }
    names = ("constant", *ARMED)
    for what, fit in (("disputes", disputes), ("wars", wars)):
        coef, cov = fit.coef[1:], fit.covariance[1:, 1:]
        error = np.sqrt(np.diag(cov))
        table: dict[str, Any] = {
            t: {"value": [short(c - Z90 * e), short(c + Z90 * e)], "source": f"foedus.studies.nuclear_fit on {about[what]}",
                "note": f"estimate {c:.3f}, standard error {e:.3f}"}
            for t, c, e in zip(names, coef, error, strict=True)
        }  # fmt: skip
        table["fit"] = {
            "terms": list(names),
            "coef": [short(c) for c in coef],
            "covariance": [[short(v) for v in row] for row in cov],
        }
        plain[what] = table
    head = "# What nuclear weapons add to the log-odds a year of a dispute or a war. Written by foedus.studies.nuclear_fit; not by hand.\n\n"
    return head + tomlkit.dumps(plain)
