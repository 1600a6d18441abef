"""Blocs of real years against what any history of them says, and the same bits on one process and two."""

import pytest

from foedus.blocs.years import blocs_over_years

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def before_1914(realdata_dir):
    return blocs_over_years(1891, 1914, data_dir=realdata_dir)


def bloc(d, actor):
    return d.bloc[d.moment.ids.index(actor)]


def test_every_year_is_proved(before_1914):
    assert before_1914.proved
    assert len(before_1914.dates) == 24


def test_germany_and_france_are_apart_and_france_and_russia_together_after_1894(before_1914):
    for d in before_1914.dates:
        assert bloc(d, "GMY") != bloc(d, "FRN"), d.date
        assert bloc(d, "GMY") == bloc(d, "AUH"), d.date
        if d.date.year >= 1895:
            assert bloc(d, "FRN") == bloc(d, "RUS"), d.date


def test_britain_comes_over_between_the_entente_of_1904_and_1908(before_1914):
    (move,) = (m for m in before_1914.changes() if m.actor == "UKG")
    assert move.change == "moved"
    assert 1905 <= move.date.year <= 1908
    assert move.after == bloc(before_1914.at(1914), "FRN")


def test_the_letters_of_the_two_sides_last(before_1914):
    first, last = before_1914.dates[0], before_1914.dates[-1]
    assert bloc(first, "GMY") == bloc(last, "GMY")
    assert {b for d in before_1914.dates for b in d.blocs} == {0, 1}


def test_two_giants_face_each_other_after_1945(realdata_dir):
    found = blocs_over_years(1950, 1986, step=12, data_dir=realdata_dir)
    for d in found.dates:
        assert bloc(d, "USA") != bloc(d, "RUS"), d.date
        assert bloc(d, "USA") == bloc(d, "UKG"), d.date
        assert d.polarity.bipolar
        assert {"USA", "RUS"} <= {d.moment.ids[k] for k in d.polarity.poles}


def test_a_charge_lets_fewer_move_at_a_price(before_1914):
    from foedus.blocs.years import follow

    smooth = follow([d.moment for d in before_1914.dates], smooth=0.1)

    def moved(series):
        return sum(m.change == "moved" for m in series.changes())

    assert smooth.proved
    assert moved(smooth) < moved(before_1914)
    assert max(d.price for d in smooth.dates) > 0
    assert all(d.value >= d.moment.value for d in smooth.dates)


def test_one_process_or_two_the_same_bits(realdata_dir):
    one, two = (
        blocs_over_years("1914-06-28", "1914-08-28", data_dir=realdata_dir, draws=8, workers=w).to_dict()
        for w in (1, 2)
    )
    assert one == two
    assert [row["date"] for row in one["dates"]] == ["1914-06-28", "1914-07-28", "1914-08-28"]


def test_the_first_year_has_no_capability_before_it(realdata_dir):
    first, second = blocs_over_years(1816, 1817, data_dir=realdata_dir).polarity().to_dicts()
    assert first["poles"] is None
    assert second["poles"] > 0
