"""Rows of `foedus.studies.validate` on dangerous dyads and base rates: panels of pairs of states.

The published table was made with an R package whose rows are rebuilt here from the same files: a border is lost where a record of none stands before
it in the file, pledges are those of the published directed pairs, and two scores of democracy that its release had are those of the year before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus import panel
from foedus.data import reading
from foedus.studies.base_rates import base_rates
from foedus.studies.fit import fit
from foedus.studies.validate_measures import Measures
from foedus.studies.validate_rule import Found, newcombe

if TYPE_CHECKING:
    import polars as pl

    from foedus.data.store import DataDir
    from foedus.studies.base_rates import BaseRates
    from foedus.studies.fit import Fitted
    from foedus.studies.verdict_run import Bench

MEASURES = Measures()
LAST = 2010
PAIR = ["ccode1", "ccode2", "year"]
FORMULA = "gmlmidonset ~ land + cinc_ratio + major + {pledge} + min_democracy + min_gdp_head + min_militarization + cubic(gmlmidspell, unit=1)"
UNITED = ((260, 1990), (678, 1990))
"""States that were united in that year, for which the release at hand has no score: their scores of the year before."""
TIME = tuple(f"cubic(gmlmidspell, unit=1)[{t}]" for t in ("t", "t2", "t3"))
TERMS = {"land": "land", "ratio": "cinc_ratio", "major": "major", "pact": "atop_defense", "democracy": "min_democracy",
         "arms": "min_militarization", "constant": "intercept"}  # fmt: skip
"""Rows of the published table by their name here."""
SCORES = ("polyarchy", "polity2")
"""Other scores of democracy of the same release, to show how far the other estimates hang on it."""


def _rows_of_r(store: DataDir) -> panel.Panel:
    """Return the package's rows."""
    import polars as pl

    found = store.find("cow_contdir")
    assert found is not None
    spells = reading.rda(found, "cow_contdir").with_columns(
        *reading.days("stdate", "enddate"), pl.col("ccode1", "ccode2", "conttype").cast(pl.Int32)
    )
    years = pl.int_ranges(pl.col("stdate").dt.year(), pl.col("enddate").dt.year() + 1, dtype=pl.Int32)
    first = spells.with_columns(year=years).explode("year").group_by(PAIR, maintain_order=True).first()
    pairs = panel.create_dyad_years(1816, LAST, directed=False, data_dir=store).pipe(panel.add_cow_majors)
    near = pairs.frame.join(first.select(*PAIR, "conttype"), on=PAIR, how="left", validate="1:1")
    near = near.with_columns(pl.col("conttype").fill_null(0))
    kept = near.filter((pl.col("conttype") > 0) | (pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1))
    return (
        panel.Panel.of(kept, data_dir=store)
        .pipe(panel.add_gml_mids, keep=[]).pipe(panel.add_spells).pipe(panel.add_nmc).pipe(panel.add_democracy, keep=["aeuds"])
        .pipe(panel.add_sim_gdp_pop, keep=["mrgdppc"])
    )  # fmt: skip


def _as_published(store: DataDir) -> pl.DataFrame:
    """Return the package's rows with its pledges and the two scores of its release."""
    import polars as pl

    made = _rows_of_r(store).frame
    owed = store.table("atop_dyads").select(*PAIR, pl.col("atop_defense").cast(pl.Int32))
    turned = owed.rename({"ccode1": "ccode2", "ccode2": "ccode1"}).select([*PAIR, "atop_defense"])
    either = pl.concat([owed, turned]).group_by(PAIR).agg(pl.col("atop_defense").max())
    made = made.join(either, on=PAIR, how="left", validate="1:1").with_columns(pl.col("atop_defense").fill_null(0))
    scores = store.table("cw_democracy")
    for state, year in UNITED:
        before = scores.filter(ccode=state, year=year - 1)["aeuds"].item()
        for side in "12":
            here = (pl.col(f"ccode{side}") == state) & (pl.col("year") == year) & pl.col(f"aeuds{side}").is_null()
            made = made.with_columns(pl.when(here).then(before).otherwise(f"aeuds{side}").alias(f"aeuds{side}"))
    return made


def _published(bench: Bench) -> Fitted:
    """Return the fit on the package's rows."""

    def made() -> Fitted:
        formula = FORMULA.format(pledge="atop_defense")
        return fit(formula, _as_published(bench.store), errors="classical", differences=False, data_dir=bench.store)

    return bench.once("dangerous", made)


def _terms(found: Fitted) -> dict[str, tuple[float, float]]:
    """Return estimates and standard errors by term."""
    rows = found.table().select("term", "estimate", "std_error").iter_rows()
    return {term: (estimate, error) for term, estimate, error in rows}


@MEASURES.row("5.n")
def _n(bench: Bench) -> Found:
    return Found.of(_published(bench).model.n)


@MEASURES.row("5.time")
def _time(bench: Bench) -> Found:
    terms = _terms(_published(bench))
    return Found.of(*(terms[t][0] for t in TIME))


def _with_other_scores(bench: Bench) -> dict[str, Fitted]:
    """Return the fit with other scores of democracy in the place of the published one's, and with none."""
    import polars as pl

    def made() -> dict[str, Fitted]:
        formula, rows, out = FORMULA.format(pledge="atop_defense"), _as_published(bench.store), {}
        for score in SCORES:
            table, turned = (
                bench.store.table("cw_democracy").select("ccode", "year", score),
                rows.drop("aeuds1", "aeuds2"),
            )
            for side in "12":
                here = table.select(pl.col("ccode").alias(f"ccode{side}"), "year", pl.col(score).alias(f"aeuds{side}"))
                turned = turned.join(here, on=[f"ccode{side}", "year"], how="left", validate="m:1")
            out[score] = fit(formula, turned, errors="classical", differences=False, data_dir=bench.store)
        plain = formula.replace(" + min_democracy", "")
        out["no score"] = fit(plain, rows, errors="classical", differences=False, data_dir=bench.store)
        return out

    return bench.once("dangerous, other scores", made)


def _register(name: str, term: str) -> None:
    """Register the row of one term: estimate and standard error, with what the choice of a score does to it."""

    @MEASURES.row(f"5.{name}")
    def measure(bench: Bench) -> Found:
        estimate, error = _terms(_published(bench))[term]
        if name == "democracy":
            return Found.of(estimate, error)
        other = _with_other_scores(bench).items()
        return Found.of(estimate, error, note="; ".join(f"{_terms(f)[term][0]:.3f} with {score}" for score, f in other))


for _name, _term in TERMS.items():
    _register(_name, _term)


@MEASURES.row("5.own")
def _own(bench: Bench) -> Found:
    formula = FORMULA.format(pledge="defense")
    found = fit(formula, relevant=True, end=LAST, errors="classical", differences=False, data_dir=bench.store)
    terms = _terms(found)
    return Found.of(found.model.n, *(terms[t][0] for t in ("land", "cinc_ratio", "major", "defense")))


def _rates(bench: Bench) -> BaseRates:
    """Return the base rates, with 95 % intervals."""
    return bench.once("rates", lambda: base_rates(bench.store, level=0.95))


@MEASURES.row("s10.pairs")
def _all_pairs(bench: Bench) -> Found:
    return _rate(bench, "all")


@MEASURES.row("s10.land")
def _land(bench: Bench) -> Found:
    return _rate(bench, "land")


@MEASURES.row("s10.relevant")
def _relevant(bench: Bench) -> Found:
    return _rate(bench, "relevant")


def _rate(bench: Bench, group: str) -> Found:
    """Return pairs and years of a group, and how often a dispute begins."""
    rate = _rates(bench).of("dispute", group)
    return Found.of(rate.n, rate.rate, spans=[None, (rate.low, rate.high)])


@MEASURES.row("s10.other")
def _other(bench: Bench) -> Found:
    return Found.of(_rates(bench).of("dispute", "other").rate)


@MEASURES.row("s10.wars")
def _wars(bench: Bench) -> Found:
    rates = _rates(bench)
    every, land, later = rates.of("war", "all"), rates.of("war", "land"), rates.of("war", "all", since=1946)
    return Found.of(every.rate, land.rate, later.rate)


@MEASURES.row("s10.relevant-wars")
def _relevant_wars(bench: Bench) -> Found:
    rates = _rates(bench)
    return Found.of(*(rates.of("war", "relevant", since=y).rate for y in (1816, 1946)))


@MEASURES.row("s10.pact")
def _pact(bench: Bench) -> Found:
    rates = _rates(bench)
    return Found.of(*(rates.of("dispute", g, pact=p).rate for g in ("all", "land") for p in (False, True)))


def _gap(bench: Bench, group: str) -> Found:
    """Return what a pact goes with among some pairs: the difference of the two shares."""
    rates = _rates(bench)
    having, without = ((r.rate, r.low, r.high) for r in (rates.of("dispute", group, pact=p) for p in (True, False)))
    return Found.span(
        *newcombe(having, without), note="pair-years taken as independent, so that the interval is too narrow"
    )


@MEASURES.row("s10.simpson-all")
def _simpson_all(bench: Bench) -> Found:
    return _gap(bench, "all")


@MEASURES.row("s10.simpson-land")
def _simpson_land(bench: Bench) -> Found:
    return _gap(bench, "land")
