"""``foedus counter-pacts``: whom new pacts threatened, whether these answered by pacts of their own, and whether signatories were outweighed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, progress, say, show, writable

if TYPE_CHECKING:
    from foedus.formation.counter import Row
    from foedus.formation.counter_result import CounterPacts
    from foedus.studies.counter_sequence import Sequence

WORDS = {
    "permute": "against other dates", "matched": "against peers", "calm": "check: the least threatened against other dates",
    "shift": "check: against own shifts", "before": "check: against peers in the years before the pact",
}  # fmt: skip
OUTCOMES = {"counter": "without a signatory", "with a member": "with a signatory", "either": "with anybody"}
NULLS = {"permute": "other dates", "matched": "peers"}
STEPS_SHOWN = 15.0
"""Years after a step up to which a signing is printed as its answer; --json holds all."""
LEAST_RISE = 0.003
"""Rise of threat, in the world's capability, from which an outsider of a step is printed; --json holds all."""


def counter_pacts(
    *, from_: Annotated[int | None, Parameter(name=["--from"])] = None, to: int | None = None, within: int | None = None,
    pacts: Literal["defense", "any", "offense"] | None = None, null: Literal["both", "permute", "matched"] | None = None,
    by: Literal["era", "years"] | None = None, sequence: Annotated[bool, Parameter(negative="")] = False, samples: int | None = None,
    draws: int | None = None, seed: int = 1, data_dir: Annotated[Path | None, Parameter(name=["--data-dir"])] = None, figure: Path | None = None,
    out: Path | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Ask of every new pact since 1816 whom it threatened and whether these gained a pact of their own, against two yardsticks of chance.

    Parameters
    ----------
    from_
        First year of signature (default: 1816).
    to
        Last year of signature (default: 2018); answers are looked for to the end of the record.
    within
        Years within which a gain counts as an answer, 1 to 10 (default: 5).
    pacts
        Which alliances may alarm: those that promise defense (the default), offense, or any promise.
    null
        permute: the same signings on other dates of the era; matched: the least threatened outsiders of the same day; both (the default).
    by
        era (the default), or years: all eras together, by years since the pact.
    sequence
        Only the five steps of 1879, 1882, 1893, 1904 and 1907: whom each threatened, and what these signed.
    samples
        Random orders of the dates (default: 499).
    draws
        Resampled sets behind an interval (default: 500).
    seed
        The same seed gives the same numbers.
    data_dir
        Folder with the published data files (default: the folder that FOEDUS_DATA names).
    figure
        Write the effects by era and by years as a figure: .svg, .png or .html.
    out
        Write every threatened outsider with what it signed: .csv or .parquet.
    json
        Print JSON.
    """
    named = {"first": from_, "last": to, "within": within, "pacts": pacts, "samples": samples, "draws": draws}
    given: dict[str, Any] = {k: v for k, v in named.items() if v is not None}
    if sequence:
        if given or any(x is not None for x in (null, by, figure, out)):
            raise bad_option("--sequence takes --data-dir and --json only", "foedus counter-pacts --sequence")
        from foedus.studies.counter_sequence import counter_sequence

        steps = counter_sequence(data_dir=data_dir)
        emit(steps.to_dict()) if json else _show_steps(steps)
        return
    from foedus.panel.table_files import TABLES, check_format, write_table
    from foedus.report.figures import counter as drawing
    from foedus.studies.counter_pacts import counter_pacts as study

    if figure is not None:
        drawing.check(writable(figure, "--figure"))
    if out is not None:
        check_format(writable(out, "--out"), "--out", TABLES)
    if null in ("permute", "matched"):
        given["designs"] = (null,)
    with progress("pacts", quiet=json) as tell:
        found = study(data_dir=data_dir, seed=seed, progress=tell, **given)
    if figure is not None:
        drawing.write(found, figure)
    if out is not None:
        write_table(found.answers_table(), out, "the threatened outsiders")
    if json:
        emit(found.to_dict())
        return
    _show(found, by or "era")
    for path in (figure, out):
        if path is not None:
            say(f"wrote {path}")


def _show(found: CounterPacts, by: str) -> None:
    """Print what was found."""
    import polars as pl

    say(
        f"{found.rises[-1].pacts} new pacts ({found.pacts}) signed {found.first}-{found.last}; {found.threatened} outsiders threatened, by "
        f"{found.rises[-1].threatening} of them. Record of signings to {found.end}; years beyond it are unknown, not “no”. Seed {found.seed}."
    )
    if len({r.design for r in found.redress}) > 1:
        say(f"Do states sign when outweighed? All eras: {found.verdict(of='redress')}. Do the threatened answer? All eras: {found.verdict()}; " +
            "; ".join(f"{r.era} {found.verdict(r.era)}" for r in found.rises[:-1] if r.pacts) + ".")  # fmt: skip
    rows = [
        {
            "era": r.era,
            "pacts": r.pacts,
            "outsiders": f"{r.outsiders:,}",
            "threat rose": _share(r.risen),
            "gap widened": _share(r.widened),
            "threatened": r.threatened,
            "added, x own strength": _number(r.rise),
            "gap x": _number(r.gap, grow=True),
        }
        for r in found.rises
        if r.pacts
    ]
    rows = _once(rows, "era")  # fmt: skip
    show(
        "Did threat and power gap rise?", pl.DataFrame(rows),
        note="threatened: the pact adds at least a tenth of the outsider's own strength and of the threat it was under. Added and gap: "
        "medians of these.",
    )  # fmt: skip
    counter = [r for r in found.rows if r.outcome == "counter"]
    chosen = [r for r in counter if (r.within == found.within if by == "era" else r.era == "all")]
    for design in dict.fromkeys(r.design for r in chosen):
        table = [_cells(r, "era" if by == "era" else "within") for r in chosen if r.design == design and r.effect.cases]
        table = _once(table, "era") if by == "era" else table
        if table:
            show(
                f"Counter-pact gained, {WORDS[design]}" + (f", within {found.within} years" if by == "era" else ""),
                pl.DataFrame(table),
            )
    say(
        "points: percentage points more than expected; intervals 90 %, ? where nothing is expected in some resampled sets: they resample "
        "states and years, p redraws what is expected, so that the two may differ; p two-sided, "
        "corrected by Holm (over eras and comparisons; over comparisons for all eras), raw for the checks. Against other dates: each state's own "
        "number of signings in the era and the era's calendar are kept, but not that one state signs in bursts, which makes more expected than "
        "should be; own shifts keep them and not the calendar. Against peers: three of the least threatened outsiders of the same pact."
    )
    whole = [
        r for r in found.rows if r.era == "all" and r.within == found.within and r.design in ("permute", "matched")
    ]
    show(
        "With whom a defence pact was gained, all eras",
        pl.DataFrame([{"against": NULLS[r.design]} | _cells(r, "outcome") for r in whole]),
    )
    redress = [r for r in found.redress if r.outcome == "own" and r.effect.cases]
    show(
        "Redress, all signings on record whatever --from and --to: rank of those who sign by threat over own strength "
        "(1 most outweighed, 0.5 the middle)",
        pl.DataFrame([_ranks(r) for r in redress]),
    )  # fmt: skip
    say(
        "A verdict needs both comparisons. Threat and pact may share causes: neither makes a signature an experiment "
        "(docs/concepts/counter-alliances.md)."
    )


def _once(rows: list[dict[str, Any]], label: str) -> list[dict[str, Any]]:
    """Return rows of eras and of all, without that of all where it says the same as the only era."""
    one, *rest = [{k: v for k, v in r.items() if k != label} for r in rows] or [{}]
    return rows[:1] if rest == [one] else rows


def _cells(row: Row, label: str) -> dict[str, Any]:
    """Return one comparison as cells."""
    e = row.effect
    first = {"era": row.era, "within": f"{row.within} y", "outcome": OUTCOMES.get(row.outcome, row.outcome)}[label]
    return {
        label: first, "cases": e.cases, "gained": _share(e.share), "expected": _share(e.expected),
        "points": _between(e.difference, e.low, e.high, 100, 1), "ratio": _between(e.ratio, e.ratio_low, e.ratio_high, 1, 1),
        "p": _p(e.p if e.p_holm is None else e.p_holm),
    }  # fmt: skip


def _ranks(row: Row) -> dict[str, Any]:
    """Return one comparison of ranks as cells."""
    e = row.effect
    return {
        "against": NULLS[row.design], "era": row.era, "signings": e.cases, "rank": _number(e.share), "expected": _number(e.expected),
        "difference": _between(e.difference, e.low, e.high, 1, 2), "p": _p(e.p if e.p_holm is None else e.p_holm),
    }  # fmt: skip


def _show_steps(found: Sequence) -> None:
    """Print the five steps."""
    import polars as pl

    say(
        f"Whom {len(found.steps)} steps of 1879 to 1907 threatened, and the first counter-pact of each. Derived from records, without an interval: "
        "a threat rests on weights of hostility that are partly assumed, and small states far away are counted like great powers."
    )
    for step in found.steps:
        rows = [
            {"threatened": a.outsider, "threat +": _share(a.share), "gap": f"{_number(a.gap_before, grow=True)} to {_number(a.gap_after, grow=True)}",
             "counter-pact within 15 years": a.answer if a.years is not None and a.years <= STEPS_SHOWN else "none",
             "after": f"{a.years:.1f} y" if a.years is not None and a.years <= STEPS_SHOWN else ""}
            for a in step.threatened if a.rise >= LEAST_RISE
        ]  # fmt: skip
        note = "" if step.atop else " No pledge in ATOP: as if its members had promised to fight for each other."
        show(
            f"{step.signed} {step.name}: {', '.join(step.members)}.{note}",
            pl.DataFrame(rows, schema=dict.fromkeys(("threatened", "threat +", "gap", "counter-pact within 15 years", "after"), pl.String)),
            of=found.names,
        )  # fmt: skip
    say(
        "threat +: rise of the expected threat, of what it was; gap: strength of the strongest signatory with its allies over the outsider's "
        "with its own, "
        f"then of all signatories together. Left out: {sum(a.rise < LEAST_RISE for s in found.steps for a in s.threatened)} with a rise below "
        f"{LEAST_RISE:g} (capability as a share of the world's); --json holds all. Counter-pact: the first gain of "
        "a defence ally by an alliance without any of the signatories (ATOP)."
    )


def _share(value: float | None) -> str:
    """Return a share as per cent."""
    return "unknown" if value is None else f"{100 * value:.0f} %" if value < 10 else f"{value:,.0f}-fold"


def _number(value: float | None, *, grow: bool = False) -> str:
    """Return a number, or the factor of a logarithm."""
    import math

    return "unknown" if value is None else f"{math.exp(value) if grow else value:.2f}"


def _between(value: float | None, low: float | None, high: float | None, unit: float, digits: int) -> str:
    """Return a number and its interval."""
    if value is None:
        return "unknown"
    parts = [f"{round(unit * x, digits) + 0.0:.{digits}f}" if x is not None else "?" for x in (value, low, high)]
    return f"{parts[0]} [{parts[1]}, {parts[2]}]".replace("-", "\u2212")


def _p(value: float | None) -> str:
    """Return a p-value."""
    return "" if value is None else f"{value:.3f}"
