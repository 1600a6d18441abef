"""What any bytes must come to: a result, or one error of `foedus.errors` that says something and can be printed. Anything else is a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.errors import FoedusError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONGEST = 100_000
"""Characters of a message; a scenario's lists up to a hundred faults."""


class BrokenError(AssertionError):
    """The contract does not hold."""


def held(call: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Return what a call gives, None where it refuses its input as it should; let anything else pass up."""
    try:
        return call(*given, **named)
    except FoedusError as error:
        text = str(error)
        if not text.strip() or len(text) > LONGEST:
            raise BrokenError(f"a message of {len(text)} characters") from error
        text.encode("utf-8", "surrogatepass")
        return None


def put(folder: Path, name: str, data: bytes) -> Path:
    """Return a file of the folder with this content."""
    path = folder / name
    path.write_bytes(data)
    return path


def leaves_only(folder: Path, *names: str) -> None:
    """Raise where something else than these files lies in the folder: a reader writes nothing, a writer nothing by halves."""
    strange = sorted(p.name for p in folder.iterdir() if p.name not in names)
    if strange:
        raise BrokenError(f"left behind: {', '.join(strange)[:300]}")
