"""The built page, served from memory: a request names one of its files or none, so that no path leads elsewhere.

Files are read again once they change on disk. Every file carries its hash, so that a browser asks again and mostly hears that nothing changed.
"""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from pathlib import Path

TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}  # fmt: skip


class Page:
    """An ASGI application that serves the files of one folder.

    Parameters
    ----------
    folder : Path
        Its files, not those of folders below it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: dict[str, tuple[int, bytes, bytes, str]] = {}

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:  # fmt: skip
        """Send the file that a request names."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        name = scope["path"].rpartition("/")[2] if scope["path"].count("/") == 1 else "?"
        file = self._file(name or "index.html")
        if file is None:
            raise HTTPException(404)
        await self._reply(name or "index.html", file, Headers(scope=scope))(scope, receive, send)

    def _file(self, name: str) -> tuple[int, bytes, bytes, str] | None:
        """Return time of change, bytes, compressed bytes and hash of a file of the folder; None where there is none."""
        names = {p.name: p for p in self.folder.iterdir() if p.suffix in TYPES} if name not in self._held else {}
        path = names.get(name) or (self.folder / name if name in self._held else None)
        try:
            if path is None:
                return None
            changed = path.stat().st_mtime_ns
            if name not in self._held or self._held[name][0] != changed:
                body = path.read_bytes()
                self._held[name] = (changed, body, gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:32])
        except OSError:
            self._held.pop(name, None)
            return None
        return self._held[name]

    @staticmethod
    def _reply(name: str, file: tuple[int, bytes, bytes, str], asked: Headers) -> Response:
        """Return a file, or that the browser has it."""
        _, body, small, mark = file
        head = {"etag": f'W/"{mark}"', "vary": "accept-encoding"}
        if mark in asked.get("if-none-match", ""):
            return Response(status_code=304, headers=head)
        if "gzip" in asked.get("accept-encoding", ""):
            body, head["content-encoding"] = small, "gzip"
        return Response(body, media_type=TYPES["." + name.rpartition(".")[2]], headers=head)
