"""A system as flat tables: its actors, its signed ties with their intervals, and its dated facts one by one.

What other programs take: one row a node, one row an edge. A signed tie is derived (the sum of weighted reasons, see `foedus.system.propensity`);
a fact is a pledge, an alignment or a coded tie with its days and sources. Writes no file; see `foedus.report.interchange`.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.system.lookup import DIRECTED_REASONS
from foedus.system.nouns import REASONS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import polars as pl

    from foedus.params import Params
    from foedus.system.nouns import Member, Pact, Tie
    from foedus.system.system import System
    from foedus.system.values import Quantity

ACTOR_NUMBERS = ("regime", "control", "gdp", "population", "personnel", "cinc")


def actor_rows(system: System) -> pl.DataFrame:
    """Return one row an actor; of each uncertain number its centre and, with ``_low`` and ``_high``, its ends (of a normal: 5 % and 95 %).

    Unknown is null, never 0.

    Examples
    --------
    >>> import foedus as fd
    >>> actor_rows(fd.load("europe-1914")).filter(id="GMY").select("name", "cow", "place").rows()
    [('Germany', 255, 'Berlin')]
    """
    import polars as pl

    rows = []
    for a in system.actors:
        numbers = {"regime": a.regime, "control": a.control, **dict(a.capability)}
        row: dict[str, Any] = {
            "id": a.id, "name": a.name, "kind": a.kind, "cow": a.cow, "gw": a.gw, "region": a.region or None, "major": a.major,
            "nuclear": a.nuclear, "religion_majority": a.religion_majority, "religion_ruling": a.religion_ruling,
            "place": a.place.name if a.place else None, "lat": a.place.lat if a.place else None, "lon": a.place.lon if a.place else None,
        }  # fmt: skip
        for name in ACTOR_NUMBERS:
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), _ends(numbers.get(name)), strict=True))
        rows.append(row | {"sources": "; ".join(a.sources) or None})
    text = ("id", "name", "kind", "region", "nuclear", "religion_majority", "religion_ruling", "place", "sources")
    schema: dict[str, Any] = dict.fromkeys(text, pl.String) | {
        "cow": pl.Int64,
        "gw": pl.Int64,
        "lat": pl.Float64,
        "lon": pl.Float64,
    }
    schema |= {f"{n}{end}": pl.Float64 for n in ACTOR_NUMBERS for end in ("", "_low", "_high")}
    return pl.DataFrame(rows, schema_overrides=schema)


def signed_rows(system: System, *, draws: int = 400, seed: int = 1, table: Params | None = None) -> pl.DataFrame:
    """Return one row a pair with a tie: its sign, its propensity with an interval, and the parts by reason.

    Parameters
    ----------
    system : System
    draws : int
        Draws of every uncertain number behind ``low``, ``high`` and ``p_positive``.
    seed : int
    table : Params, optional
        Replaces ``params/ties.toml``.

    Returns
    -------
    polars.DataFrame
        ``a``, ``b`` (in the order of the actors), ``sign`` (+1, -1) and ``propensity`` at the centre of every uncertain number, ``low`` and ``high``
        (90 % of draws), ``p_positive`` (share of draws above 0), ``weight`` (propensity times both sizes, what the line-ups take), then one column a
        reason: its part at the centre. A pair whose parts cancel to 0 is no tie and has no row.

    Raises
    ------
    ParameterError
        Fewer than two draws.

    Examples
    --------
    >>> import foedus as fd
    >>> rows = signed_rows(fd.load("europe-1914"), draws=50)
    >>> rows.filter(a="GMY", b="AUH").select("sign").item()
    1
    """
    import polars as pl

    from foedus.system.propensity import propensity

    if draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    centre = propensity(system, seed=None, table=table)
    sample = propensity(system, seed=seed, n_draws=draws, table=table)
    at = {pair: k for k, pair in enumerate(zip(sample.i.tolist(), sample.j.tolist(), strict=True))}
    kept = np.flatnonzero(centre.total[0])
    drawn = sample.total[:, [at[int(centre.i[k]), int(centre.j[k])] for k in kept]]
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0) if len(kept) else (np.zeros(0),) * 2
    ids = np.array(system.ids, dtype=object)
    total = centre.total[0, kept]
    columns = {
        "a": pl.Series(ids[centre.i[kept]].tolist(), dtype=pl.String), "b": pl.Series(ids[centre.j[kept]].tolist(), dtype=pl.String),
        "sign": np.sign(total).astype(np.int64), "propensity": total, "low": low, "high": high,
        "p_positive": (drawn > 0).mean(axis=0) if len(kept) else np.zeros(0), "weight": centre.weight[0, kept],
    }  # fmt: skip
    return pl.DataFrame(columns | {r: centre.parts[0, k, kept] for k, r in enumerate(REASONS)})


def fact_rows(system: System) -> pl.DataFrame:
    """Return one row for each pledge owed, each pair in a pact without pledges, and each coded tie, as of the system's date.

    Columns: ``layer`` (``treaty``, ``guarantee``, ``alignment``, ``intervention``, ``tie``), ``what`` (the pledge's type, the pact's kind, or the
    tie's reason), ``a``, ``b``, ``symmetric`` (false: from a to b), ``sign`` (a pact +1, a tie that of its strength's centre), ``strength`` with
    ``low`` and ``high`` (null where the fact has none), ``pact``, ``title``, ``start``, ``end``, ``openness``, ``sources``. A null day is not known
    or not yet.

    Examples
    --------
    >>> import foedus as fd
    >>> facts = fact_rows(fd.load("europe-1914"))
    >>> facts.filter(a="GMY", b="AUH", pact="dual-alliance").select("what", "sign", "start").rows()
    [('defense', 1, datetime.date(1879, 10, 7)), ('neutral', 1, datetime.date(1879, 10, 7))]
    """
    import polars as pl

    rows = [*_pact_rows(system), *(_tie_row(t) for t in system.active_ties())]
    schema = {
        "layer": pl.String, "what": pl.String, "a": pl.String, "b": pl.String, "symmetric": pl.Boolean, "sign": pl.Int64, "strength": pl.Float64,
        "low": pl.Float64, "high": pl.Float64, "pact": pl.String, "title": pl.String, "start": pl.Date, "end": pl.Date, "openness": pl.String,
        "sources": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _pact_rows(system: System) -> Iterator[dict[str, Any]]:
    """Yield the rows of pledges and of pacts that bind nobody."""
    for pact in system.active_pacts():
        there = {m.actor: m for m in pact.members}
        common = {"layer": pact.kind, "sign": 1, "pact": pact.id, "title": pact.name}
        strength = dict(zip(("strength", "low", "high"), _ends(pact.strength), strict=True))
        if not pact.pledges:
            for a, b in combinations(pact.active_members(system.date), 2):
                days = _days(pact, there[a], there[b])
                yield (
                    common
                    | strength
                    | days
                    | {"what": pact.kind, "a": a, "b": b, "symmetric": True, "sources": _joined(pact.sources)}
                )
    for pact, pledge, to in system.pledges():
        there = {m.actor: m for m in pact.members}
        yield {
            "layer": pact.kind, "what": pledge.type, "a": pledge.by, "b": to, "symmetric": False, "sign": 1, "pact": pact.id, "title": pact.name,
            "sources": _joined(dict.fromkeys((*pact.sources, *pledge.sources))), **_days(pact, there.get(pledge.by), there.get(to)),
        }  # fmt: skip


def _tie_row(tie: Tie) -> dict[str, Any]:
    """Return the row of a coded tie."""
    centre, low, high = _ends(tie.strength)
    return {
        "layer": "tie", "what": tie.reason, "a": tie.a, "b": tie.b, "symmetric": tie.reason not in DIRECTED_REASONS,
        "sign": int(np.sign(tie.strength.centre)), "strength": centre, "low": low, "high": high, "start": tie.start, "end": tie.end,
        "openness": tie.openness, "sources": _joined(tie.sources),
    }  # fmt: skip


def _days(pact: Pact, *members: Member | None) -> dict[str, dt.date | None]:
    """Return the days between which a pact joins its members: the latest entry, the earliest end."""
    starts = [pact.start, *(m.entry for m in members if m)]
    ends = [pact.end, *(m.exit for m in members if m)]
    return {"start": max((d for d in starts if d), default=None), "end": min((d for d in ends if d), default=None)}


def _ends(value: Quantity | None) -> tuple[float | None, float | None, float | None]:
    """Return centre, low and high end of a number; of a normal the ends hold 90 %."""
    if value is None:
        return None, None, None
    low, high = (value.low, value.high) if value.mean is None else value.at(np.array([0.05, 0.95])).tolist()
    return value.centre, low, high


def _joined(sources: Any) -> str | None:
    """Return source ids in one text."""
    return "; ".join(sources) or None
