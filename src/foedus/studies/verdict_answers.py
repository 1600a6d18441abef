"""Claim B, counter-alliances: whether rivals of a new pact's members enter pacts of their own more than other outsiders do.

Cells of the multiverse of ``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``. Entries are looked up as in `foedus.studies.pact_answers`;
rivals come from a list, not from a model of who is alarmed. A difference of changes keeps each state's own rate of the years before; it shows no
cause.
"""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.studies.pact_accounts import ERAS
from foedus.studies.pact_aftermath import over_pacts
from foedus.studies.pact_answers import Entries, plus_years, share
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_pacts import near_great
from foedus.studies.verdict_run import Bench, Job, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

SPANS = {"all": (1816, 2018), **{f"{a}-{b}": (a, b) for a, b in ERAS}}
YEARS = (3, 5, 10)
RIVALS = {"Thompson": "tss_rivalries", "Peace Data": "peacedata_spells"}
PACTS = {"ATOP": "atop5_1m", "COW alliances": "cow_alliances"}
KINDS = {"defence": ("defence",), "defence or consultation": ("defence", "consultation")}
CONTRASTS = ("change", "years after alone")
SEVERE = 0.25
"""Step of Peace Data's scale up to which two are rivals."""
FIRST = dt.date(1816, 1, 1)
FROM = {"Thompson": 1816, "Peace Data": 1901}
"""First year of signature of which rivals are known."""


class New:
    """A new defence pact: its number, day and signatories."""

    def __init__(self, number: int, day: dt.date, members: Sequence[int]) -> None:
        self.number, self.day, self.members = number, day, frozenset(members)


def as_members(alliances: pl.DataFrame) -> pl.DataFrame:
    """Return COW's formal alliances with ATOP's names of the columns that `foedus.studies.pact_answers.Entries` reads."""
    import polars as pl

    return alliances.select(
        pl.col("version4id").alias("atopid"), pl.lit(0).alias("phase"), pl.col("ccode").alias("member"), "entry",
        pl.col("defense").cast(pl.Int8), pl.col("entente").cast(pl.Int8).alias("consul"),
    )  # fmt: skip


def new_pacts(members: pl.DataFrame) -> list[New]:
    """Return every alliance in which a member ever promised to defend, at its first phase in which one does, by day, with who entered that day."""
    import polars as pl

    phases = members.filter(pl.col("defense") == 1).group_by("atopid").agg(phase=pl.col("phase").min())
    rows = members.join(phases, on=["atopid", "phase"])
    first = rows.filter(pl.col("entry") == pl.col("entry").min().over("atopid")).sort("entry", "atopid", "member")
    out = []
    for (number, day), part in first.group_by("atopid", "entry", maintain_order=True):
        who = sorted(set(part["member"].to_list()))
        if len(who) > 1 and day >= FIRST:  # type: ignore[operator]
            out.append(New(int(number), day, who))  # type: ignore[arg-type]
    return out


def rivals(spells: pl.DataFrame, listed: str) -> Callable[[dt.date], dict[int, set[int]]]:
    """Return what gives each state's rivals of a day: begun before it and not ended by it (by years, where the list has only those)."""
    if listed == "Thompson":
        rows: list[tuple[int, int, Any, Any]] = [
            (a, b, s, e) for a, b, s, e in spells.select("ccode1", "ccode2", "start", "end").iter_rows()
        ]
    else:
        import polars as pl

        rows = spells.filter(pl.col("level") <= SEVERE).select("ccode1", "ccode2", "start", "end").rows()

    def of(day: dt.date) -> dict[int, set[int]]:
        when: Any = day.year if listed == "Thompson" else day
        out: dict[int, set[int]] = {}
        for a, b, start, end in rows:
            if start < when and (end is None or end >= when):
                out.setdefault(a, set()).add(b)
                out.setdefault(b, set()).add(a)
        return out

    return of


def contrast(
    pact: New,
    states: Sequence[tuple[int, dt.date, dt.date]],
    foes: dict[int, set[int]],
    entries: Entries,
    years: int,
    kinds: Sequence[str],
) -> tuple[float, float]:
    """Return the change of the rivals' share less that of other outsiders', and the difference of the shares after; NaN where a group is unknown.

    Parameters
    ----------
    pact : New
    states : sequence of (code, first day, last day)
    foes : dict of int to set of int
        As of the day of signature.
    entries : Entries
    years : int
    kinds : sequence of str
        Of pacts that count as an answer: any of these.
    """
    before, end = plus_years(pact.day, -years), plus_years(pact.day, years)
    if before < FIRST or end > entries.end:
        return float("nan"), float("nan")
    outside = {c for c, a, b in states if a <= before and b >= end} - pact.members
    rival = {c for c in outside if foes.get(c, set()) & pact.members}
    found = []
    for day in (before, pact.day):
        for group in (rival, outside - rival):
            came = [any(entries.entered(c, day, years, k, without=pact.number) for k in kinds) for c in sorted(group)]
            found.append(share(came))
    if any(f is None for f in found):
        return float("nan"), float("nan")
    a, b, c, d = found
    return (c - a) - (d - b), c - d  # type: ignore[operator]


def answer_cells(
    pacts: str, listed: str, seed: int, values: dict[tuple[int, str], list[tuple[int, tuple[float, float]]]]
) -> list[Cell]:
    """Return the cells of B.1 for two lists; ``values`` by years and kind: year of signature and both contrasts of each pact."""
    cells = []
    for years, kind, (era, (first, last)), (k, how) in product(YEARS, KINDS, SPANS.items(), enumerate(CONTRASTS)):
        for great in ("in", "out") if any(near_great(y, years) for y in range(first, last + 1)) else ("in",):
            some = [
                (y, v[k]) for y, v in values.get((years, kind), ()) if first <= y <= last and (great == "in" or not near_great(y, years))
            ]  # fmt: skip
            choices = {
                "pacts": pacts,
                "rivals by": listed,
                "years": str(years),
                "answer": kind,
                "era": era,
                "great wars": great,
                "contrast": how,
            }
            if not some:
                cells.append(Cell.without(choices, "no pact with rivals and others known"))
                continue
            mean, low, high, n = over_pacts(
                np.array([[v] for _, v in some]), np.array([y for y, _ in some]), seed=seed
            )[0]
            cells.append(Cell.of(choices, (mean, low, high), f"{n} pacts, resampled by year"))
    return cells


def _jobs(bench: Bench) -> list[Job]:
    """Return the jobs of B.1, one for each list of pacts and of rivals."""
    jobs = []
    for pacts, listed in product(PACTS, RIVALS):

        def run(pacts: str = pacts, listed: str = listed) -> list[Cell]:
            absent = bench.lacks(PACTS[pacts], RIVALS[listed], "cow_states")
            if absent:
                return [Cell.without(dict(c.choices), absent) for c in answer_cells(pacts, listed, bench.seed, {})]
            return answer_cells(pacts, listed, bench.seed, _values(bench, pacts, listed))

        jobs.append(Job((pacts, listed), run))
    return jobs


def _values(bench: Bench, pacts: str, listed: str) -> dict[tuple[int, str], list[tuple[int, tuple[float, float]]]]:
    """Return both contrasts of every pact, by years and kind of answer."""
    store = bench.store
    raw = store.table(PACTS[pacts])
    members = raw if pacts == "ATOP" else as_members(raw)
    entries = Entries(members, store.provenance(PACTS[pacts]).last_year)
    foes = rivals(store.table(RIVALS[listed]), listed)
    states = store.table("cow_states").select("ccode", "start", "end").rows()
    out: dict[tuple[int, str], list[tuple[int, tuple[float, float]]]] = {}
    for pact in new_pacts(members):
        if pact.day.year >= FROM[listed]:
            of_day = foes(pact.day)
            for years, (kind, kinds) in product(YEARS, KINDS.items()):
                out.setdefault((years, kind), []).append(
                    (pact.day.year, contrast(pact, states, of_day, entries, years, kinds))
                )
    return out


ANSWERS = Part(
    Question(
        "B.1", "Do rivals of a new defence pact's members enter pacts of their own more than other outsiders do?",
        "share of rivals that entered one in the "
        "years after, less that in the years before, less the same of other outsiders; mean over pacts", 0.0, "higher",
        (("pacts", "ATOP"), ("rivals by", "Thompson"), ("years", "5"), ("answer", "defence"), ("era", "all"), ("great wars", "in"), ("contrast",
        "change")),
        "Rivals are often great powers and neighbours, who sign more pacts at any time; whoever compares only the years after takes that for an "
        "answer. "
        "Single answers, such as that of 1893 to 1882, can take longer than any window here.",
        "Whether a pact was signed because of another: only when. Armament, understandings that no treaty holds, and pacts not made are not in it.",
        "observed",
    ),
    {"pacts": tuple(PACTS), "rivals by": tuple(RIVALS), "years": tuple(map(str, YEARS)), "answer": tuple(KINDS), "era": tuple(SPANS),
     "great wars": ("in", "out"), "contrast": CONTRASTS},
    _jobs,
    (*PACTS.values(), *RIVALS.values(), "cow_states"),
)  # fmt: skip
