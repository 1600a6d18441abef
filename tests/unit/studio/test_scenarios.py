"""The user's files: never outside their folder, never over somebody else's change; hostile texts are refused or shown as text."""

import json
import pickle
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from foedus.errors import FoedusError, ParameterError
from foedus.scenario.read import bundled_text
from foedus.studio import scenarios
from foedus.studio.app import create_app
from foedus.studio.question import Desk, encode
from foedus.studio.refusal import RefusedError
from foedus.studio.settings import Settings

TEXT = 'title = "Mine"\nbase = "europe-1914"\n'


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    return Desk(folder)


@pytest.fixture
def client(tmp_path):
    """The studio with its work done in this process."""
    app = create_app(Settings(folder=tmp_path))

    async def call(function, *given):
        return function(*given)

    app.app.state.pool = SimpleNamespace(call=call, close=lambda: None)
    with TestClient(app, base_url="http://127.0.0.1:8765") as c:
        yield c


def test_a_file_from_first_to_last(client, tmp_path):
    put = client.put("/api/scenarios/mine.what-if.toml", json={"text": TEXT, "seen": None})
    assert put.status_code == 200
    first = put.json()["hash"]
    again = client.put("/api/scenarios/mine.what-if.toml", json={"text": TEXT + "#", "seen": None})
    assert (again.status_code, again.json()["error"]["what"]) == (409, "mine.what-if.toml is there already")
    second = client.put("/api/scenarios/mine.what-if.toml", json={"text": TEXT + "# 2", "seen": first}).json()["hash"]
    stale = client.put("/api/scenarios/mine.what-if.toml", json={"text": "lost", "seen": first})
    assert (stale.status_code, "was changed since" in stale.text) == (409, True)
    assert client.get("/api/scenarios/mine.what-if.toml").json() == {
        "name": "mine.what-if.toml", "kind": "what-if", "text": TEXT + "# 2", "hash": second,
    }  # fmt: skip
    (row,) = client.get("/api/scenarios").json()["scenarios"]
    assert (row["title"], row["base"], row["kind"]) == ("Mine", "europe-1914", "what-if")
    assert client.delete("/api/scenarios/mine.what-if.toml", params={"seen": first}).status_code == 409
    assert client.delete("/api/scenarios/mine.what-if.toml", params={"seen": second}).status_code == 204
    assert client.delete("/api/scenarios/mine.what-if.toml", params={"seen": second}).status_code == 404
    assert client.get("/api/scenarios/mine.what-if.toml").status_code == 404
    assert list((tmp_path / "scenarios").iterdir()) == []
    gone = client.put("/api/scenarios/mine.what-if.toml", json={"text": TEXT, "seen": second})
    assert "is gone" in gone.text


@pytest.mark.parametrize(
    "name",
    ["..%2Fx.toml", "%2e%2e.toml", ".x.toml", "x.txt", "a%00.toml", "x.toml%0a", "con.tar.toml", "a" * 81 + ".toml"],
)
def test_a_name_is_never_a_path(client, name):
    for reply in (
        client.get(f"/api/scenarios/{name}"),
        client.put(f"/api/scenarios/{name}", json={"text": "", "seen": None}),
    ):
        assert reply.status_code in (404, 405, 422)


def test_links_are_refused(desk, tmp_path):
    secret = tmp_path / "secret.toml"
    secret.write_text("x = 1")
    (desk.scenarios / "link.toml").symlink_to(secret)
    (desk.scenarios / "dir.toml").mkdir()
    for name in ("link.toml", "dir.toml"):
        for act in (
            lambda n: scenarios.read(desk.scenarios, n),
            lambda n: scenarios.write(desk.scenarios, n, "y", None),
            lambda n: scenarios.delete(desk.scenarios, n, None),
        ):
            with pytest.raises(scenarios.RefusedError, match="no regular file"):
                act(name)
    assert scenarios.listed(desk.scenarios) == []
    assert secret.read_text() == "x = 1"


def test_a_name_with_a_line_end_and_a_link_laid_after_the_look(desk, tmp_path, monkeypatch):
    with pytest.raises(ParameterError, match="name"):
        scenarios.place(desk.scenarios, "a.toml\n")
    (tmp_path / "secret").write_text("secret")
    desk.scenarios.mkdir(parents=True, exist_ok=True)
    (desk.scenarios / "b.toml").symlink_to(tmp_path / "secret")
    monkeypatch.setattr(scenarios, "place", lambda folder, name: folder / name)
    with pytest.raises(RefusedError, match="cannot be read"):
        scenarios.read(desk.scenarios, "b.toml")


def test_sizes_and_counts_are_bounded(desk, monkeypatch):
    with pytest.raises(scenarios.RefusedError, match="larger than 64 kB"):
        scenarios.write(desk.scenarios, "a.what-if.toml", "#" * 64_001, None)
    with pytest.raises(scenarios.RefusedError, match="larger than 1000 kB"):
        scenarios.write(desk.scenarios, "a.toml", "#" * 1_000_001, None)
    with pytest.raises(scenarios.RefusedError, match="no file can hold"):
        scenarios.write(desk.scenarios, "a.toml", "\ud800", None)
    (desk.scenarios / "big.toml").write_text("#" * 1_000_001)
    (desk.scenarios / "big.what-if.toml").write_text("#" * 64_001)
    (desk.scenarios / "odd.toml").write_bytes(b"\xff")
    (desk.scenarios / "bad.what-if.toml").write_text("x")
    with pytest.raises(scenarios.RefusedError, match="is larger than 1000 kB"):
        scenarios.read(desk.scenarios, "big.toml")
    with pytest.raises(scenarios.RefusedError, match="not UTF-8"):
        scenarios.read(desk.scenarios, "odd.toml")
    assert {r["name"] for r in scenarios.listed(desk.scenarios)} == {
        "big.toml",
        "big.what-if.toml",
        "odd.toml",
        "bad.what-if.toml",
    }
    monkeypatch.setattr(scenarios, "FILES", 2)
    with pytest.raises(scenarios.RefusedError, match="2 files already") as caught:
        scenarios.write(desk.scenarios, "new.toml", "", None)
    assert pickle.loads(pickle.dumps(caught.value)).status == 409
    assert len(scenarios.listed(desk.scenarios)) == 2
    assert scenarios.listed(desk.scenarios / "no") == []


def test_check_says_where_and_what_may_be_named(client):
    text = TEXT + '[[edits]]\nop = "void_pact"\npact = "dual"\n'
    found = client.post("/api/scenarios/check", json={"text": text, "base": {"in": "europe-1914"}}).json()
    (problem,) = found["problems"]
    assert (problem["where"], problem["line"]) == ("edits[0]", 3)
    assert "dual-alliance" in {p["id"] for p in found["known"]["pacts"]}
    assert found["document"]["edits"] == [{"op": "void_pact", "pact": "dual"}]
    free = client.post("/api/scenarios/check", json={"text": text}).json()
    assert (free["problems"], free["known"], free["edits"]) == ([], None, ["void the pact dual"])
    late = client.post(
        "/api/scenarios/check", json={"text": TEXT, "base": {"in": "europe-1914", "date": "1914-08-03"}}
    ).json()
    assert late["problems"] == []


def test_a_scenario_is_checked_as_one(client):
    text = bundled_text("europe-1914")
    found = client.post("/api/scenarios/check", json={"text": text}).json()
    assert (found["kind"], found["problems"]) == ("scenario", [])
    assert "SER" in {a["id"] for a in found["known"]["actors"]}
    broken = client.post(
        "/api/scenarios/check", json={"text": text.replace('kind = "state"', 'kind = "stat"', 1)}
    ).json()
    line = broken["problems"][0]["line"]
    assert text.split("\n")[line - 1] == 'kind = "state"'
    assert broken["problems"][0]["expected"]


def test_edits_come_back_as_text_with_its_faults(client):
    def edit(text, op, path, value=None):
        return client.post(
            "/api/scenarios/edit",
            json={"text": text, "base": {"in": "europe-1914"}, "op": op, "path": path, "value": value},
        )

    text = edit(TEXT, "add", "edits", {"op": "strengthen", "actor": "ITA", "factor": [1.2, 1.5]}).json()["text"]
    assert text == TEXT + '\n[[edits]]\nop = "strengthen"\nactor = "ITA"\nfactor = [1.2, 1.5]\n'
    dated = edit(text, "set", "date", {"date": "1914-08-01"}).json()
    assert (dated["problems"], "date = 1914-08-01" in dated["text"]) == ([], True)
    gone = edit(text, "remove", "edits[0]").json()
    assert (gone["document"], gone["edits"]) == ({"title": "Mine", "base": "europe-1914"}, [])
    for op, path, value in [
        ("set", "date", {"date": "x"}),
        ("add", "edits", 1),
        ("set", "a..b", 1),
        ("remove", "no", None),
    ]:
        refused = edit(text, op, path, value)
        assert (refused.status_code, refused.json()["error"]["what"] != "") == (422, True)
    deep = 1
    for _ in range(20):
        deep = [deep]
    assert "12 levels" in edit(text, "set", "note", deep).json()["error"]["what"]


def test_drafts_to_start_from(client, tmp_path):
    whole = client.post("/api/scenarios/draft", json={"in": "europe-1914"}).json()["text"]
    assert whole == bundled_text("europe-1914")
    edited = client.post("/api/scenarios/draft", json={"in": "europe-1914", "what_if": "void:dual-alliance"}).json()[
        "text"
    ]
    assert '"dual-alliance"' not in edited
    empty = client.post("/api/scenarios/draft", json={"in": "europe-1914", "kind": "what-if"}).json()["text"]
    assert empty == 'title = "My what-if"\nbase = "europe-1914"\n'
    named = client.post(
        "/api/scenarios/draft", json={"in": "europe-1914", "kind": "what-if", "what_if": "no-entente-alignments"}
    ).json()["text"]
    assert named.count("[[edits]]") == 3
    assert 'skip_events = ["british-naval-assurance", "declaration-of-london"]' in named
    client.put("/api/scenarios/mine.what-if.toml", json={"text": TEXT, "seen": None})
    client.put("/api/scenarios/own.toml", json={"text": whole, "seen": None})
    assert (
        client.post(
            "/api/scenarios/draft", json={"in": "europe-1914", "kind": "what-if", "what_if": "file:mine.what-if.toml"}
        ).json()["text"]
        == TEXT
    )
    assert client.post("/api/scenarios/draft", json={"in": "file:own.toml"}).json()["text"] == whole
    for what in ("void:dual-alliance", "no-such"):
        assert (
            client.post(
                "/api/scenarios/draft", json={"in": "europe-1914", "kind": "what-if", "what_if": what}
            ).status_code
            == 422
        )


def test_schemas(client):
    found = client.get("/api/scenarios/schema").json()
    assert set(found) == {"scenario", "what-if"}


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000, "a = " + "[" * 400 + "]" * 400, "x" + ".x" * 3000 + " = 1", 'title = "' + "a" * 60_000, "a = [" + "1," * 30_000 + "]",
        'title = "\x00\x1b[2J"', 'title = "a\u202eb"', "[[edits]]\n" * 1000, '"""\\' * 15_000, "a = 1e999999\nb = nan", "=" * 60_000,
        "format = 1\n" + "[[actor]]\n" * 2_000, 'title = "x"\nedits = "all"', "title = 9" + "9" * 5000, "skip_events = [1, 2]\ntitle = {}",
    ],
)  # fmt: skip
def test_hostile_texts_have_problems_and_break_nothing(desk, text):
    found = scenarios.worked("check", {"text": text, "base": {"in": "europe-1914"}}, desk)
    assert found["problems"]
    json.loads(encode(found))
    assert not any(c in json.dumps(found["problems"], ensure_ascii=False) for c in "\x00\x1b\u202e")
    try:
        made = scenarios.worked("edit", {"text": text, "base": None, "op": "set", "path": "title", "value": "x"}, desk)
    except FoedusError:
        return
    assert made["document"]["title"] == "x"


def test_names_with_markup_stay_text(desk):
    text = 'title = "<img src=x onerror=alert(1)>"\n[[edits]]\nop = "void_pact"\npact = "<b>"'
    found = scenarios.worked("check", {"text": text, "base": {"in": "europe-1914"}}, desk)
    assert found["document"]["title"] == "<img src=x onerror=alert(1)>"
    assert found["problems"][0]["where"] == "edits[0].pact"
    with pytest.raises(ParameterError, match="ending in"):
        scenarios.place(desk.scenarios, "<img>.toml")
