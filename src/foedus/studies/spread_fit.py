"""The rates at which wars spread, fitted: first to disputes, then to wars with a prior centred on the disputes; written with their provenance.

``Path("src/foedus/params/spread.toml").write_text(toml(fit_all(...)))`` makes the shipped file again. The rules are those of
``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``. Builds no rows and writes no file itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.rates import fit_rates
from foedus.kernels.cascade import RATE_TERMS
from foedus.studies.joining_fit import LICENCE
from foedus.studies.spread_rows import TERMS
from foedus.war.rates import DAYS, DISPUTES_ONLY, ENTRY, ERAS, Fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.estimate.rates import RateFit
    from foedus.studies.spread_rows import SpreadRows
    from foedus.war.rates import Rates

Z90 = 1.6448536269514722
STEPS = 8
"""Turns between rates and the factor that events share; forty move no coefficient of wars by more than 0.12 or its standard error."""
COUNTS = ("joined_own", "joined_other")
"""Terms that count who has joined: held at 0 unless asked for, since with them simulated wars run away (decision 14)."""
FIRST_SD, SECOND_SD = 1.0, 0.5
"""Standard deviations of the priors: around 0 for disputes, around the disputes' estimates for wars."""


@dataclass(frozen=True)
class EntryFit:
    """A fit of entering: `model` in the engine's terms, with what it was made from.

    ``first`` is the fit to disputes, ``second`` that to wars (None where only disputes were used); ``war_mean`` what an unknown `war` was taken for.
    """

    model: Fitted
    first: Fitted
    events: tuple[int, int]
    clusters: tuple[int, int]
    years: tuple[int, int]
    war_mean: float


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
) -> tuple[RateFit, float]:  # fmt: skip
    """Return the rates of rows, each side of each being one, and the variance of a gamma factor of mean 1 that all rates of an event share.

    By turns [Clayton1978]_: the rates given the mean of each event's factor, the variance that makes the entries of events likeliest with the factor
    integrated out, and the mean of each factor given the entries and the rates; the covariance counts what is not known of the factors [Louis1982]_.
    With `COUNTS` there is no such factor.
    """
    x = design(rows, terms, war_mean)
    if not counts:
        x[:, :, [terms.index(t) for t in COUNTS]] = 0.0
    n = len(rows.y)
    flat, came, days = (
        x.reshape(2 * n, -1),
        np.column_stack([rows.y == 1, rows.y == 2]).ravel(),
        np.repeat(rows.days, 2).astype(np.float64),
    )
    weight, cluster = np.repeat(rows.weight, 2), np.repeat(rows.event, 2)
    _, event = np.unique(cluster, return_inverse=True)
    entries = np.bincount(event, came * weight).astype(np.float64)
    variance, factor = 0.0, np.ones(len(entries))
    fit = fit_rates(flat, came, days, cluster=cluster, weight=weight, prior_mean=mean, prior_sd=sd)
    if counts:
        return fit, 0.0
    for _ in range(STEPS):
        total = np.bincount(event, weight * days * np.exp(flat @ fit.coef)).astype(np.float64)
        variance = dispersion(entries, total)
        factor = posterior(entries, total, variance)
        fit = fit_rates(
            flat,
            came,
            days * factor[event],
            cluster=cluster,
            weight=weight,
            prior_mean=mean,
            prior_sd=sd,
            start=fit.coef,
        )
    # what is not known of the factors takes information away: Louis' identity
    rate = weight * days * np.exp(flat @ fit.coef)
    doubt = variance * (1.0 + variance * entries) / (1.0 + variance * np.bincount(event, rate)) ** 2
    pulls = np.stack([np.bincount(event, rate * column) for column in flat.T], axis=1)
    whole: Any = np.linalg.inv(fit.bread)
    bread: Any = np.linalg.inv(whole - pulls.T @ (doubt[:, None] * pulls))
    return replace(fit, bread=bread, covariance=bread @ whole @ fit.covariance @ whole @ bread), variance


def dispersion(entries: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    """Return the variance of the gamma factor under which the entries of events are likeliest, given those expected without it."""
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    def loss(log_variance: float) -> float:
        v = np.exp(log_variance)
        value = (
            entries * log_variance
            + gammaln(entries + 1 / v)
            - gammaln(1 / v)
            - (entries + 1 / v) * np.log1p(v * expected)
        )
        return -float(value.sum())

    found: Any = minimize_scalar(loss, bounds=(-7.0, 3.0), method="bounded")
    return float(np.exp(found.x))


def posterior(entries: NDArray[np.float64], expected: NDArray[np.float64], variance: float) -> NDArray[np.float64]:
    """Return the mean of each event's factor given its entries and those expected without the factor."""
    return (1.0 + variance * entries) / (1.0 + variance * expected)


def fit_disputes(rows: SpreadRows, *, counts: bool = False) -> tuple[Fitted, float]:
    """Return the rates of entering disputes, in `ENTRY` and `DISPUTES_ONLY`, and the mean of `war` where it is known; with `COUNTS` or without."""
    seen = rows.take(rows.weight > 0)
    war_mean = float(np.nanmean(seen.war))
    terms = (*ENTRY, *DISPUTES_ONLY)
    sd = np.array([np.inf if t == "constant" or t in DAYS else FIRST_SD for t in terms])
    fit, variance = _fit(seen, terms, None, sd, war_mean, counts=counts)
    return Fitted(terms, fit.coef, fit.covariance, variance), war_mean


def fit_wars(first: Fitted, wars: SpreadRows, *, counts: bool = False) -> Fitted:
    """Return the rates of entering wars, with a prior centred on those of disputes at war; their uncertainty is carried through the prior."""
    seen = wars.take(wars.weight > 0)
    shift = np.zeros((len(ENTRY), len(first.terms)))
    shift[np.arange(len(ENTRY)), [first.terms.index(t) for t in ENTRY]] = 1.0
    shift[ENTRY.index("constant"), first.terms.index("war")] = 1.0
    shift[ENTRY.index("bound"), first.terms.index("bound_war")] = 1.0
    sd = np.array([np.inf if t == "constant" else SECOND_SD for t in ENTRY])
    fit, variance = _fit(seen, ENTRY, shift @ first.coef, sd, 1.0, counts=counts)
    through = fit.bread @ np.diag(sd**-2.0) @ shift
    return Fitted(ENTRY, fit.coef, fit.covariance + through @ first.covariance @ through.T, variance)


def fit_entry(disputes: SpreadRows, wars: SpreadRows, *, counts: bool = False) -> EntryFit:
    """Return the rates of entering, in both stages; with `COUNTS` or without."""
    first, war_mean = fit_disputes(disputes, counts=counts)
    model = fit_wars(first, wars, counts=counts)
    entries = tuple(int((r.y[r.weight > 0] > 0).sum()) for r in (disputes, wars))
    clusters = tuple(len(np.unique(r.event)) for r in (disputes, wars))
    years = int(min(disputes.begun.min(), wars.begun.min())), int(max(disputes.closed.max(), wars.closed.max()))
    return EntryFit(model, first, entries, clusters, years, war_mean)  # type: ignore[arg-type]


def rates_of(model: Fitted, rows: SpreadRows, war_mean: float) -> NDArray[np.float64]:
    """Return the rate a day of entering A and B, shape (n, 2)."""
    return np.exp(design(rows, model.terms, war_mean) @ model.coef)


METHOD = (
    "piecewise constant rates a day by maximum likelihood with normal priors: entering, first GML disputes (sd 1 around 0), then inter-state "
    "wars (sd 0.5 around the disputes' estimates); leaving and ending, sd 1; being attacked, a logit, sd 1; covariance by event, that of the "
    "first stage carried through the prior; intervals hold 90 %; terms that count who has joined are held at 0"
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
