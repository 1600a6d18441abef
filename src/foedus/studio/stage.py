"""Where the actors of a system stand on the map and in the network, for every screen that draws them.

Places friends near and foes far by `blocs.layout.signed_layout`; decides nothing about blocs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foedus.system.system import System


def stage(system: System, *, seed: int = 1) -> dict[str, Any]:
    """Return the nodes and the signed ties of a system.

    Parameters
    ----------
    system : System
    seed : int
        Of the layout's random starts.

    Returns
    -------
    dict
        ``nodes``: id, name, place in the network (``x``, ``y``, in units of target distance), ``lon`` and ``lat`` of its capital or seat (None
        where unknown), ``size``, the share of capability discounted by control at home (None where capability is unknown: the model draws it, and a
        guess is not shown). ``ties``: pairs of node numbers with their weight at the centre of every
        uncertain number, above 0 friends, below 0 foes.
    """
    from foedus.blocs.layout import signed_layout
    from foedus.system.propensity import propensity

    p = propensity(system, seed=None)
    w = p.weight[0]
    place = signed_layout(p.n, p.i, p.j, w, seed=seed)
    nodes = [
        {"id": a.id, "name": a.name, "kind": a.kind, "x": float(place[k, 0]), "y": float(place[k, 1]),
         "lon": a.place.lon if a.place else None, "lat": a.place.lat if a.place else None, "size": float(p.power[0][k]) if a.capability else None}
        for k, a in enumerate(system.actors)
    ]  # fmt: skip
    ties = [[int(i), int(j), float(v)] for i, j, v in zip(p.i, p.j, w, strict=True) if v != 0]
    return {"nodes": nodes, "ties": ties}
