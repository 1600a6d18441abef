"""`rare_war`: the chance that a war grows so large as few do, by splitting: what has come far is continued many times afresh.

A plain run sees one war in a million a million draws apart. Here each draw that comes past a level of capability at war is continued several times
from that moment, and so on from level to level; each continuation counts as much less as there are more of them [Garvels2000]_. The factor that all
rates of one war share is drawn high more often than it is, and such a war counts as much less. The estimate is unbiased whatever levels, numbers of
copies and shares of high factors are; all are set beforehand by draws that are not used again. Explains nothing; see `foedus.war.result`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate
from foedus.kernels import cascade, streams
from foedus.war.batches import INNER, groups_of
from foedus.war.field import Theatre, theatre
from foedus.war.grouped import estimates

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System
    from foedus.war.rates import Rates

CHUNK = 500
PASS = 0.25
"""Share of the pilot's wars that a level lets pass."""
PILOT = 2_000
MOST_LEVELS = 12
EVEN = 0.3
"""Share of the draws whose shared factor is drawn as it is; the rest have it as the pilot's largest wars had."""
ROUNDING = 1e-12
MOST_COPIES = 20


@dataclass(frozen=True)
class Rare:
    """Chance that a war reaches a share of all capability.

    Attributes
    ----------
    system : System
    attacker, target : str
    share : float
        Share of the system's capability that has been at war by the horizon.
    chance : Estimate
        Simulated, with its 90 % interval over uncertain inputs and rates.
    given : dict of str to float
        Share of the wars that reach it in which an actor takes part; empty where none does.
    levels : tuple of float
        Shares of capability at which wars were continued afresh.
    copies : tuple of int
        How many times, at each.
    roots, wars, reached : int
        Draws from the first shot, all wars simulated, and those among them that reach ``share``.
    gain : float or None
        How many times as many wars a plain run would have to simulate for the same error given the inputs; None where no war reaches it.
    days : float
    seed : int
    """

    system: System
    attacker: str
    target: str
    share: float
    chance: Estimate
    given: dict[str, float]
    levels: tuple[float, ...]
    copies: tuple[int, ...]
    roots: int
    wars: int
    reached: int
    gain: float | None
    days: float
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row an actor: its share of the wars that reach it."""
        import polars as pl

        frame = pl.DataFrame({"actor": list(self.given), "share": list(self.given.values())})
        return frame.sort(["share", "actor"], descending=[True, False])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "attacker": self.attacker, "target": self.target, "share": self.share, "standing": "simulated", "chance": self.chance.to_dict(),
            "given": self.given, "levels": list(self.levels), "copies": list(self.copies), "roots": self.roots, "wars": self.wars,
            "reached": self.reached, "gain": self.gain, "days": self.days, "seed": self.seed, "system": self.system.hash,
        }  # fmt: skip


def rare_war(
    system: System, attacker: str, target: str, *, share: float = 0.5, draws: int = 10_000, seed: int = 1, workers: int = 1, days: float = 365.0,
    rates: Rates | None = None,
) -> Rare:  # fmt: skip
    """Return the chance that a war draws in actors with at least a share of the system's capability.

    Parameters
    ----------
    system : System
    attacker, target : str
        Names, abbreviations or codes.
    share : float
        In (0, 1].
    draws : int
        Draws from the first shot, rounded up to a multiple of 50; the wars simulated are some times as many.
    seed, workers : int
        The same seed gives the same bytes on any number of threads.
    days : float
        The horizon, days after the first shot.
    rates : Rates, optional
        Replaces the rates that come with foedus.

    Returns
    -------
    Rare

    Raises
    ------
    UnknownStateError
        No such actor, or several.
    ParameterError
        Attacker and target are the same, ``share`` outside (0, 1], ``draws`` or ``workers`` below 1, ``days`` not above 0.

    Notes
    -----
    Splitting with numbers of copies fixed beforehand [Garvels2000]_; levels and numbers from a pilot of 2,000 draws of another seed, by the quantile
    that lets a quarter pass. That wars can be continued afresh rests on exponential waiting times, which have no memory.

    Examples
    --------
    >>> import foedus as fd
    >>> from foedus.war.rare import rare_war
    >>> found = rare_war(fd.load("europe-1914"), "AUH", "SER", share=0.9, draws=500)
    >>> 0 <= found.chance.mean < 0.5
    True
    """
    shot = system.index[system.actor(attacker).id], system.index[system.actor(target).id]
    if shot[0] == shot[1]:
        raise parameter("target", target, f"another actor than {attacker}")
    if not 0 < share <= 1:
        raise parameter("share", share, "a share of capability above 0, at most 1")
    for name, value in (("draws", draws), ("workers", workers)):
        if value < 1:
            raise parameter(name, value, "an integer of at least 1")
    if not 0 < days < np.inf:
        raise parameter("days", days, "a number of days above 0")
    n_draws = -(-draws // INNER) * INNER
    stage = theatre(system, seed=seed, outer=groups_of(n_draws, len(system.actors)), rates=rates)
    plan = _pilot(Course(stage, shot, float(days), seed + 1_000_003, workers), share)
    course = Course(stage, shot, float(days), seed, workers)
    heights = _heights(n_draws, plan.heights, seed)
    rows = Rows(np.arange(n_draws), np.zeros((n_draws, 0), dtype=np.uint64), heights)
    sides, masses = course.wars(rows, plan.levels)
    wars = n_draws
    for level, many in zip(plan.levels, plan.copies, strict=True):
        rows = rows.continued(masses >= level, many)
        sides, masses = course.wars(rows, plan.levels)
        wars += len(rows.root)
    hit = masses >= share - ROUNDING
    each = 1.0 / (len(plan.heights) * plan.heights * np.prod(plan.copies, dtype=np.float64))
    weight = each[rows.height[hit]]
    values = np.bincount(rows.root[hit], weight, minlength=n_draws).astype(np.float64)
    chance, gain = _chance(values, len(stage.field.power), float(each.max()), wars)
    given = weight @ (sides[hit] > 0) / weight.sum() if hit.any() else np.zeros(0)
    return Rare(
        system, system.ids[shot[0]], system.ids[shot[1]], float(share), chance, dict(zip(system.ids, given.tolist(), strict=False)),
        tuple(plan.levels.tolist()), plan.copies, n_draws, wars, int(hit.sum()), gain if hit.any() else None, float(days), seed,
    )  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """Wars to simulate.

    ``root`` (D,) the draw that each follows; ``words`` (D, k) those it goes by once past each level;
    ``height`` (D,) which value of the shared factor.
    """

    root: NDArray[np.int64]
    words: NDArray[np.uint64]
    height: NDArray[np.int64]

    def continued(self, passed: NDArray[np.bool_], copies: int) -> Rows:
        """Return copies of the rows that passed a level, each with a word of its own after those it had."""
        root, before = np.repeat(self.root[passed], copies), np.repeat(self.words[passed], copies, axis=0)
        number = np.tile(np.arange(1, copies + 1, dtype=np.uint64), int(passed.sum()))
        last = before[:, -1] if before.shape[1] else root.astype(np.uint64)
        new = streams.words(last, np.uint64(before.shape[1] + 1), number)
        return Rows(root, np.column_stack([before, new]), np.repeat(self.height[passed], copies))


@dataclass(frozen=True)
class Plan:
    """What is set beforehand: ``levels``, numbers of ``copies``, and ``heights``, the chance of each value of the shared factor."""

    levels: NDArray[np.float64]
    copies: tuple[int, ...]
    heights: NDArray[np.float64]


@dataclass(frozen=True)
class Course:
    """Wars of one first shot that follow given draws and are continued afresh from given levels."""

    stage: Theatre
    shot: tuple[int, int]
    days: float
    seed: int
    workers: int

    def wars(self, rows: Rows, levels: NDArray[np.float64]) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
        """Return the sides, shape (D, n), and the share of capability that has been at war, shape (D,)."""
        field = self.stage.field
        outer = rows.root // INNER % len(field.power)
        shared, used = field.frailty[outer, rows.height], levels[: rows.words.shape[1]]

        def chunk(first: int) -> NDArray[np.int8]:
            part = slice(first, first + CHUNK)
            branch = cascade.Branch(rows.root[part], used, np.ascontiguousarray(rows.words[part]), shared[part])
            a, b = (np.full(len(branch.root), x, dtype=np.int64) for x in self.shot)
            return cascade.spread(
                np.uint64(self.seed), 0, a, b, INNER, self.days, field, self.stage.pledges, -1, branch
            )[0]

        with ThreadPoolExecutor(max_workers=self.workers) as pool:
            parts = list(pool.map(chunk, range(0, len(rows.root), CHUNK)))
        side = np.concatenate(parts) if parts else np.zeros((0, field.power.shape[1]), dtype=np.int8)
        return side, np.einsum("dn,dn->d", side > 0, field.power[outer])


def _pilot(trial: Course, share: float) -> Plan:
    """Return a plan under which about a quarter of the wars at one level pass the next, by draws of another seed.

    Twice: from wars whose shared factor is drawn as it is come the chances of its values, from wars drawn with those the levels.
    """
    values = trial.stage.field.frailty.shape[1]
    even = np.full(values, 1.0 / values)
    _, _, rows, masses = _climb(trial, share, even)
    seen = np.bincount(rows.height[masses >= min(share, masses.max()) - ROUNDING], minlength=values)
    heights = EVEN * even + (1 - EVEN) * seen / seen.sum()
    levels, copies, _, _ = _climb(trial, share, heights)
    return Plan(levels, copies, heights)


def _climb(
    trial: Course, share: float, heights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], tuple[int, ...], Rows, NDArray[np.float64]]:
    """Return levels, copies, and the last rows with the shares that they reach."""
    rows = Rows(np.arange(PILOT), np.zeros((PILOT, 0), dtype=np.uint64), _heights(PILOT, heights, trial.seed))
    levels, copies = np.zeros(0), []
    _, masses = trial.wars(rows, levels)
    while len(levels) < MOST_LEVELS and (masses >= share).mean() < PASS:
        floor = levels[-1] if len(levels) else masses.min()
        above = masses[(masses > floor + ROUNDING) & (masses >= np.quantile(masses, 1 - PASS))]
        if not len(above) or above.min() >= share - ROUNDING:
            break
        passed = masses >= above.min()
        # as many in all as at first, whatever share passes
        many = max(2, min(round(PILOT / passed.sum()), MOST_COPIES))
        levels, copies = np.append(levels, above.min()), [*copies, many]
        rows = rows.continued(passed, many)
        _, masses = trial.wars(rows, levels)
    return levels, tuple(copies), rows, masses


def _heights(draws: int, chances: NDArray[np.float64], seed: int) -> NDArray[np.int64]:
    """Return which value of the shared factor each draw has, drawn with ``chances``."""
    u = streams.uniforms(seed, streams.keys_of(["war:height"]), draws)[:, 0]
    return np.searchsorted(np.cumsum(chances) / chances.sum(), u, side="right").clip(max=len(chances) - 1)


def _chance(values: NDArray[np.float64], groups: int, weight: float, wars: int) -> tuple[Estimate, float]:
    """Return the mean of weighted counts by draw with its interval over groups of inputs, and the gain over plain draws.

    The gain is how many times as many plain wars would leave the same error given the inputs; ``weight`` is the most that one war counts.
    """
    group = np.arange(len(values)) // INNER % groups
    many = np.bincount(group, minlength=groups)
    sums, squares = (np.bincount(group, v, minlength=groups) for v in (values, values**2))
    found = estimates(sums[:, None], many, INNER, squares[:, None], least=weight)[0]
    means = sums / many
    within = float((squares - sums * means).sum() / len(values))
    plain = float((means * (1 - means).clip(min=0.0)).mean())
    gain = plain / within * len(values) / wars if within > 0 else float("nan")
    return Estimate(found.mean, max(found.low, 0.0), min(found.high, 1.0), found.mc_error), gain
