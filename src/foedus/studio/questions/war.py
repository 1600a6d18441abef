"""Escalation: how far a war spreads from a first shot, and its median and worst draw step by step beside what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown, uncertain
from foedus.studio.stage import stage

if TYPE_CHECKING:
    import polars as pl

    from foedus.studio.question import Desk
    from foedus.system.system import System
    from foedus.war.history import History
    from foedus.war.replay import Entry, Replay
    from foedus.war.result import War

KEPT = 10_000
"""Wars kept one by one, as many as the command keeps, so that chains and days are the same."""
NOTES = (
    "Rates were fitted to the disputes and wars of two centuries; war plans, invasion routes and changes of side are not in them.",
    "An interval holds 90 % of the draws of uncertain inputs and coefficients and is never narrower than the noise of the number of wars; "
    "what the model leaves out is not in it.",
    "Chains, days of entry and sizes by share of capability come from the wars that were kept one by one, the first 10,000.",
)


class AskedWar(systems.OfSystem):
    """Parameters of a war that begins with one attack."""

    attacker: str = Field(min_length=1, max_length=80)
    target: str = Field(min_length=1, max_length=80)
    draws: int = Field(10_000, ge=50, le=1_000_000, description="Simulated wars")
    days: float = Field(365.0, gt=0, le=3650, description="Days after the first shot that are drawn")
    seed: int = Field(1, ge=0, lt=2**32)


class AskedReplay(AskedWar):
    """Parameters of one draw of a war, told step by step."""

    which: Literal["median", "worst"] | int = Field(
        "median", description="The most typical of median size or of the worst, or a number from 0"
    )


def _war(asked: AskedWar, desk: Desk) -> War:
    """Return the simulated wars."""
    left = desk.keep / "war.run" if desk.keep else None
    found = systems.read(asked, desk).war(
        asked.attacker, asked.target, draws=asked.draws, days=asked.days, seed=asked.seed, workers=desk.workers, keep=KEPT,
        progress=lambda share: desk.tell(share, f"{round(share * asked.draws):,} of {asked.draws:,} wars"),
        save=left, resume=left if left and left.is_file() else None,
    )  # fmt: skip
    if found.draws < found.asked:
        raise KeyboardInterrupt
    return found


def _answer(asked: AskedWar, desk: Desk) -> Answer:
    """Return the spread of a war as the page reads it."""
    import polars as pl

    from foedus.war.chains import told

    w = _war(asked, desk)
    actors, days = w.table(), w.by_days()
    chains = [
        {"chain": list(c), "told": list(told(w.system, c)), "share": uncertain(e)} for c, e in w.chain_chances(12)
    ]
    fronts = [{"a": a, "b": b, "chance": uncertain(e)} for a, b, e in w.fronts()]
    sizes = [{"belligerents": n, "share": uncertain(e)} for n, e in w.size_chances().items()]
    data = {
        "attacker": w.attacker, "target": w.target, "draws": w.draws, "kept": w.kept, "days": w.days,
        "p_spread": uncertain(w.p_spread), "p_general": uncertain(w.p_general), "p_over": uncertain(w.p_over),
        "p_attacker_prevails": uncertain(w.p_attacker_prevails), "size": uncertain(w.size), "sizes": sizes,
        "actors": [_actor(w, row) for row in actors.to_dicts()], "by_days": days.to_dicts(), "chains": chains, "fronts": fronts,
        "stage": stage(w.system),
    }  # fmt: skip
    tables = {
        "actors": Shown("Chance of each actor to be at war", actors, (Column("day", "median day of entry", "days"),)),
        "by_days": Shown("When each actor enters", days),
        "sizes": Shown("Number of belligerents", _spread(sizes, {"belligerents": pl.Int64})),
        "chains": Shown("Chains from the first shot", _chain_frame(chains)),
        "fronts": Shown("Where it would be fought", _front_frame(fronts)),
    }
    return Answer("simulated", data, tables, system=w.system, seed=w.seed, draws=w.draws, notes=NOTES)


def _actor(w: War, row: dict[str, Any]) -> dict[str, Any]:
    """Return one actor's chances with their intervals."""
    a, b = w.p_join[row["actor"]]
    return {
        "id": row["actor"], "name": row["name"], "p_war": uncertain(w.p_war[row["actor"]]), "with_attacker": uncertain(a),
        "with_target": uncertain(b), "p_left": uncertain(w.p_left[row["actor"]]), "day": row["day"], "mainly": row["mainly"],
        "reasons": w.reasons(row["actor"]),
    }  # fmt: skip


def _spread(rows: list[dict[str, Any]], first: dict[str, Any]) -> pl.DataFrame:
    """Return rows that end with an uncertain share as a frame: the share, and its interval beside it."""
    import polars as pl

    flat = [
        {k: r[k] for k in first} | {"share": r["share"]["mean"], "low": r["share"]["low"], "high": r["share"]["high"]}
        for r in rows
    ]
    return pl.DataFrame(flat, schema=first | dict.fromkeys(("share", "low", "high"), pl.Float64))


def _chain_frame(chains: list[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    return _spread([c | {"chain": ", ".join(c["told"])} for c in chains], {"chain": pl.String})


def _front_frame(fronts: list[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    rows = [{"a": f["a"], "b": f["b"], "share": f["chance"]} for f in fronts]
    return _spread(rows, {"a": pl.String, "b": pl.String}).rename({"share": "p"})


def _replayed(asked: AskedReplay, desk: Desk) -> Answer:
    """Return one draw, step by step, beside the war on record."""
    import polars as pl

    from foedus.war.replay import replay

    w = _war(asked, desk)
    told = replay(w, asked.which, history=_history(w.system, w.attacker, w.target, desk))
    rows = _steps(told, w.system)
    frame = pl.DataFrame([_line(r, w.system) for r in rows], schema={
        "day": pl.Float64, "date": pl.Date, "actor": pl.String, "what": pl.String, "side": pl.String, "why": pl.String, "weighed": pl.String,
        "history": pl.String,
    })  # fmt: skip
    out = [{"actor": a, "pledges": [_pledge(p, w.system) for p in pledges]} for a, pledges in told.bound_but_out]
    data = told.to_dict() | {"bound_but_out": out, "steps": rows, "stage": stage(w.system), "days": w.days}
    return Answer(
        "simulated", data, {"steps": Shown("The war step by step", frame)}, system=w.system, seed=w.seed, draws=w.draws,
        notes=(*NOTES[:1], "One draw is one way that it could go, not a forecast of it."),
    )  # fmt: skip


TERMS = {
    "constant": "before anything is known of it", "target": "to the side that was attacked", "attraction": "ties to those on this side",
    "hostility": "enmity with those on the other side", "pull_back": "ties to those on the other side", "repelled": "enmity with those on this side",
    "proximity": "nearness to the fighting", "near_own": "nearness to those on this side", "major": "a great power",
    "odds": "strength of this side against the other", "weight": "strength of those who pull it in", "stay_out": "pledged to stay out",
    "pledged": "pledged to this side", "joined_own": "others joined this side", "joined_other": "others joined the other side",
    "pledge": "a pledge that binds it",
}  # fmt: skip
"""How a term of the rate of entering is told."""


def _line(step: dict[str, Any], system: System) -> dict[str, Any]:
    """Return a step as a row of the table, with names."""
    why = system.label(step["why"]) if step["what"] in ("attacks", "is attacked") else step["why"]
    weighed = "; ".join(f"{w['what']} {w['by']:+.1f}" for w in step["weighed"])
    return step | {"actor": system.label(step["actor"]), "why": why, "weighed": weighed}


def _pledge(text: str, system: System) -> str:
    """Return ``defense of GMY (Dual Alliance)`` with the ally's name."""
    kind, _, rest = text.partition(" of ")
    ally, _, pact = rest.partition(" ")
    return f"{kind} of {system.label(ally)} {pact}"


def _entered(e: Entry, system: System) -> dict[str, Any]:
    """Return how an entry is told: on whose account, what bound it, its chance that day and what weighed."""
    from foedus.war.result import CAUSE_WORDS

    why = f"{CAUSE_WORDS[e.link]} {system.label(e.through)}" if e.through else CAUSE_WORDS[e.link]
    bound = f"; bound by {'; '.join(_pledge(p, system) for p in e.pledges)}" if e.pledges else ""
    weighed = [{"term": k, "what": TERMS[k], "by": v} for k, v in e.terms.items() if abs(v) >= 0.05]
    return {"why": why + bound, "chance": e.chance, "weighed": weighed}


def _steps(told: Replay, system: System) -> list[dict[str, Any]]:
    """Return what happens in a draw, in the order of its days."""
    import datetime as dt

    past = told.marked
    rows: list[dict[str, Any]] = [
        {"day": 0.0, "actor": told.attacker, "what": "attacks", "side": "A", "why": told.target, "history": ""},
        {"day": 0.0, "actor": told.target, "what": "is attacked", "side": "B", "why": told.attacker, "history": ""},
    ]
    rows += [
        {"day": e.day, "actor": e.actor, "what": "joins", "side": e.side, **_entered(e, system),
         "history": past.of_entry(e.actor).removeprefix("; history: ") if past else ""}
        for r in told.rounds for e in r
    ]  # fmt: skip
    rows += [
        {
            "day": day,
            "actor": a,
            "what": "makes a separate peace",
            "side": "",
            "why": "",
            "history": past.of_leaving(a).removeprefix("; history: ") if past else "",
        }
        for a, day in told.left
    ]
    if told.ended is not None:
        prevails = "A" if told.attacker_prevails else "B"
        rows.append({"day": told.ended, "actor": "", "what": "the war ends", "side": prevails, "why": f"side {prevails} prevails",
                     "history": past.of_end().removeprefix("; history: ") if past else ""})  # fmt: skip
    rows.sort(key=lambda r: r["day"])
    return [{"chance": None, "weighed": []} | r | {"date": told.start + dt.timedelta(days=int(r["day"]))} for r in rows]


def _history(system: System, attacker: str, target: str, desk: Desk) -> History:
    """Return the war on record that begins with the attack, or that the list is not at hand."""
    from foedus.errors import DataError
    from foedus.studies.war_record import on_record
    from foedus.war.history import History

    if desk.data_dir is None:
        return History.none("the list of wars is not at hand: foedus data fetch cow_war_inter")
    try:
        return on_record(system, attacker, target, data_dir=desk.data_dir)
    except DataError as error:
        return History.none(f"not at hand ({str(error).splitlines()[0]})")


def _python(asked: AskedWar) -> str:
    """Return the same as a program."""
    call = f"s.war({asked.attacker!r}, {asked.target!r}, draws={asked.draws}, days={asked.days:g}, seed={asked.seed}, keep={KEPT})"
    return "\n".join([*systems.python(asked), f"result = {call}", "print(result.table())"])


def _python_replay(asked: AskedReplay) -> str:
    """Return the same as a program."""
    lines = _python(asked).splitlines()[:-1]
    at = lines.index("import foedus as fd") + 1
    return "\n".join(
        [
            *lines[:at],
            "from foedus.war.replay import replay",
            *lines[at:],
            f"told = replay(result, {asked.which!r})",
            "print(told)",
        ]
    )


def _cli(asked: AskedWar, *more: str) -> str | None:
    """Return the same as a command; none takes a what-if."""
    if asked.what_if:
        return None
    numbers = ["--draws", str(asked.draws), "--days", f"{asked.days:g}", "--seed", str(asked.seed)]
    return systems.cli(asked, "war", asked.attacker, asked.target, *numbers, *more)


WAR = Question("war", "How far a war spreads", AskedWar, _answer, _python, _cli)
REPLAY = Question(
    "replay",
    "One simulated war step by step",
    AskedReplay,
    _replayed,
    _python_replay,
    lambda a: _cli(a, "--replay", str(a.which)),
)
