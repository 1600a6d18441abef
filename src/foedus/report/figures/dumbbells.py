"""The chart of section 4, in Altair: the chance to hold and to be beaten, alone and with all allies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.shared import MOST, STEP, inline, order_of
from foedus.report.figures.vega import to_svg
from foedus.report.words import Names

if TYPE_CHECKING:
    from foedus.estimate.nested import Estimate
    from foedus.report.model import Figure
    from foedus.studies.brief import Findings

TICKS = {"holds": (0, 20, 40, 60, 80, 100), "beaten": (0, 1, 5, 10, 25, 50, 100, 200, 400, 700, 1000)}
SHIFT = 4
"""Px between an interval and the line of its actor: alone above, together below."""


def ledger(f: Findings, figure: Figure) -> str:
    """Return the dumbbells of holding and of being beaten, whoever is in most danger alone first."""
    import altair as alt

    names = Names(f.system)
    chosen = sorted(f.ledgers, key=lambda x: -x.beaten[0].mean)[:MOST]
    if not chosen:
        return ""
    holds = [_row(names.short(x.actor), x.holds, 100) for x in chosen]
    beaten = [_row(names.short(x.actor), x.beaten, 1000) for x in chosen]
    left = _panel(holds, "holds", "holds if attacked, %", named=True)
    right = _panel(beaten, "beaten", "attacked and beaten, in 1,000 a year (root scale)", named=False)
    return to_svg(alt.hconcat(left, right, spacing=22), figure)


def _row(actor: str, pair: tuple[Estimate, Estimate], unit: float) -> dict[str, Any]:
    """Return both arms of one actor with their intervals."""
    row: dict[str, Any] = {"actor": actor}
    for arm, e in zip(("alone", "with"), pair, strict=True):
        row |= {arm: unit * e.mean, f"{arm}_low": unit * e.low, f"{arm}_high": unit * e.high}
    return row


def _panel(rows: list[dict[str, Any]], which: str, title: str, *, named: bool) -> Any:
    """Return one panel."""
    import altair as alt

    top = max(max(r["alone_high"], r["with_high"]) for r in rows)
    scale = alt.Scale(domain=[0, 100]) if which == "holds" else alt.Scale(type="sqrt", nice=True)
    ticks = alt.Axis(values=[t for t in TICKS[which] if t <= top or which == "holds"], format=",d")
    y = alt.Y("actor:N", sort=order_of(rows), axis=alt.Axis(labels=named, ticks=False, title=None))
    base = alt.Chart(inline(rows)).encode(y=y)
    layers = [
        base.mark_rule(color=palette.TOGETHER, strokeWidth=5, opacity=0.22).encode(
            x=alt.X("alone:Q", title=title, scale=scale, axis=ticks), x2="with:Q"
        )
    ]
    for arm, shift, colour in (("alone", -SHIFT, palette.TEXT), ("with", SHIFT, palette.TOGETHER)):
        rule = base.mark_rule(yOffset=shift, color=colour, strokeWidth=1, opacity=0.75)
        layers.append(rule.encode(x=alt.X(f"{arm}_low:Q"), x2=f"{arm}_high:Q"))
    hollow = base.mark_point(size=46, color=palette.TEXT, fill=palette.PAGE, opacity=1, strokeWidth=1.4)
    filled = base.mark_point(size=46, color=palette.TOGETHER, filled=True, opacity=1)
    layers += [hollow.encode(x="alone:Q"), filled.encode(x="with:Q")]
    return alt.layer(*layers).properties(width=290, height=alt.Step(STEP + 2))
