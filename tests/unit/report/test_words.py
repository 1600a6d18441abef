import dataclasses

import pytest

from foedus import load
from foedus.estimate.nested import Estimate
from foedus.report.words import BRIEF, Names, at_word, chance, counted, listed, percent, plain, points, signed, thousand
from foedus.system.nouns import Actor


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.004, "<0.01"),
        (-0.004, ">−0.01"),
        (0.456, "0.46"),
        (4.56, "4.6"),
        (45.6, "46"),
        (4567, "4,567"),
        (-1.2, "−1.2"),
    ],
)
def test_two_significant_decimals(value, text):
    assert plain(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0"),
        (0.0001, "0.01"),
        (0.000314, "0.031"),
        (0.0000251, "0.0025"),
        (0.0025, "0.25"),
        (0.00994, "0.99"),
        (0.00996, "1.0"),
        (0.034, "3.4"),
        (0.5, "50"),
        (0.9951, ">99"),
        (0.994, "99"),
        (1, "100"),
        (0.09949, "9.9"),
    ],
)
def test_certainty_is_written_only_where_it_is_exact(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("e", "text"),
    [
        (Estimate(0.25, 0.1, 0.4, 0.0), "25 % [10, 40]"),
        (Estimate(0.0003, 0.00001, 0.002, 0.0), "0.03 % [0.001, 0.2]"),
        (Estimate(0.000025, 0.0, 0.004, 0.0), "1 in 40,000 [0, 1 in 250]"),
        (Estimate(0.0, 0.0, 0.2, 0.0), "0 % [0, 20]"),
        (Estimate(0.0, 0.0, 0.0, 0.0, "estimated", 400), "0 % [0, 0]"),
        (Estimate(0.0, 0.0, 0.0016, 0.0, draws=1000), "0 % (none of 1,000 draws: <0.3 %, 95 %)"),
        (Estimate(0.0, 0.0, 1.0, 0.0, draws=2), "0 % (none of 2 draws: <100 %, 95 %)"),
    ],
)
def test_a_small_chance_keeps_its_size(e, text):
    assert chance(e) == text


def test_three_in_n_bounds_what_no_draw_hit():
    """The chance at which n draws all miss with 5 % is below three in n, and not far below."""
    for n in (100, 400, 10_000):
        bound = 1 - 0.05 ** (1 / n)
        assert 2.9 / n < bound < 3 / n


@pytest.mark.parametrize(("value", "text"), [(0.5, "+0.50"), (-12, "−12"), (0.001, "0.00"), (-0.001, "0.00"), (0, "0")])
def test_a_difference_carries_its_sign_unless_it_rounds_to_nothing(value, text):
    assert signed(value) == text


def test_units():
    assert points(-0.031) == "−3.1"
    assert thousand(0.00034) == "0.34"


def test_lists_and_counts():
    assert listed([]) == "none"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed("abcd", 2) == "a, b and 2 more"
    assert counted(1, "draw") == "1 draw"
    assert counted(1200, "ally", "allies") == "1,200 allies"


def test_names_are_cut_between_words_and_stay_apart(findings):
    assert at_word("Syrian opposition factions of the north", BRIEF) == "Syrian opposition…"
    long = "The People's Democratic Federation of Somewhere "
    actors = tuple(Actor(f"A{k}", f"{long}{k}") for k in range(2))
    names = Names(dataclasses.replace(findings.system, actors=actors, pacts=(), ties=(), borders=(), flashpoints=()))
    assert [names.short("A0"), names.short("A1")] == ["A0", "A1"]
    assert names.whole("A0") == f"{long}0"


def test_ids_in_a_sentence_become_names(findings):
    names = Names(findings.system)
    assert names.within("AUH attacked first, with GMYX") == "Austria-Hungary attacked first, with GMYX"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("TUR", "Ottoman Empire (TUR)"),
        ("AUH", "Austria-Hungary"),
        ("AUH, TUR", "Austria-Hungary, Ottoman Empire (TUR)"),
        ("AUH-SER", "Austria-Hungary – Serbia"),
        ("AUH:TUR", "Austria-Hungary – Ottoman Empire (TUR)"),
        ("AUH-XYZ", "Austria-Hungary-XYZ"),
        ("Ottoman Empire (TUR) attacks", "Ottoman Empire (TUR) attacks"),
        ("void the SER-TUR Accord, and TUR", "void the SER-TUR Accord, and Ottoman Empire (TUR)"),
        ("CINC, GMYX, Turkey", "CINC, GMYX, Turkey"),
        (
            "SER and TUR (--around SER, --what-if remove:TUR)",
            "Serbia and Ottoman Empire (TUR) (--around SER, --what-if remove:TUR)",
        ),
        ("void the pact racconigi; the pact of AUH", "void Racconigi agreement; the pact of Austria-Hungary"),
    ],
)
def test_ids_are_told_as_names_of_the_time_and_titles_are_kept(text, said):
    system = load("europe-1914")
    first, *others = system.pacts
    names = Names(dataclasses.replace(system, pacts=(dataclasses.replace(first, name="SER-TUR Accord"), *others)))
    assert names.told(text) == said
    assert names.told(said) == said


def test_kind_stands_behind_the_name_of_a_group(hostile):
    assert Names(hostile.system).tagged("CC").endswith("(group)")
