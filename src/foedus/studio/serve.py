"""``serve``: the studio, listening until it is stopped."""

from __future__ import annotations

import ipaddress
import secrets
import sys
from typing import TYPE_CHECKING, Any

from foedus.errors import parameter
from foedus.studio.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from collections.abc import Callable


def loopback(host: str) -> bool:
    """Return whether a host name or address is this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK


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
        A host that others can reach, without a token of at least 16 characters.

    Examples
    --------
    >>> import foedus as fd
    >>> fd.serve(host="0.0.0.0")
    Traceback (most recent call last):
    foedus.errors.ParameterError: The '--host' parameter: got '0.0.0.0'; expected a loopback address, or a --token of at least 16 characters. ...
    """
    import uvicorn

    from foedus.studio.app import create_app

    s = Settings(**settings)
    if not loopback(s.host) and len(s.token or "") < 16:
        raise parameter("--host", s.host, "a loopback address, or a --token of at least 16 characters",
                        f"for example --token {secrets.token_urlsafe(24)}")  # fmt: skip
    config = uvicorn.Config(
        create_app(s), host=s.host, port=s.port, log_level="warning", server_header=False, timeout_keep_alive=5
    )
    server = uvicorn.Server(config)
    tell = ready or (lambda address: sys.stderr.write(f"foedus studio: {address} (Ctrl-C stops it)\n"))
    tell(f"http://{s.host}:{s.port}/")
    server.run()
