"""Figures of a brief as files of their own."""

import re

import pytest

import foedus as fd
from foedus.errors import ParameterError
from foedus.report.figures import account, alone
from foedus.studies.brief import investigate


@pytest.fixture(scope="module")
def findings():
    return investigate(fd.load("europe-1914"), draws=200, seed=1)


def test_each_stands_alone_with_title_and_source(findings, tmp_path):
    from xml.etree import ElementTree

    for kind in alone.KINDS[:-1]:
        drawn = alone.write(findings, kind, tmp_path / f"{kind}.svg").read_text()
        root = ElementTree.fromstring(drawn)
        words = " ".join("".join(e.itertext()) for e in root.iter() if e.tag.endswith("}text"))
        assert "28 July 1914" in words
        assert "system europe-1914 and the sources it cites" in words
        assert "200 simulated wars" in words
        assert "var(" not in drawn
        assert "currentColor" not in drawn


def test_a_picture_of_points(findings, tmp_path):
    assert alone.write(findings, "sizes", tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_not_there_is_refused(findings, tmp_path, monkeypatch):
    with pytest.raises(ParameterError, match="one of those of this brief: network"):
        alone.write(findings, "what-if", tmp_path / "a.svg")
    with pytest.raises(ParameterError, match=r"ends in .svg or .png"):
        alone.write(findings, "sizes", tmp_path / "a.gif")
    monkeypatch.setattr(alone, "draw", lambda *_: "")
    with pytest.raises(ParameterError, match="something to draw"):
        alone.write(findings, "sizes", tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == []


def test_a_chart_has_its_source_below_it(tmp_path):
    import altair as alt

    chart = alt.Chart(alt.Data(values=[{"a": 1}])).mark_bar().encode(x="a:Q")
    assert account.with_source(chart.to_dict(), "") == chart.to_dict()
    account.save(chart, tmp_path / "a.svg", source="Simulated: " + "word " * 30)
    drawn = (tmp_path / "a.svg").read_text()
    found = re.search(r"Simulated: word", drawn)
    assert found is not None
    assert drawn.count("word") >= 30
