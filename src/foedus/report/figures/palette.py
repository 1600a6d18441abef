"""Colours of figures: CSS variables of the page with a fallback for an SVG that stands alone.

Blue and orange tell the blocs apart under every common colour blindness; dashes, shapes and position say the same once more.
"""

from __future__ import annotations

BLOC = ("var(--bloc-a, #0b5fa5)", "var(--bloc-b, #c2570c)")
FREE = "var(--free, #6b7280)"
TOGETHER = "var(--accent, #0f766e)"
JOINS, DIVIDES = "var(--joins, #3f7f6f)", "var(--divides, #a2286c)"
FRONT = "var(--front, #a4161a)"
PAGE = "var(--page, #ffffff)"
TEXT = "currentColor"
REASONS = tuple(f"var(--r{k}, {c})" for k, c in enumerate(
    ("#332288", "#44aa99", "#cc6677", "#88ccee", "#882255", "#999933", "#117733", "#9ca3af"), start=1))  # fmt: skip
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
