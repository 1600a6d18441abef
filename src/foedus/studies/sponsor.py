"""`sponsor_tie`: one war with a sponsor's tie open, deniable, and cut, on the same random numbers.

Openness is in the model a factor on the strength of a tie, drawn from an assumed interval (``params/ties.toml``), and nothing else: what denial does
to those who would answer is not in it. Judges no sponsor and knows of no tie that the system does not state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from foedus.errors import InvalidSystemError, message
from foedus.scenario.compare import Difference, compare_wars, paired
from foedus.system.lookup import find_ties
from foedus.war.simulate import war

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.nouns import Openness, Tie
    from foedus.system.system import System
    from foedus.war.result import War

ARMS = ("open", "deniable", "cut")


@dataclass(frozen=True)
class SponsorTie:
    """What a sponsor's tie does to a war.

    Attributes
    ----------
    sponsor, group : str
        Ids.
    stated : tuple of str
        How open the system says the tie is; several where several are coded.
    wars : tuple of War
        With the tie open, deniable and cut.
    rows : tuple of (Difference, Difference)
        One pair a quantity: deniable less open, cut less open; both hold the open arm first.
    """

    system: System
    sponsor: str
    group: str
    stated: tuple[str, ...]
    wars: tuple[War, War, War]
    rows: tuple[tuple[Difference, Difference], ...]

    def table(self) -> pl.DataFrame:
        """Return ``quantity, tie, mean, low, high, change, change_low, change_high``: three rows a quantity, changes from the open tie."""
        import polars as pl

        rows = []
        for hidden, cut in self.rows:
            for name, d, k in (("open", None, 0), ("deniable", hidden, 1), ("cut", cut, 1)):
                arm, change = (d or hidden).arms[k], d.change if d else None
                assert arm is not None
                rows.append((
                    hidden.quantity, name, arm.mean, arm.low, arm.high, *((change.mean, change.low, change.high) if change else (None,) * 3)
                ))  # fmt: skip
        numbers = ("mean", "low", "high", "change", "change_low", "change_high")
        schema = {"quantity": pl.String, "tie": pl.String} | dict.fromkeys(numbers, pl.Float64)
        return pl.DataFrame(rows, schema=schema, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        w = self.wars[0]
        return {
            "sponsor": self.sponsor, "group": self.group, "stated": list(self.stated), "attacker": w.attacker, "target": w.target,
            "rows": self.table().to_dicts(), "draws": w.draws, "days": w.days, "seed": w.seed, "standing": "simulated",
            "system": self.system.hash,
        }  # fmt: skip


def sponsor_tie(
    system: System, attacker: str, target: str, *, sponsor: str, group: str, draws: int = 10_000, days: float = 365.0, seed: int = 1,
    workers: int = 1, table: Params | None = None, progress: Callable[[float], None] | None = None,
) -> SponsorTie:  # fmt: skip
    """Return what becomes of a war if a sponsor's tie is open, deniable, or cut.

    Parameters
    ----------
    system : System
    attacker, target : str
        First shot.
    sponsor, group : str
        Whose sponsorship of whom.
    draws, days, seed, workers, table
        As `foedus.war.simulate.war`.
    progress : callable, optional
        Called with the share that is done.

    Returns
    -------
    SponsorTie

    Raises
    ------
    InvalidSystemError
        The system has no sponsorship of the group by the sponsor in force; names those that it has.

    Examples
    --------
    >>> import foedus as fd
    >>> found = sponsor_tie(fd.load("middle-east-2019"), "ISR", "HEZB", sponsor="IRN", group="HEZB", draws=200)
    >>> found.table().filter(tie="deniable")["quantity"][0]
    'IRN is drawn in'
    """
    a, b = system.actor(sponsor).id, system.actor(group).id
    ties = [t for t in find_ties(system, a, b, "sponsorship") if t.in_force(system.date)]
    if not ties:
        raise _no_tie(system, a, b)
    wars: list[War] = []
    for k, arm in enumerate(
        (
            with_openness(system, ties, "open"),
            with_openness(system, ties, "deniable"),
            with_openness(system, ties, None),
        )
    ):

        def tell(share: float, done: int = k) -> None:
            if progress is not None:
                progress((done + share) / len(ARMS))

        wars.append(
            war(arm, attacker, target, draws=draws, days=days, seed=seed, workers=workers, table=table, progress=tell)
        )
    open_, hidden, cut = wars
    return SponsorTie(
        system,
        a,
        b,
        tuple(dict.fromkeys(t.openness for t in ties)),
        (open_, hidden, cut),
        _rows(open_, hidden, cut, a, b),
    )


def with_openness(system: System, ties: Sequence[Tie], openness: Openness | None) -> System:
    """Return the system with some of its ties as open as is said, or without them."""
    chosen = {id(t) for t in ties}
    kept = (t for t in system.ties if openness is not None or id(t) not in chosen)
    return system.with_(ties=tuple(replace(t, openness=openness) if id(t) in chosen else t for t in kept))


def _rows(open_: War, hidden: War, cut: War, sponsor: str, group: str) -> tuple[tuple[Difference, Difference], ...]:
    """Return what is told of the arms: who of the two is drawn in, unless in the first shot, and how wide the war is."""
    both = [compare_wars(open_, other) for other in (hidden, cut)]
    first = {open_.attacker, open_.target}
    pairs = []
    for name in (sponsor, group):
        if name not in first:
            drawn, without = (next(d for d in c.actors if d.actor == name) for c in both)
            text = f"{name} is drawn in"
            pairs.append((replace(drawn, quantity=text), replace(without, quantity=text)))
    if sponsor not in first:
        x = beside(open_, sponsor, group)
        pairs.append(
            tuple(paired(f"{sponsor} is drawn in beside {group}", x, beside(w, sponsor, group)) for w in (hidden, cut))
        )
    return (*pairs, *zip(*(c.rows for c in both), strict=True))


def beside(w: War, actor: str, other: str) -> NDArray[np.bool_]:
    """Return the draws in which an actor is at war on another one's side."""
    mine, yours = (w.side[:, w.system.index[x]] for x in (actor, other))
    return (mine > 0) & (mine == yours)


def _no_tie(system: System, sponsor: str, group: str) -> InvalidSystemError:
    """Return the error for a tie that is not there."""
    there = sorted(f"{t.a}:{t.b}" for t in system.active_ties() if t.reason == "sponsorship")
    return InvalidSystemError(message(
        "Unknown sponsorship", got=f"{sponsor}:{group}, which {system.id} does not state on {system.date}", expected="SPONSOR:GROUP",
        hint=f"in force are {', '.join(there)}" if there else f"{system.id} states no sponsorship",
    ))  # fmt: skip
