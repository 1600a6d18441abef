"""Years forward: a system carried on in many futures, and what a what-if would change in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Question, Shown, uncertain

if TYPE_CHECKING:
    import polars as pl

    from foedus.formation.difference import Difference
    from foedus.formation.evolution import Evolution
    from foedus.studio.question import Desk
    from foedus.system.system import System

NOTES = (
    "Nine futures of ten lie in the wide interval: chance, and what is unknown of coefficients and inputs. The narrow one is that of the mean alone.",
    "Coefficients were fitted on all years: the past carried forward is in sample. foedus evolve --in 1816:2016 --forward scores years ahead.",
    "Leaders, crises that are under way, and states that come or go are not in the model; a pair's chance is a rate of pairs like it.",
    "A difference is of the same futures with and without the edit, on common random numbers.",
)
MEASURES = {
    "pacts_per_state": "defence pacts a state", "balance": "balanced triads, share", "formed": "pacts formed a year", "ended": "pacts ended a year",
    "disputes": "disputes a year", "wars": "wars a year", "belligerents": "states at war a year",
}  # fmt: skip


class AskedEvolve(systems.OfSystem):
    """Parameters of years forward."""

    years: int = Field(7, ge=1, le=30)
    draws: int = Field(500, ge=20, le=20_000, description="Futures")
    pair: tuple[str, str] | None = Field(None, description="Two states whose chances are told year by year")
    seed: int = Field(1, ge=0, lt=2**32)


def _answer(asked: AskedEvolve, desk: Desk) -> Answer:
    """Return the futures as the page reads them."""
    from foedus.formation.evolve import evolve

    base, other, title = _arms(asked, desk)
    share = 1.0 if other is None else 0.5

    def carried(system: System, done: float, name: str) -> Evolution:
        keep = {"save": desk.keep / name, "resume": True} if desk.keep else {}
        return evolve(
            system, years=asked.years, draws=asked.draws, seed=asked.seed, workers=desk.workers, data_dir=desk.data_dir,
            progress=lambda x: desk.tell(done + share * x, "futures"), **keep,
        )  # fmt: skip

    found = carried(base, 0.0, "base")
    against = None if other is None else found.against(carried(other, 0.5, "what-if"))
    data = _data(found) | {"against": None if against is None else _difference(against, title)}
    tables = {
        "years": Shown("Year by year: mean, where nine futures of ten lie, and the interval of the mean", found.table()),
        "states": Shown("Partners in defence pacts", found.states()), "likeliest": Shown("Likeliest by the end", _likeliest(found)),
    }  # fmt: skip
    if against is not None:
        tables |= {
            "against": Shown(f"{title}: the difference it makes", against.table()),
            "against_pairs": Shown("Pairs that differ most", against.pairs()),
        }
    if asked.pair is not None:
        pair = found.tie(*asked.pair)
        data["pair"] = pair.to_dict()
        tables["pair"] = Shown(f"{pair.a} and {pair.b}", pair.table())
    return Answer("simulated", data, tables, system=base, seed=found.seed, draws=found.draws, notes=NOTES)


def _arms(asked: AskedEvolve, desk: Desk) -> tuple[System, System | None, str]:
    """Return the system, the one after its what-if, and what that is called."""
    from foedus.studies.meant import what_if

    meant = systems.before(asked, desk)
    if not asked.what_if:
        return meant.system, None, ""
    edited = what_if(systems.edit_named(asked.what_if, desk.scenarios), meant, str(asked.date or ""))
    return edited.base, edited.other, edited.title


def _data(x: Evolution) -> dict[str, Any]:
    """Return what the page draws: for each measure and year the mean, the interval of futures, and that of the mean."""
    rows = x.table().to_dicts()
    series = {
        name: [{"mean": r[name], "low": r[f"{name}_low"], "high": r[f"{name}_high"], "mean_low": r[f"{name}_mean_low"],
                "mean_high": r[f"{name}_mean_high"]}
               for r in rows]
        for name in MEASURES
    }  # fmt: skip
    return {
        "calendar": list(x.calendar), "measures": MEASURES, "series": series,
        "at_fork": {n: x.expected(n)[0].mean for n in ("pacts_per_state", "balance")},
        "history": x.history, "names": {a.id: a.name for a in x.system.actors},
        "states": [{"id": r["actor"], "at_fork": r["partners_at_fork"],
                    "partners": {"mean": r["partners"], "low": r["partners_low"], "high": r["partners_high"]}}
                   for r in x.states().to_dicts()],
        "likeliest": {w: [{"a": a, "b": b, "chance": uncertain(e)} for a, b, e in x.likeliest(w)]
                      for w in ("new pact", "lost pact", "war", "dispute")},
        "pair": None,
    }  # fmt: skip


def _difference(x: Difference, title: str) -> dict[str, Any]:
    """Return what a what-if changes: the mean difference with the interval of the mean, and where nine differences of ten lie."""
    rows = [
        r | {"change": {"mean": r["difference"], "low": r["mean_low"], "high": r["mean_high"]}, "label": MEASURES.get(r["measure"], r["measure"])}
        for r in x.table().to_dicts()
    ]  # fmt: skip
    return {"title": title, "rows": rows, "pairs": x.pairs().to_dicts()}


def _likeliest(x: Evolution) -> pl.DataFrame:
    """Return the likeliest pairs of each kind as a table."""
    import polars as pl

    rows = [
        (w, a, b, e.mean, e.low, e.high)
        for w in ("new pact", "lost pact", "war", "dispute")
        for a, b, e in x.likeliest(w)
    ]
    schema = {
        "what": pl.String,
        "a": pl.String,
        "b": pl.String,
        "chance": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _python(asked: AskedEvolve) -> str:
    """Return the same as a program."""
    numbers = f"years={asked.years}, draws={asked.draws}, seed={asked.seed}"
    lines = systems.python_both(asked, "s") if asked.what_if else systems.python(asked)
    lines += [f"result = fd.evolve(s, {numbers})", "print(result.table())"]
    lines += [f"pair = result.tie({asked.pair[0]!r}, {asked.pair[1]!r})", "print(pair.table())"] if asked.pair else []
    lines += ["difference = result.against(other)", "print(difference.table())"] if asked.what_if else []
    return "\n".join(lines)


def _cli(asked: AskedEvolve) -> str:
    """Return the same as a command."""
    words = ["evolve", "--years", str(asked.years), "--draws", str(asked.draws), "--seed", str(asked.seed)]
    words += ["--pair", ":".join(asked.pair)] if asked.pair else []
    words += ["--what-if", asked.what_if.removeprefix("file:")] if asked.what_if else []
    return systems.cli(asked, *words)


EVOLVE = Question("evolve", "Years forward", AskedEvolve, _answer, _python, _cli)
