"""From rows ``a -> b, weight`` to ties: each pair once, by a named rule where two directions or several rows meet.

Array code over all rows at once. Never guesses: what contradicts itself is an error unless the caller names the rule that settles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from foedus.errors import InvalidSystemError, message, parameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

Rule = Literal["sum", "mean", "strongest", "agree", "lower"]
Repeats = Literal["sum", "mean", "first", "last"]
Kind = Literal["rows", "arcs"]

RULES: dict[str, str] = {
    "sum": "sum of votes: the two directions added, an absent one counting nothing; equal votes against each other leave no tie",
    "mean": "mean of the directions that are there",
    "strongest": "the direction of greater size; of two equal and opposite ones neither",
    "agree": "only where both directions are there with the same sign: their mean",
    "lower": "the lower of the directions that are there: one foe is enough",
}
"""How two directions become one tie."""


@dataclass(frozen=True)
class Settled:
    """What the caller named for rows that contradict each other, as `foedus.blocs.graph.signed_graph` explains; None where nothing is named.

    Raises
    ------
    ParameterError
        A word that is not known.
    """

    directed: Rule | None = None
    repeats: Repeats | None = None
    loops: Literal["drop"] | None = None
    missing: Literal["drop"] | None = None

    def __post_init__(self) -> None:
        words = {"directed": get_args(Rule), "repeats": get_args(Repeats), "loops": ("drop",), "missing": ("drop",)}
        for name, allowed in words.items():
            got = getattr(self, name)
            if got is not None and got not in allowed:
                raise parameter(name, got, f"one of {', '.join(allowed)}, or None")


def ties(
    ids: tuple[str, ...], a: NDArray[np.int64], b: NDArray[np.int64], w: NDArray[np.float64], kind: Kind, settled: Settled
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:  # fmt: skip
    """Return ``(i, j, w)`` with ``i < j``, sorted, each pair once, without zeros.

    Parameters
    ----------
    ids : tuple of str, length n
        Names for messages.
    a, b : int64 arrays, shape (n_rows,)
    w : float64 array, shape (n_rows,)
        Zero means no tie.
    kind : {"rows", "arcs"}
        Rows are ties as a list gives them, in either order; arcs have a direction, and an absent one is a zero.
    settled : Settled

    Raises
    ------
    InvalidSystemError
        A weight that is not finite, a tie of a node with itself, a pair twice, two directions that differ, each without a rule.
    """
    if settled.missing == "drop":
        known = ~np.isnan(w)
        a, b, w = a[known], b[known], w[known]
    bad = np.flatnonzero(~np.isfinite(w))
    if len(bad):
        raise _fault(
            "Weight is not finite",
            ids,
            a,
            b,
            bad,
            f"{w[bad[0]]}",
            "a number",
            'pass missing="drop" if an empty weight means no tie',
        )
    own = np.flatnonzero((a == b) & (w != 0))
    if len(own) and settled.loops is None:
        raise _fault(
            "Tie of a node with itself",
            ids,
            a,
            b,
            own,
            f"{w[own[0]]:g}",
            "two different ends",
            'pass loops="drop" to leave such ties out',
        )
    apart = a != b
    a, b, w = _once(ids, a[apart], b[apart], w[apart], settled.repeats)
    there = w != 0
    return _joined(ids, a[there], b[there], w[there], kind, settled.directed)


def _once(
    ids: tuple[str, ...], a: NDArray[np.int64], b: NDArray[np.int64], w: NDArray[np.float64], repeats: Repeats | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the rows with each ordered pair once, sorted."""
    key = a * len(ids) + b
    order = np.argsort(key, kind="stable")
    key, a, b, w = key[order], a[order], b[order], w[order]
    new = np.concatenate([[True], key[1:] != key[:-1]]) if len(key) else np.zeros(0, dtype=bool)
    if new.all():
        return a, b, w
    if repeats is None:
        twice = np.flatnonzero(~new)
        got = f"{w[twice[0] - 1]:g} and {w[twice[0]]:g}"
        raise _fault(
            "Pair stands in more than one row",
            ids,
            a,
            b,
            twice,
            got,
            "one row",
            'pass repeats="sum", "mean", "first" or "last"',
        )
    first = np.flatnonzero(new)
    count = np.diff(np.append(first, len(key)))
    if repeats == "first":
        merged = w[first]
    elif repeats == "last":
        merged = w[first + count - 1]
    else:
        merged = np.add.reduceat(w, first) / (count if repeats == "mean" else 1)
    return a[first], b[first], merged


def _joined(
    ids: tuple[str, ...], a: NDArray[np.int64], b: NDArray[np.int64], w: NDArray[np.float64], kind: Kind, directed: Rule | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:  # fmt: skip
    """Return each pair once: both directions joined by the rule."""
    key, position = np.unique(np.minimum(a, b) * len(ids) + np.maximum(a, b), return_inverse=True)
    i, j = key // max(1, len(ids)), key % max(1, len(ids))
    ahead, back = np.zeros(len(key)), np.zeros(len(key))
    ahead[position[a < b]], back[position[a > b]] = w[a < b], w[a > b]
    both = (ahead != 0) & (back != 0)
    if directed is None:
        differ = np.flatnonzero((ahead != back) & (both | (kind == "arcs")))
        if len(differ):
            got = f"{_shown(float(ahead[differ[0]]))} and {_shown(float(back[differ[0]]))}"
            hint = f"name how directed ties become undirected: directed={', '.join(map(repr, RULES))}"
            raise _fault("Ties are not symmetric", ids, i, j, differ, got, "equal", hint)
        joined = np.where(ahead != 0, ahead, back)
    elif directed in {"sum", "mean"}:
        joined = (ahead + back) / (np.where(both, 2, 1) if directed == "mean" else 1)
    elif directed == "strongest":
        joined = np.where(np.abs(ahead) > np.abs(back), ahead, back)
        joined[(ahead == -back)] = 0.0
    elif directed == "agree":
        joined = np.where(both & (np.sign(ahead) == np.sign(back)), (ahead + back) / 2, 0.0)
    else:
        joined = np.where(both, np.minimum(ahead, back), ahead + back)
    there = joined != 0
    return i[there], j[there], joined[there]


def _shown(weight: float) -> str:
    """Return a weight for a message."""
    return f"{weight:+g}" if weight else "no tie"


def _fault(
    what: str, ids: tuple[str, ...], a: NDArray[np.int64], b: NDArray[np.int64], rows: NDArray[np.int64], got: str, expected: str, hint: str
) -> InvalidSystemError:  # fmt: skip
    """Return the error that names the first offending pair and counts the rest."""
    first = rows[0]
    more = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
    text = message(f"{what} at pair ({ids[a[first]]}, {ids[b[first]]}){more}", got=got, expected=expected, hint=hint)
    return InvalidSystemError(text)
