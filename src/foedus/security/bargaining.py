"""`bargain`: where a group of actors with positions, capabilities and saliences ends on one issue, by the group decision model.

Bueno de Mesquita's model as rebuilt by Scholz, Calbert and Smith [Scholz2011]_: rounds of pairwise offers, the weighted median as forecast. Uncertain
inputs and the readings that the sources leave open are drawn; the plain weighted mean and median of the first positions, which need no model, stand
beside. Its forecasting record is disputed and cannot be checked (docs/concepts/factions.md). Knows no system; see `foedus.security.stance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import ParameterError, message, parameter
from foedus.estimate.nested import Estimate, drawn
from foedus.kernels import bargaining as kernel
from foedus.kernels import streams
from foedus.security.rounds import ENDINGS, Rules, readings, run
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Bargain:
    """Rounds of one issue, and what its uncertain inputs and readings leave of the forecast.

    Attributes
    ----------
    names : tuple of str
    rules : Rules
        The reading whose rounds are told.
    path : float64 array, shape (n_times, n)
        Positions from the start on, every input at its centre.
    median, mean : float64 arrays, shape (n_times,)
        Weighted median (the Condorcet winner) and weighted mean of each round.
    ending : {"settled", "cycle", "not settled"}
    start, length : int
        First round of what repeats and its length in rounds (1 at rest, 0 if not settled).
    movers : tuple of str
        Who moves within the cycle.
    outcome : float
        The forecast: the weighted median at rest, averaged over the cycle, or over the second half of the rounds if nothing settled.
    forecast, first_mean, first_median : Estimate
        Over draws: the outcome, and the weighted mean and median of the positions before any round.
    endings : dict of str to float
        Share of draws with each ending.
    by_reading : tuple of (Rules, float, str)
        Outcome and ending of every reading, inputs at their centre; empty if one reading was asked for.
    draws, seed : int
    """

    names: tuple[str, ...]
    rules: Rules
    path: NDArray[np.float64]
    median: NDArray[np.float64]
    mean: NDArray[np.float64]
    ending: str
    start: int
    length: int
    movers: tuple[str, ...]
    outcome: float
    forecast: Estimate
    first_mean: Estimate
    first_median: Estimate
    endings: dict[str, float]
    by_reading: tuple[tuple[Rules, float, str], ...]
    draws: int
    seed: int

    def statement(self) -> str:
        """Say how the rounds end."""
        last = len(self.path) - 1
        if self.ending == "settled":
            return f"at rest from round {self.start} (no actor moves by more than {self.rules.tolerance:g} of the range a round)"
        if self.ending == "cycle":
            return f"a cycle of {self.length} rounds from round {self.start}, in which {', '.join(self.movers)} move; the forecast is its average"
        return f"not settled in {last} rounds; the forecast is the average of the second half"

    def table(self) -> pl.DataFrame:
        """Return one row a round: median, mean, and each actor's position."""
        import polars as pl

        first = {"round": np.arange(len(self.path)), "median": self.median, "mean": self.mean}
        return pl.DataFrame(first | {name: self.path[:, k] for k, name in enumerate(self.names)})

    def readings(self) -> pl.DataFrame:
        """Return one row a reading: its options, its outcome, how it ends."""
        import polars as pl

        rows = [
            {"status_quo": r.status_quo, "risk": r.risk, "view": r.view, "choice": r.choice, "conflict": r.conflict, "outcome": v, "ending": e}
            for r, v, e in self.by_reading
        ]  # fmt: skip
        text = dict.fromkeys(("risk", "view", "choice", "conflict"), pl.String)
        return pl.DataFrame(
            rows, schema={"status_quo": pl.Float64} | text | {"outcome": pl.Float64, "ending": pl.String}
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "actors": list(self.names), "reading": self.rules.describe(), "standing": "simulated under the readings named", "ending": self.ending,
            "start": self.start, "length": self.length, "movers": list(self.movers), "outcome": self.outcome, "statement": self.statement(),
            "forecast": self.forecast.to_dict(), "first_mean": self.first_mean.to_dict(), "first_median": self.first_median.to_dict(),
            "endings": self.endings, "rounds": self.table().to_dicts(), "readings": self.readings().to_dicts(), "draws": self.draws,
            "seed": self.seed,
        }  # fmt: skip


def bargain(
    position: Sequence[Any], capability: Sequence[Any], salience: Sequence[Any], *, names: Sequence[str] | None = None, rules: Rules | None = None,
    draws: int = 400, seed: int = 1,
) -> Bargain:  # fmt: skip
    """Return where actors end on one issue.

    Parameters
    ----------
    position : sequence of n numbers
        On any scale. Each number may also be ``[low, high]``, ``{"mean": m, "sd": s}`` or a `Quantity`.
    capability : sequence of n numbers, at least 0
        In any unit; only proportions count.
    salience : sequence of n numbers from 0 to 1
        How much of its capability an actor spends on this issue.
    names : sequence of str, optional
        Different from each other; ``1``, ``2``, ... by default.
    rules : Rules, optional
        One reading of the model. By default rounds are told by ``Rules()`` and draws take each of the 84 readings in turn.
    draws : int
        Draws of uncertain inputs and readings.
    seed : int

    Returns
    -------
    Bargain

    Raises
    ------
    ParameterError
        No actor, lengths that differ, a name twice, a number that is not finite or out of its range, nobody with capability and salience,
        or ``draws`` below 1.

    Notes
    -----
    All positions equal, or one actor: at rest at once, at that position. An actor without capability or salience has no weight, but still takes
    offers; a draw in which nobody has weight takes the weights at the centre. Third parties make a round of n actors cost n**3.

    Examples
    --------
    >>> import foedus as fd
    >>> b = fd.bargain([4, 7, 10], [0.5, 0.1, 0.4], [0.8, 0.4, 0.6], names=["north", "centre", "south"], draws=84)
    >>> round(b.first_mean.mean, 3), round(float(b.median[0]), 3)
    (6.294, 4.0)
    """
    named = _names(names, len(position))
    quantities = {
        key: _quantities(key, values, len(named), bounds)
        for key, values, bounds in (
            ("position", position, (-1e12, 1e12)), ("capability", capability, (0.0, 1e12)), ("salience", salience, (0.0, 1.0)),
        )
    }  # fmt: skip
    if draws < 1:
        raise parameter("draws", draws, "an integer of at least 1")
    centre = {k: np.array([[q.centre for q in v]]) for k, v in quantities.items()}
    weight = centre["capability"] * centre["salience"]
    if not weight.sum() > 0:
        raise ParameterError(
            message("Nobody to bargain", got="no actor with capability and salience above 0", expected="at least one")
        )
    told = rules or Rules()
    one = run(centre["position"], weight, centre["salience"], (told,))
    chosen = (rules,) if rules else tuple(readings())
    sampled = {k: _draws(named, k, v, seed, draws) for k, v in quantities.items()}
    x, s = sampled["position"], sampled["salience"]
    w = sampled["capability"] * s
    w = np.where(w.sum(axis=1, keepdims=True) > 0, w, weight)
    every = run(x, w, s, chosen)
    many = (len(chosen), 1)
    each = None if rules else run(
        np.tile(centre["position"], many), np.tile(weight, many), np.tile(centre["salience"], many), chosen
    )  # fmt: skip
    path, start, length = one.path[0], int(one.start[0]), int(one.length[0])
    kept = path[-length:] if length > 1 else path[-1:]
    moving = np.ptp(kept, axis=0) > told.tolerance * np.ptp(path[0])
    return Bargain(
        named, told, path, kernel.median(path, weight[0]), kernel.mean(path, weight[0]), ENDINGS[one.ending[0]], start, length,
        tuple(n for n, m in zip(named, moving, strict=True) if m), float(one.median[0]), drawn(every.median), drawn(kernel.mean(x, w)),
        drawn(kernel.median(x, w)), {e: float((every.ending == k).mean()) for k, e in enumerate(ENDINGS)},
        tuple((r, float(m), ENDINGS[e]) for r, m, e in zip(chosen, each.median, each.ending, strict=True)) if each else (), draws, seed,
    )  # fmt: skip


def _names(names: Sequence[str] | None, n: int) -> tuple[str, ...]:
    """Return the actors' names."""
    if n == 0:
        raise parameter("position", [], "at least one actor")
    named = tuple(names) if names is not None else tuple(str(k + 1) for k in range(n))
    if len(named) != n:
        raise parameter("names", len(named), f"one for each of {n} actors")
    if twice := sorted({x for x in named if named.count(x) > 1}):
        raise parameter("names", twice[0], "each actor once")
    return named


def _quantities(key: str, values: Sequence[Any], n: int, bounds: tuple[float, float]) -> list[Quantity]:
    """Return the column as quantities within bounds."""
    if len(values) != n:
        raise parameter(key, len(values), f"one number for each of {n} actors")
    out = []
    for place, value in enumerate(values):
        plain = value.item() if isinstance(value, np.generic) else value
        try:
            q = Quantity.of(plain, bounds=bounds)
        except ParameterError as error:
            hint = (
                "salience in per cent? divide it by 100 (on the command line: --percent)" if key == "salience" else ""
            )
            raise ParameterError(message(f"The {key} of actor {place + 1}: {error}".rstrip("."), hint=hint)) from error
        if not bounds[0] <= q.centre <= bounds[1] or (q.mean is None and not bounds[0] <= q.low <= q.high <= bounds[1]):
            raise parameter(key, str(q), f"within [{bounds[0]:g}, {bounds[1]:g}]")
        out.append(Quantity(max(q.low, bounds[0]), min(q.high, bounds[1]), q.mean, q.sd))
    return out


def _draws(names: tuple[str, ...], key: str, values: list[Quantity], seed: int, draws: int) -> NDArray[np.float64]:
    """Return draws of one column, shape (draws, n), by name, so that the order of actors changes nothing."""
    u = streams.uniforms(seed, streams.keys_of([f"bargain:{name}:{key}" for name in names]), draws)
    return np.stack([q.at(u[:, k]) for k, q in enumerate(values)], axis=1)
