"""``foedus sweep`` at the command line: what it prints, what it keeps, and what it refuses."""

from __future__ import annotations

import json

import polars as pl
import pytest

from foedus.cli import main

ASKED = [
    "sweep",
    "europe-1914",
    "--vary",
    "strengthen:RUS=0.5:2:2",
    "--vary",
    "void:franco-russian-alliance=0:1:2",
    "--draws",
    "200",
]


def run(capsys, *arguments, code=0):
    """Return what a command prints and says."""
    try:
        main(list(arguments))
        left = 0
    except SystemExit as end:
        left = end.code or 0
    said = capsys.readouterr()
    assert left == code, said.err
    return said.out if "\n{" in f"\n{said.out}" else " ".join(said.out.split()), said.err


def test_it_says_which_key_moves_what(capsys, tmp_path, monkeypatch):
    from foedus.report.figures import sweep as figures

    drawn = []
    monkeypatch.setattr(figures, "write", lambda found, path, told: drawn.append((len(found.points), path.name, told)))
    out, err = run(capsys, *ASKED, "--out", str(tmp_path / "run"), "--figure", str(tmp_path / "f.svg"))
    assert "a war that begins when Austria-Hungary attacks Serbia" in out
    assert "strengthen:RUS moves it most" in out
    assert "Each point" in out
    assert "100%" in err
    assert drawn == [
        (4, "f.svg", ("belligerents", "anybody joins", "half of capability at war", "attacker's side prevails"))
    ]
    assert pl.read_parquet(tmp_path / "run" / "sweep.parquet").height == 4 * 20
    _, err = run(capsys, *ASKED, "--out", str(tmp_path / "run"), code=2)
    assert "resume it, or name a new folder" in err


def test_a_latin_hypercube_names_no_shares(capsys):
    asked = [
        "sweep",
        "europe-1914",
        "--vary",
        "strengthen:RUS=0.5:2",
        "--design",
        "lhs",
        "--points",
        "30",
        "--draws",
        "200",
    ]
    out, _ = run(capsys, *asked, "--outcome", "AUH at war")
    assert "A Latin hypercube gives no shares" in out
    assert "Nothing here moves it" in out
    assert "Each point" not in out


def test_an_actor_that_is_not_there_is_said_to_be_not_there(capsys):
    out, _ = run(
        capsys, "sweep", "europe-1914", "--vary", "remove:ITA=0:1:2", "--draws", "200", "--outcome", "ITA at war"
    )
    assert "not there" in out
    assert "unknown" in out
    assert "no variation" in out


def test_json_names_and_keys(capsys):
    plain = json.loads(run(capsys, *ASKED, "--json")[0])
    assert [v["key"] for v in plain["vary"]] == ["strengthen:RUS", "void:franco-russian-alliance"]
    assert len(plain["sensitivity"]) == 8
    assert "SER at war" in run(capsys, *ASKED, "--outcome", "list")[0]
    assert "joining.contest.decisiveness" in run(capsys, "sweep", "europe-1914", "--keys")[0].split()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--vary", "strenghten:RUS=1:2:2"], "did you mean strengthen:RUS"), ([], "Nothing is varied"), (["--vary", "strengthen:RUS=1:2"], "levels for a grid"),
        (["--vary", "strengthen:RUS=1:2:2", "--on", "cloud"], "dask://HOST:PORT"), (["--vary", "strengthen:RUS=1:2:2", "--figure", "f.doc"], "f.doc"),
        (["--vary", "strengthen:RUS=1:2:2", "--draws", "200", "--outcome", "peace"], "one of belligerents"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_plain_words(capsys, more, words):
    out, err = run(capsys, "sweep", "europe-1914", *more, code=2)
    assert words in err
    assert "Traceback" not in err
    assert not out


def test_ctrl_c_says_how_to_go_on(capsys, tmp_path, monkeypatch):
    from foedus.studies import sweep as running

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "_run", stop)
    _, err = run(capsys, *ASKED, "--out", str(tmp_path / "run"), code=130)
    assert "--resume goes on" in err
    assert "--resume" not in run(capsys, *ASKED, code=130)[1]


def test_progress_tells_the_time_left_where_there_is_no_terminal(capsys, monkeypatch):
    import time

    from foedus.cli.common import progress_lines

    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    with progress_lines("work") as tell:
        for now, share in ((1.0, 0.5), (11.0, 0.6), (12.0, 0.65), (41.0, 0.9), (42.0, 1.0)):
            clock[0] = now
            tell(share)
    assert capsys.readouterr().err.splitlines() == ["work: 60%, 40 s left", "work: 90%, 10 s left", "work: 100%"]
    with progress_lines("work", quiet=True) as tell:
        tell(1.0)
    assert not capsys.readouterr().err
