"""`fight`: who would fight how much in the war of a system, and what a change of its network would do, with intervals.

Enemies are those with a tie of war in force, weighted by its strength; allies are two who help each other in fact: a sponsor and its client, an
intervener and the one it helps, the members of an alignment. The spill-overs ``beta`` and ``gamma`` were estimated on the Second Congo War [KRTZ2017]_;
everywhere else they are an extrapolation, which every output says. Draws run through the ties and both parameters, and stay paired when the system is
edited. Computes no outcome, casualties or duration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import params as parameters
from foedus.errors import CoverageError, InvalidSystemError, message, parameter
from foedus.kernels import fighting as kernel
from foedus.kernels import streams
from foedus.security.fighting import Equilibrium, FightingNetwork, Floats, fighting_equilibrium
from foedus.security.fighting_edits import Embargo, FightingEdit, Pacify, Remove
from foedus.system.propensity import tie_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from foedus.params import Params
    from foedus.system.system import System
    from foedus.system.values import Quantity

STANDING = (
    "derived: an equilibrium of a model; beta and gamma were estimated on 80 armed groups of the Second Congo War, so that their use here is an extrapolation"
)
HELP = ("sponsorship", "alignment", "intervention")
"""What makes two actors allies in a war: help in fact. A pledge on paper and a shared interest do not."""


@dataclass(frozen=True, slots=True)
class Ranged:
    """A number at the central inputs, with its 90 % interval over draws of them."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, draws: Floats) -> Ranged:
        """Return the number with the interval of its draws."""
        low, high = np.quantile(draws, [0.05, 0.95]) if len(draws) else (np.nan, np.nan)
        return cls(float(value), float(low), float(high))

    @property
    def mean(self) -> float:
        """The value, under the name that an `foedus.estimate.nested.Estimate` has for its own."""
        return self.value

    def to_dict(self) -> dict[str, float]:
        """Return a plain form."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, eq=False)
class Effect:
    """What one change does to the sum of all efforts, as a share of the sum without it; below 0 there is less fighting.

    ``own`` is the part of the fighting that the removed put in themselves: an effect beyond it comes from the others. ``draws`` is in how many draws
    both worlds have an equilibrium; None as ``change`` means that the changed world has none at the central inputs.
    """

    edit: FightingEdit
    change: Ranged | None
    own: Ranged | None
    draws: int

    def row(self) -> dict[str, Any]:
        """Return one flat row."""
        out: dict[str, Any] = {"change": self.edit.describe(), "kind": type(self.edit).__name__.lower(), "draws": self.draws}
        for name, e in (("effect", self.change), ("own", self.own)):
            out |= {name: e.value if e else None, f"{name}_low": e.low if e else None, f"{name}_high": e.high if e else None}
        return out


@dataclass(frozen=True, eq=False)
class Fight:
    """The fighting equilibrium of a system's war under uncertain ties and parameters.

    Attributes
    ----------
    equilibrium : Equilibrium
        At the published parameters and the middle of each tie.
    effort_share, share : tuple of Ranged
        Of all efforts, and of all performances, by group.
    dissipation : Ranged
        Cost of all efforts as a share of the prize.
    effects : tuple of Effect
        Changes, most reducing first; empty if not asked for.
    without : float
        Share of draws that have no equilibrium of this kind; intervals hold given the others.
    fringe : tuple of str
        Those in the same war with one enemy alone in its core, left out.
    other_wars : tuple of tuple of str
        Those at war elsewhere in the system, who are left out.
    backers : tuple of str
        Sponsors of those who fight, themselves not at war here: not counted.
    totals : float64 array, shape (n_draws,)
        Sum of efforts by draw, nan without equilibrium.
    """

    system: System
    worlds: Worlds
    equilibrium: Equilibrium
    effort_share: tuple[Ranged, ...]
    share: tuple[Ranged, ...]
    dissipation: Ranged
    effects: tuple[Effect, ...]
    without: float
    fringe: tuple[str, ...]
    other_wars: tuple[tuple[str, ...], ...]
    backers: tuple[str, ...]
    totals: Floats
    seed: int

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.totals)

    @property
    def key(self) -> str | None:
        """Id of the one whose removal lowers the fighting most; None where none was tried."""
        return next((e.edit.groups[0] for e in self.effects if isinstance(e.edit, Remove) and len(e.edit.groups) == 1 and e.change), None)

    def effect(self, edit: FightingEdit) -> Effect:
        """Return what one change of the network does; an `Embargo` without a factor draws the assumed one."""
        return self.worlds.effect(edit)

    def against(self, other: Fight) -> Ranged:
        """Return the relative change of the sum of efforts from this fight to that of an edited system, on the same draws.

        Raises
        ------
        ParameterError
            The two have not the same draws and seed.
        """
        if (self.draws, self.seed) != (other.draws, other.seed):
            raise parameter("other", f"{other.draws} draws, seed {other.seed}", f"{self.draws} draws, seed {self.seed}")
        both = np.isfinite(self.totals) & np.isfinite(other.totals)
        change = other.totals[both] / self.totals[both] - 1
        return Ranged.of(other.equilibrium.total / self.equilibrium.total - 1, change)

    def table(self) -> pl.DataFrame:
        """Return one row a group, greatest effort first."""
        import polars as pl

        e, rows = self.equilibrium, []
        for k, name in enumerate(e.network.names):
            row = {"actor": name, "enemies": int((e.network.enemy[k] > 0).sum()), "allies": int((e.network.allied[k] > 0).sum())}
            for label, r in (("effort_share", self.effort_share[k]), ("share", self.share[k])):
                row |= {label: r.value, f"{label}_low": r.low, f"{label}_high": r.high}
            rows.append(row | {"payoff": float(e.payoff[k])})
        return pl.DataFrame(rows).sort("effort_share", descending=True, maintain_order=True)

    def effect_table(self) -> pl.DataFrame:
        """Return one row a change, most reducing first."""
        import polars as pl

        schema = {"change": pl.String, "kind": pl.String, "draws": pl.Int64}
        numbers = [f"{k}{end}" for k in ("effect", "own") for end in ("", "_low", "_high")]
        return pl.DataFrame([e.row() for e in self.effects], schema=schema | dict.fromkeys(numbers, pl.Float64))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        e = self.equilibrium
        facts = {k: getattr(e, k) for k in ("beta", "gamma", "lam", "gain", "defeat", "all_fight", "one", "bound")}
        return {
            "actors": self.table().to_dicts(), "dissipation": self.dissipation.to_dict(), "effects": self.effect_table().to_dicts(), "key": self.key,
            "without_equilibrium": self.without, "fringe": list(self.fringe), "other_wars": [list(w) for w in self.other_wars], "backers": list(self.backers),
            "draws": self.draws, "seed": self.seed, "standing": STANDING, "system": self.system.hash, **facts,
        }  # fmt: skip


def fight(
    system: System, *, actors: Sequence[str] | None = None, around: str | None = None, whole: bool = False, help_by: Sequence[str] = HELP, edits: bool = True,
    pairs: int = 0, draws: int = 400, seed: int = 1, table: Params | None = None,
) -> Fight:  # fmt: skip
    """Return who would fight how much in a war of the system, and what removing, pacifying or embargoing would change.

    Parameters
    ----------
    system : System
    actors : sequence of str, optional
        Who fights. By default the core of the war with most actors: those at war with two or more others of the core, so that who has one enemy alone
        is left out (`wars_of`); where a war has no such core, all in it.
    around : str, optional
        Take the war that this actor is in instead.
    whole : bool
        Take the whole war, also those with one enemy in it.
    help_by : sequence of str
        What makes allies: some of ``sponsorship``, ``alignment``, ``intervention``, ``defense``, ``offense``, ``interest``.
    edits : bool
        Whether to try every removal, pacification and embargo.
    pairs : int
        How many pairs to remove, of those whose removal reduces the fighting most at the central inputs.
    draws, seed : int
    table : Params, optional
        Replaces the table of reasons, for the strength of alignments.

    Returns
    -------
    Fight

    Raises
    ------
    CoverageError
        No tie of war is in force, or none that ``around`` has part in.
    InvalidSystemError
        No equilibrium of this kind at the central inputs, with the actor that breaks it.
    ParameterError
        An unknown kind of help, fewer than two actors, or fewer than 20 draws.

    Examples
    --------
    >>> import foedus as fd
    >>> war = fd.fight(fd.load("middle-east-2015"), around="SYR", draws=50, edits=False)
    >>> war.dissipation.low < war.dissipation.value < war.dissipation.high
    True
    """
    if draws < 20 or pairs < 0:
        raise parameter("draws", draws, "at least 20, with pairs of at least 0")
    if unknown := sorted(set(help_by) - set(_KINDS)):
        raise parameter("help_by", unknown, f"some of {', '.join(_KINDS)}")
    wars = wars_of(system)
    chosen, fringe = _chosen(system, wars, actors, around, whole)
    drawn = network_of(system, chosen, help_by=help_by, draws=draws, seed=seed, table=table)
    if not (drawn.enemy.any() or drawn.allied.any()):
        hint = "name actors that are at war or help one another, or add ties of war (change_tie)"
        raise CoverageError(message("Nothing ties those who are to fight", got=", ".join(chosen), expected="a tie of war or of help", hint=hint))
    beta, gamma = spillovers(draws, seed)
    estimate = parameters.load("fighting").extra
    central = network_of(system, chosen, help_by=help_by, table=table)
    base = fighting_equilibrium(central, beta=estimate["joint.beta"], gamma=estimate["joint.gamma"])
    worlds = Worlds(central, drawn, base, beta, gamma, seed)
    efforts, good = worlds.efforts, worlds.good
    whole = efforts[good].sum(axis=1)
    shares = worlds.performances[good] / worlds.performances[good].sum(axis=1, keepdims=True)
    return Fight(
        system, worlds, base,
        tuple(Ranged.of(base.effort[k] / base.total, efforts[good, k] / whole) for k in range(len(chosen))),
        tuple(Ranged.of(base.share[k], shares[:, k]) for k in range(len(chosen))),
        Ranged.of(base.dissipation, (drawn.cost * efforts)[good].sum(axis=1)),
        worlds.ranked(pairs=pairs) if edits else (),
        float(1 - good.mean()),
        fringe, tuple(w for w in wars if not set(w) & set(chosen)),
        tuple(sorted({a for c in chosen for a in system.sponsors(c)} - set(chosen))),
        efforts.sum(axis=1), seed,
    )  # fmt: skip


def spillovers(draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return draws of ``beta`` and ``gamma``, jointly normal as estimated, shape (draws,) each; those below 0 count as 0."""
    from scipy.special import ndtri

    e = parameters.load("fighting").extra
    z = ndtri(streams.uniforms(seed, streams.keys_of(["param:fighting.beta", "param:fighting.gamma"]), draws))
    r = e["joint.correlation"]
    beta = e["joint.beta"] + e["joint.beta_se"] * z[:, 0]
    gamma = e["joint.gamma"] + e["joint.gamma_se"] * (r * z[:, 0] + np.sqrt(1 - r**2) * z[:, 1])
    return np.maximum(beta, 0.0), np.maximum(gamma, 0.0)


def wars_of(system: System) -> tuple[tuple[str, ...], ...]:
    """Return the sets of actors joined by ties of war in force, most actors first, each in the system's order."""
    joined: dict[str, set[str]] = {}
    for tie in system.active_ties():
        if tie.reason == "war":
            both = joined.get(tie.a, {tie.a}) | joined.get(tie.b, {tie.b})
            joined |= dict.fromkeys(both, both)
    found = {tuple(a for a in system.ids if a in w) for w in joined.values()}
    return tuple(sorted(found, key=lambda w: (-len(w), system.index[w[0]])))


def core_of(system: System, war: Sequence[str]) -> tuple[str, ...]:
    """Return those of a war who are at war with two or more others of the core, in the system's order; all of them if there is no core."""
    foes: dict[str, set[str]] = {a: set() for a in war}
    for tie in system.active_ties():
        if tie.reason == "war" and tie.a in foes and tie.b in foes:
            foes[tie.a].add(tie.b)
            foes[tie.b].add(tie.a)
    core = set(war)
    while loose := {a for a in core if len(foes[a] & core) < 2}:
        core -= loose
    return tuple(a for a in war if a in core) or tuple(war)


def _chosen(
    system: System, wars: tuple[tuple[str, ...], ...], actors: Sequence[str] | None, around: str | None, whole: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of those who fight, and of those in the same war who are left out."""
    if actors is not None:
        named = {system.actor(a).id for a in actors}
        if len(named) < 2:
            raise parameter("actors", list(actors), "two actors or more")
        return tuple(a for a in system.ids if a in named), ()
    centre = None if around is None else system.actor(around).id
    if centre is not None:
        wars = tuple(w for w in wars if centre in w)
    if not wars:
        hint = "name those who fight with actors=, or add ties of war to the system (change_tie)"
        who = f" that {around} has part in" if around else ""
        raise CoverageError(message(f"No war{who} is coded as in progress on {system.date}", got=system.id, hint=hint))
    core = wars[0] if whole else core_of(system, wars[0])
    if centre is not None and centre not in core:
        core = wars[0]
    return core, tuple(a for a in wars[0] if a not in core)


_KINDS = ("sponsorship", "alignment", "intervention", "defense", "offense", "interest")


def network_of(
    system: System, actors: Sequence[str], *, help_by: Sequence[str] = HELP, draws: int | None = None, seed: int = 1, table: Params | None = None,
) -> FightingNetwork:  # fmt: skip
    """Return the network of some actors of a system: at the middle of its uncertain ties, or with a leading axis of draws."""
    where, n = {a: k for k, a in enumerate(actors)}, len(actors)
    lead = () if draws is None else (draws,)
    allied, enemy = np.zeros((*lead, n, n)), np.zeros((*lead, n, n))
    for into, a, b, key, low_high in _ties(system, help_by, table):
        if a in where and b in where:
            u = np.array(0.5) if draws is None else streams.uniforms(seed, streams.keys_of([key]), draws)[:, 0]
            i, j, to = where[a], where[b], enemy if into == "enemy" else allied
            to[..., i, j] = to[..., j, i] = np.maximum(to[..., i, j], np.clip(low_high(u), 0.0, 1.0))
    return FightingNetwork(tuple(actors), np.where(enemy > 0, 0.0, allied), enemy, np.ones((*lead, n)), np.zeros((*lead, n)))


def _ties(system: System, help_by: Sequence[str], table: Params | None) -> Iterator[tuple[str, str, str, str, Any]]:
    """Yield (enemy or allied, a, b, key of its draws, weight as a function of a uniform) of every tie that counts."""
    for tie in system.active_ties():
        if tie.reason == "war":
            yield "enemy", tie.a, tie.b, tie_key(tie), lambda u, s=tie.strength: -s.at(u)
        elif tie.reason in help_by:
            yield "allied", tie.a, tie.b, tie_key(tie), lambda u, s=tie.strength: s.at(u)
    ties, trust = table or parameters.load("ties"), parameters.load("reliability")
    era = "until_1944" if system.date.year <= 1944 else "from_1945"
    for pact in system.active_pacts():
        if pact.kind == "alignment" and "alignment" in help_by:
            weight = _weight(pact.strength, ties["derived.pact.alignment"])
            members = pact.active_members(system.date)
            yield from (("allied", a, b, f"pact:{pact.id}", weight) for a in members for b in members if a < b)
    for pact, pledge, to in system.pledges():
        if pact.kind == "intervention" and "intervention" in help_by:
            p = trust["intervention.any"]
        elif pact.kind != "intervention" and pledge.type in help_by:
            p = trust["guarantee.any" if pact.kind == "guarantee" else f"defense.{era}"]
        else:
            continue
        yield "allied", pledge.by, to, f"honour:{pact.id}:{pledge.by}:{to}:{pledge.type}", _weight(None, p)


def _weight(given: Quantity | None, otherwise: parameters.Param) -> Any:
    """Return a weight as a function of a uniform."""
    if given is not None:
        return given.at
    return lambda u: otherwise.low + (otherwise.high - otherwise.low) * u


@dataclass(frozen=True, eq=False)
class Worlds:
    """A network at its central inputs and in draws, with what any edit of it does."""

    central: FightingNetwork
    drawn: FightingNetwork
    base: Equilibrium
    beta: Floats
    gamma: Floats
    seed: int

    def __post_init__(self) -> None:
        found = self._solved(self.drawn)
        object.__setattr__(self, "efforts", found.effort)
        object.__setattr__(self, "performances", found.performance)
        object.__setattr__(self, "good", found.code == kernel.SOLVED)

    efforts: Floats = None  # type: ignore[assignment]
    performances: Floats = None  # type: ignore[assignment]
    good: Any = None

    def _solved(self, network: FightingNetwork) -> kernel.Solution:
        """Return the equilibria of a drawn network."""
        m = kernel.matrix(network.allied, network.enemy, self.beta, self.gamma)
        return kernel.solve(m, network.cost, network.shift, self.base.prize)

    def at_centre(self, edit: FightingEdit) -> float | None:
        """Return the relative change of the sum of efforts at the central inputs, None without an equilibrium."""
        try:
            other = fighting_equilibrium(edit.apply(self.central), beta=self.base.beta, gamma=self.base.gamma, prize=self.base.prize)
        except InvalidSystemError:
            return None
        return other.total / self.base.total - 1

    def effect(self, edit: FightingEdit) -> Effect:
        """Return what an edit does."""
        drawn = edit
        if isinstance(edit, Embargo) and edit.factor is None:
            table = parameters.load("fighting")
            edit, drawn = (replace(edit, factor=f) for f in (table["embargo.factor"].centre, table.draws("embargo.factor", self.seed, len(self.beta))))
        value, found = self.at_centre(edit), self._solved(drawn.apply(self.drawn))
        both = self.good & (found.code == kernel.SOLVED)
        whole = self.efforts[both].sum(axis=1)
        change = Ranged.of(value, found.effort[both].sum(axis=1) / whole - 1) if value is not None and both.any() else None
        own = None
        if isinstance(edit, Remove):
            gone = [self.central.position(g) for g in edit.groups]
            own = Ranged.of(self.base.effort[gone].sum() / self.base.total, self.efforts[both][:, gone].sum(axis=1) / whole)
        return Effect(edit, change, own, int(both.sum()))

    def ranked(self, *, pairs: int) -> tuple[Effect, ...]:
        """Return every removal, pacification and embargo and some pairs, most reducing first."""
        names = self.central.names
        found = [self.effect(Remove((g,))) for g in names] if len(names) > 2 else []
        both = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
        if pairs and len(names) > 3:
            tried = {p: self.at_centre(Remove(p)) for p in both}
            best = sorted((p for p in both if tried[p] is not None), key=lambda p: tried[p])[:pairs]  # type: ignore[arg-type, return-value]
            found += [self.effect(Remove(p)) for p in best]
        at = self.central.position
        found += [self.effect(Pacify(a, b)) for a, b in both if self.central.enemy[at(a), at(b)] > 0]
        found += [self.effect(Embargo(g)) for g in names]
        return tuple(sorted(found, key=lambda e: e.change.value if e.change else np.inf))
