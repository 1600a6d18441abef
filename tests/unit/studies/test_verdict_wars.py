"""Claims E and I: paired wars against `compare`, and which ties and pacts are tried."""

import numpy as np
import pytest

import foedus as fd
from foedus.studies import verdict_wars as module
from foedus.studies.verdict_wars import others, paired, shots, sponsor_ties
from foedus.system.edits import RemoveTie
from verdict_bench import ByHand, run


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "draws", lambda bench: 200)
    return ByHand(tmp_path)


@pytest.fixture
def asked(monkeypatch):
    """Record what is paired, without wars."""
    found = []

    def made(bench, choices, with_, without, shot, *, but=()):
        found.append((choices, with_, without, shot, but))
        return module.Cell.of(choices, (0.1, 0.0, 0.2))

    monkeypatch.setattr(module, "paired", made)
    return found


def test_a_pair_is_what_compare_finds_turned_round(bench):
    system = fd.load("middle-east-2019")
    bare = RemoveTie("IRN", "HEZB", "sponsorship").apply(system)
    made = paired(bench, {"a": "x"}, system, bare, ("ISR", "HEZB"))
    other = fd.compare(system, bare, of="war", attacker="ISR", target="HEZB", draws=200, seed=1)
    change = other.rows[0].change
    assert made.estimate == pytest.approx(-change.mean)
    assert (made.low, made.high) == pytest.approx((-change.high, -change.low))
    assert made.rests_on == "200 paired wars"
    less = paired(bench, {"a": "x"}, system, bare, ("ISR", "HEZB"), but=("IRN",))
    full, cut = other.wars
    k = system.index["IRN"]
    assert less.estimate == pytest.approx(
        np.mean((full.counts - (full.side[:, k] > 0)) - (cut.counts - (cut.side[:, k] > 0)))
    )
    assert (others(full, ()) == full.counts).all()


def test_how_many_wars(tmp_path):
    assert module.draws(ByHand(tmp_path)) == 2_000
    assert module.draws(ByHand(tmp_path, thorough=True)) == 10_000


def test_interventions_stand_twice_with_and_without_who_intervenes(bench, asked):
    found = run(module.INTERVENTION, bench)
    assert len(found) == 4
    assert len(found["Russia for Syria, 2015",]) == 2 * len(fd.load("middle-east-2015").flashpoints)
    choices, with_, without, shot, but = asked[0]
    assert (choices["counted"], but) == ("all belligerents", ())
    assert asked[1][4] == ("RUS",)
    assert shot == ("OPP", "SYR")
    names = [{p.name for p in s.active_pacts()} for s in (with_, without)]
    assert names[0] > names[1]


def test_pacts_of_1914_on_the_scenario_and_the_date(bench, asked, monkeypatch):
    found = run(module.VOIDED, bench)
    assert len(found[module.SYSTEMS[0],]) == 25
    assert found[module.SYSTEMS[1],][0].missing.startswith("not at hand")
    with_, without = asked[0][1:3]
    assert {p.id for p in with_.pacts} - {p.id for p in without.pacts} == {
        "franco-russian-alliance",
        "franco-russian-consultation",
    }
    system = fd.load("europe-1914")
    kept = dict(zip([i for _, ids in module.VOID.values() for i in ids], [p.id for p in system.pacts], strict=False))
    monkeypatch.setattr(module, "real_system", lambda date, data_dir: system)
    monkeypatch.setattr(
        module, "VOID", {k: (name, tuple(kept[i] for i in ids)) for k, (name, ids) in module.VOID.items()}
    )
    found = run(module.VOIDED, ByHand(bench.folder, dict.fromkeys(module.REQUIRED)))
    assert len(found[module.SYSTEMS[1],]) == 25
    with_, without = asked[-1][1:3]
    assert {p.id for p in with_.pacts} - {p.id for p in without.pacts} == set(module.VOID["Dual Alliance"][1])


def test_sponsors_of_armed_groups(bench, asked):
    system = fd.load("middle-east-2019")
    ties = sponsor_ties(system)
    assert ("IRN", "HEZB") in {(t.a, t.b) for t in ties}
    assert "YEM" not in {t.b for t in ties}  # a state
    assert shots(system)[0] == ("ISR", "IRN")
    found = run(module.SPONSOR, bench)
    assert len(found) == len(ties) + len(sponsor_ties(fd.load("middle-east-2015")))
    assert {len(v) for v in found.values()} == {2}
    choices, with_, without, *_ = asked[0]
    assert choices == {"system": "middle-east-2019", "sponsor and group": "IRN to HEZB", "first shot": "ISR:IRN"}
    assert len(with_.ties) - len(without.ties) == 1
    asked.clear()
    run(module.OPENLY, ByHand(bench.folder, thorough=True))
    choices, with_, without, *_ = asked[0]
    told = [
        next(t.openness for t in s.ties if (t.a, t.b, t.reason) == ("IRN", "HEZB", "sponsorship"))
        for s in (with_, without)
    ]
    assert told == ["open", "deniable"]
    assert len({c["first shot"] for c, *_ in asked if c["system"] == "middle-east-2019"}) == 5
