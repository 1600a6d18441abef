"""A great war drawn without itself beside what happened: each state's chance of either side, and each pair's of being at war, by the year's end.

What happened is filled, what did not is hollow. Computes nothing; `write` gives SVG, PNG or one HTML file that needs no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.account import check, save
from foedus.report.figures.shared import STEP, inline
from foedus.report.words import Names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from foedus.studies.great_wars import GreatWar, Score

__all__ = ["chart", "check", "write"]

STATES = 14
"""States drawn: those that entered, and the likeliest others up to so many."""
SHIFT = 4
"""Px between the marks of both sides and the line of their state."""


def write(found: Sequence[GreatWar], path: Path) -> None:
    """Write the chart to a file; the ending says as what.

    Raises
    ------
    ParameterError
        Another ending than those of `foedus.report.figures.account.FORMATS`.
    """
    check(path)
    many = max(s.draws for one in found for s in one.scores)
    save(
        chart(found),
        path,
        source=f"Simulated: {many:,} wars of each by fitted rates, 90 % intervals. foedus data cite gives the data sets.",
    )


def chart(found: Sequence[GreatWar]) -> Any:
    """Return the wars as an Altair chart, one row each."""
    import altair as alt

    rows = [
        alt.hconcat(_states(one.scores[0], names), _pairs(one.scores[0], names), spacing=24).properties(title=_title(one))
        for one in found for names in [Names(one.what.system)]
    ]  # fmt: skip
    return alt.vconcat(*rows, spacing=22).resolve_scale(color="shared")


def _title(one: GreatWar) -> str:
    """Return what the row shows."""
    s = one.scores[0]
    names = Names(one.what.system)
    attacker, target = names.full(one.what.attacker), names.full(one.what.target)
    return f"{one.what.title}, {s.window}: {attacker} attacks {target}; {s.draws:,} wars by rates fitted without it"


def _states(s: Score, names: Names) -> Any:
    """Return the panel of states, a mark for either side."""
    rows = []
    kept = s.states.filter(s.states["happened"] != "").height
    late = max(0, STATES - kept)
    for r in s.states.rows(named=True):
        if not r["happened"]:
            late -= 1
            if late < 0:
                continue
        for side, shift in (("A", -SHIFT), ("B", SHIFT)):
            name = side.lower()
            rows.append(
                {"actor": names.short(r["actor"]), "side": f"side {side}", "shift": shift, "true": r["happened"] == side,
                 "p": 100 * r[f"p_side_{name}"], "low": 100 * r[f"low_side_{name}"], "high": 100 * r[f"high_side_{name}"]}
            )  # fmt: skip
    return _panel(rows, "actor", "chance of entering on either side, %")


def _pairs(s: Score, names: Names) -> Any:
    """Return the panel of pairs at war."""
    rows = [
        {"actor": f"{names.short(r['a'])} – {names.short(r['b'])}", "side": "pair", "shift": 0, "true": r["happened"],
         "p": 100 * r["p"], "low": 100 * r["low"], "high": 100 * r["high"]}
        for r in s.pairs.rows(named=True)
    ]  # fmt: skip
    return _panel(rows, "pair", "chance of a pair to be at war, %")


def _panel(rows: list[dict[str, Any]], what: str, title: str) -> Any:
    """Return marks with their intervals, what happened filled."""
    import altair as alt

    colours = {"side A": palette.FRONT, "side B": palette.TOGETHER, "pair": palette.TEXT}
    colour = alt.Color("side:N", title=None, scale=alt.Scale(domain=list(colours), range=list(colours.values())))
    y = alt.Y("actor:N", sort=list(dict.fromkeys(r["actor"] for r in rows)), axis=alt.Axis(ticks=False, title=None))
    layers = []
    for shift in sorted({r["shift"] for r in rows}):
        for true in (True, False):
            some = [r for r in rows if r["shift"] == shift and r["true"] is true]
            base = alt.Chart(inline(some)).encode(y=y, color=colour)
            layers.append(base.mark_rule(yOffset=shift, opacity=0.7).encode(x=alt.X("low:Q", title=title), x2="high:Q"))
            fill: dict[str, Any] = (
                {"filled": True} if true else {"filled": False, "fill": palette.PAGE, "strokeWidth": 1.3}
            )
            layers.append(base.mark_point(yOffset=shift, size=44, opacity=1, **fill).encode(x="p:Q"))
    return alt.layer(*layers).properties(
        width=250, height=alt.Step(STEP), title=alt.Title(f"by {what}; filled: it happened", fontSize=10)
    )
