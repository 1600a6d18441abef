"""When something happens in a war: base accumulated over classes of days, and loops over all outsiders that the compiler turns into vectors.

Compiled. Nothing here knows of wars: numbers in, numbers out. The library's exponential and logarithm keep a loop from being vectorised, which is why
both stand here, each within 1e-9 of the library's.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

njit: Any = numba.njit
"""Without a type: no stub of Numba's knows ``_nrt=False``, which leaves the counting of references out of what makes no array."""


@njit(cache=True, nogil=True, _nrt=False)
def sum_to(t, base, cuts):  # noqa: ANN001, ANN201
    """Return the base accumulated from day 0 to day ``t``; ``base`` is a rate, not its logarithm."""
    total = 0.0
    for k in range(len(cuts)):
        if t <= cuts[k]:
            break
        last = cuts[k + 1] if k + 1 < len(cuts) else t
        total += base[k] * (min(t, last) - cuts[k])
    return total


@njit(cache=True, nogil=True, _nrt=False)
def when_reached(total, base, cuts):  # noqa: ANN001, ANN201
    """Return the day by which so much base is accumulated; the inverse of `sum_to`."""
    for k in range(len(cuts)):
        if k + 1 == len(cuts):
            return cuts[k] + total / base[k] if base[k] > 0 else 1e30
        here = base[k] * (cuts[k + 1] - cuts[k])
        if total < here:
            return cuts[k] + total / base[k]
        total -= here
    return 1e30


@njit(cache=True, nogil=True, inline="always")
def fast_exp(x):  # noqa: ANN001, ANN201
    """Return e to the x by halving the range and a polynomial; unlike the library's, a loop over it is vectorised. Within 1e-9 of it."""
    k = np.floor(x * 1.4426950408889634 + 0.5)
    r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10
    p = 1.0 + r * (
        1.0 + r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320)))))))
    )
    power = (
        np.float64(k + 6755399441055744.0).view(np.int64) + 1023
    )  # the number k stands in the low bits of a sum with 1.5 times 2 to the 52
    return p * np.int64(power << 52).view(np.float64)


@njit(cache=True, nogil=True, inline="always")
def fast_log(x):  # noqa: ANN001, ANN201
    """Return the logarithm of a number above 1e-300 by its exponent and a series; vectorised in a loop. Within 1e-9 of the library's."""
    bits = (
        np.float64(x).view(np.uint64) - np.uint64(4604544271217802189) + np.uint64(1 << 62)
    )  # the mantissa lies between the roots of 1/2 and 2
    k = bits >> np.uint64(52)
    m = np.uint64(bits - (k << np.uint64(52)) + np.uint64(4604544271217802189)).view(np.float64)
    z = (m - 1.0) / (m + 1.0)
    q = z * z
    p = 1.0 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13))))))
    exponent = np.uint64(k + np.uint64(4841369599423283200)).view(np.float64) - 4503599627371520.0
    return exponent * 0.6931471805599453 + 2.0 * z * p


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy", fastmath={"nnan", "nsz"})
def exponentials(number, shared, needed):  # noqa: ANN001, ANN201
    """Turn uniform numbers into exponential ones over a factor of all rates; return whether any is low enough. Modified: ``number``."""
    some = 0
    for x in range(len(number)):
        number[x] = -fast_log(number[x]) / shared
    for x in range(len(number)):
        some += needed[x] > number[x]  # nothing is needed where nobody stands outside
    return some > 0


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy", fastmath={"nnan", "nsz"})
def soonest(number, rate_a, rate_b):  # noqa: ANN001, ANN201
    """Return the least accumulated base at which an outsider enters, and who; -1 for nobody."""
    least, who = 1e300, -1
    for x in range(len(number)):
        both = rate_a[x] + rate_b[x]
        if number[x] < least * both:
            least, who = number[x] / both, x
    return least, who
