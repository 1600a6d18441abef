"""Charts of section 2, in Altair: how sure each place is, and what holds each actor there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.result import DOUBTFUL_BELOW
from foedus.report.figures import palette
from foedus.report.figures.shared import MOST, STEP, WIDTH, bloc_colour, inline, order_of
from foedus.report.figures.standing import looks
from foedus.report.figures.vega import to_svg
from foedus.report.kept import whys
from foedus.report.words import Names

if TYPE_CHECKING:
    from foedus.report.model import Figure
    from foedus.studies.brief import Findings


def membership(f: Findings, figure: Figure) -> str:
    """Return the bars of membership."""
    import altair as alt

    b, names = f.blocs, Names(f.system)
    look, chosen = looks(f, names), _attached(f)
    if not chosen:
        return ""
    rows = [
        {
            "actor": names.short(b.system.ids[k]),
            "share": 100 * float(b.membership[k]),
            "bloc": look[b.system.ids[k]].words,
        }
        for k in chosen
    ]
    base = alt.Chart(inline(rows)).encode(y=alt.Y("actor:N", sort=order_of(rows), title=None))
    bars = base.mark_bar(height=11, cornerRadiusEnd=2).encode(
        x=alt.X("share:Q", title="% of draws with its bloc", scale=alt.Scale(domain=[0, 100])), color=bloc_colour(look)
    )
    line = (
        alt.Chart(inline([{"at": 100 * DOUBTFUL_BELOW}]))
        .mark_rule(strokeDash=[4, 3], color=palette.TEXT, strokeWidth=1.2)
        .encode(x="at:Q")
    )
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
        parts = [(r, p.get(r, 0.0)) for r in top] + [
            ("all others", sum(v for v in rest if v > 0)),
            ("all others", sum(v for v in rest if v < 0)),
        ]
        rows += [
            {
                "actor": names.short(a),
                "reason": r.replace("_", " "),
                "pull": v,
                "rank": shown.index(r.replace("_", " ")),
            }
            for r, v in parts
            if v
        ]
    if not rows:
        return ""
    order = [names.short(a) for a in chosen]
    base = alt.Chart(inline(rows)).encode(y=alt.Y("actor:N", sort=order, title=None))
    colour = alt.Color(
        "reason:N",
        title=None,
        sort=shown,
        scale=alt.Scale(domain=shown, range=[*palette.REASONS[: len(top)], palette.REASONS[-1]]),
        legend=alt.Legend(columns=5, symbolType="square"),
    )
    bars = base.mark_bar(height=12, stroke=palette.PAGE, strokeWidth=0.6).encode(
        x=alt.X(
            "pull:Q",
            title="← pulled away \u2003 share of all pulls \u2003 towards its bloc →",
            axis=alt.Axis(format="+.1f", tickCount=7),
        ),
        color=colour,
        order="rank:Q",
    )
    zero = alt.Chart(inline([{"at": 0}])).mark_rule(color=palette.TEXT, strokeWidth=1).encode(x="at:Q")
    return to_svg((bars + zero).properties(width=WIDTH, height=alt.Step(STEP)), figure)


def _attached(f: Findings) -> list[int]:
    """Return positions of actors with ties, by bloc and membership; of many, the most capable and the doubtful."""
    b = f.blocs
    power, member = b.centre.power[0], b.membership
    there = [k for k in range(len(member)) if np.isfinite(member[k])]
    if len(there) > MOST:
        there = sorted(there, key=lambda k: -power[k] * (3.0 if member[k] < DOUBTFUL_BELOW else 1.0))[:MOST]
    return sorted(there, key=lambda k: (b.two.label[k], -member[k], -power[k]))
