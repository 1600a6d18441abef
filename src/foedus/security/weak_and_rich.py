"""`weak_and_rich`: who is exposed beyond its strength, could it hold alone at a price that states bear, and on whom does it lean.

For each actor: the strongest of its neighbours and of those hostile to it, by the strength that reaches; the chance to hold alone against that one
(the contest is Tullock's); the military expenditure, as a share of its product, that would match what that one can bring, against the largest share
that states bear; and the share of the strength it could count on that its largest protector would bring, by its pledges, sponsors and alignments.
A neighbour counts though it be a friend, since the question is what strength alone would do, and so does anybody against whom propensity is in three
draws of four. Does not say that anybody would attack, and money does not turn into strength in a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.errors import InvalidSystemError, message, parameter
from foedus.estimate.nested import Estimate, drawn
from foedus.kernels import obligation as law
from foedus.security.contests import tullock
from foedus.security.means import Means, neighbours, of_scenario, of_store
from foedus.security.promises import aligned, honour, sponsors
from foedus.security.weak_result import Exposed, WeakAndRich
from foedus.system import covariates
from foedus.war.field import theatre

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from foedus.data.store import DataDir
    from foedus.params import Params
    from foedus.system.system import System
    from foedus.war.field import Theatre

NEAR = (1, 2, 3)
"""Kinds of border that make a neighbour: by land, or by water of up to 24 miles."""
MOST_DRAWS = 1_000
"""Draws whose matrices of all pairs are held at once."""
SURE = 0.75
"""Share of draws in which propensity must be against another for it to count as hostile."""


def weak_and_rich(
    system: System, *, data_dir: DataDir | str | os.PathLike[str] | None = None, richer_than: float = 0.75, draws: int = 100, seed: int = 1,
    table: Params | None = None,
) -> WeakAndRich:  # fmt: skip
    """Return who in a system is weak and rich, and on whom each leans.

    Parameters
    ----------
    system : System
        A scenario whose actors carry ``gdp`` and ``population``, or a real date.
    data_dir : DataDir, str or Path, optional
        Folder with the published files, for a real date.
    richer_than : float
        Rich is whose product a head is above this share of the system's, from 0 up to, not including, 1.
    draws : int
        Draws of uncertain inputs, from 2 to `MOST_DRAWS`.
    seed : int
    table : Params, optional
        Replaces the table of reasons.

    Returns
    -------
    WeakAndRich

    Raises
    ------
    ParameterError
        An argument outside its range.
    InvalidSystemError
        A scenario in which nobody's product is known.
    CoverageError
        The series do not reach the date; says which ends when.
    DataError
        Data are missing.

    References
    ----------
    [Tullock1980]_, [Boulding1962]_

    Examples
    --------
    >>> import foedus as fd
    >>> found = fd.weak_and_rich(fd.load("middle-east-2019"), draws=40)
    >>> "KUW" in [a.actor for a in found.listed]
    True
    """
    if isinstance(draws, bool) or not 2 <= draws <= MOST_DRAWS:
        raise parameter("draws", draws, f"an integer from 2 to {MOST_DRAWS}")
    if not 0 <= richer_than < 1:
        raise parameter("richer_than", richer_than, "a share from 0 up to, not including, 1")
    if any(part == "gdp" for a in system.actors for part, _ in a.capability):
        means = of_scenario(system, draws=draws, seed=seed)
    elif system.id != system.date.isoformat():
        raise InvalidSystemError(
            message("Product of a scenario", got="no actor with gdp", expected="gdp and population of its actors")
        )
    else:
        system = neighbours(system, data_dir)
        means = of_store(system, data_dir, draws=draws, seed=seed)
    case = _case(system, means, seed, draws, table)
    found = tuple(_exposed(case, i, richer_than) for i in range(len(system.actors)))
    lean, difference = _leaning(case, found)
    return WeakAndRich(
        system,
        found,
        lean,
        difference,
        drawn(means.affordable),
        means.basis,
        (*means.limits, *system.limits),
        richer_than,
        draws,
        seed,
    )


@dataclass(frozen=True, eq=False)
class _Case:
    """What every actor's answer takes.

    ``known`` (n,) whose strength is; ``near`` (n, n); ``hostile`` (n, n) the share of draws in which two are against each other;
    ``honour`` (draws, P) and ``codes`` (P, n) of the pledges; ``ties`` the chance, shape (draws,), that a sponsor or an aligned one comes,
    by the helped and the helper.
    """

    system: System
    means: Means
    stage: Theatre
    known: NDArray[np.bool_]
    near: NDArray[np.bool_]
    hostile: NDArray[np.float64]
    honour: NDArray[np.float64]
    codes: NDArray[np.int8]
    ties: dict[int, dict[int, NDArray[np.float64]]]


def _case(system: System, means: Means, seed: int, draws: int, table: Params | None) -> _Case:
    """Return the arrays that are shared by all actors."""
    stage = theatre(system, seed=seed, outer=draws, table=table)
    reasons = table or parameters.load("ties")
    ties: dict[int, dict[int, NDArray[np.float64]]] = {}
    for i, k, chance in (*sponsors(system, seed, draws), *aligned(system, reasons, seed, draws)):
        mine = ties.setdefault(i, {})
        mine[k] = np.maximum(mine[k], chance) if k in mine else chance
    return _Case(
        system, means, stage, np.array([bool(a.capability) for a in system.actors]), np.isin(covariates.contiguity(system), NEAR),
        (stage.field.friend < 0).mean(axis=0), honour(system, stage.nouns, seed, draws),
        law.codes_if_attacked(stage.pledges, len(system.actors)), ties,
    )  # fmt: skip


def _helpers(case: _Case, i: int, foe: int | None) -> dict[int, NDArray[np.float64]]:
    """Return the strength that each helper can be counted on to bring to ``i`` if ``foe`` attacks it, shape (draws,) each."""
    field, pledges = case.stage.field, case.stage.pledges
    come = dict(case.ties.get(i, {}))
    for p in np.flatnonzero((pledges.to == i) & (pledges.kind == law.DEFENSE)):
        k = int(pledges.by[p])
        verdict = "bound" if foe is None else law.VERDICT_OF[int(case.codes[p, foe])]
        chance = case.honour[:, p] * (
            1.0 if verdict == "bound" else field.undetermined if verdict == "undetermined" else 0.0
        )
        come[k] = np.maximum(come[k], chance) if k in come else chance
    return {k: c * field.power[:, k] * field.reach[:, k, i] for k, c in come.items() if k not in {foe, i} and c.any()}


def _exposed(case: _Case, i: int, richer_than: float) -> Exposed:
    """Return the answer for one actor."""
    field, means = case.stage.field, case.means
    counts = (case.near[i] | (case.hostile[i] >= SURE)) & case.known
    counts[i] = False
    brought = np.where(counts, field.power * field.reach[:, :, i], 0.0)
    foe = int(brought.mean(axis=0).argmax()) if counts.any() else None
    own, worst = field.power[:, i], brought.max(axis=1)
    helpers = _helpers(case, i, foe)
    protector = max(helpers, key=lambda k: float(helpers[k].mean()), default=None)
    together = own + sum(helpers.values(), np.zeros_like(own))
    least = together - helpers[protector] if protector is not None else together

    def hold(mine: NDArray[np.float64]) -> Estimate:
        return drawn(tullock(np.stack([mine, worst], axis=1), field.decisiveness)[:, 0])

    measured = case.known[i] and foe is not None
    rich, per_head = _rich(means, i, richer_than)
    price = _price(case, i, counts)
    actor, people = case.system.actors[i], float(means.people[i])
    return Exposed(
        actor=actor.id, name=actor.name, against=None if foe is None else case.system.ids[foe],
        hostile=None if foe is None else float(case.hostile[i, foe]), ratio=drawn(worst / own) if measured else None,
        holds=hold(own) if measured else None, holds_helped=hold(together) if measured else None, holds_without=hold(least) if measured else None,
        per_head=per_head, people=people if np.isfinite(people) else None, price=None if price is None or foe is None else drawn(price),
        times=None if price is None or foe is None else drawn(price / means.affordable),
        unaffordable=None if price is None else float((price > means.affordable).mean()),
        weak=float((worst > own).mean()) if case.known[i] else None, rich=rich, protector=None if protector is None else case.system.ids[protector],
        leans=drawn(helpers[protector] / together) if protector is not None and case.known[i] else None,
    )  # fmt: skip


def _rich(means: Means, i: int, richer_than: float) -> tuple[float | None, Estimate | None]:
    """Return the share of draws in which an actor is rich, and its product a head."""
    if not np.isfinite(means.per_head[:, i]).all():
        return None, None
    bar = np.nanquantile(means.per_head, richer_than, axis=1)
    return float((means.per_head[:, i] > bar).mean()), drawn(means.per_head[:, i])


def _price(case: _Case, i: int, counts: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """Return the share of its product that would match what the one that spends most can bring, shape (draws,); None where that is not known."""
    means = case.means
    if not np.isfinite(means.gdp[:, i]).all():
        return None
    spent = np.where(counts, means.spending * case.stage.field.reach[:, :, i], 0.0)
    if counts.any() and not np.isfinite(spent[:, counts]).any():
        return None
    return np.nan_to_num(spent).max(axis=1) / means.gdp[:, i]


def _leaning(case: _Case, found: tuple[Exposed, ...]) -> tuple[dict[str, Estimate | None], Estimate | None]:
    """Return the mean dependence on the largest protector by kind of actor, and that of the weak and rich less that of the other weak."""
    kinds: dict[str, list[NDArray[np.float64]]] = {"weak and rich": [], "weak, not rich": [], "not weak": []}
    for i, a in enumerate(found):
        if a.weak is None or a.rich is None:
            continue
        kind = "not weak" if a.weak <= 0.5 else "weak and rich" if a.rich > 0.5 else "weak, not rich"
        helpers = _helpers(case, i, None if a.against is None else case.system.index[a.against])
        own = case.stage.field.power[:, i]
        together = own + sum(helpers.values(), np.zeros_like(own))
        kinds[kind].append(
            helpers[case.system.index[a.protector]] / together if a.protector is not None else np.zeros_like(own)
        )
    means = {k: np.mean(v, axis=0) for k, v in kinds.items() if v}
    told = {k: drawn(means[k]) if k in means else None for k in kinds}
    both = "weak and rich" in means and "weak, not rich" in means
    return told, drawn(means["weak and rich"] - means["weak, not rich"]) if both else None
