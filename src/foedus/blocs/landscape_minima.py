"""Every local minimum of a terrain, listed exactly: components apart, each by depth-first search, then all their combinations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import ParameterError, message, parameter
from foedus.kernels import minima

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.blocs.landscape_terrain import Terrain

LARGEST = 40
"""Most actors that ties hold together for which every minimum is searched for."""

PLATEAU = 10_000
"""Most configurations of one energy that are followed from a minimum."""


def local_minima(terrain: Terrain, *, strict: bool, limit: int) -> NDArray[np.int8]:
    """Return every configuration that no node would leave, lowest energy first, shape (n_minima, m).

    Raises
    ------
    ParameterError
        A component has more than 40 actors; there are more minima than ``limit``.
    """
    parts = [(nodes, *_component(terrain, nodes, strict=strict, limit=limit)) for nodes in components(terrain.w)]
    total = 1
    for nodes, count, _ in parts:
        total *= count if nodes[0] == 0 else 2 * count
    if total > limit:
        cut = any(count > _ceiling(limit) for _, count, _ in parts)
        raise ParameterError(
            message(
                f"Too many {'strict ' if strict else ''}local minima to list", got=f"{'over ' if cut else ''}{total:,}",
                expected=f"at most limit={limit:,}",
                hint="ties and actors without ties multiply them: strict=True lists only those that no actor could leave at no cost",
            )
        )  # fmt: skip
    eta = np.ones((1, terrain.m), dtype=np.int8)
    for nodes, _, found in parts:
        choices = found if nodes[0] == 0 else np.concatenate([found, -found])
        rows = np.repeat(eta, len(choices), axis=0)
        rows[:, nodes] = np.tile(choices, (len(eta), 1))
        eta = rows
    energy, codes = terrain.energies(eta), terrain.codes(eta)
    return eta[sorted(range(len(eta)), key=lambda k: (energy[k], codes[k]))]


def components(w: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Return the nodes that ties hold together, each in increasing order, the one with node 0 first."""
    tied, left, out = w != 0, np.ones(len(w), dtype=bool), []
    while left.any():
        reached = np.zeros(len(w), dtype=bool)
        reached[left.argmax()] = True
        while True:
            more = reached | tied[reached].any(axis=0)
            if np.array_equal(more, reached):
                break
            reached = more
        left &= ~reached
        out.append(np.flatnonzero(reached))
    return out


def _ceiling(limit: int) -> int:
    """Return where counting stops in one component."""
    return 100 * limit


def _component(terrain: Terrain, nodes: NDArray[np.int64], *, strict: bool, limit: int) -> tuple[int, NDArray[np.int8]]:
    """Return how many minima a component has, up to flipping all of it, and the first ``limit`` of them with its first node at +1."""
    held = terrain.held and nodes[0] == 0
    if len(nodes) - held > LARGEST:
        raise parameter(
            "minima", f"{len(nodes) - held} actors held together by ties", f"at most {LARGEST} to list every local minimum",
            "lowest() gives the lowest with its bound, basins_under(..., draws=N) what sampled descents find",
        )  # fmt: skip
    w = terrain.w[np.ix_(nodes, nodes)]
    turn = minima.order(w, 0 if held else int(np.abs(w).sum(axis=1).argmax()))
    floor = terrain.floor(strict=strict)[nodes]
    out = np.empty((min(limit, 1 << (len(nodes) - 1)), len(nodes)), dtype=np.int8)
    count, _ = minima.search(np.ascontiguousarray(w[np.ix_(turn, turn)]), floor[turn], out, _ceiling(limit))
    found = np.empty_like(out[:count])
    found[:, turn] = out[:count]
    return count, found * found[:, :1]


@dataclass(frozen=True)
class Plateau:
    """Configurations of one energy that free moves join.

    Attributes
    ----------
    positions : tuple of int
        Codes, increasing; listed minima among them and others.
    closed : bool
        Whether no move leads down from any of them: a true valley floor. If not, actors who move at no cost can end up lower, and the
        minima on it are minima in name only.
    """

    positions: tuple[int, ...]
    closed: bool


def plateau(terrain: Terrain, code: int) -> Plateau:
    """Return the plateau on which a configuration lies.

    Raises
    ------
    ParameterError
        It holds more than 10,000 configurations.
    """
    seen, fresh, closed = {code}, [code], True
    start = int(terrain.held)
    while fresh:
        eta = terrain.eta(fresh)
        pulls = terrain.pulls(eta)[:, start:]
        closed &= bool((pulls >= -terrain.tolerance[start:]).all())
        rows, moves = np.nonzero(np.abs(pulls) <= terrain.tolerance[start:])
        after = {terrain.flipped(fresh[r], v + start) for r, v in zip(rows.tolist(), moves.tolist(), strict=True)}
        fresh = sorted(after - seen)
        seen.update(fresh)
        if len(seen) > PLATEAU:
            raise parameter("position", code, f"a plateau of at most {PLATEAU:,} configurations")
    return Plateau(tuple(sorted(seen)), closed)
