"""Panels by lookups against the same panels by joins of Polars, in the same run; warm store.

Needs the published data sets: FOEDUS_REALDATA names their folder. For scale, R's peacesciencer 1.2.9 takes 16.2 s and 2,197 MiB for all undirected
pairs with ten data sets, 20.4 s for relevant pairs with seventeen, 12.3 s for wide state-years, 3.7 s to whittle COW disputes and 3.2 s for directed
Gleditsch-Ward pairs, one process on one of two cores of another machine.
"""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from foedus import panel
from foedus.data.store import DataDir

WIDE = (
    "add_nmc", "add_atop_alliance", "add_gml_mids", "add_contiguity", "add_cow_majors", "add_igos", "add_democracy", "add_strategic_rivalries",
    "add_capital_distance", "add_minimum_distance",
)  # fmt: skip
RELEVANT = (
    *(n for n in WIDE if n not in {"add_contiguity", "add_cow_majors"}), "add_sim_gdp_pop", "add_cow_trade", "add_cow_wars", "add_spells",
    "add_peace_years", "add_latent_territorial_threat", "add_creg_fractionalization", "add_rugged_terrain", "add_gwcode",
)  # fmt: skip
STATES = (
    "add_nmc", "add_democracy", "add_sim_gdp_pop", "add_gml_mids", "add_cow_mids", "add_cow_majors", "add_contiguity", "add_igos", "add_cow_trade",
    "add_latent_territorial_threat", "add_creg_fractionalization", "add_ethnic_fractionalization", "add_rugged_terrain", "add_icb", "add_cow_wars",
    "add_gwcode", "add_archigos", "add_ucdp_acd", "add_ucdp_onsets",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder():
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    return Path(named)


def grown(start, names):
    """Return a panel with the columns of each of these functions."""
    for name in names:
        add = getattr(panel, name)
        prefix = {"add_cow_wars": "", "add_gml_mids": "gml_", "add_cow_mids": "cow_"}.get(name)
        start = add(start, prefix=prefix) if prefix else add(start)
    return start


def all_pairs(folder):
    return grown(panel.create_dyad_years(1816, 2010, directed=False, data_dir=folder), WIDE)


def relevant_pairs(folder):
    return grown(panel.filter_prd(panel.create_dyad_years(1816, 2016, directed=False, data_dir=folder)), RELEVANT)


def wide_states(folder):
    return grown(panel.create_state_years(data_dir=folder, end=2025, carry_forward=True), STATES)


def by_joins(folder):
    """Return pairs with capabilities, democracy, shared organisations and disputes by left joins: part of what `all_pairs` has."""
    store = DataDir(folder)
    frame = panel.create_dyad_years(1816, 2010, directed=False, data_dir=folder).frame
    for source in ("cow_nmc", "cw_democracy"):
        table = store.table(source)
        for side in "12":
            named = table.rename({c: f"{c}{side}" for c in table.columns if c != "year"})
            frame = frame.join(named, on=[f"ccode{side}", "year"], how="left", validate="m:1", maintain_order="left")
    keys = ["ccode1", "ccode2", "year"]
    frame = frame.join(store.table("cow_igo_ndy"), on=keys, how="left", validate="m:1", maintain_order="left")
    return frame.join(store.table("gml_mid_ddydisps"), on=keys, how="left", validate="1:1", maintain_order="left")


def bench_all_undirected_pairs_with_ten_data_sets(benchmark, folder):
    made = benchmark.pedantic(all_pairs, args=(folder,), rounds=3, warmup_rounds=1)
    assert made.height == 842_655
    assert len(made.columns) >= 50


def bench_all_undirected_pairs_with_four_data_sets_reference_joins(benchmark, folder):
    assert benchmark.pedantic(by_joins, args=(folder,), rounds=3, warmup_rounds=1).height == 842_655


def bench_relevant_pairs_with_seventeen_data_sets(benchmark, folder):
    made = benchmark.pedantic(relevant_pairs, args=(folder,), rounds=3, warmup_rounds=1)
    assert made.height > 122_860
    assert len(made.columns) >= 100


def bench_wide_state_years(benchmark, folder):
    made = benchmark.pedantic(wide_states, args=(folder,), rounds=3, warmup_rounds=1)
    assert made.height == 17_706
    assert len(made.columns) >= 69


def bench_whittling_cow_disputes(benchmark, folder):
    frame = panel.create_dispute_dyad_years("cow", data_dir=folder)
    assert benchmark.pedantic(panel.whittle, args=(frame,), rounds=10, warmup_rounds=1).height == 10_234


def bench_directed_gleditsch_ward_pairs(benchmark, folder):
    def run():
        return panel.create_dyad_years(system="gw", data_dir=folder, carry_forward=True, end=2024)

    assert benchmark.pedantic(run, rounds=5, warmup_rounds=1).height == 2_599_466


def bench_memory_of_all_undirected_pairs(benchmark, folder):
    code = (
        # Not ru_maxrss, which a child inherits from the process that starts it.
        "import re, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); from bench_panels import all_pairs\n"
        "all_pairs(sys.argv[2]); print(int(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024)"
    )

    def run():
        done = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent), str(folder)],
            check=True,
            capture_output=True,
            text=True,
        )
        return int(done.stdout)

    peak = benchmark.pedantic(run, rounds=1, warmup_rounds=1)
    benchmark.extra_info["peak_mib"] = peak
    print(f"\npeak memory of all undirected pairs with ten data sets: {peak} MiB (R: 2,197)")
    assert peak < 1_200


def bench_similarity_of_all_portfolios(benchmark, folder):
    frame = panel.create_dyad_years(1816, 2010, directed=False, data_dir=folder)
    made = benchmark.pedantic(panel.add_pledge_similarity, args=(frame,), rounds=3, warmup_rounds=1)
    assert made["pledge_s_abs"].null_count() == 0
    assert isinstance(made.frame, pl.DataFrame)
