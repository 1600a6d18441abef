"""The one place that makes text safe to print: what cannot be seen is shown as an escape, and no text gives a terminal an order.

Names, sources and paths come from files that strangers write. An escape sequence in one of them could clear the screen, rename the window, fill the
clipboard or hide a line; a mark that turns the direction of writing could make one name read as another. `Console` is rich's own, made
safe: only what rich itself draws (colours, the bar) reaches the terminal as a sequence. `guarded` makes standard output and standard error safe
for everything else: errors, logs, tracebacks, other packages' words.

Does not judge text: look-alike letters and long names pass.
"""

from __future__ import annotations

import codecs
import contextlib
import functools
import os
import re
import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from rich.console import Console

HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
"""Characters that cannot be seen, as the inside of a pattern's brackets: control (tabs and line feeds apart), direction, zero width, surrogates,
private use, tags, noncharacters, letters that are blank by rule. The joiners that Persian and Indic spelling need are not among
them."""
UNSAFE = re.compile(f"[{HIDDEN}]|(?<![\u0600-\u109f])[\u200c\u200d]")
"""What is not printed as it is; a joiner that does not follow a letter of a script that joins is hidden too."""
PLAIN = {
    "−": "-",
    "–": "-",
    "—": "-",
    "…": "...",
    "’": "'",
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "→": "->",
    "·": "*",
    "\u00a0": " ",
    "\u202f": " ",
}
"""How signs of ours are written where the terminal's encoding lacks them."""


def visible(text: str) -> str:
    r"""Return a text with every character that cannot be seen written as an escape; JSON and TOML read the same character back.

    Examples
    --------
    >>> visible("Ruritania\x1b]0;owned\x07"), visible("\u202enogara"), visible("a\tb\n")
    ('Ruritania\\u001b]0;owned\\u0007', '\\u202enogara', 'a\tb\n')
    """
    return UNSAFE.sub(_escaped, text)


def visible_json(text: str) -> str:
    r"""Return JSON with hidden characters of its strings as JSON's escapes, so that it reads back as the same values.

    Examples
    --------
    >>> visible_json('["\x9b31m\U000e0001"]')
    '["\\u009b31m\\udb40\\udc01"]'
    """
    return UNSAFE.sub(_pair, text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _pair(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{raw[k : k + 2].hex()}" for k in range(0, len(raw), 2))


def console(*, stderr: bool = False, **more: Any) -> Console:
    """Return a rich console on standard output or standard error that shows text as it is: no markup, no emoji codes, hidden characters as escapes.

    Parameters
    ----------
    stderr : bool
    **more
        As `rich.console.Console`.
    """
    stream = sys.stderr if stderr else sys.stdout
    return _console()(
        file=stream.raw if isinstance(stream, Safe) else stream, **{"markup": False, "emoji": False, **more}
    )


@functools.cache
def _console() -> type[Console]:
    """Return the class of consoles; rich is imported when something is printed."""
    from rich.console import Console
    from rich.text import Text

    class SafeConsole(Console):
        """A console that renders no hidden character of any text."""

        def render(self, renderable: Any, options: Any = None) -> Iterable[Any]:
            """Return the segments of something to print, its text made visible first."""
            if isinstance(renderable, str):
                renderable = visible(renderable)
            elif isinstance(renderable, Text) and UNSAFE.search(renderable.plain):
                renderable = renderable.blank_copy(visible(renderable.plain))
            return super().render(renderable, options)

        def render_str(self, text: str, **more: Any) -> Any:
            """Return a string as text, made visible first, so that columns are wide enough for it."""
            return super().render_str(visible(text), **more)

        def on_broken_pipe(self) -> None:
            """Let the command line end: that nobody reads on is no fault."""
            raise BrokenPipeError

    return SafeConsole


class Safe:
    """A text stream that shows hidden characters as escapes; everything else is the stream's own.

    Attributes
    ----------
    raw : TextIO
        The stream itself: only what draws for a terminal writes to it.
    """

    def __init__(self, raw: TextIO) -> None:
        self.raw = raw

    def write(self, text: str) -> int:
        """Write a text."""
        self.raw.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.raw)


class Unheard:
    """Standard error, which nobody need hear: that it cannot be written ends no work and changes no exit code.

    The terminal may have closed, or a reader left; what was to be told is lost, nothing else.
    """

    def __init__(self, raw: TextIO) -> None:
        self._raw = raw

    def write(self, text: str) -> int:
        """Write a text, or lose it."""
        with contextlib.suppress(OSError):
            self._raw.write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what is written, or lose it."""
        with contextlib.suppress(OSError):
            self._raw.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what stands for characters that an encoding lacks: our signs in plain form, others escaped."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    shown = (
        PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in error.object[error.start : error.end]
    )
    return "".join(shown), error.end


codecs.register_error("foedus-plain", _plain)


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Make standard output and standard error safe for a while.

    A stream that is closed is replaced by one that goes nowhere; one whose encoding lacks a character writes it in plain form.
    """
    before = sys.stdout, sys.stderr
    with contextlib.ExitStack() as opened:
        safe = []
        for stream, heard in zip(before, (True, False), strict=True):
            if stream is None or stream.closed:
                stream = opened.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PLW2901, PTH123
            with contextlib.suppress(AttributeError, OSError, ValueError):
                if not _utf8(stream):
                    stream.reconfigure(errors="foedus-plain")  # type: ignore[union-attr]
            raw = stream if heard else cast("TextIO", Unheard(cast("TextIO", stream)))
            safe.append(stream if isinstance(stream, Safe) else Safe(raw))
        sys.stdout, sys.stderr = cast("list[Any]", safe)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


def _utf8(stream: Any) -> bool:
    """Return whether a stream can write every character."""
    return (getattr(stream, "encoding", None) or "utf-8").replace("-", "").replace("_", "").casefold() == "utf8"


def writes_all() -> bool:
    """Return whether standard output can write every character."""
    return _utf8(sys.stdout)
