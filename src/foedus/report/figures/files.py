"""A chart in house style that stands alone: SVG, PNG, or one HTML file that needs no network."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from foedus.errors import parameter
from foedus.report.figures import palette
from foedus.report.figures.vega import config

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = (".svg", ".png", ".html")
_VARIABLE = re.compile(r"var\(--[\w-]+, ([^)]+)\)")


def check(path: Path) -> None:
    """Refuse a file whose ending says nothing, before any work is done."""
    if path.suffix.casefold() not in FORMATS:
        raise parameter("--figure", str(path), f"a file that ends in {', '.join(FORMATS)}")


def write_chart(chart: Any, path: Path) -> None:
    """Write an Altair chart to a file beside its place and rename it (convention 4.12); the ending says as what.

    Raises
    ------
    ParameterError
        Another ending than those of `FORMATS`.
    """
    check(path)
    import vl_convert

    whole = chart.to_dict(validate=False) | {"config": config() | {"background": "white"}}
    spec = json.loads(_VARIABLE.sub(r"\1", json.dumps(whole)).replace(palette.TEXT, palette.VARIABLES["text"][0]))
    beside = path.with_name(path.name + ".part")
    try:
        if path.suffix.casefold() == ".png":
            beside.write_bytes(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
        elif path.suffix.casefold() == ".svg":
            beside.write_text(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]), encoding="utf-8")
        else:
            beside.write_text(vl_convert.vegalite_to_html(spec, bundle=True), encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
