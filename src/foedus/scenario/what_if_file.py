"""A what-if in a file of its own: `read_what_if` and `parse_what_if` read it, `check_what_if` says what is wrong with one on its base.

The file holds what would stand below ``[what_if.NAME]`` of a scenario, so that it goes with any base: a bundled scenario, a file, a real date.
Applies nothing for good: `Scenario.what_if` and `WhatIf.on` give the systems.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from foedus.errors import FoedusError
from foedus.scenario import build, limits
from foedus.scenario.check import check_text, placed
from foedus.scenario.explain import explain
from foedus.scenario.findings import Findings, at
from foedus.scenario.guard import read_table, read_text
from foedus.scenario.ops import WhatIfFileTable
from foedus.scenario.scenario import Scenario, WhatIf
from foedus.scenario.trial import try_edits

if TYPE_CHECKING:
    import datetime as dt

    from foedus.errors import Problem
    from foedus.system.edits import Edit
    from foedus.system.system import System


def read_what_if(path: str | Path) -> WhatIf:
    """Return the what-if of a file; ``-`` reads the standard input.

    Parameters
    ----------
    path : str or Path
        A TOML file with ``title``, ``edits`` and, if wanted, ``note``, ``date``, ``skip_events``, ``base``.

    Raises
    ------
    ScenarioError
        Not there, or not sound; ``problems`` lists every fault.
    """
    if str(path) == "-":
        text = sys.stdin.read(limits.MAX_BYTES + 1)
        return parse_what_if(text, "standard input")
    return parse_what_if(read_text(Path(path)), str(path))


def parse_what_if(text: str, origin: str = "what-if") -> WhatIf:
    r"""Return the what-if that a text writes.

    Parameters
    ----------
    text : str
        TOML.
    origin : str
        What the text is called in messages; a file's name without its ending becomes the what-if's.

    Raises
    ------
    ScenarioError
        Every fault of the text, with its path.

    Examples
    --------
    >>> import foedus as fd
    >>> w = fd.parse_what_if('title = "Alone"\nedits = [{ op = "void_pact", pact = "dual-alliance" }]')
    >>> base, other, _ = fd.load_scenario("europe-1914").what_if(w)
    >>> len(base.pacts) - len(other.pacts)
    1
    """
    data = read_table(text, origin)
    findings = Findings(origin)
    try:
        t = WhatIfFileTable.model_validate(data)
    except ValidationError as error:
        explain(error, findings, WhatIfFileTable, (), data)
        raise findings.error() from error
    name = Path(origin).name.removesuffix(".toml").removesuffix(".what-if") or "what-if"
    edits: list[Edit] = []
    for i, op in enumerate(t.edits):
        try:
            edits += build.all_edits([op])
        except FoedusError as error:
            findings.add(at("edits", i), *_said(error))
    findings.raise_any()
    return WhatIf(name, t.title, t.note, tuple(edits), t.date, tuple(t.skip_events), t.base)


def check_what_if(
    text: str, base: System | Scenario | None = None, *, date: dt.date | None = None, origin: str = "what-if"
) -> list[Problem]:
    r"""Return what is wrong with a what-if, each fault with its line where one can be named.

    Parameters
    ----------
    text : str
        TOML.
    base : System or Scenario, optional
        What it is asked of; without it only the shape is looked at.
    date : datetime.date, optional
        Date to which a scenario is taken.

    Examples
    --------
    >>> import foedus as fd
    >>> text = 'title = "Alone"\n[[edits]]\nop = "void_pact"\npact = "dual"'
    >>> [(p.line, p.path) for p in check_what_if(text, fd.load("europe-1914"))]
    [(2, 'edits[0]')]
    """
    found = check_text(text, origin, read=parse_what_if)
    if found or base is None:
        return found
    what_if = parse_what_if(text, origin)
    findings = Findings(origin)
    try:
        try_edits(_before(base, what_if, date), what_if.edits, ("edits",), findings)
    except FoedusError as error:
        first, hint = _said(error)
        findings.add("skip_events" if "skip_events" in first else "date", first, hint)
    return placed(findings.problems, text)


def _before(base: System | Scenario, what_if: WhatIf, date: dt.date | None) -> System:
    """Return the system on which the edits of a what-if are tried: without the events that it leaves out."""
    bare = dataclasses.replace(what_if, edits=())
    return base.what_if(bare, date=date)[1] if isinstance(base, Scenario) else bare.on(base)


def _said(error: FoedusError) -> tuple[str, str]:
    """Return the first line of a message, and its hint."""
    first, *rest = str(error).split("\n")
    return first, next((x.removeprefix("hint: ") for x in rest if x.startswith("hint: ")), "")
