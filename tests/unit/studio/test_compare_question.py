"""The question `compare`: its numbers are the library's, its Python and its command give the same."""

import io
import json
import shlex

import pytest
from pydantic import ValidationError

import foedus as fd
from foedus.cli import main
from foedus.errors import ParameterError
from foedus.studio import systems
from foedus.studio.question import Desk
from foedus.studio.questions import question

DRAFT = 'title = "No Dual Alliance, a weaker Russia"\n\n[[edits]]\nop = "void_pact"\npact = "dual-alliance"\n\n[[edits]]\nop = "weaken"\nactor = "RUS"\nfactor = 0.5\n'
Q = question("compare")


def reply(desk, **params):
    return json.loads(Q.reply(Q.asked.model_validate({"in": "europe-1914", "draws": 100, **params}), desk))


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "mine.what-if.toml").write_text(DRAFT)
    return Desk(tmp_path)


def run_python(text):
    names = {}
    exec(text, names)
    return names["result"]


@pytest.mark.parametrize(
    "params",
    [
        {"draft": DRAFT, "attacker": "AUH", "target": "SER"},
        {"draft": DRAFT, "date": "1914-08-02"},
        {"draft": 'title = "it\'s"\nnote = "\\u00e9"\n', "of": "blocs"},
        {"what_if": "no-dual-alliance", "of": "security", "actor": "FRN"},
        {"what_if": "void:dual-alliance", "of": "blocs"},
        {"what_if": "weaken:RUS:0.5", "date": "1914-08-02"},
        {"what_if": "file:mine.what-if.toml"},
        {"other": "europe-1872-1914", "of": "security"},
    ],
)
def test_python_and_command_give_the_same(desk, params, monkeypatch, capsys):
    answer = reply(desk, **params)
    monkeypatch.chdir(desk.scenarios)
    result = run_python(answer["python"])
    rows = answer["tables"]["differences"]["rows"]
    assert len(rows) == result.table().height
    told = [(r[0], r[1], r[4], r[7], r[8], r[9]) for r in rows]
    assert [(a[0], [x is None for x in a]) for a in told] == [
        (b[0], [x is None for x in b]) for b in result.table().rows()
    ]
    numbers = [[x for r in table for x in r[1:] if x is not None] for table in (told, result.table().rows())]
    assert numbers[0] == pytest.approx(numbers[1], rel=1e-8, abs=1e-12)
    capsys.readouterr()
    command, _, text = answer["cli"].partition(" <<'END'\n")
    monkeypatch.setattr("sys.stdin", io.StringIO(text.removesuffix("\nEND")))
    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(command)[1:], "--json"])
    assert ended.value.code in (0, None)
    emitted = json.loads(capsys.readouterr().out)["differences"]
    found = [
        [x for x in changes if x is not None] for changes in ([d["change"] for d in emitted], [r[7] for r in rows])
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-8, abs=1e-12)


def test_what_the_page_reads(desk):
    a = reply(desk, draft=DRAFT, of="blocs")
    assert (a["kind"], a["proved"], a["seed"]) == ("simulated", True, 1)
    moves = a["data"]["moves"]
    assert {m["id"]: m["moved"] for m in moves["actors"]}["GMY"] is False
    row = a["data"]["actors"][0]
    assert row["change"]["low"] <= row["change"]["mean"] <= row["change"]["high"]
    assert row["a"]["low"] <= row["a"]["mean"] <= row["a"]["high"]
    assert a["data"]["rows"][0]["clear"] is None
    assert a["tables"]["changes"]["rows"]
    war = reply(desk, draft=DRAFT)
    assert (war["data"]["attacker"], war["data"]["b"]["title"]) == ("AUH", "No Dual Alliance, a weaker Russia")
    assert {r["clear"] for r in war["data"]["actors"]} <= {True, False}
    out = reply(desk, what_if="remove:ITA", of="blocs")
    italy = next(m for m in out["data"]["moves"]["actors"] if m["id"] == "ITA")
    assert (italy["b"], italy["moved"]) == (None, None)
    gone = next(r for r in reply(desk, what_if="remove:ITA")["data"]["actors"] if r["actor"] == "ITA")
    assert (gone["b"], gone["change"], gone["clear"]) == (None, None, None)


def test_nothing_changed_is_no_difference(desk):
    a = reply(desk, draft='title = "same"')
    assert all(r["change"]["mean"] == 0 and r["clear"] is False for r in (*a["data"]["rows"], *a["data"]["actors"]))
    assert a["tables"]["changes"]["rows"] == []


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"draft": DRAFT, "what_if": "no-dual-alliance"},
        {"draft": DRAFT, "attacker": "AUH"},
        {"draft": "x" * 64_001},
        {"draft": DRAFT, "of": "x"},
    ],
)
def test_parameters_that_do_not_go_together(params):
    with pytest.raises(ValidationError, match=r"expected|at most|Input should be"):
        Q.asked.model_validate({"in": "europe-1914", **params})


def test_what_is_not_there(desk):
    for name in ("file:no.what-if.toml", "-", "mine.what-if.toml", "/etc/x.toml"):
        with pytest.raises(ParameterError, match="expected a what-if"):
            reply(desk, what_if=name)
    quiet = fd.to_toml(fd.load("europe-1914").with_(flashpoints=()))
    (desk.scenarios / "quiet.toml").write_text(quiet)
    quarrel = reply(desk, **{"in": "file:quiet.toml", "draft": DRAFT})["data"]
    assert quarrel["attacker"] != quarrel["target"]
    gone = "".join(f'[[edits]]\nop = "remove_actor"\nactor = "{x}"\n' for x in ("SER", "BEL", "FRN", "AUH"))
    with pytest.raises(ParameterError, match=r"no flashpoint of europe-1914 is between actors of"):
        reply(desk, draft=f'title = "Four are not there"\n{gone}')


def test_texts_of_programs_for_real_dates_and_files():
    ask = Q.asked.model_validate(
        {"in": "1914-07-28", "draft": "a\\b", "attacker": "AUH", "target": "SER", "actors": ["AUH", "SER"]}
    )
    assert Q.python(ask).splitlines()[2:4] == ["WHAT_IF = 'a\\\\b'", ""]
    assert "fd.parse_what_if(WHAT_IF).on(base)" in Q.python(ask)
    assert Q.cli(ask) is None
    end = Q.cli(Q.asked.model_validate({"in": "europe-1914", "draft": "# END"}))
    assert end.endswith("\nEND_")
    real = systems.OfSystem.model_validate({"in": "1914-07-28", "what_if": "file:a.what-if.toml"})
    assert systems.python(real)[-1] == "s = fd.read_what_if('a.what-if.toml').on(s)"
    edit = Q.asked.model_validate({"in": "1914-07-28", "what_if": "void:x"})
    assert "other = base.edit().void('x').system" in Q.python(edit)


def test_a_file_of_the_folder_goes_with_every_question(desk):
    q = question("blocs")
    whole = json.loads(
        q.reply(q.asked.model_validate({"in": "europe-1914", "what_if": "file:mine.what-if.toml", "draws": 20}), desk)
    )
    named = fd.load("europe-1914").edit().void("dual-alliance").weaken("RUS", 0.5).system
    assert whole["system"]["hash"] == named.hash
    assert systems.stamp("file:mine.what-if.toml", desk.scenarios)
