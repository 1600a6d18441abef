"""How close two states are: peace and rivalry by steps, religion in common, votes in the United Nations, portfolios of pledges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.data import names
from foedus.errors import parameter
from foedus.kernels import similarity
from foedus.panel.panel import DYADIC, At, Panel, Rows, check_at, derived, need, take
from foedus.panel.portfolios import Portfolios, members_by_year, pledge_levels, portfolio_years

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    import polars as pl
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from foedus.data.store import DataDir

MEASURES = {
    "s_abs": "S with absolute distances, -1 to 1", "s_sq": "S with squared distances, -1 to 1",
    "kappa": "Cohen's kappa, agreement above chance with each state's own habits", "pi": "Scott's pi, agreement above chance with pooled habits",
    "tau_b": "Kendall's tau-b",
}  # fmt: skip
_VOTE = {"no": 0, "abstain": 1, "yes": 2}
_BROAD = ("christian", "muslim")  # families of confessions that are in the table too


def add_peace_scale(
    frame: Panel | IntoFrame, *, at: At = "year", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:
    """Return the panel with ``peace_scale``: 0 severe rivalry, 0.25 lesser rivalry, 0.5 negative peace, 0.75 warm peace, 1 security community.

    Null where the two hardly deal with each other, which is not peace and not rivalry, and outside 1900-2020. Non-commercial use only.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years with COW codes.
    at : {"year", "jan1"}
        The lowest step on any day of the year, or that of 1 January.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has the column.

    References
    ----------
    [Diehl2021]_
    """
    check_at(at)
    panel = Panel.of(frame, data_dir)
    need(panel, *DYADIC)
    years = derived(panel, ["peacedata_spells"], _scale_years, at)
    told = {
        "peace_scale": panel.origin(
            "peacedata_spells", "0 severe rivalry to 1 security community", absent="the two hardly deal with each other"
        )
    }

    def build(rows: Rows) -> pl.DataFrame:
        return take(years, rows.pairs(years, directed=False, what="Peace Data"), {"peace_scale": "peace_scale"})

    return panel.add(told, build)


def _scale_years(spells: pl.DataFrame, at: At) -> pl.DataFrame:
    """Return the step of each undirected pair by year."""
    import polars as pl

    start = pl.col("start")
    since = pl.when((start.dt.ordinal_day() == 1) | (at == "year")).then(start.dt.year()).otherwise(start.dt.year() + 1)
    return (
        spells.with_columns(pl.int_ranges(since, pl.col("end").dt.year() + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False, keep_nulls=False)
        .group_by("ccode1", "ccode2", "year")
        .agg((pl.col("level").min() if at == "year" else pl.col("level").sort_by("start").last()).alias("peace_scale"))
    )


def add_religion_overlap(
    frame: Panel | IntoFrame, *, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:
    """Return the panel with ``religion_overlap``: the share of both populations that can be matched by confession, 0 to 1.

    The sum over confessions of the lesser of the two shares, 1945-2010. The source counts every five years; shares in between are interpolated, and
    a state that was not counted on both sides of a year is unknown in it.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years with COW codes.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has the column.

    References
    ----------
    [MaozHenderson2013]_
    """
    import polars as pl

    panel = Panel.of(frame, data_dir)
    need(panel, *DYADIC)
    years = derived(panel, ["wrp"], _shares)
    told = {
        "religion_overlap": panel.origin(
            "wrp", "share of both populations matched by confession; between counts interpolated"
        )
    }
    shares = years.drop("ccode", "year").to_numpy()

    def build(rows: Rows) -> pl.DataFrame:
        one, two = (rows.states(years, side, what="wrp") for side in ("1", "2"))
        both = (one >= 0) & (two >= 0)
        overlap = np.full(rows.height, np.nan)
        overlap[both] = np.minimum(shares[one[both]], shares[two[both]]).sum(axis=1)
        return pl.DataFrame({"religion_overlap": overlap}).fill_nan(None)

    return panel.add(told, build)


def _shares(table: pl.DataFrame) -> pl.DataFrame:
    """Return the shares of each state by year, interpolated between two counts that are five years apart."""
    import polars as pl

    confessions = [c for c in table.columns if c not in {"ccode", "year", *_BROAD}]
    ordered = table.select("ccode", "year", *(pl.col(c).fill_null(0) for c in confessions)).sort("ccode", "year")
    following = [pl.col(c).shift(-1).over("ccode").alias(f"{c}_next") for c in ("year", *confessions)]
    step = pl.col("year_next") - pl.col("year")
    part = (pl.col("at") - pl.col("year")) / 5
    between = (
        ordered.with_columns(following)
        .with_columns(
            pl.when(step == 5)
            .then(pl.int_ranges(pl.col("year"), pl.col("year") + 5))
            .otherwise(pl.concat_list("year"))
            .alias("at")
        )
        .explode("at", empty_as_null=False, keep_nulls=False)
    )
    grown = [
        pl.when(part > 0).then(pl.col(c) + part * (pl.col(f"{c}_next") - pl.col(c))).otherwise(c).alias(c)
        for c in confessions
    ]
    return between.select("ccode", pl.col("at").cast(pl.Int32).alias("year"), *grown)


def add_un_similarity(
    frame: Panel | IntoFrame, *, measures: Sequence[str] = ("s_abs", "kappa"),
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return the panel with how alike two states vote in the General Assembly of the United Nations, by year, 1946-2019.

    Columns ``un_<measure>`` and ``un_votes``, the roll calls of the year in which both voted yes, no or abstained. No has level 0, abstention 1, yes
    2; a vote that one of the two missed is left out. Null where they share none.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years with COW codes.
    measures : sequence of str
        Some of ``s_abs, s_sq, kappa, pi, tau_b``.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has the columns.
    ParameterError
        Another measure.

    References
    ----------
    [Hage2011]_, [SignorinoRitter1999]_
    """
    panel = Panel.of(frame, data_dir)
    need(panel, *DYADIC)
    wanted = _measures(measures)
    years = derived(panel, ["un_votes", "un_roll_calls", "cow_states"], _un_years, wanted)
    told = {f"un_{m}": panel.origin("un_votes", MEASURES[m] + ", of votes in the General Assembly") for m in wanted}
    told["un_votes"] = panel.origin("un_votes", "roll calls of the year on which both are on record")

    def build(rows: Rows) -> pl.DataFrame:
        return take(years, rows.pairs(years, directed=False, what="un_votes"), {c: c for c in told})

    return panel.add(told, build)


def _measures(given: Sequence[str]) -> tuple[str, ...]:
    """Return the measures, checked."""
    wanted = (given,) if isinstance(given, str) else tuple(given)
    unknown = [m for m in wanted if m not in MEASURES]
    if unknown or not wanted:
        raise parameter("measures", ", ".join(unknown) or "none", f"some of {', '.join(MEASURES)}")
    return wanted


def _un_years(votes: pl.DataFrame, calls: pl.DataFrame, states: pl.DataFrame, wanted: tuple[str, ...]) -> pl.DataFrame:
    """Return the similarity of votes of each undirected pair by year."""
    import polars as pl

    parts = []
    for year, codes, levels in vote_years(votes, calls, states):
        cast_by = (levels >= 0).astype(np.float64)
        shared = cast_by @ cast_by.T
        parts.append(
            _pairs_of(year, codes, levels, 3, wanted, {"un_votes": np.where(shared > 0, shared, np.nan)}, prefix="un_")
        )
    return pl.concat(parts).with_columns(pl.col("un_votes").cast(pl.Int32))


def vote_years(votes: pl.DataFrame, calls: pl.DataFrame, states: pl.DataFrame) -> Iterator[Portfolios]:
    """Yield the votes of each year in the General Assembly: codes of who is on record, and levels, shape (n, n_calls).

    No has level 0, abstention 1, yes 2; a vote that was missed is -1.
    """
    import polars as pl

    cast = votes.join(calls.select("rcid", pl.col("date").dt.year().alias("year")), on="rcid", validate="m:1")
    codes = codes_of_names(cast.select("country", "year").unique(), states)
    known = cast.join(codes, on=["country", "year"], validate="m:1").with_columns(
        pl.col("vote").replace_strict(_VOTE, return_dtype=pl.Int8).alias("level")
    )
    for (year,), block in known.group_by("year", maintain_order=True):
        who, call = (np.unique(block[c].to_numpy(), return_inverse=True) for c in ("ccode", "rcid"))
        levels = np.full((len(who[0]), len(call[0])), -1, dtype=np.int8)
        levels[who[1], call[1]] = block["level"].to_numpy()
        yield Portfolios(int(year), who[0].astype(np.int64), levels)


def _pairs_of(
    year: int, codes: NDArray[np.integer], levels: NDArray[np.integer], n_levels: int, wanted: tuple[str, ...],
    extra: dict[str, NDArray[np.float64]], *, prefix: str, weights: NDArray[np.float64] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Return the measures of every undirected pair of one year, one row each."""
    import polars as pl

    one, two = np.triu_indices(len(codes), 1)
    table = similarity.contingency(levels, n_levels, weights, pairs=(one, two))
    columns = {f"{prefix}{m}": similarity.measure(table, m) for m in wanted} | {
        c: v[one, two] for c, v in extra.items()
    }
    keys = {
        "ccode1": codes[one].astype(np.int32),
        "ccode2": codes[two].astype(np.int32),
        "year": np.full(len(one), year, dtype=np.int32),
    }
    return pl.DataFrame({**keys, **columns}).with_columns(pl.col(pl.Float64).fill_nan(None))


def codes_of_names(spoken: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Return the COW code of each ``country`` in each ``year``: who bore that name and was a member on 1 January, or later in the year.

    Parameters
    ----------
    spoken : polars.DataFrame
        ``country, year``, each once.
    states : polars.DataFrame
        The list of members with their spells.

    Returns
    -------
    polars.DataFrame
        ``country, year, ccode``; without the names that mean nobody, or several states, in the year.
    """
    import polars as pl

    known = pl.DataFrame(
        sorted({(names.normal(n), c) for c, own in states.select("ccode", "statenme").unique().iter_rows() for n in (own, *names.of(c).spellings())}),
        schema={"name": pl.String, "ccode": pl.Int32}, orient="row",
    )  # fmt: skip
    said = (
        spoken.select("country")
        .unique()
        .with_columns(
            pl.col("country")
            .map_elements(lambda n: _nearest(n, set(known["name"])), return_dtype=pl.String)
            .alias("name")
        )
    )
    year, last = pl.col("year"), states["end"].max()
    open_end = pl.when(pl.col("end") == last).then(pl.date(9999, 12, 31)).otherwise("end")
    member = spoken.join(said, on="country", validate="m:1").join(known, on="name", validate="m:m").join(
        states.select("ccode", "start", open_end.alias("end")), on="ccode", validate="m:m"
    ).filter((pl.col("start").dt.year() <= year) & (pl.col("end").dt.year() >= year))  # fmt: skip
    early = pl.col("start") <= pl.date(year, 1, 1)
    chosen = member.with_columns(early.alias("early")).filter(
        pl.col("early") == pl.col("early").max().over("country", "year")
    )
    return (
        chosen.filter(pl.col("ccode").n_unique().over("country", "year") == 1)
        .select("country", "year", "ccode")
        .unique()
    )


def _nearest(name: str, known: set[str]) -> str | None:
    """Return the normal form of a name, without a part in brackets or an inner article where only that form is known."""
    plain = names.normal(name)
    bare = names.normal(name.split("(", maxsplit=1)[0])
    inner = {n.replace(" the ", " "): n for n in known}
    return next((n for n in (plain, bare, inner.get(plain), inner.get(bare)) if n in known), None)


def add_pledge_similarity(
    frame: Panel | IntoFrame, *, measures: Sequence[str] = ("s_abs", "kappa", "pi", "tau_b"), weights: Literal["cinc"] | None = None,
    at: At = "year", data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return the panel with how alike two states' portfolios of ATOP pledges are: ``pledge_<measure>``.

    A state's tie to another has level 3 for defence or offence, 2 for neutrality or non-aggression, 1 for consultation, 0 for none, and 3 to itself;
    of the two directions the greater counts. All members of the system in the year are third states. Null outside the data's years.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years with COW codes.
    measures : sequence of str
        Some of ``s_abs, s_sq, kappa, pi, tau_b``.
    weights : {"cinc"}, optional
        Weigh third states by capability; states whose capability is unknown are left out then.
    at : {"year", "jan1"}
        As of `add_atop_alliance`.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has the columns.
    ParameterError
        Another measure, or other weights.

    References
    ----------
    [Hage2011]_, [SignorinoRitter1999]_
    """
    check_at(at)
    if weights not in {None, "cinc"}:
        raise parameter("weights", weights, "'cinc' or None")
    panel = Panel.of(frame, data_dir)
    need(panel, *DYADIC)
    wanted = _measures(measures)
    told = {f"pledge_{m}": panel.origin("atop5_1m", MEASURES[m] + ", of portfolios of pledges") for m in wanted}
    years = derived(
        panel,
        ["atop5_1m", "cow_states", "cow_nmc"],
        _pledge_years,
        wanted,
        weights,
        at,
        told[f"pledge_{wanted[0]}"].last_year,
    )

    def build(rows: Rows) -> pl.DataFrame:
        return take(years, rows.pairs(years, directed=False, what="pledges"), {c: c for c in told})

    return panel.add(told, build)


def _pledge_years(
    members: pl.DataFrame,
    states: pl.DataFrame,
    capabilities: pl.DataFrame,
    wanted: tuple[str, ...],
    weights: str | None,
    at: At,
    last_year: int,
) -> pl.DataFrame:
    """Return the similarity of portfolios of each undirected pair of members by year."""
    import polars as pl

    ties = pledge_levels(members, last_year, at, "cow")
    share = dict(zip(capabilities.select("ccode", "year").iter_rows(), capabilities["cinc"].to_list(), strict=True))
    parts = []
    for year, codes, levels in portfolio_years(ties, members_by_year(states)):
        weigh = None
        if weights == "cinc":
            weigh = np.array([share.get((int(c), year)) or 0.0 for c in codes])
        parts.append(_pairs_of(year, codes, levels, 4, wanted, {}, prefix="pledge_", weights=weigh))
    return pl.concat(parts).filter(pl.col("year") <= last_year)
