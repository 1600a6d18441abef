"""What is validated: the specification of each row, read from ``published/*.toml``.

A row is one published result: what it says, where, how it was printed, and what counts as agreement. The files were committed before the first run
(``docs/decisions/0025-what-validate-holds-to.md``). Computes nothing and judges nothing.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Literal["number", "sign", "direction", "expected to differ"]
Basis = Literal["source", "code", "second hand", "computed", "hand", "memory"]
KINDS: tuple[Kind, ...] = ("number", "sign", "direction", "expected to differ")
BASES: dict[str, str] = {
    "source": "read in the source",
    "code": "read in public code of its authors",
    "second hand": "read as others quote it",
    "computed": "computed from open data, no printed twin",
    "hand": "worked out by hand",
    "memory": "from memory, not verified",
}
"""What a reference rests on, in words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One published result and what counts as agreement with it.

    Attributes
    ----------
    id : str
        ``RESULT.NAME``: results 1 to 16, reference numbers of sections s1 to s13.
    title, source : str
        Of the result that the row belongs to.
    claim, where : str
        What is compared; table, equation or page.
    basis : {"source", "code", "second hand", "computed", "hand", "memory"}
        What the reference rests on, see `BASES`.
    published : tuple of str
        As printed, digits included; signs ``+``, ``-``; directions ``higher``, ``lower``, ``some``, ``none``.
    kind : {"number", "sign", "direction", "expected to differ"}
    tolerance : tuple of float
        Largest distance of each value that is still within; empty where the printed digits decide.
    null : float
        Of a sign or direction.
    data : tuple of str
        Data sets of the store that are read.
    show : str
        Command or function that shows it.
    why : str
        What is known of why it differs.
    unreachable : str
        Why nobody can run it; empty where it can be run.
    """

    id: str
    title: str
    source: str
    claim: str
    where: str
    basis: Basis
    published: tuple[str, ...]
    kind: Kind
    tolerance: tuple[float, ...] = ()
    null: float = 0.0
    data: tuple[str, ...] = ()
    show: str = ""
    why: str = ""
    unreachable: str = ""

    @property
    def group(self) -> str:
        """The result that the row belongs to."""
        return self.id.partition(".")[0]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()} | {"group": self.group}


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Return every row: results 1 to 16, then the reference numbers s1 to s13.

    Examples
    --------
    >>> [r.id for r in rows()][:2]
    ['1.least', '1.minima']
    """
    found: list[Row] = []
    for file in sorted((resources.files("foedus.studies") / "published").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            found.extend(_read(tomllib.loads(file.read_text(encoding="utf-8"))))
    order = list(dict.fromkeys(r.group for r in found))
    order.sort(key=lambda g: (g.startswith("s"), int(g.lstrip("s"))))
    return tuple(sorted(found, key=lambda r: order.index(r.group)))


def _read(file: dict[str, Any]) -> list[Row]:
    """Return the rows of one file; data and command are the group's where the row names none."""
    out = []
    for raw in file["row"]:
        group = file["group"][raw["id"].partition(".")[0]]
        shared = {k: group[k] for k in ("title", "source", "data", "show") if k in group}
        if raw.get("unreachable"):
            shared.pop("data", None)
        lists = {k: tuple(v) for k, v in (shared | raw).items() if isinstance(v, list)}
        out.append(Row(**(shared | raw | lists)))
    return out


def chosen(names: Iterable[str] | None = None) -> tuple[Row, ...]:
    """Return the rows of these ids or groups, all for none, in the order of the table.

    Parameters
    ----------
    names : iterable of str, optional
        Such as ``"5"``, ``"s7"`` or ``"5.n"``.

    Raises
    ------
    ParameterError
        No row or group has the name.

    Examples
    --------
    >>> [r.id for r in chosen(["15", "s2.hand"])]
    ['15.s', '15.tau', 's2.hand']
    """
    every = rows()
    if names is None:
        return every
    wanted = list(names)
    known = {r.id for r in every} | {r.group for r in every}
    for name in wanted:
        if name not in known:
            near = [r.id for r in every if r.group == name.partition(".")[0]] or list(
                dict.fromkeys(r.group for r in every)
            )
            raise parameter("only", name, f"one of {', '.join(near)}", "foedus validate --list shows every row")
    if not wanted:
        raise parameter("only", wanted, "at least one row", "foedus validate --list shows every row")
    return tuple(r for r in every if r.id in wanted or r.group in wanted)


def decimals(printed: str) -> int | None:
    """Return the number of decimals of a number as printed; None of a word.

    Examples
    --------
    >>> decimals("-0.132"), decimals("50.0"), decimals("146"), decimals("none")
    (3, 1, 0, None)
    """
    if not re.fullmatch(r"-?\d+(\.\d+)?", printed):
        return None
    return len(printed.partition(".")[2])
