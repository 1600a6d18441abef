"""A sequence as a chart: pacts in force, each actor's bloc and how sure it is, how frustrated the line-up is, how far apart in power the blocs are.

Four panels over one axis of time, in house style; `write` gives SVG, PNG or one HTML file that needs no network. Computes nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.account import check, save
from foedus.report.figures.shared import inline

if TYPE_CHECKING:
    from pathlib import Path

    from foedus.studies.sequence import Pair, Sequence, Step

__all__ = ["chart", "check", "write"]

WIDTH, ROW, LANE, PANEL = 760, 15, 17, 90
KINDS = {
    "treaty": palette.TOGETHER,
    "alignment": palette.DIVIDES,
    "guarantee": palette.FREE,
    "intervention": palette.FRONT,
}
SHORT = 9 * 366
"""Days of a sequence below which its axis names months."""
LONGEST = 60
"""Characters of a pact's name that are drawn."""


def write(found: Sequence, path: Path) -> None:
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
        source=f"Derived from {found.scenario} and the sources it cites: {found.draws:,} draws, seed {found.seed}.",
    )


def chart(found: Sequence) -> Any:
    """Return the sequence as an Altair chart."""
    import altair as alt

    x = alt.Scale(type="time", domain=[found.first.isoformat(), found.last.isoformat()], nice=False)
    parts = [
        _pacts(found, x),
        _lanes(found, x),
        _line(
            found,
            x,
            "Weight of ties against the two blocs, % (solid: exact at the centre)",
            lambda s: s.frustrated,
            lambda s: s.frustrated_centre[1],
        ),
        _line(found, x, "Capability of bloc A less that of bloc B, points", lambda s: s.gap, None),
    ]
    title = (
        f"{found.title}: pacts in force, blocs, frustration and the gap in power ({found.draws} draws, 90 % intervals)"
    )
    return (
        alt.vconcat(*parts, spacing=14)
        .resolve_scale(color="independent", opacity="independent", y="independent")
        .resolve_legend(color="independent")
        .properties(title=title)
    )


def _axis(scale: Any, field: str, *, labels: bool) -> Any:
    """Return the axis of time, which only the lowest panel labels."""
    import altair as alt

    first, last = (dt.date.fromisoformat(day) for day in scale.to_dict()["domain"])
    months = (last - first).days < SHORT  # nine ticks would then bear the same year twice
    axis = alt.Axis(
        format="%b %Y" if months else "%Y", tickCount=6 if months else 9, labels=labels, title=None, grid=True
    )
    return alt.X(f"{field}:T", scale=scale, axis=axis)


def _pacts(found: Sequence, scale: Any) -> Any:
    """Return a bar for each pact, from its first to its last day."""
    import altair as alt

    rows, order = [], []
    for p in found.pacts:
        who = ", ".join(dict.fromkeys(found.names.get(m.actor, m.actor) for m in p.members))
        name = f"{p.name} ({who})" if len(p.name) + len(who) + 3 <= LONGEST else _short(p.name)
        order.append(name)
        start, end = max(p.start or found.first, found.first), min(p.end or found.last, found.last)
        rows.append({"pact": name, "start": start.isoformat(), "end": end.isoformat(), "kind": p.kind})
    kinds = [k for k in KINDS if any(r["kind"] == k for r in rows)]
    return (
        alt.Chart(inline(rows))
        .mark_bar(height=ROW - 6)
        .encode(
            x=_axis(scale, "start", labels=True), x2="end:T",
            y=alt.Y("pact:N", sort=list(dict.fromkeys(order)), title=None, axis=alt.Axis(labelFontSize=10, labelLimit=0)),
            color=alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds, range=[KINDS[k] for k in kinds]),
                            legend=alt.Legend(symbolType="square")),
        )
        .properties(width=WIDTH, height=alt.Step(ROW))
    )  # fmt: skip


def _lanes(found: Sequence, scale: Any) -> Any:
    """Return a lane for each actor: its bloc by colour, and fainter where it is less sure."""
    import altair as alt

    rows = []
    for start, end, step in _spans(found):
        rows += [
            {"actor": found.names[p.actor], "start": start.isoformat(), "end": end.isoformat(), "bloc": f"bloc {p.bloc}",
             "sure": 100 * (p.membership or 0.0)}
            for p in step.places if p.bloc is not None
        ]  # fmt: skip
    colour = alt.Scale(domain=["bloc A", "bloc B"], range=list(palette.BLOC))
    return (
        alt.Chart(inline(rows))
        .mark_bar(height=LANE - 4)
        .encode(
            x=_axis(scale, "start", labels=False), x2="end:T",
            y=alt.Y("actor:N", sort=list(found.names.values()), title=None),
            color=alt.Color("bloc:N", title=None, scale=colour, legend=alt.Legend(symbolType="square")),
            opacity=alt.Opacity("sure:Q", title="% of draws with its bloc", scale=alt.Scale(domain=[50, 100], range=[0.18, 1.0], clamp=True),
                                legend=alt.Legend(values=[50, 75, 100], symbolType="square", symbolStrokeWidth=0)),
        )
        .properties(width=WIDTH, height=alt.Step(LANE))
    )  # fmt: skip


def _line(found: Sequence, scale: Any, title: str, pair: Any, centre: Any) -> Any:
    """Return a number over time: its interval as a band, its mean, and its value at the centre where that is exact."""
    import altair as alt

    rows = []
    for start, end, step in _spans(found):
        e = _after(pair(step))
        row = {"mean": 100 * e.mean, "low": 100 * e.low, "high": 100 * e.high}
        row |= {} if centre is None else {"exact": 100 * centre(step)}
        rows += [row | {"at": start.isoformat()}, row | {"at": end.isoformat()}]
    base = alt.Chart(inline(rows)).encode(x=_axis(scale, "at", labels=centre is None))
    y = alt.Y("low:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4, grid=True))
    layers = [
        base.mark_area(opacity=0.22, color=palette.JOINS, interpolate="step-after").encode(y=y, y2="high:Q"),
        base.mark_line(color=palette.JOINS, strokeWidth=1.5, strokeDash=[4, 3], interpolate="step-after").encode(
            y="mean:Q"
        ),
    ]
    if centre is not None:
        layers.append(base.mark_line(color=palette.TEXT, strokeWidth=1.5, interpolate="step-after").encode(y="exact:Q"))
    else:
        layers.append(alt.Chart(inline([{"y": 0}])).mark_rule(color=palette.TEXT, opacity=0.5).encode(y="y:Q"))
    return alt.layer(*layers).properties(
        width=WIDTH, height=PANEL, title=alt.Title(title, fontSize=12, fontWeight="normal")
    )


def _spans(found: Sequence) -> list[tuple[dt.date, dt.date, Step]]:
    """Return (first day, last day, step) of what each step leaves."""
    ends = [s.date for s in found.steps[1:]] + [max(found.last, found.steps[-1].date)]
    return [(s.date, end, s) for s, end in zip(found.steps, ends, strict=True)]


def _after(pair: Pair) -> Any:
    """Return the estimate after a step."""
    return pair.after


def _short(name: str) -> str:
    """Return a name that fits beside the bars."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
