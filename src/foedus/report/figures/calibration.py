"""Calibration of rare forecasts as a chart: what was forecast against what came true, both on a logarithmic scale. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.account import check, save
from foedus.report.figures.shared import inline

if TYPE_CHECKING:
    from pathlib import Path

    from foedus.estimate.calibration import Calibration
    from foedus.estimate.rate_bins import RateBins

SIZE = 330


def chart(bins: RateBins, title: Any, *, cases: str = "pair-years", per: str = "chance a year") -> Any:
    """Return the bins of forecasts as an Altair chart: points with 90 % intervals, the line of perfect calibration, cases by size.

    Parameters
    ----------
    bins : RateBins
    title : str or altair.Title
    cases, per : str
        What is counted, and what a forecast is the chance of.
    """
    import altair as alt

    columns = zip(
        bins.n.tolist(), bins.forecast.tolist(), bins.rate.tolist(), bins.low.tolist(), bins.high.tolist(), strict=True
    )
    rows = [{"n": n, "forecast": p, "rate": y, "low": a, "high": b} for n, p, y, a, b in columns]
    least = min([r["forecast"] for r in rows] + [r["rate"] for r in rows if r["rate"] > 0]) / 2
    most = max([r["forecast"] for r in rows] + [r["high"] for r in rows]) * 1.5
    inside = {"low": "low", "high": "high", "shown": "rate"}
    drawn = [
        r | {k: max(r[v], least) for k, v in inside.items()} | {"some": "yes" if r["rate"] > 0 else "none came true"} for r in rows
    ]  # fmt: skip
    scale = alt.Scale(type="log", domain=[least, most], nice=False)
    x = alt.X("forecast:Q", scale=scale, title=f"forecast, {per}", axis=alt.Axis(format="~g", tickCount=6))
    y = alt.Y("shown:Q", scale=scale, title="came true", axis=alt.Axis(format="~g", tickCount=6))
    line = (
        alt.Chart(inline([{"forecast": v, "shown": v} for v in (least, most)]))
        .mark_line(color=palette.TEXT, strokeDash=[4, 3])
        .encode(x=x, y=y)
    )
    base = alt.Chart(inline(drawn)).encode(x=x)
    rule = base.mark_rule(color=palette.TOGETHER, strokeWidth=1.6).encode(
        y=alt.Y("low:Q", scale=scale, title="came true"), y2="high:Q"
    )
    point = base.mark_point(filled=True, color=palette.TOGETHER, opacity=1).encode(
        y=y, size=alt.Size("n:Q", scale=alt.Scale(type="log", range=[20, 220]), title=cases, legend=alt.Legend(format="~s")),
        shape=alt.Shape("some:N", scale=alt.Scale(domain=["yes", "none came true"], range=["circle", "triangle-down"]), title="any came true"),
    )  # fmt: skip
    return alt.layer(line, rule, point).properties(width=SIZE, height=SIZE, title=title)


def write_calibration(
    bins: RateBins, calibration: Calibration | None, path: Path, *, what: str, note: str, over: str, cases: str = "pair-years",
    per: str = "chance a year",
) -> None:  # fmt: skip
    """Write the chart to a file; the ending says as what.

    Parameters
    ----------
    bins : RateBins
    calibration : Calibration or None
        Its slope is told.
    path : Path
    what, note : str
        Title, and what the first line below it says before the slope.
    over : str
        What intervals resample.
    cases, per : str
        As of `chart`.

    Raises
    ------
    ParameterError
        Another ending than .svg, .png or .html.
    """
    import altair as alt

    check(path)
    c = calibration
    slope = (
        "slope unknown" if c is None else f"slope {c.slope:.2f} [{c.slope_interval[0]:.2f}, {c.slope_interval[1]:.2f}]"
    )
    title = alt.Title(what, subtitle=[f"{note}; {slope}", f"intervals hold 90 %, over {over} resampled"])
    save(chart(bins, title, cases=cases, per=per), path)
