"""The fighting model on the war it was estimated on: 80 armed groups of the Second Congo War, 1998-2010 [KRTZ2017]_.

The estimate itself is repeated in `foedus.studies.congo_estimate`; `congo` sets equilibrium efforts against the fights that were
observed, and says what removing a group or ending an enmity would do in the model. Two versions are kept apart: the network alone, and the article's
with shifters that make the observed fights an equilibrium, so that they fit by construction and test nothing. Published effects of removals were
not at hand; none is claimed to be reproduced. No data are shipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foedus import params as parameters
from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.kernels import fighting as kernel
from foedus.security.fighting import Equilibrium, FightingNetwork, fighting_equilibrium
from foedus.security.fighting_worlds import Ranged, spillovers
from foedus.studies.congo_estimate import Spillovers, spillovers_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import polars as pl

Floats = NDArray[np.float64]

DATA = ("congo_groups", "congo_monadic", "congo_shifters")


@dataclass(frozen=True, slots=True)
class Rank:
    """Spearman's rank correlation of a prediction with observed fights, its interval, and what the prediction knew."""

    what: str
    rho: Ranged
    knows: str


@dataclass(frozen=True, slots=True)
class Removal:
    """What a change does to the sum of fights: in the calibrated version, in the network alone, and the part of those removed themselves."""

    what: str
    calibrated: Ranged
    network: Ranged
    own: float


@dataclass(frozen=True, eq=False)
class Congo:
    """The case: estimates, fit and key groups.

    ``deviation`` is the largest gap between observed fights and the calibrated equilibrium, fights a year. ``without`` is the share of draws of
    ``beta`` and ``gamma`` that have no equilibrium on the network alone. ``prizes`` are the calibrated effects of the first removal at other prizes
    (multiples of all fights).
    """

    spillovers: Spillovers
    equilibrium: Equilibrium
    observed: Floats
    deviation: float
    ranks: tuple[Rank, ...]
    removals: tuple[Removal, ...]
    prizes: tuple[tuple[float, float], ...]
    without: float
    draws: int
    seed: int
    data: tuple[str, ...]

    def table(self) -> pl.DataFrame:
        """Return one row a group: fights a year and effort at equilibrium, each as a share, most fights first."""
        import polars as pl

        e = self.equilibrium
        columns = {"group": e.network.names, "fights": self.observed, "fights_share": self.observed / self.observed.sum(),
                   "effort_share": e.effort / e.total, "enemies": e.network.enemy.sum(axis=1), "allies": e.network.allied.sum(axis=1)}  # fmt: skip
        return pl.DataFrame(columns).sort("fights", descending=True, maintain_order=True)

    def removal_table(self) -> pl.DataFrame:
        """Return one row a change, most reducing first in the calibrated version."""
        import polars as pl

        return pl.DataFrame([
            {"change": r.what, "own": r.own} | {f"{k}{end}": getattr(getattr(r, k), at) for k in ("calibrated", "network") for end, at in _ENDS}
            for r in self.removals
        ])  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        from dataclasses import asdict

        e = self.equilibrium
        idle = [g for g, x in zip(e.network.names, e.effort, strict=True) if x == 0]
        return {
            "spillovers": asdict(self.spillovers), "ranks": [asdict(r) for r in self.ranks], "removals": self.removal_table().to_dicts(),
            "groups": self.table().to_dicts(), "dissipation": e.dissipation, "idle": idle,
            "deviation": self.deviation, "prizes": [list(p) for p in self.prizes], "without_equilibrium": self.without, "draws": self.draws,
            "seed": self.seed, "data": list(self.data), "standing": "derived under published parameters; network and fights from the article's files",
        }  # fmt: skip


_ENDS = (("", "value"), ("_low", "low"), ("_high", "high"))


def congo(
    data_dir: DataDir | str | os.PathLike[str] | None = None,
    *,
    draws: int = 100,
    seed: int = 1,
    progress: Callable[..., None] | None = None,
) -> Congo:
    """Return the Congo case: equilibrium against observed fights, and key groups.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
        Folder with the article's three files.
    draws, seed : int
        Draws of ``beta`` and ``gamma``; each also resamples the groups for the intervals of rank correlations.
    progress : callable, optional
        Called with the share that is done.

    Returns
    -------
    Congo

    Raises
    ------
    DataError
        The data are not at hand.
    ParameterError
        Fewer than 20 draws.
    """
    if draws < 20:
        raise parameter("draws", draws, "at least 20")
    store = DataDir.of(data_dir)
    store.require(*DATA)
    network, fights, given, observed_shift = _network(store)
    beta, gamma = parameters.load("fighting").extra["joint.beta"], parameters.load("fighting").extra["joint.gamma"]
    case = _Case(network, fights, np.r_[beta, spillovers(draws, seed)[0]], np.r_[gamma, spillovers(draws, seed)[1]])
    base = fighting_equilibrium(network, beta=beta, gamma=gamma)
    removals = []
    for k, name in enumerate(network.names):
        removals.append(case.removal((k,), f"without {name}"))
        if progress:
            progress((k + 1) / len(network.names))
    armies = tuple(k for k, name in enumerate(network.names) if name in {"RWA-I", "RWA-II"})
    removals += [case.removal(armies, "without both codes of Rwanda's army")] if len(armies) == 2 else []
    removals += case.pacified()
    first = min(range(len(network.names)), key=lambda k: removals[k].calibrated.value)
    prizes = tuple(
        (share, float(case.calibrated((first,), share * fights.sum(), 1)[0])) for share in (0.5, 1.0, 2.0, 4.0)
    )
    return Congo(
        spillovers_of(store), base, fights, case.deviation(given), case.ranks(observed_shift, seed),
        tuple(sorted(removals, key=lambda r: r.calibrated.value)), prizes, float(1 - case.good[1:].mean()), draws, seed,
        tuple(f"{s} {store.provenance(s).version}" for s in DATA),
    )  # fmt: skip


def _network(store: DataDir) -> tuple[FightingNetwork, Floats, Floats, Floats]:
    """Return the network, fights a year, the file's shifter and the observed part of it, by group."""
    shifters = store.table("congo_shifters").sort("group")
    names = shifters["short"].to_list()
    signs = np.zeros((len(names), len(names)))
    for a, b, sign in store.table("congo_groups").select("group_a", "group_b", "sign").iter_rows():
        signs[a - 1, b - 1] = sign
    observed, rest = (shifters[c].to_numpy() for c in ("observed_shifter", "shifter"))
    return FightingNetwork.of(signs, names), shifters["fights"].to_numpy(), observed + rest, observed


@dataclass(frozen=True, eq=False)
class _Case:
    """The network, the fights and pairs of parameters, the first being the estimate."""

    network: FightingNetwork
    fights: Floats
    beta: Floats
    gamma: Floats

    @cached_property
    def m(self) -> Floats:
        """The matrix of each pair, shape (1 + n_draws, n, n)."""
        return kernel.matrix(self.network.allied, self.network.enemy, self.beta, self.gamma)

    @cached_property
    def found(self) -> kernel.Solution:
        """The equilibria of the network alone."""
        return kernel.solve(self.m, np.ones(self.m.shape[:2]), np.zeros(self.m.shape[:2]), 1.0)

    @property
    def efforts(self) -> Floats:
        """Efforts on the network alone, shape (1 + n_draws, n)."""
        return self.found.effort

    @property
    def good(self) -> NDArray[np.bool_]:
        """Whether each pair has an equilibrium."""
        return self.found.code == kernel.SOLVED

    def deviation(self, given: Floats) -> float:
        """Return how far the fights are from the equilibrium with the file's shifters, which were solved for them."""
        level = _contest(self.m[:1], 1.0)[0] - given
        return float(np.abs(np.linalg.solve(self.m[0], level) - self.fights).max())

    def calibrated(
        self, gone: tuple[int, ...], prize: float, draws: int | None = None, m: Floats | None = None
    ) -> Floats:
        """Return the relative change of all fights by draw, where shifters make the observed fights an equilibrium; nan without one."""
        good = self.good[:draws]
        before = self.m[:draws][good]
        shift = _contest(before, prize) - before @ self.fights
        keep = np.setdiff1d(np.arange(len(self.fights)), gone)
        after = (before if m is None else m[:draws][good])[:, keep[:, None], keep]
        level = _contest(after, prize) - shift[:, keep]
        positive = (after.sum(axis=1) > 0).all(axis=1)
        x, solved = kernel.censored(after, level)
        out = np.full(len(good), np.nan)
        out[good] = np.where(solved & positive, x.sum(axis=1) / self.fights.sum() - 1, np.nan)
        return out

    def alone(self, gone: tuple[int, ...], m: Floats | None = None) -> Floats:
        """Return the relative change of all efforts by draw on the network alone; nan without an equilibrium."""
        keep = np.setdiff1d(np.arange(len(self.fights)), gone)
        after = (self.m if m is None else m)[:, keep[:, None], keep]
        found = kernel.solve(after, np.ones(after.shape[:2]), np.zeros(after.shape[:2]), 1.0)
        return found.effort.sum(axis=1) / self.efforts.sum(axis=1) - 1

    def removal(self, gone: tuple[int, ...], what: str, m: Floats | None = None) -> Removal:
        """Return what one change does in both versions."""
        both = [_ranged(v) for v in (self.calibrated(gone, 1.0, m=m), self.alone(gone, m))]
        return Removal(what, both[0], both[1], float(self.fights[list(gone)].sum() / self.fights.sum()))

    def pacified(self, most: int = 5) -> list[Removal]:
        """Return the enmities whose end reduces the fights most at the estimate, and the end of all of them."""
        i, j = np.nonzero(np.triu(self.network.enemy))
        tried = []
        for a, b in zip(i, j, strict=True):
            m = self.m.copy()
            m[:, [a, b], [b, a]] = 0.0
            tried.append((float(self.calibrated((), 1.0, 1, m)[0]), int(a), int(b), m))
        tried.sort(key=lambda t: t[0])
        names = self.network.names
        out = [self.removal((), f"peace between {names[a]} and {names[b]}", m) for _, a, b, m in tried[:most]]
        peace = kernel.matrix(self.network.allied, np.zeros_like(self.network.enemy), self.beta, self.gamma)
        return [*out, self.removal((), "peace between all enemies", peace)]

    def ranks(self, observed_shift: Floats, seed: int) -> tuple[Rank, ...]:
        """Return the rank correlations with observed fights."""
        level = _contest(self.m[:1], 1.0) - observed_shift
        partly, _ = kernel.censored(self.m[:1], level)
        net, e = self.network, self.efforts[self.good]
        hostility = 1 / self.m[self.good].sum(axis=1)
        foes, friends = net.enemy.sum(axis=1)[None], net.allied.sum(axis=1)[None]
        told = (
            ("equilibrium efforts", e, "the network, beta and gamma"),
            ("hostility levels (Gamma)", hostility, "the network, beta and gamma"),
            ("equilibrium with observed shifters", partly, "the network, beta, gamma, rain and year effects"),
            ("number of enemies", foes, "the network; enmity was itself coded from clashes"),
            ("number of allies", friends, "the network"),
        )
        return tuple(Rank(what, _rank(x, self.fights, seed, len(self.beta) - 1), knows) for what, x, knows in told)


def _contest(m: Floats, prize: float) -> Floats:
    """Return each group's performance where all fight, ``V Lambda (1 - Lambda) Gamma``, shape (n_draws, n)."""
    gamma = 1 / m.sum(axis=1)
    lam = 1 - 1 / gamma.sum(axis=1, keepdims=True)
    return prize * lam * (1 - lam) * gamma


def _ranged(values: Floats) -> Ranged:
    """Return the first value with the interval of the others that are known."""
    return Ranged.of(values[0], values[1:][np.isfinite(values[1:])])


def _rank(x: Floats, fights: Floats, seed: int, draws: int) -> Ranged:
    """Return Spearman's rho of the first row, with the interval over rows and resampled groups."""
    from scipy.stats import rankdata

    def rho(a: Floats, b: Floats) -> float:
        return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])

    rng = np.random.default_rng(np.random.SeedSequence([seed, 23]))
    n = len(fights)
    spread = [rho(x[k % len(x)][at], fights[at]) for k, at in enumerate(rng.integers(0, n, size=(draws, n)))]
    return Ranged.of(rho(x[0], fights), np.array(spread))
