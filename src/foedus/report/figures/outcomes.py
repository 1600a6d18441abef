"""Charts of sections 5 and 7, in Altair: who joins which side, how large, what a change does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.report.figures import palette
from foedus.report.figures.shared import MOST, STEP, WIDTH, bloc_colour, inline, order_of
from foedus.report.figures.standing import looks
from foedus.report.figures.vega import to_svg
from foedus.report.words import Names

if TYPE_CHECKING:
    from foedus.report.model import Figure
    from foedus.studies.brief import Findings


def joining(f: Findings, figure: Figure) -> str:
    """Return the diverging bars of who joins which side."""
    import altair as alt

    w, names = f.war, Names(f.system)
    look = looks(f, names)
    order = sorted((a for a in w.system.ids if a not in {w.attacker, w.target}), key=lambda a: -w.p_war[a].mean)
    rows = []
    for a in [a for a in order if w.p_war[a].mean >= 0.01][:MOST]:
        for sign, e in zip((-1, 1), w.p_join[a], strict=True):
            rows.append(
                {
                    "actor": names.short(a),
                    "chance": 100 * sign * e.mean,
                    "low": 100 * sign * e.low,
                    "high": 100 * sign * e.high,
                    "bloc": look[a].words,
                }
            )
    if not rows:
        return ""
    base = alt.Chart(inline(rows)).encode(y=alt.Y("actor:N", sort=order_of(rows), title=None))
    most = next(
        m
        for m in (10, 20, 30, 40, 50, 75, 100)
        if m >= min(max(abs(r[k]) for r in rows for k in ("chance", "low", "high")), 100)
    )
    title = f"← with {names.short(w.attacker)} \u2003 % of simulated wars \u2003 with {names.short(w.target)} →"
    bars = base.mark_bar(height=11, opacity=0.62).encode(
        x=alt.X(
            "chance:Q",
            title=title,
            scale=alt.Scale(domain=[-most, most]),
            axis=alt.Axis(labelExpr="abs(datum.value)", tickCount=9),
        ),
        color=bloc_colour(look),
    )
    spans = base.mark_rule(color=palette.TEXT, strokeWidth=1.2).encode(x="low:Q", x2="high:Q")
    zero = alt.Chart(inline([{"at": 0}])).mark_rule(color=palette.TEXT, strokeWidth=1).encode(x="at:Q")
    return to_svg((bars + spans + zero).properties(width=WIDTH + 60, height=alt.Step(STEP)), figure)


def sizes(f: Findings, figure: Figure) -> str:
    """Return the distribution of the number of belligerents."""
    import altair as alt

    rows = [
        {"n": n, "share": 100 * share, "low": n - 0.42, "high": n + 0.42}
        for n, share in f.war.size_distribution().items()
    ]
    last = max(r["n"] for r in rows)
    x = alt.X(
        "low:Q",
        title="belligerents",
        scale=alt.Scale(domain=[1.4, last + 0.6], nice=False, zero=False),
        axis=alt.Axis(format="d", tickMinStep=1, grid=False),
    )
    bars = (
        alt.Chart(inline(rows))
        .mark_bar(color=palette.TOGETHER, orient="vertical")
        .encode(
            x=x,
            x2="high:Q",
            y=alt.Y("share:Q", title="% of wars", axis=alt.Axis(grid=True, tickCount=5)),
            y2=alt.datum(0),
        )
    )
    mean = (
        alt.Chart(inline([{"at": f.war.size.mean}])).mark_rule(color=palette.TEXT, strokeDash=[4, 3]).encode(x="at:Q")
    )
    label = mean.mark_text(align="left", dx=5, dy=8, color=palette.TEXT, text=f"mean {f.war.size.mean:.1f}").encode(
        x="at:Q", y=alt.value(0)
    )
    return to_svg((bars + mean + label).properties(width=WIDTH + 60, height=180), figure)


def what_if(f: Findings, figure: Figure) -> str:
    """Return the differences of a what-if, actor by actor."""
    import altair as alt

    if f.what_if is None:
        return ""
    names = Names(f.system)
    rows = []
    for d in f.what_if[3].actors:
        actor = d.quantity.removesuffix(" at war")
        if d.change and (abs(d.change.mean) >= 0.005 or d.change.low > 0 or d.change.high < 0):
            rows.append(
                {
                    "actor": names.short(actor),
                    "change": 100 * d.change.mean,
                    "low": 100 * d.change.low,
                    "high": 100 * d.change.high,
                    "clear": "clear of zero" if d.change.low > 0 or d.change.high < 0 else "includes zero",
                }
            )
    rows = rows[:30]
    if not rows:
        return ""
    base = alt.Chart(inline(rows)).encode(y=alt.Y("actor:N", sort=order_of(rows), title=None))
    spans = base.mark_rule(color=palette.TOGETHER, strokeWidth=1.6).encode(
        x=alt.X("low:Q", title="change of the chance to be at war, percentage points"), x2="high:Q"
    )
    clear = alt.Scale(domain=["clear of zero", "includes zero"], range=[palette.TOGETHER, palette.PAGE])
    points = base.mark_point(size=52, stroke=palette.TOGETHER, opacity=1, strokeWidth=1.5).encode(
        x="change:Q",
        fill=alt.Fill(
            "clear:N", scale=clear, title="90 % interval", legend=alt.Legend(symbolStrokeColor=palette.TOGETHER)
        ),
    )
    zero = alt.Chart(inline([{"at": 0}])).mark_rule(color=palette.TEXT, strokeWidth=1).encode(x="at:Q")
    return to_svg((zero + spans + points).properties(width=WIDTH + 40, height=alt.Step(STEP)), figure)
