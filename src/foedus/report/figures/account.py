"""The account of one pact as a chart: what it changes for members and outsiders, and what the most alarmed outsiders face.

A chart in house style that stands alone (`write` gives SVG, PNG or one HTML file that needs no network). Computes nothing.
"""

from __future__ import annotations

import json
import re
import textwrap
from typing import TYPE_CHECKING, Any

from foedus import files
from foedus.errors import parameter
from foedus.report.figures import palette
from foedus.report.figures.shared import MOST, STEP, inline
from foedus.report.figures.vega import config, drawable
from foedus.report.words import Names

if TYPE_CHECKING:
    from pathlib import Path

    from foedus.estimate.nested import Estimate
    from foedus.security.account import Account, Effect

FORMATS = (".svg", ".png", ".html")
OUTSIDERS = 12
_OUTER = ("$schema", "config", "datasets", "params", "autosize", "usermeta", "title")
SOURCE_WIDTH = 95
"""Characters of the line below a chart before it goes on in the next."""
_VARIABLE = re.compile(r"var\(--[\w-]+, ([^)]+)\)")


def chart(account: Account) -> Any:
    """Return the account as an Altair chart: left the chance to be attacked and beaten, right what outsiders fear and lose."""
    import altair as alt

    names = Names(account.system)
    members = sorted(account.members, key=lambda e: e.beaten.mean)[: MOST - OUTSIDERS]
    outside = account.alarmed[:OUTSIDERS]
    rows = [_row(names, e, e.beaten, "member" if e.member else "outsider") for e in (*members, *outside)]
    order = [r["actor"] for r in rows]
    left = _panel(
        rows,
        order,
        "attacked and beaten, change in 1,000 years",
        ("member", palette.TOGETHER),
        ("outsider", palette.FRONT),
    )
    lost = [
        _row(names, e, x, what)
        for e in outside
        for what, x in (("beaten by a member", e.beaten), ("beats a member", e.wins))
        if x
    ]
    parts = [left]
    if lost:
        parts.append(
            _panel(lost, [names.short(e.actor) for e in outside], "outsiders: change in 1,000 years", ("beaten by a member", palette.FRONT),
                   ("beats a member", palette.TOGETHER))
        )  # fmt: skip
    title = f"{account.pact.name}, as of {account.system.date}: with the pact less without it; 90 % intervals"
    return alt.hconcat(*parts, spacing=30).resolve_scale(color="independent").properties(title=title)


def write(account: Account, path: Path) -> None:
    """Write the chart to a file; the ending says as what.

    Raises
    ------
    ParameterError
        Another ending than those of `FORMATS`.
    """
    check(path)
    save(
        chart(account),
        path,
        source=f"Derived and simulated from system {account.system.id} and the sources it cites: {account.draws:,} draws, {account.wars:,} wars, "
        f"seed {account.seed}, 90 % intervals.",
    )


def save(drawn: Any, path: Path, *, source: str = "") -> None:
    """Write a chart in house style as SVG, PNG or one HTML file that needs no network; whole or not at all.

    ``source`` is a line below it: what was drawn, how often, by which seed.
    """
    import vl_convert

    whole = with_source(drawn.to_dict(validate=False), source) | {"config": config() | {"background": "white"}}
    spec = drawable(
        json.loads(_VARIABLE.sub(r"\1", json.dumps(whole)).replace(palette.TEXT, palette.VARIABLES["text"][0]))
    )
    if path.suffix.casefold() == ".png":
        content = bytes(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
    elif path.suffix.casefold() == ".svg":
        content = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]).encode()
    else:
        content = _page(spec).encode()
    files.replace_file(path, content)


_LESS = "\ufdd0"
"""Stands for ``<`` until a page is written: no character, so that no drawable text holds it."""


def _page(spec: dict[str, Any]) -> str:
    """Return a drawing as a page; its JSON stands inside a script, which no name may end: ``<`` is written as JSON's escape."""
    import vl_convert

    held = json.loads(json.dumps(spec, ensure_ascii=False).replace("<", _LESS))
    return vl_convert.vegalite_to_html(held, bundle=True).replace(_LESS, r"\u003c")


def with_source(spec: dict[str, Any], source: str) -> dict[str, Any]:
    """Return a chart's specification with a line in small type below it; the same where there is none."""
    if not source:
        return spec
    outer = {k: v for k, v in spec.items() if k in _OUTER}
    text = {
        "type": "text",
        "align": "left",
        "baseline": "top",
        "x": 0,
        "y": 0,
        "fontSize": 10,
        "text": _broken(source),
        "lineHeight": 13,
    }
    line = {
        "data": {"values": [{}]},
        "mark": text,
        "width": 1,
        "height": 13 * len(text["text"]),
        "view": {"stroke": None},
    }
    return outer | {"vconcat": [{k: v for k, v in spec.items() if k not in _OUTER}, line], "spacing": 14}


def _broken(text: str) -> list[str]:
    """Return a line in pieces that are no wider than the narrowest of charts."""
    return textwrap.wrap(text, SOURCE_WIDTH)


def check(path: Path) -> None:
    """Refuse a file whose ending says nothing, before any work is done."""
    if path.suffix.casefold() not in FORMATS:
        raise parameter("--figure", str(path), f"a file that ends in {', '.join(FORMATS)}")


def _row(names: Names, effect: Effect, e: Estimate, what: str) -> dict[str, Any]:
    """Return one mark with its interval, in 1,000 years."""
    return {
        "actor": names.short(effect.actor),
        "what": what,
        "mean": 1000 * e.mean,
        "low": 1000 * e.low,
        "high": 1000 * e.high,
    }


def _panel(rows: list[dict[str, Any]], order: list[str], title: str, *colours: tuple[str, str]) -> Any:
    """Return one panel: a point and its interval for each actor and kind."""
    import altair as alt

    scale = alt.Scale(domain=[c[0] for c in colours], range=[c[1] for c in colours])
    y, kinds = alt.Y("actor:N", sort=order, title=None), [c[0] for c in colours]
    beside = alt.YOffset("what:N", sort=kinds) if len(order) < len(rows) else alt.Undefined
    base = alt.Chart(inline(rows)).encode(y=y, color=alt.Color("what:N", scale=scale, title=None), yOffset=beside)
    rule = base.mark_rule(strokeWidth=1.6).encode(x=alt.X("low:Q", title=title), x2="high:Q")
    zero = alt.Chart(inline([{"x": 0}])).mark_rule(color=palette.TEXT, opacity=0.5).encode(x="x:Q")
    return alt.layer(zero, rule, base.mark_point(filled=True, size=44, opacity=1).encode(x="mean:Q")).properties(
        width=330, height=alt.Step(STEP) if beside is alt.Undefined else {"step": 1.4 * STEP, "for": "position"}
    )
