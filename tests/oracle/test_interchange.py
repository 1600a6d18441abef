"""Real systems in other programs' forms, and the networks that btergm's users have, against the readers that exist."""

from __future__ import annotations

import datetime as dt

import networkx as nx
import numpy as np
import pytest

from foedus.blocs.graph import signed_graph
from foedus.blocs.matrix_files import read_matrix
from foedus.data.store import DataDir
from foedus.report import interchange
from foedus.system.from_tables import from_tables, over_dates

pytestmark = pytest.mark.realdata


def test_a_walk_of_real_years_reads_back(tmp_path, realdata_dir):
    days = [dt.date(y, 1, 1) for y in (1878, 1880, 1881, 1883)]
    (path,) = interchange.export(list(over_dates(days, realdata_dir)), tmp_path / "all.gexf")
    back = nx.read_gexf(path)
    assert set(back) == {x for d in days for x in from_tables(d, realdata_dir).ids}
    dual = [
        d
        for a, b, d in back.edges(data=True)
        if (a, b, d["what"]) == ("GMY", "AUH", "defense") and "Dual" in d["title"]
    ]
    assert [(d["spells"], d["began"]) for d in dual] == [([("1880-01-01", "1883-01-01")], "1879-10-07")]
    triple = [d for a, b, d in back.edges(data=True) if (a, b) == ("GMY", "ITA") and "Triple" in d.get("title", "")]
    assert {tuple(d["spells"]) for d in triple} == {(("1883-01-01", "1883-01-01"),)}


def test_networks_of_btergm_have_the_ties_that_our_reader_of_the_table_counts(realdata_dir):
    path = DataDir(realdata_dir).find("tergm_alliances")
    for year, ties in ((1981, 625), (2000, 767)):
        names, matrix = read_matrix(path, name=f"allyNet/{year}")
        graph = signed_graph(matrix, ids=names)
        assert (graph.n, graph.m, graph.negative) == (164, ties, 0), (
            "rows of that year in the parsed table tergm_alliances"
        )
    names, contiguous = read_matrix(path, name="contigMat")
    assert len(names) == 164
    assert np.array_equal(contiguous, contiguous.T)
