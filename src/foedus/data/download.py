"""One address to one file: attempts, resuming, limits. Knows no data set and no store."""

from __future__ import annotations

import contextlib
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foedus import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import requests

_BLOCK = 1 << 13  # bytes, at most lost when a server falls silent


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a download is tried.

    Attributes
    ----------
    tries : int
        Attempts for one address.
    connect, read : float, s
        How long a server may take to answer, and to send its next bytes.
    pause, longest : float, s
        Wait before the second attempt, doubled for each further one, with jitter; and the longest wait.
    largest : int, bytes
        Downloads above this size are stopped.
    """

    tries: int = 5
    connect: float = 10.0
    read: float = 60.0
    pause: float = 1.0
    longest: float = 60.0
    largest: int = 512 * 2**20


class Refused(Exception):
    """One address does not give the file; another may."""


class Silent(Refused):
    """One address did not give the file in all the attempts; others of its host may not either."""


class _Passing(Exception):
    """One attempt failed; the next may not. ``wait`` is what the server asks for, in seconds."""

    def __init__(self, text: str, wait: float | None = None) -> None:
        super().__init__(text)
        self.wait = wait


def download(
    session: requests.Session, url: str, part: Path, *, limit: int, patience: Patience, tell: Callable[[float], None]
) -> bool:
    """Download an address to ``part``, after as many attempts as patience allows.

    Parameters
    ----------
    session : requests.Session
    url : str
    part : Path
        Holds what an earlier download got, if the file ``drop`` deletes with it says of what.
    limit : int, bytes
        More are not taken.
    patience : Patience
    tell : callable
        Is told the share that is here.

    Returns
    -------
    bool
        Whether it went on with an earlier beginning, which may be of another file after all.

    Raises
    ------
    Refused
        The address does not give the file; ``part`` is deleted, or kept for the next time after an interruption (`Silent`).
    OSError
        ``part`` cannot be written; it is deleted.
    """
    for attempt in range(1, patience.tries + 1):
        try:
            return _attempt(session, url, part, limit, patience, tell)
        except _Passing as error:
            wait = min(patience.longest, patience.pause * 2 ** (attempt - 1)) * random.uniform(0.5, 1.0)
            if error.wait is not None and error.wait > patience.longest:
                raise Refused(f"{error}; the server asks to wait {error.wait:.0f} s") from error
            if attempt == patience.tries:
                raise Silent(f"{error}, after {attempt} attempt{'s' if attempt > 1 else ''}") from error
            time.sleep(max(wait, error.wait or 0.0))
        except (Refused, OSError):
            drop(part)
            raise
    raise AssertionError


def drop(part: Path) -> None:
    """Delete a begun download and what says of which file it is."""
    part.unlink(missing_ok=True)
    _tag(part).unlink(missing_ok=True)


def _attempt(
    session: requests.Session, url: str, part: Path, limit: int, patience: Patience, tell: Callable[[float], None]
) -> bool:
    """Download to ``part``, from where it ends if the server agrees; return whether it went on with an earlier beginning.

    Raises
    ------
    _Passing
        What a later attempt may mend: no answer, a dropped connection, a busy server.
    Refused
        What it will not: no such file, a page instead of a file, too many bytes.
    OSError
        ``part`` cannot be written.
    """
    import requests
    from urllib3.exceptions import HTTPError

    have, tag = _begun(part)
    headers = {"User-Agent": _agent(), "Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": tag}
    final = (
        requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema,
        requests.exceptions.TooManyRedirects, requests.exceptions.SSLError,
    )  # fmt: skip
    try:
        with session.get(url, stream=True, timeout=(patience.connect, patience.read), headers=headers) as answer:
            start = _accepted(answer, have, part)
            length = _length(answer)
            total = start + length if length is not None else None
            if total is not None and total > limit:
                raise Refused(f"announces {total:,} bytes, more than the {limit:,} that it may have")
            if not start:
                drop(part)
                with files.new_file(_tag(part)) as tag_file:
                    tag_file.write(_validator(answer).encode("ascii"))
            _receive(answer, part, start, total, limit, tell)
    except final as error:
        raise Refused(_short(error)) from error
    except (requests.RequestException, HTTPError, ConnectionError, TimeoutError) as error:
        raise _Passing(_short(error)) from error
    return bool(start)


def _begun(part: Path) -> tuple[int, str]:
    """Return how much of a download is here and what says that the rest is of the same file; 0 where nothing says so."""
    try:
        with files.open_file(_tag(part)) as file:
            tag = file.read(1000).decode("ascii")
        have = part.lstat().st_size
    except (OSError, ValueError):
        return 0, ""
    return (have, tag) if tag else (0, "")


def _accepted(answer: requests.Response, have: int, part: Path) -> int:
    """Return at which byte the body of an answer begins, or raise what its status means."""
    code = answer.status_code
    if code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        return have
    if code in {206, 416}:
        drop(part)
        raise _Passing("the server did not continue the download where it ended")
    if code in {408, 425, 429} or code >= 500:
        raise _Passing(f"HTTP {code}", _retry_after(answer))
    if code != 200:
        raise Refused(f"HTTP {code}")
    if "html" in answer.headers.get("Content-Type", "").casefold():
        raise Refused("a web page came instead of the file")
    return 0


def _receive(
    answer: requests.Response, part: Path, start: int, total: int | None, limit: int, tell: Callable[[float], None]
) -> None:
    """Append the body of an answer to ``part``."""
    size = start
    with files.append_file(part) as out:
        for block in answer.raw.stream(_BLOCK, decode_content=_is_encoded(answer)):
            if not size and block.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
                raise Refused("a web page came instead of the file")
            size += len(block)
            if size > limit:
                raise Refused(f"sends more than the {limit:,} bytes that it may have")
            out.write(block)
            out.flush()
            tell(size / total if total else 0.5)
    if total is not None and size != total:
        raise _Passing(f"ended after {size:,} of {total:,} bytes")


def _length(answer: requests.Response) -> int | None:
    """Return how many bytes an answer announces; None where it does not, or sends them compressed."""
    text = answer.headers.get("Content-Length", "")
    return int(text) if text.isdecimal() and not _is_encoded(answer) else None


def _validator(answer: requests.Response) -> str:
    """Return what a later request may use to go on with this body: a strong tag or a date; empty where it may not."""
    if _is_encoded(answer):
        return ""
    tag = answer.headers.get("ETag", "")
    found = answer.headers.get("Last-Modified", "") if tag.startswith("W/") or not tag else tag
    return found if found.isascii() and found.isprintable() else ""


def _is_encoded(answer: requests.Response) -> bool:
    """Return whether the body is compressed on its way."""
    return answer.headers.get("Content-Encoding", "identity").casefold() not in {"", "identity"}


def _retry_after(answer: requests.Response) -> float | None:
    """Return the seconds that a busy server asks to wait; None where it does not say."""
    from email.utils import parsedate_to_datetime

    text = answer.headers.get("Retry-After", "")
    if text.isdecimal():
        return float(text)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    return None


def _tag(part: Path) -> Path:
    """Return where the tag of a download is kept."""
    return part.with_suffix(".tag")


def _short(error: Exception) -> str:
    """Return what went wrong on the net, in few words."""
    import requests
    from urllib3.exceptions import ReadTimeoutError

    if isinstance(error, requests.Timeout | ReadTimeoutError | TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, requests.ConnectionError):
        return f"no connection ({type(error).__name__})"
    return f"the connection broke ({type(error).__name__})" if not isinstance(error, ValueError) else str(error)[:120]


def _agent() -> str:
    """Return how foedus names itself to servers."""
    from foedus import __version__

    return f"foedus/{__version__}"
