"""What stands around the figures of a brief: title, description for those who do not see them, caption, source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.report.model import Figure
from foedus.report.sections.standing import models
from foedus.report.words import plain

if TYPE_CHECKING:
    from foedus.report.words import Names
    from foedus.studies.brief import Findings


def network(f: Findings, names: Names) -> Figure:
    """Return the signed network."""
    left, right = names.all(f.blocs.names)
    return Figure(
        "network",
        "The signed network",
        f"{len(f.system.actors)} actors placed from left (always with {left}) to right (always with {right}); solid "
        "lines are ties that join, dashed lines ties that divide. The tables below hold the same numbers.",
        "Across: share of draws with either bloc, so that whoever the data leave in doubt stands in the middle; down "
        "has no meaning. Area grows with capability; squares are armed groups. Only the heaviest ties are drawn, the "
        "thicker the heavier.",
        "derived",
        models(f, "ties"),
    )


def membership(f: Findings) -> Figure:
    """Return the bars of membership."""
    return Figure(
        "membership",
        "How sure is each place?",
        "One bar an actor: the share of draws in which it stands with its bloc; below 90 % it is called doubtful.",
        "Share of draws in which an actor stands with its bloc of the best line-up. Left of the line at 90 % it is "
        "between the blocs.",
        "derived",
        models(f, "ties"),
    )


def reasons(f: Findings) -> Figure:
    """Return the stacked reasons."""
    return Figure(
        "reasons",
        "What holds each actor, and what pulls it away",
        "One bar an actor, in parts by reason: to the right pulls towards its bloc, to the left pulls away. The table "
        "of reasons holds every number with its interval.",
        "Pulls at the centre, as shares of the actor's total absolute pull. Intervals stand in the table of reasons.",
        "derived",
        models(f, "ties"),
    )


def ledger(f: Findings) -> Figure:
    """Return the dumbbells."""
    return Figure(
        "ledger",
        "Alone and together",
        "Two panels, one line an actor: the chance to hold if attacked, and the chance a year to be attacked and "
        "beaten, each alone (hollow) and with all allies (filled). The tables below hold the numbers.",
        "Hollow: alone. Filled: with all allies. Thin lines are 90 % intervals over uncertain inputs; the two arms "
        "share them, so that the sign of a difference can be settled although the lines overlap (see the column "
        "“fall”).",
        "derived",
        models(f, "onset_fitted", "spread", "joining"),
    )


def joining(f: Findings, names: Names) -> Figure:
    """Return the diverging bars."""
    a, b = names.full(f.war.attacker), names.full(f.war.target)
    return Figure(
        "joining",
        "Who joins which side",
        f"One bar an actor: to the left its chance to be at war with {a}, to the right with {b}, with intervals.",
        "Chance to be at war on either side, with 90 % intervals over uncertain inputs; the two who begin are left "
        "out.",
        "simulated",
        models(f, "spread", "joining", "ties"),
    )


def sizes(f: Findings) -> Figure:
    """Return the distribution of size."""
    return Figure(
        "sizes",
        "How large",
        f"Columns: share of simulated wars by number of belligerents; mean {plain(f.war.size.mean)}.",
        "Share of simulated wars by number of belligerents, chance and uncertain inputs together.",
        "simulated",
        models(f, "spread", "joining"),
    )


def theatre(f: Findings) -> Figure:
    """Return the map."""
    placed = sum(1 for a in f.system.actors if a.place)
    return Figure(
        "map",
        "Where it would be fought",
        f"{placed} actors at their capitals or seats, coloured by bloc; arcs are pledges to fight; bars are fronts.",
        "Actors at their capitals or seats; arcs are pledges to fight, along great circles. A bar across the line "
        "between two seats marks a land border on which they would fight, the thicker the likelier; it stands midway "
        "between the seats, not on the border. No coastlines or borders are bundled, so only the graticule is drawn. "
        "Seats far outside the frame stand at its edge; a crowded corner is drawn once more below.",
        "simulated",
        models(f, "spread", "joining"),
    )


def what_if(f: Findings) -> Figure:
    """Return the differences of a what-if."""
    return Figure(
        "what-if",
        "What the change does to each actor",
        "One line an actor: the change of its chance to be at war, with its 90 % interval; zero is marked.",
        "Change of the chance to be at war in percentage points, second system less first.",
        "simulated",
        models(f, "spread", "joining"),
    )
