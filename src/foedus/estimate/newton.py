"""The step of Newton's method that the fits of this room share. Knows no war; draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

SLACK = 1e-11
"""Values that differ by less than this share of themselves differ by the rounding of their sums."""


def halved(
    value: Callable[[NDArray[np.float64]], float], coef: NDArray[np.float64], move: NDArray[np.float64], here: float, halvings: int = 40
) -> tuple[NDArray[np.float64], float]:  # fmt: skip
    """Return where a step leads and the value there, the step halved until the value is not lower by more than rounding.

    Near the maximum a whole step gains less than the rounding of the value, so that without the slack it may look like a loss, by which machine it
    runs on; the step is then halved to nothing and the method never comes to rest.

    Parameters
    ----------
    value : function of coefficients
        What is maximised.
    coef, move : float64 arrays, shape (k,)
    here : float
        Value at ``coef``.
    halvings : int
        After so many, ``coef`` is returned.

    Examples
    --------
    >>> import numpy as np
    >>> halved(lambda b: -float(b @ b), np.array([1.0]), np.array([-4.0]), -1.0)
    (array([-1.]), -1.0)
    """
    for k in range(halvings):
        there = coef + move * 0.5**k
        if (reached := value(there)) >= here - SLACK * abs(here):
            return there, reached
    return coef, here
