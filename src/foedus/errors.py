"""Exceptions and the one message builder behind each.

::

    FoedusError
    +-- DataError                     a data set is absent, broken or does not cover what was asked
    |   +-- UnknownStateError         no actor or state of that name, code or date (also ValueError)
    |   +-- CoverageError             outside the years or units of a source (also ValueError)
    +-- InvalidSystemError            actors, pacts or ties that contradict each other (also ValueError)
    +-- ScenarioError                 a scenario file that cannot be read whole (also ValueError)
    +-- ParameterError                an argument outside its range (also ValueError)
    +-- MissingExtraError             an optional dependency is not installed (also ImportError)
    +-- WorkerError                   work that was given to others did not come back (exit code 1)

Every message says what is wrong, what was got, what was expected, where, and gives one hint. This module prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class FoedusError(Exception):
    """Base of every error that foedus raises on purpose."""

    exit_code = 2


class DataError(FoedusError):
    """A data set is absent, broken or does not cover what was asked."""


class UnknownStateError(DataError, ValueError):
    """No actor of that name, abbreviation or code on that date, or more than one."""


class CoverageError(DataError, ValueError):
    """Outside the years or units that a source covers."""


class InvalidSystemError(FoedusError, ValueError):
    """Actors, pacts or ties that contradict each other."""


class ParameterError(FoedusError, ValueError):
    """An argument outside its range."""


class MissingExtraError(FoedusError, ImportError):
    """An optional dependency is not installed."""


class WorkerError(FoedusError):
    """Work that was given to other processes or machines did not come back, or what they did could not be kept."""

    exit_code = 1


@dataclass(frozen=True)
class Problem:
    """One fault of a scenario file: where it stands, what is wrong, and what would be right.

    ``line`` is counted from 1, None where no line can be named or ``path`` names one.
    """

    path: str
    message: str
    hint: str = ""
    line: int | None = None

    def __str__(self) -> str:
        hint = f"  (hint: {self.hint})" if self.hint else ""
        line = f" (line {self.line})" if self.line is not None and not self.path.startswith("line ") else ""
        return f"{self.path}{line}: {self.message}{hint}"


class ScenarioError(FoedusError, ValueError):
    """A scenario file that cannot be read whole; ``problems`` lists every fault found."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        head = f"{source}: {len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        super().__init__("\n".join([head, *(f"  {p}" for p in self.problems)]))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[str, tuple[Problem, ...]]]:
        """Keep the facts on the way from a worker process."""
        return type(self), (self.source, self.problems)


def message(what: str, *, got: object = None, expected: object = None, where: str = "", hint: str = "") -> str:
    """Return one message in the house's form: what, got, expected; where; hint."""
    first = what
    if got is not None:
        first += f": got {got}"
    if expected is not None:
        first += f"; expected {expected}"
    lines = [first + "."]
    if where:
        lines.append(f"where: {where}")
    if hint:
        lines.append(f"hint: {hint}")
    return "\n".join(lines)


def unwritten(what: str, error: Exception, where: object) -> DataError:
    """Return the error for what could not be written, such as onto a full disk: no fault of the input, so its exit code is 1."""
    refused = DataError(message(what, got=getattr(error, "strerror", None) or str(error), where=str(where)))
    refused.exit_code = 1
    return refused


def unknown_state(query: str, when: object, candidates: Iterable[str], *, where: str = "") -> UnknownStateError:
    """Return the error for a name that no actor bears on that date."""
    near = list(candidates)
    hint = (
        f"did you mean {', '.join(near)}?" if near else "see `foedus who NAME YEAR` for the names that are understood"
    )
    return UnknownStateError(message(f"Unknown actor on {when}", got=repr(query), where=where, hint=hint))


def ambiguous_state(query: str, when: object, candidates: Iterable[str]) -> UnknownStateError:
    """Return the error for a name that several actors bear on that date."""
    return UnknownStateError(
        message(
            f"Ambiguous actor on {when}",
            got=repr(query),
            expected=f"one of {', '.join(candidates)}",
            hint="write the scheme too, as in cow:345 or gw:340",
        )
    )


def parameter(name: str, got: object, expected: str, hint: str = "") -> ParameterError:
    """Return the error for an argument outside its range."""
    return ParameterError(message(f"The '{name}' parameter", got=repr(got), expected=expected, hint=hint))
