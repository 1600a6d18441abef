"""Fighting equilibria on a network of allies and enemies [KRTZ2017]_.

Groups contest one prize. The effort of a group's allies adds to its performance, that of its enemies takes from it:
``phi = x + beta A+ x - gamma A- x + h``, and group ``i`` gets ``V phi_i / sum(phi) - k_i x_i``. `fighting_equilibrium` returns the efforts at which
nobody gains by another one, checked by the best deviation of each. The formulas are those of the public replication code; the article's bound for
existence is cited from memory. Draws of uncertain ties and parameters, and what a change of the network would do, are in `foedus.security.fight`.
Nothing here says who would win, who would make peace, or how a network of ties comes about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foedus.errors import InvalidSystemError, message, parameter
from foedus.kernels import fighting as kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import ArrayLike

Floats = NDArray[np.float64]

GAIN = 1e-8
"""Most, as a share of the prize, that the best deviation of a group may bring in what is called an equilibrium."""


@dataclass(frozen=True, eq=False)
class FightingNetwork:
    """Who fights, who helps whom and who fights whom.

    Attributes
    ----------
    names : tuple of str
    allied, enemy : float64 array, shape (..., n, n)
        Weights in [0, 1], symmetric; leading axes are draws.
    cost, shift : float64 array, shape (..., n)
        ``k``: cost of a unit of effort, 1 in the article. ``h``: what a group's performance has from elsewhere, the article's shifter; 0 without one.
    """

    names: tuple[str, ...]
    allied: Floats
    enemy: Floats
    cost: Floats
    shift: Floats

    @classmethod
    def of(
        cls, ties: ArrayLike, names: Sequence[str] | None = None, *, cost: ArrayLike = 1.0, shift: ArrayLike = 0.0
    ) -> FightingNetwork:
        """Return the network of a signed matrix: positive entries are allies, negative ones enemies.

        Raises
        ------
        InvalidSystemError
            Fewer than two groups, not square, not symmetric, not finite, outside [-1, 1], or a group tied to itself; names the first.
        """
        try:
            signed = np.array(ties, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise _invalid("need a square matrix of numbers", str(error)) from error
        if signed.ndim != 2 or signed.shape[0] != signed.shape[1]:
            raise _invalid("need a square matrix of ties", f"shape {signed.shape}")
        n = len(signed)
        labels = tuple(names) if names is not None else tuple(str(k) for k in range(n))
        if n < 2 or len(labels) != n or len(set(labels)) != n:
            raise _invalid("need two groups or more, each with a name of its own", f"{n} rows and the names {labels}")
        wrong = ~np.isfinite(signed) | (np.abs(np.nan_to_num(signed)) > 1) | (signed != signed.T)
        wrong[np.arange(n), np.arange(n)] = signed[np.arange(n), np.arange(n)] != 0
        if wrong.any():
            i, j = (int(k) for k in np.argwhere(wrong)[0])
            raise _invalid(
                "need ties that are symmetric, in [-1, 1], and none with themselves",
                f"{signed[i, j]} for {labels[i]} with {labels[j]}, {signed[j, i]} the other way round",
            )
        k, h = (_vector(name, value, n) for name, value in (("cost", cost), ("shift", shift)))
        if (k <= 0).any():
            raise parameter("cost", k.min(), "above 0")
        return cls(labels, np.maximum(signed, 0.0), np.maximum(-signed, 0.0), k, h)

    def position(self, name: str) -> int:
        """Return where a group stands; a name that is none of them is an error."""
        if name not in self.names:
            raise _invalid("hold no such name", name, f"one of {', '.join(self.names[:12])}")
        return self.names.index(name)

    def without(self, *gone: str) -> FightingNetwork:
        """Return the network without some groups."""
        out = {self.position(g) for g in gone}
        keep = [k for k in range(len(self.names)) if k not in out]
        if len(keep) < 2:
            raise _invalid("need two groups or more", f"{len(keep)} left")
        both = np.ix_(keep, keep)
        return replace(
            self, names=tuple(self.names[k] for k in keep), allied=self.allied[..., *both], enemy=self.enemy[..., *both],
            cost=self.cost[..., keep], shift=self.shift[..., keep],
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """One equilibrium, exact up to rounding and checked.

    Attributes
    ----------
    effort, performance, share, payoff : float64 array, shape (n,)
        ``x``; ``phi``; ``phi / sum(phi)``; in units of the prize's unit.
    hostility : float64 array, shape (n,)
        ``Gamma = 1 / (1 + beta d+ - gamma d-)``.
    lam : float
        ``Lambda = 1 - 1 / sum(Gamma)``: the share of the prize that performances sum to where all fight and efforts cost 1.
    dissipation : float
        Cost of all efforts as a share of the prize.
    gain : float
        The most that a deviation of anybody would bring, as a share of the prize; at most `GAIN`.
    defeat : float
        What being routed must cost at least for those who would lose by staying, as a share of the prize: 0 where all gain.
    all_fight : bool
        Whether the closed form holds for all; otherwise some put in no effort and live on that of their allies.
    one : bool
        Whether the matrix is positive definite. In every random network of up to 8 groups that was searched through it then was the only equilibrium;
        without it some had several.
    bound : bool
        Whether ``beta + gamma`` is below the article's sufficient bound ``1 / max(greatest eigenvalue of A+, greatest d-)``, cited from memory.
    """

    network: FightingNetwork
    beta: float
    gamma: float
    prize: float
    effort: Floats
    performance: Floats
    share: Floats
    payoff: Floats
    hostility: Floats
    lam: float
    dissipation: float
    gain: float
    defeat: float
    all_fight: bool
    one: bool
    bound: bool

    @property
    def total(self) -> float:
        """Sum of efforts."""
        return float(self.effort.sum())

    @property
    def ceiling(self) -> Floats:
        """Cost of effort above which each group only fights not to be routed, others' costs as they are, shape (n,); nan unless all fight."""
        rest = self.hostility.sum() - 1 - self.hostility
        others = self.hostility @ self.network.cost - self.hostility * self.network.cost
        return np.where(self.all_fight & (rest > 0), others / np.where(rest > 0, rest, 1.0), np.nan)

    def table(self) -> pl.DataFrame:
        """Return one row a group, greatest effort first."""
        import polars as pl

        columns = {"group": self.network.names, "effort": self.effort, "effort_share": self.effort / max(self.total, 1e-300),
                   "performance": self.performance, "share": self.share, "payoff": self.payoff, "hostility": self.hostility}  # fmt: skip
        return pl.DataFrame(columns).sort("effort", descending=True, maintain_order=True)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        numbers = {
            k: getattr(self, k) for k in ("beta", "gamma", "prize", "lam", "dissipation", "total", "gain", "defeat")
        }
        facts = {k: getattr(self, k) for k in ("all_fight", "one", "bound")}
        return {"groups": self.table().to_dicts(), **numbers, **facts, "standing": "exact, best replies checked"}


def fighting_equilibrium(
    network: FightingNetwork | ArrayLike, *, beta: float, gamma: float, prize: float = 1.0
) -> Equilibrium:
    """Return the equilibrium efforts of groups that contest one prize.

    Parameters
    ----------
    network : FightingNetwork or array, shape (n, n)
        Or a signed matrix, as `FightingNetwork.of` takes it.
    beta, gamma : float
        What an ally's effort takes off a group's need of its own, and what an enemy's adds; at least 0.
    prize : float
        ``V``, above 0. Without shifters it only sets the unit of efforts.

    Returns
    -------
    Equilibrium

    Raises
    ------
    InvalidSystemError
        No equilibrium of this kind, with the group that breaks it: some ``1 + beta d+ - gamma d-`` is not above 0, the matrix is singular, or
        allies carry each other so far that nobody gains by fighting.
    ParameterError
        A parameter that is negative or not finite.

    Notes
    -----
    Where all fight: ``x = V Lambda (1 - Lambda) (I + beta A+ - gamma A-)^-1 Gamma`` [KRTZ2017]_. Efforts are at least 0: where the formula gives
    less, the group puts in nothing, its allies' effort counts for it, and the others answer that. This corner is ours; the best reply of each is
    checked against every other effort, also those that drive an enemy's performance below zero.

    Examples
    --------
    >>> import foedus as fd
    >>> enemies = fd.fighting_equilibrium([[0, -1], [-1, 0]], beta=0.114, gamma=0.083)
    >>> enemies.effort.round(6).tolist(), round(enemies.dissipation, 6)
    ([0.295256, 0.295256], 0.590513)
    """
    if not isinstance(network, FightingNetwork):
        network = FightingNetwork.of(network)
    if network.shift.ndim != 1:
        raise _invalid("need one network here, not draws of it", f"shape {network.shift.shape}")
    for name, value, low in (("beta", beta, 0.0), ("gamma", gamma, 0.0), ("prize", prize, 1e-300)):
        if not np.isfinite(value) or value < low:
            raise parameter(name, value, "finite and above 0" if low else "finite and at least 0")
    m = kernel.matrix(network.allied, network.enemy, np.array([beta]), np.array([gamma]))
    found = kernel.solve(m, network.cost[None], network.shift[None], prize)
    if found.code[0] != kernel.SOLVED:
        raise _none(network, beta, gamma, found)
    x, phi = found.effort[0], found.performance[0]
    gain = float(kernel.gains(m[0], x, network.cost, network.shift, prize).max()) / prize
    if gain > GAIN:
        raise _invalid(
            "have no equilibrium in which nobody is driven out",
            f"a deviation that brings {gain:.3g} of the prize",
            hint="leave out the weakest group, or lower gamma",
        )
    payoff = kernel.payoffs(m[0], x, network.cost, network.shift, prize)
    alone_below = phi - x < 0
    level = 1 / found.slope[0]
    return Equilibrium(
        network, beta, gamma, prize, x, phi, phi / phi.sum(), payoff, level, float(1 - 1 / level.sum()), float(network.cost @ x / prize), gain,
        float(max(0.0, (-payoff[alone_below] / prize).max(initial=0.0))), bool((x > 0).all()),
        bool(np.linalg.eigvalsh(m[0]).min() > 0), beta + gamma < bound(network),
    )  # fmt: skip


def bound(network: FightingNetwork) -> float:
    """Return ``1 / max(greatest eigenvalue of A+, greatest number of enemies)``, infinite without ties; from memory, sufficient and not needed."""
    most = max(float(np.linalg.eigvalsh(network.allied).max()), float(network.enemy.sum(axis=1).max()))
    return 1 / most if most > 0 else float("inf")


def _none(network: FightingNetwork, beta: float, gamma: float, found: kernel.Solution) -> InvalidSystemError:
    """Return the error for a network without an equilibrium of this kind."""
    code = int(found.code[0])
    if code == kernel.NO_GAMMA:
        i = int(found.slope[0].argmin())
        enemies = float(network.enemy[i].sum())
        return _invalid(
            "have no equilibrium of this kind",
            f"1 + beta d+ - gamma d- = {found.slope[0, i]:.4g} for {network.names[i]}, with enemies weighing {enemies:.4g}",
            "above 0 for every group",
            hint=f"{network.names[i]} has too many enemies for gamma = {gamma:g}: lower gamma, or leave out some of them",
        )
    if code == kernel.SINGULAR:
        return _invalid(
            "have no unique efforts", f"a singular matrix I + beta A+ - gamma A- at beta = {beta:g}, gamma = {gamma:g}"
        )
    return _invalid(
        "have no equilibrium that was found",
        f"allies so many that nobody gains by fighting, or efforts that never settle, at beta = {beta:g}, gamma = {gamma:g}",
        hint="lower beta, or weigh the ties",
    )


def _vector(name: str, value: ArrayLike, n: int) -> Floats:
    """Return one finite number a group."""
    out = np.array(value, dtype=np.float64)
    if out.shape not in {(), (n,)} or not np.isfinite(out).all():
        raise parameter(name, value, f"finite numbers, one or {n}")
    return np.broadcast_to(out, (n,)).copy()


def _invalid(what: str, got: str, expected: str | None = None, hint: str = "") -> InvalidSystemError:
    """Return the error for ties that make no network or a network without an equilibrium."""
    return InvalidSystemError(message(f"Fighting groups {what}", got=got, expected=expected, hint=hint))
