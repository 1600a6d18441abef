"""The map: actors at their seats, pledges to fight as great circles, and the borders on which the war would be fought.

No coastlines are bundled, so the ground is a graticule. Whoever sits far outside the frame stands at its edge with an arrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.result import DOUBTFUL_BELOW
from foedus.report.figures import labels, palette, projection
from foedus.report.figures.template import render
from foedus.report.words import Names, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.report.figures.projection import Sheet
    from foedus.report.model import Figure
    from foedus.studies.brief import Findings

FIGHTING = {"defense", "offense"}
MOST_ARCS, LABELLED, FRONTS = 90, 60, 12
EDGE = 15.0


@dataclass
class Mark:
    """One actor as drawn; ``arrow`` is its bearing in degrees where it lies outside the frame."""

    name: str
    group: bool
    hollow: bool
    colour: str
    x: float
    y: float
    r: float
    arrow: float | None
    label: labels.Placed | None = None


@dataclass
class Front:
    """One front as drawn: a bar across the line between two seats, and what stands beside it."""

    path: str
    link: str
    width: float
    text: str
    x: float
    y: float
    box: labels.Box


def svg(f: Findings, figure: Figure) -> str:
    """Return the drawing."""
    s = f.system
    placed = [k for k, a in enumerate(s.actors) if a.place is not None]
    if len(placed) < 2:
        return ""
    lat, lon = (np.array([getattr(s.actors[k].place, axis) for k in placed]) for axis in ("lat", "lon"))
    sheet = projection.frame(lat, lon)
    x, y = sheet.project(lat, lon)
    inside = sheet.inside(x, y)
    marks = _marks(f, placed, sheet, x, y, inside)
    at = {s.ids[k]: n for n, k in enumerate(placed)}
    fronts = [_front(marks[at[a]], marks[at[b]], e.mean) for a, b, e in f.war.fronts(FRONTS) if a in at and b in at]
    arcs = [_arc(sheet, (lat, lon), marks, inside, at[a], at[b]) for a, b in _pairs(f) if a in at and b in at]
    _label(f, marks, placed, sheet, fronts)
    heads = [Names(s).short(n) for n in f.blocs.names]
    return render(
        "map.svg.j2", figure, width=projection.WIDTH, height=sheet.height + 46, sheet=sheet.height, margin=projection.MARGIN, marks=marks,
        arcs=[a for a in arcs if a], fronts=fronts, lines=projection.graticule(sheet), heads=heads, groups=any(m.group for m in marks),
        unlabelled=sum(m.label is None for m in marks),
    )  # fmt: skip


def _marks(
    f: Findings, placed: list[int], sheet: Sheet, x: NDArray[np.float64], y: NDArray[np.float64], inside: NDArray[np.bool_]
) -> list[Mark]:  # fmt: skip
    """Return the actors at their seats, nudged apart where they would cover each other."""
    b, names = f.blocs, Names(f.system)
    power = b.centre.power[0][placed]
    crowd = 1.0 if len(placed) <= 60 else 0.55
    r = crowd * (4.0 + 10.0 * np.sqrt(power / power.max()))
    cx, cy = projection.WIDTH / 2, sheet.height / 2
    bearing = np.degrees(np.arctan2(y - cy, x - cx))
    half = np.array([projection.WIDTH / 2 - projection.MARGIN - EDGE, sheet.height / 2 - projection.MARGIN - EDGE])
    shrink = np.minimum(half[0] / np.maximum(np.abs(x - cx), 1e-9), half[1] / np.maximum(np.abs(y - cy), 1e-9))
    px, py = np.where(inside, x, cx + (x - cx) * shrink), np.where(inside, y, cy + (y - cy) * shrink)
    px, py = _apart(px, py, r)
    out = []
    for n, k in enumerate(placed):
        member = b.membership[k]
        colour = palette.FREE if np.isnan(member) else palette.BLOC[int(b.two.label[k])]
        out.append(Mark(names.short(f.system.ids[k], 24), f.system.actors[k].kind != "state", bool(member < DOUBTFUL_BELOW), colour, float(px[n]),
                        float(py[n]), float(r[n]), None if inside[n] else float(bearing[n])))  # fmt: skip
    return out


def _apart(x: NDArray[np.float64], y: NDArray[np.float64], r: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
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


def _pairs(f: Findings) -> list[tuple[str, str]]:
    """Return the pairs that a pledge to fight joins, the most capable first."""
    power = dict(zip(f.system.ids, f.blocs.centre.power[0], strict=True))
    pairs = {(min(g.by, to), max(g.by, to)) for _, g, to in f.system.pledges() if g.type in FIGHTING}
    return sorted(pairs, key=lambda p: (-power[p[0]] * power[p[1]], p))[:MOST_ARCS]


def _arc(sheet: Sheet, where: tuple[NDArray[np.float64], NDArray[np.float64]], marks: list[Mark], inside: NDArray[np.bool_], i: int, j: int) -> str:
    """Return the great circle between two seats; to an actor at the edge a plain curve."""
    if inside[i] and inside[j]:
        lat, lon = where
        return projection.great_circle(sheet, (float(lat[i]), float(lon[i])), (float(lat[j]), float(lon[j])))
    a, b = marks[i], marks[j]
    if not inside[i] and not inside[j]:
        return ""
    mx, my = (a.x + b.x) / 2, (a.y + b.y) / 2 - 0.08 * abs(a.x - b.x)
    return f"M{a.x:.1f},{a.y:.1f}Q{mx:.1f},{my:.1f} {b.x:.1f},{b.y:.1f}"


def _front(a: Mark, b: Mark, chance: float) -> Front:
    """Return the bar of one front."""
    mx, my = (a.x + b.x) / 2, (a.y + b.y) / 2
    far = max(float(np.hypot(b.x - a.x, b.y - a.y)), 1e-6)
    ux, uy = -(b.y - a.y) / far, (b.x - a.x) / far
    long = 7.0 + 11.0 * chance
    path = f"M{mx - ux * long:.1f},{my - uy * long:.1f}L{mx + ux * long:.1f},{my + uy * long:.1f}"
    w, h = abs(ux) * long + 3, abs(uy) * long + 3
    link = f"M{a.x:.1f},{a.y:.1f}L{b.x:.1f},{b.y:.1f}"
    return Front(path, link, 2.0 + 4.5 * chance, f"{percent(chance)} %", mx, my, (mx - w, my - h, mx + w, my + h))


def _label(f: Findings, marks: list[Mark], placed: list[int], sheet: Sheet, fronts: list[Front]) -> None:
    """Give marks their labels, belligerents and the capable first."""
    power = f.blocs.centre.power[0]
    weight = [power[k] + f.war.p_war[f.system.ids[k]].mean for k in placed]
    order = sorted(range(len(marks)), key=lambda n: -weight[n])
    bounds = (projection.MARGIN + 2, projection.MARGIN + 2, projection.WIDTH - projection.MARGIN - 2, sheet.height - projection.MARGIN - 2)
    ordered = [(marks[n].x, marks[n].y, marks[n].r, marks[n].name) for n in order]
    must = len(marks) if len(marks) <= LABELLED else 0
    for n, spot in zip(order, labels.place(ordered, [x.box for x in fronts], bounds, must=must), strict=True):
        marks[n].label = spot
