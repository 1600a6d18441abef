"""A signed network of anybody's as a System, ready to be written as a scenario file and filled in.

Each tie becomes one tie of a reason that the user names, with the weight as its strength; nothing else is known of the actors, and stays unknown:
capability, regime, places and pacts are for the user to add.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import InvalidSystemError, message, parameter
from foedus.scenario import limits
from foedus.system.nouns import WRITABLE_REASONS, Actor, Source, Tie
from foedus.system.system import System
from foedus.system.values import Quantity

if TYPE_CHECKING:
    import datetime as dt

    from foedus.blocs.graph import SignedGraph

SOURCE = "network-file"


def system_from_network(
    graph: SignedGraph, *, date: dt.date, id: str = "my-network", title: str = "", positive: str = "interest",
    negative: str = "rivalry", scale: bool = False,
) -> System:  # fmt: skip
    """Return a system with the ties of a signed graph.

    Parameters
    ----------
    graph : SignedGraph
        As `foedus.signed_graph` reads it from a list, a frame, a matrix, a CSV file, networkx or Pajek.
    date : datetime.date
        Day as of which the ties hold.
    id, title : str
        Of the system.
    positive, negative : str
        Reason of ties above and below 0: a network says that two are friends or foes, not why.
    scale : bool
        Divide every weight by the greatest; without it weights must lie in -1 to 1.

    Returns
    -------
    System
        Actors in the order of the graph, of kind ``state``, with an id made from the name where it is none.

    Raises
    ------
    ParameterError
        An unknown reason, or weights beyond 1 without ``scale``.
    InvalidSystemError
        Fewer than two actors, or two names that give one id.

    Examples
    --------
    >>> import datetime as dt
    >>> import foedus as fd
    >>> g = fd.signed_graph([("Athens", "Sparta", -1), ("Sparta", "Corinth", 1)])
    >>> s = system_from_network(g, date=dt.date(1914, 1, 1))
    >>> s.ids, [(t.a, t.b, t.reason, t.strength.centre) for t in s.ties][0]
    (('ATHENS', 'CORINTH', 'SPARTA'), ('ATHENS', 'SPARTA', 'rivalry', -1.0))
    """
    for option, reason in (("positive", positive), ("negative", negative)):
        if reason not in WRITABLE_REASONS:
            raise parameter(option, reason, f"one of {', '.join(WRITABLE_REASONS)}")
    top = float(np.abs(graph.w).max(initial=0.0))
    if top > 1 and not scale:
        raise parameter(
            "scale", scale, f"True for weights beyond 1 (the greatest is {top:g})", "or signs only: weights='sign'"
        )
    weights = graph.w / top if scale and top else graph.w
    ids = _ids(graph.ids)
    ties = tuple(
        Tie(ids[i], ids[j], positive if w > 0 else negative, Quantity.of(float(w)), sources=(SOURCE,))
        for i, j, w in zip(graph.i.tolist(), graph.j.tolist(), weights.tolist(), strict=True)
    )
    content = hashlib.sha256(
        repr((graph.ids, graph.i.tolist(), graph.j.tolist(), graph.w.tolist())).encode()
    ).hexdigest()
    source = Source(SOURCE, "Signed network given by the user", licence="the user's own to state", sha256=content)
    return System(
        id=id, title=title or f"Signed network {id}", date=date,
        actors=tuple(Actor(i, x, sources=(SOURCE,)) for i, x in zip(ids, graph.ids, strict=True)),
        ties=ties, sources=(source,), summary=f"{graph.n} actors and {graph.m} ties of a signed network, {graph.negative} of them negative.",
        limits=(
            "capability, regime, religion, places, borders and pacts are unknown: none was in the network",
            f"why two are friends or foes is unknown: ties above 0 stand as {positive}, below 0 as {negative}",
            *((f"weights were divided by {top:g}",) if scale and top not in {0.0, 1.0} else ()),
        ),
    )  # fmt: skip


def _ids(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return an id for each name: the name itself where it is one, else its letters and digits in capitals."""
    out: dict[str, str] = {}
    for name in names:
        made = name if re.fullmatch(limits.ACTOR_ID, name) else _made(name)
        if made in out:
            hint = "ids have 2 to 12 capital letters, digits and _; rename one"
            raise InvalidSystemError(
                message("Two names give one id", got=f"{out[made]!r} and {name!r} both {made}", hint=hint)
            )
        out[made] = name
    return tuple(out)


def _made(name: str) -> str:
    """Return an id made from a name."""
    letters = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    made = letters if letters[:1].isalpha() and letters[:1].isascii() else f"N{letters}"
    return f"{made}_1"[:12] if len(made) < 2 else made[:12]
