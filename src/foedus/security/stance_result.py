"""The bargained stance of a divided actor: its ties, what they mean for blocs and wars, which verdicts turn on it, and what each faction is to it.

Frozen records; `foedus.security.stance.stance` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.nested import Estimate, drawn
from foedus.system.nouns import Preference
from foedus.system.stance_edits import TakeStance
from foedus.system.values import Quantity

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.security.verdicts import Kind, Share, Verdict
    from foedus.system.system import System

Chance = tuple[float, float, float]
"""Share of draws and Wilson's interval around it."""


@dataclass(frozen=True, slots=True)
class Without:
    """What one faction is to the bargain.

    ``others``: without it, (mean tie by issue, chance to stand with the first head, share of bloc verdicts that differ from those with every
    faction); None where the others have no weight. ``alone_ties`` and ``alone``: the mean ties and that chance if it alone decided.
    """

    faction: str
    weight: Estimate
    others: tuple[tuple[float, ...], Chance, Estimate] | None
    alone_ties: tuple[float, ...]
    alone: Chance

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        others = None if self.others is None else {
            "ties": list(self.others[0]), "with_first_head": list(self.others[1]), "bloc_verdicts_differ": self.others[2].to_dict()
        }  # fmt: skip
        alone = {"ties": list(self.alone_ties), "with_first_head": list(self.alone)}
        return {"faction": self.faction, "weight": self.weight.to_dict(), "without": others, "alone": alone}


@dataclass(frozen=True)
class Stance:
    """The bargained stance of one actor.

    Attributes
    ----------
    system : System
        As stated.
    actor : str
    factions, issues : tuple of str
    ties : float64 array, shape (n_draws, n_issues)
        Bargained ties, -1 to 1.
    means : float64 array, shape (n_draws, n_issues)
        Weighted mean of the factions' positions in the same draws: the bargain without a model.
    stated : float64 array, shape (n_draws, n_issues)
        The actor's tie of interest as the system states it, 0 where none is coded.
    coded : tuple of str
        The issues on which it states one; in the table the others are unknown.
    endings : dict of str to tuple of float
        Share of draws with each ending, by issue.
    heads : (str, str)
        The member of each bloc to whom most friendly ties lead.
    with_first : (Chance, Chance, Chance)
        Share of draws in which the actor stands with the first head, each with Wilson's interval: as stated, as bargained, and if its ties were the
        weighted means of the wishes.
    by_mean : Estimate
        Share of bloc verdicts that differ between bargained ties and those means: what the model of bargaining decides.
    centre : tuple of (str, str, str)
        Actors whose bloc at the centre of every number is another under the mean bargain: (actor, before, after); ``proved`` says if both are.
    drawn_in : tuple of (attacker, target, Estimate, Estimate)
        Chance that the actor is drawn into the war of a first shot: as stated (interval over uncertain inputs), and over the drawn stances (interval
        over stances).
    shares : dict of kind to Share
    overall : Share
        Over all kinds, in the draws that simulate wars.
    verdicts : tuple of Verdict
    without : tuple of Without
    """

    system: System
    actor: str
    factions: tuple[str, ...]
    issues: tuple[str, ...]
    ties: NDArray[np.float64]
    means: NDArray[np.float64]
    stated: NDArray[np.float64]
    coded: tuple[str, ...]
    endings: dict[str, tuple[float, ...]]
    heads: tuple[str, str]
    with_first: tuple[Chance, Chance, Chance]
    by_mean: Estimate
    centre: tuple[tuple[str, str, str], ...]
    proved: bool
    drawn_in: tuple[tuple[str, str, Estimate, Estimate], ...]
    shares: dict[Kind, Share]
    overall: Share
    verdicts: tuple[Verdict, ...]
    without: tuple[Without, ...]
    shots: tuple[tuple[str, str], ...]
    worlds: int
    war_draws: int
    reading: str
    draws: int
    seed: int

    def edit(self, draw: int | None = None) -> TakeStance:
        """Return the edit that gives the actor its bargained ties: of one draw, or their mean and standard deviation over all."""
        if draw is not None:
            return taken(self.actor, self.issues, self.ties[draw])
        wish = [Quantity(-1.0, 1.0, float(t.mean()), float(t.std())) for t in self.ties.T]
        return TakeStance(self.actor, tuple(Preference(x, q) for x, q in zip(self.issues, wish, strict=True)))

    def table(self) -> pl.DataFrame:
        """Return one row an issue: the tie as stated, as the weighted mean of wishes, and as bargained, and how the bargains end."""
        import polars as pl

        rows = []
        for k, x in enumerate(self.issues):
            row: dict[str, Any] = {"issue": x, "name": self.system.actor(x).name}
            for name, values in (("stated", self.stated), ("mean_wish", self.means), ("bargained", self.ties)):
                e = drawn(values[:, k])
                known = name != "stated" or x in self.coded
                row |= {
                    name: e.mean if known else None,
                    f"{name}_low": e.low if known else None,
                    f"{name}_high": e.high if known else None,
                }
            rows.append(row | {e.replace(" ", "_"): v[k] for e, v in self.endings.items()})
        return pl.DataFrame(rows)

    def verdict_table(self) -> pl.DataFrame:
        """Return one row a verdict, those that flip most often first."""
        import polars as pl

        rows = [v.to_dict() for v in sorted(self.verdicts, key=lambda v: -v.flips)]
        text = dict.fromkeys(("kind", "actor", "where", "stated"), pl.String)
        return pl.DataFrame(
            rows, schema=text | dict.fromkeys(("flips", "low", "high"), pl.Float64) | {"instead": pl.String}
        )

    def statement(self) -> str:
        """Say how the bargains end, over issues and draws."""
        parts = [f"{100 * float(np.mean(v)):.0f} % {e}" for e, v in self.endings.items()]
        return f"bargains over {len(self.issues)} issue{'' if len(self.issues) == 1 else 's'} in {self.draws} draws: {', '.join(parts)}"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""

        def plain(s: Share) -> dict[str, Any]:
            return {"verdicts": s.count, "share": s.share.to_dict(), "by_simulation_alone": s.alone}

        return {
            "actor": self.actor, "standing": "simulated; wishes of factions are assumed where the system does not state them",
            "factions": list(self.factions), "issues": self.table().to_dicts(), "heads": list(self.heads),
            "with_first_head": {"stated": list(self.with_first[0]), "bargained": list(self.with_first[1]), "mean": list(self.with_first[2])},
            "bloc_verdicts_by_model": self.by_mean.to_dict(),
            "drawn_in": [{"attacker": a, "target": b, "stated": p.to_dict(), "bargained": e.to_dict()} for a, b, p, e in self.drawn_in],
            "centre": [list(c) for c in self.centre], "centre_proved": self.proved,
            "shares": {k: plain(s) for k, s in self.shares.items()}, "overall": plain(self.overall),
            "verdicts": self.verdict_table().to_dicts(), "without": [w.to_dict() for w in self.without],
            "shots": [list(s) for s in self.shots], "worlds": self.worlds, "war_draws": self.war_draws, "reading": self.reading,
            "draws": self.draws, "seed": self.seed, "system": self.system.hash,
        }  # fmt: skip


def taken(actor: str, issues: tuple[str, ...], ties: NDArray[np.float64]) -> TakeStance:
    """Return the edit that sets ties to the numbers given."""
    return TakeStance(
        actor, tuple(Preference(x, Quantity(float(t), float(t))) for x, t in zip(issues, ties, strict=True))
    )
