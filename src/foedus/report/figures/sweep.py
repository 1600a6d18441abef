"""A sweep as bars: what each key changes in a quantity, with intervals, and beside it its shares of the variance where the design gives any.

Charts in house style that stand alone (`write` gives SVG, PNG or one HTML file that needs no network). Computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.account import check, save
from foedus.report.figures.shared import inline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from foedus.studies.sweep_result import Sweep

WIDE, ROW = 330, 34
SHARES = ("by itself", "in all")


def chart(found: Sweep, outcomes: Sequence[str]) -> Any:
    """Return one row of panels a quantity, its keys in the order of what they do."""
    import altair as alt

    title = f"{found.system.title}: what moves it, over {len(found.points):,} points; 90 % intervals"
    rows = [_quantity(found, name) for name in outcomes]
    return alt.vconcat(*rows, spacing=30).properties(title=title)


def write(found: Sweep, path: Path, outcomes: Sequence[str] | None = None) -> None:
    """Write the chart of some quantities (the headline ones by default) to a file; the ending says as what.

    Raises
    ------
    ParameterError
        Another ending than those of `foedus.report.figures.account.FORMATS`, or no such quantity.
    """
    check(path)
    source = f"Simulated: {len(found.points):,} points around system {found.system.id} and the sources it cites."
    save(chart(found, outcomes or found.headline), path, source=source)


def _quantity(found: Sweep, name: str) -> Any:
    """Return the panels of one quantity."""
    import altair as alt

    effects = found.effects(name)
    ends = {v.key: f"{v.key}, {v.low:g} to {v.high:g}" for v in found.keys}
    order = [ends[e.key] for e in effects]
    y = alt.Y("key:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    changes = [
        {"key": ends[e.key], "change": e.change.mean, "low": e.change.low, "high": e.change.high}
        for e in effects if e.change is not None
    ]  # fmt: skip
    base = alt.Chart(inline(changes)).encode(y=y, tooltip=["key:N", "change:Q", "low:Q", "high:Q"])
    x = alt.X("low:Q", title=f"change of: {name}")
    zero = alt.Chart(inline([{"x": 0}])).mark_rule(color=palette.TEXT, opacity=0.5).encode(x="x:Q")
    line = base.mark_rule(strokeWidth=2, color=palette.TOGETHER).encode(x=x, x2="high:Q")
    dot = base.mark_point(filled=True, size=50, opacity=1, color=palette.TOGETHER).encode(x="change:Q")
    left = alt.layer(zero, line, dot).properties(width=WIDE, height=ROW * len(order))
    shares = [
        {"key": ends[e.key], "which": which, "share": s.mean, "low": s.low, "high": s.high}
        for e in effects for which, s in zip(SHARES, (e.first, e.total), strict=True) if s is not None
    ]  # fmt: skip
    if not shares:
        return left
    colour = alt.Color(
        "which:N", scale=alt.Scale(domain=list(SHARES), range=[palette.FREE, palette.FRONT]), title="share of variance"
    )
    right = alt.Chart(inline(shares)).encode(
        y=alt.Y("key:N", sort=order, title=None, axis=None), yOffset=alt.YOffset("which:N", sort=list(SHARES)), color=colour,
        tooltip=["key:N", "which:N", "share:Q", "low:Q", "high:Q"],
    )  # fmt: skip
    spread = right.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title="share of variance", axis=alt.Axis(format="%")), x2="high:Q"
    )
    at = right.mark_point(filled=True, size=50, opacity=1).encode(x="share:Q")
    return alt.hconcat(left, alt.layer(spread, at).properties(width=WIDE * 0.7, height=ROW * len(order)), spacing=20)
