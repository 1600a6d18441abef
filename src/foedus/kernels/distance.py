"""Great-circle distance and the discount of strength over it.

Distance by the haversine on a sphere of 6371.0088 km. The discount is Boulding's exponential [Boulding1962]_; Bueno de Mesquita's
exponent is in `loss_of_strength`, whose formula is given from memory and not verified against the text. Knows no places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0088
MILE_KM = 1.609344


def great_circle(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return distances in km between all pairs of n places, shape (n, n); NaN where a coordinate is NaN."""
    return great_circle_pairs(lat[:, None], lon[:, None], lat, lon)


def great_circle_pairs(
    lat1: NDArray[np.float64], lon1: NDArray[np.float64], lat2: NDArray[np.float64], lon2: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return distances in km between places given in degrees, of the shape that the arguments broadcast to; NaN where a coordinate is NaN."""
    phi1, lam1, phi2, lam2 = (np.radians(x) for x in (lat1, lon1, lat2, lon2))
    h = np.sin((phi1 - phi2) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin((lam1 - lam2) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))


def loss_of_strength(
    share: NDArray[np.float64], miles: NDArray[np.float64], miles_per_day: float
) -> NDArray[np.float64]:
    """Return ``share ** log10(miles / miles_per_day + 10 - e)``, Bueno de Mesquita 1981 as remembered (not verified).

    Examples
    --------
    >>> round(float(loss_of_strength(np.array(0.2), np.array(1000.0), 250.0)), 6)
    0.183832
    """
    return share ** np.log10(miles / miles_per_day + (10.0 - np.e))


def boulding(distance_km: NDArray[np.float64], range_km: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the share of strength left at a distance: ``exp(-distance / range)``."""
    return np.exp(-distance_km / range_km)


def boulding_linear(
    strength: NDArray[np.float64], distance_km: NDArray[np.float64], loss_per_km: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    """Return ``strength - loss_per_km * distance``, and nothing beyond the distance at which none is left.

    Examples
    --------
    >>> boulding_linear(np.array([0.5, 0.5]), np.array([100.0, 1000.0]), 0.001).round(3).tolist()
    [0.4, 0.0]
    """
    return np.maximum(strength - loss_per_km * distance_km, 0.0)
