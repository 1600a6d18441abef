"""``foedus war``: how far a war spreads, one of its draws step by step, and runs that can be stopped and continued."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.basis import at_war, basis
from foedus.cli.commands import Source
from foedus.cli.common import bad_option, chance, emit, progress, say, show, tie_table, workers_or_default, writable

if TYPE_CHECKING:
    from foedus.system.system import System
    from foedus.war.history import History
    from foedus.war.rare import Rare
    from foedus.war.result import War

KEPT = 10_000
"""Wars kept one by one; the others are counted, so that memory does not grow with them."""
FIRST = "first shot"
"""In the place of the chance of the two who are at war by assumption."""
SHOWN = 20
"""Actors that are printed, those likeliest to be at war."""


def war(
    attacker: str, target: str, source: Source, *, draws: int = 10_000, days: float = 365.0, replay: str | None = None, rare: float | None = None,
    resume: Annotated[Path | None, Parameter(name=["--resume"])] = None, seed: int = 1, workers: int | None = None, json: bool = False,
) -> None:  # fmt: skip
    """How far a war spreads from a first shot.

    Ctrl-C shows the result of the wars that are finished and leaves them in a file, from which the same command with --resume goes on.

    Parameters
    ----------
    attacker
        Who attacks.
    target
        Who is attacked.
    draws
        Simulated wars.
    days
        Days after the first shot that are drawn.
    replay
        Tell one war step by step instead: its number from 0, median (the most typical of median size) or worst (of the largest, at least 5 in 100);
        where a war on record began with this attack, beside what happened.
    rare
        Share of all capability, as 0.95: only the chance that a war grows so large, by a method for chances that plain draws seldom see.
    resume
        File that a stopped run left: go on from there.
    seed
        The same seed gives the same bytes on any number of threads.
    workers
        Threads.
    json
        Print JSON.
    """
    from foedus.war.simulate import war as simulate

    which = _which(replay, draws)
    if rare is not None and (replay or resume):
        raise bad_option("--rare goes with neither --replay nor --resume", "foedus war A B --rare 0.95")
    system = source.read().system
    a, b = (system.actor(x).id for x in (attacker, target))
    if rare is not None:
        if source.tie_table:
            raise bad_option("--rare draws with the shipped table of reasons", "leave --tie-table out")
        from foedus.war.rare import rare_war

        found = rare_war(
            system, a, b, share=rare, draws=draws, seed=seed, workers=workers_or_default(workers), days=days
        )
        emit(found.to_dict()) if json else _show_rare(found)
        return
    left = writable(resume, "--resume") if resume else Path(f"foedus-war-{system.id}-{a}-{b}.run")
    with progress("war", quiet=json) as tell:
        result = simulate(
            system, a, b, draws=draws, seed=seed, workers=workers_or_default(workers), table=tie_table(source.tie_table), progress=tell,
            days=days, keep=KEPT, save=left if os.access(left.parent, os.W_OK) else None, resume=resume,
        )  # fmt: skip
    if which is not None:
        from foedus.war.replay import replay as told

        one = told(result, which, history=_history(source, system, a, b))
        emit(one.to_dict()) if json else say(str(one), of=system)
    elif json:
        emit(result.to_dict())
    else:
        _show(result, source.in_)
    if result.draws < result.asked:
        sys.stderr.write(
            f"stopped after {result.draws} of {result.asked} wars; the same command with --resume {left} goes on\n"
        )
        sys.exit(130)


def _which(replay: str | None, draws: int) -> int | Literal["median", "worst"] | None:
    """Return the draw to tell, before any is simulated."""
    if replay is None or replay == "median" or replay == "worst":  # noqa: PLR1714 - the type is narrowed
        return replay
    if not replay.isdecimal() or not replay.isascii() or int(replay) >= draws:
        raise bad_option(
            f"--replay takes median, worst or a number below --draws, got {replay}",
            f"--replay {draws - 1} --draws {draws}",
        )
    return int(replay)


def _history(source: Source, system: System, attacker: str, target: str) -> History:
    """Return the war on record that begins with the attack, or that the list is not at hand."""
    from foedus.errors import DataError
    from foedus.studies.war_record import on_record
    from foedus.war.history import History

    try:
        return on_record(system, attacker, target, data_dir=source.data_dir)
    except DataError as error:
        return History.none(f"not at hand ({str(error).splitlines()[0]})")


def _day(result: War, day: float | None) -> str:
    """Return a median day of entry with its date."""
    from foedus.report.words import MONTHS

    if day is None:
        return ""
    date = result.system.date + dt.timedelta(days=int(day))
    return f"{day:.0f} ({date.day:02d} {MONTHS[date.month - 1][:3]} {date.year})"


def _show_rare(found: Rare) -> None:
    """Print the chance, how it was found, and who is in such wars."""
    e = found.chance
    say(
        f"{found.attacker} attacks {found.target}, as of the start of {found.system.date}: simulated, {found.days:g} days, seed {found.seed}",
        of=found.system,
    )
    say(f"  actors with {100 * found.share:g} % of all capability at war: {chance(e)}, "
        f"error of simulation {100 * e.mc_error:.1g} %")  # fmt: skip
    levels = ", ".join(f"{100 * x:.0f} % ({n} times)" for x, n in zip(found.levels, found.copies, strict=True))
    say(
        f"  {found.wars} wars from {found.roots} first shots, continued afresh at {levels or 'no level: it is not rare'}"
    )
    if found.gain is None:
        say("  none of them grew so large: the chance is below the upper end of the interval, not 0")
        return
    say(
        f"  {found.reached} of them grew so large; a plain run would need {found.gain:.2g} times as many wars for the same error given the inputs"
    )
    show("Who is in such wars", found.table(), of=found.system)


def _show(result: War, typed: str) -> None:
    """Print the chances, the chains and the fronts."""
    import polars as pl

    from foedus.report.sections.war import CAUSES
    from foedus.report.words import percent
    from foedus.war.chains import told

    many = (
        f"{result.draws} simulated wars"
        if result.draws == result.asked
        else f"{result.draws} of {result.asked} wars (stopped)"
    )
    say(
        f"{result.attacker} attacks {result.target}, as of the start of {result.system.date}: {many}, {result.days:g} days, "
        f"seed {result.seed}, fitted rates",
        of=result.system,
    )
    say(f"  anybody joins {chance(result.p_spread)}; belligerents {result.size}; half of all capability at war {chance(result.p_general)};"
        f" over by then {chance(result.p_over)}; {result.attacker}'s side prevails {chance(result.p_attacker_prevails)}",
        of=result.system)  # fmt: skip
    at_war(result.system, result.attacker, result.target)
    rows = [
        {"actor": r["actor"], "at war": FIRST if r["actor"] in (result.attacker, result.target) else chance(result.p_war[r["actor"]]),
         "with attacker": f"{percent(r['p_side_a'])} %", "with target": f"{percent(r['p_side_b'])} %",
         "day": _day(result, r["day"]), "mainly by": CAUSES.get(r["mainly"], r["mainly"])}
        for r in result.table().to_dicts()
    ]  # fmt: skip
    show(
        "Chance to be at war (90 % interval over uncertain inputs)",
        pl.DataFrame(rows, infer_schema_length=None),
        rows=SHOWN,
        of=result.system,
        note="day: the middle one of its entries, from the first shot; mainly by: what weighed most when it entered.",
    )
    show(
        "Chains" if result.kept == result.draws else f"Chains (of the first {result.kept} wars)",
        pl.DataFrame(
            [{"chain": ", ".join(told(result.system, c)), "share": chance(e)} for c, e in result.chain_chances()],
            schema={"chain": pl.String, "share": pl.String},
        ),
    )
    show(
        "Where it would be fought",
        pl.DataFrame(
            [{"border": f"{a}-{b}", "chance": chance(e)} for a, b, e in result.fronts()],
            schema={"border": pl.String, "chance": pl.String},
        ),
        of=result.system,
    )
    basis(result.system, typed)
