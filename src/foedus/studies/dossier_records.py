"""Published records of a state, a pair and a pact, as the sections of a dossier: capabilities, treaties, disputes, wars, rivalries.

Filters and names the rows of the tables at hand; adds none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from foedus.data.store import DataDir
    from foedus.studies.dossier import Section

PROMISES = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "non-aggression",
    "consul": "consultation",
}
LEVELS = {1: "none", 2: "threat", 3: "display of force", 4: "use of force", 5: "war"}


def of_state(data: DataDir, cow: int) -> list[Section]:
    """Return the records of one state."""
    import polars as pl

    mine = pl.col("ccode") == cow
    rival = (pl.col("ccode1") == cow) | (pl.col("ccode2") == cow)
    out = []
    if data.find("cow_nmc"):
        frame = data.table("cow_nmc").filter(mine).drop("ccode").sort("year")
        out.append(_section(data, "capabilities", "National capabilities by year", frame, "cow_nmc"))
    if data.find("atop5_1m"):
        out.append(
            _section(
                data, "treaties", "Treaties ever, by day of entry", _treaties(data, pl.col("member") == cow), "atop5_1m"
            )
        )
    if data.find("midb"):
        out.append(_section(data, "disputes", "Militarised disputes", _disputes(data, mine, cow), "midb"))
    if data.find("cow_wars"):
        out.append(_section(data, "wars", "Inter-state wars", _wars(data, mine), "cow_wars"))
    if data.find("tss_rivalries"):
        out.append(_section(data, "rivalries", "Strategic rivalries", _rivalries(data, rival), "tss_rivalries"))
    return out


def of_pair(data: DataDir, a: int, b: int) -> list[Section]:
    """Return the records of two states: disputes and wars in which both took part, and their rivalries."""
    import polars as pl

    out = []
    one, two = min(a, b), max(a, b)
    for name, title, source, key in (
        ("disputes", "Militarised disputes of both", "midb", "dispnum"), ("wars", "Inter-state wars of both", "cow_wars", "warnum"),
    ):  # fmt: skip
        if not data.find(source):
            continue
        table = data.table(source)
        shared = set(table.filter(pl.col("ccode") == a)[key]) & set(table.filter(pl.col("ccode") == b)[key])
        rows = pl.col(key).is_in(sorted(shared)) & pl.col("ccode").is_in([a, b])
        frame = _disputes(data, rows) if source == "midb" else _wars(data, rows)
        out.append(
            _section(
                data,
                name,
                title,
                frame,
                source,
                "the same side letter: on one side; different ones: against each other",
            )
        )
    if data.find("tss_rivalries"):
        rows = (pl.col("ccode1") == one) & (pl.col("ccode2") == two)
        out.append(
            _section(data, "rivalries", "Strategic rivalries of the two", _rivalries(data, rows), "tss_rivalries")
        )
    return out


def of_pact(data: DataDir, atop: int) -> list[Section]:
    """Return the record of one alliance: every membership of every phase, with its days and promises."""
    import polars as pl

    if not data.find("atop5_1m"):
        return []
    frame = _treaties(data, pl.col("atopid") == atop)
    return [_section(data, "memberships", "Memberships by phase, over all years", frame, "atop5_1m")]


def _section(data: DataDir, name: str, title: str, frame: pl.DataFrame, source: str, note: str = "") -> Section:
    """Return a section with what the source covers."""
    from foedus.studies.dossier import Section

    found = data.provenance(source)
    spec = found.spec
    covers = f"{spec.title} {found.version}, {spec.first_year} to {found.last_year}: outside these years unknown"
    covers += f"; a missing row inside them means {spec.absence}"
    return Section(name, title, frame, "observed", source, "; ".join(x for x in (covers, note) if x))


def _states(data: DataDir) -> dict[int, str]:
    """Return the abbreviation of every code."""
    return dict(data.table("cow_states").select("ccode", "stateabb").iter_rows()) if data.find("cow_states") else {}


def _treaties(data: DataDir, rows: pl.Expr) -> pl.DataFrame:
    """Return memberships: treaty, phase, member, days, promises and threat."""
    import polars as pl

    from foedus.data import own

    codes, named = _states(data), own.treaties()
    out = []
    for r in data.table("atop5_1m").filter(rows).sort("entry", "atopid", "phase", "member").iter_rows(named=True):
        found = named.name_of(r["atopid"], r["phase"]) if named else None
        promises = ", ".join(word for key, word in PROMISES.items() if r[key] == 1)
        threats = ", ".join(codes.get(c, str(c)) for c in (r["statthr1"], r["statthr2"]) if c is not None)
        out.append((
            r["atopid"], r["phase"], found.name if found else None, codes.get(r["member"], str(r["member"])), r["entry"], r["exit"],
            promises or "none coded", threats or None,
        ))  # fmt: skip
    schema = {
        "atop": pl.Int64, "phase": pl.Int64, "name": pl.String, "member": pl.String, "entry": pl.Date, "exit": pl.Date, "promises": pl.String,
        "threat_named": pl.String,
    }  # fmt: skip
    return pl.DataFrame(out, schema=schema, orient="row")


def _disputes(data: DataDir, rows: pl.Expr, cow: int | None = None) -> pl.DataFrame:
    """Return participations in disputes; of one state with its opponents and partners."""
    import polars as pl

    codes, table = _states(data), data.table("midb")
    chosen = table.filter(rows).sort("start", "dispnum", "ccode")
    everyone: dict[int, list[tuple[int, str]]] = {}
    for number, code, side in (
        table.filter(pl.col("dispnum").is_in(chosen["dispnum"].unique().to_list()))
        .select("dispnum", "ccode", "side")
        .iter_rows()
    ):
        everyone.setdefault(number, []).append((code, side))
    out = []
    for r in chosen.iter_rows(named=True):
        others = everyone[r["dispnum"]]
        against = dict.fromkeys(codes.get(c, str(c)) for c, side in others if side != r["side"])
        beside = dict.fromkeys(codes.get(c, str(c)) for c, side in others if side == r["side"] and c != r["ccode"])
        out.append((
            r["dispnum"], codes.get(r["ccode"], str(r["ccode"])), r["start"], r["end"], r["side"], ", ".join(against), ", ".join(beside),
            r["originator"], LEVELS.get(r["hostlev"] or 0), r["fatality"],
        ))  # fmt: skip
    schema = {
        "dispute": pl.Int64, "state": pl.String, "start": pl.Date, "end": pl.Date, "side": pl.String, "against": pl.String, "beside": pl.String,
        "there_from_the_first_day": pl.Boolean, "own_hostility": pl.String, "own_deaths_class": pl.Int64,
    }  # fmt: skip
    frame = pl.DataFrame(out, schema=schema, orient="row")
    return frame.drop("state") if cow is not None else frame


def _wars(data: DataDir, rows: pl.Expr) -> pl.DataFrame:
    """Return participations in wars."""
    import polars as pl

    columns = ["warnum", "name", "state_name", "side", "start", "end", "initiator", "battle_deaths"]
    return data.table("cow_wars").filter(rows).sort("start", "warnum", "ccode").select(pl.col(c) for c in columns)


def _rivalries(data: DataDir, rows: pl.Expr) -> pl.DataFrame:
    """Return rivalries."""
    columns = ["rivalry", "start", "end", "positional", "spatial", "ideological", "interventionary"]
    return data.table("tss_rivalries").filter(rows).sort("start").select(columns)
