"""Disputes before and after a pact: a hand case, and every number against a plain twin on made-up records."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.estimate.resample import cluster_weights
from foedus.studies.pact_aftermath import ALONE, NULLS, OUTCOMES, WINDOW, Record, aftermath, over_pacts

D = dt.date
FIRST, LAST = D(1816, 1, 1), D(1920, 12, 31)
SIGNED = D(1900, 6, 1)


def record(disputes, states, majors=(), cinc=None):
    """Return the record of disputes given as (day, side A, side B)."""
    pairs, days = [], []
    for number, (day, a, b) in enumerate(disputes):
        for x, y, begins in [(i, j, 1) for i in a for j in b] + [(j, i, 0) for i in a for j in b]:
            pairs.append((number, x, y, begins))
            days.append(day.toordinal())
    spells = tuple((s, FIRST, LAST) if isinstance(s, int) else s for s in states)
    great = tuple((m, FIRST, LAST) for m in majors)
    return Record(
        np.array(pairs, dtype=np.int64).reshape(-1, 4),
        np.array(days, dtype=np.int64),
        spells,
        great,
        cinc or {},
        FIRST,
        LAST,
    )


def test_by_hand():
    disputes = [
        (D(1898, 1, 1), [3], [1]), (D(1899, 1, 1), [1, 2], [3, 4]), (D(1900, 6, 1), [3], [1]), (D(1901, 1, 1), [3], [1, 2]),
        (D(1902, 1, 1), [4], [1]), (D(1902, 2, 1), [1], [2]), (D(1905, 6, 1), [5], [6]), (D(1905, 6, 2), [5], [1]),
    ]  # fmt: skip
    got = aftermath(record(disputes, [1, 2, 3, 4, 5, 6]), [1, 2], SIGNED)
    before, after = dict(zip(OUTCOMES, got.before * 10, strict=True)), dict(zip(OUTCOMES, got.after * 10, strict=True))
    # Of ten member-years before: two disputes of 1, one of 2. The day of signature and the one past five years count nowhere.
    assert before == pytest.approx({"any": 3, "outsiders": 3, "attacked": 1, "attacks": 2, "within": 0})
    assert after == pytest.approx({"any": 5, "outsiders": 3, "attacked": 3, "attacks": 0, "within": 2})
    # Outsiders 3, 4, 5 and 6 had 2, 1, 0, 0 disputes with other than members before and after: none; 5 and 6 have one with each other after.
    assert got.against["change"][OUTCOMES.index("attacked")] == pytest.approx(0.2)
    others_before, others_after = np.zeros(4), np.array([0, 0, 0.2, 0.2])
    assert got.against["peers"][OUTCOMES.index("outsiders")] == pytest.approx(
        0.0 - (others_after - others_before).mean()
    )
    assert (got.members, got.matched) == (2, 2)
    assert np.isnan(got.against["peers"][ALONE])
    assert got.against["change"][ALONE] == pytest.approx(0.2)


def test_pacts_whose_windows_leave_the_data_or_whose_members_were_no_states_have_no_aftermath():
    quiet = record([], [1, 2, 3])
    assert aftermath(quiet, [1, 2], D(1820, 12, 31)) is None
    assert aftermath(quiet, [1, 2], D(1921, 1, 1).replace(year=1916)) is None
    assert aftermath(record([], [(1, FIRST, D(1904, 1, 1)), (2, D(1896, 1, 1), LAST), 3]), [1, 2], SIGNED) is None
    assert aftermath(quiet, [1, 2], D(1821, 1, 1)) is not None


def test_great_powers_are_compared_with_great_powers_and_without_any_the_answer_is_unknown():
    disputes = [(D(1901, 1, 1), [3], [4])]
    got = aftermath(record(disputes, [1, 2, 3, 4], majors=[1, 3]), [1, 2], SIGNED)
    peers = got.against["peers"][OUTCOMES.index("any")]
    assert peers == pytest.approx(-0.2)
    lonely = aftermath(record(disputes, [1, 3, 4], majors=[1]), [1], SIGNED)
    assert np.isnan(lonely.against["peers"]).all()
    assert np.isnan(lonely.against["matched"]).all()
    assert lonely.matched == 0
    assert lonely.against["change"][0] == 0


def test_ties_of_rates_are_broken_by_capability_and_an_unknown_one_comes_last():
    # Seven quiet peers; only the two farthest in capability have a dispute afterwards, so the five nearest have none.
    cinc = {(c, 1899): v for c, v in zip([1, 3, 4, 5, 6, 7, 8], [0.1, 0.1, 0.11, 0.12, 0.09, 0.13, 0.9], strict=True)}
    got = aftermath(record([(D(1901, 1, 1), [8], [9])], [1, *range(3, 10)], cinc=cinc), [1], SIGNED)
    assert got.against["matched"][0] == 0
    assert got.against["peers"][0] == pytest.approx(-2 * 0.2 / 7)


def test_the_change_before_looks_one_window_further_back():
    disputes = [(D(1892, 1, 1), [1], [3]), (D(1898, 1, 1), [1], [3]), (D(1899, 1, 1), [4], [1])]
    got = aftermath(record(disputes, [1, 3, 4]), [1], SIGNED)
    # Disputes in the five years before and in the five before those: 2 and 1 of the member, 1 and 1 of 3, 1 and none of 4.
    assert got.against["earlier"][0] == pytest.approx((2 - 1) / WINDOW - np.mean([0, 1 / WINDOW]))
    young = aftermath(record(disputes, [(1, D(1894, 1, 1), LAST), 3, 4]), [1], SIGNED)
    assert np.isnan(young.against["earlier"]).all()


@st.composite
def records(draw):
    codes = list(range(1, draw(st.integers(4, 8)) + 1))
    day = st.dates(D(1889, 1, 1), D(1907, 1, 1))
    some = st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True)
    found = [
        (d, a, [x for x in b if x not in a]) for d, a, b in draw(st.lists(st.tuples(day, some, some), max_size=25))
    ]
    majors = draw(st.lists(st.sampled_from(codes), max_size=3, unique=True))
    cinc = {(c, 1899): draw(st.sampled_from([0.01, 0.1, 0.3])) for c in codes[1:]}
    return codes, [d for d in found if d[2]], majors, cinc


@settings(deadline=None, max_examples=40)
@given(records())
def test_against_a_plain_twin(made):
    codes, disputes, majors, cinc = made
    members = codes[:2]
    got = aftermath(record(disputes, codes, majors, cinc), members, SIGNED)

    def rate(c, start, end, outcome):
        n = 0
        for day, a, b in disputes:
            if not start <= day < end or c not in a + b:
                continue
            foes = b if c in a else a
            out = [f for f in foes if f not in members]
            n += {"any": True, "outsiders": bool(out), "attacked": bool(out) and c in b, "attacks": bool(out) and c in a,
                  "within": any(f in members for f in foes)}[outcome]  # fmt: skip
        return n / 5

    spans = [(D(1890, 6, 1), D(1895, 6, 1)), (D(1895, 6, 1), SIGNED), (D(1900, 6, 2), D(1905, 6, 2))]
    for k, outcome in enumerate(OUTCOMES):
        past, before, after = ({c: rate(c, *span, outcome) for c in codes} for span in spans)
        quiet = {c: rate(c, *spans[1], "any") for c in codes}
        want = {name: [] for name in NULLS}
        for m in members:
            like = [c for c in codes if c not in members and (c in majors) == (m in majors)]
            gap = {c: abs(np.log(cinc[c, 1899] / cinc[m, 1899])) if m > 1 else np.inf for c in like}
            near = sorted(like, key=lambda c: (round(abs(quiet[c] - quiet[m]), 9), gap[c], c))[:5]
            change = {c: after[c] - before[c] for c in codes}
            want["change"].append(change[m])
            want["peers"].append(change[m] - np.mean([change[c] for c in like]) if like else np.nan)
            want["matched"].append(change[m] - np.mean([change[c] for c in near]) if like else np.nan)
            trend = {c: before[c] - past[c] for c in codes}
            want["earlier"].append(trend[m] - np.mean([trend[c] for c in like]) if like else np.nan)
        for name in NULLS:
            known = [v for v in want[name] if not np.isnan(v)]
            expected = np.nan if not known or (k == ALONE and name != "change") else np.mean(known)
            assert got.against[name][k] == pytest.approx(expected, nan_ok=True), (name, outcome)


def test_intervals_over_pacts_widen_with_clusters_and_need_two():
    values = np.array([[1.0, 1.0, 1.0, 5.0, 5.0, 5.0, np.nan], [1.0] + [np.nan] * 6]).T
    (mean, low, high, n), lonely = over_pacts(values, np.arange(7), seed=1)
    assert (mean, n) == (3.0, 6)
    assert low < mean < high
    assert np.isnan(lonely[0])
    assert lonely[3] == 1
    (_, wide_low, wide_high, _), _ = over_pacts(values, np.array([0, 0, 0, 1, 1, 1, 2]), seed=1)
    assert wide_high - wide_low > high - low
    assert np.isnan(over_pacts(values[:3], np.zeros(3, dtype=np.int64), seed=1)[0][0])
    assert over_pacts(values[6:], np.arange(1), seed=1)[0][3] == 0


def test_an_interval_over_pacts_is_that_of_means_of_resampled_pacts():
    values = np.array([0.3, -0.1, 0.7, 0.2])
    means = [float((w * values).sum() / w.sum()) for w in cluster_weights(np.arange(4), 1_000, 5)]
    ((mean, low, high, _),) = over_pacts(values[:, None], np.arange(4), seed=5)
    assert mean == pytest.approx(values.mean())
    assert (low, high) == pytest.approx(tuple(np.quantile(means, [0.05, 0.95])))
