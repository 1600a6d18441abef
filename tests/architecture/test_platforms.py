"""The package can be imported where a module of one system is missing: such modules and names are asked for before they are used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "foedus"
MODULES = {
    *(
        "crypt",
        "curses",
        "fcntl",
        "grp",
        "msvcrt",
        "nis",
        "ossaudiodev",
        "posix",
        "pty",
        "pwd",
        "readline",
        "resource",
        "spwd",
    ),
    *("syslog", "termios", "tty", "winreg", "winsound", "_posixsubprocess", "_winapi"),
}
"""Modules of the standard library that not every system has."""
NAMES = {
    "os": {
        *("chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg", "getpgid", "getuid", "killpg", "mkfifo"),
        *("mknod", "nice", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "posix_spawn", "sched_getaffinity", "sched_setaffinity", "setpgid"),
        *("setsid", "setuid", "startfile", "statvfs", "sysconf", "uname", "wait", "wait3", "wait4", "WNOHANG"),
    },
    "signal": {
        *("alarm", "CTRL_BREAK_EVENT", "CTRL_C_EVENT", "ITIMER_REAL", "pause", "pthread_kill", "pthread_sigmask", "setitimer", "SIGALRM"),
        *("SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2", "sigwait"),
    },
}  # fmt: skip
"""Names that not every system's ``os`` and ``signal`` have."""
NAMED = re.compile(rf"\b(?:{'|'.join(sorted(MODULES.union(*NAMES.values())))})\b")
POSIX_ONLY = {"studio/runs.py": {"killpg", "SIGKILL"}}
"""Used unasked in what `studio.serve` refuses to begin elsewhere."""


def unasked(text: str) -> list[tuple[int, str]]:
    """Return modules and names of one system that are used where nothing looks first: no ``try``, no ``hasattr``, ``os.name`` or ``platform`` before."""
    found: list[tuple[int, str]] = []

    def walk(node: ast.AST, asked: bool) -> None:
        for child in ast.iter_child_nodes(node):
            names: set[str] = set()
            if isinstance(child, ast.Import):
                names = {a.name.partition(".")[0] for a in child.names} & MODULES
            elif isinstance(child, ast.ImportFrom):
                top = (child.module or "").partition(".")[0]
                names = {top} & MODULES | {a.name for a in child.names} & NAMES.get(top, set())
            elif isinstance(child, ast.Attribute) and isinstance(child.value, ast.Name):
                names = {child.attr} & NAMES.get(child.value.id, set())
            if not asked:
                found.extend((child.lineno, n) for n in sorted(names))
            looks = isinstance(child, ast.FunctionDef | ast.Try | ast.If | ast.IfExp) and _looks(child)
            walk(child, asked or looks)

    walk(ast.parse(text), asked=False)
    return found


def _looks(node: ast.AST) -> bool:
    """Return whether a piece of code asks what system it is on: it tries an import and catches its failure, or looks at a name."""
    for n in ast.walk(node):
        if isinstance(n, ast.ExceptHandler) and isinstance(n.type, ast.Name) and n.type.id == "ImportError":
            return True
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "hasattr":
            return True
        if (
            isinstance(n, ast.Attribute)
            and isinstance(n.value, ast.Name)
            and (n.value.id, n.attr) in {("os", "name"), ("sys", "platform")}
        ):
            return True
    return False


def test_nothing_of_one_system_is_used_unasked():
    texts = {p.relative_to(SOURCE).as_posix(): p.read_text("utf-8") for p in SOURCE.rglob("*.py")}
    found = {name: {n for _, n in unasked(text)} for name, text in texts.items() if NAMED.search(text)}
    assert {name: names for name, names in found.items() if names} == POSIX_ONLY


@pytest.mark.parametrize(("text", "hits"), [
    ("import fcntl", ["fcntl"]),
    ("def f():\n    from resource import RLIMIT_AS", ["resource"]),
    ("try:\n    import fcntl\nexcept ImportError:\n    fcntl = None", []),
    ("try:\n    import fcntl\nexcept OSError:\n    fcntl = None", ["fcntl"]),
    ("import os\nos.fork()", ["fork"]),
    ("from signal import SIGKILL", ["SIGKILL"]),
    ("x = getattr(os, 'O_NOFOLLOW', 0)", []),
    ("x = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else 1", []),
    ("def f():\n    if os.name != 'posix':\n        return 0\n    return os.geteuid()\ndef g():\n    return os.getuid()", ["getuid"]),
])  # fmt: skip
def test_the_reader_finds_what_it_should(text, hits):
    assert [n for _, n in unasked(text)] == hits
