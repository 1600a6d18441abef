"""Rows of `foedus.studies.validate` on similarity, capability and the international interaction game."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.kernels import similarity as alike
from foedus.kernels.crisis_game import exponent, utilities
from foedus.kernels.distance import loss_of_strength
from foedus.kernels.shares import composite_shares
from foedus.power.capability import capability
from foedus.power.concentration import concentration
from foedus.power.measures import national
from foedus.power.years import power_over_years
from foedus.studies.crisis_years import crisis_years
from foedus.studies.validate_measures import Measures
from foedus.studies.validate_rule import Found

if TYPE_CHECKING:
    import polars as pl

    from foedus.studies.crisis_years import Years
    from foedus.studies.verdict_run import Bench

MEASURES = Measures()
GAME = (1816, 1984)
"""Years of the published distribution of ends."""
ENDS = ("SQ", "NEGO", "ACQ_A", "ACQ_B", "WAR_A")
POWERS_IN = (1820, 1913, 1938, 1946)
LEVELS = 4


def _portfolios(bench: Bench) -> np.ndarray:
    """Return the contingency table of the portfolios of 1914."""
    rows = bench.store.table("alliances1914")
    return alike.contingency(np.array([rows["germany"].to_numpy(), rows["russia"].to_numpy()]).astype(np.int64), LEVELS)


@MEASURES.row("15.s")
def _s(bench: Bench) -> Found:
    table = _portfolios(bench)
    return Found.of(alike.s_score(table)[0, 1], alike.s_score(table, "squared")[0, 1])


@MEASURES.row("15.tau")
def _tau(bench: Bench) -> Found:
    return Found.of(alike.tau_b(_portfolios(bench))[0, 1])


def _index(bench: Bench) -> pl.DataFrame:
    """Return the recomputed index of every state and year beside the published one, where there is one."""

    def made() -> pl.DataFrame:
        import polars as pl

        published = bench.store.table("cow_nmc").select("ccode", "year", pl.col("cinc").alias("published"))
        ours = capability(1816, 2022, data_dir=bench.store).frame.select("ccode", "year", "cinc")
        return ours.join(published, on=["ccode", "year"], how="left", validate="1:1")

    return bench.once("index", made)


@MEASURES.row("s4.index")
def _counted(bench: Bench) -> Found:
    return Found.of(_index(bench).drop_nulls(["cinc", "published"]).height)


@MEASURES.row("s4.gap")
def _gap(bench: Bench) -> Found:
    both = _index(bench).drop_nulls(["cinc", "published"])
    gap = float((both["cinc"] - both["published"]).abs().to_numpy().max())
    return Found.of(gap, note=f"largest {gap:.1e}")


@MEASURES.row("s4.1938")
def _in_1938(bench: Bench) -> Found:
    both = _index(bench).drop_nulls(["cinc", "published"])
    kept, printed = (both[c].to_numpy().astype(np.float32) for c in ("cinc", "published"))
    apart = np.abs(kept.view(np.int32) - printed.view(np.int32))
    year = both.filter(year=1938)
    ours = [year.filter(ccode=c)["cinc"].item() for c in (255, 365)]
    note = (
        f"kept in single precision, as every number of the file is; in double {ours[0]:.9f} and {ours[1]:.9f}; of {len(both):,} rows "
        f"{100 * (apart == 0).mean():.0f} % are then the same number, the others within {apart.max()} units of its last place"
    )
    return Found.of(*(float(f"{np.float32(x):.8g}") for x in ours), note=note)


@MEASURES.row("s4.zero")
def _zero_filled(bench: Bench) -> Found:
    _, year, parts = national(bench.store)
    worst = 0.0
    for y in np.unique(year).tolist():
        here = parts[year == y]
        gap = np.abs(composite_shares(np.nan_to_num(here)) - composite_shares(here))
        worst = max(worst, float(gap[np.isfinite(gap)].max(initial=0.0)))
    return Found.of(worst)


@MEASURES.row("s4.sum")
def _sums(bench: Bench) -> Found:
    sums = _index(bench).group_by("year").agg(total=_total())
    return Found.of(sums.filter(year=1860)["total"].item(), float(sums["total"].to_numpy().max()))


def _total() -> pl.Expr:
    """Return the sum of the index."""
    import polars as pl

    return pl.col("cinc").sum()


@MEASURES.row("s4.con")
def _hand_concentration(bench: Bench) -> Found:
    del bench
    cases = ([1.0, 1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0], [0.6, 0.3, 0.1])
    return Found.of(*(concentration(c).con for c in cases))


@MEASURES.row("s4.powers")
def _great_powers(bench: Bench) -> Found:
    con = dict(power_over_years(1816, 2016, data_dir=bench.store).frame.select("year", "con").iter_rows())
    return Found.of(*(con[y] for y in POWERS_IN))


@MEASURES.row("s4.loss")
def _loss(bench: Bench) -> Found:
    del bench
    cases = ((0.0, 250.0), (1000.0, 250.0), (5000.0, 500.0))
    return Found.of(*(loss_of_strength(np.array(0.2), np.array(miles), day) for miles, day in cases))


@MEASURES.row("s5.utility")
def _utility(bench: Bench) -> Found:
    del bench
    return Found.of(*utilities(0.0303, 1.0))


@MEASURES.row("s5.risk")
def _risk(bench: Bench) -> Found:
    del bench
    return Found.of(*exponent(np.array([-1.0, 0.0, 1.0])))


def _game(bench: Bench) -> Years:
    """Return the game of all pairs and years of the published distribution."""
    return bench.once("game", lambda: crisis_years(*GAME, bench.store, workers=2))


@MEASURES.row("s5.pairs")
def _pairs(bench: Bench) -> Found:
    game = _game(bench)
    return Found.of(game.frame.height, note=f"{game.unknown:,} of them have no end, as an input is not known")


def _ends(bench: Bench, group: str) -> Found:
    """Return the shares of the ends in a group, per cent."""
    share = dict(_game(bench).distribution().select("outcome", group).iter_rows())
    return Found.of(*(100 * share[e] for e in ENDS))


@MEASURES.row("s5.all")
def _all_pairs(bench: Bench) -> Found:
    return _ends(bench, "all")


@MEASURES.row("s5.relevant")
def _relevant_pairs(bench: Bench) -> Found:
    return _ends(bench, "relevant")


@MEASURES.row("s5.disputes")
def _disputes(bench: Bench) -> Found:
    frame = _game(bench).frame
    known = frame.filter(frame["ccode1"] < frame["ccode2"])["dispute"].drop_nulls()
    share = 100 * known.sum() / len(known)
    return Found.of(share, note=f"half of it is {share / 2:.2f}")
