"""What a printed answer rests on: the data a system was made from, what it does not know, and a war that its first shot finds going on.

Prints; computes nothing and judges nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.cli.common import say

if TYPE_CHECKING:
    from foedus.system.system import System


def basis(system: System, typed: str) -> None:
    """Print what the system was made from, and what it does not know; ``typed`` names it on a command line."""
    from foedus.report.words import counted

    data = [f"{s.title} {s.version}" for s in system.sources if s.version]
    texts = len(system.sources) - len(data)
    if not data:
        say(
            f"Sources: {texts} named by {system.id}, and {counted(len(system.limits), 'limit')} that it states: foedus brief --in {typed} lists them"
        )
        return
    more = f"; and {counted(texts, 'treaty or other text', 'treaties and other texts')}, which foedus brief --in {typed} lists"
    say(f"Data: {'; '.join(data)}{more if texts else ''}")
    if system.limits:
        say(f"Not known here: {'; '.join(system.limits)}")


def at_war(system: System, attacker: str, target: str) -> None:
    """Say so where a first shot is asked of two actors who are at war already: that war is among the ties by which others come."""
    from foedus.report.words import listed

    both = {attacker, target}
    wars = [t for t in system.active_ties() if t.reason == "war" and both & {t.a, t.b}]
    beside = sorted({f"{k} with {o}" for t in wars for k, o in ((t.a, t.b), (t.b, t.a)) if k not in both and o in both})
    if beside:
        say(
            f"Note: at war with one of the two already, and yet outsiders here until they enter this war: {listed(beside, most=6)}.",
            of=system,
        )
    found = next((t for t in wars if {t.a, t.b} == both), None)
    if found is None:
        return
    known = f" ({found.note.rstrip('.')})" if found.note else ""
    before = f"; as of the start of {found.start} they are not" if found.start is not None else ""
    say(
        f"Note: {attacker} and {target} are at war already{known}, which is among the ties that draw others in{before}.",
        of=system,
    )
