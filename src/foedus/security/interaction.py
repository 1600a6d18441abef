"""`crisis`: the international interaction game of two actors of a system, solved backwards, with every step shown.

The game is that of War and Reason [BuenodeMesquitaLalman1992]_ in the operational form of [BennettStam2000]_. Everything shown is derived: the
play at central inputs and published costs, and how often each end is reached when capability, distance and costs are drawn. It says what the model
says, which expects far more contests than there ever were (`foedus.studies.crisis_years`); it is no forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus import params as parameters
from foedus.errors import InvalidSystemError, message, parameter
from foedus.estimate.nested import Estimate, drawn, nested
from foedus.kernels import portfolios, streams
from foedus.kernels.crisis_game import NODES, OUTCOMES, Costs, exponent, payoffs, solve, utilities
from foedus.kernels.prevail import chance, contributions
from foedus.security.expected_utility import Measure, Stakes, stakes
from foedus.security.interaction_result import Crisis, Helper, Side, Step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.kernels.crisis_game import Solved
    from foedus.system.system import System

Attitude = Literal["portfolio"] | float
"""Where attitudes to risk come from: portfolios, or one number R for everybody, -1 averse, 0 neutral, 1 acceptant."""


def crisis(
    system: System, a: str, b: str, *, measure: Measure = "tau_b", risk: Attitude = "portfolio", costs: Costs | None = None, draws: int = 200,
    seed: int = 1,
) -> Crisis:  # fmt: skip
    """Return how the international interaction game of two actors is played.

    Parameters
    ----------
    system : System
    a, b : str
        Who moves first, and the other; name, abbreviation or code.
    measure : {"tau_b", "s_abs"}
        Similarity of portfolios of pledges that stands for interests in common.
    risk : "portfolio" or float
        Each side's attitude from its place between the best and the worst portfolio found (a heuristic, see `foedus.kernels.portfolios`), or one R
        for both, from -1 (averse) over 0 (neutral, r = 1) to 1 (acceptant).
    costs : Costs, optional
        Replaces the published costs of 1 and the drawn ones.
    draws : int
        Draws of capability, distance and costs.
    seed : int

    Returns
    -------
    Crisis

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    ParameterError
        Twice the same actor, an argument outside its range, or no similarity between the two is defined.

    Notes
    -----
    Payoffs (table 2.2 of War and Reason) from memory, not verified. Each side weighs third parties by its own attitude to risk, so that the two
    estimates need not add up to one. A mover that is indifferent demands, uses force, fights back.

    References
    ----------
    [BuenodeMesquitaLalman1992]_, [BennettStam2000]_

    Examples
    --------
    >>> import foedus as fd
    >>> game = crisis(fd.load("europe-1914"), "AUH", "SER", draws=20)
    >>> game.outcome in game.shares and len(game.steps) == 12
    True
    """
    i, j = (system.index[system.actor(x).id] for x in (a, b))
    _check(system, i, j, risk, costs, draws)
    at = stakes(system, measure=measure)
    _check_similarity(at, i, j)
    published = costs or published_costs()
    pair = _Pair.of(at, i, j, risk)
    worth = pair.worth(published)
    play = solve(worth)
    estimates, shares, any_risk = _drawn(system, at.measure, i, j, risk, costs, draws, seed)
    ids = system.ids[i], system.ids[j]
    return Crisis(
        system, _side(ids[0], pair, 0, estimates[0]), _side(ids[1], pair, 1, estimates[1]), pair.similarity, measure, OUTCOMES[play.outcome],
        bool(play.tie), worth, tuple(_steps(play, worth, ids)), _helpers(system, at, pair), shares, any_risk,
        _variants(system, pair, published, risk), draws, seed,
    )  # fmt: skip


def check_attitude(risk: Attitude) -> None:
    """Refuse what is no source of attitudes to risk."""
    if risk != "portfolio" and (isinstance(risk, str) or not -1 <= risk <= 1):
        raise parameter("risk", risk, "portfolio, or a number R from -1 (averse) to 1 (acceptant)")


def _check(system: System, i: int, j: int, risk: Attitude, costs: Costs | None, draws: int) -> None:
    """Refuse arguments outside their range."""
    if i == j:
        raise parameter("b", system.ids[j], f"another actor than {system.ids[i]}")
    check_attitude(risk)
    if draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    if costs is not None and not (np.isfinite(np.array(costs)).all() and min(costs[1:]) >= 0):
        raise parameter("costs", tuple(costs), "finite numbers, alpha, tau and gamma not below 0")


def published_costs() -> Costs:
    """Return the published costs."""
    table = parameters.load("crisis")
    return Costs(*(table[f"cost.{name}"].centre for name in Costs._fields))


def _check_similarity(at: Stakes, i: int, j: int) -> None:
    """Refuse a pair whose interests cannot be compared."""
    if not np.isfinite(at.similarity[i, j]):
        raise parameter(
            "measure",
            at.measure,
            "one that is defined here",
            "tau_b is not where one side is allied with everybody: take s_abs",
        )


@dataclass(frozen=True)
class _Pair:
    """A pair at one set of inputs: portfolios of all with either side, what each could bring, attitudes with their bounds, chances."""

    i: int
    j: int
    at: Stakes
    brought: NDArray[np.float64]
    risk: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @classmethod
    def of(cls, at: Stakes, i: int, j: int, risk: Attitude, draw: int = 0) -> _Pair:
        """Return the pair in one draw; ``i`` is the challenger and fights at ``j``'s place."""
        strength = at.strength(draw)
        if risk == "portfolio":
            made = portfolios.risk(
                at.levels, strength, at.share[draw], measure=at.measure, who=[i, j], known=at.similarity
            )
            found, low, high = (x[[i, j]] for x in (made.attitude, made.low, made.high))
        else:
            found, low, high = np.full(2, float(risk)), np.full(2, -1.0), np.ones(2)
        brought = np.fmax(strength[:, i], strength[:, j])
        brought[i], brought[j] = strength[i, j], strength[j, j]
        out = cls(i, j, at, brought, found, np.maximum(low, -1.0), np.minimum(high, 1.0))
        if not np.isfinite(out.chances()).all():
            text = message(
                "Nobody who prefers a side has any strength", got="capability 0 of all who do", expected="some above 0"
            )
            raise InvalidSystemError(text)
        return out

    @property
    def similarity(self) -> float:
        """Similarity of the two."""
        return float(self.at.similarity[self.i, self.j])

    def chances(self, risk: NDArray[np.float64] | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return both sides' own estimates of their chance, under other attitudes if given."""
        r = self.risk if risk is None else risk
        mine, theirs = self.at.similarity[self.i], self.at.similarity[self.j]
        return chance(mine, theirs, self.brought, r[0]), chance(theirs, mine, self.brought, r[1])

    def worth(self, costs: Costs, risk: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return the payoffs, shape (8, 2)."""
        a, b = (utilities(self.similarity, r) for r in exponent(self.risk if risk is None else risk))
        return payoffs(a, b, *self.chances(risk), costs)


def _side(actor: str, pair: _Pair, k: int, estimate: Estimate) -> Side:
    """Return what one side sees."""
    r = float(exponent(pair.risk[k]))
    u = utilities(pair.similarity, r)
    return Side(
        actor, float(pair.risk[k]), float(pair.low[k]), float(pair.high[k]), r, float(pair.chances()[k]), estimate, float(u.own), float(u.other),
        float(u.same),
    )  # fmt: skip


def _steps(play: Solved, worth: NDArray[np.float64], ids: tuple[str, str]) -> list[Step]:
    """Return every choice, the last first."""
    reached = {1}
    for number in sorted(NODES):
        node = NODES[number]
        if number in reached:
            reached.add(node.yes if play.yes[number] else node.no)
    out = []
    for number in sorted(NODES, reverse=True):
        node = NODES[number]
        ends = [-1 - to if to < 0 else int(play.ends[to]) for to in (node.yes, node.no)]
        gains = [float(worth[e, node.mover]) for e in ends]
        choice = node.question, OUTCOMES[ends[0]], OUTCOMES[ends[1]], gains[0], gains[1], bool(play.yes[number])
        out.append(Step(number, ids[node.mover], *choice, number in reached))
    return out


def _helpers(system: System, at: Stakes, pair: _Pair) -> tuple[Helper, ...]:
    """Return the third parties, those who count most in either estimate first."""
    mine, theirs = at.similarity[pair.i], at.similarity[pair.j]
    for_a = contributions(mine, theirs, pair.brought, pair.risk[0])
    for_b = contributions(theirs, mine, pair.brought, pair.risk[1])
    share_a, share_b = for_a / np.abs(for_a).sum(), for_b / np.abs(for_b).sum()
    order = np.argsort(-(np.abs(share_a) + np.abs(share_b)), kind="stable")
    gap = np.where(np.isfinite(mine - theirs), mine - theirs, 0.0)
    return tuple(
        Helper(system.ids[k], "A" if gap[k] > 0 else "B" if gap[k] < 0 else None, float(pair.brought[k]), float(gap[k]), float(share_a[k]),
               float(share_b[k]))
        for k in map(int, order) if k not in {pair.i, pair.j}
    )  # fmt: skip


def _drawn(
    system: System, measure: Measure, i: int, j: int, risk: Attitude, costs: Costs | None, draws: int, seed: int
) -> tuple[tuple[Estimate, Estimate], dict[str, Estimate], dict[str, Estimate]]:  # fmt: skip
    """Return both estimates over draws, and the shares of draws that reach each end, with attitudes as found and anywhere in their bounds."""
    at = stakes(system, measure=measure, seed=seed, draws=draws)
    table = parameters.load("crisis")
    cost = np.stack([table.draws(f"drawn.{name}", seed, draws) for name in Costs._fields], axis=1)
    u = streams.uniforms(seed, streams.keys_of([f"risk:{system.ids[k]}" for k in (i, j)]), draws)
    p, ends = np.empty((draws, 2)), np.empty((2, draws), dtype=np.int8)
    for d in range(draws):
        pair = _Pair.of(at, i, j, risk, d)
        p[d] = pair.chances()
        paid = costs or Costs(*cost[d])
        anywhere = pair.low + (pair.high - pair.low) * u[d]
        ends[0, d] = solve(pair.worth(paid)).outcome
        ends[1, d] = solve(pair.worth(paid, anywhere)).outcome
    one, other = (
        dict(zip(list[str](OUTCOMES), nested(e[:, None] == np.arange(len(OUTCOMES)), 1), strict=True)) for e in ends
    )
    return (drawn(p[:, 0]), drawn(p[:, 1])), one, other


def _variants(system: System, pair: _Pair, costs: Costs, risk: Attitude) -> dict[str, str]:
    """Return the end of the game at central inputs under one change of the rules at a time."""
    worth, other = pair.worth(costs), "s_abs" if pair.at.measure == "tau_b" else "tau_b"
    out = {
        "as reported": solve(worth),
        "both neutral to risk (R = 0)": solve(pair.worth(costs, np.zeros(2))),
        "both as acceptant as can be (R = 1)": solve(pair.worth(costs, np.ones(2))),
        "no domestic cost or benefit of force (phi = 0)": solve(pair.worth(costs._replace(phi=0.0))),
        "who is indifferent holds back": solve(worth, restrained=True),
    }
    swapped = stakes(system, measure=other)
    if np.isfinite(swapped.similarity[pair.i, pair.j]):
        out[f"similarity by {other}"] = solve(_Pair.of(swapped, pair.i, pair.j, risk).worth(costs))
    return {name: OUTCOMES[play.outcome] for name, play in out.items()}
