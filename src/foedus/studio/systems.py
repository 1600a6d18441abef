"""Which systems the studio offers, and which one a request means.

A name is a bundled scenario, ``file:NAME.toml`` of the user's folder, a year or a date. Lists and resolves; changes no file.
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from foedus.errors import DataError, parameter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from foedus.scenario.scenario import Scenario
    from foedus.studies.meant import Meant
    from foedus.studio.question import Desk
    from foedus.system.system import System

EDITS = {
    "void": "void", "remove": "remove_actor", "strengthen": "strengthen", "weaken": "weaken", "drop": "drop_layer", "withdraw": "withdraw",
}  # fmt: skip
"""Method of `system.edits.Editor` behind each edit that a what-if may name."""

FILE = re.compile(r"^file:([A-Za-z0-9][A-Za-z0-9_-]{0,79}\.toml)$")
WHAT_IF_FILE = re.compile(r"^file:([A-Za-z0-9][A-Za-z0-9_-]{0,79}\.what-if\.toml)$")
YEAR = re.compile(r"^\d{4}(-\d{2}-\d{2})?$")
NAME = r"^(?:[a-z0-9][a-z0-9-]{0,79}|\d{4}(?:-\d{2}-\d{2})?|file:[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.toml)$"


class Asked(BaseModel):
    """Parameters of a question: nothing that it does not know, and nothing that changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)


class OfSystem(Asked):
    """Parameters of a question about one system."""

    in_: str = Field(alias="in", pattern=NAME, description="A bundled scenario, file:NAME.toml, a year or a date")
    date: dt.date | None = Field(None, description="Date to which a scenario is taken")
    what_if: str | None = Field(
        None, max_length=200, description="A what-if of the scenario, or an edit such as void:PACT"
    )
    actors: tuple[str, ...] | None = Field(None, max_length=300, description="Only these states of a real date")


def read(asked: OfSystem, desk: Desk) -> System:
    """Return the system that a request means, after its what-if."""
    from foedus.studies.meant import what_if

    meant = before(asked, desk)
    if not asked.what_if:
        return meant.system
    return what_if(edit_named(asked.what_if, desk.scenarios), meant, str(asked.date or "")).other


def edit_named(name: str, folder: Path) -> str:
    """Return what the readers call a what-if: the path of a user's file, or the name."""
    found = WHAT_IF_FILE.match(name)
    if found:
        path = folder / found[1]
        if not path.is_file() or path.is_symlink():
            raise parameter("what_if", name, "a what-if file of the studio's folder")
        return str(path)
    if name == "-" or name.endswith(".toml"):
        raise parameter("what_if", name, "a what-if's name, an edit such as void:PACT, or file:NAME.what-if.toml")
    return name


def before(asked: OfSystem, desk: Desk) -> Meant:
    """Return the system that a request means before any what-if, with its scenario."""
    from foedus.studies.meant import resolve

    return resolve(
        _path(asked.in_, desk.scenarios), data_dir=desk.data_dir, date=asked.date.isoformat() if asked.date else None,
        actors=",".join(asked.actors) if asked.actors else None,
    )  # fmt: skip


def _path(name: str, folder: Path) -> str:
    """Return what the readers call the system: the path of a user's file, or the name."""
    found = FILE.match(name)
    if not found:
        if name not in bundled() and not YEAR.match(name):
            raise parameter(
                "in", name, "a bundled scenario, file:NAME.toml, a year or a date", f"bundled: {', '.join(bundled())}"
            )
        return name
    path = folder / found[1]
    if not path.is_file() or path.is_symlink():
        raise parameter("in", name, "a scenario file of the studio's folder", "the list of systems names them")
    return str(path)


def check(name: str, desk: Desk) -> None:
    """Raise unless a name is one that the page can open on: it is read whole, so that a fault is told before anything is served.

    Raises
    ------
    FoedusError
        No such system, or one that cannot be read.
    """
    if not re.fullmatch(NAME, name):
        raise parameter(
            "in", name, "a bundled scenario, file:NAME.toml, a year or a date",
            "a scenario of yours lies in the folder scenarios of the studio; foedus scenario list names the bundled ones",
        )  # fmt: skip
    before(OfSystem.model_validate({"in": name}), desk)


def bundled() -> tuple[str, ...]:
    """Return the names of the bundled scenarios."""
    from foedus.scenario.read import bundled_names

    return bundled_names()


def python(asked: OfSystem, name: str = "s") -> list[str]:
    """Return the lines of Python that read the same system into ``name``."""
    lines = ["import foedus as fd", ""]
    if YEAR.match(asked.in_):
        more = f", actors={list(asked.actors)!r}" if asked.actors else ""
        lines.append(f"{name} = fd.system({str(asked.date or asked.in_)!r}{more})")
    elif asked.what_if and WHAT_IF_FILE.match(asked.what_if):
        day = f", date={_day(asked.date)}" if asked.date else ""
        lines.append(
            f"_, {name}, _ = fd.load_scenario({_file(asked)!r}).what_if(fd.read_what_if({asked.what_if.removeprefix('file:')!r}){day})"
        )
    elif asked.what_if and ":" not in asked.what_if:
        day = f", date={_day(asked.date)}" if asked.date else ""
        lines.append(f"_, {name}, _ = fd.load_scenario({_file(asked)!r}).what_if({asked.what_if!r}{day})")
    else:
        day = f", date={_day(asked.date)}" if asked.date else ""
        lines.append(f"{name} = fd.load({_file(asked)!r}{day})")
    if asked.what_if and WHAT_IF_FILE.match(asked.what_if) and YEAR.match(asked.in_):
        lines.append(f"{name} = fd.read_what_if({asked.what_if.removeprefix('file:')!r}).on({name})")
    elif asked.what_if and ":" in asked.what_if and not WHAT_IF_FILE.match(asked.what_if):
        verb, *rest = asked.what_if.split(":")
        values = [repr(":".join(rest))] if verb not in ("strengthen", "weaken") else [repr(rest[0]), ":".join(rest[1:])]
        lines.append(f"{name} = {name}.edit().{EDITS[verb]}({', '.join(values)}).system")
    return ["import datetime as dt", "", *lines] if any("dt.date" in line for line in lines) else lines


def python_both(asked: OfSystem, base: str = "base", other: str = "other") -> list[str]:
    """Return the lines of Python that read both arms of a what-if into ``base`` and ``other``."""
    whole = python(asked, other)
    if whole[-1].startswith(f"_, {other}, _"):
        return [*whole[:-1], whole[-1].replace(f"_, {other}, _", f"{base}, {other}, _", 1)]
    lines = python(asked.model_copy(update={"what_if": None}), base)
    return [
        *lines,
        whole[-1].replace(f"{other} = {other}.", f"{other} = {base}.", 1).replace(f".on({other})", f".on({base})"),
    ]


def _day(date: dt.date) -> str:
    """Return a date as Python writes it."""
    return f"dt.date({date.year}, {date.month}, {date.day})"


def _file(asked: OfSystem) -> str:
    """Return how a program in the folder of scenarios names the system."""
    return asked.in_.removeprefix("file:")


def cli(asked: OfSystem, *words: str) -> str:
    """Return the command line of a question about one system."""
    parts = ["foedus", *words, "--in", asked.in_.removeprefix("file:")]
    parts += ["--date", asked.date.isoformat()] if asked.date else []
    parts += ["--actors", ",".join(asked.actors)] if asked.actors else []
    return shlex.join(parts)


def listed(desk: Desk) -> list[dict[str, Any]]:
    """Return every system that can be asked about: bundled, the user's own, and the years that the data cover."""
    from foedus.scenario.read import load_scenario

    rows = [_scenario(load_scenario(name), name, "bundled") for name in bundled()]
    for path in sorted(desk.scenarios.glob("*.toml")) if desk.scenarios.is_dir() else []:
        if not FILE.match(f"file:{path.name}") or path.is_symlink():
            continue
        try:
            rows.append(_scenario(load_scenario(path), f"file:{path.name}", "file"))
        except (DataError, ValueError) as error:
            rows.append(
                {"id": f"file:{path.name}", "title": path.stem, "kind": "file", "broken": str(error).splitlines()[0]}
            )
    return rows


def _scenario(scenario: Scenario, name: str, kind: str) -> dict[str, Any]:
    """Return how one scenario is listed."""
    s = scenario.system
    return {
        "id": name, "title": s.title, "kind": kind, "date": s.date.isoformat(), "summary": s.summary,
        "first": s.date.isoformat(), "last": (scenario.until or max((e.date for e in scenario.events), default=s.date)).isoformat(),
        "what_ifs": [{"id": w.name, "title": w.title, "note": w.note} for w in scenario.what_ifs],
        "flashpoints": [{"attacker": f.attacker, "target": f.target, "label": f.note} for f in s.flashpoints],
    }  # fmt: skip


def files_of(params: Mapping[str, Any]) -> list[str]:
    """Return the names of the user's files that the parameters of a question name."""
    found = (FILE.match(str(v)) or WHAT_IF_FILE.match(str(v)) for v in params.values() if isinstance(v, str))
    return sorted({m[1] for m in found if m})


def stamp(name: object, folder: Path) -> str:
    """Return the state of the file behind a name, so that an answer from before a change is not shown; empty where none is."""
    found = FILE.match(str(name)) or WHAT_IF_FILE.match(str(name))
    path = folder / found[1] if found else None
    if path is None or not path.is_file():
        return ""
    s = path.stat()
    return f"{s.st_mtime_ns}:{s.st_size}"
