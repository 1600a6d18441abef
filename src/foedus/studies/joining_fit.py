"""The models of joining that ship: fitted to all rows, written with their provenance, described on a card. Writes no file itself.

``Path("src/foedus/params/joining_fitted.toml").write_text(toml(fits(...)))`` makes the shipped file again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foedus.data.store import DataDir
from foedus.estimate import covariance
from foedus.estimate.card import Against, Coefficient, ModelCard, ScoreLine
from foedus.estimate.resample import cluster_weights
from foedus.studies.joining_parts import SOURCES, Source
from foedus.studies.joining_rows import Rows, joining_rows
from foedus.war.features import CORE, FROM_1946, of_wars
from foedus.war.joining import OUTCOMES, Joining, fit_joining

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl

SPECIFICATIONS: dict[str, tuple[Source, tuple[str, ...], int]] = {
    "core": ("disputes", CORE, 1816), "from_1946": ("disputes", FROM_1946, 1946), "wars": ("wars", of_wars(CORE), 1816),
}  # fmt: skip
"""Source, terms and first year of each fit that ships."""
INPUTS = (
    "cow_states", "atop_dyads", "cow_contdir", "cow_capitals", "tss_rivalries", "cow_nmc", "cow_majors", "cw_democracy", "gml_part", "cow_wars",
)  # fmt: skip
METHOD = "conditional logit over stay out, A, B; normal prior sd 1; covariance of 200 resamplings of whole events, seed 1; intervals hold 90 %"
LICENCE = "estimates from data that are free for research with citation; none is for non-commercial use only, and no row is passed on"


@dataclass(frozen=True)
class Fit:
    """A fit with the years of its rows."""

    model: Joining
    first_year: int
    last_year: int


def fit_specification(rows: Rows, name: str, *, draws: int = 200) -> Fit:
    """Return one of `SPECIFICATIONS` fitted to rows of its source; ``draws`` of 0 gives errors by event instead of resampled ones."""
    _, terms, first = SPECIFICATIONS[name]
    seen = rows.take((rows.weight > 0) & (rows.begun >= first))
    model = fit_joining(
        seen.columns(terms), seen.y, terms=terms, cluster=seen.event, weight=seen.weight, errors="bootstrap" if draws else "cluster", draws=draws
    )  # fmt: skip
    return Fit(model, int(seen.begun.min()), int(seen.year.max()))


def fits(data_dir: DataDir | str | os.PathLike[str] | None = None, *, draws: int = 200) -> dict[str, Fit]:
    """Return every fit that ships, made from the data at hand; some minutes."""
    sources: tuple[Source, ...] = ("disputes", "wars")
    rows = {source: joining_rows(source, data_dir=data_dir) for source in sources}
    return {name: fit_specification(rows[spec[0]], name, draws=draws) for name, spec in SPECIFICATIONS.items()}


def versions(
    data_dir: DataDir | str | os.PathLike[str] | None = None, names: Sequence[str] = INPUTS
) -> dict[str, str]:  # fmt: skip
    """Return data sets and their versions."""
    folder = DataDir.of(data_dir)
    return {name: folder.provenance(name).version for name in names}


def toml(made: dict[str, Fit], data: dict[str, str]) -> str:
    """Return the text of ``params/joining_fitted.toml``.

    Parameters
    ----------
    made : dict of str to Fit
    data : dict of str to str
        Data sets and versions.
    """
    import tomlkit

    meta = {
        "model": "joining_fitted",
        "status": "fitted",
        "method": METHOD,
        "licence": LICENCE,
        "data": [f"{k} {v}" for k, v in data.items()],
    }
    plain: dict[str, Any] = {"meta": meta}
    for name, one in made.items():
        fit, (source, _, _) = one.model, SPECIFICATIONS[name]
        of = f"{SOURCES[source][0]} {one.first_year}-{one.last_year}"
        table: dict[str, Any] = {
            r["term"]: {"value": [_short(r["low"]), _short(r["high"])], "source": f"foedus.studies.joining_fit on {of}",
                        "note": f"estimate {r['estimate']:.3f}, standard error {r['std_error']:.3f}"}
            for r in fit.table().rows(named=True)
        }  # fmt: skip
        table["fit"] = {
            "years": [one.first_year, one.last_year], "rows": sum(fit.counts), "counts": list(fit.counts), "clusters": fit.clusters,
            "log_likelihood": _short(fit.log_likelihood), "terms": list(fit.terms), "coef": [_short(v) for v in fit.coef],
            "fill": [_short(v) for v in fit.fill], "covariance": [[_short(v) for v in row] for row in fit.covariance],
        }  # fmt: skip
        plain[name] = table
    head = "# Log-odds of entering a dispute or war on a side, against staying out. Written by foedus.studies.joining_fit; not by hand.\n\n"
    return head + tomlkit.dumps(plain)


def _short(value: float) -> float:
    """Return a number with eight digits."""
    return float(f"{value:.8g}")


def errors_by(rows: Rows, name: str, fit: Joining) -> pl.DataFrame:
    """Return standard errors of a fit by event, by state, and by pair of state and strongest participant of the side attacked.

    Parameters
    ----------
    rows : Rows
        Those that ``fit`` was made from: all of the source.
    name : str
        One of `SPECIFICATIONS`.
    fit : Joining
    """
    import polars as pl

    seen = rows.take((rows.weight > 0) & (rows.begun >= SPECIFICATIONS[name][2]))
    bread, scores = np.asarray(fit.bread), np.asarray(fit.scores)
    found = {
        "event": covariance.clustered(bread, scores, seen.event), "state": covariance.clustered(bread, scores, seen.ccode),
        "pair": covariance.dyadic(bread, scores, seen.ccode, seen.foe),
    }  # fmt: skip
    return pl.DataFrame({"term": fit.terms, **{k: np.sqrt(np.diag(v)) for k, v in found.items()}})


def one_sided(rows: Rows, p: NDArray[np.float64]) -> tuple[int, float, float]:
    """Return how many joined with a defence pledge to exactly one side, the share that took that side, and the share the model gave it.

    Parameters
    ----------
    rows : Rows
    p : array, shape (n, 3)
        Chances of staying out, A and B; the model's share is the chance of the pledged side among the two, given that the state entered.
    """
    _, took, modelled = _pledged(rows, p)
    return len(took), float(took.mean()), float(modelled.mean())


def one_sided_spans(
    rows: Rows, p: NDArray[np.float64], *, draws: int = 300, seed: int = 1
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the 90 % intervals of both shares of `one_sided`, from resampled events.

    Parameters
    ----------
    rows, p
        As of `one_sided`, of two events or more.
    draws, seed : int
    """
    event, took, modelled = _pledged(rows, p)
    found = [(w @ took / w.sum(), w @ modelled / w.sum()) for w in cluster_weights(event, draws, seed)]
    low, high = np.quantile(found, [0.05, 0.95], axis=0).tolist()
    return (low[0], high[0]), (low[1], high[1])


def _pledged(rows: Rows, p: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """Return, of those that joined with a pledge to one side, the event, whether they took that side, and the model's chance of it."""
    owed = rows.columns(("defense",))[:, :, 0] > 0
    which = (rows.y > 0) & (owed[:, 0] != owed[:, 1])
    side = np.where(owed[which, 0], 1, 2)
    chance = p[which]
    modelled = np.take_along_axis(chance, side[:, None], axis=1)[:, 0] / chance[:, 1:].sum(axis=1)
    return rows.event[which], (rows.y[which] == side).astype(np.float64), modelled


def diffusion(rows: Rows, p: NDArray[np.float64]) -> pl.DataFrame:
    """Return Siverson and Starr's table: states by event that became a war, by border and by defence pledge with a participant.

    Columns ``border, pledge, cases, entered, expected``: how many entered, and how many the model expected to, the sum of its chances in the rounds
    in which they were at risk [SiversonStarr1990]_.

    Parameters
    ----------
    rows : Rows
    p : array, shape (n, 3)
    """
    import polars as pl

    table = pl.DataFrame({
        "event": rows.event, "ccode": rows.ccode, "border": rows.border, "pledge": rows.pledge, "entered": rows.y > 0,
        "expected": p[:, 1:].sum(axis=1),
    }).filter(pl.Series(rows.warlike))  # fmt: skip
    cases = table.group_by("event", "ccode").agg(pl.col("border", "pledge", "entered").any(), pl.col("expected").sum())
    sums = cases.group_by("border", "pledge").agg(pl.len().alias("cases"), pl.col("entered", "expected").sum())
    return sums.sort("border", "pledge")


def card(
    name: str, one: Fit, data: dict[str, str], scores: Sequence[ScoreLine] = (), against: Sequence[Against] = (), notes: Sequence[str] = ()
) -> ModelCard:  # fmt: skip
    """Return the card of a fit that ships; arguments as of `foedus.estimate.card.ModelCard`."""
    lines = [
        Coefficient("a side", r["term"], r["estimate"], r["std_error"], r["low"], r["high"])
        for r in one.model.table().rows(named=True)
    ]
    return ModelCard(
        f"joining: {name}", "enters a side ~ " + " + ".join(t for t in one.model.terms if t != "constant"), "by resampled events", OUTCOMES,
        sum(one.model.counts), sum(one.model.counts[1:]), one.first_year, one.last_year, data, 0.9, tuple(lines), tuple(scores), tuple(against),
        tuple(notes),
    )  # fmt: skip
