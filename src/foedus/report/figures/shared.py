"""What the charts share: sizes, inline data, the order of actors, the colour of blocs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette

if TYPE_CHECKING:
    from foedus.report.figures.standing import Look

MOST = 40
"""Rows of a chart; beyond, the most capable or the most telling are drawn."""
STEP, WIDTH = 19, 470


def inline(rows: list[dict[str, Any]]) -> Any:
    """Return rows as inline data."""
    import altair as alt

    return alt.Data(values=rows)


def order_of(rows: list[dict[str, Any]]) -> list[str]:
    """Return the actors of rows as they come."""
    return list(dict.fromkeys(r["actor"] for r in rows))


def bloc_colour(look: dict[str, Look]) -> Any:
    """Return the colour of standings with its legend."""
    import altair as alt

    colours = dict(
        sorted({x.words: x.colour for x in look.values()}.items(), key=lambda kv: (kv[1] == palette.FREE, kv[0]))
    )
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color("bloc:N", title=None, scale=scale, legend=alt.Legend(symbolType="square"))
