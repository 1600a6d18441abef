"""Where to write names on a map so that they meet neither each other nor a mark; greedy, the important first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GLYPH, LINE = 6.2, 14.0
RINGS = (0.0, 9.0, 20.0, 34.0, 50.0, 68.0)
APART = 3.0
"""Least distance of a label from another mark; less than that from its own."""
ANGLES = (0, 180, 315, 45, 225, 135, 270, 90, 337, 23, 203, 157)
"""Degrees clockwise from east, the best places first."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Placed:
    """A label: its anchor point, text-anchor, and the end of its leader line (None beside its mark)."""

    x: float
    y: float
    anchor: str
    leader: tuple[float, float] | None


def place(
    marks: list[tuple[float, float, float, str]], taken: list[Box], bounds: Box, *, must: int
) -> list[Placed | None]:
    """Return a place for each mark's label, or None where there is none.

    Parameters
    ----------
    marks : list of (x, y, radius, text)
        In order of importance; the first ``must`` get a label at any rate.
    taken : list of boxes
        (left, top, right, bottom) of whatever else stands on the map.
    bounds : box
        Within which labels stay.
    must : int
    """
    obstacles = np.empty((len(taken) + 2 * len(marks), 4))
    filled = len(taken) + len(marks)
    around = [(x, y, r + APART) for x, y, r, _ in marks]
    obstacles[:filled] = [*taken, *((x - r, y - r, x + r, y + r) for x, y, r in around)]
    out: list[Placed | None] = []
    for k, (x, y, r, text) in enumerate(marks):
        best, cost = None, math.inf
        for ring in RINGS:
            for angle in ANGLES:
                box, placed = _candidate(x, y, r, text, ring, angle)
                if box[0] < bounds[0] or box[1] < bounds[1] or box[2] > bounds[2] or box[3] > bounds[3]:
                    continue
                meets = _overlap(box, obstacles[:filled])
                if meets + 0.4 * ring < cost:
                    best, cost = (box, placed), meets + 0.4 * ring
            if best is not None and cost <= 0.4 * ring:
                break
        if best is None or (k >= must and cost > 0.4 * RINGS[1]):
            out.append(None)
            continue
        obstacles[filled] = best[0]
        filled += 1
        out.append(best[1])
    return out


def _candidate(x: float, y: float, r: float, text: str, ring: float, angle: int) -> tuple[Box, Placed]:
    """Return the box and the place of a label in one direction."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    px, py = x + c * (r + 4 + ring), y + s * (r + 4 + ring)
    width = GLYPH * len(text)
    anchor = "start" if c > 0.3 else "end" if c < -0.3 else "middle"
    left = px if anchor == "start" else px - width if anchor == "end" else px - width / 2
    middle = py + (LINE / 2 * s if anchor == "middle" else 0.0)
    box = (left, middle - LINE / 2, left + width, middle + LINE / 2)
    leader = (x + c * r, y + s * r) if ring > 0 else None
    return box, Placed(px, middle + 4.2, anchor, leader)


def _overlap(a: Box, others: NDArray[np.float64]) -> float:
    """Return how much a box shares with others, in label heights, and more for each that it meets."""
    w = np.minimum(a[2], others[:, 2]) - np.maximum(a[0], others[:, 0])
    h = np.minimum(a[3], others[:, 3]) - np.maximum(a[1], others[:, 1])
    meets = (w > 0) & (h > 0)
    return float(np.where(meets, 10.0 + w * h / LINE, 0.0).sum()) if meets.any() else 0.0
