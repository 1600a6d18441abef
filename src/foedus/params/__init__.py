"""Parameters of the models: one TOML per model, read by one typed reader.

A parameter is a value or an interval, with a status (published, fitted, assumed), a source and a note. Files are written by fits or by
hand; models see only `Params`. Within `replaced` other tables stand in for those shipped, and `traced` tells which parameters were read.
This module does not decide what a parameter means.
"""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from foedus import limits
from foedus.errors import ParameterError, message
from foedus.kernels import streams

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_STANDING_IN: ContextVar[Mapping[str, Params]] = ContextVar("standing_in", default=MappingProxyType({}))
_READ: ContextVar[set[tuple[str, str]] | None] = ContextVar("read", default=None)
Status = Literal["published", "fitted", "assumed"]


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: ``low == high`` for a point; ``name`` is its dotted path in the file."""

    name: str
    low: float
    high: float
    status: Status
    source: str = ""
    note: str = ""

    @property
    def centre(self) -> float:
        """Middle of the interval."""
        return 0.5 * (self.low + self.high)


@dataclass(frozen=True)
class Params:
    """The parameters of one model, by dotted path, and the rest of the file in ``extra``."""

    model: str
    table: dict[str, Param]
    extra: dict[str, Any]
    origin: str

    def __getitem__(self, name: str) -> Param:
        if name not in self.table:
            raise ParameterError(
                message(f"{self.origin} lacks a parameter", got=name, hint="start from a copy of the shipped file")
            )
        _note(self.model, (name,))
        return self.table[name]

    def under(self, prefix: str) -> dict[str, Param]:
        """Return the parameters below ``prefix``, by the rest of their path."""
        head = prefix + "."
        found = {k: p for k, p in self.table.items() if k.startswith(head)}
        _note(self.model, found)
        return {k.removeprefix(head): p for k, p in found.items()}

    def having(self, points: Mapping[str, float]) -> Params:
        """Return these parameters with some of them at a point.

        Raises
        ------
        ParameterError
            No such parameter.
        """
        new = {
            k: replace(self[k], low=float(v), high=float(v), status="assumed", source="", note="set")
            for k, v in points.items()
        }
        return replace(self, table=self.table | new)

    def draws(self, name: str, seed: int, n_draws: int) -> NDArray[np.float64]:
        """Return ``n_draws`` values, uniform over the interval; the same for a seed whatever else is drawn."""
        param = self[name]
        u = streams.uniforms(seed, streams.keys_of([f"param:{self.model}.{name}"]), n_draws)[:, 0]
        return param.low + (param.high - param.low) * u

    def statuses(self) -> dict[str, int]:
        """Return how many parameters are published, fitted and assumed."""
        counts: dict[str, int] = {}
        for param in self.table.values():
            counts[param.status] = counts.get(param.status, 0) + 1
        return counts


def load(model: str) -> Params:
    """Return the shipped parameters of ``model``, or what stands in for them (see `replaced`)."""
    return _STANDING_IN.get().get(model) or _shipped(model)


@contextmanager
def replaced(tables: Mapping[str, Params]) -> Iterator[None]:
    """Let other parameters stand in for shipped ones, by model, in this thread and until the block ends.

    Examples
    --------
    >>> with replaced({"joining": load("joining").having({"contest.decisiveness": 1.0})}):
    ...     load("joining")["contest.decisiveness"].centre
    1.0
    """
    token = _STANDING_IN.set({**_STANDING_IN.get(), **tables})
    try:
        yield
    finally:
        _STANDING_IN.reset(token)


@contextmanager
def traced() -> Iterator[set[tuple[str, str]]]:
    """Give a set that gathers the model and the path of every parameter that this thread reads until the block ends."""
    found: set[tuple[str, str]] = set()
    token = _READ.set(found)
    try:
        yield found
    finally:
        _READ.reset(token)


def _note(model: str, names: Iterable[str]) -> None:
    """Add parameters that were read to what `traced` gathers."""
    if (found := _READ.get()) is not None:
        found.update((model, name) for name in names)


@cache
def _shipped(model: str) -> Params:
    """Read one shipped file."""
    text = (resources.files("foedus.params") / f"{model}.toml").read_text(encoding="utf-8")
    return parse(tomllib.loads(text), f"params/{model}.toml")


def names() -> tuple[str, ...]:
    """Return the models whose parameters are shipped, sorted.

    Examples
    --------
    >>> {"spread", "ties"} <= set(names())
    True
    """
    files = resources.files("foedus.params").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def card_text(model: str) -> str | None:
    """Return the text of the model card that is shipped with a model's parameters, None where none is (`foedus.estimate.card` reads it)."""
    path = resources.files("foedus.params") / "cards" / f"{model}.toml"
    return path.read_text(encoding="utf-8") if model in names() and path.is_file() else None


def load_file(path: str | Path) -> Params:
    """Return the parameters of a user's own file.

    Raises
    ------
    ParameterError
        Not readable as TOML, or a value that is neither a number nor ``[low, high]``.
    """
    try:
        raw = limits.toml(limits.text(path, limits.SMALL, error=ParameterError))
    except ParameterError:
        raise
    except ValueError as error:
        raise ParameterError(message(f"Cannot read parameters from {path}", got=str(error))) from error
    return parse(raw, str(path))


def parse(raw: dict[str, Any], origin: str) -> Params:
    """Return the parameters of a parsed file: every table with a ``value`` key is one."""
    meta = raw.get("meta", {})
    if not isinstance(meta, dict):
        raise ParameterError(message(f"'meta' in {origin}", got=repr(meta)[:80], expected="a table"))
    default = meta.get("status", "assumed")
    table: dict[str, Param] = {}
    extra: dict[str, Any] = {}

    def walk(node: dict[str, Any], path: str) -> None:
        for key, item in node.items():
            here = f"{path}.{key}" if path else key
            if isinstance(item, dict) and "value" in item:
                low, high = _interval(item["value"], here, origin)
                table[here] = Param(
                    here, low, high, item.get("status", default), item.get("source", ""), item.get("note", "")
                )
            elif isinstance(item, dict):
                walk(item, here)
            else:
                extra[here] = item

    walk({k: v for k, v in raw.items() if k != "meta"}, "")
    return Params(str(meta.get("model", origin)), table, extra | {f"meta.{k}": v for k, v in meta.items()}, origin)


_LARGEST = 1e300
"""A bound on any parameter: what the models multiply stays a number."""


def _interval(raw: Any, name: str, origin: str) -> tuple[float, float]:
    """Return (low, high) of a number or a pair."""
    pair: list[Any] = raw if isinstance(raw, list) and len(raw) == 2 else [raw, raw]
    if (
        any(isinstance(v, bool) or not isinstance(v, int | float) or not abs(v) < _LARGEST for v in pair)
        or pair[0] > pair[1]
    ):
        raise ParameterError(message(f"'{name}' in {origin}", got=repr(raw)[:80], expected="a number or [low, high]"))
    return float(pair[0]), float(pair[1])
