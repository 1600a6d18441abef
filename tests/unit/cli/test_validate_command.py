"""``foedus validate``: rows chosen, listed and run, the page, JSON, and exit codes."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape

import pytest

from foedus.cli import main
from foedus.data.sources import SOURCES
from foedus.studies import validate as study
from foedus.studies.validate_rule import Found
from foedus.studies.validate_spec import rows

ROW = next(r for r in rows() if r.id == "s12.range")
EVIL = "<script>alert(1)</script>[bold]&\"'"


def run(capsys, *argv):
    code = 0
    try:
        main(["validate", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")


def test_rows_by_hand_are_equal(capsys, wide):
    code, out, err = run(capsys, "--only", "s12.range, s7.burden")
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    assert "s7 Contests, coalitions, burdens (Tullock" in text
    assert "25; 25; 40; 0 number equal" in text
    assert "2 rows. number: 2 equal. 0 seconds, seed 1." in text
    assert out.rstrip().endswith("No row of kind number differs and none failed.")
    assert "Data:" not in out
    assert max(map(len, out.splitlines())) <= 100


def test_the_list_says_what_counts_and_runs_nothing(capsys, wide, monkeypatch):
    monkeypatch.setattr(study, "measures", dict)
    code, out, _ = run(capsys, "--list", "--only", "5,s1,13.border")
    text = " ".join(out.split())
    assert code == 0
    for word in ("Dangerous dyads", "cannot be run", "interval against 0", "106056", "digits, or within"):
        assert word in text, word
    assert "12 rows. * from memory, not verified." in text
    assert max(map(len, out.splitlines())) <= 100
    code, out, _ = run(capsys, "--list", "--json")
    assert len(json.loads(out)["rows"]) == len(rows())


def test_a_figure_from_memory_has_a_star(capsys, tmp_path):
    _, out, _ = run(capsys, "--only", "s2.sampson,s4.powers", "--data-dir", str(tmp_path))
    assert "5*" in out
    text = " ".join(out.split())
    assert "s2.sampson: no data set at hand holds the monastery's ties." in text
    assert "foedus data fetch cow_nmc cow_states cow_majors atop5_1m." in text
    assert text.endswith("No row was run.")


def test_json_has_every_field(capsys):
    code, out, _ = run(capsys, "--only", "s13.views", "--json")
    (row,) = json.loads(out)["rows"]
    assert code == 0
    assert row["ours"]["values"] == pytest.approx([0.014341, 90], abs=1e-6)
    assert {"published", "kind", "tolerance", "basis", "where", "why", "show", "seconds", "verdict"} <= set(row)


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        (["--only", "99"], "foedus validate --list shows every row"),
        (["--only", " , "], "at least one row"),
        (["--only", "s7.six", "--html", "/nowhere/at/all.html"], "a file in a folder that is there"),
        (["--data-dir", "/nowhere/at/all"], "No folder of data files"),
    ],
)
def test_bad_input_is_exit_2(capsys, argv, word):
    code, out, err = run(capsys, *argv)
    assert (code, out) == (2, "")
    assert word in err
    assert "Traceback" not in err


def install(monkeypatch, *pairs):
    monkeypatch.setattr(study, "chosen", lambda only: tuple(r for r, _ in pairs))
    monkeypatch.setattr(study, "measures", lambda: {r.id: f for r, f in pairs})


def test_a_number_that_differs_and_a_fault_are_exit_1(capsys, monkeypatch, wide, tmp_path):
    def faulty(_):
        raise ZeroDivisionError

    install(monkeypatch, (ROW, lambda _: Found.of(0.5, 0.9)), (replace(ROW, id="s12.bad"), faulty))
    code, out, _ = run(capsys, "--data-dir", str(tmp_path))
    assert code == 1
    assert "Differ or fail: s12.range, s12.bad." in out
    assert "s12.bad: ZeroDivisionError" in out
    code, out, _ = run(capsys, "--json", "--data-dir", str(tmp_path))
    assert code == 1
    assert json.loads(out)["failed"] == ["s12.range", "s12.bad"]


def test_what_differs_as_expected_and_a_sign_that_is_not_shown_are_exit_0(capsys, monkeypatch, tmp_path, wide):
    kinds = {"kind": "expected to differ", "why": "a later release"}
    sign = replace(ROW, id="s12.sign", kind="sign", published=("+",))
    install(
        monkeypatch, (replace(ROW, **kinds), lambda _: Found.of(0.1, 0.9)), (sign, lambda _: Found.span(0.2, -0.1, 0.5))
    )
    code, out, _ = run(capsys, "--data-dir", str(tmp_path))
    assert code == 0
    assert "s12.range: a later release." in out
    assert "0.20 [-0.10, 0.50]" in " ".join(out.split())


def test_the_page_escapes_everything_and_loads_nothing(capsys, monkeypatch, tmp_path):
    bad = replace(
        ROW,
        title=EVIL,
        source=EVIL,
        claim=EVIL,
        where=EVIL,
        published=(EVIL, "0.8"),
        show=EVIL,
        why=EVIL,
        kind="expected to differ",
        tolerance=(1, 1),
    )
    sign = replace(ROW, id="s12.sign", kind="sign", published=("+",))
    install(
        monkeypatch, (bad, lambda _: Found.of(EVIL + "x", 0.8, note=EVIL)), (sign, lambda _: Found.span(0.2, 0.1, 0.5))
    )
    page = tmp_path / "page.html"
    code, out, _ = run(capsys, "--html", str(page), "--data-dir", str(tmp_path))
    assert code == 0
    assert "<script>alert(1)</script>[bold]" in "".join(out.split())
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(1)") >= 8
    assert "http" not in text.replace("http-equiv", "")
    policy = unescape(text)
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert "95 % interval against 0" in text
    assert "digits printed, or within 1; 1" in text
    assert "None." in text


def test_the_page_of_rows_by_hand(capsys, tmp_path):
    page = tmp_path / "page.html"
    code, _, _ = run(capsys, "--only", "s13,s1", "--html", str(page), "--json")
    text = page.read_text(encoding="utf-8")
    assert code == 0
    assert text.count("<section") == 3
    assert "worked out by hand" in text
    assert "<strong>equal</strong>" in text
    assert "<strong>no data</strong>" in text


def test_stopping_says_how_to_go_on(capsys, monkeypatch, tmp_path):
    def stopped(_):
        raise KeyboardInterrupt

    install(monkeypatch, (ROW, stopped))
    code, out, err = run(capsys, "--data-dir", str(tmp_path))
    assert (code, out) == (130, "")
    assert err == "stopped; nothing was kept: with --save DIR the same command would go on\n"
    code, _, err = run(capsys, "--save", str(tmp_path / "kept"), "--data-dir", str(tmp_path))
    assert code == 130
    assert err == f"stopped; the same command goes on from what {tmp_path / 'kept'} holds\n"


def test_versions_of_the_data_are_said(capsys, monkeypatch, tmp_path, wide):
    spec = SOURCES["bdm_emission"].spec
    (tmp_path / spec.filename).write_text("actor,capability,position,salience\nA,1,1,10\n")
    row = replace(ROW, data=("bdm_emission",))
    install(monkeypatch, (row, lambda bench: Found.of(*bench.store.table("bdm_emission")["position"].to_list() * 2)))
    code, out, _ = run(capsys, "--data-dir", str(tmp_path))
    assert code == 1
    assert "Data: bdm_emission unrecognised" in " ".join(out.split())
