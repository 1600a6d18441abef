"""The model card of the rates at which wars spread: the shipped coefficients, and how they score on years not seen against every baseline.

``make(folder)`` runs the three backtests of decision 14 and gives the card; ``to_toml()`` of it for ``src/foedus/params/cards/spread.toml`` and
``page(card)`` for ``docs/concepts/spread-card.md`` make what stands in the docs again. Fits nothing that ships.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.card import Against, Coefficient, ModelCard, ScoreLine
from foedus.estimate.wilson import Z90
from foedus.studies.joining_backtest import AIM, SLOPE, ratio_interval, score, verdict
from foedus.war.rates import Rates, shipped

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from foedus.data.store import DataDir
    from foedus.studies.joining_backtest import Forecasts
    from foedus.studies.joining_parts import Source
    from foedus.studies.spread_rows import SpreadRows

RATIO = "area under precision-recall over that of contiguity + alliance"
SLOPES = "slope of calibration"
LISTS: dict[Source, str] = {"disputes": "disputes (GML)", "wars": "wars (COW)", "iwd": "wars (Interstate War Data)"}
OUTCOMES = {
    "entry": "enters a side",
    "leaving": "leaves",
    "ending": "the war ends",
    "front": "was attacked, given entry",
}
NOTES = (
    "Rates a day; being attacked, log-odds. All rates of entering one war share a gamma factor of mean 1.",
    "`joined_own` and `joined_other` are held at 0 (decision 14).",
    "Leaving, ending and being attacked were not scored on years not seen; entering was.",
    "Not for saying that a given state will join: most chances are far below one per cent.",
)


@dataclass(frozen=True)
class Scored:
    """What one backtest found.

    ``cases`` says on what; ``lines`` are the ratio and the slope of the aim and the scores, ``against`` the differences to the baselines; ``met``
    whether both parts of the aim are met.
    """

    cases: str
    lines: tuple[ScoreLine, ...]
    against: tuple[Against, ...]
    met: bool

    @property
    def note(self) -> str:
        """What the scores say of the aim and of the baselines that are not beaten."""
        lost = "; ".join(f"{a.baseline} in {a.score}" for a in self.against if not a.beats) or "none"
        return f"{self.cases}: aim {'met' if self.met else 'missed'}. Baselines not beaten: {lost}."


def scored(made: Forecasts, cases: str, *, draws: int = 300, seed: int = 1) -> Scored:
    """Return the scores of one backtest, with intervals over resampled events.

    Parameters
    ----------
    made : Forecasts
    cases : str
        On what, such as ``wars (COW)``.
    draws, seed : int
        Of the resampling.
    """
    cases = f"{cases}, begun {made.rows.begun.min()}-{made.rows.begun.max()}"
    found, low_high = verdict(made), ratio_interval(made, draws=draws, seed=seed)
    aim = (
        ScoreLine(RATIO, cases, found.ratio, *low_high),
        ScoreLine(SLOPES, cases, found.calibration.slope, *found.calibration.slope_interval),
    )
    lines, against = score(made, cases, draws=draws, seed=seed)
    return Scored(cases, (*aim, *lines), against, found.met)


def card(rates: Rates, wars: SpreadRows, data: dict[str, str], found: Sequence[Scored]) -> ModelCard:
    """Return the card of rates.

    Parameters
    ----------
    rates : Rates
    wars : SpreadRows
        The rows of the second fit, which ships.
    data : dict of str to str
        Data sets and versions.
    found : sequence of Scored
    """
    lines = []
    for name, what in OUTCOMES.items():
        fit = getattr(rates, name)
        for t, c, e in zip(fit.terms, fit.coef.tolist(), np.sqrt(np.diag(fit.covariance)).tolist(), strict=True):
            lines.append(Coefficient(what, t, c, e, c - Z90 * e, c + Z90 * e))
    seen = wars.take(wars.weight > 0)
    aim = f"Aim for years not seen: {RATIO} of at least {AIM:g}, and a {SLOPES} from {SLOPE[0]} to {SLOPE[1]}."
    factor = f"Variance of the factor that the rates of one war share: {rates.entry.dispersion:.3g}."
    return ModelCard(
        "spread: rates of entering, leaving and ending wars", "log-rate of entering a side ~ " + " + ".join(rates.entry.terms[1:]), "by event",
        ("stays as it is", *OUTCOMES.values()), len(seen.y), int((seen.y > 0).sum()), int(wars.begun.min()), int(wars.closed.max()), data,
        coefficients=tuple(lines), scores=tuple(s for one in found for s in one.lines), against=tuple(a for one in found for a in one.against),
        notes=(*NOTES, factor, aim, *(one.note for one in found)),
    )  # fmt: skip


def make(
    data_dir: DataDir | str | os.PathLike[str] | None = None, *, draws: int = 300, seed: int = 1, progress: Callable[[float], None] | None = None
) -> ModelCard:  # fmt: skip
    """Return the card of the shipped rates, its scores from backtests on all three lists; some minutes.

    Parameters
    ----------
    data_dir : DataDir, path or None
    draws, seed : int
        Of the resampling behind the intervals.
    progress : callable, optional
        Called with the share done.
    """
    from foedus.studies.joining_fit import versions
    from foedus.studies.joining_rows import joining_rows
    from foedus.studies.spread_backtest import backtest_spread
    from foedus.studies.spread_fit import INPUTS
    from foedus.studies.spread_rows import spread_rows

    disputes, wars = (spread_rows(source, data_dir=data_dir) for source in ("disputes", "wars"))
    found = []
    for source, cases in LISTS.items():
        rounds = spread_rows(source, data_dir=data_dir, cut="rounds")
        second = None if source == "disputes" else wars
        made = backtest_spread(joining_rows(source, data_dir=data_dir), rounds, disputes, second)
        found.append(scored(made, cases, draws=draws, seed=seed))
        if progress is not None:
            progress(len(found) / len(LISTS))
    return card(shipped(), wars, versions(data_dir, INPUTS), found)


def page(one: ModelCard) -> str:
    """Return the page of the docs that shows a card."""
    head = (
        "# Model card: how wars spread\n\n<!-- Written by foedus.studies.spread_card from src/foedus/params/cards/spread.toml; not by hand. -->\n\n"
        "The rates that `foedus war` draws from, on one page: what they were fitted on, every coefficient, and their "
        "scores on years not seen. What they mean and what they cannot say: [How fast a war spreads](spread.md).\n\n"
    )
    return head + one.to_markdown()
