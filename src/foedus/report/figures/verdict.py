"""Verdicts as specification curves: every cell's estimate and interval in ascending order, and below it which choices it takes.

Charts in house style that stand alone (`write` gives SVG, PNG or one HTML file that needs no network). Computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.account import check, save
from foedus.report.figures.shared import inline
from foedus.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from foedus.studies.verdict import Verdict

WIDE, TALL, ROW = 760, 190, 13
SAYS = ("yes", "open", "no")
COLOURS = (palette.TOGETHER, palette.FREE, palette.FRONT)


def chart(verdicts: Sequence[Verdict]) -> Any:
    """Return the curves of some verdicts, one below the other."""
    import altair as alt

    return alt.vconcat(*(_curve(v) for v in verdicts), spacing=40).resolve_scale(x="independent", color="shared")


def write(verdicts: Sequence[Verdict], path: Path) -> None:
    """Write the chart to a file; the ending says as what.

    Raises
    ------
    ParameterError
        Another ending than those of `foedus.report.figures.account.FORMATS`.
    """
    check(path)
    save(
        chart(verdicts),
        path,
        source="Each mark is one coding of the data sets that foedus verdict names; foedus data cite gives them.",
    )


def _curve(verdict: Verdict) -> Any:
    """Return one curve with its choices."""
    import altair as alt

    cells = verdict.known
    q = verdict.question
    rows = [
        {"cell": k, "estimate": c.estimate, "low": c.low, "high": c.high, "says": verdict.said(c), "what": c.told(), "primary": c == verdict.primary}
        for k, c in enumerate(cells)
    ]  # fmt: skip
    says = alt.Color("says:N", scale=alt.Scale(domain=list(SAYS), range=list(COLOURS)), title="the cell says")
    x = alt.X("cell:Q", axis=None, scale=alt.Scale(domain=[-1, max(len(cells), 1)], nice=False))
    base = alt.Chart(inline(rows)).encode(x=x, color=says, tooltip=["what:N", "estimate:Q", "low:Q", "high:Q"])
    rule = base.mark_rule(strokeWidth=1.4).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    null = alt.Chart(inline([{"y": q.null}])).mark_rule(color=palette.TEXT, opacity=0.6).encode(y="y:Q")
    ring = (
        base.transform_filter("datum.primary")
        .mark_point(size=110, filled=False, color=palette.TEXT)
        .encode(y="estimate:Q", color=alt.value(palette.TEXT))
    )
    above = alt.layer(
        null, rule, base.mark_point(filled=True, size=24, opacity=1).encode(y="estimate:Q"), ring
    ).properties(width=WIDE, height=TALL)
    marks = [
        {"cell": k, "option": f"{name}: {option}", "says": verdict.said(c)} for k, c in enumerate(cells) for name, option in c.choices
    ]  # fmt: skip
    order = list(dict.fromkeys(m["option"] for m in sorted(marks, key=lambda m: _place(verdict, m["option"]))))
    below = (
        alt.Chart(inline(marks)).mark_tick(orient="vertical", thickness=1.6, size=9)
        .encode(x=x, y=alt.Y("option:N", sort=order, title=None, axis=alt.Axis(labelLimit=300)), color=says)
        .properties(width=WIDE, height=alt.Step(ROW))
    )  # fmt: skip
    gone = f"; {counted(len(verdict.missing), 'cell')} without an estimate not drawn" if verdict.missing else ""
    title = alt.TitleParams(
        f"{q.id} {q.text}  {verdict.word}{f': {verdict.side}' if verdict.side else ''}",
        subtitle=[f"{q.quantity}; 90 % intervals; yes if {q.yes} than {q.null:g}; ring: primary cell{gone}"],
        anchor="start",
    )  # fmt: skip
    return alt.vconcat(above, below, spacing=6).properties(title=title)


def _place(verdict: Verdict, option: str) -> tuple[int, str]:
    """Return where the options of a choice stand: those of the choice that moves most first."""
    order = [e.choice for e in verdict.effects]
    name = option.partition(": ")[0]
    return (order.index(name) if name in order else len(order), option)
