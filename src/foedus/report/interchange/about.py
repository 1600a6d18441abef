"""What every exported file says of itself, and text that no reader of it can mistake for anything else. Reads no system but its header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foedus.system.system import System

UNWRITABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold or advises against, and control characters that a terminal obeys."""
UNSEEN = re.compile("[\x85\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
"""Line breaks that few programs see, and marks that turn the direction of writing."""


def clean(text: str) -> str:
    r"""Return a text with every character that is unsafe in a file or on a terminal replaced by U+FFFD.

    Examples
    --------
    >>> ascii(clean("a\x1b[31mb\x00"))
    "'a\\ufffd[31mb\\ufffd'"
    """
    return UNSEEN.sub("\ufffd", UNWRITABLE.sub("\ufffd", text))


def one_line(text: str) -> str:
    """Return a clean text on one line."""
    return " ".join(clean(text).split())


def about(system: System, **more: Any) -> dict[str, str]:
    """Return what a file says of itself: program and version, system, date, sources with their terms, how to cite.

    Examples
    --------
    >>> import foedus as fd
    >>> about(fd.load("europe-1914"))["date"]
    '1914-07-28'
    """
    return described(system.id, system.title, system.date.isoformat(), system.hash, _terms([system]), **more)


def about_all(systems: list[System], **more: Any) -> dict[str, str]:
    """Return the same of several systems of one walk through time."""
    first, last = systems[0], systems[-1]
    name = f"{first.id} to {last.id}"
    return described(name, f"{first.title} to {last.title}", f"{first.date}/{last.date}", "", _terms(systems), **more)


def described(name: str, title: str, date: str, content: str, sources: str, **more: Any) -> dict[str, str]:
    """Return the record in its fixed order."""
    from foedus import __version__

    found = {
        "program": "foedus", "foedus_version": __version__, "system": name, "title": title, "date": date, "system_sha256": content,
        "as_of": "the start of the day: what was signed or begun before it", "sources": sources,
        "citation": f"The foedus developers, foedus {__version__} (CITATION.cff), and the sources named here",
        "terms": "data belong to their publishers; pass this file on only under the terms of the sources",
        **{k: str(v) for k, v in more.items() if v is not None},
    }  # fmt: skip
    return {k: one_line(v) for k, v in found.items() if v}


def _terms(systems: list[System]) -> str:
    """Return every source once, with its version and terms."""
    every = {s.id: s for system in systems for s in system.sources}
    return " | ".join(
        f"{s.id}: {s.title}{f', version {s.version}' if s.version else ''}. Terms: {s.licence or 'see the publisher'}"
        for s in every.values()
    )
