"""Dates as users write them; the parser stands in the data room, which needs it too."""

from foedus.data.dates import parse_date

__all__ = ["parse_date"]
