"""The designs of the debate on deterrence: the published ones, the choices that part them, and the ways from one to another.

The rules are those of ``docs/decisions/0022-the-debate-on-deterrence.md``. Fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from foedus.studies.debate_fit import Design

BEFORE, AFTER = 1944, 1946
"""Last year of the era before nuclear weapons, and first year of the one with them."""
CHOICES: dict[str, tuple[str, str, str]] = {
    "pact": ("in force", "new", "which pacts of the target"),
    "years": ("all", "around a formation", "which years"),
    "pairs": ("all", "relevant", "which pairs"),
    "outcome": ("dispute", "force", "what is begun"),
    "rivalry": ("left out", "controlled", "strategic rivalry"),
    "means": ("between and within", "within", "between or within pairs"),
    "period": ("all", "one era", "which period"),
}
"""Choices between the designs: what the first does, what the second does, what it is about."""
LEEDS, JOHNSON, BOTH = "Leeds 2003", "Johnson & Leeds 2011", "Kenwick & Vasquez 2017"
KENWICK = {
    "before": f"Kenwick et al. 2015, to {BEFORE}",
    "nuclear": f"Kenwick et al. 2015, from {AFTER}",
}
LEEDS_MADE = frozenset({"pairs", "period"})
"""Choices by which Leeds differs from Johnson and Leeds."""
VARIANTS: dict[str, dict[str, Any]] = {
    "force": {"outcome": "force"},
    "war": {"outcome": "war"},
    "splines": {"time": "splines"},
    "whoever it names": {"pact": "whoever it names"},
    "without the challenger": {"pact": "without the challenger"},
}
"""What is changed of a published design, one thing at a time; the last two where its pact is any in force."""
TERMS = {"pact": "lower", "older": "lower", "offence": "higher", "neutrality": "higher"}
"""Pledges, and the direction that Leeds and Johnson predict."""


@dataclass(frozen=True)
class Plan:
    """Which designs are fitted, for rows of the years ``first`` to ``last``."""

    first: int
    last: int

    def design(self, made: frozenset[str], era: str) -> Design:
        """Return Johnson and Leeds's design with some choices made; ``era`` is ``"before"`` or ``"nuclear"``."""
        years = {"before": (self.first, BEFORE), "nuclear": (AFTER, self.last)}[era]
        low, high = years if "period" in made else (self.first, self.last)
        return Design(
            "new" if "pact" in made else "in force", "years" in made, "pairs" in made, "force" if "outcome" in made else "dispute",
            "rivalry" in made, "means" in made, low, high,
        )  # fmt: skip

    def published(self) -> dict[str, Design]:
        """Return the published designs as read here."""
        johnson, every = self.design(frozenset(), "before"), frozenset(CHOICES) - {"outcome"}
        both = replace(johnson, pact="new and older")
        return {
            LEEDS: self.design(LEEDS_MADE, "before"), JOHNSON: johnson,
            KENWICK["before"]: self.design(every, "before"), KENWICK["nuclear"]: self.design(every, "nuclear"),
            BOTH: both, f"{BOTH}, to {BEFORE}": replace(both, last=BEFORE), f"{BOTH}, from {AFTER}": replace(both, first=AFTER),
        }  # fmt: skip

    def cube(self) -> tuple[Design, ...]:
        """Return every combination of choices in both eras, each once."""
        both = (self.design(made(list(CHOICES), s), era) for era in KENWICK for s in range(2 ** len(CHOICES)))
        return tuple(dict.fromkeys(both))

    def variants(self) -> dict[tuple[str, str], Design]:
        """Return the published designs with one thing changed, by design and change."""
        return {
            (name, what): replace(d, **change)
            for name, d in self.published().items()
            for what, change in VARIANTS.items()
            if "pact" not in change or d.pact == "in force"
        }

    def all_designs(self) -> tuple[Design, ...]:
        """Return all that is fitted, each once."""
        return tuple(dict.fromkeys([*self.published().values(), *self.variants().values(), *self.cube()]))

    def ways(self) -> tuple[tuple[str, str, frozenset[str]], ...]:
        """Return the ways from one design to another: name, era, choices made at the start."""
        out = [(f"{JOHNSON} to {KENWICK[era]}", era, frozenset[str]()) for era in KENWICK]
        return (*out, (f"{LEEDS} to {KENWICK['before']}", "before", LEEDS_MADE))

    def eras(self) -> dict[str, tuple[Design, Design]]:
        """Return the same design before nuclear weapons and with them, for either kind of pact; all else as Johnson and Leeds do."""
        return {
            kind: (self.design(chosen | {"period"}, "before"), self.design(chosen | {"period"}, "nuclear"))
            for kind, chosen in (("in force", frozenset[str]()), ("new", frozenset({"pact"})))
        }


def made(choices: list[str], number: int) -> frozenset[str]:
    """Return the choices of a combination's number: those whose bits are set."""
    return frozenset(c for k, c in enumerate(choices) if (number >> k) & 1)


def described(design: Design) -> dict[str, str]:
    """Return what a combination chose, in the words of `CHOICES`; its period as years."""
    second = {
        "pact": design.pact == "new", "years": design.around, "pairs": design.relevant, "outcome": design.outcome == "force",
        "rivalry": design.rivalry, "means": design.means,
    }  # fmt: skip
    return {c: CHOICES[c][m] for c, m in second.items()} | {"period": f"{design.first}-{design.last}"}
