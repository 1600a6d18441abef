"""Reliability of alliances: two codings side by side, the denominators that make them differ, and the fit that ships.

The cases are those of [Berkemeier2018]_, who extend the rules of [LeedsLongMitchell2000]_. Writes ``params/honour.toml``; judges no
casus foederis itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.estimate.wilson import wilson
from foedus.obligations.pooling import Pooled, pooled_logit
from foedus.obligations.reliability import OBLIGATIONS
from foedus.studies.war_attacks import attacks_by_war

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl

PERIODS = ("until_1944", "from_1945")
SIZES = ("bilateral", "multilateral")
COVARIATES = ("democracy", "regime_change", "major_power", "log_years")
CHANGED = 3
"""Points of polity2 by which a member's regime must have moved since it signed to count as changed."""

_CORE: tuple[str, ...] = (
    "constant",
    "from_1945",
    "multilateral",
    *OBLIGATIONS,
    *(f"{o}:{p}" for o in OBLIGATIONS for p in PERIODS),
)
_GROUPS = ("", "", "", *("obligation",) * len(OBLIGATIONS), *("cell",) * (2 * len(OBLIGATIONS)))


@dataclass(frozen=True, slots=True)
class Share:
    """``kept`` of ``cases``, with the 90 % Wilson interval."""

    what: str
    kept: int
    cases: int

    @property
    def value(self) -> float:
        """The share."""
        return self.kept / self.cases

    @property
    def interval(self) -> tuple[float, float]:
        """The 90 % Wilson score interval."""
        low, high = wilson(np.array([self.kept], dtype=np.float64), self.cases)
        return float(low[0]), float(high[0])

    def __str__(self) -> str:
        low, high = self.interval
        return f"| {self.what} | {self.kept} of {self.cases} | {100 * self.value:.1f} % | {100 * low:.0f} to {100 * high:.0f} % |"


def codings(data_dir: DataDir | str | os.PathLike[str] | None = None) -> tuple[Share, ...]:
    """Return the shares honoured in both codings, by period, obligation and size, and under other denominators.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    tuple of Share

    Notes
    -----
    Leeds, Long and Mitchell's own 74.5 % (1816-1944) cannot be recomputed: their rows are not in the table, only their rules applied to its wars.

    Examples
    --------
    >>> codings("/data")[0].value  # doctest: +SKIP
    0.5
    """
    import polars as pl

    table = DataDir.of(data_dir).table("berkemeier_fuhrmann")
    llm, bf = (pl.col(f"honored_{w}") | pl.col(f"violated_{w}") for w in ("llm", "bf"))
    early, help_ = pl.col("early"), pl.col("defense") | pl.col("offense")

    def share(what: str, cases: pl.Expr, kept: pl.Expr) -> Share:
        of = table.filter(cases)
        return Share(what, len(of.filter(kept)), len(of))

    honored = pl.col("honored_llm")
    only_defense = pl.col("defense") & ~pl.col("offense")
    only_neutral = pl.col("neutral") & ~help_
    only_nonagg = pl.col("nonagg") & ~help_ & ~pl.col("neutral")
    return (
        share("rules of Leeds, Long and Mitchell, 1816-2003", llm, honored),
        share("the same, 1816-1944", llm & early, honored),
        share("the same, 1945-2003", llm & ~early, honored),
        share("Berkemeier and Fuhrmann's own reading, 1816-2003", bf, pl.col("honored_bf")),
        share("their own, 1816-1944", bf & early, pl.col("honored_bf")),
        share("their own, 1945-2003", bf & ~early, pl.col("honored_bf")),
        share("common offence", llm & pl.col("offense"), honored),
        share("defence, no offence", llm & only_defense, honored),
        share("neutrality, no help", llm & only_neutral, honored),
        share("non-aggression only, where broken", llm & only_nonagg, honored),
        share("two members", llm & ~pl.col("multilateral"), honored),
        share("more members", llm & pl.col("multilateral"), honored),
        share("every pair of a war and an alliance, 1816-1944", early, honored),
        share("every pair of a war and an alliance, 1945-2003", ~early, honored),
        share("kept non-aggression counted as honoured, 1816-1944", early & (llm | pl.col("nonagg_only_llm")), honored | pl.col("nonagg_only_llm")),
    )  # fmt: skip


def cases(data_dir: DataDir | str | os.PathLike[str] | None = None) -> pl.DataFrame:
    """Return the tests of alliances with what may explain them.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    polars.DataFrame
        One row per performance case, and one per pact of non-aggression that was kept or broken: ``kept``, ``obligation``, ``period``, ``size``,
        ``members``, ``democracy`` (mean polity2 / 10 of the members in the year before), ``regime_change`` (a member's polity2 has moved by 3 or
        more since it signed), ``major_power`` (a member is one), ``log_years`` (log of 1 + years since the phase began). Null where not known.
    """
    import polars as pl

    store = DataDir.of(data_dir)
    store.require("berkemeier_fuhrmann", "iwd", "cow_wars", "atop5_1m", "cw_democracy", "cow_majors")
    names = dict(store.table("cow_wars").select("state_name", "ccode").unique().iter_rows())
    attacks = attacks_by_war(store.table("iwd"), names)
    members = store.table("atop5_1m")
    polity = {(c, y): p for c, y, p in store.table("cw_democracy").select("ccode", "year", "polity2").iter_rows()}
    majors = store.table("cow_majors").rows()
    out = []
    for row in store.table("berkemeier_fuhrmann").sort("war_id", "atopid").rows(named=True):
        quiet = not row["defense"] and not row["offense"] and not row["neutral"] and row["nonagg"]
        kept = row["honored_llm"] or (quiet and row["nonagg_only_llm"])
        if not kept and not row["violated_llm"]:
            continue
        day = attacks[row["war_id"]][0].day
        of = members.filter(pl.col("atopid") == row["atopid"])
        held = of.filter(pl.col("entry") <= day, pl.col("exit").is_null() | (pl.col("exit") >= day))
        held = held if len(held) else of.filter(pl.col("entry") == of["entry"].min())
        out.append(_case(row, day.year, held.select("member", "entry").rows(), polity, majors) | {"kept": kept})
    return pl.DataFrame(out, infer_schema_length=None)


def _case(
    row: dict[str, Any], year: int, held: list[tuple[int, Any]], polity: dict[tuple[int, int], Any], majors: list[Any]
) -> dict[str, Any]:
    """Return one case's columns but its outcome."""
    begun = max((entry.year for _, entry in held), default=year)
    now = [polity.get((c, year - 1)) for c, _ in held]
    then = [polity.get((c, entry.year)) for c, entry in held]
    known = [(a, b) for a, b in zip(then, now, strict=True) if a is not None and b is not None]
    regimes = [p for p in now if p is not None]
    kind = next(k for k in OBLIGATIONS if row[k])
    return {
        "war": row["war"],
        "atop": row["atopid"],
        "obligation": kind,
        "period": PERIODS[0] if row["early"] else PERIODS[1],
        "size": SIZES[int(row["multilateral"])],
        "members": len({c for c, _ in held}),
        "democracy": sum(regimes) / len(regimes) / 10 if regimes else None,
        "regime_change": float(any(abs(a - b) >= CHANGED for a, b in known)) if known else None,
        "major_power": float(any(c == m and s.year <= year <= e.year for c, _ in held for m, s, e in majors)),
        "log_years": log(1 + max(0, year - begun)),
    }


@dataclass(frozen=True)
class Fits:
    """The core fit on all cases, and the wide one with covariates on those where all are known."""

    core: Pooled
    wide: Pooled
    counts: dict[tuple[str, str, str], tuple[int, int]]
    means: dict[str, float]

    def chance(self, obligation: str, period: str, size: str) -> tuple[float, float, float]:
        """Return mean and 90 % interval of the chance that an obligation is honoured."""
        p = self.core.chance(_core_row(obligation, period, size))
        low, high = np.quantile(p, [0.05, 0.95])
        return float(p.mean()), float(low), float(high)


def fit(rows: pl.DataFrame, *, draws: int = 4000, seed: int = 1) -> Fits:
    """Return the partially pooled fits.

    Parameters
    ----------
    rows : polars.DataFrame
        As `cases` returns.
    draws, seed : int
        Of the posterior.

    Notes
    -----
    The core has a constant, the later period, more than two members (each hardly shrunk), obligations and their interaction with the
    period (each pooled towards the rest). The wide fit adds the covariates, centred, as one pooled group.
    """
    core_x = [_core_row(r["obligation"], r["period"], r["size"]) for r in rows.iter_rows(named=True)]
    core = pooled_logit(core_x, rows["kept"].to_list(), _CORE, _GROUPS, draws=draws, seed=seed)
    full = rows.drop_nulls(COVARIATES)
    means = {c: float(np.mean(full[c].to_list())) for c in COVARIATES}
    wide_x = [
        [*_core_row(r["obligation"], r["period"], r["size"]), *(r[c] - means[c] for c in COVARIATES)]
        for r in full.iter_rows(named=True)
    ]
    wide = pooled_logit(
        wide_x, full["kept"].to_list(), (*_CORE, *COVARIATES), (*_GROUPS, *("covariate",) * len(COVARIATES)), draws=draws, seed=seed
    )  # fmt: skip
    counts: dict[tuple[str, str, str], tuple[int, int]] = {}
    for r in rows.iter_rows(named=True):
        cell = (r["obligation"], r["period"], r["size"])
        kept, n = counts.get(cell, (0, 0))
        counts[cell] = (kept + bool(r["kept"]), n + 1)
    return Fits(core, wide, counts, means)


def _core_row(obligation: str, period: str, size: str) -> list[float]:
    """Return the design of one cell."""
    return [
        1.0,
        float(period == PERIODS[1]),
        float(size == SIZES[1]),
        *(float(o == obligation) for o in OBLIGATIONS),
        *(float(o == obligation and p == period) for o in OBLIGATIONS for p in PERIODS),
    ]


def toml(fits: Fits, versions: Sequence[str]) -> str:
    """Return the text of ``params/honour.toml``.

    Parameters
    ----------
    fits : Fits
    versions : sequence of str
        Data sets with their versions, for the provenance.
    """
    source = "foedus.studies.reliability on Berkemeier & Fuhrmann 2018"
    out = [
        "# Chance that an obligation put to the test by a war is honoured. Written by foedus.studies.reliability; not by hand.",
        "",
        "[meta]",
        'model = "honour"',
        'status = "fitted"',
        f"rows = {fits.core.n}",
        f"kept = {fits.core.successes}",
        f"wide_rows = {fits.wide.n}",
        f"data = [{', '.join(repr(v).replace(chr(39), chr(34)) for v in versions)}]",
        'method = "pooled logit: Laplace approximation over a grid of spreads, 4000 draws, seed 1; intervals hold 90 %"',
        'licence = "numbers derived from data that are free for research with citation; no row is passed on"',
        "",
    ]
    for o in OBLIGATIONS:
        for p in PERIODS:
            for s in SIZES:
                mean, low, high = fits.chance(o, p, s)
                kept, n = fits.counts.get((o, p, s), (0, 0))
                out += [
                    f"[chance.{o}.{p}.{s}]",
                    f"value = [{low:.4f}, {high:.4f}]",
                    f'source = "{source}"',
                    f'note = "mean {mean:.3f}; {kept} of {n} in the cell"',
                    "",
                ]
    for name in ("from_1945", "multilateral", *COVARIATES):
        mean, low, high = (fits.core if name in _CORE else fits.wide).interval(name)
        out += [
            f"[effect.{name}]",
            f"value = [{low:.4f}, {high:.4f}]",
            f'source = "{source}"',
            f'note = "log-odds, mean {mean:.3f}"',
            "",
        ]
    return "\n".join(out)


def versions(data_dir: DataDir | str | os.PathLike[str] | None = None) -> list[str]:
    """Return the data sets behind the fit with their versions."""
    store = DataDir.of(data_dir)
    used = ("berkemeier_fuhrmann", "atop5_1m", "iwd", "cow_wars", "cw_democracy", "cow_majors")
    return [f"{s} {store.provenance(s).version}" for s in used]
