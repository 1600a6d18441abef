"""What stands before every request: whose host name, whose page, which token, how large, how slow; and what every reply declares.

A plain ASGI wrapper, so that a body is refused before it is read. Knows no question.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

from foedus.studio.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from foedus.studio.settings import Settings

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()), (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"), (b"cross-origin-resource-policy", b"same-origin"),
)  # fmt: skip


class Guard:
    """Wraps the application and refuses what is not the studio's own page."""

    def __init__(self, app: Any, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.hosts = {*LOOPBACK, settings.host}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = {k.lower(): v for k, v in scope["headers"]}
        refused = self._refusal(scope, head)
        if refused:
            await _reply(send, *refused)
            return
        await self.app(scope, _bounded(receive, self.settings.body), _declared(send))

    def _refusal(self, scope: Scope, head: dict[bytes, bytes]) -> tuple[int, str, str] | None:
        """Return status, what is wrong and a hint; None where the request may pass."""
        host = head.get(b"host", b"").decode("latin-1")
        name = (
            host.rpartition(":")[0]
            if host.rpartition(":")[2].isdigit() and "]" not in host.rpartition(":")[2]
            else host
        )
        if name.strip("[]") not in self.hosts:
            return 421, "this host name is not the studio's", "open it by the address that it printed"
        origin = head.get(b"origin")
        if origin is not None and origin.decode("latin-1") not in {f"http://{host}", f"https://{host}"}:
            return 403, "a page from elsewhere may not ask the studio", "open the studio itself"
        if head.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
            return 403, "a page from elsewhere may not ask the studio", "open the studio itself"
        token = self.settings.token
        if token and scope["path"].startswith("/api/"):
            given = head.get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ")
            if not hmac.compare_digest(given.encode(), token.encode()):
                return 401, "the token is missing or wrong", "open the address with #token=... that the studio printed"
        length = head.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.settings.body:
            return 413, "the body is too large", f"at most {self.settings.body} bytes"
        return None


def _bounded(receive: Receive, most: int) -> Receive:
    """Return a receiver that gives up on bodies without end."""
    seen = 0

    async def bounded() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            return {"type": "http.disconnect"}
        return message

    return bounded


def _declared(send: Send) -> Send:
    """Return a sender that adds the headers of every reply."""

    async def declared(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *HEADERS]
        await send(message)

    return declared


async def _reply(send: Send, status: int, what: str, hint: str) -> None:
    """Send a refusal."""
    body = json.dumps({"error": {"what": what, "where": "request", "expected": "", "hint": hint}}).encode()
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
