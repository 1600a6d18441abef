"""`fight`: who would fight how much in the war of a system, and what a change of its network would do, with intervals.

Enemies are those with a tie of war in force, weighted by its strength; allies are two who help each other in fact: a sponsor and its client, an
intervener and the one it helps, the members of an alignment. The spill-overs ``beta`` and ``gamma`` were estimated on the Second Congo War
[KRTZ2017]_; everywhere else they are an extrapolation, which every output says. Draws run through the ties and both parameters, and stay paired when
the system is edited. Computes no outcome, casualties or duration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import params as parameters
from foedus.errors import CoverageError, InvalidSystemError, message, parameter
from foedus.security.fighting import Equilibrium, Floats, fighting_equilibrium
from foedus.security.fighting_edits import FightingEdit, Remove
from foedus.security.fighting_system import HELP, KINDS, core_of, network_of, wars_of
from foedus.security.fighting_worlds import FEWEST, Effect, Ranged, Worlds, spillovers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from foedus.params import Params
    from foedus.system.system import System

STANDING = (
    "derived: an equilibrium of a model; beta and gamma were estimated on 80 armed groups of the Second Congo War, so that their use here is an "
    "extrapolation"
)


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
        Those joined to the war by one enemy alone, and those joined to it through them; left out.
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
        return next(
            (
                e.edit.groups[0]
                for e in self.effects
                if isinstance(e.edit, Remove) and len(e.edit.groups) == 1 and e.change
            ),
            None,
        )

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
            row = {
                "actor": name,
                "enemies": int((e.network.enemy[k] > 0).sum()),
                "allies": int((e.network.allied[k] > 0).sum()),
            }
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
            "actors": self.table().to_dicts(), "dissipation": self.dissipation.to_dict(), "effects": self.effect_table().to_dicts(),
            "key": self.key, "without_equilibrium": self.without, "fringe": list(self.fringe), "other_wars": [list(w) for w in self.other_wars],
            "backers": list(self.backers),
            "draws": self.draws, "seed": self.seed, "standing": STANDING, "system": self.system.hash, **facts,
        }  # fmt: skip


def fight(
    system: System, *, actors: Sequence[str] | None = None, around: str | None = None, whole: bool = False, help_by: Sequence[str] = HELP,
    edits: bool = True, pairs: int = 0, draws: int = 400, seed: int = 1, table: Params | None = None,
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
    if unknown := sorted(set(help_by) - set(KINDS)):
        raise parameter("help_by", unknown, f"some of {', '.join(KINDS)}")
    wars = wars_of(system)
    chosen, fringe = _chosen(system, wars, actors, around, whole)
    drawn = network_of(system, chosen, help_by=help_by, draws=draws, seed=seed, table=table)
    if not (drawn.enemy.any() or drawn.allied.any()):
        hint = "name actors that are at war or help one another, or add ties of war (change_tie)"
        raise CoverageError(
            message(
                "Nothing ties those who are to fight",
                got=", ".join(chosen),
                expected="a tie of war or of help",
                hint=hint,
            )
        )
    beta, gamma = spillovers(draws, seed)
    estimate = parameters.load("fighting").extra
    central = network_of(system, chosen, help_by=help_by, table=table)
    base = fighting_equilibrium(central, beta=estimate["joint.beta"], gamma=estimate["joint.gamma"])
    worlds = Worlds(central, drawn, base, beta, gamma, seed)
    efforts, good = worlds.efforts, worlds.good
    if good.sum() < FEWEST:
        hint = "fewer enemies (actors=), or more draws"
        got = f"{good.sum()} of {draws} draws with an equilibrium"
        raise InvalidSystemError(
            message("Too few worlds have an equilibrium of this kind", got=got, expected=f"{FEWEST} or more", hint=hint)
        )
    whole = efforts[good].sum(axis=1)
    shares = worlds.found.performance[good] / worlds.found.total[good, None]
    return Fight(
        system, worlds, base,
        tuple(Ranged.of(base.effort[k] / base.total, efforts[good, k] / whole) for k in range(len(chosen))),
        tuple(Ranged.of(base.share[k], shares[:, k]) for k in range(len(chosen))),
        Ranged.of(base.dissipation, (drawn.cost * efforts)[good].sum(axis=1)),
        worlds.ranked(pairs=pairs) if edits else (),
        float(1 - good.mean()),
        fringe, tuple(w for w in wars if not set(w) & set(chosen)),
        tuple(sorted({a for c in chosen for a in system.sponsors(c)} - {*chosen, *fringe})),
        efforts.sum(axis=1), seed,
    )  # fmt: skip


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
