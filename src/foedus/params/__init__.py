"""Parameters of the models: one TOML per model, read by one typed reader.

A parameter is a value or an interval, with a status (published, fitted, assumed), a source and a note. Files are written by fits or by
hand; models see only `Params`. This module does not decide what a parameter means.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import ParameterError, message
from foedus.kernels import streams

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
        return self.table[name]

    def under(self, prefix: str) -> dict[str, Param]:
        """Return the parameters below ``prefix``, by the rest of their path."""
        head = prefix + "."
        return {k.removeprefix(head): p for k, p in self.table.items() if k.startswith(head)}

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
    """Return the shipped parameters of ``model``."""
    return _shipped(model)


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
        raw = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ParameterError(message(f"Cannot read parameters from {path}", got=str(error))) from error
    return parse(raw, str(path))


def parse(raw: dict[str, Any], origin: str) -> Params:
    """Return the parameters of a parsed file: every table with a ``value`` key is one."""
    meta = raw.get("meta", {})
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


def _interval(raw: Any, name: str, origin: str) -> tuple[float, float]:
    """Return (low, high) of a number or a pair."""
    pair: list[Any] = raw if isinstance(raw, list) and len(raw) == 2 else [raw, raw]
    if (
        any(isinstance(v, bool) or not isinstance(v, int | float) or not np.isfinite(v) for v in pair)
        or pair[0] > pair[1]
    ):
        raise ParameterError(message(f"'{name}' in {origin}", got=repr(raw), expected="a number or [low, high]"))
    return float(pair[0]), float(pair[1])
