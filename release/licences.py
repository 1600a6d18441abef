"""Under which licence each package is, as SPDX, and whether what foedus ships or needs may be under it.

    python release/licences.py          # every installed package that foedus or an extra asks for, and every npm package in the studio's page

Reads what packages declare of themselves: an SPDX expression, else classifiers, else a short text that is known, else the text of their licence.
What is declared otherwise is unknown and fails, until somebody has read the licence and written it into `READ`. Exit 1 where one is not allowed.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "src" / "foedus" / "studio" / "page" / "licences.txt"
LOCK = ROOT / "web" / "package-lock.json"

ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0",
    "Unlicense", "Zlib",
})  # fmt: skip
"""What foedus may ship or need: use, change and passing on, also in closed and paid work. MPL-2.0 binds changes of its own files."""

ONLY_TO_WORK = {"MIT-CMU": "Pillow's: as MIT, and no use of the authors' names to advertise"}
"""What the tools that build and check may be under beside that, and what it asks: nothing of them is in the page or the wheel."""

LICENCE_FILE = re.compile(r"\.dist-info/.*(licen[cs]e|copying)[^/]*$", re.IGNORECASE)
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
}
TEXTS = {
    "apache": "Apache-2.0", "apache 2": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache-2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0", "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause", "bsd 3-clause": "BSD-3-Clause", "bsd-3-clause license": "BSD-3-Clause", "isc": "ISC", "mit": "MIT",
    "mit license": "MIT", "the mit license": "MIT",
    "mpl-2.0": "MPL-2.0", "mpl 2.0": "MPL-2.0", "psf-2.0": "PSF-2.0", "psfl": "PSF-2.0",
}  # fmt: skip
READ: dict[str, tuple[str, str]] = {
    "docutils": (
        "BSD-2-Clause AND BSD-3-Clause AND PSF-2.0",
        "COPYING.rst of the wheel; most of it is in the public domain, and what is under the GPL is not in it",
    ),
    **{
        f"sphinxcontrib-{k}help": ("BSD-2-Clause", "LICENCE.rst of the source distribution")
        for k in ("apple", "dev", "html", "qt")
    },
    "sphinxcontrib-serializinghtml": ("BSD-2-Clause", "LICENCE.rst of the source distribution"),
}
"""Packages whose licence was read because what they declare is not clear: SPDX, and where it stands."""


class Part(NamedTuple):
    """One package: version, licence as SPDX (empty where unknown), and what asks for it (empty: the core)."""

    name: str
    version: str
    licence: str
    asked: tuple[str, ...]


def spdx(name: str, about: Mapping[str, str | list[str]]) -> str:
    """Return the licence that a package declares, as SPDX; empty where nobody can tell.

    ``about`` holds ``license_expression``, ``classifier`` and ``license`` of its metadata, as pip's report has them.
    """
    key = canonicalize_name(name)
    if key in READ:
        return READ[key][0]
    if expression := str(about.get("license_expression") or ""):
        return expression
    words = [c.rpartition(" :: ")[2] for c in about.get("classifier") or [] if c.startswith("License ::")]
    words = [w for w in words if w != "OSI Approved"]
    text = str(about.get("license") or "").strip()
    plain = TEXTS.get(text.casefold(), "")
    read = of_text(str(about.get("text") or ""))
    if words == ["BSD License"] or (
        not words and text.casefold() in {"bsd", "new bsd"}
    ):  # which BSD only the text says
        return plain if plain.startswith("BSD-") else read
    if words:
        return " OR ".join(sorted({CLASSIFIERS[w] for w in words})) if all(w in CLASSIFIERS for w in words) else ""
    return plain or read


def of_text(text: str) -> str:
    """Return the licence whose text this is, of BSD's and MIT's; empty for any other.

    Examples
    --------
    >>> of_text("Redistribution and use in source and binary forms ... Neither the name of ...")
    'BSD-3-Clause'
    """
    flat = " ".join(text.split())
    if "Redistribution and use in source and binary forms" in flat:
        named = re.search(r"[Nn]either the names? of|[Tt]he names? of .{0,80} may not be used|used to endorse", flat)
        return "BSD-3-Clause" if named else "BSD-2-Clause"
    if flat.startswith(("MIT License", "The MIT License")) and "Permission is hereby granted, free of charge" in flat:
        return "MIT"
    return ""


def terms(expression: str) -> set[str]:
    """Return the licences in an expression: those that are joined by AND each count, of those by OR the best.

    Examples
    --------
    >>> sorted(terms("MIT AND (GPL-3.0-only OR BSD-3-Clause)"))
    ['BSD-3-Clause', 'MIT']
    """
    tokens = re.findall(r"\(|\)|[^()\s]+", expression)

    def either() -> set[str]:
        found = both()
        while tokens and tokens[0].upper() == "OR":
            tokens.pop(0)
            other = both()
            found = found if found <= ALLOWED or not other <= ALLOWED else other
        return found

    def both() -> set[str]:
        found = one()
        while tokens and tokens[0].upper() == "AND":
            tokens.pop(0)
            found |= one()
        return found

    def one() -> set[str]:
        if not tokens:
            return {expression}
        token = tokens.pop(0)
        if token == "(":
            found = either()
            if tokens[:1] == [")"]:
                tokens.pop(0)
            return found
        if tokens and tokens[0].upper() == "WITH":
            tokens.pop(0)
            token += f" WITH {tokens.pop(0) if tokens else ''}"
        return {token}

    found = either()
    return found | set(tokens)


def refused(licence: str, also: Mapping[str, str] | None = None) -> set[str]:
    """Return what of a licence is not allowed; of one that is unknown, ``{"unknown"}``."""
    return (terms(licence) - ALLOWED - set(also or ())) if licence else {"unknown"}


def about(name: str) -> dict[str, str | list[str]]:
    """Return what an installed package declares of its licence, and the text of the first licence file that it brings."""
    found = metadata.metadata(name)
    files = [f for f in metadata.files(name) or [] if LICENCE_FILE.search(str(f))]
    return {
        "text": Path(str(files[0].locate())).read_text(encoding="utf-8", errors="replace") if files else "",
        "license_expression": found.get("License-Expression") or "",
        "license": found.get("License") or "",
        "classifier": found.get_all("Classifier") or [],
    }


@cache
def project() -> dict[str, list[str]]:
    """Return the requirements of pyproject.toml: the core's under the empty name, and those of each extra."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": table["dependencies"], **table["optional-dependencies"]}


@cache
def needed(extra: str = "") -> frozenset[str]:
    """Return the names of everything that is installed for the core, or for an extra with the core.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        Something of it is not installed.
    """
    todo = [(Requirement(r), "") for e in {"", extra} for r in project()[e]]
    found: set[str] = set()
    done: set[tuple[str, str]] = set()
    while todo:
        requirement, of = todo.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": of}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *sorted(requirement.extras)):
            if (name, wanted) in done:
                continue
            done.add((name, wanted))
            if name == "foedus":
                todo += [(Requirement(r), "") for r in project()[wanted]]
            else:
                found.add(name)
                todo += [(Requirement(r), wanted) for r in metadata.requires(name) or []]
    return frozenset(found)


def there(extra: str) -> bool:
    """Return whether everything that an extra brings is installed."""
    try:
        needed(extra)
    except metadata.PackageNotFoundError:
        return False
    return True


WORK = {"dev", "docs", "fuzz", "release", "test"}
"""Extras of those who work on foedus; no user needs them."""


@cache
def installed(*, work: bool) -> list[Part]:
    """Return the packages of the core and of the users' extras, or those that only work on foedus needs: of its extras that are installed."""
    core = needed()
    users = {e: needed(e) for e in project() if e not in WORK | {""}}
    of_users = core.union(*users.values())
    asked = {e: names - core for e, names in users.items() if e != "all"}
    if work:
        asked = {e: needed(e) - of_users for e in project() if e in WORK and there(e)}
    names = set().union(*asked.values()) | (set() if work else core)
    return [
        Part(n, metadata.version(n), spdx(n, about(n)), tuple(sorted(e for e, of in asked.items() if n in of)))
        for n in sorted(names)
    ]


def in_page() -> list[Part]:
    """Return the npm packages whose code is in the studio's page, as the build of the page wrote them down."""
    found = re.findall(r"^(\S+) (\d\S*) \((.+)\)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [Part(name, version, licence, ()) for name, version, licence in found]


def locked() -> list[Part]:
    """Return every npm package of the lock file; ``asked`` is ``("page",)`` for those whose code is in the page."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    page = {(p.name, p.version) for p in in_page()}
    out = []
    for path, entry in sorted(lock.items()):
        if path:
            name = path.rpartition("node_modules/")[2]
            key = name, entry["version"]
            out.append(Part(*key, str(entry.get("license", "")), ("page",) if key in page else ()))
    return out


def faults() -> list[str]:
    """Return a line for each package whose licence is not allowed where it stands."""
    out = [
        f"{p.name} {p.version}: {', '.join(sorted(bad))}"
        for p in installed(work=False) + in_page()
        if (bad := refused(p.licence))
    ]
    out += [
        f"{p.name} {p.version}, for work on foedus only: {', '.join(sorted(bad))}"
        for p in installed(work=True) + [p for p in locked() if not p.asked]
        if (bad := refused(p.licence, ONLY_TO_WORK))
    ]
    return out


def main() -> int:
    """Print every package with its licence; exit 1 where one is not allowed."""
    groups = {
        "core and extras": installed(work=False),
        "in the page": in_page(),
        "work on foedus only": installed(work=True),
        "to build the page only": [p for p in locked() if not p.asked],
    }
    for title, parts in groups.items():
        print(f"\n{title}: {len(parts)}")
        for p in parts:
            print(f"  {p.name} {p.version}: {p.licence or 'unknown'}  {', '.join(p.asked)}".rstrip())
    wrong = faults()
    print("\n" + ("\n".join(["Not allowed:", *wrong]) if wrong else "Every licence is allowed where it stands."))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
