"""What the counter-alliance detector found, as a chart: left the difference by era, right by years since the pact, one colour a null.

A chart in house style that stands alone. Computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.formation.counter import SHIFT
from foedus.formation.counter_history import ALL, ERAS
from foedus.formation.counter_result import COUNTER
from foedus.report.figures import palette
from foedus.report.figures.account import check, save
from foedus.report.figures.shared import inline

if TYPE_CHECKING:
    from pathlib import Path

    from foedus.formation.counter import Row
    from foedus.formation.counter_result import CounterPacts

LABELS = {
    "permute": "against other dates",
    SHIFT: "against own shifts (check)",
    "matched": "against the least threatened",
}
APART = 8
"""Px between two marks of one era."""
AXIS = "counter-pacts more than expected, percentage points"


def chart(found: CounterPacts) -> Any:
    """Return the chart: differences in percentage points with their 90 % intervals, a line at no effect."""
    import altair as alt

    order = [*(e for e, _ in ERAS), ALL]
    rows = [
        _mark(r) for r in found.rows if r.design in LABELS and r.outcome == COUNTER and r.effect.difference is not None
    ]
    colour = alt.Color(
        "design:N", title=None, scale=alt.Scale(domain=list(LABELS.values()), range=[palette.FRONT, palette.FREE, palette.TOGETHER]),
        legend=alt.Legend(orient="top", symbolType="circle"),
    )  # fmt: skip
    eras = [r for r in rows if r["within"] == found.within]
    years = [r for r in rows if r["era"] == ALL]
    parts = [_panel(eras, "era", order, colour, found.within)]
    if len({r["within"] for r in years}) > 1:
        parts.append(_panel(years, "within", sorted({r["within"] for r in years}), colour, None))
    title = f"Outsiders threatened by a new pact ({found.pacts}, {found.first}-{found.last}): did they gain a counter-pact? 90 % intervals"
    return alt.hconcat(*parts, spacing=30).properties(title=title)


def write(found: CounterPacts, path: Path) -> None:
    """Write the chart to a file; the ending says as what.

    Raises
    ------
    ParameterError
        Another ending than those of `foedus.report.figures.account.FORMATS`.
    """
    check(path)
    save(
        chart(found),
        path,
        source=f"Defence pacts of ATOP, {found.first} to {found.last}, and the capabilities, disputes and rivalries that foedus counter-pacts names.",
    )


def _mark(row: Row) -> dict[str, Any]:
    """Return one comparison in percentage points; without an interval the mark stands alone."""
    e = row.effect
    low, high = (100 * x if x is not None else None for x in (e.low, e.high))
    return {
        "design": LABELS[row.design],
        "era": row.era,
        "within": row.within,
        "difference": 100 * (e.difference or 0.0),
        "low": low,
        "high": high,
        "cases": e.cases,
    }


def _panel(rows: list[dict[str, Any]], by: str, order: list[Any], colour: Any, within: int | None) -> Any:
    """Return one panel: eras, or years since the pact."""
    import altair as alt

    title = f"{AXIS}, within {within} years" if within else f"{AXIS}, all eras"
    y = alt.Y(f"{by}:N", sort=order, title=None if within else "years since the pact", axis=alt.Axis(ticks=False))
    layers: list[Any] = [
        alt.Chart(inline([{"zero": 0}]))
        .mark_rule(color=palette.TEXT, strokeDash=[3, 3], opacity=0.6)
        .encode(x="zero:Q")
    ]
    for k, label in enumerate(LABELS.values()):
        mine = [r for r in rows if r["design"] == label]
        shift = APART * (k - 1)
        base = alt.Chart(inline(mine)).encode(y=y, color=colour)
        whole = alt.Chart(inline([r for r in mine if r["low"] is not None])).encode(y=y, color=colour)
        layers += [
            whole.mark_rule(yOffset=shift, strokeWidth=1.5).encode(x=alt.X("low:Q", title=title), x2="high:Q"),
            base.mark_point(yOffset=shift, filled=True, size=48, opacity=1).encode(
                x=alt.X("difference:Q", title=title),
                tooltip=["era:N", "within:Q", "difference:Q", "low:Q", "high:Q", "cases:Q"],
            ),
        ]
    return alt.layer(*layers).properties(width=340, height=alt.Step(32))
