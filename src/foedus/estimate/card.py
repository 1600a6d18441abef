"""A model's card: what it is, what it was fitted on, and how it scores on cases it has not seen, against named baselines.

A verdict is made by rule: a model beats a baseline in a score only if the whole interval of the difference lies on the better side; everything else
"does not beat", also what lies in between. Written as TOML and Markdown, read back from TOML. Scores nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from foedus import limits, params
from foedus.errors import ParameterError, message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foedus.estimate.logit_result import Logit
    from foedus.estimate.resample import ScoreInterval


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One estimate; ``outcome`` is the class it belongs to."""

    outcome: str
    term: str
    estimate: float
    std_error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One score with its interval; ``cases`` says on what, such as ``held out 1870-2010``."""

    score: str
    cases: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Against:
    """The model's score less a baseline's, on the same cases and the same resampled clusters."""

    baseline: str
    score: str
    cases: str
    higher_is_better: bool
    difference: float
    low: float
    high: float

    @property
    def beats(self) -> bool:
        """Whether the whole interval is on the better side; False where it is unknown."""
        return self.low > 0 if self.higher_is_better else self.high < 0

    @property
    def verdict(self) -> str:
        """The rule's words."""
        return "beats" if self.beats else "does not beat"


@dataclass(frozen=True)
class ModelCard:
    """What a reader must know of a fitted model before using it.

    Attributes
    ----------
    name, formula, errors : str
        Errors: kind of covariance, and by what.
    classes : tuple of str
    rows, events : int
        Rows it was fitted on, and those not of the first class.
    first_year, last_year : int
        Years of these rows.
    data : mapping of str to str
        Data sets and their versions.
    level : float
        Coverage of all intervals of scores.
    coefficients, scores, against
        Records; empty where nothing was estimated or scored.
    notes : tuple of str
        What else matters: what was left out, what the model is not for.

    Examples
    --------
    >>> line = Against("base rate", "average precision", "held out", True, 0.1, -0.02, 0.2)
    >>> card = ModelCard("joining", "join ~ ally", "by war", ("stay", "join"), 100, 7, 1816, 1913, {"atop": "5.1"}, against=(line,))
    >>> print(card.to_markdown().splitlines()[-1])
    | base rate | average precision | held out | 0.1 [-0.02, 0.2] | does not beat |
    >>> ModelCard.from_toml(card.to_toml()) == card
    True
    """

    name: str
    formula: str
    errors: str
    classes: tuple[str, ...]
    rows: int
    events: int
    first_year: int
    last_year: int
    data: Mapping[str, str]
    level: float = 0.9
    coefficients: tuple[Coefficient, ...] = ()
    scores: tuple[ScoreLine, ...] = ()
    against: tuple[Against, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def of(
        cls, fit: Logit, *, name: str, errors: str, years: tuple[int, int], data: Mapping[str, str], scores: Sequence[ScoreLine] = (),
        against: Sequence[Against] = (), notes: Sequence[str] = (), level: float = 0.9,
    ) -> ModelCard:  # fmt: skip
        """Return the card of a fitted logit; arguments as the attributes."""
        coefficients = tuple(
            Coefficient(r["class"], r["term"], r["estimate"], r["std_error"], r["low"], r["high"]) for r in fit.table(level=level).rows(named=True)
        )  # fmt: skip
        return cls(
            name, fit.formula, errors, tuple(str(c) for c in fit.classes), fit.n, fit.events, *years, dict(data), level, coefficients,
            tuple(scores), tuple(against), tuple(notes),
        )  # fmt: skip

    def to_toml(self) -> str:
        """Return the card as TOML, numbers in full."""
        import tomlkit

        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, kind in _LISTS.items():
            made = [{f.name: getattr(one, f.name) for f in fields(kind)} for one in plain[name]]
            plain[name] = (
                [r | {"verdict": one.verdict} for r, one in zip(made, self.against, strict=True)]
                if kind is Against
                else made
            )
        plain |= {"classes": list(self.classes), "notes": list(self.notes), "data": dict(self.data)}
        return tomlkit.dumps(plain)

    @classmethod
    def from_toml(cls, text: str) -> ModelCard:
        """Return the card of a TOML text.

        Raises
        ------
        ParameterError
            Not TOML, keys that a card has not or lacks, or a verdict that does not follow from its interval.
        """
        try:
            raw: dict[str, Any] = limits.toml(text)
            for name, kind in _LISTS.items():
                raw[name] = tuple(_record(kind, one) for one in raw.get(name, ()))
            raw |= {"classes": tuple(raw["classes"]), "notes": tuple(raw.get("notes", ()))}
            card = _typed(cls(**raw))
            if not all(isinstance(x, str) for x in (*card.classes, *card.notes)) or not isinstance(card.data, dict):
                raise TypeError("classes and notes are texts, data is a table")  # noqa: TRY301
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ParameterError(
                message("Cannot read a model card", got=str(error), expected="a file written by `to_toml`")
            ) from error
        return card

    def to_markdown(self) -> str:
        """Return the card as Markdown: facts, coefficients, scores, and a verdict for each baseline."""
        versions = ", ".join(f"{k} {v}" for k, v in self.data.items())
        lines = [
            f"## {_cell(self.name)}", "", f"`{self.formula}`, {' / '.join(self.classes)}; errors {self.errors}.",
            f"Fitted on {self.rows:,} rows with {self.events:,} events, {self.first_year}-{self.last_year}. Data: {versions}.",
            *(_cell(note) for note in self.notes),
        ]  # fmt: skip
        lines += _rows(["outcome", "term", "estimate", "standard error", f"{self.level:.0%}"], [
            [c.outcome, c.term, f"{c.estimate:.4g}", f"{c.std_error:.3g}", f"[{c.low:.4g}, {c.high:.4g}]"] for c in self.coefficients
        ])  # fmt: skip
        lines += _rows(["score", "cases", f"value, {self.level:.0%} interval"], [
            [s.score, s.cases, f"{s.value:.4g} [{s.low:.4g}, {s.high:.4g}]"] for s in self.scores
        ])  # fmt: skip
        lines += _rows(["baseline", "score", "cases", f"model less baseline, {self.level:.0%} interval", "verdict"], [
            [a.baseline, a.score, a.cases, f"{a.difference:.4g} [{a.low:.4g}, {a.high:.4g}]", a.verdict] for a in self.against
        ])  # fmt: skip
        return "\n".join(lines) + "\n"


def shipped_card(model: str) -> ModelCard | None:
    """Return the card that is shipped with a model's parameters, None where none is.

    Examples
    --------
    >>> card = shipped_card("spread")
    >>> card is not None and any(a.verdict == "does not beat" for a in card.against)
    True
    """
    text = params.card_text(model)
    return None if text is None else ModelCard.from_toml(text)


_LISTS: dict[str, type[Any]] = {"coefficients": Coefficient, "scores": ScoreLine, "against": Against}


def score_line(name: str, cases: str, found: ScoreInterval) -> ScoreLine:
    """Return the line of a score."""
    return ScoreLine(name, cases, found.value, found.low, found.high)


def against(baseline: str, name: str, cases: str, found: ScoreInterval, *, higher_is_better: bool) -> Against:
    """Return the line of a difference that `foedus.estimate.resample.bootstrap_difference` found."""
    return Against(baseline, name, cases, higher_is_better, found.value, found.low, found.high)


def _record(kind: type[Any], raw: dict[str, Any]) -> Any:
    """Return one record; a verdict must be the rule's."""
    said = raw.pop("verdict", None) if kind is Against else None
    made = _typed(kind(**raw))
    if said is not None and said != made.verdict:
        raise ParameterError(
            message(
                f"The verdict on {made.baseline!r} in {made.score}",
                got=repr(said),
                expected=f"{made.verdict!r}, by its interval",
            )
        )
    return made


def _typed(record: Any) -> Any:
    """Return a record whose plain fields hold what they should; raise a TypeError otherwise."""
    kinds = {"str": str, "bool": bool, "int": int, "float": (int, float)}
    for f in fields(record):
        kind = kinds.get(str(f.type))
        value = getattr(record, f.name)
        whole = isinstance(value, int)
        if kind is not None and (not isinstance(value, kind) or (f.type != "bool" and isinstance(value, bool))):
            raise TypeError(f"{f.name} is {type(value).__name__}, not {f.type}")
        if whole and abs(value) > 2**63:
            raise TypeError(f"{f.name} is too large")
    return record


def _rows(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return a Markdown table, nothing if it has no rows."""
    if not rows:
        return []
    body = [head, ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return ["", *(f"| {' | '.join(row)} |" for row in body)]


def _cell(text: str) -> str:
    """Return a text that neither ends its cell or line nor is markup."""
    return " ".join(text.split()).replace("<", "&lt;").replace("|", "\\|")
