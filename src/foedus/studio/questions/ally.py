"""Alone or together: the ledger of one actor, and what each ally adds as they are added one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown, uncertain

if TYPE_CHECKING:
    import polars as pl

    from foedus.security.added import Added
    from foedus.security.coalition import Coalition
    from foedus.security.ledger import Ledger
    from foedus.security.spared import Spared
    from foedus.studio.question import Desk

NOTES = (
    "The chance to be attacked and who comes are fitted; the contest that decides who holds is assumed, in two forms: read the order, not the size.",
    "Attack chances are of wars between states of a year like those of the record. A crisis that is already there is not in them.",
    "What an ally adds depends on who was added before it. Adding an ally does not change whom others ally with.",
    "Nuclear weapons enter as an association of 1946-2007, not an effect: 7 wars on armed states, 4 of them on Israel.",
    "No advice: what safety is worth against its price is not computed.",
)
ATTACKS = (Column("attacked", "attacked, a year", "chance"), Column("holds", "holds, ratio form", "chance"),
           Column("holds_difference", "holds, difference form", "chance"), Column("beaten", "attacked and beaten, a year", "chance"))  # fmt: skip


class AskedAlly(systems.OfSystem):
    """Parameters of one actor's ledger."""

    actor: str = Field(min_length=1, max_length=80, description="The protected")
    against: tuple[str, ...] = Field(
        (), max_length=12, description="Threats; none means the likeliest attackers, at most six"
    )
    allies: tuple[str, ...] = Field((), max_length=12, description="Allies in the order in which they are added")
    nuclear: bool = Field(True, description="False for the same system if nobody had nuclear weapons")
    draws: int = Field(400, ge=10, le=2000)
    wars: int = Field(2000, ge=0, le=50_000, description="Simulated wars elsewhere, for entrapment; 0 leaves it out")
    seed: int = Field(1, ge=0, lt=2**32)


def _answer(asked: AskedAlly, desk: Desk) -> Answer:
    """Return the ledger as the page reads it."""
    from foedus.security.added import as_added
    from foedus.security.coalition import coalition
    from foedus.security.hazard import threats
    from foedus.security.ledger import alone_or_together

    system = systems.read(asked, desk)
    foes = list(asked.against) or None
    world = threats(system, seed=asked.seed, draws=asked.draws, nuclear=asked.nuclear)
    desk.tell(0.3, "who attacks and who comes")
    ledger = alone_or_together(
        system, asked.actor, against=foes, wars=asked.wars, seed=asked.seed, workers=desk.workers, drawn_threats=world, draws=asked.draws,
        nuclear=asked.nuclear,
    )  # fmt: skip
    desk.tell(0.8, "what each adds")
    added = as_added(system, asked.actor, asked.allies, against=foes, drawn_threats=world)
    worth = None
    if asked.allies:
        worth = coalition(
            system, [asked.actor, *asked.allies], against=list(added.against), draws=asked.draws, seed=asked.seed
        )
    return Answer(
        "estimated", _data(ledger, added, worth, chosen=bool(foes)), _tables(ledger, added, worth), system=system, seed=ledger.seed,
        draws=ledger.draws, notes=NOTES,
    )  # fmt: skip


def _data(x: Ledger, added: Added, worth: Coalition | None, *, chosen: bool) -> dict[str, Any]:
    """Return what the page draws."""
    pairs = {k: getattr(x, k) for k in ("attacked", "holds", "holds_difference", "beaten")}
    trap = None
    if x.entrapped and x.drawn_in:
        trap = {
            "without_pledges": uncertain(x.entrapped[0]),
            "with_pledges": uncertain(x.entrapped[1]),
            "difference": uncertain(x.drawn_in),
        }
    names = ("attacked", "holds", "holds_difference", "beaten", "comes", "adds", "spares")
    allied = ("comes", "joins_foe", "hold_only", "hold_without", "adds", "honoured", "bound", "per_bound")
    threat = (
        "attack_alone",
        "attack_together",
        "hold_alone",
        "hold_together",
        "dispute_together",
        "capability",
        "proximity",
        "hostility",
    )
    return {
        "actor": x.actor, "against": list(added.against), "chosen": chosen, "draws": x.draws,
        "pledged": _spared(x.pledged), "spared": _spared(x.spared), "added": _spared(added.spared),
        **{k: {"alone": uncertain(a), "together": uncertain(b)} for k, (a, b) in pairs.items()},
        "steps": [{"added": r.added, **{n: uncertain(getattr(r, n)) for n in names}} for r in added.rungs], "entrapped": trap,
        "dependence": uncertain(x.dependence), "adds_most": x.adds_most, "adds_most_for_its_price": x.adds_most_for_its_price,
        "threats": [{"actor": t.actor, "record": t.record, "helped_by": t.helped_by, "help": uncertain(t.help),
                     **{n: uncertain(getattr(t, n)) for n in threat}} for t in x.threats],
        "helpers": [{"actor": a.actor, "linked": a.linked, "owes": list(a.owes), **{n: uncertain(getattr(a, n)) for n in allied}} for a in x.allies],
        "sets": [{"members": list(s.members), "holds": uncertain(s.holds), "why": s.why} for s in x.sets],
        "nuclear": [{"what": n.what, **{k: uncertain(getattr(n, k)) for k in ("attacked", "holds", "attacked_change", "holds_change")}}
                    for n in x.nuclear],
        "burden": [{"actor": b.actor, "resources": b.resources, **{k: uncertain(getattr(b, k)) for k in ("size", "gives", "burden")}}
                   for b in x.burden],
        "coalition": None if worth is None else {
            "total": uncertain(worth.total), "alone": uncertain(worth.alone), "outweighs": uncertain(worth.outweighs), "stakes": worth.stakes,
            "members": [{"actor": m.actor, **{n: uncertain(getattr(m, n)) for n in ("holds_alone", "holds_together", "shapley", "gives", "tips")}}
                        for m in worth.members],
        },
    }  # fmt: skip


def _spared(s: Spared | None) -> dict[str, Any] | None:
    """Return whether an actor is safer with some helpers and nobody else, and how surely."""
    if s is None:
        return None
    return {
        "helpers": None if s.helpers is None else list(s.helpers), "answer": s.answer, "surely": s.surely, "surely_difference": s.surely_difference,
        **{k: uncertain(getattr(s, k)) for k in ("beaten", "spares", "spares_difference", "spares_attacks", "adds", "share")},
    }  # fmt: skip


def _tables(x: Ledger, added: Added, worth: Coalition | None) -> dict[str, Shown]:
    """Return one table for each graphic."""
    tables = {
        "ledger": Shown("Alone and with all who might come", _ledger(x), ATTACKS),
        "steps": Shown("As allies are added, nobody else counted", added.table(), ATTACKS),
        "threats": Shown("Threats", x.table()), "helpers": Shown("Helpers, and what is owed to them", x.ally_table()),
        "sets": Shown("Sets of helpers, nobody else counted", _sets(x)),
    }  # fmt: skip
    if worth is not None:
        tables["coalition"] = Shown(f"What each is worth to the coalition (stakes: {worth.stakes})", worth.table())
        tables["sharing"] = Shown("Who would rather leave", worth.sharing_table())
    return tables


def _ledger(x: Ledger) -> pl.DataFrame:
    import polars as pl

    rows = []
    for k, who in enumerate(("alone", "with all who might come")):
        row: dict[str, Any] = {"helpers": who}
        for name in ("attacked", "holds", "holds_difference", "beaten"):
            e = getattr(x, name)[k]
            row |= {name: e.mean, f"{name}_low": e.low, f"{name}_high": e.high}
        drawn_in = x.entrapped[k] if x.entrapped else None
        row |= {
            f"drawn_in{end}": drawn_in and getattr(drawn_in, of)
            for end, of in (("", "mean"), ("_low", "low"), ("_high", "high"))
        }
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def _sets(x: Ledger) -> pl.DataFrame:
    import polars as pl

    rows = [
        (" + ".join(x.system.label(m) for m in s.members) or "nobody", s.holds.mean, s.holds.low, s.holds.high, s.why)
        for s in x.sets
    ]
    schema = {"set": pl.String, "holds": pl.Float64, "low": pl.Float64, "high": pl.Float64, "why": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _python(asked: AskedAlly) -> str:
    """Return the same as a program."""
    lines = systems.python(asked)
    at = lines.index("import foedus as fd") + 1
    against = f"against={list(asked.against) or None!r}"
    numbers = f"draws={asked.draws}, seed={asked.seed}"
    more = [
        f"added = as_added(s, {asked.actor!r}, {list(asked.allies)!r}, {against}, drawn_threats=world)", "print(added.table())",
        f"worth = fd.coalition(s, {[asked.actor, *asked.allies]!r}, against=list(added.against), {numbers})", "print(worth.table())",
    ]  # fmt: skip
    return "\n".join([
        *lines[:at], "from foedus.security.added import as_added", "from foedus.security.hazard import threats", *lines[at:],
        f"world = threats(s, {numbers}, nuclear={asked.nuclear})",
        f"result = fd.alone_or_together(s, {asked.actor!r}, {against}, wars={asked.wars}, drawn_threats=world, {numbers}, nuclear={asked.nuclear})",
        "print(result.table())", *(more if asked.allies else []),
    ])  # fmt: skip


def _cli(asked: AskedAlly) -> str | None:
    """Return the same as a command, less what the coalition is worth (``foedus coalition``); none takes a what-if."""
    if asked.what_if:
        return None
    words = ["ally", asked.actor]
    words += ["--against", ",".join(asked.against)] if asked.against else []
    words += ["--with", ",".join(asked.allies)] if asked.allies else []
    words += [] if asked.nuclear else ["--no-nuclear"]
    return systems.cli(asked, *words, "--draws", str(asked.draws), "--wars", str(asked.wars), "--seed", str(asked.seed))


ALLY = Question("ally", "Alone or together", AskedAlly, _answer, _python, _cli)
