"""A brief from end to end: findings become sections, sections become a page or a terminal print. Computes nothing.

Each section is one file in ``sections/``; terminal and page show the same sections. Start here to follow a number to
where it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.report.kept import kept
from foedus.report.sections import accounts, basis, blocs, obligations, overview, security, war, whatif
from foedus.report.words import Names

if TYPE_CHECKING:
    from foedus.report.model import Section
    from foedus.studies.brief import Findings

ORDER = (overview, blocs, obligations, security, war, accounts, whatif, basis)


def sections(findings: Findings) -> tuple[Section, ...]:
    """Return the sections of a brief in order.

    Kept with the findings (they are frozen), so that a print and a page share the work.
    """
    names = Names(findings.system)
    return kept(findings, "sections", lambda: tuple(room.section(findings, names) for room in ORDER))
