"""Whatever is typed after ``foedus``: a result, or one error with exit code 1 or 2; never a traceback, never something half-written."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import tempfile
from pathlib import Path

import arguments
import pytest
from hypothesis import HealthCheck, given, settings

from foedus.cli import main

COMMANDS = dict(arguments.commands())
CODES = {0, 1, 2}
SECONDS = 40
"""After which a call is taken to hang; it has all of a busy machine's patience."""
DEAR = {"brief": 4, "sweep": 4, "evolve": 4, "compare": 5, "ally": 5, "stance": 5}
"""Examples of commands whose sound calls take long, where others have `EXAMPLES`."""
EXAMPLES = 10


class HangsError(BaseException):
    """A call has taken too long."""


def _hangs(*_):
    raise HangsError


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No data, no network, no server: a call ends by itself."""

    def refused(*_, **__):
        raise OSError("no network here")

    (tmp_path / "none").mkdir()
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "none"))
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    return tmp_path


def called(argv):
    """Return exit code, stdout, stderr and what lies in the folder after a call in a furnished one."""
    before = Path.cwd()
    out, err, code = io.StringIO(), io.StringIO(), 0
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder) / "a" / "b"
        here.mkdir(parents=True)
        arguments.furnish(here)
        os.chdir(here)
        heard = signal.signal(signal.SIGALRM, _hangs)
        signal.alarm(SECONDS)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                main(argv)
        except SystemExit as stop:
            code = stop.code or 0
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, heard)
            os.chdir(before)
        left = sorted(str(p.relative_to(folder)) for p in Path(folder).rglob("*") if p.is_file())
    return code, out.getvalue(), err.getvalue(), left


def held(argv):
    """Raise where a call breaks what `docs/reference/errors.md` promises."""
    code, out, err, left = called(argv)
    assert code in CODES, (code, argv)
    assert "Traceback" not in out + err, (argv, (out + err)[-1500:])
    if code:
        assert (err if code == 2 else err + out).strip(), argv
        assert len(err) < 100_000, argv
    halves = [
        p for p in left if p.endswith((".tmp", ".part")) or (Path(p).name.startswith(".") and not p.endswith(".lock"))
    ]
    assert not halves, (halves, argv)
    return code, left


def test_every_command_has_a_sound_call():
    assert set(COMMANDS) == set(arguments.SOUND)


ASKS_FOR_DATA = {
    "backtest", "build", "counter-pacts", "crisis years", "data add", "data cite", "data fetch", "data remove", "debate", "decades", "fall-of-war",
    "forecast", "formation", "great-wars", "network-fit", "who",
}  # fmt: skip
"""Commands that cannot do anything without the field's data; of the others the sound call is one."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("words", sorted(set(arguments.SOUND) - set(DEAR) - ASKS_FOR_DATA))
def test_sound_calls_are_sound(words):
    code, _, err, _ = called([*words.split(), *arguments.SOUND[words]])
    assert code == 0 or words == "doctor", err


def test_what_bad_input_leaves_behind():
    """The folder after a refused call holds what it held before."""
    _, furnished = held(["scenario", "schema"])
    for argv in (
        ["export", "--in", "mine.toml", "-o", "x.graphml", "--of", "nothing"], ["war", "CC", "ZZ", "--in", "mine.toml", "--out", "x.csv"],
        ["build", "state-year", "--out", "x.csv"], ["scenario", "new", "--from", "mine.toml", "-o", "no/new.toml"], ["fight", "--in", "mine.toml", "--draws", "10"],
    ):  # fmt: skip
        code, left = held(argv)
        assert code == 2, argv
        assert left == furnished, argv


@pytest.mark.parametrize("words", sorted(COMMANDS))
@pytest.mark.filterwarnings("ignore")
def test_no_line_breaks_a_command(words):
    @settings(
        max_examples=DEAR.get(words, EXAMPLES), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )  # fmt: skip
    @given(arguments.lines(words, COMMANDS[words]))
    def tried(argv):
        held(argv)

    tried()
