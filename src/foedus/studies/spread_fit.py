"""The rates at which wars spread, fitted: first to disputes, then to wars with a prior centred on the disputes; written with their provenance.

``Path("src/foedus/params/spread.toml").write_text(toml(*fit_all(folder), versions(folder, INPUTS)))`` makes the shipped file again; `versions` is
that of `foedus.studies.joining_fit`. The rules are those of ``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``. Writes no file itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.rates import fit_rates, fit_shared_rates
from foedus.estimate.wilson import Z90
from foedus.kernels.cascade import RATE_TERMS
from foedus.studies.joining_fit import LICENCE
from foedus.studies.spread_after import after_rows, fit_after
from foedus.studies.spread_rows import TERMS, spread_rows
from foedus.war.rates import DAYS, DISPUTES_ONLY, ENTRY, ERAS, Fitted, Rates

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from foedus.data.store import DataDir
    from foedus.estimate.rates import RateFit
    from foedus.studies.spread_rows import SpreadRows

COUNTS = ("joined_own", "joined_other")
"""Terms that count who has joined: held at 0 unless asked for, since with them simulated wars run away (decision 14)."""
FIRST_SD, SECOND_SD = 1.0, 0.5
"""Standard deviations of the priors: around 0 for disputes, around the disputes' estimates for wars."""


def design(rows: SpreadRows, terms: tuple[str, ...], war_mean: float = 0.5) -> NDArray[np.float64]:
    """Return the terms of the log-rate towards A and towards B, shape (n, 2, len(terms))."""
    n = len(rows.y)
    out = np.empty((n, 2, len(terms)))
    war = np.where(np.isnan(rows.war), war_mean, rows.war)[:, None]
    bound = rows.x[:, :, TERMS.index("bound")]
    for k, term in enumerate(terms):
        if term in RATE_TERMS or term in ("bound", "bound_size"):
            out[:, :, k] = rows.x[:, :, TERMS.index(term)]
        elif term == "bound_since_1946":
            out[:, :, k] = bound * (rows.begun >= 1946)[:, None]
        elif term in ERAS:
            out[:, :, k] = (rows.begun >= int(term.removeprefix("since_")))[:, None]
        elif term in DAYS:
            out[:, :, k] = (rows.stage == DAYS.index(term) + 1)[:, None]
        else:
            out[:, :, k] = war if term == "war" else bound * war
    return out


def _fit(
    rows: SpreadRows, terms: tuple[str, ...], mean: NDArray[np.float64] | None, sd: NDArray[np.float64], war_mean: float, *, counts: bool
) -> RateFit:  # fmt: skip
    """Return the rates of rows, each side of each being one; the rates of an event share a factor unless the terms of `COUNTS` are in."""
    x = design(rows, terms, war_mean)
    if not counts:
        x[:, :, [terms.index(t) for t in COUNTS]] = 0.0
    n = len(rows.y)
    return (fit_rates if counts else fit_shared_rates)(
        x.reshape(2 * n, -1), np.column_stack([rows.y == 1, rows.y == 2]).ravel(), np.repeat(rows.days, 2), cluster=np.repeat(rows.event, 2),
        weight=np.repeat(rows.weight, 2), prior_mean=mean, prior_sd=sd,
    )  # fmt: skip


def fit_disputes(rows: SpreadRows, *, counts: bool = False) -> tuple[Fitted, float]:
    """Return the rates of entering disputes, in `ENTRY` and `DISPUTES_ONLY`, and the mean of `war` where it is known; with `COUNTS` or without."""
    seen = rows.take(rows.weight > 0)
    war_mean = float(np.nanmean(seen.war))
    terms = (*ENTRY, *DISPUTES_ONLY)
    sd = np.array([np.inf if t == "constant" or t in DAYS else FIRST_SD for t in terms])
    fit = _fit(seen, terms, None, sd, war_mean, counts=counts)
    return Fitted(terms, fit.coef, fit.covariance, fit.dispersion), war_mean


def fit_wars(first: Fitted, wars: SpreadRows, *, counts: bool = False) -> Fitted:
    """Return the rates of entering wars, with a prior centred on those of disputes at war; their uncertainty is carried through the prior."""
    seen = wars.take(wars.weight > 0)
    shift = np.zeros((len(ENTRY), len(first.terms)))
    shift[np.arange(len(ENTRY)), [first.terms.index(t) for t in ENTRY]] = 1.0
    shift[ENTRY.index("constant"), first.terms.index("war")] = 1.0
    shift[ENTRY.index("bound"), first.terms.index("bound_war")] = 1.0
    sd = np.array([np.inf if t == "constant" else SECOND_SD for t in ENTRY])
    fit = _fit(seen, ENTRY, shift @ first.coef, sd, 1.0, counts=counts)
    through = fit.bread @ np.diag(sd**-2.0) @ shift
    return Fitted(ENTRY, fit.coef, fit.covariance + through @ first.covariance @ through.T, fit.dispersion)


def fit_entry(disputes: SpreadRows, wars: SpreadRows, *, counts: bool = False) -> Fitted:
    """Return the rates of entering wars, in both stages; with `COUNTS` or without."""
    return fit_wars(fit_disputes(disputes, counts=counts)[0], wars, counts=counts)


def fit_all(data_dir: DataDir | str | os.PathLike[str] | None = None) -> tuple[Rates, dict[str, str]]:
    """Return all four fits, made from the data at hand, and what each was made from; a minute."""
    disputes, wars, after = (
        spread_rows("disputes", data_dir=data_dir),
        spread_rows("wars", data_dir=data_dir),
        after_rows(data_dir),
    )
    leaving, ending, front = fit_after(after)
    entries, events = zip(
        *((int((r.y[r.weight > 0] > 0).sum()), len(np.unique(r.event))) for r in (disputes, wars)), strict=True
    )
    years = [f"{r.begun.min()}-{r.closed.max()}" for r in (disputes, wars)]
    about = {
        "entry": f"{entries[0]} entries into {events[0]} GML disputes {years[0]}, then {entries[1]} into {events[1]} inter-state wars {years[1]}",
        "leaving": f"{after.leaving[1].sum()} departures from inter-state wars {years[1]}",
        "ending": f"{after.ending[1].sum()} inter-state wars {years[1]}",
        "front": f"{len(after.front[1])} entries into wars of Interstate War Data, {after.front[1].sum()} of them by being attacked",
    }
    return Rates(fit_entry(disputes, wars), leaving, ending, front), about


def rates_of(model: Fitted, rows: SpreadRows, war_mean: float) -> NDArray[np.float64]:
    """Return the rate a day of entering A and B, shape (n, 2)."""
    return np.exp(design(rows, model.terms, war_mean) @ model.coef)


METHOD = (
    "piecewise constant rates a day by maximum likelihood with normal priors: entering, first GML disputes (sd 1 around 0), then inter-state "
    "wars (sd 0.5 around the disputes' estimates), all rates of one event sharing a gamma factor of mean 1 whose variance (dispersion) is "
    "estimated; terms that count who has joined held at 0; leaving and ending, sd 1; being attacked, a logit, sd 1; covariance by event, that of "
    "the first stage carried through the prior; intervals hold 90 %"
)
INPUTS = (
    "cow_states", "cow_majors", "cow_nmc", "cow_contdir", "cow_capitals", "atop5_1m", "midb", "tss_rivalries", "cw_democracy", "wrp", "cow_wars",
    "gml_part", "iwd",
)  # fmt: skip


def toml(rates: Rates, about: dict[str, str], data: dict[str, str]) -> str:
    """Return the text of ``params/spread.toml``.

    Parameters
    ----------
    rates : Rates
    about : dict of str to str
        What each of ``entry``, ``leaving``, ``ending`` and ``front`` was fitted on.
    data : dict of str to str
        Data sets and versions.
    """
    import tomlkit

    meta = {
        "model": "spread",
        "status": "fitted",
        "method": METHOD,
        "licence": LICENCE,
        "data": [f"{k} {v}" for k, v in data.items()],
    }
    plain: dict[str, Any] = {"meta": meta}
    for name, fit in (
        ("entry", rates.entry),
        ("leaving", rates.leaving),
        ("ending", rates.ending),
        ("front", rates.front),
    ):
        error = np.sqrt(np.diag(fit.covariance))
        table: dict[str, Any] = {
            t: {"value": [short(c - Z90 * e), short(c + Z90 * e)], "source": f"foedus.studies.spread_fit on {about[name]}",
                "note": f"estimate {c:.3f}, standard error {e:.3f}"}
            for t, c, e in zip(fit.terms, fit.coef, error, strict=True)
        }  # fmt: skip
        table["fit"] = {
            "terms": list(fit.terms),
            "coef": [short(c) for c in fit.coef],
            "covariance": [[short(v) for v in row] for row in fit.covariance],
        }
        table["fit"]["dispersion"] = short(fit.dispersion)
        plain[name] = table
    head = (
        "# Log-rates a day at which wars spread, shrink and end. Written by foedus.studies.spread_fit; not by hand.\n\n"
    )
    return head + tomlkit.dumps(plain)


def short(value: float) -> float:
    """Return a number with eight digits."""
    return float(f"{value:.8g}")
