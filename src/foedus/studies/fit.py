"""A model of a formula, from the panel it needs to the table one reads: `fit` builds the rows, fits the logit and says what was left out, and why.

The columns that a formula names are added by what the field's names stand for (`foedus.studies.fit_columns`), or are those of a frame at hand. A row
in which one is missing is left out and counted, never filled (convention 4.1). The models are those of `foedus.estimate.logit`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import panel as room
from foedus.errors import CoverageError, DataError, ParameterError, message, parameter
from foedus.estimate.changes import Change, first_differences
from foedus.estimate.design import Design, Missing, as_polars, design, formula_variables
from foedus.estimate.logit import fit_arrays
from foedus.estimate.logit_input import Options
from foedus.estimate.rare import outcome_weights
from foedus.estimate.results import statsmodels_result
from foedus.estimate.terms import lags_among, with_lags
from foedus.panel.build import adder
from foedus.panel.panel import Panel
from foedus.studies.fit_columns import PAIRS, SIDED, STATES, define, needed

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    import polars as pl
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from foedus.data.store import DataDir
    from foedus.estimate.logit_input import Errors, Penalty
    from foedus.estimate.logit_result import Logit
    from foedus.estimate.rare import RareEvents

LARGEST = 300.0
"""Log-odds beyond which an odds ratio is left out: it means nothing and is hardly a number."""
UNITS = ("dyad-year", "state-year")
PROFILE_ROWS = 20_000
"""Rows up to which Firth's logit has profile intervals where no errors are asked for: each end of each takes some fits."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows left out for a column: how many in which it is missing, of these in years that its source does not cover, and these years."""

    column: str
    rows: int
    outside: int
    first_year: int | None
    last_year: int | None

    def __str__(self) -> str:
        text = f"{self.column} is missing in {self.rows:,}"
        if not self.outside:
            return text
        many = "all" if self.outside == self.rows else f"{self.outside:,}"
        return f"{text}, {many} of them outside {self.first_year}-{self.last_year}, its years"


@dataclass(frozen=True, slots=True)
class ColumnUsed:
    """A column of a formula: name, what it holds, data sets and their version, and the years they cover."""

    column: str
    what: str
    source: str
    version: str
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True)
class Fitted:
    """A fitted model and the rows behind it.

    Attributes
    ----------
    model : Logit
        Estimates, covariances, likelihood; `Logit.predict` for other rows.
    rows : str
        What a row is.
    years : pair of int, or None
        First and last year among the rows that were fitted.
    given : int
        Rows before any was left out.
    left_out : tuple of LeftOut
        By column; a row may lack several.
    used : tuple of ColumnUsed
    changes : tuple of Change
        First differences; empty where they were not asked for.
    level : float
        Coverage of intervals.
    clusters : tuple of str
        Columns of clusters.
    mean_chance : float
        Mean of the fitted chances over the rows.
    bibtex : str
        What to cite.
    """

    model: Logit
    rows: str
    years: tuple[int, int] | None
    given: int
    left_out: tuple[LeftOut, ...]
    used: tuple[ColumnUsed, ...]
    changes: tuple[Change, ...]
    level: float
    clusters: tuple[str, ...]
    mean_chance: float
    seed: int
    bibtex: str = field(repr=False)
    x: NDArray[np.float64] = field(repr=False, compare=False)
    y: NDArray[np.int64] = field(repr=False, compare=False)

    @property
    def base_rate(self) -> float:
        """Share of events among the rows."""
        return self.model.events / self.model.n

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2 * len(self.model.terms) - 2 * self.model.log_likelihood

    @property
    def pseudo_r2(self) -> float:
        """McFadden's: 1 less the ratio of the log-likelihoods."""
        return 1 - self.model.log_likelihood / self.model.null_log_likelihood

    @cached_property
    def result(self) -> Any:
        """The fit as statsmodels' results, made when first asked for; see `foedus.estimate.results`."""
        return statsmodels_result(self.model, self.x, self.y)

    def table(self) -> pl.DataFrame:
        """Return a row per term: estimate, error of the first kind, z, p value, interval, odds ratio with interval; then errors of other kinds."""
        import polars as pl

        made = self.model.table(level=self.level).drop("class")
        odds = {"odds_ratio": "estimate", "odds_low": "low", "odds_high": "high"}
        made = made.with_columns(
            pl.when(pl.col(c).abs() < LARGEST).then(pl.col(c).exp()).alias(n) for n, c in odds.items()
        )
        others = [k for k in self.model.covariances if k != self.model.errors]
        return made.with_columns(pl.Series(f"std_error_{k}", self.model.standard_errors(k)[0]) for k in others)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        model = self.model.to_dict()
        model.pop("coefficients")
        return {
            **model, "rows": self.rows, "years": None if self.years is None else list(self.years), "given": self.given,
            "left_out": [asdict(one) for one in self.left_out], "used": [asdict(one) for one in self.used], "level": self.level,
            "clusters_by": list(self.clusters), "n_clusters": model.pop("clusters"), "base_rate": self.base_rate, "mean_chance": self.mean_chance,
            "aic": self.aic, "pseudo_r2": self.pseudo_r2, "coefficients": self.table().rows(named=True),
            "first_differences": [asdict(c) for c in self.changes], "seed": self.seed, "standing": "estimated",
        }  # fmt: skip

    def cite(self) -> str:
        """Return the BibTeX entries of the data."""
        return self.bibtex


def fit(  # noqa: PLR0913
    formula: str, data: Panel | IntoFrame | None = None, *, unit: str = "dyad-year", start: int | None = None, end: int | None = None,
    directed: bool = False, relevant: bool = False, add: Sequence[str] = (), errors: Errors | Sequence[Errors] | None = None,
    cluster: str | Sequence[str] | None = None, penalty: Penalty | None = None, rare: RareEvents | None = None, missing: Missing = "drop",
    differences: bool = True, level: float = 0.95, draws: int = 200, seed: int = 1, data_dir: DataDir | str | os.PathLike[str] | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Fitted:  # fmt: skip
    """Return the logit of a formula on the field's data, or on a frame.

    Parameters
    ----------
    formula : str
        ``"onset ~ cinc_ratio + defense + cubic(peace_years)"``. On the left a column of 0 and 1. Names are those of
        `foedus.studies.fit_columns`, of the field's columns as `foedus.panel` adds them, or of ``data``; functions those of
        `foedus.estimate.terms` and of formulaic.
    data : Panel or any frame, optional
        Rows to fit on; without it they are built.
    unit : {"dyad-year", "state-year"}
        Of the rows that are built.
    start, end : int, optional
        Years; all that the list of states covers by default.
    directed : bool
        Each pair in both orders.
    relevant : bool
        Politically relevant pairs only: contiguous, or one is a major power.
    add : sequence of str
        Further columns, as of `foedus.panel.build.build`.
    errors : str or several, optional
        As of `foedus.estimate.logit.logit`, the first is shown. By default by cluster: pairs, or states of state-years; classical of a frame whose
        columns name no unit. With Firth's penalty by the profile of the likelihood, classical from `PROFILE_ROWS` rows.
    cluster : str or two of them, optional
        Columns of clusters; ``"pair"`` is the pair of states whatever their order, and the default of pairs.
    penalty, rare, draws, seed
        As of `foedus.estimate.logit.logit`.
    missing : {"drop", "raise"}
        What to do with rows in which a column is missing.
    differences : bool
        Whether to compute first differences.
    level : float
        Coverage of intervals.
    data_dir : DataDir, str or Path, optional
    progress : callable, optional
        Called with the stage and the share done.

    Returns
    -------
    Fitted

    Raises
    ------
    DataError
        A column that is not there, a single class, terms that are sums of each other or separate the classes.
    ParameterError
        A formula that cannot be read, or an argument outside its range.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"war": [0, 0, 1, 0, 1, 1, 0, None], "land": [0, 0, 0, 1, 1, 1, 0, 1]})
    >>> found = fit("war ~ land", rows)
    >>> found.model.n, found.model.events, str(found.left_out[0])
    (7, 3, 'war is missing in 1')
    >>> [round(v, 4) for v in found.table().select("estimate", "odds_ratio").rows()[1]]
    [1.7918, 6.0]
    """
    tell = progress or (lambda *_: None)
    if not 0 < level < 1:
        raise parameter("level", level, "a coverage between 0 and 1")
    names = formula_variables(formula)
    if data is None:
        panel = build_rows(names, unit, start, end, directed, relevant, tuple(add), data_dir, tell)
    else:
        if start is not None or end is not None or relevant or add:
            raise parameter(
                "data", "given", "no frame, with years, relevant or add", "these are for rows that are built"
            )
        panel = _given(data, names)
    kinds, by, pair = _errors(panel, errors, cluster, penalty, rare)
    panel = _with_pair(panel, by)
    _check_known(panel, names)
    tell("columns", 0.0)
    made = design(formula, panel, missing=missing, also=tuple(dict.fromkeys([*by, *pair, *_year(panel)])))
    response = _events(made, formula)
    labels = None if not by else _labels(made, by)
    members = None if not pair else (made.table[pair[0]].to_numpy(), made.table[pair[1]].to_numpy())
    tell("fit", 0.0)
    options = Options(kinds, labels, members, draws, seed, None, penalty, rare, level)
    model = fit_arrays(made.x, response, made.columns.terms, None, options, made.columns)
    tell("first differences", 0.0)
    weight = None if rare is None or rare.population is None else outcome_weights(response, rare.population)
    changes = first_differences(model, made.table, made.x, weight=weight, level=level) if differences else ()
    chances = model.predict(made.x)
    return Fitted(
        model, _rows(panel), _years(made, panel), len(_frame(panel)), _left_out(panel, made), _used(panel, names, made), changes, level, by,
        float(chances.mean() if weight is None else weight @ chances / weight.sum()), seed,
        panel.cite() if isinstance(panel, Panel) else "", made.x, response,
    )  # fmt: skip


def build_rows(
    names: Sequence[str], unit: str, start: int | None, end: int | None, directed: bool, relevant: bool, add: tuple[str, ...],
    data_dir: DataDir | str | os.PathLike[str] | None, tell: Callable[[str, float], None],
) -> Panel:  # fmt: skip
    """Return a panel with the columns that a formula names, lags included.

    The years before the first are built too where lags need them, and relevance is decided after lags are known, so that the value of the year before
    does not depend on whether that year is relevant. Spells count the rows that are left.
    """
    import polars as pl

    if unit not in UNITS:
        raise parameter("unit", unit, " or ".join(UNITS))
    pairs = unit == "dyad-year"
    if relevant and not pairs:
        raise parameter("relevant", relevant, "pairs", "a panel of state-years has none")
    lags = lags_among(names)
    plain = [
        n for n in dict.fromkeys([*(n for n in names if n not in lags), *(c for c, _ in lags.values())]) if n != "pair"
    ]
    sided = [n for n in plain if n in SIDED]
    if pairs and sided and not directed:
        what = f"{sided[0]} of pairs that stand once"
        raise ParameterError(
            message(what, got="the lower code first", expected="directed pairs", hint="directed=True, or --directed")
        )
    extra = [adder(name) for name in add]
    reach = max((k for _, k in lags.values()), default=0)
    first = max(1816, (1816 if start is None else start) - reach)
    tell("rows", 0.0)
    if pairs:
        panel = room.create_dyad_years(first, end, directed=directed, data_dir=data_dir)
    else:
        panel = room.create_state_years(first, end, data_dir=data_dir)
    if relevant and not lags:
        panel = room.filter_prd(panel, unknown="drop")
    for step in extra:
        panel = step(panel)
    adders, made = needed(plain, panel.columns, pairs=pairs)
    early = [a for a in adders if not a.last]
    for k, one in enumerate(early):
        tell("columns", k / max(1, len(early)))
        panel = one(panel) if not set(one.columns) <= set(panel.columns) else panel
    panel = define(panel, made)
    if lags:
        panel = replace(panel, data=with_lags(panel.frame, lags, panel.unit))
        panel = panel.filter(pl.col("year") >= (1816 if start is None else start))
        panel = room.filter_prd(panel, unknown="drop") if relevant else panel
    for one in adders:
        panel = one(panel) if one.last else panel
    if not panel.height:
        raise DataError(message("No row is left", got=f"{start or 1816} to {end}", expected="years with rows"))
    return panel


def _given(data: Panel | IntoFrame, names: Sequence[str]) -> Panel | Any:
    """Return a frame as a panel if its columns name a unit, with what can be made from its columns, and as it is if not."""
    try:
        panel = Panel.of(data)
    except (DataError, TypeError):
        return as_polars(data)
    there = set(panel.columns)
    known = PAIRS if len(panel.unit.sides) == 2 else STATES
    plain = [lags_among([n]).get(n, (n, 0))[0] for n in names]
    return define(panel, {n: known[n] for n in plain if n not in there and n in known and set(known[n].of) <= there})


def _check_known(panel: Panel | Any, names: Sequence[str]) -> None:
    """Raise where a column is known in no row."""
    if not isinstance(panel, Panel) or panel.unit.time != "year" or not panel.height:
        return
    for name in names:
        if name in panel.columns and panel[name].null_count() == panel.height:
            span, year = _covers(panel, name), panel["year"]
            expected = "some row in which it is" if span is None else f"years of {span[0]}-{span[1]}"
            raise CoverageError(
                message(f"{name} is known in no row", got=f"{year.min()}-{year.max()}", expected=expected)
            )


def _frame(panel: Panel | Any) -> Any:
    """Return the rows of a panel or of any frame."""
    return panel.frame if isinstance(panel, Panel) else panel


def _errors(
    panel: Panel | Any, errors: Errors | Sequence[Errors] | None, cluster: str | Sequence[str] | None, penalty: Penalty | None,
    rare: RareEvents | None,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:  # fmt: skip
    """Return the kinds of errors, the columns of clusters, and those of the members of pairs."""
    unit = panel.unit if isinstance(panel, Panel) else None
    by = (cluster,) if isinstance(cluster, str) else tuple(cluster or ())
    if errors is None:
        kinds: tuple[str, ...] = (_usual(len(_frame(panel)), penalty, rare, clustered=bool(by) or unit is not None),)
    else:
        kinds = (errors,) if isinstance(errors, str) else tuple(errors)
    who = [] if unit is None else [k for k in unit.keys if k != unit.time]
    if "cluster" in kinds and not by and who:
        by = ("pair",) if len(who) == 2 else (who[0],)
    if len(by) > 2:
        raise parameter("cluster", ", ".join(by), "one column or two")
    return kinds, by, tuple(who) if "dyadic" in kinds and len(who) == 2 else ()


def _usual(rows: int, penalty: Penalty | None, rare: RareEvents | None, *, clustered: bool) -> str:
    """Return the errors where none are asked for."""
    if penalty == "firth":
        return "profile" if rare is None and rows <= PROFILE_ROWS else "classical"
    if clustered:
        return "cluster"
    return "robust" if rare is not None and rare.kind == "weights" else "classical"


def _with_pair(panel: Panel | Any, by: tuple[str, ...]) -> Panel | Any:
    """Return the panel with a label of the pair, where clusters are pairs."""
    import polars as pl

    if "pair" not in by or not isinstance(panel, Panel) or "pair" in panel.columns or len(panel.unit.keys) != 3:
        return panel
    one, two = (pl.col(k) for k in panel.unit.keys[:2])
    low, high = pl.when(one <= two).then(one).otherwise(two), pl.when(one <= two).then(two).otherwise(one)
    return panel.with_columns(pl.struct(low.alias("low"), high.alias("high")).rank("dense").alias("pair"))


def _year(panel: Panel | Any) -> tuple[str, ...]:
    """Return the column of time, if there is one."""
    return (panel.unit.time,) if isinstance(panel, Panel) else ()


def _events(made: Design, formula: str) -> NDArray[np.int64]:
    """Return the left side as 0 and 1."""
    values = made.response
    if values.dtype == object or values.dtype.kind not in "biuf" or not np.isin(values, (0, 1)).all():
        strange = sorted({str(v) for v in values[~np.isin(values, (0, 1))][:200].tolist()})[:4]
        hint = "events are 1 and all else 0; foedus.estimate.logit.logit has more classes"
        raise DataError(message(f"The left side of {formula!r}", got=", ".join(strange), expected="0 and 1", hint=hint))
    return values.astype(np.int64)


def _labels(made: Design, by: tuple[str, ...]) -> NDArray[Any]:
    """Return labels of clusters as numbers, of one kind or two."""
    codes = [np.unique(made.table[c].to_numpy(), return_inverse=True)[1] for c in by]
    return codes[0] if len(codes) == 1 else np.column_stack(codes)


def _rows(panel: Panel | Any) -> str:
    """Return what a row is."""
    return str(panel.unit) if isinstance(panel, Panel) else "rows"


def _years(made: Design, panel: Panel | Any) -> tuple[int, int] | None:
    """Return the first and last year that were fitted."""
    if not isinstance(panel, Panel) or panel.unit.time != "year":
        return None
    year = made.table["year"].to_numpy()
    return int(year.min()), int(year.max())


def _covers(panel: Panel, column: str) -> tuple[int, int] | None:
    """Return the years that a column's sources cover; of a lag, moved on."""
    of, shift = lags_among([column]).get(column, (column, 0))
    origin = panel.origins.get(of)
    return None if origin is None or origin.first_year == 0 else (origin.first_year + shift, origin.last_year + shift)


def _left_out(panel: Panel | Any, made: Design) -> tuple[LeftOut, ...]:
    """Return how many rows were left out for which column."""
    import polars as pl

    out = []
    for column, rows in sorted(made.missing.items(), key=lambda t: -t[1]):
        span = _covers(panel, column) if isinstance(panel, Panel) else None
        outside = 0
        if span is not None and column in panel.columns:
            beyond = ~pl.col("year").is_between(*span) & pl.col(column).is_null()
            outside = int(panel.frame.select(beyond.sum()).item())
        out.append(LeftOut(column, rows, outside, *(span or (None, None))))
    return tuple(out)


def _used(panel: Panel | Any, names: Sequence[str], made: Design) -> tuple[ColumnUsed, ...]:
    """Return what each column of the formula holds."""
    out = []
    for name in names:
        of, shift = lags_among([name]).get(name, (name, 0))
        origin = panel.origins.get(of) if isinstance(panel, Panel) else None
        if origin is None:
            out.append(ColumnUsed(name, "a column of the rows given", "", "", None, None))
            continue
        later = f", {shift} year{'s' if shift > 1 else ''} earlier" if shift else ""
        span = _covers(panel, name) or (None, None)
        out.append(ColumnUsed(name, origin.what + later, origin.source, origin.version, *span))
    return tuple(out)
