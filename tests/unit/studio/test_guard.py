"""Who may ask the studio: its own page on its own address, with the token where there is one, with bodies that are neither large nor slow."""

import asyncio
import json

import pytest

from foedus.errors import ParameterError
from foedus.studio import guard
from foedus.studio.guard import Guard, Impatient
from foedus.studio.serve import _listening, serve
from foedus.studio.settings import Settings, loopback

HERE = "127.0.0.1:8765"
TOKEN = "a-token-of-24-characters"


async def echo(scope, receive, send):
    """Answer with the size of the body that came."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"server", b"x")]})
    await send({"type": "http.response.body", "body": str(size).encode()})


def ask(settings=None, *, method="GET", path="/api/about", host=HERE, body=(b"",), pause=0.0, **head):
    """Return status, headers and body of one request."""
    headers = [(b"host", host.encode("latin-1"))] if host is not None else []
    headers += [
        (k.replace("_", "-").encode(), v.encode("latin-1"))
        for k, vs in head.items()
        for v in (vs if isinstance(vs, list) else [vs])
    ]
    parts, sent = list(body), []

    async def receive():
        if pause:
            await asyncio.sleep(pause)
        return (
            {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}
            if parts
            else {"type": "http.disconnect"}
        )

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
    asyncio.run(Guard(echo, settings or Settings())(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(m.get("body", b"") for m in sent[1:])


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "127.0.0.1", "localhost:1", "LOCALHOST:8765", "[::1]:8765", "127.8.9.1", "localhost."]
)
def test_this_machine_may_ask(host):
    assert ask(host=host)[0] == 200


@pytest.mark.parametrize(
    "host", ["example.org", "127.0.0.1.example.org", "localhost.example.org", "10.0.0.1:8765", "", None, "a b", "[::1", "127.0.0.1:port",
             "localhost@example.org", "2130706433", "\xe9", "127.0.0.1:8765:1"],
)  # fmt: skip
def test_another_name_for_this_machine_may_not(host):
    status, _, body = ask(host=host)
    assert status == 421
    assert "host name" in json.loads(body)["error"]["what"]


def test_a_host_that_others_reach_answers_to_its_name_and_any_name_only_with_a_token():
    assert ask(Settings(host="studio.example.org", token=TOKEN), path="/", host="studio.example.org")[0] == 200
    assert ask(Settings(host="0.0.0.0", token=TOKEN), path="/", host="studio.example.org")[0] == 200
    assert ask(Settings(host="0.0.0.0"), host="studio.example.org")[0] == 421
    assert ask(Settings(host="studio.example.org", token=TOKEN), path="/", host="other.example.org")[0] == 421


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ({}, 200), ({"origin": f"http://{HERE}"}, 200), ({"origin": "http://example.org"}, 403), ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403), ({"sec_fetch_site": "cross-site"}, 403), ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "same-origin"}, 200), ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 200),
        ({"origin": ["http://example.org", f"http://{HERE}"]}, 400), ({"origin": f"https://{HERE}"}, 200), ({"sec_fetch_site": "none"}, 200),
        ({"authorization": ["Bearer a", "Bearer b"]}, 400), ({"Host": HERE}, 400), ({"path": "/api/\x00"}, 404), ({"path": "/\x7f"}, 404),
    ],
)  # fmt: skip
def test_a_page_from_elsewhere_may_not_ask(head, status):
    assert ask(**head)[0] == status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        ("Bearer wrong", 401),
        (TOKEN, 401),
        ("", 401),
        (f"Basic {TOKEN}", 401),
        ("Bearer \xe9", 401),
    ],
)
def test_the_token_is_asked_of_the_api(given, status):
    safe = Settings(token=TOKEN)
    assert ask(safe, authorization=given)[0] == status
    assert ask(safe, path="/")[0] == 200


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        ({"content_length": "7", "content_type": "application/json"}, [b"1234567"], 200),
        ({"content_type": "application/json", "transfer_encoding": "chunked"}, [b"x" * 60, b"x" * 60], 413),
        ({"content_length": "101", "content_type": "application/json"}, [b""], 413),
        ({"content_length": "9" * 40, "content_type": "application/json"}, [b""], 413),
        ({"content_length": "9" * 5_000, "content_type": "application/json"}, [b""], 413),
        ({"transfer_encoding": "chunked", "content_type": "text/plain"}, [b"{}"], 415), ({"method": "DELETE", "content_length": "2"}, [b"{}"], 415),
        ({"content_type": "application/json"}, [b"[" * 61 + b"]" * 61], 413), ({"content_type": "application/json"}, [b"[" * 61], 400),
        ({"content_type": "application/json"}, [b'{"a":NaN}'], 400), ({"content_type": "application/json"}, [b'"\\ud800"'], 400),
        ({"content_type": "application/json"}, [b'"NaN [[[ \\ud83d\\ude00"'], 200),
        ({"content_length": "-1"}, [b""], 400), ({"content_length": "\xb2"}, [b""], 400), ({"content_length": ["1", "2"]}, [b""], 400),
        ({"content_length": "3", "content_type": "text/plain"}, [b"{}."], 415), ({"content_length": "3"}, [b"{}."], 415),
        ({"content_length": "3", "content_type": "application/json; charset=utf-8"}, [b"{}."], 200), ({"content_length": "0"}, [b""], 200),
    ],
)  # fmt: skip
def test_bodies_are_bounded_and_json(head, body, status):
    assert ask(Settings(body=100), body=body, **({"method": "POST"} | head))[0] == status


def test_a_body_comes_whole():
    head = {"content_type": "application/json", "transfer_encoding": "chunked"}
    assert ask(method="POST", body=[b"ab", b"", b"cde"], **head)[2] == b"5"


def test_a_slow_body_is_refused(monkeypatch):
    monkeypatch.setattr(guard, "SLOW", 0.05)
    status, head, _ = ask(
        method="POST", body=[b"a"] * 9, pause=0.02, content_type="application/json", transfer_encoding="chunked"
    )
    assert status == 408
    assert head[b"connection"] == b"close"


@pytest.mark.parametrize("what", [{}, {"host": "example.org"}])
def test_every_reply_declares_what_the_page_may_do(what):
    head = ask(**what)[1]
    assert head[b"content-security-policy"].decode() == guard.POLICY
    assert "unsafe" not in guard.POLICY
    assert head[b"x-content-type-options"] == b"nosniff"
    assert head[b"cache-control"] == b"no-store"
    assert b"server" not in head
    assert ask(path="/")[1][b"cache-control"] == b"no-cache"


def test_no_more_requests_than_that_are_answered_at_once(monkeypatch):
    monkeypatch.setattr(guard, "AT_ONCE", 0)
    assert ask()[0] == 503


def test_sockets_of_another_kind_are_closed():
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Guard(echo, Settings())({"type": "websocket"}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("after", [False, True])
def test_a_connection_that_asks_nothing_is_closed(after, monkeypatch):
    monkeypatch.setattr(guard, "SLOW", 0.1)
    import uvicorn

    async def tried():
        door = _listening(Settings(port=0))
        server = uvicorn.Server(
            uvicorn.Config(Guard(echo, Settings()), http=Impatient, log_level="error", lifespan="off")
        )
        served = asyncio.create_task(server.serve(sockets=[door]))
        reader, writer = await asyncio.open_connection(*door.getsockname())
        if after:
            writer.write(b"GET /api/about HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 200")
            await asyncio.wait_for(reader.readuntil(b"\r\n0\r\n\r\n"), 5)
        writer.write(b"GET /api/about HTTP/1.1\r\nHo")
        read = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await writer.wait_closed()
        server.should_exit = True
        await served
        return read

    assert asyncio.run(tried()).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],
)
def test_which_hosts_are_this_machine(host, expected):
    assert loopback(host) is expected


@pytest.mark.parametrize("token", [None, "", "short", "x" * 15])
def test_others_are_let_in_only_with_a_token(token, tmp_path):
    with pytest.raises(ParameterError, match="--host"):
        serve(host="0.0.0.0", token=token, folder=tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("token", ["a token with a blank in it", "a-token-with-a-line\n-end", "é" * 20])
def test_a_token_that_no_header_can_carry_is_refused(token, tmp_path):
    with pytest.raises(ParameterError, match="--token"):
        serve(token=token, folder=tmp_path / "new")


def test_a_port_in_use_and_a_folder_in_use_are_said(tmp_path):
    with _listening(Settings(port=0)) as door, pytest.raises(ParameterError, match="--port"):
        serve(port=door.getsockname()[1], folder=tmp_path)
    from filelock import FileLock

    with FileLock(tmp_path / ".studio.lock"), pytest.raises(ParameterError, match="no other studio"):
        serve(port=0, folder=tmp_path)
