"""Figures and tables as files: CSV, Parquet, SVG, PNG and PDF, each with its citation inside.

The page's drawing comes as text that anybody could have written, so it is read strictly: shapes and words, no script, no link, no picture from
elsewhere. Computes nothing of what is shown.
"""

from __future__ import annotations

import io
import json
import math
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from foedus.errors import parameter
from foedus.terminal import visible, visible_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

CITE = "cite_as"
"""Last column of a CSV file: how to cite it, so that the file stays one that every program reads."""
SVG = "http://www.w3.org/2000/svg"
TYPES = {"float": "Float64", "int": "Int64", "bool": "Boolean", "date": "String", "str": "String"}
_WORDS = re.compile(r"\S+")
ELEMENTS = frozenset(
    _WORDS.findall("""
    svg g path line rect circle ellipse polyline polygon text tspan title desc defs clipPath linearGradient radialGradient stop marker pattern
    """)
)
ATTRIBUTES = frozenset(
    _WORDS.findall("""
    id d x y x1 y1 x2 y2 cx cy r rx ry dx dy width height viewBox points transform offset fill fill-opacity fill-rule stroke stroke-width
    stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit opacity font-size font-weight font-style
    font-family font-variant text-anchor dominant-baseline paint-order visibility clip-path clip-rule gradientUnits gradientTransform
    patternUnits patternTransform markerUnits markerWidth markerHeight refX refY orient marker-start marker-mid marker-end stop-color
    stop-opacity spreadMethod preserveAspectRatio rotate textLength lengthAdjust letter-spacing word-spacing display color
    """)
)
REFERENCE = re.compile(r"url\s*\(\s*['\"]?(?!#[\w-]+['\"]?\s*\))", re.IGNORECASE)
NODES, DEPTH, SIDE = 60_000, 40, 8_000
"""Most elements, levels and pixels of one side of a drawing."""
SCALE = 2.0


def frame(table: dict[str, Any]) -> pl.DataFrame:
    """Return the page's table as a data frame; an uncertain cell becomes three columns, its middle, ``_low`` and ``_high``.

    Raises
    ------
    ParameterError
        Rows and columns that do not fit each other, or two columns of one name.
    """
    import polars as pl

    heads, rows = table["columns"], table["rows"]
    names = [h["name"] for h in heads]
    if len(set(names)) != len(names):
        raise parameter("table", "two columns of one name", "each column once")
    if any(len(r) != len(heads) for r in rows):
        raise parameter("table", "a row of another length", f"{len(heads)} cells a row")
    columns: dict[str, pl.Series] = {}
    for k, head in enumerate(heads):
        for name, values, kind in _split(head, [r[k] for r in rows]):
            try:
                columns[name] = pl.Series(
                    name, [_cell(v, kind) for v in values], dtype=getattr(pl, TYPES[kind]), strict=True
                )
            except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
                raise parameter("table", f"a cell of {head['name']} that is no {kind}", f"{kind} or null") from error
    return pl.DataFrame(columns)


def _split(head: dict[str, Any], cells: list[Any]) -> Iterator[tuple[str, list[Any], str]]:
    """Yield the columns that one column of the page becomes."""
    name = head["name"]
    if not any(isinstance(c, dict) for c in cells):
        yield name, cells, head.get("type", "str")
        return
    for part, after in (("mean", ""), ("low", "_low"), ("high", "_high")):
        yield f"{name}{after}", [c.get(part) if isinstance(c, dict) else c for c in cells], "float"


def _cell(value: Any, kind: str) -> Any:
    """Return a cell as its column holds it; null stays null."""
    if value is None:
        return None
    return {"str": str, "date": str, "float": float}.get(kind, lambda v: v)(value)


def csv(table: dict[str, Any], citation: str) -> bytes:
    """Return a table as CSV, its last column saying how to cite it."""
    import polars as pl

    from foedus.report.export import to_csv

    return to_csv(frame(table).with_columns(pl.lit(visible(citation)).alias(CITE))).encode()


def parquet(table: dict[str, Any], citation: str, sources: list[dict[str, Any]]) -> bytes:
    """Return a table as Parquet, the citation and the sources in the file's metadata."""
    held = io.BytesIO()
    about = {
        "title": visible(str(table.get("title", ""))),
        "citation": visible(citation),
        "sources": visible_json(json.dumps(sources, ensure_ascii=False)),
    }
    frame(table).write_parquet(held, metadata=about)
    return held.getvalue()


def svg(text: str, citation: str) -> bytes:
    """Return a drawing that holds shapes and words only, the citation as its description; what cannot be seen is shown.

    Raises
    ------
    ParameterError
        No drawing, or one that is too large or holds what no figure of the studio does.
    """
    if "<!" in text or re.search(r"<\?(?!xml\s)", text):
        raise parameter("svg", "a declaration or an instruction", "elements only")
    try:
        root = ET.fromstring(text)
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise parameter("svg", "text that is no XML", "the drawing of a figure") from error
    if root.tag != f"{{{SVG}}}svg":
        raise parameter("svg", root.tag[:80], "an svg element")
    _check_size(root)
    count = [0]
    _check(root, 0, count)
    described = root.find(f"{{{SVG}}}desc")
    if described is None:
        described = ET.Element(f"{{{SVG}}}desc")
        root.insert(0, described)
    citation = visible(citation)
    if citation not in (described.text or ""):
        described.text = "\n".join(x for x in (described.text, citation) if x)
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _check_size(root: ET.Element) -> None:
    """Raise unless the drawing has a size that can be painted."""
    for name in ("width", "height"):
        given = (root.get(name) or "").removesuffix("px")
        try:
            size = float(given)
        except ValueError:
            size = math.nan
        if not 0 < size <= SIDE:
            raise parameter(f"svg {name}", given[:40], f"a number of pixels up to {SIDE}")


def _check(node: ET.Element, depth: int, count: list[int]) -> None:
    """Raise at the first element or attribute that no figure holds; drop what only a page needs."""
    count[0] += 1
    if depth > DEPTH or count[0] > NODES:
        raise parameter("svg", "a drawing that is too deep or too large", f"at most {NODES} elements, {DEPTH} levels")
    name = node.tag.removeprefix(f"{{{SVG}}}") if isinstance(node.tag, str) else "?"
    if name not in ELEMENTS:
        raise parameter("svg", f"an element {name[:40]}", "shapes and words only")
    for key, value in list(node.attrib.items()):
        if REFERENCE.search(value) or "href" in key.lower() or key.lower().startswith("on"):
            raise parameter(
                "svg", f"an attribute {key[:60]} of {name}", "links to parts of the drawing only, nothing that runs"
            )
        if key not in ATTRIBUTES:
            del node.attrib[key]
    node.text, node.tail = (visible(said) if said else said for said in (node.text, node.tail))
    for child in node:
        _check(child, depth + 1, count)


def png(text: str, citation: str) -> bytes:
    """Return a drawing as PNG at twice its size, the citation in its text."""
    import vl_convert

    clean = svg(text, citation).decode()
    root = ET.fromstring(clean)
    sides = [float(str(root.get(k)).removesuffix("px")) for k in ("width", "height")]
    scale = min(SCALE, SIDE / max(sides))
    drawn = bytes(vl_convert.svg_to_png(clean, scale=scale))
    body = b"Description\0\0\0\0\0" + visible(citation).encode()
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    end_of_head = 8 + 25
    return drawn[:end_of_head] + chunk + drawn[end_of_head:]


def pdf(text: str, citation: str) -> bytes:
    """Return a drawing as PDF; its citation is among the words that it shows."""
    import vl_convert

    return bytes(vl_convert.svg_to_pdf(svg(text, citation).decode()))


def report(title: str, figures: list[dict[str, Any]]) -> bytes:
    """Return chosen figures as one HTML file, each drawing read strictly first."""
    from foedus.report.figures_page import Chosen, figures_page

    chosen = [
        Chosen(
            f["title"], f["kind"], f["citation"], f["python"], f["cli"], svg(f["svg"], f["citation"]).decode().partition("?>")[2] if f["svg"] else "",
            tuple(c["label"] or c["name"] for c in f["table"]["columns"]) if f["table"] else (),
            tuple(tuple(r) for r in f["table"]["rows"]) if f["table"] else (), tuple(f["notes"]), tuple(s.get("text", "") for s in f["sources"]),
        )
        for f in figures
    ]  # fmt: skip
    return figures_page(title, chosen).encode("utf-8", "replace")
