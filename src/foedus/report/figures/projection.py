"""From latitude and longitude to the sheet: Miller's projection, a frame around most places, graticule, great circles.

Longitudes are cut where the widest gap between places lies, so that a system across the Pacific stays in one piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, MARGIN = 920.0, 34.0
SHAPE = (0.5, 0.72)
"""Least and greatest height of a frame as a share of its width."""
INSET = (0.36, 0.62)
WINDOW, CROWD = (75.0, 75.0), 7
"""Half the size of a corner in px, and how many places make it crowded."""
LEAST_DEGREES = 6.0
STEPS = (0.5, 1, 2, 5, 10, 20, 30)
ARC = 40


@dataclass(frozen=True)
class Sheet:
    """A projection with its frame: ``west`` the cut, ``x0, y0`` the upper left corner, ``scale`` px a degree."""

    west: float
    x0: float
    y0: float
    scale: float
    height: float

    def project(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return px on the sheet."""
        return (unwrapped(lon, self.west) - self.x0) * self.scale + MARGIN, (
            self.y0 - miller(lat)
        ) * self.scale + MARGIN

    def inside(self, x: NDArray[np.float64], y: NDArray[np.float64], edge: float = 0.0) -> NDArray[np.bool_]:
        """Return which points lie in the frame, ``edge`` px within it."""
        a, b = MARGIN + edge, MARGIN + edge
        return (x >= a) & (x <= WIDTH - MARGIN - edge) & (y >= b) & (y <= self.height - MARGIN - edge)


def miller(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Miller's ordinate in degrees of the equator."""
    return np.degrees(1.25 * np.log(np.tan(np.pi / 4 + 0.4 * np.radians(lat))))


def unwrapped(lon: NDArray[np.float64], west: float) -> NDArray[np.float64]:
    """Return longitudes from ``west`` eastwards."""
    return (lon - west) % 360.0 + west


def frame(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> Sheet:
    """Return a sheet around most of the places; outliers stay outside."""
    ordered = np.sort(lon % 360.0)
    gaps = np.append(ordered[1:], ordered[0] + 360.0) - ordered
    west = float((ordered[int(gaps.argmax())] + gaps.max() / 2) % 360.0)
    west -= 360.0 if west > 0 else 0.0
    return _sheet(west, _bulk(unwrapped(lon, west)), _bulk(miller(lat)), SHAPE)


def crowd(sheet: Sheet, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points (px) stand in the most crowded corner of a sheet; none where no corner is crowded enough."""
    near = (np.abs(x[:, None] - x[None, :]) < WINDOW[0]) & (np.abs(y[:, None] - y[None, :]) < WINDOW[1])
    inside = sheet.inside(x, y)
    near &= inside[None, :] & inside[:, None]
    best = int(near.sum(axis=1).argmax())
    return near[best] if near[best].sum() >= CROWD else np.zeros(len(x), dtype=bool)


def enlarged(sheet: Sheet, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> Sheet:
    """Return a sheet around some of the places of another, at a greater scale."""
    x, y = unwrapped(lon, sheet.west), miller(lat)
    ends = [(float(v.min()) - 0.1 * LEAST_DEGREES, float(v.max()) + 0.1 * LEAST_DEGREES) for v in (x, y)]
    return _sheet(sheet.west, ends[0], ends[1], INSET)


def _sheet(west: float, across: tuple[float, float], up: tuple[float, float], shape: tuple[float, float]) -> Sheet:
    """Return a sheet around two spans of projected degrees, widened to the shape allowed."""
    pad = 0.07
    (left, right), (low, high) = ((a - pad * (b - a), b + pad * (b - a)) for a, b in (across, up))
    share = (high - low) / (right - left)
    if share < shape[0]:
        grow = (shape[0] * (right - left) - (high - low)) / 2
        low, high = low - grow, high + grow
    elif share > shape[1]:
        grow = ((high - low) / shape[1] - (right - left)) / 2
        left, right = left - grow, right + grow
    scale = (WIDTH - 2 * MARGIN) / (right - left)
    return Sheet(west, left, high, scale, (high - low) * scale + 2 * MARGIN)


def _bulk(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the bulk of values: within three quarters of the span of the middle four fifths around it."""
    low, high = np.quantile(values, [0.1, 0.9])
    span = max(high - low, LEAST_DEGREES)
    kept = values[(values >= low - 0.75 * span) & (values <= high + 0.75 * span)]
    middle, half = (kept.max() + kept.min()) / 2, max((kept.max() - kept.min()) / 2, LEAST_DEGREES / 2)
    return float(middle - half), float(middle + half)


def graticule(sheet: Sheet) -> list[tuple[str, float, float, bool]]:
    """Return (label, px, px, is meridian) of the lines in the frame: where a line starts on the lower or left edge."""
    right = sheet.x0 + (WIDTH - 2 * MARGIN) / sheet.scale
    step = next((s for s in STEPS if (right - sheet.x0) / s <= 9), STEPS[-1])
    lines = []
    for lon in np.arange(np.ceil(sheet.x0 / step) * step, right, step):
        value = (lon + 180) % 360 - 180
        x = (lon - sheet.x0) * sheet.scale + MARGIN
        lines.append((_degrees(value, "E", "W"), float(x), sheet.height - MARGIN, True))
    for lat in np.arange(-90 + step, 90, step):
        y = float((sheet.y0 - miller(np.array([lat]))[0]) * sheet.scale + MARGIN)
        if MARGIN < y < sheet.height - MARGIN:
            lines.append((_degrees(lat, "N", "S"), MARGIN, y, False))
    return lines


def _degrees(value: float, positive: str, negative: str) -> str:
    """Return a degree with its direction."""
    return f"{abs(value):g}°{'' if value in {0, 180, -180} else positive if value > 0 else negative}"


def great_circle(sheet: Sheet, a: tuple[float, float], b: tuple[float, float]) -> str:
    """Return the SVG path of the great circle between two places (lat, lon), broken where it crosses the cut."""
    p, q = (_vector(*place) for place in (a, b))
    angle = float(np.arccos(np.clip(p @ q, -1, 1)))
    if angle < 1e-6:
        return ""
    t = np.linspace(0, 1, ARC)[:, None]
    points = (
        (np.sin((1 - t) * angle) * p + np.sin(t * angle) * q) / np.sin(angle)
        if angle < np.pi - 1e-6
        else (1 - t) * p + t * q
    )
    lat, lon = np.degrees(np.arcsin(np.clip(points[:, 2], -1, 1))), np.degrees(np.arctan2(points[:, 1], points[:, 0]))
    x, y = sheet.project(lat, lon)
    jump = np.append(True, np.abs(np.diff(x)) > 180 * sheet.scale)
    return "".join(f"{'M' if j else 'L'}{u:.1f},{v:.1f}" for j, u, v in zip(jump, x, y, strict=True))


def _vector(lat: float, lon: float) -> NDArray[np.float64]:
    """Return the unit vector of a place."""
    a, b = np.radians(lat), np.radians(lon)
    return np.array([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])
