"""Runs: questions that take long, each a folder on disk and a worker process of its own.

A run survives the server: its worker goes on, and the next server finds it by its process. What a worker writes is written beside and renamed, so
that a folder holds an answer or none. Works out nothing itself (`worker` does).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import hashlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from foedus import limits
from foedus.files import append_file, replace_file
from foedus.studio import systems
from foedus.studio.question import encode
from foedus.studio.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from foedus.studio.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

ID = re.compile(r"^[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$")
ENDED = frozenset({"done", "failed", "cancelled", "interrupted"})
SMALL = 8_000_000
"""Bytes that are read of what a run says of itself: its question may hold a scenario."""
GRACE = 3.0
"""Seconds between asking a worker to end and ending it."""
GIVEN = "given"
"""Folder of a run that holds the user's files that it is about."""
SETTLED = 2_000_000_000
"""Nanoseconds after the last change of its files from which a run is not read again: within that, two changes may bear one time."""
PROCESSES = Path("/proc")
"""Where Linux says of each process when it began."""
MEMORY_HINT = "it may have needed more memory than it may take"


def _alone(method: Callable[Concatenate[Runs, P], T]) -> Callable[Concatenate[Runs, P], T]:
    """Let one thread at a time into what changes runs."""

    @functools.wraps(method)
    def locked(self: Runs, *given: P.args, **named: P.kwargs) -> T:
        with self._lock:
            return method(self, *given, **named)

    return locked


@dataclass
class Runs:
    """The runs of one studio.

    Attributes
    ----------
    settings : Settings
        Whose folder, and how many may go on and wait.
    """

    settings: Settings
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ending: dict[str, float] = field(default_factory=dict)
    _seen: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = field(default_factory=dict)
    """Ended runs as they were read, by the state of their files: a list of many is read once, not four times a second."""
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @_alone
    def start(self, question: str, params: dict[str, Any], title: str = "") -> dict[str, Any]:
        """Return a new run, which waits for its turn.

        Parameters
        ----------
        question : str
        params : dict
            Checked, as JSON's own types.
        title : str
            How the user calls it.

        Raises
        ------
        RefusedError
            Too many wait, or the runs take more room than they may.
        """
        rows = self.listed()
        if sum(r["state"] in ("queued", "running") for r in rows) >= self.settings.queued + self.settings.workers:
            raise RefusedError(429, "too many runs wait", "cancel one, or wait until one is done")
        if self._room() > self.settings.disk:
            raise RefusedError(
                409, f"the runs take more than {self.settings.disk / 1e9:g} GB", "delete runs that are no longer needed"
            )
        given = self._given(params)
        now = _now()
        name = f"{now[:19].replace('-', '').replace(':', '').replace('T', '-')}-{secrets.token_hex(3)}"
        folder = self.settings.runs / f".{name}"
        folder.mkdir(parents=True)
        from foedus import __version__

        about = {
            "id": name, "question": question, "title": title or question, "params": params, "seed": params.get("seed"), "created": now,
            "version": __version__, "python": sys.version.split()[0],
            "files": {file: hashlib.sha256(content).hexdigest() for file, content in given.items()},
        }  # fmt: skip
        if given:
            (folder / GIVEN).mkdir()
            for file, content in given.items():
                (folder / GIVEN / file).write_bytes(content)
        write(folder / "run.json", about)
        write(folder / "state.json", {"state": "queued"})
        folder.rename(self.settings.runs / name)
        self.tick()
        return self.get(name)

    def _given(self, params: dict[str, Any]) -> dict[str, bytes]:
        """Return the user's files that a question names, as they are now: the run is about these, whatever is written to them later.

        None where one is not there: then the worker says so.
        """
        paths = [self.settings.scenarios / file for file in systems.files_of(params)]
        if any(not p.is_file() or p.is_symlink() for p in paths):
            return {}
        return {p.name: p.read_bytes() for p in paths}

    def listed(self) -> list[dict[str, Any]]:
        """Return every run, the newest first."""
        if not self.settings.runs.is_dir():
            return []
        names = [p.name for p in self.settings.runs.iterdir() if ID.match(p.name)]
        found = []
        for n in sorted(names, reverse=True):
            with contextlib.suppress(RefusedError):  # a link or no folder; or deleted since the folder was read
                found.append(self.get(n))
        return found

    def get(self, name: str) -> dict[str, Any]:
        """Return one run as the page reads it.

        Raises
        ------
        RefusedError
            There is none of that name.
        """
        folder = self._folder(name)
        key = _key(folder)
        seen = self._seen.get(name)
        if seen and seen[0] == key:
            return dict(seen[1])
        found = self._read(name, folder)
        if found["state"] in ENDED and time.time_ns() - max(key[::2]) > SETTLED:
            self._seen[name] = key, dict(found)
        return found

    def _read(self, name: str, folder: Path) -> dict[str, Any]:
        """Return one run from its files."""
        about, state = read(folder / "run.json"), read(folder / "state.json")
        if about is None or state is None:
            self._folder(name)
            return _broken(name)
        found = self._standing(folder, state)
        progress = read(folder / "progress.json") or {}
        share = progress.get("share")
        eta = None
        if found["state"] == "running" and share and share > 0.01 and state.get("began"):
            eta = max(0.0, (time.time() - state["began"]) * (1 - share) / share)  # the clock may have been set back
        return {
            "id": name, "question": about.get("question"), "title": about.get("title"), "params": about.get("params"), "seed": about.get("seed"),
            "created": about.get("created"), "version": about.get("version"), "files": about.get("files") or {}, "state": found["state"],
            "progress": 1.0 if found["state"] == "done" else share, "text": progress.get("text", ""), "eta": eta,
            "started": state.get("started"), "ended": found.get("ended"), "message": found.get("message"),
        }  # fmt: skip

    def answer(self, name: str) -> Path:
        """Return the file that holds a run's answer.

        Raises
        ------
        RefusedError
            There is no such run, or it has no answer.
        """
        run = self.get(name)
        if run["state"] != "done":
            raise RefusedError(409, f"the run is {run['state']}: it has no answer", "wait until it is done")
        path = self._folder(name) / "answer.json"
        if path.is_symlink():
            raise RefusedError(409, "the run's answer is no regular file", "links are not followed")
        return path

    @_alone
    def cancel(self, name: str) -> dict[str, Any]:
        """End a run that waits or goes on; what it had half done stays, for `resume`."""
        run, folder = self.get(name), self._folder(name)
        if run["state"] in ENDED:
            raise RefusedError(409, f"the run is {run['state']}", "only a run that waits or goes on can be cancelled")
        state = read(folder / "state.json") or {}
        write(folder / "state.json", state | {"state": "cancelled", "ended": _now()})
        if run["state"] == "running":
            _signal(state, signal.SIGTERM)
            self._ending[name] = time.monotonic() + GRACE
        return self.get(name)

    @_alone
    def resume(self, name: str) -> dict[str, Any]:
        """Let a run go on that was cancelled, interrupted or failed; the same seed gives the same numbers."""
        run, folder = self.get(name), self._folder(name)
        if run["state"] not in ("cancelled", "interrupted", "failed") or read(folder / "run.json") is None:
            raise RefusedError(409, f"the run is {run['state']}", "only a run that was ended early can go on")
        self._gone(name, folder)
        for left in ("error.json", "progress.json"):
            (folder / left).unlink(missing_ok=True)
        write(folder / "state.json", {"state": "queued"})
        self.tick()
        return self.get(name)

    @_alone
    def remove(self, name: str) -> None:
        """Delete a run that has ended."""
        run, folder = self.get(name), self._folder(name)
        if run["state"] not in ENDED:
            raise RefusedError(409, f"the run is {run['state']}", "cancel it first")
        self._gone(name, folder)
        gone = folder.rename(folder.with_name(f".{name}"))
        self._seen.pop(name, None)
        shutil.rmtree(gone)

    @_alone
    def tick(self) -> None:
        """Let the next runs begin, and end workers that were asked to and did not."""
        for name, child in list(self._children.items()):
            if child.poll() is not None:
                self._reaped(name, child.returncode)
        for name, deadline in list(self._ending.items()):
            if time.monotonic() > deadline:
                _signal(read(self.settings.runs / name / "state.json") or {}, signal.SIGKILL)
                del self._ending[name]
        rows = self.listed()
        free = self.settings.workers - sum(r["state"] == "running" for r in rows)
        for r in reversed([r for r in rows if r["state"] == "queued"]):
            if free <= 0:
                break
            self._begin(r["id"])
            free -= 1

    def _begin(self, name: str) -> None:
        """Start the worker of a run."""
        folder, s = self.settings.runs / name, self.settings
        command = [sys.executable, "-m", "foedus.studio.worker", str(folder), "--scenarios", str(s.scenarios),
                   "--memory", str(s.memory), "--seconds", str(s.run_seconds), *(["--data", str(s.data_dir)] if s.data_dir else [])]  # fmt: skip
        with append_file(folder / "log.txt") as log:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self._children[name] = child
        write(
            folder / "state.json",
            {"state": "running", "pid": child.pid, "birth": birth(child.pid), "began": time.time(), "started": _now()},
        )

    def _reaped(self, name: str, code: int) -> None:
        """Note how the worker of a run ended, where it did not say so itself."""
        del self._children[name]
        self._ending.pop(name, None)
        folder = self.settings.runs / name
        state = read(folder / "state.json")
        if (
            state is None
            or state.get("state") != "running"
            or (folder / "answer.json").exists()
            or (folder / "error.json").exists()
        ):
            return
        how = f"signal {-code}" if code < 0 else f"code {code}"
        write(
            folder / "error.json",
            {"message": f"the worker ended with {how} before it answered; {MEMORY_HINT}", "ended": _now()},
        )

    def _standing(self, folder: Path, state: dict[str, Any]) -> dict[str, Any]:
        """Return where a run stands, from its files and its process."""
        if (folder / "answer.json").is_file():
            return {"state": "done", "ended": _modified(folder / "answer.json")}
        said = state.get("state")
        if said in ("queued", "cancelled"):
            return {"state": said, "ended": state.get("ended")}
        wrong = read(folder / "error.json")
        if wrong is not None:
            return {"state": "failed", "message": wrong.get("message"), "ended": wrong.get("ended")}
        if said != "running":
            return {"state": "failed", "message": "the run's files are damaged"}
        if folder.name in self._children or alive(state):
            return {"state": "running"}
        return {"state": "interrupted", "message": "its worker ended while no studio was there"}

    def _gone(self, name: str, folder: Path) -> None:
        """Wait until the worker of a run is no more."""
        state = read(folder / "state.json") or {}
        child = self._children.pop(name, None)
        self._ending.pop(name, None)
        _signal(state, signal.SIGKILL)
        if child is not None:
            child.wait(10)

    def _folder(self, name: str) -> Path:
        folder = self.settings.runs / name
        if not ID.match(name) or not folder.is_dir() or folder.is_symlink():
            raise RefusedError(404, "there is no such run", "GET /api/runs lists them")
        return folder

    def _room(self) -> int:
        """Return the bytes of all runs."""
        size = 0
        for folder, _, files in os.walk(self.settings.runs):
            for name in files:
                with contextlib.suppress(OSError):  # deleted since the folder was read
                    size += (Path(folder) / name).lstat().st_size
        return size


def _key(folder: Path) -> tuple[int, ...]:
    """Return the state of a run's folder and of what says where it stands: times in nanoseconds and sizes."""
    found: list[int] = []
    for path in (folder, folder / "run.json", folder / "state.json"):
        try:
            s = path.stat()
        except OSError:
            found += [0, 0]
        else:
            found += [s.st_mtime_ns, s.st_size]
    return tuple(found)


def write(path: Path, value: dict[str, Any]) -> None:
    """Write a file whole or not at all."""
    replace_file(path, encode(value))


def read(path: Path) -> dict[str, Any] | None:
    """Return what a file holds; None where it is not there or no object."""
    try:
        found = limits.plain(limits.raw(path, SMALL, follow=False))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def birth(pid: int) -> str:
    """Return when a process began, as the system counts; empty where the system does not say."""
    try:
        return (PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "" if PROCESSES.is_dir() else _told_by_ps(pid)


def _told_by_ps(pid: int) -> str:
    """Return when a process began, where there is no /proc to read (macOS); the same words in any language and time zone."""
    command, words = ["ps", "-o", "lstart=", "-p", str(pid)], {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=5, env=words).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def alive(state: dict[str, Any]) -> bool:
    """Return whether the process that a state names is still the one that was started."""
    pid = state.get("pid")
    if not isinstance(pid, int) or pid <= 1:
        return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return birth(pid) == state.get("birth")


def _signal(state: dict[str, Any], which: signal.Signals) -> None:
    """Send a signal to a run's worker and whatever it started."""
    if alive(state):
        with contextlib.suppress(OSError):
            os.killpg(state["pid"], which)


def _broken(name: str) -> dict[str, Any]:
    """Return a run whose files cannot be read."""
    return {
        "id": name, "question": "", "title": name, "params": {}, "seed": None, "created": "", "version": "", "files": {}, "state": "failed",
        "progress": None,
        "text": "", "eta": None, "started": None, "ended": None, "message": "the run's files are damaged",
    }  # fmt: skip


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _modified(path: Path) -> str | None:
    try:
        return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).isoformat(timespec="milliseconds")
    except (OSError, ValueError, OverflowError):  # gone, or of a year that no date has
        return None
