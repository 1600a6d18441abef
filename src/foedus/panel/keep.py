"""The columns that a caller keeps of those that a data set has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def kept(columns: Mapping[str, str], keep: Sequence[str] | None) -> dict[str, str]:
    """Return the columns named in ``keep``, all where it is None, in the data set's order.

    Raises
    ------
    ParameterError
        ``keep`` names a column that the data set does not have.
    """
    if keep is None:
        return dict(columns)
    names = [keep] if isinstance(keep, str) else list(keep)
    unknown = [c for c in names if c not in columns]
    if unknown or not names:
        raise parameter("keep", ", ".join(unknown) or "nothing", f"one or more of {', '.join(columns)}")
    return {c: text for c, text in columns.items() if c in names}
