"""An empty linear program of HiGHS, the same for every proof: silent, on one thread. Holds no columns and solves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.kernels.clock import aside

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray


def program(costs: NDArray[np.float64], **options: str | float) -> highspy.Highs:
    """Return a program of one column from 0 to 1 for each cost; importing the solver costs a proof none of its time.

    Parameters
    ----------
    costs : float64 array, shape (n_columns,)
    **options
        Of HiGHS.
    """
    with aside():
        import highspy

        highs = highspy.Highs()
    for option, value in {"output_flag": False, "threads": 1, **options}.items():
        highs.setOptionValue(option, value)
    n = len(costs)
    highs.addVars(n, np.zeros(n), np.ones(n))
    highs.changeColsCost(n, np.arange(n, dtype=np.int32), costs)
    return highs
