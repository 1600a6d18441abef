"""``foedus pact-account``: the account of one pact, or of every defence pact since 1816 with what followed."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, progress, say, show, stages, tie_table, workers_or_default, writable
from foedus.studies.meant import resolve, without_layers

if TYPE_CHECKING:
    from foedus.security.account import Account
    from foedus.studies.pact_accounts import PactAccounts
    from foedus.studies.pact_answers import Answers
    from foedus.system.signed import Signed
    from foedus.system.system import System
    from foedus.system.tables import Tables

LISTED = 8
"""Outsiders and pacts shown; --json holds all."""
ALARMED = 1e-5
"""Alarm a year from which an outsider is shown."""
NAMED = 4
"""Outsiders named as parts of the aggravation."""
LEAST = 3
"""Pacts from which on a rank correlation says something at all."""


@Parameter(name="*")
@dataclass(frozen=True)
class Where:
    """In which system; without --in, the real system of the day after the signature.

    Parameters
    ----------
    in_
        A bundled scenario, a TOML file, a year or a date.
    data_dir
        Folder with the published data files (default: the folder that FOEDUS_DATA names).
    date
        Date to which a scenario is taken.
    actors
        Only these states of a real year, separated by commas.
    tie_table
        Your own table of reasons, strengths and weights.
    without
        Layers to switch off, separated by commas: guarantee, alignment, intervention.
    """

    in_: Annotated[str | None, Parameter(name=["--in"])] = None
    data_dir: Annotated[Path | None, Parameter(name=["--data-dir"])] = None
    date: str | None = None
    actors: str | None = None
    tie_table: Annotated[Path | None, Parameter(name=["--tie-table"])] = None
    without: str | None = None


def pact_account(
    pact: str | None = None, where: Where = Where(), *, all_: Annotated[bool, Parameter(name=["--all"], negative="")] = False,
    first: int | None = None, last: int | None = None, years: int | None = None, draws: int | None = None, wars: int | None = None, seed: int = 1,
    workers: int | None = None, figure: Path | None = None, resume: Annotated[Path | None, Parameter(name=["--resume"])] = None, json: bool = False,
) -> None:  # fmt: skip
    """Show what one pact gives its members and adds to the fears of others; with --all, every defence pact since 1816 and what followed.

    Parameters
    ----------
    pact
        Without --in a treaty: ATOP:1350 (its number in the Alliance Treaty Obligations and Provisions data), or a name such as "Triple Alliance" or
        NATO. With --in: id, title or ATOP number of a pact in force there.
    all_
        Every ATOP pact with a pledge of defence, each at its signature.
    first
        With --all, the first year of signature (default: 1816).
    last
        With --all, the last one (default: 2018).
    years
        Years after the signature in which outsiders' own pacts are looked up (default: 5).
    draws
        Draws of the uncertain inputs (default: 200; 20 with --all).
    wars
        Simulated wars between others, for those that members are drawn into; 0 leaves them out (default: 4000).
    seed
        The same seed gives the same numbers.
    workers
        Threads.
    figure
        Write the account of one pact as a figure: .svg, .png or .html.
    resume
        With --all, the file that a stopped run left: go on from there.
    json
        Print JSON.
    """
    if (pact is None) != all_:
        raise bad_option(
            "pact-account takes one pact, or --all",
            'foedus pact-account "Triple Alliance", or foedus pact-account --all',
        )
    if all_:
        if where != Where(data_dir=where.data_dir) or any(x is not None for x in (figure, years, wars, workers)):
            raise bad_option(
                "--all takes --data-dir and no other system, and none of --figure, --years, --wars and --workers",
                "foedus pact-account --all",
            )
        _all(where.data_dir, first, last, draws, seed, resume, json=json)
        return
    if first is not None or last is not None or resume is not None:
        raise bad_option(
            "--first, --last and --resume belong to --all", "foedus pact-account --all --first 1870 --last 1914"
        )
    if where.in_ is not None and years is not None:
        raise bad_option(
            "--years is for treaties of the record, without --in", 'foedus pact-account "Triple Alliance" --years 10'
        )
    _one(
        str(pact),
        where,
        years,
        200 if draws is None else draws,
        4_000 if wars is None else wars,
        seed,
        workers,
        figure,
        json=json,
    )


def _one(
    pact: str, where: Where, years: int | None, draws: int, wars: int, seed: int, workers: int | None, figure: Path | None, *, json: bool
) -> None:  # fmt: skip
    """Show the account of one pact."""
    from foedus.report.figures.account import check, write
    from foedus.security.account import pact_account as account
    from foedus.studies.pact_answers import YEARS, answers

    if figure is not None:
        check(writable(figure, "--figure"))
    table, signed, tables = tie_table(where.tie_table), None, None
    if where.in_ is None:
        signed, tables, system = _signed(pact, where, table)
        pact = signed.pact
    else:
        system = without_layers(
            resolve(where.in_, data_dir=where.data_dir, date=where.date, actors=where.actors, table=table), where.without
        ).system  # fmt: skip
    with stages("pact account") as tell:
        result = account(
            system, pact, draws=draws, wars=wars, seed=seed, workers=workers_or_default(workers), table=table, progress=tell
        )  # fmt: skip
    answered = answers(signed, result, tables, years=YEARS if years is None else years) if signed and tables else None
    if figure is not None:
        write(result, figure)
    if json:
        emit(
            result.to_dict() | (_told(signed) if signed else {}) | ({"answers": answered.to_dict()} if answered else {})
        )
        return
    _show(result, signed, answered)


def _signed(pact: str, where: Where, table: Any) -> tuple[Signed, Tables, Any]:
    """Return the treaty that is meant, the tables, and the system of the day after its signature."""
    from foedus.data.store import DataDir
    from foedus.errors import ParameterError, message
    from foedus.studies.meant import Meant
    from foedus.system.signed import find_signed, signed_system
    from foedus.system.tables import Tables

    if where.date is not None or where.actors is not None:
        raise bad_option("--date and --actors need --in", f'foedus pact-account "{pact}" --in 1914-07-28')
    tables = Tables.read(DataDir.of(where.data_dir))
    signed = find_signed(pact, tables)
    system = without_layers(Meant(signed_system(signed, tables, table=table)), where.without).system
    if all(p.id != signed.pact for p in system.pacts):
        raise ParameterError(
            message(f"{signed.name} (ATOP:{signed.atop}) cannot be accounted for", got=f"fewer than two signatories that are states on {signed.day}",
                    expected="two or more", hint="a scenario may hold others: foedus scenario new")
        )  # fmt: skip
    return signed, tables, system


def _told(signed: Signed) -> dict[str, Any]:
    """Return which treaty was understood, as JSON's own types."""
    return {
        "treaty": {"atop": signed.atop, "phase": signed.phase, "signed": str(signed.date), "signatories": list(signed.members),
                   "later": list(signed.later), "promises": list(signed.promises), "note": signed.note, "sources": list(signed.sources)}
    }  # fmt: skip


def _show(result: Account, signed: Signed | None, answered: Answers | None) -> None:
    """Print the account."""
    import polars as pl

    from foedus.report.words import counted, phrase, points, thousand, thousand_signed

    system = result.system
    if signed is not None:
        codes = {a.cow: a.id for a in system.actors}
        by, later = (", ".join(codes.get(c, str(c)) for c in group) for group in (signed.members, signed.later))
        say(
            f"{signed.name}: ATOP {signed.atop}, signed {signed.date} by {by}; promises {', '.join(signed.promises)} (observed, ATOP 5.1).",
            of=system,
        )
        if later:
            say(f"Later members of this phase are not in it: {later}.", of=system)
        if signed.note:
            say(f"Note: {signed.note}.")
        if not {"defense", "offense"} & set(signed.promises):
            say(
                "ATOP codes no promise to fight: nobody is expected to come for it, and what is left is the friendship that such a pact tells of."
            )
    else:
        say(f"{result.pact.name} in {system.title}")
    say(
        f"With the pact less without it, as of the start of {system.date} ({len(system.actors)} actors); estimated; means and 90 % intervals over "
        f"{result.draws} draws, seed {result.seed}; expected times in 1,000 years unless it says otherwise."
    )

    def cell(e: Any) -> str:
        return phrase(e, thousand_signed) if e is not None else "not simulated"

    show(
        f"Members{f' (the first {LISTED * 2} of {len(result.members)})' if len(result.members) > LISTED * 2 else ''}",
        pl.DataFrame([{"actor": e.actor, "attacked": cell(e.attacked), "attacked and beaten": cell(e.beaten), "wars drawn into": cell(e.drawn_in)}
                      for e in result.members[: LISTED * 2]]), of=system,
    )  # fmt: skip
    outside = [e for e in result.alarmed if e.alarm and e.alarm.mean >= ALARMED][:LISTED]
    if outside:
        show(
            f"Outsiders, the most alarmed first{f' ({len(outside)} of {len(result.alarmed)} touched)' if len(result.alarmed) > len(outside) else ''}",
            pl.DataFrame([{"actor": e.actor, "beaten by members": cell(e.beaten), "beats a member": cell(e.wins),
                           "prevails, points": phrase(e.prevails, points) if e.prevails else "",
                           "strength against it": phrase(e.gap, _times) if e.gap else ""} for e in outside]), of=system,
            note="beaten by members, beats a member: its wars with them that it loses, and that it wins; prevails: its chance to win such a war, "
            "in percentage points; strength against it: for each unit on its own side, times what it was.",
        )  # fmt: skip
    else:
        say(f"No outsider is alarmed by {1000 * ALARMED:g} in 1,000 years or more.")
    which = (
        "the pact changes neither"
        if result.p_assures is None
        else f"assurance is the larger in {result.p_assures * result.draws:g} of {result.draws} draws"
    )
    fall, rise = phrase(result.assurance, thousand), phrase(result.aggravation, thousand)
    say(
        f'Assurance (fall of "attacked and beaten" over members) {fall}; aggravation (its rise over outsiders) {rise}: {which}.'
    )
    drawn = (
        f"; states drawn into wars of others {phrase(result.net_drawn_in, thousand_signed)}"
        if result.net_drawn_in
        else ""
    )
    most = sorted((e for e in result.alarmed if abs(e.beaten.mean) >= ALARMED), key=lambda e: -abs(e.beaten.mean))
    if most:
        parts = ", ".join(f"{e.actor} {cell(e.beaten)}" for e in most[:NAMED])
        say(
            f"The {counted(len(most), 'outsider')} that this rise is the sum of, the most changed first, below 0 if beaten less often: {parts}"
            f"{'' if len(most) <= NAMED else ' and others'}.",
            of=system,
        )
    beaten, attacked = phrase(result.net, thousand_signed), phrase(result.net_attacked, thousand_signed)
    say(f"Net for the system: attacked and beaten {beaten}; attacked {attacked}{drawn}.")
    if answered is not None:
        _show_answers(answered, system)
    say(
        "Model, not measurement: how far pledges deter or embolden is disputed, and the intervals hold only what the model knows of. By its fit who "
        "has pledged help is attacked less and also attacks less, so that nearly every pact reassures its members and many reassure outsiders too; "
        "what was recorded after such pacts does not bear this out (foedus pact-account --all; docs: pact account)."
    )


def _times(log: float) -> str:
    """Return a difference of logs as a factor."""
    return f"x{math.exp(log):.3g}"


def _show_answers(answered: Answers, system: System) -> None:
    """Print what the most alarmed outsiders signed, beside what others did."""
    if not answered.rows:
        return
    import polars as pl

    def flag(known: bool | None) -> str:
        return "unknown" if known is None else "yes" if known else "no"

    show(
        f"Rivals' record: what the most alarmed signed within {answered.years} years (observed, ATOP; not a cause)",
        pl.DataFrame([{"actor": r.actor, "defence": flag(r.defence), "consultation": flag(r.consultation),
                       "signed": ("joined this pact; " if r.joined else "") + ("; ".join(r.entries[:3]) or "nothing")
                       + (f"; {len(r.entries) - 3} more" if len(r.entries) > 3 else "")} for r in answered.rows]), of=system,
    )  # fmt: skip
    shares = ", ".join(
        f"{kind} {'unknown' if v is None else f'{100 * v:.0f} %'}" for kind, v in answered.others.items()
    )
    say(f"Of the {answered.n_others} other outsiders as many did in the same years: {shares}.")


def _all(
    data_dir: Path | None, first: int | None, last: int | None, draws: int | None, seed: int, resume: Path | None, *, json: bool
) -> None:  # fmt: skip
    """Show all defence pacts."""
    from foedus.studies.pact_accounts import pact_accounts

    left = writable(resume, "--resume") if resume else writable(Path("foedus-pact-accounts.run"), "the folder here")
    try:
        with progress("pacts", quiet=json) as tell:
            result = pact_accounts(
                data_dir=data_dir, first=1816 if first is None else first, last=2018 if last is None else last, draws=20 if draws is None else draws,
                seed=seed, save=left, resume=resume, progress=tell,
            )  # fmt: skip
    except KeyboardInterrupt:
        if left.exists():
            sys.stderr.write(f"stopped; the same command with --resume {left} goes on\n")
        else:
            sys.stderr.write("stopped before the first account was done\n")
        sys.exit(130)
    if json:
        emit(result.to_dict())
        return
    _show_all(result)


def _show_all(result: PactAccounts) -> None:
    """Print the summary of all pacts."""
    import polars as pl

    say(
        f"{len(result.rows)} ATOP pacts with a pledge of defence, each on the day after its signature, with it less without it; estimated, means a "
        f"pact and 90 % intervals over {result.draws} draws, times in 1,000 years; seed {result.seed}. Left out, because fewer than two signatories "
        f"are states: {len(result.left_out)}."
    )
    if not result.rows:
        return
    rows = [
        {"era": r["era"], "pacts": r["pacts"], "assurance": _cell(r, "assurance", 1000, 1), "aggravation": _cell(r, "aggravation", 1000, 1),
         "net": _cell(r, "net", 1000, 1), "larger": f"{r['assures_more']} / {r['alarms_more']} / {r['unsure'] + r['neither']}"}
        for r in result.eras().to_dicts()
    ]  # fmt: skip
    show(
        "Which is larger, by era of signature", pl.DataFrame(rows),
        note="larger: pacts in which assurance is, in which aggravation is, each in 95 % of draws, and of which neither can be said.",
    )  # fmt: skip
    table = result.table()
    for title, column, whose in (("Assure", "assurance", "members"), ("Alarm", "aggravation", "outsiders")):
        best = table.sort(column, descending=True).head(LISTED).to_dicts()
        rows = [
            {"pact": r["pact"], "name": _clipped(r["name"]), "signed": r["signed"], column: _cell(r, column, 1000, 1),
             "p assures": "none" if r["p_assures"] is None else f"{r['p_assures']:.2f}"}
            for r in best
        ]  # fmt: skip
        show(f"{title} most: sum over {whose}", pl.DataFrame(rows))
    _show_followed(result)


def _show_followed(result: PactAccounts) -> None:
    """Print what followed the pacts."""
    import polars as pl

    followed = result.followed().to_dicts()
    say(
        "What followed (observed, GML disputes 1816-2010): new disputes a member and year, five years after less five before; means over pacts."
    )
    titles = {
        "attacked": "Attacked: outsiders began it",
        "attacks": "Attacks: the member began it",
        "outsiders": "With outsiders, whoever began it",
    }
    for outcome, title in titles.items():
        rows = [
            {"era": r["era"], "pacts": r["change_pacts"], "before, after": f"{r['before']:.2f}, {r['after']:.2f}",
             "less peers'": _cell(r, "peers"), "less matched": _cell(r, "matched"), "earlier": _cell(r, "earlier")}
            for r in followed if r["disputes"] == outcome
        ]  # fmt: skip
        if rows:
            show(title, pl.DataFrame(rows))
    say("less peers': the change less that of all states of the member's standing; less matched: less that of the five with the nearest own rate; "
        "earlier: the five years before less the five before those, less peers'.")  # fmt: skip
    rank, low, high, n = result.agreement()
    found = f"{rank:+.2f} [{low:+.2f}, {high:+.2f}] over {n} pacts" if n >= LEAST else f"too few pacts ({n})"
    say(f"Does the account order pacts as what followed does? Rank correlation of members' being attacked, account against matched change: {found}."
        .replace("-", "\u2212"))  # fmt: skip
    rows = [
        {"era": r["era"], "kind": r["kind"], "pacts": r["pacts"], "alarmed": f"{_share(r['alarmed_before'])}, {_share(r['alarmed_after'])}",
         "others": f"{_share(r['others_before'])}, {_share(r['others_after'])}", "more": _cell(r, "more")}
        for r in result.answers().to_dicts()
    ]  # fmt: skip
    show(
        "Answers: share that entered such a pact in the five years before and after", pl.DataFrame(rows),
        note="alarmed: the three most alarmed outsiders; others: all other outsiders; more: how much more the share of the alarmed rose.",
    )  # fmt: skip
    say(
        "Pacts are signed when danger is expected: neither comparison makes signing an experiment, and a rise may be what the signatories foresaw."
    )


def _cell(row: dict[str, Any], name: str, unit: float = 1.0, digits: int = 2) -> str:
    """Return a number and its interval."""
    parts = [row[f"{name}{end}"] for end in ("", "_low", "_high")]
    if parts[0] is None:
        return "unknown"
    value, low, high = (f"{round(unit * x, digits) + 0.0:.{digits}f}".replace("-", "\u2212") for x in parts)
    return f"{value} [{low}, {high}]"


def _share(value: float | None) -> str:
    """Return a share as per cent."""
    return "unknown" if value is None else f"{100 * value:.0f} %"


def _clipped(name: str) -> str:
    """Return a name without its bracket, at most 40 characters of it."""
    short = name if name.startswith("ATOP") else name.split(" (", maxsplit=1)[0]
    return short if len(short) <= 40 else f"{short[:39]}\u2026"
