"""Chance a year that each actor attacks each other one, and that the attacked one holds, with every ally counted or left out.

The chance of an attack is that of the fitted onset of wars (or disputes), in which who would come to whose help is a term (`foedus.war.onset`); the
chance that a helper comes is that of the fitted rates of a first shot (`foedus.war.rates`). Whether the attacked one holds has no fit: it is a
contest of strengths (`Contest`) over who comes, under assumed decisiveness. Nothing here is a forecast of a date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus import params as parameters
from foedus.errors import parameter
from foedus.kernels import helpers as kernel
from foedus.kernels import obligation as law
from foedus.security.nuclear import Arms, arms
from foedus.system import covariates
from foedus.war import onset
from foedus.war.field import Ground, Theatre, theatre
from foedus.war.rates import ERAS
from foedus.war.support import TERMS, accumulated, centre, expected_support, mean_ground, onset_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System

Contest = Literal["tullock", "hirshleifer"]
What = Literal["wars", "disputes"]
FACTORS = 5
"""Equally likely values of the factor that the rates of one war share."""
NAMED, NAMED_FOES = 4, 1
"""Helpers of the attacked one, and of the attacker, of whom every combination of coming and not coming is counted; the others count at what is
expected of them."""
SLICE = 25
"""Draws worked on at a time, so that memory does not grow with them."""


@dataclass(frozen=True)
class Support:
    """Strength expected within 180 days on either side if each other one attacks an actor, by the centre of the rates, as the onset was fitted.

    ``mine``, ``mine_plain`` (O, n, n): by attacker and helper of the attacked one, with pledges and without; ``theirs``, ``theirs_plain`` (O, n): of
    all who join the attacker.
    """

    mine: NDArray[np.float32]
    mine_plain: NDArray[np.float32]
    theirs: NDArray[np.float64]
    theirs_plain: NDArray[np.float64]


class _Helpers(Mapping[tuple[int, int], "NDArray[np.float64]"]):
    """Chances of those with an obligation to come, by (attacked, helper), each of shape (n_draws, n); computed when asked for."""

    def __init__(self, world: Threats) -> None:
        self._world = world
        self._keys = [(i, k) for i in range(len(world.system.actors)) for k in world.helpers_of(i)]

    def __getitem__(self, key: tuple[int, int]) -> NDArray[np.float64]:
        if key not in self._keys:
            raise KeyError(key)
        return self._world.comes(key[0])[:, :, 1, key[1]].astype(np.float64)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


@dataclass(frozen=True)
class Threats:
    """Inputs of every hazard of a system, drawn.

    Attributes
    ----------
    stage : Theatre
    coef : dict of str to float array, shape (n_draws, len(ONSET))
        Drawn coefficients of the onset of ``wars`` and of ``disputes``.
    arms : Arms
        Who has nuclear weapons in each draw, and what that changes.
    land : bool array, shape (n, n)
    foes : int array, shape (F,), or None
        Attackers to whom `hazard` and `hold` are limited, in the place of all n; see `limited`.
    pairs : bool array, shape (n, n), or None
        Pairs, the row attacking the column, that may be asked for; see `about`.
    """

    system: System
    stage: Theatre
    coef: dict[str, NDArray[np.float64]]
    arms: Arms
    land: NDArray[np.bool_]
    foes: NDArray[np.int64] | None = None
    pairs: NDArray[np.bool_] | None = None
    _kept: dict[str, dict[int, object]] = field(default_factory=dict, repr=False, compare=False)

    def limited(self, foes: Sequence[int]) -> Threats:
        """Return the same threats with `hazard` and `hold` for some attackers only, in their order: as many times cheaper as there are fewer of them.

        Helpers of whom every combination is counted are chosen by the help that they bring against these attackers.
        """
        out = replace(self, foes=np.array(foes, dtype=np.int64), _kept={})
        shared = {name: getattr(self, name) for name in ("_means", "_whole", "_factor", "_partners")}
        out.__dict__.update(shared)
        return out

    def about(self, members: Sequence[int]) -> Threats:
        """Return the same threats for pairs with one of some actors only, which takes little in a large system; `matrix` would be of no use."""
        if self.pairs is not None or "_means" in self.__dict__:
            return self
        pairs = np.zeros(self.land.shape, dtype=np.bool_)
        pairs[list(members)], pairs[:, list(members)] = True, True
        return replace(self, pairs=pairs, _kept={})

    @property
    def _who(self) -> NDArray[np.int64]:
        """Positions of the attackers that count."""
        return np.arange(len(self.system.actors)) if self.foes is None else self.foes

    @property
    def decisiveness(self) -> NDArray[np.float64]:
        """Exponent of the contest in the ratio form, shape (n_draws,)."""
        return self.stage.field.decisiveness

    @property
    def draws(self) -> int:
        """Draws of everything uncertain."""
        return len(self.decisiveness)

    @cached_property
    def helpers(self) -> Mapping[tuple[int, int], NDArray[np.float64]]:
        """Chance that a helper with an obligation comes, by (attacked, helper) and attacker, shape (n_draws, n) each."""
        return _Helpers(self)

    @cached_property
    def _linked(self) -> dict[int, list[int]]:
        """Positions of those with an obligation by the position of the one to whom they have it."""
        pledges, index, found = self.stage.pledges, self.system.index, set()
        for p in np.flatnonzero(pledges.kind == law.DEFENSE):
            found.add((int(pledges.to[p]), int(pledges.by[p])))
        for tie in self.system.active_ties():
            if tie.reason == "sponsorship":
                found.add((index[tie.b], index[tie.a]))
        for pact in self.system.active_pacts():
            if pact.kind == "alignment":
                members = [index[m] for m in pact.active_members(self.system.date)]
                found |= {(i, k) for i in members for k in members}
        out: dict[int, list[int]] = {}
        for i, k in sorted(found):
            if i != k:
                out.setdefault(i, []).append(k)
        return out

    def helpers_of(self, actor: int) -> list[int]:
        """Positions of those who promised to help ``actor``, sponsor it or are aligned with it; others may come too, see `comes`."""
        return self._linked.get(actor, [])

    def _keep(self, what: str, actor: int, value: object, most: int) -> None:
        """Remember something about an actor, and forget the oldest beyond ``most``."""
        kept = self._kept.setdefault(what, {})
        kept[actor] = value
        while len(kept) > most:
            kept.pop(next(iter(kept)))

    @cached_property
    def _factor(self) -> NDArray[np.float64]:
        """Means of equal parts of the factor that the rates of one war share, shape (FACTORS,)."""
        return self.stage.field.frailty[0].reshape(FACTORS, -1).mean(axis=1)

    @cached_property
    def _whole(self) -> NDArray[np.float64]:
        """Base of the drawn rates accumulated over the horizon, shape (n_draws,)."""
        return accumulated(self.stage.field.base)

    def _claims(self, actor: int) -> tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.bool_]]:
        """Return what pledges say if each other one attacks ``actor``."""
        kept = self._kept.get("claims", {})
        if actor not in kept:
            self._keep("claims", actor, kernel.claims(actor, len(self.system.actors), self.stage.pledges, self._who), 2)
        return self._kept["claims"][actor]  # type: ignore[return-value]

    def _rates(
        self, actor: int, some: slice, theta: NDArray[np.float64], honour: NDArray[np.float64], shift: NDArray[np.float64],
        outsiders: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
        """Return the rates of some draws, with what pledges say and without."""
        f, says = self.stage.field, self._claims(actor)
        asked = np.arange(f.power.shape[1]) if outsiders is None else outsiders
        return kernel.entry_rates(
            actor, asked, theta, honour, f.undetermined[some], f.power[some], f.friend[some], f.near[some], f.reach[some], f.major,
            self.stage.pledges.by, self.stage.pledges.to, *says, shift, self._who,
        )  # fmt: skip

    def entry_rates(self, actor: int) -> NDArray[np.float32]:
        """Return the drawn rates at which outsiders enter if each other one attacks ``actor``.

        Shape (n_draws, n attackers, 2, n outsiders), side 0 that of the attacker; see `foedus.kernels.helpers.entry_rates`.
        """
        if actor not in self._kept.get("rates", {}):
            f = self.stage.field
            parts = [self._rates(actor, s, f.theta[s], f.honour[s], self.arms.shift[s])[0] for s in _slices(self.draws)]
            self._keep("rates", actor, np.concatenate(parts), 1)
        return self._kept["rates"][actor]  # type: ignore[return-value]

    def comes(self, actor: int) -> NDArray[np.float32]:
        """Return the chance to enter within 180 days if each other one attacks ``actor``, over the factor that a war's rates share.

        Shape (n_draws, n attackers, 2, n outsiders), side 0 that of the attacker.
        """
        if actor not in self._kept.get("comes", {}):
            self._keep("comes", actor, kernel.entry_chances(self.entry_rates(actor), self._whole, self._factor), 1)
        return self._kept["comes"][actor]  # type: ignore[return-value]

    def bound_wars(self, actor: int, ally: int) -> NDArray[np.float64]:
        """Return the wars a year that ``actor`` is bound to enter for ``ally`` and enters, expected, shape (n_draws,).

        Over attackers of the ally against whom the clause of a pledge binds (an open one counts with the drawn chance that it does): the chance of
        the attack, uncertain inputs at their means, times the fitted chance that ``actor`` enters on the ally's side.
        """
        f, pledges = self.stage.field, self.stage.pledges
        says, some = self._claims(ally)[0], slice(None)
        mine = np.flatnonzero((pledges.by == actor) & (pledges.to == ally))
        binds = (says[:, mine] == kernel.BINDS).any(axis=1)
        maybe = (says[:, mine] == kernel.OPEN).any(axis=1) & ~binds
        rates = self._rates(ally, some, f.theta, f.honour, self.arms.shift, np.array([actor]))[0]
        comes = kernel.entry_chances(rates, self._whole, self._factor)[:, :, 1, 0]
        year = self.system.date.year
        attack = np.stack([onset.chances(self._means[:, ally], year, c) for c in self.coef["wars"]])
        weight = binds + maybe * f.undetermined[:, None]
        weight[:, [actor, ally]] = 0.0
        return (attack * comes * weight).sum(axis=1)

    def support(self, actor: int) -> Support:
        """Return the strength expected on either side if each other one attacks ``actor``, as the onset was fitted."""
        if actor not in self._kept.get("support", {}):
            f, at = self.stage.field, centre(self.system.date.year)
            one = np.ones(1)
            worth = at.bound + at.bound_size * np.log(self._partners)
            parts: list[tuple[NDArray, ...]] = []
            for s in _slices(self.draws):
                count = len(f.power[s])
                made = self._rates(
                    actor,
                    s,
                    np.tile(at.theta, (count, 1)),
                    np.tile(worth, (count, 1)),
                    np.zeros((count, 3, f.power.shape[1])),
                )
                come = [kernel.entry_chances(r, np.full(count, at.whole), one) for r in made]
                there = f.power[s, None] * f.reach[s].transpose(0, 2, 1)[:, self._who]
                here = (f.power[s] * f.reach[s][:, :, actor])[:, None]
                mine = [(c[:, :, 1] * there).astype(np.float32) for c in come]
                theirs = [(c[:, :, 0] * here).sum(axis=2) for c in come]
                parts.append((*mine, *theirs))
            self._keep("support", actor, Support(*(np.concatenate(p) for p in zip(*parts, strict=True))), 1)
        return self._kept["support"][actor]  # type: ignore[return-value]

    def support_kept(self) -> dict[int, object]:
        """Return what `support` remembers; it does not depend on weapons."""
        return dict(self._kept.get("support", {}))

    @cached_property
    def _partners(self) -> NDArray[np.int64]:
        """Other members of each pledge's pact, at least 1, shape (P,)."""
        pacts = {id(p): p for p, _, _ in self.stage.nouns}
        sizes = {key: p.size or len(p.active_members(self.system.date)) for key, p in pacts.items()}
        return np.array([max(1, sizes[id(p)] - 1) for p, _, _ in self.stage.nouns], dtype=np.int64)

    def defence(self, actor: int, *, allies: Collection[int] | None = None) -> NDArray[np.float64]:
        """Return the strength expected on the side of ``actor`` if each other one attacks it, shape (n_draws, n).

        ``allies`` limits who is counted; None counts everybody by the chance that it comes, an empty set nobody.
        """
        f = self.stage.field
        sent = f.power * f.reach[:, :, actor]
        sent = sent * self._counted(actor, allies)
        return f.power[:, actor, None] + np.einsum("ofk,ok->of", self.comes(actor)[:, :, 1], sent)

    def against(self, actor: int) -> NDArray[np.float64]:
        """Return the strength expected on the side of each one that attacks ``actor``, shape (n_draws, n)."""
        f = self.stage.field
        sent = f.power * f.reach[:, :, actor]
        return sent + np.einsum("ofk,ok->of", self.comes(actor)[:, :, 0], sent)

    @cached_property
    def offence(self) -> NDArray[np.float64]:
        """Strength expected on the side of each row that attacks each column, shape (n_draws, n, n); some time in a large system."""
        return np.stack([self.against(i) for i in range(len(self.system.actors))], axis=2)

    def _counted(self, actor: int, allies: Collection[int] | None) -> NDArray[np.bool_]:
        """Return who counts as a helper, shape (n,)."""
        out = np.full(len(self.system.actors), allies is None)
        out[list(allies or ())] = True
        out[actor] = False
        return out

    def most_help(self, actor: int, against: Sequence[int] | None = None, *, side: int = 1) -> NDArray[np.int64]:
        """Return positions by the strength expected of them if ``actor`` is attacked, the most first; ``side`` 0 for those who join the attacker."""
        f = self.stage.field
        sent = f.power * f.reach[:, :, actor]
        foes = slice(None) if against is None else list(against)
        worth = (self.comes(actor)[:, foes, side].mean(axis=1) * sent).mean(axis=0)
        return np.argsort(-worth, kind="stable")

    def hold(
        self, actor: int, *, allies: Collection[int] | None = None, against: Sequence[int] | None = None, contest: Contest = "tullock"
    ) -> NDArray[np.float64]:  # fmt: skip
        """Return the chance that ``actor`` holds if each other one attacks it, shape (n_draws, n).

        ``against`` limits the attackers and the second axis to them. See `hold_sets` for how it is counted.
        """
        whole = allies is None and against is None and contest == "tullock"
        if whole and actor in self._kept.get("held", {}):
            return self._kept["held"][actor]  # type: ignore[return-value]
        named = self.most_help(actor)[:NAMED]
        counted = self._counted(actor, allies)
        there = [int(k) for k in named if counted[k]]
        got = self.hold_sets(actor, there, others=counted, against=against, contest=contest)[:, :, -1]
        if whole:
            self._keep("held", actor, got, len(self.system.actors))
        return got

    def hold_sets(
        self, actor: int, named: Sequence[int], *, others: NDArray[np.bool_], against: Sequence[int] | None = None, contest: Contest = "tullock"
    ) -> NDArray[np.float64]:  # fmt: skip
        """Return the chance that ``actor`` holds, for every set of some helpers.

        Exact over which of the named helpers (and of the attacker's likeliest one) come, given the factor that a war's rates share, which is
        integrated over; others count at the strength expected of them.

        Parameters
        ----------
        actor : int
        named : sequence of int
            Helpers of whom every set is counted.
        others : bool array, shape (n,)
            Other helpers who count.
        against : sequence of int, optional
            Attackers; all, if not given.
        contest : {"tullock", "hirshleifer"}
            Ratio of strengths, or their difference in units of the strength of attacker and attacked together.

        Returns
        -------
        float64 array, shape (n_draws, attackers, 2**len(named))
            Bit b of the last position says whether ``named[b]`` counts.
        """
        f = self.stage.field
        foes = self._who if against is None else np.array(against, dtype=np.int64)
        own, sent = f.power[:, actor], f.power * f.reach[:, :, actor]
        foe = sent[:, foes]
        rates = self.entry_rates(actor)
        rates = rates if against is None else rates[:, foes]
        foe_help = self.most_help(actor, None if against is None else foes.tolist(), side=0)[:NAMED_FOES]
        ratio = contest == "tullock"
        whole = np.maximum(own[:, None] + foe, 1e-300)
        steep = self.decisiveness[:, None] * np.ones(len(foes)) if ratio else self.steepness[:, None] / whole
        # Row by row, whatever the sizes: for each layout the kernel would be compiled anew.
        rates, own, foe, sent, steep = map(np.ascontiguousarray, (rates, own, foe, sent, steep))
        here = np.array(named, dtype=np.int64)
        return kernel.holds(rates, self._whole, self._factor, own, foe, sent, others, here, foe_help, steep, ratio)

    @cached_property
    def steepness(self) -> NDArray[np.float64]:
        """Decisiveness of the contest in the difference form, per strength of attacker and attacked together, shape (n_draws,)."""
        return parameters.load("joining").draws("contest.steepness", self.seed, self.draws)

    @property
    def seed(self) -> int:
        """Seed of the draws."""
        return self.arms.seed

    def base(self, actor: int, what: What = "wars") -> NDArray[np.float64]:
        """Return the log-odds a year that each other one attacks ``actor`` if nobody would help it, shape (n_draws, n)."""
        return self._eta(actor, what, self._counted(actor, ())) + self._level(actor, what) + self.arms.eta(actor, what)

    def hazard(self, actor: int, *, allies: Collection[int] | None = None, what: What = "wars") -> NDArray[np.float64]:
        """Return the chance a year that each other one attacks ``actor``, shape (n_draws, n); zero for itself.

        ``allies`` limits whose expected help deters; None counts everybody, an empty set nobody. The onset was fitted with uncertain inputs at their
        means; draws of inputs spread around that level, which their average keeps.
        """
        eta = self._eta(actor, what, self._counted(actor, allies))
        out = 1 / (1 + np.exp(-(eta + self._level(actor, what) + self.arms.eta(actor, what)[:, self._who])))
        out[:, self._who == actor] = 0.0
        return out

    def _eta(
        self, actor: int, what: What, counted: NDArray[np.bool_], *, at_centre: bool = False
    ) -> NDArray[np.float64]:
        """Return the fitted log-odds on drawn inputs, shape (n_draws, n), by drawn coefficients or by those at the centre."""
        f, support = self.stage.field, self.support(actor)
        columns = onset.shipped(what).coef[None, :] if at_centre else self.coef[what]
        coef = {t: columns[:, k, None] for k, t in enumerate(onset.ONSET)}
        who = self._who
        mine = np.maximum(f.power[:, who] * f.reach[:, who, actor], 1e-12)
        theirs = np.maximum(f.power[:, actor], 1e-12)[:, None]
        friend, some = f.friend[:, who, actor], counted.astype(np.float32)
        plain, backing = np.log1p((support.mine_plain @ some) / theirs), np.log1p(support.theirs_plain / mine)
        value = {
            "land": self.land[who, actor], "near": f.near[:, who, actor], "major_i": f.major[who], "major_j": f.major[actor],
            "odds": np.clip(np.log(mine / theirs), -5.0, 5.0), "hostility": np.maximum(-friend, 0.0), "affinity": np.maximum(friend, 0.0),
            "other_help": plain, "deter": np.log1p((support.mine @ some) / theirs) - plain, "backing": backing,
            "embolden": np.log1p(support.theirs / mine) - backing,
        }  # fmt: skip
        year = self.system.date.year
        eta = coef["constant"] + sum(coef[era] for era in ERAS if year >= int(era.removeprefix("since_")))
        return eta + sum(coef[name] * value[name] for name in TERMS)

    @cached_property
    def _means(self) -> NDArray[np.float64]:
        """Values of the terms of onset with uncertain inputs at their means, as the onset was fitted, shape (n, n, terms)."""
        f = self.stage.field
        said = mean_ground(
            Ground(f.power, f.friend, f.near, f.reach, f.major, self._partners, self.stage.pledges, self.stage.nouns)
        )
        return onset_terms(said, expected_support(said, self.system.date.year, pairs=self.pairs))

    def _level(self, actor: int, what: What) -> NDArray[np.float64]:
        """Return what brings the mean chance over draws of inputs to the chance at their means, both by the centre of the fit, shape (n,)."""
        kept = self._kept.get(f"level {what}", {})
        if actor not in kept:
            eta = self._eta(actor, what, self._counted(actor, None), at_centre=True)
            spread = (1 / (1 + np.exp(-eta))).mean(axis=0)
            at_means = onset.chances(self._means[self._who, actor], self.system.date.year, onset.shipped(what).coef)
            self._keep(f"level {what}", actor, np.log(at_means / np.maximum(spread, 1e-300)), len(self.system.actors))
        return self._kept[f"level {what}"][actor]  # type: ignore[return-value]

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """Mean chance a year over draws of the coefficients that the row attacks the column, shape (n, n).

        Uncertain inputs at their means, as the onset was fitted; so a cell may differ a little from the mean of `hazard`.
        """
        year, out = self.system.date.year, np.zeros(self.land.shape)
        extra = np.stack([self.arms.eta(j, "wars").mean(axis=0) for j in range(len(out))], axis=1)
        for coef in self.coef["wars"]:
            got = onset.chances(self._means, year, coef)
            out += 1 / (1 + (1 - got) / got * np.exp(-extra))
        np.fill_diagonal(out, 0.0)
        return out / self.draws


def first_shots(
    chance: NDArray[np.float64], ids: tuple[str, ...], u: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who attacks whom, each shape (wars,), drawn by uniforms ``u`` in proportion to ``chance`` (n, n), whatever the order of actors."""
    n, place = len(chance), np.argsort(np.array(ids))
    sums = np.cumsum(chance[np.ix_(place, place)].ravel())
    cell = np.searchsorted(sums / sums[-1], u, side="right").clip(max=n * n - 1)
    return place[cell // n], place[cell % n]


def _slices(draws: int) -> list[slice]:
    """Return draws in parts."""
    return [slice(a, min(a + SLICE, draws)) for a in range(0, draws, SLICE)]


def threats(
    system: System, *, seed: int = 1, draws: int = 200, table: Params | None = None, nuclear: bool = True
) -> Threats:
    """Return the drawn inputs of every hazard of a system.

    Parameters
    ----------
    system : System
    seed, draws : int
    table : Params, optional
        Replaces the table of reasons.
    nuclear : bool
        False for the same system if nobody had nuclear weapons.

    Returns
    -------
    Threats

    Raises
    ------
    ParameterError
        Fewer than 2 draws, which have no interval.

    Examples
    --------
    >>> import foedus as fd
    >>> world = threats(fd.load("europe-1914"), draws=20)
    >>> k = world.system.index
    >>> bool(world.matrix[k["GMY"], k["FRN"]] > world.matrix[k["GMY"], k["AUH"]])
    True
    """
    if isinstance(draws, bool) or draws < 2:
        raise parameter("draws", draws, "an integer of at least 2", "one draw has no interval")
    stage = theatre(system, seed=seed, outer=draws, table=table)
    coef = {}
    for what in ("wars", "disputes"):
        drawn = onset.shipped(what).draw("onset" if what == "wars" else "onset disputes", draws, seed)
        coef[what] = np.stack([drawn[t] for t in onset.ONSET], axis=1)
    land = covariates.contiguity(system) == 1
    return Threats(system, stage, coef, arms(system, seed=seed, draws=draws, count=nuclear), land)
