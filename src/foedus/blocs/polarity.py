"""How many poles, how concentrated, how polarised: named measures over capability shares, blocs and ties.

Polarity counts poles; polarization says how far apart and how alike in size the blocs are. Neither is the index of Maoz, whose
algebra could not be read. Finds no blocs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.kernels import polarization
from foedus.kernels.polarization import ALPHA, HALF, POLE, modularity
from foedus.kernels.shares import concentration

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Polarity:
    """Polarity and polarization of one line-up.

    Attributes
    ----------
    poles : tuple of int
        Positions of the actors with at least `POLE` of all capability, the most capable first.
    top_two : float or None
        Share of the great powers' capability that the two largest of them hold; None with fewer than two great powers.
    concentration : float or None
        CON of the great powers' capability [Ray1973]_; None likewise.
    bloc_share : dict of int to float
        Share of all capability of each bloc, the largest first.
    polarization : float
        `esteban_ray` over the blocs: 0 for one bloc or blocs without a quarrel, 1 for two equal ones that only enmity joins.
    modularity : float
        `modularity` of the line-up.
    """

    poles: tuple[int, ...]
    top_two: float | None
    concentration: float | None
    bloc_share: dict[int, float]
    polarization: float
    modularity: float

    @property
    def bipolar(self) -> bool | None:
        """Whether the two largest great powers hold more than half of the great powers' capability (Moul, Wayman; from memory)."""
        return None if self.top_two is None else self.top_two > HALF

    @property
    def bloc_poles(self) -> int:
        """Blocs with at least `POLE` of all capability."""
        return sum(s >= POLE for s in self.bloc_share.values())


def polarity(
    power: NDArray[np.float64],
    major: NDArray[np.bool_],
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    w: NDArray[np.float64],
    bloc: NDArray[np.int64],
) -> Polarity:
    """Return the measures of a line-up.

    Parameters
    ----------
    power : float64 array, shape (n,)
        Capability shares, summing to 1.
    major : bool array, shape (n,)
        Great powers.
    i, j : int64 arrays, shape (m,)
    w : float64 array, shape (m,)
        Ties.
    bloc : int64 array, shape (n,)
        Bloc of each actor; below 0: in none.
    """
    order = np.argsort(-power, kind="stable")
    great = np.sort(power[major])[::-1]
    numbers = np.unique(bloc[bloc >= 0]).tolist()
    share = {int(b): float(power[bloc == b].sum()) for b in numbers}
    return Polarity(
        tuple(int(k) for k in order if power[k] >= POLE),
        float(great[:2].sum() / great.sum()) if len(great) > 1 else None,
        concentration(great) if len(great) > 1 else None,
        dict(sorted(share.items(), key=lambda item: (-item[1], item[0]))),
        esteban_ray(power, i, j, w, bloc),
        modularity(len(power), i, j, w, bloc),
    )


def esteban_ray(
    power: NDArray[np.float64],
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    w: NDArray[np.float64],
    bloc: NDArray[np.int64],
    *,
    alpha: float = ALPHA,
) -> float:
    """Return the polarization of blocs in capability and enmity.

    `foedus.kernels.polarization.esteban_ray` with the shares of capability among the actors in a bloc, and as distance of two blocs the part of
    the weight of ties between them that is hostile, 0 where no tie joins them. That distance is ours.

    Examples
    --------
    >>> two = np.array([0.5, 0.5]), np.array([0]), np.array([1]), np.array([-2.0]), np.array([0, 1])
    >>> round(esteban_ray(*two), 9)
    1.0
    """
    inside = bloc >= 0
    total = power[inside].sum()
    if not total > 0:
        return 0.0
    numbers, at = np.unique(bloc[inside], return_inverse=True)
    share = np.bincount(at, power[inside], len(numbers)) / total
    row = np.full(len(bloc), -1)
    row[inside] = at
    hostile, every = np.zeros((len(numbers),) * 2), np.zeros((len(numbers),) * 2)
    tied = inside[i] & inside[j]
    np.add.at(every, (row[i[tied]], row[j[tied]]), np.abs(w[tied]))
    np.add.at(hostile, (row[i[tied]], row[j[tied]]), np.maximum(-w[tied], 0.0))
    every, hostile = every + every.T, hostile + hostile.T
    distance = np.divide(hostile, every, out=np.zeros_like(every), where=every > 0)
    np.fill_diagonal(distance, 0.0)
    return polarization.esteban_ray(share, distance, alpha=alpha)
