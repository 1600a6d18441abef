import datetime as dt

import pytest

from foedus.errors import ParameterError
from foedus.system.dates import parse_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1914", dt.date(1914, 1, 1)),
        (1914, dt.date(1914, 1, 1)),
        ("1914-07", dt.date(1914, 7, 1)),
        (" 1914-07-28 ", dt.date(1914, 7, 28)),
        (dt.date(1914, 7, 28), dt.date(1914, 7, 28)),
        (dt.datetime(1914, 7, 28, 12), dt.date(1914, 7, 28)),
    ],
)
def test_a_year_or_month_means_its_first_day(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["", "summer", "28-07-1914", "14", True, "1914-7-28-1"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ParameterError, match="a year, YYYY-MM or YYYY-MM-DD"):
        parse_date(text)


@pytest.mark.parametrize("text", ["1914-02-30", "1914-13", "0000"])
def test_a_day_outside_the_calendar_is_refused(text):
    with pytest.raises(ParameterError, match="a day of the calendar"):
        parse_date(text)
