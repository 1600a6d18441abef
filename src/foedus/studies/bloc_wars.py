"""Blocs against the wars that followed: whether the blocs of the day before the first shot foretell who fights on whose side.

The specification, written before the first score, is ``docs/decisions/0008-blocs-against-wars.md``; the results are in
``docs/concepts/blocs-against-wars.md``. Changes no weight and fits nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from foedus.blocs.drawn import checked_draws, drawn_line_ups
from foedus.blocs.exact import partition
from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.studies.agreement import (
    Places,
    anchored,
    anchored_chance,
    best_chance,
    best_labelling,
    larger_ally,
    oriented,
    parts,
    places,
)
from foedus.studies.war_scores import BlocWars, Entrant, WarScore
from foedus.studies.war_sides import Belligerent, cow_sides, iwd_sides
from foedus.system.from_tables import build
from foedus.system.propensity import propensity
from foedus.system.tables import Tables

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.studies.war_scores import Relation, Role
    from foedus.studies.war_sides import WarSides
    from foedus.system.propensity import Propensity
    from foedus.system.system import System

BINDING = {"defense", "offense"}
"""Pledges that make an ally."""
ROLES: tuple[Role, ...] = ("attacker", "target", "other")
RELATIONS: dict[int, Relation] = {-1: "apart", 1: "together", 0: "undetermined"}


class Fighter(NamedTuple):
    """A belligerent that is an actor of the system: its position there."""

    at: int
    war: Belligerent


def blocs_against_wars(
    data_dir: DataDir | str | os.PathLike[str] | None = None, *, source: Literal["cow", "iwd"] = "cow", draws: int = 100, seed: int = 1,
    seconds: float = 5.0, checks: int = 2, edit: Callable[[System], System] | None = None,
) -> BlocWars:  # fmt: skip
    """Return how the blocs of the day before agree with the sides of every war of three or more states.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
        Folder with the published files.
    source : {"cow", "iwd"}
        List of wars and sides: Correlates of War inter-state wars, or Interstate War Data.
    draws : int
        Draws of every uncertain number for each war's interval.
    seed : int
        Of the draws and of the resampled wars.
    seconds : float, s
        Time limit of each proof.
    checks : int
        Draws of each war that are also solved exactly, to see whether the search can be trusted.
    edit : callable, optional
        Applied to the system of each eve before its blocs are looked for: with another, the scores are not those of decision 8.

    Returns
    -------
    BlocWars

    Raises
    ------
    ParameterError
        Another source, or ``draws`` below 2.
    DataError
        Files are missing from the folder.

    Notes
    -----
    The main score takes attacker and first target as given and asks of every other belligerent whether it is in the bloc of the side that it
    entered. Chance puts the states into the places of the war by lot and is exact. The wars are those of [Sarkees2010]_ or of
    [Reiter2016]_.

    Examples
    --------
    >>> blocs_against_wars("/data").summary()["share"][0]  # doctest: +SKIP
    """
    if source not in {"cow", "iwd"}:
        raise parameter("source", source, "'cow' or 'iwd'")
    if draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    store = DataDir.of(data_dir)
    tables = Tables.read(store)
    store.require(*(("cow_wars",) if source == "cow" else ("cow_wars", "iwd")))
    wars, names = _wars(store, source), dict(tables["cow_states"].select("ccode", "statenme").iter_rows())
    scores, unscored = [], []
    for war in wars:
        system = build(war.first_shot - dt.timedelta(days=1), tables)
        system = system if edit is None else edit(system)
        score = score_war(war, system, names=names, draws=draws, seed=seed, seconds=seconds, checks=checks)
        if isinstance(score, str):
            unscored.append((war.name, score))
        else:
            scores.append(score)
    read = (*(("cow_wars",) if source == "cow" else ("iwd", "cow_wars")), *tables.frames)
    return BlocWars(source, tuple(scores), tuple(unscored), draws, seed, tuple(dict.fromkeys(read)))


def score_war(
    war: WarSides, system: System, *, names: dict[int, str], draws: int = 100, seed: int = 1, seconds: float = 5.0, checks: int = 2
) -> WarScore | str:  # fmt: skip
    """Return how the blocs of ``system`` agree with the sides of ``war``, or why there is no score.

    Parameters
    ----------
    war : WarSides
    system : System
        As of the day before the first shot.
    names : dict of int to str
        Names of states by COW code, for belligerents outside the system.
    draws, seed, seconds, checks
        As `blocs_against_wars`.

    Raises
    ------
    ParameterError
        The system is of the day of the first shot or later.
    """
    if system.date >= war.first_shot:
        raise parameter("system", system.date, f"a system before the first shot, {war.first_shot}")
    codes = {a.cow: k for k, a in enumerate(system.actors) if a.cow is not None}
    fighters = [Fighter(codes[b.ccode], b) for b in war.belligerents if b.ccode in codes]
    outside = tuple(names.get(b.ccode, str(b.ccode)) for b in war.belligerents if b.ccode not in codes)
    centre = propensity(system, seed=None)
    lead = _originators(war, fighters, centre.power[0])
    if lead is None:
        return f"no originator of one side was in the system: {', '.join(outside)}"
    ordered = [*lead, *(f for f in fighters if f not in lead)]
    if len(ordered) == len(lead):
        return f"nobody but the originators was in the system: {', '.join(outside)}"
    at, on_a = [f.at for f in ordered], [f.war.side == "A" for f in ordered]
    two = partition(centre.n, centre.i, centre.j, centre.weight[0], seconds=seconds)
    stand = places(centre.n, centre.i, centre.j, centre.weight[0], two.label)
    sample = propensity(system, seed=seed, n_draws=draws)
    labels, checked, found = _line_ups(sample, oriented(stand.part, two.label), seconds, checks)
    part = parts(sample.n, sample.i, sample.j, np.abs(sample.weight).sum(axis=0))
    drawn = np.array([
        [verdict is True for verdict in anchored(Places(part, label), at[0], at[1], at[2:], on_a[2:])] for label in labels
    ])  # fmt: skip
    verdicts = [None, None, *anchored(stand, at[0], at[1], at[2:], on_a[2:])]
    shares = [np.nan, np.nan, *drawn.mean(axis=0)]
    rules = _rules(system, ordered, centre.power[0])
    entrants = tuple(
        Entrant(system.actors[f.at].id, system.actors[f.at].name, f.war.side, f.war.entry, role, verdict, float(p), rule, f.war.switched)
        for f, role, verdict, p, rule in zip(ordered, (*ROLES[:2], *ROLES[2:] * (len(ordered) - 2)), verdicts, shares, rules, strict=True)
    )  # fmt: skip
    total = float(np.abs(centre.weight[0]).sum()) or 1.0
    relation = RELATIONS[stand.related(at[0], at[1])]
    return WarScore(
        war.number, war.name, system.date, entrants, outside, relation, two.proved, two.value / total, two.bound / total,
        best_labelling(stand, at, on_a), drawn.mean(axis=1), anchored_chance(stand, at, sum(on_a)), best_chance(stand, at, sum(on_a)),
        checked, found,
    )  # fmt: skip


def _wars(store: DataDir, source: str) -> tuple[WarSides, ...]:
    """Return the wars of a list."""
    listed = store.table("cow_wars")
    if source == "cow":
        return cow_sides(listed)
    return iwd_sides(store.table("iwd"), dict(listed.select("state_name", "ccode").unique().iter_rows()))


def _originators(war: WarSides, fighters: list[Fighter], power: NDArray[np.float64]) -> tuple[Fighter, Fighter] | None:
    """Return attacker and target, None where one side had nobody in the system on the first day."""
    there = [f for f in fighters if f.war.entry == war.first_shot]
    attackers = [f for f in there if f.war.ccode in war.initiators] or [f for f in there if f.war.side == "A"]
    targets = [f for f in there if f.war.side == "B"]
    if not attackers or not targets:
        return None
    return max(attackers, key=lambda f: power[f.at]), max(targets, key=lambda f: power[f.at])


def _line_ups(
    sample: Propensity, start: NDArray[np.int64], seconds: float, checks: int
) -> tuple[NDArray[np.int64], int, int]:  # fmt: skip
    """Return the line-up found in each draw (n_draws, n), how many were also solved exactly, and in how many of those the search had the optimum."""
    n, i, j = sample.n, sample.i, sample.j
    labels, values = drawn_line_ups(n, i, j, sample.weight, start)
    few = slice(0, checks)
    return labels, *checked_draws(n, i, j, sample.weight[few], values[few], seconds=seconds * checks)


def _rules(system: System, ordered: list[Fighter], power: NDArray[np.float64]) -> list[dict[str, bool]]:
    """Return by belligerent which rules name the side that it took."""
    owed = {
        frozenset((system.index[pledge.by], system.index[recipient]))
        for _, pledge, recipient in system.pledges()
        if pledge.type in BINDING
    }
    attacker, target = ordered[0].at, ordered[1].at
    stronger = bool(power[attacker] > power[target])
    out = []
    for f in ordered:
        before = [x for x in ordered if x.war.entry < f.war.entry and x.at not in {attacker, target}]

        def ally(patrons: list[Fighter], me: int = f.at) -> bool:
            a, b = ([g, *(x.at for x in patrons if x.war.side == s)] for g, s in ((attacker, "A"), (target, "B")))
            return larger_ally(a, b, power, lambda k: frozenset((me, k)) in owed)

        says = {"larger_ally": ally(before), "anchor_ally": ally([]), "with_target": False, "with_stronger": stronger}
        out.append({rule: says_a == (f.war.side == "A") for rule, says_a in says.items()})
    return out
