"""Claim B by the detector, on a record by hand."""

from types import SimpleNamespace

import pytest

from foedus.formation.counter import Row
from foedus.formation.counter_stats import Effect
from foedus.studies import verdict_counter as module
from verdict_bench import ByHand, run


def effect(value, half=0.1):
    return Effect(10, 5, 6, 0.3, 0.3 - value, value, value - half, value + half)


def rows(outcomes):
    return [
        Row(design, outcome, era, k, effect(0.01 * k if design == "permute" else -0.3))
        for design in ("permute", "matched") for outcome in outcomes for era in module.SPANS for k in ((3, 5, 10) if era == "all" else (5,))
    ]  # fmt: skip


@pytest.fixture
def calls(monkeypatch):
    made = []

    def detector(*, data_dir, seed):
        made.append(seed)
        few = [r for r in rows(("counter", "either")) if r.era != "1990-"] + [
            Row("permute", "counter", "1990-", 5, Effect(1, 1, 1))
        ]
        return SimpleNamespace(rows=few, redress=rows(("own", "allied")))

    monkeypatch.setattr(module, "counter_pacts", detector)
    return made


def test_cells_are_the_detectors_comparisons(tmp_path, calls):
    bench = ByHand(tmp_path, dict.fromkeys(module.REQUIRED), seed=4)
    cells = {tuple(dict(c.choices).values()): c for c in run(module.ANSWERED, bench)["all pacts",]}
    assert len(cells) == 18
    assert cells["other dates", "all", "10"].estimate == pytest.approx(0.1)
    assert cells["peers", "1871-1914", "5"].estimate == -0.3
    assert cells["peers", "1871-1914", "5"].rests_on == "10 cases of 5 states in 6 years"
    assert cells["other dates", "1990-", "5"].missing == "too few to compare (1 cases)"
    assert cells["peers", "1990-", "5"].missing == "not compared"
    signed = {tuple(dict(c.choices).values()): c for c in run(module.SIGNED, bench)["all pacts",]}
    assert len(signed) == 28
    assert signed["other dates", "world wars", "with its allies"].estimate == pytest.approx(0.05)
    assert calls == [4]  # both parts share one record


def test_without_data(tmp_path, calls):
    gone = run(module.SIGNED, ByHand(tmp_path))["all pacts",]
    assert {c.missing[:11] for c in gone} == {"not at hand"}
    assert calls == []
