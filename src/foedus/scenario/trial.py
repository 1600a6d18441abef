"""Every event and what-if of a file is applied once when it is read, so that a wrong edit shows then and not in the middle of a study.

The work is bounded: a file whose edits times nouns exceed `limits.MAX_WORK` is refused before the trial.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from foedus.errors import FoedusError
from foedus.scenario import limits
from foedus.scenario.findings import at
from foedus.system.edits import AddPact
from foedus.system.presence import present

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.scenario.findings import Findings
    from foedus.scenario.scenario import Event, Scenario, WhatIf
    from foedus.system.edits import Edit
    from foedus.system.system import System

Path = tuple[str | int, ...]


def try_all(scenario: Scenario, places: dict[str, int], findings: Findings) -> None:
    """Add a fault for every edit that cannot be applied; ``places`` is each event's index in the file."""
    if (work := _work(scenario)) > limits.MAX_WORK:
        findings.add(
            "file", f"too many edits for so many ties and pacts: {work} steps; expected at most {limits.MAX_WORK}"
        )
        return
    states = [scenario.whole or scenario.system]
    for event in scenario.events:
        states.append(_after(states[-1], event, places, findings))
    if not findings.problems:
        for what_if in scenario.what_ifs:
            _try_what_if(scenario, what_if, states, places, findings)


def _try_what_if(
    scenario: Scenario, what_if: WhatIf, states: list[System], places: dict[str, int], findings: Findings
) -> None:
    """Apply one what-if on the state of its date."""
    day = what_if.date or scenario.system.date
    before = [e for e in scenario.events if e.date < day]
    first = next((k for k, e in enumerate(before) if e.id in what_if.skip_events), len(before))
    system = states[first]
    for event in before[first:]:
        if event.id not in what_if.skip_events:
            system = _after(
                system,
                event,
                places,
                findings,
                f" once {', '.join(what_if.skip_events)} is left out by what_if {what_if.name}",
            )
    path = ("what_if", what_if.name, "edits")
    system = try_edits(present(system.with_(date=day)), what_if.edits, path, findings)
    for j, edit in enumerate(what_if.edits):
        if isinstance(edit, AddPact) and any(p.id == edit.pact.id and not p.in_force(day) for p in system.pacts):
            text = f"the pact {edit.pact.id} is not in force at the start of {day}; expected a start before that day, or none"
            findings.add(at(*path, j), text)


def _after(system: System, event: Event, places: dict[str, int], findings: Findings, why: str = "") -> System:
    """Return the system after an event, faults added and faulty edits left out."""
    day = event.date + dt.timedelta(days=1)
    return try_edits(system.with_(date=day), event.edits, ("event", places[event.id], "edits"), findings, why)


def try_edits(system: System, edits: Sequence[Edit], path: Path, findings: Findings, why: str = "") -> System:
    """Return the system after the edits that can be applied, with a fault for each of the others."""
    for j, edit in enumerate(edits):
        try:
            system = edit.apply(system)
        except FoedusError as error:
            first, *rest = str(error).split("\n")
            hint = next((line.removeprefix("hint: ") for line in rest if line.startswith("hint: ")), "")
            findings.add(at(*path, j), f"cannot {edit.describe()}{why}: {first}", hint)
    return system


def _work(scenario: Scenario) -> int:
    """Return how many steps the trial takes at most."""
    s = scenario.whole or scenario.system
    nouns = len(s.actors) + len(s.ties) + len(s.borders) + sum(len(p.members) + len(p.pledges) + 1 for p in s.pacts)
    nouns += sum(
        len(e.pact.members) + len(e.pact.pledges)
        for x in (*scenario.events, *scenario.what_ifs)
        for e in x.edits
        if isinstance(e, AddPact)
    )
    per_event = sum(len(e.edits) + 1 for e in scenario.events)
    runs = per_event + sum(len(w.edits) + 1 + (per_event if w.skip_events else 0) for w in scenario.what_ifs)
    return runs * nouns
