"""Claim A, blocs: whether those of the eve name the side of who entered later, by list of wars, era, ties and way of counting.

Cells of the multiverse of ``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``, from `foedus.studies.bloc_wars` by the rules of decision 8.
Who is in which bloc of one system, and why, is for `foedus.blocs`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from foedus.studies.bloc_wars import blocs_against_wars
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_run import WHOLE, Bench, Job, Part
from foedus.studies.war_scores import ERAS, RESAMPLED
from foedus.system.tables import REQUIRED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.studies.war_scores import WarScore
    from foedus.system.system import System

QUARRELS = {"rivalry", "war", "injury", "territory"}
"""Reasons of ties that are kept where pacts and quarrels alone count."""
REASONS = ("all", "pacts and quarrels alone")
COUNTED = ("centre of ties", "mean of draws", "of the decided")
LISTS = {"COW": ("cow_wars",), "IWD": ("cow_wars", "iwd")}
DRAWS, MORE_DRAWS = 20, 100


def pacts_and_quarrels(system: System) -> System:
    """Return a system without ties of interest and belief, and without what regimes and religions derive."""
    return system.with_(
        ties=tuple(t for t in system.ties if t.reason in QUARRELS),
        actors=tuple(replace(a, regime=None, religion_ruling=None) for a in system.actors),
    )


def ratio(top: NDArray[np.float64], bottom: NDArray[np.float64], seed: int) -> tuple[float, float, float]:
    """Return the ratio of two sums over wars with its 90 % interval from resampled wars; NaN where there are fewer than two.

    Parameters
    ----------
    top, bottom : float arrays, shape (n_wars,)
    seed : int
    """
    if len(top) < 2 or bottom.sum() <= 0:
        return float("nan"), float("nan"), float("nan")
    pick = np.random.default_rng(seed).integers(0, len(top), (RESAMPLED, len(top)))
    below = bottom[pick].sum(axis=1)
    share = np.divide(top[pick].sum(axis=1), below, out=np.full(RESAMPLED, np.nan), where=below > 0)
    low, high = np.nanquantile(share, [0.05, 0.95])
    return float(top.sum() / bottom.sum()), float(low), float(high)


def counted(wars: Sequence[WarScore], how: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return who agrees, and of how many, war by war, under one way of counting."""
    scored = np.array([w.scored for w in wars], dtype=np.float64)
    agree = np.array([w.agree for w in wars], dtype=np.float64)
    if how == "mean of draws":
        return np.array([w.shares.mean() for w in wars]) * scored, scored
    return (
        (agree, np.array([w.decided for w in wars], dtype=np.float64)) if how == "of the decided" else (agree, scored)
    )


def chosen(wars: Sequence[WarScore], era: str, great: str) -> list[WarScore]:
    """Return the wars of an era, with or without the two world wars."""
    first, last = next((a, b) for name, a, b in ERAS if name == era)
    return [w for w in wars if first <= w.date.year <= last and (great == "in" or not is_great(w))]


def is_great(war: WarScore) -> bool:
    """Return whether a war is one of the two world wars."""
    return war.name.replace(" ", "").startswith("WorldWar")


def share_cells(wars: Sequence[WarScore], listed: str, reasons: str, seed: int) -> list[Cell]:
    """Return the cells of A.1 for one list and one kind of ties."""
    cells = []
    for era, great, how in _options(COUNTED):
        some = chosen(wars, era, great)
        top, bottom = counted(some, how)
        choices = {"wars": listed, "era": era, "great wars": great, "reasons": reasons, "counted": how}
        cells.append(Cell.of(choices, ratio(top, bottom, seed), f"{bottom.sum():.0f} belligerents of {len(some)} wars"))
    return cells


def rule_cells(wars: Sequence[WarScore], listed: str, reasons: str, seed: int) -> list[Cell]:
    """Return the cells of A.2 for one list and one kind of ties."""
    cells = []
    for era, great, _ in _options(("",)):
        some = chosen(wars, era, great)
        gap = np.array([w.agree - w.right("larger_ally") for w in some], dtype=np.float64)
        scored = np.array([w.scored for w in some], dtype=np.float64)
        choices = {"wars": listed, "era": era, "great wars": great, "reasons": reasons}
        cells.append(Cell.of(choices, ratio(gap, scored, seed), f"{scored.sum():.0f} belligerents of {len(some)} wars"))
    return cells


def _options(how: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return era, great wars and way of counting of each cell; the world wars are in two of the four eras."""
    return [
        (era, great, way)
        for (era, first, last), way in product(ERAS, how) for great in (("in", "out") if first < 1946 and last > 1899 else ("in",))
    ]  # fmt: skip


def _jobs(bench: Bench, *, rule: bool) -> list[Job]:
    """Return the jobs of a part: one for each list and kind of ties; both parts share the scores."""
    jobs = []
    for listed, reasons in product(LISTS, REASONS):

        def run(listed: str = listed, reasons: str = reasons) -> list[Cell]:
            make = rule_cells if rule else share_cells
            absent = bench.lacks(*LISTS[listed], *REQUIRED)
            if absent:
                return [Cell.without(dict(c.choices), absent) for c in make((), listed, reasons, bench.seed)]
            wars = bench.once((listed, reasons), lambda: _scores(bench, listed, reasons))
            return make(wars, listed, reasons, bench.seed)

        jobs.append(Job((listed, reasons), run))
    return jobs


def _scores(bench: Bench, listed: str, reasons: str) -> tuple[WarScore, ...]:
    """Return the scored wars."""
    return blocs_against_wars(
        bench.store, source=cast('Literal["cow", "iwd"]', listed.lower()), draws=MORE_DRAWS if bench.thorough else DRAWS, seed=bench.seed, checks=0,
        edit=None if reasons == "all" else pacts_and_quarrels,
    ).wars  # fmt: skip


CHOICES = {
    "wars": tuple(LISTS),
    "era": tuple(name for name, *_ in ERAS),
    "great wars": ("in", "out"),
    "reasons": REASONS,
}
PRIMARY = (("wars", "COW"), ("era", "all"), ("great wars", "in"), ("reasons", "all"))
SOURCES = (*WHOLE, "iwd")
SHARES = Part(
    Question(
        "A.1", "Do the blocs of the eve name a later belligerent's side more often than a coin would?", "share of later belligerents on the side of "
        "their bloc", 0.5, "higher", (*PRIMARY, ("counted", COUNTED[0])),
        "Where the blocs put both originators together, the whole war is lost; drawn over uncertain ties the share is near a coin's. Rivalries and "
        "treaties were coded by people who knew the wars. The world wars were seen when the ties' weights were set.",
        "Why they came: that blocs agree with sides is no proof that blocs made the sides. Wars of two states say nothing here.",
    ),
    {**CHOICES, "counted": COUNTED},
    lambda bench: _jobs(bench, rule=False),
    SOURCES,
)  # fmt: skip
RULE = Part(
    Question(
        "A.2", "Do they do so more often than the plain rule that a state goes with its larger ally?", "share of later belligerents on the side of "
        "their bloc less the share that the rule names", 0.0, "higher", PRIMARY,
        "The rule is told who entered before, which the blocs are not; it still does as well in one list of wars, and better in its wars since 1946.",
        "Whether a better rule than either could be had from the same facts.",
    ),
    CHOICES,
    lambda bench: _jobs(bench, rule=True),
    SOURCES,
)  # fmt: skip
