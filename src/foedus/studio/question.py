"""A question of the studio: typed parameters, an answer, and the Python and the command line that give the same numbers.

Says what an answer carries and puts it into the one form that the page reads; asks nothing itself (`questions` does).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from foedus.studio.systems import Asked, OfSystem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import polars as pl

    from foedus.estimate.nested import Estimate
    from foedus.system.system import System

P = TypeVar("P", bound=Asked)
Kind = Literal["observed", "derived", "estimated", "simulated"]
DIGITS = 10


def _silent(_share: float, _text: str = "") -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Desk:
    """What an answer is worked out with: whose files, which data, and whom to tell how far it is.

    ``keep`` is a folder of the run that may hold what is half done, None for a quick question.
    """

    scenarios: Path
    data_dir: Path | None = None
    tell: Callable[[float, str], None] = _silent
    keep: Path | None = None
    workers: int = 1


@dataclass(frozen=True)
class Column:
    """How a column of a table is called and counted."""

    name: str
    label: str
    unit: str = ""


@dataclass(frozen=True)
class Shown:
    """A table of an answer: its title, its rows, and what its columns mean where their names do not say it."""

    title: str
    frame: pl.DataFrame
    columns: tuple[Column, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the table as the page reads it."""
        known = {c.name: c for c in self.columns}
        heads = [
            {"name": name, "label": known[name].label if name in known else name.replace("_", " "),
             "unit": known[name].unit if name in known else "", "type": _type(kind)}
            for name, kind in self.frame.schema.items()
        ]  # fmt: skip
        return {"title": self.title, "columns": heads, "rows": [list(r) for r in self.frame.iter_rows()]}


@dataclass(frozen=True)
class Answer:
    """What a question returns.

    Attributes
    ----------
    kind
        Whether the numbers are observed, derived, estimated or simulated (convention 4.8).
    data
        What the page draws, as JSON's own types; an uncertain number is `uncertain`'s dict, an unknown one None.
    tables
        The same as tables, one at least for each graphic.
    system
        The system that was asked about, if one was.
    proved
        Whether an optimum is proved; None where nothing is optimised.
    seed, draws
        Of a simulation.
    notes
        What the answer cannot say.
    sources
        Ids, texts and versions of what it rests on beyond the system's own sources.
    """

    kind: Kind
    data: dict[str, Any]
    tables: dict[str, Shown]
    system: System | None = None
    proved: bool | None = None
    seed: int | None = None
    draws: int | None = None
    notes: Sequence[str] = ()
    sources: Sequence[dict[str, str]] = field(default=())


@dataclass(frozen=True)
class Question(Generic[P]):
    """One thing that the page can ask.

    Attributes
    ----------
    name, title
        How it is addressed and called.
    asked
        Class of its parameters.
    answer
        Works it out.
    python, cli
        The same as a program and as a command; ``cli`` gives None where no command answers it.
    """

    name: str
    title: str
    asked: type[P]
    answer: Callable[[P, Desk], Answer]
    python: Callable[[P], str]
    cli: Callable[[P], str | None]

    def reply(self, asked: P, desk: Desk) -> bytes:
        """Return the answer in the page's form, the same bytes for the same numbers."""
        found = self.answer(asked, desk)
        return encode(self.envelope(asked, found))

    def envelope(self, asked: P, a: Answer) -> dict[str, Any]:
        """Return an answer with what stands round it: parameters, standing, sources, how to cite it and to get it again."""
        from foedus import __version__

        system = _system(asked, a.system) if a.system is not None else None
        sources = [*(source_line(s) for s in (a.system.sources if a.system is not None else ())), *a.sources]
        return {
            "question": self.name, "title": self.title, "params": asked.model_dump(mode="json", by_alias=True), "system": system,
            "kind": a.kind, "proved": a.proved, "seed": a.seed, "draws": a.draws, "sources": sources, "version": __version__,
            "citation": _citation(self.title, a, __version__), "notes": list(a.notes), "python": self.python(asked), "cli": self.cli(asked),
            "data": a.data, "tables": {k: t.to_dict() for k, t in a.tables.items()},
        }  # fmt: skip


def uncertain(e: Estimate | None) -> dict[str, float] | None:
    """Return an estimate as the page reads it; None stays unknown."""
    return None if e is None else {"mean": e.mean, "low": e.low, "high": e.high}


def encode(value: Any) -> bytes:
    """Return JSON: ten significant digits, what is not a number as null, dates as ISO writes them."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str).encode(
        "utf-8", "replace"
    )


def _plain(value: Any) -> Any:
    """Return JSON's own types."""
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return str(value)


def _type(kind: Any) -> str:
    """Return the page's word for the type of a column."""
    if kind.is_integer():
        return "int"
    if kind.is_float():
        return "float"
    return {"Boolean": "bool", "Date": "date"}.get(str(kind), "str")


def _system(asked: Asked, system: System) -> dict[str, Any]:
    """Return which system was asked about."""
    return {
        "in": asked.in_ if isinstance(asked, OfSystem) else None, "name": system.title, "id": system.id, "date": system.date.isoformat(),
        "hash": system.hash, "limits": list(system.limits), "actors": [{"id": a.id, "name": a.name} for a in system.actors],
    }  # fmt: skip


def source_line(s: Any) -> dict[str, str]:
    """Return a source as one line with its version."""
    parts = [s.title, s.publisher, str(s.year) if s.year else "", s.url]
    return {"key": s.id, "text": ". ".join(p for p in parts if p), "version": getattr(s, "version", "") or ""}


def _citation(title: str, a: Answer, version: str) -> str:
    """Return how to cite an answer."""
    what = (
        f"{title}: {a.system.title}, as of the start of {a.system.date} (system {a.system.hash[:12]})"
        if a.system is not None
        else title
    )
    how = f"{a.kind}" + (f", {a.draws} draws, seed {a.seed}" if a.draws else "")
    return f"foedus {version}. {what}; {how}."
