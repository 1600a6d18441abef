"""What simulated futures of a system came to: by year, by state, by pair, each with its interval; and two sets of them against each other.

Two intervals are told apart. That of *futures* holds chance and what is not known of coefficients and inputs: where nine futures of ten lie. That of
an *expectation* holds only the second, chance averaged out: how well the mean is known, given the model. Simulates nothing but one future again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate
from foedus.formation.difference import MEASURES, Difference, unit
from foedus.formation.evolve_step import COUNTS, Event, ten
from foedus.formation.pairs import PairForecast, Pairs, ends, means
from foedus.formation.stage import INNER, stage

if TYPE_CHECKING:
    import os

    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System


@dataclass(frozen=True)
class Evolution:
    """Simulated futures.

    Attributes
    ----------
    system : System
        Where they set out.
    years, draws, seed : int
    history : {"recorded", "drawn"}
        Whether the pairs' last disputes were read from the record, or drawn.
    counts : int32 array, shape (draws, years + 1, len(COUNTS))
        Of each future, `foedus.formation.evolve_step.COUNTS`; the first year is the fork.
    degree : int16 array, shape (draws, years + 1, n)
        Partners in defence pacts of each state.
    pairs : dict of str to Pairs
        ``tied``, ``fought``, ``disputed``, ``called``, ``kept``: the last two of pairs one of whom was attacked while they were allied, and of
        whom the other came to its side.
    entered : Pairs or None
        The same of states that entered a war which others had begun; in the place of pairs stand states.
    """

    system: System
    years: int
    draws: int
    seed: int
    history: Literal["recorded", "drawn"]
    counts: NDArray[np.int32]
    degree: NDArray[np.int16]
    pairs: dict[str, Pairs]
    entered: Pairs | None = None

    @property
    def calendar(self) -> tuple[int, ...]:
        """The simulated years."""
        first = self.system.date.year
        return tuple(range(first, first + self.years))

    def measure(self, name: str) -> NDArray[np.float64]:
        """Return one of `MEASURES` of every future, shape (draws, years + 1); the first year is the fork.

        Balance is the share of closed triads with an even number of - ties; NaN of a future without a closed triad.

        Raises
        ------
        ParameterError
            None of `MEASURES`.
        """
        n = len(self.system.actors)
        if name not in MEASURES:
            raise parameter("name", name, f"one of {', '.join(MEASURES)}")
        if name in COUNTS:
            return self.counts[:, :, COUNTS.index(name)].astype(np.float64)
        if name == "balance":
            closed = self.counts[:, :, COUNTS.index("closed")]
            even = self.counts[:, :, COUNTS.index("balanced")].astype(np.float64)
            return np.divide(even, closed, out=np.full(even.shape, np.nan), where=closed > 0)
        ties = self.counts[:, :, COUNTS.index("ties")].astype(np.float64)
        return ties * 2 / n if name == "pacts_per_state" else ties * 2 / (n * (n - 1))

    def expected(self, name: str) -> list[Estimate]:
        """Return the mean of a measure at each year with the 90 % interval of the expectation; the first is the fork. NaN futures are left out."""
        return means(self.measure(name), unit(name, len(self.system.actors)))

    def table(self, *, level: float = 0.9) -> pl.DataFrame:
        """Return one row per year: of each measure the mean, where ``level`` of the futures lie, and the interval of the expectation.

        Columns ``year``, then of each measure ``NAME``, ``NAME_low``, ``NAME_high`` (futures), ``NAME_mean_low``, ``NAME_mean_high``.
        """
        import polars as pl

        columns: dict[str, Any] = {"year": list(self.calendar)}
        for name in MEASURES:
            low, high = ends(self.measure(name), level)
            said = self.expected(name)[1:]
            columns |= {
                name: [e.mean for e in said], f"{name}_low": low[1:], f"{name}_high": high[1:],
                f"{name}_mean_low": [e.low for e in said], f"{name}_mean_high": [e.high for e in said],
            }  # fmt: skip
        return pl.DataFrame(columns)

    def tie(self, a: str, b: str) -> PairForecast:
        """Return the chances of a pair.

        Parameters
        ----------
        a, b : str
            Names, abbreviations or codes.

        Raises
        ------
        UnknownStateError
            No such actor, or several.
        ParameterError
            The same actor twice.
        """
        x, y = (self.system.index[self.system.actor(q).id] for q in (a, b))
        if x == y:
            raise parameter("b", b, f"another actor than {a}")
        i, j, n = min(x, y), max(x, y), len(self.system.actors)
        at = i * n - i * (i + 1) // 2 + j - i - 1
        found = [tuple(self.pairs[name].estimate(at)[1:]) for name in ("tied", "fought", "disputed")]
        ids = self.system.ids
        return PairForecast(ids[x], ids[y], self.calendar, *found)

    def states(self, *, level: float = 0.9) -> pl.DataFrame:
        """Return one row per state: partners in defence pacts at the fork, and at the end (mean, and where ``level`` of the futures lie)."""
        import polars as pl

        last = self.degree[:, -1].astype(np.float64)
        low, high = np.quantile(last, [0.5 - level / 2, 0.5 + level / 2], axis=0)
        return pl.DataFrame({
            "actor": self.system.ids, "partners_at_fork": self.degree[0, 0], "partners": last.mean(axis=0), "partners_low": low, "partners_high": high
        })  # fmt: skip

    def likeliest(
        self, what: Literal["new pact", "lost pact", "war", "dispute"], top: int = 8
    ) -> list[tuple[str, str, Estimate]]:
        """Return the pairs of whom something is likeliest by the end: a pact that was not there at the fork, or was and is no more, a war, a dispute.

        Raises
        ------
        ParameterError
            None of the four.
        """
        kinds = {"new pact": "tied", "lost pact": "tied", "war": "fought", "dispute": "disputed"}
        if what not in kinds:
            raise parameter("what", what, f"one of {', '.join(kinds)}")
        pairs, n = self.pairs[kinds[what]], self.draws
        begin, end = pairs.total[0], pairs.total[-1]
        score = (
            np.where(begin == 0, end, 0)
            if what == "new pact"
            else np.where(begin == n, n - end, 0)
            if what == "lost pact"
            else end
        )
        i, j = np.triu_indices(len(self.system.actors), 1)
        out = []
        for p in np.argsort(-score, kind="stable")[:top]:
            if score[p] > 0:
                e = pairs.estimate(int(p))[-1]
                lost = Estimate(1 - e.mean, 1 - e.high, 1 - e.low, e.mc_error)
                out.append((self.system.ids[i[p]], self.system.ids[j[p]], lost if what == "lost pact" else e))
        return out

    def future(self, number: int, *, data_dir: str | os.PathLike[str] | None = None) -> pl.DataFrame:
        """Return one future told event by event, ``year, what, a, b``, simulated again from its own numbers.

        Parameters
        ----------
        number : int
            From 0.
        data_dir : path, optional
            As of `foedus.formation.evolve.evolve`.

        Raises
        ------
        ParameterError
            No such future.
        """
        import polars as pl

        if not 0 <= number < self.draws:
            raise parameter("number", number, f"an integer from 0 to {self.draws - 1}")
        log: list[Event] = []
        ten(
            stage(self.system, years=self.years, groups=self.draws // INNER, seed=self.seed, data_dir=data_dir),
            number // INNER,
            log=log,
        )
        rows = [(e.year, e.what, e.a, e.b) for e in log if e.future == number]
        return pl.DataFrame(rows, {"year": pl.Int64, "what": pl.String, "a": pl.String, "b": pl.String}, orient="row")

    def against(self, other: System | Evolution, **options: Any) -> Difference:
        """Return what another system would differ by, on common random numbers.

        Parameters
        ----------
        other : System or Evolution
            An edited system, which is carried on with the same years, futures and seed; or its futures.
        **options
            ``workers``, ``data_dir``, ``save``, ``resume``, ``progress`` of `foedus.formation.evolve.evolve`.

        Raises
        ------
        ParameterError
            Futures of other years, numbers or seeds, or that set out in another year.
        """
        from foedus.formation.evolve import evolve

        if not isinstance(other, Evolution):
            other = evolve(other, years=self.years, draws=self.draws, seed=self.seed, **options)
        mine, theirs = ((e.years, e.draws, e.seed, e.system.date.year) for e in (self, other))
        if mine != theirs:
            raise parameter(
                "other", theirs, f"futures of as many years, as many of them, the same seed and first year: {mine}"
            )
        return Difference(self, other)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "system": self.system.id, "title": self.system.title, "date": self.system.date.isoformat(), "years": self.years, "draws": self.draws,
            "seed": self.seed, "history": self.history, "standing": "simulated; coefficients fitted on all years", "table": self.table().to_dicts(),
            "states": self.states().to_dicts(),
            "likeliest": {w: [{"a": a, "b": b, **e.to_dict()} for a, b, e in self.likeliest(w)] for w in ("new pact", "lost pact", "war", "dispute")},
        }  # fmt: skip

    def futures(self) -> pl.DataFrame:
        """Return one row per future and year: ``future, year`` and `foedus.formation.evolve_step.COUNTS`."""
        import polars as pl

        flat = self.counts[:, 1:].reshape(-1, len(COUNTS))
        head = {"future": np.repeat(np.arange(self.draws), self.years), "year": np.tile(self.calendar, self.draws)}
        return pl.DataFrame(head | {name: flat[:, k] for k, name in enumerate(COUNTS)})

    def pair_table(self) -> pl.DataFrame:
        """Return one row per pair and year of whom anything ever held: ``a, b, year, p_allied, p_war, p_dispute``."""
        import polars as pl

        i, j = np.triu_indices(len(self.system.actors), 1)
        some = np.flatnonzero(np.any([p.total.any(axis=0) for p in self.pairs.values()], axis=0))
        ids = np.array(self.system.ids)
        head = {
            "a": np.repeat(ids[i[some]], self.years),
            "b": np.repeat(ids[j[some]], self.years),
            "year": np.tile(self.calendar, len(some)),
        }
        names = (("p_allied", "tied"), ("p_war", "fought"), ("p_dispute", "disputed"))
        return pl.DataFrame(head | {c: self.pairs[k].total[1:, some].T.ravel() / self.draws for c, k in names})

    def write(self, folder: str | os.PathLike[str]) -> None:
        """Write ``years.parquet``, ``states.parquet``, ``pairs.parquet``, ``futures.parquet`` and ``summary.json`` into a folder that is there.

        Raises
        ------
        DataError
            A file cannot be written.
        """
        from foedus.panel.table_files import write_table

        at = Path(folder)
        tables = {"years": self.table(), "states": self.states(), "pairs": self.pair_table(), "futures": self.futures()}
        for name, table in tables.items():
            write_table(table, at / f"{name}.parquet", name)
        write_table(tables["years"], at / "summary.json", "the summary", plain=_without_nan(self.to_dict()))


def _without_nan(value: Any) -> Any:
    """Return a plain form with null where a number is not known."""
    if isinstance(value, dict):
        return {k: _without_nan(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(v) for v in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
