"""How concentrated strength is: Ray and Singer's CON, Herfindahl's index, the effective number of powers, parity of the first two.

Pure functions of strengths on any scale; shares are renormalised among those given, so "among the great powers" and "in the world" are two calls.
Concentration says nothing about who stands with whom: two equal rivals and two equal allies have the same.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.kernels import shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Concentration:
    """How strength is spread over some actors. Exact, given the strengths.

    Attributes
    ----------
    n : int
        Actors.
    con : float or None
        [Ray1973]_: 0 if all are equal, 1 if one has all; None for a single actor, for whom it is undefined.
    herfindahl : float
        Sum of squared shares, from 1 / n to 1.
    n_eff : float
        ``1 / herfindahl``: as many equal actors would be as concentrated.
    top : float
        Share of the strongest.
    parity : float or None
        The second over the first; None for a single actor.
    ratio : float or None
        The first over the last; None where the last has nothing.
    """

    n: int
    con: float | None
    herfindahl: float
    n_eff: float
    top: float
    parity: float | None
    ratio: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return asdict(self)


def concentration(strengths: Sequence[float] | NDArray[np.float64]) -> Concentration:
    """Return how concentrated strengths are.

    Parameters
    ----------
    strengths : array, shape (n,)
        On any scale, none of them unknown.

    Raises
    ------
    ParameterError
        Nobody, a negative or unknown strength, or no strength at all.

    References
    ----------
    [Ray1973]_

    Examples
    --------
    >>> found = concentration([0.6, 0.3, 0.1])
    >>> round(found.con, 6), round(found.n_eff, 3), round(found.parity, 6)
    (0.43589, 2.174, 0.5)
    """
    values = checked(strengths)
    ordered = np.sort(values)[::-1]
    h = float(shares.herfindahl(values))
    more = len(values) > 1
    return Concentration(
        len(values), shares.concentration(values) if more else None, h, 1 / h, float(ordered[0] / values.sum()),
        float(ordered[1] / ordered[0]) if more else None, float(ordered[0] / ordered[-1]) if ordered[-1] > 1e-300 else None,
    )  # fmt: skip


def checked(strengths: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return strengths as an array.

    Raises
    ------
    ParameterError
        Nobody, a negative or unknown strength, or no strength at all.
    """
    values = np.asarray(strengths, dtype=np.float64)
    if values.ndim != 1 or values.size == 0:
        raise parameter("strengths", f"an array of shape {values.shape}", "one number for each of at least one actor")
    if not np.isfinite(values).all():
        unknown = f"{int((~np.isfinite(values)).sum())} unknown"
        raise parameter(
            "strengths", unknown, "finite numbers", "leave out whoever is unknown, and say so: missing is not zero"
        )
    if (values < 0).any() or not values.sum() > 0:
        raise parameter("strengths", values.tolist()[:5], "no negative number, and at least one above zero")
    return values / values.max()


def p_win(mine: float, theirs: float) -> float:
    """Return the naive chance to prevail, ``mine / (mine + theirs)``: strength alone, in a lottery.

    Raises
    ------
    ParameterError
        A negative or unknown strength, or neither has any.

    Examples
    --------
    >>> p_win(3, 1)
    0.75
    """
    a, b = checked([mine, theirs]).tolist()
    return a / (a + b)
