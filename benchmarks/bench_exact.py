"""Two blocs proved, each with its certificate checked, beside the plain XOR integer program in the same run.

Networks come from the published data sets (FOEDUS_REALDATA names their folder); random ones need none. The plain program gets `LIMIT` seconds a
network and one thread; where it does not finish, what is printed is how far it came.
"""

import os
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from plain import plain_program

from foedus.blocs.certificate import check_certificate
from foedus.blocs.exact import partition
from foedus.blocs.graph import signed_graph
from foedus.system.propensity import propensity
from foedus.system.real import system

LIMIT = 60.0
RANDOM = {f"random signs {n} nodes degree 6 ({s})": (n, s) for n in (100,) for s in range(5)}
FILES = ("bitcoin_alpha.csv", "bitcoin_otc.csv", "wikielec.npz", "epinions.npz")
YEARS = range(1816, 2017, 20)


@pytest.fixture(scope="module")
def folder():
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    return Path(named)


def random_signs(n, seed, degree=6):
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n, 1)
    take = np.sort(rng.choice(len(i), n * degree // 2, replace=False))
    return n, i[take], j[take], rng.choice([-1.0, 1.0], len(take))


def of_file(folder, name):
    """Return the arrays of a file of signed ties; directed votes are summed and their sign taken."""
    g = signed_graph(folder / "signed" / name, directed="sum", weights="sign", missing="drop")
    return g.n, g.i, g.j, g.w


def windows(folder):
    for frame in pl.read_csv(folder / "signed/cow_signed_1946_1999.csv").partition_by("period"):
        g = signed_graph(frame.select("a", "b", "sign"), weights="sign")
        yield g.n, g.i, g.j, g.w


def prove(benchmark, graphs, rounds, seconds=120.0):
    """Time the proofs of these graphs together, then check every certificate."""

    def run():
        return [partition(*g, seconds=seconds) for g in graphs]

    run()
    found = benchmark.pedantic(run, rounds=rounds)
    for g, p in zip(graphs, found, strict=True):
        assert p.proved
        assert check_certificate(g[0], g[1], g[2], p.certificate) * p.unit == p.value
    benchmark.extra_info.update(
        nodes=sum(g[0] for g in graphs), ties=sum(len(g[1]) for g in graphs), value=sum(p.value for p in found)
    )
    return found


def beside(benchmark, graphs):
    """Run the plain program on the same graphs and print the ratio; where it runs out of time, a lower bound on it."""
    start = time.perf_counter()
    ours = [partition(*g, seconds=120.0) for g in graphs]
    mine = time.perf_counter() - start
    plain, open_ = 0.0, 0
    for g, p in zip(graphs, ours, strict=True):
        start = time.perf_counter()
        value, bound = plain_program(*g, seconds=LIMIT)
        plain += time.perf_counter() - start
        done = value - bound <= 1e-4 * max(1.0, abs(value))
        assert not done or value == pytest.approx(p.value, rel=1e-4)
        open_ += not done
    print(
        f"\n  ours {mine:.3f} s, plain program {plain:.1f} s ({open_} of {len(graphs)} not proved by it): {plain / mine:.0f} times as long"
    )
    benchmark.extra_info.update(ours=mine, plain=plain, open_of_plain=open_)
    benchmark.pedantic(lambda: None, rounds=1)


def bench_51_windows(benchmark, folder):
    prove(benchmark, list(windows(folder)), rounds=3)


def bench_every_tenth_window_beside_the_plain_program(benchmark, folder):
    beside(benchmark, list(windows(folder))[::10])


@pytest.mark.parametrize("name", FILES)
def bench_files(benchmark, folder, name):
    prove(benchmark, [of_file(folder, name)], rounds=1 if "epinions" in name else 3)


@pytest.mark.parametrize("name", FILES[:2])
def bench_files_beside_the_plain_program(benchmark, folder, name):
    beside(benchmark, [of_file(folder, name)])


@pytest.mark.parametrize("name", RANDOM)
def bench_random_signs(benchmark, name):
    prove(benchmark, [random_signs(*RANDOM[name])], rounds=1)


def bench_random_signs_beside_the_plain_program(benchmark):
    beside(benchmark, [random_signs(*v) for v in list(RANDOM.values())[:2]])


def real(folder, year):
    p = propensity(system(year, data_dir=folder), seed=None)
    return p.n, p.i, p.j, p.weight[0]


@pytest.mark.parametrize("year", YEARS)
def bench_years(benchmark, folder, year):
    prove(benchmark, [real(folder, year)], rounds=3)


def bench_years_beside_the_plain_program(benchmark, folder):
    beside(benchmark, [real(folder, year) for year in YEARS[::3]])
