"""Goldens: small pictures of pages, and a measure of likeness that other fonts pass and a lost figure does not.

A picture is kept at a third of its size in few colours. Two are compared as grey pictures brought to one size and blurred over a cell of about
24 pixels of the page, so that letters become grey and lines of text may move a little; the page is as good as its worst band.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

UPDATE = os.environ.get("FOEDUS_UPDATE_GOLDENS") == "1"
SHRINK, COLOURS = 3, 32
GRID, BAND, MOVED = 60, 12, 80
"""Cells across a picture, cells of a band, and the pixels of the page that a band may have moved up or down."""
TALLER = 0.15
"""How much taller or lower a page may be, as a share."""
WIDE, NARROW = 3.0, 12.0
"""How many of 256 greys the worst band of a wide and of a narrow page may be apart. Measured on every screen: another font (serif) is at most
1.4 and 9 apart, the page without one of its figures at least 3.7 and 15."""


@dataclass(frozen=True)
class Likeness:
    """How a picture compares with its golden: height, as a share of the golden's, and greys apart in the worst band."""

    height: float
    apart: float
    most: float

    @property
    def alike(self) -> bool:
        return abs(self.height - 1) <= TALLER and self.apart <= self.most


def small(png: bytes, shrink: int = SHRINK) -> Image.Image:
    """Return a screenshot as it is kept."""
    full = Image.open(io.BytesIO(png)).convert("RGB")
    size = (full.width // shrink, full.height // shrink)
    method = Image.Quantize.FASTOCTREE  # which keeps colours of few pixels
    return full.resize(size, Image.Resampling.BOX).quantize(
        COLOURS * 4 // shrink, method=method, dither=Image.Dither.NONE
    )


def cells(picture: Image.Image, rows: int) -> np.ndarray:
    """Return mean greys, `GRID` cells wide and `rows` high, each blurred with its neighbours."""
    grey = picture.convert("RGB").convert("L").resize((GRID, rows), Image.Resampling.BOX)
    a = np.pad(np.asarray(grey, float), 1, mode="edge")
    return sum(a[i : i + rows, j : j + GRID] for i in range(3) for j in range(3)) / 9


def likeness(picture: Image.Image, golden: Image.Image, shrink: int = SHRINK) -> Likeness:
    """Compare a picture with its golden: band by band, each where it fits best within a few cells up or down."""
    side = golden.width / GRID
    shift = round(MOVED / (side * shrink))
    ours, theirs = (cells(p, max(BAND, round(p.height / side))) for p in (picture, golden))
    worst = 0.0
    for top in range(0, len(theirs) - BAND + 1, BAND // 2):
        band = theirs[top : top + BAND]
        starts = range(max(0, top - shift), min(len(ours) - BAND, top + shift) + 1)
        apart = [float(np.abs(ours[k : k + BAND] - band).mean()) for k in starts]
        worst = max(worst, min(apart, default=255.0))
    return Likeness(picture.height / golden.height, worst, WIDE if golden.width * shrink > 700 else NARROW)


def held(png: bytes, path: Path, *, write: bool = UPDATE, shrink: int = SHRINK) -> Likeness:
    """Compare a screenshot with the golden at a path, or write that where asked to."""
    picture = small(png, shrink)
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, optimize=True)
    return likeness(picture, Image.open(path), shrink)
