"""Casus foederis from the data: one real treaty for each kind of condition, and every row of Berkemeier and Fuhrmann."""

import datetime as dt
import functools
from pathlib import Path

import pytest

from foedus.studies.casus import THEIRS, against_berkemeier_fuhrmann
from foedus.system.from_tables import build
from foedus.system.tables import Tables

pytestmark = pytest.mark.realdata
PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "obligations.md"


@pytest.fixture(scope="module")
def at(realdata_dir):
    tables = Tables.read(realdata_dir)
    return functools.cache(lambda day: build(dt.date.fromisoformat(day), tables))


@pytest.mark.parametrize(
    ("day", "attack", "prior", "actor", "ally", "pledge", "verdict"),
    [
        # Anglo-Japanese Alliance 1902, Art. II and III: alone, then against two (defconum, neuconum, offconum).
        ("1902-06-01", ("RUS", "JPN"), (), "UKG", "JPN", "defense", "not triggered"),
        ("1902-06-01", ("RUS", "JPN"), (("FRN", "JPN"),), "UKG", "JPN", "defense", "bound"),
        ("1902-06-01", ("RUS", "JPN"), (("FRN", "JPN"),), "UKG", "JPN", "neutral", "not triggered"),
        ("1904-02-09", ("JPN", "RUS"), (), "UKG", "JPN", "offense", "not triggered"),
        # Anglo-Soviet agreement of July 1941: for the war with Germany (defcocon with cowwar 139), not one with Japan.
        ("1941-08-01", ("GMY", "RUS"), (), "UKG", "RUS", "defense", "bound"),
        ("1941-08-01", ("JPN", "RUS"), (), "UKG", "RUS", "defense", "not triggered"),
        # The offence of 1942 was for that war and has lapsed with it; the defence against Germany stands.
        ("1948-08-01", ("RUS", "FRN"), (), "UKG", "RUS", "offense", None),
        # Triple Alliance against Paraguay, 1865.
        ("1865-06-01", ("PAR", "ARG"), (), "BRA", "ARG", "defense", "bound"),
        # League of the Three Emperors, Art. I: a fourth great power; Turkey only after an agreement.
        ("1885-06-01", ("UKG", "RUS"), (), "GMY", "RUS", "neutral", "stay out"),
        ("1885-06-01", ("RUS", "TUR"), (), "AUH", "RUS", "neutral", "undetermined"),
        # Reinsurance Treaty, Art. I: not if one of the two attacks France or Austria-Hungary.
        ("1888-06-01", ("GMY", "FRN"), (), "RUS", "GMY", "neutral", "released"),
        ("1888-06-01", ("FRN", "GMY"), (), "RUS", "GMY", "neutral", "stay out"),
        ("1888-06-01", ("AUH", "RUS"), (), "GMY", "RUS", "neutral", "stay out"),
        # Dual Alliance, Art. I and II: Russia means help, another attacker neutrality.
        ("1890-06-01", ("RUS", "AUH"), (), "GMY", "AUH", "defense", "bound"),
        ("1880-06-01", ("RUS", "AUH"), (), "GMY", "AUH", "neutral", "not triggered"),
        ("1880-06-01", ("ITA", "AUH"), (), "GMY", "AUH", "neutral", "stay out"),
        # Notes of 1902 between France and Italy: olimob=1, the limit stated by our clause.
        ("1914-08-03", ("GMY", "FRN"), (), "ITA", "FRN", "neutral", "stay out"),
        # Soviet-Czechoslovak pact of 1935: only with France (olimob=1), which no variable holds.
        ("1936-06-01", ("GMY", "CZE"), (), "RUS", "CZE", "neutral", "undetermined"),
        # Greece and Bulgaria 1912: unprovoked (defconpr), against the Ottoman Empire (defcoadv, statthr1).
        ("1912-10-01", ("TUR", "BUL"), (), "GRC", "BUL", "defense", "bound"),
        ("1912-10-01", ("BUL", "TUR"), (), "GRC", "BUL", "defense", "released"),
        # France and Russia 1859: neutral if Austria fights France (neucoadv).
        ("1859-04-01", ("AUH", "FRN"), (), "RUS", "FRN", "neutral", "stay out"),
        ("1859-04-01", ("GMY", "FRN"), (), "RUS", "FRN", "neutral", "not triggered"),
    ],
)  # fmt: skip
def test_a_real_treaty_for_each_condition(at, day, attack, prior, actor, ally, pledge, verdict):
    result = at(day).bound(*attack, prior=prior)
    if verdict is None:
        assert not [r for r in result.rows if r.actor == actor and r.ally == ally and r.pledge == pledge]
    else:
        assert result.verdict(actor, ally, pledge=pledge) == verdict


def test_a_place_that_the_caller_names_is_how_a_colony_is_spoken_of(at):
    system = at("1982-04-02")
    assert system.bound("ARG", "UKG", where="Latin America").verdict("USA", "UKG", pledge="defense") == "not triggered"
    assert system.bound("ARG", "UKG", where="Europe").verdict("USA", "UKG", pledge="defense") == "bound"


def test_phases_and_renewal_change_what_is_owed(at):
    """Germany owes Italy an offensive against France from the second treaty of the Triple Alliance (1887) on, not in the first."""
    for day, owed in (("1885-06-01", False), ("1888-06-01", True)):
        pledges = [(p.atop, g.type) for p, g, to in at(day).pledges() if g.by == "GMY" and to == "ITA"]
        assert ((1350, "offense") in pledges) is owed


def test_secrecy_length_and_lapse_stand_in_the_note(at):
    notes = {p.atop: p.note for p in at("1885-06-01").pacts}
    assert "secret (pubsecr=2); made for 60 months" in notes[1335]
    assert (
        "owed in war 139 of Correlates of War only, which has ended: offense"
        in {p.atop: p.note for p in at("1948-08-01").pacts}[2535]
    )


@pytest.fixture(scope="module")
def compared(realdata_dir):
    return against_berkemeier_fuhrmann(realdata_dir)


def test_every_row_of_theirs_is_a_case_and_their_totals_are_the_published_ones(compared):
    """146 performance cases of 576; 215 not met, 101 consultation only and 148 non-aggression kept before rows marked twice are given one label."""
    assert len(compared.cases) == len({(c.war, c.atop) for c in compared.cases}) == 576
    counts = {t: sum(c.theirs == t for c in compared.cases) for t in THEIRS}
    assert counts == {"performance": 146, "not met": 215, "non-aggression kept": 130, "consultation only": 85}


def test_the_confusion_of_the_two_codings(compared):
    assert [tuple(r) for r in compared.confusion().rows()] == [
        ("performance", 105, 11, 1, 0),
        ("undetermined", 25, 11, 0, 0),
        ("not met", 14, 171, 1, 0),
        ("non-aggression kept", 1, 2, 125, 0),
        ("consultation only", 0, 0, 0, 74),
        ("not in force", 1, 20, 3, 11),
    ]
    assert round(compared.binary()["kappa"], 3) == 0.740
    assert len(compared.disagreements) == 101
    assert all(c.reason for c in compared.disagreements)
    assert all(c.evidence for c in compared.disagreements if c.ours != "not in force")


def test_what_an_expert_would_check(compared):
    by = {(c.name, c.atop): c for c in compared.cases}
    for alliance in (1335, 1385, 1420, 2005, 1400):  # Dual, Franco-Russian, Prinetti-Barrere, Ottoman, Anglo-Portuguese
        assert by["WorldWarI", alliance].agree, alliance
    assert by["WorldWarI", 1490].agree
    assert by["WorldWarI", 1355].reason == "released"  # Austria-Hungary struck first: Romania's own argument
    assert by["WorldWarII", 2060].agree  # France and Poland
    assert by["Falklands1982", 3180].reason == "other"  # the place of the fighting is not in the list of wars


def test_the_page_shows_these_tables(compared):
    shown = PAGE.read_text(encoding="utf-8")
    tables = compared.markdown().split("\n\n")
    for table in tables[:2]:
        for line in table.splitlines():
            assert line in shown, line
