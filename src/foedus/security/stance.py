"""`stance`: the stance of a divided actor as its factions bargain it out, and what share of the system's verdicts turns on it.

On each issue (the actor's tie with one other actor) the factions hold positions (`foedus.security.factions`) and bargain by the group decision model
(`foedus.security.rounds`), in every draw by another of its readings. The outcome is a distribution of ties and a typed edit of the system. The plain
weighted mean of the factions' positions, which needs no model, stands beside. Says nothing about which stance would be better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn
from foedus.estimate.wilson import wilson
from foedus.security import verdicts as judged
from foedus.security.factions import wishes
from foedus.security.rounds import ENDINGS, Rules, in_turn, run
from foedus.security.stance_result import Stance, Without, taken
from foedus.security.verdicts import Share, spread
from foedus.war.simulate import war

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.security.factions import Wishes
    from foedus.system.system import System

WORLDS = 42
"""Draws under whose stance wars and threats are simulated, unless told otherwise: half of the readings."""
THREAT_DRAWS = 60
"""Draws of the inputs of threats under each stance."""


def stance(
    system: System, actor: str, *, toward: Sequence[str] | None = None, rules: Rules | None = None, draws: int = 168, worlds: int | None = None,
    shots: Sequence[tuple[str, str]] | None = None, war_draws: int = 1_000, seed: int = 1, table: Params | None = None,
    progress: Callable[[float], None] | None = None,
) -> Stance:  # fmt: skip
    """Return the stance that an actor's factions bargain out, and what turns on it.

    Parameters
    ----------
    system : System
    actor : str
        Name, abbreviation or code of an actor with factions.
    toward : sequence of str, optional
        The others whose tie is at issue; by default those on whom the factions disagree (`foedus.security.factions.divided_on`).
    rules : Rules, optional
        One reading of the group decision model; by default every draw takes another of the 84.
    draws : int
        Draws of every uncertain number, weights and wishes of the factions included.
    worlds : int, optional
        Of those, the draws under whose stance wars and threats are simulated too (42, or all if there are fewer); 0 leaves them out.
    shots : sequence of (attacker, target), optional
        First shots of those wars; by default the first three flashpoints of the system.
    war_draws : int
        Simulated wars of each first shot and stance.
    seed : int
    table : Params, optional
        Replaces the table of reasons.
    progress : callable, optional
        Called with the share done.

    Returns
    -------
    Stance

    Raises
    ------
    UnknownStateError, InvalidSystemError, ParameterError
        As `foedus.security.factions.wishes`; or ``draws`` below 2, ``worlds`` below 0 or above ``draws``, ``war_draws`` below 1.

    Notes
    -----
    A verdict is a word that a reader would take away: in which bloc an actor stands; whether it stays out of a war, or on whose side it comes in;
    who is likeliest to attack it; whether it would hold. That few verdicts turn says that the system is decided elsewhere, not that the stance is
    sure.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.stance(fd.load("middle-east-2019"), "LEB", draws=20, worlds=0)
    >>> "HEZB" in s.issues, s.ties.shape[0]
    (True, 20)
    """
    worlds = min(WORLDS, draws) if worlds is None else worlds
    for name, value, least in (("draws", draws, 2), ("worlds", worlds, 0), ("war_draws", war_draws, 1)):
        if value < least:
            raise parameter(name, value, f"an integer of at least {least}")
    if worlds > draws:
        raise parameter("worlds", worlds, f"at most the draws, {draws}")
    tell = progress or (lambda _: None)
    fought = tuple((system.actor(a).id, system.actor(b).id) for a, b in shots) if shots is not None else tuple(
        (f.attacker, f.target) for f in system.flashpoints[:3]
    )  # fmt: skip
    drawn_wishes = wishes(system, actor, toward=toward, seed=seed, draws=draws, table=table)
    me, issues = system.actor(actor).id, drawn_wishes.issues
    chosen = (rules,) if rules else in_turn()
    ties, ending = bargained(drawn_wishes, chosen)
    tell(0.2)
    blocs = judged.Blocs(system, me, issues, draws=draws, seed=seed, table=table)
    label, plain = blocs.under(ties), blocs.under(drawn_wishes.mean)
    tell(0.4)
    kinds, drawn_in, k = [judged.judge_blocs(system, blocs, label)], (), system.index[me]
    edited = [taken(me, issues, t).apply(system) for t in ties[:worlds]]
    if edited and fought:
        wars, chance = judged.judge_wars(system, edited, fought, draws=war_draws, seed=seed, table=table)
        kinds.append(wars)
        drawn_in = tuple(
            (
                a,
                b,
                war(system, a, b, draws=war_draws, seed=seed, table=table).p_war[me],
                _chance(chance[:, s, k], war_draws),
            )
            for s, (a, b) in enumerate(fought)
            if me not in (a, b)
        )
        tell(0.8)
    if edited:
        kinds += judged.judge_dangers(system, edited, draws=THREAT_DRAWS, seed=seed, table=table)
    tell(1.0)
    heads, before = blocs.heads(), blocs.two.label
    after, proved = blocs.at_centre(ties.mean(axis=0))
    moved = tuple(
        (x, f"with {heads[was]}", f"with {heads[now]}")
        for x, was, now in zip(system.ids, before, after, strict=True) if was != now
    )  # fmt: skip
    every = np.concatenate([one.differ[: worlds or draws] for one in kinds], axis=1)
    return Stance(
        system=system, actor=me, factions=drawn_wishes.factions, issues=issues, ties=ties, means=drawn_wishes.mean, stated=drawn_wishes.stated,
        coded=drawn_wishes.coded, endings={e: tuple((ending == c).mean(axis=0).tolist()) for c, e in enumerate(ENDINGS)}, heads=heads,
        with_first=(_with_first(blocs.stated, k), _with_first(label, k), _with_first(plain, k)), by_mean=spread((plain != label).mean(axis=1)),
        centre=moved, proved=proved and blocs.two.proved, drawn_in=drawn_in, shares={one.kind: one.share for one in kinds},
        overall=Share(every.shape[1], spread(every.mean(axis=1)), None), verdicts=tuple(v for one in kinds for v in one.verdicts()),
        without=tuple(_without(drawn_wishes, f, chosen, blocs, label) for f in drawn_wishes.factions), shots=fought, worlds=worlds,
        war_draws=war_draws, reading=rules.describe() if rules else f"each of {len(chosen)} readings in turn", draws=draws, seed=seed,
    )  # fmt: skip


def bargained(inputs: Wishes, chosen: Sequence[Rules]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return (tie, ending) of every draw and issue, both shape (n_draws, n_issues); all issues of draw d by reading d modulo their number."""
    many, issues, n = inputs.position.shape
    salience = inputs.salience.reshape(many * issues, n)
    weight = np.repeat(inputs.weight, issues, axis=0) * salience
    rules = [chosen[d % len(chosen)] for d in range(many) for _ in range(issues)]
    found = run(inputs.position.reshape(many * issues, n), weight, salience, rules)
    return np.clip(found.median, -1.0, 1.0).reshape(many, issues), found.ending.reshape(many, issues)


def _with_first(label: NDArray[np.int64], k: int) -> tuple[float, float, float]:
    """Return the share of draws in which an actor stands in the first bloc, with Wilson's interval."""
    hits = float((label[:, k] == 0).sum())
    low, high = wilson(np.array([hits]), len(label))
    return hits / len(label), float(low[0]), float(high[0])


def _chance(values: NDArray[np.float64], wars: int) -> Estimate:
    """Return the mean and interval over stances of a chance that is counted in ``wars`` wars each, their noise allowed for."""
    over, p = drawn(values), (values.mean() * wars + 1) / (wars + 2)
    noise = float(1.645 * np.sqrt(p * (1 - p) / wars))
    return Estimate(over.mean, max(0.0, over.low - noise), min(1.0, over.high + noise), over.mc_error)


def _without(
    inputs: Wishes, faction: str, chosen: Sequence[Rules], blocs: judged.Blocs, label: NDArray[np.int64]
) -> Without:
    """Return the bargain without a faction, and under it alone."""
    me = blocs.system.index[blocs.actor]
    k = inputs.factions.index(faction)
    alone = inputs.position[..., k]
    others = inputs.without(faction)
    rest = None
    if (others.weight[:, None] * others.salience).sum(axis=-1).all():
        ties = bargained(others, chosen)[0]
        under = blocs.under(ties)
        rest = (tuple(ties.mean(axis=0).tolist()), _with_first(under, me), spread((under != label).mean(axis=1)))
    return Without(
        faction, drawn(inputs.weight[:, k]), rest, tuple(alone.mean(axis=0).tolist()), _with_first(blocs.under(alone), me)
    )  # fmt: skip
