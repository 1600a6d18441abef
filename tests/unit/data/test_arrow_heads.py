"""An Arrow file is counted from its heads before anything is unpacked, and heads that lie are refused."""

import io

import polars as pl
import pytest

from foedus import limits
from foedus.data import arrow_heads
from foedus.errors import DataError
from foedus.panel.read import read

ROWS = pl.DataFrame(
    {"a": [1, 2, None], "l": [[1], [], [2, 3]], "s": ["x", "a longer text than twelve", None], "c": ["u", "v", "u"], "n": [None] * 3}
).with_columns(pl.col("c").cast(pl.Categorical), t=pl.struct("a", "s"))  # fmt: skip


def written(table, **options):
    out = io.BytesIO()
    table.write_ipc(out, **options)
    return out.getvalue()


@pytest.mark.parametrize("packed", ["uncompressed", "lz4", "zstd"])
def test_files_of_every_kind_of_column_are_read(tmp_path, packed):
    path = tmp_path / "a.arrow"
    path.write_bytes(written(pl.concat([ROWS, ROWS], rechunk=False), compression=packed))
    assert read(path).rows() == ROWS.rows() * 2
    path.write_bytes(written(pl.DataFrame(), compression=packed))
    assert read(path).shape == (0, 0)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (lambda: pl.DataFrame({"s": ["x" * 30_000_000]}), r"too large: got 30,0\d\d,\d{3} bytes when unpacked"),
        (lambda: pl.DataFrame({"c": ["x" * 30_000_000]}, schema={"c": pl.Categorical}), r"too large: got 30,0\d\d,\d{3} bytes when unpacked"),
        (lambda: pl.select(pl.repeat(None, 10_000_000, dtype=pl.Null).alias("n")), "more values.*got 10,000,000"),
        (lambda: pl.DataFrame({"l": [pl.repeat(None, 10_000_000, dtype=pl.Null, eager=True)]}), "more values.*got 10,000,001"),
    ],
)  # fmt: skip
def test_honest_bombs_are_refused(tmp_path, table, said, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED", 20 * limits.MIB)
    path = tmp_path / "bomb.arrow"
    path.write_bytes(written(table(), compression="zstd"))
    assert path.stat().st_size < 40_000
    monkeypatch.setattr(pl, "read_ipc", None)
    monkeypatch.setattr(pl, "scan_ipc", None)
    with pytest.raises(DataError, match=f"(?s){said}"):
        read(path)


def test_a_buffer_that_lies_of_its_size_is_refused_unread(tmp_path):
    whole = written(pl.DataFrame({"a": range(3_000)}), compression="zstd")
    size = (24_000).to_bytes(8, "little")
    assert whole.count(size) == 1
    path = tmp_path / "a.arrow"
    for lie, said in ((2**40, "too large: got 1,099,511,627,776 bytes"), (2**64 - 5, "a count of -5")):
        path.write_bytes(whole.replace(size, lie.to_bytes(8, "little")))
        with pytest.raises(DataError, match=said):
            read(path)


def test_a_buffer_that_ends_outside_its_file_is_refused_unread(tmp_path):
    whole = written(pl.DataFrame({"a": range(3_000)}), compression="uncompressed")
    path = tmp_path / "a.arrow"
    path.write_bytes(whole.replace((24_000).to_bytes(8, "little"), len(whole).to_bytes(8, "little")))
    with pytest.raises(DataError, match="a buffer that ends outside its file"):
        read(path)


def test_every_cut_and_every_changed_byte_of_the_heads_is_a_table_or_one_error(tmp_path, monkeypatch):
    whole = written(ROWS.drop("c", "t"), compression="lz4")
    path = tmp_path / "a.arrow"
    refused = 0
    for k in range(8, len(whole), 9):
        for data in (whole[:k], whole[:k] + bytes([whole[k] ^ 0x81]) + whole[k + 1 :]):
            path.write_bytes(data)
            try:
                arrow_heads.check_arrow(path)
            except DataError as error:
                refused += 1
                assert any(x in str(error) for x in ("as .arrow", "more values", "too large"))  # noqa: PT017
    assert refused >= (len(whole) - 8) // 9
    path.write_bytes(whole)
    monkeypatch.setattr(arrow_heads, "BLOCKS", 5)
    with pytest.raises(DataError, match=r"more than 5 columns|a list of"):
        read(path)
