"""Futures from each decade's start beside the record: a panel a measure, where half and nine tenths of the futures lie. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.account import check, save
from foedus.report.figures.shared import inline

if TYPE_CHECKING:
    from pathlib import Path

    from foedus.studies.evolve_check import Check

TITLES = {
    "pacts_per_state": "partners in defence pacts a state, at the end", "density": "density of defence pacts, at the end",
    "balance": "share of closed triads that are balanced, at the end", "disputes": "disputes begun in the window", "wars": "wars begun in the window",
}  # fmt: skip
WIDTH, HEIGHT = 430, 150


def chart(found: Check) -> Any:
    """Return the check as an Altair chart."""
    import altair as alt

    rows = found.table().to_dicts()
    panels = [
        _panel([r for r in rows if r["measure"] == name], title) for name, title in TITLES.items() if name != "density"
    ]
    how = "fits to the years before each window" if found.forward else "fits to all years, in sample"
    words = [
        f"Ten years forward from each decade's start, and the record; {how}",
        "thin: nine tenths of the futures; thick: half of them; cross: the record",
    ]
    return alt.concat(*panels, columns=2, spacing=24).properties(title=words)


def _panel(rows: list[dict[str, Any]], title: str) -> Any:
    """Return the panel of one measure."""
    import altair as alt

    data = [r | {"place": "inside nine tenths" if r["inside_90"] else "outside"} for r in rows]
    x = alt.X("window:N", title=None, sort=[r["window"] for r in rows], axis=alt.Axis(labelAngle=-60))
    base = alt.Chart(inline(data)).encode(x=x)
    wide = base.mark_rule(color=palette.TOGETHER, strokeWidth=1.4).encode(
        y=alt.Y("low_90:Q", title=None), y2="high_90:Q"
    )
    thick = base.mark_rule(color=palette.TOGETHER, strokeWidth=6, opacity=0.55).encode(y="low_50:Q", y2="high_50:Q")
    record = base.mark_point(shape="cross", filled=True, size=70, opacity=1).encode(
        y="observed:Q",
        color=alt.Color("place:N", title="record", scale=alt.Scale(domain=["inside nine tenths", "outside"], range=[palette.TEXT, palette.FRONT])),
    )  # fmt: skip
    return alt.layer(wide, thick, record).properties(width=WIDTH, height=HEIGHT, title=title)


def write(found: Check, path: Path) -> None:
    """Write the chart to a file; the ending says as what.

    Raises
    ------
    ParameterError
        Another ending than .svg, .png or .html.
    """
    check(path)
    source = f"Simulated from the systems of the years named, by fitted rates; seed {found.seed}. foedus data cite gives the data sets."
    save(chart(found), path, source=source)
