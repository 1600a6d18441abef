"""The result of a logit: estimates, covariances, what they were made from, and predictions with their doubt. Fits nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import ParameterError, message, parameter
from foedus.estimate import covariance, multinomial, rare
from foedus.kernels import streams

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from narwhals.typing import IntoFrame
    from numpy.typing import ArrayLike, NDArray

    from foedus.estimate.design import Columns
    from foedus.estimate.firth import Profile
    from foedus.estimate.rare import Chances, RareEvents
    from foedus.panel.panel import Panel


@dataclass(frozen=True)
class Logit:
    """A fitted logit.

    Attributes
    ----------
    terms : tuple of str
        Names of the columns.
    classes : tuple
        Classes of the outcome; log-odds are against the first.
    coef : float64 array, shape (n_classes - 1, n_terms)
    errors : str
        The covariance that is meant where none is named.
    covariances : mapping of str to float64 array, shape (k, k), k = (n_classes - 1) * n_terms
        By kind of errors, class by class.
    counts : tuple of int
        Rows of each class.
    log_likelihood, null_log_likelihood : float
        Of the fit, and of the shares of the classes.
    converged : bool
    iterations : int
    clusters : int or None
        Clusters among the rows, where a column of clusters was given.
    resampled : float64 array, shape (n_kept, n_classes - 1, n_terms), or None
        Coefficients of resampled sets, of bootstrap errors.
    failed : int
        Resampled sets that had no finite estimate.
    columns : Columns or None
        How to make the columns from a frame; None for a fit on arrays.
    penalty : str or None
    rare : RareEvents or None
        Corrections for rare events. Log-likelihoods are those of the estimates before corrections.
    penalised_log_likelihood : float or None
        With the penalty.
    profile : Profile or None
        Intervals and tests by the profile of the likelihood, of errors ``"profile"``.
    """

    terms: tuple[str, ...]
    classes: tuple[Any, ...]
    coef: NDArray[np.float64]
    errors: str
    covariances: Mapping[str, NDArray[np.float64]]
    counts: tuple[int, ...]
    log_likelihood: float
    null_log_likelihood: float
    converged: bool
    iterations: int
    clusters: int | None
    resampled: NDArray[np.float64] | None
    failed: int
    columns: Columns | None
    penalty: str | None = None
    rare: RareEvents | None = None
    penalised_log_likelihood: float | None = None
    profile: Profile | None = None

    @property
    def n(self) -> int:
        """Number of rows."""
        return sum(self.counts)

    @property
    def events(self) -> int:
        """Number of rows that are not of the first class."""
        return self.n - self.counts[0]

    @property
    def formula(self) -> str:
        """The formula; of a fit on arrays, the terms."""
        return self.columns.formula if self.columns is not None else " + ".join(self.terms)

    def covariance(self, errors: str | None = None) -> NDArray[np.float64]:
        """Return the covariance of one kind of errors, shape (k, k).

        Raises
        ------
        ParameterError
            It was not asked for when fitting.
        """
        kind = self.errors if errors is None else errors
        if kind not in self.covariances:
            raise parameter("errors", kind, f"one of {', '.join(self.covariances)}", "name it when fitting")
        return self.covariances[kind]

    def standard_errors(self, errors: str | None = None) -> NDArray[np.float64]:
        """Return standard errors, shape as ``coef``."""
        return np.sqrt(np.diag(self.covariance(errors))).reshape(self.coef.shape)

    def interval(self, *, level: float = 0.95, errors: str | None = None) -> NDArray[np.float64]:
        """Return the ends of the intervals of all coefficients, shape (2, n_classes - 1, n_terms).

        Normal about the estimate; of bootstrap errors, percentiles of the resampled coefficients; of profile errors, those of the profile.
        """
        from scipy.special import ndtri

        if not 0 < level < 1:
            raise parameter("level", level, "a coverage between 0 and 1")
        if (errors or self.errors) == "bootstrap" and self.resampled is not None:
            return np.quantile(self.resampled, [0.5 - level / 2, 0.5 + level / 2], axis=0)
        if (errors or self.errors) == "profile" and self.profile is not None:
            if level != self.profile.level:
                raise parameter("level", level, f"{self.profile.level}, as when fitting", "fit again with this level")
            return np.stack([self.profile.low, self.profile.high])[:, None]
        half = ndtri(0.5 + level / 2) * self.standard_errors(errors)
        return np.stack([self.coef - half, self.coef + half])

    def table(self, *, level: float = 0.95, errors: str | None = None) -> pl.DataFrame:
        """Return one row per class and term: ``class, term, estimate, std_error, z, p_value, low, high``."""
        import polars as pl
        from scipy.special import ndtr

        error = self.standard_errors(errors)
        low, high = self.interval(level=level, errors=errors)
        z = self.coef / error
        if (errors or self.errors) == "profile" and self.profile is not None:
            z = np.sign(self.coef) * np.sqrt(
                self.profile.ratio
            )  # its square is the likelihood ratio, chi-squared with one degree of freedom
        return pl.DataFrame(
            {
                "class": [str(c) for c in self.classes[1:] for _ in self.terms],
                "term": list(self.terms) * (len(self.classes) - 1),
                "estimate": self.coef.ravel(), "std_error": error.ravel(), "z": z.ravel(), "p_value": 2 * ndtr(-np.abs(z)).ravel(),
                "low": low.ravel(), "high": high.ravel(),
            }
        )  # fmt: skip

    def predict(
        self, where: Panel | IntoFrame | ArrayLike, *, chances: Chances = "plain", errors: str | None = None
    ) -> NDArray[np.float64]:
        """Return probabilities for the rows of a frame, or of an array of columns.

        Parameters
        ----------
        where : Panel, any frame, or array, shape (n, n_terms)
        chances : {"plain", "corrected", "averaged"}
            Whether the doubt about coefficients is let into the chances; see `foedus.estimate.rare.chances`. Two classes only.
        errors : str, optional
            The doubt; by default that of the fit.

        Returns
        -------
        array, shape (n,) or (n, n_classes)
            With two classes, the probability of the second.

        Raises
        ------
        DataError
            A frame that lacks columns or values.
        ParameterError
            An array of another number of columns; a frame, where the fit was on arrays.
        """
        x = self._x(where)
        if chances != "plain":
            if len(self.classes) > 2:
                raise parameter("chances", chances, "'plain', with more than two classes")
            return rare.chances(x, self.coef[0], self.covariance(errors), chances)
        return self._shares(multinomial.probabilities(x, self.coef))

    def draw_coef(self, draws: int, seed: int, *, errors: str | None = None) -> NDArray[np.float64]:
        """Return coefficients drawn from their doubt, shape (draws, n_classes - 1, n_terms).

        Normal with the covariance (its negative eigenvalues, if any, set to 0); of bootstrap errors, resampled coefficients drawn with replacement.
        The same seed gives the same coefficients, and more draws begin with those of fewer.
        """
        size = self.coef.size
        if (errors or self.errors) == "bootstrap" and self.resampled is not None:
            u = streams.uniforms(seed, streams.keys_of(["logit:resampled"]), draws)[:, 0]
            return self.resampled[(u * len(self.resampled)).astype(np.intp)]
        from scipy.special import ndtri

        root = covariance.square_root(self.covariance(errors))
        z = ndtri(streams.uniforms(seed, streams.keys_of([f"logit:{k}" for k in range(size)]), draws))
        return self.coef + (z @ root.T).reshape(draws, *self.coef.shape)

    def predict_draws(
        self, where: Panel | IntoFrame | ArrayLike, draws: int, seed: int, *, errors: str | None = None
    ) -> NDArray[np.float64]:
        """Return probabilities with each draw of the coefficients, shape (draws, n) or (draws, n, n_classes)."""
        x = self._x(where)
        return np.stack(
            [self._shares(multinomial.probabilities(x, c)) for c in self.draw_coef(draws, seed, errors=errors)]
        )

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form: what the fit was made from, and its table."""
        return {
            "formula": self.formula, "classes": [str(c) for c in self.classes], "counts": list(self.counts), "n": self.n, "events": self.events,
            "errors": self.errors, "clusters": self.clusters, "failed": self.failed, "log_likelihood": self.log_likelihood,
            "null_log_likelihood": self.null_log_likelihood, "penalty": self.penalty, "rare": None if self.rare is None else asdict(self.rare),
            "penalised_log_likelihood": self.penalised_log_likelihood, "converged": self.converged, "iterations": self.iterations,
            "coefficients": self.table().rows(named=True),
        }  # fmt: skip

    def __str__(self) -> str:
        head = f"{self.formula}: {self.n:,} rows, {self.events:,} events, log-likelihood {self.log_likelihood:.2f}, errors {self.errors}"
        many = len(self.classes) > 2
        lines = [
            f"  {r['class'] + ': ' if many else ''}{r['term']} {r['estimate']:.4f} ({r['std_error']:.4f})"
            for r in self.table().rows(named=True)
        ]
        return "\n".join([head, *lines])

    def _shares(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities as `predict` does."""
        return p[:, 1] if len(self.classes) == 2 else p

    def _x(self, where: Any) -> NDArray[np.float64]:
        """Return the columns of a frame or an array."""
        if self.columns is not None and not isinstance(where, np.ndarray | list):
            return self.columns.of(where)
        try:
            x = np.asarray(where, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise parameter("where", type(where).__name__, f"an array of {len(self.terms)} columns") from error
        if x.ndim != 2 or x.shape[1] != len(self.terms):
            raise ParameterError(
                message(
                    "Columns that do not fit",
                    got=f"shape {x.shape}",
                    expected=f"{len(self.terms)} columns: {', '.join(self.terms)}",
                )
            )
        return x
