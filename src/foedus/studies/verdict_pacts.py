"""Claim F, assurance against alarm: the account of defence pacts at their signature, and the disputes of their members before and after.

Cells of the multiverse of ``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``, from `foedus.security.account` and
`foedus.studies.pact_aftermath`. The account is a model's, the aftermath a record; neither makes signing an experiment.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import CoverageError, InvalidSystemError
from foedus.security.account import pact_account
from foedus.studies.pact_accounts import ERAS
from foedus.studies.pact_aftermath import OUTCOMES, WINDOW, Record, aftermath, over_pacts
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_onsets import GREAT_YEARS
from foedus.studies.verdict_run import WHOLE, Bench, Job, Part
from foedus.system.signed import defence_pacts, signed_system
from foedus.system.tables import REQUIRED, Tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.studies.pact_aftermath import Aftermath
    from foedus.system.signed import Signed

TRIPLE = 1350
"""ATOP's number of the Triple Alliance of 1882."""
EVERY, MORE_OFTEN = 10, 3
DRAWS = 20
NULLS = ("change", "peers", "matched")
ATTACKED = OUTCOMES.index("attacked")
RECORD = ("gml_part", "cow_states", "cow_majors", "cow_nmc")
SPANS = {"all": (1816, 2018), **{f"{a}-{b}": (a, b) for a, b in ERAS}}


def tables(bench: Bench) -> Tables:
    """Return the tables of real systems, read once."""
    return bench.once("tables", lambda: Tables.read(bench.store))


def near_great(year: int, window: int) -> bool:
    """Return whether any year from so many before to so many after is one of the great wars'."""
    return any(abs(year - g) <= window for g in GREAT_YEARS)


def labels(signed: Signed, majors: Sequence[tuple[int, object, object]]) -> dict[str, str]:
    """Return the choices of a pact's cell."""
    era = next(f"{a}-{b}" for a, b in ERAS if a <= signed.date.year <= b)
    great = any(c in signed.members and a <= signed.date <= b for c, a, b in majors)  # type: ignore[operator]
    return {
        "pact": f"ATOP:{signed.atop}", "era": era, "members": "two" if len(signed.members) == 2 else "three or more",
        "great power": "among them" if great else "none",
    }  # fmt: skip


def account_cell(signed: Signed, choices: dict[str, str], at_hand: Tables, seed: int) -> Cell:
    """Return the cell of F.1 for one pact: assurance less aggravation."""
    try:
        net = pact_account(signed_system(signed, at_hand), signed.pact, draws=DRAWS, seed=seed, wars=0).net
    except InvalidSystemError:
        return Cell.without(choices, "no account: fewer than two signatories are states of the system")
    except CoverageError as error:
        return Cell.without(choices, f"no account: {str(error).splitlines()[0]}")
    return Cell.of(
        choices, (-1000 * net.mean, -1000 * net.high, -1000 * net.low), f"{signed.name}, {signed.date}; {DRAWS} draws"
    )


def _accounts(bench: Bench) -> list[Job]:
    """Return the jobs of F.1, one for each pact of the sample and the Triple Alliance."""
    absent = bench.lacks(*REQUIRED)
    if absent:
        empty = {"pact": "every tenth", "era": "all", "members": "any", "great power": "any"}
        return [Job(("none",), lambda: [Cell.without(empty, absent)])]
    everyone = defence_pacts(tables(bench))
    sample = everyone[:: MORE_OFTEN if bench.thorough else EVERY]
    sample += [s for s in everyone if s.atop == TRIPLE and s not in sample]
    majors = bench.store.table("cow_majors").select("ccode", "start", "end").rows()

    def run(signed: Signed) -> list[Cell]:
        return [account_cell(signed, labels(signed, majors), tables(bench), bench.seed)]

    return [Job((f"ATOP:{s.atop}",), lambda s=s: run(s)) for s in sample]


def followed_cells(scored: Sequence[tuple[int, Aftermath]], seed: int) -> list[Cell]:
    """Return the cells of F.2.

    Parameters
    ----------
    scored : sequence of (year of signature, Aftermath)
    seed : int
    """
    cells = []
    for null, (era, (first, last)), by in product(NULLS, SPANS.items(), ("pact", "year")):
        for great in (
            ("in", "out") if any(first <= g + d <= last for g in GREAT_YEARS for d in (-WINDOW, WINDOW)) else ("in",)
        ):
            some = [
                (k, y, a)
                for k, (y, a) in enumerate(scored)
                if first <= y <= last and (great == "in" or not near_great(y, WINDOW))
            ]
            choices = {"null": null, "era": era, "great wars": great, "resampled by": by}
            if not some:
                cells.append(Cell.without(choices, "no pact"))
                continue
            values = np.array([[a.against[null][ATTACKED]] for *_, a in some])
            cluster = np.array([k if by == "pact" else y for k, y, _ in some])
            mean, low, high, n = over_pacts(values, cluster, seed=seed)[0]
            cells.append(Cell.of(choices, (mean, low, high), f"{n} pacts"))
    return cells


def _followed(bench: Bench) -> list[Job]:
    """Return the one job of F.2."""

    def run() -> list[Cell]:
        absent = bench.lacks(*RECORD, *REQUIRED)
        if absent:
            return [Cell.without(dict(c.choices), absent) for c in followed_cells((), bench.seed)]
        record = Record.read(bench.store)
        scored = [(s.date.year, aftermath(record, s.members, s.date)) for s in defence_pacts(tables(bench))]
        return followed_cells([(y, a) for y, a in scored if a is not None], bench.seed)

    return [Job(("all pacts",), run)]


ACCOUNT = Part(
    Question(
        "F.1", "Is what a defence pact assures more than what it alarms?",
        "attacks that beat somebody in 1,000 years: their fall over members less their "
        "rise over outsiders", 0.0, "higher",
        (("pact", f"ATOP:{TRIPLE}"), ("era", "1816-1913"), ("members", "three or more"), ("great power", "among them")),
        "The sign follows from two fitted coefficients (pledges deter, and embolden nobody): with them a pact must come out as assuring. The "
        "record of "
        "disputes (F.2) does not bear it out.",
        "How outsiders answer: they do not arm, ally or strike first in the account.",
    ),
    {"pact": ("every tenth defence pact since 1816", "the Triple Alliance"), "era": tuple(f"{a}-{b}" for a, b in ERAS),
     "members": ("two", "three or more"), "great power": ("among them", "none")},
    _accounts,
    WHOLE,
)  # fmt: skip
FOLLOWED = Part(
    Question(
        "F.2", "Are members attacked less often after it than before?",
        "change of new disputes that outsiders began with a member, a member and year, five "
        "years after less five before, mean over pacts", 0.0, "lower",
        (("null", "matched"), ("era", "all"), ("great wars", "in"), ("resampled by", "pact")),
        "States sign when they expect danger: a rise may be what they foresaw, and a pact that deterred everything would still follow a dangerous "
        "time. "
        "Critics and defenders of deterrence differ on whether these years are the place to look.",
        "What would have come without the pact. What was expected at the signature is in no list.", "observed",
    ),
    {"null": NULLS, "era": tuple(SPANS), "great wars": ("in", "out"), "resampled by": ("pact", "year")},
    _followed,
    (*RECORD, "atop5_1m"),
)  # fmt: skip
