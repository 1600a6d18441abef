"""Networks drawn from a fitted model, one year at a time, from the observed network, the year before or an empty one.

Simulated, with seed and draws. Each year has its own stream of random numbers, so that a year's networks are the same bits whatever other years are
drawn. Fits nothing and judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import DataError, message, parameter
from foedus.kernels import streams
from foedus.kernels.network_gibbs import KINDS, gibbs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.formation.network import Network
    from foedus.formation.tergm import Tergm

Start = Literal["observed", "before", "empty"]
BURN, EVERY, SAMPLES = 200, 5, 50


@dataclass(frozen=True, eq=False)
class Drawn:
    """Networks drawn of one year.

    Attributes
    ----------
    year : int
    ties : bool array, shape (samples, n, n)
    chance : float64 array, shape (n, n)
        Mean chance of a tie over the networks, given the others at the time; of pairs that were held, whether tied.
    trace : int64 array, shape (burn + every * samples,)
        Ties after each sweep.
    held : int
        Pairs left as they were since a term is unknown for them.
    """

    year: int
    ties: NDArray[np.bool_]
    chance: NDArray[np.float64]
    trace: NDArray[np.int64]
    held: int


def simulate(
    fit: Tergm, network: Network, *, start: Start = "observed", burn: int = BURN, every: int = EVERY, samples: int = SAMPLES, seed: int = 1,
    coef: NDArray[np.float64] | None = None,
) -> Drawn:  # fmt: skip
    """Return networks drawn from a model for the nodes, covariates and the year before of one network.

    Parameters
    ----------
    fit : Tergm
    network : Network
        Its ties count only as the start, and for pairs that are held.
    start : {"observed", "before", "empty"}
        Where the chain starts; pairs for which a term is unknown stay as they start, in an empty one as observed.
    burn, every, samples : int
        Sweeps over all pairs before the first network and from one to the next; number of networks.
    seed : int
    coef : float64 array, shape (n_terms,), optional
        Coefficients to use instead of the estimates, such as a resampled set.

    Raises
    ------
    DataError
        A covariate or the year before is not there.
    ParameterError
        Another start; ``burn`` below 0, ``every`` or ``samples`` below 1.

    Notes
    -----
    Compiled; O(pairs) a sweep and O(n) more for every tie that changes.

    Examples
    --------
    >>> from foedus.formation.network import Network
    >>> from foedus.formation.tergm import tergm
    >>> rng = np.random.default_rng(1)
    >>> made = [np.triu(rng.random((12, 12)) < 0.3, 1) for _ in range(6)]
    >>> years = [Network(1900 + k, tuple("ABCDEFGHIJKL"), y | y.T) for k, y in enumerate(made)]
    >>> simulate(tergm(years, ["edges"], draws=20), years[0], samples=200).ties.sum() / 400 / 66  # doctest: +ELLIPSIS
    np.float64(0.2...)
    """
    if start not in {"observed", "before", "empty"}:
        raise parameter("start", start, "'observed', 'before' or 'empty'")
    if burn < 0 or every < 1 or samples < 1:
        raise parameter("burn, every, samples", (burn, every, samples), "0 or more, 1 or more, 1 or more")
    if start == "before" and network.before is None:
        raise DataError(message(f"Start of {network.year}", got="no network of the year before", expected="one"))
    theta = fit.coef if coef is None else coef
    n = len(network.ids)
    fixed = np.zeros((n, n))
    for value, term in zip(theta, fit.terms, strict=True):
        if not term.dependent:
            fixed += value * term.change(network, fit.origin)
    free = np.isfinite(fixed)
    np.fill_diagonal(free, val=False)
    first = network.ties if start != "before" or network.before is None else network.before
    if start == "empty":
        first = first & ~free
    own = [(KINDS[t.kind], c, t.decay) for c, t in zip(theta, fit.terms, strict=True) if t.dependent]
    kinds, coefs, decays = (np.array([o[k] for o in own], dtype=d) for k, d in enumerate((np.int64, float, float)))
    ties, chance, trace = gibbs(
        first.astype(np.uint8), np.nan_to_num(fixed), free, kinds, coefs, decays, burn, every, samples, np.uint64(seed),
        streams.key_of(f"network:{network.year}:{start}"),
    )  # fmt: skip
    return Drawn(network.year, ties.astype(np.bool_), chance, trace, (n * (n - 1) - int(free.sum())) // 2)
