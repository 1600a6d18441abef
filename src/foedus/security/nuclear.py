"""Who has nuclear weapons in each draw, and what that adds to the chances of an attack and of coming to help.

An actor whose status is unknown has them in half of the draws; ``latent`` counts as none. What weapons add to onset is fitted on states from 1946 on
(``params/nuclear.toml``), what they add to joining is that of the fit of joiners from 1946 (``params/joining_fitted.toml``), whose log-odds stand
here for log-rates. Before 1946 they add nothing. Says nothing of whether anybody would use them, or of holding: a contest knows no warheads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.kernels import obligation as law
from foedus.kernels import streams
from foedus.obligations.arrays import pledge_arrays
from foedus.war import joining, onset

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.system.system import System

SINCE = 1946
JOINING = ("nuclear", "nuclear_own", "nuclear_other")


@dataclass(frozen=True)
class Arms:
    """Nuclear weapons, drawn.

    Attributes
    ----------
    armed : bool array, shape (n_draws, n)
        Who has them, as counted; all False where they are left out.
    shift : float64 array, shape (n_draws, 3, n)
        Added to the log-rate of entering: by the outsider's, by the own side's and by the other side's weapons.
    counts : bool
        Whether weapons count at all: false before 1946, and where they are left out.
    """

    armed: NDArray[np.bool_]
    shift: NDArray[np.float64]
    counts: bool
    seed: int
    _coef: dict[str, dict[str, NDArray[np.float64]]]
    _owes: NDArray[np.bool_]

    def without(self, some: list[int]) -> Arms:
        """Return the same if some actors had none."""
        kept = np.ones(self.armed.shape[1], dtype=np.bool_)
        kept[some] = False
        return replace(self, armed=self.armed & kept, shift=self.shift * kept)

    def eta(self, actor: int, what: str) -> NDArray[np.float64]:
        """Return what is added to the log-odds that each other one attacks ``actor``, shape (n_draws, n)."""
        coef = self._coef.get(what)
        if coef is None:
            return np.zeros(self.armed.shape)
        i, j = self.armed, self.armed[:, actor, None]
        under = ~j & (
            ((self.armed & self._owes[:, actor]).sum(axis=1, keepdims=True) - (self.armed & self._owes[:, actor])) > 0
        )
        value = {"constant": np.ones(i.shape), "armed_i": i, "armed_j": j, "armed_both": i & j, "umbrella": under}
        return sum((coef[t][:, None] * v for t, v in value.items()), np.zeros(i.shape))


def arms(system: System, *, seed: int, draws: int, count: bool = True) -> Arms:
    """Return who has nuclear weapons in each draw, and what they add.

    Parameters
    ----------
    system : System
    seed, draws : int
    count : bool
        False for the same system if nobody had any.

    Returns
    -------
    Arms

    Examples
    --------
    >>> import foedus as fd
    >>> arms(fd.load("europe-1914"), seed=1, draws=5).counts
    False
    >>> s = fd.load("middle-east-2019")
    >>> bool(arms(s, seed=1, draws=5).armed[:, s.index["ISR"]].all())
    True
    """
    n, late = len(system.actors), system.date.year >= SINCE
    armed = np.zeros((draws, n), dtype=np.bool_)
    shift, coef = np.zeros((draws, 3, n)), {}
    if late:
        for what in ("wars", "disputes"):
            coef[what] = onset.shipped_armed(what).draw(f"nuclear {what}", draws, seed)
    if late and count:
        u = streams.uniforms(seed, streams.keys_of([f"nuclear:{a.id}" for a in system.actors]), draws)
        for k, a in enumerate(system.actors):
            armed[:, k] = u[:, k] < 0.5 if a.nuclear == "unknown" else a.nuclear == "weapons"
        fit = joining.shipped("from_1946")
        drawn = fit.draw_coef(draws, seed)
        for r, term in enumerate(JOINING):
            shift[:, r] = drawn[:, fit.terms.index(term), None] * armed
    owes = np.zeros((n, n), dtype=np.bool_)
    pledges, _ = pledge_arrays(system)
    fights = pledges.kind == law.DEFENSE
    owes[pledges.by[fights], pledges.to[fights]] = True
    return Arms(armed, shift, late and count, seed, coef, owes)
