"""The highest of several maxima of a log-likelihood that need not be concave, with what its neighbourhood says.

The steps are scipy's (BFGS from several starts), finished by Newton's on differences of the gradient. That the best of the starts is the highest
maximum is not proved: how many starts reached it is part of the answer. Knows no model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import DataError, message, parameter
from foedus.estimate.newton import halved
from foedus.kernels import streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Value = Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]

SAME = 1e-6
"""Log-likelihoods that differ by less are of one maximum."""
LOOSE = 1e3
"""Coefficients of scaled columns with standard errors beyond this are on their way to infinity: the likelihood is flat there."""


@dataclass(frozen=True)
class Highest:
    """A maximum.

    Attributes
    ----------
    at : float64 array, shape (k,)
    value : float
    information : float64 array, shape (k, k)
        Negative second derivatives there.
    ends : tuple of float
        Where each start ended, the highest first.
    """

    at: NDArray[np.float64]
    value: float
    information: NDArray[np.float64]
    ends: tuple[float, ...]

    @property
    def reached(self) -> int:
        """How many starts ended at this maximum."""
        return sum(end > self.value - SAME * max(1.0, abs(self.value)) for end in self.ends)


def highest(
    value: Value,
    size: int,
    *,
    starts: int = 5,
    spread: float = 0.5,
    seed: int = 1,
    first: NDArray[np.float64] | None = None,
) -> Highest:
    """Return the highest maximum found from ``starts`` places.

    Parameters
    ----------
    value : function of a float64 array, shape (size,)
        Returns the log-likelihood and its gradient.
    size : int
    starts : int
        The first at ``first``, the next at 0, the others normal about 0.
    spread : float
        Deviation of the starts; columns should be scaled so that it is sensible.
    seed : int
    first : array, shape (size,), optional

    Raises
    ------
    DataError
        No start led to a maximum with a bounded, curved neighbourhood.
    ParameterError
        No start.

    Examples
    --------
    >>> found = highest(lambda b: (-float((b - 2) @ (b - 2)), -2 * (b - 2)), 2)
    >>> found.at.round(6).tolist(), found.reached
    ([2.0, 2.0], 5)
    """
    from scipy.optimize import minimize
    from scipy.special import ndtri

    if starts < 1:
        raise parameter("starts", starts, "1 or more")
    places = spread * ndtri(streams.uniforms(seed, streams.keys_of([f"start:{k}" for k in range(size)]), starts))
    places[0] = 0.0
    if first is not None:
        places = np.vstack([first, places])[:starts]

    def quiet(b: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        with np.errstate(all="ignore"):
            return value(b)

    def down(b: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        v, g = quiet(b)
        return (-v, -g) if np.isfinite(v) and np.isfinite(g).all() else (1e300, np.zeros(size))

    with np.errstate(all="ignore"):
        found = [minimize(down, place, jac=True, method="BFGS", options={"maxiter": 500}) for place in places]
    found.sort(key=lambda f: float(f.fun))
    at, top = _finish(quiet, np.asarray(found[0].x), float(-found[0].fun))
    information = -differences(lambda b: quiet(b)[1], at)
    if (
        not np.isfinite(top)
        or not _curved(information)
        or np.diag(np.linalg.inv(information)).max(initial=0.0) > LOOSE**2
    ):
        raise DataError(
            message(
                "No maximum of the likelihood", got="coefficients that run away, or that the data cannot tell apart",
                expected="rows that tell each of them", hint="leave terms out, or pool rare outcomes",
            )
        )  # fmt: skip
    return Highest(at, top, information, tuple(max(float(-f.fun), top if f is found[0] else -np.inf) for f in found))


def differences(
    gradient: Callable[[NDArray[np.float64]], NDArray[np.float64]], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return second derivatives by central differences of the gradient, made symmetric.

    Examples
    --------
    >>> differences(lambda b: np.array([b[0] * b[1], b[0] ** 2 / 2]), np.array([1.0, 2.0])).round(6).tolist()
    [[2.0, 1.0], [1.0, 0.0]]
    """
    size = len(at)
    rows = np.empty((size, size))
    for k in range(size):
        step = np.zeros(size)
        step[k] = 1e-5 * max(1.0, abs(at[k]))
        rows[k] = (gradient(at + step) - gradient(at - step)) / (2 * step[k])
    return (rows + rows.T) / 2


def _finish(value: Value, at: NDArray[np.float64], top: float) -> tuple[NDArray[np.float64], float]:
    """Return the maximum that Newton's steps lead to from near it."""
    for _ in range(50):
        gradient = value(at)[1]
        information = -differences(lambda b: value(b)[1], at)
        if not _curved(information):
            break
        move = np.asarray(np.linalg.solve(information, gradient), dtype=np.float64)
        if float(gradient @ move) < 1e-14:
            break
        at, top = halved(lambda b: value(b)[0], at, move, top)
    return at, top


def _curved(information: NDArray[np.float64]) -> bool:
    """Return whether the log-likelihood bends down in every direction."""
    if not np.isfinite(information).all():
        return False
    scale = np.sqrt(np.abs(np.diag(information)))
    if not (scale > 0).all():
        return False
    return bool(np.linalg.eigvalsh(information / np.outer(scale, scale))[0] > 1e-9)
