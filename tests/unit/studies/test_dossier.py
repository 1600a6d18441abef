"""Dossiers: what the system and the tables hold, row by row, and nothing that they do not."""

import datetime as dt

import polars as pl
import pytest

import foedus as fd
from foedus.data.store import DataDir
from foedus.errors import DataError, ParameterError, UnknownStateError
from foedus.studies.dossier import conditions, dossier
from foedus.system.from_tables import from_tables
from foedus.system.nouns import Border, Pledge
from made_up_store import FRN, GMY, ROWS, RUS, at_hand


@pytest.fixture
def store(monkeypatch, tmp_path):
    return at_hand(monkeypatch, tmp_path)


@pytest.fixture
def system(store):
    return from_tables("1910-06-15", store)


@pytest.fixture
def no_store(monkeypatch):
    def gone(_, data_dir):
        raise DataError("no folder")

    monkeypatch.setattr(DataDir, "of", classmethod(gone))


def test_a_state_has_its_ties_pacts_pledges_and_records(system, store):
    found = dossier(system, "cow:220", data_dir=store)
    assert (found.kind, found.title) == ("state", "France")
    facts = dict(found.facts)
    assert facts["Codes"] == "FRN, cow:220, gw:221"
    assert (facts["Great power"], facts["Religion of the majority"]) == ("no", "unknown")
    assert dict(found.table("pacts").select("pact", "promises").rows())["atop-1"] == "defence"
    assert set(found.table("pledges").filter(pl.col("pact") == "atop-1").select("by", "to", "promise").rows()) == {
        ("FRN", "RUS", "defence"), ("RUS", "FRN", "defence"), ("RUS", "FRN", "consultation"),
    }  # fmt: skip
    assert found.table("treaties").select("atop", "promises", "threat_named").rows() == [
        (1, "defence", None),
        (2, "consultation", None),
    ]
    assert found.table("disputes").select("dispute", "against", "beside", "own_hostility").rows() == [
        (7, "GMY", "RUS", "display of force")
    ]
    assert found.table("wars")["warnum"].to_list() == [5]
    assert found.table("rivalries")["rivalry"].to_list() == ["F-G"]
    assert found.table("capabilities").height == sum(r["ccode"] == FRN for r in ROWS["cow_nmc"])
    assert dossier(system, "RUS", data_dir=store).table("treaties")["threat_named"].to_list() == ["GMY"]


def test_the_tie_by_reason_adds_up(system, store):
    ties = dossier(system, "FRN", data_dir=store).table("ties")
    reasons = [c for c in ties.columns if c not in ("with", "name", "propensity", "weight")]
    for row in ties.iter_rows(named=True):
        assert row["propensity"] == pytest.approx(sum(row[r] for r in reasons))
    assert {"RUS", "GMY"} <= set(ties["with"])


def test_a_pair_has_only_what_both_share(system, store):
    found = dossier(system, "FRN", "GMY", data_dir=store)
    assert dict(found.facts)["Contiguity"] == "land"
    assert "atop-1" not in found.table("pacts")["pact"].to_list()
    assert found.table("disputes").select("state", "side").rows() == [("FRN", "A"), ("GMY", "B")]
    assert found.table("wars")["side"].to_list() == ["A", "B"]
    assert found.table("ties")["with"].to_list() == ["GMY"]
    assert {r[2] for r in found.table("stated").rows()} >= {"rivalry", "war"}
    others = dossier(system, "UKG", "RUS", data_dir=store)
    assert (others.table("disputes").height, others.table("wars").height, others.table("rivalries").height) == (0, 0, 0)


def test_a_pact_has_members_promises_and_every_phase(system, store):
    found = dossier(system, pact="atop-1", data_dir=store)
    assert found.table("members")["actor"].to_list() == ["FRN", "RUS"]
    assert found.table("pledges")["promise"].to_list() == ["defence", "defence", "consultation"]
    assert found.table("memberships").select("member", "exit").rows() == [("FRN", None), ("RUS", None)]
    assert dict(found.facts)["Number in ATOP"] == "1"


def test_what_covers_a_record_stands_beside_it(system, store):
    notes = {s.name: s.note for s in dossier(system, "FRN", data_dir=store).sections}
    assert "1816 to 1912: outside these years unknown; a missing row inside them means no dispute" in notes["disputes"]
    plain = dossier(system, "FRN", data_dir=store).to_dict()
    assert next(s for s in plain["sections"] if s["name"] == "wars") | {"note": ""} == {
        "name": "wars", "title": "Inter-state wars", "kind": "observed", "source": "cow_wars", "note": "", "rows": 1,
    }  # fmt: skip


def test_a_list_that_is_not_at_hand_is_absent_not_empty(monkeypatch, tmp_path, system):
    fewer = at_hand(monkeypatch, tmp_path, {"cow_nmc": ROWS["cow_nmc"]})
    for ids in (("FRN",), ("FRN", "GMY")):
        names = [s.name for s in dossier(system, *ids, data_dir=fewer).sections]
        assert not {"disputes", "wars", "rivalries", "treaties"} & set(names)
    assert [s.name for s in dossier(system, pact="atop-1", data_dir=fewer).sections] == ["members", "pledges"]


def test_a_scenario_needs_no_folder(no_store):
    s = fd.load("europe-1914", date=dt.date(1914, 7, 28))
    found = dossier(s, "GMY")
    assert "capabilities" not in [x.name for x in found.sections]
    assert "triple-alliance" in found.table("pacts")["pact"].to_list()
    pair = dossier(s, "FRN", "RUS")
    assert pair.table("pledges").height > 0
    assert dict(dossier(s, pact="triple-alliance").facts)["In force"] == "yes"
    with pytest.raises(ParameterError, match="one of ties"):
        found.table("nope")


@pytest.mark.parametrize(
    "asked", [{"ids": ()}, {"ids": ("AA", "AA")}, {"ids": ("AA", "BB", "CC")}, {"ids": ("AA",), "pact": "pact-first"}]
)
def test_one_state_two_states_or_a_pact(quartet, no_store, asked):
    with pytest.raises(ParameterError, match="one state, two different states"):
        dossier(quartet, *asked["ids"], pact=asked.get("pact"))


def test_nobody_and_no_pact(quartet, no_store):
    with pytest.raises(UnknownStateError, match="ZZ"):
        dossier(quartet, "ZZ")
    with pytest.raises(ParameterError, match="the id of a pact"):
        dossier(quartet, pact="nope")


def test_a_border_that_is_gone_is_not_told(quartet, no_store):
    gone = Border("AA", "BB", "land", end=dt.date(1905, 1, 1))
    found = dossier(quartet.with_(borders=(*quartet.borders, gone)), "AA", "BB")
    assert dict(found.facts)["Contiguity"] == "none known"


@pytest.mark.parametrize(
    ("pledge", "said"),
    [({}, "none coded"), ({"targets": ()}, "against adversaries that the text names"), ({"region": ()}, "in a region that the text names"),
     ({"region": ("Europe",), "not_targets": ("B",)}, "not against B; in Europe"), ({"min_attackers": 2}, "by 2 attackers or more"),
     ({"conflict": "the war", "unclear": "how", "disputed": "whether"}, "the war; unclear: how; disputed: whether")],
)  # fmt: skip
def test_conditions_as_words(pledge, said):
    assert said in conditions(Pledge("A", "defense", **pledge))


def test_codes_without_an_abbreviation_stay_codes(monkeypatch, tmp_path, system):
    rows = {k: v for k, v in ROWS.items() if k in ("midb", "atop5_1m")}
    found = dossier(system, "FRN", data_dir=at_hand(monkeypatch, tmp_path, rows))
    assert found.table("disputes")["against"].to_list() == [str(GMY)]
    assert str(RUS) in found.table("disputes")["beside"].to_list()[0]
