"""Figures of a brief as inline SVG: charts through Altair and vl-convert, the network and the map through templates.

Colours are CSS variables with a fallback (`foedus.report.figures.palette`), text takes the colour of the page,
backgrounds are transparent, so that one drawing serves light, dark and print. Drawings hold no scripts, and their ids
begin with the figure's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foedus.report.model import Figure
    from foedus.studies.brief import Findings


CHECKED = False
"""Whether charts are checked against the grammar's schema while drawn; tests do, it takes as long as the drawing."""


def draw(findings: Findings, figure: Figure) -> str:
    """Return the SVG of a figure, empty where there is nothing to draw.

    Parameters
    ----------
    findings : Findings
    figure : Figure
        Its ``id`` chooses the drawing; title and description go into the SVG for those who do not see it.
    """
    from foedus.report.figures import charts, dumbbells, geography, network, outcomes

    drawings = {
        "network": network.svg,
        "map": geography.svg,
        "membership": charts.membership,
        "reasons": charts.reasons,
        "ledger": dumbbells.ledger,
        "joining": outcomes.joining,
        "sizes": outcomes.sizes,
        "what-if": outcomes.what_if,
    }
    from altair.utils import schemapi

    with schemapi.debug_mode(CHECKED):
        return drawings[figure.id](findings, figure)
