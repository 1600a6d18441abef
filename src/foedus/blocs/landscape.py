"""Landscape theory of Axelrod and Bennett: the energy of every line-up into two sides, its local minima, their basins and barriers.

``E(X) = sum over ordered pairs of s_i s_j p_ij d_ij(X)`` with ``d_ij = 1`` for different sides: each pair counts twice
[AxelrodBennett1993]_. An actor's frustration is ``F_i = sum over j of s_j p_ij d_ij``. A local minimum is a configuration that no single actor
would leave; equality counts as staying, as in the code of Axelrod and Furnas (2016). Every configuration is visited up to 24 actors, every
minimum listed up to 40 that ties hold together, the lowest certified beyond. Draws nothing and knows no dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.exact import partition
from foedus.blocs.landscape_barriers import Barrier, Barriers, flooded, way
from foedus.blocs.landscape_basins import Basins, Dynamics, check, exact_basins, sampled_basins
from foedus.blocs.landscape_input import Actors, Galam, actors
from foedus.blocs.landscape_minima import Plateau, local_minima, plateau
from foedus.blocs.landscape_terrain import ENUMERABLE, Terrain
from foedus.errors import parameter
from foedus.kernels import landscape_walk as walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from foedus.system.system import System


@dataclass(frozen=True, eq=False)
class Lowest:
    """The global minimum, or the best found with its bound.

    Attributes
    ----------
    position : int
    sides : int64 array, shape (n,)
    energy, bound : float
        Of this configuration, and a lower bound on that of any.
    proved : bool
        Whether none is lower; weights that are no integers are rounded by `foedus.blocs.exact.partition` first, and the proof is for those.
    """

    position: int
    sides: NDArray[np.int64]
    energy: float
    bound: float
    proved: bool


@dataclass(frozen=True, eq=False)
class Landscape:
    """A landscape; everything is computed when first asked for.

    A *position* names a configuration: bit ``b`` set means that actor ``b + 1`` is apart from actor 0, who is on side 0. With Galam's fields the
    sides are not interchangeable: bit ``b`` set means that actor ``b`` is on side 1.

    Attributes
    ----------
    ids : tuple of str
    size : float64 array, shape (n,)
    propensity : float64 array, shape (n, n)
    weight : float64 array, shape (n, n)
        ``s_i s_j p_ij``, with Galam's global alliances added.
    field : float64 array, shape (n,), or None
        Galam's fields.
    only_strict : bool
        Whether `minima` lists only those that every flip would raise.
    limit : int
        Most minima that are listed.
    """

    ids: tuple[str, ...]
    size: NDArray[np.float64]
    propensity: NDArray[np.float64]
    weight: NDArray[np.float64]
    field: NDArray[np.float64] | None
    only_strict: bool
    limit: int

    @property
    def n(self) -> int:
        """Number of actors."""
        return len(self.ids)

    @cached_property
    def terrain(self) -> Terrain:
        """Nodes and weights; with fields the outside is node 0 and cannot move."""
        if self.field is None:
            return Terrain(self.weight, held=False)
        w = np.zeros((self.n + 1, self.n + 1))
        w[1:, 1:] = self.weight
        w[0, 1:] = w[1:, 0] = self.field
        return Terrain(w, held=True)

    @property
    def _shift(self) -> float:
        """What the pairs with the outside add to the double sum beyond the energy: the sum of all fields."""
        return 0.0 if self.field is None else float(self.field.sum())

    @cached_property
    def energy(self) -> NDArray[np.float64]:
        """Energy of every position, shape (2 ** (n - 1),), or (2 ** n,) with fields; at most 24 actors, 23 with fields."""
        self.terrain.enumerable(
            "energy", "energies() gives those of positions that you name; minima lists the minima to 40 actors"
        )
        out = walk.energies(self.terrain.w) - self._shift
        out.flags.writeable = False
        return out

    def energies(self, positions: int | Iterable[int]) -> NDArray[np.float64]:
        """Return the energies of positions, shape (n_positions,), for any number of actors."""
        return self.terrain.energies(self._eta(positions)) - self._shift

    def sides(self, position: int) -> NDArray[np.int64]:
        """Return the side (0 or 1) of each actor in a configuration, shape (n,)."""
        return (self._eta(position)[0, self.terrain.held :] < 0).astype(np.int64)

    def line_up(self, position: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names on side 0 and on side 1."""
        sides = self.sides(position)
        first, second = (tuple(a for a, s in zip(self.ids, sides, strict=True) if s == side) for side in (0, 1))
        return first, second

    def position(self, apart: Iterable[str]) -> int:
        """Return the position of the configuration in which these actors are on one side and all others on the other.

        With fields ``apart`` are those on side 1.
        """
        names = set(apart)
        if unknown := names - set(self.ids):
            raise parameter("apart", sorted(unknown), f"some of {', '.join(self.ids)}")
        eta = np.array([[1] * self.terrain.held + [-1 if a in names else 1 for a in self.ids]], dtype=np.int8)
        return self.terrain.codes(eta)[0]

    @cached_property
    def minima(self) -> tuple[int, ...]:
        """Positions of all local minima, lowest energy first; exact, for up to 40 actors that ties hold together."""
        return self.terrain.codes(local_minima(self.terrain, strict=self.only_strict, limit=self.limit))

    @cached_property
    def strict(self) -> tuple[bool, ...]:
        """Whether every flip would raise the energy, for each minimum; if not, it is a weak one: some actor could leave at no cost."""
        pulls = self.terrain.pulls(self._eta(self.minima))
        return tuple(np.all(pulls >= self.terrain.floor(strict=True), axis=1).tolist())

    def plateau(self, position: int) -> Plateau:
        """Return the configurations of equal energy that free moves join to one, and whether no move leads down from any."""
        return plateau(self.terrain, self._checked(position))

    def frustration(self, positions: int | Iterable[int]) -> NDArray[np.float64]:
        """Return ``F_i = sum over j of s_j p_ij d_ij`` of each actor, shape (n_positions, n)."""
        return self.weighted_frustration(positions) / self.size

    def weighted_frustration(self, positions: int | Iterable[int]) -> NDArray[np.float64]:
        """Return ``s_i F_i`` of each actor, shape (n_positions, n): what Axelrod and Furnas (2016) print as frustration; its sum is the energy.

        With Galam's terms the ties of global alliances count, the fields do not.
        """
        eta = self._eta(positions)[:, self.terrain.held :].astype(float)
        return 0.5 * (self.weight.sum(axis=1) - eta * (eta @ self.weight))

    def flip_costs(self, positions: int | Iterable[int]) -> NDArray[np.float64]:
        """Return what the flip of each actor alone would add to the energy, shape (n_positions, n)."""
        return 2.0 * self.terrain.pulls(self._eta(positions))[:, self.terrain.held :]

    @property
    def basins(self) -> tuple[int, ...]:
        """How many configurations steepest descent leads to each of `minima`; exact, at most 24 actors. See `basins_under`."""
        self.terrain.enumerable("basins", "basins_under(dynamics, draws=N, seed=S) samples starts")
        found = exact_basins(self.terrain, self.minima, "steepest", check(self.terrain, "steepest", None))
        return tuple(int(x) for x in found.size)

    def basins_under(
        self, dynamics: Dynamics, *, order: Sequence[int] | None = None, draws: int | None = None, seed: int = 0
    ) -> Basins:
        """Return the basins under one named dynamics.

        Parameters
        ----------
        dynamics : {"steepest", "first", "random"}
        order : sequence of int, optional
            In which ``first`` asks the actors; as they stand otherwise.
        draws : int, optional
            Sample so many uniformly random starts instead of visiting every configuration; needed above 24 actors.
        seed : int
            Of the sampled starts and of the flips of ``random``.

        Returns
        -------
        Basins

        Raises
        ------
        ParameterError
            Unknown dynamics; an order that is none; above 24 actors without ``draws``.
        """
        turn = check(self.terrain, dynamics, order)
        if draws is not None:
            return sampled_basins(self.terrain, dynamics, turn, draws=draws, seed=seed)
        self.terrain.enumerable("draws", "say how many starts to sample: draws=10_000, seed=1")
        weak = self.terrain.codes(local_minima(self.terrain, strict=False, limit=self.limit))
        return exact_basins(self.terrain, weak, dynamics, turn)

    def barrier(self, start: int, end: int, *, width: int = 64) -> Barrier:
        """Return the pass that the easiest way of single flips from one configuration to another must climb.

        Exact to 24 actors (23 with fields). Above that the highest point of the best way that a search of the given width found: an upper bound,
        and ``exact`` is False.
        """
        ends = self.energies([self._checked(start), self._checked(end)])
        if self.terrain.m <= ENUMERABLE:
            between = flooded(self.energy, self._rising, (start, end), held=self.terrain.held)
            peak, saddle, exact = float(between.energy[0, 1]), int(between.saddle[0, 1]), True
        else:
            peak, saddle = way(self.terrain, start, end, width=width)
            peak, exact = peak - self._shift, False
        return Barrier(start, end, peak, saddle, peak - float(ends[0]), peak - float(ends[1]), exact)

    def barriers(self) -> Barriers:
        """Return the passes between all of `minima`, exact; at most 24 actors (23 with fields)."""
        self.terrain.enumerable("barriers", "barrier(a, b) gives an upper bound for two configurations")
        return flooded(self.energy, self._rising, self.minima, held=self.terrain.held)

    @cached_property
    def _rising(self) -> NDArray[np.int64]:
        """Positions from the lowest energy to the highest."""
        return np.argsort(self.energy, kind="stable")

    def lowest(self, *, seconds: float = 20.0) -> Lowest:
        """Return the global minimum, proved within ``seconds`` or with its bound; practical to some 200 actors.

        The energy is twice the frustrated weight less twice the weight of all negative ties, so the exact line-up of least frustration is it.
        """
        i, j = np.nonzero(np.triu(self.terrain.w, 1))
        w = self.terrain.w[i, j]
        found = partition(self.terrain.m, i.astype(np.int64), j.astype(np.int64), w, seconds=seconds)
        position = self.terrain.codes(np.where(found.label == 0, 1, -1).astype(np.int8)[None])[0]
        energy = float(self.energies(position)[0])
        bound = 2.0 * (found.bound + float(w[w < 0].sum())) - self._shift
        return Lowest(
            position, self.sides(position), energy, energy if found.proved else min(bound, energy), found.proved
        )

    def table(self) -> pl.DataFrame:
        """Return one row per local minimum: position (as text above 63 actors), energy, whether strict, and the names on each side."""
        import polars as pl

        sides = [self.line_up(m) for m in self.minima]
        position = (
            pl.Series(self.minima, dtype=pl.Int64)
            if self.terrain.m <= 63
            else pl.Series(map(str, self.minima), dtype=pl.String)
        )
        return pl.DataFrame(
            {
                "position": position, "energy": self.energies(self.minima), "strict": list(self.strict),
                "side_0": [list(a) for a, _ in sides], "side_1": [list(b) for _, b in sides],
            },
            schema_overrides={"side_0": pl.List(pl.String), "side_1": pl.List(pl.String)},
        )  # fmt: skip

    def _eta(self, positions: int | Iterable[int]) -> NDArray[np.int8]:
        """Return +1 and -1 of every node, shape (n_positions, m)."""
        several: Iterable[int] = positions if isinstance(positions, Iterable) else [positions]
        return self.terrain.eta(self._checked(int(p)) for p in several)

    def _checked(self, position: int) -> int:
        """Return a position that exists."""
        if not 0 <= position < 1 << (self.terrain.m - 1):
            raise parameter("position", position, f"0 to {(1 << (self.terrain.m - 1)) - 1}")
        return position


def landscape(
    size: System | ArrayLike, propensity: ArrayLike | None = None, *, ids: Sequence[str] | None = None,
    galam: Galam | None = None, strict: bool = False, limit: int = 100_000,
) -> Landscape:  # fmt: skip
    """Return the energy landscape of actors of given sizes.

    Parameters
    ----------
    size : float array, shape (n,), or System
        Above 0. A System brings sizes, propensities (at the centre of every uncertain number) and names.
    propensity : float array, shape (n, n)
        Symmetric, in any unit; above 0 means wanting the same side. The diagonal is ignored and may be NaN.
    ids : sequence of str, optional
        Names; positions otherwise.
    galam : Galam, optional
        Global alliances and fields [Galam1996]_ [Galam1998]_ (from memory, unverified).
    strict : bool
        List only minima that every flip would raise. By default equality counts as staying.
    limit : int
        Most minima to list.

    Returns
    -------
    Landscape

    Raises
    ------
    ParameterError
        No actor; sizes not above 0; propensities not square, not symmetric, not finite. Later, when asked for: more minima than ``limit``.

    Notes
    -----
    Incremental rule: an actor switches if that lowers its own frustration, and then the energy falls too, because propensities are
    symmetric [AxelrodBennett1993]_. A pull within 1e-12 of an actor's total weight counts as none. Any recoding of the 17 nations of 1936-39 is
    ours, not Axelrod and Bennett's: their matrix is not public.

    Examples
    --------
    >>> land = landscape([1, 1, 1], [[0, 1, -1], [1, 0, -1], [-1, -1, 0]], ids=["Ann", "Bob", "Eve"])
    >>> land.energy.tolist()
    [0.0, 0.0, -4.0, 0.0]
    >>> land.minima, land.line_up(land.minima[0]), land.strict
    ((2,), (('Ann', 'Bob'), ('Eve',)), (True,))
    >>> land.frustration(2).tolist(), land.basins
    ([[-1.0, -1.0, -2.0]], (4,))
    """
    if limit < 1:
        raise parameter("limit", limit, "at least 1")
    read: Actors = actors(size, propensity, ids, galam)
    return Landscape(read.ids, read.size, read.propensity, read.weight, read.field, strict, limit)
