"""The command line in surroundings that are not like ours: language, clock, terminal, home, folders, streams that are closed.

Each case is a process of its own that briefs a bundled scenario and lists the data sets: it works, or says in one line why not.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from foedus.cli import main
from powerless import needs_permissions, powerless

SRC = str(Path(__file__).parents[3] / "src")
BOTH = """
import locale, sys
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
from foedus.cli import main
for words in (["brief", "--in", "middle-east-2019", "--draws", "200", "--html", sys.argv[1]], ["data", "list"]):
    try:
        main(words)
    except SystemExit as ended:
        if ended.code:
            raise
"""
CALM = {"PATH": os.environ.get("PATH", ""), "OPENBLAS_NUM_THREADS": "1"}


def run(code, *words, env=None, **more):
    """Run Python with nothing of our own surroundings but what is given."""
    whole = {**CALM, "PYTHONPATH": SRC, **(env or {})}
    call = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(call, env=whole, capture_output=True, check=False, timeout=120, **more)


def foedus(*words, env=None, **more):
    return run("import sys; from foedus.cli import main; main(sys.argv[1:])", *words, env=env, **more)


@pytest.fixture(scope="session")
def languages(tmp_path_factory):
    """Turkish and German, made by the system's own tool where it is there: Debian ships neither ready."""
    folder = tmp_path_factory.mktemp("locales")
    if not shutil.which("localedef"):
        return None
    for name in ("tr_TR", "de_DE"):
        made = subprocess.run(["localedef", "-i", name, "-f", "UTF-8", folder / f"{name}.UTF-8"], capture_output=True, check=False)
        if made.returncode:
            return None
    return folder


CASES = {
    "calm": {},
    "C and no UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "an encoding without accents": {"PYTHONIOENCODING": "ascii", "TZ": "Pacific/Kiritimati"},
    "an hour that is left out": {"TZ": "Europe/London", "LC_ALL": "C.UTF-8", "COLUMNS": "500", "NO_COLOR": "1"},
    "a narrow terminal that can nothing": {"COLUMNS": "20", "TERM": "dumb", "FORCE_COLOR": "1", "TZ": ":/nonexistent"},
    "no home": {"HOME": ""},
    "a home that is a device": {"HOME": "/dev/null", "TMPDIR": "/nonexistent"},
}


@pytest.fixture(scope="session")
def calm_page(tmp_path_factory):
    path = tmp_path_factory.mktemp("calm") / "b.html"
    assert run(BOTH, path).returncode == 0
    return path.read_bytes()


@pytest.mark.parametrize("env", CASES.values(), ids=CASES)
def test_a_brief_and_the_list_of_data_work(env, tmp_path, calm_page):
    page = tmp_path / "a b\u00e9 \u65e5.html" if "LC_ALL" not in env else tmp_path / "b.html"
    done = run(BOTH, page, env={"FOEDUS_CACHE": str(tmp_path / "cache"), **env})
    assert (done.returncode, done.stderr) == (0, b"")
    assert page.read_bytes() == calm_page, "the same bytes in every language and time"
    shown = done.stdout.decode("ascii" if "PYTHONIOENCODING" in env else "utf-8")
    assert "cow_nmc" in shown.replace("\n", "")
    assert ("\x1b" in shown) <= ("FORCE_COLOR" in env)


@pytest.mark.parametrize("name", ["tr_TR.UTF-8", "de_DE.UTF-8"])
def test_a_brief_in_a_language_with_other_commas_and_letters(name, languages, tmp_path, calm_page):
    """A decimal comma, months of its own, and a capital i with a dot."""
    if languages is None:
        pytest.skip("needs localedef and the sources of Turkish and German")
    page = tmp_path / "b.html"
    done = run(BOTH, page, env={"LOCPATH": str(languages), "LC_ALL": name})
    assert (done.returncode, done.stderr) == (0, b"")
    assert page.read_bytes() == calm_page
    check = "import locale; locale.setlocale(locale.LC_ALL, ''); import time; print(time.strftime('%B', (2000, 3, 1, 0, 0, 0, 0, 0, 0)))"
    assert run(check, env={"LOCPATH": str(languages), "LC_ALL": name, "PYTHONUTF8": "1"}).stdout.decode().strip() in {"Mart", "M\u00e4rz"}


@pytest.fixture
def closed(tmp_path):
    """A home that cannot be written to."""
    home = tmp_path / "home of \u65e5 and a very long name indeed" / ("x" * 200)
    home.mkdir(parents=True)
    home.chmod(0o555)
    yield home
    home.chmod(0o755)


@needs_permissions
def test_a_home_that_cannot_be_written_to(closed, tmp_path, calm_page):
    done = run(BOTH, tmp_path / "b.html", env={"HOME": str(closed)}, preexec_fn=powerless)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "b.html").read_bytes() == calm_page
    fetched = foedus("data", "fetch", "cow_nmc", "--accept-terms", env={"HOME": str(closed)}, preexec_fn=powerless)
    assert fetched.returncode == 1
    assert fetched.stderr.startswith(b"Cannot write to the store of data: got Permission denied.")
    studio = foedus("studio", "--port", "0", env={"HOME": str(closed)}, preexec_fn=powerless)
    assert studio.returncode == 2
    assert b"a folder that can be written" in studio.stderr
    assert not list(closed.iterdir())


HOMELESS = """
import pwd, sys
def none(_): raise KeyError
pwd.getpwuid = none
from foedus.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize(("words", "code", "said"), [
    (["blocs", "--in", "europe-1914", "--draws", "20"], 0, b""),
    (["data", "list"], 2, b"a user without a home folder"),
    (["data", "fetch", "cow_nmc", "--accept-terms"], 2, b"a user without a home folder"),
    (["blocs", "--in", "1914-07-28"], 2, b"a user without a home folder"),
    (["studio"], 2, b"a user without a home folder"),
    (["doctor"], 1, b""),
])  # fmt: skip
def test_a_user_that_the_system_does_not_know(words, code, said):
    done = run(HOMELESS, *words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_folder_that_is_gone():
    gone = "import os, sys, tempfile; from foedus.cli import main; d = tempfile.mkdtemp(); os.chdir(d); os.rmdir(d); main(sys.argv[1:])"
    done = run(gone, "brief", "--in", "middle-east-2019")
    assert done.returncode == 1
    assert done.stderr == b"the folder that you are in is no longer there: change to another\n"
    assert run(gone, "doctor").returncode in {0, 1}
    assert run(gone, "data", "where").returncode == 0


def piped(words, shell):
    """Run a command line of the shell, ``FOEDUS`` standing for the program; return its end and what it said."""
    program = f"'{sys.executable}' -m foedus {words}"
    done = subprocess.run(["/bin/sh", "-c", shell.replace("FOEDUS", program)], env={**CALM, "PYTHONPATH": SRC}, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("words", ["data list", "data list --json", "scenario schema", "data where"])
def test_a_reader_that_leaves_early_is_no_fault(words):
    code, out, err = piped(words, "{ FOEDUS; echo $? >&2; } | true")
    assert (code, out, err) == (0, "", "0\n")
    assert piped(words, "{ FOEDUS; echo $? >&2; } | head -c 1")[2] == "0\n"


def test_streams_that_are_closed_or_full():
    assert piped("data list", "FOEDUS >&-")[0] == 0
    assert piped("data list --data-dir /nonexistent", "FOEDUS 2>&-")[0] == 2
    assert piped("data fetch cow_nmc", "FOEDUS <&-")[2].endswith("pass --accept-terms\n")
    for words in ("data list", "data where"):
        code, out, err = piped(words, "FOEDUS > /dev/full")
        assert (code, out) == (1, "")
        assert "No space left on device" in err
        assert "Traceback" not in err
        assert "Exception ignored" not in err


@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o600), (0o000, 0o666), (0o027, 0o640)])
def test_files_get_the_permissions_that_the_user_wants(mask, mode, tmp_path):
    before = os.umask(mask)
    try:
        with pytest.raises(SystemExit):
            main(["export", "--in", "europe-1914", "--of", "actors", "--out", str(tmp_path / "a.csv")])
        with pytest.raises(SystemExit):
            main(["scenario", "new", "--from", "europe-1914", "--out", str(tmp_path / "a.toml")])
    finally:
        os.umask(before)
    assert {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()} == {mode}


@pytest.mark.parametrize("out", ["/dev/null", "/dev/stdout", "folder.csv", "pipe.csv"])
def test_what_is_no_file_is_not_written_over(out, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    before = os.lstat(out)
    with pytest.raises(SystemExit) as ended:
        main(["export", "--in", "europe-1914", "--of", "actors", "--force", "--out", out])
    assert ended.value.code in {1, 2}
    assert "Traceback" not in capsys.readouterr().err
    assert (os.lstat(out).st_ino, os.lstat(out).st_mode) == (before.st_ino, before.st_mode)
