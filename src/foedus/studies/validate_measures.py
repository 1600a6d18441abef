"""The register of functions that compute rows, by id. Each area fills its own in a module beside this one (``validate_blocs`` and so on)."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from foedus.studies.validate_rule import Found
    from foedus.studies.verdict_run import Bench

AREAS = ("blocs", "power", "security", "games", "dyads", "pledges", "wars", "models")


class Measures(dict[str, "Callable[[Bench], Found]"]):
    """Functions by the id of their row; each takes the bench of a run and returns what it found."""

    def row(self, name: str) -> Callable[[Callable[[Bench], Found]], Callable[[Bench], Found]]:
        """Register a function for a row.

        Raises
        ------
        ParameterError
            The row has one already.
        """
        if name in self:
            raise parameter("row", name, "a row without a function")

        def keep(measure: Callable[[Bench], Found]) -> Callable[[Bench], Found]:
            self[name] = measure
            return measure

        return keep


def measures() -> dict[str, Callable[[Bench], Found]]:
    """Return the functions of all areas."""
    out: dict[str, Callable[[Bench], Found]] = {}
    for area in AREAS:
        out |= importlib.import_module(f"foedus.studies.validate_{area}").MEASURES
    return out
