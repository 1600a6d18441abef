"""`similarity`: how alike the ties of every two states are, by every measure in use, for one year or for all since 1816.

What is compared is a state's portfolio: its level of alliance with every member of the system, or its votes. Observed, not estimated: given the data
sets each number is exact, and what it says about interests is the user's inference. Arithmetic is in `foedus.kernels.similarity`,
portfolios are those of the panel's ``add_pledge_similarity`` and ``add_un_similarity``. Measures no liking: two states with no allies at all agree
fully by S.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.kernels import similarity as kernel
from foedus.panel.affinity import vote_years
from foedus.panel.panel import At, check_at
from foedus.panel.portfolios import TOP, Portfolios, formal_levels, members_by_year, pledge_levels, portfolio_years
from foedus.power.similar import Compared, Similarity

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence

    import polars as pl
    from numpy.typing import NDArray

Ties = Literal["chiba", "pledge", "cow", "un"]
Weights = Literal["equal", "cinc"]
TIES: dict[str, tuple[tuple[str, ...], str]] = {
    "chiba": (("atop5_1m",), "ATOP pledges: 3 defence or offence, 2 neutrality or consultation, 1 non-aggression alone, 0 none"),
    "pledge": (("atop5_1m",), "ATOP pledges in COW's order: 3 defence or offence, 2 neutrality or non-aggression, 1 consultation, 0 none"),
    "cow": (("cow_alliances",), "COW formal alliances: 3 defence, 2 neutrality or non-aggression, 1 entente, 0 none"),
    "un": (("un_votes", "un_roll_calls"), "votes in the General Assembly: 2 yes, 1 abstention, 0 no; one missed is left out"),
}  # fmt: skip
"""What is compared: the data sets it needs and what its levels mean."""
UNWEIGHTED = frozenset({"tau_b"})
"""Measures that have no weighted form in use."""


def similarity(
    first: int | str, last: int | None = None, *, ties: Sequence[str] | None = None, measures: Sequence[str] = kernel.MEASURES,
    weights: Sequence[str] = ("equal", "cinc"), at: At = "year", data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Similarity:  # fmt: skip
    """Return the similarity of the portfolios of every two members of the system.

    Parameters
    ----------
    first : int or str
        A year, or a range such as ``"1816:2016"``.
    last : int, optional
        Last year, included; ``first`` alone by default.
    ties : sequence of str, optional
        Some of ``chiba`` and ``pledge`` (ATOP's pledges in two orders, see `TIES`), ``cow`` (COW's formal alliances) and ``un`` (votes). By default
        the first two, and ``cow`` where its file is there.
    measures : sequence of str
        Some of ``s_abs, s_sq, kappa, pi, tau_b, s_excess, kappa_nominal, pi_nominal``: S with absolute and squared distances, Cohen's kappa and
        Scott's pi with squared distances or nominal, Kendall's tau-b, and S less what independent margins would give.
    weights : sequence of str
        ``equal``, ``cinc`` or both: third states counted alike, or by their capability, renormalised over those whose capability is known. Votes and
        tau-b are not weighted.
    at : {"year", "jan1"}
        Ties and members of any day of a year, with its capabilities; or those of 1 January, with the capabilities of the year before.
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    Similarity
        Columns ``<ties>_<measure>`` and, weighted, ``<ties>_<measure>_cinc``; null outside a data set's years, and where a measure is undefined.

    Raises
    ------
    CoverageError
        A year without members, or none of ``ties`` covers any of the years.
    ParameterError
        Years in the wrong order, or an unknown name.
    DataError
        Data sets are missing.

    References
    ----------
    [SignorinoRitter1999]_, [Hage2011]_, [Chiba2015]_, [BenatiCapurri2026]_

    Examples
    --------
    >>> fd.similarity(1816, 2016).pair("FRN", "GMY")  # doctest: +SKIP
    """
    start, end = years_of(first, last)
    check_at(at)
    _known("measures", measures, kernel.MEASURES)
    _known("weights", weights, get_args(Weights))
    store = DataDir.of(data_dir)
    chosen = tuple(ties) if ties else ("chiba", "pledge", *(() if store.missing(["cow_alliances"]) else ("cow",)))
    _known("ties", chosen, TIES)
    weighted = "cinc" in weights and any(t != "un" for t in chosen)
    needed = ["cow_states", "cow_majors", *(s for t in chosen for s in TIES[t][0]), *(["cow_nmc"] if weighted else [])]
    store.require(*dict.fromkeys(needed))
    members = _members(store, start, end, at)
    compared = [_compared(store, t) for t in chosen]
    if all(c.last < start or c.first > end for c in compared):
        spans = "; ".join(f"{c.ties} {c.first}-{c.last}" for c in compared)
        raise CoverageError(
            message("Similarity is unknown in all of these years", got=f"{start}-{end}", expected=spans)
        )
    share = _shares(store, at) if weighted else None
    plan = {t: _columns(t, measures, weights) for t in chosen}
    sources = {t: {p.year: p for p in _portfolios(store, t, at, members)} for t in chosen}
    spans = {c.ties: range(c.first, c.last + 1) for c in compared}
    blocks = []
    for year, codes in members.items():
        one, two = np.triu_indices(len(codes), 1)
        columns: dict[str, NDArray[np.float64]] = {}
        for t in chosen:
            found = sources[t].get(year) if year in spans[t] else None
            columns |= _of_year(t, found, codes, (one, two), plan[t], None if share is None else share.get(year))
        blocks.append(_block(year, codes, one, two, columns))
    return Similarity(_joined(blocks), (start, end), at, tuple(compared), _names(store), _majors(store, at))


def years_of(first: int | str, last: int | None) -> tuple[int, int]:
    """Return both ends of a range of years: two numbers, one, or a text such as ``"1816:2016"``.

    Raises
    ------
    ParameterError
        No year, or the last before the first.

    Examples
    --------
    >>> years_of("1816:2016", None), years_of(1914, None)
    ((1816, 2016), (1914, 1914))
    """
    ends = str(first).split(":") if last is None else [str(first), str(last)]
    if not 1 <= len(ends) <= 2 or not all(e.isascii() and e.isdecimal() and len(e) == 4 for e in ends):
        raise parameter(
            "years", first if last is None else f"{first}:{last}", "a year or two, such as 1914 or 1816:2016"
        )
    start, end = int(ends[0]), int(ends[-1])
    if end < start:
        raise parameter("years", f"{start}:{end}", "a last year not before the first")
    return start, end


def _known(name: str, given: Sequence[str], allowed: Iterable[str]) -> None:
    """Raise where a name is not one of those allowed, or none is given."""
    allowed = tuple(allowed)
    unknown = [g for g in given if g not in allowed] if not isinstance(given, str) else [given]
    if unknown or not given:
        raise parameter(name, ", ".join(unknown) or "none", f"some of {', '.join(allowed)}")


def _members(store: DataDir, start: int, end: int, at: At) -> dict[int, NDArray[np.int64]]:
    """Return the members of each year asked for."""
    every = members_by_year(store.table("cow_states"), at)
    if not {start, end} <= set(every):
        raise CoverageError(
            message("The list of states does not cover these years", got=f"{start}-{end}", expected=f"{min(every)}-{max(every)}")
        )  # fmt: skip
    return {y: c for y, c in every.items() if start <= y <= end}


def _compared(store: DataDir, ties: str) -> Compared:
    """Return what is compared, from which file, in which years."""
    origin = store.provenance(TIES[ties][0][0])
    return Compared(ties, TIES[ties][1], f"{origin.spec.title} {origin.version}", max(origin.spec.first_year, 1816), origin.last_year)  # fmt: skip


def _portfolios(store: DataDir, ties: str, at: At, members: dict[int, NDArray[np.int64]]) -> Iterator[Portfolios]:
    """Yield the portfolios of each year."""
    if ties == "un":
        yield from vote_years(*(store.table(s) for s in ("un_votes", "un_roll_calls", "cow_states")))
        return
    source = TIES[ties][0][0]
    last = store.provenance(source).last_year
    table = store.table(source)
    owed = (
        formal_levels(table, last, at)
        if ties == "cow"
        else pledge_levels(table, last, at, "chiba" if ties == "chiba" else "cow")
    )
    yield from portfolio_years(owed, members)


def _columns(ties: str, measures: Sequence[str], weights: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Return the columns of one kind of ties: measure, and whether third states are weighted."""
    plain = {f"{ties}_{m}": (m, False) for m in measures} if "equal" in weights or ties == "un" else {}
    heavy = {f"{ties}_{m}_cinc": (m, True) for m in measures if m not in UNWEIGHTED}
    return plain | (heavy if "cinc" in weights and ties != "un" else {})


def _of_year(
    ties: str, found: Portfolios | None, codes: NDArray[np.int64], pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    columns: dict[str, tuple[str, bool]], share: dict[int, float] | None,
) -> dict[str, NDArray[np.float64]]:  # fmt: skip
    """Return the columns of one year, NaN where unknown."""
    if found is None:
        return {c: np.full(len(pairs[0]), np.nan) for c in columns}
    if ties == "un":
        rows = np.searchsorted(found.codes, codes).clip(max=len(found.codes) - 1)
        levels = np.where((found.codes[rows] == codes)[:, None], found.levels[rows], np.int8(-1))
    else:
        levels = found.levels
    n_levels = 3 if ties == "un" else TOP + 1
    tables: dict[bool, NDArray[np.float64]] = {}
    for weighted in {w for _, w in columns.values()}:
        weight = np.array([(share or {}).get(int(c), 0.0) for c in codes]) if weighted else None
        tables[weighted] = kernel.contingency(levels, n_levels, weight, pairs)
    return {c: kernel.measure(tables[w], m) for c, (m, w) in columns.items()}


def _shares(store: DataDir, at: At) -> dict[int, dict[int, float]]:
    """Return known capabilities by year of use and code."""
    out: dict[int, dict[int, float]] = {}
    known = store.table("cow_nmc").select("ccode", "year", "cinc").drop_nulls()
    for code, year, cinc in known.iter_rows():
        out.setdefault(year + (at == "jan1"), {})[code] = cinc
    return out


def _block(
    year: int, codes: NDArray[np.int64], one: NDArray[np.intp], two: NDArray[np.intp], columns: dict[str, NDArray[np.float64]]
) -> pl.DataFrame:  # fmt: skip
    """Return one year's rows."""
    import polars as pl

    code = codes.astype(np.int32)
    keys = {"ccode1": code[one], "ccode2": code[two], "year": np.full(len(one), year, dtype=np.int32)}
    return pl.DataFrame(keys | columns)


def _joined(blocks: list[pl.DataFrame]) -> pl.DataFrame:
    """Return all years, NaN as null."""
    import polars as pl

    return pl.concat(blocks).with_columns(pl.col(pl.Float64).fill_nan(None))


def _names(store: DataDir) -> dict[int, str]:
    """Return COW's abbreviation of each code."""
    return dict(store.table("cow_states").select("ccode", "stateabb").unique().iter_rows())


def _majors(store: DataDir, at: At) -> dict[int, tuple[int, ...]]:
    """Return the codes of the major powers by year."""
    return {y: tuple(c.tolist()) for y, c in members_by_year(store.table("cow_majors"), at).items()}
