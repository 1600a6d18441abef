"""Who is weak and rich: frozen records of `foedus.security.weak_and_rich`, their table and plain form. Computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from foedus.estimate.nested import Estimate
    from foedus.system.system import System


@dataclass(frozen=True, slots=True)
class Exposed:
    """One actor; what is not known is None, and so is what rests on it.

    Attributes
    ----------
    against : str or None
        Who could bring most against it: of its neighbours and those hostile to it; None where there is nobody.
    hostile : float or None
        Share of draws in which propensity is against that one.
    ratio : Estimate or None
        Strength that one could bring over the actor's own.
    holds : Estimate or None
        Chance to hold alone against it.
    per_head : Estimate or None
        Product a head, dollars.
    people : float or None
        Millions.
    price : Estimate or None
        Share of its own product that would match the expenditure which the one of its neighbours and enemies that spends most can bring, in the
        units of the series (`foedus.security.means`): before the years round 2011 expenditure and product are in money of different times.
    times : Estimate or None
        That price over the largest share of product that states bear, in the same units: above 1 it is more than they bear.
    unaffordable : float or None
        Share of draws in which that is more than states bear.
    weak, rich : float or None
        Share of draws in which its own strength is less than what is brought, and in which its product a head is in the upper part.
    protector : str or None
        Who would bring most to its help, and ``leans``: its share of all that the actor could count on, itself included.
    """

    actor: str
    name: str
    against: str | None
    hostile: float | None
    ratio: Estimate | None
    holds: Estimate | None
    holds_helped: Estimate | None
    holds_without: Estimate | None
    per_head: Estimate | None
    people: float | None
    price: Estimate | None
    times: Estimate | None
    unaffordable: float | None
    weak: float | None
    rich: float | None
    protector: str | None
    leans: Estimate | None

    @property
    def listed(self) -> bool:
        """Weak and rich, and could not hold alone at a price that states bear: each in more than half of the draws."""
        return all(x is not None and x > 0.5 for x in (self.weak, self.rich, self.unaffordable))


@dataclass(frozen=True, eq=False)
class WeakAndRich:
    """All actors of a system.

    Attributes
    ----------
    lean : dict of str to Estimate or None
        Mean dependence on the largest protector by kind of actor: ``weak and rich``, ``weak, not rich``, ``not weak``; None for a kind without
        anybody.
    difference : Estimate or None
        Mean dependence of the weak and rich less that of the weak who are not rich.
    """

    system: System
    actors: tuple[Exposed, ...]
    lean: dict[str, Estimate | None]
    difference: Estimate | None
    affordable: Estimate
    basis: str
    limits: tuple[str, ...]
    richer_than: float
    draws: int
    seed: int

    @property
    def listed(self) -> tuple[Exposed, ...]:
        """The weak and rich who could not hold alone at a price that states bear, the most outweighed first."""
        found = [a for a in self.actors if a.listed]
        return tuple(sorted(found, key=lambda a: -(a.ratio.mean if a.ratio else 0.0)))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of those of whom it cannot be said, since some number is not known."""
        return tuple(a.actor for a in self.actors if None in {a.weak, a.rich, a.unaffordable})

    def table(self) -> pl.DataFrame:
        """Return one row an actor."""
        import polars as pl

        return pl.DataFrame([_row(a) for a in self.actors], infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "derived under assumed parameters; shares of draws", "date": self.system.date.isoformat(), "basis": self.basis,
            "actors": self.table().to_dicts(), "listed": [a.actor for a in self.listed], "unknown": list(self.unknown),
            "lean": {k: e and e.to_dict() for k, e in self.lean.items()}, "difference": self.difference and self.difference.to_dict(),
            "affordable": self.affordable.to_dict(), "richer_than": self.richer_than, "limits": list(self.limits), "draws": self.draws,
            "seed": self.seed, "system": self.system.hash,
        }  # fmt: skip


def _row(a: Exposed) -> dict[str, Any]:
    """Return one actor as flat columns."""
    row: dict[str, Any] = {"actor": a.actor, "name": a.name, "against": a.against, "hostile": a.hostile}
    for name in ("ratio", "holds", "holds_helped", "holds_without", "per_head", "price", "times", "leans"):
        e: Estimate | None = getattr(a, name)
        row |= {name: e and e.mean, f"{name}_low": e and e.low, f"{name}_high": e and e.high}
    return row | {
        "people": a.people, "unaffordable": a.unaffordable, "weak": a.weak, "rich": a.rich, "protector": a.protector, "listed": a.listed
    }  # fmt: skip
