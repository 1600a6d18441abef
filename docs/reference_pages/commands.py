"""One page per command, from the application that parses the command line."""

from __future__ import annotations

import inspect
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin

from reference_pages.markdown import cell, code, page, table

if TYPE_CHECKING:
    from cyclopts import App

EXITS = {
    0: "done",
    1: "the work failed although the input was good",
    2: "bad input: refused whole, nothing half-written",
    130: "stopped from the keyboard",
}
ALSO = {
    "data verify": {1: "a file or table is not as it was recorded"},
    "doctor": {1: "something that is installed or stored is broken"},
    "scenario check": {2: "the file has at least one problem"},
    "validate": {1: "a published number does not come out"},
}
"""Codes with a meaning of their own; a test compares the commands with those that call ``sys.exit`` themselves."""


class Option(NamedTuple):
    """An argument or option of a command."""

    names: tuple[str, ...]
    positional: bool
    required: bool
    kind: str
    default: str
    text: str


class Command(NamedTuple):
    """A command: its whole name, what it answers, what else it says, and its options."""

    name: str
    summary: str
    more: str
    options: tuple[Option, ...]


@cache
def commands() -> tuple[Command, ...]:
    """Return every command, in the order of ``foedus --help``."""
    from foedus.cli import build

    return tuple(_walk(build(), ""))


def _walk(app: App, head: str) -> list[Command]:
    """Return the commands below an application."""
    found = []
    for name in app:
        if name.startswith("-"):
            continue
        inner, full = app[name], f"{head}{name}"
        below = _walk(inner, f"{full} ")
        found += below or [_command(inner, full)]
    return found


def _command(app: App, name: str) -> Command:
    """Return one command as its parser sees it."""
    doc = inspect.getdoc(app.default_command) or ""
    more = doc.partition("\n\n")[2].partition("Parameters\n---")[0].strip()
    arguments = app.assemble_argument_collection(parse_docstring=True)
    return Command(name, app.help, "" if "\n---" in more else more, tuple(_option(a) for a in arguments if a.show))


def _option(a: Any) -> Option:
    """Return one argument."""
    positional = a.field_info.kind is inspect.Parameter.POSITIONAL_ONLY or (
        a.required and a.field_info.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and a.names[0] != "--in"
    )
    default = a.field_info.default
    shown = "" if default in {inspect.Parameter.empty, None, "", ()} or default is False else str(default)
    names = tuple(n.removeprefix("--").upper() if positional else n for n in a.names)
    return Option(names, positional, bool(a.required), kind(a.hint), shown, a.parameter.help or "")


def kind(hint: Any) -> str:
    """Return what may be written for an option, in words."""
    if get_origin(hint) is Literal:
        return ", ".join(str(x) for x in get_args(hint))
    parts = [x for x in get_args(hint) if x not in {type(None), Ellipsis}]
    if get_origin(hint) in {tuple, list}:
        return f"{kind(parts[0])}, may be repeated"
    if parts:
        return " or ".join(dict.fromkeys(kind(x) for x in parts))
    words = {"str": "text", "int": "whole number", "float": "number", "bool": "switch", "Path": "path", "date": "date"}
    return words.get(getattr(hint, "__name__", str(hint)), getattr(hint, "__name__", str(hint)))


def usage(c: Command) -> str:
    """Return the line that calls a command."""
    first = [o.names[0] if o.required else f"[{o.names[0]}]" for o in c.options if o.positional]
    must = [f"{o.names[0]} VALUE" for o in c.options if o.required and not o.positional]
    rest = ["[options]"] if any(not o.required and not o.positional for o in c.options) else []
    return " ".join(["foedus", c.name, *first, *must, *rest])


def _page(c: Command) -> str:
    """Return the page of one command."""
    lines = [cell(c.summary), "", "```text", usage(c), "```", ""]
    if c.more:
        lines += [*(cell(part) + "\n" for part in c.more.split("\n\n"))]
    for title, those in (("Arguments", True), ("Options", False)):
        rows = [
            (" ".join(code(n) for n in o.names), cell(o.kind), code(o.default) or ("required" if o.required else ""), cell(o.text))
            for o in c.options if o.positional is those
        ]  # fmt: skip
        if rows:
            lines += [f"## {title}", "", *table(("name", "value", "default", "meaning"), rows)]
    exits = EXITS | {n: f"{EXITS[n]}; here also: {text}" for n, text in ALSO.get(c.name, {}).items()}
    lines += ["## Exit codes", "", *table(("code", "means"), [(str(n), cell(text)) for n, text in exits.items()])]
    lines += ["All commands: [the command line](index.md). What each answers: [overview](../../reference/cli.md).", ""]
    return page(f"foedus {c.name}", *lines)


def slug(name: str) -> str:
    """Return the file name of a command's page."""
    return re.sub(r"\W+", "-", name)


def pages() -> dict[str, str]:
    """Return the pages by path."""
    rows = [(f"[`foedus {c.name}`]({slug(c.name)}.md)", cell(c.summary)) for c in commands()]
    index = page(
        "Every command and option",
        "Made from the program that parses the command line; `foedus COMMAND --help` prints the same. "
        "Which command answers what, with examples: [Command line](../../reference/cli.md).",
        "",
        *table(("command", "what it does"), rows),
        "```{toctree}", ":hidden:", "", *(slug(c.name) for c in commands()), "```", "",
    )  # fmt: skip
    return {"commands/index.md": index} | {f"commands/{slug(c.name)}.md": _page(c) for c in commands()}
