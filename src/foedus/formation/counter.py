"""Do threatened outsiders gain a pact of their own: against the same signings on other dates, and against the least threatened of the same day.

The designs are those of ``docs/decisions/0017-counter-alliances.md``: `timing` exchanges the dates of signings within eras, `peers` matches each
threatened outsider to three least threatened ones. Neither makes a pact an experiment: threat and answer may share a cause.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.formation.counter_events import OUTCOMES, delays, drawn_days, links, shifted_delays
from foedus.formation.counter_history import ALL, ERAS, era_of, span_of, year_of
from foedus.formation.counter_match import nearest, standardised
from foedus.formation.counter_stats import BOOTSTRAPS, effect, holm, p_of_orders, p_of_signs, two_way_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from foedus.formation.counter_history import History
    from foedus.formation.counter_stats import Effect

DESIGNS = ("permute", "matched")
CHECKS = {"permute": "calm", "matched": "before"}
"""The check beside each design: the least threatened under exchanged dates; the matched difference before the signature."""
SHIFT = "shift"
"""A second check of ``permute``: each state's own signings moved on in a circle, which keeps its bursts but not the calendar; added after the first
result (decision 17)."""
SHIFTS = 199
SAMPLES = 499
MOST = 10
"""Years up to which the answer is followed."""


@dataclass(frozen=True)
class Row:
    """One comparison: design or check, outcome, era, years within, and its effect."""

    design: str
    outcome: str
    era: str
    within: int
    effect: Effect


@dataclass(frozen=True)
class Comparison:
    """Everything compared, and how alike the matched were.

    ``balance``: by what was matched, how far the threatened are from their matches in standard deviations.
    """

    rows: tuple[Row, ...]
    balance: dict[str, float | None]
    threatened: int
    matched: int


def exchanged(history: History, *, samples: int = SAMPLES, seed: int = 1) -> NDArray[np.int64]:
    """Return the days of the signings of a history with dates exchanged within eras, shape (samples, signings)."""
    return drawn_days(history.signings, span_of(year_of(history.signings.day)), samples=samples, seed=seed)


def compare(
    history: History, *, within: int = 5, seed: int = 1, designs: Sequence[str] = DESIGNS, days: NDArray[np.int64] | None = None,
    samples: int = SAMPLES, draws: int = BOOTSTRAPS, threatened: NDArray[np.bool_] | None = None, primary: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Comparison:  # fmt: skip
    """Return how often threatened outsiders gained a pact, against both nulls.

    Parameters
    ----------
    history : History
    within : int
        Years, 1 to `MOST`.
    seed, samples, draws : int
        ``samples`` orders of dates, ``draws`` resampled sets.
    designs : sequence of {"permute", "matched"}
    days : int array, shape (samples, signings), optional
        Of `exchanged`, to be used again.
    threatened : bool array, shape (pairs,), optional
        Replaces `History.threatened`.
    primary : bool
        Only the comparison over all years of signature.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    ParameterError
        ``within`` out of range, or another design.
    """
    if isinstance(within, bool) or not 1 <= within <= MOST:
        raise parameter("within", within, f"an integer from 1 to {MOST}")
    if not designs or any(d not in DESIGNS for d in designs):
        raise parameter("designs", list(designs), f"some of {', '.join(DESIGNS)}")
    if days is None and "permute" in designs:
        days = exchanged(history, samples=samples, seed=seed)
    treated = history.threatened if threatened is None else threatened
    sheet = _Sheet(history, treated, within, seed, draws)
    curve = [within] if primary else sorted({within, *range(1, MOST + 1)})
    rows: list[Row] = []
    if "permute" in designs and days is not None:
        drawn = sheet.timing(days, curve, progress)
        for name, group in (("permute", sheet.ours), (CHECKS["permute"], sheet.calm)):
            rows += sheet.cells(name, group, curve, drawn, primary=primary)
        rows += sheet.cells(
            SHIFT, sheet.ours, curve, sheet.shifted(curve, min(SHIFTS, len(days))), primary=primary, test=False
        )
    if "matched" in designs:
        for name in ("matched", CHECKS["matched"]):
            rows += sheet.matched(name, curve, primary=primary)
    return Comparison(_corrected(rows, within), sheet.balance(), int(treated.sum()), len(sheet.rows))


class _Sheet:
    """The pairs of one comparison: the threatened and their matches, with what came after the pact and before it."""

    def __init__(self, history: History, treated: NDArray[np.bool_], within: int, seed: int, draws: int) -> None:
        self.history, self.within, self.seed, self.draws = history, within, seed, draws
        pairs = history.pairs
        with np.errstate(divide="ignore"):
            size = np.log(history.power)
        size[~np.isfinite(size)] = np.nan
        self._like = {
            "ln capability": size, "gains a year before": history.past(pairs.day)[pairs.pact, pairs.state],
            "great power": history.major.astype(np.float64),
        }  # fmt: skip
        of, past = history.region[pairs.state], self._like["gains a year before"]
        self.rows, self.mates = nearest(pairs.pact, treated, history.calm, size, past, of, history.major, pairs.state)
        chosen = np.unique(np.concatenate([np.flatnonzero(treated), self.mates.ravel()]))
        self.pairs = pairs.take(chosen)
        place = np.full(len(pairs.pact), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        self.ours, self.calm = place[np.flatnonzero(treated)], np.unique(place[self.mates.ravel()])
        self.own, self.peers = place[self.rows], place[self.mates]
        self.links = links(self.pairs, history.signings)
        day = history.signings.day
        self.after = delays(self.pairs, self.links, day)
        self.ago = delays(self.pairs, self.links, day, back=True)
        self.year = history.year[self.pairs.pact]
        self.era = era_of(self.year)
        self._weights: dict[bytes, NDArray[np.float64] | None] = {}

    def balance(self) -> dict[str, float | None]:
        """Return how far the threatened are from their matches."""
        return {name: standardised(x, self.rows, self.mates) for name, x in self._like.items()}

    def timing(
        self, days: NDArray[np.int64], curve: list[int], progress: Callable[[float], None] | None
    ) -> NDArray[np.bool_]:
        """Return who gained within how many years under each order, shape (samples, years, outcomes, pairs)."""
        out = np.zeros((len(days), len(curve), len(OUTCOMES), len(self.pairs.pact)), dtype=np.bool_)
        for s, order in enumerate(days):
            out[s] = delays(self.pairs, self.links, order)[None] <= np.array(curve)[:, None, None]
            if progress is not None:
                progress((s + 1) / len(days))
        return out

    def shifted(self, curve: list[int], samples: int) -> NDArray[np.bool_]:
        """Return who gained within how many years with each state's own signings moved on, shape as of `timing`."""
        span, label = self.history.spans()
        out = [
            shifted_delays(self.pairs, self.links, self.history.signings, span, label, seed=self.seed, sample=s)[None]
            <= np.array(curve)[:, None, None]
            for s in range(samples)
        ]
        return np.array(out, dtype=np.bool_)

    def cells(
        self, name: str, group: NDArray[np.int64], curve: list[int], drawn: NDArray[np.bool_], *, primary: bool, test: bool = True
    ) -> list[Row]:  # fmt: skip
        """Return the comparisons of a group with the same signings on other dates; a p-value only where the orders are drawn jointly (``test``)."""
        out = []
        for outcome, era, k in self._asked(curve, primary=primary):
            some = group[self._in(group, era) & self.history.known(k)[self.pairs.pact[group]]]
            came = (self.after[outcome, some] <= k).astype(np.float64)
            drew = drawn[:, curve.index(k), outcome][:, some]
            p = p_of_orders(float(came.mean()), drew.mean(axis=1)) if len(some) and test else None
            out.append(self._row(name, outcome, era, k, some, came, drew.mean(axis=0), p))
        return out

    def matched(self, name: str, curve: list[int], *, primary: bool) -> list[Row]:
        """Return the comparisons of the threatened with their matches, after the signature or before it."""
        back = name == CHECKS["matched"]
        when = self.ago if back else self.after
        out = []
        for outcome, era, k in self._asked(curve, primary=primary):
            some = self._in(self.own, era) & self.history.known(k, back=back)[self.pairs.pact[self.own]]
            own, peers = self.own[some], self.peers[some]
            came, theirs = (when[outcome, own] <= k).astype(np.float64), (when[outcome, peers] <= k).mean(axis=1)
            p = p_of_signs(came - theirs, self.pairs.state[own], self.year[own], seed=self.seed)
            out.append(self._row(name, outcome, era, k, own, came, theirs, p))
        return out

    def _asked(self, curve: list[int], *, primary: bool) -> list[tuple[int, str, int]]:
        """Return which outcomes, eras and years are compared: all eras at the years asked for, all years for all eras together."""
        whole = [(o, ALL, k) for o in range(len(OUTCOMES)) for k in curve]
        return whole if primary else [(o, e, self.within) for o in range(len(OUTCOMES)) for e, _ in ERAS] + whole

    def _in(self, group: NDArray[np.int64], era: str) -> NDArray[np.bool_]:
        """Return which pairs of a group are of an era."""
        if era == ALL:
            return np.ones(len(group), dtype=np.bool_)
        return self.era[group] == [name for name, _ in ERAS].index(era)

    def _row(
        self, name: str, outcome: int, era: str, k: int, some: NDArray[np.int64], came: NDArray[np.float64], expected: NDArray[np.float64],
        p: float | None,
    ) -> Row:  # fmt: skip
        """Return one comparison with its interval."""
        state, year = self.pairs.state[some], self.year[some]
        key = some.tobytes()
        if key not in self._weights:
            self._weights[key] = two_way_weights(state, year, draws=self.draws, seed=self.seed)
        return Row(
            name, OUTCOMES[outcome], era, k, effect(came, expected, state, year, weights=self._weights[key], p=p)
        )


def _corrected(rows: list[Row], within: int) -> tuple[Row, ...]:
    """Return the rows with p-values of the designs corrected: over eras and designs, and over designs for all years together, by outcome."""
    out = list(rows)
    for outcome in OUTCOMES:
        for whole in (True, False):
            family = [
                k for k, r in enumerate(rows)
                if r.outcome == outcome and r.design in DESIGNS and r.within == within and (r.era == ALL) == whole
            ]  # fmt: skip
            for k, p in zip(family, holm([rows[k].effect.p for k in family]), strict=True):
                out[k] = replace(rows[k], effect=replace(rows[k].effect, p_holm=p))
    return tuple(out)
