"""`signals`: every equilibrium of a crisis in which a threat tells something of whoever makes it (Lewis and Schultz 2003).

A may challenge B, which may resist, after which A fights or backs down; each knows its own worth of war and A its own cost of backing down, the other
only that they are normal with variance 1. An equilibrium is a chance p_R to resist that is its own best reply [LewisSchultz2003]_; for many
parameters there are several [CrismanCox2021]_, so that one found from one start is no answer. The equations follow a public description of the
published package and reproduce its example.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import NDArray

REACH = 37.0
"""The scan runs over the normal quantile of p_R from -REACH to REACH, where p_R is 5e-300 and 1 less that."""
STEP = 0.01
EXACT = 1e-9
LIMIT = 50.0
NODES = 64


@dataclass(frozen=True, slots=True)
class Stage:
    """Parameters: ``s_a``, A's worth of no challenge; ``v_a, v_b``, of the prize to A if B gives way and to B if A backs down; ``c_b``, B's worth of
    giving way; ``w_a, w_b``, mean worth of war; ``a``, mean worth to A of backing down."""  # noqa: D205, D209

    s_a: float = 0.0
    v_a: float = 1.0
    v_b: float = 1.0
    c_b: float = 0.0
    w_a: float = -1.9
    w_b: float = -2.9
    a: float = -1.2


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """One equilibrium: chances that A challenges, B resists, A fights once resisted; of the four ends; and how good a fixed point it is.

    ``slope``: how far p_R's best reply moves with p_R; ``stable``: whether iterating best replies leads back to it (abs(slope) < 1). ``error``:
    distance of p_R from its best reply.
    """

    p_challenge: float
    p_resist: float
    p_fight: float
    status_quo: float
    concession: float
    war: float
    backs_down: float
    slope: float
    stable: bool
    error: float


@dataclass(frozen=True)
class Signals:
    """All equilibria found of one stage, by falling p_R.

    ``grid``: points scanned. Found by a scan with every sign change bracketed and every touching refined: two equilibria that are closer than the
    grid and cross it twice can be missed, which an even number would show.
    """

    stage: Stage
    equilibria: tuple[Equilibrium, ...]
    grid: int

    @property
    def complete(self) -> bool:
        """Whether their number is odd, as that of all simple fixed points must be."""
        return len(self.equilibria) % 2 == 1

    def table(self) -> pl.DataFrame:
        """Return one row an equilibrium."""
        import polars as pl

        return pl.DataFrame([asdict(e) for e in self.equilibria])

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "standing": "computed; every equilibrium found by a scan", "stage": asdict(self.stage), "grid": self.grid, "odd": self.complete,
            "equilibria": [asdict(e) for e in self.equilibria],
        }  # fmt: skip


def signals(stage: Stage | None = None, **changes: float) -> Signals:
    """Return every equilibrium of the signalling game.

    Parameters
    ----------
    stage : Stage, optional
        By default the published package's example.
    **changes : float
        Parameters that replace those of the stage.

    Raises
    ------
    ParameterError
        No such parameter, or not a finite number.

    Notes
    -----
    With c = (S_A - (1 - p_R) V_A) / p_R: A challenges with p_C = 1 - Phi(c - W_A) Phi(c - a), fights with p_F, B resists with
    p_R = Phi((p_F W_B + (1 - p_F) V_B - C_B) / p_F). Solved in z, the normal quantile of p_R, so that chances near 0 and 1 are not lost.

    References
    ----------
    [LewisSchultz2003]_, [CrismanCox2021]_

    Examples
    --------
    >>> [round(e.p_resist, 6) for e in signals().equilibria]
    [0.813322, 0.594723, 0.251105]
    >>> len(signals(w_b=-3.0).equilibria), len(signals(w_b=-2.7).equilibria)
    (1, 1)
    """
    known = [f.name for f in fields(Stage)]
    wrong = [name for name in changes if name not in known]
    if wrong:
        raise parameter("stage", ", ".join(wrong), f"some of {', '.join(known)}")
    asked = replace(stage or Stage(), **changes)
    for name, value in asdict(asked).items():
        if not abs(value) <= LIMIT:
            raise parameter(
                name,
                value,
                f"a number from -{LIMIT:g} to {LIMIT:g}: payoffs are in standard deviations of what is private",
            )
    z = np.linspace(-REACH, REACH, round(2 * REACH / STEP) + 1)
    found = sorted(_roots(lambda x: _reply(asked, x) - x, z), reverse=True)
    return Signals(asked, tuple(_equilibrium(asked, x) for x in found), len(z))


def correspondence(name: str, values: Sequence[float], stage: Stage | None = None) -> pl.DataFrame:
    """Return all equilibria at each of several values of one parameter: a row each, with the value under the parameter's name.

    Raises
    ------
    ParameterError
        No such parameter, no values, or one that is not a number in its range.

    Examples
    --------
    >>> correspondence("w_b", [-3.0, -2.9]).group_by("w_b", maintain_order=True).len()["len"].to_list()
    [1, 3]
    """
    import polars as pl

    if not len(values):
        raise parameter("values", "none", "one value or more")
    rows = []
    for value in values:
        found = signals(stage, **{name: float(value)})
        n = len(found.equilibria)
        rows += [
            {name: float(value), "equilibrium": k + 1, "of": n, **asdict(e)} for k, e in enumerate(found.equilibria)
        ]
    return pl.DataFrame(rows)


def _cutoff(stage: Stage, z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the worth of war from which A would rather fight or bluff than keep quiet, where B resists with Phi(z)."""
    from scipy.special import ndtr

    return (stage.s_a - ndtr(-z) * stage.v_a) / np.maximum(ndtr(z), 5e-300)


def _challenge(stage: Stage, c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p_C, written so that small ones are not lost."""
    from scipy.special import ndtr

    war, bluff = ndtr(stage.w_a - c), ndtr(stage.a - c)
    return war + bluff - war * bluff


def _fight(stage: Stage, c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p_F, the chance that A fights given that it challenged: P(war is worth more than c and than backing down) / p_C.

    The upper one is a bivariate normal chance with correlation 1/sqrt(2); as one integral over A's worth of war it stays exact where both vanish.
    """
    from scipy.special import erfcx, ndtr

    t, v = c - stage.w_a, c - stage.a
    low = np.maximum(t, -9.5)
    width = 90 / (low + np.hypot(low, np.sqrt(90.0)))
    x, weight = np.polynomial.legendre.leggauss(NODES)
    s = width[:, None] * (x + 1) / 2
    inside = np.exp(-low[:, None] * s - s**2 / 2) * ndtr(s + low[:, None] + stage.w_a - stage.a)
    integral = (inside * weight).sum(axis=1) * width / 2
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        # Where t > 0 both are divided by the normal density at t.
        apart = (stage.a - stage.w_a) * (t + v) / 2
        bluff = np.where(v > 0, _mills(v, erfcx) * np.exp(apart), ndtr(-v) / _density(t))
        far = integral / (_mills(np.maximum(t, 0.0), erfcx) + ndtr(t) * bluff)
        near = integral * _density(low) / _challenge(stage, c)
    return np.clip(np.where(t > 0, far, near), 1e-300, 1.0)


def _density(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal density."""
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


def _mills(x: NDArray[np.float64], erfcx: Callable[..., NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return Phi(-x) over the density at x."""
    return np.sqrt(np.pi / 2) * erfcx(x / np.sqrt(2))


def _reply(stage: Stage, z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return B's best reply as a normal quantile, where A expects it to resist with Phi(z)."""
    fight = _fight(stage, _cutoff(stage, np.atleast_1d(np.asarray(z, dtype=np.float64))))
    return stage.w_b - stage.v_b + (stage.v_b - stage.c_b) / fight


def _roots(gap: Callable[[NDArray[np.float64]], NDArray[np.float64]], z: NDArray[np.float64]) -> list[float]:
    """Return where the best reply is the belief itself, as quantiles; beyond the grid the reply at its end is the limit."""
    from scipy.optimize import brentq as _brentq
    from scipy.optimize import minimize_scalar

    brentq: Any = _brentq

    def at(x: float) -> float:
        return float(np.clip(gap(np.array([x]))[0], -1e12, 1e12))

    value = np.clip(gap(z), -1e12, 1e12)
    found = [float(x) for x in z[value == 0]]
    if value[0] < 0:
        found.append(float(z[0] + value[0]))
    if value[-1] > 0:
        found.append(float(z[-1] + value[-1]))
    crossed = np.flatnonzero(np.sign(value[:-1]) * np.sign(value[1:]) < 0)
    found += [float(brentq(at, z[k], z[k + 1], xtol=1e-14, rtol=1e-14)) for k in crossed]
    size = np.abs(value)
    side = np.sign(value)
    dips = (size[1:-1] < size[:-2]) & (size[1:-1] < size[2:]) & (side[1:-1] == side[:-2]) & (side[1:-1] == side[2:])
    for k in np.flatnonzero(dips) + 1:
        sign = np.sign(value[k])
        least: Any = minimize_scalar(
            lambda x, sign=sign: sign * at(x), bounds=(z[k - 1], z[k + 1]), method="bounded", options={"xatol": 1e-13}
        )
        if least.fun < -EXACT:
            found += [
                float(brentq(at, *ends, xtol=1e-14, rtol=1e-14)) for ends in ((z[k - 1], least.x), (least.x, z[k + 1]))
            ]
        elif least.fun < EXACT:
            found.append(float(least.x))
    return found


def _equilibrium(stage: Stage, z: float) -> Equilibrium:
    """Return one equilibrium from its quantile."""
    from scipy.special import ndtr

    point = np.array([z])
    c = _cutoff(stage, point)
    resist, challenge, fight = float(ndtr(z)), float(_challenge(stage, c)[0]), float(_fight(stage, c)[0])
    step = 1e-5
    beyond = _reply(stage, np.array([z - step, z + step]))
    slope = float(beyond[1] / (2 * step) - beyond[0] / (2 * step))
    return Equilibrium(
        challenge, resist, fight, 1 - challenge, challenge * (1 - resist), challenge * resist * fight, challenge * resist * (1 - fight), slope,
        abs(slope) < 1, abs(float(ndtr(_reply(stage, point)[0])) - resist),
    )  # fmt: skip
