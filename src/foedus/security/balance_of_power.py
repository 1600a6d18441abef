"""`balance_of_power`: who is essential to some winning coalition, and whether a system of resources is stable [NiouOrdeshookRose1989]_.

A coalition wins if it holds more than half of all resources. An actor is essential if it is a member of some minimal winning coalition, one that
loses without any of its members; who is not can be eliminated without anybody's needing it. The system is system-stable if all are essential,
resource-stable if one holds exactly half or two, and no others, hold as much as each other. The book could not be read: the conditions are as
its readers state them. Exact: resources are taken as whole numbers of 2**-40 of their sum and compared as such. Says nothing about distance, pacts
or wishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import InvalidSystemError, message, parameter
from foedus.estimate.nested import Estimate, drawn
from foedus.kernels import shares
from foedus.system import covariates
from foedus.system.nouns import CAPABILITY_PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from foedus.system.system import System

MOST = 32
"""Actors up to which the answer is worked out: two lists of 65,536 sums."""
UNIT = 2**40


@dataclass(frozen=True, eq=False)
class BalanceOfPower:
    """Who is essential, at the centre of the numbers (exact) and over their draws.

    Attributes
    ----------
    ids, names : tuple of str
    resources : float64 array, shape (n,)
    draws_of : float64 array, shape (draws, n)
        Draws of resources; one row, the resources themselves, where they are certain.
    essential : bool array, shape (n,)
    in_draws : bool array, shape (draws, n)
    majors : bool
        These are the major powers of a system, not all its actors.
    unknown : tuple of str
        Left out, because their resources are not known.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    resources: NDArray[np.float64]
    draws_of: NDArray[np.float64]
    essential: NDArray[np.bool_]
    in_draws: NDArray[np.bool_]
    draws: int
    seed: int
    majors: bool = False
    unknown: tuple[str, ...] = ()

    @property
    def system_stable(self) -> bool:
        """All are essential."""
        return bool(self.essential.all())

    @property
    def p_system_stable(self) -> float:
        """Share of draws in which all are essential."""
        return float(self.in_draws.all(axis=1).mean())

    @property
    def resource_stable(self) -> bool:
        """One holds exactly half, or two alone hold as much as each other."""
        units = _units(self.resources)
        return bool(2 * units.max() == units.sum())

    @property
    def predominant(self) -> str | None:
        """Id of who holds more than half, None where nobody does."""
        units = _units(self.resources)
        return self.ids[int(units.argmax())] if 2 * units.max() > units.sum() else None

    @property
    def gap(self) -> Estimate:
        """Largest share less one half, over draws."""
        return drawn((self.draws_of / self.draws_of.sum(axis=1, keepdims=True)).max(axis=1) - 0.5)

    def table(self) -> pl.DataFrame:
        """Return one row an actor: its share, whether it is essential, and what it would take to bring it to half."""
        import polars as pl

        share = self.draws_of / self.draws_of.sum(axis=1, keepdims=True)
        low, high = np.quantile(share, [0.05, 0.95], axis=0)
        own = self.resources / self.resources.sum()
        return pl.DataFrame({
            "actor": self.ids, "name": self.names, "resources": self.resources, "share": own, "share_low": np.minimum(low, own),
            "share_high": np.maximum(high, own), "essential": self.essential, "p_essential": self.in_draws.mean(axis=0), "to_half": 0.5 - own,
        })  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "exact at the centre of every number; shares of draws over uncertain resources", "actors": self.table().to_dicts(),
            "system_stable": self.system_stable, "p_system_stable": self.p_system_stable, "resource_stable": self.resource_stable,
            "predominant": self.predominant, "largest_less_half": self.gap.to_dict(), "majors": self.majors, "unknown": list(self.unknown),
            "draws": self.draws, "seed": self.seed,
        }  # fmt: skip


def balance_of_power(resources: ArrayLike, *, ids: Sequence[str] | None = None) -> BalanceOfPower:
    """Return who is essential, of resources that are certain.

    Parameters
    ----------
    resources : array, shape (n,)
        From 1 to `MOST` of them, any unit, none negative, not all zero.
    ids : sequence of str, optional
        Names; by default 1, 2, 3...

    Returns
    -------
    BalanceOfPower

    Raises
    ------
    ParameterError
        Another number of actors, or a value outside its range.

    References
    ----------
    [NiouOrdeshookRose1989]_

    Examples
    --------
    >>> balance_of_power([120, 100, 80]).essential.tolist()
    [True, True, True]
    >>> balance_of_power([120, 90, 90, 0]).essential.tolist()
    [True, True, True, False]
    >>> balance_of_power([150, 100, 50]).resource_stable
    True
    """
    try:
        values = np.asarray(resources, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise parameter("resources", resources, "numbers") from error
    if (
        values.ndim != 1
        or not 1 <= len(values) <= MOST
        or not np.isfinite(values).all()
        or (values < 0).any()
        or not values.any()
    ):
        raise parameter("resources", resources, f"1 to {MOST} numbers of at least 0, all known and not all zero")
    names = tuple(ids) if ids is not None else tuple(str(k + 1) for k in range(len(values)))
    if len(set(names)) != len(values):
        raise parameter("ids", ids, f"{len(values)} different names")
    found = essential(values)
    return BalanceOfPower(names, names, values, values[None], found, found[None], 1, 0)


def balance_of_power_of(system: System, *, draws: int = 200, seed: int = 1) -> BalanceOfPower:
    """Return who is essential among the major powers of a system, or among all its actors where none is marked.

    Parameters
    ----------
    system : System
    draws : int
        Draws of uncertain capabilities, at least 1.
    seed : int

    Returns
    -------
    BalanceOfPower

    Raises
    ------
    InvalidSystemError
        Nobody's capability is known, or more than `MOST` actors.
    ParameterError
        ``draws`` is below 1.

    Examples
    --------
    >>> import foedus as fd
    >>> found = balance_of_power_of(fd.load("europe-1914"), draws=50)
    >>> found.system_stable
    True
    """
    if isinstance(draws, bool) or draws < 1:
        raise parameter("draws", draws, "an integer of at least 1")
    majors = [k for k, a in enumerate(system.actors) if a.major]
    asked = majors or list(range(len(system.actors)))
    parts = [dict(a.capability) for a in system.actors]
    composite = shares.composite_shares(
        np.array([[p[c].centre if c in p else np.nan for c in CAPABILITY_PARTS] for p in parts])
    )
    known = [k for k in asked if np.isfinite(composite[k])]
    if not 1 <= len(known) <= MOST:
        raise InvalidSystemError(
            message("Balance of power", got=f"{len(known)} actors of known capability", expected=f"1 to {MOST}",
                    hint="where no major power is marked all actors are taken: choose some, --actors USA,CHN,RUS")
        )  # fmt: skip
    centre = covariates.effective_capability(system, seed=None, n_draws=1)[0, known]
    many = covariates.effective_capability(system, seed=seed, n_draws=draws)[:, known]
    return BalanceOfPower(
        tuple(system.ids[k] for k in known), tuple(system.actors[k].name for k in known), centre, many, essential(centre),
        np.stack([essential(row) for row in many]), draws, seed, bool(majors), tuple(system.ids[k] for k in asked if k not in known),
    )  # fmt: skip


def essential(resources: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return who is a member of some minimal winning coalition, shape (n,).

    An actor is if some coalition loses without it and wins with it; who of the others is not needed then can leave. So it is enough to find the
    largest sum of others that does not win: all sums of either half of them, and for each sum of one half the largest of the other that fits.
    """
    units = _units(resources)
    total = int(units.sum())
    out = np.zeros(len(units), dtype=np.bool_)
    for i in range(len(units)):
        others = np.delete(units, i)
        one, two = _sums(others[: len(others) // 2]), np.sort(_sums(others[len(others) // 2 :]))
        room = total // 2 - one
        fits = np.searchsorted(two, room, side="right") - 1
        best = np.where(fits >= 0, one + two[np.maximum(fits, 0)], -1).max()
        out[i] = 2 * (best + int(units[i])) > total
    return out


def _units(resources: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return resources as whole numbers: themselves where they are whole and small enough, else in parts of 2**-40 of their sum."""
    if (resources == np.floor(resources)).all() and resources.sum() < 2.0**53:
        return resources.astype(np.int64)
    return np.rint(resources / resources.sum() * UNIT).astype(np.int64)


def _sums(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sums of all subsets, shape (2**n,)."""
    out = np.zeros(1, dtype=np.int64)
    for value in values:
        out = np.concatenate([out, out + value])
    return out
