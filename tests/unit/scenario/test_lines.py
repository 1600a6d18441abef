"""Lines of keys and entries, against a plain search of markers that each line carries."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.scenario.lines import line_of, lines
from foedus.scenario.read import bundled_text

TEXT = '''# a comment with [brackets] = "x"
a = 1
"b c" = """
x = 2
[not] a table \\"""
"""
'd' = \'\'\'
[[no]]
\'\'\'
e = [1, [2,
  3], { f = "]", "g" = 4 }, # 5
  6]
[h.i]
j.k = { l = { m = [
 7] } }
[[n]]
o = 1914-07-28
[n.p]
q = 1.5
[[n.r]]
[[n]]
[[n.r]]
s = "\\u0041 = 1"
'''


def test_every_path_has_its_line():
    tomllib.loads(TEXT)
    found = lines(TEXT)
    assert found == {
        "a": 2, "'b c'": 3, "d": 7, "e": 10, "e[0]": 10, "e[1]": 10, "e[1][0]": 10, "e[1][1]": 11, "e[2]": 11, "e[2].f": 11, "e[2].g": 11,
        "e[3]": 12, "h": 13, "h.i": 13, "h.i.j": 14, "h.i.j.k": 14, "h.i.j.k.l": 14, "h.i.j.k.l.m": 14, "h.i.j.k.l.m[0]": 15, "n": 16, "n[0]": 16,
        "n[0].o": 17, "n[0].p": 18, "n[0].p.q": 19, "n[0].r": 20, "n[0].r[0]": 20, "n[1]": 21, "n[1].r": 22, "n[1].r[0]": 22,
        "n[1].r[0].s": 23,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "line"), [("n[1].r[0].zz.y", 22), ("e[3]", 12), ("zz", None), ("", None), ("h.i.j", 14), ("e[9]", 10)]
)
def test_a_path_that_is_not_written_has_the_line_of_what_is_around_it(path, line):
    assert line_of(path, lines(TEXT)) == line


def test_every_key_of_a_bundled_file_stands_on_its_line():
    text = bundled_text("europe-1914")
    rows = text.split("\n")
    for path, line in lines(text).items():
        last = path.rsplit(".", 1)[-1].split("[")[0]
        assert path.endswith("]") or last in rows[line - 1], (path, rows[line - 1])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z]{1,3}", fullmatch=True), st.sampled_from(["1", '"=[{"', "'#'", "[1,\n2]", "{a=[1]}", '"""\n"""'])),
        min_size=1, max_size=8, unique_by=lambda x: x[0],
    )
)  # fmt: skip
def test_keys_against_counting_lines(pairs):
    text, want, line = "", {}, 1
    for key, value in pairs:
        want[key] = line
        text += f"{key} = {value}\n"
        line += 1 + value.count("\n")
    assert {k: v for k, v in lines(text).items() if k in want} == want
