"""Wars of pairs and of states by the Correlates of War, armed conflicts by UCDP, and who took part in a war."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.panel.panel import DYADIC, Panel, Rows, derived, need, state_columns, take, zero_inside
from foedus.panel.unit import Unit

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl
    from narwhals.typing import IntoFrame

DETAILS = {
    "warnum": "number of the war; of several one that begins, and of these the deadliest between the two",
    "sidea1": "side of state 1, 1 or 2", "sidea2": "side of state 2, 1 or 2",
    "initiator1": "1 if state 1 began the war", "initiator2": "1 if state 2 began the war", "outcome1": "outcome for state 1, 1 to 8",
    "outcome2": "outcome for state 2, 1 to 8", "batdeath1": "battle deaths of state 1", "batdeath2": "battle deaths of state 2",
    "resume": "1 if fighting that resumed after a break",
}  # fmt: skip
WITHIN = {
    "warnum": "number of the war; of several one that begins, and of these the deadliest", "warname": "its name",
    "wartype": "central control or local issues", "resume_combat": "1 if fighting that resumed after a break",
    "intnl": "1 if another state took part", "outcome": "outcome, 1 side A (the state) won to 7 below war level",
    "sideadeaths": "deaths of the state's side", "sidebdeaths": "deaths of the other side", "intrawarnums": "numbers of all its wars of the year",
}  # fmt: skip
CONFLICT = {
    "ucdpongoing": "1 if an armed conflict of the state goes on", "ucdponset": "1 if one begins",
    "n_conflicts": "armed conflicts of the state",
}  # fmt: skip
CONFLICTS = {
    "maxintensity": "1 from 25 deaths, 2 from 1,000; the highest",
    "conflict_ids": "numbers of these conflicts",
}
ONSETS = {"sumnewconf": "new conflicts"} | {
    f"sumonset{k}": f"conflict episodes that began after {k} or more quiet years" for k in (1, 2, 3, 5, 10)
}
TROOPS = {
    "troops_for": "1 if state 1 has troops in a conflict on the side of state 2's government",
    "troops_against": "1 if state 1 has troops in a conflict on the side of those who fight state 2's government",
}


def add_cow_wars(
    frame: Panel | IntoFrame, type: Literal["inter", "intra"] = "inter", *,
    intratype: Literal["all", "central control", "local issues"] = "all", data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return the panel with wars, 1816-2007: between the two of a pair, or of each state, with others or within.

    ``cowinteronset, cowinterongoing`` and, of pairs, sides, initiators, outcomes and battle deaths; ``cowintraonset, cowintraongoing`` of states that
    fight a war within their territory, and what describes it. 0 where there is none, null outside the years; what describes a war is null where
    there is none.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years or state-years with COW codes; intra-state wars of state-years only.
    type : {"inter", "intra"}
        Wars between states, or within one.
    intratype : {"all", "central control", "local issues"}
        Which wars within a state.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, or has the columns.
    ParameterError
        Another ``type`` or ``intratype``.

    References
    ----------
    [Sarkees2010]_
    """
    if type not in {"inter", "intra"}:
        raise parameter("type", type, "'inter' or 'intra'")
    if intratype not in {"all", "central control", "local issues"}:
        raise parameter("intratype", intratype, "'all', 'central control' or 'local issues'")
    panel = Panel.of(frame, data_dir)
    if type == "intra":
        need(panel, "state_year")
        text = {
            "cowintraonset": "1 if a war within the state begins",
            "cowintraongoing": "1 if a war within the state goes on",
        }
        last_year = panel.folder().provenance("cow_war_intra").last_year
        table = derived(panel, ["cow_war_intra"], _intra, intratype, last_year)
        flagged = state_columns(panel, "cow_war_intra", text, table, absent="no war", zero=True)
        return state_columns(flagged, "cow_war_intra", WITHIN, table, absent="no war")
    need(panel, "state_year", *DYADIC)
    if panel.unit.kind == "state_year":
        text = {
            "cowinteronset": "1 if a war between states begins for it",
            "cowinterongoing": "1 if at war with another state",
        }
        return state_columns(
            panel, "cow_war_inter", text, derived(panel, ["cow_war_inter"], _inter), absent="no war", zero=True
        )
    table = derived(panel, ["cow_war_inter"], _inter_pairs)
    flags = {
        "cowinteronset": panel.origin("cow_war_inter", "1 if a war between the two begins", absent="no war"),
        "cowinterongoing": panel.origin("cow_war_inter", "1 if the two are at war", absent="no war"),
    }
    told = flags | {c: panel.origin("cow_war_inter", text, absent="no war") for c, text in DETAILS.items()}

    def build(rows: Rows) -> pl.DataFrame:
        import polars as pl

        found = rows.pairs(table, directed=True, what="cow_war_inter")
        flagged = zero_inside(take(table, found, {c: c for c in flags}), rows.covered(told["cowinteronset"]))
        return pl.concat([flagged, take(table, found, {c: c for c in DETAILS})], how="horizontal")

    return panel.add(told, build)


def _inter_pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one war of each directed pair and year, one that begins before others and then the deadliest, and whether any begins or goes on."""
    import polars as pl

    keys = ["ccode1", "ccode2", "year"]
    deaths = pl.col("batdeath1").fill_null(0) + pl.col("batdeath2").fill_null(0)
    return (
        rows.sort(*keys, ~pl.col("cowinteronset"), -deaths, "warnum")
        .with_columns(pl.col("cowinteronset", "cowinterongoing").any().over(keys))
        .unique(keys, keep="first", maintain_order=True)
        .with_columns(pl.col(pl.Boolean).cast(pl.Int32))
    )


def _inter(rows: pl.DataFrame) -> pl.DataFrame:
    """Return whether each state is in an inter-state war, by year."""
    import polars as pl

    return rows.group_by(pl.col("ccode1").alias("ccode"), "year").agg(
        pl.col("cowinteronset", "cowinterongoing").any().cast(pl.Int32)
    )


def _intra(rows: pl.DataFrame, intratype: str, last_year: int) -> pl.DataFrame:
    """Return whether each state has a war within it, by year: the state on either side that is marked as the one at war with itself."""
    import polars as pl

    keys = ["ccode", "year"]
    kept = rows.filter(
        pl.col("primary_state"), (pl.col("wartype") == intratype) | (intratype == "all"), pl.col("year") <= last_year
    )
    deaths = pl.col("sideadeaths").fill_null(0) + pl.col("sidebdeaths").fill_null(0)
    return (
        kept.drop_nulls("ccodea")
        .rename({"ccodea": "ccode"})
        .sort(*keys, ~pl.col("cowintraonset"), -deaths, "warnum")
        .with_columns(
            pl.col("cowintraonset", "cowintraongoing").any().over(keys),
            pl.col("warnum").sort().cast(pl.String).str.join("; ").over(keys).alias("intrawarnums"),
        )
        .unique(keys, keep="first", maintain_order=True)
        .with_columns(pl.col(pl.Boolean).cast(pl.Int32))
    )


def create_war_participants(*, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Panel:
    """Return one row per participation of a state in an inter-state war, 1816-2007.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    Panel
        ``warnum, name, ccode, side, start, end, days, order, joiner, year``: ``days`` of fighting, both counted; ``order`` of entry in the war, 1
        being the first day; ``joiner`` 1 who came later; ``year`` of entry, so that columns of state-years can be added.

    References
    ----------
    [Sarkees2010]_
    """
    import polars as pl

    store = DataDir.of(data_dir)
    rows = store.table("cow_wars")
    start = pl.col("start")
    frame = (
        rows.select(
            "warnum", "name", "ccode", "side", "start", "end",
            ((pl.col("end") - start).dt.total_days() + 1).cast(pl.Int32).alias("days"),
            start.rank("dense").over("warnum").cast(pl.Int32).alias("order"),
            (start > start.min().over("warnum")).cast(pl.Int32).alias("joiner"),
            start.dt.year().cast(pl.Int32).alias("year"),
        )
        .sort("warnum", "start", "ccode")
    )  # fmt: skip
    panel = Panel(frame, Unit("war_participant", "cow", ("warnum", "ccode", "start")), {}, store)
    origin = panel.origin("cow_wars", "who fought whom, from when to when", absent="no inter-state war")
    panel.__dict__["origins"] = dict.fromkeys([c for c in frame.columns if c != "year"], origin)
    return panel


def add_ucdp_acd(
    frame: Panel | IntoFrame, *, type: str | Sequence[str] | None = None, issue: str | Sequence[str] | None = None, only_wars: bool = False,
    quiet: int | None = None, data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return the panel with armed conflicts of each state by UCDP/PRIO, from 1946.

    The columns are ``ucdpongoing, ucdponset, n_conflicts, maxintensity, conflict_ids``. A state has a conflict if its government is a primary party
    on side A or on side B. ``ucdponset`` is the first year of the conflict for that state; with ``quiet``, also a year after so many years without
    it. 0 where there is none, null outside the data's years; ``maxintensity`` and ``conflict_ids`` describe conflicts: null where there is none.

    Parameters
    ----------
    frame : Panel or any frame
        State-years with Gleditsch-Ward codes (``add_gwcode`` adds them).
    type : str or sequence of str, optional
        ``extrasystemic, interstate, intrastate`` or ``II`` (internationalised intrastate); several as a list or separated by commas; all by default.
    issue : str or sequence of str, optional
        ``territory``, ``government`` or ``both``; several as a list or separated by commas.
    only_wars : bool
        Only years of at least 1,000 battle-related deaths.
    quiet : int, optional
        Years without the conflict after which its return is an onset too.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, has no Gleditsch-Ward codes, or has the columns.
    ParameterError
        Another ``type``, ``issue`` or ``quiet``.

    References
    ----------
    [Gleditsch2002]_
    """
    kinds = _listed("type", type, ("extrasystemic", "interstate", "intrastate", "II"))
    issues = _listed("issue", issue, ("territory", "government", "both"))
    if quiet is not None and quiet < 1:
        raise parameter("quiet", quiet, "a number of years from 1")
    panel = Panel.of(frame, data_dir)
    need(panel, "state_year")
    table = derived(panel, ["ucdp_acd"], _conflicts, kinds, issues, only_wars, quiet)
    counted = state_columns(panel, "ucdp_acd", CONFLICT, table, scheme="gw", absent="no armed conflict", zero=True)
    return state_columns(counted, "ucdp_acd", CONFLICTS, table, scheme="gw", absent="no armed conflict")


def _listed(name: str, given: str | Sequence[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a list or of a text with commas, all known ones where it is None."""
    words = (
        known if given is None else tuple(w.strip() for w in (given.split(",") if isinstance(given, str) else given))
    )
    unknown = [w for w in words if w not in known]
    if unknown:
        raise parameter(name, ", ".join(unknown), f"some of {', '.join(known)}")
    return words


def _conflicts(
    rows: pl.DataFrame, kinds: tuple[str, ...], issues: tuple[str, ...], only_wars: bool, quiet: int | None
) -> pl.DataFrame:  # fmt: skip
    """Return the conflicts of each state by year."""
    import polars as pl

    kept = rows.filter(
        pl.col("type_of_conflict").is_in(kinds)
        & pl.col("incompatibility").is_in(issues)
        & ((pl.col("intensity_level") == 2) | (not only_wars))
    )
    sides = [
        kept.select("conflict_id", "year", "intensity_level", pl.col(c).alias("gwcode")) for c in ("gwno_a", "gwno_b")
    ]
    party = (
        pl.concat(sides)
        .drop_nulls("gwcode")
        .group_by("conflict_id", "gwcode", "year")
        .agg(pl.col("intensity_level").max())
    )
    before = pl.col("year").shift(1).over(["conflict_id", "gwcode"], order_by="year")
    again = (pl.col("year") - before > quiet) if quiet is not None else pl.lit(value=False)
    return (
        party.sort("conflict_id", "gwcode", "year")
        .with_columns((before.is_null() | again).alias("new"))
        .group_by("gwcode", "year")
        .agg(
            pl.lit(1, dtype=pl.Int32).first().alias("ucdpongoing"), pl.col("new").any().cast(pl.Int32).alias("ucdponset"),
            pl.col("intensity_level").max().alias("maxintensity"), pl.col("conflict_id").n_unique().cast(pl.Int32).alias("n_conflicts"),
            pl.col("conflict_id").unique().sort().cast(pl.String).str.join("; ").alias("conflict_ids"),
        )
    )  # fmt: skip


def add_ucdp_onsets(frame: Panel | IntoFrame, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Panel:
    """Return the panel with UCDP's own counts of conflict onsets by state, 1946-2017; null in other years.

    ``sumnewconf`` and ``sumonset1, sumonset2, sumonset3, sumonset5, sumonset10``.

    Parameters
    ----------
    frame : Panel or any frame
        State-years with Gleditsch-Ward codes.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, has no Gleditsch-Ward codes, or has the columns.
    """
    panel = Panel.of(frame, data_dir)
    need(panel, "state_year")
    return state_columns(panel, "ucdp_onsets", ONSETS, panel.folder().table("ucdp_onsets"), scheme="gw")


def add_ucdp_interventions(
    frame: Panel | IntoFrame, *, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:
    """Return the panel with troops that the first state of a pair has in armed conflicts of the second, from 1946: ``troops_for, troops_against``.

    Secondary warring parties of UCDP/PRIO: regular troops that take an active part. Arms, money and sanctuary are not in the data. 0 where there are
    none, null outside the data's years.

    Parameters
    ----------
    frame : Panel or any frame
        Directed dyad-years with Gleditsch-Ward codes.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, has no Gleditsch-Ward codes, or has the columns.
    """
    panel = Panel.of(frame, data_dir)
    need(panel, "dyad_year")
    table = derived(panel, ["ucdp_acd"], _interventions)
    told = {c: panel.origin("ucdp_acd", text, absent="no troops") for c, text in TROOPS.items()}

    def build(rows: Rows) -> pl.DataFrame:
        found = rows.pairs(table, "gw", directed=True, what="ucdp_acd")
        return zero_inside(take(table, found, {c: c for c in TROOPS}), rows.covered(told["troops_for"]))

    return panel.add(told, build)


def _interventions(rows: pl.DataFrame) -> pl.DataFrame:
    """Return which state has troops for or against the government of which other, by year."""
    import polars as pl

    def with_troops(troops: str, government: str, *, helps: bool) -> pl.DataFrame:
        return rows.select(
            pl.col(troops).alias("gwcode1"), pl.col(government).alias("gwcode2"), "year",
            pl.lit(helps).alias("troops_for"), pl.lit(not helps).alias("troops_against"),
        ).drop_nulls(["gwcode1", "gwcode2"])  # fmt: skip

    parts = [
        with_troops("gwno_a_2nd", "gwno_a", helps=True), with_troops("gwno_b_2nd", "gwno_b", helps=True),
        with_troops("gwno_b_2nd", "gwno_a", helps=False), with_troops("gwno_a_2nd", "gwno_b", helps=False),
    ]  # fmt: skip
    both = pl.concat(parts).filter(pl.col("gwcode1") != pl.col("gwcode2"))
    return both.group_by("gwcode1", "gwcode2", "year").agg(pl.col("troops_for", "troops_against").any().cast(pl.Int32))


def add_armed_groups(frame: Panel | IntoFrame, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Panel:
    """Return the panel with the armed groups that fight each state's government, 1946-2019: ``n_groups, groups, n_group_sponsors``.

    Groups on side B of UCDP/PRIO conflicts of at least 25 deaths in the year.
    ``n_group_sponsors`` counts states with troops on the groups' side; arms, money and sanctuary are not in the data: a lower bound of sponsorship.

    Parameters
    ----------
    frame : Panel or any frame
        State-years with Gleditsch-Ward codes.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, has no Gleditsch-Ward codes, or has the columns.

    References
    ----------
    [Gleditsch2002]_
    """
    panel = Panel.of(frame, data_dir)
    need(panel, "state_year")
    table = derived(panel, ["ucdp_conflicts"], _groups)
    counts = {
        "n_groups": "armed groups that fight the government",
        "n_group_sponsors": "states with troops on the groups' side",
    }
    grown = state_columns(panel, "ucdp_conflicts", counts, table, scheme="gw", absent="no armed conflict", zero=True)
    return state_columns(
        grown, "ucdp_conflicts", {"groups": "their names"}, table, scheme="gw", absent="no armed conflict"
    )


def _groups(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the groups that fight each government by year."""
    import polars as pl

    within = rows.filter(pl.col("gw_b").is_null())
    listed = within.with_columns(pl.col("gw_a").cast(pl.String).str.split(", "), pl.col("side_b").str.split(", "))
    fought = listed.explode("gw_a", empty_as_null=True).explode("side_b", empty_as_null=True)
    fought = fought.with_columns(pl.col("gw_a").cast(pl.Int32).alias("gwcode"))
    helped = fought.with_columns(pl.col("gw_b_2nd").str.split(", "))
    return helped.drop_nulls("gwcode").group_by("gwcode", "year").agg(
        pl.col("side_b").n_unique().cast(pl.Int32).alias("n_groups"), pl.col("side_b").unique().sort().str.join("; ").alias("groups"),
        pl.col("gw_b_2nd").list.explode(empty_as_null=True).drop_nulls().n_unique().cast(pl.Int32).alias("n_group_sponsors"),
    )  # fmt: skip
