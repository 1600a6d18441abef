"""Colours of page and figures, light and dark: the one table behind the page's CSS variables.

Blue and orange tell the blocs apart under every common colour blindness; dashes, shapes and position say the same once
more. Text reaches a contrast of 4.5 and marks one of 3 against the page in both modes; a test holds this.
"""

from __future__ import annotations

VARIABLES: dict[str, tuple[str, str]] = {
    "page": ("#fdfcfa", "#14181c"),
    "panel": ("#f4f2ed", "#1c2227"),
    "line": ("#d8d4ca", "#3a424a"),
    "text": ("#1d2329", "#e8e6e1"),
    "muted": ("#565e66", "#a9b0b7"),
    "link": ("#0b5fa5", "#7cc0ff"),
    "focus": ("#b45309", "#ffb454"),
    "bloc-a": ("#0b5fa5", "#5aa9ef"),
    "bloc-b": ("#c2570c", "#f0954f"),
    "free": ("#6b7280", "#9aa3ad"),
    "accent": ("#0f766e", "#3fbfae"),
    "joins": ("#3f7f6f", "#6fc3ad"),
    "divides": ("#a2286c", "#e57cb4"),
    "front": ("#a4161a", "#ff6b6b"),
    "r1": ("#332288", "#8f86e8"),
    "r2": ("#2b8c7e", "#5cc9b8"),
    "r3": ("#cc5c6e", "#ec8d9b"),
    "r4": ("#3590bd", "#9bd8f2"),
    "r5": ("#882255", "#c96aa0"),
    "r6": ("#86861c", "#c5c35a"),
    "r7": ("#117733", "#58b978"),
    "r8": ("#808893", "#7d858d"),
}
TEXTS = ("text", "muted", "link")
GROUNDS = ("page", "panel", "line")


def variable(name: str) -> str:
    """Return the CSS value of a colour, with the light one as fallback for a drawing that stands alone."""
    return f"var(--{name}, {VARIABLES[name][0]})"


def declarations(mode: int) -> str:
    """Return the CSS declarations of light (0) or dark (1)."""
    return "".join(f"--{name}:{pair[mode]};" for name, pair in VARIABLES.items())


BLOC = (variable("bloc-a"), variable("bloc-b"))
FREE, TOGETHER, JOINS, DIVIDES, FRONT, PAGE = (
    variable(n) for n in ("free", "accent", "joins", "divides", "front", "page")
)
REASONS = tuple(variable(f"r{k}") for k in range(1, 9))
TEXT = "currentColor"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
