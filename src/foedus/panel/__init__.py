"""Units of analysis as Polars frames: create dyad-years, add columns to them.

``create_dyad_years`` makes the rows, each ``add_`` function adds columns and never a row; a join states its
cardinality (convention 4.2). What a data set does not cover is null (convention 4.1). As a year means 1 January
(convention 4.13), so does a column of facts that change by the day, unless ``at="year"`` asks for any day of the year
as the field's own dyad-year files do.
"""

from foedus.panel.alliances import add_atop_alliance
from foedus.panel.capabilities import add_nmc
from foedus.panel.contiguity import add_contiguity
from foedus.panel.distance import add_capital_distance
from foedus.panel.dyad_years import create_dyad_years
from foedus.panel.rivalries import add_strategic_rivalries

__all__ = [
    "add_atop_alliance",
    "add_capital_distance",
    "add_contiguity",
    "add_nmc",
    "add_strategic_rivalries",
    "create_dyad_years",
]
