"""Blocs of one system: the proved line-up, who is where how surely, and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown

if TYPE_CHECKING:
    from foedus.studio.question import Desk


class AskedBlocs(systems.OfSystem):
    """Parameters of the blocs of one system."""

    draws: int = Field(400, ge=0, le=5000, description="Draws behind the memberships")
    seed: int = Field(1, ge=0, lt=2**32)


def _answer(asked: AskedBlocs, desk: Desk) -> Answer:
    """Return the blocs as the page reads them."""
    system = systems.read(asked, desk)
    found = system.blocs(draws=asked.draws, seed=asked.seed)
    return Answer(
        "derived", found.to_dict(), {"actors": Shown("Who is in which bloc", found.table(), (Column("cinc", "capability", "share"),))},
        system=system, proved=bool(found.two.proved), seed=asked.seed, draws=asked.draws or None,
    )  # fmt: skip


def _python(asked: AskedBlocs) -> str:
    """Return the same as a program."""
    return "\n".join(
        [*systems.python(asked), f"result = s.blocs(draws={asked.draws}, seed={asked.seed})", "print(result.table())"]
    )


def _cli(asked: AskedBlocs) -> str | None:
    """Return the same as a command; none takes a what-if."""
    if asked.what_if:
        return None
    return systems.cli(asked, "blocs", "--draws", str(asked.draws), "--seed", str(asked.seed))


BLOCS = Question("blocs", "Who lines up with whom", AskedBlocs, _answer, _python, _cli)
