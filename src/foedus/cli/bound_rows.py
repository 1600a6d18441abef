"""The printed answer of `foedus bound`: who is bound in one line, then pledge by pledge. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.cli.common import say
from foedus.obligations.bound import VERDICTS
from foedus.report.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.obligations.bound import Bound, Obligation

TOGETHER = 5
"""Actors from which on the same pledge of one pact, with the same verdict, is told once for all of them."""
NAMED = 20
"""Actors named in the summary for each verdict."""


def show(result: Bound) -> None:
    """Print who is bound, and then every pledge with its verdict, reason and clause."""
    say(f"{_summary(result)}\nDerived from coded clauses or cited articles:", of=result.system)
    for verdict in VERDICTS:
        rows = [r for r in result.rows if r.verdict == verdict]
        if rows:
            say(f"\n{verdict.upper()}")
        for group in _groups(rows):
            r, who = group[0], ", ".join(r.actor for r in group)
            each = f" ({len(group)} actors)" if len(group) > 1 else ""
            say(f"  {who} to {r.ally}, {r.pledge}{each}: {r.reason}", of=result.system)
            say(
                f"      {r.pact}"
                + (f"; {r.article}" if r.article else "")
                + (f"; disputed: {r.disputed}" if r.disputed else "")
            )
    say("")
    say("A verdict is what the text demands, not a forecast that it will be honoured.")


def _summary(result: Bound) -> str:
    """Return in one line who is bound, of whom it is open, who breaks a pledge, and how many others there are, each actor by what binds it most."""
    most = result.by_actor().values()
    parts = []
    for verdict, head in (("bound", "Bound to fight"), ("undetermined", "Undetermined")):
        who: dict[str, list[str]] = {}
        for r in most:
            if r.verdict == verdict and not r.breach:
                who.setdefault(r.ally, []).append(r.actor)
        told = "; ".join(f"{listed(actors, NAMED)} for {ally}" for ally, actors in who.items())
        parts.append(f"{head}: {told or 'nobody'}.")
    broken = dict.fromkeys(f"{r.actor} towards {r.ally}" for r in result.rows if r.breach)
    if broken:
        parts.append(f"A pledge of its own is broken by {listed(broken, NAMED)}.")
    rest = [
        f"{counted(n, 'actor')} {word}"
        for verdict, word in (("stay out", "to stay out"), ("released", "released"), ("not triggered", "not called on"))
        if (n := sum(r.verdict == verdict for r in most))
    ]
    return " ".join([*parts, *([f"Of the others: {', '.join(rest)}."] if rest else [])])


def _groups(rows: Sequence[Obligation]) -> list[list[Obligation]]:
    """Return the rows, those of `TOGETHER` actors and more who owe the same by the same clause of one pact as one group, at its first row's place."""
    alike: dict[tuple[str, ...], list[Obligation]] = {}
    for r in rows:
        alike.setdefault((r.ally, r.pledge, r.reason, r.pact_id, r.pact, r.article, r.disputed), []).append(r)
    first = {id(group[0]): group for group in alike.values() if len(group) >= TOGETHER}
    told = {id(r) for group in first.values() for r in group}
    return [first.get(id(r), [r]) for r in rows if id(r) in first or id(r) not in told]
