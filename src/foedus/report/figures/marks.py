"""What stands on a map: actors, fronts between two seats, and the moves that keep marks from covering each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.report.words import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.report.figures.labels import Box, Placed
    from foedus.report.figures.standing import Look


@dataclass
class Mark:
    """One actor as drawn; ``arrow`` is its bearing in degrees where it lies outside the frame."""

    actor: str
    name: str
    group: bool
    look: Look
    x: float
    y: float
    r: float
    arrow: float | None
    label: Placed | None = None


@dataclass
class Front:
    """One front as drawn: a bar across the line between two seats."""

    path: str
    link: str
    width: float
    text: str
    box: Box


def apart(
    x: NDArray[np.float64], y: NDArray[np.float64], r: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return positions pushed apart until discs at most touch."""
    n = len(x)
    p = np.stack([x, y], axis=1) + 0.01 * np.stack([np.cos(np.arange(n)), np.sin(np.arange(n))], axis=1)
    least = r[:, None] + r[None, :] + 1.5
    np.fill_diagonal(least, 0.0)
    for _ in range(60):
        step = p[:, None] - p[None, :]
        far = np.maximum(np.hypot(step[..., 0], step[..., 1]), 1e-9)
        lack = np.clip(least - far, 0.0, None)
        if not lack.any():
            break
        p += 0.3 * (step / far[..., None] * lack[..., None]).sum(axis=1)
    return p[:, 0], p[:, 1]


def front(a: Mark, b: Mark, chance: float) -> Front:
    """Return the bar of one front, midway between two marks."""
    mx, my = (a.x + b.x) / 2, (a.y + b.y) / 2
    far = max(float(np.hypot(b.x - a.x, b.y - a.y)), 1e-6)
    ux, uy = -(b.y - a.y) / far, (b.x - a.x) / far
    long = 7.0 + 11.0 * chance
    path = f"M{mx - ux * long:.1f},{my - uy * long:.1f}L{mx + ux * long:.1f},{my + uy * long:.1f}"
    link = f"M{a.x:.1f},{a.y:.1f}L{b.x:.1f},{b.y:.1f}"
    w, h = abs(ux) * long + 3, abs(uy) * long + 3
    return Front(path, link, 2.0 + 4.5 * chance, f"{percent(chance)} %", (mx - w, my - h, mx + w, my + h))
