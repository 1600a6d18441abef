"""Chance a year that a defence tie of two states begins, or that one ends: terms of every pair, and fitted coefficients.

The models of ``docs/decisions/0020-formation-of-pact-ties.md``, shipped in ``params/ties_fitted.toml`` with what they were fitted on. One kernel,
`tie_terms`, makes the rows of the fits, the forecasts and the steps of simulated futures. Fits nothing, and reads no system.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus import params as parameters
from foedus.errors import parameter
from foedus.war.rates import Fitted

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TERMS = (
    "democracy", "regime_gap", "democracy_since_1946", "regime_gap_since_1946", "regime_unknown", "distance", "land", "strength",
    "ratio", "strength_unknown", "one_major", "two_majors", "degree", "shared", "threat", "common_enemy", "ally_of_enemy", "dispute",
)  # fmt: skip
"""Terms that both models share, in order; see `tie_terms`."""
MEMORY = ("earlier", "earlier_years")
"""Terms of the onset alone: whether a tie of the pair has ended before, and ln(1 + years since)."""
AGE = ("age",)
"""Term of the end alone: ln(1 + years of the tie)."""
ERAS = ("since_1919", "since_1946", "since_1990")
FORM = ("constant", *TERMS, *MEMORY, *ERAS)
"""Terms of the log-odds a year that a defence tie of an untied pair begins."""
END = ("constant", *TERMS, *AGE, *ERAS)
"""Terms of the log-odds a year that the defence tie of a tied pair ends."""
YEARS = 10.0
"""Years over which a dispute counts."""
LEAST_SHARE, LEAST_KM = 1e-6, 100.0
"""Shares of capability and distances below these are not told apart."""
What = Literal["form", "end"]
Counting = Literal["pairs", "treaties"]


def tie_terms(
    *, capability: ArrayLike, regime: ArrayLike, distance_km: ArrayLike, land: ArrayLike, major: ArrayLike, allied: ArrayLike,
    dispute_age: ArrayLike, tie_age: ArrayLike, year: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
    """Return the terms of all pairs i < j, in the order of ``np.triu_indices(n, 1)``, for the onset and for the end of a tie.

    Leading axes ``...`` of any argument are broadcast: draws, futures.

    Parameters
    ----------
    capability : array, shape (..., n)
        Shares, at least 0; NaN where unknown.
    regime : array, shape (..., n)
        0 closed autocracy to 1 electoral democracy; NaN where unknown.
    distance_km : array, shape (..., n, n)
        Between capitals; known for every pair (`foedus.system.covariates.distance_draws` draws an unknown one).
    land, allied : bool arrays, shape (..., n, n)
        Land border; defence tie in force. Symmetric; the diagonal is ignored.
    major : bool array, shape (..., n)
    dispute_age : array, shape (..., n, n)
        Years since the pair's last dispute began; infinity if none. Symmetric.
    tie_age : array, shape (..., n, n)
        Of a tied pair, years since the tie began; of another, years since its last tie ended, infinity if it never had one. Symmetric.
    year : int

    Returns
    -------
    form : float32 array, shape (..., P, len(FORM) - 1 - len(ERAS))
    end : float32 array, shape (..., P, len(END) - 1 - len(ERAS))
        Terms without constant and eras; `chances` adds these. Defined for all pairs: which are at risk is for the caller.

    Raises
    ------
    ParameterError
        Fewer than two actors, shapes that do not fit together, a negative share, an unknown distance.

    Notes
    -----
    ``democracy`` is the lesser regime of the two, ``regime_gap`` their absolute difference, both again from 1946 on; with one unknown all four are
    0 and ``regime_unknown`` is 1, a step of its own, so that unknown is not autocracy (convention 14); likewise for
    capability (``strength``, ln of the sum; ``ratio``, absolute difference of logs). ``distance``: ln of thousands of km. ``degree``: sum of
    ln(1 + allies) of both without each other; ``shared``: ln(1 + common allies); ``threat``: sum of ln(1 + states it had a dispute with in ten
    years) without each other; ``common_enemy``: ln(1 + third states with which both had one); ``ally_of_enemy``: ln(1 + third states allied to
    one that had one with the other); ``dispute``: 1 if the two had one.
    Which terms: [LaiReiter2000]_, [GiblerWolford2006]_, [CranmerDesmaraisMenninga2012]_ [M].

    Examples
    --------
    >>> none = np.zeros((2, 2))
    >>> form, end = tie_terms(
    ...     capability=[0.2, 0.1], regime=[0.9, np.nan], distance_km=none + 500, land=none, major=[True, False], allied=none,
    ...     dispute_age=none + np.inf, tie_age=none + np.inf, year=1900,
    ... )
    >>> form.shape, end.shape
    ((1, 20), (1, 19))
    >>> float(form[0, TERMS.index("one_major")]), float(form[0, TERMS.index("regime_unknown")])
    (1.0, 1.0)
    """
    share, rule, km, border, great, tied, dispute, tie = _arrays(
        capability, regime, distance_km, land, major, allied, dispute_age, tie_age
    )
    i, j = np.triu_indices(share.shape[-1], 1)
    grid = np.broadcast_shapes(
        share.shape[:-1],
        rule.shape[:-1],
        great.shape[:-1],
        *(a.shape[:-2] for a in (km, border, tied, dispute, tie)),
    )
    form = np.zeros((*grid, len(i), len(TERMS) + len(MEMORY)), dtype=np.float32)
    common = form[..., : len(TERMS)]
    _of_states(common, share, rule, great, i, j, late=year >= 1946)
    far = km[..., i, j]
    if np.isnan(far).any():
        raise parameter(
            "distance_km",
            f"{int(np.isnan(far).sum())} unknown",
            "a distance of every pair",
            "draw those that are unknown",
        )
    common[..., _AT["distance"]] = np.log(np.maximum(far, LEAST_KM) / 1000.0)
    common[..., _AT["land"]] = border[..., i, j]
    _of_network(common, tied, dispute <= YEARS, i, j)
    age = tie[..., i, j].astype(np.float32)
    had = ~tied[..., i, j] & np.isfinite(age)
    logged = np.log1p(np.where(np.isfinite(age), np.maximum(age, 0.0), 0.0))
    form[..., -2], form[..., -1] = had, np.where(had, logged, 0.0)
    end = np.empty((*form.shape[:-1], len(TERMS) + len(AGE)), dtype=np.float32)
    end[..., :-1], end[..., -1] = common, np.where(tied[..., i, j], logged, 0.0)
    return form, end


_AT = {name: k for k, name in enumerate(TERMS)}


def _arrays(*given: ArrayLike) -> tuple[NDArray[Any], ...]:
    """Return the arguments of `tie_terms` as arrays that fit together, diagonals of the last three cleared."""
    share, rule, km, border, great, tied, dispute, tie = (np.asarray(a) for a in given)
    n = share.shape[-1] if share.ndim else 0
    square = (n, n)
    fits = (
        n >= 2
        and all(a.shape[-1:] == (n,) for a in (rule, great))
        and all(a.shape[-2:] == square for a in (km, border, tied, dispute, tie))
    )
    if not fits:
        shapes = ", ".join(str(np.shape(a)) for a in given)
        raise parameter("shapes", shapes, "(..., n) thrice and (..., n, n) five times, n at least 2")
    if (share < 0).any():
        raise parameter("capability", f"{np.nanmin(share):g}", "shares of at least 0, NaN where unknown")
    apart = ~np.eye(n, dtype=np.bool_)
    return (
        share.astype(np.float64), rule.astype(np.float64), km.astype(np.float64), border.astype(np.bool_), great.astype(np.bool_),
        tied.astype(np.bool_) & apart, np.where(apart, dispute, np.inf), tie,
    )  # fmt: skip


def _of_states(
    out: NDArray[np.float32], share: NDArray[np.float64], rule: NDArray[np.float64], great: NDArray[np.bool_], i: NDArray[np.intp],
    j: NDArray[np.intp], *, late: bool,
) -> None:  # fmt: skip
    """Fill the terms of regimes, capabilities and great powers. ``out`` is modified in place."""
    one, two = rule[..., i], rule[..., j]
    unknown = np.isnan(one) | np.isnan(two)
    least, gap = np.where(unknown, 0.0, np.minimum(one, two)), np.where(unknown, 0.0, np.abs(one - two))
    out[..., _AT["democracy"]], out[..., _AT["regime_gap"]] = least, gap
    if late:
        out[..., _AT["democracy_since_1946"]], out[..., _AT["regime_gap_since_1946"]] = least, gap
    out[..., _AT["regime_unknown"]] = unknown
    floor = np.maximum(share, LEAST_SHARE)
    one, two = floor[..., i], floor[..., j]
    unknown = np.isnan(one) | np.isnan(two)
    out[..., _AT["strength"]] = np.where(unknown, 0.0, np.log(one + two))
    logs = np.log(floor)
    out[..., _AT["ratio"]] = np.where(unknown, 0.0, np.abs(logs[..., i] - logs[..., j]))
    out[..., _AT["strength_unknown"]] = unknown
    count = great[..., i].astype(np.int8) + great[..., j]
    out[..., _AT["one_major"]], out[..., _AT["two_majors"]] = count == 1, count == 2


def _of_network(
    out: NDArray[np.float32], tied: NDArray[np.bool_], fought: NDArray[np.bool_], i: NDArray[np.intp], j: NDArray[np.intp]
) -> None:  # fmt: skip
    """Fill the terms of allies and enemies. ``out`` is modified in place."""
    n = tied.shape[-1]
    log = np.log1p(np.arange(2 * n + 1)).astype(np.float32)
    ally, enemy = tied.astype(np.float32), fought.astype(np.float32)
    pair_tied, pair_fought = tied[..., i, j], fought[..., i, j]
    for name, matrix, own in (("degree", tied, pair_tied), ("threat", fought, pair_fought)):
        count = matrix.sum(axis=-1)
        out[..., _AT[name]] = log[count[..., i] - own] + log[count[..., j] - own]
    mixed = ally @ enemy
    for name, paths in (
        ("shared", (ally @ ally)[..., i, j]), ("common_enemy", (enemy @ enemy)[..., i, j]), ("ally_of_enemy", mixed[..., i, j] + mixed[..., j, i]),
    ):  # fmt: skip
        out[..., _AT[name]] = log[np.rint(paths).astype(np.intp)]
    out[..., _AT["dispute"]] = pair_fought


def shipped(what: What, counting: Counting = "pairs") -> Fitted:
    """Return a fit that comes with foedus.

    Parameters
    ----------
    what : {"form", "end"}
        Onset or end of defence ties.
    counting : {"pairs", "treaties"}
        Each pair-year once, so that chances add up to ties; or the m pairs that one treaty changed in a year 1/m each, so that they add up to
        treaties.

    Raises
    ------
    ParameterError
        Another ``what`` or ``counting``.

    Examples
    --------
    >>> shipped("form").terms == FORM
    True
    """
    if what not in ("form", "end") or counting not in ("pairs", "treaties"):
        raise parameter("what, counting", (what, counting), "form or end, pairs or treaties")
    made = parameters.load("ties_fitted").extra
    have = {key: made[f"{what}.{counting}.fit.{key}"] for key in ("terms", "coef", "covariance")}
    return Fitted(tuple(have["terms"]), np.array(have["coef"]), np.array(have["covariance"]))


def chances(values: NDArray[np.floating], year: int, coef: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance a year of every pair, of either model.

    Parameters
    ----------
    values : array, shape (..., P, K)
        One of the two of `tie_terms`.
    year : int
        Sets the steps of the eras.
    coef : array, shape (..., 1 + K + len(ERAS))
        In the order of `FORM` or `END`; leading axes are broadcast against those of ``values``.

    Returns
    -------
    array, shape (..., P)

    Raises
    ------
    ParameterError
        As many coefficients as the values have no use for.

    Examples
    --------
    >>> float(chances(np.zeros((1, len(FORM) - 1 - len(ERAS))), 1900, np.zeros(len(FORM)))[0])
    0.5
    """
    k = values.shape[-1]
    if coef.shape[-1] != 1 + k + len(ERAS):
        raise parameter(
            "coef", f"{coef.shape[-1]} coefficients", f"{1 + k + len(ERAS)}: a constant, {k} terms, {len(ERAS)} eras"
        )
    steps = np.array([year >= int(era.removeprefix("since_")) for era in ERAS], dtype=np.float64)
    base = coef[..., 0] + coef[..., 1 + k :] @ steps
    eta = base[..., None] + (values @ coef[..., 1 : 1 + k, None])[..., 0]
    return 1.0 / (1.0 + np.exp(-eta))
