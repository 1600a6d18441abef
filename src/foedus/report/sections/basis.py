"""Section 8: what everything above rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.report.model import Cell, Column, Note, Section, Table
from foedus.report.sections.standing import scenario
from foedus.report.words import counted, listed, text

if TYPE_CHECKING:
    from foedus.report.model import Block
    from foedus.report.words import Names
    from foedus.studies.brief import Findings
    from foedus.system.nouns import Source

STATUSES = ("published", "fitted", "assumed")


def version() -> str:
    """Return foedus' version."""
    from foedus import __version__

    return __version__


def section(f: Findings, names: Names) -> Section:
    """Return the section."""
    s = f.system
    blocks: list[Block] = [Note(_assumed(f)), _parameters(f)]
    blocks += (
        [Note("Limits that the system states", "head"), *(Note(limit, "item") for limit in s.limits)]
        if s.limits
        else []
    )
    blocks += [
        Note("This brief", "head"),
        Note(
            f"foedus {version()}; system {s.id}, SHA-256 {s.hash}; {counted(f.draws, 'simulated war')}, "
            f"{counted(f.blocs.draws, 'draw')} of the line-up, seed {f.seed}. The same inputs, seed and version give the "
            "same numbers."
        ),
        Note(
            "Observed: stated by the system with its source. Derived: follows from it by rule or model without chance. "
            "Simulated: averaged over drawn wars. Intervals in square brackets cover 90 % of the draws of uncertain "
            "inputs; that a model is wrong is in none of them.",
            "remark",
        ),
        _sources(f),
    ]
    return Section("basis", 8, "What does this rest on?", "Basis", "observed", tuple(blocks))


def _assumed(f: Findings) -> str:
    """Return which models are assumed, in plain words."""
    assumed = [m for m, c in f.parameters.items() if set(c) == {"assumed"}]
    partly = [m for m, c in f.parameters.items() if "assumed" in c and len(c) > 1]
    line = (
        f"Every parameter of {listed(assumed)} is assumed: levels and signs follow the literature, sizes were fitted to "
        "nothing here. "
        if assumed
        else ""
    )
    return (
        f"{line}{f'Of those of {listed(partly)} some are assumed.' if partly else ''}".strip()
        or "No parameter is assumed."
    )


def _parameters(f: Findings) -> Table:
    """Return the standing of every model's parameters."""
    rows = tuple((text(m), *(Cell(str(c.get(k, 0)), c.get(k, 0)) for k in STATUSES)) for m, c in f.parameters.items())
    columns = (Column("Model", wide=True), *(Column(k.capitalize(), number=True) for k in STATUSES))
    return Table(
        "parameters",
        "Parameters by standing",
        columns,
        tuple(rows),
        "observed",
        "parameter files of foedus",
        "parameters.csv",
    )


def _sources(f: Findings) -> Table:
    """Return the sources of the system."""
    rows = tuple(
        (
            text(x.id),
            Cell(x.title, x.title.casefold(), x.url),
            text(x.publisher or "–"),
            text(_version(x)),
            text(x.licence or "not stated"),
            text(x.note or "–"),
        )
        for x in f.system.sources
    )
    columns = (
        Column("Id"),
        Column("Title", wide=True),
        Column("Publisher", rank=2),
        Column("Version or year"),
        Column("Licence"),
        Column("Note", rank=9),
    )
    return Table(
        "sources",
        "Sources",
        columns,
        rows,
        "observed",
        scenario(f),
        "sources.csv",
        top=12,
        empty="The system names no source.",
    )


def _version(x: Source) -> str:
    """Return a source's version, year and checksum, as far as it has them."""
    parts = [x.version, str(x.year) if x.year else "", f"sha256 {x.sha256[:12]}" if x.sha256 else ""]
    return ", ".join(p for p in parts if p) or "–"
