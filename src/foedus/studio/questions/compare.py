"""Compare: a system and its what-if, or two systems, side by side with the difference, on common random numbers."""

from __future__ import annotations

import datetime as dt
import shlex
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from pydantic import Field, model_validator

from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown, uncertain
from foedus.studio.scenarios import WHAT_IF_BYTES

if TYPE_CHECKING:
    from foedus.blocs.result import Blocs
    from foedus.scenario.compare import Comparison, Difference
    from foedus.studies.brief import Edited
    from foedus.studio.question import Desk
    from foedus.system.system import System

KINDS: dict[str, Literal["simulated", "estimated"]] = {
    "war": "simulated",
    "blocs": "simulated",
    "security": "estimated",
}
CHANGES = 500
"""Rows of what differs between the systems that are shown."""
NOTES = (
    "Both arms use the same seed and common random numbers: what the change does not reach is drawn alike in both.",
    "An interval that includes no change leaves open whether there is one.",
    "The difference is that of the model between two systems; history had one of them, and what else would have changed is not in it.",
)


class AskedCompare(systems.OfSystem):
    """Parameters of a comparison: the base, and one of a what-if, a draft of one, or another system."""

    other: str | None = Field(None, pattern=systems.NAME, description="Another system")
    draft: str | None = Field(
        None, max_length=WHAT_IF_BYTES, description="The text of a what-if that need not be saved"
    )
    of: Literal["war", "blocs", "security"] = "war"
    attacker: str | None = Field(None, max_length=80)
    target: str | None = Field(None, max_length=80)
    actor: str | None = Field(None, max_length=80, description="Whose security; everybody's if none is given")
    draws: int = Field(1000, ge=50, le=1_000_000)
    seed: int = Field(1, ge=0, lt=2**32)

    @model_validator(mode="after")
    def _one(self) -> AskedCompare:
        """Exactly one thing is compared with the base."""
        if sum(x is not None for x in (self.what_if, self.draft, self.other)) != 1:
            raise ValueError("expected one of what_if, draft and other")
        if (self.attacker is None) != (self.target is None):
            raise ValueError("expected attacker and target, or neither")
        return self


def _arms(asked: AskedCompare, desk: Desk) -> Edited:
    """Return both systems and what sets them apart."""
    from foedus.scenario.what_if_file import parse_what_if
    from foedus.studies.brief import Edited
    from foedus.studies.meant import what_if

    meant = systems.before(asked, desk)
    day = str(asked.date or "")
    if asked.other is not None:
        other = systems.read(systems.OfSystem(**{"in": asked.other, "date": asked.date}), desk)
        return Edited(asked.other, other.title, "", meant.system, other, ())
    if asked.draft is not None:
        return what_if(parse_what_if(asked.draft), meant, day)
    return what_if(systems.edit_named(str(asked.what_if), desk.scenarios), meant, day)


def _shot(asked: AskedCompare, both: Edited) -> tuple[str | None, str | None]:
    """Return the first shot of a comparison of wars, that of `shot_of_both` where none is asked."""
    if asked.of != "war" or asked.attacker is not None:
        return asked.attacker, asked.target
    from foedus.studies.first_shot import shot_of_both

    return shot_of_both(both.base, both.other, seed=asked.seed)[:2]


def _answer(asked: AskedCompare, desk: Desk) -> Answer:
    """Return the comparison as the page reads it."""
    from foedus.scenario.compare import compare
    from foedus.scenario.diff import diff

    both = _arms(asked, desk)
    attacker, target = _shot(asked, both)
    found = compare(
        both.base, both.other, of=asked.of, attacker=attacker, target=target, actor=asked.actor, draws=asked.draws, seed=asked.seed,
        workers=desk.workers, progress=lambda share: desk.tell(share, f"{share:.0%} of the draws"),
    )  # fmt: skip
    changes = pl.DataFrame([c.to_dict() for c in diff(both.base, both.other)[:CHANGES]], infer_schema_length=None)
    moves = _moves(found)
    data = {
        "of": asked.of, "attacker": attacker, "target": target, "a": _arm(both.base, both.base.title), "b": _arm(both.other, both.title),
        "note": found.note, "about": both.note, "edits": list(both.edits),
        "rows": [_row(d, both) for d in found.rows], "actors": [_row(d, both) for d in found.actors], "moves": moves,
    }  # fmt: skip
    tables = {
        "differences": Shown("A, B and the difference", _frame(found), UNITS),
        "changes": Shown("What differs between the systems", changes),
    }
    if moves is not None:
        tables["moves"] = Shown(
            "Who stands where at the centre of every number", pl.DataFrame(moves["actors"], schema=MOVES), MOVE_HEADS
        )
    return Answer(
        KINDS[asked.of],
        data,
        tables,
        system=both.base,
        proved=_proved(found),
        seed=asked.seed,
        draws=found.draws,
        notes=(*NOTES, found.note),
    )


UNITS = (
    Column("first", "A"), Column("first_low", "A, low"), Column("first_high", "A, high"), Column("second", "B"), Column("second_low", "B, low"),
    Column("second_high", "B, high"), Column("change", "B less A"), Column("low", "low"), Column("high", "high"),
    Column("clear", "interval leaves out no change"),
)  # fmt: skip
MOVES = {
    "id": pl.String,
    "name": pl.String,
    "a": pl.String,
    "b": pl.String,
    "moved": pl.Boolean,
    "a_share": pl.Float64,
    "b_share": pl.Float64,
}
MOVE_HEADS = (
    Column("a", "bloc in A"), Column("b", "bloc in B"), Column("moved", "moves"), Column("a_share", "share of draws in it, A"),
    Column("b_share", "share of draws in it, B"),
)  # fmt: skip


def _frame(found: Comparison) -> pl.DataFrame:
    """Return every difference with both arms and their intervals."""
    rows = []
    for d in (*found.rows, *found.actors):
        a, b = d.arms
        rows.append({
            "quantity": d.quantity, "first": d.first, "first_low": a and a.low, "first_high": a and a.high, "second": d.second,
            "second_low": b and b.low, "second_high": b and b.high, "change": d.change and d.change.mean, "low": d.change and d.change.low,
            "high": d.change and d.change.high, "clear": d.clear,
        })  # fmt: skip
    numbers = ("first", "first_low", "first_high", "second", "second_low", "second_high", "change", "low", "high")
    return pl.DataFrame(
        rows, schema={"quantity": pl.String} | dict.fromkeys(numbers, pl.Float64) | {"clear": pl.Boolean}
    )


def _arm(system: System, title: str) -> dict[str, Any]:
    """Return which system an arm is."""
    return {
        "title": title,
        "id": system.id,
        "date": system.date,
        "hash": system.hash,
        "actors": len(system.actors),
        "pacts": len(system.pacts),
    }


def _row(d: Difference, both: Edited) -> dict[str, Any]:
    """Return a difference: both arms and the change, each with its interval where it has one."""
    names = {a.id: a.name for a in (*both.other.actors, *both.base.actors)}
    arms = [uncertain(e) if e is not None else point for e, point in zip(d.arms, (d.first, d.second), strict=True)]
    return {"quantity": d.quantity, "actor": d.actor or None, "name": names.get(d.actor), "a": arms[0], "b": arms[1],
            "change": uncertain(d.change), "clear": d.clear}  # fmt: skip


def _moves(found: Comparison) -> dict[str, Any] | None:
    """Return who is in which bloc of either arm; the blocs of B are called after those of A that they share most actors with."""
    if found.line_ups is None:
        return None
    a, b = found.line_ups
    shared = [
        n for n in found.first.ids if n in found.second.index and _label(a, n) is not None and _label(b, n) is not None
    ]
    same = sum(_label(a, n) == _label(b, n) for n in shared)
    turned = 2 * same < len(shared)
    rows = []
    for name in dict.fromkeys((*found.first.ids, *found.second.ids)):
        x, y = _label(a, name), _label(b, name)
        y = 1 - y if y is not None and turned else y
        system = found.first if name in found.first.index else found.second
        rows.append({
            "id": name, "name": system.actor(name).name, "a": None if x is None else a.names[x], "b": None if y is None else a.names[y],
            "moved": None if x is None or y is None else x != y, "a_share": _share(a, name), "b_share": _share(b, name),
        })  # fmt: skip
    return {"names": list(a.names), "proved": [bool(a.two.proved), bool(b.two.proved)], "actors": rows}


def _label(found: Blocs, name: str) -> int | None:
    """Return an actor's bloc at the centre, None for one without ties or who is not there."""
    k = found.system.index.get(name)
    return None if k is None or found.membership[k] != found.membership[k] else int(found.two.label[k])


def _share(found: Blocs, name: str) -> float | None:
    """Return the share of draws in which an actor stands in its bloc."""
    return None if _label(found, name) is None else float(found.membership[found.system.index[name]])


def _proved(found: Comparison) -> bool | None:
    """Return whether both line-ups are proved; None for wars and security."""
    return None if found.line_ups is None else all(bool(x.two.proved) for x in found.line_ups)


def _python(asked: AskedCompare) -> str:
    """Return the same as a program."""
    base = systems.OfSystem(**{"in": asked.in_, "date": asked.date, "actors": asked.actors})
    words = [f"of={asked.of!r}"]
    words += [f"attacker={asked.attacker!r}, target={asked.target!r}"] if asked.attacker and asked.of == "war" else []
    words += [f"actor={asked.actor!r}"] if asked.actor and asked.of == "security" else []
    words += [f"draws={asked.draws}, seed={asked.seed}"]
    lines = _two(asked, base)
    if asked.of == "war" and asked.attacker is None:
        lines.insert(lines.index("import foedus as fd") + 1, "from foedus.studies.first_shot import shot_of_both")
        lines.append(f"attacker, target, _ = shot_of_both(base, other, seed={asked.seed})")
        words.insert(1, "attacker=attacker, target=target")
    lines += [f"result = fd.compare(base, other, {', '.join(words)})", "print(result.table())"]
    return "\n".join(lines)


def _two(asked: AskedCompare, base: systems.OfSystem) -> list[str]:
    """Return the lines of Python that read both systems."""
    lines = systems.python(base, "base")
    if asked.other is not None:
        more = systems.python(systems.OfSystem(**{"in": asked.other, "date": asked.date}), "other")
        return [*lines, more[-1]]
    if asked.what_if is not None:
        return systems.python_both(asked)
    head = [x for x in lines if x.startswith("import ")]
    text = [f"WHAT_IF = {_quoted(str(asked.draft))}", ""]
    if systems.YEAR.match(asked.in_):
        return [*head, "", *text, lines[-1], "other = fd.parse_what_if(WHAT_IF).on(base)"]
    day = (
        f", date=dt.date({asked.date.year}, {asked.date.month}, {asked.date.day})"
        if isinstance(asked.date, dt.date)
        else ""
    )
    name = asked.in_.removeprefix("file:")
    return [*head, "", *text, f"base, other, _ = fd.load_scenario({name!r}).what_if(fd.parse_what_if(WHAT_IF){day})"]


def _quoted(text: str) -> str:
    """Return a text as Python writes it, over several lines where that is the same text."""
    plain = (
        text.replace("\n", "").replace("\t", "").isprintable()
        and "\\" not in text
        and "'''" not in text
        and not text.endswith("'")
    )
    return f"'''{text}'''" if plain else repr(text)


def _cli(asked: AskedCompare) -> str | None:
    """Return the same as a command; a draft is handed over on the standard input. None compares chosen states only."""
    if asked.actors:
        return None
    parts = ["foedus", "compare", asked.in_.removeprefix("file:")]
    parts += [asked.other.removeprefix("file:")] if asked.other else []
    parts += ["--of", asked.of]
    parts += ["--flashpoint", f"{asked.attacker}:{asked.target}"] if asked.attacker and asked.of == "war" else []
    parts += ["--actor", asked.actor] if asked.actor and asked.of == "security" else []
    parts += ["--date", asked.date.isoformat()] if asked.date else []
    parts += ["--draws", str(asked.draws), "--seed", str(asked.seed)]
    if asked.what_if is not None:
        parts += ["--what-if", asked.what_if.removeprefix("file:")]
    if asked.draft is None:
        return shlex.join(parts)
    end = "END"
    while end in asked.draft:
        end += "_"
    return f"{shlex.join(parts)} --what-if=- <<'{end}'\n{asked.draft.rstrip(chr(10))}\n{end}"


COMPARE = Question("compare", "What changes from A to B", AskedCompare, _answer, _python, _cli)
