"""Claims C, G and H, on modelled systems: alone or together, weak and rich, and what turns on the bargain of factions.

Cells of the multiverse of ``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``, from `foedus.security`. They vary systems, actors and
choices; that a model is wrong shows in none of them.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from foedus.errors import CoverageError
from foedus.estimate.nested import drawn
from foedus.scenario.read import load_scenario
from foedus.security.hazard import threats
from foedus.security.ledger import entrapment
from foedus.security.stance import stance
from foedus.security.weak_and_rich import weak_and_rich
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_run import WHOLE, Bench, Job, Part
from foedus.system.real import system as real_system
from foedus.system.tables import REQUIRED

if TYPE_CHECKING:
    from foedus.estimate.nested import Estimate
    from foedus.security.hazard import Threats
    from foedus.security.stance_result import Stance
    from foedus.system.system import System

SCENARIOS = ("europe-1914", "middle-east-2015", "middle-east-2019")
DATES = ("1914-07-28", "1938-01-01", "1985-01-01")
MORE_DATES = ("1938-01-01",)
STRONGEST = 8
CONTESTS = {"ratio": "tullock", "difference": "hirshleifer"}
LEANING = (
    "1870-01-01",
    "1900-01-01",
    "1913-01-01",
    "1938-01-01",
    "1960-01-01",
    "1980-01-01",
    "2000-01-01",
    *SCENARIOS[1:],
)
BARS = {"above the median": 0.5, "above three quarters": 0.75, "above nine tenths": 0.9}
DIVIDED = ("middle-east-2019", "middle-east-2015", "europe-1914")
ACTORS = 3
KINDS = {"bloc": "blocs", "war": "wars", "attacker": "likeliest attackers", "holds": "holding"}
"""Kinds of verdicts, in words."""
BAR = 0.1
"""Share of verdicts from which factions are said to set the course; assumed."""


def is_date(name: str) -> bool:
    """Return whether a system's name is a real date."""
    return name[0].isdigit()


def meant(bench: Bench, name: str) -> System:
    """Return the system that a name means."""
    return real_system(name, data_dir=bench.store.path) if is_date(name) else load_scenario(name).system


def strongest(system: System) -> list[str]:
    """Return the eight actors of greatest capability share, the greatest first."""
    from foedus.system.propensity import propensity

    power = propensity(system, seed=None).power[0]
    return [system.ids[k] for k in np.argsort(-power, kind="stable")[:STRONGEST]]


def beaten(world: Threats, me: int, contest: str) -> Estimate:
    """Return the attacks in 1,000 years that beat an actor, alone less with its allies."""
    form = cast('Literal["tullock", "hirshleifer"]', CONTESTS[contest])
    alone = world.hazard(me, allies=set()) * (1 - world.hold(me, allies=set(), contest=form))
    together = world.hazard(me) * (1 - world.hold(me, contest=form))
    return drawn(1000 * (alone.sum(axis=1) - together.sum(axis=1)))


def _systems(bench: Bench, names: tuple[str, ...], make: Any) -> list[Job]:
    """Return one job a system; ``make(system name)`` gives its cells, or one that is not at hand."""
    jobs = []
    for name in names:

        def run(name: str = name) -> list[Cell]:
            absent = bench.lacks(*REQUIRED) if is_date(name) else ""
            return [Cell.without({"system": name, **make(None)}, absent)] if absent else make(name)

        jobs.append(Job((name,), run))
    return jobs


def _named(bench: Bench) -> tuple[str, ...]:
    """Return the systems of claim C."""
    return (*SCENARIOS, *(d for d in DATES if bench.thorough or d not in MORE_DATES))


def _threats(bench: Bench, name: str) -> tuple[Threats, list[str]]:
    """Return the drawn hazards of a system, which keep what they have computed and so belong to one job, and its strongest actors."""
    system = meant(bench, name)
    return threats(system, seed=bench.seed, draws=200 if bench.thorough else 60), strongest(system)


def _safer(bench: Bench) -> list[Job]:
    """Return the jobs of C.1."""

    def make(name: str | None) -> Any:
        if name is None:
            return {"actor": "the strongest", "contest": "ratio"}
        world, actors = _threats(bench, name)
        cells = []
        for actor, contest in product(actors, CONTESTS):
            e = beaten(world, world.system.index[actor], contest)
            cells.append(
                Cell.of(
                    {"system": name, "actor": actor, "contest": contest},
                    (e.mean, e.low, e.high),
                    f"{world.draws} draws",
                )
            )
        return cells

    return _systems(bench, _named(bench), make)


def _entrapped(bench: Bench) -> list[Job]:
    """Return the jobs of C.2."""
    wars = 4000 if bench.thorough else 1000

    def make(name: str | None) -> Any:
        if name is None:
            return {"actor": "the strongest"}
        world, actors = _threats(bench, name)
        cells = []
        for actor in actors:
            e = entrapment(world, world.system.index[actor], wars=wars, seed=bench.seed)[2]
            cells.append(
                Cell.of({"system": name, "actor": actor}, (e.mean, e.low, e.high), f"{wars} wars that begin elsewhere")
            )
        return cells

    return _systems(bench, _named(bench), make)


def _lean(bench: Bench) -> list[Job]:
    """Return the jobs of G.1."""

    def make(name: str | None) -> Any:
        if name is None:
            return {"rich": "above three quarters"}
        system = meant(bench, name)
        return [lean_cell(bench, system, name, bar) for bar in BARS]

    return _systems(bench, LEANING, make)


def lean_cell(bench: Bench, system: System, name: str, bar: str) -> Cell:
    """Return the cell of G.1 for one system and one bar of riches."""
    choices = {"system": name, "rich": bar}
    try:
        found = weak_and_rich(
            system,
            data_dir=bench.folder if is_date(name) else None,
            richer_than=BARS[bar],
            draws=200 if bench.thorough else 60,
            seed=bench.seed,
        )
    except CoverageError as error:
        return Cell.without(choices, str(error).splitlines()[0])
    if found.difference is None:
        return Cell.without(choices, "nobody is weak and rich, or nobody weak is not rich")
    e = found.difference
    return Cell.of(
        choices,
        (e.mean, e.low, e.high),
        f"{sum(a.weak is not None and a.rich is not None for a in found.actors)} actors; {found.draws} draws",
    )


def divided(system: System) -> list[str]:
    """Return the actors whose factions disagree on somebody, Lebanon first and then by capability."""
    from foedus.security.factions import divided_on
    from foedus.system.propensity import propensity

    power = propensity(system, seed=None).power[0]
    some = [a.id for a in system.actors if a.factions and divided_on(system, a.id)]
    return sorted(some, key=lambda a: (a != "LEB", -power[system.index[a]], a))


def _turned(bench: Bench) -> list[Job]:
    """Return the jobs of H.1, one a system and divided actor."""
    jobs = []
    for name in DIVIDED:
        system = load_scenario(name).system
        actors = divided(system)
        for actor in actors if bench.thorough else actors[:ACTORS]:

            def run(system: System = system, name: str = name, actor: str = actor) -> list[Cell]:
                draws, worlds, wars = (168, 42, 1000) if bench.thorough else (42, 8, 200)
                return stance_cells(
                    stance(system, actor, draws=draws, worlds=worlds, war_draws=wars, seed=bench.seed), name
                )

            jobs.append(Job((name, actor), run))
    return jobs


def stance_cells(found: Stance, name: str) -> list[Cell]:
    """Return the cells of H.1 for one bargained stance."""
    cells = []
    for kind, s in found.shares.items():
        e = s.share
        for counted, off in (("as drawn", 0.0), ("less what a second seed flips", s.alone)):
            if off is not None:
                choices = {"system": name, "actor": found.actor, "verdicts on": KINDS[kind], "counted": counted}
                cells.append(Cell.of(choices, (e.mean - off, e.low - off, e.high - off), f"{s.count} verdicts"))
    return cells


SAFER = Part(
    Question(
        "C.1", "Is an actor beaten less often with its allies than alone?", "attacks in 1,000 years that beat it, alone less with its allies", 0.0,
        "higher",
        (("system", "europe-1914"), ("actor", "GMY"), ("contest", "ratio")),
        "That whoever comes adds strength is built into the assumed contest, so that only what pledges do to the number of attacks could turn the "
        "sign, and that rests on one fit which is not free of selection: states choose their pacts. A yes on every cell is therefore what the model "
        "takes for granted as much as what it finds. The price stands in C.2.",
        "Whether the actor would be attacked less because it is feared or because it gave way; what it would have done without allies: armed, or "
        "sought others.",
        "estimated under fitted and assumed parameters",
        "one state and one pact of any day: foedus ally POL --against GMY --with FRN,UKG --in 1939-08-31 (1 in 1,000 years here is 0.1 points a year "
        "there).",
    ),
    {"system": (*SCENARIOS, *DATES), "actor": (f"the {STRONGEST} of greatest capability",), "contest": tuple(CONTESTS)},
    _safer,
    WHOLE,
)  # fmt: skip
ENTRAPPED = Part(
    Question(
        "C.2", "Do its own pledges draw an actor into wars of others?",
        "chance to be drawn into a war that begins elsewhere, with its own pledges less without",
        0.0, "higher", (("system", "europe-1914"), ("actor", "GMY")),
        "Most of who joins is carried by ties, enmity and nearness, which stay when pledges are void; states may also choose pacts whose wars "
        "they would "
        "enter anyway.",
        "Pledges that keep wars from beginning elsewhere; those to others in the same pact.", "simulated",
        "foedus ally POL --in 1939-08-31 has it for one state, as the price.",
    ),
    {"system": (*SCENARIOS, *DATES), "actor": (f"the {STRONGEST} of greatest capability",)},
    _entrapped,
    WHOLE,
)  # fmt: skip
LEAN = Part(
    Question(
        "G.1", "Do weak and rich states lean on a protector more than weak ones that are not rich?",
        "mean share of the largest protector in all that could "
        "be counted on, weak and rich less weak and not rich", 0.0, "higher", (("system", "1960-01-01"), ("rich", "above three quarters")),
        "The weak who are poor are often far from any power that would come; in some decades they lean more. What counts as strength that reaches "
        "is assumed.",
        "Whether they lean because they cannot defend themselves, or need not defend themselves because they lean.",
        "derived under assumed parameters",
    ),
    {"system": LEANING, "rich": tuple(BARS)},
    _lean,
    (*WHOLE, "cw_gdppop"),
)  # fmt: skip
TURNED = Part(
    Question(
        "H.1", "Does more than one verdict in ten on the system turn on how a divided actor's factions bargain?", "share of verdicts of a kind that "
        "differ from those as stated", BAR, "higher",
        (("system", "middle-east-2019"), ("actor", "LEB"), ("verdicts on", "blocs"), ("counted", "as drawn")),
        "The bar of one in ten is assumed. Wishes of factions are assumed where no source states them, and the bargaining model never reproduced "
        "its own "
        "published path.",
        "That few verdicts turn does not say that factions do not matter inside their state.", "simulated",
    ),
    {"system": DIVIDED, "actor": (f"{ACTORS} divided actors of each (all with --thorough)",), "verdicts on": tuple(KINDS.values()),
     "counted": ("as drawn", "less what a second seed flips")},
    _turned,
)  # fmt: skip
