"""The signed network: across, how surely an actor stands with either bloc; down, only what keeps labels apart.

The layout is a plain relaxation without chance: actors start in the order of the ties that join them and are pushed
apart until no two labels meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.result import DOUBTFUL_BELOW
from foedus.report.figures.standing import APART, looks
from foedus.report.figures.template import render
from foedus.report.words import Names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.blocs.result import Blocs
    from foedus.report.model import Figure
    from foedus.studies.brief import Findings

WIDTH, LEFT, RIGHT, TOP, FOOT = 920, 190, 730, 34, 100
MOST_NODES, MOST_TIES, ROUNDS = 44, 80, 400
GLYPH, LINE = 6.3, 17.0
"""Width of an average character and height of a line, px."""


@dataclass
class Node:
    """One actor as drawn."""

    name: str
    group: bool
    hollow: bool
    colour: str
    x: float
    y: float
    r: float
    anchor: str
    at: float


@dataclass
class Edge:
    """One tie as drawn."""

    path: str
    width: float
    joins: bool


def svg(f: Findings, figure: Figure) -> str:
    """Return the drawing."""
    b, names = f.blocs, Names(f.system)
    look = looks(f, names)
    chosen = _chosen(b)
    if not chosen:
        return ""
    power = b.centre.power[0]
    share = np.array([b.membership[k] if b.two.label[k] else 1 - b.membership[k] for k in chosen])
    x = LEFT + (RIGHT - LEFT) * share
    r = 4.5 + 19.0 * np.sqrt(power[chosen] / power[chosen].max())
    labels = [names.short(b.system.ids[k]) for k in chosen]
    edges = _heaviest(b, chosen)
    y, height = _rows(x, r, labels, edges)
    nodes = [
        Node(
            labels[n],
            b.system.actors[k].kind != "state",
            look[b.system.ids[k]].hollow,
            look[b.system.ids[k]].colour,
            float(x[n]),
            float(y[n]),
            float(r[n]),
            *_label_side(float(x[n]), float(r[n])),
        )
        for n, k in enumerate(chosen)
    ]
    apart = any(x.words == APART for x in look.values())
    heads = [names.short(n) for n in b.names]
    drawn = [_edge(nodes, *e) for e in edges]
    left_out = len(b.system.actors) - len(b.unattached) - len(chosen)
    return render(
        "network.svg.j2",
        figure,
        width=WIDTH,
        height=height + FOOT,
        nodes=sorted(nodes, key=lambda n: -n.r),
        edges=drawn,
        heads=heads,
        left=LEFT,
        right=RIGHT,
        bottom=height,
        top=TOP,
        left_out=left_out,
        apart=apart,
        doubt=1 - DOUBTFUL_BELOW,
    )


def _chosen(b: Blocs) -> list[int]:
    """Return positions of the actors drawn: all with ties, or the most capable of them."""
    power = b.centre.power[0]
    there = np.flatnonzero(np.isfinite(b.membership))
    return sorted(int(k) for k in there[np.argsort(-power[there], kind="stable")][:MOST_NODES])


def _heaviest(b: Blocs, chosen: list[int]) -> list[tuple[int, int, float]]:
    """Return the heaviest ties between drawn actors: positions in the drawing and weight as a share of the heaviest."""
    at = {k: n for n, k in enumerate(chosen)}
    w = b.centre.weight[0]
    inside = [e for e in np.argsort(-np.abs(w), kind="stable") if w[e] and b.centre.i[e] in at and b.centre.j[e] in at][
        :MOST_TIES
    ]
    top = abs(w[inside[0]]) if inside else 1.0
    return [(at[int(b.centre.i[e])], at[int(b.centre.j[e])], float(w[e] / top)) for e in inside]


def _rows(
    x: NDArray[np.float64], r: NDArray[np.float64], labels: list[str], edges: list[tuple[int, int, float]]
) -> tuple[NDArray[np.float64], float]:
    """Return a height for each node so that neither discs nor labels meet, and the height of the drawing."""
    n = len(x)
    half = np.maximum(r, LINE / 2) + 2.5
    spans = np.array([_span(float(x[k]), float(r[k]), labels[k]) for k in range(n)])
    meet = (
        (spans[:, None, 0] < spans[None, :, 1] + 6)
        & (spans[None, :, 0] < spans[:, None, 1] + 6)
        & ~np.eye(n, dtype=bool)
    )
    column = (meet * half[None, :]).sum(axis=1) + half
    height = float(max(340.0, 2 * column.max() * 1.06)) + TOP
    y = _start(n, r, edges, height)
    gap = half[:, None] + half[None, :]
    for step in range(ROUNDS):
        apart = y[:, None] - y[None, :]
        tie = np.where(apart == 0, np.sign(np.arange(n)[:, None] - np.arange(n)[None, :]), np.sign(apart))
        push = np.where(meet & (np.abs(apart) < gap), (gap - np.abs(apart)) * tie, 0.0).sum(axis=1)
        y += 0.35 * push + (0.0 if step > ROUNDS // 2 else 0.01 * (height / 2 + TOP / 2 - y))
        y = np.clip(y, TOP + half, height - half)
    return _stretched(y, half, height), height


def _stretched(y: NDArray[np.float64], half: NDArray[np.float64], height: float) -> NDArray[np.float64]:
    """Return heights spread over the whole drawing; what was apart stays apart."""
    low, high = float((y - half).min()), float((y + half).max())
    return (
        y
        if high - low < 1.0
        else TOP + half.min() + (y - low - half.min()) * (height - TOP - 2 * half.min()) / (high - low - 2 * half.min())
    )


def _start(n: int, r: NDArray[np.float64], edges: list[tuple[int, int, float]], height: float) -> NDArray[np.float64]:
    """Return heights to begin with: neighbours near neighbours, the capable in the middle."""
    pull = np.zeros((n, n))
    for i, j, w in edges:
        pull[i, j] = pull[j, i] = max(w, 0.0)
    order = np.argsort(-r, kind="stable")
    y = np.zeros(n)
    y[order] = [0.5 * k * (-1) ** k for k in range(n)]
    for _ in range(12):
        mean = (pull @ y) / np.maximum(pull.sum(axis=1), 1e-9)
        rank = np.argsort(
            np.argsort(np.where(pull.sum(axis=1) > 0, 0.6 * mean + 0.4 * y, y), kind="stable"), kind="stable"
        )
        y = rank - (n - 1) / 2
    return TOP + (y + n / 2) / n * (height - TOP)


def _label_side(x: float, r: float) -> tuple[str, float]:
    """Return the anchor and place of a label: outside the blocs, right of those between."""
    left = x < LEFT + 0.25 * (RIGHT - LEFT)
    return ("end", x - r - 5) if left else ("start", x + r + 5)


def _span(x: float, r: float, label: str) -> tuple[float, float]:
    """Return the horizontal reach of disc and label."""
    anchor, at = _label_side(x, r)
    length = GLYPH * len(label)
    return (at - length, x + r) if anchor == "end" else (x - r, at + length)


def _edge(nodes: list[Node], i: int, j: int, weight: float) -> Edge:
    """Return a curve that bends to the middle of the drawing, the more the closer its ends stand above each other."""
    a, b = nodes[i], nodes[j]
    middle = (LEFT + RIGHT) / 2
    steep = abs(a.y - b.y) / (abs(a.x - b.x) + abs(a.y - b.y) + 1e-9)
    mean = (a.x + b.x) / 2
    bend = np.sign(middle - mean) * min(170.0, 0.55 * abs(a.y - b.y)) * steep**2
    path = f"M{a.x:.1f},{a.y:.1f}Q{mean + bend:.1f},{(a.y + b.y) / 2:.1f} {b.x:.1f},{b.y:.1f}"
    return Edge(path, round(0.7 + 4.3 * abs(weight) ** 0.7, 2), weight > 0)
