"""The map: actors at their seats, pledges to fight as great circles, and the borders on which the war would be fought.

No coastlines are bundled, so the ground is a graticule. Whoever sits far outside the frame stands at its edge with an
arrow; a crowded corner is drawn once more on a sheet of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from foedus.report.figures import labels, projection
from foedus.report.figures.marks import Front, Mark, apart, front
from foedus.report.figures.standing import Look, looks
from foedus.report.figures.template import render
from foedus.report.kept import fronts
from foedus.report.words import Names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.report.figures.projection import Sheet
    from foedus.report.model import Figure
    from foedus.studies.brief import Findings

FIGHTING = {"defense", "offense"}
MOST_ARCS, LABELLED = 90, 60
EDGE = 15.0


@dataclass
class Panel:
    """One sheet as drawn; ``window`` is the corner that another panel enlarges, ``top`` where the panel begins."""

    sheet: Sheet
    top: float
    marks: list[Mark]
    fronts: list[Front]
    arcs: list[str]
    lines: list[tuple[str, float, float, bool]]
    window: labels.Box | None = None


@dataclass
class Places:
    """The actors with a place: ids, coordinates, look, size and what is drawn between them."""

    ids: list[str]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    r: NDArray[np.float64]
    weight: NDArray[np.float64]
    names: Names
    look: dict[str, Look]
    borders: list[tuple[str, str, float]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)


def svg(f: Findings, figure: Figure) -> str:
    """Return the drawing."""
    places = _places(f)
    if places is None:
        return ""
    sheet = projection.frame(places.lat, places.lon)
    corner = projection.crowd(sheet, *sheet.project(places.lat, places.lon))
    inset = projection.enlarged(sheet, places.lat[corner], places.lon[corner]) if corner.any() else None
    inset = inset if inset is not None and inset.scale > 1.8 * sheet.scale else None
    panels = [_panel(places, sheet, 0.0, enlarged=inset)]
    if inset is not None:
        panels.append(_panel(places, inset, sheet.height - 6, only=corner))
    height = panels[-1].top + panels[-1].sheet.height
    heads = [places.names.short(n) for n in f.blocs.names]
    named = {m.actor for panel in panels for m in panel.marks if m.label}
    return render(
        "map.svg.j2",
        figure,
        width=projection.WIDTH,
        height=height + 40,
        foot=height,
        margin=projection.MARGIN,
        panels=panels,
        heads=heads,
        groups=any(m.group for m in panels[0].marks),
        unlabelled=len(places.ids) - len(named),
    )


def _places(f: Findings) -> Places | None:
    """Return the actors with a place, the capable and the belligerent weighing more; None of fewer than two."""
    s, b = f.system, f.blocs
    there = [k for k, a in enumerate(s.actors) if a.place is not None]
    if len(there) < 2:
        return None
    ids = [s.ids[k] for k in there]
    lat, lon = (np.array([getattr(s.actors[k].place, axis) for k in there]) for axis in ("lat", "lon"))
    power = b.centre.power[0][there]
    r = (1.0 if len(there) <= 60 else 0.55) * (4.0 + 10.0 * np.sqrt(power / power.max()))
    weight = power + np.array([f.war.p_war[a].mean for a in ids])
    names, known = Names(s), set(ids)
    borders = [(a, c, e.mean) for a, c, e in fronts(f) if {a, c} <= known]
    strength = dict(zip(ids, power, strict=True))
    pairs = {(min(g.by, to), max(g.by, to)) for _, g, to in s.pledges() if g.type in FIGHTING and {g.by, to} <= known}
    chosen = sorted(pairs, key=lambda p: (-strength[p[0]] * strength[p[1]], p))[:MOST_ARCS]
    return Places(ids, lat, lon, r, weight, names, looks(f, names), borders, chosen)


def _panel(
    p: Places, sheet: Sheet, top: float, *, only: NDArray[np.bool_] | None = None, enlarged: Sheet | None = None
) -> Panel:
    """Return one sheet as drawn: ``only`` some of the places, or all with a corner ``enlarged`` elsewhere."""
    x, y = sheet.project(p.lat, p.lon)
    inside = sheet.inside(x, y)
    marks = _marks(p, sheet, x, y, inside)
    window = None if enlarged is None else _window(sheet, enlarged)
    small = (
        np.zeros(len(x), dtype=bool)
        if window is None
        else (x > window[0]) & (x < window[2]) & (y > window[1]) & (y < window[3])
    )
    shown = inside if only is not None else np.ones(len(x), dtype=bool)
    at = {a: k for k, a in enumerate(p.ids)}
    bars = [
        front(marks[at[a]], marks[at[b]], e)
        for a, b, e in p.borders
        if shown[at[a]] and shown[at[b]] and not (small[at[a]] and small[at[b]])
    ]
    arcs = [_arc(sheet, p, marks, inside, at[a], at[b], inset=only is not None) for a, b in p.pairs]
    _label(p, [m for k, m in enumerate(marks) if shown[k] and not small[k]], sheet, bars, window)
    return Panel(
        sheet,
        top,
        [m for k, m in enumerate(marks) if shown[k]],
        bars,
        [d for d in arcs if d],
        projection.graticule(sheet),
        window,
    )


def _window(sheet: Sheet, enlarged: Sheet) -> labels.Box:
    """Return the corner of a sheet that another one enlarges, px."""
    ratio = sheet.scale / enlarged.scale
    left = (enlarged.x0 - sheet.x0) * sheet.scale + projection.MARGIN
    top = (sheet.y0 - enlarged.y0) * sheet.scale + projection.MARGIN
    inner = projection.WIDTH - 2 * projection.MARGIN, enlarged.height - 2 * projection.MARGIN
    return left, top, left + inner[0] * ratio, top + inner[1] * ratio


def _marks(
    p: Places, sheet: Sheet, x: NDArray[np.float64], y: NDArray[np.float64], inside: NDArray[np.bool_]
) -> list[Mark]:
    """Return the actors at their seats or at the edge, nudged apart where they would cover each other."""
    cx, cy = projection.WIDTH / 2, sheet.height / 2
    bearing = np.degrees(np.arctan2(y - cy, x - cx))
    half = (cx - projection.MARGIN - EDGE, cy - projection.MARGIN - EDGE)
    shrink = np.minimum(half[0] / np.maximum(np.abs(x - cx), 1e-9), half[1] / np.maximum(np.abs(y - cy), 1e-9))
    px, py = apart(np.where(inside, x, cx + (x - cx) * shrink), np.where(inside, y, cy + (y - cy) * shrink), p.r)
    group = {a.id for a in p.names.actor.values() if a.kind != "state"}
    return [
        Mark(
            a,
            p.names.short(a),
            a in group,
            p.look[a],
            float(px[k]),
            float(py[k]),
            float(p.r[k]),
            None if inside[k] else float(bearing[k]),
        )
        for k, a in enumerate(p.ids)
    ]


def _arc(sheet: Sheet, p: Places, marks: list[Mark], inside: NDArray[np.bool_], i: int, j: int, *, inset: bool) -> str:
    """Return the great circle between two seats; to an actor at the edge a plain curve, which an inset leaves out."""
    if inside[i] and inside[j]:
        return projection.great_circle(sheet, (float(p.lat[i]), float(p.lon[i])), (float(p.lat[j]), float(p.lon[j])))
    if inset or not (inside[i] or inside[j]):
        return ""
    a, b = marks[i], marks[j]
    mx, my = (a.x + b.x) / 2, (a.y + b.y) / 2 - 0.08 * abs(a.x - b.x)
    return f"M{a.x:.1f},{a.y:.1f}Q{mx:.1f},{my:.1f} {b.x:.1f},{b.y:.1f}"


def _label(p: Places, marks: list[Mark], sheet: Sheet, fronts: list[Front], window: labels.Box | None) -> None:
    """Give marks their names, belligerents and the capable first."""
    weight = dict(zip(p.ids, p.weight, strict=True))
    ordered = sorted(marks, key=lambda m: -weight[m.actor])
    m = projection.MARGIN + 2
    bounds = (m, m, projection.WIDTH - m, sheet.height - m)
    taken = [x.box for x in fronts] + ([window] if window else [])
    must = len(marks) if len(marks) <= LABELLED else 0
    for mark, spot in zip(
        ordered, labels.place([(k.x, k.y, k.r, k.name) for k in ordered], taken, bounds, must=must), strict=True
    ):
        mark.label = spot
