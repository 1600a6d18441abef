"""Casus foederis from the data: one real treaty for each kind of condition, and every row of Berkemeier and Fuhrmann."""

import datetime as dt
import functools

import pytest

from foedus.system.from_tables import build
from foedus.system.tables import Tables

pytestmark = pytest.mark.realdata


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
