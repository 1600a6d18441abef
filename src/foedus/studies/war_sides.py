"""Who fought on which side of a war of several states, and since when, in two lists of wars.

Reads Correlates of War inter-state wars (sides as coded) and Interstate War Data (sides from its fronts, by the rules of
``docs/decisions/0008-blocs-against-wars.md``). Knows neither systems nor blocs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

Side = Literal["A", "B"]
FEWEST = 3
"""Belligerents from which a war is one of several states."""


class Belligerent(NamedTuple):
    """A state's first entry; ``switched`` if it later fought on the other side too."""

    ccode: int
    side: Side
    entry: dt.date
    switched: bool


@dataclass(frozen=True)
class WarSides:
    """A war of several states: side A is that of who attacked first.

    ``initiators`` are the COW codes of those marked as having begun it on the first day; ``belligerents`` come in order of entry.
    """

    number: int
    name: str
    belligerents: tuple[Belligerent, ...]
    initiators: tuple[int, ...]

    @property
    def first_shot(self) -> dt.date:
        """First day of fighting."""
        return self.belligerents[0].entry


def cow_sides(wars: pl.DataFrame) -> tuple[WarSides, ...]:
    """Return the wars of three or more states in the table ``cow_wars``, by first shot [Sarkees2010]_."""
    out = []
    for (number, name), rows in wars.sort("start", "ccode").group_by("warnum", "name", maintain_order=True):
        spells = rows.rows(named=True)
        begun = next((r["side"] for r in spells if r["initiator"]), spells[0]["side"])
        first: dict[int, dict[str, Any]] = {}
        switched = set()
        for row in spells:
            before = first.setdefault(row["ccode"], row)
            if before["side"] != row["side"]:
                switched.add(row["ccode"])
        if len(first) < FEWEST:
            continue
        entries = tuple(
            Belligerent(c, "A" if r["side"] == begun else "B", r["start"], c in switched) for c, r in first.items()
        )
        day = spells[0]["start"]
        initiators = tuple(
            c for c, r in first.items() if r["initiator"] and r["start"] == day and r["side"] == begun
        )  # fmt: skip
        out.append(WarSides(int(number), str(name), entries, initiators))
    return tuple(sorted(out, key=lambda w: (w.first_shot, w.number)))


def iwd_sides(fronts: pl.DataFrame, names: Mapping[str, int]) -> tuple[WarSides, ...]:
    """Return the larger wars of three or more states in the table ``iwd``, by first shot.

    Parameters
    ----------
    fronts : polars.DataFrame
    names : mapping of str to int
        Names of states with their COW codes: where a principal's name is one of them, it goes before the code in the row.
    """
    rows = fronts.with_columns(_code("attacker_name", "attacker", names), _code("target_name", "target", names)).sort(
        "start", "joiner", "war_id"
    )
    found = [_larger_war(part.rows(named=True)) for _, part in rows.group_by("larger_war_id", maintain_order=True)]
    return tuple(sorted((w for w in found if len(w.belligerents) >= FEWEST), key=lambda w: (w.first_shot, w.number)))


def _code(name: str, code: str, names: Mapping[str, int]) -> pl.Expr:
    """Return the code that a name stands for, the column's own where the name is unknown."""
    import polars as pl

    return pl.coalesce(pl.col(name).replace_strict(names, default=None, return_dtype=pl.Int32), pl.col(code)).alias(
        code
    )


def _larger_war(rows: list[dict[str, Any]]) -> WarSides:
    """Return the sides of one larger war, rows in order."""
    lines = _Lines({c for r in rows for c in (r["attacker"], r["target"])})
    opened = set()
    for row in rows:
        lines.front(row, opening=row["war_id"] not in opened)
        opened.add(row["war_id"])
    main = lines.largest()
    members = sorted(main, key=lambda c: (lines.entry[c], c))
    day = lines.entry[members[0]]
    shots = [r for r in rows if r["start"] == day and r["attacker"] in main]
    attackers = [r["attacker"] for r in shots if not r["joiner"]] or [r["attacker"] for r in shots]
    sign = lines.first[attackers[0]]
    entries = tuple(
        Belligerent(c, "A" if lines.first[c] == sign else "B", lines.entry[c], c in lines.switched) for c in members
    )
    initiators = tuple(dict.fromkeys(c for c in attackers if lines.first[c] == sign))
    return WarSides(int(rows[0]["larger_war_id"]), str(rows[0]["larger_war_name"]), entries, initiators)


class _Lines:
    """Who stands where in a larger war, front after front; parts without a common front stand by themselves until one joins them.

    ``now`` and ``first`` are signs within a part: where a state stands, and where it stood when it entered.
    """

    def __init__(self, principals: set[int]) -> None:
        self.principals = principals
        self.part: dict[int, int] = {}
        self.now: dict[int, int] = {}
        self.first: dict[int, int] = {}
        self.entry: dict[int, dt.date] = {}
        self.switched: set[int] = set()

    def front(self, row: dict[str, Any], *, opening: bool) -> None:
        """Read one row; ``opening`` if it is the first of its front."""
        a, t, day = row["attacker"], row["target"], row["start"]
        allies, foes = (_codes(row[column], {a, t}) for column in ("allies", "adversaries"))
        if a in self.part and t in self.part:
            if self.part[a] != self.part[t]:
                self._join(a, t, -1, day)
            elif self.now[a] == self.now[t]:
                self._switch(a, t, allies, foes)
        elif a in self.part or t in self.part:
            known, new = (a, t) if a in self.part else (t, a)
            self._enter(new, self.part[known], -self.now[known], day)
        else:
            part, sign = self._vote(allies, foes)
            self._enter(a, part, sign, day)
            self._enter(t, part, -sign, day)
        for principal, others in ((a, allies), (t, foes)):
            for other in others:
                if other not in self.part and other not in self.principals:
                    self._enter(other, self.part[principal], self.now[principal], day)
                elif opening and other in self.part and self.part[other] != self.part[principal]:
                    self._join(principal, other, 1, day)

    def largest(self) -> set[int]:
        """Return the states of the part with most of them, the earliest of several."""
        parts = list(dict.fromkeys(self.part.values()))
        members = [{c for c, p in self.part.items() if p == part} for part in parts]
        return max(members, key=len)

    def _enter(self, state: int, part: int, sign: int, day: dt.date) -> None:
        """Put a new state into a part."""
        self.part[state], self.now[state], self.first[state], self.entry[state] = part, sign, sign, day

    def _vote(self, allies: list[int], foes: list[int]) -> tuple[int, int]:
        """Return (part, sign of the attacker) that the lists give for two new principals; a new part where they say nothing."""
        votes: dict[int, int] = {}
        for others, way in ((allies, 1), (foes, -1)):
            for c in others:
                if c in self.part:
                    votes[self.part[c]] = votes.get(self.part[c], 0) + way * self.now[c]
        part, vote = max(votes.items(), key=lambda v: (abs(v[1]), -v[0]), default=(0, 0))
        return (part, 1 if vote > 0 else -1) if vote else (max(self.part.values(), default=0) + 1, 1)

    def _switch(self, a: int, t: int, allies: list[int], foes: list[int]) -> None:
        """Move the one of two principals on one side whom the lists contradict, else the target."""
        vote = sum(way * self.now.get(c, 0) for others, way in ((allies, 1), (foes, -1)) for c in others)
        mover = a if vote * self.now[a] < 0 else t
        self.now[mover] = -self.now[mover]
        if self.now[mover] != self.first[mover]:
            self.switched.add(mover)

    def _join(self, a: int, b: int, relation: int, day: dt.date) -> None:
        """Join the parts of two states, on one side (1) or opposed (-1); the smaller enters the larger on the day."""
        sizes = [sum(p == self.part[c] for p in self.part.values()) for c in (a, b)]
        stays, moves = (a, b) if (sizes[0], -self.part[a]) >= (sizes[1], -self.part[b]) else (b, a)
        flip = relation * self.now[stays] * self.now[moves]
        old, new = self.part[moves], self.part[stays]
        for c in [c for c, p in self.part.items() if p == old]:
            self.part[c], self.entry[c] = new, day
            self.now[c] *= flip
            self.first[c] *= flip


def _codes(text: str | None, principals: set[int]) -> list[int]:
    """Return the codes in a list, without the row's own principals."""
    return [c for c in map(int, text.split(", ")) if c not in principals] if text else []
