"""Whether pacts since 1816 redress an imbalance of power, and whether those whom they threaten answer with pacts of their own.

Claim B, by the rules of ``docs/decisions/0017-counter-alliances.md``: rows from `foedus.studies.counter_rows`, comparisons from
`foedus.formation.counter` and `foedus.formation.counter_redress`. It forecasts nothing, and no comparison here makes signing a pact an experiment.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.formation.counter import DESIGNS, MOST, SAMPLES, compare, exchanged
from foedus.formation.counter_events import first_signing, links
from foedus.formation.counter_history import ALL, ERAS, era_of
from foedus.formation.counter_redress import redress
from foedus.formation.counter_result import Answered, CounterPacts, Rises
from foedus.formation.counter_stats import BOOTSTRAPS
from foedus.formation.record import DAYS_A_YEAR
from foedus.studies.counter_rows import FIRST, LAST, Pacts, counter_rows

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from foedus.data.store import DataDir
    from foedus.formation.counter import Row
    from foedus.formation.counter_history import History

OTHER_THRESHOLDS = (0.05, 0.25)
GREATEST = 3


def counter_pacts(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, first: int = FIRST, last: int = LAST, within: int = 5, pacts: Pacts = "defense",
    designs: Sequence[str] = DESIGNS, samples: int = SAMPLES, draws: int = BOOTSTRAPS, seed: int = 1, progress: Callable[[float], None] | None = None,
) -> CounterPacts:  # fmt: skip
    """Return how often outsiders threatened by a new pact gained one of their own, against two nulls, by era.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    first, last : int
        Years of the pacts' signature, 1816 to 2018; answers are looked for to the end of the record whatever ``last``.
    within : int
        Years within which a gain counts as an answer, 1 to 10.
    pacts : {"defense", "offense", "any"}
        Which alliances may alarm: those that promise defence, offence, or anything.
    designs : sequence of {"permute", "matched"}
        Nulls: the same signings on other dates of the era; the least threatened outsiders of the same day.
    samples, draws, seed : int
        Orders of dates; resampled sets; the same seed gives the same numbers.
    progress : callable, optional
        Called with the share done.

    Returns
    -------
    CounterPacts

    Raises
    ------
    ParameterError
        Years out of range or in the wrong order, ``within``, ``pacts``, ``designs``, ``samples`` or ``draws`` out of range.
    DataError
        Data sets that are not there.

    References
    ----------
    [Walt1987]_, [Schweller1994]_, [LevyThompson2010]_, [Leeds2002]_
    """
    _check(within, designs, samples, draws)
    told = progress or (lambda share: None)
    history = counter_rows(data_dir=data_dir, first=first, last=last, pacts=pacts, progress=lambda x: told(0.8 * x))
    return answered(
        history, within=within, pacts=pacts, designs=designs, samples=samples, draws=draws, seed=seed, first=first, last=last,
        progress=lambda x: told(0.8 + 0.2 * x),
    )  # fmt: skip


def answered(
    history: History, *, within: int, pacts: str, designs: Sequence[str], samples: int, draws: int, seed: int, first: int, last: int,
    progress: Callable[[float], None] | None = None,
) -> CounterPacts:  # fmt: skip
    """Return all comparisons of a history; see `counter_pacts`."""
    _check(within, designs, samples, draws)
    days = exchanged(history, samples=samples, seed=seed) if "permute" in designs else None
    found = compare(history, within=within, seed=seed, designs=designs, days=days, draws=draws, progress=progress)
    return CounterPacts(
        pacts, first, last, within, found.rows, redress(history, days=days, designs=designs, seed=seed, draws=draws), rises(history),
        _sensitivity(history, days, within, seed, designs, draws), answers(history), found.balance, found.threatened, found.matched, samples, draws,
        seed, dt.date.fromordinal(history.end).isoformat(),
    )  # fmt: skip


def _check(within: int, designs: Sequence[str], samples: int, draws: int) -> None:
    """Refuse numbers out of range before any work is done."""
    if isinstance(within, bool) or not 1 <= within <= MOST:
        raise parameter("within", within, f"an integer from 1 to {MOST}")
    if not designs or any(d not in DESIGNS for d in designs):
        raise parameter("designs", list(designs), f"some of {', '.join(DESIGNS)}")
    if samples < 19 or draws < 20:
        raise parameter("samples, draws", f"{samples}, {draws}", "at least 19 orders and 20 resampled sets")


def _sensitivity(
    history: History, days: NDArray[np.int64] | None, within: int, seed: int, designs: Sequence[str], draws: int
) -> tuple[tuple[str, Row], ...]:
    """Return the primary comparison under other thresholds of who is threatened."""
    own = (history.power > 0) & (history.rise > 0)
    masks = {
        f"a rise of {t:.0%}": own & (history.rise >= t * history.power) & (history.rise >= t * history.before) for t in OTHER_THRESHOLDS
    }  # fmt: skip
    masks[f"the {GREATEST} greatest rises of each pact"] = greatest(history, GREATEST)
    out = []
    for name, mask in masks.items():
        made = compare(
            history, within=within, seed=seed, designs=designs, days=days, draws=draws, threatened=mask, primary=True
        )
        out += [(name, r) for r in made.rows if r.design in DESIGNS and r.outcome == "counter"]
    return tuple(out)


def greatest(history: History, count: int) -> NDArray[np.bool_]:
    """Return the pairs with the so many greatest rises of each pact, shape (pairs,)."""
    pact, out = history.pairs.pact, np.zeros(len(history.rise), dtype=np.bool_)
    order = np.lexsort((history.pairs.state, -history.rise, pact))
    place = np.arange(len(order)) - np.searchsorted(pact[order], pact[order])
    out[order[place < count]] = True
    return out & (history.rise > 0) & (history.power > 0)


def rises(history: History) -> tuple[Rises, ...]:
    """Return by era what pacts added for outsiders."""
    era, out = era_of(history.year), []
    wider = history.gap_after - history.gap_before
    for k, name in enumerate([*(e for e, _ in ERAS), ALL]):
        pacts = np.flatnonzero((era == k) | (name == ALL))
        some = np.isin(history.pairs.pact, pacts)
        hit = some & history.threatened
        gaps, risen = wider[hit][~np.isnan(wider[hit])], some & ~np.isnan(wider)
        out.append(
            Rises(
                name, len(pacts), int(some.sum()), float((history.rise[some] > 0).mean()) if some.any() else None,
                float((wider[risen] > 1e-9).mean()) if risen.any() else None, int(hit.sum()), len(np.unique(history.pairs.pact[hit])),
                float(np.median(history.rise[hit] / history.power[hit])) if hit.any() else None, float(np.median(gaps)) if len(gaps) else None,
            )
        )  # fmt: skip
    return tuple(out)


def answers(history: History, which: NDArray[np.bool_] | None = None) -> tuple[Answered, ...]:
    """Return every threatened outsider (or those of other pairs) with its first counter-pact, and its first gain with a member."""
    pairs = history.pairs.take(history.threatened if which is None else which)
    picked = np.flatnonzero(history.threatened if which is None else which)
    linked = links(pairs, history.signings)
    day = history.signings.day
    outside, inside = (first_signing(pairs, linked, day, inside=w) for w in (False, True))
    out = []
    for k, row in enumerate(picked.tolist()):
        pact, state = int(pairs.pact[k]), int(pairs.state[k])
        number, name = history.pacts[pact]
        signed = int(pairs.day[pact])
        e = int(outside[k])
        before = history.before[row]
        out.append(
            Answered(
                number, name, dt.date.fromordinal(signed).isoformat(), history.names[state], float(history.rise[row]),
                float(history.rise[row] / before) if before > 0 else None, _known(history.gap_before[row]), _known(history.gap_after[row]),
                float((day[e] - signed) / DAYS_A_YEAR) if e >= 0 else None, told(history, e, state), told(history, int(inside[k]), state),
            )
        )  # fmt: skip
    return tuple(out)


def told(history: History, signing: int, state: int) -> str:
    """Return a signing as day, number and who else is a party; empty for none."""
    if signing < 0:
        return ""
    s = history.signings
    others = [history.names[k] for k in np.flatnonzero(s.party[signing]).tolist() if k != state]
    with_ = ", ".join(others[:4]) + (f" and {len(others) - 4} more" if len(others) > 4 else "")
    return f"{dt.date.fromordinal(int(s.day[signing])).isoformat()} ATOP {s.atop[signing]} with {with_}"


def _known(value: float) -> float | None:
    """Return a number, None for NaN."""
    return None if np.isnan(value) else float(value)
