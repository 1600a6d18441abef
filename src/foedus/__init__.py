"""foedus computes alliance systems: who lines up with whom and why, and how far a war would spread.

The main path: data become a panel (`create_dyad_years` and its `add_*`); a panel at a date, or a scenario that a user
writes, becomes a `System` (`system`, `load`); every analysis takes a `System` and returns a frozen record
(``System.blocs``, `bound`, ``System.war``, `alone_or_together`, `pact_account`); a what-if is a `System` with typed edits
(``System.edit``), set against the first on common random numbers (`compare`); `investigate` gathers all of it, and
`foedus.report` only formats what was found.

Every name below is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Actor": "foedus.system.nouns",
    "Border": "foedus.system.nouns",
    "CoalitionGame": "foedus.security.games",
    "CoverageError": "foedus.errors",
    "DataError": "foedus.errors",
    "FoedusError": "foedus.errors",
    "InvalidSystemError": "foedus.errors",
    "LogitClassifier": "foedus.estimate.classifier",
    "Pact": "foedus.system.nouns",
    "ParameterError": "foedus.errors",
    "Pledge": "foedus.system.nouns",
    "Quantity": "foedus.system.values",
    "Scenario": "foedus.scenario.read",
    "ScenarioError": "foedus.errors",
    "Scoreboard": "foedus.studies.scoreboard",
    "SignedGraph": "foedus.blocs.graph",
    "StrategicModel": "foedus.estimate.strategic_model",
    "System": "foedus.system.system",
    "Tie": "foedus.system.nouns",
    "UnknownStateError": "foedus.errors",
    "add_atop_alliance": "foedus.panel",
    "add_capital_distance": "foedus.panel",
    "add_contiguity": "foedus.panel",
    "add_gml_mids": "foedus.panel",
    "add_nmc": "foedus.panel",
    "add_peace_years": "foedus.panel",
    "add_strategic_rivalries": "foedus.panel",
    "against_berkemeier_fuhrmann": "foedus.studies.casus",
    "align": "foedus.blocs.neutral",
    "alone_or_together": "foedus.security.ledger",
    "arms_race": "foedus.security.richardson",
    "balance": "foedus.blocs.balance",
    "balance_over_time": "foedus.blocs.balance_over_time",
    "bargain": "foedus.security.bargaining",
    "blockmodel": "foedus.blocs.blockmodel",
    "blocs_against_wars": "foedus.studies.bloc_wars",
    "blocs_over_years": "foedus.blocs.years",
    "bound": "foedus.obligations.bound",
    "burden_shares": "foedus.security.burden",
    "capability": "foedus.power.capability",
    "change_points": "foedus.blocs.changes",
    "check_certificate": "foedus.blocs.certificate",
    "cluster": "foedus.blocs.clustering",
    "coalition": "foedus.security.coalition",
    "compare": "foedus.scenario.compare",
    "counter_pacts": "foedus.studies.counter_pacts",
    "create_dyad_years": "foedus.panel",
    "create_state_years": "foedus.panel",
    "crisis": "foedus.security.interaction",
    "crisis_years": "foedus.studies.crisis_years",
    "debate": "foedus.studies.debate",
    "diff": "foedus.scenario.diff",
    "dossier": "foedus.studies.dossier",
    "evolve": "foedus.formation.evolve",
    "export": "foedus.report.interchange.export",
    "fall_of_war": "foedus.studies.peace_facts",
    "fight": "foedus.security.fight",
    "fighting_equilibrium": "foedus.security.fighting",
    "filter_prd": "foedus.panel",
    "fit": "foedus.studies.fit",
    "forecast": "foedus.studies.forecast",
    "formation_chances": "foedus.formation.outlook",
    "frames": "foedus.blocs.frames",
    "frames_over_years": "foedus.blocs.frames",
    "honours": "foedus.obligations.reliability",
    "investigate": "foedus.studies.brief",
    "judge": "foedus.studies.verdict",
    "landscape": "foedus.blocs.landscape",
    "load": "foedus.scenario.read",
    "load_scenario": "foedus.scenario.read",
    "optima": "foedus.blocs.optima",
    "pact_account": "foedus.security.account",
    "pact_accounts": "foedus.studies.pact_accounts",
    "pact_networks": "foedus.studies.network_rows",
    "parse_what_if": "foedus.scenario.what_if_file",
    "partition": "foedus.blocs.exact",
    "power_over_years": "foedus.power.years",
    "read_what_if": "foedus.scenario.what_if_file",
    "sequence": "foedus.studies.sequence",
    "serve": "foedus.studio.serve",
    "signals": "foedus.security.signalling",
    "signed_graph": "foedus.blocs.graph",
    "signed_graphs": "foedus.blocs.graph",
    "signed_layout": "foedus.blocs.layout",
    "similarity": "foedus.power.similarity",
    "six_powers": "foedus.studies.six_powers",
    "stability": "foedus.security.stability",
    "stability_over_years": "foedus.security.stability_years",
    "stable_partitions": "foedus.security.hedonic",
    "stance": "foedus.security.stance",
    "strategic": "foedus.estimate.strategic",
    "system_from_network": "foedus.scenario.from_network",
    "sweep": "foedus.studies.sweep",
    "tergm": "foedus.formation.tergm",
    "timeline": "foedus.scenario.timeline",
    "to_networkx": "foedus.report.interchange.network",
    "to_toml": "foedus.scenario.write",
    "ultimatum": "foedus.estimate.ultimatum",
    "validate": "foedus.studies.validate",
    "verdict": "foedus.studies.verdict_claims",
    "weak_and_rich": "foedus.security.weak_and_rich",
    "who": "foedus.data.states",
}

__all__ = sorted([*_HOME, "system"])  # noqa: PLE0605

if TYPE_CHECKING:
    from foedus.blocs.balance import balance
    from foedus.blocs.balance_over_time import balance_over_time
    from foedus.blocs.blockmodel import blockmodel
    from foedus.blocs.certificate import check_certificate
    from foedus.blocs.changes import change_points
    from foedus.blocs.clustering import cluster
    from foedus.blocs.exact import partition
    from foedus.blocs.frames import frames, frames_over_years
    from foedus.blocs.graph import SignedGraph, signed_graph, signed_graphs
    from foedus.blocs.landscape import landscape
    from foedus.blocs.layout import signed_layout
    from foedus.blocs.neutral import align
    from foedus.blocs.optima import optima
    from foedus.blocs.years import blocs_over_years
    from foedus.data.states import who
    from foedus.errors import (
        CoverageError,
        DataError,
        FoedusError,
        InvalidSystemError,
        ParameterError,
        ScenarioError,
        UnknownStateError,
    )
    from foedus.estimate.classifier import LogitClassifier
    from foedus.estimate.strategic import strategic
    from foedus.estimate.strategic_model import StrategicModel
    from foedus.estimate.ultimatum import ultimatum
    from foedus.formation.evolve import evolve
    from foedus.formation.tergm import tergm
    from foedus.obligations.bound import bound
    from foedus.obligations.reliability import honours
    from foedus.panel import (
        add_atop_alliance,
        add_capital_distance,
        add_contiguity,
        add_gml_mids,
        add_nmc,
        add_peace_years,
        add_strategic_rivalries,
        create_dyad_years,
        create_state_years,
        filter_prd,
    )
    from foedus.power.capability import capability
    from foedus.power.similarity import similarity
    from foedus.power.years import power_over_years
    from foedus.report.interchange.export import export
    from foedus.report.interchange.network import to_networkx
    from foedus.scenario.compare import compare
    from foedus.scenario.diff import diff
    from foedus.scenario.from_network import system_from_network
    from foedus.scenario.read import Scenario, load, load_scenario
    from foedus.scenario.timeline import timeline
    from foedus.scenario.what_if_file import parse_what_if, read_what_if
    from foedus.scenario.write import to_toml
    from foedus.security.account import pact_account
    from foedus.security.bargaining import bargain
    from foedus.security.burden import burden_shares
    from foedus.security.coalition import coalition
    from foedus.security.fight import fight
    from foedus.security.fighting import fighting_equilibrium
    from foedus.security.games import CoalitionGame
    from foedus.security.hedonic import stable_partitions
    from foedus.security.interaction import crisis
    from foedus.security.ledger import alone_or_together
    from foedus.security.richardson import arms_race
    from foedus.security.signalling import signals
    from foedus.security.stability import stability
    from foedus.security.stability_years import stability_over_years
    from foedus.security.stance import stance
    from foedus.security.weak_and_rich import weak_and_rich
    from foedus.studies.bloc_wars import blocs_against_wars
    from foedus.studies.brief import investigate
    from foedus.studies.casus import against_berkemeier_fuhrmann
    from foedus.studies.counter_pacts import counter_pacts
    from foedus.studies.crisis_years import crisis_years
    from foedus.studies.debate import debate
    from foedus.studies.fit import fit
    from foedus.studies.forecast import forecast
    from foedus.studies.network_rows import pact_networks
    from foedus.studies.pact_accounts import pact_accounts
    from foedus.studies.peace_facts import fall_of_war
    from foedus.studies.scoreboard import Scoreboard
    from foedus.studies.sequence import sequence
    from foedus.studies.six_powers import six_powers
    from foedus.studies.sweep import sweep
    from foedus.studies.validate import validate
    from foedus.studies.verdict import judge
    from foedus.studies.verdict_claims import verdict
    from foedus.studio.serve import serve
    from foedus.system.nouns import Actor, Border, Pact, Pledge, Tie
    from foedus.system.system import System
    from foedus.system.values import Quantity


def __getattr__(name: str) -> Any:
    """Return a public name, importing its module on first use."""
    if name == "system":
        return importlib.import_module("foedus.system")
    if name not in _HOME:
        message = f"module 'foedus' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
