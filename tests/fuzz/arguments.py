"""What a command line may hold, from what the application declares of itself: sound, on the edge, and senseless."""

from __future__ import annotations

import types
import typing

from fuzz.texts import SCENARIO, WHAT_IF
from hypothesis import strategies as st

from foedus.cli import build

HERE = ("--in", "mine.toml")
SOUND = {
    "brief": HERE, "blocs": (*HERE, "--draws", "10"), "bound": ("CC", "BB", *HERE), "ally": ("AA", *HERE, "--against", "CC", "--draws", "10"),
    "stance": ("AA", *HERE), "bargain": ("issue.csv",), "war": ("CC", "BB", *HERE, "--draws", "50"), "explain": ("CC", "BB", *HERE, "--draws", "50"),
    "coalition": ("AA", "BB", "--against", "CC", *HERE), "required": ("AA", "--instead-of", "BB", "--attack", "CC:AA", *HERE, "--draws", "50"),
    "power": HERE, "similarity": ("AA", "BB", *HERE), "fight": (*HERE, "--actors", "AA,BB,CC", "--draws", "20"), "forecast": ("--in", "1905"), "scoreboard": ("board.jsonl",),
    "decades": (), "debate": (), "fall-of-war": (), "great-wars": ("1914",), "formation": ("--in", "1905"), "evolve": (*HERE, "--draws", "10"),
    "backtest": ("onset",), "sequence": ("--in", "mine.toml", "--draws", "10"), "compare": ("mine.toml", "--what-if", "without", "--draws", "50"), "stability": HERE,
    "weak-and-rich": HERE, "network-fit": (), "pact-account": ("ab", *HERE, "--draws", "10"), "counter-pacts": (), "fit": ("war ~ cinc", "--data", "rows.csv"),
    "studio": (), "verdict": ("D", "--list"), "validate": ("--list",), "sweep": ("mine.toml", "--vary", "strengthen:AA=0.5:2:2", "--draws", "200"),
    "build": ("state-year", "--out", "x.csv"), "export": (*HERE, "-o", "x.graphml"), "doctor": (), "who": ("PRUSSIA", "1860"),
    "scenario new": ("--from", "mine.toml", "-o", "new.toml"), "scenario check": ("mine.toml",), "scenario diff": ("mine.toml", "europe-1914"),
    "scenario schema": (), "scenario list": (), "scenario events": ("mine.toml",), "crisis game": ("AA", "CC", *HERE), "crisis years": ("--in", "1905"),
    "crisis signal": (), "crisis bargain": ("0.5",), "crisis estimate": ("outcome ~ a - 1 | 1 | 1 | b", "--data", "rows.csv"), "data list": (),
    "data fetch": ("cow_nmc",), "data add": ("cow_nmc", "rows.csv"), "data verify": (), "data coverage": (), "data cite": (),
    "data query": ("SELECT 1",), "data where": (), "data remove": ("cow_nmc",),
}  # fmt: skip
"""A small sound call of every command; what needs the field's data is refused for that, politely."""

WHOLE = (
    "0",
    "-1",
    "1",
    "2",
    "3",
    "-0",
    "1.5",
    "",
    "x",
    "1e400",
    "9" * 5_000,
    str(2**63),
    "9" * 30,
    "٣",
    "nan",
    "None",
    " 1",
    "1_0",
    "\0",
)
NUMBER = (*WHOLE[:7], "nan", "inf", "-inf", "1e308", "-1e308", "1e-320", "-0.0", "0.5", "1e400", "", "x", "9" * 400)
TEXT = (
    "", " ", ":", ",", ",,", "=", "\0", "\x1b[2J", "\udcff", "\u202e", "e\u0301", "\ufeff", "a" * 5_000, "..", "../../x", "A:B:C", "[", "%s", "{}", "-", "--",
    "AA", "BB", "aa", "Alpha", "ZZ", "AA:BB", "CC:BB", "AA,BB", "ab", "without", "1914", "1900-01-01", "0000-00-00", "9999-12-31", "1900-02-30", "1816:2016",
    "cow:2", "cow:99999999999999999999", "0.5", "1e400", "mine.toml", "mine.what-if.toml", "rows.csv", "board.jsonl", "issue.csv", "no-such", "x.csv", "x.parquet",
    "x.png", "x.svg", "x.json", "x.gexf", "no/such/x.csv", "folder", "processes:0", "processes:x", "dask://", "strengthen:AA=0.5:2:2", "strengthen:AA=nan:1:2",
    "strengthen:AA=1:2:99999999999", "void-pact:ab", "all", "2,20", "'; DROP TABLE x; --", "$(id)", "🕊", "\n", "\r\n",
)  # fmt: skip


def commands():
    """Yield the words of every command and its declared arguments."""

    def walk(app, words):
        for name in app:
            if not name.startswith("-"):
                inner = app[name]
                if any(not x.startswith("-") for x in inner):
                    yield from walk(inner, (*words, name))
                else:
                    yield " ".join((*words, name)), inner

    for words, app in walk(build(), ()):
        yield words, [a for a in app.assemble_argument_collection() if a.names != ("*",)]


def of(hint):
    """Return the values for a declared type, and whether it is a flag."""
    options = typing.get_args(hint) if typing.get_origin(hint) in {typing.Union, types.UnionType} else (hint,)
    plain = next(x for x in options if x is not type(None))
    if typing.get_origin(plain) in {tuple, list}:
        plain = typing.get_args(plain)[0]
    if typing.get_origin(plain) is typing.Literal:
        return (*map(str, typing.get_args(plain)), "", "x", "\0")
    return {bool: (), int: WHOLE, float: NUMBER}.get(plain, TEXT)


def spelled(argument):
    """Return every way to write an argument with its values: a list of tuples of words."""
    values = of(argument.hint)
    flags = [n for n in argument.names if n.startswith("-")]
    if not values:
        return [(n,) for n in flags]
    return (
        [(flags[0], v) for v in values] + [(f"{flags[0]}={v}",) for v in values[:2]]
        if flags
        else [(v,) for v in values]
    )


@st.composite
def lines(draw, words, declared):
    """Draw a command line: the sound one with up to three arguments more, one word dropped or any word put in."""
    argv = list(SOUND[words])
    for _ in range(draw(st.integers(0, 3))):
        if declared:
            argv += draw(st.sampled_from(spelled(draw(st.sampled_from(declared)))))
    change = draw(st.sampled_from(("none", "none", "drop", "put", "swap")))
    if argv and change in {"drop", "swap"}:
        at = draw(st.integers(0, len(argv) - 1))
        argv[at : at + 1] = [] if change == "drop" else [draw(st.sampled_from(TEXT))]
    elif change == "put":
        argv.insert(draw(st.integers(0, len(argv))), draw(st.one_of(st.sampled_from(TEXT), st.text(max_size=8))))
    return [*words.split(), *argv]


def furnish(folder):
    """Write the files that sound calls name."""
    (folder / "mine.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "mine.what-if.toml").write_text(WHAT_IF, encoding="utf-8")
    (folder / "rows.csv").write_text(
        "outcome,war,cinc,a,b\n" + "".join(f"{(1, 3, 4)[k % 3]},{k % 2},0.{k},{k / 7},{k % 5}\n" for k in range(40)),
        encoding="utf-8",
    )
    (folder / "issue.csv").write_text(
        "actor,position,capability,salience\nnorth,4,0.6,0.5\nsouth,1,0.3,0.8\neast,2,0.1,0.1\n", encoding="utf-8"
    )
    (folder / "board.jsonl").write_text("", encoding="utf-8")
    (folder / "folder").mkdir()
