"""Screen 6 in the studio: the account of a pact, years forward, and the models behind the numbers."""

import pytest
from tests.unit.studio.asking import asked, commanded, ran

from foedus import params
from foedus.errors import ParameterError
from foedus.estimate.card import shipped_card
from foedus.studio.question import Desk

PACT = {"in": "europe-1914", "pact": "franco-russian-alliance", "draws": 20, "wars": 200, "seed": 2}
YEARS = {
    "in": "europe-1914",
    "years": 2,
    "draws": 20,
    "seed": 4,
    "what_if": "void:franco-russian-alliance",
    "pair": ["GMY", "RUS"],
}


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    return asked("pact-account", Desk(tmp_path_factory.mktemp("s")), **PACT)


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    return asked("evolve", Desk(tmp_path_factory.mktemp("s")), **YEARS)


def test_the_account_is_that_of_python_and_of_the_command(account, capsys):
    x, out = ran(account["python"])["result"], commanded(account["cli"], capsys)
    for name in ("assurance", "aggravation", "net", "net_attacked", "net_drawn_in"):
        e = getattr(x, name)
        assert account["data"][name] == pytest.approx({"mean": e.mean, "low": e.low, "high": e.high}, rel=1e-9)
        assert account["data"][name]["high"] == out[name]["high"]
    assert account["data"]["p_assures"] == out["p_assures"]
    names = [c["name"] for c in account["tables"]["effects"]["columns"]]
    assert account["tables"]["effects"]["rows"] == [[r[n] for n in names] for r in out["effects"]]


def test_members_and_outsiders_of_an_account_are_apart(account, tmp_path):
    assert {e["id"] for e in account["data"]["members"]} == {"FRN", "RUS"}
    assert all(e["wins"] is None for e in account["data"]["members"])
    assert all(e["wins"]["low"] <= e["wins"]["high"] for e in account["data"]["outsiders"])
    assert (account["kind"], account["draws"], account["seed"]) == ("estimated", 20, 2)
    bare = asked("pact-account", Desk(tmp_path), **(PACT | {"wars": 0}))
    assert bare["data"]["net_drawn_in"] is None
    assert bare["tables"]["sums"]["rows"][-1][1:] == [None, None, None]
    assert asked("pact-account", Desk(tmp_path), **(PACT | {"wars": 0, "what_if": "void:dual-alliance"}))["cli"] is None


def test_years_forward_are_those_of_python_and_of_the_command(years, capsys):
    space, out = ran(years["python"]), commanded(years["cli"], capsys)
    table = out["evolution"]["table"]
    for name, rows in years["data"]["series"].items():
        assert [r["high"] for r in rows] == [r[f"{name}_high"] for r in table], name
        assert [r["mean"] for r in rows] == pytest.approx(space["result"].table()[name].to_list(), rel=1e-9)
    page = {r["measure"]: r["difference"] for r in years["data"]["against"]["rows"]}
    assert page == {r["measure"]: r["difference"] for r in out["against"]["table"]}
    assert page == pytest.approx(
        {r["measure"]: r["difference"] for r in space["difference"].table().to_dicts()}, rel=1e-9
    )
    assert years["data"]["pair"]["years"] == out["pairs"][0]["years"]
    assert {"years", "states", "likeliest", "against", "against_pairs", "pair"} == set(years["tables"])


def test_a_named_what_if_is_set_against_its_own_base(tmp_path):
    told = asked(
        "evolve", Desk(tmp_path), **(YEARS | {"what_if": "no-franco-russian-alliance", "pair": None, "years": 1})
    )
    space = ran(told["python"])
    assert told["data"]["pair"] is None
    page = {r["measure"]: r["difference"] for r in told["data"]["against"]["rows"]}
    assert page == pytest.approx(
        {r["measure"]: r["difference"] for r in space["difference"].table().to_dicts()}, rel=1e-9
    )


def test_a_run_goes_on_from_the_futures_that_it_kept(tmp_path):
    once = YEARS | {"what_if": "void:franco-russian-alliance", "years": 1}
    desk = Desk(tmp_path, keep=tmp_path / "kept")
    first = asked("evolve", desk, **once)
    parts = sorted((tmp_path / "kept" / "base").glob("part-*.npz"))
    assert parts
    stamps = [p.stat().st_mtime_ns for p in parts]
    assert asked("evolve", desk, **once) == first == asked("evolve", Desk(tmp_path), **once)
    assert [p.stat().st_mtime_ns for p in parts] == stamps


def test_without_a_what_if_nothing_is_set_beside_and_the_run_tells_how_far_it_is(tmp_path):
    said = []
    told = asked(
        "evolve",
        Desk(tmp_path, tell=lambda share, text="": said.append(share)),
        **(YEARS | {"what_if": None, "pair": None}),
    )
    assert told["data"]["against"] is None
    assert said == sorted(said)
    assert said[-1] == 1.0


def test_every_model_is_told_with_its_standing(tmp_path):
    told = asked("models", Desk(tmp_path))
    rows = {m["model"]: m for m in told["data"]["models"]}
    assert set(rows) == set(params.names())
    for name, row in rows.items():
        p = params.load(name)
        assert row["fitted"] + row["published"] + row["assumed"] == row["parameters"] == len(p.table)
    assert rows["ties"]["assumed"] == rows["ties"]["parameters"]
    assert rows["ties"]["beaten_by"] is None
    assert set(ran(told["python"])["result"]) == set(rows)


def test_a_model_that_loses_against_a_baseline_says_so(tmp_path):
    told = asked("models", Desk(tmp_path), model="spread")
    model, card = told["data"]["model"], shipped_card("spread")
    assert [p["name"] for p in model["params"]] == list(params.load("spread").table)
    page = {(a["baseline"], a["score"], a["cases"]): a["verdict"] for a in model["card"]["against"]}
    assert page == {(a.baseline, a.score, a.cases): "beats" if a.beats else "does not beat" for a in card.against}
    assert model["beaten_by"] == sum(v == "does not beat" for v in page.values()) > 0
    assert {"models", "params", "scores", "against", "coefficients"} == set(told["tables"])
    assert ran(told["python"])["card"] == card


def test_a_model_without_a_card_shows_no_scores_and_an_unknown_one_is_refused(tmp_path):
    told = asked("models", Desk(tmp_path), model="ties_fitted")
    assert told["data"]["model"]["card"] is None
    assert told["data"]["model"]["command"] == "foedus backtest pacts"
    assert "scores" not in told["tables"]
    assert ran(told["python"])["card"] is None
    with pytest.raises(ParameterError, match="one of"):
        asked("models", Desk(tmp_path), model="oracle")
