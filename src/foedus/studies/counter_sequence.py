"""The step-by-step check of claim B: five steps from 1879 to 1907, whom each threatened and by how much, and what these signed next.

The two ententes are alignments of our own sourced table, for which ATOP has no pledge; they are computed as if their members had promised to fight
for each other, and say so. Compares with no null; see `foedus.studies.counter_pacts`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.names import of
from foedus.data.store import DataDir
from foedus.errors import DataError, message
from foedus.studies.counter_pacts import answers
from foedus.studies.counter_rows import ANSWERS, Pact, Roll, history_of, outsiders_of, signings_of
from foedus.system.from_tables import build
from foedus.system.signed import find_signed
from foedus.system.tables import Tables

if TYPE_CHECKING:
    import os

    import polars as pl

    from foedus.formation.counter_result import Answered

TREATIES = ("Dual Alliance", "Triple Alliance", "Franco-Russian Alliance")
ALIGNMENTS = ("entente-cordiale-1904", "anglo-russian-convention-1907")


@dataclass(frozen=True)
class Step:
    """One step: what it was called, its day and members, its ATOP number (None for an alignment), and the threatened, most first."""

    name: str
    signed: str
    members: tuple[str, ...]
    atop: int | None
    threatened: tuple[Answered, ...]


@dataclass(frozen=True)
class Sequence:
    """The five steps, and the names of the time by id of all who are in them."""

    steps: tuple[Step, ...]
    names: dict[str, str] = field(default_factory=dict)

    def table(self) -> pl.DataFrame:
        """Return one row a threatened outsider of each step."""
        import polars as pl

        rows = [
            {
                "step": s.name, "signed": s.signed, "members": ", ".join(s.members), "atop": s.atop, "outsider": a.outsider, "rise": a.rise,
                "share": a.share, "gap_before": a.gap_before, "gap_after": a.gap_after, "years": a.years, "answer": a.answer, "joined": a.joined,
            }
            for s in self.steps for a in s.threatened
        ]  # fmt: skip
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "steps": self.table().to_dicts(),
            "standing": "threat derived; signings observed (ATOP); alignments as if pledged",
        }


def counter_sequence(*, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Sequence:
    """Return the steps of 1879, 1882, 1893, 1904 and 1907 with whom each threatened and what these signed after it.

    Raises
    ------
    DataError
        Data sets, or our own table of treaties, that are not there.
    """
    tables = Tables.read(DataDir.of(data_dir))
    if tables.treaties is None:
        raise DataError(message("The steps need our own table of treaties", got="none", hint="reinstall foedus"))
    roll = Roll(tables)
    signed = [find_signed(name, tables) for name in TREATIES]
    pacts = [Pact(s.atop, s.name, s.date, tuple(roll.index[c] for c in s.members)) for s in signed]
    pacts += [
        Pact(0, a.name, a.start, tuple(roll.index[c] for c in a.members)) for a in tables.treaties.alignments if a.id in ALIGNMENTS
    ]  # fmt: skip
    found = [outsiders_of(p, build(p.day, tables), roll) for p in pacts]
    years = np.arange(min(p.day.year for p in pacts), max(p.day.year for p in pacts) + 1)
    grid = np.full((4, len(years), len(roll.codes)), np.nan)
    signings = signings_of(tables["atop5_1m"], ANSWERS["defense"], roll)
    history = history_of(pacts, found, years, grid, signings, roll, tables.last_year("atop5_1m"))
    steps = []
    for k, pact in enumerate(pacts):
        rows = answers(history, history.threatened & (history.pairs.pact == k))
        who = tuple(roll.names[m] for m in pact.members)
        steps.append(
            Step(pact.name, pact.day.isoformat(), who, pact.atop or None, tuple(sorted(rows, key=lambda a: -a.rise)))
        )
    last = max(p.day for p in pacts)
    called = {abb: of(int(code)).on(last, abb) for abb, code in zip(roll.names, roll.codes, strict=True)}
    return Sequence(tuple(steps), called)
