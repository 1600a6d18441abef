"""The public names and the exception tree are pinned: changing one is a decision, and this file shows it."""

from __future__ import annotations

import inspect
import subprocess
import sys

import foedus
from foedus import errors

PUBLIC = [
    "Actor",
    "Border",
    "CoalitionGame",
    "CoverageError",
    "DataError",
    "FoedusError",
    "InvalidSystemError",
    "LogitClassifier",
    "Pact",
    "ParameterError",
    "Pledge",
    "Quantity",
    "Scenario",
    "ScenarioError",
    "Scoreboard",
    "SignedGraph",
    "StrategicModel",
    "System",
    "Tie",
    "UnknownStateError",
    "add_atop_alliance",
    "add_capital_distance",
    "add_contiguity",
    "add_gml_mids",
    "add_nmc",
    "add_peace_years",
    "add_strategic_rivalries",
    "against_berkemeier_fuhrmann",
    "align",
    "alone_or_together",
    "arms_race",
    "balance",
    "balance_over_time",
    "bargain",
    "blockmodel",
    "blocs_against_wars",
    "blocs_over_years",
    "bound",
    "burden_shares",
    "capability",
    "change_points",
    "check_certificate",
    "cluster",
    "coalition",
    "compare",
    "counter_pacts",
    "create_dyad_years",
    "create_state_years",
    "crisis",
    "crisis_years",
    "debate",
    "diff",
    "dossier",
    "evolve",
    "export",
    "fall_of_war",
    "fight",
    "fighting_equilibrium",
    "filter_prd",
    "fit",
    "forecast",
    "formation_chances",
    "frames",
    "frames_over_years",
    "honours",
    "investigate",
    "judge",
    "landscape",
    "load",
    "load_scenario",
    "optima",
    "pact_account",
    "pact_accounts",
    "pact_networks",
    "parse_what_if",
    "partition",
    "power_over_years",
    "read_what_if",
    "sequence",
    "serve",
    "signals",
    "signed_graph",
    "signed_graphs",
    "signed_layout",
    "similarity",
    "six_powers",
    "stability",
    "stability_over_years",
    "stable_partitions",
    "stance",
    "strategic",
    "sweep",
    "system",
    "system_from_network",
    "tergm",
    "timeline",
    "to_networkx",
    "to_toml",
    "ultimatum",
    "validate",
    "verdict",
    "weak_and_rich",
    "who",
]

TREE = {
    "FoedusError": ["Exception"],
    "DataError": ["FoedusError"],
    "UnknownStateError": ["DataError", "ValueError"],
    "CoverageError": ["DataError", "ValueError"],
    "InvalidSystemError": ["FoedusError", "ValueError"],
    "ScenarioError": ["FoedusError", "ValueError"],
    "ParameterError": ["FoedusError", "ValueError"],
    "MissingExtraError": ["FoedusError", "ImportError"],
    "WorkerError": ["FoedusError"],
}


def test_public_names_are_pinned_and_sorted():
    assert foedus.__all__ == PUBLIC
    assert sorted(PUBLIC) == PUBLIC


def test_every_public_name_is_documented():
    bare = [name for name in PUBLIC if not inspect.getdoc(getattr(foedus, name))]
    assert bare == []


def test_no_public_name_turns_into_a_module():
    """A room named like a public function must not take its place once the room is imported."""
    code = (
        "import foedus, types, sys\n"
        "for name in foedus.__all__: getattr(foedus, name)\n"
        "sys.stdout.write(' '.join(n for n in foedus.__all__ if not callable(getattr(foedus, n))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []


def test_exception_tree_is_pinned():
    found = {
        name: [base.__name__ for base in cls.__bases__]
        for name, cls in vars(errors).items()
        if inspect.isclass(cls) and issubclass(cls, Exception) and cls.__module__ == errors.__name__
    }
    assert found == TREE


def test_exception_tree_is_drawn_where_it_is_defined():
    missing = [name for name in TREE if name not in (errors.__doc__ or "")]
    assert missing == []


def test_every_error_has_an_exit_code_of_bad_input_or_failed_work():
    classes = [getattr(errors, name) for name in TREE]
    assert {cls.exit_code for cls in classes} <= {1, 2}
