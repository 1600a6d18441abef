"""A network of ties at one time with what is known of its nodes and pairs; and the rows that a model of ties is fitted on.

Arrays and names only: where networks come from is in `foedus.studies.network_rows`. Fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import DataError, message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from foedus.formation.network_terms import Term


@dataclass(frozen=True, eq=False)
class Network:
    """Ties among n nodes at one time, and covariates.

    Attributes
    ----------
    year : int
    ids : tuple of str
        Names of the nodes.
    ties : bool array, shape (n, n)
        Symmetric, empty diagonal.
    before : bool array, shape (n, n), or None
        Ties of the same nodes one step earlier; None where that is not known.
    nodes : mapping of str to float64 array, shape (n,)
        Covariates of nodes, NaN where unknown.
    pairs : mapping of str to float64 array, shape (n, n)
        Covariates of pairs, symmetric, NaN where unknown.

    Raises
    ------
    DataError
        Fewer than two nodes, names twice, ties or a covariate of another shape, not symmetric or infinite, a tie of a node with itself.

    Examples
    --------
    >>> y = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool)
    >>> Network(1914, ("GMY", "AUH", "SER"), y).n_ties
    1
    """

    year: int
    ids: tuple[str, ...]
    ties: NDArray[np.bool_]
    before: NDArray[np.bool_] | None = None
    nodes: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    pairs: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = len(self.ids)
        if n < 2 or len(set(self.ids)) < n:
            raise DataError(
                message(
                    f"Nodes of {self.year}",
                    got=f"{n} names, {len(set(self.ids))} different",
                    expected="at least two, each once",
                )
            )
        for name, array in (("ties", self.ties), ("before", self.before)):
            if array is not None:
                self._check_pairs(name, array, np.bool_)
                if array.diagonal().any():
                    own = self.ids[int(array.diagonal().argmax())]
                    raise DataError(
                        message(f"{name} of {self.year}", got=f"a tie of {own} with itself", expected="none")
                    )
        for name, values in self.nodes.items():
            if np.shape(values) != (n,):
                raise DataError(
                    message(f"Covariate {name} of {self.year}", got=f"shape {np.shape(values)}", expected=f"({n},)")
                )
        for name, array in self.pairs.items():
            self._check_pairs(name, array, np.float64)
        for name, values in (*self.nodes.items(), *self.pairs.items()):
            if np.isinf(values).any():
                raise DataError(
                    message(
                        f"Covariate {name} of {self.year}",
                        got="an infinite value",
                        expected="numbers, NaN where unknown",
                    )
                )

    def _check_pairs(self, name: str, array: NDArray[np.bool_] | NDArray[np.float64], kind: type) -> None:
        """Raise unless an array has a cell for each pair, of one kind, and is symmetric."""
        n = len(self.ids)
        if array.shape != (n, n) or array.dtype != kind:
            raise DataError(
                message(
                    f"{name} of {self.year}",
                    got=f"{array.dtype} of shape {array.shape}",
                    expected=f"{np.dtype(kind)} of shape {(n, n)}",
                )
            )
        other = array != array.T
        if kind is np.float64:
            other &= ~(np.isnan(array) & np.isnan(array.T))
        np.fill_diagonal(other, val=False)
        if other.any():
            i, j = np.argwhere(other)[0]
            raise DataError(
                message(
                    f"{name} of {self.year} is not symmetric at {self.ids[i]} and {self.ids[j]}",
                    got=f"{array[i, j]} and {array[j, i]}",
                    expected="equal",
                )
            )

    @property
    def n_ties(self) -> int:
        """Number of tied pairs."""
        return int(self.ties.sum()) // 2

    @property
    def n_pairs(self) -> int:
        """Number of pairs."""
        return len(self.ids) * (len(self.ids) - 1) // 2


@dataclass(frozen=True, eq=False)
class PairRows:
    """One row per pair and year for which every term is known.

    Attributes
    ----------
    x : float64 array, shape (n, n_terms)
        Change statistics.
    y : int64 array, shape (n,)
        1 if tied.
    year, i, j : int64 arrays, shape (n,)
        Year, and positions of the pair in that year's network, ``i < j``.
    n_pairs : int
        Pairs of all years; the difference to n is those left out since a term is unknown.
    """

    x: NDArray[np.float64]
    y: NDArray[np.int64]
    year: NDArray[np.int64]
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    n_pairs: int


def pair_rows(networks: Sequence[Network], terms: Sequence[Term], *, origin: int) -> PairRows:
    """Return the rows of networks.

    Parameters
    ----------
    networks : sequence of Network
        In the order of time.
    terms : sequence of Term
    origin : int
        Year that counts as 0 in terms of time.

    Raises
    ------
    DataError
        A term's covariate is not there.
    """
    parts = []
    for network in networks:
        i, j = np.triu_indices(len(network.ids), 1)
        x = np.empty((len(i), len(terms)))
        for k, term in enumerate(terms):
            x[:, k] = term.change(network, origin)[i, j]
        known = np.isfinite(x).all(axis=1)
        i, j = i[known], j[known]
        parts.append(
            (x[known], network.ties[i, j].astype(np.int64), np.full(len(i), network.year, dtype=np.int64), i, j)
        )
    x, y, year, i, j = (np.concatenate(column) for column in zip(*parts, strict=True))
    return PairRows(x, y, year, i, j, sum(n.n_pairs for n in networks))


def known_terms(
    networks: Sequence[Network], terms: Sequence[Term], least: float
) -> tuple[tuple[Term, ...], dict[str, tuple[int, float]]]:
    """Return the terms that are known for enough pairs of every network; and of the others the first year in which they are not, and the share.

    Parameters
    ----------
    networks : sequence of Network
    terms : sequence of Term
    least : float
        Share of pairs for which a term has to be known.
    """
    dropped: dict[str, tuple[int, float]] = {}
    for network in networks:
        upper = np.triu_indices(len(network.ids), 1)
        for term in terms:
            if term.name not in dropped and not term.dependent:
                share = float(np.isfinite(term.change(network)[upper]).mean())
                if share < least:
                    dropped[term.name] = (network.year, share)
    return tuple(t for t in terms if t.name not in dropped), dropped
