import math

import polars as pl
import pytest

from foedus.errors import ParameterError
from foedus.studies.base_rates import BaseRates, _share, base_rates, counted


@pytest.fixture
def pairs():
    """Return six pairs in two years: two neighbours, one pair across water, one of a major, two far apart."""
    rows = [
        # conttype, major, pact owed by 1, by 2, dispute, war
        (1, 0, 0, 0, 1, 0), (1, 0, 1, 0, 0, 0), (3, 0, 0, 1, 0, 1), (0, 1, 0, 0, 1, 1), (0, 0, 0, 0, 0, 0), (0, 0, 0, 1, 0, 0),
    ]  # fmt: skip
    names = ["conttype", "cowmaj1", "defense12", "defense21", "gmlmidonset", "cowinteronset"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(cowmaj2=pl.lit(0))
    return pl.concat([frame.with_columns(year=pl.lit(y)) for y in (1900, 1950, 2008)])


def test_who_is_counted(pairs):
    made = BaseRates(counted(pairs, 0.9), 0.9, "year", {})
    assert [(made.of("dispute", g).n, made.of("dispute", g).events) for g in ("all", "relevant", "land", "other")] == [
        (18, 6),
        (12, 6),
        (6, 3),
        (6, 0),
    ]
    assert (made.of("war", "all").n, made.of("war", "all").events, made.of("war", "all").last_year) == (12, 4, 2003)
    assert (made.of("war", "relevant", since=1946).n, made.of("war", "relevant", since=1946).events) == (4, 2)
    assert (made.of("dispute", "all", pact=True).n, made.of("dispute", "all", pact=False).n) == (9, 9)
    assert made.of("dispute", "land", pact=False).rate == 1.0
    assert made.table().height == len(made.rates) == 16
    assert made.to_dict()["rates"][0]["group"] == "all"
    with pytest.raises(ParameterError, match="one of those"):
        made.of("war", "land", pact=True)


def test_what_no_source_covers_is_not_counted_as_peace(pairs):
    unknown = pairs.with_columns(gmlmidonset=pl.when(pl.col("year") == 1900).then("gmlmidonset"))
    assert BaseRates(counted(unknown, 0.9), 0.9, "year", {}).of("dispute", "all").n == 6


def test_interval_of_a_share():
    p, low, high = _share(3, 40, 0.95)
    assert (p, low, high) == pytest.approx((0.075, 0.025837, 0.198636), abs=1e-5)  # Wilson's, by hand
    assert _share(0, 10, 0.9)[1] == pytest.approx(0, abs=1e-12)
    assert math.isnan(_share(0, 0, 0.9)[0])


def test_level_is_checked_first():
    with pytest.raises(ParameterError, match="'level' parameter"):
        base_rates("nowhere", level=1.0)
