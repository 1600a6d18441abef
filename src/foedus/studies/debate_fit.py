"""Logits of the debate on deterrence: any combination of its design choices fitted on the same rows.

The rules are those of ``docs/decisions/0022-the-debate-on-deterrence.md``. Makes no rows and prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import DataError, message
from foedus.estimate import covariance, multinomial
from foedus.estimate.design import check_columns
from foedus.estimate.polynomial import time_polynomial
from foedus.estimate.terms import natural_spline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.studies.debate_rows import DebateRows

Outcome = Literal["dispute", "force", "war"]
Pact = Literal["in force", "new", "new and older", "whoever it names", "without the challenger"]
Time = Literal["cubic", "splines"]
_COLUMN: dict[str, str] = {
    "in force": "pact", "new": "new", "new and older": "new", "whoever it names": "unnamed", "without the challenger": "apart",
}  # fmt: skip
FLAGS = ("offence", "backing", "neutrality", "democratic", "rivalry")
"""Terms that a row has or has not, the pact apart."""
KNOTS = (1.0, 4.0, 7.0)
"""Years of peace at which the splines of [Beck1998]_ bend."""
Z95 = 1.959963984540054
WIDER = ("members", "pairs")
"""Errors of which the wider count: with few members the first can come out near 0, or below."""
UNIT = 20.0
"""Years of peace in one unit of the polynomial."""


@dataclass(frozen=True)
class Design:
    """One design: which rows, which pact, which outcome, which terms.

    Attributes
    ----------
    pact : {"in force", "new", "new and older", "whoever it names", "without the challenger"}
        Any pact of the target with an outside state; a new one; a new and an older one, as two terms; any, whichever states it names; any under an
        alliance in which the challenger has no part.
    around : bool
        Only years within five of a formation.
    relevant : bool
        Only politically relevant pairs.
    outcome : {"dispute", "force", "war"}
    rivalry : bool
        Strategic rivalry among the terms.
    means : bool
        The pair's mean of the pact among the terms, so that the pact's own coefficient is within pairs [Mundlak1978]_.
    first, last : int
        Years.
    time : {"cubic", "splines"}
    """

    pact: Pact = "in force"
    around: bool = False
    relevant: bool = False
    outcome: Outcome = "dispute"
    rivalry: bool = False
    means: bool = False
    first: int = 1816
    last: int = 2000
    time: Time = "cubic"

    def rows(self, of: DebateRows) -> NDArray[np.bool_]:
        """Return which rows the design takes, shape (n,)."""
        chosen = (of.year >= self.first) & (of.year <= self.last)
        if self.relevant:
            chosen &= of.relevant
        return chosen & of.around if self.around else chosen


@dataclass(frozen=True)
class DebateFit:
    """A fitted design.

    Attributes
    ----------
    design : Design
    terms : tuple of str
        The first after ``constant`` is the pact.
    coef : float64 array, shape (k,)
        Log-odds.
    covariances : dict of str to float64 array, shape (k, k)
        ``"members"`` (all pairs with a common member go together), ``"pairs"``, ``"years"``.
    n, events : int
        Rows and disputes.
    raw : (float, float)
        Events per row where the pact does not hold and where it does, weighted, without any other term.
    perfect : tuple of str
        Terms left out with the rows that have them, as no event is among these: the limit of maximum likelihood.
    influence : float64 array, shape (n_pairs,)
        By unordered pair, the first-order change of the pact's coefficient that it makes.
    """

    design: Design
    terms: tuple[str, ...]
    coef: NDArray[np.float64]
    covariances: dict[str, NDArray[np.float64]]
    n: int
    events: int
    raw: tuple[float, float]
    perfect: tuple[str, ...]
    influence: NDArray[np.float64]

    def interval(self, term: str, errors: str | None = None) -> tuple[float, float, float]:
        """Return a term's log-odds with the ends of its 95 % interval: by members or by pairs, whichever is wider, unless one is named."""
        k = self.terms.index(term)
        kinds = WIDER if errors is None else (errors,)
        half = Z95 * float(np.sqrt(max(self.covariances[kind][k, k] for kind in kinds)))
        return float(self.coef[k]), float(self.coef[k]) - half, float(self.coef[k]) + half


@dataclass(frozen=True)
class Pairs:
    """Unordered pairs of rows: ``which`` (n,) the number of each row's, ``one``, ``two`` (n_pairs,) their codes."""

    which: NDArray[np.intp]
    one: NDArray[np.int64]
    two: NDArray[np.int64]

    @classmethod
    def of(cls, rows: DebateRows) -> Pairs:
        """Return the pairs of rows."""
        low = np.minimum(rows.challenger, rows.target).astype(np.int64)
        high = np.maximum(rows.challenger, rows.target).astype(np.int64)
        labels, which = np.unique(low * 1000 + high, return_inverse=True)
        return cls(which, labels // 1000, labels % 1000)


def fit(
    rows: DebateRows, design: Design, *, pairs: Pairs | None = None, start: NDArray[np.float64] | None = None
) -> DebateFit:
    """Return a fitted design.

    Parameters
    ----------
    rows : DebateRows
    design : Design
    pairs : Pairs, optional
        Of the rows, where several designs are fitted on them.
    start : float64 array, shape (k,), optional
        Coefficients from which to begin.

    Raises
    ------
    DataError
        No event, terms that are sums of each other, or no finite maximum.

    References
    ----------
    [CarterSignorino2010]_, [Aronow2015]_, [Mundlak1978]_
    """
    known = Pairs.of(rows) if pairs is None else pairs
    chosen = np.flatnonzero(design.rows(rows))
    y = getattr(rows, design.outcome)[chosen].astype(np.int64)
    if not 0 < y.sum() < len(y):
        raise DataError(message("A design without events", got=f"{len(y)} rows, {y.sum()} events", expected="both outcomes"))  # fmt: skip
    terms, x = columns(rows, design, chosen, known.which[chosen])
    perfect, kept = _without_events(terms, x, y)
    chosen, y = chosen[kept], y[kept]
    left = [k for k, t in enumerate(terms) if t not in perfect]
    terms, x = tuple(terms[k] for k in left), x[kept][:, left]
    weight, pair = rows.weight[chosen].astype(np.float64), known.which[chosen]
    check_columns(x, terms)
    first = np.zeros((1, len(terms))) if start is None or len(start) != len(terms) else start[None]
    found = multinomial.maximise(x, y, 2, weight, first)
    if _far(terms, x, found) and (not found.converged or multinomial.separating(x, y, 2).any()):
        raise DataError(message("No finite estimate", got=f"{y.sum()} events", expected="events on both sides of every term"))  # fmt: skip
    scores = multinomial.row_scores(x, y, found.coef) * weight[:, None]
    bread: Any = np.linalg.inv(found.information)
    sums = _sums(scores, pair, len(known.one))
    when = rows.year[chosen] - design.first
    made = {
        "members": covariance.dyadic(bread, sums, known.one, known.two, strict=False),
        "pairs": _by_group(bread, sums, np.bincount(pair)),
        "years": _by_group(bread, _sums(scores, when, design.last - design.first + 1), np.bincount(when)),
    }
    raw = [float(np.average(y[x[:, 1] == k], weights=weight[x[:, 1] == k])) for k in (0, 1)]
    return DebateFit(
        design, terms, found.coef[0], made, len(y), int(y.sum()), (raw[0], raw[1]), perfect, sums @ bread[:, 1]
    )


def _without_events(
    terms: tuple[str, ...], x: NDArray[np.float64], y: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """Return the flags among the terms that no event has, and which rows have none of them."""
    kept, perfect = np.ones(len(y), dtype=np.bool_), []
    for name in FLAGS:
        if name in terms:
            held = x[:, terms.index(name)] == 1
            if (held & kept).any() and not y[held].any():
                perfect.append(name)
                kept &= ~held
    return tuple(perfect), kept


def _sums(scores: NDArray[np.float64], group: NDArray[np.integer], groups: int) -> NDArray[np.float64]:
    """Return the sum of scores of each numbered group, shape (groups, k)."""
    return np.column_stack([np.bincount(group, column, groups).astype(np.float64) for column in scores.T])


def _by_group(bread: NDArray[np.float64], sums: NDArray[np.float64], sizes: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the covariance by cluster from sums of scores, as `foedus.estimate.covariance.clustered` does from rows."""
    there = max(np.count_nonzero(sizes), 2)
    return covariance.robust(bread, sums) * (there / (there - 1))


def _far(terms: tuple[str, ...], x: NDArray[np.float64], found: multinomial.Maximum) -> bool:
    """Return whether steps failed or a term, years of peace apart, moves the log-odds so far that separation has to be looked for."""
    plain = np.array([not t.startswith("peace") for t in terms])
    return not found.converged or bool((multinomial.reach(x, found.coef)[0, plain] > multinomial.SUSPECT).any())


def columns(
    rows: DebateRows, design: Design, chosen: NDArray[np.intp], pair: NDArray[np.intp]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the names and the columns of a design's terms in some rows, shape (n, k)."""
    one: dict[str, NDArray[np.generic]] = {"constant": np.ones(len(chosen))}
    one["pact"] = getattr(rows, _COLUMN[design.pact])[chosen]
    if design.pact == "new and older":
        one["older"] = rows.pact[chosen] & ~rows.new[chosen]
    for name in ("offence", "backing", "neutrality", "distance", "share", "democratic", "similarity"):
        one[name] = getattr(rows, name)[chosen]
    if design.rivalry:
        one["rivalry"] = rows.rivalry[chosen]
    if design.means:
        held, there = np.bincount(pair, one["pact"].astype(np.float64)), np.bincount(pair)
        one["pact, pair's mean"] = (held / np.maximum(there, 1))[pair]
    peace = rows.peace[chosen].astype(np.float64)
    time = time_polynomial(peace, unit=UNIT) if design.time == "cubic" else _splines(peace)
    one |= {name: time[:, k] for k, name in enumerate(("peace", "peace2", "peace3", "peace4")[: time.shape[1]])}
    return tuple(one), np.column_stack(list(one.values())).astype(np.float64)


def _splines(peace: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return natural cubic splines of years of peace, `KNOTS` inside and 0 and the greatest count as ends, made orthogonal, shape (n, 4)."""
    last = max(float(peace.max(initial=0.0)), KNOTS[-1] + 1.0)
    return np.linalg.qr(natural_spline(peace, KNOTS, 0.0, last))[0] * np.sqrt(len(peace))
