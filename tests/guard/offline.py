"""Holds a Python process to this machine: a connection, datagram or look-up of a name that leads elsewhere is refused and written down.

It listens to the interpreter's own audit events, so that no library goes past it. What was tried stands in a file that processes share, since the code
under test may swallow the refusal, and since a child's refusal is the parent's test's fault. Standard library only: every child imports it at its
start, through ``sitecustomize.py`` beside it.

It does not hold programs that are not Python (the browser has arguments of its own) nor a Python started with ``-I`` or ``-S``.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path

LOG = "FOEDUS_TESTS_OFFLINE"
HERE = str(Path(__file__).parent)
NAMES = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
PLACES = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_installed = False


class OfflineError(RuntimeError):
    """A test, or a process that it started, asked another machine for something."""


def is_here(host: object) -> bool:
    """Return whether a host is this machine: no name is looked up to find out."""
    if host is None:
        return True
    text = (host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)).partition("%")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text.rstrip(".").casefold() in {"", "localhost"}
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback or address.is_unspecified


def _heard(event: str, given: tuple) -> None:
    """Refuse what leads elsewhere; let children that are given an environment of their own be held too."""
    if event == "subprocess.Popen":
        env = given[3]
        if isinstance(env, dict) and os.environ.get(LOG):
            env.update(_environment(env))
        return
    if not NAMES:  # the interpreter ends, and has taken the names of its modules away
        return
    if event in NAMES:
        host = given[0]
    elif event in PLACES and isinstance(given[1], tuple):  # a string or bytes is a socket of the file system
        host = given[1][0]
    else:
        return
    if not is_here(host):
        said = f"{event} {host!r} by {' '.join(sys.orig_argv[:4])!r}"
        _note(said)
        raise OfflineError(f"{said}: tests use this machine only")


def _note(text: str) -> None:
    """Write down what was tried, in one piece."""
    if log := os.environ.get(LOG):
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{text}\n".encode())
        os.close(handle)


def _environment(env: dict) -> dict:
    """Return what a child's environment needs so that it is held."""
    paths = [HERE, *(p for p in env.get("PYTHONPATH", "").split(os.pathsep) if p not in {"", HERE})]
    return {"PYTHONPATH": os.pathsep.join(paths), LOG: os.environ[LOG]}


def install() -> None:
    """Hold this process; it cannot be undone, and need not."""
    global _installed  # noqa: PLW0603
    if not _installed:
        _installed = True
        sys.addaudithook(_heard)


def hold(log: Path) -> None:
    """Hold this process and its children, and write what they try to a file."""
    os.environ[LOG] = str(log)
    os.environ.update(_environment(dict(os.environ)))
    install()


def tried() -> list[str]:
    """Return what was tried since the last call."""
    log = Path(os.environ[LOG])
    try:
        if not log.stat().st_size:
            return []
    except FileNotFoundError:
        return []
    said = log.read_text(encoding="utf-8").splitlines()
    os.truncate(log, 0)
    return said
