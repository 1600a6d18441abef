"""A system as a graph of networkx or rustworkx: the signed network, or every dated fact as an edge of its own.

Nodes carry what is known of the actor, the graph what every exported file says of itself. Attributes that are unknown are absent, never 0. Writes no
file; see `foedus.report.interchange.files`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from foedus.errors import InvalidSystemError, message, parameter
from foedus.extras import optional
from foedus.report.interchange.about import about, about_all, clean
from foedus.system import edge_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from foedus.params import Params
    from foedus.system.system import System

Of = Literal["signed", "facts"]
FACT = ("layer", "what", "a", "b", "pact")
"""What makes two facts of different dates the same."""


def to_networkx(
    system: System, *, of: Of = "signed", draws: int = 400, seed: int = 1, table: Params | None = None
) -> Any:
    """Return a system as a graph of networkx.

    Parameters
    ----------
    system : System
    of : {"signed", "facts"}
        ``signed``: an undirected graph with one edge a pair: ``sign``, ``weight`` (= propensity), its 90 % interval ``low`` and ``high``,
        ``p_positive``, and the
        parts by reason that are not 0. ``facts``: a directed multigraph with one edge for each pledge, alignment and coded tie, with ``layer``,
        ``what``, ``sign``, ``start``, ``end`` (ISO days) and ``sources``; an edge with ``symmetric`` true has no direction.
    draws, seed : int
        Behind the intervals of ``signed``.
    table : Params, optional
        Replaces ``params/ties.toml``.

    Returns
    -------
    networkx.Graph or networkx.MultiDiGraph

    Raises
    ------
    MissingExtraError
        networkx is not installed.
    ParameterError
        Another word in ``of``.
    InvalidSystemError
        Two ids are the same once characters that no file can hold are replaced.

    Notes
    -----
    An edge of ``signed`` is derived; an edge of ``facts`` is coded by the source that it names.

    Examples
    --------
    >>> import foedus as fd
    >>> g = to_networkx(fd.load("europe-1914"), draws=50)
    >>> g.edges["GMY", "AUH"]["sign"], g.nodes["GMY"]["label"], g.graph["date"]
    (1, 'Germany', '1914-07-28')
    """
    nx = optional("networkx", "A graph of networkx")
    graph = (nx.Graph if _checked(of) == "signed" else nx.MultiDiGraph)(
        **about(system, network=of, **_drawn(of, draws, seed))
    )
    graph.add_nodes_from(_nodes(system))
    graph.add_edges_from((a, b, data) for a, b, data in _edges(system, of, draws, seed, table))
    return graph


def to_rustworkx(
    system: System, *, of: Of = "signed", draws: int = 400, seed: int = 1, table: Params | None = None
) -> Any:
    """Return a system as a graph of rustworkx: nodes and edges hold the attributes of `to_networkx` as dicts, a node its id as ``id`` too.

    Raises
    ------
    MissingExtraError
        rustworkx is not installed.
    """
    rx = optional("rustworkx", "A graph of rustworkx")
    graph = (rx.PyGraph if _checked(of) == "signed" else rx.PyDiGraph)(
        multigraph=of == "facts", attrs=about(system, network=of)
    )
    nodes = _nodes(system)
    place = dict(
        zip((x for x, _ in nodes), graph.add_nodes_from([{"id": x, **data} for x, data in nodes]), strict=True)
    )
    graph.add_edges_from([(place[a], place[b], data) for a, b, data in _edges(system, of, draws, seed, table)])
    return graph


def over_time(systems: Iterable[System]) -> Any:
    """Return the facts of several dates as one directed multigraph of networkx, with spells.

    Parameters
    ----------
    systems : iterable of System
        In the order of their dates, each of a date of its own.

    Returns
    -------
    networkx.MultiDiGraph
        ``spells`` of nodes and edges: (first, last) date of each unbroken run of dates on which it stood, both included. Between two dates
        nothing was
        looked at: what began and ended there is absent, and an end is known only to lie before the next date. ``began`` and ``ended`` hold
        every day that
        a source itself gives for it. ``strength`` of a tie is a list of (value, first, last).

    Raises
    ------
    ParameterError
        No system, or dates that do not rise.
    """
    nx = optional("networkx", "A graph of networkx")
    walk = list(systems)
    days = [s.date for s in walk]
    if not walk or days != sorted(set(days)):
        raise parameter("systems", f"{len(walk)} systems", "one or more, in the order of their dates, each of its own")
    nodes: dict[str, _Run] = {}
    edges: dict[tuple[str, ...], _Run] = {}
    for k, system in enumerate(walk):
        for name, data in _nodes(system):
            nodes.setdefault(name, _Run()).seen(
                k, {"label": data["label"], **{x: data[x] for x in ("cow", "gw", "kind") if x in data}}
            )
        for row in edge_rows.fact_rows(system).to_dicts():
            data = _plain(row)
            edges.setdefault(tuple(str(data.get(f, "")) for f in FACT), _Run()).seen(k, data)
    what = "spells run from the first to the last date looked at on which a node or fact stood"
    graph = nx.MultiDiGraph(**about_all(walk, network="facts", dates=len(days), spells=what))
    graph.add_nodes_from((name, run.node(days)) for name, run in nodes.items())
    graph.add_edges_from((clean(key[2]), clean(key[3]), run.edge(days)) for key, run in edges.items())
    return graph


class _Run:
    """The dates on which one thing was seen, by position, and what was said of it."""

    def __init__(self) -> None:
        self.at: list[int] = []
        self.said: list[dict[str, Any]] = []

    def seen(self, k: int, data: dict[str, Any]) -> None:
        """Take one date; a thing that stands twice on it counts once."""
        if not self.at or self.at[-1] != k:
            self.at.append(k)
            self.said.append(data)

    def runs(self, values: list[Any]) -> list[tuple[int, int, Any]]:
        """Return (first, last, value) of each unbroken run of dates with one value, by position."""
        out: list[tuple[int, int, Any]] = []
        for k, value in zip(self.at, values, strict=True):
            if out and out[-1][1] == k - 1 and out[-1][2] == value:
                out[-1] = (out[-1][0], k, value)
            else:
                out.append((k, k, value))
        return out

    def spells(self, days: list[dt.date]) -> list[tuple[str, str]]:
        """Return the runs of dates."""
        return [(str(days[a]), str(days[b])) for a, b, _ in self.runs([None] * len(self.at))]

    def node(self, days: list[dt.date]) -> dict[str, Any]:
        """Return the attributes of a node: what was said last, and every name that it bore."""
        names = dict.fromkeys(s["label"] for s in self.said)
        return self.said[-1] | {"names": " | ".join(names), "spells": self.spells(days)}

    def edge(self, days: list[dt.date]) -> dict[str, Any]:
        """Return the attributes of an edge."""
        last = {
            k: v for k, v in self.said[-1].items() if k not in {"a", "b", "start", "end", "low", "high", "strength"}
        }
        out = last | {"spells": self.spells(days)}
        for name, to in (("start", "began"), ("end", "ended")):
            known = dict.fromkeys(s[name] for s in self.said if name in s)
            out |= {to: " | ".join(known)} if known else {}
        if "strength" in self.said[-1]:
            values = self.runs([s.get("strength") for s in self.said])
            out["strength"] = [(v, str(days[a]), str(days[b])) for a, b, v in values if v is not None]
        return out


def _checked(of: str) -> str:
    """Return the word if it names a network."""
    if of not in {"signed", "facts"}:
        raise parameter("of", of, "'signed' or 'facts'")
    return of


def _drawn(of: str, draws: int, seed: int) -> dict[str, Any]:
    """Return what is said of draws where there are any."""
    return {"draws": draws, "seed": seed, "interval": "90 %"} if of == "signed" else {}


def _nodes(system: System) -> list[tuple[str, dict[str, Any]]]:
    """Return every actor with what is known of it."""
    out = []
    for row in edge_rows.actor_rows(system).to_dicts():
        data = _plain(row)
        name = data.pop("id")
        out.append((name, {"label": data.pop("name", name), **data}))
    if len({name for name, _ in out}) < len(out):
        raise InvalidSystemError(
            message("Two actors have one id in the file", hint="ids differ only in characters that no file can hold")
        )
    return out


def _edges(
    system: System, of: str, draws: int, seed: int, table: Params | None
) -> list[tuple[str, str, dict[str, Any]]]:
    """Return every edge with its attributes."""
    if of == "signed":
        rows = edge_rows.signed_rows(system, draws=draws, seed=seed, table=table).rename({"weight": "weight_by_size"})
        rows = rows.rename({"propensity": "weight"}).to_dicts()
        kept = {"sign", "weight", "low", "high", "p_positive", "weight_by_size"}
        rows = [{k: v for k, v in r.items() if k in kept or k in {"a", "b"} or v != 0} for r in rows]
    else:
        rows = edge_rows.fact_rows(system).to_dicts()
    return [(d.pop("a"), d.pop("b"), d) for d in map(_plain, rows)]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without what is unknown, days as text, text clean."""
    made = {
        k: v.isoformat() if isinstance(v, dt.date) else clean(v) if isinstance(v, str) else v for k, v in row.items()
    }
    return {k: v for k, v in made.items() if v is not None}
