"""``foedus debate``: do defence pacts deter, by design; ``foedus fall-of-war``: wars and allies over two centuries, by rule of counting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.common import emit, progress, say, show, writable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from foedus.studies.debate import Debate, Path as Way
    from foedus.studies.peace_facts import FallOfWar

Folder = Annotated[Path | None, Parameter(name=["--data-dir"])]
PLEDGES = {"pact": "pact", "older": "older pact", "offence": "offence", "neutrality": "neutrality"}


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
        from foedus.report.figures import files

        files.check(writable(figure, "--figure"))
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
    from foedus.report.figures import files, specification
    from foedus.studies.debate import CHOICES

    rows = found.multiverse().to_dicts()
    title = f"Log-odds that a target with an outside defence pact is challenged: {len(rows)} designs, 95 % intervals"
    chart = specification.curve(rows, {c: about for c, (_, _, about) in CHOICES.items()}, title=title, value="log-odds")
    files.save(chart, path)


def _print_debate(found: Debate) -> None:
    """Print the designs, the ways between them and how choices matter."""
    import polars as pl

    out = ", ".join(f"{n:,} {what}" for what, n in found.left_out.items() if n)
    say(f"{found.n:,} directed pairs by year, disputes of {found.data.upper()}. Left out: {out or 'none'}.")
    table = found.table().to_dicts()
    show(
        "Log-odds that the challenger begins a dispute, by what outside states owe [95 %]",
        pl.DataFrame([
            {"design": r["design"], "disputes": f"{r['disputes']:,}", "owed": PLEDGES[r["term"]], "log-odds": _span(r["log_odds"], r["low"], r["high"]),
             "by pair": _ends(r["low_pairs"], r["high_pairs"]), "by year": _ends(r["low_years"], r["high_years"]), "predicted": r["predicted"],
             "found": r["found"]}
            for r in table
        ]),
        note="pact, older pact: defence owed to the target; offence, neutrality: owed to the challenger. Predicted by Leeds and by Johnson & Leeds. "
        "The interval lets all pairs with a common member go together, or all years of a pair where that is wider.",
    )  # fmt: skip
    _print_variants(found)
    for way in found.paths:
        _print_way(way)
    show("All combinations of choices: what they say of the target's pact", found.levels())
    say(
        "These are associations: pacts are made where disputes are feared, by states that choose. Intervals of single designs do not know that the "
        "design was chosen."
    )


def _print_variants(found: Debate) -> None:
    """Print the target's pact in each design with other outcomes and terms."""
    import polars as pl

    kinds = list(dict.fromkeys(v for _, v in found.variants))
    rows = []
    for name in found.designs:
        row = {"design": name}
        for kind in kinds:
            one = found.variants[name, kind]
            row[kind] = "no finite estimate" if one is None else f"{_span(*one.interval('pact'))}, {one.events:,}"
        rows.append(row)
    show("The same for disputes in which force was used, for wars, and with splines of peace years: pact, events", pl.DataFrame(rows))  # fmt: skip


def _print_way(way: Way) -> None:
    """Print what each choice does between two designs."""
    import polars as pl

    from foedus.studies.debate import CHOICES

    rows = [
        {"choice": CHOICES[s.choice][2], "from, to": f"{CHOICES[s.choice][0]}, {CHOICES[s.choice][1]}", "changes log-odds by": _span(*s.effect),
         "orders, %": f"{100 * s.turns:.0f}", "in draws, %": f"{100 * s.turns_drawn:.0f}"}
        for s in sorted(way.steps, key=lambda s: -abs(s.effect[0]))
    ]  # fmt: skip
    show(
        f"{way.name} (force used): from {way.start.coef[1]:+.2f} to {way.end.coef[1]:+.2f}, difference {_span(*way.difference)}",
        pl.DataFrame(rows), note="orders: share of all orders of the choices in which the sign changes for good at this one; in draws: mean over draws.",
    )  # fmt: skip
    named = way.names()
    if named is None:
        side = "above" if way.end.coef[1] >= 0 else "below"
        say(f"Both ends are {side} 0: no sign to flip. The signs of the two differ in {100 * way.flips_drawn:.0f} % of draws.")  # fmt: skip
        return
    step = next(s for s in way.steps if s.choice == named)
    alone = [s for s in way.steps if s.turns == max(t.turns for t in way.steps)]
    tied = f"; {len(alone)} choices are as often the one at which it does" if len(alone) > 1 else ""
    say(
        f"The sign differs between the two, in {100 * way.flips_drawn:.0f} % of draws. The choice that goes furthest towards it: {CHOICES[named][2]} "
        f"({CHOICES[named][0]} to {CHOICES[named][1]}), {_span(*step.effect)}{tied}."
    )


def fall_of_war(*, draws: int = 1000, every: bool = False, data_dir: Folder = None, seed: int = 1, json: bool = False) -> None:
    """Wars per pair of states before and after 1950, allies and how long they stay, under every rule of counting.

    Parameters
    ----------
    draws
        Resampled sets of wars and of years, at least 100.
    every
        Show every rule, not only the published windows with members of the Correlates of War's list.
    data_dir
        Folder with the published data files.
    seed
        The same seed gives the same numbers.
    json
        Print JSON, every rule in it.
    """
    from foedus.studies.peace_facts import fall_of_war as study

    found = study(data_dir=data_dir, draws=draws, seed=seed)
    if json:
        emit(found.to_dict())
        return
    _print_wars(found, every=every)
    _print_ties(found, every=every)
    _print_before_1914(found)
    say(
        "What the fall goes with, trade, nuclear weapons, democracy, memory of the wars, came at the same time: two windows cannot tell these apart, "
        "and a rate of rare events is known no better than its few great wars allow."
    )


def _print_wars(found: FallOfWar, *, every: bool) -> None:
    """Print the rates by rule, and how far the ratio goes over all rules."""
    import polars as pl

    from foedus.studies.peace_facts import wars, windows

    table = found.table()
    main = table.filter((pl.col("windows") == windows(wars.MAIN)) & (pl.col("members") == "cow"))
    chosen = table if every else main
    without = {_rule(r): r for r in chosen.filter(~pl.col("world_wars")).to_dicts()}
    rows = [
        {"rule": _rule(r) if every else _rule(r)[: -len(f", {r['members']}, {r['windows']}")], "per 100,000": f"{1e5 * r['first']:.0f}, {1e5 * r['second']:.1f}",
         "ratio, by wars": _ratio(r["ratio"], r["low_by_wars"], r["high_by_wars"]), "by years": _ratio(None, r["low_by_years"], r["high_by_years"]),
         "no world wars": _ratio(x["ratio"], x["low_by_wars"], x["high_by_wars"])}
        for r in chosen.filter("world_wars").to_dicts() if (x := without[_rule(r)])
    ]  # fmt: skip
    first, second = wars.PUBLISHED
    show(
        f"Wars per pair of states and year, {windows(wars.MAIN).replace(', ', ' and ')}; published {1e5 * first:.0f} and {1e5 * second:.0f}, about a tenth",
        pl.DataFrame(rows), rows=len(rows), note="per 100,000 pairs and years; ratio: first over second [95 % over resampled wars], and over resampled years. A rule: whose list; "
        "what counts (the war as one, pairs of its first day, all pairs across its sides, pairs of the dyadic list); beginnings, or every year of war.",
    )  # fmt: skip
    spread = [{"rules": k, "least": f"{a:.1f}", "median": f"{b:.1f}", "greatest": f"{c:.1f}"} for k, (a, b, c) in found.ratios().items()]  # fmt: skip
    show(f"How far the ratio goes over {table.height} combinations of rules", pl.DataFrame(spread))
    for k, place in enumerate(("first", "second")):
        met = dict.fromkeys(f"{r['list']}: {r['pairs']}, {r['counted']}" for r in table.filter(f"meets_{place}").to_dicts())  # fmt: skip
        say(f"Published digits of the {place} rate ({wars.PUBLISHED[k]:.5f}), met in some windows by: {'; '.join(met) or 'no rule'}.")  # fmt: skip
    both = table.filter(pl.col("meets_first") & pl.col("meets_second")).height
    say(f"Both at once: {both} of {table.height} combinations.")


def _rule(row: dict[str, str]) -> str:
    """Return a rule of counting as text, the world wars apart."""
    return f"{row['list']}: {row['pairs']}, {row['counted']}, {row['members']}, {row['windows']}"


def _print_ties(found: FallOfWar, *, every: bool) -> None:
    """Print allies of a state and five-year survival."""
    from foedus.studies.peace_facts import ties, wars, windows

    published = {"allies of a state": ties.ALLIES_PUBLISHED, f"still there after {ties.STEP} years": ties.LASTING_PUBLISHED}
    for what, (a, b) in published.items():
        title = f"{what.capitalize()}, published {a} and {b} [95 % over blocks of five years]"
        _print_changes(found, what, title, None if every else windows(wars.MAIN))
    for kind in found.absent:
        say(f"Not at hand: {kind} (foedus data where cow_alliances).")


def _print_changes(found: FallOfWar, what: str, title: str, only: str | None) -> None:
    """Print one kind of change by rule, in some windows or all."""
    import polars as pl

    rows = [
        {"ties": f"{r['ties']}: {r['rule']}", **({} if only else {"windows": r["windows"]}), "first": _plain(r, "first"), "second": _plain(r, "second"),
         "ratio": _ratio(r["ratio"], r["ratio_low"], r["ratio_high"])}
        for r in found.tie_table().to_dicts() if r["what"] == what and only in {None, r["windows"]}
    ]  # fmt: skip
    show(title, pl.DataFrame(rows), rows=len(rows))


def _print_before_1914(found: FallOfWar) -> None:
    """Print the densities of 1900-1913."""
    import polars as pl

    from foedus.studies.debate import word

    rows = [
        {"ties": r["kind"], "among": r["where"], "n": f"{r['n_first']}, {r['n_last']}", "% of pairs": f"{r['share_first']:.2f}, {r['share_last']:.2f}",
         "points a year": _span(r["slope"], r["slope_low"], r["slope_high"], 3), "trend": word(r["slope_low"], r["slope_high"])}
        for r in found.density_table().to_dicts()
    ]  # fmt: skip
    show(
        "Density of alliances and rivalries, 1900 and 1913 [95 %]; published: both rose", pl.DataFrame(rows),
        note="All ties are counted, none sampled: the interval says how far the years scatter about a line. New states add pairs.",
    )  # fmt: skip


def _span(value: float, low: float, high: float, digits: int = 2) -> str:
    """Return a number with its interval, signed."""
    return f"{value:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"


def _ends(low: float, high: float) -> str:
    """Return an interval, signed."""
    return f"{low:+.2f}, {high:+.2f}"


def _ratio(value: float | None, low: float, high: float) -> str:
    """Return a ratio with its interval, or the interval alone."""
    ends = f"[{low:.1f}, {high:.1f}]"
    return ends if value is None else f"{value:.1f} {ends}"


def _plain(row: dict[str, float], name: str) -> str:
    """Return a mean with its interval."""
    return f"{row[name]:.2f} [{row[f'{name}_low']:.2f}, {row[f'{name}_high']:.2f}]"
