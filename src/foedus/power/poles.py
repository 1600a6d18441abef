"""Poles by capability, and how polarised the great powers are by their pledges.

A pole is a state (or a bloc) with at least a tenth of all capability; by the rule of Moul and of Wayman (from memory, not verified) a system is
bipolar where the two largest hold more than half of the great powers' capability. Blocs here are **pact blocs**: the line-up of the great powers
of greatest modularity in the pledges among them, found by trying all; who stands with whom once enmity counts too is for `foedus.blocs`.
Polarization is Esteban and Ray's, with the unlikeness of portfolios, (1 - S) / 2, as distance, each power identifying with those whose portfolios
are like its own. Neither it nor modularity is the index of Maoz, whose algebra could not be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.kernels import polarization as kernel
from foedus.kernels import shares, similarity
from foedus.panel.portfolios import TOP
from foedus.power.concentration import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Polarity:
    """Poles and polarization among great powers; every number is per draw, shape (n_draws,), one draw where nothing is uncertain.

    Attributes
    ----------
    poles, bloc_poles : int64 array
        Great powers, and pact blocs, with at least ``threshold`` of all capability.
    top_two, bloc_top_two : float64 array
        Share of the great powers' capability that the two largest, or the two largest blocs, hold; NaN below two.
    con, n_eff, parity, top : float64 array
        Concentration among the great powers, see `foedus.power.concentration`.
    polarization : float64 array
        Esteban and Ray's by likeness of portfolios: 0 where all are alike, 1 for two equal camps that are wholly unlike.
    modularity : float
        Of the pact blocs in the pledges among great powers, 0 without pledges; NaN where there are too many powers to try all line-ups.
    bloc : int64 array, shape (n_majors,)
        Pact bloc of each great power, 0 upward; -1 where there are too many.
    """

    poles: NDArray[np.int64]
    bloc_poles: NDArray[np.int64]
    top_two: NDArray[np.float64]
    bloc_top_two: NDArray[np.float64]
    con: NDArray[np.float64]
    n_eff: NDArray[np.float64]
    parity: NDArray[np.float64]
    top: NDArray[np.float64]
    polarization: NDArray[np.float64]
    modularity: float
    bloc: NDArray[np.int64]

    def row(self, level: float = 0.9) -> dict[str, Any]:
        """Return means, and where there are draws the ends of the interval of each; NaN as None."""
        out: dict[str, Any] = {}
        for name in ("con", "n_eff", "parity", "top", "top_two", "poles", "bloc_poles", "bloc_top_two", "polarization"):
            values = getattr(self, name)
            if np.isnan(values).any():
                out[name] = None
                continue
            out[name] = values.mean().item() if len(values) > 1 else values[0].item()
            if len(values) > 1:
                low, high = np.quantile(values, [0.5 - level / 2, 0.5 + level / 2])
                out |= {f"{name}_low": float(low), f"{name}_high": float(high)}
        return out | {"modularity": None if np.isnan(self.modularity) else self.modularity}


def poles_of(strengths: Sequence[float] | NDArray[np.float64], threshold: float = kernel.POLE) -> tuple[int, ...]:
    """Return the positions of the poles, strongest first: at least ``threshold`` of all strength.

    Raises
    ------
    ParameterError
        Strengths that `concentration` refuses, or a threshold outside (0, 1].

    Examples
    --------
    >>> poles_of([0.05, 0.5, 0.45])
    (1, 2)
    """
    values = checked(strengths)
    share = values / values.sum()
    return tuple(int(k) for k in np.argsort(-share, kind="stable") if share[k] >= threshold_of(threshold))


def threshold_of(threshold: float) -> float:
    """Return a pole's least share, checked."""
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 < threshold <= 1:
        raise parameter("pole", threshold, "a share above 0 and up to 1")
    return float(threshold)


def bipolar(strengths: Sequence[float] | NDArray[np.float64]) -> bool | None:
    """Return whether the two largest of the great powers hold more than half of their strength; None below two powers.

    The rule of Moul and of Wayman as remembered, not verified against the texts.

    Examples
    --------
    >>> bipolar([0.5, 0.3, 0.3]), bipolar([0.25, 0.25, 0.25, 0.25])
    (True, False)
    """
    values = np.sort(checked(strengths))[::-1]
    return None if len(values) < 2 else bool(values[:2].sum() / values.sum() > kernel.HALF)


def pact_blocs(levels: NDArray[np.int8]) -> tuple[NDArray[np.int64], float]:
    """Return the pact bloc of each of n great powers, shape (n,), and the modularity of that line-up.

    The line-up of greatest modularity over all, ties weighted by level; of equal ones that with the most blocs. -1 and NaN beyond ten powers, where
    there are too many line-ups to try.

    Parameters
    ----------
    levels : int8 array, shape (n, n)
        Level of the ties among them, symmetric.

    Examples
    --------
    >>> pact_blocs(np.array([[3, 0, 3], [0, 3, 0], [3, 0, 3]], dtype=np.int8))[0].tolist()
    [0, 1, 0]
    """
    if len(levels) > kernel.MOST:
        return np.full(len(levels), -1), float("nan")
    return kernel.best_blocs(levels.astype(np.float64))


def polarity(
    power: NDArray[np.float64], major: NDArray[np.int64], levels: NDArray[np.int8], *, threshold: float = kernel.POLE
) -> Polarity:
    """Return poles and polarization.

    Parameters
    ----------
    power : float64 array, shape (n_draws, n)
        Capability of all actors on any scale; NaN where unknown, which counts for nothing here, so that a great power must be known.
    major : int64 array, shape (m,)
        Positions of the great powers.
    levels : int8 array, shape (n, n)
        Portfolios, as of `foedus.panel.portfolios`.
    threshold : float
        Least share of a pole.
    """
    least = threshold_of(threshold)
    world = power / np.nansum(power, axis=1, keepdims=True)
    mine = world[:, major]
    share = mine / mine.sum(axis=1, keepdims=True)
    ordered = -np.sort(-share, axis=1)
    bloc, modularity = pact_blocs(levels[np.ix_(major, major)])
    member = (bloc[:, None] == np.arange(bloc.max(initial=-1) + 1)).astype(np.float64)
    largest = -np.sort(-(share @ member), axis=1)
    unknown = np.full(len(power), np.nan)
    two = len(major) > 1
    return Polarity(
        (mine >= least).sum(axis=1), (mine @ member >= least).sum(axis=1),
        ordered[:, :2].sum(axis=1) if two else unknown, largest[:, :2].sum(axis=1) if largest.shape[1] > 1 else unknown,
        shares.concentrations(share), 1 / shares.herfindahl(share) if len(major) else unknown,
        ordered[:, 1] / ordered[:, 0] if two else unknown, ordered[:, 0] if len(major) else unknown,
        _polarization(share, levels[major]), modularity, bloc,
    )  # fmt: skip


def _polarization(share: NDArray[np.float64], rows: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return Esteban and Ray's measure of each draw, over the unlikeness of the great powers' portfolios."""
    if len(rows) == 0:
        return np.full(len(share), np.nan)
    return kernel.alike_polarization(share, (1 - similarity.s_score(similarity.contingency(rows, TOP + 1))) / 2)
