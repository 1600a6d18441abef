"""`validate` without data: specifications, the rule of verdicts, the run, and the rows that need no file."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.data.sources import SOURCES
from foedus.errors import DataError, ParameterError
from foedus.studies import validate as study
from foedus.studies.validate_measures import Measures, measures
from foedus.studies.validate_rule import UNREAD, VERDICTS, WAYS, Found, judge, newcombe, shown, worded
from foedus.studies.validate_spec import BASES, KINDS, Row, chosen, decimals, rows

NUMBER = Row("1.x", "T", "S", "claim", "table 1", "source", ("0.50",), "number")
SIGN = replace(NUMBER, published=("+",), kind="sign")
NONE = replace(NUMBER, published=("none",), kind="direction")
HAND = ("s2.hand", "s2.share", "s4.con", "s4.loss", "s5.utility", "s5.risk", "s7", "s8", "s9", "s12", "s13")


def test_every_row_is_whole():
    """One row an id; a function for each that can be run and for no other; data sets that there are."""
    every = rows()
    assert len({r.id for r in every}) == len(every) > 100
    assert {r.id for r in every if not r.unreachable} == set(measures())
    for r in every:
        assert r.kind in KINDS, r.id
        assert r.basis in BASES, r.id
        assert set(r.data) <= set(SOURCES), r.id
        assert r.claim, r.id
        assert r.show, r.id
        assert not r.tolerance or len(r.tolerance) == len(r.published), r.id
        if r.kind in {"sign", "direction"}:
            assert len(r.published) == 1, r.id
            assert r.published[0] in WAYS, r.id
        if r.kind == "expected to differ" or r.tolerance:
            assert r.why, r.id
        if r.basis == "memory":
            assert r.kind != "number" or r.unreachable, r.id


def test_all_sixteen_results_and_the_sections_are_there_in_order():
    groups = list(dict.fromkeys(r.group for r in rows()))
    assert groups[:16] == [str(k) for k in range(1, 17)]
    assert all(g.startswith("s") for g in groups[16:])
    assert sorted(groups[16:], key=lambda g: int(g[1:])) == groups[16:]


def test_the_kinds_are_those_of_the_table():
    """Numbers 1, 2, 5, 6, 11, 12, 15 and the start of 14; signs and directions 4, 7, 8, 9, 13, 16; as they come out 3, 10, the path of 14."""
    kinds = {g: {r.kind for r in chosen([g])} for g in map(str, range(1, 17))}
    assert all("number" in kinds[g] for g in ("1", "2", "5", "6", "11", "12", "14", "15"))
    assert all(kinds[g] & {"sign", "direction"} for g in ("4", "7", "8", "9", "13", "16"))
    assert all("expected to differ" in kinds[g] for g in ("3", "10", "14"))
    assert kinds["1"] == kinds["12"] == kinds["15"] == {"number"}
    assert kinds["8"] == {"sign"}


def test_rows_are_chosen_by_id_or_result():
    assert {r.group for r in chosen(["15"])} == {"15"}
    assert [r.id for r in chosen(["s13.views", "1.least"])] == ["1.least", "s13.views"]
    assert chosen(None) == rows()
    with pytest.raises(ParameterError, match=r"(?s)'only'.*got '15.z'.*15.s, 15.tau.*--list"):
        chosen(["15.z"])
    with pytest.raises(ParameterError, match="one of 1, 2, 3"):
        chosen(["nowhere"])
    with pytest.raises(ParameterError, match="at least one row"):
        chosen([])


@pytest.mark.parametrize(
    ("row", "found", "verdict"),
    [
        (NUMBER, Found.of(0.504), "equal"),
        (NUMBER, Found.of(0.505), "equal"),  # a half may be printed either way
        (NUMBER, Found.of(0.5051), "differs"),
        (replace(NUMBER, tolerance=(0.02,)), Found.of(0.519), "within"),
        (replace(NUMBER, tolerance=(0.02,)), Found.of(0.521), "differs"),
        (replace(NUMBER, tolerance=(0.02,)), Found.of(0.5), "equal"),
        (replace(NUMBER, kind="expected to differ"), Found.of(0.9), "differs, explained"),
        (replace(NUMBER, kind="expected to differ"), Found.of(0.5), "equal"),
        (replace(NUMBER, kind="expected to differ", tolerance=(0.5,)), Found.of(0.9), "within"),
        (replace(NUMBER, kind="expected to differ", published=("not read",)), Found.of(0.9), "ours only"),
        (replace(NUMBER, published=("LUX", "3")), Found.of("LUX", 3), "equal"),
        (replace(NUMBER, published=("LUX", "3")), Found.of("BEL", 3), "differs"),
        (replace(NUMBER, published=("LUX", "3"), tolerance=(1.0, 1.0)), Found.of("BEL", 3), "differs"),
        (SIGN, Found.span(1.0, 0.1, 2.0), "same sign"),
        (SIGN, Found.span(1.0, -0.1, 2.0), "not shown"),
        (SIGN, Found.span(1.0, 0.0, 2.0), "not shown"),
        (SIGN, Found.span(-1.0, -2.0, -0.1), "opposite sign"),
        (SIGN, Found.of(1.0), "same sign"),  # exact: no interval
        (replace(SIGN, published=("-",)), Found.span(-1.0, -2.0, -0.1), "same sign"),
        (replace(SIGN, kind="direction", published=("higher",), null=1.0), Found.span(0.5, 0.2, 0.9), "not as published"),
        (replace(SIGN, kind="direction", published=("lower",), null=60.0), Found.of(0.1), "as published"),
        (replace(SIGN, kind="direction", published=("some",)), Found.of(0), "not shown"),
        (NONE, Found.span(0.1, -0.1, 0.3), "as published"),
        (NONE, Found.span(0.2, 0.1, 0.3), "not as published"),
    ],
)  # fmt: skip
def test_the_rule(row, found, verdict):
    assert judge(row, found) == verdict
    assert verdict in VERDICTS


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_what_is_printed_is_equal_to_itself_and_not_to_a_neighbour(value, digits):
    printed = f"{value:.{digits}f}"
    row = replace(NUMBER, published=(printed,))
    assert judge(row, Found.of(value)) == "equal"
    assert judge(row, Found.of(float(printed) + 0.6 * 10**-digits)) == "differs"
    assert decimals(printed) == digits
    assert float(shown(row, Found.of(value))[0]) == pytest.approx(float(printed), abs=1e-9)


@given(st.floats(-10, 10), st.floats(0, 5), st.floats(0, 5), st.floats(-5, 5))
def test_a_sign_is_said_only_of_a_whole_interval(value, below, above, null):
    row, found = replace(SIGN, null=null), Found.span(value, value - below, value + above)
    verdict = judge(row, found)
    assert (verdict == "same sign") == (value - below > null)
    assert (verdict == "opposite sign") == (value + above < null)
    assert (judge(replace(row, published=("none",), kind="direction"), found) == "as published") == (
        verdict == "not shown"
    )


def test_a_result_needs_finite_numbers_and_as_many_as_are_published():
    with pytest.raises(ParameterError, match="finite numbers"):
        Found.of(math.nan)
    with pytest.raises(ParameterError, match="one for each of 2"):
        Found.of(1, 2, spans=[(0, 1)])
    with pytest.raises(ParameterError, match=r"1 for 1\.x"):
        judge(NUMBER, Found.of(1, 2))


def test_numbers_are_shown_to_the_digits_that_say_something():
    assert shown(NUMBER, Found.of(0.5049)) == ("0.50",)
    assert shown(NUMBER, Found.of(0.5149)) == ("0.515",)
    assert shown(replace(NUMBER, published=("10",)), Found.of(12)) == ("12",)
    assert shown(replace(NUMBER, published=("10",)), Found.of(12.34)) == ("12.3",)
    assert shown(NUMBER, Found.of(0.5, spans=[(0.41, 0.6)])) == ("0.50 [0.41, 0.60]",)
    assert shown(SIGN, Found.span(-0.0001, -0.3, 0.2)) == ("0.00 [-0.30, 0.20]",)
    assert shown(SIGN, Found.span(70.25, 60.0, 80.0)) == ("70 [60, 80]",)
    assert shown(SIGN, Found.span(7.0, 5.0, math.inf)) == ("7.00 [5.00, none]",)
    assert shown(SIGN, Found.span(7.0, -math.inf, 8.0)) == ("7.00 [-none, 8.00]",)
    assert shown(SIGN, Found.of(22)) == ("22",)
    assert shown(SIGN, Found.of(0.03321)) == ("0.0332",)
    assert shown(replace(NUMBER, published=("a", "1")), Found.of("b", 1)) == ("b", "1")
    assert shown(NUMBER, None) == ()
    assert worded(NUMBER, None, "no data") == "no data"
    two = replace(NUMBER, published=("1", "2"), tolerance=(0.6, 0.7))
    assert worded(two, Found.of(1.55, 2), "within") == "within 0.6"
    assert worded(two, Found.of(1.55, 2.65), "within") == "within 0.6; 0.7"


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.001, 0.04), st.floats(0.001, 0.04))
def test_a_difference_of_shares_has_the_interval_of_both(p, q, width, other):
    one, two = (p, p - width, p + width), (q, q - other, q + other)
    gap, low, high = newcombe(one, two)
    assert low < gap == p - q < high
    assert high - low == pytest.approx(2 * math.hypot(width, other))
    back = newcombe(two, one)
    assert (-back[0], -back[2], -back[1]) == pytest.approx((gap, low, high))


def test_rows_without_data_are_run():
    """Every row that needs no file is equal to what is worked out by hand."""
    found = study.validate(HAND)
    assert {r.verdict for r in found.rows} == {"equal"}
    assert found.failed == ()
    assert found.versions == {}
    assert found.of("s7.six").ours == ("LUX",)
    assert found.table().columns == [
        "row", "claim", "source", "basis", "published", "ours", "kind", "tolerance", "verdict", "why", "seconds", "show"
    ]  # fmt: skip
    json.dumps(found.to_dict())
    with pytest.raises(ParameterError, match="one of s2"):
        found.of("1.least")


@pytest.fixture
def fake(monkeypatch):
    """Return a function that makes `validate` run rows of a test's own."""

    def install(*pairs):
        kept = {r.id: f for r, f in pairs}
        monkeypatch.setattr(study, "chosen", lambda only: tuple(r for r, _ in pairs if only is None or r.id in only))
        monkeypatch.setattr(study, "measures", lambda: kept)

    return install


def test_a_row_whose_data_are_not_there_says_what_gets_them_and_fails_nothing(fake, tmp_path):
    away = replace(NUMBER, id="1.away", data=("cow_nmc", "bdm_emission"))
    gone = replace(NUMBER, id="1.gone", unreachable="no file holds it")
    fake((away, lambda _: Found.of(0.5)), (NUMBER, lambda _: Found.of(0.5)), (gone, lambda _: Found.of(0.5)))
    found = study.validate(data_dir=tmp_path)
    assert [r.verdict for r in found.rows] == ["no data", "equal", "no data"]
    assert found.rows[0].why.startswith(
        "data not in the store: foedus data fetch cow_nmc; foedus data add bdm_emission FILE, a table in a book"
    )
    assert found.rows[2].why == "no file holds it"
    assert found.failed == ()
    assert len(found.ran) == 1


def test_without_any_folder_data_are_not_there(fake, monkeypatch, tmp_path):
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "nowhere"))
    fake((replace(NUMBER, data=("cow_nmc",)), lambda _: Found.of(0.5)))
    found = study.validate()
    assert found.rows[0].problem == "data not in the store: foedus data fetch cow_nmc"
    with pytest.raises(DataError, match="No folder of data files"):
        study.validate(data_dir=tmp_path / "nowhere")


def test_what_goes_wrong_in_a_row_is_its_own_verdict(fake, tmp_path):
    def refused(_):
        raise DataError("The file is broken.")

    broken, wrong = (replace(NUMBER, id=f"1.{k}") for k in ("broken", "wrong"))
    fake((broken, refused), (wrong, lambda _: {}["x"]), (NUMBER, lambda _: Found.of(0.7)))
    found = study.validate(data_dir=tmp_path)
    assert [r.verdict for r in found.rows] == ["failed", "failed", "differs"]
    assert found.rows[0].why == "The file is broken."
    assert found.rows[1].why == "KeyError: 'x'"
    assert [r.row.id for r in found.failed] == ["1.broken", "1.wrong", "1.x"]
    assert found.to_dict()["rows"][0]["ours"] is None
    assert found.counts() == {"number": {"failed": 2, "differs": 1}}


def test_a_stopped_run_goes_on_from_what_was_kept(fake, tmp_path):
    ran = []

    def second(_):
        if len(ran) < 2:
            ran.append("stopped")
            raise KeyboardInterrupt
        return Found.of(0.7, spans=[(0.6, 0.8)], note="kept")

    def first(bench):
        ran.append(f"first {bench.seed}")
        return Found.span(0.5, 0.4, 0.6)

    fake((NUMBER, first), (replace(NUMBER, id="1.y"), second))
    save = tmp_path / "rows"
    told = []
    with pytest.raises(KeyboardInterrupt):
        study.validate(data_dir=tmp_path, save=save, progress=lambda *x: told.append(x))
    assert told == [("1.x", 0.0), ("1.y", 0.5)]
    assert [p.name.split("-")[0] for p in save.iterdir()] == ["1.x"]
    again = study.validate(data_dir=tmp_path, save=save, progress=lambda *x: told.append(x))
    assert ran == ["first 1", "stopped"]
    assert [(r.kept, r.verdict) for r in again.rows] == [(True, "equal"), (False, "differs")]
    assert told[-1] == ("done", 1.0)
    third = study.validate(data_dir=tmp_path, save=save)
    assert [r.kept for r in third.rows] == [True, True]
    assert third.rows[1].found == again.rows[1].found
    assert not study.validate(["1.x"], data_dir=tmp_path, save=save, seed=2).rows[0].kept, "another seed, another row"
    assert ran[-1] == "first 2"


def test_a_kept_file_that_is_broken_and_a_folder_that_cannot_be(fake, tmp_path):
    fake((NUMBER, lambda _: Found.of(0.5)))
    save = tmp_path / "rows"
    study.validate(data_dir=tmp_path, save=save)
    (kept,) = save.iterdir()
    kept.write_text("{}")
    with pytest.raises(ParameterError, match=r"(?s)as a kept row.*delete the file"):
        study.validate(data_dir=tmp_path, save=save)
    with pytest.raises(ParameterError, match="a folder that is there or can be made"):
        study.validate(data_dir=tmp_path, save=kept / "below")


def test_a_kept_row_hangs_on_its_files(fake, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    spec = SOURCES["bdm_emission"].spec
    header = "actor,capability,position,salience\n"
    (data / spec.filename).write_text(f"{header}A,1,1,10\n")
    row = replace(NUMBER, data=("bdm_emission",))
    fake((row, lambda b: Found.of(b.store.table("bdm_emission")["capability"].sum() / 2)))
    save = tmp_path / "rows"
    one = study.validate(data_dir=data, save=save)
    assert (one.rows[0].verdict, list(one.versions)) == ("equal", ["bdm_emission"])
    (data / spec.filename).write_text(f"{header}A,1,1,10\nB,1,2,10\n")
    two = study.validate(data_dir=data, save=save)
    assert (two.rows[0].verdict, two.rows[0].kept) == ("differs", False)


def test_a_row_has_one_function():
    made = Measures()
    made.row("1.x")(lambda _: Found.of(1))
    with pytest.raises(ParameterError, match="a row without a function"):
        made.row("1.x")


def test_unread_figures_are_said_in_words():
    """What no source at hand prints is never compared with a number."""
    unread = [r for r in rows() if set(r.published) & set(UNREAD)]
    assert unread
    assert {r.kind for r in unread} == {"expected to differ"}
    assert isinstance(pl.DataFrame([r.to_dict() for r in unread]).height, int)


def test_what_shows_a_row_is_there():
    """Public names, modules and commands."""
    import importlib

    import foedus as fd
    from foedus.cli import COMMANDS

    for row in rows():
        for part in row.show.split("; "):
            word = part.split(" ")[0].split("(")[0].rstrip(",")
            if word == "foedus":
                assert part.split(" ")[1] in COMMANDS or part.split(" ")[1] == "crisis", row.id
                continue
            if word.startswith("fd."):
                assert hasattr(fd, word.split(".")[1]), row.id
                continue
            module, _, name = word.rpartition(".")
            try:
                importlib.import_module(word)
            except ModuleNotFoundError:
                assert hasattr(importlib.import_module(module), name), row.id
