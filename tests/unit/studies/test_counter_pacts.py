"""The whole investigation on a made-up history: what is gathered, and what each threatened outsider signed."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from counter_twin import made_up, twin_first
from foedus.errors import ParameterError
from foedus.studies import counter_pacts as module
from foedus.studies.counter_pacts import answers, counter_pacts, greatest, rises, told


@pytest.fixture(scope="module")
def history():
    return made_up(31, planted=0.3, states=20, pacts=20)[0]


@pytest.fixture(scope="module")
def found(history):
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "counter_rows", lambda **more: more["progress"](1.0) or history)
        got = counter_pacts(samples=19, draws=30, progress=told.append)
    assert told[0] == 0.8
    assert told[-1] == 1.0
    return got


def test_everything_is_gathered(found, history):
    assert (found.pacts, found.first, found.last, found.within, found.end) == ("defense", 1816, 2018, 5, "1914-12-31")
    assert found.threatened == history.threatened.sum() == len(found.answers)
    assert {name for name, _ in found.sensitivity} == {
        "a rise of 5%",
        "a rise of 25%",
        "the 3 greatest rises of each pact",
    }
    assert found.rises[-1].pacts == 20
    assert found.verdict("1946-1989") == "too few to say"
    assert found.to_dict()["record_ends"] == "1914-12-31"


def test_answers_are_the_first_gains(found, history):
    first = twin_first(history)
    for got, row in zip(found.answers, np.flatnonzero(history.threatened), strict=True):
        years = first[row][0]
        assert got.years == (None if np.isinf(years) else pytest.approx(years))
        assert (got.answer == "") == np.isinf(years)
        assert (got.joined == "") == np.isinf(first[row][1])
        assert got.outsider == history.names[history.pairs.state[row]]
        assert got.share is None  # made-up outsiders are under no threat before
        assert got.gap_before == 0.0
    signing = int(np.argmax(history.signings.party.sum(axis=1)))
    crowd = history.signings.party[signing].sum()
    assert told(history, signing, -1).endswith(f" and {crowd - 4} more")
    under = replace(history, before=np.ones(len(history.rise)), gap_after=np.full(len(history.rise), np.nan))
    one = answers(under, history.threatened & (history.pairs.pact == 0))[0]
    assert one.share == one.rise
    assert one.gap_after is None


def test_the_greatest_rises_of_each_pact(history):
    rise = np.random.default_rng(1).random(len(history.rise))
    got = greatest(replace(history, rise=rise), 3)
    for pact in range(20):
        rows = np.flatnonzero(history.pairs.pact == pact)
        assert sorted(rows[np.argsort(-rise[rows])[:3]]) == np.flatnonzero(got & (history.pairs.pact == pact)).tolist()
    assert not greatest(replace(history, rise=np.zeros(len(rise))), 3).any()


def test_what_pacts_added(history):
    got = {r.era: r for r in rises(replace(history, gap_after=history.gap_before + 1.0))}
    assert got["all"].threatened == history.threatened.sum()
    assert got["all"].widened == 1.0
    assert got["all"].rise == pytest.approx(0.5)
    assert got["all"].gap == pytest.approx(1.0)
    assert got["1990-"] == type(got["all"])("1990-", 0, 0, None, None, 0, 0, None, None)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"within": 11}, "within"), ({"designs": ("x",)}, "designs"), ({"samples": 18}, "19 orders"), ({"draws": 19}, "20 resampled")],
)  # fmt: skip
def test_what_is_refused_before_any_work(more, words, monkeypatch):
    monkeypatch.setattr(module, "counter_rows", lambda **_: SimpleNamespace())
    with pytest.raises(ParameterError, match=words):
        counter_pacts(**more)
