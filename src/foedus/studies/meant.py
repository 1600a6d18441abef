"""Which system a name means, and what a what-if does to it: what the command line and the studio both ask.

Reads no file itself (`scenario.read` and `system.real` do) and analyses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from foedus.params import Params
    from foedus.scenario.scenario import WhatIf
    from foedus.studies.brief import Edited
    from foedus.system.system import System

_DATE = re.compile(r"^\d{4}(-\d{2}-\d{2})?$")


@dataclass(frozen=True)
class Meant:
    """The system that the user meant, and the scenario behind it if there is one."""

    system: System
    scenario: Any = None


def resolve(
    name: str,
    *,
    data_dir: Path | None = None,
    date: str | None = None,
    actors: str | None = None,
    table: Params | None = None,
) -> Meant:
    """Return the system that ``--in`` names: a bundled scenario, a TOML file, a year or a date."""
    from foedus.system.dates import parse_date

    if _DATE.match(name):
        from foedus.system.real import system

        asked = date or name
        chosen = [a.strip() for a in actors.split(",")] if actors else None
        return Meant(system(asked, data_dir=data_dir, actors=chosen, table=table))
    from foedus.scenario.read import load_scenario

    scenario = load_scenario(name)
    return Meant(scenario.at(parse_date(date)) if date else scenario.system, scenario)


def without_layers(meant: Meant, layers: str | None) -> Meant:
    """Return what is meant with some kinds of pact left out of its system."""
    from foedus.system.edits import DropLayer

    system = meant.system
    for kind in layers.split(",") if layers else []:
        system = DropLayer(kind.strip()).apply(system)
    return Meant(system, meant.scenario)


def what_if(name: str | WhatIf, meant: Meant, date: str | None) -> Edited:
    """Return both arms of a what-if: one of the scenario's, an edit such as ``void:PACT``, or a file (``-``: the standard input)."""
    from foedus.studies.brief import Edited

    if not isinstance(name, str):
        return _edited(name, meant, date)
    if name == "-" or name.endswith(".toml"):
        from foedus.scenario.what_if_file import read_what_if

        return _edited(read_what_if(name), meant, date)
    if ":" in name:
        from foedus.system import edits

        verb, _, rest = name.partition(":")
        parts = rest.split(":")
        makers: dict[str, Callable[[], Any]] = {
            "void": lambda: edits.VoidPact(rest), "remove": lambda: edits.RemoveActor(rest),
            "strengthen": lambda: edits.Strengthen(parts[0], _factor(parts)), "weaken": lambda: edits.Weaken(parts[0], _factor(parts)),
            "drop": lambda: edits.DropLayer(rest), "withdraw": lambda: edits.Withdraw(rest),
        }  # fmt: skip
        if verb not in makers:
            raise parameter(
                "--what-if", name, f"NAME of the scenario, or one of {', '.join(f'{v}:...' for v in makers)}"
            )
        edit = makers[verb]()
        described = edit.describe()
        return Edited(
            name, described, "edit given on the command line", meant.system, edit.apply(meant.system), (described,)
        )
    if meant.scenario is None:
        raise parameter(
            "--what-if",
            name,
            "an edit such as void:PACT or remove:ACTOR, or a file",
            "named what-ifs belong to scenarios",
        )
    return _edited(name, meant, date)


def _edited(name: str | WhatIf, meant: Meant, date: str | None) -> Edited:
    """Return both arms of a what-if that is named or was read."""
    from foedus.studies.brief import Edited

    if meant.scenario is None:
        assert not isinstance(name, str)
        base, other, found = meant.system, name.on(meant.system), name
    else:
        base, other, found = meant.scenario.what_if(name, **({"date": meant.system.date} if date else {}))
    return Edited(found.name, found.title, found.note, base, other, (found.describe(),))


def _factor(parts: list[str]) -> Any:
    """Return the factor that ends an edit such as ``weaken:RUS:0.5``."""
    from foedus.system.values import Quantity

    try:
        return Quantity.of(float(parts[1]))
    except (IndexError, ValueError) as error:
        raise parameter("--what-if", ":".join(parts), "ACTOR:FACTOR, such as RUS:0.5") from error
