"""The guard that holds the tests to this machine: it refuses, it notes, and it fails the test that tried, in children too."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import offline
import pytest

ELSEWHERE = "192.0.2.1"
"""An address of the range for documentation: it leads nowhere even if the guard is gone."""
CALL = f"import socket; s = socket.socket(); s.settimeout(0.2); s.connect(({ELSEWHERE!r}, 9))"


def _connect():
    with socket.socket() as s:
        s.settimeout(0.2)
        s.connect((ELSEWHERE, 9))


def _sent(text):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(text, (ELSEWHERE, 9))


def _requested():
    import requests

    requests.get("http://data.example/x", timeout=0.2)


TRIES = [
    (_connect, "socket.connect"),
    (lambda: _sent(b"x"), "socket.sendto"),
    (lambda: socket.create_connection(("data.example", 80), 0.2), "socket.getaddrinfo"),
    (lambda: socket.gethostbyname("data.example"), "socket.gethostbyname"),
    (lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80)), "socket.connect"),
    (_requested, "socket.getaddrinfo"),
    (lambda: asyncio.run(asyncio.open_connection("data.example", 80)), "socket.getaddrinfo"),
]


@pytest.mark.parametrize(("call", "event"), TRIES)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_leads_elsewhere_is_refused_and_noted(call, event):
    with pytest.raises(offline.OfflineError, match="this machine only"):
        call()
    (said,) = offline.tried()
    assert said.startswith(f"{event} ")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1", "localhost", "LOCALHOST.", "0.0.0.0", "", b"localhost", None],
)
def test_this_machine_is_known_without_a_look_up(host):
    assert offline.is_here(host)


@pytest.mark.parametrize(
    "host",
    [
        ELSEWHERE,
        "10.0.0.1",
        "::ffff:192.0.2.1",
        "fe80::1%eth0",
        "localhost.example",
        "127.0.0.1.example",
        b"data.example",
    ],
)
def test_other_machines_are_known(host):
    assert not offline.is_here(host)


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as door:
        socket.create_connection(door.getsockname(), 1).close()
        socket.create_connection(("localhost", door.getsockname()[1]), 1).close()
    assert offline.tried() == []


@pytest.mark.parametrize("env", [None, {}, {"PYTHONPATH": "elsewhere"}])
def test_a_child_is_held_whatever_its_environment(env):
    child = subprocess.run([sys.executable, "-c", CALL], env=env, capture_output=True, text=True, check=False)
    assert "OfflineError" in child.stderr
    assert len(offline.tried()) == 1


def test_a_child_that_swallows_the_refusal_is_noted():
    quiet = f"try:\n    {CALL}\nexcept Exception:\n    pass"
    assert subprocess.run([sys.executable, "-c", quiet], check=False).returncode == 0
    assert len(offline.tried()) == 1


def test_the_child_of_a_child_is_held():
    nested = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {CALL!r}], env={{}}, stderr=-3).returncode)"
    assert subprocess.run([sys.executable, "-c", nested], check=False).returncode == 1
    assert len(offline.tried()) == 1


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_workers_are_held(method):
    with ProcessPoolExecutor(1, mp_context=get_context(method)) as pool, contextlib.suppress(offline.OfflineError):
        pool.submit(_connect).result(30)
    assert len(offline.tried()) == 1


def test_a_test_that_tries_fails(tmp_path):
    """The fixtures of these tests, on a test that swallows the refusal."""
    tests = Path(__file__).parents[1]
    shutil.copy(tests / "conftest.py", tmp_path)
    quiet = CALL.replace("import socket; ", "").replace("; ", "\n        ")
    (tmp_path / "test_x.py").write_text(
        f"import socket\n\ndef test_bad():\n    try:\n        {quiet}\n    except Exception:\n        pass\n\ndef test_good():\n    pass\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(tmp_path), "-o", f"pythonpath={tests / 'guard'} {tests} {tests.parent / 'docs'}", str(tmp_path)],
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert "2 passed, 1 error" in run.stdout
    assert "asked another machine: socket.connect '192.0.2.1'" in run.stdout
    assert offline.tried() == []
