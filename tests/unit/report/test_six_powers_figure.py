"""The small multiples of six powers: each drawing's friends and foes, and how sure ours are."""

import pytest

import foedus as fd
from foedus.errors import ParameterError
from foedus.report.figures.six_powers import PLACES, chart, write
from foedus.studies.six_powers import POWERS, PUBLISHED, six_powers


@pytest.fixture(scope="module")
def found():
    return six_powers(fd.load_scenario("europe-1872-1914"), draws=20, codings=["stated"])


def edges(drawing):
    return drawing["layer"][0]["data"]["values"]


def test_each_drawing_holds_its_ties(found):
    rows = chart(found).to_dict()["vconcat"]
    assert len(rows) == 2
    for name, drawing in zip(PUBLISHED, rows[0]["hconcat"], strict=True):
        signs = PUBLISHED[name][1]
        assert sorted(e["sign"] for e in edges(drawing)) == sorted(
            "friends" if s > 0 else "foes" for s in signs.values()
        )
        assert {e["sure"] for e in edges(drawing)} == {100.0}
    last = rows[1]["hconcat"][-1]
    doubtful = found.at("British-Russian agreement", "stated").doubtful
    assert sorted(e["sure"] for e in edges(last) if e["sure"] < 90) == pytest.approx(
        sorted(100 * s for *_, s in doubtful)
    )
    assert "P balanced" in last["title"]["subtitle"][1]


def test_the_two_sides_of_the_last_drawing_stand_left_and_right():
    left = {p for p, (x, _) in PLACES.items() if x < 1}
    assert set(PLACES) == set(POWERS)
    assert left == {"UKG", "FRN", "RUS"}


def test_files_and_refusals(found, tmp_path):
    write(found, tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text().startswith("<svg")
    with pytest.raises(ParameterError, match=r"ends in \.svg"):
        write(found, tmp_path / "a.pdf")
    with pytest.raises(ParameterError, match="and a coding"):
        write(found, tmp_path / "b.svg", codings=("every",))
