"""At which points a sweep runs: a full grid, a Latin hypercube, or the samples of Sobol's indices.

Points depend on the ranges, the design, its size and the seed alone. Knows nothing of what a key is beyond whether it is a switch.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.studies.sweep_keys import Vary

Design = Literal["grid", "lhs", "sobol"]
DESIGNS: tuple[Design, ...] = ("grid", "lhs", "sobol")
MOST = 1_000_000
POINTS = {"lhs": 128, "sobol": 64}
"""Size of a design where none is given."""


def points_of(
    varied: Sequence[Vary], switches: Sequence[bool], design: Design, *, size: int | None = None, seed: int = 1
) -> NDArray[np.float64]:  # fmt: skip
    """Return the points, one row each.

    Parameters
    ----------
    varied : sequence of Vary, length d
    switches : sequence of bool, length d
        Which keys are off (0) or on (1).
    design : {"grid", "lhs", "sobol"}
        Every combination of levels, the last key changing fastest; a Latin hypercube [McKay1979]_ of ``size`` points; or Saltelli's samples
        A, B and A with one column of B at a time [Saltelli2010]_, of ``size`` rows each, from a scrambled Sobol sequence.
    size : int, optional
        Points of a Latin hypercube, rows of a Sobol sample (a power of 2).
    seed : int

    Returns
    -------
    float64 array, shape (n_points, d)

    Raises
    ------
    ParameterError
        No such design, a size that it cannot have, a grid without levels, or more points than `MOST`.

    Examples
    --------
    >>> from foedus.studies.sweep_keys import Vary
    >>> points_of([Vary("a", 0, 1, 2), Vary("b", 0, 2, 3)], [False, False], "grid").tolist()
    [[0.0, 0.0], [0.0, 1.0], [0.0, 2.0], [1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]
    """
    if design not in DESIGNS:
        raise parameter("design", design, f"one of {', '.join(DESIGNS)}")
    if design == "grid":
        return _grid(varied, switches, size)
    rows = POINTS[design] if size is None else size
    d = len(varied)
    total = rows if design == "lhs" else rows * (d + 2)
    if rows < 2 or total > MOST:
        raise parameter("points", rows, f"from 2, and at most {MOST:,} runs; {design} makes {total:,}")
    from scipy.stats import qmc

    if design == "lhs":
        unit = qmc.LatinHypercube(d, rng=np.random.default_rng(seed)).random(rows)
    else:
        if rows & (rows - 1):
            raise parameter("points", rows, "a power of 2 for a Sobol sample", f"take {1 << rows.bit_length()}")
        both = qmc.Sobol(2 * d, rng=np.random.default_rng(seed)).random(rows)
        a, b = both[:, :d], both[:, d:]
        mixed = np.repeat(a[None], d, axis=0)
        for k in range(d):
            mixed[k, :, k] = b[:, k]
        unit = np.concatenate([a, b, mixed.reshape(-1, d)])
    low, high = np.array([v.low for v in varied]), np.array([v.high for v in varied])
    spread = low + unit * (high - low)
    return np.where(np.array(switches), (unit >= 0.5).astype(float), spread)


def _grid(varied: Sequence[Vary], switches: Sequence[bool], size: int | None) -> NDArray[np.float64]:
    """Return every combination of levels."""
    if size is not None:
        raise parameter("points", size, "none with a grid, whose levels say how many")
    levels = [2 if s else v.levels for v, s in zip(varied, switches, strict=True)]
    for one, n in zip(varied, levels, strict=True):
        if n is None:
            raise parameter("vary", str(one), "levels for a grid, as in KEY=FROM:TO:5")
    if (total := prod(n or 1 for n in levels)) > MOST:
        raise parameter(
            "vary", f"{total:,} points", f"at most {MOST:,}", "a Latin hypercube or a Sobol sample needs fewer"
        )
    axes = [np.linspace(v.low, v.high, n or 1) for v, n in zip(varied, levels, strict=True)]
    return np.stack([m.ravel() for m in np.meshgrid(*axes, indexing="ij")], axis=1)
