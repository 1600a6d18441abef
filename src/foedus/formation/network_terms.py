"""Terms of a model of networks, by the names that users of ergm and btergm know: what each is, and its change statistics in a network.

``edges``, ``kstar(2)``, ``triangle``, ``isolates``, ``gwesp(A)``, ``gwdegree(A)`` with a decay A; ``nodecov(X)``, ``absdiff(X)``, ``nodematch(X)`` of
nodes' covariates; ``edgecov(X)`` of pairs' ones; ``memory(KIND)`` of the network before; ``timecov`` and ``timecov(X)``, years since the first by
itself or times a pair's covariate. Estimates nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import DataError, message, parameter
from foedus.kernels import change_statistics as change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from foedus.formation.network import Network

MEMORY = ("stability", "autoregression", "loss", "innovation")
PLAIN = ("edges", "triangle", "isolates")
DECAYING = ("gwesp", "gwdegree")
OF_NODES = ("nodecov", "absdiff", "nodematch")
DEPENDENT = ("kstar", "triangle", "isolates", *DECAYING)
"""Terms whose change statistics hang on the other ties of the same network."""
_FORM = re.compile(r"^([a-z]+)(?:\(([A-Za-z0-9_.]+)\))?$")
KNOWN = (
    "edges, triangle, isolates, kstar(2), gwesp(A), gwdegree(A), nodecov(X), absdiff(X), nodematch(X), edgecov(X), memory(KIND), "
    "timecov or timecov(X)"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its kind, and what stands in its brackets."""

    kind: str
    argument: str = ""

    @property
    def name(self) -> str:
        """As it is written."""
        return f"{self.kind}({self.argument})" if self.argument else self.kind

    @property
    def dependent(self) -> bool:
        """Whether it makes ties of one network hang on each other."""
        return self.kind in DEPENDENT

    @property
    def decay(self) -> float:
        """Decay of a geometrically weighted term, 0 of others."""
        return float(self.argument) if self.kind in DECAYING else 0.0

    def change(self, network: Network, origin: int = 0) -> NDArray[np.float64]:
        """Return the change statistics of every pair, shape (n, n), NaN where unknown.

        Raises
        ------
        DataError
            The network lacks the covariate, or the one before it.
        """
        if self.dependent:
            return self.change_of_ties(network.ties)
        if self.kind == "edges":
            return change.edges(network.ties)
        if self.kind == "memory":
            if network.before is None:
                raise DataError(
                    message(
                        f"{self.name} in {network.year}",
                        got="no network of the year before",
                        expected="one",
                        hint="begin a year later",
                    )
                )
            return change.memory(network.before, self.argument)
        if self.kind == "timecov":
            since = float(network.year - origin)
            return since * (self._of_pairs(network) if self.argument else change.edges(network.ties))
        if self.kind == "edgecov":
            return self._of_pairs(network)
        if self.argument not in network.nodes:
            raise _absent(self, network, network.nodes)
        of = {"nodecov": change.node_sum, "absdiff": change.node_difference, "nodematch": change.node_match}[self.kind]
        return of(network.nodes[self.argument])

    def change_of_ties(self, ties: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the change statistics of a dependent term in a network of these ties, shape (n, n)."""
        if self.kind in DECAYING:
            return (change.gwesp if self.kind == "gwesp" else change.gwdegree)(ties, self.decay)
        return {"kstar": change.two_stars, "triangle": change.triangles, "isolates": change.isolates}[self.kind](ties)

    def _of_pairs(self, network: Network) -> NDArray[np.float64]:
        """Return the covariate of pairs."""
        if self.argument not in network.pairs:
            raise _absent(self, network, network.pairs)
        return network.pairs[self.argument]


def _absent(term: Term, network: Network, there: Iterable[str]) -> DataError:
    """Return the error for a covariate that a network has not."""
    return DataError(
        message(
            f"{term.name} in {network.year}: no such covariate",
            got=term.argument,
            expected=f"one of {', '.join(there) or 'none'}",
        )
    )


def parse_term(text: str) -> Term:
    """Return the term that is written.

    Raises
    ------
    ParameterError
        No such term, or what stands in brackets is not of its kind.

    Examples
    --------
    >>> parse_term("gwesp(0)").dependent, parse_term("edgecov(land)").argument
    (True, 'land')
    """
    found = _FORM.match(text.replace(" ", ""))
    if found is None:
        raise parameter("terms", text, KNOWN)
    kind, argument = found[1], found[2] or ""
    fits = {
        **dict.fromkeys(PLAIN, not argument),
        "kstar": argument == "2",
        "memory": argument in MEMORY,
        "timecov": True,
        **dict.fromkeys((*OF_NODES, "edgecov"), bool(argument)),
        **dict.fromkeys(DECAYING, _is_decay(argument)),
    }
    if kind not in fits:
        raise parameter("terms", text, KNOWN)
    if not fits[kind]:
        raise parameter("terms", text, f"as in {KNOWN}; KIND one of {', '.join(MEMORY)}; A a decay of at least 0")
    return Term(kind, argument)


def parse_terms(texts: Sequence[str]) -> tuple[Term, ...]:
    """Return terms in the order written.

    Raises
    ------
    ParameterError
        None, one twice, or one that does not exist.
    """
    if isinstance(texts, str) or not texts:
        raise parameter("terms", texts, "a list of at least one term")
    terms = tuple(parse_term(t) for t in texts)
    twice = {t.name for t in terms if terms.count(t) > 1}
    if twice:
        raise parameter("terms", ", ".join(sorted(twice)), "each once")
    return terms


def _is_decay(text: str) -> bool:
    """Return whether a text is a decay."""
    try:
        return 0 <= float(text) < np.inf
    except ValueError:
        return False
