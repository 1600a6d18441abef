"""Claim D, prevent or spread: pairs with a pact and the onset of disputes, allies of those who fight and joining, and both in the account by decade.

Cells of the multiverse of ``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``. The models are those of `foedus.estimate.logit`,
`foedus.studies.diffusion` and `foedus.studies.decades`; none is new. A coefficient is an association given the terms beside it, not an effect.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from foedus import panel
from foedus.errors import DataError
from foedus.estimate.logit import logit_arrays
from foedus.estimate.prior_logit import prior_logit
from foedus.estimate.wilson import Z90
from foedus.panel.panel import Panel
from foedus.studies.decades import Decades, decades
from foedus.studies.diffusion import WAR, joining_rows
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_run import WHOLE, Bench, Job, Part
from foedus.system.tables import REQUIRED

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

SURE = 1e-4
"""Variance of the least sure row below which the terms separate onsets from the rest."""
GREAT_YEARS = (*range(1914, 1919), *range(1939, 1946))
"""Years of the great wars."""
YEARS = {"all": (1816, 2010), "to 1945": (1816, 1945), "from 1946": (1946, 2010)}
JOINING = {"all": (1816, 2010), "to 1913": (1816, 1913), "1914-45": (1914, 1945), "from 1946": (1946, 2010)}
ACCOUNT = {"1816-1913": (1816, 1913), "1914-45": (1914, 1945), "1946-89": (1946, 1989), "from 1990": (1990, 2007)}
FIELD = ("land", "odds", "major", "peace1", "peace2", "peace3")
GIVEN = {
    "nothing": (), "field's terms": FIELD, "and Thompson's rivalry": (*FIELD, "thompson"), "and Peace Data's rivalry": (*FIELD, "scale")
}  # fmt: skip
PACT = {"ATOP": "atop", "COW alliances": "cow_pact"}
RIVALS = {"and Thompson's rivalry": "tss_rivalries", "and Peace Data's rivalry": "peacedata_spells"}
DISPUTES = {"GML": "gml", "COW": "cow"}
LISTS = {"GML": "gml_dirdisp", "COW": "cow_mid_dirdisps"}
FROM = ("cow_states", "cow_contdir", "cow_majors", "cow_nmc")
PAIRS = ("all pairs", "relevant pairs", "pairs on land")
PACTS = {"ATOP": "atop5_1m", "COW alliances": "cow_alliances"}
LATER = {"the first": 0, "the sixth": 5}
"""Which year of every ten is simulated."""
COUNTED = {"wars begun": "wars", "states at war": "states", "battle deaths": "deaths"}


_ADDED: tuple[tuple[str, Callable[[Panel], Panel], tuple[str, ...]], ...] = (
    (
        "gml_dirdisp",
        lambda p: panel.add_peace_years(panel.add_gml_mids(p, keep=[]), "gml"),
        ("gmlmidonset", "gmlmid_peace_years"),
    ),
    (
        "cow_mid_dirdisps",
        lambda p: panel.add_peace_years(panel.add_cow_mids(p, keep=[]), "cow"),
        ("cowmidonset", "cowmid_peace_years"),
    ),
    ("atop5_1m", panel.add_atop_alliance, ("defense12", "defense21")),
    ("tss_rivalries", panel.add_strategic_rivalries, ("rivalry",)),
    ("peacedata_spells", panel.add_peace_scale, ("peace_scale",)),
)
"""Columns that are added where their data set is at hand, and are unknown throughout where it is not."""


def great(first: int, last: int) -> tuple[str, ...]:
    """Return the options of the choice of great wars for some years: one where none of them is among those."""
    return ("in", "out") if any(first <= y <= last for y in GREAT_YEARS) else ("in",)


def around(estimate: float, error: float) -> tuple[float, float, float]:
    """Return an estimate with its 90 % interval by the normal law."""
    return estimate, estimate - Z90 * error, estimate + Z90 * error


def pairs(bench: Bench) -> pl.DataFrame:
    """Return undirected pairs by year with disputes of both lists, pacts of both, borders, great powers, capabilities, rivalries and peace years."""
    import polars as pl

    made = (
        panel.create_dyad_years(*YEARS["all"], directed=False, data_dir=bench.store)
        .pipe(panel.add_contiguity).pipe(panel.add_cow_majors).pipe(panel.add_nmc, keep=["cinc"])
    )  # fmt: skip
    for source, add, columns in _ADDED:
        if bench.lacks(source):
            made = Panel.of(
                made.frame.with_columns(pl.lit(None, dtype=pl.Int32).alias(c) for c in columns), bench.store
            )
        else:
            made = made.pipe(add)
    near, major = pl.col("conttype") >= 1, pl.max_horizontal("cowmaj1", "cowmaj2") == 1
    ratio = (pl.col("cinc1") / pl.col("cinc2")).log().abs()
    rows = made.frame.select(
        "ccode1", "ccode2", "year", "gmlmidonset", "cowmidonset",
        pair=pl.col("ccode1") * 1000 + pl.col("ccode2"), land=(pl.col("conttype") == 1).fill_null(value=False).cast(pl.Int8),
        relevant=(near | major).fill_null(value=False), major=major.cast(pl.Int8),
        odds=pl.when(pl.col("cinc1") > 0, pl.col("cinc2") > 0).then(-ratio), atop=pl.max_horizontal("defense12", "defense21"), thompson="rivalry",
        **{f"{d}_peace{k}": (pl.col(f"{d}mid_peace_years") / 10) ** k for d in DISPUTES.values() for k in (1, 2, 3)},
        scale=pl.when(pl.col("year") >= 1900).then((pl.col("peace_scale") <= 0.25).fill_null(value=False).cast(pl.Int8)),
    )  # fmt: skip
    if bench.lacks(PACTS["COW alliances"]):
        return rows
    return rows.join(_cow_pacts(bench), on=["ccode1", "ccode2", "year"], how="left", validate="1:1").with_columns(
        cow_pact=pl.when(pl.col("year") <= 2012).then(pl.col("cow_pact").fill_null(0))
    )


def _cow_pacts(bench: Bench) -> pl.DataFrame:
    """Return the pairs and years with a defence pact of COW's formal alliances."""
    import polars as pl

    from foedus.panel.portfolios import formal_levels

    last = bench.store.provenance(PACTS["COW alliances"]).last_year
    levels = formal_levels(bench.store.table(PACTS["COW alliances"]), last, "year")
    return levels.filter(pl.col("level") == 3, pl.col("ccode1") < pl.col("ccode2")).select(
        "ccode1", "ccode2", pl.col("year"), cow_pact=pl.lit(1, dtype=pl.Int8)
    )


def onset_cell(rows: pl.DataFrame, choices: dict[str, str]) -> Cell:
    """Return the cell of D.1 for one combination of choices.

    Parameters
    ----------
    rows : polars.DataFrame
        As of `pairs`.
    choices : dict of str to str
    """
    import polars as pl

    one = DISPUTES[choices["disputes"]]
    first, last = YEARS[choices["years"]]
    kept = pl.col("year").is_between(first, last)
    if choices["great wars"] == "out":
        kept &= ~pl.col("year").is_in(GREAT_YEARS)
    if choices["pairs"] != PAIRS[0]:
        kept &= pl.col("relevant") if choices["pairs"] == PAIRS[1] else pl.col("land") == 1
    terms = [
        PACT[choices["pacts"]],
        *(t for t in GIVEN[choices["given"]] if t != "land" or choices["pairs"] != PAIRS[2]),
    ]
    columns = [t.replace("peace", f"{one}_peace") if t.startswith("peace") else t for t in terms]
    known = rows.lazy().filter(kept).select(f"{one}midonset", "pair", *columns).drop_nulls().collect()
    x = np.column_stack([np.ones(known.height), *(known[c].to_numpy().astype(np.float64) for c in columns)])
    told = f"{int(known[f'{one}midonset'].sum() or 0):,} onsets in {known.height:,} pair-years"
    y = known[f"{one}midonset"].to_numpy()
    if min((y[x[:, 1] == k].sum() for k in (0, 1)), default=0) == 0:
        return Cell.without(choices, f"no onset with a pact, or none without ({told})")
    try:
        fit = prior_logit(x, y, cluster=known["pair"].to_numpy(), sd=np.full(x.shape[1], np.inf))
    except DataError as error:
        return Cell.without(choices, f"{str(error).splitlines()[0]} ({told})")
    p = fit.predict(x)
    if float((p * (1 - p)).max()) < SURE:
        return Cell.without(choices, f"the terms foretell every onset, so that no coefficient has a size ({told})")
    return Cell.of(choices, around(float(fit.coef[1]), float(np.sqrt(fit.covariance[1, 1]))), told)


def _onsets(bench: Bench) -> list[Job]:
    """Return the jobs of D.1: one for each list of disputes, kind of pairs and list of pacts."""
    jobs = []
    for disputes, which, pacts, given in product(DISPUTES, PAIRS, PACTS, GIVEN):
        cells = [
            {"disputes": disputes, "pairs": which, "pacts": pacts, "given": given, "years": years, "great wars": wars}
            for years, span in YEARS.items() for wars in great(*span)
        ]  # fmt: skip
        sources = [*FROM, LISTS[disputes], PACTS[pacts], *([RIVALS[given]] if given in RIVALS else [])]

        def run(cells: list[dict[str, str]] = cells, sources: list[str] = sources) -> list[Cell]:
            absent = bench.lacks(*sources)
            if absent:
                return [Cell.without(c, absent) for c in cells]
            rows = bench.once("pairs", lambda: pairs(bench))
            return [onset_cell(rows, c) for c in cells]

        jobs.append(Job((disputes, which, pacts, given), run))
    return jobs


def join_cell(rows: pl.DataFrame, choices: dict[str, str]) -> Cell:
    """Return the cell of D.2 for rows as of `foedus.studies.diffusion.joining_rows`."""
    import polars as pl

    first, last = JOINING[choices["years"]]
    chosen = rows.filter(pl.col("year").is_between(first, last))
    if choices["great wars"] == "out":
        chosen = chosen.filter(~pl.col("year").is_in(GREAT_YEARS))
    if choices["disputes"] == "that reach war":
        chosen = chosen.filter(hostlev=WAR)
    terms = ("Intercept", "border", "ally")
    x = np.column_stack([np.ones(chosen.height), chosen.select(terms[1:]).to_numpy()])
    try:
        fit = logit_arrays(
            x, chosen["joined"].to_numpy(), terms=terms, errors="cluster", cluster=chosen["dispnum"].to_numpy()
        )
    except DataError as error:
        return Cell.without(choices, str(error).splitlines()[0])
    at = fit.terms.index("ally")
    low, high = fit.interval(level=0.9)[:, 0, at]
    told = f"{fit.events:,} of {fit.n:,} chances to join {chosen['dispnum'].n_unique():,} disputes"
    return Cell.of(choices, (float(fit.coef[0, at]), float(low), float(high)), told)


def _joins(bench: Bench) -> list[Job]:
    """Return the jobs of D.2: one for each day as of which pacts count."""
    jobs = []
    for day, at in (("1 January", "jan1"), ("any day of the year", "year")):
        cells = [
            {"disputes": which, "pact as of": day, "years": years, "great wars": wars}
            for which in ("that reach war", "all") for years, span in JOINING.items() for wars in great(*span)
        ]  # fmt: skip

        def run(cells: list[dict[str, str]] = cells, at: str = at) -> list[Cell]:
            absent = bench.lacks("gml_part", "gml_mid_disps", "cow_contdir", "atop5_1m", "cow_states")
            if absent:
                return [Cell.without(c, absent) for c in cells]
            rows = joining_rows(bench.store, at=cast('Literal["jan1", "year"]', at))
            return [join_cell(rows, c) for c in cells]

        jobs.append(Job((day,), run))
    return jobs


def account_cells(parts: dict[str, Decades], told: str) -> list[Cell]:
    """Return the cells of D.3 from the accounts of each era; that of all years is their sum, draw by draw."""
    cells = []
    for counted, what in COUNTED.items():
        both = {era: (d.with_[what].sum(axis=0), d.without[what].sum(axis=0)) for era, d in parts.items()}
        both["all"] = tuple(np.sum([pair[k] for pair in both.values()], axis=0) for k in (0, 1))  # type: ignore[assignment]
        for era, (with_, without) in both.items():
            share = with_ / without - 1.0
            low, high = np.quantile(share, [0.05, 0.95])
            choices = {"counted": counted, "years": era, "year of ten": told}
            cells.append(
                Cell.of(
                    choices,
                    (float(share.mean()), float(low), float(high)),
                    f"{len(share)} draws of coefficients and inputs",
                )
            )
    return cells


def _accounts(bench: Bench) -> list[Job]:
    """Return the jobs of D.3: one for each year of ten that is simulated; with thoroughness every second year, from the first and from the second."""
    jobs = []
    step, starts = (
        (2, {"every second, from the first": 0, "every second, from the second": 1}) if bench.thorough else (10, LATER)
    )
    for told, after in starts.items():

        def run(told: str = told, after: int = after) -> list[Cell]:
            absent = bench.lacks(*REQUIRED, "cow_war_sizes", "cow_wars")
            if absent:
                cells = product(COUNTED, (*ACCOUNT, "all"))
                return [Cell.without({"counted": c, "years": y, "year of ten": told}, absent) for c, y in cells]
            parts: dict[str, Any] = {
                era: decades(data_dir=bench.store, first=first + after, last=last, step=step, seed=bench.seed)
                for era, (first, last) in ACCOUNT.items()
            }  # fmt: skip
            return account_cells(parts, told)

        jobs.append(Job((told,), run))
    return jobs


ONSETS = Part(
    Question(
        "D.1", "Do pairs of states with a defence pact begin fewer disputes with each other?",
        "log-odds of onset in a year, with a pact less without",
        0.0, "lower",
        (("disputes", "GML"), ("pairs", "relevant pairs"), ("pacts", "ATOP"), ("given", "field's terms"), ("years", "all"), ("great wars", "in")),
        "The sign turns on who is compared: among all pairs those with a pact fight more, because neighbours make pacts; among neighbours less "
        "(Simpson's "
        "paradox). Pacts between the two are not the defenders of a third.",
        "Cause: pacts are made where war is feared, and by those who mean to keep peace. Errors are by pair; those of pairs that share a state "
        "are wider.",
    ),
    {
        "disputes": tuple(DISPUTES), "pairs": PAIRS, "pacts": tuple(PACTS), "given": tuple(GIVEN), "years": tuple(YEARS), "great wars": ("in", "out")
    },
    _onsets,
    ("gml_dirdisp", "cow_mid_dirdisps", "cow_states", "cow_contdir", "cow_majors", "cow_nmc", "atop5_1m", "cow_alliances", "tss_rivalries",
    "peacedata_spells"),
)  # fmt: skip
JOINS = Part(
    Question(
        "D.2", "Do allies of those who began a fight join it more than others do?",
        "log-odds of joining on either side, with a defence pact less without, "
        "given a border", 0.0, "higher",
        (("disputes", "that reach war"), ("pact as of", "1 January"), ("years", "all"), ("great wars", "in")),
        "Who is bound is chosen with the war in view: states that would come anyway sign. In the last era few joined at all.",
        "Whether they would have come without the pact; on which side the pact bound them; joining later than the data's spells.",
    ),
    {"disputes": ("that reach war", "all"), "pact as of": ("1 January", "any day of the year"), "years": tuple(JOINING), "great wars": ("in", "out")},
    _joins,
    ("gml_part", "gml_mid_disps", "cow_contdir", "atop5_1m", "cow_states"),
)  # fmt: skip
ACCOUNTS = Part(
    Question(
        "D.3", "Do pledges on the whole keep states out of war?",
        "expected number with the pledges of the day less without, as a share of without", 0.0,
        "lower", (("counted", "states at war"), ("years", "all"), ("year of ten", "the first")),
        "The terms that make pledges deter are associations of one fit of 135 onsets of war between pairs; the critics find the years after a "
        "pact more "
        "dangerous, not less. Friendship stays as it is when pledges are void.",
        "What pacts do to friendship and friendship to pacts; the few great wars that make most of the deaths.", "simulated",
    ),
    {"counted": tuple(COUNTED), "years": (*ACCOUNT, "all"), "year of ten": tuple(LATER)},
    _accounts,
    (*WHOLE, "cow_war_sizes"),
)  # fmt: skip
