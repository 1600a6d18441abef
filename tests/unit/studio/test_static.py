"""The page: its files and nothing else, asked again and mostly not sent again."""

import asyncio
import gzip

import pytest
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from foedus.studio.app import PAGE, create_app
from foedus.studio.settings import Settings
from foedus.studio.static import Page

BASE = "http://127.0.0.1:8765"


@pytest.fixture
def page(tmp_path):
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html>first")
    (folder / "app.js").write_text("let x = 1;" * 100)
    (folder / "secret.key").write_text("no")
    (tmp_path / "outside.js").write_text("no")
    return folder


@pytest.fixture
def client(tmp_path, page):
    guard = create_app(Settings(folder=tmp_path / "studio"))
    guard.app.router.routes[-1].app = Page(page)
    return TestClient(guard, base_url=BASE)


def test_a_file_comes_with_its_type_hash_and_policy(client):
    reply = client.get("/")
    assert reply.text == "<!doctype html>first"
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in reply.headers["content-security-policy"]
    assert client.get("/app.js").headers["content-type"].startswith("text/javascript")
    assert client.head("/app.js").content == b""


def test_a_file_that_the_browser_has_is_not_sent_again_until_it_changes(client, page):
    mark = client.get("/app.js").headers["etag"]
    again = client.get("/app.js", headers={"if-none-match": mark})
    assert (again.status_code, again.content) == (304, b"")
    (page / "app.js").write_text("let x = 2;")
    changed = client.get("/app.js", headers={"if-none-match": mark})
    assert (changed.status_code, changed.text) == (200, "let x = 2;")
    (page / "app.js").unlink()
    assert client.get("/app.js").status_code == 404


def test_a_file_is_compressed_for_those_who_can_read_it(client):
    plain = client.get("/app.js", headers={"accept-encoding": "identity"})
    with client.stream("GET", "/app.js", headers={"accept-encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert plain.headers.get("content-encoding") is None
    assert len(raw) < len(plain.content)
    assert gzip.decompress(raw) == plain.content


@pytest.mark.parametrize(
    "path",
    ["/secret.key", "/outside.js", "/../outside.js", "/%2e%2e/outside.js", "/..%2foutside.js", "/sub/app.js", "/app.js/", "/%00", "/app.js%00", "/\\..\\outside.js", "/nope"],
)  # fmt: skip
def test_nothing_else_is_there(client, path):
    reply = client.get(path)
    assert reply.status_code == 404
    assert set(reply.json()) == {"error"}


@pytest.mark.parametrize("path", ["//app.js", "/.", "/..", "/../outside.js", "app.js", "", "/app.js\n"])
def test_nothing_else_is_there_for_a_client_that_does_not_tidy_addresses(page, path):
    sent = []

    async def send(message):
        sent.append(message)

    with pytest.raises(HTTPException, match="404"):
        asyncio.run(Page(page)({"type": "http", "method": "GET", "path": path, "headers": []}, None, send))
    assert sent == []


def test_the_page_takes_nothing(client):
    assert client.post("/app.js", json={}).status_code == 405
    assert client.post("/index.html", content=b"<x>").status_code == 415


def test_the_built_page_is_served():
    client = TestClient(create_app(Settings()), base_url=BASE)
    assert client.get("/").content == (PAGE / "index.html").read_bytes()
