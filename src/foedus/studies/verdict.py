"""Verdicts: one question answered on every combination of choices at hand, and one word for all of them.

A *cell* is one combination of choices with its estimate and interval; `judge` applies the rule of
``docs/decisions/0023-verdicts-over-every-coding-at-hand.md`` to any cells, a user's own too [Steegen2016]_, [Simonsohn2020]_. Computes no cell; the
claims are in `foedus.studies.verdict_claims` and are run by `foedus.studies.verdict_run`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import ParameterError, message, parameter
from foedus.studies.verdict_rule import Direction, Side, Turns, Word, answers, main_effects, turns, word_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

SAYS = {1: "yes", 0: "open", -1: "no"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of choices.

    ``estimate`` with its 90 % interval in the unit of the question, or None three times and ``missing`` says why; ``rests_on`` what it was computed
    from, in words. The order of choices does not count.
    """

    choices: tuple[tuple[str, str], ...]
    estimate: float | None
    low: float | None
    high: float | None
    rests_on: str = ""
    missing: str = ""

    def __post_init__(self) -> None:
        numbers = (self.estimate, self.low, self.high)
        if self.missing and numbers == (None, None, None):
            return
        known = [x for x in numbers if x is not None and math.isfinite(x)]
        if self.missing or len(known) < 3 or known[1] > known[2]:
            raise ParameterError(
                message(f"The cell {self.told()} cannot be judged", got=f"estimate {self.estimate}, interval {self.low} to {self.high}",
                        expected="three finite numbers with low at most high, or none and why it is missing")
            )  # fmt: skip
        if len(dict(self.choices)) < len(self.choices):
            raise ParameterError(message(f"The cell {self.told()} takes a choice twice"))

    @classmethod
    def of(cls, choices: Mapping[str, str], values: tuple[float, float, float], rests_on: str = "") -> Cell:
        """Return a known cell; one without a number where any of the three is not finite, or the interval has no width, which is no certainty."""
        told = f" ({rests_on})" if rests_on else ""
        if not all(math.isfinite(x) for x in values):
            return cls.without(choices, f"too little to estimate from{told}")
        if values[1] == values[2]:
            return cls.without(choices, f"no spread to take an interval from{told}")
        return cls(tuple(choices.items()), *(float(x) for x in values), rests_on=rests_on)

    @classmethod
    def without(cls, choices: Mapping[str, str], why: str) -> Cell:
        """Return a cell without an estimate."""
        return cls(tuple(choices.items()), None, None, None, missing=why)

    @property
    def known(self) -> bool:
        """Whether there is an estimate."""
        return not self.missing

    def told(self) -> str:
        """Return the choices in words."""
        return "; ".join(f"{k}: {v}" for k, v in self.choices) or "without choices"

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "choices": dict(self.choices), "estimate": self.estimate, "low": self.low, "high": self.high, "rests_on": self.rests_on,
            "missing": self.missing
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: words, quantity and unit, its null and the side of it that says yes, the primary choices, and what speaks against it.

    ``own`` is how to ask it of one case of one's own, where a command does.
    """

    id: str
    text: str
    quantity: str
    null: float = 0.0
    yes: Direction = "higher"
    primary: tuple[tuple[str, str], ...] = ()
    against: str = ""
    silent: str = ""
    standing: str = "estimated"
    own: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one choice moves: its share of the variance of estimates, its options with the mean estimate of each, and the pairs that it turns."""

    choice: str
    share: float
    options: tuple[tuple[str, float], ...]
    turns: Turns


@dataclass(frozen=True)
class Verdict:
    """The answer to one question over all cells.

    Attributes
    ----------
    word : {"agree", "mixed", "flips", "no word"}
    side : {"yes", "no", ""}
        Where they agree.
    yes, no, open : int
        Known cells on each side of the null, and those whose interval holds it.
    median, least, most : float or None
        Of the estimates of known cells.
    primary : Cell or None
        The cell named in the decision; None where it is not known.
    effects : tuple of Effect
        The choices, that which moves estimates most first.
    joint : float
        Share of variance that no sum of main effects takes; NaN where nothing varies.
    contrary : Cell or None
        The known cell that speaks most against the side that more cells take: the greatest gap of its interval from the null on the other side,
        or the interval that reaches furthest there.
    """

    question: Question
    cells: tuple[Cell, ...]
    word: Word
    side: Side
    yes: int
    no: int
    open: int
    median: float | None
    least: float | None
    most: float | None
    primary: Cell | None
    effects: tuple[Effect, ...]
    joint: float
    contrary: Cell | None
    seed: int = 1
    thorough: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> tuple[Cell, ...]:
        """The cells that have an estimate."""
        return tuple(c for c in self.cells if c.known)

    @property
    def missing(self) -> tuple[Cell, ...]:
        """The cells that have none."""
        return tuple(c for c in self.cells if not c.known)

    def said(self, cell: Cell) -> str:
        """Return what one cell says: yes, no, open, or unknown."""
        return "unknown" if not cell.known else SAYS[int(_said([cell], self.question)[0])]

    def table(self) -> pl.DataFrame:
        """Return one row a cell in ascending order of the estimate, those without one last."""
        import polars as pl

        rows = [
            {**dict(c.choices), "estimate": c.estimate, "low": c.low, "high": c.high, "says": self.said(c), "rests_on": c.rests_on,
            "missing": c.missing}
            for c in self.cells
        ]  # fmt: skip
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        q = self.question
        return {
            "id": q.id, "question": q.text, "quantity": q.quantity, "null": q.null, "yes_if": q.yes, "word": self.word, "side": self.side,
            "cells_yes": self.yes, "cells_no": self.no, "cells_open": self.open, "cells_missing": len(self.missing), "median": self.median,
            "least": self.least, "most": self.most, "primary": self.primary.to_dict() if self.primary else None,
            "contrary": self.contrary.to_dict() if self.contrary else None, "joint": self.joint,
            "effects": [{"choice": e.choice, "share": e.share, "options": dict(e.options), **e.turns._asdict()} for e in self.effects],
            "against": q.against, "cannot_say": q.silent,
            "own_case": q.own, "standing": q.standing, "level": 0.9, "seed": self.seed, "thorough": self.thorough,
            "versions": dict(self.versions), "cells": [{**c.to_dict(), "says": self.said(c)} for c in self.cells],
        }  # fmt: skip


def judge(
    cells: Sequence[Cell], question: Question, *, seed: int = 1, thorough: bool = False, versions: Mapping[str, str] | None = None
) -> Verdict:  # fmt: skip
    """Return the verdict of some cells on a question.

    Parameters
    ----------
    cells : sequence of Cell
        All with the same choices, each combination once; their order does not count.
    question : Question
    seed, thorough, versions
        Said with the result.

    Raises
    ------
    ParameterError
        No cells, cells of different choices, or a combination twice.

    References
    ----------
    [Steegen2016]_, [Simonsohn2020]_

    Examples
    --------
    >>> made = [Cell.of({"era": e, "list": a}, (m, m - 0.5, m + 0.5)) for e, a, m in
    ...         [("early", "x", 1.0), ("early", "y", 0.9), ("late", "x", -0.8), ("late", "y", 0.1)]]
    >>> v = judge(made, Question("own", "More?", "difference"))
    >>> v.word, v.yes, v.no, v.open, v.effects[0].choice
    ('flips', 2, 1, 1, 'era')
    """
    whole = _checked(cells)
    known = sorted((c for c in whole if c.known), key=lambda c: (c.estimate, c.choices))
    values = np.array([c.estimate for c in known], dtype=np.float64)
    said = _said(known, question)
    word, side = word_of(said)
    effects, joint = _effects(known, values, said)
    wanted = frozenset(question.primary)
    primary = next((c for c in known if wanted and wanted == frozenset(c.choices)), None)
    return Verdict(
        question, (*known, *sorted((c for c in whole if not c.known), key=lambda c: c.choices)), word, side, int((said > 0).sum()),
        int((said < 0).sum()), int((said == 0).sum()), *_span(values), primary, effects, joint, _contrary(known, said, question), seed, thorough,
        dict(versions or {}),
    )  # fmt: skip


def _checked(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells with their choices in one order."""
    if not cells:
        raise parameter("cells", "none", "at least one cell")
    order = [k for k, _ in cells[0].choices]
    seen: dict[tuple[tuple[str, str], ...], Cell] = {}
    for c in cells:
        options = dict(c.choices)
        if options.keys() != set(order):
            raise parameter("cells", c.told(), f"the choices {', '.join(sorted(order))} in every cell")
        ordered = tuple((k, options[k]) for k in order)
        if ordered in seen:
            raise parameter("cells", f"{c.told()} twice", "each combination of choices once")
        seen[ordered] = replace(c, choices=ordered)
    return list(seen.values())


def _said(cells: Sequence[Cell], question: Question) -> Any:
    """Return what each known cell says, int64 (n,)."""
    low, high = (np.array([getattr(c, k) for c in cells], dtype=np.float64) for k in ("low", "high"))
    return answers(low, high, question.null, question.yes)


def _span(values: Any) -> tuple[float | None, float | None, float | None]:
    """Return median, least and most."""
    return (float(np.median(values)), float(values.min()), float(values.max())) if len(values) else (None, None, None)


def _effects(known: Sequence[Cell], values: Any, said: Any) -> tuple[tuple[Effect, ...], float]:
    """Return what each choice moves, the most first, and what no sum of them does; one that every cell takes differently is a label."""
    if not known:
        return (), float("nan")
    names = [k for k, _ in known[0].choices]
    options = {k: sorted({dict(c.choices)[k] for c in known}) for k in names}
    varied = [k for k in names if 1 < len(options[k]) < len(known)]
    if not varied:
        return (), float("nan")
    every = np.array([[options[k].index(dict(c.choices)[k]) for k in names] for c in known], dtype=np.int64)
    level = every[:, [names.index(k) for k in varied]]
    shares, joint = main_effects(values, level)
    turned = dict(zip(names, turns(every, said), strict=True))
    out = [
        Effect(name, share, tuple((o, float(values[level[:, k] == p].mean())) for p, o in enumerate(options[name])), turned[name])
        for k, (name, share) in enumerate(zip(varied, shares, strict=True))
    ]  # fmt: skip
    return tuple(sorted(out, key=lambda e: (-e.share if e.share == e.share else 0.0, e.choice))), joint


def _contrary(known: Sequence[Cell], said: Any, question: Question) -> Cell | None:
    """Return the cell that speaks most against the side that more cells take; None where neither has more."""
    lean = int((said > 0).sum()) - int((said < 0).sum())
    if not lean:
        return None
    higher = (question.yes == "higher") == (lean > 0)

    def reach(c: Cell) -> tuple[float, float]:
        near, far = (c.high, c.low) if higher else (c.low, c.high)
        way = -1.0 if higher else 1.0
        return max(way * ((near or 0.0) - question.null), 0.0), way * ((far or 0.0) - question.null)

    return max(known, key=reach)
