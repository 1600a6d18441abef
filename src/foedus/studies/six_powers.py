"""`six_powers`: whether the treaties of 1872-1907 end balanced among six great powers, by the published coding and by ours.

Antal, Krapivsky and Redner draw Great Britain, France, Russia, Austria-Hungary, Germany and Italy at six dates and note that the drawings come to be
balanced [Antal2006]_. Their figure was not read here: the signs are those of two public transcriptions of it (the data set ``irps_wwi`` of the R
package manynet, and a published notebook), which agree where both speak. Four ties of the last drawing (`OPEN`) are known from their number and from
the statement that it is balanced; when they begin is not, so that earlier drawings are judged without and with them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn
from foedus.system.nouns import REASONS
from foedus.system.propensity import propensity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.scenario.scenario import Scenario
    from foedus.system.propensity import Propensity

Signs = dict[tuple[str, str], int]

POWERS = ("UKG", "FRN", "RUS", "AUH", "GMY", "ITA")
OPEN = (("UKG", "GMY"), ("UKG", "ITA"), ("FRN", "ITA"), ("RUS", "ITA"))
"""Hostile ties of the last drawing whose first date no source at hand gives."""
CODINGS = ("every", "stated", "strong")
STRONG = 0.25
"""Propensity from which a tie counts under the coding ``strong``: about a middling reason at a middling weight."""
_DERIVED = ("regime", "religion", "fear", "common_enemy", "faction")


def _signs(friends: str, foes: str) -> Signs:
    """Return signs of pairs written as ``A-B A-C``."""
    said = [(f, 1) for f in friends.split()] + [(f, -1) for f in foes.split()]
    return {_pair(*text.split("-")): sign for text, sign in said}


def _pair(a: str, b: str) -> tuple[str, str]:
    """Return a pair in the order of `POWERS`."""
    return (a, b) if POWERS.index(a) < POWERS.index(b) else (b, a)


_LEAGUE = "AUH-GMY AUH-RUS GMY-RUS"
_FIRST = "UKG-FRN UKG-RUS UKG-AUH FRN-AUH FRN-GMY"
_LAST = "UKG-AUH FRN-AUH FRN-GMY RUS-AUH RUS-GMY"
_TRIPLE = "AUH-GMY AUH-ITA GMY-ITA"
PUBLISHED: dict[str, tuple[dt.date, Signs]] = {
    "Three Emperors' League": (dt.date(1873, 10, 23), _signs(_LEAGUE, f"{_FIRST} FRN-RUS")),
    "Triple Alliance": (dt.date(1882, 5, 21), _signs(f"{_LEAGUE} AUH-ITA GMY-ITA", f"{_FIRST} FRN-RUS")),
    "German-Russian lapse": (dt.date(1890, 6, 19), _signs(_TRIPLE, f"{_FIRST} RUS-AUH RUS-GMY")),
    "French-Russian alliance": (dt.date(1894, 1, 5), _signs(f"{_TRIPLE} FRN-RUS", f"{_FIRST} RUS-AUH RUS-GMY")),
    "Entente Cordiale": (dt.date(1904, 4, 9), _signs(f"{_TRIPLE} FRN-RUS UKG-FRN", f"{_LAST} UKG-RUS")),
    "British-Russian agreement": (
        dt.date(1907, 9, 1),
        _signs(f"{_TRIPLE} FRN-RUS UKG-FRN UKG-RUS", _LAST) | {_pair(*p): -1 for p in OPEN},
    ),
}
"""Name of each drawing: the date at which ours is taken, and its signs."""


def least_against(signs: NDArray[np.int64], pairs: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return the fewest ties against two blocs, by trying every line-up.

    Parameters
    ----------
    signs : int64 array, shape (rows, m)
        +1, -1, or 0 for no tie.
    pairs : int64 array, shape (m, 2)
    n : int
        Actors, at most 16.

    Returns
    -------
    int64 array, shape (rows,)

    Examples
    --------
    >>> least_against(np.array([[-1, -1, -1], [1, -1, -1]]), np.array([[0, 1], [0, 2], [1, 2]]), 3).tolist()
    [1, 0]
    """
    label = (np.arange(2 ** (n - 1))[:, None] >> np.arange(n)) & 1
    same = label[:, pairs[:, 0]] == label[:, pairs[:, 1]]
    friends, foes = signs > 0, signs < 0
    return (friends @ (~same).T.astype(np.int64) + foes @ same.T.astype(np.int64)).min(axis=1)


def _triads(signs: dict[tuple[int, int], int], n: int) -> tuple[int, int]:
    """Return (balanced triads, triads)."""
    kinds = [
        signs.get((a, b), 0) * signs.get((b, c), 0) * signs.get((a, c), 0) for a, b, c in combinations(range(n), 3)
    ]
    return sum(k > 0 for k in kinds), sum(k != 0 for k in kinds)


@dataclass(frozen=True)
class Coded:
    """The six powers at one date under one coding.

    Attributes
    ----------
    drawing, coding : str
        The published drawing's name; ``published``, ``published with open ties``, or one of `CODINGS`.
    date : datetime.date
    ties, negative, triads, balanced_triads, frustration : int
        Counts; ``frustration`` is the fewest ties against two blocs, exact. At the centre of every uncertain number for our codings.
    frustration_drawn : Estimate or None
        The same over draws; None for the published ones.
    p_balanced : float or None
        Share of draws without a tie against two blocs, by Laplace's rule.
    signs : dict
        Sign of each pair.
    doubtful : tuple of (str, str, float)
        Pairs whose sign at the centre holds in fewer than nine of ten draws, with that share, the most doubtful first.
    """

    drawing: str
    coding: str
    date: dt.date
    ties: int
    negative: int
    triads: int
    balanced_triads: int
    frustration: int
    frustration_drawn: Estimate | None
    p_balanced: float | None
    signs: Signs
    doubtful: tuple[tuple[str, str, float], ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether no tie stands against two blocs."""
        return self.frustration == 0


@dataclass(frozen=True)
class SixPowers:
    """The six drawings under every coding."""

    scenario: str
    rows: tuple[Coded, ...]
    draws: int
    seed: int

    def at(self, drawing: str, coding: str) -> Coded:
        """Return one drawing under one coding.

        Raises
        ------
        ParameterError
            There is none of that name.
        """
        for row in self.rows:
            if (row.drawing, row.coding) == (drawing, coding):
                return row
        raise parameter("drawing", f"{drawing}, {coding}", f"one of {', '.join(PUBLISHED)}; and a coding")

    def differences(self, drawing: str, coding: str) -> tuple[tuple[str, str, int, int], ...]:
        """Return the pairs to which a coding of ours gives another sign than the published one: (a, b, published, ours)."""
        published, ours = self.at(drawing, "published").signs, self.at(drawing, coding).signs
        pairs = [_pair(a, b) for a, b in combinations(POWERS, 2)]
        return tuple((*p, published.get(p, 0), ours.get(p, 0)) for p in pairs if published.get(p, 0) != ours.get(p, 0))

    def table(self) -> pl.DataFrame:
        """Return one row a drawing and coding."""
        import polars as pl

        rows = [
            {"drawing": r.drawing, "date": r.date, "coding": r.coding, "ties": r.ties, "negative": r.negative, "triads": r.triads,
             "balanced_triads": r.balanced_triads, "frustration": r.frustration,
             "frustration_mean": r.frustration_drawn.mean if r.frustration_drawn else None,
             "frustration_low": r.frustration_drawn.low if r.frustration_drawn else None,
             "frustration_high": r.frustration_drawn.high if r.frustration_drawn else None, "p_balanced": r.p_balanced,
             "doubtful": ", ".join(f"{a}-{b} {s:.2f}" for a, b, s in r.doubtful)}
            for r in self.rows
        ]  # fmt: skip
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        rows = [
            {**row, "date": row["date"].isoformat(), "signs": {"-".join(p): s for p, s in r.signs.items()}}
            for row, r in zip(self.table().to_dicts(), self.rows, strict=True)
        ]  # fmt: skip
        return {
            "scenario": self.scenario, "rows": rows, "draws": self.draws, "seed": self.seed,
            "standing": "counts exact at the published signs and at the centre; estimated over draws, intervals of 90 %",
        }  # fmt: skip


def six_powers(
    scenario: Scenario,
    *,
    draws: int = 400,
    seed: int = 1,
    table: Params | None = None,
    codings: Sequence[str] = CODINGS,
) -> SixPowers:
    """Return the balance of six great powers at the six published dates, by the published signs and by those of a scenario.

    Parameters
    ----------
    scenario : Scenario
        One that holds the six powers at all six dates, such as ``europe-1872-1914``.
    draws, seed : int
    table : Params, optional
        Replaces the table of reasons.
    codings : sequence of str
        ``every``: the sign of every pair's propensity. ``stated``: only pacts and written ties, without what the program derives from regimes,
        religions and common enemies, and without fear. ``strong``: as ``every``, but ties weaker than `STRONG` are left out.

    Returns
    -------
    SixPowers

    Raises
    ------
    ParameterError
        An unknown coding, or fewer than 2 draws.
    UnknownStateError
        A power is not in the scenario.
    CoverageError
        The scenario begins after the first date.

    References
    ----------
    [Antal2006]_

    Examples
    --------
    >>> import foedus as fd
    >>> found = six_powers(fd.load_scenario("europe-1872-1914"), draws=20)
    >>> found.at("British-Russian agreement", "published").balanced
    True
    """
    if wrong := [c for c in codings if c not in CODINGS]:
        raise parameter("codings", wrong[0], f"some of {', '.join(CODINGS)}")
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 2:
        raise parameter("draws", draws, "an integer of at least 2", "one draw has no interval")
    rows = []
    for drawing, (date, signs) in PUBLISHED.items():
        rows.append(_published(drawing, "published", date, signs))
        rows.append(_published(drawing, "published with open ties", date, signs | {_pair(*p): -1 for p in OPEN}))
        system = scenario.at(date)
        at = np.array([system.index[system.actor(p).id] for p in POWERS])
        centre = propensity(system, seed=None, table=table)
        sample = propensity(system, seed=seed, n_draws=draws, table=table)
        rows += [_coded(drawing, c, date, at, centre, sample) for c in codings]
    return SixPowers(scenario.system.id, tuple(rows), draws, seed)


def _published(drawing: str, coding: str, date: dt.date, signs: Signs) -> Coded:
    """Return a published drawing, counted."""
    numbered = {(POWERS.index(a), POWERS.index(b)): s for (a, b), s in signs.items()}
    good, every = _triads(numbered, len(POWERS))
    least = least_against(np.array([list(numbered.values())]), np.array(list(numbered)), len(POWERS))[0]
    return Coded(
        drawing, coding, date, len(signs), sum(s < 0 for s in signs.values()), every, good, int(least), None, None, signs
    )  # fmt: skip


def _coded(
    drawing: str, coding: str, date: dt.date, at: NDArray[np.int64], centre: Propensity, sample: Propensity
) -> Coded:
    """Return one of our codings, counted at the centre and over draws."""
    pairs = np.array(list(combinations(range(len(POWERS)), 2)))
    middle, drawn_signs = (_signs_of(p, coding, at[pairs]) for p in (centre, sample))
    there = middle[0] != 0
    numbered = {(int(a), int(b)): int(s) for (a, b), s in zip(pairs, middle[0], strict=True) if s}
    good, every = _triads(numbered, len(POWERS))
    least = least_against(drawn_signs, pairs, len(POWERS))
    holds = (drawn_signs == middle[0]).mean(axis=0)
    doubtful = [
        (POWERS[pairs[k, 0]], POWERS[pairs[k, 1]], float(holds[k]))
        for k in np.argsort(holds, kind="stable")
        if holds[k] < 0.9
    ]
    return Coded(
        drawing, coding, date, int(there.sum()), int((middle[0] < 0).sum()), every, good, int(least_against(middle, pairs, len(POWERS))[0]),
        drawn(least.astype(np.float64)), float(((least == 0).sum() + 1) / (len(least) + 2)),
        {(POWERS[a], POWERS[b]): s for (a, b), s in numbered.items()}, tuple(doubtful),
    )  # fmt: skip


def _signs_of(p: Propensity, coding: str, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the signs of pairs of actors, 0 without a tie, shape (n_draws, pairs)."""
    place = {(int(i), int(j)): k for k, (i, j) in enumerate(zip(p.i, p.j, strict=True))}
    columns = np.array([place.get((min(a, b), max(a, b)), -1) for a, b in wanted.tolist()])
    if coding == "stated":
        kept = [k for k, r in enumerate(REASONS) if r not in _DERIVED]
        value = p.parts[:, kept].sum(axis=1)
    else:
        value = p.total
    value = np.where(np.abs(value) < (STRONG if coding == "strong" else 1e-12), 0.0, value)
    return np.where(columns >= 0, np.sign(value[:, columns]), 0).astype(np.int64)
