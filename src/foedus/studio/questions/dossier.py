"""The dossier of a state, a pair of states, or a pact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Question, Shown

if TYPE_CHECKING:
    from foedus.studio.question import Desk

NOTES = ("The tables of published records run on past the date of the system; what the system itself holds does not.",)


class AskedDossier(systems.OfSystem):
    """Parameters of a dossier: one or two states, or a pact."""

    ids: tuple[str, ...] = Field((), max_length=2, description="One state, or two")
    pact: str | None = Field(None, max_length=200, description="A pact instead")


def _answer(asked: AskedDossier, desk: Desk) -> Answer:
    """Return the dossier as the page reads it."""
    from foedus.data.sources import SOURCES
    from foedus.studies.dossier import dossier

    system = systems.read(asked, desk)
    found = dossier(system, *asked.ids, pact=asked.pact, data_dir=desk.data_dir)
    specs = [SOURCES[s].spec for s in dict.fromkeys(x.source for x in found.sections if x.source)]
    cited = [{"key": s.id, "text": f"{s.title}. {s.citation}", "version": s.version} for s in specs]
    tables = {s.name: Shown(s.title, s.frame) for s in found.sections}
    return Answer("observed", found.to_dict(), tables, system=system, notes=NOTES, sources=cited)


def _python(asked: AskedDossier) -> str:
    """Return the same as a program."""
    what = ", ".join([*(repr(i) for i in asked.ids), *([f"pact={asked.pact!r}"] if asked.pact else [])])
    return "\n".join([*systems.python(asked), f"result = fd.dossier(s, {what})", "print(result.to_dict())"])


def _cli(_: AskedDossier) -> str | None:
    """Return None: no command prints a dossier."""
    return None


DOSSIER = Question("dossier", "Dossier", AskedDossier, _answer, _python, _cli)
