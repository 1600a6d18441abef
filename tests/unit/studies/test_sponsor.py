"""One war with a sponsor's tie open, deniable and cut: each arm is the war of the system so edited, on the same random numbers."""

import json

import numpy as np
import pytest

import foedus as fd
from foedus.cli import main
from foedus.errors import InvalidSystemError
from foedus.studies.sponsor import sponsor_tie
from foedus.system.edits import ChangeTie, RemoveTie

DRAWS = 200


@pytest.fixture(scope="module")
def system():
    return fd.load("middle-east-2019")


@pytest.fixture(scope="module")
def found(system):
    return sponsor_tie(system, "ISR", "HEZB", sponsor="Iran", group="HEZB", draws=DRAWS, seed=3)


def test_each_arm_is_the_war_of_the_edited_system(system, found):
    (tie,) = (t for t in system.active_ties() if (t.a, t.b, t.reason) == ("IRN", "HEZB", "sponsorship"))
    edits = [ChangeTie("IRN", "HEZB", "sponsorship", tie.strength, openness=o) for o in ("open", "deniable")]
    for arm, edit in zip(found.wars, [*edits, RemoveTie("IRN", "HEZB", "sponsorship")], strict=True):
        alone = edit.apply(system).war("ISR", "HEZB", draws=DRAWS, seed=3)
        assert np.array_equal(alone.side, arm.side)
    assert found.stated == (tie.openness,)
    assert len({w.side.tobytes() for w in found.wars}) == 3


def test_quantities_are_counted_by_hand(found):
    told = {(r["quantity"], r["tie"]): r for r in found.table().to_dicts()}
    k, g = (found.system.index[x] for x in ("IRN", "HEZB"))
    for arm, w in zip(("open", "deniable", "cut"), found.wars, strict=True):
        assert told["IRN is drawn in", arm]["mean"] == pytest.approx(np.mean([row[k] > 0 for row in w.side]))
        same = [row[k] == row[g] != 0 for row in w.side]
        assert told["IRN is drawn in beside HEZB", arm]["mean"] == pytest.approx(np.mean(same))
        assert told["number of belligerents", arm]["mean"] == pytest.approx(
            np.mean([(row > 0).sum() for row in w.side])
        )
    for (what, arm), row in told.items():
        apart = row["mean"] - told[what, "open"]["mean"]
        assert (row["change"] is None) == (arm == "open")
        if row["change"] is not None:
            assert row["change"] == pytest.approx(apart, abs=1e-12)
            assert row["change_low"] < row["change_high"]
    assert found.to_dict()["rows"] == found.table().to_dicts()


def test_who_is_in_the_first_shot_is_not_drawn_in(system):
    shares = []
    found = sponsor_tie(system, "ISR", "IRN", sponsor="IRN", group="HEZB", draws=50, progress=shares.append)
    told = found.table()["quantity"].unique(maintain_order=True).to_list()
    assert [x for x in told if "drawn" in x] == ["HEZB is drawn in"]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(("sponsor", "group"), [("HEZB", "IRN"), ("RUS", "HEZB")])
def test_a_sponsorship_that_is_not_stated_is_refused_with_those_that_are(system, sponsor, group):
    with pytest.raises(
        InvalidSystemError, match=rf"Unknown sponsorship: got {sponsor}:{group}(.|\n)*hint: in force are .*IRN:HEZB"
    ):
        sponsor_tie(system, "ISR", "HEZB", sponsor=sponsor, group=group)


def test_a_system_without_sponsors_says_so():
    with pytest.raises(InvalidSystemError, match="states no sponsorship"):
        sponsor_tie(fd.load("europe-1914").with_(ties=()), "AUH", "SER", sponsor="RUS", group="SER")


def test_the_command_prints_what_the_function_returns(capsys, found):
    def printed(*words):
        with pytest.raises(SystemExit) as stop:
            main(["explain", "ISR", "HEZB", "--in", "middle-east-2019", "--draws", str(DRAWS), "--seed", "3", *words])
        return stop.value.code or 0, *capsys.readouterr()

    code, out, _ = printed("--sponsor", "IRN:HEZB", "--json")
    assert code == 0
    assert [r["mean"] for r in json.loads(out)["rows"]] == pytest.approx(found.table()["mean"].to_list())
    code, out, _ = printed("--sponsor", "IRN:HEZB")
    assert code == 0
    assert "deniable" in out
    assert f"stated as {found.stated[0]}" in " ".join(out.split())
    code, _, said = printed("--sponsor", "Iran")
    assert code == 2
    assert "SPONSOR:GROUP" in said
