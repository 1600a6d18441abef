"""A figure of a brief as a file of its own: title above, standing and sources below, on white.

Draws nothing anew: it frames what `foedus.report.figures.draw` makes for the page, where title and sources stand in the text.
"""

from __future__ import annotations

import html
import re
import textwrap
from typing import TYPE_CHECKING

from foedus.errors import parameter
from foedus.report.figures import draw, palette
from foedus.terminal import visible

if TYPE_CHECKING:
    from pathlib import Path

    from foedus.report.model import Figure
    from foedus.studies.brief import Findings

FORMATS = (".svg", ".png")
KINDS = ("network", "membership", "reasons", "ledger", "joining", "sizes", "map", "what-if")
PAD, HEAD, LINE = 14, 34, 14
CHARACTER = 5.4
"""Mean width of a character of the lines below, in pixels of the drawing."""
_VARIABLE = re.compile(r"var\(--[\w-]+, ([^)]+)\)")
_ASIDE = re.compile(r" \(see [^)]*\)")
_BOX = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')


def write(findings: Findings, figure: str, path: Path) -> Path:
    """Write one figure of a brief as SVG or PNG.

    Parameters
    ----------
    findings : Findings
        Of `foedus.studies.brief.investigate`.
    figure : str
        One of `KINDS`.
    path : Path
        Ends in .svg or .png.

    Returns
    -------
    Path

    Raises
    ------
    ParameterError
        No such figure, another ending, or a brief that has nothing to draw in it (a what-if that was not asked for).
    """
    import vl_convert

    from foedus.report.export import replace_file

    if path.suffix.casefold() not in FORMATS:
        raise parameter("path", str(path), f"a file that ends in {' or '.join(FORMATS)}")
    drawn = visible(svg(findings, figure))
    content = vl_convert.svg_to_png(drawn, scale=2) if path.suffix.casefold() == ".png" else drawn.encode()
    return replace_file(path, content)


def svg(findings: Findings, figure: str) -> str:
    """Return one figure of a brief as an SVG that stands alone."""
    about = _about(findings, figure)
    inner = draw(findings, about)
    box = _BOX.search(inner)
    if box is None:
        raise parameter("figure", figure, "a figure that this brief has something to draw in")
    wide, high = float(box[1]), float(box[2])
    room = max(40, int(wide / CHARACTER))
    lines = [
        line for text in (_ASIDE.sub("", about.caption), _source(findings, about)) for line in textwrap.wrap(text, room)
    ]
    whole = (wide + 2 * PAD, high + HEAD + 2 * PAD + LINE * len(lines))
    below = "".join(
        f'<text x="{PAD}" y="{HEAD + PAD + high + LINE * (k + 1):g}" font-size="10">{html.escape(line)}</text>'
        for k, line in enumerate(lines)
    )
    framed = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole[0]:g} {whole[1]:g}" width="{whole[0]:g}" height="{whole[1]:g}">'
        f'<rect width="100%" height="100%" fill="#ffffff"/><g font-family="{palette.FONT}" fill="{palette.TEXT}">'
        f'<text x="{PAD}" y="{PAD + 10}" font-size="14" font-weight="bold">{html.escape(_title(findings, about))}</text>{below}</g>'
        f"{inner.replace('<svg ', f'<svg x={chr(34)}{PAD}{chr(34)} y={chr(34)}{HEAD}{chr(34)} ', 1)}</svg>\n"
    )
    return _VARIABLE.sub(r"\1", framed).replace(palette.TEXT, palette.VARIABLES["text"][0])


def _about(findings: Findings, figure: str) -> Figure:
    """Return the record of a figure."""
    from foedus.report.brief import sections
    from foedus.report.model import Figure

    found = {b.id: b for s in sections(findings) for b in s.blocks if isinstance(b, Figure)}
    if figure not in found:
        raise parameter("figure", figure, f"one of those of this brief: {', '.join(found)}")
    return found[figure]


def _title(findings: Findings, figure: Figure) -> str:
    """Return the title with the day."""
    from foedus.report.words import day

    return f"{figure.title} ({day(findings.system.date)})"


def _source(findings: Findings, figure: Figure) -> str:
    """Return what stands below: how the numbers came about, and from what."""
    told = figure.source.replace(", its sources in section 8", " and the sources it cites")
    counted = f"{findings.draws:,} simulated wars, {findings.blocs.draws:,} draws of the line-up"
    return f"{figure.standing.capitalize()}: {told}; {counted}, seed {findings.seed}."
