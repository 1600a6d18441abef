"""The debate on deterrence on the same rows: two designs, every design between them, and the choice at which the sign changes.

The rules are those of ``docs/decisions/0022-the-debate-on-deterrence.md``. Coefficients are associations, not effects: pacts are made where disputes
are feared. Rows, designs, fits and ways are in the modules ``debate_rows``, ``debate_plan``, ``debate_fit`` and ``debate_ways`` beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import DataError, parameter
from foedus.studies.debate_fit import WIDER, Z95, DebateFit, Design, Pairs, fit
from foedus.studies.debate_plan import AFTER, BEFORE, CHOICES, TERMS, Plan, described
from foedus.studies.debate_rows import FIRST, DebateRows, debate_rows
from foedus.studies.debate_ways import Way, contrasts, way

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    import polars as pl
    from numpy.typing import NDArray

    from foedus.data.store import DataDir
    from foedus.studies.debate_rows import Data

LAST = 2000
DRAWS = 1000
WORDS = ("lower", "higher", "interval includes no change")

Span = tuple[float, float, float]


def word(low: float, high: float) -> str:
    """Return what an interval says: one of `WORDS`."""
    if high < 0:
        return WORDS[0]
    return WORDS[1] if low > 0 else WORDS[2]


@dataclass(frozen=True)
class Debate:
    """The designs, every combination of their choices, and the ways from one to the other.

    Attributes
    ----------
    designs : mapping of str to DebateFit
        The published designs, as read here, on these rows.
    variants : mapping of (str, str) to DebateFit or None
        The same with one thing changed: outcome, splines of peace years, what counts as a pact; None where there is no finite estimate.
    universes : tuple of DebateFit
        Every combination of choices, in both eras.
    ways : tuple of Way
    eras : mapping of str to (before, nuclear, difference)
        By kind of pact, all else as Johnson and Leeds do: log-odds with 95 % intervals.
    left_out : dict of str to int
    n : int
        Rows.
    data : str
    seed : int
    draws : int
        Of all coefficients, behind the shares of draws.
    """

    designs: Mapping[str, DebateFit]
    variants: Mapping[tuple[str, str], DebateFit | None]
    universes: tuple[DebateFit, ...]
    ways: tuple[Way, ...]
    eras: Mapping[str, tuple[Span, Span, Span]]
    left_out: dict[str, int]
    n: int
    data: str
    seed: int
    draws: int

    def table(self) -> pl.DataFrame:
        """Return one row per design and pledge: log-odds, the 95 % intervals by member, pair and year, and what the first says."""
        import polars as pl

        rows = []
        for name, one in self.designs.items():
            for term in (t for t in TERMS if t in one.terms):
                value, low, high = one.interval(term)
                row: dict[str, Any] = {"design": name, "term": term, "rows": one.n, "disputes": one.events}
                row |= {"log_odds": value, "low": low, "high": high}
                row |= dict(zip(("raw_without", "raw_with"), one.raw if term == "pact" else (None, None), strict=True))
                for kind in ("pairs", "years"):
                    row |= dict(zip((f"low_{kind}", f"high_{kind}"), one.interval(term, kind)[1:], strict=True))
                rows.append(row | {"predicted": TERMS[term], "found": word(low, high)})
        return pl.DataFrame(rows)

    def apart(self) -> dict[str, Span]:
        """Return, of each design with both terms, the log-odds of a new pact less those of an older one with the 95 % interval."""
        out = {}
        for name, one in self.designs.items():
            if "older" in one.terms:
                new, old = one.terms.index("pact"), one.terms.index("older")
                spread = max(v[new, new] + v[old, old] - 2 * v[new, old] for v in (one.covariances[k] for k in WIDER))
                value, half = float(one.coef[new] - one.coef[old]), Z95 * float(np.sqrt(spread))
                out[name] = (value, value - half, value + half)
        return out

    def multiverse(self) -> pl.DataFrame:
        """Return one row per combination of choices: its choices, the pact's log-odds with its 95 % interval, and what it says."""
        import polars as pl

        rows = []
        for one in self.universes:
            value, low, high = one.interval("pact")
            found = {"log_odds": value, "low": low, "high": high, "found": word(low, high)}
            rows.append(described(one.design) | {"n": one.n, "events": one.events} | found)
        return pl.DataFrame(rows).sort("log_odds")

    def levels(self) -> pl.DataFrame:
        """Return, for each choice and what can be chosen, how many combinations say lower, higher or neither, and the median."""
        import polars as pl

        every, parts = self.multiverse(), []
        for choice in CHOICES:
            counts = [(pl.col("found") == w).sum().alias(w) for w in WORDS]
            grouped = every.group_by(pl.col(choice).alias("chosen")).agg(
                pl.len().alias("combinations"), *counts, pl.col("log_odds").median().alias("median")
            )
            parts.append(grouped.sort("chosen").select(pl.lit(choice).alias("choice"), pl.all()))
        return pl.concat(parts)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "designs": self.table().to_dicts(), "new_less_older": {n: list(v) for n, v in self.apart().items()},
            "eras": {k: dict(zip(("before", "nuclear", "difference"), map(list, v), strict=True)) for k, v in self.eras.items()},
            "multiverse": self.multiverse().to_dicts(), "levels": self.levels().to_dicts(),
            "variants": [{"design": d, "variant": v} | _told(f) for (d, v), f in self.variants.items()],
            "ways": [
                {"from_to": w.name, "difference": list(w.difference), "flips": w.flips, "flips_drawn": w.flips_drawn, "named": w.names(),
                 "steps": [{"choice": s.choice, "effect": list(s.effect), "turns": s.turns, "turns_drawn": s.turns_drawn} for s in w.steps]}
                for w in self.ways
            ],
            "rows": self.n, "left_out": self.left_out, "data": self.data, "draws": self.draws, "seed": self.seed,
            "standing": "estimated; association, not effect",
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
    [Leeds2003b]_, [JohnsonLeeds2011]_, [Kenwick2015]_, [LeedsJohnson2017]_, [KenwickVasquez2017]_, [Simonsohn2020]_
    """
    if not (first < BEFORE and last > AFTER):
        raise parameter("first, last", f"{first}, {last}", f"years on both sides of {BEFORE}-{AFTER}")
    _check(draws)
    rows = debate_rows(data=data, first=first, last=last, data_dir=data_dir)
    return debated(rows, first, last, draws=draws, seed=seed, progress=progress)


def debated(
    rows: DebateRows, first: int, last: int, *, draws: int = DRAWS, seed: int = 1, progress: Callable[[float], None] | None = None
) -> Debate:  # fmt: skip
    """Return the debate on rows at hand: as `debate`."""
    _check(draws)
    plan, pairs = Plan(first, last), Pairs.of(rows)
    tried = _fitted(rows, pairs, plan, progress)
    needed = (*plan.published().values(), *plan.cube())
    fits = {d: f for d in needed if (f := tried[d]) is not None}
    return Debate(
        designs={name: fits[d] for name, d in plan.published().items()},
        variants={key: tried[d] for key, d in plan.variants().items()},
        universes=tuple(fits[d] for d in plan.cube()),
        ways=tuple(way(name, plan, era, start, fits, pairs, draws=draws, seed=seed) for name, era, start in plan.ways()),
        eras={kind: _across_eras(fits[a], fits[b], pairs) for kind, (a, b) in plan.eras().items()},
        left_out=rows.left_out, n=len(rows.year), data=rows.data, seed=seed, draws=draws,
    )  # fmt: skip


def _told(one: DebateFit | None) -> dict[str, Any]:
    """Return the pact's log-odds in a variant and the terms that no event has; nothing where there is no estimate."""
    if one is None:
        return {}
    return dict(zip(("log_odds", "low", "high"), one.interval("pact"), strict=True)) | {"left_out": list(one.perfect)}


def _check(draws: int) -> None:
    """Raise unless there are draws."""
    if draws < 1:
        raise parameter("draws", draws, "at least 1")


def _fitted(
    rows: DebateRows, pairs: Pairs, plan: Plan, progress: Callable[[float], None] | None
) -> dict[Design, DebateFit | None]:
    """Return the fit of each design, None for a variant without one; each begins where one with the same terms ended."""
    out: dict[Design, DebateFit | None] = {}
    starts: dict[tuple[object, ...], NDArray[np.float64]] = {}
    needed, wanted = {*plan.published().values(), *plan.cube()}, plan.all_designs()
    for done, design in enumerate(wanted):
        key = (design.pact == "new and older", design.rivalry, design.means, design.time, design.relevant)
        try:
            found = fit(rows, design, pairs=pairs, start=starts.get(key))
            out[design], starts[key] = found, found.coef
        except DataError:
            if design in needed:
                raise
            out[design] = None
        if progress is not None:
            progress((done + 1) / len(wanted))
    return out


def _across_eras(before: DebateFit, nuclear: DebateFit, pairs: Pairs) -> tuple[Span, Span, Span]:
    """Return the pact's log-odds in both eras and their difference, with intervals."""
    (difference,), _ = contrasts([before, nuclear], np.array([[-1.0, 1.0]]), pairs)
    return before.interval("pact"), nuclear.interval("pact"), difference
