"""From an Altair chart to SVG that fits the page: house style, own ids, a title and a description."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from foedus.report.figures.palette import FONT, TEXT
from foedus.terminal import visible

if TYPE_CHECKING:
    from foedus.report.model import Figure

_HEAD = re.compile(r'<svg\b[^>]*?viewBox="([^"]+)"[^>]*>')
_TAG = re.compile(r"<[^>]*>")
_ID = re.compile(r'\b(id=")([^"]+)"|(url\(#)([^)]+)\)')
_SPARE = re.compile(r' (?:class|role|aria-roledescription|aria-hidden|pointer-events)="[^"]*"')


def config() -> dict[str, Any]:
    """Return the house style of charts.

    Room at the left and between the entries of a legend is for fonts wider than those with which the converter measures: a page is drawn with what
    the reader's system has.
    """
    axis = {
        "labelColor": TEXT,
        "titleColor": TEXT,
        "domainColor": TEXT,
        "tickColor": TEXT,
        "gridColor": TEXT,
        "gridOpacity": 0.14,
        "domainOpacity": 0.4,
        "tickOpacity": 0.4,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelLimit": 0,
    }
    return {
        "font": FONT,
        "padding": {"left": 22, "top": 5, "right": 10, "bottom": 5},
        "background": None,
        "aria": False,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"labelSeparation": 8},
        "axisY": {"grid": False, "domain": False, "ticks": False, "labelPadding": 8},
        "legend": {
            "labelColor": TEXT,
            "titleColor": TEXT,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "orient": "top",
            "symbolStrokeWidth": 1.5,
            "labelLimit": 0,
            "columnPadding": 30,
        },
        "title": {"color": TEXT, "fontSize": 13, "fontWeight": "bold", "anchor": "start"},
        "header": {"labelColor": TEXT, "titleColor": TEXT},
        "text": {"color": TEXT, "fontSize": 12},
    }


def to_svg(chart: Any, figure: Figure) -> str:
    """Return an Altair chart as inline SVG."""
    import vl_convert

    spec = chart.to_dict(validate=False)
    spec["config"] = config()
    raw = vl_convert.vegalite_to_svg(drawable(spec), allowed_base_urls=[])
    head = _HEAD.search(raw)
    if head is None:
        return ""
    return opening(figure, head[1]) + _own_ids(raw[head.end() :], figure.id)


def drawable(spec: Any) -> Any:
    """Return a specification in which every text can be drawn: what cannot be seen is shown as an escape.

    A drawing is XML, which has no control characters; the converter ends the whole process over one.
    """
    if isinstance(spec, dict):
        return {visible(key): drawable(value) for key, value in spec.items()}
    if isinstance(spec, list | tuple):
        return [drawable(value) for value in spec]
    return visible(spec) if isinstance(spec, str) else spec


def _own_ids(drawing: str, key: str) -> str:
    """Return a drawing with ids of its own, counted from 1 (Vega counts on from chart to chart), and no spare attributes."""
    numbers: dict[str, int] = {}

    def renamed(m: re.Match[str]) -> str:
        lead, name, end = (m[1], m[2], '"') if m[1] else (m[3], m[4], ")")
        return f"{lead}{key}-{numbers.setdefault(name, len(numbers) + 1)}{end}"

    return _TAG.sub(lambda tag: _ID.sub(renamed, _SPARE.sub("", tag[0])), drawing)


def opening(figure: Figure, view_box: str) -> str:
    """Return the head of an SVG with its title and description."""
    key = html.escape(figure.id)
    width, height = view_box.split()[2:]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="fig-{key}-t fig-{key}-d"><title id="fig-{key}-t">{html.escape(visible(figure.title))}</title>'
        f'<desc id="fig-{key}-d">{html.escape(visible(figure.description))}</desc>'
    )
