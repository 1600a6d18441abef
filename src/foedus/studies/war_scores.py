"""Records of how blocs agree with the sides of wars, pooled over wars; see ``docs/decisions/0008-blocs-against-wars.md``.

Holds results and puts them together. Computes no blocs; `foedus.studies.bloc_wars` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.studies.agreement import at_least, mean_of, pooled

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.studies.war_sides import Side

Role = Literal["attacker", "target", "other"]
Relation = Literal["apart", "together", "undetermined"]
RULES = ("larger_ally", "anchor_ally", "with_target", "with_stronger")
"""What blocs are compared with, in the order of the tables."""
ERAS = (("all", 1816, 9999), ("1816-1899", 1816, 1899), ("1900-1945", 1900, 1945), ("1946-", 1946, 9999))
RESAMPLED = 2000
"""Resamples of wars behind each interval."""


@dataclass(frozen=True)
class Entrant:
    """One belligerent of a war.

    ``agrees`` is None for the originators and where its place is undetermined; ``p_agrees`` is the share of draws in which it agrees (NaN for
    originators); ``rules`` says by rule whether it names the side that was taken.
    """

    actor: str
    name: str
    side: Side
    entry: dt.date
    role: Role
    agrees: bool | None
    p_agrees: float
    rules: dict[str, bool]
    switched: bool


@dataclass(frozen=True)
class WarScore:
    """One war against the blocs of the day before its first shot.

    Attributes
    ----------
    date : datetime.date
        The day of the blocs.
    entrants : tuple of Entrant
        Belligerents in the system, the originators first; ``outside`` names the rest.
    originators : {"apart", "together", "undetermined"}
        How the blocs place attacker and target.
    frustrated, bound : float
        Share of tie weight frustrated in the line-up, and its proved lower bound; equal if ``proved``.
    best : int
        Belligerents, originators too, that agree under the better labelling.
    shares : float64 array, shape (n_draws,)
        Anchored share in each draw.
    chance, chance_best : float64 arrays
        Exact distributions of the two counts when places are drawn by lot.
    checked, found : int
        Draws that were also solved exactly, and in how many the search had found the optimum.
    """

    number: int
    name: str
    date: dt.date
    entrants: tuple[Entrant, ...]
    outside: tuple[str, ...]
    originators: Relation
    proved: bool
    frustrated: float
    bound: float
    best: int
    shares: NDArray[np.float64]
    chance: NDArray[np.float64]
    chance_best: NDArray[np.float64]
    checked: int
    found: int

    @property
    def others(self) -> tuple[Entrant, ...]:
        """The belligerents that are scored: all but the originators."""
        return self.entrants[2:]

    @property
    def scored(self) -> int:
        """How many are scored."""
        return len(self.others)

    @property
    def agree(self) -> int:
        """How many of them agree."""
        return sum(e.agrees is True for e in self.others)

    @property
    def decided(self) -> int:
        """How many have a determined place, where the originators are apart; else none."""
        return sum(e.agrees is not None for e in self.others) if self.originators == "apart" else 0

    def right(self, rule: str) -> int:
        """Return how many a rule names the side of."""
        return sum(e.rules[rule] for e in self.others)

    def row(self) -> dict[str, Any]:
        """Return the war as a row of the table."""
        low, high = np.quantile(self.shares, [0.05, 0.95])
        return {
            "war": self.name, "number": self.number, "date": self.date, "belligerents": len(self.entrants), "outside": ", ".join(self.outside),
            "attacker": self.entrants[0].actor, "target": self.entrants[1].actor, "originators": self.originators,
            "scored": self.scored, "agree": self.agree, "decided": self.decided, "share": self.agree / self.scored,
            "mean": float(self.shares.mean()), "low": float(low), "high": float(high),
            "chance": mean_of(self.chance) / self.scored, "p": at_least(self.chance, self.agree),
            "best": self.best / len(self.entrants), "best_chance": mean_of(self.chance_best) / len(self.entrants),
            "p_best": at_least(self.chance_best, self.best),
            **{rule: self.right(rule) / self.scored for rule in RULES},
            "switched": sum(e.switched for e in self.entrants), "proved": self.proved, "frustrated": self.frustrated, "bound": self.bound,
        }  # fmt: skip


@dataclass(frozen=True)
class BlocWars:
    """Blocs against the sides of every war of three or more states in one list of wars.

    Attributes
    ----------
    source : str
        ``"cow"`` or ``"iwd"``.
    wars : tuple of WarScore
    unscored : tuple of (str, str)
        Name and reason of wars without a score.
    draws, seed : int
    sources : tuple of str
        Data sets that were read.
    """

    source: str
    wars: tuple[WarScore, ...]
    unscored: tuple[tuple[str, str], ...]
    draws: int
    seed: int
    sources: tuple[str, ...]

    def table(self) -> pl.DataFrame:
        """Return one row a war; shares of the scored belligerents, ``best`` of all of them; ``low`` and ``high`` are the 90 % interval of draws."""
        import polars as pl

        return pl.DataFrame([w.row() for w in self.wars])

    def actors(self) -> pl.DataFrame:
        """Return one row a war and belligerent."""
        import polars as pl

        return pl.DataFrame([
            {
                "war": w.name, "actor": e.actor, "name": e.name, "side": e.side, "entry": e.entry, "role": e.role, "agrees": e.agrees,
                "p_agrees": e.p_agrees, **e.rules, "switched": e.switched,
            }
            for w in self.wars for e in w.entrants
        ], schema_overrides={"agrees": pl.Boolean})  # fmt: skip

    def summary(self) -> pl.DataFrame:
        """Return one row for all wars and one an era: shares, chance, and rules, with 90 % intervals from resampled wars.

        ``share`` is over belligerents, ``mean`` its mean over draws, ``each_war`` the mean of the wars' shares;
        ``diff_RULE`` is the share of blocs less that of the rule. Eras
        without a war are left out.
        """
        import polars as pl

        rows = []
        for name, first, last in ERAS:
            wars = [w for w in self.wars if first <= w.date.year <= last]
            if wars:
                rows.append({"era": name, **_pooled(wars, self.seed)})
        return pl.DataFrame(rows)

    def markdown(self) -> str:
        """Return both tables as Markdown, the form that the documentation holds."""
        return f"{_war_table(self)}\n\n{_era_table(self)}"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        wars = []
        for w in self.wars:
            row = {k: v.isoformat() if k == "date" else v for k, v in w.row().items()}
            row |= {"checked": w.checked, "found": w.found, "outside": list(w.outside)}
            row["entrants"] = [
                {"actor": e.actor, "name": e.name, "side": e.side, "entry": e.entry.isoformat(), "role": e.role, "agrees": e.agrees,
                 "p_agrees": None if np.isnan(e.p_agrees) else e.p_agrees, "rules": dict(e.rules), "switched": e.switched}
                for e in w.entrants
            ]  # fmt: skip
            wars.append(row)
        return {
            "source": self.source, "draws": self.draws, "seed": self.seed, "sources": list(self.sources), "wars": wars,
            "unscored": [list(u) for u in self.unscored], "summary": self.summary().to_dicts(),
        }  # fmt: skip

    def cite(self) -> str:
        """Return the BibTeX entries of the data sets that were read."""
        from foedus.data.sources import SOURCES

        return "\n\n".join(SOURCES[s].spec.bibtex for s in self.sources)


def _pooled(wars: list[WarScore], seed: int) -> dict[str, Any]:
    """Return the pooled figures of some wars."""
    scored = np.array([w.scored for w in wars])
    agree = np.array([w.agree for w in wars])
    size = np.array([len(w.entrants) for w in wars])
    best = np.array([w.best for w in wars])
    pick = np.random.default_rng(seed).integers(0, len(wars), (RESAMPLED, len(wars)))

    def over(count: NDArray[np.int64]) -> Callable[[NDArray[np.int64]], NDArray[np.float64]]:
        return lambda rows: count[rows].sum(axis=-1) / scored[rows].sum(axis=-1)

    every = np.arange(len(wars))
    share = over(agree)
    low, high = np.quantile(share(pick), [0.05, 0.95])
    each = agree / scored
    each_low, each_high = np.quantile(each[pick].mean(axis=1), [0.05, 0.95])
    chance, chance_best = pooled(w.chance for w in wars), pooled(w.chance_best for w in wars)
    decided = int(sum(w.decided for w in wars))
    out: dict[str, Any] = {
        "wars": len(wars), "scored": int(scored.sum()), "agree": int(agree.sum()), "decided": decided,
        "decided_share": float(agree.sum() / decided) if decided else None,
        "share": float(share(every)), "low": float(low), "high": float(high),
        "each_war": float(each.mean()), "each_low": float(each_low), "each_high": float(each_high),
        "mean": float(np.array([w.shares.mean() for w in wars]) @ scored / scored.sum()),
        "chance": mean_of(chance) / int(scored.sum()), "p": at_least(chance, int(agree.sum())),
        "best": float(best.sum() / size.sum()), "best_chance": mean_of(chance_best) / int(size.sum()),
        "p_best": at_least(chance_best, int(best.sum())),
    }  # fmt: skip
    for rule in RULES:
        right = over(np.array([w.right(rule) for w in wars]))
        gap = share(pick) - right(pick)
        out |= {
            rule: float(right(every)), f"diff_{rule}": float(share(every) - right(every)),
            f"diff_{rule}_low": float(np.quantile(gap, 0.05)), f"diff_{rule}_high": float(np.quantile(gap, 0.95)),
        }  # fmt: skip
    return out


def _war_table(result: BlocWars) -> str:
    """Return the wars as a Markdown table."""
    head = (
        "war", "blocs of", "originators", "agree / scored", "share", "mean of draws (90 %)", "chance", "p", "best labelling (chance, p)",
        "larger ally", "anchor's ally", "with target", "with stronger",
    )  # fmt: skip
    lines = [
        (
            r["war"], r["date"].isoformat(), f"{r['attacker']} : {r['target']}{_note(r)}", f"{r['agree']} / {r['scored']}", f"{r['share']:.2f}",
            f"{r['mean']:.2f} ({r['low']:.2f} to {r['high']:.2f})", f"{r['chance']:.2f}", f"{r['p']:.3f}",
            f"{r['best']:.2f} ({r['best_chance']:.2f}, {r['p_best']:.3f})", *(f"{r[rule]:.2f}" for rule in RULES),
        )
        for r in (w.row() for w in result.wars)
    ]  # fmt: skip
    return _markdown(head, lines)


def _note(row: dict[str, Any]) -> str:
    """Return how the blocs place the originators where not apart, and that there is no proof where there is none."""
    return ("" if row["originators"] == "apart" else f", {row['originators']}") + (
        "" if row["proved"] else ", not proved"
    )


def _era_table(result: BlocWars) -> str:
    """Return the pooled figures as a Markdown table, one column an era."""
    rows = result.summary().to_dicts()
    interval = "{:.2f} ({:.2f} to {:.2f})".format
    lines = [
        ("wars", *(str(r["wars"]) for r in rows)),
        ("agree / scored", *(f"{r['agree']} / {r['scored']}" for r in rows)),
        ("share", *(interval(r["share"], r["low"], r["high"]) for r in rows)),
        ("mean of the wars' shares", *(interval(r["each_war"], r["each_low"], r["each_high"]) for r in rows)),
        ("mean of draws", *(f"{r['mean']:.2f}" for r in rows)),
        ("share of the decided", *("-" if r["decided_share"] is None else f"{r['decided_share']:.2f} of {r['decided']}" for r in rows)),
        ("chance, p", *(f"{r['chance']:.2f}, {_p(r['p'])}" for r in rows)),
        ("best labelling, chance, p", *(f"{r['best']:.2f}, {r['best_chance']:.2f}, {_p(r['p_best'])}" for r in rows)),
    ]  # fmt: skip
    for rule, name in zip(RULES, ("larger ally", "anchor's ally", "with target", "with stronger"), strict=True):
        lines.append((name, *(f"{r[rule]:.2f}" for r in rows)))
        lines.append((
            f"blocs less {name}", *(f"{r[f'diff_{rule}']:+.2f} ({r[f'diff_{rule}_low']:+.2f} to {r[f'diff_{rule}_high']:+.2f})" for r in rows),
        ))  # fmt: skip
    return _markdown((result.source.upper(), *(r["era"] for r in rows)), lines)


def _p(chance: float) -> str:
    """Return a chance as shown."""
    return "p < 0.0001" if chance < 1e-4 else f"p = {chance:.4f}"


def _markdown(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ("---",) * len(head), *lines))
