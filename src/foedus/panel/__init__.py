"""Units of analysis: create them, add columns, count spells, whittle duplicates, filter, and say what is zero and what is missing.

``create_`` makes the rows of a `Panel`, each ``add_`` function adds columns and never a row; a value is looked up by the row's own keys in a table
that has every key once (convention 4.2). What a data set does not cover is null (convention 4.1). A column of facts that change by the day is
read as the field's own yearly files are, on any day of the year; ``at="jan1"`` reads them as of 1 January, as a `System` does (convention 4.13).
"""

from foedus.panel.affinity import add_peace_scale, add_pledge_similarity, add_religion_overlap, add_un_similarity
from foedus.panel.alliances import add_atop_alliance, add_atop_conditions
from foedus.panel.capabilities import add_nmc
from foedus.panel.contiguity import add_contiguity
from foedus.panel.create import create_dyad_years, create_state_days, create_state_years
from foedus.panel.crises import add_icb
from foedus.panel.disputes import add_cow_mids, add_gml_mids
from foedus.panel.distance import add_capital_distance
from foedus.panel.kads import create_kads
from foedus.panel.leaders import (
    add_archigos,
    add_lead,
    add_lwuf,
    create_leader_days,
    create_leader_dyad_years,
    create_leader_years,
)
from foedus.panel.panel import Panel
from foedus.panel.relevance import add_cow_majors, filter_prd
from foedus.panel.rivalries import add_strategic_rivalries
from foedus.panel.spells import add_peace_years, add_spells
from foedus.panel.tables import (
    add_ccode,
    add_cow_trade,
    add_creg_fractionalization,
    add_democracy,
    add_ethnic_fractionalization,
    add_gwcode,
    add_igos,
    add_latent_territorial_threat,
    add_minimum_distance,
    add_rugged_terrain,
    add_sim_gdp_pop,
)
from foedus.panel.wars import (
    add_armed_groups,
    add_cow_wars,
    add_ucdp_acd,
    add_ucdp_interventions,
    add_ucdp_onsets,
    create_war_participants,
)
from foedus.panel.whittle import (
    create_dispute_dyad_years,
    whittle,
    whittle_duration,
    whittle_fatality,
    whittle_first,
    whittle_hostility,
    whittle_onsets,
    whittle_reciprocation,
    whittle_start_month,
)

__all__ = [
    "Panel",
    "add_archigos",
    "add_armed_groups",
    "add_atop_alliance",
    "add_atop_conditions",
    "add_capital_distance",
    "add_ccode",
    "add_contiguity",
    "add_cow_majors",
    "add_cow_mids",
    "add_cow_trade",
    "add_cow_wars",
    "add_creg_fractionalization",
    "add_democracy",
    "add_ethnic_fractionalization",
    "add_gml_mids",
    "add_gwcode",
    "add_icb",
    "add_igos",
    "add_latent_territorial_threat",
    "add_lead",
    "add_lwuf",
    "add_minimum_distance",
    "add_nmc",
    "add_peace_scale",
    "add_peace_years",
    "add_pledge_similarity",
    "add_religion_overlap",
    "add_rugged_terrain",
    "add_sim_gdp_pop",
    "add_spells",
    "add_strategic_rivalries",
    "add_ucdp_acd",
    "add_ucdp_interventions",
    "add_ucdp_onsets",
    "add_un_similarity",
    "create_dispute_dyad_years",
    "create_dyad_years",
    "create_kads",
    "create_leader_days",
    "create_leader_dyad_years",
    "create_leader_years",
    "create_state_days",
    "create_state_years",
    "create_war_participants",
    "filter_prd",
    "whittle",
    "whittle_duration",
    "whittle_fatality",
    "whittle_first",
    "whittle_hostility",
    "whittle_onsets",
    "whittle_reciprocation",
    "whittle_start_month",
]
