"""The world, dossiers, data and search in the studio: the page's numbers are those of the library and of the copied Python."""

import datetime as dt
import json
import shlex
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from tests.unit.studio.asking import asked, ran

import foedus as fd
from foedus.blocs.years import blocs_over, blocs_over_years
from foedus.data.store import DataDir
from foedus.errors import DataError, ParameterError
from foedus.studio.app import create_app
from foedus.studio.frames import KEPT, Kept
from foedus.studio.question import Desk
from foedus.studio.questions import question
from foedus.studio.routes.world import _named
from foedus.studio.settings import Settings
from made_up_store import FRN, GMY, ROWS, at_hand


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "scenarios").mkdir(exist_ok=True)
    return Desk(tmp_path / "scenarios")


@pytest.fixture
def store(monkeypatch, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return at_hand(monkeypatch, folder)


@pytest.fixture
def no_store(monkeypatch):
    def gone(_, data_dir):
        raise DataError("no folder")

    monkeypatch.setattr(DataDir, "of", classmethod(gone))


@pytest.fixture
def client(tmp_path):
    with TestClient(
        create_app(Settings(folder=tmp_path, data_dir=tmp_path)), base_url="http://127.0.0.1:8765"
    ) as client:
        yield client


@pytest.fixture
def no_worker(client, monkeypatch, desk):
    """Answer in this process, and tell which question came with which stamp."""
    seen = []

    async def answered(name, asked, *, stamp=""):
        seen.append((name, stamp))
        q = question(name)
        return q.reply(q.asked.model_validate(asked), desk)

    monkeypatch.setattr(client.app.app.state.pool, "ask", answered)
    return seen


# ---- frames --------------------------------------------------------------------------------------------------------------


def test_years_are_the_series_and_stay_on_disk(desk, store):
    told = []
    answer = asked("world", replace(desk, tell=lambda share, text: told.append((share, text))), **{"in": "1908:1911"})
    assert told == [(0.25, "1908"), (0.5, "1909"), (0.75, "1910"), (1.0, "1911")]
    series = blocs_over_years(1908, 1911, data_dir=store)
    rows = answer["tables"]["years"]["rows"]
    for row, d in zip(rows, series.dates, strict=True):
        assert row[0] == d.date.isoformat()
        assert row[3:6] == [
            pytest.approx(d.value / (d.moment.total or 1)),
            pytest.approx(d.moment.bound / (d.moment.total or 1)),
            d.proved,
        ]
    kept = Kept(desk.scenarios.parent, store, 1908)
    assert kept.ready() == [1908, 1909, 1910, 1911]
    assert answer["proved"]
    assert answer["kind"] == "derived"
    assert "cow-states" in {s["key"] for s in answer["sources"]}
    told.clear()
    assert asked("world", desk, **{"in": "1908:1911"}) == answer, "read back, not worked out again"
    result = ran(answer["python"])["result"]
    assert [f.to_dict()["frustrated"] for f in result] == pytest.approx([r[3] for r in rows])


def test_the_command_on_a_span_gives_the_page_its_shares(desk, store, monkeypatch, capsys):
    from foedus.cli import main

    answer = asked("world", desk, **{"in": "1909:1911"})
    monkeypatch.setenv("FOEDUS_DATA", str(store.path))
    words = shlex.split(answer["cli"])
    assert words[:2] == ["foedus", "blocs"]
    with pytest.raises(SystemExit) as ended:
        main([*words[1:], "--workers", "1", "--data-dir", str(store.path)])
    assert not ended.value.code
    dates = json.loads(capsys.readouterr().out)["dates"]
    assert [d["frustrated"] for d in dates] == pytest.approx([r[3] for r in answer["tables"]["years"]["rows"]])


def test_a_frame_is_read_while_others_are_worked_out(desk, store):
    first = next(iter(fd.frames_over_years(1908, 1911, data_dir=store)))
    kept = Kept(desk.scenarios.parent, store, 1908)
    assert kept.ready() == []
    kept.write(first)
    assert kept.ready() == [1908]
    assert list(kept.read(range(1900, 1912))) == [1908]
    assert json.loads(kept.read([1908])[1908])["year"] == 1908


def test_other_data_are_another_key_and_old_ones_go(desk, store):
    kept = Kept(desk.scenarios.parent, store, 1908)
    (store.path / "cow_nmc.made-up").write_text("other rows than before")
    assert Kept(desk.scenarios.parent, store, 1908).key != kept.key
    for k in range(KEPT + 2):
        (kept.all / f"old{k}").mkdir(parents=True)
    kept.tidy()
    assert len(list(kept.all.iterdir())) == KEPT - 1


def test_one_real_date_is_answered_alone(desk, store, monkeypatch):
    monkeypatch.setenv("FOEDUS_DATA", str(store.path))
    answer = asked("world", desk, **{"in": "1910-06-15"})
    (frame,) = answer["data"]["frames"]
    assert (frame["date"], frame["actors"]["id"]) == ("1910-06-15", ["UKG", "FRN", "GMY", "RUS"])
    assert answer["system"]["date"] == "1910-06-15"
    (again,) = ran(answer["python"])["result"]
    assert again.to_dict()["frustrated"] == pytest.approx(frame["frustrated"])
    assert answer["cli"] is None


def test_a_scenario_has_a_frame_of_each_day_on_which_it_changes(desk):
    answer = asked("world", desk, **{"in": "europe-1914"})
    scenario = fd.load_scenario("europe-1914")
    frames = answer["data"]["frames"]
    assert frames[0]["date"] == scenario.system.date.isoformat()
    assert len({f["date"] for f in frames}) == len(frames)
    series = blocs_over(scenario.at(dt.date.fromisoformat(f["date"])) for f in frames)
    for frame, d in zip(frames, series.dates, strict=True):
        assert frame["frustrated"] == pytest.approx(d.value / d.moment.total)
        assert [b if b is not None else -1 for b in frame["actors"]["bloc"]] == d.bloc.tolist()
    result = ran(answer["python"])["result"]
    assert [f.date.isoformat() for f in result] == [f["date"] for f in frames]
    assert {e["kind"] for e in answer["data"]["events"]} <= {
        "event",
        "signed",
        "joined",
        "left",
        "ended",
        "entered",
        "gone",
    }


def test_one_date_and_one_what_if_of_a_scenario(desk):
    one = asked("world", desk, **{"in": "europe-1914", "date": "1914-08-03"})
    other = asked("world", desk, **{"in": "europe-1914", "what_if": "no-franco-russian-alliance"})
    assert len(one["data"]["frames"]) == len(other["data"]["frames"]) == 1
    for answer in (one, other):
        (frame,) = ran(answer["python"])["result"]
        assert frame.to_dict()["frustrated"] == pytest.approx(answer["data"]["frames"][0]["frustrated"])
    assert one["data"]["frames"][0]["frustrated"] != other["data"]["frames"][0]["frustrated"]


def test_a_span_that_ends_before_it_starts_is_refused(desk, store):
    with pytest.raises(ParameterError, match="not before its start"):
        asked("world", desk, **{"in": "1911:1908"})


# ---- addresses -----------------------------------------------------------------------------------------------------------


def test_a_state_bears_the_name_of_its_day(client, store):
    known = {345: ("YUG", "Yugoslavia"), 255: ("GMY", "Germany")}
    assert _named(345, dt.date(1914, 7, 28), known) == "Serbia (YUG)"
    assert _named(345, dt.date(1935, 1, 1), known) == "Yugoslavia"
    assert _named(255, dt.date(1914, 7, 28), known) == "Germany"
    assert _named(9999, dt.date(1914, 7, 28), known) == "9999"
    assert client.get("/api/about").json()["store"] | {"missing": 0} == {
        "here": True,
        "missing": 0,
        "first": "1816-01-01",
        "last": "1913-01-01",
    }


def test_the_head_has_years_wars_coverage_and_what_is_ready(client, store, tmp_path):
    head = client.get("/api/world").json()
    assert (head["dates"][0], head["dates"][-1]) == ("1816-01-01", "1913-01-01")
    assert head["ready"] == []
    assert head["wars"][0] | {"number": 0} == {
        "number": 0,
        "name": "A War",
        "start": "1910-02-01",
        "end": "1911-03-01",
        "a": ["France"],
        "b": ["Germany"],
    }
    assert head["wars_known"][1] == 1911
    strip = {row["id"]: row for row in head["strip"]}
    assert strip["wrp"]["here"] is False
    assert "fd.frames_over_years(1816, 1913)" in head["envelope"]["python"]
    asked("world", Desk(tmp_path / "scenarios"), **{"in": "1910:1911"})
    span = client.get("/api/world", params={"in": "1910:1911"}).json()
    assert span["ready"] == [1910, 1911]
    got = client.get("/api/world/frames", params={"in": "1910:1911", "from": 1911, "to": 1950}).json()["frames"]
    assert list(got) == ["1911"]
    assert got["1911"]["actors"]["at_war"] == [0, 1, 1, 0]


def test_too_many_years_at_once_are_refused(client, store):
    answer = client.get("/api/world/frames", params={"in": "1910:1911", "from": 1800, "to": 1950})
    assert answer.status_code == 422
    assert "at most 60 years" in answer.json()["error"]["what"]


def test_without_data_the_head_says_how_to_get_them_and_scenarios_go_on(client, no_store):
    head = client.get("/api/world").json()
    assert head["here"] is False
    assert head["fetch"].startswith("foedus data fetch cow_states")
    scenario = client.get("/api/world", params={"in": "europe-1872-1914"}).json()
    assert (scenario["here"], scenario["title"], scenario["dates"][0]) == (True, "Europe, 1872 to 1914", "1872-01-01")
    assert client.get("/api/world", params={"in": "1914"}).json()["here"] is False
    assert client.get("/api/world/borders").json() == {"topology": None, "source": None}
    assert client.get("/api/search", params={"q": "1914"}).json() == []


def test_data_that_lack_a_table_are_no_store(client, monkeypatch, tmp_path):
    at_hand(monkeypatch, tmp_path, {"cow_states": ROWS["cow_states"]})
    assert client.get("/api/world").json()["here"] is False


def test_borders_come_with_their_citation_and_terms(client, store, monkeypatch):
    from made_up_store import frame

    store.frames["cshapes_cow"] = frame("cshapes_cow", [])
    monkeypatch.setattr("foedus.data.borders.borders", lambda folder: {"type": "Topology", "arcs": []})
    found = client.get("/api/world/borders").json()
    assert found["topology"] == {"type": "Topology", "arcs": []}
    assert "CC BY-NC-SA" in found["source"]["text"]
    assert (found["first"], found["last"]) == (1886, 1912)


def test_search_finds_years_states_pacts_and_the_scenario_at_hand(client, store):
    year, *_ = client.get("/api/search", params={"q": "1910"}).json()
    assert (year["kind"], year["id"]) == ("year", "1910")
    assert [f["kind"] for f in client.get("/api/search", params={"q": "2500"}).json()] == []
    assert client.get("/api/search", params={"q": " "}).json() == []
    (state,) = [f for f in client.get("/api/search", params={"q": "cow:255"}).json() if f["kind"] == "actor"]
    assert (state["id"], state["over"]) == ("GMY", "real")
    found = client.get("/api/search", params={"q": "triple", "in": "europe-1914"}).json()
    assert ("pact", "triple-alliance", "europe-1914") in {(f["kind"], f["id"], f["over"]) for f in found}
    both = client.get("/api/search", params={"q": "germany", "in": "europe-1914"}).json()
    assert {f["over"] for f in both if f["kind"] == "actor"} == {"europe-1914", "real"}
    for odd in ("1914", "nope", "file:gone.toml"):
        assert client.get("/api/search", params={"q": "germany", "in": odd}).status_code == 200


# ---- dossiers and data ---------------------------------------------------------------------------------------------------


def test_a_dossier_and_its_python(desk, store, monkeypatch):
    monkeypatch.setenv("FOEDUS_DATA", str(store.path))
    answer = asked("dossier", desk, **{"in": "1910-06-15", "ids": ["FRN", "GMY"]})
    assert answer["data"]["title"] == "France and Germany"
    assert set(answer["tables"]) == {s["name"] for s in answer["data"]["sections"]}
    assert {"midb", "cow_wars", "tss_rivalries"} <= {s["key"] for s in answer["sources"]}
    assert "fd.dossier(s, 'FRN', 'GMY')" in answer["python"]
    assert answer["cli"] is None
    scenario = asked("dossier", desk, **{"in": "europe-1914", "pact": "triple-alliance"})
    assert ran(scenario["python"])["result"].to_dict() == scenario["data"]


def test_rows_and_their_python_and_command(desk, store, capsys):
    from foedus.cli import main

    where = [{"column": "ccode", "op": "=", "value": FRN}, {"column": "milex", "op": "missing"}]
    answer = asked(
        "rows", desk, table="cow_nmc", columns=["year", "cinc"], filters=where, order="year", down=True, limit=3
    )
    assert answer["tables"]["rows"]["rows"] == [[y, pytest.approx(0.122)] for y in (1912, 1911, 1910)]
    assert (answer["data"]["total"], answer["data"]["keys"]) == (13, ["ccode", "year"])
    assert [list(r) for r in ran(answer["python"])["result"].frame.rows()] == answer["tables"]["rows"]["rows"]
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(answer["cli"])[1:], "--json"])
    assert not ended.value.code
    printed = json.loads(capsys.readouterr().out)["rows"]
    assert [[r["year"], r["cinc"]] for r in printed] == answer["tables"]["rows"]["rows"]


def test_zero_or_missing_and_its_python(desk, store):
    answer = asked(
        "cell", desk, table="cow_contdir", column="conttype", key={"ccode1": GMY, "ccode2": FRN, "year": 1905}
    )
    assert (answer["data"]["verdict"], answer["data"]["values"], answer["kind"]) == ("observed", [1], "observed")
    zero = asked("cell", desk, table="cow_contdir", column="conttype", key={"ccode1": 200, "ccode2": FRN, "year": 1905})
    assert (zero["data"]["verdict"], zero["kind"]) == ("zero by the source's rule", "derived")
    assert ran(zero["python"])["result"].verdict == zero["data"]["verdict"]
    day = asked("cell", desk, table="cow_wars", column="start", key={"warnum": 5})
    assert day["data"]["values"] == ["1910-02-01", "1910-02-01"]


def test_coverage_counts_what_is_here_and_says_how_to_get_the_rest(desk, store):
    answer = asked("coverage", desk)
    sets = {s["id"]: s for s in answer["data"]["sets"]}
    assert (sets["cow_nmc"]["status"], sets["cow_nmc"]["rows"]) == ("here", 39)
    assert sets["cow_nmc"]["by_year"][0][:2] == [1900, 3]
    assert (sets["archigos"]["status"], sets["archigos"]["rows"], sets["archigos"]["by_year"]) == ("not here", None, [])
    assert sets["archigos"]["get"] == "foedus data fetch archigos"
    assert sets["cow_nmc"]["need"] == "every real year needs it"
    assert sets["wrp"]["need"] == "without it, religions are unknown"
    assert sets["archigos"]["need"] == ""
    assert all(s["bibtex"] for s in sets.values())
    assert ran(answer["python"].replace("DataDir()", "DataDir.of(None)"))["result"]["cow_nmc"].height == 13


def test_coverage_without_a_folder(desk, no_store):
    answer = asked("coverage", desk)
    assert answer["data"]["folder"] is False
    assert {s["status"] for s in answer["data"]["sets"]} == {"not here"}
    assert answer["data"]["fetch"].startswith("foedus data fetch cow_states ")
    assert (
        sum(s["need"] == "every real year needs it" for s in answer["data"]["sets"])
        == len(answer["data"]["fetch"].split()) - 4
    )


def test_the_addresses_of_data_ask_the_workers_and_forget_what_has_changed(client, store, monkeypatch, no_worker):
    rows = client.post("/api/data/rows", json={"table": "cow_nmc", "limit": 1})
    assert rows.json()["data"]["total"] == 39
    assert client.get("/api/data/coverage").json()["question"] == "coverage"
    cell = client.post(
        "/api/data/cell", json={"table": "cow_nmc", "column": "cinc", "key": {"ccode": 220, "year": 1910}}
    )
    assert cell.json()["data"]["verdict"] == "observed"
    stamps = [s for _, s in no_worker]
    assert len(set(stamps)) == 1
    (store.path / "cow_nmc.made-up").write_text("changed since then")
    store.__dict__.pop("index")
    client.post("/api/data/rows", json={"table": "cow_nmc", "limit": 1})
    assert no_worker[-1][1] != stamps[0]
    assert client.post("/api/data/rows", json={"table": "cow_nmc", "limit": 0}).status_code == 422
    assert client.post("/api/data/rows", json={"table": "nope"}).status_code == 422


def test_the_stamp_of_no_folder(client, no_store, no_worker):
    assert client.get("/api/data/coverage").json()["data"]["folder"] is False
    assert no_worker == [("coverage", "none")]
