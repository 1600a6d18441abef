"""Time since the last event, its square and its cube: duration dependence without knots [CarterSignorino2010]_.

`foedus.panel.add_peace_years` and `foedus.panel.add_spells` count the years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def time_polynomial(t: ArrayLike, *, unit: float = 10.0, powers: int = 3) -> NDArray[np.float64]:
    """Return t, its square and its cube in units of ``unit`` years, shape (n, powers).

    In years the cube of a century is 1,000,000 times its unit, and second derivatives of a likelihood are ill-conditioned; in tens it is 1,000.
    A unit changes coefficients by its powers and no fitted probability.

    Parameters
    ----------
    t : array, shape (n,)
        Years since the last event, 0 or more.
    unit : float, years
    powers : int
        1 to 3.

    Raises
    ------
    ParameterError
        Negative or missing years, or an argument outside its range.

    Examples
    --------
    >>> time_polynomial([0, 5, 20]).tolist()
    [[0.0, 0.0, 0.0], [0.5, 0.25, 0.125], [2.0, 4.0, 8.0]]
    """
    years = np.asarray(t, dtype=np.float64)
    if years.ndim != 1 or not (years >= 0).all():
        raise parameter("t", t, "years since the last event, 0 or more")
    if powers not in {1, 2, 3} or not unit > 0:
        raise parameter("unit, powers", (unit, powers), "a unit above 0 and 1, 2 or 3 powers")
    return (years[:, None] / unit) ** np.arange(1, powers + 1)
