"""One real server in a process of its own, and what a network may do to it: it refuses in one form, ends nothing but the asker, and goes on."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from foedus.data.sources import SOURCES
from foedus.errors import FoedusError
from foedus.studio.app import create_app
from foedus.studio.guard import SLOW
from foedus.studio.serve import _with_data, serve
from foedus.studio.settings import Settings
from foedus.system.tables import REQUIRED

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")

TOKEN = "a-token-of-24-characters"
SHORT = "import sys, foedus as fd; from pathlib import Path; fd.serve(port=0, folder=Path(sys.argv[1]), seconds=float(sys.argv[2]), workers=1)"
LONG = {"in": "europe-1914", "attacker": "AUH", "target": "SER", "draws": 1_000_000, "days": 3650}
"""A question that takes many seconds."""


class Studio:
    """A server in a process of its own."""

    def __init__(self, *command, data=None, session=False):
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, env=_env(data), text=True, start_new_session=session
        )
        line = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line + self.process.stderr.read()
        self.address, self.port = line, int(found[1])

    def open(self, *parts):
        """Return a connection on which bytes were sent."""
        link = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        with contextlib.suppress(ConnectionError):
            for part in parts:
                link.sendall(part)
        return link

    def say(self, *parts):
        """Return status and body of the reply to bytes."""
        with self.open(*parts) as link:
            return reply(link)

    def timed(self, sent):
        """Return the status of the reply to bytes that are no whole request, and the seconds until it came."""
        start = time.monotonic()
        return self.say(sent)[0], time.monotonic() - start

    def ask(self, method, path, body=None, **head):
        """Return status and body of a request; ``path`` goes out as it is written."""
        text = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = {"host": f"127.0.0.1:{self.port}", "authorization": f"Bearer {TOKEN}", "connection": "close"}
        lines |= {} if body is None else {"content-type": "application/json", "content-length": str(len(text))}
        lines |= {k.replace("_", "-"): v for k, v in head.items()}
        said = "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        return self.say(f"{method} {path} HTTP/1.1\r\n{said}\r\n".encode("latin-1") + text)

    def workers(self):
        """Return the ids of the processes that the server started."""
        return [pid for pid, parent in processes() if parent == self.process.pid]

    def close(self):
        """Make sure that nothing is left."""
        for pid in (*self.workers(), self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                if self.process.poll() is None:
                    os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process.stderr.close()


def _env(data):
    """Return an environment in which only ``data`` can be found."""
    bare = {k: v for k, v in os.environ.items() if k != "FOEDUS_DATA"} | {"XDG_DATA_HOME": "/nonexistent"}
    return bare | ({"FOEDUS_DATA": str(data)} if data else {})


def processes():
    """Yield id and parent of every process that has not ended."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                yield int(entry.name), int(parent)


def gone(pids, within=10.0):
    """Return whether processes end in time."""
    end = time.monotonic() + within
    while (left := {pid for pid, _ in processes()} & set(pids)) and time.monotonic() < end:
        time.sleep(0.05)
    return not left


def reply(link):
    """Return status and body of what comes on a connection until it is closed."""
    whole = b""
    with contextlib.suppress(ConnectionError):
        while part := link.recv(65536):
            whole += part
    head, _, body = whole.partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else None, body


def told(body):
    """Return what a refusal says; it has the one form."""
    error = json.loads(body)["error"]
    assert set(error) == {"what", "where", "expected", "hint"}
    return error["what"]


def command(folder, *more):
    """Return the command line of a studio."""
    given = {"--port": "0", "--in": "europe-1914", "--folder": folder} | dict(zip(more[::2], more[1::2], strict=True))
    return [sys.executable, "-m", "foedus", "studio", *(str(word) for pair in given.items() for word in pair)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("server") / "studio"
    (made / "scenarios").mkdir(parents=True)
    (made.parent / "secret.toml").write_text("title = 'secret'")
    return made


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """Give a server that gives a question up after a second, with one worker and an empty folder of data; two slow clients begin with it."""
    at = tmp_path_factory.mktemp("hasty")
    made = Studio(sys.executable, "-c", SHORT, str(at / "studio"), "1", data=at)
    head = f"POST /api/ask/blocs HTTP/1.1\r\nhost: 127.0.0.1:{made.port}\r\n".encode()
    with ThreadPoolExecutor() as threads:
        made.slow_body = threads.submit(
            made.timed, head + b"content-type: application/json\r\ncontent-length: 99\r\n\r\n{"
        )
        made.slow_head = threads.submit(made.timed, head + b"x-more: ")
        yield made
        made.close()


@pytest.fixture(scope="module")
def studio(folder, hasty):
    """Give the server; the slow clients of the other one are waited for meanwhile."""
    assert hasty.process.poll() is None
    made = Studio(*command(folder, "--token", TOKEN))
    made.folder = folder
    yield made
    made.close()


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.toml", "/%2e%2e/secret.toml", "/..%2fsecret.toml", "/%252e%252e%252fsecret.toml", "/..\\secret.toml", "/..%5csecret.toml",
        "//etc/passwd", "/%2fetc%2fpasswd", "/page/../../serve.py", "/app.js%00.html", "/%00", "/....//secret.toml", "/%c0%ae%c0%ae/secret.toml",
        "/api/scenarios/..%2f..%2fsecret.toml", "/api/scenarios/%2e%2e%2fsecret.toml", "/api/scenarios/%252e%252e%252fsecret.toml",
        "/api/scenarios/..%5csecret.toml", "/api/scenarios/%2fetc%2fpasswd", "/api/scenarios/a%00.toml", "/api/scenarios/secret.toml",
        "/api/runs/..%2f..%2fsecret", "/api/runs/%2e%2e/answer", "/api/runs/20261129-120000-abcdef%2f..", "/api/world?in=file:../secret.toml",
        "/api/world/frames?in=../..&from=1900&to=1901",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_folders(studio, path):
    status, body = studio.ask("GET", path)
    assert status in (400, 404, 422)
    assert told(body)
    assert b"title = " not in body
    assert b"root:" not in body


@pytest.mark.parametrize("name", ["../x.toml", "..%2fx.toml", "%2ftmp%2fx.toml", "x.toml%00", "..%5cx.toml"])
def test_nothing_is_written_outside(studio, folder, name):
    before = sorted(folder.parent.rglob("*.toml"))
    assert studio.ask("PUT", f"/api/scenarios/{name}", {"text": "format = 1"})[0] in (404, 405, 422)
    assert sorted(folder.parent.rglob("*.toml")) == before


@pytest.mark.parametrize(
    ("path", "head", "status"),
    [
        ("/api/about", {}, 200), ("/", {"authorization": "x"}, 200), ("/api/about", {"authorization": "Bearer wrong"}, 401),
        ("/api/about", {"authorization": ""}, 401), ("/api/openapi.json", {"authorization": ""}, 401), ("/api/about", {"origin": "http://example.org"}, 403),
        ("/api/about", {"origin": "null"}, 403), ("/api/about", {"sec_fetch_site": "cross-site"}, 403), ("/", {"host": "example.org"}, 421),
        ("/api/about", {"host": "127.0.0.1.example.org"}, 421), ("/api/about", {"content_length": "nine"}, 400),
        ("/api/about", {"upgrade": "websocket", "connection": "upgrade, close", "sec_websocket_key": "x" * 22 + "=="}, 200),
    ],
)  # fmt: skip
def test_who_may_ask(studio, path, head, status):
    assert studio.ask("GET", path, **head)[0] == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 400), (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400), (b'{"in": NaN}', 400), (b'{"in": "\\ud800"}', 400), (b"{", 422),
        (b"\xff\xfe", 422), (b"[]", 422), (b'{"in": ' + b"9" * 100_000 + b"}", 400), (b"null", 422), (b"", 422),
    ],
)  # fmt: skip
def test_bodies_that_nobody_should_read(studio, body, status):
    found, text = studio.ask("POST", "/api/ask/blocs", body)
    assert found == status
    assert told(text)


def test_a_body_of_100_mb_is_refused_before_it_came(studio):
    start = time.monotonic()
    assert studio.ask("POST", "/api/ask/blocs", b"", content_length=str(100_000_000))[0] == 413
    head = f"POST /api/ask/blocs HTTP/1.1\r\nhost: 127.0.0.1:{studio.port}\r\nauthorization: Bearer {TOKEN}\r\n"
    chunk = b"f4240\r\n" + b" " * 1_000_000 + b"\r\n"
    chunked = (head + "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n").encode()
    sent = 0
    with studio.open(chunked) as link, contextlib.suppress(ConnectionError):
        for _ in range(100):
            link.sendall(chunk)
            sent += 1
    assert sent < 100
    assert studio.say(chunked, *[chunk] * 7)[0] in (413, None)
    assert time.monotonic() - start < 10


def test_a_head_of_many_bytes_is_refused(studio):
    assert studio.ask("GET", "/api/about", x="y" * 200_000)[0] in (400, 431, None)
    assert studio.ask("GET", "/api/about")[0] == 200


def test_connections_that_say_nothing_do_not_hold_up_reads(studio):
    links = [studio.open() for _ in range(300)]
    try:
        assert [studio.ask("GET", "/api/about")[0] for _ in range(20)] == [200] * 20
    finally:
        for link in links:
            link.close()


def spawned(server, but=()):
    """Return the id of a server's worker that is none of ``but``, as soon as there is one."""
    while True:
        for pid in set(server.workers()) - set(but):
            with contextlib.suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return pid
        time.sleep(0.02)


def test_a_question_whose_worker_is_killed_is_asked_again_once_then_told(studio):
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(studio.ask, "POST", "/api/ask/war", LONG)
        first = spawned(studio)
        time.sleep(0.3)
        os.kill(first, signal.SIGKILL)
        os.kill(spawned(studio, [first]), signal.SIGKILL)
        status, body = waiting.result()
    assert (status, told(body)) == (503, "the worker ended before it answered")
    assert studio.ask("POST", "/api/ask/system", {"in": "europe-1914"})[0] == 200


def test_a_question_over_its_time_is_given_up_and_reads_go_on(hasty):
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(hasty.ask, "POST", "/api/ask/war", LONG)
        reads = []
        while not waiting.done():
            reads.append(hasty.ask("GET", "/api/runs")[0])
        status, body = waiting.result()
    assert (status, told(body)) == (503, "no answer within 1 s")
    assert len(reads) > 5
    assert set(reads) == {200}


def test_what_data_are_missing_is_said(studio, hasty):
    for server in (studio, hasty):
        kept = json.loads(server.ask("GET", "/api/about")[1])["store"]
        assert not kept["here"]
        assert "cow_states" in kept["missing"]
    status, body = studio.ask("POST", "/api/ask/system", {"in": "1914-07-28"})
    assert status == 422
    assert told(body)


def test_data_at_hand_are_found_where_none_are_named(tmp_path, monkeypatch):
    for name in REQUIRED:
        (tmp_path / SOURCES[name].spec.filename).touch()
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path))
    s = _with_data(Settings(folder=tmp_path / "studio"))
    assert s.data_dir == tmp_path
    asked = TestClient(create_app(s), base_url="http://127.0.0.1").get("/api/about").json()
    assert asked["store"] == {"here": True, "missing": [], "first": None, "last": None}
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "none"))
    assert _with_data(Settings()).data_dir is None


def test_a_system_whose_runs_could_not_be_ended_is_told_so_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "killpg")
    with pytest.raises(FoedusError, match=r"The studio does not run here: got \w+; expected Linux or macOS"):
        serve(folder=tmp_path / "new", port=0)
    assert not (tmp_path / "new").exists()


def test_what_cannot_be_served_ends_with_one_message(studio, folder, tmp_path):
    given = {
        "--folder": (folder,), "--port": (tmp_path / "a", "--port", studio.port), "in": (tmp_path / "b", "--in", "atlantis"),
        "--data-dir": (tmp_path / "c", "--data-dir", tmp_path / "none"),
    }  # fmt: skip
    all_of = {what: command(*words) for what, words in given.items()}
    begun = {what: subprocess.Popen(c, stderr=subprocess.PIPE, text=True, env=_env(None)) for what, c in all_of.items()}
    for what, process in begun.items():
        shown = process.communicate(timeout=60)[1]
        assert process.returncode == 2
        assert shown.startswith(f"The '{what}' parameter: ")
        assert "Traceback" not in shown


def test_control_c_ends_all_though_a_question_waits_and_a_run_is_followed(studio):
    run = json.loads(studio.ask("POST", "/api/runs", {"question": "war", "params": LONG})[1])["id"]
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(studio.ask, "POST", "/api/ask/war", LONG | {"seed": 3})
        followed = threads.submit(studio.ask, "GET", f"/api/runs/{run}/events")
        time.sleep(0.5)
        workers = [pid for pid in studio.workers() if b"studio.worker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]
        studio.process.send_signal(signal.SIGINT)
        shown = studio.process.communicate(timeout=20)[1]
        status, body = waiting.result()
        assert followed.result()[0] == 200
    state = json.loads((studio.folder / "runs" / run / "state.json").read_text())
    os.kill(state["pid"], signal.SIGKILL)
    assert studio.process.returncode in (0, 130)
    assert (status, told(body)) == (503, "the studio was stopped before it answered")
    assert workers
    assert gone(workers)
    assert "Traceback" not in shown
    assert "leaked" not in shown


def test_sigterm_ends_it_as_control_c_does(tmp_path):
    made = Studio(*command(tmp_path))
    assert made.ask("GET", "/api/about")[0] == 200
    worker = spawned(made)
    made.process.send_signal(signal.SIGTERM)
    shown = made.process.communicate(timeout=20)[1]
    assert (made.process.returncode, shown) == (0, "")
    assert gone([worker])


def test_control_c_at_once_ends_the_worker_that_is_begun_without_a_word(tmp_path):
    """A terminal sends it to every process of the studio, one that still starts too."""
    made = Studio(*command(tmp_path), session=True)
    worker = spawned(made)
    os.killpg(made.process.pid, signal.SIGINT)
    shown = made.process.communicate(timeout=20)[1]
    assert made.process.returncode in (0, 130)
    assert shown == ""
    assert gone([worker])


def test_slow_heads_and_slow_bodies_are_refused(hasty):
    for slow in (hasty.slow_body, hasty.slow_head):
        status, seconds = slow.result()
        assert status == 408
        assert SLOW - 1 < seconds < SLOW + 10


def test_a_server_that_is_killed_leaves_no_worker(hasty):
    with ThreadPoolExecutor() as threads:
        threads.submit(hasty.ask, "POST", "/api/ask/war", LONG)
        worker = spawned(hasty)
        hasty.process.kill()
        hasty.process.wait(10)
    assert gone([worker])
