"""The chart of a pact's account: what it draws, and the files it writes."""

from dataclasses import replace

import pytest

import foedus as fd
from foedus.errors import ParameterError
from foedus.report.figures.account import OUTSIDERS, chart, check, write
from foedus.security.account import pact_account


@pytest.fixture(scope="module")
def account():
    return pact_account(fd.load("europe-1914"), "franco-russian-alliance", draws=20, wars=0)


def marks(part):
    return {row["actor"]: row for layer in part["layer"] for row in layer["data"].get("values", []) if "actor" in row}


def test_members_come_first_then_the_most_alarmed_with_their_numbers(account):
    left, right = chart(account).to_dict()["hconcat"]
    rows = marks(left)
    russia = next(e for e in account.members if e.actor == "RUS")
    assert rows["Russia"]["mean"] == pytest.approx(1000 * russia.beaten.mean)
    assert rows["Russia"]["what"] == "member"
    assert [r["what"] for r in rows.values()].count("outsider") == min(OUTSIDERS, len(account.alarmed))
    first = account.alarmed[0]
    lost = [r for layer in right["layer"] for r in layer["data"].get("values", []) if r.get("what") == "beats a member"]
    assert lost[0]["mean"] == pytest.approx(1000 * first.wins.mean)


def test_without_outsiders_there_is_one_panel(account):
    assert len(chart(replace(account, effects=account.members)).to_dict()["hconcat"]) == 1


@pytest.mark.parametrize(("name", "head"), [("a.svg", b"<svg"), ("a.png", b"\x89PNG"), ("a.html", b"<!DOCTYPE html>")])
def test_files_stand_alone(account, tmp_path, name, head):
    write(account, tmp_path / name)
    found = (tmp_path / name).read_bytes()
    assert found[:20].lstrip().startswith(head)
    assert [p.name for p in tmp_path.iterdir()] == [name]
    if not name.endswith("png"):
        assert b"var(--" not in found[:2_000] or name.endswith("html")
        assert b'src="http' not in found


def test_an_ending_that_says_nothing_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"svg, \.png, \.html"):
        check(tmp_path / "a.pdf")
