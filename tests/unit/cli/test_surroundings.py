"""The command line in surroundings that are not like ours: language, clock, terminal, home, folders, streams that are closed.

Each case is a process of its own that asks a bundled scenario and lists the data sets: it works, or says in one line why not. A whole brief costs
seconds, so that what goes together is tried together.
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
what = ["brief", "--in", "middle-east-2019", "--draws", "200", "--html", sys.argv[1]] if sys.argv[1:] else ["bound", "IRN", "SAU", "--in", "middle-east-2019"]
for words in (what, ["data", "list"]):
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
def turkish(tmp_path_factory):
    """Turkish, made by the system's own tool where it is there: Debian does not ship it ready."""
    folder = tmp_path_factory.mktemp("locales")
    if not shutil.which("localedef"):
        return None
    made = subprocess.run(
        ["localedef", "-i", "tr_TR", "-f", "UTF-8", folder / "tr_TR.UTF-8"], capture_output=True, check=False
    )
    if made.returncode:
        return None
    return folder


ODD = {
    "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii", "TZ": "Pacific/Kiritimati", "COLUMNS": "20",
    "TERM": "dumb", "HOME": "", "TMPDIR": "/nonexistent",
}  # fmt: skip
CASES = {
    "C and no UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "an hour that is left out": {"TZ": "Europe/London", "LC_ALL": "C.UTF-8", "COLUMNS": "500", "NO_COLOR": "1"},
    "a terminal with colours and no time": {"COLUMNS": "20", "FORCE_COLOR": "1", "TZ": ":/nonexistent"},
    "a home that is a device": {"HOME": "/dev/null"},
}


@pytest.fixture(scope="module")
def calm_page(tmp_path_factory):
    """The page of a brief in surroundings like ours."""
    path = tmp_path_factory.mktemp("calm") / "b.html"
    with pytest.raises(SystemExit, match="0"):
        main(["brief", "--in", "middle-east-2019", "--draws", "200", "--html", str(path)])
    return path.read_bytes()


@pytest.mark.parametrize("env", CASES.values(), ids=CASES)
def test_a_question_and_the_list_of_data_work(env, tmp_path):
    done = run(BOTH, env={"FOEDUS_CACHE": str(tmp_path / "cache"), **env})
    assert (done.returncode, done.stderr.strip()) == (0, b"")
    shown = done.stdout.decode()
    assert "cow_nmc" in shown.replace("\n", "")
    assert ("\x1b[" in shown) == ("FORCE_COLOR" in env)


def test_a_brief_works_where_everything_is_odd(tmp_path, calm_page):
    """No UTF-8, no accents, another day, a narrow terminal that can nothing, no home, no folder for temporary files."""
    done = run(BOTH, tmp_path / "b.html", env={"FOEDUS_CACHE": str(tmp_path / "cache"), **ODD})
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "b.html").read_bytes() == calm_page, "the same bytes in every language and time"
    assert "cow_nmc" in done.stdout.decode("ascii").replace("\n", "")
    assert b"\x1b" not in done.stdout


def test_turkish_with_its_commas_months_and_letters(turkish, tmp_path, calm_page):
    """A decimal comma, months of its own, and a small i that keeps its dot as a capital."""
    if turkish is None:
        pytest.skip("needs localedef and the sources of Turkish")
    env = {"LOCPATH": str(turkish), "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "1"}
    done = run(BOTH, tmp_path / "b.html", env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "b.html").read_bytes() == calm_page
    check = "import locale, time; locale.setlocale(locale.LC_ALL, ''); print(time.strftime('%B', (2000, 3, 1, 0, 0, 0, 0, 0, 0)), locale.str(0.5))"
    assert run(check, env=env).stdout.decode().split() == ["Mart", "0,5"], "the language is really there"


@pytest.fixture
def closed(tmp_path):
    """A home that cannot be written to."""
    home = tmp_path / "home of \u65e5 and a very long name indeed" / ("x" * 200)
    home.mkdir(parents=True)
    home.chmod(0o555)
    yield home
    home.chmod(0o755)


@needs_permissions
def test_a_home_that_cannot_be_written_to(closed):
    done = run(BOTH, env={"HOME": str(closed)}, preexec_fn=powerless)
    assert (done.returncode, done.stderr) == (0, b"")
    fetched = foedus("data", "fetch", "cow_nmc", "--accept-terms", env={"HOME": str(closed)}, preexec_fn=powerless)
    assert fetched.returncode == 1
    assert b"Cannot write to the store of data: got Permission denied." in fetched.stderr
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
    (["bound", "GMY", "BEL", "--in", "europe-1914"], 0, b""),
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
    done = subprocess.run(
        ["/bin/sh", "-c", shell.replace("FOEDUS", program)],
        env={**CALM, "PYTHONPATH": SRC},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("words", ["data list", "data list --json", "scenario schema", "data where"])
def test_a_reader_that_leaves_early_is_no_fault(words):
    code, out, err = piped(words, "{ FOEDUS; echo $? >&2; } | true")
    assert (code, out, err) == (0, "", "0\n")
    assert piped(words, "{ FOEDUS; echo $? >&2; } | head -c 1")[2] == "0\n"


def test_streams_that_are_closed_or_full():
    assert piped("data list", "FOEDUS >&-")[0] == 0
    assert piped("data where --data-dir /nonexistent nothing", "FOEDUS 2>&-")[0] == 2
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
