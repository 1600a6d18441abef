"""`sequence`: a scenario of dated facts walked step by step, each step before and after its day on the same draws.

Of each day on which a pact, an actor or an event changes the system: the proved line-up into two blocs, who moved, how balanced it is, how far
apart in power the blocs are, and how often each actor expects to be attacked and beaten. What a step changes is what changed in the model on that
day; that the pact was made because of what stood before it does not follow (see `docs/concepts/sequence-1872-1914.md`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.blocs.matching import NOWHERE
from foedus.blocs.series import letter
from foedus.blocs.years import follow
from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn
from foedus.panel.table_files import write_table
from foedus.scenario.timeline import KINDS, PACTS, Dated, timeline
from foedus.studies.sequence_states import State, densities, state

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.blocs.series import Followed
    from foedus.params import Params
    from foedus.scenario.scenario import Scenario
    from foedus.system.nouns import Pact

DAY = dt.timedelta(days=1)
ENDS = ("left", "ended", "gone", "tie ended", "border ended")
"""Changes by which something ends."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A number at the start of a day, at the start of the next, and the difference, on the same draws."""

    before: Estimate
    after: Estimate
    change: Estimate

    @staticmethod
    def of(before: NDArray[np.float64], after: NDArray[np.float64]) -> Pair:
        """Return the pair of draws."""
        return Pair(drawn(before), drawn(after), drawn(after - before))


@dataclass(frozen=True, slots=True)
class Place:
    """Where one actor stands after a step: its bloc, the share of draws in which it stands there, and what threatens it.

    ``was`` is its bloc at the start of the day and ``was_membership`` the share of draws then; ``moved`` says whether the bloc is another one now,
    ``drifted`` whether it changed between the step before and the start of the day, by ties that are no step. ``attacked`` and ``beaten`` are
    expected numbers a year; None for an actor that was not there before.
    """

    actor: str
    bloc: str | None
    membership: float | None
    was: str | None
    was_membership: float | None
    moved: bool
    drifted: bool
    attacked: Pair | None
    beaten: Pair | None


@dataclass(frozen=True)
class Step:
    """One day of a sequence.

    Attributes
    ----------
    date : datetime.date
        The day; ``before`` is as of its start, ``after`` as of the start of the next.
    changes : tuple of Dated
        What changed on it.
    proved : bool
        Whether both line-ups are proved to be the best at the centre of every uncertain number.
    frustrated_centre : tuple of float
        Share of tie weight against two blocs at the centre, before and after; exact where proved.
    frustrated, gap : Pair
        The same over draws; and capability share of bloc A less that of bloc B.
    triads : Pair or None
        Balanced share of triads over draws; None where a draw has none.
    by_type : tuple of dict
        Triads by type at the centre, before and after.
    places : tuple of Place
        In the order of the system's actors.
    density : dict
        See `foedus.studies.sequence_states.densities`, after.
    """

    date: dt.date
    changes: tuple[Dated, ...]
    proved: bool
    frustrated_centre: tuple[float, float]
    frustrated: Pair
    gap: Pair
    triads: Pair | None
    by_type: tuple[dict[str, int], dict[str, int]]
    places: tuple[Place, ...]
    density: dict[str, float]

    @property
    def moved(self) -> tuple[str, ...]:
        """Ids of those who changed bloc on the day."""
        return tuple(p.actor for p in self.places if p.moved)

    @property
    def drifted(self) -> tuple[str, ...]:
        """Ids of those who changed bloc since the step before, by ties that are no step."""
        return tuple(p.actor for p in self.places if p.drifted)

    def bloc(self, name: str) -> tuple[Place, ...]:
        """Return the places of a bloc, ``A`` or ``B``."""
        return tuple(p for p in self.places if p.bloc == name)


@dataclass(frozen=True)
class Sequence:
    """A scenario walked step by step.

    Attributes
    ----------
    scenario, title : str
    first, last : datetime.date
        Days between which it was walked.
    names : dict
        Name of each actor.
    pacts : tuple of Pact
        Those in force on any day of the walk, by their first day.
    steps : tuple of Step
        By date. Bloc A of the first step is the one with more capability; blocs keep their letters.
    kinds : tuple of str
        Kinds of change that make a step.
    draws, seed : int
    """

    scenario: str
    title: str
    first: dt.date
    last: dt.date
    names: dict[str, str]
    pacts: tuple[Pact, ...]
    steps: tuple[Step, ...]
    kinds: tuple[str, ...]
    draws: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row a step."""
        import polars as pl

        rows = []
        for s in self.steps:
            row: dict[str, Any] = {
                "date": s.date, "changes": "; ".join(_said(c) for c in s.changes), "proved": s.proved, "moved": ", ".join(s.moved),
                "drifted": ", ".join(s.drifted), **{f"bloc_{b.lower()}": ", ".join(p.actor for p in s.bloc(b)) for b in "AB"},
            }  # fmt: skip
            row |= {
                "frustrated_centre_before": s.frustrated_centre[0],
                "frustrated_centre_after": s.frustrated_centre[1],
            }
            for name, pair in (("frustrated", s.frustrated), ("triads", s.triads), ("gap", s.gap)):
                row |= _spread(name, pair)
            rows.append(row | {f"pairs_{k}": v for k, v in s.density.items()})
        return pl.DataFrame(rows, infer_schema_length=None)

    def places(self) -> pl.DataFrame:
        """Return one row a step and actor: bloc, membership, moves, attacks a year and those that beat it, before and after."""
        import polars as pl

        rows = [
            {"date": s.date, "actor": p.actor, "bloc": p.bloc, "membership": p.membership, "was": p.was, "was_membership": p.was_membership,
             "moved": p.moved, "drifted": p.drifted}
            | _spread("attacked", p.attacked)
            | _spread("beaten", p.beaten)
            for s in self.steps
            for p in s.places
        ]  # fmt: skip
        return pl.DataFrame(rows, infer_schema_length=None)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the rows of `places`, or with ``.json`` everything; written beside its place and renamed (convention 4.12).

        Raises
        ------
        ParameterError
            The suffix is none of ``.parquet``, ``.csv``, ``.json``.
        DataError
            The file cannot be written.
        """
        write_table(self.places(), path, "the sequence", plain=self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        steps = [
            {**row, "date": s.date.isoformat(), "changes": [c.to_dict() for c in s.changes],
             "by_type_before": s.by_type[0], "by_type_after": s.by_type[1]}
            for s, row in zip(self.steps, self.table().to_dicts(), strict=True)
        ]  # fmt: skip
        places = [{**row, "date": row["date"].isoformat()} for row in self.places().to_dicts()]
        return {
            "scenario": self.scenario, "title": self.title, "first": self.first.isoformat(), "last": self.last.isoformat(),
            "kinds": list(self.kinds), "draws": self.draws, "seed": self.seed, "steps": steps, "places": places,
            "standing": "line-ups proved where marked; intervals of 90 % over draws under fitted and assumed parameters",
        }  # fmt: skip


def sequence(
    scenario: Scenario, *, first: dt.date | None = None, last: dt.date | None = None, kinds: Iterable[str] = PACTS, draws: int = 50, seed: int = 1,
    table: Params | None = None, without: Iterable[str] = (), progress: Callable[[float], None] | None = None,
) -> Sequence:  # fmt: skip
    """Walk a scenario through the days on which it changes.

    Parameters
    ----------
    scenario : Scenario
    first, last : datetime.date, optional
        Days between which to walk, both included. Without them from the file's own date to the last change by which anything begins: what merely
        ends after that ends outside of what the file describes. Days from the file's ``until`` on are left out.
    kinds : iterable of str
        Which changes make a step, out of `foedus.scenario.timeline.KINDS`; by default all but ties and borders. Other changes count as well, from
        the day on which they fall, but have no step of their own.
    draws, seed : int
        Draws of every uncertain number behind the intervals and memberships.
    table : Params, optional
        Replaces the table of reasons.
    without : iterable of str
        Layers of pacts to leave out: ``alignment``, ``guarantee``, ``intervention``.
    progress : callable, optional
        Told the share that is done.

    Returns
    -------
    Sequence
        Intervals hold 90 % of the draws.

    Raises
    ------
    ParameterError
        No such kind or layer, no step between the two days, or fewer than 2 draws.

    Examples
    --------
    >>> import datetime as dt
    >>> import foedus as fd
    >>> found = sequence(fd.load_scenario("europe-1872-1914"), first=dt.date(1894, 1, 1), last=dt.date(1894, 12, 31), draws=4)
    >>> [(s.date.isoformat(), s.changes[0].name, s.proved) for s in found.steps]
    [('1894-01-04', 'Franco-Russian Alliance', True)]
    """
    from foedus.system.edits import DropLayer

    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 2:
        raise parameter("draws", draws, "an integer of at least 2", "one draw has no interval")
    layers = tuple(without)
    for kind in layers:
        DropLayer(kind)
    chosen = tuple(k for k in KINDS if k in set(kinds)) if not set(kinds) - set(KINDS) else tuple(kinds)
    last = last or _last_beginning(scenario)
    last = last if scenario.until is None else min(last, scenario.until - DAY)
    found = timeline(scenario, first=first, last=last, kinds=chosen)
    if not found.changes:
        raise parameter(
            "kinds",
            ", ".join(chosen) or "none",
            "a change between the two days",
            "no step lies between them: foedus scenario events lists the days",
        )
    needed = sorted({d for day in found.dates for d in (day, day + DAY)})
    states: dict[dt.date, State] = {}
    for day in needed:
        system = scenario.at(day)
        system = system.with_(pacts=tuple(p for p in system.pacts if p.kind not in layers)) if layers else system
        states[day] = state(system, draws=draws, seed=seed, table=table)
        if progress is not None:
            progress(len(states) / len(needed))
    placed = {f.date: f for f in follow(s.moment for s in states.values()).dates}
    steps, previous = [], None
    for day in found.dates:
        steps.append(_step(day, found.on(day), states[day], states[day + DAY], placed, previous))
        previous = placed[day + DAY]
    begin, end = max(first or scenario.system.date, scenario.system.date), max(last, found.dates[-1] + DAY)
    whole = scenario.at(end)
    names = {a.id: a.name for s in states.values() for a in s.system.actors}
    pacts = tuple(
        sorted((p for p in whole.pacts if _met(p, begin, end, layers)), key=lambda p: (p.start or begin, p.id))
    )
    return Sequence(found.scenario, scenario.system.title, begin, end, names, pacts, tuple(steps), chosen, draws, seed)


def _last_beginning(scenario: Scenario) -> dt.date:
    """Return the last day on which anything begins, or the file's own date."""
    begun = [c.date for c in timeline(scenario).changes if c.kind not in ENDS]
    return max(begun, default=scenario.system.date)


def _met(p: Pact, first: dt.date, last: dt.date, left_out: tuple[str, ...]) -> bool:
    """Whether a pact is in force on any day of a walk."""
    return p.kind not in left_out and (p.start is None or p.start <= last) and (p.end is None or p.end >= first)


def _step(
    day: dt.date, changes: tuple[Dated, ...], before: State, after: State, placed: dict[dt.date, Followed], previous: Followed | None
) -> Step:  # fmt: skip
    """Return one step."""
    old, new = placed[day], placed[day + DAY]
    known = [np.isfinite(s.triad_share).all() for s in (before, after)]
    return Step(
        day,
        changes,
        old.proved and new.proved,
        (old.value / (old.moment.total or 1.0), new.value / (new.moment.total or 1.0)),
        Pair.of(before.frustrated, after.frustrated),
        Pair.of(_gap(before, old), _gap(after, new)),
        Pair.of(before.triad_share, after.triad_share) if all(known) else None,
        (before.triads.by_type, after.triads.by_type),
        tuple(_place(k, before, after, old, new, previous) for k in range(len(after.system.actors))),
        densities(after.system),
    )


def _gap(s: State, f: Followed) -> NDArray[np.float64]:
    """Return the capability share of bloc A less that of bloc B in each draw, shape (n_draws,)."""
    there = f.bloc != NOWHERE
    a_is_first = bool(there.any()) and bool((f.bloc[there] == s.moment.label[there]).mean() > 0.5)
    whole = s.moment.power[there].sum()
    share = s.first if a_is_first else whole - s.first
    return 2 * share - whole


def _place(k: int, before: State, after: State, old: Followed, new: Followed, previous: Followed | None) -> Place:
    """Return where one actor stands after a step."""
    actor = after.system.ids[k]
    b = int(new.bloc[k])
    was, ended = _bloc_of(old, actor), _bloc_of(previous, actor)
    pairs: list[Pair | None] = [None, None]
    if actor in before.system.index:
        i = before.system.index[actor]
        pairs = [Pair.of(before.attacked[:, i], after.attacked[:, k]), Pair.of(before.beaten[:, i], after.beaten[:, k])]
    return Place(
        actor,
        None if b == NOWHERE else letter(b),
        _membership(after, actor),
        None if was == NOWHERE else letter(was),
        _membership(before, actor),
        NOWHERE not in {was, b} and was != b,
        NOWHERE not in {was, ended} and was != ended,
        *pairs,
    )


def _membership(s: State, actor: str) -> float | None:
    """Return the share of draws in which an actor stands with its bloc, None if it is not there or has no ties."""
    shares = s.moment.membership
    if shares is None or actor not in s.system.index:
        return None
    share = float(shares[s.system.index[actor]])
    return None if np.isnan(share) else share


def _bloc_of(f: Followed | None, actor: str) -> int:
    """Return the number of an actor's bloc, `NOWHERE` if it is not there or has no ties."""
    return int(f.bloc[f.moment.ids.index(actor)]) if f is not None and actor in f.moment.ids else NOWHERE


def _said(c: Dated) -> str:
    """Return a change in a few words."""
    verb = {"ended": "ends", "entered": "enters", "gone": "leaves", "tie": "begins", "tie ended": "ends"}.get(
        c.kind, ""
    )
    if c.kind in {"joined", "left"}:
        return f"{c.name}: {c.detail}"
    return f"{c.name} {verb}".strip().rstrip(".")


def _spread(name: str, pair: Pair | None) -> dict[str, float | None]:
    """Return the columns of a pair."""
    out: dict[str, float | None] = {}
    for when in ("before", "after", "change"):
        e = getattr(pair, when) if pair is not None else None
        out |= {
            f"{name}_{when}": e.mean if e else None,
            f"{name}_{when}_low": e.low if e else None,
            f"{name}_{when}_high": e.high if e else None,
        }
    return out
