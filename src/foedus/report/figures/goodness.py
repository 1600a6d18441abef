"""Goodness of fit of a model of networks as a chart: bands over drawn networks, and the observed distribution as points. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.account import check, save
from foedus.report.figures.shared import inline

if TYPE_CHECKING:
    from pathlib import Path

    from foedus.formation.tergm_goodness import Goodness

PANELS = {
    "degree": ("ties of a state", "states"),
    "tie partners": ("shared partners of two tied states", "ties"),
    "pair partners": ("shared partners of any two states", "pairs"),
    "triads": ("ties among three states", "triples"),
    "distance": ("ties on the shortest way between two states", "pairs"),
}
"""What stands along both axes of each panel."""
_WIDTH, _HEIGHT = 330, 170


def chart(found: Goodness, *, year: int | None = None) -> Any:
    """Return the distributions of all years together, or of one, as an Altair chart of five panels."""
    import altair as alt

    table = found.table(year)
    panels = []
    for name, (across, up) in PANELS.items():
        rows = [r for r in table.to_dicts() if r["statistic"] == name]
        order = [r["value"] for r in rows]
        scale = alt.Scale(type="symlog", nice=False)
        base = alt.Chart(inline(rows)).encode(
            x=alt.X("value:N", sort=order, title=across, axis=alt.Axis(labelAngle=0, labelOverlap="parity"))
        )
        band = base.mark_bar(size=9, color=palette.TOGETHER, opacity=0.45).encode(
            y=alt.Y("low:Q", title=up, scale=scale, axis=alt.Axis(format=",d", values=_ticks(rows))), y2="high:Q"
        )
        mean = base.mark_tick(color=palette.TOGETHER, thickness=2, size=11).encode(y=alt.Y("mean:Q", scale=scale))
        seen = base.mark_point(color=palette.FRONT, filled=True, opacity=1, size=34).encode(
            y=alt.Y("observed:Q", scale=scale)
        )
        panels.append(alt.layer(band, mean, seen).properties(width=_WIDTH, height=_HEIGHT))
    span = f"{found.years[0].year}-{found.years[-1].year}" if year is None else str(year)
    title = alt.TitleParams(
        f"Networks drawn from the model beside the observed ones, {span}",
        subtitle=f"points: observed; bars: {found.level:.0%} of {found.samples} drawn networks a year, ticks: their mean; scale nearly logarithmic",
        subtitleColor=palette.TEXT,
    )
    rows = [alt.hconcat(*panels[k : k + 2], spacing=30) for k in range(0, len(panels), 2)]
    return alt.vconcat(*rows, spacing=24).properties(title=title)


def _ticks(rows: list[dict[str, Any]]) -> list[int]:
    """Return powers of ten up to the greatest count, and 0."""
    most = max(max(r["observed"], r["high"]) for r in rows)
    ticks, at = [0], 1
    while at <= max(most, 1):
        ticks.append(at)
        at *= 10
    return ticks


def write(found: Goodness, path: Path, *, year: int | None = None) -> None:
    """Write the chart to a file; the ending says as what.

    Raises
    ------
    ParameterError
        An ending that says nothing, or a year that was not drawn.
    """
    check(path)
    source = f"Simulated: {found.samples:,} networks a year from the fitted model, seed {found.seed}; observed: the pacts it was fitted to."
    save(chart(found, year=year), path, source=source)
