"""The questions of the studio, one file a screen; a file is imported when one of its questions is first asked."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from foedus.errors import parameter

if TYPE_CHECKING:
    from foedus.studio.question import Question

HOME = {
    "ally": "ally",
    "blocs": "blocs",
    "blocs-over-time": "over_time",
    "bound": "bound",
    "cell": "data",
    "compare": "compare",
    "coverage": "data",
    "dossier": "dossier",
    "evolve": "years",
    "models": "models",
    "pact-account": "pact_account",
    "replay": "war",
    "rows": "data",
    "system": "system",
    "war": "war",
    "world": "world",
}
"""Module of each question, below this package; the module holds it under the question's name in capitals."""


def question(name: str) -> Question[Any]:
    """Return the question of a name.

    Raises
    ------
    ParameterError
        There is none of that name.
    """
    if name not in HOME:
        raise parameter("question", name, f"one of {', '.join(sorted(HOME))}")
    return getattr(importlib.import_module(f"foedus.studio.questions.{HOME[name]}"), name.upper().replace("-", "_"))
