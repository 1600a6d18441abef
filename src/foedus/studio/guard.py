"""What stands before every request: whose host name, whose page, which token, how large, how slow; and what every reply declares.

A plain ASGI wrapper, so that a body is refused before anything reads it. Knows no question.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from foedus.studio.settings import loopback

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from foedus.studio.settings import Settings

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Refusal = tuple[int, str, str]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()), (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"), (b"cross-origin-resource-policy", b"same-origin"), (b"x-frame-options", b"DENY"),
)  # fmt: skip
SLOW = 10.0
"""Seconds within which a request's head must have come, and within which its body must."""
AT_ONCE = 400
"""Requests that are answered at the same time."""
HOST = re.compile(r"^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9.-]{1,253}))(?::\d{1,5})?$")
WILDCARDS = ("0.0.0.0", "::")
TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]|NaN|Infinity', re.DOTALL)
"""Strings, closed or not, brackets, and what JSON does not have: each byte is looked at once."""
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
DEPTH = 60
"""Levels of a body."""
TOO_LARGE, TOO_SLOW = (413, "the body is too large"), (408, "the body did not come in time")


class Guard:
    """Wraps the application and refuses what is not the studio's own page.

    Parameters
    ----------
    app : ASGI application
    settings : Settings
        Host, token, and the most bytes of a body.
    """

    def __init__(self, app: Any, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self._going = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        refused = self._refusal(scope)
        if refused is None:
            body = await self._body(receive)
            refused = _unreadable(body) if isinstance(body, bytes) else body
            if isinstance(body, bytes) and refused is None:
                await self._passed(scope, _again(body, receive), _declared(scope["path"], send))
                return
        assert refused is not None
        await _reply(send, *refused)

    async def _passed(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request on, and count it while it is answered; one that the end of the server cuts off is told so."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        self._going += 1
        try:
            await self.app(scope, receive, noted)
        except asyncio.CancelledError:
            if begun:
                await send({"type": "http.response.body", "body": b""})
            else:
                await _reply(send, 503, "the studio was stopped before it answered", "start it again, and ask again")
        finally:
            self._going -= 1

    def _refusal(self, scope: MutableMapping[str, Any]) -> Refusal | None:
        """Return status, what is wrong and a hint; None where the request may pass."""
        head: dict[bytes, list[bytes]] = {}
        for key, value in scope["headers"]:
            head.setdefault(key.lower(), []).append(value)
        if any(len(head.get(k, [])) > 1 for k in (b"host", b"origin", b"content-length", b"authorization")):
            return 400, "a header that stands more than once", "send it once"
        if any(c < " " or c == "\x7f" for c in scope["path"]):
            return 404, "there is no such address", "addresses hold no control characters"
        if self._going >= AT_ONCE:
            return 503, "too many requests at once", "try again in a moment"
        first = {k: v[0].decode("latin-1") for k, v in head.items()}
        return (
            self._wrong_host(first.get(b"host", ""))
            or self._foreign(first)
            or self._without_token(scope["path"], first)
            or self._wrong_body(scope["method"], first)
        )

    def _wrong_host(self, host: str) -> Refusal | None:
        """Refuse a name that is not the studio's: a page elsewhere may have pointed it at this machine."""
        found = HOST.match(host)
        name = (found[1] or found[2]).lower().rstrip(".") if found else ""
        if name == self.settings.host.lower() or (name and self.settings.host in WILDCARDS and self.settings.token):
            return None
        if loopback(name):
            return None
        return 421, "this host name is not the studio's", "open it by the address that it printed"

    def _foreign(self, head: dict[bytes, str]) -> Refusal | None:
        """Refuse what a page from elsewhere sends."""
        host, origin = head.get(b"host", "").lower(), head.get(b"origin")
        if origin is not None and origin.lower() not in {f"http://{host}", f"https://{host}"}:
            return 403, "a page from elsewhere may not ask the studio", "open the studio itself"
        if (
            head.get(b"sec-fetch-site", "same-origin") not in ("same-origin", "none")
            and head.get(b"sec-fetch-mode") != "navigate"
        ):
            return 403, "a page from elsewhere may not ask the studio", "open the studio itself"
        return None

    def _without_token(self, path: str, head: dict[bytes, str]) -> Refusal | None:
        """Refuse a question without the token, in constant time; the page itself holds nothing."""
        token = self.settings.token
        if not token or not path.startswith("/api"):
            return None
        scheme, _, given = head.get(b"authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
        if scheme.lower() == "bearer" and same:
            return None
        return 401, "the token is missing or wrong", "open the address with #token=... that the studio printed"

    def _wrong_body(self, method: str, head: dict[bytes, str]) -> Refusal | None:
        """Refuse a body that says it is too large or is no JSON."""
        length = head.get(b"content-length", "0")
        if not length.isdigit() or not length.isascii():
            return 400, "a length that is no number", "send the length of the body"
        if len(length) > 12 or int(length) > self.settings.body:
            return *TOO_LARGE, f"at most {self.settings.body:,} bytes"
        sends = int(length) > 0 or b"transfer-encoding" in head
        kind = head.get(b"content-type", "").partition(";")[0].strip().lower()
        if sends and method in ("POST", "PUT", "PATCH", "DELETE") and kind != "application/json":
            return 415, "a body that is no JSON", "content-type: application/json"
        return None

    async def _body(self, receive: Receive) -> bytes | Refusal:
        """Return the whole body, or why it is refused."""
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(SLOW):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return b""
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > self.settings.body:
                        return *TOO_LARGE, f"at most {self.settings.body:,} bytes"
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError:
            return *TOO_SLOW, f"within {SLOW:g} s"


class Impatient(H11Protocol):
    """A connection that is closed where a request's head has not come whole within `SLOW` seconds, the first one or a later one."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(SLOW, self._late)

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head that has begun; stop waiting once it is whole."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(SLOW, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        """Say that the time is over, and close."""
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()


def _unreadable(body: bytes) -> Refusal | None:
    """Refuse a body that no reader should be given: nested without end, numbers that JSON does not have, half a character."""
    depth = 0
    for token in TOKENS.finditer(body):
        first = token[0][:1]
        depth += (first in b"[{") - (first in b"]}")
        if depth > DEPTH:
            return 400, "a body that is nested too deep", f"at most {DEPTH} levels"
        if first in b"NI":
            return 400, f"{token[0].decode()} is no number of JSON", "send null for what is unknown"
    if SURROGATE.search(body):
        try:
            json.dumps(json.loads(body), ensure_ascii=False).encode()
        except ValueError:
            return 400, "half a character in the body", "send whole characters, in UTF-8"
    return None


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that gives the body that was read, then whatever comes after."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _declared(path: str, send: Send) -> Send:
    """Return a sender that adds the headers of every reply; the page is asked for anew, an answer is not kept by the browser."""
    keep = b"no-store" if path.startswith("/api") else b"no-cache"

    async def declared(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(k, v) for k, v in message.get("headers", []) if k.lower() != b"server"]
            cached = [] if any(k.lower() == b"cache-control" for k, _ in own) else [(b"cache-control", keep)]
            message["headers"] = [*own, *cached, *HEADERS]
        await send(message)

    return declared


async def _reply(send: Send, status: int, what: str, hint: str) -> None:
    """Send a refusal and close: what is left of the body is not read."""
    body = json.dumps({"error": {"what": what, "where": "request", "expected": "", "hint": hint}}).encode()
    head = [
        (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"connection", b"close"),
        (b"cache-control", b"no-store"), *HEADERS,
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
