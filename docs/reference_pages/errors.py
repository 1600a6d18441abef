"""The page of errors: every class of `foedus.errors`, what it means, its bases and exit code, and where it is raised."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from functools import cache

from reference_pages import sources
from reference_pages.markdown import cell, code, page, table

SHORT = {"parameter": "ParameterError", "unknown_state": "UnknownStateError", "ambiguous_state": "UnknownStateError"}
"""Builders of `foedus.errors` by the class that they return."""


def classes() -> list[type[Exception]]:
    """Return the exceptions of foedus, in the order of the file."""
    from foedus import errors

    found = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, errors.FoedusError)]
    return sorted(found, key=lambda c: inspect.getsourcelines(c)[1])


@cache
def raised_in() -> dict[str, list[str]]:
    """Return the rooms in whose code each error is made, with the number of places."""
    root = sources.root()
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    made = re.compile(rf"(?<![\w`])({'|'.join([*(c.__name__ for c in classes()), *SHORT])})\((?!self)")
    for path in sorted(root.rglob("*.py")):
        room = path.relative_to(root).parts[0].removesuffix(".py")
        if room != "errors":
            for line in path.read_text(encoding="utf-8").splitlines():
                for name in made.findall(line) if not line.lstrip().startswith(("def ", "class ")) else ():
                    counts[SHORT.get(name, name)][room] += 1
    return {name: [f"{room} ({n})" for room, n in sorted(rooms.items())] for name, rooms in counts.items()}


def pages() -> dict[str, str]:
    """Return the page by path."""
    places = raised_in()
    lines = [
        "Made from `foedus.errors`. How a message is built and what exit codes mean: [Errors and exit codes](../reference/errors.md).", "",
    ]  # fmt: skip
    rows = [
        (
            code(c.__name__),
            cell((inspect.getdoc(c) or "").partition("\n")[0]),
            ", ".join(code(b.__name__) for b in c.__mro__[1:-1] if b.__name__ not in {"Exception", "BaseException"}),
            str(getattr(c, "exit_code", 2)),
            cell(", ".join(places.get(c.__name__, []))),
        )
        for c in classes()
    ]
    lines += table(("error", "means", "also a", "exit code", "made in rooms (places)"), rows)
    return {"errors.md": page("Every error", *lines)}
