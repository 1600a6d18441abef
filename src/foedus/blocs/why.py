"""Why an actor is in its bloc: its pulls by reason and partner, the least change that moves it, and where it would stand without a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.blocs.colouring import lumps
from foedus.blocs.exact import partition
from foedus.blocs.flips import Flip, flip
from foedus.kernels.clock import solving
from foedus.system.nouns import REASONS

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.blocs.exact import Partition
    from foedus.system.propensity import Propensity

SHOWN = 0.02
"""Pulls below this share of all of an actor's pull are not worth a word."""
MOVERS = 6
"""Actors named in a sentence of those that move with one."""


@dataclass(frozen=True)
class Without:
    """Where an actor stands if a reason is taken out of its own ties, at the centre and solved again.

    ``bloc`` is the head of the bloc; ``moves`` whether that is another one than with the reason; ``proved`` whether the line-up is.
    """

    reason: str
    bloc: str
    moves: bool
    proved: bool


@dataclass(frozen=True)
class Change:
    """The least change of ties that moves an actor, in shares of the weight of its own ties.

    Attributes
    ----------
    least : float
        Total change, over any ties, after which some best line-up has the actor on the other side of ``anchor``.
    of_all : float
        The same as a share of the weight of all ties.
    anchor : str
    movers : tuple of str
        Who moves with it.
    proved : bool
    ties : tuple of (partner, share, moves the actor, proved)
        For each of its own ties, how much this one alone must change before a best line-up treats it otherwise, and whether the actor then
        moves; where it does not, the partner does, and no change of this tie alone moves the actor.
    """

    least: float
    of_all: float
    anchor: str
    movers: tuple[str, ...]
    proved: bool
    ties: tuple[tuple[str, float, bool, bool], ...]

    def one_tie(self) -> tuple[str, float] | None:
        """Return (partner, share) of the tie that moves the actor with least change by itself, None if none does."""
        return next(((p, share) for p, share, moves, _ in self.ties if moves), None)


@dataclass(frozen=True)
class Why:
    """What holds an actor in its bloc.

    ``by_reason`` and ``by_actor`` give the pull (positive: towards its bloc) at the centre with the 90 % interval over draws, strongest
    first; pulls are in units of the actor's total absolute pull, so that they compare across actors. ``interval`` is Wilson's for the
    membership. ``change`` and ``without`` are there where they were asked for.
    """

    actor: str
    bloc: str
    membership: float
    by_reason: tuple[tuple[str, float, float, float], ...]
    by_actor: tuple[tuple[str, float, float, float, str], ...]
    interval: tuple[float, float] = (0.0, 1.0)
    change: Change | None = None
    without: tuple[Without, ...] = ()

    def sentence(self) -> str:
        """Return the finding as a few sentences made of its numbers."""
        held = [f"{r} ({_spoken(row)})" for r, *row in self.by_reason if row[0] > SHOWN][:3]
        torn = [f"{r} ({_spoken(row)})" for r, *row in self.by_reason if row[0] < -SHOWN][:2]
        text = f"{self.actor} falls to bloc {self.bloc} in {self.membership:.0%} of draws"
        text += f"; held by {', '.join(held)}" if held else "; nothing coded holds it there"
        text += f"; pulled away by {', '.join(torn)}." if torn else "."
        return " ".join([text, *self._changes(), *self._withouts()])

    def _changes(self) -> list[str]:
        """Return what would move the actor, in words."""
        if self.change is None:
            return []
        c = self.change
        least = "" if c.proved else "at most "
        move = f"It leaves {c.anchor}" if c.anchor == self.bloc else f"It comes to the side of {c.anchor}"
        text = f"{move} once ties worth {least}{c.least:.1%} of its own weight change ({c.of_all:.2%} of all ties)"
        with_it = ", ".join(c.movers[:MOVERS]) + (
            f" and {len(c.movers) - MOVERS} more" if len(c.movers) > MOVERS else ""
        )
        text += f", and {with_it} with it." if c.movers else ", alone."
        one = c.one_tie()
        if one:
            return [text, f"The tie with {one[0]} alone does it with a change of {one[1]:.1%}."]
        return [text, "No change of one of its ties alone does."] if c.ties else [text]

    def _withouts(self) -> list[str]:
        """Return the reasons that decide, in words."""
        moves = [w for w in self.without if w.moves]
        parts = [f"Without {w.reason} in its own ties it would stand with {w.bloc}." for w in moves]
        return parts or (["No single reason decides: without any one of them it stays."] if self.without else [])

    def table(self) -> pl.DataFrame:
        """Return one row a reason and one a partner, strongest first.

        Columns: ``kind``, ``name``, ``pull``, ``low``, ``high``, ``mainly`` (what adds most to this pull), ``without`` (the bloc without this
        reason), ``change`` (what this tie alone must change, in shares of the weight of the actor's ties) and ``moves`` (whether the actor
        then moves).
        """
        import polars as pl

        without = {w.reason: w for w in self.without}
        ties = {p: (share, moves) for p, share, moves, _ in self.change.ties} if self.change else {}
        rows: list[dict[str, Any]] = []
        for name, pull, low, high in self.by_reason:
            there = without.get(name)
            rows.append({
                "kind": "reason", "name": name, "pull": pull, "low": low, "high": high, "mainly": None,
                "without": there.bloc if there else None, "change": None, "moves": there.moves if there else None,
            })  # fmt: skip
        for name, pull, low, high, mainly in self.by_actor:
            change, moves = ties.get(name, (None, None))
            rows.append({
                "kind": "partner", "name": name, "pull": pull, "low": low, "high": high, "mainly": mainly, "without": None,
                "change": change, "moves": moves,
            })  # fmt: skip
        strings = dict.fromkeys(("kind", "name", "mainly", "without"), pl.String)
        floats = dict.fromkeys(("pull", "low", "high", "change"), pl.Float64)
        return pl.DataFrame(rows, schema_overrides=strings | floats | {"moves": pl.Boolean})

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        c = self.change
        return {
            "actor": self.actor, "bloc": self.bloc, "membership": self.membership, "interval": list(self.interval),
            "sentence": self.sentence(), "by_reason": [list(r) for r in self.by_reason], "by_actor": [list(r) for r in self.by_actor],
            "change": None if c is None else {
                "least": c.least, "of_all": c.of_all, "anchor": c.anchor, "movers": list(c.movers), "proved": c.proved,
                "ties": [list(t) for t in c.ties],
            },
            "without": [{"reason": w.reason, "bloc": w.bloc, "moves": w.moves, "proved": w.proved} for w in self.without],
        }  # fmt: skip


def _spoken(row: list[float]) -> str:
    """Return a pull with its interval."""
    value, low, high = row
    return f"{value:+.2f} [{low:+.2f}, {high:+.2f}]"


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 90 % interval of draws."""
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def pulls(
    p: Propensity, label: NDArray[np.int64], a: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return pulls of actor ``a`` towards its own bloc: by reason (D, R), by partner (D, P), the partners (P,), parts (D, R, P)."""
    mine = np.flatnonzero((p.i == a) | (p.j == a))
    partner = np.where(p.i[mine] == a, p.j[mine], p.i[mine])
    side = np.where(label[partner] == label[a], 1.0, -1.0)
    parts = p.parts[:, :, mine] * p.scale[:, mine][:, None, :] * side
    norm = np.abs(parts).sum(axis=(1, 2))[:, None]
    norm = np.where(norm > 0, norm, 1.0)
    return parts.sum(axis=2) / norm, parts.sum(axis=1) / norm, partner, parts


def deepened(
    why: Why, ids: tuple[str, ...], centre: Propensity, w: NDArray[np.float64], two: Partition, heads: tuple[str, str], seconds: float
) -> Why:  # fmt: skip
    """Return the same with the least change that moves the actor and its place without each of its reasons.

    Parameters
    ----------
    why : Why
    ids : tuple of str
    centre : Propensity
    w : float64 array, shape (n_pairs,)
        Weights of the pairs at the centre, as ``two`` was found with.
    two : Partition
    heads : tuple of str
        The actors after whom the blocs are called, by label.
    seconds : float, s
        Time limit of all of it.
    """
    deadline = solving() + seconds
    node = ids.index(why.actor)
    anchor = _anchor(centre, w, node, [ids.index(h) for h in heads if h in ids])
    found = flip(centre.n, centre.i, centre.j, w, two, node, anchor, seconds=0.6 * seconds)
    own = float(np.abs(w[(centre.i == node) | (centre.j == node)]).sum())
    change = _change(found, ids, own, float(np.abs(w).sum()))
    rest = []
    for reason, *_ in why.by_reason:
        left = deadline - solving()
        if left <= 0:
            break
        rest.append(_without(reason, ids, centre, w, two, (node, anchor), why, heads, left))
    return replace(why, change=change, without=tuple(rest))


def _anchor(p: Propensity, w: NDArray[np.float64], node: int, heads: list[int]) -> int:
    """Return a node to tell sides by: a head in the same component, else the one with the heaviest ties there."""
    live = w != 0
    component = lumps(p.n, p.i, p.j, live)
    weight = np.bincount(p.i, np.abs(w), p.n) + np.bincount(p.j, np.abs(w), p.n)
    near = [v for v in np.flatnonzero(component == component[node]).tolist() if v != node]
    return next((h for h in heads if h in near), max(near, key=lambda v: weight[v]))


def _change(found: Flip, ids: tuple[str, ...], own: float, total: float) -> Change:
    """Return a flip in shares of weight."""
    ties = tuple((ids[t.partner], t.change / own, t.flips, t.proved) for t in found.ties)
    movers = tuple(ids[v] for v in found.movers if v != found.node)
    return Change(found.change / own, found.change / total, ids[found.anchor], movers, found.proved, ties)


def _without(
    reason: str, ids: tuple[str, ...], p: Propensity, w: NDArray[np.float64], two: Partition, who: tuple[int, int], why: Why,
    heads: tuple[str, str], seconds: float,
) -> Without:  # fmt: skip
    """Return where the actor stands once a reason is out of its own ties."""
    node, anchor = who
    mine = (p.i == node) | (p.j == node)
    changed = w.copy()
    changed[mine] -= (p.parts[0, REASONS.index(reason)] * p.scale[0])[mine]
    changed[np.abs(changed) < 1e-12 * np.abs(w).max()] = 0.0
    found = partition(p.n, p.i, p.j, changed, seconds=seconds)
    if not np.any(changed[mine]):
        return Without(reason, "no bloc", moves=False, proved=found.proved)
    moves = bool((found.label[node] == found.label[anchor]) != (two.label[node] == two.label[anchor]))
    side = int(two.label[node]) ^ int(moves)
    return Without(reason, heads[side] if moves else why.bloc, moves, found.proved)
