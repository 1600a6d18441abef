"""Rounds of the group decision model: which reading of it is meant, and where its orbits end.

The model's source was never published; Scholz, Calbert and Smith [Scholz2011]_ rebuilt it from the papers and leave several steps open. Each of
those is an option of `Rules` here. Arithmetic is in `foedus.kernels.bargaining`; who the actors are does not matter here.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import parameter
from foedus.kernels import bargaining as kernel
from foedus.kernels.recurrence import recurrence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

Risk = Literal["challenged", "challenging", "neutral"]
View = Literal["proposer", "own", "either"]
Choice = Literal["order", "least", "enforceable"]
Conflict = Literal["stand", "concede"]
OPTIONS = {"risk": kernel.RISK, "view": kernel.VIEW, "choice": kernel.CHOICE, "conflict": kernel.CONFLICT}
"""The words of each option, in the order of the kernel's codes."""
ENDINGS = ("settled", "cycle", "not settled")
FIRST_CHECK = 8
"""Rounds after which orbits are looked at for the first time; then after twice as many, and so on."""


@dataclass(frozen=True, slots=True)
class Rules:
    """One reading of the group decision model.

    Attributes
    ----------
    status_quo : float
        Q of eq. 7, the chance that one who is not challenged stays where it is. The paper gives 0.5 "or 1.0" and took 1.0 for its own rerun.
    risk : {"challenged", "challenging", "neutral"}
        Whose expected utilities make up an actor's security in eq. 34: those of its challengers (the text), its own as a challenger (another
        reading of the printed superscript), or no second pass at all, every exponent 1.
    view : {"proposer", "own", "either"}
        Whose view of a pair decides what is offered: the proposer's view of both sides (the accounts of 1984 to 1997), each side's own view of
        itself (the axes of Scholz's fig. 6), or any offer or concession that either of the two sees.
    choice : {"order", "least", "enforceable"}
        Which offer an actor takes: conflict before compromise before compulsion and then the least move, the least move at once, or the offer of
        the greatest expected utility and then the least move.
    conflict : {"stand", "concede"}
        Where both expect to gain: nobody moves (the outcome of a conflict is not known), or the one that expects less goes all the way.
    rounds : int
        Most rounds.
    tolerance : float
        Two states are one if no actor is further apart in them than this share of the first range of positions. What creeps by less a round
        counts as at rest.

    Notes
    -----
    Of the 84 readings the default is the one nearest to the path that [Scholz2011]_ print for the European car emissions, the only published path
    (mean absolute difference over its 16 numbers: 0.47 years; the next: 0.76). It is not theirs: means agree within 0.3 years, medians within 1.1
    in seven of eight rounds and within 2.2 in all; no reading stays within 1.0 throughout. Where the readings end runs over the whole range of
    positions, so that `foedus.security.bargaining.bargain` draws them too.
    """

    status_quo: float = 0.5
    risk: Risk = "challenged"
    view: View = "proposer"
    choice: Choice = "order"
    conflict: Conflict = "stand"
    rounds: int = 256
    tolerance: float = 1e-4

    def __post_init__(self) -> None:
        for name, words in OPTIONS.items():
            if getattr(self, name) not in words:
                raise parameter(name, getattr(self, name), f"one of {', '.join(words)}")
        if not 0 <= self.status_quo <= 1:
            raise parameter("status_quo", self.status_quo, "a chance from 0 to 1")
        if self.rounds < 1:
            raise parameter("rounds", self.rounds, "an integer of at least 1")
        if not 0 < self.tolerance < 1:
            raise parameter("tolerance", self.tolerance, "a share of the range between 0 and 1")

    def describe(self) -> str:
        """Return the reading in one line."""
        return f"Q = {self.status_quo:g}, risk {self.risk}, view {self.view}, choice {self.choice}, conflict {self.conflict}"

    @property
    def code(self) -> list[int]:
        """The options as the kernel knows them."""
        return [words.index(getattr(self, name)) for name, words in OPTIONS.items()]


def readings(base: Rules | None = None) -> Iterator[Rules]:
    """Yield the 84 readings: both values of Q that the paper names and every other option, with the rounds and tolerance of ``base``.

    With every exponent 1 all views of a pair are the same, so ``neutral`` comes with one view.
    """
    for q, *words in itertools.product((0.5, 1.0), *OPTIONS.values()):
        if words[0] != "neutral" or words[1] == "own":
            yield replace(base or Rules(), status_quo=q, **dict(zip(OPTIONS, words, strict=True)))


def in_turn(base: Rules | None = None) -> tuple[Rules, ...]:
    """Return the readings in an order in which any run of them mixes all options: every 37th of the 84."""
    every = tuple(readings(base))
    return tuple(every[37 * k % len(every)] for k in range(len(every)))


@dataclass(frozen=True)
class Orbits:
    """Where the rounds of many draws lead.

    Attributes
    ----------
    path : list of float64 array, shape (n_times, n)
        Positions of each draw from the start to the round in which it was seen how it ends.
    ending : int64 array, shape (n_draws,)
        Position in `ENDINGS`.
    start, length : int64 arrays, shape (n_draws,)
        First round of what repeats and how many rounds it takes: 1 at rest, 0 if not settled.
    median, mean : float64 arrays, shape (n_draws,)
        Weighted median and mean position at rest, averaged over the cycle, or over the second half of the rounds where nothing settled.
    """

    path: list[NDArray[np.float64]]
    ending: NDArray[np.int64]
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    median: NDArray[np.float64]
    mean: NDArray[np.float64]


def run(
    x: NDArray[np.float64], w: NDArray[np.float64], s: NDArray[np.float64], rules: Sequence[Rules]
) -> Orbits:  # fmt: skip
    """Return where the rounds lead from each draw.

    Parameters
    ----------
    x, w, s : float64 arrays, shape (n_draws, n)
        Positions, weights (capability times salience; some of each draw above 0) and salience from 0 to 1.
    rules : sequence of Rules
        Draw d is played by ``rules[d % len(rules)]``; rounds and tolerance are those of the first.

    Returns
    -------
    Orbits
    """
    many, n = x.shape
    rounds, which = rules[0].rounds, np.arange(many) % len(rules)
    status_quo = np.array([r.status_quo for r in rules])[which]
    code = np.array([r.code for r in rules])[which]
    tolerance = rules[0].tolerance * kernel.span(x)
    history = np.empty((many, rounds + 1, n))
    history[:, 0] = x
    start, length = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    seen = np.full(many, rounds, dtype=np.int64)
    live, check = np.arange(many), FIRST_CHECK
    for t in range(1, rounds + 1):
        history[live, t] = kernel.step(history[live, t - 1], w[live], s[live], status_quo[live], code[live])
        if t in (check, rounds):
            check *= 2
            start[live], length[live] = recurrence(history[live, : t + 1], tolerance[live])
            seen[live[length[live] > 0]] = t
            live = live[length[live] == 0]
            if not len(live):
                break
    ending = np.where(length == 1, 0, np.where(length > 1, 1, 2))
    kept = np.where(length > 0, length, np.maximum(1, rounds // 2))
    path = [history[d, : seen[d] + 1].copy() for d in range(many)]
    tails = [(p[-k:], w[d]) for d, (p, k) in enumerate(zip(path, kept.tolist(), strict=True))]
    median = np.array([kernel.median(p, v).mean() for p, v in tails])
    return Orbits(path, ending, start, length, median, np.array([kernel.mean(p, v).mean() for p, v in tails]))
