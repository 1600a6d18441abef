"""Scores of a forecast once its years are on record: of pairs Brier, log and area under precision-recall, of numbers a year VIEWS' three scores.

Each beside the same score of what anybody could have said: of pairs both baselines of the forecast, of numbers those of the ten years before, each as
likely. Pairs of whom a state has left the system by the end of the window are not scored. One forecast is one draw of history: its pairs are not
independent, and no interval is given here; a record of many forecasts is what tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate import scores
from foedus.estimate.ensembles import crps_ensemble, ignorance, interval_score
from foedus.studies.forecast import COUNTS, TARGETS
from foedus.studies.forecast_record import OF

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl
    from numpy.typing import NDArray

    from foedus.studies.forecast_record import Happened

BY = {"model": "p", "rate before": "p_base", "rate by last": "p_last"}


@dataclass(frozen=True)
class Scored:
    """Scores of one forecast.

    Attributes
    ----------
    pairs : polars.DataFrame
        ``target, horizon, n, events, by, brier, log, precision``: a row for the model and for each baseline; ``precision`` null if nothing came.
    counts : polars.DataFrame
        ``target, horizon, came, by, crps, ignorance, interval``.
    waiting : tuple of (target, horizon)
        Not on record yet.
    """

    pairs: pl.DataFrame
    counts: pl.DataFrame
    waiting: tuple[tuple[str, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "pairs": self.pairs.to_dicts(),
            "counts": self.counts.to_dicts(),
            "waiting": [list(w) for w in self.waiting],
        }


def score_forecast(rows: pl.DataFrame, date: dt.date, record: Happened) -> Scored:
    """Return the scores of a forecast.

    Parameters
    ----------
    rows : polars.DataFrame
        As of `foedus.studies.forecast.Forecast.rows`.
    date : datetime.date
        Of its system.
    record : Happened
    """
    import polars as pl

    pairs, counts, waiting = [], [], []
    for target in (*TARGETS, *COUNTS):
        mine = rows.filter(pl.col("target") == target)
        for h in sorted(mine["horizon"].unique().to_list()):
            some = mine.filter(pl.col("horizon") == h)
            if date.year + h - 1 > record.last[OF.get(target, target)]:
                waiting.append((target, h))
            elif target in TARGETS:
                pairs += _of_pairs(some, target, h, date, record)
            else:
                counts += _of_count(some, target, h, date, record)
    kinds = {"target": pl.String, "horizon": pl.Int64}
    of_pairs = {
        "n": pl.Int64,
        "events": pl.Int64,
        "by": pl.String,
        "brier": pl.Float64,
        "log": pl.Float64,
        "precision": pl.Float64,
    }
    of_counts = {"came": pl.Int64, "by": pl.String, "crps": pl.Float64, "ignorance": pl.Float64, "interval": pl.Float64}
    return Scored(
        pl.DataFrame(pairs, schema=kinds | of_pairs),
        pl.DataFrame(counts, schema=kinds | of_counts),
        tuple(waiting),
    )  # fmt: skip


def _of_pairs(some: pl.DataFrame, target: str, h: int, date: dt.date, record: Happened) -> list[dict[str, Any]]:
    """Return the scores of one target and horizon."""
    i, j = (np.searchsorted(record.codes, some[c].to_numpy()) for c in ("a", "b"))
    stays = record.members(date.year + h)
    kept = stays[i] & stays[j]
    y: NDArray[np.int64] = record.outcome(target, date.year, h)[i, j][kept].astype(np.int64)
    out = []
    for name, column in BY.items():
        p = some[column].to_numpy()[kept]
        out.append({
            "target": target, "horizon": h, "n": len(y), "events": int(y.sum()), "by": name, "brier": scores.brier(y, p) if len(y) else None,
            "log": scores.log_score(y, p) if len(y) else None, "precision": scores.average_precision(y, p) if 0 < y.sum() < len(y) else None,
        })  # fmt: skip
    return out


def _of_count(some: pl.DataFrame, target: str, h: int, date: dt.date, record: Happened) -> list[dict[str, Any]]:
    """Return the scores of the number of a year, as the model had it and as the ten years before had it."""
    row = some.row(0, named=True)
    came = record.count(target, date.year + h - 1)
    out = []
    for name, column in (("model", "draws"), ("ten years before", "before")):
        draws = np.array([row[column]], dtype=np.float64)
        found = [float(f([came], draws)[0]) for f in (crps_ensemble, ignorance, interval_score)]
        out.append(
            {"target": target, "horizon": h, "came": came, "by": name}
            | dict(zip(("crps", "ignorance", "interval"), found, strict=True))
        )
    return out
