"""The first lines of `foedus ally`: whether an actor is safer with its allies than alone, how surely, and why one who is bound may not come."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from foedus.cli.common import chance, change, say
from foedus.report.words import listed, phrase, plain
from foedus.security.pulls import BEST, pulls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.estimate.nested import Estimate
    from foedus.security.added import Added
    from foedus.security.hazard import Threats
    from foedus.security.ledger import Ledger
    from foedus.security.pulls import Pull
    from foedus.security.spared import Spared
    from foedus.system.system import System

LIKELY = 0.5
"""Chance to come below which it is said why it is not greater."""
TERMS, COSTLY = 3, 0.8
"""Terms told of each helper at most, and the factor above which one is not."""
EXPLAINED = 3
"""Helpers of whom it is told."""
HARDLY = 0.1
"""Share of the attacks that beat an actor alone below whose saving, at the upper end of the interval, it is said to be hardly safer."""
SAYS = {
    "safer": "yes, safer than alone by both forms of the contest",
    "less safe": "no, less safe than alone by both forms of the contest",
}


def answer(x: Ledger, steps: Added | None) -> None:
    """Print the answer for the allies named, or else for those who are bound, and then for all who might come."""
    some = steps.spared if steps else x.pledged
    foes = listed([x.system.label(t.actor) for t in x.threats], most=3)
    _unknown(x, (some.helpers if some else None) or ())
    if some is None:
        say(
            f"Nobody is bound to it against {foes}: no pledge that such an attack calls on. What follows counts who might come all the same."
        )
    else:
        who = listed(
            (x.system.label(h) for h in (some.helpers or () if steps else _ranked(x, some.helpers or ()))), most=4
        )
        _answer(
            x,
            some,
            f"With {who}{'' if steps else f', bound to it against {foes} or possibly so,'} and nobody else",
        )
    _answer(x, x.spared, "With all who might come, bound or not")
    say(
        "Fitted: chance of an attack, who comes within 180 days. Assumed: the contest that decides who holds, in two forms; read the order, not the "
        "level. That whoever comes adds strength is built into it, so that only more attacks could turn the sign; that help which is expected goes "
        f"with fewer attacks is an association, since states choose their pacts. {_priced(x)}"
    )


def _priced(x: Ledger) -> str:
    """Return where the price stands, or that there is none here."""
    if x.entrapped or any(a.bound for a in x.allies):
        return "The price stands below."
    return "No price stands below: it owes its helpers no war, and wars elsewhere were not simulated (--wars)."


def _unknown(x: Ledger, helpers: Sequence[str]) -> None:
    """Warn where the strength or the place of one whom the answer is about is not known."""
    about = dict.fromkeys((x.actor, *(t.actor for t in x.threats), *helpers))
    for what, absent in (
        ("capability", [a for a in about if not x.system.actor(a).capability]),
        ("place", [a for a in about if x.system.actor(a).place is None]),
    ):
        if absent:
            vital = {x.actor, *(t.actor for t in x.threats)} & set(absent) or set(absent) == set(helpers)
            weak = (
                "the numbers below say little"
                if vital
                else "what that helper adds says little, and the rest as far as it hangs on it"
            )
            say(
                f"The {what} of {listed(map(x.system.label, absent))} is not known here and was drawn over the whole range of the others: {weak}."
            )


def _ranked(x: Ledger, helpers: Sequence[str]) -> list[str]:
    """Return helpers with those first that add most."""
    rank = {a.actor: k for k, a in enumerate(x.allies)}
    return sorted(helpers, key=lambda h: rank.get(h, len(rank)))


def _answer(x: Ledger, s: Spared, who: str) -> None:
    """Print what some helpers spare the actor."""
    name = x.system.actor(x.actor).name
    zero = [form for form, e in (("ratio", s.spares), ("difference", s.spares_difference)) if e.low <= 0 <= e.high]
    unsure = (
        f"the interval by the {' and by the '.join(zero)} of strengths holds 0"
        if zero
        else "the two forms of the contest disagree"
    )
    hardly = s.answer == "safer" and s.share is not None and s.share.high < HARDLY
    size = f", but hardly: by less than {HARDLY:.0%} of the attacks that beat it alone" if hardly else ""
    say(f"{who}: {SAYS.get(s.answer, f'cannot tell, {unsure}')}{size}.")
    share = f" ({phrase(s.share, lambda v: plain(100 * v), ' %')} of them spared)" if s.share else ""
    say(
        f"  {_fewer(s.spares)} attacks that end with {name} beaten{share}: {chance(x.beaten[0])} alone, {chance(s.beaten)} with them; by the other "
        f"form of the contest {_fewer(s.spares_difference)}. How sure the sign is: fewer in {_of(s.surely, x.draws)} draws, by the other form in "
        f"{_of(s.surely_difference, x.draws)}."
    )
    say(
        f"  Behind it: {_fewer(s.spares_attacks)} attacks (fitted), and if attacked it holds {change(s.adds)} points more often (assumed)."
    )


def _fewer(e: Estimate) -> str:
    """Return a difference in percentage points as fewer or more."""
    sign, word = (1, "fewer") if e.mean >= 0 else (-1, "more")
    low, high = sorted((sign * e.low, sign * e.high))
    return f"{plain(100 * abs(e.mean))} [{plain(100 * low)}, {plain(100 * high)}] percentage points a year {word}"


def _of(share: float, draws: int) -> str:
    """Return a share of draws as a count, ties as halves."""
    return f"{share * draws:g} of {draws}"


def why_not_more(x: Ledger, steps: Added | None, world: Threats, typed: str) -> None:
    """Print what keeps the chances to come of those named, else of those bound, else of all who promised or are aligned, below a half.

    ``typed`` names the system on a command line.
    """
    some = steps.spared if steps else x.pledged
    named = (some.helpers if some else None) or [a.actor for a in x.allies if a.linked]
    named = named if steps else _ranked(x, named)
    at = x.system.index
    foes = [at[t.actor] for t in x.threats]
    comes = {r.added: r.comes for r in steps.rungs} if steps else {a.actor: a.comes for a in x.allies}
    low = [(h, e) for h in named if (e := comes.get(h)) is not None and e.mean < LIKELY][:EXPLAINED]
    if not low:
        return
    say(
        "Why those chances to come are no greater: what each term takes off the fitted rate a day, as a factor against the case most favourable "
        "to it (the terms hang together; they are no causes)"
    )
    for helper, e in low:
        found = [p for p in pulls(world, at[x.actor], foes, at[helper]) if p.factor.mean <= COSTLY and not _enough(p)]
        told = [_term(x.system, x.actor, [t.actor for t in x.threats], p) for p in found[:TERMS]]
        say(f"  {x.system.label(helper)}, {chance(e)}: {'; '.join(told) or 'none stands out'}")
    if any(a.honoured for a in x.allies):
        say(
            "“Such pledges kept” is another number: how often pledges of that era and kind were kept when a war called on them, whatever the "
            "friendship and the distance. Where the two differ much, neither is the truth of this case."
        )
    say(
        f"Which clause binds whom if this attack comes: foedus bound {x.threats[0].actor} {x.actor} --in {typed}. The fit and its test on years not "
        "seen: docs, who joins."
    )


def _enough(p: Pull) -> bool:
    """Return whether a helper would bring at least as much as the actor has, which nobody calls little though 19 times as much would count most."""
    return p.term == "weight" and p.value * BEST["weight"] >= math.log(2)


def _term(system: System, actor: str, foes: Sequence[str], p: Pull) -> str:
    """Return one term in words."""
    own, foe = system.label(actor), listed(system.label(f) for f in foes) if len(foes) < 3 else "the threats"
    words = {
        "attraction": f"friendship with {own}, pledges aside, is {p.value:.2f} of 1",
        "hostility": f"hostility to {foe} is {p.value:.2f} of 1", "pull_back": f"friendship with {foe} is {p.value:.2f} of 1",
        "proximity": f"nearness to {foe} is {p.value:.2f} of 1", "near_own": f"nearness to {own} is {p.value:.2f} of 1",
        "major": "it is no great power", "weight": f"it can bring less than {own} itself has",
    }  # fmt: skip
    return f"{words[p.term]} (x {p.factor.mean:.2g})"
