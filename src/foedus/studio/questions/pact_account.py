"""The account of one pact: what it gives its members, and what it adds to the fears of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown, uncertain

if TYPE_CHECKING:
    from foedus.security.account import Account, Effect
    from foedus.studio.question import Desk

NOTES = (
    "With the pact less without it, on the same draws: assurance is the fall of the attacks a year that beat members, aggravation the rise of those "
    "that beat outsiders.",
    "Model, not measurement: how far pledges deter or embolden is disputed, and the intervals hold only what the model knows of.",
    "How rivals answer a pact is not computed; that others ally because of it is not in these numbers.",
    "Nobody else's pacts change when this one is taken away, and its members keep every other tie between them.",
)
COLUMNS = (
    Column("attacked", "attacked", "a year"), Column("beaten", "attacked and beaten", "a year"), Column("drawn_in", "wars drawn into", "a year"),
    Column("prevails", "prevails if it attacks a member", "chance"), Column("wins", "beats a member", "a year"),
    Column("gap", "strength against it", "log ratio"), Column("alarm", "alarm", "a year"),
)  # fmt: skip
EFFECT = ("attacked", "beaten", "drawn_in", "prevails", "wins", "gap", "alarm")


class AskedAccount(systems.OfSystem):
    """Parameters of the account of one pact."""

    pact: str = Field(min_length=1, max_length=200, description="Id, name or ATOP number of a pact in force")
    draws: int = Field(200, ge=10, le=2000)
    wars: int = Field(2000, ge=0, le=50_000, description="Simulated wars between others; 0 leaves them out")
    seed: int = Field(1, ge=0, lt=2**32)


def _answer(asked: AskedAccount, desk: Desk) -> Answer:
    """Return the account as the page reads it."""
    from foedus.security.account import pact_account

    system = systems.read(asked, desk)
    found = pact_account(system, asked.pact, draws=asked.draws, wars=asked.wars, seed=asked.seed, workers=desk.workers)
    table = Shown(f"What {found.pact.name} changes", found.table(), COLUMNS)
    return Answer(
        "estimated", _data(found), {"effects": table, "sums": _sums(found)}, system=system, seed=found.seed, draws=found.draws, notes=NOTES
    )  # fmt: skip


def _data(x: Account) -> dict[str, Any]:
    """Return what the page draws; changes are expected numbers a year unless their name says otherwise."""
    p = x.pact
    names = {a.id: a.name for a in x.system.actors}
    return {
        "pact": {"id": p.id, "name": p.name, "kind": p.kind, "start": p.start, "end": p.end, "atop": p.atop, "note": p.note,
                 "members": list(p.active_members(x.system.date)), "pledges": sorted({g.type for g in p.pledges}), "sources": list(p.sources)},
        "assurance": uncertain(x.assurance), "aggravation": uncertain(x.aggravation), "p_assures": x.p_assures,
        "net": uncertain(x.net), "net_attacked": uncertain(x.net_attacked), "net_drawn_in": uncertain(x.net_drawn_in), "wars": x.wars,
        "members": [_effect(e, names) for e in x.members], "outsiders": [_effect(e, names) for e in x.alarmed],
    }  # fmt: skip


def _effect(e: Effect, names: dict[str, str]) -> dict[str, Any]:
    """Return what changes for one actor; what was not simulated or does not apply is None."""
    return {"id": e.actor, "name": names[e.actor], "member": e.member, **{k: uncertain(getattr(e, k)) for k in EFFECT}}


def _sums(x: Account) -> Shown:
    """Return the sums as a table."""
    import polars as pl

    every = (
        ("assurance: fall of attacks that beat members", x.assurance), ("aggravation: rise of attacks that beat outsiders", x.aggravation),
        ("net: attacks that beat anybody", x.net), ("net: attacks on anybody", x.net_attacked),
        ("net: states drawn into wars of others", x.net_drawn_in),
    )  # fmt: skip
    rows = [(name, e and e.mean, e and e.low, e and e.high) for name, e in every]
    schema = {"sum": pl.String, "a_year": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    return Shown("Sums over members, outsiders and all", pl.DataFrame(rows, schema=schema, orient="row"))


def _python(asked: AskedAccount) -> str:
    """Return the same as a program."""
    call = f"fd.pact_account(s, {asked.pact!r}, draws={asked.draws}, wars={asked.wars}, seed={asked.seed})"
    return "\n".join([*systems.python(asked), f"result = {call}", "print(result.table())"])


def _cli(asked: AskedAccount) -> str | None:
    """Return the same as a command; none takes a what-if."""
    if asked.what_if:
        return None
    numbers = ("--draws", str(asked.draws), "--wars", str(asked.wars), "--seed", str(asked.seed))
    return systems.cli(asked, "pact-account", asked.pact, *numbers)


PACT_ACCOUNT = Question("pact-account", "What one pact changes", AskedAccount, _answer, _python, _cli)
