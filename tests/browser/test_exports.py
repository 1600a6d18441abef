"""Every format in which a figure is saved, opened by the programs that read it, with the citation inside."""

import io
import json
import struct
import xml.etree.ElementTree as ET
import zlib

import polars as pl
import pytest

from browser_steps import copied, opened, saved, table, value

TEXTS = (b"iTXt", b"tEXt", b"zTXt")


def chunks(body):
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(body):
        (size,) = struct.unpack(">I", body[at : at + 4])
        yield body[at + 4 : at + 8], body[at + 8 : at + 8 + size]
        assert struct.unpack(">I", body[at + 8 + size : at + 12 + size])[0] == zlib.crc32(body[at + 4 : at + 8 + size])
        at += 12 + size


def test_a_figure_is_saved_in_every_format_with_its_citation(page, studio):
    opened(page, studio, "blocs")
    cite = copied(page, "membership", "copy-citation")
    assert "foedus" in cite
    shown = table(page, "membership")

    csv = pl.read_csv(io.BytesIO(saved(page, "membership", "csv")))
    assert csv["cite_as"].unique().to_list() == [cite]
    parquet = saved(page, "membership", "parquet")
    assert pl.read_parquet_metadata(io.BytesIO(parquet))["citation"] == cite
    assert json.loads(pl.read_parquet_metadata(io.BytesIO(parquet))["sources"])
    rows = pl.read_parquet(io.BytesIO(parquet))
    assert csv.drop("cite_as").equals(rows)
    assert rows["actor"].to_list() == [row["actor"] for row in shown]
    assert rows["membership"].to_list() == pytest.approx([value(row["membership"]) for row in shown], rel=6e-3)

    svg = ET.fromstring(saved(page, "membership", "svg"))
    words = " ".join("".join(e.itertext()) for e in svg.iter())
    assert "Austria-Hungary" in words
    assert cite.split(".")[0] in words
    assert len(list(svg.iter("{http://www.w3.org/2000/svg}circle"))) >= 16

    png = dict(chunks(saved(page, "membership", "png")))
    width, height = struct.unpack(">II", png[b"IHDR"][:8])
    assert 800 <= width <= 4000
    assert 400 <= height <= 6000
    assert cite.split(".")[0] in next(v for k, v in png.items() if k in TEXTS).decode("utf-8", "replace")

    pdf = saved(page, "membership", "pdf")
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert len(pdf) > 5000


def test_network_and_map_are_saved_as_drawings(page, studio):
    opened(page, studio, "world")
    for figure in ("figure-map", "figure-network"):
        drawn = ET.fromstring(saved(page, figure, "svg"))
        texts = ["".join(e.itertext()) for e in drawn.iter("{http://www.w3.org/2000/svg}text")]
        assert any("Italy" in t for t in texts)
        assert "var(--" not in ET.tostring(drawn, encoding="unicode")
