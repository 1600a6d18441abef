"""Dates as users write them: ``1914``, ``1914-07``, ``1914-07-28``.

A year or month means its first day (convention 4.13).
"""

from __future__ import annotations

import datetime as dt
import re

from foedus.errors import parameter

_FORM = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def parse_date(text: str | int | dt.date) -> dt.date:
    """Return the day that ``text`` means.

    Raises
    ------
    ParameterError
        Not a year, a month or a day of the calendar.

    Examples
    --------
    >>> parse_date("1914")
    datetime.date(1914, 1, 1)
    """
    if isinstance(text, dt.datetime):
        return text.date()
    if isinstance(text, dt.date):
        return text
    match = _FORM.fullmatch(str(text).strip()) if not isinstance(text, bool) else None
    if match is None:
        raise parameter("date", text, "a year, YYYY-MM or YYYY-MM-DD", "as in 1914 or 1914-07-28")
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise parameter("date", text, f"a day of the calendar ({error})") from error
