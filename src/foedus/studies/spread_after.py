"""What happens to a belligerent after its entry, fitted: the rate at which wars end, at which belligerents leave them, and who was attacked.

Correlates of War inter-state wars for the first two, the attacks of Interstate War Data for the third; values as the engine computes them. The rules
are those of ``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.prior_logit import prior_logit
from foedus.estimate.rates import fit_rates
from foedus.kernels.cascade import CUTS, FRONT_TERMS
from foedus.kernels.cascade_reference import strengths
from foedus.studies.spread_rows import TERMS, Events, interval, marks, present
from foedus.studies.war_attacks import BY_HAND, attacks_by_war
from foedus.war.rates import DAYS, ENDING, LEAVING, Fitted

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from foedus.data.store import DataDir

PRIOR_SD = 1.0
"""Of every coefficient but the constant and the classes of days."""


@dataclass(frozen=True)
class After:
    """Rows: of the war's end and of leaving ``(x, count, days, event)``, of being attacked ``(x, attacked, event, ccode)``."""

    ending: tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]
    leaving: tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]
    front: tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

    def without(self, events: set[int], larger: set[int]) -> After:
        """Return the rows without some wars of the Correlates of War and some of Interstate War Data."""
        parts = []
        for rows, gone in ((self.ending, events), (self.leaving, events), (self.front, larger)):
            label = rows[2] if rows is self.front else rows[3]
            keep = ~np.isin(label, list(gone))
            parts.append(tuple(column[keep] for column in rows))
        return After(*parts)


def after_rows(data_dir: DataDir | str | os.PathLike[str] | None = None) -> After:
    """Return the rows of all three fits.

    A war ends on the last day on which both sides have a belligerent. A belligerent leaves if its last day is before that of the war, while its side
    had others. An entrant was attacked if in its first attack it is the target.
    """
    ending: list[tuple[Any, ...]] = []
    leaving: list[tuple[Any, ...]] = []
    for number, first, last, inside, said, _ in Events("wars", data_dir).each():
        over = min(max(p.end for p in inside if p.side == k) for k in (1, 2))
        for a, b in marks(inside, "events", (last - first).days + 1):
            got = interval(said, inside, a, b) if a <= over else None
            if got is None:
                continue
            x = got[0]
            stop = min(b, over + 1)
            stage = [float(np.searchsorted(CUTS, a, side="right") - 1 == k + 1) for k in range(len(DAYS))]
            here = [p for p in inside if present(p, a)]
            at_war = np.zeros(len(said.major), dtype=np.int8)
            at_war[[p.at for p in here]] = [p.side for p in here]
            strong = strengths(at_war, said.power, said.reach)
            ratio = float(np.clip(np.log(max(strong[0], 1e-12) / max(strong[1], 1e-12)), -3, 3))
            ending.append(((1.0, np.log(len(here) / 2), abs(ratio), *stage), int(b > over), stop - a, number))
            for p in here:
                if sum(q.side == p.side for q in here) > 1:
                    close = x[p.side - 1, p.at, TERMS.index("proximity")]
                    row = (
                        1.0,
                        float(not p.original),
                        ratio if p.side == 1 else -ratio,
                        said.major[p.at],
                        close,
                        *stage,
                    )
                    leaving.append((row, int(a <= p.end < stop and p.end < over), stop - a, number))
    return After(_columns(ending), _columns(leaving), _fronts(data_dir))  # type: ignore[arg-type]


def _columns(rows: list[tuple[Any, ...]]) -> tuple[NDArray[Any], ...]:
    """Return rows as arrays, one per column."""
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def _fronts(data_dir: DataDir | str | os.PathLike[str] | None) -> tuple[NDArray[Any], ...]:
    """Return the rows of being attacked."""
    events = Events("iwd", data_dir)
    names = dict(events.folder.table("cow_wars").select("state_name", "ccode").unique().rows())
    attacks = attacks_by_war(events.folder.table("iwd"), names)
    rows: list[tuple[Any, ...]] = []
    for number, first, _, inside, said, codes in events.each(lambda k: k not in BY_HAND):
        for p in inside:
            if p.original or p.start < 1:
                continue
            got = interval(said, inside, p.start, p.start + 1)
            code = int(codes[p.at])
            own = [
                one
                for one in attacks[number]
                if code in (one.attacker, one.target) and (one.day - first).days == p.start
            ]
            if got is None or not own:
                continue
            see = dict(zip(TERMS, got[0][p.side - 1, p.at], strict=True)) | {"constant": 1.0}
            see["bound"] = float(see["bound"] > 0)
            rows.append((tuple(see[t] for t in FRONT_TERMS), int(own[0].target == code), number, code))
    return _columns(rows)


def fit_after(rows: After) -> tuple[Fitted, Fitted, Fitted]:
    """Return the fits of leaving, of the war's end and of being attacked."""
    out = []
    for terms, (x, count, days, event) in ((LEAVING, rows.leaving), (ENDING, rows.ending)):
        sd = [np.inf if t == "constant" else PRIOR_SD for t in terms]
        fit = fit_rates(x, count, days, cluster=event, prior_sd=sd)
        out.append(Fitted(terms, fit.coef, fit.covariance))
    x, attacked, war, _ = rows.front
    front = prior_logit(x, attacked, cluster=war, sd=[np.inf, *[PRIOR_SD] * (len(FRONT_TERMS) - 1)])
    return out[0], out[1], Fitted(FRONT_TERMS, front.coef, front.covariance)
