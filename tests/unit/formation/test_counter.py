"""The detector on made-up histories: what it counts, that it finds what was planted, and how often it finds what was not."""

from dataclasses import replace

import numpy as np
import pytest

from counter_twin import END, made_up, twin_first, twin_peers
from foedus.errors import ParameterError
from foedus.formation.counter import compare, exchanged
from foedus.formation.counter_history import era_of, span_of
from foedus.formation.record import DAYS_A_YEAR


def primary(history, **more):
    found = compare(history, draws=200, primary=True, **({"samples": 99} | more))
    return {r.design: r.effect for r in found.rows if r.outcome == "counter" and r.within == 5}


def test_shares_and_expectations_are_those_of_a_plain_count():
    history, _ = made_up(11, planted=0.2, states=14, pacts=10)
    days = exchanged(history, samples=12, seed=3)
    got = primary(history, days=days)
    pairs = history.pairs
    some = [k for k in np.flatnonzero(history.threatened) if pairs.day[pairs.pact[k]] + 5 * DAYS_A_YEAR <= END]
    came = twin_first(history)
    drawn = [twin_first(history, day) for day in days]
    share = np.mean([came[k][0] <= 5 for k in some])
    assert got["permute"].share == pytest.approx(share)
    assert got["permute"].expected == pytest.approx(np.mean([[d[k][0] <= 5 for k in some] for d in drawn]))
    peers = np.mean([[came[m][0] <= 5 for m in twin_peers(history, k)] for k in some])
    assert got["matched"].expected == pytest.approx(peers)
    orders = np.array([np.mean([d[k][0] <= 5 for k in some]) for d in drawn])
    beyond = np.abs(orders - orders.mean()) >= abs(share - orders.mean()) - 1e-12
    assert got["permute"].p == pytest.approx((1 + beyond.sum()) / 13)


def test_planted_answers_are_found_and_their_size_is_covered():
    covered, found = 0, []
    for seed in range(8):
        history, truth = made_up(seed, planted=0.4)
        got = primary(history, seed=seed)
        covered += got["matched"].low <= truth <= got["matched"].high
        found.append((got["permute"], got["matched"]))
    assert (
        covered >= 6
    )  # 90 % intervals; on 100 histories they cover 98, and fewer than 6 of 8 has a chance of 4 % at 90
    assert all(t.side == 1 and t.p <= 0.05 and m.side == 1 for t, m in found)


def test_histories_without_answers_are_seldom_called_answered():
    hits = {"permute": 0, "matched": 0}
    for seed in range(30):
        got = primary(made_up(500 + seed)[0], seed=seed)
        for name in hits:
            hits[name] += got[name].p <= 0.1
    assert hits["permute"] <= 7  # binomial(30, 0.1): more has a chance of 1 %
    assert hits["matched"] <= 7


def test_bursts_do_not_make_an_effect_of_own_shifts_or_of_peers():
    apart = {"shift": [], "matched": [], "permute": []}
    for seed in range(10):
        got = primary(made_up(900 + seed, bursts=0.7)[0], seed=seed)
        for name, found in apart.items():
            found.append(got[name].difference)
    mean = {name: np.mean(x) for name, x in apart.items()}
    assert abs(mean["shift"]) < 0.03
    assert abs(mean["matched"]) < 0.06
    assert mean["permute"] < -0.05  # the known fault of exchanged dates, for which the check is there (decision 17)


def test_years_beyond_the_record_are_unknown():
    history, _ = made_up(13, planted=0.3)
    ended = replace(history, end=int(np.median(history.pairs.day)))
    for got in (primary(history), primary(ended)):
        assert got["permute"].cases > 0
    late = history.pairs.day[history.pairs.pact[history.threatened]] + 5 * DAYS_A_YEAR > ended.end
    assert primary(ended)["permute"].cases == (~late).sum()
    nothing = primary(replace(history, end=0))
    assert nothing["permute"].cases == nothing["matched"].cases == 0
    assert nothing["permute"].share is None


def test_all_rows_their_corrections_and_the_same_bits_again():
    history, _ = made_up(17, planted=0.3)
    told = []
    one = compare(history, samples=30, draws=50, progress=told.append)
    two = compare(history, samples=30, draws=50)
    assert one == two
    assert told[-1] == 1.0
    assert {r.design for r in one.rows} == {"permute", "calm", "shift", "matched", "before"}
    assert {r.within for r in one.rows if r.era == "all"} == set(range(1, 11))
    era = {r.era: r.effect for r in one.rows if (r.design, r.outcome, r.within) == ("permute", "counter", 5)}
    assert era["1946-1989"].cases == 0
    assert sum(e.cases for name, e in era.items() if name != "all") == era["all"].cases
    assert era["all"].p_holm >= era["all"].p
    assert all(r.effect.p_holm is None for r in one.rows if r.design in ("calm", "shift", "before"))
    assert all(r.effect.p is None for r in one.rows if r.design == "shift")
    alone = compare(history, samples=30, draws=50, designs=("matched",))
    assert {r.design for r in alone.rows} == {"matched", "before"}
    assert set(one.balance) == {"ln capability", "gains a year before", "great power"}
    assert one.threatened == one.matched == history.threatened.sum()


def test_other_thresholds_and_unknown_capability():
    history, _ = made_up(19)
    everyone = history.rise > 0
    few = compare(history, samples=19, draws=20, threatened=everyone & (history.pairs.pact < 5), primary=True)
    assert few.threatened == (everyone & (history.pairs.pact < 5)).sum()
    blind = replace(history, power=np.full(len(history.power), np.nan))
    assert compare(blind, samples=19, draws=20, primary=True).threatened == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [({"within": 0}, "within"), ({"within": 11}, "within"), ({"within": True}, "within"), ({"designs": ()}, "designs"),
     ({"designs": ("other",)}, "designs")],
)  # fmt: skip
def test_what_is_refused(more, words):
    with pytest.raises(ParameterError, match=words):
        compare(made_up(1, states=8, pacts=3)[0], **more)


def test_eras_and_spans():
    years = np.array([1816, 1870, 1871, 1915, 1919, 1940, 1945, 1946, 1990, 2018])
    assert era_of(years).tolist() == [0, 0, 1, 5, 2, 5, 5, 3, 4, 4]
    assert len(set(span_of(years).tolist())) == 7
    assert (np.diff(span_of(years)) >= 0).all()
