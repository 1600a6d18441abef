"""What an attack demands of everyone who has pledged something, clause by clause."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown

if TYPE_CHECKING:
    from foedus.studio.question import Desk

NOTES = (
    "A verdict is what the text demands, not a forecast that it will be honoured.",
    "Undetermined: the clause has a condition that the coded data or the cited article leave open.",
    "Secret articles count from their signature, whether or not others knew of them.",
)
Name = Annotated[str, Field(min_length=1, max_length=80)]


class AskedBound(systems.OfSystem):
    """Parameters of an attack."""

    attacker: Name
    target: Name
    after: tuple[tuple[Name, Name], ...] = Field((), max_length=30, description="Attacks earlier in the same war")
    where: str | None = Field(None, max_length=40, description="Region where it falls, if not on the target's home")
    as_of: dt.date | None = Field(
        None, description="Day of the attack, where it is not the system's: only pledges signed before it count"
    )


def _answer(asked: AskedBound, desk: Desk) -> Answer:
    """Return the obligations as the page reads them."""
    import polars as pl

    from foedus.obligations.bound import VERDICTS
    from foedus.system.nouns import REGIONS

    system = systems.read(asked, desk)
    found = system.bound(asked.attacker, asked.target, date=asked.as_of, prior=asked.after, where=asked.where)
    most = {
        a: {"verdict": o.verdict, "pledge": o.pledge, "ally": o.ally, "reason": o.reason, "pact": o.pact, "pact_id": o.pact_id}
        for a, o in found.by_actor().items()
    }  # fmt: skip
    rows = [r | {"pact_id": o.pact_id} for r, o in zip(found.table().to_dicts(), found.rows, strict=True)]
    data = found.to_dict() | {
        "obligations": rows,
        "by_actor": most,
        "verdicts": list(VERDICTS),
        "regions": list(REGIONS),
    }
    said = found.system.label

    def named(text: str) -> str:
        return re.sub(r"[\w-]+", lambda m: said(m[0]) if m[0].isupper() else m[0], text)

    table = Shown(
        f"What the pledges demand if {said(found.attacker)} attacks {said(found.target)}",
        found.table().with_columns(pl.col("actor", "ally").map_elements(said, pl.String), pl.col("reason").map_elements(named, pl.String)),
        (Column("ally", "owed to"), Column("article", "clause")),
    )  # fmt: skip
    return Answer("derived", data, {"obligations": table}, system=found.system, notes=NOTES)


def _python(asked: AskedBound) -> str:
    """Return the same as a program."""
    lines = systems.python(asked)
    more = [f"prior={list(asked.after)!r}"] if asked.after else []
    more += [f"where={asked.where!r}"] if asked.where else []
    if asked.as_of:
        d = asked.as_of
        more.append(f"date=dt.date({d.year}, {d.month}, {d.day})")
        lines = lines if "import datetime as dt" in lines else ["import datetime as dt", "", *lines]
    call = ", ".join([repr(asked.attacker), repr(asked.target), *more])
    return "\n".join([*lines, f"result = s.bound({call})", "print(result.table())"])


def _cli(asked: AskedBound) -> str | None:
    """Return the same as a command; none takes a what-if, or another day than the system's."""
    if asked.what_if or asked.as_of:
        return None
    words = ["bound", asked.attacker, asked.target]
    words += ["--after", ",".join(f"{a}:{b}" for a, b in asked.after)] if asked.after else []
    words += ["--where", asked.where] if asked.where else []
    return systems.cli(asked, *words)


BOUND = Question("bound", "Who is bound by an attack", AskedBound, _answer, _python, _cli)
