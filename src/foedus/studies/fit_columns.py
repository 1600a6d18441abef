"""Names that a formula may use: columns of the field's data by the function that adds them, and columns made from these by one definition each.

`foedus.studies.fit` builds what a formula names. Every definition is in `PAIRS` and `STATES`, and is printed with the fit. Fits nothing.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from foedus import panel as room
from foedus.errors import DataError, message
from foedus.panel.alliances import PLEDGES
from foedus.panel.panel import Origin, Panel, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import polars as pl

    Make = Callable[[], pl.Expr]


@dataclass(frozen=True)
class Adder:
    """A function that adds columns, how it is called, and the columns; ``last`` if it counts the rows that are left."""

    function: str
    columns: tuple[str, ...]
    how: Mapping[str, Any] = field(default_factory=dict)
    last: bool = False

    def __call__(self, panel: Panel) -> Panel:
        """Return the panel with the columns."""
        own = {"add_pact_onsets": add_pact_onsets}
        return (own.get(self.function) or getattr(room, self.function))(panel, **self.how)


@dataclass(frozen=True)
class Made:
    """A column made from others: what it holds, from which, and how."""

    what: str
    of: tuple[str, ...]
    make: Make


def _both(*names: str) -> tuple[str, ...]:
    """Return the columns of both states."""
    return tuple(f"{n}{s}" for n in names for s in (1, 2))


def _is(column: str, test: Callable[[pl.Expr], pl.Expr]) -> Make:
    """Return what makes 1 where a test holds, 0 where it does not, null where the column is."""
    return lambda: test(_col(column)).cast(_float())


def _weak(column: str, scale: float = 1.0, per: str = "") -> Make:
    """Return what makes the lesser of both states' values, null where one is: the weak link."""

    def make() -> pl.Expr:
        import polars as pl

        one, two = (_col(f"{column}{s}") / (_col(f"{per}{s}") if per else 1) / scale for s in (1, 2))
        one, two = one.fill_nan(None), two.fill_nan(None)
        return pl.when(one.is_not_null() & two.is_not_null()).then(pl.min_horizontal(one, two))

    return make


def _either(one: str, two: str) -> Make:
    """Return what makes 1 if one of two columns is, null where one is."""
    return lambda: ((_col(one) == 1) | (_col(two) == 1)).cast(_float())


def _same(column: str, scale: float = 1.0) -> Make:
    """Return what makes a column under another name, or in another unit."""
    return lambda: _col(column) / scale if scale != 1 else _col(column)


def _ratio() -> pl.Expr:
    """Return the lesser capability over the greater; null where both have none."""
    import polars as pl

    low, high = pl.min_horizontal("cinc1", "cinc2"), pl.max_horizontal("cinc1", "cinc2")
    known = _col("cinc1").is_not_null() & _col("cinc2").is_not_null() & (high > 0)
    return pl.when(known).then(low / high)


def _share() -> pl.Expr:
    """Return state 1's share of both states' capability; null where both have none."""
    import polars as pl

    both = _col("cinc1") + _col("cinc2")
    return pl.when(both > 0).then(_col("cinc1") / both)


def _initiated() -> pl.Expr:
    """Return 1 where a dispute begins and state 1 initiated it."""
    import polars as pl

    return (
        pl.when(_col("gmlmidonset").is_not_null())
        .then((_col("gmlmidonset") == 1) & (_col("init1") == 1).fill_null(value=False))
        .cast(_float())
    )


def _col(name: str) -> pl.Expr:
    """Return a column."""
    import polars as pl

    return pl.col(name)


def _float() -> Any:
    """Return the type of numbers."""
    import polars as pl

    return pl.Float64


_NMC = ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")
_DEMOCRACY = ("euds", "aeuds", "polity2", "v2x_polyarchy")
_WEALTH = ("mrgdppc", "sd_mrgdppc", "pwtrgdp", "sd_pwtrgdp", "pwtpop", "sd_pwtpop")

PAIR_ADDERS = (
    Adder("add_gml_mids", ("gmlmidonset", "gmlmidongoing", "init1", "init2"), {"keep": ("init1", "init2")}),
    Adder("add_cow_mids", ("cowmidonset", "cowmidongoing"), {"keep": ()}),
    Adder("add_cow_wars", ("cowinteronset", "cowinterongoing")),
    Adder("add_nmc", _both(*_NMC)),
    Adder("add_atop_alliance", ("atop_alliance", *(f"{p}{w}" for w in (12, 21) for p in PLEDGES))),
    Adder(
        "add_atop_conditions",
        ("n_pacts", "secret", "defense12_free", "defense12_target", "defense21_free", "defense21_target"),
    ),
    Adder("add_pact_onsets", ("pact_onset", "defense_onset")),
    Adder("add_contiguity", ("conttype",)),
    Adder("add_cow_majors", _both("cowmaj")),
    Adder("add_democracy", _both(*_DEMOCRACY)),
    Adder("add_sim_gdp_pop", _both(*_WEALTH)),
    Adder("add_capital_distance", ("capdist",)),
    Adder("add_minimum_distance", ("mindist",)),
    Adder("add_strategic_rivalries", ("rivalry", "spatial", "positional", "ideological", "interventionary")),
    Adder("add_igos", ("dyadigos",)),
    Adder("add_cow_trade", _both("flow", "smoothflow")),
    Adder("add_religion_overlap", ("religion_overlap",)),
    Adder("add_pledge_similarity", ("pledge_s_abs", "pledge_kappa", "pledge_pi", "pledge_tau_b")),
    Adder("add_un_similarity", ("un_s_abs", "un_kappa", "un_votes")),
    Adder("add_peace_scale", ("peace_scale",)),
    Adder("add_latent_territorial_threat", _both("lterrthreat"), {"keep": ("lterrthreat",)}),
    Adder("add_peace_years", ("gmlmid_peace_years",)),
    Adder("add_peace_years", ("cowmid_peace_years",), {"conflict": "cow"}),
    Adder("add_peace_years", ("cowinter_peace_years",), {"conflict": "war"}),
    Adder("add_spells", ("gmlmidspell",), {"event": "gmlmidongoing"}, last=True),
)
STATE_ADDERS = (
    Adder("add_gml_mids", ("gmlmidonset", "gmlmidongoing", "gmlmidonset_init", "gmlmidongoing_init")),
    Adder("add_cow_mids", ("cowmidonset", "cowmidongoing", "cowmidonset_init", "cowmidongoing_init")),
    Adder("add_cow_wars", ("cowinteronset", "cowinterongoing")),
    Adder("add_nmc", _NMC),
    Adder("add_cow_majors", ("cowmaj",)),
    Adder("add_democracy", _DEMOCRACY),
    Adder("add_sim_gdp_pop", _WEALTH),
    Adder("add_contiguity", ("land", "sea")),
    Adder(
        "add_strategic_rivalries", ("n_rivalries", "n_spatial", "n_positional", "n_ideological", "n_interventionary")
    ),
    Adder("add_cow_trade", ("imports", "exports")),
    Adder("add_latent_territorial_threat", ("lterrthreat",), {"keep": ("lterrthreat",)}),
    Adder("add_spells", ("gmlmidspell",), {"event": "gmlmidongoing"}, last=True),
)

PAIRS: dict[str, Made] = {
    "onset": Made("1 if a GML dispute between the two begins", ("gmlmidonset",), _same("gmlmidonset")),
    "ongoing": Made("1 if the two are in a GML dispute", ("gmlmidongoing",), _same("gmlmidongoing")),
    "initiated": Made("1 if a GML dispute begins that state 1 initiated; for directed pairs", ("gmlmidonset", "init1"), _initiated),
    "war_onset": Made("1 if an inter-state war between the two begins", ("cowinteronset",), _same("cowinteronset")),
    "peace_years": Made(
        "years since the last GML dispute of the two, or since both were members", ("gmlmid_peace_years",), _same("gmlmid_peace_years")
    ),
    "cinc_ratio": Made("lesser capability (CINC) over the greater, 0 to 1", _both("cinc"), _ratio),
    "cinc_share": Made("state 1's share of both capabilities (CINC), 0 to 1", _both("cinc"), _share),
    **{p: Made(f"1 if at least one owes the other {text} (ATOP)", (f"{p}12", f"{p}21"), _either(f"{p}12", f"{p}21")) for p, text in (
        ("defense", "defence"), ("offense", "offence"), ("neutral", "neutrality"), ("nonagg", "non-aggression"), ("consul", "consultation"))},
    "allied": Made("1 if the two have an alliance of any kind (ATOP)", ("atop_alliance",), _same("atop_alliance")),
    "land": Made("1 if the two share a land border", ("conttype",), _is("conttype", lambda c: c == 1)),
    "contiguous": Made("1 if they border by land or across up to 400 miles of water", ("conttype",), _is("conttype", lambda c: c >= 1)),
    "major": Made("1 if at least one is a major power", _both("cowmaj"), _either("cowmaj1", "cowmaj2")),
    "min_democracy": Made("lesser of both extended unified democracy scores (aeuds)", _both("aeuds"), _weak("aeuds")),
    "min_polity": Made("lesser of both Polity2 scores", _both("polity2"), _weak("polity2")),
    "joint_democracy": Made("1 if both have a Polity2 score of 6 or more", _both("polity2"), lambda: (_weak("polity2")() >= 6).cast(_float())),
    "min_gdp_head": Made("lesser of both products per head, 1,000 US dollars of 2011", _both("mrgdppc"), _weak("mrgdppc", 1000)),
    "min_militarization": Made("lesser of both shares of the people under arms", _both("milper", "tpop"), _weak("milper", per="tpop")),
    "distance": Made("km between the capitals", ("capdist",), _same("capdist")),
    "igos": Made("organisations that the two share", ("dyadigos",), _same("dyadigos")),
}  # fmt: skip
SIDED = ("initiated", "cinc_share")
"""Names that tell state 1 from state 2."""
STATES: dict[str, Made] = {
    "onset": Made("1 if a GML dispute of the state begins", ("gmlmidonset",), _same("gmlmidonset")),
    "ongoing": Made("1 if the state is in a GML dispute", ("gmlmidongoing",), _same("gmlmidongoing")),
    "initiated": Made("1 if a GML dispute begins that it initiated", ("gmlmidonset_init",), _same("gmlmidonset_init")),
    "war_onset": Made("1 if an inter-state war of the state begins", ("cowinteronset",), _same("cowinteronset")),
    "major": Made("1 if a major power", ("cowmaj",), _same("cowmaj")),
    "democracy": Made("extended unified democracy score (aeuds)", ("aeuds",), _same("aeuds")),
    "gdp_head": Made("product per head, 1,000 US dollars of 2011", ("mrgdppc",), _same("mrgdppc", 1000)),
    "militarization": Made("share of the people under arms", ("milper", "tpop"), lambda: (_col("milper") / _col("tpop")).fill_nan(None)),
    "rivalries": Made("strategic rivalries of the state", ("n_rivalries",), _same("n_rivalries")),
}  # fmt: skip


def needed(names: Iterable[str], have: Iterable[str], *, pairs: bool) -> tuple[tuple[Adder, ...], dict[str, Made]]:
    """Return what adds the columns that a formula names and a panel has not, in the order of the lists, and which are made from them.

    Raises
    ------
    DataError
        A name that stands for no column.
    """
    adders, made = (PAIR_ADDERS, PAIRS) if pairs else (STATE_ADDERS, STATES)
    there, wanted, defined = set(have), [], {}
    source = {c: a for a in adders for c in a.columns}
    for name in names:
        if name in there:
            continue
        of = (name,) if name not in made else made[name].of
        if name in made:
            defined[name] = made[name]
        strange = [c for c in of if c not in there and c not in source]
        if strange:
            raise _unknown(strange[0], [*made, *source])
        wanted += [source[c] for c in of if c not in there]
    if any(a.function == "add_spells" for a in wanted):
        wanted.append(source["gmlmidongoing"])
    return tuple(a for a in adders if a in wanted), defined


def _unknown(name: str, known: list[str]) -> DataError:
    """Return the error for a name that stands for no column."""
    near = difflib.get_close_matches(name, known, n=4, cutoff=0.6)
    hint = (
        f"did you mean {', '.join(near)}?"
        if near
        else "--add NAME adds the columns of a data set; foedus build UNIT --add ... lists them"
    )
    return DataError(
        message(
            "A name that stands for no column", got=name, expected=f"one of {', '.join(known[:24])}, ...", hint=hint
        )
    )


def define(panel: Panel, made: Mapping[str, Made]) -> Panel:
    """Return the panel with columns made from others; each covers the years that all it is made from cover."""
    for name, one in made.items():
        origins = [panel.origins[c] for c in one.of if c in panel.origins]
        told = Origin(
            "+".join(dict.fromkeys(o.source for o in origins)), one.what, max((o.first_year for o in origins), default=0),
            min((o.last_year for o in origins), default=9999), version="+".join(dict.fromkeys(o.version for o in origins if o.version)),
        )  # fmt: skip

        def build(rows: Rows, name: str = name, one: Made = one) -> pl.DataFrame:
            return rows.frame.select(one.make().alias(name))

        panel = panel.add({name: told}, build)
    return panel


def add_pact_onsets(panel: Panel) -> Panel:
    """Return the panel with ``pact_onset``, 1 if the two become allied, and ``defense_onset``, 1 if a pledge of defence between them begins.

    Of pairs that had none in the year before, whether or not that year is a row of the panel; null where they had one, and are not at risk, and
    outside the years of ATOP or of the year after its first.

    Parameters
    ----------
    panel : Panel
        Dyad-years with COW codes.

    References
    ----------
    [Leeds2002]_
    """
    import polars as pl

    keys = list(panel.unit.keys)
    now = Panel(panel.frame.select(keys), panel.unit, {}, panel.store).pipe(room.add_atop_alliance)
    before = Panel(panel.frame.select(keys).with_columns(pl.col("year") - 1), panel.unit, {}, panel.store).pipe(
        room.add_atop_alliance
    )
    told, made = {}, []
    for name, test, what in (
        ("pact_onset", _same("atop_alliance"), "1 if the two become allied; null if they were in the year before"),
        (
            "defense_onset",
            PAIRS["defense"].make,
            "1 if a pledge of defence between the two begins; null if there was one in the year before",
        ),
    ):
        origin = panel.origin("atop5_1m", what)
        told[name] = Origin(origin.source, what, origin.first_year + 1, origin.last_year, "no alliance", origin.version)
        here, was = (p.frame.select(test().alias(name)).to_series() for p in (now, before))
        made.append(pl.select(pl.when(was == 0).then(here).alias(name)).to_series())
    return panel.add(told, lambda _: pl.DataFrame(made))
