"""Data sets that are files of their publishers, not tables of R packages: declarations, odd rows, and the real files.

Every row count of a real file is taken from the raw file by the csv module or NumPy, never by the reader under test.
"""

import csv
import datetime as dt
import json
import lzma
import math

import numpy as np
import polars as pl
import pytest

from foedus.data.reading import schema
from foedus.data.sources import SOURCES, cshapes_cow
from foedus.data.store import DataDir, sha256
from foedus.errors import DataError

CSV_ROWS = {  # one row of the table for each line of the file
    "atop5_1a": "utf-8",
    "atop5_1aph": "utf-8",
    "atop5_1m": "utf-8",
    "atop5_1sy": "utf-8",
    "mida": "utf-8",
    "midb": "utf-8",
    "midi": "utf-8",
    "cow_intrastate": "latin-1",
    "cow_dyadic_war": "utf-8",
    "cow_war_sizes": "utf-8",
    "iwd": "utf-8",
    "peacedata_spells": "utf-8",
    "ucdp_conflicts": "utf-8",
    "icb_crises": "utf-8",
    "icb_actors": "utf-8",
    "congo_shifters": "utf-8",
    "tribes": "utf-8",
    "cow_signed": "utf-8",
    "bitcoin_otc": "utf-8",
    "bitcoin_alpha": "utf-8",
    "mideast2013": "utf-8",
    "landscape_actors": "utf-8",
    "alliances1914": "utf-8",
    "bdm_emission": "utf-8",
    "berkemeier_fuhrmann": "utf-8",
}
NPZ_ROWS = ("wikielec", "epinions", "pc_congress", "sn_avatar")
KNOWN_ROWS = {
    "mmb_war": 2324,
    "states_war": 284,
    "ucdp_deaths": 12902,
    "un_votes": 869937,
    "un_roll_calls": 6202,
    "un_roll_call_issues": 5745,
    "cow_mindist_plus": 4416976,
    "cow_trade_dyads": 1347308,
    "sipri_tiv": 13591,  # cells above zero of the 69 matrices
    "congo_monadic": 80 * 13,
    "tergm_alliances": 13155,  # edges of the 20 networks
    "tergm_nodes": 164 * 20,
    "tergm_contiguity": 1014,  # ones in the matrix
    "tergm_disputes": 3414,  # ones in the 20 matrices
    "tergm_lagged": 14751,  # cells of lNet or LSP that are not zero, in 20 years
    "war1800": 313,
    "leblang2003": 7240,
    "ps_bib": 47,
    "ps_data_version": 32,
}
OTHERS = ("cow_wars", "peacedata", "cshapes_cow", "cshapes_gw", "congo_groups", "landscape_propensities")
AT_HAND = (*CSV_ROWS, *NPZ_ROWS, *KNOWN_ROWS, *OTHERS)
ALL = (*AT_HAND, "cow_alliances")


def lines(path, encoding):
    text = path.read_bytes().decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    return list(csv.DictReader(text.splitlines()))


def parsed(name, folder, text, encoding="utf-8"):
    """Return the table of a text; the folder's name would be a pattern of many, were it taken for one."""
    folder /= "data [1]*"
    folder.mkdir(exist_ok=True)
    path = folder / SOURCES[name].spec.filename
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return DataDir(folder).table(name)


@pytest.mark.parametrize("name", ALL)
def test_a_declaration_is_complete(name):
    spec = SOURCES[name].spec
    assert spec.id == name
    assert spec.bibtex.startswith("@")
    assert spec.bibtex.split("{")[1].split(",")[0] == name
    assert spec.bibtex.count("{") == spec.bibtex.count("}")
    assert not any(ord(c) < 32 and c != "\n" for c in spec.bibtex + spec.citation + spec.units)
    for text in (
        spec.title,
        spec.publisher,
        spec.url,
        spec.version,
        spec.licence,
        spec.citation,
        spec.units,
        spec.absence,
    ):
        assert text.strip()
    assert bool(spec.routes) != bool(spec.by_hand), "either the net or the user's hands"
    assert spec.first_year <= spec.last_year
    assert all(route.url.startswith(("https://", "http://")) for route in spec.routes)


@pytest.mark.parametrize("name", ALL)
def test_every_column_says_what_it_holds(name):
    columns = schema(name)
    assert columns
    for c in columns:
        assert c.unit, c.column
        assert c.source, c.column
        assert c.type in {"int", "float", "str", "date", "bool"}, c.column
        assert c.missing in {"", "null"}, c.column
    assert set(SOURCES[name].spec.year_columns) <= {c.column for c in columns}


@pytest.mark.realdata
@pytest.mark.parametrize("name", AT_HAND)
def test_the_real_file_is_the_declared_one_and_is_read_whole(realdata_dir, name):
    spec, store = SOURCES[name].spec, DataDir(realdata_dir)
    path = store.find(name)
    assert path is not None
    assert (sha256(path), path.stat().st_size) == (spec.sha256, spec.size)
    table = store.table(name)
    if name in CSV_ROWS:
        expected = len(lines(path, CSV_ROWS[name]))
    elif name in NPZ_ROWS:
        expected = len(np.load(path)["u"])
    elif name in KNOWN_ROWS:
        expected = KNOWN_ROWS[name]
    else:
        expected = odd_count(name, path)
    assert table.height == expected
    assert table.columns == [c.column for c in schema(name)]
    assert [c for c in table.columns if table[c].null_count() == table.height] == []
    for column in spec.year_columns:
        years = table[column].dt.year() if table[column].dtype == pl.Date else table[column]
        assert spec.first_year <= years.min()
        assert years.max() <= spec.last_year


def odd_count(name, path):
    """Return the rows that a table should have whose file is laid out otherwise."""
    if name == "cow_wars":
        rows = lines(path, "utf-8")
        return sum(int(r[f"StartYear{k}"]) > 0 and int(r[f"EndYear{k}"]) > 0 for r in rows for k in (1, 2))
    if name == "peacedata":
        cells = [c.strip() for row in csv.reader(path.read_text().splitlines()) for c in row[1::2]]
        return sum(c not in {"", "."} for c in cells)
    if name.startswith("cshapes"):
        (collection,) = json.loads(lzma.decompress(path.read_bytes()))["objects"].values()
        return len(collection["geometries"])
    if name == "congo_groups":
        return sum((r["enemy"], r["allied"]) != ("0", "0") for r in lines(path, "utf-8"))
    return sum(c.strip() != "" for row in list(csv.reader(path.read_text().splitlines()))[1:] for c in row[1:])


@pytest.mark.realdata
def test_no_spell_of_a_real_file_ends_before_it_begins(realdata_dir):
    store, backwards = DataDir(realdata_dir), {}
    for name in AT_HAND:
        columns = {c.column for c in schema(name) if c.type == "date"}
        for first, last in (("start", "end"), ("start2", "end2"), ("entry", "exit")):
            if {first, last} <= columns:
                count = store.table(name).filter(pl.col(first) > pl.col(last)).height
                if count:
                    backwards[name, first] = count
    assert backwards == {}


@pytest.mark.realdata
def test_the_phases_and_members_of_real_alliances_agree(realdata_dir):
    store = DataDir(realdata_dir)
    alliances, members = store.table("atop5_1a"), store.table("atop5_1m")
    listed = alliances.select("atopid", pl.col("member_list").str.split(", ").alias("member")).explode("member")
    listed = listed.with_columns(pl.col("member").cast(pl.Int32))
    assert set(listed.rows()) == set(members.select("atopid", "member").rows())
    assert set(store.table("atop5_1aph")["atopid"]) == set(alliances["atopid"])


@pytest.mark.realdata
def test_both_files_of_the_peace_data_give_one_table(realdata_dir):
    store = DataDir(realdata_dir)
    assert store.table("peacedata").equals(store.table("peacedata_spells"))
    canada = store.table("peacedata").filter(pl.col("ccode1") == 2, pl.col("ccode2") == 20)
    assert canada.drop("day_missing").rows() == [
        (2, 20, dt.date(1920, 1, 10), dt.date(1987, 10, 2), 0.75),
        (2, 20, dt.date(1987, 10, 3), None, 1.0),
    ]


@pytest.mark.realdata
def test_the_sizes_of_wars_are_the_sums_over_their_participants(realdata_dir):
    store = DataDir(realdata_dir)
    summed = (
        store.table("cow_wars")
        .unique(["warnum", "ccode", "side"])
        .group_by("warnum")
        .agg(pl.col("battle_deaths").sum(), pl.col("start").dt.year().min())
        .sort("warnum")
    )
    assert store.table("cow_war_sizes").rows() == summed.rows()


@pytest.mark.realdata
@pytest.mark.parametrize(("name", "codes"), [("cshapes_cow", 220), ("cshapes_gw", 220)])
def test_every_ring_of_the_real_borders_is_closed_and_areas_are_near_the_known_ones(realdata_dir, name, codes):
    table = DataDir(realdata_dir).table(name)
    for text in table["geometry"]:
        shape = json.loads(text)
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        assert all(ring[0] == ring[-1] and len(ring) >= 4 for polygon in polygons for ring in polygon)
    france = table.filter(pl.col("code") == codes, pl.col("end") == dt.date(2019, 12, 31))
    assert france["area"].item() == pytest.approx(547_000, rel=0.03)


# ---- the decoder of topologies


@pytest.fixture
def two_squares():
    """Two squares of one degree side by side; the right one runs the common border backwards."""
    shared, left, right = [[1, 0], [1, 1]], [[1, 1], [0, 1], [0, 0], [1, 0]], [[1, 1], [2, 1], [2, 0], [1, 0]]
    return {
        "type": "Topology",
        "arcs": [shared, left, right],
        "objects": {
            "x": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "arcs": [[[2, 0]], [[~0, ~2]]]},
                ],
            }
        },
    }


def test_shared_arcs_are_walked_both_ways(two_squares):
    arcs = cshapes_cow.arcs_of(two_squares)
    left, both = (cshapes_cow.geojson(g, arcs) for g in two_squares["objects"]["x"]["geometries"])
    assert left == {"type": "Polygon", "coordinates": [[[1, 0], [1, 1], [0, 1], [0, 0], [1, 0]]]}
    forwards, backwards = both["coordinates"]
    assert forwards == [[[1, 1], [2, 1], [2, 0], [1, 0], [1, 1]]]
    assert backwards == [[[1, 1], [1, 0], [2, 0], [2, 1], [1, 1]]]


def test_a_transform_sums_differences_and_scales_them(two_squares):
    plain = cshapes_cow.arcs_of(two_squares)
    scale, translate = [0.25, 0.5], [-10.0, 40.0]
    packed = []
    for arc in plain:
        whole = (arc - translate) / scale
        packed.append(np.diff(whole, axis=0, prepend=[[0.0, 0.0]]).astype(int).tolist())
    topology = two_squares | {"arcs": packed, "transform": {"scale": scale, "translate": translate}}
    for got, expected in zip(cshapes_cow.arcs_of(topology), plain, strict=True):
        np.testing.assert_allclose(got, expected)


@pytest.mark.parametrize("index", [3, ~3])
def test_an_arc_that_is_not_there_is_an_error(two_squares, index):
    with pytest.raises(DataError, match="names an arc that the file lacks"):
        cshapes_cow.geojson({"type": "Polygon", "arcs": [[index]]}, cshapes_cow.arcs_of(two_squares))


def test_a_point_is_not_a_shape_with_borders(two_squares):
    with pytest.raises(DataError, match="got 'Point'; expected Polygon or MultiPolygon"):
        cshapes_cow.geojson({"type": "Point", "coordinates": [0, 0]}, cshapes_cow.arcs_of(two_squares))


def test_the_area_of_a_degree_on_the_sphere_and_of_a_hole_in_it():
    def ring(low, high):
        return [[low, low], [high, low], [high, high], [low, high], [low, low]]

    expected = 6371.0088**2 * math.radians(1) * math.sin(math.radians(1))
    assert cshapes_cow.area({"type": "Polygon", "coordinates": [ring(0, 1)]}) == pytest.approx(expected, rel=1e-12)
    hole = 6371.0088**2 * math.radians(0.5) * (math.sin(math.radians(0.75)) - math.sin(math.radians(0.25)))
    holed = cshapes_cow.area({"type": "MultiPolygon", "coordinates": [[ring(0, 1), ring(0.25, 0.75)]]})
    assert holed == pytest.approx(expected - hole, rel=1e-12)


def test_a_small_file_of_shapes_becomes_a_table(two_squares, tmp_path):
    properties = {"country_name": "Left", "start": "1886-01-01", "end": "1900-12-31", "capname": None, "caplong": None}
    properties |= {"caplat": None, "cowcode": 2, "fid": 7, "owner": "0", "status": "N/A", "b_def": 1}
    for geometry in two_squares["objects"]["x"]["geometries"]:
        geometry["properties"] = properties
    table = parsed("cshapes_cow", tmp_path, lzma.compress(json.dumps(two_squares).encode()))
    assert table.select("code", "fid", "name", "status", "owner", "start", "capital", "borders_defined").row(0) == (
        2, 7, "Left", None, None, dt.date(1886, 1, 1), None, True,
    )  # fmt: skip
    assert json.loads(table["geometry"][0])["type"] == "Polygon"
    assert table["area"][0] * 2 == pytest.approx(table["area"][1], rel=1e-9)


# ---- odd rows of single files

ALLIANCES = (
    "version4id,ccode,state_name,all_st_day,all_st_month,all_st_year,all_end_day,all_end_month,all_end_year,ss_type,"
    "mem_st_day,mem_st_month,mem_st_year,mem_end_day,mem_end_month,mem_end_year,left_censor,right_censor,defense,"
    "neutrality,nonaggression,entente,version\n"
    "210,2,United States of America,4,4,1949,,,,Type I: Defense Pact,4,4,1949,,,,0,1,1,0,1,1,4.1\n"
    "210,220,France,4,4,1949,,,,Type I: Defense Pact,,4,1949,,2,1966,0,0,1,0,1,1,4.1\n"
    "1,200,United Kingdom,,,1816,-9,-9,1911,,1,1,1816,-9,-9,1911,1,0,0,0,0,1,4.1\n"
)


def test_formal_alliances_have_dates_flags_and_open_ends(tmp_path):
    table = parsed("cow_alliances", tmp_path, ALLIANCES)
    assert table.select("version4id", "ccode", "start", "end", "entry", "exit", "ss_type").rows() == [
        (1, 200, dt.date(1816, 12, 31), dt.date(1911, 12, 31), dt.date(1816, 1, 1), dt.date(1911, 12, 31), None),
        (210, 2, dt.date(1949, 4, 4), None, dt.date(1949, 4, 4), None, "Type I: Defense Pact"),
        (210, 220, dt.date(1949, 4, 4), None, dt.date(1949, 4, 30), dt.date(1966, 2, 28), "Type I: Defense Pact"),
    ]
    assert table.select(
        "defense", "neutrality", "nonaggression", "entente", "left_censored", "right_censored"
    ).rows() == [
        (False, False, False, True, True, False),
        (True, False, True, True, False, True),
        (True, False, True, True, False, False),
    ]


def test_a_formal_alliance_without_a_year_is_an_error(tmp_path):
    with pytest.raises(DataError, match="column entry: got 1 empty cells"):
        parsed("cow_alliances", tmp_path, ALLIANCES.replace("4,4,1949,,,,0,1,1", "4,4,,,,,0,1,1"))


def test_an_incident_without_day_or_month_is_widened_and_marked(tmp_path):
    head = "dispnum,incidnum,stday,stmon,styear,endday,endmon,endyear,duration,tbi,fatality,fatalpre,action,hostlev,numa,version"
    table = parsed(
        "midi",
        tmp_path,
        f"{head}\n5,5001,-9,-9,1995,-9,2,1996,-9,-9,-9,-9,16,4,1,5\n5,5002,1,3,1996,1,3,1996,1,0,0,0,7,3,2,5\n",
    )
    assert table.select("start", "end", "day_missing", "days", "deaths").rows() == [
        (dt.date(1995, 1, 1), dt.date(1996, 2, 29), True, None, None),
        (dt.date(1996, 3, 1), dt.date(1996, 3, 1), False, 1, 0),
    ]


INTRASTATE = (
    "WarNum,WarName,WarType,CcodeA,SideA,CcodeB,SideB,Intnl,StartMonth1,StartDay1,StartYear1,EndMonth1,EndDay1,EndYear1,"
    "StartMonth2,StartDay2,StartYear2,EndMonth2,EndDay2,EndYear2,TransFrom,WhereFought,Initiator,Outcome,TransTo,"
    "SideADeaths,SideBDeaths,Version\n"
)


@pytest.mark.parametrize(
    ("dates", "start", "end", "missing"),
    [
        ("10,-9,1866,10,-91866,", dt.date(1866, 10, 1), dt.date(1866, 10, 31), True),
        ("1,6,1919,5,1919,", dt.date(1919, 1, 6), dt.date(1919, 5, 31), True),
        ("8,19,1989,-7,-7,-7", dt.date(1989, 8, 19), None, False),
        ("2,29,1894,3,4,1894", dt.date(1894, 2, 28), dt.date(1894, 3, 4), False),
        ("-9,-9,1894,-9,-9,1895", dt.date(1894, 1, 1), dt.date(1895, 12, 31), True),
    ],
)
def test_a_year_that_slid_into_the_column_of_the_day_is_put_right(tmp_path, dates, start, end, missing):
    text = f'{INTRASTATE}585,A War,5,710,China,-8,"x",0,{dates},-8,-8,-8,-8,-8,-8,-8,7,-8,1,-8,"1,500",-9,4.1\n'
    table = parsed("cow_intrastate", tmp_path, text)
    assert table.select(
        "start", "end", "day_missing", "start2", "end2", "ccode_b", "initiator", "deaths_a", "deaths_b"
    ).rows() == [(start, end, missing, None, None, None, None, 1500, None)]


def test_months_and_days_in_each_others_place_and_a_year_of_five_digits(tmp_path):
    head = (
        "warnum,disno,dyindex,statea,stateb,warstrtmnth,warstrtday,warstrtyr,warendmnth,warenday,warendyr,year,warolea,"
        "waroleb,wardyadrolea,wardyadroleb,outcomea,batdtha,batdthb,changes_1,changes_2,batdths,durindx\n"
    )
    rows = "106,257,257.03,2,300,24,10,1918,3,11,1918,1918,4,2,1,3,1,5,6,,,11,1\n106,257,257.24,325,355,8,11,1916,9,29,19118,1918,4,2,1,3,1,,6,,,,3\n"
    table = parsed("cow_dyadic_war", tmp_path, head + rows)
    assert table.select("ccode1", "start", "end", "deaths1").rows() == [
        (2, dt.date(1918, 10, 24), dt.date(1918, 11, 3), 5),
        (325, dt.date(1916, 8, 11), dt.date(1918, 9, 29), None),
    ]


def test_a_line_of_the_peace_data_gives_one_row_per_spell(tmp_path):
    text = "002020,19009999-19870002,-9,19871003-20209999,1\n255530,19620086-19631913,0.5,.,\n"
    assert parsed("peacedata", tmp_path, text).rows() == [
        (2, 20, dt.date(1900, 1, 1), dt.date(1987, 12, 31), True, None),
        (2, 20, dt.date(1987, 10, 3), None, False, 1.0),
        (255, 530, dt.date(1962, 1, 1), dt.date(1963, 12, 31), True, 0.5),
    ]


def test_a_spell_of_the_peace_data_without_dates_is_an_error(tmp_path):
    with pytest.raises(DataError, match="column start: got 1 empty cells"):
        parsed("peacedata", tmp_path, "002020,1900 to 1910,0.5\n")


def test_a_matrix_of_propensities_becomes_ordered_pairs(tmp_path):
    text = ",US,Rus,ISIS\nUS,,2,1\nRus,2,,5\nISIS,1,5,\n"
    assert parsed("landscape_propensities", tmp_path, text).rows() == [
        (1, "US", 2, "Rus", -1), (1, "US", 3, "ISIS", -2), (2, "Rus", 1, "US", -1),
        (2, "Rus", 3, "ISIS", 2), (3, "ISIS", 1, "US", -2), (3, "ISIS", 2, "Rus", 2),
    ]  # fmt: skip


def test_an_archive_without_signs_is_an_error(tmp_path):
    np.savez(tmp_path / "epinions.npz", u=np.zeros(2), v=np.ones(2))
    with pytest.raises(DataError, match=r"epinions.npz lacks arrays: got u, v; expected u, v, w"):
        DataDir(tmp_path).table("epinions")


def test_only_allies_and_enemies_of_the_congo_war_are_kept(tmp_path):
    text = "group_a,group_b,enemy,allied,value\r1,2,0,0,0\r1,3,1,0,-1\r2,1,0,1,1\r"
    assert parsed("congo_groups", tmp_path, text).rows() == [(1, 3, -1), (2, 1, 1)]


@pytest.mark.realdata
def test_a_crisis_whose_day_is_only_early_or_late_keeps_its_month(tmp_path, realdata_dir):
    source = DataDir(realdata_dir).find("icb_crises")
    assert source is not None
    head, first = source.read_text(encoding="utf-8-sig").splitlines()[:2]
    row = dict(zip(head.split(","), first.split(","), strict=True)) | {"datrig": "66", "daterm": "88", "mednum": "-99"}
    table = parsed("icb_crises", tmp_path, f"{','.join(row)}\n{','.join(row.values())}\n")
    assert table.select("start", "end", "start_month", "start_day", "end_day", "mednum").rows() == [
        (dt.date(1918, 5, 1), dt.date(1920, 4, 30), 5, None, None, None)
    ]
