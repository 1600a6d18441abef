"""Networks of defence pacts by year, from the reference file of the field and from our own sources.

The terms, windows and the rule for missing covariates are those of ``docs/decisions/0018-networks-of-pacts.md``. Fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.formation.network import Network

if TYPE_CHECKING:
    import os

    import polars as pl
    from numpy.typing import NDArray

Absent = Literal["zero", "unknown"]
REFERENCE = (
    "edges",
    "gwesp(0)",
    "edgecov(shared_before)",
    "edgecov(dispute)",
    "nodecov(polity)",
    "nodecov(cinc)",
    "absdiff(polity)",
    "absdiff(cinc)",
    "edgecov(border)",
)
"""Terms of model 1a of [LeifeldCranmerDesmarais2018]_."""
REFERENCE_LAGGED = (*REFERENCE, "memory(autoregression)")
"""The same with the network of the year before."""
PACTS = (
    "edges",
    "gwesp(0)",
    "edgecov(land)",
    "edgecov(log_distance)",
    "edgecov(rivalry)",
    "edgecov(common_enemy)",
    "nodecov(threat)",
    "nodecov(log_cinc)",
    "absdiff(log_cinc)",
    "nodecov(democracy)",
    "absdiff(democracy)",
    "edgecov(religion)",
)
"""Terms for our own networks, without memory."""
PACTS_LAGGED = (*PACTS[:2], "memory(autoregression)", *PACTS[2:])
TERMS = {
    ("tergm", False): REFERENCE,
    ("tergm", True): REFERENCE_LAGGED,
    ("atop", False): PACTS,
    ("atop", True): PACTS_LAGGED,
}
"""Terms by data and whether lagged."""
FIRST, LAST = 1817, 2016
"""Years of our networks: yearly series and the network of the year before the first are known too."""
WINDOWS = ((1817, 2016), (1817, 1945), (1946, 2011))
LEAST_KNOWN = 0.5
"""Share of pairs of every year for which a term has to be known to be kept in a window."""
_REFERENCE_SOURCES = ("tergm_alliances", "tergm_nodes", "tergm_contiguity", "tergm_disputes", "tergm_lagged")
_SOURCES = ("cow_states", "atop5_1m", "cow_contdir", "cow_capitals", "tss_rivalries", "cow_nmc", "cw_democracy", "wrp")


def reference_networks(
    *, absent: Absent = "zero", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> tuple[Network, ...]:
    """Return the networks of defence pacts among 164 states, 1981-2000, with the authors' own covariates.

    ``shared_before`` is the authors' count of last year's shared partners, which holds only partners that stand between the two in the file's order;
    ``shared_before_all`` counts all of them. All 164 states are in every year of the file, also those that did not exist in it or that it does not
    know: 358 state-years with a capability and mostly a Polity score of 0 and no tie, among them Russia before 1992, when it was the Soviet Union.

    Parameters
    ----------
    absent : {"zero", "unknown"}
        Such state-years as the file has them, which published fits use; or unknown, so that their pairs are left out.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        Data sets that are not there.
    ParameterError
        Another ``absent``.

    References
    ----------
    [CranmerDesmaraisMenninga2012]_, [LeifeldCranmerDesmarais2018]_
    """
    if absent not in {"zero", "unknown"}:
        raise parameter("absent", absent, "'zero' or 'unknown'")
    store = DataDir.of(data_dir)
    store.require(*_REFERENCE_SOURCES)
    nodes, allies, border, disputes, lagged = (
        store.table(s) for s in ("tergm_nodes", "tergm_alliances", "tergm_contiguity", "tergm_disputes", "tergm_lagged")
    )
    made = []
    for (year,), here in nodes.sort("year", "state").group_by("year", maintain_order=True):
        ids = tuple(here["state"].to_list())
        then = lagged.filter(_year(year))
        before = _square(ids, then.filter("tied")).astype(np.bool_)
        everyone = before.astype(np.float64) @ before
        np.fill_diagonal(everyone, 0.0)
        pairs = {
            "border": _square(ids, border),
            "dispute": _square(ids, disputes.filter(_year(year))),
            "shared_before": _square(ids, then, "shared"),
            "shared_before_all": everyone,
        }
        known = {c: here[c].cast(float).fill_null(float("nan")).to_numpy() for c in ("polity", "cinc")}
        if absent == "unknown":
            known = {c: np.where(known["cinc"] == 0, np.nan, values) for c, values in known.items()}
        made.append(
            Network(int(year), ids, _square(ids, allies.filter(_year(year))).astype(np.bool_), before, known, pairs)  # type: ignore[call-overload]
        )
    return tuple(made)


def _year(year: object) -> Any:
    """Return the condition that a row is of a year."""
    import polars as pl

    return pl.col("year") == year


def _square(ids: tuple[str, ...], rows: pl.DataFrame, value: str = "") -> NDArray[np.float64]:
    """Return a symmetric matrix with a value, or 1, for each pair of rows."""
    place = {name: k for k, name in enumerate(ids)}
    made = np.zeros((len(ids), len(ids)))
    one, two = ([place[s] for s in rows[c].to_list()] for c in ("a", "b"))
    made[one, two] = rows[value].to_numpy() if value else 1.0
    return np.maximum(made, made.T)


def pact_networks(
    first: int = FIRST, last: int = LAST, *, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> tuple[Network, ...]:
    """Return the networks of defence pledges (ATOP) of 1 January of each year, with what was known on that day.

    Parameters
    ----------
    first, last : int
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    CoverageError
        Years outside those that pacts, states and capabilities cover.
    DataError
        Data sets that are not there.
    """
    store = DataDir.of(data_dir)
    store.require(*_SOURCES)
    if not FIRST <= first < last <= LAST:
        raise CoverageError(
            message("Networks of pacts", got=f"{first}-{last}", expected=f"two or more of {FIRST}-{LAST}")
        )
    parts = _Parts.of(store, first, last)
    return tuple(parts.network(year) for year in range(first, last + 1))


@dataclass(frozen=True)
class _Parts:
    """What the networks of some years are made of."""

    members: dict[int, NDArray[np.int64]]
    ties: dict[int, pl.DataFrame]
    pairs: dict[int, pl.DataFrame]
    nodes: dict[int, pl.DataFrame]
    names: dict[int, str]

    @classmethod
    def of(cls, store: DataDir, first: int, last: int) -> _Parts:
        """Return the parts, read once."""
        import polars as pl

        from foedus.panel.affinity import add_religion_overlap
        from foedus.panel.alliances import directed_years
        from foedus.panel.capabilities import add_nmc
        from foedus.panel.contiguity import add_contiguity
        from foedus.panel.create import create_dyad_years, create_state_years
        from foedus.panel.distance import add_capital_distance
        from foedus.panel.portfolios import members_by_year
        from foedus.panel.rivalries import add_strategic_rivalries
        from foedus.panel.tables import add_democracy

        here = pl.col("year").is_between(first - 1, last)
        owed = directed_years(store.table("atop5_1m"), store.provenance("atop5_1m").last_year, "jan1")
        defence = owed.filter((pl.col("defense") == 1) & here)
        pairs = create_dyad_years(first - 1, last, directed=False, data_dir=store)
        pairs = add_religion_overlap(
            add_strategic_rivalries(add_capital_distance(add_contiguity(pairs, at="jan1"), at="jan1"), at="jan1")
        )
        nodes = add_democracy(
            add_nmc(create_state_years(first - 1, last, data_dir=store), keep=["cinc"]), keep=["euds"]
        )
        return cls(
            members_by_year(store.table("cow_states"), "jan1"),
            _by_year(defence.select("ccode1", "ccode2", "year")),
            _by_year(
                pairs.frame.select("ccode1", "ccode2", "year", "conttype", "capdist", "rivalry", "religion_overlap")
            ),
            _by_year(nodes.frame.select("ccode", "year", "cinc", "euds")),
            dict(store.table("cow_states").select("ccode", "stateabb").unique().iter_rows()),
        )

    def network(self, year: int) -> Network:
        """Return the network of 1 January of a year; yearly series are of the year before."""
        codes = self.members[year]
        cells = _Cells(codes, self.pairs[year])
        series = self.nodes[year - 1]
        cinc, democracy = (_of_codes(codes, series, c) for c in ("cinc", "euds"))
        rival = cells.square("rivalry")
        with np.errstate(divide="ignore", invalid="ignore"):
            hostile = np.where(rival == 1, cinc[None, :], 0.0).sum(axis=1)
            hostile[np.isnan(rival).any(axis=1)] = np.nan
            threat = np.where(hostile == 0, 0.0, hostile / (hostile + cinc))
            log_cinc = np.log(np.where(cinc > 0, cinc, np.nan))
        enemies = (rival == 1).astype(np.float64)
        common = np.log1p(enemies @ enemies)
        np.fill_diagonal(common, 0.0)
        common[np.isnan(rival)] = np.nan
        land = cells.square("conttype")
        religion = _Cells(codes, self.pairs[year - 1]).square("religion_overlap")
        pairs = {
            "land": np.where(np.isnan(land), np.nan, land == 1),
            "log_distance": np.log(np.maximum(cells.square("capdist"), 1.0)),
            "rivalry": rival,
            "common_enemy": common,
            "religion": religion,
        }
        return Network(
            year,
            tuple(self.names[int(c)] for c in codes),
            self._tied(year, codes),
            self._tied(year - 1, codes),
            {"threat": threat, "log_cinc": log_cinc, "democracy": democracy},
            pairs,
        )

    def _tied(self, year: int, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the codes owe each other defence on 1 January of a year, in either direction."""
        made = np.zeros((len(codes), len(codes)), dtype=np.bool_)
        rows = self.ties.get(year)
        if rows is not None:
            one, two, there = _places(codes, rows)
            made[one[there], two[there]] = True
        np.fill_diagonal(made, val=False)
        return made | made.T


class _Cells:
    """Covariates of the pairs of one year as squares."""

    def __init__(self, codes: NDArray[np.int64], rows: pl.DataFrame) -> None:
        self.rows, self.n = rows, len(codes)
        self.one, self.two, self.there = _places(codes, rows)

    def square(self, name: str) -> NDArray[np.float64]:
        """Return a covariate, NaN where unknown and 0 on the diagonal."""
        made = np.full((self.n, self.n), np.nan)
        values = self.rows[name].cast(float).fill_null(float("nan")).to_numpy()
        one, two = self.one[self.there], self.two[self.there]
        made[one, two] = made[two, one] = values[self.there]
        np.fill_diagonal(made, 0.0)
        return made


def _places(
    codes: NDArray[np.int64], rows: pl.DataFrame
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Return positions of both states of rows among ascending codes, and which rows have both there."""
    one, two = (rows[c].to_numpy() for c in ("ccode1", "ccode2"))
    a, b = (np.minimum(np.searchsorted(codes, c), len(codes) - 1) for c in (one, two))
    return a, b, (codes[a] == one) & (codes[b] == two)


def _of_codes(codes: NDArray[np.int64], rows: pl.DataFrame, name: str) -> NDArray[np.float64]:
    """Return a series for codes, NaN where unknown."""
    known = dict(rows.select("ccode", name).drop_nulls().iter_rows())
    return np.array([known.get(int(c), np.nan) for c in codes], dtype=np.float64)


def _by_year(rows: pl.DataFrame) -> dict[int, pl.DataFrame]:
    """Return rows by year."""
    return {int(year): block for (year,), block in rows.group_by("year", maintain_order=True)}  # type: ignore[call-overload]
