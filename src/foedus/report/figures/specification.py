"""The specification curve: an estimate under every combination of choices, in order, and under it which choices each makes [Simonsohn2020]_.

Computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.shared import STEP, inline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 640, 260
FOUND = {
    "lower": palette.BLOC[0],
    "interval includes no change": palette.FREE,
    "higher": palette.BLOC[1],
}


def curve(rows: Sequence[Mapping[str, Any]], choices: Mapping[str, str], *, title: str, value: str) -> Any:
    """Return the curve as an Altair chart.

    Parameters
    ----------
    rows : sequence of mappings
        In order: ``log_odds, low, high, found`` and what each of ``choices`` chose.
    choices : mapping of str to str
        Columns of ``rows``, and what each is called.
    title, value : str
        Of the chart, and of the estimate's axis.
    """
    import altair as alt

    numbered = [
        {"place": k, "value": r["log_odds"], "low": r["low"], "high": r["high"], "found": r["found"]} for k, r in enumerate(rows)
    ]  # fmt: skip
    made = [
        {"place": k, "choice": f"{text}: {r[name]}", "found": r["found"]}
        for name, text in choices.items()
        for k, r in enumerate(rows)
    ]
    order = [f"{text}: {v}" for name, text in choices.items() for v in sorted({str(r[name]) for r in rows})]
    colour = alt.Color(
        "found:N", title=None, scale=alt.Scale(domain=list(FOUND), range=list(FOUND.values())), legend=alt.Legend(orient="top", symbolOpacity=1)
    )  # fmt: skip
    place = alt.X("place:Q", axis=None, scale=alt.Scale(domain=[-1, len(rows)], nice=False))
    base = alt.Chart(inline(numbered)).encode(x=place, color=colour)
    spans = base.mark_rule(strokeWidth=1.1, opacity=0.55).encode(y=alt.Y("low:Q", title=value), y2="high:Q")
    dots = base.mark_point(filled=True, size=14, opacity=1).encode(y="value:Q")
    zero = alt.Chart(inline([{"y": 0}])).mark_rule(color=palette.TEXT, opacity=0.6).encode(y="y:Q")
    above = alt.layer(zero, spans, dots).properties(width=WIDTH, height=HEIGHT, title=title)
    rows_of_choices = alt.Y("choice:N", sort=order, title=None, axis=alt.Axis(labelLimit=320))
    ticks = alt.Chart(inline(made)).mark_tick(thickness=1.4, height=STEP * 0.6).encode(x=place, y=rows_of_choices, color=colour)  # fmt: skip
    return alt.vconcat(above, ticks.properties(width=WIDTH, height=alt.Step(STEP * 0.8)), spacing=6)
