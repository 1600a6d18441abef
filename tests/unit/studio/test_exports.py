"""Files of figures and tables: they open elsewhere, carry their citation, and hold nothing that the page's text could smuggle in."""

import io
import json
import struct
import zlib
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from foedus.errors import ParameterError
from foedus.studio import exports
from foedus.terminal import UNSAFE, visible

CITE = "foedus 0.1.0. Who lines up with whom: Europe; derived."
TABLE = {
    "title": "Who is where",
    "columns": [{"name": "actor", "type": "str"}, {"name": "p", "type": "float"}, {"name": "n", "type": "int"}, {"name": "in", "type": "bool"}],
    "rows": [["=cmd|'x'!A1", {"mean": 0.5, "low": 0.25, "high": 0.75}, 3, True], ["SER", None, None, False]],
}  # fmt: skip
FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60" viewBox="0 0 120 60"><title>A figure</title>'
    '<g transform="translate(1,1)" class="x" data-a="b" aria-label="c"><path d="M0 0L10 10" stroke="#123456" stroke-dasharray="5 4"/>'
    '<text x="5" y="50" font-size="10">Serbia &lt;b&gt;</text></g></svg>'
)


def test_a_csv_file_reads_without_arguments_and_cites_itself():
    read = pl.read_csv(io.BytesIO(exports.csv(TABLE, CITE)))
    assert read.columns == ["actor", "p", "p_low", "p_high", "n", "in", "cite_as"]
    assert read["p_low"].to_list() == [0.25, None]
    assert read["n"].to_list() == [3, None]
    assert read["cite_as"].unique().to_list() == [CITE]


def test_a_csv_file_holds_no_cell_that_a_spreadsheet_would_run():
    assert pl.read_csv(io.BytesIO(exports.csv(TABLE, "=1+1")))["actor"][0].startswith("'=")
    assert exports.csv(TABLE, "=1+1").decode().splitlines()[1].endswith("'=1+1")


def test_a_parquet_file_keeps_types_and_carries_citation_and_sources():
    body = io.BytesIO(exports.parquet(TABLE, CITE, [{"key": "nmc", "text": "NMC", "version": "7.0"}]))
    assert pl.read_parquet(body).schema == {
        "actor": pl.String, "p": pl.Float64, "p_low": pl.Float64, "p_high": pl.Float64, "n": pl.Int64, "in": pl.Boolean,
    }  # fmt: skip
    held = pl.read_parquet_metadata(body)
    assert held["citation"] == CITE
    assert json.loads(held["sources"])[0]["version"] == "7.0"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rows": [["x"]]}, "another length"),
        ({"columns": [{"name": "a", "type": "str"}] * 4}, "two columns of one name"),
        ({"rows": [["x", "often", 1, True]]}, "no float"),
        ({"rows": [["x", 1.0, 2**80, True]]}, "no int"),
    ],
)
def test_a_table_that_is_none_is_refused(change, said):
    with pytest.raises(ParameterError, match=said):
        exports.frame(TABLE | change)


def test_a_drawing_keeps_its_shapes_and_words_and_says_how_to_cite_it():
    root = ET.fromstring(exports.svg(FIGURE, CITE))
    assert root.find(".//{*}desc").text == CITE
    assert root.find(".//{*}text").text == "Serbia <b>"
    assert root.find(".//{*}path").get("stroke-dasharray") == "5 4"
    assert set(root.find("{*}g").attrib) == {"transform"}


@pytest.mark.parametrize(
    "smuggled",
    [
        "<script>alert(1)</script>", '<image href="file:///etc/passwd" width="10" height="10"/>', "<foreignObject><b/></foreignObject>",
        '<use href="http://example.org/x.svg#a"/>', '<rect width="1" height="1" onload="alert(1)"/>', '<rect fill="url(http://example.org/a)"/>',
        '<rect fill="url( \'file:///etc/passwd#a\' )"/>', "<style>@import url(x)</style>", '<a href="javascript:alert(1)"><text>x</text></a>',
        '<text xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="x">x</text>', '<animate attributeName="x"/>', "<?php x ?>", "<!-- x -->",
    ],
)  # fmt: skip
def test_what_no_figure_holds_is_refused(smuggled):
    with pytest.raises(ParameterError, match="svg"):
        exports.svg(FIGURE.replace("</g>", f"{smuggled}</g>"), CITE)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "no xml", "<svg/>", "",
        '<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="9"/>', '<svg xmlns="http://www.w3.org/2000/svg" width="NaN" height="9"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" height="9"/>', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="-9"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">' + "<g>" * 60 + "</g>" * 60 + "</svg>",
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">' + "<g/>" * 60_001 + "</svg>", "\x00", "\ud800",
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(ParameterError, match="svg"):
        exports.svg(text, CITE)


def test_a_png_is_a_picture_of_twice_the_size_with_its_citation():
    body = exports.png(FIGURE, "Zitat: Österreich-Ungarn")
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", body[16:24]) == (240, 120)
    at, texts = 8, []
    while at < len(body):
        size = struct.unpack(">I", body[at : at + 4])[0]
        kind, held = body[at + 4 : at + 8], body[at + 8 : at + 8 + size]
        assert struct.unpack(">I", body[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + held)
        texts += [held] if kind == b"iTXt" else []
        at += 12 + size
    assert texts[0].split(b"\0")[-1].decode() == "Zitat: Österreich-Ungarn"


@pytest.mark.parametrize("said", ["\x00", "\x1b[2J", "\ud800", "\u202e"], ids=ascii)
def test_what_cannot_be_seen_is_shown(said):
    told = visible(said)
    drawn = exports.svg(FIGURE.replace("Serbia", said if said == "\u202e" else ""), said).decode()
    assert ET.fromstring(drawn).find(".//{*}desc").text == told
    assert not UNSAFE.search(drawn)
    assert exports.png(FIGURE, said).count(told.encode()) == 1
    assert exports.csv(TABLE, said).decode().endswith(f",{told}\n")
    held = pl.read_parquet_metadata(io.BytesIO(exports.parquet(TABLE | {"title": said}, said, [{"text": said}])))
    assert (held["title"], held["citation"], json.loads(held["sources"])) == (told, told, [{"text": said}])


def test_a_pdf_is_one():
    assert exports.pdf(FIGURE, CITE).startswith(b"%PDF-")


def test_a_report_shows_words_as_words_and_cites_every_figure():
    heads = [{"name": "actor", "label": "Actor", "type": "str"}, {"name": "p", "label": "", "type": "float"}]
    one = {
        "title": "<img src=x onerror=alert(1)>", "kind": "derived", "svg": FIGURE, "table": {"columns": heads, "rows": [["<b>", {"mean": 0.5, "low": 0.25, "high": 0.75}],
        ["SER", None]]}, "citation": CITE, "sources": [{"text": "NMC"}], "notes": ["<i>"], "python": "import foedus", "cli": "foedus blocs",
    }  # fmt: skip
    page = exports.report("A <title>", [one]).decode()
    assert "<img" not in page.replace("&lt;img", "")
    for words in (
        "A &lt;title&gt;",
        "&lt;img src=x",
        "0.5 (0.25 to 0.75)",
        "unknown",
        CITE,
        "NMC",
        "&lt;i&gt;",
        "import foedus",
        "Serbia &lt;b&gt;",
    ):
        assert words in page
    assert "script-src &#39;none&#39;" in page or "script-src 'none'" in page
    with pytest.raises(ParameterError, match="svg"):
        exports.report("x", [one | {"svg": FIGURE.replace("</g>", "<script/></g>")}])
