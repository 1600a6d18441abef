"""Casus foederis against another coding: which obligations 576 pairs of a war and an alliance put to the test.

The other coding is that of [Berkemeier2018]_; the rules, written before the first comparison, are those of
``docs/decisions/0011-casus-foederis-against-berkemeier-and-fuhrmann.md``. Judges obligations, not whether they were kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from foedus.data.store import DataDir
from foedus.obligations.bound import Obligation, bound
from foedus.studies.war_attacks import Attack, attacks_by_war
from foedus.system.from_tables import build
from foedus.system.tables import Tables

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    import polars as pl

    from foedus.obligations.bound import Bound
    from foedus.system.system import System

OURS = ("performance", "undetermined", "not met", "non-aggression kept", "consultation only", "not in force")
THEIRS = ("performance", "not met", "non-aggression kept", "consultation only")
HELP = ("defense", "offense")
ASKED = (*HELP, "neutral")
_QUIET = (
    ("not met", {"defense", "offense"}),
    ("non-aggression kept", {"nonagg"}),
    ("not met", {"neutral"}),
    ("consultation only", {"consul"}),
)
"""Labels of an alliance that was not called upon, by what it promises."""
FLAGS = ("defense", "offense", "neutral", "nonagg", "consul")


class Finding(NamedTuple):
    """One pledge of the alliance owed to a belligerent on one day, as we judge it.

    ``first`` if it was the first day of the war; ``pledged`` the types that anyone in the alliance promises on that day.
    """

    day: dt.date
    first: bool
    row: Obligation
    broken: bool
    pledged: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """One war and one alliance in both codings.

    ``ours`` and ``theirs`` are labels of `OURS` and `THEIRS`; ``theirs`` goes by the rules of Leeds, Long and Mitchell, ``theirs_bf`` is their own.
    ``reason`` says why ours differs (empty where it does not), ``evidence`` which pledge, variable or article decided ours.
    ``days`` counts the days of the war that were judged.
    """

    war: int
    name: str
    atop: int
    early: bool
    ours: str
    theirs: str
    theirs_bf: str
    reason: str
    evidence: str
    days: int

    @property
    def agree(self) -> bool:
        """Whether the labels are the same."""
        return self.ours == self.theirs


@dataclass(frozen=True)
class Casus:
    """Every case, with counts."""

    cases: tuple[Case, ...]

    @cached_property
    def disagreements(self) -> tuple[Case, ...]:
        """The cases with different labels, by reason, war and alliance."""
        return tuple(sorted((c for c in self.cases if not c.agree), key=lambda c: (c.reason, c.war, c.atop)))

    def confusion(self) -> pl.DataFrame:
        """Return the counts, ours in rows, theirs in columns."""
        import polars as pl

        counts = {(o, t): 0 for o in OURS for t in THEIRS}
        for c in self.cases:
            counts[c.ours, c.theirs] += 1
        return pl.DataFrame([{"ours": o} | {t: counts[o, t] for t in THEIRS} for o in OURS])

    def agreement(self) -> float:
        """Return the share of cases with the same label."""
        return sum(c.agree for c in self.cases) / len(self.cases)

    def binary(self) -> dict[str, float]:
        """Return the counts of performance or not (``both``, ``ours_only``, ``theirs_only``, ``neither``) and Cohen's kappa."""
        mine = [c.ours == "performance" for c in self.cases]
        their = [c.theirs == "performance" for c in self.cases]
        n, both = len(mine), sum(a and b for a, b in zip(mine, their, strict=True))
        neither = sum(not a and not b for a, b in zip(mine, their, strict=True))
        p, q = sum(mine) / n, sum(their) / n
        chance = p * q + (1 - p) * (1 - q)
        kappa = ((both + neither) / n - chance) / (1 - chance) if chance < 1 else 1.0
        return {
            "both": both, "ours_only": sum(mine) - both, "theirs_only": sum(their) - both, "neither": neither, "kappa": kappa,
        }  # fmt: skip

    def reasons(self) -> dict[str, int]:
        """Return how many cases differ for each reason, most frequent first."""
        counts: dict[str, int] = {}
        for c in self.disagreements:
            counts[c.reason] = counts.get(c.reason, 0) + 1
        return dict(sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))

    def table(self) -> pl.DataFrame:
        """Return one row per case."""
        import polars as pl

        return pl.DataFrame([{f: getattr(c, f) for f in Case.__slots__} | {"agree": c.agree} for c in self.cases])

    def markdown(self) -> str:
        """Return the confusion table, the reasons and every disagreement as Markdown tables."""
        head = ["| ours | " + " | ".join(f"theirs: {t}" for t in THEIRS) + " |", "|---|" + "---|" * len(THEIRS)]
        body = ["| " + " | ".join(str(v) for v in row) + " |" for row in self.confusion().rows()]
        why = ["| reason | cases |", "|---|---|", *(f"| {r} | {n} |" for r, n in self.reasons().items())]
        every = ["| war | ATOP | ours | theirs | reason | decided by |", "|---|---|---|---|---|---|"]
        every += [
            f"| {c.name} | {c.atop} | {c.ours} | {c.theirs} | {c.reason} | {c.evidence} |" for c in self.disagreements
        ]
        return "\n".join([*head, *body, "", *why, "", *every])


def against_berkemeier_fuhrmann(data_dir: DataDir | str | os.PathLike[str] | None = None) -> Casus:
    """Return which obligations each war put to the test by `bound`, beside the coding of Berkemeier and Fuhrmann.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
        Folder with the published files.

    Returns
    -------
    Casus
        One case for each of their rows; every disagreement with its reason.

    Raises
    ------
    DataError
        Files are missing from the folder.

    Notes
    -----
    Both codings read treaties; neither is the truth. The wars are those of [Reiter2016]_, the alliances those of [Leeds2002]_.

    Examples
    --------
    >>> against_berkemeier_fuhrmann("/data").reasons()  # doctest: +SKIP
    """
    store = DataDir.of(data_dir)
    store.require("berkemeier_fuhrmann", "iwd", "cow_wars")
    tables = Tables.read(store)
    names = dict(store.table("cow_wars").select("state_name", "ccode").unique().iter_rows())
    attacks = attacks_by_war(store.table("iwd"), names)
    members = tables["atop5_1m"]
    rows = store.table("berkemeier_fuhrmann").sort("war_id", "atopid").rows(named=True)
    out: list[Case] = []
    for war in dict.fromkeys(r["war_id"] for r in rows):
        mine = [r for r in rows if r["war_id"] == war]
        found = findings(attacks[war], {r["atopid"] for r in mine}, members, tables)
        out += [case(r, found[r["atopid"]], absence(r["atopid"], attacks[war], members)) for r in mine]
    return Casus(tuple(out))


def findings(
    attacks: tuple[Attack, ...], alliances: set[int], members: pl.DataFrame, tables: Tables
) -> dict[int, list[Finding]]:
    """Return what each alliance owed on each day judged of one war.

    Parameters
    ----------
    attacks : tuple of Attack
        In order of their day.
    alliances : set of int
        Numbers of ATOP.
    members : polars.DataFrame
        ATOP's member file.
    tables : Tables
    """
    import polars as pl

    out: dict[int, list[Finding]] = {a: [] for a in alliances}
    of = members.filter(pl.col("atopid").is_in(sorted(alliances)))
    tables = replace(tables, frames=tables.frames | {"atop5_1m": of})
    first, last = attacks[0].day, attacks[-1].until
    late = {
        day + dt.timedelta(days=1)
        for day in of.filter(pl.col("entry") >= first, pl.col("entry") < last)["entry"].to_list()
    }
    for day in sorted({a.day for a in attacks} | late):
        held = [a for a in attacks if a.day <= day]
        codes = {c for a in held for c in (a.attacker, a.target)} | set(of["member"].to_list())
        judged = _judge(build(day, tables, only=codes), held)
        if judged is None:
            continue
        system, verdicts, struck = judged
        pledged = {a: frozenset(g.type for p in system.pacts if p.atop == a for g in p.pledges) for a in alliances}
        for row, atop in _of_alliances(system, verdicts):
            if atop in out:
                broken = row.pledge == "nonagg" and (row.actor, row.ally) in struck
                out[atop].append(Finding(day, day == first, row, broken, pledged[atop]))
    return out


def _judge(system: System, held: list[Attack]) -> tuple[System, Bound, set[tuple[str, str]]] | None:
    """Return the verdicts on every attack up to a day, and the pairs of ids; None where no attack is between actors."""
    ids = {a.cow: a.id for a in system.actors if a.cow is not None}
    pairs = [(ids[a.attacker], ids[a.target]) for a in held if a.attacker in ids and a.target in ids]
    if not pairs:
        return None
    return system, bound(system, *pairs[-1], prior=pairs[:-1]), set(pairs)


def _of_alliances(system: System, verdicts: Bound) -> Iterator[tuple[Obligation, int]]:
    """Yield the obligations under treaties of ATOP, with its number."""
    numbers = {p.id: p.atop for p in system.pacts if p.atop is not None}
    for row in verdicts.rows:
        if row.pact_id in numbers:
            yield row, numbers[row.pact_id]


def absence(atop: int, attacks: tuple[Attack, ...], members: pl.DataFrame) -> str:
    """Return why an alliance could owe nothing to a belligerent: no such alliance, not in force during the war, or no member in it."""
    import polars as pl

    of = members.filter(pl.col("atopid") == atop)
    if of.is_empty():
        return "no such alliance in ATOP 5.1"
    during = of.filter(
        pl.col("entry") < attacks[-1].until, pl.col("exit").is_null() | (pl.col("exit") >= attacks[0].day)
    )
    return "no member among the belligerents" if len(during) else "in force before or after the war only"


def case(row: dict[str, Any], found: list[Finding], absent: str) -> Case:
    """Return one row of theirs beside what we found, labelled and, where they differ, with the reason; ``absent`` why nothing was found."""
    label, proof = ours(found)
    their = theirs(row, "llm")
    reason, told = ("", proof) if label == their else _reason(label, their, row, found, proof)
    if label == "not in force":
        reason = f"not in force: {absent}"
    evidence = "" if told is None else _evidence(told)
    return Case(
        row["war_id"], row["war"], row["atopid"], row["early"], label, their, theirs(row, "bf"), reason, evidence, len({f.day for f in found}),
    )  # fmt: skip


def ours(found: list[Finding]) -> tuple[str, Finding | None]:
    """Return our label of an alliance in a war, and the first finding that decides it."""
    tested = [
        f for f in found
        if (f.row.verdict == "bound" and f.row.pledge in HELP) or (f.row.verdict == "stay out" and f.row.pledge == "neutral") or f.broken
    ]  # fmt: skip
    if tested:
        return "performance", tested[0]
    still_open = [f for f in found if f.row.verdict == "undetermined" and f.row.pledge in ASKED]
    if still_open:
        return "undetermined", still_open[0]
    first = {f.row.pledge: f for f in reversed(found)}
    pledged = {kind for f in found for kind in f.pledged}
    for label, kinds in _QUIET:
        if pledged & kinds:
            return label, next((first[k] for k in FLAGS if k in first and k in kinds), found[0])
    return "not in force", None


def theirs(row: dict[str, Any], who: str) -> str:
    """Return their label: by the rules of Leeds, Long and Mitchell (``llm``) or by their own (``bf``)."""
    if row[f"honored_{who}"] or row[f"violated_{who}"]:
        return "performance"
    for label, column in (
        ("not met", "no_action"),
        ("non-aggression kept", "nonagg_only"),
        ("consultation only", "consul_only"),
    ):
        if row[f"{column}_{who}"]:
            return label
    return "not met"


_CLAUSES = (
    ("released", "released", ""),
    ("adversary", "not triggered", "owed only against"),
    ("place", "not triggered", "owed only in"),
    ("number", "not triggered", "adversaries"),
    ("ally attacks", "not triggered", "attack"),
)


def _reason(
    label: str, their: str, row: dict[str, Any], found: list[Finding], proof: Finding | None
) -> tuple[str, Finding | None]:
    """Return why two labels differ, the first reason of decision 11 that holds, and the finding that shows it."""
    if proof is None:
        return "not in force", None
    if label == "undetermined":
        return f"undetermined: {_condition(proof.row.reason)}", proof
    if {f for f in FLAGS if row[f]} != {kind for f in found for kind in f.pledged}:
        return "recoded", proof
    if label == "performance":
        if not any(f.first and f.row.verdict in {"bound", "stay out"} and f.row.pledge in ASKED for f in found):
            return "later", proof
        return {"neutral": "neutrality", "nonagg": "non-aggression"}.get(proof.row.pledge, "other"), proof
    if their == "performance":
        return _refused(found, proof)
    return "other", proof


def _refused(found: list[Finding], proof: Finding) -> tuple[str, Finding]:
    """Return by which clause nothing is owed where they find a test: the kind of clause that the most days and pledges have."""
    helping = [f for f in found if f.row.pledge in ASKED]
    hits = {
        reason: [f for f in helping if f.row.verdict == verdict and words in f.row.reason]
        for reason, verdict, words in _CLAUSES
    }
    reason = max(hits, key=lambda r: len(hits[r]))
    if hits[reason]:
        return reason, hits[reason][0]
    return (
        "not owed to the belligerent" if any(k in ASKED for f in found for k in f.pledged) else "non-aggression"
    ), proof


def _condition(reason: str) -> str:
    """Return the kind of condition that leaves a pledge open."""
    for kind, words in (
        ("adversary", "certain adversaries"),
        ("place", "certain region"),
        ("conflict", "certain conflict"),
        ("demand", "demand"),
    ):
        if words in reason:
            return kind
    return "limit"


def _evidence(found: Finding) -> str:
    """Return the pledge that decides, on its day, with the variables or the article."""
    r = found.row
    return f"{found.day}: {r.actor} to {r.ally}, {r.pledge}: {r.verdict}, {r.reason} ({r.article})"
