"""Fits from a formula to the table: rows built from made-up tables against searches by hand, and frames against `foedus.estimate.logit`."""

import datetime as dt
import itertools
import json
from contextlib import suppress
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from foedus.data.sources import SOURCES
from foedus.errors import CoverageError, DataError, ParameterError
from foedus.estimate.logit import logit
from foedus.estimate.rare import RareEvents, outcome_weights
from foedus.studies import fit_columns as columns
from foedus.studies.fit import build_rows, fit

STATES = (2, 20, 200, 220, 255, 300, 365)
YEARS = range(1900, 1915)
#: Number, member, entry, exit (None: in force), defence, consultation.
MEMBERS = [
    (1, 200, dt.date(1904, 4, 8), dt.date(1909, 3, 1), 0, 1), (1, 220, dt.date(1904, 4, 8), dt.date(1909, 3, 1), 0, 1),
    (2, 220, dt.date(1907, 1, 1), None, 1, 0), (2, 365, dt.date(1907, 1, 1), None, 0, 1),
    (3, 255, dt.date(1899, 5, 1), dt.date(1902, 2, 2), 1, 0), (3, 300, dt.date(1899, 5, 1), dt.date(1902, 2, 2), 1, 0),
    (4, 255, dt.date(1902, 6, 1), None, 1, 0), (4, 300, dt.date(1902, 6, 1), None, 1, 0), (4, 2, dt.date(1905, 6, 1), None, 1, 0),
]  # fmt: skip


class Store:
    """Stands for a folder of data: a few rows per table."""

    def __init__(self, **frames):
        self.frames = frames

    def table(self, name):
        return self.frames[name]

    def provenance(self, name):
        from foedus.data.store import Provenance

        spec = SOURCES[name].spec
        return Provenance(spec, None, spec.sha256, recognised=True, version=spec.version, last_year=spec.last_year)


@pytest.fixture
def store(monkeypatch):
    from foedus.data import store

    monkeypatch.setattr(store.DataDir, "of", classmethod(lambda _, x: x))
    rng = np.random.default_rng(1)
    spells = pl.DataFrame(
        {"ccode": STATES, "start": [dt.date(1816, 1, 1)] * 7, "end": [dt.date(2016, 12, 31)] * 7}
    ).with_columns(pl.col("ccode").cast(pl.Int32), stateabb=pl.lit("x"), statenme=pl.lit("x"))
    keys = list(itertools.product(STATES, YEARS))
    nmc = pl.DataFrame(keys, schema={"ccode": pl.Int32, "year": pl.Int32}, orient="row").with_columns(
        *(pl.Series(c, rng.uniform(1, 9, len(keys))) for c in ("milex", "milper", "irst", "pec", "tpop", "upop")),
        cinc=pl.Series(rng.choice([0.0, 0.1, 0.2, 0.4], len(keys))),
    )
    treaties = pl.DataFrame(
        [(a, 0, m, i, o, d, 0, 0, 0, c) for a, m, i, o, d, c in MEMBERS], orient="row",
        schema={"atopid": pl.Int32, "phase": pl.Int32, "member": pl.Int32, "entry": pl.Date, "exit": pl.Date}
        | dict.fromkeys(("defense", "offense", "neutral", "nonagg", "consul"), pl.Int32),
    )  # fmt: skip
    near = [(200, 220, 1, 1900, 1914), (220, 255, 1, 1900, 1907), (255, 220, 1, 1900, 1907), (2, 20, 3, 1903, 1914)]
    borders = pl.DataFrame(
        [(*p, t, dt.date(f, 1, 1), dt.date(z, 12, 31)) for a, b, t, f, z in near for p in ({(a, b), (b, a)} if (b, a, t, f, z) not in near else {(a, b)})],
        schema={"ccode1": pl.Int32, "ccode2": pl.Int32, "conttype": pl.Int32, "start": pl.Date, "end": pl.Date}, orient="row",
    )  # fmt: skip
    majors = pl.DataFrame(
        {"ccode": [200, 255], "start": [dt.date(1816, 1, 1), dt.date(1905, 1, 1)], "end": [dt.date(2016, 7, 1)] * 2}
    ).cast({"ccode": pl.Int32})
    return Store(cow_states=spells, cow_nmc=nmc, atop5_1m=treaties, cow_contdir=borders, cow_majors=majors)


def built(store, *names, **asked):
    """Return rows with columns."""
    how = {"unit": "dyad-year", "start": 1900, "end": 1914, "directed": False, "relevant": False, "add": ()} | asked
    return build_rows(names, data_dir=store, tell=lambda *_: None, **how)


def in_force(a, b, year, which):
    """Return whether two states have a treaty on some day of a year, or one owes the other defence (``which`` 4)."""
    for one, two in itertools.product(MEMBERS, repeat=2):
        if one[0] == two[0] and (one[1], two[1]) == (a, b) and (which is None or one[which] or two[which]):
            first, last = max(one[2], two[2]), min(one[3] or dt.date(2018, 12, 31), two[3] or dt.date(2018, 12, 31))
            if first.year <= year <= last.year and first <= last:
                return True
    return False


def test_pact_onsets_are_those_of_pairs_that_had_none_the_year_before(store):
    made = built(store, "pact_onset", "defense_onset", start=1901)
    for a, b, year, pact, defence in made.frame.select(
        "ccode1", "ccode2", "year", "pact_onset", "defense_onset"
    ).rows():
        for found, which in ((pact, None), (defence, 4)):
            before, now = in_force(a, b, year - 1, which), in_force(a, b, year, which)
            assert found == (None if before else int(now)), (a, b, year)
    begun = made.frame.filter(pl.col("pact_onset") == 1).select("ccode1", "ccode2", "year").rows()
    assert begun == [(2, 255, 1905), (2, 300, 1905), (200, 220, 1904), (220, 365, 1907)], (
        "255 and 300 had a treaty when theirs of 1902 began"
    )
    assert "null if they were in the year before" in made.origins["pact_onset"].what


def test_columns_are_their_definitions(store):
    names = (
        "cinc_ratio",
        "cinc_share",
        "defense",
        "consul",
        "allied",
        "land",
        "contiguous",
        "major",
        "min_militarization",
    )
    made = built(store, *names, directed=True)
    for r in made.frame.to_dicts():
        low, high = sorted((r["cinc1"], r["cinc2"]))
        assert r["cinc_ratio"] == (None if high == 0 else low / high)
        assert r["cinc_share"] == (None if high == 0 else r["cinc1"] / (r["cinc1"] + r["cinc2"]))
        for pledge in ("defense", "consul"):
            assert r[pledge] == max(r[f"{pledge}12"], r[f"{pledge}21"])
        assert r["allied"] == in_force(r["ccode1"], r["ccode2"], r["year"], None)
        assert (r["land"], r["contiguous"]) == (float(r["conttype"] == 1), float(r["conttype"] >= 1))
        assert r["major"] == max(r["cowmaj1"], r["cowmaj2"])
        assert r["min_militarization"] == min(r["milper1"] / r["tpop1"], r["milper2"] / r["tpop2"])
    origin = made.origins["major"]
    assert (origin.source, origin.first_year, origin.last_year) == ("cow_majors", 1816, 2016)


def test_definitions_keep_what_is_missing_missing():
    frame = pl.DataFrame(
        {"cinc1": [0.1, None, 0.0], "cinc2": [None, 0.2, 0.0], "defense12": [1, 0, None], "defense21": [None, 0, 0], "conttype": [None, 0, 2],
         "aeuds1": [1.0, None, 2.0], "aeuds2": [None, 1.0, 0.5], "gmlmidonset": [1, 0, None], "init1": [None, None, 1], "polity21": [7, 6, 10],
         "polity22": [None, 5, 6]}
    )  # fmt: skip

    def of(name):
        return frame.select(columns.PAIRS[name].make().alias(name))[name].to_list()

    assert of("cinc_ratio") == [None, None, None]
    assert of("cinc_share") == [None, None, None]
    assert of("defense")[1:] == [0.0, None]
    assert of("land") == [None, 0.0, 0.0]
    assert of("contiguous") == [None, 0.0, 1.0]
    assert of("min_democracy") == [None, None, 0.5]
    assert of("joint_democracy") == [None, 0.0, 1.0]
    assert of("initiated") == [0.0, 0.0, None]


def test_lags_do_not_depend_on_which_pairs_are_relevant(store):
    whole = built(store, "lag(cinc_ratio)", "lag(cinc_ratio, 2)", "land", start=1901)
    part = built(store, "lag(cinc_ratio)", "lag(cinc_ratio, 2)", "land", start=1901, relevant=True)
    assert set(whole["year"]) == set(range(1901, 1915)) == set(part["year"])
    keys = ["ccode1", "ccode2", "year"]
    both = part.frame.join(whole.frame, on=keys, suffix="_whole")
    assert 0 < both.height == part.height < whole.height
    for name in ("lag(cinc_ratio)", "lag(cinc_ratio, 2)"):
        assert both[name].equals(both[f"{name}_whole"], null_equal=True)
    ratio = {r[:3]: r[3] for r in built(store, "cinc_ratio").frame.select(*keys, "cinc_ratio").rows()}
    for a, b, year, one, two in part.frame.select(*keys, "lag(cinc_ratio)", "lag(cinc_ratio, 2)").rows():
        assert one == ratio[a, b, year - 1]
        assert two == ratio.get((a, b, year - 2))
    # Germany is a major power from 1905 on: until then the pair 255-300 is no row.
    assert part.filter(pl.col("ccode1") == 255, pl.col("ccode2") == 300)["year"].min() == 1905


def test_the_last_year_is_that_of_the_data_and_rows_are_counted(store):
    found = fit("allied ~ cinc_ratio + land", start=1900, end=1914, data_dir=store)
    assert (found.given, found.years, found.rows) == (21 * 15, (1900, 1914), "undirected dyad-years")
    unknown = built(store, "cinc_ratio")["cinc_ratio"].null_count()
    assert unknown > 0
    assert [str(o) for o in found.left_out] == [f"cinc_ratio is missing in {unknown}"]
    assert found.model.n == found.given - unknown
    assert found.clusters == ("pair",)
    assert found.model.clusters == 21
    used = {u.column: u for u in found.used}
    assert (used["land"].source, used["cinc_ratio"].version) == ("cow_contdir", SOURCES["cow_nmc"].spec.version)
    assert "@" in found.cite()


def test_what_lies_outside_a_sources_years_is_told(store):
    short = pl.col("year") <= 1910
    store.frames["cow_nmc"] = store.table("cow_nmc").filter(short)
    plain = store.provenance
    store.provenance = lambda name: replace(plain(name), last_year=1910) if name == "cow_nmc" else plain(name)
    found = fit("allied ~ min_militarization", start=1900, end=1914, data_dir=store, errors="classical")
    (out,) = found.left_out
    assert (out.rows, out.outside, out.first_year, out.last_year) == (21 * 4, 21 * 4, 1816, 1910)
    assert str(out) == "min_militarization is missing in 84, all of them outside 1816-1910, its years"
    assert found.years == (1900, 1910)
    later = fit("allied ~ lag(min_militarization)", start=1901, end=1914, data_dir=store, errors="classical")
    assert later.years == (1901, 1911)
    assert later.used[1].what.endswith("people under arms, 1 year earlier")
    (out,) = later.left_out
    assert (out.outside, out.first_year, out.last_year) == (21 * 3, 1817, 1911)
    with pytest.raises(
        CoverageError, match=r"cinc_ratio is known in no row: got 1890-1899; expected years of 1816-1910"
    ):
        fit("allied ~ cinc_ratio", start=1890, end=1899, data_dir=store)


def test_state_years(store):
    found = fit("major ~ cinc + militarization", unit="state-year", start=1900, end=1914, data_dir=store)
    assert (found.rows, found.clusters, found.given) == ("state-years", ("ccode",), 7 * 15)
    with pytest.raises(ParameterError, match="'relevant' parameter: got True; expected pairs"):
        fit("major ~ cinc", unit="state-year", relevant=True, data_dir=store)


def rows(n=900, seed=0):
    rng = np.random.default_rng(seed)
    one = rng.integers(1, 12, n)
    two = one + rng.integers(1, 9, n)
    x = rng.normal(size=n)
    made = pl.DataFrame(
        {
            "ccode1": one,
            "ccode2": two,
            "year": rng.integers(1900, 1990, n),
            "x": x,
            "cinc1": rng.random(n),
            "cinc2": rng.random(n),
        }
    )
    y = (rng.random(n) < 1 / (1 + np.exp(2 - x))).astype(int)
    return made.with_columns(y=pl.Series(y)).unique(["ccode1", "ccode2", "year"], maintain_order=True)


def test_on_a_frame_it_is_the_logit():
    frame = rows()
    found = fit(
        "y ~ x + cinc_ratio", frame, errors=("cluster", "dyadic", "classical"), cluster=("pair", "year"), level=0.9
    )
    pair = frame.with_columns(
        cinc_ratio=pl.min_horizontal("cinc1", "cinc2") / pl.max_horizontal("cinc1", "cinc2"),
        pair=pl.col("ccode1") * 10_000 + pl.col("ccode2"),
    )
    plain = logit(
        "y ~ x + cinc_ratio",
        pair,
        errors=("cluster", "dyadic", "classical"),
        cluster=("pair", "year"),
        dyad=("ccode1", "ccode2"),
    )
    assert found.model.coef == pytest.approx(plain.coef)
    for kind in ("cluster", "dyadic", "classical"):
        assert found.model.covariance(kind) == pytest.approx(plain.covariance(kind))
    table = found.table()
    assert table["odds_ratio"].to_numpy() == pytest.approx(np.exp(plain.coef[0]))
    assert table["odds_low"].to_numpy() == pytest.approx(np.exp(plain.interval(level=0.9)[0, 0]))
    assert table["std_error_dyadic"].to_numpy() == pytest.approx(plain.standard_errors("dyadic")[0])
    assert found.aic == pytest.approx(6 - 2 * plain.log_likelihood)
    assert found.pseudo_r2 == pytest.approx(1 - plain.log_likelihood / plain.null_log_likelihood)
    assert (found.base_rate, found.mean_chance) == pytest.approx((frame["y"].mean(), frame["y"].mean()))
    assert [c.variable for c in found.changes] == ["x", "cinc_ratio"]
    assert np.asarray(found.result.params) == pytest.approx(plain.coef[0])
    assert found.result is found.result
    assert json.loads(json.dumps(found.to_dict()))["n"] == frame.height


def test_errors_where_none_are_asked_for():
    frame = rows()
    assert fit("y ~ x", frame).model.errors == "cluster"
    plain = frame.select("x", "y")
    assert fit("y ~ x", plain).model.errors == "classical"
    assert fit("y ~ x", plain).rows == "rows"
    assert fit("y ~ x", plain, penalty="firth").model.errors == "profile"
    assert fit("y ~ x", frame, penalty="firth").model.errors == "profile"
    big = pl.concat([plain] * 25)
    assert fit("y ~ x", big, penalty="firth").model.errors == "classical"
    assert fit("y ~ x", plain, rare=RareEvents("weights", 0.02)).model.errors == "robust"
    assert fit("y ~ x", frame, rare=RareEvents("prior", 0.02)).model.errors == "cluster"


def test_frames_of_any_kind():
    frame = rows()
    plain = fit("y ~ x", frame)
    for other in (frame.lazy(), frame.to_dict(as_series=False), 5, "rows"):
        if isinstance(other, pl.LazyFrame):
            assert fit("y ~ x", other).model.coef == pytest.approx(plain.model.coef)
            assert fit("y ~ x", other.select("x", "y")).model.coef == pytest.approx(plain.model.coef)
        else:
            with pytest.raises(DataError, match="Not a frame"):
                fit("y ~ x", other)


def test_pairs_of_leaders_are_pairs_too():
    frame = rows().with_columns(
        obsid1=pl.lit("A") + pl.col("ccode1").cast(pl.String), obsid2=pl.lit("B") + pl.col("ccode2").cast(pl.String)
    )
    turned = frame.with_columns(obsid1="obsid2", obsid2="obsid1", year=pl.col("year") + 500)
    both = pl.concat([frame, turned])
    found = fit("y ~ x", both)
    assert found.clusters == ("pair",)
    assert found.model.clusters == frame.select("obsid1", "obsid2").n_unique()


def test_corrections_weigh_the_means():
    frame = rows()
    found = fit("y ~ x", frame, rare=RareEvents("prior", 0.02))
    assert found.mean_chance == pytest.approx(0.02, abs=0.004)
    w = outcome_weights(frame["y"].to_numpy(), 0.02)
    p = found.model.predict(frame.with_columns(x=pl.lit(found.changes[0].after)))
    assert found.changes[0].p_after == pytest.approx(w @ p / w.sum())
    again = fit("y ~ x", frame, differences=False)
    assert again.changes == ()


def test_odds_that_mean_nothing_are_left_out():
    frame = pl.DataFrame({"y": [0, 1] * 20, "x": np.arange(40.0) * 1e-4})
    table = fit("y ~ x", frame).table()
    assert table["odds_high"][1] is None
    assert table["odds_low"][0] > 0


def test_progress_names_the_stages(store):
    told = []
    fit(
        "allied ~ land", start=1900, end=1914, data_dir=store, progress=lambda stage, share: told.append((stage, share))
    )
    assert [s for s, _ in itertools.groupby(told, key=lambda t: t[0])] == [
        "rows",
        "columns",
        "fit",
        "first differences",
    ]
    assert all(0 <= share <= 1 for _, share in told)


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"formula": "y ~ z"}, DataError, "The frame lacks columns of the formula: got z"),
        ({"formula": "x ~ y"}, DataError, r"The left side of 'x ~ y': got .*expected 0 and 1"),
        ({"level": 1.5}, ParameterError, "'level' parameter"),
        ({"start": 1900}, ParameterError, "'data' parameter: got 'given'"),
        ({"cluster": ("pair", "year", "x")}, ParameterError, "'cluster' parameter: .*one column or two"),
        ({"errors": "odd"}, ParameterError, "'errors' parameter: got 'odd'"),
        ({"missing": "zero"}, ParameterError, "'missing' parameter"),
    ],
)
def test_what_is_refused(asked, error, words):
    with pytest.raises(error, match=words):
        fit(**{"formula": "y ~ x", "data": rows()} | asked)


def test_names_that_stand_for_nothing_are_refused(store):
    with pytest.raises(DataError, match=r"A name that stands for no column: got defence(.|\n)*did you mean defense"):
        fit("onset ~ defence", data_dir=store)
    with pytest.raises(DataError, match=r"got qqqq(.|\n)*--add NAME adds the columns"):
        fit("onset ~ qqqq", data_dir=store)
    with pytest.raises(ParameterError, match="'unit' parameter: got 'week'"):
        fit("onset ~ defense", unit="week", data_dir=store)


def test_names_that_tell_the_two_of_a_pair_apart_are_for_directed_pairs(store):
    for name in ("cinc_share", "lag(cinc_share)", "initiated"):
        with pytest.raises(
            ParameterError, match=r"(cinc_share|initiated) of pairs that stand once: .*expected directed pairs"
        ):
            fit(f"allied ~ {name}", data_dir=store)


def test_further_columns_are_added_and_none_twice(store):
    made = built(store, "allied", add=("atop", "nmc"))
    assert {"defense12", "cinc1"} <= set(made.columns)
    adders, _ = columns.needed(["peace_years", "gmlmidspell"], [], pairs=True)
    assert [a.function for a in adders] == ["add_gml_mids", "add_peace_years", "add_spells"]
    assert columns.needed(["land"], ["conttype"], pairs=True)[0] == ()


def test_relevant_pairs_without_lags_and_years_without_rows(store):
    made = built(store, "land", relevant=True)
    assert set(made["prd"]) == {1}
    assert made.height < built(store, "land").height
    nobody = store.table("cow_states").with_columns(pl.lit(dt.date(1950, 1, 1)).alias("start"))
    with pytest.raises(DataError, match="No row is left"):
        built(Store(**store.frames | {"cow_states": nobody}), "land")


def test_the_command_builds_and_cites(store, monkeypatch, capsys):
    from foedus.cli import main
    from foedus.data.store import DataDir

    monkeypatch.setattr(DataDir, "of", classmethod(lambda *_: store))
    argv = ["fit", "allied ~ land", "--from", "1900", "--to", "1914"]
    with suppress(SystemExit):
        main([*argv, "--cite"])
    out = capsys.readouterr().out
    assert all(SOURCES[s].spec.bibtex.split("{")[1].split(",")[0] in out for s in ("cow_contdir", "atop5_1m"))
    with suppress(SystemExit):
        main([*argv, "--undirected", "--errors", "cluster"])
    out = capsys.readouterr().out
    assert "315 undirected dyad-years 1900-1914" in out
    assert "land: 1 if the two share a land border [cow_contdir" in out
