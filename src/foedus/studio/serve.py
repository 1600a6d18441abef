"""``serve``: the studio, listening until it is stopped."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import secrets
import signal
import socket
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from foedus.data.store import default_folder
from foedus.errors import FoedusError, message, parameter
from foedus.studio.question import Desk
from foedus.studio.settings import Settings, loopback
from foedus.studio.systems import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = 16
"""Fewest characters of a token."""


def serve(*, ready: Callable[[str], None] | None = None, **settings: Any) -> None:
    """Serve the studio until it is interrupted.

    Parameters
    ----------
    **settings
        The fields of `studio.settings.Settings`: ``host``, ``port``, ``token``, ``folder``, ``data_dir``, ``opens``, limits.
    ready : callable, optional
        Told the address once the studio listens.

    Raises
    ------
    ParameterError
        A host that others can reach, without a token of at least 16 characters; a folder of data that is not there; a system to open on that is
        not there; a folder that another studio uses or that cannot be written; a port that is in use.
    FoedusError
        The system has no groups of processes (Windows).

    Examples
    --------
    >>> import foedus as fd
    >>> fd.serve(host="0.0.0.0")
    Traceback (most recent call last):
    foedus.errors.ParameterError: The '--host' parameter: got '0.0.0.0'; expected a loopback address, or a --token of at least 16 characters. ...
    """
    import uvicorn
    from filelock import FileLock, Timeout

    from foedus.studio.app import create_app
    from foedus.studio.guard import Impatient

    _can_be_served()
    s = Settings(**settings)
    if not loopback(s.host) and len(s.token or "") < TOKEN:
        raise parameter("--host", s.host, f"a loopback address, or a --token of at least {TOKEN} characters",
                        f"for example --token {secrets.token_urlsafe(24)}")  # fmt: skip
    if s.token is not None and not re.fullmatch(r"[!-~]+", s.token):
        raise parameter("--token", "a token that no header can carry", "letters, digits and signs without spaces")
    s = _with_data(s)
    check(s.opens, Desk(s.scenarios, s.data_dir))
    lock = FileLock(s.folder / ".studio.lock")
    try:
        s.runs.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise parameter(
            "--folder",
            str(s.folder),
            "a folder that no other studio uses",
            "stop the other one, or name another folder",
        ) from None
    except OSError as error:
        raise parameter(
            "--folder", str(s.folder), "a folder that can be written", error.strerror or str(error)
        ) from None
    try:
        with _listening(s) as door, _stoppable(), contextlib.suppress(KeyboardInterrupt):
            app = create_app(s)
            config = uvicorn.Config(
                app, http=Impatient, log_level="warning", server_header=False, access_log=False, timeout_keep_alive=5,
                timeout_graceful_shutdown=3, limit_concurrency=1000, h11_max_incomplete_event_size=65536,
            )  # fmt: skip
            tell = ready or (lambda address: sys.stderr.write(f"foedus studio: {address} (Ctrl-C stops it)\n"))
            tell(_address(s, door.getsockname()[1]))
            pool = app.app.state.pool
            with contextlib.closing(pool):
                pool.begin()
                uvicorn.Server(config).run(sockets=[door])
    finally:
        lock.release()


def _can_be_served() -> None:
    """Refuse systems on which runs could neither be found again nor ended, before anything is made.

    Raises
    ------
    FoedusError
    """
    if not hasattr(os, "killpg"):
        raise FoedusError(
            message(
                "The studio does not run here",
                got=platform.system() or os.name,
                expected="Linux or macOS, whose groups of processes its runs need",
                hint="every other command runs here; on Windows the studio runs inside its subsystem for Linux (WSL)",
            )
        )


def _with_data(s: Settings) -> Settings:
    """Return the settings with the folder of data that is read where none is named, if it is there.

    Raises
    ------
    ParameterError
        A named one is not there.
    """
    if s.data_dir is None:
        return replace(s, data_dir=default_folder()) if default_folder().is_dir() else s
    if not s.data_dir.is_dir():
        raise parameter("--data-dir", str(s.data_dir), "a folder", "foedus data fetch makes one and fills it")
    return s


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Let a service manager's SIGTERM end the studio as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stopped)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stopped(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _address(s: Settings, port: int) -> str:
    """Return the address to open, with the token where the page needs one: what follows # is sent to nobody."""
    host = socket.gethostname() if s.host in ("0.0.0.0", "::") else f"[{s.host}]" if ":" in s.host else s.host
    return f"http://{host}:{port}/" + (f"#token={quote(s.token, safe='')}" if s.token else "")


def _listening(s: Settings) -> socket.socket:
    """Return the socket that the studio listens on.

    Raises
    ------
    ParameterError
        The port is in use or may not be used, or the host is not this machine's.
    """
    door = socket.socket(socket.AF_INET6 if ":" in s.host else socket.AF_INET)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((s.host, s.port))
    except (OSError, OverflowError) as error:
        door.close()
        why = getattr(error, "strerror", None) or str(error)
        raise parameter(
            "--port", f"{s.host}:{s.port} ({why})", "a free port of this machine", "--port 0 takes any that is free"
        ) from None
    door.listen(2048)
    return door
