"""`foedus blocs` on one system and over a range: what it prints, what it refuses, what it leaves behind."""

import json

import polars as pl
import pytest

import foedus as fd
from foedus.blocs import years
from foedus.cli import main


def run(capsys, *argv):
    code = 0
    try:
        main(["blocs", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture
def made_up(monkeypatch, quartet, tmp_path):
    """Replace the real system of a date by the quartet on that date; the last year without the first pact and its enmities turned."""
    from dataclasses import replace

    from foedus.system.values import Quantity

    def build(day, _, *, table):
        if day.year < 1913:
            return quartet.with_(date=day)
        ties = tuple(replace(t, strength=Quantity.of(0.9)) if t.a == "BB" else t for t in quartet.ties)
        return quartet.with_(date=day, pacts=quartet.pacts[1:], ties=ties)

    monkeypatch.setattr("foedus.system.tables.Tables.read", lambda _: "tables")
    monkeypatch.setattr("foedus.system.from_tables.build", build)
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.chdir(tmp_path)
    years._tables.cache_clear()
    yield
    years._tables.cache_clear()


def test_one_system_says_who_is_where_and_how_surely(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    code, out, _ = run(capsys, "--in", "europe-1914", "--draws", "50", "--why", "ITA")
    assert code == 0
    assert "Two blocs (proved)" in out
    assert "France" in out
    assert "Italy falls to bloc" in out
    assert "common_enemy" not in out
    assert out.index("A, ") < out.index("B, ") < out.index("Second best")
    found = fd.load("europe-1914").blocs(draws=50)
    assert f"would move, {100 * found.second.gap / found.total:.2f} % of tie weight worse" in " ".join(out.split())


@pytest.mark.parametrize(
    ("k", "words"), [("3", "At most three blocs"), ("free", "Any number of blocs"), ("0", "Any number of blocs")]
)
def test_other_numbers_of_blocs_have_memberships_too(capsys, k, words):
    code, out, _ = run(capsys, "--in", "middle-east-2019", "-k", k, "--draws", "50")
    assert code == 0
    assert words in out
    assert "%" in out.partition("The most capable of each bloc first")[2]
    assert "Second best" not in out


def test_a_range_tells_blocs_moves_and_proof(capsys, made_up):
    code, out, _ = run(capsys, "--in", "1911:1914", "--workers", "1")
    assert code == 0
    assert "1911 to 1914, 4 dates, two blocs: every line-up proved" in out
    assert "1913: Bb A to B" in " ".join(out.split())
    assert "Smoothed" not in out
    smooth = run(capsys, "--in", "1911:1914", "--workers", "1", "--smooth", "1")[1]
    assert "is charged 1 of the mover's tie weight" in " ".join(smooth.split())
    assert "1913: Bb" not in smooth


def test_a_range_of_dates_names_dates(capsys, made_up):
    out = run(capsys, "--in", "1911-11-15:1912-02-15", "--workers", "1", "--step", "2")[1]
    assert "2011" not in out
    assert "1911-11-15 to 1912-01-15, 2 dates" in out


def test_long_ranges_are_shown_by_decades(capsys, made_up):
    out = run(capsys, "--in", "1875:1912", "--workers", "1")[1]
    shown = [line.split()[1] for line in out.splitlines() if line.startswith("│ 1")]
    assert shown == ["1875", "1880", "1890", "1900", "1910", "1912"]


def test_more_than_two_blocs_over_a_range(capsys, made_up):
    assert "any number of blocs" in run(capsys, "--in", "1911:1912", "--workers", "1", "-k", "free")[1]


def test_what_is_not_proved_is_marked(capsys, made_up, monkeypatch):
    from dataclasses import replace

    monkeypatch.setattr(years, "moment", lambda *a, f=years.moment, **k: replace(f(*a, **k), proved=False))
    out = run(capsys, "--in", "1911:1912", "--workers", "1")[1]
    assert "0 of 2 line-ups proved, 1911 the first that is not" in " ".join(out.split())
    assert " *" in out


@pytest.mark.parametrize("suffix", ["parquet", "csv", "json"])
def test_rows_of_a_range_to_a_file(capsys, made_up, tmp_path, suffix):
    code, out, _ = run(capsys, "--in", "1911:1913", "--workers", "1", "--draws", "20", "--out", f"b.{suffix}")
    assert code == 0
    assert f"wrote b.{suffix}" in out
    assert [p.name for p in tmp_path.iterdir()] == [f"b.{suffix}"]
    if suffix == "parquet":
        rows = pl.read_parquet("b.parquet")
        assert rows.height == 15
        assert rows.filter(pl.col("actor") != "EE")["membership"].null_count() == 0


def test_json_of_a_range_has_the_same_bytes_twice(capsys, made_up):
    first, second = (run(capsys, "--in", "1911:1913", "--workers", "1", "--json")[1] for _ in range(2))
    assert first == second
    assert json.loads(first)["moves"][0]["actor"] == "BB"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--in", "1914:1900"), "1914:1900"),
        (("--in", "1914:1914-05-01"), "1914:1914-05-01"),
        (("--in", "1911:1912", "--step", "0"), "step"),
        (("--in", "1911:1912", "--why", "AA"), "--why"),
        (("--in", "1911:1912", "--date", "1911-05-01"), "--date"),
        (("--in", "1911:1912", "--actors", "AA,BB"), "--actors"),
        (("--in", "1911:1912", "--smooth", "2"), "smooth"),
        (("--in", "1911:1912", "--smooth", "0.1", "-k", "3"), "two blocs"),
        (("--in", "1911:1912", "--draws", "1"), "draws"),
        (("--in", "1911:1912", "--workers", "0"), "workers"),
        (("--in", "1911:1912", "--without", "weather"), "weather"),
        (("--in", "1911:1912", "--out", "b.xlsx"), ".parquet"),
        (("--in", "1911:1912", "--out", "missing/../file/b.csv"), "--out"),
        (("--in", "europe-1914", "--out", "b.csv"), "range"),
        (("--in", "europe-1914", "--smooth", "0.1"), "range"),
        (("--in", "europe-1914", "--step", "2"), "range"),
        (("--in", "europe-1914", "-k", "two"), "two"),
    ],
)
def test_bad_input_is_refused_before_any_work(capsys, made_up, monkeypatch, tmp_path, argv, words):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setattr(years, "moment", lambda *_, **__: pytest.fail("worked before looking"))
    code, out, err = run(capsys, *argv)
    assert code == 2
    assert words in err
    assert "Traceback" not in out + err
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_an_interruption_leaves_no_file(capsys, made_up, monkeypatch, tmp_path):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    for where in ("foedus.blocs.years.moment", "polars.DataFrame.write_csv"):
        with monkeypatch.context() as patch:
            patch.setattr(where, stopped)
            code, _, err = run(capsys, "--in", "1911:1912", "--workers", "1", "--out", "b.csv")
        assert code == 130
        assert "Traceback" not in err
        assert list(tmp_path.iterdir()) == []
