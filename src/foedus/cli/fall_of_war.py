"""``foedus fall-of-war``: wars per pair of states and allies of a state over two centuries, by rule of counting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from foedus.cli.common import emit, say, show

if TYPE_CHECKING:
    from foedus.studies.peace_facts import FallOfWar

Folder = Annotated[Path | None, Parameter(name=["--data-dir"])]


def fall_of_war(
    *, draws: int = 1000, every: bool = False, data_dir: Folder = None, seed: int = 1, json: bool = False
) -> None:
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
    say(
        f"How far the fall of war and the rise of allies depend on how they are counted: rates are counts, intervals {found.draws:,} resampled sets, "
        f"seed {found.seed}."
    )
    _print_wars(found, every=every)
    _print_ties(found, every=every)
    _print_before_1914(found)
    say(
        "What the fall goes with, trade, nuclear weapons, democracy, memory of the wars, came at the same time: two windows cannot tell these apart, "
        "and a rate of rare events is known no better than its few great wars allow."
    )


def _print_wars(found: FallOfWar, *, every: bool) -> None:
    """Print the rates by rule, how far the ratio goes over all rules, and which rules meet the published digits."""
    import polars as pl

    from foedus.studies.peace_facts import wars, windows

    table = found.table()
    main = table.filter((pl.col("windows") == windows(wars.MAIN)) & (pl.col("members") == "cow"))
    chosen = table if every else main
    without = {_rule(r, every=True): r for r in chosen.filter(~pl.col("world_wars")).to_dicts()}
    rows = []
    for r in chosen.filter("world_wars").to_dicts():
        x = without[_rule(r, every=True)]
        rows.append(
            {
                "rule": _rule(r, every=every), "per 100,000": f"{1e5 * r['first']:.0f}, {1e5 * r['second']:.1f}",
                "ratio, by wars": f"{r['ratio']:.1f} {_ends(r, 'wars')}", "by years": _ends(r, "years"),
                "no world wars": f"{x['ratio']:.1f} {_ends(x, 'wars')}",
            }
        )  # fmt: skip
    both = windows(wars.MAIN).replace(", ", " and ")
    first, second = (f"{1e5 * x:.0f}" for x in wars.PUBLISHED)
    show(
        f"Wars per pair of states and year, {both}; published {first} and {second} per 100,000, about a tenth", pl.DataFrame(rows), rows=len(rows),
        note="per 100,000 pairs and years; ratio: first over second [95 % over resampled wars], and over resampled years. A rule: whose list; what "
        "counts (the war as one, pairs of its first day, all pairs across its sides, pairs of the dyadic list); beginnings, or every year of war.",
    )  # fmt: skip
    spread = [
        {"rules": k, "least": f"{a:.1f}", "median": f"{b:.1f}", "greatest": f"{c:.1f}"}
        for k, (a, b, c) in found.ratios().items()
    ]
    show(f"How far the ratio goes over {table.height} combinations of rules", pl.DataFrame(spread))
    for place, digits in zip(("first", "second"), wars.PUBLISHED, strict=True):
        met = table.filter(f"meets_{place}").to_dicts()
        names = dict.fromkeys(f"{r['list']}: {r['pairs']}, {r['counted']}" for r in met)
        say(f"Published digits of the {place} rate ({digits:.5f}), met in some windows by: {'; '.join(names) or 'no rule'}.")  # fmt: skip
    met_both = table.filter(pl.col("meets_first") & pl.col("meets_second")).height
    say(f"Both at once: {met_both} of {table.height} combinations.")


def _rule(row: dict[str, str], *, every: bool) -> str:
    """Return a rule of counting as text, the world wars apart."""
    short = f"{row['list']}: {row['pairs']}, {row['counted']}"
    return f"{short}, {row['members']}, {row['windows']}" if every else short


def _ends(row: dict[str, float], by: str) -> str:
    """Return the interval of a ratio; an end is infinite where a resampled set has no war in the second window."""
    return f"[{row[f'low_by_{by}']:.1f}, {row[f'high_by_{by}']:.1f}]"


def _print_ties(found: FallOfWar, *, every: bool) -> None:
    """Print allies of a state and five-year survival."""
    from foedus.studies.peace_facts import ties, wars, windows

    published = {
        "allies of a state": ties.ALLIES_PUBLISHED,
        f"still there after {ties.STEP} years": ties.LASTING_PUBLISHED,
    }
    for what, (a, b) in published.items():
        title = f"{what.capitalize()}, published {a} and {b} [95 % over blocks of five years]"
        _print_changes(found, what, title, None if every else windows(wars.MAIN))
    for kind in found.absent:
        say(f"Not at hand: {kind} (foedus data where cow_alliances).")


def _print_changes(found: FallOfWar, what: str, title: str, only: str | None) -> None:
    """Print one kind of change by rule, in some windows or all."""
    import polars as pl

    rows = [
        {"ties": f"{r['ties']}: {r['rule']}", **({} if only else {"windows": r["windows"]}),
         "first": _mean(r, "first"), "second": _mean(r, "second"),
         "ratio": f"{r['ratio']:.1f} [{r['ratio_low']:.1f}, {r['ratio_high']:.1f}]"}
        for r in found.tie_table().to_dicts()
        if r["what"] == what and only in {None, r["windows"]}
    ]  # fmt: skip
    show(title, pl.DataFrame(rows), rows=len(rows))


def _mean(row: dict[str, float], name: str) -> str:
    """Return a mean with its interval."""
    return f"{row[name]:.2f} [{row[f'{name}_low']:.2f}, {row[f'{name}_high']:.2f}]"


def _print_before_1914(found: FallOfWar) -> None:
    """Print the densities of 1900-1913."""
    import polars as pl

    from foedus.studies.debate import word

    rows = [
        {"ties": r["kind"], "among": r["where"], "n": f"{r['n_first']}, {r['n_last']}",
         "% of pairs": f"{r['share_first']:.2f}, {r['share_last']:.2f}",
         "points a year": f"{r['slope']:+.3f} [{r['slope_low']:+.3f}, {r['slope_high']:+.3f}]",
         "trend": word(r["slope_low"], r["slope_high"])}
        for r in found.density_table().to_dicts()
    ]  # fmt: skip
    show(
        "Density of alliances and rivalries, 1900 and 1913 [95 %]; published: both rose", pl.DataFrame(rows),
        note="All ties are counted, none sampled: the interval says how far the years scatter about a line. New states add pairs.",
    )  # fmt: skip
