"""``foedus fit`` on the field's data: base rates, dangerous dyads as published, and a formation model of a million rows."""

from __future__ import annotations

import json
from contextlib import suppress

import polars as pl
import pytest

from foedus import panel
from foedus.cli import main
from foedus.data.store import DataDir
from foedus.studies import fit_columns
from foedus.studies.fit import fit
from oracle.test_dangerous_dyads import COMPLETE, PUBLISHED, is_in

pytestmark = pytest.mark.realdata

DANGEROUS = "gmlmidonset ~ land + cinc_ratio + major + {pledge} + min_democracy + min_gdp_head + min_militarization + cubic(gmlmidspell, unit=1)"
OF = {
    "land": "landcontig", "cinc_ratio": "cincprop", "major": "major", "atop_defense": "defense", "defense": "defense", "min_democracy": "mindem",
    "min_militarization": "minmilit", "intercept": "const", **{f"cubic(gmlmidspell, unit=1)[{t}]": t for t in ("t", "t2", "t3")},
}  # fmt: skip


def command(capsys, *argv):
    """Return what ``foedus fit --json`` prints, as a dictionary, and its coefficients by the published names."""
    with suppress(SystemExit):
        main(["fit", *argv, "--json"])
    out = json.loads(capsys.readouterr().out)
    rows = {OF.get(r["term"], r["term"]): (r["estimate"], r["std_error"]) for r in out["coefficients"]}
    return out, rows


def test_dangerous_dyads_as_published_by_the_command(capsys, realdata_dir, tmp_path):
    """N = 106,056 and the digits printed, on R's rows with the two scores that the published release had.

    What the other release of the scores moves is in `test_dangerous_dyads`: democracy, militarisation and the constant within half a standard
    error, four more by a unit or two of the last digit printed.
    """
    theirs = pl.read_parquet(realdata_dir.parent / "oracle" / "d1_nddy_prd_bremer.parquet")
    scores = DataDir(realdata_dir).table("cw_democracy")
    for state, side in ((260, 1), (260, 2), (678, 1), (678, 2)):
        before = scores.filter(ccode=state, year=1989)["aeuds"].item()
        here = (pl.col(f"ccode{side}") == state) & (pl.col("year") == 1990)
        theirs = theirs.with_columns(pl.when(here).then(before).otherwise(f"aeuds{side}").alias(f"aeuds{side}"))
    assert theirs.filter(COMPLETE & is_in(260, 1990)).height == 15
    path = tmp_path / "rows.parquet"
    theirs.write_parquet(path)
    out, found = command(capsys, DANGEROUS.format(pledge="atop_defense"), "--data", str(path), "--errors", "classical")
    assert out["n"] == 106_056
    for name, (value, error) in PUBLISHED.items():
        near = {"mindem": 0.5, "minmilit": 0.2, "const": 0.6}.get(name, 0.05)
        assert found[name][0] == pytest.approx(value, abs=near * error + 0.0006), name
        assert round(found[name][1], 3) == pytest.approx(
            error, abs={"mindem": 0.002, "minmilit": 0.007}.get(name, 0) + 1e-9
        ), name


def test_dangerous_dyads_on_our_own_panel_by_the_command(capsys, realdata_dir):
    argv = ["--relevant", "--to", "2010", "--errors", "classical", "--data-dir", str(realdata_dir)]
    out, found = command(capsys, DANGEROUS.format(pledge="defense"), *argv)
    assert (
        out["n"] == 106_314
    )  # 283 rows of a contiguity that R's panel hides, less 25 of two scores that the tables at hand lack
    for name, (value, error) in PUBLISHED.items():
        assert abs(found[name][0] - value) <= max(0.6 * error, 0.0006), name


def test_the_fields_base_rates_and_the_simpson_trap_of_pledges(realdata_dir):
    found = fit("onset ~ cinc_ratio + defense", data_dir=realdata_dir, differences=False)
    assert (found.model.n, found.years) == (842_655, (1816, 2010))
    assert round(found.base_rate, 5) == 0.00371
    (out,) = found.left_out
    assert (out.column, out.outside, out.last_year) == ("onset", out.rows, 2010)
    # The terms are those of statsmodels, from its own start.
    from statsmodels.discrete.discrete_model import Logit

    theirs = Logit(found.y, found.x).fit(disp=0, tol=1e-12)
    assert found.model.coef[0] == pytest.approx(theirs.params, abs=1e-6)
    assert float(found.result.llf) == pytest.approx(theirs.llf, abs=1e-6)
    pairs = panel.create_dyad_years(1816, 2010, directed=False, data_dir=realdata_dir).pipe(panel.add_gml_mids, keep=[])
    pairs = pairs.pipe(panel.add_atop_alliance).pipe(panel.add_contiguity)
    (whole,) = fit("onset ~ defense", pairs).changes
    (near,) = fit("onset ~ defense", pairs.filter(pl.col("conttype") == 1)).changes
    assert (round(whole.p_before, 4), round(whole.p_after, 4)) == (0.0033, 0.0092)
    assert near.high < 0 < whole.low


@pytest.mark.parametrize("kind", ["pairs", "states"])
def test_each_function_adds_the_columns_that_the_list_says(realdata_dir, kind):
    pairs = kind == "pairs"
    start = (panel.create_dyad_years if pairs else panel.create_state_years)(1960, 1961, data_dir=realdata_dir)
    slow = {"add_igos", "add_pledge_similarity", "add_un_similarity"}  # the panel's own tests know their columns
    for one in fit_columns.PAIR_ADDERS if pairs else fit_columns.STATE_ADDERS:
        if one.function in slow:
            continue
        ready = start if not one.last else panel.add_gml_mids(start)
        assert set(one.columns) <= set(one(ready).columns) - set(start.columns) | {"gmlmidongoing"}, one.function
    made = {n: m for n, m in (fit_columns.PAIRS if pairs else fit_columns.STATES).items() if n != "igos"}
    adders, defined = fit_columns.needed(made, start.columns, pairs=pairs)
    grown = start
    for one in adders:
        grown = one(grown)
    grown = fit_columns.define(grown, defined)
    assert set(made) <= set(grown.columns)
    assert [n for n in made if grown[n].null_count() == grown.height] == []


def test_a_formation_model(realdata_dir):
    """Who becomes allied; since 1816 it is benchmarked in ``benchmarks/bench_fit.py``."""
    found = fit(
        "pact_onset ~ lag(cinc_ratio) + lag(rivalry) + contiguous + major + log(distance + 1)",
        start=1970,
        data_dir=realdata_dir,
    )
    assert found.years == (1970, 2016)
    allied = next(o for o in found.left_out if o.column == "pact_onset")
    assert allied.outside == 0
    table = {r["term"]: r for r in found.table().to_dicts()}
    assert table["log(distance + 1)"]["high"] < 0
    assert table["major"]["low"] > 0
