"""`as_added`: one actor's safety with nobody, and as allies are added one by one.

The same fitted hazards, entry rates and assumed contests as the whole ledger (`foedus.security.ledger`), with only those who have been added counted;
each step on the same draws, so that what an ally adds is a difference with its own interval. The order matters: what the second adds depends on
the first. Nobody else is counted, also not those who would come unasked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn
from foedus.security.hazard import Threats, threats
from foedus.security.ledger import _foes
from foedus.security.spared import Exposed, Spared, any_of, exposed, mean_over, spared

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System

COLUMNS = ("attacked", "holds", "holds_difference", "beaten", "comes", "adds", "spares")


@dataclass(frozen=True, slots=True)
class Rung:
    """One step.

    ``added`` is the ally that came last, None on the first step. ``attacked``, ``beaten``: chances a year; ``holds``, ``holds_difference``: chance to
    hold an attack, in the two forms of the contest. ``comes``: chance that the ally comes; ``adds``: what it adds to holding; ``spares``: what it
    takes from the chance to be attacked and beaten; all three None on the first step.
    """

    added: str | None
    attacked: Estimate
    holds: Estimate
    holds_difference: Estimate
    beaten: Estimate
    comes: Estimate | None = None
    adds: Estimate | None = None
    spares: Estimate | None = None


@dataclass(frozen=True)
class Added:
    """An actor's safety as allies are added, the first step with nobody.

    ``spared``: what all of them together change against being alone, None where none was named.
    """

    system: System
    actor: str
    against: tuple[str, ...]
    rungs: tuple[Rung, ...]
    spared: Spared | None
    draws: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row a step, each number with the ends of its interval."""
        import polars as pl

        rows: list[dict[str, Any]] = []
        for k, r in enumerate(self.rungs):
            row: dict[str, Any] = {"step": k, "added": r.added}
            for name in COLUMNS:
                e: Estimate | None = getattr(r, name)
                row |= {name: e and e.mean, f"{name}_low": e and e.low, f"{name}_high": e and e.high}
            rows.append(row)
        floats = {f"{c}{end}": pl.Float64 for c in COLUMNS for end in ("", "_low", "_high")}
        return pl.DataFrame(rows, schema={"step": pl.Int64, "added": pl.String} | floats)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "actor": self.actor, "against": list(self.against), "steps": self.table().to_dicts(),
            "spared": self.spared and self.spared.to_dict(), "draws": self.draws, "seed": self.seed,
            "standing": "derived: attacks and helpers by fitted models, holding by an assumed contest", "system": self.system.hash,
        }  # fmt: skip


def as_added(
    system: System, actor: str, allies: Sequence[str], *, against: str | Sequence[str] | None = None, draws: int = 400, seed: int = 1,
    table: Params | None = None, drawn_threats: Threats | None = None,
) -> Added:  # fmt: skip
    """Return how safe an actor is with nobody, with the first of some allies, with the first two, and so on.

    Over several threats, chances to hold and to come are means weighted by the chance that each attacks as things are, the same at every step.

    Parameters
    ----------
    system : System
    actor : str
        Name, abbreviation or code.
    allies : sequence of str
        In the order in which they are added; anybody but the actor and the threats, with or without a pledge.
    against : str or sequence of str, optional
        The threats; by default those of `foedus.security.ledger.alone_or_together`.
    draws, seed : int
    table : Params, optional
        Replaces the table of reasons.
    drawn_threats : Threats, optional
        Reuse of `foedus.security.hazard.threats`; its draws are taken.

    Returns
    -------
    Added

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    ParameterError
        An ally stands twice, is the actor itself or one of the threats, or no threat is left.

    Examples
    --------
    >>> import foedus as fd
    >>> found = as_added(fd.load("europe-1914"), "BEL", ["UKG", "FRN"], against="GMY", draws=50)
    >>> [r.added for r in found.rungs], found.rungs[2].holds.mean > found.rungs[0].holds.mean
    ([None, 'UKG', 'FRN'], True)
    """
    me = system.index[system.actor(actor).id]
    order = [system.index[system.actor(a).id] for a in allies]
    world = drawn_threats or threats(system, seed=seed, draws=draws, table=table)
    foes = _foes(system, me, against, world.hazard(me))
    if not foes:
        raise parameter("against", against, "at least one actor")
    for k, ally in enumerate(order):
        if ally == me or ally in foes or ally in order[:k]:
            raise parameter(
                "allies", system.ids[ally], f"each once, and neither {system.ids[me]} nor a threat ({', '.join(system.ids[f] for f in foes)})"
            )  # fmt: skip
    come, weight = world.comes(me)[:, foes, 1].astype(np.float64), world.hazard(me)[:, foes]
    steps = [exposed(world, me, foes, set(order[:k])) for k in range(len(order) + 1)]
    names = tuple(system.ids[a] for a in order)
    return Added(
        system, system.ids[me], tuple(system.ids[f] for f in foes), _rungs(steps, names, [come[:, :, a] for a in order], weight),
        spared(steps[0], steps[-1], weight, names) if names else None, len(world.decisiveness), world.seed,
    )  # fmt: skip


def _rungs(
    steps: Sequence[Exposed], names: Sequence[str], comes: Sequence[NDArray[np.float64]], weight: NDArray[np.float64]
) -> tuple[Rung, ...]:
    """Return the steps as estimates, each but the first with what it changes."""
    held, beaten = [mean_over(x.held, weight) for x in steps], [x.beaten()[0] for x in steps]
    out = []
    for k, x in enumerate(steps):
        change: list[Estimate] = []
        if k:
            change = [
                drawn(mean_over(comes[k - 1], weight)),
                drawn(held[k] - held[k - 1]),
                drawn(beaten[k - 1] - beaten[k]),
            ]
        out.append(
            Rung(
                names[k - 1] if k else None, drawn(any_of(x.risk)), drawn(held[k]), drawn(mean_over(x.held_difference, weight)), drawn(beaten[k]),
                *change,
            )
        )  # fmt: skip
    return tuple(out)
