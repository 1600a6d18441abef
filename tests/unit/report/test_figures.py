import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from foedus import terminal
from foedus.report.brief import sections
from foedus.report.figures import account, draw, labels, marks, network, projection, template, vega
from foedus.report.model import Figure

SVG = "{http://www.w3.org/2000/svg}"


def figure(findings, key):
    return next(b for s in sections(findings) for b in s.blocks if isinstance(b, Figure) and b.id == key)


@pytest.mark.parametrize("key", ["network", "membership", "reasons", "ledger", "joining", "sizes", "map", "what-if"])
def test_a_figure_is_well_formed_and_says_what_it_shows(findings, hostile, key):
    for f in (findings, hostile):
        root = ET.fromstring(draw(f, figure(f, key)))
        assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
        assert root[0].text == figure(f, key).title
        assert not [
            e for e in root.iter() if e.tag in {f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject", f"{SVG}a"}
        ]
        assert all(e.attrib["id"].startswith((key, f"fig-{key}")) for e in root.iter() if "id" in e.attrib)


def test_a_figure_of_drawn_wars_names_the_fitted_rates(findings):
    for key in ("joining", "sizes", "map", "what-if"):
        assert "models spread (" in figure(findings, key).source
        assert "reliability" not in figure(findings, key).source


def test_colours_follow_the_page(findings):
    for key in ("network", "membership", "map"):
        drawing = draw(findings, figure(findings, key))
        assert "var(--bloc-a, " in drawing
        assert "currentColor" in drawing


def test_dividing_ties_are_dashed_and_groups_are_squares(hostile):
    root = ET.fromstring(draw(hostile, figure(hostile, "network")))
    assert any(e.get("stroke-dasharray") and "--divides" in e.get("stroke", "") for e in root.iter(f"{SVG}path"))
    assert [e for e in root.iter(f"{SVG}rect") if "--bloc" in f"{e.get('fill')}{e.get('stroke')}"]


def test_names_in_the_network_do_not_meet(findings):
    b = findings.blocs
    chosen = network._chosen(b)
    share = np.array([b.membership[k] if b.two.label[k] else 1 - b.membership[k] for k in chosen])
    x = network.LEFT + (network.RIGHT - network.LEFT) * share
    r = np.full(len(chosen), 9.0)
    y, height = network._rows(x, r, [b.system.ids[k] for k in chosen], network._heaviest(b, chosen))
    spans = [network._span(float(x[k]), 9.0, b.system.ids[chosen[k]]) for k in range(len(chosen))]
    for i in range(len(chosen)):
        assert network.TOP <= y[i] <= height
        for j in range(i):
            apart = spans[i][1] < spans[j][0] or spans[j][1] < spans[i][0]
            assert apart or abs(y[i] - y[j]) > 12


def test_labels_keep_clear_of_each_other_and_of_marks():
    spots = [(100.0 + 4 * k, 100.0 + 3 * k, 5.0, f"name {k}") for k in range(7)]
    placed = labels.place(spots, [], (0, 0, 400, 300), must=len(spots))
    assert all(placed)
    boxes = []
    for p, (*_, text) in zip(placed, spots, strict=True):
        width = labels.GLYPH * len(text)
        left = p.x if p.anchor == "start" else p.x - width if p.anchor == "end" else p.x - width / 2
        boxes.append((left, p.y - 11, left + width, p.y + 3))
    for i, a in enumerate(boxes):
        assert a[0] >= 0
        assert a[2] <= 400
        assert all(a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1 for b in boxes[:i])


def test_a_label_that_need_not_stand_is_left_out():
    spots = [(50.0, 50.0, 5.0, "a name much too long for the sheet" * 2)]
    assert labels.place(spots, [], (0, 0, 100, 100), must=0) == [None]


def test_marks_on_one_spot_are_nudged_apart():
    x, y = marks.apart(np.zeros(4), np.zeros(4), np.full(4, 5.0))
    far = np.hypot(x[:, None] - x, y[:, None] - y) + 100 * np.eye(4)
    assert far.min() > 9.5


def test_the_sheet_is_cut_where_nobody_sits():
    lon = np.array([170.0, -170.0, 150.0, -150.0])
    sheet = projection.frame(np.array([10.0, 12.0, -5.0, 0.0]), lon)
    x, y = sheet.project(np.array([0.0]), np.array([180.0]))
    assert sheet.inside(x, y).all()
    path = projection.great_circle(sheet, (0.0, 170.0), (0.0, -170.0))
    assert path.count("M") == 1


def test_an_outlier_stays_outside_the_frame():
    lat, lon = (
        np.array([33.0, 34.0, 31.0, 35.0, 32.0, 30.0, 39.0]),
        np.array([35.0, 36.0, 35.0, 44.0, 36.0, 31.0, -77.0]),
    )
    sheet = projection.frame(lat, lon)
    assert sheet.inside(*sheet.project(lat, lon)).tolist() == [True] * 6 + [False]


def test_miller_and_the_graticule():
    assert projection.miller(np.array([0.0]))[0] == pytest.approx(0.0)
    assert np.radians(projection.miller(np.array([90.0]))[0]) == pytest.approx(2.303412543)  # the pole, Snyder 1987
    sheet = projection.frame(np.array([0.0, 40.0]), np.array([0.0, 40.0]))
    assert {"0°", "20°N", "20°E"} <= {label for label, *_ in projection.graticule(sheet)}


def test_the_same_place_has_no_arc():
    sheet = projection.frame(np.array([0.0, 40.0]), np.array([0.0, 40.0]))
    assert projection.great_circle(sheet, (1.0, 1.0), (1.0, 1.0)) == ""


def test_nothing_to_draw_gives_nothing(bare):
    for key in ("joining", "map"):
        assert draw(bare, figure(bare, key)) == ""


def test_no_name_ends_the_script_of_a_page(tmp_path):
    """The converter writes a chart's JSON into a script as it is."""
    name = "</script><script>alert(1)</script><!--"
    chart = {"data": {"values": [{"a": name, name: 1}]}, "mark": "point", "title": name}
    account.save(type("Chart", (), {"to_dict": lambda *_, **__: chart})(), tmp_path / "a.html", source=name)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert not re.search("<script>alert|<!--|\ufdd0", page)
    assert page.count(json.dumps(name)[1:-1].replace("<", r"\u003c")) == 4, "it reads back as it was"


@pytest.mark.parametrize("ending", [".svg", ".png"])
def test_no_text_of_a_chart_ends_the_process(ending, tmp_path):
    """The converter does not raise over a control character: it aborts."""
    chart = {"data": {"values": [{"a": "x\x1b\ufffe\ud800\x00", "b": 1}]}, "mark": "bar", "title": ["\x07", "\u202e"],
             "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}}}  # fmt: skip
    account.save(type("Chart", (), {"to_dict": lambda *_, **__: chart})(), tmp_path / f"a{ending}", source="\x1b[2J")
    content = (tmp_path / f"a{ending}").read_bytes()
    assert not terminal.UNSAFE.search(content.decode("utf-8", "ignore")) or ending != ".svg"
    if ending == ".svg":
        about = Figure("k", "t\x1b\u202e", "d\x07", "", "simulated", "")
        drawn = vega.to_svg(type("Chart", (), {"to_dict": lambda *_, **__: dict(chart)})(), about)
        for text in (content.decode(), drawn, template.environment().from_string("<g>{{ x }}</g>").render(x="<\x1b")):
            assert not terminal.UNSAFE.search(text)
            assert "\\u001b" in "".join(ET.fromstring(text).itertext())
