"""`alone_or_together`: both sides of the ledger of having allies.

Gains: chance to be attacked, to hold, to be beaten, with none, each and all allies. Costs: what it owes them, and the chance to be drawn into wars
that begin elsewhere with and without its own pledges. Every number is derived or simulated under assumed parameters and carries its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn, nested
from foedus.security.hazard import Threats, threats
from foedus.war.simulate import INNER, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System


@dataclass(frozen=True, slots=True)
class Threat:
    """One adversary: chance a year that it attacks, and that the actor holds, alone and with all its allies."""

    actor: str
    attack_alone: Estimate
    attack_together: Estimate
    hold_alone: Estimate
    hold_together: Estimate


@dataclass(frozen=True, slots=True)
class Ally:
    """One helper: chance that it comes, what only it adds, what is lost without it, and what the actor owes it."""

    actor: str
    comes: Estimate
    hold_only: Estimate
    hold_without: Estimate
    adds: Estimate
    owes: tuple[str, ...]


@dataclass(frozen=True)
class Ledger:
    """The ledger of one actor.

    ``attacked``, ``holds``, ``beaten``: pairs of estimates (alone, together) over all threats considered; chances to be attacked and beaten are a
    year, ``holds`` is given an attack. ``entrapped``: chance to be drawn into a war that begins elsewhere in the system, (without its own pledges,
    with them).
    """

    system: System
    actor: str
    threats: tuple[Threat, ...]
    allies: tuple[Ally, ...]
    attacked: tuple[Estimate, Estimate]
    holds: tuple[Estimate, Estimate]
    beaten: tuple[Estimate, Estimate]
    safer: Estimate
    entrapped: tuple[Estimate, Estimate] | None
    draws: int
    seed: int

    @property
    def adds_most(self) -> str | None:
        """Id of the ally without which the chance to hold falls most; None without allies."""
        return max(self.allies, key=lambda a: a.adds.mean).actor if self.allies else None

    def table(self) -> pl.DataFrame:
        """Return one row a threat."""
        import polars as pl

        names = ("attack_alone", "attack_together", "hold_alone", "hold_together")
        rows = [{"threat": t.actor} | _spread({k: getattr(t, k) for k in names}) for t in self.threats]
        return pl.DataFrame(rows)

    def ally_table(self) -> pl.DataFrame:
        """Return one row an ally."""
        import polars as pl

        names = ("comes", "hold_only", "hold_without", "adds")
        rows = [
            {"ally": a.actor, "owes": ", ".join(a.owes)} | _spread({k: getattr(a, k) for k in names})
            for a in self.allies
        ]
        return pl.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        pairs = {"attacked": self.attacked, "holds": self.holds, "beaten": self.beaten}
        return {
            "actor": self.actor, "standing": "derived under assumed parameters", "draws": self.draws, "seed": self.seed,
            **{k: {"alone": a.to_dict(), "together": b.to_dict()} for k, (a, b) in pairs.items()}, "safer": self.safer.to_dict(),
            "entrapped": None if self.entrapped is None else
            {"without_pledges": self.entrapped[0].to_dict(), "with_pledges": self.entrapped[1].to_dict()},
            "adds_most": self.adds_most, "threats": self.table().to_dicts(), "allies": self.ally_table().to_dicts(), "system": self.system.hash,
        }  # fmt: skip


def alone_or_together(
    system: System, actor: str, *, against: str | Sequence[str] | None = None, draws: int = 400, seed: int = 1, wars: int = 2_000, workers: int = 1,
    table: Params | None = None, drawn_threats: Threats | None = None,
) -> Ledger:  # fmt: skip
    """Return whether an actor is safer with its allies than alone, and what that costs.

    Parameters
    ----------
    system : System
    actor : str
        Name, abbreviation or code.
    against : str or sequence of str, optional
        The threats to consider; by default the likeliest attackers, at most six, each with at least a tenth of the chance of the first.
    draws : int
        Draws of uncertain inputs.
    seed : int
    wars : int
        Simulated wars elsewhere, for entrapment; 0 leaves it out.
    workers : int
        Threads for those.
    table : Params, optional
        Replaces the table of reasons.
    drawn_threats : Threats, optional
        Reuse of `foedus.security.hazard.threats` for several actors of one system.

    Returns
    -------
    Ledger

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    ParameterError
        ``against`` names the actor itself.

    Examples
    --------
    >>> import foedus as fd
    >>> ledger = fd.load("europe-1914").alone_or_together("BEL", against="GMY", draws=50, wars=0)
    >>> ledger.holds[1].mean > ledger.holds[0].mean
    True
    """
    me = system.index[system.actor(actor).id]
    world = drawn_threats or threats(system, seed=seed, draws=draws, table=table)
    allies = world.helpers_of(me)
    alone, together = world.hazard(me, allies=set()), world.hazard(me)
    foes = _foes(system, me, against, together)
    allies = [k for k in allies if foes != [k]]
    hold_alone, hold_together = world.hold(me, allies=set()), world.hold(me)

    rows = tuple(
        Threat(
            system.ids[j],
            drawn(alone[:, j]),
            drawn(together[:, j]),
            drawn(hold_alone[:, j]),
            drawn(hold_together[:, j]),
        )
        for j in foes
    )
    helpers = [_ally(world, me, k, foes, together) for k in allies]
    beaten = tuple(
        _any(h[:, foes] * (1 - hold[:, foes])) for h, hold in ((alone, hold_alone), (together, hold_together))
    )
    return Ledger(
        system, system.ids[me], rows, tuple(sorted(helpers, key=lambda a: -a.adds.mean)),
        (drawn(_any(alone[:, foes])), drawn(_any(together[:, foes]))),
        (drawn(_weighted(hold_alone, together, foes)), drawn(_weighted(hold_together, together, foes))),
        (drawn(beaten[0]), drawn(beaten[1])), drawn(beaten[0] - beaten[1]),
        entrapment(world, me, wars=wars, seed=seed, workers=workers) if wars else None, len(alone), seed,
    )  # fmt: skip


def entrapment(world: Threats, actor: int, *, wars: int, seed: int, workers: int = 1) -> tuple[Estimate, Estimate]:
    """Return the chance to be drawn into a war that begins elsewhere, without and with the actor's own pledges.

    First shots are drawn in proportion to their chance a year; both runs share them and every other number.
    """
    chance = world.matrix.copy()
    chance[actor], chance[:, actor] = 0.0, 0.0
    total = chance.sum()
    n = len(chance)
    if total <= 0:
        nothing = Estimate(0.0, 0.0, 1.0, 0.0)
        return nothing, nothing
    wars = -(-wars // INNER) * INNER
    u = np.random.default_rng(np.random.SeedSequence([seed, 17])).random(wars)
    cell = np.searchsorted(np.cumsum(chance.ravel()) / total, u, side="right").clip(max=n * n - 1)
    shots = (cell // n).astype(np.int64), (cell % n).astype(np.int64)
    sides = [run(world.stage, *shots, seed=seed, workers=workers, mute=mute)[0] for mute in (actor, -1)]
    without, with_ = (nested((s[:, actor, None] > 0), INNER)[0] for s in sides)
    return without, with_


def _foes(system: System, me: int, against: str | Sequence[str] | None, hazard: NDArray[np.float64]) -> list[int]:
    """Return the positions of the threats, likeliest first."""
    if against is None:
        chance = hazard.mean(axis=0)
        order = np.argsort(-chance, kind="stable")[:6]
        return [int(j) for j in order if j != me and chance[j] >= 0.1 * chance[order[0]]]
    names = [against] if isinstance(against, str) else list(against)
    foes = [system.index[system.actor(name).id] for name in names]
    if me in foes:
        raise parameter("against", names, f"others than {system.ids[me]} itself")
    return foes


def _ally(world: Threats, me: int, k: int, foes: list[int], hazard: NDArray[np.float64]) -> Ally:
    """Return what one helper is worth against the threats, weighted by their chance."""
    everyone = _weighted(world.hold(me), hazard, foes)
    without = _weighted(world.hold(me, allies=set(range(len(world.system.actors))) - {k}), hazard, foes)
    only = _weighted(world.hold(me, allies={k}), hazard, foes)
    pledges, ids = world.stage.nouns, world.system.ids
    owes = tuple(sorted({f"{g.type} ({p.name})" for p, g, to in pledges if g.by == ids[me] and to == ids[k]}))
    comes = _weighted(world.helpers[me, k], hazard, foes)
    return Ally(ids[k], drawn(comes), drawn(only), drawn(without), drawn(everyone - without), owes)


def _weighted(values: NDArray[np.float64], hazard: NDArray[np.float64], foes: list[int]) -> NDArray[np.float64]:
    """Return the mean over threats weighted by their chance, shape (n_draws,)."""
    weight = hazard[:, foes]
    return (values[:, foes] * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-300)


def _any(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance of at least one of independent events, shape (n_draws,)."""
    return 1 - np.prod(1 - chances, axis=1)


def _spread(estimates: dict[str, Estimate]) -> dict[str, float]:
    """Return mean and interval as flat columns."""
    out: dict[str, float] = {}
    for name, e in estimates.items():
        out |= {name: e.mean, f"{name}_low": e.low, f"{name}_high": e.high}
    return out
