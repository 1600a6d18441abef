"""Blocs of one system: the proved line-up, who is where how surely and why, and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown
from foedus.studio.stage import stage

if TYPE_CHECKING:
    import polars as pl

    from foedus.blocs.result import Blocs
    from foedus.studio.question import Desk

NOTES = (
    "Proved means the best of all line-ups for these ties, whose weights are assumed; it does not mean that the blocs were felt or named as such.",
    "Memberships hold what is uncertain in the inputs and weights. Doubt about what was never coded is not in them.",
    "Two blocs are always found, also where three or more fit better: compare the frustrated shares.",
    "Two indices of balance can disagree: the share of balanced triads counts every triangle alike, frustration counts the ties that must change.",
)
COLUMNS = (Column("standing", "standing"), Column("held_by", "held by"), Column("pulled_away_by", "pulled away by"))


class AskedBlocs(systems.OfSystem):
    """Parameters of the blocs of one system."""

    why: str | None = Field(None, max_length=80, description="Take this actor's place apart")
    draws: int = Field(400, ge=2, le=5000, description="Draws behind the memberships")
    seed: int = Field(1, ge=0, lt=2**32)


def _answer(asked: AskedBlocs, desk: Desk) -> Answer:
    """Return the blocs as the page reads them."""
    from foedus.blocs.against import against

    system = systems.read(asked, desk)
    if asked.why:
        system.actor(asked.why)
    found = system.blocs(draws=asked.draws, seed=asked.seed)
    why = found.why(asked.why, change=True) if asked.why else None
    plain, frustrated = found.to_dict(), against(found)
    data = plain | {
        "actors": _sure(plain["actors"], found), "blocs": _blocs(found), "frustrated": frustrated.to_dicts(), "stage": stage(system),
        "why": None if why is None else why.to_dict(),
    }  # fmt: skip
    tables = {
        "actors": Shown("Who is in which bloc", _placed(plain["actors"]), COLUMNS),
        "membership": Shown("Share of draws in which an actor stands with each bloc, and Wilson's interval", found.fuzzy()),
        "frustrated": Shown("Ties against the line-up", frustrated, (Column("share", "of all tie weight", "share"),)),
        "numbers": Shown("Number of blocs: tie weight that is left frustrated", _numbers(plain)),
        "balance": Shown("Balance of the signs", _balance(found)),
        "ties": Shown("Signed weight of every tie", _ties(found)),
    }  # fmt: skip
    if why is not None:
        tables["why"] = Shown(f"What holds {why.actor} in its bloc, and what pulls it away", why.table())
    return Answer(
        "derived", data, tables, system=system, proved=bool(found.two.proved), seed=asked.seed, draws=asked.draws, notes=NOTES
    )  # fmt: skip


def _sure(actors: list[dict[str, Any]], found: Blocs) -> list[dict[str, Any]]:
    """Return the rows of the actors with the interval of each membership in the actor's own bloc."""
    own = {(r["actor"], r["bloc"]): r for r in found.fuzzy().to_dicts()}
    out = []
    for row in actors:
        sure = own.get((row["actor"], row["bloc"]))
        out.append(row | {"low": sure and sure["low"], "high": sure and sure["high"]})
    return out


def _blocs(found: Blocs) -> list[dict[str, Any]]:
    """Return the two blocs: their names, members, and share of capability at the centre."""
    power = dict(zip(found.system.ids, found.centre.power[0].tolist(), strict=True))
    rows = [(label, found.names[label], found.members(label)) for label in (0, 1)]
    return [{"id": k, "name": name, "members": list(m), "share": sum(power[a] for a in m)} for k, name, m in rows if m]


def _placed(actors: list[dict[str, Any]]) -> pl.DataFrame:
    """Return the rows of the actors as a table."""
    import polars as pl

    return pl.DataFrame(actors, schema_overrides={"membership": pl.Float64, "bloc": pl.String})


def _numbers(told: dict[str, Any]) -> pl.DataFrame:
    """Return one row for each number of blocs."""
    import polars as pl

    rows = [{"allowed": label, **{k: told[key][k] for k in ("blocs", "frustrated_share", "bound_share", "proved")}}
            for label, key in (("two", "two"), ("at most three", "three"), ("any number", "free"))]  # fmt: skip
    return pl.DataFrame(rows, schema={"allowed": pl.String, "blocs": pl.Int64, "frustrated_share": pl.Float64, "bound_share": pl.Float64,
                                      "proved": pl.Boolean})  # fmt: skip


def _balance(found: Blocs) -> pl.DataFrame:
    """Return the indices of balance, each by its name."""
    import polars as pl

    b = found.balance
    standing = "proved" if b.frustration_proved else "at most; not proved"
    rows = [
        *((f"triads with {k} (count)", float(v), "exact") for k, v in b.triads.items()),
        ("balanced triads of all triads (share)", b.triad_share, "exact"),
        ("ties (count)", float(b.ties), "exact"), ("hostile ties (count)", float(b.negative), "exact"),
        ("fewest ties against two blocs (frustration count L)", float(b.frustration), standing),
        ("1 - 2 L / m (normalised line index)", b.normalised, standing),
    ]  # fmt: skip
    return pl.DataFrame(
        rows, schema={"index": pl.String, "value": pl.Float64, "standing": pl.String}, orient="row", strict=False
    )


def _ties(found: Blocs) -> pl.DataFrame:
    """Return the signed weight of every tie as a share of all tie weight, heaviest first."""
    import polars as pl

    p, w, ids = found.centre, found.weight, found.system.ids
    rows = [(ids[a], ids[b], float(v) / found.total) for a, b, v in zip(p.i, p.j, w, strict=True) if v != 0]
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "weight": pl.Float64}, orient="row")
    return frame.sort(pl.col("weight").abs(), descending=True, maintain_order=True)


def _python(asked: AskedBlocs) -> str:
    """Return the same as a program."""
    lines = [
        *systems.python(asked),
        f"result = s.blocs(draws={asked.draws}, seed={asked.seed})",
        "print(result.table())",
    ]
    if asked.why:
        lines += [f"why = result.why({asked.why!r}, change=True)", "print(why.table())"]
    return "\n".join(lines)


def _cli(asked: AskedBlocs) -> str | None:
    """Return the same as a command; none takes a what-if."""
    if asked.what_if:
        return None
    why = ["--why", asked.why] if asked.why else []
    return systems.cli(asked, "blocs", *why, "--draws", str(asked.draws), "--seed", str(asked.seed))


BLOCS = Question("blocs", "Who lines up with whom", AskedBlocs, _answer, _python, _cli)
