"""Claims E and I, by paired wars: outside interventions, pacts of 1914, and sponsors of armed groups, each with and without.

Cells of the multiverse of ``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``, from `foedus.scenario.compare` on common random numbers. The
quantity is always the number of belligerents with the thing in question less without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.nested import nested
from foedus.scenario.compare import compare
from foedus.scenario.read import load_scenario
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_run import WHOLE, Bench, Job, Part
from foedus.system.edits import ChangeTie, RemoveTie, VoidPact
from foedus.system.real import system as real_system
from foedus.system.tables import REQUIRED
from foedus.war.simulate import INNER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from foedus.system.nouns import Tie
    from foedus.system.system import System
    from foedus.war.result import War

INTERVENTIONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Russia for Syria, 2015": ("middle-east-2015", "no-russian-intervention", ("RUS",)),
    "Russia, Iran and Hezbollah for Syria, 2015": (
        "middle-east-2015",
        "without-outside-intervention",
        ("RUS", "IRN", "HEZB"),
    ),
    "Russia for Syria, 2019": ("middle-east-2019", "without-russian-intervention", ("RUS",)),
    "the United States in Syria, 2019": ("middle-east-2019", "us-leaves-syria", ("USA",)),
}
COUNTED = ("all belligerents", "others than who intervenes")
VOID = {
    "Franco-Russian Alliance": ("no-franco-russian-alliance", ("atop-1380", "atop-1385")),
    "British understandings": (
        "no-entente-alignments",
        ("entente-cordiale-1904", "anglo-russian-convention-1907", "atop-1485"),
    ),
    "both of these": (
        "no-franco-russian-and-no-entente",
        ("atop-1380", "atop-1385", "entente-cordiale-1904", "anglo-russian-convention-1907", "atop-1485"),
    ),
    "guarantee of Belgium": ("no-belgian-guarantee", ("belgium-1839",)),
    "Dual Alliance": ("no-dual-alliance", ("atop-1335",)),
}
SYSTEMS = ("scenario europe-1914", "real date 1914-07-28")
SPONSORED = ("middle-east-2019", "middle-east-2015")
SHOTS = 2
"""First shots of a scenario on which sponsors are tried, the first of its list; all with thoroughness."""


def draws(bench: Bench) -> int:
    """Return how many wars are simulated of each arm."""
    return 10_000 if bench.thorough else 2_000


def paired(
    bench: Bench, choices: dict[str, str], with_: System, without: System, shot: tuple[str, str], *, but: Sequence[str] = ()
) -> Cell:  # fmt: skip
    """Return the cell of one pair of systems: belligerents, but for some, in the first less in the second."""
    found = compare(without, with_, of="war", attacker=shot[0], target=shot[1], draws=draws(bench), seed=bench.seed)
    assert found.wars is not None
    bare, full = (others(w, but) for w in found.wars)
    e = nested((full - bare)[:, None], INNER, shares=False)[0]
    return Cell.of(choices, (e.mean, e.low, e.high), f"{found.draws:,} paired wars")


def others(war: War, but: Sequence[str]) -> NDArray[np.float64]:
    """Return the number of belligerents of each war that are none of some actors."""
    return (war.side[:, [x not in but for x in war.system.ids]] > 0).sum(axis=1).astype(np.float64)


def shots(system: System) -> list[tuple[str, str]]:
    """Return the first shots of a system."""
    return [(f.attacker, f.target) for f in system.flashpoints]


def _interventions(bench: Bench) -> list[Job]:
    """Return the jobs of E.1, one an intervention."""

    def run(told: str) -> list[Cell]:
        name, what, who = INTERVENTIONS[told]
        with_, without, _ = load_scenario(name).what_if(what)
        return [
            paired(bench, {"intervention": told, "first shot": f"{a}:{b}", "counted": counted}, with_, without, (a, b), but=but)
            for a, b in shots(with_) for counted, but in zip(COUNTED, ((), who), strict=True)
        ]  # fmt: skip

    return [Job((told,), lambda told=told: run(told)) for told in INTERVENTIONS]


def _voids(bench: Bench) -> list[Job]:
    """Return the jobs of E.2, one a system."""
    scenario = load_scenario("europe-1914")
    first = shots(scenario.system)

    def cells(where: str, arms: Callable[[str], tuple[System, System]]) -> list[Cell]:
        made = {told: arms(told) for told in VOID}
        return [
            paired(bench, {"pact": told, "first shot": f"{a}:{b}", "system": where}, with_, without, (a, b))
            for told, (with_, without) in made.items() for a, b in first
        ]  # fmt: skip

    def of_scenario() -> list[Cell]:
        return cells(SYSTEMS[0], lambda told: scenario.what_if(VOID[told][0])[:2])

    def of_date() -> list[Cell]:
        absent = bench.lacks(*REQUIRED)
        if absent:
            return [
                Cell.without({"pact": told, "first shot": f"{a}:{b}", "system": SYSTEMS[1]}, absent)
                for told in VOID
                for a, b in first
            ]
        real = real_system("1914-07-28", data_dir=bench.store.path)

        def arms(told: str) -> tuple[System, System]:
            bare = real
            for pact in VOID[told][1]:
                bare = VoidPact(pact).apply(bare)
            return real, bare

        return cells(SYSTEMS[1], arms)

    return [Job((SYSTEMS[0],), of_scenario), Job((SYSTEMS[1],), of_date)]


def sponsor_ties(system: System) -> list[Tie]:
    """Return the sponsorships of armed groups in force."""
    return [t for t in system.active_ties() if t.reason == "sponsorship" and system.actor(t.b).kind == "group"]


def _sponsors(bench: Bench, *, openly: bool) -> list[Job]:
    """Return the jobs of I.1, or of I.2 if ``openly``: one a tie."""
    jobs = []
    for name in SPONSORED:
        system = load_scenario(name).system
        first: Sequence[tuple[str, str]] = shots(system)[: None if bench.thorough else SHOTS]
        for tie in sponsor_ties(system):

            def run(
                name: str = name, system: System = system, tie: Tie = tie, first: Sequence[tuple[str, str]] = first
            ) -> list[Cell]:
                if openly:
                    with_, without = (
                        ChangeTie(tie.a, tie.b, "sponsorship", tie.strength, openness=o).apply(system)
                        for o in ("open", "deniable")
                    )
                else:
                    with_, without = system, RemoveTie(tie.a, tie.b, "sponsorship").apply(system)
                return [
                    paired(bench, {"system": name, "sponsor and group": f"{tie.a} to {tie.b}", "first shot": f"{a}:{b}"}, with_, without, (a, b))
                    for a, b in first
                ]  # fmt: skip

            jobs.append(Job((name, tie.a, tie.b), run))
    return jobs


MODEL = "Rates were fitted to states in inter-state disputes and are carried to armed groups; the scenario's ties are ours, with intervals."
INTERVENTION = Part(
    Question(
        "E.1", "Does an outside power's intervention keep a war from widening?", "belligerents with the intervention less without it", 0.0, "lower",
        (("intervention", "Russia for Syria, 2015"), ("first shot", "OPP:SYR"), ("counted", COUNTED[0])),
        "An intervening power is itself one more belligerent, and its rivals may follow; what it deters shows only in first shots that are not "
        "fired, which "
        "are given here.",
        f"Whether fewer wars would have begun. {MODEL}", "simulated",
    ),
    {"intervention": tuple(INTERVENTIONS), "first shot": ("every flashpoint of the scenario",), "counted": COUNTED},
    _interventions,
)  # fmt: skip
VOIDED = Part(
    Question(
        "E.2", "Would the war of 1914 have stayed narrower without a pact?", "belligerents with the pact less without it", 0.0, "higher",
        (("pact", "Franco-Russian Alliance"), ("first shot", "AUH:SER"), ("system", SYSTEMS[0])),
        "Ties and quarrels carry more of the spread than clauses do, and stay when the pact is void.",
        "What the powers would have signed or armed instead; whether the first shot would have been fired.", "simulated",
    ),
    {"pact": tuple(VOID), "first shot": ("every flashpoint of europe-1914",), "system": SYSTEMS},
    _voids,
    WHOLE,
)  # fmt: skip
SPONSOR = Part(
    Question(
        "I.1", "Does a sponsor's tie to an armed group widen wars?", "belligerents with the tie less without it", 0.0, "higher",
        (("system", "middle-east-2019"), ("sponsor and group", "IRN to HEZB"), ("first shot", "ISR:IRN")),
        "Belief, shared enemies and interest hold sponsor and group together without the tie, and stay when it is cut.",
        f"Money and arms that raise what a group can do, beyond its capability as stated. {MODEL}", "simulated",
    ),
    {"system": SPONSORED, "sponsor and group": ("every sponsor of an armed group in force",),
    "first shot": ("the first two flashpoints (all with --thorough)",)},
    lambda bench: _sponsors(bench, openly=False),
)  # fmt: skip
OPENLY = Part(
    Question(
        "I.2", "Do open ties widen wars more than deniable ones?", "belligerents if the tie is open less if it is deniable", 0.0, "higher",
        (("system", "middle-east-2019"), ("sponsor and group", "IRN to HEZB"), ("first shot", "ISR:IRN")),
        "The model knows openness only as a discount on the strength of a tie, drawn from an assumed interval that holds none.",
        f"What denial does to those who would answer: in the model a deniable tie provokes by its strength alone. {MODEL}", "simulated",
    ),
    {"system": SPONSORED, "sponsor and group": ("every sponsor of an armed group in force",),
    "first shot": ("the first two flashpoints (all with --thorough)",)},
    lambda bench: _sponsors(bench, openly=True),
)  # fmt: skip
