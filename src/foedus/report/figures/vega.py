"""From an Altair chart to SVG that fits the page: house style, own ids, a title and a description."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from foedus.report.figures.palette import FONT, TEXT

if TYPE_CHECKING:
    from foedus.report.model import Figure

_HEAD = re.compile(r'<svg\b[^>]*?viewBox="([^"]+)"[^>]*>')
_ID = re.compile(r'\b(id=")([^"]+)"|(url\(#)([^)]+)\)')


def config() -> dict[str, Any]:
    """Return the house style of charts."""
    axis = {
        "labelColor": TEXT, "titleColor": TEXT, "domainColor": TEXT, "tickColor": TEXT, "gridColor": TEXT, "gridOpacity": 0.14, "domainOpacity": 0.4,
        "tickOpacity": 0.4, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 8, "labelLimit": 230,
    }  # fmt: skip
    return {
        "font": FONT, "background": None, "aria": False, "view": {"stroke": None}, "axis": axis,
        "axisY": {"grid": False, "domain": False, "ticks": False, "labelPadding": 8},
        "legend": {"labelColor": TEXT, "titleColor": TEXT, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "orient": "top",
                   "symbolStrokeWidth": 1.5, "labelLimit": 260},
        "title": {"color": TEXT, "fontSize": 13, "fontWeight": "bold", "anchor": "start"}, "header": {"labelColor": TEXT, "titleColor": TEXT},
        "text": {"color": TEXT, "fontSize": 12},
    }  # fmt: skip


def to_svg(chart: Any, figure: Figure) -> str:
    """Return an Altair chart as inline SVG."""
    import vl_convert

    spec = chart.to_dict(validate=False)
    spec["config"] = config()
    raw = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    head = _HEAD.search(raw)
    if head is None:
        return ""
    inner = _ID.sub(lambda m: _prefixed(m, figure.id), raw[head.end() :])
    return opening(figure, head[1]) + inner


def opening(figure: Figure, view_box: str) -> str:
    """Return the head of an SVG with its title and description."""
    key = html.escape(figure.id)
    width, height = view_box.split()[2:]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="fig-{key}-t fig-{key}-d"><title id="fig-{key}-t">{html.escape(figure.title)}</title>'
        f'<desc id="fig-{key}-d">{html.escape(figure.description)}</desc>'
    )


def _prefixed(m: re.Match[str], key: str) -> str:
    """Return an id or a reference to one, made unique on the page."""
    return f'{m[1]}{key}-{m[2]}"' if m[1] else f"{m[3]}{key}-{m[4]})"
