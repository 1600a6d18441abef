"""Which states had nuclear weapons, by year.

A short table of our own, as the years are commonly dated; no data set at hand holds them. Israel and South Africa never declared theirs; India tested
a device in 1974 and is commonly dated as armed from 1988, between which its status counts as unknown. Says nothing of numbers or of reach.
"""

from __future__ import annotations

from typing import Literal

NUCLEAR_YEARS = {
    2: 1945,
    365: 1949,
    200: 1952,
    220: 1960,
    710: 1964,
    666: 1967,
    560: 1979,
    750: 1988,
    770: 1990,
    731: 2006,
}
"""First year with weapons as commonly dated, by Correlates of War code; from general knowledge, not from a data set."""
DISARMED = {560: 1991}
"""Year in which weapons were given up."""
OPEN = {750: (1974, 1987)}
"""Years, first and last, in which a status is open."""
FIRST = 1945
LAST = 2025
"""Last year that the table speaks for."""


def status(ccode: int, year: int) -> Literal["none", "weapons", "unknown"]:
    """Return whether a state had nuclear weapons in a year; "unknown" after `LAST`, and in the years of `OPEN`.

    Parameters
    ----------
    ccode : int
        Correlates of War code.
    year : int

    Examples
    --------
    >>> status(2, 1944), status(2, 1946), status(560, 1990), status(560, 1995), status(750, 1980)
    ('none', 'weapons', 'weapons', 'none', 'unknown')
    """
    if year < FIRST:
        return "none"
    first, last = OPEN.get(ccode, (1, 0))
    if year > LAST or first <= year <= last:
        return "unknown"
    armed = ccode in NUCLEAR_YEARS and NUCLEAR_YEARS[ccode] <= year < DISARMED.get(ccode, LAST + 1)
    return "weapons" if armed else "none"
