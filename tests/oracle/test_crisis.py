"""The interaction game on the published data sets."""

from __future__ import annotations

import json
from contextlib import suppress

import polars as pl
import pytest

from foedus.cli import main
from foedus.security.interaction import published_costs
from foedus.studies.crisis_years import crisis_years

pytestmark = pytest.mark.realdata


def test_neutral_states_always_talk_and_acceptant_ones_fight(realdata_dir):
    neutral = crisis_years(1900, 1903, realdata_dir, risk=0.0).distribution()
    assert neutral.filter(neutral["outcome"] == "NEGO")["all"][0] > 0.999
    bold = crisis_years(1900, 1903, realdata_dir, risk=1.0).distribution()
    assert bold.filter(bold["outcome"] == "WAR_A")["all"][0] > 0.3
    calm = crisis_years(1900, 1903, realdata_dir, costs=published_costs()._replace(phi=0.0)).distribution()
    assert calm.filter(calm["outcome"] == "WAR_A")["all"][0] == 0


def test_threads_do_not_matter_and_the_command_says_the_same(realdata_dir, capsys, tmp_path):
    one, two = (crisis_years(1911, 1914, realdata_dir, workers=k, at="jan1") for k in (1, 2))
    assert one.frame.equals(two.frame)
    file = tmp_path / "ends.parquet"
    argv = ["crisis", "years", "--in", "1911:1914", "--as-of", "jan1", "--data-dir", str(realdata_dir)]
    run([*argv, "--json"])
    counts = [d["n_all"] for d in json.loads(capsys.readouterr().out)["distribution"]]
    assert counts == one.distribution()["n_all"].to_list()
    run([*argv, "--out", str(file)])
    assert pl.read_parquet(file).height == one.frame.height
    assert "published" in " ".join(capsys.readouterr().out.split())


def run(argv):
    with suppress(SystemExit):
        main(argv)
