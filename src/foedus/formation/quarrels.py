"""Chance a year that a pair of states begins a dispute, and that it becomes a war: what each pair is like, and the fitted coefficients.

A lighter model than `foedus.war.onset`: expected support of every pair costs n cubed a year, which thousands of futures cannot pay. It knows the
strength of each side's allies instead, and how long ago the pair last quarrelled, so that pacts and quarrels of a simulated year act on the next one
(``docs/decisions/0021-years-forward.md``, which scores both). One uniform number decides both: a war is a dispute that went further. Fits nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus import params as parameters
from foedus.errors import parameter
from foedus.war.rates import ERAS, Fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATE_TERMS = (
    "land", "ln_km", "major_one", "major_both", "parity", "size", "regime_weaker", "regime_gap", "allied", "common_allies", "allied_parity",
    "peace", "peace_2", "peace_3", "never",
)  # fmt: skip
"""What a pair is like at the start of a year, in order; see `quarrel_terms`."""
QUARREL = ("constant", *STATE_TERMS, *ERAS)
ATTACKER = ("odds", "major", "regime")
"""Differences between the two states of a pair that say which of them begins; no constant: either may be named first."""
PEACE_MOST = 50.0
"""Years of peace beyond which they count no more."""
LEAST_KM = 100.0


def quarrel_terms(
    *, log_share: NDArray[np.float64], regime: NDArray[np.float64], km: NDArray[np.float64], land: NDArray[np.bool_], major: NDArray[np.bool_],
    allied: NDArray[np.bool_], dispute_age: NDArray[np.floating],
) -> NDArray[np.float64]:  # fmt: skip
    """Return the values of `STATE_TERMS` for all pairs i < j.

    Parameters
    ----------
    log_share : array, shape (n,)
        Natural logarithms of shares of capability.
    regime : array, shape (n,)
        From 0 (closed autocracy) to 1 (electoral democracy).
    km : array, shape (n, n)
    land : bool array, shape (n, n)
        A border on land.
    major : bool array, shape (n,)
    allied : bool array, shape (n, n)
        A defence pledge between them, symmetric.
    dispute_age : array, shape (n, n)
        Years since the last dispute of the pair began; infinity for none.

    Returns
    -------
    array, shape (n (n - 1) / 2, len(STATE_TERMS))
        In the order of ``numpy.triu_indices(n, 1)``.

    Examples
    --------
    >>> no = np.zeros((2, 2), dtype=bool)
    >>> got = quarrel_terms(log_share=np.log([0.75, 0.25]), regime=np.array([1.0, 0.5]), km=np.full((2, 2), 1000.0), land=no,
    ...                     major=np.array([True, False]), allied=no, dispute_age=np.full((2, 2), 20.0))
    >>> dict(zip(STATE_TERMS, got[0].round(3).tolist()))["parity"]
    -1.099
    """
    n = len(log_share)
    i, j = np.triu_indices(n, 1)
    share = np.exp(log_share)
    helped = share + allied @ share
    between = allied[i, j]
    own, other = helped[i] - between * share[j], helped[j] - between * share[i]
    parity = -np.abs(log_share[i] - log_share[j])
    years = np.minimum(dispute_age[i, j], PEACE_MOST) / 10.0
    shared = (allied.astype(np.float64) @ allied.astype(np.float64))[i, j]
    columns = (
        land[i, j], np.log(np.maximum(km[i, j], LEAST_KM) / 1000.0), major[i] ^ major[j], major[i] & major[j], parity,
        np.maximum(log_share[i], log_share[j]), np.minimum(regime[i], regime[j]), np.abs(regime[i] - regime[j]), between, np.log1p(shared),
        -np.abs(np.log(own / other)) - parity, years, years**2, years**3, np.isinf(dispute_age[i, j]),
    )  # fmt: skip
    return np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=-1)


def attacker_terms(
    log_share: NDArray[np.float64], major: NDArray[np.bool_], regime: NDArray[np.float64], i: NDArray[np.int64], j: NDArray[np.int64]
) -> NDArray[np.float64]:  # fmt: skip
    """Return the values of `ATTACKER` for pairs (i, j), shape (len(i), 3); those of (j, i) are their negatives."""
    return np.stack([log_share[i] - log_share[j], major[i].astype(float) - major[j], regime[i] - regime[j]], axis=-1)


def shipped(what: Literal["disputes", "wars", "attacker"]) -> Fitted:
    """Return a fit that comes with foedus, from ``params/evolve.toml``.

    Raises
    ------
    ParameterError
        None of the three.

    Examples
    --------
    >>> shipped("wars").terms == QUARREL
    True
    """
    if what not in ("disputes", "wars", "attacker"):
        raise parameter("what", what, "disputes, wars or attacker")
    made = parameters.load("evolve").extra
    have = {key: made[f"{what}.fit.{key}"] for key in ("terms", "coef", "covariance")}
    return Fitted(tuple(have["terms"]), np.array(have["coef"]), np.array(have["covariance"]))
