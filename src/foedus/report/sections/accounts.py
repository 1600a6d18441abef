"""Section 6 (claim F): what one pact gives its members and adds to the dangers of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.report.model import Cell, Column, Note, Section, Table
from foedus.report.sections.standing import models
from foedus.report.words import counted, estimate, phrase, points, text, thousand_signed

if TYPE_CHECKING:
    from foedus.report.model import Block
    from foedus.report.words import Names
    from foedus.security.account import Account
    from foedus.studies.brief import Findings


LEAST = 1e-5
"""Effect a year from which an actor is counted as assured or alarmed: 0.01 in 1,000."""


def section(f: Findings, names: Names) -> Section:
    """Return the section."""
    blocks: list[Block] = []
    if not f.accounts:
        blocks.append(Note("No treaty with a pledge of defence is in force between two of these actors."))
    else:
        blocks += [Note(_sentence(a), "item") for a in f.accounts]
        blocks += [_table(f, a, k, names) for k, a in enumerate(f.accounts)]
        blocks.append(
            Note(
                "Counted are effects whose interval is clear of zero and whose mean is at least 0.01 in 1,000 a year, or "
                "0.1 points. Below zero the pact lowers a danger, above zero it raises it; each number is the system with "
                "the pact less the system without it, on the same draws. Rivals' answers (a counter-pact, an armament) "
                "are not in the account.",
                "remark",
            )
        )
    return Section(
        "accounts",
        6,
        "What does a pact assure its members, and whom does it alarm?",
        "Pact accounts",
        "derived under fitted and assumed parameters",
        tuple(blocks),
    )


def _sentence(a: Account) -> str:
    """Return the account in a sentence."""
    members, outside = [e for e in a.effects if e.member], [e for e in a.effects if not e.member]
    assured = sum(e.beaten.high < 0 and abs(e.beaten.mean) >= LEAST for e in members)
    alarmed = sum(e.beaten.low > 0 and e.beaten.mean >= LEAST for e in outside)
    weaker = sum(e.prevails is not None and e.prevails.high < 0 and abs(e.prevails.mean) >= 0.001 for e in outside)
    sure = "the interval includes no change" if a.net.low <= 0 <= a.net.high else "the interval excludes no change"
    return (
        f"{a.pact.name}: {assured} of {counted(len(members), 'member')} in less danger of being attacked and beaten, "
        f"{alarmed} of "
        f"{counted(len(outside), 'outsider')} in more; {weaker} less able to prevail over a member. "
        f"Net over all actors {phrase(a.net, thousand_signed)} in 1,000 a year; {sure}."
    )


def _table(f: Findings, a: Account, k: int, names: Names) -> Table:
    """Return one row an actor touched."""
    rows = tuple(
        (
            names.cell(e.actor),
            text("member" if e.member else "outsider"),
            estimate(e.beaten, thousand_signed),
            estimate(e.prevails, points) if e.prevails else Cell("–"),
        )
        for e in a.effects
    )
    columns = (
        Column("Actor", wide=True),
        Column("Role"),
        Column("Attacked and beaten, in 1,000 a year [90 %]", number=True),
        Column("Prevails over a member, points [90 %]", number=True),
    )
    return Table(
        f"account-{k + 1}",
        f"Account of the pact: {a.pact.name}",
        columns,
        rows,
        "derived",
        models(f, "onset_fitted", "spread", "joining"),
        "accounts.csv",
        top=8,
        empty="The pact touches nobody.",
    )
