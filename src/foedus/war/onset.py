"""Chance a year that one state begins a dispute or a war with another: fitted coefficients, and draws of them.

The model of ``docs/decisions/0015-onset-with-expected-support.md``, in which who would come to whose help is a term. Shipped in
``params/onset_fitted.toml`` with what it was fitted on. Fits nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus import params as parameters
from foedus.errors import parameter
from foedus.war.rates import ERAS, Fitted
from foedus.war.support import TERMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

ONSET = ("constant", *TERMS, *ERAS)
"""Terms of the log-odds a year that i begins it with j."""
PLEDGED = ("deter", "embolden")
"""Terms that are 0 without pledges."""
ARMED = ("armed_i", "armed_j", "armed_both", "umbrella")
"""Terms of nuclear weapons, by a fit of its own: of the attacker, of the attacked, of both, and of an ally of an attacked one without."""


def shipped(what: Literal["disputes", "wars"]) -> Fitted:
    """Return a fit that comes with foedus.

    Raises
    ------
    ParameterError
        Neither ``disputes`` nor ``wars``.

    Examples
    --------
    >>> shipped("wars").terms == ONSET
    True
    """
    if what not in ("disputes", "wars"):
        raise parameter("what", what, "disputes or wars")
    made = parameters.load("onset_fitted").extra
    have = {key: made[f"{what}.fit.{key}"] for key in ("terms", "coef", "covariance")}
    return Fitted(tuple(have["terms"]), np.array(have["coef"]), np.array(have["covariance"]))


def shipped_armed(what: Literal["disputes", "wars"]) -> Fitted:
    """Return what nuclear weapons add: a constant from 1946 on and the terms of `ARMED`, given the fit of `shipped`.

    Raises
    ------
    ParameterError
        Neither ``disputes`` nor ``wars``.

    Examples
    --------
    >>> shipped_armed("wars").terms[1:] == ARMED
    True
    """
    if what not in ("disputes", "wars"):
        raise parameter("what", what, "disputes or wars")
    made = parameters.load("nuclear").extra
    have = {key: made[f"{what}.fit.{key}"] for key in ("terms", "coef", "covariance")}
    return Fitted(tuple(have["terms"]), np.array(have["coef"]), np.array(have["covariance"]))


def chances(
    values: NDArray[np.floating], year: int, coef: NDArray[np.float64], *, pledges: bool = True
) -> NDArray[np.float64]:
    """Return the chance a year of every directed pair.

    Parameters
    ----------
    values : array, shape (..., len(TERMS))
        As of `foedus.war.support.onset_terms`.
    year : int
        Sets the steps of the eras.
    coef : array, shape (len(ONSET),)
    pledges : bool
        False sets the terms that pledges add to 0.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> float(chances(np.zeros((1, len(TERMS))), 1900, np.zeros(len(ONSET)))[0])
    0.5
    """
    inside = np.array([coef[ONSET.index(t)] * (pledges or t not in PLEDGED) for t in TERMS])
    eras = sum(float(coef[ONSET.index(era)]) for era in ERAS if year >= int(era.removeprefix("since_")))
    return 1.0 / (1.0 + np.exp(-(coef[0] + eras + values @ inside)))
