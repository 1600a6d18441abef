"""Who attacked whom on which day of each war, from the fronts of the Interstate War Data [Reiter2016]_.

The rules are those of ``docs/decisions/0011-casus-foederis-against-berkemeier-and-fuhrmann.md``. Knows no sides; those are for `war_sides`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl


class Attack(NamedTuple):
    """``attacker`` on ``target`` (Correlates of War codes) from ``day``, in a war that lasts to ``until``."""

    day: dt.date
    attacker: int
    target: int
    until: dt.date


BY_HAND = {
    90: (325, 339, dt.date(1939, 4, 7), dt.date(1939, 4, 12)),
    91: (710, 713, dt.date(1950, 4, 16), dt.date(1950, 5, 1)),
    92: (710, 816, dt.date(1984, 4, 2), dt.date(1984, 7, 12)),
    93: (616, 220, dt.date(1961, 7, 19), dt.date(1961, 7, 23)),
    94: (850, 820, dt.date(1963, 9, 16), dt.date(1966, 8, 11)),
}
"""Wars of Berkemeier and Fuhrmann's table that the Interstate War Data lack: attacker, target, first and last day."""


def attacks_by_war(fronts: pl.DataFrame, names: Mapping[str, int]) -> dict[int, tuple[Attack, ...]]:
    """Return the attacks of each larger war, in order.

    Parameters
    ----------
    fronts : polars.DataFrame
        The table ``iwd``.
    names : mapping of str to int
        Names of states with their COW codes, which go before the code in the row.

    Returns
    -------
    dict of int to tuple of Attack
        By number of the larger war; with the wars of `BY_HAND`.
    """
    out = {n: (Attack(day, a, t, until),) for n, (a, t, day, until) in BY_HAND.items()}
    ordered = fronts.sort("start", "joiner", "war_id")
    for (number,), part in ordered.group_by("larger_war_id", maintain_order=True):
        rows = [_named(r, names) for r in part.rows(named=True)]
        out[int(number)] = _attacks(rows)  # type: ignore[arg-type]
    return out


def _named(row: dict[str, Any], names: Mapping[str, int]) -> dict[str, Any]:
    """Return a row whose attacker and target are read by name."""
    return row | {k: names.get(row[f"{k}_name"], row[k]) for k in ("attacker", "target")}


def _attacks(rows: list[dict[str, Any]]) -> tuple[Attack, ...]:
    """Return the attacks of one larger war: of each front, and of states that are only listed."""
    principals = {r[k] for r in rows for k in ("attacker", "target")}
    until = max(r["end"] for r in rows)
    found: dict[tuple[int, int], dt.date] = {}
    listed: set[int] = set()
    for row in rows:
        found.setdefault((row["attacker"], row["target"]), row["start"])
        for column in ("allies", "adversaries"):
            for code in _codes(row[column]):
                if code in principals or code in listed:
                    continue
                listed.add(code)
                pair = (code, row["target"]) if column == "allies" else (row["attacker"], code)
                found.setdefault(pair, row["start"])
    return tuple(sorted(Attack(day, a, t, until) for (a, t), day in found.items()))


def _codes(text: str | None) -> list[int]:
    """Return the codes in a list."""
    return [int(c) for c in text.split(", ")] if text else []
