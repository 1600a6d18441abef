"""Forecasts of a system's next years as rows that can be kept and scored: pacts, disputes and wars of each pair, and the number of them a year.

Chances come from simulated futures (`foedus.formation.evolve`), and beside each stand two that anybody could have given: the rate of the ten years
before, and that rate told apart by whether the pair had the same in the last five years (`last`). Where a record ends before the forecast begins, its
last years stand for those before. What is known to no future: see ``docs/concepts/years-forward.md``. Scoring is in `foedus.studies.forecast_scores`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.formation.evolve import PARAMS, evolve
from foedus.studies.forecast_record import EVENTS, Happened, happened

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.formation.evolution import Evolution
    from foedus.system.system import System

PAIR_TARGETS = ("pact forms", "pact ends", "pact called on", "pact kept", "dispute", "war")
"""Of a pair, by the end of a year: it is allied and was not; it is not and was; one of two allies has been attacked in a war, not by the other; the
other has come to its side the first time; a dispute has begun between the two; they have met in a war."""
STATE_TARGETS = ("enters a war",)
"""Of a state: it has entered a war that others had begun."""
TARGETS = (*PAIR_TARGETS, *STATE_TARGETS)
KEY = {
    "pact forms": "tied",
    "pact ends": "tied",
    "pact called on": "called",
    "pact kept": "kept",
    "dispute": "disputed",
    "war": "fought",
}
COUNTS = ("formed", "ended", "disputes", "wars")
"""Of the system, in a year."""
MOST_YEARS = 5
BEFORE, RECENT = 10, 5
"""Years from which the baselines come, and years in which a pair's last event counts for the second one."""


@dataclass(frozen=True)
class Forecast:
    """A forecast; simulated.

    Attributes
    ----------
    evolution : Evolution
        The futures it rests on.
    pairs : polars.DataFrame
        ``target, horizon, a, b, p, p_base, p_last``: one row per pair (or state, with the same code twice) at risk; ``a``, ``b`` Correlates of War
        codes, ``horizon`` years, ``p`` the share of futures (k + 1/2) / (n + 1). Pacts that are called on or kept: of pairs allied at the start.
    counts : polars.DataFrame
        ``target, horizon, draws, before``: of each year the numbers in all futures, and those of the ten years before.
    about : dict
        Where it comes from: system, data, parameters, seed.
    """

    evolution: Evolution
    pairs: pl.DataFrame
    counts: pl.DataFrame
    about: dict[str, Any]

    @property
    def id(self) -> str:
        """A short checksum of the content: the same forecast has the same."""
        text = (
            self.pairs.write_csv(float_precision=12) + repr(self.counts.to_dicts()) + repr(sorted(self.about.items()))
        )
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def table(self, target: str = "war", *, horizon: int | None = None, top: int = 10) -> pl.DataFrame:
        """Return the likeliest pairs of a target by the end of a year (by default the last): ``a, b`` as ids, ``p``, its 90 % interval ``low, high``
        by `foedus.formation.evolution.Pairs.estimate`, and the baselines.

        Raises
        ------
        ParameterError
            No such target or year.
        """  # noqa: D205
        import polars as pl

        last = self.evolution.years if horizon is None else horizon
        if target not in TARGETS:
            raise parameter("target", target, f"one of {', '.join(TARGETS)}")
        if not 1 <= last <= self.evolution.years:
            raise parameter("horizon", last, f"1 to {self.evolution.years}")
        name = {a.cow: a.id for a in self.evolution.system.actors}
        rows = self.pairs.filter((pl.col("target") == target) & (pl.col("horizon") == last)).sort(
            "p", "a", "b", descending=[True, False, False]
        )
        rows = (
            rows.head(top)
            .with_columns(pl.col("a").replace_strict(name), pl.col("b").replace_strict(name))
            .drop("target", "horizon")
        )
        ends = [self._interval(target, last, a, b) for a, b in rows.select("a", "b").rows()]
        return rows.insert_column(3, pl.Series("low", [e[0] for e in ends])).insert_column(
            4, pl.Series("high", [e[1] for e in ends])
        )

    def _interval(self, target: str, horizon: int, a: str, b: str) -> tuple[float, float]:
        """Return the interval of one chance."""
        index, n = self.evolution.system.index, len(self.evolution.system.actors)
        i, j = sorted((index[a], index[b]))
        if target in STATE_TARGETS:
            assert self.evolution.entered is not None
            found = self.evolution.entered.estimate(i)[horizon]
        else:
            found = self.evolution.pairs[KEY[target]].estimate(i * n - i * (i + 1) // 2 + j - i - 1)[horizon]
        return (1 - found.high, 1 - found.low) if target == "pact ends" else (found.low, found.high)

    def rows(self) -> pl.DataFrame:
        """Return pairs and counts as one table, to be kept."""
        import polars as pl

        return pl.concat([self.pairs, self.counts], how="diagonal")

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form; of pairs the twenty likeliest of each target by the last year."""
        return {
            "id": self.id, "standing": "simulated; coefficients fitted on all years", **self.about,
            "pairs": {t: self.table(t, top=20).to_dicts() for t in TARGETS},
            "expected": {t: [float(np.mean(d)) for d in self.counts.filter(self.counts["target"] == t)["draws"].to_list()] for t in COUNTS},
        }  # fmt: skip


def forecast(
    system: System, *, years: int = MOST_YEARS, draws: int = 2_000, seed: int = 1, workers: int = 1,
    data_dir: DataDir | str | os.PathLike[str] | None = None, progress: Callable[[float], None] | None = None,
) -> Forecast:  # fmt: skip
    """Return a forecast of the years after a system's date.

    Parameters
    ----------
    system : System
        From the field's data: baselines and scores need its record.
    years : int
        1 to 5.
    draws, seed, workers, data_dir, progress
        As of `foedus.formation.evolve.evolve`.

    Returns
    -------
    Forecast

    Raises
    ------
    CoverageError
        A system that is not from the field's data or not of a 1 January, or whose ten years before begin before the record.
    ParameterError
        Numbers out of range.
    """
    if not 1 <= years <= MOST_YEARS:
        raise parameter("years", years, f"1 to {MOST_YEARS}")
    codes = np.array([a.cow or -1 for a in system.actors])
    if (codes < 0).any() or all(s.id != "cow-states" for s in system.sources):
        raise CoverageError(
            message("A forecast that can be scored", got=system.title or system.id, expected="a system of a real year or date, of states",
                    hint="foedus evolve carries any system forward")
        )  # fmt: skip
    first = system.date
    if (first.month, first.day) != (1, 1):
        raise CoverageError(
            message("A forecast that can be scored", got=str(first), expected="1 January of a year, since records are by year",
                    hint=f"--in {first.year}; foedus evolve carries any date forward")
        )  # fmt: skip
    folder = DataDir.of(data_dir)
    record = happened(folder)
    if first.year - BEFORE < 1816:
        raise CoverageError(
            message("The ten years before a forecast", got=f"{first.year - BEFORE} on", expected="1816 or later")
        )
    futures = evolve(system, years=years, draws=draws, seed=seed, workers=workers, data_dir=folder, progress=progress)
    return Forecast(futures, _pairs(futures, codes, record), _counts(futures, record), _about(futures, record))


def _pairs(futures: Evolution, codes: NDArray[np.integer], record: Happened) -> pl.DataFrame:
    """Return the rows of the pairs."""
    import polars as pl

    i, j = np.triu_indices(len(codes), 1)
    n, date = futures.draws, futures.system.date
    allied = futures.pairs["tied"].total[0] > 0
    everybody = np.ones_like(allied)
    kept = {"pact forms": ~allied, "pact ends": allied, "pact called on": allied, "pact kept": allied}
    out = []
    for target in TARGETS:
        of_states = target in STATE_TARGETS
        one, two = (np.arange(len(codes)),) * 2 if of_states else (i, j)
        some = np.arange(len(codes)) if of_states else np.flatnonzero(kept.get(target, everybody))
        counted = futures.entered if of_states else futures.pairs[KEY[target]]
        assert counted is not None
        base, by_last, recent = _rates(record, target, codes, one[some], two[some], date)
        for h in range(1, futures.years + 1):
            k = counted.total[h, some]
            k = n - k if target == "pact ends" else k
            out.append(pl.DataFrame({
                "target": [target] * len(some), "horizon": np.full(len(some), h, dtype=np.int8), "a": codes[one[some]].astype(np.int32),
                "b": codes[two[some]].astype(np.int32), "p": (k + 0.5) / (n + 1), "p_base": np.full(len(some), 1 - (1 - base) ** h),
                "p_last": 1 - (1 - np.where(recent, by_last[1], by_last[0])) ** h,
            }))  # fmt: skip
    return pl.concat(out)


def _rates(
    record: Happened, target: str, codes: NDArray[np.integer], i: NDArray[np.intp], j: NDArray[np.intp], date: dt.date
) -> tuple[float, tuple[float, float], NDArray[np.bool_]]:
    """Return the rate a year of the ten years before, that of pairs without and with the same in five years, and which pairs are of the second."""
    came, risk = np.zeros(2), np.zeros(2)
    until = record.until(target, date.year)
    for year in range(until - BEFORE, until):
        y, at_risk, recent = record.year(target, year, RECENT)
        for cell in (0, 1):
            some = at_risk & (recent == bool(cell))
            came[cell] += y[some].sum()
            risk[cell] += some.sum()
    cells = (came + 0.5) / (risk + 1)
    now = record.recent(target, until, RECENT)
    place = np.searchsorted(record.codes, codes)
    return float((came.sum() + 0.5) / (risk.sum() + 1)), (float(cells[0]), float(cells[1])), now[place[i], place[j]]


def _counts(futures: Evolution, record: Happened) -> pl.DataFrame:
    """Return the rows of the numbers a year."""
    import polars as pl

    first = futures.system.date.year
    rows = [
        {"target": name, "horizon": h, "draws": futures.measure(name)[:, h].astype(int).tolist(),
         "before": [record.count(name, year) for year in range(record.until(name, first) - BEFORE, record.until(name, first))]}
        for name in COUNTS for h in range(1, futures.years + 1)
    ]  # fmt: skip
    kinds = {"target": pl.String, "horizon": pl.Int8, "draws": pl.List(pl.Int64), "before": pl.List(pl.Int64)}
    return pl.DataFrame(rows, schema=kinds)


def _about(futures: Evolution, record: Happened) -> dict[str, Any]:
    """Return where a forecast comes from."""
    files = resources.files("foedus.params")
    return {
        "system": futures.system.title or futures.system.id, "hash": futures.system.hash, "date": futures.system.date.isoformat(),
        "years": futures.years, "draws": futures.draws, "seed": futures.seed, "data": record.versions,
        "params": {name: hashlib.sha256((files / f"{name}.toml").read_bytes()).hexdigest()[:16] for name in PARAMS},
        "before_until": {t: record.until(t, futures.system.date.year) - 1 for t in (*TARGETS, *COUNTS)},
        "targets": [*TARGETS, *(f"number of {c}" for c in COUNTS)], "in_sample": futures.system.date.year <= max(record.last[e] for e in EVENTS),
    }  # fmt: skip
