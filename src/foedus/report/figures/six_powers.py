"""Six powers at six dates as small multiples: friends and foes by the published drawing, and below by the scenario's facts, fainter where in doubt.

Computes nothing; `write` gives SVG, PNG or one HTML file that needs no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.account import check, save
from foedus.report.figures.shared import inline

if TYPE_CHECKING:
    from pathlib import Path

    from foedus.studies.six_powers import Coded, SixPowers

__all__ = ["chart", "check", "write"]

SIDE = 150
PLACES = {
    "UKG": (0.0, 2.0), "FRN": (-0.35, 1.0), "RUS": (0.0, 0.0), "GMY": (2.0, 2.0), "AUH": (2.35, 1.0), "ITA": (2.0, 0.0),
}  # fmt: skip
"""Where each power is drawn: the two sides of the last drawing left and right."""
SIGNS = {"friends": palette.TOGETHER, "foes": palette.FRONT}
ROWS = {"published": "published", "stated": "pacts and written ties", "every": "every pull", "strong": "strong pulls"}


def write(found: SixPowers, path: Path, *, codings: tuple[str, ...] = ("published", "stated")) -> None:
    """Write the chart to a file; the ending says as what.

    Raises
    ------
    ParameterError
        Another ending than those of `foedus.report.figures.account.FORMATS`, or a coding that was not computed.
    """
    check(path)
    source = f"Signs as published, and derived from {found.scenario} and the sources it cites: {found.draws:,} draws, seed {found.seed}."
    save(chart(found, codings=codings), path, source=source)


def chart(found: SixPowers, *, codings: tuple[str, ...] = ("published", "stated")) -> Any:
    """Return the drawings as an Altair chart, one row a coding."""
    import altair as alt

    drawings = list(dict.fromkeys(r.drawing for r in found.rows))
    lines = [alt.hconcat(*(_one(found.at(d, c)) for d in drawings), spacing=6) for c in codings]
    return (
        alt.vconcat(*lines, spacing=16)
        .resolve_scale(color="shared", opacity="shared")
        .properties(title="Six powers at six dates: friends and foes; least number of ties against two blocs")
    )


def _one(row: Coded) -> Any:
    """Return one drawing."""
    import altair as alt

    doubt = {frozenset((a, b)): share for a, b, share in row.doubtful}
    edges = [
        {"x": PLACES[a][0], "y": PLACES[a][1], "x2": PLACES[b][0], "y2": PLACES[b][1],
         "sign": "friends" if s > 0 else "foes", "sure": 100 * doubt.get(frozenset((a, b)), 1.0)}
        for (a, b), s in row.signs.items()
    ]  # fmt: skip
    nodes = [{"x": x, "y": y, "power": p} for p, (x, y) in PLACES.items()]
    scale = alt.Scale(domain=list(SIGNS), range=list(SIGNS.values()))
    axis = {"axis": None, "scale": alt.Scale(domain=[-0.9, 2.9], nice=False)}
    upright = {"axis": None, "scale": alt.Scale(domain=[-0.35, 2.35], nice=False)}
    lines = (
        alt.Chart(inline(edges))
        .mark_rule(strokeWidth=2)
        .encode(
            x=alt.X("x:Q", **axis), y=alt.Y("y:Q", **upright), x2="x2:Q", y2="y2:Q",
            color=alt.Color("sign:N", title=None, scale=scale, legend=alt.Legend(symbolType="stroke")),
            strokeDash=alt.StrokeDash("sign:N", scale=alt.Scale(domain=list(SIGNS), range=[[1, 0], [4, 3]]), legend=None),
            opacity=alt.Opacity("sure:Q", title="% of draws with this sign", scale=alt.Scale(domain=[50, 100], range=[0.2, 1.0], clamp=True),
                                legend=alt.Legend(values=[50, 75, 100], symbolType="stroke")),
        )
    )  # fmt: skip
    base = alt.Chart(inline(nodes)).encode(x="x:Q", y="y:Q")
    discs = base.mark_point(filled=True, size=560, color=palette.PAGE, opacity=1, stroke=palette.TEXT, strokeWidth=1)
    labels = base.mark_text(fontSize=10).encode(text="power:N")
    said = (
        f"{row.frustration} against"
        if row.p_balanced is None
        else f"{row.frustration} against, P balanced {_chance(row.p_balanced)}"
    )
    title = alt.Title(
        f"{row.drawing}, {row.date.year}",
        subtitle=[ROWS.get(row.coding, row.coding), said],
        fontSize=11,
        subtitleFontSize=10,
    )
    return alt.layer(lines, discs, labels).properties(width=SIDE, height=SIDE, title=title)


def _chance(p: float) -> str:
    """Return a chance, without a zero that no draws can show."""
    return "<0.01" if p < 0.01 else f"{p:.2f}"
