"""Every table of a brief as a frame, with the numbers as they are: what the CSV files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.report.kept import chains, fronts, line_up, whys

if TYPE_CHECKING:
    import polars as pl

    from foedus.estimate.nested import Estimate
    from foedus.studies.brief import Findings

NAMES = (
    "accounts",
    "actors",
    "allies",
    "blocs",
    "factions",
    "firebreaks",
    "frustrated",
    "ledger",
    "obligations",
    "parameters",
    "reasons",
    "sources",
    "threats",
    "war",
    "war-chains",
    "war-fronts",
    "war-sizes",
    "what-if",
)


def frames(f: Findings) -> dict[str, pl.DataFrame]:
    """Return the tables by file name; one that would have no row is left out."""
    import polars as pl

    made = {
        **_from_results(f),
        **{name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in _from_rows(f).items() if rows},
    }
    return {name: frame for name, frame in made.items() if frame.height}


def _from_results(f: Findings) -> dict[str, pl.DataFrame]:
    """Return the tables that results give themselves."""
    import polars as pl

    def stacked(parts: list[tuple[str, str, pl.DataFrame]]) -> pl.DataFrame:
        whole = [frame.select(pl.lit(key).alias(column), pl.all()) for column, key, frame in parts if frame.height]
        return pl.concat(whole, how="diagonal_relaxed") if whole else pl.DataFrame()

    tables = {
        "blocs": pl.DataFrame(line_up(f), schema_overrides={"membership": pl.Float64, "bloc": pl.String}),
        "obligations": f.bound.table(),
        "war": f.war.table(),
        "threats": stacked([("actor", x.actor, x.table()) for x in f.ledgers]),
        "allies": stacked([("actor", x.actor, x.ally_table()) for x in f.ledgers]),
        "accounts": stacked([("pact", a.pact.id, a.table()) for a in f.accounts]),
    }
    return tables if f.what_if is None else {**tables, "what-if": f.what_if[3].table()}


def _from_rows(f: Findings) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the other tables."""
    s, b, w = f.system, f.blocs, f.war
    power = b.centre.power[0]
    return {
        "actors": [
            {
                "actor": a.id,
                "name": a.name,
                "kind": a.kind,
                "cow": a.cow,
                "gw": a.gw,
                "major": a.major,
                "nuclear": a.nuclear,
                "capability_share": float(power[k]),
                "regime": a.regime.centre if a.regime else None,
                "religion_ruling": a.religion_ruling,
                "control": a.control.centre if a.control else None,
                "place": a.place.name if a.place else None,
            }
            for k, a in enumerate(s.actors)
        ],
        "factions": [
            {
                "actor": a.id,
                "faction": x.name,
                "weight": x.weight.centre,
                "weight_written": str(x.weight),
                "leans": x.leans,
            }
            for a in s.actors
            for x in a.factions
        ],
        "reasons": [
            {"actor": a, "reason": r, "pull": v, "low": low, "high": high}
            for a, why in whys(f).items()
            for r, v, low, high in why.by_reason
        ],
        "frustrated": [{"a": x, "b": y, "share": v} for x, y, v in b.frustrated()],
        "ledger": [_ledger(x) for x in f.ledgers],
        "war-sizes": [{"belligerents": n, "share": v} for n, v in w.size_distribution().items()],
        "war-chains": [{"chain": " | ".join(c), "share": v} for c, v in chains(f)],
        "war-fronts": [{"a": x, "b": y, **_flat("chance", e)} for x, y, e in fronts(f)],
        "firebreaks": [
            {"change": x.what, **_flat("belligerents", x.size), **_flat("half_of_capability", x.general)}
            for x in f.firebreaks
        ],
        "parameters": [
            {"model": m, **{k: c.get(k, 0) for k in ("published", "fitted", "assumed")}}
            for m, c in f.parameters.items()
        ],
        "sources": [
            {
                "id": x.id,
                "title": x.title,
                "publisher": x.publisher,
                "version": x.version,
                "year": x.year,
                "licence": x.licence,
                "url": x.url,
                "sha256": x.sha256,
                "last_year": x.last_year,
                "note": x.note,
            }
            for x in s.sources
        ],
    }


def _ledger(x: Any) -> dict[str, Any]:
    """Return the row of one ledger."""
    row = {"actor": x.actor}
    for name in ("attacked", "holds", "beaten"):
        alone, together = getattr(x, name)
        row |= {**_flat(f"{name}_alone", alone), **_flat(f"{name}_together", together)}
    without, with_ = x.entrapped or (None, None)
    return {
        **row,
        **_flat("fall", x.safer),
        "adds_most": x.adds_most,
        **_flat("drawn_in_without_pledges", without),
        **_flat("drawn_in_with_pledges", with_),
    }


def _flat(name: str, e: Estimate | None) -> dict[str, float | None]:
    """Return an estimate as three columns."""
    return {name: e and e.mean, f"{name}_low": e and e.low, f"{name}_high": e and e.high}
