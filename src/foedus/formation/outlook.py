"""Who allies next, of one system: the chance that a defence tie of each pair begins, or ends, within a year, and why.

The fitted models of `foedus.formation.ties` on what a system says; who had a dispute with whom, and whose tie ended when, comes from the record in
the data folder, for a system holds no past. Chances come with intervals over the coefficients and over uncertain inputs. Says who is likely, not who
should; pairs are taken one at a time, though a treaty of many is one decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.names import abbreviates
from foedus.data.store import DataDir
from foedus.errors import CoverageError, ParameterError, message, parameter
from foedus.estimate.nested import Estimate, drawn
from foedus.formation.record import DAYS_A_YEAR, Record
from foedus.formation.ties import END, ERAS, FORM, Counting, What, chances, shipped, tie_terms
from foedus.kernels.shares import composite_shares
from foedus.system import covariates

if TYPE_CHECKING:
    import os

    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System
    from foedus.war.rates import Fitted

REASONS: dict[str, tuple[str, ...]] = {
    "regimes": ("democracy", "regime_gap", "democracy_since_1946", "regime_gap_since_1946", "regime_unknown"),
    "distance": ("distance",), "land border": ("land",), "capability": ("strength", "ratio", "strength_unknown"),
    "great power": ("one_major", "two_majors"), "allies of each": ("degree",), "common allies": ("shared",), "disputes of each": ("threat",),
    "common enemies": ("common_enemy",), "an ally's enemy": ("ally_of_enemy",), "own dispute": ("dispute",),
    "earlier tie": ("earlier", "earlier_years"), "age of the tie": ("age",),
}  # fmt: skip
"""Terms that are told together."""
BATCH = 16
"""Draws that are computed at once."""


@dataclass(frozen=True)
class Past:
    """What a system does not hold of its actors' past: arrays of `foedus.formation.ties.tie_terms`, shape (n, n)."""

    allied: NDArray[np.bool_]
    tie_age: NDArray[np.float64]
    dispute_age: NDArray[np.float64]


@dataclass(frozen=True)
class FormationChances:
    """Chances within a year of every pair at risk; estimated, with intervals over coefficients and uncertain inputs.

    Attributes
    ----------
    what : {"form", "end"}
        A defence tie of an untied pair begins, or that of a tied pair ends.
    counting : {"pairs", "treaties"}
        What the chances add up to: ties, or treaties; see `foedus.formation.ties.shipped`.
    system, date : str
        Id of the system and its date.
    one, two : tuple of str
        Actors of each pair, P of them.
    mean, low, high : float64 arrays, shape (P,)
    reasons : dict of str to float64 array, shape (P,)
        Log-odds against the average pair at risk in this system, by reason; with the average, they add up to the log-odds at the centre.
    expected : Estimate
        Sum of the chances: ties or treaties a year.
    level, seed, draws
        Coverage of the intervals, and what they were drawn with.
    limits : tuple of str
        What is not known or left out.
    names : dict of str to str
        Name of each actor on the date.
    """

    what: What
    counting: Counting
    system: str
    date: str
    one: tuple[str, ...]
    two: tuple[str, ...]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    reasons: dict[str, NDArray[np.float64]]
    expected: Estimate
    level: float
    seed: int
    draws: int
    limits: tuple[str, ...]
    names: dict[str, str]

    def said(self, actor: str) -> str:
        """Return an actor's id, with its name on the date where the id does not abbreviate that: ``YUG (Serbia)``."""
        name = self.names[actor]
        return actor if abbreviates(actor, name) else f"{actor} ({name})"

    def table(self, *, reasons: int = 3) -> pl.DataFrame:
        """Return one row a pair, the likeliest first: ``rank, a, b, chance, low, high, why`` with the strongest reasons."""
        import polars as pl

        order = np.argsort(-self.mean, kind="stable")
        rows = [
            {"rank": r + 1, "a": self.one[k], "b": self.two[k], "chance": float(self.mean[k]), "low": float(self.low[k]), "high": float(self.high[k]),
             "why": ", ".join(f"{name} {v:+.1f}" for name, v in self.why(int(k))[:reasons])}
            for r, k in enumerate(order)
        ]  # fmt: skip
        kinds = {
            "rank": pl.Int64,
            "a": pl.String,
            "b": pl.String,
            "chance": pl.Float64,
            "low": pl.Float64,
            "high": pl.Float64,
            "why": pl.String,
        }
        return pl.DataFrame(rows, schema=kinds)

    def why(self, k: int) -> list[tuple[str, float]]:
        """Return the reasons of pair number ``k`` of ``one`` and ``two``, the strongest first."""
        found = [(name, float(v[k])) for name, v in self.reasons.items() if v[k] != 0.0]
        return sorted(found, key=lambda r: -abs(r[1]))

    def pair(self, a: str, b: str) -> int | None:
        """Return the number of a pair of actor ids, in either order; None if it is not at risk."""
        wanted = {(a, b), (b, a)}
        return next((k for k, ids in enumerate(zip(self.one, self.two, strict=True)) if ids in wanted), None)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        pairs = [
            {"a": a, "b": b, "chance": float(self.mean[k]), "low": float(self.low[k]), "high": float(self.high[k]),
             "reasons": {name: float(v[k]) for name, v in self.reasons.items()}}
            for k, (a, b) in enumerate(zip(self.one, self.two, strict=True))
        ]  # fmt: skip
        return {
            "what": self.what, "counting": self.counting, "system": self.system, "date": self.date, "names": self.names, "pairs": pairs,
            "expected": self.expected.to_dict(), "level": self.level,
            "seed": self.seed, "draws": self.draws, "limits": list(self.limits), "standing": "estimated, intervals over coefficients and inputs",
        }  # fmt: skip


def formation_chances(
    system: System, *, what: What = "form", counting: Counting = "treaties", data_dir: DataDir | str | os.PathLike[str] | None = None,
    fitted: Fitted | None = None, draws: int = 200, seed: int = 1, level: float = 0.9,
) -> FormationChances:  # fmt: skip
    """Return the chance within a year of the system's date that a defence tie of each pair begins, or ends.

    Parameters
    ----------
    system : System
        Ties are those of its treaties, so that edits count; states are found in the record by their Correlates of War codes.
    what : {"form", "end"}
    counting : {"treaties", "pairs"}
        A treaty is one decision: by default the m pairs that one ties count 1/m each, and a pair's chance is that of its being the one, so that
        chances add up to treaties. ``"pairs"`` gives the chance that the pair is tied by whatever treaty; it learns most from a few of many members.
    data_dir : DataDir, str or Path, optional
        Folder with the published files, for past ties and disputes; by default the one that ``FOEDUS_DATA`` names.
    fitted : Fitted, optional
        Replaces the fit that comes with foedus.
    draws, seed : int
        Of coefficients and uncertain inputs.
    level : float
        Coverage of the intervals.

    Raises
    ------
    DataError
        No data folder.
    CoverageError
        A date after the record.
    ParameterError
        Fewer than two draws or two states, a level outside (0, 1), another ``what`` or ``counting``.

    Notes
    -----
    The models, their terms and the rule for what is unknown are those of `foedus.formation.ties`. Capability shares are among the states of the
    system, so that a scenario of few actors stands beside the whole systems that the models were fitted to; a limit says so.

    References
    ----------
    [GiblerWolford2006]_, [LaiReiter2000]_

    Examples
    --------
    >>> formation_chances(fd.system(1907)).table().head(3)  # doctest: +SKIP
    """
    if draws < 2 or not 0 < level < 1:
        raise parameter("draws, level", (draws, level), "at least 2 draws and a level between 0 and 1")
    used = fitted or shipped(what, counting)
    named = FORM if what == "form" else END
    if used.terms != named:
        raise parameter(
            "fitted", f"{len(used.terms)} terms", f"the {len(named)} of {'FORM' if what == 'form' else 'END'}, in order"
        )
    keep = np.array([a.kind == "state" and a.cow is not None for a in system.actors])
    if keep.sum() < 2:
        raise ParameterError(
            message("Too few states with a Correlates of War code", got=int(keep.sum()), expected="two or more")
        )
    past = past_of(system, np.flatnonzero(keep), DataDir.of(data_dir))
    i, j = np.triu_indices(int(keep.sum()), 1)
    risk = past.allied[i, j] if what == "end" else ~past.allied[i, j]
    coef = np.stack(list(used.draw(f"ties:{what}:{counting}", draws, seed).values()), axis=1)
    found = np.empty((draws, int(risk.sum())))
    inputs = _inputs(system, keep, seed, draws)
    for first in range(0, draws, BATCH):
        some = slice(first, first + BATCH)
        values = _values(system, past, keep, {k: v[some] if len(v) == draws else v for k, v in inputs.items()}, what)[
            :, risk
        ]
        found[some] = chances(values, system.date.year, coef[some])
    centre = _values(system, past, keep, _inputs(system, keep, None, 1), what)[0, risk]
    ends = np.quantile(found, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    ids = [system.actors[k].id for k in np.flatnonzero(keep)]
    one, two = (tuple(ids[k] for k in side[risk]) for side in (i, j))
    return FormationChances(
        what, counting, system.id, system.date.isoformat(), one, two, found.mean(axis=0), ends[0], ends[1], _reasons(centre, used),
        drawn(found.sum(axis=1), level=level), level, seed, draws, _limits(system, keep),
        {a: system.actor(a).name for a in ids},
    )  # fmt: skip


def past_of(system: System, which: NDArray[np.intp], folder: DataDir) -> Past:
    """Return the ties of a system and the past of its actors ``which``, from the record.

    A tie that the record does not have is as old as its pact; a tie that it has and the system has not ended on the system's date.

    Raises
    ------
    CoverageError
        A date from which on disputes or treaties of the year before are unknown.
    """
    record = Record.read(folder)
    if system.date.year > record.last_year + 1:
        raise CoverageError(
            message("Past ties and disputes are not known", got=f"{system.date}", expected=f"a date up to {record.last_year + 1}-12-31",
                    hint="the record of disputes (MID 5.0) ends then; take an earlier date")
        )  # fmt: skip
    owed = covariates.pledge_matrix(system, "defense")
    allied = (owed | owed.T)[np.ix_(which, which)]
    before, tie_age, dispute_age = record.at(np.array([system.actors[k].cow for k in which]), system.date)
    pact_age = _pact_age(system)[np.ix_(which, which)]
    age = np.where(allied & ~before, pact_age, np.where(before & ~allied, 0.0, tie_age))
    return Past(allied, age, dispute_age)


def _pact_age(system: System) -> NDArray[np.float64]:
    """Return years since the oldest pact with a pledge of defence of each pair began, shape (n, n), infinity if none; 0 where undated."""
    out = np.full((len(system.actors),) * 2, -np.inf)
    for pact, pledge, recipient in system.pledges():
        if pledge.type == "defense" and pact.kind == "treaty":
            years = (system.date - pact.start).days / DAYS_A_YEAR if pact.start is not None else 0.0
            a, b = system.index[pledge.by], system.index[recipient]
            out[a, b] = out[b, a] = max(out[a, b], years)
    return np.where(np.isfinite(out), out, np.inf)


def _inputs(system: System, keep: NDArray[np.bool_], seed: int | None, draws: int) -> dict[str, NDArray[np.float64]]:
    """Return draws of capability, regime and distances of the states, each (draws or 1, ...); without a seed, their centres."""
    where = np.flatnonzero(keep)
    if seed is None:
        parts = np.array(
            [
                [c[p].centre if p in c else np.nan for p in covariates.CAPABILITY_PARTS]
                for c in (dict(a.capability) for a in system.actors)
            ]
        )[None]
        regime = np.array([[a.regime.centre if a.regime else np.nan for a in system.actors]])
    else:
        parts = covariates.capability_parts(system, seed, draws)
        regime = covariates.draw(
            [a.regime for a in system.actors], [f"regime:{a.id}" for a in system.actors], seed, draws
        )
    km = covariates.distance_draws(system, seed=seed, n_draws=draws)
    return {
        "capability": composite_shares(parts[:, where]),
        "regime": regime[:, where],
        "distance_km": km[:, where[:, None], where],
    }


def _values(
    system: System, past: Past, keep: NDArray[np.bool_], inputs: dict[str, NDArray[np.float64]], what: What
) -> NDArray[np.float32]:
    """Return the terms of all pairs of the states, shape (draws, P, K)."""
    where = np.flatnonzero(keep)
    square = np.ix_(where, where)
    form, end = tie_terms(
        **inputs, land=(covariates.contiguity(system) == 1)[square], major=np.array([system.actors[k].major for k in where]), allied=past.allied,
        dispute_age=past.dispute_age, tie_age=past.tie_age, year=system.date.year,
    )  # fmt: skip
    return form if what == "form" else end


def _reasons(values: NDArray[np.float32], fitted: Fitted) -> dict[str, NDArray[np.float64]]:
    """Return what each reason adds to the log-odds of each pair against the average one."""
    inner = fitted.terms[1 : len(fitted.terms) - len(ERAS)]
    added = (
        (values - values.mean(axis=0, keepdims=True, dtype=np.float64)) * fitted.coef[1 : 1 + len(inner)]
        if len(values)
        else values
    )
    return {
        name: added[:, [inner.index(t) for t in terms]].sum(axis=1)
        for name, terms in REASONS.items()
        if terms[0] in inner
    }


def _limits(system: System, keep: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return what is left out or unknown."""
    actors = [a for a, k in zip(system.actors, keep, strict=True) if k]
    out = (
        [
            f"left out, without a Correlates of War code or no state: {', '.join(a.id for a, k in zip(system.actors, keep, strict=True) if not k)}"
        ]
        if not keep.all()
        else []
    )
    for what, known in (
        ("regime", [a.regime is not None for a in actors]),
        ("capability", [bool(a.capability) for a in actors]),
    ):
        if not all(known):
            named = [a.id for a, k in zip(actors, known, strict=True) if not k]
            out.append(
                f"{what} unknown, its terms replaced by a fitted step: {', '.join(named[:12])}{' ...' if len(named) > 12 else ''}"
            )
    if not system.id[:4].isdigit() or any("chosen states" in text for text in system.limits):
        out.append(
            "not the whole system of its date: allies, enemies and shares of capability are those among these actors"
        )
    return tuple(out)
