"""Matrices and networks of R, from bytes written by the rules of R's serialization, and what is refused."""

from __future__ import annotations

import contextlib
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.data import r_networks
from foedus.errors import DataError

HEAD = b"X\n" + struct.pack(">iii", 2, 0x30500, 0x20300)
NIL = struct.pack(">i", 254)


def char(text):
    raw = text.encode()
    return struct.pack(">ii", 9 | 8 << 12, len(raw)) + raw


def strings(values, flags=16):
    return struct.pack(">ii", flags, len(values)) + b"".join(map(char, values))


def whole(*values, flags=13):
    return struct.pack(f">ii{len(values)}i", flags, len(values), *values)


def reals(*values, flags=14):
    return struct.pack(f">ii{len(values)}d", flags, len(values), *values)


def attributes(**values):
    return b"".join(struct.pack(">ii", 2 | 0x400, 1) + char(k) + v for k, v in values.items()) + NIL


def plain(*members, flags=19):
    return struct.pack(">ii", flags, len(members)) + b"".join(members)


def named(kind=None, **members):
    more = {"class": strings([kind])} if kind else {}
    return plain(*members.values(), flags=19 | 0x200) + attributes(names=strings(list(members)), **more)


def matrix(rows, names=("A", "B", "C"), columns=None):
    n = len(rows)
    cells = [rows[i][j] for j in range(len(rows[0])) for i in range(n)]
    both = plain(*(strings(list(x)) if x else NIL for x in (names, columns or names)))
    return reals(*cells, flags=14 | 0x200) + attributes(dim=whole(n, len(rows[0])), dimnames=both)


def edge(tail, head, **attribute):
    return named(
        inl=whole(head),
        outl=whole(tail),
        atl=named(na=whole(0, flags=10), **{k: reals(v) for k, v in attribute.items()}),
    )


def network(edges, names=("A", "B", "C"), *, directed=False, bipartite=0):
    vertex = [
        named(
            na=whole(0, flags=10),
            **({"vertex.names": strings([n])} if isinstance(n, str) else {"vertex.names": whole(n)} if n else {}),
        )
        for n in names
    ]
    gal = named(n=reals(len(names)), directed=whole(int(directed), flags=10), bipartite=whole(bipartite, flags=10))
    return named("network", mel=plain(*edges), gal=gal, val=plain(*vertex))


def pairlist(**values):
    return attributes(**values)


@pytest.fixture
def read(tmp_path):
    def of(body, name=None, *, rda=False, **options):
        path = tmp_path / ("x.rda" if rda else "x.rds")
        path.write_bytes((b"RDX2\n" if rda else b"") + HEAD + body)
        return r_networks.read(path, name, **options)

    return of


SIGNS = [[0, 1, -1], [1, 0, 0], [-1, 0, 0.5]]


def test_a_matrix_keeps_rows_columns_and_names(read):
    lopsided = [[0, 1, -1], [2, 0, 0], [3, 4, 0]]
    for body, rda in ((matrix(lopsided), False), (pairlist(m=matrix(lopsided)), True)):
        found = read(body, rda=rda)
        assert found.names == ("A", "B", "C")
        assert found.matrix.tolist() == lopsided
        assert found.directed is None
    assert read(reals(0, 1, 1, 0, flags=14 | 0x200) + attributes(dim=whole(2, 2))).names == ("1", "2")


def test_a_network_is_a_matrix_of_its_edges(read):
    found = read(network([edge(1, 2, sign=1), NIL, edge(3, 1, sign=-1)]))
    assert found.matrix.tolist() == [[0, 1, -1], [1, 0, 0], [-1, 0, 0]]
    assert found.directed is False
    one_way = read(network([edge(1, 2, w=0.25)], directed=True, names=("A", 7, None)), attribute="w")
    assert one_way.matrix.tolist() == [[0, 0.25, 0], [0, 0, 0], [0, 0, 0]]
    assert one_way.names == ("A", "7", "3")
    assert read(network([edge(1, 2)])).matrix.sum() == 2, "no edge has a sign: each is +1"


def test_a_list_of_networks_needs_a_name(read):
    body = pairlist(
        allies=named(**{"1913": network([edge(1, 2)]), "1914": network([])}), note=strings(["x"]), m=matrix(SIGNS)
    )
    assert read(body, "allies/1913", rda=True).matrix.sum() == 2
    assert read(body, "m", rda=True).matrix.sum() == 0.5
    for name in (None, "1914"):
        with pytest.raises(DataError, match="name one of: allies/1913, allies/1914, m"):
            read(body, name, rda=True)


@pytest.mark.parametrize(("body", "said"), [
    (lambda: matrix([[0, 1]], names=("A",), columns=("A", "B")), "a matrix of 1 x 2"),
    (lambda: matrix(SIGNS, columns=("A", "C", "B")), "different names"),
    (lambda: strings(["no", "matrix"]), "0 matrices"),
    (lambda: struct.pack(">i", 4), "a form that is not read here"),
    (lambda: reals(1, 2)[:-3], "ends early"),
    (lambda: network([edge(1, 9, sign=1)]), "ends or value are missing"),
    (lambda: network([edge(1, 2, sign=1), edge(1, 3)]), "ends or value are missing"),
    (lambda: network([edge(1, 2, sign=float("nan"))]), "ends or value are missing"),
    (lambda: network([], bipartite=2), "bipartite"),
    (lambda: named("network", mel=plain(), gal=strings(["x"])), "a network of 0 actors"),
    (lambda: named("network", mel=plain(), gal=named(n=reals(1e12))), "a network of 0 actors"),
    (lambda: named("network", mel=plain(), gal=named(n=reals(6000))), "1 to 5,000"),
    (lambda: network([named(inl=strings(["x"]), outl=reals(float("inf")))]), "ends or value are missing"),
    (lambda: reals(1, flags=14 | 0x200) + attributes(dim=reals(1e300, 1.0)), "a matrix of 0 x 1"),
])  # fmt: skip
def test_what_is_no_network_is_refused(read, body, said):
    with pytest.raises(DataError, match=said):
        read(body())


def test_damaged_files_give_one_error(tmp_path):
    content = HEAD + network([edge(1, 2, sign=1)])
    path = tmp_path / "x.rds"
    for cut in range(0, len(content), 7):
        path.write_bytes(content[:cut])
        with pytest.raises(DataError):
            r_networks.read(path)
    with pytest.raises(DataError, match="No such file"):
        r_networks.read(tmp_path / "none.rds")
    assert np.isfinite(SIGNS).all()


@given(st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_with_a_wrong_byte_is_read_or_refused(tmp_path, at, byte):
    content = bytearray(HEAD + network([edge(1, 2, sign=1), edge(3, 1, sign=-1)]))
    content[at % len(content)] = byte
    path = tmp_path / "x.rds"
    path.write_bytes(content)
    with contextlib.suppress(DataError):
        found = r_networks.read(path)
        assert found.matrix.shape == (len(found.names),) * 2
