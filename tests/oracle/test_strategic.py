"""The published fit of currency attacks, and the game of nineteenth-century disputes."""

from __future__ import annotations

import polars as pl
import pytest

from foedus.cli import main
from foedus.data.store import DataDir
from foedus.estimate.strategic import strategic

pytestmark = pytest.mark.realdata

ENDS = ("no attack", "devaluation", "defense")
LEBLANG = (
    "outcome ~ capcont + lreserves + overval + creditgrow + us_interest + service + contagion + prioratt - 1 | 1 | 1 | "
    "unifgov + lexports + preelec + postelec + rightgov + realinterest + capcont + lreserves"
)


def test_currency_attacks_as_published(realdata_dir):
    rows = DataDir(realdata_dir).table("leblang2003")
    fit = strategic(LEBLANG, rows, ends=ENDS, information="private", starts=4)
    assert fit.n == 7240
    assert round(fit.log_likelihood, 4) == -482.0155
    found = dict(zip(fit.names, fit.coef.round(4).tolist(), strict=True))
    assert found["u13:intercept"] == -3.6648
    assert found["u14:intercept"] == -3.1385
    assert fit.starts[-1] < fit.log_likelihood - 5, "a start at random ends lower"
    assert fit.reached < 4
    low, high = fit.interval()
    at = fit.names.index("u24:preelec")
    assert low[at] > 0, "a government before an election defends rather"
    assert high[at] < 5


def test_disputes_of_the_nineteenth_century(realdata_dir, tmp_path, capsys):
    rows = DataDir(realdata_dir).table("war1800")
    end = pl.when(~pl.col("escalation")).then(1).when(~pl.col("war")).then(3).otherwise(4)
    file = tmp_path / "war1800.csv"
    rows.with_columns(end=end).write_csv(file)
    formula = "end ~ s1 + revision1 | 0 | regime1 | balance + regime2"
    with pytest.raises(SystemExit) as stopped:
        main(["crisis", "estimate", formula, "--data", str(file)])
    assert stopped.value.code == 2
    assert "Missing values: got regime1 in 12 of 313 rows" in capsys.readouterr().err
    with pytest.raises(SystemExit) as done:
        main(["crisis", "estimate", formula, "--data", str(file), "--missing", "drop"])
    assert done.value.code == 0
    out = capsys.readouterr().out
    assert "282 rows (1 124, 3 83, 4 75)" in out
    assert "log-likelihood -286.12" in out
