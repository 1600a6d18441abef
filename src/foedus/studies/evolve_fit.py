"""The processes that carry a system from year to year, fitted; written with their provenance.

``Path("src/foedus/params/evolve.toml").write_text(toml(fit_all(folder), versions(folder, INPUTS)))`` makes the shipped file again. The rules are
those of ``docs/decisions/0021-years-forward.md``. The pacts' own model is `foedus.formation.ties`; only how far its years differ is measured here.
Builds no futures and writes no file itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.estimate import covariance
from foedus.estimate.prior_logit import PriorLogit, prior_logit
from foedus.estimate.wilson import Z90
from foedus.formation import ties
from foedus.formation.drift import LEVELS
from foedus.formation.quarrels import ATTACKER, PEACE_MOST, QUARREL, STATE_TERMS
from foedus.studies import evolve_rows as rows_of
from foedus.studies.joining_fit import LICENCE
from foedus.studies.spread_fit import FIRST_SD, SECOND_SD, short
from foedus.studies.tie_fit import design as tie_design
from foedus.studies.tie_rows import tie_rows

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.studies.evolve_rows import AttackerRows, QuarrelRows

INPUTS = (
    "cow_states", "cow_majors", "cow_nmc", "cow_contdir", "cow_capitals", "atop5_1m", "tss_rivalries", "cw_democracy", "cow_wars", "gml_part", "midb",
)  # fmt: skip
LASTING = 5
"""Years over which the drift of strengths is to spread as on record."""
MARKS = 199
"""Quantiles by which a distribution without a formula is shipped."""


@dataclass(frozen=True)
class Processes:
    """Every fit.

    ``quarrels`` by name (``disputes``, ``wars``, ``attacker``) with what each was made from; ``capability`` (coef, covariance, log-sd coef, quantiles
    of standardised residuals, rows); ``steps`` quantiles of the yearly change of regimes by level; ``marks`` of regimes; ``history`` quantiles of the
    years since the last dispute; ``shocks`` variance of a factor of mean 1 that all pairs of one year share; ``war_ends`` share of wars going on
    on 1 January that end in the year, and their number.
    """

    quarrels: dict[str, tuple[tuple[str, ...], PriorLogit, str]]
    capability: dict[str, Any]
    steps: NDArray[np.float64]
    marks: NDArray[np.float64]
    history: dict[str, NDArray[np.float64]]
    shocks: dict[str, float]
    war_ends: tuple[float, int]


def design(rows: QuarrelRows) -> NDArray[np.float64]:
    """Return the terms of quarrels, shape (n, len(QUARREL))."""
    eras = [rows.year >= era for era in (1914, 1946, 1990)]
    return np.column_stack([np.ones(len(rows.year)), rows.x, *eras]).astype(np.float64)


def fit_disputes(rows: QuarrelRows) -> PriorLogit:
    """Return the logit of disputes; an event shared between several pairs counts in parts."""
    sd = [np.inf, *[FIRST_SD] * (len(QUARREL) - 1)]
    return prior_logit(design(rows), rows.dispute, cluster=rows.pair, sd=sd)


def fit_wars(rows: QuarrelRows, disputes: PriorLogit) -> PriorLogit:
    """Return the logit of wars, with a prior centred on that of disputes; the doubt about its centre is carried through."""
    some = rows.take(~np.isnan(rows.war))
    sd = np.array([np.inf, *[SECOND_SD] * (len(QUARREL) - 1)])
    fit = prior_logit(design(some), some.war, cluster=some.pair, mean=disputes.coef, sd=sd)
    through = fit.bread @ np.diag(sd**-2.0)
    return PriorLogit(fit.coef, fit.covariance + through @ disputes.covariance @ through.T, fit.bread)


def fit_attacker(shots: AttackerRows) -> PriorLogit:
    """Return the logit of who of a pair begins; each row is turned round every second time, which changes nothing but lets both outcomes occur."""
    turn = np.arange(len(shots.weight)) % 2 == 0
    x = np.where(turn[:, None], -shots.x, shots.x)
    return prior_logit(x, ~turn, cluster=shots.pair, weight=shots.weight, sd=[FIRST_SD] * len(ATTACKER))


def year_variance(year: NDArray[np.int32], came: NDArray[np.number], p: NDArray[np.float64]) -> float:
    """Return the variance of a factor of mean 1 that all pairs of one year share: what sums by year vary beyond chance, by moments.

    Sum over years of (N - mu)^2 - sum p (1 - p), over that of mu^2; 0 if negative.
    """
    label, first = np.unique(year, return_inverse=True)
    n, mu = np.bincount(first, came, len(label)), np.bincount(first, p, len(label))
    chance = np.bincount(first, p * (1 - p), len(label))
    return float(max(((n - mu) ** 2 - chance).sum() / (mu**2).sum(), 0.0))


def fit_capability(folder: DataDir) -> dict[str, Any]:
    """Return the yearly change of log shares of capability: a line in log share, its spread by size, and the shape of what is left.

    A part of each year's step is taken back in the next (errors of the record among it): steps are shrunk so that their sum over `LASTING` years
    spreads as changes over so many years did.
    """
    import polars as pl

    table = rows_of.strengths(folder)
    size, after = np.log(table["share"].to_numpy()), np.log(table["next"].to_numpy())
    change, state = after - size, table["ccode"].to_numpy()
    x = np.column_stack([np.ones(len(size)), size])
    bread: Any = np.linalg.inv(x.T @ x)
    coef = bread @ x.T @ change
    left = change - x @ coef
    spread = np.linalg.lstsq(x, np.log(np.maximum(np.abs(left), 1e-4)), rcond=None)[0]
    marks = np.quantile(left / np.exp(x @ spread), (np.arange(MARKS) + 0.5) / MARKS)
    years = table.select("ccode", "year", "share", change=change)
    later = years.select("ccode", pl.col("year") - LASTING, far=pl.col("share").log())
    far = (
        years.join(later, on=["ccode", "year"], validate="1:1")
        .select(pl.col("far") - pl.col("share").log())
        .to_series()
    )
    lasting = float(np.sqrt(far.var() / (LASTING * change.var())))  # type: ignore[arg-type]
    return {
        "coef": coef, "covariance": covariance.clustered(bread, x * left[:, None], state), "log_sd": spread,
        "quantiles": (marks - marks.mean()) * lasting, "lasting": lasting,
        "rows": len(size), "years": (int(table["year"].min()), int(table["year"].max())),  # type: ignore[arg-type]
    }  # fmt: skip


def regime_steps(folder: DataDir) -> NDArray[np.float64]:
    """Return quantiles of the yearly change of the regime score by equal part of it, shape (LEVELS, MARKS)."""
    table = rows_of.regimes(folder)
    before = table["regime"].to_numpy()
    change, level = table["next"].to_numpy() - before, np.minimum((before * LEVELS).astype(np.int64), LEVELS - 1)
    return np.stack([np.quantile(change[level == k], (np.arange(MARKS) + 0.5) / MARKS) for k in range(LEVELS)])


def regime_marks(folder: DataDir) -> NDArray[np.float64]:
    """Return quantiles of the regimes of all states and years."""
    return np.quantile(rows_of.regimes(folder)["regime"].to_numpy(), (np.arange(MARKS) + 0.5) / MARKS)


def pact_shocks(folder: DataDir) -> dict[str, float]:
    """Return how far the years of pacts that form and that end vary beyond what `foedus.formation.ties` says of them."""
    found = {}
    for rows in tie_rows(data_dir=folder):
        p = 1.0 / (1.0 + np.exp(-(tie_design(rows) @ ties.shipped(rows.what).coef)))
        found[str(rows.what)] = year_variance(rows.year, rows.y, p)
    return found


def histories(rows: QuarrelRows) -> dict[str, NDArray[np.float64]]:
    """Return quantiles of the years since the last dispute, of pairs with and without a tie that tells of a quarrel; infinity for none on record."""
    never, years = rows.x[:, STATE_TERMS.index("never")] == 1, rows.x[:, STATE_TERMS.index("peace")] * 10.0
    age = np.where(never, np.inf, np.minimum(years, PEACE_MOST))
    at = (np.arange(MARKS) + 0.5) / MARKS
    return {
        name: np.quantile(age[which], at, method="nearest")
        for name, which in (("rivals", rows.hostile), ("others", ~rows.hostile))
    }


def war_ends(folder: DataDir) -> tuple[float, int]:
    """Return the share of the wars going on on a 1 January that end in that year, and their number."""
    import polars as pl

    spells = folder.table("cow_wars").group_by("warnum").agg(pl.col("start").min(), pl.col("end").max())
    alive, over = 0, 0
    for start, end in spells.select("start", "end").rows():
        alive += end.year - start.year
        over += end.year > start.year
    return over / alive, alive


def fit_all(
    data_dir: DataDir | str | os.PathLike[str] | None = None, *, last: int = rows_of.LAST, progress: Callable[[float], None] | None = None
) -> Processes:  # fmt: skip
    """Return every fit; a minute or two.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    last : int
        Last year of the pairs.
    progress : callable, optional
        Called with the share of the rows built.

    Raises
    ------
    DataError
        Data sets that are not there.
    """
    folder = DataDir.of(data_dir)
    rows, shots = rows_of.quarrel_rows(data_dir=folder, last=last, progress=progress)
    disputes = fit_disputes(rows)
    wars = fit_wars(rows, disputes)
    some = rows.take(~np.isnan(rows.war))
    about = {
        "disputes": f"{rows.dispute.sum():.0f} GML disputes 1817-{last}", "wars": f"{some.war.sum():.0f} inter-state wars 1817-2007",
        "attacker": f"{shots.weight.sum():.0f} first days of disputes and wars 1817-{last}",
    }  # fmt: skip
    shocks = {
        "disputes": year_variance(rows.year, rows.dispute, disputes.predict(design(rows))),
        "wars": year_variance(some.year, some.war, wars.predict(design(some))),
    } | pact_shocks(folder)
    return Processes(
        {
            "disputes": (QUARREL, disputes, about["disputes"]), "wars": (QUARREL, wars, about["wars"]),
            "attacker": (ATTACKER, fit_attacker(shots), about["attacker"]),
        },
        fit_capability(folder), regime_steps(folder), regime_marks(folder), histories(rows), shocks, war_ends(folder),
    )  # fmt: skip


def toml(made: Processes, data: dict[str, str]) -> str:
    """Return the text of ``params/evolve.toml``."""
    import tomlkit

    method = (
        "disputes and wars: logits of pairs by year, normal priors (disputes sd 1 around 0, wars sd 0.5 around the disputes' estimates), covariance "
        "by pair; who begins: a logit of differences; capability: change of the log share on the log share, by state; regimes: yearly changes by "
        "tenth of the score; shocks: variance of a factor of mean 1 common to all pairs of a year, by moments; intervals hold 90 %"
    )
    plain: dict[str, Any] = {
        "meta": {"model": "evolve", "status": "fitted", "method": method, "licence": LICENCE, "data": [f"{k} {v}" for k, v in data.items()]}
    }  # fmt: skip
    for name, (terms, fit, about) in made.quarrels.items():
        plain[name] = _block(terms, fit.coef, fit.covariance, f"foedus.studies.evolve_fit on {about}")
    cap = made.capability
    about = f"foedus.studies.evolve_fit on {cap['rows']} yearly changes of shares {cap['years'][0]}-{cap['years'][1]}"
    plain["capability"] = _block(("constant", "log_share"), cap["coef"], cap["covariance"], about)
    plain["capability"] |= {
        "log_sd": _short(cap["log_sd"]),
        "lasting": short(cap["lasting"]),
        "quantiles": _short(cap["quantiles"]),
    }
    plain["regimes"] = {"steps": [_short(row) for row in made.steps], "quantiles": _short(made.marks)}
    plain["history"] = {k: _short(v) for k, v in made.history.items()}
    plain["shocks"] = {k: short(v) for k, v in made.shocks.items()}
    share, alive = made.war_ends
    half = Z90 * (share * (1 - share) / alive) ** 0.5
    about = f"foedus.studies.evolve_fit on {alive} wars going on on a 1 January"
    plain["war_ends"] = {"value": [short(share - half), short(share + half)], "source": about,
                         "note": "share that end in the year"}  # fmt: skip
    head = "# How a system goes on from year to year, but for its pacts. Written by foedus.studies.evolve_fit; not by hand.\n\n"
    return head + tomlkit.dumps(plain)


def _block(
    terms: tuple[str, ...], coef: NDArray[np.float64], spread: NDArray[np.float64], about: str
) -> dict[str, Any]:
    """Return one fit as its file has it."""
    error = np.sqrt(np.diag(spread))
    table: dict[str, Any] = {
        t: {"value": [short(c - Z90 * e), short(c + Z90 * e)], "source": about, "note": f"estimate {c:.3f}, standard error {e:.3f}"}
        for t, c, e in zip(terms, coef, error, strict=True)
    }  # fmt: skip
    return table | {"fit": {"terms": list(terms), "coef": _short(coef), "covariance": [_short(row) for row in spread]}}


def _short(values: NDArray[np.floating]) -> list[float]:
    """Return numbers with eight digits."""
    return [short(float(v)) for v in values]
