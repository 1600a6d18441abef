"""`foedus ally` as a user types it."""

import json
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

import foedus as fd
from foedus.cli import main
from foedus.security.added import as_added

QUICK = ("--in", "europe-1914", "--draws", "30", "--wars", "50")


def _run(capsys, *argv):
    with pytest.raises(SystemExit) as done:
        main(list(argv))
    captured = capsys.readouterr()
    return done.value.code, captured.out, captured.err


def test_one_actor_and_several_threats(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    code, out, _ = _run(capsys, "ally", "FRN", "--against", "GMY,AUH", "--against", "ITA", *QUICK)
    assert code == 0
    flat = " ".join(out.split())
    for part in (
        "Fitted:",
        "Assumed:",
        "by their difference",
        "With Russia, bound to it against Germany, Austria-Hungary and Italy or possibly so, and nobody else: ",
        "With all who might come, bound or not: ",
        "percentage points a year fewer attacks that end with France beaten",
        " of 30 draws",
        "simulated",
        "Adds most over attacks by ",
        "Adds most against each attack by itself: ",
        "bound to enter",
        "Sets of helpers",
        "promised nothing",
    ):
        assert part in flat
    assert max(len(line) for line in out.splitlines()) <= 100


def test_json_has_every_part_and_the_same_seed_the_same_bytes(capsys):
    first = _run(capsys, "ally", "BEL", "--against", "GMY", "--json", *QUICK)[1]
    assert first == _run(capsys, "ally", "BEL", "--against", "GMY", "--json", *QUICK)[1]
    got = json.loads(first)
    assert {"attacked", "holds", "holds_difference", "sets", "nuclear", "burden", "dependence", "entrapped"} <= set(got)
    assert [t["threat"] for t in got["threats"]] == ["GMY"]


def test_every_member_with_weapons_and_without(capsys):
    quick = ("--in", "middle-east-2019", "--draws", "12", "--wars", "0", "--against", "IRN")
    code, out, _ = _run(capsys, "ally", "--every-member", *quick)
    assert code == 0
    assert "ISR" in out
    every = json.loads(_run(capsys, "ally", "--every-member", "--json", *quick)[1])["members"]
    places = [out.index(f"│ {x['actor']} ") for x in sorted(every, key=lambda x: -x["beaten"]["together"]["mean"])]
    assert places == sorted(places), "the one that is likeliest beaten stands first"
    bare = json.loads(_run(capsys, "ally", "--every-member", "--no-nuclear", "--json", *quick)[1])["members"]
    assert [x["actor"] for x in every] == [x["actor"] for x in bare]
    assert "IRN" not in [x["actor"] for x in every]
    at = [x["actor"] for x in every].index("ISR")
    assert every[at]["attacked"]["together"]["mean"] > bare[at]["attacked"]["together"]["mean"]


def test_the_variants_and_the_burden_are_printed(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    code, out, _ = _run(capsys, "ally", "KUW", "--in", "middle-east-2019", "--draws", "20", "--wars", "0")
    assert code == 0
    assert "nobody armed" in out
    assert "not an effect" in out
    assert "Burden in its alliance" in out
    flat = " ".join(out.split())
    assert ("at 0: in this model a member gives nothing once the others together give 0.43 to 1 times" in flat) == (
        "0 in all draws │ 0 in all draws" in flat
    )


def test_members_that_give_nothing_are_explained():
    from foedus.cli.ally_tables import corner
    from foedus.estimate.nested import Estimate
    from foedus.security.alliances import Share

    some, none = Estimate(0.4, 0.3, 0.5, 0.0), Estimate(0.0, 0.0, 0.0, 0.0)
    gives, idle = Share("AA", some, some, some, "gdp"), Share("BB", some, none, none, "gdp")
    assert corner((gives, idle, idle)).startswith("2 members at 0: in this model")
    assert corner((gives,)) == ""


@pytest.mark.parametrize(
    "argv", [("ally", "--in", "europe-1914"), ("ally", "BEL", "--every-member", "--in", "europe-1914")]
)
def test_one_of_actor_and_every_member(capsys, argv):
    code, _, err = _run(capsys, *argv)
    assert code == 2
    assert "--every-member" in err


@pytest.mark.realdata
def test_a_real_alliance_has_what_was_spent(capsys, realdata_dir, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    code, out, _ = _run(
        capsys,
        "ally",
        "KUW",
        "--against",
        "IRQ",
        "--in",
        "1990-08-01",
        "--data-dir",
        str(realdata_dir),
        "--draws",
        "10",
        "--wars",
        "0",
    )
    assert code == 0
    assert "arms" in out
    assert "spending, 1989" in " ".join(out.split()).replace("│ ", "")


def test_allies_added_one_by_one_are_those_of_python(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    args = (
        "ally",
        "BEL",
        "--against",
        "GMY",
        "--with",
        "UKG",
        "--with",
        "FRN",
        "--in",
        "europe-1914",
        "--draws",
        "30",
        "--wars",
        "0",
    )
    code, out, _ = _run(capsys, *args)
    assert code == 0
    lines = " ".join(out.split())
    assert lines.index("With United Kingdom and France and nobody else: ") < lines.index("With all who might come")
    assert "Why those chances to come are no greater" in lines
    assert "foedus bound GMY BEL --in europe-1914" in lines
    told = out[out.index("Added one by one") : out.index("Why those")]
    assert [line.split()[1] for line in told.splitlines() if line.startswith("│ ") and line.split()[1].isalpha()] == [
        "nobody",
        "UKG",
        "FRN",
    ]
    assert "depends on who was added before it" in " ".join(told.split())
    got = json.loads(_run(capsys, *args, "--json")[1])["added"]
    found = as_added(fd.load("europe-1914"), "BEL", ["UKG", "FRN"], against="GMY", draws=30)
    assert [s["holds"] for s in got["steps"]] == pytest.approx([r.holds.mean for r in found.rungs], rel=1e-9)
    assert got["spared"]["spares"]["mean"] == pytest.approx(found.spared.spares.mean, rel=1e-9)
    assert got["spared"]["answer"] == found.spared.answer


def test_allies_are_added_to_one_actor_only(capsys):
    code, _, err = _run(capsys, "ally", "--every-member", "--with", "FRN", *QUICK)
    assert code == 2
    assert "--with goes with one ACTOR" in err


def test_a_ledger_ends_with_what_it_was_made_from(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    s = fd.load("europe-1914")
    out = _run(capsys, "ally", "BEL", "--against", "GMY", "--in", "europe-1914", "--draws", "5", "--wars", "0")[1]
    assert out.splitlines()[-1].startswith(f"Sources: {len(s.sources)} named by europe-1914, and {len(s.limits)} limit")


def test_the_basis_of_a_real_system_names_versions_texts_and_what_is_not_known(capsys, monkeypatch):
    from foedus.cli.basis import basis
    from foedus.system.nouns import Source

    monkeypatch.setenv("COLUMNS", "400")
    nmc, text = Source("cow-nmc", "National Material Capabilities", version="7.0"), Source("nyon", "Nyon Conference")
    s = fd.load("europe-1914").with_(sources=(nmc, text), limits=("rivalries are unknown",))
    basis(s, "1914-07-28")
    assert capsys.readouterr().out == (
        "Data: National Material Capabilities 7.0; and 1 treaty or other text, which foedus brief --in 1914-07-28 lists\nNot known here: rivalries are unknown\n"
    )
    basis(s.with_(sources=(nmc,), limits=()), "1914-07-28")
    assert capsys.readouterr().out == "Data: National Material Capabilities 7.0\n"


def _ledger(spares, difference, share=None):
    """Return what is printed of an answer whose two forms have these intervals."""
    from foedus.cli.ally_answer import _answer
    from foedus.estimate.nested import Estimate
    from foedus.security.spared import Spared

    some = Estimate(0.02, 0.01, 0.04, 0.0)
    low, high = (Estimate(sum(x) / 2, *x, 0.0) for x in (spares, difference))
    x = SimpleNamespace(
        system=fd.load("europe-1914"), actor="BEL", draws=40, beaten=(some, some), threats=(), allies=(), pledged=None
    )
    _answer(x, Spared(("UKG",), some, some, some, some, some, some, low, low, high, share, 0.25, 0.5), "With Britain")


@pytest.mark.parametrize(
    ("forms", "told"),
    [
        (((0.01, 0.02), (0.01, 0.03)), "With Britain: yes, safer than alone by both forms"),
        (((-0.02, -0.01), (-0.03, -0.01)), "With Britain: no, less safe than alone"),
        (((-0.01, 0.02), (0.01, 0.03)), "cannot tell, the interval by the ratio of strengths holds 0"),
        (((-0.01, 0.02), (-0.01, 0.03)), "by the ratio and by the difference of strengths holds 0"),
        (((0.01, 0.02), (-0.03, -0.01)), "cannot tell, the two forms of the contest disagree"),
    ],
)
def test_the_answer_in_words(capsys, monkeypatch, forms, told):
    monkeypatch.setenv("COLUMNS", "400")
    _ledger(*forms)
    out = capsys.readouterr().out
    assert told in out
    assert "fewer in 10 of 40 draws, by the other form in 20 of 40" in out
    assert ("points a year more attacks that end" in out) == (forms[0][1] < 0)


def test_a_yes_of_next_to_nothing_says_so(capsys, monkeypatch):
    from foedus.estimate.nested import Estimate

    monkeypatch.setenv("COLUMNS", "400")
    for high, hardly in ((0.024, True), (0.4, False)):
        _ledger((0.01, 0.02), (0.01, 0.03), Estimate(0.005, 0.0002, high, 0.0))
        assert ("but hardly: by less than 10% of the attacks" in capsys.readouterr().out) == hardly


def test_it_warns_where_a_strength_or_a_place_is_not_known(capsys, monkeypatch):
    from foedus.cli.ally_answer import _unknown

    monkeypatch.setenv("COLUMNS", "400")
    s = fd.load("europe-1914")
    bare = s.with_(actors=tuple(replace(a, capability=()) if a.id == "BEL" else a for a in s.actors))
    x = SimpleNamespace(system=bare, actor="BEL", threats=(SimpleNamespace(actor="GMY"),))
    _unknown(x, ("UKG",))
    out = capsys.readouterr().out
    assert out.startswith(
        "The capability of Belgium is not known here and was drawn over the whole range of the others"
    )
    _unknown(SimpleNamespace(system=bare, actor="FRN", threats=x.threats), ("UKG", "BEL"))
    assert "what that helper adds says little" in capsys.readouterr().out
    _unknown(SimpleNamespace(system=s, actor="BEL", threats=x.threats), ("UKG",))
    assert capsys.readouterr().out == ""


def test_those_who_add_most_are_named_first():
    from foedus.cli.ally_answer import _ranked

    x = SimpleNamespace(allies=(SimpleNamespace(actor="RUS"), SimpleNamespace(actor="FRN")))
    assert _ranked(x, ("FRN", "SER", "RUS")) == ["RUS", "FRN", "SER"]


def test_an_actor_without_a_pact_is_told_so(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    _, out, _ = _run(capsys, "ally", "BUL", "--against", "GMY", "--in", "europe-1914", "--draws", "5", "--wars", "0")
    assert "Nobody is bound to it against Germany" in out
    assert " only " not in out[out.index("Alone or together") : out.index("With all who might come, bound or not:\n")]


def test_a_long_run_says_what_it_does_and_a_quick_one_nothing(capsys):
    from foedus.cli.common import stages

    with stages("ally", after=60.0) as tell:
        tell("reading", 0.0)
    assert capsys.readouterr().err == ""
    with stages("ally", after=0.0) as tell:
        tell("reading", 0.0)
        for _ in range(200):
            if "reading" in (said := capsys.readouterr().err):
                break
            time.sleep(0.01)
        tell("counting", 0.5)
    assert said == "ally: reading (0%)\n"
    assert capsys.readouterr().err == "ally: counting (50%)\n"


def test_wars_for_a_point_are_the_other_way_up_than_the_points_per_war():
    from foedus.cli.ally_tables import _for_a_point
    from foedus.estimate.nested import Estimate

    told = [
        _for_a_point(SimpleNamespace(per_bound=e))
        for e in (Estimate(500.0, 100.0, 2000.0, 0), Estimate(5, -1, 9, 0), None)
    ]
    assert told == ["0.02 [0.005, 0.1]", "adds nothing in some draws", "–"]
