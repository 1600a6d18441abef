"""Claim D on rows by hand: closed forms, what each choice keeps, and what is not at hand."""

import math
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from foedus.errors import DataError
from foedus.studies import verdict_onsets as module
from foedus.studies.verdict_onsets import ACCOUNT, account_cells, great, join_cell, onset_cell, pairs
from verdict_bench import ByHand, run

CHOICES = {
    "disputes": "GML",
    "pairs": "all pairs",
    "pacts": "ATOP",
    "given": "nothing",
    "years": "all",
    "great wars": "in",
}


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(3)
    n = 6000
    year, pair = rng.integers(1900, 2000, n), rng.integers(0, 400, n)
    land, atop = rng.random(n) < 0.3, rng.random(n) < 0.2
    onset = rng.random(n) < 1 / (1 + np.exp(2.5 - 0.8 * land + 0.5 * atop))
    peace = rng.integers(0, 60, n)
    return pl.DataFrame({
        "year": year, "pair": pair, "land": land.astype(np.int8), "relevant": land | (rng.random(n) < 0.3), "major": (rng.random(n) < 0.1).astype(np.int8),
        "odds": -rng.exponential(1.0, n), "gmlmidonset": onset.astype(np.int8), "cowmidonset": onset[::-1].astype(np.int8), "atop": atop.astype(np.int8),
        "thompson": (rng.random(n) < 0.1).astype(np.int8), "scale": np.where(rng.random(n) < 0.5, 1, 0).astype(np.int8),
        **{f"{d}_peace{k}": (peace / 10) ** k for d in ("gml", "cow") for k in (1, 2, 3)},
    })  # fmt: skip


def odds(some):
    """Return the log-odds ratio of onset with and without a pact."""
    a, b = (some.filter(atop=k)["gmlmidonset"].mean() for k in (1, 0))
    return math.log(a / (1 - a)) - math.log(b / (1 - b))


def test_given_nothing_the_cell_is_the_log_odds_ratio_of_its_rows(rows):
    made = onset_cell(rows, CHOICES)
    assert made.estimate == pytest.approx(odds(rows), abs=1e-6)
    assert made.low < made.estimate < made.high
    assert made.rests_on == f"{rows['gmlmidonset'].sum():,} onsets in 6,000 pair-years"
    for choice, where in (
        ({"pairs": "pairs on land"}, pl.col("land") == 1),
        ({"pairs": "relevant pairs"}, pl.col("relevant")),
        ({"years": "to 1945"}, pl.col("year") <= 1945),
        ({"great wars": "out"}, ~(pl.col("year").is_between(1914, 1918) | pl.col("year").is_between(1939, 1945))),
    ):
        assert onset_cell(rows, CHOICES | choice).estimate == pytest.approx(odds(rows.filter(where)), abs=1e-6)


def test_given_the_fields_terms_it_is_the_logit_of_the_library(rows):
    from foedus.estimate.logit import logit

    for given, more in (
        ("field's terms", ""),
        ("and Peace Data's rivalry", " + scale_"),
        ("and Thompson's rivalry", " + thompson"),
    ):
        fit = logit(
            f"gmlmidonset ~ atop + land + odds + major + gml_peace1 + gml_peace2 + gml_peace3{more}", rows.rename({"scale": "scale_"}), errors="cluster",
            cluster="pair",
        )  # fmt: skip
        made = onset_cell(rows, CHOICES | {"given": given})
        low, high = fit.interval(level=0.9)[:, 0, 1]
        assert (made.estimate, made.low, made.high) == pytest.approx((fit.coef[0, 1], low, high), abs=1e-5)
    assert onset_cell(rows, CHOICES | {"given": "field's terms", "pairs": "pairs on land"}).known


def test_cells_that_cannot_be_estimated_say_why(rows):
    none = rows.with_columns(gmlmidonset=pl.lit(0))
    assert onset_cell(none, CHOICES).missing.startswith("no onset with a pact, or none without (0 onsets in 6,000")
    empty = rows.with_columns(atop=pl.lit(None, dtype=pl.Int8))
    assert "0 onsets in 0 pair-years" in onset_cell(empty, CHOICES).missing
    apart = rows.with_columns(odds=pl.when(pl.col("gmlmidonset") == 1).then(5.0).otherwise(-5.0))
    assert "foretell every onset" in onset_cell(apart, CHOICES | {"given": "field's terms"}).missing


def test_a_fit_without_a_maximum_is_no_cell(rows, monkeypatch):
    def none(*args, **options):
        raise DataError("No maximum")

    monkeypatch.setattr(module, "prior_logit", none)
    assert onset_cell(rows, CHOICES).missing.startswith("No maximum (")


def test_the_great_wars_are_a_choice_only_where_they_are_among_the_years():
    assert great(1816, 2010) == great(1945, 1950) == ("in", "out")
    assert great(1946, 2010) == great(1816, 1913) == ("in",)


def joins(seed=1):
    rng = np.random.default_rng(seed)
    n = 4000
    border, ally = rng.random(n) < 0.2, rng.random(n) < 0.2
    return pl.DataFrame({
        "dispnum": rng.integers(0, 120, n), "year": rng.integers(1850, 2000, n), "hostlev": rng.choice([3, 4, 5], n), "border": border.astype(int),
        "ally": ally.astype(int), "joined": (rng.random(n) < 1 / (1 + np.exp(3 - border - 1.5 * ally))).astype(int),
    })  # fmt: skip


def test_joining_given_a_border():
    from foedus.estimate.logit import logit

    rows = joins()
    choices = {"disputes": "all", "pact as of": "1 January", "years": "all", "great wars": "in"}
    fit = logit("joined ~ border + ally", rows, errors="cluster", cluster="dispnum")
    assert join_cell(rows, choices).estimate == pytest.approx(fit.coef[0, 2])
    wars = join_cell(rows, choices | {"disputes": "that reach war", "great wars": "out"})
    kept = rows.filter(pl.col("hostlev") == 5, ~pl.col("year").is_in([*range(1914, 1919), *range(1939, 1946)]))
    assert wars.estimate == pytest.approx(logit("joined ~ border + ally", kept).coef[0, 2])
    assert f"of {kept.height:,} chances" in wars.rests_on
    assert join_cell(rows.with_columns(ally=0), choices).missing


def test_jobs_of_joining(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "joining_rows", lambda store, at: asked.append(at) or joins())
    at_hand = dict.fromkeys(module.JOINS.sources)
    made = run(module.JOINS, ByHand(tmp_path, at_hand))
    assert asked == ["jan1", "year"]
    assert [len(v) for v in made.values()] == [12, 12]
    assert {dict(c.choices)["great wars"] for c in made["1 January",] if dict(c.choices)["years"] == "to 1913"} == {
        "in"
    }
    gone = run(module.JOINS, ByHand(tmp_path))
    assert all(c.missing.startswith("not at hand: gml_part") for cells in gone.values() for c in cells)


def decades_of(with_, without):
    return SimpleNamespace(with_={w: np.array(with_) for w in ("wars", "states", "deaths")}, without={w: np.array(without) for w in ("wars", "states", "deaths")})  # fmt: skip


def test_the_account_of_all_years_is_the_sum_of_the_eras_draw_by_draw():
    parts = {
        "a": decades_of([[2.0, 3.0], [1.0, 1.0]], [[4.0, 4.0], [2.0, 1.0]]),
        "b": decades_of([[1.0, 6.0]], [[2.0, 3.0]]),
    }
    cells = {tuple(dict(c.choices).values()): c for c in account_cells(parts, "the first")}
    assert len(cells) == 9
    assert cells["wars begun", "a", "the first"].estimate == pytest.approx(np.mean([3 / 6 - 1, 4 / 5 - 1]))
    assert cells["states at war", "all", "the first"].estimate == pytest.approx(np.mean([4 / 8 - 1, 10 / 8 - 1]))


@pytest.mark.parametrize(("thorough", "steps"), [(False, {(0, 10), (5, 10)}), (True, {(0, 2), (1, 2)})])
def test_jobs_of_the_account(tmp_path, monkeypatch, thorough, steps):
    asked = []

    def made(*, data_dir, first, last, step, seed):
        asked.append((first, last, step))
        return decades_of([[1.0, 2.0]], [[2.0, 2.5]])

    monkeypatch.setattr(module, "decades", made)
    sources = (*module.ACCOUNTS.sources, "midb")
    found = run(module.ACCOUNTS, ByHand(tmp_path, dict.fromkeys(sources), thorough=thorough))
    begin = dict(ACCOUNT)["1946-89"][0]
    assert {(f - begin, s) for f, last, s in asked if last == 1989} == steps
    assert sum(len(v) for v in found.values()) == 30
    gone = run(module.ACCOUNTS, ByHand(tmp_path))
    assert {c.missing[:11] for v in gone.values() for c in v} == {"not at hand"}
    assert sum(len(v) for v in gone.values()) == 30


class Made:
    """Stands in for a panel: a frame with ``pipe``."""

    def __init__(self, frame):
        self.frame = frame

    def pipe(self, add, *args, **options):
        return add(self, *args, **options)


@pytest.fixture
def panel(monkeypatch):
    base = pl.DataFrame({"ccode1": [2, 2, 20], "ccode2": [20, 70, 70], "year": [1990, 2013, 1890]})

    def adds(**columns):
        return lambda p, *a, **k: Made(p.frame.with_columns(*(pl.Series(c, v) for c, v in columns.items())))

    stand = SimpleNamespace(
        create_dyad_years=lambda first, last, **k: Made(base), add_contiguity=adds(conttype=[1, 0, 4]), add_cow_majors=adds(cowmaj1=[1, 1, 0], cowmaj2=[0, 0, 0]),
        add_nmc=adds(cinc1=[0.2, 0.2, 0.0], cinc2=[0.02, 0.01, 0.1]), add_gml_mids=adds(gmlmidonset=[0, 1, 0]), add_cow_mids=adds(cowmidonset=[1, 0, 0]),
        add_peace_years=lambda p, which: adds(**{f"{which}mid_peace_years": [10, 20, 30]})(p), add_atop_alliance=adds(defense12=[1, 0, 0], defense21=[0, 0, 0]),
        add_strategic_rivalries=adds(rivalry=[0, 1, 0]), add_peace_scale=adds(peace_scale=[0.75, 0.25, None]),
    )  # fmt: skip
    monkeypatch.setattr(module, "panel", stand)
    monkeypatch.setattr(module, "Panel", SimpleNamespace(of=lambda frame, store: Made(frame)))
    late = tuple((s, (lambda p, f=f: f(p)), c) for s, f, c in (
        ("gml_dirdisp", lambda p: stand.add_peace_years(stand.add_gml_mids(p), "gml"), ("gmlmidonset", "gmlmid_peace_years")),
        ("cow_mid_dirdisps", lambda p: stand.add_peace_years(stand.add_cow_mids(p), "cow"), ("cowmidonset", "cowmid_peace_years")),
        ("atop5_1m", stand.add_atop_alliance, ("defense12", "defense21")), ("tss_rivalries", stand.add_strategic_rivalries, ("rivalry",)),
        ("peacedata_spells", stand.add_peace_scale, ("peace_scale",)),
    ))  # fmt: skip
    monkeypatch.setattr(module, "_ADDED", late)


ALLIANCES = pl.DataFrame({
    "version4id": [1, 1], "ccode": [2, 20], "entry": [pl.Series([None]).cast(pl.Date)[0]] * 2, "exit": [None, None],
    "defense": [True, True], "neutrality": [False] * 2, "nonaggression": [False] * 2, "entente": [False] * 2,
}, schema_overrides={"entry": pl.Date, "exit": pl.Date})  # fmt: skip


def test_columns_of_pairs(tmp_path, panel):
    import datetime as dt

    tables = dict.fromkeys(module.ONSETS.sources) | {
        "cow_alliances": ALLIANCES.with_columns(entry=pl.lit(dt.date(1950, 1, 1)))
    }
    found = pairs(ByHand(tmp_path, tables, last=2012))
    assert found["pair"].to_list() == [2020, 2070, 20070]
    assert found["land"].to_list() == [1, 0, 0]
    assert found["relevant"].to_list() == [True, True, True]
    assert found["major"].to_list() == [1, 1, 0]
    assert found["odds"][0] == pytest.approx(math.log(0.1))
    assert found["odds"][2] is None  # a capability of 0 has no ratio
    assert found["gml_peace2"].to_list() == [1.0, 4.0, 9.0]
    assert found["atop"].to_list() == [1, 0, 0]
    assert found["scale"].to_list() == [0, 1, None]  # Peace Data begins in 1900
    assert found["cow_pact"].to_list() == [1, None, 0]  # and COW's alliances end in 2012
    less = pairs(ByHand(tmp_path, {k: v for k, v in tables.items() if k not in {"cow_alliances", "peacedata_spells"}}))
    assert "cow_pact" not in less.columns
    assert less["scale"].to_list() == [0, 0, None]


def test_jobs_of_onset(tmp_path, monkeypatch, rows):
    monkeypatch.setattr(module, "pairs", lambda bench: rows)
    here = dict.fromkeys(s for s in module.ONSETS.sources if s not in {"cow_alliances", "peacedata_spells"})
    found = run(module.ONSETS, ByHand(tmp_path, here))
    assert sum(len(v) for v in found.values()) == 240
    assert all(c.missing == "not at hand: cow_alliances" for c in found["GML", "all pairs", "COW alliances", "nothing"])
    assert all(
        c.missing == "not at hand: peacedata_spells"
        for c in found["COW", "all pairs", "ATOP", "and Peace Data's rivalry"]
    )
    assert all(c.known for c in found["COW", "pairs on land", "ATOP", "and Thompson's rivalry"])
