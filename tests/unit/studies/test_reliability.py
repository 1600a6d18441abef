"""Shares, covariates and the written file of the reliability study, on hand-made rows."""

import datetime as dt
import tomllib

import polars as pl
import pytest

from foedus import params
from foedus.studies.reliability import COVARIATES, Share, _case, fit, toml

D = dt.date


def test_a_share_carries_its_wilson_interval():
    share = Share("x", 5, 10)
    low, high = share.interval
    assert (round(low, 3), round(high, 3)) == (0.269, 0.731)
    assert str(share) == "| x | 5 of 10 | 50.0 % | 27 to 73 % |"
    assert Share("none", 0, 8).interval[0] == 0.0


def test_covariates_by_hand():
    row = {
        "war": "W", "atopid": 9, "early": False, "multilateral": True, "offense": False, "defense": True, "neutral": True, "nonagg": True,
    }  # fmt: skip
    polity = {(1, 1950): -5, (2, 1950): 8, (1, 1959): 5, (2, 1959): 9}
    held = [(1, D(1950, 5, 1)), (2, D(1950, 5, 1))]
    got = _case(row, 1960, held, polity, [(2, D(1945, 1, 1), D(1970, 1, 1))])
    assert (got["obligation"], got["period"], got["size"], got["members"]) == (
        "defense",
        "from_1945",
        "multilateral",
        2,
    )
    assert got["democracy"] == pytest.approx(0.7)
    assert (got["regime_change"], got["major_power"]) == (1.0, 1.0)
    assert got["log_years"] == pytest.approx(2.3979, abs=1e-4)
    steady = _case(row, 1960, held[1:], polity, [])
    assert (steady["regime_change"], steady["major_power"]) == (0.0, 0.0)
    unknown = _case(row, 1960, [(3, D(1950, 5, 1))], polity, [])
    assert (unknown["democracy"], unknown["regime_change"]) == (None, None)


@pytest.fixture(scope="module")
def rows():
    base = dict.fromkeys(COVARIATES, 0.0)
    out = []
    for n, (obligation, period, size, kept) in enumerate(
        [("defense", "until_1944", "bilateral", True)] * 12
        + [("defense", "from_1945", "multilateral", False)] * 12
        + [("neutral", "until_1944", "bilateral", True)] * 3
        + [("offense", "until_1944", "bilateral", False)]
    ):
        known = base | {"democracy": float(kept), "log_years": n / 10}
        out.append({"obligation": obligation, "period": period, "size": size, "kept": kept} | known)
    out[0] |= {"democracy": None}
    return pl.DataFrame(out, infer_schema_length=None)


def test_the_wide_fit_leaves_out_rows_with_an_unknown_and_its_means_are_theirs(rows):
    fits = fit(rows, draws=400)
    assert (fits.core.n, fits.wide.n) == (28, 27)
    assert fits.means["democracy"] == pytest.approx(14 / 27)
    assert fits.counts["defense", "until_1944", "bilateral"] == (12, 12)
    early, late = fits.chance("defense", "until_1944", "bilateral"), fits.chance("defense", "from_1945", "multilateral")
    assert early[1] > late[2]
    assert all(low < mean < high for mean, low, high in (early, late))
    assert fits.wide.interval("democracy")[0] > 0


def test_the_file_is_read_by_the_reader_of_parameters(rows):
    text = toml(fit(rows, draws=200), ["a 1", "b 2"])
    table = params.parse(tomllib.loads(text), "written")
    assert len(table.under("chance")) == 16
    assert {p.status for p in table.table.values()} == {"fitted"}
    assert table.extra["meta.data"] == ["a 1", "b 2"]
    assert "12 of 12" in table["chance.defense.until_1944.bilateral"].note
    assert set(table.under("effect")) == {"from_1945", "multilateral", *COVARIATES}
