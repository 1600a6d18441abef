"""`tergm`: a temporal exponential random graph by maximum pseudo-likelihood, with intervals by resampling whole years.

``P(Y) = exp(theta' h(Y)) / Z`` gives each tie, all others as they are, the chance ``1 / (1 + exp(-theta' delta_ij))`` with the change statistics
delta; the product of these over pairs and years is the pseudo-likelihood [StraussIkeda1990]_, and its maximum the logit on change statistics. Pairs
of one network are not independent, so that the logit's standard errors are far too small: intervals are percentiles over resampled years
[LeifeldCranmerDesmarais2018]_. Does not draw networks (`foedus.formation.tergm_simulate`) and does not maximise the likelihood itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import DataError, ParameterError, message, parameter
from foedus.estimate.logit import logit_arrays
from foedus.estimate.resampled_logit import Resampled, resampled_logit
from foedus.formation.network import pair_rows
from foedus.formation.network_terms import parse_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.formation.network import Network
    from foedus.formation.network_terms import Term

DRAWS = 1000
LEAST_BLOCKS = 8
"""Blocks of years, at least, where blocks longer than a year are resampled."""
MOST_FAILED = 0.1
"""Share of resampled sets without a finite estimate above which intervals are refused."""


@dataclass(frozen=True, eq=False)
class Tergm:
    """A fitted model of networks; estimated, with an interval for every coefficient.

    Attributes
    ----------
    terms : tuple of Term
    coef : float64 array, shape (n_terms,)
        Log-odds that a tie is there, per unit of a term's change statistic, all other ties as they are.
    naive : float64 array, shape (n_terms,)
        Standard errors of the logit, as if pairs were independent: shown to say how much they understate.
    resampled : float64 array, shape (n_kept, n_terms)
        Coefficients on resampled sets of years.
    failed : int
        Resampled sets without a finite estimate, which are left out.
    n, ties, left_out : int
        Pair-years and ties in the pseudo-likelihood, and pair-years left out since a term is unknown.
    years : tuple of int
    log_pseudo_likelihood, null : float
        Of the fit, and of one share for all pairs.
    origin : int
        Year that counts as 0 in terms of time.
    draws, block, seed : int
    """

    terms: tuple[Term, ...]
    coef: NDArray[np.float64]
    naive: NDArray[np.float64]
    resampled: NDArray[np.float64]
    failed: int
    n: int
    ties: int
    left_out: int
    years: tuple[int, ...]
    log_pseudo_likelihood: float
    null: float
    origin: int
    draws: int
    block: int
    seed: int

    def interval(self, level: float = 0.95) -> NDArray[np.float64]:
        """Return percentiles of the resampled coefficients, shape (2, n_terms).

        Raises
        ------
        ParameterError
            A level outside (0, 1), or a fit without resampled sets.
        """
        if not 0 < level < 1:
            raise parameter("level", level, "a coverage between 0 and 1")
        if len(self.resampled) < 2:
            raise parameter("draws", self.draws, "resampled sets of years, for an interval", "fit with draws=1000")
        return np.quantile(self.resampled, [0.5 - level / 2, 0.5 + level / 2], axis=0)

    def table(self, level: float = 0.95) -> pl.DataFrame:
        """Return one row a term: estimate, interval over resampled years, standard errors by years and naive, and how many times larger."""
        import polars as pl

        low, high = self.interval(level)
        by_year = self.resampled.std(axis=0, ddof=1)
        return pl.DataFrame(
            {
                "term": [t.name for t in self.terms], "estimate": self.coef, "low": low, "high": high, "sd_years": by_year,
                "naive_se": self.naive, "ratio": by_year / self.naive,
                "sign": ["+" if a > 0 else "-" if b < 0 else "unclear" for a, b in zip(low, high, strict=True)],
            }
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "standing": "estimated by maximum pseudo-likelihood; intervals of 95 % are percentiles over resampled years", "n": self.n,
            "ties": self.ties, "left_out": self.left_out, "first_year": self.years[0], "last_year": self.years[-1], "years": len(self.years),
            "draws": self.draws, "block": self.block, "seed": self.seed, "failed": self.failed,
            "log_pseudo_likelihood": self.log_pseudo_likelihood, "null": self.null,
            "coefficients": self.table().to_dicts(),
        }  # fmt: skip

    def conditional(self, network: Network) -> NDArray[np.float64]:
        """Return each pair's chance of a tie given all other ties of the network, shape (n, n); NaN where a term is unknown, and on the diagonal."""
        eta = sum(c * t.change(network, self.origin) for c, t in zip(self.coef, self.terms, strict=True))
        p = 1.0 / (1.0 + np.exp(-np.asarray(eta)))
        np.fill_diagonal(p, np.nan)
        return p


def tergm(
    networks: Sequence[Network], terms: Sequence[str], *, draws: int = DRAWS, block: int = 1, seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Tergm:  # fmt: skip
    """Return a temporal exponential random graph model fitted by maximum pseudo-likelihood.

    Parameters
    ----------
    networks : sequence of Network
        In the order of time, at least two; nodes may come and go.
    terms : sequence of str
        As in `foedus.formation.network_terms`.
    draws, seed : int
        Of the resampled sets of years behind the intervals; 0 draws for a fit that needs none, such as one of a backtest.
    block : int
        Consecutive years that are resampled together. At 1, as published, each year counts as new evidence, though nearly all its ties are those of
        the year before; longer blocks give wider and more honest intervals.
    progress : callable, optional
        Called with the share done.

    Returns
    -------
    Tergm

    Raises
    ------
    DataError
        A covariate that is not there, terms that are sums of each other or separate tied from untied pairs, no tie or nothing but ties, or more
        than a tenth of the resampled sets without a finite estimate.
    ParameterError
        No such term, fewer than two networks or years out of order, a single draw.

    Notes
    -----
    Maximum pseudo-likelihood is biased where dependence is strong [vanDuijn2009]_, and does not make expected statistics equal to observed ones; its
    estimates of terms that hang on other ties can put all their weight on networks unlike any observed; see
    `foedus.formation.tergm_goodness`.

    References
    ----------
    [LeifeldCranmerDesmarais2018]_, [StraussIkeda1990]_, [CranmerDesmaraisMenninga2012]_, [vanDuijn2009]_

    Examples
    --------
    >>> from foedus.formation.network import Network
    >>> rng = np.random.default_rng(1)
    >>> made = [np.triu(rng.random((12, 12)) < 0.3, 1) for _ in range(6)]
    >>> years = [Network(1900 + k, tuple("ABCDEFGHIJKL"), y | y.T) for k, y in enumerate(made)]
    >>> fit = tergm(years, ["edges", "gwesp(0)"], draws=50)
    >>> fit.n, fit.ties, [t.name for t in fit.terms]
    (396, 114, ['edges', 'gwesp(0)'])
    """
    parsed = parse_terms(terms)
    years = tuple(n.year for n in networks)
    if len(years) < 2 or any(a >= b for a, b in pairwise(years)):
        raise parameter("networks", f"years {years[:4]}", "at least two networks in the order of time")
    if isinstance(block, bool) or not isinstance(block, int) or not 1 <= block <= max(1, len(years) // LEAST_BLOCKS):
        raise parameter("block", block, f"years, so few that there are {LEAST_BLOCKS} blocks of them or more")
    origin = years[0] - 1
    rows = pair_rows(networks, parsed, origin=origin)
    if len(rows.y) == 0:
        raise DataError(
            message("No pair for which every term is known", got=0, expected="some", hint="leave a term out")
        )
    fit = logit_arrays(rows.x, rows.y, terms=[t.name for t in parsed], classes=(0, 1))
    found = (
        resampled_logit(
            rows.x, rows.y, (rows.year - years[0]) // block, fit.coef[0], draws=draws, seed=seed, progress=progress
        )
        if draws
        else Resampled(np.empty((0, len(parsed))), 0, 0)
    )
    if found.failed > MOST_FAILED * draws:
        raise DataError(
            message("Resampled years without a finite estimate", got=f"{found.failed} of {draws}", expected=f"at most {MOST_FAILED:.0%}",
                    hint="a term hangs on one or two years; leave it out")
        )  # fmt: skip
    return Tergm(
        parsed, fit.coef[0], fit.standard_errors()[0], found.coef, found.failed, len(rows.y), int(rows.y.sum()), rows.n_pairs - len(rows.y), years,
        fit.log_likelihood, fit.null_log_likelihood, origin, draws, block, seed,
    )  # fmt: skip


class NetworkModel:
    """The same model with scikit-learn's conventions: arguments kept as given, ``fit`` returns itself, ``predict_proba``, ``get_params``.

    Parameters
    ----------
    terms : sequence of str
    draws, seed : int

    Attributes
    ----------
    result_ : Tergm
        After ``fit``.
    classes_ : int64 array, shape (2,)

    Examples
    --------
    >>> NetworkModel(["edges", "gwesp(0)"]).get_params()["draws"]
    1000
    """

    def __init__(self, terms: Sequence[str] = ("edges", "gwesp(0)"), *, draws: int = DRAWS, seed: int = 1) -> None:
        self.terms = terms
        self.draws = draws
        self.seed = seed

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments by name."""
        return {"terms": self.terms, "draws": self.draws, "seed": self.seed}

    def set_params(self, **params: Any) -> NetworkModel:
        """Set arguments by name.

        Raises
        ------
        ParameterError
            No such argument.
        """
        for name, value in params.items():
            if name not in self.get_params():
                raise parameter(name, value, f"one of {', '.join(self.get_params())}")
            setattr(self, name, value)
        return self

    def fit(self, networks: Sequence[Network], y: None = None) -> NetworkModel:
        """Fit to networks in the order of time; errors as of `tergm`."""
        self.result_ = tergm(networks, self.terms, draws=self.draws, seed=self.seed)
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, networks: Sequence[Network]) -> NDArray[np.float64]:
        """Return chances of no tie and of a tie given others' ties, shape (n_pairs, 2), of all networks' pairs in the order of ``triu_indices``.

        Raises
        ------
        ParameterError
            Before ``fit``.
        """
        if not hasattr(self, "result_"):
            raise ParameterError(message("The model is not fitted", hint="call fit(networks) first"))
        parts = []
        for network in networks:
            p = self.result_.conditional(network)[np.triu_indices(len(network.ids), 1)]
            parts.append(np.column_stack([1.0 - p, p]))
        return np.concatenate(parts)
