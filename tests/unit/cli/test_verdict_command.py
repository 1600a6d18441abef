"""``foedus verdict``: claims, the list, a user's cells, kept cells, and what is refused."""

import json

import pytest

from foedus.cli import main
from foedus.studies import verdict_claims
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_run import Job, Part

TABLE = "era,list,estimate,low,high\nearly,x,1,0.5,1.5\nearly,y,0.9,0.4,1.4\nlate,x,-1,-2,-0.5\nlate,y,0.1,-0.4,0.6\n"


def run(capsys, *argv):
    code = 0
    try:
        main(["verdict", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, " ".join(out.out.split()), out.err


def part(name, cells, **question):
    return Part(
        Question(name, f"Question {name}?", "difference", **question),
        {"era": ("early", "late")},
        lambda bench: [Job(("one",), lambda: cells)],
        ("atop5_1m",),
    )


@pytest.fixture
def claims(monkeypatch):
    def cell(era, value, half=0.3):
        return Cell.of({"era": era, "list": "x"}, (value, value - half, value + half), "9 wars")

    agree = [
        Cell.of({"era": e, "list": a}, (1.0 + 0.01 * k, 0.5, 1.5))
        for k, (e, a) in enumerate((e, a) for e in ("early", "late") for a in "xy")
    ]
    parts = (
        part("A.1", [cell("early", 0.5), cell("late", -0.5), Cell.without({"era": "later", "list": "x"}, "not at hand: a list")],
             primary=(("era", "late"), ("list", "x")), against="A word against.", silent="A silence.", own="ask it."),
        part("A.2", agree, primary=(("era", "none"), ("list", "x"))),
        part("B.1", [cell("early", 0.1), cell("late", 0.05)]),
        part("B.2", [cell("early", 0.5)]),
        part("C.1", [Cell.without({"era": "early"}, "not at hand: all")]),
    )  # fmt: skip
    monkeypatch.setattr(verdict_claims, "PARTS", parts)


def test_one_claim_in_words(capsys, claims, tmp_path):
    code, out, _ = run(capsys, "A", "--data-dir", str(tmp_path))
    assert code == 0
    assert "flips: 1 of 2 cells say yes, 1 no, 0 are open; 1 are not at hand; yes if higher than 0." in out
    assert "Primary cell: −0.50 [−0.80, −0.20], no (era: late; list: x); 9 wars." in out
    assert "Evidence against: A word against." in out
    assert "The data cannot say: A silence." in out
    assert "1 cells, not at hand: a list." in out
    assert "Data: atop5_1m 5.1, not at hand." in out
    assert "agree: yes: 4 of 4 cells say yes" in out
    assert "Question A.1? It turns on how one computes it: of 2 ways (cells) 1 say yes and 1 no." in out
    assert "Question A.2? Yes, in 4 of 4 ways to compute it (cells)." in out
    assert "Your own case: ask it." in out
    assert "Primary cell: not at hand" in out
    assert "Which choice moves it" in out
    assert "how many change their answer / turn from yes to no." in out
    assert "│ A.1 │" in out
    assert "A majority of cells is no probability" in out


def test_words_for_few_and_open_cells(capsys, claims, tmp_path):
    _, out, _ = run(capsys, "B", "--data-dir", str(tmp_path))
    assert "mixed (every interval holds no effect)" in out
    assert "no word, fewer than two cells at hand" in out
    assert (
        "Question B.1? Cannot tell: in 2 of 2 ways to compute it (cells) the interval holds 0; 0 say yes, 0 no." in out
    )
    assert "Question B.2? Cannot tell: fewer than two ways" in out
    code, _, err = run(capsys, "C", "--data-dir", str(tmp_path))
    assert (code, "No cell of these claims is at hand" in err) == (2, True)


def test_json_holds_every_cell(capsys, claims, tmp_path):
    _, out, _ = run(capsys, "A.1", "--json", "--data-dir", str(tmp_path), "--workers", "2", "--seed", "3")
    (found,) = json.loads(out)["verdicts"]
    assert (found["word"], len(found["cells"]), found["seed"]) == ("flips", 3, 3)


def test_a_users_own_cells_and_their_curve(capsys, tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text(TABLE, encoding="utf-8")
    _, out, _ = run(capsys, "--cells", str(path), "--figure", str(tmp_path / "curve.svg"))
    assert (
        "in 1 the interval holds 0: cannot tell. flips: 2 of 4 cells say yes, 1 no, 1 are open; yes if higher than 0."
        in out
    )
    assert (tmp_path / "curve.svg").read_text(encoding="utf-8").startswith("<svg")
    _, out, _ = run(capsys, "--cells", str(path), "--null", "3", "--yes", "lower")
    assert "agree: yes: 4 of 4" in out


def test_many_options_are_told_from_both_ends(capsys, tmp_path):
    rows = [f"o{k},{a},{k},{k - 1},{k + 1}" for k in range(9) for a in "xy"]
    path = tmp_path / "cells.csv"
    path.write_text("\n".join(["era,list,estimate,low,high", *rows]), encoding="utf-8")
    _, out, _ = run(capsys, "--cells", str(path), "--json")
    assert len(json.loads(out)["verdicts"][0]["effects"][0]["options"]) == 9
    _, out, _ = run(capsys, "--cells", str(path))
    assert "o2 2.00, o6 6.00" in out
    assert "o4" not in out.split("Which choice")[1].split("Speaks")[0]


def test_a_side_no_larger_than_noise_is_said_to_be(capsys, tmp_path):
    rows = [f"o{k},x,1,0.5,1.5" for k in range(19)] + ["o19,x,-1,-1.5,-0.5"]
    path = tmp_path / "cells.csv"
    path.write_text("\n".join(["era,list,estimate,low,high", *rows]), encoding="utf-8")
    _, out, _ = run(capsys, "--cells", str(path))
    assert "flips: 19 of 20 cells say yes, 1 no" in out
    assert (
        "By noise alone about 1 of 20 cells would stand on each side, were they independent. The lesser side holds no more"
        in out
    )
    path.write_text("\n".join(["era,list,estimate,low,high", *rows[:10], rows[19]]), encoding="utf-8")
    assert "lesser side" not in run(capsys, "--cells", str(path))[1]


def test_estimates_that_do_not_vary(capsys, tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text(
        "era,list,estimate,low,high\n" + "".join(f"{e},{a},1,0,2\n" for e in "ab" for a in "xy"), encoding="utf-8"
    )
    _, out, _ = run(capsys, "--cells", str(path))
    assert "│ era │ none │" in out


def test_the_list(capsys):
    _, out, _ = run(capsys, "--list")
    assert "D.1 Do pairs of states with a defence pact begin fewer disputes" in out
    assert "disputes: GML; COW" in out
    assert "Not run yet" not in out
    _, out, _ = run(capsys, "--list", "D.2", "--json")
    assert [p["id"] for p in json.loads(out)["parts"]] == ["D.2"]


def test_claims_that_are_not_run_are_named(capsys, claims):
    _, out, _ = run(capsys, "--list")
    assert "Not run yet: D, E, F, G, H, I, J." in out


def test_a_stopped_run_says_how_it_goes_on(capsys, claims, monkeypatch, tmp_path):
    def stop(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(verdict_claims, "verdict", stop)
    code, _, err = run(capsys, "A")
    assert (code, "with --save DIR" in err) == (130, True)
    code, _, err = run(capsys, "A", "--save", str(tmp_path / "kept"))
    assert (code, "goes on from what" in err) == (130, True)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((), "verdict takes a claim"),
        (("K",), "Unknown claim"),
        (("A", "--null", "1"), "belong to --cells"),
        (("A", "--cells", "x.csv"), "--cells takes no claim"),
        (("--cells", "nowhere.csv"), "Cannot read"),
        (("A", "--figure", "x.txt"), "a file that ends in"),
        (("A", "--workers", "0"), "--workers"),
    ],
)
def test_refusals(capsys, argv, words):
    code, out, err = run(capsys, *argv)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
