"""What a file may hold: bounds are kept before room is made, and the page of limits names every one."""

import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path

import numpy as np
import pytest

from foedus import limits
from foedus.errors import DataError, ParameterError

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "limits.md"


def test_the_page_names_every_bound():
    names = [
        n for n, v in vars(limits).items() if n.isupper() and isinstance(v, int) and n not in {"MIB", "TYPE_CHECKING"}
    ]
    page = PAGE.read_text(encoding="utf-8")
    assert len(names) > 10
    assert [n for n in names if f"`{n}`" not in page] == []
    for bound, told in (
        (limits.TEXT, "64 MiB"), (limits.SMALL, "256 KiB"), (limits.UNPACKED, "256 MiB"), (limits.TABLE, "2 GiB"), (limits.ISSUE, "500"),
        (limits.CELLS, "400 million"), (limits.SPARE, "2 million"), (limits.NODES, "1 million"), (limits.MATRIX, "5,000"),
        (limits.DESCRIBED, "20 million"), (limits.DEEP, "100 levels"), (limits.DRAWS, "10 million"), (limits.SEED + 1, "2⁶³"),
    ):  # fmt: skip
        number, _, unit = told.replace(",", "").partition(" ")
        plain = 2**63 if number == "2⁶³" else int(number)
        assert plain * {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "million": 10**6}.get(unit, 1) == bound
        assert told in page


def test_no_more_bytes_than_that(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"\xef\xbb\xbf12345")
    assert limits.text(path) == "12345"
    assert limits.raw(path, 8) == limits.content(path, 8)
    with pytest.raises(ValueError, match="more than 7 bytes"):
        limits.raw(path, 7)
    with pytest.raises(ParameterError, match="more than 7 bytes"):
        limits.content(path, 7, error=ParameterError)
    with pytest.raises(DataError, match="No such file"):
        limits.content(tmp_path / "none")
    with pytest.raises(DataError, match="embedded null"):
        limits.content("\0")
    path.write_bytes(b"1\xff")
    with pytest.raises(DataError, match="no UTF-8 at byte 1"):
        limits.text(path)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bytes])
def test_a_packed_file_is_unpacked_up_to_a_bound(tmp_path, pack):
    path = tmp_path / "x"
    path.write_bytes(pack(bytes(3_000_000)))
    assert len(limits.unpacked(path, 3_000_000)) == 3_000_000
    with pytest.raises(ValueError, match="more than 2,999,999 bytes"):
        limits.unpacked(path, 2_999_999)


def test_json_and_toml_are_not_followed_without_end():
    deep = json.loads("[" * 90 + "]" * 90)
    assert limits.plain(json.dumps(deep)) == deep
    for text in ("[" * 101 + "]" * 101, "[" * 100_000, '{"a":' * 200 + "1" + "}" * 200, "{", "9" * 5_000):
        with pytest.raises(ValueError, match=r"deep|Expecting|limit"):
            limits.plain(text)
    assert limits.toml("\ufeffa.b = 1") == {"a": {"b": 1}}
    for text in ("a." * 50_000 + "b = 1", '"a"."b".' * 40 + "c = 1", "a = " + "[" * 5_000, "a =", "a = 1900-02-30"):
        with pytest.raises(ValueError, match=r"40 parts|deep|Invalid|day"):
            limits.toml(text)


def test_a_table_holds_what_its_bytes_can_hold(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    monkeypatch.setattr(limits, "SPARE", 100)
    path.write_bytes(b"a,b,c\n" + b"1,2,3\n" * 50)
    limits.check_csv(path)
    path.write_bytes(b"a,b,c,d,e,f,g,h,i,j,k,l\n" + b"\n" * 50)
    with pytest.raises(DataError, match="51 rows of 12 columns"):
        limits.check_csv(path)
    monkeypatch.setattr(limits, "TABLE", 10)
    with pytest.raises(DataError, match="too large"):
        limits.check_csv(path)
    with pytest.raises(FileNotFoundError):
        limits.check_table(tmp_path / "none")
    limits.check_cells("x", limits.CELLS, 1, held=10**18)
    limits.check_values("x", limits.CELLS, held=10**18)
    with pytest.raises(DataError, match="at most 400,000,000 cells"):
        limits.check_cells("x", limits.CELLS // 2 + 1, 2, held=10**18)
    with pytest.raises(DataError, match="at most 400,000,000"):
        limits.check_values("x", limits.CELLS + 1, held=10**18)


def test_arrays_are_read_once_their_heads_are_believed(tmp_path):
    path = tmp_path / "x.npz"
    np.savez_compressed(path, a=np.arange(3), b=np.array("x"))
    found = limits.arrays(path, ("a", "b"))
    assert found["a"].tolist() == [0, 1, 2]
    assert str(found["b"]) == "x"
    with pytest.raises(ValueError, match=r"no item named 'c\.npy'"):
        limits.arrays(path, ("c",))
    with pytest.raises(ValueError, match="a of 3"):
        limits.arrays(path, ("a",), most=10)
    np.savez(path, a=np.array([None], dtype=object))
    with pytest.raises(ValueError, match="object"):
        limits.arrays(path, ("a",))
    head = io.BytesIO()
    np.lib.format.write_array_header_2_0(head, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.npy", head.getvalue())
    with pytest.raises(ValueError, match="1000000000000"):
        limits.arrays(path, ("a",))
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": (10**6,)})
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.npy", head.getvalue() + bytes(80))
    with pytest.raises(ValueError, match="a of 1000000 float64 cannot be read"):
        limits.arrays(path, ("a",))
    path.write_bytes(b"PK")
    with pytest.raises(ValueError, match="zip"):
        limits.arrays(path, ("a",))
    with pytest.raises(FileNotFoundError):
        limits.arrays(tmp_path / "none", ("a",))


def test_numbers_and_paths():
    for end in (0, 9):
        limits.check_number("seed", end, 0, 9)
    for value, told in ((-1, "-1"), (10, "10"), (10**40, "very many digits")):
        with pytest.raises(ParameterError, match=f"{told}.*0 to 9"):
            limits.check_number("seed", value, 0, 9)
    for fine in ("x", "a/b", "é" * 100, "a\udcff", "", "a" * 255):
        limits.check_path("out", Path(fine))
    for bad in ("\0", "a" * 256, "é" * 128, "a/" * 4_000 + "b" * 200, "\ud800"):
        with pytest.raises(ParameterError, match="'--data-dir' parameter"):
            limits.check_path("data_dir", Path(bad))
