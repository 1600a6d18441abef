"""Two thousand broken and hostile scenario files: each is refused with a ScenarioError or read, never anything else, soon and small.

The corpus is seeded, so that a failure names its case: run this file as a script with the case's number to see it alone.
"""

import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.errors import ScenarioError
from foedus.scenario import guard, limits
from foedus.scenario.read import load_scenario, parse_text
from foedus.scenario.write import to_toml

SEED = 20190318
MUTANTS = 2_000
SECONDS = 2.0
MEGABYTES = 1_000
ROOT = Path(__file__).parents[2]
SMALL = (ROOT / "tests/unit/scenario/conftest.py").read_text(encoding="utf-8").split('"""\\\n')[1].split('"""\n')[0]

VALUES = (
    "nan", "inf", "-inf", "1e999", "1e308", "-1", "0", "true", '""', "[]", "{}", "[[]]", "[{}]", "{ a = {} }", "9" * 400, "0x" + "f" * 4000,
    "-0.0", "1e-320", "1979-05-27", "0001-01-01", "9999-12-31", "1979-05-27T07:32:00Z", "07:32:00", "2000-13-01", "1914-07-28T25:00:00",
    "[1, 2, 3]", "[2, 1]", "[nan, 1]", '["x", 1]', "{ mean = 1, sd = -1 }", "{ mean = nan, sd = 1 }", "{ mean = 1, sd = 1, extra = 1 }",
    r'"\u001b[2J\u001b[31m"', r'"\u202egnp.exe"', r'"\u0000"', r'"\u0007\u0008\u007f"', '"<script>alert(1)</script>"', '"<img src=x onerror=alert(1)>"',
    '"\'; DROP TABLE actor; --"', '"../../etc/passwd"', '"{{ 7 * 7 }}"', '"%s%n%x"', '"' + "x" * 5000 + '"', '"' + "é" * 4001 + '"', '"AUH"', '"GMY"',
    '["AUH", "AUH"]', '["GMY", "SER", "AUH", "XXX"]', "[" * 40 + "]" * 40, r'"\ud800"', "'''\n\n'''", '"""\n"""', "1_000", "0b11", "+1", "01",
)  # fmt: skip
FRAGMENTS = (
    "[", "]", "[[", "]]", "{", "}", '"', "'", '"""', "=", ".", ",", "#", "\n", "\r", "\t", "\0", "\x1b[31m", "\u202e", "\u2028", "\ufeff", "🕊", "é",
    "[[actor]]\n", "[actor]\n", "[what_if.x]\n", "format = 1\n", 'id = "GMY"\n', "a.b.c = 1\n", "-", "1914-07-28", "<b>", "$(id)", "\\", "\\u001b",
)  # fmt: skip


def mutant(number: int) -> str | bytes:
    """Return one mutation of the small scenario; bytes where it is no text."""
    rng = random.Random(SEED * 100_003 + number)
    lines = SMALL.splitlines(keepends=True)
    for _ in range(rng.choice((1, 1, 1, 1, 2, 4))):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(10)
        pair = re.match(r"(\s*)([\w-]+)( *= *)(.*)", lines[i])
        if kind <= 2 and pair:
            lines[i] = f"{pair[1]}{pair[2]}{pair[3]}{rng.choice(VALUES)}\n"
        elif kind == 3 and pair:
            lines[i] = (
                f"{pair[1]}{rng.choice((pair[2][:-1], pair[2] + 's', pair[2].upper(), 'x' * 300, '__proto__', 'a.b'))}{pair[3]}{pair[4]}\n"
            )
        elif kind == 4:
            del lines[i : i + rng.randrange(1, 4)]
        elif kind == 5:
            lines[j:j] = lines[i : i + rng.randrange(1, 12)]
        elif kind == 6:
            at = rng.randrange(len(lines[i]) + 1)
            lines[i] = lines[i][:at] + rng.choice(FRAGMENTS) * rng.choice((1, 1, 3)) + lines[i][at + rng.randrange(3) :]
        elif kind == 7:
            lines[i], lines[j] = lines[j], lines[i]
        elif kind == 8 and i + 1 < len(lines):
            lines[i], lines[i + 1] = lines[i + 1], lines[i]
        else:
            lines.insert(i, rng.choice(("\n", "# <b>\n", f"# {'x' * 200}\n", 'note = "<script>"\n')))
        lines = lines or ["\n"]
    text = "".join(lines)
    if rng.random() < 0.1:
        raw = bytearray(text.encode())
        for _ in range(rng.randrange(1, 9)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        return bytes(raw)
    return text


def _many(pattern: str, count: int) -> str:
    """Return numbered copies of a pattern, as many as fit below the size limit."""
    fit = min(count, (limits.MAX_BYTES - 60_000) // (len(pattern.encode()) + 6))
    return "".join(pattern.replace("%", str(i)) for i in range(fit))


def bombs() -> dict[str, str | bytes]:
    """Return handcrafted files that are large, deep, cyclic or expensive."""
    big = limits.MAX_BYTES - 1000
    actors = _many('[[actor]]\nid = "A%"\nname = "n"\nkind = "state"\nsources = ["atop"]\n', 390)
    strong = actors.replace('kind = "state"', 'kind = "state"\ncapability = { gdp = 1 }')
    tie = '[[tie]]\na = "A1"\nb = "A2"\nreason = "war"\nstrength = -1\nsources = ["atop"]\nnote = "%"\n'
    event = '[[event]]\nid = "e%"\ndate = 1915-01-01\nsources = ["atop"]\nedits = ['
    return {
        "ten megabytes": b'summary = "' + b"x" * 10_000_000 + b'"\n',
        "long string": SMALL.replace("Three states.", "x" * big),
        "long id": SMALL.replace('id = "GMY"', f'id = "{"G" * big}"'),
        "long key": SMALL + "x" * big + " = 1\n",
        "many keys": _many("k% = 1\n", 99_000),
        "million keys": _many("k%=1\n", 10**6),
        "many headers": _many("[k%]\n", 99_000),
        "many entries": "[[actor]]\n" * 49_000,
        "dotted keys": _many("a.b.c.k% = 1\n", 10**6),
        "dotted keys below the limit": _many("a.b.c.k% = 1\n", 19_000) + _many("x.k% = 1\n", 70_000),
        "dotted headers": _many("[a.b.c.k%]\n", 10**6),
        "one long dotted key": "a." * 900_000 + "b = 1",
        "one long dotted key without value": "a." * 900_000,
        "a quoted dotted key": '"a".' * 400_000 + "b = 1",
        "a dotted key inside a table": "x = { " + "a." * 900_000 + "b = 1 }",
        "giant array": "a = [" + "1," * 149_000 + "]",
        "million items": "a = [" + "1," * 1_000_000 + "]",
        "array of strings": "a = [" + '"",' * 149_000 + "]",
        "array of tables": "a = [" + "{a=1}," * 59_000 + "]",
        "deep arrays": "a = " + "[" * 99_000,
        "deep arrays, closed": "a = " + "[" * 400 + "]" * 400,
        "deep tables": "a = " + "{a=" * 59_000,
        "deep headers": "[" + ".".join("a" * 39) + "]\n",
        "newlines": "\n" * 249_000,
        "newlines after a comma": "a = [1," + "\n" * 240_000 + "]",
        "commas and newlines": "a = [" + "1,\n" * 149_000 + "]",
        "spaces": " " * big,
        "tabs": ("\t" * 7 + "\n") * 249_000,
        "comments": "#\n" * 249_000,
        "nothing but quotes": '"' * big,
        "nothing but brackets": "]" * big,
        "escapes": 'a = "' + "\\n" * 199_000 + '"',
        "unicode escapes": 'a = "' + "\\u0041" * 199_000 + '"',
        "astral characters": SMALL.replace("Three states.", "🕊" * 500_000),
        "digits": "a = " + "9" * big,
        "decimals": "a = 0." + "9" * big,
        "zeros": b"\0" * 1_000_000,
        "random bytes": random.Random(1).randbytes(200_000),
        "carriage returns": "\r" * 1_000_000,
        "byte order marks": "\ufeff" * 100 + SMALL,
        "lone surrogate": SMALL.replace("Three", "\ud800"),
        "ring of parents": SMALL + actors.replace('name = "n"', 'name = "n"\nparent = "A0"'),
        "long chain of parents": SMALL + "".join(
            f'[[actor]]\nid = "A{i}"\nname = "n"\nkind = "state"\nparent = "A{(i + 1) % 390}"\nsources = ["atop"]\n' for i in range(390)
        ),
        "factions that lean in a ring": SMALL.replace('name = "Austria-Hungary"\nkind = "state"', 'name = "A"\nkind = "state"\nfaction = [{ id = "x", name = "x", weight = 1, leans = "GMY" }]'),
        "duplicate ids": SMALL + actors + actors,
        "ties that name nobody": SMALL + _many('[[tie]]\na = "B%"\nb = "C%"\nreason = "rivalrx"\nstrength = 1\n', 19_000),
        "the same tie": SMALL + actors + tie * 9_000,
        "many ties": SMALL + actors + _many(tie, 9_000),
        "misspelt sources": SMALL + actors.replace('"atop"', '"atpo"'),
        "many members": SMALL + actors + '[[pact]]\nid = "p"\nname = "p"\nkind = "treaty"\nmembers = [' + '{ actor = "A1", from = 1900-01-01 },' * 990 + "]\n",
        "many pledges": SMALL + actors + '[[pact]]\nid = "p"\nname = "p"\nkind = "treaty"\nmembers = ["A1", "A2"]\nsources = ["atop"]\n' + '[[pact.pledge]]\nby = "A1"\ntype = "defense"\n' * 4_900,
        "many pacts": SMALL + actors + _many('[[pact]]\nid = "p%"\nname = "p"\nkind = "treaty"\nmembers = ["A1", "A2"]\nsources = ["atop"]\n', 1_900),
        "too many edits": SMALL + strong + _many(tie, 2_000) + _many(event + '{ op = "strengthen", actor = "A1", factor = 2 },' * 90 + "]\n", 90),
        "as many edits as may be": SMALL + strong + _many(tie, 1_000) + _many(event + '{ op = "strengthen", actor = "A1", factor = 1 },' * 30 + "]\n", 9),
        "edits that fail": SMALL + actors + _many(event + '{ op = "void_pact", pact = "nothing-of-that-name" },' * 90 + "]\n", 10),
        "strength without bound": SMALL + strong + event.replace("%", "s") + '{ op = "strengthen", actor = "A1", factor = 1000 },' * 190 + "]\n",
        "empty": "",
        "not TOML": "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>",
        "JSON": json.dumps({"format": 1, "actor": []}),
        "YAML": "format: 1\nactor:\n  - id: NO\n",
    }  # fmt: skip


def outcome(case: str | bytes, folder: Path) -> tuple[str, float]:
    """Return "read", "refused" or what went wrong, and the seconds of processor time."""
    start = time.process_time()
    try:
        if isinstance(case, bytes):
            path = folder / "case.toml"
            path.write_bytes(case)
            scenario = load_scenario(path)
        else:
            scenario = parse_text(case, "case.toml")
        result = "read"
    except ScenarioError as error:
        text = str(error).replace("\n", " ")
        shown = limits.FORBIDDEN.search(text)
        result = "refused" if not shown and error.problems and len(text) < 100_000 else f"shows {text[:300]!r}"
        scenario = None
    except BaseException as error:
        return f"{type(error).__name__}: {str(error)[:300]}", time.process_time() - start
    seconds = time.process_time() - start
    if scenario is not None and len(scenario.system.ties) < 100:
        again = parse_text(to_toml(scenario.system), "again").system
        result = result if again.hash == scenario.system.hash else "reads back as another system"
    return result, seconds


def peak_megabytes() -> float:
    """Return the most memory that this program has held since it began.

    Not ``ru_maxrss``: on Linux a child inherits it across fork and exec, so that it tells how large the test run had grown that started this process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1]) / 1024
    scale = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def run() -> dict[str, object]:
    """Read the whole corpus and return what happened."""
    counts: dict[str, int] = {}
    bad: list[str] = []
    slowest = ("", 0.0)
    with tempfile.TemporaryDirectory() as folder:
        cases = [(str(n), mutant(n)) for n in range(MUTANTS)]
        for name, case in [*cases, *bombs().items()]:
            result, seconds = outcome(case, Path(folder))
            counts[result] = counts.get(result, 0) + 1
            slowest = max(slowest, (name, seconds), key=lambda x: x[1])
            if result not in {"read", "refused"} or seconds > SECONDS:
                bad.append(f"{name}: {result} ({seconds:.2f} s)")
    return {"counts": counts, "bad": bad[:20], "slowest": slowest, "megabytes": peak_megabytes()}


@pytest.fixture(scope="module")
def report():
    """What a fresh process made of the corpus."""
    home = os.pathsep.join([str(Path(guard.__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    env = os.environ | {"PYTHONPATH": home}
    done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=False, timeout=300, env=env)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_every_file_is_refused_whole_or_read(report):
    assert report["bad"] == []
    assert sum(report["counts"].values()) > MUTANTS + 50


def test_the_corpus_is_neither_all_broken_nor_all_harmless(report):
    assert report["counts"]["read"] > 200
    assert report["counts"]["refused"] > 1000


def test_no_file_takes_long_or_much_memory(report):
    assert report["slowest"][1] < SECONDS, report["slowest"]
    assert report["megabytes"] < MEGABYTES


def test_the_memory_of_the_process_that_starts_the_corpus_is_not_counted():
    size = 400
    parent = (
        f"import subprocess, sys; held = b'x' * ({size} << 20);"
        "print(subprocess.run([sys.executable, sys.argv[1], '--peak'], capture_output=True, text=True, check=True).stdout)"
    )
    home = os.pathsep.join([str(Path(guard.__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    env = os.environ | {"PYTHONPATH": home}
    done = subprocess.run([sys.executable, "-c", parent, __file__], capture_output=True, text=True, check=True, env=env)
    assert float(done.stdout) < size


PLAIN = (
    st.none().filter(bool)
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.dates()
    | st.datetimes()
)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
SLOW = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(
    st.text(max_size=300)
    | st.sampled_from(FRAGMENTS).flatmap(lambda f: st.text(max_size=50).map(lambda t: SMALL + f + t))
)
def test_any_text_is_refused_or_read(text):
    assert outcome(text, Path())[0] in {"read", "refused"}


@SLOW
@given(st.data())
def test_any_value_in_any_place_is_refused_or_read(data):
    """Every key of the small scenario in turn holds something else."""
    table = tomlkit.parse(SMALL).unwrap()
    node = table
    while True:
        name = data.draw(st.sampled_from(sorted(node)))
        inner = (
            node[name][0]
            if isinstance(node[name], list) and node[name] and isinstance(node[name][0], dict)
            else node[name]
        )
        if not isinstance(inner, dict) or data.draw(st.booleans()):
            break
        node = inner
    node[name] = data.draw(ANYTHING)
    try:
        text = tomlkit.dumps(table)
    except (ValueError, TypeError, tomlkit.exceptions.TOMLKitError):
        return
    assert outcome(text, Path())[0] in {"read", "refused"}


if __name__ == "__main__":
    if sys.argv[1:] == ["--peak"]:
        print(peak_megabytes())  # noqa: T201
    elif len(sys.argv) > 1:
        chosen = bombs().get(sys.argv[1]) or mutant(int(sys.argv[1]))
        print(chosen[:20_000], outcome(chosen, Path(tempfile.mkdtemp())))  # noqa: T201
    else:
        print(json.dumps(run()))  # noqa: T201
