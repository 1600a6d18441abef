"""The nouns of an alliance system, its builders, typed edits and covariates.

The room is callable: ``foedus.system("1914-07-28")`` is `foedus.system.real.system`, since the room and its chief verb share a name.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    """A module that builds the real system of a date when called."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """See `foedus.system.real.system`."""
        from foedus.system.real import system

        return system(*args, **options)


sys.modules[__name__].__class__ = _Room
