"""Rows of `foedus.studies.validate` on reliability and on the debate on deterrence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.studies.debate import debate
from foedus.studies.debate_plan import BOTH, CHOICES, JOHNSON, KENWICK, LEEDS
from foedus.studies.reliability import PERIODS, cases, codings
from foedus.studies.reliability import fit as fit_reliability
from foedus.studies.validate_measures import Measures
from foedus.studies.validate_rule import Found

if TYPE_CHECKING:
    from foedus.studies.debate import Debate
    from foedus.studies.reliability import Fits, Share
    from foedus.studies.verdict_run import Bench

MEASURES = Measures()
TERMS = {"democracy": "democracy", "major": "major_power", "change": "regime_change"}
PLEDGES = {"pact": "pact", "offence": "offence", "neutrality": "neutrality"}


def _shares(bench: Bench) -> dict[str, Share]:
    """Return the shares honoured, by what is counted."""
    return bench.once("shares", lambda: {s.what: s for s in codings(bench.store)})


@MEASURES.row("2.all")
def _all_cases(bench: Bench) -> Found:
    share = _shares(bench)["rules of Leeds, Long and Mitchell, 1816-2003"]
    return Found.of(share.cases, 100 * share.value)


def _period(bench: Bench, what: str) -> Found:
    """Return honoured, cases and share of a period."""
    share = _shares(bench)[what]
    return Found.of(share.kept, share.cases, 100 * share.value)


@MEASURES.row("2.early")
def _early(bench: Bench) -> Found:
    return _period(bench, "the same, 1816-1944")


@MEASURES.row("2.late")
def _late(bench: Bench) -> Found:
    return _period(bench, "the same, 1945-2003")


@MEASURES.row("2.trigger")
def _trigger(bench: Bench) -> Found:
    table = bench.store.table("berkemeier_fuhrmann")
    marks = ("no_action_llm", "consul_only_llm", "nonagg_only_llm")
    return Found.of(table.height, *(table[m].sum() for m in marks), note="rows that are marked twice count in both")


def _per_cent(share: Share, note: str = "") -> Found:
    """Return a share with its interval, per cent."""
    low, high = share.interval
    return Found.span(
        100 * share.value, 100 * low, 100 * high, "; ".join(t for t in (note, "90 % interval") if t), level=0.9
    )


@MEASURES.row("2.llm")
def _llm(bench: Bench) -> Found:
    return _per_cent(_shares(bench)["the same, 1816-1944"])


@MEASURES.row("2.sabrosky")
def _sabrosky(bench: Bench) -> Found:
    return _per_cent(_shares(bench)["every pair of a war and an alliance, 1816-1944"])


def _reliability(bench: Bench, *, early: bool = False) -> Fits:
    """Return the fits of what is honoured: of all cases, or of those to 1944 without pacts of non-aggression."""

    def made() -> Fits:
        rows = bench.once("cases", lambda: cases(bench.store))
        if early:
            rows = rows.filter((rows["period"] == PERIODS[0]) & (rows["obligation"] != "nonagg"))
        return fit_reliability(rows, seed=bench.seed)

    return bench.once(("reliability", early), made)


def _register_effect(name: str, term: str) -> None:
    """Register the row of one covariate."""

    @MEASURES.row(f"2.{name}")
    def measure(bench: Bench) -> Found:
        wide, early = (_reliability(bench, early=e).wide for e in (False, True))
        told = "{:.2f} [{:.2f}, {:.2f}]".format(*early.interval(term, level=0.95))
        note = f"{wide.n} cases with every covariate known; 1816-1944 without non-aggression, {early.n} cases: {told}"
        return Found.span(*wide.interval(term, level=0.95), note=note)


for _name, _term in TERMS.items():
    _register_effect(_name, _term)


def _debate(bench: Bench) -> Debate:
    """Return the debate on the same rows."""
    return bench.once("debate", lambda: debate(data_dir=bench.store, seed=bench.seed))


def _register_design(prefix: str, design: str) -> None:
    """Register the rows of one published design, a pledge each."""
    for name, term in PLEDGES.items():

        @MEASURES.row(f"8.{prefix}-{name}")
        def measure(bench: Bench, term: str = term) -> Found:
            one = _debate(bench).designs[design]
            return Found.span(*one.interval(term), note=f"{one.n:,} rows, {one.events:,} disputes")


_register_design("leeds", LEEDS)
_register_design("johnson", JOHNSON)


@MEASURES.row("9.before")
def _before(bench: Bench) -> Found:
    one = _debate(bench).designs[KENWICK["before"]]
    return Found.span(*one.interval("pact"), note=f"{one.n:,} rows, {one.events:,} disputes")


@MEASURES.row("9.newer")
def _newer(bench: Bench) -> Found:
    one = _debate(bench).designs[f"{BOTH}, to 1944"]
    older = "older one {:.2f} [{:.2f}, {:.2f}]".format(*one.interval("older"))
    return Found.span(*one.interval("pact"), note=older)


@MEASURES.row("9.eras")
def _eras(bench: Bench) -> Found:
    before, nuclear, difference = _debate(bench).eras["new"]
    return Found.span(*difference, note=f"before {before[0]:+.2f}, after {nuclear[0]:+.2f}")


@MEASURES.row("9.choice")
def _choice(bench: Bench) -> Found:
    found = _debate(bench)
    way = next(w for w in found.ways if w.name.startswith(LEEDS))
    counts = found.multiverse()["found"].value_counts().sort("found")
    words = ", ".join(f"{n} {w}" for w, n in counts.iter_rows())
    note = f"the sign changes on the way in {100 * way.flips_drawn:.0f} % of draws; of {len(found.universes)} designs {words}"
    named = way.names()
    return Found.of(CHOICES[named][2] if named else "no sign changes", note=note)
