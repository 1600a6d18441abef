import datetime as dt
import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import foedus as fd
from foedus.cli import common, main
from foedus.cli.commands import Source
from foedus.errors import ParameterError


def run(capsys, *argv):
    code = 0
    try:
        main(list(argv))
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.parametrize(
    "command", ["brief", "blocs", "bound", "ally", "war", "compare", "pact-account", "who", "scenario"]
)
def test_every_command_has_help(capsys, command):
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert command in out


def test_bound_in_words_and_in_json(capsys):
    code, out, _ = run(capsys, "bound", "GMY", "BEL", "--in", "europe-1914", "--date", "1914-08-03")
    assert code == 0
    assert "United Kingdom to Belgium" in out
    flat = " ".join(out.split())
    assert (
        "Bound to fight: Austria-Hungary, France, Russia and United Kingdom for Belgium. Undetermined: nobody." in flat
    )
    assert "A pledge of its own is broken by Germany towards Belgium. Of the others: 1 actor released" in flat
    code, out, _ = run(capsys, "bound", "Germany", "Belgium", "--in", "europe-1914", "--date", "1914-08-03", "--json")
    rows = json.loads(out)["obligations"]
    assert any(r["actor"] == "UKG" and r["verdict"] == "bound" for r in rows)


def test_many_who_owe_the_same_by_one_clause_are_told_once(capsys):
    from foedus.cli.bound_rows import TOGETHER, _groups

    code, out, _ = run(capsys, "bound", "ISR", "IRQ", "--in", "middle-east-2019")
    flat = " ".join(out.split())
    assert code == 0
    assert "government to Iraq, defense (8 actors): Iraq is attacked Treaty of Joint Defence" in flat
    rows = fd.load("middle-east-2019").bound("ISR", "IRQ").rows
    groups = _groups(rows)
    assert sorted(id(r) for g in groups for r in g) == sorted(id(r) for r in rows)
    assert all(len(g) == 1 or len(g) >= TOGETHER for g in groups)
    assert any(len(g) > 1 for g in groups)


def test_bound_after_an_earlier_attack(capsys):
    _, out, _ = run(capsys, "bound", "RUS", "AUH", "--in", "europe-1914", "--after", "AUH:SER", "--json")
    assert any(r["actor"] == "ITA" and r["verdict"] == "released" for r in json.loads(out)["obligations"])


@pytest.mark.parametrize(
    "argv",
    [
        ("blocs", "--in", "europe-1914", "--draws", "40", "--why", "ITA"),
        ("blocs", "--in", "europe-1914", "--draws", "40", "-k", "0"),
        ("ally", "BEL", "--in", "europe-1914", "--against", "GMY", "--draws", "40", "--wars", "100"),
        ("war", "AUH", "SER", "--in", "europe-1914", "--draws", "200"),
        ("compare", "europe-1914", "--what-if", "no-franco-russian-alliance", "--draws", "200"),
        ("compare", "europe-1914", "--what-if", "weaken:RUS:0.5", "--draws", "200"),
        ("compare", "middle-east-2015", "--what-if", "no-russian-intervention", "--draws", "200"),
        ("pact-account", "franco-russian-alliance", "--in", "europe-1914", "--draws", "40"),
        ("scenario", "check", "europe-1914"),
        ("scenario", "diff", "middle-east-2015", "middle-east-2019"),
        ("scenario", "schema"),
        ("scenario", "list"),
    ],
)
def test_commands_run_and_json_has_the_same_bytes_twice(capsys, argv):
    code, out, _ = run(capsys, *argv)
    assert code == 0
    assert out.strip()
    if argv[1] != "schema":
        first, second = (run(capsys, *argv, "--json")[1] for _ in range(2))
        assert first == second
        json.loads(first)


def test_compare_says_from_which_first_shot(capsys):
    given = ("compare", "europe-1872-1914", "--date", "1894-01-05", "--what-if", "weaken:RUS:0.5", "--draws", "50")
    _, out, _ = run(capsys, *given)
    said = next(line for line in out.splitlines() if line.startswith("First shot: "))
    assert said.startswith("First shot: Germany attacks France (")
    assert "passed over: Austria-Hungary on Serbia, tied by" in " ".join(out.split())
    _, out, _ = run(capsys, *given, "--flashpoint", "Russia:AUH")
    assert "First shot: Russia attacks Austria-Hungary (asked for)" in out
    _, out, _ = run(capsys, *given, "--flashpoint", "Russia:AUH", "--json")
    assert json.loads(out)["flashpoint"] == ["RUS", "AUH", "asked for"]


def test_one_or_two_workers_the_same_bytes(capsys):
    texts = {
        run(capsys, "war", "AUH", "SER", "--in", "europe-1914", "--draws", "1500", "--workers", k, "--json")[1]
        for k in ("1", "2")
    }
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("bound", "GMY", "Atlantis", "--in", "europe-1914"), "Atlantis"),
        (("bound", "GMY", "GMY", "--in", "europe-1914"), "another actor"),
        (("bound", "GMY", "BEL", "--in", "europe-1914", "--date", "yesterday"), "yesterday"),
        (("blocs",), "--in"),
        (("blocs", "--in", "nowhere"), "europe-1914"),
        (("blocs", "--in", "europe-1914", "-k", "7"), "7"),
        (("blocs", "--in", "europe-1914", "--draws", "many"), "many"),
        (("war", "AUH", "SER", "--in", "europe-1914", "--workers", "0"), "workers"),
        (("brief", "--in", "europe-1914", "--flashpoint", "AUH"), "ATTACKER:TARGET"),
        (("brief", "--in", "europe-1914", "--what-if", "no-such-thing"), "no-such-thing"),
        (("brief", "--in", "europe-1914", "--what-if", "void:No Such Pact"), "No Such Pact"),
        (("compare", "europe-1914"), "--what-if"),
        (("compare", "europe-1914", "--what-if", "explode:X"), "explode"),
        (
            ("compare", "europe-1914", "--what-if", "weaken:RUS:0.5", "--of", "blocs", "--flashpoint", "AUH:SER"),
            "--of war",
        ),
        (("compare", "europe-1914", "--what-if", "weaken:RUS:0.5", "--actor", "RUS"), "--of security"),
        (("compare", "europe-1914", "middle-east-2019"), "between actors"),
        (("compare", "europe-1914", "--what-if", "weaken:RUS:0.5", "--flashpoint", "AUH:XYZ"), "XYZ"),
        (("compare", "europe-1914", "--what-if", "weaken:RUS:much"), "FACTOR"),
        (("compare", "europe-1914", "middle-east-2019", "--of", "weather"), "weather"),
        (("ally", "BEL", "--in", "europe-1914", "--against", "BEL"), "itself"),
        (("pact-account", "Nothing", "--in", "europe-1914"), "Nothing"),
        (("blocs", "--in", "europe-1914", "--tie-table", "none.toml"), "none.toml"),
        (("scenario", "check", "none.toml"), "none.toml"),
        (("bound", "GMY", "BEL", "--in", "europe-1914", "--without", "treaty"), "treaty"),
        (("bound", "GMY", "BEL", "--in", "europe-1914", "--data-dir", "x" * 300), "'--data-dir' parameter"),
        (("war", "AUH", "SER", "--in", "europe-1914", "--seed", str(2**63)), "'--seed' parameter"),
        (("nonsense",), "nonsense"),
    ],
)
def test_bad_input_is_one_message_and_exit_two(capsys, monkeypatch, tmp_path, argv, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *argv)
    assert code == 2
    assert words in err
    assert "Traceback" not in err + out
    assert list(tmp_path.iterdir()) == []


def test_a_source_is_read_with_all_that_it_names(monkeypatch, tmp_path):
    got = {}
    monkeypatch.setattr(
        "foedus.system.real.system", lambda asked, **more: got.update(more, asked=asked) or fd.load("europe-1914")
    )
    monkeypatch.setattr("foedus.cli.commands.read_table", lambda path: path)
    table, data = tmp_path / "ties.toml", tmp_path / "data"
    Source(in_="1914", data_dir=data, date="1914-07-28", actors="GMY, FRN", tie_table=table).read()
    assert got == {"asked": "1914-07-28", "data_dir": data, "actors": ["GMY", "FRN"], "table": table}


@pytest.mark.parametrize("told", [True, False])
def test_a_panel_is_built_as_told(monkeypatch, capsys, told):
    got = {}

    def made(unit, names, **more):
        got.update(more, unit=unit, names=names)
        raise ParameterError("enough")

    monkeypatch.setattr("foedus.panel.build.build", made)
    options = (
        "--from",
        "1900",
        "--to",
        "1914",
        "--undirected",
        "--relevant",
        "--system",
        "gw",
        "--at",
        "jan1",
        "--carry-forward",
        "--data-dir",
        "here",
    )
    code, _, err = run(capsys, "build", "dyad-year", "--add", "nmc,,atop", *(options if told else ()))
    assert (code, err) == (2, "enough\n")
    del got["on_block"]
    assert got == {
        "unit": "dyad-year", "names": ["nmc", "atop"], "start": 1900 if told else None, "end": 1914 if told else None, "directed": not told,
        "system": "gw" if told else "cow", "at": "jan1" if told else "year", "relevant": told, "carry_forward": told, "out": None,
        "data_dir": Path("here") if told else None,
    }  # fmt: skip


def test_what_is_not_installed_is_said_with_exit_two(monkeypatch, capsys):
    def lacks(_):
        raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")

    monkeypatch.setattr("foedus.scenario.check.check", lacks)
    code, _, err = run(capsys, "scenario", "check", "europe-1914")
    assert code == 2
    assert "scikit-learn" in err
    assert "Traceback" not in err


def test_days_and_pairs_in_words():
    days = {
        ("1890", False): dt.date(1890, 1, 1),
        ("1890", True): dt.date(1890, 12, 31),
        ("1890-06-18", True): dt.date(1890, 6, 18),
    }
    assert {(text, last): common.day(text, "--to", last=last) for text, last in days} == days
    assert common.pair("cow:300:cow:345", "--flashpoint") == ("cow:300", "cow:345")
    for half in ("AUH", "AUH:", ":SER", "AUH:SER:GMY"):
        with pytest.raises(ParameterError, match="ATTACKER:TARGET"):
            common.pair(half, "--flashpoint")


def test_a_table_of_ones_own_changes_the_answer(capsys, tmp_path):
    text = (files("foedus.params") / "ties.toml").read_text(encoding="utf-8")
    path = tmp_path / "ties.toml"
    path.write_text(
        text.replace("pact         = { value = [0.6, 1.2]", "pact         = { value = [0.0, 0.1]"), encoding="utf-8"
    )
    common = (
        "compare",
        "europe-1914",
        "--what-if",
        "no-franco-russian-alliance",
        "--of",
        "blocs",
        "--draws",
        "60",
        "--json",
    )
    assert run(capsys, *common)[1] != run(capsys, *common, "--tie-table", str(path))[1]


def test_layers_are_switched_off(capsys):
    def bound_by_guarantee(*options):
        out = run(capsys, "bound", "GMY", "BEL", "--in", "europe-1914", "--date", "1914-08-03", "--json", *options)[1]
        return [r for r in json.loads(out)["obligations"] if r["kind"] == "guarantee"]

    assert bound_by_guarantee()
    assert not bound_by_guarantee("--without", "guarantee")
    assert not bound_by_guarantee("--without", "alignment, guarantee")


def test_a_real_year_without_a_folder_says_what_to_do(capsys, monkeypatch):
    monkeypatch.delenv("FOEDUS_DATA", raising=False)
    code, _, err = run(capsys, "blocs", "--in", "1914")
    assert code == 2
    assert "--data-dir" in err


def test_scenario_new_check_and_use(capsys, tmp_path):
    path = tmp_path / "mine.toml"
    assert run(capsys, "scenario", "new", "--from", "europe-1914", "-o", str(path))[0] == 0
    assert run(capsys, "scenario", "check", str(path))[0] == 0
    mine, ours = (run(capsys, "blocs", "--in", x, "--draws", "40", "--json")[1] for x in (str(path), "europe-1914"))
    assert mine == ours
    code, _, err = run(capsys, "scenario", "new", "--from", "europe-1914", "-o", str(path))
    assert code == 2
    assert "--force" in err


def test_brief_writes_html_and_tables_and_json(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(
        capsys,
        "brief",
        "--in",
        "europe-1914",
        "--draws",
        "400",
        "--what-if",
        "no-franco-russian-alliance",
        "--html",
        "b.html",
    )
    assert code == 0
    assert "b.html" in out
    assert "foedus blocs" in out
    assert (tmp_path / "b.html").stat().st_size > 10_000
    texts = {
        run(capsys, "brief", "--in", "europe-1914", "--draws", "400", "--workers", w, "--json")[1] for w in ("1", "2")
    }
    assert len(texts) == 1
    assert run(capsys, "brief", "--in", "europe-1914", "--json", "--html", "c.html")[0] == 2
    assert not (tmp_path / "c.html").exists()


@pytest.mark.parametrize("target", ["file/b.html", "folder", "missing/../file/x/b.html"])
def test_a_path_that_cannot_be_written_is_refused_before_any_work(capsys, monkeypatch, tmp_path, target):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("foedus.studies.brief.investigate", lambda *_, **__: pytest.fail("worked before looking"))
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    code, _, err = run(capsys, "brief", "--in", "europe-1914", "--html", target)
    assert code == 2
    assert "--html" in err


def test_only_a_brief_makes_its_folder(capsys, monkeypatch, tmp_path):
    from foedus.cli.common import writable
    from foedus.errors import ParameterError

    path = tmp_path / "missing" / "t.csv"
    assert writable(path, "--html", makes_folder=True) == path
    with pytest.raises(ParameterError, match=r"(?s)'--out' parameter.*make .*missing first"):
        writable(path, "--out")
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "scenario", "new", "--from", "europe-1914", "-o", "missing/t.toml")
    assert (code, [p.name for p in tmp_path.iterdir()]) == (2, [])
    assert "a file in a folder that is there" in err


def test_a_failing_disk_is_exit_one_without_a_traceback(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("foedus.scenario.write.write", full)
    code, _, err = run(capsys, "scenario", "new", "--from", "europe-1914", "-o", "x.toml")
    assert code == 1
    assert "No space left" in err


def test_module_entry_point():
    out = subprocess.run([sys.executable, "-m", "foedus", "--version"], capture_output=True, text=True, check=True)
    assert out.stdout.strip()


@pytest.mark.realdata
@pytest.mark.parametrize("year", ["1866", "1938"])
def test_a_brief_of_a_written_year_equals_the_brief_of_the_year(capsys, tmp_path, realdata_dir, year):
    path = tmp_path / "year.toml"
    common = ("--draws", "400", "--json")
    assert run(capsys, "scenario", "new", "--from", year, "--data-dir", str(realdata_dir), "-o", str(path))[0] == 0
    written = run(capsys, "brief", "--in", str(path), *common)[1]
    direct = run(capsys, "brief", "--in", year, "--data-dir", str(realdata_dir), *common)[1]
    assert written == direct


@pytest.mark.realdata
def test_who(capsys, realdata_dir):
    code, out, _ = run(capsys, "who", "PRUSSIA", "1860", "--data-dir", str(realdata_dir))
    assert code == 0
    assert "255" in out
