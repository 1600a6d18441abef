"""What cannot be seen is shown, on every way to a terminal: orders to it, marks that turn the direction of writing, characters without width."""

from __future__ import annotations

import io
import json
import math
import os
import re
import subprocess
import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.progress import Progress
from rich.rule import Rule
from rich.text import Text

from foedus import terminal
from foedus.cli import common, main
from foedus.scenario import limits
from foedus.scenario.read import load
from foedus.scenario.write import to_toml

ORDERS = {
    "clear the screen": "\x1b[2J\x1b[H",
    "rename the window": "\x1b]0;owned\x07",
    "a link": "\x1b]8;;http://evil.example/\x1b\\",
    "fill the clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "a sequence of one byte": "\x9b31m\x9d0;owned\x9c",
    "device control": "\x1bP$q\x1b\\",
    "conceal": "\x1b[8mhidden",
    "write over the line": "safe\rEVIL",
    "take back": "no\b\byes",
    "delete": "\x7f",
    "turn the direction": "\u202egnirts\u202c\u2066x\u2069\u200f",
    "no width": "a\u200bb\u2060c\ufeffd\u00ade",
    "a joiner in Latin": "U\u200dS\u200cA",
    "tags": "\U000e0041\U000e007f",
    "other line ends": "one\u2028two\u2029three\x85four\x0bfive\x0csix",
}
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("text", ORDERS.values(), ids=ORDERS)
def test_no_order_is_left(text):
    shown = terminal.visible(text)
    assert not terminal.UNSAFE.search(shown)
    assert all(c.isprintable() for c in shown)


@pytest.mark.parametrize(
    "text",
    ["São Tomé", "Μακεδονία", "日本", "قاره\u200cای", "क्\u200dष", "a\u00a0b", "−0.3 – 1", "two\nlines\tand a tab"],
)
def test_what_can_be_read_stays(text):
    assert terminal.visible(text) == text


@given(st.text())
def test_json_reads_back_as_it_was(text):
    shown = terminal.visible_json(json.dumps({text: [text]}, ensure_ascii=False))
    assert not terminal.UNSAFE.search(shown)
    assert json.loads(shown) == {text: [text]}


@given(st.text())
def test_showing_is_done_once(text):
    assert terminal.visible(terminal.visible(text)) == terminal.visible(text)
    assert not terminal.UNSAFE.search(terminal.visible(text))


def test_the_door_of_scenarios_refuses_what_the_terminal_would_show():
    every = "".join(map(chr, range(0x110000)))
    unsafe, forbidden = set(terminal.UNSAFE.findall(every)), set(limits.FORBIDDEN.findall(every))
    assert unsafe - forbidden == {"\u200c", "\u200d"}
    assert forbidden - unsafe == {"\t", "\n"}
    shown = {
        *"\t\n\u06dd\u070f\u08e2",
        *map(chr, (*range(0x600, 0x606), 0x890, 0x891, 0x110BD, 0x110CD, *range(0x13430, 0x13440))),
    }
    hidden = {
        c
        for c in every
        if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        or (ord(c) & 0xFFFE == 0xFFFE and ord(c) < 1 << 16)
    }
    assert hidden - unsafe <= shown, "the rule of Unicode, written again: only signs of format that are drawn pass"
    assert set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") <= unsafe, "letters that are blank"


@pytest.mark.parametrize("text", ORDERS.values(), ids=ORDERS)
def test_consoles_print_no_order_in_any_kind_of_text(text, monkeypatch):
    """A table's title, heads and cells, styled text, rules, plain strings and the bar; rich's own colours still come."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", terminal.Safe(out))
    monkeypatch.setattr(sys, "stderr", terminal.Safe(out))
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    common.show(text, pl.DataFrame({text: [text, "x"], "n": [-1.5, None]}), note=text)
    common.say(text)
    made = terminal.console(force_terminal=True)
    made.print(Text(text, style="bold"), Rule(Text(text)), text)
    with Progress(console=made, transient=True) as bar:
        bar.add_task(text.replace("[", "\\["))
    raw = out.getvalue()
    assert COLOUR.search(raw)
    left = re.sub(r"\x1b\[(\?25[hl]|[0-9;]*[AmK]|2K)", "", raw).replace("\r", "")
    assert not terminal.UNSAFE.search(left), ascii(left)


@pytest.mark.parametrize(
    "text",
    [
        "[/]",
        "[bold red]B[/bold red]",
        "[link=http://x.example]x[/link]",
        ":smile: [x]",
        "\\[x\\]\\",
        "[/",
        "%s{x}",
        "[]",
    ],
)
def test_what_looks_like_markup_is_text(text, monkeypatch):
    """In a table's title, heads, cells and notes, a paragraph, and the words of a bar."""
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", terminal.Safe(out))
    monkeypatch.setattr(sys, "stderr", terminal.Safe(err))
    monkeypatch.setattr(err, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm-256color")
    common.show(f"<{text}>", pl.DataFrame({f"({text})": [f"<{text}>", "x"]}), note=f"<{text}>")
    common.say(f"<{text}>")
    with common.progress(f"<{text}>") as tell:
        tell(f"({text})", 0.5)
    assert out.getvalue().count(f"<{text}>") == 4
    assert out.getvalue().count(f"({text})") == 1
    assert f"({text})" in COLOUR.sub("", err.getvalue())


def test_a_table_with_hidden_characters_keeps_its_columns(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", terminal.Safe(out))
    common.show("t", pl.DataFrame({"name": ["\x1b[2J\u202e", "plain"], "n": [1, 2]}))
    assert len({len(line) for line in out.getvalue().splitlines()[1:]}) == 1
    assert "\\u001b[2J\\u202e" in out.getvalue(), "the column is wide enough for what is shown"


def test_what_is_emitted_is_json_without_any_guard(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    common.emit({"a": "\x1b[2J\x9b\u202e\U000e0041 Ελλάς"})
    assert not terminal.UNSAFE.search(out.getvalue())
    assert "Ελλάς" in out.getvalue()
    assert json.loads(out.getvalue()) == {"a": "\x1b[2J\x9b\u202e\U000e0041 Ελλάς"}


def test_what_is_emitted_is_sorted_rounded_and_json_of_any_reader(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    common.emit({"z": [math.nan, math.inf, -math.inf, 1 / 3], "a": {"y": 2_000_000 / 3, "x": None}})
    shown = json.loads(out.getvalue(), parse_constant=lambda word: pytest.fail(f"{word} is not of JSON"))
    assert list(shown) == ["a", "z"]
    assert list(shown["a"]) == ["x", "y"]
    assert shown == {"a": {"x": None, "y": 666666.6667}, "z": [None, None, None, 0.3333333333]}


def test_a_table_says_what_is_unknown_and_how_much_it_leaves_out(capsys):
    common.show("T", pl.DataFrame({"n": [None, 0.0, 1.25]}), rows=2)
    text = capsys.readouterr().out
    assert "unknown" in text
    assert "1 more rows; --json holds all" in text


def test_streams_are_held_and_given_back(monkeypatch):
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with terminal.guarded():
        sys.stdout.write("\x1b[2Ja\n")
        sys.stderr.writelines(["\x9b1m", "b\n"])
        print("\u202e", file=sys.stdout)  # noqa: T201
        with terminal.guarded():
            assert sys.stdout.raw is out
    assert (sys.stdout, sys.stderr) == (out, err)
    assert out.getvalue() == "\\u001b[2Ja\n\\u202e\n"
    assert err.getvalue() == "\\u009b1mb\n"
    broken = io.StringIO()
    broken.write = broken.flush = lambda *_: (_ for _ in ()).throw(BrokenPipeError())
    monkeypatch.setattr(sys, "stderr", broken)
    with terminal.guarded():
        assert sys.stderr.write("unheard") == 7
        sys.stderr.flush()
        assert sys.stderr.encoding == broken.encoding
    monkeypatch.setattr(sys, "stdout", broken)
    with terminal.guarded(), pytest.raises(BrokenPipeError):
        sys.stdout.write("a result that is lost is told")
    with out, pytest.MonkeyPatch.context() as gone:
        gone.setattr(sys, "stdout", out)
        out.close()
        with terminal.guarded():
            print("to nobody")  # noqa: T201


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A scenario whose every name holds orders, past the door that refuses them."""
    text = to_toml(load("europe-1914"))
    order = "\\u001b]0;owned\\u0007\\u009b2J\\u202e\\r."
    path = tmp_path_factory.mktemp("hostile") / "a\x1b[2Jb.toml"
    path.write_text(
        re.sub(
            r'^((?:name|title|note|text|citation) = ".*)"$',
            rf'\1{order.replace(chr(92), chr(92) * 2)}"',
            text,
            flags=re.MULTILINE,
        ),
        encoding="utf-8",
    )
    return path


def repr_of(value):
    """Return all words of a result in one."""
    if isinstance(value, dict):
        return " ".join(repr_of(v) for kv in value.items() for v in kv)
    return " ".join(map(repr_of, value)) if isinstance(value, list) else str(value)


COMMANDS = [
    "blocs --draws 20", "power", "bound GMY BEL", "war AUH SER --draws 64", "war AUH SER --draws 64 --json", "ally BEL --against GMY --draws 20", "scenario check", "scenario events",
    "scenario diff - europe-1914", "blocs --draws 20 --json", "bound NOBODY\x1b[2J BEL", "export --out /nonexistent/\x1b]0;x\x07.csv", "data where \x1b[2J", "data add cow_nmc \x1b[2J", "\x1b[2J", "blocs --\x9b2J",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_passes_an_order_on(command, hostile, monkeypatch, capfd):
    monkeypatch.setattr(limits, "FORBIDDEN", re.compile("(?!)"))
    words = command.split(" ")
    if words[0] == "scenario":
        words[2:] = [str(hostile) if w == "-" else w for w in words[2:]] or [str(hostile)]
    elif words[0] in {"blocs", "power", "bound", "war", "ally", "export"}:
        words += ["--in", str(hostile)]
    with pytest.raises(SystemExit):
        main(words)
    said = capfd.readouterr()
    assert (said.out + said.err).strip()
    assert not terminal.UNSAFE.search(said.out + said.err), ascii(said)
    if "--json" in words:
        assert "\\u001b]0;owned\\u0007\\u009b2J\\u202e" in said.out
        assert "\x1b]0;owned\x07\x9b2J\u202e" in repr_of(json.loads(said.out))
    elif "\x9b" not in command and words[0] in {"blocs", "power", "bound"} and "NOBODY" not in command:
        assert "\\u001b]0;" in said.out


def test_a_fault_of_ours_prints_no_order(monkeypatch, capfd):
    def broken(*_, **__):
        raise ZeroDivisionError("\x1b[2J")

    monkeypatch.setattr("foedus.cli.data.list", broken)
    with pytest.raises(SystemExit, match="1"):
        main(["data", "list"])
    assert "ZeroDivisionError: \\u001b[2J" in capfd.readouterr().err


def test_the_log_of_a_run_holds_no_order(tmp_path):
    """A worker's traceback lands in ``log.txt``, which a user may print."""
    patch = (
        "import runpy, sys, foedus.studio.question as q\n"
        "def bad(*_): raise ValueError('\\x1b[2J')\n"
        "import foedus.studio.questions as qs\nqs.question = bad\n"
        "runpy.run_module('foedus.studio.worker', run_name='__main__')"
    )
    (tmp_path / "run.json").write_text('{"question": "x", "params": {}}')
    call = [
        sys.executable,
        "-c",
        patch,
        str(tmp_path),
        "--scenarios",
        str(tmp_path),
        "--memory",
        "4000",
        "--seconds",
        "60",
    ]
    run = subprocess.run(
        call, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONIOENCODING": "utf-8"}
    )
    assert "ValueError: \\u001b[2J" in run.stderr
    assert "\x1b" not in run.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_what_an_encoding_lacks_is_written_in_plain_form(encoding, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, newline=""))
    with terminal.guarded():
        sys.stdout.write("−0.5 … Ελλάς\n")
        assert not terminal.writes_all()
        common.emit({"a": "Ελλάς −"})
        sys.stdout.flush()
    first, *rest = raw.getvalue().decode(encoding).splitlines()
    assert first.replace("…", "...") == "-0.5 ... \\u0395\\u03bb\\u03bb\\u03ac\\u03c2"
    assert json.loads("\n".join(rest)) == {"a": "Ελλάς −"}
