"""Charts of a brief, in Altair: membership, reasons, alone or together, who joins, how large, what a change does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.blocs.result import DOUBTFUL_BELOW
from foedus.report.figures import palette
from foedus.report.figures.standing import Look, looks
from foedus.report.figures.vega import to_svg
from foedus.report.kept import whys
from foedus.report.words import Names

if TYPE_CHECKING:
    from foedus.report.model import Figure
    from foedus.studies.brief import Findings

MOST = 40
"""Rows of a chart; beyond, the most capable or the most telling are drawn."""
STEP, WIDTH = 19, 470
TICKS = {"holds": (0, 20, 40, 60, 80, 100), "beaten": (0, 1, 5, 10, 25, 50, 100, 200, 400, 700, 1000)}


def membership(f: Findings, figure: Figure) -> str:
    """Return the bars of membership."""
    import altair as alt

    b, names = f.blocs, Names(f.system)
    look, chosen = looks(f, names), _attached(f)
    if not chosen:
        return ""
    rows = [{"actor": names.short(b.system.ids[k]), "share": 100 * float(b.membership[k]), "bloc": look[b.system.ids[k]].words} for k in chosen]
    base = alt.Chart(_data(rows)).encode(y=alt.Y("actor:N", sort=_order(rows), title=None))
    bars = base.mark_bar(height=11, cornerRadiusEnd=2).encode(
        x=alt.X("share:Q", title="% of draws with its bloc", scale=alt.Scale(domain=[0, 100])), color=_bloc_colour(look)
    )
    line = alt.Chart(_data([{"at": 100 * DOUBTFUL_BELOW}])).mark_rule(strokeDash=[4, 3], color=palette.TEXT, strokeWidth=1.2).encode(x="at:Q")
    return to_svg((bars + line).properties(width=WIDTH, height=alt.Step(STEP)), figure)


def reasons(f: Findings, figure: Figure) -> str:
    """Return the stacked reasons of each actor."""
    import altair as alt

    b, names = f.blocs, Names(f.system)
    found, chosen = whys(f), [b.system.ids[k] for k in _attached(f)]
    pulls = {a: {r: v for r, v, *_ in found[a].by_reason} for a in chosen}
    weight = Counter({r: 0.0 for p in pulls.values() for r in p})
    for p in pulls.values():
        weight.update({r: abs(v) for r, v in p.items()})
    top = [r for r, _ in weight.most_common(len(palette.REASONS) - 1)]
    shown = [*(r.replace("_", " ") for r in top), *(["all others"] if len(weight) > len(top) else [])]
    rows = []
    for a, p in pulls.items():
        rest = [v for r, v in p.items() if r not in top]
        parts = [(r, p.get(r, 0.0)) for r in top] + [("all others", sum(v for v in rest if v > 0)), ("all others", sum(v for v in rest if v < 0))]
        rows += [{"actor": names.short(a), "reason": r.replace("_", " "), "pull": v, "rank": shown.index(r.replace("_", " "))}
                 for r, v in parts if v]  # fmt: skip
    if not rows:
        return ""
    order = [names.short(a) for a in chosen]
    base = alt.Chart(_data(rows)).encode(y=alt.Y("actor:N", sort=order, title=None))
    colour = alt.Color("reason:N", title=None, sort=shown, scale=alt.Scale(domain=shown, range=list(palette.REASONS[: len(top)]) + [palette.REASONS[-1]]),
                       legend=alt.Legend(columns=5, symbolType="square"))  # fmt: skip
    bars = base.mark_bar(height=12, stroke=palette.PAGE, strokeWidth=0.6).encode(
        x=alt.X("pull:Q", title="← pulled away \u2003 share of all pulls \u2003 towards its bloc →", axis=alt.Axis(format="+.1f", tickCount=7)),
        color=colour, order="rank:Q")  # fmt: skip
    zero = alt.Chart(_data([{"at": 0}])).mark_rule(color=palette.TEXT, strokeWidth=1).encode(x="at:Q")
    return to_svg((bars + zero).properties(width=WIDTH, height=alt.Step(STEP)), figure)


def ledger(f: Findings, figure: Figure) -> str:
    """Return the dumbbells of holding and of being beaten."""
    import altair as alt

    names = Names(f.system)
    chosen = sorted(f.ledgers, key=lambda x: -x.beaten[0].mean)[:MOST]
    rows: list[dict[str, Any]] = []
    for x in chosen:
        for panel, pair, unit in (("holds", x.holds, 100), ("beaten", x.beaten, 1000)):
            a, t = pair
            rows.append({"actor": names.short(x.actor), "panel": panel, "alone": unit * a.mean, "alone_low": unit * a.low, "alone_high": unit * a.high,
                         "with": unit * t.mean, "with_low": unit * t.low, "with_high": unit * t.high})  # fmt: skip
    if not rows:
        return ""

    def panel(which: str, title: str, *, first: bool) -> alt.LayerChart:
        scale = alt.Scale(domain=[0, 100]) if which == "holds" else alt.Scale(type="sqrt", nice=True)
        axis = alt.Axis(labels=first, ticks=False, title=None)
        top = max(max(r["alone_high"], r["with_high"]) for r in rows if r["panel"] == which)
        ticks = alt.Axis(values=[t for t in TICKS[which] if t <= top or which == "holds"], format=",d")
        base = alt.Chart(_data([r for r in rows if r["panel"] == which])).encode(y=alt.Y("actor:N", sort=_order(rows), axis=axis))

        def interval(arm: str, shift: float, colour: str) -> alt.Chart:
            return base.mark_rule(yOffset=shift, color=colour, strokeWidth=1, opacity=0.75).encode(x=alt.X(f"{arm}_low:Q"), x2=f"{arm}_high:Q")

        link = base.mark_rule(color=palette.TOGETHER, strokeWidth=5, opacity=0.22).encode(x=alt.X("alone:Q", title=title, scale=scale, axis=ticks), x2="with:Q")
        hollow = base.mark_point(size=46, color=palette.TEXT, fill=palette.PAGE, opacity=1, strokeWidth=1.4).encode(x="alone:Q")
        filled = base.mark_point(size=46, color=palette.TOGETHER, filled=True, opacity=1).encode(x="with:Q")
        parts = link + interval("alone", -4, palette.TEXT) + interval("with", 4, palette.TOGETHER) + hollow + filled
        return parts.properties(width=290, height=alt.Step(STEP + 2))

    chart = alt.hconcat(
        panel("holds", "holds if attacked, %", first=True), panel("beaten", "attacked and beaten, in 1,000 a year (root scale)", first=False), spacing=22
    )
    return to_svg(chart, figure)


def joining(f: Findings, figure: Figure) -> str:
    """Return the diverging bars of who joins which side."""
    import altair as alt

    w, names = f.war, Names(f.system)
    look = looks(f, names)
    order = sorted((a for a in w.system.ids if a not in {w.attacker, w.target}), key=lambda a: -w.p_war[a].mean)
    rows = []
    for a in [a for a in order if w.p_war[a].mean >= 0.01][:MOST]:
        for sign, e in zip((-1, 1), w.p_join[a], strict=True):
            rows.append({"actor": names.short(a), "chance": 100 * sign * e.mean, "low": 100 * sign * e.low, "high": 100 * sign * e.high,
                         "bloc": look[a].words})  # fmt: skip
    if not rows:
        return ""
    base = alt.Chart(_data(rows)).encode(y=alt.Y("actor:N", sort=_order(rows), title=None))
    title = f"← with {names.short(w.attacker)} \u2003 % of simulated wars \u2003 with {names.short(w.target)} →"
    bars = base.mark_bar(height=11, opacity=0.62).encode(
        x=alt.X("chance:Q", title=title, scale=alt.Scale(domain=[-100, 100]), axis=alt.Axis(labelExpr="abs(datum.value)", values=list(range(-100, 101, 25)))),
        color=_bloc_colour(look))  # fmt: skip
    spans = base.mark_rule(color=palette.TEXT, strokeWidth=1.2).encode(x="low:Q", x2="high:Q")
    zero = alt.Chart(_data([{"at": 0}])).mark_rule(color=palette.TEXT, strokeWidth=1).encode(x="at:Q")
    return to_svg((bars + spans + zero).properties(width=WIDTH + 60, height=alt.Step(STEP)), figure)


def sizes(f: Findings, figure: Figure) -> str:
    """Return the distribution of the number of belligerents."""
    import altair as alt

    rows = [{"n": n, "share": 100 * share, "low": n - 0.42, "high": n + 0.42} for n, share in f.war.size_distribution().items()]
    last = max(r["n"] for r in rows)
    x = alt.X("low:Q", title="belligerents", scale=alt.Scale(domain=[1.4, last + 0.6], nice=False, zero=False),
              axis=alt.Axis(format="d", tickMinStep=1, grid=False))  # fmt: skip
    bars = alt.Chart(_data(rows)).mark_bar(color=palette.TOGETHER, orient="vertical").encode(
        x=x, x2="high:Q", y=alt.Y("share:Q", title="% of wars", axis=alt.Axis(grid=True, tickCount=5)), y2=alt.datum(0))  # fmt: skip
    mean = alt.Chart(_data([{"at": f.war.size.mean}])).mark_rule(color=palette.TEXT, strokeDash=[4, 3]).encode(x="at:Q")
    label = mean.mark_text(align="left", dx=5, dy=8, color=palette.TEXT, text=f"mean {f.war.size.mean:.1f}").encode(x="at:Q", y=alt.value(0))
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
            rows.append({"actor": names.short(actor), "change": 100 * d.change.mean, "low": 100 * d.change.low, "high": 100 * d.change.high,
                         "clear": "clear of zero" if d.change.low > 0 or d.change.high < 0 else "includes zero"})  # fmt: skip
    rows = rows[:30]
    if not rows:
        return ""
    base = alt.Chart(_data(rows)).encode(y=alt.Y("actor:N", sort=_order(rows), title=None))
    spans = base.mark_rule(color=palette.TOGETHER, strokeWidth=1.6).encode(x=alt.X("low:Q", title="change of the chance to be at war, percentage points"), x2="high:Q")
    clear = alt.Scale(domain=["clear of zero", "includes zero"], range=[palette.TOGETHER, palette.PAGE])
    points = base.mark_point(size=52, stroke=palette.TOGETHER, opacity=1, strokeWidth=1.5).encode(
        x="change:Q", fill=alt.Fill("clear:N", scale=clear, title="90 % interval", legend=alt.Legend(symbolStrokeColor=palette.TOGETHER)))  # fmt: skip
    zero = alt.Chart(_data([{"at": 0}])).mark_rule(color=palette.TEXT, strokeWidth=1).encode(x="at:Q")
    return to_svg((zero + spans + points).properties(width=WIDTH + 40, height=alt.Step(STEP)), figure)


def _data(rows: list[dict[str, Any]]) -> Any:
    """Return rows as inline data."""
    import altair as alt

    return alt.Data(values=rows)


def _order(rows: list[dict[str, Any]]) -> list[str]:
    """Return the actors of rows as they come."""
    return list(dict.fromkeys(r["actor"] for r in rows))


def _attached(f: Findings) -> list[int]:
    """Return positions of actors with ties, by bloc and membership; the most capable and the doubtful where there are many."""
    b = f.blocs
    power, member = b.centre.power[0], b.membership
    there = [k for k in range(len(member)) if np.isfinite(member[k])]
    if len(there) > MOST:
        there = sorted(there, key=lambda k: -power[k] * (3.0 if member[k] < DOUBTFUL_BELOW else 1.0))[:MOST]
    return sorted(there, key=lambda k: (b.two.label[k], -member[k], -power[k]))


def _bloc_colour(look: dict[str, Look]) -> Any:
    """Return the colour of standings with its legend."""
    import altair as alt

    colours = dict(sorted({x.words: x.colour for x in look.values()}.items(), key=lambda kv: (kv[1] == palette.FREE, kv[0])))
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color("bloc:N", title=None, scale=scale, legend=alt.Legend(symbolType="square"))
