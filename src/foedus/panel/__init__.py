"""Units of analysis: create them, add columns, count spells, whittle duplicates, filter, and say what is zero and what is missing.

``create_`` makes the rows of a `Panel`, each ``add_`` function adds columns and never a row; a value is looked up by the row's own keys in a table
that has every key once (convention 4.2). What a data set does not cover is null (convention 4.1). A column of facts that change by the day is
read as the field's own yearly files are, on any day of the year; ``at="jan1"`` reads them as of 1 January, as a `System` does (convention 4.13).
"""

from foedus.panel.alliances import add_atop_alliance
from foedus.panel.capabilities import add_nmc
from foedus.panel.contiguity import add_contiguity
from foedus.panel.create import create_dyad_years, create_state_days, create_state_years
from foedus.panel.distance import add_capital_distance
from foedus.panel.panel import Panel
from foedus.panel.rivalries import add_strategic_rivalries

__all__ = [
    "Panel",
    "add_atop_alliance",
    "add_capital_distance",
    "add_contiguity",
    "add_nmc",
    "add_strategic_rivalries",
    "create_dyad_years",
    "create_state_days",
    "create_state_years",
]
