"""Published numbers on signed networks, from the files as their authors give them."""

import numpy as np
import polars as pl
import pytest

from foedus.blocs.exact import partition
from foedus.blocs.landscape import landscape
from foedus.kernels import signed

pytestmark = pytest.mark.realdata


def arrays(frame):
    names = {x: k for k, x in enumerate(sorted(set(frame["a"]) | set(frame["b"])))}
    i, j = (np.array([names[x] for x in frame[c]]) for c in ("a", "b"))
    return len(names), i, j, frame["sign"].to_numpy().astype(float)


def test_isis_2016_reproduces_exactly(realdata_dir):
    """Axelrod & Furnas 2016: sizes and 5-point propensities (less 3) give one minimum, Turkey, ISIS and Nusra against the rest."""
    actors = pl.read_csv(realdata_dir / "landscape/Actor_data.csv")
    table = pl.read_csv(realdata_dir / "landscape/Pairwise_propensity_Feb_20.csv")
    p = np.nan_to_num(table[:, 1:].cast(pl.Float64, strict=False).to_numpy() - 3.0)
    p[np.isnan(table[:, 1:].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy())] = 0
    size = actors["strength"].to_numpy().astype(float)
    land = landscape(size, p)
    assert (land.energy.min(), land.energy.max(), len(land.energy)) == (-83_200, 0, 1024)
    assert (len(land.minima), land.basins) == (1, (1024,))
    apart = {n for n, s in zip(table.columns[1:], land.sides(land.minima[0]), strict=True) if s}
    assert apart == {"Tur", "ISIS", "Nursa"}
    side = land.sides(land.minima[0])
    frustration = size * ((size * p) * (side[:, None] != side)).sum(axis=1)
    assert frustration[[0, 6, 2]].tolist() == [-1900, -38_000, -11_500]
    i, j = np.triu_indices(11, 1)
    exact = partition(11, i, j, (p * np.outer(size, size))[i, j])
    assert exact.proved
    assert set(np.flatnonzero(exact.label != exact.label[0])) == set(np.flatnonzero(side))
    smaller = size.copy()
    smaller[2] = 10
    other = landscape(smaller, p)
    assert not np.array_equal(other.sides(other.minima[0]), side)


def test_highland_tribes(realdata_dir):
    n, i, j, w = arrays(pl.read_csv(realdata_dir / "signed/tribes_edges.csv"))
    found = partition(n, i, j, w)
    assert (n, len(i), int((w < 0).sum()), found.value, found.proved) == (16, 58, 29, 7, True)
    assert signed.triads(n, i, j, w) == {"+++": 19, "++-": 2, "+--": 40, "---": 7}
    assert 1 - 2 * found.value / len(i) == pytest.approx(0.7586, abs=5e-5)


def test_all_51_windows_of_correlates_of_war_are_proved(realdata_dir):
    windows = pl.read_csv(realdata_dir / "signed/cow_signed_1946_1999.csv").partition_by("period", as_dict=True)
    assert len(windows) == 51
    values = {}
    for (period,), frame in windows.items():
        n, i, j, w = arrays(frame)
        found = partition(n, i, j, w, seconds=30)
        assert found.proved, period
        assert found.value == signed.frustration_reference(i, j, w, found.label)
        values[period] = (n, len(i), int((w < 0).sum()), found.value)
    assert values["46-49"] == (64, 362, 42, 17)
    assert values["76-79"][3] == 50
    assert values["96-99"] == (151, 1247, 147, 45)
