"""The models behind the numbers: every parameter with its interval and standing, what it was fitted on, and the scores that are shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown

if TYPE_CHECKING:
    import polars as pl

    from foedus.estimate.card import ModelCard
    from foedus.params import Param, Params
    from foedus.studio.question import Desk

NOTES = (
    "Fitted: estimated from the data named, with the interval of the fit. Published: taken from the source named. Assumed: nobody's estimate; the "
    "range is what draws go through, so a wide range shows as doubt in every result.",
    "A fit says what went together in its years. That a cause is behind it, or that it holds in other years, it does not say.",
    "A model beats a baseline only if the whole interval of the difference of their scores is on the better side; in all other cases it does not.",
)
SCORED = {
    "spread": ("foedus backtest joining", "docs/concepts/spread.md"), "joining_fitted": ("foedus backtest joining", "docs/concepts/joining.md"),
    "ties_fitted": ("foedus backtest pacts", "docs/concepts/formation.md"),
    "evolve": ("foedus evolve --in 1816:2016", "docs/concepts/years-forward.md"),
    "size": ("foedus backtest size", "docs/concepts/war-sizes.md"), "honour": (None, "docs/concepts/obligations.md"),
    "onset_fitted": ("foedus backtest onset", "docs/concepts/security.md"),
    "ties": (None, "docs/concepts/propensity.md"), "nuclear": (None, "docs/concepts/security.md"),
}  # fmt: skip
"""Command that works scores out anew, where there is one, and the page that tells of the model."""
COLUMNS = (Column("centre", "centre"), Column("low", "5 %, or lower end"), Column("high", "95 %, or upper end"))


class AskedModels(systems.Asked):
    """Parameters of the list of models; ``model`` for one of them with all its parameters."""

    model: str | None = Field(None, pattern=r"^[a-z_]{1,40}$", description="One model with all its parameters")


def _answer(asked: AskedModels, _: Desk) -> Answer:
    """Return the models as the page reads them."""
    from foedus import params
    from foedus.errors import parameter
    from foedus.estimate.card import shipped_card

    known = params.names()
    if asked.model is not None and asked.model not in known:
        raise parameter("model", asked.model, f"one of {', '.join(known)}")
    every = {name: params.load(name) for name in known}
    rows = [_model(name, p, shipped_card(name)) for name, p in every.items()]
    data: dict[str, Any] = {"models": rows, "model": None}
    tables = {"models": Shown("Models", _frame([{k: v for k, v in r.items() if k not in ("data", "covariance")}
                                               | {"data": ", ".join(r["data"])} for r in rows]))}  # fmt: skip
    if asked.model is not None:
        made, card = every[asked.model], shipped_card(asked.model)
        told = [_param(p) for p in made.table.values()]
        data["model"] = next(r for r in rows if r["model"] == asked.model) | {
            "params": told,
            "card": None if card is None else _card(card),
        }
        tables["params"] = Shown(
            f"Parameters of {asked.model}", _frame([_flat(p) for p in made.table.values()]), COLUMNS
        )
        tables |= _scores(card) if card is not None else {}
    return Answer("estimated", data, tables, notes=NOTES)


def _model(name: str, p: Params, card: ModelCard | None) -> dict[str, Any]:
    """Return what a model is: its standing, method, data, and the size of its covariance."""
    meta = {k.removeprefix("meta."): v for k, v in p.extra.items() if k.startswith("meta.")}
    counts, command, page = p.statuses(), *SCORED.get(name, (None, None))
    data = meta.get("data", [])
    return {
        "model": name, "file": p.origin, "status": meta.get("status"), "method": meta.get("method") or meta.get("note") or "",
        "rows": card.rows if card else meta.get("rows"), "events": card.events if card else None, "parameters": len(p.table),
        **{k: counts.get(k, 0) for k in ("fitted", "published", "assumed")},
        "data": [str(d) for d in data] if isinstance(data, list) else [str(data)],
        "licence": meta.get("licence", ""), "beaten_by": _losses(card) if card else None, "scored": card is not None, "command": command,
        "page": page,
        "covariance": [{"block": k, "terms": len(v)} for k, v in p.extra.items() if k.split(".")[-1] == "covariance"],
    }  # fmt: skip


def _losses(card: ModelCard) -> int:
    """Return how many baselines and scores the model does not beat."""
    return sum(not a.beats for a in card.against)


def _param(p: Param) -> dict[str, Any]:
    """Return a parameter; a point is a number, a range its centre with both ends."""
    value = p.centre if p.low == p.high else {"mean": p.centre, "low": p.low, "high": p.high}
    return {"name": p.name, "value": value, "status": p.status, "source": p.source, "note": p.note}


def _flat(p: Param) -> dict[str, Any]:
    """Return a parameter as a row of a table."""
    return {
        "name": p.name,
        "centre": p.centre,
        "low": p.low,
        "high": p.high,
        "status": p.status,
        "source": p.source,
        "note": p.note,
    }


def _card(card: ModelCard) -> dict[str, Any]:
    """Return a model card."""
    return {
        "name": card.name, "formula": card.formula, "errors": card.errors, "classes": list(card.classes), "rows": card.rows, "events": card.events,
        "first_year": card.first_year, "last_year": card.last_year, "data": dict(card.data), "level": card.level, "notes": list(card.notes),
        "scores": [{"score": s.score, "cases": s.cases, "value": {"mean": s.value, "low": s.low, "high": s.high}} for s in card.scores],
        "against": [
            {"baseline": a.baseline, "score": a.score, "cases": a.cases, "higher_is_better": a.higher_is_better,
             "difference": {"mean": a.difference, "low": a.low, "high": a.high}, "beats": a.beats, "verdict": a.verdict}
            for a in card.against
        ],
        "coefficients": [
            {"outcome": c.outcome, "term": c.term, "value": {"mean": c.estimate, "low": c.low, "high": c.high}, "std_error": c.std_error}
            for c in card.coefficients
        ],
    }  # fmt: skip


def _scores(card: ModelCard) -> dict[str, Shown]:
    """Return the scores, the baselines and the coefficients of a card as tables."""
    return {
        "scores": Shown("Scores on cases not seen", _frame([
            {"score": s.score, "cases": s.cases, "value": s.value, "low": s.low, "high": s.high} for s in card.scores
        ])),
        "against": Shown("Model less baseline", _frame([
            {"baseline": a.baseline, "score": a.score, "cases": a.cases, "difference": a.difference, "low": a.low, "high": a.high,
             "better": "higher" if a.higher_is_better else "lower", "verdict": a.verdict} for a in card.against
        ])),
        "coefficients": Shown("Coefficients", _frame([
            {"outcome": c.outcome, "term": c.term, "estimate": c.estimate, "std_error": c.std_error, "low": c.low, "high": c.high}
            for c in card.coefficients
        ])),
    }  # fmt: skip


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, infer_schema_length=None)


def _python(asked: AskedModels) -> str:
    """Return the same as a program."""
    if asked.model is None:
        return "\n".join(["from foedus import params", "", "result = {name: params.load(name) for name in params.names()}",
                          "print({name: p.statuses() for name, p in result.items()})"])  # fmt: skip
    return "\n".join([
        "from foedus import params", "from foedus.estimate.card import shipped_card", "", f"result = params.load({asked.model!r})",
        "print(result.table)", f"card = shipped_card({asked.model!r})", "print(card.to_markdown() if card else 'no card is shipped')",
    ])  # fmt: skip


MODELS = Question("models", "The models behind the numbers", AskedModels, _answer, _python, lambda _: None)
