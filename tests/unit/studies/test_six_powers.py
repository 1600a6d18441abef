"""Six powers at six dates: the published drawings counted by hand, the count of frustrated ties against brute force, and ours beside them."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foedus as fd
from foedus.blocs.balance import balance
from foedus.errors import CoverageError, ParameterError, UnknownStateError
from foedus.studies.six_powers import OPEN, POWERS, PUBLISHED, least_against, six_powers

LAST = "British-Russian agreement"


@pytest.fixture(scope="module")
def scenario():
    return fd.load_scenario("europe-1872-1914")


@pytest.fixture(scope="module")
def found(scenario):
    return six_powers(scenario, draws=120)


def brute(signs, pairs, n):
    """Plain Python: the fewest ties against two blocs over all line-ups."""
    best = len(pairs)
    for label in product((0, 1), repeat=n):
        against = sum((s > 0) != (label[a] == label[b]) for s, (a, b) in zip(signs, pairs, strict=True) if s)
        best = min(best, against)
    return best


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=10, max_size=10))
@settings(max_examples=60, deadline=None)
def test_the_fewest_ties_against_two_blocs(signs):
    pairs = list(combinations(range(5), 2))
    assert least_against(np.array([signs]), np.array(pairs), 5).tolist() == [brute(signs, pairs, 5)]


def test_it_agrees_with_the_exact_partition():
    rng = np.random.default_rng(1)
    pairs = list(combinations(range(6), 2))
    signs = rng.choice([-1, 1], size=(8, 15))
    ours = least_against(signs, np.array(pairs), 6)
    for row, value in zip(signs, ours, strict=True):
        assert (
            balance([(str(a), str(b), int(s)) for (a, b), s in zip(pairs, row, strict=True)]).frustration.value == value
        )


@pytest.mark.parametrize(
    ("drawing", "ties", "hostile", "balanced", "triads", "against"),
    [
        ("Three Emperors' League", 9, 6, 5, 7, 1),
        ("Triple Alliance", 11, 6, 6, 8, 1),
        ("German-Russian lapse", 10, 7, 3, 5, 1),
        ("French-Russian alliance", 11, 7, 6, 8, 1),
        ("Entente Cordiale", 11, 6, 6, 8, 1),
        (LAST, 15, 9, 20, 20, 0),
    ],
)
def test_published_drawings_by_hand(found, drawing, ties, hostile, balanced, triads, against):
    """Counted on paper: until 1907 one tie of the British is against any two blocs; the last drawing is two blocs of three, complete."""
    row = found.at(drawing, "published")
    assert (row.ties, row.negative, row.balanced_triads, row.triads, row.frustration) == (
        ties,
        hostile,
        balanced,
        triads,
        against,
    )
    assert (row.frustration_drawn, row.p_balanced) == (None, None)


def test_row_7_european_treaties_end_balanced(found):
    """Results table 7 (Antal and others 2006): balanced by the published signs; not by the scenario's, whatever is left out, and surely not."""
    published = found.at(LAST, "published")
    assert published.balanced
    friends = {p for p, s in published.signs.items() if s > 0}
    assert friends == {("UKG", "FRN"), ("UKG", "RUS"), ("FRN", "RUS"), ("AUH", "GMY"), ("AUH", "ITA"), ("GMY", "ITA")}
    assert [d for d in PUBLISHED if found.at(d, "published").balanced] == [LAST]
    for coding in ("every", "stated", "strong"):
        ours = found.at(LAST, coding)
        assert not ours.balanced
        assert ours.p_balanced < 0.1
        assert ours.frustration_drawn.low <= ours.frustration_drawn.mean <= ours.frustration_drawn.high


def test_where_ours_differs_is_italy_and_vienna(found):
    """Italy was friendly with Britain and France, and Vienna at peace with Britain and, in the Balkans, with Russia: none of it is in the drawing."""
    differs = {frozenset(p[:2]) for p in found.differences(LAST, "stated")}
    assert {frozenset(("UKG", "ITA")), frozenset(("FRN", "ITA")), frozenset(("UKG", "AUH"))} <= differs
    same = {frozenset(p) for p in (("UKG", "FRN"), ("FRN", "RUS"), ("GMY", "AUH"), ("FRN", "GMY"), ("UKG", "GMY"))}
    assert not same & differs


def test_open_ties_are_hostile_in_the_last_drawing_and_absent_before(found):
    for drawing, (_, signs) in PUBLISHED.items():
        assert [signs.get(p) for p in OPEN] == ([-1] * 4 if drawing == LAST else [None] * 4)
        more = found.at(drawing, "published with open ties")
        assert more.ties - found.at(drawing, "published").ties == (0 if drawing == LAST else 4)


def test_doubtful_pairs_are_those_that_change_sign(found):
    for row in found.rows:
        shares = [s for *_, s in row.doubtful]
        assert shares == sorted(shares)
        assert all(s < 0.9 for s in shares)
        assert all(a in POWERS and b in POWERS for a, b, _ in row.doubtful)
    last = {frozenset(p[:2]) for p in found.at(LAST, "every").doubtful}
    assert frozenset(("FRN", "GMY")) not in last
    assert frozenset(("AUH", "ITA")) in last


def test_what_is_stated_leaves_out_what_is_derived(scenario, found):
    bare = scenario.at(PUBLISHED[LAST][0])
    assert found.at(LAST, "stated").signs != found.at(LAST, "every").signs
    assert found.at(LAST, "strong").ties < found.at(LAST, "every").ties <= 15
    assert bare.date.year == 1907


def test_the_same_seed_gives_the_same_numbers(scenario, found):
    again = six_powers(scenario, draws=120, codings=["every"])
    assert again.at(LAST, "every") == found.at(LAST, "every")
    other = six_powers(scenario, draws=120, seed=2, codings=["every"])
    assert other.at(LAST, "every").frustration == found.at(LAST, "every").frustration


def test_tables(found):
    frame = found.table()
    assert frame.height == 6 * 5
    assert frame.filter(frame["coding"] == "published")["p_balanced"].null_count() == 6
    plain = found.to_dict()
    assert plain["rows"][0]["signs"]["FRN-GMY"] == -1
    assert (plain["draws"], plain["seed"]) == (found.draws, found.seed)
    assert "exact" in plain["standing"]
    assert "estimated" in plain["standing"]
    with pytest.raises(ParameterError, match="one of Three Emperors' League"):
        found.at("1914", "published")


def test_refusals(scenario):
    with pytest.raises(ParameterError, match="some of every"):
        six_powers(scenario, codings=["faint"])
    with pytest.raises(ParameterError, match="at least 2"):
        six_powers(scenario, draws=1)
    with pytest.raises(CoverageError, match="begins later"):
        six_powers(fd.load_scenario("europe-1914"))
    with pytest.raises(UnknownStateError):
        six_powers(fd.Scenario(scenario.system.edit().remove_actor("ITA").done(), (), (), "x", "x"))
