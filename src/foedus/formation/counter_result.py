"""What the counter-alliance detector found: a frozen record of every comparison, with who was threatened and what counts as the answer.

Observed signings against two nulls; threat is a model's. Computes nothing but views.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus.errors import parameter
from foedus.formation.counter import DESIGNS
from foedus.formation.counter_history import ALL, ERAS

if TYPE_CHECKING:
    import polars as pl

    from foedus.formation.counter import Row

SURE = 0.05
"""Corrected p-value up to which a verdict is given."""
COUNTER = "counter"
STANDING = "signings observed (ATOP); threat derived by assumed and fitted weights; effects estimated with 90 % intervals; expected by drawn orders"


@dataclass(frozen=True)
class Rises:
    """What the pacts of an era added: pacts, outsiders, share with any rise of threat and with a rise of the gap, threatened, and medians for those.

    ``rise``: of the threat, in units of the outsider's own capability; ``gap``: of ln(strength against / own), both over the threatened.
    """

    era: str
    pacts: int
    outsiders: int
    risen: float | None
    widened: float | None
    threatened: int
    threatening: int
    rise: float | None
    gap: float | None


@dataclass(frozen=True)
class Answered:
    """One threatened outsider: the pact, what it added, and its first gains after it, whenever they came.

    ``years`` from the pact to the first counter-pact, None where none came by the end of the record; ``joined`` the first gain with a member of it.
    """

    pact: int
    name: str
    signed: str
    outsider: str
    rise: float
    share: float | None
    gap_before: float | None
    gap_after: float | None
    years: float | None
    answer: str
    joined: str


@dataclass(frozen=True)
class CounterPacts:
    """Whether alliances are made to redress an imbalance, and whether they call forth counter-alliances.

    Attributes
    ----------
    rows : tuple of Row
        Comparisons of the threatened by design or check, outcome, era and years within.
    redress : tuple of Row
        Ranks of imbalance of those who gain, by measure (``outcome``), design and era.
    rises : tuple of Rises
    sensitivity : tuple of (str, Row)
        The primary comparison under other thresholds.
    answers : tuple of Answered
        Every threatened outsider, by day of the pact.
    balance : dict
        How far the threatened are from their matches, in standard deviations.
    """

    pacts: str
    first: int
    last: int
    within: int
    rows: tuple[Row, ...]
    redress: tuple[Row, ...]
    rises: tuple[Rises, ...]
    sensitivity: tuple[tuple[str, Row], ...]
    answers: tuple[Answered, ...]
    balance: dict[str, float | None]
    threatened: int
    matched: int
    samples: int
    draws: int
    seed: int
    end: str

    def row(self, design: str, *, outcome: str = COUNTER, era: str = ALL, within: int | None = None) -> Row:
        """Return one comparison.

        Raises
        ------
        ParameterError
            There is none of this design, outcome, era and years.
        """
        k = self.within if within is None else within
        for r in self.rows:
            if (r.design, r.outcome, r.era, r.within) == (design, outcome, era, k):
                return r
        raise parameter(
            "design, outcome, era, within", (design, outcome, era, k), "a comparison that was made; see table()"
        )

    def verdict(self, era: str = ALL, *, of: str = "answer") -> str:
        """Return what both designs together say of an era.

        Parameters
        ----------
        era : str
        of : {"answer", "redress"}

        Raises
        ------
        ParameterError
            Another ``of``, or no such era.
        """
        names = {
            "answer": (self.rows, COUNTER, ("answered more", "answered less")),
            "redress": (self.redress, "own", ("more outweighed", "less outweighed")),
        }
        if of not in names or era not in (*(e for e, _ in ERAS), ALL):
            raise parameter("of, era", f"{of}, {era}", "answer or redress, and an era of the table")
        rows, outcome, words = names[of]
        found = [
            r.effect for r in rows
            if r.design in DESIGNS and r.outcome == outcome and r.era == era and r.within in (self.within, 0)
        ]  # fmt: skip
        if len(found) < len(DESIGNS):
            return "one design only"
        if not all(e.cases for e in found) or any(e.low is None for e in found):
            return "too few to say"
        sides = {e.side if e.p_holm is not None and e.p_holm <= SURE else 0 for e in found}
        return words[0] if sides == {1} else words[1] if sides == {-1} else "no clear effect"

    def table(self) -> pl.DataFrame:
        """Return one row a comparison of answers, then of redress."""
        return _frame([*self.rows, *self.redress])

    def answers_table(self) -> pl.DataFrame:
        """Return one row a threatened outsider."""
        import polars as pl

        kinds = {
            "pact": pl.Int64, "name": pl.String, "signed": pl.String, "outsider": pl.String, "rise": pl.Float64, "share": pl.Float64,
            "gap_before": pl.Float64, "gap_after": pl.Float64, "years": pl.Float64, "answer": pl.String, "joined": pl.String,
        }  # fmt: skip
        return pl.DataFrame([_plain(a) for a in self.answers], schema=kinds)

    def rises_table(self) -> pl.DataFrame:
        """Return one row an era: what pacts added."""
        import polars as pl

        return pl.DataFrame([_plain(r) for r in self.rises], infer_schema_length=None)

    def sensitivity_table(self) -> pl.DataFrame:
        """Return the primary comparison under other thresholds."""
        return _frame([r for _, r in self.sensitivity], [name for name, _ in self.sensitivity])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        eras = (*(e for e, _ in ERAS), ALL)
        return {
            "pacts": self.pacts, "first": self.first, "last": self.last, "within": self.within, "comparisons": self.table().to_dicts(),
            "rises": self.rises_table().to_dicts(), "sensitivity": self.sensitivity_table().to_dicts(), "answers": self.answers_table().to_dicts(),
            "verdicts": {e: {"answer": self.verdict(e), "redress": self.verdict(e, of="redress")} for e in eras}, "balance": self.balance,
            "threatened": self.threatened, "matched": self.matched, "samples": self.samples, "draws": self.draws, "seed": self.seed,
            "record_ends": self.end, "standing": STANDING,
        }  # fmt: skip


def _plain(record: Any) -> dict[str, Any]:
    """Return a flat record as a dict."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _frame(rows: list[Row], names: list[str] | None = None) -> pl.DataFrame:
    """Return comparisons as a table."""
    import polars as pl

    kinds: dict[str, Any] = {"design": pl.String, "outcome": pl.String, "era": pl.String, "within": pl.Int64}
    kinds |= dict.fromkeys(("cases", "states", "years"), pl.Int64)
    kinds |= dict.fromkeys(
        ("share", "expected", "difference", "low", "high", "ratio", "ratio_low", "ratio_high", "p", "p_holm"), pl.Float64
    )  # fmt: skip
    out = [
        {"design": r.design, "outcome": r.outcome, "era": r.era, "within": r.within, **r.effect.to_dict()} for r in rows
    ]
    frame = pl.DataFrame(out, schema=kinds)
    return frame if names is None else frame.insert_column(0, pl.Series("threatened", names, dtype=pl.String))
