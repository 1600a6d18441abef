"""`coalition`: what each member of a coalition is worth to it against named threats, in a system.

Every member defends its own stake at its own place with the strength of all members that reaches there, against what the threats can bring there
together. Up to 14 members every set is looked through, above that Shapley values are sampled and cores are not searched. Membership here means
fighting: whether a pledge would be kept is not asked (see `foedus.security.ledger`). Uncertain capabilities, unknown places, the reach of strength
and the exponent of the contest are drawn, so every value is an interval; exact within a draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import params as parameters
from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn, nested
from foedus.kernels import streams
from foedus.security.coalition_draws import PAIRS, exact, nucleoli, sampled
from foedus.security.games import checked
from foedus.security.sampled import LARGEST
from foedus.war.field import ground

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System

EXACT = 14
"""Members up to which every set is looked through in every draw."""
NUCLEOLI = 40
"""Draws of which the nucleolus is found."""
NUCLEOLUS_MEMBERS = 12
"""Members up to which it is."""
SHARES = {
    "own": "each keeps what it defends",
    "shapley": "the Shapley value",
    "capability": "in proportion to capability",
    "equal": "equal shares",
}
"""Ways of sharing what the coalition keeps."""


@dataclass(frozen=True)
class Member:
    """One member.

    ``holds_alone``, ``holds_together``: chance that it holds if the threats bring all they can to its place. ``shapley``: mean of what it adds over
    all orders of joining; ``gives`` is that less what it keeps itself, so above zero for a net giver; ``banzhaf``: mean of what it adds over all
    sets; ``nucleolus``: None where it was not looked for. ``tips``: chance to be the one who makes a growing coalition outweigh the threats at the
    first member's place; ``dummy``: share of draws in which it never is.
    """

    actor: str
    holds_alone: Estimate
    holds_together: Estimate
    shapley: Estimate
    gives: Estimate
    banzhaf: Estimate | None
    nucleolus: Estimate | None
    tips: Estimate
    dummy: Estimate | None


@dataclass(frozen=True)
class Sharing:
    """One way of sharing: in which share of draws no set would leave, and the set that would most often gain most by it.

    ``blocking`` is empty if no draw has one; ``often`` is its share of all draws, ``gain`` what it would gain in those, in the unit of the stakes.
    """

    name: str
    stable: Estimate
    blocking: tuple[str, ...]
    often: Estimate | None
    gain: Estimate | None


@dataclass(frozen=True)
class Coalition:
    """Values of a coalition's members against named threats."""

    system: System
    against: tuple[str, ...]
    stakes: str
    members: tuple[Member, ...]
    total: Estimate
    alone: Estimate
    outweighs: Estimate
    convex: Estimate | None
    sharings: tuple[Sharing, ...]
    draws: int
    nucleolus_draws: int
    seed: int

    @property
    def exact(self) -> bool:
        """Whether every set was looked through in each draw; if not, Shapley values and tipping are sampled."""
        return len(self.members) <= EXACT

    def table(self) -> pl.DataFrame:
        """Return one row a member, each value with the ends of its interval."""
        import polars as pl

        names = (
            "holds_alone",
            "holds_together",
            "shapley",
            "gives",
            "banzhaf",
            "nucleolus",
            "tips",
            "dummy",
        )
        rows: list[dict[str, Any]] = []
        for m in self.members:
            row: dict[str, Any] = {"member": m.actor}
            for name in names:
                e: Estimate | None = getattr(m, name)
                row |= {
                    name: e and e.mean,
                    f"{name}_low": e and e.low,
                    f"{name}_high": e and e.high,
                }
            rows.append(row)
        return pl.DataFrame(rows, infer_schema_length=None)

    def sharing_table(self) -> pl.DataFrame:
        """Return one row a way of sharing."""
        import polars as pl

        rows = [
            {"sharing": s.name, "stable": s.stable.mean, "stable_low": s.stable.low, "stable_high": s.stable.high, "blocking": ", ".join(s.blocking),
             "often": s.often and s.often.mean, "gain": s.gain and s.gain.mean}
            for s in self.sharings
        ]  # fmt: skip
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "derived under assumed parameters, " + ("exact within a draw" if self.exact else "sampled"),
            "against": list(self.against), "stakes": self.stakes,
            **{k: getattr(self, k).to_dict() for k in ("total", "alone", "outweighs")}, "convex": self.convex and self.convex.to_dict(),
            "members": self.table().to_dicts(), "sharings": self.sharing_table().to_dicts(), "draws": self.draws,
            "nucleolus_draws": self.nucleolus_draws, "seed": self.seed, "system": self.system.hash,
        }  # fmt: skip


def coalition(
    system: System, members: str | Sequence[str], *, against: str | Sequence[str], stakes: str | Mapping[str, float] = "equal",
    draws: int = 400, seed: int = 1, table: Params | None = None,
) -> Coalition:  # fmt: skip
    """Return what each member is worth to a coalition against named threats.

    The game is that of own stakes, ``v(S) = sum_{i in S} V_i M_S(i)**r / (M_S(i)**r + T(i)**r)``, where ``M_S(i)`` is the strength of S at the place
    of i and ``T(i)`` that of the threats: capability times the share that reaches (`foedus.war.field`).

    Parameters
    ----------
    system : System
    members : str or sequence of str
        Names, abbreviations or codes. One alone stands for itself and its allies: who owes it help, is aligned with it or sponsors it.
    against : str or sequence of str
        The threats; they act together.
    stakes : {"equal", "capability"} or mapping of members to numbers
        What each has to lose: 1 each (worths are then members expected to hold), its share of the members' capability, or numbers of your own.
    draws : int
        Draws of uncertain inputs.
    seed : int
    table : Params, optional
        Replaces the table of reasons.

    Returns
    -------
    Coalition

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    ParameterError
        Fewer than two members or more than 200, one of them twice or among the threats, no threat, or stakes that are not one number a member.

    Examples
    --------
    >>> import foedus as fd
    >>> c = coalition(fd.load("europe-1914"), ["FRN", "RUS", "UKG"], against=["GMY", "AUH"], draws=40)
    >>> [m.actor for m in c.members], c.total.mean > c.alone.mean
    (['FRN', 'RUS', 'UKG'], True)
    """
    if draws < 10:
        raise parameter("draws", draws, "an integer of at least 10", "fewer draws have no interval")
    foes = _actors(system, "against", [against] if isinstance(against, str) else list(against))
    ours = _members(system, members, foes)
    n = len(ours)
    said = ground(system, seed=seed, outer=draws, table=table)
    r = parameters.load("joining").draws("contest.decisiveness", seed, draws)
    reach = np.broadcast_to(said.reach, (draws, *said.reach.shape[1:]))
    at_home = said.power[:, :, None] * reach
    strength = at_home[:, ours][:, :, ours]
    threat = at_home[:, foes][:, :, ours].sum(axis=1)
    size = said.power[:, ours] / said.power[:, ours].sum(axis=1, keepdims=True)
    stake, told = _stakes(system, stakes, ours, size)

    names = tuple(system.ids[k] for k in ours)
    all_foes, all_draws = tuple(system.ids[k] for k in foes), (strength, stake, threat, r)
    if n > EXACT:
        found = sampled(*all_draws, streams.keys_of([f"order:{a}" for a in names]), seed)
        rows = tuple(_sampled_member(names[i], found, i) for i in range(n))
        stable = Sharing(SHARES["own"], _share(np.ones(draws)), (), None, None)
        return Coalition(
            system, all_foes, told, rows, drawn(found["total"]), drawn(found["alone"]), _share(found["outweighs"]), None, (stable,), draws, 0, seed
        )  # fmt: skip
    found = exact(*all_draws, size)
    many = min(draws, NUCLEOLI) if n <= NUCLEOLUS_MEMBERS else 0
    shares = nucleoli(*(x[:many] for x in all_draws))
    rows = tuple(_exact_member(names[i], found, shares, i) for i in range(n))
    sharings = tuple(_sharing(label, found["best:" + k], found["gain:" + k], names) for k, label in SHARES.items())
    return Coalition(
        system, all_foes, told, rows, drawn(found["total"]), drawn(found["alone"]), _share(found["outweighs"]), _share(found["convex"]), sharings,
        draws, many, seed,
    )  # fmt: skip


def _exact_member(name: str, found: dict[str, NDArray[Any]], shares: NDArray[np.float64], i: int) -> Member:
    """Return one member of a coalition of which every set was looked through."""
    names = ("holds_alone", "holds_together", "shapley", "gives", "banzhaf")
    alone, together, shapley, gives, banzhaf = (drawn(found[k][:, i]) for k in names)
    tips, dummy = _share(found["tips"][:, i]), _share(found["dummy"][:, i])
    nucleolus = drawn(shares[:, i]) if len(shares) else None
    return Member(name, alone, together, shapley, gives, banzhaf, nucleolus, tips, dummy)


def _sampled_member(name: str, found: dict[str, NDArray[Any]], i: int) -> Member:
    """Return one member of a coalition too large for that."""
    alone, together = (drawn(found[k][:, i]) for k in ("holds_alone", "holds_together"))
    shapley, tips = (nested(found[k][:, i, None], PAIRS)[0] for k in ("shapley", "tips"))
    gives = nested(found["gives"][:, i, None], PAIRS, shares=False)[0]
    return Member(name, alone, together, shapley, gives, None, None, tips, None)


def _actors(system: System, name: str, asked: list[str]) -> list[int]:
    """Return positions, each once."""
    if not asked:
        raise parameter(name, asked, "at least one actor")
    found = [system.index[system.actor(a).id] for a in asked]
    twice = [system.ids[k] for k in found if found.count(k) > 1]
    if twice:
        raise parameter(name, asked, f"each actor once ({twice[0]} stands twice)")
    return found


def _members(system: System, members: str | Sequence[str], foes: list[int]) -> list[int]:
    """Return the positions of the members, with the allies of one who stands alone."""
    ours = _actors(system, "members", [members] if isinstance(members, str) else list(members))
    both = [system.ids[k] for k in ours if k in foes]
    if both:
        raise parameter("against", both[0], "threats that are no members of the coalition")
    if len(ours) == 1:
        ours += [k for k in allies(system, ours[0]) if k not in foes]
    if not 2 <= len(ours) <= LARGEST:
        raise parameter(
            "members", f"{len(ours)} ({', '.join(system.ids[k] for k in ours[:8])}{', ...' if len(ours) > 8 else ''})", f"2 to {LARGEST} members",
            "name the members" if len(ours) > LARGEST else "it has no ally that is not among the threats: name the members",
        )  # fmt: skip
    return ours


def allies(system: System, actor: int) -> list[int]:
    """Return the positions of those who owe an actor help, are aligned with it or sponsor it, in the order of the system."""
    me = system.ids[actor]
    found = {g.by for _, g, to in system.pledges() if to == me and g.type in {"defense", "offense"}}
    found |= {
        k
        for p in system.active_pacts()
        if p.kind == "alignment" and me in p.active_members(system.date)
        for k in p.active_members(system.date)
    }
    found |= set(system.sponsors(me))
    return sorted(system.index[k] for k in found - {me})


def _stakes(
    system: System, stakes: str | Mapping[str, float], ours: list[int], size: NDArray[np.float64]
) -> tuple[NDArray[np.float64], str]:
    """Return what each has at stake, shape (n_draws, n), and in words."""
    if stakes == "equal":
        return np.ones_like(size), "1 each"
    if stakes == "capability":
        return size, "share of the members' capability"
    if isinstance(stakes, str):
        raise parameter("stakes", stakes, "equal, capability, or a number for each member")
    given = {system.index[system.actor(k).id]: v for k, v in stakes.items()}
    if set(given) != set(ours):
        raise parameter("stakes", sorted(stakes), f"a number for each of {', '.join(system.ids[k] for k in ours)}")
    row = np.array([given[k] for k in ours], dtype=np.float64)
    checked(("stakes", row))
    return np.repeat(row[None], len(size), axis=0), ", ".join(
        f"{system.ids[k]} {v:g}" for k, v in zip(ours, row, strict=True)
    )


def _share(values: NDArray[Any]) -> Estimate:
    """Return a share of draws with the noise of finitely many, never of zero width."""
    return nested(values.astype(np.float64)[:, None], 1)[0]


def _sharing(label: str, best: NDArray[np.int64], gain: NDArray[np.float64], names: tuple[str, ...]) -> Sharing:
    """Return how often a way of sharing is stable, and which set blocks it most often."""
    blocked = best[best > 0]
    if not len(blocked):
        return Sharing(label, _share(best == 0), (), None, None)
    masks, counts = np.unique(blocked, return_counts=True)
    usual = int(masks[counts.argmax()])
    members = tuple(a for i, a in enumerate(names) if usual >> i & 1)
    return Sharing(label, _share(best == 0), members, _share(best == usual), drawn(gain[best == usual]))
