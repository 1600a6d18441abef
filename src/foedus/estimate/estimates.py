"""Coefficients of a fitted model with their covariances: what the results of this room's structural models share. Fits nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.estimate import covariance as sandwiches
from foedus.kernels import streams

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """Coefficients and their doubt.

    Attributes
    ----------
    names : tuple of str
        ``part:term`` of each coefficient.
    coef : float64 array, shape (k,)
    errors : str
        The covariance that is meant where none is named.
    covariances : mapping of str to float64 array, shape (k, k)
    resampled : float64 array, shape (n_kept, k), or None
        Coefficients of resampled sets, of bootstrap errors.
    """

    names: tuple[str, ...]
    coef: NDArray[np.float64]
    errors: str
    covariances: Mapping[str, NDArray[np.float64]]
    resampled: NDArray[np.float64] | None

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

    def interval(self, *, level: float = 0.95, errors: str | None = None) -> NDArray[np.float64]:
        """Return the ends of the intervals, shape (2, k): normal about the estimate, or percentiles of resampled coefficients."""
        from scipy.special import ndtri

        if not 0 < level < 1:
            raise parameter("level", level, "a coverage between 0 and 1")
        if (errors or self.errors) == "bootstrap" and self.resampled is not None:
            return np.quantile(self.resampled, [0.5 - level / 2, 0.5 + level / 2], axis=0)
        half = ndtri(0.5 + level / 2) * np.sqrt(np.diag(self.covariance(errors)))
        return np.stack([self.coef - half, self.coef + half])

    def table(self, *, level: float = 0.95, errors: str | None = None) -> pl.DataFrame:
        """Return one row per coefficient: ``part, term, estimate, std_error, z, p_value, low, high``."""
        import polars as pl
        from scipy.special import ndtr

        error = np.sqrt(np.diag(self.covariance(errors)))
        low, high = self.interval(level=level, errors=errors)
        z = self.coef / error
        return pl.DataFrame(
            {
                "part": [name.partition(":")[0] for name in self.names], "term": [name.partition(":")[2] for name in self.names],
                "estimate": self.coef, "std_error": error, "z": z, "p_value": 2 * ndtr(-np.abs(z)), "low": low, "high": high,
            }
        )  # fmt: skip

    def draw_coef(self, draws: int, seed: int) -> NDArray[np.float64]:
        """Return coefficients drawn from their doubt, shape (draws, k), as `foedus.estimate.logit_result.Logit.draw_coef` does."""
        if self.errors == "bootstrap" and self.resampled is not None:
            u = streams.uniforms(seed, streams.keys_of(["estimates:resampled"]), draws)[:, 0]
            return self.resampled[(u * len(self.resampled)).astype(np.intp)]
        from scipy.special import ndtri

        root = sandwiches.square_root(self.covariance())
        z = ndtri(streams.uniforms(seed, streams.keys_of([f"estimates:{name}" for name in self.names]), draws))
        return self.coef + z @ root.T
