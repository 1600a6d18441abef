"""The fall of war and the rise of allies as they come out under every rule of counting, beside the published figures.

The rules are those of ``docs/decisions/0022-the-debate-on-deterrence.md``. What these facts go with, trade, nuclear weapons, democracy, memory of the
wars, came at the same time and cannot be told apart by two windows; nothing here tries to.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.extras import require
from foedus.studies import peace_facts_ties as ties
from foedus.studies import peace_facts_wars as wars

if TYPE_CHECKING:
    import os

    import polars as pl

DRAWS = 1000


@dataclass(frozen=True)
class FallOfWar:
    """Stylised facts of war and alliance over two centuries, by rule of counting.

    Attributes
    ----------
    wars : tuple of Rate
    ties : tuple of Change
    before_1914 : tuple of Density
    absent : tuple of str
        Kinds of alliance whose file is not at hand.
    draws, seed : int
    """

    wars: tuple[wars.Rate, ...]
    ties: tuple[ties.Change, ...]
    before_1914: tuple[ties.Density, ...]
    absent: tuple[str, ...]
    draws: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row per rule of counting wars: rates, their ratio with both 95 % intervals, and which published digits it meets."""
        import polars as pl

        return pl.DataFrame(
            [
                {
                    "list": r.source, "pairs": r.pairs, "counted": r.count, "members": r.system, "world_wars": r.world_wars,
                    "windows": windows(r.window), "n_first": r.n[0], "n_second": r.n[1], "first": r.rate[0], "second": r.rate[1], "ratio": r.ratio,
                    "low_by_wars": r.by_wars[0], "high_by_wars": r.by_wars[1], "low_by_years": r.by_years[0], "high_by_years": r.by_years[1],
                    "meets_first": r.meets[0], "meets_second": r.meets[1],
                }
                for r in self.wars
            ]
        )  # fmt: skip

    def tie_table(self) -> pl.DataFrame:
        """Return one row per rule of counting ties: both means and their ratio with 95 % intervals."""
        import polars as pl

        return pl.DataFrame(
            [
                {"what": c.what, "ties": c.kind, "rule": c.rule, "windows": windows(c.window), "first": c.value[0], "first_low": c.low[0],
                 "first_high": c.high[0], "second": c.value[1], "second_low": c.low[1], "second_high": c.high[1], "ratio": c.ratio,
                 "ratio_low": c.ratio_low, "ratio_high": c.ratio_high}
                for c in self.ties
            ]
        )  # fmt: skip

    def density_table(self) -> pl.DataFrame:
        """Return one row per kind and place: shares of pairs in the first and last year, per cent, and the trend a year with its interval."""
        import polars as pl

        return pl.DataFrame(
            [
                {"kind": d.kind, "where": d.where, "first_year": int(d.year[0]), "last_year": int(d.year[-1]), "n_first": int(d.n[0]),
                 "n_last": int(d.n[-1]), "share_first": float(d.share[0]), "share_last": float(d.share[-1]), "slope": d.slope[0],
                 "slope_low": d.slope[1], "slope_high": d.slope[2]}
                for d in self.before_1914
            ]
        )  # fmt: skip

    def ratios(self) -> dict[str, tuple[float, float, float]]:
        """Return least, median and greatest ratio of rates over all rules, and over those with one thing chosen."""
        groups = {"every rule": self.wars}
        for name, of in (
            ("list", lambda r: r.source), ("pairs", lambda r: r.pairs), ("counted", lambda r: r.count), ("members", lambda r: r.system),
            ("world wars", lambda r: "counted" if r.world_wars else "left out"), ("windows", lambda r: windows(r.window)),
        ):  # fmt: skip
            for value in dict.fromkeys(of(r) for r in self.wars):
                groups[f"{name}: {value}"] = tuple(r for r in self.wars if of(r) == value)
        out = {}
        for name, some in groups.items():
            known = [r.ratio for r in some if np.isfinite(r.ratio)]
            out[name] = (float(min(known)), float(np.median(known)), float(max(known)))
        return out

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types; an end that is infinite is null."""
        return {
            "wars": [_finite(r) for r in self.table().to_dicts()], "ties": self.tie_table().to_dicts(),
            "before_1914": self.density_table().to_dicts(),
            "by_year": [asdict(d) | {k: getattr(d, k).tolist() for k in ("year", "n", "pairs")} for d in self.before_1914],
            "published": {"wars": list(wars.PUBLISHED), "allies": list(ties.ALLIES_PUBLISHED), "lasting": list(ties.LASTING_PUBLISHED)},
            "absent": list(self.absent), "draws": self.draws, "seed": self.seed, "standing": "derived; intervals by resampling",
        }  # fmt: skip


def windows(years: tuple[int, int, int, int]) -> str:
    """Return two windows as text."""
    return f"{years[0]}-{years[1]}, {years[2]}-{years[3]}"


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with null for what is infinite."""
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in row.items()}


def fall_of_war(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, draws: int = DRAWS, seed: int = 1
) -> FallOfWar:
    """Return wars per pair and year, allies of a state, survival of ties and densities before 1914, under every rule of counting.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    draws, seed : int
        Of the resampled wars, years and blocks of years.

    Raises
    ------
    DataError
        Data sets that are not there.
    ParameterError
        Fewer than 100 draws.
    MissingExtraError
        statsmodels is not installed.

    References
    ----------
    [JacksonNei2015]_, [Vasquez2011]_
    """
    if draws < 100:
        raise parameter("draws", draws, "at least 100, for ends of 95 % intervals")
    require("A slope over years", "statsmodels")  # the last step asks for it: better known before the first
    folder = DataDir.of(data_dir)
    changed, absent = ties.changes(folder, draws=draws, seed=seed)
    return FallOfWar(wars.rates(folder, draws=draws, seed=seed), changed, ties.densities(folder), absent, draws, seed)
