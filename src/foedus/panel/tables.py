"""Columns that are one look into one yearly table: democracy, wealth, trade, organisations, terrain, groups, territorial threat, codes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from foedus.errors import DataError, message
from foedus.panel.distance import least_of_state
from foedus.panel.keep import kept
from foedus.panel.panel import DYADIC, At, Panel, Rows, check_at, derived, need, state_columns, take
from foedus.panel.unit import CODE

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl
    from narwhals.typing import IntoFrame

    from foedus.data.store import DataDir
    from foedus.panel.unit import SchemeName

    Folder = DataDir | str | os.PathLike[str] | None

DEMOCRACY = {
    "euds": "extended unified democracy score", "aeuds": "extended unified democracy score with its cut-point at 0",
    "polity2": "Polity2, -10 to 10", "v2x_polyarchy": "V-Dem electoral democracy, 0 to 1",
}  # fmt: skip
WEALTH = {
    "mrgdppc": "gross domestic product per head, 2011 US dollars, mean of simulations", "sd_mrgdppc": "its standard deviation",
    "pwtrgdp": "gross domestic product, millions of 2011 US dollars, mean of simulations", "sd_pwtrgdp": "its standard deviation",
    "pwtpop": "population, millions, mean of simulations", "sd_pwtpop": "its standard deviation",
}  # fmt: skip
MEMBERSHIPS = {
    "sum_igo_full": "organisations of which the state is a full member", "sum_igo_associate": "of which it is an associate member",
    "sum_igo_observer": "in which it is an observer", "sum_igo_anytype": "to which it belongs in any way",
}  # fmt: skip
THREAT = {
    "lterrthreat": "latent territorial threat", "sd": "its standard deviation", "lwr": "its lower bound",
    "upr": "its upper bound",
    "m_lterrthreat": "latent territorial threat by the rescaled model", "m_sd": "its standard deviation",
    "m_lwr": "its lower bound", "m_upr": "its upper bound",
}  # fmt: skip
GROUPS = {
    "ethfrac": "ethnic fractionalization, 0 to 1", "ethpol": "ethnic polarization, 0 to 1",
    "relfrac": "religious fractionalization, 0 to 1", "relpol": "religious polarization, 0 to 1",
}  # fmt: skip
TERRAIN = {
    "rugged": "ruggedness of the terrain, hundreds of metres",
    "newlmtnest": "log of the percentage of mountains, plus one",
}
FLOWS = {
    "flow1": "imports of state 1 from state 2, millions of current US dollars",
    "flow2": "imports of state 2 from state 1, millions of current US dollars",
    "smoothflow1": "the same as flow1, smoothed by the publisher", "smoothflow2": "the same as flow2, smoothed by the publisher",
}  # fmt: skip


def add_democracy(frame: Panel | IntoFrame, *, keep: Sequence[str] | None = None, data_dir: Folder = None) -> Panel:
    """Return the panel with measures of each state's democracy: ``euds, aeuds, polity2, v2x_polyarchy``.

    Point estimates; null where a measure has none. Columns end in 1 and 2 where a row has two states.

    Parameters
    ----------
    frame : Panel or any frame
        Units with years and the codes of the panel's own list of states.
    keep : sequence of str, optional
        Some of the four.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no codes, or has the columns.
    ParameterError
        ``keep`` names another column.

    References
    ----------
    [Marquez2016]_
    """
    panel = Panel.of(frame, data_dir)
    source = f"{'cw' if panel.unit.system == 'cow' else 'gw'}_democracy"
    table = derived(panel, [source], _polyarchy)
    return state_columns(panel, source, kept(DEMOCRACY, keep), table, scheme=panel.unit.system)


def _polyarchy(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with V-Dem's own name for its index."""
    return table.rename({"polyarchy": "v2x_polyarchy"})


def add_sim_gdp_pop(frame: Panel | IntoFrame, *, keep: Sequence[str] | None = None, data_dir: Folder = None) -> Panel:
    """Return the panel with product and population of each state, each with the standard deviation across its simulations.

    Parameters
    ----------
    frame : Panel or any frame
        Units with years and the codes of the panel's own list of states.
    keep : sequence of str, optional
        Some of ``mrgdppc, sd_mrgdppc, pwtrgdp, sd_pwtrgdp, pwtpop, sd_pwtpop``.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no codes, or has the columns.
    ParameterError
        ``keep`` names another column.

    References
    ----------
    [Fariss2022]_
    """
    panel = Panel.of(frame, data_dir)
    source = f"{'cw' if panel.unit.system == 'cow' else 'gw'}_gdppop"
    table = panel.folder().table(source)
    return state_columns(panel, source, kept(WEALTH, keep), table, scheme=panel.unit.system)


def add_latent_territorial_threat(
    frame: Panel | IntoFrame, *, keep: Sequence[str] | None = None, data_dir: Folder = None
) -> Panel:
    """Return the panel with the latent territorial threat to each state, 1816-2010, and its interval.

    Parameters
    ----------
    frame : Panel or any frame
        Units with COW codes and years.
    keep : sequence of str, optional
        Some of ``lterrthreat, sd, lwr, upr, m_lterrthreat, m_sd, m_lwr, m_upr``.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no COW codes, or has the columns.
    ParameterError
        ``keep`` names another column.

    References
    ----------
    [Miller2022]_
    """
    panel = Panel.of(frame, data_dir)
    return state_columns(panel, "terrthreat", kept(THREAT, keep), panel.folder().table("terrthreat"))


def add_rugged_terrain(frame: Panel | IntoFrame, *, data_dir: Folder = None) -> Panel:
    """Return the panel with each state's terrain, ``rugged`` and ``newlmtnest``: one value for all years, as the source has it.

    Parameters
    ----------
    frame : Panel or any frame
        Units with the codes of the panel's own list of states.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no codes, or has the columns.

    References
    ----------
    [Nunn2012]_
    """
    import polars as pl

    panel = Panel.of(frame, data_dir)
    scheme = panel.unit.system
    table = derived(panel, ["rugged"], _by_code, CODE[scheme])
    told = {f"{c}{side}": panel.origin("rugged", text) for side in panel.unit.sides for c, text in TERRAIN.items()}

    def build(rows: Rows) -> pl.DataFrame:
        return pl.concat(
            [
                take(table, rows.find([rows.code(side, scheme)], [table[CODE[scheme]].to_numpy()], "rugged"), {f"{c}{side}": c for c in TERRAIN})
                for side in panel.unit.sides
            ],
            how="horizontal",
        )  # fmt: skip

    return panel.add(told, build)


def _by_code(table: pl.DataFrame, code: str) -> pl.DataFrame:
    """Return the rows that have a code, one for each."""
    return table.drop_nulls(code).unique(code, keep="first", maintain_order=True)


def add_creg_fractionalization(frame: Panel | IntoFrame, *, data_dir: Folder = None) -> Panel:
    """Return the panel with ethnic and religious fractionalization and polarization of each state, 1945-2013.

    In 1991 and 1992 the source has the old and the new state under the codes of Russia and Yugoslavia: the more divided one, the old, is taken.

    Parameters
    ----------
    frame : Panel or any frame
        Units with years and the codes of the panel's own list of states.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no codes, or has the columns.
    """
    panel = Panel.of(frame, data_dir)
    table = derived(panel, ["creg"], _state_years, CODE[panel.unit.system], ("ethfrac", "relfrac", "ethpol", "relpol"))
    return state_columns(panel, "creg", GROUPS, table, scheme=panel.unit.system)


def add_ethnic_fractionalization(frame: Panel | IntoFrame, *, data_dir: Folder = None) -> Panel:
    """Return the panel with ``efindex``, the historical index of ethnic fractionalization of each state, 1945-2013.

    Parameters
    ----------
    frame : Panel or any frame
        Units with years and the codes of the panel's own list of states.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no codes, or has the column.
    """
    panel = Panel.of(frame, data_dir)
    table = derived(panel, ["hief"], _state_years, CODE[panel.unit.system], ("efindex",))
    return state_columns(
        panel, "hief", {"efindex": "ethnic fractionalization, 0 to 1"}, table, scheme=panel.unit.system
    )


def _state_years(table: pl.DataFrame, code: str, measures: Sequence[str]) -> pl.DataFrame:
    """Return one row per code and year; where a code has two, as the Soviet Union and Russia in 1991, what is known, and the more divided of both."""
    import polars as pl

    keys = [code, "year"]
    known = table.drop_nulls(code).with_columns(pl.col(m).fill_null(pl.col(m).max().over(keys)) for m in measures)
    most = known.sort(measures, descending=True, nulls_last=True, maintain_order=True)
    return most.unique(keys, keep="first", maintain_order=True).sort(keys)


def add_igos(frame: Panel | IntoFrame, *, data_dir: Folder = None) -> Panel:
    """Return the panel with shared memberships of a pair, ``dyadigos``, or a state's memberships by kind, 1816-2014.

    Parameters
    ----------
    frame : Panel or any frame
        Units with COW codes and years.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no COW codes, or has the columns.

    References
    ----------
    [Pevehouse2020]_
    """
    panel = Panel.of(frame, data_dir)
    if panel.unit.kind not in DYADIC:
        return state_columns(panel, "cow_igo_sy", MEMBERSHIPS, panel.folder().table("cow_igo_sy"))
    table = panel.folder().table("cow_igo_ndy")
    told = {"dyadigos": panel.origin("cow_igo_ndy", "organisations of which both are full members")}

    def build(rows: Rows) -> pl.DataFrame:
        return take(table, rows.pairs(table, directed=False, what="cow_igo_ndy"), {"dyadigos": "dyadigos"})

    return panel.add(told, build)


def add_cow_trade(frame: Panel | IntoFrame, *, data_dir: Folder = None) -> Panel:
    """Return the panel with the trade of a pair, ``flow1, flow2, smoothflow1, smoothflow2``, or of a state, ``imports, exports``, 1870-2014.

    Millions of current US dollars. ``flow1`` is what state 1 imports from state 2, in either order of the pair.

    Parameters
    ----------
    frame : Panel or any frame
        Units with COW codes and years.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no COW codes, or has the columns.

    References
    ----------
    [Barbieri2009]_
    """
    panel = Panel.of(frame, data_dir)
    if panel.unit.kind not in DYADIC:
        text = {
            "imports": "imports, millions of current US dollars",
            "exports": "exports, millions of current US dollars",
        }
        return state_columns(panel, "cow_trade_sy", text, panel.folder().table("cow_trade_sy"))
    table = derived(panel, ["cow_trade_dyads"], _flows)
    told = {c: panel.origin("cow_trade_dyads", text) for c, text in FLOWS.items()}

    def build(rows: Rows) -> pl.DataFrame:
        return take(table, rows.pairs(table, directed=True, what="cow_trade_dyads"), {c: c for c in FLOWS})

    return panel.add(told, build)


def _flows(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table of trade with the publisher's names of its flows."""
    return table.rename(
        {
            "imports": "flow1",
            "imports_back": "flow2",
            "imports_smooth": "smoothflow1",
            "imports_back_smooth": "smoothflow2",
        }
    )


def add_minimum_distance(frame: Panel | IntoFrame, *, at: At = "year", data_dir: Folder = None) -> Panel:
    """Return the panel with ``mindist``, km between the nearest points of the two territories, 1886-2019.

    Of states ``minmindist``, the least of its distances to the other members of the year.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years or state-years with the codes of the panel's own list of states.
    at : {"year", "jan1"}
        The first distance of the year, which a state born during it has too, or that of 1 January. With Gleditsch-Ward codes there is only the
        table of 1 January, and both are the same.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, or has the column.

    References
    ----------
    [Schvitz2022]_
    """
    check_at(at)
    panel = Panel.of(frame, data_dir)
    need(panel, "state_year", *DYADIC)
    if panel.unit.kind == "state_year":
        return least_of_state(panel, partial(add_minimum_distance, at=at), "mindist", "km to the nearest other member")
    scheme = panel.unit.system
    source = "cow_mindist_plus" if scheme == "cow" and at == "year" else f"{scheme}_mindist"
    table = derived(panel, [source], _first_of_year) if source == "cow_mindist_plus" else panel.folder().table(source)
    told = {"mindist": panel.origin(source, "km between the nearest points of the two territories")}

    def build(rows: Rows) -> pl.DataFrame:
        return take(table, rows.pairs(table, scheme, directed=False, what=source), {"mindist": "mindist"})

    return panel.add(told, build)


def _first_of_year(table: pl.DataFrame) -> pl.DataFrame:
    """Return the first known distance of each undirected pair and year; the table is in the order of pair, year and day."""
    import polars as pl

    keys = ["ccode1", "ccode2", "year"]
    known = table.select(*keys, "mindist").filter(
        (pl.col("ccode1") < pl.col("ccode2")) & pl.col("mindist").is_not_null()
    )
    return known.filter(pl.any_horizontal(pl.col(k) != pl.col(k).shift(1) for k in keys).fill_null(value=True))


def add_gwcode(frame: Panel | IntoFrame, *, data_dir: Folder = None) -> Panel:
    """Return the panel with the Gleditsch-Ward code of each COW code in that year; null where that list has no such state.

    Parameters
    ----------
    frame : Panel or any frame
        Units with COW codes.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no COW codes, or has the columns.
    """
    return _add_codes(Panel.of(frame, data_dir), "cow", "gw")


def add_ccode(frame: Panel | IntoFrame, *, data_dir: Folder = None) -> Panel:
    """Return the panel with the COW code of each Gleditsch-Ward code in that year; null where the state is no member of that system.

    Parameters
    ----------
    frame : Panel or any frame
        Units with Gleditsch-Ward codes.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no Gleditsch-Ward codes, or has the columns.
    """
    return _add_codes(Panel.of(frame, data_dir), "gw", "cow")


def _add_codes(panel: Panel, have: SchemeName, want: SchemeName) -> Panel:
    """Return the panel with the codes of the other list."""
    if panel.unit.kind == "state_day":
        hint = (
            "a code changes on a day and the table of both lists is by year: make the panel with the other list's codes"
        )
        raise DataError(
            message("Codes of the other list by day", got=f"a panel of {panel.unit}", expected="years", hint=hint)
        )
    source = f"{'cw_gw' if have == 'cow' else 'gw_cw'}_panel"
    table = derived(panel, [source], _one_code, CODE[have], CODE[want])
    text = {CODE[want]: f"{'Gleditsch-Ward' if want == 'gw' else 'Correlates of War'} code in that year"}
    return state_columns(panel, source, text, table, scheme=have, absent="no such state in the other list")


def _one_code(table: pl.DataFrame, have: str, want: str) -> pl.DataFrame:
    """Return the code of the other list by code and year; where a year has two, the one equal to the code, else the lower."""
    import polars as pl

    known = table.drop_nulls([have, want]).select(have, "year", want)
    return known.sort(have, "year", pl.col(have) != pl.col(want), want).unique(
        [have, "year"], keep="first", maintain_order=True
    )
