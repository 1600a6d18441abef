"""The debate on deterrence on the same rows: two designs, every design between them, and the choice at which the sign changes.

The rules are those of ``docs/decisions/0022-the-debate-on-deterrence.md``. Coefficients are associations, not effects: pacts are made where disputes
are feared. Rows and fits are in `foedus.studies.debate_rows` and `foedus.studies.debate_fit`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import DataError, parameter
from foedus.estimate import covariance
from foedus.estimate.multiverse import effect_weights, turning_points
from foedus.studies.debate_fit import Z95, DebateFit, Design, Pairs, fit
from foedus.studies.debate_rows import FIRST, DebateRows, debate_rows

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    import polars as pl
    from numpy.typing import NDArray

    from foedus.data.store import DataDir
    from foedus.studies.debate_rows import Data

LAST = 2000
BEFORE, AFTER = 1944, 1946
"""Last year of the era before nuclear weapons, and first year of the one with them."""
DRAWS = 1000
CHOICES: dict[str, tuple[str, str, str]] = {
    "pact": ("in force", "new", "which pacts of the target"),
    "years": ("all", "around a formation", "which years"),
    "pairs": ("all", "relevant", "which pairs"),
    "outcome": ("dispute", "force", "what is begun"),
    "rivalry": ("left out", "controlled", "strategic rivalry"),
    "means": ("between and within", "within", "between or within pairs"),
    "period": ("all", "one era", "which period"),
}
"""Choices between the designs: what the first does, what the second does, what it is about."""
LEEDS, JOHNSON, BOTH = "Leeds 2003", "Johnson & Leeds 2011", "Kenwick & Vasquez 2017"
KENWICK = {"before": f"Kenwick, Vasquez & Powers 2015, to {BEFORE}", "nuclear": f"Kenwick, Vasquez & Powers 2015, from {AFTER}"}
LEEDS_MADE = frozenset({"pairs", "period"})
"""Choices by which Leeds differs from Johnson and Leeds."""
VARIANTS: dict[str, dict[str, Any]] = {"force": {"outcome": "force"}, "war": {"outcome": "war"}, "splines": {"time": "splines"}}
TERMS = {"pact": "lower", "older": "lower", "offence": "higher", "neutrality": "higher"}
"""Pledges, and the direction that Leeds and Johnson predict."""


def word(low: float, high: float) -> str:
    """Return what an interval says: ``lower``, ``higher`` or ``interval includes no change``."""
    if high < 0:
        return "lower"
    return "higher" if low > 0 else "interval includes no change"


@dataclass(frozen=True)
class Step:
    """A choice between two designs.

    ``effect`` with its 95 % interval, log-odds: what the coefficient changes by it, mean over all orders; ``turns``: share of orders in which the
    sign changes for good at it; ``turns_drawn``: the same, mean over draws of all coefficients.
    """

    choice: str
    effect: tuple[float, float, float]
    turns: float
    turns_drawn: float


@dataclass(frozen=True)
class Path:
    """From one design to another.

    Attributes
    ----------
    name : str
    start, end : DebateFit
    steps : tuple of Step
        Choices in which they differ.
    difference : tuple of float
        Of the coefficients, with its 95 % interval.
    flips_drawn : float
        Share of draws in which the signs of the two ends differ.
    """

    name: str
    start: DebateFit
    end: DebateFit
    steps: tuple[Step, ...]
    difference: tuple[float, float, float]
    flips_drawn: float

    @property
    def flips(self) -> bool:
        """Whether the estimates at the two ends have different signs."""
        return bool((self.start.coef[1] >= 0) != (self.end.coef[1] >= 0))

    def names(self) -> str | None:
        """Return the choice whose effect goes furthest towards the sign at the end; None where the ends have one sign."""
        sign = 1.0 if self.end.coef[1] >= 0 else -1.0
        return max(self.steps, key=lambda s: sign * s.effect[0]).choice if self.flips else None


@dataclass(frozen=True)
class Debate:
    """The designs, every combination of their choices, and the ways from one to the other.

    Attributes
    ----------
    designs : mapping of str to DebateFit
        The published designs, as read here, on these rows.
    variants : mapping of (str, str) to DebateFit or None
        The same with another outcome, or splines of peace years; None where there is no finite estimate.
    universes : tuple of DebateFit
        Every combination of `CHOICES`, and both eras.
    paths : tuple of Path
    left_out : dict of str to int
    n : int
        Rows.
    data : str
    seed : int
    """

    designs: Mapping[str, DebateFit]
    variants: Mapping[tuple[str, str], DebateFit | None]
    universes: tuple[DebateFit, ...]
    paths: tuple[Path, ...]
    left_out: dict[str, int]
    n: int
    data: str
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row per design and pledge: log-odds, the 95 % intervals by member, pair and year, and what the first says."""
        import polars as pl

        rows = []
        for name, one in self.designs.items():
            for term in (t for t in TERMS if t in one.terms):
                value, low, high = one.interval(term)
                row = {"design": name, "term": term, "rows": one.n, "disputes": one.events, "log_odds": value, "low": low, "high": high}
                for kind in ("pairs", "years"):
                    row |= dict(zip((f"low_{kind}", f"high_{kind}"), one.interval(term, kind)[1:], strict=True))
                rows.append(row | {"predicted": TERMS[term], "found": word(low, high)})
        return pl.DataFrame(rows)

    def multiverse(self) -> pl.DataFrame:
        """Return one row per combination of choices: its choices, the pact's log-odds with its 95 % interval, and what it says."""
        import polars as pl

        rows = []
        for one in self.universes:
            value, low, high = one.interval("pact")
            rows.append(described(one.design) | {"n": one.n, "events": one.events, "log_odds": value, "low": low, "high": high, "found": word(low, high)})  # fmt: skip
        return pl.DataFrame(rows).sort("log_odds")

    def levels(self) -> pl.DataFrame:
        """Return, for each choice and what can be chosen, how many combinations say lower, higher or neither."""
        import polars as pl

        every = self.multiverse()
        parts = [
            every.group_by(pl.col(c).alias("chosen")).agg(
                pl.len().alias("combinations"), *((pl.col("found") == w).sum().alias(w) for w in ("lower", "higher", "interval includes no change")),
                pl.col("log_odds").median().alias("median"),
            ).with_columns(pl.lit(c).alias("choice")).sort("chosen")
            for c in CHOICES
        ]  # fmt: skip
        return pl.concat(parts).select("choice", "chosen", pl.exclude("choice", "chosen"))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "designs": self.table().to_dicts(), "multiverse": self.multiverse().to_dicts(), "levels": self.levels().to_dicts(),
            "variants": [
                {"design": d, "variant": v, **({} if f is None else dict(zip(("log_odds", "low", "high"), f.interval("pact"), strict=True)))}
                for (d, v), f in self.variants.items()
            ],
            "paths": [
                {"from_to": p.name, "difference": list(p.difference), "flips": p.flips, "flips_drawn": p.flips_drawn, "named": p.names(),
                 "steps": [{"choice": s.choice, "effect": list(s.effect), "turns": s.turns, "turns_drawn": s.turns_drawn} for s in p.steps]}
                for p in self.paths
            ],
            "rows": self.n, "left_out": self.left_out, "data": self.data, "seed": self.seed, "standing": "estimated; association, not effect",
        }  # fmt: skip


def debate(
    *, data: Data = "gml", first: int = FIRST, last: int = LAST, data_dir: DataDir | str | os.PathLike[str] | None = None, draws: int = DRAWS,
    seed: int = 1, progress: Callable[[float], None] | None = None,
) -> Debate:  # fmt: skip
    """Return the debate on the rows of some years.

    Parameters
    ----------
    data : {"gml", "cow"}
        Whose disputes.
    first, last : int
        Years, within 1816 to 2010 (``"cow"``: 2014), that hold both eras.
    data_dir : DataDir, str or Path, optional
    draws, seed : int
        Of all coefficients from their joint covariance.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    DataError
        Data sets that are not there, or a design that cannot be fitted.
    ParameterError
        Years or draws out of range.

    References
    ----------
    [Leeds2003]_, [JohnsonLeeds2011]_, [Kenwick2015]_, [LeedsJohnson2017]_, [KenwickVasquez2017]_, [Simonsohn2020]_
    """
    if not (first < BEFORE and last > AFTER):
        raise parameter("first, last", f"{first}, {last}", f"years on both sides of {BEFORE}-{AFTER}")
    return debated(debate_rows(data=data, first=first, last=last, data_dir=data_dir), first, last, draws=draws, seed=seed, progress=progress)  # fmt: skip


def debated(
    rows: DebateRows, first: int, last: int, *, draws: int = DRAWS, seed: int = 1, progress: Callable[[float], None] | None = None
) -> Debate:  # fmt: skip
    """Return the debate on rows at hand: as `debate`."""
    if draws < 1:
        raise parameter("draws", draws, "at least 1")
    plan = Plan(first, last)
    wanted = plan.all_designs()
    fits = _fitted(rows, wanted, progress)
    designs = {name: fits[d] for name, d in plan.published().items()}
    failed = [d for d in plan.cube() if isinstance(fits[d], DataError)]
    if failed or any(isinstance(f, DataError) for f in designs.values()):
        raise next(f for f in (*designs.values(), *(fits[d] for d in failed)) if isinstance(f, DataError))
    pairs = Pairs.of(rows)
    paths = [_path(name, plan, era, start, fits, pairs, draws, seed) for name, era, start in plan.ways()]
    variants = {(n, v): _known(fits[replace(d, **change)]) for n, d in plan.published().items() for v, change in VARIANTS.items()}
    universes = tuple(fits[d] for d in plan.cube())
    return Debate(designs, variants, universes, tuple(paths), rows.left_out, len(rows.year), rows.data, seed)


@dataclass(frozen=True)
class Plan:
    """Which designs are fitted, for rows of the years ``first`` to ``last``."""

    first: int
    last: int

    def design(self, made: frozenset[str], era: str) -> Design:
        """Return Johnson and Leeds's design with some choices made."""
        years = {"before": (self.first, BEFORE), "nuclear": (AFTER, self.last)}[era]
        low, high = years if "period" in made else (self.first, self.last)
        return Design(
            "new" if "pact" in made else "in force", "years" in made, "pairs" in made, "force" if "outcome" in made else "dispute",
            "rivalry" in made, "means" in made, low, high,
        )  # fmt: skip

    def published(self) -> dict[str, Design]:
        """Return the published designs as read here."""
        johnson, every = self.design(frozenset(), "before"), frozenset(CHOICES) - {"outcome"}
        return {
            LEEDS: self.design(LEEDS_MADE, "before"), JOHNSON: johnson,
            KENWICK["before"]: self.design(every, "before"), KENWICK["nuclear"]: self.design(every, "nuclear"),
            BOTH: replace(johnson, pact="new and older"), f"{BOTH}, to {BEFORE}": replace(johnson, pact="new and older", last=BEFORE),
            f"{BOTH}, from {AFTER}": replace(johnson, pact="new and older", first=AFTER),
        }  # fmt: skip

    def cube(self) -> tuple[Design, ...]:
        """Return every combination of choices in both eras, each once."""
        both = (self.design(_made(list(CHOICES), s), era) for era in KENWICK for s in range(2 ** len(CHOICES)))
        return tuple(dict.fromkeys(both))

    def all_designs(self) -> tuple[Design, ...]:
        """Return all that is fitted, each once."""
        named = self.published().values()
        return tuple(dict.fromkeys([*named, *(replace(d, **c) for d in named for c in VARIANTS.values()), *self.cube()]))

    def ways(self) -> tuple[tuple[str, str, frozenset[str]], ...]:
        """Return the ways from one design to another: name, era, choices made at the start."""
        out = [(f"{JOHNSON} to {KENWICK[era]}", era, frozenset[str]()) for era in KENWICK]
        return (*out, (f"{LEEDS} to {KENWICK['before']}", "before", LEEDS_MADE))


def _made(choices: list[str], number: int) -> frozenset[str]:
    """Return the choices of a combination's number."""
    return frozenset(c for k, c in enumerate(choices) if (number >> k) & 1)


def _fitted(
    rows: DebateRows, wanted: tuple[Design, ...], progress: Callable[[float], None] | None
) -> dict[Design, DebateFit | DataError]:
    """Return the fit of each design, or why there is none; each begins where one with the same terms ended."""
    pairs, out, starts = Pairs.of(rows), {}, {}
    for done, design in enumerate(wanted):
        key = (design.pact == "new and older", design.rivalry, design.means, design.time, design.relevant)
        try:
            out[design] = fit(rows, design, pairs=pairs, start=starts.get(key))
            starts[key] = out[design].coef
        except DataError as error:
            out[design] = error
        if progress is not None:
            progress((done + 1) / len(wanted))
    return out


def _known(one: DebateFit | DataError) -> DebateFit | None:
    """Return a fit; None for the reason why there is none."""
    return None if isinstance(one, DataError) else one


def _path(
    name: str, plan: Plan, era: str, start: frozenset[str], fits: Mapping[Design, Any], pairs: Pairs, draws: int, seed: int
) -> Path:  # fmt: skip
    """Return one way, over all orders of the choices that are not made at its start."""
    left = [c for c in CHOICES if c not in start]
    along: list[DebateFit] = [fits[plan.design(start | _made(left, s), era)] for s in range(2 ** len(left))]
    value = np.array([f.coef[1] for f in along])
    influence = np.column_stack([f.influence for f in along])
    joint = covariance.dyadic(np.eye(len(along)), influence, pairs.one, pairs.two, strict=False)
    contrasts = np.vstack([effect_weights(len(left)), np.zeros(len(along))])
    contrasts[-1, -1], contrasts[-1, 0] = 1.0, -1.0
    by_pair = ((influence @ contrasts.T) ** 2).sum(axis=0)
    half = Z95 * np.sqrt(np.maximum(np.diag(contrasts @ joint @ contrasts.T), by_pair))
    middle = contrasts @ value
    noise = np.random.default_rng([seed, len(left)]).standard_normal((draws, len(along)))
    drawn = value + noise @ covariance.square_root(joint).T
    turns, turns_drawn = turning_points(value), turning_points(drawn).mean(axis=0)
    spans = [(float(m), float(m - h), float(m + h)) for m, h in zip(middle, half, strict=True)]
    steps = tuple(Step(c, spans[k], float(turns[k]), float(turns_drawn[k])) for k, c in enumerate(left))
    flips = float(((drawn[:, 0] >= 0) != (drawn[:, -1] >= 0)).mean())
    return Path(name, along[0], along[-1], steps, spans[-1], flips)


def described(design: Design) -> dict[str, str]:
    """Return what a combination chose, in the words of `CHOICES`; its period as years."""
    made = {
        "pact": design.pact == "new", "years": design.around, "pairs": design.relevant, "outcome": design.outcome == "force",
        "rivalry": design.rivalry, "means": design.means,
    }  # fmt: skip
    return {c: CHOICES[c][m] for c, m in made.items()} | {"period": f"{design.first}-{design.last}"}
