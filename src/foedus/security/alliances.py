"""Parts of the ledger about allies: which sets of them matter, what the actor's alliance gives, and how often such pledges were honoured.

Pure functions over `foedus.security.hazard.Threats`. Makes no records of its own beyond sets and shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.estimate.nested import Estimate, drawn
from foedus.kernels import obligation as law
from foedus.security.burden import burden_shares
from foedus.security.promises import honour
from foedus.security.spared import mean_over
from foedus.system import covariates
from foedus.system.nouns import CAPABILITY_PARTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.security.hazard import Threats

HELPERS = 8
"""Helpers of whom every set is looked at: those from whom most strength is expected."""
HALF = 0.5
SETS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class AllySet:
    """A set of helpers: chance to hold with it and nobody else, and why it is listed (``reaches a half`` or ``best of its size``)."""

    members: tuple[str, ...]
    holds: Estimate
    why: str


@dataclass(frozen=True, slots=True)
class Share:
    """One member of the actor's alliance.

    ``size``: share of the members' resources; ``gives``: of what is given in the equilibrium of voluntary contributions; ``burden``: of its own.

    ``resources`` says what stands for them: ``gdp``, or ``capability`` where some member's output is unknown.
    """

    actor: str
    size: Estimate
    gives: Estimate
    burden: Estimate
    resources: str


def sets_that_matter(world: Threats, actor: int, foes: list[int], weight: NDArray[np.float64]) -> tuple[AllySet, ...]:
    """Return the smallest sets of helpers with which ``actor`` holds more likely than not, and the best set of each smaller size.

    All 2**m sets of the `HELPERS` from whom most strength is expected are counted; ``weight`` (n_draws, n foes) is the chance of each attack. A
    threat (against the others), or one likelier to join the foe, is a helper only where it has an obligation.
    """
    linked = set(world.helpers_of(actor)) - (set(foes) if len(foes) == 1 else set())
    come = world.comes(actor)[:, foes].astype(np.float64)
    foe, own = (mean_over(come[:, :, side], weight[:, :, None]).mean(axis=0) for side in (0, 1))
    order = [
        int(k)
        for k in world.most_help(actor, foes)
        if k != actor and (k in linked or (k not in foes and own[k] >= foe[k]))
    ]
    named = order[:HELPERS]
    none = np.zeros(len(world.system.actors), dtype=np.bool_)
    table = world.hold_sets(actor, named, others=none, against=foes)
    each = (table * weight[:, :, None]).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-300)[:, None]
    mean = each.mean(axis=0)
    codes = np.arange(len(mean))
    size = np.array([int(c).bit_count() for c in codes])
    reach = mean > HALF
    ids = world.system.ids

    def one(code: int, why: str) -> AllySet:
        members = tuple(ids[k] for b, k in enumerate(named) if code >> b & 1)
        return AllySet(members, drawn(each[:, code]), why)

    least = int(size[reach].min()) if reach.any() else None
    if least == 0:
        return (one(0, "reaches a half"),)
    below = range(1, min(len(named), least - 1 if least else 4) + 1)
    out = [one(int(max(codes[size == s], key=lambda c: mean[c])), "best of its size") for s in below]
    if least:
        smallest = sorted(codes[reach & (size == least)], key=lambda c: -mean[c])
        out += [one(int(c), "reaches a half") for c in smallest[:SETS_SHOWN]]
    return tuple(out)


def parts_of_threat(world: Threats, actor: int) -> dict[str, NDArray[np.float64]]:
    """Return what makes each other one a threat, shape (n_draws, n) each.

    ``capability`` is its share of all capability, ``proximity`` runs from 0 to 1 (a land border), ``hostility`` is friendship below 0, and
    ``record`` the share of four kinds of quarrel on record between the two: war, rivalry, territory, injury.
    """
    f, system = world.stage.field, world.system
    total = f.power.sum(axis=1, keepdims=True)
    quarrels = [
        covariates.reason_matrix(system, reason)[:, actor] for reason in ("war", "rivalry", "territory", "injury")
    ]
    out = {
        "capability": f.power / np.where(total > 0, total, 1.0),
        "proximity": f.near[:, :, actor].copy(),
        "hostility": np.maximum(-f.friend[:, :, actor], 0.0),
        "record": np.repeat(np.mean(quarrels, axis=0)[None], world.draws, axis=0),
    }
    out["product"] = out["capability"] * out["proximity"] * out["hostility"] * (1 + out["record"])
    return out


def honoured(world: Threats, actor: int) -> dict[int, NDArray[np.float64]]:
    """Return how often pledges of defence such as those made to ``actor`` were honoured, by helper, shape (n_draws,) each.

    Published rates, by era and kind, of pledges that were tested (``params/reliability.toml``). It is shown beside the fitted chance to come and used
    in nothing.
    """
    pledges, out = world.stage.pledges, {}
    some = np.flatnonzero((pledges.to == actor) & (pledges.kind == law.DEFENSE))
    rates = honour(world.system, [world.stage.nouns[p] for p in some], world.seed, world.draws)
    for rate, p in zip(rates.T, some, strict=True):
        by = int(pledges.by[p])
        out[by] = np.maximum(out[by], rate) if by in out else rate
    return out


def alliance_burden(world: Threats, actor: int, foes: list[int]) -> tuple[Share, ...]:
    """Return what each member of the actor's alliance gives in the equilibrium of voluntary contributions, the greatest share first.

    Members are the actor and all but the threats who owe it defence and to whom it owes the same; the weight of security is drawn
    (``params/contributions.toml``).
    """
    pledges, system = world.stage.pledges, world.system
    fights = pledges.kind == law.DEFENSE
    mine = set(pledges.to[fights & (pledges.by == actor)].tolist()) & set(
        pledges.by[fights & (pledges.to == actor)].tolist()
    )
    members = [actor, *sorted(mine - {actor, *foes})]
    if len(members) < 2:
        return ()
    gdp = covariates.capability_parts(system, world.seed, world.draws)[:, members, CAPABILITY_PARTS.index("gdp")]
    known = bool(np.isfinite(gdp).all())
    wealth = gdp if known else world.stage.field.power[:, members]
    taste = parameters.load("contributions").draws("taste.security", world.seed, world.draws)
    made = [burden_shares(y, float(a)) for y, a in zip(wealth, taste, strict=True)]
    total = np.maximum(wealth.sum(axis=1, keepdims=True), 1e-300)
    given = np.array([np.nan_to_num(m.share) for m in made])
    own = np.array([m.burden for m in made])
    rows = [
        Share(
            system.ids[k],
            drawn(wealth[:, c] / total[:, 0]),
            drawn(given[:, c]),
            drawn(own[:, c]),
            "gdp" if known else "capability",
        )
        for c, k in enumerate(members)
    ]
    return tuple(sorted(rows, key=lambda r: (-r.gives.mean, -r.size.mean)))
