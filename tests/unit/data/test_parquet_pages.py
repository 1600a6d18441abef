"""A Parquet file is counted from its heads before anything is unpacked, and heads that lie are refused."""

import io
import resource

import polars as pl
import pytest

from foedus import limits
from foedus.data import parquet_pages
from foedus.errors import DataError
from foedus.panel.read import read

I32, I64, TEXT, LIST, STRUCT = 5, 6, 8, 9, 12


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def value(kind, given):
    """Return one value in Thrift's compact protocol; a list is (kind of its values, values)."""
    if kind in (I32, I64):
        return varint(given * 2 if given >= 0 else -given * 2 - 1)
    if kind == TEXT:
        return varint(len(given)) + given
    if kind == STRUCT:
        return structure(*given)
    inner, values = given
    return bytes([240 | inner]) + varint(len(values)) + b"".join(value(inner, v) for v in values)


def structure(*fields):
    """Return a structure of (number, kind, value), with each number written in full."""
    return b"".join(bytes([kind]) + varint(2 * number) + value(kind, given) for number, kind, given in fields) + b"\0"


def made(
    path,
    *,
    rows=1,
    numbers=1,
    said=None,
    size=4,
    packed=None,
    kind=1,
    length=0,
    nested=0,
    chunk=(),
    page=0,
    encoding=0,
    group=None,
    copies=1,
    codec=0,
):
    """Write a Parquet file of one column of whole numbers whose heads say what they are told to."""  # fmt: skip
    body = packed if packed is not None else bytes(4 * numbers)
    head = {0: (5, STRUCT, ((1, I32, numbers), (2, I32, encoding), (3, I32, 3), (4, I32, 3))),
            2: (7, STRUCT, ((1, I32, numbers), (2, I32, encoding))),
            3: (8, STRUCT, ((1, I32, numbers), (2, I32, 0), (3, I32, numbers), (4, I32, encoding), (5, I32, 0), (6, I32, 0)))}[page]  # fmt: skip
    paged = structure((1, I32, page), (2, I32, size), (3, I32, len(body)), head) + body
    about = ((1, I32, kind), (2, LIST, (I32, [encoding])), (3, LIST, (TEXT, [b"x"])), (4, I32, codec),
             (5, I64, numbers if said is None else said), (6, I64, len(paged)), (7, I64, len(paged)), (9, I64, 4))  # fmt: skip
    groups = ((1, LIST, (STRUCT, [((2, I64, 4), (3, STRUCT, about), *chunk)] * copies)), (2, I64, len(paged)), (3, I64, rows if group is None else group))  # fmt: skip
    leaf = ((1, I32, kind), (2, I32, length), (3, I32, 0), (4, TEXT, b"x"))
    inner = [((3, I32, 0), (4, TEXT, b"g"), (5, I32, 1))] * nested
    schema = (STRUCT, [((4, TEXT, b"root"), (5, I32, copies)), *inner, *([leaf] * copies)])
    foot = structure((1, I32, 1), (2, LIST, schema), (3, I64, rows), (4, LIST, (STRUCT, [groups])))
    path.write_bytes(b"PAR1" + paged + foot + len(foot).to_bytes(4, "little") + b"PAR1")
    return path


def test_a_file_whose_heads_are_true_is_read(tmp_path):
    path = made(tmp_path / "a.parquet", rows=3, numbers=3, size=12)
    assert read(path)["x"].to_list() == [0, 0, 0]
    assert read(made(path, rows=3, numbers=3, size=12, page=3))["x"].to_list() == [0, 0, 0]
    pl.DataFrame().write_parquet(path)
    assert read(path).shape == (0, 0)


BIG = 2**31 - 1


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"rows": 10**12}, "1,000,000,000,000 rows"),
        ({"group": 10**12}, "1,000,000,000,000 rows"),
        ({"numbers": BIG, "packed": b"", "said": 1}, "more values .*2,147,483,647"),
        ({"size": BIG}, r"too large: got 2,147,483,647 bytes when unpacked; expected at most 268,"),
        ({"size": BIG, "page": 3}, "too large"),
        ({"kind": 7, "length": 10**9}, "too large: got 1,000,000,004 bytes"),
        ({"encoding": 7, "kind": 6}, "DELTA_BYTE_ARRAY"),
        ({"encoding": 7, "kind": 6, "page": 3}, "DELTA_BYTE_ARRAY"),
        ({"said": 5}, "a column of 5 values whose pages hold 1"),
        ({"numbers": 5, "page": 2}, "a column of 5 values whose pages hold 0"),
        ({"rows": -1}, "a count of -1"),
        ({"size": -1}, "a count of -1"),
        ({"nested": 40}, "nested deeper than 32"),
        ({"chunk": ((1, TEXT, b"/etc/passwd"),)}, "locked or lie in other files"),
    ],
)  # fmt: skip
def test_heads_that_promise_too_much_or_lie_are_refused_before_anything_is_unpacked(tmp_path, lie, said, monkeypatch):
    path = made(tmp_path / "a.parquet", **lie)
    monkeypatch.setattr(pl, "scan_parquet", None)
    monkeypatch.setattr(pl, "read_parquet", None)
    with pytest.raises(DataError, match=f"(?s){said}"):
        read(path)


def test_the_room_of_a_file_grows_with_it_up_to_that_of_the_most_cells():
    assert [parquet_pages.room(size) for size in (0, 1000, 10**9)] == [
        256 * 2**20,
        256 * 2**20 + 200_000,
        8 * 400_000_000,
    ]


def written(table, **options):
    out = io.BytesIO()
    table.write_parquet(out, compression="zstd", **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (lambda: pl.DataFrame({"s": ["x" * 30_000_000]}), r"too large: got 30,00\d,\d{3} bytes when unpacked"),
        (lambda: pl.DataFrame({"l": [pl.repeat(1, 20_000_000, dtype=pl.Int8, eager=True)]}), "more values.*got 20,000,000"),
        (lambda: pl.Series("a", [None] * 5_000, pl.Array(pl.Int8, (100, 10))).to_frame(), "got 5,000,000"),
        (lambda: pl.Series("a", [[None] * 40], pl.List(pl.Array(pl.Int8, 1_000_000))).to_frame(), "arrays of a fixed length inside lists: got 1,000,000"),
        (lambda: pl.select(*[pl.repeat(1, 200_000).alias(f"c{k}") for k in range(100)]), "200,000 rows of 100 columns"),
    ],
)  # fmt: skip
def test_honest_bombs_are_refused(tmp_path, table, said, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED", 20 * limits.MIB)
    path = tmp_path / "bomb.parquet"
    path.write_bytes(written(table()))
    assert path.stat().st_size < 100_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DataError, match=f"(?s){said}"):
        read(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


def test_every_cut_and_every_changed_byte_of_the_heads_is_a_table_or_one_error(tmp_path):
    whole = written(pl.DataFrame({"a": [1, 2, None], "l": [[1], [], [2, 3]], "s": ["x", "yy", None]}))
    path = tmp_path / "a.parquet"
    for k in range(len(whole) - 60, len(whole)):
        for data in (whole[:k], whole[:k] + bytes([whole[k] ^ 0x81]) + whole[k + 1 :]):
            path.write_bytes(data)
            try:
                parquet_pages.check_parquet(path)
            except DataError as refused:
                assert any(x in str(refused) for x in ("as .parquet", "more cells", "more values", "too large"))  # noqa: PT017


def test_long_heads_and_feet_without_end_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    long = pl.DataFrame({"s": ["é" * 3_000, "ü" * 3_000]})
    path.write_bytes(written(long, statistics="full"))
    assert read(path).rows() == long.rows()
    for name, most, said in (
        ("FOOT", 20, "a foot of"),
        ("STRUCTURES", 5, "more than 5 structures"),
        ("PAGES", 0, "more than 0 pages"),
    ):
        with monkeypatch.context() as few:
            few.setattr(parquet_pages, name, most)
            with pytest.raises(DataError, match=said):
                read(path)
