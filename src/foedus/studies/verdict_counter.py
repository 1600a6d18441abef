"""Claim B by the detector of counter-alliances: whether the threatened gain pacts more than expected, and whether the outweighed sign.

Cells of the multiverse of ``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``; what they say is `foedus.studies.counter_pacts`'s, by
the rules of decision 17. Its own verdict needs both nulls and corrects for how many were asked; here every cell stands for itself.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from foedus.formation.counter_history import ALL, ERAS
from foedus.studies.counter_pacts import counter_pacts
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_run import WHOLE, Bench, Job, Part
from foedus.system.tables import REQUIRED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.formation.counter import Row
    from foedus.formation.counter_result import CounterPacts

NULLS = {"other dates": "permute", "peers": "matched"}
YEARS = (3, 5, 10)
SPANS = (ALL, *(e for e, _ in ERAS))
SIDES = {"alone": "own", "with its allies": "allied"}


def found(bench: Bench) -> CounterPacts:
    """Return the detector's record, made once for both parts."""
    return bench.once("counter", lambda: counter_pacts(data_dir=bench.store, seed=bench.seed))


def effect_cell(
    rows: Sequence[Row], choices: dict[str, str], *, design: str, outcome: str, era: str, within: int | None
) -> Cell:
    """Return the cell of one comparison among the detector's rows."""
    for r in rows:
        if (r.design, r.outcome, r.era) == (design, outcome, era) and within in (None, r.within):
            e = r.effect
            if e.difference is None or e.low is None or e.high is None:
                return Cell.without(choices, f"too few to compare ({e.cases} cases)")
            return Cell.of(
                choices, (e.difference, e.low, e.high), f"{e.cases} cases of {e.states} states in {e.years} years"
            )
    return Cell.without(choices, "not compared")


def _answered() -> list[tuple[dict[str, str], dict[str, object]]]:
    """Return choices and what to look up for B.2."""
    spans = [(ALL, k) for k in YEARS] + [(era, 5) for era, _ in ERAS]
    return [
        ({"null": null, "era": era, "years": str(k)}, {"design": design, "outcome": "counter", "era": era, "within": k})
        for (null, design), (era, k) in product(NULLS.items(), spans)
    ]  # fmt: skip


def _signed() -> list[tuple[dict[str, str], dict[str, object]]]:
    """Return choices and what to look up for B.3."""
    return [
        ({"null": null, "era": era, "own side": side}, {"design": design, "outcome": measure, "era": era, "within": None})
        for (null, design), era, (side, measure) in product(NULLS.items(), SPANS, SIDES.items())
    ]  # fmt: skip


def _jobs(bench: Bench, *, signed: bool) -> list[Job]:
    """Return the one job of a part."""
    asked = _signed() if signed else _answered()

    def run() -> list[Cell]:
        absent = bench.lacks(*REQUIRED)
        if absent:
            return [Cell.without(choices, absent) for choices, _ in asked]
        record = found(bench)
        rows = record.redress if signed else record.rows
        return [effect_cell(rows, choices, **where) for choices, where in asked]  # type: ignore[arg-type]

    return [Job(("all pacts",), run)]


CASE = "Threat is a model's, of assumed and fitted weights; ATOP codes neither entente as a pledge, so that 1904 and 1907 are not among the answers."
ANSWERED = Part(
    Question(
        "B.2", "Do outsiders whom a new defence pact threatens gain pacts against it more than expected?",
        "share that entered a defence pact without its "
        "signatories within so many years, less the share that a null expects", 0.0, "higher",
        (("null", "other dates"), ("era", ALL), ("years", "5")),
        "In the years before the pact the threatened had gained pacts more often than their peers: the new pact may be the answer.",
        f"Who began. Armament and understandings that no treaty holds. {CASE}", "observed, against simulated nulls",
    ),
    {"null": tuple(NULLS), "era": SPANS, "years": tuple(map(str, YEARS))},
    lambda bench: _jobs(bench, signed=False),
    WHOLE,
)  # fmt: skip
SIGNED = Part(
    Question(
        "B.3", "Do states sign defence pacts when they are outweighed?",
        "rank among all states by threat over own capability of those that sign, less the rank "
        "that a null expects", 0.0, "higher", (("null", "other dates"), ("era", ALL), ("own side", "alone")),
        "With allies counted on the own side the measure is biased: who has few allies still has its signings before it.",
        f"Why they signed. {CASE}", "observed, against simulated nulls",
    ),
    {"null": tuple(NULLS), "era": SPANS, "own side": tuple(SIDES)},
    lambda bench: _jobs(bench, signed=True),
    WHOLE,
)  # fmt: skip
