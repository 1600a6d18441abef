"""R's own files straight into Polars: the same as the general reader, whatever R's shorter forms, and damaged files refused."""

from __future__ import annotations

import gzip
import lzma
import struct
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import rdata

from foedus import limits
from foedus.data import r_tables, reading

TEXT = ["Åland", None, "ł", "", "Åland"]


@pytest.fixture
def written(tmp_path):
    """Return an ``.rda`` that another program wrote."""
    frame = pd.DataFrame({
        "number": [1.5, np.nan, -2.0, 0.0, 1e300], "whole": np.array([1, 2, 3, -4, 5], dtype=np.int32), "flag": [True, False, True, True, False],
        "text": pd.array(TEXT, dtype="string"), "kind": pd.Categorical(["b", "a", "c", "b", "a"]),
    })  # fmt: skip
    path = tmp_path / "made.rda"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rdata.write_rda(path, {"made": frame.drop(columns="text")})
    return path


def test_numbers_truth_and_factors_are_those_of_the_general_reader(written):
    fast = r_tables.data_frames(written)["made"]
    assert fast.equals(reading._polars(reading.general(written, "rda")["made"]))
    assert fast["number"].null_count() == 1
    assert fast["kind"].to_list() == ["b", "a", "c", "b", "a"]
    assert reading.rda(written, "made").equals(fast)
    with pytest.raises(reading.DataError, match="lacks the table"):
        reading.rda(written, "other")


def char(text, *, latin=False):
    if text is None:
        return struct.pack(">ii", 9, -1)
    raw = text.encode("latin-1" if latin else "utf-8")
    return struct.pack(">ii", 9 | ((4 if latin else 8) << 12), len(raw)) + raw


def strings(values, flags=16, **kind):
    return struct.pack(">ii", flags, len(values)) + b"".join(char(v, **kind) for v in values)


def reals(*values, flags=14):
    return struct.pack(f">ii{len(values)}d", flags, len(values), *values)


def symbol(name):
    return struct.pack(">i", 1) + char(name)


NIL = struct.pack(">i", 254)


def attributes(**values):
    return b"".join(struct.pack(">i", 2 | 0x400) + symbol(k) + v for k, v in values.items()) + NIL


def alternative(name, state):
    info = (
        struct.pack(">i", 2)
        + symbol(name)
        + struct.pack(">i", 2)
        + symbol("base")
        + struct.pack(">i", 2)
        + struct.pack(">iii", 13, 1, 13)
        + NIL
    )
    return struct.pack(">i", 238) + info + state + NIL


def frame(**columns):
    body = struct.pack(">ii", 19 | 0x300, len(columns)) + b"".join(columns.values())
    return body + attributes(names=strings(list(columns)), **{"class": strings(["data.frame"])})


HEAD = b"X\n" + struct.pack(">iiii", 3, 0x40300, 0x30500, 5) + b"UTF-8"


def read(tmp_path, content):
    path = tmp_path / "x.rds"
    path.write_bytes(content)
    return reading.rds(path)


def test_texts_in_two_encodings_and_rs_shorter_forms(tmp_path):
    wrapped = struct.pack(">ii", 19, 2) + reals(7.0, 8.0) + struct.pack(">iiii", 13, 2, 0, 0)
    factor = struct.pack(">iiii", 13 | 0x300, 2, 2, -(2**31)) + attributes(
        levels=strings(["a", "b"]), **{"class": strings(["factor"])}
    )
    content = HEAD + frame(
        text=strings(TEXT[:2]), latin=strings(["Åland", None], latin=True),
        sequence=alternative("compact_intseq", reals(2.0, 5.0, 1.0)), wrap=alternative("wrap_real", wrapped), factor=factor,
    )  # fmt: skip
    found = read(tmp_path, content)
    assert found.to_dict(as_series=False) == {
        "text": ["Åland", None], "latin": ["Åland", None], "sequence": [5.0, 6.0], "wrap": [7.0, 8.0], "factor": ["b", None],
    }  # fmt: skip
    assert found.schema["text"] == pl.String
    for packed in (gzip.compress(content), lzma.compress(content)):
        assert read(tmp_path, packed).equals(found)


def test_a_pointer_that_readr_leaves_in_the_attributes_is_passed_over(tmp_path):
    pointer = struct.pack(">i", 22) + NIL + NIL
    named = struct.pack(">i", 2 | 0x400) + symbol("names") + strings(["a", "b"])
    # What is referred to is counted from 1: names, problems, the pointer, class.
    problems = struct.pack(">i", 2 | 0x400) + symbol("problems") + pointer
    again = struct.pack(">i", 2 | 0x400) + struct.pack(">i", 2 << 8 | 255) + reals(3.0)
    classed = struct.pack(">i", 2 | 0x400) + symbol("class") + strings(["data.frame"])
    more = struct.pack(">i", 2 | 0x400) + struct.pack(">i", 4 << 8 | 255) + strings(["data.frame"])
    body = struct.pack(">ii", 19 | 0x300, 2) + reals(1.0) + reals(2.0)
    content = HEAD + body + named + problems + again + classed + more + NIL
    assert r_tables._Reader(content).whole().attributes.keys() == {"names", "problems", "class"}
    assert read(tmp_path, content).to_dict(as_series=False) == {"a": [1.0], "b": [2.0]}
    path = tmp_path / "column.rds"
    path.write_bytes(HEAD + frame(a=pointer))
    with pytest.raises(r_tables.UnsupportedError):
        r_tables.data_frames(path)


def test_what_no_data_frame_needs_goes_to_the_general_reader(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(reading, "general", lambda _, form: asked.append(form) or pl.DataFrame({"a": [1.0]}))
    date, wide = strings(["x"], flags=16), reals(1.0, flags=14 | 0x200) + attributes(dim=reals(1.0, 1.0))
    for content in (
        HEAD + date,
        HEAD + frame(a=wide),
        HEAD + struct.pack(">i", 4),
        b"A\n1",
        HEAD + frame(a=frame(b=reals(1.0))),
    ):
        assert read(tmp_path, content)["a"].to_list() == [1.0]
    assert asked == ["rds"] * 5


def test_a_file_cut_anywhere_is_refused_and_one_that_claims_too_much_takes_no_memory(tmp_path):
    whole = HEAD + frame(text=strings(TEXT), number=reals(1.0, 2.0, 3.0, 4.0, 5.0))
    path = tmp_path / "cut.rds"
    for end in range(len(HEAD), len(whole)):
        path.write_bytes(whole[:end])
        with pytest.raises((EOFError, r_tables.UnsupportedError)):
            r_tables.data_frames(path)
    for claim in (
        struct.pack(">ii", 14, 2**31 - 1), struct.pack(">ii", 16, 2**31 - 1), struct.pack(">ii", 19, 2**31 - 1), struct.pack(">ii", 14, -5),
        alternative("compact_intseq", reals(1e12, 1.0, 1.0)),
    ):  # fmt: skip
        path.write_bytes(HEAD + claim)
        with pytest.raises(EOFError):
            r_tables.data_frames(path)
    path.write_bytes(HEAD + struct.pack(">ii", 19, 1) * 100 + NIL * 100)
    with pytest.raises((EOFError, r_tables.UnsupportedError)):
        r_tables.data_frames(path)


def test_a_packed_file_has_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(limits.unpacked, "__defaults__", (1_000,))
    path = tmp_path / "bomb.rds"
    path.write_bytes(lzma.compress(bytes(1_001)))
    with pytest.raises(ValueError, match="more than 1,000 bytes"):
        r_tables.data_frames(path)


@pytest.mark.realdata
@pytest.mark.parametrize(
    "name", ["cow_capitals", "archigos", "cw_system", "ucdp_acd", "LEAD", "rugged", "gw_states", "gml_dirdisp"]
)
def test_tables_of_the_r_packages_are_those_of_the_general_reader(name, realdata_dir):
    path = next(realdata_dir.rglob(f"{name}.rda"))
    assert r_tables.data_frames(path)[name].equals(reading._polars(reading.general(path, "rda")[name]))
