"""Goodness of fit of a model of networks: what drawn networks look like beside the observed ones [HunterGoodreauHandcock2008]_.

Degrees, shared partners of ties and of pairs, triads and distances, with bands over drawn networks; and whether the model is degenerate, that is,
whether its networks are nearly empty, nearly full, or of two kinds by where a chain begins. Simulated. Changes no coefficient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.formation.tergm_simulate import BURN, EVERY, SAMPLES, simulate
from foedus.kernels.network_statistics import STATISTICS, distributions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.formation.network import Network
    from foedus.formation.tergm import Tergm

TOP = {"degree": 30, "tie partners": 20, "pair partners": 20, "triads": 3, "distance": 10}
"""Values from which on a distribution is counted together; distances end with pairs that are not connected."""
FULL, EMPTY, APART, SPREAD = 0.8, 0.1, 0.25, 3.0
"""Density that is nearly full; share of the observed ties that is nearly none; difference of two chains, as a share of
the observed ties and in standard deviations of the drawn ones."""
LEAST = 10
"""Networks of the chain from the empty one, at least."""


@dataclass(frozen=True, slots=True)
class YearFit:
    """Ties of one year: observed; mean and band over drawn networks; mean of a chain from the empty network; what is wrong, if anything."""

    year: int
    observed: int
    mean: float
    low: float
    high: float
    from_empty: float
    held: int
    verdict: str


@dataclass(frozen=True, eq=False)
class Goodness:
    """Distributions of observed and drawn networks.

    Attributes
    ----------
    observed : mapping of str to int64 array, shape (n_years, n_values)
    drawn : mapping of str to int64 array, shape (n_years, samples, n_values)
    years : tuple of YearFit
    level : float
        Of the bands.
    samples, burn, every, seed : int
    """

    observed: dict[str, NDArray[np.int64]]
    drawn: dict[str, NDArray[np.int64]]
    years: tuple[YearFit, ...]
    level: float
    samples: int
    burn: int
    every: int
    seed: int

    @property
    def degenerate(self) -> tuple[int, ...]:
        """Years in which the model is degenerate."""
        return tuple(y.year for y in self.years if y.verdict)

    def table(self, year: int | None = None) -> pl.DataFrame:
        """Return one row per statistic and value: observed, mean, band and whether observed lies in it; of all years together, or of one.

        Raises
        ------
        ParameterError
            A year that is not among those drawn.
        """
        import polars as pl

        among = [y.year for y in self.years]
        if year is not None and year not in among:
            raise parameter("year", year, f"one of {among[0]}-{among[-1]}")
        which = slice(None) if year is None else slice(among.index(year), among.index(year) + 1)
        rows = []
        for name in STATISTICS:
            seen, made = self.observed[name][which].sum(axis=0), self.drawn[name][which].sum(axis=0)
            low, high = np.quantile(made, [0.5 - self.level / 2, 0.5 + self.level / 2], axis=0)
            for k, value in enumerate(labels(name)):
                rows.append(
                    (
                        name,
                        value,
                        int(seen[k]),
                        float(made[:, k].mean()),
                        float(low[k]),
                        float(high[k]),
                        bool(low[k] <= seen[k] <= high[k]),
                    )
                )
        names = ["statistic", "value", "observed", "mean", "low", "high", "inside"]
        return pl.DataFrame(rows, schema=names, orient="row")

    def years_table(self) -> pl.DataFrame:
        """Return one row a year: ties observed and drawn, from the empty network, pairs held, and what is wrong."""
        import polars as pl

        return pl.DataFrame([{name: getattr(y, name) for name in YearFit.__slots__} for y in self.years])

    def inside(self) -> dict[str, tuple[int, int]]:
        """Return, by statistic, how many values that occur at all lie in the band, and how many there are; all years together."""
        import polars as pl

        table = self.table().filter((pl.col("observed") > 0) | (pl.col("high") > 0))
        return {
            name: (int(block["inside"].sum()), block.height)
            for (name,), block in table.group_by("statistic", maintain_order=True)
        }  # type: ignore[misc]

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "standing": f"simulated; bands of {self.level:.0%} over drawn networks",
            "samples": self.samples,
            "burn": self.burn,
            "every": self.every,
            "seed": self.seed,
            "degenerate": list(self.degenerate),
            "pooled": self.table().to_dicts(),
            "years": self.years_table().to_dicts(),
        }


def labels(name: str) -> list[str]:
    """Return what the values of a distribution are called."""
    top = TOP[name]
    if name == "distance":
        return [*(str(k) for k in range(1, top)), f"{top}+", "none"]
    return [str(k) for k in range(top + 1)] if name == "triads" else [*(str(k) for k in range(top)), f"{top}+"]


def goodness(
    fit: Tergm,
    networks: Sequence[Network],
    *,
    samples: int = SAMPLES,
    burn: int = BURN,
    every: int = EVERY,
    level: float = 0.95,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Goodness:
    """Return how networks drawn from a model compare with observed ones.

    Parameters
    ----------
    fit : Tergm
    networks : sequence of Network
        Covariates and the year before are as observed.
    samples, burn, every, seed
        As of `foedus.formation.tergm_simulate.simulate`; each year has a chain from the observed and a shorter one from the empty network.
    level : float
        Of the bands.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    DataError
        As of `simulate`.
    ParameterError
        No network, a level outside (0, 1), or as of `simulate`.

    References
    ----------
    [HunterGoodreauHandcock2008]_
    """
    if not networks or not 0 < level < 1:
        raise parameter(
            "networks, level", (len(networks), level), "at least one network, and a coverage between 0 and 1"
        )
    seen: dict[str, list[NDArray[np.int64]]] = {name: [] for name in STATISTICS}
    made: dict[str, list[NDArray[np.int64]]] = {name: [] for name in STATISTICS}
    years = []
    for done, network in enumerate(networks):
        drawn = simulate(fit, network, samples=samples, burn=burn, every=every, seed=seed)
        other = simulate(
            fit, network, start="empty", samples=max(LEAST, samples // 2), burn=burn, every=every, seed=seed
        )
        here = _all(network.ties)
        each = [_all(y) for y in drawn.ties]
        for name in STATISTICS:
            seen[name].append(here[name])
            made[name].append(np.array([e[name] for e in each]))
        ties = drawn.ties.sum(axis=(1, 2)) / 2
        low, high = np.quantile(ties, [0.5 - level / 2, 0.5 + level / 2])
        mean, empty = float(ties.mean()), float(other.ties.sum() / 2 / len(other.ties))
        verdict = _verdict(network, mean, empty, float(ties.std()))
        years.append(YearFit(network.year, network.n_ties, mean, float(low), float(high), empty, drawn.held, verdict))
        if progress is not None:
            progress((done + 1) / len(networks))
    observed, simulated = ({k: np.array(v) for k, v in parts.items()} for parts in (seen, made))
    return Goodness(observed, simulated, tuple(years), level, samples, burn, every, seed)


def _all(ties: NDArray[np.bool_]) -> dict[str, NDArray[np.int64]]:
    """Return all distributions of a network, each counted together from its own value on."""
    found = distributions(ties, max(TOP.values()))
    return {name: found[name] if name == "triads" else _capped(name, found[name]) for name in STATISTICS}


def _capped(name: str, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a distribution with its values from the top one on counted together."""
    top = TOP[name]
    last = counts[-1:] if name == "distance" else counts[:0]
    body = counts[: len(counts) - len(last)]
    keep = top - 1 if name == "distance" else top
    return np.concatenate([body[:keep], [body[keep:].sum()], last])


def _verdict(network: Network, mean: float, empty: float, sd: float) -> str:
    """Return what is wrong with a year's drawn networks, empty if nothing."""
    if mean > FULL * network.n_pairs:
        return "nearly full"
    if mean < EMPTY * network.n_ties:
        return "nearly empty"
    if abs(mean - empty) > max(APART * network.n_ties, SPREAD * sd):
        return "two kinds"
    return ""
