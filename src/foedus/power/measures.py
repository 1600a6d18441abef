"""How strong each state is by each measure: values by state and year, their uncertainty where the source gives one, and what they leave out.

`MEASURES` says what each one is, which years it covers and what it cannot see. A value that the source does not have stays unknown; only for
deliveries of arms does a row that is absent inside the source's years mean none known, as its schema says. Makes no shares: that is `capability`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.kernels import streams
from foedus.kernels.shares import composite_shares
from foedus.panel.affinity import codes_of_names
from foedus.panel.portfolios import members_by_year

if TYPE_CHECKING:
    import polars as pl

    from foedus.data.store import DataDir

PARTS = ("milex", "milper", "irst", "pec", "tpop", "upop")
WINDOW = 10
"""Years over which deliveries of arms are added up."""


class Measure(NamedTuple):
    """One measure: data sets, what it is, what it does not see."""

    sources: tuple[str, ...]
    what: str
    blind: str


MEASURES: dict[str, Measure] = {
    "cinc": Measure(
        ("cow_nmc",),
        "composite index: mean share of the system over the components that exist (military spending and personnel, iron and steel, energy, "
        "population, population of cities)",
        "quality of arms, wealth per head, services; sums to more than 1 where components are missing; no uncertainty is published",
    ),
    "gdp": Measure(
        ("cw_gdppop",), "gross domestic product, on the scale of the Penn World Table",
        "what the product is spent on, and what it must feed; series of some states are on later borders before they had these (all of Italy's for "
        "Sardinia, Germany's for Prussia)",
    ),
    "gdp_head": Measure(
        ("cw_gdppop",), "product per head (Maddison's scale) times population: the product by another road, so the gap to gdp is a gap of sources",
        "as gdp",
    ),
    "net": Measure(
        ("cw_gdppop",), "product times product per head, Beckley's proxy of net resources: what is left after a population is provided for",
        "a proxy: no costs are measured; weighs wealth per head heavily",
    ),
    "tiv": Measure(
        ("sipri_tiv",),
        "major arms delivered from abroad over the last years, SIPRI's trend-indicator value: military capability transferred, neither price nor "
        "stock",
        "everything that a state makes for itself, holds already, wears out or loses: a great producer looks weak; small arms; deliveries to "
        "groups and alliances",
    ),
}  # fmt: skip
AT_HINT = "1 January takes the series of the year before (at='jan1')"
SIPRI_NAMES = {"Germany": 260, "Viet Nam": 816, "South Viet Nam": 817, "Congo": 484, "German Democratic Republic": 265}
"""COW codes of SIPRI's names that mean another state than today's, or that several states bore; used where that state was a member."""
CONTINUED = {260: 255}
"""A state under two codes: what the first received counts for the second."""


class Values(NamedTuple):
    """Values of one measure: rows of codes and years, draws, shape (n_draws, n_rows), or (1, n_rows) where the source is certain; NaN unknown."""

    ccode: NDArray[np.int64]
    year: NDArray[np.int64]
    draws: NDArray[np.float64]


def values_of(
    store: DataDir, measure: str, span: tuple[int, int], *, window: int = WINDOW, draws: int, seed: int
) -> tuple[Values, str]:
    """Return the values of one of `MEASURES` in the years of ``span``, and what the measure is, in a line.

    The composite index is recomputed from its components [Singer1972]_: the mean over those that exist of the share of the year's total.
    """
    import polars as pl

    told = MEASURES[measure]
    origin = store.provenance(told.sources[0])
    note = f"{measure}: {told.what}. Not seen: {told.blind}. {origin.spec.title} {origin.version}, {origin.spec.first_year}-{origin.last_year}"
    if measure == "cinc":
        code, year, parts = national(store)
        found = np.full(len(code), np.nan)
        for y in np.unique(year).tolist():
            found[year == y] = composite_shares(parts[year == y])
        values = Values(code, year, found[None])
    elif measure == "tiv":
        values, lost = deliveries(store.table("sipri_tiv"), store.table("cow_states"), window=window)
        note += f"; {window} years added up; {lost:.1%} of all deliveries went to no member and are left out"
    else:
        table = store.table("cw_gdppop").filter(pl.col("year").is_between(*span))
        values = product(table, measure, draws=draws, seed=seed)
    inside = (values.year >= span[0]) & (values.year <= span[1])
    return Values(values.ccode[inside], values.year[inside], values.draws[:, inside]), note


def covered(store: DataDir, measure: str) -> str:
    """Return the years that a measure's source covers, as text."""
    origin = store.provenance(MEASURES[measure].sources[0])
    return f"{measure} {origin.spec.first_year}-{origin.last_year}"


def product(table: pl.DataFrame, measure: str, *, draws: int, seed: int) -> Values:
    """Return draws of a measure of product.

    Each series is log-normal with the mean and the standard deviation that the source gives across its simulations. Errors of two series, states or
    years are drawn independently, which the source does not say.

    Parameters
    ----------
    table : polars.DataFrame
        ``cw_gdppop``.
    measure : {"gdp", "gdp_head", "net"}
    draws : int
    seed : int
    """
    code, year = (table[c].to_numpy().astype(np.int64) for c in ("ccode", "year"))
    series = {"gdp": ("pwtrgdp",), "gdp_head": ("mrgdppc", "pwtpop"), "net": ("pwtrgdp", "mrgdppc")}[measure]
    out = np.ones((draws, len(code)))
    for name in series:
        mean, sd = (table[c].to_numpy().astype(np.float64) for c in (name, f"sd_{name}"))
        keys = streams.keys_of([f"{name}:{c}:{y}" for c, y in zip(code.tolist(), year.tolist(), strict=True)])
        out *= lognormal(mean, sd, streams.uniforms(seed, keys, draws))
    return Values(code, year, out)


def lognormal(mean: NDArray[np.float64], sd: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return quantiles at ``u``, shape (n_draws, n), of log-normals of that mean and standard deviation; NaN where either is unknown.

    Examples
    --------
    >>> lognormal(np.array([2.0]), np.array([0.0]), np.array([[0.1], [0.9]])).ravel().tolist()
    [2.0, 2.0]
    """
    from scipy.special import ndtri

    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.log1p((sd / mean) ** 2))
        return np.where(mean > 0, np.exp(np.log(mean) - spread**2 / 2 + spread * ndtri(u)), np.nan)


def deliveries(table: pl.DataFrame, states: pl.DataFrame, *, window: int) -> tuple[Values, float]:
    """Return deliveries of arms to each member over the last ``window`` years, and the share of all deliveries that went to no member.

    Years whose window begins before the source does are left out: unknown.

    Parameters
    ----------
    table : polars.DataFrame
        ``sipri_tiv``.
    states : polars.DataFrame
        The list of members.
    window : int
        Years, that of the row included.
    """
    import polars as pl

    received = table.group_by(pl.col("importer").alias("country"), "year").agg(pl.col("tiv").sum())
    named = received.join(
        codes_of_names(received.select("country", "year"), states), on=["country", "year"], how="left", validate="1:1"
    )
    members = members_by_year(states)
    got: dict[tuple[int, int], float] = {}
    lost = 0.0
    for country, year, tiv, found in named.select("country", "year", "tiv", "ccode").iter_rows():
        here = members.get(year, np.empty(0, dtype=np.int64))
        code = found if found is not None else SIPRI_NAMES.get(country)
        if code is None or code not in here:
            lost += tiv
            continue
        for own in {code, CONTINUED.get(code, code)}:
            got[own, year] = got.get((own, year), 0.0) + tiv
    first, last = int(table["year"].min()), int(table["year"].max())  # pyright: ignore[reportArgumentType]
    rows = [(int(c), y) for y in range(first + window - 1, last + 1) for c in members.get(y, ())]
    total = [sum(got.get((c, y - k), 0.0) for k in range(window)) for c, y in rows]
    code, year = (np.array([r[k] for r in rows], dtype=np.int64) for k in (0, 1))
    everything = float(table["tiv"].sum())
    return Values(code, year, np.array(total, dtype=np.float64)[None]), lost / everything if everything > 0 else 0.0


def national(store: DataDir) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return codes, years and the six components of national capability, shape (n_rows, 6); NaN where missing."""
    table = store.table("cow_nmc").sort("year", "ccode")
    parts = np.column_stack([table[p].cast(float).fill_null(np.nan).to_numpy() for p in PARTS])
    return table["ccode"].to_numpy().astype(np.int64), table["year"].to_numpy().astype(np.int64), parts
