"""An uncertain number: a point, a range or a mean with its standard deviation.

A range ``[low, high]`` is uniform between its ends; ``{mean, sd}`` is normal, cut to the field's bounds. Draws are by inverse
CDF of counter-based uniforms, so that a number keeps its draws in every system in which it stands. Knows no field names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import ParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that may be uncertain.

    Attributes
    ----------
    low, high : float
        Ends of a range, equal for a point; bounds of a normal.
    mean, sd : float or None
        Of a normal; None for a point or a range.

    Examples
    --------
    >>> Quantity.of([0.2, 0.4]).centre
    0.30000000000000004
    >>> Quantity.of(1.5).uncertain
    False
    """

    low: float
    high: float
    mean: float | None = None
    sd: float | None = None

    @classmethod
    def of(cls, raw: Any, *, bounds: tuple[float, float] = (-np.inf, np.inf)) -> Quantity:
        """Return the quantity that ``raw`` writes: a number, ``[low, high]`` or ``{mean, sd}``.

        Raises
        ------
        ParameterError
            Not one of the three forms, not finite, ``low > high``, ``sd < 0`` or outside ``bounds``.
        """
        if isinstance(raw, Quantity):
            return raw
        if isinstance(raw, dict) and set(raw) == {"mean", "sd"}:
            quantity = cls(bounds[0], bounds[1], _number(raw["mean"]), _number(raw["sd"]))
            centre, width_ok = float(raw["mean"]), float(raw["sd"]) >= 0
        elif isinstance(raw, list | tuple) and len(raw) == 2:
            quantity = cls(_number(raw[0]), _number(raw[1]))
            centre, width_ok = quantity.low, quantity.low <= quantity.high <= bounds[1]
        else:
            value = _number(raw)
            quantity, centre, width_ok = cls(value, value), value, True
        if not width_ok or not bounds[0] <= centre <= bounds[1]:
            raise ParameterError(f"got {raw!r}; expected low <= high, sd >= 0, within [{bounds[0]:g}, {bounds[1]:g}]")
        return quantity

    @property
    def uncertain(self) -> bool:
        """Whether draws of this number differ."""
        return self.sd not in {None, 0.0} if self.mean is not None else self.low != self.high

    @property
    def centre(self) -> float:
        """The mean of a normal or the middle of a range."""
        return self.mean if self.mean is not None else 0.5 * (self.low + self.high)

    def at(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the quantiles at ``u`` (same shape)."""
        if self.mean is None:
            return self.low + (self.high - self.low) * u
        from scipy.special import ndtri

        return np.clip(self.mean + (self.sd or 0.0) * ndtri(u), self.low, self.high)

    def to_plain(self) -> float | list[float] | dict[str, float]:
        """Return the form in which a scenario file writes it."""
        if self.mean is not None:
            return {"mean": self.mean, "sd": self.sd or 0.0}
        return self.low if self.low == self.high else [self.low, self.high]

    def __str__(self) -> str:
        if self.mean is not None:
            return f"{self.mean:g} (sd {self.sd:g})"
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"


def _number(raw: Any) -> float:
    """Return ``raw`` as a finite float."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < 1e15:
        raise ParameterError(f"got {raw!r}; expected a finite number below 1e15")
    return float(raw)
