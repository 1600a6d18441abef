"""`check`: every fault of a scenario file, as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.errors import Problem, ScenarioError
from foedus.scenario.read import load_scenario

if TYPE_CHECKING:
    from pathlib import Path


def check(path: str | Path) -> list[Problem]:
    """Return what is wrong with a file or bundled scenario, nothing if it is sound.

    Examples
    --------
    >>> check("europe-1914")
    []
    """
    try:
        load_scenario(path)
    except ScenarioError as error:
        return list(error.problems)
    return []
