"""Reading what a landscape is made of: sizes and propensities, a System, and Galam's terms. Computes no landscape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import ParameterError, message, parameter
from foedus.system.propensity import propensity as propensities
from foedus.system.system import System

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Galam:
    """Terms that Galam adds to the landscape: global alliances, and the pressure of the outside on each actor.

    ``H = -1/2 sum over i != j of (G_ij + e_i e_j J_ij) eta_i eta_j - sum of beta_i eta_i`` [Galam1996]_, with ``G_ij`` the weights
    ``s_i s_j p_ij``. The formula is from memory and unverified; that the model of Axelrod and Bennett is a spin glass without such terms, and the
    idea of the terms, are in his abstracts. The energy reported is ``E = H + 1/2 sum over i != j of (G_ij + e_i e_j J_ij)``, so that
    without fields it is Axelrod and Bennett's.

    Attributes
    ----------
    belonging : float array, shape (n,)
        ``e_i``: +1 or -1 for the global alliance that an actor's own leanings favour, 0 for neither.
    exchange : float or float array, shape (n, n)
        ``J_ij``: strength of the tie that global alliances make, symmetric.
    field : float array, shape (n,)
        ``beta_i``: pressure towards side 0 (positive) or side 1 (negative), in units of energy.
    """

    belonging: ArrayLike | None = None
    exchange: ArrayLike = 0.0
    field: ArrayLike | None = None


@dataclass(frozen=True, eq=False)
class Actors:
    """Checked input: names, sizes (n,), propensities (n, n), weights (n, n), fields (n,) or None."""

    ids: tuple[str, ...]
    size: NDArray[np.float64]
    propensity: NDArray[np.float64]
    weight: NDArray[np.float64]
    field: NDArray[np.float64] | None


def actors(
    size: System | ArrayLike, propensity: ArrayLike | None, ids: Sequence[str] | None, galam: Galam | None
) -> Actors:
    """Return checked sizes, propensities and weights."""
    if isinstance(size, System):
        if propensity is not None or ids is not None:
            raise parameter("propensity" if propensity is not None else "ids", "given", "none beside a System")
        centre = propensities(size, seed=None)
        propensity, ids = centre.matrix(), size.ids
        sizes = checked_sizes(centre.size[0], 1)
    else:
        sizes = checked_sizes(size, 1)
    n = len(sizes)
    names = tuple(str(k) for k in range(n)) if ids is None else tuple(ids)
    if len(names) != n or len(set(names)) != n:
        raise parameter("ids", list(names), f"{n} different names, one per size")
    if propensity is None:
        raise parameter("propensity", None, f"a matrix of shape ({n}, {n}) beside sizes")
    matrix = symmetric("propensity", propensity, n, names)
    with np.errstate(over="ignore", invalid="ignore"):
        weight = matrix * np.outer(sizes, sizes)
    field = None
    if galam is not None:
        if galam.belonging is not None:
            e = _vector("galam.belonging", galam.belonging, n)
            if not np.isin(e, (-1, 0, 1)).all():
                raise parameter("galam.belonging", e.tolist(), "-1, 0 or 1 per actor")
            exchange = np.broadcast_to(np.asarray(galam.exchange, dtype=float), (n, n))
            weight = weight + np.outer(e, e) * symmetric("galam.exchange", exchange, n, names)
        field = None if galam.field is None else _vector("galam.field", galam.field, n)
    if not np.isfinite(np.abs(weight).sum()):
        raise parameter("size", sizes.tolist(), "sizes whose products stay finite", "scale sizes down")
    return Actors(names, sizes, matrix, weight, field)


def checked_sizes(size: ArrayLike, dimensions: int) -> NDArray[np.float64]:
    """Return sizes as an array of so many dimensions; every one finite and above 0."""
    sizes = _floats("size", size)
    if sizes.ndim != dimensions or sizes.size == 0:
        expected = (
            "one size per actor, at least one actor" if dimensions == 1 else "shape (n_dates, n_actors), neither 0"
        )
        raise parameter("size", f"shape {sizes.shape}", expected)
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise parameter(
            "size", sizes[~(np.isfinite(sizes) & (sizes > 0))].tolist(), "finite sizes above 0",
            "an actor without size pulls nobody: leave it out",
        )  # fmt: skip
    return sizes


def symmetric(name: str, matrix: ArrayLike, n: int, ids: Sequence[str]) -> NDArray[np.float64]:
    """Return a symmetric matrix of shape (n, n) with zero diagonal; what stands on the diagonal is ignored."""
    out = np.array(_floats(name, matrix))
    if out.shape != (n, n):
        raise parameter(name, f"shape {out.shape}", f"a square matrix aligned with size, shape ({n}, {n})")
    np.fill_diagonal(out, 0.0)
    if not np.isfinite(out).all():
        a, b = np.argwhere(~np.isfinite(out))[0]
        raise ParameterError(
            message(
                f"The '{name}' parameter must be finite", got=f"{out[a, b]} between {ids[a]} and {ids[b]}",
                hint="write 0 for a pair that wants nothing of each other; only the diagonal may be empty",
            )
        )  # fmt: skip
    off = np.abs(out - out.T) > 1e-9 * np.abs(out).max(initial=0.0)
    if off.any():
        a, b = np.argwhere(off)[0]
        raise parameter(
            name, f"an asymmetric matrix: {out[a, b]} from {ids[a]} to {ids[b]}, {out[b, a]} back", "p_ij equal to p_ji",
            "without symmetry a gain for one actor need not lower the energy; symmetrise it first, and say how",
        )  # fmt: skip
    return 0.5 * (out + out.T)


def _vector(name: str, values: ArrayLike, n: int) -> NDArray[np.float64]:
    """Return finite values, one per actor."""
    out = _floats(name, values)
    if out.shape != (n,) or not np.isfinite(out).all():
        raise parameter(name, out.tolist(), f"{n} finite numbers, one per actor")
    return out


def _floats(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return an array of floats."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise parameter(name, type(values).__name__, "numbers") from error
