"""``foedus debate``: do defence pacts deter, by design."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from foedus.cli.common import drawable, emit, progress, say, show

if TYPE_CHECKING:
    from foedus.studies.debate import Debate
    from foedus.studies.debate_fit import DebateFit
    from foedus.studies.debate_ways import Way

Folder = Annotated[Path | None, Parameter(name=["--data-dir"])]


PERFECT = {"democratic": "two democracies", "offence": "offence pact"}
"""What terms that no event has are called."""


def debate(
    *, data: Literal["gml", "cow"] = "gml", from_: Annotated[int, Parameter(name="--from")] = 1816, to: int = 2000, figure: Path | None = None,
    draws: int = 1000, data_dir: Folder = None, seed: int = 1, json: bool = False,
) -> None:  # fmt: skip
    """Do defence pacts deter? The designs of the debate on the same rows, and the choice at which they part.

    Parameters
    ----------
    data
        Whose disputes: Gibler, Miller and Little, or the Correlates of War.
    from_
        First year, from 1816.
    to
        Last year, to 2010 (cow: 2014).
    figure
        Write every combination of choices as a specification curve: .svg, .png or .html.
    draws
        Draws of all coefficients, for how surely signs differ.
    data_dir
        Folder with the published data files.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    from foedus.studies.debate import debate as study

    if figure is not None:
        drawable(figure)
    with progress("designs", quiet=json) as tell:
        found = study(data=data, first=from_, last=to, data_dir=data_dir, draws=draws, seed=seed, progress=tell)
    if figure is not None:
        _draw(found, figure)
    if json:
        emit(found.to_dict())
        return
    _print_debate(found)


def _draw(found: Debate, path: Path) -> None:
    """Write the specification curve."""
    from foedus.report.figures import account, specification
    from foedus.studies.debate_plan import CHOICES

    rows = found.multiverse().to_dicts()
    title = f"Log-odds that a target with an outside defence pact is challenged: {len(rows)} designs, 95 % intervals"
    chart = specification.curve(rows, {c: about for c, (_, _, about) in CHOICES.items()}, title=title, value="log-odds")
    account.save(
        chart, path, source="Estimated from the data sets that foedus debate names; foedus data cite gives them."
    )


def _print_debate(found: Debate) -> None:
    """Print the designs, the ways between them and how choices matter."""
    out = ", ".join(f"{n:,} {what}" for what, n in found.left_out.items() if n)
    say(
        f"{found.n:,} directed pairs by year, disputes of {found.data.upper()}; estimated, seed {found.seed}. Left out: {out or 'none'}."
    )
    _print_designs(found)
    _print_variants(found)
    _print_eras(found)
    for way in found.ways:
        _print_way(way)
    show("All combinations of choices: what they say of the target's pact", found.levels())
    say(
        "These are associations: pacts are made where disputes are feared, by states that choose. Intervals of single designs do not know that the "
        "design was chosen."
    )


def _print_designs(found: Debate) -> None:
    """Print what the published designs say of each pledge."""
    import polars as pl

    table = found.table().to_dicts()
    rows = [
        {"design": r["design"] + ("; older" if r["term"] == "older" else ""), "disputes": f"{r['disputes']:,}", "raw": _raw(r),
         "log-odds": _span(r["log_odds"], r["low"], r["high"]), "by pair": _ends(r["low_pairs"], r["high_pairs"]),
         "by year": _ends(r["low_years"], r["high_years"]), "found": r["found"]}
        for r in table if r["term"] in {"pact", "older"}
    ]  # fmt: skip
    show(
        "Log-odds that a dispute is begun where an outside state owes the target defence [95 %]", pl.DataFrame(rows),
        note="raw: disputes in 10,000 rows without and with such a pact, without any other term. The interval lets all pairs with a common member go "
        "together, or the years of a pair where that is wider. Predicted by Leeds and by Johnson & Leeds: lower.",
    )  # fmt: skip
    for name, (value, low, high) in found.apart().items():
        say(f"{name}: a new pact less an older one, {_span(value, low, high)}: {_word(low, high)}.")
    by_design: dict[str, dict[str, str]] = {}
    for r in table:
        if r["term"] in {"offence", "neutrality"}:
            text = f"{_span(r['log_odds'], r['low'], r['high'])}: {r['found']}"
            by_design.setdefault(r["design"], {"design": r["design"]})[r["term"]] = text
    show(
        "The same where an outside state owes the challenger offence or neutrality; Leeds and Johnson predict: higher",
        pl.DataFrame(list(by_design.values())),
    )  # fmt: skip


def _raw(row: dict[str, Any]) -> str:
    """Return the raw rates of a design, in 10,000 rows."""
    return "" if row["raw_with"] is None else f"{1e4 * row['raw_without']:.0f}, {1e4 * row['raw_with']:.0f}"


def _word(low: float, high: float) -> str:
    """Return what an interval says, in the study's words."""
    from foedus.studies.debate import word

    return word(low, high)


def _print_eras(found: Debate) -> None:
    """Print what the eras do to either kind of pact."""
    import polars as pl

    rows = [
        {"pact": kind, "before": _span(*a), "nuclear": _span(*b), "difference": f"{_span(*c)}: {_word(*c[1:])}"}
        for kind, (a, b, c) in found.eras.items()
    ]
    show("The target's pact before nuclear weapons and with them, all else as Johnson & Leeds do", pl.DataFrame(rows))


def _print_variants(found: Debate) -> None:
    """Print the target's pact in each design with one thing changed."""
    import polars as pl

    titles = {
        "The same for disputes in which force was used, for wars, and with splines of peace years: pact, events": ("force", "war", "splines"),
        "The same where pledges count whichever states they name, or only of alliances without the challenger": (
            "whoever it names", "without the challenger",
        ),
    }  # fmt: skip
    for title, kinds in titles.items():
        rows = [
            {"design": name} | {k: _variant(found.variants[name, k]) for k in kinds}
            for name in found.designs
            if (name, kinds[0]) in found.variants
        ]
        told = "no ...: no event has it, so that rows that have it tell nothing and are left out."
        show(title, pl.DataFrame(rows), note=told if "war" in kinds else "")


def _variant(one: DebateFit | None) -> str:
    """Return the pact's log-odds in a variant and its number of events."""
    if one is None:
        return "no finite estimate"
    without = f", no {' or '.join(PERFECT.get(t, t) for t in one.perfect)}" if one.perfect else ""
    return f"{_span(*one.interval('pact'))}, {one.events:,}{without}"


def _print_way(way: Way) -> None:
    """Print what each choice does between two designs."""
    import polars as pl

    from foedus.studies.debate_plan import CHOICES

    rows = [
        {"choice": CHOICES[s.choice][2], "from, to": f"{CHOICES[s.choice][0]}, {CHOICES[s.choice][1]}", "changes log-odds by": _span(*s.effect),
         "orders, %": f"{100 * s.turns:.0f}", "in draws, %": f"{100 * s.turns_drawn:.0f}"}
        for s in sorted(way.steps, key=lambda s: -abs(s.effect[0]))
    ]  # fmt: skip
    show(
        f"{way.name} (force used): from {way.start.coef[1]:+.2f} to {way.end.coef[1]:+.2f}, difference {_span(*way.difference)}",
        pl.DataFrame(rows), note="orders: share of all orders of the choices in which the sign changes for good at this one; in draws: mean over "
        "draws of all coefficients.",
    )  # fmt: skip
    named = way.names()
    if named is None:
        side = "above" if way.end.coef[1] >= 0 else "below"
        say(f"Both ends are {side} 0: no sign to flip. The signs of the two differ in {100 * way.flips_drawn:.0f} % of draws.")  # fmt: skip
        return
    step = next(s for s in way.steps if s.choice == named)
    often = way.most_often()
    share = 100 * max(s.turns for s in way.steps)
    say(
        f"The sign differs between the two, in {100 * way.flips_drawn:.0f} % of draws. The choice that goes furthest towards it: {CHOICES[named][2]} "
        f"({CHOICES[named][0]} to {CHOICES[named][1]}), {_span(*step.effect)}. It changes for good most often, in {share:.0f} % of orders"
        f"{' each' if len(often) > 1 else ''}, at: {', '.join(CHOICES[c][2] for c in often)}."
    )


def _span(value: float, low: float, high: float) -> str:
    """Return log-odds with their interval, signed."""
    return f"{value:+.2f} [{low:+.2f}, {high:+.2f}]"


def _ends(low: float, high: float) -> str:
    """Return an interval, signed."""
    return f"{low:+.2f}, {high:+.2f}"
