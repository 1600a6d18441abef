"""What every kind of edit shares: the mark of an assumption, and quantities read with their bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from foedus.errors import ParameterError, parameter
from foedus.system.nouns import Source
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from foedus.system.system import System

ASSUMPTION = Source("assumption", "Assumed in an edit, not observed")


class Edit(Protocol):
    """What every edit can do."""

    def apply(self, system: System) -> System:
        """Return the edited system; the one given stays as it is."""
        ...

    def describe(self) -> str:
        """Return one neutral line."""
        ...


def coerce(record: Any, field: str, bounds: tuple[float, float]) -> None:
    """Set a field of a frozen record to the quantity that it writes. Modified in place."""
    raw = getattr(record, field)
    if raw is None:
        return
    try:
        value = Quantity.of(raw, bounds=bounds)
    except ParameterError as error:
        raise ParameterError(f"The '{field}' parameter: {error}") from error
    inside = (
        bounds[0] <= value.mean <= bounds[1]
        if value.mean is not None
        else bounds[0] <= value.low <= value.high <= bounds[1]
    )
    if not inside:
        raise parameter(field, str(value), f"within [{bounds[0]:g}, {bounds[1]:g}]")
    object.__setattr__(record, field, value)


def sourced(system: System, sources: tuple[str, ...], before: tuple[str, ...] = ()) -> tuple[System, tuple[str, ...]]:
    """Return the system and the sources of an edited fact, those ``before`` kept; `ASSUMPTION` where the edit names none."""
    new = sources or (ASSUMPTION.id,)
    if not sources and all(s.id != ASSUMPTION.id for s in system.sources):
        system = system.with_(sources=(*system.sources, ASSUMPTION))
    return system, tuple(dict.fromkeys((*before, *new)))
