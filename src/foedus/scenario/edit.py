"""Changes of a user's scenario that keep its comments and layout.

`set_value`, `add_table` and `remove` change a file, `set_in`, `add_in` and `remove_in` a text. Only the changed lines are replaced. A file is
written only if the result is sound; a text may be half done, and `scenario.check` says what is wrong with it. A path names an entry by position or
by what it is: ``actor[3].capability.gdp``, ``actor[IRN].regime``, ``tie[IRN-HEZ:sponsorship].strength``, ``what_if.some-name.title``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, InlineTable

from foedus.errors import ParameterError, parameter
from foedus.scenario.files import write_beside
from foedus.scenario.findings import fault, show
from foedus.scenario.guard import read_table, read_text
from foedus.scenario.read import parse_text
from foedus.system.values import Quantity

_STEP = re.compile(r"([A-Za-z0-9_-]+)(?:\[([^\[\]]+)\])?(?:\.|$)")
Step = tuple[str, str | None]
Change = Callable[[Any, Callable[[Any], Any]], None]


def set_value(path: str | Path, dotted: str, value: Any) -> None:
    """Set one value of a file, adding the key where absent.

    Parameters
    ----------
    path : str or Path
        A scenario file.
    dotted : str
        Where, as in ``actor[IRN].capability.gdp``.
    value : bool, int, float, str, date, list, dict or Quantity
        What; a dict is written inline.

    Raises
    ------
    ScenarioError
        No such place, or the file would not be sound; it is left as it was.
    """
    _edit(Path(path), lambda text: set_in(text, dotted, value, origin=str(path)))


def add_table(path: str | Path, section: str, table: dict[str, Any]) -> None:
    """Add an entry to a list of tables (``actor``, ``tie``, ``actor[IRN].faction``) or a named one (``what_if.some-name``).

    Raises
    ------
    ScenarioError
        It is there already, or the file would not be sound; it is left as it was.
    """
    _edit(Path(path), lambda text: add_in(text, section, table, origin=str(path)))


def remove(path: str | Path, dotted: str) -> None:
    """Remove a key or an entry.

    Raises
    ------
    ScenarioError
        No such place, or the file would not be sound without it; it is left as it was.
    """
    _edit(Path(path), lambda text: remove_in(text, dotted, origin=str(path)))


def set_in(text: str, dotted: str, value: Any, *, origin: str = "text") -> str:
    """Return a text with one value set; see `set_value`. The result need not be sound.

    Examples
    --------
    >>> set_in('title = "Mine"  # so far', "title", "Yours")
    'title = "Yours"  # so far'
    """
    *before, (name, chosen) = _steps(dotted)

    def change(root: Any, item: Callable[[Any], Any]) -> None:
        node = _descend(root, before, create=item)
        if chosen is None:
            node[name] = item(_plain(value))
        else:
            rows = node[name] if name in node else _absent(name)
            rows[_pick(rows, chosen)] = item(_plain(value))

    return _changed(text, origin, change)


def add_in(text: str, section: str, table: dict[str, Any], *, origin: str = "text") -> str:
    """Return a text with one more entry; see `add_table`. The result need not be sound."""
    *before, (name, chosen) = _steps(section)
    if chosen is not None:
        raise parameter("section", section, "a section such as tie or what_if.some-name")
    named = bool(before) and before[-1] == ("what_if", None)

    def change(root: Any, item: Callable[[Any], Any]) -> None:
        is_text = isinstance(root, tomlkit.TOMLDocument)
        node = _descend(root, before, create=tomlkit.item if is_text else dict)
        inline = isinstance(node, InlineTable) or isinstance(node.get(name), Array)
        new = (_inline if inline else _as_table)(_plain(table)) if is_text else _plain(table)
        if named:
            if name in node:
                raise ParameterError(f"{section} is there already")
            node[name] = new
        elif name in node:
            node[name].append(new)
        elif is_text:
            rows = tomlkit.array() if inline else tomlkit.aot()
            rows.append(new)
            node[name] = rows
        else:
            node[name] = [new]

    return _changed(text, origin, change)


def remove_in(text: str, dotted: str, *, origin: str = "text") -> str:
    """Return a text without a key or an entry; see `remove`. The result need not be sound."""
    *before, (name, chosen) = _steps(dotted)

    def change(root: Any, item: Callable[[Any], Any]) -> None:
        node = _descend(root, before)
        if name not in node:
            _absent(name)
        if chosen is None:
            del node[name]
        else:
            del node[name][_pick(node[name], chosen)]
            if not len(node[name]):
                del node[name]

    return _changed(text, origin, change)


def _edit(path: Path, change: Callable[[str], str]) -> None:
    """Change a file, once the result is known to be sound."""
    text = read_text(path)
    origin = str(path)
    new = change(text)
    parse_text(new, origin)
    if read_text(path) != text:
        raise fault(origin, "file", "was changed by another program in the meantime", "try again")
    write_beside(path, new)


def _changed(text: str, origin: str, change: Change) -> str:
    """Return a text after a change, once the result is known to hold just that change."""
    plain = read_table(text, origin)
    try:
        change(plain, lambda v: v)
        document = tomlkit.parse(text.removeprefix("\ufeff"))
        before = tomlkit.dumps(document)
        change(document, _inline)
        new = _only_changed_lines(text, before, tomlkit.dumps(document))
        same = tomllib.loads(new.removeprefix("\ufeff")) == plain
    except (
        ParameterError,
        TOMLKitError,
        tomllib.TOMLDecodeError,
        TypeError,
        KeyError,
        IndexError,
        ValueError,
    ) as error:
        raise fault(origin, "edit", str(error).split("\n", maxsplit=1)[0]) from error
    if not same:
        raise fault(origin, "edit", "cannot be made without disturbing the rest of the file", "edit the file by hand")
    return new


def _steps(dotted: str) -> list[Step]:
    """Return the steps of a path."""
    out: list[Step] = []
    at = 0
    while at < len(dotted) and (step := _STEP.match(dotted, at)):
        out.append((step[1], step[2]))
        at = step.end()
    if not out or at < len(dotted) or dotted.endswith("."):
        raise parameter("dotted", dotted[:120], "a path such as actor[IRN].capability.gdp")
    return out


def _descend(node: Any, steps: list[Step], create: Callable[[Any], Any] | None = None) -> Any:
    """Return the table to which the steps lead; a missing table is made by ``create``."""
    for name, chosen in steps:
        if name not in node:
            if create is None or chosen is not None:
                _absent(name)
            node[name] = create({})  # type: ignore[misc]
        node = node[name]
        if chosen is not None:
            node = node[_pick(node, chosen)]
        if not hasattr(node, "keys"):
            raise ParameterError(f"{name} is not a table")
    return node


def _pick(rows: Any, chosen: str) -> int:
    """Return the position of the entry that ``chosen`` names: a number, an id, or A-B with an optional reason."""
    if not isinstance(rows, list):
        raise ParameterError(f"[{chosen}] needs a list of tables")
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 9:
        if int(chosen) >= len(rows):
            raise ParameterError(f"no entry {chosen}; the list has {len(rows)}")
        return int(chosen)
    hits = [i for i, row in enumerate(rows) if hasattr(row, "keys") and chosen in _names(row)]
    if len(hits) != 1:
        raise ParameterError(f"{'no entry' if not hits else f'{len(hits)} entries'} named {show(chosen)}; expected one")
    return hits[0]


def _names(row: Any) -> set[str]:
    """Return what an entry may be called by."""
    ends = [str(row[k]) for k in ("a", "b", "attacker", "target") if k in row]
    pair = "-".join(ends)
    names = (
        {pair, f"{pair}:{row['reason']}"} if len(ends) == 2 and "reason" in row else {pair} if len(ends) == 2 else set()
    )
    return names | ({str(row["id"])} if "id" in row else set())


def _absent(name: str) -> Any:
    """Raise for a place that is not there."""
    raise ParameterError(f"there is no {show(name)} at that place")


def _plain(value: Any) -> Any:
    """Return a value in TOML's own types."""
    if isinstance(value, Quantity):
        return value.to_plain()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v is not None}
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value


def _inline(value: Any) -> Any:
    """Return a tomlkit item, tables inline."""
    if isinstance(value, dict):
        if not value:
            return tomlkit.table()
        table = tomlkit.inline_table()
        table.update({k: _inline(v) for k, v in value.items()})
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(_inline(v) for v in value)
        return array
    return tomlkit.item(value)


def _as_table(value: dict[str, Any]) -> Any:
    """Return a tomlkit table whose own values are inline, except actors, pacts, capability, factions and pledges, which get headers."""
    table = tomlkit.table()
    for name, inner in value.items():
        if name in {"actor", "pact", "capability"} and isinstance(inner, dict):
            table[name] = _as_table(inner)
        elif name in {"faction", "pledge"} and isinstance(inner, list):
            rows = tomlkit.aot()
            for row in inner:
                rows.append(_as_table(row))
            table[name] = rows
        else:
            table[name] = _inline(inner)
    return table


def _only_changed_lines(text: str, before: str, after: str) -> str:
    """Return ``text`` with only those lines replaced that differ between two renderings of it by tomlkit, which may shift spaces elsewhere."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    own, old, new = (t.removeprefix("\ufeff").splitlines(keepends=True) for t in (text, before, after))
    if len(own) != len(old):
        return mark + after
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    return mark + "".join([*own[:head], *new[head : len(new) - tail], *own[len(own) - tail :]])
