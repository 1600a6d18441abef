"""The chart of a sequence: what it draws, and the files it writes."""

import datetime as dt

import pytest

import foedus as fd
from foedus.errors import ParameterError
from foedus.report.figures.sequence import LONGEST, chart, check, write
from foedus.studies.sequence import sequence

FIRST, LAST = dt.date(1904, 4, 1), dt.date(1905, 12, 31)


@pytest.fixture(scope="module")
def walk():
    return sequence(fd.load_scenario("europe-1872-1914"), first=FIRST, last=LAST, kinds=["signed", "event"], draws=2)


@pytest.fixture(scope="module")
def panels(walk):
    return chart(walk).to_dict()["vconcat"]


def test_a_bar_for_each_pact_in_force(walk, panels):
    rows = {r["pact"]: r for r in panels[0]["data"]["values"]}
    assert len(rows) == len(walk.pacts)
    entente = rows["Entente Cordiale (United Kingdom, France)"]
    assert (entente["start"], entente["end"], entente["kind"]) == ("1904-04-08", "1905-12-31", "alignment")
    assert all(len(name) <= LONGEST for name in rows)
    assert all(FIRST.isoformat() <= r["start"] <= r["end"] <= LAST.isoformat() for r in rows.values())
    assert set(panels[0]["encoding"]["color"]["scale"]["domain"]) == {"treaty", "alignment", "guarantee"}


def test_lanes_follow_each_other_without_a_gap(walk, panels):
    rows = [r for r in panels[1]["data"]["values"] if r["actor"] == "United Kingdom"]
    assert [r["start"] for r in rows] == [s.date.isoformat() for s in walk.steps]
    assert [r["end"] for r in rows] == [*(s.date.isoformat() for s in walk.steps[1:]), LAST.isoformat()]
    assert [r["bloc"][-1] for r in rows] == [next(p.bloc for p in s.places if p.actor == "UKG") for s in walk.steps]
    assert len({r["bloc"] for r in rows}) == 2


def test_lines_carry_interval_mean_and_exact_value(walk, panels):
    frustrated = (
        panels[2]["layer"][0]["data"]["values"] if "data" in panels[2]["layer"][0] else panels[2]["data"]["values"]
    )
    assert frustrated[0]["exact"] == pytest.approx(100 * walk.steps[0].frustrated_centre[1])
    assert frustrated[-1]["mean"] == pytest.approx(100 * walk.steps[-1].frustrated.after.mean)
    assert all(r["low"] <= r["mean"] <= r["high"] for r in frustrated)
    assert len(panels) == 4


@pytest.mark.parametrize(("name", "head"), [("a.svg", b"<svg"), ("a.png", b"\x89PNG")])
def test_files_stand_alone(walk, tmp_path, name, head):
    """The third format is tested with the account's figure, which the same function writes."""
    write(walk, tmp_path / name)
    assert (tmp_path / name).read_bytes().lstrip().startswith(head)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_an_ending_that_says_nothing_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"ends in \.svg"):
        check(tmp_path / "a.pdf")


def test_a_short_sequence_names_months_and_a_long_one_years():
    import altair as alt

    from foedus.report.figures.sequence import _axis

    told = [
        _axis(alt.Scale(type="time", domain=["1890-01-01", last]), "at", labels=True).to_dict()["axis"]["format"]
        for last in ("1892-12-31", "1914-07-28")
    ]
    assert told == ["%b %Y", "%Y"]
