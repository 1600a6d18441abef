"""`blocs`: from a system to its line-up, with its proof, its doubts and its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.alternatives import three
from foedus.blocs.clustering import cluster
from foedus.blocs.drawn import checked_draws, drawn_line_ups
from foedus.blocs.exact import Partition, partition
from foedus.blocs.optima import optima
from foedus.blocs.result import Balance, Blocs, heard
from foedus.errors import parameter
from foedus.kernels import signed
from foedus.system.propensity import Propensity, propensity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System

LARGE = 60
"""Actors above which checks and the second-best search are cut short, so that a brief stays a matter of seconds."""
CHECKED_DRAWS = 10
"""Draws that are also solved exactly, to see whether the search can be trusted on this system."""


def blocs(
    system: System, *, draws: int = 400, seed: int = 1, seconds: float = 15.0, table: Params | None = None
) -> Blocs:
    """Return who lines up with whom, how surely, and why.

    Parameters
    ----------
    system : System
    draws : int
        Draws of every uncertain number, weight and strength.
    seed : int
    seconds : float, s
        Time limit of each proof; what a new installation compiles meanwhile does not count.
    table : Params, optional
        Replaces the table of reasons, ``params/ties.toml``.

    Returns
    -------
    Blocs

    Raises
    ------
    ParameterError
        ``draws`` below 2.

    Notes
    -----
    At the centre of every uncertain number the bipartition of least weighted frustration is solved exactly [AxelrodBennett1993]_,
    [Aref2020]_. In each draw it is searched (`foedus.blocs.drawn`), which is an estimate; the first draws are also solved
    exactly and the result says how often the search agreed.

    Examples
    --------
    >>> import foedus as fd
    >>> fd.load("europe-1914").blocs(draws=50).two.proved
    True
    """
    if draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    centre = propensity(system, seed=None, table=table)
    sample = propensity(system, seed=seed, n_draws=draws, table=table)
    n, w = centre.n, heard(centre.weight[0])
    two = partition(n, centre.i, centre.j, w, seconds=seconds)
    free = cluster(n, centre.i, centre.j, w, seconds=seconds)
    second = optima(n, centre.i, centre.j, w, two, seconds=seconds)
    labels, checked, agreed = _sampled(sample, two, seconds)
    membership, together = _membership(labels, two.label, centre.power[0])
    attached = np.bincount(np.concatenate([centre.i, centre.j]), minlength=n) > 0
    membership[~attached] = np.nan
    return Blocs(
        system, two, second, three(n, centre.i, centre.j, w, two, free, seconds=seconds), free, membership, together,
        _balance(centre, seconds), draws, seed, checked, agreed, float(np.abs(w).sum()), centre, sample,
    )  # fmt: skip


def _sampled(sample: Propensity, two: Partition, seconds: float) -> tuple[NDArray[np.int64], int, int]:
    """Return labels of every draw (D, n), how many draws were also solved exactly, and in how many the values agree."""
    labels, values = drawn_line_ups(sample.n, sample.i, sample.j, sample.weight, two.label)
    few = slice(0, CHECKED_DRAWS if sample.n <= LARGE else 3)
    return labels, *checked_draws(sample.n, sample.i, sample.j, sample.weight[few], values[few], seconds=seconds / 3)


def _membership(
    labels: NDArray[np.int64], reference: NDArray[np.int64], power: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (membership, together): draws matched to the reference by the greater agreement, one actor counting as the root of its power.

    Shares follow Laplace's rule, (k + 1) / (n + 2): n draws out of n are no certainty.
    """
    same = labels == np.minimum(reference, 1)
    weight = np.sqrt(power)
    flip = same @ weight < weight.sum() / 2
    same ^= flip[:, None]
    sign = np.where(labels == 0, 1.0, -1.0)
    n = len(labels)
    return (same.sum(axis=0) + 1) / (n + 2), (0.5 * (n + sign.T @ sign) + 1) / (n + 2)


def _balance(centre: Propensity, seconds: float) -> Balance:
    """Return the balance of the signs at the centre."""
    sign = np.sign(centre.total[0])
    live = sign != 0
    i, j, sign = centre.i[live], centre.j[live], sign[live]
    kinds = signed.triads(centre.n, i, j, sign)
    total = sum(kinds.values())
    best = partition(centre.n, i, j, sign, seconds=seconds)
    m = len(sign)
    return Balance(
        kinds, (kinds["+++"] + kinds["+--"]) / total if total else None, m, int((sign < 0).sum()), round(best.value), best.proved,
        1 - 2 * best.value / m if m else None,
    )  # fmt: skip
