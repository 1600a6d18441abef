"""What the factions of a divided actor want of its ties, how strong they are and how much they care: drawn positions, weights and saliences.

A faction's wish is the one its scenario states; else, if it leans to another actor, the tie with that actor is close, and towards others it takes
over part of that actor's own disposition; else it is the actor's stated policy. What weight the factions leave over belongs to a rest that wants the
stated policy. The numbers of `params/factions.toml` are assumed. Bargains nothing; see `foedus.security.stance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.errors import InvalidSystemError, ParameterError, message, parameter
from foedus.kernels import streams
from foedus.system.propensity import propensity, tie_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.nouns import Faction, Tie
    from foedus.system.system import System

REST = "rest"
"""Id of the weight that no faction claims."""
DIVIDED = 0.5
"""Factions disagree on an actor if the ties they want lie at least this far apart, of the 2 from -1 to 1."""


@dataclass(frozen=True)
class Wishes:
    """Drawn inputs of an actor's bargains.

    Attributes
    ----------
    factions, issues : tuple of str
        Ids of the factions (the rest last) and of the other actors whose tie is at issue.
    position : float64 array, shape (n_draws, n_issues, n_factions)
        Ties wanted, from -1 to 1.
    weight : float64 array, shape (n_draws, n_factions)
    salience : float64 array, shape (n_draws, n_issues, n_factions)
    stated : float64 array, shape (n_draws, n_issues)
        The actor's stated policy: its coded tie of interest, 0 (neither for nor against) where none is coded.
    coded : tuple of str
        The issues on which one is coded.
    """

    factions: tuple[str, ...]
    issues: tuple[str, ...]
    position: NDArray[np.float64]
    weight: NDArray[np.float64]
    salience: NDArray[np.float64]
    stated: NDArray[np.float64]
    coded: tuple[str, ...]

    @property
    def mean(self) -> NDArray[np.float64]:
        """Mean of the wishes by weight times salience, shape (n_draws, n_issues): the bargain without a model."""
        w = self.weight[:, None] * self.salience
        return (self.position * w).sum(axis=-1) / w.sum(axis=-1)

    def without(self, faction: str) -> Wishes:
        """Return the wishes of the others."""
        keep = [k for k, f in enumerate(self.factions) if f != faction]
        names = tuple(self.factions[k] for k in keep)
        return Wishes(
            names,
            self.issues,
            self.position[..., keep],
            self.weight[:, keep],
            self.salience[..., keep],
            self.stated,
            self.coded,
        )


def wishes(
    system: System, actor: str, *, toward: Sequence[str] | None = None, seed: int | None = 1, draws: int = 1, table: Params | None = None
) -> Wishes:  # fmt: skip
    """Return what the factions of an actor want.

    Parameters
    ----------
    system : System
    actor : str
        Name, abbreviation or code.
    toward : sequence of str, optional
        The others whose tie is at issue; by default see `divided_on`.
    seed : int or None
        None puts every number at its centre (one draw).
    draws : int
    table : Params, optional
        Replaces the table of reasons.

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    InvalidSystemError
        The actor has no factions, or they have no weight or salience at all.
    ParameterError
        ``toward`` names the actor itself, somebody twice or nobody, or the factions disagree on nobody.
    """
    me = system.actor(actor)
    if not me.factions:
        divided = ", ".join(a.id for a in system.actors if a.factions) or "no actor of this system"
        raise InvalidSystemError(
            message(f"{me.id} has no factions", expected="an actor with factions", hint=f"these have some: {divided}")
        )
    if toward is not None:
        issues = tuple(system.actor(x).id for x in toward)
        if me.id in issues or len(set(issues)) < len(issues) or not issues:
            raise parameter("toward", list(toward), f"other actors than {me.id}, each once")
    else:
        issues = divided_on(system, me.id, table=table)
        if not issues:
            raise ParameterError(message(
                f"The factions of {me.id} disagree on nobody", got=f"wishes less than {DIVIDED:g} apart on each other actor",
                hint="name those whose tie is at issue: toward=[...], on the command line --toward A,B",
            ))  # fmt: skip
    return _Builder(system, me.id, issues, seed, draws, table).wishes()


def divided_on(system: System, actor: str, *, table: Params | None = None) -> tuple[str, ...]:
    """Return the ids of those on whom an actor's factions disagree by `DIVIDED` at least, the most divisive first, every number at its centre.

    Only actors that matter to it: those to whom a tie or pact joins it, whom it touches, to whom a faction leans or of whom one states a wish, and
    the sponsors of those to whom a faction leans.
    """
    me = system.actor(actor)
    built = _Builder(system, actor, tuple(a for a in system.ids if a != actor), None, 1, table)
    known = built.dispositions[1][system.index[actor]]
    near = {x for x, joined in zip(system.ids, known, strict=True) if joined}
    for faction in me.factions:
        near |= {p.to for p in faction.stance}
        if faction.leans is not None:
            near |= {faction.leans, *system.sponsors(faction.leans)}
    apart = np.ptp(built.wishes().position[0], axis=-1)
    order = np.argsort(-apart, kind="stable")
    return tuple(built.issues[k] for k in order if apart[k] >= DIVIDED and built.issues[k] in near)


class _Builder:
    """Draws the inputs of one call of `wishes`."""

    def __init__(
        self, system: System, actor: str, issues: tuple[str, ...], seed: int | None, draws: int, table: Params | None
    ) -> None:
        self.system, self.me, self.issues, self.seed = system, system.actor(actor), issues, seed
        self.draws = 1 if seed is None else draws
        self.table, self.ties = parameters.load("factions"), table or parameters.load("ties")

    def u(self, keys: list[str]) -> NDArray[np.float64]:
        """Return uniforms, shape (n_draws, len(keys)); one half where centred."""
        if self.seed is None or not keys:
            return np.full((self.draws, len(keys)), 0.5)
        return streams.uniforms(self.seed, streams.keys_of(keys), self.draws)

    def param(self, name: str, faction: str, issues: Sequence[str]) -> NDArray[np.float64]:
        """Return an assumed number, drawn for each faction and issue, shape (n_draws, len(issues))."""
        low, high = self.table[name].low, self.table[name].high
        return low + (high - low) * self.u([f"{name}:{self.me.id}:{faction}:{x}" for x in issues])

    @cached_property
    def policy(self) -> list[tuple[Tie, str]]:
        """The coded ties of interest of the actor, each with the other one."""
        ties = (t for t in self.system.active_ties() if t.reason == "interest" and self.me.id in (t.a, t.b))
        return [(t, t.b if t.a == self.me.id else t.a) for t in ties]

    @property
    def coded(self) -> tuple[str, ...]:
        """The issues on which the actor states a policy."""
        known = {other for _, other in self.policy}
        return tuple(x for x in self.issues if x in known)

    @cached_property
    def stated(self) -> NDArray[np.float64]:
        """The coded ties of interest of the actor, shape (n_draws, n_issues); 0 where none is coded."""
        out = np.zeros((self.draws, len(self.issues)))
        for tie, other in self.policy:
            if other in self.issues:
                u = self.u([tie_key(tie), "openness:" + tie_key(tie)])
                open_ = self.ties[f"openness.{tie.openness}"]
                out[:, self.issues.index(other)] += tie.strength.at(u[:, 0]) * (
                    open_.low + (open_.high - open_.low) * u[:, 1]
                )
        return np.clip(out, -1.0, 1.0)

    @cached_property
    def dispositions(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Friendship of every pair, shape (n_draws, n, n), and which pairs have any, shape (n, n)."""
        p = propensity(self.system, seed=self.seed, n_draws=self.draws, table=self.ties)
        friend, known = np.zeros((self.draws, p.n, p.n)), np.zeros((p.n, p.n), dtype=np.bool_)
        friend[:, p.i, p.j] = friend[:, p.j, p.i] = np.tanh(p.total)
        known[p.i, p.j] = known[p.j, p.i] = True
        return friend, known

    def wishes(self) -> Wishes:
        """Return the inputs."""
        weight = np.stack(
            [f.weight.at(self.u([f"faction:{self.me.id}:{f.id}"])[:, 0]) for f in self.me.factions], axis=1
        )
        rest = np.maximum(0.0, 1.0 - weight.sum(axis=1))
        position = [self.wanted(f) for f in self.me.factions]
        salience = [self.care(f) for f in self.me.factions]
        names = tuple(f.id for f in self.me.factions)
        if rest.any():
            names, weight = (*names, REST), np.column_stack([weight, rest])
            position.append(self.stated)
            salience.append(self.param("salience.unaligned", REST, self.issues))
        found = Wishes(
            names,
            self.issues,
            np.stack(position, axis=-1),
            weight,
            np.stack(salience, axis=-1),
            self.stated,
            self.coded,
        )
        if not (found.weight[:, None] * found.salience).sum(axis=-1).all():
            raise InvalidSystemError(
                message(f"The factions of {self.me.id} have no weight or no salience", hint="give one of them some")
            )
        return found

    def wanted(self, faction: Faction) -> NDArray[np.float64]:
        """Return the ties that a faction wants, shape (n_draws, n_issues)."""
        out = self.stated.copy()
        index = self.system.index
        if faction.leans in index:
            friend, known = self.dispositions
            patron, others = index[faction.leans], [index[x] for x in self.issues]
            share = self.param("lean.follow", faction.id, ["*"])
            theirs = np.where(known[patron, others], friend[:, patron, others], self.stated)
            out = share * theirs + (1 - share) * self.stated
            if faction.leans in self.issues:
                out[:, self.issues.index(faction.leans)] = self.param("lean.patron", faction.id, ["*"])[:, 0]
        for wish in faction.stance:
            if wish.to in self.issues:
                u = self.u([f"stance:{self.me.id}:{faction.id}:{wish.to}"])[:, 0]
                out[:, self.issues.index(wish.to)] = wish.tie.at(u)
        return out

    def care(self, faction: Faction) -> NDArray[np.float64]:
        """Return how much a faction cares, shape (n_draws, n_issues)."""
        if faction.salience is not None:
            u = self.u([f"salience:{self.me.id}:{faction.id}"])
            return np.repeat(faction.salience.at(u), len(self.issues), axis=1)
        mine = faction.leans in self.system.index or bool(faction.stance)
        out = self.param("salience.other" if mine else "salience.unaligned", faction.id, self.issues)
        close = [k for k, x in enumerate(self.issues) if x == faction.leans]
        out[:, close] = self.param("salience.patron", faction.id, [self.issues[k] for k in close])
        return out
