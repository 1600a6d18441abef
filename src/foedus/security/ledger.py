"""`alone_or_together`: both sides of the ledger of having allies.

Gains: chance to be attacked (fitted onset), that helpers come (fitted rates) and to hold (an assumed contest over who comes, in two forms), with
none, each, some and all. Costs: what it owes them, the wars it is bound to enter for them, and the chance to be drawn into wars that begin
elsewhere with and without its own pledges (simulated). Every number carries its interval. Gives no advice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn, nested
from foedus.obligations.bound import bound as obligations
from foedus.security import alliances
from foedus.security.hazard import Threats, first_shots, threats
from foedus.security.spared import Exposed, Spared, any_of, exposed, mean_over, spared
from foedus.war.simulate import INNER, run

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.security.alliances import AllySet, Share
    from foedus.system.system import System

STANDING = "derived: attacks and helpers by fitted models, holding by an assumed contest"
FOES = 6
"""Threats considered by default, at most."""
OTHERS = 4
"""Helpers listed of those without an obligation: those from whom most strength is expected; all with one are listed."""
VARIANTS = ("nobody armed", "actor not armed", "allies not armed", "threats not armed")


@dataclass(frozen=True, slots=True)
class Threat:
    """One adversary.

    ``attack_alone``, ``attack_together``: chance a year of a war; ``dispute_together`` of a dispute; ``hold_alone``, ``hold_together`` in
    the ratio form of the contest, ``hold_alone_difference`` and ``hold_together_difference`` in the difference form; the parts of its rank, and their
    product. ``helped_by``: who adds most to holding against its attack alone, never the attacker itself, and ``help`` what, None where nobody helps.
    """

    actor: str
    attack_alone: Estimate
    attack_together: Estimate
    hold_alone: Estimate
    hold_together: Estimate
    dispute_together: Estimate
    hold_alone_difference: Estimate
    hold_together_difference: Estimate
    capability: Estimate
    proximity: Estimate
    hostility: Estimate
    record: float
    product: Estimate
    helped_by: str | None = None
    help: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Ally:
    """One helper: chance that it comes, what only it adds, what is lost without it, and what the actor owes it.

    ``joins_foe``: chance that it enters against the actor; ``honoured``: how often such pledges were, None where the attacks call on none;
    ``bound``: wars a year that the actor would be bound to enter for it and enters, None if it owes it no fighting; ``per_bound``: ``adds`` over
    ``bound``, the median of draws.
    """

    actor: str
    comes: Estimate
    joins_foe: Estimate
    hold_only: Estimate
    hold_without: Estimate
    adds: Estimate
    linked: bool
    honoured: Estimate | None
    bound: Estimate | None
    per_bound: Estimate | None
    owes: tuple[str, ...]

    @property
    def turns(self) -> bool:
        """Whether it is likelier to join the foe than to come; what it does there is not in ``adds``."""
        return self.joins_foe.mean > self.comes.mean


@dataclass(frozen=True, slots=True)
class Armed:
    """The actor's chances, with all allies, if some had no nuclear weapons, and the change from how it is."""

    what: str
    attacked: Estimate
    holds: Estimate
    attacked_change: Estimate
    holds_change: Estimate


@dataclass(frozen=True)
class Ledger:
    """The ledger of one actor.

    ``attacked``, ``holds``, ``beaten``: pairs of estimates (alone, together) over all threats considered; chances to be attacked and beaten are a
    year, ``holds`` is given an attack. ``spared``: what everybody who might come changes against being alone; ``pledged``: what those
    whom such an attack binds, or of whom a clause leaves it open, change with nobody else, None where there are none. ``entrapped``: chance to be
    drawn into a war that begins elsewhere in the system, (without its own pledges, with them); ``drawn_in``: their difference on the same wars.
    ``sets``: the sets of helpers that matter; ``dependence``: share of what all helpers add that is lost if the one that adds most stays out.
    ``nuclear``: empty where nobody's weapons count. ``burden``: the actor's alliance.
    """

    system: System
    actor: str
    threats: tuple[Threat, ...]
    allies: tuple[Ally, ...]
    attacked: tuple[Estimate, Estimate]
    holds: tuple[Estimate, Estimate]
    beaten: tuple[Estimate, Estimate]
    spared: Spared
    pledged: Spared | None
    entrapped: tuple[Estimate, Estimate] | None
    drawn_in: Estimate | None
    holds_difference: tuple[Estimate, Estimate]
    sets: tuple[AllySet, ...]
    dependence: Estimate | None
    nuclear: tuple[Armed, ...]
    burden: tuple[Share, ...]
    draws: int
    seed: int

    @property
    def safer(self) -> Estimate:
        """What everybody who might come takes from the chance to be attacked and beaten in a year; its signs in both forms: `spared`."""
        return self.spared.spares

    @property
    def adds_most(self) -> str | None:
        """Id of the ally without which the chance to hold falls most, over all threats together; None without allies.

        It may be one of several threats: then it helps against the others. `Threat.helped_by` says who helps most against each. One that owes nothing
        and is likelier to join the foe is not named where there is another.
        """
        best = _most(self.allies)
        return best.actor if best else None

    @property
    def adds_most_for_its_price(self) -> str | None:
        """Id of the ally that adds most per war that the actor is bound to enter for it; None where it is bound to none."""
        priced = [(a.per_bound.mean, a.actor) for a in self.allies if a.per_bound is not None]
        return max(priced)[1] if priced else None

    def table(self) -> pl.DataFrame:
        """Return one row a threat, that with the greatest product of its parts first."""
        import polars as pl

        names = (
            "attack_alone", "attack_together", "hold_alone", "hold_together", "dispute_together", "hold_alone_difference",
            "hold_together_difference", "capability", "proximity", "hostility", "product",
        )  # fmt: skip
        rows = [
            {"threat": t.actor}
            | _spread({k: getattr(t, k) for k in names})
            | {"record": t.record, "helped_by": t.helped_by}
            | _spread({"help": t.help})
            for t in self.threats
        ]
        return pl.DataFrame(rows)

    def ally_table(self) -> pl.DataFrame:
        """Return one row an ally."""
        import polars as pl

        names = ("comes", "joins_foe", "hold_only", "hold_without", "adds", "honoured", "bound", "per_bound")
        rows = [
            {"ally": a.actor, "linked": a.linked, "owes": ", ".join(a.owes)}
            | _spread({k: getattr(a, k) for k in names})
            for a in self.allies
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        pairs = {
            "attacked": self.attacked,
            "holds": self.holds,
            "holds_difference": self.holds_difference,
            "beaten": self.beaten,
        }
        return {
            "actor": self.actor, "standing": STANDING, "draws": self.draws, "seed": self.seed,
            **{k: {"alone": a.to_dict(), "together": b.to_dict()} for k, (a, b) in pairs.items()}, "safer": self.safer.to_dict(),
            "spared": self.spared.to_dict(), "pledged": self.pledged and self.pledged.to_dict(),
            "entrapped": None if self.entrapped is None or self.drawn_in is None else
            {"without_pledges": self.entrapped[0].to_dict(), "with_pledges": self.entrapped[1].to_dict(), "difference": self.drawn_in.to_dict()},
            "adds_most": self.adds_most, "adds_most_for_its_price": self.adds_most_for_its_price,
            "dependence": self.dependence.to_dict() if self.dependence else None, "threats": self.table().to_dicts(),
            "allies": self.ally_table().to_dicts(),
            "sets": [{"members": list(x.members), "holds": x.holds.to_dict(), "why": x.why} for x in self.sets],
            "nuclear": [{"what": x.what, **{k: getattr(x, k).to_dict() for k in ("attacked", "holds", "attacked_change", "holds_change")}}
                        for x in self.nuclear],
            "burden": [{"actor": x.actor, "resources": x.resources, **{k: getattr(x, k).to_dict() for k in ("size", "gives", "burden")}}
                       for x in self.burden],
            "system": self.system.hash,
        }  # fmt: skip


def alone_or_together(
    system: System, actor: str, *, against: str | Sequence[str] | None = None, draws: int = 400, seed: int = 1, wars: int = 2_000, workers: int = 1,
    table: Params | None = None, drawn_threats: Threats | None = None, nuclear: bool = True, brief: bool = False,
    progress: Callable[[str, float], None] | None = None,
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
    nuclear : bool
        False for the same system if nobody had nuclear weapons.
    brief : bool
        Leaves out sets of helpers, prices, burden shares and the variants of nuclear weapons, and of helpers without an
        obligation lists only one from whom more strength is expected than from any other.
    progress : callable, optional
        Told what is being worked on, and the share that is done.

    Returns
    -------
    Ledger

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    ParameterError
        ``against`` names the actor itself or nobody, fewer than 2 ``draws``, or ``wars`` below 0.

    Examples
    --------
    >>> import foedus as fd
    >>> ledger = fd.load("europe-1914").alone_or_together("BEL", against="GMY", draws=50, wars=0)
    >>> ledger.holds[1].mean > ledger.holds[0].mean
    True
    """
    if wars < 0:
        raise parameter("wars", wars, "an integer of at least 0")
    me, tell = system.index[system.actor(actor).id], progress or (lambda *_: None)
    world = drawn_threats or threats(system, seed=seed, draws=draws, table=table, nuclear=nuclear)
    together = world.hazard(me)
    foes = _foes(system, me, against, together)
    if not foes:
        raise parameter("against", against, "at least one actor")
    tell("alone and with everybody", 0.05)
    weight, alone, with_all = together[:, foes], exposed(world, me, foes, set()), exposed(world, me, foes, None)
    bound = _called(system, me, foes)
    tell("with those who are bound", 0.2)
    pledged = spared(alone, exposed(world, me, foes, bound), weight, _names(system, bound)) if bound else None
    helpers, gains = _allies(world, me, foes, weight, with_all.held, bound, brief=brief, tell=tell)
    tell("wars elsewhere", 0.75)
    cost = entrapment(world, me, wars=wars, seed=seed, workers=workers) if wars else None
    tell("sets of helpers, weapons, burden", 0.9)
    best = _most(helpers)
    most = system.index[best.actor] if best else None
    every, nobody = spared(alone, with_all, weight, None), spared(alone, alone, weight, ())
    return Ledger(
        system, system.ids[me], _threats(world, me, foes, alone, with_all, gains), helpers, (nobody.attacked, every.attacked),
        (nobody.holds, every.holds), (nobody.beaten, every.beaten), every, pledged, cost[:2] if cost else None, cost[2] if cost else None,
        (nobody.holds_difference, every.holds_difference), () if brief else alliances.sets_that_matter(world, me, foes, weight),
        None if most is None else _dependence(world, me, foes, weight, (alone.held, with_all.held), most),
        () if brief else _nuclear(world, me, foes, [system.index[a.actor] for a in helpers]),
        () if brief else alliances.alliance_burden(world, me, foes), len(weight), seed,
    )  # fmt: skip


def _most(allies: Sequence[Ally]) -> Ally | None:
    """Return the ally that adds most, of those who owe something or are likelier to come than to join the foe, if there are any."""
    some = [a for a in allies if a.linked or not a.turns]
    return max(some or allies, key=lambda a: a.adds.mean, default=None)


def _called(system: System, me: int, foes: list[int]) -> set[int]:
    """Return those whom an attack by one of the threats binds to help the actor, or of whom a clause leaves it open; not the threats."""
    attacks = [obligations(system, system.ids[j], system.ids[me]).rows for j in foes]
    owing = {
        r.actor for rows in attacks for r in rows if r.ally == system.ids[me] and r.verdict in {"bound", "undetermined"}
    }
    return {system.index[a] for a in owing} - set(foes)


def _names(system: System, some: Collection[int]) -> tuple[str, ...]:
    """Return ids of positions, in order."""
    return tuple(system.ids[k] for k in sorted(some))


def _threats(
    world: Threats, me: int, foes: list[int], alone: Exposed, together: Exposed, gains: dict[int, NDArray[np.float64]]
) -> tuple[Threat, ...]:
    """Return the threats, that with the greatest product of its parts first; equal ones by their chance to attack."""
    parts = alliances.parts_of_threat(world, me)
    dispute = world.hazard(me, what="disputes")
    come, linked = world.comes(me)[:, foes].astype(np.float64).mean(axis=0), set(world.helpers_of(me))
    rows = []
    for f, j in enumerate(foes):
        part = {k: v[:, j] for k, v in parts.items()}
        likely = [k for k in gains if k != j and (k in linked or come[f, 1, k] >= come[f, 0, k])]
        best = max(likely, key=lambda k: gains[k][:, f].mean(), default=None)
        rows.append(
            Threat(
                world.system.ids[j], drawn(alone.risk[:, f]), drawn(together.risk[:, f]), drawn(alone.held[:, f]), drawn(together.held[:, f]),
                drawn(dispute[:, j]), drawn(alone.held_difference[:, f]), drawn(together.held_difference[:, f]),
                drawn(part["capability"]), drawn(part["proximity"]), drawn(part["hostility"]),
                float(part["record"][0]), drawn(part["product"]), None if best is None else world.system.ids[best],
                None if best is None else drawn(gains[best][:, f]),
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda t: (-t.product.mean, -t.attack_together.mean)))


def _allies(
    world: Threats, me: int, foes: list[int], weight: NDArray[np.float64], held: NDArray[np.float64], called: set[int], *, brief: bool,
    tell: Callable[[str, float], None],
) -> tuple[tuple[Ally, ...], dict[int, NDArray[np.float64]]]:  # fmt: skip
    """Return the helpers, that which adds most first, and what each adds to holding against each threat, arrays (n_draws, threats)."""
    come = world.comes(me)[:, foes].astype(np.float64)
    chance = [mean_over(come[:, :, side], weight[:, :, None]) for side in (0, 1)]
    linked = [k for k in world.helpers_of(me) if foes != [k]]
    order = [int(k) for k in world.most_help(me, foes) if k not in {me, *foes}]
    others = [k for k in order if k not in linked]
    likely = [k for k in order if k in linked or chance[1][:, k].mean() >= chance[0][:, k].mean()]
    kept = [*linked, *([k for k in (likely or order)[:1] if k in others] if brief else others[:OTHERS])]
    rates = alliances.honoured(world, me)
    everyone, all_ = mean_over(held, weight), set(range(len(world.system.actors)))
    ids, rows, gains = world.system.ids, [], {}
    for step, k in enumerate(kept):
        tell("each helper", 0.25 + 0.5 * step / len(kept))
        out = world.hold(me, allies=all_ - {k}, against=foes)
        without, gains[k] = mean_over(out, weight), held - out
        only = mean_over(world.hold(me, allies={k}, against=foes), weight)
        adds = everyone - without
        owes = {(g.type, p.name) for p, g, to in world.stage.nouns if g.by == ids[me] and to == ids[k]}
        fights = any(kind in {"defense", "offense"} for kind, _ in owes)
        bound = world.bound_wars(me, k) if fights and not brief else None
        priced = bound is not None and bound.mean() > 0
        rows.append(
            Ally(
                ids[k], drawn(chance[1][:, k]), drawn(chance[0][:, k]), drawn(only), drawn(without), drawn(adds), k in linked,
                drawn(rates[k]) if k in rates and k in called else None, drawn(bound) if bound is not None else None,
                _median(adds / np.maximum(bound, 1e-300)) if priced and bound is not None else None,
                tuple(sorted(f"{kind} ({name})" for kind, name in owes)),
            )
        )  # fmt: skip
    if len(foes) > 1 and not brief:  # one attacker may help against another
        gains |= {j: held - world.hold(me, allies=all_ - {j}, against=foes) for j in foes if j not in gains}
    return tuple(sorted(rows, key=lambda a: -a.adds.mean)), gains


def _median(values: NDArray[np.float64]) -> Estimate:
    """Return the median as centre, for ratios whose mean a few draws would make."""
    spread = drawn(values)
    return replace(spread, mean=float(np.median(values)))


def _dependence(
    world: Threats, me: int, foes: list[int], weight: NDArray[np.float64], held: tuple[NDArray[np.float64], NDArray[np.float64]], most: int
) -> Estimate:  # fmt: skip
    """Return the share of what all helpers add to holding that is lost without the one that adds most."""
    rest = set(range(len(world.system.actors))) - {most}
    without = mean_over(world.hold(me, allies=rest, against=foes), weight)
    none, all_ = (mean_over(x, weight) for x in held)
    gain = all_ - none
    return drawn(np.clip(np.where(gain > 1e-12, (all_ - without) / np.maximum(gain, 1e-12), 0.0), 0.0, 1.0))


def _nuclear(world: Threats, me: int, foes: list[int], helpers: list[int]) -> tuple[Armed, ...]:
    """Return how the chances differ if some had no nuclear weapons; each only where they might have them."""
    groups = dict(zip(VARIANTS, (list(range(len(world.system.actors))), [me], helpers, foes), strict=True))
    now = any_of(world.hazard(me)[:, foes]), mean_over(world.hold(me, against=foes), world.hazard(me)[:, foes])
    out = []
    for name, group in groups.items():
        if not world.arms.armed[:, group].any():
            continue
        other = replace(world, arms=world.arms.without(group), _kept={"support": world.support_kept()})
        risk = other.hazard(me)[:, foes]
        then = any_of(risk), mean_over(other.hold(me, against=foes), risk)
        out.append(Armed(name, drawn(then[0]), drawn(then[1]), drawn(then[0] - now[0]), drawn(then[1] - now[1])))
    return tuple(out)


def entrapment(
    world: Threats, actor: int, *, wars: int, seed: int, workers: int = 1
) -> tuple[Estimate, Estimate, Estimate]:
    """Return the chance to be drawn into a war that begins elsewhere, without and with the actor's own pledges, and the difference.

    First shots are drawn in proportion to their chance a year; both runs share them and every other number.
    """
    chance = world.matrix.copy()
    chance[actor], chance[:, actor] = 0.0, 0.0
    if chance.sum() <= 0:
        nothing = Estimate(0.0, 0.0, 1.0, 0.0)
        return nothing, nothing, Estimate(0.0, -1.0, 1.0, 0.0)
    wars = -(-wars // INNER) * INNER
    u = np.random.default_rng(np.random.SeedSequence([seed, 17])).random(wars)
    shots = first_shots(chance, world.system.ids, u)
    sides = [run(world.stage, *shots, seed=seed, workers=workers, mute=mute)[0] for mute in (actor, -1)]
    bare, full = (s[:, actor] > 0 for s in sides)
    without, with_ = (nested(c[:, None], INNER)[0] for c in (bare, full))
    return without, with_, nested((full.astype(np.float64) - bare)[:, None], INNER, shares=False)[0]


def _foes(system: System, me: int, against: str | Sequence[str] | None, hazard: NDArray[np.float64]) -> list[int]:
    """Return the positions of the threats, likeliest first."""
    if against is None:
        chance = hazard.mean(axis=0)
        order = np.argsort(-chance, kind="stable")[:FOES]
        return [int(j) for j in order if j != me and chance[j] >= 0.1 * chance[order[0]]]
    names = [against] if isinstance(against, str) else list(against)
    foes = [system.index[system.actor(name).id] for name in names]
    if me in foes:
        raise parameter("against", names, f"others than {system.ids[me]} itself")
    return foes


def _spread(estimates: dict[str, Estimate | None]) -> dict[str, float | None]:
    """Return mean and interval as flat columns; what does not apply is None."""
    out: dict[str, float | None] = {}
    for name, e in estimates.items():
        out |= {name: e and e.mean, f"{name}_low": e and e.low, f"{name}_high": e and e.high}
    return out
